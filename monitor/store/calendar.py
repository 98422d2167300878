"""What was published in a calendar. A row stays for good: an entry that comes back is the same one, with
a higher sequence than any calendar has seen of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from monitor.core.published import Entry, Published
from monitor.store.rows import instant, json_of, reader, stamp

_COLUMNS = "uid, order_id, entry, sequence, changed_at, cancelled"

_entry = reader(Entry)


class CalendarEntries:
    """The tables calendar and calendar_due."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def mark(self, orders: Iterable[str]) -> None:
        """Notes that the entries of these orders may have changed."""
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO calendar_due VALUES (?)", [(order,) for order in orders]
        )

    def mark_all(self) -> None:
        """The same for every order: what is shown of all of them has changed."""
        self._db.execute("INSERT OR IGNORE INTO calendar_due SELECT id FROM orders")

    def marked(self, limit: int) -> list[str]:
        """Orders whose entries may have changed."""
        rows = self._db.execute("SELECT order_id FROM calendar_due LIMIT ?", [limit])
        return [row[0] for row in rows]

    def unmark(self, orders: Iterable[str]) -> None:
        """Notes that these orders were looked at."""
        self._db.conn.executemany(
            "DELETE FROM calendar_due WHERE order_id = ?", [(order,) for order in orders]
        )

    def known(self, orders: Sequence[str]) -> dict[str, dict[str, Published]]:
        """All that was ever published of these orders, by order and uid."""
        known: dict[str, dict[str, Published]] = {order: {} for order in orders}
        for found in self._read("order_id IN (SELECT value FROM json_each(?))", json_of(list(orders))):
            known[found.order][found.uid] = found
        return known

    def kept(self, now: datetime) -> list[Published]:
        """What is in the calendar at `now`."""
        return self._read("kept_until > ?", stamp(now))

    def state(self, now: datetime) -> tuple[int, ...]:
        """Differs when something in the calendar has changed, come or gone."""
        row = self._db.execute(
            "SELECT count(*), coalesce(sum(sequence), 0), coalesce(max(changed_at), 0) FROM calendar"
            " WHERE kept_until > ?",
            [stamp(now)],
        ).fetchone()
        return tuple(row)

    def publish(self, changed: Iterable[Published]) -> None:
        """Stores what is new or has changed."""
        self._db.conn.executemany(
            f"INSERT OR REPLACE INTO calendar ({_COLUMNS}, kept_until) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (it.uid, it.order, json_of(it.entry), it.sequence, stamp(it.changed_at), it.cancelled,
                 stamp(it.kept_until))
                for it in changed
            ],
        )  # fmt: skip

    def _read(self, where: str, value: str | int) -> list[Published]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM calendar WHERE {where}", [value])
        return [
            Published(uid, order, _entry(entry), sequence, instant(changed_at), bool(cancelled))
            for uid, order, entry, sequence, changed_at, cancelled in rows
        ]
