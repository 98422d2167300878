"""OAuth tokens: asked for, read, kept and renewed, over real HTTP with a company of its own."""

import asyncio
import json
import logging
import threading
import traceback
from base64 import b64decode
from collections.abc import Callable, Coroutine, Generator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal, TypeVar
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked
from werkzeug import Response

from monitor.carrier import (
    ClientCredentials,
    FetchError,
    Payload,
    QuotaExceeded,
    RateLimited,
    Refused,
    Request,
    ShipmentStatus,
    Source,
    Tracking,
    Unauthorized,
    Unreachable,
)
from monitor.tokens import LONGEST_LIFETIME, UNTOLD_LIFETIME, Token, Tokens, read_token, token_request
from monitor.transport import Transport, converse

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
SECRET = "s3cret"
PLACE = "https://id.example.org"
CREDENTIALS = ClientCredentials(f"{PLACE}/oauth/token?s3cret", "our-id", SECRET)
UNTOLD, LONGEST = UNTOLD_LIFETIME.total_seconds(), LONGEST_LIFETIME.total_seconds()
T = TypeVar("T")


class Web(Source):
    requests_per_second: float = 1e6


class Tolerant(Web):
    """Reads refusals itself."""

    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 401, 403, 404, 429})


def run(story: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(story, 20))


def secretless(error: BaseException) -> None:
    """Neither the secret nor any token is in what would ever be printed of an error."""
    told = "".join(traceback.format_exception(error)) + repr(error)
    assert SECRET not in told
    assert "token-" not in told


# --- what is sent


@pytest.mark.parametrize(
    ("style", "scope", "content_type", "body"),
    [
        ("basic", "", "application/x-www-form-urlencoded", b"grant_type=client_credentials"),
        ("basic", "a b", "application/x-www-form-urlencoded", b"grant_type=client_credentials&scope=a+b"),
        (
            "form",
            "",
            "application/x-www-form-urlencoded",
            b"grant_type=client_credentials&client_id=our-id&client_secret=s3cret",
        ),
        (
            "json",
            "x",
            "application/json",
            b'{"grant_type":"client_credentials","scope":"x","client_id":"our-id","client_secret":"s3cret"}',
        ),
    ],
)
def test_each_style_has_its_exact_form(
    style: Literal["basic", "form", "json"], scope: str, content_type: str, body: bytes
) -> None:
    own = (("x-merchant-id", "A1B2C3"),)
    request = token_request(replace(CREDENTIALS, style=style, scope=scope, headers=own))
    basic = {"authorization": "Basic b3VyLWlkOnMzY3JldA=="} if style == "basic" else {}
    assert (request.method, request.url, request.body) == ("POST", CREDENTIALS.token_url, body)
    assert len(request.headers) == 3 + len(basic)
    assert dict(request.headers) == {
        "x-merchant-id": "A1B2C3",
        "accept": "application/json",
        "content-type": content_type,
        **basic,
    }
    assert request.credentials is None


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text())
def test_whatever_the_id_and_the_secret_are_they_arrive_or_it_is_told(client_id: str, secret: str) -> None:
    own = replace(CREDENTIALS, client_id=client_id, client_secret=secret)
    try:
        form = parse_qs((token_request(own).body or b"").decode(), keep_blank_values=True)
        basic = dict(token_request(replace(own, style="basic")).headers)["authorization"]
    except Unauthorized:
        assert any("\ud800" <= letter <= "\udfff" for letter in secret)
        return
    assert (form["client_id"], form["client_secret"]) == ([client_id], [secret])
    assert b64decode(basic.removeprefix("Basic ")).count(b":") == 1


@pytest.mark.parametrize("style", ["basic", "form", "json"])
def test_a_secret_that_no_request_can_carry_is_told_without_it(
    style: Literal["basic", "form", "json"],
) -> None:
    with pytest.raises(Unauthorized, match="the client_id or client_secret is wrong") as caught:
        token_request(replace(CREDENTIALS, client_secret=SECRET + "\udc80", style=style))
    secretless(caught.value)


def test_no_repr_shows_a_secret() -> None:
    asks = Request("https://api.example.org/x?key=s3cret", credentials=CREDENTIALS)
    for shown in (CREDENTIALS, asks, token_request(CREDENTIALS), Token("token-1", 9), Tokens(lambda: 0.0)):
        assert SECRET not in repr(shown)
        assert "our-id" not in repr(shown)
        assert "token-1" not in repr(shown)
    assert repr(CREDENTIALS) == "ClientCredentials(https://id.example.org)"


# --- what an answer means


def answered(content: object, status: int = 200) -> Payload:
    return Payload(content if isinstance(content, bytes) else json.dumps(content).encode(), status)


@pytest.mark.parametrize(
    ("expires_in", "lifetime"),
    [
        (3600, 3600),  # FedEx
        ("14399", 14399),  # UPS
        ("28799", 28799),  # USPS
        (28799.5, 28799.5),
        (" 60 ", 60),
        (None, UNTOLD),
        ("", UNTOLD),
        ("soon", UNTOLD),
        ("nan", UNTOLD),
        (True, UNTOLD),
        ([3600], UNTOLD),
        ({}, UNTOLD),
        (0, 0),
        (-1, 0),
        ("-inf", 0),
        (86_400, LONGEST),
        (86_401, LONGEST),
        (10**18, LONGEST),
        ("inf", LONGEST),
        ("9" * 400, LONGEST),
    ],
)
def test_how_long_a_token_lasts(expires_in: object, lifetime: float) -> None:
    told = {"access_token": "token-1", "token_type": "Bearer", "expires_in": expires_in}
    assert read_token(answered(told), PLACE) == Token("token-1", lifetime)


def test_a_lifetime_need_not_be_told() -> None:
    told = {"access_token": "token-1", "token_type": "Bearer"}
    assert read_token(answered(told), PLACE).lifetime == UNTOLD == 300


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "BEARER", "BearerToken", "", None])
def test_kinds_of_token_that_are_bearer(kind: str | None) -> None:
    assert read_token(answered({"access_token": "token-1", "token_type": kind}), PLACE).value == "token-1"


@pytest.mark.parametrize("kind", ["mac", "DPoP", "N_A", 7, ["Bearer"]])
def test_another_kind_of_token_is_refused(kind: object) -> None:
    payload = answered({"access_token": "token-1", "token_type": kind})
    with pytest.raises(Refused, match="another kind than Bearer") as caught:
        read_token(payload, PLACE)
    secretless(caught.value)


UPS_ERROR = {"response": {"errors": [{"code": "250003", "message": "Invalid Access License number"}]}}
FEDEX_ERROR = {"transactionId": "x", "errors": [{"code": "NOT.AUTHORIZED.ERROR", "message": "s3cret"}]}
USPS_ERROR = {"apiVersion": "v3", "error": {"code": "401", "message": "s3cret", "errors": []}}
WRONG = "the client_id or client_secret is wrong"


@pytest.mark.parametrize(
    ("status", "content", "kind", "says"),
    [
        (400, {"error": "invalid_client"}, Unauthorized, f"{WRONG} (invalid_client)"),
        (401, {"error": "invalid_client", "error_description": SECRET}, Unauthorized, WRONG),
        (403, {"error": "invalid_client"}, Unauthorized, WRONG),
        (200, {"error": "invalid_client"}, Unauthorized, WRONG),
        (400, {"error": "invalid_grant"}, Unauthorized, WRONG),
        (400, {"error": "unauthorized_client"}, Unauthorized, "this client_id may not ask for such a token"),
        (400, {"error": "invalid_scope"}, Unauthorized, "may not have the scope"),
        (401, {"error": "invalid_scope"}, Unauthorized, "may not have the scope"),
        (400, {"error": "invalid_request"}, Refused, "does not accept this request"),
        (400, {"error": "unsupported_grant_type"}, Refused, "does not accept this request"),
        (400, {"error": "temporarily_unavailable"}, Unreachable, "cannot give one now"),
        (400, {"error": SECRET}, Refused, "answered 400"),
        (400, {"error": {"code": "400"}}, Refused, "answered 400"),
        (401, UPS_ERROR, Unauthorized, WRONG),
        (400, UPS_ERROR, Refused, "answered 400"),
        (403, UPS_ERROR, Unauthorized, "not allowed to have one"),
        (401, FEDEX_ERROR, Unauthorized, WRONG),
        (401, USPS_ERROR, Unauthorized, WRONG),
        (401, b"<html>s3cret</html>", Unauthorized, WRONG),
        (401, b"", Unauthorized, WRONG),
        (400, b"s3cret", Refused, "answered 400"),
        (401, {"access_token": "token-1"}, Unauthorized, WRONG),
        (200, b"<html>s3cret</html>", Unreachable, "the answer is a web page"),
        (200, b"", Unreachable, "the answer is empty"),
        (200, b'{"access_token": "token-1', Unreachable, "only part of it"),
        (200, b"[" * 100_000, Unreachable, "gave no token"),
        (200, [], Unreachable, "no access_token"),
        (200, ["token-1"], Unreachable, "no access_token"),
        (200, {}, Unreachable, "no access_token"),
        (200, {"access_token": None}, Unreachable, "no access_token"),
        (200, {"access_token": ""}, Unreachable, "none that can be sent"),
        (200, {"access_token": 7}, Unreachable, "none that can be sent"),
        (200, {"access_token": "token-1\r\nx: y"}, Unreachable, "none that can be sent"),
        (200, {"access_token": "token-é"}, Unreachable, "none that can be sent"),
        (200, {"access_token": "token-1 2"}, Unreachable, "none that can be sent"),
        (200, {"access_token": "t" * 20_000}, Unreachable, "none that can be sent"),
        (200, {"error": SECRET}, Unreachable, "no access_token"),
        (200, UPS_ERROR, Unreachable, "no access_token"),
    ],
)
def test_an_answer_without_a_token(status: int, content: object, kind: type[FetchError], says: str) -> None:
    with pytest.raises(FetchError) as caught:
        read_token(answered(content, status), PLACE)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(PLACE)
    assert says in str(caught.value)
    secretless(caught.value)


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_fields = st.sampled_from(["access_token", "token_type", "expires_in", "error"])


@given(
    st.binary(max_size=60) | st.dictionaries(_fields, _json).map(lambda told: json.dumps(told).encode()),
    st.integers(200, 599),
)
def test_no_answer_raises_anything_else(body: bytes, status: int) -> None:
    try:
        token = read_token(Payload(body, status), PLACE)
    except FetchError:
        return
    assert 0 <= token.lifetime <= LONGEST
    assert token.value.isascii()


# --- what is kept


class Hours:
    """Monotonic time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.at = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.mark.parametrize(
    ("lifetime", "kept_for"),
    [(3600, 3540), (600, 540), (300, 270), (10, 9), (0, 0)],
)
def test_a_token_is_renewed_a_little_before_it_expires(lifetime: float, kept_for: float) -> None:
    hours, fetched = Hours(), 0

    async def fetch() -> Token:
        nonlocal fetched
        fetched += 1
        return Token(f"token-{fetched}", lifetime)

    async def story() -> None:
        tokens = Tokens(hours)
        assert await tokens.get(CREDENTIALS, fetch) == ("token-1", False)
        if kept_for:
            hours.at += kept_for - 0.5
            assert await tokens.get(CREDENTIALS, fetch) == ("token-1", True)
            hours.at += 0.5
        assert await tokens.get(CREDENTIALS, fetch) == ("token-2", False)

    run(story())


def test_a_token_ages_from_when_it_was_asked_for() -> None:
    hours = Hours()

    async def slow() -> Token:
        hours.at += 100
        return Token(f"token-{hours.at}", 150)

    async def story() -> None:
        tokens = Tokens(hours)
        await tokens.get(CREDENTIALS, slow)
        hours.at += 34
        assert await tokens.get(CREDENTIALS, slow) == ("token-200.0", True)
        hours.at += 2
        assert (await tokens.get(CREDENTIALS, slow))[1] is False

    run(story())


@pytest.mark.parametrize(
    "other",
    [
        replace(CREDENTIALS, client_secret="new"),
        replace(CREDENTIALS, client_id="new"),
        replace(CREDENTIALS, scope="new"),
        replace(CREDENTIALS, token_url=f"{PLACE}/new"),
        replace(CREDENTIALS, headers=(("x-merchant-id", "new"),)),
    ],
)
def test_other_credentials_get_a_token_of_their_own(other: ClientCredentials) -> None:
    async def story() -> None:
        tokens = Tokens(lambda: 0.0)
        assert await tokens.get(CREDENTIALS, giving("token-1")) == ("token-1", False)
        assert await tokens.get(other, giving("token-2")) == ("token-2", False)
        assert await tokens.get(replace(CREDENTIALS), giving("token-3")) == ("token-1", True)

    run(story())


def giving(value: str) -> Callable[[], Coroutine[Any, Any, Token]]:
    async def fetch() -> Token:
        return Token(value, 3600)

    return fetch


def test_only_the_token_that_was_not_accepted_is_dropped() -> None:
    async def story() -> None:
        tokens = Tokens(lambda: 0.0)
        tokens.drop(CREDENTIALS, "token-0")
        await tokens.get(CREDENTIALS, giving("token-1"))
        tokens.drop(CREDENTIALS, "token-0")
        assert await tokens.get(CREDENTIALS, giving("token-2")) == ("token-1", True)
        tokens.drop(CREDENTIALS, "token-1")
        assert await tokens.get(CREDENTIALS, giving("token-2")) == ("token-2", False)

    run(story())


def test_who_waits_for_a_fetch_fails_as_it_fails_and_who_comes_later_tries_again() -> None:
    fetched = 0

    async def fail() -> Token:
        nonlocal fetched
        fetched += 1
        await asyncio.sleep(0.01)
        raise RateLimited("too often", retry_after=timedelta(seconds=90))

    async def story() -> None:
        tokens = Tokens(lambda: 0.0)
        found = await asyncio.gather(
            *(tokens.get(CREDENTIALS, fail) for _ in range(5)), return_exceptions=True
        )
        assert fetched == 1
        for error in found:
            assert type(error) is RateLimited
            assert (str(error), error.retry_after) == ("too often", timedelta(seconds=90))
        with pytest.raises(RateLimited):
            await tokens.get(CREDENTIALS, fail)
        assert fetched == 2
        assert await tokens.get(CREDENTIALS, giving("token-1")) == ("token-1", False)

    run(story())


def test_a_bug_while_fetching_locks_nobody_out() -> None:
    async def bug() -> Token:
        await asyncio.sleep(0)
        raise KeyError("a bug")

    async def story() -> None:
        tokens = Tokens(lambda: 0.0)
        first = asyncio.create_task(tokens.get(CREDENTIALS, bug))
        await asyncio.sleep(0)
        second = await tokens.get(CREDENTIALS, giving("token-1"))
        assert second == ("token-1", False)
        with pytest.raises(KeyError):
            await first

    run(story())


# --- with a company that wants tokens


class Company:
    """Gives token-1, token-2, … and takes those that it has not withdrawn."""

    def __init__(self, server: HTTPServer) -> None:
        self.api = server.url_for("/track")
        self.credentials = ClientCredentials(server.url_for("/oauth/token"), "our-id", SECRET)
        self.good: set[str] = set()
        self.token_requests: list[bytes] = []
        self.bearers: list[str] = []
        self.lifetime: object = 3600
        self.takes_any, self.takes_none = False, False
        self.refusal: Response | None = None
        self.arrived, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()
        server.expect_request("/oauth/token", method="POST").respond_with_handler(self._give)
        server.expect_request("/track").respond_with_handler(self._track)

    def _give(self, asked: Asked) -> Response:
        self.token_requests.append(asked.get_data())
        self.arrived.set()
        self.may_answer.wait(10)
        if self.refusal is not None:
            return self.refusal
        token = f"token-{len(self.token_requests)}"
        self.good.add(token)
        return said({"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime})

    def _track(self, asked: Asked) -> Response:
        bearer = asked.headers.get("authorization", "")
        self.bearers.append(bearer.removeprefix("Bearer "))
        if not self.takes_none and bearer.removeprefix("Bearer ") in self.good:
            return said(["here"])
        return said({"error": SECRET}, 401)

    @property
    def request(self) -> Request:
        return Request(self.api, credentials=self.credentials)

    async def look(self, ours: Transport, source: Source | None = None) -> Payload:
        return await ours.fetch("carrier", source or Web(), self.request, ("A",))


def said(content: object, status: int = 200, **headers: str) -> Response:
    return Response(json.dumps(content), status, headers, content_type="application/json")


@pytest.fixture
def company(httpserver: HTTPServer) -> Company:
    return Company(httpserver)


def transport(**options: Any) -> Transport:
    return Transport(lambda: NOW, **options)


def look(company: Company, source: Source | None = None, **options: Any) -> Payload:
    async def story() -> Payload:
        async with transport(**options) as ours:
            return await company.look(ours, source)

    return run(story())


def failing(company: Company, kind: type[FetchError], source: Source | None = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        look(company, source)
    assert type(caught.value) is kind
    secretless(caught.value)
    return caught.value


def test_one_token_serves_many_requests(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            for _ in range(5):
                assert await company.look(ours) == Payload(b'["here"]', 200, ("A",), "application/json")

    run(story())
    assert company.token_requests == [b"grant_type=client_credentials&client_id=our-id&client_secret=s3cret"]
    assert company.bearers == ["token-1"] * 5


def test_a_source_s_own_headers_and_body_go_along(company: Company, httpserver: HTTPServer) -> None:
    seen: list[Asked] = []

    def echo(asked: Asked) -> Response:
        seen.append(asked)
        return said(asked.get_json())

    httpserver.expect_request("/v1", method="POST").respond_with_handler(echo)
    request = Request.json(
        httpserver.url_for("/v1"), {"a": 1}, headers=[("x", "y")], credentials=company.credentials
    )

    async def story() -> Payload:
        async with transport() as ours:
            return await ours.fetch("carrier", Web(), request, ())

    assert run(story()).body == b'{"a": 1}'
    assert seen[0].headers["x"] == "y"
    assert seen[0].headers.getlist("authorization") == ["Bearer token-1"]


def test_requests_at_once_fetch_one_token(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            await asyncio.gather(*(company.look(ours) for _ in range(8)))

    run(story())
    assert len(company.token_requests) == 1
    assert company.bearers == ["token-1"] * 8


def test_a_token_is_renewed_when_its_time_is_over(company: Company) -> None:
    hours = Hours()
    company.lifetime = "14399"

    async def story() -> None:
        async with transport(monotonic=hours) as ours:
            await company.look(ours)
            hours.at += 14_300
            await company.look(ours)
            hours.at += 60
            await company.look(ours)

    run(story())
    assert company.bearers == ["token-1", "token-1", "token-2"]


def test_a_kept_token_that_was_withdrawn_is_renewed_once(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            await company.look(ours)
            company.good.clear()
            assert (await company.look(ours)).status == 200
            await company.look(ours)

    run(story())
    assert company.bearers == ["token-1", "token-1", "token-2", "token-2"]
    assert len(company.token_requests) == 2


def test_several_find_their_token_withdrawn_and_all_come_through(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            await company.look(ours)
            company.good.clear()
            await asyncio.gather(*(company.look(ours) for _ in range(4)))

    run(story())
    assert len(company.token_requests) == 2


def test_a_new_token_that_is_not_accepted_is_the_end(company: Company) -> None:
    company.takes_none = True
    error = failing(company, Unauthorized)
    assert str(error).startswith("http://localhost:")
    assert "answered 401 to a new token: may this client_id use this service?" in str(error)
    assert company.bearers == ["token-1"]


def test_a_kept_one_and_then_the_new_one_not_accepted_is_the_end_too(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            await company.look(ours)
            company.takes_none = True
            with pytest.raises(Unauthorized, match="to a new token"):
                await company.look(ours)
            assert company.bearers == ["token-1", "token-1", "token-2"]
            company.takes_none = False
            await company.look(ours)

    run(story())
    assert company.bearers[-1] == "token-3"


def test_a_changed_secret_gets_a_new_token_and_an_unchanged_one_keeps_it(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            await company.look(ours)
            before = company.credentials
            company.credentials = replace(before, client_secret="changed")
            await company.look(ours)
            company.credentials = replace(before)
            await company.look(ours)

    run(story())
    assert company.bearers == ["token-1", "token-2", "token-1"]
    assert b"client_secret=changed" in company.token_requests[1]


def test_every_transport_starts_without_a_token(company: Company) -> None:
    look(company)
    look(company)
    assert company.bearers == ["token-1", "token-2"]


# --- when there is no token to be had


REFUSALS: list[tuple[Response, type[FetchError], str]] = [
    (said({"error": "invalid_client"}, 401), Unauthorized, WRONG),
    (said({"error": "invalid_client"}, 400), Unauthorized, WRONG),
    (said(UPS_ERROR, 401), Unauthorized, WRONG),
    (said(FEDEX_ERROR, 403), Unauthorized, WRONG),
    (said({"error": "invalid_request"}, 400), Refused, "does not accept this request"),
    (said({}, 404), Refused, "answered 404"),
    (said({}, 500), Unreachable, "answered 500"),
    (said({"access_token": "token-1"}, 503), Unreachable, "answered 503"),
    (Response("<html>s3cret", 200), Unreachable, "the answer is a web page"),
    (Response(b"x" * (2**20 + 1), 200), Unreachable, "sent more than 1 MiB"),
    (Response("", 302, {"location": "https://other.example/?s3cret"}), Unreachable, "other.example"),
]


@pytest.mark.parametrize(("refusal", "kind", "says"), REFUSALS)
def test_without_a_token_nothing_is_asked(
    refusal: Response, kind: type[FetchError], says: str, company: Company
) -> None:
    company.refusal = refusal
    # A source that reads such a status itself is not to take the token's answer for its parcels'.
    for source in (Web(), Tolerant()):
        with pytest.raises(FetchError) as caught:
            look(company, source, max_bytes=2**20)
        assert type(caught.value) is kind
        assert says in str(caught.value)
        assert str(caught.value).startswith("http://localhost:")
        secretless(caught.value)
    assert company.bearers == []


def test_too_many_requests_for_tokens_say_how_long_to_wait(company: Company) -> None:
    company.refusal = said({}, 429, **{"Retry-After": "90"})
    for source in (Web(), Tolerant()):
        assert failing(company, RateLimited, source).retry_after == timedelta(seconds=90)


def test_a_token_that_does_not_come_in_time_is_not_waited_for(company: Company) -> None:
    company.may_answer.clear()
    with pytest.raises(Unreachable, match="did not answer in full within 0.2 seconds"):
        look(company, deadline=timedelta(seconds=0.2))
    company.may_answer.set()


def test_a_source_that_reads_401_itself_still_gets_its_token_renewed(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            await company.look(ours, Tolerant())
            company.good.clear()
            assert (await company.look(ours, Tolerant())).status == 200
            company.takes_none = True
            assert (await company.look(ours, Tolerant())).status == 401

    run(story())
    assert company.bearers == ["token-1", "token-1", "token-2", "token-2", "token-3"]


@pytest.mark.parametrize(
    ("api", "token_url", "says"),
    [
        ("http://api.example.org/s3cret", "https://id.example.org/", "http://api.example.org is not asked"),
        ("https://api.example.org/", "http://id.example.org/?s3cret", "http://id.example.org is not asked"),
        ("https://api.example.org/", "ftp://id.example.org/?s3cret", "only https:// addresses"),
        ("https://api.example.org/", "", "only https:// addresses"),
        ("https://api.example.org/", "https://[s3cret", "is not one"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_before_anything(
    api: str, token_url: str, says: str
) -> None:
    async def story() -> None:
        async with transport() as ours:
            request = Request(api, credentials=replace(CREDENTIALS, token_url=token_url))
            with pytest.raises(Refused) as caught:
                await ours.fetch("carrier", Web(), request, ())
            assert says in str(caught.value)
            secretless(caught.value)
            assert ours.remaining("carrier", Web(requests_per_day=5)) == 5

    run(story())


def test_a_secret_that_cannot_be_sent_costs_no_request(company: Company) -> None:
    company.credentials = replace(company.credentials, client_secret=SECRET + "\udc80")
    assert "no such characters" in str(failing(company, Unauthorized))
    company.credentials = replace(company.credentials, client_secret=SECRET, headers=(("x", "é"),))
    assert "cannot be sent" in str(failing(company, Refused))
    assert company.token_requests == []


# --- manners


def test_a_token_has_its_turn_and_its_place_in_the_day_s_budget(company: Company) -> None:
    hours = Hours()
    source = Web(requests_per_second=0.5, requests_per_day=10)

    async def story() -> int | None:
        async with transport(sleep=hours.sleep, monotonic=hours) as ours:
            for _ in range(2):
                await company.look(ours, source)
            return ours.remaining("carrier", source)

    assert run(story()) == 7
    assert hours.slept == [2.0, 2.0]


def test_without_requests_left_no_token_is_asked_for(company: Company) -> None:
    async def story() -> None:
        async with transport() as ours:
            with pytest.raises(QuotaExceeded, match="requests_per_day"):
                await company.look(ours, Web(requests_per_day=1))
            with pytest.raises(QuotaExceeded):
                await company.look(ours, Web(requests_per_day=1))

    run(story())
    assert (len(company.token_requests), company.bearers) == (1, [])


def test_a_look_that_is_cancelled_leaves_nothing_locked(company: Company) -> None:
    company.may_answer.clear()

    async def story() -> None:
        async with transport() as ours:
            first = asyncio.create_task(company.look(ours))
            await asyncio.to_thread(company.arrived.wait, 10)
            second = asyncio.create_task(company.look(ours))
            await asyncio.sleep(0.05)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            company.may_answer.set()
            assert (await second).status == 200

    run(story())
    assert company.bearers == ["token-2"]


def test_a_wrong_secret_is_tried_once_for_all_who_ask_at_once(company: Company) -> None:
    company.refusal = said({"error": "invalid_client"}, 401)

    async def story() -> list[Payload | BaseException]:
        async with transport() as ours:
            return await asyncio.gather(*(company.look(ours) for _ in range(6)), return_exceptions=True)

    assert {type(error) for error in run(story())} == {Unauthorized}
    assert len(company.token_requests) == 1


def test_nothing_secret_is_logged(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    company.credentials = replace(company.credentials, style="basic")
    with caplog.at_level(logging.DEBUG):
        look(company)
        company.takes_none = True
        failing(company, Unauthorized)
        company.refusal = said({"error": "invalid_client"}, 401)
        failing(company, Unauthorized)
    for secret in (SECRET, "token-", "our-id", "b3VyLWlk"):
        assert secret not in caplog.text


def test_an_exchange_of_several_calls_needs_one_token_and_never_sees_it(company: Company) -> None:
    class Several(Web):
        def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
            for _ in numbers:
                yield company.request
            return [Tracking(number, ShipmentStatus.IN_TRANSIT) for number in numbers]

    async def story() -> None:
        async with transport() as ours:
            first = await converse(ours, "carrier", Several(), ("A", "B", "C"))
            company.good.clear()
            again = await converse(ours, "carrier", Several(), ("A", "B", "C"))
        assert len(first.trackings) == 3
        assert {payload.body for payload in first.payloads} == {b'["here"]'}
        assert again.fingerprint == first.fingerprint

    run(story())
    assert len(company.token_requests) == 2
    assert company.bearers == ["token-1"] * 4 + ["token-2"] * 3
