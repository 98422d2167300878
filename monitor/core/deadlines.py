"""What of an order's timeline belongs in a calendar: its hard deadlines, and the days by which others
should have acted.

Nothing is reckoned here. Many moments count down to one deadline; together they are one of it, whatever
day it moves to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.days import Days
from monitor.core.moment import Moment
from monitor.core.situation import Situation, Why
from monitor.core.speaking import EVENING

#: The rules that count down to something of their own, and what that is. All others with a deadline
#: speak of the end of the time in which a dispute can be opened; while one is open they have none.
COUNTDOWNS: Mapping[str, str] = {
    "protection_ending": "protection",
    "post_delivery_ending": "post_delivery",
    "pickup_waiting": "pickup",
    "escalation_due": "escalation",
    "fallback_ending": "fallback",
    "answer_due": "answer",
    "appeal_possible": "appeal",
    "return_due": "return",
}
#: The rules that say by when others should have acted, and who: on that day somebody has to look.
LOOKS: Mapping[str, str] = {
    "seller_silent": "seller",
    "becomes_claim": "seller",
    "mediation_overdue": "mediation",
    "refund_due": "refund",
}
#: The two times in which a dispute can be opened. Only the earlier end is sure.
WINDOWS = frozenset({"protection", "post_delivery"})
#: How long a look takes, and how long before its end a deadline begins at the latest.
LOOK = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time of an order that somebody wants in a calendar.

    `what` and `subject` are what makes it the same one when its day moves. It lasts from when one
    should have acted (`begins`) to when it is too late (`ends`); a look begins when it is time for it.
    `reminders` are in the order of time. `moment` is the loudest that speaks of it; `why` says where its
    day comes from.
    """

    what: str
    subject: str
    begins: datetime
    ends: datetime
    reminders: tuple[datetime, ...]
    moment: Moment
    why: Why


def deadlines(s: Situation, moments: Iterable[Moment]) -> list[Deadline]:
    """The deadlines and looks of an order's timeline, past and future, that nothing has made void."""
    groups: dict[tuple[str, str], list[Moment]] = {}
    recorded = {past.until for past in s.facts.case.past}
    for moment in moments:
        key = _key(s, moment)
        # What was recorded has ended it, and it is only history.
        if key is not None and moment.until not in recorded:
            groups.setdefault(key, []).append(moment)
    return [_of(s, what, subject, group) for (what, subject), group in groups.items()]


def _key(s: Situation, moment: Moment) -> tuple[str, str] | None:
    """What a moment counts down to, and whose; None: nothing that still matters."""
    look = LOOKS.get(moment.rule)
    if look is not None:
        return look, moment.subject
    deadline, until = moment.deadline, moment.until
    if deadline is None or (until is not None and until < deadline):
        return None
    own = COUNTDOWNS.get(moment.rule)
    if own == "fallback":  # each way is one of its own
        return f"{own}/{moment.detail['way']}", moment.subject
    if own is not None:
        return own, f"{moment.subject} request" if _is_second(s, moment) else moment.subject
    is_protection = s.protection is not None and s.protection.end == deadline
    return "protection" if is_protection else "post_delivery", s.facts.order.id


def _is_second(s: Situation, moment: Moment) -> bool:
    """Whether it is a request that waits beside an offer: each is a deadline of its own."""
    dispute = s.facts.case.open_dispute
    waits = dispute is not None and dispute.offer is not None and dispute.request is not None
    return waits and moment.rule == "answer_due" and not moment.detail["offer"]


def _of(s: Situation, what: str, subject: str, group: Sequence[Moment]) -> Deadline:
    told = max(group, key=lambda moment: (moment.rule in COUNTDOWNS, moment.level, moment.severity.rank))
    days, why = s.facts.days, _why(s, what, told)
    if told.deadline is None:
        return Deadline(what, subject, told.at, told.at + LOOK, (_awake(told.at, days),), told, why)
    ends = told.deadline
    begins = min(told.act_by or ends, ends - LOOK)
    stages = [moment.at for moment in group if moment.rule in COUNTDOWNS and moment.at < ends]
    reminders = {_awake(at, days) for at in (*stages, begins)}
    return Deadline(what, subject, begins, ends, tuple(sorted(reminders)), told, why)


def _awake(at: datetime, days: Days) -> datetime:
    """A calendar knows no quiet hours: what would ring in them does so before they begin."""
    night = days.night_at(at)
    return at if night is None else night.begin - EVENING


def _why(s: Situation, what: str, told: Moment) -> Why:
    windows = {"protection": s.protection, "post_delivery": s.post_delivery}
    window = windows.get(what)
    return replace(told.why, lead=0) if window is None else window.why
