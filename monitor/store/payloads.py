"""Answers as they came, kept by hash: evidence, and food for a corrected parser."""

import zlib
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlite_utils import Database

from monitor.store.rows import json_of, stamp

#: Answers repeat themselves: the quickest level already makes a tenth of them, in less time than the
#: disk takes for the rest.
_QUICKLY = 1


class Payloads:
    """The tables payloads and payload_shipments."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, source: str, body: bytes, shipments: Iterable[int], now: datetime) -> None:
        """Keeps an answer and what parcels it spoke of; one that is known is only seen again."""
        digest = sha256(body).digest()
        self._db.execute(
            "INSERT INTO payloads VALUES (?, ?, ?, ?4, ?4)"
            " ON CONFLICT DO UPDATE SET last_seen_at = excluded.last_seen_at",
            [digest, source, zlib.compress(body, _QUICKLY), stamp(now)],
        )
        self._db.execute(
            "INSERT OR IGNORE INTO payload_shipments SELECT id, ? FROM shipments"
            " WHERE id IN (SELECT value FROM json_each(?))",
            [digest, json_of(list(shipments))],
        )

    def seen(self, digest: bytes, now: datetime) -> None:
        """Notes that the same answer came again."""
        self._db.execute("UPDATE payloads SET last_seen_at = ? WHERE hash = ?", [stamp(now), digest])

    def read(self, digest: bytes) -> bytes | None:
        """The body of an answer."""
        row = self._db.execute("SELECT body FROM payloads WHERE hash = ?", [digest]).fetchone()
        return None if row is None else zlib.decompress(row[0])

    def forget(self, before: datetime) -> int:
        """Lets go of answers not seen since `before`. Returns how many."""
        rows = self._db.execute("DELETE FROM payloads WHERE last_seen_at < ? RETURNING 1", [stamp(before)])
        return len(rows.fetchall())
