"""Hears the buttons that are pressed on phones, without an open port: each channel that can is asked,
in a thread of its own, for it may wait long before it answers.

A button is taken in one transaction, and shown as taken after it; only then is it remembered up to
where was heard. So what was cut off in between is heard again, and taken once.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import TypeVar

from pydantic import SecretStr

from monitor.acknowledging import Taken, take
from monitor.clock import Clock
from monitor.courier import Courier
from monitor.errors import StoreError
from monitor.notifier import Channel, Failure, NotifierError, Pressed
from monitor.reckoning import Reckoning
from monitor.store import Store
from monitor.store.thread import StoreThread

T = TypeVar("T")

log = logging.getLogger("orderwatch.listen")

#: Seconds before a channel that failed is asked again; the last one stays.
WAITS = (5.0, 30.0, 120.0, 300.0)
#: Seconds between two questions at least, for a channel that does not wait itself.
PAUSE = 1.0
#: Seconds for a channel that is only asked for what is there already.
BRIEFLY = 4.0
#: Seconds that a channel may take beyond its own time limit.
GRACE = 10.0


class Listener:
    """Listens to one channel. `by` is what dates are reckoned by, and may be replaced."""

    def __init__(
        self, name: str, channel: Channel, database: StoreThread, by: Reckoning, clock: Clock
    ) -> None:
        self.name, self.channel, self.by = name, channel, by
        self._database, self._clock = database, clock
        self._failures = 0
        self._busy = False

    async def listen(self) -> None:
        """Listens until it is cancelled. What fails is told once, and tried again."""
        wait = 0.0
        while True:
            await asyncio.sleep(wait)
            wait = await self._listen_to(self.channel)

    async def listen_briefly(self) -> None:
        """Takes what was pressed until now."""
        seconds = min(BRIEFLY, self.channel.timeout_seconds)
        await self._listen_to(self.channel.model_copy(update={"timeout_seconds": seconds}))

    async def _listen_to(self, channel: Channel) -> float:
        """Asks the channel once. Returns the seconds to wait before it is asked again."""
        asked = time.monotonic()
        try:
            heard = await self._hear(channel)
        except (NotifierError, StoreError) as error:
            return self._failed(error)
        if self._failures:
            self._failures = 0
            log.info("buttons of channel %s are heard again", self.name)
        return 0.0 if heard else max(0.0, PAUSE - (time.monotonic() - asked))

    async def _hear(self, channel: Channel) -> int:
        """Takes what was pressed since the last time; returns how many buttons that were."""
        key = f"heard from {self.name}, {_identity(self.channel)}"
        since = await self._database.run(lambda store: store.health.remembered(key))
        pressed, following = await self._apart(lambda: channel.listen(since), channel.timeout_seconds)
        for press in pressed:
            await self._take(press)
        if following is not None and following != since:
            await self._database.write(lambda store: store.health.remember(key, following))
        return len(pressed)

    async def _take(self, pressed: Pressed) -> None:
        taken = await self._taken(pressed)
        told = log.info if taken.counts else log.warning
        told("a button of channel %s %s", self.name, taken.note)
        if taken.text is None:
            return
        text = taken.text
        try:
            await self._apart(lambda: self.channel.confirm(pressed, text), self.channel.timeout_seconds)
        except NotifierError as error:
            log.warning("channel %s could not show that a button was taken: %s", self.name, error)

    async def _taken(self, pressed: Pressed) -> Taken:
        now = self._clock()

        def work(store: Store) -> Taken:
            return take(store, self.by, pressed.token, now)

        async with self._database.thinking:
            try:
                return await self._database.write(work)
            except StoreError:
                raise
            except Exception:  # whatever one button brings to light, the next ones are heard
                log.exception("a button of channel %s: a fault of orderwatch; please report it", self.name)
                return Taken("is ignored: it could not be taken", None, counts=False)

    def _failed(self, error: NotifierError | StoreError) -> float:
        wait = WAITS[min(self._failures, len(WAITS) - 1)]
        self._failures += 1
        if self._failures == 1:
            log.warning("buttons of channel %s are not heard, trying again: %s", self.name, error)
        if isinstance(error, NotifierError) and error.retry_after is not None:
            wait = max(wait, error.retry_after.total_seconds())
        return wait

    async def _apart(self, work: Callable[[], T], seconds: float) -> T:
        """`work()` in a thread of its own, which nobody waits for when it hangs or we end. Raises
        NotifierError, also for what breaks the contract of channels."""
        if self._busy:
            raise NotifierError("an earlier call has not come back", Failure.TEMPORARY)
        future: Future[T] = Future()
        self._busy = True
        Thread(target=self._work, args=(work, future), name=f"listener-{self.name}", daemon=True).start()
        try:
            async with asyncio.timeout(seconds + GRACE):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise NotifierError(f"no answer within {seconds + GRACE:g} seconds", Failure.TEMPORARY) from None

    def _work(self, work: Callable[[], T], future: "Future[T]") -> None:
        outcome = _outcome(work) if future.set_running_or_notify_cancel() else None
        # Free before the one that waits learns it, so that it can ask again at once.
        self._busy = False
        match outcome:
            case NotifierError():
                future.set_exception(outcome)
            case (result,):
                future.set_result(result)


async def listen_briefly(
    couriers: Mapping[str, Courier], database: StoreThread, by: Reckoning, clock: Clock
) -> None:
    """Takes what was pressed until now on all channels that hear of it."""
    listeners = [
        Listener(name, courier.channel, database, by, clock)
        for name, courier in couriers.items()
        if courier.channel.listens
    ]
    await asyncio.gather(*(listener.listen_briefly() for listener in listeners))


def _outcome(work: Callable[[], T]) -> tuple[T] | NotifierError:
    try:
        return (work(),)
    except NotifierError as error:
        return error
    except BaseException as error:  # noqa: BLE001 - who waits must hear of whatever it is
        return _bug(error)


def _identity(channel: Channel) -> str:
    """Differs for another account or topic: where to listen from means nothing there. So short that it
    tells nothing of the secrets it is made of."""
    fields = sorted(set(type(channel).model_fields) - set(Channel.model_fields))
    values = [getattr(channel, name) for name in fields]
    plain = [value.get_secret_value() if isinstance(value, SecretStr) else value for value in values]
    return sha256(repr(list(zip(fields, plain, strict=True))).encode()).hexdigest()[:4]


def _bug(error: BaseException) -> NotifierError:
    """The error of a channel that broke its contract, without its text, which may hold secrets."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}"
    return NotifierError(f"the channel is broken: {type(error).__name__} in {where}", Failure.TEMPORARY)
