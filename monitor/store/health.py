"""How sources and channels do: about us, never about parcels."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlite_utils import Database

from monitor.core.rules.service import ChannelHealth, SourceHealth
from monitor.store.rows import maybe_instant, stamp


class Health:
    """The tables sources, channels, unmapped_codes and memory."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def source_worked(self, name: str, now: datetime) -> bool:
        """Notes a success; True if the source had been failing."""
        row = self._db.execute("SELECT failing_since FROM sources WHERE name = ?", [name]).fetchone()
        self._db.execute(
            "INSERT INTO sources (name, last_success_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET"
            " last_success_at = excluded.last_success_at, failing_since = NULL, error = NULL",
            [name, stamp(now)],
        )
        return row is not None and row[0] is not None

    def source_failed(self, name: str, error: str, now: datetime) -> bool:
        """Notes a failure; True if it is the first after a success."""
        row = self._db.execute("SELECT failing_since FROM sources WHERE name = ?", [name]).fetchone()
        self._db.execute(
            "INSERT INTO sources (name, failing_since, error) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " failing_since = coalesce(failing_since, excluded.failing_since), error = excluded.error",
            [name, stamp(now), error],
        )
        return row is None or row[0] is None

    def sources(self) -> list[SourceHealth]:
        """The health of every source that was ever asked. One that is asked nothing any more, because no
        order waits for its parcels, does not fail."""
        rows = self._db.execute(
            "SELECT name, last_success_at, CASE WHEN failing_since IS NULL OR EXISTS (SELECT 1 FROM lookups l"
            " WHERE l.source = name AND l.next_poll_at IS NOT NULL) THEN failing_since END, error FROM sources"
        )
        return [
            SourceHealth(name, maybe_instant(success), maybe_instant(failing), error)
            for name, success, failing, error in rows
        ]

    def budgets(self) -> dict[str, tuple[date, int]]:
        """Of each source the UTC day it was last asked on, and the requests it got that day."""
        rows = self._db.execute(
            "SELECT name, budget_day, budget_spent FROM sources WHERE budget_day IS NOT NULL"
        )
        return {name: (date.fromisoformat(day), spent) for name, day, spent in rows}

    def spend(self, name: str, day: date, total: int) -> None:
        """Stores how many requests a source was sent on a UTC day in all."""
        self._db.execute(
            "INSERT INTO sources (name, budget_day, budget_spent) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET budget_day = excluded.budget_day, budget_spent = excluded.budget_spent",
            [name, day.isoformat(), total],
        )

    def channel_worked(self, name: str) -> bool:
        """Notes a delivery; True if the channel had been failing."""
        row = self._db.execute("SELECT failing_since FROM channels WHERE name = ?", [name]).fetchone()
        if row is None:
            return False
        self._db.execute("DELETE FROM channels WHERE name = ?", [name])
        return True

    def channel_failed(self, name: str, error: str, now: datetime, *, permanent: bool) -> bool:
        """Notes a failed delivery; True if it is the first after a success. A channel that refuses for
        good twice in a row with the same words is disabled."""
        row = self._db.execute("SELECT refusal FROM channels WHERE name = ?", [name]).fetchone()
        refuses = permanent and row is not None and row[0] == error
        self._db.execute(
            "INSERT INTO channels (name, failing_since, error, refusal) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO"
            " UPDATE SET permanent = permanent OR ?5, disabled = disabled OR ?5, error = ?3, refusal = ?4",
            [name, stamp(now), error, error if permanent else None, refuses],
        )
        return row is None

    def channels(self) -> list[ChannelHealth]:
        """The channels that fail."""
        rows = self._db.execute("SELECT name, failing_since, permanent, error FROM channels")
        return [
            ChannelHealth(name, maybe_instant(since), bool(permanent), error)
            for name, since, permanent, error in rows
        ]

    def disabled(self) -> frozenset[str]:
        """The channels that are sent nothing any more."""
        rows = self._db.execute("SELECT name FROM channels WHERE disabled")
        return frozenset(name for (name,) in rows)

    def try_again(self, channel: str | None = None) -> None:
        """Gives a channel (None: all) that is disabled another chance; if it says the same again, it is
        disabled again."""
        self._db.execute("UPDATE channels SET disabled = 0 WHERE ?1 IS NULL OR name = ?1", [channel])

    def keep_only(self, sources: Iterable[str], channels: Iterable[str]) -> None:
        """Forgets sources and channels that are no longer configured."""
        for table, names in (("sources", sources), ("channels", channels)):
            kept = list(names)
            marks = ", ".join("?" * len(kept))
            self._db.execute(f"DELETE FROM {table} WHERE name NOT IN ({marks})", kept)

    def is_new_code(self, source: str, code: str, now: datetime) -> bool:
        """Notes a code that no table maps; True the first time it is seen."""
        row = self._db.execute(
            "INSERT OR IGNORE INTO unmapped_codes VALUES (?, ?, ?) RETURNING 1", [source, code, stamp(now)]
        ).fetchone()
        return row is not None

    def remembered(self, key: str) -> str | None:
        """A word the service left for its next start."""
        row = self._db.execute("SELECT value FROM memory WHERE key = ?", [key]).fetchone()
        return None if row is None else str(row[0])

    def remember(self, key: str, value: str) -> None:
        """Leaves a word for the next start."""
        self._db.execute(
            "INSERT INTO memory VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [key, value]
        )
