"""Parcels: what is known of each, who ordered it, and what it is called."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from monitor.core.cadence import INTERVALS
from monitor.core.model import Lookup, Order, Parcel, Shipment, TrackingEvent
from monitor.core.tracking import plain_number
from monitor.store.lookups import LOOKED, LookedRow, Lookups, looked
from monitor.store.records import Due, Tracked
from monitor.store.rows import event_row, json_of, reader, stamp

#: A parcel `s` as one JSON array: what `tracked` makes a parcel of.
TRACKED = (
    f"s.id, json(s.facts), json((SELECT json_group_array(json_array({LOOKED})) FROM lookups l"
    " WHERE l.shipment = s.id))"
)
TrackedRow = tuple[int, Shipment, list[LookedRow]]


def tracked(row: TrackedRow) -> Tracked:
    """A parcel from the columns TRACKED."""
    id_, shipment, looks = row
    return Tracked(id_, shipment, dict(map(looked, looks)))


_tracked_rows = reader(list[TrackedRow])
_shipment = reader(Shipment)
#: Whether an order that still runs waits for the parcel of a lookup.
_AWAITED = (
    "EXISTS (SELECT 1 FROM order_shipments x JOIN orders o ON o.id = x.order_id"
    " WHERE x.shipment = lookups.shipment AND o.phase <> 'finished')"
)
_event_rows = reader(list[tuple[int, TrackingEvent]])


class Parcels:
    """The tables shipments, aliases, order_shipments and events; where parcels are looked up follows."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lookups = Lookups(db)

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
                self._ask_too(known, parcel, choose(parcel), now)
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
                self._lookups.rouse([shipment], now)

    def find(self, number: str) -> int | None:
        """The parcel that goes by `number`, or by it as an alias."""
        row = self._db.execute(
            "SELECT id FROM shipments WHERE number = ?1"
            " UNION ALL SELECT shipment FROM aliases WHERE alias = ?1",
            [plain_number(number)],
        ).fetchone()
        return None if row is None else int(row[0])

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

    def known_as(self, numbers: Iterable[str], *, but: int) -> list[Tracked]:
        """The parcels other than `but` that have one of these as their own number."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({TRACKED})) FROM shipments s"
            " WHERE s.number IN (SELECT value FROM json_each(?)) AND s.id <> ?",
            [json_of(list(numbers)), but],
        ).fetchone()
        return [tracked(row) for row in _tracked_rows(rows)]

    def succeed(
        self,
        answers: Sequence[tuple[Due, Shipment, Sequence[TrackingEvent], datetime | None]],
        fingerprint: bytes | None,
        now: datetime,
    ) -> None:
        """Stores what looks brought: the parcel as it is now, its new events, and when to look next.

        Of two parcels that turn out to be one, the one whose answer names the other stays. A journey
        that is over is looked up nowhere any more; one that goes on after all, everywhere again.
        """
        self._lookups.succeed([(due, next_poll) for due, _, _, next_poll in answers], fingerprint, now)
        changed = [(due, after, next_poll) for due, after, _, next_poll in answers if after != due.shipment]
        self._db.conn.executemany(
            "UPDATE shipments SET facts = ? WHERE id = ?",
            [(json_of(after), due.parcel) for due, after, _ in changed],
        )
        self._db.conn.executemany(
            "INSERT INTO events VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET facts = excluded.facts",
            [event_row(due.parcel, event) for due, _, new_events, _ in answers for event in new_events],
        )
        self._lookups.end(due.parcel for due, _, next_poll in changed if next_poll is None)
        over = [due for due, _, next_poll in changed if next_poll and due.shipment.status not in INTERVALS]
        self._rouse([due.parcel for due in over], now)
        for due, after, _ in changed:
            if after.aliases != due.shipment.aliases:
                self._name(due.parcel, after.aliases, now)

    def follow(
        self, claimed: Callable[[Shipment], Iterable[Lookup]], sources: Iterable[str], now: datetime
    ) -> None:
        """Follows every parcel that has several numbers where it can be followed now, and no more at
        sources that are not configured."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({TRACKED})) FROM shipments s"
            " WHERE s.id IN (SELECT shipment FROM aliases)"
        ).fetchone()
        names = frozenset(sources)
        for parcel in map(tracked, _tracked_rows(rows)):
            for gone in [lookup for lookup in parcel.followed if lookup.source not in names]:
                self._lookups.drop(parcel.id, gone)
                self._forget(parcel.id, gone)
            self._lookups.follow(parcel.id, claimed(parcel.shipment), now)

    def rest(self, order: str) -> None:
        """Stops looking at the parcels that only this order, now finished, waits for."""
        rows = self._db.execute("SELECT shipment FROM order_shipments WHERE order_id = ?", [order])
        self._rest([row[0] for row in rows])

    def rouse(self, order: str, now: datetime) -> None:
        """Looks again at the resting parcels of an order that runs again."""
        rows = self._db.execute("SELECT shipment FROM order_shipments WHERE order_id = ?", [order])
        self._lookups.rouse([row[0] for row in rows], now)

    def reassign(
        self, sources: Sequence[str], choose: Callable[[Parcel], str | None], now: datetime
    ) -> dict[str, str | None]:
        """Gives parcels of sources that are no longer configured, or of none, the source that fits
        now; those that no order waits for are not looked up there. Returns the numbers that changed,
        with their new source."""
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
            self._rest([parcel.id])
        return changed

    def absorb(self, keep: int, number: str, now: datetime) -> None:
        """Another parcel turned out to be this one under its other number: makes one of the two, which is
        looked up where both were, and has its orders thought about. What was said of either stays said."""
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
        self._lookups.move(gone, keep, now)
        self._db.execute("UPDATE aliases SET shipment = ? WHERE shipment = ?", [keep, gone])
        self._db.execute("DELETE FROM shipments WHERE id = ?", [gone])
        self._db.execute(
            "UPDATE OR IGNORE alerts SET subject = (SELECT number FROM shipments WHERE id = ?1)"
            " WHERE subject = ?2 AND order_id IN (SELECT order_id FROM order_shipments WHERE shipment = ?1)",
            [keep, number],
        )
        self._note_orders(keep)
        self._wake_orders(keep, now)

    def _rest(self, shipments: Iterable[int]) -> None:
        """Has those of these parcels looked up nowhere any more that no order waits for."""
        self._db.conn.executemany(
            f"UPDATE lookups SET next_poll_at = NULL WHERE shipment = ? AND NOT {_AWAITED}",
            [(shipment,) for shipment in shipments],
        )

    def _rouse(self, shipments: Iterable[int], now: datetime) -> None:
        """Has parcels looked up again where they are not any more, if an order waits for them."""
        self._db.conn.executemany(
            f"UPDATE lookups SET next_poll_at = ? WHERE shipment = ? AND next_poll_at IS NULL AND {_AWAITED}",
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
        (id_,) = self._db.execute(
            "INSERT INTO shipments (number, source, facts) VALUES (?, ?, ?) RETURNING id",
            [shipment.number, source, json_of(shipment)],
        ).fetchone()
        if source is not None:
            self._lookups.add(id_, Lookup(source, shipment.number), now, 0)
        return int(id_)

    def _ask_too(self, shipment: int, parcel: Parcel, source: str | None, now: datetime) -> None:
        """Has a known parcel looked up where an order wants it: under its own number there only, under
        another one there as well."""
        number = plain_number(parcel.number)
        own = self._db.execute("SELECT number FROM shipments WHERE id = ?", [shipment]).fetchone()
        if own == (number,):
            self._ask_at(shipment, source, now)
        elif source is not None:
            self._lookups.add(shipment, Lookup(source, number), now, stamp(now))

    def _ask_at(self, shipment: int, source: str | None, now: datetime) -> None:
        """Has a parcel looked up at a source of its own from now on, if it is not already."""
        row = self._db.execute(
            "SELECT facts FROM shipments WHERE id = ? AND source IS NOT ?", [shipment, source]
        ).fetchone()
        if row is None:
            return
        before = _shipment(row[0])
        self._db.execute(
            "UPDATE shipments SET source = ?, facts = ? WHERE id = ?",
            [source, json_of(replace(before, source=source)), shipment],
        )
        if before.source is not None:
            self._lookups.drop(shipment, Lookup(before.source, before.number))
        if source is not None:
            self._lookups.add(shipment, Lookup(source, before.number), now, stamp(now))

    def _forget(self, shipment: int, gone: Lookup) -> None:
        """Has a parcel's own source answer for what another told that is not asked any more."""
        (told,) = self._db.execute("SELECT facts FROM shipments WHERE id = ?", [shipment]).fetchone()
        facts = _shipment(told)
        told_by = None if facts.told_by == gone else facts.told_by
        edd_by = None if facts.edd_by == gone else facts.edd_by
        facts = replace(facts, told_by=told_by, edd_by=edd_by)
        self._db.execute("UPDATE shipments SET facts = ? WHERE id = ?", [json_of(facts), shipment])

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
        facts = json_of(replace(_shipment(facts), orders=orders))
        self._db.execute("UPDATE shipments SET facts = ? WHERE id = ?", [facts, shipment])
        if not orders:
            self._lookups.end([shipment])
