"""Reads what a test writes, from real files, as the service would."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from monitor.orders import OrderFile, read_order_file

Read = Callable[[str, str | bytes], OrderFile]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """`read("orders.toml", content)`; in messages the file has no folder."""
    monkeypatch.chdir(tmp_path)

    def written_and_read(name: str, content: str | bytes) -> OrderFile:
        path = Path(name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_order_file(
            path, marketplaces=["aliexpress", "ebay"], sources=["files", "17track"], today=date(2026, 11, 24)
        )

    return written_and_read
