"""Facts in, timeline out; `now` only slices it.

The timeline of an order is every moment its facts imply, past and future. What is true now, what
will be said when, why a date is what it is and when to wake up next are all read from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.moment import Key, Moment
from monitor.core.rules import MUTED_BY_DISPUTE, MUTED_BY_RECEIPT, OWN_DEADLINE, PROBLEMS, others
from monitor.core.rules.protection import dispute_openable
from monitor.core.situation import Facts, Situation, situation
from monitor.core.speaking import in_the_evening


def timeline(facts: Facts) -> tuple[Moment, ...]:
    """Every moment that follows from the facts, in the order of time."""
    return moments_of(situation(facts))


def moments_of(s: Situation) -> tuple[Moment, ...]:
    """`timeline` for a situation that is known already: of each era of the case, what the rules say of
    what was recorded by then."""
    if not s.facts.case.past:
        return tuple(sorted(_moments_of_era(s), key=_in_time))
    moments: list[Moment] = []
    going_on: dict[tuple[Key, str], Moment] = {}
    since: datetime | None = None
    for case, until in s.facts.case.past:
        then = situation(replace(s.facts, case=case))
        era = _within(_moments_of_era(then), going_on, since, until)
        moments += going_on.values()
        going_on = {(moment.key, moment.stage): moment for moment in era if moment.until == until}
        moments += [moment for moment in era if going_on.get((moment.key, moment.stage)) is not moment]
        since = until
    moments += _within(_moments_of_era(s), going_on, since, None)
    moments += going_on.values()
    moments.sort(key=_in_time)
    return tuple(moments)


def _within(
    moments: list[Moment],
    going_on: dict[tuple[Key, str], Moment],
    since: datetime | None,
    until: datetime | None,
) -> list[Moment]:
    """The moments of an era, cut to its time. What was `going_on` when it began, and holds on, is taken
    out of there and keeps its beginning; what else the rules would date back begins with the era."""
    kept = []
    for moment in moments:
        at = moment.at
        if since is not None and at < since:
            if moment.until is not None and moment.until <= since:
                continue
            before = going_on.pop((moment.key, moment.stage), None)
            at = since if before is None else before.at
        piece = replace(moment, at=at).ended_by(until)
        if piece.until is None or at < piece.until:
            kept.append(piece)
    return kept


def _moments_of_era(s: Situation) -> list[Moment]:
    """What the rules say of what `s` knows, and nothing of what was known before."""
    problems: list[Moment] = []
    for rule in PROBLEMS:
        problems += rule(s)
    problems = _clipped(s, problems)
    rest: list[Moment] = []
    rest += dispute_openable(s, problems)
    for rule in others(s):
        rest += rule(s)
    moments = problems + _clipped(s, rest)
    if s.facts.days.quiet is not None:
        moments = in_the_evening(moments, s.facts.days)
    if s.facts.repeats:
        moments = [_repeated(s, moment) for moment in moments]
    if s.facts.silent_parcels:
        moments = [moment for moment in moments if moment.subject not in s.facts.silent_parcels]
    return moments


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


def _repeated(s: Situation, moment: Moment) -> Moment:
    """Only what there is a time to act on is said again, and not after it."""
    every = s.facts.repeats.get(moment.severity)
    if every is None or moment.act_by is None:
        return moment
    return replace(moment, repeat_every=every)


def pressing_at(s: Situation, moments: Sequence[Moment], now: datetime) -> datetime | None:
    """The soonest instant after `now` that presses, of an order with these moments: by when to act on what
    is true, or has a deadline of its own; or until when the money is safe. None: nothing does."""
    ends = [m for m in moments if m.rule in OWN_DEADLINE and (m.until is None or m.until > now)]
    instants: list[datetime | None] = []
    if not s.disputed(now):
        ends += current(moments, now).values()
        instants += [s.safe_until, s.possibly_until]
    instants += [moment.act_by or moment.deadline for moment in ends]
    return min((at for at in instants if at is not None and at > now), default=None)


def _in_time(moment: Moment) -> tuple[datetime, int]:
    return moment.at, -moment.severity.rank


def _clipped(s: Situation, moments: list[Moment]) -> list[Moment]:
    """The moments that begin before what mutes them, ended by it."""
    case = s.facts.case
    opened = case.open_dispute.opened_at if case.open_dispute else None
    if s.finished_at is None and opened is None and case.received_at is None:
        return moments
    kept = []
    for moment in moments:
        end = s.finished_at
        if opened is not None and moment.rule in MUTED_BY_DISPUTE:
            end = opened if end is None else min(end, opened)
        if case.received_at is not None and moment.rule in MUTED_BY_RECEIPT:
            end = case.received_at if end is None else min(end, case.received_at)
        if end is None or moment.at < end:
            kept.append(moment.ended_by(end))
    return kept
