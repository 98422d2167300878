"""What will be said and when, if nothing else happens: the timeline, played through `reconcile`."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerts import (
    Alert,
    AlertState,
    Amend,
    Intent,
    Open,
    Raise,
    Remind,
    Resolve,
    reconcile,
    repeat_of,
)
from monitor.core.moment import Key, Moment
from monitor.core.situation import Situation
from monitor.core.timeline import current, moments_of


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message to come: when it will be said, and the moment it speaks of."""

    at: datetime
    moment: Moment


def forecast(s: Situation, alerts: Mapping[Key, Alert], now: datetime, until: datetime) -> list[Announcement]:
    """The messages from `now` to `until` in the order of time; what is true and untold comes first,
    at `now`. `alerts` are all that the order ever had."""
    return list(announcements(s, alerts, now, until))


def announcements(
    s: Situation, alerts: Mapping[Key, Alert], now: datetime, until: datetime | None = None
) -> Iterator[Announcement]:
    """`forecast` one by one, for who wants only the next; without `until` to the end of the timeline.
    Of what is said at one instant the loudest comes first."""
    moments, days = moments_of(s), s.facts.days
    changes = {m.at for m in moments} | {m.until for m in moments if m.until is not None}
    changes |= {alert.snoozed_until for alert in alerts.values() if alert.snoozed_until is not None}
    ahead = deque(sorted(at for at in changes if now < at))
    known, instant = dict(alerts), now
    while until is None or instant <= until:
        true = current(moments, instant)
        intents = reconcile(true, known, instant, days=days, phase=s.phase(instant))
        said = [
            intent.moment for intent in intents if isinstance(intent, Open | Raise | Remind) and intent.speaks
        ]
        for moment in sorted(said, key=lambda moment: -moment.severity.rank):
            yield Announcement(instant, moment)
        for intent in intents:
            known.update(_done(intent, instant))
        again = [repeat_of(moment, known[key], days) for key, moment in true.items()]
        soonest = min((at for at in again if at is not None and at > instant), default=None)
        if soonest is not None and (not ahead or soonest < ahead[0]):
            instant = soonest
        elif ahead:
            instant = ahead.popleft()
        else:
            return


def _done(intent: Intent, now: datetime) -> dict[Key, Alert]:
    """The alert as it is once an intent was done and delivered."""
    match intent:
        case Open(moment):
            return {moment.key: _alert(moment, now)}
        case Raise(alert, moment) | Remind(alert, moment):
            return {moment.key: replace(_alert(moment, now), id=alert.id, order=alert.order)}
        case Amend(alert, moment):
            return {alert.key: replace(alert, deadline=moment.deadline, act_by=moment.act_by)}
        case Resolve(alert, _, speaks):
            told = -1 if speaks else alert.told_level
            return {alert.key: replace(alert, state=AlertState.RESOLVED, told_level=told)}


def _alert(moment: Moment, now: datetime) -> Alert:
    return Alert(
        id=0,
        key=moment.key,
        order=None,
        stage=moment.stage,
        level=moment.level,
        severity=moment.severity,
        since=moment.at,
        deadline=moment.deadline,
        act_by=moment.act_by,
        state=AlertState.OPEN,
        told_level=moment.level,
        told_at=now,
        title="",
    )
