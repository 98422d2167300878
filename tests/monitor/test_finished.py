"""An order that has come to its end rests: nobody looks, nobody wakes up, nobody hears of it; and what
wakes it again does so at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.carrier import Source, Unreachable
from monitor.core.model import Order, Parcel, Phase
from monitor.notifier import Failure, NotifierError
from monitor.store import Store
from tests.monitor.core.facts import an_entry, an_order, at, shown
from tests.monitor.stage import CONFIG, Scripted, Stage, held, moving

DIGEST = CONFIG + '[alerts]\ndigest_at = "18:30"\n'


def hub(**changes: Any) -> Order:
    return an_order(**{"id": "1001", "title": "Hub", "parcels": "LP1"} | changes)


async def record(stage: Stage, *events: str) -> None:
    """Has the buyer record something, as of now."""
    local = stage.now.astimezone(stage.runtime.days.zone)
    entries = [an_entry(f"{local:%Y-%m-%d %H:%M} {event}") for event in events]

    def write(store: Store) -> None:
        for entry in entries:
            store.orders.record("1001", entry, stage.now)

    await stage.database.write(write)


async def phase(stage: Stage) -> Phase:
    return (await stage.order("1001")).phase


async def at_rest(stage: Stage) -> None:
    """Months pass, and nothing at all happens."""
    assert await phase(stage) is Phase.FINISHED
    stage.source.asked.clear()
    stage.phone.inbox.clear()
    for _ in range(12):
        stage.later(days=10)
        await stage.pass_once()
        assert await stage.read(lambda store: store.orders.next_due()) is None
        assert await stage.read(lambda store: store.lookups.next_due()) is None
        assert await stage.read(lambda store: store.outbox.next_due()) is None
    assert (stage.source.asked, stage.phone.titles) == ([], [])


@dataclass(frozen=True, slots=True)
class End:
    """A way to come to an end: what the buyer records, how many days pass then, and what tracking says."""

    records: tuple[str, ...]
    days: int = 0
    status: str = "in_transit"


ENDS: Mapping[str, End] = {
    "closed": End(("closed",)),
    "all fine": End(("all-fine",)),
    "the money is back": End(("dispute-opened", "agreed", "refund-received")),
    "received, and the 15 days are over": End(("received",), 16, "delivered"),
    "the last window closed long ago": End((), 120),
}


async def an_end(stage: Stage, end: End) -> None:
    await stage.take(hub())
    stage.source.tells(moving("LP1", status=end.status))
    await stage.pass_once()
    await record(stage, *end.records)
    for _ in range(end.days + 1):
        await stage.pass_once()
        stage.later(days=1)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_what_has_ended_rests(tmp_path: Path, end: End) -> None:
    async with Stage(tmp_path, config=DIGEST) as stage:
        await an_end(stage, end)
        await at_rest(stage)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_a_dispute_wakes_what_has_ended(tmp_path: Path, end: End) -> None:
    async with Stage(tmp_path) as stage:
        await an_end(stage, end)
        stage.phone.inbox.clear()
        await record(stage, "dispute-opened")
        await stage.cycle.think(stage.now)
        assert await phase(stage) is Phase.DISPUTED
        for _ in range(14):
            await stage.pass_once()
            stage.later(days=1)
        assert {"seller_response_due", "escalation_available"} <= {it.rule for it in stage.phone.inbox}


@pytest.mark.parametrize("event", ["closed", "all-fine", "refund-received"])
async def test_what_is_taken_back_wakes_it(tmp_path: Path, event: str) -> None:
    async with Stage(tmp_path) as stage:
        await an_end(stage, End((event,)))
        assert await phase(stage) is Phase.FINISHED
        await record(stage, "undo")
        await stage.cycle.think(stage.now)
        assert await phase(stage) is Phase.SHIPPED
        stage.source.asked.clear()
        stage.source.tells(held("LP1", "2026-05-12 20:00"))
        await stage.pass_once()
        assert stage.source.asked == [("LP1",)]
        assert stage.phone.titles[-1] == "Customs hold: Hub"


@pytest.mark.parametrize("owed", ["charged-twice", "refund-issued", "return-approved"])
async def test_money_that_is_owed_is_not_forgotten_with_time(tmp_path: Path, owed: str) -> None:
    async with Stage(tmp_path) as stage:
        await an_end(stage, End((owed, "received"), 120, "delivered"))
        assert await phase(stage) is Phase.DELIVERED
        await record(stage, "refund-received")
        await stage.pass_once()
        await at_rest(stage)


# What comes in finished


@pytest.mark.parametrize(
    "order",
    [hub(status="finished"), hub(shipped_on="2024-05-03"), hub(shipped_on=None, ordered_on="2024-05-01")],
    ids=["the marketplace says so", "shipped long ago", "ordered long ago"],
)
async def test_what_is_over_when_it_comes_in_is_never_looked_up(tmp_path: Path, order: Order) -> None:
    async with Stage(tmp_path, config=DIGEST) as stage:
        await stage.take(order)
        await stage.cycle.poll(stage.now)
        assert stage.source.asked == []
        await stage.pass_once()
        assert (stage.source.asked, stage.phone.titles) == ([], [])
        await at_rest(stage)


async def test_a_parcel_that_another_order_waits_for_is_looked_up_all_the_same(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(hub(status="finished"), hub(id="1002", title="Lamp"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Lamp"]


# What does not wake it


async def listed_again(stage: Stage) -> None:
    await stage.take()
    assert (await stage.order("1001")).unlisted_at is not None
    await stage.take(hub())
    assert (await stage.order("1001")).unlisted_at is None


async def another_title(stage: Stage) -> None:
    await stage.take(hub(title="USB hub", notes="kept"))


async def another_parcel(stage: Stage) -> None:
    await stage.take(hub(parcels="LP1 LP2"))


async def a_source_of_its_own(stage: Stage) -> None:
    await stage.take(hub(parcels=(Parcel("LP1", "scripted"), Parcel("LP2", "scripted"))))


async def another_source(stage: Stage) -> None:
    stage._sources = {"other": stage.source}
    stage.configure(CONFIG)
    await stage.restart()


async def the_clock_is_set_back(stage: Stage) -> None:
    """It is thought about anew, and that is all."""
    stage.now -= timedelta(hours=6)
    await stage.restart()
    await stage.pass_once()


@pytest.mark.parametrize(
    "what",
    [listed_again, another_title, another_parcel, a_source_of_its_own, another_source, the_clock_is_set_back],
    ids=lambda what: what.__name__,
)
async def test_what_does_not_wake_it(tmp_path: Path, what: Any) -> None:
    async with Stage(tmp_path) as stage:
        await an_end(stage, ENDS["closed"])
        await what(stage)
        stage.source.asked.clear()
        await stage.cycle.poll(stage.now)
        assert stage.source.asked == []
        await stage.pass_once()
        await at_rest(stage)


async def test_a_longer_protection_in_its_file_wakes_what_only_time_had_ended(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await an_end(stage, ENDS["the last window closed long ago"])
        assert await phase(stage) is Phase.FINISHED
        await stage.take(hub(protection_until="2026-12-01"))
        await stage.cycle.think(stage.now)
        assert await phase(stage) is Phase.SHIPPED
        assert (await stage.parcel("LP1")).look.next_poll_at is not None


# What was on its way when it ended


async def test_what_may_have_arrived_is_not_repeated(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(hub())
        stage.source.tells(held("LP1"))
        stage.phone.fails(NotifierError("no answer", Failure.AMBIGUOUS))
        await stage.pass_once()
        stage.phone.works()
        await record(stage, "closed")
        await stage.pass_once()
        await at_rest(stage)


async def test_what_was_put_off_is_not_said(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(hub())
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        await stage.database.write(
            lambda store: store.db.execute(
                "UPDATE alerts SET state = 'snoozed', snoozed_until = ?",
                [int((stage.now + timedelta(days=1)).timestamp() * 1e6)],
            )
        )
        await record(stage, "closed")
        await stage.pass_once()
        await at_rest(stage)


async def test_what_was_noted_for_the_digest_is_not_in_it(tmp_path: Path) -> None:
    """A dispute can be opened about both in the morning; one is closed at noon."""
    async with Stage(tmp_path, now=at("2026-05-14 08:00"), config=DIGEST) as stage:
        await stage.take(hub(parcels=""), hub(id="1002", title="Lamp", parcels=""))
        for _ in range(4):
            await stage.pass_once()
            stage.later(hours=1)
        await record(stage, "closed")
        for _ in range(8):
            await stage.pass_once()
            stage.later(hours=1)
        [digest] = [it.body for it in stage.phone.inbox if it.rule == "digest"]
        assert "Dispute possible: Lamp" in digest
        assert "Hub" not in digest


async def test_a_source_that_nobody_needs_any_more_is_not_told_to_be_blind(tmp_path: Path) -> None:
    """Nor that it works again: nobody knows. Once the order wakes, it is."""
    other = Scripted(adapter="other")
    sources: dict[str, Source] = {"other": other}
    async with Stage(tmp_path, sources=sources) as stage:
        other.fails(Unreachable("nobody answers there"))
        await stage.take(hub())
        for _ in range(30):
            await stage.pass_once()
            stage.later(hours=1)
        assert "Cannot read: other" in stage.phone.titles
        assert await stage.cycle.check_up(stage.now) == ["source other"]
        await record(stage, "closed")
        await stage.pass_once()
        await at_rest(stage)
        assert await stage.cycle.check_up(stage.now) == []
        assert await stage.read(lambda store: store.alerts.lasting()) == []
        await record(stage, "undo", "dispute-opened")
        for _ in range(3):
            await stage.pass_once()
            stage.later(days=1)
        assert "Cannot read: other" in stage.phone.titles


async def test_a_configuration_that_changed_has_it_thought_about_once(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await an_end(stage, ENDS["received, and the 15 days are over"])
        stage.configure(CONFIG + "[policies.aliexpress]\nprotection_days = 61\n")
        await stage.restart()
        assert shown(await stage.read(lambda store: store.orders.next_due())) == shown(stage.now)
        await stage.pass_once()
        await at_rest(stage)
