"""Orders: what the files tell, what was recorded, and when each must be thought about next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.core.alerts import Alert
from monitor.core.case import JournalEntry
from monitor.core.model import Money, Order, Parcel, Phase
from monitor.core.moment import Key
from monitor.store.alerts import ALERT, alert, alert_rows
from monitor.store.evidence import Evidence
from monitor.store.parcels import TRACKED, Parcels, TrackedRow, tracked
from monitor.store.records import OrderRecord, Staked, Taken, Tracked
from monitor.store.rows import instant, json_of, maybe_instant, maybe_stamp, reader, stamp

#: Later than any instant.
FOREVER = 2**63 - 1
#: How long the first look at a parcel may take before its order is thought about without it.
_FIRST_LOOK = timedelta(minutes=15)

_order_rows = reader(list[tuple[Order, Phase, int | None, int | None]])
_parcel_rows = reader(list[tuple[str, TrackedRow]])
_journal_rows = reader(list[tuple[str, JournalEntry]])
_entry = reader(JournalEntry)
_staked_rows = reader(list[tuple[str, Money | None, int]])
#: `next_at` of an order that was taken in, and of one that has been given its place since; both are due.
_NEW, _PLACED = 0, 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands after it was thought about. `pressing_at` sorts the orders that run:
    the sooner the more pressing; None: nothing presses. Until `staked_until` its price is at stake;
    None: for as long as it runs."""

    order: str
    phase: Phase
    safe_until: datetime | None
    pressing_at: datetime | None
    next_at: datetime | None
    staked_until: datetime | None = None


class Orders:
    """The tables orders and journal."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._parcels = Parcels(db)
        self._evidence = Evidence(db)

    def take(
        self,
        orders: Sequence[Order],
        now: datetime,
        choose: Callable[[Parcel], str | None],
        *,
        is_over: Callable[[Order], bool] | None = None,
        file: str | None = None,
        also_listed: Iterable[str] = (),
        keep_others: bool = False,
    ) -> Taken:
        """Stores orders as a file tells them now; what changed is due to be thought about at once. No
        parcel of an order that has finished, or is new and over already (`is_over`), is looked up because of it.

        With `file`, orders that this file listed before and does not any more are marked unlisted;
        those in `also_listed` (rows that were refused) stay as they are known, as do all of them
        with `keep_others` (the file could not be read to its end).
        """
        new = changed = 0
        for order in orders:
            before = self._told(order.id)
            facts = json_of(order)
            if before == (facts, file or before[1], None):
                continue
            new += before[0] is None
            changed += before[0] is not None and before[0] != facts
            phase = (
                Phase.FINISHED
                if before[0] is None and is_over is not None and is_over(order)
                else Phase.ORDERED
            )
            (phase,) = self._db.execute(
                "INSERT INTO orders (id, facts, listed_in, taken_at, phase, next_at) VALUES (?, ?, ?, ?, ?, 0)"
                " ON CONFLICT DO UPDATE SET facts = excluded.facts, next_at = excluded.next_at,"
                " listed_in = coalesce(excluded.listed_in, listed_in), unlisted_at = NULL RETURNING phase",
                [order.id, facts, file, stamp(now), phase.value],
            ).fetchone()
            if before[0] != facts:
                self._parcels.link(order, now, choose)
                if phase == Phase.FINISHED:
                    self._parcels.rest(order.id)
        unlisted = 0
        if file is not None and not keep_others:
            unlisted = self._unlist(file, {*(order.id for order in orders), *also_listed}, now)
        return Taken(new, changed, len(orders) - new - changed, unlisted)

    def unlist_other_files(
        self, files: Iterable[str], now: datetime, *, but_below: Iterable[str] = ()
    ) -> int:
        """Marks the orders of all other files as no longer listed, but not those of files in folders
        that could not be read. Returns how many."""
        rows = self._db.execute(
            "UPDATE orders SET unlisted_at = ? WHERE listed_in IS NOT NULL AND unlisted_at IS NULL"
            " AND listed_in NOT IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM json_each(?) f"
            " WHERE substr(listed_in, 1, length(f.value) + 1) = f.value || '/') RETURNING id",
            [stamp(now), json_of(list(files)), json_of(list(but_below))],
        ).fetchall()
        return len(rows)

    def _told(self, order: str) -> tuple[str | None, str | None, int | None]:
        """An order's facts as stored, the file that lists it, and since when none does."""
        row = self._db.execute(
            "SELECT facts, listed_in, unlisted_at FROM orders WHERE id = ?", [order]
        ).fetchone()
        return row if row is not None else (None, None, None)

    def due(self, now: datetime, limit: int) -> list[str]:
        """Orders to think about now, the longest overdue first. One that was just taken in waits a
        little for the first look at its parcels: what is not known yet is no news."""
        rows = self._db.execute(
            f"SELECT id FROM orders WHERE next_at <= ?1 AND NOT (next_at IN ({_NEW}, {_PLACED}) AND EXISTS"
            " (SELECT 1 FROM order_shipments x JOIN lookups l ON l.shipment = x.shipment"
            " WHERE x.order_id = orders.id AND l.last_success_at IS NULL AND l.failures = 0"
            " AND l.next_poll_at IS NOT NULL AND l.begun_at > ?2)) ORDER BY next_at LIMIT ?3",
            [stamp(now), stamp(now - _FIRST_LOOK), limit],
        )
        return [row[0] for row in rows]

    def next_due(self) -> datetime | None:
        """When the next order must be thought about."""
        row = self._db.execute("SELECT min(next_at) FROM orders WHERE next_at IS NOT NULL").fetchone()
        return maybe_instant(row[0])

    def wake(self, orders: Iterable[str], at: datetime) -> None:
        """Has these orders thought about at `at`, if nothing else does so sooner."""
        self._db.conn.executemany(
            "UPDATE orders SET next_at = min(coalesce(next_at, ?1), ?1) WHERE id = ?2",
            [(stamp(at), order) for order in orders],
        )

    def postpone(self, orders: Iterable[str], until: datetime) -> None:
        """Has these orders thought about at `until`, not sooner."""
        self._db.conn.executemany(
            "UPDATE orders SET next_at = ? WHERE id = ?", [(stamp(until), order) for order in orders]
        )

    def wake_all(self, at: datetime) -> None:
        """Has every order thought about: the rules, numbers or zone have changed."""
        self._db.execute("UPDATE orders SET next_at = ?", [stamp(at)])

    def running(self, limit: int | None = None, *, finished_too: bool = False) -> list[str]:
        """The orders that still run, the most pressing first; then the finished, if asked for."""
        most = -1 if limit is None else limit
        rows = self._db.execute(
            "SELECT id FROM orders WHERE phase <> 'finished' ORDER BY pressing_at LIMIT ?", [most]
        ).fetchall()
        if finished_too:
            rest = -1 if limit is None else max(0, limit - len(rows))
            rows += self._db.execute(
                "SELECT id FROM orders WHERE phase = 'finished' ORDER BY taken_at DESC, id LIMIT ?", [rest]
            ).fetchall()
        return [row[0] for row in rows]

    def marketplaces(self) -> list[str]:
        """The marketplaces of the orders that run, in alphabetical order."""
        rows = self._db.execute(
            "SELECT DISTINCT json_extract(facts, '$.marketplace') FROM orders WHERE phase <> 'finished' ORDER BY 1"
        )
        return [row[0] for row in rows]

    def sharing_with(self, order: str) -> list[str]:
        """The other orders that share a parcel with this one."""
        rows = self._db.execute(
            "SELECT DISTINCT b.order_id FROM order_shipments a"
            " JOIN order_shipments b ON b.shipment = a.shipment AND b.order_id <> a.order_id"
            " WHERE a.order_id = ?",
            [order],
        )
        return [row[0] for row in rows]

    def pressing(self, now: datetime, until: datetime) -> list[tuple[datetime, str, str]]:
        """When something of an order presses next, its id and its title, for those of which that is
        after `now` and not after `until`; the most pressing first."""
        rows = self._db.execute(
            "SELECT pressing_at, id, json_extract(facts, '$.title') FROM orders WHERE phase <> 'finished'"
            " AND pressing_at > ? AND pressing_at <= ? ORDER BY pressing_at, id",
            [stamp(now), stamp(until)],
        )
        return [(instant(at), id_, title or "") for at, id_, title in rows]

    def staked(self, now: datetime) -> tuple[list[Staked], list[str]]:
        """What is at stake in the orders that run: of each the price, and when it presses. Apart from them
        the ids of those whose moment to press has passed since they were last thought about."""
        (rows,) = self._db.execute(
            "SELECT json_group_array(json_array(id, json_extract(facts, '$.price'), pressing_at)) FROM orders"
            " WHERE phase <> 'finished' AND staked_until > ?",
            [stamp(now)],
        ).fetchone()
        known, passed = [], []
        for id_, price, pressing in _staked_rows(rows):
            if pressing > stamp(now):
                known.append(Staked(price, None if pressing == FOREVER else instant(pressing)))
            else:
                passed.append(id_)
        return known, passed

    def count(self, *, finished_too: bool = False) -> int:
        """How many orders run (or are known at all)."""
        # SQLite would read every row; the index of those that run knows as well.
        some = "" if finished_too else " INDEXED BY orders_running WHERE phase <> 'finished'"
        return int(self._db.execute(f"SELECT count(*) FROM orders{some}").fetchone()[0])

    def find(self, text: str) -> list[str]:
        """Ids that are `text`, or else end with it: people read the last digits."""
        if self._db.execute("SELECT 1 FROM orders WHERE id = ?", [text]).fetchone():
            return [text]
        if len(text) < 3:
            return []
        rows = self._db.execute(
            "SELECT id FROM orders WHERE substr(id, -length(?1)) = ?1 ORDER BY id LIMIT 20", [text]
        )
        return [row[0] for row in rows]

    def load(self, orders: Sequence[str]) -> list[OrderRecord]:
        """All that is known of these orders, in the order asked for; unknown ids are left out."""
        wanted = json_of(list(orders))
        parcels = self._parcels_of(wanted)
        journal = self._journal_of(wanted)
        alerts = self._alerts_of(wanted)
        evidence = self._evidence.files_of(wanted)
        leads = self._leads([parcel for found in parcels.values() for parcel in found])
        (rows,) = self._db.execute(
            "SELECT json_group_array(json_array(json(facts), phase, unlisted_at, next_at)) FROM orders"
            " WHERE id IN (SELECT value FROM json_each(?))",
            [wanted],
        ).fetchone()
        records = {}
        for order, phase, unlisted_at, next_at in _order_rows(rows):
            mine = tuple(parcels.get(order.id, ()))
            records[order.id] = OrderRecord(
                order=order,
                phase=phase,
                parcels=mine,
                journal=tuple(journal.get(order.id, ())),
                alerts=alerts.get(order.id, {}),
                silent_parcels=_silent(order.id, mine, leads),
                unlisted_at=maybe_instant(unlisted_at),
                next_at=maybe_instant(next_at),
                evidence=evidence.get(order.id),
            )
        return [records[id_] for id_ in orders if id_ in records]

    def unthought(self) -> list[str]:
        """Orders that were taken in, and neither thought about nor given their place yet."""
        return [row[0] for row in self._db.execute("SELECT id FROM orders WHERE next_at = ?", [_NEW])]

    def stand(self, standings: Iterable[Standing]) -> None:
        """Stores where orders stand, and when each must be thought about next."""
        self._db.conn.executemany(
            f"UPDATE orders SET {_STANDING}, next_at = ? WHERE id = ?",
            [(*_columns(it), maybe_stamp(it.next_at), it.order) for it in standings],
        )

    def place(self, standings: Iterable[Standing]) -> None:
        """Sorts orders that nobody has thought about yet among the others; they stay due."""
        self._db.conn.executemany(
            f"UPDATE orders SET {_STANDING}, next_at = ? WHERE id = ?",
            [(*_columns(it), _PLACED, it.order) for it in standings],
        )

    def record(self, order: str, entry: JournalEntry, now: datetime) -> None:
        """Adds a line to an order's journal and has the order thought about at once."""
        self._db.execute(
            "INSERT INTO journal (order_id, recorded_at, entry) VALUES (?, ?, ?)",
            [order, stamp(now), json_of(entry)],
        )
        self._db.execute("UPDATE orders SET next_at = 0 WHERE id = ?", [order])

    def journal(self, order: str) -> list[tuple[datetime, JournalEntry]]:
        """An order's journal, with the instant at which each line was recorded."""
        rows = self._db.execute(
            "SELECT recorded_at, entry FROM journal WHERE order_id = ? ORDER BY id", [order]
        )
        return [(instant(at), _entry(entry)) for at, entry in rows]

    def _unlist(self, file: str, listed: set[str], now: datetime) -> int:
        rows = self._db.execute(
            "UPDATE orders SET unlisted_at = ?, next_at = ?1 WHERE listed_in = ? AND unlisted_at IS NULL"
            " AND id NOT IN (SELECT value FROM json_each(?)) RETURNING id",
            [stamp(now), file, json_of(sorted(listed))],
        ).fetchall()
        return len(rows)

    def _parcels_of(self, wanted: str) -> dict[str, list[Tracked]]:
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array(order_id, json_array({TRACKED}))) FROM"
            " (SELECT order_id, shipment FROM order_shipments"
            " WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, position)"
            " JOIN shipments s ON s.id = shipment",
            [wanted],
        ).fetchone()
        parcels: dict[str, list[Tracked]] = {}
        for order, row in _parcel_rows(rows):
            parcels.setdefault(order, []).append(tracked(row))
        return parcels

    def _journal_of(self, wanted: str) -> dict[str, list[JournalEntry]]:
        (rows,) = self._db.execute(
            "SELECT json_group_array(json_array(order_id, json(entry))) FROM (SELECT order_id, entry"
            " FROM journal WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY id)",
            [wanted],
        ).fetchone()
        journal: dict[str, list[JournalEntry]] = {}
        for order, entry in _journal_rows(rows):
            journal.setdefault(order, []).append(entry)
        return journal

    def _alerts_of(self, wanted: str) -> dict[str, dict[Key, Alert]]:
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({ALERT})) FROM alerts"
            " WHERE order_id IN (SELECT value FROM json_each(?))",
            [wanted],
        ).fetchone()
        alerts: dict[str, dict[Key, Alert]] = {}
        for found in map(alert, alert_rows(rows)):
            alerts.setdefault(found.order or "", {})[found.key] = found
        return alerts

    def _leads(self, parcels: Sequence[Tracked]) -> dict[str, str]:
        """Of each shared parcel the order that speaks for it: its first one that still runs."""
        shared = {p.shipment.number: p.shipment.orders for p in parcels if len(p.shipment.orders) > 1}
        if not shared:
            return {}
        ids = sorted({order for orders in shared.values() for order in orders})
        rows = self._db.execute(
            "SELECT id FROM orders WHERE phase <> 'finished' AND id IN (SELECT value FROM json_each(?))",
            [json_of(ids)],
        )
        running = {row[0] for row in rows}
        return {
            number: next((order for order in orders if order in running), orders[0])
            for number, orders in shared.items()
        }


#: What `_columns` has the values of.
_STANDING = "phase = ?, safe_until = ?, pressing_at = ?, staked_until = ?"


def _columns(standing: Standing) -> tuple[str, int | None, int, int]:
    pressing = FOREVER if standing.pressing_at is None else stamp(standing.pressing_at)
    staked = FOREVER if standing.staked_until is None else stamp(standing.staked_until)
    return standing.phase.value, maybe_stamp(standing.safe_until), pressing, staked


def _silent(order: str, parcels: Sequence[Tracked], leads: dict[str, str]) -> frozenset[str]:
    if not leads:
        return frozenset()
    numbers = (parcel.shipment.number for parcel in parcels)
    return frozenset(number for number in numbers if leads.get(number, order) != order)
