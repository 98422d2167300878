"""ntfy (https://docs.ntfy.sh/publish/), on ntfy.sh or a server of one's own.

What it can do beyond showing a text (server 2.16 or newer, Android or web app): a newer stage of an
alert takes the place of the older one, and before a hard deadline a last call waits on the server,
which rings even if this machine is dead by then. Buttons are pressed into a second topic, which is
read over a connection of our own, so no port is open.

A topic is a password: neither topic nor token stands in any error.
"""

import json
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec
from pydantic import Field, SecretStr, ValidationInfo, field_validator

from monitor.notifier import (
    Action,
    Channel,
    Notification,
    NotifierError,
    Pressed,
    Receipt,
    Severity,
    is_this_machine,
)

if TYPE_CHECKING:
    from notifiers._client import Answer

#: ntfy's priorities: 1 is never seen, 3 makes a sound, 5 does not stop.
PRIORITIES: Mapping[Severity, int] = {
    Severity.INFO: 2,
    Severity.NOTICE: 3,
    Severity.WARNING: 4,
    Severity.URGENT: 4,
    Severity.CRITICAL: 5,
}
#: The sign before the title: names of ntfy's emojis. What it is about only the text says, or does not.
SIGNS: Mapping[Severity, str] = {
    Severity.INFO: "information_source",
    Severity.NOTICE: "package",
    Severity.WARNING: "hourglass_flowing_sand",
    Severity.URGENT: "warning",
    Severity.CRITICAL: "rotating_light",
}
#: Limits in bytes of UTF-8. The server makes a file of a message of 4096, and takes twice that for the
#: whole JSON: this is what fits in even if every character of it has to be escaped.
MESSAGE_BYTES = 3000
TITLE_BYTES = 250
ACTIONS = 3
#: How long before a deadline the last call rings, and how far ahead the server takes one (seconds; its
#: own limits are 10 seconds and 3 days, this leaves it a margin).
LAST_CALL_BEFORE = 2 * 3600
NEAREST, FARTHEST = 15, 3 * 86_400 - 60

#: The part of the channel's time that requests get, so that they end before they are given up on.
_SHARE = 0.95
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
_TOKEN = re.compile(r"[!-~]+")
#: What a button posts: the alert's token, and the sequence of the message that it stood under.
_PRESS = re.compile(r"([!-~]{1,64}) ([0-9a-f]{20})")
#: A server older than 2.16 knows no sequences: nothing was armed there, and nothing is cleared.
_UNKNOWN_THERE = frozenset({404, 405})


class _Event(msgspec.Struct, frozen=True, gc=False):
    """What ntfy answers, and says in its streams. `time` is the server's own, in Unix seconds."""

    id: str
    event: str
    time: int
    message: str = ""
    sequence_id: str = ""


_READ = msgspec.json.Decoder(_Event)


class Ntfy(Channel):
    """Publishes to one topic, and hears of buttons in another."""

    replaces_in_place: ClassVar[bool] = True
    depends_on: ClassVar[str] = (
        "Android: take the app out of battery optimisation, with ntfy.sh switch on instant delivery, and let"
        " priority Max override do not disturb. iPhone: allow time sensitive notifications; a phone on silent"
        " stays silent."
    )

    allow_http: bool = Field(default=False, description="allow plain http:// to other machines than this one")
    server: str = Field(default="https://ntfy.sh", description="the server's address")
    topic: SecretStr = Field(
        description="the topic that the phone subscribes to; whoever knows it can read along",
        json_schema_extra={"example": {"credential": "ntfy-topic"}},
    )
    token: SecretStr | None = Field(
        default=None,
        description="access token of the server's account, for topics that are not open to all",
        json_schema_extra={"example": {"credential": "ntfy-token"}},
    )
    reply_topic: SecretStr | None = Field(
        default=None,
        description="a second topic, which buttons write to and nobody subscribes to; without it there are none",
        json_schema_extra={"example": {"credential": "ntfy-reply-topic"}},
    )
    reply_token: SecretStr | None = Field(
        default=None,
        description="access token that the phone writes to reply_topic with, if that is not open to all;"
        " it travels with every message, so let it do nothing else",
        json_schema_extra={"example": {"credential": "ntfy-reply-token"}},
    )
    prearm: bool = Field(
        default=True,
        description="leave a last call on the server before a hard deadline, which rings even if this"
        " machine is down",
    )

    @field_validator("server")
    @classmethod
    def _is_a_server(cls, value: str, info: ValidationInfo) -> str:
        parts = _address(value)
        if parts is None or "@" in parts.netloc:
            raise ValueError("must be an https:// address, without a user")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must end after the host: the topic has a key of its own")
        if parts.scheme == "http" and not (
            info.data.get("allow_http", True) or is_this_machine(parts.hostname or "")
        ):
            raise ValueError("is plain http to another machine: use https://, or set allow_http = true")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("topic", "reply_topic")
    @classmethod
    def _is_a_topic(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None and not _TOPIC.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1 to 64 letters, digits, - or _")
        if value is not None and value == info.data.get("topic"):
            raise ValueError("must not be the topic itself: each press of a button would be a message")
        return value

    @field_validator("token", "reply_token")
    @classmethod
    def _is_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("must be an access token: letters and digits, without spaces")
        return value

    @property
    def listens(self) -> bool:
        return self.reply_topic is not None

    def describe(self) -> str:
        buttons = ", buttons to a second one" if self.listens else ""
        return f"ntfy at {urlsplit(self.server).netloc}, topic •••{buttons}"

    def send(self, notification: Notification) -> Receipt:
        end = time.monotonic() + self._seconds
        sequence = _hash(notification.thread or f"delivery {notification.id}")
        shown = self._publish(self._content(notification, sequence), self._seconds)
        if shown.sequence_id != sequence:  # an older server, where a last call could not be taken back
            return Receipt(shown.id)
        return Receipt(shown.id, self._arm(notification, shown, end))

    def withdraw(self, thread: str, message: str | None) -> None:
        """Takes the last call back, and clears the message: read, and off the lock screen."""
        self._tell("DELETE", _last_call_of(thread), self._seconds / 2)
        self._tell("PUT", f"{_hash(thread)}/clear", self._seconds / 2)

    def listen(self, since: str | None) -> tuple[Sequence[Pressed], str | None]:
        if self.reply_topic is None:
            return (), None
        query = f"?{urlencode({'since': since})}" if since else ""
        path = f"{self.reply_topic.get_secret_value()}/json{query}"
        answer = self._ask("GET", path, self._seconds, enough=_has_message)
        presses: list[Pressed] = []
        opened = False
        for event in _events(answer.body):
            match event.event:
                case "open":
                    opened, since = True, since or str(event.time)
                case "message":
                    since = event.id
                    presses += _pressed(event.message)
        if since is None or not opened:
            raise self._somebody_else(answer)
        return presses, since

    def confirm(self, pressed: Pressed, text: str) -> None:
        if pressed.message:
            content = {"title": "orderwatch", "message": _fitting(text), "tags": ["white_check_mark"]}
            quiet = {"priority": PRIORITIES[Severity.INFO], "sequence_id": pressed.message}
            self._publish(content | quiet, self._seconds)

    @property
    def _seconds(self) -> float:
        return self.timeout_seconds * _SHARE

    def _content(self, n: Notification, sequence: str) -> dict[str, Any]:
        """The message as ntfy's JSON."""
        content = {
            "title": _cut(n.title, TITLE_BYTES),
            "message": _fitting(n.body),
            "priority": PRIORITIES[n.severity],
            "tags": [SIGNS[n.severity]],
            "sequence_id": sequence,
            "click": n.link,
            "actions": [self._button(action, sequence) for action in n.actions[:ACTIONS] if self.listens],
        }
        return {key: value for key, value in content.items() if value}

    def _button(self, action: Action, sequence: str) -> Mapping[str, object]:
        assert self.reply_topic is not None
        return {
            "action": "http",
            "label": action.label,
            "url": f"{self.server}/{self.reply_topic.get_secret_value()}",
            "headers": _authorization(self.reply_token),
            "body": f"{action.token} {sequence}",
            "clear": True,
        }

    def _arm(self, n: Notification, shown: _Event, end: float) -> str:
        """Leaves the last call on the server in place of an earlier one, and says what came of it. No
        failure is a reason to send the message again, which has arrived."""
        at = last_call_at(n, shown.time) if self.prearm else None
        left = max(end - time.monotonic(), 0.1)
        try:
            if at is not None:
                self._publish(self._content(n, shown.sequence_id) | last_call(n, shown.time, at), left)
                return f"last call set for {_clock(at, n)}"
            if n.thread and n.replaces:
                self._tell("DELETE", _last_call_of(n.thread), left)
        except NotifierError as error:
            return f"the last call could not be brought up to date: {error}"
        return ""

    def _publish(self, content: Mapping[str, Any], seconds: float) -> _Event:
        """What the server says that it has taken. Raises NotifierError."""
        message = json.dumps({"topic": self.topic.get_secret_value(), **content}, ensure_ascii=False)
        answer = self._ask("POST", "", seconds, body=message.encode(errors="replace"))
        taken = next(_events(answer.body + b"\n"), None)
        if taken is None or taken.event != "message":
            raise self._somebody_else(answer)
        return taken

    def _tell(self, method: str, path: str, seconds: float) -> None:
        """Asks for something about one sequence; a server that does not know them has nothing to do."""
        path = f"{self.topic.get_secret_value()}/{path}"
        answer = self._ask(method, path, seconds, fine=_UNKNOWN_THERE)
        if answer.status not in _UNKNOWN_THERE and not any(_events(answer.body + b"\n")):
            raise self._somebody_else(answer)

    def _ask(
        self,
        method: str,
        path: str,
        seconds: float,
        *,
        body: bytes | None = None,
        fine: Collection[int] = (),
        enough: Callable[[bytes], bool] | None = None,
    ) -> "Answer":
        from notifiers._client import call, verdict

        headers = _authorization(self.token).items()
        url = f"{self.server}/{path}"
        answer = call(method, url, headers=headers, body=body, seconds=seconds, enough=enough)
        refused = verdict(answer)
        if refused and answer.status not in fine:
            raise refused.error(self.server)
        return answer

    def _somebody_else(self, answer: "Answer") -> NotifierError:
        from notifiers._client import somebody_else

        return somebody_else(answer).error(self.server)


CHANNEL = Ntfy


def _address(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - is looked at only when it is asked for
    except ValueError:
        return None
    return parts if parts.scheme in ("https", "http") and parts.hostname else None


def last_call_at(n: Notification, now: int) -> int | None:
    """When the last call rings, in Unix seconds: two hours before the deadline, or halfway to a nearer
    one. None where there is nothing to call for, or no server takes it so far ahead."""
    if not n.thread or n.deadline is None or n.severity.rank < Severity.URGENT.rank:
        return None
    left = int(n.deadline.timestamp()) - now
    ahead = left - min(LAST_CALL_BEFORE, left // 2)
    return now + ahead if NEAREST <= ahead <= FARTHEST else None


def last_call(n: Notification, now: int, at: int) -> dict[str, object]:
    """How the last call differs from the message itself. What that said of the time left will be old
    when it rings: so the deadline stands above it, and when it was said before it."""
    assert n.deadline is not None
    deadline, first = int(n.deadline.timestamp()), n.body.partition("\n")[0]
    return {
        "message": _fitting(f"⏰ {_clock(deadline, n)}\n({_clock(now, n)}) {first}"),
        "priority": PRIORITIES[Severity.CRITICAL],
        "tags": ["rotating_light"],
        "sequence_id": _last_call_of(n.thread),
        "delay": str(at),
    }


def _last_call_of(thread: str) -> str:
    return _hash(f"{thread} last call")


def _hash(text: str) -> str:
    """A sequence that says nothing to who can read along. The server takes 64 of `[-_A-Za-z0-9]`."""
    return sha256(text.encode()).hexdigest()[:20]


def _clock(instant: int, n: Notification) -> str:
    """An instant in the zone that the deadline is told in, the same in every language."""
    assert n.deadline is not None
    return f"{datetime.fromtimestamp(instant, n.deadline.tzinfo):%Y-%m-%d %H:%M %Z}"


def _authorization(token: SecretStr | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


def _events(lines: bytes) -> Iterator[_Event]:
    """The events among the whole lines; what is none is passed over."""
    for line in lines.split(b"\n")[:-1]:
        with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            yield _READ.decode(line)


def _has_message(lines: bytes) -> bool:
    return b'"event":"message"' in lines[: lines.rfind(b"\n") + 1]


def _pressed(text: str) -> Iterator[Pressed]:
    if press := _PRESS.fullmatch(text.strip()):
        yield Pressed(press[1], press[2])


def _fitting(text: str) -> str:
    """As many whole lines as a message may have; of a first line that is too long, its beginning."""
    while len(text.encode(errors="replace")) > MESSAGE_BYTES and "\n" in text:
        text = text.rpartition("\n")[0]
    return _cut(text, MESSAGE_BYTES)


def _cut(text: str, size: int) -> str:
    return text.encode(errors="replace")[:size].decode(errors="ignore")
