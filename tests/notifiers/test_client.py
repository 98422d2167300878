"""The client of native channels against real sockets: what an answer is, and what its lack means."""

import logging
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.notifier import Failure, NotifierError
from notifiers._answers import Answer, verdict
from notifiers._client import call

SECRET = "tk_s3cret"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Speak = Callable[[socket.socket], None]


class Server:
    """Reads one request a connection and then speaks as it was told."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening, self.asked = listening, list[bytes]()
        self.speak: Speak = lambda connection: connection.sendall(OK)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}/{SECRET}"

    def says(self, answer: bytes) -> None:
        self.speak = lambda connection: connection.sendall(answer)

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._handle, args=self._listening.accept()[:1], daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request and not request.startswith(b"\x16"):  # a TLS greeting
                request += connection.recv(65536)
            self.asked.append(request)
            self.speak(connection)


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(listening)
        threading.Thread(target=server.serve, daemon=True).start()
        yield server
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def failure(url: str, seconds: float = 5, max_bytes: int = 1_000_000) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        headers = [("Authorization", f"Bearer {SECRET}")]
        call("POST", url, headers=headers, body=b"x", seconds=seconds, max_bytes=max_bytes)
    assert SECRET not in f"{caught.value!r} {caught.value.__cause__!r}"
    return caught.value


def drip(pieces: bytes, pause: float) -> Speak:
    def speak(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(bytes([piece]))
            time.sleep(pause)

    return speak


def hang(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def test_an_answer_comes_whole(server: Server) -> None:
    server.says(b"HTTP/1.1 418 Teapot\r\nX-What: Tea\r\nContent-Length: 5\r\n\r\nhello")
    answer = call("PUT", f"{server.url}/a?b=c", headers=[("X-Mine", "1")], body=b"text", seconds=5)
    assert (answer.status, answer.headers["x-what"], answer.body) == (418, "Tea", b"hello")
    assert server.asked[0].startswith(f"PUT /{SECRET}/a?b=c HTTP/1.1\r\n".encode())
    for header in (b"X-Mine: 1", b"user-agent: orderwatch", b"accept-encoding: identity"):
        assert header.lower() in server.asked[0].lower()


def test_nothing_is_kept_or_followed(server: Server) -> None:
    server.says(
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n",
    )
    assert call("GET", server.url, seconds=5).status == 302
    assert call("GET", server.url, seconds=5).status == 302
    assert len(server.asked) == 2
    assert not any(b"cookie" in request.lower() or b"elsewhere" in request for request in server.asked)


def test_what_is_packed_stays_packed(server: Server) -> None:
    server.says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb")
    assert call("GET", server.url, seconds=5).body == b"bomb"


@pytest.mark.parametrize(
    ("speak", "means", "says"),
    [
        (hang, Failure.AMBIGUOUS, "no whole answer within 0.4 seconds"),
        (reset, Failure.AMBIGUOUS, "broke off"),
        (lambda connection: None, Failure.AMBIGUOUS, "broke off"),
        (lambda connection: connection.sendall(b"220 mail ready\r\n"), Failure.AMBIGUOUS, "broke off"),
        (lambda connection: connection.sendall(OK.replace(b": 2", b": 9")), Failure.AMBIGUOUS, "broke off"),
        (drip(OK, 0.03), Failure.AMBIGUOUS, "no whole answer"),
        (drip(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100, 0.015), Failure.AMBIGUOUS, "no whole answer"),
    ],
    ids=["hangs", "resets", "closes", "no HTTP", "half", "drips a header", "drips a body"],
)
def test_no_whole_answer_is_ambiguous(server: Server, speak: Speak, means: Failure, says: str) -> None:
    server.speak = speak
    start = time.monotonic()
    error = failure(server.url, 0.4)
    assert error.failure is means
    assert says in str(error)
    assert time.monotonic() - start < 1.5


def test_an_answer_without_end_is_not_read_to_it(server: Server) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    server.speak = flood
    error = failure(server.url, 5, max_bytes=100_000)
    assert error.failure is Failure.AMBIGUOUS
    assert "does not end" in str(error)


def test_what_was_never_sent_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for url, why in [
        (f"http://127.0.0.1:{port}/{SECRET}", "cannot be connected to"),
        (f"https://no-such-host.invalid/{SECRET}", "its name cannot be resolved"),
    ]:
        error = failure(url)
        assert error.failure is Failure.TEMPORARY
        assert why in str(error)


def test_a_full_queue_of_connections_is_temporary() -> None:
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for other in (first, second):
            other.settimeout(0)
            other.connect_ex(listening.getsockname())
        error = failure(f"http://127.0.0.1:{listening.getsockname()[1]}/", 0.3)
    assert error.failure is Failure.TEMPORARY
    assert "within 0.3 seconds" in str(error)


def test_a_certificate_of_nobody_is_temporary(server: Server, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
    subprocess.run([*made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake_hands() -> None:
            with suppress(OSError):
                context.wrap_socket(listening.accept()[0], server_side=True).close()

        threading.Thread(target=shake_hands, daemon=True).start()
        error = failure(f"https://127.0.0.1:{listening.getsockname()[1]}/{SECRET}")
    assert error.failure is Failure.TEMPORARY
    assert "certificate is not trusted" in str(error)


def test_a_server_without_tls_is_temporary(server: Server) -> None:
    error = failure(server.url.replace("http:", "https:"))
    assert error.failure is Failure.TEMPORARY
    assert "TLS" in str(error)


def test_a_server_that_does_not_greet_back_is_temporary(server: Server) -> None:
    server.speak = hang
    error = failure(server.url.replace("http:", "https:"), 0.3)
    assert error.failure is Failure.TEMPORARY
    assert "within 0.3 seconds" in str(error)


@pytest.mark.parametrize("url", ["ftp://host/", "http://[::1/", "http://host:99999/", "no address", ""])
def test_what_is_no_address_is_permanent(url: str) -> None:
    assert failure(url).failure is Failure.PERMANENT


@pytest.mark.parametrize("value", ["two\r\nlines", "ñ"])
def test_what_is_no_header_is_permanent(server: Server, value: str) -> None:
    with pytest.raises(NotifierError) as caught:
        call("GET", server.url, headers=[("Authorization", value)], seconds=5)
    assert caught.value.failure is Failure.PERMANENT
    assert value not in str(caught.value)


def test_a_proxy_is_not_asked_for_this_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert call("GET", server.url, seconds=5).status == 200
    assert failure("http://example.org/").failure is Failure.TEMPORARY


def test_an_impossible_proxy_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"gopher://user:{SECRET}@host")
    error = failure("https://example.org/")
    assert error.failure is Failure.TEMPORARY
    assert "proxy" in str(error)


def test_nothing_secret_is_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    call("POST", server.url, headers=[("Authorization", SECRET)], body=SECRET.encode(), seconds=5)
    assert SECRET not in caplog.text


def test_it_works_in_many_threads_at_once(server: Server) -> None:
    seen = list[int]()
    threads = [
        threading.Thread(target=lambda: seen.append(call("GET", server.url, seconds=5).status))
        for _ in "12345"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 5


# Streams


def stream(server: Server, seconds: float = 0.4, max_bytes: int = 1_000_000) -> Answer:
    return call("GET", server.url, seconds=seconds, max_bytes=max_bytes, enough=lambda body: b"stop" in body)


def test_a_stream_is_read_until_it_is_enough(server: Server) -> None:
    def speak(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\none stop")
        hang(connection)

    server.speak = speak
    start = time.monotonic()
    assert stream(server, 5).body == b"one stop"
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("then", [hang, reset, lambda connection: None], ids=["hangs", "resets", "closes"])
def test_a_stream_may_end_in_any_way(server: Server, then: Speak) -> None:
    def speak(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        time.sleep(0.1)
        then(connection)

    server.speak = speak
    assert stream(server).body == b"one"


def test_a_stream_has_bounds(server: Server) -> None:
    server.says(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000)
    assert 100_000 < len(stream(server, 5, max_bytes=100_000).body) < 200_000


def test_a_stream_that_never_begins_is_an_error(server: Server) -> None:
    server.speak = hang
    with pytest.raises(NotifierError, match="no whole answer"):
        stream(server)


# The table of statuses


def expected(status: int) -> Failure | None:
    if 200 <= status < 300:
        return None
    if status in (408, 425, 429) or status >= 500:
        return Failure.TEMPORARY
    return Failure.PERMANENT if status >= 300 else Failure.AMBIGUOUS


def test_every_status_has_a_meaning() -> None:
    for status in range(100, 600):
        found = verdict(Answer(status))
        assert (found.failure if found else None) is expected(status), status
        assert found is None or str(status) in found.reason


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "120"}, timedelta(minutes=2)),
        ({"retry-after": "0"}, timedelta()),
        ({"retry-after": "999999999"}, timedelta(days=1)),
        (
            {"retry-after": "Wed, 25 Nov 2026 10:00:30 GMT", "date": "Wed, 25 Nov 2026 10:00:00 GMT"},
            timedelta(seconds=30),
        ),
        ({"retry-after": "Wed, 25 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({}, None),
    ],
)
def test_a_wait_is_understood(server: Server, headers: dict[str, str], wait: timedelta | None) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    server.says(f"HTTP/1.1 429 Too Many\r\n{lines}Content-Length: 0\r\n\r\n".encode())
    found = verdict(call("GET", server.url, seconds=5))
    assert found is not None
    assert found.retry_after == wait
    assert found.error("it").retry_after == wait
