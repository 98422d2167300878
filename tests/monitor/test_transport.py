"""Requests performed over real sockets and real files, and everything that may go wrong with them."""

import asyncio
import gzip
import json
import logging
import os
import socket
import ssl
import time
import traceback
import zlib
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
import respx

from monitor.budget import Spent
from monitor.carrier import (
    FetchError,
    ParseError,
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
from monitor.transport import MAX_CALLS, Conversation, Transport, converse

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
SECRET = "s3cret"
T = TypeVar("T")
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Web(Source):
    """A source over HTTP, as quick as it is allowed to be."""

    reads_statuses: ClassVar[frozenset[int]] = frozenset({404})
    requests_per_second: float = 1e6


class Files(Source):
    folder: str

    @property
    def root(self) -> str:
        return self.folder


def run(story: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(story, 20))


def transport(**options: Any) -> Transport:
    return Transport(lambda: NOW, **options)


async def fetch(url: str, source: Source | None = None, **options: Any) -> Payload:
    """One request with a secret wherever one may be, by a transport of its own."""
    request = Request(url, "POST", (("authorization", f"Bearer {SECRET}"),), SECRET.encode())
    async with transport(**options) as ours:
        return await ours.fetch("post", source or Web(), request, ("A", "B"))


def failing(story: Coroutine[Any, Any, object], kind: type[FetchError]) -> FetchError:
    """The error a story ends with, exactly of this kind and without a secret in any of its words."""
    with pytest.raises(FetchError) as caught:
        run(story)
    assert type(caught.value) is kind
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server on this machine whose connections all go to `handler`; yields an address on it."""

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0, ssl=tls)
    try:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/{SECRET}?token={SECRET}"
    finally:
        server.close()


async def heard(reader: asyncio.StreamReader) -> bytes:
    """A request's head, its body read too."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return head


def saying(*parts: bytes, then: Callable[[], Awaitable[None]] | None = None) -> Handler:
    """A handler that hears one request and sends these bytes."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()
        if then:
            await then()

    return handler


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def asked(handler: Handler, **options: Any) -> Payload:
    async with serving(handler) as url:
        return await fetch(url, **options)


# --- what an answer brings


def test_an_answer_comes_whole_with_what_was_asked() -> None:
    payload = run(asked(saying(answer(b'{"a": 1}', "Content-Type: application/json"))))
    assert payload == Payload(b'{"a": 1}', 200, ("A", "B"), "application/json")


def test_method_headers_and_body_arrive_and_only_a_plain_answer_is_asked_for() -> None:
    seen: list[bytes] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        seen.append(head.lower())
        seen.append(await reader.readexactly(len(SECRET)))
        writer.write(answer(b"[]"))

    run(asked(echo))
    assert seen[0].startswith(b"post /s3cret?token=s3cret http/1.1\r\n")
    assert b"\r\nauthorization: bearer s3cret\r\n" in seen[0]
    assert b"\r\naccept-encoding: identity\r\n" in seen[0]
    assert seen[1] == SECRET.encode()


def test_ten_megabytes_come_whole() -> None:
    body = os.urandom(10 * 2**20)
    assert run(asked(saying(answer(body)))).body == body


def test_one_connection_serves_several_requests() -> None:
    connections = 0

    async def patient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await heard(reader)
            writer.write(answer(b"[]"))

    async def story() -> None:
        async with serving(patient) as url, transport() as ours:
            for _ in range(3):
                await ours.fetch("post", Web(), Request(url), ())

    run(story())
    assert connections == 1


def test_no_cookie_travels_from_one_answer_to_the_next_request() -> None:
    heads: list[bytes] = []

    async def baker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            heads.append(await heard(reader))
            writer.write(answer(b"[]", "Set-Cookie: who=you; Path=/"))

    async def story() -> None:
        async with serving(baker) as url, transport() as ours:
            for _ in range(2):
                await ours.fetch("post", Web(), Request(url), ())

    run(story())
    assert len(heads) == 2
    assert not any(b"cookie" in head.lower() for head in heads)


# --- what is not read to its end


async def _for_ever() -> None:
    await asyncio.sleep(60)


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(bytes(2**16))
        await writer.drain()


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
    )
    writer.transport.abort()


def packed(body: bytes, encoding: str = "gzip") -> bytes:
    return answer(body, f"Content-Encoding: {encoding}")


BOMB = gzip.compress(bytes(30 * 2**20))


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        pytest.param(_endless, "sent more than 1 MiB", id="endless"),
        pytest.param(saying(answer(bytes(2**20 + 1))), "sent more than 1 MiB", id="one byte too many"),
        pytest.param(saying(packed(BOMB)), "sent more than 1 MiB", id="gzip bomb"),
        pytest.param(saying(packed(b"not gzip")), "cannot be unpacked", id="no gzip"),
        pytest.param(saying(packed(gzip.compress(b"[]" * 999)[:-20])), "not whole", id="half a gzip"),
        pytest.param(saying(packed(gzip.compress(b"[") * 2)), "not whole", id="two gzips"),
        pytest.param(saying(packed(b"x", "br")), "not asked for", id="brotli"),
        pytest.param(saying(packed(b"x", "gzip, gzip")), "not asked for", id="twice packed"),
        pytest.param(_trickle, "did not answer in full within 0.3 seconds", id="trickle"),
        pytest.param(saying(then=_for_ever), "did not answer in full within 0.3 seconds", id="silence"),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nContent-Le", then=_for_ever), "did not answer", id="half a head"
        ),
        pytest.param(_reset, "connection broke|broke off", id="reset"),
        pytest.param(saying(), "broke off", id="closed without a word"),
        pytest.param(saying(answer(b"1234567890")[:-5]), "broke off", id="body cut short"),
        pytest.param(saying(b"SSH-2.0-OpenSSH_9.2 s3cret\r\n"), "not HTTP", id="not HTTP"),
        pytest.param(saying(answer(b"", "X: " + SECRET * 2**17)), "not HTTP|broke", id="huge headers"),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ns3cret\r\n"),
            "not HTTP",
            id="bad chunk",
        ),
    ],
)
def test_a_hostile_or_broken_answer_is_unreachable(handler: Handler, says: str) -> None:
    # Only who waits for the deadline waits for a short one: a busy machine may be slow.
    deadline = timedelta(seconds=0.3 if "did not answer" in says else 20)
    error = failing(asked(handler, deadline=deadline, max_bytes=2**20), Unreachable)
    assert str(error).startswith("http://127.0.0.1:")
    assert any(part in str(error) for part in says.split("|")), str(error)


def test_an_answer_that_just_fits_is_taken() -> None:
    assert len(run(asked(saying(answer(bytes(2**20))), max_bytes=2**20)).body) == 2**20
    assert len(run(asked(saying(packed(gzip.compress(bytes(2**20)))), max_bytes=2**20)).body) == 2**20


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"[1]"), "gzip"),
        (gzip.compress(b"[1]"), " GZIP "),
        (zlib.compress(b"[1]"), "deflate"),
        (gzip.compress(b"[1]"), "x-gzip"),
        (b"[1]", "identity"),
    ],
    # Not by the bytes: gzip writes the time into them, and every worker is to collect the same tests.
    ids=["gzip", "capitals and blanks", "deflate", "x-gzip", "identity"],
)
def test_what_comes_packed_unasked_is_unpacked(body: bytes, encoding: str) -> None:
    assert run(asked(saying(packed(body, encoding)))).body == b"[1]"


def test_only_one_layer_is_unpacked() -> None:
    assert run(asked(saying(packed(gzip.compress(BOMB))), max_bytes=2**20)).body == BOMB


def test_deadlines_give_their_connections_back() -> None:
    async def story() -> Payload:
        async with (
            serving(saying(then=_for_ever)) as silent,
            serving(saying(answer(b"[]"))) as good,
            transport(deadline=timedelta(seconds=0.2)) as ours,
        ):
            looks = [ours.fetch("post", Web(), Request(silent), ()) for _ in range(40)]
            found = await asyncio.gather(*looks, return_exceptions=True)
            assert {type(error) for error in found} == {Unreachable}
            return await ours.fetch("post", Web(), Request(good), ())

    assert run(story()).body == b"[]"


def test_a_look_that_is_cancelled_stays_cancelled() -> None:
    async def story() -> None:
        async with serving(saying(then=_for_ever)) as url:
            look = asyncio.create_task(fetch(url))
            await asyncio.sleep(0.1)
            look.cancel()
            with pytest.raises(asyncio.CancelledError):
                await look

    run(story())


# --- where requests may go


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/?token={SECRET}"
    error = failing(fetch(url), Unreachable)
    assert str(error).endswith("cannot be reached: nobody answers there")
    assert not error.asked


def test_a_name_that_is_not_found_is_said_so() -> None:
    error = failing(fetch(f"https://no-such-host.invalid/?token={SECRET}"), Unreachable)
    assert "no-such-host.invalid cannot be reached: its name is not found" in str(error)
    assert not error.asked


def test_a_certificate_that_nobody_vouches_for_is_said_so() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(__file__).with_name("self_signed.pem"))

    async def story() -> Payload:
        async with serving(saying(answer(b"[]")), tls) as url:
            return await fetch(url.replace("http:", "https:"))

    assert "cannot be reached: its certificate is not trusted" in str(failing(story(), Unreachable))


def test_a_server_that_speaks_no_tls_is_said_so() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def told() -> Payload:
        async with serving(plain) as url:
            return await fetch(url.replace("http:", "https:"))

    assert "does not speak TLS" in str(failing(told(), Unreachable))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"http://example.org/?token={SECRET}", "http://example.org is not asked: plain http"),
        (
            f"http://localhost.example.org/?token={SECRET}",
            "plain http to another machine needs allow_http = true",
        ),
        (f"http://127.0.0.1@example.org/?token={SECRET}", "plain http to another machine"),
        (f"http://192.168.1.2/?token={SECRET}", "plain http to another machine"),
        (f"ftp://example.org/?token={SECRET}", "only https:// addresses"),
        (f"FILE:///etc/passwd?token={SECRET}", "only https:// addresses"),
        (f"/relative?token={SECRET}", "only https:// addresses"),
        (f"https:///?token={SECRET}", "only https:// addresses"),
        (f"https://example.org:{SECRET}/", "is not one"),
        (f"https://[{SECRET}/", "is not one"),
        (f"https://example.org/\x00{SECRET}", "is not one"),
        ("", "only https:// addresses"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(url: str, says: str) -> None:
    assert says in str(failing(fetch(url), Refused))


@pytest.mark.parametrize("value", [f"Bearer {SECRET}\r\nx: y", f"{SECRET}\x00", f"{SECRET}é"])
def test_a_header_that_cannot_be_sent_is_refused(value: str) -> None:
    async def story() -> Payload:
        async with serving(saying(answer())) as url, transport() as ours:
            return await ours.fetch("post", Web(), Request(url, headers=(("token", value),)), ())

    assert "a header that cannot be sent" in str(failing(story(), Refused))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "[::1]"])
def test_plain_http_to_this_machine_is_fine(host: str) -> None:
    with respx.mock:
        respx.post(f"http://{host}/track").respond(200, text="[]")
        assert run(fetch(f"http://{host}/track")).body == b"[]"


def test_plain_http_elsewhere_can_be_allowed() -> None:
    with respx.mock:
        respx.post("http://nas.example/track").respond(200, text="[]")
        assert run(fetch("http://nas.example/track", Web(allow_http=True))).body == b"[]"


def test_redirects_are_never_followed() -> None:
    hits: list[bytes] = []

    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(await heard(reader))

    async def story() -> Payload:
        async with serving(other) as elsewhere:
            moved = answer(b"", f"Location: {elsewhere}", status="302 Found")
            async with serving(saying(moved)) as url:
                return await fetch(url)

    error = failing(story(), Unreachable)
    assert str(error).endswith("answered 302: it sends us on to 127.0.0.1, which is not followed")
    assert hits == []


def test_a_proxy_of_the_environment_counts_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    through: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        through.append(await heard(reader))
        writer.write(answer(b'"by proxy"'))

    async def story() -> tuple[bytes, bytes]:
        async with serving(proxy) as url, serving(saying(answer(b'"direct"'))) as local:
            monkeypatch.setenv("HTTP_PROXY", "http://" + url.split("/")[2])
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            away = await fetch("http://nas.example/track", Web(allow_http=True))
            return away.body, (await fetch(local)).body

    assert run(story()) == (b'"by proxy"', b'"direct"')
    assert len(through) == 1


@pytest.mark.parametrize("proxy", ["gopher://x", f"http://user:{SECRET}@[::", "http://x:port"])
def test_a_proxy_setting_that_makes_no_sense_is_told(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert "HTTPS_PROXY" in str(failing(fetch("https://api.example.org/"), Unreachable))


async def _pulled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nX: s3cret\r\n\r\n")


def test_a_proxy_that_lets_nobody_through_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> Payload:
        async with serving(_pulled) as url:
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:{SECRET}@" + url.split("/")[2])
            return await fetch("https://api.example.org/")

    assert "the proxy does not let us through" in str(failing(story(), Unreachable))


def test_the_library_logs_no_address(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        run(asked(saying(answer(b"[]"))))
    assert SECRET not in caplog.text


# --- statuses


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, None),
        (201, None),
        (204, None),
        (299, None),
        (301, Unreachable),
        (302, Unreachable),
        (304, Unreachable),
        (308, Unreachable),
        (400, Refused),
        (401, Unauthorized),
        (402, QuotaExceeded),
        (403, Unauthorized),
        (404, None),  # `Web` reads it itself
        (405, Refused),
        (408, Unreachable),
        (410, Refused),
        (422, Refused),
        (425, Unreachable),
        (429, RateLimited),
        (451, Refused),
        (500, Unreachable),
        (502, Unreachable),
        (503, Unreachable),
        (599, Unreachable),
    ],
)
def test_each_status_means_one_thing(status: int, kind: type[FetchError] | None) -> None:
    headers = {"retry-after": "90", "x-token": SECRET, "location": f"/{SECRET}?token={SECRET}"}
    with respx.mock:
        respx.post("https://api.example.org/track").respond(status, text=SECRET, headers=headers)
        look = fetch(f"https://api.example.org/track?token={SECRET}")
        if kind is None:
            assert run(look).status == status
            return
        error = failing(look, kind)
    assert f"https://api.example.org answered {status}: " in str(error)
    waits = status in (402, 408, 425, 429) or status >= 500
    assert error.retry_after == (timedelta(seconds=90) if waits else None)


def test_the_body_of_a_refusal_is_not_read() -> None:
    async def story() -> Payload:
        head = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 9999\r\nRetry-After: 7\r\n\r\n"
        return await asked(saying(head, then=_for_ever))

    assert failing(story(), RateLimited).retry_after == timedelta(seconds=7)


# --- files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "tracking"
    root.mkdir()
    return root


async def read(path: Path, root: Path, **options: Any) -> Payload:
    async with transport(**options) as ours:
        return await ours.fetch("files", Files(folder=str(root)), Request(path.as_uri()), ("A",))


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.json", "application/json"),
        ("B.CSV", "text/csv"),
        ("c", ""),
        ("ü 100%#?.json", "application/json"),
    ],
)
def test_a_file_below_the_root_is_read(name: str, content_type: str, folder: Path) -> None:
    (folder / name).write_bytes(b"[1]")
    assert run(read(folder / name, folder)) == Payload(b"[1]", 200, ("A",), content_type, name)


def test_the_root_may_be_the_file_itself_and_behind_a_link(folder: Path, tmp_path: Path) -> None:
    file = folder / "one.json"
    file.write_bytes(b"[1]")
    (tmp_path / "link").symlink_to(folder)
    assert run(read(file, file)).body == b"[1]"
    assert run(read(tmp_path / "link" / "one.json", tmp_path / "link")).body == b"[1]"


def test_a_folder_lists_its_tracking_files_by_name(folder: Path) -> None:
    for name in ("b.json", "A.JSON", "c.Csv"):
        (folder / name).write_text("[]")
    for name in (
        ".h.json",
        "~$x.csv",
        ".~lock.c.csv#",
        "b.json~",
        "b.json.swp",
        "b.json.part",
        "n.txt",
        "t.tmp",
    ):
        (folder / name).write_text("[]")
    (folder / "deep.json").mkdir()
    os.mkfifo(folder / "pipe.json")
    (folder / "nowhere.json").symlink_to(folder / "gone")
    os.utime(folder / "b.json", ns=(1, 2_000_000_003))
    payload = run(read(folder, folder))
    assert payload.content_type == "inode/directory"
    listed = json.loads(payload.body)
    assert [one["name"] for one in listed] == ["A.JSON", "b.json", "c.Csv"]
    assert listed[1] == {"name": "b.json", "size": 2, "mtime_ns": 2_000_000_003}


def test_a_file_whose_name_is_no_utf8_costs_no_other_file(folder: Path) -> None:
    (folder / "a.json").write_text("[]")
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/b\xff.json")).write_text("[]")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    listed = [one["name"] for one in json.loads(run(read(folder, folder)).body)]
    assert listed == ["a.json", "b�.json"]
    assert "is not there" in str(failing(read(folder / listed[1], folder), Unreachable))


def test_an_empty_folder_lists_nothing(folder: Path) -> None:
    assert run(read(folder, folder)).body == b"[]"


def test_what_leads_out_of_the_root_is_refused(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("[]")
    (tmp_path / "tracking-too").mkdir()
    (tmp_path / "tracking-too" / "x.json").write_text("[]")
    (folder / "link.json").symlink_to(outside)
    (folder / "away").symlink_to(tmp_path)
    for path in (
        outside,
        folder / ".." / "outside.json",
        folder / "link.json",
        folder / "away" / "outside.json",
        tmp_path / "tracking-too" / "x.json",
        tmp_path,
    ):
        url = "file://" + str(path).replace("..", "%2e%2e")
        error = failing(_read_url(url, folder), Refused)
        assert str(error).endswith(f"leads out of {folder}")


async def _read_url(url: str, root: Path) -> Payload:
    async with transport() as ours:
        return await ours.fetch("files", Files(folder=str(root)), Request(url), ())


def test_a_file_address_that_is_none_is_refused(folder: Path) -> None:
    assert "is not one" in str(failing(_read_url(f"file://[{SECRET}/x", folder), Refused))


def test_another_machine_is_refused(folder: Path) -> None:
    assert "another machine" in str(failing(_read_url("file://nas/x.json", folder), Refused))


def test_a_source_without_a_root_reads_no_files(folder: Path) -> None:
    async def story() -> Payload:
        async with transport() as ours:
            return await ours.fetch("post", Web(), Request(folder.as_uri()), ())

    assert "reads no files" in str(failing(story(), Refused))


def test_what_is_missing_is_unreachable(folder: Path) -> None:
    assert str(failing(read(folder / "x.json", folder), Unreachable)) == f"{folder}/x.json is not there"
    gone = folder / "gone"
    assert str(failing(read(gone, gone), Unreachable)) == f"{gone} is not there"


@pytest.mark.parametrize("url", ["file:///x%00y", "file:///" + "x" * 5000])
def test_what_is_no_path_is_unreachable(url: str) -> None:
    assert "cannot be read" in str(failing(_read_url(url, Path("/")), Unreachable))


def test_a_circle_of_links_is_unreachable(folder: Path) -> None:
    (folder / "a.json").symlink_to(folder / "b.json")
    (folder / "b.json").symlink_to(folder / "a.json")
    assert "cannot be read" in str(failing(read(folder / "a.json", folder), Unreachable))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_unreachable(folder: Path) -> None:
    (folder / "a.json").touch(mode=0)
    assert "may not be read" in str(failing(read(folder / "a.json", folder), Unreachable))


def test_permission_is_told_even_where_root_runs_the_tests(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    (folder / "a.json").touch()
    monkeypatch.setattr(os, "open", forbidden)
    assert "a.json may not be read by this user" in str(failing(read(folder / "a.json", folder), Unreachable))


def test_a_pipe_or_a_socket_is_refused_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    error = failing(read(folder / "pipe.json", folder), Refused)
    assert str(error) == f"{folder}/pipe.json is neither a file nor a folder"
    assert "neither" in str(failing(read(Path("/dev/zero"), Path("/dev")), Refused))


def test_a_file_is_read_up_to_the_cap(folder: Path) -> None:
    big = folder / "big.json"
    big.write_bytes(bytes(2**20))
    assert len(run(read(big, folder, max_bytes=2**20)).body) == 2**20
    big.write_bytes(bytes(2**20 + 1))
    assert str(failing(read(big, folder, max_bytes=2**20), Unreachable)) == f"{big} is larger than 1 MiB"


def test_a_disk_that_hangs_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.transport.read_address", lambda *_: time.sleep(0.4))
    error = failing(read(folder, folder, deadline=timedelta(seconds=0.1)), Unreachable)
    assert str(error) == f"{folder} could not be read within 0.1 seconds"


# --- budgets


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


@pytest.fixture
def api() -> Iterator[respx.MockRouter]:
    with respx.mock as router:
        router.get("https://api.example.org/").respond(200, text="[]")
        yield router


ASK = Request("https://api.example.org/")


def test_requests_keep_their_distance_each_source_for_itself(api: respx.MockRouter) -> None:
    hours = Hours()

    async def story() -> None:
        async with transport(sleep=hours.sleep, monotonic=hours) as ours:
            for _ in range(3):
                await ours.fetch("slow", Web(requests_per_second=4), ASK, ())
            await ours.fetch("other", Web(requests_per_second=4), ASK, ())
            hours.at += 10
            await ours.fetch("slow", Web(requests_per_second=4), ASK, ())

    run(story())
    assert hours.slept == [0.25, 0.25]


def test_requests_at_once_are_spread_too(api: respx.MockRouter) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def story() -> None:
        async with transport(sleep=sleep, monotonic=lambda: 5.0) as ours:
            await asyncio.gather(*(ours.fetch("x", Web(requests_per_second=2), ASK, ()) for _ in range(4)))

    run(story())
    assert slept == [0.5, 1.0, 1.5]


def test_the_day_s_requests_run_out_and_come_back_with_the_next_utc_day(api: respx.MockRouter) -> None:
    now = datetime(2026, 10, 1, 23, 30, tzinfo=UTC).astimezone()
    source = Web(requests_per_day=3)

    async def story() -> None:
        nonlocal now
        ours = Transport(lambda: now, spent={"x": Spent(NOW.date(), 1)})
        async with ours:
            assert ours.remaining("x", source) == 2
            await ours.fetch("x", source, ASK, ())
            await ours.fetch("x", source, ASK, ())
            assert ours.remaining("x", source) == 0
            with pytest.raises(QuotaExceeded) as caught:
                await ours.fetch("x", source, ASK, ())
            assert caught.value.retry_after == timedelta(minutes=30)
            assert "requests_per_day" in str(caught.value)
            assert ours.remaining("x", Web()) is None
            assert ours.remaining("x", Web(requests_per_day=5)) == 2  # a limit raised while running
            assert ours.remaining("y", source) == 3
            assert ours.spent["x"] == Spent(NOW.date(), 3)
            now += timedelta(minutes=30)
            assert ours.remaining("x", source) == 3
            await ours.fetch("x", source, ASK, ())
            assert ours.spent["x"] == Spent(NOW.date() + timedelta(days=1), 1)

    run(story())
    assert api.calls.call_count == 3


def test_what_was_spent_on_another_day_does_not_count() -> None:
    for day in (NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=900)):
        assert transport(spent={"x": Spent(day, 9)}).remaining("x", Web(requests_per_day=9)) == 9


def test_reading_files_costs_no_budget(folder: Path) -> None:
    async def never(seconds: float) -> None:
        raise AssertionError("waited")

    async def story() -> int | None:
        source = Files(folder=str(folder), requests_per_second=0.001, requests_per_day=1)
        async with transport(sleep=never) as ours:
            for _ in range(5):
                await ours.fetch("files", source, Request(folder.as_uri()), ())
            return ours.remaining("files", source)

    assert run(story()) == 1


def test_an_address_that_is_refused_costs_no_budget() -> None:
    async def story() -> int | None:
        async with transport() as ours:
            with pytest.raises(Refused):
                await ours.fetch("x", Web(), Request("http://example.org/"), ())
            return ours.remaining("x", Web(requests_per_day=5))

    assert run(story()) == 5


# --- conversations

Script = Callable[[Source, Sequence[str]], Generator[Request, Payload, Iterable[Tracking]]]


def tracking(number: str) -> Tracking:
    return Tracking(number, ShipmentStatus.IN_TRANSIT)


class Simple(Web):
    def request(self, numbers: Sequence[str]) -> Request:
        return Request("https://api.example.org/one")

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        if payload.body == b"broken":
            raise ParseError("the shape is wrong", field="$.a")
        for number in payload.numbers:
            yield tracking(number)


class Several(Web):
    """Asks /one, then /two; goes on without /two where it fails."""

    closed: ClassVar[list[str]] = []

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        try:
            first = yield Request("https://api.example.org/one")
            try:
                second = yield Request("https://api.example.org/two")
            except Unreachable:
                return [tracking(first.body.decode())]
            return [tracking(first.body.decode()), tracking(second.body.decode())]
        finally:
            self.closed.append("yes")


class Endless(Web):
    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        while True:
            yield Request("https://api.example.org/one")


class Bug(Web):
    def request(self, numbers: Sequence[str]) -> Request:
        return Request("https://api.example.org/one")

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        raise KeyError("a bug")


def talk(source: Source, known: bytes | None = None, **answers: str | int) -> Conversation:
    """A conversation with a server that answers on these paths, with text or a bare status."""

    async def story() -> Conversation:
        async with transport() as ours:
            return await converse(ours, "post", source, ("A", "B"), known)

    with respx.mock(assert_all_called=False) as router:
        for path, said in answers.items():
            route = router.get(f"https://api.example.org/{path}")
            if isinstance(said, int):
                route.respond(said)
            else:
                route.respond(200, text=said)
        return run(story())


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def test_a_simple_source_asks_once() -> None:
    conversation = talk(Simple(), one="[]")
    assert conversation.trackings == (tracking("A"), tracking("B"))
    assert [payload.body for payload in conversation.payloads] == [b"[]"]
    assert conversation.fingerprint == digest("[]")
    assert not conversation.unchanged


def test_a_known_answer_ends_the_conversation() -> None:
    conversation = talk(Simple(), known=digest("broken"), one="broken")
    assert conversation.unchanged
    assert (conversation.trackings, conversation.fingerprint) == ((), digest("broken"))


def test_a_changed_answer_is_read() -> None:
    assert talk(Simple(), known=digest("{}"), one="[]").trackings


def test_several_answers_have_a_fingerprint_of_their_own_and_are_never_skipped() -> None:
    first = talk(Several(), one="X", two="Y")
    assert [one.number for one in first.trackings] == ["X", "Y"]
    assert first.fingerprint == sha256(digest("X") + digest("Y")).digest()
    again = talk(Several(), known=first.fingerprint, one="X", two="Y")
    assert again == first


def test_an_exchange_may_go_on_without_one_call_and_is_asked_again_next_time() -> None:
    partly = talk(Several(), one="X", two=503)
    assert [one.number for one in partly.trackings] == ["X"]
    assert partly.fingerprint not in (digest("X"), sha256(digest("X")).digest())
    whole = talk(Several(), known=partly.fingerprint, one="X", two="Y")
    assert [one.number for one in whole.trackings] == ["X", "Y"]


def test_a_failure_the_exchange_does_not_take_is_raised_and_the_exchange_closed() -> None:
    Several.closed.clear()
    with pytest.raises(RateLimited):
        talk(Several(), one="X", two=429)
    with pytest.raises(Unauthorized):
        talk(Several(), one=401)
    talk(Several(), known=digest("X"), one="X")
    assert Several.closed == ["yes"] * 3


def test_an_exchange_without_an_end_is_ended() -> None:
    calls = 0

    class Counting(Transport):
        async def fetch(self, *_: Any, **__: Any) -> Payload:
            nonlocal calls
            calls += 1
            return Payload(b"[]")

    with pytest.raises(Unreachable, match="does not come to an end"):
        run(converse(Counting(lambda: NOW), "x", Endless(), ()))
    assert calls == MAX_CALLS


def test_a_conversation_has_a_size_of_its_own() -> None:
    class Large(Transport):
        async def fetch(self, *_: Any, **__: Any) -> Payload:
            return Payload(bytes(16 * 2**20))

    with pytest.raises(Unreachable, match="one look brought more than 64 MiB"):
        run(converse(Large(lambda: NOW), "x", Endless(), ()))


def test_an_answer_that_cannot_be_read_is_named_and_kept() -> None:
    with pytest.raises(ParseError, match="the shape is wrong") as caught:
        talk(Simple(), one="broken")
    assert caught.value.payload_hash == digest("broken").hex()
    assert caught.value.body == b"broken"


def test_a_bug_of_an_adapter_passes_through() -> None:
    with pytest.raises(KeyError, match="a bug"):
        talk(Bug(), one="[]")


def test_a_folder_may_need_more_calls_than_a_server_gets(folder: Path) -> None:
    class Folder(Files):
        def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
            listing = yield Request(Path(self.folder).as_uri())
            for one in json.loads(listing.body):
                yield Request((Path(self.folder) / one["name"]).as_uri())
            return []

    for index in range(MAX_CALLS + 10):
        (folder / f"{index}.json").write_text("[]")

    async def story() -> Conversation:
        async with transport() as ours:
            return await converse(ours, "files", Folder(folder=str(folder)), ())

    assert len(run(story()).payloads) == MAX_CALLS + 11


def test_nothing_asked_is_a_conversation_too() -> None:
    class Silent(Web):
        def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
            yield from ()
            return []

    conversation = run(converse(transport(), "x", Silent(), ()))
    assert (conversation.trackings, conversation.payloads) == ((), ())
