"""When to look at a parcel next: often at the door, rarely at sea, never after delivery."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from monitor.core.model import Shipment, ShipmentStatus

_HOUR = timedelta(hours=1)

#: Hours between two looks, by status; a status that is not here is over.
INTERVALS: Mapping[ShipmentStatus, timedelta] = {
    ShipmentStatus.NOT_FOUND: 12 * _HOUR,
    ShipmentStatus.INFO_RECEIVED: 8 * _HOUR,
    ShipmentStatus.IN_TRANSIT: 6 * _HOUR,
    ShipmentStatus.IN_CUSTOMS: 6 * _HOUR,
    ShipmentStatus.CUSTOMS_HOLD: 6 * _HOUR,
    ShipmentStatus.OUT_FOR_DELIVERY: _HOUR,
    ShipmentStatus.AVAILABLE_FOR_PICKUP: 4 * _HOUR,
    ShipmentStatus.DELIVERY_FAILED: 3 * _HOUR,
    ShipmentStatus.RETURNING: 12 * _HOUR,
    ShipmentStatus.EXCEPTION: 6 * _HOUR,
    ShipmentStatus.EXPIRED: 24 * _HOUR,
    ShipmentStatus.UNKNOWN: 6 * _HOUR,
}

#: A parcel without a scan for this long is at sea, or lost: one look a day is enough.
AT_SEA_AFTER = timedelta(days=10)
AT_SEA = 24 * _HOUR

_FIRST_RETRY = timedelta(minutes=5)
_LONGEST_RETRY = 6 * _HOUR
#: Looks are put on a grid, so that parcels polled together stay together in one batch.
_GRID = timedelta(minutes=5)
_LAST_LOOK = timedelta(minutes=30)


def next_look(
    shipment: Shipment,
    now: datetime,
    *,
    min_interval: timedelta = timedelta(),
    deadline: datetime | None = None,
) -> datetime | None:
    """When to look again after a look that worked; None: never.

    Not sooner than the source's `min_interval`; not later than half an hour before `deadline`, the
    next moment at which something would be said, so that what is said is fresh.
    """
    interval = _interval(shipment, now)
    if interval is None:
        return None
    soonest = now + min_interval
    look = now + max(interval, min_interval)
    if deadline is not None and now < deadline - _LAST_LOOK < look:
        look = max(deadline - _LAST_LOOK, soonest)
    return _on_grid(look)


def next_try(failures: int, now: datetime, *, retry_after: timedelta | None = None) -> datetime:
    """When to try again after the `failures`-th failed look in a row: 5 minutes, doubling up to 6
    hours, never sooner than the source asks for."""
    wait = min(_FIRST_RETRY * 2 ** min(max(failures - 1, 0), 10), _LONGEST_RETRY)
    return _on_grid(now + max(wait, retry_after or timedelta()))


def _interval(shipment: Shipment, now: datetime) -> timedelta | None:
    interval = INTERVALS.get(shipment.status)
    quiet_since = shipment.newest.at if shipment.newest else None
    if interval is not None and quiet_since is not None and now - quiet_since > AT_SEA_AFTER:
        return max(interval, AT_SEA)
    return interval


def _on_grid(instant: datetime) -> datetime:
    """The next point of the grid that is not before `instant`."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    steps = -((epoch - instant) // _GRID)
    return epoch + steps * _GRID
