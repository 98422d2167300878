"""What adapters need to read scans: times as carriers write them, and what a set of scans says."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo

from monitor.core.countries import country_code
from monitor.core.model import (
    NOT_MOVING,
    Delivery,
    EstimatedDelivery,
    Place,
    ShipmentStatus,
    TrackingEvent,
)
from monitor.core.tracking import in_order, placed_at

#: Times outside these years are mistakes or placeholders of the API, never scans.
_FIRST_YEAR, _LAST_YEAR = 1990, 2199
_LENGTH_OF_A_DAY = len("2026-10-01")
_ENDS = frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.RETURNED})
_SILENT = frozenset({ShipmentStatus.NOT_FOUND, ShipmentStatus.UNKNOWN})


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
    # `combine` makes the same of it as `replace`, in a quarter of the time.
    if zone is None or (isinstance(told, str) and len(told) <= _LENGTH_OF_A_DAY):
        return datetime.combine(at, at.time(), UTC), False
    return datetime.combine(at, at.time(), zone), True


def time_if_told(
    told: str | datetime | None, zone: tzinfo | None = None, patterns: Sequence[str] = ()
) -> ToldTime | None:
    """`told_time`, of what may be missing or no time at all. `patterns` are strptime's, tried where
    it is not ISO 8601."""
    if not told:
        return None
    try:
        return told_time(told, zone)
    except ValueError:
        written = (at for pattern in patterns if (at := _by_pattern(str(told).strip(), pattern)))
        return next((told_time(at, zone) for at in written if _FIRST_YEAR <= at.year <= _LAST_YEAR), None)


def _by_pattern(told: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(told, pattern)  # noqa: DTZ007 - `told_time` gives it its zone
    except ValueError:
        return None


def day_if_told(
    told: str | datetime | date | None, zone: tzinfo | None = None, patterns: Sequence[str] = ()
) -> date | None:
    """The local day of a time, or a day alone, as it was told; None where it cannot be read."""
    if isinstance(told, date) and not isinstance(told, datetime):
        return told
    at = time_if_told(told, zone, patterns)
    return at[0].date() if at else None


def estimate_from(
    earliest: date | None, latest: date | None, source: str = "carrier"
) -> EstimatedDelivery | None:
    """The estimated delivery between these days; None where neither is told."""
    return EstimatedDelivery(earliest, latest, source) if earliest or latest else None


def overall_status(newest: ShipmentStatus | None, parcel: ShipmentStatus | None) -> ShipmentStatus:
    """Where a parcel is, by its newest scan and by the word for the whole parcel that stands beside.

    The word lags behind the scans, so the scan decides if it tells of a parcel on its way, and the word
    alone raises no hold. That nothing came for too long (`expired`) only the word can tell.
    """
    word = ShipmentStatus.IN_CUSTOMS if parcel is ShipmentStatus.CUSTOMS_HOLD else parcel
    if newest is None:
        return word or ShipmentStatus.NOT_FOUND
    if word is ShipmentStatus.EXPIRED and newest not in _ENDS:
        return word
    if word is None or word in _SILENT or newest not in NOT_MOVING:
        return newest
    return word


def oldest_first(events: Iterable[TrackingEvent]) -> list[TrackingEvent]:
    """The events by time; of several at one time, the one further along comes later."""
    ordered = sorted(events, key=placed_at)
    # Most have times of their own: the dearer key is for the others.
    if len(set(map(placed_at, ordered))) < len(ordered):
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
    """The place that these make up, its country as a code where that can be told; None when all are
    missing or empty."""
    if city or postal_code or region or country:
        country = country_code(country) or country
        return Place(city or None, postal_code or None, region or None, country or None)
    return None
