"""What is asked all the time costs what is due: by SQLite's own word, an index finds it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.core.model import Severity
from monitor.store import Store
from tests.monitor.stage import NOW

#: What is asked, the steps of its plan that say how rows are found.
PLANS: dict[str, tuple[Callable[[Store], object], list[str]]] = {
    "orders to think about": (
        lambda store: store.orders.due(NOW, 50),
        ["SEARCH orders USING INDEX orders_due (next_at<?)"],
    ),
    "when the next order is due": (
        lambda store: store.orders.next_due(),
        ["SEARCH orders USING COVERING INDEX orders_due (next_at>?)"],
    ),
    "orders that run": (
        lambda store: store.orders.running(50),
        ["SCAN orders USING INDEX orders_running"],
    ),
    "how many orders run": (
        lambda store: store.orders.count(),
        ["SCAN orders USING INDEX orders_running"],
    ),
    "parcels to look at": (
        lambda store: store.lookups.due(NOW, 50),
        ["SEARCH lookups USING INDEX lookups_due (next_poll_at<?)"],
    ),
    "when the next parcel is due": (
        lambda store: store.lookups.next_due(),
        ["SEARCH lookups USING COVERING INDEX lookups_due (next_poll_at>?)"],
    ),
    "messages to send": (
        lambda store: store.outbox.claim("phone", NOW, NOW + timedelta(seconds=50)),
        [
            "SEARCH deliveries USING INDEX deliveries_later (channel=? AND next_at<?)",
            "SEARCH d USING INDEX deliveries_due (channel=? AND rank>?)",
        ],
    ),
    "how many messages there are to send": (
        lambda store: store.outbox.due("phone", NOW, 7, below=Severity.URGENT),
        ["SEARCH deliveries USING INDEX deliveries_due (channel=? AND rank<?)"],
    ),
    "what is to be taken back": (
        lambda store: store.outbox.next_withdrawal("phone", NOW),
        ["SEARCH withdrawals USING PRIMARY KEY (channel=?)"],
    ),
    "leases that are over": (
        lambda store: store.outbox.recover(NOW),
        ["SCAN deliveries USING INDEX deliveries_sending"],
    ),
    "what is too late": (
        lambda store: store.outbox.expire(NOW),
        ["SCAN deliveries USING INDEX deliveries_due"],
    ),
    "what is withdrawn": (
        lambda store: store.outbox.withdraw(1),
        ["SEARCH deliveries USING INDEX sqlite_autoindex_deliveries_1 (notice=?)"],
    ),
    "alerts that last": (
        lambda store: store.alerts.lasting(),
        ["SEARCH alerts USING INDEX alerts_lasting (state=?)"],
    ),
    "how many alerts last": (
        lambda store: store.alerts.count(),
        ["SEARCH alerts USING COVERING INDEX alerts_lasting (state=?)"],
    ),
    "alerts about us": (
        lambda store: store.alerts.about_us(),
        ["SEARCH alerts USING INDEX alerts_of_order (order_id=?)"],
    ),
    "buttons to let go of": (
        lambda store: store.replies.forget(NOW),
        ["SEARCH replies USING COVERING INDEX replies_by_age (at<?)"],
    ),
    "the evidence of orders": (
        lambda store: store.orders.load(["1001"]),
        [
            "SEARCH evidence_folders USING PRIMARY KEY (order_id=?)",
            "SEARCH e USING INDEX evidence_of_order (order_id=?)",
            "SEARCH g USING INTEGER PRIMARY KEY (rowid=?)",
        ],
    ),
    "answers to let go of": (
        lambda store: store.payloads.forget(NOW),
        ["SEARCH payloads USING COVERING INDEX payloads_by_age (last_seen_at<?)"],
    ),
}


def plan(store: Store, ask: Callable[[Store], object]) -> list[str]:
    """The steps of everything that `ask` has SQLite do."""
    asked: list[str] = []
    store.db.conn.set_trace_callback(asked.append)
    ask(store)
    store.db.conn.set_trace_callback(None)
    return [
        str(step[3])
        for statement in asked
        if statement.startswith(("SELECT", "UPDATE", "DELETE"))
        for step in store.db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    ]


@pytest.mark.parametrize("what", PLANS)
def test_an_index_finds(store: Store, what: str) -> None:
    ask, wanted = PLANS[what]
    steps = plan(store, ask)
    assert [step for step in wanted if step in steps] == wanted, steps
    tables = (
        "orders",
        "shipments",
        "lookups",
        "deliveries",
        "notices",
        "alerts",
        "payloads",
        "d",
        "n",
        "e",
        "g",
        "evidence_folders",
    )
    assert [step for step in steps if step in [f"SCAN {table}" for table in tables]] == []


@pytest.mark.parametrize("what", ["orders to think about", "orders that run", "parcels to look at"])
def test_nothing_is_sorted_that_waits_in_order(store: Store, what: str) -> None:
    ask, _ = PLANS[what]
    assert [step for step in plan(store, ask) if "TEMP B-TREE" in step] == []
