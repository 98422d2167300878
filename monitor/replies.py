"""Buttons under messages: what each says, signed, so that nobody else can press it.

A token is all that comes back from a phone. It names the alert, which of its stages was told, the
delivery it stood under, and until when it counts; 40 characters, of the 64 that Telegram carries.
"""

import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from monitor.core.alerts import LASTING, Alert
from monitor.core.model import Severity
from monitor.core.texts import Catalogue
from monitor.notifier import Action

#: How long a button counts.
LIFETIME = timedelta(days=14)

_VERSION = 1
#: Version, word, level, alert, delivery, and seconds since 1970.
_SAID = struct.Struct(">BBBIII")
_SIGNATURE_BYTES = 15
_TOKEN = re.compile("[A-Za-z0-9_-]{40}")


class Word(StrEnum):
    """What a button says. Their order is part of every token: new ones go to the end."""

    DONE = "done"
    TOMORROW = "tomorrow"
    RECEIVED = "received"
    NOT_HERE = "not_here"


_WORDS = tuple(Word)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a button says, of which stage (by its level) of which alert, under which delivery. It
    counts until `expires_at`, exclusive, in whole seconds."""

    alert: int
    level: int
    delivery: int
    word: Word
    expires_at: datetime


class WhyNot(StrEnum):
    """Why a token does not count."""

    MALFORMED = "it is no token"
    FOREIGN = "it was not signed here"
    EXPIRED = "it has expired"
    USED = "it was used before"


def sign(secret: bytes, reply: Reply) -> str:
    """The token of a reply: 40 characters that are safe in an address."""
    seconds = int(reply.expires_at.timestamp())
    said = _SAID.pack(_VERSION, _WORDS.index(reply.word), reply.level, reply.alert, reply.delivery, seconds)
    return urlsafe_b64encode(said + _signature(secret, said)).decode()


def read_token(secret: bytes, token: str, now: datetime) -> Reply | WhyNot:
    """The reply of a token that counts at `now`, as far as it can be told from the token alone."""
    if not _TOKEN.fullmatch(token):
        return WhyNot.MALFORMED
    told = urlsafe_b64decode(token)
    said, signature = told[: _SAID.size], told[_SAID.size :]
    if not hmac.compare_digest(signature, _signature(secret, said)):
        return WhyNot.FOREIGN
    _, word, level, alert, delivery, seconds = _SAID.unpack(said)
    expires_at = datetime.fromtimestamp(seconds, UTC)
    if now >= expires_at:
        return WhyNot.EXPIRED
    return Reply(alert, level, delivery, _WORDS[word], expires_at)


def digest(token: str) -> bytes:
    """What is kept of a token that was used."""
    return sha256(token.encode()).digest()


def words_for(alert: Alert) -> tuple[Word, ...]:
    """The buttons under a message about the present stage of an alert: none where nothing is asked."""
    if alert.state not in LASTING or alert.severity is Severity.INFO:
        return ()
    if alert.key.rule == "delivered_unconfirmed":
        return Word.RECEIVED, Word.NOT_HERE, Word.TOMORROW
    return Word.DONE, Word.TOMORROW


def actions(
    secret: bytes, alert: Alert, delivery: int, now: datetime, texts: Catalogue
) -> tuple[Action, ...]:
    """The buttons under a delivery that tells the present stage of an alert."""
    expires_at = now + LIFETIME
    return tuple(
        Action(texts.buttons[word], sign(secret, Reply(alert.id, alert.level, delivery, word, expires_at)))
        for word in words_for(alert)
    )


def _signature(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, said, "sha256")[:_SIGNATURE_BYTES]
