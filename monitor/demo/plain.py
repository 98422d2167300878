"""The journey as plain text, as fast as it comes: for a pipe."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from textwrap import wrap
from typing import TextIO

from monitor.demo.journey import Happening, Outcome
from monitor.demo.telling import NEXT, OPENING, day, result, told
from monitor.notifier import Notification

_INDENT, _TEXT_WIDTH = 20, 52
_LINE_WIDTH = _INDENT + _TEXT_WIDTH


class Plain:
    """A screen that is a stream of text; lines are at most 72 characters wide."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._day, self._gap = out, date.min, True

    def begin(self) -> AbstractContextManager[object]:
        self._say(*wrap(OPENING, _LINE_WIDTH))
        return nullcontext()

    async def show(self, happening: Happening) -> None:
        """Prints it, under the heading of its day."""
        at, what = happening.at, happening.what
        if isinstance(what, Outcome):
            for line in ("", *result(what)):
                self._say(*wrap(line, _LINE_WIDTH) or ("",))
            return
        if at.date() != self._day:
            self._day = at.date()
            self._say("", f"{day(at)} {at.year}")
            self._gap = True
        if isinstance(what, Notification):
            self._message(what, f"{at:%H:%M}")
            return
        who, text = told(what)
        if who == "$":
            self._say(f"  {at:%H:%M}  $ {text}")
        else:
            self._beside(f"  {at:%H:%M}  {who}", text)

    def end(self) -> None:
        self._say("", "Now yours:", *(f"  {command}" for command, _ in NEXT))

    def _message(self, message: Notification, clock: str) -> None:
        self._say("")
        self._beside(f"  {clock}  {message.severity.upper()}", message.title)
        for line in message.body.split("\n"):
            self._beside("", line)
        self._say("")

    def _beside(self, label: str, text: str) -> None:
        for part in wrap(text, _TEXT_WIDTH) or ("",):
            self._say(f"{label:<{_INDENT}}{part}")
            label = ""

    def _say(self, *lines: str) -> None:
        """Prints lines, and of several empty ones only the first."""
        for line in lines:
            if line.strip() or not self._gap:
                print(line.rstrip(), file=self._out)
            self._gap = not line.strip()
