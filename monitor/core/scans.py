"""What adapters need to read scans: times as carriers write them, and what a set of scans says."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

from monitor.core.model import Delivery, Place, ShipmentStatus, TrackingEvent
from monitor.core.tracking import in_order

#: Times outside these years are mistakes or placeholders of the API, never scans.
_FIRST_YEAR, _LAST_YEAR = 1990, 2199
_LENGTH_OF_A_DAY = len("2026-10-01")


#: A time as it was told, and whether its zone is known; if not, it is the wall clock, carried in UTC.
ToldTime = tuple[datetime, bool]


def told_time(told: str | datetime, zone: tzinfo | None = None) -> ToldTime:
    """An ISO 8601 time, read already or not. One without an offset is in `zone`, else its zone is
    unknown; a day alone is its midnight in an unknown zone.

    Raises ValueError for anything else, and for a year in which no parcel of ours can travel.
    """
    at = datetime.fromisoformat(told) if isinstance(told, str) else told
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"the year {at.year} is not possible")
    if at.tzinfo is not None:
        return at, True
    if zone is None or (isinstance(told, str) and len(told) <= _LENGTH_OF_A_DAY):
        return at.replace(tzinfo=UTC), False
    return at.replace(tzinfo=zone), True


def oldest_first(events: Iterable[TrackingEvent]) -> list[TrackingEvent]:
    """The events by time; of several at one time, the one further along comes later."""
    ordered = sorted(events, key=lambda event: event.at)
    # Most have times of their own: the dearer key is for the others.
    if any(one.at == other.at for one, other in pairwise(ordered)):
        ordered.sort(key=in_order)
    return ordered


def delivery_of(ordered: Sequence[TrackingEvent]) -> Delivery | None:
    """The delivery that these events, oldest first, end with; None if they end otherwise.

    A second "delivered" scan does not make it later; a scan nobody can read does not undo it.
    """
    first = place = None
    for event in reversed(ordered):
        if event.status is ShipmentStatus.DELIVERED:
            first, place = event, event.place or place
        elif event.status is not ShipmentStatus.UNKNOWN:
            break
    return Delivery(first.at, first.zone_known, place) if first else None


def place_from(
    city: str | None = None,
    postal_code: str | None = None,
    region: str | None = None,
    country: str | None = None,
) -> Place | None:
    """The place that these make up; None when all are missing or empty."""
    if city or postal_code or region or country:
        return Place(city or None, postal_code or None, region or None, country or None)
    return None
