"""Parcels a second, from a local server to the database, beside a loop that only fetches them."""

import time
from collections.abc import Sequence
from datetime import timedelta

import httpx

from benchmarks.local_server import tracking_server
from benchmarks.report import Row
from benchmarks.workplace import NOW, database, fill, runtime
from monitor.daemon import settle_garbage_collector
from monitor.poll import Poller
from monitor.transport import Transport

PARCELS = 16_000
BATCH = 40
ROUNDS = 3


async def measure() -> list[Row]:
    """All-new answers, then the same answers again, each beside the bare loop."""
    settle_garbage_collector()
    with tracking_server() as address:
        house = runtime(address)
        bare, new, unchanged = [], [], []
        for _ in range(ROUNDS):
            async with database() as thread, Transport(lambda: NOW) as transport:
                await fill(thread, PARCELS, house)
                poller = Poller(thread, transport, house)
                bare.append(await _bare(address))
                new.append(await _polled(poller, 0))
                unchanged.append(await _polled(poller, 48))
                bare.append(await _bare(address))
    best = max(bare)
    return [
        Row("bare loop that only fetches", f"{best:,.0f} parcels/s", "", ""),
        Row(
            "unchanged answers",
            f"{max(unchanged):,.0f} parcels/s",
            f"{max(unchanged) / best:.2f} × bare",
            "0.8 ×",
        ),
        Row("all-new answers", f"{max(new):,.0f} parcels/s", f"{max(new) / best:.2f} × bare", "8,000/s"),
    ]


async def _polled(poller: Poller, hours: int) -> float:
    start = time.perf_counter()
    polled = await poller.poll_due(NOW + timedelta(hours=hours))
    assert (polled.polled, polled.failed) == (PARCELS, 0)
    return PARCELS / (time.perf_counter() - start)


async def _bare(address: str) -> float:
    """One request after the other with the same client, nothing read."""
    numbers: Sequence[str] = [f"LP{index:014}" for index in range(PARCELS)]
    async with httpx.AsyncClient() as client:
        start = time.perf_counter()
        for first in range(0, PARCELS, BATCH):
            asked = [{"number": number} for number in numbers[first : first + BATCH]]
            answer = await client.post(f"{address}/v2.2/gettrackinfo", json=asked)
            assert answer.content
        return PARCELS / (time.perf_counter() - start)
