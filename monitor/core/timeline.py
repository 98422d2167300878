"""Facts in, timeline out; `now` only slices it.

The timeline of an order is every moment its facts imply, past and future. What is true now, what
will be said when, why a date is what it is and when to wake up next are all read from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from monitor.core.moment import Key, Moment
from monitor.core.rules import MUTED_BY_DISPUTE, MUTED_BY_RECEIPT, OTHERS, PROBLEMS
from monitor.core.rules.protection import dispute_openable
from monitor.core.situation import Facts, Situation, situation


def timeline(facts: Facts) -> tuple[Moment, ...]:
    """Every moment that follows from the facts, in the order of time."""
    return moments_of(situation(facts))


def moments_of(s: Situation) -> tuple[Moment, ...]:
    """`timeline` for a situation that is known already."""
    problems = [moment for rule in PROBLEMS for moment in _clipped(s, rule(s))]
    moments = [
        *problems,
        *_clipped(s, dispute_openable(s, problems)),
        *(moment for rule in OTHERS for moment in _clipped(s, rule(s))),
    ]
    silent = s.facts.silent_parcels
    if silent:
        moments = [moment for moment in moments if moment.subject not in silent]
    moments.sort(key=_in_time)
    return tuple(moments)


def current(moments: Iterable[Moment], now: datetime) -> dict[Key, Moment]:
    """What is true at `now`: of each key the highest stage that has begun and not ended."""
    true: dict[Key, Moment] = {}
    for moment in moments:
        if not moment.holds(now):
            continue
        other = true.get(moment.key)
        if other is None or other.level <= moment.level:
            true[moment.key] = moment
    return true


def next_change(moments: Iterable[Moment], now: datetime) -> datetime | None:
    """The next instant after `now` at which something begins or ends to be true."""
    soonest: datetime | None = None
    for moment in moments:
        for instant in (moment.at, moment.until):
            if instant is not None and instant > now and (soonest is None or instant < soonest):
                soonest = instant
    return soonest


def _in_time(moment: Moment) -> tuple[datetime, int]:
    return moment.at, -moment.severity.rank


def _clipped(s: Situation, moments: Iterable[Moment]) -> Iterator[Moment]:
    """The moments that begin before what mutes them, ended by it."""
    case = s.facts.case
    opened = case.open_dispute.opened_at if case.open_dispute else None
    for moment in moments:
        ends = [
            end
            for end in (
                s.finished_at,
                opened if moment.rule in MUTED_BY_DISPUTE else None,
                case.received_at if moment.rule in MUTED_BY_RECEIPT else None,
            )
            if end is not None
        ]
        if not ends:
            yield moment
            continue
        end = min(ends)
        if moment.at >= end:
            continue
        yield moment if moment.until is not None and moment.until <= end else replace(moment, until=end)
