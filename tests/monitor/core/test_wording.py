"""How times, amounts, names and numbers are written for people."""

from datetime import timedelta

import pytest

from monitor.core.days import Days
from monitor.core.model import Money
from monitor.core.wording import (
    Calendar,
    clean,
    cut_bytes,
    duration,
    money,
    relative,
    short_number,
    short_order,
)
from tests.monitor.core.facts import AUCKLAND, IN_MADRID, ORDER, at


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("LP00123456789012", "LP…12"),
        ("RB1234567", "RB…67"),
        ("RR123456785CN", "RR…785CN"),
        ("CX473124829ES", "CX…829ES"),
        ("UE123456789YP", "UE…789YP"),
        ("123456", "…56"),
        ("12", "…"),
        ("", "…"),
        ("\u202eLP00123456789012\n", "LP…12"),
    ],
)
def test_a_tracking_number_is_never_whole(number: str, shown: str) -> None:
    assert short_number(number) == shown


@pytest.mark.parametrize(("order", "shown"), [(ORDER, "…7731"), ("A-1", "A-1"), ("gift\x00", "gift")])
def test_an_order_is_known_by_its_end(order: str, shown: str) -> None:
    assert short_order(order) == shown


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        (Money("41.90", "EUR"), "€41.90"),
        (Money("5", "USD"), "$5"),
        (Money("129.46", "PLN"), "129.46 PLN"),
        (Money("1" * 13, "EUR"), ""),
        (Money("٤١", "EUR"), ""),
        (None, ""),
    ],
)
def test_an_amount(price: Money | None, shown: str) -> None:
    assert money(price) == shown


@pytest.mark.parametrize(
    ("seconds", "span"),
    [
        (0, "1 min"),
        (59 * 60 + 59, "59 min"),
        (60 * 60, "1 h"),
        (48 * 3600 - 1, "47 h"),
        (48 * 3600, "2 days"),
        (9 * 86400, "9 days"),
    ],
)
def test_how_long(seconds: int, span: str) -> None:
    assert duration(timedelta(seconds=seconds)) == span
    assert relative(timedelta(seconds=seconds)) == f"in {span}"
    assert relative(timedelta(seconds=-seconds - 1)).endswith(" ago")


CALENDAR = Calendar.at(at("2026-11-24 10:00"), IN_MADRID)


@pytest.mark.parametrize(
    ("deadline", "ends", "left"),
    [
        ("2026-11-24 11:30", "Tue 24 Nov 11:30", "1 h"),
        ("2026-11-26 00:00", "Wed 25 Nov 24:00", "38 h"),
        ("2026-11-26 12:00", "Thu 26 Nov 12:00", "2 days"),
        ("2026-11-27 10:00", "Fri 27 Nov 10:00", "3 days"),
        ("2026-11-28 00:00", "Fri 27 Nov", "3 days"),
        ("2026-11-28 14:33", "Sat 28 Nov 14:33", "4 days"),
        ("2028-01-02 00:00", "Sat 1 Jan 2028", "403 days"),
    ],
)
def test_a_deadline(deadline: str, ends: str, left: str) -> None:
    assert CALENDAR.ends(at(deadline)) == ends
    assert CALENDAR.left(at(deadline)) == left


@pytest.mark.parametrize(
    ("act_by", "deadline", "day"),
    [
        ("2026-11-27 09:59", "2026-11-27 21:59", "Fri 27 Nov 09:59"),
        ("2026-11-30 12:00", "2026-12-01 00:00", "Mon 30 Nov"),
        ("2026-11-30 03:20", "2026-11-30 15:20", "Sun 29 Nov"),
        ("2026-11-30 18:00", "2026-12-01 06:00", "Mon 30 Nov"),
    ],
)
def test_no_day_to_act_by_ends_after_the_deadline(act_by: str, deadline: str, day: str) -> None:
    assert CALENDAR.last_day(at(act_by), at(deadline)) == day


def test_days_are_those_of_the_user() -> None:
    there = Calendar.at(at("2026-11-24 10:00"), Days(AUCKLAND))
    assert there.clock(at("2026-11-24 12:00")) == "Tue 24 Nov 24:00"
    assert there.clock(at("2026-11-24 12:01")) == "Wed 25 Nov 00:01"


def test_the_same_foreign_text_is_one_line() -> None:
    assert clean(" USB\n hub\u200b \t 7-port ", 40) == "USB hub 7-port"
    assert clean("USB hub 7-port", 8) == "USB hub…"
    assert cut_bytes("漢字漢字", 9) == "漢字…"
    assert cut_bytes("hub", 3) == "hub"
