"""Cainiao: its clocks, its codes and tokens, its wall."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from carriers.cainiao import Cainiao
from monitor.carrier import FetchError, ParseError, Payload, RateLimited, Tracking, Unreachable
from monitor.core.carrier_codes import CAINIAO
from monitor.errors import ConfigError
from monitor.plugins import load_source
from tests.carriers.conftest import Talk

SOURCE = Cainiao()
ONE, TWO = "LP00666000110011", "CNG00666000110028"

#: 2026-11-05 13:00:00 by China's clock, which is 05:00 UTC.
EPOCH = 1793854800000


def answer(*parcels: Mapping[str, Any]) -> bytes:
    return json.dumps({"success": True, "module": parcels}).encode()


def scan(code: str | None = None, **more: Any) -> dict[str, Any]:
    return {"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT+8", "actionCode": code, **more}


def parcel(*scans: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"mailNo": ONE, "detailList": scans, **more}


def read(
    *parcels: Mapping[str, Any], numbers: Sequence[str] = (), source: Cainiao = SOURCE
) -> list[Tracking]:
    return list(source.parse(Payload(answer(*parcels), numbers=tuple(numbers))))


def one(*scans: Mapping[str, Any], **more: Any) -> Tracking:
    [tracking] = read(parcel(*scans, **more))
    return tracking


# The request


def test_ten_numbers_take_one_call(talk: Talk) -> None:
    requests, learned = talk(SOURCE, [ONE, TWO], answer(parcel(scan("LH_DEPART")), {"mailNo": TWO}))
    [request] = requests
    assert request.url == (
        f"https://global.cainiao.com/global/detail.json?mailNos={ONE},{TWO}&lang=en-US&language=en-US"
    )
    assert (request.method, request.headers, request.body) == ("GET", (), None)
    assert {it.number: it.status for it in learned} == {ONE: "in_transit", TWO: "not_found"}
    assert SOURCE.batch_size == 10


@pytest.mark.parametrize("minutes", [-1, 0, 60, 359])
def test_asking_more_often_than_every_six_hours_is_a_mistake_that_says_why(minutes: int) -> None:
    with pytest.raises(ConfigError) as error:
        load_source("cainiao", {"min_interval_minutes": minutes})
    [problem] = error.value.problems
    assert problem.key == "carriers.cainiao.min_interval_minutes"
    assert "must be 360 (6 hours) or more" in problem.message
    assert "AliExpress" in problem.message


@pytest.mark.parametrize("table", [{}, {"min_interval_minutes": 360}, {"min_interval_minutes": 1440}])
def test_it_looks_every_six_hours_at_the_most(table: dict[str, object]) -> None:
    assert load_source("cainiao", table).min_interval >= timedelta(hours=6)


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        ("LP00666000110011", True),
        ("AP00666000110011", True),
        ("CNG00666000110011", True),
        ("RLJ06660001", True),
        ("RB123456785CN", True),
        ("YT2666000110000001", True),
        ("1Z999AA10123456784", False),
        ("something", False),
    ],
)
def test_it_takes_what_aliexpress_sends_with(number: str, takes: bool) -> None:
    assert SOURCE.accepts_number(number) is takes


# When it was


@pytest.mark.parametrize(
    ("told", "at", "zone_known"),
    [
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT+8"}, "2026-11-05T13:00:00+08:00", True),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT+08:00"}, "2026-11-05T13:00:00+08:00", True),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT-3"}, "2026-11-05T13:00:00-03:00", True),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT+05:30"}, "2026-11-05T13:00:00+05:30", True),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "gmt -9:30"}, "2026-11-05T13:00:00-09:30", True),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "UTC+14"}, "2026-11-05T13:00:00+14:00", True),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "+0800"}, "2026-11-05T13:00:00+08:00", True),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT"}, "2026-11-05T13:00:00+00:00", True),
        # No zone, or none that there is: the clock alone.
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT+15"}, "2026-11-05T13:00:00", False),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "GMT+8:75"}, "2026-11-05T13:00:00", False),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": "here"}, "2026-11-05T13:00:00", False),
        ({"timeStr": "2026-11-05 13:00:00", "timeZone": ""}, "2026-11-05T13:00:00", False),
        ({"timeStr": "2026-11-05 13:00:00"}, "2026-11-05T13:00:00", False),
        ({"timeStr": "2026-11-05", "timeZone": "GMT+8"}, "2026-11-05T00:00:00", False),
        # The epoch is the local clock read as China's, so it is turned back into that clock.
        ({"time": EPOCH}, "2026-11-05T13:00:00", False),
        ({"time": EPOCH, "timeZone": "GMT+1"}, "2026-11-05T13:00:00+01:00", True),
        ({"time": str(EPOCH), "timeZone": "GMT+8"}, "2026-11-05T13:00:00+08:00", True),
        ({"time": EPOCH, "timeStr": "soon", "timeZone": "GMT+1"}, "2026-11-05T13:00:00+01:00", True),
        # Where both are told and disagree, the text is right.
        (
            {"time": EPOCH, "timeStr": "2026-11-05 13:00:00", "timeZone": "GMT+2"},
            "2026-11-05T13:00:00+02:00",
            True,
        ),
    ],
)
def test_the_text_with_its_zone_is_the_time_and_the_epoch_is_not(
    told: dict[str, Any], at: str, zone_known: bool
) -> None:
    [event] = one({"actionCode": "LH_ARRIVE", **told}).events
    shown = event.at if event.zone_known else event.at.replace(tzinfo=None)
    assert (shown.isoformat(), event.zone_known) == (at, zone_known)


@pytest.mark.parametrize(
    "told",
    [{}, {"timeStr": "soon"}, {"time": -7}, {"time": 1e300}, {"time": "nan"}, {"time": 0}, {"time": "x"}],
)
def test_a_scan_without_a_time_is_kept(told: dict[str, Any]) -> None:
    tracking = one({"actionCode": "LH_ARRIVE", **told})
    assert (tracking.status, tracking.events, len(tracking.undated)) == ("in_transit", (), 1)


def test_scans_are_ordered_by_their_instants_not_by_the_epoch() -> None:
    landed = scan("LH_ARRIVE", timeStr="2026-11-05 13:00:00", timeZone="GMT+3", time=EPOCH)
    left = scan("LH_DEPART", timeStr="2026-11-05 14:00:00", timeZone="GMT+8", time=EPOCH + 3_600_000)
    assert [event.code for event in one(left, landed).events] == ["LH_DEPART", "LH_ARRIVE"]


# What it means


@pytest.mark.parametrize(("code", "status"), CAINIAO.items())
def test_an_action_code_decides_alone(code: str, status: str) -> None:
    [event] = one(scan(code, desc="Held by customs", group={"nodeCode": "AE_GROUP_DELIVERED"})).events
    assert (event.status, event.code, event.decided_by) == (status, code, None)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("GWMS_ACCEPT", "info_received"),
        ("PU_PICKUP_SUCCESS", "in_transit"),
        ("SC_INBOUND_SUCCESS", "in_transit"),
        ("CC_EX_START", "in_customs"),
        ("CC_IM_START", "in_customs"),
        ("CC_IM_SUCCESS", "in_transit"),
        ("CC_HO_OUT_SUCCESS", "in_transit"),
        ("CC_IM_FAILURE", "customs_hold"),
        ("CUS_TAX", "customs_hold"),
        ("LH_HO_IN_FAILURE", "exception"),
        ("GTMS_DO_DEPART", "out_for_delivery"),
        ("GTMS_STA_SIGNED", "available_for_pickup"),
        ("GTMS_STA_SIGN_FAILURE", "delivery_failed"),
        ("GTMS_SIGNED", "delivered"),
        ("RT_TRANSWH_OUTBOUND", "returning"),
        ("RT_SIGNIN_SUCCESS", "returned"),
        ("RT_DESTROY", "exception"),
        ("WARP_DRIVE_ENGAGED", "unknown"),
    ],
)
def test_what_the_buyer_has_to_know_of_codes(code: str, status: str) -> None:
    assert one(scan(code)).status == status


@pytest.mark.parametrize(
    ("group", "words", "status"),
    [
        ("AE_GROUP_SC_PROCESSING", "Processing at sorting center", "in_transit"),
        ("AE_GROUP_LH_PROCESSING", "Carrier update", "in_transit"),
        ("AE_GROUP_LH_ARRIVE", "Carrier update", "in_transit"),
        ("AE_GROUP_EX_CLEARING_CUSTOMS", "Carrier update", "in_customs"),
        ("AE_GROUP_IM_CLEARING_CUSTOMS", "Carrier update", "in_customs"),
        ("AE_GROUP_IM_CLEARING_CUSTOMS", "Held by customs", "customs_hold"),
        ("AE_GROUP_DES_PROCESSING", "Carrier update", "in_transit"),
        ("AE_GROUP_DELIVERING", "Out for delivery", "out_for_delivery"),
        ("AE_GROUP_DELIVERING", "Delivery attempt failed", "delivery_failed"),
        ("AE_GROUP_DELIVERED", "Package delivered", "delivered"),
        ("AE_GROUP_SIGNED", "Signed", "unknown"),
        ("AE_GROUP_NEW", "Carrier update", "unknown"),
        (None, "Package delivered", "unknown"),
    ],
)
def test_a_code_nobody_mapped_is_read_by_its_group_and_its_words(
    group: str | None, words: str, status: str
) -> None:
    assert one(scan("NEW_CODE", standerdDesc=words, group={"nodeCode": group})).status == status


@pytest.mark.parametrize(
    ("name", "status"),
    [("Delivered", "delivered"), ("Delivering", "in_transit"), ("Something else", "unknown")],
)
def test_a_group_nobody_mapped_is_read_by_its_name(name: str, status: str) -> None:
    group = {"nodeCode": "AE_GROUP_NEW", "nodeDesc": name}
    assert one(scan(None, standerdDesc="Carrier update", group=group)).status == status


def test_the_users_codes_beat_all() -> None:
    source = load_source("cainiao", {"codes": {"GTMS_SIGNED": "available_for_pickup"}})
    [tracking] = source.parse(Payload(answer(parcel(scan("GTMS_SIGNED")))))
    assert tracking.status == "available_for_pickup"


@pytest.mark.parametrize(
    ("token", "newest", "status"),
    [
        ("CLEAR_CUSTOMS", "CC_HO_OUT_SUCCESS", "in_transit"),
        ("CLEAR_CUSTOMS", "CC_IM_FAILURE", "customs_hold"),
        ("DELIVERING", "LH_ARRIVE", "in_transit"),
        ("DELIVERED", "GTMS_STA_SIGNED", "available_for_pickup"),
        ("DELIVERED", "RT_INBOUND", "returning"),
        ("TRANSITING", "NEW_CODE", "in_transit"),
        ("DELIVERED", "NEW_CODE", "delivered"),
        ("delivered", "NEW_CODE", "delivered"),
        ("NEW_TOKEN", "GTMS_SIGNED", "delivered"),
        ("NEW_TOKEN", "NEW_CODE", "unknown"),
        ("SELLER_PREPARING", None, "info_received"),
        ("WAIT_ACCEPT", None, "info_received"),
        ("ACCEPTED", None, "in_transit"),
        ("TRANSITING", None, "in_transit"),
        ("CLEAR_CUSTOMS", None, "in_customs"),
        ("DELIVERING", None, "in_transit"),
        ("DELIVERED", None, "delivered"),
        ("FAILED", None, "delivery_failed"),
        ("RETURN", None, "returning"),
        ("NEW_TOKEN", None, "unknown"),
        (None, None, "not_found"),
    ],
)
def test_the_token_counts_only_where_scans_say_nothing(
    token: str | None, newest: str | None, status: str
) -> None:
    assert one(*([scan(newest)] if newest else []), status=token).status == status


def test_a_delivery_has_its_time_and_no_place() -> None:
    tracking = one(scan("GTMS_SIGNED", timeZone="GMT+1"), destCountry="Belgium")
    assert tracking.delivery is not None
    assert tracking.delivery.at is not None
    assert tracking.delivery.at.isoformat() == "2026-11-05T13:00:00+01:00"
    assert tracking.delivery.place is None


def test_a_delivery_of_which_only_the_token_tells_was_at_the_newest_scan() -> None:
    tracking = one(scan("NEW_CODE", timeZone="GMT+1"), scan("LH_DEPART"), status="DELIVERED")
    assert tracking.delivery is not None
    assert tracking.delivery.at is not None
    assert tracking.delivery.at.isoformat() == "2026-11-05T13:00:00+01:00"
    assert tracking.events[-1].status == "unknown"


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ({"mailType": "Economy"}, True),
        ({"mailType": "ECONOMY"}, True),
        ({"mailTypeDesc": "Economy shipping: not tracked after the border"}, True),
        ({"mailType": "Standard", "mailTypeDesc": "Tracked to the door"}, False),
        ({}, False),
    ],
)
def test_economy_mail_is_not_scanned_at_the_door(said: dict[str, str], ends: bool) -> None:
    assert one(scan("LH_ARRIVE"), **said).ends_at_border is ends


@pytest.mark.parametrize(
    ("told", "aliases"),
    [
        ({"copyRealMailNo": TWO}, (TWO,)),
        ({"realMailNo": f"Latest Tracking Number:\t{TWO}"}, (TWO,)),
        ({"copyRealMailNo": TWO, "realMailNo": f"x\t{TWO}", "copyVirtualMailNo": ONE}, (TWO,)),
        ({"virtualMailNo": f"package tracking number:\t{TWO}"}, (TWO,)),
        ({"realMailNo": "PostNL 3SABCD0666017"}, ("3SABCD0666017",)),
        ({"copyRealMailNo": "LP****0011"}, ()),
        ({"copyRealMailNo": "pending", "realMailNo": "  "}, ()),
        ({"copyRealMailNo": "17"}, ()),
        ({}, ()),
    ],
)
def test_the_other_numbers_of_a_parcel(told: dict[str, str], aliases: tuple[str, ...]) -> None:
    assert one(**told).aliases == aliases


def test_a_number_that_a_scan_names_is_the_last_carriers() -> None:
    tracking = one({"desc": "Given to the post of the Maldives as UG123456785MV"})
    assert tracking.aliases == ("UG123456785MV",)


@pytest.mark.parametrize(
    ("eta", "earliest", "latest"),
    [
        ({"deliveryMinTime": EPOCH, "deliveryMaxTime": EPOCH + 864e5}, "2026-11-05", "2026-11-06"),
        ({"deliveryMinTime": EPOCH, "deliveryMaxTime": EPOCH}, None, "2026-11-05"),
        ({"deliveryMaxTime": EPOCH}, None, "2026-11-05"),
        ({"deliveryMinTime": EPOCH}, "2026-11-05", None),
    ],
)
def test_an_estimate_is_days_or_one_day(
    eta: dict[str, float], earliest: str | None, latest: str | None
) -> None:
    edd = one(globalEtaInfo=eta).edd
    assert edd is not None
    assert (edd.earliest and str(edd.earliest), edd.latest and str(edd.latest)) == (earliest, latest)


@pytest.mark.parametrize("eta", [None, {}, {"deliveryMaxTime": 0}, {"deliveryMaxTime": 9e99}])
def test_no_estimate_is_none(eta: dict[str, float] | None) -> None:
    assert one(globalEtaInfo=eta).edd is None


# Whose it is


@pytest.mark.parametrize(("numbers", "number"), [([ONE], ONE), ([ONE, TWO], ""), ([], "")])
def test_a_parcel_without_its_number_is_the_one_that_was_asked_about(numbers: list[str], number: str) -> None:
    [tracking] = read({"detailList": [scan("LH_DEPART")]}, numbers=numbers)
    assert (tracking.number, tracking.status) == (number, "in_transit")


def test_an_unreadable_parcel_does_not_cost_the_others() -> None:
    assert [it.number for it in read({"mailNo": []}, parcel(scan("LH_DEPART")))] == [ONE]
    with pytest.raises(ParseError, match=r"module\[0\]\.mailNo"):
        read({"mailNo": []})


@pytest.mark.parametrize(
    "odd",
    [
        {"mailType": 3, "mailTypeDesc": {"en": "Economy"}},
        {"realMailNo": [], "copyRealMailNo": {}, "virtualMailNo": 17, "copyVirtualMailNo": False},
        {"globalEtaInfo": ""},
        {"globalEtaInfo": []},
        {"latestTrace": ""},
        {"detailList": [None, scan("LH_DEPART")]},
        {"detailList": [scan("LH_DEPART", group="")]},
        {"detailList": [scan("LH_DEPART", group=[])]},
    ],
)
def test_what_matters_little_costs_nothing_if_it_is_odd(odd: dict[str, Any]) -> None:
    tracking = one(**{"detailList": [scan("LH_DEPART")], **odd})
    assert (tracking.status, len(tracking.events), tracking.aliases) == ("in_transit", 1, ())


def test_words_may_be_written_as_html() -> None:
    assert one(scan("LH_DEPART", desc="Exp&eacute;di&eacute;")).events[0].description == "Expédié"


def test_a_number_that_is_written_as_one_is_one() -> None:
    assert one(scan("LH_DEPART"), mailNo=66600011001).number == "66600011001"


def test_an_empty_list_knows_nothing() -> None:
    assert [(it.number, it.status) for it in read(numbers=[ONE])] == [(ONE, "not_found")]


# The wall


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"ret":["FAIL_SYS_USER_VALIDATE","RGV587_ERROR::SM::busy"]}', RateLimited),
        (200, b'{"ret":["FAIL_SYS_TRAFFIC_LIMIT"],"success":false}', RateLimited),
        (200, b'{"rgv587_flag":"sm","url":"https://wall.example/punish?x=1"}', RateLimited),
        (200, b"<html><title>Captcha</title></html>", RateLimited),
        (200, b"<html>Down for maintenance</html>", Unreachable),
        (200, b"", Unreachable),
        (200, b'{"success":true,"module":[{"mailNo":', Unreachable),
        (200, b'{"success":false,"errorCode":"SYSTEM_BUSY"}', Unreachable),
        (200, b'{"success":false,"module":[]}', Unreachable),
        (200, b'{"success":true}', Unreachable),
        (200, b'{"success":true,"module":{}}', Unreachable),
        (200, b"[]", Unreachable),
        (403, b"<html>Forbidden</html>", RateLimited),
        (405, b"", RateLimited),
        (418, b"", RateLimited),
        (429, b"{}", RateLimited),
    ],
)
def test_a_refusal_is_temporary_and_says_nothing_of_parcels(
    status: int, body: bytes, kind: type[FetchError]
) -> None:
    assert status == 200 or status in SOURCE.reads_statuses
    with pytest.raises(kind) as error:
        SOURCE.parse(Payload(body, status, (ONE,)))
    assert error.value.retry_after == timedelta(hours=6)


def test_a_refusal_tells_its_code() -> None:
    with pytest.raises(Unreachable, match="it refused: SYSTEM_BUSY"):
        SOURCE.parse(Payload(b'{"success":false,"errorCode":"SYSTEM_BUSY"}'))
