"""What a source asks for: one request, and the token that it may need."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

import msgspec


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749, section 4.4), for a `Request` that needs a token: the
    transport fetches it from `token_url` and keeps it, in memory only, until it expires.

    `style` is where the id and the secret stand in the token request: HTTP Basic with a form that
    says the grant (UPS), that form alone (FedEx), or JSON (USPS). `headers` are what a provider wants
    beside. The `repr` shows only where the request goes.
    """

    token_url: str
    client_id: str
    client_secret: str
    scope: str = ""
    style: Literal["basic", "form", "json"] = "form"
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"ClientCredentials({place_of(self.token_url)})"


@dataclass(frozen=True, slots=True)
class Request:
    """What a source wants fetched. `url` is `https:`, `http:` (see `Source.allow_http`) or `file:`;
    a `file:` address may be a folder, whose payload lists its files. Its `repr` shows only where it
    goes: never a query, a header or a body, which may hold secrets.

    With `credentials`, the transport adds `authorization: Bearer …` itself.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    credentials: ClientCredentials | None = None

    def __repr__(self) -> str:
        return f"Request({self.method} {place_of(self.url)})"

    @classmethod
    def json(
        cls,
        url: str,
        content: object,
        *,
        headers: Iterable[tuple[str, str]] = (),
        credentials: ClientCredentials | None = None,
    ) -> "Request":
        """A POST of `content` as JSON."""
        body = msgspec.json.encode(content)
        return cls(url, "POST", (*headers, ("content-type", "application/json")), body, credentials)


def place_of(url: str) -> str:
    """The part of an address that is safe to show: scheme and host, or a file's path."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return parts.path
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine we run on, so that nobody on the way can read along."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
