"""The only place that asks what time it is. Everything else is told."""

from collections.abc import Callable
from datetime import UTC, datetime

#: Tells the present instant, in UTC.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def clock_at(instant: datetime) -> Clock:
    """A clock that stands still: for `--at`."""
    return lambda: instant
