"""Shippo: which carrier is asked for, and what the answers mean."""

import json

import pytest

from carriers.shippo import STATUSES, Shippo
from monitor.carrier import Payload, Place, ShipmentStatus, Tracking

Status = ShipmentStatus
USPS, UPS = "9400111100000000000001", "1Z999AA10123456784"


def shippo(**more: object) -> Shippo:
    return Shippo.model_validate({"adapter": "shippo", "api_key": "a-secret-key", **more})


def scan(status: str | None, code: str | None = None, text: str = "") -> dict[str, object]:
    return {
        "status": status,
        "substatus": {"code": code} if code else None,
        "status_details": text,
        "status_date": "2026-11-14T13:03:00Z",
    }


def read(*history: dict[str, object], newest: dict[str, object] | None = None) -> Tracking:
    track = {"tracking_number": USPS, "tracking_status": newest, "tracking_history": list(history)}
    [tracking] = shippo().parse(Payload(json.dumps(track).encode()))
    return tracking


@pytest.mark.parametrize(
    ("number", "carrier", "asked"),
    [(USPS, None, "usps"), (UPS, None, "ups"), ("LP 1/?", "correos", "correos"), (UPS, "ups_mi", "ups_mi")],
)
def test_the_carrier_is_asked_for_by_name(number: str, carrier: str | None, asked: str) -> None:
    request = shippo(carrier=carrier).request([number])
    assert request.url.startswith(f"https://api.goshippo.com/tracks/{asked}/")
    assert ("authorization", "ShippoToken a-secret-key") in request.headers


@pytest.mark.parametrize(
    ("more", "takes"),
    [({}, False), ({"carrier": "correos"}, True), ({"accepts": "^LP.*$"}, True)],
)
def test_a_number_without_a_known_carrier_is_left_to_other_sources(more: dict[str, str], takes: bool) -> None:
    assert shippo(**more).accepts_number("LP00420000000017") is takes
    assert shippo().accepts_number(USPS)


@pytest.mark.parametrize(("code", "status"), STATUSES.items())
def test_each_status_and_substatus_of_the_table(code: str, status: ShipmentStatus) -> None:
    assert read(scan(code)).events[0].status is status
    assert read(scan("TRANSIT", code)).events[0].status is status


@pytest.mark.parametrize(
    ("status", "code", "text", "expected"),
    [
        ("TRANSIT", "package_held", "Held at the depot", Status.IN_TRANSIT),
        ("TRANSIT", "package_held", "Held in customs", Status.CUSTOMS_HOLD),
        ("DELIVERED", "information_received", "Information received", Status.DELIVERED),
        ("RETURNED", "return_to_sender", "Delivered to the sender", Status.RETURNED),
        ("FAILURE", "contact_carrier", "Please contact the carrier", Status.EXCEPTION),
        ("FAILURE", "other", "Customs clearance failed", Status.CUSTOMS_HOLD),
        ("PARKED", None, "", Status.UNKNOWN),
    ],
)
def test_what_a_scan_means(status: str, code: str | None, text: str, expected: ShipmentStatus) -> None:
    assert read(scan(status, code, text)).status is expected


def test_unknown_without_a_scan_is_nothing_yet_and_with_one_keeps_the_scan() -> None:
    unknown: dict[str, object] = {"status": "UNKNOWN"}
    assert read(newest=unknown).status is Status.NOT_FOUND
    assert read(scan("TRANSIT"), newest=unknown).status is Status.IN_TRANSIT


def test_a_status_that_is_newer_than_the_history_is_a_scan() -> None:
    arrived = {**scan("DELIVERED"), "status_date": "2026-11-15T09:00:00Z"}
    tracking = read(scan("TRANSIT"), newest=arrived)
    assert (tracking.status, len(tracking.events)) == (Status.DELIVERED, 2)
    assert tracking.delivery is not None
    known = {**scan("PRE_TRANSIT"), "status_date": "2026-11-13T09:00:00Z"}
    assert len(read(scan("TRANSIT"), newest=known).events) == 1


def test_a_postal_code_may_be_told_as_a_number_and_a_substatus_as_a_word() -> None:
    told = {**scan("TRANSIT"), "substatus": "notice_left", "location": {"city": "Reno", "zip": 89501}}
    tracking = read(told)
    assert (tracking.status, tracking.events[0].place) == (Status.DELIVERY_FAILED, Place("Reno", "89501"))


def test_the_recipients_address_is_no_place_of_delivery() -> None:
    track = {"tracking_number": USPS, "address_to": {"city": "Salem", "zip": "97301"}}
    body = json.dumps({**track, "tracking_history": [scan("DELIVERED")]}).encode()
    [tracking] = shippo().parse(Payload(body))
    assert tracking.delivery is not None
    assert tracking.delivery.place is None
