"""The text of an order file, or the reason why there is none."""

import codecs
import os
import stat
from pathlib import Path

from monitor.orders.written import Unreadable

MAX_BYTES = 32 * 2**20


def text_of(path: Path) -> str:
    """The whole text of a file. Raises Unreadable for what is missing, forbidden, no file, larger
    than `MAX_BYTES`, empty, binary or not UTF-8; a byte order mark is fine."""
    try:
        body = _body(path)
    except FileNotFoundError:
        raise Unreadable("is not there") from None
    except PermissionError:
        raise Unreadable("may not be read by this user") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise Unreadable(f"cannot be read: {reason or 'not a path'}") from None
    return decoded(body)


def _body(path: Path) -> bytes:
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("is not a regular file")
        body = b"" if about.st_size > MAX_BYTES else file.read(MAX_BYTES + 1)
    if max(about.st_size, len(body)) > MAX_BYTES:
        raise Unreadable(f"is larger than {MAX_BYTES // 2**20} MiB")
    return body


def decoded(body: bytes) -> str:
    """`body` as text. Raises Unreadable, with the line of the first byte that is none."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("is UTF-16 text; save it as UTF-8")
    body = body.removeprefix(codecs.BOM_UTF8)
    if not body.strip():
        raise Unreadable("is empty")
    if (nul := body.find(0)) >= 0:
        raise Unreadable("holds NUL bytes, so it is not text", _line(body, nul))
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text (byte 0x{body[error.start]:02X}); save it as UTF-8"
        raise Unreadable(reason, _line(body, error.start)) from None


def _line(body: bytes, offset: int) -> int:
    return body.count(b"\n", 0, offset) + 1
