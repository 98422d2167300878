"""How native channels ask over HTTP: once, within one time limit, and with nothing kept in between.

No redirect is followed, no cookie kept, no packed answer unpacked; certificates are checked, and the
environment's proxies and certificates count. What goes wrong is a NotifierError that names the host
and never a path, a header or a text, since there are tokens in them:

temporary   nothing was sent: no name, no connection, no TLS, no way through the proxy
permanent   the request has an address or a header that cannot be sent
ambiguous   it was sent, and no whole answer came back in time
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from monitor.notifier import Failure, NotifierError, place_of
from notifiers._answers import Answer, Verdict, somebody_else, verdict

if TYPE_CHECKING:
    import httpcore

__all__ = ["Answer", "Verdict", "call", "somebody_else", "verdict"]

#: They print whole addresses, tokens included.
_TALKATIVE = ("httpx", "httpcore", "httpx2", "httpcore2")
_LIBRARY_ERRORS = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError)


def call(
    method: str,
    url: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes | None = None,
    seconds: float,
    max_bytes: int = 1_000_000,
    enough: Callable[[bytes], bool] | None = None,
) -> Answer:
    """The answer to one request, whatever its status. Raises NotifierError, nothing else.

    It has `seconds` in all. With `enough` the answer is a stream without an end: it is read until
    `enough` is content with what has come, the time or `max_bytes` is up, or it breaks off, and all
    of this is fine.
    """
    request = _Request(_place(url), seconds, max_bytes, enough)
    return _run(request.answer(method, url, list(headers), body))


class _Request:
    """One request and how far it got."""

    def __init__(
        self, place: str, seconds: float, max_bytes: int, enough: Callable[[bytes], bool] | None
    ) -> None:
        self._place, self._seconds, self._max_bytes, self._enough = place, seconds, max_bytes, enough
        self._is_sent = False
        self._wire: httpcore.AsyncNetworkStream | None = None
        self._head: httpx.Response | None = None
        self._body = bytearray()

    async def answer(
        self, method: str, url: str, headers: list[tuple[str, str]], body: bytes | None
    ) -> Answer:
        extensions = {"trace": self._trace}
        try:
            async with (
                asyncio.timeout(self._seconds),
                _new_client() as client,
                client.stream(method, url, headers=headers, content=body, extensions=extensions) as head,
            ):
                self._head = head
                await self._read(head)
        except _LIBRARY_ERRORS as error:
            if self._enough is None or self._head is None:
                # Their texts may quote headers, addresses and answers: only what they mean is passed on.
                raise self._meaning(error) from None
        finally:
            if self._wire:  # httpcore leaves one open on which TLS did not come about in time
                await self._wire.aclose()
        assert self._head is not None
        return Answer(self._head.status_code, self._head.headers, bytes(self._body))

    async def _read(self, head: httpx.Response) -> None:
        async for chunk in head.aiter_raw():
            self._body += chunk
            if self._enough and (self._enough(bytes(self._body)) or len(self._body) > self._max_bytes):
                return
            if len(self._body) > self._max_bytes:
                raise self._error(Failure.AMBIGUOUS, "its answer does not end; the message may have arrived")

    async def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            self._wire = info["return_value"]
        self._is_sent = self._is_sent or event.startswith("http11.send_request")

    def _meaning(self, error: Exception) -> NotifierError:
        match error:
            case TimeoutError() if self._is_sent:
                reason = f"no whole answer within {self._seconds:g} seconds; the message may have arrived"
                return self._error(Failure.AMBIGUOUS, reason)
            case TimeoutError():
                reason = f"it cannot be connected to within {self._seconds:g} seconds"
                return self._error(Failure.TEMPORARY, reason)
            case httpx.LocalProtocolError() | httpx.UnsupportedProtocol() | httpx.InvalidURL() | ValueError():
                reason = "the request has an address or a header that cannot be sent"
                return self._error(Failure.PERMANENT, reason)
            case httpx.ProxyError():
                return self._error(Failure.TEMPORARY, "the proxy does not let it through")
            case _ if self._is_sent:
                return self._error(Failure.AMBIGUOUS, "its answer broke off; the message may have arrived")
        return self._error(Failure.TEMPORARY, _why_unconnected(error))

    def _error(self, failure: Failure, reason: str) -> NotifierError:
        return Verdict(failure, reason).error(self._place)


def _place(url: str) -> str:
    try:
        return place_of(url)
    except ValueError:
        raise Verdict(Failure.PERMANENT, "is not an address").error("what should be asked") from None


def _run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Runs `work` in this thread. Not `asyncio.run`: that waits for a look-up of a name to end."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _new_client() -> httpx.AsyncClient:
    """A client for one request; what is dear about one, the certificates, is kept."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        return httpx.AsyncClient(
            verify=_certificates(),
            trust_env=True,
            # A proxy of the environment is the way to other machines, never to this one.
            mounts={f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")},
            headers={"user-agent": "orderwatch", "accept-encoding": "identity"},
            follow_redirects=False,
            timeout=httpx.Timeout(None),  # `call` has one deadline around everything, not one a step
        )
    except (ValueError, ImportError, OSError, httpx.InvalidURL):
        reason = "the proxy or the certificates that the environment names cannot be used"
        raise NotifierError(reason, Failure.TEMPORARY) from None


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _why_unconnected(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "it does not speak TLS as it should"
        if isinstance(cause, socket.gaierror):
            return "its name cannot be resolved"
        cause = cause.__cause__ or cause.__context__
    return "it cannot be connected to"
