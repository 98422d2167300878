"""Local days and the instants they stand for. All instants below are in UTC."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.days import Days
from monitor.core.model import ShipmentStatus, TrackingEvent
from tests.monitor.core.facts import AUCKLAND, IN_MADRID, LOS_ANGELES, MADRID, at, day

UTC_ZONE = ZoneInfo("UTC")


def utc(text: str) -> datetime:
    return at(text, UTC_ZONE)


MORNINGS = [
    (MADRID, "2026-03-28", "2026-03-28 08:00"),  # winter
    (MADRID, "2026-03-29", "2026-03-29 07:00"),  # the clock went forward in the night
    (MADRID, "2026-10-24", "2026-10-24 07:00"),  # summer
    (MADRID, "2026-10-25", "2026-10-25 08:00"),  # the clock went back in the night
    (AUCKLAND, "2026-05-14", "2026-05-13 21:00"),
    (LOS_ANGELES, "2026-05-14", "2026-05-14 16:00"),
    (ZoneInfo("Asia/Kathmandu"), "2026-05-14", "2026-05-14 03:15"),
    (timezone(timedelta(hours=2)), "2026-05-14", "2026-05-14 07:00"),
]


@pytest.mark.parametrize(("zone", "of", "instant"), MORNINGS)
def test_a_morning_is_nine_by_the_users_clock(zone: ZoneInfo | timezone, of: str, instant: str) -> None:
    days = Days(zone)
    assert days.morning_of(day(of)) == utc(instant)
    assert days.morning_of(day(of)) == utc(instant)  # asked again, and remembered


def test_a_morning_that_a_time_change_skips_is_after_the_gap() -> None:
    assert Days(MADRID, time(2, 30)).morning_of(day("2026-03-29")) == utc("2026-03-29 01:30")
    assert at("2026-03-29 03:30") == utc("2026-03-29 01:30")


def test_of_a_morning_that_comes_twice_the_first_counts() -> None:
    assert Days(MADRID, time(2, 30)).morning_of(day("2026-10-25")) == utc("2026-10-25 00:30")


ENDS = [
    (MADRID, None, "2026-03-28", "2026-03-28 23:00"),
    (MADRID, None, "2026-03-29", "2026-03-29 22:00"),  # a day of 23 hours
    (MADRID, None, "2026-10-24", "2026-10-24 22:00"),
    (MADRID, None, "2026-10-25", "2026-10-25 23:00"),  # a day of 25 hours
    (MADRID, None, "2026-12-31", "2026-12-31 23:00"),
    (AUCKLAND, None, "2026-05-14", "2026-05-14 12:00"),
    (LOS_ANGELES, None, "2026-05-14", "2026-05-15 07:00"),
    (MADRID, LOS_ANGELES, "2026-05-14", "2026-05-14 22:00"),  # the buyer's day ends first
    (LOS_ANGELES, MADRID, "2026-05-14", "2026-05-14 22:00"),  # the platform's day ends first
    (AUCKLAND, LOS_ANGELES, "2026-05-14", "2026-05-14 12:00"),
    (LOS_ANGELES, AUCKLAND, "2026-05-14", "2026-05-14 12:00"),
]


@pytest.mark.parametrize(("zone", "platform", "of", "instant"), ENDS)
def test_a_day_ends_at_24(zone: ZoneInfo, platform: ZoneInfo | None, of: str, instant: str) -> None:
    days = Days(zone, deadline_zone=platform)
    assert days.end_of(day(of)) == utc(instant)
    assert days.end_of(day(of)) == utc(instant)


SAME_TIME = [
    (MADRID, None, "2026-05-20 16:40", 15, "2026-06-04 16:40"),
    (MADRID, None, "2026-03-20 09:00", 15, "2026-04-04 08:00"),  # 10:00 in winter, 10:00 in summer
    (MADRID, None, "2026-10-20 08:00", 15, "2026-11-04 09:00"),
    (MADRID, None, "2026-05-20 16:40", 0, "2026-05-20 16:40"),
    (MADRID, None, "2026-03-14 01:30", 15, "2026-03-29 01:30"),  # 02:30 does not exist that day
    (AUCKLAND, None, "2026-05-20 16:40", 15, "2026-06-04 16:40"),
    (MADRID, LOS_ANGELES, "2026-03-01 09:00", 15, "2026-03-16 08:00"),  # there it is summer on 8 March
    (LOS_ANGELES, MADRID, "2026-03-01 09:00", 15, "2026-03-16 08:00"),
    (MADRID, LOS_ANGELES, "2026-05-20 16:40", 15, "2026-06-04 16:40"),
]


@pytest.mark.parametrize(("zone", "platform", "instant", "count", "later"), SAME_TIME)
def test_a_window_from_an_instant_closes_at_the_same_time_of_day(
    zone: ZoneInfo, platform: ZoneInfo | None, instant: str, count: int, later: str
) -> None:
    assert Days(zone, deadline_zone=platform).same_time_after(utc(instant), count) == utc(later)


FIRST_MORNINGS = [
    ("2026-05-14 08:59:59", "2026-05-14 09:00"),
    ("2026-05-14 09:00", "2026-05-14 09:00"),
    ("2026-05-14 09:00:01", "2026-05-15 09:00"),
    ("2026-05-14 00:00", "2026-05-14 09:00"),
    ("2026-05-14 23:59:59", "2026-05-15 09:00"),
    ("2026-03-29 00:00", "2026-03-29 09:00"),
    ("2026-10-24 10:00", "2026-10-25 09:00"),
]


@pytest.mark.parametrize(("closed", "morning"), FIRST_MORNINGS)
def test_the_first_morning_after(closed: str, morning: str) -> None:
    assert IN_MADRID.first_morning_after(at(closed)) == at(morning)


BUSINESS = [
    ("2026-06-10", 1, "2026-06-11"),  # Wednesday
    ("2026-06-10", 3, "2026-06-15"),
    ("2026-06-12", 1, "2026-06-15"),  # Friday
    ("2026-06-13", 1, "2026-06-15"),  # Saturday
    ("2026-06-14", 1, "2026-06-15"),  # Sunday
    ("2026-06-10", 10, "2026-06-24"),
    ("2026-06-10", 20, "2026-07-08"),
    ("2026-06-13", 0, "2026-06-13"),
    ("2026-12-31", 1, "2027-01-01"),  # a holiday only where the user lists it
]


@pytest.mark.parametrize(("start", "count", "end"), BUSINESS)
def test_business_days_are_monday_to_friday(start: str, count: int, end: str) -> None:
    assert IN_MADRID.business_day_after(day(start), count) == day(end)


def test_holidays_are_no_business_days() -> None:
    days = Days(MADRID, holidays=frozenset({day("2027-01-01"), day("2027-01-06"), day("2027-01-09")}))
    assert days.business_day_after(day("2026-12-31"), 1) == day("2027-01-04")
    assert days.business_day_after(day("2026-12-31"), 3) == day("2027-01-07")
    assert days.business_day_after(day("2027-01-08"), 1) == day("2027-01-11")


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2026-05-15", "2026-05-15", 0),  # Friday
        ("2026-05-15", "2026-05-17", 0),
        ("2026-05-15", "2026-05-18", 1),
        ("2026-05-17", "2026-05-24", 5),
        ("2026-05-18", "2026-05-15", 0),
    ],
)
def test_business_days_are_counted(since: str, until: str, count: int) -> None:
    assert IN_MADRID.business_days_between(day(since), day(until)) == count


def test_the_day_of_an_instant_is_the_users() -> None:
    late = utc("2026-05-14 22:30")
    assert IN_MADRID.day_of(late) == day("2026-05-15")
    assert Days(LOS_ANGELES).day_of(late) == day("2026-05-14")
    assert Days(AUCKLAND).day_of(late) == day("2026-05-15")
    assert IN_MADRID.day_of(late, zone_known=False) == day("2026-05-14")


def test_a_wall_clock_without_zone_is_the_users() -> None:
    event = TrackingEvent(utc("2026-05-14 22:30"), ShipmentStatus.IN_TRANSIT)
    assert IN_MADRID.instant_of_event(event) == utc("2026-05-14 22:30")
    assert IN_MADRID.instant_of(utc("2026-05-14 22:30"), zone_known=False) == at("2026-05-14 22:30")
    skipped = IN_MADRID.instant_of(utc("2026-03-29 02:30"), zone_known=False)
    assert skipped == utc("2026-03-29 01:30")


def test_two_calendars_with_the_same_rules_are_equal_whatever_they_remember() -> None:
    used = Days(MADRID)
    used.morning_of(day("2026-05-14"))
    used.end_of(day("2026-05-14"))
    assert used == Days(MADRID)
    assert hash(used) == hash(Days(MADRID))
    assert used != Days(MADRID, time(8))


ZONES = st.sampled_from((MADRID, AUCKLAND, LOS_ANGELES, UTC_ZONE, ZoneInfo("America/St_Johns")))
DATES = st.dates(date(2020, 1, 1), date(2035, 1, 1))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(ZONES, DATES)
def test_a_morning_is_within_its_day(zone: ZoneInfo, of: date) -> None:
    days = Days(zone)
    assert days.day_of(days.morning_of(of)) == of
    assert days.end_of(of - timedelta(days=1)) < days.morning_of(of) < days.end_of(of)
    assert days.day_of(days.end_of(of) - timedelta(microseconds=1)) == of
    assert days.day_of(days.end_of(of)) == of + timedelta(days=1)


@given(ZONES, ZONES, DATES)
def test_a_platforms_zone_never_makes_a_deadline_later(zone: ZoneInfo, platform: ZoneInfo, of: date) -> None:
    assert Days(zone, deadline_zone=platform).end_of(of) == min(
        Days(zone).end_of(of), Days(platform).end_of(of)
    )


@given(ZONES, INSTANTS)
def test_the_first_morning_after_is_the_first(zone: ZoneInfo, instant: datetime) -> None:
    days = Days(zone)
    morning = days.first_morning_after(instant)
    assert morning >= instant
    assert days.morning_of(days.day_of(morning) - timedelta(days=1)) < instant


@given(DATES, st.integers(1, 60), st.lists(st.integers(1, 90), max_size=5))
def test_business_days_are_counted_as_they_are_waited_for(since: date, count: int, off: list[int]) -> None:
    days = Days(MADRID, holidays=frozenset(since + timedelta(days=ahead) for ahead in off))
    last = days.business_day_after(since, count)
    assert days.business_days_between(since, last) == count
    assert days.business_days_between(since, last - timedelta(days=1)) == count - 1


@given(ZONES, INSTANTS, st.integers(0, 60))
def test_days_later_are_days_later(zone: ZoneInfo, instant: datetime, count: int) -> None:
    days = Days(zone)
    later = days.same_time_after(instant, count)
    assert days.day_of(later) == days.day_of(instant) + timedelta(days=count)
    assert abs(later - instant - timedelta(days=count)) <= timedelta(hours=1)
