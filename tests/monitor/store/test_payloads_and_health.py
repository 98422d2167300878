"""Answers kept as evidence, and what is remembered about us."""

from datetime import date, timedelta
from hashlib import sha256

import pytest

from monitor.core.model import Phase
from monitor.core.rules.service import ChannelHealth, SourceHealth
from monitor.store import Store
from monitor.store.orders import Standing
from tests.monitor.stage import NOW, orders

LATER = NOW + timedelta(days=3)
BODY = b'{"number": "LP1"}' * 100
HASH = sha256(BODY).digest()


@pytest.fixture
def known(store: Store) -> Store:
    store.orders.take(orders("1001: LP1 LP2"), NOW, lambda parcel: "files")
    return store


def rows(store: Store, sql: str) -> list[object]:
    return [row[0] if len(row) == 1 else row for row in store.db.execute(sql).fetchall()]


# Answers


def test_an_answer_is_kept_once_with_the_parcels_it_spoke_of(known: Store) -> None:
    known.payloads.keep("files", BODY, [1], NOW)
    known.payloads.keep("files", BODY, [1, 2], LATER)
    assert known.payloads.read(HASH) == BODY
    assert rows(known, "SELECT count(*) FROM payloads") == [1]
    assert rows(known, "SELECT shipment FROM payload_shipments") == [1, 2]
    assert known.payloads.forget(LATER) == 0


def test_an_answer_about_a_parcel_that_is_gone_is_kept_all_the_same(known: Store) -> None:
    known.payloads.keep("files", BODY, [1, 77], NOW)
    assert rows(known, "SELECT shipment FROM payload_shipments") == [1]


def test_an_answer_that_comes_again_stays(known: Store) -> None:
    known.payloads.keep("files", BODY, [1], NOW)
    known.payloads.seen(HASH, LATER)
    assert known.payloads.forget(LATER) == 0


def test_an_old_answer_is_let_go_with_its_links(known: Store) -> None:
    known.payloads.keep("files", BODY, [1], NOW)
    known.payloads.keep("files", b"another", [1], LATER)
    assert known.payloads.forget(NOW) == 0
    assert known.payloads.forget(NOW + timedelta(microseconds=1)) == 1
    assert known.payloads.read(HASH) is None
    assert rows(known, "SELECT count(*) FROM payload_shipments") == [1]


def test_answers_are_packed_and_read_all_the_same(known: Store) -> None:
    for number in range(5):
        known.payloads.keep("files", BODY + bytes([number]), [1], NOW)
    assert all(
        known.payloads.read(sha256(BODY + bytes([number])).digest()) == BODY + bytes([number])
        for number in range(5)
    )
    largest = rows(known, "SELECT max(length(body)) FROM payloads")[0]
    assert isinstance(largest, int)
    assert largest < len(BODY) / 10


def test_an_empty_answer_is_an_answer(known: Store) -> None:
    known.payloads.keep("files", b"", [1], NOW)
    assert known.payloads.read(sha256(b"").digest()) == b""


# Sources and channels


def test_a_source_fails_once_and_works_again_once(known: Store) -> None:
    health = known.health
    assert health.source_failed("files", "no answer", NOW)
    assert not health.source_failed("files", "still none", LATER)
    assert health.sources() == [SourceHealth("files", None, NOW, "still none")]
    assert health.source_worked("files", LATER)
    assert not health.source_worked("files", LATER)
    assert health.sources() == [SourceHealth("files", LATER, None, None)]
    assert health.source_failed("files", "again", LATER)
    assert health.sources() == [SourceHealth("files", LATER, LATER, "again")]


def test_a_source_that_is_asked_nothing_any_more_does_not_fail(known: Store) -> None:
    known.health.source_failed("files", "no answer", NOW)
    known.orders.stand([Standing("1001", Phase.FINISHED, None, None, None)])
    known.parcels.rest("1001")
    assert known.health.sources() == [SourceHealth("files", None, None, "no answer")]
    known.parcels.rouse("1001", LATER)
    assert known.health.sources() == [SourceHealth("files", None, NOW, "no answer")]


def test_a_source_that_only_ever_worked_is_not_back(store: Store) -> None:
    assert not store.health.source_worked("files", NOW)


def test_a_channel_fails_once_and_works_again_once(store: Store) -> None:
    health = store.health
    assert health.channel_failed("phone", "no answer", NOW, permanent=False)
    assert not health.channel_failed("phone", "gone", LATER, permanent=True)
    assert health.channels() == [ChannelHealth("phone", NOW, permanent=False, error="gone")]
    assert not health.channel_failed("phone", "gone", LATER, permanent=True)
    assert not health.channel_failed("phone", "no answer", LATER, permanent=False)
    assert health.channels() == [ChannelHealth("phone", NOW, permanent=True, error="no answer")]
    assert health.channel_worked("phone")
    assert not health.channel_worked("phone")
    assert health.channels() == []


def test_only_what_is_configured_is_remembered(store: Store) -> None:
    for name in ("files", "http"):
        store.health.source_failed(name, "no answer", NOW)
        store.health.channel_failed(name, "no answer", NOW, permanent=False)
    store.health.keep_only(["files"], [])
    assert [source.name for source in store.health.sources()] == ["files"]
    assert store.health.channels() == []


def test_what_was_spent_is_remembered(store: Store) -> None:
    today = date(2026, 5, 12)
    store.health.source_worked("files", NOW)
    store.health.spend("http", today, 3)
    store.health.spend("http", today, 4)
    assert store.health.budgets() == {"http": (today, 4)}
    store.health.source_failed("http", "no answer", NOW)
    assert store.health.budgets() == {"http": (today, 4)}


def test_a_new_code_is_new_once(store: Store) -> None:
    assert [
        store.health.is_new_code(*code, NOW) for code in (("a", "X"), ("a", "X"), ("b", "X"), ("a", "x"))
    ] == [
        True,
        False,
        True,
        True,
    ]


def test_a_word_for_the_next_start(store: Store) -> None:
    assert store.health.remembered("key") is None
    store.health.remember("key", "first")
    store.health.remember("key", "second")
    assert store.health.remembered("key") == "second"
