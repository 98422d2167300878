"""What holds for any journal that `record` accepts, whatever sense it makes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import LASTING
from monitor.core.case import (
    JournalEntry,
    Party,
    RecordEvent,
    Remedy,
    missing_before,
    read_case,
    recordable,
    standing,
)
from monitor.core.forecast import forecast
from monitor.core.messages import compose, headline
from monitor.core.moment import Moment
from monitor.core.recorded import answer
from monitor.core.situation import Facts, situation
from monitor.core.texts.languages import CATALOGUES
from monitor.core.timeline import current, next_change, timeline
from tests.monitor.core.facts import ALIEXPRESS
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts, maybe
from tests.monitor.core.walks import Store, look

#: What only a dispute that is open has to say, and what it mutes.
IN_A_DISPUTE = (
    "escalation_available",
    "seller_response_due",
    "seller_silent",
    "becomes_claim",
    "answer_due",
    "mediation_overdue",
    "appeal_possible",
)
WITHOUT_ONE = (
    "dispute_openable",
    "dispute_rearmed",
    "estimate_missed",
    "protection_ending",
    "protection_ended",
    "post_delivery_ending",
    "status_lag",
)
#: Of these steps on the way to the money only one can be the present one.
STEPS = (
    ("seller_response_due", "seller_silent", "becomes_claim", "appeal_possible", "return_due", "refund_due"),
    ("escalation_available", "seller_silent", "becomes_claim", "appeal_possible", "return_due", "refund_due"),
    ("mediation_overdue", "appeal_possible", "return_due", "refund_due"),
)
#: Two alerts that may never be open at once.
CONTRADICTIONS = {frozenset((one, other)) for one in IN_A_DISPUTE for other in WITHOUT_ONE} | {
    frozenset(pair) for steps in STEPS for pair in combinations(steps, 2)
}


@st.composite
def accepted(draw: st.DrawFn, most: int = 10) -> list[JournalEntry]:
    """A journal as `record` lets it grow: mostly from one time to the next, sometimes with an earlier one."""
    journal: list[JournalEntry] = []
    for _ in range(draw(st.integers(0, most))):
        journal.append(draw(one_more(journal)))
    return journal


@st.composite
def one_more(draw: st.DrawFn, journal: list[JournalEntry]) -> JournalEntry:
    """Another line that `record` accepts after these."""
    case = read_case(journal)
    possible = [event for event in RecordEvent if missing_before(case, event) is None]
    if not standing(journal):
        possible.remove(RecordEvent.UNDO)
    event = draw(st.sampled_from(possible))
    latest = max((entry.at for entry in journal), default=draw(INSTANTS))
    at = latest + timedelta(hours=draw(st.integers(0, 24 * 20) | st.just(-30 * 24)))
    dispute = case.dispute
    if dispute is not None:
        ended = dispute.cancelled_at or dispute.settled_at or dispute.decided_at or dispute.opened_at
        at = max(at, ended if event is RecordEvent.DISPUTE_OPENED else dispute.opened_at)
    due = draw(maybe(st.integers(1, 400).map(lambda hours: at + timedelta(hours=hours))))
    waiting = [it.what for it in case.open_dispute.waiting] if case.open_dispute else []
    return JournalEntry(
        event,
        at,
        reason=draw(st.sampled_from([*ALIEXPRESS.reasons])) if event is RecordEvent.DISPUTE_OPENED else None,
        due=due,
        in_favour_of=draw(st.sampled_from(Party)) if event is RecordEvent.DECISION else None,
        number="RR1" if event is RecordEvent.RETURN_SHIPPED else None,
        to=draw(st.sampled_from(waiting)) if event is RecordEvent.ANSWERED else None,
        on=draw(maybe(st.sampled_from(Remedy))) if event is RecordEvent.AGREED else None,
        carrier=draw(st.sampled_from((None, "Correos", "CTT", "GLS"))),
    )


def with_journal(known: Facts, journal: Iterable[JournalEntry]) -> Facts:
    return replace(known, case=read_case(journal))


def contradictions(rules: Iterable[str]) -> list[set[str]]:
    return [set(pair) for pair in combinations(sorted(set(rules)), 2) if frozenset(pair) in CONTRADICTIONS]


@FEWER
@given(all_facts(), accepted())
def test_no_two_alerts_that_contradict_each_other_are_ever_open(
    known: Facts, journal: list[JournalEntry]
) -> None:
    """The service looks whenever something changes, and after each line that was recorded."""
    store, given_ = Store(), with_journal(known, journal)
    moments = timeline(given_)
    now: datetime | None = min((moment.at for moment in moments), default=None)
    while now is not None:
        look(store, given_, now)
        opened = [key.rule for key, alert in store.alerts.items() if alert.state in LASTING]
        assert contradictions(opened) == []
        now = next_change(moments, now)


@FEWER
@given(all_facts(), accepted(), st.data())
def test_what_is_recorded_changes_nothing_before_it(
    known: Facts, journal: list[JournalEntry], data: st.DataObject
) -> None:
    entry = data.draw(one_more(journal).filter(lambda entry: entry.event is not RecordEvent.UNDO))
    before, after = (timeline(with_journal(known, lines)) for lines in (journal, [*journal, entry]))
    known_before = {beginning(moment) for moment in before}
    assert [
        moment for moment in after if beginning(moment) not in known_before and moment.at < entry.at
    ] == []
    for now in {moment.at for moment in (*before, *after)} | {entry.at - timedelta(seconds=1)}:
        if now < entry.at:
            assert true_at(before, now) == true_at(after, now)


def beginning(moment: Moment) -> tuple[object, ...]:
    return moment.key, moment.stage, moment.at


def true_at(moments: Iterable[Moment], now: datetime) -> set[tuple[object, ...]]:
    return {(moment.key, moment.stage, moment.severity) for moment in current(moments, now).values()}


@FEWER
@given(all_facts(), accepted(), st.data())
def test_undo_restores_the_case_and_the_timeline(
    known: Facts, journal: list[JournalEntry], data: st.DataObject
) -> None:
    entry = data.draw(one_more(journal).filter(lambda entry: entry.event is not RecordEvent.UNDO))
    undone = [*journal, entry, JournalEntry(RecordEvent.UNDO, data.draw(INSTANTS))]
    assert read_case(undone) == read_case(journal)
    assert read_case(undone).past == read_case(journal).past
    assert timeline(with_journal(known, undone)) == timeline(with_journal(known, journal))


@FEWER
@given(all_facts(), accepted(), INSTANTS, st.sampled_from([*CATALOGUES.values()]))
def test_whatever_was_recorded_everything_can_be_told(
    known: Facts, journal: list[JournalEntry], now: datetime, texts: object
) -> None:
    """Each moment of it when it begins, what is true now, what follows, and the answer to each line."""
    catalogue = next(it for it in CATALOGUES.values() if it is texts)
    s = situation(with_journal(known, journal))
    for moment in timeline(s.facts):
        assert compose(moment, s, moment.at, catalogue, look={}).body
    for moment in current(timeline(s.facts), now).values():
        assert headline(moment, s, now, catalogue)
    for said in forecast(s, {}, now, now + timedelta(days=400)):
        assert compose(said.moment, s, said.at, catalogue, look={}).title
    for index, entry in enumerate(journal):
        before, then = read_case(journal[:index]), situation(with_journal(known, journal[: index + 1]))
        for line in answer(entry, before, then, max(now, entry.at), catalogue):
            assert line
            assert "{" not in line


@FEWER
@given(accepted())
def test_what_is_offered_to_record_can_be_recorded(journal: list[JournalEntry]) -> None:
    case = read_case(journal)
    assert [event for event in recordable(case) if missing_before(case, event) is not None] == []
    assert RecordEvent.UNDO in recordable(case) or not case.past
