"""What is at stake in all orders that run: prices, added up by currency, and by when they press."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from monitor.core.model import Money
from monitor.core.situation import Situation, situation
from monitor.core.stakes import Stakes, Sum
from monitor.core.timeline import moments_of, pressing_at
from monitor.reckoning import Reckoning
from monitor.store.orders import Orders
from monitor.store.records import Staked

#: How far ahead the money is told of that presses.
SOON = timedelta(days=7)
#: What can be added up: plain digits, as our own readers of order files write them.
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_CURRENCY = re.compile("[A-Z]{3}")


def stakes_of(orders: Orders, by: Reckoning, now: datetime) -> Stakes:
    """What is at stake at `now`, as of when each order was last thought about; those that should have
    been since are looked at here."""
    known, passed = orders.staked(now)
    looked_at = (staked(situation(by.facts_of(record)), now) for record in orders.load(passed))
    return weighed([*known, *(it for it in looked_at if it is not None)], now)


def staked(s: Situation, now: datetime) -> Staked | None:
    """What is at stake in one order at `now`; None: nothing."""
    if not s.at_stake(now):
        return None
    return Staked(s.facts.order.price, pressing_at(s, moments_of(s), now))


def weighed(at_stake: Iterable[Staked], now: datetime) -> Stakes:
    """The sums of what is at stake. Currencies are never added together, and what is no plain amount of a
    currency counts as an order without a price: nothing is guessed."""
    found = list(at_stake)
    soon = [it for it in found if it.by is not None and it.by <= now + SOON]
    return Stakes(
        all=_sum(found),
        soon=_sum(soon),
        days=SOON.days,
        first_by=min((it.by for it in found if it.by is not None), default=None),
    )


def _sum(found: Iterable[Staked]) -> Sum:
    sums: dict[str, Decimal] = {}
    orders: Counter[str] = Counter()
    unpriced = 0
    for it in found:
        if it.price is None or not _can_be_added(it.price):
            unpriced += 1
            continue
        currency = it.price.currency
        sums[currency] = sums.get(currency, Decimal()) + Decimal(it.price.amount)
        orders[currency] += 1
    by_orders = sorted(sums, key=lambda currency: (-orders[currency], currency))
    amounts = tuple(Money(f"{sums[currency]:f}", currency) for currency in by_orders)
    return Sum(orders.total() + unpriced, amounts, unpriced)


def _can_be_added(price: Money) -> bool:
    return bool(_AMOUNT.fullmatch(price.amount) and _CURRENCY.fullmatch(price.currency))
