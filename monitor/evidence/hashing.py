"""The fingerprints of evidence: SHA-256, read in pieces, so much at a time and no more."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.evidence.looking import Identity, identity_of, opened_below

if TYPE_CHECKING:
    from hashlib import _Hash

#: Bytes that are read at once.
PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Unread:
    """A file whose fingerprint is not known, by the number of its line in the store; `folder` is that of
    its order."""

    line: int
    folder: str
    path: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of all bytes of a file."""

    line: int
    sha256: bytes


@dataclass(slots=True)
class _Begun:
    """A file that was read up to `offset`, and when it was last touched before that."""

    file: Unread
    hash: "_Hash"
    offset: int = 0
    touched_ns: int | None = None


class Hasher:
    """Reads files one after the other. What a bound interrupts goes on at the next call, as long as the
    hasher lives and the file stays as it was."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._begun: _Begun | None = None

    def read(self, files: Sequence[Unread], most_bytes: int) -> list[Digest]:
        """The fingerprints of as many of these files as `most_bytes` suffice for. A file that is gone, may
        not be read, or is no longer as it was noted (also one that changes while it is read) has none."""
        if self._begun is not None and self._begun.file not in files:
            self._begun = None
        digests = []
        for file in sorted(files, key=lambda it: self._begun is None or it != self._begun.file):
            if most_bytes <= 0:
                break
            begun = self._begun or _Begun(file, sha256())
            before = begun.offset
            digest = self._go_on(begun, most_bytes)
            most_bytes -= begun.offset - before
            if digest is not None:
                digests.append(digest)
        return digests

    def _go_on(self, begun: _Begun, most_bytes: int) -> Digest | None:
        file, self._begun = begun.file, None
        *folders, name = (file.folder, *file.path.split("/"))
        try:
            with opened_below(self._root, folders, name) as opened:
                before = os.fstat(opened)
                touched = begun.touched_ns = begun.touched_ns or before.st_ctime_ns
                if identity_of(before) != file.identity:
                    return None
                is_done = _read_on(begun, opened, most_bytes)
                after = os.fstat(opened)
        except OSError:
            return None
        if (identity_of(after), after.st_ctime_ns) != (file.identity, touched):
            return None
        if is_done:
            return Digest(file.line, begun.hash.digest())
        self._begun = begun
        return None


def _read_on(begun: _Begun, opened: int, most_bytes: int) -> bool:
    """Whether the file was read to its end."""
    until = begun.offset + most_bytes
    while begun.offset < until:
        piece = os.pread(opened, min(PIECE, until - begun.offset), begun.offset)
        if not piece:
            return True
        begun.hash.update(piece)
        begun.offset += len(piece)
    return begun.offset >= begun.file.identity.size
