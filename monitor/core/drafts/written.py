"""How days, places and amounts are written in what the buyer sends. None: there is nothing to write."""

import re
from datetime import date, datetime

from monitor.core.drafts.sentences import foreign, whole
from monitor.core.drafts.writing import Writing
from monitor.core.model import Money, Place
from monitor.core.wording import counted, money

_NAME = 24
_POSTAL_CODE = 12
_COUNTRY = 16
_AMOUNT = 40
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MONEY = re.compile(rf"({_NUMBER.pattern}) ([A-Z]{{3}})")


def written_day(w: Writing, day: date | None) -> str | None:
    """A day that nobody anywhere can read as another one: `3 May 2026`. Not one that is to come."""
    return None if day is None or day > w.today else any_day(w, day)


def any_day(w: Writing, day: date) -> str:
    """A day, also one that is to come."""
    month = w.drafts.months[day.month - 1]
    return w.drafts.phrases["day"].format(day=day.day, month=month, year=day.year)


def day_of(w: Writing, instant: datetime | None) -> date | None:
    """The local day of an instant that has come."""
    return None if instant is None or instant > w.now else w.s.facts.days.day_of(instant)


def days_since(w: Writing, day: date | None, at_least: int = 1) -> str | None:
    """How many days ago a day was: `12 days`. Fewer than `at_least` are not worth a word."""
    ago = 0 if day is None else (w.today - day).days
    return counted("days", ago, w.texts) if ago >= max(1, at_least) else None


def written_place(place: Place | None) -> str | None:
    """`28013 Madrid, ES`: the town, else what is known around it."""
    if place is None:
        return None
    names = (whole(place.postal_code, _POSTAL_CODE), foreign(place.city, _NAME))
    town = " ".join(name for name in names if name)
    parts = (town or foreign(place.region, _NAME), foreign(place.country, _COUNTRY))
    return ", ".join(part for part in parts if part) or None


def written_price(w: Writing, price: Money | None) -> str | None:
    """`€41.90`, as messages write it."""
    if price is None or not _NUMBER.fullmatch(price.amount):
        return None
    return money(price, w.texts) or None


def written_amount(w: Writing, noted: str | None) -> str | None:
    """An amount that the buyer noted, as prices are written; in other words, as it was typed."""
    found = _MONEY.fullmatch(noted.strip()) if noted else None
    price = Money(found[1], found[2]) if found is not None else None
    return written_price(w, price) or whole(noted, _AMOUNT)
