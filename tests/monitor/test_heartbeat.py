"""The sign of life: after full rounds only, with what is wrong, and never with its own address in a log."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Response

from monitor import daemon
from monitor.carrier import Unreachable
from monitor.daemon import Service
from monitor.errors import ConfigError
from monitor.heartbeat import Heartbeat
from monitor.notifier import Failure, NotifierError
from monitor.runtime import build_runtime
from monitor.settings import load_settings
from monitor.systemd import Systemd
from tests.monitor.stage import CONFIG, NOW, Stage, held, orders

PATH = "/1f9a-secret"


@pytest.fixture
def waiting(httpserver: HTTPServer) -> HTTPServer:
    """Somebody who waits for signs of life."""
    for ending in ("", "/start", "/fail"):
        httpserver.expect_request(PATH + ending).respond_with_data("OK")
    return httpserver


def heard(server: HTTPServer) -> list[tuple[str, str, str]]:
    return [
        (request.method, request.path.removeprefix(PATH), request.get_data(as_text=True))
        for request, _ in server.log
    ]


def config(server: HTTPServer) -> str:
    return f'{CONFIG}[alerts]\nping = "{server.url_for(PATH)}"\n'


async def test_a_round_begins_and_ends(tmp_path: Path, waiting: HTTPServer) -> None:
    async with Stage(tmp_path, config=config(waiting)) as stage:
        (tmp_path / "orders.toml").write_text("")
        await stage.cycle.once(stage.now)
    assert heard(waiting) == [("GET", "/start", ""), ("GET", "", "")]


async def test_what_does_not_work_is_told_once_it_has_lasted(
    tmp_path: Path, waiting: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with Stage(tmp_path, config=config(waiting)) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        stage.phone.fails(NotifierError("no answer", Failure.TEMPORARY))
        await stage.pass_once()
        assert await stage.cycle.check_up(stage.now) == []
        stage.later(minutes=29, seconds=59)
        assert await stage.cycle.check_up(stage.now) == []
        mute_before = stage.cycle.is_mute
        stage.later(seconds=1)
        for _ in range(2):
            assert await stage.cycle.check_up(stage.now) == ["channel phone"]
        assert (mute_before, stage.cycle.is_mute) == (False, True)
        await stage.cycle.heartbeat.ended(["channel phone"])
        assert heard(waiting) == [("POST", "/fail", "channel phone")]
    told = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert [record.getMessage() for record in told] == ["no channel works: nobody hears of anything (phone)"]


async def test_a_source_that_tells_nothing_is_told(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.fails(Unreachable("nobody answers there"))
        for _ in range(30):
            await stage.pass_once()
            stage.later(hours=1)
        assert await stage.cycle.check_up(stage.now) == ["source scripted"]


async def test_that_nobody_listens_is_logged_once_and_without_the_address(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter([500, 302, 200, 200])
    httpserver.expect_request(PATH).respond_with_handler(lambda request: Response(status=next(answers)))
    heartbeat = Heartbeat(SecretStr(httpserver.url_for(PATH)))
    with caplog.at_level(logging.INFO, "orderwatch"):
        for _ in range(4):
            await heartbeat.ended()
        await Heartbeat(SecretStr("http://127.0.0.1:9/1f9a-secret")).ended()
    ours = [record.getMessage() for record in caplog.records if record.name == "orderwatch"]
    assert ours == [
        "the sign of life ([alerts] ping) does not get through: HTTP 500",
        "the sign of life gets through again",
        "the sign of life ([alerts] ping) does not get through: ConnectError",
    ]


def test_its_address_is_a_secret_and_may_be_kept_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "ping").write_text("https://example.org/1f9a-secret\n")
    (tmp_path / "orderwatch.toml").write_text('[alerts]\nping = { file = "ping" }\n')
    ping = load_settings(tmp_path / "orderwatch.toml", {}).alerts.ping
    assert ping is not None
    assert ping.get_secret_value() == "https://example.org/1f9a-secret"
    assert "1f9a" not in repr(load_settings(tmp_path / "orderwatch.toml", {}))
    (tmp_path / "orderwatch.toml").write_text('[alerts]\nping = "1f9a-secret"\n')
    with pytest.raises(
        ConfigError, match="alerts.ping: must be an address that begins with https://"
    ) as caught:
        load_settings(tmp_path / "orderwatch.toml", {})
    assert "1f9a" not in str(caught.value)


async def test_the_service_gives_it_after_each_full_round_and_not_while_a_job_sticks(
    tmp_path: Path, waiting: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "BEAT", 0.05)
    monkeypatch.setattr(daemon, "BETWEEN_SIGNS", 0.0)
    for job in ("poll", "think", "deliver"):
        monkeypatch.setitem(daemon.PACE, job, 0.1)
    (tmp_path / "orderwatch.toml").write_text(config(waiting))
    (tmp_path / "orders.toml").write_text("")
    service = Service(
        lambda: build_runtime(load_settings(tmp_path / "orderwatch.toml", {})),
        lambda: NOW + timedelta(),
        Systemd(),
    )
    task = asyncio.create_task(service.run())
    try:
        async with asyncio.timeout(10):
            while len(heard(waiting)) < 4:  # noqa: ASYNC110 - another thread's list
                await asyncio.sleep(0.05)
            assert heard(waiting)[:4] == [("GET", "", ""), ("GET", "/start", "")] * 2
            stuck = asyncio.Event()
            monkeypatch.setattr(service._cycle, "think", lambda *_, **__: stuck.wait())
            await asyncio.sleep(0.5)
            before = len(heard(waiting))
            await asyncio.sleep(0.5)
            assert len(heard(waiting)) == before
            stuck.set()
    finally:
        service.stop()
        await task


@pytest.mark.parametrize(
    "address", ["https://[1f9a-secret", "https://x.example:port/1f9a-secret", "1f9a-\x00secret"]
)
async def test_an_address_that_is_none_is_told_and_never_shown(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await Heartbeat(SecretStr(address)).begun()
    assert "does not get through" in caplog.text
    assert "1f9a" not in caplog.text
