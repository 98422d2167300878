"""What the buyer recorded, folded from a journal that only grows."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.case import (
    Case,
    Dispute,
    JournalEntry,
    Party,
    RecordEvent,
    Remedy,
    Waiting,
    missing_before,
    read_case,
    recordable,
    standing,
)
from monitor.core.situation import Facts
from monitor.core.timeline import current, timeline
from tests.monitor.core.facts import an_entry, at, recorded
from tests.monitor.core.strategies import FEWER, INSTANTS, UNDOABLE, all_facts, entries, journals

OPENED = "2026-05-20 10:00 dispute-opened reason=not_received"
DISPUTE = Dispute(at("2026-05-20 10:00"), "not_received")
LATER = "2026-05-25 12:00"
THEN = at(LATER)
DUE = at("2026-05-27 18:00")

ORDERS = [
    ("received", Case(received_at=THEN)),
    ("all-fine", Case(received_at=THEN, fine_at=THEN)),
    ("dispute-opened", Case(dispute=Dispute(THEN))),
    ("dispute-opened reason=quality", Case(dispute=Dispute(THEN, "quality"))),
    ("dispute-opened due=2026-05-27T18:00", Case(dispute=Dispute(THEN, seller_due=DUE))),
    (
        "dispute-opened reason=duplicate_charge",
        Case(dispute=Dispute(THEN, "duplicate_charge"), charged_twice_at=THEN),
    ),
    ("return-approved", Case(return_approved_at=THEN)),
    (
        "return-approved carrier=Correos due=2026-05-27T18:00",
        Case(return_approved_at=THEN, return_carrier="Correos", return_due=DUE),
    ),
    ("return-shipped number=RR1", Case(return_shipped_at=THEN, return_number="RR1")),
    ("refund-issued amount=41.90", Case(refund_issued_at=THEN, refund_amount="41.90")),
    ("refund-received", Case(refund_received_at=THEN)),
    ("charged-twice", Case(charged_twice_at=THEN)),
    ("no-button", Case(no_button_at=THEN)),
    ("closed", Case(closed_at=THEN)),
    ("undo", Case()),
    # about a dispute that was never opened
    *((f"{event}", Case()) for event in ("seller-answered", "offer", "request", "answered", "agreed")),
    *((f"{event}", Case()) for event in ("dispute-cancelled", "claim", "decision", "appealed")),
]


@pytest.mark.parametrize(("event", "case"), ORDERS)
def test_what_a_first_entry_says(event: str, case: Case) -> None:
    assert recorded(f"{LATER} {event}") == case


DISPUTES: list[tuple[str, dict[str, Any]]] = [
    ("seller-answered", {"seller_answered_at": THEN}),
    ("offer", {"seller_answered_at": THEN, "offer": Waiting(RecordEvent.OFFER, THEN, None)}),
    (
        "offer due=2026-05-27T18:00",
        {"seller_answered_at": THEN, "offer": Waiting(RecordEvent.OFFER, THEN, DUE)},
    ),
    (
        "offer amount=20",
        {"seller_answered_at": THEN, "offer": Waiting(RecordEvent.OFFER, THEN, None, "20")},
    ),
    ("request", {"request": Waiting(RecordEvent.REQUEST, THEN, None)}),
    ("request due=2026-05-27T18:00", {"request": Waiting(RecordEvent.REQUEST, THEN, DUE)}),
    ("answered", {}),
    ("agreed", {"seller_answered_at": THEN, "agreed_at": THEN, "agreed_on": Remedy.REFUND}),
    (
        "agreed on=replacement",
        {"seller_answered_at": THEN, "agreed_at": THEN, "agreed_on": Remedy.REPLACEMENT},
    ),
    ("claim", {"claim_at": THEN}),
    ("decision in_favour_of=buyer", {"decided_at": THEN, "in_favour_of": Party.BUYER}),
    ("decision in_favour_of=seller", {"decided_at": THEN, "in_favour_of": Party.SELLER}),
    (
        "decision in_favour_of=seller due=2026-05-27T18:00",
        {"decided_at": THEN, "in_favour_of": Party.SELLER, "appeal_due": DUE},
    ),
    ("appealed", {"appealed_at": THEN}),
    ("dispute-cancelled", {"cancelled_at": THEN}),
]


@pytest.mark.parametrize(("event", "changes"), DISPUTES)
def test_what_an_entry_says_of_an_open_dispute(event: str, changes: dict[str, Any]) -> None:
    assert recorded(OPENED, f"{LATER} {event}") == Case(dispute=replace(DISPUTE, **changes))


@pytest.mark.parametrize("event", ["answered", "agreed", "decision", "dispute-cancelled"])
def test_what_ends_the_waiting(event: str) -> None:
    case = recorded(OPENED, "2026-05-22 10:00 request", f"{LATER} {event}")
    assert case.dispute is not None
    assert case.dispute.waiting == ()


@pytest.mark.parametrize("event", ["seller-answered", "claim", "appealed", "received", "no-button"])
def test_what_does_not(event: str) -> None:
    case = recorded(OPENED, "2026-05-22 10:00 request", f"{LATER} {event}")
    assert case.dispute is not None
    assert case.dispute.waiting == (Waiting(RecordEvent.REQUEST, at("2026-05-22 10:00"), None),)


def test_the_sellers_first_answer_counts() -> None:
    for second in ("seller-answered", "offer"):
        case = recorded(OPENED, "2026-05-22 10:00 seller-answered", f"{LATER} {second}")
        assert case.dispute is not None
        assert case.dispute.seller_answered_at == at("2026-05-22 10:00")


def test_what_was_received_before_it_was_fine_stays_received_then() -> None:
    case = recorded("2026-05-20 10:00 received", f"{LATER} all-fine")
    assert (case.received_at, case.fine_at) == (at("2026-05-20 10:00"), THEN)


def test_a_dispute_takes_fine_back() -> None:
    case = recorded("2026-05-20 10:00 all-fine", f"{LATER} dispute-opened")
    assert case == Case(received_at=at("2026-05-20 10:00"), dispute=Dispute(THEN))


def test_a_dispute_that_was_cancelled_is_remembered_and_a_new_one_takes_its_place() -> None:
    cancelled = recorded(OPENED, f"{LATER} dispute-cancelled")
    assert cancelled.dispute == replace(DISPUTE, cancelled_at=THEN)
    assert cancelled.open_dispute is None
    again = recorded(OPENED, f"{LATER} dispute-cancelled", "2026-06-01 10:00 dispute-opened")
    assert again.open_dispute == Dispute(at("2026-06-01 10:00"))


def test_a_decision_does_not_end_a_dispute() -> None:
    assert recorded(OPENED, f"{LATER} decision in_favour_of=seller").open_dispute is not None


ENDS = [
    ((), None),
    (("2026-05-20 10:00 received",), None),
    (("2026-05-20 10:00 all-fine",), "2026-05-20 10:00"),
    (("2026-05-20 10:00 closed",), "2026-05-20 10:00"),
    (("2026-05-20 10:00 refund-received",), "2026-05-20 10:00"),
    (("2026-05-20 10:00 refund-issued",), None),
    (("2026-05-20 10:00 dispute-opened", "2026-05-21 10:00 all-fine"), None),
    (("2026-05-20 10:00 dispute-opened", "2026-05-21 10:00 closed"), "2026-05-21 10:00"),
    (("2026-05-20 10:00 dispute-opened", "2026-05-21 10:00 refund-received"), "2026-05-21 10:00"),
    (
        (
            "2026-05-20 10:00 dispute-opened",
            "2026-05-21 10:00 dispute-cancelled",
            "2026-05-22 10:00 all-fine",
        ),
        "2026-05-22 10:00",
    ),
    (("2026-05-20 10:00 charged-twice", "2026-05-21 10:00 all-fine"), None),
    (
        (
            "2026-05-20 10:00 charged-twice",
            "2026-05-21 10:00 all-fine",
            "2026-05-22 10:00 refund-received",
        ),
        "2026-05-22 10:00",
    ),
    (("2026-05-20 10:00 refund-received", "2026-05-21 10:00 dispute-opened"), None),
    (("2026-05-20 10:00 closed", "2026-05-21 10:00 dispute-opened"), None),
    # Money that is to come.
    (("2026-05-20 10:00 refund-issued", "2026-05-21 10:00 all-fine"), None),
    (("2026-05-20 10:00 return-approved", "2026-05-21 10:00 all-fine"), None),
    (("2026-05-20 10:00 return-approved", "2026-05-21 10:00 closed"), "2026-05-21 10:00"),
    *(
        ((f"2026-05-20 10:00 {end}", f"2026-05-21 10:00 {owed}"), None)
        for end in ("closed", "refund-received")
        for owed in ("charged-twice", "refund-issued", "return-approved")
    ),
    # What is only noted late was over all the same.
    (("2026-05-20 10:00 refund-received", "2026-05-20 10:00 refund-issued"), "2026-05-20 10:00"),
    (("2026-05-20 10:00 closed", "2026-05-19 10:00 charged-twice"), "2026-05-20 10:00"),
]


@pytest.mark.parametrize(("journal", "ended"), ENDS)
def test_when_nothing_more_is_to_be_done(journal: tuple[str, ...], ended: str | None) -> None:
    assert recorded(*journal).ended_at == (at(ended) if ended else None)


def dispute_after(*entries: str) -> Dispute:
    """The dispute as it is after these entries, which follow its opening."""
    case = recorded(OPENED, *entries)
    assert case.dispute is not None
    return case.dispute


OFFER = "2026-05-21 10:00 offer due=2026-05-23T10:00"
REQUEST = "2026-05-22 10:00 request due=2026-05-24T10:00"
ASKED = [
    ("both wait", (OFFER, REQUEST), ["offer", "request"]),
    ("one is answered", (OFFER, REQUEST, f"{LATER} answered to=offer"), ["request"]),
    ("the other is", (OFFER, REQUEST, f"{LATER} answered to=request"), ["offer"]),
    ("both are", (OFFER, REQUEST, f"{LATER} answered to=offer", f"{LATER} answered to=request"), []),
    ("answered, as it was written before two could wait", (OFFER, REQUEST, f"{LATER} answered"), []),
    ("asked again after the answer", (REQUEST, f"{LATER} answered", "2026-05-26 10:00 request"), ["request"]),
]


@pytest.mark.parametrize(("because", "entries_", "waits"), ASKED, ids=[case for case, *_ in ASKED])
def test_an_offer_and_a_request_wait_side_by_side(
    because: str, entries_: tuple[str, ...], waits: list[str]
) -> None:
    assert [waiting.what for waiting in dispute_after(*entries_).waiting] == waits


def test_a_new_offer_takes_the_place_of_the_old_one() -> None:
    newer = dispute_after(OFFER, "2026-05-22 10:00 offer due=2026-05-27T18:00")
    assert newer.offer == Waiting(RecordEvent.OFFER, at("2026-05-22 10:00"), DUE)


@pytest.mark.parametrize("event", ["claim", "offer"])
def test_what_voids_an_agreement(event: str) -> None:
    voided = dispute_after("2026-05-22 10:00 agreed", f"{LATER} {event}")
    assert (voided.agreed_at, voided.agreed_on) == (None, None)


def test_a_decision_after_an_appeal_is_another_one() -> None:
    first = dispute_after("2026-05-22 10:00 decision in_favour_of=seller", "2026-05-23 10:00 appealed")
    assert (first.appealed_at, first.appealed_before) == (at("2026-05-23 10:00"), False)
    second = dispute_after(
        "2026-05-22 10:00 decision in_favour_of=seller",
        "2026-05-23 10:00 appealed",
        f"{LATER} decision in_favour_of=seller",
    )
    assert (second.decided_at, second.appealed_at, second.appealed_before) == (THEN, None, True)


def test_the_first_receipt_counts_whenever_it_is_recorded() -> None:
    assert recorded(f"{LATER} received", "2026-05-20 10:00 received").received_at == at("2026-05-20 10:00")
    assert recorded("2026-05-20 10:00 received", f"{LATER} received").received_at == at("2026-05-20 10:00")


RETURN = "2026-05-22 10:00 return-approved carrier=Correos due=2026-05-27T18:00"


def test_a_cancelled_dispute_voids_a_return_that_was_not_sent() -> None:
    voided = recorded(OPENED, RETURN, f"{LATER} dispute-cancelled")
    assert (voided.return_approved_at, voided.return_due, voided.return_carrier) == (None, None, None)
    sent = recorded(
        OPENED, RETURN, "2026-05-23 10:00 return-shipped number=RR1", f"{LATER} dispute-cancelled"
    )
    assert sent.return_approved_at == at("2026-05-22 10:00")


def test_a_return_that_is_approved_again_begins_anew() -> None:
    again = recorded(OPENED, RETURN, "2026-05-23 10:00 return-shipped number=RR1", f"{LATER} return-approved")
    assert again == Case(dispute=DISPUTE, return_approved_at=THEN)


CHARGED = "2026-05-18 10:00 charged-twice"
ABOUT_IT = "2026-05-20 10:00 dispute-opened reason=duplicate_charge"
SECOND_PAYMENTS = [
    ("without a dispute", (CHARGED, f"{LATER} refund-received"), THEN, None, True),
    ("with a dispute about it", (CHARGED, ABOUT_IT, f"{LATER} refund-received"), THEN, None, False),
    (
        "with a dispute that was all that was said of it",
        (ABOUT_IT, f"{LATER} refund-received"),
        THEN,
        None,
        False,
    ),
    (
        "with a dispute about the goods: theirs first",
        (CHARGED, OPENED, f"{LATER} refund-received"),
        None,
        THEN,
        False,
    ),
    (
        "then its own",
        (CHARGED, OPENED, "2026-05-22 10:00 refund-received", f"{LATER} refund-received"),
        THEN,
        at("2026-05-22 10:00"),
        False,
    ),
]


@pytest.mark.parametrize(
    ("because", "journal", "charge_back", "goods_back", "no_dispute"),
    SECOND_PAYMENTS,
    ids=[case for case, *_ in SECOND_PAYMENTS],
)
def test_a_second_payment_is_a_matter_of_its_own(
    because: str,
    journal: tuple[str, ...],
    charge_back: datetime | None,
    goods_back: datetime | None,
    no_dispute: bool,
) -> None:
    case = recorded(*journal)
    assert (case.charge_back_at, case.refund_received_at) == (charge_back, goods_back)
    assert case.open_dispute is None
    assert (case.dispute is None) is no_dispute
    ended = goods_back if goods_back is not None and not case.second_charge else None
    assert case.ended_at == ended


def test_who_is_charged_twice_once_more_after_the_money_was_back() -> None:
    again = recorded(CHARGED, "2026-05-20 10:00 refund-received", f"{LATER} charged-twice")
    assert (again.charged_twice_at, again.second_charge) == (THEN, True)
    assert recorded(CHARGED, f"{LATER} charged-twice").charged_twice_at == at("2026-05-18 10:00")


def test_a_replacement_that_is_fine_ends_the_dispute_about_it() -> None:
    fine = recorded(OPENED, "2026-05-22 10:00 agreed on=replacement", f"{LATER} all-fine")
    assert (fine.open_dispute, fine.ended_at) == (None, THEN)
    refund = recorded(OPENED, "2026-05-22 10:00 agreed", f"{LATER} all-fine")
    assert (refund.open_dispute is None, refund.ended_at) == (False, None)


def test_a_dispute_shows_that_there_is_a_button() -> None:
    assert recorded("2026-05-18 10:00 no-button", OPENED).no_button_at is None
    assert recorded(OPENED, f"{LATER} no-button").no_button_at is None


# Each entry counts from its own time on.


def test_what_was_known_then() -> None:
    case = recorded("2026-05-18 10:00 received", OPENED, f"{LATER} decision in_favour_of=buyer")
    assert case.as_of(at("2026-05-18 09:59:59")) == Case()
    assert case.as_of(at("2026-05-18 10:00")) == Case(received_at=at("2026-05-18 10:00"))
    assert case.as_of(at("2026-05-20 10:00")).dispute == DISPUTE
    assert case.as_of(THEN) is case


def test_what_is_recorded_with_an_earlier_time_counts_from_then() -> None:
    case = recorded(OPENED, "2026-05-10 10:00 received")
    assert [past.until for past in case.past] == [at("2026-05-10 10:00"), at("2026-05-20 10:00")]
    assert case == recorded("2026-05-10 10:00 received", OPENED)


def test_within_a_day_the_order_in_which_things_were_recorded_counts() -> None:
    """`--at 2026-05-22` is the 00:00 of the day on which the request came at ten."""
    case = recorded(OPENED, "2026-05-22 10:00 request", "2026-05-22 00:00 answered to=request")
    assert case.dispute is not None
    assert case.dispute.waiting == ()
    assert case.past[-1].until == at("2026-05-22 10:00")


def test_a_day_alone_may_lie_before_the_hour_of_the_opening() -> None:
    same_day = recorded(OPENED, "2026-05-20 00:00 seller-answered")
    assert same_day.dispute is not None
    assert same_day.dispute.seller_answered_at == at("2026-05-20 10:00")


def test_what_lies_in_the_future_by_mistake_does_not_hold_up_the_rest() -> None:
    case = recorded("2027-05-20 10:00 received", OPENED, f"{LATER} claim")
    then = case.as_of(at("2026-06-01 10:00"))
    assert (then.received_at, then.dispute) == (None, replace(DISPUTE, claim_at=THEN))


RECORDABLE = [
    ((), "received all-fine dispute-opened charged-twice no-button refund-issued refund-received closed"),
    (
        (OPENED,),
        (
            "received all-fine seller-answered offer request agreed dispute-cancelled claim decision return-approved"
            " refund-issued refund-received charged-twice closed undo"
        ),
    ),
    (("2026-05-18 10:00 received", OPENED, OFFER), None),
    ((f"{LATER} closed",), "dispute-opened undo"),
]


@pytest.mark.parametrize(("journal", "events"), RECORDABLE)
def test_what_can_be_recorded_now(journal: tuple[str, ...], events: str | None) -> None:
    found = recordable(recorded(*journal))
    if events is None:
        assert RecordEvent.ANSWERED in found
        assert RecordEvent.RECEIVED not in found
    else:
        assert sorted(found) == sorted(events.split())


UNDO = "2026-06-01 10:00 undo"

UNDONE = [
    ((UNDO,), ()),
    ((UNDO, UNDO, OPENED), (OPENED,)),
    ((OPENED, UNDO), ()),
    ((OPENED, UNDO, UNDO), ()),
    ((OPENED, f"{LATER} claim", UNDO), (OPENED,)),
    ((OPENED, f"{LATER} claim", UNDO, UNDO), ()),
    ((OPENED, f"{LATER} claim", UNDO, f"{LATER} agreed"), (OPENED, f"{LATER} agreed")),
    ((OPENED, UNDO, f"{LATER} received", f"{LATER} closed", UNDO), (f"{LATER} received",)),
]


@pytest.mark.parametrize(("journal", "stands"), UNDONE)
def test_undo_takes_back_the_latest_that_stands(journal: tuple[str, ...], stands: tuple[str, ...]) -> None:
    assert standing(map(an_entry, journal)) == [an_entry(text) for text in stands]
    assert recorded(*journal) == recorded(*stands)


NO_DISPUTE = "no dispute is open; record dispute-opened first"
NOTHING_WAITS = "nothing waits for an answer; record offer or request first"
NO_DECISION = "there is no decision to appeal; record decision first"
OPEN_ALREADY = "a dispute is open already; record dispute-cancelled or a decision first"

IN_DISPUTE = ("seller-answered", "offer", "request", "agreed", "dispute-cancelled", "claim", "decision")
ALWAYS = (
    *("received", "all-fine", "return-approved", "return-shipped", "refund-issued", "refund-received"),
    *("charged-twice", "no-button", "closed", "undo"),
)
STATES: list[tuple[str, tuple[str, ...], dict[str, str | None]]] = [
    (
        "nothing recorded",
        (),
        {
            "dispute-opened": None,
            "answered": NOTHING_WAITS,
            "appealed": NO_DECISION,
            **dict.fromkeys(IN_DISPUTE, NO_DISPUTE),
        },
    ),
    (
        "open",
        (OPENED,),
        {
            "dispute-opened": OPEN_ALREADY,
            "answered": NOTHING_WAITS,
            "appealed": NO_DECISION,
            **dict.fromkeys(IN_DISPUTE),
        },
    ),
    (
        "asked",
        (OPENED, f"{LATER} request"),
        {"dispute-opened": OPEN_ALREADY, "answered": None, "appealed": NO_DECISION},
    ),
    (
        "decided",
        (OPENED, f"{LATER} decision in_favour_of=seller"),
        {"dispute-opened": None, "appealed": None, "answered": NOTHING_WAITS},
    ),
    (
        "appealed",
        (OPENED, f"{LATER} decision in_favour_of=seller", f"{LATER} appealed"),
        {
            "dispute-opened": None,
            "decision": None,
            "appealed": "an appeal is recorded already; record the decision about it first",
        },
    ),
    (
        "decided again",
        (
            OPENED,
            f"{LATER} decision in_favour_of=seller",
            f"{LATER} appealed",
            f"{LATER} decision in_favour_of=seller",
        ),
        {"appealed": None},
    ),
    (
        "the money is here",
        (OPENED, f"{LATER} refund-received"),
        {"dispute-opened": None, "offer": NO_DISPUTE},
    ),
    ("closed", (OPENED, f"{LATER} closed"), {"dispute-opened": None, "offer": NO_DISPUTE}),
    (
        "cancelled",
        (OPENED, f"{LATER} dispute-cancelled"),
        {
            "dispute-opened": None,
            "answered": NOTHING_WAITS,
            "appealed": NO_DECISION,
            **dict.fromkeys(IN_DISPUTE, NO_DISPUTE),
        },
    ),
]


@pytest.mark.parametrize(
    ("journal", "event", "missing"),
    [
        pytest.param(journal, event, missing, id=f"{state}: {event}")
        for state, journal, expected in STATES
        for event, missing in {**expected, **dict.fromkeys(ALWAYS)}.items()
    ],
)
def test_what_must_be_recorded_first(journal: tuple[str, ...], event: str, missing: str | None) -> None:
    assert missing_before(recorded(*journal), RecordEvent(event)) == missing


@given(journals(), entries(UNDOABLE), INSTANTS)
def test_undo_restores_what_was(journal: list[JournalEntry], entry: JournalEntry, when: datetime) -> None:
    undo = JournalEntry(RecordEvent.UNDO, when)
    assert read_case([*journal, entry, undo]) == read_case(journal)


@given(journals())
def test_as_many_undos_as_entries_leave_nothing(journal: list[JournalEntry]) -> None:
    undo = JournalEntry(RecordEvent.UNDO, at(LATER))
    assert read_case([*journal, *[undo] * len(journal)]) == Case()


@given(journals())
def test_a_journal_is_read_from_what_stands(journal: list[JournalEntry]) -> None:
    assert read_case(standing(journal)) == read_case(journal)
    assert RecordEvent.UNDO not in {entry.event for entry in standing(journal)}


@FEWER
@given(all_facts(), journals(), INSTANTS)
def test_what_can_never_be_said_together(known: Facts, journal: list[JournalEntry], now: datetime) -> None:
    case = read_case(journal)
    rules = {key.rule for key in current(timeline(replace(known, case=case)), now)}
    assert not {"seller_silent", "becomes_claim"} <= rules
    dispute = case.as_of(now).open_dispute
    if dispute is not None and dispute.opened_at <= now:
        assert not rules & {
            "dispute_openable",
            "dispute_rearmed",
            "estimate_missed",
            "protection_ending",
            "protection_ended",
            "post_delivery_ending",
        }
    if dispute is None:
        assert not rules & {
            "answer_due",
            "appeal_possible",
            "becomes_claim",
            "escalation_available",
            "mediation_overdue",
            "seller_response_due",
            "seller_silent",
        }


@FEWER
@given(all_facts(), st.lists(entries(UNDOABLE), max_size=6), INSTANTS)
def test_an_ended_case_says_nothing_more(known: Facts, journal: list[JournalEntry], now: datetime) -> None:
    case = read_case(journal)
    if case.ended_at is not None and case.ended_at <= now:
        assert current(timeline(replace(known, case=case)), now) == {}
