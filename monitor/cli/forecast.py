"""`orderwatch forecast`: what will be said and when, if nothing else happens."""

from collections.abc import Sequence

import click

from monitor.cli.frame import Workplace, at_option, find_order, json_option, workplace
from monitor.cli.listing import STYLES, say_indented
from monitor.cli.page import print_json, say
from monitor.core.forecast import Announcement
from monitor.core.messages import short_order
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.views import OrderView, forecast_json, title_of, upcoming, view

#: Orders read from the database in one go.
_SLICE = 1000

Foretold = tuple[OrderView, Announcement]


@click.command()
@click.argument("order", required=False)
@click.option(
    "--days",
    type=click.IntRange(min=0, max=3660),
    default=90,
    show_default=True,
    help="How far to look ahead.",
)
@json_option
@at_option
@click.pass_context
def command(ctx: click.Context, order: str | None, days: int, as_json: bool, at: str | None) -> None:
    """What will be said and when, if nothing else happens: of ORDER, or of all that run."""
    with workplace(ctx, at, refresh=True) as place:
        foretold = _foretold(place, order, days)
        if as_json:
            print_json([forecast_json(seen.order.id, said, place.zone) for seen, said in foretold])
            return
        _print(foretold, place, days)


def _foretold(place: Workplace, order: str | None, days: int) -> list[Foretold]:
    """In the order of time; at one instant the loudest first."""
    store = place.store.orders
    wanted = [find_order(place.store, order)] if order is not None else store.running(finished_too=True)
    foretold: list[Foretold] = []
    for start in range(0, len(wanted), _SLICE):
        for record in store.load(wanted[start : start + _SLICE]):
            seen = view(record, place.reckoning, place.now)
            foretold += ((seen, said) for said in upcoming(seen, days))
    return sorted(foretold, key=lambda pair: (pair[1].at, -pair[1].moment.severity.rank, pair[0].order.id))


def _print(foretold: Sequence[Foretold], place: Workplace, days: int) -> None:
    if not foretold:
        say(f"Nothing will be said within {days} days, if nothing else happens.")
        return
    calendar = Calendar.at(place.now, place.reckoning.days, ENGLISH)
    day = None
    for seen, said in foretold:
        if day != (day := calendar.days.day_of(said.at)):
            ahead = (day - calendar.days.day_of(place.now)).days
            say()
            say((calendar.day(day), "bold"), (f"  {_ahead(ahead)}", "dim"))
        _print_one(seen, said, calendar)


def _ahead(days: int) -> str:
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"


def _print_one(seen: OrderView, said: Announcement, calendar: Calendar) -> None:
    severity = said.moment.severity.value
    clock = "now  " if said.at == seen.now else f"{said.at.astimezone(seen.zone):%H:%M}"
    say(f"  {clock}  ", (f"{severity:<10}", STYLES[severity]), title_of(seen, said))
    deadline = said.moment.deadline
    until = "" if deadline is None else f"; ends {calendar.ends(deadline)}"
    say_indented(19, f"{short_order(seen.order.id)}: {said.moment.why}{until}")
