"""When to look at a parcel next. Now is Tuesday 12 May 2026, 10:00."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.cadence import AT_SEA, AT_SEA_AFTER, INTERVALS, next_look, next_try
from monitor.core.model import Shipment, ShipmentStatus
from tests.monitor.core.facts import a_parcel, at, shown
from tests.monitor.core.strategies import INSTANTS, maybe, shipments

NOW = at("2026-05-12 10:00")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
GRID = timedelta(minutes=5)

LOOKS = [
    ("not_found", "2026-05-12 22:00"),
    ("info_received", "2026-05-12 18:00"),
    ("in_transit", "2026-05-12 16:00"),
    ("in_customs", "2026-05-12 16:00"),
    ("customs_hold", "2026-05-12 16:00"),
    ("out_for_delivery", "2026-05-12 11:00"),
    ("available_for_pickup", "2026-05-12 14:00"),
    ("delivery_failed", "2026-05-12 13:00"),
    ("delivered", None),
    ("returning", "2026-05-12 22:00"),
    ("returned", None),
    ("exception", "2026-05-12 16:00"),
    ("expired", "2026-05-13 10:00"),
    ("unknown", "2026-05-12 16:00"),
]


@pytest.mark.parametrize(("status", "look"), LOOKS)
def test_how_soon_depends_on_where_it_is(status: str, look: str | None) -> None:
    assert shown(next_look(a_parcel(status, "2026-05-12 08:00"), NOW)) == look
    assert shown(next_look(a_parcel(status), NOW)) == look  # a source without scans


def test_every_status_has_its_line() -> None:
    assert {status for status, _ in LOOKS} == set(ShipmentStatus)
    assert {status for status, look in LOOKS if look} == set(INTERVALS)


AT_SEA_TABLE = [
    ("in_transit", "2026-05-02 10:00:01", "2026-05-12 16:00"),
    ("in_transit", "2026-05-02 10:00", "2026-05-12 16:00"),
    ("in_transit", "2026-05-02 09:59:59", "2026-05-13 10:00"),
    ("out_for_delivery", "2026-04-20 10:00", "2026-05-13 10:00"),
    ("expired", "2026-04-20 10:00", "2026-05-13 10:00"),
    ("delivered", "2026-04-20 10:00", None),
]


@pytest.mark.parametrize(("status", "newest", "look"), AT_SEA_TABLE)
def test_a_parcel_at_sea_is_looked_at_once_a_day(status: str, newest: str, look: str | None) -> None:
    assert shown(next_look(a_parcel(status, "2026-04-01 10:00", newest=newest), NOW)) == look


GRIDS = [
    ("2026-05-12 10:00", "2026-05-12 16:00"),
    ("2026-05-12 10:00:01", "2026-05-12 16:05"),
    ("2026-05-12 10:04:59", "2026-05-12 16:05"),
    ("2026-05-12 10:05", "2026-05-12 16:05"),
    ("2026-03-28 22:02", "2026-03-29 05:05"),  # six hours, the clock went forward
    ("2026-10-24 22:02", "2026-10-25 03:05"),
]


@pytest.mark.parametrize(("now", "look"), GRIDS)
def test_looks_are_on_a_grid_of_five_minutes(now: str, look: str) -> None:
    assert shown(next_look(a_parcel(), at(now))) == look


MANNERS = [
    # the source's shortest interval, the next thing to say, the look
    (0, None, "2026-05-12 16:00"),
    (6, None, "2026-05-12 16:00"),
    (8, None, "2026-05-12 18:00"),
    (0, "2026-05-12 15:00", "2026-05-12 14:30"),  # half an hour before, so that it is fresh
    (0, "2026-05-12 16:29", "2026-05-12 16:00"),
    (0, "2026-05-12 16:30", "2026-05-12 16:00"),
    (0, "2026-05-12 16:31", "2026-05-12 16:00"),
    (0, "2026-05-12 10:30", "2026-05-12 16:00"),  # there is no time left for a look
    (0, "2026-05-12 10:35", "2026-05-12 10:05"),
    (0, "2026-05-12 09:00", "2026-05-12 16:00"),  # it is over
    (2, "2026-05-12 11:30", "2026-05-12 12:00"),  # the source's manners beat our curiosity
    (2, "2026-05-12 15:00", "2026-05-12 14:30"),
    (8, "2026-05-12 15:00", "2026-05-12 18:00"),
]


@pytest.mark.parametrize(("hours", "deadline", "look"), MANNERS)
def test_neither_sooner_than_the_source_allows_nor_later_than_needed(
    hours: int, deadline: str | None, look: str
) -> None:
    told = at(deadline) if deadline else None
    assert shown(next_look(a_parcel(), NOW, min_interval=hours * HOUR, deadline=told)) == look


TRIES = [
    (0, None, 5),
    (1, None, 5),
    (2, None, 10),
    (3, None, 20),
    (4, None, 40),
    (5, None, 80),
    (6, None, 160),
    (7, None, 320),
    (8, None, 360),
    (9, None, 360),
    (1000, None, 360),
    (1, 2, 5),
    (1, 30, 30),
    (8, 30, 360),
    (8, 24 * 60, 24 * 60),
]


@pytest.mark.parametrize(("failures", "retry_after", "minutes"), TRIES)
def test_failures_back_off(failures: int, retry_after: int | None, minutes: int) -> None:
    asked = None if retry_after is None else retry_after * MINUTE
    assert next_try(failures, NOW, retry_after=asked) == NOW + minutes * MINUTE


@given(
    shipments(),
    INSTANTS,
    st.integers(0, 48).map(lambda hours: hours * HOUR),
    maybe(INSTANTS),
)
def test_a_look_is_never_too_soon_and_never_too_late(
    shipment: Shipment, now: datetime, min_interval: timedelta, deadline: datetime | None
) -> None:
    look = next_look(shipment, now, min_interval=min_interval, deadline=deadline)
    if shipment.status not in INTERVALS:
        assert look is None
        return
    assert look is not None
    assert now < look
    assert now + min_interval <= look
    assert look <= now + max(INTERVALS[shipment.status], AT_SEA, min_interval) + GRID
    assert look.timestamp() % GRID.total_seconds() == 0
    if deadline is not None and now < deadline - 30 * MINUTE:
        assert look <= max(deadline - 30 * MINUTE, now + min_interval) + GRID


@given(st.integers(0, 10**6), INSTANTS, maybe(st.integers(0, 10**6).map(lambda s: timedelta(seconds=s))))
def test_a_try_is_never_too_soon(failures: int, now: datetime, retry_after: timedelta | None) -> None:
    again = next_try(failures, now, retry_after=retry_after)
    assert now + max(GRID, retry_after or timedelta()) <= again
    assert again <= now + max(6 * HOUR, retry_after or timedelta()) + GRID
    assert next_try(failures + 1, now, retry_after=retry_after) >= again


def test_a_parcel_is_at_sea_before_it_is_stalled() -> None:
    """Otherwise the look that could end the silence would come too late to be fresh."""
    assert timedelta() < AT_SEA_AFTER < timedelta(days=14)
