"""Writes a dossier: a folder, and a zip of it that can be sent.

Both appear whole or not at all, under a name that was free: nothing is overwritten. Files of the buyer's
are copied in pieces and never held in memory.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from monitor.errors import DossierError

MANIFEST = "MANIFEST.sha256"
_PIECE = 1 << 20
_NAMES = 1000
#: What is packed already: to pack it again takes time and saves nothing.
_PACKED = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif", ".mp4", ".mov", ".mkv", ".webm", ".pdf"}
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the dossier, below its folder. `open` gives its bytes; `at_home` stays out of the zip."""

    path: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """Where the dossier is, and the buyer's files that could not be copied, each with the reason."""

    folder: Path
    zip: Path
    left_out: tuple[tuple[str, str], ...]


def member(path: str, body: bytes, *, at_home: bool = False) -> Member:
    """A file with these bytes."""
    return Member(path, lambda: nullcontext(BytesIO(body)), at_home)


def pack(into: Path, name: str, members: Iterable[Member], made_at: datetime) -> Packed:
    """Writes `members` into a new folder below `into` that is called `name`, or name-2 if that is taken, and
    a zip beside it. `made_at` is the time that the zip gives its files.

    Raises DossierError; then nothing is left behind.
    """
    with _told_plainly(into):
        into.mkdir(parents=True, exist_ok=True)
        final = _free(into, name)
        partial, packing = into / f".{final.name}.part", into / f".{final.name}.zip.part"
        try:
            partial.mkdir(mode=0o700)
            left_out = _write(partial, packing, list(members), made_at, final.name)
            os.rename(packing, _zip_of(final))
            os.rename(partial, final)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            packing.unlink(missing_ok=True)
            raise
    return Packed(final, _zip_of(final), left_out)


def _write(
    folder: Path, packing: Path, members: Sequence[Member], made_at: datetime, name: str
) -> tuple[tuple[str, str], ...]:
    fingerprints: dict[str, str] = {}
    left_out: list[tuple[str, str]] = []
    with _written_whole(packing) as raw, ZipFile(raw, "w") as archive:
        for it in members:
            try:
                fingerprints[it.path] = _copy(it, folder)
            except _UnreadableError as error:
                (folder / it.path).unlink(missing_ok=True)
                left_out.append((it.path, str(error)))
                continue
            if not it.at_home:
                _add(archive, folder / it.path, f"{name}/{it.path}", made_at)
        _copy(member(MANIFEST, _manifest(fingerprints)), folder)
        sent = {it.path for it in members if not it.at_home}
        of_the_zip = _manifest({path: digest for path, digest in fingerprints.items() if path in sent})
        archive.writestr(_info(f"{name}/{MANIFEST}", made_at), of_the_zip)
    return tuple(left_out)


class _UnreadableError(Exception):
    """A file of the buyer's cannot be read (to the end)."""


def _copy(it: Member, folder: Path) -> str:
    """Copies a file; returns its SHA-256. Raises _UnreadableError for what is wrong with the original."""
    target, digest = folder / it.path, sha256()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _new(target) as copy:
        for piece in _pieces(it):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def _pieces(it: Member) -> Iterator[bytes]:
    try:
        with it.open() as original:
            while piece := original.read(_PIECE):
                yield piece
    except OSError as error:
        raise _UnreadableError(error.strerror or str(error)) from None


def _add(archive: ZipFile, file: Path, name: str, made_at: datetime) -> None:
    info = _info(name, made_at)
    info.file_size = file.stat().st_size
    with file.open("rb") as body, archive.open(info, "w") as into:
        shutil.copyfileobj(body, into, _PIECE)


def _info(name: str, made_at: datetime) -> ZipInfo:
    info = ZipInfo(name, made_at.timetuple()[:6])
    info.compress_type = ZIP_STORED if Path(name).suffix.lower() in _PACKED else ZIP_DEFLATED
    info.external_attr = 0o100600 << 16
    return info


def _manifest(fingerprints: Mapping[str, str]) -> bytes:
    return "".join(_fingerprint_line(*it) for it in sorted(fingerprints.items())).encode()


def _fingerprint_line(path: str, digest: str) -> str:
    """A line as `sha256sum --check` reads it."""
    escaped = path.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{'' if escaped == path else chr(92)}{digest}  {escaped}\n"


def _new(file: Path) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


@contextmanager
def _written_whole(file: Path) -> Iterator[BinaryIO]:
    """A new file that is on the disk when it is closed, whatever happens to the power then."""
    with _new(file) as new:
        yield new
        new.flush()
        os.fsync(new.fileno())


def _zip_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.zip")


def _free(into: Path, name: str) -> Path:
    """A name that neither a folder nor a zip has."""
    for count in range(1, _NAMES):
        folder = into / (name if count == 1 else f"{name}-{count}")
        if not os.path.lexists(folder) and not os.path.lexists(_zip_of(folder)):
            return folder
    raise DossierError(f"{into} holds {_NAMES} dossiers called {name}: put some away")


@contextmanager
def _told_plainly(into: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DossierError(
            f"no dossier can be written into {into}: {reason}; nothing was left there"
        ) from None
