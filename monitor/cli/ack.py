"""`orderwatch ack`: an alert was seen, and is not repeated."""

import re

import click

from monitor.acknowledging import must_be_done_by, see, speaks_again
from monitor.cli.frame import Workplace, at_option, workplace
from monitor.cli.page import say
from monitor.core.alerts import LASTING, Alert
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.errors import UsageError

_NUMBER = re.compile(r"(?:no\.?\s*)?([0-9]{1,15})", re.IGNORECASE)
#: Alerts that are named where one is unknown.
_MOST_NAMED = 10


@click.command()
@click.argument("alert")
@at_option
@click.pass_context
def command(ctx: click.Context, alert: str, at: str | None) -> None:
    """Notes that you have seen ALERT (its number in `orderwatch alerts`): what was said is not repeated.

    It speaks again when it gets worse. Only what ends it, such as `orderwatch record ORDER received`,
    ends that.
    """
    with workplace(ctx, at) as place:
        with place.store.atomic():
            seen = see(place.store, lasting_alert(place, alert))
        say("Seen, and not repeated: ", (f"no. {seen.id}", "bold"), f"  {seen.title}")
        say_when(place, seen)


def lasting_alert(place: Workplace, text: str) -> Alert:
    """The alert with this number, if it lasts. Raises UsageError."""
    number = _NUMBER.fullmatch(text.strip())
    found = place.store.alerts.find(int(number[1])) if number else None
    if found is not None and found.state in LASTING:
        return found
    what = f"alert {found.id} ({found.title}) is over" if found else f"there is no alert {text!r}"
    lasting = [str(alert.id) for alert in place.store.alerts.lasting()[:_MOST_NAMED]]
    if not lasting:
        raise UsageError(f"{what}; no alert is open")
    raise UsageError(f"{what} (allowed: {', '.join(lasting)}; `orderwatch alerts` shows them)")


def say_when(place: Workplace, alert: Alert) -> None:
    """When an alert will speak again, and by when it must be done."""
    calendar = Calendar.at(place.now, place.reckoning.days, ENGLISH)
    again, limit = (
        speaks_again(place.store, place.reckoning, alert, place.now),
        must_be_done_by(alert, place.now),
    )
    at = again.at if again is not None else alert.snoozed_until
    if at is None:
        say("It will speak again when it gets worse, or comes back after its end.")
    else:
        say("It will speak again on ", (calendar.clock(at), "bold"), ", if it lasts.")
    if again is not None and at != alert.snoozed_until:
        say("  ", (f"because: {again.moment.why}", "dim"))
    if limit is not None:
        say("It must be done by ", (calendar.clock(limit), "bold"), ".")
