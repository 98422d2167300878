"""From the words of `record` to a line for the journal: what belongs to which event, and what cannot be."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from difflib import get_close_matches

from monitor.cli.frame import Workplace, time_from
from monitor.cli.reasons import policy_reason
from monitor.core.case import (
    Case,
    Dispute,
    JournalEntry,
    Party,
    RecordEvent,
    Remedy,
    missing_before,
    read_case,
    standing,
)
from monitor.core.model import Money
from monitor.core.situation import written
from monitor.core.texts.en import ENGLISH
from monitor.core.tracking import plain_number
from monitor.core.wording import Calendar, clean
from monitor.errors import UsageError
from monitor.orders.money import money
from monitor.orders.values import NotUnderstood
from monitor.store.records import OrderRecord

#: The options that belong to an event; those with a `!` it cannot do without.
OPTIONS: Mapping[RecordEvent, tuple[str, ...]] = {
    RecordEvent.DISPUTE_OPENED: ("reason!", "due"),
    RecordEvent.OFFER: ("due", "amount"),
    RecordEvent.REQUEST: ("due",),
    RecordEvent.ANSWERED: ("to",),
    RecordEvent.AGREED: ("on",),
    RecordEvent.DECISION: ("in-favour-of!", "due"),
    RecordEvent.RETURN_APPROVED: ("carrier", "due"),
    RecordEvent.RETURN_SHIPPED: ("number!",),
    RecordEvent.REFUND_ISSUED: ("amount",),
}
EVENTS = ", ".join(RecordEvent)
LONGEST_NOTE = 2000
_LONGEST_CARRIER = 40


def event_from(text: str) -> RecordEvent:
    """The event of this name. Raises UsageError."""
    wanted = text.strip().lower().replace("_", "-")
    if wanted in set(RecordEvent):
        return RecordEvent(wanted)
    near = get_close_matches(wanted, list(RecordEvent), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise UsageError(f"there is no event {text!r}{hint} (allowed: {EVENTS})")


def entry_from(
    place: Workplace,
    record: OrderRecord,
    event: RecordEvent,
    at: str | None,
    note: str | None,
    given: Mapping[str, str | None],
) -> JournalEntry:
    """The line for the journal. Raises UsageError for whatever does not belong there."""
    options = {name.replace("_", "-"): text for name, text in given.items() if text is not None}
    _check_options(event, options)
    happened = place.now if at is None else time_from(at, place.zone)
    case = read_case(record.journal)
    _check_order_of_things(place, record, case, event, happened)
    return JournalEntry(
        event=event,
        at=happened,
        reason=policy_reason(options.get("reason"), place.runtime.policy_of(record.order)),
        due=_due(options.get("due"), place, happened),
        in_favour_of=Party(options["in-favour-of"]) if "in-favour-of" in options else None,
        number=plain_number(options["number"]) if "number" in options else None,
        amount=_amount(options.get("amount"), record.order.price),
        note=note[:LONGEST_NOTE] if note else None,
        to=_to(options.get("to"), case, place) if event is RecordEvent.ANSWERED else None,
        on=Remedy(options["on"]) if "on" in options else None,
        carrier=clean(options.get("carrier", ""), _LONGEST_CARRIER) or None,
    )


def _check_options(event: RecordEvent, given: Mapping[str, str]) -> None:
    wanted = OPTIONS.get(event, ())
    allowed = [name.rstrip("!") for name in wanted]
    for name in given:
        if name not in allowed:
            takes = ", ".join(f"--{own}" for own in (*allowed, "at", "note"))
            raise UsageError(f"--{name} does not go with {event.value} (allowed: {takes})")
    for name in wanted:
        if name.endswith("!") and not given.get(name[:-1], "").strip():
            raise UsageError(f"{event.value} needs --{name[:-1]}")


def _check_order_of_things(
    place: Workplace, record: OrderRecord, case: Case, event: RecordEvent, happened: datetime
) -> None:
    """Raises UsageError for what cannot be after all that was recorded, or not at that time."""
    if event is RecordEvent.UNDO and not standing(record.journal):
        raise UsageError("the journal of this order is empty; there is nothing to undo")
    missing = missing_before(case, event)
    if missing is not None:
        raise UsageError(missing)
    if case.dispute is None:
        return
    days, opens = place.runtime.days, event is RecordEvent.DISPUTE_OPENED
    since = _ended(case.dispute) if opens else case.dispute.opened_at if event in _IN_A_DISPUTE else None
    if since is not None and days.day_of(happened) < days.day_of(since):
        what = "the dispute before it ended" if opens else "the dispute was opened"
        raise UsageError(f"--at is before {what}, on {written(days.day_of(since))}")


def _ended(dispute: Dispute) -> datetime | None:
    return dispute.cancelled_at or dispute.settled_at or dispute.decided_at


#: What can only happen after a dispute was opened.
_IN_A_DISPUTE = frozenset(
    {
        RecordEvent.SELLER_ANSWERED,
        RecordEvent.OFFER,
        RecordEvent.REQUEST,
        RecordEvent.ANSWERED,
        RecordEvent.AGREED,
        RecordEvent.DISPUTE_CANCELLED,
        RecordEvent.CLAIM,
        RecordEvent.DECISION,
        RecordEvent.APPEALED,
    }
)


def _due(text: str | None, place: Workplace, happened: datetime) -> datetime | None:
    if text is None:
        return None
    due = time_from(text, place.zone, "--due")
    with suppress(ValueError):
        due = place.runtime.days.end_of(date.fromisoformat(text.strip()))
    if due <= happened:
        raise UsageError("--due is over already: it must be later than --at, or than now")
    return due


def _amount(text: str | None, price: Money | None) -> str | None:
    """An amount with its currency; without one, in that of the order's price."""
    if text is None:
        return None
    try:
        return str(money(text))
    except NotUnderstood as error:
        if price is not None:
            with suppress(NotUnderstood):
                return str(money(text, price.currency))
        raise UsageError(f"--amount: {error}") from None


def _to(text: str | None, case: Case, place: Workplace) -> RecordEvent:
    """What was answered: what waits, and of two things the one that is named."""
    assert case.open_dispute is not None
    waiting = {it.what: it for it in case.open_dispute.waiting}
    if text is None and len(waiting) == 1:
        return next(iter(waiting))
    if text is None:
        both = " and ".join(_told(it.what, it.due, place) for it in waiting.values())
        raise UsageError(f"{both} wait for an answer; say which you answered: --to offer or --to request")
    if RecordEvent(text) not in waiting:
        others = " and ".join(_told(it.what, it.due, place) for it in waiting.values())
        raise UsageError(f"--to: no {text} waits for an answer, but {others} (allowed: {', '.join(waiting)})")
    return RecordEvent(text)


def _told(what: RecordEvent, due: datetime | None, place: Workplace) -> str:
    if due is None:
        return f"the {what}"
    return f"the {what} (due {Calendar.at(place.now, place.runtime.days, ENGLISH).clock(due)})"
