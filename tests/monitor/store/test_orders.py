"""Orders in the store: taken in, let go of, found again, and their journal that only grows."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.case import JournalEntry, Party, RecordEvent
from monitor.core.model import Money, Order, OrderStatus, Parcel, Phase, Place, Shipping
from monitor.store import Store
from monitor.store.orders import Standing
from monitor.store.records import Taken
from monitor.store.rows import instant, json_of, reader, stamp
from tests.monitor.core.facts import an_entry, an_order, at, day
from tests.monitor.stage import NOW, orders

LATER = NOW + timedelta(hours=1)


def nowhere(parcel: Parcel) -> str | None:
    return None


def take(store: Store, *taken: Order, now: Any = NOW, file: str | None = "orders.toml", **more: Any) -> Taken:
    with store.atomic():
        return store.orders.take(taken, now, nowhere, file=file, **more)


def unlisted(store: Store) -> list[str]:
    records = store.orders.load(store.orders.running(finished_too=True))
    return sorted(record.order.id for record in records if record.unlisted_at is not None)


def think(store: Store, order: str, *, phase: Phase = Phase.SHIPPED, **more: Any) -> None:
    known: dict[str, Any] = {"safe_until": None, "pressing_at": None, "next_at": None}
    store.orders.stand([Standing(order, phase, **(known | more))])


WHOLE = Order(
    id="8190000000007731",
    title='USB hub "7 ports" \u2028 ✓ \U0001f4e6',
    marketplace="aliexpress",
    seller="Shop №1",
    price=Money("41.90", "EUR"),
    ordered_on=day("2026-05-01"),
    paid_on=day("2026-05-01"),
    shipped_on=day("2026-05-03"),
    shipping=Shipping.EPACKET,
    estimated_delivery=day("2026-06-01"),
    protection_until=day("2026-07-02"),
    deliver_to=Place("Madrid", "28013", "M", "ES"),
    parcels=(Parcel("LP1", "files"), Parcel("LP2")),
    status=OrderStatus.SHIPPED,
    notes="a gift\nfor N.",
)


# Taking in


def test_an_order_comes_back_as_it_was(store: Store) -> None:
    take(store, WHOLE)
    (record,) = store.orders.load([WHOLE.id])
    assert record.order == WHOLE
    assert record.phase is Phase.ORDERED
    assert [parcel.shipment.number for parcel in record.parcels] == ["LP1", "LP2"]
    assert (record.journal, record.alerts, record.silent_parcels, record.unlisted_at) == (
        (),
        {},
        frozenset(),
        None,
    )


def test_what_is_taken_again_unchanged_is_not_written(store: Store) -> None:
    assert take(store, WHOLE) == Taken(new=1)
    think(store, WHOLE.id, next_at=LATER)
    before = store.db.execute("SELECT total_changes()").fetchone()
    assert take(store, WHOLE, now=LATER) == Taken(unchanged=1)
    assert store.db.execute("SELECT total_changes()").fetchone() == before
    assert store.orders.next_due() == LATER


def test_what_changed_is_due_at_once(store: Store) -> None:
    take(store, *orders("1001:", "1002:"))
    think(store, "1001", next_at=LATER)
    think(store, "1002", next_at=LATER)
    assert store.orders.due(NOW, 10) == []
    assert take(store, an_order(id="1001", title="Another"), *orders("1002:")) == Taken(
        changed=1, unchanged=1
    )
    assert store.orders.due(NOW, 10) == ["1001"]


def test_an_order_is_known_since_it_was_taken_first(store: Store) -> None:
    take(store, an_order(id="1001"))
    take(store, an_order(id="1001", title="Another"), now=LATER)
    assert store.db.execute("SELECT taken_at FROM orders").fetchone() == (stamp(NOW),)


def test_an_order_that_left_its_file_is_marked_and_comes_back(store: Store) -> None:
    take(store, *orders("1001:", "1002:"))
    assert take(store, *orders("1001:"), now=LATER) == Taken(unchanged=1, unlisted=1)
    assert unlisted(store) == ["1002"]
    assert take(store, *orders("1001:"), now=LATER) == Taken(unchanged=1)
    take(store, *orders("1001:", "1002:"))
    assert unlisted(store) == []


def test_rows_that_were_refused_stay_as_they_are_known(store: Store) -> None:
    take(store, *orders("1001:", "1002:", "1003:"))
    assert take(store, *orders("1001:"), also_listed=["1002"]).unlisted == 1
    assert unlisted(store) == ["1003"]


def test_a_file_that_was_not_read_to_its_end_loses_nothing(store: Store) -> None:
    take(store, *orders("1001:", "1002:"))
    assert take(store, keep_others=True).unlisted == 0
    assert unlisted(store) == []


def test_an_import_lists_nothing_and_unlists_nothing(store: Store) -> None:
    take(store, *orders("1001:"))
    take(store, *orders("1002:"), file=None)
    take(store, *orders("1001:"))
    assert unlisted(store) == []


def test_an_order_that_moved_to_another_file_is_listed_there(store: Store) -> None:
    take(store, *orders("1001:"), file="a.toml")
    take(store, *orders("1001:"), file="b.toml")
    take(store, file="a.toml")
    assert unlisted(store) == []


@pytest.mark.parametrize(
    ("read", "unreadable", "gone"),
    [
        (["inbox/a.toml", "inbox/b.toml", "orders.toml"], [], []),
        (["inbox/a.toml", "orders.toml"], [], ["1002"]),
        (["orders.toml"], [], ["1001", "1002"]),
        (["orders.toml"], ["inbox"], []),
        (["orders.toml"], ["in"], ["1001", "1002"]),
        (["orders.toml"], ["inbo%"], ["1001", "1002"]),
        ([], ["inbox"], ["1003"]),
    ],
)
def test_orders_of_files_that_are_gone(
    store: Store, read: list[str], unreadable: list[str], gone: list[str]
) -> None:
    for id_, file in (("1001", "inbox/a.toml"), ("1002", "inbox/b.toml"), ("1003", "orders.toml")):
        take(store, an_order(id=id_), file=file)
    assert store.orders.unlist_other_files(read, NOW, but_below=unreadable) == len(gone)
    assert unlisted(store) == gone


# Asking


def test_the_longest_overdue_first(store: Store) -> None:
    take(store, *orders("1001:", "1002:", "1003:", "1004:"))
    for id_, hours in (("1001", 0), ("1002", -3), ("1003", -2), ("1004", 1)):
        think(store, id_, next_at=NOW + timedelta(hours=hours))
    assert store.orders.due(NOW, 10) == ["1002", "1003", "1001"]
    assert store.orders.due(NOW, 2) == ["1002", "1003"]
    assert store.orders.next_due() == NOW - timedelta(hours=3)


def test_waking_never_puts_off(store: Store) -> None:
    take(store, *orders("1001:", "1002:", "1003:"))
    think(store, "1001", next_at=NOW)
    think(store, "1002", next_at=LATER + timedelta(hours=1))
    think(store, "1003", next_at=None)
    store.orders.wake(["1001", "1002", "1003"], LATER)
    assert [record.next_at for record in store.orders.load(["1001", "1002", "1003"])] == [NOW, LATER, LATER]


def test_the_most_pressing_first_and_the_finished_last(store: Store) -> None:
    take(store, *orders("1001:", "1002:", "1003:"))
    take(store, an_order(id="1004"), now=LATER, file=None)
    think(store, "1001", pressing_at=LATER)
    think(store, "1002", pressing_at=NOW)
    think(store, "1003", phase=Phase.FINISHED, pressing_at=NOW)
    think(store, "1004", pressing_at=None)
    assert store.orders.running() == ["1002", "1001", "1004"]
    assert store.orders.running(2) == ["1002", "1001"]
    assert store.orders.running(finished_too=True) == ["1002", "1001", "1004", "1003"]
    assert store.orders.running(3, finished_too=True) == ["1002", "1001", "1004"]
    assert (store.orders.count(), store.orders.count(finished_too=True)) == (3, 4)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8190000000007731", ["8190000000007731"]),
        ("7731", ["8190000000007731", "8190000000017731"]),
        ("17731", ["8190000000017731"]),
        ("31", []),
        ("9999", []),
        ("", []),
        ("%31", []),
        ("__31", []),
    ],
)
def test_people_read_the_last_digits(store: Store, text: str, found: list[str]) -> None:
    take(store, *(an_order(id=id_) for id_ in ("8190000000007731", "8190000000017731")))
    assert store.orders.find(text) == found


def test_loading_keeps_to_the_order_asked_for_and_leaves_out_the_unknown(store: Store) -> None:
    take(store, *orders("1001: LP1", "1002: LP2", "1003: LP3 LP1"))
    records = store.orders.load(["1003", "nobody", "1001"])
    assert [(record.order.id, len(record.parcels)) for record in records] == [("1003", 2), ("1001", 1)]
    assert store.orders.load([]) == []


def test_orders_that_share_a_parcel(store: Store) -> None:
    take(store, *orders("1001: LP1 LP2", "1002: LP2", "1003: LP3", "1004: LP1 LP2"))
    assert sorted(store.orders.sharing_with("1001")) == ["1002", "1004"]
    assert store.orders.sharing_with("1003") == []


def silent(store: Store) -> list[list[str]]:
    return [sorted(record.silent_parcels) for record in store.orders.load(["1002", "1001"])]


def test_the_order_known_first_speaks_for_a_shared_parcel_while_it_runs(store: Store) -> None:
    take(store, an_order(id="1002", parcels="LP1 LP2"))
    take(store, an_order(id="1001", parcels="LP1"), now=LATER, file=None)
    assert silent(store) == [[], ["LP1"]]
    think(store, "1002", phase=Phase.FINISHED)
    assert silent(store) == [["LP1"], []]
    think(store, "1001", phase=Phase.FINISHED)
    assert silent(store) == [[], ["LP1"]]


def test_new_orders_get_their_place_and_stay_due(store: Store) -> None:
    take(store, *orders("1001:", "1002:"))
    think(store, "1002", next_at=LATER)
    assert store.orders.unthought() == ["1001"]
    store.orders.place([Standing("1001", Phase.SHIPPED, NOW, LATER, LATER)])
    assert store.orders.unthought() == []
    assert store.orders.due(NOW, 10) == ["1001"]


# The journal


ENTRIES = [
    an_entry("2026-05-20 10:00 dispute-opened reason=not_received"),
    an_entry("2026-05-21 10:00 offer due=2026-05-23T18:00 amount=10.00"),
    JournalEntry(
        RecordEvent.DECISION,
        at("2026-05-25 10:00"),
        None,
        None,
        Party.SELLER,
        "RR123456789CN",
        "3.10",
        "why\n?",
    ),
    an_entry("2026-05-26 10:00 undo"),
]


def test_the_journal_comes_back_as_it_was_written(store: Store) -> None:
    take(store, *orders("1001:", "1002:"))
    think(store, "1001", next_at=None)
    for number, entry in enumerate(ENTRIES):
        store.orders.record("1001", entry, NOW + timedelta(seconds=number))
    assert store.orders.journal("1001") == [
        (NOW + timedelta(seconds=number), entry) for number, entry in enumerate(ENTRIES)
    ]
    assert store.orders.load(["1001"])[0].journal == tuple(ENTRIES)
    assert store.orders.load(["1002"])[0].journal == ()
    assert sorted(store.orders.due(NOW, 10)) == ["1001", "1002"]


@pytest.mark.parametrize("statement", ["UPDATE journal SET entry = '{}'", "DELETE FROM journal"])
def test_the_journal_only_grows(store: Store, statement: str) -> None:
    take(store, *orders("1001:"))
    store.orders.record("1001", ENTRIES[0], NOW)
    with pytest.raises(sqlite3.IntegrityError, match="the journal only grows"):
        store.db.execute(statement)
    assert len(store.orders.journal("1001")) == 1


def test_a_journal_needs_its_order(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        store.orders.record("nobody", ENTRIES[0], NOW)


# Columns


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_survive_to_the_microsecond(when: datetime) -> None:
    assert instant(stamp(when)) == when


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_texts_survive(text: str) -> None:
    assert reader(Order)(json_of(Order("1", text, notes=text))) == Order("1", text, notes=text)


def test_a_text_with_a_nul_survives_the_database(store: Store) -> None:
    take(store, an_order(id="1001", notes="before\x00after"))
    assert store.orders.load(["1001"])[0].order.notes == "before\x00after"
