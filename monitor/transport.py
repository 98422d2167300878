"""Performs the requests of sources: `https:` over one shared client, `file:` below a source's root.

The only place besides native notifiers that knows the HTTP library. Everything that goes wrong is a
FetchError which says where (a host, a path) and what, never an address's query, a header or a body.
"""

import asyncio
import logging
import socket
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Self
from urllib.request import Request as CookieRequest

from monitor.answers import refusal
from monitor.budget import Budget, Spent
from monitor.carrier import (
    ClientCredentials,
    FetchError,
    ParseError,
    Payload,
    Refused,
    Request,
    Source,
    Tracking,
    Unauthorized,
    Unreachable,
)
from monitor.http_library import httpx
from monitor.local_files import read_address
from monitor.request import is_this_machine, place_of
from monitor.tokens import ERROR_STATUSES, Token, Tokens, read_token, token_request

#: One request, from the first byte sent to the last received.
DEADLINE = timedelta(seconds=30)
#: The largest answer that is read.
MAX_BYTES = 16 * 2**20
#: httpx gets slower, not faster, above this many connections at once.
MAX_CONNECTIONS = 20
#: Requests in one conversation.
MAX_CALLS = 50
#: Files and folders read in one conversation: a folder of tracking files may well hold hundreds.
MAX_FILES = 10_000
#: All answers of one conversation together.
MAX_HEARD = 4 * MAX_BYTES

_LIBRARY_ERRORS = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError)


class Transport:
    """Fetches for every source of the process; an async context manager.

    `now` tells the time, for days of budgets and dates in headers. `spent` is what each source was
    asked before the process started.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        spent: Mapping[str, Spent] | None = None,
        deadline: timedelta = DEADLINE,
        max_bytes: int = MAX_BYTES,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now, self._sleep, self._monotonic = now, sleep, monotonic
        self._deadline, self._max_bytes = deadline, max_bytes
        self._budgets = {name: Budget(day) for name, day in (spent or {}).items()}
        self._tokens = Tokens(monotonic)
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        client, self._client = self._client, None
        if client:
            await client.aclose()

    @property
    def spent(self) -> Mapping[str, Spent]:
        """What each source was asked today: to be kept, and handed in after a restart."""
        now = self._now()
        return {name: budget.spent(now) for name, budget in self._budgets.items()}

    def remaining(self, source_name: str, source: Source) -> int | None:
        """Requests this source may still get today; None: without limit."""
        return self._budget(source_name).remaining(source, self._now())

    async def fetch(
        self, source_name: str, source: Source, request: Request, numbers: Sequence[str]
    ) -> Payload:
        """The answer to `request`, which is about `numbers`. Raises FetchError, nothing else.

        Waits for the source's turn first (`requests_per_second`); reading files costs no budget. A
        token that `request.credentials` need and that is not kept is fetched before: one request more
        to the same company, with its own turn, its own deadline and its own place in the day's budget.
        """
        asked = tuple(numbers)
        if request.url.startswith("file:"):
            return await self._read(source, request, asked)
        if request.credentials is None:
            return await self._in_turn(source_name, source, request, source.reads_statuses, asked)
        _address(request.url, source)
        _address(request.credentials.token_url, source)
        return await self._with_token(source_name, source, request, request.credentials, asked)

    async def _with_token(
        self,
        name: str,
        source: Source,
        request: Request,
        credentials: ClientCredentials,
        numbers: tuple[str, ...],
    ) -> Payload:
        """The answer to a request that carries a token. A kept one may have been withdrawn before its
        time: it is renewed once, and the request sent again. Of a fresh one, 401 is the last word."""
        reads = source.reads_statuses | {401}
        renew = partial(self._fetch_token, name, source, credentials)

        async def ask(token: str) -> Payload:
            headers = (*request.headers, ("authorization", f"Bearer {token}"))
            answer = await self._in_turn(name, source, replace(request, headers=headers), reads, numbers)
            if answer.status == 401:
                self._tokens.drop(credentials, token)
            return answer

        token, was_kept = await self._tokens.get(credentials, renew)
        answer = await ask(token)
        if answer.status == 401 and was_kept:
            token, _ = await self._tokens.get(credentials, renew)
            answer = await ask(token)
        if answer.status == 401 and 401 not in source.reads_statuses:
            raise Unauthorized(
                f"{place_of(request.url)} answered 401 to a new token: may this client_id use this service?"
            )
        return answer

    async def _fetch_token(self, name: str, source: Source, credentials: ClientCredentials) -> Token:
        request = token_request(credentials)
        payload = await self._in_turn(name, source, request, ERROR_STATUSES)
        return read_token(payload, place_of(request.url))

    async def _in_turn(
        self,
        name: str,
        source: Source,
        request: Request,
        reads: Collection[int],
        numbers: tuple[str, ...] = (),
    ) -> Payload:
        """The answer to one request once it is the source's turn. `reads`: the statuses outside 2xx
        whose bodies are wanted too."""
        address = _address(request.url, source)
        wait = self._budget(name).take(source, self._now(), self._monotonic())
        if wait > 0:
            await self._sleep(wait)
        return await self._ask(request, address, reads, numbers)

    def _budget(self, source_name: str) -> Budget:
        return self._budgets.setdefault(source_name, Budget())

    async def _read(self, source: Source, request: Request, numbers: tuple[str, ...]) -> Payload:
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                found = await asyncio.to_thread(read_address, request.url, source.root, self._max_bytes)
        except TimeoutError:
            raise Unreachable(f"{place_of(request.url)} could not be read within {self._limit}") from None
        return Payload(found.body, 200, numbers, found.content_type, found.name)

    async def _ask(
        self, request: Request, address: httpx.URL, reads: Collection[int], numbers: tuple[str, ...]
    ) -> Payload:
        place = place_of(request.url)
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                return await self._exchange(request, address, reads, numbers)
        except TimeoutError:
            raise Unreachable(f"{place} did not answer in full within {self._limit}") from None
        except _LIBRARY_ERRORS as error:
            # Their texts may quote headers, addresses and answers: only what they mean is passed on.
            raise _meaning(error, place) from None

    async def _exchange(
        self, request: Request, address: httpx.URL, reads: Collection[int], numbers: tuple[str, ...]
    ) -> Payload:
        place = place_of(request.url)
        if self._client is None:
            self._client = new_client()
        async with self._client.stream(
            request.method, address, headers=list(request.headers), content=request.body
        ) as answer:
            error = refusal(answer.status_code, place, reads, answer.headers, self._now())
            if error:
                raise error
            body = await self._body(answer, place)
        return Payload(body, answer.status_code, numbers, answer.headers.get("content-type", ""))

    async def _body(self, answer: httpx.Response, place: str) -> bytes:
        """The whole body and nothing past the cap, neither packed nor unpacked."""
        chunks, room = [], self._max_bytes
        async for chunk in answer.aiter_raw():
            room -= len(chunk)
            if room < 0:
                raise _too_large(place, self._max_bytes)
            chunks.append(chunk)
        body = b"".join(chunks)
        encoding = answer.headers.get("content-encoding", "identity").strip().lower()
        if encoding == "identity":
            return body
        return await asyncio.to_thread(_unpack, body, encoding, self._max_bytes, place)

    @property
    def _limit(self) -> str:
        return f"{self._deadline.total_seconds():g} seconds"


class _NoCookies(CookieJar):
    """Nothing that one answer sets travels with the next request."""

    def extract_cookies(self, response: HTTPResponse, request: CookieRequest) -> None:
        """Takes none."""


def new_client() -> httpx.AsyncClient:
    """A client of our manners: no cookies, no redirects, no compression. Raises Unreachable where the
    environment names a proxy or certificates that cannot be used."""
    for name in ("httpx", "httpcore", "httpx2", "httpcore2"):
        # They print whole addresses, tokens included.
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        return httpx.AsyncClient(
            # Proxies and certificates of the environment count: without them there is no way out of
            # some networks. A netrc file does not: httpx reads one only where `NetRCAuth` is asked for.
            trust_env=True,
            # A proxy of the environment is the way to other machines, never to this one.
            mounts={f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")},
            headers={"user-agent": "orderwatch", "accept-encoding": "identity"},
            cookies=_NoCookies(),
            follow_redirects=False,
            timeout=None,  # `fetch` has one deadline around everything, not one a step
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS),
        )
    except (ValueError, ImportError, OSError, httpx.InvalidURL):
        raise Unreachable(
            "the proxy or the certificates that the environment names cannot be used"
            " (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR)"
        ) from None


def _address(url: str, source: Source) -> httpx.URL:
    """The address as the library that connects reads it, if it may be asked at all."""
    try:
        address, place = httpx.URL(url), place_of(url)
    except (httpx.InvalidURL, ValueError):
        raise Refused("the address of the request is not one: is the url or base_url right?") from None
    if address.scheme not in ("https", "http") or not address.host:
        raise Refused(f"{address.scheme or 'no scheme'}: only https:// addresses are asked")
    if address.scheme == "http" and not (source.allow_http or is_this_machine(address.host)):
        raise Refused(f"{place} is not asked: plain http to another machine needs allow_http = true")
    return address


def _meaning(error: Exception, place: str) -> FetchError:
    """What an error of the HTTP library means, in words without a secret."""
    match error:
        case httpx.ProxyError():
            return Unreachable(f"{place}: the proxy does not let us through", asked=False)
        case httpx.ConnectError():
            return Unreachable(f"{place} cannot be reached: {_why_unconnected(error)}", asked=False)
        case httpx.LocalProtocolError() | httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return Refused(f"{place}: the request has an address or a header that cannot be sent")
        case httpx.RemoteProtocolError():
            return Unreachable(f"{place} broke off its answer, or answered something that is not HTTP")
        case ValueError():
            return Refused(f"{place}: the request has an address or a header that cannot be sent")
        case _:
            return Unreachable(f"{place}: the connection broke")


def _why_unconnected(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "it does not speak TLS as it should"
        if isinstance(cause, socket.gaierror):
            return "its name is not found (no network, or a typing mistake)"
        cause = cause.__cause__ or cause.__context__
    return "nobody answers there"


def _unpack(body: bytes, encoding: str, max_bytes: int, place: str) -> bytes:
    """A body that came packed although it was asked for plain."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreachable(f"{place} packed its answer in a way that was not asked for")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # tells gzip and zlib apart itself
    try:
        plain = unpacker.decompress(body, max_bytes + 1)
    except zlib.error:
        raise Unreachable(f"{place} sent a packed answer that cannot be unpacked") from None
    if len(plain) > max_bytes:
        raise _too_large(place, max_bytes)
    if not unpacker.eof or unpacker.unused_data:
        raise Unreachable(f"{place} sent a packed answer that is not whole")
    return plain


def _too_large(place: str, max_bytes: int) -> Unreachable:
    return Unreachable(f"{place} sent more than {max_bytes / 2**20:g} MiB: the rest was not read")


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one exchange brought.

    `fingerprint` is the SHA-256 of the answer; of several answers, that of their hashes in a row.
    `unchanged`: the first answer was the known one, so nothing was read out of it.
    """

    trackings: tuple[Tracking, ...]
    payloads: tuple[Payload, ...]
    fingerprint: bytes
    unchanged: bool = False


async def converse(
    transport: Transport, name: str, source: Source, numbers: Sequence[str], known: bytes | None = None
) -> Conversation:
    """Lets `source`, configured as `name`, ask about `numbers`, and performs what it asks.

    `known` is the fingerprint of the last conversation about the same numbers: if the first answer
    has it, nothing can be new and the conversation ends there. The fingerprint of several answers
    is never that of the first alone, so a source that needs several calls always makes them all.

    A FetchError is raised inside the exchange, which may go on without that call. Raises LookError:
    the exchange's own, or Unreachable for one without an end. A ParseError carries the hash and the
    body of the answer that could not be read. What else an adapter raises is its bug and passes.
    """
    heard = _Heard()
    try:
        with closing(source.exchange(numbers)) as exchange:
            return await _drive(
                exchange, partial(transport.fetch, name, source, numbers=numbers), heard, known
            )
    except ParseError as error:
        heard.put_into(error)
        raise


async def _drive(
    exchange: Generator[Request, Payload, Iterable[Tracking]],
    fetch: Callable[[Request], Awaitable[Payload]],
    heard: "_Heard",
    known: bytes | None,
) -> Conversation:
    resume: Callable[[], Request] = partial(next, exchange)
    while True:
        try:
            request = resume()
        except StopIteration as done:
            return Conversation(tuple(done.value), tuple(heard.payloads), heard.fingerprint)
        heard.expect(request)
        try:
            payload = await fetch(request)
        except FetchError as error:
            heard.miss()
            resume = partial(exchange.throw, error)
            continue
        heard.add(payload)
        if heard.calls == 1 and heard.fingerprint == known:
            return Conversation((), (payload,), heard.fingerprint, unchanged=True)
        resume = partial(exchange.send, payload)


class _Heard:
    """What was asked and answered so far in one conversation, which has to end some time."""

    def __init__(self) -> None:
        self.payloads: list[Payload] = []
        self._digests: list[bytes] = []
        self._left = {"file": MAX_FILES, "http": MAX_CALLS}
        self._room = MAX_HEARD

    @property
    def calls(self) -> int:
        return len(self._digests)

    @property
    def fingerprint(self) -> bytes:
        return self._digests[0] if len(self._digests) == 1 else sha256(b"".join(self._digests)).digest()

    def expect(self, request: Request) -> None:
        kind = "file" if request.url.startswith("file:") else "http"
        self._left[kind] -= 1
        if self._left[kind] < 0:
            raise Unreachable(f"{place_of(request.url)}: the exchange does not come to an end")

    def add(self, payload: Payload) -> None:
        self.payloads.append(payload)
        self._digests.append(sha256(payload.body).digest())
        self._room -= len(payload.body)
        if self._room < 0:
            raise Unreachable(f"one look brought more than {MAX_HEARD / 2**20:g} MiB")

    def miss(self) -> None:
        """A call that failed counts: the same answers without it are not the same conversation."""
        self._digests.append(bytes(32))

    def put_into(self, error: ParseError) -> None:
        if self.payloads:
            error.body = self.payloads[-1].body
            error.payload_hash = sha256(error.body).hexdigest()
