"""Orders as rows of a CSV file, cells divided by comma, semicolon or tab, and known exports."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from monitor.orders import shopper_inventory
from monitor.orders.row import KEYS, PLACE_KEYS
from monitor.orders.values import NotUnderstood, order_id
from monitor.orders.written import Listing, Unreadable, Written, hint, shown

_DELIMITERS = (",", ";", "\t")
_PLACE = "deliver_to."
COLUMNS = (*(key for key in KEYS if key != "deliver_to"), *(_PLACE + key for key in PLACE_KEYS))
_QUOTES = 'a quotation mark is not closed, or stands inside a cell (there it is written "")'


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Sequence[str]


def read_csv(text: str) -> Listing:
    """The orders of a CSV text. Raises Unreadable when its header is not understood."""
    lines = list(io.StringIO(text, newline=""))
    first = next((at for at, line in enumerate(lines) if line.strip() and not _is_mark(line)), 0)
    header, delimiter = _header(lines[first])
    broken: list[Unreadable] = []
    rows = list(_complete(_rows(lines, first + 1, delimiter, broken), header, broken))
    if shopper_inventory.is_header(header):
        listing = shopper_inventory.listing_from_rows(header, ((row.number, row.cells) for row in rows))
        return Listing(listing.orders, [*broken, *listing.broken])
    columns = _columns(header, first + 1)
    return Listing([_written(columns, row) for row in rows], broken)


def _is_mark(line: str) -> bool:
    """Whether this is the line by which a spreadsheet tells itself the delimiter: `sep=;`."""
    return line.casefold().startswith("sep=")


def _header(line: str) -> tuple[list[str], str]:
    """The names in the header, read with the delimiter that finds most names it knows."""
    known = {*COLUMNS, *shopper_inventory.COLUMNS}
    readings = [(_names(line, delimiter), delimiter) for delimiter in _DELIMITERS]
    return max(readings, key=lambda reading: len(known.intersection(reading[0])))


def _names(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return []
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _columns(header: Sequence[str], line: int) -> list[str]:
    """The header in our words; every mistake in it at once, as nothing below could be trusted."""
    columns = [name.casefold() for name in header]
    reasons = [
        f"unknown column {shown(name)}{hint(name, COLUMNS)}"
        for name, column in zip(header, columns, strict=True)
        if column and column not in COLUMNS
    ]
    reasons += [f"column {place} has no name" for place, name in enumerate(columns, start=1) if not name]
    reasons += [f"column {name} is there twice" for name in COLUMNS if columns.count(name) > 1]
    if "id" not in columns:
        reasons.append("there is no column id: the first line names the columns")
    if reasons:
        raise Unreadable("; ".join(reasons), line)
    return columns


def _rows(lines: Sequence[str], start: int, delimiter: str, broken: list[Unreadable]) -> Iterator[_Line]:
    """The rows from the line with index `start`, without blank ones, each with its first line.

    A quotation mark that is never closed would take in all that follows: its line is told to be
    broken, and reading goes on with the next.
    """
    while start < len(lines):
        reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=delimiter, strict=True)
        read = 0
        try:
            for cells in reader:
                if any(map(str.strip, cells)):
                    yield _Line(start + read + 1, cells)
                read = reader.line_num
        except csv.Error as error:
            reason = "a cell is far too long" if "limit" in str(error) else _QUOTES
            broken.append(Unreadable(reason, start + read + 1))
            start += read + 1
        else:
            return


def _complete(rows: Iterator[_Line], header: Sequence[str], broken: list[Unreadable]) -> Iterator[_Line]:
    """The rows that have a cell for every column: one with fewer may be half-written, one with more
    has a comma too many somewhere."""
    width = len(header)
    for row in rows:
        count = len(row.cells)
        if count >= width and not any(map(str.strip, row.cells[width:])):
            yield row
            continue
        reason = f"the row has {count} {'cell' if count == 1 else 'cells'}, the header names {width} columns"
        broken.append(Unreadable(reason, row.number, order=_id_in(header, row.cells)))


def _id_in(header: Sequence[str], cells: Sequence[str]) -> str | None:
    named = {name.casefold(): cell for name, cell in zip(header, cells, strict=False)}
    with suppress(NotUnderstood):
        return order_id(named.get("id") or named.get("order id"))
    return None


def _written(columns: Sequence[str], row: _Line) -> Written:
    values: dict[str, object] = {
        column: cell for column, cell in zip(columns, row.cells, strict=False) if cell
    }
    place = {name: values.pop(_PLACE + name) for name in PLACE_KEYS if _PLACE + name in values}
    if place:
        values["deliver_to"] = place
    return Written(values, row.number)
