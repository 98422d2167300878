"""What one delivery saw of the network. Apprise tells that a service failed, but neither how nor why.

Nearly every service of Apprise speaks HTTP through `requests`. So `requests` gets an adapter that,
for a delivery that asked for it, notes every answer and keeps it within bounds of time and size.
Anything else that goes wrong (SMTP, sockets) shows where Apprise catches and logs it: the logger
passes the exception on to the delivery. What it wanted to write goes nowhere, since there are
tokens, addresses and texts in it.
"""

import io
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError
from urllib3.exceptions import HTTPError

from notifiers._answers import Answer

#: No service answers a message with more.
ANSWER_LIMIT = 1024 * 1024
#: Loggers that write whole addresses, and in Apprise's services the token is part of the address.
_TALKATIVE = ("urllib3", "oauthlib", "requests_oauthlib")


class Wire:
    """One delivery: it has `seconds` in all, and `seen` is what came of it, in order.

    With `cut` nothing gets out: every request fails before it is sent.
    """

    def __init__(self, seconds: float, *, cut: bool = False) -> None:
        self.cut = cut
        self.seen: list[Answer | Exception] = []
        self._end = time.monotonic() + seconds

    @contextmanager
    def tapped(self) -> Iterator[None]:
        """Notes what is sent in this context."""
        token = _wire.set(self)
        try:
            yield
        finally:
            _wire.reset(token)

    @property
    def seconds_left(self) -> float:
        return self._end - time.monotonic()

    def note(self, event: Answer | Exception) -> None:
        if not any(event is earlier for earlier in self.seen):
            self.seen.append(event)


_wire: ContextVar[Wire | None] = ContextVar("wire", default=None)


def listen() -> None:
    """Sets up `requests` and the loggers; doing it again changes nothing.

    Nobody hands `requests` to the services, they import it: its own adapter has to be replaced.
    """
    setattr(requests.sessions, "HTTPAdapter", TappedAdapter)  # noqa: B010 - mypy guards names of classes
    apprise = logging.getLogger("apprise")
    apprise.addFilter(_overhear)
    apprise.setLevel(logging.DEBUG)  # some exceptions are told at this level only
    apprise.propagate = False
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def _overhear(_: logging.LogRecord) -> bool:
    """Notes what broke below the service that logs it. Always false: the text itself is dropped."""
    wire, error = _wire.get(), sys.exception()
    if wire and isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        wire.note(error)
    return False


class TappedAdapter(HTTPAdapter):
    """The adapter of `requests`, which does what it always does where no delivery is tapped."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        wire = _wire.get()
        if wire is None:
            return super().send(request, stream, timeout, verify, cert, proxies)
        try:
            timeout = _within(wire, timeout)
            response = super().send(request, True, timeout, verify, cert, proxies)  # noqa: FBT003 - its own
            body = b"" if stream else _body(response, wire)
        except Exception as error:
            wire.note(error)
            raise
        if not stream:
            response.raw = io.BytesIO(body)
        wire.note(Answer(response.status_code, response.headers, body))
        return response


def _within(wire: Wire, timeout: Any) -> tuple[float, float]:
    """The timeouts to connect and to read, neither beyond what the delivery has left."""
    if wire.cut:
        raise requests.ConnectionError("nothing is sent now")
    left = wire.seconds_left
    if left <= 0:
        raise requests.ConnectTimeout("no time left to connect")
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    return min(connect or left, left), min(read or left, left)


def _body(response: requests.Response, wire: Wire) -> bytes:
    """All of the answer, though it come in drops or be without end."""
    body = bytearray()
    with closing(response.raw) as raw:
        try:
            while chunk := raw.read1(64 * 1024, decode_content=True):
                body += chunk
                if wire.seconds_left <= 0 or len(body) > ANSWER_LIMIT:
                    raise requests.ReadTimeout("the answer does not end")
        except HTTPError as error:
            raise ChunkedEncodingError(error) from None
    return bytes(body)
