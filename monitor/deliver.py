"""The third pass: sends what is due, one worker a channel, and records how each attempt ended.

A delivery is claimed in the database before it is sent and settled after; a crash in between leaves
a lease behind, and what was being sent may come twice but never gets lost. A channel that keeps
failing rests for a while, and more messages than a person would read within a minute become one.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from monitor.acknowledging import buttons
from monitor.clock import Clock
from monitor.core.model import Severity
from monitor.core.speaking import wakes_before
from monitor.courier import Courier
from monitor.notifier import Action, Failure, NotifierError, Privacy
from monitor.rendering import as_one, rendered, thread
from monitor.restraint import FAILURES, REST
from monitor.runtime import Runtime
from monitor.settling import RETRIES, Attempt, Settled, after_failure, after_success, settle
from monitor.store import Store
from monitor.store.records import Delivery, Withdrawal
from monitor.store.thread import StoreThread
from monitor.too_late import give_up

log = logging.getLogger("orderwatch.deliver")

#: How long a claim lasts beyond the channel's own time limit.
LEASE_MARGIN = timedelta(seconds=30)
#: Messages that become one at most; the rest becomes another.
TOGETHER = 500
#: How long it is tried to take back what a channel shows of an alert that is over.
TAKE_BACK_WITHIN = timedelta(days=2)

#: A delivery that was claimed, and the buttons under it.
_Claimed = tuple[Delivery, tuple[Action, ...]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages went out and how many attempts failed."""

    sent: int = 0
    failed: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(self.sent + other.sent, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Room:
    """What a channel may be sent now: `single` messages until it becomes too much for a person (None:
    without end), nothing less severe than `least`, and in the quiet hours (`wakes_before`) only what
    cannot wait."""

    single: int | None = None
    least: Severity = Severity.INFO
    wakes_before: datetime | None = None


class Deliverer:
    """Delivers over the channels of a configuration."""

    def __init__(
        self, database: StoreThread, couriers: Mapping[str, Courier], clock: Clock, runtime: Runtime
    ) -> None:
        self._database, self._couriers, self._clock = database, couriers, clock
        self._runtime = runtime
        self._hurried = False

    async def deliver_due(self) -> Delivered:
        """Sends everything that is due now, all channels at once. Returns when nothing is due any more
        that a channel would take."""
        await self.make_ready()
        total = await self._drain_all()
        while self._hurried:
            self._hurried = False
            total += await self._drain_all()
        return total

    async def deliver_all(self) -> Delivered:
        """`deliver_due`, and what a channel was spared because it was sent too much within a minute: for
        who does not come back soon. Under a clock that stands still that is left."""
        total = await self.deliver_due()
        while (wait := await self._wait_of_the_spared()) is not None:
            before = self._clock()
            await asyncio.sleep(wait.total_seconds())
            if self._clock() == before:
                break
            total += await self.deliver_due()
        return total

    async def _wait_of_the_spared(self) -> timedelta | None:
        """How long until the first channel takes more of what is due; None: nothing is held back."""
        now = self._clock()
        waits = {
            name: courier.bucket.wait(now)
            for name, courier in self._couriers.items()
            if self._is_ready(courier, now) and courier.bucket.wait(now)
        }
        held = await self._database.run(
            lambda store: [name for name in waits if store.outbox.due(name, now, most=1)]
        )
        return min((waits[name] for name in held), default=None)

    async def _drain_all(self) -> Delivered:
        return sum(await asyncio.gather(*map(self.drain, self._couriers)), Delivered())

    async def make_ready(self) -> None:
        """Before sending: gives up what is too late, and has the next tier told of what is critical and
        waits for a channel that rests."""
        await self.give_up_the_late()
        now = self._clock()
        resting = [name for name, courier in self._couriers.items() if courier.breaker.is_open(now)]
        if resting:
            await self._database.write(lambda store: [store.outbox.hurry(name, now) for name in resting])

    async def drain(self, name: str) -> Delivered:
        """Sends what is due over one channel, the most severe first, until nothing is due or the channel
        rests; then takes back what is over."""
        courier, total = self._couriers[name], Delivered()
        claimed = await self._next(courier)
        while claimed:
            attempt = await self._attempt(courier, claimed)
            is_sent = attempt.outcome == "ok"
            total += Delivered(sent=is_sent * len(claimed), failed=(not is_sent) * len(claimed))
            claimed = await self._next(courier, attempt)
        while (over := await self._over(courier)) is not None:
            await self._take_back(courier, over)
        return total

    def _is_ready(self, courier: Courier, now: datetime) -> bool:
        return not (courier.busy or courier.closed or courier.breaker.is_open(now))

    async def _next(self, courier: Courier, ended: Attempt | None = None) -> Sequence[_Claimed]:
        """What is sent next, as one message; nothing: nothing is due, or it has to wait. How the last one
        `ended` is stored in the same transaction: each waits for the disk once."""
        now = self._clock()
        room = self._room(courier, now)
        lease_until = now + timedelta(seconds=courier.channel.timeout_seconds) + LEASE_MARGIN

        def go_on(store: Store) -> tuple[Settled, list[_Claimed]]:
            settled = settle(store, ended) if ended is not None else Settled()
            if room is None:
                return settled, []
            claimed = claim_together(store, courier.name, now, lease_until, room)
            return settled, [
                (it, buttons(store, it, now, self._runtime.texts) if courier.channel.listens else ())
                for it in claimed
            ]

        if ended is None and room is None:
            return ()
        settled, claimed = await self._database.write(go_on)
        self._hurried = self._hurried or settled.hurried
        if ended is not None and settled.is_news:
            _tell(ended)
        return claimed

    def _room(self, courier: Courier, now: datetime) -> Room | None:
        """What the channel may be sent now; None: nothing."""
        if not self._is_ready(courier, now):
            return None
        if courier.channel.keeps_record:
            return Room()
        # A limit on what many messages cost must not cost the one that matters.
        least = Severity.CRITICAL if courier.bucket.wait(now) else Severity.INFO
        single = self._runtime.settings.alerts.collapse_above - courier.pulse.count(now)
        return Room(single, least, wakes_before(now, self._runtime.days))

    async def _attempt(self, courier: Courier, claimed: Sequence[_Claimed]) -> Attempt:
        # A record on this machine keeps everything, unless it is told not to.
        usual: Privacy = "full" if courier.channel.keeps_record else self._runtime.settings.alerts.privacy
        privacy = courier.channel.privacy or usual
        messages = [rendered(delivery, privacy, self._runtime, actions) for delivery, actions in claimed]
        deliveries = [delivery for delivery, _ in claimed]
        try:
            receipt = await courier.send(as_one(messages, self._runtime.texts))
        except NotifierError as error:
            now = self._clock()
            self._note_failure(courier, error, now)
            replaces = courier.channel.replaces_in_place
            ends = [after_failure(delivery, error, now, replaces=replaces) for delivery in deliveries]
            return Attempt(courier.name, deliveries, ends, now, resting=courier.breaker.is_open(now))
        now = self._clock()
        courier.breaker.worked()
        courier.pulse.beat(now)
        courier.bucket.take(now)
        end = after_success(receipt, len(deliveries))
        return Attempt(courier.name, deliveries, [end] * len(deliveries), now)

    def _note_failure(self, courier: Courier, error: NotifierError, now: datetime) -> None:
        if courier.breaker.failed(now):
            log.warning(
                "channel %s failed %d times in a row (%s); it rests for %d minutes",
                courier.name, FAILURES, error, REST // timedelta(minutes=1),
            )  # fmt: skip

    async def _over(self, courier: Courier) -> Withdrawal | None:
        now = self._clock()
        if not self._is_ready(courier, now):
            return None
        return await self._database.run(lambda store: store.outbox.next_withdrawal(courier.name, now))

    async def _take_back(self, courier: Courier, over: Withdrawal) -> None:
        """Has a channel mark as done what it shows of an alert that is over, or tries again later."""
        again_at = None
        try:
            await courier.withdraw(thread(over.alert), over.message)
        except NotifierError as error:
            again_at = self._clock() + RETRIES[2]
            if error.failure is Failure.PERMANENT or again_at > over.ended_at + TAKE_BACK_WITHIN:
                log.warning("channel %s: cannot take back what is over: %s", courier.name, error)
                again_at = None
        await self._database.write(lambda store: store.outbox.withdrawn(over, again_at))

    async def give_up_the_late(self) -> None:
        """Expires what is too late to be of use, and says so."""
        now = self._clock()
        await self._database.write(lambda store: give_up(store, store.outbox.expire(now), self._runtime, now))


def claim_together(
    store: Store, channel: str, now: datetime, lease_until: datetime, room: Room
) -> tuple[Delivery, ...]:
    """What goes out over a channel next, as one message. While there is `room` for all that is due, that
    is one delivery; else all at once, or none if there is no room. What is urgent or critical goes
    alone, whatever the room."""
    single = room.single
    claim = partial(store.outbox.claim, channel, now, lease_until, wakes_before=room.wakes_before)
    if single is None or store.outbox.due(channel, now, max(single, 0) + 1, below=Severity.URGENT) <= single:
        found = claim(least=room.least)
        return () if found is None else (found,)
    alone = claim(least=max(room.least, Severity.URGENT, key=_rank))
    if alone is not None:
        return (alone,)
    together: list[Delivery] = []
    while single > 0 and len(together) < TOGETHER:
        found = claim(least=room.least)
        if found is None:
            break
        together.append(found)
    return tuple(together)


def _rank(severity: Severity) -> int:
    return severity.rank


def _tell(attempt: Attempt) -> None:
    if attempt.outcome == "ok":
        log.info("channel %s works again", attempt.channel)
    else:
        log.warning("channel %s fails (%s): %s", attempt.channel, attempt.outcome, attempt.detail)
