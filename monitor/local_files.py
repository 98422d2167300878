"""Reads what a `file:` address names, a file or a folder, below one folder and nowhere else."""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from monitor.carrier import Refused, Unreachable

FOLDER = "inode/directory"
_TYPES = {".json": "application/json", ".csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class Content:
    """What was there: a file's bytes, or a folder's files as a JSON array sorted by name,
    `[{"name", "size", "mtime_ns"}]`, with the content type `inode/directory`."""

    name: str
    body: bytes
    content_type: str


def read_address(url: str, root: str | None, max_bytes: int) -> Content:
    """What the `file:` address names, at most `max_bytes` of it.

    A folder lists its JSON and CSV files, without hidden ones and those that editors and office
    programs keep beside the real ones. Raises Refused for what is not below `root` (symbolic links
    followed) or no file or folder, Unreachable for what is missing, forbidden or too large.
    """
    path = _path_of(url)
    if root is None:
        raise Refused(f"{path} is not read: this source reads no files")
    try:
        return _read(_below(path, root), path, max_bytes)
    except FileNotFoundError:
        raise Unreachable(f"{path} is not there") from None
    except PermissionError:
        raise Unreachable(f"{path} may not be read by this user") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise Unreachable(f"{path} cannot be read: {reason or 'not a path'}") from None


def _path_of(url: str) -> Path:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Refused("the file: address of the request is not one") from None
    if parts.netloc not in ("", "localhost"):
        raise Refused(f"file://{parts.hostname or ''} is another machine: only local files are read")
    return Path(url2pathname(parts.path))


def _below(path: Path, root: str) -> Path:
    """`path` with every symbolic link followed, if that is still at or below `root`."""
    real, real_root = (Path(os.path.realpath(one, strict=True)) for one in (path, root))
    if not real.is_relative_to(real_root):
        raise Refused(f"{path} leads out of {root}")
    return real


def _read(real: Path, path: Path, max_bytes: int) -> Content:
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            return Content(path.name, _listing(descriptor), FOLDER)
        if not stat.S_ISREG(mode):
            raise Refused(f"{path} is neither a file nor a folder")
        with open(descriptor, "rb", closefd=False) as file:
            body = file.read(max_bytes + 1)
    finally:
        os.close(descriptor)
    if len(body) > max_bytes:
        raise Unreachable(f"{path} is larger than {max_bytes / 2**20:g} MiB")
    return Content(path.name, body, _TYPES.get(path.suffix.lower(), ""))


def _listing(folder: int) -> bytes:
    with os.scandir(folder) as entries:
        found = sorted(_files(entries), key=lambda one: str(one["name"]))
    return json.dumps(found).encode()


def _files(entries: Iterator["os.DirEntry[str]"]) -> Iterator[dict[str, str | int]]:
    for entry in entries:
        if not _is_wanted(entry.name):
            continue
        try:
            about = entry.stat()
        except OSError:
            continue  # gone since it was listed, or a link to nowhere
        if stat.S_ISREG(about.st_mode):
            # A name that is no UTF-8 cannot be in JSON: replaced, it is "not there" when asked for,
            # which tells the user of it and costs no other file.
            name = os.fsencode(entry.name).decode("utf-8", "replace")
            yield {"name": name, "size": about.st_size, "mtime_ns": about.st_mtime_ns}


def _is_wanted(name: str) -> bool:
    return Path(name).suffix.lower() in _TYPES and not name.startswith((".", "~"))
