"""`orderwatch orders`: what still runs, the most pressing first."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

import click

from monitor.cli.frame import Workplace, at_option, json_option, workplace
from monitor.cli.listing import STYLES, print_listing
from monitor.cli.neglect import tell_neglect
from monitor.cli.page import print_json, say
from monitor.cli.standing import name_of, pressure, time_left, whereabouts
from monitor.core.stakes import NOTHING, Stakes, told
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.stakes import stakes_of, weighed
from monitor.store.records import Staked
from monitor.views import OrderView, view, view_json

#: Orders shown to a person who does not say how many.
SHOWN = 50
#: Orders read from the database in one go.
_SLICE = 1000
_LAST = datetime.max.replace(tzinfo=UTC)


@click.command()
@click.option("--all", "finished_too", is_flag=True, help="The finished ones too.")
@click.option(
    "--limit",
    type=click.IntRange(0, 10**9),
    metavar="N",
    help=f"At most N, 0 for all; default: {SHOWN}, with --json all.",
)
@json_option
@at_option
@click.pass_context
def command(ctx: click.Context, finished_too: bool, limit: int | None, as_json: bool, at: str | None) -> None:
    """The orders that still run, the most pressing first.

    Alerts are as they are now, also with --at; phases and dates are those of then.
    """
    most = (None if as_json else SHOWN) if limit is None else limit or None
    with workplace(ctx, at, refresh=True) as place:
        if at is None:
            _place_new(place)
            seen, left = _listed(place, most, finished_too=finished_too)
            stakes = NOTHING if as_json else stakes_of(place.store.orders, place.reckoning, place.now)
        else:
            seen, left, stakes = _as_if(place, most, finished_too=finished_too)
        if as_json:
            print_json([view_json(order) for order in seen])
            return
        _print(place, seen, left)
        _print_stakes(place, stakes)
        if at is None:
            tell_neglect(place)


def _place_new(place: Workplace) -> None:
    """Has orders that nobody thought about yet sorted among the others."""
    if place.store.orders.unthought():
        from monitor.assess import place_new

        place_new(place.store, place.runtime, place.now)


def _listed(place: Workplace, most: int | None, *, finished_too: bool) -> tuple[list[OrderView], int]:
    """The first `most` orders as the store sorts them, and how many are left. What has finished since
    it was last thought about is left out, and as many more are read instead."""
    orders, wanted = place.store.orders, most
    while True:
        found = orders.running(wanted, finished_too=finished_too)
        seen = list(_running(place, found, finished_too=finished_too))
        if wanted is None or most is None or len(seen) >= most or len(found) < wanted:
            break
        wanted *= 4
    gone = len(found) - len(seen)
    shown = seen[:most]
    return shown, orders.count(finished_too=finished_too) - gone - len(shown)


def _as_if(place: Workplace, most: int | None, *, finished_too: bool) -> tuple[list[OrderView], int, Stakes]:
    """The same, and what is at stake, at another time than the store was written for: every order is
    looked at anew."""
    everyone = place.store.orders.running(finished_too=True)
    seen = list(_running(place, everyone, finished_too=finished_too))
    seen.sort(key=lambda order: (order.finish is not None, order.pressing_at or _LAST))
    stakes = weighed((Staked(it.order.price, it.pressing_at) for it in seen if it.at_stake), place.now)
    return list(islice(seen, most)), 0 if most is None else len(seen[most:]), stakes


def _running(place: Workplace, orders: Sequence[str], *, finished_too: bool) -> Iterator[OrderView]:
    for start in range(0, len(orders), _SLICE):
        for record in place.store.orders.load(orders[start : start + _SLICE]):
            seen = view(record, place.reckoning, place.now)
            if finished_too or seen.finish is None:
                yield seen


def _print(place: Workplace, seen: Sequence[OrderView], left: int) -> None:
    if not seen:
        say(_nothing_runs(place.store.orders.count(finished_too=True)))
        return
    print_listing(
        ("ORDER", "WHERE IT IS", "WHAT PRESSES", "HOW LONG"),
        [(name_of(order), whereabouts(order), pressure(order), time_left(order)) for order in seen],
    )
    if left:
        say(f"… and {left:,} more (--limit 0 shows all)".replace(",", " "))


def _print_stakes(place: Workplace, stakes: Stakes) -> None:
    """What is at stake in all orders, also in those that are not listed."""
    line = told(stakes, Calendar.at(place.now, place.reckoning.days, ENGLISH))
    if line:
        say()
        say((line, STYLES["warning"] if stakes.soon.orders else ""))


def _nothing_runs(known: int) -> str:
    match known:
        case 0:
            return _NOTHING_KNOWN
        case 1:
            return "Nothing runs: the only order is finished; --all shows it."
    return f"Nothing runs: all {known} orders are finished; --all shows them."


_NOTHING_KNOWN = (
    "No order is known yet. Name order files under `orders` in the configuration, or take some in with"
    " `orderwatch import FILE`."
)
