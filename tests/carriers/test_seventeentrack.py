"""17TRACK: its conversation, its codes, its errors."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from carriers.seventeentrack import ERRORS, STATUSES, SeventeenTrack
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

SOURCE = SeventeenTrack(api_key=SecretStr("sesame"))
ONE, TWO, THREE = "LP00411122233344", "LP00411122233351", "LP00411122233368"


def answer(*accepted: Mapping[str, Any], rejected: Mapping[str, int] | None = None) -> bytes:
    refused = [{"number": number, "error": {"code": code}} for number, code in (rejected or {}).items()]
    return json.dumps({"code": 0, "data": {"accepted": accepted, "rejected": refused}}).encode()


def failure(code: int) -> bytes:
    return json.dumps({"code": code, "data": {"errors": [{"code": code, "message": "…"}]}}).encode()


def parcel(number: str, *events: Mapping[str, Any], **info: Any) -> dict[str, Any]:
    return {"number": number, "track_info": {**info, "tracking": {"providers": [{"events": events}]}}}


def event(sub_status: str | None = None, **more: Any) -> dict[str, Any]:
    return {"time_iso": "2026-10-20T11:42:00+02:00", "sub_status": sub_status, **more}


def read(*accepted: Mapping[str, Any], source: SeventeenTrack = SOURCE) -> Sequence[Tracking]:
    return list(source.parse(Payload(answer(*accepted))))


def statuses(trackings: Sequence[Tracking]) -> dict[str, str]:
    return {tracking.number: tracking.status.value for tracking in trackings}


# The conversation


def test_known_numbers_take_one_call(talk: Talk) -> None:
    requests, learned = talk(
        SOURCE, [ONE, TWO], answer(parcel(ONE, event("Delivered_Other")), {"number": TWO})
    )
    [request] = requests
    assert request.url == "https://api.17track.net/track/v2.2/gettrackinfo"
    assert request.method == "POST"
    assert dict(request.headers) == {"17token": "sesame", "content-type": "application/json"}
    assert json.loads(request.body or b"") == [{"number": ONE}, {"number": TWO}]
    assert statuses(learned) == {ONE: "delivered", TWO: "not_found"}


def test_unknown_numbers_are_registered_and_asked_about_again(talk: Talk) -> None:
    requests, learned = talk(
        SOURCE,
        [ONE, TWO],
        answer(parcel(ONE, event("Delivered_Other")), rejected={TWO: -18019902}),
        answer({"number": TWO}),
        answer(rejected={TWO: -18019909}),
    )
    assert [request.url.rpartition("/")[2] for request in requests] == [
        "gettrackinfo",
        "register",
        "gettrackinfo",
    ]
    assert [json.loads(request.body or b"") for request in requests[1:]] == [
        [{"number": TWO}],
        [{"number": TWO}],
    ]
    assert statuses(learned) == {ONE: "delivered", TWO: "not_found"}


def test_the_carrier_is_named_when_registering(talk: Talk) -> None:
    source = SeventeenTrack(api_key=SecretStr("sesame"), carrier_key=3011)
    requests, _ = talk(
        source, [ONE], answer(rejected={ONE: -18019902}), answer({"number": ONE}), answer(parcel(ONE))
    )
    assert json.loads(requests[1].body or b"") == [{"number": ONE, "carrier": 3011}]


def test_registered_already_is_no_failure(talk: Talk) -> None:
    _, learned = talk(
        SOURCE,
        [ONE],
        answer(rejected={ONE: -18019902}),
        answer(rejected={ONE: -18019901}),
        answer(parcel(ONE, event("InTransit_Other"))),
    )
    assert statuses(learned) == {ONE: "in_transit"}


def test_still_not_registered_after_registering_ends_there(talk: Talk) -> None:
    _, learned = talk(
        SOURCE,
        [ONE],
        answer(rejected={ONE: -18019902}),
        answer({"number": ONE}),
        answer(rejected={ONE: -18019902}),
    )
    assert statuses(learned) == {ONE: "not_found"}


@pytest.mark.parametrize(
    "refusal", [failure(-18019908), answer(rejected={TWO: -18019908}), RateLimited("later")]
)
def test_when_registering_fails_the_answered_ones_still_count(
    talk: Talk, refusal: bytes | RateLimited
) -> None:
    first = answer(parcel(ONE, event("Delivered_Other")), rejected={TWO: -18019902})
    _, learned = talk(SOURCE, [ONE, TWO], first, refusal)
    assert statuses(learned) == {ONE: "delivered"}


@pytest.mark.parametrize("refusal", [failure(-18019908), answer(rejected={ONE: -18019908})])
def test_when_nothing_was_answered_the_reason_is_raised(talk: Talk, refusal: bytes) -> None:
    with pytest.raises(QuotaExceeded, match="quota is used up"):
        talk(SOURCE, [ONE], answer(rejected={ONE: -18019902}), refusal)


def test_a_number_that_no_carrier_takes_does_not_stop_the_others(talk: Talk) -> None:
    requests, learned = talk(
        SOURCE,
        [ONE, TWO],
        answer(rejected={ONE: -18019902, TWO: -18019902}),
        answer({"number": TWO}, rejected={ONE: -18019903}),
        answer(parcel(TWO, event("InTransit_Other"))),
    )
    assert json.loads(requests[2].body or b"") == [{"number": TWO}]
    assert statuses(learned) == {TWO: "in_transit"}


def test_neither_taken_nor_refused_is_not_found(talk: Talk) -> None:
    _, learned = talk(SOURCE, [ONE], answer())
    assert statuses(learned) == {ONE: "not_found"}


def test_a_number_that_is_left_out_is_left_out(talk: Talk) -> None:
    _, learned = talk(SOURCE, [ONE, TWO], answer(parcel(ONE)))
    assert statuses(learned) == {ONE: "not_found"}


# Errors inside HTTP 200


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-18010001, Unauthorized),
        (-18010002, Unauthorized),
        (-18010003, Unreachable),
        (-18010004, Unauthorized),
        (-18010005, Unauthorized),
        (-18010013, Refused),
        (-18010014, Refused),
        (-18019907, QuotaExceeded),
        (-18019908, QuotaExceeded),
        (429, RateLimited),
        (-18099999, Unreachable),
    ],
)
def test_an_error_in_the_envelope(code: int, kind: type[LookError]) -> None:
    for body in (failure(code), json.dumps({"code": code}).encode()):
        with pytest.raises(kind, match=f"code {code}"):
            list(SOURCE.parse(Payload(body)))


def test_every_error_says_something_to_people() -> None:
    assert all(words and not words.endswith(".") for _, words in ERRORS.values())


def test_one_parcel_that_cannot_be_read_costs_only_itself() -> None:
    broken = parcel(ONE, event("Delivered_Other", description={}))
    assert statuses(read(broken, parcel(TWO, event("Delivered_Other")))) == {TWO: "delivered"}
    with pytest.raises(ParseError, match="description"):
        read(broken)


@pytest.mark.parametrize(
    "odd",
    [
        {"latest_event": []},
        {"misc_info": []},
        {"misc_info": {"local_number": None}},
        {"time_metrics": []},
        {"time_metrics": {"estimated_delivery_date": ""}},
        {"time_metrics": {"estimated_delivery_date": {"from": "", "to": "soon"}}},
    ],
)
def test_what_matters_little_costs_nothing_if_it_is_odd(odd: dict[str, Any]) -> None:
    [tracking] = read(parcel(ONE, event("InTransit_Other"), **odd))
    assert (tracking.status, len(tracking.events), tracking.aliases) == ("in_transit", 1, ())
    assert tracking.edd is None


def test_numbers_that_are_written_as_such_are_texts() -> None:
    [tracking] = read(parcel(ONE, misc_info={"local_number": 17}) | {"number": 411122233344})
    assert (tracking.number, tracking.aliases) == ("411122233344", ("17",))


def test_an_envelope_without_a_code_is_no_error() -> None:
    learned = SOURCE.parse(Payload(b'{"data": {"accepted": []}}', numbers=(ONE,)))
    assert statuses(list(learned)) == {ONE: "not_found"}


def test_a_list_of_all_numbers_tells_the_status_alone() -> None:
    [tracking] = read({"number": ONE, "package_status": "Delivered"})
    assert (tracking.status, tracking.events) == ("delivered", ())


@pytest.mark.parametrize("time", [None, "", "20 October", "20/10/2026 11:42"])
def test_a_scan_without_a_time_is_kept(time: str | None) -> None:
    [tracking] = read(parcel(ONE, event("OutForDelivery_Other", time_iso=time), event("InTransit_Other")))
    assert (tracking.status, len(tracking.events)) == ("in_transit", 1)
    [undated] = tracking.undated
    assert (undated.status, undated.code) == ("out_for_delivery", "OutForDelivery_Other")


def test_where_no_scan_has_a_time_the_newest_told_decides() -> None:
    newest = event("Delivered_Other", time_iso=None, location="Lyon")
    older = event("OutForDelivery_Other", time_iso=None)
    [tracking] = read(parcel(ONE, newest, older, latest_event=newest))
    assert tracking.status == "delivered"
    assert [it.status for it in tracking.undated] == ["out_for_delivery", "delivered"]
    assert tracking.delivery is not None
    assert (tracking.delivery.at, tracking.delivery.place) == (None, Place("Lyon"))


def test_a_summary_without_a_time_is_the_only_scan_where_there_is_no_other() -> None:
    [tracking] = read(
        parcel(ONE, latest_event=event(None, time_iso=None), latest_status={"status": "InTransit"})
    )
    assert (tracking.status, len(tracking.undated)) == ("in_transit", 1)


def test_words_may_be_written_as_html() -> None:
    [tracking] = read(parcel(ONE, event("InTransit_Other", description="Colis retenu &agrave; la douane")))
    [scan] = tracking.events
    assert (scan.status, scan.description) == ("customs_hold", "Colis retenu à la douane")


def test_an_address_may_be_a_text() -> None:
    [tracking] = read(parcel(ONE, event("Delivered_Other", address="Lyon")))
    assert tracking.events[0].place == Place("Lyon")


def test_a_shape_that_broke_is_named() -> None:
    with pytest.raises(ParseError, match=r"data\.accepted\[0\]\.track_info\.latest_status\.status"):
        read(parcel(ONE, latest_status={"status": 7}))


# What an answer means


@pytest.mark.parametrize(("code", "status"), STATUSES.items())
def test_an_event_means_what_its_code_says(code: str, status: ShipmentStatus) -> None:
    [by_sub_status] = read(parcel(ONE, event(code)))
    [by_stage] = read(parcel(ONE, event(None, stage=code)))
    assert by_sub_status.status is by_stage.status is status
    assert by_sub_status.events[0].code == code


def test_all_sub_statuses_of_the_vendor_are_known() -> None:
    assert len([code for code in STATUSES if "_" in code]) == 29
    assert "InfoReceived" in STATUSES


def test_a_code_nobody_knows_is_unknown_and_kept() -> None:
    [tracking] = read(parcel(ONE, event("InTransit_Teleported", stage="Arrival")))
    assert tracking.status is ShipmentStatus.UNKNOWN
    assert tracking.events[0].code == "InTransit_Teleported"


def test_codes_of_the_user_beat_the_tables() -> None:
    codes = {
        "InTransit_Teleported": ShipmentStatus.EXCEPTION,
        "Exception_Security": ShipmentStatus.IN_CUSTOMS,
    }
    source = SeventeenTrack(api_key=SecretStr("sesame"), codes=codes)
    read_ = read(
        parcel(ONE, event("InTransit_Teleported")),
        parcel(TWO, latest_status={"sub_status": "Exception_Security"}),
        source=source,
    )
    assert statuses(read_) == {ONE: "exception", TWO: "in_customs"}


HOLD = {"status": "InTransit", "sub_status": "InTransit_CustomsRequiringInformation"}


@pytest.mark.parametrize(
    ("events", "info", "status"),
    [
        pytest.param(
            [event("OutForDelivery_Other")], {"latest_status": HOLD}, "out_for_delivery", id="event first"
        ),
        pytest.param(
            [event(HOLD["sub_status"])], {"latest_status": HOLD}, "customs_hold", id="event's own hold"
        ),
        pytest.param([event()], {"latest_status": HOLD}, "in_customs", id="a token raises no hold"),
        pytest.param([], {"latest_status": HOLD}, "in_customs", id="not even alone"),
        pytest.param(
            [event()],
            {"latest_status": HOLD, "latest_event": event(HOLD["sub_status"])},
            "customs_hold",
            id="latest_event is the newest event",
        ),
        pytest.param([event()], {"latest_status": {"status": "Delivered"}}, "delivered", id="token fills in"),
        pytest.param([event()], {"latest_status": {"status": "NotFound"}}, "unknown", id="a scan was found"),
        pytest.param([event()], {}, "unknown", id="nothing says what"),
        pytest.param([], {}, "not_found", id="nothing at all"),
        pytest.param(
            [event("InTransit_Other")], {"latest_status": {"status": "Expired"}}, "expired", id="expired"
        ),
        pytest.param(
            [event("Delivered_Other")], {"latest_status": {"status": "Expired"}}, "delivered", id="ended"
        ),
        pytest.param(
            [event("InTransit_Other")],
            {"latest_event": event("Delivered_Other", time_iso="2026-10-21T09:00:00+02:00")},
            "delivered",
            id="latest_event is newer than all",
        ),
        pytest.param(
            [event("OutForDelivery_Other"), event("Delivered_Other"), event("InTransit_Other")],
            {},
            "delivered",
            id="of one time, the furthest along",
        ),
    ],
)
def test_the_newest_event_decides(events: list[dict[str, Any]], info: dict[str, Any], status: str) -> None:
    [tracking] = read(parcel(ONE, *events, **info))
    assert tracking.status == status


def test_a_second_delivered_scan_does_not_make_it_later() -> None:
    early = event("Delivered_Other", address={"city": "Madrid", "country": "ES"})
    late = event("Delivered_Other", time_iso="2026-10-21T09:00:00+02:00", description="Signed")
    [tracking] = read(parcel(ONE, late, early))
    assert tracking.delivery
    assert tracking.delivery.at
    assert tracking.delivery.at.isoformat() == "2026-10-20T11:42:00+02:00"
    assert tracking.delivery.place
    assert tracking.delivery.place.city == "Madrid"


def test_what_came_back_was_not_delivered() -> None:
    back = event("Exception_Returned", time_iso="2026-10-25T09:00:00+02:00")
    [tracking] = read(parcel(ONE, back, event("Delivered_Other")))
    assert tracking.status is ShipmentStatus.RETURNED
    assert tracking.delivery is None


@pytest.mark.parametrize(
    ("estimate", "days"),
    [
        ({"from": "2026-10-18T23:30:00-05:00", "to": "2026-10-22"}, ("2026-10-18", "2026-10-22")),
        ({"from": None, "to": "2026-10-22T00:00:00Z"}, (None, "2026-10-22")),
        ({"source": None, "from": None, "to": ""}, None),
    ],
)
def test_an_estimate_is_in_days_as_they_are_told(
    estimate: dict[str, Any], days: tuple[str, str] | None
) -> None:
    [tracking] = read(parcel(ONE, time_metrics={"estimated_delivery_date": estimate}))
    edd = tracking.edd
    assert (edd and tuple(day and day.isoformat() for day in (edd.earliest, edd.latest))) == days


def test_who_estimates_is_kept() -> None:
    estimate = {"source": "17TRACK", "to": "2026-10-22"}
    [tracking] = read(parcel(ONE, time_metrics={"estimated_delivery_date": estimate}))
    assert tracking.edd
    assert tracking.edd.source == "17TRACK"


@pytest.mark.parametrize(("local", "aliases"), [("PQ1", ("PQ1",)), ("", ()), (None, ()), (ONE, ())])
def test_the_number_of_the_last_mile_is_an_alias(local: str | None, aliases: tuple[str, ...]) -> None:
    [tracking] = read(parcel(ONE, misc_info={"local_number": local}))
    assert tracking.aliases == aliases


def test_an_own_server_is_asked_under_its_address() -> None:
    source = SeventeenTrack(api_key=SecretStr("sesame"), base_url="http://127.0.0.1:8080/17/")
    assert source.request([ONE]).url == "http://127.0.0.1:8080/17/v2.2/gettrackinfo"
