"""`orderwatch run` as systemd runs it: a process, its signals, its ear, and its end."""

import queue
import re
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import system_clock
from tests.monitor.cli.conftest import CONFIG, Desk, start


def day(ago: int) -> str:
    return (system_clock() - timedelta(days=ago)).date().isoformat()


def tracking(status: str) -> str:
    """The parcel's file, with a last scan of yesterday: the service lives by the machine's clock."""
    return (
        '{"number": "LP00123456789012", "events": ['
        f'{{"at": "{day(12)}T08:00:00Z", "status": "in_transit", "description": "Left"}},'
        f'{{"at": "{day(1)}T00:00:00Z", "status": "{status}", "description": "{status}"}}]}}'
    )


ORDER = f"""\
[[orders]]
id = "8190000000007731"
title = "USB hub"
ordered_on = {day(20)}
shipped_on = {day(14)}
parcels = ["LP00123456789012"]
"""


class Service:
    """The process, its log, and what it tells systemd."""

    def __init__(self, folder: Path, *words: str, **environ: str) -> None:
        self.process = start(folder, *words, "run", **environ)
        self.log: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(line.rstrip("\n"))

    def until(self, pattern: str, seconds: float = 10) -> str:
        """The first line from here on that matches."""
        end = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no line like {pattern!r} in\n" + "\n".join(self.log)) from None
            self.log.append(line)
            if re.search(pattern, line):
                return line

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@contextmanager
def running(folder: Path, **environ: str) -> Iterator[Service]:
    service = Service(folder, **environ)
    try:
        service.until("watching")
        yield service
    finally:
        service.process.kill()
        service.process.wait()
        for stream in (service.process.stdout, service.process.stderr):
            assert stream is not None
            stream.close()


class Phone(ThreadingHTTPServer):
    """A webhook that keeps what it hears; while `holds` is set it hears, and does not answer."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        self.heard: queue.Queue[str] = queue.Queue()
        self.answers = threading.Event()
        self.answers.set()
        super().__init__(("127.0.0.1", 0), _Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def table(self) -> str:
        return f'\n[notifiers.phone]\nadapter = "apprise"\nurl = "json://127.0.0.1:{self.server_port}/"\n'


class _Answer(BaseHTTPRequestHandler):
    server: Phone

    def do_POST(self) -> None:
        self.server.heard.put(self.rfile.read(int(self.headers["content-length"])).decode())
        self.server.answers.wait(10)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def phone() -> Iterator[Phone]:
    with closing_server(Phone()) as server:
        yield server


@contextmanager
def closing_server(server: Phone) -> Iterator[Phone]:
    try:
        yield server
    finally:
        server.answers.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def home(empty: Desk) -> Path:
    empty.write("orderwatch.toml", CONFIG)
    empty.write("orders.toml", ORDER)
    empty.write("tracking/hub.json", tracking("in_transit"))
    return empty.folder


def asked(folder: Path, question: str) -> list[tuple[Any, ...]]:
    """What the database answers, beside the service."""
    with closing(sqlite3.connect(folder / "orderwatch.db", timeout=10, isolation_level=None)) as db:
        return db.execute(question).fetchall()


def until_true(folder: Path, question: str, seconds: float = 10) -> None:
    """Waits until a count in the database is no longer 0."""
    end = time.monotonic() + seconds
    while asked(folder, question) == [(0,)]:
        assert time.monotonic() < end, question
        time.sleep(0.1)


def look_now(folder: Path) -> None:
    """Has the parcel looked at again, without waiting the hours that good manners ask for."""
    until_true(folder, "SELECT count(*) FROM lookups WHERE last_success_at IS NOT NULL")
    asked(folder, "UPDATE lookups SET next_poll_at = 0")


def states(folder: Path) -> list[tuple[str, str]]:
    return asked(folder, "SELECT channel, state FROM deliveries ORDER BY id")


class Ear:
    """What systemd hears of the service."""

    def __init__(self, folder: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self.heard: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while told := self._socket.recv(1000).decode():
            self.heard.append(told)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def until(self, told: str) -> None:
        end = time.monotonic() + 10
        while told not in self.heard:
            assert time.monotonic() < end, self.heard
            time.sleep(0.05)


def test_its_whole_life(home: Path, phone: Phone) -> None:
    """Ready, alive, a file that changes, a phone that rings, a good and a bad configuration, the end."""
    (home / "orderwatch.toml").write_text(CONFIG + phone.table)
    with (
        closing(Ear(home)) as systemd,
        running(home, NOTIFY_SOCKET=str(home / "notify"), WATCHDOG_USEC="900000") as service,
    ):
        systemd.until("WATCHDOG=1")
        assert systemd.heard[0] == "READY=1"
        assert systemd.heard[1].startswith("STATUS=1 orders run, ")

        (home / "tracking/hub.json").write_text(tracking("customs_hold"))
        look_now(home)
        service.process.send_signal(signal.SIGHUP)
        service.until("the configuration was read again")
        # A second service on the same database has no business here.
        second = start(home, "run")
        _, refused = second.communicate(timeout=10)
        assert second.returncode == 1
        assert f"another orderwatch (process {service.process.pid}) is at work" in refused

        (home / "orderwatch.toml").write_text(CONFIG + phone.table + "colour = 3\n")
        service.process.send_signal(signal.SIGHUP)
        service.until("the new configuration is refused, the old one stays")
        service.until(r"orderwatch\.toml:\d+: notifiers\.phone\.colour")
        (home / "orderwatch.toml").write_text(CONFIG.replace("orderwatch.db", "other.db"))
        service.process.send_signal(signal.SIGHUP)
        service.until("database: needs a restart to change")

        assert "USB hub" in phone.heard.get(timeout=25)
        assert service.stop() == 0
        service.until("stopped")
        systemd.until("STOPPING=1")
        assert systemd.heard.count("RELOADING=1") == 3
        assert systemd.heard.count("READY=1") == 4
    assert states(home) == [("phone", "sent")]
    assert not any("Traceback" in line for line in service.log)
    # Before the first look at a parcel it is not known to be untraceable.
    assert not any("No tracking" in line for line in service.log)


def test_sigterm_lets_the_message_under_way_arrive(home: Path, phone: Phone) -> None:
    (home / "orderwatch.toml").write_text(CONFIG + phone.table)
    (home / "tracking/hub.json").write_text(tracking("customs_hold"))
    phone.answers.clear()
    with running(home) as service:
        phone.heard.get(timeout=15)
        service.process.send_signal(signal.SIGTERM)
        service.until("stopping")
        assert service.process.poll() is None
        phone.answers.set()
        assert service.process.wait(10) == 0
    assert states(home) == [("phone", "sent")]


def test_killed_between_sending_and_writing_it_down_it_tells_again_and_says_so(
    home: Path, phone: Phone
) -> None:
    (home / "orderwatch.toml").write_text(CONFIG + phone.table)
    (home / "tracking/hub.json").write_text(tracking("customs_hold"))
    phone.answers.clear()
    with running(home) as service:
        first = phone.heard.get(timeout=15)
        service.process.kill()
        service.process.wait()
    assert states(home) == [("phone", "sending")]
    phone.answers.set()
    with running(home) as service:
        assert any("they may come twice" in line for line in service.log)
        again = phone.heard.get(timeout=15)
    assert "(This may be a repeat.)" not in first
    assert "(This may be a repeat.)" in again


def test_it_starts_without_orders_sources_and_network_and_logs_for_the_journal(empty: Desk) -> None:
    empty.write("orderwatch.toml", 'timezone = "UTC"\ndatabase = "orderwatch.db"\n')
    with running(empty.folder, JOURNAL_STREAM="8:1") as service:
        assert service.log[-1].startswith("<6>watching; 0 orders run")
        assert service.stop() == 0


def test_a_record_beside_it_is_heard(home: Path) -> None:
    with running(home) as service:
        beside = start(home, "record", "7731", "dispute-opened", "--reason", "quality")
        out, err = beside.communicate(timeout=10)
        assert beside.returncode == 0, err
        assert "What comes next" in out
        until_true(home, "SELECT count(*) FROM orders WHERE phase = 'disputed'")
        assert service.process.poll() is None


def until_in(file: Path, text: str, seconds: float = 40) -> str:
    """Waits until a file says something, and returns all of it."""
    end = time.monotonic() + seconds
    while text not in (said := file.read_text(encoding="utf-8") if file.exists() else ""):
        assert time.monotonic() < end, said
        time.sleep(0.1)
    return said


def test_it_keeps_the_calendar_up_to_date(home: Path) -> None:
    """A folder that is not there, and then is; a dispute that is opened beside it."""
    file = home / "calendar" / "deadlines.ics"
    (home / "orderwatch.toml").write_text(f'{CONFIG}\n[calendar]\npath = "calendar/deadlines.ics"\n')
    with running(home) as service:
        service.until(
            r"error: the calendar .* cannot be written: there is no folder .*; it is tried again", 20
        )
        file.parent.mkdir()
        service.until(r"info: the calendar .* can be written again", 25)
        first = until_in(file, "SUMMARY:Protection ends: USB hub")
        (uid,) = re.findall("UID:(.*)", first)

        beside = start(home, "record", "7731", "dispute-opened", "--reason", "quality")
        _, err = beside.communicate(timeout=10)
        assert beside.returncode == 0, err
        said = until_in(file, "STATUS:CANCELLED")
        cancelled = next(event for event in said.split("BEGIN:VEVENT") if "STATUS:CANCELLED" in event)
        assert f"UID:{uid}\n" in cancelled
        assert "SEQUENCE:1\n" in cancelled
        assert service.stop() == 0
        service.until("stopped")
    assert not any("Traceback" in line for line in service.log)
    assert sum("cannot be written" in line for line in service.log) == 1
    assert sorted(it.name for it in file.parent.iterdir()) == ["deadlines.ics"]
