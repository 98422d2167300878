"""Local days, business days and the instants they stand for.

A buyer counts in days of their own zone. A moment counted in days falls on the morning of its day;
a window that closes on a date closes when that day ends, one that counts from an instant closes at
the same wall clock N days later.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from monitor.core.model import TrackingEvent

_DAY = timedelta(days=1)


class QuietHours(NamedTuple):
    """Hours of every day in which nobody wants to be woken: from `start` until before `end`, which is
    one of the next day where it is not the later of the two."""

    start: time
    end: time


class Night(NamedTuple):
    """The quiet hours of one day, as instants in UTC; `end` is no part of them."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Days:
    """The user's calendar: all results are instants in UTC.

    `deadline_zone` is the platform's zone where the user named it: of the two ends of a day the
    earlier one counts. `holidays` are no business days. In the `quiet` hours only what cannot wait is
    said.
    """

    zone: ZoneInfo | timezone
    morning: time = time(9)
    deadline_zone: ZoneInfo | None = None
    holidays: frozenset[date] = frozenset()
    quiet: QuietHours | None = None
    _mornings: dict[date, datetime] = field(default_factory=dict, compare=False, repr=False)
    _ends: dict[date, datetime] = field(default_factory=dict, compare=False, repr=False)

    def morning_of(self, day: date) -> datetime:
        """The morning of a local day."""
        known = self._mornings.get(day)
        if known is None:
            known = self._mornings[day] = _instant(day, self.morning, self.zone)
        return known

    def end_of(self, day: date) -> datetime:
        """24:00 of a local day; with a platform zone, whichever of the two days ends first."""
        known = self._ends.get(day)
        if known is None:
            known = _instant(day + _DAY, time(), self.zone)
            if self.deadline_zone is not None:
                known = min(known, _instant(day + _DAY, time(), self.deadline_zone))
            self._ends[day] = known
        return known

    def day_of(self, instant: datetime, *, zone_known: bool = True) -> date:
        """The local day of an instant (of a wall clock without zone: its own day)."""
        return instant.astimezone(self.zone).date() if zone_known else instant.date()

    def instant_of(self, wall: datetime, *, zone_known: bool = True) -> datetime:
        """The instant of an event; a wall clock without zone is read as the user's own."""
        return wall if zone_known else _instant(wall.date(), wall.time(), self.zone)

    def instant_of_event(self, event: TrackingEvent) -> datetime:
        """The instant of a tracking event."""
        return self.instant_of(event.at, zone_known=event.zone_known)

    def same_time_after(self, instant: datetime, days: int) -> datetime:
        """The same wall clock, `days` days later; with a platform zone, whichever comes first."""
        later = _same_time_after(instant, days, self.zone)
        if self.deadline_zone is not None:
            later = min(later, _same_time_after(instant, days, self.deadline_zone))
        return later

    def first_morning_after(self, instant: datetime) -> datetime:
        """The first morning that is not before `instant`: when one says that a window has closed."""
        day = self.day_of(instant)
        morning = self.morning_of(day)
        return morning if morning >= instant else self.morning_of(day + _DAY)

    def night_at(self, instant: datetime) -> Night | None:
        """The quiet hours that an instant lies in."""
        if self.quiet is None:
            return None
        today = self.day_of(instant)
        nights = (self._night_from(day, self.quiet) for day in (today - _DAY, today))
        return next((night for night in nights if night.begin <= instant < night.end), None)

    def next_at(self, at: time, now: datetime) -> datetime:
        """The next time after `now` that a clock on the wall shows `at`."""
        today = self.day_of(now)
        times = (_instant(today + ahead * _DAY, at, self.zone) for ahead in range(-1, 3))
        return next(instant for instant in times if instant > now)

    def _night_from(self, day: date, quiet: QuietHours) -> Night:
        last = day if quiet.start < quiet.end else day + _DAY
        return Night(_instant(day, quiet.start, self.zone), _instant(last, quiet.end, self.zone))

    def business_day_after(self, day: date, count: int) -> date:
        """The `count`-th business day (Monday to Friday, no holiday) after `day`."""
        while count > 0:
            day += _DAY
            if day.weekday() < 5 and day not in self.holidays:
                count -= 1
        return day

    def business_days_between(self, since: date, until: date) -> int:
        """How many business days have come after `since`, `until` included."""
        days = (since + ahead * _DAY for ahead in range(1, (until - since).days + 1))
        return sum(day.weekday() < 5 and day not in self.holidays for day in days)


def _same_time_after(instant: datetime, days: int, zone: ZoneInfo | timezone) -> datetime:
    local = instant.astimezone(zone)
    return _instant(local.date() + days * _DAY, local.time(), zone)


def _instant(day: date, at: time, zone: ZoneInfo | timezone) -> datetime:
    """The instant of a wall clock; one that a time change skips is moved past the gap, of one that
    comes twice the first is meant."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
