"""Parcels in the store: whose they are, what is known of them, when they are looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.core.model import (
    Delivery,
    EstimatedDelivery,
    Look,
    Lookup,
    Order,
    Parcel,
    Phase,
    Place,
    Shipment,
    ShipmentStatus,
    Slip,
    TrackingEvent,
)
from monitor.core.tracking import merge
from monitor.store import Store
from monitor.store.orders import Standing
from monitor.store.records import Due, Tracked
from monitor.store.rows import stamp
from tests.monitor.core.facts import IN_MADRID, a_scan, an_order, at, day
from tests.monitor.stage import NOW, held, moving, orders

LATER = NOW + timedelta(hours=6)


def by_scripted(parcel: Parcel) -> str | None:
    return parcel.carrier or "scripted"


def take(
    store: Store, *taken: Order, choose: Callable[[Parcel], str | None] = by_scripted, now: Any = NOW
) -> None:
    with store.atomic():
        store.orders.take(taken, now, choose)


def parcel(store: Store, number: str) -> Tracked:
    """The parcel of some order that goes by a number."""
    ids = store.orders.running(finished_too=True)
    found = [p for record in store.orders.load(ids) for p in record.parcels]
    id_ = store.parcels.find(number)
    return next(p for p in found if p.id == id_)


def asked(store: Store, number: str, source: str = "scripted") -> Due:
    """The looking up of a parcel at a source, under one of its numbers."""
    found = parcel(store, number)
    lookup = Lookup(source, number)
    (due,) = store.lookups.reload([Due(found.id, found.shipment, lookup, Look(), None, None)])
    return due


def look(
    store: Store, *trackings: Any, now: Any = NOW, next_at: Any = LATER, source: str = "scripted"
) -> None:
    """One look at the parcels that trackings are about, which brings just that."""
    answers = []
    for tracking in trackings:
        before = asked(store, tracking.number, source)
        known = store.parcels.events([before.parcel])[before.parcel]
        merged = merge(before.shipment, known, tracking, now, IN_MADRID, before.followed)
        answers.append((before, merged.shipment, merged.new_events, next_at))
    with store.atomic():
        store.parcels.succeed(answers, b"f" * 32, now)


def numbers(store: Store) -> list[str]:
    return [number for (number,) in store.db.execute("SELECT number FROM shipments ORDER BY id")]


def looked_at(store: Store, now: Any = NOW) -> list[str]:
    return [p.shipment.number for p in store.lookups.due(now, 100)]


WHOLE = Shipment(
    number="LP1",
    source="scripted",
    aliases=("RR1",),
    orders=("1001",),
    status=ShipmentStatus.DELIVERED,
    status_since=at("2026-05-11 10:00:30"),
    newest=TrackingEvent(
        at("2026-05-11 10:00"), ShipmentStatus.DELIVERED, "Zugestellt ✓", "DLV", Place("Madrid", country="ES"), zone_known=False
    ),
    first_event_at=at("2026-05-04 10:00"),
    moving_since=at("2026-05-05 10:00"),
    edd=EstimatedDelivery(day("2026-05-20"), day("2026-05-25"), "carrier"),
    slips=(Slip(NOW, day("2026-05-20"), day("2026-05-25")),),
    delivery=Delivery(at("2026-05-11 10:00"), zone_known=False, place=Place("Madrid", "28013", None, "ES")),
    pickup_until=at("2026-05-20 18:00"),
    ends_at_border=True,
)  # fmt: skip


# What is known


def test_a_new_parcel_is_due_at_once(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    (found,) = store.lookups.due(NOW, 10)
    assert found.shipment == Shipment("LP1", source="scripted", orders=("1001",))
    assert found.lookup == Lookup("scripted", "LP1")
    assert (found.look.begun_at, found.look.last_success_at, found.look.failures) == (NOW, None, 0)
    assert found.fingerprint is None


def test_a_parcel_comes_back_as_it_was(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    before = asked(store, "LP1")
    events = [a_scan("2026-05-11 10:00", "delivered", "Zugestellt ✓", code="DLV"), a_scan("2026-05-04 10:00")]
    store.parcels.succeed([(before, WHOLE, events, LATER)], b"f" * 32, NOW)
    found = parcel(store, "LP1")
    assert found.shipment == WHOLE
    assert (found.look.last_success_at, found.look.next_poll_at) == (NOW, LATER)
    assert store.parcels.events([found.id]) == {found.id: events[::-1]}
    again = asked(store, "LP1")
    assert (again.shipment, again.look, again.fingerprint) == (WHOLE, found.look, b"f" * 32)
    others = [replace(again, parcel=77), replace(again, lookup=Lookup("scripted", "LP7"))]
    assert store.lookups.reload([again, *others]) == [again]
    assert parcel(store, "RR1") == found


def test_events_are_stored_once(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    before = asked(store, "LP1")
    scan = a_scan("2026-05-10 09:00")
    same_time = [replace(scan, description=f"{number}") for number in range(5)]
    for _ in range(2):
        store.parcels.succeed([(before, before.shipment, [scan, *same_time, scan], LATER)], None, NOW)
    assert store.db.execute("SELECT count(*) FROM events").fetchone() == (6,)


def test_an_event_that_is_read_anew_is_stored_as_it_is_read_now(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    before = asked(store, "LP1")
    scan = a_scan("2026-05-10 09:00", "unknown", code="X9")
    store.parcels.succeed([(before, before.shipment, [scan], LATER)], None, NOW)
    read_anew = replace(scan, status=ShipmentStatus.CUSTOMS_HOLD)
    store.parcels.succeed([(before, before.shipment, [read_anew], LATER)], None, NOW)
    assert store.parcels.events([before.parcel])[before.parcel] == [read_anew]


def test_a_failed_look_changes_no_finding(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    look(store, held("LP1"))
    before = asked(store, "LP1")
    store.lookups.fail([(before, LATER)], "asked too often")
    store.lookups.fail([(before, LATER)], "asked too often again")
    after = asked(store, "LP1")
    assert after.shipment == before.shipment
    assert after.fingerprint == before.fingerprint
    assert after.look == replace(
        before.look, failures=2, last_error="asked too often again", next_poll_at=LATER
    )
    store.lookups.seen_unchanged([(before, LATER)], NOW)
    assert parcel(store, "LP1").look == before.look


def test_the_longest_overdue_first(store: Store) -> None:
    take(store, *orders("1001: LP1 LP2 LP3"))
    for number, hours in (("LP1", -1), ("LP2", -3), ("LP3", 1)):
        at = stamp(NOW + timedelta(hours=hours))
        store.db.execute("UPDATE lookups SET next_poll_at = ? WHERE number = ?", [at, number])
    assert looked_at(store) == ["LP2", "LP1"]
    assert [p.shipment.number for p in store.lookups.due(NOW, 1)] == ["LP2"]
    assert store.lookups.next_due() == NOW - timedelta(hours=3)


def test_a_parcel_knows_when_its_orders_may_speak(store: Store) -> None:
    take(store, *orders("1001: LP1", "1002: LP1"))
    for order, hours in (("1001", 9), ("1002", 5)):
        store.orders.stand([Standing(order, Phase.SHIPPED, None, None, NOW + timedelta(hours=hours))])
    assert asked(store, "LP1").orders_next_at == NOW + timedelta(hours=5)


# Whose it is


@pytest.mark.parametrize("written", ["LP1", "lp1", " L P 1 "])
def test_a_number_is_found_however_it_is_written(store: Store, written: str) -> None:
    take(store, *orders("1001: LP1"))
    take(store, an_order(id="1002", parcels=(Parcel(written),)))
    assert numbers(store) == ["LP1"]
    assert parcel(store, "LP1").shipment.orders == ("1001", "1002")


def test_a_number_is_found_by_its_other_name(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    look(store, held("LP1", aliases=("RR1",)))
    take(store, *orders("1002: rr1"))
    assert numbers(store) == ["LP1"]
    assert parcel(store, "RR1").shipment.orders == ("1001", "1002")


def test_parcels_keep_the_order_they_are_named_in(store: Store) -> None:
    take(store, *orders("1001: LP2 LP1"))
    take(store, *orders("1001: LP3 LP1 LP2"))
    (record,) = store.orders.load(["1001"])
    assert [p.shipment.number for p in record.parcels] == ["LP3", "LP1", "LP2"]


def test_a_number_named_twice_is_one_parcel(store: Store) -> None:
    take(store, *orders("1001: LP1 LP1"))
    assert numbers(store) == ["LP1"]
    assert len(store.orders.load(["1001"])[0].parcels) == 1


def test_a_parcel_that_is_let_go_is_not_looked_at_but_not_forgotten(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    look(store, held("LP1"), next_at=NOW)
    take(store, *orders("1001: LP2"))
    assert looked_at(store) == ["LP2"]
    assert numbers(store) == ["LP1", "LP2"]


def test_a_parcel_that_is_named_again_is_looked_at_again(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    look(store, held("LP1"))
    take(store, *orders("1001:"))
    take(store, *orders("1001: LP1"), now=LATER)
    assert looked_at(store, LATER) == ["LP1"]
    assert parcel(store, "LP1").shipment.status is ShipmentStatus.CUSTOMS_HOLD


def test_letting_go_wakes_the_orders_that_share_the_parcel(store: Store) -> None:
    take(store, *orders("1001: LP1", "1002: LP1"))
    store.orders.stand([Standing(id_, Phase.SHIPPED, None, None, LATER) for id_ in ("1001", "1002")])
    take(store, *orders("1001:"))
    assert sorted(store.orders.due(NOW, 10)) == ["1001", "1002"]
    assert parcel(store, "LP1").shipment.orders == ("1002",)
    assert looked_at(store) == ["LP1"]


# Two names of one parcel


def test_two_parcels_become_one(store: Store) -> None:
    take(store, *orders("1001: LP1", "1002: LP2"))
    look(store, moving("LP2", "2026-05-07 09:00"))
    store.payloads.keep("scripted", b"an answer", [parcel(store, "LP2").id], NOW)
    look(store, held("LP1", aliases=("LP2",)))
    assert numbers(store) == ["LP1"]
    whole = parcel(store, "LP2")
    assert whole.shipment.number == "LP1"
    assert whole.shipment.orders == ("1001", "1002")
    assert [p.id for record in store.orders.load(["1001", "1002"]) for p in record.parcels] == [whole.id] * 2
    assert len(store.parcels.events([whole.id])[whole.id]) == 3
    assert store.db.execute("SELECT shipment FROM payload_shipments").fetchall() == [(whole.id,)]
    assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    "said",
    [
        [held("LP1", aliases=("LP2",)), held("LP2", aliases=("LP1",))],
        [held("LP2", aliases=("LP1",)), held("LP1")],
        [held("LP1", aliases=("LP2", "LP3")), held("LP2"), held("LP3", aliases=("LP2",))],
    ],
)
def test_two_parcels_of_one_answer_become_one(store: Store, said: list[Any]) -> None:
    """An order file names a parcel by both of its numbers, and a source answers about both at once."""
    named = sorted({tracking.number for tracking in said})
    take(store, *orders(f"1001: {' '.join(named)}"))
    look(store, *said)
    assert numbers(store) == [said[0].number]
    (record,) = store.orders.load(["1001"])
    assert [p.shipment.orders for p in record.parcels] == [("1001",)]
    assert [store.parcels.find(number) for number in named] == [record.parcels[0].id] * len(named)
    take(store, *orders(f"1001: {' '.join(named)}"))
    assert numbers(store) == [said[0].number]


def test_orders_of_an_absorbed_parcel_are_thought_about(store: Store) -> None:
    take(store, *orders("1001: LP1", "1002: LP2"))
    store.orders.stand([Standing(id_, Phase.SHIPPED, None, None, LATER) for id_ in ("1001", "1002")])
    look(store, held("LP1", aliases=("LP2",)))
    assert sorted(store.orders.due(NOW, 10)) == ["1001", "1002"]


def test_an_alias_that_another_parcel_has_is_left_to_it(store: Store) -> None:
    take(store, *orders("1001: LP1", "1002: LP2"))
    look(store, held("LP1", aliases=("BAG",)), held("LP2", aliases=("BAG",)))
    assert numbers(store) == ["LP1", "LP2"]
    assert store.parcels.find("BAG") == parcel(store, "LP1").id


# Rest


def finish(store: Store, *ids: str) -> None:
    store.orders.stand([Standing(id_, Phase.FINISHED, None, None, None) for id_ in ids])
    for id_ in ids:
        store.parcels.rest(id_)


def test_a_parcel_rests_when_nobody_waits_for_it_any_more(store: Store) -> None:
    take(store, *orders("1001: LP1 LP2", "1002: LP2"))
    finish(store, "1001")
    assert looked_at(store) == ["LP2"]
    finish(store, "1002")
    assert looked_at(store) == []
    store.parcels.rouse("1001", LATER)
    assert looked_at(store, LATER) == ["LP1", "LP2"]


@pytest.mark.parametrize("how", ["answered", "unchanged", "failed"])
def test_a_parcel_put_to_rest_during_a_look_stays_at_rest(store: Store, how: str) -> None:
    take(store, *orders("1001: LP1"))
    before = asked(store, "LP1")
    finish(store, "1001")
    match how:
        case "answered":
            store.parcels.succeed([(before, before.shipment, [], LATER)], None, NOW)
        case "unchanged":
            store.lookups.seen_unchanged([(before, LATER)], NOW)
        case "failed":
            store.lookups.fail([(before, LATER)], "no answer")
    assert store.lookups.next_due() is None


def test_rousing_leaves_alone_what_has_no_source(store: Store) -> None:
    take(store, *orders("1001: LP1"), choose=lambda parcel: None)
    store.parcels.rouse("1001", NOW)
    assert looked_at(store) == []


# Sources


def test_parcels_follow_the_configuration(store: Store) -> None:
    take(store, *orders("1001: LP1 LP2 LP3"), choose=lambda p: {"LP1": "old", "LP2": "files"}.get(p.number))
    look(store, held("LP1"), source="old")
    store.lookups.fail([(asked(store, "LP1", "old"), LATER)], "no answer")
    moved = store.parcels.reassign(["files"], lambda p: None if p.number == "LP3" else "files", LATER)
    assert moved == {"LP1": "files"}
    found = asked(store, "LP1", "files")
    assert (found.shipment.source, found.fingerprint, found.look.failures) == ("files", None, 0)
    assert found.shipment.status is ShipmentStatus.CUSTOMS_HOLD
    assert looked_at(store, LATER) == ["LP2", "LP1"]
    assert store.parcels.reassign(["files"], lambda p: "files", LATER) == {"LP3": "files"}
    assert store.parcels.reassign([], lambda p: None, LATER) == {"LP1": None, "LP2": None, "LP3": None}
    assert looked_at(store, LATER) == []


@pytest.mark.parametrize(
    ("named", "source", "due"),
    [(None, "scripted", False), ("scripted", "scripted", False), ("files", "files", True)],
)
def test_an_order_may_name_another_source(store: Store, named: str | None, source: str, due: bool) -> None:
    take(store, *orders("1001: LP1"))
    look(store, held("LP1"))
    take(store, an_order(id="1001", title="Order 1001", parcels=(Parcel("LP1", named),)))
    found = parcel(store, "LP1")
    assert found.shipment.source == source
    assert found.shipment.status is ShipmentStatus.CUSTOMS_HOLD
    assert looked_at(store) == (["LP1"] if due else [])


def test_how_the_looks_of_each_source_went_the_newest_parcel_first(store: Store) -> None:
    take(store, *orders("1001: LP1 LP2 LP3 LP4"), choose=lambda p: None if p.number == "LP3" else "files")
    store.lookups.end([store.parcels.find("LP4") or 0])
    looks = store.lookups.looks()
    assert {source: list(numbers) for source, numbers in looks.items()} == {"files": ["LP2", "LP1", "LP4"]}
    assert looks["files"]["LP4"] == Look(NOW)


def test_parcels_of_running_orders_that_nobody_looks_up(store: Store) -> None:
    take(
        store,
        *orders("1001: LP1 LP2", "1002: LP2 LP3"),
        choose=lambda p: "files" if p.number == "LP1" else None,
    )
    assert store.lookups.unread(["files"]) == {"LP2": "1001", "LP3": "1002"}
    assert store.lookups.unread(["other"]) == {"LP1": "1001", "LP2": "1001", "LP3": "1002"}
    store.parcels._db.execute("UPDATE orders SET phase = 'finished' WHERE id = '1001'")
    assert store.lookups.unread([]) == {"LP2": "1002", "LP3": "1002"}


def test_answers_are_read_in_full_once_what_they_mean_has_changed(store: Store) -> None:
    take(store, *orders("1001: LP1"))
    look(store, held("LP1"))
    store.lookups.forget_fingerprints()
    assert asked(store, "LP1").fingerprint is None


# Other sources that are asked about it


POST = Lookup("post", "RR1")


def follow(store: Store, *lookups: Lookup, now: Any = NOW) -> list[Lookup]:
    """Has LP1 looked up there too."""
    return store.lookups.follow(parcel(store, "LP1").id, lookups, now)


def rows(store: Store, now: Any = NOW) -> list[tuple[str, str]]:
    """Where parcels are to be looked up, and under which number."""
    return sorted((due.lookup.source, due.lookup.number) for due in store.lookups.due(now, 100))


@pytest.fixture
def followed(store: Store) -> Store:
    """A store with a parcel LP1 that is also looked up at the post, as RR1."""
    take(store, *orders("1001: LP1"))
    look(store, moving("LP1", aliases=("RR1",)), next_at=NOW)
    assert follow(store, POST) == [POST]
    return store


def test_what_is_followed_is_due_at_once_and_looked_at_like_the_rest(followed: Store) -> None:
    assert rows(followed) == [("post", "RR1"), ("scripted", "LP1")]
    assert {source: list(numbers) for source, numbers in followed.lookups.looks().items()} == {
        "post": ["RR1"],
        "scripted": ["LP1"],
    }
    look(followed, moving("RR1", "2026-05-11 09:00", "in_customs"), source="post")
    found = parcel(followed, "LP1")
    assert (found.shipment.status, found.shipment.teller) == (ShipmentStatus.IN_CUSTOMS, "post")
    assert found.followed == {POST: Look(NOW, NOW, 0, None, LATER)}
    assert found.telling == found.followed[POST]
    assert rows(followed) == [("scripted", "LP1")]
    followed.lookups.wake_source("post", NOW)
    assert rows(followed) == [("post", "RR1"), ("scripted", "LP1")]
    followed.lookups.forget_fingerprints()
    assert [due.fingerprint for due in followed.lookups.due(NOW, 9)] == [None, None]


def test_it_is_followed_once_and_under_few_numbers(followed: Store) -> None:
    assert follow(followed, POST) == []
    more = [Lookup("post", f"RR{number}") for number in range(1, 9)]
    assert follow(followed, *more) == more[1:3]
    assert follow(followed, *more) == []
    assert follow(followed, Lookup("post", "AA1")) == []


def test_a_parcel_that_is_gone_is_not_followed(followed: Store) -> None:
    assert followed.lookups.follow(77, [POST], NOW) == []


def test_a_failed_look_is_that_sources_alone(followed: Store) -> None:
    followed.lookups.fail([(asked(followed, "RR1", "post"), LATER)], "no answer")
    found = parcel(followed, "LP1")
    assert (found.look.failures, found.followed[POST].failures) == (0, 1)


def test_both_rest_and_are_roused(followed: Store) -> None:
    finish(followed, "1001")
    assert rows(followed, LATER) == []
    assert follow(followed, Lookup("post", "RR2")) == [Lookup("post", "RR2")]
    assert rows(followed, LATER) == []
    followed.parcels.rouse("1001", NOW)
    assert rows(followed) == [("post", "RR1"), ("post", "RR2"), ("scripted", "LP1")]


@pytest.mark.parametrize("source", ["scripted", "post"])
def test_what_is_over_for_one_is_over_for_both(followed: Store, source: str) -> None:
    number = "LP1" if source == "scripted" else "RR1"
    look(followed, moving(number, "2026-05-11 09:00", "delivered"), source=source, next_at=None)
    assert rows(followed, LATER) == []


def test_two_parcels_that_become_one_are_looked_up_where_both_were(store: Store) -> None:
    take(
        store, *orders("1001: LP1", "1002: RR1"), choose=lambda p: "post" if p.number == "RR1" else "scripted"
    )
    look(store, held("RR1"), source="post", next_at=NOW)
    store.lookups.fail([(asked(store, "RR1", "post"), NOW)], "no answer")
    look(store, moving("LP1", aliases=("RR1",)), next_at=NOW)
    assert rows(store) == [("post", "RR1"), ("scripted", "LP1")]
    assert parcel(store, "RR1").followed[POST].last_error == "no answer"
    assert follow(store, POST) == []


def test_two_parcels_that_become_one_are_looked_up_once_where_both_were(followed: Store) -> None:
    followed.db.execute("DELETE FROM aliases")  # as if another program had not heard of it yet
    take(followed, *orders("1002: RR1"), choose=lambda p: "post")
    look(followed, moving("LP1", "2026-05-11 09:00", aliases=("RR1", "RR2")), next_at=NOW)
    assert rows(followed) == [("post", "RR1"), ("scripted", "LP1")]


def test_what_rested_is_looked_up_again_where_the_other_is(store: Store) -> None:
    take(
        store, *orders("1001: LP1", "1002: RR1"), choose=lambda p: "post" if p.number == "RR1" else "scripted"
    )
    look(store, moving("RR1", status="delivered"), source="post", next_at=None)
    look(store, moving("LP1", aliases=("RR1",)), next_at=NOW)
    assert rows(store) == [("post", "RR1"), ("scripted", "LP1")]


def test_an_order_that_names_the_other_number_has_it_looked_up_too(followed: Store) -> None:
    files = Parcel("RR1", "files")
    take(followed, an_order(id="1001", title="Order 1001", parcels=(Parcel("LP1"), files)))
    assert rows(followed) == [("files", "RR1"), ("post", "RR1"), ("scripted", "LP1")]
    assert parcel(followed, "LP1").shipment.source == "scripted"
    take(followed, an_order(id="1001", title="Order 1001", parcels=(Parcel("LP1", "files"), files)))
    assert rows(followed) == [("files", "LP1"), ("files", "RR1"), ("post", "RR1")]


def test_sources_that_come_and_go(followed: Store) -> None:
    look(followed, moving("RR1", "2026-05-11 09:00", "in_customs"), source="post", next_at=NOW)
    edd = EstimatedDelivery(latest=day("2026-06-20"))
    look(followed, moving("RR1", "2026-05-11 10:00", "in_customs", edd=edd), source="post", next_at=NOW)
    found = parcel(followed, "LP1").shipment
    assert (found.told_by, found.edd_by) == (POST, POST)
    followed.parcels.follow(
        lambda shipment: [Lookup("new", it) for it in shipment.aliases], ["scripted", "new"], NOW
    )
    assert rows(followed) == [("new", "RR1"), ("scripted", "LP1")]
    assert parcel(followed, "LP1").shipment == replace(found, told_by=None, edd_by=None)
