"""The ntfy channel against a server that keeps to ntfy's documentation, over loopback."""

import json
import logging
import re
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.courier import Courier
from monitor.errors import ConfigError
from monitor.notifier import Action, Failure, Notification, NotifierError, Pressed, Severity
from monitor.plugins import load_channel
from notifiers.ntfy import Ntfy, last_call_at

TOPIC, REPLIES, TOKEN, REPLY_TOKEN = "orders-Zx81k", "replies-Qp55m", "tk_mine", "tk_phone"
SECRETS = (TOPIC, REPLIES, TOKEN, REPLY_TOKEN)
MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

MESSAGE = Notification(
    id="7",
    title="Customs hold: USB hub",
    body="9 days held · €41.90 · act by Wed 25 Nov\n\nYou can open a dispute now.",
    severity=Severity.URGENT,
    rule="customs_hold",
    thread="alert 12",
    link="https://www.aliexpress.com/p/order/detail.html?orderId=1",
    actions=(Action("Done", "done.abc"), Action("Tomorrow", "later.def")),
)
ENDING = replace(
    MESSAGE,
    deadline=datetime(2026, 11, 26, 0, 0, tzinfo=MADRID),
    last_call="⏰ Last call · ends Wed 25 Nov 24:00\n\nYou can open a dispute now.",
)


@dataclass
class Server:
    """ntfy's publishing, polling, scheduling, sequences, clearing and deleting, as documented. `now` is
    its clock. `says` is an answer (status, headers, body) that it gives instead, to requests of a kind."""

    now: float = NOW.timestamp()
    knows_sequences: bool = True
    says: dict[str, tuple[int, Mapping[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    stored: list[dict[str, Any]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    ids: Iterator[int] = field(default_factory=count)
    url: str = ""

    def publish(self, topic: str, content: Mapping[str, Any]) -> dict[str, Any]:
        new = {"id": f"id{next(self.ids):010}", "time": int(self.now), "event": "message", "topic": topic}
        new |= {key: value for key, value in content.items() if key not in ("topic", "delay", "sequence_id")}
        if self.knows_sequences and (sequence := content.get("sequence_id")):
            assert re.fullmatch(r"[-_A-Za-z0-9]{1,64}", sequence)
            new["sequence_id"] = sequence
            self._unschedule(topic, sequence)
        if delay := content.get("delay"):
            assert isinstance(delay, str)
            assert 10 <= int(delay) - self.now <= 3 * 86_400
            new["time"] = int(delay)
        with self.news:
            self.stored.append(new)
            self.news.notify_all()
        return new

    def tell(self, topic: str, sequence: str, event: str) -> dict[str, Any]:
        self._unschedule(topic, sequence)
        new = {"id": f"id{next(self.ids):010}", "time": int(self.now), "event": event, "topic": topic}
        self.stored.append(new | {"sequence_id": sequence})
        return self.stored[-1]

    def since(self, topic: str, since: str) -> list[dict[str, Any]]:
        """What is delivered by now; `since` is an id, a Unix time or nothing."""
        mine = [one for one in self.stored if one["topic"] == topic and one["time"] <= self.now]
        if since.startswith("id"):
            known = [one["id"] for one in mine]
            return mine[known.index(since) + 1 if since in known else 0 :]
        return [one for one in mine if one["time"] >= int(since)]

    def scheduled(self) -> list[dict[str, Any]]:
        return [one for one in self.stored if one["time"] > self.now]

    def drawer(self) -> dict[str, str]:
        """What a phone that understands sequences shows: the text of each, the newest last."""
        shown: dict[str, str] = {}
        for one in (one for one in self.stored if one["topic"] == TOPIC and one["time"] <= self.now):
            sequence = one.get("sequence_id", one["id"])
            shown.pop(sequence, None)
            if one["event"] == "message":
                shown[sequence] = one["message"]
        return shown

    def _unschedule(self, topic: str, sequence: str) -> None:
        ours = {"topic": topic, "sequence_id": sequence}
        kept = [one for one in self.stored if one["time"] <= self.now or one | ours != one]
        self.stored[:] = kept


class Handler(BaseHTTPRequestHandler):
    """The HTTP side of the server."""

    ntfy: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name
        pass

    def do_POST(self) -> None:
        self.answer("POST")

    def do_PUT(self) -> None:
        self.answer("PUT")

    def do_DELETE(self) -> None:
        self.answer("DELETE")

    def do_GET(self) -> None:
        self.answer("GET")

    def answer(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.ntfy.asked.append((method, self.path, dict(self.headers), body))
        kind = "last call" if b'"delay"' in body else method
        if kind in self.ntfy.says:
            return self.reply(*self.ntfy.says[kind])
        path = urlsplit(self.path)
        match method, path.path.strip("/").split("/"):
            case "POST", [""]:
                content = json.loads(body)
                return self.event(self.ntfy.publish(content["topic"], content))
            case "POST", [topic]:
                return self.event(self.ntfy.publish(topic, {"message": body.decode()}))
            case "DELETE", [topic, sequence] if self.ntfy.knows_sequences:
                return self.event(self.ntfy.tell(topic, sequence, "message_delete"))
            case "PUT", [topic, sequence, "clear"] if self.ntfy.knows_sequences:
                return self.event(self.ntfy.tell(topic, sequence, "message_clear"))
            case "GET", [topic, "json"]:
                return self.stream(topic, parse_qs(path.query).get("since", [""])[0])
        return self.reply(404, {}, b'{"code":40401,"http":404,"error":"page not found"}')

    def reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def event(self, event: Mapping[str, Any]) -> None:
        self.reply(200, {"Content-Type": "application/json"}, compact(event))

    def stream(self, topic: str, since: str) -> None:
        """A stream, which says that it is open, then what was missed, then what comes; until the end."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        ntfy = self.ntfy
        self.wfile.write(compact({"id": "open", "time": int(ntfy.now), "event": "open", "topic": topic}))
        missed = ntfy.since(topic, since) if since else []
        told = len(ntfy.stored)
        self.wfile.write(b"".join(map(compact, missed)))
        end = time.monotonic() + 5
        while time.monotonic() < end:
            with ntfy.news:
                ntfy.news.wait(0.2)
            for one in ntfy.stored[told:]:
                if one["topic"] == topic:
                    self.wfile.write(compact(one))
            told = len(ntfy.stored)
            self.wfile.write(
                compact({"id": "k", "time": int(ntfy.now), "event": "keepalive", "topic": topic})
            )


def compact(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


@pytest.fixture
def server() -> Iterator[Server]:
    ntfy = Server()
    handler = type("HandlerOfOne", (Handler,), {"ntfy": ntfy})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        http.daemon_threads, http.block_on_close = True, False
        http.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client may leave a stream
        ntfy.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield ntfy
        http.shutdown()


def channel(server: Server | None = None, /, **table: object) -> Ntfy:
    given: dict[str, object] = {"topic": TOPIC, "token": TOKEN, "timeout_seconds": 1}
    if server:
        given["server"] = server.url
    loaded = load_channel("phone", {"adapter": "ntfy", **given, **table})
    assert isinstance(loaded, Ntfy)
    return loaded


def with_buttons(server: Server, **table: object) -> Ntfy:
    return channel(server, **{"reply_topic": REPLIES, "reply_token": REPLY_TOKEN, **table})


def failure(ntfy: Ntfy, message: Notification = MESSAGE) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        ntfy.send(message)
    assert not any(secret in f"{caught.value!r}{caught.value.__cause__!r}" for secret in SECRETS)
    return caught.value


# What is sent


def test_a_message_is_published_as_json(server: Server) -> None:
    receipt = channel(server).send(MESSAGE)
    [(method, path, headers, body)] = server.asked
    assert (method, path, headers["Authorization"]) == ("POST", "/", f"Bearer {TOKEN}")
    content = json.loads(body)
    assert re.fullmatch(r"[0-9a-f]{20}", content.pop("sequence_id"))
    assert content == {
        "topic": TOPIC,
        "title": "Customs hold: USB hub",
        "message": MESSAGE.body,
        "priority": 4,
        "tags": ["warning"],
        "click": MESSAGE.link,
    }
    assert "€41.90 ·".encode() in body
    assert receipt.provider_id == server.stored[0]["id"]
    assert receipt.detail == ""


def test_without_a_token_there_is_no_header(server: Server) -> None:
    channel(server, token=None).send(MESSAGE)
    assert "Authorization" not in server.asked[0][2]


@pytest.mark.parametrize(
    ("severity", "priority", "sign"),
    [
        (Severity.INFO, 2, "information_source"),
        (Severity.NOTICE, 3, "package"),
        (Severity.WARNING, 4, "hourglass_flowing_sand"),
        (Severity.URGENT, 4, "warning"),
        (Severity.CRITICAL, 5, "rotating_light"),
    ],
)
def test_the_severity_is_seen_and_heard(server: Server, severity: Severity, priority: int, sign: str) -> None:
    channel(server).send(replace(MESSAGE, severity=severity))
    assert (server.stored[0]["priority"], server.stored[0]["tags"]) == (priority, [sign])


def test_buttons_write_a_token_into_the_reply_topic(server: Server) -> None:
    with_buttons(server).send(MESSAGE)
    sequence = server.stored[0]["sequence_id"]
    assert server.stored[0]["actions"] == [
        {
            "action": "http",
            "label": label,
            "url": f"{server.url}/{REPLIES}",
            "headers": {"Authorization": f"Bearer {REPLY_TOKEN}"},
            "body": f"{token} {sequence}",
            "clear": True,
        }
        for label, token in [("Done", "done.abc"), ("Tomorrow", "later.def")]
    ]


def test_the_channels_own_token_never_travels_to_the_phone(server: Server) -> None:
    with_buttons(server, reply_token=None).send(MESSAGE)
    assert server.stored[0]["actions"][0]["headers"] == {}
    assert TOKEN.encode() not in server.asked[0][3]


def test_there_are_three_buttons_at_most(server: Server) -> None:
    with_buttons(server).send(replace(MESSAGE, actions=(Action("x", "y"),) * 5))
    assert len(server.stored[0]["actions"]) == 3


def test_a_newer_stage_takes_the_place_of_the_older(server: Server) -> None:
    ntfy = channel(server)
    ntfy.send(MESSAGE)
    ntfy.send(replace(MESSAGE, id="8", thread="alert 13", body="another"))
    ntfy.send(replace(MESSAGE, id="9", body="newer"))
    assert list(server.drawer().values()) == ["another", "newer"]


def test_the_same_delivery_twice_shows_once(server: Server) -> None:
    ntfy = channel(server)
    assert ntfy.replaces_in_place
    for _ in "12":
        ntfy.send(replace(MESSAGE, thread=""))
    ntfy.send(replace(MESSAGE, id="8", thread=""))
    assert len(server.drawer()) == 2


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ("short", "short"),
        ("x" * 3000, "x" * 3000),
        ("x" * 3001, "x" * 3000),
        ("🛃" * 750, "🛃" * 750),
        ("🛃" * 751, "🛃" * 750),
        ("x" + "🛃" * 750, "x" + "🛃" * 749),
        ("first\n" + "y" * 2900 + "\n" + "z" * 2900, "first\n" + "y" * 2900),
        ("first\n" + "y" * 5000, "first"),
        ("half \ud83d", "half ?"),
    ],
)
def test_a_message_keeps_to_the_limit_in_bytes(server: Server, body: str, fits: str) -> None:
    channel(server).send(replace(MESSAGE, body=body))
    assert server.stored[0]["message"] == fits


def test_even_quotes_fit_into_the_limit_of_the_whole(server: Server) -> None:
    tokens = tuple(Action("Do it tomorrow", "t" * 64) for _ in "123")
    with_buttons(server, reply_topic="r" * 64).send(
        replace(MESSAGE, title='"' * 300, body='"' * 5000, actions=tokens)
    )
    assert len(server.asked[0][3]) < 2 * 4096


@given(st.text(max_size=1500), st.text(max_size=200))
def test_nothing_is_longer_than_the_limits(body: str, title: str) -> None:
    content = channel()._content(replace(MESSAGE, body=body * 3, title=title), "s")
    assert len(content.get("message", "").encode()) <= 3000
    assert len(content.get("title", "").encode()) <= 250


async def test_it_works_in_a_couriers_thread(server: Server) -> None:
    courier = Courier("phone", channel(server))
    receipt = await courier.send(ENDING)
    assert receipt.provider_id == server.stored[0]["id"]
    courier.close()


# What an answer means


@pytest.mark.parametrize(
    "status", [*range(200, 206), *range(300, 309), *range(400, 452), *range(500, 512), 599]
)
def test_every_status_has_a_meaning(server: Server, status: int) -> None:
    server.says["POST"] = (status, {"Retry-After": "90", "Location": f"{server.url}/x"}, b"")
    error = failure(channel(server))
    is_temporary = status < 300 or status >= 500 or status in (408, 425, 429)
    assert error.failure is (Failure.TEMPORARY if is_temporary else Failure.PERMANENT)
    assert str(status) in str(error)
    assert error.retry_after == (timedelta(seconds=90) if is_temporary and status >= 300 else None)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Welcome to the hotel</html>",
        b"{}",
        b"[]",
        b"null",
        b'{"success":true}',
        b'{"id":"","event":"open"}',
        b'{"id":"x","event":"open","time":1}',
        b'{"id":7,"event":"message","time":1}',
        b'{"id":"x","event":"message"}',
        b'{"id":"x","event":"message","time":1',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_success_in_other_words_is_none(server: Server, body: bytes) -> None:
    server.says["POST"] = (200, {"Content-Type": "application/json"}, body)
    error = failure(channel(server))
    assert error.failure is Failure.TEMPORARY
    assert "captive portal" in str(error)


def test_a_server_that_is_not_there_is_temporary() -> None:
    assert failure(channel(Server(url="http://127.0.0.1:1"))).failure is Failure.TEMPORARY


def test_nothing_secret_is_shown(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ntfy = with_buttons(server)
    ntfy.send(ENDING)
    server.says["POST"] = (401, {}, TOKEN.encode())
    error = failure(ntfy)
    shown = f"{ntfy!r} {ntfy} {ntfy.describe()} {error} {caplog.text}"
    assert not any(secret in shown for secret in SECRETS)


# The last call


def test_a_last_call_waits_on_the_server(server: Server) -> None:
    receipt = with_buttons(server).send(ENDING)
    [call] = server.scheduled()
    assert datetime.fromtimestamp(call["time"], MADRID) == datetime(2026, 11, 25, 22, 0, tzinfo=MADRID)
    assert (call["title"], call["priority"], call["tags"]) == (MESSAGE.title, 5, ["rotating_light"])
    assert call["message"] == ENDING.last_call
    assert server.stored[0]["message"] == ENDING.body
    assert call["actions"][0]["body"] == f"done.abc {server.stored[0]['sequence_id']}"
    assert call["click"] == MESSAGE.link
    assert receipt.provider_id == server.stored[0]["id"]
    assert receipt.detail == "last call set for 2026-11-25 22:00 CET"


def test_the_last_call_rings_even_if_nobody_asks_again(server: Server) -> None:
    channel(server).send(ENDING)
    server.now += 2 * 86_400
    assert len(server.drawer()) == 2


def test_there_is_one_last_call_a_thread(server: Server) -> None:
    ntfy = channel(server)
    ntfy.send(ENDING)
    server.now += 3600
    ntfy.send(replace(ENDING, id="8", severity=Severity.CRITICAL, last_call="In 2 h", replaces="id1"))
    [call] = server.scheduled()
    assert call["message"] == "In 2 h"


def test_a_deadline_that_moved_away_takes_the_last_call_along(server: Server) -> None:
    ntfy = channel(server)
    ntfy.send(ENDING)
    assert ENDING.deadline is not None
    later = replace(ENDING, id="8", deadline=ENDING.deadline + timedelta(days=15), replaces="id1")
    ntfy.send(later)
    assert server.scheduled() == []


@pytest.mark.parametrize(
    ("left", "ahead"),
    [
        (timedelta(days=3, hours=2), None),
        (timedelta(days=3, hours=1, minutes=59), timedelta(days=2, hours=23, minutes=59)),
        (timedelta(days=1), timedelta(hours=22)),
        (timedelta(hours=4), timedelta(hours=2)),
        (timedelta(hours=1), timedelta(minutes=30)),
        (timedelta(seconds=30), timedelta(seconds=15)),
        (timedelta(seconds=28), None),
        (timedelta(0), None),
        (timedelta(days=-1), None),
    ],
)
def test_when_the_last_call_rings(server: Server, left: timedelta, ahead: timedelta | None) -> None:
    server.now = NOW.timestamp()
    channel(server).send(replace(MESSAGE, deadline=NOW + left))
    assert [call["time"] - server.now for call in server.scheduled()] == (
        [] if ahead is None else [ahead.total_seconds()]
    )


@pytest.mark.parametrize(
    "quiet",
    [
        replace(ENDING, severity=Severity.WARNING),
        replace(ENDING, deadline=None),
        replace(ENDING, thread=""),
    ],
    ids=["not urgent", "no deadline", "no thread"],
)
def test_some_messages_need_no_last_call(quiet: Notification) -> None:
    assert last_call_at(quiet, int(NOW.timestamp())) is None


def test_it_can_be_switched_off(server: Server) -> None:
    channel(server, prearm=False).send(ENDING)
    assert server.scheduled() == []


def test_an_old_server_gets_no_last_call_that_could_not_be_taken_back(server: Server) -> None:
    server.knows_sequences = False
    channel(server).send(ENDING)
    assert len(server.stored) == len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((400, {}, b'{"code":40006,"http":400,"error":"delay too large"}'), "400"),
        ((429, {}, b""), "429"),
        ((200, {}, b"<html>"), "captive portal"),
    ],
)
def test_a_last_call_that_fails_is_told_and_the_message_not_repeated(
    server: Server, answer: tuple[int, Mapping[str, str], bytes], why: str
) -> None:
    server.says["last call"] = answer
    receipt = channel(server).send(ENDING)
    assert receipt.provider_id == server.stored[0]["id"]
    assert "the last call could not be brought up to date" in receipt.detail
    assert why in receipt.detail


def test_what_is_over_is_taken_back(server: Server) -> None:
    ntfy = channel(server)
    receipt = ntfy.send(ENDING)
    ntfy.send(replace(ENDING, id="8", thread="alert 13", body="other"))
    ntfy.withdraw("alert 12", receipt.provider_id)
    assert list(server.drawer().values()) == ["other"]
    assert len(server.scheduled()) == 1
    assert [event["event"] for event in server.stored[-2:]] == ["message_delete", "message_clear"]
    server.now += 2 * 86_400
    assert len(server.drawer()) == 2


def test_an_old_server_has_nothing_to_take_back(server: Server) -> None:
    server.knows_sequences = False
    channel(server).withdraw("alert 12", None)
    assert [path.count("/") for _, path, _, _ in server.asked] == [2, 3]


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        ((500, {}, b""), Failure.TEMPORARY),
        ((403, {}, b""), Failure.PERMANENT),
        ((200, {}, b"<html>"), Failure.TEMPORARY),
    ],
)
def test_taking_back_can_fail(
    server: Server, answer: tuple[int, Mapping[str, str], bytes], means: Failure
) -> None:
    server.says["DELETE"] = answer
    with pytest.raises(NotifierError) as caught:
        channel(server).withdraw("alert 12", None)
    assert caught.value.failure is means
    assert TOPIC not in str(caught.value)


# Buttons


def press(server: Server, number: int = 0) -> None:
    """What the phone does when a button is pressed."""
    button = server.stored[0]["actions"][number]
    server.publish(urlsplit(button["url"]).path.strip("/"), {"message": button["body"]})


def test_who_has_no_reply_topic_does_not_listen(server: Server) -> None:
    assert not channel(server).listens
    assert channel(server).listen(None) == ((), None)
    assert server.asked == []


def test_listening_starts_from_now(server: Server) -> None:
    ntfy = with_buttons(server, timeout_seconds=0.4)
    ntfy.send(MESSAGE)
    press(server)
    server.now += 1
    presses, since = ntfy.listen(None)
    assert presses == []
    assert server.asked[-1][:2] == ("GET", f"/{REPLIES}/json")
    assert server.asked[-1][2]["Authorization"] == f"Bearer {TOKEN}"
    press(server, 1)
    presses, since = ntfy.listen(since)
    assert [pressed.token for pressed in presses] == ["later.def"]
    assert since == server.stored[-1]["id"]


def test_a_press_is_heard_at_once(server: Server) -> None:
    ntfy = with_buttons(server, timeout_seconds=4)
    ntfy.send(MESSAGE)
    threading.Timer(0.2, press, (server,)).start()
    start = time.monotonic()
    presses, since = ntfy.listen(None)
    assert presses == [Pressed("done.abc", server.stored[0]["sequence_id"])]
    assert time.monotonic() - start < 2
    assert with_buttons(server, timeout_seconds=0.4).listen(since) == ([], since)


def test_what_was_pressed_in_between_is_heard_later(server: Server) -> None:
    ntfy = with_buttons(server, timeout_seconds=0.4)
    ntfy.send(MESSAGE)
    _, since = ntfy.listen(None)
    server.now += 3600
    press(server)
    press(server, 1)
    presses, since = ntfy.listen(since)
    assert [pressed.token for pressed in presses] == ["done.abc", "later.def"]
    server.now += 86_400
    assert ntfy.listen(since) == ([], since)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "two words here",
        "x" * 65 + " " + "a" * 20,
        "tökén " + "a" * 20,
        "t " + "A" * 20,
        "t " + "a" * 21,
    ],
)
def test_what_is_no_press_is_passed_over(server: Server, text: str) -> None:
    ntfy = with_buttons(server, timeout_seconds=0.4)
    server.publish(REPLIES, {"message": text})
    assert ntfy.listen("0") == ([], server.stored[-1]["id"])


def test_a_flood_in_the_reply_topic_does_not_stop_it(server: Server) -> None:
    ntfy = with_buttons(server, timeout_seconds=1)
    for _ in range(400):
        server.publish(REPLIES, {"message": "x" * 4096})
    ntfy.send(MESSAGE)
    server.publish(REPLIES, {"message": f"done.abc {server.stored[-1]['sequence_id']}"})
    heard, since = list[Pressed](), "0"
    for _ in range(50):
        presses, next_since = ntfy.listen(since)
        heard += presses
        if heard or next_since is None:
            break
        since = next_since
    assert [pressed.token for pressed in heard] == ["done.abc"]


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        ((200, {}, b"<html>Welcome</html>\n"), Failure.TEMPORARY),
        ((200, {}, b""), Failure.TEMPORARY),
        ((200, {}, b'{"id":"x","event":"message","time":1,"message":"forged"}\n'), Failure.TEMPORARY),
        ((302, {"Location": "/login"}, b""), Failure.PERMANENT),
        ((403, {}, b"{}"), Failure.PERMANENT),
        ((429, {"Retry-After": "60"}, b"{}"), Failure.TEMPORARY),
    ],
)
def test_listening_can_fail(
    server: Server, answer: tuple[int, Mapping[str, str], bytes], means: Failure
) -> None:
    server.says["GET"] = answer
    with pytest.raises(NotifierError) as caught:
        with_buttons(server).listen("id0000000001")
    assert caught.value.failure is means
    assert REPLIES not in str(caught.value)


def test_a_press_is_confirmed_in_place_and_quietly(server: Server) -> None:
    ntfy = with_buttons(server, timeout_seconds=0.4)
    ntfy.send(MESSAGE)
    press(server)
    [pressed], _ = ntfy.listen("0")
    ntfy.confirm(pressed, "Noted: tomorrow again.")
    assert list(server.drawer().values()) == ["Noted: tomorrow again."]
    assert (server.stored[-1]["priority"], server.stored[-1]["title"]) == (2, "orderwatch")
    ntfy.confirm(Pressed("from elsewhere"), "Noted.")
    assert len(server.drawer()) == 1


# Configuration


def test_it_says_where_messages_go_without_a_secret() -> None:
    assert channel().describe() == "ntfy at ntfy.sh, topic •••"
    own = channel(server="https://push.example.org:8443/", reply_topic=REPLIES)
    assert own.describe() == "ntfy at push.example.org:8443, topic •••, buttons to a second one"


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"topic": ""}, "topic: must"),
        ({"topic": "my topic"}, "topic: must be 1 to 64 letters"),
        ({"topic": "x" * 65}, "topic: must be 1 to 64 letters"),
        ({"reply_topic": TOPIC}, "reply_topic: must not be the topic itself"),
        ({"reply_topic": "a/b"}, "reply_topic: must be 1 to 64 letters"),
        ({"token": "tk two"}, "token: must be an access token"),
        ({"token": "tk\n"}, "token: must be an access token"),
        ({"server": "ntfy.sh"}, "server: must be an https:// address"),
        ({"server": "https://me:pw@ntfy.sh"}, "server: must be an https:// address"),
        ({"server": f"https://ntfy.sh/{TOPIC}"}, "server: must end after the host"),
        ({"server": "http://push.example.org"}, "allow_http = true"),
        ({"server": "https://ntfy.sh:99999"}, "server: must be an https:// address"),
        ({"server": "https://[::1"}, "server: must be an https:// address"),
    ],
)
def test_mistakes_are_told_without_the_secret(table: Mapping[str, object], complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        channel(**table)
    assert complaint in str(caught.value)
    assert not any(
        str(value) in str(caught.value) for key, value in table.items() if value and key != "server"
    )


def test_plain_http_is_for_this_machine_or_said_aloud() -> None:
    for server in ("http://localhost:8080", "http://127.0.0.1", "http://[::1]:80"):
        assert channel(server=server).server == server
    assert channel(server="http://push.lan", allow_http=True).server == "http://push.lan"
