"""CSV: columns, delimiters, quotation marks, and rows of the wrong width."""

from collections.abc import Callable

import pytest

from monitor.core.model import Money, Parcel, Place
from monitor.orders import OrderFile

Read = Callable[[str, str | bytes], OrderFile]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "sep={}\n"])
def test_the_delimiter_is_told_from_the_header(delimiter: str, mark: str, read: Read) -> None:
    rows = [
        ["ID", " title ", "price", "Deliver_to.City", "deliver_to.country", "parcels"],
        ["819000000001", '"Hub, 4; ports"', "41.90 EUR", "Madrid", "es", "LP001 LP002"],
    ]
    content = mark.format(delimiter) + "\n".join(delimiter.join(row) for row in rows) + "\n"
    file = read("orders.csv", content)
    assert file.refused == ()
    (row,) = file.rows
    assert row.order.title == "Hub, 4; ports"
    assert row.order.price == Money("41.90", "EUR")
    assert row.order.deliver_to == Place(city="Madrid", country="ES")
    assert row.order.parcels == (Parcel("LP001"), Parcel("LP002"))


def test_blank_lines_and_empty_cells_at_the_end_say_nothing(read: Read) -> None:
    file = read("orders.csv", "\n\nid,title,,\n\n819000000001,a,,\n,,,\n819000000002,b\n\n")
    assert file.refused == ()
    assert [(row.order.id, row.line) for row in file.rows] == [("819000000001", 5), ("819000000002", 7)]


def test_a_row_over_several_lines_has_the_line_it_begins_on(read: Read) -> None:
    file = read("orders.csv", 'id,title\n819000000001,"a\nb"\n819000000002,5" hub\n')
    assert file.refused == ()
    assert [(row.order.title, row.line) for row in file.rows] == [("a b", 2), ('5" hub', 4)]


def test_only_a_header_is_fine(read: Read) -> None:
    file = read("orders.csv", "id,title\n")
    assert (file.rows, file.refused, file.complete) == ((), (), True)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id,titel", 'unknown column "titel"; did you mean title?'),
        ("id,deliver_to", 'unknown column "deliver_to"; did you mean deliver_to.city?'),
        ("id,title,ID", "column id is there twice"),
        (",id", "column 1 has no name"),
        ("title,price", "there is no column id: the first line names the columns"),
        ("id," + "a" * 140_000, "there is no column id: the first line names the columns"),
        (
            "id,title,title,titel",
            'unknown column "titel"; did you mean title?; column title is there twice',
        ),
    ],
)
def test_a_header_with_mistakes_refuses_the_file(header: str, told: str, read: Read) -> None:
    file = read("orders.csv", f"\n{header}\n819000000001,a,b,c\n")
    assert f"orders.csv:2: {told}" == str(file.refused[0])
    assert (file.rows, file.complete) == ((), False)


@pytest.mark.parametrize(
    ("bad", "told", "complete"),
    [
        (
            "819000000007,USB hub,four ports,2026-10-01",
            "orders.csv:3 (order 819000000007): the row has 4 cells, the header names 3 columns",
            False,
        ),
        ("8190", "orders.csv:3 (order 8190): the row has 1 cell, the header names 3 columns", False),
        (
            '819000000007,"no end,2026-10-01',
            'orders.csv:3: a quotation mark is not closed, or stands inside a cell (there it is written "")',
            False,
        ),
        (
            '819000000007,"a"b,2026-10-01',
            'orders.csv:3: a quotation mark is not closed, or stands inside a cell (there it is written "")',
            False,
        ),
        (f"819000000007,{'a' * 140_000},", "orders.csv:3: a cell is far too long", False),
        (
            "819000000007,a,2026-02-30",
            "orders.csv:3 (order 819000000007): ordered_on: 2026-02-30 is not a date (allowed: YYYY-MM-DD)",
            True,
        ),
        (
            "8.19E+15,a,",
            'orders.csv:3: id: "8.19E+15" was shortened by a spreadsheet; all digits are needed',
            False,
        ),
    ],
)
def test_the_orders_around_a_bad_one_count(bad: str, told: str, complete: bool, read: Read) -> None:
    content = f"id,title,ordered_on\n819000000001,a,\n{bad}\n819000000002,b,2026-10-01\n"
    file = read("orders.csv", content)
    assert [row.order.id for row in file.rows] == ["819000000001", "819000000002"]
    assert [str(error) for error in file.refused] == [told]
    assert file.complete is complete


def test_a_half_written_row_costs_only_itself_and_the_file_is_not_complete(read: Read) -> None:
    file = read("orders.csv", 'id,title,ordered_on\n819000000001,a,\n819000000002,"b')
    assert [row.order.id for row in file.rows] == ["819000000001"]
    assert [error.line for error in file.refused] == [3]
    assert not file.complete
