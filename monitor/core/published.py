"""What a calendar has of an order, and what becomes of it when facts change.

What was published once is never taken out silently: it is changed or cancelled under its own name, with a
higher sequence, so that every calendar that has it follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Privacy = Literal["full", "short", "none"]

#: How long something stays in the calendar once it has passed or was cancelled: a program that looks
#: once a week, and was off for three, has seen it.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a calendar: plain text, already as `privacy` has it; `link` is the order's page."""

    summary: str
    description: str
    link: str | None
    begins: datetime
    ends: datetime
    reminders: tuple[datetime, ...]
    privacy: Privacy


@dataclass(frozen=True, slots=True)
class Published:
    """An entry as calendars know it, by `uid`. `sequence` counts its changes, of which the last was at
    `changed_at`."""

    uid: str
    order: str
    entry: Entry
    sequence: int
    changed_at: datetime
    cancelled: bool = False

    @property
    def kept_until(self) -> datetime:
        """When it leaves the calendar, if nothing changes."""
        return (self.changed_at if self.cancelled else self.entry.ends) + KEPT

    @property
    def alarms(self) -> tuple[datetime, ...]:
        """The reminders that were still to come when it last changed: nobody wants those of last week."""
        return tuple(at for at in self.entry.reminders if at > self.changed_at and not self.cancelled)


def follow(
    known: Mapping[str, Published], entries: Mapping[str, Entry], order: str, now: datetime
) -> list[Published]:
    """What of an order's published entries changes at `now`. `known` are all it ever had, `entries` those
    that hold, whether they are ahead or not; both by their uid."""
    ahead = {uid: entry for uid, entry in entries.items() if entry.ends > now}
    changed = []
    for uid, entry in ahead.items():
        before = known.get(uid)
        if before is None:
            changed.append(Published(uid, order, entry, 0, now))
        elif before.cancelled or before.entry != entry:
            changed.append(_revised(replace(before, entry=entry, cancelled=False), now))
    for uid, before in known.items():
        if uid not in ahead and not before.cancelled and before.entry.ends > now:
            changed.append(_revised(replace(before, cancelled=True), now))
    return changed


def _revised(published: Published, now: datetime) -> Published:
    # A clock that was set back makes nothing older than it was.
    return replace(published, sequence=published.sequence + 1, changed_at=max(now, published.changed_at))
