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
    Shipment,
    ShipmentStatus,
    Slip,
    Tracking,
    TrackingEvent,
)

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
    shipment: Shipment, known: Sequence[TrackingEvent], answer: Tracking, seen_at: datetime, days: Days
) -> Merged:
    """The shipment as it is after `answer`, looked up at `seen_at`. `known` are all events stored
    so far, in any order.

    Merging twice changes nothing; of two answers, the one with the newer event decides, whichever
    comes first. An answer that has forgotten the parcel forgets nothing here.
    """
    events, new = _united(known, answer.events)
    plausible = _plausible(events, seen_at)
    if not plausible:
        return Merged(_without_events(shipment, answer, seen_at), new)
    newest = plausible[-1]
    decides = _decides(newest, answer)
    status = _status(newest, answer) if decides else _remembered(shipment, newest)
    merged = replace(
        shipment,
        aliases=_aliases(shipment, answer),
        status=status,
        status_since=_status_since(plausible, status, days),
        newest=newest,
        first_event_at=days.instant_of_event(plausible[0]),
        moving_since=next(
            (days.instant_of_event(event) for event in plausible if event.status not in NOT_MOVING), None
        ),
        delivery=_delivery(plausible, status, answer if decides else None, shipment.delivery),
        ends_at_border=shipment.ends_at_border or answer.ends_at_border,
    )
    return Merged(_with_outlook(merged, answer, seen_at) if decides else merged, new)


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


def _decides(newest: TrackingEvent, answer: Tracking) -> bool:
    """Whether the answer knows the newest event that is known at all."""
    key = identity(newest)
    return any(event.at == newest.at and identity(event) == key for event in answer.events)


def _status(newest: TrackingEvent, answer: Tracking) -> ShipmentStatus:
    """The source's own word, unless it is about an event that is still to come or says nothing."""
    last = placed_at(newest)
    told_future = any(placed_at(event) > last for event in answer.events)
    if told_future or answer.status in _SILENT:
        return newest.status if newest.status not in _SILENT else answer.status
    return answer.status


def _remembered(shipment: Shipment, newest: TrackingEvent) -> ShipmentStatus:
    return shipment.status if shipment.newest is not None else newest.status


def _without_events(shipment: Shipment, answer: Tracking, seen_at: datetime) -> Shipment:
    """A source that tells a status and no scans: the status holds since it was first seen."""
    silent = answer.status in _SILENT and shipment.status is not ShipmentStatus.NOT_FOUND
    status = shipment.status if silent else answer.status
    lasts = status is shipment.status and shipment.status_since is not None
    merged = replace(
        shipment,
        aliases=_aliases(shipment, answer),
        status=status,
        status_since=shipment.status_since if lasts else seen_at,
        delivery=(answer.delivery or shipment.delivery) if status is ShipmentStatus.DELIVERED else None,
        ends_at_border=shipment.ends_at_border or answer.ends_at_border,
    )
    if status not in NOT_MOVING and merged.moving_since is None:
        merged = replace(merged, moving_since=seen_at)
    return _with_outlook(merged, answer, seen_at)


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
    if told is not None and told.at is not None:
        return told
    for event in reversed(events):
        if event.status is ShipmentStatus.DELIVERED:
            return Delivery(event.at, event.zone_known, told.place if told and told.place else event.place)
    return told


def _with_outlook(shipment: Shipment, answer: Tracking, seen_at: datetime) -> Shipment:
    """What the source expects: its estimate, a slip of it, a limit for pickup."""
    edd = answer.edd or shipment.edd
    slip = _slip(shipment.edd, answer.edd, seen_at)
    pickup_until = answer.pickup_until or shipment.pickup_until
    if edd == shipment.edd and slip is None and pickup_until == shipment.pickup_until:
        return shipment
    slips = (*shipment.slips, slip) if slip is not None else shipment.slips
    return replace(shipment, edd=edd, slips=slips, pickup_until=pickup_until)


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
