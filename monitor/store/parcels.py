"""Parcels: what is known of each, who ordered it, and when to look at it next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from monitor.core.model import Look, Order, Parcel, Shipment, TrackingEvent
from monitor.core.tracking import plain_number
from monitor.store.records import Tracked
from monitor.store.rows import event_row, instant, json_of, maybe_instant, maybe_stamp, reader, stamp

#: A parcel `s` as one JSON array: what `tracked` makes a parcel of.
TRACKED = (
    "s.id, json(s.facts), hex(s.fingerprint), s.first_seen_at, s.last_success_at, s.failures, s.last_error,"
    " s.next_poll_at, (SELECT min(o.next_at) FROM order_shipments x JOIN orders o ON o.id = x.order_id"
    " WHERE x.shipment = s.id)"
)
TrackedRow = tuple[int, Shipment, str, int, int | None, int, str | None, int | None, int | None]


def tracked(row: TrackedRow) -> Tracked:
    """A parcel from the columns TRACKED."""
    id_, shipment, fingerprint, first_seen, last_success, failures, error, next_poll, orders_next = row
    look = Look(instant(first_seen), maybe_instant(last_success), failures, error, maybe_instant(next_poll))
    return Tracked(id_, shipment, look, bytes.fromhex(fingerprint) or None, maybe_instant(orders_next))


#: Sets the next look, but for a parcel that was put to rest while it was being looked at.
_NEXT_POLL = "next_poll_at = CASE WHEN next_poll_at IS NOT NULL THEN ? END"

_tracked_rows = reader(list[TrackedRow])
_shipment = reader(Shipment)
_event_rows = reader(list[tuple[int, TrackingEvent]])


class Parcels:
    """The tables shipments, aliases, order_shipments and events."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def link(
        self, order: Order, now: datetime, choose: Callable[[Parcel], str | None], *, poll: bool = True
    ) -> None:
        """Makes the order's parcels its own: known numbers and aliases are found again, new ones
        get the source that `choose` names and are due at once, as do known ones whose source the order
        names itself; numbers it no longer names are let go, and what is said of them is left to the
        orders that share them."""
        wanted: dict[int, None] = {}
        for parcel in order.parcels:
            known = self.find(parcel.number)
            if known is not None and parcel.carrier is not None:
                self._ask_at(known, choose(parcel), now)
            wanted[known if known is not None else self._add(parcel, now, choose(parcel))] = None
        before = [
            row[0]
            for row in self._db.execute("SELECT shipment FROM order_shipments WHERE order_id = ?", [order.id])
        ]
        for shipment in [id_ for id_ in before if id_ not in wanted]:
            self._db.execute(
                "DELETE FROM order_shipments WHERE order_id = ? AND shipment = ?", [order.id, shipment]
            )
            self._note_orders(shipment)
            self._hand_over(shipment, order.id, now)
        for position, shipment in enumerate(wanted):
            self._db.execute(
                "INSERT INTO order_shipments VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET position = excluded.position",
                [order.id, shipment, position],
            )
            if shipment not in before:
                self._note_orders(shipment)
                self._rouse([shipment], now)

    def find(self, number: str) -> int | None:
        """The parcel that goes by `number`, or by it as an alias."""
        row = self._db.execute(
            "SELECT id FROM shipments WHERE number = ?1"
            " UNION ALL SELECT shipment FROM aliases WHERE alias = ?1",
            [plain_number(number)],
        ).fetchone()
        return None if row is None else int(row[0])

    def one_each(self) -> dict[str, str]:
        """Of each source the number of its newest parcel."""
        rows = self._db.execute(
            "SELECT source, number, max(id) FROM shipments WHERE source IS NOT NULL GROUP BY source"
        )
        return {source: number for source, number, _ in rows}

    def due(self, now: datetime, limit: int) -> list[Tracked]:
        """Parcels whose next look is due, the longest overdue first."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({TRACKED})) FROM (SELECT * FROM shipments"
            " WHERE next_poll_at <= ? ORDER BY next_poll_at LIMIT ?) s",
            [stamp(now), limit],
        ).fetchone()
        return [tracked(row) for row in _tracked_rows(rows)]

    def next_due(self) -> datetime | None:
        """When the next parcel is due."""
        row = self._db.execute(
            "SELECT min(next_poll_at) FROM shipments WHERE next_poll_at IS NOT NULL"
        ).fetchone()
        return maybe_instant(row[0])

    def events(self, shipments: Sequence[int]) -> dict[int, list[TrackingEvent]]:
        """All events of these parcels, oldest first."""
        events: dict[int, list[TrackingEvent]] = {shipment: [] for shipment in shipments}
        if not shipments:
            return events
        (rows,) = self._db.execute(
            "SELECT json_group_array(json_array(shipment, json(facts))) FROM (SELECT shipment, facts"
            " FROM events WHERE shipment IN (SELECT value FROM json_each(?)) ORDER BY shipment, at)",
            [json_of(list(shipments))],
        ).fetchone()
        for shipment, event in _event_rows(rows):
            events[shipment].append(event)
        return events

    def reload(self, parcels: Iterable[Tracked]) -> list[Tracked]:
        """The same parcels as they are now; those that are gone are left out."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({TRACKED})) FROM shipments s"
            " WHERE s.id IN (SELECT value FROM json_each(?))",
            [json_of([parcel.id for parcel in parcels])],
        ).fetchone()
        return [tracked(row) for row in _tracked_rows(rows)]

    def succeed(
        self,
        answers: Iterable[tuple[Tracked, Shipment, Sequence[TrackingEvent], datetime | None]],
        fingerprint: bytes | None,
        now: datetime,
    ) -> None:
        """Stores what looks brought: the parcel as it is now, its new events, and when to look next.

        Of two parcels that turn out to be one, the one whose answer names the other stays.
        """
        at = stamp(now)
        updates, events, renamed = [], [], []
        for before, after, new_events, next_poll_at in answers:
            updates.append((json_of(after), fingerprint, at, maybe_stamp(next_poll_at), before.id))
            events += [event_row(before.id, event) for event in new_events]
            if after.aliases != before.shipment.aliases:
                renamed.append((before.id, after.aliases))
        self._db.conn.executemany(
            f"UPDATE shipments SET facts = ?, fingerprint = ?, last_success_at = ?, failures = 0,"
            f" last_error = NULL, {_NEXT_POLL} WHERE id = ?",
            updates,
        )
        self._db.conn.executemany(
            "INSERT INTO events VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET facts = excluded.facts", events
        )
        for shipment, aliases in renamed:
            self._name(shipment, aliases, now)

    def seen_unchanged(self, looks: Iterable[tuple[int, datetime | None]], now: datetime) -> None:
        """A look brought what is known already: only "seen at" and the next look move."""
        at = stamp(now)
        self._db.conn.executemany(
            f"UPDATE shipments SET last_success_at = ?, failures = 0, last_error = NULL, {_NEXT_POLL}"
            " WHERE id = ?",
            [(at, maybe_stamp(next_poll), shipment) for shipment, next_poll in looks],
        )

    def fail(self, looks: Iterable[tuple[int, datetime]], error: str) -> None:
        """A look brought nothing: only the failure is noted, nothing known changes."""
        self._db.conn.executemany(
            f"UPDATE shipments SET failures = failures + 1, last_error = ?, {_NEXT_POLL} WHERE id = ?",
            [(error, stamp(next_poll), shipment) for shipment, next_poll in looks],
        )

    def wake(self, shipments: Iterable[int], at: datetime | None) -> None:
        """Sets the next look; None: these parcels are not looked at any more."""
        self._db.conn.executemany(
            "UPDATE shipments SET next_poll_at = ? WHERE id = ?",
            [(maybe_stamp(at), shipment) for shipment in shipments],
        )

    def wake_source(self, source: str, now: datetime) -> None:
        """Makes all parcels of a source due that are looked at at all."""
        self._db.execute(
            "UPDATE shipments SET next_poll_at = ?1 WHERE source = ? AND next_poll_at > ?1",
            [stamp(now), source],
        )

    def forget_fingerprints(self) -> None:
        """Has the next answers read in full: what answers mean has changed."""
        self._db.execute("UPDATE shipments SET fingerprint = NULL WHERE fingerprint IS NOT NULL")

    def rest(self, order: str) -> None:
        """Stops looking at the parcels that only this order, now finished, waits for."""
        self._db.execute(
            "UPDATE shipments SET next_poll_at = NULL WHERE id IN"
            " (SELECT shipment FROM order_shipments WHERE order_id = ?)"
            " AND NOT EXISTS (SELECT 1 FROM order_shipments o JOIN orders ON orders.id = o.order_id"
            " WHERE o.shipment = shipments.id AND orders.phase <> 'finished')",
            [order],
        )

    def rouse(self, order: str, now: datetime) -> None:
        """Looks again at the resting parcels of an order that runs again."""
        rows = self._db.execute("SELECT shipment FROM order_shipments WHERE order_id = ?", [order])
        self._rouse([row[0] for row in rows], now)

    def reassign(
        self, sources: Sequence[str], choose: Callable[[Parcel], str | None], now: datetime
    ) -> dict[str, str | None]:
        """Gives parcels of sources that are no longer configured, or of none, the source that fits
        now. Returns the numbers that changed, with their new source."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({TRACKED})) FROM shipments s WHERE s.source IS NULL"
            " OR s.source NOT IN (SELECT value FROM json_each(?))",
            [json_of(list(sources))],
        ).fetchone()
        changed: dict[str, str | None] = {}
        for parcel in map(tracked, _tracked_rows(rows)):
            source = choose(Parcel(parcel.shipment.number))
            if source == parcel.shipment.source:
                continue
            changed[parcel.shipment.number] = source
            self._ask_at(parcel.id, source, now)
        return changed

    def absorb(self, keep: int, number: str, now: datetime) -> None:
        """Another parcel turned out to be this one under its other number: makes one of the two, and
        has its orders thought about."""
        row = self._db.execute(
            "SELECT id FROM shipments WHERE number = ? AND id <> ?", [number, keep]
        ).fetchone()
        if row is None:
            return
        gone = row[0]
        moves: Mapping[str, str] = {
            "events": "SELECT ?, at, digest, facts FROM events WHERE shipment = ?",
            "order_shipments": "SELECT order_id, ?, position FROM order_shipments WHERE shipment = ?",
            "payload_shipments": "SELECT ?, payload FROM payload_shipments WHERE shipment = ?",
        }
        for table, move in moves.items():
            self._db.execute(f"INSERT OR IGNORE INTO {table} {move}", [keep, gone])
            self._db.execute(f"DELETE FROM {table} WHERE shipment = ?", [gone])
        self._db.execute("UPDATE aliases SET shipment = ? WHERE shipment = ?", [keep, gone])
        self._db.execute("DELETE FROM shipments WHERE id = ?", [gone])
        self._note_orders(keep)
        self._wake_orders(keep, now)

    def _rouse(self, shipments: Iterable[int], now: datetime) -> None:
        self._db.conn.executemany(
            "UPDATE shipments SET next_poll_at = ? WHERE id = ? AND next_poll_at IS NULL"
            " AND source IS NOT NULL",
            [(stamp(now), shipment) for shipment in shipments],
        )

    def _hand_over(self, shipment: int, order: str, now: datetime) -> None:
        """Has the orders that still wait for a parcel speak for it where this one did."""
        self._wake_orders(shipment, now)
        heir = self._db.execute(
            "SELECT o.id, s.number FROM order_shipments x JOIN orders o ON o.id = x.order_id"
            " JOIN shipments s ON s.id = x.shipment WHERE s.id = ? AND o.phase <> 'finished'"
            " ORDER BY o.taken_at, o.id LIMIT 1",
            [shipment],
        ).fetchone()
        if heir is not None:
            self._db.execute(
                "UPDATE alerts SET order_id = ? WHERE subject = ? AND order_id = ?", [*heir, order]
            )

    def _wake_orders(self, shipment: int, now: datetime) -> None:
        self._db.execute(
            "UPDATE orders SET next_at = min(coalesce(next_at, ?1), ?1) WHERE id IN"
            " (SELECT order_id FROM order_shipments WHERE shipment = ?2)",
            [stamp(now), shipment],
        )

    def _add(self, parcel: Parcel, now: datetime, source: str | None) -> int:
        shipment = Shipment(plain_number(parcel.number), source=source)
        row = self._db.execute(
            "INSERT INTO shipments (number, source, facts, first_seen_at, next_poll_at)"
            " VALUES (?, ?, ?, ?, ?) RETURNING id",
            [
                shipment.number,
                source,
                json_of(shipment),
                stamp(now),
                0 if source is not None else None,
            ],
        ).fetchone()
        return int(row[0])

    def _ask_at(self, shipment: int, source: str | None, now: datetime) -> None:
        """Has a parcel looked up at a source from now on, if it is not already."""
        row = self._db.execute(
            "SELECT facts FROM shipments WHERE id = ? AND source IS NOT ?", [shipment, source]
        ).fetchone()
        if row is None:
            return
        facts = replace(_shipment(row[0]), source=source)
        self._db.execute(
            "UPDATE shipments SET source = ?, facts = ?, fingerprint = NULL, failures = 0,"
            " last_error = NULL, next_poll_at = ? WHERE id = ?",
            [source, json_of(facts), stamp(now) if source else None, shipment],
        )

    def _name(self, shipment: int, aliases: Iterable[str], now: datetime) -> None:
        if self._db.execute("SELECT 1 FROM shipments WHERE id = ?", [shipment]).fetchone() is None:
            return  # another parcel of the same answer has absorbed it
        for alias in aliases:
            self.absorb(shipment, alias, now)
            self._db.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?)", [alias, shipment])

    def _note_orders(self, shipment: int) -> None:
        """Keeps the parcel's own list of its orders in step, the longest known first; a parcel of no
        order is not looked at."""
        orders = tuple(
            row[0]
            for row in self._db.execute(
                "SELECT order_id FROM order_shipments x JOIN orders o ON o.id = x.order_id"
                " WHERE x.shipment = ? ORDER BY o.taken_at, o.id",
                [shipment],
            )
        )
        (facts,) = self._db.execute("SELECT facts FROM shipments WHERE id = ?", [shipment]).fetchone()
        self._db.execute(
            "UPDATE shipments SET facts = ?, next_poll_at = CASE WHEN ? THEN next_poll_at END WHERE id = ?",
            [json_of(replace(_shipment(facts), orders=orders)), bool(orders), shipment],
        )
