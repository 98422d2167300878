"""One courier a channel: what it promises to who sends, whatever the channel does."""

import asyncio
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import PrivateAttr

from monitor.courier import Courier
from monitor.notifier import Channel, Failure, Notification, NotifierError, Receipt, Severity

MESSAGE = Notification("7", "Customs hold: USB hub", "9 days held", Severity.URGENT)


class Scripted(Channel):
    """A channel that does what it is told, and keeps what it was given and where."""

    timeout_seconds: float = 0.5
    _act: Callable[[], Receipt] = PrivateAttr(default=Receipt)
    _sent: list[tuple[Notification, threading.Thread]] = PrivateAttr(default_factory=list)

    def send(self, notification: Notification) -> Receipt:
        self._sent.append((notification, threading.current_thread()))
        return self._act()


@dataclass
class Stage:
    courier: Courier
    channel: Scripted

    def acts(self, act: Callable[[], Receipt]) -> None:
        self.channel._act = act


@pytest.fixture
def stage() -> Iterator[Stage]:
    channel = Scripted(adapter="scripted")
    courier = Courier("phone", channel)
    yield Stage(courier, channel)
    courier.close()


def raising(error: BaseException) -> Callable[[], Receipt]:
    def act() -> Receipt:
        raise error

    return act


async def failure_of(courier: Courier) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        await courier.send(MESSAGE)
    return caught.value


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110 - a thread cannot set an event of asyncio
            await asyncio.sleep(0.005)


async def test_the_message_and_the_receipt_pass_unchanged(stage: Stage) -> None:
    stage.acts(lambda: Receipt("id-1", "taken"))
    assert await stage.courier.send(MESSAGE) == Receipt("id-1", "taken")
    assert [notification for notification, _ in stage.channel._sent] == [MESSAGE]


async def test_every_message_goes_through_one_thread_that_never_holds_the_exit(stage: Stage) -> None:
    for _ in range(5):
        await stage.courier.send(MESSAGE)
    (thread,) = {thread for _, thread in stage.channel._sent}
    assert thread.daemon
    assert thread.name == "courier-phone"
    assert thread is not threading.current_thread()


def test_a_courier_that_never_sends_starts_no_thread() -> None:
    before = threading.active_count()
    Courier("phone", Scripted()).close()
    assert threading.active_count() == before


async def test_the_channels_own_error_is_passed_on(stage: Stage) -> None:
    error = NotifierError("answered 401", Failure.PERMANENT)
    stage.acts(raising(error))
    assert await failure_of(stage.courier) is error
    assert not stage.courier.busy


@pytest.mark.parametrize(
    "bug", [KeyError("s3cret"), TimeoutError("s3cret"), SystemExit("s3cret"), Exception()]
)
async def test_a_broken_channel_is_a_temporary_failure_without_its_words(
    stage: Stage, bug: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    stage.acts(raising(bug))
    with caplog.at_level(logging.DEBUG):
        errors = [await failure_of(stage.courier) for _ in range(3)]
    assert {error.failure for error in errors} == {Failure.TEMPORARY}
    assert type(bug).__name__ in str(errors[0])
    assert "test_courier.py, line" in str(errors[0])
    assert "s3cret" not in str(errors[0]) + caplog.text
    assert len(caplog.records) == 1  # said once, not with every message


async def test_after_a_bug_the_next_message_is_served(stage: Stage) -> None:
    stage.acts(raising(SystemExit()))
    await failure_of(stage.courier)
    stage.acts(Receipt)
    assert await stage.courier.send(MESSAGE) == Receipt()


async def test_a_hanging_channel_is_ambiguous_when_its_time_is_up_and_busy_until_it_returns(
    stage: Stage,
) -> None:
    hang = threading.Event()

    def act() -> Receipt:
        hang.wait(5)
        return Receipt("late")

    stage.acts(act)
    started = time.monotonic()
    error = await failure_of(stage.courier)
    assert error.failure is Failure.AMBIGUOUS
    assert str(error) == "no answer within 0.5 seconds; the message may have arrived"
    assert 0.15 < time.monotonic() - started < 1

    threads = threading.active_count()
    for _ in range(10):
        started = time.monotonic()
        error = await failure_of(stage.courier)
        assert error.failure is Failure.TEMPORARY
        assert time.monotonic() - started < 0.1
    assert threading.active_count() == threads
    assert len(stage.channel._sent) == 1

    hang.set()
    await until(lambda: not stage.courier.busy)
    stage.acts(lambda: Receipt("next"))
    assert await stage.courier.send(MESSAGE) == Receipt("next")


async def test_a_second_message_does_not_wait_behind_the_first(stage: Stage) -> None:
    hang = threading.Event()
    stage.acts(lambda: Receipt(str(hang.wait(5))))
    first = asyncio.create_task(stage.courier.send(MESSAGE))
    await until(lambda: bool(stage.channel._sent))
    error = await failure_of(stage.courier)
    assert str(error) == "the channel phone is still busy with an earlier message"
    hang.set()
    assert await first == Receipt("True")


async def test_a_hanging_channel_delays_no_other(stage: Stage) -> None:
    hang = threading.Event()
    stage.acts(lambda: Receipt(str(hang.wait(5))))
    hung = asyncio.create_task(failure_of(stage.courier))
    other = Courier("mail", Scripted())
    started = time.monotonic()
    for _ in range(20):
        await other.send(MESSAGE)
    assert time.monotonic() - started < 0.15
    assert not hung.done()
    await hung
    hang.set()
    other.close()


async def test_a_sender_that_was_cancelled_leaves_the_courier_usable(stage: Stage) -> None:
    hang = threading.Event()
    stage.acts(lambda: Receipt(str(hang.wait(5))))
    sender = asyncio.create_task(stage.courier.send(MESSAGE))
    await until(lambda: bool(stage.channel._sent))
    sender.cancel()
    with suppress(asyncio.CancelledError):
        await sender
    assert stage.courier.busy
    hang.set()
    await until(lambda: not stage.courier.busy)
    stage.acts(Receipt)
    assert await stage.courier.send(MESSAGE) == Receipt()


async def test_a_closed_courier_takes_nothing_and_its_thread_ends(stage: Stage) -> None:
    await stage.courier.send(MESSAGE)
    stage.courier.close()
    error = await failure_of(stage.courier)
    assert (error.failure, str(error)) == (Failure.TEMPORARY, "the channel phone is closed")
    (thread,) = {thread for _, thread in stage.channel._sent}
    await until(lambda: not thread.is_alive())


PROGRAM = """
import asyncio, threading
from monitor.courier import Courier
from monitor.notifier import Channel, Notification, NotifierError, Severity

class Hangs(Channel):
    timeout_seconds: float = 0.1
    def send(self, notification):
        threading.Event().wait()

async def main():
    courier = Courier("phone", Hangs())
    try:
        await courier.send(Notification("1", "t", "b", Severity.URGENT))
    except NotifierError as error:
        print(error.failure.value)
    courier.close()

asyncio.run(main())
"""


def test_a_hung_channel_does_not_hold_the_exit() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ambiguous\n", "")
