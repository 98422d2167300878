"""Opening the database: what is in force, and how each failure is told."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest

from monitor.errors import StoreError
from monitor.store import Store
from monitor.store.connection import open_to_look, told_plainly
from tests.monitor.core.facts import an_order
from tests.monitor.stage import NOW

#: Holds the right to write of a database until its stdin is closed.
HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def pragma(store: Store, name: str) -> object:
    return store.db.execute(f"PRAGMA {name}").fetchone()[0]


def take(store: Store, *ids: str) -> None:
    with store.atomic():
        store.orders.take([an_order(id=id_) for id_ in ids], NOW, lambda parcel: None)


# What is in force


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("cache_size", -16000)],
)
def test_what_keeps_data_safe_is_on(store: Store, name: str, value: object) -> None:
    assert pragma(store, name) == value


def test_it_is_on_after_opening_again_too(store: Store) -> None:
    with closing(Store(store.path)) as again:
        assert [pragma(again, name) for name in ("journal_mode", "synchronous", "foreign_keys")] == [
            "wal",
            2,
            1,
        ]


def test_every_table_is_strict(store: Store) -> None:
    tables = store.db.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite_%' AND name <> '_sqlite_migrations'"
    ).fetchall()
    assert len(tables) == 25
    assert [name for name, strict in tables if not strict] == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO orders (id, facts, taken_at) VALUES ('1', '{}', 'yesterday')",
        "INSERT INTO memory VALUES ('key', NULL)",
        "INSERT INTO order_shipments VALUES ('nobody', 17, 0)",
        "INSERT INTO aliases VALUES ('LP2', 17)",
        "INSERT INTO events VALUES (17, 0, 0, '{}')",
        "INSERT INTO journal (order_id, recorded_at, entry) VALUES ('nobody', 0, '{}')",
        "INSERT INTO deliveries (notice, channel, rank) VALUES (17, 'phone', 1)",
        "INSERT INTO attempts (delivery, at, outcome, detail) VALUES (17, 0, 'ok', '')",
    ],
)
def test_the_database_itself_refuses_nonsense(store: Store, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.db.execute(statement)


def test_only_the_owner_can_read_the_file(store: Store) -> None:
    take(store, "1001")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
    assert modes == {"orderwatch.db": 0o600, "orderwatch.db-wal": 0o600, "orderwatch.db-shm": 0o600}


def test_a_copy_that_was_put_in_place_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "orderwatch.db"
    Store(path).close()
    path.chmod(0o644)
    Store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_folders_above_are_made(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "state" / "here" / "orderwatch.db")) as store:
        take(store, "1001")
    assert (tmp_path / "state" / "here" / "orderwatch.db").stat().st_size > 0


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with suppress(ZeroDivisionError), store.atomic():
        take(store, "1001")
        with suppress(ZeroDivisionError), store.atomic():
            take(store, "1002")
            raise ZeroDivisionError
        assert store.orders.running() == ["1001"]
        raise ZeroDivisionError
    assert store.orders.running() == []


def test_who_has_read_in_a_transaction_may_still_write(store: Store) -> None:
    """Another program cannot write in between and leave us with a view nobody may write to."""
    with closing(Store(store.path, busy_seconds=0)) as other, store.atomic():
        assert store.orders.running() == []
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            take(other, "1002")
        store.orders.take([an_order(id="1001")], NOW, lambda parcel: None)
    assert store.orders.running() == ["1001"]


def test_reading_goes_on_while_another_writes(store: Store) -> None:
    take(store, "1001")
    with closing(Store(store.path, busy_seconds=0)) as other, store.atomic():
        store.orders.take([an_order(id="1002")], NOW, lambda parcel: None)
        assert other.orders.running() == ["1001"]


# What is no database of ours stays as it is


def contents(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), stat.S_IMODE(path.stat().st_mode)


def refusal(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        Store(path, busy_seconds=0.1).close()
    return str(caught.value)


@pytest.mark.parametrize("body", [b"[[orders]]\nid = 1\n" * 50, b"\x00" * 5000, os.urandom(4096), b"{}"])
def test_what_is_no_database_is_told_and_left_alone(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "orders.toml"
    path.write_bytes(body)
    path.chmod(0o644)
    told = refusal(path)
    assert (
        told == f"the database {path} is not a database; move it away or name another file under `database`"
    )
    assert contents(path) == (body, 0o644)
    assert [found.name for found in tmp_path.iterdir()] == ["orders.toml"]


def test_an_empty_file_becomes_the_database(tmp_path: Path) -> None:
    path = tmp_path / "orderwatch.db"
    path.touch()
    with closing(Store(path)) as store:
        take(store, "1001")


def test_a_newer_database_is_refused_and_stays_as_it_is(store: Store) -> None:
    take(store, "1001")
    store.db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('orderwatch', 'm9999_the_future', 'then')"
    )
    store.db.execute("PRAGMA journal_mode = DELETE")
    before = contents(store.path)
    told = refusal(store.path)
    assert told == (
        f"{store.path} was written by a newer orderwatch (step m9999_the_future); "
        "install that version again, or restore an older backup. Nothing was changed."
    )
    assert contents(store.path) == before
    with pytest.raises(StoreError, match="newer orderwatch"):
        open_to_look(store.path)


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "orderwatch.db"
    with closing(Store(path)) as store:
        take(store, *(str(number) for number in range(1000, 2000)))
        store.tidy()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    told = refusal_of_use(path)
    assert told == f"the database {path} is damaged; restore a copy made by `orderwatch backup`"


def refusal_of_use(path: Path) -> str:
    """What is said by whoever opens a database and works with it."""
    with pytest.raises(StoreError) as caught, closing(Store(path, busy_seconds=0.1)) as store, store.guard():
        take(store, "77")
        store.orders.load(store.orders.running())
    return str(caught.value)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"the database {tmp_path} cannot be opened: it is not a file"


@pytest.mark.parametrize("open_it", [Store, open_to_look])
def test_a_pipe_is_no_database_and_is_not_waited_for(
    tmp_path: Path, open_it: Callable[[Path], object]
) -> None:
    os.mkfifo(tmp_path / "orderwatch.db")
    with pytest.raises(StoreError, match="cannot be opened: it is not a file"):
        open_it(tmp_path / "orderwatch.db")


@pytest.mark.parametrize("open_it", [Store, open_to_look])
def test_another_programs_database_is_left_alone(tmp_path: Path, open_it: Callable[[Path], object]) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE photos (id INTEGER)")
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is the database of another program"):
        open_it(path)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (before, 0o644)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    path = tmp_path / "state" / "orderwatch.db"
    assert refusal(path).startswith(f"the database {path} cannot be opened: ")


# Read-only


NOBODY = 65534


@pytest.fixture
def no_rights() -> Iterator[Path]:
    """A folder of one who is not root, which root could write to all the same."""
    with TemporaryDirectory() as folder:
        was = os.geteuid()
        if was == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            os.seteuid(was)


def test_a_file_that_may_not_be_written(no_rights: Path) -> None:
    path = no_rights / "orderwatch.db"
    Store(path).close()
    before = path.read_bytes()
    path.chmod(0o400)
    assert refusal_of_use(path) == (
        f"the database {path} cannot be written to; check who owns it and whether its disk is read-only"
    )
    assert path.read_bytes() == before


def test_a_folder_that_may_not_be_written(no_rights: Path) -> None:
    no_rights.chmod(0o500)
    path = no_rights / "orderwatch.db"
    assert refusal(path) == f"the database {path} cannot be opened: Permission denied"


def test_a_database_of_somebody_else(no_rights: Path) -> None:
    path = no_rights / "orderwatch.db"
    Store(path).close()
    path.chmod(0o000)
    assert refusal(path) == f"the database {path} cannot be opened: Permission denied"


def test_a_connection_that_may_only_read_is_told(store: Store) -> None:
    take(store, "1001")
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError) as caught, store.guard():
        take(store, "1002")
    assert str(caught.value) == (
        f"the database {store.path} cannot be written to; check who owns it and whether its disk is read-only"
    )
    assert store.orders.running() == ["1001"]


# In use by another program


@contextmanager
def held_by_another(path: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate()


def test_locked_by_another_process(tmp_path: Path) -> None:
    path = tmp_path / "orderwatch.db"
    with closing(Store(path, busy_seconds=0.1)) as store:
        take(store, "1001")
        with held_by_another(path):
            with pytest.raises(StoreError) as caught, store.guard():
                take(store, "1002")
            assert str(caught.value) == (
                f"the database {path} is in use by another program and did not become free; try again"
            )
            assert store.orders.running() == ["1001"]
        take(store, "1002")
        assert sorted(store.orders.running()) == ["1001", "1002"]


def test_locked_while_it_is_being_made(tmp_path: Path) -> None:
    path = tmp_path / "orderwatch.db"
    with held_by_another(path):
        assert refusal(path).endswith("is in use by another program and did not become free; try again")
    Store(path).close()


def test_several_may_start_on_a_new_file_at_once(tmp_path: Path) -> None:
    together = Barrier(8)

    def start() -> int:
        together.wait()
        with closing(Store(tmp_path / "orderwatch.db")) as store:
            return store.orders.count()

    with ThreadPoolExecutor(8) as programs:
        assert [ready.result() for ready in [programs.submit(start) for _ in range(8)]] == [0] * 8


# No room left


def test_a_full_disk_is_told_and_nothing_stored_is_lost(store: Store) -> None:
    take(store, "1001")
    store.db.execute("PRAGMA max_page_count = 1")  # no less than there are: not one page more
    with pytest.raises(StoreError) as caught, store.guard():
        take(store, *(str(number) for number in range(2000, 9000)))
    assert str(caught.value) == (
        f"the database {store.path} has no room left on its disk; make room, nothing that was stored is lost"
    )
    assert store.orders.running() == ["1001"]
    store.db.execute("PRAGMA max_page_count = 1000000")
    take(store, "1002")
    assert sorted(store.orders.running()) == ["1001", "1002"]
    assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


# Words


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (sqlite3.OperationalError("disk I/O error"), "cannot be read or written: the disk reports an error"),
        (sqlite3.OperationalError("unable to open database file"), "cannot be opened; check that its folder"),
        (sqlite3.DatabaseError("database disk image is malformed"), "is damaged; restore a copy"),
        (sqlite3.OperationalError("no such table: orders"), "failed: no such table: orders"),
    ],
)
def test_failures_in_words(error: Exception, told: str) -> None:
    with pytest.raises(StoreError, match=told), told_plainly(Path("/there/orderwatch.db")):
        raise error


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened: "):
        Store(tmp_path / "file" / "orderwatch.db")


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(28, "No space left on device")])
def test_what_cannot_be_printed_is_no_fault_of_the_database(error: OSError, tmp_path: Path) -> None:
    with closing(Store(tmp_path / "orderwatch.db")) as store, pytest.raises(type(error)), store.guard():
        raise error


# Looking only


@pytest.mark.parametrize("busy", [False, True])
def test_looking_changes_nothing(tmp_path: Path, busy: bool) -> None:
    path = tmp_path / "orderwatch.db"
    store = Store(path)
    take(store, "1001")
    if not busy:
        store.close()
    before = sorted(found.name for found in tmp_path.iterdir())
    with closing(open_to_look(path)) as db:
        assert db.execute("SELECT id FROM orders").fetchall() == [("1001",)]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("DELETE FROM orders")
    assert sorted(found.name for found in tmp_path.iterdir()) == before
    store.close()


def test_looking_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_to_look(tmp_path / "orderwatch.db")
    assert list(tmp_path.iterdir()) == []


# A copy


def test_a_copy_made_while_another_writes_is_whole(store: Store, tmp_path: Path) -> None:
    take(store, "1001")
    with closing(Store(store.path)) as other, other.atomic():
        other.orders.take([an_order(id="1002")], NOW, lambda parcel: None)
        store.backup(tmp_path / "copy.db")
    with closing(Store(tmp_path / "copy.db")) as copy:
        assert copy.orders.running() == ["1001"]
        assert copy.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert pragma(copy, "journal_mode") == "wal"


@pytest.mark.parametrize("make", [lambda path: path.write_text("mine"), lambda path: path.mkdir()])
def test_a_copy_overwrites_nothing(store: Store, tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "copy.db")
    with pytest.raises(StoreError, match="copy.db"):
        store.backup(tmp_path / "copy.db")


def test_tidying_folds_the_log_into_the_file(store: Store) -> None:
    take(store, "1001")
    log = store.path.with_name("orderwatch.db-wal")
    assert log.stat().st_size > 0
    store.tidy()
    assert log.stat().st_size == 0
