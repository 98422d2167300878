"""Lookups: at which sources a parcel is looked up, under which of its numbers, how that went, and when
it is done next."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from monitor.core.model import Look, Lookup, Shipment
from monitor.store.records import Due
from monitor.store.rows import instant, json_of, maybe_instant, maybe_stamp, reader, stamp

#: Numbers under which a parcel is followed beside its own: answers may name any number of them.
MOST_FOLLOWED = 3

#: A lookup `l` as one JSON array: what `looked` makes a lookup and its look of.
LOOKED = "l.source, l.number, l.begun_at, l.last_success_at, l.failures, l.last_error, l.next_poll_at"
LookedRow = tuple[str, str, int, int | None, int, str | None, int | None]


def looked(row: LookedRow) -> tuple[Lookup, Look]:
    """A lookup, and how it went, from the columns LOOKED."""
    source, number, begun, last_success, failures, error, next_poll = row
    look = Look(instant(begun), maybe_instant(last_success), failures, error, maybe_instant(next_poll))
    return Lookup(source, number), look


#: A lookup `l` of a parcel `s`, with all that looking at it needs.
_DUE = (
    f"s.id, json(s.facts), json_array({LOOKED}), hex(l.fingerprint), (SELECT min(o.next_at)"
    " FROM order_shipments x JOIN orders o ON o.id = x.order_id WHERE x.shipment = s.id)"
)
#: Sets the next look, but for a parcel that was put to rest while it was being looked at.
_NEXT_POLL = "next_poll_at = CASE WHEN next_poll_at IS NOT NULL THEN ? END"
_THIS = "shipment = ? AND source = ? AND number = ?"

_DueRow = tuple[int, Shipment, LookedRow, str, int | None]
_due_rows = reader(list[_DueRow])


def _due(row: _DueRow) -> Due:
    id_, shipment, columns, fingerprint, orders_next = row
    lookup, look = looked(columns)
    return Due(id_, shipment, lookup, look, bytes.fromhex(fingerprint) or None, maybe_instant(orders_next))


class Lookups:
    """The table lookups: one row for a parcel's own source, and one for each that is followed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def due(self, now: datetime, limit: int) -> list[Due]:
        """Lookups that are due, the longest overdue first."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({_DUE})) FROM (SELECT * FROM lookups"
            " WHERE next_poll_at <= ? ORDER BY next_poll_at LIMIT ?) l JOIN shipments s ON s.id = l.shipment",
            [stamp(now), limit],
        ).fetchone()
        return [_due(row) for row in _due_rows(rows)]

    def next_due(self) -> datetime | None:
        """When the next lookup is due."""
        row = self._db.execute(
            "SELECT min(next_poll_at) FROM lookups WHERE next_poll_at IS NOT NULL"
        ).fetchone()
        return maybe_instant(row[0])

    def reload(self, lookups: Sequence[Due]) -> list[Due]:
        """The same lookups, all of one source, as they are now; those that are gone are left out."""
        wanted = {(it.parcel, it.lookup) for it in lookups}
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({_DUE})) FROM lookups l JOIN shipments s ON s.id = l.shipment"
            " WHERE l.shipment IN (SELECT value FROM json_each(?)) AND l.source = ?",
            [json_of([it.parcel for it in lookups]), lookups[0].lookup.source],
        ).fetchone()
        return [it for it in map(_due, _due_rows(rows)) if (it.parcel, it.lookup) in wanted]

    def looks(self) -> dict[str, dict[str, Look]]:
        """Of each source the numbers it is asked about, and how that went: those that are still looked
        up first, of these the newest parcel."""
        found: dict[str, dict[str, Look]] = {}
        rows = self._db.execute(
            f"SELECT {LOOKED} FROM lookups l ORDER BY l.next_poll_at IS NULL, l.shipment DESC, l.number"
        )
        for lookup, look in map(looked, rows):
            found.setdefault(lookup.source, {}).setdefault(lookup.number, look)
        return found

    def unread(self, sources: Iterable[str]) -> dict[str, str]:
        """The parcels of running orders that none of these sources looks up, each with one order."""
        rows = self._db.execute(
            "SELECT s.number, min(o.id) FROM shipments s JOIN order_shipments x ON x.shipment = s.id"
            " JOIN orders o ON o.id = x.order_id WHERE o.phase <> 'finished' AND NOT EXISTS (SELECT 1"
            " FROM lookups l WHERE l.shipment = s.id AND l.source IN (SELECT value FROM json_each(?)))"
            " GROUP BY s.id ORDER BY s.id",
            [json_of(list(sources))],
        )
        return dict(rows.fetchall())

    def next_tries(self) -> dict[str, datetime]:
        """Of each source at which looks failed, when it is asked again."""
        rows = self._db.execute(
            "SELECT source, min(next_poll_at) FROM lookups WHERE failures > 0 AND next_poll_at IS NOT NULL"
            " GROUP BY source"
        )
        return {source: instant(at) for source, at in rows}

    def add(self, shipment: int, lookup: Lookup, now: datetime, next_poll: int | None) -> None:
        """Has a parcel looked up there too, if it is not already; `next_poll` as a stamp."""
        self._db.execute(
            "INSERT OR IGNORE INTO lookups (shipment, source, number, begun_at, next_poll_at)"
            " VALUES (?, ?, ?, ?, ?)",
            [shipment, lookup.source, lookup.number, stamp(now), next_poll],
        )

    def drop(self, shipment: int, lookup: Lookup) -> None:
        """Has a parcel no longer looked up there."""
        self._db.execute(f"DELETE FROM lookups WHERE {_THIS}", [shipment, lookup.source, lookup.number])

    def follow(self, shipment: int, claimed: Iterable[Lookup], now: datetime) -> list[Lookup]:
        """Has a parcel looked up there too from now on, for as long as it is looked up at all. Returns
        what is new; beyond MOST_FOLLOWED numbers nothing is."""
        rows = self._db.execute(
            "SELECT source, number, next_poll_at IS NOT NULL FROM lookups WHERE shipment = ?", [shipment]
        ).fetchall()
        known = {Lookup(source, number) for source, number, _ in rows}
        own = self._db.execute("SELECT number FROM shipments WHERE id = ?", [shipment]).fetchone()
        if own is None:
            return []  # another parcel of the same answer has absorbed it
        room = MOST_FOLLOWED - len({lookup.number for lookup in known} - {*own})
        new = [lookup for lookup in claimed if lookup not in known][: max(room, 0)]
        awake = any(is_awake for _, _, is_awake in rows)
        for lookup in new:
            self.add(shipment, lookup, now, stamp(now) if awake else None)
        return new

    def move(self, gone: int, keep: int, now: datetime) -> None:
        """Makes the lookups of one parcel another's; what rested does so no longer if the other does not."""
        self._db.execute(
            "INSERT OR IGNORE INTO lookups SELECT ?, source, number, fingerprint, begun_at, last_success_at,"
            " failures, last_error, next_poll_at FROM lookups WHERE shipment = ?",
            [keep, gone],
        )
        self._db.execute("DELETE FROM lookups WHERE shipment = ?", [gone])
        awake = self._db.execute(
            "SELECT 1 FROM lookups WHERE shipment = ? AND next_poll_at IS NOT NULL", [keep]
        ).fetchone()
        if awake is not None:
            self.rouse([keep], now)

    def succeed(
        self, looks: Iterable[tuple[Due, datetime | None]], fingerprint: bytes | None, now: datetime
    ) -> None:
        """Notes looks that were answered, the conversation's fingerprint, and when to look next."""
        self._db.conn.executemany(
            "UPDATE lookups SET fingerprint = ?, last_success_at = ?, failures = 0, last_error = NULL,"
            f" {_NEXT_POLL} WHERE {_THIS}",
            [(fingerprint, stamp(now), maybe_stamp(next_poll), *_key(it)) for it, next_poll in looks],
        )

    def seen_unchanged(self, looks: Iterable[tuple[Due, datetime | None]], now: datetime) -> None:
        """A look brought what is known already: only "seen at" and the next look move."""
        at = stamp(now)
        self._db.conn.executemany(
            f"UPDATE lookups SET last_success_at = ?, failures = 0, last_error = NULL, {_NEXT_POLL}"
            f" WHERE {_THIS}",
            [(at, maybe_stamp(next_poll), *_key(it)) for it, next_poll in looks],
        )

    def fail(self, looks: Iterable[tuple[Due, datetime]], error: str) -> None:
        """A look brought nothing: only the failure is noted, nothing known changes."""
        self._db.conn.executemany(
            f"UPDATE lookups SET failures = failures + 1, last_error = ?, {_NEXT_POLL} WHERE {_THIS}",
            [(error, stamp(next_poll), *_key(it)) for it, next_poll in looks],
        )

    def end(self, shipments: Iterable[int]) -> None:
        """Has these parcels looked up nowhere any more."""
        self._db.conn.executemany(
            "UPDATE lookups SET next_poll_at = NULL WHERE shipment = ? AND next_poll_at IS NOT NULL",
            [(shipment,) for shipment in shipments],
        )

    def rouse(self, shipments: Iterable[int], now: datetime) -> None:
        """Has these parcels looked up again where they are not any more."""
        self._db.conn.executemany(
            "UPDATE lookups SET next_poll_at = ? WHERE shipment = ? AND next_poll_at IS NULL",
            [(stamp(now), shipment) for shipment in shipments],
        )

    def wake_source(self, source: str, now: datetime) -> None:
        """Makes everything due that is looked up at a source at all."""
        self._db.execute(
            "UPDATE lookups SET next_poll_at = ?1 WHERE source = ? AND next_poll_at > ?1",
            [stamp(now), source],
        )

    def end_source(self, source: str) -> None:
        """Has nothing looked up any more at a source that there is not."""
        self._db.execute(
            "UPDATE lookups SET next_poll_at = NULL WHERE source = ? AND next_poll_at IS NOT NULL", [source]
        )

    def forget_fingerprints(self) -> None:
        """Has the next answers read in full: what answers mean has changed."""
        self._db.execute("UPDATE lookups SET fingerprint = NULL WHERE fingerprint IS NOT NULL")


def _key(it: Due) -> tuple[int, str, str]:
    return it.parcel, it.lookup.source, it.lookup.number
