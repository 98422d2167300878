"""About us: sources that do not answer, channels that do not deliver, policies nobody checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.days import Days
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.policy import Policy
from monitor.core.situation import Why

#: How long a channel may fail before the others hear of it (notifications of rulebook §3).
CHANNEL_PATIENCE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How looks at a source went. `failing_since` is the first failure after the last success
    (None: it works); `error`, the latest failure in words."""

    name: str
    last_success_at: datetime | None = None
    failing_since: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """How deliveries over a channel went. `permanent` means that it refused for good."""

    name: str
    failing_since: datetime | None = None
    permanent: bool = False
    error: str | None = None


def source_blind(health: SourceHealth, policy: Policy, days: Days) -> Iterator[Moment]:
    """A source had no success for `blind_after_hours`; said again daily until it works."""
    if health.failing_since is None:
        return
    hours = policy.number("blind_after_hours")
    start = health.last_success_at or health.failing_since
    yield Moment(
        at=start + timedelta(hours=hours),
        rule="source_blind",
        subject=health.name,
        severity=Severity.WARNING,
        why=Why("last success" if health.last_success_at else "first failure", days.day_of(start)).plus(
            policy, "blind_after_hours", hours
        ),
        occurrence=f"{start:%Y-%m-%dT%H:%M:%S}",
        repeat_every=timedelta(days=1),
        detail={"since": start, "error": health.error},
    )


def is_blind(health: SourceHealth, policy: Policy, now: datetime) -> bool:
    """Whether a source fails and had no success for `blind_after_hours`, or never: then silence is
    ours, also before it is told."""
    if health.failing_since is None:
        return False
    since = health.last_success_at
    return since is None or now - since >= timedelta(hours=policy.number("blind_after_hours"))


def channel_down(health: ChannelHealth, days: Days) -> Iterator[Moment]:
    """A channel refuses for good, or has failed for over half an hour."""
    if health.failing_since is None:
        return
    since = health.failing_since
    yield Moment(
        at=since if health.permanent else since + CHANNEL_PATIENCE,
        rule="channel_down",
        subject=health.name,
        severity=Severity.WARNING,
        why=Why("first failure", days.day_of(since)),
        occurrence=f"{since:%Y-%m-%dT%H:%M:%S}",
        detail={"since": since, "error": health.error, "permanent": health.permanent},
    )


def is_down(health: ChannelHealth, now: datetime) -> bool:
    """Whether a channel refuses for good, or has failed for over half an hour."""
    return health.permanent or (
        health.failing_since is not None and now - health.failing_since >= CHANNEL_PATIENCE
    )


def policy_old(policy: Policy, days: Days) -> Iterator[Moment]:
    """Nobody has compared a policy with the marketplace for over a year."""
    after = policy.number("policy_old_days")
    yield Moment(
        at=days.morning_of(policy.checked_on + timedelta(days=after + 1)),
        rule="policy_old",
        subject=policy.name,
        severity=Severity.INFO,
        why=Why("checked", policy.checked_on).plus(policy, "policy_old_days", after),
        occurrence=policy.checked_on.isoformat(),
    )
