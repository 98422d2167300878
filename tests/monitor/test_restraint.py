"""What a channel is spared: how much it is sent at once, and in the long run."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.restraint import MINUTE, PUSHES, Bucket, Pulse
from tests.monitor.stage import NOW

SECOND = timedelta(seconds=1)


def emptied(at: datetime = NOW) -> Bucket:
    bucket = Bucket()
    for _ in range(PUSHES):
        assert bucket.wait(at) == timedelta()
        bucket.take(at)
    return bucket


def test_twenty_at_once_then_one_every_three_seconds() -> None:
    bucket, sent = emptied(), []
    for second in range(61):
        now = NOW + second * SECOND
        if not bucket.wait(now):
            bucket.take(now)
            sent.append(second)
    assert sent == list(range(3, 61, 3))


@pytest.mark.parametrize(("later", "wait"), [(0, 3), (1, 2), (2, 1), (3, 0), (4, 0)])
def test_how_long_until_there_is_room(later: int, wait: int) -> None:
    assert emptied().wait(NOW + later * SECOND) == wait * SECOND


def test_what_is_sent_all_the_same_is_owed() -> None:
    bucket = emptied()
    bucket.take(NOW)
    bucket.take(NOW)
    assert bucket.wait(NOW) == 9 * SECOND


def test_after_a_minute_it_is_full_and_no_fuller_later() -> None:
    for later in (MINUTE, 60 * MINUTE):
        bucket = emptied()
        now = NOW + later
        for _ in range(PUSHES):
            assert bucket.wait(now) == timedelta()
            bucket.take(now)
        assert bucket.wait(now) == 3 * SECOND


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    bucket = emptied()
    before = NOW - timedelta(days=400)
    assert bucket.wait(before) == 3 * SECOND
    assert bucket.wait(before + 3 * SECOND) == timedelta()


@given(st.lists(st.integers(0, 120_000), max_size=80))
def test_never_more_than_forty_in_any_minute(pauses: list[int]) -> None:
    bucket, now, sent = Bucket(), NOW, list[datetime]()
    for pause in pauses:
        now += timedelta(milliseconds=pause)
        while not bucket.wait(now):
            bucket.take(now)
            sent.append(now)
    for at in sent:
        assert sum(at <= other < at + MINUTE for other in sent) <= 2 * PUSHES


def test_a_pulse_counts_the_last_minute() -> None:
    pulse = Pulse()
    for second in (0, 30, 59):
        pulse.beat(NOW + second * SECOND)
    assert [pulse.count(NOW + second * SECOND) for second in (59, 60, 90, 119)] == [3, 2, 1, 0]
