"""Published entries as an iCalendar file (RFC 5545).

All times are in UTC: a deadline is an instant, every program knows `Z`, and shows it as the clock on the
wall does where its user is. A VTIMEZONE would say the same with more to be misread.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from monitor.calendar_file import PRODUCT
from monitor.core.published import Published

_NAME = "orderwatch"
#: How often who subscribes to the file is asked to look.
_LOOK_EVERY = timedelta(hours=1)


def calendar_bytes(published: Iterable[Published]) -> bytes:
    """The whole file. The same entries give the same bytes, in whatever order they come."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _NAME)
    calendar.add("refresh-interval", _LOOK_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in sorted(published, key=lambda it: (it.entry.begins, it.uid)):
        calendar.add_component(_event(one))
    content: bytes = calendar.to_ical()
    return content


def _event(published: Published) -> Event:
    entry, begins, event = published.entry, _second(published.entry.begins), Event()
    event.add("uid", published.uid)
    event.add("sequence", published.sequence)
    for name in ("dtstamp", "last-modified"):
        event.add(name, published.changed_at)
    event.add("dtstart", begins)
    event.add("dtend", _second(entry.ends))
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if published.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # nobody is busy because of a deadline
    event.add("class", "PRIVATE")
    if published.cancelled:
        return event
    event.add("description", entry.description)
    if entry.link is not None:
        event.add("url", entry.link)
    for at in published.alarms:
        event.add_component(_alarm(_second(at) - begins, entry.summary))
    return event


def _alarm(after: timedelta, summary: str) -> Alarm:
    """Counted from the beginning: phones know reminders as "so long before", and nothing else."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", after)
    alarm.add("description", summary)
    return alarm


def _second(at: datetime) -> datetime:
    """Nothing shorter can be written."""
    return at.replace(microsecond=0)
