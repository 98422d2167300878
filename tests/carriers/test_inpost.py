"""InPost: statuses by what they mean, not by their names; the pick-up deadline; three shapes."""

import json
from datetime import datetime

import pytest

from carriers.inpost import CATEGORIES, EVENTS, STATUSES, InPost
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    RateLimited,
    Refused,
    ShipmentStatus,
    Tracking,
    Unauthorized,
    Unreachable,
)

Status = ShipmentStatus
NUMBER = "700000000000000000000001"
AT = "2026-11-20T10:00:00.000+01:00"


def inpost(**more: object) -> InPost:
    return InPost.model_validate({"adapter": "inpost", **more})


def read(body: object, status: int = 200, numbers: tuple[str, ...] = (NUMBER,)) -> list[Tracking]:
    return list(inpost().parse(Payload(json.dumps(body).encode(), status, numbers)))


def shipx(*statuses: str, number: str = NUMBER) -> dict[str, object]:
    details = [{"status": status, "origin_status": "X", "datetime": AT} for status in statuses]
    return {"tracking_number": number, "status": statuses[0], "tracking_details": details}


def app(status: str, *names: str, **more: object) -> dict[str, object]:
    log = [{"type": "PARCEL_STATUS", "name": name, "date": AT} for name in names]
    return {"parcels": [{"shipmentNumber": NUMBER, "status": status, "eventLog": log, **more}]}


@pytest.mark.parametrize(
    ("config", "url"),
    [
        ({}, f"https://api-shipx-pl.easypack24.net/v1/tracking/{NUMBER}"),
        ({"base_url": "https://shipx.example/"}, f"https://shipx.example/v1/tracking/{NUMBER}"),
        ({"network": "international"}, f"https://inposteasy.com/api/tracking/{NUMBER}"),
    ],
)
def test_one_number_is_asked_without_a_key(config: dict[str, object], url: str) -> None:
    request = inpost(**config).request([NUMBER])
    assert (request.method, request.url, request.credentials) == ("GET", url, None)
    assert request.headers == (("accept", "application/json"),)


def test_it_is_a_guest() -> None:
    source = inpost()
    assert (source.min_interval_minutes, source.requests_per_second) == (60, 0.5)
    assert source.accepts_number(NUMBER)
    assert not source.accepts_number("RB123456785GB")


@pytest.mark.parametrize(("code", "status"), {**STATUSES, **EVENTS}.items())
def test_a_status_means_what_inpost_says_of_it(code: str, status: ShipmentStatus) -> None:
    [tracking] = read(shipx(code))
    assert (tracking.status, tracking.events[0].status, tracking.events[0].code) == (status, status, code)


@pytest.mark.parametrize("code", sorted(STATUSES))
def test_the_app_writes_the_same_in_capitals(code: str) -> None:
    [tracking] = read(app(code, code.upper()))
    assert {tracking.status, tracking.events[0].status} == {STATUSES[code]}


@pytest.mark.parametrize(("code", "status"), CATEGORIES.items())
def test_groups_and_unexplained_statuses_are_rough(code: str, status: ShipmentStatus) -> None:
    assert inpost().meaning("", code) == (status, None)


@pytest.mark.parametrize(
    ("code", "never"),
    [
        # Names that say another thing than they mean.
        ("taken_by_courier", Status.DELIVERED),
        ("taken_by_courier_from_pok", Status.DELIVERED),
        ("collected_from_sender", Status.DELIVERED),
        ("claimed", Status.DELIVERED),
        ("stack_parcel_pickup_time_expired", Status.RETURNING),
        ("return_pickup_confirmation_to_sender", Status.RETURNING),
        ("pickup_reminder_sent_address", Status.AVAILABLE_FOR_PICKUP),
        ("avizo", Status.AVAILABLE_FOR_PICKUP),
        ("returned_to_sender", Status.RETURNED),
        ("readdressed", Status.RETURNING),
    ],
)
def test_a_name_is_not_believed(code: str, never: ShipmentStatus) -> None:
    assert STATUSES[code] is not never


def test_an_unknown_status_keeps_its_name() -> None:
    [tracking] = read(shipx("carried_by_pigeon"))
    assert tracking.status is Status.UNKNOWN
    assert (tracking.events[0].code, tracking.events[0].description) == (
        "carried_by_pigeon",
        "carried by pigeon",
    )


def test_the_deadline_in_the_locker_is_no_estimate() -> None:
    [tracking] = read(app("ready_to_pickup", "READY_TO_PICKUP", expiryDate="2026-11-22T10:00:00+01:00"))
    assert tracking.pickup_until == datetime.fromisoformat("2026-11-22T10:00:00+01:00")
    assert tracking.edd is None


def test_a_locker_is_no_place_of_delivery() -> None:
    locker = {"name": "SOP07M", "addressDetails": {"city": "Sopot", "postCode": "81-700"}}
    [tracking] = read(app("delivered", "DELIVERED", pickUpPoint=locker, pickUpDate=AT))
    assert tracking.delivery is not None
    assert (tracking.delivery.at, tracking.delivery.place) == (datetime.fromisoformat(AT), None)


def test_a_parcel_without_a_log_was_handed_over_when_the_app_says_so() -> None:
    [tracking] = read(app("delivered", pickUpDate=AT))
    assert tracking.delivery is not None
    assert tracking.delivery.at == datetime.fromisoformat(AT)


def test_what_matters_little_costs_nothing_if_it_is_odd() -> None:
    [tracking] = read(app("ready_to_pickup", expiryDate=17, pickUpDate={}))
    assert (tracking.status, tracking.pickup_until) == (Status.AVAILABLE_FOR_PICKUP, None)


def test_a_group_helps_where_the_status_is_new() -> None:
    [tracking] = read(app("zzz", statusGroup="READY"))
    assert tracking.status is Status.AVAILABLE_FOR_PICKUP


def test_the_international_one_tells_scans_in_words() -> None:
    scans = [
        {"status": "LMD.1005", "statusTitle": "Ready", "datetime": "2026-11-20T10:00:00"},
        {"status": "LMD.1001", "statusTitle": "", "datetime": "2026-11-19T10:00:00+01:00"},
    ]
    [tracking] = read({"trackingNumber": NUMBER, "status": "LMD.1005", "trackingDetails": scans})
    assert [(it.description, it.zone_known) for it in tracking.events] == [
        ("LMD.1001", True),
        ("Ready", False),
    ]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"status": 404, "error": "resource_not_found", "details": {}}),
        (200, {"status": 404, "error": "resource_not_found"}),
        (404, {"title": "NOT_FOUND"}),
    ],
)
def test_an_unknown_number_is_not_found(status: int, body: object) -> None:
    assert read(body, status) == [Tracking(NUMBER, Status.NOT_FOUND)]
    assert read(body, status, numbers=()) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"status": 401, "error": "token_invalid"}, Unauthorized),
        ({"status": 403, "error": "access_forbidden"}, Unauthorized),
        ({"status": 400, "error": "validation_failed"}, Refused),
        ({"status": 429, "error": "too_many_requests"}, RateLimited),
        ({"status": 500, "error": "internal"}, Unreachable),
        ({}, ParseError),
        ({"parcels": {}}, ParseError),
        ({"parcels": [{"shipmentNumber": 5}]}, ParseError),
        ([], ParseError),
    ],
)
def test_other_answers_are_named_errors(body: object, error: type[LookError]) -> None:
    with pytest.raises(error):
        read(body)


def test_a_404_that_is_a_web_page_is_unreadable() -> None:
    with pytest.raises(ParseError, match="web page"):
        list(inpost().parse(Payload(b"<html>", 404, (NUMBER,))))
