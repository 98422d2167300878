"""Telegram's Bot API (https://core.telegram.org/bots/api): asking, and what the answers mean.

An answer is `{"ok": true, "result": …}` or `{"ok": false, "error_code": …, "description": …}`, and the
second is a failure whatever its HTTP status. The address of every call holds the bot's token: no
error, log or `repr` may show it.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec

from monitor.notifier import Failure, NotifierError

if TYPE_CHECKING:
    from notifiers._client import Answer

TOKEN = re.compile(r"\d+(:|%3A)[\w-]+", re.ASCII | re.IGNORECASE)
#: No pause that Telegram asks for is longer.
LONGEST_WAIT = timedelta(days=1)
#: Refusals that leave nothing to edit: the message is as it should be, gone, too old, or in a former group.
NOTHING_TO_EDIT = (
    "not modified",
    "to edit not found",
    "can't be edited",
    "message_id_invalid",
    "upgraded to a supergroup",
)
#: Refusals of an answer to a button that was pressed minutes ago.
TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")

_TRY_AGAIN = frozenset({408, 409, 425, 429})
_WRONG_TOKEN = "the token is not accepted: is it as BotFather gave it, and not revoked?"  # noqa: S105
#: What refusals mean to the one who set it up: status, words of Telegram, words of ours.
_MEANINGS: Sequence[tuple[int, str, str]] = (
    (401, "", _WRONG_TOKEN),
    (404, "", _WRONG_TOKEN),
    (403, "blocked by the user", "the bot is blocked: open its chat in Telegram and unblock it"),
    (403, "deactivated", "the account of this chat_id no longer exists"),
    (403, "initiate conversation", "a bot cannot begin: open its chat in Telegram and press Start"),
    (403, "", "the bot may not write to this chat: was it removed from it?"),
    (
        400,
        "chat not found",
        "it knows no such chat: is chat_id right, and did you press Start in the bot's chat?",
    ),
    (400, "not enough rights", "the bot may not write to this chat: give it the right to post"),
    (409, "webhook", "this bot has a webhook, which hears of the buttons in our place: delete it"),
    (409, "", "another program hears of this bot's buttons: give orderwatch a bot of its own"),
    (429, "", "it asks for a pause"),
)

Shape = TypeVar("Shape")
Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class _Parameters(msgspec.Struct, frozen=True, gc=False):
    retry_after: Number = 0
    migrate_to_chat_id: Number | None = None


class _Reply(msgspec.Struct, frozen=True, gc=False):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: Number = 0
    description: str = ""
    parameters: _Parameters = _Parameters()


class Chat(msgspec.Struct, frozen=True, gc=False):
    id: Number
    username: str = ""


class Message(msgspec.Struct, frozen=True, gc=False):
    message_id: Number
    chat: Chat


class Query(msgspec.Struct, frozen=True, gc=False):
    """A button that was pressed, `data`, and the message that it stood under."""

    id: str
    message: Message
    data: str


class Press(msgspec.Struct, frozen=True, gc=False):
    """An update about a button."""

    callback_query: Query


class Numbered(msgspec.Struct, frozen=True, gc=False):
    """Any update."""

    update_id: Number


class Sent(msgspec.Struct, frozen=True, gc=False):
    message_id: Number


class Entity(msgspec.Struct, frozen=True, gc=False):
    """Markup: from `offset` on, for `length`, in UTF-16 units."""

    type: str
    offset: Number
    length: Number


class Text(msgspec.Struct, frozen=True, gc=False):
    text: str
    entities: tuple[Entity, ...] = ()


class Refused(NotifierError):
    """An answer `ok: false`. `said`: Telegram's own words, in small letters. `moved_to`: the number of the
    supergroup that the chat has become."""

    def __init__(self, reply: _Reply, status: int, wait: timedelta | None) -> None:
        code, asked = reply.error_code or status, reply.parameters.retry_after
        self.said, self.moved_to = reply.description.lower(), reply.parameters.migrate_to_chat_id
        super().__init__(
            f"Telegram: {_meaning(code, reply.description)}",
            Failure.TEMPORARY if code in _TRY_AGAIN or code >= 500 else Failure.PERMANENT,
            retry_after=min(timedelta(seconds=min(asked, 10**6)), LONGEST_WAIT) if asked > 0 else wait,
        )

    def says(self, *words: str) -> bool:
        return any(part in self.said for part in words)


class Bot:
    """A bot during one errand, all of whose calls together have `seconds`. `address` ends with its token."""

    def __init__(self, address: str, seconds: float) -> None:
        self._address, self._end = address, time.monotonic() + seconds

    def ask(self, method: str, parameters: Mapping[str, object], max_bytes: int = 1_000_000) -> msgspec.Raw:
        """The result of a method. Raises NotifierError: Refused, where Telegram says no."""
        from notifiers._client import call

        left = self._end - time.monotonic()
        if left <= 0:
            raise NotifierError("Telegram: there was no time left", Failure.TEMPORARY)
        body = json.dumps(parameters, ensure_ascii=False).encode("utf-8", "replace")
        headers = (("content-type", "application/json"),)
        url = f"{self._address}/{method}"
        return _result(call("POST", url, headers=headers, body=body, seconds=left, max_bytes=max_bytes))


@contextmanager
def forgiven(*words: str) -> Iterator[None]:
    """Lets pass a refusal that says one of these."""
    try:
        yield
    except Refused as refused:
        if not refused.says(*words):
            raise


def read(raw: bytes | msgspec.Raw, shape: type[Shape]) -> Shape | None:
    """What is written in `raw`; None if it is something else."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _result(answer: "Answer") -> msgspec.Raw:
    from notifiers._client import somebody_else, verdict

    reply, failed = read(answer.body, _Reply), verdict(answer)
    if reply and not reply.ok:
        raise Refused(reply, answer.status, failed.retry_after if failed else None)
    if failed or reply is None:
        raise (failed or somebody_else(answer)).error("Telegram")
    return reply.result


def _meaning(code: int, said: str) -> str:
    for status, words, meaning in _MEANINGS:
        if status == code and words in said.lower():
            return meaning
    if code >= 500:
        return f"it has a fault of its own ({code})"
    shown = "".join(mark for mark in TOKEN.sub("…", said) if mark.isprintable())
    return f"it refused ({code}): {shown[:120]}" if shown else f"it refused ({code}) and did not say why"
