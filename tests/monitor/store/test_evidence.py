"""What is noted of evidence: lines that only grow, and what is there now."""

import os
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

import pytest

from monitor.core.model import EvidenceFile, FileKind
from monitor.evidence import Found, Identity, Look, Trouble, Unread, folder_of
from monitor.store import Store
from monitor.store.evidence import EvidenceLine, EvidenceNews
from tests.monitor.core.facts import an_order
from tests.monitor.stage import NOW

LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(days=1)
ODD = "../x"


def a_file(path: str, kind: str = "photo", size: int = 10, modified_ns: int = 1) -> Found:
    return Found(path, FileKind(kind), Identity(size, modified_ns, 7))


@pytest.fixture
def kept(store: Store) -> Store:
    store.orders.take([an_order(id="1001"), an_order(id="1002"), an_order(id=ODD)], NOW, lambda _: None)
    return store


def there(store: Store, order: str = "1001") -> Sequence[EvidenceFile] | None:
    (record,) = store.orders.load([order])
    return record.evidence


def test_an_order_has_no_evidence_until_its_folder_was_seen(kept: Store) -> None:
    assert there(kept) is None
    assert kept.evidence.troubles("1001") is None
    kept.evidence.note("1001", Look(), NOW)
    assert there(kept) == ()
    assert kept.evidence.troubles("1001") == ()
    assert there(kept, "1002") is None


def test_what_is_there_is_known_with_its_order(kept: Store) -> None:
    news = kept.evidence.note("1001", Look((a_file("b.png"), a_file("a.mp4", "video", 99))), NOW)
    kept.evidence.note("1002", Look((a_file("c.png"),)), NOW)
    assert [found.path for found in news.new] == ["b.png", "a.mp4"]
    assert there(kept) == (
        EvidenceFile("a.mp4", FileKind.VIDEO, 99),
        EvidenceFile("b.png", FileKind.PHOTO, 10),
    )
    assert kept.evidence.known("1001") == {"a.mp4": a_file("a.mp4", "video", 99), "b.png": a_file("b.png")}
    assert [record.evidence for record in kept.orders.load(["1002", "1001", ODD])] == [
        (EvidenceFile("c.png", FileKind.PHOTO, 10),),
        there(kept),
        None,
    ]


def test_what_is_unchanged_is_noted_once(kept: Store) -> None:
    look = Look((a_file("a.png"),), (Trouble("b", "is a link"),))
    kept.evidence.note("1001", look, NOW)
    before = list(kept.db.conn.iterdump())
    assert kept.evidence.note("1001", look, LATER) == EvidenceNews()
    assert list(kept.db.conn.iterdump()) == before


def test_a_file_that_changed_is_a_new_line(kept: Store) -> None:
    kept.evidence.note("1001", Look((a_file("a.png"),)), NOW)
    news = kept.evidence.note("1001", Look((a_file("a.png", modified_ns=2),)), LATER)
    assert news == EvidenceNews(new=(a_file("a.png", modified_ns=2),))
    assert [
        (line.identity.modified_ns, line.seen_at, line.gone_at) for line in kept.evidence.lines("1001")
    ] == [
        (1, NOW, LATER),
        (2, LATER, None),
    ]
    assert there(kept) == (EvidenceFile("a.png", FileKind.PHOTO, 10),)


def test_a_file_that_is_gone_stays_known_as_gone(kept: Store) -> None:
    kept.evidence.note("1001", Look((a_file("a.png"), a_file("b.png"))), NOW)
    assert kept.evidence.note("1001", Look((a_file("b.png"),)), LATER) == EvidenceNews(gone=("a.png",))
    kept.evidence.note("1001", Look((a_file("a.png"), a_file("b.png"))), MUCH_LATER)
    assert [(line.path, line.seen_at, line.gone_at) for line in kept.evidence.lines("1001")] == [
        ("a.png", NOW, LATER),
        ("b.png", NOW, None),
        ("a.png", MUCH_LATER, None),
    ]


def test_a_folder_that_is_gone_takes_its_files_along(kept: Store) -> None:
    kept.evidence.note("1001", Look((a_file("a.png"),), (Trouble("b", "is a link"),)), NOW)
    assert kept.evidence.with_folder() == ["1001"]
    assert kept.evidence.note("1001", None, LATER) == EvidenceNews(gone=("a.png",))
    assert (kept.evidence.with_folder(), there(kept), kept.evidence.troubles("1001")) == ([], None, None)
    assert [line.gone_at for line in kept.evidence.lines("1001")] == [LATER]
    assert kept.evidence.note("1001", None, MUCH_LATER) == EvidenceNews()


@pytest.mark.parametrize(
    ("unseen", "stays"),
    [(("",), True), (("chat",), True), (("chat/1.png",), True), (("chat/1",), False), (("other",), False)],
)
def test_what_cannot_be_seen_now_is_not_gone(kept: Store, unseen: tuple[str, ...], *, stays: bool) -> None:
    kept.evidence.note("1001", Look((a_file("chat/1.png"),)), NOW)
    kept.evidence.note("1001", Look(unseen=unseen), LATER)
    assert bool(there(kept)) is stays


def test_a_trouble_is_news_once(kept: Store) -> None:
    link, pipe = Trouble("a", "is a link"), Trouble("b\udcff\n", "is a pipe")
    assert kept.evidence.note("1001", Look(troubles=(link,)), NOW).troubles == (link,)
    assert kept.evidence.note("1001", Look(troubles=(link, pipe)), LATER).troubles == (pipe,)
    assert kept.evidence.troubles("1001") == (link, pipe)
    assert kept.evidence.note("1001", Look(), LATER).troubles == ()
    assert kept.evidence.troubles("1001") == ()


@pytest.mark.parametrize("name", [b"caf\xe9.png", b"line\nbreak", "\u202egnp.elif".encode(), b"\xff\xfe"])
def test_any_name_is_kept_as_it_is(kept: Store, name: bytes) -> None:
    path = os.fsdecode(name)
    kept.evidence.note("1001", Look((a_file(path),)), NOW)
    assert [file.path for file in there(kept) or ()] == [path]
    assert [line.path for line in kept.evidence.lines("1001")] == [path]
    assert [file.path for file in kept.evidence.unread()] == [path]
    assert kept.db.execute("SELECT path FROM evidence").fetchall() == [(name,)]


# Fingerprints


def test_a_fingerprint_is_asked_for_until_it_is_known(kept: Store) -> None:
    kept.evidence.note("1001", Look((a_file("a.png"),)), NOW)
    kept.evidence.note(ODD, Look((a_file("b.png"),)), NOW)
    first, second = kept.evidence.unread()
    assert first == Unread(1, "1001", "a.png", Identity(10, 1, 7))
    assert second.folder == folder_of(ODD)
    digest = sha256(b"a").digest()
    kept.evidence.read(1, digest, LATER)
    kept.evidence.read(1, digest, MUCH_LATER)
    assert kept.evidence.unread() == [second]
    assert kept.evidence.lines("1001") == [
        EvidenceLine(1, "a.png", FileKind.PHOTO, Identity(10, 1, 7), NOW, NOW, sha256(b"a").hexdigest())
    ]


def test_what_is_gone_needs_no_fingerprint(kept: Store) -> None:
    kept.evidence.note("1001", Look((a_file("a.png"),)), NOW)
    kept.evidence.note("1001", Look(), LATER)
    assert kept.evidence.unread() == []


def test_the_same_bytes_are_known_since_they_were_first_seen(kept: Store) -> None:
    """Under whatever name, but in the same order's folder."""
    kept.evidence.note("1001", Look((a_file("IMG_1.png"),)), NOW)
    kept.evidence.note("1001", Look((a_file("fault.png"),)), LATER)
    kept.evidence.note("1001", Look((a_file("fault.png", modified_ns=2),)), MUCH_LATER)
    kept.evidence.note("1002", Look((a_file("fault.png"),)), MUCH_LATER)
    for line, body in ((1, b"same"), (2, b"same"), (3, b"other"), (4, b"same")):
        kept.evidence.read(line, sha256(body).digest(), MUCH_LATER)
    assert [line.known_since for line in kept.evidence.lines("1001")] == [NOW, NOW, MUCH_LATER]
    assert [line.known_since for line in kept.evidence.lines("1002")] == [MUCH_LATER]


# Nothing is ever changed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence SET seen_at = 0",
        "DELETE FROM evidence",
        "UPDATE evidence_hashes SET sha256 = x'00'",
        "DELETE FROM evidence_hashes",
        "UPDATE evidence_gone SET gone_at = 0",
        "DELETE FROM evidence_gone",
    ],
)
def test_what_was_noted_is_never_changed(kept: Store, statement: str) -> None:
    kept.evidence.note("1001", Look((a_file("a.png"),)), NOW)
    kept.evidence.read(1, b"digest", NOW)
    kept.evidence.note("1001", Look(), LATER)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        kept.db.execute(statement)


# Whose folders there are


def test_which_orders_there_are(kept: Store) -> None:
    assert kept.evidence.orders_among(["1001", "1003", ODD]) == {"1001", ODD}
    assert kept.evidence.odd_ids() == [ODD]


@pytest.mark.parametrize("order", ["a b", ".a", "-a", "_a", "ä", "a~b", "a/b"])
def test_an_odd_id_is_found(store: Store, order: str) -> None:
    store.orders.take([an_order(id=order), an_order(id="a.b_c-d"), an_order(id="1001")], NOW, lambda _: None)
    assert store.evidence.odd_ids() == [order]
    assert folder_of(order) != order
