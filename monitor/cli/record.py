"""`orderwatch record`: what the user did or saw goes into the order's journal."""

from datetime import datetime, timedelta

import click

from monitor.cli.entries import EVENTS, LONGEST_NOTE, entry_from, event_from
from monitor.cli.frame import Workplace, at_option, find_order, workplace
from monitor.cli.page import say
from monitor.core.case import JournalEntry, Party, RecordEvent, Remedy, read_case, standing
from monitor.core.forecast import forecast
from monitor.core.messages import compose
from monitor.core.recorded import answer
from monitor.core.situation import Situation, situation, written
from monitor.store.records import OrderRecord

#: How many of the dates that follow are told, and how far ahead is looked for them.
_TOLD, _AHEAD = 3, timedelta(days=400)
_ANSWERABLE = (RecordEvent.OFFER.value, RecordEvent.REQUEST.value)


@click.command(epilog=f"EVENT is one of {EVENTS}.")
@click.argument("order")
@click.argument("event")
@click.option("--reason", help="Why the dispute was opened: one of the policy's reasons.")
@click.option(
    "--due",
    metavar="TIME",
    help="Until when somebody has to act, as the app shows it: the seller after dispute-opened, you after"
    " offer, request, decision and return-approved; a day alone means its end.",
)
@click.option("--to", type=click.Choice(_ANSWERABLE), help="What you answered, where two things wait.")
@click.option(
    "--on",
    type=click.Choice([remedy.value for remedy in Remedy]),
    help="What you agreed on; default: refund.",
)
@click.option("--in-favour-of", type=click.Choice([party.value for party in Party]), help="Who won.")
@click.option("--carrier", help="Who takes the return back, as its label says: Correos, CTT Express …")
@click.option("--number", help="The tracking number of the return.")
@click.option("--amount", help="How much, such as '41.90 EUR'.")
@click.option("--note", help="Anything else worth keeping.")
@at_option
@click.pass_context
def command(
    ctx: click.Context, /, order: str, event: str, at: str | None, note: str | None, **given: str | None
) -> None:
    """Notes in the journal of ORDER (its id, or its last digits) what you did or saw, and says what to
    do and what follows.

    --at is when it happened, a day alone means its 00:00; default: now. Nothing is ever overwritten:
    `undo` takes back the latest line that stands.
    """
    happened = event_from(event)
    with workplace(ctx, refresh=True) as place:
        [record] = place.store.orders.load([find_order(place.store, order)])
        entry = entry_from(place, record, happened, at, note, given)
        with place.store.atomic():
            place.store.orders.record(record.order.id, entry, place.now)
        _say_noted(place, record, entry)
        if entry.at > place.now:
            _note("that is in the future, and counts from then. If it is a mistake, `undo` takes it back.")
        if note is not None and len(note) > LONGEST_NOTE:
            _note(f"of the note only the first {LONGEST_NOTE} characters are kept.")
        [after] = place.store.orders.load([record.order.id])
        now, s = max(place.now, entry.at), situation(place.reckoning.facts_of(after))
        for line in answer(entry, read_case(record.journal), s, now, place.texts):
            say(line)
        _say_what_follows(place, after, s, now)


def _note(text: str) -> None:
    click.echo(f"Note: {text}", err=True)


def _say_noted(place: Workplace, record: OrderRecord, entry: JournalEntry) -> None:
    what, at = entry.event.value, entry.at
    if entry.event is RecordEvent.UNDO:
        undone = standing(record.journal)[-1]
        what, at = f"undo; no longer counts: {undone.event.value}", undone.at
    say(
        f"Noted for {record.order.id} ({record.order.title}): ",
        (what, "bold"),
        f", {_clock(place, at)}.",
    )


def _say_what_follows(place: Workplace, record: OrderRecord, s: Situation, now: datetime) -> None:
    """The next dates, with their why."""
    coming = forecast(s, record.alerts, now, now + _AHEAD)[:_TOLD]
    if not coming:
        say("Nothing more is to come for this order.")
        return
    say("What comes next, if nothing else happens:")
    for announcement in coming:
        message = compose(announcement.moment, s, announcement.at, place.texts, look={})
        say("  ", (_clock(place, announcement.at), "bold"), f"  {message.title}")
        say("    ", (f"because: {announcement.moment.why}", "dim"))


def _clock(place: Workplace, at: datetime) -> str:
    local = at.astimezone(place.zone)
    return f"{local:%a} {written(local.date())} {local:%H:%M}"
