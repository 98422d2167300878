"""Writes the calendar file: whole or not at all, for its owner only, and over nothing but itself."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from monitor.errors import CalendarError

#: What a calendar of ours names as its maker.
PRODUCT = "-//orderwatch//deadlines//EN"
#: So much of a file tells whose it is.
_HEAD = 512
_OURS = f"PRODID:{PRODUCT}".encode()
_ADVICE = {
    errno.EROFS: "that folder cannot be written to; a service under systemd writes to its state folder only",
    errno.EACCES: "this user may not read and write there",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full",
    errno.ENAMETOOLONG: "its name is too long",
}


def write_calendar(path: Path, content: bytes) -> bool:
    """Makes the file at `path` hold `content`, readable by its owner only; whether that changed anything.

    A link is followed to the file it names. Raises CalendarError, and then what was there is still there.
    """
    with _told_plainly(path):
        target = _target_of(path)
        if _is_so_already(target, content):
            return False
        _replace(target, content)
    return True


def check_calendar(path: Path) -> None:
    """Looks whether `path` can be written, and writes nothing. Raises CalendarError if it cannot."""
    with _told_plainly(path):
        target = _target_of(path)
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _refusal(path, _ADVICE.get(error.errno or 0) or error.strerror or str(error)) from error
    except ValueError:  # a name with a NUL in it
        raise _refusal(path, "that is not the name of a file") from None


def _target_of(path: Path) -> Path:
    """The file to write. Raises CalendarError for what is none, or not ours."""
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise _refusal(path, f"there is no folder {target.parent}") from None
        return target
    except NotADirectoryError:
        raise _refusal(path, f"{target.parent} is no folder") from None
    if stat.S_ISDIR(mode):
        raise _refusal(path, "it is a folder; name a file in it, such as orderwatch.ics")
    if not stat.S_ISREG(mode):
        raise _refusal(path, "it is no plain file")
    head = _head_of(target)
    if head and not (head.startswith(b"BEGIN:VCALENDAR") and _OURS in head):
        raise _refusal(path, "there is a file that orderwatch did not write; name another, or move it away")
    return target


def _head_of(target: Path) -> bytes:
    with open(target, "rb") as file:
        return file.read(_HEAD)


def _is_so_already(target: Path, content: bytes) -> bool:
    try:
        return target.read_bytes() == content and not target.stat().st_mode & 0o077
    except FileNotFoundError:
        return False


def _replace(target: Path, content: bytes) -> None:
    """Its new content is on the disk before it takes the place of the old one."""
    descriptor, name = mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _refusal(path: Path, reason: str) -> CalendarError:
    return CalendarError(f"the calendar {path} cannot be written: {reason}")
