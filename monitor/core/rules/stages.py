"""Warnings before a window closes, each stage louder than the one before."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.situation import Situation, Window


def rising(severities: Sequence[Severity], level: int, stages: int) -> Severity:
    """The severity of stage `level` of `stages`: the last stage has the last severity, the one
    before it the one before; stages beyond the list have the first."""
    return severities[max(0, len(severities) - (stages - level))]


def before_it_closes(
    s: Situation, rule: str, window: Window, leads: Sequence[int], severities: Sequence[Severity]
) -> Iterator[Moment]:
    """A stage on the morning of each lead day before the window's last day, all until it closes."""
    for level, lead in enumerate(leads):
        yield Moment(
            at=s.facts.days.morning_of(window.last_day - timedelta(days=lead)),
            rule=rule,
            subject=s.facts.order.id,
            severity=rising(severities, level, len(leads)),
            why=window.why.before(lead),
            occurrence=window.last_day.isoformat(),
            stage=f"{lead}d",
            level=level,
            until=window.end,
            deadline=window.end,
            act_by=s.act_by(window.end),
        )
