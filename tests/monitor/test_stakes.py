"""What is at stake in all orders, added up."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.assess import place_new
from monitor.core.model import Money
from monitor.core.situation import situation
from monitor.core.stakes import Stakes, Sum
from monitor.stakes import staked, stakes_of, weighed
from monitor.store import Store
from monitor.store.records import Staked
from tests.monitor.core.facts import an_entry, an_order, at
from tests.monitor.stage import NOW, Stage

SOON, LAST_SOON, TOO_LATE = at("2026-05-14 12:00"), at("2026-05-19 12:00"), at("2026-05-19 12:00:01")


def priced(*prices: str | None, by: datetime | None = None) -> list[Staked]:
    return [Staked(Money(*price.split(maxsplit=1)) if price else None, by) for price in prices]


def shown(known: Sum) -> tuple[int, list[str], int]:
    return known.orders, [str(amount) for amount in known.amounts], known.unpriced


SUMS = [
    ("nothing", priced(), (0, [], 0)),
    ("cents stay cents", priced("41.90 EUR", "87.9 EUR"), (2, ["129.80 EUR"], 0)),
    ("what a float would get wrong", priced(*["0.10 EUR"] * 3), (3, ["0.30 EUR"], 0)),
    ("whole amounts", priced("10 EUR", "5 EUR"), (2, ["15 EUR"], 0)),
    ("three decimals", priced("1.500 KWD", "2.25 KWD"), (2, ["3.750 KWD"], 0)),
    ("given away", priced("0 EUR"), (1, ["0 EUR"], 0)),
    ("currencies are never added", priced("1 USD", "1 EUR", "1 USD"), (3, ["2 USD", "1 EUR"], 0)),
    ("of equals by name", priced("1 USD", "1 EUR"), (2, ["1 EUR", "1 USD"], 0)),
    ("no price", priced(None, "1 EUR"), (2, ["1 EUR"], 1)),
    ("no amounts at all", priced(None, None), (2, [], 2)),
    *(
        (f"odd: {odd}", priced(odd, "1 EUR"), (2, ["1 EUR"], 1))
        for odd in ("1e5 EUR", "-1 EUR", "1,50 EUR", "NaN EUR", "Infinity EUR", "1. EUR", ".5 EUR", "+1 EUR",
                    "\u0661 EUR", "1234567890123 EUR", "1.1234567 EUR", "1 eur", "1 €", "1 EURO", "1_0 EUR")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "found", "added"), SUMS)
def test_prices_are_added_by_currency(
    case: str, found: list[Staked], added: tuple[int, list[str], int]
) -> None:
    assert shown(weighed(found, NOW).all) == added


@given(st.lists(st.decimals(0, 10**9, places=2), max_size=50))
def test_no_cent_is_lost(amounts: list[Decimal]) -> None:
    found = weighed(priced(*(f"{amount:f} EUR" for amount in amounts)), NOW).all
    assert sum((Decimal(amount.amount) for amount in found.amounts), Decimal()) == sum(amounts, Decimal())


def test_what_presses_within_seven_days_is_apart() -> None:
    found = [
        *priced("1 EUR", by=SOON),
        *priced("2 EUR", None, by=LAST_SOON),
        *priced("4 EUR", by=TOO_LATE),
        *priced("8 EUR"),
    ]
    known = weighed(found, NOW)
    assert shown(known.all) == (5, ["15 EUR"], 1)
    assert shown(known.soon) == (3, ["3 EUR"], 1)
    assert (known.days, known.first_by) == (7, SOON)
    assert weighed(priced("8 EUR"), NOW).first_by is None


# Over real orders


async def test_what_the_store_adds_up_is_what_a_look_at_each_order_tells(tmp_path: Path) -> None:
    """Through half a year, with the service asleep: nobody thinks again, and the sum is right all the same."""
    async with Stage(tmp_path) as stage:
        await stage.take(
            an_order(id="1001", price=Money("1", "EUR"), parcels=""),
            an_order(id="1002", price=Money("2", "EUR"), shipped_on="2026-04-10", parcels=""),
            an_order(id="1003", price=Money("4", "EUR"), protection_until="2026-05-17", parcels=""),
            an_order(id="1004", price=Money("8", "EUR"), shipped_on=None, parcels=""),
            an_order(id="1005", price=Money("16", "EUR"), parcels="", status="finished"),
            an_order(id="1006", price=Money("32", "EUR"), parcels=""),
        )
        await stage.database.write(open_dispute)
        await stage.read(lambda store: place_new(store, stage.runtime, stage.now))
        amounts = []
        for _ in range(28):
            known = await stage.read(lambda store: stakes_of(store.orders, stage.runtime, stage.now))
            anew = await stage.read(lambda store: looked_at(store, stage))
            assert (known.all, known.soon) == (anew.all, anew.soon)
            amounts.append((known.all.amounts[0].amount, [it.amount for it in known.soon.amounts]))
            stage.later(days=7)
    # The answer to the offer is due in two days; protection of the third order ends in six.
    assert amounts[0] == ("47", ["36"])
    # Without a date, and with a dispute open, money is at stake for as long as the order runs.
    assert amounts[-1] == ("40", [])


def open_dispute(store: Store) -> None:
    for event in ("dispute-opened", "offer"):
        store.orders.record("1006", an_entry(f"2026-05-12 12:00 {event}"), NOW)


def looked_at(store: Store, stage: Stage) -> Stakes:
    """What is at stake, from a fresh look at every order."""
    records = store.orders.load(store.orders.running(finished_too=True))
    found = [staked(situation(stage.runtime.facts_of(record)), stage.now) for record in records]
    return weighed([it for it in found if it is not None], stage.now)
