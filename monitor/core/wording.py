"""How times, amounts, names and numbers are written for people."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from monitor.core.days import Days
from monitor.core.model import Money
from monitor.core.texts import Catalogue

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
#: Up to here hours are counted, beyond it days.
_HOURS_UNTIL = timedelta(hours=48)
#: A deadline nearer than this is told with its hour.
_NEAR = timedelta(hours=72)
#: Days further away than this are told with their year.
_SAME_YEAR = 300
#: More of a foreign text is not even looked at.
_LONGEST_READ = 400
_LONGEST_AMOUNT = 12
#: A number of the post: its letters are the kind of mail and the country, alike for many parcels.
_POSTAL_NUMBER = re.compile("([A-Z]{2})[0-9]{6}([0-9]{3}[A-Z]{2})")


def clean(text: str, most: int) -> str:
    """A foreign text as one line of at most `most` characters: nothing in it can steer a screen
    (control, bidi, invisible characters), blanks are single."""
    if len(text) <= most and text.isprintable() and "  " not in text:
        return text.strip()
    text = text[:_LONGEST_READ]
    if not text.isprintable():
        text = "".join(_visible(char) for char in text)
    return cut(" ".join(text.split()), most)


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    return " " if char.isspace() else ""


def cut(text: str, most: int) -> str:
    """At most `most` characters; what is left out is marked by an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_bytes(text: str, most: int) -> str:
    """At most `most` bytes of UTF-8; what is left out is marked by an ellipsis."""
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return encoded[: most - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def short_number(number: str) -> str:
    """A tracking number that nobody can look up: `LP…12`, `RR…785CN`."""
    number = clean(number, _LONGEST_READ)
    if found := _POSTAL_NUMBER.fullmatch(number):
        return f"{found[1]}…{found[2]}"
    if len(number) > 6:
        return f"{number[:2]}…{number[-2:]}"
    return f"…{number[-2:]}" if len(number) > 3 else "…"


def short_order(order: str) -> str:
    """The end of an order's id: `…7731`; a short one as it is."""
    order = clean(order, _LONGEST_READ)
    return f"…{order[-4:]}" if len(order) > 5 else order


def money(price: Money | None, texts: Catalogue) -> str:
    """`€41.90`, `129.46 PLN`; nothing where nothing fit to be shown is known."""
    if price is None:
        return ""
    amount, currency = clean(price.amount, _LONGEST_READ), clean(price.currency, 4)
    if len(amount) > _LONGEST_AMOUNT or not f"{amount}{currency}".isascii():
        return ""
    return priced(Money(amount, currency), texts)


def priced(price: Money, texts: Catalogue) -> str:
    """`€41.90`, `129.46 PLN`, whatever stands there."""
    sign = texts.signs.get(price.currency)
    template = texts.phrases["price" if sign is None else "price_signed"]
    amount = price.amount.replace(".", texts.decimal)
    return template.format(amount=amount, sign=sign, currency=price.currency)


def file_size(size: int) -> str:
    """A number of bytes as file managers write it: `3.1 GB`, `640.0 kB`."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"


def counted(what: str, n: int, texts: Catalogue) -> str:
    """`1 day`, `3 days`; `what` is a key of the catalogue."""
    one, many = texts.counted[what]
    return one if n == 1 else many.format(n=n)


def duration(delta: timedelta, texts: Catalogue, suffix: str = "") -> str:
    """`40 min`, `5 h`, `9 days`: whole units only, what is begun is not counted. With the suffix
    `_left`: `5 h left`."""
    delta = abs(delta)
    if delta < _HOUR:
        return counted(f"minutes{suffix}", max(1, delta // timedelta(minutes=1)), texts)
    if delta < _HOURS_UNTIL:
        return counted(f"hours{suffix}", delta // _HOUR, texts)
    return counted(f"days{suffix}", delta.days, texts)


def relative(delta: timedelta, texts: Catalogue) -> str:
    """`in 9 days`, `5 h ago`."""
    key = "ago" if delta < timedelta() else "in"
    return texts.phrases[key].format(span=duration(delta, texts))


class Calendar(NamedTuple):
    """Writes days and instants as a person of this calendar and this language says them at `now`."""

    now: datetime
    days: Days
    texts: Catalogue
    today: date

    @classmethod
    def at(cls, now: datetime, days: Days, texts: Catalogue) -> "Calendar":
        """The calendar of `days` as it is open at `now`."""
        return cls(now, days, texts, days.day_of(now))

    def day(self, day: date) -> str:
        """`Wed 26 Nov`, with the year where that is not plain."""
        weekday, month = self.texts.weekdays[day.weekday()], self.texts.months[day.month - 1]
        if abs((day - self.today).days) < _SAME_YEAR:
            return self.texts.phrases["day"].format(weekday=weekday, day=day.day, month=month)
        return self.texts.phrases["day_of_year"].format(
            weekday=weekday, day=day.day, month=month, year=day.year
        )

    def short_day(self, day: date) -> str:
        """`26 Nov`, where the weekday matters to nobody."""
        return self.texts.phrases["short_day"].format(day=day.day, month=self.texts.months[day.month - 1])

    def day_of(self, instant: datetime) -> str:
        """The local day of an instant."""
        return self.day(self.days.day_of(instant))

    def clock(self, instant: datetime) -> str:
        """`Wed 26 Nov 12:00`; midnight belongs to the day that it ends: `Tue 25 Nov 24:00`."""
        return self._clock(instant.astimezone(self.days.zone))

    def when(self, instant: datetime) -> str:
        """What happened in the last two days with its hour, older things with their day. Midnight
        is what a carrier's day without a time was read as."""
        local = instant.astimezone(self.days.zone)
        if self.now - instant >= _HOURS_UNTIL or _is_midnight(local):
            return self.day(local.date())
        return self._clock(local)

    def ends(self, deadline: datetime) -> str:
        """A deadline to the minute; one that is far away and ends with a day, by that day."""
        return self._ends(deadline.astimezone(self.days.zone))

    def day_ended(self, deadline: datetime) -> str:
        """The day on which a deadline passed; midnight belongs to the day that it ended."""
        return self.day_of(deadline - _INSTANT)

    def last_day(self, act_by: datetime, deadline: datetime) -> str:
        """The last whole day for acting, or the time, if that is near. No day is named whose
        evening would be too late."""
        if act_by - self.now < _NEAR:
            return self.clock(act_by)
        return self.day(min(self.days.day_of(act_by), self.days.day_of(deadline) - _DAY))

    def since(self, instant: datetime) -> str:
        """How long ago an instant was: by the hour for two days, then by the calendar."""
        if self.now - instant < _HOURS_UNTIL:
            return duration(self.now - instant, self.texts)
        return self.days_since(self.days.day_of(instant))

    def days_since(self, day: date) -> str:
        """How many days ago a day was."""
        return counted("days", (self.today - day).days, self.texts)

    def left(self, deadline: datetime) -> str:
        """How long it is to a deadline: by the hour for two days, then by the calendar."""
        return self._left(deadline.astimezone(self.days.zone))

    def time_left(self, deadline: datetime) -> str:
        """The same as a statement: `9 days left`."""
        return self._left(deadline.astimezone(self.days.zone), "_left")

    def in_at(self, deadline: datetime) -> str:
        """`in 21 days, Thu 2 Jul`; of one that has passed, `9 h ago, Thu 2 Jul 24:00`."""
        local = deadline.astimezone(self.days.zone)
        if deadline <= self.now:
            return self.texts.phrases["ago_at"].format(span=self.since(deadline), at=self._clock(local))
        return self.texts.phrases["in_at"].format(span=self._left(local), at=self._ends(local))

    def _clock(self, local: datetime) -> str:
        if _is_midnight(local):
            return self.texts.phrases["midnight"].format(day=self.day(local.date() - _DAY))
        return self.texts.phrases["clock"].format(
            day=self.day(local.date()), hour=local.hour, minute=local.minute
        )

    def _ends(self, local: datetime) -> str:
        if _is_midnight(local) and local - self.now >= _NEAR:
            return self.day(local.date() - _DAY)
        return self._clock(local)

    def _left(self, local: datetime, suffix: str = "") -> str:
        if local - self.now < _HOURS_UNTIL:
            return duration(local - self.now, self.texts, suffix)
        return counted(f"days{suffix}", ((local - _INSTANT).date() - self.today).days, self.texts)


def _is_midnight(local: datetime) -> bool:
    return not (local.hour or local.minute)
