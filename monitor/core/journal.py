"""The journal of an order: what the buyer recorded, line by line. It only grows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)


class RecordEvent(StrEnum):
    """What a buyer can record, by the words of the command line."""

    RECEIVED = "received"
    ALL_FINE = "all-fine"
    DISPUTE_OPENED = "dispute-opened"
    SELLER_ANSWERED = "seller-answered"
    OFFER = "offer"
    REQUEST = "request"
    ANSWERED = "answered"
    AGREED = "agreed"
    DISPUTE_CANCELLED = "dispute-cancelled"
    CLAIM = "claim"
    DECISION = "decision"
    APPEALED = "appealed"
    RETURN_APPROVED = "return-approved"
    RETURN_SHIPPED = "return-shipped"
    REFUND_ISSUED = "refund-issued"
    REFUND_RECEIVED = "refund-received"
    CHARGED_TWICE = "charged-twice"
    NO_BUTTON = "no-button"
    CLOSED = "closed"
    UNDO = "undo"


class Party(StrEnum):
    """Whom a decision favours."""

    BUYER = "buyer"
    SELLER = "seller"


class Remedy(StrEnum):
    """What the buyer and the seller agree on."""

    REFUND = "refund"
    REPLACEMENT = "replacement"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal: what happened and when, as the buyer told it. Never changed.

    `due` is until when somebody has to act, as the marketplace shows it. `to` is what was answered,
    where two things wait; `carrier`, who takes a return back.
    """

    event: RecordEvent
    at: datetime
    reason: str | None = None
    due: datetime | None = None
    in_favour_of: Party | None = None
    number: str | None = None
    amount: str | None = None
    note: str | None = None
    to: RecordEvent | None = None
    on: Remedy | None = None
    carrier: str | None = None


def standing(journal: Iterable[JournalEntry]) -> list[JournalEntry]:
    """The entries that no `undo` took back."""
    entries: list[JournalEntry] = []
    for entry in journal:
        if entry.event is not RecordEvent.UNDO:
            entries.append(entry)
        elif entries:
            entries.pop()
    return entries


def in_time(entries: Iterable[JournalEntry]) -> list[tuple[datetime, JournalEntry]]:
    """The entries in the order of their times, and from when each counts. Within a day the order in which
    they were recorded decides: of many only the day was told."""
    timed: list[tuple[datetime, JournalEntry]] = []
    for entry in entries:
        same_day = [at for at, _ in timed if entry.at < at < entry.at + _DAY]
        timed.append((max(same_day, default=entry.at), entry))
    return sorted(timed, key=lambda known: known[0])
