"""What several benchmarks start from: a runtime, a database in a temporary folder, orders."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from carriers.seventeentrack import SeventeenTrack
from monitor.core.days import Days
from monitor.core.model import Order, Parcel
from monitor.core.texts.en import ENGLISH
from monitor.policies import load_policies
from monitor.runtime import Runtime
from monitor.settings import Settings
from monitor.store.thread import StoreThread

NOW = datetime(2026, 10, 14, 12, tzinfo=UTC)


def runtime(base_url: str = "http://127.0.0.1:9/track") -> Runtime:
    """A configuration with one 17TRACK source and no channel."""
    source = SeventeenTrack(
        adapter="seventeentrack", api_key=SecretStr("benchmark"), base_url=base_url, requests_per_second=1e6
    )
    return Runtime(
        Days(ZoneInfo("Europe/Madrid")),
        load_policies({}),
        ENGLISH,
        {},
        Settings(),
        {"seventeentrack": source},
        {},
    )


def orders(count: int, *, shipped: date = date(2026, 10, 5)) -> Iterator[Order]:
    """Orders with one parcel each."""
    for index in range(count):
        yield Order(
            id=f"8{index:015}",
            title=f"Thing number {index}",
            ordered_on=shipped,
            shipped_on=shipped,
            parcels=(Parcel(f"LP{index:014}"),),
        )


@asynccontextmanager
async def database() -> AsyncIterator[StoreThread]:
    """A new database, gone at the end."""
    with tempfile.TemporaryDirectory() as folder:
        thread = StoreThread(Path(folder) / "benchmark.db")
        await thread.open()
        try:
            yield thread
        finally:
            await thread.close()


async def fill(thread: StoreThread, count: int, choose: Runtime) -> None:
    """Stores `count` orders, a slice at a time."""
    batch: list[Order] = []
    for order in orders(count):
        batch.append(order)
        if len(batch) == 20_000:
            await _take(thread, batch, choose)
            batch = []
    await _take(thread, batch, choose)


async def _take(thread: StoreThread, batch: Sequence[Order], house: Runtime) -> None:
    await thread.write(lambda store: store.orders.take(batch, NOW, house.choose))
