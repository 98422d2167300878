"""The service inside: clocks that jump, jobs that stick, a database that fails for a while."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from monitor import daemon
from monitor.cycle import Cycle
from monitor.daemon import Service
from monitor.errors import StoreError
from monitor.runtime import build_runtime
from monitor.settings import load_settings
from monitor.store import Store
from monitor.systemd import Systemd

T = TypeVar("T")

START = datetime(2026, 10, 9, 10, tzinfo=UTC)
CONFIG = """\
timezone = "Europe/Madrid"
orders = ["orders.toml"]
database = "orderwatch.db"
"""
#: Its protection ends on the last day of November: the first warning comes on 16 November.
ORDER = """\
[[orders]]
id = "8190000000007731"
title = "USB hub"
shipped_on = 2026-10-01
"""


class Wall:
    """A clock on a wall that goes on by itself, and can be set."""

    def __init__(self) -> None:
        self._started, self.shift = time.monotonic(), timedelta()

    def __call__(self) -> datetime:
        return START + self.shift + timedelta(seconds=time.monotonic() - self._started)


class Heard(Systemd):
    """Systemd's ear, as a list."""

    def __init__(self, watchdog: float | None = None) -> None:
        super().__init__(None, None if watchdog is None else timedelta(seconds=watchdog))
        object.__setattr__(self, "told", [])

    told: list[str]

    def _tell(self, message: str) -> None:
        self.told.append(message)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(daemon, "BEAT", 0.05)
    monkeypatch.setitem(daemon.PACE, "think", 0.2)
    (tmp_path / "orderwatch.toml").write_text(CONFIG)
    (tmp_path / "orders.toml").write_text(ORDER)
    return tmp_path


@asynccontextmanager
async def running(home: Path, wall: Wall, systemd: Systemd) -> AsyncIterator[Service]:
    service = Service(lambda: build_runtime(load_settings(home / "orderwatch.toml", {})), wall, systemd)
    task = asyncio.create_task(service.run())
    try:
        yield service
    finally:
        service.stop()
        await asyncio.wait_for(task, 10)


async def until(found: Callable[[], T], seconds: float = 5) -> T:
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    return value


def alerts(home: Path) -> list[tuple[str, str]]:
    store = Store(home / "orderwatch.db")
    try:
        return [(alert.key.rule, alert.stage) for alert in store.alerts.lasting()]
    finally:
        store.close()


def orders(home: Path) -> int:
    store = Store(home / "orderwatch.db")
    try:
        return store.orders.count()
    finally:
        store.close()


async def test_after_a_long_sleep_it_says_at_once_what_became_true(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wall = Wall()
    with caplog.at_level(logging.INFO, "orderwatch"):
        async with running(home, wall, Systemd()):
            await until(lambda: orders(home))
            assert ("protection_ending", "14d") not in alerts(home)
            wall.shift = timedelta(days=40)
            await until(lambda: ("protection_ending", "14d") in alerts(home))
    assert "the clock moved by 40 days" in caplog.text


async def test_a_clock_that_is_set_back_stalls_nothing(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    wall = Wall()
    with caplog.at_level(logging.INFO, "orderwatch"):
        async with running(home, wall, Systemd()):
            await until(lambda: orders(home))
            (home / "orders.toml").write_text(ORDER + ORDER.replace("7731", "8842"))
            wall.shift = -timedelta(days=400)
            await until(lambda: orders(home) == 2)
    assert "the clock moved by -4" in caplog.text


async def test_the_watchdog_is_fed_while_all_moves_and_hears_what_sticks(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    systemd = Heard(watchdog=0.15)
    async with running(home, Wall(), systemd):
        await until(lambda: "WATCHDOG=1" in systemd.told)
        monkeypatch.setitem(daemon.PATIENCE, "think", -1)
        fed = systemd.told.count("WATCHDOG=1")
        await until(lambda: "STATUS=stuck: think" in systemd.told)
        assert systemd.told.count("WATCHDOG=1") <= fed + 1
    assert "stuck: think" in caplog.text
    assert systemd.told[0] == "READY=1"
    assert systemd.told[-1] == "STOPPING=1"


async def test_a_database_that_fails_for_a_while_ends_no_job(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(daemon.PACE, "orders", 0.1)
    left = [StoreError("the database has no room left")] * 2
    read = Cycle.read_orders

    async def reading(cycle: Cycle, now: datetime, *, anew: bool = False) -> object:
        if left:
            raise left.pop()
        return await read(cycle, now, anew=anew)

    monkeypatch.setattr(Cycle, "read_orders", reading)
    async with running(home, Wall(), Systemd()):
        assert await until(lambda: orders(home)) == 1
    assert caplog.text.count("orders: the database has no room left") == 2


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set while sources answer."""
    answering, poll = asyncio.Event(), Cycle.poll

    async def polling(cycle: Cycle, now: datetime) -> object:
        await answering.wait()
        return await poll(cycle, now)

    monkeypatch.setattr(Cycle, "poll", polling)
    return answering


async def test_after_a_start_or_a_sleep_it_looks_before_it_thinks(home: Path, looking: asyncio.Event) -> None:
    wall = Wall()
    wall.shift = timedelta(days=5)
    async with running(home, wall, Systemd()):
        await until(lambda: orders(home))
        await asyncio.sleep(0.5)
        assert alerts(home) == []
        looking.set()
        await until(lambda: alerts(home) == [("dispute_openable", "open")])
        looking.clear()
        wall.shift = timedelta(days=40)
        await asyncio.sleep(0.5)
        assert ("protection_ending", "14d") not in alerts(home)
        looking.set()
        await until(lambda: ("protection_ending", "14d") in alerts(home))


async def test_a_source_that_hangs_delays_no_deadline_for_long(
    home: Path, looking: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "FRESHENING", 0.3)
    wall = Wall()
    wall.shift = timedelta(days=40)
    async with running(home, wall, Systemd()):
        await until(lambda: ("protection_ending", "14d") in alerts(home))
        assert not looking.is_set()
        looking.set()


async def test_of_itself_it_tells_a_while_after_a_start_or_a_sleep(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "PATIENCE_WITH_US", 0.6)
    (home / "orderwatch.toml").write_text(CONFIG + '[carriers.files]\npath = "nowhere"\n')
    (home / "orders.toml").write_text(ORDER + 'parcels = ["LP00123456789012"]\n')
    wall = Wall()
    blind = ("source_blind", "")
    async with running(home, wall, Systemd()):
        await until(lambda: orders(home))
        wall.shift = timedelta(days=3)
        start = time.monotonic()
        await until(lambda: blind in alerts(home))
        assert time.monotonic() - start >= 0.5


async def test_it_looks_at_evidence_and_a_disk_that_hangs_holds_up_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(daemon.PACE, "evidence", 0.1)
    systemd, go_on = Heard(watchdog=0.15), threading.Event()
    folder = home / "evidence" / "8190000000007731"
    folder.mkdir(parents=True)

    def files() -> list[tuple[str, bool]]:
        store = Store(home / "orderwatch.db")
        try:
            lines = store.evidence.lines("8190000000007731")
            return [(line.path, line.sha256 is not None) for line in lines]
        finally:
            store.close()

    def hanging(root: Path) -> tuple[tuple[str, ...], str | None]:
        go_on.wait(20)
        return (), None

    async with running(home, Wall(), systemd):
        await until(lambda: orders(home))
        (folder / "unboxing.txt").write_text("hello")
        await until(lambda: files() == [("unboxing.txt", True)])
        monkeypatch.setattr("monitor.watching.list_root", hanging)
        (home / "orders.toml").write_text(ORDER + ORDER.replace("7731", "8842"))
        fed = systemd.told.count("WATCHDOG=1")
        await until(lambda: systemd.told.count("WATCHDOG=1") > fed + 2)
        go_on.set()
