r"""One structured line on stderr for every message: what the journal keeps, and a terminal shows.

A line is made of `key=value` pairs (logfmt): `level=urgent rule=customs_hold order=8190000000007731
title="Customs hold: USB hub" body="9 days held\n…"`. Line breaks are written as `\n`, other control
characters and what turns the direction of writing are left out, so a line is always one line and
says what it seems to say. The time is not in it: the journal adds its own.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from monitor.notifier import Channel, Failure, Notification, NotifierError, Receipt, Severity

#: The levels of syslog, which systemd reads from the head of a line (sd-daemon(3)).
PRIORITIES: Mapping[Severity, int] = {
    Severity.INFO: 6,
    Severity.NOTICE: 5,
    Severity.WARNING: 4,
    Severity.URGENT: 3,
    Severity.CRITICAL: 2,
}
_BARE = re.compile(r"[\w.:/+-]+", re.ASCII)
#: Categories of Unicode that are no text: controls, formats (bidi among them), separators, halves.
_NO_TEXT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Journal(Channel):
    """Writes each message as one line on stderr, and is content with that."""

    keeps_record: ClassVar[bool] = True

    min_severity: Severity = Field(
        default=Severity.INFO,
        description="the least that is written here: info, notice, warning, urgent or critical",
    )
    priority_prefix: bool = Field(
        default=False,
        description="start each line with its priority, as in <3>: for a service of systemd",
    )

    def send(self, notification: Notification) -> Receipt:
        line = logfmt(notification)
        if self.priority_prefix:
            line = f"<{PRIORITIES[notification.severity]}>{line}"
        if sys.stderr is None:
            raise NotifierError("there is no stderr to write to", Failure.TEMPORARY)
        try:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is closed"
            raise NotifierError(f"stderr cannot be written: {reason}", Failure.TEMPORARY) from None
        return Receipt()

    def describe(self) -> str:
        return "stderr"


CHANNEL = Journal


def logfmt(notification: Notification) -> str:
    """`notification` as `key=value` pairs in one line; what is empty is left out."""
    return " ".join(f"{key}={_value(text)}" for key, text in _pairs(notification) if text)


def _pairs(notification: Notification) -> Iterator[tuple[str, str]]:
    yield "level", notification.severity.value
    yield "rule", notification.rule
    yield "stage", notification.stage
    yield "order", notification.order or ""
    yield "subject", notification.subject
    yield "delivery", notification.id
    yield "repeat", "maybe" if notification.maybe_repeat else ""
    yield "title", notification.title
    yield "body", notification.body


def _value(text: str) -> str:
    visible = "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in _NO_TEXT)
    return visible if _BARE.fullmatch(visible) else json.dumps(visible, ensure_ascii=False)
