"""Buttons in the store: a secret of its own, and each token once."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.alerts import Open, Reason
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.situation import Why
from monitor.store import Store
from tests.monitor.stage import NOW


def an_alert(store: Store) -> int:
    moment = Moment(NOW, "source_blind", "files", Severity.WARNING, Why("silent"))
    alert = store.alerts.apply(Open(moment, Reason.BEGAN, speaks=True), None, "Cannot read: files", NOW)
    assert alert is not None
    return alert


def test_the_secret_is_made_once(store: Store, tmp_path: Path) -> None:
    secret = store.replies.secret()
    assert len(secret) == 32
    assert store.replies.secret() == secret
    with closing(Store(store.path)) as again, closing(Store(tmp_path / "other.db")) as other:
        assert again.replies.secret() == secret
        assert other.replies.secret() != secret


def test_a_token_counts_once(store: Store) -> None:
    alert = an_alert(store)
    assert store.replies.use(b"one", alert, "done", NOW) is None
    assert store.replies.use(b"one", alert, "done", NOW + timedelta(days=1)) == NOW
    assert store.replies.use(b"two", alert, "done", NOW) is None


def test_a_use_that_is_taken_back_is_none(store: Store) -> None:
    alert = an_alert(store)
    with pytest.raises(ZeroDivisionError), store.atomic():
        store.replies.use(b"one", alert, "done", NOW)
        _ = 1 // 0
    assert store.replies.use(b"one", alert, "done", NOW) is None


def test_what_was_used_long_ago_is_let_go_of(store: Store) -> None:
    alert = an_alert(store)
    store.replies.use(b"old", alert, "done", NOW)
    store.replies.use(b"new", alert, "done", NOW + timedelta(seconds=1))
    store.replies.forget(NOW + timedelta(seconds=1))
    assert store.db.execute("SELECT token FROM replies").fetchall() == [(b"new",)]
