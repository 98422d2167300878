"""The third pass: sends what is due, one worker a channel, and records how each attempt ended.

A delivery is claimed in the database before it is sent and settled after; a crash in between leaves
a lease behind, and what was being sent may come twice but never gets lost.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.acknowledging import buttons
from monitor.clock import Clock
from monitor.core.model import Severity
from monitor.courier import Courier
from monitor.notifier import Action, Failure, Notification, NotifierError, Receipt
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import Delivery
from monitor.store.thread import StoreThread

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
        self._texts = runtime.texts

    async def deliver_due(self) -> Delivered:
        """Sends everything that is due now, all channels at once. Returns when nothing is due any more."""
        await self.give_up_the_late()
        results = await asyncio.gather(*map(self.drain, self._couriers))
        return sum(results, Delivered())

    async def drain(self, name: str) -> Delivered:
        """Sends what is due over one channel, the most severe first, until nothing is due."""
        courier, total = self._couriers[name], Delivered()
        lease = timedelta(seconds=courier.channel.timeout_seconds) + LEASE_MARGIN
        while not (courier.busy or courier.closed):
            now = self._clock()
            delivery = await self._database.write(
                lambda store, now=now: store.outbox.claim(name, now, now + lease)  # type: ignore[misc]
            )
            if delivery is None:
                break
            total += await self._attempt(courier, delivery)
        return total

    async def _attempt(self, courier: Courier, delivery: Delivery) -> Delivered:
        try:
            receipt = await courier.send(_notification(delivery, await self._buttons(courier, delivery)))
        except NotifierError as error:
            now = self._clock()
            replaces = courier.channel.replaces_in_place
            await self._settle(delivery, after_failure(delivery, error, now, replaces=replaces), now)
            return Delivered(failed=1)
        await self._settle(delivery, _after_success(receipt), self._clock())
        return Delivered(sent=1)

    async def _buttons(self, courier: Courier, delivery: Delivery) -> tuple[Action, ...]:
        if not courier.channel.listens:
            return ()
        now = self._clock()
        return await self._database.write(lambda store: buttons(store, delivery, now, self._texts))

    async def _settle(self, delivery: Delivery, end: Settlement, now: datetime) -> None:
        def store_end(store: Store) -> bool:
            store.outbox.settle(
                delivery.id,
                end.state,
                now,
                outcome=end.outcome,
                detail=end.detail,
                next_at=end.next_at,
                provider_id=end.provider_id,
            )
            if end.outcome == "ok":
                return store.health.channel_worked(delivery.channel)
            return store.health.channel_failed(delivery.channel, end.detail, now, permanent=end.permanent)

        is_news = await self._database.write(store_end)
        if end.outcome != "ok" and is_news:
            log.warning("channel %s fails (%s): %s", delivery.channel, end.outcome, end.detail)
        elif is_news:
            log.info("channel %s works again", delivery.channel)

    async def give_up_the_late(self) -> None:
        """Expires what is too late to be of use, and says so in the log."""
        now = self._clock()
        for line in await self._database.write(lambda store: store.outbox.expire(now)):
            log.error("never delivered over %s, too late now: %s", line.channel, line.title)


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


def _after_success(receipt: Receipt) -> Settlement:
    return Settlement("sent", "ok", receipt.detail, provider_id=receipt.provider_id)


def _notification(delivery: Delivery, actions: tuple[Action, ...]) -> Notification:
    body = delivery.body
    if delivery.maybe_arrived:
        body = f"{body}\n{REPEAT_MARK}"
    return Notification(
        id=str(delivery.id),
        title=delivery.title,
        body=body,
        severity=delivery.severity,
        rule=delivery.rule,
        stage=delivery.stage,
        order=delivery.order,
        subject=delivery.subject,
        maybe_repeat=delivery.maybe_arrived,
        actions=actions,
    )
