"""What is answered to what the buyer recorded: what to do now, in words. When something is said next,
the forecast tells."""

from collections.abc import Iterator
from datetime import datetime

from monitor.core.case import Case, JournalEntry, RecordEvent, Remedy
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.no_button import Cause, causes
from monitor.core.situation import Situation, Why
from monitor.core.texts import Catalogue
from monitor.core.words import Words, telling

_DUE_MATTERS = frozenset({RecordEvent.OFFER, RecordEvent.REQUEST, RecordEvent.RETURN_APPROVED})
_ALONE = (Cause.DISPUTE_OPEN, Cause.PROTECTION_OVER)


def answer(entry: JournalEntry, before: Case, s: Situation, now: datetime, texts: Catalogue) -> list[str]:
    """The lines to answer to `entry` at `now`; `before` is the case without it, `s` the situation with it."""
    words = Words(telling(Moment(now, "recorded", s.facts.order.id, Severity.INFO, Why("")), s, now, texts))
    if entry.event is RecordEvent.NO_BUTTON:
        return list(_no_button(s, now, words, texts))
    keys = _keys(entry, before, s.facts.case, now)
    return [line for key in keys for line in texts.recorded[key].format_map(words).split("\n")]


def _no_button(s: Situation, now: datetime, words: Words, texts: Catalogue) -> Iterator[str]:
    """The causes that fit this order now, the likeliest first, and whom to ask."""
    fitting, say = causes(s, now), texts.recorded
    support = [say["support_chat"].format_map(words)]
    support += [say["support_email"].format_map(words)] if words["email"] else []
    hurry = Cause.RUNNING_OUT in fitting
    if hurry:
        yield say["no_button_now"].format_map(words)
        yield from (f"  {line}" for line in support)
    why = [say[_words_for(cause, s)] for cause in fitting if cause is not Cause.RUNNING_OUT]
    why += [] if set(_ALONE) & set(fitting) else [say["no_button_name"]]
    yield say["no_button_why"]
    yield from (f"  {n}. {text.format_map(words)}" for n, text in enumerate(why, start=1))
    if hurry or Cause.DISPUTE_OPEN in fitting:
        return
    if Cause.PROTECTION_OVER not in fitting:
        yield say["no_button_support"]
    yield from (f"  {line}" for line in support)


def _words_for(cause: Cause, s: Situation) -> str:
    """The key of the text for a cause: not everywhere the button comes some days after shipping."""
    counts_from = s.facts.policy.clocks["dispute_open_after_days"].starts
    elsewhere = "_elsewhere" if cause is Cause.TOO_EARLY and counts_from != ("shipped",) else ""
    return f"cause_{cause}{elsewhere}"


def _keys(entry: JournalEntry, before: Case, after: Case, now: datetime) -> Iterator[str]:
    """What there is to say, by the keys of the catalogue."""
    event = entry.event
    if event is RecordEvent.UNDO:
        yield "undone"
        return
    if before.ended_at is not None and after.ended_at is not None:
        yield "ended_before"
        return
    if after == before:
        yield "unchanged"
        return
    if after.ended_at is not None:
        yield "ended"
        return
    yield from _of_the_event(entry, before, after)
    if event in _DUE_MATTERS:
        if entry.due is None:
            yield "due_unknown"
        elif entry.due <= now:
            yield "due_over"


def _of_the_event(entry: JournalEntry, before: Case, after: Case) -> Iterator[str]:
    dispute = after.open_dispute
    match entry.event:
        case RecordEvent.RECEIVED if dispute is not None:
            yield "received_dispute"
        case RecordEvent.ALL_FINE if dispute is not None:
            yield "all_fine_dispute"
        case RecordEvent.ANSWERED if dispute is not None:
            yield from (f"still_waits_{waiting.what}" for waiting in dispute.waiting)
        case RecordEvent.AGREED:
            yield "agreed_replacement" if entry.on is Remedy.REPLACEMENT else "agreed"
        case RecordEvent.REFUND_RECEIVED if before.second_charge and not after.second_charge:
            yield "charge_back"
        case (
            RecordEvent.DISPUTE_OPENED
            | RecordEvent.CLAIM
            | RecordEvent.APPEALED
            | RecordEvent.RETURN_APPROVED
            | RecordEvent.RETURN_SHIPPED
        ):
            yield entry.event.replace("-", "_")
