"""What will be said and when, if nothing else happens."""

from datetime import datetime, timedelta

from hypothesis import given

from monitor.core.alerts import AlertState, Open, Raise
from monitor.core.forecast import announcements, forecast
from monitor.core.situation import Facts, situation
from monitor.core.timeline import timeline
from tests.monitor.core.facts import a_parcel, an_order, at, facts, shown
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts
from tests.monitor.core.walks import Store, look


def told(known: Facts, store: Store, now: str, until: str) -> list[str]:
    return [
        f"{shown(said.at)} {said.moment.rule} {said.moment.stage}".rstrip()
        for said in forecast(situation(known), store.alerts, at(now), at(until))
    ]


def test_an_order_of_which_nothing_is_heard() -> None:
    assert told(facts(an_order()), Store(), "2026-05-01 00:00", "2026-12-31 00:00") == [
        "2026-05-14 09:00 dispute_openable open",
        "2026-06-18 09:00 estimate_missed",
        "2026-06-18 09:00 protection_ending 14d",
        "2026-06-25 09:00 protection_ending 7d",
        "2026-06-29 09:00 protection_ending 3d",
        "2026-07-01 09:00 protection_ending 1d",
        "2026-07-03 09:00 protection_ended",
    ]


def test_what_was_said_is_not_said_again() -> None:
    store, known = Store(), facts(an_order())
    look(store, known, at("2026-06-25 09:00"))
    assert told(known, store, "2026-06-25 09:00", "2026-06-29 09:00") == [
        "2026-06-29 09:00 protection_ending 3d"
    ]


def test_what_is_put_off_is_said_again() -> None:
    store, known = Store(), facts(an_order())
    look(store, known, at("2026-06-25 09:00"))
    store.mark("protection_ending", AlertState.SNOOZED, at("2026-06-26 07:00"))
    assert told(known, store, "2026-06-25 09:00", "2026-06-29 09:00") == [
        "2026-06-26 07:00 protection_ending 7d",
        "2026-06-29 09:00 protection_ending 3d",
    ]


def test_what_is_true_and_untold_comes_first() -> None:
    assert told(facts(an_order()), Store(), "2026-06-30 12:00", "2026-07-01 08:59") == [
        "2026-06-30 12:00 estimate_missed",
        "2026-06-30 12:00 protection_ending 3d",
        "2026-06-30 12:00 dispute_openable open",
    ]


def test_its_end_belongs_to_it() -> None:
    known = facts(an_order())
    assert told(known, Store(), "2026-05-01 00:00", "2026-05-14 08:59:59") == []
    assert len(told(known, Store(), "2026-05-01 00:00", "2026-05-14 09:00")) == 1


def test_one_event_is_one_message_in_the_forecast_too() -> None:
    known = facts(an_order(), a_parcel("not_found"))
    assert told(known, Store(), "2026-05-01 00:00", "2026-05-15 00:00") == [
        "2026-05-14 09:00 dispute_openable problem"
    ]


def test_to_the_end_of_an_order_of_which_nothing_more_is_heard() -> None:
    store = Store()
    held = facts(an_order(protection_until="2026-05-20"), a_parcel("customs_hold", "2026-05-10 10:00"))
    look(store, held, at("2026-05-10 10:00"))
    assert told(held, store, "2026-05-10 10:00", "2026-12-31 00:00") == [
        "2026-05-13 09:00 protection_ending 7d",
        "2026-05-14 09:00 dispute_openable problem",
        "2026-05-17 09:00 protection_ending 3d",
        "2026-05-19 09:00 protection_ending 1d",
        "2026-05-21 09:00 protection_ended",
        "2026-06-18 09:00 estimate_missed",
    ]


def test_a_deadline_that_moved_since_is_no_message() -> None:
    store, held = Store(), a_parcel("customs_hold", "2026-05-10 10:00")
    look(store, facts(an_order(), held), at("2026-05-10 10:00"))
    extended = facts(an_order(protection_until="2026-08-01"), held)
    assert told(extended, store, "2026-05-11 10:00", "2026-05-14 09:00") == [
        "2026-05-14 09:00 dispute_openable problem"
    ]


def test_the_next_one_alone() -> None:
    (first, *_) = announcements(situation(facts(an_order())), {}, at("2026-05-01 00:00"))
    assert (shown(first.at), first.moment.rule) == ("2026-05-14 09:00", "dispute_openable")


@FEWER
@given(all_facts(), all_facts(), INSTANTS, INSTANTS)
def test_the_forecast_is_what_the_service_will_say(
    earlier: Facts, known: Facts, before: datetime, now: datetime
) -> None:
    """Whatever was said of other facts before."""
    before, now = sorted((before, now))
    store = Store()
    look(store, earlier, before)
    until = now + timedelta(days=400)
    foretold = [
        (said.at, said.moment.key, said.moment.level)
        for said in forecast(situation(known), store.alerts, now, until)
    ]
    instants = {i for m in timeline(known) for i in (m.at, m.until) if i is not None and now < i <= until}
    said = [
        (instant, intent.moment.key, intent.moment.level)
        for instant in (now, *sorted(instants))
        for intent in look(store, known, instant)
        if isinstance(intent, Open | Raise)
        if intent.speaks
    ]
    assert sorted(foretold) == sorted(said)
