"""Ship24: its conversation, its codes, its errors."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from carriers.ship24 import CATEGORIES, ERRORS, Ship24
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
from tests.carriers.conftest import Talk

Status = ShipmentStatus
KEY = "sesame"
ONE, TWO = "LP00505000990011", "LP00505000990028"


def ship24(**more: object) -> Ship24:
    return Ship24.model_validate({"adapter": "ship24", "api_key": KEY, **more})


def parcel(*events: Mapping[str, Any], number: str | None = ONE, **more: Any) -> dict[str, Any]:
    return {"tracker": {"trackingNumber": number}, "shipment": {}, "events": events, **more}


def event(milestone: str | None, code: str | None = None, text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "status": text,
        "occurrenceDatetime": "2026-11-20T10:15:00",
        "statusCode": code,
        "statusMilestone": milestone,
        **more,
    }


def answer(*parcels: Mapping[str, Any]) -> bytes:
    return json.dumps({"data": {"trackings": parcels}}).encode()


def failure(code: str | None, status: int = 400) -> Payload:
    return Payload(json.dumps({"errors": [{"code": code, "message": "…"}], "data": None}).encode(), status)


def read(*parcels: Mapping[str, Any], **more: object) -> list[Tracking]:
    return list(ship24(**more).parse(Payload(answer(*parcels))))


def one(*events: Mapping[str, Any], **more: Any) -> Tracking:
    [tracking] = read(parcel(*events, **more))
    return tracking


# The conversation


def test_a_number_that_is_followed_takes_one_call_that_costs_nothing(talk: Talk) -> None:
    requests, [tracking] = talk(ship24(), [ONE], answer(parcel(event("in_transit"))))
    [request] = requests
    assert request.url == f"https://api.ship24.com/public/v1/trackers/search/{ONE}/results"
    assert (request.method, request.body) == ("GET", None)
    assert request.headers == (("authorization", f"Bearer {KEY}"),)
    assert (tracking.number, tracking.status) == (ONE, Status.IN_TRANSIT)


@pytest.mark.parametrize("unknown", [failure("tracker_not_found", 404), answer()])
def test_a_number_that_is_not_followed_yet_gets_a_tracker(talk: Talk, unknown: Payload | bytes) -> None:
    requests, [tracking] = talk(ship24(), [ONE], unknown, answer(parcel(event("info_received"))))
    assert [(it.method, it.url.rpartition("/v1/")[2]) for it in requests] == [
        ("GET", f"trackers/search/{ONE}/results"),
        ("POST", "trackers/track"),
    ]
    assert json.loads(requests[1].body or b"") == {"trackingNumber": ONE}
    assert dict(requests[1].headers)["authorization"] == f"Bearer {KEY}"
    assert tracking.status is Status.INFO_RECEIVED


def test_a_new_tracker_is_told_what_is_known_of_the_parcel(talk: Talk) -> None:
    source = ship24(courier="es-post", country="ES", postal_code="28901", base_url="https://s24.example/api")
    requests, _ = talk(source, [ONE], answer(), answer(parcel()))
    assert requests[1].url == "https://s24.example/api/v1/trackers/track"
    assert json.loads(requests[1].body or b"") == {
        "trackingNumber": ONE,
        "courierCode": "es-post",
        "destinationCountryCode": "ES",
        "destinationPostCode": "28901",
    }


@pytest.mark.parametrize(
    "nothing", [answer(), failure("parcel_not_found", 404), answer(parcel(shipment=None))]
)
def test_a_tracker_that_has_found_nothing_yet(talk: Talk, nothing: Payload | bytes) -> None:
    _, learned = talk(ship24(), [ONE], answer(), nothing)
    assert [(it.number, it.status) for it in learned] == [(ONE, Status.NOT_FOUND)]


@pytest.mark.parametrize("refusal", [failure("quota_limit_reached", 403), QuotaExceeded("used up")])
def test_a_plan_that_is_used_up(talk: Talk, refusal: Payload | QuotaExceeded) -> None:
    with pytest.raises(QuotaExceeded, match="used up"):
        talk(ship24(), [ONE], answer(), refusal)


def test_one_number_a_request_and_half_of_what_is_allowed() -> None:
    assert (ship24().batch_size, ship24().requests_per_second) == (1, 5)


# Errors


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("validation_error", 400, Refused),
        ("processing_error", 400, Refused),
        ("shipping_date_outdated", 400, Refused),
        ("tracker_conflict", 409, Refused),
        ("request_conflict", 409, Unreachable),
        ("no_active_subscription", 403, Unauthorized),
        ("quota_limit_reached", 403, QuotaExceeded),
        # Whatever the status, the code counts.
        ("quota_limit_reached", 200, QuotaExceeded),
        ("validation_error", 422, Refused),
        # A code that is new, or none: the status counts.
        ("something_new", 400, Refused),
        ("something_new", 401, Unauthorized),
        ("something_new", 402, QuotaExceeded),
        ("something_new", 403, Unauthorized),
        ("something_new", 404, Refused),
        ("something_new", 429, RateLimited),
        ("something_new", 200, Unreachable),
        (None, 403, Unauthorized),
    ],
)
def test_an_error(code: str | None, status: int, kind: type[LookError]) -> None:
    with pytest.raises(kind, match="^Ship24: ") as error:
        list(ship24().parse(failure(code, status)))
    assert type(error.value) is kind
    assert (code or f"HTTP {status}") in str(error.value)


def test_every_error_says_something_to_people() -> None:
    assert all(words and not words.endswith(".") for _, words in ERRORS.values())


def test_an_answer_to_many_is_refused_in_a_shape_of_its_own() -> None:
    body = json.dumps({"status": "error", "data": [{}], "error": {"code": "processing_error"}}).encode()
    with pytest.raises(Refused, match="processing_error"):
        list(ship24().parse(Payload(body, 400)))


@pytest.mark.parametrize("body", [b'{"data": null}', b"{}", b'{"data": []}', b'{"data": "x"}', b"<html>"])
def test_an_answer_without_trackings_is_none(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(ship24().parse(Payload(body)))


def test_a_404_without_a_reason_is_a_wrong_address() -> None:
    with pytest.raises(Refused, match="HTTP 404"):
        list(ship24().parse(Payload(b"{}", 404, (ONE,))))


def test_one_tracker_that_cannot_be_read_costs_only_itself() -> None:
    broken = parcel(event("delivered", status=7))
    assert [it.status for it in read(broken, parcel(event("in_transit")))] == [Status.IN_TRANSIT]
    with pytest.raises(ParseError, match=r"data\.trackings\[0\]\.events\[0\]\.status"):
        read(broken)


# What an answer means


@pytest.mark.parametrize(("code", "status"), CATEGORIES.items())
def test_what_a_code_means(code: str, status: Status) -> None:
    as_code, as_milestone = one(event("in_transit", code)), one(event(code))
    assert as_code.events[0].status is as_milestone.events[0].status is status
    assert as_code.events[0].code == as_milestone.events[0].code == code


@pytest.mark.parametrize(
    ("milestone", "code", "text", "status"),
    [
        # The code is more exact than the milestone, which is what the parcel is since.
        ("in_transit", "customs_exception", "", Status.CUSTOMS_HOLD),
        ("exception", "exception_return", "", Status.RETURNING),
        # Of a code that tells nothing of the parcel, or is new, the milestone counts.
        ("info_received", "data_delivery_proposed", "", Status.INFO_RECEIVED),
        ("in_transit", "data_delivery_decided", "", Status.IN_TRANSIT),
        ("in_transit", "transit_teleported", "", Status.IN_TRANSIT),
        ("teleported", "transit_teleported", "", Status.UNKNOWN),
        # Words make exact what is filed roughly.
        ("in_transit", None, "Retenido en aduana", Status.CUSTOMS_HOLD),
        ("in_transit", "customs_received", "Held by customs", Status.CUSTOMS_HOLD),
        ("exception", None, "The parcel was lost", Status.EXCEPTION),
        ("exception", None, "Ready for pick-up at the post office", Status.AVAILABLE_FOR_PICKUP),
        # Delivery is never believed from words.
        ("in_transit", None, "Delivered", Status.IN_TRANSIT),
    ],
)
def test_what_a_scan_means(milestone: str, code: str | None, text: str, status: Status) -> None:
    assert one(event(milestone, code, text)).status is status


def test_your_codes_count() -> None:
    [tracking] = read(
        parcel(event("in_transit", "transit_teleported")), codes={"transit_teleported": "exception"}
    )
    assert (tracking.status, tracking.events[0].decided_by) == (Status.EXCEPTION, "your codes")


@pytest.mark.parametrize(
    ("shipment", "status"),
    [
        ({"statusCode": "delivery_delivered", "statusMilestone": "delivered"}, Status.DELIVERED),
        ({"statusCode": None, "statusMilestone": "in_transit"}, Status.IN_TRANSIT),
        # A word for the whole parcel raises no hold.
        ({"statusCode": "customs_exception", "statusMilestone": "in_transit"}, Status.IN_CUSTOMS),
        ({"statusMilestone": "pending"}, Status.NOT_FOUND),
        (None, Status.NOT_FOUND),
    ],
)
def test_where_no_scan_is_told_the_parcels_word_counts(shipment: object, status: Status) -> None:
    assert one(shipment=shipment).status is status


def test_the_newest_scan_decides_in_any_order() -> None:
    old = event("info_received", occurrenceDatetime="2026-11-18T09:00:00")
    new = event("out_for_delivery", occurrenceDatetime="2026-11-21T09:00:00+01:00")
    word = {"statusMilestone": "delivered"}
    assert (
        one(old, new, shipment=word).status is one(new, old, shipment=word).status is Status.OUT_FOR_DELIVERY
    )


@pytest.mark.parametrize(
    ("told", "at", "zone_known"),
    [
        ("2026-11-20T10:15:00", "2026-11-20T10:15:00+00:00", False),
        ("2026-11-20T10:15:00+01:00", "2026-11-20T10:15:00+01:00", True),
        ("2026-11-20T09:15:00.000Z", "2026-11-20T09:15:00+00:00", True),
        ("2026-11-20", "2026-11-20T00:00:00+00:00", False),
    ],
)
def test_a_time_keeps_what_was_told(told: str, at: str, zone_known: bool) -> None:
    [scan] = one(event("in_transit", occurrenceDatetime=told)).events
    assert (scan.at.isoformat(), scan.zone_known) == (at, zone_known)


@pytest.mark.parametrize("told", [None, "", "soon"])
def test_a_scan_without_a_time_counts_without_one(told: str | None) -> None:
    tracking = one(event("out_for_delivery", occurrenceDatetime=told))
    assert (tracking.status, len(tracking.undated)) == (Status.OUT_FOR_DELIVERY, 1)


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("SAN DIEGO, CA 92101", Place("SAN DIEGO", "92101", "CA", "US")),
        ("SAN DIEGO CA 92101-4410", Place("SAN DIEGO", "92101", "CA", "US")),
        # CA alone may be Canada as well.
        ("SAN DIEGO, CA", Place("SAN DIEGO, CA")),
        ("28901 Getafe", Place("28901 Getafe")),
        ("MARSEILLE - FR", Place("MARSEILLE - FR")),
        ("", None),
        (None, None),
    ],
)
def test_a_location_is_free_text(location: str | None, place: Place | None) -> None:
    tracking = one(event("delivered", location=location))
    assert tracking.delivery
    assert tracking.delivery.place == tracking.events[0].place == place


@pytest.mark.parametrize(
    ("delivery", "days"),
    [
        ({"courierEstimatedDeliveryDate": {"from": "2026-11-22T08:00:00", "to": "2026-11-24"}}, ("22", "24")),
        (
            {
                "estimatedDeliveryDate": "2026-11-30",
                "courierEstimatedDeliveryDate": {"from": None, "to": "2026-11-24T18:00:00"},
            },
            (None, "24"),
        ),
        (
            {"estimatedDeliveryDate": "2026-11-30T00:00:00", "courierEstimatedDeliveryDate": None},
            (None, "30"),
        ),
        ({"estimatedDeliveryDate": "soon"}, None),
        (None, None),
    ],
)
def test_an_estimate(delivery: object, days: tuple[str | None, str | None] | None) -> None:
    edd = one(shipment={"delivery": delivery}).edd
    told = edd and tuple(str(day)[-2:] if day else None for day in (edd.earliest, edd.latest))
    assert told == days


def test_a_delivery_that_no_scan_tells() -> None:
    told = {"timestamps": {"deliveredDatetime": "2026-11-20T14:02:00"}}
    delivery = one(shipment={"statusMilestone": "delivered"}, statistics=told).delivery
    assert delivery
    assert delivery.at
    assert (delivery.at.isoformat(), delivery.zone_known) == ("2026-11-20T14:02:00+00:00", False)
    assert one(event("in_transit"), statistics=told).delivery is None


def test_the_parcels_other_numbers() -> None:
    tracking = one(
        event("in_transit", text="Handed over as LP00505000990035"),
        shipment={"trackingNumbers": [{"tn": ONE}, {"tn": "RX-1"}, {"tn": None}, {"tn": "RX-1"}]},
    )
    assert tracking.aliases == ("RX-1", "LP00505000990035")


def test_without_a_tracker_the_number_that_was_asked_counts() -> None:
    told = parcel(shipment={"trackingNumbers": [{"tn": TWO}, {"tn": ONE}]}, tracker=None)
    [asked] = ship24().parse(Payload(answer(told), numbers=(ONE.lower(),)))
    [replayed] = read(told)
    assert (asked.number, asked.aliases) == (ONE, (TWO,))
    assert (replayed.number, replayed.aliases) == (TWO, (ONE,))
    [nameless] = read(parcel(tracker=None))
    assert nameless.number == ""
    [asked] = ship24().parse(Payload(answer(parcel(tracker=None)), numbers=(ONE,)))
    assert asked.number == ONE


@pytest.mark.parametrize(
    "odd",
    [
        {"shipment": {"delivery": ""}},
        {"shipment": {"delivery": {"courierEstimatedDeliveryDate": []}}},
        {"statistics": []},
        {"statistics": {"timestamps": []}},
        {"events": [event("in_transit", location={"city": "Inca"})]},
    ],
)
def test_what_matters_little_costs_nothing_if_it_is_odd(odd: dict[str, Any]) -> None:
    tracking = one(**{"events": [event("in_transit")], **odd})
    assert (tracking.status, len(tracking.events), tracking.edd) == (Status.IN_TRANSIT, 1, None)
    assert tracking.events[0].place is None


def test_numbers_may_be_written_as_such() -> None:
    [tracking] = read(
        parcel(event("in_transit", occurrenceDatetime=17), number=None)
        | {"tracker": {"trackingNumber": 5}, "shipment": {"trackingNumbers": [{"tn": 6}]}}
    )
    assert (tracking.number, tracking.aliases, len(tracking.undated)) == ("5", ("6",), 1)


def test_of_several_trackers_the_one_that_moved_last_comes_first() -> None:
    old = parcel(event("delivered", occurrenceDatetime="2024-01-07T10:00:00"))
    assert [it.status for it in read(parcel(), old, parcel(event("in_transit")))] == [
        Status.IN_TRANSIT,
        Status.DELIVERED,
        Status.NOT_FOUND,
    ]
