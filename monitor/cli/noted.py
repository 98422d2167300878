"""What dates depend on, noted in the database: reading all of the configuration takes longer than
showing fifty orders."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from monitor.core.days import Days, QuietHours
from monitor.core.model import Severity
from monitor.core.texts.languages import CATALOGUES
from monitor.policies import load_policies
from monitor.reckoning import Reckoning
from monitor.zones import zone

if TYPE_CHECKING:
    from monitor.settings import Settings


@dataclass(frozen=True, slots=True)
class Noted:
    """The user's zone is not noted: it may be the system's."""

    morning: time
    deadline_timezone: str | None
    holidays: list[date]
    policies: dict[str, dict[str, Any]]
    language: str
    quiet: QuietHours | None
    repeats: dict[Severity, timedelta]


def note(settings: "Settings") -> str:
    """What dates depend on, as text to keep."""
    noted = Noted(
        settings.morning,
        settings.deadline_timezone,
        settings.holidays,
        settings.policies,
        settings.language,
        settings.alerts.quiet_hours,
        dict(settings.alerts.repeat_every),
    )
    return msgspec.json.encode(noted).decode()


def reckoning_of(text: str, user: ZoneInfo) -> Reckoning:
    """What was noted, brought to life for a user in this zone."""
    noted = msgspec.json.decode(text, type=Noted)
    days = Days(
        zone=user,
        morning=noted.morning,
        deadline_zone=zone(noted.deadline_timezone) if noted.deadline_timezone else None,
        holidays=frozenset(noted.holidays),
        quiet=noted.quiet,
    )
    policies = load_policies(noted.policies, noted.language)
    return Reckoning(days, policies, CATALOGUES[noted.language], noted.repeats)
