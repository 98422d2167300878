"""What a database remembers of a calendar."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.core.published import KEPT, Entry, Published
from monitor.store import Store
from tests.monitor.core.facts import an_order, at

NOW = at("2026-05-12 12:00")
SECOND = timedelta(seconds=1)
ENTRY = Entry(
    "Protection ends: USB hub 😀",
    "act by\nthen",
    "https://www.example.org/7731",
    at("2026-07-02 12:00"),
    at("2026-07-03 00:00"),
    (at("2026-06-18 09:00"), at("2026-07-02 12:00")),
    "full",
)


def one(uid: str = "u", order: str = "1001", **changes: Any) -> Published:
    known: dict[str, Any] = {"entry": ENTRY, "sequence": 0, "changed_at": NOW} | changes
    return Published(uid, order, **known)


@pytest.fixture(autouse=True)
def orders(store: Store) -> None:
    store.orders.take([an_order(id="1001"), an_order(id="1002")], NOW, lambda parcel: None)


def test_what_was_published_comes_back_as_it_was(store: Store) -> None:
    store.calendar.publish([one(), one("v", "1002", sequence=3, cancelled=True)])
    assert store.calendar.known(["1001", "1002", "1003"]) == {
        "1001": {"u": one()},
        "1002": {"v": one("v", "1002", sequence=3, cancelled=True)},
        "1003": {},
    }


def test_of_one_uid_the_latest_counts(store: Store) -> None:
    store.calendar.publish([one()])
    store.calendar.publish([one(sequence=1, cancelled=True)])
    assert store.calendar.known(["1001"]) == {"1001": {"u": one(sequence=1, cancelled=True)}}


def test_what_is_kept_leaves_the_calendar_and_not_the_database(store: Store) -> None:
    passed, cancelled = one(), one("v", cancelled=True)
    store.calendar.publish([passed, cancelled])
    assert {it.uid for it in store.calendar.kept(NOW + KEPT - SECOND)} == {"u", "v"}
    assert store.calendar.kept(NOW + KEPT) == [passed]
    assert store.calendar.kept(ENTRY.ends + KEPT - SECOND) == [passed]
    assert store.calendar.kept(ENTRY.ends + KEPT) == []
    assert store.calendar.known(["1001"]) == {"1001": {"u": passed, "v": cancelled}}


def test_orders_are_marked_once_until_they_were_looked_at(store: Store) -> None:
    assert store.calendar.marked(10) == []
    store.calendar.mark(["1001"])
    store.calendar.mark(["1001"])
    assert store.calendar.marked(10) == ["1001"]
    store.calendar.mark_all()
    assert store.calendar.marked(10) == ["1001", "1002"]
    assert len(store.calendar.marked(1)) == 1
    store.calendar.unmark(["1001"])
    assert store.calendar.marked(10) == ["1002"]


def test_finding_what_is_kept_reads_no_more_than_that(store: Store) -> None:
    plan = store.db.execute("EXPLAIN QUERY PLAN SELECT * FROM calendar WHERE kept_until > 5").fetchall()
    assert "calendar_kept" in plan[0][3]
