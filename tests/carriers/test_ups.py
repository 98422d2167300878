"""UPS: what it asks, its codes, its times, its errors."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from carriers.ups import CATEGORIES, SCAN_CODES, Ups
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    Place,
    QuotaExceeded,
    RateLimited,
    Refused,
    ShipmentStatus,
    Tracking,
    Unauthorized,
    Unreachable,
)

SOURCE = Ups(client_id="vesna", client_secret=SecretStr("sesame"))
NUMBER = "1Z0F28W60400000019"


def status(number: str | None = None, code: str | None = None, kind: str | None = None) -> dict[str, Any]:
    return {"statusCode": number, "code": code, "type": kind, "description": "…"}


def scan(told: dict[str, Any] | None = None, **times: Any) -> dict[str, Any]:
    return {"status": told or status("005"), **(times or {"date": "20260910", "time": "143000"})}


def answer(*activity: dict[str, Any], number: str | None = NUMBER, **package: Any) -> bytes:
    parcel = {"trackingNumber": NUMBER, "activity": activity, **package}
    shipment = {"inquiryNumber": number, "package": [parcel]}
    return json.dumps({"trackResponse": {"shipment": [shipment]}}).encode()


def read(body: bytes, http: int = 200, numbers: tuple[str, ...] = (NUMBER,)) -> Sequence[Tracking]:
    return list(SOURCE.parse(Payload(body, http, numbers)))


def parcel(*activity: dict[str, Any], **package: Any) -> Tracking:
    (tracking,) = read(answer(*activity, **package))
    return tracking


def error(code: str, message: str = "…") -> bytes:
    return json.dumps({"response": {"errors": [{"code": code, "message": message}]}}).encode()


# The request


def test_the_request() -> None:
    request = SOURCE.request(["1Z 42/7"])
    credentials = request.credentials
    assert request.method == "GET"
    assert request.url == "https://onlinetools.ups.com/api/track/v1/details/1Z%2042%2F7?locale=en_US"
    assert dict(request.headers) == {"transId": "orderwatch", "transactionSrc": "orderwatch"}
    assert credentials
    assert credentials.token_url == "https://onlinetools.ups.com/security/v1/oauth/token"
    assert (credentials.client_id, credentials.client_secret) == ("vesna", "sesame")
    assert credentials.style == "basic"
    assert request == SOURCE.request(["1Z 42/7"])


def test_the_test_environment_is_another_base_url() -> None:
    source = SOURCE.model_copy(update={"base_url": "https://wwwcie.ups.com"})
    request = source.request([NUMBER])
    assert request.url.startswith("https://wwwcie.ups.com/api/track/v1/")
    assert request.credentials
    assert request.credentials.token_url.startswith("https://wwwcie.ups.com/security/")


@pytest.mark.parametrize(
    ("number", "ours"), [(NUMBER, False), ("1Z999AA10123456784", True), ("LP00420000000017", False)]
)
def test_it_takes_numbers_of_ups(number: str, ours: bool) -> None:
    assert SOURCE.accepts_number(number) is ours


# What codes mean


@pytest.mark.parametrize(("code", "means"), SCAN_CODES.items())
def test_every_exact_code(code: str, means: ShipmentStatus) -> None:
    told = status(code) if code.isdigit() else status(code=code, kind="I")
    assert parcel(scan(told)).status is means


@pytest.mark.parametrize(("code", "means"), CATEGORIES.items())
def test_every_rough_code(code: str, means: ShipmentStatus) -> None:
    told = status(code) if code.isdigit() else status(kind=code)
    assert parcel(scan(told)).status is means


@pytest.mark.parametrize(
    ("told", "means"),
    [
        (status("058", "BB", "X"), "customs_hold"),
        (status("014", "BB", "X"), "in_transit"),  # the same letters, and it is cleared
        (status("012", "RZ", "X"), "in_customs"),
        (status("040", "ZP", "D"), "available_for_pickup"),  # at a shop, filed under deliveries
        (status(None, "ZP", "D"), "available_for_pickup"),
        (status(None, "KB", "D"), "delivered"),
        (status("5", "AR", "I"), "in_transit"),
        (status("999", "9Z", None), "unknown"),
        (status("003", "SR", "X"), "in_transit"),  # 003 is what the documentation gives all scans
        (status("003", "MP", "M"), "info_received"),
    ],
)
def test_the_number_goes_before_letters_and_both_before_the_type(told: dict[str, Any], means: str) -> None:
    assert parcel(scan(told)).status.value == means


@pytest.mark.parametrize(
    ("told", "words", "means"),
    [
        (status("013", "X1", "X"), "Import duties or taxes are due on this package.", "customs_hold"),
        (status("013", "X1", "X"), "The receiver refused this delivery.", "delivery_failed"),
        (status("005", "AR", "I"), "Arrived at Facility", "in_transit"),
        (status("999", None, "X"), "Delivered", "exception"),  # a delivery is never believed from words
    ],
)
def test_words_make_a_rough_code_more_exact(told: dict[str, Any], words: str, means: str) -> None:
    assert parcel(scan({**told, "description": words})).status.value == means


def test_the_simplified_text_of_another_code_is_not_believed() -> None:
    told = {**status("003", "SR", "X"), "simplifiedTextDescription": "Delivered"}
    tracking = parcel(scan(told), currentStatus=told)
    assert (tracking.status.value, tracking.delivery) == ("in_transit", None)


def test_the_parcels_own_status_only_counts_when_its_scans_say_nothing() -> None:
    now = {"code": "011", "description": "Delivered"}
    assert parcel(scan(status("021")), currentStatus=now).status is ShipmentStatus.OUT_FOR_DELIVERY
    assert parcel(scan(status("999")), currentStatus=now).status is ShipmentStatus.DELIVERED
    assert parcel(currentStatus={"code": "058"}).status is ShipmentStatus.IN_CUSTOMS
    assert parcel().status is ShipmentStatus.NOT_FOUND


# Times, days, numbers


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ({"date": "20260910", "time": "143000", "gmtOffset": "+08:00"}, "2026-09-10T14:30:00+08:00"),
        ({"date": "20260910", "time": "143000"}, "2026-09-10T14:30:00 without zone"),
        ({"date": "20260910", "time": "71500"}, "2026-09-10T07:15:00 without zone"),
        ({"date": "20260910", "time": "143000", "gmtOffset": "east"}, "2026-09-10T14:30:00 without zone"),
        ({"date": "20260910"}, "2026-09-10T00:00:00 without zone"),
        ({"date": "20260910", "time": "string"}, "2026-09-10T00:00:00 without zone"),
        ({"gmtDate": "20260910", "gmtTime": "06:30:00"}, "2026-09-10T06:30:00+00:00"),
        ({"gmtDate": "20260910", "gmtTime": "63000"}, "2026-09-10T06:30:00+00:00"),
        ({"date": 20260910, "time": 71500}, "2026-09-10T07:15:00 without zone"),
    ],
)
def test_a_scans_time(told: dict[str, str | int], at: str) -> None:
    (event,) = parcel(scan(None, **told)).events
    clock, _, unknown = at.partition(" ")
    assert event.zone_known is not bool(unknown)
    assert event.at.isoformat() == (f"{clock}+00:00" if unknown else clock)


def test_codes_and_postal_codes_may_be_told_as_numbers() -> None:
    address = {"city": "Bend", "postalCode": 97701, "countryCode": "US"}
    tracking = parcel({**scan({"statusCode": 11, "type": "D"}), "location": {"address": address}})
    assert tracking.delivery
    assert tracking.delivery.place == Place("Bend", "97701", country="US")


def test_a_scan_without_a_day_is_kept_undated() -> None:
    tracking = parcel(scan(date="string", time="string"))
    assert (tracking.status.value, tracking.events) == ("in_transit", ())
    assert [it.status.value for it in tracking.undated] == ["in_transit"]


@pytest.mark.parametrize(
    ("days", "latest"),
    [
        ({"SDD": "20260914", "RDD": "20260916"}, "2026-09-16"),
        ({"SDD": "20260914"}, "2026-09-14"),
        ({"SDD": "20260914", "RDD": "string"}, "2026-09-14"),
        ({"DEL": "20260914"}, None),
        ({"string": "string"}, None),
    ],
)
def test_the_estimate_is_the_day_it_was_rescheduled_to(days: dict[str, str], latest: str | None) -> None:
    edd = parcel(deliveryDate=[{"type": kind, "date": day} for kind, day in days.items()]).edd
    assert (edd and str(edd.latest)) == latest


def test_a_delivery_that_no_scan_tells() -> None:
    tracking = parcel(
        currentStatus={"code": "011"},
        deliveryDate=[{"type": "DEL", "date": "20260915"}],
        deliveryTime={"type": "DEL", "endTime": "141907"},
    )
    assert tracking.delivery
    assert str(tracking.delivery.at) == "2026-09-15 14:19:07+00:00"
    assert not tracking.delivery.zone_known


def test_until_when_an_access_point_keeps_it() -> None:
    waiting = parcel(scan(status("040")), accessPointInformation={"pickupByDate": "20260922"})
    assert str(waiting.pickup_until) == "2026-09-22 00:00:00+00:00"
    assert parcel(accessPointInformation={"pickupByDate": "string"}).pickup_until is None


def test_it_is_known_by_the_number_that_was_asked_for() -> None:
    (tracking,) = read(answer(scan(), trackingNumber="string"))
    assert (tracking.number, tracking.aliases) == (NUMBER, ())
    assert parcel(alternateTrackingNumber=[{"number": "9261290000000000004200", "type": "USPS_PIC"}]).aliases
    assert not parcel(alternateTrackingNumber=[{"number": "ORDER 7781", "type": "Q"}]).aliases
    (unnamed,) = read(answer(scan(), number=None, trackingNumber="1Z0F28W60400000028"), numbers=())
    assert unnamed.number == "1Z0F28W60400000028"


def test_other_parcels_of_its_shipment_are_not_it() -> None:
    other = {"trackingNumber": "1Z0F28W60400000028", "activity": [scan(status("011"))]}
    ours = {"trackingNumber": NUMBER, "activity": [scan(status("005"))]}
    shipment = {"inquiryNumber": NUMBER, "package": [other, ours]}
    (tracking,) = read(json.dumps({"trackResponse": {"shipment": [shipment]}}).encode())
    assert (tracking.number, tracking.status.value) == (NUMBER, "in_transit")


# Errors


@pytest.mark.parametrize(
    ("http", "body"),
    [
        (400, error("151044", "No tracking information available")),
        (404, error("TV1002", "Tracking number information not found")),
        (200, error("TW0001")),
        (200, json.dumps({"trackResponse": {"shipment": [{"inquiryNumber": NUMBER}]}}).encode()),
    ],
)
def test_nothing_is_known_of_the_number(http: int, body: bytes) -> None:
    assert read(body, http) == [Tracking(NUMBER, ShipmentStatus.NOT_FOUND)]


@pytest.mark.parametrize(
    ("http", "body", "kind"),
    [
        (400, error("151018", "Invalid tracking number"), Refused),
        (400, error("151002"), Refused),
        (400, error("TV1003", "Missing transId"), Refused),
        (401, error("250002", "Invalid Authentication Information."), Unauthorized),
        (401, error("250003"), Unauthorized),
        (403, error("10403"), Unauthorized),
        (429, error("10429"), RateLimited),
        (429, error("10430"), QuotaExceeded),
        (503, error("10503", "Service unavailable"), Unreachable),
        (404, b"<!DOCTYPE html><title>Not Found</title>", ParseError),
        (404, b'{"fault": {"faultstring": "no such API"}}', ParseError),
        (200, b"{}", ParseError),
    ],
)
def test_errors(http: int, body: bytes, kind: type[LookError]) -> None:
    with pytest.raises(kind):
        read(body, http)


def test_statuses_whose_bodies_tell_something() -> None:
    assert SOURCE.reads_statuses == {400, 404}
