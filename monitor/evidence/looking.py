"""What is in an order's evidence folder: every plain file below it, and what is in the way."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from monitor.core.model import FileKind
from monitor.evidence.kinds import HEAD, kind_of

#: Folders below an order's folder that are looked into, one in the other.
DEEPEST = 8
#: Files of one order that are looked at.
MOST_FILES = 10_000
#: Things in the way that are told of one order.
MOST_TROUBLES = 50

_LATEST = 2**63 - 1
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# Without O_NONBLOCK, opening a pipe that has taken a file's place would wait for ever.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
#: What systems and programs leave in folders beside the user's files.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})
_UNFINISHED = (".part", ".crdownload", ".tmp", "~")


class Identity(NamedTuple):
    """What tells without reading it whether a file is still the same."""

    size: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by its path below the order's folder (`/` between, surrogates for bytes that are no UTF-8)."""

    path: str
    kind: FileKind
    identity: Identity


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not looked at, by its path below the order's folder (empty: that itself), and
    why, in words to put behind its name."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is in an order's folder. Of what is at or below one of the `unseen` paths nothing is known now:
    what was known of it stays."""

    files: tuple[Found, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    unseen: tuple[str, ...] = ()

    def is_unseen(self, path: str) -> bool:
        """Whether nothing is known now of a file."""
        return any(not below or path == below or path.startswith(f"{below}/") for below in self.unseen)


def list_root(root: Path) -> tuple[tuple[str, ...], str | None]:
    """The names of all that lies in the root of the evidence folders, and why they cannot be told
    (None: they can)."""
    try:
        with os.scandir(root) as entries:
            return tuple(sorted(entry.name for entry in entries)), None
    except FileNotFoundError:
        return (), "is not there"
    except (OSError, ValueError) as error:
        return (), _reason(error)


def look_into(root: Path, folder: str, known: Mapping[str, Found]) -> Look:
    """Looks into the folder of an order. `known` are its files, by their paths, as they were when last
    looked at: what is unchanged is not opened again. Never raises for what is there, or not there."""
    walk = _Walk(known)
    try:
        with _opened(root, _FOLDER) as top:
            _enter(walk, top, folder, "", 0)
    except (OSError, ValueError) as error:
        walk.miss("", _reason(error))
    troubles = walk.troubles[:MOST_TROUBLES]
    if more := len(walk.troubles) - len(troubles):
        troubles.append(Trouble("", f"has {more} more things that are not looked at"))
    return Look(tuple(walk.files), tuple(troubles), tuple(walk.unseen))


@dataclass(slots=True)
class _Walk:
    """What a walk through one folder has brought so far."""

    known: Mapping[str, Found]
    files: list[Found] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    is_full: bool = False

    def leave(self, path: str, what: str) -> None:
        """Notes something that is nobody's evidence as it is."""
        self.troubles.append(Trouble(path, what))

    def miss(self, path: str, what: str) -> None:
        """Notes something that may be evidence, and cannot be seen now."""
        self.leave(path, what)
        self.unseen.append(path)


def _enter(walk: _Walk, above: int, name: str, path: str, depth: int) -> None:
    """Walks through the folder `name`, which is no link."""
    try:
        with _opened(name, _FOLDER | os.O_NOFOLLOW, above) as folder:
            _walk_through(walk, folder, path, depth)
    except NotADirectoryError:
        is_link = stat.S_ISLNK(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode)
        walk.leave(path, _LINK if is_link else "is a file, not a folder")
    except OSError as error:
        walk.miss(path, _reason(error))


def _walk_through(walk: _Walk, folder: int, path: str, depth: int) -> None:
    with os.scandir(folder) as entries:
        wanted = (entry for entry in entries if _is_wanted(entry.name))
        found = sorted(islice(wanted, 2 * MOST_FILES), key=lambda entry: entry.name)
    for entry in found:
        if walk.is_full:
            return
        _take(walk, folder, entry, f"{path}/{entry.name}" if path else entry.name, depth)


def _take(walk: _Walk, folder: int, entry: "os.DirEntry[str]", path: str, depth: int) -> None:
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError as error:
        walk.miss(path, _reason(error))
        return
    if stat.S_ISLNK(about.st_mode):
        walk.leave(path, _LINK)
    elif stat.S_ISDIR(about.st_mode) and depth == DEEPEST:
        walk.miss(path, f"lies too deep (allowed: {DEEPEST} folders in each other)")
    elif stat.S_ISDIR(about.st_mode):
        _enter(walk, folder, entry.name, path, depth + 1)
    elif not stat.S_ISREG(about.st_mode):
        walk.leave(path, "is neither a file nor a folder, and is not opened")
    elif len(walk.files) == MOST_FILES:
        walk.is_full = True
        walk.miss("", f"has more than {MOST_FILES} files; the others are not looked at")
    else:
        _take_file(walk, folder, entry.name, path, identity_of(about))


def _take_file(walk: _Walk, folder: int, name: str, path: str, identity: Identity) -> None:
    known = walk.known.get(path)
    try:
        if known is not None and known.identity == identity:
            walk.files.append(known)
            if not os.access(name, os.R_OK, dir_fd=folder, effective_ids=True):
                walk.leave(path, _FORBIDDEN)
            return
        with _opened(name, _FILE, folder) as file:
            head = os.read(file, HEAD)
            if identity_of(os.fstat(file)) != identity:
                walk.miss(path, "is being written, and is read again next time")
                return
    except FileNotFoundError:
        return  # gone since it was listed
    except OSError as error:
        walk.miss(path, _reason(error))
        return
    if not head:
        walk.leave(path, "is empty")
    walk.files.append(Found(path, kind_of(head), identity))


def identity_of(about: os.stat_result) -> Identity:
    """The identity that the file system tells, so that it can be stored: times end in 2262, and inodes
    beyond 63 bits, which some file systems have, are negative."""
    inode = about.st_ino if about.st_ino < 2**63 else about.st_ino - 2**64
    return Identity(about.st_size, min(max(about.st_mtime_ns, -_LATEST), _LATEST), inode)


@contextmanager
def opened_below(root: Path, folders: Iterable[str], name: str) -> Iterator[int]:
    """A file below the root, no link on the way to it followed. Raises OSError."""
    with _opened(root, _FOLDER) as top, _opened_in(top, list(folders)) as folder, _opened(name, _FILE, folder) as file:  # fmt: skip
        yield file


def opened_exhibit(root: Path, folder: str, path: str) -> Callable[[], AbstractContextManager[BinaryIO]]:
    """What opens a file in an order's folder, no link on the way followed. That raises OSError."""
    *folders, name = (folder, *path.split("/"))

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        with opened_below(root, folders, name) as file, os.fdopen(file, "rb", closefd=False) as body:
            yield body

    return opened


@contextmanager
def _opened_in(above: int, folders: list[str]) -> Iterator[int]:
    if not folders:
        yield above
        return
    with (
        _opened(folders[0], _FOLDER | os.O_NOFOLLOW, above) as folder,
        _opened_in(folder, folders[1:]) as last,
    ):
        yield last


@contextmanager
def _opened(path: Path | str, flags: int, folder: int | None = None) -> Iterator[int]:
    descriptor = os.open(path, flags, dir_fd=folder)
    try:
        if flags & os.O_NONBLOCK and not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "is no plain file any more")
        yield descriptor
    finally:
        os.close(descriptor)


def _is_wanted(name: str) -> bool:
    lower = name.lower()
    return not lower.startswith((".", "~")) and lower not in _LITTER and not lower.endswith(_UNFINISHED)


_LINK = "is a link, and links are not followed: copy here what it leads to"
_FORBIDDEN = "may not be read by this user"


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "is not there"
        case PermissionError():
            return _FORBIDDEN
        case NotADirectoryError():
            return "is a file, not a folder"
        case OSError(strerror=str(strerror)):
            return f"cannot be read: {strerror}"
    return "cannot be read: not a path"
