"""Fingerprints: of all bytes, in pieces, and only of files that stay as they are."""

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.evidence import Digest, Hasher, Unread, hashing
from monitor.evidence.looking import identity_of

ORDER = "8190000000007731"
ALL = 2**40


class Shelf:
    """Files whose fingerprints are asked for."""

    def __init__(self, root: Path) -> None:
        self.root, self.hasher = root, Hasher(root)
        self.unread: list[Unread] = []

    def put(self, name: str, body: bytes) -> Path:
        file = self.root / ORDER / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        self.unread.append(Unread(len(self.unread) + 1, ORDER, name, identity_of(file.stat())))
        return file

    def read(self, most_bytes: int = ALL) -> list[Digest]:
        """Reads, and asks no more for what is known then."""
        digests = self.hasher.read(self.unread, most_bytes)
        known = {digest.line for digest in digests}
        self.unread = [file for file in self.unread if file.line not in known]
        return digests


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_the_fingerprint_is_that_of_all_bytes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "PIECE", 7)
    bodies = [b"", b"1234567", b"12345678", b"x" * 100]
    for number, body in enumerate(bodies):
        shelf.put(f"folder/{number}", body)
    assert shelf.read() == [Digest(line, sha256(body).digest()) for line, body in enumerate(bodies, start=1)]
    assert shelf.read() == []


def test_no_more_is_read_than_allowed_and_the_next_call_goes_on(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    really = os.pread

    def noting(descriptor: int, length: int, offset: int) -> bytes:
        body = really(descriptor, length, offset)
        read.append(len(body))
        return body

    monkeypatch.setattr(os, "pread", noting)
    body = os.urandom(1000)
    shelf.put("long.mp4", body)
    shelf.put("short.png", b"short")
    assert [shelf.read(300) for _ in range(3)] == [[], [], []]
    assert sum(read) == 900
    assert shelf.read(300) == [Digest(1, sha256(body).digest()), Digest(2, sha256(b"short").digest())]
    assert sum(read) == 1005


def test_what_was_begun_goes_first(shelf: Shelf) -> None:
    shelf.put("a", b"a" * 10)
    shelf.put("b", b"b" * 10)
    first, second = shelf.unread
    assert shelf.hasher.read([second], 5) == []
    assert [digest.line for digest in shelf.hasher.read([first, second], 5)] == [2]


def test_what_is_asked_for_no_more_is_begun_anew(shelf: Shelf) -> None:
    shelf.put("a", b"a" * 10)
    shelf.put("b", b"b" * 10)
    first, second = shelf.unread
    assert shelf.hasher.read([first], 5) == []
    assert shelf.hasher.read([second], ALL) == [Digest(2, sha256(b"b" * 10).digest())]
    assert shelf.hasher.read([first], 5) == []
    assert shelf.hasher.read([first], 5) == [Digest(1, sha256(b"a" * 10).digest())]


def test_exactly_as_much_as_allowed_is_enough(shelf: Shelf) -> None:
    shelf.put("a", b"a" * 10)
    assert shelf.read(10) == [Digest(1, sha256(b"a" * 10).digest())]


def test_a_file_that_changed_since_it_was_noted_has_none(shelf: Shelf) -> None:
    shelf.put("a", b"before").write_bytes(b"after it")
    shelf.put("b", b"fine")
    assert [digest.line for digest in shelf.read()] == [2]


def test_a_file_that_changes_while_it_is_read_has_none(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    file = shelf.put("a", b"a" * 10)
    really = os.pread

    def changing(descriptor: int, length: int, offset: int) -> bytes:
        body = really(descriptor, length, offset)
        was = file.stat()
        file.write_bytes(b"b" * 10)
        os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))  # as if nothing had happened
        return body

    time.sleep(0.02)  # a file system's clock is coarse
    monkeypatch.setattr(os, "pread", changing)
    assert shelf.read() == []


def test_a_file_that_changes_between_two_calls_has_none(shelf: Shelf) -> None:
    file = shelf.put("a", b"a" * 10)
    assert shelf.read(5) == []
    time.sleep(0.02)
    was = file.stat()
    file.write_bytes(b"b" * 10)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert shelf.read(5) == []
    assert shelf.read(ALL) == [Digest(1, sha256(b"b" * 10).digest())]


@pytest.mark.parametrize("name", ["a", "folder/a"])
def test_a_file_that_is_gone_or_a_link_now_has_none(shelf: Shelf, tmp_path: Path, name: str) -> None:
    file = shelf.put(name, b"a")
    outside = tmp_path / "outside"
    file.rename(outside)
    assert shelf.read() == []
    file.symlink_to(outside)
    assert shelf.read() == []
    file.unlink()
    os.mkfifo(file)
    assert shelf.read() == []


def test_no_link_on_the_way_is_followed(shelf: Shelf, tmp_path: Path) -> None:
    file = shelf.put("folder/a", b"a")
    file.parent.rename(tmp_path / "elsewhere")
    file.parent.symlink_to(tmp_path / "elsewhere")
    assert shelf.read() == []
    file.parent.unlink()
    (tmp_path / "elsewhere").rename(file.parent)
    assert [digest.line for digest in shelf.read()] == [1]
