"""What the clocks of policies count from: the facts of an order and their days, each with its why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from monitor.core.case import Case
from monitor.core.days import Days
from monitor.core.model import EvidenceFile, Order, Severity, Shipment, ShipmentStatus, Shipping
from monitor.core.policy import Clock, Policy


@dataclass(frozen=True, slots=True)
class Why:
    """Where a date comes from: a fact and its day, then a clock, then perhaps one before it. `after`: what
    the clock counts from, if that is such a date itself.

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
    after: "Why | None" = None

    def plus(self, policy: Policy, key: str, amount: int) -> "Why":
        """The same fact, and a clock of a policy that counts from it."""
        after = None if self.clock is None else self
        clock = policy.clocks[key]
        return Why(self.what, self.when, policy.name, clock, amount, self.estimated, after=after)

    def before(self, lead: int, unit: str = "days") -> "Why":
        """The same date, spoken of `lead` units earlier."""
        return Why(
            self.what, self.when, self.policy, self.clock, self.amount, self.estimated, lead, unit, self.after
        )

    def guessed(self) -> "Why":
        """The same date, marked as estimated."""
        if self.estimated:
            return self
        # Not `replace`: this is said of every order, and that takes three times as long.
        start = self.what, self.when, self.policy, self.clock, self.amount
        return Why(*start, estimated=True, lead=self.lead, lead_unit=self.lead_unit, after=self.after)

    def __str__(self) -> str:
        text = self.counted()
        if self.estimated:
            text += ", estimated"
        if self.lead:
            text += f", {self.lead} {self.lead_unit[:-1] if self.lead == 1 else self.lead_unit} before"
        return text

    def counted(self) -> str:
        """What is counted, in words, without the marks."""
        text = self.what if self.when is None else f"{self.what} {written(self.when)}"
        if self.clock is None:
            return text
        unit = self.clock.unit[:-1] if self.amount == 1 else self.clock.unit
        text = text if self.after is None else self.after.counted()
        return f"{text} + {self.amount} {unit} ({self.policy} policy: {self.clock.source})"


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


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules may know about one order. `silent_parcels` are shared parcels that another
    of the buyer's orders speaks for. `repeats` is how often the user wants to hear again, by severity,
    of what is not answered. `evidence` is what is in the order's evidence folder (None: it has none); no
    rule reads it, messages do. `fallbacks` are the policies that remain when protection is over, in the
    order in which to turn to them."""

    order: Order
    shipments: tuple[Shipment, ...]
    case: Case
    policy: Policy
    days: Days
    silent_parcels: frozenset[str] = frozenset()
    repeats: Mapping[Severity, timedelta] = field(default_factory=dict)
    evidence: tuple[EvidenceFile, ...] | None = None
    fallbacks: tuple[Policy, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """What the policies that count for the order are called, by their names."""
        return {policy.name: policy.title for policy in (self.policy, *self.fallbacks)}


@dataclass(frozen=True, slots=True)
class Known:
    """What clocks may count from (`policy.STARTS`), as far as it is known of an order: `shipped` with why it
    is that day, and when all of it was delivered."""

    facts: Facts
    shipped: tuple[date, Why] | None
    delivered_at: datetime | None

    def protected(self, policy: Policy) -> Window | None:
        """How long a policy helps an order: its days, but no longer than its cap."""
        window, cap = self.window(policy, "protection_days"), self.window(policy, "protection_cap_days")
        return cap if window is not None and cap is not None and cap.end < window.end else window

    def window(self, policy: Policy, key: str) -> Window | None:
        """The window of a clock. It counts from the first of its facts that is known; estimated, if that
        is not the one that it should count from."""
        length = policy.limit(key)
        if length is None:
            return None
        starts = policy.clocks[key].starts
        for fact in starts:
            start = self._start(fact)
            if start is None:
                continue
            last = start[0] + timedelta(days=length)
            why = start[1] if fact == starts[0] else start[1].guessed()
            return Window(last, self.facts.days.end_of(last), why.plus(policy, key, length))
        return None

    def _start(self, fact: str) -> tuple[date, Why] | None:
        """The day of a fact, and why it is that day."""
        order = self.facts.order
        match fact:
            case "latest estimate":
                return self._first_estimate()
            case "shipped":
                return self.shipped
            case "delivered" if self.delivered_at is not None:
                day = self.facts.days.day_of(self.delivered_at)
                return day, Why(fact, day, estimated=self.facts.case.received_at is None)
            case "paid" if order.paid_on is not None:
                return order.paid_on, Why(fact, order.paid_on)
            case "ordered" if order.ordered_on is not None:
                return order.ordered_on, Why(fact, order.ordered_on)
        return None

    def _first_estimate(self) -> tuple[date, Why] | None:
        """The estimate of the parcel that was promised first; one that nobody promised is estimated."""
        facts, (shipped, _) = self.facts, self.shipped or (None, None)
        estimates = [latest_estimate(facts, shipped, parcel) for parcel in facts.shipments or (None,)]
        first = min((known for known in estimates if known is not None), key=_day, default=None)
        if first is None or facts.order.estimated_delivery is not None:
            return first
        return first[0], first[1].guessed()


def _day(known: tuple[date, Why]) -> date:
    return known[0]


def delivered_instant(shipment: Shipment, days: Days) -> datetime | None:
    """When a parcel was delivered: the carrier's time, else when the status was first seen."""
    if shipment.status is not ShipmentStatus.DELIVERED:
        return None
    delivery = shipment.delivery
    if delivery is not None and delivery.at is not None:
        return days.instant_of(delivery.at, zone_known=delivery.zone_known)
    return shipment.status_since


def latest_estimate(facts: Facts, shipped: date | None, shipment: Shipment | None) -> tuple[date, Why] | None:
    """The last day a parcel was promised for: the seller's promise, else the carrier's EDD, else
    the policy's table for the shipping method, if it has one."""
    order = facts.order
    if order.estimated_delivery is not None:
        return order.estimated_delivery, Why("the seller promised", order.estimated_delivery)
    if shipment is not None and shipment.edd is not None and shipment.edd.latest is not None:
        return shipment.edd.latest, Why("the carrier expects", shipment.edd.latest)
    if shipped is None:
        return None
    key = f"delivery_estimate.{order.shipping or Shipping.STANDARD}"
    most = max(facts.policy.numbers(key), default=None)
    if most is None:
        return None
    told = order.shipped_on is not None
    start = Why("shipped" if told else "first scan", shipped, estimated=not (told and order.shipping))
    return shipped + timedelta(days=most), start.plus(facts.policy, key, most)


def first_shipped(facts: Facts) -> tuple[date, Why] | None:
    """When the first parcel was shipped, else seen in a carrier's hands, and why it is that day."""
    order = facts.order
    if order.shipped_on is not None:
        return order.shipped_on, Why("shipped", order.shipped_on)
    moved = [shipment.moving_since for shipment in facts.shipments if shipment.moving_since]
    if not moved:
        return None
    day = facts.days.day_of(min(moved))
    return day, Why("first scan", day, estimated=True)
