"""What lies in the evidence folders, and what has lain there: lines that are never changed.

A file is a line from its first sight until it is gone; one that changed is gone and a new line. Its
fingerprint is noted once it was read.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.core.model import EvidenceFile, FileKind
from monitor.evidence import Found, Identity, Look, Trouble, Unread, folder_of
from monitor.store.rows import instant, json_of, maybe_instant, reader, stamp

#: Lines of files that are still there.
_THERE = "NOT EXISTS (SELECT 1 FROM evidence_gone g WHERE g.file = e.id)"

_files = reader(list[tuple[str, str, FileKind, int]])
_troubles = reader(list[tuple[str, str]])
_ids = reader(list[str])


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A file as it was seen. `sha256` (hexadecimal) is None until it was read, `gone_at` until it was
    missed or changed. `known_since` is when the same bytes were first seen in this order's folder, under
    whatever name."""

    id: int
    path: str
    kind: FileKind
    identity: Identity
    seen_at: datetime
    known_since: datetime
    sha256: str | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvidenceNews:
    """What a look at an order's folder changed in what is known of it. `troubles` are those that were not
    told before."""

    new: tuple[Found, ...] = ()
    gone: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()


class Evidence:
    """The tables evidence, evidence_hashes, evidence_gone and evidence_folders."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def with_folder(self) -> list[str]:
        """The orders that had a folder when it was last looked for."""
        return [row[0] for row in self._db.execute("SELECT order_id FROM evidence_folders")]

    def odd_ids(self) -> list[str]:
        """The orders whose ids are no plain words."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT id FROM orders WHERE id GLOB '*[^A-Za-z0-9._-]*' OR id NOT GLOB '[A-Za-z0-9]*'"
            )
        ]

    def orders_among(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that are orders."""
        rows = self._db.execute(
            "SELECT id FROM orders WHERE id IN (SELECT value FROM json_each(?))", [json_of(list(ids))]
        )
        return {row[0] for row in rows}

    def known(self, order: str) -> dict[str, Found]:
        """The files of an order that are there, by their paths."""
        return {found.path: found for _, found in self._there(order)}

    def note(self, order: str, look: Look | None, now: datetime) -> EvidenceNews:
        """Notes what was found in an order's folder; None: it has none. To be called inside a transaction."""
        there = {found.path: (line, found) for line, found in self._there(order)}
        found = {it.path: it for it in look.files} if look is not None else {}
        new = [it for it in found.values() if it.path not in there or it != there[it.path][1]]
        gone = [
            path for path in there if path not in found and not (look is not None and look.is_unseen(path))
        ]
        changed = [it.path for it in new if it.path in there]
        self._db.conn.executemany(
            "INSERT INTO evidence_gone VALUES (?, ?)",
            [(there[path][0], stamp(now)) for path in (*gone, *changed)],
        )
        self._db.conn.executemany(
            "INSERT INTO evidence (order_id, path, kind, size, modified_ns, inode, seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(order, os.fsencode(it.path), it.kind, *it.identity, stamp(now)) for it in new],
        )
        return EvidenceNews(tuple(new), tuple(gone), self._note_folder(order, look))

    def troubles(self, order: str) -> tuple[Trouble, ...] | None:
        """What was in the way when the folder of an order was last looked at; None: it has none."""
        row = self._db.execute("SELECT troubles FROM evidence_folders WHERE order_id = ?", [order]).fetchone()
        if row is None:
            return None
        return tuple(Trouble(_path(path), what) for path, what in _troubles(row[0]))

    def unread(self) -> list[Unread]:
        """The files that are there and whose fingerprints are not known, the oldest first."""
        rows = self._db.execute(
            "SELECT id, order_id, path, size, modified_ns, inode FROM evidence e"
            f" WHERE NOT EXISTS (SELECT 1 FROM evidence_hashes h WHERE h.file = e.id) AND {_THERE} ORDER BY id"
        )
        return [
            Unread(line, folder_of(order), os.fsdecode(path), Identity(*identity))
            for line, order, path, *identity in rows
        ]

    def read(self, line: int, sha256: bytes, now: datetime) -> None:
        """Notes the fingerprint of a file; who reads the same at the same time finds the same."""
        self._db.execute("INSERT OR IGNORE INTO evidence_hashes VALUES (?, ?, ?)", [line, sha256, stamp(now)])

    def lines(self, order: str) -> list[EvidenceLine]:
        """All that was ever seen in an order's folder, in the order in which it was seen."""
        rows = self._db.execute(
            "SELECT e.id, path, kind, size, modified_ns, inode, seen_at, sha256, gone_at FROM evidence e"
            " LEFT JOIN evidence_hashes h ON h.file = e.id LEFT JOIN evidence_gone g ON g.file = e.id"
            " WHERE order_id = ? ORDER BY e.id",
            [order],
        ).fetchall()
        first: dict[bytes, int] = {}
        for *_, seen_at, sha256, _ in rows:
            if sha256 is not None:
                first.setdefault(sha256, seen_at)
        return [
            EvidenceLine(
                id=line,
                path=os.fsdecode(path),
                kind=FileKind(kind),
                identity=Identity(size, modified_ns, inode),
                seen_at=instant(seen_at),
                known_since=instant(first.get(sha256, seen_at)),
                sha256=None if sha256 is None else sha256.hex(),
                gone_at=maybe_instant(gone_at),
            )
            for line, path, kind, size, modified_ns, inode, seen_at, sha256, gone_at in rows
        ]

    def files_of(self, orders: str) -> dict[str, tuple[EvidenceFile, ...]]:
        """The files of each of these orders (a JSON list of ids) that has a folder."""
        folders, files = self._db.execute(
            "SELECT (SELECT json_group_array(order_id) FROM evidence_folders"
            " WHERE order_id IN (SELECT value FROM json_each(?1))),"
            " (SELECT json_group_array(json_array(e.order_id, hex(path), kind, size))"
            " FROM evidence_folders f JOIN evidence e ON e.order_id = f.order_id"
            f" WHERE f.order_id IN (SELECT value FROM json_each(?1)) AND {_THERE})",
            [orders],
        ).fetchone()
        found: dict[str, list[EvidenceFile]] = {order: [] for order in _ids(folders)}
        for order, path, kind, size in _files(files):
            found[order].append(EvidenceFile(_path(path), kind, size))
        return {order: tuple(sorted(mine, key=_by_path)) for order, mine in found.items()}

    def _there(self, order: str) -> list[tuple[int, Found]]:
        rows = self._db.execute(
            "SELECT id, path, kind, size, modified_ns, inode FROM evidence e"
            f" WHERE order_id = ? AND {_THERE}",
            [order],
        )
        return [
            (line, Found(os.fsdecode(path), FileKind(kind), Identity(*identity)))
            for line, path, kind, *identity in rows
        ]

    def _note_folder(self, order: str, look: Look | None) -> tuple[Trouble, ...]:
        """What is in the way now and was not before."""
        before = self.troubles(order)
        if look is None:
            self._db.execute("DELETE FROM evidence_folders WHERE order_id = ?", [order])
            return ()
        if before != look.troubles:
            told = [(os.fsencode(trouble.path).hex(), trouble.what) for trouble in look.troubles]
            self._db.execute(
                "INSERT INTO evidence_folders VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET troubles = excluded.troubles",
                [order, json_of(told)],
            )
        return tuple(trouble for trouble in look.troubles if trouble not in (before or ()))


def _by_path(file: EvidenceFile) -> str:
    return file.path


def _path(in_hex: str) -> str:
    return os.fsdecode(bytes.fromhex(in_hex))
