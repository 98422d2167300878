"""A whole orderwatch in a folder: a real database, real passes, and a clock that tests turn.

Sources and channels are stand-ins that say what a test has them say; everything between is real.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

from pydantic import PrivateAttr

from monitor.carrier import Payload, Request, Source, Tracking
from monitor.core.model import Order, ShipmentStatus
from monitor.courier import Courier
from monitor.cycle import Cycle, open_transport
from monitor.notifier import Channel, Notification, Receipt
from monitor.runtime import Runtime, build_runtime
from monitor.settings import load_settings
from monitor.store import Store
from monitor.store.records import OrderRecord, Tracked
from monitor.store.thread import StoreThread
from tests.monitor.core.facts import a_scan, an_order, at

T = TypeVar("T")

#: Nine days after the parcels of these tests were shipped.
NOW = at("2026-05-12 12:00")

CONFIG = """\
timezone = "Europe/Madrid"
orders = ["orders.toml"]
database = "orderwatch.db"
"""

Answer = Callable[[Sequence[str]], Iterable[Tracking]]


def nothing_known(numbers: Sequence[str]) -> Iterable[Tracking]:
    """The answer of a source that knows no parcel."""
    return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in numbers]


class Scripted(Source):
    """A source that answers as it is told, without asking anybody; keeps what it was asked about."""

    batch_size: ClassVar[int] = 40

    _answer: Answer = PrivateAttr(default_factory=lambda: nothing_known)
    _asked: list[tuple[str, ...]] = PrivateAttr(default_factory=list)

    @property
    def asked(self) -> list[tuple[str, ...]]:
        """The numbers of each look so far."""
        return self._asked

    def answers(self, answer: Answer) -> None:
        """From now on says what `answer` says."""
        self._answer = answer

    def tells(self, *trackings: Tracking) -> None:
        """From now on says this, whatever it is asked."""
        self._answer = lambda numbers: trackings

    def fails(self, error: Exception) -> None:
        """From now on raises this."""

        def answer(numbers: Sequence[str]) -> Iterable[Tracking]:
            raise error

        self._answer = answer

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        self._asked.append(tuple(numbers))
        yield from ()
        return self._answer(numbers)


def takes_it(notification: Notification) -> object:
    """What a channel does that works."""
    return None


class Phone(Channel):
    """A channel that keeps what it got, and does first what it is told to do."""

    timeout_seconds: float = 5.0

    _inbox: list[Notification] = PrivateAttr(default_factory=list)
    _act: Callable[[Notification], object] = PrivateAttr(default_factory=lambda: takes_it)

    @property
    def inbox(self) -> list[Notification]:
        """What arrived, in the order it came."""
        return self._inbox

    @property
    def titles(self) -> list[str]:
        """What arrived, by its titles."""
        return [notification.title for notification in self._inbox]

    def acts(self, act: Callable[[Notification], object]) -> None:
        """From now on does `act` with each message before it counts as arrived."""
        self._act = act

    def fails(self, error: Exception) -> None:
        """From now on raises this."""

        def act(notification: Notification) -> object:
            raise error

        self._act = act

    def works(self) -> None:
        """From now on takes everything."""
        self._act = takes_it

    def send(self, notification: Notification) -> Receipt:
        self._act(notification)
        self._inbox.append(notification)
        return Receipt()


class Logbook(Phone):
    """A channel that keeps records, and so hears of what nobody is woken for."""

    keeps_record: ClassVar[bool] = True


class Stage:
    """One folder, its database and configuration; passes are run through `cycle`."""

    def __init__(
        self,
        folder: Path,
        *,
        now: datetime = NOW,
        config: str = CONFIG,
        sources: Mapping[str, Source] | None = None,
        channels: Mapping[str, Channel] | None = None,
    ) -> None:
        self.folder, self.now = folder, now
        self.source, self.phone = Scripted(adapter="scripted"), Phone(adapter="phone")
        self._sources = {"scripted": self.source} if sources is None else sources
        self._channels = {"phone": self.phone} if channels is None else channels
        self._stack = AsyncExitStack()
        self.configure(config)

    def configure(self, config: str) -> None:
        """Takes another configuration; counts from the next start on."""
        (self.folder / "orderwatch.toml").write_text(config, encoding="utf-8")
        self.runtime = a_runtime(self.folder, self._sources, self._channels)

    async def __aenter__(self) -> Self:
        self.database = StoreThread(self.runtime.settings.database)
        await self.database.open()
        self._stack.push_async_callback(self.database.close)
        clock = lambda: self.now  # noqa: E731 - a clock that tests turn
        self.transport = await self._stack.enter_async_context(await open_transport(self.database, clock))
        self.couriers = {name: Courier(name, channel) for name, channel in self.runtime.channels.items()}
        for courier in self.couriers.values():
            self._stack.callback(courier.close)
        self.cycle = Cycle(self.database, self.transport, self.runtime, self.couriers, clock)
        await self.cycle.prepare(self.now)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def restart(self) -> None:
        """Ends, and starts again on the same folder."""
        await self._stack.aclose()
        await self.__aenter__()

    def later(self, **span: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**span)

    async def read(self, work: Callable[[Store], T]) -> T:
        """Asks the store."""
        return await self.database.run(work)

    async def take(self, *orders: Order) -> None:
        """Takes orders in, as if a file listed them."""
        await self.database.write(
            lambda store: store.orders.take(
                orders,
                self.now,
                self.runtime.choose,
                is_over=partial(self.runtime.is_over, now=self.now),
                file="orders.toml",
            )
        )

    async def pass_once(self) -> None:
        """Polls, thinks and delivers what is due."""
        await self.cycle.poll(self.now)
        await self.cycle.think(self.now)
        await self.cycle.deliverer.deliver_due()

    async def order(self, id_: str) -> OrderRecord:
        """All that is known of an order."""
        (record,) = await self.read(lambda store: store.orders.load([id_]))
        return record

    async def parcel(self, number: str) -> Tracked:
        """All that is known of a parcel of some order."""

        def found(store: Store) -> Tracked:
            for record in store.orders.load(store.orders.running(finished_too=True)):
                for parcel in record.parcels:
                    if number in (parcel.shipment.number, *parcel.shipment.aliases):
                        return parcel
            raise LookupError(number)

        return await self.read(found)

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        return await self.read(lambda store: store.db.execute(sql).fetchall())


def a_runtime(folder: Path, sources: Mapping[str, Source], channels: Mapping[str, Channel]) -> Runtime:
    """The configuration of a folder, with other sources and channels."""
    runtime = build_runtime(load_settings(folder / "orderwatch.toml", {}))
    return replace(runtime, sources=dict(sources), channels=dict(channels))


def held(number: str, since: str = "2026-05-10 09:00", **more: Any) -> Tracking:
    """A parcel that customs holds since a time."""
    scans = (a_scan("2026-05-06 09:00"), a_scan(since, "customs_hold", "Held by customs"))
    return Tracking(number, ShipmentStatus.CUSTOMS_HOLD, scans, **more)


def moving(
    number: str, newest: str = "2026-05-10 09:00", status: str = "in_transit", **more: Any
) -> Tracking:
    """A parcel on its way, with one scan at `newest`."""
    return Tracking(number, ShipmentStatus(status), (a_scan(newest, status, status),), **more)


def orders(*pairs: str) -> list[Order]:
    """Orders from texts such as `1001: LP1 LP2`."""
    named = [pair.partition(":") for pair in pairs]
    return [an_order(id=id_, title=f"Order {id_}", parcels=numbers) for id_, _, numbers in named]
