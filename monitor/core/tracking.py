"""Folds a source's answer into a shipment. Events are a set that only grows; status, estimate and
delivery are derived from it and from the source's newest word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.days import Days
from monitor.core.model import (
    NOT_MOVING,
    Delivery,
    EstimatedDelivery,
    Lookup,
    Place,
    Shipment,
    ShipmentStatus,
    Slip,
    Tracking,
    TrackingEvent,
)
from monitor.core.numbers import is_untracked

#: Events later than this after a look are announcements or mistakes: kept, but they decide nothing.
FUTURE_TOLERANCE = timedelta(days=1)

_PROGRESS = {status: index for index, status in enumerate(ShipmentStatus)} | {ShipmentStatus.UNKNOWN: -1}
_LATE_IN_A_DAY = frozenset(
    {
        ShipmentStatus.OUT_FOR_DELIVERY,
        ShipmentStatus.AVAILABLE_FOR_PICKUP,
        ShipmentStatus.DELIVERY_FAILED,
        ShipmentStatus.DELIVERED,
        ShipmentStatus.RETURNED,
    }
)
_END_OF_DAY = timedelta(hours=23, minutes=59)
_SILENT = frozenset({ShipmentStatus.NOT_FOUND, ShipmentStatus.UNKNOWN})
_AT_THE_DOOR = frozenset(
    {
        ShipmentStatus.OUT_FOR_DELIVERY,
        ShipmentStatus.AVAILABLE_FOR_PICKUP,
        ShipmentStatus.DELIVERY_FAILED,
        ShipmentStatus.DELIVERED,
    }
)

Identity = tuple[datetime, bool, str, str, str]


@dataclass(frozen=True, slots=True)
class Merged:
    """The shipment after an answer, and the events that are new to it, oldest first."""

    shipment: Shipment
    new_events: tuple[TrackingEvent, ...]


def identity(event: TrackingEvent) -> Identity:
    """What makes two reports the same scan; how we read its code is not part of it."""
    place = event.place
    return (
        event.at,
        event.zone_known,
        event.description,
        event.code or "",
        place.city or "" if place else "",
    )


def placed_at(event: TrackingEvent) -> datetime:
    """Where an event stands in time. Midnight stands for a day of which the hour was not told: what
    happens at the door or after is put at the end of that day, the rest at its beginning."""
    at = event.at
    if at.hour or at.minute or at.second or event.status not in _LATE_IN_A_DAY:
        return at
    return at + _END_OF_DAY


def in_order(event: TrackingEvent) -> tuple[datetime, int, Identity]:
    """Sorts events by time; of two at one time the one further along comes later, one that nobody
    can read first. The order is full: it does not depend on which of two was told first."""
    return placed_at(event), _PROGRESS[event.status], identity(event)


def merge(
    shipment: Shipment,
    known: Sequence[TrackingEvent],
    answer: Tracking,
    seen_at: datetime,
    days: Days,
    followed: Lookup | None = None,
) -> Merged:
    """The shipment as it is after `answer`, looked up at `seen_at`. `known` are all events stored
    so far, in any order; `followed` is where the answer comes from, if not from the parcel's own source.

    Merging twice changes nothing; of two answers, the one with the newer event decides, whichever
    comes first; of two that know the newest event, the one that told it. An answer that has forgotten
    the parcel forgets nothing here, and a followed source that does not know it yet says nothing.
    """
    if followed is not None and answer.status is ShipmentStatus.NOT_FOUND and not answer.events:
        return Merged(shipment, ())
    events, new = _united(known, answer.events)
    plausible = _plausible(events, seen_at)
    if not plausible:
        return Merged(_without_events(shipment, answer, seen_at, followed), new)
    newest = plausible[-1]
    decides, status, told_by = _decision(shipment, newest, answer, followed)
    aliases = _aliases(shipment, answer)
    merged = replace(
        shipment,
        aliases=aliases,
        status=status,
        status_since=_status_since(plausible, status, days),
        newest=newest,
        first_event_at=days.instant_of_event(plausible[0]),
        moving_since=_moving_since(plausible, days),
        delivery=_delivery(plausible, status, answer if decides else None, shipment.delivery),
        ends_at_border=_ends_at_border(shipment, answer, aliases, (event.status for event in plausible)),
        told_by=told_by,
    )
    if shipment.told_by == followed and not decides:
        return Merged(merged, new)  # an outdated answer
    return Merged(_with_outlook(merged, answer, seen_at, followed, decides=decides), new)


def fused(
    shipment: Shipment,
    known: Sequence[TrackingEvent],
    other: Shipment,
    events: Sequence[TrackingEvent],
    seen_at: datetime,
    days: Days,
) -> Shipment:
    """The parcel once it is known that `other`, with its `events`, is the same: what was told of the
    other was told of it."""
    if other.source is None:
        return shipment  # nobody was ever asked about it
    told = Tracking(
        other.number,
        other.status,
        tuple(events),
        other.aliases,
        other.edd,
        other.delivery,
        other.pickup_until,
        other.ends_at_border,
    )
    by = other.told_by or Lookup(other.source, other.number)
    return merge(shipment, known, told, seen_at, days, by).shipment


def _united(
    known: Sequence[TrackingEvent], told: Sequence[TrackingEvent]
) -> tuple[list[TrackingEvent], tuple[TrackingEvent, ...]]:
    seen = {identity(event) for event in known}
    new: list[TrackingEvent] = []
    for event in told:
        key = identity(event)
        if key not in seen:
            seen.add(key)
            new.append(event)
    new.sort(key=in_order)
    return sorted([*known, *new], key=in_order) if known else new, tuple(new)


def _plausible(events: Sequence[TrackingEvent], seen_at: datetime) -> Sequence[TrackingEvent]:
    limit = seen_at + FUTURE_TOLERANCE
    if not events or placed_at(events[-1]) <= limit:
        return events
    return [event for event in events if event.at <= limit]


def _knows(answer: Tracking, newest: TrackingEvent) -> bool:
    """Whether the answer tells the newest event that is known at all."""
    key = identity(newest)
    return any(event.at == newest.at and identity(event) == key for event in answer.events)


def _decision(
    shipment: Shipment, newest: TrackingEvent, answer: Tracking, followed: Lookup | None
) -> tuple[bool, ShipmentStatus, Lookup | None]:
    """Whether the answer decides where the parcel is, where that is then, and by whom it is told."""
    lasts = shipment.newest is not None and identity(shipment.newest) == identity(newest)
    if _knows(answer, newest) and (shipment.told_by == followed or not lasts):
        return True, _status(newest, answer), followed
    if lasts:
        return False, shipment.status, shipment.told_by
    return False, newest.status, None


def _status(newest: TrackingEvent, answer: Tracking) -> ShipmentStatus:
    """The source's own word, unless it is about an event that is still to come or says nothing."""
    last = placed_at(newest)
    told_future = any(placed_at(event) > last for event in answer.events)
    if told_future or answer.status in _SILENT:
        return newest.status if newest.status not in _SILENT else answer.status
    return answer.status


def _without_events(
    shipment: Shipment, answer: Tracking, seen_at: datetime, followed: Lookup | None
) -> Shipment:
    """A source that tells a status and no scans: the status holds since it was first seen. Of two such
    sources, the one that is further along is heard; of equals the parcel's own."""
    heard = answer.status not in _SILENT or shipment.status is ShipmentStatus.NOT_FOUND
    if followed != shipment.told_by:
        ahead = _PROGRESS[answer.status] - _PROGRESS[shipment.status]
        heard = ahead > 0 or (ahead == 0 and followed is None)
    aliases = _aliases(shipment, answer)
    merged = replace(
        shipment,
        aliases=aliases,
        ends_at_border=_ends_at_border(shipment, answer, aliases, (shipment.status, answer.status)),
    )
    if heard:
        merged = _as_told(merged, answer, seen_at, followed)
    return _with_outlook(merged, answer, seen_at, followed, decides=heard)


def _as_told(shipment: Shipment, answer: Tracking, seen_at: datetime, followed: Lookup | None) -> Shipment:
    status = answer.status
    lasts = status is shipment.status and shipment.status_since is not None
    moving_since = shipment.moving_since
    if status not in NOT_MOVING and moving_since is None:
        moving_since = seen_at
    return replace(
        shipment,
        status=status,
        status_since=shipment.status_since if lasts else seen_at,
        moving_since=moving_since,
        delivery=(answer.delivery or shipment.delivery) if status is ShipmentStatus.DELIVERED else None,
        told_by=followed,
    )


def _moving_since(events: Iterable[TrackingEvent], days: Days) -> datetime | None:
    moving = (event for event in events if event.status not in NOT_MOVING)
    return next(map(days.instant_of_event, moving), None)


def _status_since(events: Sequence[TrackingEvent], status: ShipmentStatus, days: Days) -> datetime:
    """The first event of the last unbroken run of `status`; unread codes do not break it."""
    first = events[-1]
    for event in reversed(events):
        if event.status is status:
            first = event
        elif event.status is not ShipmentStatus.UNKNOWN:
            break
    return days.instant_of_event(first)


def _delivery(
    events: Sequence[TrackingEvent],
    status: ShipmentStatus,
    answer: Tracking | None,
    before: Delivery | None,
) -> Delivery | None:
    if status is not ShipmentStatus.DELIVERED:
        return None
    told = answer.delivery if answer is not None else before
    scans = [event for event in reversed(events) if event.status is ShipmentStatus.DELIVERED]
    if not scans:
        return told
    place = told.place if told is not None and told.place is not None else _first_place(scans)
    if told is not None and told.at is not None:
        return replace(told, place=place)
    return Delivery(scans[0].at, scans[0].zone_known, place)


def _first_place(events: Iterable[TrackingEvent]) -> Place | None:
    return next((event.place for event in events if event.place is not None), None)


def _ends_at_border(
    shipment: Shipment, answer: Tracking, aliases: Iterable[str], statuses: Iterable[ShipmentStatus]
) -> bool:
    """Whether it is economy mail: by its source, or by one of its numbers; and no scan at the door has
    shown otherwise."""
    economy = shipment.ends_at_border or answer.ends_at_border
    if not economy and not any(map(is_untracked, (shipment.number, *aliases))):
        return False
    return _AT_THE_DOOR.isdisjoint(statuses)


def _with_outlook(
    shipment: Shipment, answer: Tracking, seen_at: datetime, followed: Lookup | None, *, decides: bool
) -> Shipment:
    """What the source expects: its estimate, a slip of it, a limit for pickup. A source that does not
    decide moves its own estimate only, and adds what nobody told."""
    limit = answer.pickup_until or shipment.pickup_until
    if not decides and shipment.pickup_until is not None:
        limit = shipment.pickup_until
    if limit != shipment.pickup_until:
        shipment = replace(shipment, pickup_until=limit)
    own = shipment.edd is None or shipment.edd_by == followed
    if answer.edd is None or not (own or decides):
        return shipment
    slip = _slip(shipment.edd, answer.edd, seen_at) if own else None
    slips = shipment.slips if slip is None else (*shipment.slips, slip)
    return replace(shipment, edd=answer.edd, edd_by=followed, slips=slips)


def _slip(
    before: EstimatedDelivery | None, after: EstimatedDelivery | None, seen_at: datetime
) -> Slip | None:
    if before is None or after is None or before.latest is None or after.latest is None:
        return None
    if after.latest <= before.latest:
        return None
    return Slip(seen_at, before.latest, after.latest)


def _aliases(shipment: Shipment, answer: Tracking) -> tuple[str, ...]:
    names: Iterable[str] = (answer.number, *answer.aliases)
    fresh = {plain_number(name) for name in names} - {shipment.number, ""}
    if fresh <= set(shipment.aliases):
        return shipment.aliases
    return tuple(sorted(fresh | set(shipment.aliases)))


def plain_number(number: str) -> str:
    """A tracking number without blanks, in capitals: how numbers are compared."""
    return "".join(number.split()).upper()
