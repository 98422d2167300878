"""What a phone shows: a moment and its situation, in words.

The texts are data, one per rule and variant (`monitor.core.texts`); their placeholders are words
(`monitor.core.words`). Here a text is chosen and put into the shape of a phone's screen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from monitor.core.days import Days
from monitor.core.model import Severity, ShipmentStatus
from monitor.core.moment import Moment
from monitor.core.rules import PROBLEMS
from monitor.core.situation import Situation, Why
from monitor.core.texts import Catalogue, Text
from monitor.core.wording import (
    Calendar,
    clean,
    cut,
    cut_bytes,
    duration,
    relative,
    short_number,
    short_order,
)
from monitor.core.words import Telling, Words, facts_line, grace_until, name_of, telling

__all__ = [
    "Message",
    "compose",
    "compose_end",
    "compose_service",
    "duration",
    "relative",
    "short_number",
    "short_order",
]

#: What a lock screen shows without being touched, and what stays readable on it.
TITLE_LENGTH = 40
FIRST_LINE_LENGTH = 45
BODY_LENGTH = 600
#: Some phones show no more than the first 100 bytes of title and text together.
FIRST_BYTES = 99

_SEPARATOR = " · "
#: The words of a first line that can be said shorter, in the order in which they give way.
_SHORTER = (("act", "until", "check"), ("left",))
_NAME = 24
_ERROR = 150
_SHORTEST_LINE = 30

_PROBLEMS = {rule.__name__: rule for rule in PROBLEMS}


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to a channel: plain text, one event. `title` has at most 40 characters; the first
    line of `body` at most 45, and with the title at most 99 bytes; `body` at most 600 characters."""

    title: str
    body: str


def compose(
    moment: Moment, s: Situation, now: datetime, texts: Catalogue, *, look: Mapping[str, datetime | None]
) -> Message:
    """The message for a moment of an order or a parcel that holds at `now`, in the language of `texts`;
    `s` is the situation it was derived from. `look` says when each parcel, by its number, was last read
    successfully."""
    told, text = _text_of(telling(moment, s.as_of(now), now, texts, look))
    return _message(text, Words(told), name_of(told), facts_line(told))


def headline(moment: Moment, s: Situation, now: datetime, texts: Catalogue) -> str:
    """The title alone, for what is noted but not said."""
    told, text = _text_of(telling(moment, s.as_of(now), now, texts))
    words = Words(told)
    return _title(text, words, name_of(told), _first_line(text.first, words))


def topic(moment: Moment, s: Situation, now: datetime, texts: Catalogue) -> str:
    """What the title says, without the order that it says it of."""
    told, text = _text_of(telling(moment, s, now, texts))
    return text.title.format_map(Words(told))


def _text_of(told: Telling) -> tuple[Telling, Text]:
    moment, texts = told.moment, told.texts.texts
    text = texts[_key(told)]
    problems = moment.detail.get("problems")
    if isinstance(problems, tuple) and problems:
        told = _problem(told, problems[0])
        itself = texts[_key(told)]
        text = Text(itself.title, text.first, itself.body)
    return told, text


def compose_service(moment: Moment, now: datetime, days: Days, texts: Catalogue) -> Message:
    """The message for a moment about us: `source_blind`, `channel_down`, `policy_old`."""
    key = f"{moment.rule}/permanent" if moment.detail.get("permanent") else moment.rule
    calendar, subject = Calendar.at(now, days, texts), clean(moment.subject, _NAME)
    words = {"subject": subject, "error": clean(str(moment.detail.get("error") or "?"), _ERROR)}
    since, checked = moment.detail.get("since"), moment.why.when
    if isinstance(since, datetime):
        words |= {"since_for": calendar.since(since), "since_clock": calendar.clock(since)}
    if checked is not None:
        words["checked"] = calendar.day(checked)
    return _message(texts.service[key], words, subject, "")


def compose_end(
    alert_rule: str, subject: str, s: Situation | None, now: datetime, days: Days, texts: Catalogue
) -> Message:
    """The message that what `alert_rule` (one of `alerts.TELLS_END`) had said is over. `s` is the
    order's situation; None for a source or a channel."""
    if s is None:
        words = {"subject": clean(subject, _NAME), "now": Calendar.at(now, days, texts).clock(now)}
        return _message(texts.service_ends[alert_rule], words, words["subject"], "")
    told = telling(Moment(now, alert_rule, subject, Severity.NOTICE, Why("over")), s, now, texts)
    return _message(texts.ends[alert_rule], Words(told), name_of(told), facts_line(told))


def _message(text: Text, words: Mapping[str, str], which: str, facts: str) -> Message:
    first = _first_line(text.first, words)
    return Message(_title(text, words, which, first), _body(first, _lines(text, words), facts))


def _title(text: Text, words: Mapping[str, str], which: str, first: str) -> str:
    what = text.title.format_map(words)
    title = cut(f"{what} {which}" if what.endswith("?") else f"{what}: {which}", TITLE_LENGTH)
    return cut_bytes(title, FIRST_BYTES - len(f"\n{first}".encode()))


def _first_line(template: str, words: Mapping[str, str]) -> str:
    """The parts that are not empty; what does not fit is said shorter, then left out: first how long,
    then how much, never what to do by when."""
    parts = _parts(template, words)
    for shorter in _SHORTER:
        if len(_SEPARATOR.join(parts)) <= FIRST_LINE_LENGTH:
            break
        for word in shorter:
            template = template.replace(f"{{{word}}}", f"{{{word}_short}}")
        parts = _parts(template, words)
    while len(parts) > 1 and len(_SEPARATOR.join(parts)) > FIRST_LINE_LENGTH:
        del parts[0]
    return cut(_SEPARATOR.join(parts), FIRST_LINE_LENGTH)


def _parts(template: str, words: Mapping[str, str]) -> list[str]:
    return [part for part in template.format_map(words).split(_SEPARATOR) if part]


def _lines(text: Text, words: Mapping[str, str]) -> list[str]:
    return [line for line in text.body.format_map(words).split("\n") if line]


def _body(first: str, lines: list[str], facts: str) -> str:
    """All lines; if that is too much, the longest is cut, for it is a list or somebody else's text."""
    while True:
        body = "\n".join((first, "", *lines, facts)).rstrip()
        excess = len(body) - BODY_LENGTH
        if excess <= 0:
            return body
        longest = max(range(len(lines)), key=lambda index: len(lines[index]))
        lines[longest] = cut(lines[longest], max(len(lines[longest]) - excess, _SHORTEST_LINE))


# Which text.


def _key(t: Telling) -> str:
    """The key of the text for what is told."""
    rule = t.moment.rule
    choose = _VARIANTS.get(rule)
    variant = choose(t) if choose is not None else ""
    return f"{rule}/{variant}" if variant else rule


def _problem(t: Telling, rule: str) -> Telling:
    """The problem that a dispute can be opened about. One event, one message: it is told in the
    problem's own words, under the first line of what is possible now."""
    moments = tuple(_PROBLEMS[rule](t.s))
    lasting = next((moment for moment in moments if moment.holds(t.now)), moments[0])
    return telling(lasting, t.s, t.now, t.texts, t.look)


def _openable_variant(t: Telling) -> str:
    if t.moment.detail.get("problems"):
        return "problem"
    if t.s.facts.case.no_button_at is not None:
        return "again" if t.moment.stage == "again" else "looked"
    return "delivered" if t.is_delivered else "open"


def _ending_variant(t: Telling) -> str:
    return f"{t.moment.severity}/delivered" if t.is_delivered else t.moment.severity


def _was_never_read(t: Telling) -> bool:
    return t.look is not None and t.look.get(t.moment.subject) is None


def _slip_variant(t: Telling) -> str:
    after, safe_until = t.moment.detail["after"], t.s.safe_until
    if t.dispute is not None or safe_until is None or not isinstance(after, date):
        return ""
    return "beyond" if t.s.facts.days.end_of(after) > safe_until else ""


def _ended_variant(t: Telling) -> str:
    assert t.s.protection is not None
    if t.s.possibly_until is not None and t.s.possibly_until > t.now:
        return "possibly"
    if grace_until(t) > t.now:
        return "grace"
    return "estimated" if t.s.protection.why.estimated else ""


def _fallback_variant(t: Telling) -> str:
    return "missing" if t.dispute is None else "disputed"


def _is_ready(t: Telling) -> bool:
    return t.parcel is not None and t.parcel.status is ShipmentStatus.AVAILABLE_FOR_PICKUP


def _mediation_variant(t: Telling) -> str:
    if t.moment.detail["replacement"]:
        return "replacement"
    return "appeal" if t.moment.detail["appealed"] else ""


def _appeal_variant(t: Telling) -> str:
    if t.moment.detail["again"]:
        return "again"
    return "limit" if t.moment.deadline is not None else ""


def _answer_variant(t: Telling) -> str:
    return f"{'offer' if t.moment.detail['offer'] else 'request'}/{t.moment.severity}"


_VARIANTS: Mapping[str, Callable[[Telling], str]] = {
    "dispute_openable": _openable_variant,
    "estimate_missed": lambda t: "border" if t.parcel is not None and t.parcel.ends_at_border else "",
    "estimate_slipped": _slip_variant,
    "protection_ending": _ending_variant,
    "protection_ended": _ended_variant,
    "fallback_ending": _fallback_variant,
    "customs_hold": lambda t: t.moment.stage,
    "no_tracking": lambda t: "unread" if _was_never_read(t) else "",
    "pickup_waiting": lambda t: t.moment.stage,
    "film_unboxing": lambda t: "pickup" if _is_ready(t) else "",
    "delivered_unconfirmed": lambda t: t.moment.stage,
    "post_delivery_ending": lambda t: t.moment.severity,
    "escalation_available": lambda t: "answered" if t.moment.detail["answered"] else "unanswered",
    "answer_due": _answer_variant,
    "seller_response_due": lambda t: "look" if t.moment.stage == "look" else "",
    "mediation_overdue": _mediation_variant,
    "appeal_possible": _appeal_variant,
    "return_due": lambda t: "urgent" if t.moment.severity is Severity.URGENT else "approved",
    "refund_due": lambda t: t.moment.stage,
}
