"""What a calendar shows of a deadline: the words of one entry.

The texts are data, as those of messages are, but they are read at any time: they name days, and never
say how long it is to them.
"""

from monitor.core.deadlines import WINDOWS, Deadline
from monitor.core.grounds import why_told
from monitor.core.published import Entry, Privacy
from monitor.core.rules.dispute import RETURN_STAGES
from monitor.core.situation import Situation
from monitor.core.speaking import shown
from monitor.core.texts import Catalogue
from monitor.core.wording import short_number, short_order
from monitor.core.words import Telling, Words, finish_first, name_of, telling

_SEPARATOR = " · "


def entry_of(deadline: Deadline, s: Situation, texts: Catalogue, privacy: Privacy) -> Entry:
    """A deadline in words that are as true in a month as today; `s` is the situation it follows from."""
    told = telling(deadline.moment, s, deadline.begins, texts)
    text = texts.calendar[_key(deadline)]
    words = Words(told)
    words.update(_own_words(told, deadline))
    what, name = text.title.format_map(words), name_of(told)
    first = _SEPARATOR.join(part for part in text.first.format_map(words).split(_SEPARATOR) if part)
    lines = [line for line in text.body.format_map(words).split("\n") if line]
    summary, description = shown(
        f"{what} {name}" if what.endswith("?") else f"{what}: {name}",
        "\n".join((first, "", *lines, _facts(told))),
        deadline.moment.severity,
        privacy,
        texts,
        of_one_order=False,
    )
    return Entry(
        summary=_unescaped(summary),
        description=_unescaped(description),
        link=s.facts.policy.page_of(s.facts.order.id) if privacy == "full" else None,
        begins=deadline.begins,
        ends=deadline.ends,
        reminders=deadline.reminders,
        privacy=privacy,
    )


def _unescaped(text: str) -> str:
    """Without backslashes: not every calendar program reads one that is followed by an N as it was meant."""
    return text.replace("\\", "/")


def _key(deadline: Deadline) -> str:
    """The key of the text for a deadline."""
    match deadline.what:
        case "answer":
            return f"answer/{'offer' if deadline.moment.detail['offer'] else 'request'}"
        case "seller":
            return f"seller/{'silent' if deadline.moment.rule == 'seller_silent' else 'answered'}"
        case "mediation" if deadline.moment.detail["replacement"]:
            return "mediation/replacement"
        case "refund" if deadline.moment.stage in RETURN_STAGES:
            return "refund/return"
    return deadline.what.partition("/")[0]


def _own_words(t: Telling, deadline: Deadline) -> dict[str, str]:
    """The words that only a calendar has. They name days and never say how long it is to them."""
    safe = t.s.safe_until
    is_late = deadline.what in WINDOWS and safe is not None and safe < deadline.ends
    return {
        "by": t.calendar.clock(deadline.begins),
        "ends": t.calendar.clock(deadline.ends),
        "safe": t.texts.why["safe"].format(at=t.calendar.clock(safe)) if is_late and safe else "",
        "finish_first": finish_first(t) if deadline.moment.rule == "fallback_ending" else "",
        "why": why_told(deadline.why, t.s.facts.titles, t.texts),
    }


def _facts(t: Telling) -> str:
    """Which order, and which parcel if it is about one."""
    order = t.phrases["fact_order"].format(id=short_order(t.s.facts.order.id), more="")
    return order if t.parcel is None else f"{order}{_SEPARATOR}{short_number(t.parcel.number)}"
