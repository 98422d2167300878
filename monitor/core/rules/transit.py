"""On the way: from payment to the last carrier's hands."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.core.model import OrderStatus, Severity, ShipmentStatus
from monitor.core.moment import Moment
from monitor.core.rules.problem import problem
from monitor.core.situation import Situation, Why, latest_estimate

_CUSTOMS = frozenset({ShipmentStatus.IN_CUSTOMS, ShipmentStatus.CUSTOMS_HOLD})
#: Statuses in which silence is no news: somebody else's clock runs, or the journey is over.
AT_REST = _CUSTOMS | {
    ShipmentStatus.AVAILABLE_FOR_PICKUP,
    ShipmentStatus.DELIVERED,
    ShipmentStatus.RETURNED,
    ShipmentStatus.EXCEPTION,
    ShipmentStatus.NOT_FOUND,
}


def not_shipped(s: Situation) -> Iterator[Moment]:
    """Paid, and nothing is on its way after `ship_within_days`."""
    order, policy = s.facts.order, s.facts.policy
    paid = order.paid_on or order.ordered_on
    if s.shipped is not None or paid is None or s.delivered_at is not None:
        return
    if order.status not in (None, OrderStatus.ORDERED):
        return
    within = policy.number("ship_within_days")
    at = s.facts.days.morning_of(paid + timedelta(days=within))
    if s.protection is not None and s.protection.end <= at:
        return
    yield Moment(
        at=at,
        rule="not_shipped",
        subject=order.id,
        severity=Severity.NOTICE,
        why=Why("paid" if order.paid_on else "ordered", paid).plus(policy, "ship_within_days", within),
        until=s.protection.end if s.protection else None,
        deadline=s.open_by,
        act_by=s.act_by(s.open_by),
    )


def estimate_missed(s: Situation) -> Iterator[Moment]:
    """The latest estimate has passed and the parcel is not there: said the morning after."""
    for shipment in s.facts.shipments or (None,):
        if shipment is not None and shipment.status in (
            ShipmentStatus.DELIVERED,
            ShipmentStatus.RETURNED,
        ):
            continue
        estimate = latest_estimate(s.facts, s.shipped, shipment)
        if estimate is None or (shipment is None and s.delivered_at is not None):
            continue
        day, why = estimate
        yield problem(
            s,
            "estimate_missed",
            shipment,
            at=s.facts.days.morning_of(day + timedelta(days=1)),
            occurrence=day.isoformat(),
            why=why,
            detail={"estimate": day},
        )


def estimate_slipped(s: Situation) -> Iterator[Moment]:
    """The carrier's own estimate moved later by a day or more: once per slip."""
    for shipment in s.facts.shipments:
        if shipment.status is ShipmentStatus.DELIVERED:
            continue
        for index, slip in enumerate(shipment.slips):
            later = shipment.slips[index + 1 : index + 2]
            yield Moment(
                at=slip.seen_at,
                rule="estimate_slipped",
                subject=shipment.number,
                severity=Severity.NOTICE,
                why=Why(f"the carrier moved {slip.before} to", slip.after),
                occurrence=slip.after.isoformat(),
                until=later[0].seen_at if later else None,
                detail={"before": slip.before, "after": slip.after},
            )


def customs_hold(s: Situation) -> Iterator[Moment]:
    """Customs holds the parcel, or has it for `customs_stall_days` without a word."""
    days, policy = s.facts.days, s.facts.policy
    for shipment in s.facts.shipments:
        if shipment.status not in _CUSTOMS or shipment.status_since is None:
            continue
        since = shipment.status_since
        if shipment.status is ShipmentStatus.CUSTOMS_HOLD:
            yield problem(
                s,
                "customs_hold",
                shipment,
                at=since,
                occurrence=f"held {since:%Y-%m-%d}",
                stage="held",
                why=Why("held by customs", days.day_of(since)),
                detail={"since": since},
            )
            continue
        stall = policy.number("customs_stall_days")
        newest = days.day_of(days.instant_of_event(shipment.newest) if shipment.newest else since)
        yield problem(
            s,
            "customs_hold",
            shipment,
            at=days.morning_of(newest + timedelta(days=stall)),
            occurrence=f"silent {newest}",
            stage="silent",
            why=Why("last customs scan", newest).plus(policy, "customs_stall_days", stall),
            needs_sight=shipment.teller,
            detail={"since": since},
        )


def no_tracking(s: Situation) -> Iterator[Moment]:
    """Shipped `no_tracking_days` ago, and no carrier has ever seen the parcel."""
    if s.shipped is None:
        return
    within = s.facts.policy.number("no_tracking_days")
    for shipment in s.facts.shipments:
        if shipment.first_event_at is not None or shipment.status is not ShipmentStatus.NOT_FOUND:
            continue
        assert s.shipped_why is not None
        yield problem(
            s,
            "no_tracking",
            shipment,
            at=s.facts.days.morning_of(s.shipped + timedelta(days=within)),
            why=s.shipped_why.plus(s.facts.policy, "no_tracking_days", within),
            needs_sight=shipment.teller,
        )


def tracking_stalled(s: Situation) -> Iterator[Moment]:
    """No scan for `stalled_days`. Economy mail is silent after the border: that is no stall."""
    days = s.facts.days
    quiet = s.facts.policy.number("stalled_days")
    for shipment in s.facts.shipments:
        newest = shipment.newest
        if newest is None or shipment.status in AT_REST or shipment.ends_at_border:
            continue
        since = days.instant_of_event(newest)
        day = days.day_of(since)
        yield problem(
            s,
            "tracking_stalled",
            shipment,
            at=days.morning_of(day + timedelta(days=quiet)),
            occurrence=day.isoformat(),
            why=Why("last scan", day).plus(s.facts.policy, "stalled_days", quiet),
            needs_sight=shipment.teller,
            detail={"since": since},
        )


def returning(s: Situation) -> Iterator[Moment]:
    """The carrier says that the parcel goes back."""
    yield from _as_the_carrier_says(s, "returning", ShipmentStatus.RETURNING)


def returned(s: Situation) -> Iterator[Moment]:
    """The carrier says that the seller has it again."""
    yield from _as_the_carrier_says(s, "returned", ShipmentStatus.RETURNED)


def parcel_exception(s: Situation) -> Iterator[Moment]:
    """Lost, damaged, destroyed or cancelled."""
    yield from _as_the_carrier_says(s, "parcel_exception", ShipmentStatus.EXCEPTION)


def _as_the_carrier_says(s: Situation, rule: str, status: ShipmentStatus) -> Iterator[Moment]:
    for shipment in s.facts.shipments:
        if shipment.status is not status or shipment.status_since is None:
            continue
        day = s.facts.days.day_of(shipment.status_since)
        yield problem(
            s,
            rule,
            shipment,
            at=shipment.status_since,
            occurrence=day.isoformat(),
            why=Why("the carrier said so", day),
            at_least=Severity.URGENT,
        )
