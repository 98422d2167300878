"""A moment: from this instant on, this is true."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.core.model import Severity
from monitor.core.situation import Why


class Key(NamedTuple):
    """What makes two moments speak of the same thing: one alert per key."""

    rule: str
    subject: str
    occurrence: str


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at` on, until `until` (exclusive; None: until facts change), a rule holds.

    `subject` is the order's id, a tracking number, a source or a channel. `occurrence` tells two
    happenings of one kind apart. `level` orders the stages of one key. `deadline` is hard;
    `act_by` leaves the safety margin. What nobody answers is said again `repeat_every` so often, until
    `act_by`. `needs_sight` names the source without whose answers the
    moment may be our own blindness. `detail` holds what only this rule's text needs.
    """

    at: datetime
    rule: str
    subject: str
    severity: Severity
    why: Why
    occurrence: str = ""
    stage: str = ""
    level: int = 0
    until: datetime | None = None
    deadline: datetime | None = None
    act_by: datetime | None = None
    repeat_every: timedelta | None = None
    needs_sight: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """The alert this moment belongs to."""
        return Key(self.rule, self.subject, self.occurrence)

    def ended_by(self, end: datetime | None) -> "Moment":
        """The same moment, over at `end` at the latest."""
        if end is None or (self.until is not None and self.until <= end):
            return self
        return replace(self, until=end)

    def holds(self, now: datetime) -> bool:
        """Whether it is true at `now`."""
        return self.at <= now and (self.until is None or now < self.until)
