"""A process that dies when it is told to: one full cycle over real files, a real database and a real
webhook, in which the k-th step (a statement of SQLite, or one side of a send) ends in SIGKILL.

Reads one job a line on stdin, as JSON; runs each in a process of its own that is forked off, so that
nothing has to be imported again; writes how it ended, one JSON line each.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import threading
import time
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.request import Request, urlopen

from carriers.files import Files
from monitor.core.alerts import Open, Reason
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.situation import Why
from monitor.notifier import Channel, Notification, Receipt
from monitor.store import Store
from monitor.store.records import Notice
from tests.monitor.stage import NOW, Stage


class Steps:
    """Counts steps, and dies at one of them."""

    def __init__(self, last: int | None) -> None:
        self._last, self._lock = last, threading.Lock()
        self.taken: list[str] = []

    def __call__(self, what: str) -> None:
        with self._lock:
            self.taken.append(what)
            if len(self.taken) == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


class Webhook(Channel):
    """Posts a message as JSON. It keeps a record, so that each message comes alone, however many."""

    keeps_record: ClassVar[bool] = True

    url: str
    _step: Steps
    _pause: float = 0

    def send(self, notification: Notification) -> Receipt:
        told = {"id": notification.id, "title": notification.title, "repeat": notification.maybe_repeat}
        self._step("before it is sent")
        request = Request(self.url, json.dumps(told).encode(), {"content-type": "application/json"})
        time.sleep(self._pause)
        with urlopen(request) as answer:
            answer.read()
        self._step("after it was sent")
        return Receipt()


def queue(store: Store, messages: int) -> None:
    """Queues messages, each about an alert of its own."""
    for number in range(messages):
        moment = Moment(NOW, "test", str(number), Severity.WARNING, Why("test"))
        alert = store.alerts.apply(Open(moment, Reason.BEGAN, speaks=True), None, str(number), NOW)
        assert alert is not None
        notice = Notice(
            str(number), "news", "test", "", str(number), None, Severity.WARNING, f"message {number}", "",
            NOW, NOW, NOW + timedelta(days=1), ("webhook",),
        )  # fmt: skip
        store.outbox.put(alert, notice)
    store.db.execute("UPDATE alerts SET state = 'resolved'")  # nobody thinks of them any more


async def run(job: dict[str, Any]) -> list[str]:
    """One start, in which all that is due is done; or, with `messages`, so many are queued only. Each
    send takes `pause` seconds longer than the network does."""
    folder, steps = Path(job["folder"]), Steps(job.get("kill_at"))
    connect = sqlite3.connect

    def traced(*args: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **named)
        connection.set_trace_callback(steps)
        return connection

    sqlite3.connect = traced  # type: ignore[assignment]
    webhook = Webhook(adapter="webhook", url=job["url"])
    webhook._step, webhook._pause = steps, job.get("pause", 0)
    files = Files(adapter="files", path=str(folder / "tracking"))
    post = Files(adapter="files", path=str(folder / "post"), accepts=r"RX\d+")
    sources = {"files": files, "post": post}
    async with Stage(folder, sources=sources, channels={"webhook": webhook}) as stage:
        if job.get("messages"):
            await stage.database.write(lambda store: queue(store, job["messages"]))
        else:
            await stage.cycle.once(stage.now)
    return steps.taken


def child(job: dict[str, Any]) -> None:
    """Does a job and ends, one way or the other."""
    code = 1
    try:
        taken = asyncio.run(run(job))
        Path(job["folder"], "steps.json").write_text(json.dumps(taken), encoding="utf-8")
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may come back from here
        traceback.print_exc()
    finally:
        os._exit(code)


def main() -> None:
    """Does jobs until there are no more."""
    for line in sys.stdin:
        job = json.loads(line)
        process = os.fork()
        if process == 0:
            child(job)
        if job.get("kill_after") is not None:
            time.sleep(job["kill_after"])
            os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
