"""Compares what is true with what was said, and decides what to say: pure, nothing is sent here.

One alert per rule, subject and occurrence; each stage speaks once; stages only rise while the
condition lasts. One event, one message: what begins together with something that already tells it
stays silent, and counts as told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import permutations

from monitor.core.days import Days
from monitor.core.model import Phase, Severity
from monitor.core.moment import Key, Moment
from monitor.core.speaking import not_before


class AlertState(StrEnum):
    """Open, seen by the user, put off by the user, over, or over because its deadline passed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    EXPIRED = "expired"


#: States of an alert whose condition lasts.
LASTING = frozenset({AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED})
#: An alert is put off until so long before the time to act is over, and no longer.
TIME_TO_ACT = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Alert:
    """A key that became true once. `told_level` is the highest stage the user was told of since it
    last began (-1: none), `told_at` when. `snoozed_until` is when one that was put off is said again."""

    id: int
    key: Key
    order: str | None
    stage: str
    level: int
    severity: Severity
    since: datetime
    deadline: datetime | None
    act_by: datetime | None
    state: AlertState
    told_level: int
    told_at: datetime | None
    title: str
    snoozed_until: datetime | None = None


class Reason(StrEnum):
    """Why something is done about an alert."""

    BEGAN = "began"
    CAME_BACK = "came back"
    WORSENED = "worsened"
    STILL_TRUE = "still true"
    SNOOZED_UNTIL_NOW = "snoozed until now"
    CHANGED = "changed"
    OVER = "over"
    DEADLINE_PASSED = "deadline passed"


@dataclass(frozen=True, slots=True)
class Open:
    """A new alert, or one that was over and is true again."""

    moment: Moment
    reason: Reason
    speaks: bool


@dataclass(frozen=True, slots=True)
class Raise:
    """A higher stage of an open alert."""

    alert: Alert
    moment: Moment
    speaks: bool
    reason: Reason = Reason.WORSENED


@dataclass(frozen=True, slots=True)
class Remind:
    """The same again, for what is worth repeating or was put off until now."""

    alert: Alert
    moment: Moment
    speaks: bool = True
    reason: Reason = Reason.STILL_TRUE


@dataclass(frozen=True, slots=True)
class Amend:
    """Its deadline moved; nothing is said."""

    alert: Alert
    moment: Moment
    reason: Reason = Reason.CHANGED


@dataclass(frozen=True, slots=True)
class Resolve:
    """The condition ended; said only if the user was pushed about it and it is news."""

    alert: Alert
    reason: Reason
    speaks: bool


Intent = Open | Raise | Remind | Amend | Resolve

#: Rules whose end is news by itself; the end of all others is told by what ended them.
TELLS_END = frozenset(
    {
        "customs_hold",
        "no_tracking",
        "tracking_stalled",
        "returning",
        "parcel_exception",
        "delivery_failed",
        "source_blind",
        "channel_down",
    }
)

#: (what may stay silent, what then speaks for it), when both would speak of one subject at once.
_TOLD_BY = frozenset(
    {
        ("film_unboxing", "pickup_waiting"),
        ("estimate_slipped", "estimate_missed"),
        ("protection_ending", "dispute_rearmed"),
        ("post_delivery_ending", "dispute_rearmed"),
        ("dispute_openable", "dispute_rearmed"),
    }
)

_TRAVELLING = frozenset({Phase.ORDERED, Phase.SHIPPED, Phase.DISPUTED})


def acknowledge(alert: Alert) -> Alert:
    """A lasting alert that the user has seen: what was said is not repeated. A higher stage speaks all
    the same, so that the last one before a deadline is always heard; only what ends the condition
    (received, a dispute opened) ends that."""
    return replace(alert, state=AlertState.ACKNOWLEDGED, snoozed_until=None)


def snooze(alert: Alert, until: datetime) -> Alert:
    """A lasting alert that is said again at `until`, if it lasts until then; a higher stage does not
    wait for that. See `snooze_end`."""
    return replace(alert, state=AlertState.SNOOZED, snoozed_until=until)


def snooze_end(alert: Alert, until: datetime, now: datetime) -> datetime | None:
    """Until when an alert can be put off that the user wants to hear of again at `until`: TIME_TO_ACT
    must be left before `act_by`, or else before the deadline. None: there is no time to put it off."""
    limits = [at for at in (alert.act_by, alert.deadline) if at is not None and at > now]
    ends = [min(until, limit - TIME_TO_ACT) for limit in limits]
    return next((end for end in ends if end > now), None) if limits else until


def said_again_at(moment: Moment, told_at: datetime, days: Days) -> datetime | None:
    """When a moment that the user was told of at `told_at`, and has not answered, is said again; None:
    never. Repeating wakes nobody: it comes when the quiet hours of `days` end, unless that is too late
    to act."""
    if moment.repeat_every is None:
        return None
    loud = min(moment.severity, Severity.URGENT, key=lambda severity: severity.rank)
    again = not_before(loud, moment.act_by, told_at + moment.repeat_every, days)
    return again if moment.act_by is None or again < moment.act_by else None


def reconcile(
    current: Mapping[Key, Moment],
    alerts: Mapping[Key, Alert],
    now: datetime,
    *,
    days: Days,
    phase: Phase | None = None,
    blind: Collection[str] = (),
) -> list[Intent]:
    """What to do so that `alerts` (all that one order ever had) match what is `current`.

    `phase` is the order's (None: the alert is about us), `blind` the sources that do not answer:
    what may be our own blindness does not begin meanwhile. Doing what is returned and asking again
    at the same `now` returns nothing.
    """
    begun = [
        intent
        for key, moment in current.items()
        if (intent := _begin(moment, alerts.get(key), now, days, blind)) is not None
    ]
    begun = _one_voice(begun)
    news = phase is not None and any(map(_is_pushed, begun))
    replaced = {(key.rule, key.subject) for key in current}
    ended: list[Intent] = [
        _end(alert, now, quiet=news or (key.rule, key.subject) in replaced, phase=phase)
        for key, alert in alerts.items()
        if alert.state in LASTING and key not in current
    ]
    return [*begun, *ended]


def _is_pushed(intent: Open | Raise | Remind | Amend) -> bool:
    """Whether a phone hears of it: `info` is for the digest and the journal."""
    return not isinstance(intent, Amend) and intent.speaks and intent.moment.severity is not Severity.INFO


def _begin(
    moment: Moment, alert: Alert | None, now: datetime, days: Days, blind: Collection[str]
) -> Open | Raise | Remind | Amend | None:
    unseen = moment.needs_sight is not None and moment.needs_sight in blind
    if alert is None:
        return None if unseen else Open(moment, Reason.BEGAN, speaks=True)
    if alert.state not in LASTING:
        return None if unseen else Open(moment, Reason.CAME_BACK, speaks=moment.level > alert.told_level)
    if moment.level > alert.level:
        return None if unseen else Raise(alert, moment, speaks=moment.level > alert.told_level)
    if _is_snoozed_until(alert, now):
        return Remind(alert, moment, reason=Reason.SNOOZED_UNTIL_NOW)
    if _is_due_again(moment, alert, now, days):
        return Remind(alert, moment)
    if (moment.deadline, moment.act_by) != (alert.deadline, alert.act_by):
        return Amend(alert, moment)
    return None


def _is_snoozed_until(alert: Alert, now: datetime) -> bool:
    until = alert.snoozed_until
    return alert.state is AlertState.SNOOZED and until is not None and until <= now


def _is_due_again(moment: Moment, alert: Alert, now: datetime, days: Days) -> bool:
    again = repeat_of(moment, alert, days)
    return again is not None and again <= now and (moment.act_by is None or now < moment.act_by)


def repeat_of(moment: Moment, alert: Alert, days: Days) -> datetime | None:
    """When what is open of a moment is said again; None: never, or only when it was put off until then."""
    if alert.state is not AlertState.OPEN or alert.told_at is None:
        return None
    return said_again_at(moment, alert.told_at, days)


def _end(alert: Alert, now: datetime, *, quiet: bool, phase: Phase | None) -> Resolve:
    reason = Reason.OVER
    if alert.deadline is not None and alert.deadline <= now:
        reason = Reason.DEADLINE_PASSED
    news = (
        reason is Reason.OVER
        and alert.key.rule in TELLS_END
        and alert.told_level >= 0
        and (phase is None or phase in _TRAVELLING)
    )
    return Resolve(alert, reason, speaks=news and not quiet)


def _one_voice(
    intents: list[Open | Raise | Remind | Amend],
) -> list[Open | Raise | Remind | Amend]:
    """Silences what another intent of the same pass tells: of two that tell one event the more
    severe speaks. What is only repeated takes the word from nothing that is new."""
    speaking = [intent for intent in intents if not isinstance(intent, Amend) and intent.speaks]
    silent: set[Key] = set()
    for first, second in permutations(speaking, 2):
        one, teller = first.moment, second.moment
        if _is_repeat(first) == _is_repeat(second) and _is_told_by(one, teller):
            silent.add(one.key if one.severity.rank <= teller.severity.rank else teller.key)
    if not silent:
        return intents
    return [
        replace(intent, speaks=False)
        if not isinstance(intent, Amend) and intent.moment.key in silent
        else intent
        for intent in intents
    ]


def _is_repeat(intent: Intent) -> bool:
    return intent.reason is Reason.STILL_TRUE


def _is_told_by(one: Moment, teller: Moment) -> bool:
    """Whether `teller` speaks of what `one` speaks of: of the same parcel or order, or an order's of
    what happened to one of its parcels."""
    if teller.rule == "dispute_openable":
        problems = teller.detail.get("problems")
        return isinstance(problems, tuple) and one.rule in problems
    if (one.rule, teller.rule) == ("delivered_unconfirmed", "delivered_elsewhere"):
        return True
    return one.subject == teller.subject and (one.rule, teller.rule) in _TOLD_BY
