"""Telegram, over a bot of one's own. Buttons come back over `getUpdates`, so no port has to be open.

A newer stage of an alert that makes a sound is a new message, for an edit makes none and may stand
far up in the chat; the older message then shrinks to a line that points down to it. A silent one is
edited into the place of the older.
"""

import html
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator

from monitor.notifier import (
    Channel,
    Failure,
    Notification,
    NotifierError,
    Pressed,
    Receipt,
    Severity,
    is_this_machine,
)
from notifiers._bot_api import (
    NOTHING_TO_EDIT,
    TOKEN,
    TOO_LATE,
    Bot,
    Chat,
    Numbered,
    Press,
    Refused,
    Sent,
    Text,
    forgiven,
    read,
)

#: UTF-16 units in a message, its markup not counted.
TEXT_LIMIT = 4096
#: Those in what is shown for a moment when a button was pressed.
TOAST_LIMIT = 200
#: Updates taken at once, and the bytes they may have: each may quote two whole messages.
UPDATES = 20
UPDATES_BYTES = 4_000_000
#: The part of the channel's time for all calls of one errand, so that it ends before it is given up on.
_SHARE = 0.9
#: The part of it that Telegram may wait for a button.
_PATIENCE = 0.75
_SILENT = frozenset({Severity.INFO, Severity.NOTICE})
_NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}
_CHAT = re.compile(r"-?\d{1,19}|@[a-z]\w{3,}", re.ASCII | re.IGNORECASE)


class Telegram(Channel):
    """Sends as a bot to one chat, and hears of the buttons that are pressed there."""

    depends_on: ClassVar[str] = (
        "Do not mute or archive the bot's chat. For alerts at night let it override do not disturb (Android: the"
        " chat's own notification channel; iPhone: Telegram among the Focus's allowed apps)."
    )

    token: SecretStr = Field(
        description="the bot's token, from @BotFather", json_schema_extra={"example": {"credential": "bot"}}
    )
    chat_id: Annotated[SecretStr, BeforeValidator(lambda told: str(told) if type(told) is int else told)] = (
        Field(
            description="the chat's number (a group's is negative), or the @name of a channel",
            json_schema_extra={"example": "12345"},
        )
    )
    allow_http: bool = Field(default=False, description="allow plain http:// to other machines than this one")
    server: str = Field(
        default="https://api.telegram.org", description="Telegram's server, or a Bot API server of your own"
    )

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, token: SecretStr) -> SecretStr:
        if not TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("must be a token of BotFather: a number, a colon, letters and digits")
        return token

    @field_validator("chat_id")
    @classmethod
    def _is_a_chat(cls, chat_id: SecretStr) -> SecretStr:
        if not _CHAT.fullmatch(chat_id.get_secret_value()):
            raise ValueError("must be the number of a chat, or the @name of a channel")
        return chat_id

    @field_validator("server")
    @classmethod
    def _is_an_address(cls, server: str, info: ValidationInfo) -> str:
        parts = urlsplit(server)
        if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc:
            raise ValueError("must be an https:// address, without a user")
        if parts.query or parts.fragment:
            raise ValueError("must end before /bot…: the token has a key of its own")
        if parts.scheme == "http" and not (
            info.data.get("allow_http", True) or is_this_machine(parts.hostname)
        ):
            raise ValueError("is plain http to another machine: use https://, or set allow_http = true")
        return server.rstrip("/")

    @property
    def listens(self) -> bool:
        return True

    def describe(self) -> str:
        return f"Telegram, chat …{self._chat[-3:]}"

    def send(self, notification: Notification) -> Receipt:
        bot, message = self._bot(), self._message(notification)
        older = self._place(notification.replaces)
        if older and older["chat_id"] == self._chat and notification.severity in _SILENT:
            with forgiven(*NOTHING_TO_EDIT):
                return _deliver(bot, "editMessageText", {**message, **older})
        receipt = _deliver(bot, "sendMessage", message)
        if older:
            with suppress(NotifierError):  # what had to arrive has arrived
                bot.ask("editMessageText", {**older, "text": fitted(f"↓ {notification.title}")})
        return receipt

    def withdraw(self, thread: str, message: str | None) -> None:
        """Takes the buttons off a message and puts ✓ before it. One that has no buttons stays as it is:
        Telegram tells the text only in return for a change."""
        if place := self._place(message):
            _close(self._bot(), place, before="✓ ")

    def listen(self, since: str | None) -> tuple[Sequence[Pressed], str | None]:
        begun = since is not None and since.isdecimal()
        question = {
            # -1: the newest alone, with which all that is older is forgotten.
            "offset": int(since or 0) if begun else -1,
            "timeout": int(self.timeout_seconds * _PATIENCE) if begun else 0,
            "limit": UPDATES,
            "allowed_updates": ["callback_query", "message"],
        }
        updates = read(self._bot().ask("getUpdates", question, UPDATES_BYTES), list[msgspec.Raw])
        if updates is None:
            raise NotifierError("Telegram: its list of updates cannot be read", Failure.TEMPORARY)
        numbers = [update.update_id for raw in updates if (update := read(raw, Numbered))]
        # Whatever was asked for: after a quiet week Telegram goes on from any number, even a lower one.
        following = str(numbers[-1] + 1) if numbers else (since if begun else "0")
        return self._presses(updates) if begun else (), following

    def confirm(self, pressed: Pressed, text: str) -> None:
        """Shows `text` for a moment and adds it to the message, whose buttons go."""
        bot, (message, _, query) = self._bot(), (pressed.message or "").rpartition(":")
        if query:
            with forgiven(*TOO_LATE):
                bot.ask(
                    "answerCallbackQuery", {"callback_query_id": query, "text": fitted(text, TOAST_LIMIT)}
                )
        if place := self._place(message):
            _close(bot, place, after=f"\n\n{text}")

    @property
    def _chat(self) -> str:
        return self.chat_id.get_secret_value()

    def _bot(self) -> Bot:
        address = f"{self.server}/bot{self.token.get_secret_value()}"
        return Bot(address, self.timeout_seconds * _SHARE)

    def _message(self, notification: Notification) -> dict[str, Any]:
        message = {
            "chat_id": self._chat,
            "text": marked_up(notification.title, notification.body),
            "parse_mode": "HTML",
            "disable_notification": notification.severity in _SILENT,
            **_NO_PREVIEW,
        }
        rows = keyboard(notification)
        return {**message, "reply_markup": {"inline_keyboard": rows}} if rows else message

    def _place(self, message: str | None) -> dict[str, object] | None:
        """Where a message stands, from the id in its receipt: the chat's, a colon, the message's own."""
        chat, _, number = (message or "").rpartition(":")
        return {"chat_id": chat or self._chat, "message_id": int(number)} if number.isdecimal() else None

    def _presses(self, updates: Sequence[msgspec.Raw]) -> Sequence[Pressed]:
        """The buttons pressed in our chat; nobody else's count."""
        found = [press.callback_query for raw in updates if (press := read(raw, Press))]
        return [
            Pressed(query.data, f"{query.message.chat.id}:{query.message.message_id}:{query.id}")
            for query in found
            if self._is_ours(query.message.chat)
        ]

    def _is_ours(self, chat: Chat) -> bool:
        return self._chat.lower() in (str(chat.id), f"@{chat.username}".lower())


CHANNEL = Telegram


def marked_up(title: str, body: str) -> str:
    """The text in Telegram's HTML: the title bold, what anybody wrote as it was written."""
    text = fitted(f"{title}\n{body}" if body else title)
    bold, rest = (html.escape(part, quote=False) for part in (text[: len(title)], text[len(title) :]))
    return f"<b>{bold}</b>{rest}"


def fitted(text: str, units: int = TEXT_LIMIT) -> str:
    """As much of `text` as fits into so many UTF-16 units: whole lines, unless they were less than half."""
    if _units(text) <= units:
        return text
    raw = text.encode("utf-16-le", "surrogatepass")[: 2 * (units - 1)]
    head = raw.decode("utf-16-le", "ignore")
    lines = head[: head.rfind("\n") + 1]
    return f"{lines if _units(lines) > units / 2 else head}…"


def keyboard(notification: Notification) -> list[list[dict[str, str]]]:
    """The buttons: up to three in a row, more of them in two."""
    link = notification.link
    buttons = [{"text": "Open order", "url": link}] if link and _can_be_opened(link) else []
    buttons += [{"text": action.label, "callback_data": action.token} for action in notification.actions]
    width = len(buttons) if len(buttons) <= 3 else (len(buttons) + 1) // 2
    return [row for row in (buttons[:width], buttons[width:]) if row]


def _can_be_opened(link: str) -> bool:
    """Whether Telegram takes it for a button; for a host without a dot it refuses the whole message."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and "." in (parts.hostname or "")


def _deliver(bot: Bot, method: str, message: Mapping[str, Any], notes: tuple[str, ...] = ()) -> Receipt:
    """Sends or edits a message; one that is refused is mended as far as it can be, and sent again."""
    try:
        sent = read(bot.ask(method, message), Sent)
    except Refused as refused:
        if "message_id" in message and refused.says("not modified"):
            return Receipt(f"{message['chat_id']}:{message['message_id']}")
        mended = _mended(message, refused)
        if mended is None or len(notes) >= 3:
            raise
        return _deliver(bot, method, mended[0], (*notes, mended[1]))
    return Receipt(f"{message['chat_id']}:{sent.message_id}" if sent else None, "; ".join(notes))


def _mended(message: Mapping[str, Any], refused: Refused) -> tuple[Mapping[str, Any], str] | None:
    """`message` so that Telegram takes it, and what was done to it; None if nothing can be done."""
    if refused.moved_to and "message_id" not in message:  # there, messages have other numbers
        moved = f'the group has a new number: write chat_id = "{refused.moved_to}" in the configuration'
        return {**message, "chat_id": str(refused.moved_to)}, moved
    if refused.says("parse entities") and "parse_mode" in message:
        text = html.unescape(message["text"].removeprefix("<b>").replace("</b>", "", 1))
        plain = {key: value for key, value in message.items() if key != "parse_mode"}
        return {**plain, "text": text}, "as plain text: Telegram could not read the markup"
    if refused.says("button") and "reply_markup" in message:
        bare = {key: value for key, value in message.items() if key != "reply_markup"}
        return bare, "without buttons: Telegram did not take them"
    return None


def _close(bot: Bot, place: Mapping[str, object], *, before: str = "", after: str = "") -> None:
    """Takes the buttons off a message and adds to its text, if there is still something to edit."""
    with forgiven(*NOTHING_TO_EDIT):
        told = read(
            bot.ask("editMessageReplyMarkup", {**place, "reply_markup": {"inline_keyboard": []}}), Text
        )
        if told is None or _units(text := f"{before}{told.text}{after}") > TEXT_LIMIT:
            return
        bold = [
            {"type": "bold", "offset": entity.offset + _units(before), "length": entity.length}
            for entity in told.entities
            if entity.type == "bold"
        ]
        bot.ask("editMessageText", {**place, "text": text, "entities": bold, **_NO_PREVIEW})


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
