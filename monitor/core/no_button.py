"""Why an order may have no button to open a dispute: the causes that fit it now."""

from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.model import OrderStatus
from monitor.core.situation import Situation


class Cause(StrEnum):
    """Why there is no button; the first two stand alone."""

    DISPUTE_OPEN = "dispute_open"
    PROTECTION_OVER = "protection_over"
    RUNNING_OUT = "running_out"
    TOO_EARLY = "too_early"
    STILL_SHIPPED = "still_shipped"
    NOT_DELIVERED = "not_delivered"
    SHIPPING_UNKNOWN = "shipping_unknown"


def causes(s: Situation, now: datetime) -> tuple[Cause, ...]:
    """The causes that fit at `now`, the likeliest first; before them, that time runs out. None: nothing
    that is known explains it."""
    dispute = s.facts.case.open_dispute
    if dispute is not None and dispute.opened_at <= now:
        return (Cause.DISPUTE_OPEN,)
    if s.protection is not None and s.protection.end <= now:
        return (Cause.PROTECTION_OVER,)
    policy = s.facts.policy
    clock = policy.clocks["dispute_open_after_days"]
    from_shipping = clock.value is not None and clock.starts == ("shipped",)
    delivered = s.delivered_at is not None and s.delivered_at <= now
    too_early = s.openable_at is not None and s.openable_at > now
    fits = {
        Cause.RUNNING_OUT: _runs_out(s, now),
        Cause.TOO_EARLY: too_early,
        Cause.STILL_SHIPPED: delivered and not _says_delivered(s.facts.order.status),
        Cause.NOT_DELIVERED: not delivered
        and not too_early
        and policy.limit("post_delivery_days") is not None,
        Cause.SHIPPING_UNKNOWN: s.openable_at is None and from_shipping,
    }
    return tuple(cause for cause, fit in fits.items() if fit)


def _says_delivered(status: OrderStatus | None) -> bool:
    return status in (OrderStatus.DELIVERED, OrderStatus.FINISHED)


def _runs_out(s: Situation, now: datetime) -> bool:
    """Whether to wait for the button is no good advice: the first warning of an end has come, or the
    protection ends before the button comes."""
    if s.protection is not None and s.openable_at is not None and s.protection.end <= s.openable_at:
        return True
    today, policy = s.facts.days.day_of(now), s.facts.policy
    windows = ((s.protection, "protection_lead_days"), (s.post_delivery, "post_delivery_lead_days"))
    return any(
        window is not None
        and now < window.end
        and today >= window.last_day - timedelta(days=max(policy.numbers(leads)))
        for window, leads in windows
    )
