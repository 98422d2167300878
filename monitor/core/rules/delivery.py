"""At the door: the last metres, and the days in which the goods must be checked."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.core.model import OrderStatus, Severity, ShipmentStatus
from monitor.core.moment import Moment
from monitor.core.places import Verdict, same_place
from monitor.core.rules.problem import problem
from monitor.core.rules.stages import before_it_closes
from monitor.core.situation import Situation, Why, delivered_instant

_SEVERITIES = (Severity.NOTICE, Severity.WARNING, Severity.URGENT)


def delivery_failed(s: Situation) -> Iterator[Moment]:
    """Somebody was at the door and could not deliver, or does not understand the address."""
    for shipment in s.facts.shipments:
        if shipment.status is not ShipmentStatus.DELIVERY_FAILED or shipment.status_since is None:
            continue
        newest, days = shipment.newest, s.facts.days
        tried_at = days.instant_of_event(newest) if newest else shipment.status_since
        latest = days.day_of(tried_at)
        yield Moment(
            at=tried_at,
            rule="delivery_failed",
            subject=shipment.number,
            severity=Severity.WARNING,
            why=Why("the carrier said so", latest),
            occurrence=latest.isoformat(),
        )


def pickup_waiting(s: Situation) -> Iterator[Moment]:
    """It waits at a pickup point; again before the carrier's limit, or after `pickup_warn_days`."""
    days = s.facts.days
    for shipment in s.facts.shipments:
        if shipment.status is not ShipmentStatus.AVAILABLE_FOR_PICKUP or shipment.status_since is None:
            continue
        since, limit = shipment.status_since, shipment.pickup_until
        here = days.day_of(since)
        why = Why("ready for pickup", here)
        if limit is not None:
            again = days.morning_of(days.day_of(limit) - timedelta(days=1))
            again_why = Why("the carrier keeps it until", days.day_of(limit)).before(1)
        else:
            wait = s.facts.policy.number("pickup_warn_days")
            again = days.morning_of(here + timedelta(days=wait))
            again_why = why.plus(s.facts.policy, "pickup_warn_days", wait)
        stages = ((since, "ready", Severity.NOTICE, why), (again, "again", Severity.WARNING, again_why))
        for level, (at, stage, severity, reason) in enumerate(stages):
            yield Moment(
                at=max(at, since),
                rule="pickup_waiting",
                subject=shipment.number,
                severity=severity,
                why=reason,
                occurrence=here.isoformat(),
                stage=stage,
                level=level,
                deadline=limit,
                act_by=s.act_by(limit),
                detail={"since": since},
            )


def film_unboxing(s: Situation) -> Iterator[Moment]:
    """The parcel is about to be in the buyer's hands: film it being opened."""
    close = (ShipmentStatus.OUT_FOR_DELIVERY, ShipmentStatus.AVAILABLE_FOR_PICKUP)
    for shipment in s.facts.shipments:
        if shipment.status not in close or shipment.status_since is None:
            continue
        yield Moment(
            at=shipment.status_since,
            rule="film_unboxing",
            subject=shipment.number,
            severity=Severity.NOTICE,
            why=Why(
                "out for delivery" if shipment.status is close[0] else "ready for pickup",
                s.facts.days.day_of(shipment.status_since),
            ),
        )


def delivered_elsewhere(s: Situation) -> Iterator[Moment]:
    """Delivered, and the scan's place contradicts the order's address."""
    for shipment in s.facts.shipments:
        at = delivered_instant(shipment, s.facts.days)
        place = shipment.delivery.place if shipment.delivery else None
        if at is None or s.facts.case.received_at is not None:
            continue
        if same_place(place, s.facts.order.deliver_to) is not Verdict.DIFFERENT:
            continue
        yield problem(
            s,
            "delivered_elsewhere",
            shipment,
            at=at,
            occurrence=s.facts.days.day_of(at).isoformat(),
            why=Why("delivered", s.facts.days.day_of(at)),
            at_least=Severity.URGENT,
            detail={"place": place},
        )


def delivered_unconfirmed(s: Situation) -> Iterator[Moment]:
    """All parcels are delivered, and the buyer has not said "received". Who opens a dispute afterwards
    has answered in another way; of who has one open already it is asked once."""
    dispute = s.facts.case.open_dispute
    if s.delivered_at is None or s.facts.case.received_at is not None:
        return
    if dispute is not None and dispute.opened_at >= s.delivered_at:
        return
    day = s.facts.days.day_of(s.delivered_at)
    wait = s.facts.policy.number("confirm_again_days")
    why = Why("delivered", day)
    again = s.facts.days.morning_of(day + timedelta(days=wait))
    stages = (
        (s.delivered_at, "delivered", why),
        (again, "again", why.plus(s.facts.policy, "confirm_again_days", wait)),
    )
    for level, (at, stage, reason) in enumerate(stages[:1] if dispute else stages):
        yield Moment(
            at=at,
            rule="delivered_unconfirmed",
            subject=s.facts.order.id,
            severity=Severity.NOTICE,
            why=reason,
            occurrence=day.isoformat(),
            stage=stage,
            level=level,
            deadline=s.open_by,
            act_by=s.act_by(s.open_by),
            detail={"since": s.delivered_at},
        )


def post_delivery_ending(s: Situation) -> Iterator[Moment]:
    """The days after delivery run out, and the goods are not "all fine"."""
    window = s.post_delivery
    if window is None or s.facts.case.fine_at is not None:
        return
    leads = s.facts.policy.numbers("post_delivery_lead_days")
    yield from before_it_closes(s, "post_delivery_ending", window, leads, _SEVERITIES)


def status_lag(s: Situation) -> Iterator[Moment]:
    """The carrier delivered, the order still says "shipped" after `status_lag_days`."""
    if s.delivered_at is None or s.facts.case.received_at is not None:
        return
    if s.facts.order.status in (OrderStatus.DELIVERED, OrderStatus.FINISHED):
        return
    day = s.facts.days.day_of(s.delivered_at)
    lag = s.facts.policy.number("status_lag_days")
    yield Moment(
        at=s.facts.days.morning_of(day + timedelta(days=lag)),
        rule="status_lag",
        subject=s.facts.order.id,
        severity=Severity.NOTICE,
        why=Why("delivered", day).plus(s.facts.policy, "status_lag_days", lag),
        occurrence=day.isoformat(),
        deadline=s.safe_until,
        act_by=s.act_by(s.safe_until),
    )
