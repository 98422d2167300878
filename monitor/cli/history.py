"""The whole story of an order as `show` draws it: what it was told, what was recorded and what follows,
in the order of time, with a line where now is."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from monitor.cli.listing import STYLES, say_indented
from monitor.cli.page import say
from monitor.cli.standing import calendar_of, happened
from monitor.core.case import JournalEntry
from monitor.core.forecast import Announcement
from monitor.core.moment import Moment
from monitor.core.wording import Calendar, clean
from monitor.views import (
    DISPUTABLE,
    Journal,
    OrderView,
    When,
    dispute_possible,
    sliced,
    title_of,
    undone,
    what,
)

#: What is over and shown; what came before is only counted.
OVER = 60

_MARKS = {When.PAST: "·", When.NOW: "●", When.AHEAD: "○"}
_YOU, _END, _FACT = "▸", "◆", " "
_LEGEND = "● true now  · over  ○ to come  ▸ recorded by you  ◆ an end"
_LONGEST_NOTE = 300

#: What ends at the deadline of a rule.
_ENDS = {
    "protection_ending": "protection ends",
    "post_delivery_ending": "the days for complaints end",
    "seller_response_due": "the seller's time ends",
    "answer_due": "your answer is due",
    "return_due": "the return must be on its way",
    "appeal_possible": "the time to appeal ends",
    "pickup_waiting": "it is kept no longer",
}


class Row(NamedTuple):
    """One line of the story, and what stands below it."""

    at: datetime
    mark: str
    when: str
    word: str
    style: str
    told: str
    below: str = ""


def print_history(seen: OrderView, journal: Journal) -> None:
    """All that happened, was said, was recorded and is to come, in the order of time."""
    calendar, moments = calendar_of(seen), sliced(seen)
    ends = dict(_ends(moments))
    rows = [*_facts(seen, calendar), *_entries(seen, journal, calendar)]
    rows += [_moment(seen, moment, when, ends, calendar) for moment, when in moments]
    rows += [Row(at, _END, calendar.clock(at), "end", "bold", told) for at, told in ends.items()]
    rows.sort(key=lambda row: row.at)
    over = [row for row in rows if row.at <= seen.now]
    if len(over) > OVER:
        say("  ", (f"… {len(over) - OVER} lines before these (--json has all)", "dim"))
    for row in over[-OVER:]:
        _print(row)
    say("  ", (f"{'─' * 6} now: {happened(calendar.now, calendar)} {'─' * 40}", "bold"))
    for row in rows[len(over) :]:
        _print(row)
    say("  ", (_LEGEND, "dim"))


def _print(row: Row) -> None:
    say("  ", row.mark, f" {row.when:<20}", (f"{row.word:<10}", row.style), (row.told, _of(row)))
    if row.below:
        say_indented(24, row.below)


def _of(row: Row) -> str:
    return "dim" if row.style == "dim" else ""


def _facts(seen: OrderView, calendar: Calendar) -> Iterator[Row]:
    """What order files and carriers tell."""
    order = seen.order
    days = {"ordered": order.ordered_on, "paid": order.paid_on, "shipped": order.shipped_on}
    for word, day in days.items():
        if day is not None:
            yield Row(_begin(day, calendar), _FACT, calendar.day(day), "", "", word)
    s = seen.situation
    if s.delivered_at is not None and s.delivered_at != s.facts.case.received_at:
        yield Row(s.delivered_at, _FACT, happened(s.delivered_at, calendar), "", "", "delivered")


def _begin(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), calendar.days.zone)


def _entries(seen: OrderView, journal: Journal, calendar: Calendar) -> Iterator[Row]:
    for (_, entry), gone in zip(journal, undone(journal), strict=True):
        told = [entry.event.value, ", ".join(_details(seen, entry, calendar))]
        text = ": ".join(part for part in told if part) + (" (taken back)" if gone else "")
        note = clean(entry.note, _LONGEST_NOTE) if entry.note else ""
        style = "dim" if gone else "bold green"
        yield Row(entry.at, _YOU, happened(entry.at, calendar), "you", style, text, note)


def _details(seen: OrderView, entry: JournalEntry, calendar: Calendar) -> Iterator[str]:
    if entry.reason:
        reason = seen.situation.facts.policy.reasons.get(entry.reason)
        yield reason.title if reason is not None else entry.reason
    named = {"for the": entry.in_favour_of, "the": entry.to, "on a": entry.on, "carrier": entry.carrier}
    yield from (f"{word} {value}" for word, value in named.items() if value)
    yield from (value for value in (entry.number, entry.amount) if value)
    if entry.due is not None:
        yield f"until {calendar.clock(entry.due)}"


def _ends(moments: list[tuple[Moment, When]]) -> Iterator[tuple[datetime, str]]:
    """The ends that what was recorded has not made void."""
    for moment, _ in moments:
        due = moment.detail.get("due")
        end = due if isinstance(due, datetime) else moment.deadline
        if moment.rule in _ENDS and end is not None and (moment.until is None or moment.until >= end):
            yield end, _ENDS[moment.rule]


def _moment(
    seen: OrderView, moment: Moment, when: When, ends: dict[datetime, str], calendar: Calendar
) -> Row:
    severity = moment.severity.value
    told = dispute_possible(seen.texts)
    if moment.rule != DISPUTABLE or moment.stage == "again":
        told = what(title_of(seen, Announcement(moment.at, moment)))
    end = ""
    if when is not When.PAST and moment.deadline is not None and moment.deadline not in ends:
        end = f"; ends {calendar.clock(moment.deadline)}"
    return Row(
        at=moment.at,
        mark=_MARKS[when],
        when=happened(moment.at, calendar),
        word=severity,
        style="dim" if when is When.PAST else STYLES[severity],
        told=told,
        below=f"{moment.why}{end}",
    )
