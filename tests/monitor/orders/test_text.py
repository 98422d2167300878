"""Files that are no text, or not yet."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from monitor.orders import OrderFile, read_order_file
from monitor.orders.text import MAX_BYTES

Read = Callable[[str, str | bytes], OrderFile]

GOOD = {
    "orders.toml": '[[orders]]\nid = "819000000001"\ntitle = "Łódka"\n',
    "orders.json": '[{"id": "819000000001", "title": "Łódka"}]\n',
    "orders.csv": "id,title\n819000000001,Łódka\n",
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_and_windows_line_ends_are_fine(
    name: str, end: str, mark: bytes, read: Read
) -> None:
    file = read(name, mark + GOOD[name].replace("\n", end).encode())
    assert file.refused == ()
    assert [(row.order.id, row.order.title) for row in file.rows] == [("819000000001", "Łódka")]


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "{}: is empty"),
        (b" \r\n\n\t", "{}: is empty"),
        (b"\xef\xbb\xbf", "{}: is empty"),
        (GOOD["orders.toml"].encode("utf-16"), "{}: is UTF-16 text; save it as UTF-8"),
        (b"id,title\n1,a\x00b\n", "{}:2: holds NUL bytes, so it is not text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "{}:3: holds NUL bytes, so it is not text"),
        ("id,title\n1,a\n2,ñ\n".encode("latin-1"), "{}:3: is not UTF-8 text (byte 0xF1); save it as UTF-8"),
        ("id,title\n1,Ł"[:-1].encode() + b"\xc5", "{}:2: is not UTF-8 text (byte 0xC5); save it as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_whole(name: str, content: bytes, reason: str, read: Read) -> None:
    file = read(name, content)
    assert [str(error) for error in file.refused] == [reason.format(name)]
    assert (file.rows, file.complete) == ((), False)


def test_a_huge_file_is_refused_before_it_is_read(read: Read, tmp_path: Path) -> None:
    with (tmp_path / "orders.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    os.rename("orders.csv", "huge.csv")
    (tmp_path / "link.csv").symlink_to("huge.csv")
    assert [str(error) for error in read_again("link.csv").refused] == ["link.csv: is larger than 32 MiB"]


def test_a_pipe_is_refused_without_waiting_for_it(read: Read) -> None:
    os.mkfifo("orders.csv")
    assert [str(error) for error in read_again("orders.csv").refused] == ["orders.csv: is not a regular file"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/dev/null", "/dev/null: is not a regular file"),
        ("gone.toml", "gone.toml: is not there"),
        ("gone.toml\0", "gone.toml?: has a name that is not UTF-8 text on one line; give it another"),
        ("n" * 300 + ".csv", f"{'n' * 300}.csv: cannot be read: File name too long"),
        ("folder.csv", "folder.csv: is a folder"),
        ("loop.csv", "loop.csv: cannot be read: Too many levels of symbolic links"),
        ("orders.xlsx", "orders.xlsx: is of a kind that is not read (allowed: .toml, .json, .csv)"),
    ],
)
def test_what_is_no_order_file_is_refused(name: str, reason: str, read: Read) -> None:
    Path("folder.csv").mkdir()
    Path("loop.csv").symlink_to("loop.csv")
    Path("orders.xlsx").write_text("PK")
    file = read_again(name)
    assert [str(error) for error in file.refused] == [reason]
    assert not file.complete


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_refused(read: Read) -> None:
    read("orders.csv", GOOD["orders.csv"])
    os.chmod("orders.csv", 0)
    assert [str(error) for error in read_again("orders.csv").refused] == [
        "orders.csv: may not be read by this user"
    ]


def read_again(name: str) -> OrderFile:
    return read_order_file(Path(name), marketplaces=["aliexpress"], sources=[], today=date(2026, 11, 24))
