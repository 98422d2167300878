"""Buttons that were pressed, each of which counts once, and the secret their tokens are signed with."""

import os
from datetime import datetime

from sqlite_utils import Database

from monitor.store.rows import instant, stamp

#: Where the secret is kept, and how long it is.
_KEPT_AS, _SECRET_BYTES = "secret of the buttons", 32


class Replies:
    """The table replies, and one row of memory."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def secret(self) -> bytes:
        """The secret of this database's buttons: random, made when it is first asked for. It goes
        nowhere but into signatures."""
        row = self._db.execute("SELECT value FROM memory WHERE key = ?", [_KEPT_AS]).fetchone()
        if row is None:
            self._db.execute(
                "INSERT OR IGNORE INTO memory VALUES (?, ?)", [_KEPT_AS, os.urandom(_SECRET_BYTES).hex()]
            )
            row = self._db.execute("SELECT value FROM memory WHERE key = ?", [_KEPT_AS]).fetchone()
        return bytes.fromhex(row[0])

    def use(self, digest: bytes, alert: int, word: str, now: datetime) -> datetime | None:
        """Notes that the token with this digest is used now. When it was used before, if it was: then
        nothing is noted."""
        row = self._db.execute("SELECT at FROM replies WHERE token = ?", [digest]).fetchone()
        if row is not None:
            return instant(row[0])
        self._db.execute("INSERT INTO replies VALUES (?, ?, ?, ?)", [digest, stamp(now), alert, word])
        return None

    def forget(self, before: datetime) -> None:
        """Lets go of tokens that were used so long ago that they have expired."""
        self._db.execute("DELETE FROM replies WHERE at < ?", [stamp(before)])
