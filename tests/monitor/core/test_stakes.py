"""What is at stake, as it is told."""

import pytest

from monitor.core.model import Money
from monitor.core.stakes import NOTHING, Stakes, Sum, told
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
from monitor.core.wording import Calendar
from tests.monitor.core.facts import IN_MADRID, at

NOW = at("2025-11-19 12:00")
NEAR, FAR = at("2025-11-27 00:00"), at("2025-12-25 12:00")


def a_sum(orders: int, *amounts: str, unpriced: int = 0) -> Sum:
    return Sum(orders, tuple(Money(*amount.split()) for amount in amounts), unpriced)


def stakes(total: Sum, soon: Sum = NOTHING.soon, by: str = "near") -> Stakes:
    return Stakes(total, soon, 7, {"near": NEAR, "far": FAR, "never": None}[by])


FOUR = a_sum(4, "129.80 EUR", "12.00 USD")
TOLD = [
    ("nothing", NOTHING, "", ""),
    (
        "some of it soon",
        stakes(FOUR, a_sum(1, "41.90 EUR")),
        "At stake: €129.80 and $12.00 in 4 orders; €41.90 of it within 7 days (by Wed 26 Nov)",
        "En juego: 129,80 € y 12,00 $ en 4 pedidos; de ello, 41,90 € en los próximos 7 días (hasta el mié 26 nov)",
    ),
    (
        "two soon",
        stakes(FOUR, a_sum(2, "41.90 EUR", "12.00 USD")),
        (
            "At stake: €129.80 and $12.00 in 4 orders; €41.90 and $12.00 of it within 7 days"
            " (the first by Wed 26 Nov)"
        ),
        (
            "En juego: 129,80 € y 12,00 $ en 4 pedidos; de ello, 41,90 € y 12,00 $ en los próximos 7 días"
            " (el primero, hasta el mié 26 nov)"
        ),
    ),
    (
        "all of it soon",
        stakes(a_sum(1, "41.90 EUR"), a_sum(1, "41.90 EUR")),
        "At stake: €41.90 in 1 order; all of it within 7 days (by Wed 26 Nov)",
        "En juego: 41,90 € en 1 pedido; todo en los próximos 7 días (hasta el mié 26 nov)",
    ),
    (
        "none of it soon",
        stakes(FOUR, by="far"),
        "At stake: €129.80 and $12.00 in 4 orders; the first by Thu 25 Dec 12:00",
        "En juego: 129,80 € y 12,00 $ en 4 pedidos; el primero, hasta el jue 25 dic 12:00",
    ),
    (
        "one, not soon",
        stakes(a_sum(1, "41.90 EUR"), by="far"),
        "At stake: €41.90 in 1 order; by Thu 25 Dec 12:00",
        "En juego: 41,90 € en 1 pedido; hasta el jue 25 dic 12:00",
    ),
    (
        "no date tells",
        stakes(a_sum(1, "41.90 EUR"), by="never"),
        "At stake: €41.90 in 1 order",
        "En juego: 41,90 € en 1 pedido",
    ),
    (
        "one without a price",
        stakes(a_sum(4, "129.80 EUR", unpriced=1), a_sum(2, "41.90 EUR", unpriced=1)),
        (
            "At stake: €129.80 in 4 orders, 1 without a price; €41.90 of it and 1 order without a price"
            " within 7 days (the first by Wed 26 Nov)"
        ),
        (
            "En juego: 129,80 € en 4 pedidos, 1 sin precio; de ello, 41,90 € y 1 pedido sin precio en los"
            " próximos 7 días (el primero, hasta el mié 26 nov)"
        ),
    ),
    (
        "only what has no price soon",
        stakes(a_sum(3, "9 EUR", unpriced=2), a_sum(2, unpriced=2)),
        (
            "At stake: €9 in 3 orders, 2 without a price; 2 orders without a price within 7 days"
            " (the first by Wed 26 Nov)"
        ),
        (
            "En juego: 9 € en 3 pedidos, 2 sin precio; 2 pedidos sin precio en los próximos 7 días"
            " (el primero, hasta el mié 26 nov)"
        ),
    ),
    (
        "no price at all",
        stakes(a_sum(2, unpriced=2), by="far"),
        "At stake: 2 orders without a price; the first by Thu 25 Dec 12:00",
        "En juego: 2 pedidos sin precio; el primero, hasta el jue 25 dic 12:00",
    ),
    (
        "many currencies",
        stakes(a_sum(9, "1 EUR", "2 USD", "3 GBP", "4 PLN", "5 CZK"), by="never"),
        "At stake: €1, $2, £3, 4 PLN and 5 CZK in 9 orders",
        "En juego: 1 €, 2 $, 3 £, 4 PLN y 5 CZK en 9 pedidos",
    ),
]


@pytest.mark.parametrize(("case", "known", "english", "spanish"), TOLD)
def test_what_is_at_stake_in_a_line(case: str, known: Stakes, english: str, spanish: str) -> None:
    assert told(known, Calendar.at(NOW, IN_MADRID, ENGLISH)) == english
    assert told(known, Calendar.at(NOW, IN_MADRID, SPANISH)) == spanish


@pytest.mark.parametrize(
    ("texts", "most", "amounts"),
    [
        (ENGLISH, 2, "€1, $2 and 1 more currency"),
        (ENGLISH, 1, "€1 and 2 more currencies"),
        (ENGLISH, 3, "€1, $2 and £3"),
        (SPANISH, 2, "1 €, 2 $ y 1 moneda más"),
    ],
)
def test_where_there_is_little_room_the_other_currencies_are_counted(
    texts: Catalogue, most: int, amounts: str
) -> None:
    known = stakes(a_sum(3, "1 EUR", "2 USD", "3 GBP"), by="never")
    assert amounts in told(known, Calendar.at(NOW, IN_MADRID, texts), most)
