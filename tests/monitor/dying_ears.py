"""A process that dies while it hears of a button: `dying_ears.py FOLDER TOKEN` listens to a phone on
which TOKEN was pressed, over copies of FOLDER, `dies-at-1` and so on beside it. In the k-th copy it ends
in SIGKILL at the k-th step (a statement of SQLite, or one side of what the phone shows), and then
listens once more. Prints how often it died, and the number of steps of the life that came to its end.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from monitor.notifier import Pressed
from tests.monitor.dying import Steps
from tests.monitor.remote import Remote, hear
from tests.monitor.stage import Stage


class Watched(Remote):
    """A phone that writes down what it showed, and may be killed before and after."""

    _step: Any = None
    _folder: Any = None

    def confirm(self, pressed: Pressed, text: str) -> None:
        self._step("before it is shown")
        with (self._folder / "shown.txt").open("a", encoding="utf-8") as shown:
            shown.write(f"{text}\n")
        self._step("after it was shown")


async def listen(folder: Path, token: str, steps: Steps) -> None:
    """Hears of one button, pressed after what was heard before."""
    connect, is_listening = sqlite3.connect, False

    def counted(what: str) -> None:
        if is_listening:
            steps(what)

    def traced(*args: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **named)
        connection.set_trace_callback(counted)
        return connection

    sqlite3.connect = traced  # type: ignore[assignment]
    phone = Watched(adapter="remote")
    phone._step, phone._folder = counted, folder
    phone.press(token)
    async with Stage(folder, channels={"remote": phone}) as stage:
        is_listening = True
        await hear(stage)
        is_listening = False


def live(folder: Path, token: str, last: int | None) -> int:
    """One life in a process of its own; returns how it ended, the number of its steps if by itself."""
    process = os.fork()
    if process:
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status)
    steps, code = Steps(last), 255
    try:
        asyncio.run(listen(folder, token, steps))
        code = len(steps.taken)
    finally:
        os._exit(code)


def main() -> None:
    """Dies at every step once, each time over a copy of the folder, and lives again after it."""
    folder, token = Path(sys.argv[1]), sys.argv[2]
    for step in range(1, 100):
        copy = folder.with_name(f"dies-at-{step}")
        shutil.copytree(folder, copy)
        end = live(copy, token, step)
        if end != -signal.SIGKILL:
            sys.stdout.write(f"{step - 1} {end}\n")
            return
        live(copy, token, None)


if __name__ == "__main__":
    main()
