"""One dispute, from its opening to its end, and what each line of the journal makes of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.journal import JournalEntry, Party, RecordEvent, Remedy

#: The one reason for a dispute that is not about the goods: the order goes on beside it.
DUPLICATE_CHARGE = "duplicate_charge"


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
    """One dispute, from its opening to its end.

    An offer and a request wait side by side, each for its own answer; a new one takes the place of the
    old one of its kind. `seller_due` and `appeal_due` are the ends that the marketplace shows, if the
    buyer told them. `appealed_at` belongs to the latest decision; `appealed_before`: an earlier one
    was appealed already. `settled_at` is when the money or the replacement was here, or the
    buyer closed the order.
    """

    opened_at: datetime
    reason: str | None = None
    seller_due: datetime | None = None
    seller_answered_at: datetime | None = None
    offer: Waiting | None = None
    request: Waiting | None = None
    agreed_at: datetime | None = None
    agreed_on: Remedy | None = None
    claim_at: datetime | None = None
    decided_at: datetime | None = None
    in_favour_of: Party | None = None
    appeal_due: datetime | None = None
    appealed_at: datetime | None = None
    appealed_before: bool = False
    cancelled_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still runs: neither cancelled nor settled. A decision does not end it, money or an
        appeal may follow."""
        return self.cancelled_at is None and self.settled_at is None

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What waits for the buyer's answer."""
        return tuple(it for it in (self.offer, self.request) if it is not None)


def follow_dispute(dispute: Dispute, entry: JournalEntry) -> Dispute:
    """The dispute after something that happened in it."""
    # A day alone, told as its 00:00, may lie before the hour of the opening.
    at = max(entry.at, dispute.opened_at)
    match entry.event:
        case RecordEvent.SELLER_ANSWERED:
            return replace(dispute, seller_answered_at=dispute.seller_answered_at or at)
        case RecordEvent.OFFER:
            return replace(
                dispute,
                seller_answered_at=dispute.seller_answered_at or at,
                offer=Waiting(entry.event, at, entry.due, entry.amount),
                agreed_at=None,
                agreed_on=None,
            )
        case RecordEvent.REQUEST:
            return replace(dispute, request=Waiting(entry.event, at, entry.due))
        case RecordEvent.ANSWERED:
            return replace(
                dispute,
                offer=dispute.offer if entry.to is RecordEvent.REQUEST else None,
                request=dispute.request if entry.to is RecordEvent.OFFER else None,
            )
        case RecordEvent.AGREED:
            return replace(
                dispute,
                seller_answered_at=dispute.seller_answered_at or at,
                agreed_at=at,
                agreed_on=entry.on or Remedy.REFUND,
                offer=None,
                request=None,
            )
        case RecordEvent.CLAIM:
            return replace(dispute, claim_at=at, agreed_at=None, agreed_on=None)
        case RecordEvent.DECISION:
            return replace(
                dispute,
                decided_at=at,
                in_favour_of=entry.in_favour_of,
                appeal_due=entry.due,
                appealed_at=None,
                appealed_before=dispute.appealed_before or dispute.appealed_at is not None,
                offer=None,
                request=None,
            )
        case RecordEvent.APPEALED:
            return replace(dispute, appealed_at=at)
    assert entry.event is RecordEvent.DISPUTE_CANCELLED
    return replace(dispute, cancelled_at=at, offer=None, request=None)
