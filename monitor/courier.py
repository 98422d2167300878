"""Carries messages to one channel, in a thread of its own: a channel that hangs delays no other.

A thread cannot be ended from outside. So when an attempt takes too long the courier lets go of it,
says that the message may have arrived, and takes nothing more until the channel has come back.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from monitor.notifier import Channel, Failure, Notification, NotifierError, Receipt
from monitor.restraint import Breaker, Bucket, Pulse

log = logging.getLogger("orderwatch.courier")

_Errand = tuple[Callable[[], Receipt], "Future[Receipt]"]


class Courier:
    """The one that sends over `channel`, which the configuration calls `name`."""

    def __init__(self, name: str, channel: Channel) -> None:
        self.name, self.channel = name, channel
        self.breaker, self.bucket, self.pulse = Breaker(), Bucket(), Pulse()
        self._errands: SimpleQueue[_Errand | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._busy = False
        self._closed = False
        self._known_bugs: set[str] = set()

    @property
    def busy(self) -> bool:
        """Whether a message is under way, be it one that nobody waits for any more."""
        return self._busy

    @property
    def closed(self) -> bool:
        """Whether it takes nothing more."""
        return self._closed

    async def send(self, notification: Notification) -> Receipt:
        """The channel's receipt, within its `timeout_seconds`.

        Raises NotifierError: the channel's own; ambiguous when the time is up; temporary at once
        while an earlier message is still under way, after `close`, and when the channel breaks.
        """
        return await self._run(lambda: self.channel.send(notification))

    async def withdraw(self, thread: str, message: str | None) -> None:
        """Has the channel take back what it showed or armed of a thread. Raises like `send`."""

        def take_back() -> Receipt:
            self.channel.withdraw(thread, message)
            return Receipt()

        await self._run(take_back)

    async def _run(self, errand: Callable[[], Receipt]) -> Receipt:
        if self._closed or self._busy:
            reason = "is closed" if self._closed else "is still busy with an earlier message"
            raise NotifierError(f"the channel {self.name} {reason}", Failure.TEMPORARY)
        future = self._hand_over(errand)
        seconds = self.channel.timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            message = f"no answer within {seconds:g} seconds; the message may have arrived"
            raise NotifierError(message, Failure.AMBIGUOUS) from None

    def close(self) -> None:
        """Takes nothing more; the thread ends as soon as the channel lets it, and nobody waits for it."""
        self._closed = True
        self._errands.put(None)

    def _hand_over(self, errand: Callable[[], Receipt]) -> "Future[Receipt]":
        future: Future[Receipt] = Future()
        self._busy = True
        self._errands.put((errand, future))
        if self._thread is None:
            # A daemon thread, and none of a pool's: neither may hold the exit of the program.
            self._thread = Thread(target=self._work, name=f"courier-{self.name}", daemon=True)
            self._thread.start()
        return future

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            act, future = errand
            # A sender that was cancelled in time is not served at all; later it cannot be cancelled.
            outcome = self._outcome(act) if future.set_running_or_notify_cancel() else None
            # Free before the sender learns it, so that it can send the next one at once.
            self._busy = False
            match outcome:
                case NotifierError():
                    future.set_exception(outcome)
                case Receipt():
                    future.set_result(outcome)

    def _outcome(self, act: Callable[[], Receipt]) -> Receipt | NotifierError:
        try:
            return act()
        except NotifierError as error:
            return error
        except BaseException as error:  # noqa: BLE001 - whatever it is, the next message needs this thread
            return self._bug(error)

    def _bug(self, error: BaseException) -> NotifierError:
        """The error of a channel that broke its contract, without its text, which may hold secrets."""
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}"
        bug = f"{type(error).__name__} in {where}"
        if bug not in self._known_bugs:
            self._known_bugs.add(bug)
            log.error("channel %s is broken: %s; its messages are tried again later", self.name, bug)
        return NotifierError(f"the channel is broken: {bug}", Failure.TEMPORARY)
