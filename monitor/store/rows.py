"""How values become columns and back: instants as microseconds, facts as JSON.

What a pass reads of many rows comes out of SQLite as one JSON document: one step, in which the
store's thread does not wait for the event loop's, and one decoding into typed values.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zlib import crc32

import msgspec

from monitor.core.model import TrackingEvent

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_encode = msgspec.json.Encoder().encode


def json_of(value: object) -> str:
    """A value as JSON, for a column or for `json_each`."""
    return _encode(value).decode()


def reader(shape: type[T]) -> Callable[[str], T]:
    """A function that reads JSON of one shape."""
    return msgspec.json.Decoder(shape).decode


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


def event_row(shipment: int, event: TrackingEvent) -> tuple[int, int, int, str]:
    """The row of an event: its digest tells apart what happened at one time."""
    place = event.place
    text = f"{event.zone_known}|{event.description}|{event.code}|{place.city if place else None}"
    return shipment, stamp(event.at), crc32(text.encode()), json_of(event)
