"""`orderwatch export`: in a pipe, beside the service, and where it is refused."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.case import RecordEvent
from monitor.core.model import Phase, ShipmentStatus
from monitor.store import Store
from tests.monitor.cli.conftest import HUB, LAMP, NOW, Desk, start
from tests.monitor.exported import read

HUB_ID, LAMP_ID = "8190000000007731", "8190000000008842"


@pytest.fixture
def known(desk: Desk) -> Desk:
    """Two orders, one of which is held by customs; the buyer noted something, and took it back."""
    desk.write("orders.toml", HUB + LAMP)
    desk("run", "--once")
    desk("record", "7731", "received", "--note", "Café ✓")
    desk("record", "7731", "undo")
    return desk


def test_all_orders_or_one_by_its_last_digits(known: Desk) -> None:
    everything = read(known("export").out)
    assert [it.id for it in everything.orders] == [HUB_ID, LAMP_ID]
    assert everything.exported_at == NOW
    told = known("export", "8842")
    assert (told.code, told.err) == (0, "")
    assert read(told.out).orders == [everything[LAMP_ID]]


def test_what_is_told_of_an_order(known: Desk) -> None:
    hub = read(known("export", "7731").out)[HUB_ID]
    assert hub.listed_in == str(known.folder / "orders.toml")
    assert (hub.phase, hub.at_stake) == (Phase.SHIPPED, True)
    assert hub.parcels[0].status is ShipmentStatus.CUSTOMS_HOLD
    assert [(it.event, it.note, it.undone) for it in hub.journal] == [
        (RecordEvent.RECEIVED, "Café ✓", True),
        (RecordEvent.UNDO, None, False),
    ]
    assert "customs_hold" in {it.rule for it in hub.alerts}
    assert [it.channel for notice in hub.notices for it in notice.deliveries]


def test_answers_come_with_their_bodies_if_asked(known: Desk) -> None:
    [without] = read(known("export").out).answers
    [answer] = read(known("export", "--answers").out).answers
    assert (without.body, answer.encoding) == (None, "utf-8")
    assert answer.body == (known.folder / "tracking" / "hub.json").read_text()


def test_at_another_time(known: Desk) -> None:
    later = read(known("export", "--at", "2026-12-05T09:30").out)
    assert later.exported_at == datetime(2026, 12, 5, 8, 30, tzinfo=UTC)
    assert not any(it.at_stake for it in later.orders)


def test_files_that_have_changed_are_not_read(known: Desk) -> None:
    known.write("orders.toml", HUB.replace("USB hub", "Another"))
    assert read(known("export").out)[HUB_ID].facts.title == "USB hub"


def test_an_unknown_order_is_refused_and_a_near_one_named(known: Desk) -> None:
    told = known("export", "8190000000007713")
    assert (told.code, told.out) == (2, "")
    assert f"did you mean {HUB_ID}" in told.err


def test_no_database_is_made(desk: Desk) -> None:
    told = desk("export")
    assert (told.code, told.out) == (2, "")
    assert told.err == (
        f"orderwatch: there is no database yet ({desk.folder / 'orderwatch.db'}), so nothing to export\n"
    )
    assert not (desk.folder / "orderwatch.db").exists()


def test_what_is_no_database_is_told(desk: Desk) -> None:
    desk.write("orderwatch.db", "mine " * 500)
    told = desk("export")
    assert (told.code, told.out) == (1, "")
    assert "is not a database" in told.err


def test_nothing_that_is_told_steers_the_screen_and_nothing_is_lost(known: Desk) -> None:
    note = "Hub \u202egnp\u2066 \u009b31m \x1b[5m ✓ é"
    known("record", "7731", "no-button", "--note", note)
    told = known("export").out
    assert not set("\u202e\u2066\u009b\x1b") & set(told)
    assert "✓ é" in told
    assert read(told)[HUB_ID].journal[-1].note == note


def test_utf_8_whatever_the_terminal_says(known: Desk) -> None:
    program = "import sys; from monitor.cli import main; sys.exit(main(['export']))"
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=known.folder, env=environ, capture_output=True, check=True
    )
    assert "Café ✓" in told.stdout.decode()
    read(told.stdout)


def test_beside_the_service(known: Desk) -> None:
    """While it writes, and without the right to."""
    service = start(known.folder, "run")
    try:
        _wait_until_it_watches(known.folder)
        program = start(known.folder, "export", "--answers")
        out, err = program.communicate(timeout=60)
        assert (program.returncode, err) == (0, "")
        assert len(read(out).orders) == 2
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=60)
    assert service.returncode == 0
    with closing(Store(known.folder / "orderwatch.db")) as store:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def _wait_until_it_watches(folder: Path) -> None:
    for _ in range(600):
        if (folder / "orderwatch.db-wal").exists():
            return
        time.sleep(0.05)
    raise AssertionError("the service did not start")


def test_nobody_reads_it_to_its_end(known: Desk) -> None:
    with closing(Store(known.folder / "orderwatch.db")) as store, store.atomic():
        store.db.execute("UPDATE orders SET facts = json_set(facts, '$.notes', ?)", ["n" * 200_000])
    with start(known.folder, "export") as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.read(10)
        program.stdout.close()
        assert program.stderr.read() == ""
    assert program.returncode == 1
