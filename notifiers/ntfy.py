"""ntfy (https://docs.ntfy.sh/publish/), on ntfy.sh or a server of one's own.

What it can do beyond showing a text (server 2.16 or newer, Android or web app): a newer stage of an
alert takes the place of the older one, and before a hard deadline a last call waits on the server,
which rings even if this machine is dead by then. Buttons are pressed into a second topic, which is
read over a connection of our own, so no port is open.
"""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from monitor.notifier import Action, Channel, Notification, NotifierError, Pressed, Receipt, Severity
from notifiers._address import server_address
from notifiers._ntfy_api import TITLE_BYTES, Event, Topic, authorization, cut, fitting

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
        then = "after the host: the topic has a key of its own"
        return server_address(value, allow_http=info.data.get("allow_http", True), then=then)

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
        shown = self._topic.publish(self._content(notification, sequence), self._seconds)
        if shown.sequence_id != sequence:  # an older server, where a last call could not be taken back
            return Receipt(shown.id)
        return Receipt(shown.id, self._arm(notification, shown, end))

    def withdraw(self, thread: str, message: str | None) -> None:
        """Takes the last call back, and clears the message: read, and off the lock screen."""
        self._topic.delete(_last_call_of(thread), self._seconds / 2)
        self._topic.clear(_hash(thread), self._seconds / 2)

    def listen(self, since: str | None) -> tuple[Sequence[Pressed], str | None]:
        if self.reply_topic is None:
            return (), None
        said, following = Topic(self.server, self.reply_topic, self.token).said_since(since, self._seconds)
        presses = [_PRESS.fullmatch(text.strip()) for text in said]
        return [Pressed(press[1], press[2]) for press in presses if press], following

    def confirm(self, pressed: Pressed, text: str) -> None:
        if pressed.message:
            content = {"title": "orderwatch", "message": fitting(text), "tags": ["white_check_mark"]}
            quiet = {"priority": PRIORITIES[Severity.INFO], "sequence_id": pressed.message}
            self._topic.publish(content | quiet, self._seconds)

    @property
    def _topic(self) -> Topic:
        return Topic(self.server, self.topic, self.token)

    @property
    def _seconds(self) -> float:
        return self.timeout_seconds * _SHARE

    def _content(self, n: Notification, sequence: str) -> dict[str, Any]:
        """The message as ntfy's JSON."""
        content = {
            "title": cut(n.title, TITLE_BYTES),
            "message": fitting(n.body),
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
            "headers": authorization(self.reply_token),
            "body": f"{action.token} {sequence}",
            "clear": True,
        }

    def _arm(self, n: Notification, shown: Event, end: float) -> str:
        """Leaves the last call on the server in place of an earlier one, and says what came of it. No
        failure is a reason to send the message again, which has arrived."""
        at = last_call_at(n, shown.time) if self.prearm else None
        left = max(end - time.monotonic(), 0.1)
        try:
            if at is not None:
                self._topic.publish(self._content(n, shown.sequence_id) | last_call(n, at), left)
                return f"last call set for {_clock(at, n)}"
            if n.thread and n.replaces:
                self._topic.delete(_last_call_of(n.thread), left)
        except NotifierError as error:
            return f"the last call could not be brought up to date: {error}"
        return ""


CHANNEL = Ntfy


def last_call_at(n: Notification, now: int) -> int | None:
    """When the last call rings, in Unix seconds: two hours before the deadline, or halfway to a nearer
    one. None where there is nothing to call for, or no server takes it so far ahead."""
    if not n.thread or n.deadline is None or n.severity.rank < Severity.URGENT.rank:
        return None
    left = int(n.deadline.timestamp()) - now
    ahead = left - min(LAST_CALL_BEFORE, left // 2)
    return now + ahead if NEAREST <= ahead <= FARTHEST else None


def last_call(n: Notification, at: int) -> dict[str, object]:
    """How the last call differs from the message itself."""
    return {
        "message": fitting(n.last_call or n.body),
        "priority": PRIORITIES[Severity.CRITICAL],
        "tags": [SIGNS[Severity.CRITICAL]],
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
