"""When something may be said, and how much of it a channel shows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.days import Days, QuietHours
from monitor.core.model import Money, Severity
from monitor.core.moment import Moment
from monitor.core.situation import Why
from monitor.core.speaking import (
    MARGIN_OF_MORNING,
    collapsed,
    digest,
    in_the_evening,
    last_call,
    missed,
    not_before,
    shown,
)
from monitor.core.stakes import Stakes, Sum
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH

MADRID = ZoneInfo("Europe/Madrid")
MINUTE = timedelta(minutes=1)


def quiet(hours: str = "22:00-07:00", zone: ZoneInfo = MADRID) -> Days:
    start, _, end = hours.partition("-")
    return Days(zone=zone, quiet=QuietHours(time.fromisoformat(start), time.fromisoformat(end)))


def local(text: str, zone: ZoneInfo = MADRID, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


# Quiet hours


@pytest.mark.parametrize(
    ("severity", "act_by", "now", "said_at"),
    [
        ("warning", None, "2026-05-12 21:59:59", "2026-05-12 21:59:59"),
        ("warning", None, "2026-05-12 22:00", "2026-05-13 07:00"),
        ("warning", None, "2026-05-13 03:00", "2026-05-13 07:00"),
        ("warning", None, "2026-05-13 06:59:59", "2026-05-13 07:00"),
        ("warning", None, "2026-05-13 07:00", "2026-05-13 07:00"),
        ("warning", "2026-05-13 05:00", "2026-05-13 03:00", "2026-05-13 07:00"),
        ("notice", None, "2026-05-13 03:00", "2026-05-13 07:00"),
        ("info", None, "2026-05-13 03:00", "2026-05-13 07:00"),
        ("urgent", None, "2026-05-13 03:00", "2026-05-13 07:00"),
        ("urgent", "2026-05-13 08:59", "2026-05-13 03:00", "2026-05-13 03:00"),
        ("urgent", "2026-05-13 09:00", "2026-05-13 03:00", "2026-05-13 07:00"),
        ("urgent", "2026-05-12 20:00", "2026-05-13 03:00", "2026-05-13 03:00"),
        ("critical", "2026-05-20 09:00", "2026-05-13 03:00", "2026-05-13 03:00"),
        ("critical", None, "2026-05-13 03:00", "2026-05-13 03:00"),
        # The night in which the clock goes forward, and the one in which it goes back.
        ("notice", None, "2026-03-29 01:30", "2026-03-29 07:00"),
        ("notice", None, "2026-10-25 00:30", "2026-10-25 07:00"),
    ],
)
def test_when_it_may_be_said(severity: str, act_by: str | None, now: str, said_at: str) -> None:
    found = not_before(Severity(severity), local(act_by) if act_by else None, local(now), quiet())
    assert found == local(said_at)


def test_without_quiet_hours_everything_is_said_at_once() -> None:
    now = local("2026-05-13 03:00")
    assert not_before(Severity.NOTICE, None, now, Days(zone=MADRID)) == now


@pytest.mark.parametrize(
    ("hours", "now", "is_quiet"),
    [
        ("13:00-15:00", "2026-05-13 14:00", True),
        ("13:00-15:00", "2026-05-13 15:00", False),
        ("13:00-15:00", "2026-05-13 03:00", False),
        ("00:00-07:00", "2026-05-13 00:00", True),
        ("22:00-00:00", "2026-05-13 23:59", True),
        ("22:00-00:00", "2026-05-14 00:00", False),
    ],
)
def test_hours_within_a_day_and_across_midnight(hours: str, now: str, is_quiet: bool) -> None:
    assert (quiet(hours).night_at(local(now)) is not None) is is_quiet


@pytest.mark.parametrize(("day", "length"), [("2026-03-28", 8), ("2026-10-24", 10), ("2026-05-12", 9)])
def test_a_night_is_as_long_as_it_is(day: str, length: int) -> None:
    night = quiet().night_at(local(f"{day} 23:00"))
    assert night is not None
    assert night.end - night.begin == timedelta(hours=length)


HOURS = st.tuples(st.times(), st.times()).filter(lambda hours: hours[0] != hours[1])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
ZONES = st.sampled_from(["Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])


@given(
    severity=st.sampled_from(Severity),
    now=INSTANTS,
    left=st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=2)),
    hours=HOURS,
    zone=ZONES,
)
def test_nothing_but_critical_and_what_cannot_wait_is_said_in_quiet_hours(
    severity: Severity, now: datetime, left: timedelta | None, hours: tuple[time, time], zone: str
) -> None:
    days = Days(zone=ZoneInfo(zone), quiet=QuietHours(*hours))
    act_by = None if left is None else now + left
    said_at = not_before(severity, act_by, now, days)
    night = days.night_at(said_at)
    assert said_at >= now
    if severity is Severity.CRITICAL:
        assert said_at == now
    elif night is not None:
        assert severity is Severity.URGENT
        assert act_by is not None
        assert act_by < night.end + MARGIN_OF_MORNING
    if severity is Severity.URGENT and act_by is not None and act_by > now:
        assert said_at < act_by


# The evening before


def urgent(at: str, act_by: str | None, severity: str = "urgent", level: int = 1) -> Moment:
    return Moment(
        local(at), "answer_due", "1001", Severity(severity), Why("test"),
        level=level, act_by=local(act_by) if act_by else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        (urgent("2026-05-13 01:00", "2026-05-13 05:00"), "2026-05-12 21:00"),
        (urgent("2026-05-12 22:00", "2026-05-13 06:59"), "2026-05-12 21:00"),
        # There is time after the night, it was said before the night, or another night is between.
        (urgent("2026-05-13 01:00", "2026-05-13 07:00"), "2026-05-13 01:00"),
        (urgent("2026-05-12 21:30", "2026-05-13 05:00"), "2026-05-12 21:30"),
        (urgent("2026-05-12 01:00", "2026-05-13 05:00"), "2026-05-12 01:00"),
        # Nobody could have known of what has only just happened.
        (urgent("2026-05-13 01:00", "2026-05-13 05:00", level=0), "2026-05-13 01:00"),
        (urgent("2026-05-13 01:00", None), "2026-05-13 01:00"),
        (urgent("2026-05-13 01:00", "2026-05-13 05:00", "critical"), "2026-05-13 01:00"),
        (urgent("2026-05-13 01:00", "2026-05-13 05:00", "warning"), "2026-05-13 01:00"),
        # Both changes of the clock.
        (urgent("2026-03-29 01:00", "2026-03-29 05:00"), "2026-03-28 21:00"),
        (urgent("2026-10-25 01:00", "2026-10-25 05:00"), "2026-10-24 21:00"),
    ],
)
def test_what_must_be_acted_on_at_night_is_said_in_the_evening(moment: Moment, at: str) -> None:
    (found,) = in_the_evening([moment], quiet())
    assert found.at == local(at)


# Privacy

BODY = """\
9 days held · €41.90 · act by Wed 26 Nov

Delivered Sat 16 May 11:20 in Sevilla: not your address.
You can open a dispute now:
Account → My Orders → View Details → Open Dispute
At the computer: orderwatch record 7731 received
Order …7731 · LP…21 · last scan 14 Nov Madrid"""


@pytest.mark.parametrize(
    ("privacy", "title", "body"),
    [
        ("full", "Customs hold: USB hub", BODY),
        (
            "short",
            "Customs hold: USB hub",
            "9 days held · act by Wed 26 Nov\n\nAccount → My Orders → View Details → Open Dispute",
        ),
        ("none", "orderwatch: something needs you", "urgent"),
    ],
)
def test_what_a_channel_shows(privacy: str, title: str, body: str) -> None:
    assert shown("Customs hold: USB hub", BODY, Severity.URGENT, privacy, ENGLISH) == (title, body)  # type: ignore[arg-type]


@pytest.mark.parametrize("price", ["€41.90", "41,90 €", "129.46 PLN", "$5", "₩41000", "¥ 300"])
@pytest.mark.parametrize("number", ["…7731", "LP…21", "RR…785CN", "8190000000007731", "LP00123456789012"])
def test_short_shows_no_number_and_no_price(number: str, price: str) -> None:
    title, body = shown(
        f"Late: Order {number}",
        f"2 days late · {price} · {number}\n\n→ {number}",
        Severity.NOTICE,
        "short",
        ENGLISH,
    )
    assert (title, body) == ("Late: Order", "2 days late")


def test_what_is_about_no_order_stays_readable() -> None:
    body = "notes: 1 · deadlines within 7 days: 2\n\nNext deadlines:\nSun 17 May 24:00: Hub\nSun 17 May 24:00: …7731"
    assert shown("Today, Tue 12 May", body, Severity.NOTICE, "short", ENGLISH, of_one_order=False) == (
        "Today, Tue 12 May",
        "notes: 1 · deadlines within 7 days: 2\n\nNext deadlines:\nSun 17 May 24:00: Hub",
    )


# Many at once


@pytest.mark.parametrize(
    ("orders", "title"),
    [
        (["1", "2", "3"], "3 orders changed"),
        (["1", "1", "2"], "2 orders changed"),
        ([None, "1"], "2 messages at once"),
    ],
)
def test_many_messages_as_one(orders: list[str | None], title: str) -> None:
    found, body = collapsed([(f"Late: {number}", order) for number, order in enumerate(orders)], ENGLISH)
    assert found == title
    assert body.split("\n") == [f"Late: {number}" for number in range(len(orders))]


def test_what_does_not_fit_is_counted() -> None:
    _, body = collapsed(
        [(f"Customs hold: order number {number}", str(number)) for number in range(100)], ENGLISH
    )
    *lines, last = body.split("\n")
    assert len(body) <= 600
    assert last == f"and {100 - len(lines)} more"


# Shortly before a deadline


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (ENGLISH, "⏰ Last call · ends Wed 15 Jul 24:00"),
        (SPANISH, "⏰ Último aviso · acaba mié 15 jul 24:00"),
    ],
)
def test_the_last_call_tells_the_deadline_and_how(texts: Catalogue, first: str) -> None:
    body = "23 h left · €41.90\n\nOpen a dispute now:\nAccount → My Orders"
    told = last_call(body, local("2026-07-16 00:00"), quiet(), texts)
    assert told.split("\n") == [first, "", "Open a dispute now:", "Account → My Orders"]
    assert len(first) <= 45


def test_a_message_of_one_line_has_a_last_call_of_one_line() -> None:
    assert last_call("23 h left", local("2026-07-15 18:00"), quiet(), ENGLISH) == (
        "⏰ Last call · ends Wed 15 Jul 18:00"
    )


# The digest


@pytest.mark.parametrize("texts", [ENGLISH, SPANISH], ids=lambda texts: texts.language)
@pytest.mark.parametrize("currencies", [0, 1, 3, 40])
@pytest.mark.parametrize("many", [0, 1, 500])
def test_the_digest_fits_whatever_there_is_to_say(texts: Catalogue, currencies: int, many: int) -> None:
    amounts = tuple(Money("999999999.99", f"X{number:02}") for number in range(currencies))
    total = Sum(10**6, amounts, 10**5) if currencies else Sum()
    stakes = Stakes(total, replace(total, orders=10**5), 7, local("2026-05-17 23:59") if currencies else None)
    now = local("2026-05-12 18:30")
    near = [
        (now + timedelta(days=1), str(number), "A title as long as titles are" * 2) for number in range(many)
    ]
    title, body = digest(["A note, rather long" * 2] * many, near, now, Days(MADRID), texts, stakes)
    assert len(title) <= 40
    assert len(body) <= 600
    assert body.count(texts.speaking["stake"].partition(":")[0]) == bool(currencies)
    if currencies and many:
        _, short = shown(title, body, Severity.NOTICE, "short", texts, of_one_order=False)
        assert "999" not in short


# Too late


@pytest.mark.parametrize(
    ("texts", "deadline", "first"),
    [
        (ENGLISH, None, "could not be told in time"),
        (ENGLISH, "2026-05-13 12:00", "deadline passed Wed 13 May 12:00"),
        (ENGLISH, "2026-05-15 12:00", "deadline passed Fri 15 May 12:00"),
        (ENGLISH, "2026-05-15 12:01", "could not be told in time · until Fri 15 May 12:01"),
        (SPANISH, "2026-05-13 12:00", "el plazo acabó el mié 13 may 12:00"),
        (SPANISH, "2026-05-20 00:00", "no pude avisarte a tiempo · hasta el mar 19 may"),
    ],
)
def test_what_was_missed_is_told_without_its_words(
    texts: Catalogue, deadline: str | None, first: str
) -> None:
    title, body = missed(
        "Answer due: USB hub", "8190000000007731", local("2026-05-10 09:00"),
        local(deadline) if deadline else None, local("2026-05-15 12:00"), Days(MADRID), texts,
    )  # fmt: skip
    assert body.splitlines()[0] == first
    assert "Answer due" in title
    assert "orderwatch show 7731" in body
