"""Prices as people and shops write them."""

import re
from decimal import Decimal

from monitor.core.model import Money
from monitor.orders.values import NotUnderstood, cleaned
from monitor.orders.written import shown

_ALLOWED = "(allowed: such as 41.90 EUR)"
_PRICE = re.compile(r"(?P<before>[^\d-]*?) ?(?P<number>\d(?:[\d.,'\u2019 ]*\d)?) ?(?P<after>[^\d-]*)")
_CODE = re.compile(r"([A-Z]{3})\$?")
#: Signs as shops write them, in capitals and without blanks. A bare $ is taken for the US dollar
#: unless the row names its currency; signs of several currencies (¥, kr) are not here.
_SIGNS = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "ZŁ": "PLN", "R$": "BRL", "C$": "CAD", "CA$": "CAD",
    "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "MX$": "MXN", "S$": "SGD", "HK$": "HKD", "₽": "RUB",
    "РУБ.": "RUB", "РУБ": "RUB", "₴": "UAH", "₪": "ILS", "₩": "KRW", "₺": "TRY", "TL": "TRY", "₹": "INR",
    "JP¥": "JPY", "CN¥": "CNY", "KČ": "CZK", "FT": "HUF", "LEI": "RON", "FR.": "CHF",
}  # fmt: skip
#: Currencies with three decimals, where 1.234 is no thousand (ISO 4217).
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_MAX_DIGITS = 15
_LENGTH = 60


def money(value: object, currency: str | None = None) -> Money:
    """A price: `41.90 EUR`, `US $1,120.95`, `129,46zł`, or a bare number with `currency` beside it.
    Raises NotUnderstood."""
    match value:
        case Money():
            return value
        case bool():
            raise NotUnderstood(f"must be a price {_ALLOWED}")
        case int() | Decimal():
            return _from_number(Decimal(value), currency)
        case str():
            return _from_text(cleaned(value), currency)
        case _:
            raise NotUnderstood(f"must be a price {_ALLOWED}")


def currency_code(value: object) -> str:
    """An ISO 4217 code. Raises NotUnderstood."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if not re.fullmatch("[A-Z]{3}", code):
        raise NotUnderstood(f"{shown(value)} is not a currency (allowed: three letters, such as EUR)")
    return code


def _from_number(number: Decimal, currency: str | None) -> Money:
    plausible = number.is_finite() and not number.is_signed()
    if not plausible or number.adjusted() >= _MAX_DIGITS or int(number.as_tuple().exponent) < -6:
        raise NotUnderstood(f"{shown(number)} is not a price {_ALLOWED}")
    return Money(f"{number:f}", _settled(None, currency, str(number)))


def _from_text(text: str, currency: str | None) -> Money:
    found = _PRICE.fullmatch(text) if len(text) <= _LENGTH else None
    if found is None or sum(map(str.isdecimal, text)) > _MAX_DIGITS:
        raise NotUnderstood(f"{shown(text)} is not a price {_ALLOWED}")
    signs = {sign for part in (found["before"], found["after"]) if (sign := part.replace(" ", "").upper())}
    code = _settled(signs, currency, text)
    return Money(_amount(found["number"], code), code)


def _settled(signs: set[str] | None, currency: str | None, text: str) -> str:
    """The one currency that a price names in itself or beside it."""
    named = {_code(sign) for sign in signs or ()}
    if currency is not None and (named <= {currency, None} or signs == {"$"}):
        return currency
    if len(named) == 1 and currency is None and (code := named.pop()) is not None:
        return code
    if currency is not None or len(named) > 1:
        raise NotUnderstood(f"{shown(text)} names another currency than the row does")
    raise NotUnderstood(f"{shown(text)} names no currency that is known {_ALLOWED}")


def _code(sign: str) -> str | None:
    iso = _CODE.fullmatch(sign)
    return _SIGNS.get(sign) or (iso[1] if iso else None)


def _amount(number: str, currency: str) -> str:
    """`1.234,56` and `1,234.56` as `1234.56`. A single mark before exactly three digits divides
    thousands, unless the currency has three decimals."""
    digits = re.sub("['\u2019 ]", "", number)
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return str(int(digits))
    whole, part = digits[:last], digits[last + 1 :]
    mixed = "." in digits and "," in digits
    thousand = len(part) == 3 and whole != "0" and not mixed and currency not in _THREE_DECIMALS
    if thousand or digits.count(digits[last]) > 1:
        whole, part = digits, ""
    whole = str(int(re.sub("[.,]", "", whole)))
    return f"{whole}.{part}" if part else whole
