"""Everything orderwatch remembers, in one SQLite file.

`Store` belongs to the thread that opened it. Each room of it is a small class over the same
connection; `store.atomic()` makes one transaction of what several of them write.
"""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from monitor.store.alerts import Alerts
from monitor.store.calendar import CalendarEntries
from monitor.store.connection import BUSY_SECONDS, atomic, open_database, told_plainly
from monitor.store.evidence import Evidence
from monitor.store.health import Health
from monitor.store.lookups import Lookups
from monitor.store.orders import Orders
from monitor.store.outbox import Outbox
from monitor.store.parcels import Parcels
from monitor.store.payloads import Payloads
from monitor.store.replies import Replies
from monitor.store.rows import stamp

__all__ = ["Store"]

#: No look and no try is put off for longer.
_LONGEST_WAIT = timedelta(days=1)
_WAITING = (("lookups", "next_poll_at"), ("deliveries", "next_at"), ("deliveries", "lease_until"))
_PAST = (
    ("lookups", "begun_at"),
    ("lookups", "last_success_at"),
    ("sources", "last_success_at"),
    ("sources", "failing_since"),
    ("channels", "failing_since"),
    ("alerts", "told_at"),
)


class Store:
    """The open database. Methods raise StoreError only through `told_plainly`; see `guard`."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self.db: Database = open_database(path, busy_seconds)
        self.orders = Orders(self.db)
        self.parcels = Parcels(self.db)
        self.lookups = Lookups(self.db)
        self.alerts = Alerts(self.db)
        self.outbox = Outbox(self.db)
        self.payloads = Payloads(self.db)
        self.health = Health(self.db)
        self.replies = Replies(self.db)
        self.calendar = CalendarEntries(self.db)
        self.evidence = Evidence(self.db)

    def atomic(self) -> AbstractContextManager[Database]:
        """All or nothing: what is written inside is stored together, or not at all."""
        return atomic(self.db)

    def guard(self) -> AbstractContextManager[None]:
        """Inside it, what SQLite says becomes a StoreError in words for the user."""
        return told_plainly(self.path)

    def come_back_to(self, now: datetime) -> None:
        """The clock was ahead, and what was noted then would come true much too late: looks, tries and
        thoughts that were put off are due, and nothing is remembered from the future."""
        self.orders.wake_all(now)
        self.db.execute(
            "UPDATE lookups SET next_poll_at = ?1 WHERE last_success_at > ?1 OR begun_at > ?1", [stamp(now)]
        )
        for table, column in _WAITING:
            self.db.execute(
                f"UPDATE {table} SET {column} = ?1 WHERE {column} > ?2",
                [stamp(now), stamp(now + _LONGEST_WAIT)],
            )
        self.db.execute("UPDATE alerts SET snoozed_until = ?1 WHERE told_at > ?1", [stamp(now)])
        for table, column in _PAST:
            self.db.execute(f"UPDATE {table} SET {column} = ?1 WHERE {column} > ?1", [stamp(now)])

    def backup(self, target: Path) -> None:
        """A consistent copy into a new file, also while the service writes. Raises StoreError."""
        with told_plainly(target):
            self.db.execute("VACUUM INTO ?", [str(target)])

    def tidy(self) -> None:
        """Brings statistics up to date and folds the write-ahead log into the file."""
        self.db.execute("PRAGMA optimize")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes the file; the write-ahead log is folded into it first."""
        self.db.close()
