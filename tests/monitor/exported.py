"""What `orderwatch export` promises, as types: no key more, none less, in this order."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from monitor.core.alerts import AlertState
from monitor.core.case import JournalEntry, Party, RecordEvent, Remedy
from monitor.core.model import FileKind, OrderStatus, Phase, Severity, ShipmentStatus, Shipping

#: An instant with its offset.
At = Annotated[datetime, msgspec.Meta(tz=True)]
#: The same, or a wall clock of a carrier that tells no zone.
Clock = datetime
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    """A JSON object with these keys."""


class Price(Shape):
    amount: str
    currency: str


class Place(Shape):
    city: str | None
    postal_code: str | None
    region: str | None
    country: str | None


class Named(Shape):
    number: str
    carrier: str | None


class Facts(Shape):
    title: str
    marketplace: str
    seller: str | None
    price: Price | None
    ordered_on: date | None
    paid_on: date | None
    shipped_on: date | None
    shipping: Shipping | None
    estimated_delivery: date | None
    protection_until: date | None
    deliver_to: Place | None
    parcels: list[Named]
    status: OrderStatus | None
    notes: str | None
    bulky: bool | None
    return_cost: Price | None


class Lookup(Shape):
    source: str
    number: str


class Estimate(Shape):
    earliest: date | None
    latest: date | None
    told_by: Lookup | None


class Slip(Shape):
    seen_at: At
    before: date
    after: date


class Delivered(Shape):
    at: Clock | None
    place: Place | None


class Look(Shape):
    source: str
    number: str
    begun_at: At | None
    last_success_at: At | None
    failures: int
    last_error: str | None
    next_look: At | None


class Event(Shape):
    at: Clock
    status: ShipmentStatus
    description: str
    code: str | None
    place: Place | None
    decided_by: str | None


class Parcel(Shape):
    number: str
    aliases: list[str]
    orders: list[str]
    source: str | None
    status: ShipmentStatus
    status_since: At | None
    first_event_at: At | None
    moving_since: At | None
    estimated_delivery: Estimate | None
    slips: list[Slip]
    delivery: Delivered | None
    pickup_until: At | None
    ends_at_border: bool
    told_by: Lookup | None
    lookups: list[Look]
    events: list[Event]
    answers: list[Hash]


class Entry(Shape):
    recorded_at: At
    event: RecordEvent
    at: At
    reason: str | None
    due: At | None
    in_favour_of: Party | None
    number: str | None
    amount: str | None
    note: str | None
    to: RecordEvent | None
    on: Remedy | None
    carrier: str | None
    undone: bool

    def entry(self) -> JournalEntry:
        """The line as it was recorded."""
        told = msgspec.structs.asdict(self)
        return JournalEntry(**{name: told[name] for name in told if name not in ("recorded_at", "undone")})


class Reply(Shape):
    at: At
    word: str


class Alert(Shape):
    id: int
    order: str
    rule: str
    stage: str
    severity: Severity
    subject: str
    since: At
    deadline: At | None
    act_by: At | None
    state: AlertState
    title: str
    snoozed_until: At | None
    occurrence: str
    level: int
    told_level: int
    told_at: At | None
    replies: list[Reply]


class Attempt(Shape):
    at: At
    outcome: str
    detail: str


class Delivery(Shape):
    id: int
    channel: str
    tier: int
    state: Literal["queued", "sending", "unknown", "sent", "confirmed", "dead", "expired", "superseded"]
    attempt: int
    next_at: At | None
    ack_by: At | None
    last_error: str | None
    attempts: list[Attempt]


class Notice(Shape):
    id: int
    alert: int
    kind: str
    rule: str
    stage: str
    subject: str
    severity: Severity
    title: str
    body: str
    created_at: At
    not_before: At
    expires_at: At
    deadline: At | None
    link: str | None
    deliveries: list[Delivery]


class Deadline(Shape):
    uid: str
    sequence: int
    changed_at: At
    cancelled: bool
    summary: str
    description: str
    link: str | None
    begins: At
    ends: At
    reminders: list[At]
    privacy: Literal["full", "short", "none"]


class Evidence(Shape):
    path: str
    kind: FileKind
    size: int
    modified_at: At
    seen_at: At
    known_since: At
    gone_at: At | None
    sha256: Hash | None


class Order(Shape):
    id: str
    listed_in: str | None
    taken_at: At
    unlisted_at: At | None
    facts: Facts
    phase: Phase
    safe_until: At | None
    pressing_at: At | None
    at_stake: bool
    staked_until: At | None
    next_at: At | None
    parcels: list[Parcel]
    journal: list[Entry]
    alerts: list[Alert]
    notices: list[Notice]
    calendar: list[Deadline]
    evidence: list[Evidence]


class Answer(Shape):
    hash: Hash
    source: str
    first_seen_at: At
    last_seen_at: At
    encoding: Literal["utf-8", "base64"] | None
    body: str | None


class Exported(Shape):
    exported_at: At
    orders: list[Order]
    answers: list[Answer]

    def __getitem__(self, order: str) -> Order:
        (found,) = [it for it in self.orders if it.id == order]
        return found


def read(text: str | bytes) -> Exported:
    """A document that keeps what is promised, the order of its keys included. Raises ValidationError."""
    known = msgspec.json.decode(text, type=Exported)
    assert keys(msgspec.json.decode(text)) == keys(msgspec.to_builtins(known))
    return known


def keys(value: Any) -> Any:
    """The keys of all objects in a value, in their order."""
    match value:
        case dict():
            return [(key, keys(inner)) for key, inner in value.items()]
        case list():
            return [keys(inner) for inner in value]
    return None
