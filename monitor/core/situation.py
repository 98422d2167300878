"""One order's facts, and every date they imply, each able to say why."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from monitor.core.case import Dispute, Waiting
from monitor.core.clocks import (
    Facts,
    Known,
    Why,
    Window,
    delivered_instant,
    first_shipped,
    last_day,
    latest_estimate,
    written,
)
from monitor.core.model import OrderStatus, Phase, ShipmentStatus
from monitor.core.policy import Policy

__all__ = [
    "Ending",
    "Facts",
    "Fallback",
    "Finish",
    "Situation",
    "Why",
    "Window",
    "answer_window",
    "delivered_instant",
    "from_opening",
    "last_day",
    "latest_estimate",
    "seller_window",
    "situation",
    "written",
]

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Ending(StrEnum):
    """How an order came to need no more attention."""

    CLOSED = "closed"
    REFUNDED = "refund_received"
    FINE = "all_fine"
    MARKETPLACE = "marketplace"
    RECEIVED = "received"
    LONG_OVER = "long_over"


@dataclass(frozen=True, slots=True)
class Finish:
    """When an order came to its end (None: nobody knows since when), how, and why then."""

    at: datetime | None
    how: Ending
    why: Why


@dataclass(frozen=True, slots=True)
class Fallback:
    """A way to get the money back beside the marketplace, and its time (None: that has not begun, or
    nothing tells when)."""

    policy: Policy
    window: Window | None


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts, and the dates that follow from them (None: cannot be told).

    `safe_until` is the earlier, `possibly_until` the later of protection and the days after
    delivery. `openable_at` is when a dispute may first be opened, `finish` the end of the order, from
    which on it needs no more attention. `is_missing`: there are fallbacks, and a parcel that is followed
    did not come, as far as carriers and buyer say. `closes_at` is the end of the last window, for what is
    missing also of the fallbacks'.
    """

    facts: Facts
    shipped: date | None
    shipped_why: Why | None
    openable_at: datetime | None
    openable_why: Why | None
    protection: Window | None
    delivered_at: datetime | None
    post_delivery: Window | None
    safe_until: datetime | None
    possibly_until: datetime | None
    closes_at: datetime | None
    finish: Finish | None
    is_missing: bool = False
    fallbacks: tuple[Fallback, ...] = ()
    margin: timedelta = field(default=timedelta(hours=12))

    @property
    def finished_at(self) -> datetime | None:
        """When the order needs no more attention; before all time, if nobody knows since when."""
        return None if self.finish is None else self.finish.at or _EVER

    @property
    def staked_until(self) -> datetime | None:
        """Until when the price of the order is at stake, if nothing happens (None: for as long as it runs):
        until its last window has closed; with a dispute open or money to come, or without a window that
        is known, until it is finished."""
        case = self.facts.case
        window = None if case.open_dispute is not None or case.is_owed else self.closes_at
        return min((end for end in (window, self.finished_at) if end is not None), default=None)

    def at_stake(self, now: datetime) -> bool:
        """Whether the price of the order could still be lost at `now` by doing nothing."""
        until = self.as_of(now).staked_until
        return until is None or until > now

    def disputed(self, now: datetime) -> bool:
        """Whether a dispute is open at `now`."""
        dispute = self.facts.case.as_of(now).open_dispute
        return dispute is not None and dispute.opened_at <= now

    @property
    def open_by(self) -> datetime | None:
        """Until when a dispute can safely be opened; None also while one is open, for then other clocks run."""
        return None if self.facts.case.open_dispute is not None else self.safe_until

    def act_by(self, deadline: datetime | None) -> datetime | None:
        """The hard deadline less the safety margin."""
        return None if deadline is None else deadline - self.margin

    def as_of(self, now: datetime) -> "Situation":
        """The situation that follows from what was recorded by `now`."""
        case = self.facts.case.as_of(now)
        return self if case is self.facts.case else situation(replace(self.facts, case=case))

    def disputable(self, now: datetime) -> bool:
        """Whether a dispute can be opened at `now`: late enough, in time, and none is open."""
        return (
            _passed(self.openable_at, now)
            and not (self.protection is not None and self.protection.end <= now)
            and not self.disputed(now)
        )

    def still_open(self, now: datetime) -> list[tuple[Policy, Window]]:
        """The fallbacks whose time runs at `now`."""
        times = [(fallback.policy, fallback.window) for fallback in self.fallbacks]
        return [(policy, window) for policy, window in times if window is not None and now < window.end]

    def phase(self, now: datetime) -> Phase:
        """The part of its life the order is in at `now`."""
        then = self.as_of(now)
        if _passed(then.finished_at, now):
            return Phase.FINISHED
        if self.disputed(now):
            return Phase.DISPUTED
        if _passed(then.delivered_at, now):
            return Phase.DELIVERED
        if then.shipped is not None and then.shipped <= then.facts.days.day_of(now):
            return Phase.SHIPPED
        return Phase.ORDERED


def _passed(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def situation(facts: Facts) -> Situation:
    """The situation that facts describe."""
    delivered_at = _delivered_at(facts)
    known = Known(facts, first_shipped(facts), delivered_at)
    shipped, shipped_why = known.shipped or (None, None)
    protection = _protection(known)
    openable_at, openable_why = _openable(known)
    post_delivery = _post_delivery(facts, delivered_at)
    windows = [window for window in (protection, post_delivery) if window is not None]
    ends = [window.end for window in windows]
    fallbacks = tuple(Fallback(policy, known.protected(policy)) for policy in facts.fallbacks)
    is_missing = bool(fallbacks) and _is_missing(facts)
    if is_missing:
        windows += [fallback.window for fallback in fallbacks if fallback.window is not None]
    return Situation(
        facts=facts,
        shipped=shipped,
        shipped_why=shipped_why,
        openable_at=openable_at,
        openable_why=openable_why,
        protection=protection,
        delivered_at=delivered_at,
        post_delivery=post_delivery,
        safe_until=min(ends, default=None),
        possibly_until=max(ends, default=None),
        closes_at=max((window.end for window in windows), default=None),
        finish=_finish(facts, windows, post_delivery),
        is_missing=is_missing,
        fallbacks=fallbacks,
        margin=timedelta(hours=facts.policy.number("safety_margin_hours")),
    )


def from_opening(facts: Facts, dispute: Dispute, key: str) -> Window | None:
    """The window of a clock that counts from the opening; None: the policy has no such clock."""
    length = facts.policy.limit(key)
    if length is None:
        return None
    day = facts.days.day_of(dispute.opened_at)
    why = Why("dispute opened", day).plus(facts.policy, key, length)
    end = facts.days.same_time_after(dispute.opened_at, length)
    return Window(day + timedelta(days=length), end, why)


def seller_window(facts: Facts, dispute: Dispute) -> Window | None:
    """Until when the seller may answer: as the buyer told it, else the policy's days from the opening; None:
    nothing tells."""
    told = dispute.seller_due
    if told is None:
        return from_opening(facts, dispute, "seller_response_days")
    last = last_day(told, facts.days)
    return Window(last, told, Why("the seller must answer by", last))


def answer_window(facts: Facts, waiting: Waiting) -> tuple[datetime, datetime, Why]:
    """When the buyer's answer is due, the latest it might be, and why: unknown means the shortest time."""
    if waiting.due is not None:
        return waiting.due, waiting.due, Why("answer due", last_day(waiting.due, facts.days))
    lengths = facts.policy.numbers("platform_response_days")
    due = facts.days.same_time_after(waiting.since, min(lengths))
    latest = facts.days.same_time_after(waiting.since, max(lengths))
    why = Why(f"{waiting.what} received", facts.days.day_of(waiting.since), estimated=True)
    return due, latest, why.plus(facts.policy, "platform_response_days", min(lengths))


def _openable(known: Known) -> tuple[datetime | None, Why | None]:
    """From when a dispute can be opened, and why. Nobody waits for the estimate of goods that are there."""
    key, delivered_at = "dispute_open_after_days", known.delivered_at
    policy, days = known.facts.policy, known.facts.days
    window = known.window(policy, key)
    if window is None:
        return None, None
    at = days.morning_of(window.last_day)
    if delivered_at is not None and delivered_at < at and policy.clocks[key].starts[0] == "latest estimate":
        return delivered_at, Why("delivered", days.day_of(delivered_at))
    return at, window.why


def _protection(known: Known) -> Window | None:
    """The marketplace's protection. Only the app knows it for certain: what is computed is estimated."""
    last = known.facts.order.protection_until
    if last is not None:
        return Window(last, known.facts.days.end_of(last), Why("protection until", last))
    window = known.protected(known.facts.policy)
    return None if window is None else Window(window.last_day, window.end, window.why.guessed())


def _delivered_at(facts: Facts) -> datetime | None:
    """When the whole order was delivered: with its last parcel, else when the buyer said so."""
    times = [delivered_instant(shipment, facts.days) for shipment in facts.shipments]
    known = [time for time in times if time is not None]
    if known and len(known) == len(times):
        return max(known)
    return facts.case.received_at


def _post_delivery(facts: Facts, delivered_at: datetime | None) -> Window | None:
    length = facts.policy.limit("post_delivery_days")
    if delivered_at is None or length is None:
        return None
    end = facts.days.same_time_after(delivered_at, length)
    day = facts.days.day_of(delivered_at)
    why = Why("delivered", day).plus(facts.policy, "post_delivery_days", length)
    return Window(day + timedelta(days=length), end, why)


def _finish(facts: Facts, windows: list[Window], post_delivery: Window | None) -> Finish | None:
    case = facts.case
    told = _ended_by_the_buyer(facts)
    if told is not None:
        return told
    if case.open_dispute is not None or case.is_owed:
        return None
    if facts.order.status is OrderStatus.FINISHED:
        return Finish(None, Ending.MARKETPLACE, Why("the marketplace calls it finished"))
    if case.received_at is not None and post_delivery is not None:
        same = facts.days.day_of(case.received_at) == post_delivery.why.when
        why = replace(post_delivery.why, what="received" if same else "received, and delivered")
        return Finish(post_delivery.end, Ending.RECEIVED, why)
    if not windows:
        return None
    last = max(windows, key=_end)
    if case.received_at is not None:
        return Finish(last.end, Ending.RECEIVED, Why("received, and the last window closed", last.last_day))
    rest = facts.policy.number("rest_after_days")
    why = Why("the last window closed", last.last_day).plus(facts.policy, "rest_after_days", rest)
    return Finish(facts.days.same_time_after(last.end, rest), Ending.LONG_OVER, why)


def _end(window: Window) -> datetime:
    return window.end


def _ended_by_the_buyer(facts: Facts) -> Finish | None:
    case = facts.case
    ended_at = case.ended_at
    if ended_at is None:
        return None
    if case.closed_at is not None:
        how, what = Ending.CLOSED, "closed by you"
    elif case.refund_received_at is not None:
        how, what = Ending.REFUNDED, "refund received"
    else:
        how, what = Ending.FINE, "checked by you, and all fine"
    return Finish(ended_at, how, Why(what, facts.days.day_of(ended_at)))


def _is_missing(facts: Facts) -> bool:
    """Whether a parcel that is followed did not come. Mail that is not scanned at the door may have."""
    if facts.case.received_at is not None or facts.order.status is OrderStatus.DELIVERED:
        return False
    return any(
        shipment.source is not None
        and shipment.status is not ShipmentStatus.DELIVERED
        and not shipment.ends_at_border
        for shipment in facts.shipments
    )
