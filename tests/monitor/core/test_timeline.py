"""Facts in, timeline out; `now` only slices it."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from monitor.core.days import Days
from monitor.core.model import Look, Severity, Shipment
from monitor.core.moment import Key, Moment
from monitor.core.rules.problem import REASON_FOR
from monitor.core.situation import Facts, Situation, Why, situation
from monitor.core.timeline import current, moments_of, next_change, timeline
from tests.monitor.core.facts import (
    AUCKLAND,
    LOS_ANGELES,
    MADRID,
    ORDER,
    a_parcel,
    an_order,
    at,
    facts,
    recorded,
    shown,
    with_days,
)
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts

SECOND = timedelta(seconds=1)


def story(known: Facts) -> list[str]:
    return [
        " ".join(filter(None, (shown(m.at), m.severity, m.rule, m.stage, m.subject.replace(ORDER, ""))))
        for m in timeline(known)
    ]


def test_an_order_of_which_nothing_is_ever_heard() -> None:
    """Every deadline works with no tracking data at all."""
    assert story(facts(an_order())) == [
        "2026-05-14 09:00 info dispute_openable open",
        "2026-06-18 09:00 urgent estimate_missed",
        "2026-06-18 09:00 notice protection_ending 14d",
        "2026-06-25 09:00 warning protection_ending 7d",
        "2026-06-29 09:00 urgent protection_ending 3d",
        "2026-07-01 09:00 critical protection_ending 1d",
        "2026-07-03 09:00 warning protection_ended",
    ]


def test_a_parcel_of_which_nothing_is_ever_heard() -> None:
    assert story(facts(an_order(), a_parcel("not_found", number="LP1"))) == [
        "2026-05-14 09:00 urgent no_tracking LP1",
        "2026-05-14 09:00 urgent dispute_openable problem",
        "2026-06-18 09:00 urgent estimate_missed LP1",
        "2026-06-18 09:00 notice protection_ending 14d",
        "2026-06-25 09:00 warning protection_ending 7d",
        "2026-06-29 09:00 urgent protection_ending 3d",
        "2026-07-01 09:00 critical protection_ending 1d",
        "2026-07-03 09:00 warning protection_ended",
    ]


def test_a_good_end() -> None:
    delivered = a_parcel("delivered", "2026-05-12 11:20", number="LP1")
    known = facts(an_order(), delivered, case=recorded("2026-05-13 19:00 received"))
    assert story(known) == [
        "2026-05-12 11:20 notice delivered_unconfirmed delivered",
        "2026-05-14 09:00 info dispute_openable open",
        "2026-05-20 09:00 notice post_delivery_ending 7d",
        "2026-05-24 09:00 warning post_delivery_ending 3d",
        "2026-05-26 09:00 urgent post_delivery_ending 1d",
    ]
    assert story(replace(known, case=recorded("2026-05-13 19:00 all-fine"))) == [
        "2026-05-12 11:20 notice delivered_unconfirmed delivered"
    ]


def test_a_dispute_that_runs_its_course() -> None:
    known = facts(
        an_order(),
        case=recorded(
            "2026-05-20 10:00 dispute-opened",
            "2026-05-24 10:00 offer",
            "2026-05-24 20:00 answered",
            "2026-06-05 10:00 claim",
            "2026-06-15 10:00 decision in_favour_of=buyer",
        ),
    )
    assert story(known) == [
        "2026-05-14 09:00 info dispute_openable open",
        "2026-05-23 09:00 notice escalation_available",
        "2026-05-24 10:00 warning answer_due 48h",
        "2026-06-05 09:00 warning becomes_claim",
        "2026-06-18 09:00 info refund_due early",
        "2026-06-29 09:00 notice refund_due expected",
        "2026-07-13 09:00 warning refund_due overdue",
    ]


def test_a_finished_order_says_nothing() -> None:
    assert story(facts(an_order(status="finished"), a_parcel("exception", "2026-05-20 10:00"))) == []


def test_several_parcels_are_one_order() -> None:
    here = a_parcel("delivered", "2026-05-12 11:20", number="LP1")
    late = a_parcel("in_transit", "2026-06-12 11:20", number="LP2")
    said = story(facts(an_order(), here, late))
    assert "2026-06-18 09:00 urgent estimate_missed LP2" in said
    assert not any("LP1" in line or "delivered" in line for line in said)


SHARED = a_parcel("customs_hold", "2026-05-10 10:00", number="LP1")


def test_a_shared_parcel_speaks_through_one_order() -> None:
    loud, quiet = facts(an_order(), SHARED), facts(an_order(), SHARED, silent=["LP1"])
    assert [m for m in timeline(loud) if m.subject != "LP1"] == list(timeline(quiet))
    assert {m.rule for m in timeline(loud) if m.subject == "LP1"} == {"customs_hold", "estimate_missed"}
    assert "2026-05-14 09:00 urgent dispute_openable problem" in story(quiet)


def test_the_same_facts_at_three_places_of_the_world() -> None:
    """Every moment counted in days is at nine in the morning, wherever the morning is."""
    for zone in (MADRID, AUCKLAND, LOS_ANGELES):
        mornings = [m.at.astimezone(zone) for m in timeline(with_days(facts(an_order()), Days(zone)))]
        assert [f"{morning:%d %b %H:%M}" for morning in mornings] == [
            *("14 May 09:00", "18 Jun 09:00", "18 Jun 09:00", "25 Jun 09:00"),
            *("29 Jun 09:00", "01 Jul 09:00", "03 Jul 09:00"),
        ]


# shipped, the stage, its morning and the window's end, both in UTC
TIME_CHANGES = [
    ("2026-01-28", "1d", "2026-03-28 08:00", "2026-03-29 22:00"),  # ends with the day of 23 hours
    ("2026-01-27", "1d", "2026-03-27 08:00", "2026-03-28 23:00"),
    ("2026-08-26", "1d", "2026-10-24 07:00", "2026-10-25 23:00"),  # ends with the day of 25 hours
    ("2026-08-25", "1d", "2026-10-23 07:00", "2026-10-24 22:00"),
]


@pytest.mark.parametrize(("shipped", "stage", "morning", "end"), TIME_CHANGES)
def test_the_clock_changes_under_a_deadline(shipped: str, stage: str, morning: str, end: str) -> None:
    (moment,) = (
        m
        for m in timeline(facts(an_order(shipped_on=shipped)))
        if m.rule == "protection_ending"
        if m.stage == stage
    )
    assert f"{moment.at:%Y-%m-%d %H:%M}" == morning
    assert moment.deadline is not None
    assert f"{moment.deadline:%Y-%m-%d %H:%M}" == end
    assert moment.act_by == moment.deadline - timedelta(hours=12)


def a_moment(begins: str, *, level: int = 0, until: str | None = None, rule: str = "r") -> Moment:
    return Moment(
        at(begins),
        rule,
        ORDER,
        Severity.NOTICE,
        Why("said"),
        stage=f"{level}",
        level=level,
        until=at(until) if until else None,
    )


STAGES = (
    a_moment("2026-05-01 09:00", level=0, until="2026-05-10 00:00"),
    a_moment("2026-05-05 09:00", level=1, until="2026-05-10 00:00"),
    a_moment("2026-05-09 09:00", level=2, until="2026-05-10 00:00"),
)
SLICES = [
    ("2026-05-01 08:59:59", None, "2026-05-01 09:00"),
    ("2026-05-01 09:00", "0", "2026-05-05 09:00"),
    ("2026-05-05 08:59:59", "0", "2026-05-05 09:00"),
    ("2026-05-05 09:00", "1", "2026-05-09 09:00"),
    ("2026-05-09 09:00", "2", "2026-05-10 00:00"),
    ("2026-05-09 23:59:59", "2", "2026-05-10 00:00"),
    ("2026-05-10 00:00", None, None),
]


@pytest.mark.parametrize(("now", "stage", "change"), SLICES)
def test_of_one_thing_the_highest_stage_is_true(now: str, stage: str | None, change: str | None) -> None:
    for moments in (STAGES, STAGES[::-1]):
        assert [m.stage for m in current(moments, at(now)).values()] == ([stage] if stage else [])
        assert shown(next_change(moments, at(now))) == change


def test_what_is_true_until_facts_change_has_no_end() -> None:
    forever = a_moment("2026-05-01 09:00")
    assert current([forever], at("2036-05-01 09:00")) == {Key("r", ORDER, ""): forever}
    assert next_change([forever], at("2026-05-01 09:00")) is None
    assert next_change([], at("2026-05-01 09:00")) is None


def test_two_things_are_true_at_once() -> None:
    other = a_moment("2026-05-02 09:00", rule="other")
    assert list(current([*STAGES, other], at("2026-05-05 09:00")).values()) == [STAGES[1], other]


def test_the_problems_are_those_of_the_rulebook() -> None:
    assert set(REASON_FOR) == {
        "estimate_missed",
        "customs_hold",
        "no_tracking",
        "tracking_stalled",
        "returning",
        "returned",
        "parcel_exception",
        "delivered_elsewhere",
    }


@FEWER
@given(all_facts())
def test_a_timeline_is_in_the_order_of_time_and_every_moment_comes_true(known: Facts) -> None:
    moments = timeline(known)
    assert moments == timeline(known) == moments_of(situation(known))
    assert [m.at for m in moments] == sorted(m.at for m in moments)
    for moment in moments:
        assert moment.holds(moment.at)
        assert not moment.holds(moment.at - SECOND)
        assert moment.key in current(moments, moment.at)


@FEWER
@given(all_facts())
def test_every_moment_can_say_why_and_by_when(known: Facts) -> None:
    margin = timedelta(hours=known.policy.number("safety_margin_hours"))
    for moment in timeline(known):
        assert str(moment.why)
        assert moment.act_by == (None if moment.deadline is None else moment.deadline - margin)
        assert moment.subject == ORDER or moment.subject in {s.number for s in known.shipments}
        for instant in (moment.at, moment.until, moment.deadline, moment.act_by):
            assert instant is None or instant.utcoffset() is not None


@FEWER
@given(all_facts())
def test_a_stage_is_there_once_at_a_time(known: Facts) -> None:
    """What a dispute has muted begins again when it is cancelled."""
    ends: dict[tuple[Key, int], datetime | None] = {}
    for m in timeline(known):
        end = ends.get((m.key, m.level), m.at)
        assert end is not None
        assert end <= m.at
        ends[m.key, m.level] = m.until


@FEWER
@given(all_facts(), INSTANTS)
def test_nothing_changes_before_the_next_change(known: Facts, now: datetime) -> None:
    moments = timeline(known)
    change = next_change(moments, now)
    later = now + timedelta(days=400) if change is None else change - timedelta(microseconds=1)
    assert current(moments, later) == current(moments, now)
    if change is not None:
        assert change > now
        begins_or_ends = [m for m in moments if change in (m.at, m.until)]
        assert begins_or_ends


@FEWER
@given(all_facts())
def test_after_the_end_of_an_order_nothing_begins(known: Facts) -> None:
    """What was recorded with the day alone may end it some hours before it counts."""
    finished = situation(known).finished_at
    if finished is not None:
        finished = max(finished, *(until for _, until in known.case.past), finished)
        assert all(m.at < finished for m in timeline(known))
        assert all(m.until is not None and m.until <= finished for m in timeline(known))


def test_a_failed_look_touches_no_fact_that_a_finding_depends_on() -> None:
    """How looks went is kept beside the facts: a timeline cannot even see it."""
    seen = {field.name for kind in (Facts, Shipment, Situation) for field in fields(kind)}
    assert not seen & {field.name for field in fields(Look)}


@FEWER
@given(all_facts())
def test_slicing_later_never_lowers_a_stage_while_the_condition_lasts(known: Facts) -> None:
    moments = timeline(known)
    instants = sorted({i for m in moments for i in (m.at, m.until) if i is not None})
    before: dict[Key, Moment] = {}
    for now in instants:
        after = current(moments, now)
        for key in before.keys() & after.keys():
            assert after[key].level >= before[key].level
        before = after
