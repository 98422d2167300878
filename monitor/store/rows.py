"""How values become columns and back: instants as microseconds, facts as JSON."""

import zlib
from datetime import UTC, datetime, timedelta

import msgspec

from monitor.core.case import JournalEntry
from monitor.core.model import Order, Place, Shipment, ShipmentStatus, TrackingEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_STATUSES = {status.value: status for status in ShipmentStatus}

encode = msgspec.json.Encoder().encode
decode_order = msgspec.json.Decoder(Order).decode
decode_shipment = msgspec.json.Decoder(Shipment).decode
decode_entry = msgspec.json.Decoder(JournalEntry).decode

EventRow = tuple[
    int, int, int, bool, str, str, str | None, str | None, str | None, str | None, str | None, int
]


def stamp(instant: datetime) -> int:
    """An instant as microseconds since 1970 UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(stamped: int) -> datetime:
    """The instant of a stamp, in UTC."""
    return _EPOCH + timedelta(microseconds=stamped)


def maybe_stamp(value: datetime | None) -> int | None:
    """`stamp`, of what may be missing."""
    return None if value is None else stamp(value)


def maybe_instant(value: int | None) -> datetime | None:
    """`instant`, of what may be missing."""
    return None if value is None else instant(value)


def event_row(shipment: int, event: TrackingEvent, seen_at: int) -> EventRow:
    """The row of an event; its digest tells apart what happened at one time."""
    place = event.place
    city = place.city if place is not None else None
    text = f"{event.zone_known}|{event.description}|{event.code or ''}|{city or ''}"
    return (
        shipment,
        stamp(event.at),
        zlib.crc32(text.encode("utf-8", "surrogatepass")),
        event.zone_known,
        event.status.value,
        event.description,
        event.code,
        city,
        place.postal_code if place is not None else None,
        place.region if place is not None else None,
        place.country if place is not None else None,
        seen_at,
    )


def event_of(
    at: int,
    zone_known: int,
    status: str,
    description: str,
    code: str | None,
    city: str | None,
    postal_code: str | None,
    region: str | None,
    country: str | None,
) -> TrackingEvent:
    """The event of a row (without shipment, digest and seen_at)."""
    place = None
    if city or postal_code or region or country:
        place = Place(city, postal_code, region, country)
    return TrackingEvent(instant(at), _STATUSES[status], description, code, place, bool(zone_known))
