"""The rules: one room per phase of an order's life. A rule is a pure function from a situation to
moments; none reads a clock."""

from collections.abc import Callable, Iterator

from monitor.core.case import Case
from monitor.core.model import ShipmentStatus
from monitor.core.moment import Moment
from monitor.core.rules import delivery, dispute, protection, transit
from monitor.core.situation import Situation

Rule = Callable[[Situation], Iterator[Moment]]

_UNDER_WAY = frozenset(
    {
        ShipmentStatus.NOT_FOUND,
        ShipmentStatus.INFO_RECEIVED,
        ShipmentStatus.IN_TRANSIT,
        ShipmentStatus.IN_CUSTOMS,
    }
)

#: Problems (P): reasons for a dispute. `dispute_openable` speaks of them.
PROBLEMS: tuple[Rule, ...] = (
    transit.customs_hold,
    transit.returning,
    transit.returned,
    transit.parcel_exception,
    delivery.delivered_elsewhere,
    transit.estimate_missed,
    transit.no_tracking,
    transit.tracking_stalled,
)

_ALWAYS: tuple[Rule, ...] = (
    transit.not_shipped,
    transit.estimate_slipped,
    protection.protection_ending,
    protection.protection_ended,
    protection.fallback_ending,
)
_NEAR_THE_DOOR: tuple[Rule, ...] = (
    delivery.delivery_failed,
    delivery.pickup_waiting,
    delivery.film_unboxing,
)
_AFTER_DELIVERY: tuple[Rule, ...] = (
    delivery.delivered_unconfirmed,
    delivery.post_delivery_ending,
    delivery.status_lag,
)
#: Rules that something recorded brings about.
AFTER_A_RECORD: tuple[Rule, ...] = (
    dispute.escalation_available,
    dispute.escalation_due,
    dispute.seller_response_due,
    dispute.seller_silent,
    dispute.becomes_claim,
    dispute.answer_due,
    dispute.mediation_overdue,
    dispute.appeal_possible,
    dispute.return_due,
    dispute.refund_due,
    dispute.dispute_rearmed,
    dispute.duplicate_charge,
)
#: All rules of one order but `dispute_openable`, which needs to be told of the problems.
OTHERS: tuple[Rule, ...] = (*_ALWAYS, *_NEAR_THE_DOOR, *_AFTER_DELIVERY, *AFTER_A_RECORD)

_UNTOUCHED = Case()


def others(s: Situation) -> Iterator[Rule]:
    """The rules of OTHERS that can have anything to say, so that the many orders that merely travel
    cost little."""
    yield from _ALWAYS
    if any(shipment.status not in _UNDER_WAY for shipment in s.facts.shipments):
        yield from _NEAR_THE_DOOR
    if s.delivered_at is not None:
        yield from _AFTER_DELIVERY
    if s.facts.case != _UNTOUCHED:
        yield from AFTER_A_RECORD


#: What an open dispute answers for.
MUTED_BY_DISPUTE = frozenset(
    {
        "dispute_openable",
        "estimate_missed",
        "protection_ending",
        "protection_ended",
        "post_delivery_ending",
        "status_lag",
    }
)

#: Rules whose deadline is their own. That of all others is the end of protection or of the days after
#: delivery, and does not press while a dispute is open.
OWN_DEADLINE = frozenset(
    {"answer_due", "appeal_possible", "escalation_due", "fallback_ending", "pickup_waiting", "return_due"}
)

#: What no longer matters once the buyer has the goods.
MUTED_BY_RECEIPT = frozenset(
    {
        "not_shipped",
        "estimate_missed",
        "estimate_slipped",
        "customs_hold",
        "no_tracking",
        "tracking_stalled",
        "returning",
        "returned",
        "parcel_exception",
        "delivery_failed",
        "pickup_waiting",
        "film_unboxing",
    }
)
