"""Rulebook: the parcel on its way. Shipped on 3 May 2026, so: a dispute from 14 May 09:00 on,
protection to the end of 2 July."""

from dataclasses import replace

import pytest

from monitor.core.model import ShipmentStatus, Slip
from monitor.core.situation import Facts
from monitor.core.timeline import current, timeline
from tests.monitor.core.facts import (
    NUMBER,
    a_parcel,
    a_policy,
    a_scan,
    an_order,
    at,
    day,
    facts,
    only,
    recorded,
    shown,
)
from tests.monitor.core.rules.rows import PROTECTION_ACT_BY, PROTECTION_END, REST, Row, check, said

NOT_SHIPPED = [
    Row(
        "a week after payment",
        facts(an_order(shipped_on=None, ordered_on="2026-04-28", paid_on="2026-05-01")),
        "not_shipped",
        at="2026-05-08 09:00",
        severity="notice",
        why="paid 1 May 2026 + 7 days (aliexpress policy: project)",
        until="2026-07-01 00:00",
        deadline="2026-07-01 00:00",
        act_by="2026-06-30 12:00",
    ),
    Row(
        "payment unknown: a week after the order",
        facts(an_order(shipped_on=None, ordered_on="2026-04-28")),
        "not_shipped",
        at="2026-05-05 09:00",
        severity="notice",
        why="ordered 28 Apr 2026 + 7 days (aliexpress policy: project)",
        until="2026-06-28 00:00",
        deadline="2026-06-28 00:00",
        act_by="2026-06-27 12:00",
    ),
    Row(
        "a label that no carrier has seen yet is not shipped",
        facts(an_order(shipped_on=None, paid_on="2026-05-01"), a_parcel("info_received", "2026-05-02 10:00")),
        "not_shipped",
        at="2026-05-08 09:00",
        severity="notice",
        why="paid 1 May 2026 + 7 days (aliexpress policy: project)",
        until="2026-07-01 00:00",
        deadline="2026-07-01 00:00",
        act_by="2026-06-30 12:00",
    ),
    Row(
        "the user's own number",
        facts(an_order(shipped_on=None, paid_on="2026-05-01"), policy=a_policy(ship_within_days=1)),
        "not_shipped",
        at="2026-05-02 09:00",
        severity="notice",
        why="paid 1 May 2026 + 1 day (aliexpress policy: your configuration)",
        until="2026-07-01 00:00",
        deadline="2026-07-01 00:00",
        act_by="2026-06-30 12:00",
    ),
    Row(
        "the app's counter ends it",
        facts(an_order(shipped_on=None, paid_on="2026-05-01", protection_until="2026-06-01")),
        "not_shipped",
        at="2026-05-08 09:00",
        severity="notice",
        why="paid 1 May 2026 + 7 days (aliexpress policy: project)",
        until="2026-06-02 00:00",
        deadline="2026-06-02 00:00",
        act_by="2026-06-01 12:00",
    ),
]


def missed(case: str, given: Facts, on: str, severity: str, why: str, subject: str = NUMBER) -> Row:
    return Row(
        case,
        given,
        "estimate_missed",
        at=on,
        severity=severity,
        why=why,
        until=REST,
        deadline=PROTECTION_END,
        act_by=PROTECTION_ACT_BY,
        subject=subject,
    )


MOVING = a_parcel("in_transit", "2026-05-08 10:00")

ESTIMATE_MISSED = [
    missed(
        "standard mail: 45 days",
        facts(an_order(), MOVING),
        "2026-06-18 09:00",
        "urgent",
        "shipped 3 May 2026 + 45 days (aliexpress policy: guide)",
    ),
    missed(
        "ePacket: 20 days",
        facts(an_order(shipping="epacket"), MOVING),
        "2026-05-24 09:00",
        "urgent",
        "shipped 3 May 2026 + 20 days (aliexpress policy: guide)",
    ),
    missed(
        "premium: 15 days",
        facts(an_order(shipping="premium"), MOVING),
        "2026-05-19 09:00",
        "urgent",
        "shipped 3 May 2026 + 15 days (aliexpress policy: guide)",
    ),
    missed(
        "a method that is not given counts as standard, marked",
        facts(an_order(shipping=None), MOVING),
        "2026-06-18 09:00",
        "urgent",
        "shipped 3 May 2026 + 45 days (aliexpress policy: guide), estimated",
    ),
    missed(
        "without a single parcel",
        facts(an_order()),
        "2026-06-18 09:00",
        "urgent",
        "shipped 3 May 2026 + 45 days (aliexpress policy: guide)",
        subject="8190000000007731",
    ),
    missed(
        "the seller's promise beats the table",
        facts(an_order(estimated_delivery="2026-05-10"), MOVING),
        "2026-05-11 09:00",
        "warning",
        "the seller promised 10 May 2026",
    ),
    missed(
        "so does the carrier's estimate",
        facts(an_order(), replace(MOVING, edd=a_parcel(edd="2026-05-12").edd)),
        "2026-05-13 09:00",
        "warning",
        "the carrier expects 12 May 2026",
    ),
    missed(
        "urgent from the very moment a dispute can be opened",
        facts(an_order(estimated_delivery="2026-05-13"), MOVING),
        "2026-05-14 09:00",
        "urgent",
        "the seller promised 13 May 2026",
    ),
    missed(
        "after the protection nothing can be opened any more",
        facts(an_order(estimated_delivery="2026-07-03"), MOVING),
        "2026-07-04 09:00",
        "warning",
        "the seller promised 3 Jul 2026",
    ),
    missed(
        "still true while the parcel goes back",
        facts(an_order(estimated_delivery="2026-05-10"), a_parcel("returning", "2026-05-09 10:00")),
        "2026-05-11 09:00",
        "warning",
        "the seller promised 10 May 2026",
    ),
]


def problem(case: str, given: Facts, rule: str, on: str, severity: str, why: str, stage: str = "") -> Row:
    return Row(
        case,
        given,
        rule,
        at=on,
        severity=severity,
        why=why,
        stage=stage,
        until=REST,
        deadline=PROTECTION_END,
        act_by=PROTECTION_ACT_BY,
        subject=NUMBER,
    )


CUSTOMS = [
    problem(
        "held before day 11",
        facts(an_order(), a_parcel("customs_hold", "2026-05-10 16:20")),
        "customs_hold",
        "2026-05-10 16:20",
        "warning",
        "held by customs 10 May 2026",
        "held",
    ),
    problem(
        "held after day 11",
        facts(an_order(), a_parcel("customs_hold", "2026-05-14 09:00:01")),
        "customs_hold",
        "2026-05-14 09:00:01",
        "urgent",
        "held by customs 14 May 2026",
        "held",
    ),
    problem(
        "held a second before a dispute can be opened",
        facts(an_order(), a_parcel("customs_hold", "2026-05-14 08:59:59")),
        "customs_hold",
        "2026-05-14 08:59:59",
        "warning",
        "held by customs 14 May 2026",
        "held",
    ),
    problem(
        "a week without news, before day 11",
        facts(an_order(), a_parcel("in_customs", "2026-05-06 23:30")),
        "customs_hold",
        "2026-05-13 09:00",
        "warning",
        "last customs scan 6 May 2026 + 7 days (aliexpress policy: project)",
        "silent",
    ),
    problem(
        "a week without news, after day 11",
        facts(an_order(), a_parcel("in_customs", "2026-05-10 00:30")),
        "customs_hold",
        "2026-05-17 09:00",
        "urgent",
        "last customs scan 10 May 2026 + 7 days (aliexpress policy: project)",
        "silent",
    ),
    problem(
        "the newest scan in customs counts, not the first",
        facts(an_order(), a_parcel("in_customs", "2026-05-06 10:00", newest="2026-05-12 10:00")),
        "customs_hold",
        "2026-05-19 09:00",
        "urgent",
        "last customs scan 12 May 2026 + 7 days (aliexpress policy: project)",
        "silent",
    ),
    problem(
        "a source without scans: since the status was seen",
        facts(an_order(), a_parcel("in_customs", status_since="2026-05-06 10:00")),
        "customs_hold",
        "2026-05-13 09:00",
        "warning",
        "last customs scan 6 May 2026 + 7 days (aliexpress policy: project)",
        "silent",
    ),
]

NO_TRACKING = [
    problem(
        "11 days after shipping, the moment a dispute can be opened",
        facts(an_order(), a_parcel("not_found")),
        "no_tracking",
        "2026-05-14 09:00",
        "urgent",
        "shipped 3 May 2026 + 11 days (aliexpress policy: project)",
    ),
    problem(
        "earlier, by the user's number",
        facts(an_order(), a_parcel("not_found"), policy=a_policy(no_tracking_days=5)),
        "no_tracking",
        "2026-05-08 09:00",
        "warning",
        "shipped 3 May 2026 + 5 days (aliexpress policy: your configuration)",
    ),
]

STALLED = [
    problem(
        "14 days after the newest scan",
        facts(an_order(), a_parcel("in_transit", "2026-05-05 10:00", newest="2026-05-08 22:00")),
        "tracking_stalled",
        "2026-05-22 09:00",
        "urgent",
        "last scan 8 May 2026 + 14 days (aliexpress policy: project)",
    ),
    problem(
        "before day 11",
        facts(an_order(), a_parcel("info_received", "2026-04-29 10:00")),
        "tracking_stalled",
        "2026-05-13 09:00",
        "warning",
        "last scan 29 Apr 2026 + 14 days (aliexpress policy: project)",
    ),
    problem(
        "a wall clock without zone is the user's",
        facts(
            an_order(),
            replace(MOVING, newest=a_scan("2026-05-08 23:30", zone_known=False)),
        ),
        "tracking_stalled",
        "2026-05-22 09:00",
        "urgent",
        "last scan 8 May 2026 + 14 days (aliexpress policy: project)",
    ),
]

CARRIER_SAYS = [
    problem(
        f"{status} {when}",
        facts(an_order(), a_parcel(status, when)),
        rule,
        when,
        "urgent",
        f"the carrier said so {int(when[8:10])} May 2026",
    )
    for rule, status in (
        ("returning", "returning"),
        ("returned", "returned"),
        ("parcel_exception", "exception"),
    )
    for when in ("2026-05-05 07:15", "2026-05-20 19:45:10")
]


@pytest.mark.parametrize(
    "row",
    [*NOT_SHIPPED, *ESTIMATE_MISSED, *CUSTOMS, *NO_TRACKING, *STALLED, *CARRIER_SAYS],
    ids=str,
)
def test_says(row: Row) -> None:
    check(row)


NEVER = [
    ("not_shipped", "it is shipped", facts(an_order(paid_on="2026-05-01"))),
    (
        "not_shipped",
        "a carrier has it",
        facts(
            an_order(shipped_on=None, paid_on="2026-05-01"),
            a_parcel("in_transit", "2026-05-03 10:00", moving_since="2026-05-03 10:00"),
        ),
    ),
    (
        "not_shipped",
        "its protection is over by then",
        facts(an_order(shipped_on=None, paid_on="2026-05-01", protection_until="2026-05-07")),
    ),
    ("not_shipped", "nothing is known of a payment", facts(an_order(shipped_on=None))),
    (
        "not_shipped",
        "the buyer has it already",
        facts(an_order(shipped_on=None, paid_on="2026-05-01"), case=recorded("2026-05-20 10:00 received")),
    ),
    *(
        (
            "not_shipped",
            f"the marketplace says {status}",
            facts(an_order(shipped_on=None, paid_on="2026-05-01", status=status)),
        )
        for status in ("shipped", "delivered", "finished")
    ),
    ("estimate_missed", "no date is known", facts(an_order(shipped_on=None))),
    ("estimate_missed", "it was delivered", facts(an_order(), a_parcel("delivered", "2026-05-20 10:00"))),
    ("estimate_missed", "it went back", facts(an_order(), a_parcel("returned", "2026-05-20 10:00"))),
    (
        "estimate_missed",
        "no parcel, and the buyer has it",
        facts(an_order(), case=recorded("2026-05-20 10:00 received")),
    ),
    ("customs_hold", "it is past customs", facts(an_order(), MOVING)),
    ("customs_hold", "nobody knows since when", facts(an_order(), a_parcel("customs_hold"))),
    ("no_tracking", "there was a scan", facts(an_order(), MOVING)),
    (
        "no_tracking",
        "a scan nobody can read is one",
        facts(an_order(), a_parcel("unknown", "2026-05-05 10:00")),
    ),
    (
        "no_tracking",
        "a source without scans says that it moves",
        facts(an_order(), a_parcel("in_transit", status_since="2026-05-05 10:00")),
    ),
    (
        "no_tracking",
        "there was a scan that the source forgot",
        facts(an_order(), a_parcel("not_found", "2026-05-05 10:00")),
    ),
    ("no_tracking", "shipping is unknown", facts(an_order(shipped_on=None), a_parcel("not_found"))),
    ("tracking_stalled", "there was never a scan", facts(an_order(), a_parcel("not_found"))),
    (
        "tracking_stalled",
        "economy mail ends at the border",
        facts(an_order(), replace(MOVING, ends_at_border=True)),
    ),
    *(
        (
            "tracking_stalled",
            f"{status} is no journey",
            facts(an_order(), a_parcel(status, "2026-05-05 10:00")),
        )
        for status in (
            "in_customs",
            "customs_hold",
            "available_for_pickup",
            "delivered",
            "returned",
            "exception",
        )
    ),
    ("returning", "nobody knows since when", facts(an_order(), a_parcel("returning"))),
    ("returning", "it is back already", facts(an_order(), a_parcel("returned", "2026-05-20 10:00"))),
    ("returned", "it is still on its way back", facts(an_order(), a_parcel("returning", "2026-05-20 10:00"))),
]


@pytest.mark.parametrize(
    ("rule", "because", "given"), NEVER, ids=[f"{rule}: {why}" for rule, why, _ in NEVER]
)
def test_says_nothing(rule: str, because: str, given: Facts) -> None:
    assert said(given, rule) == []


@pytest.mark.parametrize(
    "rule",
    [
        "estimate_missed",
        "customs_hold",
        "no_tracking",
        "tracking_stalled",
        "returning",
        "returned",
        "parcel_exception",
    ],
)
def test_the_buyer_has_it_so_the_journey_is_over(rule: str) -> None:
    parcels = {
        "customs_hold": a_parcel("customs_hold", "2026-05-10 10:00"),
        "no_tracking": a_parcel("not_found"),
        "tracking_stalled": a_parcel("in_transit", "2026-04-20 10:00"),
        "returning": a_parcel("returning", "2026-05-10 10:00"),
        "returned": a_parcel("returned", "2026-05-10 10:00"),
        "parcel_exception": a_parcel("exception", "2026-05-10 10:00"),
    }
    parcel = parcels.get(rule, MOVING)
    order = an_order(estimated_delivery="2026-05-10")
    before = facts(order, parcel)
    received = recorded("2026-05-15 18:00 received")
    assert [shown(moment.until) for moment in only(timeline(before), rule)] == [REST]
    assert [shown(moment.until) for moment in only(timeline(replace(before, case=received)), rule)] == [
        "2026-05-15 18:00"
    ]
    earlier = recorded("2026-05-01 18:00 received")
    assert said(replace(before, case=earlier), rule) == []


def slipped(*slips: tuple[str, str, str], status: str = "in_transit") -> Facts:
    told = tuple(Slip(at(seen), day(before), day(after)) for seen, before, after in slips)
    return facts(an_order(), a_parcel(status, "2026-05-08 10:00", slips=told))


def test_a_slipped_estimate_is_reported_once_per_slip() -> None:
    given = slipped(
        ("2026-05-12 14:10", "2026-05-20", "2026-05-22"), ("2026-05-19 08:00", "2026-05-22", "2026-05-30")
    )
    moments = only(timeline(given), "estimate_slipped")
    assert [(shown(m.at), shown(m.until), m.severity, str(m.why)) for m in moments] == [
        (
            "2026-05-12 14:10",
            "2026-05-19 08:00",
            "notice",
            "the carrier moved 2026-05-20 to 22 May 2026",
        ),
        ("2026-05-19 08:00", REST, "notice", "the carrier moved 2026-05-22 to 30 May 2026"),
    ]
    assert len({moment.key for moment in moments}) == 2
    for now, true in (
        ("2026-05-12 14:09:59", []),
        ("2026-05-12 14:10", ["2026-05-22"]),
        ("2026-05-19 07:59:59", ["2026-05-22"]),
        ("2026-05-19 08:00", ["2026-05-30"]),
    ):
        held = current(timeline(given), at(now)).values()
        assert [m.occurrence for m in held if m.rule == "estimate_slipped"] == true


def test_a_delivered_parcel_slips_no_more() -> None:
    assert (
        said(
            slipped(("2026-05-12 14:10", "2026-05-20", "2026-05-22"), status="delivered"), "estimate_slipped"
        )
        == []
    )


def test_a_new_scan_in_customs_is_a_new_silence() -> None:
    """Otherwise a second silence of a week would not be said."""
    first = facts(an_order(), a_parcel("in_customs", "2026-05-06 10:00"))
    second = facts(an_order(), a_parcel("in_customs", "2026-05-06 10:00", newest="2026-05-15 10:00"))
    keys = [only(timeline(given), "customs_hold")[0].key for given in (first, second)]
    assert keys[0] != keys[1]


def test_silence_needs_sight_and_words_do_not() -> None:
    """What could be our own blindness names its source; what a carrier said does not."""
    sight = {
        moment.rule: moment.needs_sight
        for status in ("in_customs", "not_found", "in_transit", "customs_hold", "returning", "exception")
        for moment in timeline(
            facts(an_order(), a_parcel(status, None if status == "not_found" else "2026-05-05 10:00"))
        )
        if moment.subject == NUMBER
        if (moment.rule, status) != ("customs_hold", "in_customs")
    }
    silent = only(timeline(facts(an_order(), a_parcel("in_customs", "2026-05-05 10:00"))), "customs_hold")
    assert sight == {
        "no_tracking": "files",
        "tracking_stalled": "files",
        "customs_hold": None,
        "returning": None,
        "parcel_exception": None,
        "estimate_missed": None,
    }
    assert [moment.needs_sight for moment in silent] == ["files"]


def test_each_parcel_is_judged_alone() -> None:
    held = a_parcel("customs_hold", "2026-05-10 10:00", number="LP1")
    lost = a_parcel("exception", "2026-05-11 10:00", number="LP2")
    here = a_parcel("delivered", "2026-05-12 10:00", number="LP3")
    moments = timeline(facts(an_order(), held, lost, here))
    assert {(m.rule, m.subject) for m in moments if m.subject.startswith("LP")} == {
        ("customs_hold", "LP1"),
        ("estimate_missed", "LP1"),
        ("parcel_exception", "LP2"),
        ("estimate_missed", "LP2"),
    }


def test_every_status_is_one_that_the_rules_can_bear() -> None:
    for status in ShipmentStatus:
        for since in (None, "2026-05-05 10:00"):
            assert isinstance(timeline(facts(an_order(), a_parcel(status, since))), tuple)
