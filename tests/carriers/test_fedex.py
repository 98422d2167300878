"""FedEx: what it asks, its codes, its times, its errors."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from carriers.fedex import CATEGORIES, SCAN_CODES, FedEx
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

SOURCE = FedEx(client_id="vesna", client_secret=SecretStr("sesame"))
ONE, TWO, THREE = "700042000016", "700042000027", "700042000038"


def scan(code: str | None, derived: str | None = None, text: str = "…", reason: str = "") -> dict[str, Any]:
    return {
        "date": "2026-09-10T14:30:00+02:00",
        "eventType": code,
        "derivedStatusCode": derived,
        "eventDescription": text,
        "exceptionDescription": reason,
    }


def result(*scans: dict[str, Any], number: str = ONE, **more: Any) -> dict[str, Any]:
    return {"trackingNumberInfo": {"trackingNumber": number}, "scanEvents": scans, **more}


def failed(code: str, message: str = "…") -> dict[str, Any]:
    return {"trackingNumberInfo": {"trackingNumber": ONE}, "error": {"code": code, "message": message}}


def answer(*results: object, number: str | None = ONE) -> dict[str, Any]:
    return {"trackingNumber": number, "trackResults": results}


def read(*parcels: object) -> Sequence[Tracking]:
    body = json.dumps({"output": {"completeTrackResults": parcels}}).encode()
    return list(SOURCE.parse(Payload(body, numbers=(ONE, TWO, THREE))))


def parcel(*scans: dict[str, Any], **more: Any) -> Tracking:
    (tracking,) = read(answer(result(*scans, **more)))
    return tracking


def refusal(code: str, message: str = "…") -> bytes:
    return json.dumps({"errors": [{"code": code, "message": message}]}).encode()


# The request


def test_the_request() -> None:
    request = SOURCE.request([ONE, TWO])
    credentials = request.credentials
    assert (request.method, request.url) == ("POST", "https://apis.fedex.com/track/v1/trackingnumbers")
    assert json.loads(request.body or b"") == {
        "includeDetailedScans": True,
        "trackingInfo": [
            {"trackingNumberInfo": {"trackingNumber": ONE}},
            {"trackingNumberInfo": {"trackingNumber": TWO}},
        ],
    }
    assert dict(request.headers) == {"x-locale": "en_US", "content-type": "application/json"}
    assert credentials
    assert credentials.token_url == "https://apis.fedex.com/oauth/token"
    assert (credentials.client_id, credentials.client_secret) == ("vesna", "sesame")
    assert credentials.style == "form"


def test_its_limits_are_those_of_fedex() -> None:
    assert (SOURCE.batch_size, SOURCE.requests_per_day) == (30, 100_000)


@pytest.mark.parametrize(
    ("number", "ours"), [("986578788855", True), ("1Z999AA10123456784", False), ("LP00420000000017", False)]
)
def test_it_takes_numbers_of_fedex(number: str, ours: bool) -> None:
    assert SOURCE.accepts_number(number) is ours


# What codes mean


@pytest.mark.parametrize(("code", "means"), {**SCAN_CODES, **CATEGORIES}.items())
def test_every_code(code: str, means: ShipmentStatus) -> None:
    assert parcel(scan(code)).status is means


@pytest.mark.parametrize(
    ("told", "means"),
    [
        (scan("RS", "DL"), "returning"),  # FedEx derives a delivery from a return
        (scan("QQ", "DL"), "unknown"),
        (scan("OD", "IT"), "out_for_delivery"),
        (scan("HP", "IT"), "available_for_pickup"),
        (scan("QQ", "IT"), "in_transit"),
        (scan("OC", "IN"), "info_received"),
        (scan(None, "IN"), "info_received"),
        (scan("PU", "PU", reason="Package available for clearance"), "in_transit"),
        (scan("IT", "IT", reason="Package available for clearance"), "in_customs"),
        (scan("SE", "SE", reason="Regulatory agency clearance delay"), "customs_hold"),
        (scan("SE", "SE", reason="Import duties and taxes must be paid"), "customs_hold"),
        (scan("SE", "SE", reason="Damaged, delivery not completed"), "exception"),
        (scan("DE", "DE", reason="Refused by recipient"), "delivery_failed"),
        (scan("QQ", None, "Delivered"), "unknown"),  # a delivery is never believed from words
    ],
)
def test_the_code_then_the_words_then_the_derived_code(told: dict[str, Any], means: str) -> None:
    assert parcel(told).status.value == means


@pytest.mark.parametrize(
    ("code", "derived", "means"),
    [
        ("OC", "IN", "info_received"),
        ("OD", "IT", "out_for_delivery"),
        ("CD", "SE", "in_customs"),  # a hold is believed from a scan only
        ("QQ", "IT", "in_transit"),
        ("RS", "DL", "returning"),
        ("QQ", "DL", "unknown"),
        (None, "DL", "delivered"),
        (None, None, "not_found"),
    ],
)
def test_the_latest_status_counts_where_there_are_no_scans(
    code: str | None, derived: str | None, means: str
) -> None:
    assert parcel(latestStatusDetail={"code": code, "derivedCode": derived}).status.value == means


def test_a_parcel_that_was_picked_up_is_not_delivered_whatever_stands_beside() -> None:
    tracking = parcel(
        scan("PU", "PU"),
        latestStatusDetail={
            "code": "PU",
            "derivedCode": "PU",
            "ancillaryDetails": [{"reasonDescription": "Customer not available"}],
            "delayDetail": {"status": "DELAYED"},
        },
        returnDetail={"reasonDetail": [{"type": "REJECTED"}]},
        holdAtLocation={"locationId": "LJU"},
        dateAndTimes=[{"type": "ACTUAL_DELIVERY", "dateTime": "2007-09-27T00:00:00"}],
    )
    assert (tracking.status.value, tracking.delivery) == ("in_transit", None)


def test_a_scan_says_what_happened_and_why_once() -> None:
    told = parcel(scan("DE", text="Delivery exception", reason="Business closed")).events
    assert [it.description for it in told] == ["Delivery exception: Business closed"]
    assert [it.description for it in parcel(scan("DL", text="Delivered", reason="Delivered")).events] == [
        "Delivered"
    ]


# Times, places, numbers


def test_a_scan_without_a_time_is_kept_undated() -> None:
    tracking = parcel({**scan("DL"), "date": None})
    assert (tracking.status.value, tracking.events, tracking.delivery) == ("delivered", (), None)
    assert len(tracking.undated) == 1


@pytest.mark.parametrize(
    ("told", "window"),
    [
        ({"estimated": ("2026-09-14T09:00:00", "2026-09-15T18:00:00-06:00")}, ("2026-09-14", "2026-09-15")),
        ({"estimated": (None, None), "point": "2026-09-16T00:00:00-06:00"}, (None, "2026-09-16")),
        ({"point": "2026-09-16T00:00:00", "standard": (None, "2026-09-12")}, (None, "2026-09-16")),
        ({"standard": (None, "2026-09-12T18:00:00")}, (None, "2026-09-12")),
        ({"point": ""}, None),
        ({}, None),
    ],
)
def test_the_estimate(told: dict[str, Any], window: tuple[str | None, str] | None) -> None:
    def windowed(key: str) -> dict[str, Any] | None:
        return {"window": dict(zip(("begins", "ends"), told[key], strict=True))} if key in told else None

    edd = parcel(
        scan("IT"),
        estimatedDeliveryTimeWindow=windowed("estimated"),
        standardTransitTimeWindow=windowed("standard"),
        dateAndTimes=[{"type": "ESTIMATED_DELIVERY", "dateTime": told.get("point")}],
    ).edd
    days = edd and tuple(str(day) if day else None for day in (edd.earliest, edd.latest))
    assert days == window


def test_a_delivery_that_no_scan_tells() -> None:
    tracking = parcel(
        latestStatusDetail={"code": "DL"},
        dateAndTimes=[{"type": "ACTUAL_DELIVERY", "dateTime": "2026-09-15T13:21:00+02:00"}],
        deliveryDetails={"actualDeliveryAddress": {"city": "TOLEDO", "countryCode": "ES"}},
    )
    assert tracking.delivery
    assert tracking.delivery.at
    assert tracking.delivery.at.isoformat() == "2026-09-15T13:21:00+02:00"
    assert tracking.delivery.place
    assert (tracking.delivery.place.city, tracking.delivery.place.country) == ("TOLEDO", "ES")


def test_of_a_number_that_was_given_out_twice_the_newer_parcel_counts() -> None:
    old = result({**scan("DL"), "date": "2024-01-09T13:00:00-06:00"})
    new = result(scan("PU"))
    for order in ([old, new], [new, old], [failed("SYSTEM.UNAVAILABLE.EXCEPTION"), old, new]):
        (tracking,) = read(answer(*order))
        assert tracking.status is ShipmentStatus.IN_TRANSIT


def test_it_is_known_by_the_number_that_was_asked_for() -> None:
    assert [it.number for it in read(answer(result(scan("PU"), number=TWO)))] == [ONE]
    assert [it.number for it in read(answer(result(scan("PU"), number=TWO), number=None))] == [TWO]


# Errors


def test_an_empty_error_is_none() -> None:
    assert parcel(scan("PU"), error={"code": "", "message": ""}).status is ShipmentStatus.IN_TRANSIT


def test_an_error_beside_what_is_told_of_a_parcel_is_none() -> None:
    refused = {"code": "TRACKING.TRACKINGNUMBER.EMPTY", "message": "…"}
    assert parcel(scan("PU"), error=refused).status is ShipmentStatus.IN_TRANSIT
    assert parcel(latestStatusDetail={"code": "OC"}, error=refused).status is ShipmentStatus.INFO_RECEIVED


def test_numbers_may_be_told_as_numbers() -> None:
    (tracking,) = read({"trackingNumber": int(ONE), "trackResults": [result(scan("PU"))]})
    assert tracking.number == ONE


@pytest.mark.parametrize(
    "results", [[], [failed("TRACKING.TRACKINGNUMBER.NOTFOUND")], [failed("TRACKING.DATA.NOTFOUND")]]
)
def test_nothing_is_known_of_the_number(results: list[object]) -> None:
    assert read(answer(*results)) == [Tracking(ONE, ShipmentStatus.NOT_FOUND)]


def test_what_fails_for_one_number_does_not_cost_the_others() -> None:
    learned = read(
        answer(result(scan("PU"))),
        answer(failed("SYSTEM.UNAVAILABLE.EXCEPTION"), number=TWO),
        {"trackingNumber": THREE, "trackResults": "none"},
    )
    assert [it.number for it in learned] == [ONE]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SYSTEM.UNAVAILABLE.EXCEPTION", Unreachable),
        ("SOMETHING.NEW", Unreachable),
        ("TRACKING.TRACKINGNUMBER.EMPTY", Refused),
        ("TRACKING.TRACKINGNUMBER.INVALID", Refused),
    ],
)
def test_an_error_inside_about_the_only_number(code: str, kind: type[LookError]) -> None:
    with pytest.raises(kind, match=f"{ONE}.*{code}"):
        read(answer(failed(code)))


@pytest.mark.parametrize(
    ("http", "body", "kind"),
    [
        (400, refusal("BAD.REQUEST.ERROR", "The given JWT is invalid."), Unauthorized),
        (400, refusal("BAD.REQUEST.ERROR", "A field is wrong."), Refused),
        (400, refusal("TRACKING.TRACKINGNUMBER.EMPTY"), Refused),
        (400, refusal("VALIDATION.ERRCD.WSPOD", "Try again later."), Unreachable),
        (401, refusal("NOT.AUTHORIZED.ERROR"), Unauthorized),
        (403, refusal("FORBIDDEN.ERROR"), Unauthorized),
        (404, refusal("NOT.FOUND.ERROR"), Refused),
        (429, refusal("RATE.LIMIT.EXCEEDED"), RateLimited),
        (500, refusal("INTERNAL.SERVER.ERROR"), Unreachable),
        (503, refusal("SERVICE.UNAVAILABLE.ERROR"), Unreachable),
        (404, b"<!DOCTYPE html><title>Not Found</title>", ParseError),
        (200, b"{}", ParseError),
        (200, b'{"output": {"completeTrackResults": [{}]}}', ParseError),
    ],
)
def test_errors(http: int, body: bytes, kind: type[LookError]) -> None:
    with pytest.raises(kind):
        list(SOURCE.parse(Payload(body, http, (ONE,))))


def test_an_unknown_number_may_be_an_answer_with_400() -> None:
    body = refusal("TRACKING.TRACKINGNUMBER.NOTFOUND")
    assert list(SOURCE.parse(Payload(body, 400, (ONE,)))) == [Tracking(ONE, ShipmentStatus.NOT_FOUND)]
    assert SOURCE.reads_statuses == {400, 404}
