"""Looks at the evidence folders again and again: kinds and sizes at once, fingerprints as time allows.

Nobody is told of what is found: messages that are due anyway say what is still missing.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TypeVar

from monitor.core.wording import clean, short_order
from monitor.evidence import Hasher, list_root, sayable
from monitor.sighting import ALL_BYTES, look, note, note_digests, survey
from monitor.store.evidence import EvidenceNews
from monitor.store.thread import StoreThread

T = TypeVar("T")

log = logging.getLogger("orderwatch.evidence")

#: Bytes that are read for fingerprints in one pass, about a second's worth.
PASS_BYTES = 256 * 2**20
_LONGEST_NAME = 80


class Watch:
    """Looks again and again. `root` holds the folders of the orders; it need not be there."""

    def __init__(self, root: Path, database: StoreThread) -> None:
        self._root, self._database = root, database
        self._hasher = Hasher(root)
        self._told: str | None = None

    async def look(self, now: datetime) -> None:
        """Notes what has come, changed or gone since the last look. Raises StoreError."""
        names, trouble = await _apart(lambda: list_root(self._root))
        watched = await self._database.run(lambda store: store.evidence.with_folder())
        self._tell(trouble if watched or trouble != "is not there" else None)
        if trouble is not None or not (names or watched):
            return
        where = await self._database.run(lambda store: survey(store, names))
        found = await _apart(lambda: look(self._root, where))
        news = await self._database.write(lambda store: note(store, found, now))
        for line in (line for order, it in news.items() for line in _lines(order, it)):
            log.info("%s", line)

    async def read(self, now: datetime, most_bytes: int = PASS_BYTES) -> int:
        """Reads files whose fingerprints are not known, and at most `most_bytes` of them: where that is
        not enough the next call goes on. Returns how many became known. Raises StoreError."""
        files = await self._database.run(lambda store: store.evidence.unread())
        if not files:
            return 0
        digests = await _apart(lambda: self._hasher.read(files, most_bytes))
        if digests:
            await self._database.write(lambda store: note_digests(store, digests, now))
        return len(digests)

    async def read_all(self, now: datetime) -> None:
        """The same without a bound, for who does nothing else."""
        await self.read(now, ALL_BYTES)

    def _tell(self, trouble: str | None) -> None:
        if trouble is not None and trouble != self._told:
            log.warning("evidence: %s %s; what is known of it stays", self._root, trouble)
        self._told = trouble


def _lines(order: str, news: EvidenceNews) -> Iterator[str]:
    """What the log says of one order."""
    name = f"evidence of order {short_order(order)}"
    if news.new:
        yield f"{name}: {_named(it.path for it in news.new)} noted"
    if news.gone:
        yield f"{name}: {_named(news.gone)} no longer there"
    for trouble in news.troubles:
        yield f"{name}: {_shown(trouble.path) or 'its folder'} {trouble.what}"


def _named(paths: Iterable[str]) -> str:
    first, *rest = paths
    return _shown(first) + (f" and {len(rest)} more" if rest else "")


def _shown(path: str) -> str:
    return clean(sayable(path), _LONGEST_NAME)


async def _apart(work: Callable[[], T]) -> T:
    """`work()` in a thread of its own: a disk that is slow or hangs keeps nothing else waiting, nor the end
    of the program."""
    future: Future[T] = Future()

    def act() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - who waits must hear of whatever it is
            future.set_exception(error)

    Thread(target=act, name="evidence", daemon=True).start()
    return await asyncio.wrap_future(future)
