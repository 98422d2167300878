"""One order's facts, and every date they imply, each able to say why."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from monitor.core.case import Case, Dispute, Waiting
from monitor.core.days import Days
from monitor.core.model import (
    EvidenceFile,
    Order,
    OrderStatus,
    Phase,
    Severity,
    Shipment,
    ShipmentStatus,
    Shipping,
)
from monitor.core.policy import Clock, Policy

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Why:
    """Where a date comes from: a fact and its day, then a clock, then perhaps one before it.

    Written out only when somebody reads it: "shipped 3 May 2026 + 11 days (aliexpress policy: guide)".
    """

    what: str
    when: date | None = None
    policy: str = ""
    clock: Clock | None = None
    amount: int = 0
    estimated: bool = False
    lead: int = 0
    lead_unit: str = "days"

    def plus(self, policy: Policy, key: str, amount: int) -> "Why":
        """The same fact, and a clock of a policy that counts from it."""
        return Why(self.what, self.when, policy.name, policy.clocks[key], amount, self.estimated)

    def before(self, lead: int, unit: str = "days") -> "Why":
        """The same date, spoken of `lead` units earlier."""
        return Why(self.what, self.when, self.policy, self.clock, self.amount, self.estimated, lead, unit)

    def __str__(self) -> str:
        text = self.what if self.when is None else f"{self.what} {written(self.when)}"
        if self.clock is not None:
            unit = self.clock.unit[:-1] if self.amount == 1 else self.clock.unit
            text += f" + {self.amount} {unit} ({self.policy} policy: {self.clock.source})"
        if self.estimated:
            text += ", estimated"
        if self.lead:
            text += f", {self.lead} {self.lead_unit[:-1] if self.lead == 1 else self.lead_unit} before"
        return text


def written(day: date) -> str:
    """A day as people write it: `3 May 2026`; an instant with its day only."""
    return f"{day.day} {day:%b %Y}"


def last_day(end: datetime, days: Days) -> date:
    """The last local day of a time that ends at `end`: midnight ends the day before it."""
    return days.day_of(end - timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Window:
    """A time that closes: the last local day of it, the instant it ends, and why."""

    last_day: date
    end: datetime
    why: Why


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
class Facts:
    """All that the rules may know about one order. `silent_parcels` are shared parcels that another
    of the buyer's orders speaks for. `repeats` is how often the user wants to hear again, by severity,
    of what is not answered. `evidence` is what is in the order's evidence folder (None: it has none); no
    rule reads it, messages do."""

    order: Order
    shipments: tuple[Shipment, ...]
    case: Case
    policy: Policy
    days: Days
    silent_parcels: frozenset[str] = frozenset()
    repeats: Mapping[Severity, timedelta] = field(default_factory=dict)
    evidence: tuple[EvidenceFile, ...] | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts, and the dates that follow from them (None: cannot be told).

    `safe_until` is the earlier, `possibly_until` the later of protection and the days after
    delivery. `openable_at` is when a dispute may first be opened, `finish` the end of the order, from
    which on it needs no more attention.
    """

    facts: Facts
    shipped: date | None
    shipped_why: Why | None
    openable_at: datetime | None
    protection: Window | None
    delivered_at: datetime | None
    post_delivery: Window | None
    safe_until: datetime | None
    possibly_until: datetime | None
    finish: Finish | None
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
        window = None if case.open_dispute is not None or case.is_owed else self.possibly_until
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
    policy, days = facts.policy, facts.days
    shipped, shipped_why = _shipped(facts)
    protection = _protection(facts, shipped, shipped_why)
    delivered_at = _delivered_at(facts)
    post_delivery = _post_delivery(facts, delivered_at)
    ends = [window.end for window in (protection, post_delivery) if window is not None]
    openable_at = None
    if shipped is not None:
        openable_at = days.morning_of(shipped + timedelta(days=policy.number("dispute_open_after_days")))
    return Situation(
        facts=facts,
        shipped=shipped,
        shipped_why=shipped_why,
        openable_at=openable_at,
        protection=protection,
        delivered_at=delivered_at,
        post_delivery=post_delivery,
        safe_until=min(ends, default=None),
        possibly_until=max(ends, default=None),
        finish=_finish(facts, [window for window in (protection, post_delivery) if window], post_delivery),
        margin=timedelta(hours=policy.number("safety_margin_hours")),
    )


def delivered_instant(shipment: Shipment, days: Days) -> datetime | None:
    """When a parcel was delivered: the carrier's time, else when the status was first seen."""
    if shipment.status is not ShipmentStatus.DELIVERED:
        return None
    delivery = shipment.delivery
    if delivery is not None and delivery.at is not None:
        return days.instant_of(delivery.at, zone_known=delivery.zone_known)
    return shipment.status_since


def seller_due(facts: Facts, dispute: Dispute) -> tuple[datetime, Why]:
    """Until when the seller may answer: as the buyer told it, else the policy's days from the opening."""
    if dispute.seller_due is not None:
        return dispute.seller_due, Why("the seller must answer by", last_day(dispute.seller_due, facts.days))
    length = facts.policy.number("seller_response_days")
    opened = Why("dispute opened", facts.days.day_of(dispute.opened_at))
    end = facts.days.same_time_after(dispute.opened_at, length)
    return end, opened.plus(facts.policy, "seller_response_days", length)


def answer_window(facts: Facts, waiting: Waiting) -> tuple[datetime, datetime, Why]:
    """When the buyer's answer is due, the latest it might be, and why: unknown means the shortest time."""
    if waiting.due is not None:
        return waiting.due, waiting.due, Why("answer due", last_day(waiting.due, facts.days))
    lengths = facts.policy.numbers("platform_response_days")
    due = facts.days.same_time_after(waiting.since, min(lengths))
    latest = facts.days.same_time_after(waiting.since, max(lengths))
    why = Why(f"{waiting.what} received", facts.days.day_of(waiting.since), estimated=True)
    return due, latest, why.plus(facts.policy, "platform_response_days", min(lengths))


def latest_estimate(facts: Facts, shipped: date | None, shipment: Shipment | None) -> tuple[date, Why] | None:
    """The last day a parcel was promised for: the seller's promise, else the carrier's EDD, else
    the policy's table for the shipping method."""
    order = facts.order
    if order.estimated_delivery is not None:
        return order.estimated_delivery, Why("the seller promised", order.estimated_delivery)
    if shipment is not None and shipment.edd is not None and shipment.edd.latest is not None:
        return shipment.edd.latest, Why("the carrier expects", shipment.edd.latest)
    if shipped is None:
        return None
    key = f"delivery_estimate.{order.shipping or Shipping.STANDARD}"
    most = max(facts.policy.numbers(key))
    told = order.shipped_on is not None
    start = Why("shipped" if told else "first scan", shipped, estimated=not (told and order.shipping))
    return shipped + timedelta(days=most), start.plus(facts.policy, key, most)


def _shipped(facts: Facts) -> tuple[date | None, Why | None]:
    order = facts.order
    if order.shipped_on is not None:
        return order.shipped_on, Why("shipped", order.shipped_on)
    moved = [shipment.moving_since for shipment in facts.shipments if shipment.moving_since]
    if not moved:
        return None, None
    day = facts.days.day_of(min(moved))
    return day, Why("first scan", day, estimated=True)


def _protection(facts: Facts, shipped: date | None, shipped_why: Why | None) -> Window | None:
    order, policy, days = facts.order, facts.policy, facts.days
    if order.protection_until is not None:
        last = order.protection_until
        return Window(last, days.end_of(last), Why("protection until", last))
    if shipped is not None:
        start, why = shipped, shipped_why
    elif order.paid_on is not None:
        start, why = order.paid_on, Why("paid", order.paid_on)
    elif order.ordered_on is not None:
        start, why = order.ordered_on, Why("ordered", order.ordered_on)
    else:
        return None
    length = policy.number("protection_days")
    last = start + timedelta(days=length)
    assert why is not None
    estimated = Why(why.what, why.when, estimated=True)
    return Window(last, days.end_of(last), estimated.plus(policy, "protection_days", length))


def _delivered_at(facts: Facts) -> datetime | None:
    """When the whole order was delivered: with its last parcel, else when the buyer said so."""
    times = [delivered_instant(shipment, facts.days) for shipment in facts.shipments]
    known = [time for time in times if time is not None]
    if known and len(known) == len(times):
        return max(known)
    return facts.case.received_at


def _post_delivery(facts: Facts, delivered_at: datetime | None) -> Window | None:
    if delivered_at is None:
        return None
    length = facts.policy.number("post_delivery_days")
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
    rest, last = facts.policy.number("rest_after_days"), max(windows, key=_end)
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
