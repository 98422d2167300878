"""Prices as people and shops write them."""

from datetime import date
from decimal import Decimal

import pytest

from monitor.core.model import Money
from monitor.orders.money import money
from monitor.orders.values import NotUnderstood


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("41.90 EUR", "41.90 EUR"),
        ("EUR 41.90", "41.90 EUR"),
        ("41.90eur", "41.90 EUR"),
        ("41,90 €", "41.90 EUR"),
        ("€41", "41 EUR"),
        ("41.90 EUR €", None),
        ("US $120.95", "120.95 USD"),
        ("$120.95", "120.95 USD"),
        ("US $1,120.95", "1120.95 USD"),
        ("129,46zł", "129.46 PLN"),
        ("129,46\u00a0zł", "129.46 PLN"),
        ("1\u202f129,46 zł", "1129.46 PLN"),
        ("1.129,46 EUR", "1129.46 EUR"),
        ("1.129 EUR", "1129 EUR"),
        ("0.129 EUR", "0.129 EUR"),
        ("1,234,567 EUR", "1234567 EUR"),
        ("1,23,456.50 INR", "123456.50 INR"),
        ("1'234.50 CHF", "1234.50 CHF"),
        ("1\u2019234.50 CHF", "1234.50 CHF"),
        ("120.950 KWD", "120.950 KWD"),
        ("R$ 12,30", "12.30 BRL"),
        ("CLP$12,345", "12345 CLP"),
        ("1 234,50 \u20bd", "1234.50 RUB"),
        ("007.50 EUR", "7.50 EUR"),
        ("¥4190", None),
        ("120 kr", None),
        ("41.90", None),
        ("-41.90 EUR", None),
        ("41.90 or so EUR", None),
        ("EUR", None),
        ("", None),
        ("12 EUR 13 USD", None),
        ("1" * 16 + " EUR", None),
        ("1 " * 40 + "EUR", None),
    ],
)
def test_a_price_in_words(written: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(NotUnderstood):
            money(written)
    else:
        assert str(money(written)) == meant


@pytest.mark.parametrize(
    ("written", "currency", "meant"),
    [
        ("41.90", "EUR", "41.90 EUR"),
        ("41.90 EUR", "EUR", "41.90 EUR"),
        ("$41.90", "CAD", "41.90 CAD"),
        ("US $41.90", "USD", "41.90 USD"),
        ("¥4190", "JPY", "4190 JPY"),
        ("120 kr", "SEK", "120 SEK"),
        ("41.90 EUR", "USD", None),
        (Decimal("41.90"), "EUR", "41.90 EUR"),
        (Decimal("4.19E+1"), "EUR", "41.9 EUR"),
        (Decimal("1E+3"), "EUR", "1000 EUR"),
        (0, "EUR", "0 EUR"),
        (41, "EUR", "41 EUR"),
        (41, None, None),
        (-1, "EUR", None),
        (Decimal("NaN"), "EUR", None),
        (Decimal("1E+999999"), "EUR", None),
        (Decimal("1E-999999"), "EUR", None),
        pytest.param(16**9999, "EUR", None, id="endless"),
        (True, "EUR", None),
        (["41.90"], "EUR", None),
        (date(2026, 10, 1), "EUR", None),
    ],
)
def test_a_price_with_its_currency_beside_it(
    written: object, currency: str | None, meant: str | None
) -> None:
    if meant is None:
        with pytest.raises(NotUnderstood):
            money(written, currency)
    else:
        assert str(money(written, currency)) == meant


def test_a_price_that_is_money_already_stays() -> None:
    assert money(Money("41.90", "EUR")) == Money("41.90", "EUR")
