"""Listening to channels: long polls that hold nothing up, failures that are told once."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic import PrivateAttr, SecretStr

from monitor import daemon, listening
from monitor.daemon import Service
from monitor.listening import Listener
from monitor.notifier import Failure, NotifierError, Pressed
from monitor.runtime import Runtime, build_runtime
from monitor.settings import load_settings
from monitor.store import Store
from monitor.systemd import Systemd
from tests.monitor.remote import Remote, hear
from tests.monitor.stage import CONFIG, Stage, held, orders

DOWN = NotifierError("the bot is not reached", Failure.TEMPORARY)


class Bot(Remote):
    """A phone that is reached with a key."""

    key: SecretStr


class Hanging(Remote):
    """A phone that does not answer until it is let go."""

    _go: Event = PrivateAttr(default_factory=Event)
    _calls: list[str | None] = PrivateAttr(default_factory=list)

    def listen(self, since: str | None) -> tuple[Sequence[Pressed], str | None]:
        self._calls.append(since)
        self._go.wait(20)
        return [], "1"


def a_stage(folder: Path, phone: Remote) -> Stage:
    return Stage(folder, channels={"remote": phone})


def a_listener(stage: Stage, phone: Remote) -> Listener:
    return Listener("remote", phone, stage.database, stage.runtime, lambda: stage.now)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "orderwatch.listen"]


async def until(found: Any, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "WAITS", (0.01, 0.02))
    monkeypatch.setattr(listening, "PAUSE", 0.01)
    monkeypatch.setattr(listening, "GRACE", 0.05)


@pytest.mark.usefixtures("soon")
async def test_what_breaks_is_told_once_and_what_works_again_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = Remote(adapter="remote")
    async with a_stage(tmp_path, phone) as stage:
        phone.troubles.extend([DOWN, DOWN, DOWN])
        with caplog.at_level(logging.INFO, "orderwatch"):
            task = asyncio.create_task(a_listener(stage, phone).listen())
            await until(lambda: len(lines(caplog)) == 2)
            await asyncio.sleep(0.1)
            task.cancel()
    assert lines(caplog) == [
        "buttons of channel remote are not heard, trying again: the bot is not reached",
        "buttons of channel remote are heard again",
    ]


WAITS = [
    ([DOWN], [5.0]),
    ([DOWN] * 6, [5.0, 30.0, 120.0, 300.0, 300.0, 300.0]),
    ([NotifierError("slow down", Failure.TEMPORARY, retry_after=timedelta(seconds=77))], [77.0]),
    ([NotifierError("slow down", Failure.TEMPORARY, retry_after=timedelta(seconds=1))], [5.0]),
    ([NotifierError("wrong token", Failure.PERMANENT)], [5.0]),
    ([ZeroDivisionError("token 123:abc")], [5.0]),
]


@pytest.mark.parametrize(("troubles", "waits"), WAITS)
async def test_the_waits_before_it_is_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, troubles: list[Exception], waits: list[float]
) -> None:
    phone = Remote(adapter="remote")
    async with a_stage(tmp_path, phone) as stage:
        phone.troubles.extend(troubles)
        listener = a_listener(stage, phone)
        assert [await listener._listen_to(phone) for _ in troubles] == waits
        assert 0 < await listener._listen_to(phone) <= listening.PAUSE
    assert "123:abc" not in caplog.text


async def test_a_broken_channel_is_told_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = Remote(adapter="remote")
    async with a_stage(tmp_path, phone) as stage:
        phone.troubles.append(ZeroDivisionError("token 123:abc"))
        await hear(stage)
    (line,) = lines(caplog)
    assert "the channel is broken: ZeroDivisionError in remote.py, line" in line


@pytest.mark.usefixtures("soon")
async def test_one_that_hangs_is_asked_no_second_time_meanwhile(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = Hanging(adapter="remote")
    async with a_stage(tmp_path, phone) as stage:
        listener = a_listener(stage, phone)
        for _ in range(3):
            await listener._listen_to(phone)
        assert phone._calls == [None]
        assert lines(caplog) == [
            "buttons of channel remote are not heard, trying again: no answer within 0.1 seconds"
        ]
        phone._go.set()
        await until(lambda: not listener._busy)
        await listener._listen_to(phone)
        assert phone._calls == [None, None]


async def test_another_account_is_heard_from_now_on(tmp_path: Path) -> None:
    one, two = Bot(adapter="bot", key=SecretStr("one")), Bot(adapter="bot", key=SecretStr("two"))
    same = one.model_copy(update={"timeout_seconds": 0.1})

    async def heard_from(stage: Stage, phone: Bot) -> list[str]:
        await a_listener(stage, phone).listen_briefly()
        return [key for (key,) in await stage.rows("SELECT key FROM memory WHERE key LIKE 'heard%'")]

    async with a_stage(tmp_path, one) as stage:
        first = await heard_from(stage, one)
        assert len(first) == 1
        assert await heard_from(stage, same) == first
        assert len(await heard_from(stage, two)) == 2


async def test_an_answer_that_cannot_be_shown_was_taken_nevertheless(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = Remote(adapter="remote")
    async with a_stage(tmp_path, phone) as stage:
        await hear(stage)
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        phone.press(phone.carries("Done"))
        phone.fails(DOWN)
        await hear(stage)
        assert "could not show that a button was taken: the bot is not reached" in lines(caplog)[-1]
        phone.works()
        await hear(stage)
        assert phone.shown == []
        assert await stage.rows("SELECT state FROM alerts WHERE rule = 'customs_hold'") == [("acknowledged",)]
        assert await stage.rows("SELECT count(*) FROM replies") == [(1,)]


# In the service

START = datetime(2026, 11, 16, 9, tzinfo=UTC)
ORDER = """\
[[orders]]
id = "8190000000007731"
title = "USB hub"
shipped_on = 2026-10-01
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(daemon, "BEAT", 0.05)
    monkeypatch.setattr(daemon, "FRESHENING", 0.0)
    monkeypatch.setitem(daemon.PACE, "think", 0.2)
    monkeypatch.setitem(daemon.PACE, "deliver", 0.2)
    (tmp_path / "orderwatch.toml").write_text(CONFIG)
    (tmp_path / "orders.toml").write_text(ORDER)
    return tmp_path


def loading(home: Path, *phones: Remote) -> Runtime:
    runtime = build_runtime(load_settings(home / "orderwatch.toml", {}))
    return replace(runtime, channels={phone.adapter: phone for phone in phones})


def states(home: Path) -> set[str]:
    store = Store(home / "orderwatch.db")
    try:
        return {alert.state.value for alert in store.alerts.lasting() if alert.severity != "info"}
    finally:
        store.close()


def heard_from(home: Path, name: str) -> bool:
    store = Store(home / "orderwatch.db")
    try:
        sql = "SELECT 1 FROM memory WHERE key LIKE ?"
        return store.db.execute(sql, [f"heard from {name},%"]).fetchone() is not None
    finally:
        store.close()


async def test_the_service_hears_while_it_waits_and_stops_at_once(home: Path) -> None:
    phone = Remote(adapter="remote", timeout_seconds=20)
    service = Service(lambda: loading(home, phone), lambda: START, Systemd())
    running = asyncio.create_task(service.run())
    await until(lambda: len(phone.inbox) == 2, 10)
    for number in range(2):
        phone.press(phone.carries("Done", number))
    await until(lambda: len(phone.shown) == 2)
    assert states(home) == {"acknowledged"}
    began = time.monotonic()
    service.stop()
    await asyncio.wait_for(running, 5)
    assert time.monotonic() - began < 2  # though the phone would be listened to for 20 seconds


async def test_a_configuration_that_is_read_again_listens_to_what_is_new(home: Path) -> None:
    one, two = Remote(adapter="one", timeout_seconds=20), Remote(adapter="two", timeout_seconds=20)
    phones = [one]
    service = Service(lambda: loading(home, *phones), lambda: START, Systemd())
    running = asyncio.create_task(service.run())
    await until(lambda: len(one.inbox) == 2, 10)
    before = service._listeners["one"]
    await service.reload()
    assert service._listeners["one"] is before
    phones[:] = [two]
    await service.reload()
    assert list(service._listeners) == ["two"]
    one.press(one.carries("Done"))
    await until(before[1].cancelled)
    await until(lambda: heard_from(home, "two"))
    two.press(one.carries("Tomorrow"))
    await until(lambda: len(two.shown) > 0)
    assert "snoozed" in states(home)
    assert one.shown == []
    service.stop()
    await asyncio.wait_for(running, 5)
