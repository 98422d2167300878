"""TrackingMore: its conversation, its codes, its errors, its versions."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from carriers.trackingmore import CATEGORIES, ERRORS, TrackingMore
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
from monitor.transport import MAX_CALLS
from tests.carriers.conftest import Talk

Status = ShipmentStatus
KEY = "sesame"
ONE, TWO, THREE = "LP00707000770017", "LP00707000770024", "LP00707000770031"


def trackingmore(**more: object) -> TrackingMore:
    return TrackingMore.model_validate({"adapter": "trackingmore", "api_key": KEY, **more})


def scan(substatus: str | None = None, text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "checkpoint_date": "2026-10-14T08:05:00",
        "checkpoint_delivery_substatus": substatus,
        "tracking_detail": text,
        **more,
    }


def parcel(*scans: Mapping[str, Any], number: str = ONE, **more: Any) -> dict[str, Any]:
    return {"tracking_number": number, "origin_info": {"trackinfo": scans}, **more}


def answer(data: object, code: int = 200) -> bytes:
    return json.dumps({"meta": {"code": code, "type": "…", "message": "…"}, "data": data}).encode()


def failure(code: int, status: int = 400) -> Payload:
    return Payload(answer([], code), status)


def read(*parcels: Mapping[str, Any], **more: object) -> list[Tracking]:
    return list(trackingmore(**more).parse(Payload(answer(parcels))))


def one(*scans: Mapping[str, Any], **more: Any) -> Tracking:
    [tracking] = read(parcel(*scans, **more))
    return tracking


def statuses(trackings: list[Tracking]) -> dict[str, str]:
    return {tracking.number: tracking.status.value for tracking in trackings}


# The conversation


def test_numbers_that_are_known_take_one_call(talk: Talk) -> None:
    requests, learned = talk(
        trackingmore(), [ONE, "A&2"], answer([parcel(scan("transit001")), parcel(number="A&2")])
    )
    [request] = requests
    url = urlsplit(request.url)
    assert (request.method, url.netloc, url.path) == ("GET", "api.trackingmore.com", "/v4/trackings/get")
    assert parse_qs(url.query) == {"tracking_numbers": [f"{ONE},A&2"]}
    assert request.headers == (("Tracking-Api-Key", KEY),)
    assert statuses(learned) == {ONE: "in_transit", "A&2": "not_found"}


@pytest.mark.parametrize("unknown", [answer([]), failure(4102), failure(4031, 200)])
def test_a_new_number_is_added_for_the_likeliest_courier(talk: Talk, unknown: bytes | Payload) -> None:
    couriers = answer([{"courier_code": "cainiao"}, {"courier_code": "china-post"}])
    requests, learned = talk(trackingmore(), [ONE], unknown, couriers, answer(parcel(scan("transit001"))))
    assert [(it.method, it.url.rpartition("/v4/")[2]) for it in requests[1:]] == [
        ("POST", "couriers/detect"),
        ("POST", "trackings/create"),
    ]
    assert [json.loads(it.body or b"") for it in requests[1:]] == [
        {"tracking_number": ONE},
        {"tracking_number": ONE, "courier_code": "cainiao"},
    ]
    assert dict(requests[2].headers) == {"Tracking-Api-Key": KEY, "content-type": "application/json"}
    assert statuses(learned) == {ONE: "in_transit"}


def test_a_courier_that_is_named_is_not_asked(talk: Talk) -> None:
    source = trackingmore(courier_code="yunexpress", base_url="https://tm.example")
    requests, learned = talk(
        source, [ONE, TWO], answer([parcel(number=TWO.lower())]), answer({"tracking_number": ONE})
    )
    assert requests[1].url == "https://tm.example/v4/trackings/create"
    assert json.loads(requests[1].body or b"") == {"tracking_number": ONE, "courier_code": "yunexpress"}
    assert statuses(learned) == {TWO.lower(): "not_found", ONE: "not_found"}


def test_added_already_is_no_failure(talk: Talk) -> None:
    _, learned = talk(trackingmore(courier_code="x"), [ONE], answer([]), failure(4101))
    assert statuses(learned) == {ONE: "not_found"}


@pytest.mark.parametrize("nobody", [answer([]), answer([{}]), failure(4121)])
def test_a_number_without_a_courier_does_not_stop_the_others(talk: Talk, nobody: bytes | Payload) -> None:
    couriers, told = answer([{"code": "x"}]), answer(parcel(scan("transit001"), number=TWO))
    _, learned = talk(trackingmore(), [ONE, TWO], answer([]), nobody, couriers, told)
    assert statuses(learned) == {TWO: "in_transit"}
    with pytest.raises(Refused, match="courier_code can name it"):
        talk(trackingmore(), [ONE], answer([]), nobody)


@pytest.mark.parametrize(
    "refusal", [failure(4190), failure(4021, 200), RateLimited("later"), Unreachable("gone")]
)
def test_when_adding_fails_the_known_ones_still_count(talk: Talk, refusal: Payload | LookError) -> None:
    known = answer([parcel(scan("delivered001"), number=THREE)])
    # It would be the same for the second new number, so that is not tried.
    requests, learned = talk(trackingmore(courier_code="x"), [ONE, TWO, THREE], known, refusal)
    assert len(requests) == 2
    assert statuses(learned) == {THREE: "delivered"}


def test_when_nothing_was_answered_the_reason_is_raised(talk: Talk) -> None:
    with pytest.raises(QuotaExceeded, match="credits are used up"):
        talk(trackingmore(courier_code="x"), [ONE], answer([]), failure(4190))


def test_a_parcel_that_cannot_be_read_is_not_added_again(talk: Talk) -> None:
    broken = parcel(number=ONE, delivery_status=7)
    requests, learned = talk(trackingmore(), [ONE, TWO], answer([broken, parcel(number=TWO)]))
    assert len(requests) == 1
    assert statuses(learned) == {TWO: "not_found"}


def test_no_exchange_takes_more_calls_than_there_may_be() -> None:
    # The question; for each new number its courier, and its adding.
    assert 1 + 2 * trackingmore().batch_size <= MAX_CALLS


# Errors


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (401, Unauthorized),
        (402, QuotaExceeded),
        (403, Unauthorized),
        (429, RateLimited),
        (4001, Unauthorized),
        (4002, Unauthorized),
        (4110, Refused),
        (4120, Refused),
        (4121, Refused),
        (4122, Refused),
        (4190, QuotaExceeded),
        (4014, Refused),
        (4015, Refused),
        (4019, QuotaExceeded),
        (4021, QuotaExceeded),
        (4032, Refused),
        (400, Refused),
        (4103, Refused),
        (4199, Refused),
        (511, Unreachable),
        (0, Unreachable),
    ],
)
def test_an_error(code: int, kind: type[LookError]) -> None:
    for payload in (failure(code), failure(code, 200), Payload(json.dumps({"code": code}).encode())):
        with pytest.raises(kind, match=rf"^TrackingMore: .* \(code {code}\)$") as error:
            list(trackingmore().parse(payload))
        assert type(error.value) is kind
        assert error.value.retry_after == (timedelta(minutes=2) if kind is RateLimited else None)


def test_every_error_says_something_to_people() -> None:
    assert all(words and not words.endswith(".") for _, words in ERRORS.values())


@pytest.mark.parametrize("data", ["[]", "{}", "null", '{"items": []}', '{"items": null}'])
def test_nothing_is_known(data: str) -> None:
    body = f'{{"meta": {{"code": 200}}, "data": {data}}}'.encode()
    [tracking] = trackingmore().parse(Payload(body, numbers=(ONE,)))
    assert (tracking.number, tracking.status) == (ONE, Status.NOT_FOUND)
    assert list(trackingmore().parse(Payload(body))) == []


@pytest.mark.parametrize(
    "body",
    [answer("x"), answer(7), answer(["x"]), b"{}", b'{"data": []}', b'{"meta": {"code": "?"}}', b"<p>"],
)
def test_an_answer_of_another_shape(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(trackingmore().parse(Payload(body)))


def test_a_shape_that_broke_is_named() -> None:
    with pytest.raises(ParseError, match=r"data\[0\]\.origin_info\.trackinfo\[0\]\.city"):
        one(scan(city=7))


# What an answer means


@pytest.mark.parametrize(("code", "status"), CATEGORIES.items())
def test_what_a_code_means(code: str, status: Status) -> None:
    as_substatus = one(scan(code, checkpoint_delivery_status="?"))
    as_status = one(scan(checkpoint_delivery_status=code))
    assert as_substatus.events[0].status is as_status.events[0].status is status
    assert as_substatus.events[0].code == as_status.events[0].code == code


def test_all_sub_statuses_of_the_vendor_are_known() -> None:
    assert len([code for code in CATEGORIES if code[-1].isdecimal()]) == 30
    assert len([code for code in CATEGORIES if not code[-1].isdecimal()]) == 9


@pytest.mark.parametrize(
    ("substatus", "text", "status"),
    [
        # Words make exact what is filed roughly.
        ("transit001", "Held by import Customs", Status.CUSTOMS_HOLD),
        ("transit001", "Awaiting payment of import duties", Status.CUSTOMS_HOLD),
        ("transit001", "Item presented to import Customs", Status.IN_CUSTOMS),
        ("transit003", "Out for delivery", Status.OUT_FOR_DELIVERY),
        ("exception005", "Returned to sender", Status.RETURNING),
        ("exception006", "Released by customs", Status.IN_TRANSIT),
        ("exception010", "On its way back", Status.RETURNING),
        ("exception010", "The return was delivered to the sender", Status.RETURNED),
        ("exception011", "The return was delivered to the sender", Status.RETURNED),
        ("exception009", "The parcel is being returned to the sender", Status.RETURNING),
        # A sub-status that is new says nothing.
        ("exception099", "", Status.UNKNOWN),
        # Delivery is never believed from words.
        ("transit003", "Delivered", Status.IN_TRANSIT),
    ],
)
def test_what_a_scan_means(substatus: str, text: str, status: Status) -> None:
    assert one(scan(substatus, text, checkpoint_delivery_status="exception")).status is status


def test_your_codes_count() -> None:
    [tracking] = read(parcel(scan("exception005")), codes={"exception005": "available_for_pickup"})
    assert (tracking.status, tracking.events[0].decided_by) == (Status.AVAILABLE_FOR_PICKUP, "your codes")


@pytest.mark.parametrize(
    ("scans", "word", "status"),
    [
        ([], {"delivery_status": "pending"}, Status.NOT_FOUND),
        ([], {"status": "transit"}, Status.IN_TRANSIT),
        ([], {"delivery_status": "pickup", "substatus": "pickup002"}, Status.AVAILABLE_FOR_PICKUP),
        # A word for the whole parcel raises no hold, and does not beat the newest scan.
        ([], {"delivery_status": "exception", "substatus": "exception006"}, Status.IN_CUSTOMS),
        ([scan("pickup001")], {"delivery_status": "delivered"}, Status.OUT_FOR_DELIVERY),
        ([scan("transit001")], {"delivery_status": "expired"}, Status.EXPIRED),
        ([scan("inforeceived001")], {"substatus": "delivered001"}, Status.DELIVERED),
    ],
)
def test_a_word_for_the_whole_parcel(
    scans: list[dict[str, Any]], word: dict[str, str], status: Status
) -> None:
    assert one(*scans, **word).status is status


def test_both_legs_count() -> None:
    tracking = one(
        scan("transit007", checkpoint_date="2026-10-08T22:00:00+08:00"),
        destination_info={"trackinfo": [scan("delivered001", city="Getafe", country_iso2="ES")]},
    )
    assert [it.status for it in tracking.events] == [Status.IN_TRANSIT, Status.DELIVERED]
    assert tracking.delivery
    assert tracking.delivery.place == Place("Getafe", country="ES")


@pytest.mark.parametrize("leg", [None, [], {}, {"trackinfo": None}, {"trackinfo": [], "milestone_date": []}])
def test_a_leg_without_scans(leg: object) -> None:
    tracking = one(origin_info=leg, destination_info=leg, delivery_status="transit")
    assert (tracking.status, tracking.events, tracking.delivery) == (Status.IN_TRANSIT, (), None)


@pytest.mark.parametrize(
    ("told", "at", "zone_known"),
    [
        ("2026-10-14T08:05:00", "2026-10-14T08:05:00+00:00", False),
        ("2026-10-14 08:05", "2026-10-14T08:05:00+00:00", False),
        ("2026-10-14T08:05:00+02:00", "2026-10-14T08:05:00+02:00", True),
    ],
)
def test_a_time_keeps_what_was_told(told: str, at: str, zone_known: bool) -> None:
    [event] = one(scan("transit001", checkpoint_date=told)).events
    assert (event.at.isoformat(), event.zone_known) == (at, zone_known)


@pytest.mark.parametrize("told", [None, "", "14 Oct"])
def test_a_scan_without_a_time_counts_without_one(told: str | None) -> None:
    tracking = one(scan("exception006", checkpoint_date=told))
    assert (tracking.status, len(tracking.undated)) == (Status.CUSTOMS_HOLD, 1)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (
            {
                "city": "Getafe",
                "zip": "28901",
                "state": "Madrid",
                "country_iso2": "ES",
                "location": "GETAFE ES",
            },
            Place("Getafe", "28901", "Madrid", "ES"),
        ),
        ({"location": "PASADENA,MD,US"}, Place("PASADENA,MD,US")),
        ({"Details": "Singapore"}, Place("Singapore")),
        ({"country_iso2": "ES"}, Place(country="ES")),
        ({"location": ""}, None),
    ],
)
def test_a_place(told: dict[str, str], place: Place | None) -> None:
    assert one(scan("delivered001", **told)).events[0].place == place


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (
            {
                "destination_info": {"milestone_date": {"delivery_date": "2026-10-15T12:31:00+02:00"}},
                "latest_checkpoint_time": "2026-10-16T08:00:00",
            },
            "2026-10-15T12:31:00+02:00",
        ),
        ({"latest_checkpoint_time": "2026-10-15T12:31:00"}, "2026-10-15T12:31:00+00:00"),
        ({"lastest_checkpoint_time": "2026-10-15T12:31:00"}, "2026-10-15T12:31:00+00:00"),
        ({"lastUpdateTime": "2026-10-15 12:31"}, "2026-10-15T12:31:00+00:00"),
    ],
)
def test_a_delivery_that_no_scan_tells(told: dict[str, Any], at: str) -> None:
    delivery = one(delivery_status="delivered", **told).delivery
    assert delivery
    assert delivery.at
    assert delivery.at.isoformat() == at
    assert one(delivery_status="transit", **told).delivery is None


def test_the_last_scan_that_is_told_is_no_delivery() -> None:
    tracking = one(
        scan("inforeceived001"), delivery_status="delivered", latest_checkpoint_time="2026-10-14T08:05:00"
    )
    assert (tracking.status, tracking.delivery) == (Status.DELIVERED, None)


@pytest.mark.parametrize(
    ("told", "latest"),
    [
        ("2026-10-15", date(2026, 10, 15)),
        ("2026-10-15 18:00:00", date(2026, 10, 15)),
        ("", None),
        ("?", None),
    ],
)
def test_an_estimate(told: str, latest: date | None) -> None:
    edd = one(scheduled_delivery_date=told).edd
    assert (edd and edd.latest) == latest


def test_the_parcels_other_numbers() -> None:
    tracking = one(
        scan("transit001", f"Now {TWO}"),
        destination_track_number="RX-1",
        exchange_number=ONE.lower(),
        exchangeNumber="RX-2",
    )
    assert tracking.aliases == ("RX-1", "RX-2", TWO)


def test_of_two_couriers_the_parcel_that_moved_last_comes_first() -> None:
    old = parcel(scan("delivered001", checkpoint_date="2024-01-07"))
    assert [it.status for it in read(parcel(), old, parcel(scan("transit001")))] == [
        Status.IN_TRANSIT,
        Status.DELIVERED,
        Status.NOT_FOUND,
    ]


OLD_SCAN = {
    "Date": "2026-10-14 08:05:00",
    "StatusDescription": "Held by import Customs",
    "Details": "Madrid",
    "checkpoint_status": "transit",
    "substatus": "transit001",
}


@pytest.mark.parametrize(
    "body",
    [
        answer([parcel(OLD_SCAN)]),
        answer(parcel(OLD_SCAN)),
        answer({"page": 1, "total": "1", "items": [parcel(OLD_SCAN)]}),
        json.dumps({"code": 200, "message": "Success", "data": [parcel(OLD_SCAN)]}).encode(),
    ],
)
def test_every_version_tells_the_same(body: bytes) -> None:
    [tracking] = trackingmore().parse(Payload(body))
    [event] = tracking.events
    assert (tracking.number, tracking.status) == (ONE, Status.CUSTOMS_HOLD)
    assert (event.code, event.place, event.zone_known) == ("transit001", Place("Madrid"), False)


def test_numbers_may_be_written_as_such_and_missing() -> None:
    told = parcel(scan("delivered001", zip=28013), destination_track_number=17, scheduled_delivery_date=0)
    [tracking] = read({**told, "tracking_number": 606000880014})
    assert (tracking.number, tracking.aliases, tracking.edd) == ("606000880014", ("17",), None)
    assert tracking.delivery is not None
    assert tracking.delivery.place is not None
    assert tracking.delivery.place.postal_code == "28013"
    nameless = answer([{"delivery_status": "transit"}])
    assert [it.number for it in trackingmore().parse(Payload(nameless))] == [""]
    assert [it.number for it in trackingmore().parse(Payload(nameless, numbers=(ONE,)))] == [ONE]


def test_an_answer_without_meta_has_data_or_is_none() -> None:
    body = json.dumps({"data": [parcel(delivery_status="transit")]}).encode()
    assert [it.status for it in trackingmore().parse(Payload(body))] == ["in_transit"]
    with pytest.raises(ParseError, match=r"meta\.code"):
        list(trackingmore().parse(Payload(b"{}")))
