"""The Telegram channel against a Bot API on this machine: what is asked, and what the answers mean."""

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor.errors import ConfigError
from monitor.notifier import Action, Failure, Notification, NotifierError, Pressed, Receipt, Severity
from monitor.plugins import load_channel
from notifiers._answers import TRY_AGAIN, Answer
from notifiers._bot_api import _result
from notifiers._telegram_message import fitted, keyboard, marked_up
from notifiers.telegram import Telegram

SECRET = "AAF-s3cret_t0ken-s3cret_t0ken-s3cre"
TOKEN = f"123456789:{SECRET}"
CHAT, SUPERGROUP = 4_012_345, -1_001_557_000_345
TOKENS = ("d" * 64, "s" * 64)
ACTIONS = (Action("Done", TOKENS[0]), Action("Tomorrow", TOKENS[1]))
LINK = "https://shop.example/order/7731"
MESSAGE = Notification("7", "Customs hold: USB hub", "9 days held · act by Wed 26 Nov", Severity.URGENT)
HOSTILE = '<b>bold</b> & <script>x</script> &amp; &lt; *star* _under_ [a](http://e.vil) "q" \N{PACKAGE} \u200fא\u202eab'


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class Markup(HTMLParser):
    """Reads Telegram's HTML as it does: text, and entities counted in UTF-16 units."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.entities, self._open = "", [], 0
        self.feed(source)
        self.close()

    text: str
    entities: list[dict[str, Any]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "b" or attrs:
            raise Refusal(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self._open = units(self.text)

    def handle_endtag(self, tag: str) -> None:
        length = units(self.text) - self._open
        self.entities.append({"type": "bold", "offset": self._open, "length": length})

    def handle_data(self, data: str) -> None:
        self.text += data


class Refusal(Exception):
    """`ok: false`."""

    def __init__(self, code: int, description: str, **parameters: object) -> None:
        self.answer = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters
        self.code = code


@dataclass
class BotApi:
    """A Bot API server with one bot, a private chat and a supergroup."""

    chats: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            str(CHAT): {"id": CHAT, "type": "private", "first_name": "Ana"},
            str(SUPERGROUP): {"id": SUPERGROUP, "type": "supergroup", "title": "Home"},
            "@my_parcels": {"id": -1_009_999_999_999, "type": "channel", "username": "My_Parcels"},
        }
    )
    messages: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    scripted: list[tuple[str, Callable[[], Response]]] = field(default_factory=list)

    def handle(self, request: Request) -> Response:
        _, bot, method = request.path.split("/")
        assert (request.method, request.mimetype) == ("POST", "application/json")
        parameters = json.loads(request.data)
        self.asked.append((method, parameters))
        for index, (for_method, answer) in enumerate(self.scripted):
            if for_method in (method, ""):
                del self.scripted[index]
                return answer()
        if bot != f"bot{TOKEN}":
            return reply(401, Refusal(401, "Unauthorized").answer)
        try:
            return reply(200, {"ok": True, "result": getattr(self, f"_{method}")(**parameters)})
        except Refusal as refusal:
            return reply(refusal.code, refusal.answer)

    def refuses(self, method: str, code: int, description: str, **parameters: object) -> None:
        """The next call of `method` is refused."""
        answer = Refusal(code, description, **parameters).answer
        self.scripted.append((method, lambda: reply(code, answer)))

    def moves(self) -> None:
        """The chat becomes a supergroup: its number is no longer good for anything."""
        self.chats[str(CHAT)] = {"moved": SUPERGROUP}

    def called(self, method: str) -> list[dict[str, Any]]:
        return [parameters for name, parameters in self.asked if name == method]

    def says(self, number: int, chat: int = CHAT) -> str:
        return str(self.messages[chat, number]["text"])

    def press(self, number: int, token: str, *, update: int, chat: int = CHAT, query: str = "77001") -> None:
        message = self.messages.get((chat, number), {"message_id": number, "chat": {"id": chat}, "date": 0})
        pressed = {"id": query, "from": {"id": chat}, "message": message, "chat_instance": "1", "data": token}
        self.updates.append({"update_id": update, "callback_query": pressed})

    def _chat(self, chat_id: str) -> dict[str, Any]:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        if "moved" in chat:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, description, migrate_to_chat_id=chat["moved"])
        return chat

    def _sendMessage(self, chat_id: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: N802
        chat = self._chat(chat_id)
        number = 41 + len(self.messages)
        message = {"message_id": number, "date": 1_764_000_000, "chat": chat, **self._content(text, **more)}
        self.messages[chat["id"], number] = message
        return message

    def _editMessageText(  # noqa: N802
        self, chat_id: str, message_id: int, text: str, **more: Any
    ) -> dict[str, Any]:
        message = self._editable(chat_id, message_id)
        return self._edited(message, self._content(text, **more))

    def _editMessageReplyMarkup(  # noqa: N802
        self, chat_id: str, message_id: int, reply_markup: dict[str, Any]
    ) -> dict[str, Any]:
        message = self._editable(chat_id, message_id)
        kept = {name: message[name] for name in ("text", "entities")}
        return self._edited(message, kept | self._buttons(reply_markup))

    def _editable(self, chat_id: str, message_id: int) -> dict[str, Any]:
        found = self.messages.get((self._chat(chat_id)["id"], message_id))
        if found is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        return found

    def _edited(self, message: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        names = ("text", "entities", "reply_markup")
        if {name: message.get(name) for name in names} == {name: content.get(name) for name in names}:
            raise Refusal(
                400, "Bad Request: message is not modified: specified new message content is the same"
            )
        message.pop("reply_markup", None)
        message.update(content)
        return message

    def _content(
        self,
        text: str,
        parse_mode: str = "",
        entities: list[dict[str, Any]] | None = None,
        reply_markup: dict[str, Any] | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        read = Markup(text) if parse_mode == "HTML" else None
        text, entities = (read.text, read.entities) if read else (text, entities or [])
        if not 0 < units(text) <= 4096:
            raise Refusal(400, "Bad Request: message is too long" if text else "Bad Request: text is empty")
        return {"text": text, "entities": entities, **self._buttons(reply_markup)}

    def _buttons(self, reply_markup: dict[str, Any] | None) -> dict[str, Any]:
        rows = (reply_markup or {}).get("inline_keyboard", [])
        for button in (button for row in rows for button in row):
            if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if "." not in button.get("url", "."):
                raise Refusal(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL")
        return {"reply_markup": reply_markup} if rows else {}

    def _answerCallbackQuery(self, callback_query_id: str, text: str) -> bool:  # noqa: N802
        if units(text) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        if callback_query_id != "77001":
            description = "query is too old and response timeout expired or query ID is invalid"
            raise Refusal(400, f"Bad Request: {description}")
        return True

    def _getUpdates(  # noqa: N802
        self, offset: int, limit: int, timeout: int, allowed_updates: list[str]
    ) -> list[dict[str, Any]]:
        assert timeout >= 0
        if offset < 0:
            self.updates = self.updates[offset:]
        elif self.updates and offset <= self.updates[-1]["update_id"] + 10:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
        # An offset far in the future is no offset: the server begins at the head of its queue.
        return self.updates[:limit]


def reply(status: int, content: object, **headers: str) -> Response:
    return Response(json.dumps(content), status, headers, mimetype="application/json")


@pytest.fixture
def api(httpserver: HTTPServer) -> Iterator[BotApi]:
    api = BotApi()
    httpserver.expect_request(re.compile(".*")).respond_with_handler(api.handle)
    yield api
    httpserver.check()


@pytest.fixture
def channel(httpserver: HTTPServer, api: BotApi) -> Telegram:
    return made(server=httpserver.url_for(""))


@pytest.fixture(autouse=True)
def no_token_anywhere(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    said = [record.getMessage() for record in caplog.get_records("call") if record.name != "werkzeug"]
    assert SECRET not in "\n".join(said)


def made(**table: object) -> Telegram:
    loaded = load_channel("chat", {"adapter": "telegram", "token": TOKEN, "chat_id": CHAT, **table})
    assert isinstance(loaded, Telegram)
    return loaded


def failure_of(channel: Telegram, message: Notification = MESSAGE) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        channel.send(message)
    assert SECRET not in f"{caught.value!s} {caught.value!r}"
    assert caught.value.__cause__ is None
    return caught.value


# What arrives


def test_a_message_with_its_buttons(api: BotApi, channel: Telegram) -> None:
    receipt = channel.send(replace(MESSAGE, actions=ACTIONS, link=LINK))
    assert receipt == Receipt(f"{CHAT}:41")
    assert api.asked == [
        (
            "sendMessage",
            {
                "chat_id": str(CHAT),
                "text": "<b>Customs hold: USB hub</b>\n9 days held · act by Wed 26 Nov",
                "parse_mode": "HTML",
                "disable_notification": False,
                "link_preview_options": {"is_disabled": True},
                "reply_markup": {
                    "inline_keyboard": [
                        [
                            {"text": "Open order", "url": LINK},
                            {"text": "Done", "callback_data": TOKENS[0]},
                            {"text": "Tomorrow", "callback_data": TOKENS[1]},
                        ]
                    ]
                },
            },
        )
    ]


def test_a_message_without_buttons_has_no_keyboard(api: BotApi, channel: Telegram) -> None:
    channel.send(MESSAGE)
    assert "reply_markup" not in api.called("sendMessage")[0]


@pytest.mark.parametrize("chat", [str(CHAT), CHAT, str(SUPERGROUP), SUPERGROUP, "@my_parcels"])
def test_any_kind_of_chat(api: BotApi, httpserver: HTTPServer, chat: object) -> None:
    receipt = made(server=httpserver.url_for(""), chat_id=chat).send(MESSAGE)
    assert receipt == Receipt(f"{chat}:41")


@pytest.mark.parametrize(
    ("severity", "silent"),
    [
        (Severity.INFO, True),
        (Severity.NOTICE, True),
        (Severity.WARNING, False),
        (Severity.URGENT, False),
        (Severity.CRITICAL, False),
    ],
)
def test_what_makes_a_sound(api: BotApi, channel: Telegram, severity: Severity, silent: bool) -> None:
    channel.send(replace(MESSAGE, severity=severity))
    assert api.called("sendMessage")[0]["disable_notification"] is silent


def test_what_strangers_wrote_arrives_letter_by_letter(api: BotApi, channel: Telegram) -> None:
    channel.send(replace(MESSAGE, title=HOSTILE, body=f"{HOSTILE}\n</b>&amp;lt;"))
    assert api.says(41) == f"{HOSTILE}\n{HOSTILE}\n</b>&amp;lt;"
    assert '"q"' in api.called("sendMessage")[0]["text"]
    assert api.messages[CHAT, 41]["entities"] == [{"type": "bold", "offset": 0, "length": units(HOSTILE)}]


def test_half_a_character_does_not_stop_a_message(api: BotApi, channel: Telegram) -> None:
    channel.send(replace(MESSAGE, body="half \ud83d of it"))
    assert api.says(41) == f"{MESSAGE.title}\nhalf ? of it"


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"))


@given(text, text)
def test_markup_says_what_was_written(title: str, body: str) -> None:
    read = Markup(marked_up(title, body))
    assert read.text == (f"{title}\n{body}" if body else title)
    assert [(entity["offset"], entity["length"]) for entity in read.entities] == [(0, units(title))]


# Too long


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("x" * 4094, "x" * 4094),
        ("x" * 4095, "x" * 4093 + "…"),
        ("\N{PACKAGE}" * 2047, "\N{PACKAGE}" * 2047),
        ("\N{PACKAGE}" * 2048, "\N{PACKAGE}" * 2046 + "…"),  # half of one would fit
        ("&" * 4094, "&" * 4094),
        ("one\n" + "y" * 5000, "one\n" + "y" * 4089 + "…"),
        ("x" * 2500 + "\ntwo\n" + "y" * 2000, "x" * 2500 + "\ntwo\n…"),
        ("x" * 4000 + "\n" + "y" * 93, "x" * 4000 + "\n" + "y" * 93),
        ("x" * 4000 + "\n" + "y" * 94, "x" * 4000 + "\n…"),
        ("x" * 4094 + "\ny", "x" * 4093 + "…"),
    ],
)
def test_a_text_that_is_too_long_loses_its_last_lines(
    api: BotApi, channel: Telegram, body: str, shown: str
) -> None:
    channel.send(replace(MESSAGE, title="T", body=body))
    assert api.says(41) == f"T\n{shown}"


def test_a_title_that_is_too_long(api: BotApi, channel: Telegram) -> None:
    channel.send(replace(MESSAGE, title="<" * 5000))
    assert api.says(41) == "<" * 4095 + "…"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 30))
def test_a_fitted_text_fits_and_is_the_beginning(text: str, limit: int) -> None:
    short = fitted(text, limit)
    assert units(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short.removesuffix("…")))


# Buttons


@pytest.mark.parametrize(
    ("actions", "link", "rows"),
    [
        (0, None, []),
        (0, LINK, [1]),
        (1, None, [1]),
        (3, None, [3]),
        (2, LINK, [3]),
        (3, LINK, [2, 2]),
        (4, LINK, [3, 2]),
        (6, None, [3, 3]),
    ],
)
def test_buttons_stand_in_one_row_or_two(actions: int, link: str | None, rows: list[int]) -> None:
    some = tuple(Action(f"Action {number}", f"t{number}") for number in range(actions))
    found = keyboard(replace(MESSAGE, actions=some, link=link))
    assert [len(row) for row in found] == rows


@pytest.mark.parametrize(
    "link", ["http://nas:8080/7", "https://localhost/7", "file:///etc/x.y", "http://[", ""]
)
def test_a_link_that_telegram_refuses_is_no_button(api: BotApi, channel: Telegram, link: str) -> None:
    assert channel.send(replace(MESSAGE, link=link, actions=ACTIONS)) == Receipt(f"{CHAT}:41")
    [row] = api.messages[CHAT, 41]["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["Done", "Tomorrow"]


# A message that is refused is mended


def test_markup_that_cannot_be_read_is_sent_as_plain_text(api: BotApi, channel: Telegram) -> None:
    api.refuses("sendMessage", 400, "Bad Request: can't parse entities: Can't find end tag")
    receipt = channel.send(replace(MESSAGE, title=HOSTILE, body=HOSTILE, actions=ACTIONS))
    assert receipt == Receipt(f"{CHAT}:41", "as plain text: Telegram could not read the markup")
    assert api.says(41) == f"{HOSTILE}\n{HOSTILE}"
    assert "parse_mode" not in api.called("sendMessage")[1]
    assert "reply_markup" in api.messages[CHAT, 41]


def test_buttons_that_are_refused_do_not_hold_up_the_message(api: BotApi, channel: Telegram) -> None:
    receipt = channel.send(replace(MESSAGE, actions=(Action("Done", "x" * 65),)))
    assert receipt == Receipt(f"{CHAT}:41", "without buttons: Telegram did not take them")


def test_a_group_that_became_a_supergroup_gets_the_message_all_the_same(
    api: BotApi, channel: Telegram
) -> None:
    api.moves()
    receipt = channel.send(MESSAGE)
    assert receipt.provider_id == f"{SUPERGROUP}:41"
    assert receipt.detail == (
        f'the group has a new number: write chat_id = "{SUPERGROUP}" in the configuration'
    )
    assert api.says(41, SUPERGROUP).startswith(MESSAGE.title)


def test_everything_at_once(api: BotApi, channel: Telegram) -> None:
    api.moves()
    api.refuses("sendMessage", 400, "Bad Request: can't parse entities")
    receipt = channel.send(replace(MESSAGE, actions=(Action("Done", "x" * 65),)))
    assert receipt.provider_id == f"{SUPERGROUP}:41"
    assert [note[:8] for note in receipt.detail.split("; ")] == ["as plain", "the grou", "without "]


def test_it_does_not_mend_forever(api: BotApi, channel: Telegram) -> None:
    for _ in range(9):
        api.refuses("sendMessage", 400, "Bad Request: upgraded", migrate_to_chat_id=SUPERGROUP)
    assert failure_of(channel).failure is Failure.PERMANENT
    assert len(api.asked) == 4


# What a failure means

OK = {"ok": True, "result": {"message_id": 5}}


def outcome(channel: Telegram) -> str:
    try:
        return f"sent {channel.send(MESSAGE).provider_id}"
    except NotifierError as error:
        return error.failure.value


def by_status(status: int) -> str:
    if status >= 500 or status in (408, 425, 429):
        return "temporary"
    return "permanent" if status >= 300 else "temporary"


def test_every_status_with_ok_false(api: BotApi, channel: Telegram) -> None:
    """Telegram's own number counts, and where it gives none, that of HTTP."""
    bodies = [{"ok": False}, {"ok": False, "error_code": 400, "description": "Bad Request: no"}]
    bodies += [{"ok": False, "error_code": 502, "description": "Bad Gateway"}]
    for status in (*range(200, 600, 7), 204, 304, 400, 401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504):
        if status in (204, 304):  # these have no body
            continue
        came = []
        for body in bodies:
            api.scripted.append(("", lambda status=status, body=body: reply(status, body)))  # type: ignore[misc]
            came.append(outcome(channel))
        own = "temporary" if status in (408, 409, 425, 429) or status >= 500 else "permanent"
        assert came == [own, "permanent", "temporary"], status


def test_every_status_of_somebody_else(api: BotApi, channel: Telegram) -> None:
    for status in (*range(200, 600, 7), 204, 304, 400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504):
        api.scripted.append(("", lambda status=status: Response("<html>Log in</html>", status)))  # type: ignore[misc]
        assert outcome(channel) == by_status(status), status


@pytest.mark.parametrize("status", range(100, 600))
def test_every_status_there_is(status: int) -> None:
    def came(content: object) -> str:
        answer = Answer(status, {}, json.dumps(content).encode())
        try:
            return bytes(_result(answer)).decode()
        except NotifierError as error:
            return error.failure.value

    other = "ambiguous" if status < 200 else by_status(status)
    own = "temporary" if status == 409 or status >= 500 or status in TRY_AGAIN else "permanent"
    table = {
        "null": other,
        "[]": other,
        '"<html>"': other,
        '{"status": "ok"}': other,
        '{"ok": "false"}': other,
        '{"ok": false}': own,
        '{"ok": false, "error_code": 403}': "permanent",
        '{"ok": false, "error_code": 429}': "temporary",
        '{"ok": false, "error_code": 500}': "temporary",
        '{"ok": true, "result": 7}': "7" if 200 <= status < 300 else other,
    }
    assert {body: came(json.loads(body)) for body in table} == table


@pytest.mark.parametrize(
    ("code", "description", "failure", "words"),
    [
        (401, "Unauthorized", Failure.PERMANENT, "the token is not accepted"),
        (404, "Not Found", Failure.PERMANENT, "the token is not accepted"),
        (403, "Forbidden: bot was blocked by the user", Failure.PERMANENT, "the bot is blocked"),
        (403, "Forbidden: user is deactivated", Failure.PERMANENT, "no longer exists"),
        (403, "Forbidden: bot can't initiate conversation with a user", Failure.PERMANENT, "press Start"),
        (403, "Forbidden: bot was kicked from the supergroup chat", Failure.PERMANENT, "was it removed"),
        (400, "Bad Request: chat not found", Failure.PERMANENT, "no such chat: is chat_id right"),
        (400, "Bad Request: not enough rights to send text messages", Failure.PERMANENT, "right to post"),
        (400, "Bad Request: something new", Failure.PERMANENT, "refused (400): Bad Request: something new"),
        (400, "", Failure.PERMANENT, "it refused (400) and did not say why"),
        (400, f"see https://x/bot{TOKEN}/y \x1b[1m", Failure.PERMANENT, "see https://x/bot…/y [1m"),
        (409, "Conflict: can't use getUpdates while webhook is active", Failure.TEMPORARY, "a webhook"),
        (409, "Conflict: terminated by other getUpdates", Failure.TEMPORARY, "a bot of its own"),
        (429, "Too Many Requests: retry after 5", Failure.TEMPORARY, "asks for a pause"),
        (500, "Internal Server Error", Failure.TEMPORARY, "a fault of its own (500)"),
        (502, "Bad Gateway", Failure.TEMPORARY, "a fault of its own (502)"),
    ],
)
@pytest.mark.parametrize("status", ["as told", 200])
def test_what_is_refused_is_said_plainly(
    api: BotApi, channel: Telegram, status: object, code: int, description: str, failure: Failure, words: str
) -> None:
    body = {"ok": False, "error_code": code, "description": description}
    api.scripted.append(("", lambda: reply(200 if status == 200 else code, body)))
    error = failure_of(channel)
    assert error.failure is failure
    assert str(error).startswith("Telegram: ")
    assert words in str(error)


@pytest.mark.parametrize(
    ("parameters", "headers", "wait"),
    [
        ({"retry_after": 5}, {}, timedelta(seconds=5)),
        ({"retry_after": 5}, {"Retry-After": "9"}, timedelta(seconds=5)),
        ({}, {"Retry-After": "9"}, timedelta(seconds=9)),
        ({}, {}, None),
        ({"retry_after": 0}, {}, None),
        ({"retry_after": -5}, {}, None),
        ({"retry_after": 10**15}, {}, timedelta(days=1)),
    ],
)
def test_how_long_a_pause_it_asks_for(
    api: BotApi, channel: Telegram, parameters: object, headers: dict[str, str], wait: timedelta | None
) -> None:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": parameters}
    api.scripted.append(("", lambda: reply(429, body, **headers)))
    error = failure_of(channel)
    assert (error.failure, error.retry_after) == (Failure.TEMPORARY, wait)


def test_a_captive_portal_is_not_telegram(api: BotApi, channel: Telegram) -> None:
    api.scripted.append(("", lambda: Response("<html>Welcome! Log in</html>", 200, mimetype="text/html")))
    error = failure_of(channel)
    assert error.failure is Failure.TEMPORARY
    assert str(error) == (
        "Telegram: it answered 200, but not in its own words: a captive portal, a proxy or a wrong address"
    )


@pytest.mark.parametrize("result", [True, None, [], {"message_id": "x"}])
def test_what_was_taken_is_sent_though_its_number_is_not_told(
    api: BotApi, channel: Telegram, result: object
) -> None:
    api.scripted.append(("", lambda: reply(200, {"ok": True, "result": result})))
    assert channel.send(MESSAGE) == Receipt(None)


@pytest.mark.parametrize("token", ["123456789:wrong", f"1{TOKEN}"])
def test_a_wrong_token(api: BotApi, httpserver: HTTPServer, token: str) -> None:
    error = failure_of(made(server=httpserver.url_for(""), token=token))
    assert error.failure is Failure.PERMANENT
    assert str(error) == "Telegram: the token is not accepted: is it as BotFather gave it, and not revoked?"


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = failure_of(made(server=f"http://127.0.0.1:{port}"))
    assert error.failure is Failure.TEMPORARY


# On a connection that misbehaves


@dataclass
class Rude:
    """Takes requests, then lets a function speak on the connection."""

    speak: Callable[[socket.socket], None]
    port: int = 0

    def serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._handle, args=(listening.accept()[0],), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            self.speak(connection)


@pytest.fixture
def rude() -> Iterator[Callable[[Callable[[socket.socket], None]], Telegram]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def start(speak: Callable[[socket.socket], None]) -> Telegram:
            threading.Thread(target=Rude(speak).serve, args=(listening,), daemon=True).start()
            return made(server=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout_seconds=0.5)

        yield start
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def hangs(connection: socket.socket) -> None:
    time.sleep(2)


def trickles(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.02)


def breaks_off(connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"ok"')


def never_ends(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


def says_nothing(connection: socket.socket) -> None:
    pass


def goes_on(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")


@pytest.mark.parametrize("speak", [hangs, trickles, breaks_off, never_ends, says_nothing, goes_on])
def test_without_a_whole_answer_it_may_have_arrived(
    rude: Callable[[Callable[[socket.socket], None]], Telegram], speak: Callable[[socket.socket], None]
) -> None:
    channel, start = rude(speak), time.monotonic()
    assert failure_of(channel).failure is Failure.AMBIGUOUS
    assert time.monotonic() - start < 0.5


def test_calls_share_the_time_of_the_channel(api: BotApi, httpserver: HTTPServer) -> None:
    """The older message is shortened in what is left of the time; that it hangs changes nothing."""

    def slow() -> Response:
        time.sleep(0.9)
        return reply(200, OK)

    api.scripted.append(("editMessageText", slow))
    channel, start = made(server=httpserver.url_for(""), timeout_seconds=0.6), time.monotonic()
    assert channel.send(replace(MESSAGE, replaces=f"{CHAT}:40")) == Receipt(f"{CHAT}:41")
    assert time.monotonic() - start < 0.6


# A newer stage


def test_a_stage_that_makes_a_sound_is_a_new_message(api: BotApi, channel: Telegram) -> None:
    older = channel.send(replace(MESSAGE, severity=Severity.WARNING, actions=ACTIONS)).provider_id
    newer = replace(MESSAGE, title="Last day <now>", replaces=older, actions=ACTIONS)
    assert channel.send(newer) == Receipt(f"{CHAT}:42")
    assert api.says(41) == "↓ Last day <now>"
    assert "reply_markup" not in api.messages[CHAT, 41]
    assert "reply_markup" in api.messages[CHAT, 42]
    assert [method for method, _ in api.asked] == ["sendMessage", "sendMessage", "editMessageText"]


def test_a_silent_stage_takes_the_place_of_the_older(api: BotApi, channel: Telegram) -> None:
    older = channel.send(replace(MESSAGE, actions=ACTIONS)).provider_id
    released = Notification("8", "Released", "Customs let it go", Severity.NOTICE, replaces=older)
    assert channel.send(released) == Receipt(older)
    assert api.says(41) == "Released\nCustoms let it go"
    assert "reply_markup" not in api.messages[CHAT, 41]
    assert len(api.messages) == 1
    assert channel.send(released) == Receipt(older)  # once more: it is not modified, which is fine
    assert len(api.messages) == 1


@pytest.mark.parametrize(
    "refusal", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
@pytest.mark.parametrize("severity", [Severity.NOTICE, Severity.URGENT])
def test_an_older_message_that_is_gone_does_not_matter(
    api: BotApi, channel: Telegram, severity: Severity, refusal: str
) -> None:
    api.refuses("editMessageText", 400, f"Bad Request: {refusal}")
    receipt = channel.send(replace(MESSAGE, severity=severity, replaces=f"{CHAT}:40"))
    assert receipt == Receipt(f"{CHAT}:41")


def test_an_edit_that_fails_otherwise_is_a_failure(api: BotApi, channel: Telegram) -> None:
    api.refuses("editMessageText", 429, "Too Many Requests", retry_after=7)
    error = failure_of(channel, replace(MESSAGE, severity=Severity.INFO, replaces=f"{CHAT}:40"))
    assert (error.failure, error.retry_after) == (Failure.TEMPORARY, timedelta(seconds=7))


@pytest.mark.parametrize("severity", [Severity.NOTICE, Severity.URGENT])
def test_after_a_move_no_message_of_the_new_group_is_overwritten(
    api: BotApi, channel: Telegram, severity: Severity
) -> None:
    older = channel.send(MESSAGE).provider_id
    api.messages[SUPERGROUP, 41] = {"message_id": 41, "chat": {"id": SUPERGROUP}, "text": "another"}
    api.moves()
    receipt = channel.send(replace(MESSAGE, severity=severity, replaces=older))
    assert receipt.provider_id == f"{SUPERGROUP}:43"
    assert api.says(41, SUPERGROUP) == "another"


def test_a_silent_stage_does_not_go_where_nobody_looks_any_more(api: BotApi, channel: Telegram) -> None:
    api.messages[SUPERGROUP, 9] = {"message_id": 9, "chat": {"id": SUPERGROUP}, "text": "older"}
    newer = replace(MESSAGE, severity=Severity.NOTICE, replaces=f"{SUPERGROUP}:9")
    assert channel.send(newer) == Receipt(f"{CHAT}:42")
    assert api.says(9, SUPERGROUP) == f"↓ {MESSAGE.title}"


@pytest.mark.parametrize("replaces", ["", "x", "abc:def", "8f3a20", "-5"])
def test_the_id_of_another_service_is_none_of_ours(api: BotApi, channel: Telegram, replaces: str) -> None:
    assert channel.send(replace(MESSAGE, replaces=replaces)) == Receipt(f"{CHAT}:41")
    assert len(api.asked) == 1


# The end of an alert


def test_what_is_over_is_ticked_off(api: BotApi, channel: Telegram) -> None:
    sent = channel.send(replace(MESSAGE, title="\N{PACKAGE} USB", actions=ACTIONS, link=LINK)).provider_id
    channel.withdraw("thread", sent)
    assert api.says(41) == f"✓ \N{PACKAGE} USB\n{MESSAGE.body}"
    assert api.messages[CHAT, 41]["entities"] == [{"type": "bold", "offset": 2, "length": 6}]
    assert "reply_markup" not in api.messages[CHAT, 41]
    channel.withdraw("thread", sent)
    assert api.says(41).count("✓") == 1


@pytest.mark.parametrize("message", [None, "", "x", f"{CHAT}:40", "40", f"{CHAT}:"])
def test_nothing_to_tick_off(api: BotApi, channel: Telegram, message: str | None) -> None:
    channel.withdraw("thread", message)
    assert api.messages == {}


def test_a_text_that_would_grow_too_long_keeps_its_words(api: BotApi, channel: Telegram) -> None:
    sent = channel.send(replace(MESSAGE, title="T", body="x" * 4094, actions=ACTIONS)).provider_id
    channel.withdraw("thread", sent)
    assert api.says(41) == "T\n" + "x" * 4094
    assert "reply_markup" not in api.messages[CHAT, 41]


@pytest.mark.parametrize("result", [True, None, {}, {"text": 5}, {"text": "x", "entities": 7}])
def test_a_server_that_does_not_tell_the_text(api: BotApi, channel: Telegram, result: object) -> None:
    api.scripted.append(("", lambda: reply(200, {"ok": True, "result": result})))
    channel.withdraw("thread", "41")
    assert len(api.asked) == 1


def test_ticking_off_can_fail(api: BotApi, channel: Telegram) -> None:
    api.refuses("editMessageReplyMarkup", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(NotifierError, match="the bot is blocked") as caught:
        channel.withdraw("thread", "41")
    assert caught.value.failure is Failure.PERMANENT


# Buttons that are pressed


def test_it_hears_of_buttons(api: BotApi, channel: Telegram) -> None:
    channel.send(replace(MESSAGE, actions=ACTIONS))
    api.press(41, TOKENS[0], update=900)
    assert channel.listen("0") == ([Pressed(TOKENS[0], f"{CHAT}:41:77001")], "901")
    assert channel.listen("901") == ([], "901")
    assert api.called("getUpdates") == [
        {"offset": 0, "limit": 20, "timeout": 15, "allowed_updates": ["callback_query", "message"]},
        {"offset": 901, "limit": 20, "timeout": 15, "allowed_updates": ["callback_query", "message"]},
    ]


@pytest.mark.parametrize("since", [None, "", "1c2f9a", "-3"])
def test_it_begins_with_what_comes_from_now_on(api: BotApi, channel: Telegram, since: str | None) -> None:
    api.press(41, TOKENS[0], update=900)
    api.press(41, TOKENS[0], update=901)
    presses, following = channel.listen(since)
    assert (list(presses), following) == ([], "902")
    assert api.called("getUpdates")[0] | {"offset": -1, "timeout": 0} == api.called("getUpdates")[0]
    api.press(41, TOKENS[1], update=902)
    assert channel.listen(following) == ([Pressed(TOKENS[1], f"{CHAT}:41:77001")], "903")


def test_the_very_first_button_of_a_bot_is_heard(api: BotApi, channel: Telegram) -> None:
    presses, following = channel.listen(None)
    assert (list(presses), following) == ([], "0")
    api.press(41, TOKENS[0], update=5)
    assert channel.listen(following) == ([Pressed(TOKENS[0], f"{CHAT}:41:77001")], "6")


def test_after_a_quiet_week_it_goes_on_from_a_lower_number(api: BotApi, channel: Telegram) -> None:
    api.press(41, TOKENS[0], update=17)
    assert channel.listen("900000") == ([Pressed(TOKENS[0], f"{CHAT}:41:77001")], "18")
    assert channel.listen("18") == ([], "18")


def test_other_chats_are_passed_over(api: BotApi, channel: Telegram) -> None:
    for update, chat in enumerate((666, SUPERGROUP, -CHAT, CHAT, 667), 900):
        api.press(41, TOKENS[0], update=update, chat=chat)
    api.updates.append({"update_id": 905, "message": {"message_id": 1, "chat": {"id": 666}, "text": "hi"}})
    assert channel.listen("0") == ([Pressed(TOKENS[0], f"{CHAT}:41:77001")], "906")


def test_a_channel_is_known_by_its_name(api: BotApi, httpserver: HTTPServer) -> None:
    ours = api.chats["@my_parcels"]
    for update, username in enumerate(("my_parcels2", "", "My_Parcels"), 900):
        api.press(41, TOKENS[0], update=update)
        api.updates[-1]["callback_query"]["message"]["chat"] = {"id": ours["id"], "username": username}
    presses, following = made(server=httpserver.url_for(""), chat_id="@my_parcels").listen("0")
    assert (len(presses), following) == (1, "903")


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "1", "data": "t"},  # under a message that was sent in another's name
        {"id": 1, "data": "t", "message": {"message_id": 41, "chat": {"id": CHAT}}},
        {"id": "1", "game_short_name": "t", "message": {"message_id": 41, "chat": {"id": CHAT}}},
        {"id": "1", "data": None, "message": {"message_id": 41, "chat": {"id": CHAT}}},
        {"id": "1", "data": "t", "message": {"message_id": 41, "chat": CHAT}},
        {"id": "1", "data": "t", "message": {"message_id": 10**30, "chat": {"id": CHAT}}},
        {"id": "1", "data": "t", "message": {"message_id": 41, "chat": {"id": str(CHAT)}}},
        None,
        [],
        7,
    ],
)
def test_an_update_that_cannot_be_read_is_passed_over(api: BotApi, channel: Telegram, broken: object) -> None:
    api.updates.append({"update_id": 900, "callback_query": broken})
    api.press(41, TOKENS[0], update=901)
    assert channel.listen("0") == ([Pressed(TOKENS[0], f"{CHAT}:41:77001")], "902")


@pytest.mark.parametrize("updates", [[7], [None], [{"update_id": "9"}], [{"update_id": 10**30}], [[]]])
def test_updates_without_a_number_change_nothing(api: BotApi, channel: Telegram, updates: object) -> None:
    api.scripted.append(("", lambda: reply(200, {"ok": True, "result": updates})))
    assert channel.listen("900") == ([], "900")


@pytest.mark.parametrize("result", [True, None, {}, "x", 7])
def test_a_list_of_updates_that_is_none(api: BotApi, channel: Telegram, result: object) -> None:
    api.scripted.append(("", lambda: reply(200, {"ok": True, "result": result})))
    with pytest.raises(NotifierError, match="cannot be read") as caught:
        channel.listen("900")
    assert caught.value.failure is Failure.TEMPORARY


def test_twenty_long_updates_are_read_and_no_flood(api: BotApi, channel: Telegram) -> None:
    message = {"message_id": 1, "chat": {"id": 666}, "text": "я" * 4096}
    api.updates = [
        {"update_id": 900 + number, "message": message | {"reply_to_message": message}}
        for number in range(25)
    ]
    assert channel.listen("0") == ([], "920")
    api.scripted.append(("", lambda: Response(b" " * 4_100_000)))
    with pytest.raises(NotifierError):
        channel.listen("920")


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("Conflict: can't use getUpdates method while webhook is active", "has a webhook"),
        ("Conflict: terminated by other getUpdates request", "another program"),
    ],
)
def test_somebody_else_hears_of_the_buttons(
    api: BotApi, channel: Telegram, description: str, words: str
) -> None:
    api.refuses("getUpdates", 409, description)
    with pytest.raises(NotifierError, match=words) as caught:
        channel.listen("900")
    assert caught.value.failure is Failure.TEMPORARY


@pytest.mark.parametrize(("seconds", "wait"), [(0.5, 0), (1, 0), (20, 15), (120, 90)])
def test_it_waits_for_less_than_its_time(
    api: BotApi, httpserver: HTTPServer, seconds: float, wait: int
) -> None:
    made(server=httpserver.url_for(""), timeout_seconds=seconds).listen("1")
    assert api.called("getUpdates")[0]["timeout"] == wait


def test_a_button_that_was_understood(api: BotApi, channel: Telegram) -> None:
    channel.send(replace(MESSAGE, actions=ACTIONS, link=LINK))
    api.press(41, TOKENS[1], update=900)
    [pressed], _ = channel.listen("0")
    channel.confirm(pressed, "✓ Tomorrow at 09:00")
    assert api.called("answerCallbackQuery") == [
        {"callback_query_id": "77001", "text": "✓ Tomorrow at 09:00"}
    ]
    assert api.says(41) == f"{MESSAGE.title}\n{MESSAGE.body}\n\n✓ Tomorrow at 09:00"
    assert api.messages[CHAT, 41]["entities"] == [{"type": "bold", "offset": 0, "length": len(MESSAGE.title)}]
    assert "reply_markup" not in api.messages[CHAT, 41]
    assert len(api.messages) == 1
    channel.confirm(pressed, "✓ Tomorrow at 09:00")  # pressed twice
    assert api.says(41).count("✓") == 1


def test_a_button_that_was_pressed_long_ago(api: BotApi, channel: Telegram) -> None:
    channel.send(replace(MESSAGE, actions=ACTIONS))
    channel.confirm(Pressed(TOKENS[0], f"{CHAT}:41:66000"), "Done")
    assert api.says(41).endswith("\n\nDone")


def test_a_long_confirmation(api: BotApi, channel: Telegram) -> None:
    channel.send(replace(MESSAGE, actions=ACTIONS))
    channel.confirm(Pressed(TOKENS[0], f"{CHAT}:41:77001"), "\N{PACKAGE}" * 150)
    assert units(api.called("answerCallbackQuery")[0]["text"]) <= 200
    assert api.says(41).endswith("\N{PACKAGE}" * 150)


@pytest.mark.parametrize("message", [None, "", "41", "x:y:", "::"])
def test_a_button_of_no_known_message(api: BotApi, channel: Telegram, message: str | None) -> None:
    channel.confirm(Pressed(TOKENS[0], message), "Done")
    assert api.called("editMessageReplyMarkup") == []


def test_a_confirmation_can_fail(api: BotApi, channel: Telegram) -> None:
    api.refuses("answerCallbackQuery", 502, "Bad Gateway")
    with pytest.raises(NotifierError) as caught:
        channel.confirm(Pressed(TOKENS[0], f"{CHAT}:41:77001"), "Done")
    assert caught.value.failure is Failure.TEMPORARY


# Configuration


def test_it_shows_neither_token_nor_chat() -> None:
    channel = made()
    assert channel.describe() == "Telegram, chat …345"
    assert channel.listens
    assert not channel.replaces_in_place
    for shown in (repr(channel), str(channel), repr(channel._bot()), str(vars(channel))):
        assert SECRET not in shown
        assert str(CHAT) not in shown


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"token": "x"}, "notifiers.chat.token: must be a token of BotFather"),
        ({"token": f"{TOKEN}/../x"}, "notifiers.chat.token: must be a token of BotFather"),
        ({"token": f"bot{TOKEN}"}, "notifiers.chat.token: must be a token of BotFather"),
        ({"chat_id": "Ana"}, "notifiers.chat.chat_id: must be the number of a chat, or the @name"),
        ({"chat_id": 1.5}, "notifiers.chat.chat_id: "),
        ({"chat_id": True}, "notifiers.chat.chat_id: "),
        ({"server": "api.telegram.org"}, "notifiers.chat.server: must be an https:// address"),
        ({"server": "https://a:b@c.example"}, "notifiers.chat.server: must be an https:// address"),
        ({"server": "https://c.example/?x"}, "notifiers.chat.server: must end before /bot"),
        ({"server": "http://tg.example"}, "notifiers.chat.server: is plain http to another machine"),
        ({"tokn": TOKEN}, "notifiers.chat.tokn: "),
    ],
)
def test_mistakes_are_told_without_what_was_written(table: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made(**table)
    assert str(caught.value).startswith(problem)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "server"),
    [
        ({}, "https://api.telegram.org"),
        ({"server": "https://tg.example/sub/"}, "https://tg.example/sub"),
        ({"server": "http://127.0.0.1:8081"}, "http://127.0.0.1:8081"),
        ({"server": "http://tg.example", "allow_http": True}, "http://tg.example"),
    ],
)
def test_servers(table: dict[str, object], server: str) -> None:
    assert made(**table).server == server
