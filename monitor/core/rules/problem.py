"""Problems (P): what is a reason for a dispute."""

from collections.abc import Mapping
from datetime import datetime

from monitor.core.model import Severity, Shipment
from monitor.core.moment import Moment
from monitor.core.situation import Situation, Why

#: The reason to give in a dispute, by rule. Its keys are the problems of the rulebook.
REASON_FOR = {
    "estimate_missed": "not_received",
    "customs_hold": "customs_hold",
    "no_tracking": "no_tracking",
    "tracking_stalled": "no_tracking",
    "returning": "returned_to_seller",
    "returned": "returned_to_seller",
    "parcel_exception": "not_received",
    "delivered_elsewhere": "wrong_address",
}


def problem(
    s: Situation,
    rule: str,
    shipment: Shipment | None,
    *,
    at: datetime,
    why: Why,
    occurrence: str = "",
    stage: str = "",
    at_least: Severity = Severity.WARNING,
    needs_sight: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> Moment:
    """A problem of one parcel (of the whole order, if it has no parcel): urgent if, when it begins, a
    dispute can be opened about it. Its deadline is the order's, while none is open."""
    return Moment(
        at=at,
        rule=rule,
        subject=shipment.number if shipment is not None else s.facts.order.id,
        severity=Severity.URGENT if s.disputable(at) else at_least,
        why=why,
        occurrence=occurrence,
        stage=stage,
        until=s.finished_at,
        deadline=s.open_by,
        act_by=s.act_by(s.open_by),
        needs_sight=needs_sight,
        detail=detail or {},
    )
