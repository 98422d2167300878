"""The words of messages: what a placeholder in a text stands for, one small function each.

A word is looked up only where a text asks for it. What comes from shops and carriers is cleaned and
cut here, and is never a template.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from monitor.core import cadence
from monitor.core.case import Dispute
from monitor.core.evidence import Tick, general_checklist, missing, reason_checklist
from monitor.core.model import Place, Shipment, ShipmentStatus
from monitor.core.moment import Moment
from monitor.core.no_button import Cause, causes
from monitor.core.places import Verdict, same_place
from monitor.core.policy import DisputeReason, EvidenceItem, Kind, Policy
from monitor.core.rules import OWN_DEADLINE
from monitor.core.rules.problem import REASON_FOR
from monitor.core.situation import Situation, Window, delivered_instant, seller_window
from monitor.core.texts import Catalogue
from monitor.core.wording import Calendar, clean, counted, cut, money, short_number, short_order

_TITLE = 40
_NAME = 24
_PLACE = 18
_EVIDENCE = 105
_LEAST_EVIDENCE = 30
_PATH = 80
_WAYS = 120
_DAY = timedelta(days=1)
_ARROW = " → "
_JUST_NOW = timedelta(minutes=2)
#: Longer than any planned wait between two looks: a look failed, or we were not running.
_LATE_LOOK = cadence.AT_SEA + timedelta(hours=6)

#: The reason to give, by the status of what has not come.
_REASONS_BY_STATUS = {
    ShipmentStatus.CUSTOMS_HOLD: "customs_hold",
    ShipmentStatus.RETURNING: "returned_to_seller",
    ShipmentStatus.RETURNED: "returned_to_seller",
}


class Telling(NamedTuple):
    """What one message is about: `moment`, and the parcel that is its subject, if it is one. `look`
    says when each parcel was last read successfully (None: not worth saying)."""

    moment: Moment
    s: Situation
    calendar: Calendar
    look: Mapping[str, datetime | None] | None
    parcel: Shipment | None

    @property
    def now(self) -> datetime:
        """The time it is told."""
        return self.calendar.now

    @property
    def texts(self) -> Catalogue:
        """The language it is told in."""
        return self.calendar.texts

    @property
    def phrases(self) -> Mapping[str, str]:
        """The pieces of messages in that language."""
        return self.texts.phrases

    @property
    def policy(self) -> Policy:
        """The marketplace's."""
        return self.s.facts.policy

    @property
    def dispute(self) -> Dispute | None:
        """The dispute that runs at `now`."""
        dispute = self.s.facts.case.open_dispute
        return dispute if dispute is not None and dispute.opened_at <= self.now else None

    @property
    def is_delivered(self) -> bool:
        """Whether the whole order is."""
        return self.s.delivered_at is not None and self.s.delivered_at <= self.now

    def counted(self, what: str, n: int) -> str:
        """`1 day`, `3 days`; `what` is a key of the catalogue."""
        return counted(what, n, self.texts)


class Words(dict[str, str]):
    """The words of one telling."""

    __slots__ = ("_told",)

    def __init__(self, told: Telling) -> None:
        super().__init__()
        self._told = told

    def __missing__(self, name: str) -> str:
        word = self[name] = WORDS[name](self._told)
        return word


# Who and what.


def telling(
    moment: Moment,
    s: Situation,
    now: datetime,
    texts: Catalogue,
    look: Mapping[str, datetime | None] | None = None,
) -> Telling:
    """What is told of a moment."""
    parcel = next((parcel for parcel in s.facts.shipments if parcel.number == moment.subject), None)
    return Telling(moment, s, Calendar.at(now, s.facts.days, texts), look, parcel)


def name_of(t: Telling) -> str:
    """The order as the user knows it: its title, else its number."""
    order = t.s.facts.order
    return clean(order.title, _TITLE) or t.phrases["order"].format(id=short_order(order.id))


def _seller(t: Telling) -> str:
    name = clean(t.s.facts.order.seller or "", _NAME)
    return t.phrases["seller_named"].format(name=name) if name else t.phrases["seller"]


def _called(t: Telling, word: str) -> str:
    """The parcel, by its place among several; the order, if it has no parcel."""
    parcels = t.s.facts.shipments
    if t.parcel is None:
        return t.phrases[f"no_{word}"]
    if len(parcels) == 1:
        return t.phrases[word]
    return t.phrases[f"{word}_of"].format(n=parcels.index(t.parcel) + 1, all=len(parcels))


def _place(place: Place | None) -> str:
    name = (place.city or place.region or place.country) if place is not None else None
    return clean(name, _PLACE) if name else ""


def _in(t: Telling, place: Place | None) -> str:
    name = _place(place)
    return t.phrases["in_place"].format(place=name) if name else ""


def _scanned_in(t: Telling) -> str:
    newest = t.parcel.newest if t.parcel is not None else None
    return _in(t, newest.place if newest is not None else None)


def _delivered_in(t: Telling) -> str:
    delivery = t.parcel.delivery if t.parcel is not None else None
    return _in(t, delivery.place if delivery is not None else None)


def _path(t: Telling, name: str) -> str:
    return way_in_app(t.policy, name, t.texts)


def way_in_app(policy: Policy, name: str, texts: Catalogue) -> str:
    """The way that a policy calls `name`; where it names none, where one would look first."""
    unnamed = texts.phrases["path_support" if name == "support" else "path_order"]
    return cut(policy.paths.get(name) or unnamed.format(market=_market(policy)), _PATH)


def _market(policy: Policy) -> str:
    return clean(policy.title, _NAME)


def _arrival(t: Telling) -> str:
    parcels = t.s.facts.shipments
    if t.is_delivered:
        return t.phrases["delivered_on"].format(day=t.calendar.when(_delivered_at(t)))
    if not parcels:
        return t.phrases["perhaps_delivered"]
    here = sum(parcel.status is ShipmentStatus.DELIVERED for parcel in parcels)
    if not here:
        return t.phrases["nothing_delivered"]
    return t.phrases["some_delivered"].format(n=here, all=len(parcels))


def _now_is(t: Telling) -> str:
    return t.texts.statuses[t.parcel.status if t.parcel is not None else ShipmentStatus.UNKNOWN]


def _video(t: Telling) -> str:
    most = t.policy.limit("max_video_bytes")
    return "" if most is None else t.phrases["video"].format(gigabytes=most // 10**9)


# Since when.


def _since(t: Telling) -> datetime:
    """Since when what is told has lasted."""
    since = t.moment.detail.get("since")
    return since if isinstance(since, datetime) else t.moment.at


def _newest(t: Telling) -> datetime:
    """The newest scan of the parcel."""
    if t.parcel is None or t.parcel.newest is None:
        return _since(t)
    return t.s.facts.days.instant_of_event(t.parcel.newest)


def _delivered_at(t: Telling) -> datetime:
    at = delivered_instant(t.parcel, t.s.facts.days) if t.parcel is not None else t.s.delivered_at
    return at or t.moment.at


def _detail_day(t: Telling, key: str) -> date:
    day = t.moment.detail[key]
    assert isinstance(day, date)
    return day


def _why_day(t: Telling) -> date:
    """The day of the fact that the moment counts from."""
    assert t.moment.why.when is not None
    return t.moment.why.when


def _opened(t: Telling) -> datetime:
    return t.dispute.opened_at if t.dispute is not None else t.moment.at


def _paid(t: Telling, key: str) -> str:
    order, day = t.s.facts.order, _why_day(t)
    event = "paid" if order.paid_on is not None else "ordered"
    return t.phrases[event + key].format(span=t.calendar.days_since(day), day=t.calendar.day(day))


def _estimate_from(t: Telling) -> str:
    order = t.s.facts.order
    if order.estimated_delivery is not None:
        return t.phrases["promised"]
    if t.parcel is not None and t.parcel.edd is not None and t.parcel.edd.latest is not None:
        return t.phrases["expected"]
    return t.phrases["usual" if order.shipping is not None else "usual_estimated"]


def _slip(t: Telling) -> str:
    return t.counted("days", (_detail_day(t, "after") - _detail_day(t, "before")).days)


# Until when.


def _left(t: Telling) -> str:
    deadline = t.moment.deadline
    if deadline is None or deadline <= t.now:
        return ""
    return t.calendar.time_left(deadline)


def _left_short(t: Telling) -> str:
    deadline = t.moment.deadline
    return "" if deadline is None or deadline <= t.now else t.calendar.left(deadline)


def _act(t: Telling, short: str = "") -> str:
    """By when to act; once the margin is used up, when it ends. Protection does not end while a
    dispute about it is open."""
    deadline, act_by = t.moment.deadline, t.moment.act_by
    if t.dispute is not None and deadline in (None, t.s.safe_until) and t.moment.rule not in OWN_DEADLINE:
        return t.phrases["dispute_runs"]
    if deadline is None or act_by is None or deadline <= t.now:
        return _until(t)
    if act_by <= t.now:
        return t.phrases[f"act_now{short}"].format(at=t.calendar.clock(deadline))
    return t.phrases[f"act_by{short}"].format(at=t.calendar.last_day(act_by, deadline))


def _until(t: Telling) -> str:
    """When it ends, to the minute where it does not end with a day."""
    deadline = t.moment.deadline
    if deadline is None:
        return ""
    if deadline <= t.now:
        return t.phrases["ended"].format(at=t.calendar.day_ended(deadline))
    return t.phrases["until"].format(at=t.calendar.ends(deadline))


def _until_short(t: Telling) -> str:
    deadline = t.moment.deadline
    if deadline is None or deadline <= t.now:
        return _until(t)
    return t.phrases["until"].format(at=t.calendar.last_day(deadline, deadline))


def _check(t: Telling) -> str:
    """Until when the goods can be checked; once a dispute is open, that is what counts."""
    return _checked_by(t, _until(t))


def _check_short(t: Telling) -> str:
    return _checked_by(t, _until_short(t))


def _checked_by(t: Telling, until: str) -> str:
    deadline = t.moment.deadline
    if t.dispute is not None:
        return t.phrases["dispute_runs"]
    if deadline is None or deadline <= t.now:
        return t.phrases["check_now"]
    return t.phrases["check"].format(until=until)


def _time_ends(t: Telling) -> str:
    assert t.moment.deadline is not None
    key = "time_ends" if t.moment.deadline > t.now else "time_ended"
    return t.phrases[key].format(at=t.calendar.in_at(t.moment.deadline))


def _collect(t: Telling) -> str:
    limit = t.moment.deadline
    if limit is None:
        return t.phrases["collect"]
    if limit <= t.now:
        return _until(t)
    return t.phrases["act_by_short"].format(at=t.calendar.ends(limit))


def _kept(t: Telling) -> str:
    limit = t.moment.deadline
    if limit is None:
        return t.phrases["kept_unknown"]
    key = "kept_until" if limit > t.now else "kept_over"
    return t.phrases[key].format(at=t.calendar.ends(limit))


def _end(t: Telling, end: datetime, at: str, mark: str = "estimated") -> str:
    """A window's end, as `at` tells it, marked if it is the protection's and computed."""
    window = t.s.protection
    if window is None or end != window.end or not window.why.estimated:
        return at
    return at + t.phrases[mark]


def _protection(t: Telling) -> str:
    """Until when a dispute can be opened, and what it costs to let that pass; nothing while one is
    open, for then other clocks run."""
    safe, possibly, calendar = t.s.safe_until, t.s.possibly_until, t.calendar
    if t.dispute is not None:
        return ""
    if safe is None or possibly is None:
        return t.phrases["protection_unknown"]
    if possibly <= t.now:
        over = t.phrases["protection_over"].format(ended=calendar.in_at(possibly))
        return "\n".join(filter(None, (over, _fallbacks(t))))
    if possibly - safe < _DAY:
        return t.phrases["protection"].format(until=_end(t, safe, calendar.in_at(safe)))
    latest = _end(t, possibly, calendar.ends(possibly), "estimated_possibly")
    if safe <= t.now:
        return t.phrases["protection_possibly"].format(safe=calendar.in_at(safe), possibly=latest)
    return t.phrases["protection_two"].format(
        span=calendar.left(safe), safe=_end(t, safe, calendar.ends(safe)), possibly=latest
    )


def _window(t: Telling) -> Window:
    """The protection, of a moment that speaks of its end."""
    assert t.s.protection is not None
    return t.s.protection


def grace_until(t: Telling) -> datetime:
    """The end of what the marketplace may grant beyond the protection."""
    days = t.policy.number("protection_grace_days")
    return t.s.facts.days.same_time_after(_window(t).end, days)


def _possibly(t: Telling) -> datetime:
    return t.s.possibly_until or _window(t).end


# What remains when the protection is over.


def _fallbacks(t: Telling) -> str:
    """The ways beside the marketplace that are open, until when, and the order of steps; a line each."""
    ways = t.s.still_open(t.now)
    if not ways:
        return ""
    told = (
        t.phrases["way_about" if window.why.estimated else "way"].format(
            way=_market(policy), day=t.calendar.short_day(window.last_day)
        )
        for policy, window in ways
    )
    lines = [t.phrases["still_open"].format(ways=cut(", ".join(told), _WAYS))]
    if any(policy.kind is Kind.PAYMENT for policy, _ in ways):
        lines.append(t.phrases["finish_first"].format(market=_market(t.policy)))
    return "\n".join(lines)


def _way(t: Telling) -> Policy:
    """The way whose time runs out."""
    return next(policy for policy in t.s.facts.fallbacks if policy.name == t.moment.detail["way"])


def _way_ends(t: Telling) -> str:
    return _time_ends(t) + (t.phrases["estimated_possibly"] if t.moment.why.estimated else "")


def finish_first(t: Telling) -> str:
    """The order of steps with a way whose time runs out, where it can close the marketplace's case."""
    if _way(t).kind is not Kind.PAYMENT:
        return ""
    return t.phrases["finish_first"].format(market=_market(t.policy))


def _press_first(t: Telling) -> str:
    """What to do before, while a dispute runs that a chargeback can close."""
    dispute = t.dispute
    if dispute is None or dispute.decided_at is not None or _way(t).kind is not Kind.PAYMENT:
        return ""
    return t.phrases["press_first"].format(market=_market(t.policy))


def _way_escalate(t: Telling) -> str:
    """What to do after, so that it is not closed again."""
    within = _way(t).limit("escalate_within_days")
    if within is None:
        return ""
    return t.phrases["way_escalate"].format(way=_market(_way(t)), span=t.counted("days", within))


# Disputes.


def _dispute_state(t: Telling) -> str:
    s, now = t.s, t.now
    if t.dispute is not None:
        return "open"
    if s.protection is not None and s.protection.end <= now:
        return "over"
    if s.openable_at is None:
        return "unknown"
    if s.openable_at > now:
        too_late = s.protection is not None and s.protection.end <= s.openable_at
        return "never" if too_late else "later"
    looked_at = s.facts.case.no_button_at
    if looked_at is None or looked_at < s.openable_at:
        return "now"
    likeliest = next(iter(causes(s, now)), None)
    return "no_button_other" if likeliest is None else _NO_BUTTON.get(likeliest, "no_button_other")


#: What is told to who found no button, by the likeliest cause.
_NO_BUTTON = {
    Cause.RUNNING_OUT: "no_button",
    Cause.STILL_SHIPPED: "no_button_shipped",
    Cause.NOT_DELIVERED: "no_button_waiting",
}

#: The way in the app that leads on, by the state of the dispute.
_PATHS = {
    "open": "dispute",
    "over": "support",
    "unknown": "open",
    "never": "support",
    "later": "order",
    "now": "open",
    "no_button": "support",
    "no_button_shipped": "support",
    "no_button_waiting": "support",
    "no_button_other": "support",
}


def _dispute(t: Telling) -> str:
    """Whether a dispute can be opened, where, and what to have ready."""
    state, reason = _dispute_state(t), t.policy.reasons.get(_reason(t))
    path, evidence = _path(t, _PATHS[state]), _wanted(t, reason)
    if state == "now" and reason is not None:
        return t.phrases["dispute_now_because"].format(reason=reason.title, path=path, evidence=evidence)
    opening = _opening(t, state)
    key = "dispute_look" if state == "unknown" and not opening else f"dispute_{state}"
    return t.phrases[key].format(path=path, evidence=evidence, **opening)


def _opening(t: Telling, state: str) -> dict[str, str]:
    """When a dispute can be opened, if that is to come."""
    opens, clock = t.s.openable_at, t.policy.clocks["dispute_open_after_days"]
    if state == "later" and opens is not None:
        return {"span": t.calendar.left(opens), "day": t.calendar.day_of(opens)}
    if state == "unknown" and isinstance(clock.value, int) and clock.starts == ("shipped",):
        return {"wait": t.counted("days", clock.value)}
    if state.startswith("no_button"):
        return {"looked": _looked(t), "button": _button(t), "email": _or_email(t)}
    return {}


def _wait(t: Telling) -> str:
    return t.counted("days", t.policy.number("dispute_open_after_days"))


def _looked(t: Telling) -> str:
    """The day on which the buyer found no button."""
    looked_at = t.s.facts.case.no_button_at
    return "" if looked_at is None else t.calendar.day_of(looked_at)


def _button(t: Telling) -> str:
    """The last step of the way to a dispute, by all its names: `“Open Dispute” / “Returns/Refunds”`."""
    name = t.policy.paths.get("open", "").rpartition(_ARROW)[2]
    names = [name, *t.policy.aliases.get(name, ())]
    if not name:
        return t.phrases["the_button"]
    return cut(" / ".join(t.phrases["quoted"].format(name=it) for it in names), _PATH)


def _email(t: Telling) -> str:
    """Whom to write; what stands behind a colon says what."""
    return clean(t.policy.contacts.get("email", "").partition(":")[0], _PATH)


def _or_email(t: Telling) -> str:
    email = _email(t)
    return t.phrases["or_email"].format(email=email) if email else ""


def _reason(t: Telling) -> str:
    """The reason to give, as the policy calls it; empty: it depends on what is wrong."""
    rule = t.moment.rule
    if rule in REASON_FOR:
        return REASON_FOR[rule]
    if rule == "duplicate_charge":
        return rule
    if t.dispute is not None:
        return t.dispute.reason or ""
    if t.is_delivered:
        return "wrong_address" if _went_elsewhere(t) else ""
    known = (_REASONS_BY_STATUS.get(parcel.status) for parcel in t.s.facts.shipments)
    return next((reason for reason in known if reason is not None), "not_received")


def _went_elsewhere(t: Telling) -> bool:
    if t.s.facts.case.received_at is not None:
        return False
    home = t.s.facts.order.deliver_to
    return any(
        parcel.delivery is not None and same_place(parcel.delivery.place, home) is Verdict.DIFFERENT
        for parcel in t.s.facts.shipments
    )


def _evidence(t: Telling) -> str:
    return _wanted(t, t.policy.reasons.get(_reason(t)))


def _wanted(t: Telling, reason: DisputeReason | None) -> str:
    """What to have ready. Once some of it is in the order's folder, what is still missing and how much is
    there. That takes no more room: messages about a reason have none to spare."""
    asked, most = t.phrases["any_evidence"], _EVIDENCE
    if reason is not None:
        asked = cut(", ".join(item.words for item in reason.evidence), _EVIDENCE)
        most = len(asked)
    checklist = [tick for tick in _checklist(t, reason) if tick.counts]
    here, all_ = sum(tick.there for tick in checklist), len(checklist)
    if not here:
        return asked
    if here == all_:
        return t.phrases["evidence_all"].format(here=here, all=all_)
    count = t.phrases["evidence_some"].format(here=here, all=all_)
    return f"{_fitting(missing(checklist), max(_LEAST_EVIDENCE, most - len(count) - 1))} {count}"


def _checklist(t: Telling, reason: DisputeReason | None) -> Sequence[Tick]:
    if t.s.facts.evidence is None:
        return ()
    return general_checklist(t.s, t.now) if reason is None else reason_checklist(t.s.facts, reason.id)


def _fitting(items: Sequence[EvidenceItem], room: int) -> str:
    """As many of them as there is room for, the first in any case."""
    words = [item.words for item in items]
    for kept in range(len(words), 0, -1):
        told = ", ".join((*words[:kept], *("…" for _ in words[kept : kept + 1])))
        if len(told) <= room:
            return told
    return cut(words[0], room)


def _seller_due(t: Telling) -> datetime | None:
    window = None if t.dispute is None else seller_window(t.s.facts, t.dispute)
    return None if window is None else window.end


def _seller_until(t: Telling) -> str:
    due = _seller_due(t)
    if due is None:
        return ""
    return t.phrases["still"].format(span=t.calendar.left(due), at=t.calendar.ends(due))


def _seller_time(t: Telling) -> str:
    """What is over when the seller's time is: the policy's days, or the time that the app showed."""
    if t.dispute is not None and t.dispute.seller_due is not None:
        return t.phrases["seller_time"]
    days = t.counted("days", t.policy.number("seller_response_days"))
    return t.phrases["seller_days"].format(days=days)


def _seller_left(t: Telling) -> str:
    due = _seller_due(t)
    return "" if due is None else t.calendar.time_left(due)


def _goes_on(t: Telling) -> str:
    """What comes if the buyer waits for the seller, where that is known."""
    until = _seller_until(t)
    return t.phrases["goes_on"].format(until=until, market=_market(t.policy)) if until else ""


def _seller_has(t: Telling) -> str:
    """How long the seller may still take, where that is known."""
    until, look_days = _seller_until(t), t.policy.limit("seller_response_look_days")
    if look_days is None or not until:
        return t.phrases["seller_has"].format(until=until) if until else ""
    look = t.s.facts.days.day_of(_opened(t)) + timedelta(days=look_days)
    from_ = t.phrases["look_now"]
    if look > t.calendar.today:
        from_ = t.phrases["look_from"].format(day=t.calendar.day(look))
    span = t.counted("days", look_days)
    return t.phrases["seller_has_or"].format(until=until, look_days=span, look_from=from_)


def _post_days_run(t: Telling) -> str:
    days = t.policy.limit("post_delivery_days")
    return "" if days is None else t.phrases["post_days_run"].format(days=t.counted("days", days))


def _answer_range(t: Telling) -> str:
    range_ = t.policy.numbers("platform_response_days")
    return t.phrases["range"].format(least=min(range_), most=max(range_))


def _answer_due(t: Telling) -> str:
    due, latest = t.moment.deadline, t.moment.detail["latest"]
    assert due is not None
    if t.moment.detail["due_known"]:
        return t.phrases["due_known"].format(until=t.calendar.in_at(due))
    assert isinstance(latest, datetime)
    return t.phrases["due_unknown"].format(
        range=_answer_range(t),
        least=t.counted("days", t.policy.number("platform_response_days")),
        until=t.calendar.in_at(due),
        latest=t.calendar.ends(latest),
    )


def _refund_from(t: Telling) -> str:
    case, since = t.s.facts.case, _since(t)
    if case.refund_issued_at == since:
        key = "refund_issued"
    elif case.return_shipped_at == since:
        key = "refund_returned"
    elif case.dispute is not None and case.dispute.decided_at == since:
        key = "refund_decided"
    else:
        key = "refund_agreed"
    day = t.s.facts.days.day_of(since)
    on = t.phrases["ago_at"].format(span=t.calendar.days_since(day), at=t.calendar.day(day))
    return t.phrases[key].format(on=on)


def _refund_count(t: Telling) -> str:
    count = t.moment.detail["count"]
    assert isinstance(count, int)
    return t.counted("business_days", count)


def _return_ends(t: Telling) -> str:
    """Until when a return must be sent; where the app's own day was told, that one."""
    known = t.s.facts.case.return_due is not None
    return _time_ends(t) + ("" if known else t.phrases["return_estimated"])


def _drop_off(t: Telling) -> str:
    """Where to hand a return in: by its operator, if that is known."""
    operator = clean(t.s.facts.case.return_carrier or "", _NAME)
    known = t.policy.drop_off_of(operator) if operator else None
    if known is not None:
        return t.phrases["drop_off_at"].format(place=known.place)
    if operator:
        return t.phrases["drop_off_other"].format(operator=operator)
    if not t.policy.drop_offs:
        return t.phrases["drop_off_label_only"]
    places = [
        t.phrases["drop_off_of"].format(operators="/".join(it.operators), place=it.place)
        for it in t.policy.drop_offs
    ]
    return t.phrases["drop_off_label"].format(places="; ".join((*places, t.phrases["drop_off_else"])))


def _keep_dispute(t: Telling) -> str:
    return t.phrases["keep_dispute" if t.dispute is not None else "keep_watching"]


# The last line.


def facts_line(t: Telling) -> str:
    """Which order and parcel, and how fresh what we know of it is."""
    parcels = (t.parcel,) if t.parcel is not None else t.s.facts.shipments
    parts = [t.phrases["fact_order"].format(id=short_order(t.s.facts.order.id), more=_more(t, parcels))]
    if not parcels:
        return " · ".join((*parts, t.phrases["fact_no_parcel"]))
    newest = parcels[0] if len(parcels) == 1 else max(parcels, key=_scanned_at)
    parts += (_number(t, newest), _last_scan(t, newest))
    followed = [parcel for parcel in parcels if parcel.status in cadence.INTERVALS]
    if t.look is not None and followed:
        parts.append(_freshness(t, followed, t.look))
    return " · ".join(parts)


def _more(t: Telling, parcels: tuple[Shipment, ...]) -> str:
    """How many other orders travel in the same parcel."""
    orders = {order for parcel in parcels for order in parcel.orders}
    return t.counted("more_orders", len(orders) - 1) if len(orders) > 1 else ""


def _scanned_at(parcel: Shipment) -> float:
    return parcel.newest.at.timestamp() if parcel.newest is not None else 0.0


def _number(t: Telling, parcel: Shipment) -> str:
    number, parcels = short_number(parcel.number), t.s.facts.shipments
    if len(parcels) == 1:
        return number
    if t.parcel is None:
        return t.phrases["fact_parcels"].format(all=len(parcels), number=number)
    position = parcels.index(parcel) + 1
    return t.phrases["fact_parcel_of"].format(n=position, all=len(parcels), number=number)


def _last_scan(t: Telling, parcel: Shipment) -> str:
    newest = parcel.newest
    if newest is None:
        return t.phrases["fact_no_scan"]
    day = t.s.facts.days.day_of(newest.at, zone_known=newest.zone_known)
    place = _place(newest.place)
    return t.phrases["fact_scan"].format(day=t.calendar.short_day(day), place=f" {place}" if place else "")


def _freshness(t: Telling, followed: Sequence[Shipment], look: Mapping[str, datetime | None]) -> str:
    """How long ago the parcel was read; of several, the one that was read longest ago. One that is
    to be looked at and was not for long could not be read."""
    looks = [look.get(parcel.number) for parcel in followed]
    read = [at for at in looks if at is not None]
    if len(read) < len(looks):
        return t.phrases["fact_never_read"]
    ago = t.now - min(read)
    if ago < _JUST_NOW:
        return t.phrases["fact_read_now"]
    key = "fact_unread" if ago > _LATE_LOOK else "fact_read"
    return t.phrases[key].format(span=t.calendar.since(min(read)))


#: What each placeholder of the catalogue stands for.
WORDS: Mapping[str, Callable[[Telling], str]] = {
    "Parcel": lambda t: _called(t, "Parcel"),
    "act": _act,
    "act_short": lambda t: _act(t, "_short"),
    "answer_due": _answer_due,
    "answer_range": _answer_range,
    "arrival": _arrival,
    "button": _button,
    "check_first": lambda t: t.phrases["check_first"],
    "check": _check,
    "check_short": _check_short,
    "collect": _collect,
    "decided_for": lambda t: t.calendar.since(t.moment.at),
    "delivered": lambda t: t.calendar.when(_delivered_at(t)),
    "delivered_for": lambda t: t.calendar.since(_delivered_at(t)),
    "delivered_in": _delivered_in,
    "dispute": _dispute,
    "drop_off": _drop_off,
    "email": _email,
    "ended": lambda t: t.phrases["ended"].format(at=t.calendar.day(_window(t).last_day)),
    "ended_at": lambda t: t.calendar.in_at(_window(t).end),
    "estimate": lambda t: t.calendar.day(_detail_day(t, "estimate")),
    "estimate_from": _estimate_from,
    "evidence": _evidence,
    "fallbacks": _fallbacks,
    "film_opening": lambda t: t.phrases["film_opening"],
    "goes_on": _goes_on,
    "grace": lambda t: t.counted("days", t.policy.number("protection_grace_days")),
    "grace_left": lambda t: t.calendar.time_left(grace_until(t)),
    "grace_until": lambda t: t.calendar.ends(grace_until(t)),
    "in_place": _scanned_in,
    "keep_dispute": _keep_dispute,
    "kept": _kept,
    "late": lambda t: t.calendar.days_since(_detail_day(t, "estimate")),
    "left": _left,
    "left_short": _left_short,
    "look_days": lambda t: t.counted("days", t.policy.number("seller_response_look_days")),
    "looked": _looked,
    "market": lambda t: _market(t.policy),
    "mediation_days": lambda t: t.counted("days", t.policy.number("mediation_max_days")),
    "neighbours": lambda t: t.phrases["neighbours"].format(seller=_seller(t)),
    "now_is": _now_is,
    "open_for": lambda t: t.calendar.since(_opened(t)),
    "opened": lambda t: t.calendar.day_of(_opened(t)),
    "opens": lambda t: "" if t.s.openable_at is None else t.calendar.in_at(t.s.openable_at),
    "order": lambda t: short_order(t.s.facts.order.id).removeprefix("…"),
    "paid": lambda t: _paid(t, ""),
    "paid_on": lambda t: _paid(t, "_on"),
    "parcel": lambda t: _called(t, "parcel"),
    "path_appeal": lambda t: _path(t, "appeal"),
    "path_dispute": lambda t: _path(t, "dispute"),
    "path_offer": lambda t: _path(t, "offer"),
    "path_open": lambda t: _path(t, "open"),
    "path_order": lambda t: _path(t, "order"),
    "path_support": lambda t: _path(t, "support"),
    "possibly": lambda t: t.calendar.ends(_possibly(t)),
    "possibly_left": lambda t: t.calendar.time_left(_possibly(t)),
    "post_days": lambda t: t.counted("days", t.policy.number("post_delivery_days")),
    "post_days_run": _post_days_run,
    "press_first": _press_first,
    "price": lambda t: money(t.s.facts.order.price, t.texts),
    "protection": _protection,
    "quiet_for": lambda t: t.calendar.since(_newest(t)),
    "refund_count": _refund_count,
    "refund_from": _refund_from,
    "refund_most": lambda t: t.counted("business_days", max(t.policy.numbers("refund_days"))),
    "return_ends": _return_ends,
    "seller": _seller,
    "seller_has": _seller_has,
    "seller_left": _seller_left,
    "seller_time": _seller_time,
    "seller_until": _seller_until,
    "shipped": lambda t: t.calendar.day(_why_day(t)),
    "shipped_for": lambda t: t.calendar.days_since(_why_day(t)),
    "since": lambda t: t.calendar.when(_since(t)),
    "since_for": lambda t: t.calendar.since(_since(t)),
    "slip": _slip,
    "slip_after": lambda t: t.calendar.day(_detail_day(t, "after")),
    "slip_before": lambda t: t.calendar.day(_detail_day(t, "before")),
    "time_ends": _time_ends,
    "until": _until,
    "until_short": _until_short,
    "video": _video,
    "wait": _wait,
    "way": lambda t: _market(_way(t)),
    "way_ends": _way_ends,
    "way_escalate": _way_escalate,
    "way_path": lambda t: way_in_app(_way(t), "open", t.texts),
    "win_days": lambda t: t.counted("business_days", t.policy.number("refund_after_win_days")),
}
