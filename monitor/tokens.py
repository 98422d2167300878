"""OAuth 2.0 client credentials (RFC 6749, section 4.4): what is sent for a token, what the answer to
it means, and tokens kept until they expire. Performs no request itself."""

import asyncio
import math
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote_plus, urlencode

import msgspec

from monitor.answers import refusal
from monitor.carrier import (
    ClientCredentials,
    FetchError,
    ParseError,
    Payload,
    Refused,
    Request,
    Unauthorized,
    Unreachable,
    read_json,
)
from monitor.request import place_of

#: How long a token is kept whose answer does not say how long it lasts (`expires_in` is optional).
UNTOLD_LIFETIME = timedelta(minutes=5)
#: The longest that a token is kept, whatever its answer says.
LONGEST_LIFETIME = timedelta(hours=24)
#: A token is renewed so long before it expires, or a tenth of its lifetime if that is less: it has to
#: last for the wait until it is the request's turn, and for the request.
MARGIN = timedelta(minutes=1)

#: HTTP statuses of a token's address whose bodies say more than the status: RFC 6749, section 5.2.
ERROR_STATUSES = frozenset({400, 401, 403})

# What a header can carry; more than any server takes in one.
_SENDABLE = re.compile(r"[\x21-\x7e]{1,16384}")
# `BearerToken` is what Apigee calls it, unless it is told otherwise.
_BEARER = ("bearer", "bearertoken")

_WRONG = "the client_id or client_secret is wrong"
_NOT_ALLOWED = "this client_id may not ask for such a token"
_MALFORMED = "it does not accept this request for a token"
_ERRORS: Mapping[str, tuple[type[FetchError], str]] = {
    "invalid_client": (Unauthorized, _WRONG),
    "invalid_grant": (Unauthorized, _WRONG),
    "unauthorized_client": (Unauthorized, _NOT_ALLOWED),
    "access_denied": (Unauthorized, _NOT_ALLOWED),
    "invalid_scope": (Unauthorized, "this client_id may not have the scope that is asked for"),
    "invalid_request": (Refused, _MALFORMED),
    "unsupported_grant_type": (Refused, _MALFORMED),
    "server_error": (Unreachable, "it has a fault of its own"),
    "temporarily_unavailable": (Unreachable, "it cannot give one now"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and the seconds that it lasts from when it was asked for."""

    value: str = field(repr=False)
    lifetime: float


class _Answer(msgspec.Struct):
    """Of any types: what is there may be anything."""

    access_token: object = None
    token_type: object = None
    expires_in: object = None
    error: object = None


def token_request(credentials: ClientCredentials) -> Request:
    """The request for a token. Raises Unauthorized for an id or a secret that no request can carry."""
    try:
        return _token_request(credentials)
    except UnicodeEncodeError:
        place = place_of(credentials.token_url)
        raise Unauthorized(f"{place} is not asked for a token: {_WRONG} (no such characters)") from None


def _token_request(credentials: ClientCredentials) -> Request:
    fields = {"grant_type": "client_credentials"}
    if credentials.scope:
        fields["scope"] = credentials.scope
    headers = (*credentials.headers, ("accept", "application/json"))
    if credentials.style == "basic":
        headers = (*headers, ("authorization", _basic(credentials)))
    else:
        fields |= {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    if credentials.style == "json":
        return Request.json(credentials.token_url, fields, headers=headers)
    headers = (*headers, ("content-type", "application/x-www-form-urlencoded"))
    return Request(credentials.token_url, "POST", headers, urlencode(fields).encode())


def _basic(credentials: ClientCredentials) -> str:
    # RFC 6749, section 2.3.1: both are form-encoded first, so that an id may have a colon.
    pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.client_secret)}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def read_token(payload: Payload, place: str) -> Token:
    """The token that an answer of `place` brings.

    Raises Unauthorized for a wrong id or secret and for what this client may not have, Refused for a
    request that is not accepted or a kind of token that cannot be used, and Unreachable for an answer
    without a token. Nothing of the answer is in the error but a word of RFC 6749.
    """
    granted = 200 <= payload.status < 300
    try:
        answer = read_json(payload, _Answer)
    except ParseError as error:
        if granted and not error.readable:
            raise Unreachable(f"{place} gave no token: {error}") from None
        answer = _Answer()
    if not granted or answer.access_token is None:
        raise _refusal(answer.error, payload.status, place)
    if not isinstance(answer.access_token, str) or not _SENDABLE.fullmatch(answer.access_token):
        raise Unreachable(f"{place} gave no token: its access_token is none that can be sent")
    if answer.token_type and str(answer.token_type).lower() not in _BEARER:
        raise Refused(f"{place} gave a token of another kind than Bearer, which cannot be used")
    return Token(answer.access_token, _lifetime(answer.expires_in))


def _refusal(word: object, status: int, place: str) -> FetchError:
    """The error that an answer without a token stands for. Providers that have error codes of their own
    (UPS, FedEx) tell by the HTTP status."""
    answered = f"{place} answered {status} and gave no token"
    if isinstance(word, str) and word in _ERRORS:
        kind, meaning = _ERRORS[word]
        return kind(f"{answered}: {meaning} ({word})")
    if status in (401, 403):
        return Unauthorized(f"{answered}: {_WRONG}, or not allowed to have one")
    return refusal(status, place) or Unreachable(f"{answered}: its answer has no access_token")


def _lifetime(expires_in: object) -> float:
    """Seconds, from an `expires_in` that some write as a number and some as text (UPS: "14399")."""
    untold, longest = UNTOLD_LIFETIME.total_seconds(), LONGEST_LIFETIME.total_seconds()
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float | str):
        return untold
    try:
        seconds = float(expires_in)
    except (ValueError, OverflowError):
        return untold
    return untold if math.isnan(seconds) else min(max(seconds, 0.0), longest)


@dataclass(slots=True, repr=False)
class _Account:
    """What is kept for one set of credentials."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    token: str | None = None
    renew_at: float = 0.0
    failures: int = 0
    error: FetchError | None = None


class Tokens:
    """Tokens in memory, each for the very credentials it was given for: a changed secret gets a new
    one. `monotonic` tells seconds; a clock that stands still while the machine sleeps keeps a token
    too long, which its refusal (`drop`) mends."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._accounts: dict[ClientCredentials, _Account] = {}

    async def get(
        self, credentials: ClientCredentials, fetch: Callable[[], Awaitable[Token]]
    ) -> tuple[str, bool]:
        """A token for `credentials`, and whether it is a kept one; False: `fetch` brought it just now.

        Who asks while a token is being fetched waits for that one, and fails as it fails: a wrong
        secret is tried once, not once for each. If who fetches is cancelled, the next one fetches.
        Raises what `fetch` raises.
        """
        account = self._accounts.setdefault(credentials, _Account())
        failures = account.failures
        async with account.lock:
            if account.token is not None and self._monotonic() < account.renew_at:
                return account.token, True
            if account.error is not None and account.failures != failures:
                raise copy(account.error)
            return await self._renew(account, fetch), False

    def drop(self, credentials: ClientCredentials, token: str) -> None:
        """Forgets a token that was not accepted, unless there is a newer one already."""
        account = self._accounts.get(credentials)
        if account is not None and account.token == token:
            account.token = None

    async def _renew(self, account: _Account, fetch: Callable[[], Awaitable[Token]]) -> str:
        asked_at = self._monotonic()
        try:
            token = await fetch()
        except FetchError as error:
            account.failures += 1
            account.error = copy(error)  # a copy has no traceback, which would keep all that was sent
            raise
        account.token, account.error = token.value, None
        account.renew_at = asked_at + token.lifetime - min(MARGIN.total_seconds(), token.lifetime / 10)
        return token.value
