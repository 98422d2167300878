"""A million orders at rest: what a tick costs, what a list costs, and catching up after a long sleep."""

import asyncio
import time
from datetime import datetime, timedelta

from benchmarks.report import Row
from benchmarks.workplace import NOW, database, fill, runtime
from monitor.assess import assess_due
from monitor.daemon import settle_garbage_collector
from monitor.runtime import Runtime
from monitor.store.thread import StoreThread
from monitor.views import order_json

ORDERS = 1_000_000
OVERDUE = 100_000
DUE_STEPS = (10, 100, 1_000)


async def measure() -> list[Row]:
    """Ticks, the list of the most pressing, and 100 000 overdue orders."""
    house = runtime()
    settle_garbage_collector()
    async with database() as thread:
        await fill(thread, ORDERS, house)
        # As if all had been looked at and thought about.
        await thread.write(lambda store: store.db.execute("UPDATE lookups SET last_success_at = 1"))
        await thread.write(lambda store: store.db.execute("UPDATE orders SET next_at = ?", [2**62]))
        rows = [await _nothing_due(thread, house)]
        rows += [await _some_due(thread, house, count) for count in DUE_STEPS]
        rows.append(await _most_pressing(thread, house))
        rows += await _catching_up(thread, house)
    return rows


async def _nothing_due(thread: StoreThread, house: Runtime) -> Row:
    await assess_due(thread, house, NOW)
    times = [await _timed(thread, house, NOW) for _ in range(50)]
    return Row("tick with nothing due", f"{sorted(times)[25] * 1e3:.2f} ms", "median of 50", "1 ms")


async def _some_due(thread: StoreThread, house: Runtime, count: int) -> Row:
    await _make_due(thread, count)
    took = await _timed(thread, house, NOW)
    return Row(
        f"tick with {count:,} due", f"{took * 1e3:.1f} ms", f"{took / count * 1e6:.0f} µs each", "∝ due"
    )


async def _most_pressing(thread: StoreThread, house: Runtime) -> Row:
    start = time.perf_counter()
    records = await thread.run(lambda store: store.orders.load(store.orders.running(50)))
    listed = [order_json(record, house, NOW) for record in records]
    assert len(listed) == 50
    return Row(
        "the 50 most pressing of a million", f"{(time.perf_counter() - start) * 1e3:.1f} ms", "", "300 ms"
    )


async def _catching_up(thread: StoreThread, house: Runtime) -> list[Row]:
    """First with nothing to say; then three days later, when a dispute can be opened about each."""
    quiet, _ = await _caught_up(thread, house, NOW)
    speaking, held = await _caught_up(thread, house, NOW + timedelta(days=3))
    worst = sorted(held)
    return [
        Row("catching up 100,000 overdue, none to speak", f"{quiet:,.0f} orders/s", "", "15,000/s"),
        Row("catching up 100,000 overdue, each speaking", f"{speaking:,.0f} orders/s", "", "15,000/s"),
        Row("  the event loop is held for", f"{worst[int(len(worst) * 0.99)] * 1e3:.1f} ms",
            f"most {worst[-1] * 1e3:.1f} ms", "20 ms"),
    ]  # fmt: skip


async def _caught_up(thread: StoreThread, house: Runtime, now: datetime) -> tuple[float, list[float]]:
    """Orders a second, and how long a task that wanted to run had to wait, each time."""
    await _make_due(thread, OVERDUE)
    held: list[float] = []
    watcher = asyncio.create_task(_watch(held))
    took = await _timed(thread, house, now)
    watcher.cancel()
    return OVERDUE / took, held


async def _watch(held: list[float]) -> None:
    """How long the loop keeps a task waiting that wants to run at once."""
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0)
        held.append(time.perf_counter() - start)
        await asyncio.sleep(0.001)


async def _make_due(thread: StoreThread, count: int) -> None:
    await thread.write(
        lambda store: store.db.execute(
            "UPDATE orders SET next_at = 1 WHERE id IN (SELECT id FROM orders ORDER BY id LIMIT ?)", [count]
        )
    )


async def _timed(thread: StoreThread, house: Runtime, now: datetime) -> float:
    start = time.perf_counter()
    await assess_due(thread, house, now)
    return time.perf_counter() - start
