"""kill -9 between any two steps of taking a button, and a start after it: it is taken once, and if
anything is missing then that the phone shows it."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from monitor.core.model import ShipmentStatus, Tracking
from tests.monitor.core.facts import a_scan
from tests.monitor.remote import Remote, hear
from tests.monitor.stage import Stage, orders

REPOSITORY = Path(__file__).parents[2]


async def asked(folder: Path) -> str:
    """A folder in which a phone was asked whether a parcel is here; returns what Received carries."""
    phone = Remote(adapter="remote")
    async with Stage(folder, channels={"remote": phone}) as stage:
        await stage.take(*orders("1001: LP1"))
        scans = (a_scan("2026-05-06 09:00"), a_scan("2026-05-11 09:00", "delivered", "Delivered"))
        stage.source.tells(Tracking("LP1", ShipmentStatus.DELIVERED, scans))
        await stage.pass_once()
        await hear(stage)
        return phone.carries("Received")


def test_dead_at_every_step(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    token = asyncio.run(asked(tmp_path / "whole"))
    dying = subprocess.run(
        [sys.executable, str(REPOSITORY / "tests/monitor/dying_ears.py"), str(tmp_path / "whole"), token],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    deaths, steps = map(int, dying.stdout.split())
    assert deaths == steps > 8
    shown = []
    for step in range(1, deaths + 1):
        folder = tmp_path / f"dies-at-{step}"
        with closing(sqlite3.connect(folder / "orderwatch.db")) as db:
            assert db.execute("SELECT count(*) FROM journal").fetchall() == [(1,)], step
            assert db.execute("SELECT word FROM replies").fetchall() == [("received",)], step
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        shown.append((folder / "shown.txt").read_text(encoding="utf-8").splitlines())
    first, again = (
        "Noted: received. Check the goods before you confirm anything in the app.",
        "Noted already.",
    )
    assert {tuple(lines) for lines in shown} == {(first,), (again,), (first, again)}
