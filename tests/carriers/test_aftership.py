"""AfterShip: its conversation, its codes, its errors, its versions."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from carriers.aftership import CATEGORIES, ERRORS, AfterShip
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
from monitor.errors import ConfigError
from monitor.plugins import load_source
from monitor.transport import MAX_CALLS
from tests.carriers.conftest import Talk

Status = ShipmentStatus
KEY = "sesame"
ONE, TWO, THREE = "LP00606000880014", "LP00606000880021", "LP00606000880038"


def aftership(**more: object) -> AfterShip:
    return AfterShip.model_validate({"adapter": "aftership", "api_key": KEY, **more})


def checkpoint(subtag: str | None = None, **more: Any) -> dict[str, Any]:
    return {"checkpoint_time": "2026-12-01T09:30:00+01:00", "subtag": subtag, "message": "", **more}


def parcel(*checkpoints: Mapping[str, Any], number: str = ONE, **more: Any) -> dict[str, Any]:
    return {"tracking_number": number, "checkpoints": checkpoints, **more}


def listed(*parcels: Mapping[str, Any]) -> bytes:
    return json.dumps({"meta": {"code": 200}, "data": {"trackings": parcels}}).encode()


def added(told: Mapping[str, Any]) -> Payload:
    return Payload(json.dumps({"meta": {"code": 201}, "data": told}).encode(), 201)


def failure(code: int, status: int = 400, **data: Any) -> Payload:
    meta = {"code": code, "type": "…", "message": "…"}
    return Payload(json.dumps({"meta": meta, "data": data}).encode(), status)


def read(*parcels: Mapping[str, Any], **more: object) -> list[Tracking]:
    return list(aftership(**more).parse(Payload(listed(*parcels))))


def one(*checkpoints: Mapping[str, Any], **more: Any) -> Tracking:
    [tracking] = read(parcel(*checkpoints, **more))
    return tracking


def statuses(trackings: list[Tracking]) -> dict[str, str]:
    return {tracking.number: tracking.status.value for tracking in trackings}


# The conversation


def test_numbers_that_are_known_take_one_call(talk: Talk) -> None:
    requests, learned = talk(
        aftership(), [ONE, "A/2"], listed(parcel(checkpoint("InTransit_001")), parcel(number="A/2"))
    )
    [request] = requests
    url = urlsplit(request.url)
    assert (request.method, url.netloc, url.path) == (
        "GET",
        "api.aftership.com",
        "/tracking/2026-07/trackings",
    )
    assert parse_qs(url.query) == {"tracking_numbers": [f"{ONE},A/2"]}
    assert request.headers == (("as-api-key", KEY),)
    assert statuses(learned) == {ONE: "in_transit", "A/2": "not_found"}


def test_new_numbers_are_added_one_by_one(talk: Talk) -> None:
    requests, learned = talk(
        aftership(),
        [ONE, TWO, THREE],
        listed(parcel(checkpoint("InTransit_001"), number=TWO.lower())),
        added(parcel(tag="Pending", subtag="Pending_001")),
        added(parcel(checkpoint("InfoReceived_001"), number=THREE)),
    )
    assert [it.url for it in requests[1:]] == ["https://api.aftership.com/tracking/2026-07/trackings"] * 2
    assert [json.loads(it.body or b"") for it in requests[1:]] == [
        {"tracking_number": ONE},
        {"tracking_number": THREE},
    ]
    assert dict(requests[1].headers) == {"as-api-key": KEY, "content-type": "application/json"}
    assert statuses(learned) == {TWO.lower(): "in_transit", ONE: "not_found", THREE: "info_received"}


def test_the_courier_is_named_when_adding(talk: Talk) -> None:
    source = aftership(slug="cainiao", api_version="2025-01", base_url="https://ship.example/t")
    requests, _ = talk(source, [ONE], listed(), added(parcel()))
    assert requests[0].url == f"https://ship.example/t/2025-01/trackings?tracking_numbers={ONE}"
    assert json.loads(requests[1].body or b"") == {"tracking_number": ONE, "slug": "cainiao"}


@pytest.mark.parametrize("data", [{"id": "a/1"}, {"tracking": {"id": "a/1", "tracking_number": ONE}}])
def test_what_was_added_long_ago_is_asked_about_by_its_id(talk: Talk, data: dict[str, Any]) -> None:
    data = data if "tracking" in data else {**data, "tracking_number": ONE}
    answer = json.dumps({"meta": {"code": 200}, "data": parcel(checkpoint("Delivered_001"))}).encode()
    requests, learned = talk(aftership(), [ONE], listed(), failure(4003, **data), answer)
    assert requests[2].url == "https://api.aftership.com/tracking/2026-07/trackings/a%2F1"
    assert statuses(learned) == {ONE: "delivered"}


def test_what_is_there_already_without_an_id_is_no_failure(talk: Talk) -> None:
    _, learned = talk(aftership(), [ONE], listed(), failure(4003))
    assert statuses(learned) == {ONE: "not_found"}


def test_a_number_that_is_refused_does_not_stop_the_others(talk: Talk) -> None:
    _, learned = talk(aftership(), [ONE, TWO], listed(), failure(4012), added(parcel(number=TWO)))
    assert statuses(learned) == {TWO: "not_found"}


@pytest.mark.parametrize(
    "refusal", [failure(402, 200), QuotaExceeded("used up"), RateLimited("later"), Unreachable("gone")]
)
def test_when_adding_fails_the_known_ones_still_count(talk: Talk, refusal: Payload | LookError) -> None:
    known = listed(parcel(checkpoint("Delivered_001"), number=THREE))
    # It would be the same for the second new number, so that is not tried.
    requests, learned = talk(aftership(), [ONE, TWO, THREE], known, refusal)
    assert len(requests) == 2
    assert statuses(learned) == {THREE: "delivered"}


def test_when_nothing_was_answered_the_reason_is_raised(talk: Talk) -> None:
    with pytest.raises(QuotaExceeded, match="used up"):
        talk(aftership(), [ONE], listed(), failure(402, 200))
    with pytest.raises(Refused, match="slug can name it"):
        talk(aftership(), [ONE], listed(), failure(4012))


def test_a_parcel_that_cannot_be_read_is_not_added_again(talk: Talk) -> None:
    broken = parcel(checkpoint(), number=ONE, tag=7)
    requests, learned = talk(aftership(), [ONE, TWO], listed(broken, parcel(number=TWO)))
    assert len(requests) == 1
    assert statuses(learned) == {TWO: "not_found"}


def test_no_exchange_takes_more_calls_than_there_may_be() -> None:
    # The list; for each new number its adding, and the question by its id.
    assert 1 + 2 * aftership().batch_size <= MAX_CALLS


@pytest.mark.parametrize("version", ["v4", "2024-10", "2026-7", "2026-02", "2026-07/.."])
def test_a_version_that_is_none(version: str) -> None:
    with pytest.raises(ConfigError, match="api_version"):
        load_source("aftership", {"api_key": KEY, "api_version": version})


# Errors


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (401, 200, Unauthorized),
        (403, 200, Unauthorized),
        (402, 200, QuotaExceeded),
        (429, 200, RateLimited),
        (404, 404, Refused),
        (400, 400, Refused),
        (4005, 400, Refused),
        (4008, 400, Refused),
        (4010, 400, Refused),
        (4011, 400, Refused),
        (4012, 400, Refused),
        (4017, 400, Refused),
        (40301, 200, Unauthorized),
        (42900, 200, RateLimited),
        (49999, 200, Unreachable),
        (500, 200, Unreachable),
    ],
)
def test_an_error(code: int, status: int, kind: type[LookError]) -> None:
    with pytest.raises(kind, match=rf"^AfterShip: .* \(code {code}\)$") as error:
        list(aftership().parse(failure(code, status)))
    assert type(error.value) is kind


def test_every_error_says_something_to_people() -> None:
    assert all(words and not words.endswith(".") for _, words in ERRORS.values())


@pytest.mark.parametrize("data", ["null", "[]", "{}", '{"trackings": []}', '{"tracking": {}}'])
def test_nothing_is_known(data: str) -> None:
    body = f'{{"meta": {{"code": 200}}, "data": {data}}}'.encode()
    [tracking] = aftership().parse(Payload(body, numbers=(ONE,)))
    assert (tracking.number, tracking.status) == (ONE, Status.NOT_FOUND)
    assert list(aftership().parse(Payload(body))) == []
    assert list(aftership().parse(failure(4004, 404))) == []


@pytest.mark.parametrize(
    "body", [b"{}", b'{"meta": {}}', b'{"meta": {"code": 200}, "data": "x"}', b"<html>", b""]
)
def test_an_answer_of_another_shape(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(aftership().parse(Payload(body)))


def test_a_shape_that_broke_is_named() -> None:
    with pytest.raises(ParseError, match=r"data\.trackings\[0\]\.checkpoints\[0\]\.message"):
        one(checkpoint(message=7))


# What an answer means


@pytest.mark.parametrize(("code", "status"), CATEGORIES.items())
def test_what_a_code_means(code: str, status: Status) -> None:
    as_subtag, as_tag = one(checkpoint(code, tag="?")), one(checkpoint(tag=code))
    assert as_subtag.events[0].status is as_tag.events[0].status is status
    assert as_subtag.events[0].code == as_tag.events[0].code == code


def test_all_sub_statuses_of_the_vendor_are_known() -> None:
    assert len([code for code in CATEGORIES if "_" in code]) == 48
    assert len([code for code in CATEGORIES if "_" not in code]) == 9


@pytest.mark.parametrize(
    ("raw", "subtag", "text", "status"),
    [
        # The carrier's own code beats what AfterShip files it under.
        ("CC_IM_START", "InTransit_005", "", Status.IN_CUSTOMS),
        ("CC_IM_FAILURE", "InTransit_001", "", Status.CUSTOMS_HOLD),
        ("GTMS_STA_SIGNED", "Delivered_001", "", Status.AVAILABLE_FOR_PICKUP),
        ("EME", "InTransit_001", "", Status.CUSTOMS_HOLD),
        # A code that is not known, or that other carriers use too, does not.
        ("XY_77", "Exception_004", "", Status.CUSTOMS_HOLD),
        ("EXCEPTION", "Exception_004", "", Status.CUSTOMS_HOLD),
        ("FAILED", "InTransit_001", "", Status.IN_TRANSIT),
        # Words make exact what is filed roughly.
        (None, "InTransit_001", "Held by customs", Status.CUSTOMS_HOLD),
        (None, "InTransit_006", "Customs requires documents", Status.CUSTOMS_HOLD),
        (None, "Exception_001", "Parcel lost", Status.EXCEPTION),
        (None, "Exception_001", "Ready for pick-up at the parcel shop", Status.AVAILABLE_FOR_PICKUP),
        # What AfterShip has not explained, nobody knows; its tag is too coarse to say.
        (None, "Exception_014", "", Status.UNKNOWN),
        (None, "Exception_015", "Returned to sender", Status.RETURNING),
        # Delivery is never believed from words.
        (None, "InTransit_001", "Delivered", Status.IN_TRANSIT),
    ],
)
def test_what_a_scan_means(raw: str | None, subtag: str, text: str, status: Status) -> None:
    tracking = one(checkpoint(subtag, raw_tag=raw, message=text, tag="Exception"))
    assert tracking.status is status
    assert tracking.events[0].code == (raw or subtag)


def test_your_codes_count() -> None:
    [tracking] = read(
        parcel(checkpoint("Exception_004", raw_tag="XY_77")), codes={"Exception_004": "in_transit"}
    )
    assert (tracking.status, tracking.events[0].decided_by) == (Status.IN_TRANSIT, "your codes")


@pytest.mark.parametrize(
    ("checkpoints", "word", "status"),
    [
        ([], {"tag": "Pending", "subtag": "Pending_001"}, Status.NOT_FOUND),
        ([], {"tag": "InTransit"}, Status.IN_TRANSIT),
        # A word for the whole parcel raises no hold, and does not beat the newest scan.
        ([], {"tag": "Exception", "subtag": "Exception_004"}, Status.IN_CUSTOMS),
        ([checkpoint("OutForDelivery_001")], {"tag": "Delivered"}, Status.OUT_FOR_DELIVERY),
        ([checkpoint("InfoReceived_001")], {"tag": "Delivered", "subtag": "Delivered_001"}, Status.DELIVERED),
        ([checkpoint("InTransit_001")], {"tag": "Expired", "subtag": "Expired_001"}, Status.EXPIRED),
        ([checkpoint("Delivered_001")], {"tag": "Expired", "subtag": "Expired_001"}, Status.DELIVERED),
    ],
)
def test_a_word_for_the_whole_parcel(
    checkpoints: list[dict[str, Any]], word: dict[str, str], status: Status
) -> None:
    assert one(*checkpoints, **word).status is status


def test_checkpoints_stand_in_any_order_and_some_twice() -> None:
    old = checkpoint("InTransit_001", checkpoint_time="2026-11-30T09:00:00+08:00")
    new = checkpoint("OutForDelivery_001")
    later = checkpoint("InTransit_001", checkpoint_time="2026-11-30T09:00:29+08:00")
    tracking = one(old, new, later, old)
    assert tracking.status is Status.OUT_FOR_DELIVERY
    assert [it.status for it in tracking.events] == [Status.IN_TRANSIT] * 2 + [Status.OUT_FOR_DELIVERY]


@pytest.mark.parametrize(
    ("told", "at", "zone_known"),
    [
        ("2026-12-01T09:30:00+01:00", "2026-12-01T09:30:00+01:00", True),
        ("2026-12-01T09:30:00Z", "2026-12-01T09:30:00+00:00", True),
        ("2026-12-01T09:30:00", "2026-12-01T09:30:00+00:00", False),
        ("2026-12-01", "2026-12-01T00:00:00+00:00", False),
    ],
)
def test_a_time_keeps_what_was_told(told: str, at: str, zone_known: bool) -> None:
    [scan] = one(checkpoint("InTransit_001", checkpoint_time=told)).events
    assert (scan.at.isoformat(), scan.zone_known) == (at, zone_known)


@pytest.mark.parametrize("told", [None, "", "yesterday"])
def test_a_scan_without_a_time_counts_without_one(told: str | None) -> None:
    tracking = one(checkpoint("InTransit_006", checkpoint_time=told))
    assert (tracking.status, len(tracking.undated)) == (Status.IN_CUSTOMS, 1)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (
            {"city": "Alcorcón", "zip": "28922", "state": "Madrid", "country_region": "ESP"},
            Place("Alcorcón", "28922", "Madrid", "ES"),
        ),
        (
            {"city": "Deal", "country_iso3": "USA", "country_name": "United States"},
            Place("Deal", country="US"),
        ),
        # The name of a country may be a code, or say more.
        ({"country_name": "ESP", "location": "ES, Spain"}, Place(country="ES")),
        ({"country_name": "Spain", "location": "Alcorcón, Spain"}, Place("Alcorcón", country="ES")),
        ({"city": "Alcorcón", "postal_code": "28922"}, Place("Alcorcón", "28922")),
        ({"country_name": "Somewhere"}, Place(country="Somewhere")),
        ({"location": "Kiosk am Markt"}, Place("Kiosk am Markt")),
        ({}, None),
    ],
)
def test_a_place(told: dict[str, str], place: Place | None) -> None:
    delivery = one(checkpoint("Delivered_001", **told)).delivery
    assert delivery
    assert delivery.place == place


@pytest.mark.parametrize(
    ("told", "at", "zone_known"),
    [
        ("2026-12-06T12:44:00+01:00", "2026-12-06T12:44:00+01:00", True),
        ("2026-12-06T12:44:00", "2026-12-06T12:44:00+00:00", False),
    ],
)
def test_a_delivery_that_no_scan_tells(told: str, at: str, zone_known: bool) -> None:
    word = {"tag": "Delivered", "shipment_delivery_date": told}
    delivery = one(checkpoint("InfoReceived_001"), **word).delivery
    assert delivery
    assert delivery.at
    assert (delivery.at.isoformat(), delivery.zone_known, delivery.place) == (at, zone_known, None)
    # Not every checkpoint is told; but one that is later than the delivery is not of a delivered parcel.
    assert one(checkpoint("InTransit_001"), **word).delivery == delivery
    later = checkpoint("InTransit_001", checkpoint_time="2026-12-08T09:30:00+01:00")
    assert one(later, **word).status == Status.IN_TRANSIT
    assert one(checkpoint("AttemptFail_001"), **word).status == Status.DELIVERY_FAILED


@pytest.mark.parametrize(
    "odd",
    [
        {"courier_estimated_delivery_date": [], "latest_estimated_delivery": "", "expected_delivery": {}},
        {"first_mile": "", "last_mile": [], "next_couriers": ""},
    ],
)
def test_what_matters_little_costs_nothing_if_it_is_odd(odd: dict[str, Any]) -> None:
    tracking = one(checkpoint("InTransit_001"), **odd)
    assert (tracking.status, tracking.edd, tracking.aliases) == (Status.IN_TRANSIT, None, ())


def test_numbers_may_be_written_as_such_and_missing() -> None:
    [tracking] = read(parcel(checkpoint("Delivered_001", zip=28922), last_mile={"tracking_number": 17}))
    assert tracking.aliases == ("17",)
    assert tracking.delivery is not None
    assert tracking.delivery.place == Place(postal_code="28922")
    [tracking] = read({**parcel(), "tracking_number": 606000880014})
    assert tracking.number == "606000880014"
    nameless = Payload(listed({"tag": "InTransit"}))
    assert [it.number for it in aftership().parse(nameless)] == [""]
    assert [it.number for it in aftership().parse(replace(nameless, numbers=(ONE,)))] == [ONE]


def test_an_answer_without_meta_has_data_or_is_none() -> None:
    body = json.dumps({"data": {"trackings": [parcel(tag="InTransit")]}}).encode()
    assert [it.status for it in aftership().parse(Payload(body))] == [Status.IN_TRANSIT]
    with pytest.raises(ParseError, match=r"meta\.code"):
        list(aftership().parse(Payload(b"{}")))


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ({"type": "specific", "datetime": "2026-12-08"}, (None, "2026-12-08")),
        ({"datetime_min": "2026-12-07", "datetime_max": "2026-12-09T00:00:00"}, ("2026-12-07", "2026-12-09")),
    ],
)
def test_the_latest_estimate_counts_where_there_is_no_other(
    told: dict[str, str], days: tuple[str | None, str]
) -> None:
    edd = one(checkpoint("InTransit_001"), latest_estimated_delivery=told).edd
    assert edd is not None
    assert (edd.earliest and str(edd.earliest), str(edd.latest)) == days


COURIER = {"courier_estimated_delivery_date": {"estimated_delivery_date": "2026-12-08T23:59:59-05:00"}}
CUSTOM = {"custom_estimated_delivery_date": {"estimated_delivery_date": "2026-12-09"}}
OWN = {
    "aftership_estimated_delivery_date": {
        "estimated_delivery_date": "2026-12-10",
        "estimated_delivery_date_min": "2026-12-09",
        "estimated_delivery_date_max": "2026-12-12",
    }
}
OLD = {"expected_delivery": "2026-12-07"}


@pytest.mark.parametrize(
    ("told", "estimate"),
    [
        ({**OWN, **CUSTOM, **COURIER, **OLD}, (None, 8, "carrier")),
        ({**OWN, **CUSTOM, **OLD, "courier_estimated_delivery_date": {}}, (None, 7, "carrier")),
        ({**OWN, **CUSTOM}, (None, 9, "custom")),
        ({**OWN, "custom_estimated_delivery_date": None}, (9, 12, "AfterShip")),
        ({"expected_delivery": "soon"}, None),
        ({"order_promised_delivery_date": "2026-12-01"}, None),
    ],
)
def test_the_couriers_estimate_counts_first(
    told: dict[str, Any], estimate: tuple[object, ...] | None
) -> None:
    def day(number: object) -> date | None:
        return date(2026, 12, number) if isinstance(number, int) else None

    edd = one(**told).edd
    found = edd and (edd.earliest, edd.latest, edd.source)
    assert found == (estimate and (day(estimate[0]), day(estimate[1]), estimate[2]))


def test_the_parcels_other_numbers() -> None:
    tracking = one(
        checkpoint("InTransit_001", message=f"Now {TWO}"),
        first_mile={"tracking_number": ONE.lower()},
        last_mile={"tracking_number": "RX-1", "slug": "x"},
        next_couriers=[{"tracking_number": "RX-2"}, {"slug": "y"}],
    )
    assert tracking.aliases == ("RX-1", "RX-2", TWO)


def test_of_two_couriers_the_parcel_that_moved_last_comes_first() -> None:
    old = parcel(checkpoint("Delivered_001", checkpoint_time="2024-01-07T10:00:00Z"))
    assert [it.status for it in read(parcel(), old, parcel(checkpoint("InTransit_001")))] == [
        Status.IN_TRANSIT,
        Status.DELIVERED,
        Status.NOT_FOUND,
    ]


@pytest.mark.parametrize(
    "data",
    [
        parcel(checkpoint("InTransit_006")),
        {"tracking": parcel(checkpoint("InTransit_006"))},
        {"trackings": [parcel(checkpoint("InTransit_006"))], "page": 1},
        {"tracking_number": ONE, "checkpoint": checkpoint("InTransit_006"), "tag": "InTransit"},
    ],
)
def test_every_version_tells_the_same(data: dict[str, Any]) -> None:
    body = json.dumps({"meta": {"code": 200}, "data": data}).encode()
    [tracking] = aftership().parse(Payload(body))
    assert (tracking.number, tracking.status, len(tracking.events)) == (ONE, Status.IN_CUSTOMS, 1)
