"""The evidence folders of a whole orderwatch: files come, change and go, and messages know it."""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from monitor import watching
from monitor.evidence import folder_of
from monitor.sighting import look, look_at_order
from monitor.store import Store
from monitor.watching import Watch
from tests.monitor.core.facts import an_order
from tests.monitor.stage import Stage, held, moving

ORDER = "1001"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 100


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path) as ready:
        await ready.take(an_order(id=ORDER, title="Hub", parcels="LP1"))
        yield ready


def put(stage: Stage, name: str, body: bytes = PNG, order: str = ORDER) -> Path:
    file = stage.folder / "evidence" / folder_of(order) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return file


async def paths(stage: Stage, order: str = ORDER) -> list[str] | None:
    record = await stage.order(order)
    return None if record.evidence is None else [file.path for file in record.evidence]


def ready_line(body: str) -> str:
    return next(line for line in body.splitlines() if line.startswith(("Keep:", "Have ready:")))


# Looking


async def test_files_come_change_and_go(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "orderwatch.evidence")
    await stage.cycle.evidence.look(stage.now)
    assert await paths(stage) is None
    put(stage, "unboxing.mp4", MP4)
    listing = put(stage, "listing/1.png")
    await stage.cycle.evidence.look(stage.now)
    assert await paths(stage) == ["listing/1.png", "unboxing.mp4"]
    stage.later(minutes=1)
    listing.write_bytes(PNG + b"more")
    await stage.cycle.evidence.look(stage.now)
    stage.later(minutes=1)
    listing.unlink()
    await stage.cycle.evidence.look(stage.now)
    assert await paths(stage) == ["unboxing.mp4"]
    lines = await stage.read(lambda store: store.evidence.lines(ORDER))
    assert [(line.path, line.gone_at is not None) for line in lines] == [
        ("listing/1.png", True),
        ("unboxing.mp4", False),
        ("listing/1.png", True),
    ]
    assert caplog.messages == [
        "evidence of order 1001: listing/1.png and 1 more noted",
        "evidence of order 1001: listing/1.png noted",
        "evidence of order 1001: listing/1.png no longer there",
    ]


async def test_what_is_in_the_way_is_logged_once(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "orderwatch.evidence")
    put(stage, "a.png")
    (stage.folder / "evidence" / ORDER / "odd\n\u202e\udcff.png").symlink_to("/etc/passwd")
    for _ in range(3):
        await stage.cycle.evidence.look(stage.now)
    odd = "odd \N{REPLACEMENT CHARACTER}.png"
    assert caplog.messages == [
        "evidence of order 1001: a.png noted",
        f"evidence of order 1001: {odd} is a link, and links are not followed: copy here what it leads to",
    ]


async def test_an_order_with_an_odd_id_has_a_safe_folder(stage: Stage) -> None:
    await stage.take(an_order(id="../x"), an_order(id=ORDER, title="Hub", parcels="LP1"))
    (stage.folder / "x").mkdir()
    (stage.folder / "x" / "1.png").write_bytes(PNG)
    put(stage, "2.png", order="../x")
    await stage.cycle.evidence.look(stage.now)
    assert await paths(stage, "../x") == ["2.png"]
    assert await paths(stage) is None


async def test_folders_of_nobody_are_left_alone(stage: Stage) -> None:
    for name in ("7731", "x~00000000", "\udcff", ".Trash"):
        (stage.folder / "evidence" / name).mkdir(parents=True)
        (stage.folder / "evidence" / name / "1.png").write_bytes(PNG)
    await stage.cycle.evidence.look(stage.now)
    assert await stage.rows("SELECT * FROM evidence") == []


async def test_a_folder_that_is_gone_is_no_longer_there(stage: Stage) -> None:
    put(stage, "a.png").unlink()
    await stage.cycle.evidence.look(stage.now)
    assert await paths(stage) == []
    (stage.folder / "evidence" / ORDER).rmdir()
    await stage.cycle.evidence.look(stage.now)
    assert await paths(stage) is None


async def test_a_root_that_is_gone_takes_nothing_along(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    put(stage, "a.png")
    await stage.cycle.evidence.look(stage.now)
    (stage.folder / "evidence").rename(stage.folder / "unmounted")
    for _ in range(2):
        await stage.cycle.evidence.look(stage.now)
    assert await paths(stage) == ["a.png"]
    root = stage.folder / "evidence"
    root.write_text("a file")
    await stage.cycle.evidence.look(stage.now)
    assert await paths(stage) == ["a.png"]
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        f"evidence: {root} is not there; what is known of it stays",
        f"evidence: {root} is a file, not a folder; what is known of it stays",
    ]


async def test_that_nobody_has_made_a_root_is_no_trouble(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.cycle.evidence.look(stage.now)
    assert caplog.records == []


# Reading


async def test_fingerprints_are_read_a_piece_at_a_time(stage: Stage) -> None:
    bodies = {"a.png": PNG, "b.mp4": MP4 + os.urandom(900)}
    for name, body in bodies.items():
        put(stage, name, body)
    evidence = stage.cycle.evidence
    await evidence.look(stage.now)
    passes = [await evidence.read(stage.now, 300) for _ in range(6)]
    assert passes == [1, 0, 0, 1, 0, 0]
    lines = await stage.read(lambda store: store.evidence.lines(ORDER))
    assert {line.path: line.sha256 for line in lines} == {
        name: sha256(body).hexdigest() for name, body in bodies.items()
    }


async def test_a_full_cycle_looks_before_it_thinks_and_reads_all_when_it_is_done(stage: Stage) -> None:
    put(stage, "chat.png")
    stage.source.tells(held("LP1"))
    await stage.cycle.once(stage.now)
    assert ready_line(stage.phone.inbox[0].body).endswith("(1 of 2 in your folder)")
    assert len(await stage.rows("SELECT * FROM evidence_hashes")) == 1
    before = await stage.read(lambda store: list(store.db.conn.iterdump()))
    await stage.cycle.once(stage.now)
    assert await stage.read(lambda store: list(store.db.conn.iterdump())) == before


async def test_it_is_done_in_a_thread_of_its_own_while_all_else_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(stage, "a.png")
    begun, go_on = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def slow(*arguments: Any) -> Any:
        threads.append(threading.current_thread())
        begun.set()
        assert go_on.wait(10)
        return look(*arguments)

    monkeypatch.setattr(watching, "look", slow)
    looking = asyncio.create_task(stage.cycle.evidence.look(stage.now))
    await asyncio.to_thread(begun.wait, 10)
    stage.source.tells(held("LP1"))
    await stage.pass_once()  # the store's thread and the loop are free
    assert stage.phone.titles == ["Customs hold: Hub"]
    go_on.set()
    await looking
    assert await paths(stage) == ["a.png"]
    assert [(thread.name, thread.daemon) for thread in threads] == [("evidence", True)]


async def test_a_fault_in_that_thread_is_heard_of(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    put(stage, "a.png")

    def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(watching, "look", broken)
    with pytest.raises(ZeroDivisionError):
        await stage.cycle.evidence.look(stage.now)


async def test_who_no_longer_waits_is_not_served(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []

    class Late(threading.Thread):
        def start(self) -> None:
            started.append(self)

    monkeypatch.setattr(watching, "Thread", Late)
    called: list[int] = []
    waiting = asyncio.create_task(watching._apart(lambda: called.append(1)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    (thread,) = started
    assert isinstance(thread, threading.Thread)
    thread.run()
    assert called == []


# Messages


async def test_a_file_makes_no_message_and_changes_the_next(stage: Stage) -> None:
    stage.source.tells(held("LP1"))
    await stage.pass_once()
    assert ready_line(stage.phone.inbox[0].body) == (
        "Keep: screenshot of the tracking, all messages with the seller, the note of customs, if you have one"
    )
    put(stage, "seguimiento.png")
    stage.later(minutes=1)
    before = await stage.rows("SELECT next_at FROM orders")
    await stage.cycle.evidence.look(stage.now)
    await stage.cycle.evidence.read(stage.now)
    await stage.pass_once()
    assert len(stage.phone.inbox) == 1
    assert await stage.rows("SELECT next_at FROM orders") == before
    stage.now += timedelta(days=2, hours=4)
    await stage.pass_once()
    assert stage.phone.titles == ["Customs hold: Hub", "Customs hold: Hub"]
    assert ready_line(stage.phone.inbox[1].body) == (
        "Have ready: all messages with the seller (1 of 2 in your folder)"
    )


async def test_when_all_is_there_it_says_so(stage: Stage) -> None:
    put(stage, "tracking.png")
    put(stage, "mensajes/1.png")
    stage.source.tells(held("LP1"))
    await stage.cycle.once(stage.now)
    assert ready_line(stage.phone.inbox[0].body) == "Keep: nothing is missing (2 of 2 in your folder)"


async def test_a_folder_that_is_empty_changes_nothing_in_a_message(stage: Stage) -> None:
    put(stage, "a.png").unlink()
    stage.source.tells(held("LP1"))
    await stage.cycle.once(stage.now)
    assert ready_line(stage.phone.inbox[0].body).startswith("Keep: screenshot of the tracking, all messages")


async def test_what_came_is_asked_for_once_it_is_here(stage: Stage) -> None:
    put(stage, "unboxing.mp4", MP4)
    stage.source.tells(moving("LP1", "2026-05-12 09:00", "delivered"))
    await stage.cycle.once(stage.now)
    stage.now += timedelta(days=13)
    await stage.cycle.once(stage.now)
    told = [ready_line(sent.body) for sent in stage.phone.inbox if "Have ready" in sent.body]
    assert told
    assert all(line.endswith("(1 of 6 in your folder)") for line in told)
    assert all("unboxing" not in line for line in told)


# Commands


def test_a_command_looks_at_one_order_and_does_not_read_for_long(tmp_path: Path) -> None:
    from tests.monitor.stage import NOW

    store = Store(tmp_path / "orderwatch.db")
    store.orders.take([an_order(id="1001"), an_order(id="../x")], NOW, lambda _: None)
    root = tmp_path / "evidence"
    assert look_at_order(store, root, "1001", NOW, most_bytes=150) is None
    for order in ("1001", "../x"):
        folder = root / folder_of(order)
        folder.mkdir(parents=True)
        (folder / "a.png").write_bytes(PNG)
        (folder / "b.png").write_bytes(PNG + b"2")
    assert look_at_order(store, root, "1001", NOW, most_bytes=0) is None
    assert store.db.execute("SELECT count(*) FROM evidence_hashes").fetchone() == (0,)
    assert look_at_order(store, root, "1001", NOW, most_bytes=150) is None
    assert [line.sha256 is not None for line in store.evidence.lines("1001")] == [True, False]
    assert store.evidence.lines("../x") == []
    assert look_at_order(store, root, "../x", NOW, most_bytes=150) is None
    assert [line.path for line in store.evidence.lines("../x")] == ["a.png", "b.png"]
    root.rename(tmp_path / "gone")
    assert look_at_order(store, root, "1001", NOW, most_bytes=150) == "is not there"
    assert len([line for line in store.evidence.lines("1001") if line.gone_at is None]) == 2
    root.write_text("a file")
    assert look_at_order(store, root, "1001", NOW, most_bytes=150) == "is a file, not a folder"
    root.unlink()
    root.mkdir()
    assert look_at_order(store, root, "1001", NOW, most_bytes=150) is None
    assert store.evidence.with_folder() == ["../x"]
    store.close()


async def test_two_who_look_at_once_note_it_once(stage: Stage) -> None:
    put(stage, "a.png")
    other = Watch(stage.folder / "evidence", stage.database)
    await asyncio.gather(*(watch.look(stage.now) for watch in (stage.cycle.evidence, other) * 3))
    await asyncio.gather(*(watch.read(stage.now) for watch in (stage.cycle.evidence, other)))
    assert len(await stage.rows("SELECT * FROM evidence")) == 1
    assert len(await stage.rows("SELECT * FROM evidence_hashes")) == 1
    assert await stage.rows("SELECT * FROM evidence_gone") == []
