"""The journey: the real passes on a clock that travels from one thing to the next."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import PrivateAttr

from monitor.core.case import read_case
from monitor.core.model import Money, Severity
from monitor.courier import Courier
from monitor.cycle import Cycle, open_transport
from monitor.demo.story import END, START, STORY, ZONE, Recorded, Step
from monitor.demo.world import CONFIG_NAME, World
from monitor.notifier import Channel, Notification, Receipt
from monitor.runtime import Runtime, build_runtime
from monitor.settings import load_settings
from monitor.store import Store
from monitor.store.thread import StoreThread

#: The clock never stands still, whatever says that it is due.
_LEAST = timedelta(minutes=1)


class Phone(Channel):
    """A channel whose other side is the screen: it holds what was sent until somebody looks."""

    _arrived: list[Notification] = PrivateAttr(default_factory=list)

    def send(self, notification: Notification) -> Receipt:
        self._arrived.append(notification)
        return Receipt(detail="on the screen")

    def take(self) -> list[Notification]:
        """What arrived since the last look, in the order of its arrival."""
        arrived, self._arrived = self._arrived, []
        return arrived


@dataclass(slots=True)
class TravellingClock:
    """A clock that stands still until it is set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it all, as the database knows it at the end."""

    sent: Mapping[Severity, int]
    orders: int
    paid: tuple[Money, ...]
    refunds: int
    refunded: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to see at a local time: a step of the story, a message that reached the phone, or how
    it all ended."""

    at: datetime
    what: Step | Notification | Outcome


async def travel(folder: Path, story: Sequence[Step] = STORY) -> AsyncGenerator[Happening, None]:
    """Lives through the story, with its files and its database in `folder`, which is empty at first.

    Messages come out of the passes alone: orders are read, parcels looked at when their cadence says
    so, rules thought through at their moments, the outbox delivered.
    """
    world, clock, phone = World(folder), TravellingClock(START.astimezone(UTC)), Phone(adapter="demo")
    runtime = replace(build_runtime(load_settings(folder / CONFIG_NAME, {})), channels={"phone": phone})
    steps = list(story)
    async with AsyncExitStack() as stack:
        cycle = await _start(stack, runtime, clock)
        while clock.now <= END:
            while steps and steps[0].at <= clock.now:
                step = steps.pop(0)
                world.take(step)
                if isinstance(step, Recorded):
                    await _record(cycle.database, step)
                if step.at >= START:
                    yield Happening(step.at, step)
            await _pass(cycle, clock.now)
            for notification in phone.take():
                yield Happening(clock.now.astimezone(ZONE), notification)
            clock.now = await _next(cycle.database, clock.now, steps)
        yield Happening(END, await cycle.database.run(_outcome))


async def _start(stack: AsyncExitStack, runtime: Runtime, clock: TravellingClock) -> Cycle:
    database = StoreThread(runtime.settings.database)
    await database.open()
    stack.push_async_callback(database.close)
    couriers = {name: Courier(name, channel) for name, channel in runtime.channels.items()}
    for courier in couriers.values():
        stack.callback(courier.close)
    transport = await stack.enter_async_context(await open_transport(database, clock))
    cycle = Cycle(database, transport, runtime, couriers, clock)
    await cycle.prepare(clock.now)
    return cycle


async def _record(database: StoreThread, step: Recorded) -> None:
    await database.write(lambda store: store.orders.record(step.order.id, step.entry, step.entry.at))


async def _pass(cycle: Cycle, now: datetime) -> None:
    await cycle.read_orders(now)
    await cycle.poll(now)
    await cycle.think(now)
    await cycle.deliverer.deliver_due()


async def _next(database: StoreThread, now: datetime, steps: Sequence[Step]) -> datetime:
    """The next instant at which there is anything to do; after the end, if there is nothing more."""
    due = await database.run(_due)
    soonest = min([*(at for at in due if at), *(step.at for step in steps[:1]), END + _LEAST])
    return max(soonest, now + _LEAST).astimezone(UTC)


def _due(store: Store) -> tuple[datetime | None, ...]:
    return store.orders.next_due(), store.lookups.next_due(), store.outbox.next_due()


def _outcome(store: Store) -> Outcome:
    records = store.orders.load(store.orders.running(finished_too=True))
    refunded = [record for record in records if read_case(record.journal).refund_received_at]
    sent = [line.severity for line in store.outbox.lines(all_states=True) if line.state == "sent"]
    return Outcome(
        sent={severity: sent.count(severity) for severity in Severity if severity in sent},
        orders=len(records),
        paid=_by_currency(record.order.price for record in records),
        refunds=len(refunded),
        refunded=_by_currency(record.order.price for record in refunded),
    )


def _by_currency(prices: Iterable[Money | None]) -> tuple[Money, ...]:
    totals: dict[str, Decimal] = {}
    for price in prices:
        if price is not None:
            totals[price.currency] = totals.get(price.currency, Decimal()) + Decimal(price.amount)
    return tuple(Money(str(amount), currency) for currency, amount in totals.items())
