"""After opening: the seller's clock, the platform's, the money's."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from monitor.core.case import DUPLICATE_CHARGE, Dispute, Party, RecordEvent, Remedy, Waiting
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.rules.stages import before_it_closes, rising
from monitor.core.situation import (
    Situation,
    Why,
    Window,
    answer_window,
    from_opening,
    last_day,
    seller_window,
)

_ANSWER_SEVERITIES = (Severity.WARNING, Severity.URGENT, Severity.CRITICAL)
#: The last look at a refund: it should have come.
REFUND_OVERDUE = "overdue"
#: The looks whether goods that were sent back have arrived.
RETURN_STAGES = ("return", "return-overdue")


def escalation_available(s: Situation) -> Iterator[Moment]:
    """Three days after opening, without agreement, mediation can be asked for."""
    dispute = s.facts.case.negotiating
    if dispute is None or dispute.claim_at is not None:
        return
    window = from_opening(s.facts, dispute, "escalate_after_days")
    if window is None:
        return
    seller = seller_window(s.facts, dispute)
    yield Moment(
        at=s.facts.days.morning_of(window.last_day),
        rule="escalation_available",
        subject=s.facts.order.id,
        severity=Severity.NOTICE,
        why=window.why,
        occurrence=_occurrence(dispute),
        until=None if seller is None else seller.end,
        detail={"answered": dispute.seller_answered_at is not None},
    )


def escalation_due(s: Situation) -> Iterator[Moment]:
    """The dispute closes by itself unless the buyer asks for a decision."""
    dispute = s.facts.case.negotiating
    if dispute is None or dispute.claim_at is not None:
        return
    window = from_opening(s.facts, dispute, "escalate_within_days")
    if window is not None:
        leads = s.facts.policy.numbers("escalate_lead_days")
        yield from before_it_closes(s, "escalation_due", window, leads, _ANSWER_SEVERITIES)


def seller_response_due(s: Situation) -> Iterator[Moment]:
    """The seller's days to answer run out; before that, once, that they may have been fewer."""
    dispute = s.facts.case.negotiating
    if dispute is None or dispute.claim_at is not None or dispute.seller_answered_at is not None:
        return
    window = seller_window(s.facts, dispute)
    if window is None:
        return
    for level, (day, stage, reason) in enumerate(_seller_stages(s, dispute, window)):
        yield Moment(
            at=s.facts.days.morning_of(day),
            rule="seller_response_due",
            subject=s.facts.order.id,
            severity=Severity.NOTICE,
            why=reason,
            occurrence=_occurrence(dispute),
            stage=stage,
            level=level,
            until=window.end,
            detail={"due": window.end},
        )


def _seller_stages(s: Situation, dispute: Dispute, window: Window) -> list[tuple[date, str, Why]]:
    leads = s.facts.policy.numbers("seller_response_lead_days")
    stages = [(window.last_day - timedelta(days=lead), f"{lead}d", window.why.before(lead)) for lead in leads]
    look = from_opening(s.facts, dispute, "seller_response_look_days")
    told = dispute.seller_due is not None
    if look is not None and not told and (not stages or look.last_day < stages[0][0]):
        stages.insert(0, (look.last_day, "look", look.why))
    return stages


def seller_silent(s: Situation) -> Iterator[Moment]:
    """The seller's days are over without a recorded answer: it should be settled for the buyer."""
    dispute = s.facts.case.negotiating
    if dispute is None or dispute.claim_at is not None or dispute.seller_answered_at is not None:
        return
    yield from _seller_days_over(s, dispute, "seller_silent")


def becomes_claim(s: Situation) -> Iterator[Moment]:
    """The seller's days are over, answered but not agreed: it becomes a claim."""
    dispute = s.facts.case.negotiating
    if dispute is None or dispute.claim_at is not None or dispute.seller_answered_at is None:
        return
    yield from _seller_days_over(s, dispute, "becomes_claim")


def answer_due(s: Situation) -> Iterator[Moment]:
    """A request of the platform or an offer of the seller waits for the buyer."""
    dispute = s.facts.case.open_dispute
    if dispute is None or s.facts.case.money_is_sent:
        return
    for waiting in dispute.waiting:
        yield from _answer_stages(s, waiting)


def _answer_stages(s: Situation, waiting: Waiting) -> Iterator[Moment]:
    due, latest, why = answer_window(s.facts, waiting)
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
    """A month after opening there is still no decision; or a month after an appeal."""
    case, dispute = s.facts.case, s.facts.case.open_dispute
    if dispute is None or case.money_is_sent or case.goes_back:
        return
    replaced = dispute.agreed_on is Remedy.REPLACEMENT
    if dispute.agreed_at is not None and not replaced:
        return
    what, since, occurrence = "dispute opened", dispute.opened_at, _occurrence(dispute)
    if dispute.decided_at is not None:
        if dispute.appealed_at is None or dispute.in_favour_of is Party.BUYER:
            return
        what, since = "appealed", dispute.appealed_at
        occurrence = f"appeal {since:%Y-%m-%dT%H:%M:%S}"
    most = s.facts.policy.limit("mediation_max_days")
    if most is None:
        return
    yield Moment(
        at=s.facts.days.first_morning_after(s.facts.days.same_time_after(since, most)),
        rule="mediation_overdue",
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=Why(what, s.facts.days.day_of(since)).plus(s.facts.policy, "mediation_max_days", most),
        occurrence=occurrence,
        detail={"since": since, "appealed": what == "appealed", "replacement": replaced},
    )


def appeal_possible(s: Situation) -> Iterator[Moment]:
    """The decision went against the buyer, who can appeal with new evidence."""
    dispute = s.facts.case.open_dispute
    if dispute is None or dispute.decided_at is None or dispute.in_favour_of is not Party.SELLER:
        return
    if dispute.appealed_at is not None or s.facts.case.money_is_sent or s.facts.case.goes_back:
        return
    decided = s.facts.days.day_of(dispute.decided_at)
    limits = s.facts.policy.numbers("appeal_days")
    why, end = Why("decided", decided), dispute.appeal_due
    if end is not None:
        why = Why("appeal until", last_day(end, s.facts.days))
    elif limits:
        end = s.facts.days.same_time_after(dispute.decided_at, min(limits))
        why = why.plus(s.facts.policy, "appeal_days", min(limits))
    again = dispute.appealed_before
    yield Moment(
        at=dispute.decided_at,
        rule="appeal_possible",
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=why,
        occurrence=f"again {decided}" if again else decided.isoformat(),
        until=end,
        deadline=end,
        act_by=s.act_by(end),
        detail={"again": again},
    )


def return_due(s: Situation) -> Iterator[Moment]:
    """A return was approved; the parcel back has no tracking number yet."""
    case, days = s.facts.case, s.facts.days
    if case.return_approved_at is None or case.return_shipped_at is not None or s.facts.case.money_is_sent:
        return
    lead = s.facts.policy.number("return_lead_days")
    end, last, why = _return_window(s, case.return_approved_at)
    near = days.morning_of(last - timedelta(days=lead))
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
            occurrence=days.day_of(case.return_approved_at).isoformat(),
            stage=stage,
            level=level,
            deadline=end,
            act_by=s.act_by(end),
        )


def _return_window(s: Situation, approved_at: datetime) -> tuple[datetime, date, Why]:
    """Until when a return must be sent, the last day of that, and why."""
    days, told = s.facts.days, s.facts.case.return_due
    if told is not None:
        last = last_day(told, days)
        return told, last, Why("return to be sent by", last)
    within, approved = s.facts.policy.number("return_ship_days"), days.day_of(approved_at)
    why = Why("return approved", approved).plus(s.facts.policy, "return_ship_days", within)
    return days.same_time_after(approved_at, within), approved + timedelta(days=within), why


def refund_due(s: Situation) -> Iterator[Moment]:
    """Money is on its way: three looks, in business days, until it is confirmed. Goods that go back
    come first: two looks whether the seller has them."""
    start = refund_start(s)
    if start is None:
        return
    what, since = start
    days, day = s.facts.days, s.facts.days.day_of(since)
    for level, (stage, severity, key, count) in enumerate(_looks(s, what)):
        in_business_days = s.facts.policy.clocks[key].unit == "business days"
        on = days.business_day_after(day, count) if in_business_days else day + timedelta(days=count)
        yield Moment(
            at=days.morning_of(on),
            rule="refund_due",
            subject=s.facts.order.id,
            severity=severity,
            why=Why(what, day).plus(s.facts.policy, key, count),
            occurrence=f"{what} {day}",
            stage=stage,
            level=level,
            detail={"since": since, "count": count},
        )


def _looks(s: Situation, what: str) -> Iterator[tuple[str, Severity, str, int]]:
    """When to look for money, as numbers of the policy: the first time, the usual and the last; for goods
    on their way back, when they should be there, and when money should have followed."""
    policy = s.facts.policy
    if what == "return shipped":
        waits = policy.numbers("return_look_days")
        yield RETURN_STAGES[0], Severity.NOTICE, "return_look_days", min(waits)
        yield RETURN_STAGES[1], Severity.WARNING, "return_look_days", max(waits)
        return
    yield "early", Severity.INFO, "refund_days", min(policy.numbers("refund_days"))
    yield "expected", Severity.NOTICE, "refund_after_win_days", policy.number("refund_after_win_days")
    yield REFUND_OVERDUE, Severity.WARNING, "refund_days", max(policy.numbers("refund_days"))


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
    """The buyer recorded two payments for one order, and has neither the second one back nor a dispute
    about it."""
    case = s.facts.case
    at, dispute = case.charged_twice_at, case.open_dispute
    if at is None or not case.second_charge or (dispute is not None and dispute.reason == DUPLICATE_CHARGE):
        return
    yield Moment(
        at=at,
        rule="duplicate_charge",
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=Why("you recorded it", s.facts.days.day_of(at)),
        occurrence=s.facts.days.day_of(at).isoformat(),
        deadline=s.open_by,
        act_by=s.act_by(s.open_by),
    )


def _seller_days_over(s: Situation, dispute: Dispute, rule: str) -> Iterator[Moment]:
    window = seller_window(s.facts, dispute)
    if window is None:
        return
    yield Moment(
        at=s.facts.days.first_morning_after(window.end),
        rule=rule,
        subject=s.facts.order.id,
        severity=Severity.WARNING,
        why=window.why,
        occurrence=_occurrence(dispute),
    )


def refund_start(s: Situation) -> tuple[str, datetime] | None:
    """What makes a refund expected ("refund issued", "return shipped", "decided for you", "agreed"), and
    since when: money that was issued beats a promise. None: no money is expected, or it is there."""
    case, dispute = s.facts.case, s.facts.case.dispute
    if case.refund_received_at is not None:
        return None
    if case.refund_issued_at is not None:
        return "refund issued", case.refund_issued_at
    if case.return_shipped_at is not None:
        return "return shipped", case.return_shipped_at
    if dispute is None or dispute.settled_at is not None or case.return_approved_at is not None:
        return None
    if dispute.decided_at is not None:
        won = dispute.in_favour_of is Party.BUYER
        return ("decided for you", dispute.decided_at) if won else None
    if dispute.agreed_at is not None and dispute.agreed_on is not Remedy.REPLACEMENT:
        return "agreed", dispute.agreed_at
    return None


def _occurrence(dispute: Dispute) -> str:
    return f"{dispute.opened_at:%Y-%m-%dT%H:%M:%S}"
