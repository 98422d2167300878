"""After opening: the seller's clock, the platform's, the money's."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.core.case import Dispute, Party, RecordEvent, Waiting
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.rules.stages import rising
from monitor.core.situation import Situation, Why, last_day

_ANSWER_SEVERITIES = (Severity.WARNING, Severity.URGENT, Severity.CRITICAL)
#: The last look at a refund: it should have come.
REFUND_OVERDUE = "overdue"
_REFUND_STAGES = ("early", "expected", REFUND_OVERDUE)
_REFUND_SEVERITIES = (Severity.INFO, Severity.NOTICE, Severity.WARNING)


def escalation_available(s: Situation) -> Iterator[Moment]:
    """Three days after opening, without agreement, mediation can be asked for."""
    dispute = _negotiating(s)
    if dispute is None or dispute.claim_at is not None:
        return
    after = s.facts.policy.number("escalate_after_days")
    opened = s.facts.days.day_of(dispute.opened_at)
    yield Moment(
        at=s.facts.days.morning_of(opened + timedelta(days=after)),
        rule="escalation_available",
        subject=s.facts.order.id,
        severity=Severity.NOTICE,
        why=_opened(s, dispute).plus(s.facts.policy, "escalate_after_days", after),
        occurrence=_occurrence(dispute),
        until=_seller_due(s, dispute),
        detail={"answered": dispute.seller_answered_at is not None},
    )


def seller_response_due(s: Situation) -> Iterator[Moment]:
    """The seller's days to answer run out."""
    dispute = _negotiating(s)
    if dispute is None or dispute.claim_at is not None or dispute.seller_answered_at is not None:
        return
    due = _seller_due(s, dispute)
    last_day = s.facts.days.day_of(due)
    why = _opened(s, dispute).plus(
        s.facts.policy, "seller_response_days", s.facts.policy.number("seller_response_days")
    )
    for level, lead in enumerate(s.facts.policy.numbers("seller_response_lead_days")):
        yield Moment(
            at=s.facts.days.morning_of(last_day - timedelta(days=lead)),
            rule="seller_response_due",
            subject=s.facts.order.id,
            severity=Severity.NOTICE,
            why=why.before(lead),
            occurrence=_occurrence(dispute),
            stage=f"{lead}d",
            level=level,
            until=due,
            detail={"due": due},
        )


def seller_silent(s: Situation) -> Iterator[Moment]:
    """The seller's days are over without a recorded answer: it should be settled for the buyer."""
    dispute = _negotiating(s)
    if dispute is None or dispute.claim_at is not None or dispute.seller_answered_at is not None:
        return
    yield _seller_days_over(s, dispute, "seller_silent")


def becomes_claim(s: Situation) -> Iterator[Moment]:
    """The seller's days are over, answered but not agreed: it becomes a claim."""
    dispute = _negotiating(s)
    if dispute is None or dispute.claim_at is not None or dispute.seller_answered_at is None:
        return
    yield _seller_days_over(s, dispute, "becomes_claim")


def answer_due(s: Situation) -> Iterator[Moment]:
    """A request of the platform or an offer of the seller waits for the buyer."""
    dispute = s.facts.case.open_dispute
    if dispute is None or dispute.waiting is None:
        return
    waiting = dispute.waiting
    due, latest, why = _answer_window(s, waiting)
    leads = s.facts.policy.numbers("answer_lead_hours")
    for level, lead in enumerate(leads):
        at = max(waiting.since, due - timedelta(hours=lead))
        if at >= due:
            continue
        yield Moment(
            at=at,
            rule="answer_due",
            subject=s.facts.order.id,
            severity=rising(_ANSWER_SEVERITIES, level, len(leads)),
            why=why.before(lead, "hours"),
            occurrence=f"{waiting.what} {waiting.since:%Y-%m-%dT%H:%M:%S}",
            stage=f"{lead}h",
            level=level,
            until=latest,
            deadline=due,
            act_by=s.act_by(due),
            detail={
                "offer": waiting.what is RecordEvent.OFFER,
                "due_known": waiting.due is not None,
                "latest": latest,
            },
        )


def mediation_overdue(s: Situation) -> Iterator[Moment]:
    """A month after opening there is still no decision."""
    dispute = s.facts.case.open_dispute
    if dispute is None or dispute.decided_at is not None or dispute.agreed_at is not None:
        return
    most = s.facts.policy.number("mediation_max_days")
    end = s.facts.days.same_time_after(dispute.opened_at, most)
    yield Moment(
        at=s.facts.days.first_morning_after(end),
        rule="mediation_overdue",
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=_opened(s, dispute).plus(s.facts.policy, "mediation_max_days", most),
        occurrence=_occurrence(dispute),
    )


def appeal_possible(s: Situation) -> Iterator[Moment]:
    """The decision went against the buyer, who can appeal with new evidence."""
    dispute = s.facts.case.open_dispute
    if dispute is None or dispute.decided_at is None or dispute.in_favour_of is not Party.SELLER:
        return
    if dispute.appealed_at is not None:
        return
    decided = s.facts.days.day_of(dispute.decided_at)
    limits = s.facts.policy.numbers("appeal_days")
    why, end = Why("decided", decided), None
    if limits:
        end = s.facts.days.same_time_after(dispute.decided_at, min(limits))
        why = why.plus(s.facts.policy, "appeal_days", min(limits))
    yield Moment(
        at=dispute.decided_at,
        rule="appeal_possible",
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=why,
        occurrence=decided.isoformat(),
        until=end,
        deadline=end,
        act_by=s.act_by(end),
    )


def return_due(s: Situation) -> Iterator[Moment]:
    """A return was approved; the parcel back has no tracking number yet."""
    case = s.facts.case
    if case.return_approved_at is None or case.return_shipped_at is not None:
        return
    within = s.facts.policy.number("return_ship_days")
    lead = s.facts.policy.number("return_lead_days")
    end = s.facts.days.same_time_after(case.return_approved_at, within)
    approved = s.facts.days.day_of(case.return_approved_at)
    why = Why("return approved", approved).plus(s.facts.policy, "return_ship_days", within)
    last_day = approved + timedelta(days=within)
    near = s.facts.days.morning_of(last_day - timedelta(days=lead))
    stages = (
        (case.return_approved_at, "approved", Severity.WARNING, why),
        (max(near, case.return_approved_at), f"{lead}d", Severity.URGENT, why.before(lead)),
    )
    for level, (at, stage, severity, reason) in enumerate(stages):
        yield Moment(
            at=at,
            rule="return_due",
            subject=s.facts.order.id,
            severity=severity,
            why=reason,
            occurrence=approved.isoformat(),
            stage=stage,
            level=level,
            deadline=end,
            act_by=s.act_by(end),
        )


def refund_due(s: Situation) -> Iterator[Moment]:
    """Money is on its way: three looks, in business days, until it is confirmed."""
    start = refund_start(s)
    if start is None:
        return
    what, since = start
    policy, days = s.facts.policy, s.facts.days
    looks = (
        ("refund_days", min(policy.numbers("refund_days"))),
        ("refund_after_win_days", policy.number("refund_after_win_days")),
        ("refund_days", max(policy.numbers("refund_days"))),
    )
    day = days.day_of(since)
    for level, (key, count) in enumerate(looks):
        yield Moment(
            at=days.morning_of(days.business_day_after(day, count)),
            rule="refund_due",
            subject=s.facts.order.id,
            severity=_REFUND_SEVERITIES[level],
            why=Why(what, day).plus(policy, key, count),
            occurrence=f"{what} {day}",
            stage=_REFUND_STAGES[level],
            level=level,
            detail={"since": since, "count": count},
        )


def dispute_rearmed(s: Situation) -> Iterator[Moment]:
    """A dispute was cancelled while the protection runs: a new one needs the days that are left."""
    dispute = s.facts.case.dispute
    if dispute is None or dispute.cancelled_at is None or s.protection is None:
        return
    if dispute.cancelled_at >= s.protection.end:
        return
    yield Moment(
        at=dispute.cancelled_at,
        rule="dispute_rearmed",
        subject=s.facts.order.id,
        severity=Severity.NOTICE,
        why=s.protection.why,
        occurrence=f"{dispute.cancelled_at:%Y-%m-%dT%H:%M:%S}",
        until=s.protection.end,
        deadline=s.safe_until,
        act_by=s.act_by(s.safe_until),
    )


def duplicate_charge(s: Situation) -> Iterator[Moment]:
    """The buyer recorded two payments for one order."""
    at = s.facts.case.charged_twice_at
    if at is None:
        return
    yield Moment(
        at=at,
        rule="duplicate_charge",
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=Why("you recorded it", s.facts.days.day_of(at)),
        occurrence=s.facts.days.day_of(at).isoformat(),
        deadline=s.safe_until,
        act_by=s.act_by(s.safe_until),
    )


def _negotiating(s: Situation) -> Dispute | None:
    """The open dispute, while it is neither agreed nor decided."""
    dispute = s.facts.case.open_dispute
    if dispute is None or dispute.agreed_at is not None or dispute.decided_at is not None:
        return None
    return dispute


def _seller_due(s: Situation, dispute: Dispute) -> datetime:
    length = s.facts.policy.number("seller_response_days")
    return s.facts.days.same_time_after(dispute.opened_at, length)


def _seller_days_over(s: Situation, dispute: Dispute, rule: str) -> Moment:
    length = s.facts.policy.number("seller_response_days")
    return Moment(
        at=s.facts.days.first_morning_after(_seller_due(s, dispute)),
        rule=rule,
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=_opened(s, dispute).plus(s.facts.policy, "seller_response_days", length),
        occurrence=_occurrence(dispute),
    )


def _answer_window(s: Situation, waiting: Waiting) -> tuple[datetime, datetime, Why]:
    """When the answer is due, the latest it might be, and why: unknown means the shortest time."""
    since = s.facts.days.day_of(waiting.since)
    if waiting.due is not None:
        return waiting.due, waiting.due, Why("answer due", last_day(waiting.due, s.facts.days))
    lengths = s.facts.policy.numbers("platform_response_days")
    due = s.facts.days.same_time_after(waiting.since, min(lengths))
    latest = s.facts.days.same_time_after(waiting.since, max(lengths))
    why = Why(f"{waiting.what} received", since, estimated=True)
    return due, latest, why.plus(s.facts.policy, "platform_response_days", min(lengths))


def refund_start(s: Situation) -> tuple[str, datetime] | None:
    """What makes a refund expected ("refund issued", "decided for you", "agreed"), and since when: money
    that was issued beats a promise. None: no money is expected, or it is there."""
    case, dispute = s.facts.case, s.facts.case.dispute
    if case.refund_received_at is not None:
        return None
    if case.refund_issued_at is not None:
        return "refund issued", case.refund_issued_at
    if dispute is None or case.return_approved_at is not None:
        return None
    if dispute.decided_at is not None and dispute.in_favour_of is Party.BUYER:
        return "decided for you", dispute.decided_at
    if dispute.agreed_at is not None and dispute.decided_at is None:
        return "agreed", dispute.agreed_at
    return None


def _opened(s: Situation, dispute: Dispute) -> Why:
    return Why("dispute opened", s.facts.days.day_of(dispute.opened_at))


def _occurrence(dispute: Dispute) -> str:
    return f"{dispute.opened_at:%Y-%m-%dT%H:%M:%S}"
