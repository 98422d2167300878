"""The Apprise channel against real servers on this machine: what arrives, and what a failure means."""

import gzip
import json
import logging
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.errors import ConfigError
from monitor.notifier import Failure, Notification, NotifierError, Receipt, Severity
from monitor.plugins import load_channel
from notifiers._answers import Answer, Verdict, retry_after
from notifiers._verdict import judge, verdict
from notifiers._wire import ANSWER_LIMIT, TappedAdapter, listen
from notifiers.apprise import CHANNEL, AppriseChannel

TOKEN = "123456789:" + "s3cret" * 5 + "xxxxx"
MESSAGE = Notification("7", "Customs hold: USB hub", "9 days held · act by Wed 26 Nov", Severity.URGENT)
HOSTILE = '<b>bold</b> & <script>x</script> *star* _under_ [a](http://e.vil) :smile: \\n %20 {{ x }} "q" ñ→'


@dataclass
class Asked:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """Answers each request with the bytes it was told, or lets a function speak on the connection."""

    answer: bytes | Callable[[socket.socket], None] = b""
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    def serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._handle, args=(listening.accept()[0],), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError):
            stream = connection.makefile("rb")
            _, path, _ = stream.readline().decode().split()
            lines = iter(lambda: stream.readline().decode().strip(), "")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = stream.read(int(headers.get("content-length", 0)))
            self.asked.append(Asked(path, headers, body))
            if callable(self.answer):
                self.answer(connection)
            else:
                connection.sendall(self.answer)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass

    def says(self, status: int, body: bytes = b"", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.answer = "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(port=listening.getsockname()[1])
        threading.Thread(target=server.serve, args=(listening,), daemon=True).start()
        yield server
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def channel(url: str, **table: object) -> AppriseChannel:
    loaded = load_channel("phone", {"adapter": "apprise", "url": url, **table})
    assert isinstance(loaded, AppriseChannel)
    return loaded


def webhook(server: Server, query: str = "", **table: object) -> AppriseChannel:
    return channel(f"json://127.0.0.1:{server.port}/{TOKEN}{query}", **table)


def ntfy(server: Server, query: str = "", **table: object) -> AppriseChannel:
    return channel(f"ntfy://127.0.0.1:{server.port}/my-topic{query}", **table)


def failure_of(channel: AppriseChannel, message: Notification = MESSAGE) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        channel.send(message)
    return caught.value


def of(severity: Severity) -> Notification:
    return Notification("7", "t", "b", severity)


# What arrives


def test_a_webhook_gets_the_message(server: Server) -> None:
    server.says(200)
    assert webhook(server).send(MESSAGE) == Receipt(detail="HTTP 200")
    (asked,) = server.asked
    assert asked.path == f"/{TOKEN}"
    assert asked.headers["user-agent"] == "orderwatch"
    assert asked.json == {
        "version": "1.0",
        "title": MESSAGE.title,
        "message": MESSAGE.body,
        "attachments": [],
        "type": "warning",
    }


@pytest.mark.parametrize("query", ["", "?emojis=yes", "?overflow=split"])
def test_what_strangers_wrote_arrives_letter_by_letter(server: Server, query: str) -> None:
    server.says(200)
    body = f"{HOSTILE}\n\nsecond line \u202egnorw\u2066 \N{PACKAGE}"
    webhook(server, query).send(Notification("7", HOSTILE, body, Severity.NOTICE))
    assert server.asked[0].json["title"] == HOSTILE
    assert server.asked[0].json["message"] == body


@pytest.mark.parametrize(
    ("severity", "kind"),
    [
        (Severity.INFO, "info"),
        (Severity.NOTICE, "info"),
        (Severity.WARNING, "warning"),
        (Severity.URGENT, "warning"),
        (Severity.CRITICAL, "failure"),
    ],
)
def test_apprise_is_told_the_severity(server: Server, severity: Severity, kind: str) -> None:
    server.says(200)
    webhook(server).send(of(severity))
    assert server.asked[0].json["type"] == kind


@pytest.mark.parametrize(
    ("severity", "query", "priority"),
    [
        (Severity.INFO, "", "low"),
        (Severity.NOTICE, "", None),  # the default, goes without saying
        (Severity.WARNING, "", "high"),
        (Severity.URGENT, "", "high"),
        (Severity.CRITICAL, "", "max"),
        (Severity.CRITICAL, "?priority=min", "min"),  # the user's word
    ],
)
def test_ntfy_is_told_the_severity_and_no_icon(
    server: Server, severity: Severity, query: str, priority: str | None
) -> None:
    server.says(200, b'{"id": "xyz"}')
    assert ntfy(server, query).send(of(severity)) == Receipt("xyz", "HTTP 200")
    (asked,) = server.asked
    assert asked.json == {"topic": "my-topic", "title": "t", "message": "b"}
    assert asked.headers.get("x-priority") == priority
    assert "x-icon" not in asked.headers


@pytest.fixture
def telegram(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppriseChannel]:
    from apprise.plugins.telegram import NotifyTelegram

    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://127.0.0.1:{server.port}/bot")
    return lambda query="": channel(f"tgram://{TOKEN}/12345{query}")


@pytest.fixture
def pushover(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppriseChannel]:
    from apprise.plugins.pushover import NotifyPushover

    monkeypatch.setattr(NotifyPushover, "notify_url", f"http://127.0.0.1:{server.port}/1/messages.json")
    return lambda query="": channel(f"pover://{'u' * 30}@{'t' * 30}{query}")


@pytest.mark.parametrize(
    "query", ["", "?format=text", "?format=html", "?format=markdown", "?format=markdown&mdv=2"]
)
def test_telegram_gets_text_that_it_cannot_take_for_markup(
    server: Server, telegram: Callable[..., AppriseChannel], query: str
) -> None:
    server.says(200, b'{"ok": true, "result": {"message_id": 99}}')
    sent = telegram(query).send(Notification("7", "A <b> & c", HOSTILE, Severity.NOTICE))
    assert sent == Receipt("99", "HTTP 200")
    (asked,) = server.asked
    payload = asked.json
    if payload.get("parse_mode") == "HTML":
        assert "&lt;script&gt;x&lt;/script&gt;" in payload["text"]
        assert "<script>" not in payload["text"]
        assert set(re.findall(r"<[^>]*>", payload["text"])) <= {"<b>", "</b>"}  # of the title
    else:
        assert payload.get("parse_mode") in {None, "MARKDOWN", "MARKDOWN_V2", "Markdown", "MarkdownV2"}
        assert "[a](http" not in payload["text"] or payload.get("parse_mode") is None
    assert payload["chat_id"] == 12345


@pytest.mark.parametrize(
    ("severity", "query", "silent"),
    [
        (Severity.INFO, "", True),
        (Severity.NOTICE, "", True),
        (Severity.WARNING, "", False),
        (Severity.CRITICAL, "", False),
        (Severity.CRITICAL, "?silent=yes", True),
        (Severity.INFO, "?silent=no", False),
    ],
)
def test_telegram_makes_a_sound_from_warning_on(
    server: Server, telegram: Callable[..., AppriseChannel], severity: Severity, query: str, silent: bool
) -> None:
    server.says(200, b'{"ok": true, "result": {"message_id": 1}}')
    telegram(query).send(of(severity))
    assert server.asked[0].json["disable_notification"] is silent


@pytest.mark.parametrize(
    ("severity", "priority"),
    [
        (Severity.INFO, "-1"),
        (Severity.NOTICE, "0"),
        (Severity.WARNING, "0"),
        (Severity.URGENT, "1"),
        (Severity.CRITICAL, "2"),
    ],
)
def test_pushover_is_told_the_severity(
    server: Server, pushover: Callable[..., AppriseChannel], severity: Severity, priority: str
) -> None:
    server.says(200, b'{"status": 1, "request": "req-1"}')
    assert pushover().send(of(severity)).provider_id == "req-1"
    assert f"priority={priority}" in re.split("[&]", server.asked[0].body.decode())


# What a failure means


def expected(status: int) -> Failure | None:
    if status in {408, 425, 429} or status >= 500:
        return Failure.TEMPORARY
    if status >= 300:
        return Failure.PERMANENT
    return None if status >= 200 else Failure.AMBIGUOUS


def test_every_status_has_its_meaning(server: Server) -> None:
    hook = webhook(server)
    outcomes: dict[int, Failure | None] = {}
    for status in range(100, 600):
        server.says(status)
        outcomes[status] = None
        try:
            hook.send(MESSAGE)
        except NotifierError as error:
            outcomes[status] = error.failure
    assert outcomes == {status: expected(status) for status in range(100, 600)}
    assert len(server.asked) == 500  # never twice


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (401, "JSON at 127.0.0.1: it answered 401 Unauthorized; is the token or password right?"),
        (404, "JSON at 127.0.0.1: it answered 404 Not Found; is the address right?"),
        (413, "JSON at 127.0.0.1: it answered 413 Request Entity Too Large"),
        (503, "JSON at 127.0.0.1: it answered 503 Service Unavailable"),
        (302, "JSON at 127.0.0.1: it answered 302 Found: it has moved, and messages do not follow"),
        (599, "JSON at 127.0.0.1: it answered 599"),
    ],
)
def test_a_failure_is_told_to_people(server: Server, status: int, text: str) -> None:
    server.says(status)
    assert str(failure_of(webhook(server))).replace("Content Too Large", "Request Entity Too Large") == text


@pytest.mark.parametrize("query", ["", "?redirect=yes"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_not_followed(server: Server, status: int, query: str) -> None:
    server.says(status, Location="/elsewhere")
    assert failure_of(webhook(server, query)).failure is Failure.PERMANENT
    assert [asked.path for asked in server.asked] == [f"/{TOKEN}"]


@pytest.mark.parametrize("query", ["?retry=3&wait=0", "?optional=yes", "?retry=2&wait=0&optional=yes"])
def test_the_url_cannot_bring_back_what_belongs_to_the_outbox(server: Server, query: str) -> None:
    server.says(500)
    assert failure_of(webhook(server, query)).failure is Failure.TEMPORARY
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, timedelta(minutes=2)),
        ({"Retry-After": "0"}, timedelta()),
        ({"Retry-After": "999999999"}, timedelta(days=1)),
        ({"Retry-After": "9" * 40}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        (
            {"Retry-After": "Mon, 24 Nov 2025 10:05:00 GMT", "Date": "Mon, 24 Nov 2025 10:00:00 GMT"},
            timedelta(minutes=5),
        ),
        (
            {"Retry-After": "Mon, 24 Nov 2025 09:00:00 GMT", "Date": "Mon, 24 Nov 2025 10:00:00 GMT"},
            timedelta(),
        ),
        ({"Retry-After": "Mon, 24 Nov 2025 10:05:00 GMT"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_asks_to_wait(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(headers) == wait


def test_the_wait_asked_for_is_passed_on(server: Server) -> None:
    server.says(429, Retry_After="77")
    assert failure_of(webhook(server)).retry_after == timedelta(seconds=77)


PORTAL = b"<html><body>Welcome to Airport WiFi</body></html>"


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (PORTAL, Failure.TEMPORARY),
        (b"", Failure.TEMPORARY),
        (b"OK", Failure.TEMPORARY),
        (b'{"code": 40101, "error": "unauthorized"}', Failure.PERMANENT),
        (b'["id"]', Failure.PERMANENT),
    ],
)
def test_ntfy_has_not_taken_a_message_that_it_gave_no_id(
    server: Server, body: bytes, failure: Failure
) -> None:
    server.says(200, body, Content_Type="text/html")
    assert failure_of(ntfy(server)).failure is failure


def test_ntfy_with_two_topics_must_take_both(server: Server) -> None:
    bodies = iter([b'{"id": "1"}', PORTAL])

    def act(connection: socket.socket) -> None:
        body = next(bodies)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    server.answer = act
    started = time.monotonic()
    assert failure_of(ntfy(server, "/other")).failure is Failure.TEMPORARY
    assert len(server.asked) == 2
    assert time.monotonic() - started < 2  # and Apprise does not sleep in between


def test_a_web_page_for_a_webhook_cannot_be_told_from_success_but_is_mentioned(server: Server) -> None:
    server.says(200, PORTAL, Content_Type="text/html; charset=utf-8")
    assert webhook(server).send(MESSAGE).detail == "HTTP 200, a web page: perhaps not the service itself"


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b'{"ok": false, "error_code": 400, "description": "chat not found"}', Failure.PERMANENT),
        (PORTAL, Failure.TEMPORARY),
    ],
)
def test_telegram_must_say_ok(
    server: Server, telegram: Callable[..., AppriseChannel], body: bytes, failure: Failure
) -> None:
    server.says(200, body)
    assert failure_of(telegram()).failure is failure


def test_pushover_must_say_status_1(server: Server, pushover: Callable[..., AppriseChannel]) -> None:
    server.says(200, b'{"status": 0, "errors": ["user identifier is invalid"]}')
    error = failure_of(pushover())
    assert error.failure is Failure.PERMANENT
    assert str(error) == "Pushover: it answered 200, but refused the message in its answer"


# Servers that do not answer, or do not end


def test_a_refused_connection_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = failure_of(channel(f"json://127.0.0.1:{port}/"))
    assert (error.failure, str(error)) == (Failure.TEMPORARY, "JSON at 127.0.0.1: it cannot be connected to")


def test_a_name_that_does_not_resolve_is_temporary() -> None:
    error = failure_of(channel("json://no-such-host.invalid/"))
    assert error.failure is Failure.TEMPORARY
    assert str(error) == "JSON at no-such-host.invalid: its name cannot be resolved"


@pytest.mark.parametrize("greeting", [b"no TLS here", b""])
def test_a_server_that_speaks_no_tls_has_got_nothing(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=greet, args=(listening, greeting), daemon=True).start()
        port = listening.getsockname()[1]
        error = failure_of(channel(f"jsons://127.0.0.1:{port}/", timeout_seconds=0.3))
    assert error.failure is Failure.TEMPORARY


def greet(listening: socket.socket, greeting: bytes) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        connection.sendall(greeting)
        time.sleep(0.5)


def test_a_connection_that_nobody_accepts_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        address = listening.getsockname()
        waiting = [socket.socket() for _ in range(8)]
        for each in waiting:
            each.setblocking(False)  # noqa: FBT003 - the library's own
            each.connect_ex(address)
        error = failure_of(channel(f"json://127.0.0.1:{address[1]}/", timeout_seconds=0.3))
        for each in waiting:
            each.close()
    assert (error.failure, str(error)) == (
        Failure.TEMPORARY,
        "JSON at 127.0.0.1: it cannot be connected to in time",
    )


def silent(connection: socket.socket) -> None:
    time.sleep(1)


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(40):
        connection.sendall(b"x")
        time.sleep(0.05)


def drips_chunks(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(40):
        connection.sendall(b"1\r\nx\r\n")
        time.sleep(0.05)


@pytest.mark.parametrize("act", [silent, drips, drips_chunks])
def test_a_server_that_does_not_finish_in_time_may_have_the_message(
    server: Server, act: Callable[[socket.socket], None]
) -> None:
    server.answer = act
    started = time.monotonic()
    error = failure_of(webhook(server, timeout_seconds=0.4))
    assert (error.failure, str(error)) == (
        Failure.AMBIGUOUS,
        "JSON at 127.0.0.1: no answer came in time; the message may have arrived",
    )
    assert time.monotonic() - started < 0.6


def test_a_url_may_be_less_patient_than_the_channel(server: Server) -> None:
    server.answer = silent
    started = time.monotonic()
    assert failure_of(webhook(server, "?rto=0.1")).failure is Failure.AMBIGUOUS
    assert time.monotonic() - started < 0.4


def closes(_: socket.socket) -> None:
    pass


def is_endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def is_a_bomb(connection: socket.socket) -> None:
    bomb = gzip.compress(bytes(50 * ANSWER_LIMIT))
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb)


def is_cut_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def is_no_gzip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf")


def is_no_http(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example.org ESMTP\r\n\r\n")


@pytest.mark.parametrize("act", [closes, is_endless, is_a_bomb, is_cut_off, is_no_gzip, is_no_http])
def test_an_answer_that_is_none_is_ambiguous(server: Server, act: Callable[[socket.socket], None]) -> None:
    server.answer = act
    assert failure_of(webhook(server)).failure is Failure.AMBIGUOUS


def test_a_compressed_answer_is_read(server: Server) -> None:
    server.says(200, gzip.compress(b'{"id": "zipped"}'), Content_Encoding="gzip")
    assert ntfy(server).send(MESSAGE).provider_id == "zipped"


# Mail


class Mailbox:
    """An SMTP handler that answers RCPT and DATA with what it is told."""

    def __init__(self) -> None:
        self.rcpt, self.data = "250 OK", "250 OK"
        self.got: list[bytes] = []
        self.hang = 0.0

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.got.append(envelope.content)
        if self.hang:
            assert server.transport is not None
            server.transport.close()
        return self.data


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, AppriseChannel]]:
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    url = f"mailto://127.0.0.1:{port}?from=orderwatch@example.org&to=me@example.org"
    yield mailbox, channel(url, timeout_seconds=2)
    controller.stop()


def test_mail_arrives_as_text(mailbox: tuple[Mailbox, AppriseChannel]) -> None:
    box, mail = mailbox
    assert mail.send(MESSAGE) == Receipt()
    (content,) = box.got
    assert b"Subject: Customs hold: USB hub" in content


@pytest.mark.parametrize(
    ("rcpt", "data", "failure", "reason"),
    [
        ("550 no such user", "250 OK", Failure.PERMANENT, "the mail server answered 550"),
        ("450 greylisted", "250 OK", Failure.TEMPORARY, "the mail server answered 450"),
        ("250 OK", "554 spam", Failure.PERMANENT, "the mail server answered 554"),
        ("250 OK", "452 full", Failure.TEMPORARY, "the mail server answered 452"),
    ],
)
def test_what_a_mail_server_refuses(
    mailbox: tuple[Mailbox, AppriseChannel], rcpt: str, data: str, failure: Failure, reason: str
) -> None:
    box, mail = mailbox
    box.rcpt, box.data = rcpt, data
    error = failure_of(mail)
    assert (error.failure, str(error)) == (failure, f"E-Mail at 127.0.0.1: {reason}")


def test_a_mail_server_that_breaks_off_after_the_text_may_have_it(
    mailbox: tuple[Mailbox, AppriseChannel],
) -> None:
    box, mail = mailbox
    box.hang = 1
    assert failure_of(mail).failure is Failure.AMBIGUOUS


def test_a_mail_server_that_never_greets_has_got_nothing(server: Server) -> None:
    mail = channel(
        f"mailto://127.0.0.1:{server.port}?from=a@example.org&to=b@example.org", timeout_seconds=0.3
    )
    assert failure_of(mail).failure is Failure.TEMPORARY


def test_a_mail_server_that_is_not_there_has_got_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    mail = channel(f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org")
    error = failure_of(mail)
    assert error.failure is Failure.TEMPORARY
    assert str(error) == "E-Mail at 127.0.0.1: it cannot be connected to (ConnectionRefusedError)"


# What is seen decides


@pytest.mark.parametrize(
    ("seen", "failure"),
    [
        ([], Failure.TEMPORARY),
        ([Answer(200, {}, b"{}")], Failure.PERMANENT),
        ([Answer(200, {}, b"what?")], Failure.TEMPORARY),
        ([Answer(200), Answer(500)], Failure.TEMPORARY),
        ([Answer(401), Answer(200)], Failure.PERMANENT),
        ([Answer(500), Answer(404)], Failure.PERMANENT),
        ([requests.exceptions.InvalidHeader("x")], Failure.PERMANENT),
        ([UnicodeError("x")], Failure.PERMANENT),
        ([requests.ReadTimeout()], Failure.AMBIGUOUS),
        ([requests.ConnectTimeout()], Failure.TEMPORARY),
    ],
)
def test_the_last_bad_event_decides(seen: list[Answer | Exception], failure: Failure) -> None:
    assert verdict(seen).failure is failure


def test_success_needs_a_success_where_anything_was_seen() -> None:
    assert judge("json", [], taken=True) == Receipt()
    assert judge("json", [Answer(201)], taken=True) == Receipt(detail="HTTP 201")
    assert isinstance(judge("json", [Answer(302)], taken=True), Verdict)
    assert judge("matrix", [Answer(200), Answer(500)], taken=True) == Receipt(detail="HTTP 500")


# Configuration


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "must be a URL of Apprise, such as ntfys://example.org/my-topic"),
        ("just-s3cret-words", "must be a URL of Apprise, such as ntfys://example.org/my-topic"),
        ("ntfy://", "leaves ntfy nothing that it could send to"),
        ("ntfys://ntfy.example.org", "leaves ntfy nothing that it could send to"),
        (f"tgram://{TOKEN}", "must name the chat: tgram://TOKEN/CHAT"),
        (f"tgram://{TOKEN}/?detect=yes", "must name the chat: tgram://TOKEN/CHAT"),
        ("tgram://s3cret", "is not complete or not well-formed for Telegram"),
        (f"telegram://{TOKEN}/1", "names no service of Apprise: telegram://; did you mean tgram://?"),
        (f"pover://{'u' * 30}@{'t' * 30}?priority=low", "moderate is the lowest"),
        (f"pover://{'u' * 30}@{'t' * 30}?priority=-2", "moderate is the lowest"),
        ("json://", "is not complete or not well-formed for JSON"),
        ("json://a.example.org/s3cret, json://b.example.org/s3cret", "must be one URL"),
        ("json://a.example.org/s3cret json://b.example.org/s3cret", "must be one URL"),
        ("https://example.org/s3cret", "a webhook is written json:// or jsons://"),
        ("mailto://", "is not complete or not well-formed for E-Mail"),
        ("json://host:99999/s3cret", "leaves JSON nothing that it could send to"),
    ],
)
def test_a_url_that_leads_nowhere_is_refused(url: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        channel(url)
    (problem,) = caught.value.problems
    assert problem.key == "notifiers.phone.url"
    assert message in problem.message
    assert "s3cret" not in str(caught.value)


def test_configuring_sends_nothing(server: Server) -> None:
    server.says(200)
    for query in ("", "?retry=3&wait=0"):
        webhook(server, query).describe()
        ntfy(server, query).describe()
    assert server.asked == []


@pytest.mark.parametrize(
    ("url", "description"),
    [
        ("ntfys://ntfy.example.org/my-topic", "ntfy at ntfy.example.org"),
        ("ntfys://user:s3cret@ntfy.example.org/my-topic", "ntfy at ntfy.example.org"),
        ("ntfy://my-topic", "ntfy"),  # the topic stands where the host would
        (f"tgram://{TOKEN}/1", "Telegram"),
        (f"pover://{'u' * 30}@{'t' * 30}", "Pushover"),
        ("mailto://user:s3cret@example.org", "E-Mail at example.org"),
        (f"  json://localhost:8080/{TOKEN}\n", "JSON at localhost"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        ("https://discord.com/api/webhooks/1234567890/abcdefghijklm", "Discord"),
    ],
)
def test_a_channel_is_described_without_its_secrets(url: str, description: str) -> None:
    assert channel(url).describe() == description


# Secrets


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """Every record of every logger, with root turned up to the most talkative."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, collector = logging.getLogger(), Collector(logging.NOTSET)
    level = root.level
    root.addHandler(collector)
    logging.getLogger("apprise").addHandler(collector)
    root.setLevel(1)
    yield lines
    root.setLevel(level)
    logging.getLogger("apprise").removeHandler(collector)
    root.removeHandler(collector)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 401 No\r\n\r\n", b"", b"\x00\r\n\r\n"]
)
@pytest.mark.parametrize("build", [webhook, ntfy])
def test_no_secret_gets_out(
    server: Server,
    everything_logged: list[str],
    capfd: pytest.CaptureFixture[str],
    answer: bytes,
    build: Callable[[Server, str], AppriseChannel],
) -> None:
    server.answer = answer
    secretive = build(
        server, "?user=someone&pass=s3cret&+X-Key=s3cret" if build is webhook else "?token=tk_s3cret"
    )
    told = [repr(secretive), str(secretive), secretive.describe(), secretive.model_dump_json()]
    try:
        told.append(repr(secretive.send(Notification("7", "t-s3cret", "b-s3cret", Severity.URGENT))))
    except NotifierError as error:
        told += [repr(error), repr(error.__cause__), str(error.__suppress_context__ or error.__context__)]
    written = capfd.readouterr()
    everything = "\n".join([*told, *everything_logged, written.out, written.err])
    assert "s3cret" not in everything
    assert "my-topic" not in everything


def test_a_url_that_is_refused_is_not_logged(
    everything_logged: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    for url in ("tgram://s3cret/s3cret", "s3cret://x", "json://[s3cret", "ntfy://s3cret topic/s3cret!"):
        with suppress(ConfigError):
            channel(url)
    written = capfd.readouterr()
    assert "s3cret" not in "\n".join([*everything_logged, written.out, written.err])


# Company


def test_channels_send_side_by_side(server: Server) -> None:
    """Apprise's own pool would let six hanging sends starve the seventh."""
    server.answer = silent
    hanging = [
        threading.Thread(target=lambda: failure_of(webhook(server, timeout_seconds=0.8)), daemon=True)
        for _ in range(12)
    ]
    for thread in hanging:
        thread.start()
    deadline = time.monotonic() + 2
    while len(server.asked) < 12 and time.monotonic() < deadline:
        time.sleep(0.01)
    server.says(200)
    started = time.monotonic()
    webhook(server).send(MESSAGE)
    assert time.monotonic() - started < 0.4
    assert any(thread.is_alive() for thread in hanging)
    for thread in hanging:
        thread.join()


def test_a_delivery_stays_in_its_own_thread(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads of a pool would hold the exit of the program."""
    hook, threads, post = webhook(server), [], TappedAdapter.send

    def noting(*args: Any, **kwargs: Any) -> requests.Response:
        threads.append(threading.current_thread())
        return post(*args, **kwargs)

    monkeypatch.setattr(TappedAdapter, "send", noting)
    server.says(200)
    hook.send(MESSAGE)
    assert threads == [threading.current_thread()]


def test_requests_of_others_are_left_alone(server: Server) -> None:
    listen()
    server.says(302, Location="/elsewhere")
    assert (
        requests.get(f"http://127.0.0.1:{server.port}/", allow_redirects=False, timeout=2).status_code == 302
    )


def test_apprise_is_loaded_for_a_configured_channel_only() -> None:
    program = (
        "import sys, notifiers.apprise\n"
        "heavy = {'apprise', 'requests', 'urllib3'}\n"
        "assert not heavy & set(sys.modules)\n"
        "notifiers.apprise.CHANNEL(url='json://localhost')\n"
        "assert heavy <= set(sys.modules)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_is_the_adapter_apprise() -> None:
    assert CHANNEL is AppriseChannel
    assert not CHANNEL.replaces_in_place
    assert not CHANNEL.keeps_record
