"""What a source is answered: bytes, and JSON decoded strictly enough to name the field that broke."""

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from monitor.core.model import Tracking
from monitor.errors import LookError, ParseError

# A surrogate without its other half, as JSON writes it; the backslashes before it are pairs.
_HALF_LETTER = re.compile(
    rb"(?<!\\)(?<!\\u[dD][89abAB][0-9a-fA-F]{2})((?:\\\\)*)"
    rb"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|[c-fC-F][0-9a-fA-F]{2})"
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Payload:
    """An answer as it came. `numbers` are the tracking numbers that were asked for (empty when a
    recorded answer is replayed), for APIs whose answers do not repeat them."""

    body: bytes
    status: int = 200
    numbers: tuple[str, ...] = ()
    content_type: str = ""
    name: str = ""

    def __repr__(self) -> str:
        return f"Payload({self.status}, {len(self.body)} bytes)"


def read_json(payload: Payload, shape: type[T]) -> T:
    """The payload decoded into `shape` (a msgspec struct or any annotated type).

    Raises ParseError that names the field which broke, or says that the body is no JSON.
    """
    return read_part(payload.body, shape)


def read_part(body: bytes | msgspec.Raw, shape: type[T], where: str = "$") -> T:
    """`body`, a whole answer or the part of one that stands at `where`, decoded into `shape`.

    Lets one parcel of a batch be unreadable without costing the others. Raises as `read_json`.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        raise ParseError(message, field=where + path.rstrip("`").removeprefix("$")) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = bytes(body)
    if (mended := _mended(told)) != told:
        return read_part(mended, shape, where)
    raise ParseError(_what_it_is_instead(told), readable=False)


def _mended(body: bytes) -> bytes:
    """JSON without what keeps some APIs' answers from being JSON: a byte order mark, and half an emoji
    where a text was cut off inside it."""
    return _HALF_LETTER.sub(rb"\1\\ufffd", body.removeprefix(BOM_UTF8))


def what_was_learned(trackings: Sequence[Tracking], failures: Sequence[LookError]) -> Sequence[Tracking]:
    """The end of a look of which parts failed: what could be read counts, and what failed is left
    out. Raises the first failure when nothing could be read."""
    if failures and not trackings:
        raise failures[0]
    return trackings


def _what_it_is_instead(body: bytes) -> str:
    head = body[:200].lstrip().lower()
    if not head:
        return "the answer is empty"
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        return "the answer is a web page, not JSON (a captcha, a login or an error page)"
    return "the answer is not JSON, or only part of it"
