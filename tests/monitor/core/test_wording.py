"""How times, amounts, names and numbers are written for people."""

from datetime import timedelta

import pytest

from monitor.core.days import Days
from monitor.core.model import Money
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
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
    ("price", "in_english", "in_spanish"),
    [
        (Money("41.90", "EUR"), "€41.90", "41,90 €"),
        (Money("5", "USD"), "$5", "5 $"),
        (Money("129.46", "PLN"), "129.46 PLN", "129,46 PLN"),
        (Money("1" * 13, "EUR"), "", ""),
        (Money("٤١", "EUR"), "", ""),
        (None, "", ""),
    ],
)
def test_an_amount(price: Money | None, in_english: str, in_spanish: str) -> None:
    assert money(price, ENGLISH) == in_english
    assert money(price, SPANISH) == in_spanish


@pytest.mark.parametrize(
    ("seconds", "span", "in_spanish"),
    [
        (0, "1 min", "1 min"),
        (59 * 60 + 59, "59 min", "59 min"),
        (60 * 60, "1 h", "1 h"),
        (48 * 3600 - 1, "47 h", "47 h"),
        (48 * 3600, "2 days", "2 días"),
        (9 * 86400, "9 days", "9 días"),
    ],
)
def test_how_long(seconds: int, span: str, in_spanish: str) -> None:
    delta, ago = timedelta(seconds=seconds), timedelta(seconds=-seconds - 1)
    assert duration(delta, ENGLISH) == span
    assert relative(delta, ENGLISH) == f"in {span}"
    assert relative(ago, ENGLISH).endswith(" ago")
    assert relative(delta, SPANISH) == f"en {in_spanish}"
    assert relative(ago, SPANISH).startswith("hace ")


CALENDAR = Calendar.at(at("2026-11-24 10:00"), IN_MADRID, ENGLISH)
SPANISH_CALENDAR = Calendar.at(at("2026-11-24 10:00"), IN_MADRID, SPANISH)


@pytest.mark.parametrize(
    ("deadline", "ends", "left", "in_at"),
    [
        ("2026-11-24 10:40", "mar 24 nov 10:40", "quedan 40 min", "en 40 min, el mar 24 nov 10:40"),
        ("2026-11-24 11:30", "mar 24 nov 11:30", "queda 1 h", "en 1 h, el mar 24 nov 11:30"),
        ("2026-11-25 12:00", "mié 25 nov 12:00", "quedan 26 h", "en 26 h, el mié 25 nov 12:00"),
        ("2026-12-04 00:00", "jue 3 dic", "quedan 9 días", "en 9 días, el jue 3 dic"),
        ("2028-01-02 00:00", "sáb 1 ene 2028", "quedan 403 días", "en 403 días, el sáb 1 ene 2028"),
    ],
)
def test_a_deadline_in_spanish(deadline: str, ends: str, left: str, in_at: str) -> None:
    assert SPANISH_CALENDAR.ends(at(deadline)) == ends
    assert SPANISH_CALENDAR.time_left(at(deadline)) == left
    assert SPANISH_CALENDAR.in_at(at(deadline)) == in_at


def test_one_day_is_one_in_every_language() -> None:
    midnight = at("2026-11-24 00:00")
    for texts, told in [(ENGLISH, "1 day left"), (SPANISH, "queda 1 día")]:
        assert Calendar.at(midnight, IN_MADRID, texts).time_left(at("2026-11-26 00:00")) == told


def test_what_has_passed_in_spanish() -> None:
    assert SPANISH_CALENDAR.in_at(at("2026-11-24 00:00")) == "hace 10 h, el lun 23 nov 24:00"


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
    there = Calendar.at(at("2026-11-24 10:00"), Days(AUCKLAND), ENGLISH)
    assert there.clock(at("2026-11-24 12:00")) == "Tue 24 Nov 24:00"
    assert there.clock(at("2026-11-24 12:01")) == "Wed 25 Nov 00:01"


def test_the_same_foreign_text_is_one_line() -> None:
    assert clean(" USB\n hub\u200b \t 7-port ", 40) == "USB hub 7-port"
    assert clean("USB hub 7-port", 8) == "USB hub…"
    assert cut_bytes("漢字漢字", 9) == "漢字…"
    assert cut_bytes("hub", 3) == "hub"
