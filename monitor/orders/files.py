"""Which files there are, what each says, and whether anything has changed."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from monitor.errors import OrderFileError
from monitor.orders.csv_orders import read_csv
from monitor.orders.json_orders import read_json
from monitor.orders.row import Row, Rules, row_from
from monitor.orders.text import text_of
from monitor.orders.toml_orders import read_toml
from monitor.orders.written import Listing, Unreadable

_FORMATS: dict[str, Callable[[str], Listing]] = {".toml": read_toml, ".json": read_json, ".csv": read_csv}
_ALLOWED = ", ".join(_FORMATS)
# What a name may not hold if it is to be told and stored: bytes that are no UTF-8, line ends, escapes.
_UNSAYABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class OrderFile:
    """What one file (or a folder that could not be listed) says.

    `complete` is false when the file could not be read to its end, or has a row that does not say
    which order it is: then an order that is not in it may still be listed.
    """

    path: Path
    rows: tuple[Row, ...]
    refused: tuple[OrderFileError, ...]
    complete: bool = True


def read_order_file(
    path: Path, *, marketplaces: Collection[str], sources: Collection[str], today: date
) -> OrderFile:
    """Reads one file by its extension (.toml, .json, .csv). Never raises for what is in it.

    A row with anything that is not understood is refused with every reason, as is the second of two
    rows with one id; the others count. A file that cannot be read is refused whole: no rows, one
    error, with the line where that is known. `marketplaces` and `sources` are the names that rows
    may use; days after `today` that ought to be past are noted.
    """
    return _first_of_each([_read(path, Rules(marketplaces, sources, today))])[0]


def read_order_paths(
    paths: Sequence[Path], *, marketplaces: Collection[str], sources: Collection[str], today: date
) -> tuple[OrderFile, ...]:
    """Reads files and folders (their .toml, .json and .csv files, sorted by name; not what is
    hidden or temporary, nor what is in folders below) in the order given, each file once.

    As `read_order_file`; of two rows with one id in all files the first counts. What is not there
    or cannot be listed is an OrderFile with an error.
    """
    rules = Rules(marketplaces, sources, today)
    return _first_of_each([_read(path, rules) for path in _files(paths)])


def fingerprint(paths: Sequence[Path]) -> tuple[tuple[str | int, ...], ...]:
    """Differs when any file that `read_order_paths` would read has changed, come or gone, without
    reading one. Permissions are part of it, so that an unreadable file is tried again."""
    return tuple(_traces(path) for path in _files(paths))


def _traces(path: Path) -> tuple[str | int, ...]:
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return (_sayable(path),)
    return _sayable(path), about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_dev, about.st_ino


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Every file that the paths name, once; a folder that cannot be listed, and what is not there,
    as it is."""
    seen: set[str] = set()
    for path in paths:
        for file in _files_in(path) if os.path.isdir(path) else [path]:
            if (real := _real(file)) not in seen:
                seen.add(real)
                yield file


def _real(path: Path) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:
        return str(path)  # no path at all; reading it will tell


def _files_in(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _is_wanted(entry.name) and not os.path.isdir(entry)]
    except OSError:
        return [folder]
    return [folder / name for name in sorted(names)]


def _is_wanted(name: str) -> bool:
    return not name.startswith((".", "~", "#")) and os.path.splitext(name)[1].lower() in _FORMATS


def _read(path: Path, rules: Rules) -> OrderFile:
    if (sayable := _sayable(path)) != str(path):
        error = OrderFileError(
            sayable, None, "has a name that is not UTF-8 text on one line; give it another"
        )
        return OrderFile(Path(sayable), (), (error,), complete=False)
    try:
        listing = _listing(path)
    except Unreadable as error:
        return OrderFile(path, (), (_error(path, error),), complete=False)
    rows: list[Row] = []
    refused = [_error(path, broken) for broken in listing.broken]
    for written in listing.orders:
        try:
            rows.append(row_from(written, rules, str(path)))
        except OrderFileError as error:
            refused.append(error)
    complete = not listing.broken and all(error.order for error in refused)
    return OrderFile(path, tuple(rows), tuple(sorted(refused, key=_line)), complete)


def _sayable(path: Path) -> str:
    return _UNSAYABLE.sub("?", str(path))


def _listing(path: Path) -> Listing:
    if os.path.isdir(path):
        raise Unreadable(
            "is a folder that cannot be listed" if not os.access(path, os.R_OK) else "is a folder"
        )
    read = _FORMATS.get(path.suffix.lower())
    text = text_of(path)
    if read is None:
        raise Unreadable(f"is of a kind that is not read (allowed: {_ALLOWED})")
    return read(text)


def _error(path: Path, error: Unreadable) -> OrderFileError:
    return OrderFileError(str(path), error.line, error.reason, order=error.order)


def _line(error: OrderFileError) -> int:
    return error.line or 0


def _first_of_each(files: Sequence[OrderFile]) -> tuple[OrderFile, ...]:
    """The files without the rows whose order an earlier row has told of."""
    first: dict[str, Row] = {}
    return tuple(_without_repeats(file, first) for file in files)


def _without_repeats(file: OrderFile, first: dict[str, Row]) -> OrderFile:
    repeats = [row for row in file.rows if first.setdefault(row.order.id, row) is not row]
    if not repeats:
        return file
    refused = [*file.refused, *(_repeat(row, first[row.order.id]) for row in repeats)]
    kept = tuple(row for row in file.rows if first[row.order.id] is row)
    return replace(file, rows=kept, refused=tuple(sorted(refused, key=_line)))


def _repeat(row: Row, earlier: Row) -> OrderFileError:
    where = f"{earlier.file}:{earlier.line}" if earlier.line else earlier.file
    return OrderFileError(
        row.file, row.line, f"the order is already in {where}, and the first one counts", order=row.order.id
    )
