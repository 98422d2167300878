"""What is true against what was said: stories first, then what holds for any facts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import (
    LASTING,
    Alert,
    AlertState,
    Amend,
    Intent,
    Open,
    Raise,
    Resolve,
    acknowledge,
    reconcile,
    snooze,
    snooze_end,
)
from monitor.core.model import Phase, Place, Severity, Slip
from monitor.core.moment import Key, Moment
from monitor.core.rules.service import SourceHealth, source_blind
from monitor.core.situation import Facts, Why
from monitor.core.timeline import current, timeline
from tests.monitor.core.facts import (
    ALIEXPRESS,
    IN_MADRID,
    ORDER,
    a_parcel,
    an_order,
    at,
    day,
    facts,
    recorded,
)
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts
from tests.monitor.core.walks import Store, look

SOURCES = ("files", "post")


def in_words(intent: Intent) -> str:
    key, stage = (
        (intent.alert.key, "") if isinstance(intent, Resolve) else (intent.moment.key, intent.moment.stage)
    )
    return " ".join(filter(None, (intent.reason, key.rule, stage)))


def spoken(intents: Iterable[Intent]) -> list[str]:
    return [in_words(i) for i in intents if not isinstance(i, Amend) and i.speaks]


def silent(intents: Iterable[Intent]) -> list[str]:
    return [in_words(i) for i in intents if isinstance(i, Amend) or not i.speaks]


def test_each_stage_speaks_once_in_its_time() -> None:
    store, known = Store(), facts(an_order())
    told = {}
    now = at("2026-05-13 09:00")
    while now < at("2026-08-05 09:00"):
        said = spoken(look(store, known, now))
        if said:
            told[f"{now:%d %b}"] = said
        now += timedelta(days=1)
    assert told == {
        "14 May": ["began dispute_openable open"],
        "18 Jun": ["began estimate_missed", "began protection_ending 14d"],
        "25 Jun": ["worsened protection_ending 7d"],
        "29 Jun": ["worsened protection_ending 3d"],
        "01 Jul": ["worsened protection_ending 1d"],
        "03 Jul": ["began protection_ended"],
    }


def test_after_downtime_only_the_latest_stage_is_said() -> None:
    store, known = Store(), facts(an_order())
    look(store, known, at("2026-06-18 09:00"))
    assert spoken(look(store, known, at("2026-07-01 20:00"))) == ["worsened protection_ending 1d"]
    asleep = Store()
    assert spoken(look(asleep, known, at("2026-07-01 20:00"))) == [
        "began dispute_openable open",
        "began estimate_missed",
        "began protection_ending 1d",
    ]


def test_what_ended_during_downtime_is_not_said_at_all() -> None:
    assert spoken(look(Store(), facts(an_order()), at("2026-07-20 20:00"))) == [
        "began estimate_missed",
        "began protection_ended",
    ]


HELD = a_parcel("customs_hold", "2026-05-10 10:00")
THROUGH = a_parcel("in_transit", "2026-05-12 10:00")


def test_good_news_is_told_to_who_was_worried() -> None:
    store = Store()
    assert spoken(look(store, facts(an_order(), HELD), at("2026-05-10 10:00"))) == ["began customs_hold held"]
    assert spoken(look(store, facts(an_order(), THROUGH), at("2026-05-12 10:00"))) == ["over customs_hold"]
    (alert,) = store.alerts.values()
    assert (alert.state, alert.told_level) == (AlertState.RESOLVED, -1)


def test_good_news_is_not_lost_to_what_no_phone_hears() -> None:
    store, held = Store(), facts(an_order(), HELD)
    look(store, held, at("2026-05-10 10:00"))
    assert spoken(look(store, held, at("2026-05-14 09:00"))) == ["began dispute_openable problem"]
    freed = facts(an_order(), a_parcel("in_transit", "2026-05-15 10:00"))
    assert spoken(look(store, freed, at("2026-05-15 10:00"))) == [
        "began dispute_openable open",
        "over customs_hold",
    ]


def test_what_comes_back_after_its_end_was_told_is_told_again() -> None:
    store, held = Store(), facts(an_order(), HELD)
    look(store, held, at("2026-05-10 10:00"))
    look(store, facts(an_order(), THROUGH), at("2026-05-12 10:00"))
    assert spoken(look(store, held, at("2026-05-12 12:00"))) == ["came back customs_hold held"]


def test_what_comes_back_after_a_silent_end_stays_silent() -> None:
    store, known = Store(), facts(an_order())
    look(store, known, at("2026-06-18 09:00"))
    opened = recorded("2026-06-19 10:00 dispute-opened")
    assert spoken(look(store, replace(known, case=opened), at("2026-06-19 10:00"))) == []
    undone = look(store, known, at("2026-06-19 11:00"))
    assert spoken(undone) == []
    assert silent(undone) == [
        "came back dispute_openable open",
        "came back estimate_missed",
        "came back protection_ending 14d",
    ]


def test_what_comes_back_worse_speaks() -> None:
    store, known = Store(), facts(an_order())
    look(store, known, at("2026-06-18 09:00"))
    look(store, replace(known, case=recorded("2026-06-19 10:00 dispute-opened")), at("2026-06-19 10:00"))
    assert spoken(look(store, known, at("2026-06-30 09:00"))) == ["came back protection_ending 3d"]


ENDS_WITH_PHASE = [
    (Phase.SHIPPED, ["over customs_hold"]),
    (Phase.DISPUTED, ["over customs_hold"]),
    (None, ["over customs_hold"]),
    (Phase.DELIVERED, []),
    (Phase.FINISHED, []),
]


@pytest.mark.parametrize(("phase", "said"), ENDS_WITH_PHASE)
def test_the_end_of_a_hold_is_no_news_once_it_is_delivered(phase: Phase | None, said: list[str]) -> None:
    store, now = Store(), at("2026-05-12 10:00")
    look(store, facts(an_order(), HELD), at("2026-05-10 10:00"))
    assert spoken(reconcile({}, store.alerts, now, phase=phase, days=IN_MADRID)) == said


def test_news_of_the_same_pass_tells_the_end() -> None:
    store = Store()
    look(store, facts(an_order(), HELD), at("2026-05-10 10:00"))
    intents = look(
        store, facts(an_order(), a_parcel("returning", "2026-05-12 10:00")), at("2026-05-12 10:00")
    )
    assert spoken(intents) == ["began returning"]
    assert silent(intents) == ["over customs_hold"]


def test_that_one_source_works_again_is_told_though_another_fails() -> None:
    """What concerns us is no story of one order: each source and channel has its own."""
    store = Store()
    since, later = at("2026-05-20 18:00"), at("2026-05-22 18:00")

    def sources(*health: SourceHealth) -> dict[Key, Moment]:
        moments = [moment for known in health for moment in source_blind(known, ALIEXPRESS, IN_MADRID)]
        return current(moments, later)

    store.apply(reconcile(sources(SourceHealth("files", since, since)), {}, later, days=IN_MADRID), later)
    works, fails = SourceHealth("files", later), SourceHealth("post", since, since)
    assert spoken(reconcile(sources(works, fails), store.alerts, later, days=IN_MADRID)) == [
        "began source_blind",
        "over source_blind",
    ]


def test_a_second_hold_replaces_the_first_without_its_end_being_told() -> None:
    store = Store()
    look(store, facts(an_order(), HELD), at("2026-05-10 10:00"))
    again = a_parcel("customs_hold", "2026-05-12 10:00")
    intents = look(store, facts(an_order(), again), at("2026-05-12 10:00"))
    assert spoken(intents) == ["began customs_hold held"]
    assert silent(intents) == ["over customs_hold"]


def test_what_nobody_was_told_of_ends_in_silence() -> None:
    store, now = Store(), at("2026-05-10 10:00")
    look(store, facts(an_order(), HELD), now)
    (alert,) = store.alerts.values()
    untold = {alert.key: replace(alert, told_level=-1)}
    assert spoken(reconcile({}, untold, now, phase=Phase.SHIPPED, days=IN_MADRID)) == []


def test_a_deadline_that_passed_is_no_good_news() -> None:
    store = Store()
    look(store, facts(an_order(), HELD), at("2026-07-02 10:00"))
    through = a_parcel("in_transit", "2026-07-02 20:00")
    intents = look(store, facts(an_order(), through), at("2026-07-03 00:00"))
    assert sorted(in_words(i) for i in intents if isinstance(i, Resolve)) == [
        "deadline passed customs_hold",
        "deadline passed dispute_openable",
        "deadline passed protection_ending",
    ]
    assert spoken(intents) == []
    states = {alert.key.rule: alert.state for alert in store.alerts.values()}
    assert states["protection_ending"] is AlertState.EXPIRED
    assert states["estimate_missed"] is AlertState.OPEN


@pytest.mark.parametrize(
    ("now", "state"),
    [("2026-07-02 23:59:59", AlertState.RESOLVED), ("2026-07-03 00:00", AlertState.EXPIRED)],
)
def test_the_second_a_deadline_passes(now: str, state: AlertState) -> None:
    store = Store()
    look(store, facts(an_order()), at("2026-07-02 10:00"))
    look(store, facts(an_order(), case=recorded("2026-07-02 11:00 dispute-opened")), at(now))
    assert {a.state for a in store.alerts.values() if a.key.rule == "protection_ending"} == {state}


def test_a_deadline_that_moves_is_kept_in_step_without_a_word() -> None:
    store = Store()
    look(store, facts(an_order(), HELD), at("2026-05-10 10:00"))
    extended = facts(an_order(protection_until="2026-08-01"), HELD)
    intents = look(store, extended, at("2026-05-11 10:00"))
    assert [type(intent) for intent in intents] == [Amend]
    assert silent(intents) == ["changed customs_hold held"]
    (alert,) = store.alerts.values()
    assert (alert.deadline, alert.act_by) == (at("2026-08-02 00:00"), at("2026-08-01 12:00"))


def test_blindness_is_said_daily_until_it_works() -> None:
    store = Store()
    health = SourceHealth("files", at("2026-05-20 18:00"), at("2026-05-20 22:00"), "the folder is gone")

    def hour(now: str) -> list[str]:
        known = health if now < "2026-05-24 12:00" else SourceHealth("files", at("2026-05-24 12:00"))
        moments = list(source_blind(known, ALIEXPRESS, IN_MADRID))
        intents = reconcile(current(moments, at(now)), store.alerts, at(now), days=IN_MADRID)
        store.apply(intents, at(now))
        return spoken(intents)

    assert hour("2026-05-21 17:59:59") == []
    assert hour("2026-05-21 18:00") == ["began source_blind"]
    assert hour("2026-05-22 17:59:59") == []
    assert hour("2026-05-22 18:00") == ["still true source_blind"]
    assert hour("2026-05-22 18:00:01") == []
    assert hour("2026-05-23 18:00") == ["still true source_blind"]
    assert hour("2026-05-24 12:00") == ["over source_blind"]
    assert hour("2026-05-24 12:01") == []


@pytest.mark.parametrize("state", [AlertState.ACKNOWLEDGED, AlertState.SNOOZED])
def test_an_acknowledgement_stops_repeats_and_no_stage(state: AlertState) -> None:
    store = Store()
    moments = list(
        source_blind(
            SourceHealth("files", at("2026-05-20 18:00"), at("2026-05-20 22:00")), ALIEXPRESS, IN_MADRID
        )
    )
    for now in ("2026-05-21 18:00", "2026-05-22 18:00"):
        intents = reconcile(current(moments, at(now)), store.alerts, at(now), days=IN_MADRID)
        store.apply(intents, at(now))
        assert len(spoken(intents)) == (1 if now < "2026-05-22" else 0)
        store.mark("source_blind", state)
    known = facts(an_order())
    look(store := Store(), known, at("2026-06-18 09:00"))
    store.mark("protection_ending", state)
    assert spoken(look(store, known, at("2026-07-01 09:00"))) == ["worsened protection_ending 1d"]


def the_alert(store: Store, rule: str) -> Alert:
    (alert,) = (alert for key, alert in store.alerts.items() if key.rule == rule)
    return alert


def answered(store: Store, alert: Alert) -> None:
    store.alerts[alert.key] = alert


def test_what_was_put_off_is_said_again_in_its_time() -> None:
    store, known = Store(), facts(an_order())
    look(store, known, at("2026-06-18 09:00"))
    answered(store, snooze(the_alert(store, "protection_ending"), at("2026-06-19 09:00")))
    assert the_alert(store, "protection_ending").state is AlertState.SNOOZED
    assert look(store, known, at("2026-06-19 08:59:59")) == []
    assert spoken(look(store, known, at("2026-06-19 09:00"))) == ["snoozed until now protection_ending 14d"]
    again = the_alert(store, "protection_ending")
    assert (again.state, again.snoozed_until, again.told_at) == (
        AlertState.OPEN,
        None,
        at("2026-06-19 09:00"),
    )
    assert look(store, known, at("2026-06-20 09:00")) == []


def test_what_ended_meanwhile_is_not_said_again() -> None:
    store, held = Store(), facts(an_order(), HELD)
    look(store, held, at("2026-05-10 10:00"))
    answered(store, snooze(the_alert(store, "customs_hold"), at("2026-05-12 09:00")))
    assert spoken(look(store, facts(an_order(), THROUGH), at("2026-05-12 10:00"))) == ["over customs_hold"]
    assert the_alert(store, "customs_hold").snoozed_until is None


@pytest.mark.parametrize("answer", [acknowledge, lambda alert: snooze(alert, at("2026-07-30 09:00"))])
def test_a_higher_stage_waits_for_no_answer(answer: Callable[[Alert], Alert]) -> None:
    store, known = Store(), facts(an_order())
    for now in ("2026-06-18 09:00", "2026-06-25 09:00", "2026-06-29 09:00", "2026-07-01 09:00"):
        assert [said.split()[-2:] for said in spoken(look(store, known, at(now)))][-1][
            0
        ] == "protection_ending"
        answered(store, answer(the_alert(store, "protection_ending")))
    assert the_alert(store, "protection_ending").stage == "1d"


def test_seen_after_it_was_put_off_stays_silent() -> None:
    store, known = Store(), facts(an_order())
    look(store, known, at("2026-06-18 09:00"))
    put_off = snooze(the_alert(store, "protection_ending"), at("2026-06-19 09:00"))
    answered(store, acknowledge(put_off))
    assert look(store, known, at("2026-06-20 09:00")) == []


#: Until when it is wanted, `act_by`, deadline, and until when it is put off at noon of 10 June.
PUT_OFF = [
    ("2026-06-11 09:00", None, None, "2026-06-11 09:00"),
    ("2026-06-11 09:00", "2026-06-11 12:00", "2026-06-12 00:00", "2026-06-11 09:00"),
    ("2026-06-11 09:00", "2026-06-11 11:00", "2026-06-12 00:00", "2026-06-11 09:00"),
    ("2026-06-11 09:00", "2026-06-11 10:59", "2026-06-12 00:00", "2026-06-11 08:59"),
    ("2026-06-11 09:00", "2026-06-10 20:00", "2026-06-11 08:00", "2026-06-10 18:00"),
    ("2026-06-11 09:00", "2026-06-10 13:00", "2026-06-11 01:00", "2026-06-10 23:00"),
    ("2026-06-11 09:00", "2026-06-10 13:00", "2026-06-10 14:00", None),
    ("2026-06-11 09:00", "2026-06-10 11:00", "2026-06-10 23:00", "2026-06-10 21:00"),
    ("2026-06-11 09:00", None, "2026-06-10 13:59", None),
    ("2026-06-11 09:00", "2026-06-09 12:00", "2026-06-10 00:00", "2026-06-11 09:00"),
]


@pytest.mark.parametrize(("wanted", "act_by", "deadline", "until"), PUT_OFF)
def test_a_snooze_leaves_time_to_act(
    wanted: str, act_by: str | None, deadline: str | None, until: str | None
) -> None:
    look(store := Store(), facts(an_order()), at("2026-06-18 09:00"))
    alert = the_alert(store, "protection_ending")
    alert = replace(alert, act_by=maybe_at(act_by), deadline=maybe_at(deadline))
    assert snooze_end(alert, at(wanted), at("2026-06-10 12:00")) == maybe_at(until)


def maybe_at(text: str | None) -> datetime | None:
    return None if text is None else at(text)


NOT_FOUND = facts(an_order(), a_parcel("not_found"))


def test_our_own_blindness_is_no_silence_of_the_carrier() -> None:
    store = Store()
    assert spoken(look(store, NOT_FOUND, at("2026-05-14 09:00"), blind=["files"])) == []
    assert spoken(look(store, NOT_FOUND, at("2026-05-15 09:00"), blind=["post"])) == [
        "began dispute_openable problem"
    ]


def test_blindness_ends_nothing_that_was_said_before() -> None:
    store, known = Store(), facts(an_order(), a_parcel("in_transit", "2026-04-20 10:00"))
    now = at("2026-05-12 10:00")
    assert spoken(look(store, known, now)) == ["began tracking_stalled"]
    assert look(store, known, now, blind=["files"]) == []


def test_every_deadline_speaks_while_all_sources_are_blind() -> None:
    store = Store()
    for now in ("2026-05-14 09:00", "2026-06-18 09:00", "2026-07-01 09:00"):
        look(store, NOT_FOUND, at(now), blind=["files"])
    assert {key.rule for key in store.alerts} == {"estimate_missed", "protection_ending"}


def test_blindness_holds_back_what_had_ended_before() -> None:
    known = facts(an_order(), a_parcel("in_transit", "2026-04-20 10:00"))
    moved = facts(an_order(), a_parcel("in_transit", "2026-05-12 12:00"))
    store = Store()
    look(store, known, at("2026-05-12 10:00"))
    look(store, moved, at("2026-05-12 12:00"))
    assert look(store, known, at("2026-05-12 14:00"), blind=["files"]) == []
    assert spoken(look(store, known, at("2026-05-12 14:00"))) == ["came back tracking_stalled"]


def test_a_higher_stage_that_needs_sight_waits_for_it() -> None:
    now = at("2026-05-12 10:00")
    low = Moment(now, "r", "LP1", Severity.NOTICE, Why("said"), needs_sight="files")
    high = replace(low, level=1, severity=Severity.URGENT)
    store = Store()
    store.apply(reconcile({low.key: low}, {}, now, days=IN_MADRID), now)
    assert reconcile({high.key: high}, store.alerts, now, blind=["files"], days=IN_MADRID) == []
    assert spoken(reconcile({high.key: high}, store.alerts, now, days=IN_MADRID)) == ["worsened r"]


AT_THE_POINT = a_parcel("available_for_pickup", "2026-05-18 13:00", number="LP1")
ON_THE_VAN = a_parcel("out_for_delivery", "2026-05-18 08:00", number="LP2")
HOME = Place(city="Madrid", postal_code="28013", country="ES")
ELSEWHERE = a_parcel("delivered", "2026-05-12 10:00", place=Place(city="Vigo"))
SLIP = Slip(at("2026-05-13 09:00"), day("2026-05-10"), day("2026-05-12"))
CANCELLED = recorded("2026-05-20 10:00 dispute-opened", "2026-06-18 09:00 dispute-cancelled")
CANCELLED_LATE = recorded("2026-05-20 10:00 dispute-opened", "2026-07-01 09:00 dispute-cancelled")

ONE_VOICE = [
    # the facts, the time, what speaks, what is told by it
    (
        "at the pickup point",
        facts(an_order(shipped_on="2026-05-10"), AT_THE_POINT),
        "2026-05-18 13:00",
        ["pickup_waiting ready"],
        ["film_unboxing"],
    ),
    (
        "delivered elsewhere",
        facts(an_order(deliver_to=HOME), ELSEWHERE),
        "2026-05-12 10:00",
        ["delivered_elsewhere"],
        ["delivered_unconfirmed delivered"],
    ),
    (
        "the estimate slipped to a day that has passed",
        facts(an_order(), replace(THROUGH, edd=a_parcel(edd="2026-05-12").edd, slips=(SLIP,))),
        "2026-05-13 09:00",
        ["estimate_missed"],
        ["estimate_slipped"],
    ),
    (
        "a dispute was cancelled two weeks before the end",
        facts(an_order(), case=CANCELLED),
        "2026-06-18 09:00",
        ["dispute_rearmed", "estimate_missed"],
        ["dispute_openable open", "protection_ending 14d"],
    ),
    (
        "a dispute was cancelled on the last day but one",
        facts(an_order(estimated_delivery="2026-08-01"), case=CANCELLED_LATE),
        "2026-07-01 09:00",
        ["protection_ending 1d"],
        ["dispute_openable open", "dispute_rearmed"],
    ),
    (
        "day 11 with a problem that begins then",
        NOT_FOUND,
        "2026-05-14 09:00",
        ["dispute_openable problem"],
        ["no_tracking"],
    ),
    (
        "day 11 with two problems, noticed together",
        facts(an_order(), HELD, a_parcel("exception", "2026-05-11 10:00", number="LP2")),
        "2026-05-14 09:00",
        ["dispute_openable problem"],
        ["customs_hold held", "parcel_exception"],
    ),
    (
        "a problem that begins after day 11",
        facts(an_order(), a_parcel("exception", "2026-05-15 10:00")),
        "2026-05-15 10:00",
        ["dispute_openable open", "parcel_exception"],
        [],
    ),
]


@pytest.mark.parametrize(
    ("case", "known", "now", "says", "told"), ONE_VOICE, ids=[case for case, *_ in ONE_VOICE]
)
def test_one_event_one_message(case: str, known: Facts, now: str, says: list[str], told: list[str]) -> None:
    store = Store()
    intents = look(store, known, at(now))
    assert sorted(spoken(intents)) == [f"began {rule}" for rule in says]
    assert sorted(silent(intents)) == [f"began {rule}" for rule in told]
    assert {alert.told_level for alert in store.alerts.values()} <= {0, 1, 2, 3}


def test_two_parcels_are_two_events() -> None:
    """One waits at a shop, the other is on the van: the second must be filmed too."""
    intents = look(Store(), facts(an_order(), AT_THE_POINT, ON_THE_VAN), at("2026-05-18 13:00"))
    assert {(i.moment.rule, i.moment.subject) for i in intents if isinstance(i, Open) and i.speaks} == {
        ("dispute_openable", ORDER),
        ("pickup_waiting", "LP1"),
        ("film_unboxing", "LP2"),
    }


def test_on_day_11_an_older_problem_stays_as_it_is() -> None:
    store, known = Store(), facts(an_order(), HELD)
    assert spoken(look(store, known, at("2026-05-10 10:00"))) == ["began customs_hold held"]
    assert spoken(look(store, known, at("2026-05-14 09:00"))) == ["began dispute_openable problem"]
    (held,) = (alert for alert in store.alerts.values() if alert.key.rule == "customs_hold")
    assert (held.state, held.severity) == (AlertState.OPEN, Severity.WARNING)


def test_a_cancelled_dispute_names_the_days_left_and_the_last_stage_still_comes() -> None:
    store, known = Store(), facts(an_order(), case=CANCELLED)
    look(store, known, at("2026-06-18 09:00"))
    assert spoken(look(store, known, at("2026-06-25 09:00"))) == ["worsened protection_ending 7d"]


# Properties

Step = tuple[datetime, Facts, Collection[str]]
WALKS = st.lists(INSTANTS, min_size=1, max_size=6).map(sorted)
SIGHT = st.sampled_from(((), ("files",), SOURCES))
STATES = st.sampled_from((None, AlertState.ACKNOWLEDGED, AlertState.SNOOZED))


@FEWER
@given(all_facts(), WALKS, SIGHT)
def test_doing_it_and_asking_again_changes_nothing(
    known: Facts, walk: list[datetime], blind: Collection[str]
) -> None:
    store = Store()
    for now in walk:
        look(store, known, now, blind)
        assert look(store, known, now, blind) == []


@FEWER
@given(st.lists(all_facts(), min_size=2, max_size=3), WALKS)
def test_doing_it_and_asking_again_changes_nothing_though_facts_change(
    several: list[Facts], walk: list[datetime]
) -> None:
    store = Store()
    for index, now in enumerate(walk):
        known = several[index % len(several)]
        look(store, known, now)
        assert look(store, known, now) == []


@FEWER
@given(all_facts(), WALKS, STATES)
def test_walking_through_a_timeline_says_each_stage_once_and_never_lowers_one(
    known: Facts, walk: list[datetime], state: AlertState | None
) -> None:
    store, said, moments = Store(), set(), timeline(known)
    for now in walk:
        before = dict(store.alerts)
        intents = look(store, known, now)
        for intent in intents:
            if isinstance(intent, Open | Raise) and intent.speaks:
                stage = (intent.moment.key, intent.moment.level)
                assert stage not in said
                said.add(stage)
        keys = [i.alert.key if isinstance(i, Resolve) else i.moment.key for i in intents]
        assert len(keys) == len(set(keys))  # of several that fell due, one is said
        for key, alert in before.items():
            if alert.state in LASTING and store.alerts[key].state in LASTING:
                assert store.alerts[key].level >= alert.level
        lasting = {key: a.level for key, a in store.alerts.items() if a.state in LASTING}
        assert lasting == {key: moment.level for key, moment in current(moments, now).items()}
        if state is not None:
            for rule in {key.rule for key in store.alerts}:
                store.mark(rule, state)


@FEWER
@given(all_facts(), INSTANTS, SIGHT)
def test_blindness_only_holds_back(known: Facts, now: datetime, blind: Collection[str]) -> None:
    """It begins nothing and ends nothing, and what it held back is said when there is sight."""
    sighted, blinded = Store(), Store()
    look(sighted, known, now)
    look(blinded, known, now, blind)
    held_back = sighted.alerts.keys() - blinded.alerts.keys()
    assert blinded.alerts.keys() <= sighted.alerts.keys()
    moments = current(timeline(known), now)
    assert held_back == {key for key, moment in moments.items() if moment.needs_sight in blind}
    look(blinded, known, now)
    assert levels(blinded.alerts) == levels(sighted.alerts)
    assert look(blinded, known, now, blind) == []


def levels(alerts: Mapping[Key, Alert]) -> dict[Key, tuple[AlertState, int, int]]:
    return {key: (alert.state, alert.level, alert.told_level) for key, alert in alerts.items()}


@FEWER
@given(all_facts(), INSTANTS)
def test_what_is_silent_is_told_by_something_louder(known: Facts, now: datetime) -> None:
    """Of what begins, the loudest always speaks: silence is only for what somebody else tells."""
    begun = [intent for intent in look(Store(), known, now) if isinstance(intent, Open)]
    if begun:
        assert any(intent.speaks for intent in begun)
        assert max(i.moment.severity.rank for i in begun if i.speaks) == max(
            i.moment.severity.rank for i in begun
        )
