"""What nobody answers is said again: how often, until when, and not at night."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import AlertState, Open, Remind
from monitor.core.days import Days, QuietHours
from monitor.core.forecast import forecast
from monitor.core.model import Severity, Slip
from monitor.core.moment import Key
from monitor.core.situation import Facts, situation
from monitor.core.timeline import timeline
from tests.monitor.core.facts import MADRID, a_parcel, an_order, at, facts, shown
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts
from tests.monitor.core.walks import Store, look

HOUR = timedelta(hours=1)
NIGHT = QuietHours(time(22), time(7))
#: Protection ends on 2 July at 24:00; the critical stage begins the day before at 09:00, and there is
#: time to act until noon of the last day.
BOX = an_order()


def last_days(every: int | None, quiet: QuietHours | None = None, order: Facts | None = None) -> Facts:
    known = order or facts(BOX, days=Days(MADRID, quiet=quiet))
    return replace(known, repeats={} if every is None else {Severity.CRITICAL: every * HOUR})


def said(
    known: Facts, store: Store, now: str = "2026-07-01 09:00", until: str = "2026-07-10 00:00"
) -> list[str]:
    return [
        f"{shown(it.at)} {it.moment.rule} {it.moment.stage}".rstrip()
        for it in forecast(situation(known), store.alerts, at(now), at(until))
        if it.moment.rule.startswith("protection")
    ]


@pytest.mark.parametrize(
    ("every", "quiet", "again"),
    [
        (None, None, []),
        (6, None, ["07-01 15:00", "07-01 21:00", "07-02 03:00", "07-02 09:00"]),
        # At night nobody is woken for the second time, and the next repeat counts from the morning.
        (6, NIGHT, ["07-01 15:00", "07-01 21:00", "07-02 07:00"]),
        (12, NIGHT, ["07-01 21:00", "07-02 09:00"]),
        (24, None, ["07-02 09:00"]),
        # Noon is too late.
        (27, None, []),
        (26, None, ["07-02 11:00"]),
    ],
)
def test_what_is_critical_is_said_again_until_it_is_too_late_to_act(
    every: int | None, quiet: QuietHours | None, again: list[str]
) -> None:
    assert said(last_days(every, quiet), Store()) == [
        "2026-07-01 09:00 protection_ending 1d",
        *(f"2026-{clock} protection_ending 1d" for clock in again),
        "2026-07-03 09:00 protection_ended",
    ]


def test_at_night_only_what_would_be_too_late_in_the_morning() -> None:
    """A buyer whose protection ends at 20:00 has to act by 08:00, an hour after the quiet hours."""
    days = Days(MADRID, quiet=NIGHT, deadline_zone=None)
    policy = replace(facts(BOX).policy)
    clocks = dict(policy.clocks)
    clocks["safety_margin_hours"] = replace(clocks["safety_margin_hours"], value=16)
    known = last_days(6, order=facts(BOX, days=days, policy=replace(policy, clocks=clocks)))
    assert said(known, Store()) == [
        "2026-07-01 09:00 protection_ending 1d",
        "2026-07-01 15:00 protection_ending 1d",
        "2026-07-01 21:00 protection_ending 1d",
        "2026-07-02 03:00 protection_ending 1d",
        "2026-07-03 09:00 protection_ended",
    ]


@pytest.mark.parametrize("state", [AlertState.ACKNOWLEDGED, AlertState.SNOOZED])
def test_an_answer_ends_it(state: AlertState) -> None:
    store, known = Store(), last_days(6)
    look(store, known, at("2026-07-01 09:00"))
    store.mark("protection_ending", state)
    assert said(known, store) == ["2026-07-03 09:00 protection_ended"]


def test_what_was_put_off_and_came_back_is_said_again_too() -> None:
    store, known = Store(), last_days(12)
    look(store, known, at("2026-07-01 09:00"))
    store.mark("protection_ending", AlertState.SNOOZED, at("2026-07-01 18:00"))
    assert said(known, store, until="2026-07-03 00:00") == [
        "2026-07-01 18:00 protection_ending 1d",
        "2026-07-02 06:00 protection_ending 1d",
    ]


def test_an_answer_before_the_last_stage_does_not_silence_it() -> None:
    store, known = Store(), last_days(6)
    look(store, known, at("2026-06-29 09:00"))
    store.mark("protection_ending", AlertState.ACKNOWLEDGED)
    assert said(known, store, "2026-06-29 09:00")[:2] == [
        "2026-07-01 09:00 protection_ending 1d",
        "2026-07-01 15:00 protection_ending 1d",
    ]


def test_after_downtime_it_is_said_once() -> None:
    store, known = Store(), last_days(6)
    look(store, known, at("2026-07-01 09:00"))
    assert [type(intent) for intent in look(store, known, at("2026-07-02 08:00"))] == [Remind]
    assert look(store, known, at("2026-07-02 08:00")) == []
    assert said(known, store, "2026-07-02 08:00") == ["2026-07-03 09:00 protection_ended"]


def test_what_has_no_time_to_act_is_never_repeated() -> None:
    every = dict.fromkeys(Severity, HOUR)
    (ended,) = [it for it in timeline(replace(facts(BOX), repeats=every)) if it.rule == "protection_ended"]
    assert ended.repeat_every is None


def test_a_repeat_takes_the_word_from_nothing_that_is_new() -> None:
    """The carrier moves its date again while it is said once more that the parcel is late."""
    late = a_parcel("in_transit", "2026-05-20 10:00", edd="2026-05-10")
    slipped = replace(late, slips=(Slip(at("2026-05-15 09:00"), date(2026, 5, 8), date(2026, 5, 10)),))
    store, every = Store(), {Severity.WARNING: 24 * HOUR, Severity.URGENT: 24 * HOUR}
    look(store, replace(facts(BOX, late), repeats=every), at("2026-05-14 09:00"))
    said_now = [
        (type(it), it.moment.rule)
        for it in look(store, replace(facts(BOX, slipped), repeats=every), at("2026-05-15 09:00"))
        if isinstance(it, Open | Remind) and it.speaks
    ]
    assert (Open, "estimate_slipped") in said_now
    assert any(kind is Remind for kind, _ in said_now)


SPANS = st.sampled_from((15, 60, 60 * 6, 60 * 24)).map(lambda minutes: timedelta(minutes=minutes))


@FEWER
@given(all_facts(), st.dictionaries(st.sampled_from(Severity), SPANS), INSTANTS)
def test_repeats_come_on_top_and_never_too_often_or_too_late(
    known: Facts, repeats: dict[Severity, timedelta], now: datetime
) -> None:
    until = now + timedelta(days=30)
    plain = forecast(situation(known), {}, now, until)
    louder = forecast(situation(replace(known, repeats=repeats)), {}, now, until)
    seen: dict[tuple[Key, int], datetime] = {}
    first = []
    for said_now in louder:
        key = said_now.moment.key, said_now.moment.level
        if key not in seen:
            first.append((said_now.at, key))
        else:
            every, act_by = said_now.moment.repeat_every, said_now.moment.act_by
            assert every is not None
            assert said_now.at - seen[key] >= every
            assert act_by is not None
            assert said_now.at < act_by
            night = known.days.night_at(said_now.at)
            assert night is None or act_by < night.end + 2 * HOUR
        seen[key] = said_now.at
    once = {key: at for at, key in reversed(first)}
    without = {(it.moment.key, it.moment.level): it.at for it in reversed(plain)}
    assert {key: at for key, at in once.items() if key in without} == without
    # What another message told comes in words of its own when it is said again.
    told_by_another = [it for it in louder if (it.moment.key, it.moment.level) not in without]
    assert all(it.at - it.moment.at >= min(repeats.values()) for it in told_by_another)
