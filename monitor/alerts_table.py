"""The table [alerts] of the configuration: when who is told, over which channels, and how much."""

import re
from datetime import time, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from monitor.core.days import QuietHours
from monitor.core.model import Severity
from monitor.notifier import Privacy

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}

#: Who is told more often hears nothing any more.
_MOST_OFTEN = timedelta(minutes=15)


def time_of_day(value: Any) -> Any:
    """Pydantic would take 9 as nine seconds past midnight."""
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, time) or value.tzinfo is not None:
        raise ValueError('must be a time of day such as "09:00"')
    return value


def _maybe_time_of_day(value: Any) -> Any:
    return None if value is None else time_of_day(value)


def _quiet_hours(value: Any) -> Any:
    if value is None or isinstance(value, QuietHours):
        return value
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        hours = QuietHours(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    except ValueError:
        hours = None
    if not dash or hours is None or hours.start == hours.end or hours.start.tzinfo or hours.end.tzinfo:
        raise ValueError('must be two times of day such as "22:00-07:00"')
    return hours


def _span(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", value) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        raise ValueError('must be a span of time such as "15m" (s, m, h or d)')
    return int(match[1]) * _UNITS[match[2]]


def _web_address(value: SecretStr | None) -> SecretStr | None:
    parts = urlsplit(value.get_secret_value()) if value is not None else None
    if parts is not None and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("must be an address that begins with https://")
    return value


def _not_too_often(value: timedelta) -> timedelta:
    if value < _MOST_OFTEN:
        raise ValueError('must be "15m" or longer')
    return value


def _some(value: Any) -> Any:
    """One word is a list of one."""
    return [value] if isinstance(value, str) else value


TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
Span = Annotated[timedelta, BeforeValidator(_span)]
Often = Annotated[Span, AfterValidator(_not_too_often)]
Word = TypeVar("Word")
Words = Annotated[list[Word], BeforeValidator(_some), Field(min_length=1)]
Tiers = list[Annotated[list[str], Field(min_length=1)]]

_FROZEN = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Match(BaseModel):
    """What a route is for: everything named here has to be so; what is not named may be anything."""

    model_config = _FROZEN

    severity: Words[Severity] | None = Field(default=None, description="how severe it is")
    marketplace: Words[str] | None = Field(default=None, description="the marketplace of the order")
    rule: Words[str] | None = Field(default=None, description="the rule that speaks")


class Route(BaseModel):
    """An exception, one of [[alerts.routes]]."""

    model_config = _FROZEN

    match: Match = Field(description="what goes this way: severity, marketplace, rule")
    tiers: Tiers = Field(min_length=1, description="the channels that hear of it, tier by tier")

    def takes(self, severity: Severity, rule: str, marketplace: str | None) -> bool:
        """Whether this goes this way."""
        given = (
            (self.match.severity, severity),
            (self.match.rule, rule),
            (self.match.marketplace, marketplace),
        )
        return all(wanted is None or value in wanted for wanted, value in given)


class Alerts(BaseModel):
    """The table [alerts]."""

    model_config = _FROZEN

    morning: TimeOfDay = Field(
        default=time(9), description="when moments that are counted in days become true, in your time zone"
    )
    quiet_hours: Annotated[QuietHours | None, BeforeValidator(_quiet_hours)] = Field(
        default=None,
        description="when only what cannot wait is said: what is critical, and what is urgent if there is to be"
        " acted before they have been over for two hours; default: never",
        json_schema_extra={"example": "22:00-07:00"},
    )
    digest_at: Annotated[time | None, BeforeValidator(_maybe_time_of_day)] = Field(
        default=None,
        description="when one message a day tells what is for information only, and the deadlines of the next seven"
        " days; none if there is nothing. Default: what is for information goes to logs only",
        json_schema_extra={"example": "18:30"},
    )
    tiers: Tiers = Field(
        default=[],
        description="the channels that are told first, then those that are told if these cannot be reached, and"
        " so on; a channel that only keeps a record, such as a log, always hears of everything; default: all"
        " channels at once",
        json_schema_extra={"example": [["phone"], ["pager", "chat"]]},
    )
    escalate_after: dict[Severity, Span] = Field(
        default={Severity.URGENT: timedelta(minutes=15), Severity.CRITICAL: timedelta(minutes=5)},
        description="how long a message may be undelivered before the next tier is told, by severity; what is"
        " not named stays with the first tier that takes it",
        json_schema_extra={"example": {"urgent": "15m", "critical": "5m"}},
    )
    ack_within: dict[Severity, Span] = Field(
        default={},
        description="how long a delivered message may be unacknowledged before the next tier is told too, by"
        " severity; default: forever",
        json_schema_extra={"example": {"critical": "30m"}},
    )
    repeat_every: dict[Severity, Often] = Field(
        default={},
        description="how long a message that there is a time to act on may be unanswered before it is said again,"
        " by severity, until that time is over; not in the quiet hours, unless it is over by then. Default: each"
        " is said once",
        json_schema_extra={"example": {"critical": "6h"}},
    )
    routes: list[Route] = Field(
        default=[],
        description="exceptions to `tiers`, as [[alerts.routes]]: of those that match severity, marketplace"
        " and rule, the first counts",
        json_schema_extra={"example": [{"match": {"rule": ["film_unboxing"]}, "tiers": [["chat"]]}]},
    )
    collapse_above: int = Field(
        default=6,
        ge=1,
        description="messages a minute over one channel above which they become one; what is urgent or critical"
        " never does",
    )
    ping: Annotated[SecretStr | None, AfterValidator(_web_address)] = Field(
        default=None,
        description="an address as healthchecks.io gives out, that is asked after each full round of the service,"
        " so that another machine can tell you when this one is silent; /fail is added while something does"
        " not work. It is a secret; default: none",
        json_schema_extra={"example": {"credential": "ping"}},
    )
    privacy: Privacy = Field(
        default="full",
        description="what a message shows: full, short (no order number, tracking number, place or price) or"
        " none (only that there is something to see); a channel may have its own",
    )
