"""The outbox: how many messages go through it in a second, and how soon after a fact one leaves.

Deliveries are counted over a channel that takes everything at once, so that what is measured is the
database, which waits for the disk at each commit. The waits are those of the running service, from
the moment a source's answer is in its hands until the first byte of the message is at a server in
another process: reading, thinking and storing are part of it.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

from pydantic import PrivateAttr

from benchmarks.arrivals import ears
from benchmarks.report import Row
from benchmarks.workplace import NOW, database, fill, runtime
from monitor import daemon
from monitor.carrier import Payload, Request, Source, Tracking, TrackingEvent
from monitor.clock import Clock
from monitor.core.alerts import Open, Reason
from monitor.core.model import Severity, ShipmentStatus
from monitor.core.moment import Moment
from monitor.core.situation import Why
from monitor.courier import Courier
from monitor.cycle import Cycle, open_transport
from monitor.daemon import Service
from monitor.deliver import LEASE_MARGIN, Deliverer
from monitor.notifier import Channel, Notification, Receipt
from monitor.runtime import Runtime
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.records import Notice
from monitor.store.rows import stamp
from monitor.store.thread import StoreThread
from monitor.systemd import Systemd
from notifiers._client import call

MESSAGES = 6_000
#: Messages stored in one transaction, as when many orders are thought about.
TOGETHER = 400
COMMITS = 2_000
ROUNDS = 3

FACTS = 200
#: Seconds over which the facts come in, and seconds after them until all have been told.
WINDOW = 40.0
AFTER = 6.0
#: Seconds between two polls, so that facts come at any moment; all other jobs keep their pace.
POLL_EVERY = 0.31
#: Seconds of the window that each turn of polling and delivering takes up.
STEP = 0.1
RULE = "customs_hold"


async def measure() -> list[Row]:
    """Deliveries a second beside bare commits; then the waits, without and with a channel that hangs."""
    bare, alone, whole = [], [], []
    for _ in range(ROUNDS):
        bare.append(await _bare_commits())
        alone.append(await _through_the_store())
        whole.append(await _through_the_deliverer())
    most = max(bare)
    return [
        Row("bare loop of commits, one small row each", f"{most:,.0f} commits/s", "", ""),
        Row("outbox alone: written, claimed, settled", f"{max(alone):,.0f} deliveries/s",
            f"{max(alone) / most:.2f} × bare", "3,000/s"),
        Row("the same through the deliverer", f"{max(whole):,.0f} deliveries/s",
            f"{max(whole) / most:.2f} × bare", "3,000/s"),
        _waits("a fact, polled and delivered without a pause", await _told(_pass_after_pass)),
        _waits("a fact, told by the service", await _told(_serve)),
        _waits("  while another channel hangs", await _told(_serve, hanging=True)),
    ]  # fmt: skip


class Taking(Channel):
    """Takes everything at once. It keeps a record, so that each message comes alone, however many."""

    keeps_record: ClassVar[bool] = True

    def send(self, notification: Notification) -> Receipt:
        return Receipt()


class Hook(Channel):
    """Posts what a message is about, as the channels do that speak HTTP themselves."""

    keeps_record: ClassVar[bool] = True

    url: str

    def send(self, notification: Notification) -> Receipt:
        about = f"{notification.rule} {notification.subject}"
        call("POST", self.url, body=about.encode(), seconds=self.timeout_seconds)
        return Receipt()


class Customs(Source):
    """A source that, when it is asked, says that customs hold the parcel; notes when it said so."""

    batch_size: ClassVar[int] = 40

    _said: dict[str, float] = PrivateAttr(default_factory=dict)

    @property
    def said(self) -> Mapping[str, float]:
        """When it first spoke of each number, in monotonic seconds."""
        return self._said

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        yield from ()
        scan = TrackingEvent(NOW - timedelta(hours=3), ShipmentStatus.CUSTOMS_HOLD, "Held by customs")
        told = [Tracking(number, ShipmentStatus.CUSTOMS_HOLD, (scan,)) for number in numbers]
        for number in numbers:
            self._said.setdefault(number, time.monotonic())
        return told


async def _bare_commits() -> float:
    """Commits a second of the same database, of one small row each."""

    def commit(store: Store) -> float:
        start = time.perf_counter()
        for number in range(COMMITS):
            with store.atomic():
                store.health.remember("benchmark", str(number))
        return COMMITS / (time.perf_counter() - start)

    async with database() as thread:
        return await thread.run(commit)


async def _through_the_store() -> float:
    """Deliveries a second as the deliverer makes them: how one ended is stored with the claim of the
    next."""

    def deliver(store: Store) -> None:
        delivery, settled = store.outbox.claim("taking", NOW, NOW + LEASE_MARGIN), 0
        while delivery is not None:
            with store.atomic():
                store.outbox.settle(delivery.id, "sent", NOW, outcome="ok", detail="")
                delivery = store.outbox.claim("taking", NOW, NOW + LEASE_MARGIN)
            settled += 1
        assert settled == MESSAGES

    async with database() as thread:
        alerts = await _open_alerts(thread)
        start = time.perf_counter()
        await _write(thread, alerts)
        await thread.run(deliver)
        return MESSAGES / (time.perf_counter() - start)


async def _through_the_deliverer() -> float:
    """Deliveries a second as the service makes them."""
    channel = Taking(adapter="taking")
    courier = Courier("taking", channel)
    house = replace(runtime(), channels={"taking": channel})
    async with database() as thread:
        alerts = await _open_alerts(thread)
        deliverer = Deliverer(thread, {"taking": courier}, lambda: NOW, house)
        start = time.perf_counter()
        await _write(thread, alerts)
        delivered = await deliverer.deliver_due()
        took = time.perf_counter() - start
        courier.close()
    assert delivered.sent == MESSAGES
    return MESSAGES / took


async def _open_alerts(thread: StoreThread) -> list[int]:
    return await thread.write(lambda store: [_alert(store, number) for number in range(MESSAGES)])


def _alert(store: Store, number: int) -> int:
    moment = Moment(NOW, "test", str(number), Severity.WARNING, Why("test"))
    alert = store.alerts.apply(Open(moment, Reason.BEGAN, speaks=True), None, str(number), NOW)
    assert alert is not None
    return alert


async def _write(thread: StoreThread, alerts: Sequence[int]) -> None:
    for first in range(0, len(alerts), TOGETHER):
        await thread.write(partial(_put, alerts[first : first + TOGETHER]))


def _put(alerts: Sequence[int], store: Store) -> None:
    for alert in alerts:
        notice = Notice(
            str(alert), "news", "test", "", str(alert), None, Severity.WARNING, f"message {alert}", "A thing.",
            NOW, NOW, NOW + timedelta(days=1), ("taking",),
        )  # fmt: skip
        store.outbox.put(alert, notice)


async def _told(run: Callable[[Runtime], Awaitable[None]], *, hanging: bool = False) -> list[float]:
    """How long each fact took to leave over the channel that works, in seconds, sorted."""
    source = Customs(adapter="customs")
    with ears() as there, tempfile.TemporaryDirectory() as folder:
        channels = {"hook": Hook(adapter="hook", url=there.answering)}
        if hanging:
            channels["hanging"] = Hook(adapter="hook", url=there.silent)
        house = replace(
            runtime(),
            settings=Settings(database=Path(folder) / "benchmark.db"),
            sources={"customs": source},
            channels=channels,
        )
        await _spread_over_the_window(house)
        await run(house)
        heard = there.heard()
    told = {number: heard.get(f"{RULE} {number}") for number in source.said}
    assert len(told) == FACTS, f"{len(told)} of {FACTS} parcels were asked about"
    assert None not in told.values(), "a message did not arrive"
    return sorted(at - source.said[number] for number, at in told.items() if at is not None)


async def _spread_over_the_window(house: Runtime) -> None:
    """Stores a parcel for each fact, due to be looked at at a random moment of the window."""
    dice = random.Random(20261124)
    dues = [stamp(NOW + timedelta(seconds=dice.uniform(1, WINDOW))) for _ in range(FACTS)]
    thread = StoreThread(house.settings.database)
    await thread.open()
    await fill(thread, FACTS, house)
    await thread.write(
        lambda store: [
            store.db.execute("UPDATE lookups SET next_poll_at = ? WHERE shipment = ?", [due, parcel])
            for parcel, due in enumerate(dues, start=1)
        ]
    )
    await thread.close()


async def _serve(house: Runtime) -> None:
    """Runs the service for as long as facts come in, and until they are told."""
    service = Service(lambda: house, _clock(), Systemd())
    usual, daemon.PACE["poll"] = daemon.PACE["poll"], POLL_EVERY  # type: ignore[assignment]
    try:
        task = asyncio.create_task(service.run())
        await asyncio.wait({task}, timeout=WINDOW + AFTER)
        service.stop()
        await task
    finally:
        daemon.PACE["poll"] = usual


async def _pass_after_pass(house: Runtime) -> None:
    """Polls and delivers by turns, without a pause: what the passes themselves take."""
    clock = _Turned()
    courier = Courier("hook", house.channels["hook"])
    thread = StoreThread(house.settings.database)
    await thread.open()
    async with await open_transport(thread, clock) as transport:
        cycle = Cycle(thread, transport, house, {"hook": courier}, clock)
        await cycle.prepare(NOW)
        for steps in range(int(WINDOW / STEP) + 1):
            clock.now = NOW + timedelta(seconds=steps * STEP)
            await cycle.poll(clock.now)
            await cycle.deliverer.deliver_due()
    courier.close()
    await thread.close()


class _Turned:
    """A clock that somebody turns."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def _clock() -> Clock:
    """A clock that goes on from NOW, so that no quiet hours and no real date come in between."""
    began = time.monotonic()
    return lambda: NOW + timedelta(seconds=time.monotonic() - began)


def _waits(what: str, seconds: Sequence[float]) -> Row:
    middle, late = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.99)]
    return Row(what, f"median {middle * 1e3:,.0f} ms", f"99 % {late * 1e3:,.0f} ms", "99 % < 250 ms")
