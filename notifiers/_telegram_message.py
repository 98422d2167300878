"""Telegram's messages: how they are written, mended when they are refused, and closed.

Markup is HTML of which only `& < >` are escaped (https://core.telegram.org/bots/api#html-style); lengths
are counted in UTF-16 units.
"""

import html
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from monitor.notifier import Notification, Receipt
from notifiers._bot_api import NOTHING_TO_EDIT, Bot, Refused, Sent, Text, forgiven, read

#: UTF-16 units in a message, its markup not counted.
TEXT_LIMIT = 4096
NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}


def marked_up(title: str, body: str) -> str:
    """The text in Telegram's HTML: the title bold, what anybody wrote as it was written."""
    text = fitted(f"{title}\n{body}" if body else title)
    bold, rest = (html.escape(part, quote=False) for part in (text[: len(title)], text[len(title) :]))
    return f"<b>{bold}</b>{rest}"


def fitted(text: str, most: int = TEXT_LIMIT) -> str:
    """As much of `text` as fits into so many UTF-16 units: whole lines, unless they were less than half."""
    if units(text) <= most:
        return text
    raw = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)]
    head = raw.decode("utf-16-le", "ignore")
    lines = head[: head.rfind("\n") + 1]
    return f"{lines if units(lines) > most / 2 else head}…"


def keyboard(notification: Notification) -> list[list[dict[str, str]]]:
    """The buttons: up to three in a row, more of them in two."""
    link = notification.link
    buttons = [{"text": notification.link_label, "url": link}] if link and _can_be_opened(link) else []
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


def deliver(bot: Bot, method: str, message: Mapping[str, Any], notes: tuple[str, ...] = ()) -> Receipt:
    """Sends or edits a message; one that is refused is mended as far as it can be, and sent again."""
    try:
        sent = read(bot.ask(method, message), Sent)
    except Refused as refused:
        if "message_id" in message and refused.says("not modified"):
            return Receipt(f"{message['chat_id']}:{message['message_id']}")
        mended = _mended(message, refused)
        if mended is None or len(notes) >= 3:
            raise
        return deliver(bot, method, mended[0], (*notes, mended[1]))
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


def close(bot: Bot, place: Mapping[str, object], *, before: str = "", after: str = "") -> None:
    """Takes the buttons off a message and adds to its text, if there is still something to edit."""
    with forgiven(*NOTHING_TO_EDIT):
        told = read(
            bot.ask("editMessageReplyMarkup", {**place, "reply_markup": {"inline_keyboard": []}}), Text
        )
        if told is None or units(text := f"{before}{told.text}{after}") > TEXT_LIMIT:
            return
        bold = [
            {"type": "bold", "offset": entity.offset + units(before), "length": entity.length}
            for entity in told.entities
            if entity.type == "bold"
        ]
        bot.ask("editMessageText", {**place, "text": text, "entities": bold, **NO_PREVIEW})


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
