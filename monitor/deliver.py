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

from monitor.acknowledging import buttons
from monitor.clock import Clock
from monitor.core.model import Severity
from monitor.core.speaking import collapsed, shown
from monitor.core.texts import Catalogue
from monitor.courier import Courier
from monitor.notifier import Action, Failure, Notification, NotifierError, Privacy, Receipt
from monitor.restraint import FAILURES, PUSHES, REST
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import Delivery, Withdrawal
from monitor.store.thread import StoreThread
from monitor.too_late import give_up

log = logging.getLogger("orderwatch.deliver")

#: Waits between attempts; the last one repeats until the message is too old to be of use.
RETRIES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
#: The wait before a message that may have arrived is sent again, marked as a repeat.
REPEAT_AFTER = timedelta(seconds=60)
#: How long a claim lasts beyond the channel's own time limit.
LEASE_MARGIN = timedelta(seconds=30)
#: Messages that become one at most; the rest becomes another.
TOGETHER = 500
#: How long it is tried to take back what a channel shows of an alert that is over.
TAKE_BACK_WITHIN = timedelta(days=2)
REPEAT_MARK = "(This may be a repeat.)"


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages went out and how many attempts failed."""

    sent: int = 0
    failed: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(self.sent + other.sent, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an attempt ends in the outbox; `permanent`: the channel refuses for good."""

    state: str
    outcome: str
    detail: str
    next_at: datetime | None = None
    provider_id: str | None = None
    permanent: bool = False


class Deliverer:
    """Delivers over the channels of a configuration."""

    def __init__(
        self, database: StoreThread, couriers: Mapping[str, Courier], clock: Clock, runtime: Runtime
    ) -> None:
        self._database, self._couriers, self._clock = database, couriers, clock
        self._runtime, self._alerts, self._texts = runtime, runtime.settings.alerts, runtime.texts
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
        while deliveries := await self._claim(courier):
            total += await self._attempt(courier, deliveries)
        while (over := await self._over(courier)) is not None:
            await self._take_back(courier, over)
        return total

    def _is_ready(self, courier: Courier, now: datetime) -> bool:
        return not (courier.busy or courier.closed or courier.breaker.is_open(now))

    async def _claim(self, courier: Courier) -> Sequence[Delivery]:
        """What is sent next, as one message; nothing: nothing is due, or it has to wait."""
        now = self._clock()
        if not self._is_ready(courier, now):
            return ()
        lease_until = now + timedelta(seconds=courier.channel.timeout_seconds) + LEASE_MARGIN
        if courier.channel.keeps_record:
            room = None
        elif courier.pulse.count(now) >= PUSHES:
            return ()
        else:
            room = self._alerts.collapse_above - courier.pulse.count(now)
        return await self._database.write(
            lambda store: claim_together(store, courier.name, now, lease_until, room)
        )

    async def _attempt(self, courier: Courier, deliveries: Sequence[Delivery]) -> Delivered:
        # A record on this machine keeps everything, unless it is told not to.
        usual: Privacy = "full" if courier.channel.keeps_record else self._alerts.privacy
        privacy = courier.channel.privacy or usual
        messages = [
            _notification(delivery, privacy, self._texts, await self._buttons(courier, delivery))
            for delivery in deliveries
        ]
        try:
            receipt = await courier.send(
                messages[0] if len(messages) == 1 else _as_one(messages, self._texts)
            )
        except NotifierError as error:
            now = self._clock()
            self._note_failure(courier, error, now)
            replaces = courier.channel.replaces_in_place
            ends = [after_failure(delivery, error, now, replaces=replaces) for delivery in deliveries]
            await self._settle(deliveries, ends, now, resting=courier.breaker.is_open(now))
            return Delivered(failed=len(deliveries))
        now = self._clock()
        courier.breaker.worked()
        courier.pulse.beat(now)
        await self._settle(deliveries, [_after_success(receipt, len(deliveries))] * len(deliveries), now)
        return Delivered(sent=len(deliveries))

    async def _buttons(self, courier: Courier, delivery: Delivery) -> tuple[Action, ...]:
        if not courier.channel.listens:
            return ()
        now = self._clock()
        return await self._database.write(lambda store: buttons(store, delivery, now, self._texts))

    def _note_failure(self, courier: Courier, error: NotifierError, now: datetime) -> None:
        if courier.breaker.failed(now):
            log.warning(
                "channel %s failed %d times in a row (%s); it rests for %d minutes",
                courier.name, FAILURES, error, REST // timedelta(minutes=1),
            )  # fmt: skip

    async def _settle(
        self,
        deliveries: Sequence[Delivery],
        ends: Sequence[Settlement],
        now: datetime,
        *,
        resting: bool = False,
    ) -> None:
        """Stores how one attempt ended, for all it was to carry."""
        channel, end = deliveries[0].channel, ends[0]

        def store_end(store: Store) -> bool:
            for delivery, its_end in zip(deliveries, ends, strict=True):
                store.outbox.settle(
                    delivery.id,
                    its_end.state,
                    now,
                    outcome=its_end.outcome,
                    detail=its_end.detail,
                    next_at=its_end.next_at,
                    provider_id=its_end.provider_id,
                )
            if end.outcome == "ok":
                return store.health.channel_worked(channel)
            if resting or end.permanent:
                self._hurried = store.outbox.hurry(channel, now) or self._hurried
            return store.health.channel_failed(channel, end.detail, now, permanent=end.permanent)

        is_news = await self._database.write(store_end)
        if end.outcome != "ok" and is_news:
            log.warning("channel %s fails (%s): %s", channel, end.outcome, end.detail)
        elif is_news:
            log.info("channel %s works again", channel)

    async def _over(self, courier: Courier) -> Withdrawal | None:
        now = self._clock()
        if not self._is_ready(courier, now):
            return None
        return await self._database.run(lambda store: store.outbox.next_withdrawal(courier.name, now))

    async def _take_back(self, courier: Courier, over: Withdrawal) -> None:
        """Has a channel mark as done what it shows of an alert that is over, or tries again later."""
        again_at = None
        try:
            await courier.withdraw(_thread(over.alert), over.message)
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
    store: Store, channel: str, now: datetime, lease_until: datetime, room: int | None
) -> tuple[Delivery, ...]:
    """What goes out over a channel next, as one message. While there is `room` for all that is due (None:
    always), that is one delivery; else all at once, or none if there is no room. What is urgent or
    critical goes alone, whatever the room."""
    if room is None or store.outbox.due(channel, now, Severity.URGENT, max(room, 0) + 1) <= room:
        found = store.outbox.claim(channel, now, lease_until)
        return () if found is None else (found,)
    alone = store.outbox.claim(channel, now, lease_until, least=Severity.URGENT)
    if alone is not None:
        return (alone,)
    together: list[Delivery] = []
    while room > 0 and len(together) < TOGETHER:
        found = store.outbox.claim(channel, now, lease_until)
        if found is None:
            break
        together.append(found)
    return tuple(together)


def after_failure(
    delivery: Delivery, error: NotifierError, now: datetime, *, replaces: bool = False
) -> Settlement:
    """What a failed attempt means: try again later, give up, or send once more as a repeat."""
    detail, outcome = str(error), error.failure.value
    match error.failure:
        case Failure.PERMANENT:
            return Settlement("dead", outcome, detail, permanent=True)
        case Failure.AMBIGUOUS:
            again = delivery.severity is not Severity.INFO and not delivery.maybe_arrived
            wait = timedelta() if replaces else REPEAT_AFTER
            return Settlement("unknown", outcome, detail, next_at=now + wait if again else None)
        case Failure.TEMPORARY:
            next_at = now + max(retry_wait(delivery), error.retry_after or timedelta())
            if next_at >= delivery.expires_at:
                next_at = max(now, delivery.expires_at)
            state = "unknown" if delivery.maybe_arrived else "queued"
            return Settlement(state, outcome, detail, next_at=next_at)


def retry_wait(delivery: Delivery) -> timedelta:
    """The wait after an attempt, spread by a fifth either way so that many do not come at once."""
    wait = RETRIES[min(delivery.attempt, len(RETRIES)) - 1]
    spread = (delivery.id * 7919 + delivery.attempt * 104729) % 1000 / 1000
    return wait * (0.8 + 0.4 * spread)


def _after_success(receipt: Receipt, together: int) -> Settlement:
    # What was sent together stands in one message: no single alert may take its place.
    provider_id = receipt.provider_id if together == 1 else None
    return Settlement("sent", "ok", receipt.detail, provider_id=provider_id)


def _thread(alert: int) -> str:
    """What all messages about one alert have in common."""
    return f"orderwatch-{alert}"


def _notification(
    delivery: Delivery, privacy: Privacy, texts: Catalogue, actions: tuple[Action, ...] = ()
) -> Notification:
    title, body = shown(
        delivery.title,
        delivery.body,
        delivery.severity,
        privacy,
        texts,
        of_one_order=delivery.order is not None,
    )
    if delivery.maybe_arrived:
        body = f"{body}\n{REPEAT_MARK}"
    return Notification(
        id=str(delivery.id),
        title=title,
        body=body,
        severity=delivery.severity,
        rule=delivery.rule,
        stage=delivery.stage,
        order=delivery.order,
        subject=delivery.subject,
        maybe_repeat=delivery.maybe_arrived,
        actions=actions,
        thread=_thread(delivery.alert),
        replaces=delivery.replaces,
        deadline=delivery.deadline,
        # It has the order's number in it.
        link=delivery.link if privacy == "full" else None,
    )


def _as_one(messages: Sequence[Notification], texts: Catalogue) -> Notification:
    """One message instead of many, the most severe of them first."""
    title, body = collapsed([(message.title, message.order) for message in messages], texts)
    repeats = any(message.maybe_repeat for message in messages)
    return Notification(
        id=messages[0].id,
        title=title,
        body=f"{body}\n{REPEAT_MARK}" if repeats else body,
        severity=max((message.severity for message in messages), key=lambda severity: severity.rank),
        maybe_repeat=repeats,
        thread=f"orderwatch-together-{messages[0].id}",
    )
