"""The passes in their order, over one database and one configuration: read orders, poll, think,
deliver. The service runs each at its own pace, `run --once` and the demo one after the other."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from monitor.assess import Assessed, assess_due, blind_sources
from monitor.budget import Spent
from monitor.clock import Clock
from monitor.core.rules.service import is_down
from monitor.courier import Courier
from monitor.deliver import Delivered, Deliverer
from monitor.digest import is_due, say_digest
from monitor.errors import OrderFileError
from monitor.heartbeat import Heartbeat
from monitor.intake import FILES_READ, Intake, files_as_they_are, read_files, take_listed
from monitor.listening import listen_briefly
from monitor.orders import fingerprint
from monitor.poll import Polled, Poller
from monitor.publish import CalendarKeeper
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.thread import StoreThread
from monitor.transport import Transport
from monitor.watching import Watch

log = logging.getLogger("orderwatch")

_READING = "reading"
_CLAIMS = "claims"
_CLOCK = "clock"
_CALENDAR = "calendar"
#: A clock that is set back by less disturbs nothing.
_SET_BACK = timedelta(hours=1)
_FILES = "tracking files of "


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What one full cycle did; the counts of `run --once`."""

    at: datetime
    orders: int = 0
    polled: Polled = field(default_factory=Polled)
    assessed: Assessed = field(default_factory=Assessed)
    delivered: Delivered = field(default_factory=Delivered)
    queued: int = 0
    refused: tuple[OrderFileError, ...] = ()
    failing: tuple[str, ...] = ()

    @property
    def opened(self) -> int:
        """Alerts that opened."""
        return self.polled.opened + self.assessed.opened


class Cycle:
    """The passes of one database and one configuration."""

    def __init__(
        self, database: StoreThread, transport: Transport, runtime: Runtime, couriers: Mapping[str, Courier],
        clock: Clock,
    ) -> None:  # fmt: skip
        self.runtime, self.database = runtime, database
        self.poller = Poller(database, transport, runtime)
        self.keeper = CalendarKeeper(database, runtime)
        self.evidence = Watch(runtime.settings.evidence, database)
        self.heartbeat = Heartbeat(runtime.settings.alerts.ping)
        #: Whether no channel gets anything through to the user.
        self.is_mute = False
        self.deliverer = Deliverer(database, couriers, clock, runtime)
        self._couriers, self._clock = couriers, clock

    async def prepare(self, now: datetime, *, first: bool = True) -> None:
        """Before the first pass: what a crash or another configuration left behind is put right.
        Not `first`: messages may be under way."""
        moved, recovered = await self.database.write(lambda store: self._prepare(store, now, first=first))
        for number, source in moved.items():
            log.info("parcel %s is now looked up at %s", number, source or "no source: none accepts it")
        if recovered:
            log.warning("%d messages were being sent when we stopped; they may come twice", recovered)

    async def follow_clock(self, now: datetime) -> None:
        """After the clock was set: what was noted while it was ahead is put right."""
        await self.database.write(lambda store: _follow_clock(store, now))

    async def read_orders(self, now: datetime, *, anew: bool = False) -> Intake | None:
        """Takes in the order files; None: they have not changed since the last reading, whoever did
        it. `anew` reads them all the same, and tells again what is refused."""
        seen = await asyncio.to_thread(files_as_they_are, self.runtime)
        if not anew and seen == await self.database.run(lambda store: store.health.remembered(FILES_READ)):
            return None
        files = await asyncio.to_thread(read_files, self.runtime.settings.orders, self.runtime, now)

        def take(store: Store) -> Intake:
            store.health.remember(FILES_READ, seen)
            return take_listed(store, files, self.runtime, now)

        async with self.database.thinking:
            intake = await self.database.write(take)
        _tell(intake)
        return intake

    async def poll(self, now: datetime) -> Polled:
        """Looks at the parcels that are due, and at those whose tracking files have changed."""
        await self._notice_tracking_files(now)
        return await self.poller.poll_due(now)

    async def _notice_tracking_files(self, now: datetime) -> None:
        """Makes the parcels of a source due whose files have changed, come or gone: a look at a file
        costs nothing, and whoever writes one expects to be read."""
        roots = {name: Path(source.root) for name, source in self.runtime.sources.items() if source.root}
        traces = {name: await asyncio.to_thread(_traces_of, root) for name, root in roots.items()}

        def changed(store: Store) -> list[str]:
            return [
                name for name, traces in traces.items() if store.health.remembered(_FILES + name) != traces
            ]

        def wake(store: Store) -> None:
            for name in changed(store):
                store.lookups.wake_source(name, now)
                store.health.remember(_FILES + name, traces[name])

        if await self.database.run(changed):
            await self.database.write(wake)

    async def think(self, now: datetime, *, about_us: bool = True) -> Assessed:
        """Thinks about the orders whose moment has come, and about us."""
        assessed = await assess_due(self.database, self.runtime, now, about_us=about_us)
        if await self.database.run(lambda store: is_due(store, self.runtime, now)):
            await self.database.write(lambda store: say_digest(store, self.runtime, now))
        return assessed

    async def once(self, now: datetime) -> CycleReport:
        """All passes, one after the other, until nothing is due."""
        await self.heartbeat.begun()
        intake = await self.read_orders(now, anew=True)
        await self.evidence.look(now)
        await listen_briefly(self._couriers, self.database, self.runtime, self._clock)
        polled = await self.poll(now)
        assessed = await self.think(now)
        delivered = await self.deliverer.deliver_due()
        again = await self.think(now)
        delivered += await self.deliverer.deliver_all()
        await self.keeper.keep(now)
        await self.evidence.read_all(now)
        orders, queued, failing = await self.database.run(_counts)
        await self.heartbeat.ended(await self.check_up(now))
        return CycleReport(
            at=now,
            orders=orders,
            polled=polled,
            assessed=Assessed(assessed.orders, assessed.opened + again.opened),
            delivered=delivered,
            queued=queued,
            refused=intake.refused if intake is not None else (),
            failing=failing if self.keeper.problem is None else (*failing, self.keeper.problem),
        )

    async def check_up(self, now: datetime) -> list[str]:
        """What has not worked for so long that somebody should look: `source NAME`, `channel NAME`. If
        no channel works at all, that is in the log, once."""
        health, channels = await self.database.run(
            lambda store: (store.health.sources(), store.health.channels())
        )
        blind = blind_sources(health, self.runtime, now)
        down = {channel.name for channel in channels if is_down(channel, now)}
        told = {name for name, channel in self.runtime.channels.items() if not channel.keeps_record}
        was_mute, self.is_mute = self.is_mute, bool(told) and told <= down
        if self.is_mute and not was_mute:
            log.critical("no channel works: nobody hears of anything (%s)", ", ".join(sorted(told)))
        return [*(f"source {name}" for name in sorted(blind)), *(f"channel {name}" for name in sorted(down))]

    def _prepare(self, store: Store, now: datetime, *, first: bool) -> tuple[dict[str, str | None], int]:
        runtime = self.runtime
        store.health.keep_only(runtime.sources, runtime.channels)
        store.outbox.drop_channels(list(runtime.channels))
        store.health.try_again()
        moved = store.parcels.reassign(list(runtime.sources), runtime.choose, now)
        claims = f"{version('orderwatch')} {runtime.claims()}"
        if store.health.remembered(_CLAIMS) != claims:
            store.parcels.follow(runtime.followed, runtime.sources, now)
            store.health.remember(_CLAIMS, claims)
        reading = f"{version('orderwatch')} {runtime.reading()}"
        if store.health.remembered(_READING) != reading:
            store.orders.wake_all(now)
            store.lookups.forget_fingerprints()
            store.health.remember(_READING, reading)
        calendar = f"{version('orderwatch')} {runtime.published()}"
        if store.health.remembered(_CALENDAR) != calendar:
            if runtime.published():
                store.calendar.mark_all()
            store.health.remember(_CALENDAR, calendar)
        _follow_clock(store, now)
        return moved, store.outbox.recover(now, all_leases=first)


def _follow_clock(store: Store, now: datetime) -> None:
    known = store.health.remembered(_CLOCK)
    if known is not None and datetime.fromisoformat(known) - now > _SET_BACK:
        log.warning("the clock said %s before; everything is looked at anew", known)
        store.come_back_to(now)
    store.health.remember(_CLOCK, now.isoformat())


def _tell(intake: Intake) -> None:
    for error in intake.refused:
        log.error("not taken: %s", error)
    for note in intake.notes:
        log.info("%s", note)
    taken = intake.taken
    if taken.new or taken.changed or taken.unlisted:
        log.info("orders: %d new, %d changed, %d no longer listed", taken.new, taken.changed, taken.unlisted)


def _traces_of(root: Path) -> str:
    """Differs when a file below the root of a source has changed, come or gone."""
    return sha256(repr(fingerprint([root])).encode()).hexdigest()


async def open_transport(database: StoreThread, clock: Clock) -> Transport:
    """A transport that knows what every source was asked before we started."""
    budgets = await database.run(lambda store: store.health.budgets())
    return Transport(clock, spent={name: Spent(day, count) for name, (day, count) in budgets.items()})


def _counts(store: Store) -> tuple[int, int, tuple[str, ...]]:
    failing = [f"source {s.name}: {s.error}" for s in store.health.sources() if s.failing_since is not None]
    failing += [f"channel {c.name}: {c.error}" for c in store.health.channels()]
    return store.orders.count(), store.outbox.waiting(), tuple(failing)
