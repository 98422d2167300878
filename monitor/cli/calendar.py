"""`orderwatch calendar`: every deadline as an iCalendar file."""

from collections.abc import Sequence
from pathlib import Path

import click

from monitor.calendar_file import write_calendar
from monitor.cli.frame import Workplace, at_option, workplace
from monitor.cli.page import say
from monitor.core.published import Published
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.ical import calendar_bytes
from monitor.publish import publish_all


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@at_option
@click.pass_context
def command(ctx: click.Context, file: Path, at: str | None) -> None:
    """Writes every deadline that lies ahead into FILE, as iCalendar with alarms.

    FILE is made, or replaced if orderwatch wrote it. What a calendar has of it already is updated or
    cancelled when it reads FILE again. With --at nothing of it is remembered.
    """
    with workplace(ctx, at, refresh=True) as place:
        published = publish_all(place.store, place.runtime, place.now, remember=at is None)
        has_changed = write_calendar(file, calendar_bytes(published))
        _tell(file, published, place, has_changed=has_changed)


def _tell(file: Path, published: Sequence[Published], place: Workplace, *, has_changed: bool) -> None:
    ahead = [one.entry for one in published if not one.cancelled and one.entry.ends > place.now]
    count = f"{len(ahead) or 'no'} {'deadline lies' if len(ahead) == 1 else 'deadlines lie'} ahead"
    say(f"{'wrote' if has_changed else 'nothing has changed in'} {file}: {count}")
    if ahead:
        first = min(ahead, key=lambda entry: (entry.begins, entry.summary))
        calendar = Calendar.at(place.now, place.runtime.days, ENGLISH)
        say(f"  the first, {calendar.clock(first.begins)}: {first.summary}")
