"""Takes in what the order files say, whenever they change."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from monitor.errors import OrderFileError
from monitor.orders import OrderFile, Row, fingerprint, read_order_paths
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import Taken

log = logging.getLogger("orderwatch.orders")

#: Under what name the store remembers the files as they were last read.
FILES_READ = "order files"


@dataclass(frozen=True, slots=True)
class Intake:
    """What a reading of order files brought: how many rows counted, and every row that did not."""

    taken: Taken
    refused: tuple[OrderFileError, ...]
    notes: tuple[str, ...] = ()


def read_files(paths: Sequence[Path], runtime: Runtime, now: datetime) -> tuple[OrderFile, ...]:
    """Reads order files; never raises for what is in them."""
    return read_order_paths(
        paths,
        marketplaces=runtime.policies,
        sources=runtime.sources,
        today=runtime.days.day_of(now),
    )


def files_as_they_are(runtime: Runtime) -> str:
    """Differs when an order file, or how it is to be read, has changed."""
    return f"{runtime.reading()} {fingerprint(runtime.settings.orders)}"


def take_changed(store: Store, runtime: Runtime, now: datetime) -> Intake | None:
    """Takes in the order files if they have changed since the last reading, whoever did it."""
    seen = files_as_they_are(runtime)
    if seen == store.health.remembered(FILES_READ):
        return None
    files = read_files(runtime.settings.orders, runtime, now)
    with store.atomic():
        store.health.remember(FILES_READ, seen)
        return take_listed(store, files, runtime, now)


def take_listed(store: Store, files: Sequence[OrderFile], runtime: Runtime, now: datetime) -> Intake:
    """Stores the orders of all configured files; to be called inside a transaction.

    An order that left its file is marked "no longer listed". What a refused row or an unreadable
    file told before stays as it is known.
    """
    total = Taken()
    for file in files:
        taken = store.orders.take(
            [row.order for row in file.rows],
            now,
            runtime.choose,
            is_over=partial(runtime.is_over, now=now),
            file=str(file.path),
            also_listed=[error.order for error in file.refused if error.order is not None],
            keep_others=not file.complete,
        )
        total = total + taken
    unread = [str(file.path) for file in files if not file.complete]
    store.orders.unlist_other_files([str(file.path) for file in files], now, but_below=unread)
    return Intake(total, _refused(files), _notes(files))


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row of a file, and how it was taken in: new, changed or unchanged."""

    row: Row
    how: str


def take_rows(store: Store, files: Sequence[OrderFile], runtime: Runtime, now: datetime) -> list[TakenRow]:
    """Stores orders of files that are not configured (`import`); to be called inside a transaction."""
    rows = []
    is_over = partial(runtime.is_over, now=now)
    for row in (row for file in files for row in file.rows):
        taken = store.orders.take([row.order], now, runtime.choose, is_over=is_over)
        rows.append(TakenRow(row, "new" if taken.new else "changed" if taken.changed else "unchanged"))
    return rows


def _refused(files: Sequence[OrderFile]) -> tuple[OrderFileError, ...]:
    return tuple(error for file in files for error in file.refused)


def _notes(files: Sequence[OrderFile]) -> tuple[str, ...]:
    return tuple(
        f"{row.file}:{row.line} (order {row.order.id}): {note}"
        for file in files
        for row in file.rows
        for note in row.notes
    )
