"""`orderwatch snooze`: an alert is put off."""

import re
from datetime import datetime, timedelta

import click

from monitor.acknowledging import must_be_done_by, next_morning, put_off
from monitor.cli.ack import lasting_alert, say_when
from monitor.cli.frame import Workplace, at_option, workplace
from monitor.cli.page import say
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.errors import UsageError

_TOMORROW = "tomorrow"
_DURATION = re.compile("([0-9]{1,4}) *([mhdw])", re.IGNORECASE)
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
#: Nothing is put off for longer.
_LONGEST = timedelta(days=90)


@click.command()
@click.argument("alert")
@click.argument("duration")
@at_option
@click.pass_context
def command(ctx: click.Context, alert: str, duration: str, at: str | None) -> None:
    """Puts ALERT (its number in `orderwatch alerts`) off for DURATION: 30m, 2h, 3d, 1w, or tomorrow,
    which is the next morning. Then it is said again, if it lasts.

    It speaks sooner when it gets worse, and never so late that there is no time left to act.
    """
    with workplace(ctx, at) as place:
        until = _until(place, duration)
        with place.store.atomic():
            found = lasting_alert(place, alert)
            later = put_off(place.store, found, until, place.now)
        limit, calendar = (
            must_be_done_by(found, place.now),
            Calendar.at(place.now, place.reckoning.days, ENGLISH),
        )
        if later is None:
            by = f" by {calendar.clock(limit)}" if limit is not None else ""
            raise UsageError(f"alert {found.id} ({found.title}) cannot wait: it must be done{by}")
        say("Put off: ", (f"no. {later.id}", "bold"), f"  {later.title}")
        if later.snoozed_until != until:
            say("Not for that long: there must be time left to act.")
        say_when(place, later)


def _until(place: Workplace, text: str) -> datetime:
    wanted = text.strip().lower()
    if wanted == _TOMORROW:
        return next_morning(place.reckoning, place.now)
    found = _DURATION.fullmatch(wanted)
    duration = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if not timedelta() < duration <= _LONGEST:
        raise UsageError(
            f"{text!r} is no duration (allowed: such as 30m, 2h, 3d, 1w, at most 90d; or {_TOMORROW})"
        )
    return place.now + duration
