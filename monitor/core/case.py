"""The case: what the buyer recorded about an order, folded from a journal that only grows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from monitor.core.dispute import DUPLICATE_CHARGE, Dispute, Waiting, follow_dispute
from monitor.core.journal import JournalEntry, Party, RecordEvent, Remedy, in_time, standing

__all__ = [
    "DUPLICATE_CHARGE",
    "Case",
    "Dispute",
    "JournalEntry",
    "Party",
    "Past",
    "RecordEvent",
    "Remedy",
    "Waiting",
    "missing_before",
    "read_case",
    "recordable",
    "standing",
]


class Past(NamedTuple):
    """What was known of a case until an instant, and no longer."""

    case: "Case"
    until: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """Where the buyer stands with one order; times are those the buyer gave. `dispute` is the latest
    one, open or not; what else is told of money and returns belongs to it, if there is one.

    `past` is what was known before, oldest first: each entry counts from its own time on, so that
    nothing that was recorded changes what was true before.
    """

    received_at: datetime | None = None
    fine_at: datetime | None = None
    dispute: Dispute | None = None
    return_approved_at: datetime | None = None
    return_due: datetime | None = None
    return_carrier: str | None = None
    return_shipped_at: datetime | None = None
    return_number: str | None = None
    refund_issued_at: datetime | None = None
    refund_amount: str | None = None
    refund_received_at: datetime | None = None
    charged_twice_at: datetime | None = None
    charge_back_at: datetime | None = None
    no_button_at: datetime | None = None
    closed_at: datetime | None = None
    past: tuple[Past, ...] = field(default=(), compare=False, repr=False)

    @property
    def open_dispute(self) -> Dispute | None:
        """The dispute that runs now."""
        return self.dispute if self.dispute is not None and self.dispute.is_open else None

    @property
    def money_is_sent(self) -> bool:
        """Whether a refund is on its way, or here."""
        return self.refund_issued_at is not None or self.refund_received_at is not None

    @property
    def goes_back(self) -> bool:
        """Whether the goods are to go back to the seller, or on their way there."""
        return self.return_approved_at is not None or self.return_shipped_at is not None

    @property
    def negotiating(self) -> Dispute | None:
        """The open dispute, while it is neither agreed nor decided, and nothing is to be sent back or paid."""
        dispute = self.open_dispute
        if dispute is None or dispute.agreed_at is not None or dispute.decided_at is not None:
            return None
        return None if self.money_is_sent or self.goes_back else dispute

    @property
    def second_charge(self) -> bool:
        """Whether the buyer paid twice and has not got the second payment back."""
        return self.charged_twice_at is not None and self.charge_back_at is None

    @property
    def is_owed(self) -> bool:
        """Whether money is still to come back beside a dispute: paid twice, a return that was approved or
        sent, a refund that was issued."""
        owed = self.goes_back or self.refund_issued_at is not None
        return self.second_charge or (owed and self.refund_received_at is None)

    @property
    def ended_at(self) -> datetime | None:
        """When the buyer said that nothing more is to be done."""
        if self.closed_at is not None or self.second_charge:
            return self.closed_at
        if self.refund_received_at is not None:
            return self.refund_received_at
        if self.fine_at is None or self.open_dispute is not None or self.is_owed:
            return None
        return max(self.fine_at, self.charge_back_at or self.fine_at)

    def as_of(self, now: datetime) -> "Case":
        """The case as it was known at `now`."""
        return next((then.case for then in self.past if now < then.until), self)


def read_case(journal: Iterable[JournalEntry]) -> Case:
    """The case a journal tells, entry by entry in the order of their times.

    `undo` takes back the entry that was recorded last and stands. An entry about a dispute that was
    never opened leaves the dispute's fields alone (see `missing_before`).
    """
    case, past = Case(), []
    for since, entry in in_time(standing(journal)):
        after = _follow(case, entry)
        if after != case:
            past.append(Past(case, since))
            case = after
    return replace(case, past=tuple(past))


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
        case RecordEvent.ANSWERED if open_dispute is None or not open_dispute.waiting:
            return "nothing waits for an answer; record offer or request first"
        case RecordEvent.APPEALED if open_dispute is None or open_dispute.decided_at is None:
            return "there is no decision to appeal; record decision first"
        case RecordEvent.APPEALED if open_dispute and open_dispute.appealed_at:
            return "an appeal is recorded already; record the decision about it first"
    return None


def recordable(case: Case) -> tuple[RecordEvent, ...]:
    """What a buyer may want to record now: what can be, and is not known already."""
    if case.ended_at is not None:
        return RecordEvent.DISPUTE_OPENED, RecordEvent.UNDO
    known = {
        RecordEvent.RECEIVED: case.received_at is not None,
        RecordEvent.ALL_FINE: case.fine_at is not None,
        RecordEvent.NO_BUTTON: case.open_dispute is not None,
        RecordEvent.CHARGED_TWICE: case.second_charge,
        RecordEvent.RETURN_APPROVED: case.open_dispute is None or case.return_approved_at is not None,
        RecordEvent.RETURN_SHIPPED: case.return_approved_at is None or case.return_shipped_at is not None,
        RecordEvent.REFUND_ISSUED: case.refund_issued_at is not None,
        RecordEvent.UNDO: not case.past,
    }
    return tuple(it for it in RecordEvent if not known.get(it, False) and missing_before(case, it) is None)


def _follow(case: Case, entry: JournalEntry) -> Case:
    at = entry.at
    match entry.event:
        case RecordEvent.RECEIVED:
            return replace(case, received_at=min(at, case.received_at or at))
        case RecordEvent.ALL_FINE:
            replaced = case.dispute is not None and case.dispute.agreed_on is Remedy.REPLACEMENT
            dispute = _settled(case.dispute, at) if replaced else case.dispute
            return replace(case, received_at=case.received_at or at, fine_at=at, dispute=dispute)
        case RecordEvent.DISPUTE_OPENED:
            return _opened(case, entry)
        case RecordEvent.RETURN_APPROVED:
            return replace(
                _reopened(case, at),
                return_approved_at=at,
                return_due=entry.due,
                return_carrier=entry.carrier,
                return_shipped_at=None,
                return_number=None,
            )
        case RecordEvent.RETURN_SHIPPED:
            return replace(case, return_shipped_at=at, return_number=entry.number)
        case RecordEvent.REFUND_ISSUED:
            return replace(_reopened(case, at), refund_issued_at=at, refund_amount=entry.amount)
        case RecordEvent.REFUND_RECEIVED:
            return _money_back(case, at)
        case RecordEvent.CHARGED_TWICE:
            case = _reopened(case, at)
            return case if case.second_charge else replace(case, charged_twice_at=at, charge_back_at=None)
        case RecordEvent.NO_BUTTON:
            return case if case.open_dispute is not None else replace(case, no_button_at=at)
        case RecordEvent.CLOSED:
            return replace(case, closed_at=at, dispute=_settled(case.dispute, at))
    if case.dispute is None:
        return case
    after = replace(case, dispute=follow_dispute(case.dispute, entry))
    if entry.event is RecordEvent.DISPUTE_CANCELLED and case.return_shipped_at is None:
        return replace(after, return_approved_at=None, return_due=None, return_carrier=None)
    return after


def _opened(case: Case, entry: JournalEntry) -> Case:
    """A dispute opens the case again: of what was before only the goods and a second charge still count."""
    charged = case.charged_twice_at
    if entry.reason == DUPLICATE_CHARGE and not case.second_charge:
        charged = entry.at
    return Case(
        received_at=case.received_at,
        charged_twice_at=charged,
        charge_back_at=case.charge_back_at if charged == case.charged_twice_at else None,
        dispute=Dispute(entry.at, entry.reason, entry.due),
    )


def _money_back(case: Case, at: datetime) -> Case:
    """The money for the goods is back, which ends the case; or a second charge, and the order goes on."""
    dispute, settled = case.open_dispute, _settled(case.dispute, at)
    about_goods = dispute is not None and dispute.reason != DUPLICATE_CHARGE
    if about_goods or not case.second_charge:
        return replace(case, refund_received_at=at, dispute=settled)
    return replace(case, charge_back_at=at, refund_issued_at=None, dispute=settled)


def _settled(dispute: Dispute | None, at: datetime) -> Dispute | None:
    return replace(dispute, settled_at=at) if dispute is not None and dispute.is_open else dispute


def _reopened(case: Case, at: datetime) -> Case:
    """Opens an ended case again for money that came to be owed after its end."""
    ended = case.closed_at or case.refund_received_at
    return case if ended is None or at <= ended else _open_again(case)


def _open_again(case: Case) -> Case:
    """A case that is no longer ended; money that has arrived settled all there was before."""
    if case.refund_received_at is None:
        return replace(case, closed_at=None)
    charged, back = case.charged_twice_at, case.charge_back_at
    return Case(case.received_at, charged_twice_at=charged, charge_back_at=back)
