"""Alerts in the store: one a key, and what was told of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.core.alerts import (
    Alert,
    AlertState,
    Amend,
    Intent,
    Open,
    Raise,
    Reason,
    Remind,
    Resolve,
    acknowledge,
    snooze,
)
from monitor.core.model import Severity
from monitor.core.moment import Key, Moment
from monitor.core.situation import Why
from monitor.store import Store
from tests.monitor.stage import NOW, orders

LATER = NOW + timedelta(hours=1)


def a_moment(stage: str = "held", level: int = 0, **changes: Any) -> Moment:
    known: dict[str, Any] = {
        "at": NOW - timedelta(hours=3),
        "rule": "customs_hold",
        "subject": "LP1",
        "severity": Severity.WARNING,
        "why": Why("held by customs"),
        "occurrence": "held 2026-05-10",
        "stage": stage,
        "level": level,
        "deadline": NOW + timedelta(days=50),
        "act_by": NOW + timedelta(days=49),
    }
    return Moment(**(known | changes))


@pytest.fixture
def known(store: Store) -> Store:
    """A store that knows the orders 1001 and 1002."""
    store.orders.take(orders("1001: LP1", "1002: LP1"), NOW, lambda parcel: None)
    return store


def apply(store: Store, intent: Intent, order: str | None = "1001", now: Any = NOW) -> int | None:
    with store.atomic():
        return store.alerts.apply(intent, order, "a title", now)


def opened(
    store: Store, moment: Moment | None = None, *, speaks: bool = True, order: str | None = "1001"
) -> Alert:
    apply(store, Open(moment or a_moment(), Reason.BEGAN, speaks=speaks), order)
    return only(store, order)


def only(store: Store, order: str | None = "1001") -> Alert:
    if order is None:
        (alert,) = store.alerts.about_us().values()
        return alert
    (record,) = store.orders.load([order])
    (alert,) = record.alerts.values()
    return alert


def test_an_alert_comes_back_as_it_was_opened(known: Store) -> None:
    moment = a_moment()
    assert opened(known) == Alert(
        id=1,
        key=moment.key,
        order="1001",
        stage="held",
        level=0,
        severity=Severity.WARNING,
        since=moment.at,
        deadline=moment.deadline,
        act_by=moment.act_by,
        state=AlertState.OPEN,
        told_level=0,
        told_at=NOW,
        title="a title",
    )


def test_one_that_another_told_counts_as_told(known: Store) -> None:
    assert opened(known, speaks=False).told_level == 0


def test_it_rises(known: Store) -> None:
    before = opened(known)
    worse = a_moment("late", 2, severity=Severity.URGENT, deadline=None, act_by=None)
    apply(known, Raise(before, worse, speaks=True), now=LATER)
    assert only(known) == replace(
        before,
        stage="late",
        level=2,
        severity=Severity.URGENT,
        deadline=None,
        act_by=None,
        told_level=2,
        told_at=LATER,
    )


def test_a_stage_that_stays_silent_counts_as_told_but_not_now(known: Store) -> None:
    before = opened(known)
    apply(known, Raise(before, a_moment("late", 2), speaks=False), now=LATER)
    assert (only(known).told_level, only(known).told_at) == (2, NOW)


def test_a_stage_that_rises_opens_what_was_put_off(known: Store) -> None:
    before = opened(known)
    known.db.execute("UPDATE alerts SET state = 'snoozed'")
    apply(known, Raise(before, a_moment("late", 2), speaks=True))
    assert only(known).state is AlertState.OPEN


def test_it_is_said_again_and_its_deadline_moves(known: Store) -> None:
    before = opened(known)
    apply(known, Remind(before, a_moment()), now=LATER)
    moved = a_moment(deadline=LATER, act_by=None)
    apply(known, Amend(before, moved), now=LATER + timedelta(hours=1))
    assert only(known) == replace(before, told_at=LATER, deadline=LATER, act_by=None)


def test_an_answer_is_kept_until_it_is_said_again(known: Store) -> None:
    before = opened(known)
    put_off = snooze(before, LATER)
    known.alerts.answer(put_off)
    assert only(known) == known.alerts.find(before.id) == put_off
    apply(known, Remind(put_off, a_moment()), now=LATER)
    assert only(known) == replace(before, told_at=LATER)
    known.alerts.answer(acknowledge(only(known)))
    assert only(known).state is AlertState.ACKNOWLEDGED
    assert known.alerts.find(99) is None


def test_what_is_seen_while_it_is_said_again_stays_seen(known: Store) -> None:
    put_off = snooze(opened(known), LATER)
    known.alerts.answer(acknowledge(put_off))
    apply(known, Remind(put_off, a_moment()), now=LATER)
    assert only(known).state is AlertState.ACKNOWLEDGED


@pytest.mark.parametrize("ends", [True, False])
def test_a_snooze_ends_with_what_was_put_off(known: Store, ends: bool) -> None:
    before = opened(known)
    known.alerts.answer(snooze(before, LATER))
    apply(
        known,
        Resolve(before, Reason.OVER, speaks=True) if ends else Raise(before, a_moment("x", 2), speaks=True),
    )
    assert only(known).snoozed_until is None
    apply(known, Open(a_moment(), Reason.CAME_BACK, speaks=True))
    assert (only(known).state, only(known).snoozed_until) == (AlertState.OPEN, None)


def test_a_clock_that_was_ahead_puts_nothing_off(known: Store) -> None:
    before = opened(known)
    apply(known, Remind(before, a_moment()), now=NOW + timedelta(days=400))
    known.alerts.answer(snooze(only(known), NOW + timedelta(days=401)))
    known.come_back_to(LATER)
    assert only(known).snoozed_until == LATER


@pytest.mark.parametrize(
    ("reason", "speaks", "state", "told_level"),
    [
        (Reason.OVER, True, AlertState.RESOLVED, -1),
        (Reason.OVER, False, AlertState.RESOLVED, 0),
        (Reason.DEADLINE_PASSED, False, AlertState.EXPIRED, 0),
    ],
)
def test_it_ends(known: Store, reason: Reason, speaks: bool, state: AlertState, told_level: int) -> None:
    before = opened(known)
    assert apply(known, Resolve(before, reason, speaks=speaks)) == before.id
    assert only(known) == replace(before, state=state, told_level=told_level)
    assert known.alerts.lasting() == []


@pytest.mark.parametrize(("end_was_told", "told_at"), [(True, LATER), (False, NOW)])
def test_it_comes_back_under_its_old_id(known: Store, end_was_told: bool, told_at: Any) -> None:
    before = opened(known)
    apply(known, Resolve(before, Reason.OVER, speaks=end_was_told))
    again = Open(a_moment(at=LATER), Reason.CAME_BACK, speaks=end_was_told)
    assert apply(known, again, now=LATER) == before.id
    assert only(known) == replace(before, since=LATER, told_level=0, told_at=told_at)


def test_two_keys_are_two_alerts(known: Store) -> None:
    opened(known)
    apply(known, Open(a_moment(occurrence="held 2026-06-01"), Reason.BEGAN, speaks=True))
    (record,) = known.orders.load(["1001"])
    assert [key.occurrence for key in record.alerts] == ["held 2026-05-10", "held 2026-06-01"]


def test_another_order_takes_over_and_only_it_can_end_the_alert(known: Store) -> None:
    before = opened(known)
    after = opened(known, order="1002")
    assert after == replace(before, order="1002")
    assert known.orders.load(["1001"])[0].alerts == {}
    assert apply(known, Resolve(before, Reason.OVER, speaks=True), "1001") is None
    assert only(known, "1002") == after


def test_an_order_that_lets_a_parcel_go_leaves_its_alerts_to_the_other(known: Store) -> None:
    before = opened(known)
    known.orders.take(orders("1001:"), LATER, lambda parcel: None)
    assert only(known, "1002") == replace(before, order="1002")


def test_the_most_pressing_first(known: Store) -> None:
    for number, days in ((1, 9), (2, None), (3, 2), (4, 9)):
        act_by = None if days is None else NOW + timedelta(days=days)
        at = NOW - timedelta(hours=number)
        apply(known, Open(a_moment(occurrence=str(number), act_by=act_by, at=at), Reason.BEGAN, speaks=True))
    assert [alert.key.occurrence for alert in known.alerts.lasting()] == ["3", "4", "1", "2"]
    assert known.alerts.count() == 4


def test_alerts_about_us_belong_to_no_order(known: Store) -> None:
    opened(known)
    blind = a_moment(rule="source_blind", subject="files", occurrence="then")
    before = opened(known, blind, order=None)
    assert before.order is None
    apply(known, Resolve(before, Reason.OVER, speaks=True), None)
    assert list(known.alerts.about_us()) == [Key("source_blind", "files", "then")]
    assert only(known, None).state is AlertState.RESOLVED
