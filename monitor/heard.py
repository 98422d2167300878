"""What a source's answers mean for the parcels they are about: pure, but for what the store knows of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.carrier import Tracking
from monitor.core.days import Days
from monitor.core.model import Shipment, ShipmentStatus, TrackingEvent, UndatedEvent
from monitor.core.tracking import Merged, fused, merge, plain_number
from monitor.store import Store
from monitor.store.records import Due, OrderRecord, Tracked


@dataclass(frozen=True, slots=True)
class Answer:
    """A parcel before and after an answer about it. `fuses`: the answer tells that it is one with
    another that is known."""

    before: Due
    tracking: Tracking
    merged: Merged
    fuses: bool = False

    @property
    def after(self) -> Shipment:
        """The parcel with what is known now."""
        return self.merged.shipment

    @property
    def new_names(self) -> frozenset[str]:
        """The numbers that the parcel was not known by before."""
        return frozenset(self.after.aliases) - frozenset(self.before.shipment.aliases)

    @property
    def is_news(self) -> bool:
        """Whether anything is to be thought about: the parcel changed, or could not be read before."""
        return self.after != self.before.shipment or self.before.look.failures > 0


def answers_to(
    batch: Sequence[Due],
    trackings: Iterable[Tracking],
    known: Mapping[int, Sequence[TrackingEvent]],
    now: datetime,
    days: Days,
) -> list[Answer]:
    """What was told of each parcel of the batch; what is told of other people's is not heard."""
    asked = {name: it for it in batch for name in (it.shipment.number, *it.shipment.aliases)}
    asked |= {it.lookup.number: it for it in batch}
    answers: dict[int, Answer] = {}
    for tracking in trackings:
        names = map(plain_number, (tracking.number, *tracking.aliases))
        it = next((asked[name] for name in names if name in asked), None)
        if it is None:
            continue
        events = known.get(it.parcel, ())
        merged = merge(it.shipment, events, tracking, now, days, it.followed)
        answers.setdefault(it.parcel, Answer(it, tracking, merged))
    return list(answers.values())


def with_fused(store: Store, answers: Sequence[Answer], now: datetime, days: Days) -> list[Answer]:
    """The answers, of which one may tell that its parcel is one with others: what is known of these
    is known of it, before any of them is forgotten."""
    after = {answer.before.parcel: answer.after for answer in answers}
    told = []
    for answer in answers:
        parcel, shipment = answer.before.parcel, answer.after
        others = store.parcels.known_as(answer.new_names, but=parcel) if answer.new_names else []
        events = store.parcels.events([parcel, *(other.id for other in others)]) if others else {}
        for other in others:
            seen = [*events[parcel], *answer.merged.new_events]
            same = after.get(other.id, other.shipment)
            shipment = fused(shipment, seen, same, events[other.id], now, days)
        merged = replace(answer.merged, shipment=shipment)
        told.append(replace(answer, merged=merged, fuses=bool(others)))
    return told


def as_answered(record: OrderRecord, changed: Mapping[int, Answer], now: datetime) -> OrderRecord:
    """An order as it is once the changed parcels are stored."""
    parcels = (_as_told(parcel, changed.get(parcel.id), now) for parcel in record.parcels)
    return replace(record, parcels=tuple(parcels))


def _as_told(parcel: Tracked, answer: Answer | None, now: datetime) -> Tracked:
    if answer is None:
        return parcel
    look = replace(answer.before.look, last_success_at=now)
    return replace(parcel, shipment=answer.after, looks={**parcel.looks, answer.before.lookup: look})


def unmapped_codes(answers: Iterable[Answer]) -> list[str]:
    """Codes that nothing maps. Words are told where there is no code, if all that is said of the parcel
    cannot be read: not those of any old scan."""
    found: dict[str, None] = {}
    for answer in answers:
        scans: Iterable[TrackingEvent | UndatedEvent] = (*answer.merged.new_events, *answer.tracking.undated)
        wordy = answer.tracking.status is ShipmentStatus.UNKNOWN
        unread = (scan for scan in scans if scan.status is ShipmentStatus.UNKNOWN)
        found |= dict.fromkeys(scan.code or (scan.description if wordy else "") for scan in unread)
    return [code for code in found if code]
