"""What each kind of value in an order file may look like, and what it means.

Each function takes a value as a format gives it and raises NotUnderstood with a sentence that says
what is wrong and what is allowed.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from monitor.core.tracking import plain_number
from monitor.orders.countries import COUNTRIES
from monitor.orders.written import shown

TITLE_LENGTH = 200
_ID_LENGTH = 64

# Control characters that are no white space, half surrogates, and the marks that hide or turn
# text round (zero-width and bidirectional ones); joiners stay, as emoji and scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_TRACKING_NUMBER = re.compile(r"[A-Za-z0-9-]{1,64}")
#: What a spreadsheet makes of a long number.
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+?\d+")

_YES, _NO = frozenset({"yes", "true", "sí", "si"}), frozenset({"no", "false"})


class NotUnderstood(ValueError):
    """Why a value is not taken."""


def cleaned(text: str) -> str:
    """Text on one line, without what cannot be seen, blanks collapsed."""
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())


def shortened(text: str, length: int) -> str:
    """`text`, cut to at most `length` characters with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def plain_text(value: object) -> str:
    """Text, cleaned."""
    if not isinstance(value, str):
        raise NotUnderstood("must be text")
    return cleaned(value)


def code_text(value: object) -> str:
    """Text that may be written as a whole number, such as a postal code."""
    return _digits(value) if isinstance(value, int) and not isinstance(value, bool) else plain_text(value)


def order_id(value: object) -> str:
    """What the marketplace calls the order."""
    if value is None or value == "":
        raise NotUnderstood("is missing")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise NotUnderstood("must be text or a whole number")
    text = value.strip() if isinstance(value, str) else _digits(value)
    if not text.isprintable():
        raise NotUnderstood(f"{shown(text)} has characters that cannot be seen")
    if not 0 < len(text) <= _ID_LENGTH:
        raise NotUnderstood(f"has {len(text)} characters (allowed: 1 to {_ID_LENGTH})")
    if _SHORTENED.fullmatch(text):
        raise NotUnderstood(f"{shown(text)} was shortened by a spreadsheet; all digits are needed")
    return text


def _digits(number: int) -> str:
    if abs(number) >= 10**_ID_LENGTH:
        raise NotUnderstood(f"is too long a number (allowed: {_ID_LENGTH} digits)")
    return str(number)


def day(value: object) -> date:
    """A day between 2000 and 2100: a date, `YYYY-MM-DD`, or the date of a local time."""
    match value:
        case datetime():
            found = value.date()
        case date():
            found = value
        case str():
            found = _day_from(value.strip())
        case _:
            raise NotUnderstood(f"{shown(value)} is not a date (allowed: YYYY-MM-DD)")
    if not 2000 <= found.year <= 2100:
        raise NotUnderstood(f"{found} is outside the years 2000 to 2100")
    return found


def _day_from(text: str) -> date:
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    told = text if re.fullmatch("[0-9-]{1,20}", text) else shown(text)
    raise NotUnderstood(f"{told} is not a date (allowed: YYYY-MM-DD)")


def one_of(words: Iterable[str]) -> Callable[[object], str]:
    """Takes one of `words`, in capitals or not."""
    names = list(words)
    allowed = {name.casefold(): name for name in names} | {name: name for name in names}

    def word(value: object) -> str:
        text = value.strip() if isinstance(value, str) else ""
        found = allowed.get(text) or allowed.get(text.casefold())
        if found is None:
            raise NotUnderstood(f"{shown(value)} is not known (allowed: {', '.join(names) or 'none'})")
        return found

    return word


def source_name(names: Iterable[str]) -> Callable[[object], str]:
    """Takes the name of one of the user's sources."""
    sources = list(names)
    known = one_of(sources)
    they = (
        f"they are: {', '.join(sources)}"
        if sources
        else "there are none: add [carriers.NAME] to the configuration"
    )

    def name(value: object) -> str:
        try:
            return known(value)
        except NotUnderstood:
            raise NotUnderstood(f"{shown(value)} is none of your sources ({they})") from None

    return name


def yes_or_no(value: object) -> bool:
    """True or false, also as a word in a table: `yes`, `no`, `sí`."""
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word in _YES | _NO:
        return word in _YES
    raise NotUnderstood(f"{shown(value)} is neither yes nor no (allowed: true, false)")


def country(value: object) -> str:
    """An ISO 3166-1 alpha-2 code in capitals; UK is taken for GB."""
    code = value.strip().upper() if isinstance(value, str) else ""
    code = "GB" if code == "UK" else code
    if code not in COUNTRIES:
        raise NotUnderstood(f"{shown(value)} is not a country code (allowed: two letters, such as ES)")
    return code


def tracking_number(value: object) -> str:
    """A tracking number in capitals, without blanks."""
    if value is None or value == "":
        raise NotUnderstood("is missing")
    number = "".join(code_text(value).split())
    if not _TRACKING_NUMBER.fullmatch(number):
        allowed = "(allowed: A to Z, digits and hyphens, at most 64)"
        raise NotUnderstood(f"{shown(value)} is not a tracking number {allowed}")
    return plain_number(number)
