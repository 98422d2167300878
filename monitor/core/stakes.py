"""What is at stake: money that can be lost if nobody does anything; and how that is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.model import Money
from monitor.core.wording import Calendar, counted, priced


@dataclass(frozen=True, slots=True)
class Sum:
    """What some orders cost: an amount for each currency, and how many orders have no price that could be
    added."""

    orders: int = 0
    amounts: tuple[Money, ...] = ()
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is at stake in all, and what of it presses within `days`. `first_by` is when the first of it
    presses; None: no date tells."""

    all: Sum
    soon: Sum
    days: int
    first_by: datetime | None


NOTHING = Stakes(Sum(), Sum(), 0, None)


def told(stakes: Stakes, calendar: Calendar, most: int | None = None) -> str:
    """`At stake: €129.80 and $12.00 in 4 orders; €41.90 of it within 7 days (by Wed 26 Nov)`; nothing where
    nothing is at stake. Of more than `most` currencies the others are counted."""
    if not stakes.all.orders:
        return ""
    words = calendar.texts.speaking
    line = words["stake"].format(what=_all(stakes.all, calendar, most))
    if stakes.first_by is None:
        return line
    only = (stakes.soon.orders or stakes.all.orders) == 1
    by = words["stake_by" if only else "stake_first_by"].format(at=calendar.ends(stakes.first_by))
    if not stakes.soon.orders:
        return f"{line}; {by}"
    part = words["stake_all"] if stakes.soon == stakes.all else _part(stakes.soon, calendar, most)
    return f"{line}; {words['stake_soon'].format(what=part, days=stakes.days, by=by)}"


def _all(known: Sum, calendar: Calendar, most: int | None) -> str:
    words, orders = calendar.texts.speaking, counted("orders", known.orders, calendar.texts)
    if not known.amounts:
        return words["stake_unpriced"].format(orders=orders)
    key = "stake_some_unpriced" if known.unpriced else "stake_priced"
    amounts = _amounts(known.amounts, calendar, most)
    return words[key].format(amounts=amounts, orders=orders, n=known.unpriced)


def _part(known: Sum, calendar: Calendar, most: int | None) -> str:
    words, unpriced = calendar.texts.speaking, counted("orders", known.unpriced, calendar.texts)
    if not known.amounts:
        return words["stake_unpriced"].format(orders=unpriced)
    key = "stake_part_and_unpriced" if known.unpriced else "stake_part"
    return words[key].format(amounts=_amounts(known.amounts, calendar, most), orders=unpriced)


def _amounts(amounts: Sequence[Money], calendar: Calendar, most: int | None) -> str:
    texts = calendar.texts
    told = [priced(amount, texts) for amount in amounts[:most]]
    left = len(amounts) - len(told)
    if left:
        told.append(counted("more_currencies", left, texts))
    *others, last = told
    return texts.speaking["stake_and"].format(others=", ".join(others), last=last) if others else last
