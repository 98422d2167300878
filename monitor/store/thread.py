"""The store in a thread of its own: SQLite connections belong to one thread, and waiting for the
disk must not hold the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from monitor.store import Store

T = TypeVar("T")


class StoreThread:
    """Runs functions of the store one after the other; await each with `run` or `write`.

    `thinking` is held by whoever reads facts, decides, and stores what follows, so that nobody else
    decides on the same facts meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.thinking = asyncio.Lock()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._store: Store | None = None

    async def open(self) -> None:
        """Opens the database. Raises StoreError."""
        self._store = await self._submit(lambda: Store(self.path))

    async def run(self, work: Callable[[Store], T]) -> T:
        """`work(store)` in the store's thread, outside a transaction. Raises StoreError."""
        return await self._submit(lambda: self._guarded(work))

    async def write(self, work: Callable[[Store], T]) -> T:
        """`work(store)` in one transaction. Raises StoreError, and then nothing was stored."""
        return await self._submit(lambda: self._guarded(lambda store: _atomically(store, work)))

    async def close(self) -> None:
        """Closes the database after what is under way."""
        store, self._store = self._store, None
        if store is not None:
            await self._submit(store.close)
        self._executor.shutdown()

    def _guarded(self, work: Callable[[Store], T]) -> T:
        assert self._store is not None
        with self._store.guard():
            return work(self._store)

    async def _submit(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _atomically(store: Store, work: Callable[[Store], T]) -> T:
    with store.atomic():
        return work(store)
