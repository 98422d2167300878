"""The database as it is, for reading only: all that is kept about an order, also what no pass needs any
more."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from monitor.core.model import Phase, Severity
from monitor.errors import StoreError
from monitor.store.calendar import CalendarEntries
from monitor.store.connection import is_up_to_date, open_to_look, told_plainly
from monitor.store.evidence import Evidence
from monitor.store.orders import Orders
from monitor.store.parcels import Parcels
from monitor.store.rows import json_of, reader


@dataclass(frozen=True, slots=True)
class Kept:
    """What is noted of an order beside its facts; instants as stamps. `pressing_at` and `staked_until` may be
    FOREVER."""

    listed_in: str | None
    taken_at: int
    phase: Phase
    safe_until: int | None
    pressing_at: int
    staked_until: int
    next_at: int | None


@dataclass(frozen=True, slots=True)
class KeptAttempt:
    """One attempt to deliver a message."""

    at: int
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class KeptDelivery:
    """A message on its way over one channel, of one tier (0 the first, -1 a record)."""

    id: int
    channel: str
    tier: int
    state: str
    attempt: int
    next_at: int | None
    ack_by: int | None
    last_error: str | None
    attempts: list[KeptAttempt]


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A message as it was frozen, and its deliveries."""

    id: int
    alert: int
    order: str
    kind: str
    rule: str
    stage: str
    subject: str
    severity: Severity
    title: str
    body: str
    created_at: int
    not_before: int
    expires_at: int
    deadline: int | None
    link: str | None
    deliveries: list[KeptDelivery]


@dataclass(frozen=True, slots=True)
class Reply:
    """A button under a message about an alert that was pressed."""

    alert: int
    at: int
    word: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer of a source as it came; `body` where it was asked for. `of_others`: it spoke of parcels of
    other orders too than the one that was asked for."""

    hash: bytes
    source: str
    first_seen_at: int
    last_seen_at: int
    body: bytes | None
    of_others: bool


_kept = reader(list[tuple[str, Kept]])
_notices = reader(list[KeptNotice])
_replies = reader(list[Reply])
_THESE = "IN (SELECT value FROM json_each(?))"
_ATTEMPTS = (
    "json((SELECT json_group_array(json_object('at', at, 'outcome', outcome, 'detail', detail))"
    " FROM (SELECT * FROM attempts WHERE delivery = d.id ORDER BY id)))"
)
_DELIVERIES = (
    "json((SELECT json_group_array(json_object('id', id, 'channel', channel, 'tier', tier, 'state', state,"
    " 'attempt', attempt, 'next_at', next_at, 'ack_by', ack_by, 'last_error', last_error,"
    f" 'attempts', {_ATTEMPTS})) FROM (SELECT * FROM deliveries WHERE notice = n.id ORDER BY id) d))"
)


class Archive:
    """The database at `path` as it is at one moment, whatever is written meanwhile. Nothing is created,
    migrated or written. Opening it raises StoreError; other methods do through `told_plainly`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        #: Without a log beside it nobody writes, and the file is read as one that never changes.
        self._still = None if path.with_name(path.name + "-wal").exists() else _trace(path)
        self._db: Database = open_to_look(path)
        with told_plainly(path):
            self._begin()
        self.orders = Orders(self._db)
        self.parcels = Parcels(self._db)
        self.calendar = CalendarEntries(self._db)
        self.evidence = Evidence(self._db)

    def _begin(self) -> None:
        if is_up_to_date(self._db):
            self._db.execute("BEGIN")
            return
        self._db.close()
        raise StoreError(
            f"{self.path} was written by an older orderwatch; `orderwatch orders` brings it up to date"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._db.close()

    def check(self) -> None:
        """To be called when all was read. Raises StoreError if the file was changed under our hands: a
        service that starts meanwhile may do so."""
        if self._still is not None and self._still != _trace(self.path):
            raise StoreError(f"the database {self.path} was changed while it was read; do it again")

    def ids(self) -> list[str]:
        """The ids of all orders, the longest known first."""
        return [row[0] for row in self._db.execute("SELECT id FROM orders ORDER BY taken_at, id")]

    def kept(self, orders: Sequence[str]) -> dict[str, Kept]:
        """What is noted of orders beside their facts."""
        (rows,) = self._db.execute(
            "SELECT json_group_array(json_array(id, json_object('listed_in', listed_in, 'taken_at', taken_at,"
            " 'phase', phase, 'safe_until', safe_until, 'pressing_at', pressing_at,"
            f" 'staked_until', staked_until, 'next_at', next_at))) FROM orders WHERE id {_THESE}",
            [json_of(list(orders))],
        ).fetchone()
        return dict(_kept(rows))

    def notices(self, orders: Sequence[str]) -> list[KeptNotice]:
        """Every message about these orders, the oldest first."""
        (rows,) = self._db.execute(
            "SELECT json_group_array(json_object('id', id, 'alert', alert, 'order', order_id, 'kind', kind,"
            " 'rule', rule, 'stage', stage, 'subject', subject, 'severity', severity, 'title', title,"
            " 'body', body, 'created_at', created_at, 'not_before', not_before, 'expires_at', expires_at,"
            f" 'deadline', deadline, 'link', link, 'deliveries', {_DELIVERIES}))"
            f" FROM (SELECT * FROM notices WHERE order_id {_THESE} ORDER BY id) n",
            [json_of(list(orders))],
        ).fetchone()
        return _notices(rows)

    def replies(self, alerts: Sequence[int]) -> list[Reply]:
        """The buttons that were pressed about these alerts, in the order of time."""
        (rows,) = self._db.execute(
            "SELECT json_group_array(json_object('alert', alert, 'at', at, 'word', word))"
            f" FROM (SELECT * FROM replies WHERE alert {_THESE} ORDER BY at, word)",
            [json_of(list(alerts))],
        ).fetchone()
        return _replies(rows)

    def answers_about(self, parcels: Sequence[int]) -> dict[int, list[bytes]]:
        """Of parcels the hashes of the answers that spoke of them, in the order they came."""
        rows = self._db.execute(
            "SELECT x.shipment, x.payload FROM payload_shipments x JOIN payloads p ON p.hash = x.payload"
            f" WHERE x.shipment {_THESE} ORDER BY x.shipment, p.rowid",
            [json_of(list(parcels))],
        )
        found: dict[int, list[bytes]] = {}
        for parcel, digest in rows:
            found.setdefault(parcel, []).append(digest)
        return found

    def answers(self, order: str | None = None, *, bodies: bool = False) -> Iterator[KeptAnswer]:
        """Every answer that spoke of a parcel of this order (None: of any), one by one, in the order they
        came."""
        rows = self._db.execute(
            f"SELECT hash, source, first_seen_at, last_seen_at, {'body' if bodies else 'NULL'}, EXISTS (SELECT 1"
            " FROM payload_shipments o WHERE o.payload = p.hash AND NOT EXISTS (SELECT 1 FROM order_shipments x"
            " WHERE x.shipment = o.shipment AND (?1 IS NULL OR x.order_id = ?1))) FROM payloads p"
            " WHERE EXISTS (SELECT 1 FROM payload_shipments y JOIN order_shipments x ON x.shipment = y.shipment"
            " WHERE y.payload = p.hash AND (?1 IS NULL OR x.order_id = ?1)) ORDER BY p.rowid",
            [order],
        )
        for digest, source, first, last, body, of_others in rows:
            whole = None if body is None else zlib.decompress(body)
            yield KeptAnswer(digest, source, first, last, whole, bool(of_others))


def _trace(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None  # whoever opens it says why
    return found.st_mtime_ns, found.st_size
