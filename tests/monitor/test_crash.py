"""kill -9 between any two steps, and a start after it: nothing is lost, and at most what was under way
comes twice, and then says so."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

REPOSITORY = Path(__file__).parents[2]
KILLED = -signal.SIGKILL

ORDERS = """\
[[orders]]
id = "8190000000007731"
title = "USB hub"
shipped_on = 2026-05-03
parcels = ["LP1"]

[[orders]]
id = "8190000000008842"
title = "Lamp"
shipped_on = 2026-05-04
parcels = ["LP2"]
"""
TRACKING = """\
[{"number": "LP1", "events": [
  {"at": "2026-05-06T09:00:00+02:00", "status": "in_transit", "description": "On its way"},
  {"at": "2026-05-10T09:00:00+02:00", "status": "customs_hold", "description": "Held by customs"}]},
 {"number": "LP2", "aliases": ["RX2"], "events": [
  {"at": "2026-05-09T09:00:00+02:00", "status": "in_transit", "description": "On its way"}]}]
"""
#: What the last mile's own source knows, whose number the other source names.
POST = """\
[{"number": "RX2", "events": [
  {"at": "2026-05-11T09:00:00+02:00", "status": "available_for_pickup", "description": "Ready"}]}]
"""
LOOKUPS = [("files", "LP1"), ("files", "LP2"), ("post", "RX2")]
SAID = ["Customs hold: USB hub", "Ready to collect: Lamp"]


@dataclass
class Mortal:
    """Starts the service over and over, and dies as it is told."""

    process: "subprocess.Popen[str]"
    webhook: HTTPServer
    folder: Path

    def new(self, name: str) -> "Mortal":
        """A new folder with two orders, and their parcels."""
        folder = self.folder / name
        for source in ("tracking", "post"):
            (folder / source).mkdir(parents=True)
        (folder / "orders.toml").write_text(ORDERS, encoding="utf-8")
        (folder / "tracking" / "all.json").write_text(TRACKING, encoding="utf-8")
        (folder / "post" / "all.json").write_text(POST, encoding="utf-8")
        return Mortal(self.process, self.webhook, folder)

    def start(self, **how: Any) -> int:
        """One start; returns how it ended."""
        job = {"folder": str(self.folder), "url": self.webhook.url_for(f"/{self.folder.name}"), **how}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return int(json.loads(self.process.stdout.readline()))

    @property
    def steps(self) -> list[str]:
        """The steps of the last start that came to its end."""
        return list(json.loads((self.folder / "steps.json").read_text(encoding="utf-8")))

    @property
    def arrived(self) -> list[dict[str, Any]]:
        """What came to the webhook, in its order."""
        path = f"/{self.folder.name}"
        return [request.get_json() for request, _ in self.webhook.log if request.path == path]

    @property
    def repeats(self) -> int:
        """How many messages came once more; each has to say so."""
        first = {message["id"] for message in self.arrived}
        repeats = len(self.arrived) - len(first)
        assert [message["repeat"] for message in self.arrived].count(True) >= repeats
        for id_, count in Counter(message["id"] for message in self.arrived).items():
            unmarked = [m for m in self.arrived if m["id"] == id_ and not m["repeat"]]
            assert len(unmarked) <= 1, f"{count} times, and {len(unmarked)} of them as if new"
        return repeats

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "orderwatch.db")) as db:
            return db.execute(sql).fetchall()


@pytest.fixture
def mortal(tmp_path: Path, httpserver: HTTPServer) -> Iterator[Mortal]:
    httpserver.expect_request(re.compile("/.*"), method="POST").respond_with_data("ok")
    process = subprocess.Popen(
        [sys.executable, str(REPOSITORY / "tests/monitor/dying.py")],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Mortal(process, httpserver, tmp_path)
        assert process.stdin is not None
        process.stdin.close()


def boundaries(steps: list[str], every: int) -> list[int]:
    """The steps to die at: around every send, every commit and every statement that writes first in a
    transaction, and every so many of the others."""
    chosen = set(range(1, len(steps) + 1, every))
    for number, step in enumerate(steps, start=1):
        if step.startswith(("BEGIN", "COMMIT", "before", "after")):
            chosen |= {number, number + 1}
    return sorted(number for number in chosen if number <= len(steps))


def test_dead_between_any_two_steps(mortal: Mortal) -> None:
    whole = mortal.new("whole")
    assert whole.start() == 0
    assert sorted(message["title"] for message in whole.arrived) == SAID
    deaths, lost, repeats = boundaries(whole.steps, every=13), 0, 0
    for at in deaths:
        life = mortal.new(f"dies-at-{at}")
        assert life.start(kill_at=at) == KILLED, f"step {at} of {len(whole.steps)}"
        assert life.start() == 0
        titles = {message["title"] for message in life.arrived}
        lost += len(set(SAID) - titles)
        assert life.repeats <= 1, f"killed at step {at}: {whole.steps[at - 1]}"
        repeats += life.repeats
        assert life.ask("PRAGMA integrity_check") == [("ok",)]
        assert life.ask("SELECT count(*) FROM deliveries WHERE state <> 'sent'") == [(0,)]
        assert life.ask("SELECT count(*) FROM events") == [(4,)]
        assert life.ask("SELECT source, number FROM lookups ORDER BY number") == LOOKUPS
    print(f"{len(deaths)} deaths at {len(whole.steps)} steps: {lost} messages lost, {repeats} repeated")  # noqa: T201
    assert lost == 0


def test_dead_at_random_while_a_hundred_messages_go_out(mortal: Mortal) -> None:
    life, dice, messages, deaths = mortal.new("random"), random.Random(20261124), 100, 0
    assert life.start(messages=messages) == 0
    for _ in range(15):
        deaths += life.start(pause=0.008, kill_after=dice.uniform(0.05, 0.12)) == KILLED
    assert life.start() == 0
    told = [message for message in life.arrived if message["title"].startswith("message ")]
    lost = messages - len({message["id"] for message in told})
    print(f"{deaths} deaths over {messages} messages: {lost} messages lost, {life.repeats} repeated")  # noqa: T201
    assert deaths > 9
    assert lost == 0
    assert life.repeats <= deaths
    assert life.ask("PRAGMA integrity_check") == [("ok",)]
