"""The schema grows: a database of any age opens, keeps what it knows, and looks like a new one.

A new step needs one thing here: what a database of the step before knew, as SQL, in `OLDER`.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.store import Store
from monitor.store.connection import is_up_to_date
from monitor.store.migrations import migrations

with closing(Database(memory=True)) as _nothing_done:
    STEPS = [step.name for step in migrations.pending(_nothing_done)]

#: For every step but the last, statements that a database of that age was filled with; and what has
#: to be found afterwards: a query and its rows.
OLDER: Mapping[str, tuple[tuple[str, ...], Mapping[str, list[tuple[object, ...]]]]] = {
    "m0001_foundation": (
        (
            "INSERT INTO orders (id, facts, taken_at) VALUES ('1001', '{}', 1)",
            "INSERT INTO shipments VALUES (1, 'LP1', 'files', '{}', x'0F', 10, 20, 3, 'no answer', 30)",
            "INSERT INTO shipments VALUES (2, 'LP2', NULL, '{}', NULL, 11, NULL, 0, NULL, NULL)",
            "INSERT INTO aliases VALUES ('RR1', 1)",
            "INSERT INTO order_shipments VALUES ('1001', 1, 0), ('1001', 2, 1)",
            "INSERT INTO events VALUES (1, 5, 7, '{}')",
        ),
        {
            "SELECT * FROM lookups": [(1, "files", "LP1", b"\x0f", 10, 20, 3, "no answer", 30)],
            "SELECT * FROM shipments": [(1, "LP1", "files", "{}"), (2, "LP2", None, "{}")],
            "SELECT * FROM aliases": [("RR1", 1)],
            "SELECT order_id, shipment FROM order_shipments": [("1001", 1), ("1001", 2)],
            "SELECT count(*) FROM events": [(1,)],
        },
    ),
    "m0002_lookups": (
        (
            "INSERT INTO alerts VALUES (7, 'r', 'LP1', '', NULL, '', 0, 'info', 5, 60, 4, 'acknowledged', 0, 6, '')",
            "INSERT INTO channels VALUES ('phone', 5, 1, 'no')",
        ),
        {
            "SELECT id, state, told_at, title, snoozed_until FROM alerts": [(7, "acknowledged", 6, "", None)],
            "SELECT count(*) FROM replies": [(0,)],
            "SELECT name, permanent, refusal, disabled FROM channels": [("phone", 1, None, 0)],
        },
    ),
    "m0003_replies": (
        ("INSERT INTO channels VALUES ('phone', 5, 1, 'no')",),
        {
            "SELECT name, permanent, refusal, disabled FROM channels": [("phone", 1, None, 0)],
            "SELECT count(*) FROM withdrawals": [(0,)],
        },
    ),
    "m0004_tiers": (
        (
            (
                "INSERT INTO alerts (id, rule, subject, occurrence, stage, level, severity, since, state, told_level,"
                " title) VALUES (7, 'r', 'LP1', '', '', 0, 'info', 5, 'open', 0, '')"
            ),
            (
                "INSERT INTO notices (id, alert, dedup_key, kind, rule, stage, subject, severity, title, body,"
                " created_at, not_before, expires_at) VALUES (1, 7, 'k', 'news', 'r', '', 'LP1', 'urgent', 't', 'b',"
                " 5, 5, 9)"
            ),
            "INSERT INTO deliveries (id, notice, channel, rank, tier, next_at) VALUES (1, 1, 'pager', 3, 1, 6)",
        ),
        {
            "SELECT id, tier, next_at FROM deliveries INDEXED BY deliveries_later WHERE state IN ('queued', 'unknown') AND tier > 0"
            " AND channel = 'pager'": [(1, 1, 6)]
        },
    ),
    "m0005_repeats": (
        ("INSERT INTO orders (id, facts, taken_at) VALUES ('1001', '{}', 1)",),
        {
            "SELECT id FROM orders": [("1001",)],
            "SELECT count(*) FROM calendar": [(0,)],
            "SELECT count(*) FROM calendar_due": [(0,)],
        },
    ),
    "m0006_calendar": (
        ("INSERT INTO orders (id, facts, taken_at) VALUES ('1001', '{}', 1)",),
        {
            "SELECT id, facts FROM orders": [("1001", "{}")],
            "SELECT count(*) FROM evidence": [(0,)],
            "SELECT count(*) FROM evidence_folders": [(0,)],
        },
    ),
    # What is at stake is worked out anew, of all that runs.
    "m0007_evidence": (
        (
            (
                "INSERT INTO orders (id, facts, taken_at, phase, next_at) VALUES ('1001', '{}', 1, 'shipped', 99),"
                " ('1002', '{}', 1, 'finished', NULL)"
            ),
        ),
        {"SELECT id, next_at, staked_until FROM orders": [("1001", 0, 0), ("1002", None, 0)]},
    ),
    "m0008_stakes": (
        (
            "INSERT INTO alerts VALUES (7, 'r', 's', '', NULL, '', 0, 'info', 5, 60, 4, 'open', 0, 6, '', NULL)",
            "INSERT INTO notices VALUES (1, 7, 'k', 'news', 'r', '', 's', '1001', 'info', 't', 'b', 1, 1, 9, 9, NULL)",
        ),
        {"SELECT id FROM notices INDEXED BY notices_of_order WHERE order_id = '1001'": [(1,)]},
    ),
}


def schema(db: Database) -> list[tuple[str, str]]:
    return [
        (name, " ".join(sql.split()))
        for name, sql in db.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ).fetchall()
    ]


def new_schema(folder: Path) -> list[tuple[str, str]]:
    with closing(Store(folder / "new.db")) as new:
        return schema(new.db)


def test_every_older_step_has_its_database() -> None:
    assert list(OLDER) == STEPS[:-1]


def test_from_nothing(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "orderwatch.db")) as store:
        assert [step.name for step in migrations.applied(store.db)] == STEPS
        assert is_up_to_date(store.db)


@pytest.mark.parametrize("age", range(len(STEPS)))
def test_from_every_age(tmp_path: Path, age: int) -> None:
    path = tmp_path / "orderwatch.db"
    with closing(Database(path, execute_plugins=False)) as old:
        migrations.apply(old, stop_before=STEPS[age])
        statements, expected = OLDER[STEPS[age - 1]] if age else ((), {})
        for statement in statements:
            old.execute(statement)
        assert not is_up_to_date(old)
    with closing(Store(path)) as store:
        assert is_up_to_date(store.db)
        assert schema(store.db) == new_schema(tmp_path)
        for query, rows in expected.items():
            assert store.db.execute(query).fetchall() == rows
        assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    Store(tmp_path / "orderwatch.db").close()
    before = (tmp_path / "orderwatch.db").read_bytes()
    Store(tmp_path / "orderwatch.db").close()
    assert (tmp_path / "orderwatch.db").read_bytes() == before


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """A table that should not be there is in the way: nothing is made beside it."""
    path = tmp_path / "orderwatch.db"
    with closing(Database(path, execute_plugins=False)) as foreign:
        foreign.execute("CREATE TABLE parcels_of_my_own (number TEXT)")
        foreign.execute("CREATE TABLE memory (anything TEXT)")
        migrations.ensure_migrations_table(foreign)
    with pytest.raises(Exception, match="table memory already exists"):
        Store(path)
    with closing(Database(path, execute_plugins=False)) as foreign:
        tables = {name for (name,) in foreign.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"parcels_of_my_own", "memory", "_sqlite_migrations"}
