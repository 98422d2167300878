"""`python -m benchmarks [NAME...]`: measures, prints ratios, judges nothing."""

import asyncio
import platform
import sqlite3
import sys
from collections.abc import Callable
from importlib.metadata import version

from benchmarks import footprint, million, outbox, parsing, peer, polling, sources
from benchmarks.report import Row, show

BENCHMARKS: dict[str, tuple[str, Callable[[], list[Row]]]] = {
    "parsing": ("Reading a 17TRACK answer of 40 parcels", parsing.measure),
    "sources": ("Reading recorded answers, source by source", sources.measure),
    "peer": ("Reading a DHL answer of one parcel, beside karrio", peer.measure),
    "polling": (
        "Polling 40 parcels an answer, server on this machine",
        lambda: asyncio.run(polling.measure()),
    ),
    "million": ("A million orders stored", lambda: asyncio.run(million.measure())),
    "outbox": ("The outbox, and how soon it speaks", lambda: asyncio.run(outbox.measure())),
    "footprint": ("Footprint", footprint.measure),
}


def main() -> None:
    """Runs the named benchmarks, or all."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}")
    print(
        f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}, httpx {version('httpx')},"
        f" msgspec {version('msgspec')}, {platform.machine()}"
    )
    for name in names:
        title, measure = BENCHMARKS[name]
        show(title, measure())


if __name__ == "__main__":
    main()
