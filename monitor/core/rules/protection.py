"""The buyer's protection: when a dispute can be opened, and until when."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from monitor.core.case import Case, Party
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.rules.problem import REASON_FOR
from monitor.core.rules.stages import before_it_closes
from monitor.core.situation import Situation, Why

_SEVERITIES = (Severity.NOTICE, Severity.WARNING, Severity.URGENT, Severity.CRITICAL)
_FALLBACK_SEVERITIES = (Severity.WARNING, Severity.URGENT)


def dispute_openable(s: Situation, problems: Iterable[Moment]) -> Iterator[Moment]:
    """From a day on a dispute may be opened: urgent, with its reasons, if a problem is open that day; a
    notice to who has looked for the button already. Reasons that are all silence may be our own
    blindness, and so may this."""
    yield from _look_again(s)
    at = s.openable_at
    if at is None or s.openable_why is None or (s.protection and s.protection.end <= at):
        return
    held = [moment for moment in problems if moment.holds(at)]
    reasons = tuple(dict.fromkeys(moment.rule for moment in held))
    looked = s.facts.case.no_button_at is not None and s.facts.case.no_button_at < at
    yield Moment(
        at=at,
        rule="dispute_openable",
        subject=s.facts.order.id,
        severity=Severity.URGENT if reasons else Severity.NOTICE if looked else Severity.INFO,
        why=s.openable_why,
        occurrence="problem" if reasons else "",
        stage="problem" if reasons else "open",
        until=s.protection.end if s.protection else None,
        deadline=s.safe_until,
        act_by=s.act_by(s.safe_until),
        needs_sight=held[0].needs_sight if held and all(moment.needs_sight for moment in held) else None,
        detail={"problems": reasons, "reason": REASON_FOR[reasons[0]] if reasons else None},
    )


def _look_again(s: Situation) -> Iterator[Moment]:
    """The button was not there though it may have been: look again some days later."""
    looked_at = s.facts.case.no_button_at
    if looked_at is None or (s.openable_at is not None and looked_at < s.openable_at):
        return
    day, wait = s.facts.days.day_of(looked_at), s.facts.policy.number("no_button_retry_days")
    yield Moment(
        at=s.facts.days.morning_of(day + timedelta(days=wait)),
        rule="dispute_openable",
        subject=s.facts.order.id,
        severity=Severity.NOTICE,
        why=Why("no button", day).plus(s.facts.policy, "no_button_retry_days", wait),
        occurrence=f"no button {day}",
        stage="again",
        until=s.protection.end if s.protection else None,
        deadline=s.safe_until,
        act_by=s.act_by(s.safe_until),
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


def fallback_ending(s: Situation) -> Iterator[Moment]:
    """The time of another way to get the money back runs out, and nothing was recovered: a dispute still
    runs, or the protection ended without one and the parcel did not come."""
    disputed = s.facts.case.open_dispute is not None
    if _is_promised(s.facts.case) or not (disputed or s.is_missing):
        return
    for fallback in s.fallbacks:
        if fallback.window is None:
            continue
        # A time that is shorter than a lead has only just begun then.
        length = fallback.policy.number("protection_days")
        leads = [lead for lead in fallback.policy.numbers("fallback_lead_days") if lead < length]
        occurrence = f"{fallback.policy.name} {fallback.window.last_day}"
        for moment in before_it_closes(s, "fallback_ending", fallback.window, leads, _FALLBACK_SEVERITIES):
            if disputed or (s.protection is not None and s.protection.end <= moment.at):
                yield replace(moment, occurrence=occurrence, detail={"way": fallback.policy.name})


def _is_promised(case: Case) -> bool:
    """Whether the money is on its way: sent, agreed, or decided for the buyer."""
    dispute = case.open_dispute
    agreed = dispute is not None and (dispute.agreed_at is not None or dispute.in_favour_of is Party.BUYER)
    return agreed or case.refund_issued_at is not None
