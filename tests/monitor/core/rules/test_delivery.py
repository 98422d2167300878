"""Rulebook: at the door, and the days in which the goods must be checked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.core.model import Delivery, Place
from monitor.core.situation import Facts
from monitor.core.timeline import current, timeline
from tests.monitor.core.facts import (
    NUMBER,
    a_parcel,
    a_policy,
    an_order,
    at,
    facts,
    only,
    recorded,
    shown,
)
from tests.monitor.core.rules.rows import PROTECTION_ACT_BY, PROTECTION_END, REST, Row, check, said

HOME = Place(city="Madrid", postal_code="28013", country="ES")
ELSEWHERE = Place(city="Getafe", postal_code="28901", country="ES")

HERE = a_parcel("delivered", "2026-05-20 18:40")
SAFE_UNTIL = "2026-06-04 18:40"
SAFE_ACT_BY = "2026-06-04 06:40"

AT_THE_DOOR = [
    Row(
        "the latest try counts",
        facts(an_order(), a_parcel("delivery_failed", "2026-05-18 11:00", newest="2026-05-19 12:30")),
        "delivery_failed",
        at="2026-05-19 12:30",
        severity="warning",
        why="the carrier said so 19 May 2026",
        until=REST,
        subject=NUMBER,
    ),
    Row(
        "a source without scans",
        facts(an_order(), a_parcel("delivery_failed", status_since="2026-05-18 11:00")),
        "delivery_failed",
        at="2026-05-18 11:00",
        severity="warning",
        why="the carrier said so 18 May 2026",
        until=REST,
        subject=NUMBER,
    ),
    Row(
        "on the van",
        facts(an_order(), a_parcel("out_for_delivery", "2026-05-18 08:05")),
        "film_unboxing",
        at="2026-05-18 08:05",
        severity="notice",
        why="out for delivery 18 May 2026",
        until=REST,
        subject=NUMBER,
    ),
    Row(
        "at the pickup point",
        facts(an_order(), a_parcel("available_for_pickup", "2026-05-18 13:00")),
        "film_unboxing",
        at="2026-05-18 13:00",
        severity="notice",
        why="ready for pickup 18 May 2026",
        until=REST,
        subject=NUMBER,
    ),
]


def pickup(case: str, given: Facts, stage: str, on: str, why: str, limit: str | None = None) -> Row:
    return Row(
        case,
        given,
        "pickup_waiting",
        at=on,
        severity={"ready": "notice", "again": "warning"}[stage],
        why=why,
        stage=stage,
        until=REST,
        deadline=limit,
        act_by=None if limit is None else "2026-05-27 08:00",
        subject=NUMBER,
    )


WAITING = facts(an_order(), a_parcel("available_for_pickup", "2026-05-18 13:00"))
KEPT = facts(
    an_order(), a_parcel("available_for_pickup", "2026-05-18 13:00", pickup_until="2026-05-27 20:00")
)

PICKUP = [
    pickup("first", WAITING, "ready", "2026-05-18 13:00", "ready for pickup 18 May 2026"),
    pickup(
        "again after three days",
        WAITING,
        "again",
        "2026-05-21 09:00",
        "ready for pickup 18 May 2026 + 3 days (aliexpress policy: project)",
    ),
    pickup("first", KEPT, "ready", "2026-05-18 13:00", "ready for pickup 18 May 2026", "2026-05-27 20:00"),
    pickup(
        "again the day before the carrier's limit",
        KEPT,
        "again",
        "2026-05-26 09:00",
        "the carrier keeps it until 27 May 2026, 1 day before",
        "2026-05-27 20:00",
    ),
]

ELSEWHERE_ROWS = [
    Row(
        f"{scanned}",
        facts(
            an_order(deliver_to=HOME),
            replace(HERE, delivery=a_parcel(delivered=when, place=scanned).delivery),
        ),
        "delivered_elsewhere",
        at=when,
        severity="urgent",
        why=f"delivered {int(when[8:10])} May 2026",
        until=until,
        deadline=deadline,
        act_by=act_by,
        subject=NUMBER,
    )
    for scanned, when, until, deadline, act_by in (
        (ELSEWHERE, "2026-05-20 18:40", REST, SAFE_UNTIL, SAFE_ACT_BY),
        (Place(country="PT"), "2026-05-20 18:40", REST, SAFE_UNTIL, SAFE_ACT_BY),
        (Place(city="Madrid", postal_code="28901"), "2026-05-20 18:40", REST, SAFE_UNTIL, SAFE_ACT_BY),
        (Place(city="Getafe"), "2026-05-06 12:00", REST, "2026-05-21 12:00", "2026-05-21 00:00"),
    )
]


def unconfirmed(stage: str, on: str, why: str) -> Row:
    return Row(
        "the buyer has not said so",
        facts(an_order(), HERE),
        "delivered_unconfirmed",
        at=on,
        severity="notice",
        why=why,
        stage=stage,
        until=REST,
        deadline=SAFE_UNTIL,
        act_by=SAFE_ACT_BY,
    )


UNCONFIRMED = [
    unconfirmed("delivered", "2026-05-20 18:40", "delivered 20 May 2026"),
    unconfirmed("again", "2026-05-22 09:00", "delivered 20 May 2026 + 2 days (aliexpress policy: project)"),
    Row(
        "the carrier did, the marketplace does not know",
        facts(an_order(status="shipped"), HERE),
        "status_lag",
        at="2026-05-23 09:00",
        severity="notice",
        why="delivered 20 May 2026 + 3 days (aliexpress policy: project)",
        until=REST,
        deadline=SAFE_UNTIL,
        act_by=SAFE_ACT_BY,
    ),
]


def ending(stage: str, on: str, severity: str, lead: str) -> Row:
    return Row(
        "15 days after delivery, at the same time of day",
        facts(an_order(), HERE),
        "post_delivery_ending",
        at=on,
        severity=severity,
        why=f"delivered 20 May 2026 + 15 days (aliexpress policy: guide), {lead} before",
        stage=stage,
        until=SAFE_UNTIL,
        deadline=SAFE_UNTIL,
        act_by=SAFE_ACT_BY,
    )


POST_DELIVERY = [
    ending("7d", "2026-05-28 09:00", "notice", "7 days"),
    ending("3d", "2026-06-01 09:00", "warning", "3 days"),
    ending("1d", "2026-06-03 09:00", "urgent", "1 day"),
    Row(
        "the buyer's own word, where no carrier said so",
        facts(an_order(), case=recorded("2026-05-20 18:40 received")),
        "post_delivery_ending",
        at="2026-06-03 09:00",
        severity="urgent",
        why="delivered 20 May 2026 + 15 days (aliexpress policy: guide), 1 day before",
        stage="1d",
        until=SAFE_UNTIL,
        deadline=SAFE_UNTIL,
        act_by=SAFE_ACT_BY,
    ),
    Row(
        "a source without the time of delivery: since it was seen",
        facts(an_order(), a_parcel("delivered", status_since="2026-05-20 18:40")),
        "post_delivery_ending",
        at="2026-06-03 09:00",
        severity="urgent",
        why="delivered 20 May 2026 + 15 days (aliexpress policy: guide), 1 day before",
        stage="1d",
        until=SAFE_UNTIL,
        deadline=SAFE_UNTIL,
        act_by=SAFE_ACT_BY,
    ),
    Row(
        "later than the protection: possible, not safe",
        facts(an_order(), a_parcel("delivered", "2026-06-25 10:00")),
        "post_delivery_ending",
        at="2026-07-09 09:00",
        severity="urgent",
        why="delivered 25 Jun 2026 + 15 days (aliexpress policy: guide), 1 day before",
        stage="1d",
        until="2026-07-10 10:00",
        deadline="2026-07-10 10:00",
        act_by="2026-07-09 22:00",
    ),
]


@pytest.mark.parametrize(
    "row", [*AT_THE_DOOR, *PICKUP, *ELSEWHERE_ROWS, *UNCONFIRMED, *POST_DELIVERY], ids=str
)
def test_says(row: Row) -> None:
    check(row)


TWO = (replace(HERE, number="LP1"), a_parcel("in_transit", "2026-05-19 10:00", number="LP2"))
RECEIVED = recorded("2026-05-19 12:00 received")

NEVER = [
    ("delivery_failed", "nobody knows since when", facts(an_order(), a_parcel("delivery_failed"))),
    ("delivery_failed", "the next try worked", facts(an_order(), HERE)),
    ("pickup_waiting", "nobody knows since when", facts(an_order(), a_parcel("available_for_pickup"))),
    ("pickup_waiting", "it was fetched", facts(an_order(), HERE)),
    ("film_unboxing", "it is far away", facts(an_order(), a_parcel("in_transit", "2026-05-18 10:00"))),
    ("film_unboxing", "nobody knows since when", facts(an_order(), a_parcel("out_for_delivery"))),
    *(
        ("delivered_elsewhere", because, facts(an_order(deliver_to=wanted), parcel, case=case))
        for because, wanted, parcel, case in (
            ("it is the same place", HOME, replace(HERE, delivery=a_parcel(place=HOME).delivery), None),
            ("the scan names no place", HOME, HERE, None),
            ("no address is known", None, replace(HERE, delivery=a_parcel(place=ELSEWHERE).delivery), None),
            (
                "it is not delivered",
                HOME,
                a_parcel("in_transit", "2026-05-18 10:00", place=ELSEWHERE),
                None,
            ),
            (
                "the buyer has it",
                HOME,
                replace(HERE, delivery=a_parcel(place=ELSEWHERE).delivery),
                RECEIVED,
            ),
        )
    ),
    *(
        (rule, because, given)
        for rule in ("delivered_unconfirmed", "status_lag")
        for because, given in (
            ("nothing was delivered", facts(an_order(), a_parcel("in_transit", "2026-05-18 10:00"))),
            ("one of two parcels is missing", facts(an_order(), *TWO)),
            ("the buyer said so", facts(an_order(), HERE, case=RECEIVED)),
            ("there is no parcel", facts(an_order())),
        )
    ),
    *(
        ("status_lag", f"the marketplace says {status}", facts(an_order(status=status), HERE))
        for status in ("delivered", "finished")
    ),
    ("post_delivery_ending", "nothing was delivered", facts(an_order())),
    ("post_delivery_ending", "one of two parcels is missing", facts(an_order(), *TWO)),
    (
        "post_delivery_ending",
        "all is fine",
        facts(an_order(), HERE, case=recorded("2026-05-21 12:00 all-fine")),
    ),
    (
        "post_delivery_ending",
        "all is fine, but the money",
        facts(an_order(), HERE, case=recorded("2026-05-21 12:00 charged-twice", "2026-05-21 12:00 all-fine")),
    ),
    (
        "post_delivery_ending",
        "a dispute is open",
        facts(an_order(), HERE, case=recorded("2026-05-21 12:00 dispute-opened")),
    ),
]


@pytest.mark.parametrize(
    ("rule", "because", "given"), NEVER, ids=[f"{rule}: {why}" for rule, why, _ in NEVER]
)
def test_says_nothing(rule: str, because: str, given: Facts) -> None:
    assert said(given, rule) == []


def test_an_order_is_delivered_with_its_last_parcel() -> None:
    last = a_parcel("delivered", "2026-05-23 09:10", number="LP2")
    assert said(facts(an_order(), replace(HERE, number="LP1"), last), "delivered_unconfirmed") == [
        "2026-05-23 09:10 notice delivered",
        "2026-05-25 09:00 notice again",
    ]


def test_the_carriers_date_starts_the_15_days_even_if_the_buyer_has_nothing() -> None:
    parcel = replace(HERE, delivery=a_parcel(place=ELSEWHERE).delivery)
    given = facts(an_order(deliver_to=HOME), parcel)
    assert [shown(m.deadline) for m in only(timeline(given), "post_delivery_ending")] == [SAFE_UNTIL] * 3


def test_the_carriers_date_counts_where_the_buyer_said_so_later() -> None:
    given = facts(an_order(), HERE, case=recorded("2026-05-25 12:00 received"))
    assert [shown(m.deadline) for m in only(timeline(given), "post_delivery_ending")] == [SAFE_UNTIL] * 3


def test_delivered_at_an_unknown_zones_wall_clock_is_the_users_clock() -> None:
    told = Delivery(datetime(2026, 5, 20, 18, 40, tzinfo=UTC), zone_known=False)
    given = facts(an_order(), replace(HERE, delivery=told))
    assert [shown(m.deadline) for m in only(timeline(given), "post_delivery_ending")] == [SAFE_UNTIL] * 3


def test_a_limit_that_is_over_before_it_is_told_warns_at_once() -> None:
    given = facts(
        an_order(), a_parcel("available_for_pickup", "2026-05-18 13:00", pickup_until="2026-05-18 20:00")
    )
    assert said(given, "pickup_waiting") == [
        "2026-05-18 13:00 warning again",
        "2026-05-18 13:00 notice ready",
    ]
    (now,) = (
        m for m in current(timeline(given), at("2026-05-18 13:00")).values() if m.rule == "pickup_waiting"
    )
    assert now.stage == "again"


def test_each_try_at_the_door_is_its_own_failure() -> None:
    first, second = (
        only(timeline(facts(an_order(), a_parcel("delivery_failed", when))), "delivery_failed")[0]
        for when in ("2026-05-18 11:00", "2026-05-19 11:00")
    )
    assert first.key != second.key


def test_a_parcel_is_filmed_once_on_the_van_and_at_the_pickup_point() -> None:
    van, point = (
        only(timeline(facts(an_order(), a_parcel(status, when))), "film_unboxing")[0]
        for status, when in (
            ("out_for_delivery", "2026-05-18 08:00"),
            ("available_for_pickup", "2026-05-18 19:00"),
        )
    )
    assert van.key == point.key


def test_own_numbers_own_stages() -> None:
    policy = a_policy(post_delivery_lead_days=[10, 5, 2, 1], confirm_again_days=4, pickup_warn_days=1)
    assert said(facts(an_order(), HERE, policy=policy), "post_delivery_ending") == [
        "2026-05-25 09:00 notice 10d",
        "2026-05-30 09:00 notice 5d",
        "2026-06-02 09:00 warning 2d",
        "2026-06-03 09:00 urgent 1d",
    ]
    assert said(facts(an_order(), HERE, policy=policy), "delivered_unconfirmed")[-1] == (
        "2026-05-24 09:00 notice again"
    )
    assert said(replace(WAITING, policy=policy), "pickup_waiting")[-1] == "2026-05-19 09:00 warning again"


def test_protection_is_the_deadline_where_it_ends_first() -> None:
    given = facts(an_order(), a_parcel("delivered", "2026-06-25 10:00"))
    (first, _) = only(timeline(given), "delivered_unconfirmed")
    assert (shown(first.deadline), shown(first.act_by)) == (PROTECTION_END, PROTECTION_ACT_BY)
