"""The case: what the buyer recorded about an order, folded from a journal that only grows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class RecordEvent(StrEnum):
    """What a buyer can record, by the words of the command line."""

    RECEIVED = "received"
    ALL_FINE = "all-fine"
    DISPUTE_OPENED = "dispute-opened"
    SELLER_ANSWERED = "seller-answered"
    OFFER = "offer"
    REQUEST = "request"
    ANSWERED = "answered"
    AGREED = "agreed"
    DISPUTE_CANCELLED = "dispute-cancelled"
    CLAIM = "claim"
    DECISION = "decision"
    APPEALED = "appealed"
    RETURN_APPROVED = "return-approved"
    RETURN_SHIPPED = "return-shipped"
    REFUND_ISSUED = "refund-issued"
    REFUND_RECEIVED = "refund-received"
    CHARGED_TWICE = "charged-twice"
    NO_BUTTON = "no-button"
    CLOSED = "closed"
    UNDO = "undo"


class Party(StrEnum):
    """Whom a decision favours."""

    BUYER = "buyer"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal: what happened and when, as the buyer told it. Never changed."""

    event: RecordEvent
    at: datetime
    reason: str | None = None
    due: datetime | None = None
    in_favour_of: Party | None = None
    number: str | None = None
    amount: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request of the platform or an offer of the seller that waits for the buyer's answer. `amount` is
    what is offered, as the buyer noted it."""

    what: RecordEvent
    since: datetime
    due: datetime | None
    amount: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute, from its opening to its end."""

    opened_at: datetime
    reason: str | None = None
    seller_answered_at: datetime | None = None
    waiting: Waiting | None = None
    agreed_at: datetime | None = None
    claim_at: datetime | None = None
    decided_at: datetime | None = None
    in_favour_of: Party | None = None
    appealed_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still runs: not cancelled. A decision does not end it, money or an appeal may follow."""
        return self.cancelled_at is None


@dataclass(frozen=True, slots=True)
class Case:
    """Where the buyer stands with one order; times are those the buyer gave. `dispute` is the
    latest one, cancelled or not."""

    received_at: datetime | None = None
    fine_at: datetime | None = None
    dispute: Dispute | None = None
    return_approved_at: datetime | None = None
    return_shipped_at: datetime | None = None
    return_number: str | None = None
    refund_issued_at: datetime | None = None
    refund_amount: str | None = None
    refund_received_at: datetime | None = None
    charged_twice_at: datetime | None = None
    no_button_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def open_dispute(self) -> Dispute | None:
        """The dispute that runs now."""
        return self.dispute if self.dispute is not None and self.dispute.is_open else None

    @property
    def is_owed(self) -> bool:
        """Whether money is still to come back beside a dispute: paid twice, a return that was approved, a
        refund that was issued."""
        owed = self.charged_twice_at or self.return_approved_at or self.refund_issued_at
        return owed is not None and self.refund_received_at is None

    @property
    def ended_at(self) -> datetime | None:
        """When the buyer said that nothing more is to be done."""
        settled = None if self.open_dispute or self.is_owed else self.fine_at
        return self.closed_at or self.refund_received_at or settled


def read_case(journal: Iterable[JournalEntry]) -> Case:
    """The case a journal tells, entry by entry in the order they were recorded.

    `undo` takes back the latest entry that stands. An entry about a dispute that was never opened
    leaves the dispute's fields alone (see `missing_before`).
    """
    case = Case()
    for entry in standing(journal):
        case = _follow(case, entry)
    return case


def standing(journal: Iterable[JournalEntry]) -> list[JournalEntry]:
    """The entries that no `undo` took back."""
    entries: list[JournalEntry] = []
    for entry in journal:
        if entry.event is not RecordEvent.UNDO:
            entries.append(entry)
        elif entries:
            entries.pop()
    return entries


def missing_before(case: Case, event: RecordEvent) -> str | None:
    """Why `event` cannot be recorded now, in words for the user; None: it can."""
    open_dispute = case.open_dispute
    match event:
        case RecordEvent.DISPUTE_OPENED if open_dispute and not open_dispute.decided_at:
            return "a dispute is open already; record dispute-cancelled or a decision first"
        case (
            RecordEvent.SELLER_ANSWERED
            | RecordEvent.OFFER
            | RecordEvent.REQUEST
            | RecordEvent.AGREED
            | RecordEvent.DISPUTE_CANCELLED
            | RecordEvent.CLAIM
            | RecordEvent.DECISION
        ) if open_dispute is None:
            return "no dispute is open; record dispute-opened first"
        case RecordEvent.ANSWERED if open_dispute is None or open_dispute.waiting is None:
            return "nothing waits for an answer; record offer or request first"
        case RecordEvent.APPEALED if open_dispute is None or open_dispute.decided_at is None:
            return "there is no decision to appeal; record decision first"
    return None


def _follow(case: Case, entry: JournalEntry) -> Case:
    at = entry.at
    match entry.event:
        case RecordEvent.RECEIVED:
            return replace(case, received_at=at)
        case RecordEvent.ALL_FINE:
            return replace(case, received_at=case.received_at or at, fine_at=at)
        case RecordEvent.DISPUTE_OPENED:
            return replace(_open_again(case), dispute=Dispute(at, entry.reason), fine_at=None)
        case RecordEvent.RETURN_APPROVED:
            return replace(_reopened(case, at), return_approved_at=at)
        case RecordEvent.RETURN_SHIPPED:
            return replace(case, return_shipped_at=at, return_number=entry.number)
        case RecordEvent.REFUND_ISSUED:
            return replace(_reopened(case, at), refund_issued_at=at, refund_amount=entry.amount)
        case RecordEvent.REFUND_RECEIVED:
            return replace(case, refund_received_at=at)
        case RecordEvent.CHARGED_TWICE:
            return replace(_reopened(case, at), charged_twice_at=at)
        case RecordEvent.NO_BUTTON:
            return replace(case, no_button_at=at)
        case RecordEvent.CLOSED:
            return replace(case, closed_at=at)
    if case.dispute is None:
        return case
    return replace(case, dispute=_follow_dispute(case.dispute, entry))


def _reopened(case: Case, at: datetime) -> Case:
    """Opens an ended case again for money that came to be owed after its end."""
    ended = case.closed_at or case.refund_received_at
    return case if ended is None or at <= ended else _open_again(case)


def _open_again(case: Case) -> Case:
    """A case that is no longer ended; money that has arrived settled all there was before."""
    before = case if case.refund_received_at is None else Case(case.received_at)
    return replace(before, closed_at=None)


def _follow_dispute(dispute: Dispute, entry: JournalEntry) -> Dispute:
    at = entry.at
    match entry.event:
        case RecordEvent.SELLER_ANSWERED:
            return replace(dispute, seller_answered_at=dispute.seller_answered_at or at)
        case RecordEvent.OFFER:
            answered = dispute.seller_answered_at or at
            return replace(
                dispute,
                seller_answered_at=answered,
                waiting=Waiting(entry.event, at, entry.due, entry.amount),
            )
        case RecordEvent.REQUEST:
            return replace(dispute, waiting=Waiting(entry.event, at, entry.due))
        case RecordEvent.ANSWERED:
            return replace(dispute, waiting=None)
        case RecordEvent.AGREED:
            return replace(dispute, agreed_at=at, waiting=None)
        case RecordEvent.CLAIM:
            return replace(dispute, claim_at=at)
        case RecordEvent.DECISION:
            return replace(dispute, decided_at=at, in_favour_of=entry.in_favour_of, waiting=None)
        case RecordEvent.APPEALED:
            return replace(dispute, appealed_at=at)
    assert entry.event is RecordEvent.DISPUTE_CANCELLED
    return replace(dispute, cancelled_at=at, waiting=None)
