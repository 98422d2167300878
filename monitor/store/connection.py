"""Opens the database file, and tells its failures in words a user can act on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from monitor.errors import StoreError
from monitor.store.migrations import migrations

#: How long a writer waits for another one (a command beside the service), in seconds.
BUSY_SECONDS = 10

_ADVICE = (
    ("locked", "is in use by another program and did not become free; try again"),
    ("readonly", "cannot be written to; check who owns it and whether its disk is read-only"),
    ("full", "has no room left on its disk; make room, nothing that was stored is lost"),
    ("not a database", "is not a database; move it away or name another file under `database`"),
    ("malformed", "is damaged; restore a copy made by `orderwatch backup`"),
    ("unable to open", "cannot be opened; check that its folder exists and may be written to"),
    ("disk i/o", "cannot be read or written: the disk reports an error"),
)


def open_database(path: Path, busy_seconds: float = BUSY_SECONDS) -> Database:
    """The database at `path`, created or migrated where needed, for the calling thread only.

    Raises StoreError. A file that is no database, or a newer one, stays as it is.
    """
    with told_plainly(path), _opened(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_what_is_no_file(path)
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
        try:
            return _prepared(Database(connection, execute_plugins=False), path)
        except BaseException:
            connection.close()
            raise


def open_to_look(path: Path) -> Database:
    """The database at `path` as it is, for reading only: nothing is created, nothing migrated.

    Raises StoreError, also when a newer orderwatch wrote it.
    """
    with told_plainly(path), _opened(path):
        _refuse_what_is_no_file(path)
        # Without a log beside it nobody writes: then it is opened so that no log is made either.
        mode = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro{mode}", uri=True, timeout=BUSY_SECONDS
        )
        db = Database(connection, execute_plugins=False)
        try:
            _refuse_foreign(db, path)
            _refuse_newer(db, path)
        except BaseException:
            connection.close()
            raise
        return db


def is_up_to_date(db: Database) -> bool:
    """Whether every step of the schema has been taken."""
    return not migrations.pending(db)


@contextmanager
def atomic(db: Database) -> Iterator[Database]:
    """One transaction, or a part of the one that runs. It takes its turn to write when it begins: one
    that has read cannot become a writer any more once another program has written."""
    if db.conn.in_transaction:
        with db.atomic():
            yield db
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def _prepared(db: Database, path: Path) -> Database:
    _refuse_foreign(db, path)
    _refuse_newer(db, path)
    _keep_private(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA cache_size = -16000")
    if migrations.pending(db):
        with atomic(db):  # two programs may start on a new file at once
            migrations.apply(db)
    return db


def _refuse_what_is_no_file(path: Path) -> None:
    """SQLite would wait for ever for somebody to write into a pipe."""
    if path.exists() and not path.is_file():
        raise StoreError(f"the database {path} cannot be opened: it is not a file")


def _refuse_foreign(db: Database, path: Path) -> None:
    tables = db.table_names()
    if tables and migrations.migrations_table not in tables:
        raise StoreError(
            f"{path} is the database of another program; name another file under `database`. "
            "Nothing was changed."
        )


def _keep_private(path: Path) -> None:
    """Takes from all others the right to read a database that was put here."""
    mode = path.stat().st_mode
    if mode & 0o077:
        os.chmod(path, mode & 0o700)


def _refuse_newer(db: Database, path: Path) -> None:
    unknown = {migration.name for migration in migrations.applied(db)} - _all_names()
    if unknown:
        raise StoreError(
            f"{path} was written by a newer orderwatch (step {max(unknown)}); "
            "install that version again, or restore an older backup. Nothing was changed."
        )


def _all_names() -> set[str]:
    with closing(Database(memory=True, execute_plugins=False)) as nothing_done:
        return {migration.name for migration in migrations.pending(nothing_done)}


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turns what SQLite says into a StoreError; what is printed meanwhile may fail for other reasons."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error).lower()
        for mark, advice in _ADVICE:
            if mark in text:
                raise StoreError(f"the database {path} {advice}") from error
        raise StoreError(f"the database {path} failed: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    """Turns what the file system says about the database's file into a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"the database {path} cannot be opened: {error.strerror or error}") from error
