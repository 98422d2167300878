"""A user's folder with a configuration, and the command line to try in it."""

import fcntl
import logging
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.cli.frame import CommandLine
from monitor.clock import clock_at

#: Friday noon in Madrid; the orders below are on their way.
NOW = datetime(2026, 10, 9, 10, tzinfo=UTC)

CONFIG = """\
timezone = "Europe/Madrid"
orders = ["orders.toml"]
database = "orderwatch.db"

[carriers.files]
path = "tracking"
"""

HUB = """\
[[orders]]
id = "8190000000007731"
title = "USB hub"
price = "41.90 EUR"
ordered_on = 2026-09-28
shipped_on = 2026-10-01
deliver_to = { country = "ES", city = "Madrid" }
parcels = ["LP00123456789012"]
"""
LAMP = """\
[[orders]]
id = "8190000000008842"
title = "Lamp"
ordered_on = 2026-09-29
shipped_on = 2026-10-02
parcels = ["LP00999"]
"""
HELD = """\
{"number": "LP00123456789012", "events": [
 {"at": "2026-10-03T10:00:00+08:00", "status": "in_transit", "description": "Left the country",
  "place": {"city": "Shenzhen", "country": "CN"}},
 {"at": "2026-10-06T08:00:00+02:00", "status": "customs_hold", "description": "Held by customs"}]}
"""
ARRIVED = HELD.replace(
    "]}\n",
    ',\n {"at": "2026-10-09T11:00:00+02:00", "status": "out_for_delivery", "description": "On the van"}]}\n',
)


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Desk:
    """A folder, and a person who types commands there at a moment."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.line = CommandLine(environ={"TZ": "Europe/Madrid"}, clock=clock_at(NOW))

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def at(self, now: datetime) -> None:
        self.line = replace(self.line, clock=clock_at(now))

    def __call__(self, *words: str) -> Told:
        self._capsys.readouterr()
        code = main(words, self.line)
        said = self._capsys.readouterr()
        return Told(code, said.out, said.err)


@pytest.fixture
def empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    """A folder without anything in it, for a user without anything elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root, ours = logging.getLogger(), logging.getLogger("orderwatch")
    before = root.handlers, root.level, ours.level
    # The test's own web server writes down whole addresses.
    monkeypatch.setattr(logging.getLogger("werkzeug"), "disabled", True)
    yield Desk(tmp_path, capsys)
    root.handlers, root.level, ours.level = before


@pytest.fixture
def desk(empty: Desk) -> Desk:
    """The same with a configuration, an order, and its parcel held by customs."""
    empty.write("orderwatch.toml", CONFIG)
    empty.write("orders.toml", HUB)
    empty.write("tracking/hub.json", HELD)
    return empty


def start(folder: Path, *words: str, **environ: str) -> subprocess.Popen[str]:
    """The real thing, as a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-c", "import sys; from monitor.cli import main; sys.exit(main())", *words],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[3]), "TZ": "Europe/Madrid", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def sent_to_a_screen(columns: int, *words: str) -> str:
    """What a terminal of so many columns is sent by the real thing."""
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    program = "import sys; from monitor.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdin=terminal, stdout=terminal, stderr=terminal, env={"TERM": "xterm", "PATH": os.environ["PATH"]},
    ):  # fmt: skip
        os.close(terminal)
        return _read(screen)


def _read(screen: int) -> str:
    told = b""
    try:
        while piece := os.read(screen, 65536):
            told += piece
    except OSError:  # on Linux the end of a terminal is an error
        pass
    finally:
        os.close(screen)
    return told.decode().replace("\r\n", "\n")


def without_styles(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
