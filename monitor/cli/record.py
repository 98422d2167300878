"""`orderwatch record`: what the user did or saw goes into the order's journal."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from difflib import get_close_matches

import click

from monitor.cli.frame import Workplace, at_option, find_order, time_from, workplace
from monitor.cli.page import say
from monitor.cli.reasons import policy_reason
from monitor.core.case import JournalEntry, Party, RecordEvent, missing_before, read_case, standing
from monitor.core.forecast import forecast
from monitor.core.messages import compose
from monitor.core.situation import situation, written
from monitor.core.tracking import plain_number
from monitor.errors import UsageError
from monitor.store.records import OrderRecord

#: The options that belong to an event; those with a `!` it cannot do without.
_OPTIONS: Mapping[RecordEvent, tuple[str, ...]] = {
    RecordEvent.DISPUTE_OPENED: ("reason!",),
    RecordEvent.OFFER: ("due", "amount"),
    RecordEvent.REQUEST: ("due",),
    RecordEvent.DECISION: ("in-favour-of!",),
    RecordEvent.RETURN_SHIPPED: ("number!",),
    RecordEvent.REFUND_ISSUED: ("amount",),
}
#: How many of the dates that follow are told, and how far ahead is looked for them.
_TOLD, _AHEAD = 3, timedelta(days=400)
_LONGEST_NOTE = 2000


_EVENTS = ", ".join(RecordEvent)


@click.command(epilog=f"EVENT is one of {_EVENTS}.")
@click.argument("order")
@click.argument("event")
@click.option("--reason", help="Why the dispute was opened: one of the policy's reasons.")
@click.option("--due", metavar="TIME", help="Until when an answer is due; a day alone means its end.")
@click.option("--in-favour-of", type=click.Choice([party.value for party in Party]), help="Who won.")
@click.option("--number", help="The tracking number of the return.")
@click.option("--amount", help="How much, such as '41.90 EUR'.")
@click.option("--note", help="Anything else worth keeping.")
@at_option
@click.pass_context
def command(
    ctx: click.Context, /, order: str, event: str, at: str | None, note: str | None, **given: str | None
) -> None:
    """Notes in the journal of ORDER (its id, or its last digits) what you did or saw, and says what
    follows.

    --at is when it happened, a day alone means its 00:00; default: now. Nothing is ever overwritten:
    `undo` takes back the latest line that stands.
    """
    happened = _event(event)
    with workplace(ctx, refresh=True) as place:
        [record] = place.store.orders.load([find_order(place.store, order)])
        entry = _entry(place, record, happened, at, note, given)
        with place.store.atomic():
            place.store.orders.record(record.order.id, entry, place.now)
        _say_noted(place, record, entry)
        if entry.at > place.now:
            click.echo("Note: that is in the future. If it is a mistake, `undo` takes it back.", err=True)
        [record] = place.store.orders.load([record.order.id])
        _say_what_follows(place, record, max(place.now, entry.at))


def _entry(
    place: Workplace,
    record: OrderRecord,
    event: RecordEvent,
    at: str | None,
    note: str | None,
    given: Mapping[str, str | None],
) -> JournalEntry:
    """The line for the journal. Raises UsageError for whatever does not belong there."""
    options = {name.replace("_", "-"): text for name, text in given.items() if text is not None}
    _check_options(event, options)
    happened = place.now if at is None else time_from(at, place.zone)
    _check_order_of_things(place, record, event, happened)
    return JournalEntry(
        event=event,
        at=happened,
        reason=policy_reason(options.get("reason"), place.runtime.policy_of(record.order)),
        due=_due(options.get("due"), place, happened),
        in_favour_of=Party(options["in-favour-of"]) if "in-favour-of" in options else None,
        number=_number(options.get("number")),
        amount=options.get("amount"),
        note=note[:_LONGEST_NOTE] if note else None,
    )


def _event(text: str) -> RecordEvent:
    """The event of this name. Raises UsageError."""
    wanted = text.strip().lower().replace("_", "-")
    if wanted in set(RecordEvent):
        return RecordEvent(wanted)
    near = get_close_matches(wanted, list(RecordEvent), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise UsageError(f"there is no event {text!r}{hint} (allowed: {_EVENTS})")


def _check_options(event: RecordEvent, given: Mapping[str, str]) -> None:
    wanted = _OPTIONS.get(event, ())
    allowed = [name.rstrip("!") for name in wanted]
    for name in given:
        if name not in allowed:
            takes = ", ".join(f"--{own}" for own in (*allowed, "at", "note"))
            raise UsageError(f"--{name} does not go with {event.value} (allowed: {takes})")
    for name in wanted:
        if name.endswith("!") and not given.get(name[:-1], "").strip():
            raise UsageError(f"{event.value} needs --{name[:-1]}")


def _check_order_of_things(
    place: Workplace, record: OrderRecord, event: RecordEvent, happened: datetime
) -> None:
    if event is RecordEvent.UNDO and not standing(record.journal):
        raise UsageError("the journal of this order is empty; there is nothing to undo")
    case = read_case(record.journal)
    missing = missing_before(case, event)
    if missing is not None:
        raise UsageError(missing)
    days, dispute = place.runtime.days, case.open_dispute
    if event in _IN_A_DISPUTE and dispute and days.day_of(happened) < days.day_of(dispute.opened_at):
        raise UsageError(
            f"--at is before the dispute was opened, on {written(days.day_of(dispute.opened_at))}"
        )


#: What can only happen after a dispute was opened.
_IN_A_DISPUTE = frozenset(
    {
        RecordEvent.SELLER_ANSWERED,
        RecordEvent.OFFER,
        RecordEvent.REQUEST,
        RecordEvent.ANSWERED,
        RecordEvent.AGREED,
        RecordEvent.DISPUTE_CANCELLED,
        RecordEvent.CLAIM,
        RecordEvent.DECISION,
        RecordEvent.APPEALED,
    }
)


def _due(text: str | None, place: Workplace, happened: datetime) -> datetime | None:
    if text is None:
        return None
    due = time_from(text, place.zone, "--due")
    with suppress(ValueError):
        due = place.runtime.days.end_of(date.fromisoformat(text.strip()))
    if due <= happened:
        raise UsageError("--due is over already: it must be later than --at, or than now")
    return due


def _number(text: str | None) -> str | None:
    return plain_number(text) if text else None


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


def _say_what_follows(place: Workplace, record: OrderRecord, now: datetime) -> None:
    """The next dates, with their why."""
    s = situation(place.reckoning.facts_of(record))
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
