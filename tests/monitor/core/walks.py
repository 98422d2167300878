"""Walking through time as the service does: decide, then do, and remember."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from monitor.core.alerts import (
    LASTING,
    Alert,
    AlertState,
    Amend,
    Intent,
    Open,
    Raise,
    Reason,
    Remind,
    Resolve,
    reconcile,
)
from monitor.core.moment import Key, Moment
from monitor.core.situation import Facts, situation
from monitor.core.timeline import current, timeline
from tests.monitor.core.facts import ORDER


class Store:
    """Alerts as a database keeps them: what is done with each intent, and nothing else. What is
    silent counts as told."""

    def __init__(self) -> None:
        self.alerts: dict[Key, Alert] = {}

    def apply(self, intents: Iterable[Intent], now: datetime) -> None:
        for intent in intents:
            match intent:
                case Open(moment):
                    old = self.alerts.get(moment.key)
                    self._tell(moment, now, old.told_level if old else -1, moment.at)
                case Raise(alert, moment):
                    self._tell(moment, now, alert.told_level, alert.since)
                case Remind(alert, moment):
                    self.alerts[alert.key] = replace(
                        alert,
                        told_at=now,
                        state=AlertState.OPEN,
                        snoozed_until=None,
                        deadline=moment.deadline,
                        act_by=moment.act_by,
                    )
                case Amend(alert, moment):
                    self.alerts[alert.key] = replace(alert, deadline=moment.deadline, act_by=moment.act_by)
                case Resolve(alert, reason, speaks):
                    passed = reason is Reason.DEADLINE_PASSED
                    self.alerts[alert.key] = replace(
                        alert,
                        state=AlertState.EXPIRED if passed else AlertState.RESOLVED,
                        told_level=-1 if speaks else alert.told_level,
                        snoozed_until=None,
                    )

    def mark(self, rule: str, state: AlertState, until: datetime | None = None) -> None:
        """The user acknowledges or puts off what is said of a rule."""
        for key, alert in self.alerts.items():
            if key.rule == rule and alert.state in LASTING:
                self.alerts[key] = replace(alert, state=state, snoozed_until=until)

    def _tell(self, moment: Moment, now: datetime, told: int, since: datetime) -> None:
        self.alerts[moment.key] = Alert(
            id=1,
            key=moment.key,
            order=ORDER,
            stage=moment.stage,
            level=moment.level,
            severity=moment.severity,
            since=since,
            deadline=moment.deadline,
            act_by=moment.act_by,
            state=AlertState.OPEN,
            told_level=max(told, moment.level),
            told_at=now,
            title="",
        )


def look(store: Store, known: Facts, now: datetime, blind: Collection[str] = ()) -> list[Intent]:
    """One pass over one order: decide, then do."""
    phase = situation(known).phase(now)
    intents = reconcile(
        current(timeline(known), now), store.alerts, now, days=known.days, phase=phase, blind=blind
    )
    store.apply(intents, now)
    return intents
