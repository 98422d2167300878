"""Files and folders together, what has changed, and that no bytes whatever are a crash."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.orders import OrderFile, fingerprint, read_order_file, read_order_paths

Read = Callable[[str, str | bytes], OrderFile]


def read_paths(*paths: str | Path) -> Sequence[OrderFile]:
    return read_order_paths(
        [Path(path) for path in paths],
        marketplaces=["aliexpress"],
        sources=["files"],
        today=date(2026, 11, 24),
    )


def write(name: str, *ids: str) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([{"id": order} for order in ids], indent=0).replace("},\n", "},"))
    return path


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def names(files: Sequence[OrderFile]) -> list[str]:
    return [str(file.path) for file in files]


def test_a_folder_gives_its_order_files_sorted_in_any_case() -> None:
    for name in ["b.json", "a.JSON", ".hidden.json", "~temporary.json", "#b.json", "c.json~", "c.txt"]:
        write(f"inbox/{name}", "819000000001")
    Path("inbox/folder.json").mkdir()
    write("inbox/folder.json/deeper.json", "819000000003")
    assert names(read_paths("inbox")) == ["inbox/a.JSON", "inbox/b.json"]


def test_files_are_read_in_the_order_given_and_each_once() -> None:
    write("z.json", "819000000001")
    write("inbox/a.json", "819000000002")
    Path("inbox/z.json").symlink_to("../z.json")
    files = read_paths("z.json", "inbox", "inbox/a.json", "./z.json")
    assert names(files) == ["z.json", "inbox/a.json"]
    assert [len(file.rows) for file in files] == [1, 1]
    assert not any(file.refused for file in files)


def test_of_two_rows_with_one_id_the_first_counts() -> None:
    write("mine.json", "819000000001", "819000000002", "819000000001")
    write("inbox/export.json", "819000000003", "819000000002")
    mine, export = read_paths("mine.json", "inbox")
    assert [row.order.id for row in mine.rows] == ["819000000001", "819000000002"]
    assert [row.order.id for row in export.rows] == ["819000000003"]
    assert [str(error) for error in (*mine.refused, *export.refused)] == [
        "mine.json:6 (order 819000000001): the order is already in mine.json:2, and the first one counts",
        (
            "inbox/export.json:4 (order 819000000002): the order is already in mine.json:4,"
            " and the first one counts"
        ),
    ]


def test_a_refused_row_does_not_stand_in_the_way_of_a_good_one() -> None:
    Path("a.json").write_text('[{"id": "819000000001", "titel": "a"}, {"id": "819000000001"}]')
    (file,) = read_paths("a.json")
    assert len(file.rows) == len(file.refused) == 1


def test_what_is_not_there_is_told_and_costs_nothing_else() -> None:
    write("a.json", "819000000001")
    gone, there = read_paths("gone", "a.json")
    assert [str(error) for error in gone.refused] == ["gone: is not there"]
    assert not gone.complete
    assert len(there.rows) == 1


def test_a_link_to_nowhere_in_a_folder_is_told() -> None:
    Path("inbox").mkdir()
    Path("inbox/a.json").symlink_to("nowhere.json")
    (file,) = read_paths("inbox")
    assert [str(error) for error in file.refused] == ["inbox/a.json: is not there"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_folder_is_told() -> None:
    Path("inbox").mkdir(mode=0)
    (file,) = read_paths("inbox")
    assert [str(error) for error in file.refused] == ["inbox: is a folder that cannot be listed"]


@pytest.mark.parametrize(
    ("name", "told"),
    [(b"caf\xe9.json", "caf?.json"), (b"new\nline.json", "new?line.json"), (b"\x1b[31m.json", "?[31m.json")],
)
def test_a_name_that_cannot_be_told_is_told_in_one_that_can(name: bytes, told: str) -> None:
    path = write(os.fsdecode(name), "819000000001")
    (file,) = read_paths(str(path))
    assert [str(error) for error in file.refused] == [
        f"{told}: has a name that is not UTF-8 text on one line; give it another"
    ]
    assert str(file.path) == told
    assert fingerprint([path])[0][0] == told


def test_impossible_paths_are_no_crash() -> None:
    assert [str(error) for file in read_paths("a\0b.json") for error in file.refused] == [
        "a?b.json: has a name that is not UTF-8 text on one line; give it another"
    ]
    assert fingerprint([Path("a\0b.json")]) == (("a?b.json",),)


def test_the_fingerprint_stays_while_nothing_changes() -> None:
    paths = [write("a.json", "1"), write("inbox/b.json", "2").parent, Path("gone")]
    assert fingerprint(paths) == fingerprint(paths)


@pytest.mark.parametrize(
    "change",
    [
        lambda: write("inbox/a.json", "12", "3"),
        lambda: write("inbox/b.json", "2"),
        lambda: os.remove("inbox/a.json"),
        lambda: os.utime("inbox/a.json", ns=(1, 1)),
        lambda: os.replace(write("new", "1"), "inbox/a.json"),
        lambda: os.chmod("inbox/a.json", 0o600),
        lambda: write("gone.json", "2"),
    ],
)
def test_the_fingerprint_changes_with(change: Callable[[], object]) -> None:
    os.chmod(write("inbox/a.json", "1"), 0o644)
    before = fingerprint([Path("inbox"), Path("gone.json")])
    change()
    assert fingerprint([Path("inbox"), Path("gone.json")]) != before


def test_the_fingerprint_ignores_what_is_not_read() -> None:
    write("inbox/a.json", "1")
    before = fingerprint([Path("inbox")])
    write("inbox/.b.json", "1")
    write("inbox/c.txt", "1")
    assert fingerprint([Path("inbox")]) == before


# Text that comes near to what is read, so that the strange reaches every reader.
pieces = st.sampled_from([
    b"[[orders]]\n", b"id = ", b'"819000000001"', b"\n", b"[", b"]", b"{", b"}", b'"', b"'", b",", b";", b"\t",
    b"id,title,price\n", b"orders", b'{"orders": [', b'{"id": 819000000001}', b"=", b":", b"2026-02-30", b"1e9",
    b"0x1f", b"nan", b"\\u0000", b"\\ud800", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"#", b'"""', b"parcels",
    b"Order Date,Order ID,Title,Store\n", b"price", b"41.90 EUR", b"deliver_to", b'"orderId"', b".", b"-", b"\x1c",
])  # fmt: skip
contents = st.one_of(st.binary(max_size=200), st.lists(pieces, max_size=30).map(b"".join))


@given(contents, st.sampled_from(["orders.toml", "orders.json", "orders.csv"]))
@example(b"\x1c", "orders.csv")
@example(b"\r\r", "orders.csv")
def test_no_bytes_whatever_are_a_crash(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    file = read_order_file(path, marketplaces=["aliexpress"], sources=[], today=date(2026, 11, 24))
    assert all(str(error).startswith(str(path)) for error in file.refused)
    said = [*map(str, file.refused), *(text for row in file.rows for text in (row.order.id, row.order.title))]
    assert [one.encode().decode() for one in said] == said  # it can be printed and stored


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["title", "price", "currency", "ordered_on", "deliver_to", "parcels", "notes", "x"])


@given(st.dictionaries(keys, anything), anything)
def test_good_rows_around_any_other_survive(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object], order: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "around.json"
    path.write_text(json.dumps([{"id": "819000000001"}, values | {"id": order}, {"id": "819000000002"}]))
    file = read_order_file(path, marketplaces=["aliexpress"], sources=[], today=date(2026, 11, 24))
    ids = [row.order.id for row in file.rows]
    assert (ids[0], ids[-1]) == ("819000000001", "819000000002")
    assert len(file.rows) + len(file.refused) == 3
