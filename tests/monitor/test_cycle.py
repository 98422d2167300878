"""All passes, one after the other, over starts, crashes and changed configurations."""

import asyncio
import logging
from datetime import date, timedelta
from pathlib import Path

import pytest

from carriers.files import Files
from monitor.assess import Assessed
from monitor.carrier import Unreachable
from monitor.cycle import CycleReport
from monitor.deliver import Delivered
from monitor.notifier import Failure, NotifierError
from monitor.poll import Polled
from monitor.store.orders import Standing
from monitor.store.records import OrderRecord
from tests.monitor.stage import CONFIG, NOW, Phone, Scripted, Stage, held, moving, orders

HUB = '[[orders]]\nid = "8190000000007731"\ntitle = "USB hub"\nshipped_on = 2026-05-03\nparcels = ["LP1"]\n'
LAMP = '[[orders]]\nid = "8190000000008842"\ntitle = "Lamp"\nshipped_on = 2026-05-04\nparcels = ["LP2"]\n'
HUB_ID = "8190000000007731"


def write(stage: Stage, text: str) -> None:
    (stage.folder / "orders.toml").write_text(text, encoding="utf-8")


async def dump(stage: Stage) -> list[str]:
    return await stage.read(lambda store: list(store.db.conn.iterdump()))


# Once


async def test_once_does_all_there_is_to_do(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB + LAMP + LAMP)
        stage.source.tells(held("LP1"))
        report = await stage.cycle.once(NOW)
        (refused,) = report.refused
        assert report == CycleReport(
            at=NOW,
            orders=2,
            polled=Polled(polled=2, failed=1, opened=1),
            assessed=Assessed(orders=1),
            delivered=Delivered(sent=len(stage.phone.inbox)),
            refused=(refused,),
        )
        assert report.opened == 1
        assert stage.phone.titles[0] == "Customs hold: USB hub"


async def test_a_changed_tracking_file_is_read_at_once(tmp_path: Path) -> None:
    (tmp_path / "tracking").mkdir()
    told = tmp_path / "tracking" / "hub.json"
    told.write_text('{"number": "LP1", "status": "in_transit"}', encoding="utf-8")
    source = Files(adapter="files", path=str(tmp_path / "tracking"))
    async with Stage(tmp_path, sources={"files": source}) as stage:
        write(stage, HUB)

        async def looked(minutes: int) -> Polled:
            stage.now = NOW + timedelta(minutes=minutes)
            return (await stage.cycle.once(stage.now)).polled

        assert (await looked(0)).polled == 1
        assert (await looked(5)).polled == 0
        told.write_text('{"number": "LP1", "status": "customs_hold"}', encoding="utf-8")
        assert (await looked(10)).polled == 1
        assert stage.phone.titles == ["Customs hold: USB hub"]
        told.unlink()
        (tmp_path / "tracking").rmdir()
        assert await looked(15) == Polled(1, 1, 0)


async def test_once_more_at_the_same_instant_does_nothing(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB + LAMP)
        stage.source.tells(held("LP1"), moving("LP2"))
        first = await stage.cycle.once(NOW)
        assert (first.polled.polled, first.delivered.sent) == (2, 1)
        before, asked, told = await dump(stage), list(stage.source.asked), list(stage.phone.inbox)
        for again in range(3):
            report = await stage.cycle.once(NOW)
            assert report == CycleReport(at=NOW, orders=2)
            assert (stage.source.asked, stage.phone.inbox) == (asked, told)
            assert await dump(stage) == before
            if again == 1:
                await stage.restart()


async def test_once_after_failures_does_nothing_more_either(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        stage.source.fails(Unreachable("gone"))
        stage.phone.fails(NotifierError("off", Failure.TEMPORARY))
        stage.now = NOW + timedelta(days=37)
        first = await stage.cycle.once(stage.now)
        assert first.failing == ("source scripted: gone", "channel phone: off")
        assert first.queued == 2  # late, and the protection ends
        second = await stage.cycle.once(stage.now)
        assert (second.polled, second.delivered, second.queued) == (Polled(), Delivered(), 2)


async def test_a_full_life_of_an_order(tmp_path: Path) -> None:
    """From the first scan to the last reminder: every stage once, in its turn, hour by hour."""
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        stage.source.tells(moving("LP1", "2026-05-06 09:00"))
        for hour in range(24 * 25):
            if hour == 24 * 2:
                stage.source.tells(held("LP1", "2026-05-14 11:00"))
            if hour == 24 * 6:
                stage.source.tells(moving("LP1", "2026-05-18 11:30"))
            if hour == 24 * 9:
                stage.source.tells(moving("LP1", "2026-05-21 11:30", "delivered"))
            await stage.cycle.once(stage.now)
            stage.later(hours=1)
        assert stage.phone.titles == [
            "Customs hold: USB hub",
            "Out of customs: USB hub",
            "Delivered: USB hub",
            "Is it here? USB hub",
            "App may lag behind: USB hub",
            "Check the goods: USB hub",
            "Check the goods now: USB hub",
            "Last check of the goods: USB hub",
        ]
        assert (await stage.order(HUB_ID)).parcels[0].look.next_poll_at is None


# A start


async def test_what_dates_depend_on_has_every_order_thought_about(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP2"))
        stage.source.tells(moving("LP1"), moving("LP2"))
        await stage.pass_once()

        async def due() -> list[str]:
            return await stage.read(lambda store: sorted(store.orders.due(stage.now, 10)))

        async def read_in_full() -> list[bool]:
            rows = await stage.rows("SELECT fingerprint IS NULL FROM lookups ORDER BY number")
            return [bool(forgotten) for (forgotten,) in rows]

        await stage.restart()
        assert (await due(), await read_in_full()) == ([], [False, False])
        for config in (
            CONFIG.replace("Europe/Madrid", "Asia/Tokyo"),
            CONFIG + "[policies.aliexpress]\nprotection_days = 75\n",
            CONFIG + "holidays = [2026-12-25]\n",
        ):
            stage.configure(config)
            await stage.restart()
            assert (await due(), await read_in_full()) == (["1001", "1002"], [True, True])
            stage.later(hours=8)
            await stage.pass_once()
            await stage.restart()
            assert (await due(), await read_in_full()) == ([], [False, False])
        stage.configure(config + "retention_days = 30\n")
        await stage.restart()
        assert await due() == []


async def test_another_number_of_the_policy_moves_the_deadline(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001:"))
        await stage.pass_once()
        before = await safe_until(stage)
        stage.configure(CONFIG + "[policies.aliexpress]\nprotection_days = 75\n")
        await stage.restart()
        await stage.pass_once()
        assert await safe_until(stage) - before == 15 * 86_400_000_000


async def safe_until(stage: Stage) -> int:
    ((found,),) = await stage.rows("SELECT safe_until FROM orders")
    assert isinstance(found, int)
    return found


async def test_parcels_of_a_source_that_is_gone_go_elsewhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    first, second = Scripted(adapter="x", accepts="XX.*"), Scripted(adapter="x")
    async with Stage(tmp_path, sources={"first": first, "second": second}) as stage:
        await stage.take(*orders("1001: XX1 LP1"))
        await stage.pass_once()
        assert (first.asked, second.asked) == ([("XX1",)], [("LP1",)])
        stage._sources = {"second": second}
        stage.configure(CONFIG)
        await stage.restart()
        assert "parcel XX1 is now looked up at second" in caplog.messages
        await stage.pass_once()
        assert second.asked == [("LP1",), ("XX1",)]
        stage._sources = {"first": first}
        stage.configure(CONFIG)
        await stage.restart()
        assert "parcel LP1 is now looked up at no source: none accepts it" in caplog.messages
        assert [health.name for health in await stage.read(lambda store: store.health.sources())] == []


async def test_what_waits_for_a_channel_that_is_gone_is_dropped(tmp_path: Path) -> None:
    phone, mail = Phone(adapter="x"), Phone(adapter="x")
    async with Stage(tmp_path, channels={"phone": phone, "mail": mail}) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        for channel in (phone, mail):
            channel.fails(NotifierError("off", Failure.TEMPORARY))
        await stage.pass_once()
        stage._channels = {"mail": mail}
        stage.configure(CONFIG)
        await stage.restart()
        mail.works()
        stage.later(hours=1)
        await stage.pass_once()
        assert mail.titles == ["Customs hold: Order 1001"]
        assert await stage.read(lambda store: store.outbox.waiting()) == 0
        assert await stage.read(lambda store: store.health.channels()) == []


async def test_budgets_of_before_count(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.database.write(lambda store: store.health.spend("scripted", date(2026, 5, 12), 7))
        await stage.restart()
        assert stage.transport.spent["scripted"].requests == 7


# Side by side


async def test_order_files_do_not_come_in_while_somebody_thinks(tmp_path: Path) -> None:
    """What was decided on the old facts would be stored over the new ones."""
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        await stage.cycle.read_orders(NOW)
        thought: OrderRecord = await stage.order(HUB_ID)
        async with stage.database.thinking:
            write(stage, HUB.replace("2026-05-03", "2026-05-09"))
            reading = asyncio.create_task(stage.cycle.read_orders(NOW))
            await asyncio.sleep(0.05)
            assert await stage.order(HUB_ID) == thought
            late = Standing(HUB_ID, thought.phase, None, None, NOW + timedelta(days=9))
            await stage.database.write(lambda store: store.orders.stand([late]))
        await reading
        assert await stage.read(lambda store: store.orders.next_due()) != late.next_at


@pytest.mark.parametrize("restarted", [True, False])
async def test_a_clock_that_was_years_ahead_loses_nothing(tmp_path: Path, restarted: bool) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        stage.source.tells(moving("LP1", "2026-05-06 09:00"))
        stage.now = NOW + timedelta(days=1500)
        await stage.restart()
        await stage.cycle.once(stage.now)
        assert await stage.read(lambda store: store.orders.count()) == 0
        stage.now = NOW
        await (stage.restart() if restarted else stage.cycle.follow_clock(stage.now))
        await stage.cycle.once(stage.now)
        assert (await stage.parcel("LP1")).look.last_success_at == NOW
        assert await stage.read(lambda store: store.orders.count()) == 1
        stage.now = NOW + timedelta(days=48)
        stage.phone.inbox.clear()
        await stage.cycle.once(stage.now)
        assert ("protection_ending", "3d") in [(it.rule, it.stage) for it in stage.phone.inbox]
