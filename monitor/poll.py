"""The first pass: looks at the parcels that are due, and folds in what the sources say.

A parcel may be looked up at several sources, each at its own pace; what they say becomes one parcel.

A failed look changes only how looks went; what is known of a parcel stays as it is. What a look
brings, and what follows from it for the orders, is stored in one transaction.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.assess import Outcome, blind_sources, store_outcomes, think_of
from monitor.carrier import LookError, ParseError, Refused, Source
from monitor.core.cadence import next_look, next_try
from monitor.core.model import Lookup, Shipment, TrackingEvent
from monitor.errors import OrderwatchError
from monitor.heard import Answer, answers_to, as_answered, unmapped_codes, with_fused
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import Due
from monitor.store.thread import StoreThread
from monitor.transport import Conversation, Transport, converse

log = logging.getLogger("orderwatch.poll")

#: Lookups taken up in one go; what is left is taken up next.
MOST_DUE = 4000
#: Conversations with one source under way at once.
AT_ONCE = 4
#: Unchanged looks stored in one transaction.
UNCHANGED_AT_ONCE = 400
#: Conversations spent on finding the one number that a source cannot stand.
MOST_HALVES = 16

NOT_MENTIONED = "the source's answer does not mention this number"
#: The content type of a folder's listing: an address, not evidence.
FOLDER = "inode/directory"


@dataclass(frozen=True, slots=True)
class Polled:
    """How many parcels were looked at, for how many a look failed, and how many alerts opened."""

    polled: int = 0
    failed: int = 0
    opened: int = 0


@dataclass(slots=True)
class _Tally:
    """What a pass has done so far; a parcel that is looked up at two sources is one parcel."""

    polled: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    opened: int = 0


@dataclass(frozen=True, slots=True)
class _Stored:
    """What there is to say of an answer once it is stored."""

    opened: int
    new_codes: list[str]
    followed: list[tuple[str, Lookup]]
    was_failing: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """Looks that brought nothing new and are still to be stored. `in_doubt` are the orders of parcels
    whose looks had failed: what was held back, as it might have been our blindness, is true now."""

    looks: list[tuple[Due, datetime | None]]
    fingerprints: list[bytes]
    in_doubt: list[str]


class Poller:
    """Looks at parcels, for one database and one configuration."""

    def __init__(self, database: StoreThread, transport: Transport, runtime: Runtime) -> None:
        self._database, self._transport, self._runtime = database, transport, runtime
        self._seen: dict[str, _Seen] = {}
        self._tally = _Tally()
        #: When the last look ended, in monotonic seconds: whether polling moves.
        self.moved_at = time.monotonic()

    async def poll_due(self, now: datetime) -> Polled:
        """Looks at every parcel that is due, each source at its own pace, all sources at once."""
        tally = self._tally = _Tally()
        while True:
            due = await self._database.run(lambda store: store.lookups.due(now, MOST_DUE))
            if not due:
                return Polled(len(tally.polled), len(tally.failed), tally.opened)
            groups: dict[str, list[Due]] = {}
            for it in due:
                groups.setdefault(it.lookup.source, []).append(it)
            await asyncio.gather(*(self._poll_source(name, group, now) for name, group in groups.items()))

    async def _poll_source(self, name: str, due: Sequence[Due], now: datetime) -> None:
        source = self._runtime.sources.get(name)
        if source is None:
            await self._database.write(lambda store: store.lookups.end_source(name))
            return
        turns = asyncio.Semaphore(AT_ONCE)
        refused: list[LookError] = []

        async def in_turn(batch: Sequence[Due]) -> None:
            async with turns:
                if refused:
                    await self._failed(name, batch, refused[0], now)
                    return
                error = await self._look(name, source, batch, now)
                self.moved_at = time.monotonic()
                if error is not None:
                    refused.append(error)

        await asyncio.gather(*map(in_turn, _batches(due, source.batch_size)))
        await self._store_unchanged(name, now)

    async def _look(self, name: str, source: Source, batch: Sequence[Due], now: datetime) -> LookError | None:
        """Looks at a batch, and stores what follows. When the fault may lie with one number, the
        batch is halved until that number stands alone: it must not blind the others. The error is
        the source's own: it is not to be asked any more now."""
        parts, asked = [batch], 0
        while parts:
            part = parts.pop(0)
            asked += 1
            try:
                await self._look_at(name, source, part, now)
            except LookError as error:
                if not _may_be_one_number(error):
                    unasked = [it for rest in (part, *parts) for it in rest]
                    await self._failed(name, unasked, error, now)
                    return error
                if len(part) > 1 and asked < MOST_HALVES:
                    parts += [part[: len(part) // 2], part[len(part) // 2 :]]
                else:
                    await self._failed(name, part, error, now)
        return None

    async def _look_at(self, name: str, source: Source, batch: Sequence[Due], now: datetime) -> None:
        """One conversation about a batch, and what follows from it. Raises LookError, also for an
        answer that cannot be worked with: other people's adapters may break any promise."""
        try:
            heard = await self._ask(name, source, batch)
            if heard.unchanged:
                await self._unchanged(name, batch, heard, now)
                return
            async with self._database.thinking:
                await self._answered(name, batch, heard, now)
        except OrderwatchError:
            raise
        except Exception as error:
            log.exception("source %s: its adapter failed; please report this", name)
            raise ParseError(f"the adapter failed ({type(error).__name__})") from error

    async def _ask(self, name: str, source: Source, batch: Sequence[Due]) -> Conversation:
        fingerprints = {it.fingerprint for it in batch}
        known = fingerprints.pop() if len(fingerprints) == 1 else None
        numbers = [it.lookup.number for it in batch]
        return await converse(self._transport, name, source, numbers, known)

    async def _failed(self, name: str, batch: Sequence[Due], error: LookError, now: datetime) -> None:
        text = str(error)

        def store_failure(store: Store) -> bool:
            wait = self._wait_after(name, error)
            store.lookups.fail(_tries(batch, now, wait), text)
            if isinstance(error, ParseError) and error.body is not None:
                store.payloads.keep(name, error.body, (it.parcel for it in batch), now)
            self._keep_budget(store, name)
            return store.health.source_failed(name, text, now)

        if await self._database.write(store_failure):
            log.warning("source %s failed: %s", name, text)
        self._count(batch, failed=batch)

    async def _unchanged(self, name: str, batch: Sequence[Due], heard: Conversation, now: datetime) -> None:
        """Nothing new: only "seen at" moves. Many such looks share a transaction, for the disk's sake;
        what a crash takes of them is merely looked at again."""
        seen = self._seen.setdefault(name, _Seen([], [], []))
        seen.looks.extend((it, self._next_look(it, it.shipment, now, {})) for it in batch)
        seen.fingerprints.append(heard.fingerprint)
        seen.in_doubt.extend(order for it in batch if it.look.failures for order in it.shipment.orders)
        if len(seen.looks) >= UNCHANGED_AT_ONCE:
            await self._store_unchanged(name, now)
        self._count(batch)

    async def _store_unchanged(self, name: str, now: datetime) -> None:
        seen = self._seen.pop(name, None)
        if seen is None:
            return

        def store_looks(store: Store) -> bool:
            store.lookups.seen_unchanged(seen.looks, now)
            for fingerprint in seen.fingerprints:
                store.payloads.seen(fingerprint, now)
            store.orders.wake(seen.in_doubt, now)
            self._keep_budget(store, name)
            return store.health.source_worked(name, now)

        _say_if_back(name, await self._database.write(store_looks))

    async def _answered(self, name: str, batch: Sequence[Due], heard: Conversation, now: datetime) -> None:
        # As they are now: order files may have come in during the conversation.
        batch, known = await self._database.run(lambda store: _reloaded(store, batch))
        days = self._runtime.days
        answers = answers_to(batch, heard.trackings, known, now, days)
        if any(answer.new_names for answer in answers):
            answers = await self._database.run(lambda store: with_fused(store, answers, now, days))
        outcomes = await self._outcomes(name, answers, now)
        stored = await self._database.write(
            lambda store: self._store(store, name, batch, heard, answers, outcomes, now)
        )
        for code in stored.new_codes:
            log.warning("source %s: code %r is not known yet and counts as unknown", name, code)
        for number, lookup in stored.followed:
            log.info("parcel %s is also looked up at %s, as %s", number, lookup.source, lookup.number)
        _say_if_back(name, stored.was_failing)
        told = {answer.before.parcel for answer in answers}
        for it in batch:
            if it.parcel not in told and not it.look.failures:
                log.warning("source %s: its answer does not mention %s", name, it.lookup.number)
        self._count(batch, failed=[it for it in batch if it.parcel not in told])
        self._tally.opened += stored.opened

    async def _outcomes(self, name: str, answers: Sequence[Answer], now: datetime) -> list[Outcome]:
        """What follows for the orders of the parcels that changed, or that could not be read before:
        the source sees again, so that its silence counts."""
        changed = {answer.before.parcel: answer for answer in answers if answer.is_news}
        orders = dict.fromkeys(order for answer in changed.values() for order in answer.after.orders)
        for order in self._later(answers):
            orders.pop(order, None)
        if not orders:
            return []
        records, health = await self._database.run(
            lambda store: (store.orders.load(list(orders)), store.health.sources())
        )
        blind = blind_sources(health, self._runtime, now) - {name}
        return [think_of(as_answered(record, changed, now), self._runtime, now, blind) for record in records]

    def _later(self, answers: Iterable[Answer]) -> list[str]:
        """The orders that are thought about only after this: their parcels turn out to be one with
        others, or have a number that another source may know more of and has not been asked about."""
        return [
            order
            for answer in answers
            if answer.fuses or (answer.new_names and self._runtime.followed(answer.after))
            for order in answer.after.orders
        ]

    def _store(
        self,
        store: Store,
        name: str,
        batch: Sequence[Due],
        heard: Conversation,
        answers: Sequence[Answer],
        outcomes: Sequence[Outcome],
        now: datetime,
    ) -> _Stored:
        thoughts = {o.standing.order: o.standing.next_at for o in outcomes if o.standing is not None}
        told = {answer.before.parcel for answer in answers}
        for payload in heard.payloads:
            if payload.content_type != FOLDER:
                store.payloads.keep(name, payload.body, told, now)
        opened = store_outcomes(store, outcomes, self._runtime, now)
        looks = [
            (a.before, a.after, a.merged.new_events, self._next_look(a.before, a.after, now, thoughts))
            for a in answers
        ]
        store.parcels.succeed(looks, heard.fingerprint, now)
        followed = [
            (answer.after.number, lookup)
            for answer in answers
            if answer.new_names
            for lookup in store.lookups.follow(
                answer.before.parcel, self._runtime.followed(answer.after), now
            )
        ]
        store.orders.wake(self._later(answers), now)
        missing = [it for it in batch if it.parcel not in told]
        store.lookups.fail(_tries(missing, now, self._runtime.interval_of(name)), NOT_MENTIONED)
        new_codes = [code for code in unmapped_codes(answers) if store.health.is_new_code(name, code, now)]
        self._keep_budget(store, name)
        return _Stored(opened, new_codes, followed, store.health.source_worked(name, now))

    def _next_look(
        self, it: Due, shipment: Shipment, now: datetime, thoughts: Mapping[str, datetime | None]
    ) -> datetime | None:
        """When to look there again: fresh for the next moment at which one of its orders may speak."""
        moments = [thoughts[order] for order in shipment.orders if order in thoughts]
        moments.append(it.orders_next_at)
        return next_look(
            shipment,
            now,
            min_interval=self._runtime.interval_of(it.lookup.source),
            deadline=min((at for at in moments if at is not None and at > now), default=None),
        )

    def _wait_after(self, name: str, error: LookError) -> timedelta:
        """How long a source that failed is left alone at the least: as long as it wants, and between any
        two looks if it was asked at all."""
        interval = self._runtime.interval_of(name) if error.asked else timedelta()
        return max(error.retry_after or timedelta(), interval)

    def _count(self, batch: Iterable[Due], failed: Iterable[Due] = ()) -> None:
        self._tally.polled.update(it.parcel for it in batch)
        self._tally.failed.update(it.parcel for it in failed)

    def _keep_budget(self, store: Store, name: str) -> None:
        spent = self._transport.spent.get(name)
        if spent is not None:
            store.health.spend(name, spent.day, spent.requests)


def _batches(due: Iterable[Due], size: int) -> list[list[Due]]:
    """Lookups of one source in batches, in none of which a parcel is twice: an answer must be clear."""
    rounds: list[list[Due]] = []
    turns: dict[int, int] = {}
    for it in due:
        turn = turns[it.parcel] = turns.get(it.parcel, -1) + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(it)
    return [its[start : start + size] for its in rounds for start in range(0, len(its), size)]


def _reloaded(store: Store, batch: Sequence[Due]) -> tuple[list[Due], dict[int, list[TrackingEvent]]]:
    """Lookups as they are stored now, and the events of the parcels that have some."""
    batch = store.lookups.reload(batch)
    return batch, store.parcels.events([it.parcel for it in batch if it.shipment.newest is not None])


def _may_be_one_number(error: LookError) -> bool:
    """Whether a batch may have failed because of one of its numbers, not because of the source."""
    return isinstance(error, Refused) or (isinstance(error, ParseError) and error.readable)


def _tries(batch: Iterable[Due], now: datetime, wait: timedelta) -> list[tuple[Due, datetime]]:
    return [(it, next_try(it.look.failures + 1, now, retry_after=wait)) for it in batch]


def _say_if_back(name: str, was_failing: bool) -> None:
    if was_failing:
        log.info("source %s answers again", name)
