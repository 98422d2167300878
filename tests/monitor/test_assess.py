"""The second pass: what follows from what is known, stored and queued in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.assess import SLICE, Assessed, Outcome, assess, blind_sources, place_new, store_outcomes
from monitor.carrier import Unreachable
from monitor.core.alerts import Resolve
from monitor.core.model import Look, Lookup, Order, OrderStatus, Phase, Severity, Shipment
from monitor.core.rules.service import SourceHealth
from monitor.notifier import Failure, NotifierError
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import OrderRecord, Tracked
from tests.monitor.core.facts import ORDER, a_parcel, an_entry, an_order, at, shown
from tests.monitor.stage import (
    CONFIG,
    NOW,
    Logbook,
    Phone,
    Stage,
    a_runtime,
    held,
    moving,
    nothing_known,
    orders,
)

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    (tmp_path / "orderwatch.toml").write_text(CONFIG, encoding="utf-8")
    return a_runtime(tmp_path, {}, {"phone": Phone(adapter="phone")})


def record(order: Order, *parcels: Shipment, journal: Sequence[str] = (), **more: Any) -> OrderRecord:
    known: dict[str, Any] = {
        "order": order,
        "phase": Phase.SHIPPED,
        "parcels": tuple(
            Tracked(id_, parcel, {Lookup("scripted", parcel.number): Look(NOW, NOW)})
            for id_, parcel in enumerate(parcels)
        ),
        "journal": tuple(map(an_entry, journal)),
        "alerts": {},
        "silent_parcels": frozenset(),
        "unlisted_at": None,
        "next_at": None,
    }
    return OrderRecord(**(known | more))


def said(outcome: Outcome) -> tuple[str, ...]:
    """The steps of an outcome, each as a line: what is done, about what, and whether it is said."""
    lines = []
    for step in outcome.steps:
        intent = step.intent
        key = intent.alert.key if isinstance(intent, Resolve) else intent.moment.key
        speaks = "" if getattr(intent, "speaks", False) else " silently"
        lines.append(f"{type(intent).__name__.lower()} {key.rule} {key.subject}{speaks}")
    return tuple(lines)


# assess is pure

HELD = a_parcel("customs_hold", "2026-05-10 09:00", number="LP1")
MOVING = a_parcel("in_transit", "2026-05-11 09:00", number="LP1")
READY = a_parcel("available_for_pickup", "2026-05-11 09:00", number="LP1")
THERE = a_parcel("delivered", "2026-05-11 09:00", number="LP1", delivered="2026-05-11 09:00")
UNPAID = an_order(shipped_on=None, shipping=None, paid_on="2026-05-01")


@dataclass(frozen=True)
class Row:
    """What follows at `when`; an order that has `finished` is thought about no more."""

    case: str
    known: OrderRecord
    when: str
    steps: tuple[str, ...]
    phase: str
    next_at: str | None
    pressing_at: str | None = "2026-07-03 00:00"

    def __str__(self) -> str:
        return self.case


ROWS = [
    Row("on its way", record(an_order()), "2026-05-12 12:00", (), "shipped", "2026-05-14 09:00"),
    Row(
        "held",
        record(an_order(), HELD),
        "2026-05-12 12:00",
        ("open customs_hold LP1",),
        "shipped",
        "2026-05-14 09:00",
        "2026-07-02 12:00",
    ),
    Row(
        "held, and a dispute can be opened: one message",
        record(an_order(), HELD),
        "2026-05-14 09:00",
        ("open customs_hold LP1 silently", f"open dispute_openable {ORDER}"),
        "shipped",
        "2026-06-18 09:00",
        "2026-07-02 12:00",
    ),
    Row(
        "held, but another order speaks for the parcel",
        record(an_order(), HELD, silent_parcels=frozenset({"LP1"})),
        "2026-05-12 12:00",
        (),
        "shipped",
        "2026-05-14 09:00",
    ),
    Row(
        "to be collected: one message",
        record(an_order(), READY),
        "2026-05-11 10:00",
        ("open pickup_waiting LP1", "open film_unboxing LP1 silently"),
        "shipped",
        "2026-05-14 09:00",
    ),
    Row(
        "delivered",
        record(an_order(), THERE),
        "2026-05-11 10:00",
        (f"open delivered_unconfirmed {ORDER}",),
        "delivered",
        "2026-05-13 09:00",
        "2026-05-25 21:00",
    ),
    Row(
        "paid, and nothing shipped",
        record(UNPAID),
        "2026-05-12 12:00",
        (f"open not_shipped {ORDER}",),
        "ordered",
        "2026-06-16 09:00",
        "2026-06-30 12:00",
    ),
    Row(
        "in dispute",
        record(an_order(), MOVING, journal=["2026-05-19 10:00 dispute-opened"]),
        "2026-05-20 13:00",
        (),
        "disputed",
        "2026-05-22 09:00",
        None,
    ),
    Row(
        "in dispute, and an answer is due",
        record(
            an_order(), MOVING, journal=["2026-05-19 10:00 dispute-opened", "2026-05-20 10:00 request"]
        ),
        "2026-05-20 13:00",
        (f"open answer_due {ORDER}",),
        "disputed",
        "2026-05-21 10:00",
        "2026-05-21 22:00",
    ),
    Row("over by its file", record(an_order(status="finished")), "2026-05-12 12:00", (), "finished", None),
    Row("over long ago", record(an_order(shipped_on="2024-05-03")), "2026-05-12 12:00", (), "finished", None, None),
    Row(
        "over by the buyer's word",
        record(an_order(), HELD, journal=["2026-05-19 10:00 closed"]),
        "2026-05-20 13:00",
        (),
        "finished",
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_follows(runtime: Runtime, row: Row) -> None:
    outcome = assess(row.known, runtime, at(row.when))
    assert outcome.standing is not None
    assert said(outcome) == row.steps
    assert outcome.standing.phase == row.phase
    assert shown(outcome.standing.next_at) == row.next_at
    assert shown(outcome.standing.pressing_at) == row.pressing_at


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_thinking_twice_comes_to_the_same(runtime: Runtime, row: Row) -> None:
    assert assess(row.known, runtime, at(row.when)) == assess(row.known, runtime, at(row.when))


def test_silence_that_may_be_our_own_blindness_does_not_begin(runtime: Runtime) -> None:
    quiet = record(an_order(), a_parcel("in_transit", "2026-05-04 09:00", number="LP1", source="files"))
    when = at("2026-05-19 09:00")
    assert "open tracking_stalled LP1" in said(assess(quiet, runtime, when))
    assert "open tracking_stalled LP1" not in said(assess(quiet, runtime, when, blind={"files"}))
    assert "open tracking_stalled LP1" in said(assess(quiet, runtime, when, blind={"other"}))


@pytest.mark.parametrize(
    ("health", "blind"),
    [
        (SourceHealth("files", NOW, None), False),
        (SourceHealth("files", NOW - 30 * DAY, None), False),
        (SourceHealth("files", NOW - 24 * HOUR, NOW - HOUR), True),
        (SourceHealth("files", NOW - 24 * HOUR + SECOND, NOW - HOUR), False),
        (SourceHealth("files", None, NOW - 24 * HOUR), True),
        (SourceHealth("files", None, NOW), True),
    ],
)
def test_which_sources_are_blind(runtime: Runtime, health: SourceHealth, blind: bool) -> None:
    assert blind_sources([health], runtime, NOW) == (frozenset({"files"}) if blind else frozenset())


# What is stored


async def counts(stage: Stage) -> dict[str, int]:
    tables = ("alerts", "notices", "deliveries")
    return {table: (await stage.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in tables}


async def test_all_that_follows_is_stored_at_once_or_not_at_all(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.answers(nothing_known)
        await stage.cycle.poll(NOW)
        known = await stage.order("1001")
        parcel = replace(known.parcels[0], shipment=replace(HELD, orders=("1001",), source="scripted"))
        outcome = assess(replace(known, parcels=(parcel,)), stage.runtime, NOW)

        def broken_at_the_end(store: Store) -> None:
            assert store_outcomes(store, [outcome], stage.runtime, NOW) == 1
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await stage.database.write(broken_at_the_end)
        assert await counts(stage) == {"alerts": 0, "notices": 0, "deliveries": 0}
        assert await stage.order("1001") == known
        await stage.database.write(lambda store: store_outcomes(store, [outcome], stage.runtime, NOW))
        assert await counts(stage) == {"alerts": 1, "notices": 1, "deliveries": 1}
        assert outcome.standing is not None
        assert (await stage.order("1001")).next_at == outcome.standing.next_at


async def test_the_same_again_at_the_same_instant_changes_nothing(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP2"))
        stage.source.tells(held("LP1"), moving("LP2"))
        await stage.pass_once()
        stage.now = at("2026-05-14 09:00")
        await stage.pass_once()
        before = await dump(stage)
        await stage.database.write(lambda store: store.orders.wake(["1001", "1002"], stage.now))
        assert await stage.cycle.think(stage.now) == Assessed(orders=2)
        await stage.cycle.deliverer.deliver_due()
        assert await dump(stage) == before


async def note(stage: Stage, order: str, event: str) -> None:
    """Has the buyer record something."""
    entry = an_entry(f"2026-05-12 12:00 {event}")
    await stage.database.write(lambda store: store.orders.record(order, entry, stage.now))


async def dump(stage: Stage) -> list[str]:
    return await stage.read(lambda store: list(store.db.conn.iterdump()))


async def test_what_is_no_longer_news_is_not_delivered(tmp_path: Path) -> None:
    """While the phone is off a hold begins and ends: there is nothing to say."""
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.phone.fails(NotifierError("off", Failure.TEMPORARY))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        stage.later(hours=8)
        stage.source.tells(moving("LP1", "2026-05-12 18:00"))
        await stage.cycle.poll(stage.now)
        stage.phone.works()
        await stage.pass_once()
        assert stage.phone.inbox == []
        assert await stage.rows("SELECT state FROM deliveries") == [("superseded",)]


async def test_what_ends_in_silence_is_not_delivered_either(tmp_path: Path) -> None:
    """While the phone is off a hold begins and the buyer closes the case."""
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.phone.fails(NotifierError("off", Failure.TEMPORARY))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        await note(stage, "1001", "closed")
        stage.phone.works()
        stage.later(hours=1)
        await stage.pass_once()
        assert stage.phone.inbox == []


async def test_of_two_stages_only_the_later_goes_out_after_downtime(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001:"))
        stage.phone.fails(NotifierError("off", Failure.TEMPORARY))
        for when in ("2026-06-19 09:00", "2026-06-26 09:00", "2026-06-30 09:00"):
            stage.now = at(when)
            await stage.pass_once()
        stage.phone.works()
        stage.later(hours=1)
        await stage.pass_once()
        ending = [it.stage for it in stage.phone.inbox if it.rule == "protection_ending"]
        assert ending == ["3d"]


async def test_the_end_goes_only_where_the_beginning_went(tmp_path: Path) -> None:
    on, off = Phone(adapter="on"), Phone(adapter="off")
    async with Stage(tmp_path, channels={"on": on, "off": off}) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        off.fails(NotifierError("off", Failure.TEMPORARY))
        await stage.pass_once()
        off.works()
        stage.later(hours=8)
        stage.source.tells(moving("LP1", "2026-05-12 18:00"))
        await stage.cycle.poll(stage.now)
        await stage.pass_once()
        assert [it.stage for it in on.inbox if it.rule == "customs_hold"] == ["held", "over"]
        assert off.titles == []


@pytest.mark.parametrize(
    ("text", "marketplace", "told"),
    [
        ("", "aliexpress", ["aliexpress"]),
        ("", "ebay", ["ebay"]),
        ('[policies.ebay]\nfallback = ["paypal"]\n', "ebay", ["ebay", "paypal"]),
        ('[policies.paypal]\nfallback = ["card"]\n', "ebay", ["ebay"]),
        ('[policies.ebay]\nfallback = ["card"]\n', "aliexpress", ["aliexpress"]),
    ],
)
async def test_only_a_policy_in_use_can_be_too_old(
    tmp_path: Path, text: str, marketplace: str, told: list[str]
) -> None:
    log = Logbook(adapter="log", min_severity=Severity.INFO)
    async with Stage(tmp_path, channels={"log": log}, config=CONFIG + text) as stage:
        stage.now = at("2027-12-01 09:00")
        order = an_order(id="1001", marketplace=marketplace, shipped_on="2027-11-20")
        await stage.take(order)
        await stage.pass_once()
        old = "SELECT subject, state FROM alerts WHERE rule = 'policy_old' ORDER BY subject"
        assert await stage.rows(old) == [(policy, "open") for policy in told]
        heard = [it.subject for it in log.inbox]
        await stage.take(replace(order, status=OrderStatus.FINISHED))
        await stage.take(an_order(id="1002", marketplace="temu", shipped_on="2027-11-20"))
        await stage.pass_once()
        await stage.cycle.think(stage.now)
        assert await stage.rows(old) == sorted([*((policy, "resolved") for policy in told), ("temu", "open")])
        assert [it.subject for it in log.inbox][: len(heard)] == heard


async def test_what_is_for_information_goes_to_records_only(tmp_path: Path) -> None:
    phone, log = (
        Phone(adapter="phone", min_severity=Severity.INFO),
        Logbook(adapter="log", min_severity=Severity.INFO),
    )
    async with Stage(tmp_path, channels={"phone": phone, "log": log}) as stage:
        stage.now = at("2027-12-01 09:00")
        await stage.cycle.think(stage.now)
        await stage.cycle.deliverer.deliver_due()
        assert [it.rule for it in log.inbox] == ["policy_old"]
        assert phone.inbox == []


@pytest.mark.parametrize(
    ("when", "rule", "until"),
    [
        ("2026-05-12 12:00", "customs_hold", timedelta(hours=48)),
        ("2026-05-20 12:00", "dispute_openable", None),
        ("2027-12-01 09:00", "policy_old", timedelta(hours=6)),
    ],
)
async def test_until_when_a_message_is_of_use(
    tmp_path: Path, when: str, rule: str, until: timedelta | None
) -> None:
    """Two days, but what is urgent until its deadline, and what is for information a morning."""
    log = Logbook(adapter="log", min_severity=Severity.INFO)
    async with Stage(tmp_path, channels={"log": log}) as stage:
        stage.now = at(when)
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        notices = await stage.rows(
            "SELECT rule, n.created_at, expires_at, a.deadline FROM notices n JOIN alerts a USING (rule)"
        )
        (found,) = [notice for notice in notices if notice[0] == rule]
        _, created, expires, deadline = found
        assert expires == (deadline if until is None else created + until // timedelta(microseconds=1))


# Orders that share a parcel


async def test_one_message_for_two_orders(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1001"]
        stage.later(hours=8)
        stage.source.tells(moving("LP1", "2026-05-12 18:00"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1001", "Out of customs: Order 1001"]


async def test_the_other_order_takes_over_when_the_first_has_finished(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        stage.later(minutes=1)
        await note(stage, "1001", "closed")
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1001", "Customs hold: Order 1002"]
        assert (await stage.parcel("LP1")).look.next_poll_at is not None
        stage.later(hours=8)
        stage.source.tells(moving("LP1", "2026-05-12 18:00"))
        await stage.pass_once()
        assert stage.phone.titles[2:] == ["Out of customs: Order 1002"]


async def test_the_other_order_takes_over_when_the_first_lets_the_parcel_go(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        stage.later(minutes=1)
        await stage.take(*orders("1001:", "1002: LP1"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1001"]
        stage.later(hours=8)
        stage.source.tells(moving("LP1", "2026-05-12 18:00"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1001", "Out of customs: Order 1002"]


async def test_an_order_that_joins_later_does_not_speak_for_the_parcel(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1002: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        stage.later(minutes=1)
        await stage.take(*orders("1001: LP1", "1002: LP1"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1002"]


async def test_a_first_order_that_runs_again_takes_its_word_back_and_nothing_is_lost(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        for entry in ("closed", "undo"):
            stage.later(minutes=1)
            await note(stage, "1001", entry)
            await stage.pass_once()
        lasting = await stage.read(lambda store: store.alerts.lasting())
        assert [(alert.key.rule, alert.order) for alert in lasting] == [("customs_hold", "1001")]
        assert "Out of customs" not in " ".join(stage.phone.titles)


async def test_a_parcel_that_is_let_go_is_not_said_to_be_out_of_customs(tmp_path: Path) -> None:
    """The number was mistyped: what was held is still held, but it is nobody's business any more."""
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"), moving("LP2"))
        await stage.pass_once()
        stage.later(minutes=1)
        await stage.take(*orders("1001: LP2"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1001"]
        assert await stage.read(lambda store: store.alerts.lasting()) == []


# A life that ends


async def test_parcels_rest_with_their_order_and_wake_with_it(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(moving("LP1"))
        await stage.pass_once()
        for entry, looked_at in (("closed", False), ("undo", True)):
            stage.later(minutes=1)
            await note(stage, "1001", entry)
            await stage.cycle.think(stage.now)
            assert ((await stage.parcel("LP1")).look.next_poll_at is not None) is looked_at


# About us


async def test_a_source_that_is_blind_is_told_daily_and_its_end_once(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.fails(Unreachable("nobody answers there"))
        for _ in range(24 * 4):
            await stage.pass_once()
            stage.later(hours=1)
        blind = [it for it in stage.phone.inbox if it.rule == "source_blind"]
        assert len(blind) == 3
        assert "nobody answers there" in blind[0].body
        stage.source.answers(nothing_known)
        for _ in range(30):
            await stage.pass_once()
            stage.later(hours=1)
        told = [it.title for it in stage.phone.inbox if it.rule == "source_blind"]
        assert told.count("Can read again: scripted") == 1
        assert told[-1] == "Can read again: scripted"


async def test_a_source_that_is_configured_no_more_is_not_said_to_work(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.fails(Unreachable("nobody answers there"))
        for _ in range(30):
            await stage.pass_once()
            stage.later(hours=1)
        stage._sources = {}
        stage.configure(CONFIG)
        await stage.restart()
        await stage.pass_once()
        assert [it.stage for it in stage.phone.inbox if it.rule == "source_blind"] == [""]
        assert await stage.read(lambda store: store.alerts.lasting()) == []


async def test_nobody_hears_of_a_channel_over_that_channel(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.database.write(
            lambda store: store.health.channel_failed("phone", "no", NOW, permanent=True)
        )
        stage.later(hours=1)
        await stage.pass_once()
        lasting = await stage.read(lambda store: store.alerts.lasting())
        assert [alert.key.rule for alert in lasting] == ["channel_down"]
        assert (await counts(stage))["notices"] == 0


# Many


async def test_every_order_that_is_due_is_thought_about_once(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        many = 2 * SLICE + 7
        await stage.take(*orders(*(f"{number}:" for number in range(1000, 1000 + many))))
        assert await stage.cycle.think(NOW) == Assessed(orders=many)
        assert await stage.cycle.think(NOW) == Assessed()


async def test_new_orders_get_their_place_before_anybody_thinks(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(
            an_order(id="1001", shipped_on="2026-05-01"),
            an_order(id="1002", shipped_on="2026-04-01"),
            an_order(id="1003", status="finished"),
        )
        await stage.read(lambda store: place_new(store, stage.runtime, NOW))
        assert await stage.read(lambda store: store.orders.running()) == ["1002", "1001"]
        assert await counts(stage) == {"alerts": 0, "notices": 0, "deliveries": 0}
        assert (await stage.cycle.think(NOW)).orders == 3
