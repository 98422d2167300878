"""One service per database: a lock on a file beside it, let go of by the kernel when we die."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import StoreError

#: Seconds after which a look at the lock is over for sure.
_A_LOOK = 0.1


def is_at_work(database: Path) -> bool:
    """Whether some process holds the lock of a database at this instant."""
    try:
        lock = os.open(_lock_of(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


@contextmanager
def only_instance(database: Path) -> Iterator[None]:
    """Holds the lock of a database. Raises StoreError if another process holds it."""
    path = _lock_of(database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"the lock {path} cannot be made: {error.strerror}") from error
    try:
        try:
            _take(lock)
        except OSError as error:
            holder = os.read(lock, 20).decode("ascii", "replace").strip()
            raise StoreError(
                f"another orderwatch{f' (process {holder})' if holder else ''} is at work on {database};"
                " stop it first, or name another database"
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    """Takes the lock. Who holds it may only be having a look (`is_at_work`): a second try tells."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        time.sleep(_A_LOOK)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock_of(database: Path) -> Path:
    return database.with_name(database.name + ".lock")
