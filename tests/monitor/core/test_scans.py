"""Times as carriers write them, and what a set of scans says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.model import EstimatedDelivery, Place, ShipmentStatus, TrackingEvent
from monitor.core.scans import (
    day_if_told,
    delivery_of,
    estimate_from,
    oldest_first,
    overall_status,
    place_from,
    time_if_told,
    told_time,
)

MADRID = ZoneInfo("Europe/Madrid")
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)

TRANSIT, OUT, DELIVERED, UNKNOWN, RETURNED = (
    ShipmentStatus.IN_TRANSIT,
    ShipmentStatus.OUT_FOR_DELIVERY,
    ShipmentStatus.DELIVERED,
    ShipmentStatus.UNKNOWN,
    ShipmentStatus.RETURNED,
)


def scan(hour: int, status: ShipmentStatus, place: Place | None = None) -> TrackingEvent:
    return TrackingEvent(NOON + timedelta(hours=hour), status, place=place)


@pytest.mark.parametrize(
    ("text", "zone", "shown", "zone_known"),
    [
        ("2026-10-05T12:00:00+08:00", None, "2026-10-05T12:00:00+08:00", True),
        ("2026-10-05T12:00:00+08:00", MADRID, "2026-10-05T12:00:00+08:00", True),
        ("2026-10-05T12:00:00Z", None, "2026-10-05T12:00:00+00:00", True),
        ("2026-10-05 12:00", None, "2026-10-05T12:00:00+00:00", False),
        ("2026-10-05T12:00", MADRID, "2026-10-05T12:00:00+02:00", True),
        ("2026-10-25T02:30:00", MADRID, "2026-10-25T02:30:00+02:00", True),
        ("2026-10-05", None, "2026-10-05T00:00:00+00:00", False),
        ("2026-10-05", MADRID, "2026-10-05T00:00:00+00:00", False),
        ("1990-01-01T00:00:00Z", None, "1990-01-01T00:00:00+00:00", True),
        ("2199-12-31T23:59:59Z", None, "2199-12-31T23:59:59+00:00", True),
    ],
)
def test_a_time_keeps_what_was_said(text: str, zone: ZoneInfo | None, shown: str, zone_known: bool) -> None:
    at, known = told_time(text, zone)
    assert (at.isoformat(), known) == (shown, zone_known)


def test_a_time_that_was_read_already() -> None:
    assert told_time(NOON) == (NOON, True)
    assert told_time(datetime(2026, 10, 5, 12), MADRID) == (datetime(2026, 10, 5, 12, tzinfo=MADRID), True)
    assert told_time(datetime(2026, 10, 5)) == (datetime(2026, 10, 5, tzinfo=UTC), False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-30",
        "20206-01-01",
        "1989-12-31",
        "2200-01-01",
        "0001-01-01T00:00:00Z",
        "9999-12-31",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        told_time(text)


def test_oldest_first_whatever_the_order() -> None:
    events = [scan(1, OUT), scan(3, DELIVERED), scan(0, TRANSIT)]
    assert [e.at.hour for e in oldest_first(events)] == [12, 13, 15]
    assert oldest_first([]) == []


@pytest.mark.parametrize("events", [[scan(1, DELIVERED), scan(1, OUT)], [scan(1, OUT), scan(1, DELIVERED)]])
def test_of_two_at_one_time_the_one_further_along_is_last(events: list[TrackingEvent]) -> None:
    assert oldest_first([scan(0, TRANSIT), *events])[-1].status is DELIVERED


GRAZ = Place("Graz", country="AT")


@pytest.mark.parametrize(
    ("events", "hour", "place"),
    [
        ([], None, None),
        ([scan(0, TRANSIT)], None, None),
        ([scan(0, TRANSIT), scan(1, DELIVERED, GRAZ)], 13, GRAZ),
        ([scan(1, DELIVERED), scan(2, DELIVERED, GRAZ)], 13, GRAZ),
        ([scan(1, DELIVERED, GRAZ), scan(2, UNKNOWN)], 13, GRAZ),
        ([scan(1, DELIVERED), scan(2, UNKNOWN), scan(3, DELIVERED)], 13, None),
        ([scan(1, DELIVERED), scan(2, TRANSIT), scan(3, DELIVERED)], 15, None),
        ([scan(1, DELIVERED), scan(2, RETURNED)], None, None),
    ],
)
def test_the_delivery_that_events_end_with(
    events: list[TrackingEvent], hour: int | None, place: Place | None
) -> None:
    delivery = delivery_of(events)
    assert (delivery and delivery.at and delivery.at.hour) == hour
    assert (delivery and delivery.place) == place


def test_a_place_of_nothing_is_no_place() -> None:
    assert place_from() is None
    assert place_from("", None, "", "") is None
    assert place_from("", None, "", "AT") == Place(country="AT")


@pytest.mark.parametrize(
    ("told", "zone", "shown", "zone_known"),
    [
        ("2026-10-05T12:00:00Z", None, "2026-10-05T12:00:00+00:00", True),
        ("05/10/2026 12:00", MADRID, "2026-10-05T12:00:00+02:00", True),
        (" 05/10/2026 12:00 ", None, "2026-10-05T12:00:00+00:00", False),
        ("5 October 2026", None, "2026-10-05T00:00:00+00:00", False),
        (NOON, None, "2026-10-05T12:00:00+00:00", True),
    ],
)
def test_a_time_in_the_carriers_own_way(
    told: str | datetime, zone: ZoneInfo | None, shown: str, zone_known: bool
) -> None:
    at = time_if_told(told, zone, ("%d/%m/%Y %H:%M", "%d %B %Y"))
    assert at is not None
    assert (at[0].isoformat(), at[1]) == (shown, zone_known)


@pytest.mark.parametrize(
    "told", [None, "", "string", "31/02/2026 12:00", "01/01/1970 00:00", "0001-01-01T00:00:00"]
)
def test_a_time_that_cannot_be_read_is_none(told: str | None) -> None:
    assert time_if_told(told, MADRID, ("%d/%m/%Y %H:%M",)) is None
    assert day_if_told(told) is None


def test_a_day_is_the_local_one_that_was_told() -> None:
    assert day_if_told("2026-10-05T23:30:00-05:00") == date(2026, 10, 5)
    assert (
        day_if_told("2026-10-05") == day_if_told(date(2026, 10, 5)) == day_if_told(NOON) == date(2026, 10, 5)
    )


def test_an_estimate_of_nothing_is_none() -> None:
    assert estimate_from(None, None) is None
    assert estimate_from(None, date(2026, 10, 5), "AfterShip") == EstimatedDelivery(
        None, date(2026, 10, 5), "AfterShip"
    )


CUSTOMS, HOLD, LABEL, NOTHING, EXPIRED = (
    ShipmentStatus.IN_CUSTOMS,
    ShipmentStatus.CUSTOMS_HOLD,
    ShipmentStatus.INFO_RECEIVED,
    ShipmentStatus.NOT_FOUND,
    ShipmentStatus.EXPIRED,
)


@pytest.mark.parametrize(
    ("newest", "parcel", "status"),
    [
        (None, None, NOTHING),
        (None, NOTHING, NOTHING),
        (None, TRANSIT, TRANSIT),
        (None, UNKNOWN, UNKNOWN),
        # The word for the whole parcel lags behind its scans …
        (TRANSIT, DELIVERED, TRANSIT),
        (TRANSIT, CUSTOMS, TRANSIT),
        (HOLD, TRANSIT, HOLD),
        (DELIVERED, OUT, DELIVERED),
        # … and alone raises no hold.
        (None, HOLD, CUSTOMS),
        (LABEL, HOLD, CUSTOMS),
        (UNKNOWN, HOLD, CUSTOMS),
        # It counts where the scans tell of no journey, or nothing that can be read.
        (LABEL, DELIVERED, DELIVERED),
        (LABEL, TRANSIT, TRANSIT),
        (LABEL, NOTHING, LABEL),
        (LABEL, UNKNOWN, LABEL),
        (UNKNOWN, TRANSIT, TRANSIT),
        (UNKNOWN, None, UNKNOWN),
        (UNKNOWN, NOTHING, UNKNOWN),
        # That nothing came for too long, only the word can tell.
        (TRANSIT, EXPIRED, EXPIRED),
        (LABEL, EXPIRED, EXPIRED),
        (DELIVERED, EXPIRED, DELIVERED),
        (RETURNED, EXPIRED, RETURNED),
    ],
)
def test_where_a_parcel_is(
    newest: ShipmentStatus | None, parcel: ShipmentStatus | None, status: ShipmentStatus
) -> None:
    assert overall_status(newest, parcel) is status


def test_midnight_stands_for_a_day_of_which_the_hour_was_not_told() -> None:
    day = datetime(2026, 10, 5, tzinfo=UTC)
    posted, delivered = (TrackingEvent(day, status, zone_known=False) for status in (TRANSIT, DELIVERED))
    out = TrackingEvent(day + timedelta(hours=8), OUT, zone_known=False)
    night = TrackingEvent(day + timedelta(hours=24), TRANSIT, zone_known=False)
    assert oldest_first([night, delivered, out, posted]) == [posted, out, delivered, night]
