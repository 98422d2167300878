"""How a source is asked, and how it answers, as `check` tells it."""

from collections.abc import Iterator
from datetime import datetime

from monitor.budget import Budget, Spent
from monitor.carrier import Source
from monitor.core.rules.service import SourceHealth
from monitor.core.wording import Calendar


def manners(source: Source, spent: Spent | None, now: datetime) -> Iterator[str]:
    """What a source reads, and how often and how much it is asked."""
    yield source.adapter
    if source.root is not None:
        yield source.root
    else:
        yield _pace(source.requests_per_second)
    if source.root is None and source.batch_size > 1:
        yield f"up to {source.batch_size} numbers a request"
    left = Budget(spent).remaining(source, now)
    if left is not None:
        yield f"{source.requests_per_day} a day ({left} left today)"
    if source.min_interval_minutes:
        yield f"a parcel every {_length(source.min_interval_minutes)} at most"
    if source.accepts is not None:
        yield f"numbers like {source.accepts}"
    elif source.carriers and not source.takes_any_number:
        yield f"numbers of {', '.join(sorted(source.carriers))}"


def trouble(health: SourceHealth | None, next_try: datetime | None, calendar: Calendar) -> str | None:
    """Since when a source fails, why, and when it is asked again; None: it answers."""
    if health is None or health.failing_since is None:
        return None
    again = f"; asked again {calendar.clock(next_try)}" if next_try else ""
    return f"failing since {calendar.clock(health.failing_since)}: {health.error or 'no reason told'}{again}"


def _pace(per_second: float) -> str:
    if per_second >= 1:
        return f"requests a second: {per_second:g}"
    return f"a request every {1 / per_second:.3g} seconds"


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return "hour" if hours == 1 else f"{hours} hours"
    return f"{minutes} minutes"
