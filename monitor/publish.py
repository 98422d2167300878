"""The pass beside the others: what becomes of the deadlines in a calendar, and the file that shows them.

What was published is remembered in the database, not read back from the file: a file is moved, deleted
and edited by others, and several may be written of one database, which all have to tell the same story.
"""

import asyncio
import hmac
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from monitor.calendar_file import check_calendar, write_calendar
from monitor.core.agenda import entry_of
from monitor.core.deadlines import Deadline, deadlines
from monitor.core.published import Entry, Published, follow
from monitor.core.situation import situation
from monitor.core.timeline import moments_of
from monitor.errors import CalendarError
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import OrderRecord
from monitor.store.thread import StoreThread

log = logging.getLogger("orderwatch")

#: Orders looked at in one transaction, and how many before others get a turn at the event loop.
SLICE, BREATH = 400, 20
#: How often the file is looked at though nothing has changed: somebody may have deleted it.
AGAIN = timedelta(hours=1)


def entries_of(record: OrderRecord, runtime: Runtime, secret: bytes) -> dict[str, Entry]:
    """The entries of an order by their uid, past and future."""
    s = situation(runtime.facts_of(record))
    privacy = runtime.settings.calendar_privacy
    return {
        _uid(secret, record.order.id, deadline): entry_of(deadline, s, runtime.texts, privacy)
        for deadline in deadlines(s, moments_of(s))
    }


def _uid(secret: bytes, order: str, deadline: Deadline) -> str:
    """The name of a deadline for good, wherever it moves to. Nobody can tell the order's number from it."""
    told = repr(("calendar", order, deadline.what, deadline.subject))
    return f"{hmac.new(secret, told.encode(), sha256).hexdigest()[:32]}@orderwatch"


def publish_all(store: Store, runtime: Runtime, now: datetime, *, remember: bool = True) -> list[Published]:
    """All that is in the calendar at `now`, after every order was looked at. Without `remember` it is only
    supposed to be `now`, and nothing is stored."""
    orders = store.orders.running(finished_too=True)
    supposed: dict[str, Published] = {}
    for start in range(0, len(orders), SLICE):
        with store.atomic() if remember else nullcontext():
            records = store.orders.load(orders[start : start + SLICE])
            secret = store.replies.secret()
            entries = {record.order.id: entries_of(record, runtime, secret) for record in records}
            changed = _changes(store, entries, now)
            if remember:
                store.calendar.publish(changed)
        supposed |= {one.uid: one for one in changed}
    kept = {one.uid: one for one in store.calendar.kept(now)} | supposed
    return _shown(kept.values(), runtime, now)


def _changes(store: Store, entries: Mapping[str, Mapping[str, Entry]], now: datetime) -> list[Published]:
    known = store.calendar.known(list(entries))
    return [one for order, its in entries.items() for one in follow(known[order], its, order, now)]


def _shown(kept: Iterable[Published], runtime: Runtime, now: datetime) -> list[Published]:
    """What is kept, but for what passed or was cancelled under another privacy: it may tell too much."""
    privacy = runtime.settings.calendar_privacy
    return [one for one in kept if one.kept_until > now and one.entry.privacy == privacy]


class CalendarKeeper:
    """Keeps the file of [calendar] up to date, if there is to be one."""

    def __init__(self, database: StoreThread, runtime: Runtime) -> None:
        self._database, self._runtime = database, runtime
        #: Why the file cannot be written; None: it can, or nobody has tried.
        self.problem: str | None = None
        #: What was in the file when it was last written, and when that was; None: it is to be written.
        self._written: tuple[tuple[int, ...], datetime] | None = None

    async def keep(self, now: datetime) -> None:
        """Looks at the orders that something has happened to, and writes the file if that changes it. A
        file that cannot be written is told once, and tried again. Raises StoreError."""
        path = self._runtime.settings.calendar.path
        if path is None:
            return
        while await self._look(now):
            pass
        state = await self._database.run(lambda store: store.calendar.state(now))
        if self._written is not None:
            before, at = self._written
            if before == state and abs(now - at) < AGAIN:
                return
        await self._write(path, now)
        self._written = (state, now) if self.problem is None else None

    async def _look(self, now: datetime) -> bool:
        """Looks at some of the orders that something has happened to; whether there were any."""
        async with self._database.thinking:
            return await self._look_at_slice(now)

    async def _look_at_slice(self, now: datetime) -> bool:
        orders, records, secret = await self._database.run(_marked)
        entries: dict[str, dict[str, Entry]] = {}
        for index, record in enumerate(records, start=1):
            try:
                entries[record.order.id] = entries_of(record, self._runtime, secret)
            except Exception:  # one order that brings a fault of ours to light stops no other
                log.exception("calendar, order %s: a fault of orderwatch; please report it", record.order.id)
            if index % BREATH == 0:
                await asyncio.sleep(0)

        def store_changes(store: Store) -> None:
            store.calendar.publish(_changes(store, entries, now))
            store.calendar.unmark(orders)

        if orders:
            await self._database.write(store_changes)
        return bool(orders)

    async def _write(self, path: Path, now: datetime) -> None:
        kept = await self._database.run(lambda store: store.calendar.kept(now))
        shown = _shown(kept, self._runtime, now)
        try:
            await asyncio.to_thread(_write, path, shown)
        except CalendarError as error:
            if self.problem is None:
                log.error("%s; it is tried again", error)
            self.problem = str(error)
            return
        if self.problem is not None:
            log.info("the calendar %s can be written again", path)
        self.problem = None


def _marked(store: Store) -> tuple[Sequence[str], Sequence[OrderRecord], bytes]:
    orders = store.calendar.marked(SLICE)
    return orders, store.orders.load(orders), store.replies.secret()


def _write(path: Path, shown: Sequence[Published]) -> None:
    from monitor.ical import calendar_bytes  # takes 50 ms and 10 MB, which only who has a calendar pays

    check_calendar(path)
    write_calendar(path, calendar_bytes(shown))
