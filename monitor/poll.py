"""The first pass: looks at the parcels that are due, and folds in what the sources say.

A failed look changes only how looks went; what is known of a parcel stays as it is. What a look
brings, and what follows from it for the orders, is stored in one transaction.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.assess import Outcome, blind_sources, store_outcomes, think_of
from monitor.carrier import LookError, ParseError, Refused, Source, Tracking
from monitor.core.cadence import next_look, next_try
from monitor.core.model import ShipmentStatus, TrackingEvent
from monitor.core.tracking import Merged, merge, plain_number
from monitor.errors import OrderwatchError
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import OrderRecord, Tracked
from monitor.store.thread import StoreThread
from monitor.transport import Conversation, Transport, converse

log = logging.getLogger("orderwatch.poll")

#: Parcels taken up in one go; what is left is taken up next.
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
    """How many parcels were looked at, for how many that failed, and how many alerts opened."""

    polled: int = 0
    failed: int = 0
    opened: int = 0

    def __add__(self, other: "Polled") -> "Polled":
        return Polled(self.polled + other.polled, self.failed + other.failed, self.opened + other.opened)


@dataclass(frozen=True, slots=True)
class Answer:
    """A parcel before and after an answer about it."""

    before: Tracked
    merged: Merged

    @property
    def after(self) -> Tracked:
        """The parcel with what is known now."""
        return replace(self.before, shipment=self.merged.shipment)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Looks that brought nothing new and are still to be stored. `in_doubt` are the orders of parcels
    whose looks had failed: what was held back, as it might have been our blindness, is true now."""

    looks: list[tuple[int, datetime | None]]
    fingerprints: list[bytes]
    in_doubt: list[str]


class Poller:
    """Looks at parcels, for one database and one configuration."""

    def __init__(self, database: StoreThread, transport: Transport, runtime: Runtime) -> None:
        self._database, self._transport, self._runtime = database, transport, runtime
        self._seen: dict[str, _Seen] = {}
        #: When the last look ended, in monotonic seconds: whether polling moves.
        self.moved_at = time.monotonic()

    async def poll_due(self, now: datetime) -> Polled:
        """Looks at every parcel that is due, each source at its own pace, all sources at once."""
        total = Polled()
        while True:
            due = await self._database.run(lambda store: store.parcels.due(now, MOST_DUE))
            if not due:
                return total
            groups: dict[str, list[Tracked]] = {}
            for parcel in due:
                groups.setdefault(parcel.shipment.source or "", []).append(parcel)
            looks = (self._poll_source(name, parcels, now) for name, parcels in groups.items())
            total = sum(await asyncio.gather(*looks), total)

    async def _poll_source(self, name: str, parcels: Sequence[Tracked], now: datetime) -> Polled:
        source = self._runtime.sources.get(name)
        if source is None:
            await self._database.write(lambda store: store.parcels.wake([p.id for p in parcels], None))
            return Polled()
        size = source.batch_size
        batches = [parcels[start : start + size] for start in range(0, len(parcels), size)]
        turns = asyncio.Semaphore(AT_ONCE)
        refused: list[LookError] = []

        async def in_turn(batch: Sequence[Tracked]) -> Polled:
            async with turns:
                if refused:
                    return await self._failed(name, batch, refused[0], now)
                polled, error = await self._look(name, source, batch, now)
                self.moved_at = time.monotonic()
                if error is not None:
                    refused.append(error)
                return polled

        polled = sum(await asyncio.gather(*map(in_turn, batches)), Polled())
        await self._store_unchanged(name, now)
        return polled

    async def _look(
        self, name: str, source: Source, batch: Sequence[Tracked], now: datetime
    ) -> tuple[Polled, LookError | None]:
        """Looks at a batch, and stores what follows. When the fault may lie with one number, the
        batch is halved until that number stands alone: it must not blind the others. The error is
        the source's own: it is not to be asked any more now."""
        total = Polled()
        parts, asked = [batch], 0
        while parts:
            part = parts.pop(0)
            asked += 1
            try:
                total += await self._look_at(name, source, part, now)
            except LookError as error:
                if not _may_be_one_number(error):
                    unasked = [parcel for rest in (part, *parts) for parcel in rest]
                    return total + await self._failed(name, unasked, error, now), error
                if len(part) > 1 and asked < MOST_HALVES:
                    parts += [part[: len(part) // 2], part[len(part) // 2 :]]
                else:
                    total += await self._failed(name, part, error, now)
        return total, None

    async def _look_at(self, name: str, source: Source, batch: Sequence[Tracked], now: datetime) -> Polled:
        """One conversation about a batch, and what follows from it. Raises LookError, also for an
        answer that cannot be worked with: other people's adapters may break any promise."""
        try:
            heard = await self._ask(name, source, batch)
            if heard.unchanged:
                return await self._unchanged(name, batch, heard, now)
            async with self._database.thinking:
                return await self._answered(name, batch, heard, now)
        except OrderwatchError:
            raise
        except Exception as error:
            log.exception("source %s: its adapter failed; please report this", name)
            raise ParseError(f"the adapter failed ({type(error).__name__})") from error

    async def _ask(self, name: str, source: Source, batch: Sequence[Tracked]) -> Conversation:
        fingerprints = {parcel.fingerprint for parcel in batch}
        known = fingerprints.pop() if len(fingerprints) == 1 else None
        numbers = [parcel.shipment.number for parcel in batch]
        return await converse(self._transport, name, source, numbers, known)

    async def _failed(self, name: str, batch: Sequence[Tracked], error: LookError, now: datetime) -> Polled:
        text = str(error)

        def store_failure(store: Store) -> bool:
            store.parcels.fail(_tries(batch, now, error.retry_after), text)
            if isinstance(error, ParseError) and error.body is not None:
                store.payloads.keep(name, error.body, (parcel.id for parcel in batch), now)
            self._keep_budget(store, name)
            return store.health.source_failed(name, text, now)

        if await self._database.write(store_failure):
            log.warning("source %s failed: %s", name, text)
        return Polled(len(batch), len(batch))

    async def _unchanged(
        self, name: str, batch: Sequence[Tracked], heard: Conversation, now: datetime
    ) -> Polled:
        """Nothing new: only "seen at" moves. Many such looks share a transaction, for the disk's sake;
        what a crash takes of them is merely looked at again."""
        seen = self._seen.setdefault(name, _Seen([], [], []))
        seen.looks.extend((parcel.id, self._next_look(parcel, now, {})) for parcel in batch)
        seen.fingerprints.append(heard.fingerprint)
        seen.in_doubt.extend(order for p in batch if p.look.failures for order in p.shipment.orders)
        if len(seen.looks) >= UNCHANGED_AT_ONCE:
            await self._store_unchanged(name, now)
        return Polled(len(batch))

    async def _store_unchanged(self, name: str, now: datetime) -> None:
        seen = self._seen.pop(name, None)
        if seen is None:
            return

        def store_looks(store: Store) -> bool:
            store.parcels.seen_unchanged(seen.looks, now)
            for fingerprint in seen.fingerprints:
                store.payloads.seen(fingerprint, now)
            store.orders.wake(seen.in_doubt, now)
            self._keep_budget(store, name)
            return store.health.source_worked(name, now)

        _say_if_back(name, await self._database.write(store_looks))

    async def _answered(
        self, name: str, batch: Sequence[Tracked], heard: Conversation, now: datetime
    ) -> Polled:
        # As they are now: order files may have come in during the conversation.
        batch, known = await self._database.run(lambda store: _reloaded(store, batch))
        answers = self._answers(batch, heard.trackings, known, now)
        outcomes = await self._outcomes(name, answers, now)
        opened, new_codes, was_failing = await self._database.write(
            lambda store: self._store(store, name, batch, heard, answers, outcomes, now)
        )
        for code in new_codes:
            log.warning("source %s: code %r is not known yet and counts as unknown", name, code)
        _say_if_back(name, was_failing)
        return Polled(len(batch), len(batch) - len(answers), opened)

    def _answers(
        self,
        batch: Sequence[Tracked],
        trackings: Iterable[Tracking],
        known: Mapping[int, Sequence[TrackingEvent]],
        now: datetime,
    ) -> list[Answer]:
        """What was told of each parcel of the batch; what is told of other people's is not heard."""
        asked = {name: p for p in batch for name in (p.shipment.number, *p.shipment.aliases)}
        answers: dict[int, Answer] = {}
        for tracking in trackings:
            names = map(plain_number, (tracking.number, *tracking.aliases))
            parcel = next((asked[name] for name in names if name in asked), None)
            if parcel is None:
                continue
            merged = merge(parcel.shipment, known.get(parcel.id, ()), tracking, now, self._runtime.days)
            answers.setdefault(parcel.id, Answer(parcel, merged))
        return list(answers.values())

    async def _outcomes(self, name: str, answers: Sequence[Answer], now: datetime) -> list[Outcome]:
        """What follows for the orders of the parcels that changed, or that could not be read before:
        the source sees again, so that its silence counts."""
        changed = {a.before.id: a.after for a in answers if _is_news(a)}
        orders = list(dict.fromkeys(order for p in changed.values() for order in p.shipment.orders))
        if not orders:
            return []
        records, health = await self._database.run(
            lambda store: (store.orders.load(orders), store.health.sources())
        )
        blind = blind_sources(health, self._runtime, now) - {name}
        return [think_of(_with(record, changed, now), self._runtime, now, blind) for record in records]

    def _store(
        self,
        store: Store,
        name: str,
        batch: Sequence[Tracked],
        heard: Conversation,
        answers: Sequence[Answer],
        outcomes: Sequence[Outcome],
        now: datetime,
    ) -> tuple[int, list[str], bool]:
        thoughts = {o.standing.order: o.standing.next_at for o in outcomes if o.standing is not None}
        told = {answer.before.id for answer in answers}
        for payload in heard.payloads:
            if payload.content_type != FOLDER:
                store.payloads.keep(name, payload.body, told, now)
        opened = store_outcomes(store, outcomes, self._runtime, now)
        store.parcels.succeed(
            (
                (a.before, a.merged.shipment, a.merged.new_events, self._next_look(a.after, now, thoughts))
                for a in answers
            ),
            heard.fingerprint,
            now,
        )
        missing = [parcel for parcel in batch if parcel.id not in told]
        store.parcels.fail(_tries(missing, now, None), NOT_MENTIONED)
        new_codes = [code for code in _unmapped(answers) if store.health.is_new_code(name, code, now)]
        self._keep_budget(store, name)
        return opened, new_codes, store.health.source_worked(name, now)

    def _next_look(
        self, parcel: Tracked, now: datetime, thoughts: Mapping[str, datetime | None]
    ) -> datetime | None:
        """When to look again: fresh for the next moment at which one of its orders may speak."""
        moments = [thoughts[order] for order in parcel.shipment.orders if order in thoughts]
        moments.append(parcel.orders_next_at)
        return next_look(
            parcel.shipment,
            now,
            min_interval=self._runtime.interval_of(parcel.shipment.source),
            deadline=min((at for at in moments if at is not None and at > now), default=None),
        )

    def _keep_budget(self, store: Store, name: str) -> None:
        spent = self._transport.spent.get(name)
        if spent is not None:
            store.health.spend(name, spent.day, spent.requests)


def _reloaded(store: Store, batch: Sequence[Tracked]) -> tuple[list[Tracked], dict[int, list[TrackingEvent]]]:
    """Parcels as they are stored now, and the events of those that have some."""
    parcels = store.parcels.reload(batch)
    return parcels, store.parcels.events([p.id for p in parcels if p.shipment.newest is not None])


def _is_news(answer: Answer) -> bool:
    return answer.merged.shipment != answer.before.shipment or answer.before.look.failures > 0


def _may_be_one_number(error: LookError) -> bool:
    """Whether a batch may have failed because of one of its numbers, not because of the source."""
    return isinstance(error, Refused) or (isinstance(error, ParseError) and error.readable)


def _tries(
    parcels: Iterable[Tracked], now: datetime, retry_after: timedelta | None
) -> list[tuple[int, datetime]]:
    return [(p.id, next_try(p.look.failures + 1, now, retry_after=retry_after)) for p in parcels]


def _with(record: OrderRecord, changed: Mapping[int, Tracked], now: datetime) -> OrderRecord:
    """An order as it is once the changed parcels are stored."""
    parcels = tuple(
        replace(changed[p.id], look=replace(p.look, last_success_at=now)) if p.id in changed else p
        for p in record.parcels
    )
    return replace(record, parcels=parcels)


def _unmapped(answers: Iterable[Answer]) -> list[str]:
    """Codes (or words, where a source has no codes) that nothing maps."""
    codes = (
        event.code or event.description
        for answer in answers
        for event in answer.merged.new_events
        if event.status is ShipmentStatus.UNKNOWN
    )
    return [code for code in dict.fromkeys(codes) if code]


def _say_if_back(name: str, was_failing: bool) -> None:
    if was_failing:
        log.info("source %s answers again", name)
