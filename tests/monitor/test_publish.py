"""Stories of deadlines in a calendar: they move, are cancelled, and come back, always as the same ones."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor import publish
from monitor.core.case import JournalEntry
from monitor.core.model import Order
from monitor.core.published import KEPT, Published
from monitor.publish import AGAIN, publish_all
from tests.monitor.core.facts import ORDER, a_scan, an_entry, an_order, at, shown
from tests.monitor.core.facts import day as a_day
from tests.monitor.stage import CONFIG, Stage, moving
from tests.monitor.test_ical import Read, read_by_ical

WITH_CALENDAR = f'{CONFIG}[calendar]\npath = "deadlines.ics"\n'
PROTECTION = "Protection ends: USB hub"


class Desk(Stage):
    """A stage whose owner subscribes to the file."""

    @property
    def file(self) -> Path:
        return self.folder / "deadlines.ics"

    async def keep(self) -> None:
        """What the service does again and again."""
        await self.cycle.think(self.now)
        await self.cycle.keeper.keep(self.now)

    async def record(self, text: str) -> None:
        """Notes now what the user did."""
        entry = an_entry(f"2026-01-01 00:00 {text}")
        await self.record_entry(replace(entry, at=self.now))

    async def record_entry(self, entry: JournalEntry) -> None:
        await self.database.write(lambda store: store.orders.record(ORDER, entry, self.now))
        await self.keep()

    async def tell(self, **changes: Any) -> None:
        """The order's file says something else."""
        await self.take(an_order(parcels="LP1", **changes))
        await self.keep()

    def events(self) -> list[Read]:
        return read_by_ical(self.file.read_bytes())

    def told(self) -> list[str]:
        """`Protection ends: USB hub, 2026-07-03 00:00, 0` and ` cancelled` behind what is."""
        return [
            f"{it.summary}, {shown(it.ends)}, {it.sequence}{' cancelled' * (it.status == 'CANCELLED')}"
            for it in self.events()
        ]


@asynccontextmanager
async def a_desk(folder: Path, config: str = WITH_CALENDAR, *orders: Order) -> AsyncIterator[Desk]:
    async with Desk(folder, config=config) as desk:
        desk.source.tells(moving("LP1"))
        await desk.take(*(orders or (an_order(parcels="LP1"),)))
        await desk.pass_once()
        await desk.keep()
        yield desk


async def test_a_deadline_that_moves_is_the_same_on_another_day(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        assert desk.told() == [f"{PROTECTION}, 2026-07-03 00:00, 0"]
        (before,) = desk.events()
        desk.later(days=1)
        await desk.tell(protection_until="2026-07-20")
        (after,) = desk.events()
        assert desk.told() == [f"{PROTECTION}, 2026-07-21 00:00, 1"]
        assert after.uid == before.uid
        assert (before.stamp, after.stamp) == (at("2026-05-12 12:00"), at("2026-05-13 12:00"))
        assert (before.modified, after.modified) == (before.stamp, after.stamp)
        assert "your order file says" in after.description


async def test_a_dispute_cancels_it_and_its_end_brings_it_back(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        (before,) = desk.events()
        desk.later(days=3)
        await desk.record("dispute-opened reason=quality")
        assert desk.told() == [
            "Settled for you? USB hub, 2026-05-31 09:30, 0",
            "Decision due: USB hub, 2026-06-15 09:30, 0",
            f"{PROTECTION}, 2026-07-03 00:00, 1 cancelled",
        ]
        desk.later(days=2)
        await desk.record("dispute-cancelled")
        assert desk.told() == [
            "Settled for you? USB hub, 2026-05-31 09:30, 1 cancelled",
            "Decision due: USB hub, 2026-06-15 09:30, 1 cancelled",
            f"{PROTECTION}, 2026-07-03 00:00, 2",
        ]
        back = desk.events()[-1]
        assert (back.uid, back.stamp) == (before.uid, desk.now)
        assert len(back.alarms) == 5
        desk.later(days=1)
        await desk.record("dispute-opened reason=quality")
        assert [it.sequence for it in desk.events()] == [2, 2, 3]


async def test_undo_brings_back_what_a_mistake_cancelled(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        await desk.record("closed")
        assert desk.told() == [f"{PROTECTION}, 2026-07-03 00:00, 1 cancelled"]
        assert (await desk.order(ORDER)).phase == "finished"
        await desk.record("undo")
        assert desk.told() == [f"{PROTECTION}, 2026-07-03 00:00, 2"]


async def test_an_offer_is_answered_and_the_next_one_is_the_same_event(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        await desk.record("dispute-opened reason=quality")
        await desk.record("offer due=2026-05-16T18:00")
        (offer,) = [it for it in desk.events() if "offer" in it.summary]
        assert [shown(alarm) for alarm in offer.alarms] == [
            "2026-05-14 18:00",
            "2026-05-15 18:00",
            "2026-05-16 06:00",
            "2026-05-16 12:00",
        ]
        desk.later(days=1)
        await desk.record("answered")
        assert "Answer the offer: USB hub, 2026-05-16 18:00, 1 cancelled" in desk.told()
        desk.later(days=1)
        await desk.record("request due=2026-05-20T18:00")
        (request,) = [it for it in desk.events() if "Answer" in it.summary]
        assert (request.uid, request.sequence, request.status) == (offer.uid, 2, "CONFIRMED")
        assert request.summary == "Answer needed: USB hub"


async def test_a_parcel_is_collected(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.source.tells(
            replace(
                moving("LP1", "2026-05-12 13:00", "available_for_pickup"), pickup_until=at("2026-05-20 20:00")
            )
        )
        desk.later(hours=30)
        await desk.pass_once()
        await desk.keep()
        assert desk.told()[0] == "Collect it: USB hub, 2026-05-20 20:00, 0"
        delivered = (
            a_scan("2026-05-12 13:00", "available_for_pickup"),
            a_scan("2026-05-14 10:00", "delivered"),
        )
        desk.source.tells(replace(moving("LP1", "2026-05-14 10:00", "delivered"), events=delivered))
        desk.later(hours=30)
        await desk.pass_once()
        await desk.keep()
        assert desk.told() == [
            "Collect it: USB hub, 2026-05-20 20:00, 1 cancelled",
            "Days to complain end: USB hub, 2026-05-29 10:00, 0",
            f"{PROTECTION}, 2026-07-03 00:00, 1",
        ]
        assert "It is sure only until Fri 29 May 10:00" in desk.events()[-1].description


async def test_what_has_passed_and_what_was_cancelled_stay_for_a_month(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        content = desk.file.read_bytes()
        desk.now = at("2026-07-03 00:00")
        await desk.keep()
        assert desk.file.read_bytes() == content, "that time has passed is no change"
        desk.now = at("2026-07-03 00:00") + KEPT
        await desk.keep()
        assert desk.events() == []
        await desk.tell(protection_until="2026-09-20")
        assert desk.told() == [f"{PROTECTION}, 2026-09-21 00:00, 1"]
        await desk.record("closed")
        assert [it.status for it in desk.events()] == ["CANCELLED"]
        desk.now += KEPT
        await desk.keep()
        assert desk.events() == []
        await desk.record("undo")
        assert desk.told() == [f"{PROTECTION}, 2026-09-21 00:00, 3"], "whoever has it, follows"


# Nothing changes unless something has changed.


async def test_the_same_state_is_the_same_file(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        content, touched = desk.file.read_bytes(), desk.file.stat().st_mtime_ns
        for _ in range(30):
            desk.later(hours=23)
            await desk.pass_once()
            await desk.keep()
        assert desk.file.read_bytes() == content
        assert desk.file.stat().st_mtime_ns == touched
        desk.file.unlink()
        desk.later(hours=1)
        await desk.keep()
        assert desk.file.read_bytes() == content, "also the one that is made anew"


async def test_a_restart_changes_nothing(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        content = desk.file.read_bytes()
        desk.later(hours=5)
        await desk.restart()
        await desk.keep()
        assert desk.file.read_bytes() == content


async def test_another_database_has_other_names_for_the_same_order(tmp_path: Path) -> None:
    names = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        async with a_desk(tmp_path / folder) as desk:
            names += [it.uid for it in desk.events()]
    assert len(set(names)) == 2
    assert not any("7731" in name for name in names)
    assert all(name.endswith("@orderwatch") for name in names)


async def test_each_deadline_has_a_name_of_its_own(tmp_path: Path) -> None:
    orders = [an_order(id=str(number), parcels=f"LP{number}") for number in range(5)]
    async with a_desk(tmp_path, WITH_CALENDAR, *orders) as desk:
        assert len({it.uid for it in desk.events()}) == 5


# What the configuration says.


async def test_without_a_path_nothing_is_published(tmp_path: Path) -> None:
    async with a_desk(tmp_path, CONFIG) as desk:
        assert not desk.file.exists()
        assert await desk.rows("SELECT count(*) FROM calendar") == [(0,)]
        assert await desk.rows("SELECT count(*) FROM calendar_due") == [(0,)]
        desk.configure(WITH_CALENDAR)
        await desk.restart()
        await desk.keep()
        assert desk.told() == [f"{PROTECTION}, 2026-07-03 00:00, 0"]


async def test_what_happened_while_there_was_no_path_is_made_up_for(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.configure(CONFIG)
        await desk.restart()
        await desk.record("closed")
        assert [it.status for it in desk.events()] == ["CONFIRMED"]
        desk.configure(WITH_CALENDAR)
        await desk.restart()
        await desk.keep()
        assert [it.status for it in desk.events()] == ["CANCELLED"]


async def test_another_language_is_told_once(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.configure(f'language = "es"\n{WITH_CALENDAR}')
        await desk.restart()
        await desk.keep()
        await desk.keep()
        assert desk.told() == ["Fin de la protección: USB hub, 2026-07-03 00:00, 1"]


async def test_another_number_of_the_policy_moves_every_deadline(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.configure(f"{WITH_CALENDAR}[policies.aliexpress]\nprotection_days = 75\n")
        await desk.restart()
        await desk.keep()
        assert desk.told() == [f"{PROTECTION}, 2026-07-18 00:00, 1"]


@pytest.mark.parametrize(
    ("tables", "summary"),
    [
        ('[calendar]\npath = "deadlines.ics"\nprivacy = "none"\n', "orderwatch: something needs you"),
        (
            '[calendar]\npath = "deadlines.ics"\n[alerts]\nprivacy = "none"\n',
            "orderwatch: something needs you",
        ),
        (
            '[calendar]\npath = "deadlines.ics"\nprivacy = "short"\n[alerts]\nprivacy = "none"\n',
            PROTECTION,
        ),
    ],
)
async def test_how_much_it_shows(tmp_path: Path, tables: str, summary: str) -> None:
    async with a_desk(tmp_path, CONFIG + tables) as desk:
        (event,) = desk.events()
        assert event.summary == summary
        assert b"7731" not in desk.file.read_bytes()


async def test_what_was_cancelled_tells_no_more_than_the_new_privacy_allows(tmp_path: Path) -> None:
    hub, lamp = an_order(parcels="LP1"), an_order(id="8842", title="Lamp")
    async with a_desk(tmp_path, WITH_CALENDAR, hub, lamp) as desk:
        await desk.record("closed")
        assert len(desk.events()) == 2
        desk.configure(f'{WITH_CALENDAR}privacy = "none"\n')
        await desk.restart()
        await desk.keep()
        assert desk.told() == ["orderwatch: something needs you, 2026-07-03 00:00, 1"]
        assert b"hub" not in desk.file.read_bytes()


# What goes wrong.


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [it.message for it in caplog.records if "calendar" in it.message]


async def test_a_file_that_cannot_be_written_is_told_once_and_so_is_that_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    config = f'{CONFIG}[calendar]\npath = "gone/deadlines.ics"\n'
    async with a_desk(tmp_path, config) as desk:
        for _ in range(3):
            await desk.keep()
        path = tmp_path / "gone" / "deadlines.ics"
        told = f"the calendar {path} cannot be written: there is no folder {path.parent}"
        assert lines(caplog) == [f"{told}; it is tried again"]
        assert desk.cycle.keeper.problem == told
        path.parent.mkdir()
        await desk.keep()
        await desk.keep()
        assert lines(caplog)[1:] == [f"the calendar {path} can be written again"]
        assert [desk.cycle.keeper.problem] == [None]
        assert [it.summary for it in read_by_ical(path.read_bytes())] == [PROTECTION]
        path.unlink()
        path.mkdir()
        desk.later(hours=1)
        await desk.keep()
        assert len(lines(caplog)) == 3, "it may break again"


async def test_a_file_that_cannot_be_written_keeps_nobody_from_being_told(tmp_path: Path) -> None:
    config = f'{CONFIG}[calendar]\npath = "gone/deadlines.ics"\n'
    async with a_desk(tmp_path, config) as desk:
        desk.now = at("2026-06-18 09:00")
        report = await desk.cycle.once(desk.now)
        assert any("Protection ending" in title for title in desk.phone.titles)
        assert [it for it in report.failing if "calendar" in it] == [desk.cycle.keeper.problem]


async def test_a_folder_that_hangs_holds_up_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = threading.Event()
    async with a_desk(tmp_path) as desk:
        monkeypatch.setattr(publish, "write_calendar", lambda path, content: hangs.wait(20))
        desk.now = at("2026-06-18 09:00")
        keeping = asyncio.create_task(desk.cycle.keeper.keep(desk.now))
        try:
            await asyncio.wait_for(desk.pass_once(), 10)
            assert not keeping.done()
            assert any("Protection ending" in title for title in desk.phone.titles)
        finally:
            hangs.set()
        await keeping


async def test_an_order_that_brings_a_fault_to_light_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entries_of = publish.entries_of

    def faulty(record: Any, *rest: Any) -> Any:
        if record.order.id == "2":
            raise RuntimeError("a fault of ours")
        return entries_of(record, *rest)

    orders = [an_order(id=str(number), title=f"Order {number}") for number in (1, 2, 3)]
    async with a_desk(tmp_path, WITH_CALENDAR, *orders) as desk:
        monkeypatch.setattr(publish, "entries_of", faulty)
        await desk.take(*(replace(order, protection_until=a_day("2026-07-20")) for order in orders))
        await desk.keep()
        await desk.keep()
        assert sorted(desk.told()) == [
            "Protection ends: Order 1, 2026-07-21 00:00, 1",
            "Protection ends: Order 2, 2026-07-03 00:00, 0",
            "Protection ends: Order 3, 2026-07-21 00:00, 1",
        ]
        told = [it for it in caplog.records if "please report it" in it.message]
        assert [it.message for it in told] == ["calendar, order 2: a fault of orderwatch; please report it"]


async def test_a_file_that_somebody_deleted_comes_back_within_the_hour(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.file.unlink()
        desk.now += AGAIN - (at("2026-05-12 12:01") - at("2026-05-12 12:00"))
        await desk.keep()
        assert not desk.file.exists()
        desk.later(minutes=1)
        await desk.keep()
        assert desk.file.exists()


# Many orders, and other files of the same database.


async def test_more_orders_than_fit_into_one_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "SLICE", 7)
    monkeypatch.setattr(publish, "BREATH", 2)
    orders = [an_order(id=str(number)) for number in range(30)]
    async with a_desk(tmp_path, WITH_CALENDAR, *orders) as desk:
        assert len(desk.events()) == 30
        all_of_it = await desk.read(lambda store: publish_all(store, desk.runtime, desk.now))
        assert len(all_of_it) == 30


def sequences(published: Sequence[Published]) -> list[int]:
    return [one.sequence for one in published]


async def test_what_is_published_beside_the_service_reaches_its_file_too(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        entry = replace(an_entry("2026-01-01 00:00 closed"), at=desk.now)
        await desk.database.write(lambda store: store.orders.record(ORDER, entry, desk.now))
        beside = await desk.read(lambda store: publish_all(store, desk.runtime, desk.now))
        assert [(one.sequence, one.cancelled) for one in beside] == [(1, True)]
        await desk.keep()
        assert desk.told() == [f"{PROTECTION}, 2026-07-03 00:00, 1 cancelled"]


async def test_what_is_only_supposed_is_not_remembered(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        before = await desk.rows("SELECT * FROM calendar")
        await desk.take(an_order(parcels="LP1", protection_until="2026-07-20"))

        def supposed(day: str) -> Any:
            return lambda store: publish_all(store, desk.runtime, at(day), remember=False)

        for _ in range(2):
            then = await desk.read(supposed("2026-06-01 00:00"))
            assert sequences(then) == [1]
            assert [shown(one.entry.ends) for one in then] == ["2026-07-21 00:00"]
        assert await desk.read(supposed("2026-10-01 00:00")) == []
        assert await desk.rows("SELECT * FROM calendar") == before
        await desk.keep()
        assert desk.told() == [f"{PROTECTION}, 2026-07-21 00:00, 1"]
