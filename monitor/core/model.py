"""The words of orderwatch: what an order, a parcel and a tracking event are.

Glossary
    order            what was bought in one purchase from one seller
    shipment         a parcel on its way; may carry several orders, an order may need several
    tracking number  what the carrier calls the parcel; a parcel may have more than one (aliases)
    tracking event   one scan or note of a carrier about a parcel
    source           where tracking data is read: an API, a file
    EDD              estimated delivery date, a window of days
    buyer protection the time in which the marketplace still helps the buyer
    dispute          the buyer's formal complaint; unresolved it becomes a claim, then a decision,
                     which can be appealed
    evidence         files that the buyer gathered for a dispute, in a folder of the order

Every datetime is aware. Days are `date`s, local to the user.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ShipmentStatus(StrEnum):
    """Where a parcel is. `unknown` is a code nobody has mapped yet; it is never a guess."""

    NOT_FOUND = "not_found"
    INFO_RECEIVED = "info_received"
    IN_TRANSIT = "in_transit"
    IN_CUSTOMS = "in_customs"
    CUSTOMS_HOLD = "customs_hold"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    EXCEPTION = "exception"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


#: Statuses of a parcel that nobody has handed to a carrier yet, as far as is known.
NOT_MOVING = frozenset({ShipmentStatus.NOT_FOUND, ShipmentStatus.INFO_RECEIVED, ShipmentStatus.UNKNOWN})


class Severity(StrEnum):
    """How much a message matters, from the digest to what breaks quiet hours."""

    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 (info) to 4 (critical), to compare by."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Phase(StrEnum):
    """The part of its life an order is in."""

    ORDERED = "ordered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DISPUTED = "disputed"
    FINISHED = "finished"


class Shipping(StrEnum):
    """Shipping methods that have a table of delivery estimates."""

    STANDARD = "standard"
    EPACKET = "epacket"
    PREMIUM = "premium"


class OrderStatus(StrEnum):
    """What the marketplace itself says of an order, where a file tells it."""

    ORDERED = "ordered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Place:
    """A place as precisely as it is known. `country` is ISO 3166-1 alpha-2 wherever it could be told."""

    city: str | None = None
    postal_code: str | None = None
    region: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan. When `zone_known` is false, `at` is the wall clock as it was told, carried in UTC
    only so that events can be ordered; it is shown without an offset and read as the user's time.

    `decided_by` says where `status` comes from when it is not what the source's code means by itself:
    `your codes`, or `words: …` with the words of the description that were believed.
    """

    at: datetime
    status: ShipmentStatus
    description: str = ""
    code: str | None = None
    place: Place | None = None
    zone_known: bool = True
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class UndatedEvent:
    """A scan of which no time was told that can be read. It says what is, never since when."""

    status: ShipmentStatus
    description: str = ""
    code: str | None = None
    place: Place | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class EstimatedDelivery:
    """A window of local days; a point estimate has only `latest`."""

    earliest: date | None = None
    latest: date | None = None
    source: str = "carrier"


@dataclass(frozen=True, slots=True)
class Delivery:
    """When and where a carrier says it delivered, as far as it says so."""

    at: datetime | None = None
    zone_known: bool = True
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Tracking:
    """One source's whole answer about one parcel.

    `status` is what the source's newest word means; `events` may be in any order, doubled or empty.
    `ends_at_border` marks economy mail that is never scanned at the door. `undated` events stand
    beside the others, oldest first: nothing is dated by them, but the status may come from the last.
    """

    number: str
    status: ShipmentStatus
    events: tuple[TrackingEvent, ...] = ()
    aliases: tuple[str, ...] = ()
    edd: EstimatedDelivery | None = None
    delivery: Delivery | None = None
    pickup_until: datetime | None = None
    ends_at_border: bool = False
    undated: tuple[UndatedEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """A carrier's estimate that moved later by a day or more, seen at an instant."""

    seen_at: datetime
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where a parcel is looked up: at a source, under one of its numbers."""

    source: str
    number: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel as far as the rules need it; its full history of events is kept beside it.

    `source` is the parcel's own, which is asked about `number`; other sources may be asked about its
    aliases, and what they say is followed as well. `told_by` is the one of these that told `newest`,
    `edd_by` the one that told `edd`; None: its own source did.

    `status_since` is the time of the first event of the present unbroken run of `status` (for a
    source without events: when the status was first seen). `moving_since` is the first event that
    shows the parcel in a carrier's hands. All three times are instants, read in the user's zone
    where a carrier told none.
    """

    number: str
    source: str | None = None
    aliases: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    status: ShipmentStatus = ShipmentStatus.NOT_FOUND
    status_since: datetime | None = None
    newest: TrackingEvent | None = None
    first_event_at: datetime | None = None
    moving_since: datetime | None = None
    edd: EstimatedDelivery | None = None
    slips: tuple[Slip, ...] = ()
    delivery: Delivery | None = None
    pickup_until: datetime | None = None
    ends_at_border: bool = False
    told_by: Lookup | None = None
    edd_by: Lookup | None = None

    @property
    def teller(self) -> str | None:
        """The source that told of the parcel last, and from which its next scan is expected."""
        return self.source if self.told_by is None else self.told_by.source


@dataclass(frozen=True, slots=True)
class Look:
    """How the looks at a parcel at one source went: about us, never about the parcel. `begun_at` is
    when it was first to be looked up there."""

    begun_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None
    next_poll_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as written (`41.90`) and its ISO 4217 currency. Currencies are never added together."""

    amount: str
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A tracking number that an order names, and the source it asks for."""

    number: str
    carrier: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase as the buyer's files tell it. Days are local days of the user. `bulky` and
    `return_cost` are what it takes to send it back; None: nobody said."""

    id: str
    title: str
    marketplace: str = "aliexpress"
    seller: str | None = None
    price: Money | None = None
    ordered_on: date | None = None
    paid_on: date | None = None
    shipped_on: date | None = None
    shipping: Shipping | None = None
    estimated_delivery: date | None = None
    protection_until: date | None = None
    deliver_to: Place | None = None
    parcels: tuple[Parcel, ...] = ()
    status: OrderStatus | None = None
    notes: str | None = None
    bulky: bool | None = None
    return_cost: Money | None = None


class FileKind(StrEnum):
    """What a file of evidence is by its content, whatever its name says."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file in an order's evidence folder. `path` is below that folder, with `/` between; bytes that are
    no UTF-8 stand in it as the file system's functions hand them out (lone surrogates)."""

    path: str
    kind: FileKind
    size: int
