"""How often one source may be asked: so many requests a second, so many a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.carrier import QuotaExceeded, Source


@dataclass(frozen=True, slots=True)
class Spent:
    """The requests a source got on one UTC day: what has to survive a restart."""

    day: date
    requests: int = 0


class Budget:
    """One source's account. The limits are the source's own and are read anew each time, so that a
    changed configuration counts at once and what was spent stays spent."""

    def __init__(self, spent: Spent | None = None) -> None:
        self._spent = spent
        self._free_at = 0.0

    def spent(self, now: datetime) -> Spent:
        """What was asked on the UTC day of `now`."""
        today = now.astimezone(UTC).date()
        # Not "later than": a clock that was once years ahead must not leave a source without requests.
        return self._spent if self._spent and self._spent.day == today else Spent(today)

    def remaining(self, source: Source, now: datetime) -> int | None:
        """Requests left on the UTC day of `now`; None: without limit."""
        if source.requests_per_day is None:
            return None
        return max(source.requests_per_day - self.spent(now).requests, 0)

    def take(self, source: Source, now: datetime, monotonic: float) -> float:
        """Spends one request and says how many seconds to wait before it is made.

        Raises QuotaExceeded, with the time until the UTC day ends, when none is left.
        """
        if self.remaining(source, now) == 0:
            raise QuotaExceeded(
                f"all {source.requests_per_day} requests of the day are used (requests_per_day)",
                retry_after=_until_tomorrow(now),
                asked=False,
            )
        spent = self.spent(now)
        self._spent = Spent(spent.day, spent.requests + 1)
        starts_at = max(self._free_at, monotonic)
        self._free_at = starts_at + 1 / source.requests_per_second
        return starts_at - monotonic


def _until_tomorrow(now: datetime) -> timedelta:
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), UTC) - now
