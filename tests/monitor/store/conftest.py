"""A new database in a folder of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store import Store


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as it is when it was just made."""
    path = tmp_path_factory.mktemp("new") / "orderwatch.db"
    store = Store(path)
    store.tidy()
    store.close()
    return path


@pytest.fixture
def store(new_database: Path, tmp_path: Path) -> Iterator[Store]:
    store = Store(Path(shutil.copy(new_database, tmp_path)))
    yield store
    store.close()
