"""The third pass: how an attempt ends, when the next one is, and that no channel waits for another."""

import asyncio
import logging
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from monitor.core.alerts import Open, Reason
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.situation import Why
from monitor.deliver import Delivered
from monitor.notifier import Failure, Notification, NotifierError
from monitor.settling import REPEAT_AFTER, RETRIES, Settlement, after_failure, retry_wait
from monitor.store import Store
from monitor.store.records import Delivery, Notice
from tests.monitor.stage import NOW, Logbook, Phone, Stage

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = timedelta(days=1)


class Screen(Phone):
    """A channel on which a message sent twice shows once."""

    replaces_in_place: ClassVar[bool] = True


def a_delivery(**changes: Any) -> Delivery:
    known: dict[str, Any] = {
        "id": 1,
        "notice": 1,
        "alert": 1,
        "channel": "phone",
        "attempt": 1,
        "maybe_arrived": False,
        "severity": Severity.WARNING,
        "rule": "customs_hold",
        "stage": "held",
        "subject": "LP1",
        "order": "1001",
        "title": "Customs hold",
        "body": "2 days held",
        "expires_at": NOW + 2 * DAY,
    }
    return Delivery(**(known | changes))


def error(failure: str, retry_after: timedelta | None = None) -> NotifierError:
    return NotifierError("words", Failure(failure), retry_after=retry_after)


async def queue(stage: Stage, *titles: str, **changes: Any) -> None:
    """Queues messages, each about an alert of its own."""

    def put(store: Store) -> None:
        for title in titles:
            moment = Moment(NOW, "policy_old", title, Severity.WARNING, Why("test"))
            alert = store.alerts.apply(Open(moment, Reason.BEGAN, speaks=True), None, title, NOW)
            assert alert is not None
            known: dict[str, Any] = {
                "dedup_key": title,
                "kind": "news",
                "rule": "policy_old",
                "stage": "",
                "subject": title,
                "order": None,
                "severity": Severity.WARNING,
                "title": title,
                "body": f"{title}: what to do",
                "created_at": stage.now,
                "not_before": stage.now,
                "expires_at": stage.now + 2 * DAY,
                "channels": tuple(stage.runtime.channels),
            }
            store.outbox.put(alert, Notice(**(known | changes)))
            store.db.execute("UPDATE alerts SET state = 'resolved'")  # nobody thinks of it any more

    await stage.database.write(put)


async def state(stage: Stage, id_: int = 1) -> tuple[str, int, datetime | None]:
    lines = await stage.read(lambda store: store.outbox.lines(all_states=True))
    (line,) = [line for line in lines if line.id == id_]
    return line.state, line.attempt, line.next_at


# What a failure means


@pytest.mark.parametrize(
    ("failure", "delivery", "replaces", "ends"),
    [
        ("permanent", {}, False, ("dead", None)),
        ("permanent", {"maybe_arrived": True}, False, ("dead", None)),
        ("ambiguous", {}, False, ("unknown", MINUTE)),
        ("ambiguous", {}, True, ("unknown", timedelta())),
        ("ambiguous", {"maybe_arrived": True}, False, ("unknown", None)),
        ("ambiguous", {"maybe_arrived": True}, True, ("unknown", None)),
        ("ambiguous", {"severity": Severity.INFO}, False, ("unknown", None)),
        ("ambiguous", {"severity": Severity.NOTICE}, False, ("unknown", MINUTE)),
        ("ambiguous", {"severity": Severity.CRITICAL}, False, ("unknown", MINUTE)),
    ],
)
def test_what_a_failure_means(
    failure: str, delivery: dict[str, Any], replaces: bool, ends: tuple[str, timedelta | None]
) -> None:
    found = after_failure(a_delivery(**delivery), error(failure), NOW, replaces=replaces)
    wait = ends[1]
    assert found == Settlement(
        ends[0],
        failure,
        "words",
        next_at=None if wait is None else NOW + wait,
        permanent=failure == "permanent",
    )


@pytest.mark.parametrize(("maybe_arrived", "state"), [(False, "queued"), (True, "unknown")])
def test_what_may_have_arrived_stays_so_when_the_repeat_fails(maybe_arrived: bool, state: str) -> None:
    found = after_failure(a_delivery(maybe_arrived=maybe_arrived), error("temporary"), NOW)
    assert (found.state, found.outcome, found.permanent) == (state, "temporary", False)
    assert found.next_at is not None


@pytest.mark.parametrize(
    ("attempt", "wait"),
    [
        (1, 30 * SECOND),
        (2, 2 * MINUTE),
        (3, 5 * MINUTE),
        (4, 15 * MINUTE),
        (5, 30 * MINUTE),
        (6, 30 * MINUTE),
        (500, 30 * MINUTE),
    ],
)
def test_the_wait_grows_and_is_spread_by_a_fifth(attempt: int, wait: timedelta) -> None:
    waits = {retry_wait(a_delivery(id=id_, attempt=attempt)) for id_ in range(1, 1001)}
    assert len(waits) > 900
    assert min(waits) >= wait * 0.8
    assert max(waits) <= wait * 1.2
    assert max(waits) - min(waits) > wait * 0.39


def test_the_waits_are_those_of_the_rules() -> None:
    assert RETRIES == (30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE)


@pytest.mark.parametrize(
    ("asked", "at_least"), [(None, 24 * SECOND), (SECOND, 24 * SECOND), (HOUR, HOUR), (47 * HOUR, 47 * HOUR)]
)
def test_never_sooner_than_the_channel_asks(asked: timedelta | None, at_least: timedelta) -> None:
    found = after_failure(a_delivery(), error("temporary", asked), NOW)
    assert found.next_at is not None
    assert found.next_at - NOW >= at_least


@pytest.mark.parametrize(
    ("expires", "asked", "next_at"),
    [
        (10 * SECOND, None, 10 * SECOND),
        (HOUR, 2 * HOUR, HOUR),
        (HOUR, HOUR, HOUR),
        (timedelta(), None, timedelta()),
        (-HOUR, None, timedelta()),
    ],
)
def test_not_later_than_it_is_of_use(expires: timedelta, asked: timedelta | None, next_at: timedelta) -> None:
    found = after_failure(a_delivery(expires_at=NOW + expires), error("temporary", asked), NOW)
    assert found.next_at == NOW + next_at


# Attempts


async def test_a_message_arrives_once(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=1)
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        assert stage.phone.inbox == [
            Notification(
                "1",
                "Hold",
                "Hold: what to do",
                Severity.WARNING,
                rule="policy_old",
                subject="Hold",
                thread="orderwatch-1",
            )
        ]
        assert await state(stage) == ("sent", 1, None)


async def test_it_is_tried_until_it_arrives(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        stage.phone.fails(error("temporary"))
        waits = []
        for attempt in range(1, 8):
            assert await stage.cycle.deliverer.deliver_due() == Delivered(failed=1)
            how, attempts, next_at = await state(stage)
            assert (how, attempts) == ("queued", attempt)
            assert next_at is not None
            waits.append(next_at - stage.now)
            stage.now = next_at - timedelta(microseconds=1)
            assert await stage.cycle.deliverer.deliver_due() == Delivered()
            stage.now = next_at
        for wait, rule in zip(waits, [*RETRIES, RETRIES[-1], RETRIES[-1]], strict=True):
            assert 0.8 * rule <= wait <= 1.2 * rule
        stage.phone.works()
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=1)
        assert [notification.maybe_repeat for notification in stage.phone.inbox] == [False]
        outcomes = await stage.rows("SELECT outcome FROM attempts ORDER BY id")
        assert outcomes == [("temporary",)] * 7 + [("ok",)]


async def test_a_refusal_for_good_is_not_tried_again(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        stage.phone.fails(error("permanent"))
        assert await stage.cycle.deliverer.deliver_due() == Delivered(failed=1)
        stage.later(days=1)
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        assert await state(stage) == ("dead", 1, None)
        assert await stage.read(lambda store: store.health.disabled()) == frozenset()


async def test_a_channel_that_refuses_twice_the_same_is_disabled_until_it_is_tried_again(
    tmp_path: Path,
) -> None:
    async with Stage(tmp_path) as stage:
        stage.phone.fails(error("permanent"))
        await queue(stage, "One", "Two", "Three")
        assert await stage.cycle.deliverer.deliver_due() == Delivered(failed=2)
        assert await stage.read(lambda store: store.health.disabled()) == {"phone"}
        assert [await state(stage, id_) for id_ in (1, 2, 3)] == [
            ("dead", 1, None),
            ("dead", 1, None),
            ("queued", 0, NOW),
        ]
        # Tried again, it says the same again.
        await stage.database.write(lambda store: store.outbox.retry(1, stage.now))
        assert await stage.cycle.deliverer.deliver_due() == Delivered(failed=1)
        await stage.database.write(lambda store: store.outbox.retry(1, stage.now))
        stage.phone.works()
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=2)
        assert stage.phone.titles == ["One", "Three"]
        assert await stage.read(lambda store: store.health.channels()) == []


@pytest.mark.parametrize(
    "second", [("temporary", "no"), ("permanent", "other words"), ("ambiguous", "no answer")]
)
async def test_refusals_with_other_words_or_failures_between_disable_nothing(
    tmp_path: Path, second: tuple[str, str]
) -> None:
    async with Stage(tmp_path) as stage:
        told = iter((("permanent", "no"), second, ("permanent", "no")))

        def refuse(notification: Notification) -> None:
            failure, words = next(told)
            raise NotifierError(words, Failure(failure))

        stage.phone.acts(refuse)
        await queue(stage, "One", "Two", "Three")
        assert await stage.cycle.deliverer.deliver_due() == Delivered(failed=3)
        assert await stage.read(lambda store: store.health.disabled()) == frozenset()


async def test_what_may_have_arrived_is_sent_once_more_and_says_so(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        stage.phone.fails(error("ambiguous"))
        await stage.cycle.deliverer.deliver_due()
        assert await state(stage) == ("unknown", 1, NOW + REPEAT_AFTER)
        stage.now = NOW + REPEAT_AFTER - SECOND
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        stage.now += SECOND
        assert await stage.cycle.deliverer.deliver_due() == Delivered(failed=1)
        assert await state(stage) == ("unknown", 2, None)
        stage.later(days=1)
        stage.phone.works()
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        assert stage.phone.inbox == []


async def test_a_repeat_is_marked(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        stage.phone.fails(error("ambiguous"))
        await stage.cycle.deliverer.deliver_due()
        stage.phone.works()
        stage.later(seconds=60)
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=1)
        (repeat,) = stage.phone.inbox
        assert repeat.maybe_repeat
        assert repeat.body == "Hold: what to do\n(This may be a repeat.)"
        assert repeat.id == "1"


async def test_where_a_message_shows_once_it_is_repeated_at_once(tmp_path: Path) -> None:
    screen = Screen(adapter="screen")
    async with Stage(tmp_path, channels={"screen": screen}) as stage:
        await queue(stage, "Hold")
        attempts = []

        def act(notification: Notification) -> None:
            attempts.append(notification.maybe_repeat)
            if len(attempts) == 1:
                raise error("ambiguous")

        screen.acts(act)
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=1, failed=1)
        assert attempts == [False, True]


async def test_for_information_only_nothing_comes_twice(tmp_path: Path) -> None:
    async with Stage(tmp_path, channels={"log": Logbook(adapter="log")}) as stage:
        await queue(stage, "Old rules", severity=Severity.INFO)
        channel = stage.runtime.channels["log"]
        assert isinstance(channel, Logbook)
        channel.fails(error("ambiguous"))
        await stage.cycle.deliverer.deliver_due()
        assert await state(stage) == ("unknown", 1, None)


async def test_what_is_too_late_is_given_up_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold", expires_at=NOW + HOUR)
        stage.phone.fails(error("temporary"))
        while stage.now < NOW + HOUR:
            await stage.cycle.deliverer.deliver_due()
            next_at = (await state(stage))[2]
            assert next_at is not None
            assert next_at <= NOW + HOUR
            stage.now = next_at
        stage.phone.works()
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        assert (await state(stage))[0] == "expired"
        assert stage.phone.inbox == []
        assert "never delivered over phone, too late now: Hold" in caplog.messages
        await stage.cycle.deliverer.deliver_due()
        assert caplog.messages.count("never delivered over phone, too late now: Hold") == 1


async def test_the_most_severe_first(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        for severity in (Severity.NOTICE, Severity.CRITICAL, Severity.WARNING, Severity.URGENT):
            await queue(stage, severity.value, severity=severity)
        await stage.cycle.deliverer.deliver_due()
        assert stage.phone.titles == ["critical", "urgent", "warning", "notice"]


# Channels side by side


async def test_one_message_at_a_time_over_a_channel(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        under_way, most = 0, 0

        def act(notification: Notification) -> None:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            time.sleep(0.002)
            under_way -= 1

        stage.phone.acts(act)
        await queue(stage, *(f"message {number}" for number in range(20)))
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=20)
        assert most == 1


async def test_a_channel_that_hangs_delays_no_other(tmp_path: Path) -> None:
    hung, phone, free = Phone(adapter="hung", timeout_seconds=0.5), Phone(adapter="phone"), threading.Event()
    arrived: list[float] = []
    hung.acts(lambda notification: free.wait(30))
    phone.acts(lambda notification: arrived.append(time.monotonic()))
    async with Stage(tmp_path, channels={"hung": hung, "phone": phone}) as stage:
        await queue(stage, *(f"message {number}" for number in range(10)), severity=Severity.URGENT)
        began = time.monotonic()
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=10, failed=1)
        took = time.monotonic() - began
        assert len(arrived) == 10
        assert arrived[-1] - began < 0.5
        assert 0.5 <= took < 5
        lines = await stage.read(lambda store: store.outbox.lines())
        assert [(line.channel, line.state) for line in lines] == [("hung", "unknown")] + [
            ("hung", "queued")
        ] * 9
        stage.later(hours=1)
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        free.set()
        while stage.couriers["hung"].busy:  # noqa: ASYNC110 - another thread's flag
            await asyncio.sleep(0.001)
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=10)
        assert [notification.title for notification in hung.inbox if notification.maybe_repeat] == [
            "message 0"
        ]


async def test_a_channel_that_is_closed_claims_nothing(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        stage.couriers["phone"].close()
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        assert await state(stage) == ("queued", 0, NOW)


async def test_a_broken_channel_is_tried_again(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        stage.phone.fails(ZeroDivisionError())
        assert await stage.cycle.deliverer.deliver_due() == Delivered(failed=1)
        assert (await state(stage))[:2] == ("queued", 1)


# How channels do


async def test_a_channel_fails_and_works_again_once_each(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with Stage(tmp_path) as stage:
        await queue(stage, "One", "Two", "Three")
        stage.phone.fails(error("temporary"))
        await stage.cycle.deliverer.deliver_due()
        (health,) = await stage.read(lambda store: store.health.channels())
        assert (health.name, health.failing_since, health.permanent) == ("phone", NOW, False)
        stage.later(hours=1)
        await stage.cycle.deliverer.deliver_due()
        (again,) = await stage.read(lambda store: store.health.channels())
        assert again == health
        stage.phone.works()
        stage.later(hours=1)
        await stage.cycle.deliverer.deliver_due()
        assert await stage.read(lambda store: store.health.channels()) == []
    ours = [record.getMessage() for record in caplog.records if record.name == "orderwatch.deliver"]
    assert ours == [
        "channel phone fails (temporary): words",
        "channel phone failed 5 times in a row (words); it rests for 10 minutes",
        "channel phone works again",
    ]


@pytest.mark.parametrize(("failure", "after"), [("permanent", timedelta()), ("temporary", 30 * MINUTE)])
async def test_the_others_hear_of_a_channel_that_fails(
    tmp_path: Path, failure: str, after: timedelta
) -> None:
    bad, good = Phone(adapter="bad"), Phone(adapter="good")
    async with Stage(tmp_path, channels={"bad": bad, "good": good}) as stage:
        await queue(stage, "Hold", "Another hold")
        bad.fails(error(failure))
        for _ in range(40):
            await stage.pass_once()
            await stage.pass_once()
            if "channel_down" in [notification.rule for notification in good.inbox]:
                break
            stage.later(minutes=1)
        assert stage.now == NOW + after
        bad.works()
        await stage.database.write(lambda store: store.health.try_again())
        await queue(stage, "Another")
        stage.later(hours=1)
        await stage.pass_once()
        await stage.pass_once()
        assert "channel_down" not in [notification.rule for notification in bad.inbox]
        ends = [notification.title for notification in good.inbox if notification.stage == "over"]
        assert ends == ["Channel works again: bad"]


# Interrupted


async def test_what_was_being_sent_when_we_died_comes_again_marked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, "One", "Two")
        await stage.database.write(lambda store: store.outbox.claim("phone", NOW, NOW + MINUTE))
        await stage.restart()
        assert "1 messages were being sent when we stopped; they may come twice" in caplog.messages
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=2)
        assert [(it.title, it.maybe_repeat) for it in stage.phone.inbox] == [("One", True), ("Two", False)]


async def test_a_settlement_that_cannot_be_stored_is_made_up_for(tmp_path: Path) -> None:
    """The message went out, the disk was full: it may come twice, it does not get stuck."""
    async with Stage(tmp_path) as stage:
        await queue(stage, "Hold")
        await stage.rows(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        with pytest.raises(Exception, match="has no room left"):
            await stage.cycle.deliverer.deliver_due()
        assert await state(stage) == ("sending", 1, NOW)
        await stage.rows("DROP TRIGGER full")
        stage.later(minutes=2)
        await stage.database.write(lambda store: store.outbox.recover(stage.now))
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=1)
        assert [it.maybe_repeat for it in stage.phone.inbox] == [False, True]
