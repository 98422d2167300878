"""The outbox: what is queued, claimed, settled and given up, and that nothing gets lost between."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.core.alerts import Open, Reason
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.situation import Why
from monitor.store import Store
from monitor.store.records import Delivery, Notice
from tests.monitor.stage import NOW

MINUTE = timedelta(minutes=1)
LEASE = NOW + MINUTE

A_NOTICE = Notice(
    dedup_key="1/news/held/then",
    kind="news",
    rule="customs_hold",
    stage="held",
    subject="LP1",
    order="1001",
    severity=Severity.WARNING,
    title="Customs hold: USB hub",
    body="2 days held\n\n… ✓",
    created_at=NOW,
    not_before=NOW,
    expires_at=NOW + timedelta(hours=48),
    channels=("phone",),
)


@dataclass
class Box:
    """An outbox, and alerts for it to speak of."""

    store: Store
    keys: int = 0

    def alert(self, subject: str = "phone") -> int:
        self.keys += 1
        moment = Moment(NOW, "channel_down", subject, Severity.WARNING, Why("test"), str(self.keys))
        id_ = self.store.alerts.apply(Open(moment, Reason.BEGAN, speaks=True), None, "title", NOW)
        assert id_ is not None
        return id_

    def put(self, alert: int | None = None, **changes: Any) -> int:
        """Queues a notice, of an alert of its own where none is given; returns the alert."""
        self.keys += 1
        about = self.alert() if alert is None else alert
        notice = replace(A_NOTICE, **({"dedup_key": str(self.keys)} | changes))
        with self.store.atomic():
            self.store.outbox.put(about, notice)
        return about

    def claim(self, channel: str = "phone", now: datetime = NOW) -> Delivery | None:
        with self.store.atomic():
            return self.store.outbox.claim(channel, now, now + MINUTE)

    def claimed(self, channel: str = "phone", now: datetime = NOW) -> Delivery:
        delivery = self.claim(channel, now)
        assert delivery is not None
        return delivery

    def settle(self, delivery: Delivery, state: str, next_at: datetime | None = None) -> None:
        outcome = "ok" if state == "sent" else "temporary"
        with self.store.atomic():
            self.store.outbox.settle(
                delivery.id, state, NOW, outcome=outcome, detail="words", next_at=next_at, provider_id="p1"
            )

    @property
    def states(self) -> list[str]:
        return [line.state for line in self.store.outbox.lines(all_states=True)]


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


# Queueing


def test_a_message_comes_back_as_it_was_frozen(box: Box) -> None:
    alert = box.put()
    assert box.claimed() == Delivery(
        id=1,
        notice=1,
        alert=alert,
        channel="phone",
        attempt=1,
        maybe_arrived=False,
        severity=Severity.WARNING,
        rule="customs_hold",
        stage="held",
        subject="LP1",
        order="1001",
        title="Customs hold: USB hub",
        body="2 days held\n\n… ✓",
        expires_at=NOW + timedelta(hours=48),
    )


def test_one_delivery_a_channel(box: Box) -> None:
    box.put(channels=("phone", "mail"))
    assert box.claimed("mail").id != box.claimed("phone").id
    assert (box.claim("mail"), box.claim("phone"), box.claim("other")) == (None, None, None)


def test_what_is_queued_already_is_not_queued_again_nor_taken_back(box: Box) -> None:
    alert = box.put(dedup_key="same")
    box.put(alert, dedup_key="same", title="other words")
    assert box.states == ["queued"]
    assert box.claimed().title == "Customs hold: USB hub"


def test_what_nobody_is_to_hear_is_not_queued(box: Box) -> None:
    box.put(channels=())
    assert box.states == []
    assert box.store.db.execute("SELECT count(*) FROM notices").fetchone() == (0,)


@pytest.mark.parametrize(
    ("older", "becomes"),
    [
        ("queued", "superseded"),
        ("tried", "superseded"),
        ("sending", "sending"),
        ("sent", "sent"),
        ("unknown", "unknown"),
        ("dead", "dead"),
    ],
)
def test_a_newer_stage_takes_the_place_of_what_nobody_got(box: Box, older: str, becomes: str) -> None:
    alert = box.put()
    if older != "queued":
        delivery = box.claimed()
    if older == "tried":
        box.settle(delivery, "queued", NOW + MINUTE)
    elif older not in ("queued", "sending"):
        box.settle(delivery, older)
    other = box.put()
    box.put(alert)
    assert box.states == [becomes, "queued", "queued"]
    assert other != alert


@pytest.mark.parametrize(("kind", "repeated"), [("news", False), ("end", True)])
def test_what_may_have_arrived_is_not_repeated_beside_newer_news(box: Box, kind: str, repeated: bool) -> None:
    alert = box.put()
    box.settle(box.claimed(), "unknown", NOW + MINUTE)
    box.put(alert, kind=kind)
    assert box.states == ["unknown", "queued"]
    ((next_at,),) = box.store.db.execute("SELECT next_at FROM deliveries WHERE state = 'unknown'").fetchall()
    assert (next_at is not None) is repeated


def test_a_channel_that_a_newer_stage_does_not_go_to_says_nothing_old_either(box: Box) -> None:
    alert = box.put(channels=("phone", "mail"))
    box.put(alert, channels=("mail",))
    assert box.states == ["superseded", "superseded", "queued"]


# The end of an alert


def ends(box: Box, states: Iterable[str], channels: tuple[str, ...] = ("phone", "mail")) -> list[str]:
    """Where the end of an alert goes whose beginning got so far over phone and mail."""
    alert = box.put(channels=channels)
    for channel, state in zip(channels, states, strict=True):
        if state != "queued":
            delivery = box.claimed(channel)
            if state != "sending":
                box.settle(delivery, state)
    box.put(alert, kind="end", channels=("phone", "mail", "log"))
    lines = box.store.outbox.lines(all_states=True)
    return [line.channel for line in lines if line.state == "queued"]


@pytest.mark.parametrize(
    ("phone", "mail", "goes_to"),
    [
        ("sent", "sent", ["phone", "mail"]),
        ("sent", "queued", ["phone"]),
        ("queued", "queued", []),
        ("sending", "unknown", ["phone", "mail"]),
        ("dead", "expired", []),
        ("confirmed", "superseded", ["phone"]),
    ],
)
def test_the_end_goes_only_where_the_beginning_went(
    box: Box, phone: str, mail: str, goes_to: list[str]
) -> None:
    assert ends(box, (phone, mail)) == goes_to


def test_the_end_of_what_another_alert_told_goes_everywhere(box: Box) -> None:
    box.put(box.alert(), kind="end", channels=("phone", "mail"))
    assert box.states == ["queued", "queued"]


@pytest.mark.parametrize(
    ("comes_back", "states"),
    [
        ({}, ["sent", "superseded"]),
        ({"severity": Severity.URGENT}, ["sent", "superseded", "queued"]),
        ({"stage": "silent"}, ["sent", "superseded", "queued"]),
        ({"order": "1002"}, ["sent", "superseded", "queued"]),
    ],
    ids=["the same", "more severe", "another stage", "about another order"],
)
def test_what_comes_back_before_its_end_was_said_is_said_only_if_it_differs(
    box: Box, comes_back: dict[str, Any], states: list[str]
) -> None:
    alert = box.put()
    box.settle(box.claimed(), "sent")
    box.put(alert, kind="end", stage="over")
    box.put(alert, **comes_back)
    assert box.states == states


@pytest.mark.parametrize(("end_became", "again"), [("expired", False), ("dead", False), ("sent", True)])
def test_what_comes_back_after_an_end_that_never_arrived_is_known(
    box: Box, end_became: str, again: bool
) -> None:
    alert = box.put()
    box.settle(box.claimed(), "sent")
    box.put(alert, kind="end", stage="over")
    box.settle(box.claimed(), end_became)
    box.put(alert)
    assert box.states == ["sent", end_became, *(["queued"] if again else [])]


def test_what_comes_back_and_may_have_arrived_before_is_repeated_not_said_anew(box: Box) -> None:
    alert = box.put()
    box.settle(box.claimed(), "unknown")
    box.put(alert, kind="end", stage="over")
    box.put(alert)
    assert box.states == ["unknown", "superseded"]
    delivery = box.store.outbox.claim("phone", NOW, NOW + MINUTE)
    assert delivery is not None
    assert delivery.maybe_arrived


# Claiming


def test_the_most_severe_first_then_the_oldest(box: Box) -> None:
    for title, severity, minutes in (
        ("info", Severity.INFO, -50),
        ("warning, later", Severity.WARNING, -1),
        ("urgent", Severity.URGENT, 0),
        ("warning, sooner", Severity.WARNING, -9),
        ("critical, not yet", Severity.CRITICAL, 1),
        ("notice", Severity.NOTICE, -40),
    ):
        box.put(title=title, severity=severity, not_before=NOW + minutes * MINUTE)
    assert [box.claimed().title for _ in range(5)] == [
        "urgent",
        "warning, sooner",
        "warning, later",
        "notice",
        "info",
    ]
    assert box.claim() is None
    assert box.claimed(now=NOW + MINUTE).title == "critical, not yet"


@pytest.mark.parametrize(("left", "claimed"), [(timedelta(microseconds=1), True), (timedelta(), False)])
def test_what_is_too_late_is_not_claimed(box: Box, left: timedelta, claimed: bool) -> None:
    box.put(expires_at=NOW + left)
    assert (box.claim() is not None) is claimed


def test_a_claim_counts_as_an_attempt(box: Box) -> None:
    box.put()
    for attempt in (1, 2, 3):
        delivery = box.claimed()
        assert (delivery.attempt, delivery.maybe_arrived) == (attempt, False)
        assert box.claim() is None
        box.settle(delivery, "queued", NOW)


# Settling


def test_every_attempt_is_in_the_log(box: Box) -> None:
    box.put()
    box.settle(box.claimed(), "queued", NOW)
    box.settle(box.claimed(), "sent")
    rows = box.store.db.execute("SELECT delivery, outcome, detail FROM attempts ORDER BY id").fetchall()
    assert rows == [(1, "temporary", "words"), (1, "ok", "words")]
    (line,) = box.store.outbox.lines(all_states=True)
    assert (line.state, line.attempt, line.next_at, line.last_error) == ("sent", 2, None, None)


def test_what_the_other_side_calls_it_is_kept(box: Box) -> None:
    box.put()
    box.settle(box.claimed(), "sent")
    assert box.store.db.execute("SELECT provider_id FROM deliveries").fetchone() == ("p1",)


# Leases


def test_a_lease_that_is_over_may_have_arrived(box: Box) -> None:
    box.put()
    box.claimed()
    assert box.store.outbox.recover(LEASE - timedelta(microseconds=1)) == 0
    assert box.store.outbox.recover(LEASE) == 1
    assert box.states == ["unknown"]
    again = box.claimed(now=LEASE)
    assert (again.attempt, again.maybe_arrived) == (2, True)


def test_at_a_start_no_lease_counts_any_more(box: Box) -> None:
    box.put()
    box.put()
    box.claimed()
    assert box.store.outbox.recover(NOW, all_leases=True) == 1
    assert box.states == ["unknown", "queued"]


# Giving up


@pytest.mark.parametrize("state", ["queued", "unknown"])
def test_what_is_too_late_is_given_up_once_and_told(box: Box, state: str) -> None:
    box.put(expires_at=NOW + MINUTE)
    box.settle(box.claimed(), state, NOW + MINUTE)
    assert box.store.outbox.expire(NOW) == []
    (line,) = box.store.outbox.expire(NOW + MINUTE)
    assert (line.channel, line.title, line.state) == ("phone", "Customs hold: USB hub", "expired")
    assert box.store.outbox.expire(NOW + MINUTE) == []


def test_what_is_being_sent_is_not_given_up(box: Box) -> None:
    box.put(expires_at=NOW + MINUTE)
    box.claimed()
    assert box.store.outbox.expire(NOW + 9 * MINUTE) == []
    assert box.states == ["sending"]


def test_what_waits_for_a_channel_that_is_gone_is_superseded(box: Box) -> None:
    box.put(channels=("phone", "mail", "pager"))
    box.settle(box.claimed("pager"), "sent")
    box.store.outbox.drop_channels(["phone"])
    assert box.states == ["queued", "superseded", "sent"]


# By hand


@pytest.mark.parametrize(
    ("state", "repeat"),
    [
        ("dead", False),
        ("expired", False),
        ("queued", False),
        ("superseded", False),
        ("sent", True),
        ("unknown", True),
    ],
)
def test_what_is_sent_again_by_hand_says_if_it_may_be_a_repeat(box: Box, state: str, repeat: bool) -> None:
    box.put()
    delivery = box.claimed()
    box.settle(delivery, state, NOW + 99 * MINUTE)
    assert box.store.outbox.retry(delivery.id, NOW)
    assert box.claimed().maybe_arrived is repeat


def test_what_was_too_late_is_not_when_it_is_sent_again_by_hand(box: Box) -> None:
    box.put(expires_at=NOW + MINUTE)
    late = NOW + timedelta(days=3)
    (line,) = box.store.outbox.expire(late)
    assert box.store.outbox.retry(line.id, late)
    assert box.store.outbox.expire(late) == []
    assert box.claimed(now=late).expires_at == late + timedelta(days=1)


def test_nothing_is_sent_twice_at_once_by_hand(box: Box) -> None:
    box.put()
    delivery = box.claimed()
    assert not box.store.outbox.retry(delivery.id, NOW)
    assert not box.store.outbox.retry(77, NOW)


# What is shown


def test_what_waits_or_failed_is_shown(box: Box) -> None:
    for state in ("sent", "queued", "dead", "unknown", "expired", "superseded"):
        box.put(title=state)
        box.settle(box.claimed(), state, NOW + MINUTE if state == "queued" else None)
    assert [line.title for line in box.store.outbox.lines()] == ["queued", "dead", "unknown", "expired"]
    assert len(box.store.outbox.lines(all_states=True)) == 6


def test_what_is_still_to_be_made_is_counted(box: Box) -> None:
    for state, next_at in (
        ("queued", NOW + MINUTE),
        ("unknown", NOW + MINUTE),
        ("unknown", None),
        ("sent", None),
    ):
        box.put()
        box.settle(box.claimed(), state, next_at)
    box.put()
    box.claimed()
    assert box.store.outbox.waiting() == 3
    assert box.store.outbox.next_due() == NOW + MINUTE
