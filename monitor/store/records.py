"""What the store gives back: values, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.core.alerts import Alert
from monitor.core.case import JournalEntry
from monitor.core.model import EvidenceFile, Look, Lookup, Money, Order, Phase, Severity, Shipment
from monitor.core.moment import Key

_NO_LOOK = Look()


@dataclass(frozen=True, slots=True)
class Tracked:
    """A parcel as it is stored. `looks` is where it is looked up, and how that went; none: no source
    takes its number."""

    id: int
    shipment: Shipment
    looks: Mapping[Lookup, Look]

    @property
    def look(self) -> Look:
        """How the looks at its own source went."""
        own = self.shipment.number
        return next((look for lookup, look in self.looks.items() if lookup.number == own), _NO_LOOK)

    @property
    def followed(self) -> Mapping[Lookup, Look]:
        """Where else it is looked up, under its other numbers."""
        own = self.shipment.number
        return {lookup: look for lookup, look in self.looks.items() if lookup.number != own}

    @property
    def telling(self) -> Look:
        """How the looks went at the source from which the next scan is expected."""
        told_by = self.shipment.told_by
        return self.look if told_by is None else self.looks.get(told_by, _NO_LOOK)


@dataclass(frozen=True, slots=True)
class Due:
    """A parcel (by its row) that is to be looked up now, and where. `fingerprint` is that of the last
    whole conversation about it there, `orders_next_at` the next moment at which one of its orders may
    have something to say."""

    parcel: int
    shipment: Shipment
    lookup: Lookup
    look: Look
    fingerprint: bytes | None
    orders_next_at: datetime | None

    @property
    def followed(self) -> Lookup | None:
        """Where it is looked up, if that is not its own source."""
        return None if self.lookup.number == self.shipment.number else self.lookup


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """All that is known of one order. `silent_parcels` are shared parcels another order speaks for.
    `unlisted_at`: since when no order file lists it any more. `evidence` are the files in its evidence
    folder; None: it has none."""

    order: Order
    phase: Phase
    parcels: tuple[Tracked, ...]
    journal: tuple[JournalEntry, ...]
    alerts: Mapping[Key, Alert]
    silent_parcels: frozenset[str]
    unlisted_at: datetime | None
    next_at: datetime | None
    evidence: tuple[EvidenceFile, ...] | None = None


@dataclass(frozen=True, slots=True)
class Staked:
    """An order whose money is at stake: its price, if it is known, and when it presses, if it does."""

    price: Money | None
    by: datetime | None


@dataclass(frozen=True, slots=True)
class Taken:
    """How a batch of orders was taken in."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unlisted: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.unlisted + other.unlisted,
        )


@dataclass(frozen=True, slots=True)
class Escalation:
    """A later tier of channels. It is told at `at` if no earlier one could be reached by then; at
    `ack_by` even so, unless the alert was acknowledged by then (None: then it is not told)."""

    channels: tuple[str, ...]
    at: datetime
    ack_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A message, frozen: what is to be said of an alert, to which channels, from when until when.

    `records` are channels that keep a record: they hear of it at once, and count for nobody who is
    reached. `deadline` is the hard one of what it speaks of, `link` opens the order. What is to stand
    `in_digest` is kept also if no channel hears of it now.
    """

    dedup_key: str
    kind: str
    rule: str
    stage: str
    subject: str
    order: str | None
    severity: Severity
    title: str
    body: str
    created_at: datetime
    not_before: datetime
    expires_at: datetime
    channels: tuple[str, ...]
    records: tuple[str, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    deadline: datetime | None = None
    link: str | None = None
    in_digest: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way over one channel; `attempt` counts from 1 once it was claimed.
    `maybe_arrived`: an earlier attempt may have reached the other side. `replaces` is the channel's own
    id of what it showed last about the same alert."""

    id: int
    notice: int
    alert: int
    channel: str
    attempt: int
    maybe_arrived: bool
    severity: Severity
    rule: str
    stage: str
    subject: str
    order: str | None
    title: str
    body: str
    expires_at: datetime
    deadline: datetime | None = None
    link: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Something a channel shows about an alert that ended at `ended_at`; `message` is the channel's own
    id of the newest of it."""

    channel: str
    alert: int
    message: str | None
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A notice that nobody got while it was of use, of `marketplace` if it was about an order."""

    notice: int
    alert: int
    rule: str
    stage: str
    subject: str
    order: str | None
    marketplace: str | None
    severity: Severity
    title: str
    meant_for: datetime
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One delivery as `notify outbox` shows it."""

    id: int
    alert: int
    channel: str
    state: str
    attempt: int
    next_at: datetime | None
    last_error: str | None
    severity: Severity
    title: str
