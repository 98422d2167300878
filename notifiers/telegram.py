"""Telegram, over a bot of one's own. Buttons come back over `getUpdates`, so no port has to be open.

A newer stage of an alert that makes a sound is a new message, for an edit makes none and may stand
far up in the chat; the older message then shrinks to a line that points down to it. A silent one is
edited into the place of the older.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, ClassVar

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
)
from notifiers._address import server_address
from notifiers._bot_api import (
    NOTHING_TO_EDIT,
    TOKEN,
    TOO_LATE,
    Bot,
    Chat,
    Numbered,
    Press,
    forgiven,
    read,
)
from notifiers._telegram_message import NO_PREVIEW, close, deliver, fitted, keyboard, marked_up

#: UTF-16 units in what is shown for a moment when a button was pressed.
TOAST_LIMIT = 200
#: Updates taken at once, and the bytes they may have: each may quote two whole messages.
UPDATES = 20
UPDATES_BYTES = 4_000_000
#: The part of the channel's time for all calls of one errand, so that it ends before it is given up on.
_SHARE = 0.9
#: The part of it that Telegram may wait for a button.
_PATIENCE = 0.75
_SILENT = frozenset({Severity.INFO, Severity.NOTICE})
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
        then, allowed = "before /bot…: the token has a key of its own", info.data.get("allow_http", True)
        return server_address(server, allow_http=allowed, then=then, may_have_path=True)

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
                return deliver(bot, "editMessageText", {**message, **older})
        receipt = deliver(bot, "sendMessage", message)
        if older:
            with suppress(NotifierError):  # what had to arrive has arrived
                bot.ask("editMessageText", {**older, "text": fitted(f"↓ {notification.title}")})
        return receipt

    def withdraw(self, thread: str, message: str | None) -> None:
        """Takes the buttons off a message and puts ✓ before it. One that has no buttons stays as it is:
        Telegram tells the text only in return for a change."""
        if place := self._place(message):
            close(self._bot(), place, before="✓ ")

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
            close(bot, place, after=f"\n\n{text}")

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
            **NO_PREVIEW,
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
