"""The service: a few coarse jobs, and a main loop that watches over them.

Jobs run under APScheduler, each at its own pace, so that a slow source delays no message. The main
loop counts in monotonic time: it notices when the wall clock jumps or the machine slept, tells the
watchdog that everything moves, and waits for the signal to stop.
"""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.clock import Clock, system_clock
from monitor.courier import Courier
from monitor.cycle import Cycle, open_transport
from monitor.errors import ConfigError, OrderwatchError, Problem, StoreError
from monitor.instance import only_instance
from monitor.listening import Listener
from monitor.replies import LIFETIME
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.thread import StoreThread
from monitor.systemd import Systemd

log = logging.getLogger("orderwatch.service")

#: Seconds between two runs of each job.
PACE = {
    "orders": 15,
    "poll": 20,
    "think": 5,
    "deliver": 2,
    "calendar": 15,
    "evidence": 30,
    "upkeep": 6 * 3600,
}
#: Seconds after which a job that does not move is stuck. Polling moves with each answer. A disk that holds
#: up the look at evidence holds up nothing else.
PATIENCE = {"orders": 300, "poll": 1800, "think": 300, "deliver": 300}
#: The jobs that make a full round, and the seconds that are at least between two signs of life.
ROUND = frozenset({"poll", "think", "deliver"})
BETWEEN_SIGNS = 60.0
#: Seconds between two looks of the main loop.
BEAT = 2.0
#: A change of the wall clock against monotonic time that is no drift.
JUMP = timedelta(seconds=5)
#: Seconds that thinking waits for fresh tracking data after a start or a sleep.
FRESHENING = 60.0
#: Seconds after which sources and channels that do not work are told: after a start or a sleep the
#: network may come up later than we do, and the next tries mend that.
PATIENCE_WITH_US = 900.0
#: Seconds that work under way gets to end when we are told to stop.
FAREWELL = 25.0


def settle_garbage_collector() -> None:
    """What is loaded by now stays: it is never looked through again. Answers bring many small values
    and no cycles, so that the collector need not run after every few hundred of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class Service:
    """`orderwatch run`. `load` reads the configuration anew each time it is called."""

    def __init__(self, load: Callable[[], Runtime], clock: Clock, systemd: Systemd) -> None:
        self._load, self._clock, self._systemd = load, clock, systemd
        self._runtime = load()
        self._database = StoreThread(self._runtime.settings.database)
        self._stop = asyncio.Event()
        self._came_round: dict[str, float] = {}
        self._round: set[str] = set()
        self._sign_at = 0.0
        self._signing: asyncio.Task[None] | None = None
        self._under_way: dict[str, asyncio.Task[object]] = {}
        self._new_parcels = False
        self._clock_moved = False
        self._stale_until = time.monotonic() + FRESHENING
        self._awake_since = time.monotonic()
        self._offset_known = self._offset()
        self._draining: dict[str, asyncio.Task[None]] = {}
        self._reloading: asyncio.Task[None] | None = None
        self._couriers: dict[str, Courier] = {}
        self._listeners: dict[str, tuple[Listener, asyncio.Task[None]]] = {}
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    async def run(self) -> None:
        """Runs until SIGTERM or SIGINT. Raises StoreError if the database cannot be used."""
        async with AsyncExitStack() as stack:
            stack.enter_context(only_instance(self._database.path))
            await self._database.open()
            stack.push_async_callback(self._database.close)
            self._transport = await stack.enter_async_context(
                await open_transport(self._database, self._clock)
            )
            await self._begin(self._runtime, first=True)
            settle_garbage_collector()
            self._schedule()
            self._listen()
            self._systemd.ready()
            log.info("watching; %s", await self._status())
            await self._watch()
            await self._end()

    def stop(self) -> None:
        """Asks the service to end what is under way, and to end."""
        self._stop.set()

    async def _begin(self, runtime: Runtime, *, first: bool = False) -> None:
        """Takes a configuration into use; channels that it leaves as they were keep their workers."""
        kept = {
            name: courier
            for name, courier in self._couriers.items()
            if runtime.channels.get(name) == courier.channel
        }
        for name, courier in self._couriers.items():
            if name not in kept:
                courier.close()
        self._couriers = {
            name: kept.get(name) or Courier(name, channel) for name, channel in runtime.channels.items()
        }
        self._runtime = runtime
        self._cycle = Cycle(self._database, self._transport, runtime, self._couriers, self._clock)
        await self._cycle.prepare(self._clock(), first=first)
        self._listen_to_channels(runtime)

    def _listen_to_channels(self, runtime: Runtime) -> None:
        """Has each channel that hears of buttons listened to; those that stay as they were, go on."""
        for name, (listener, task) in list(self._listeners.items()):
            listener.by = runtime
            if runtime.channels.get(name) != listener.channel:
                task.cancel()
                del self._listeners[name]
        for name, channel in runtime.channels.items():
            if channel.listens and name not in self._listeners:
                listener = Listener(name, channel, self._database, runtime, self._clock)
                task = asyncio.create_task(listener.listen(), name=f"listen {name}")
                self._listeners[name] = listener, task

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self._reload_soon)

    def _reload_soon(self) -> None:
        self._reloading = asyncio.create_task(self.reload(), name="reload")

    async def reload(self) -> None:
        """Reads the configuration again; a bad one is refused and the old one stays."""
        self._systemd.reloading()
        try:
            runtime = await asyncio.to_thread(self._load_same_database)
            async with self._database.thinking:
                await self._begin(runtime)
            log.info("the configuration was read again")
            self._wake_all_jobs()
        except OrderwatchError as error:
            log.error("the new configuration is refused, the old one stays:\n%s", error)
        self._systemd.ready()

    def _load_same_database(self) -> Runtime:
        runtime = self._load()
        if runtime.settings.database != self._database.path:
            raise ConfigError(Problem("needs a restart to change", "database"))
        return runtime

    def _schedule(self) -> None:
        jobs: Mapping[str, Callable[[], Awaitable[object]]] = {
            "orders": self._read_orders,
            "poll": self._poll,
            "think": self._think,
            "deliver": self._deliver,
            "calendar": self._keep_calendar,
            "evidence": self._look_at_evidence,
            "upkeep": self._upkeep,
        }
        for name, job in jobs.items():
            self._came_round[name] = time.monotonic()
            self._scheduler.add_job(
                self._come_round,
                "interval",
                seconds=PACE[name],
                args=(name, job),
                id=name,
                next_run_time=system_clock(),
            )
        self._scheduler.start()

    async def _come_round(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """One run of a job. A database that fails is told and tried again; the job lives on."""
        task = asyncio.current_task()
        assert task is not None
        self._under_way[name] = task
        try:
            await job()
            self._came_round[name] = time.monotonic()
            self._sign_after(name)
        except StoreError as error:
            log.error("%s: %s", name, error)
            self._sign("database")
        finally:
            del self._under_way[name]

    def _sign_after(self, name: str) -> None:
        """Gives a sign of life once every job of a round has come round since the last one."""
        self._round.add(name)
        if self._round >= ROUND:
            self._sign()

    def _sign(self, *trouble: str) -> None:
        now = time.monotonic()
        is_signing = self._signing is not None and not self._signing.done()
        if is_signing or (self._sign_at and now - self._sign_at < BETWEEN_SIGNS):
            return
        self._sign_at = now
        self._round.clear()
        self._signing = asyncio.create_task(self._give_sign(trouble), name="sign of life")

    async def _give_sign(self, trouble: Sequence[str]) -> None:
        heartbeat = self._cycle.heartbeat
        try:
            found = [*trouble] or await self._cycle.check_up(self._clock())
        except StoreError:
            found = ["database"]
        await heartbeat.ended(found)
        await heartbeat.begun()

    async def _read_orders(self) -> None:
        """Takes in changed order files, and has their new parcels looked at without delay."""
        if await self._cycle.read_orders(self._clock()) is not None:
            self._new_parcels = True
            self._wake("poll")

    async def _poll(self) -> None:
        self._new_parcels = True
        while self._new_parcels:
            self._new_parcels = False
            if self._clock_moved:
                self._clock_moved = False
                await self._cycle.follow_clock(self._clock())
            await self._cycle.poll(self._clock())
            # What was learned speaks at once, not when delivery comes round by itself.
            self._wake("deliver")
        if self._stale_until:
            self._stale_until = 0.0
            self._wake("think")

    async def _think(self) -> None:
        """Thinks; but after a start or a sleep only once parcels were looked at, if that takes no
        longer than FRESHENING: much may have happened to one that seems late."""
        self._notice_a_jump()
        if time.monotonic() >= self._stale_until:
            about_us = time.monotonic() - self._awake_since >= PATIENCE_WITH_US
            await self._cycle.think(self._clock(), about_us=about_us)
            self._wake("deliver")
            self._wake("calendar")

    async def _deliver(self) -> None:
        """Sets every channel to work that is not at work already; waits for none of them."""
        now = self._clock()
        await self._database.write(lambda store: store.outbox.recover(now))
        await self._cycle.deliverer.make_ready()
        for name in self._couriers:
            task = self._draining.get(name)
            if task is None or task.done():
                self._draining[name] = asyncio.create_task(self._drain(name), name=f"deliver {name}")

    async def _drain(self, name: str) -> None:
        try:
            await self._cycle.deliverer.drain(name)
        except StoreError as error:
            log.error("deliver %s: %s", name, error)

    async def _keep_calendar(self) -> None:
        """A job of its own: a folder that hangs holds up nothing else."""
        await self._cycle.keeper.keep(self._clock())

    async def _look_at_evidence(self) -> None:
        """Looks at the evidence folders, then reads on in what is there."""
        evidence = self._cycle.evidence
        await evidence.look(self._clock())
        await evidence.read(self._clock())

    async def _upkeep(self) -> None:
        """Lets go of old answers, and tidies the database file."""
        before = self._clock() - timedelta(days=self._runtime.settings.retention_days)
        await self._database.write(lambda store: store.payloads.forget(before))
        used = self._clock() - LIFETIME
        await self._database.write(lambda store: store.replies.forget(used))
        await self._database.run(lambda store: store.tidy())

    async def _watch(self) -> None:
        """The main loop. It sleeps in monotonic time, which no change of the wall clock stretches."""
        told = time.monotonic()
        every = self._systemd.watchdog_every
        beat = BEAT if every is None else min(BEAT, every.total_seconds() / 3)
        while not self._stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), beat)
            self._notice_a_jump()
            if every is not None and time.monotonic() - told >= every.total_seconds() / 3:
                told = time.monotonic()
                await self._sign_of_life()

    def _notice_a_jump(self) -> None:
        moved = self._offset() - self._offset_known
        if abs(moved) <= JUMP:
            return
        seconds = timedelta(seconds=round(moved.total_seconds()))
        log.warning("the clock moved by %s (set, or we slept); looking again", seconds)
        self._offset_known += moved
        self._awake_since = time.monotonic()
        self._stale_until = time.monotonic() + FRESHENING
        self._clock_moved = True
        self._new_parcels = True  # also for a look that is under way
        self._wake_all_jobs()

    def _offset(self) -> timedelta:
        return self._clock() - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=time.monotonic())

    def _wake_all_jobs(self) -> None:
        for job in self._scheduler.get_jobs():
            self._wake(job.id)

    def _wake(self, name: str) -> None:
        """Has a job run now; one that is at it comes round by itself."""
        if name not in self._under_way:
            # The scheduler goes by the machine's clock, whatever ours says.
            self._scheduler.modify_job(name, next_run_time=system_clock())

    async def _sign_of_life(self) -> None:
        """Tells the watchdog that all moves, or says what is stuck and stays silent."""
        now = time.monotonic()
        moved = {**self._came_round, "poll": max(self._came_round["poll"], self._cycle.poller.moved_at)}
        stuck = [name for name, patience in PATIENCE.items() if now - moved[name] > patience]
        try:
            async with asyncio.timeout(FAREWELL):
                status = await self._status()
        except (TimeoutError, StoreError):
            stuck.append("database")
            status = ""
        if stuck:
            log.error("stuck: %s", ", ".join(stuck))
            self._systemd.status(f"stuck: {', '.join(stuck)}")
            return
        self._systemd.status(status)
        self._systemd.alive()

    async def _status(self) -> str:
        """One line on how things stand."""
        zone = self._runtime.days.zone

        def line(store: Store) -> str:
            due = store.lookups.next_due()
            look = "nothing to look up"
            if due is not None:
                look = f"next look {max(due, self._clock()).astimezone(zone):%H:%M}"
            mute = "NO CHANNEL WORKS; " if self._cycle.is_mute else ""
            return (
                f"{mute}{store.orders.count()} orders run, {store.alerts.count()} alerts open,"
                f" {store.outbox.waiting()} messages waiting, {look}"
            )

        return await self._database.run(line)

    async def _end(self) -> None:
        """Ends what is under way: what was claimed is sent or stays in the outbox, nothing is lost."""
        self._systemd.stopping()
        log.info("stopping")
        self._scheduler.pause()
        if self._signing is not None:
            self._signing.cancel()
        for _, task in self._listeners.values():
            task.cancel()
        listening = [task for _, task in self._listeners.values()]
        tasks = [*self._under_way.values(), *self._draining.values(), *listening]
        if tasks:
            await asyncio.wait(tasks, timeout=FAREWELL)
        self._scheduler.shutdown(wait=False)
        for task in self._draining.values():
            task.cancel()
        for courier in self._couriers.values():
            courier.close()
        log.info("stopped")
