"""Who watches: they may leave whenever they like, by any key or by Ctrl-C."""

import asyncio
import os
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Viewer:
    """The person, or the program, at the other end."""

    def __init__(self) -> None:
        self._gone = asyncio.Event()

    @property
    def left(self) -> bool:
        """Whether nobody watches any more."""
        return self._gone.is_set()

    def leave(self) -> None:
        self._gone.set()

    async def rest(self, seconds: float) -> None:
        """Lets them read; over at once when they leave."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), seconds)


@contextmanager
def watching(*, keys: bool) -> Iterator[Viewer]:
    """A viewer who leaves by a signal and, with `keys`, by any key. To be used inside the loop."""
    viewer, loop = Viewer(), asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, viewer.leave)
    try:
        with _keys(viewer) if keys else nullcontext():
            yield viewer
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


@contextmanager
def _keys(viewer: Viewer) -> Iterator[None]:
    """The terminal hands over each key at once, unseen, until the end of the block."""
    keyboard, loop = sys.stdin.fileno(), asyncio.get_running_loop()

    def pressed() -> None:
        os.read(keyboard, 1024)
        viewer.leave()

    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    loop.add_reader(keyboard, pressed)
    try:
        yield
    finally:
        loop.remove_reader(keyboard)
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
