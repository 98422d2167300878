"""The buyer's protection: when a dispute can be opened, and until when."""

from collections.abc import Iterable, Iterator

from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.rules.problem import REASON_FOR
from monitor.core.rules.stages import before_it_closes
from monitor.core.situation import Situation

_SEVERITIES = (Severity.NOTICE, Severity.WARNING, Severity.URGENT, Severity.CRITICAL)


def dispute_openable(s: Situation, problems: Iterable[Moment]) -> Iterator[Moment]:
    """From day 11 a dispute may be opened: urgent, with its reasons, if a problem is open that day.
    Reasons that are all silence may be our own blindness, and so may this."""
    at = s.openable_at
    if at is None or s.shipped_why is None or (s.protection and s.protection.end <= at):
        return
    held = [moment for moment in problems if moment.holds(at)]
    reasons = tuple(dict.fromkeys(moment.rule for moment in held))
    after = s.facts.policy.number("dispute_open_after_days")
    yield Moment(
        at=at,
        rule="dispute_openable",
        subject=s.facts.order.id,
        severity=Severity.URGENT if reasons else Severity.INFO,
        why=s.shipped_why.plus(s.facts.policy, "dispute_open_after_days", after),
        occurrence="problem" if reasons else "",
        stage="problem" if reasons else "open",
        until=s.protection.end if s.protection else None,
        deadline=s.safe_until,
        act_by=s.act_by(s.safe_until),
        needs_sight=held[0].needs_sight if held and all(moment.needs_sight for moment in held) else None,
        detail={"problems": reasons, "reason": REASON_FOR[reasons[0]] if reasons else None},
    )


def protection_ending(s: Situation) -> Iterator[Moment]:
    """The protection is about to end: louder with every lead day."""
    if s.protection is not None:
        leads = s.facts.policy.numbers("protection_lead_days")
        yield from before_it_closes(s, "protection_ending", s.protection, leads, _SEVERITIES)


def protection_ended(s: Situation) -> Iterator[Moment]:
    """The protection is over and nothing was opened: said the first morning after."""
    window = s.protection
    if window is None:
        return
    yield Moment(
        at=s.facts.days.first_morning_after(window.end),
        rule="protection_ended",
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=window.why,
        occurrence=window.last_day.isoformat(),
        until=s.finished_at,
        detail={
            "grace_days": s.facts.policy.number("protection_grace_days"),
            "possibly_until": s.possibly_until,
        },
    )
