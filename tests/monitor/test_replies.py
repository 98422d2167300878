"""Tokens under buttons: short, signed, and of no use to anybody else."""

import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import Alert, AlertState
from monitor.core.model import Severity
from monitor.core.moment import Key
from monitor.core.texts.en import ENGLISH
from monitor.replies import LIFETIME, Reply, WhyNot, Word, actions, digest, read_token, sign, words_for
from tests.monitor.stage import NOW

SECRET = bytes(range(32))
OTHER = bytes(32)
REPLY = Reply(7, 2, 41, Word.TOMORROW, datetime(2026, 6, 1, 12, tzinfo=UTC))
BEFORE = REPLY.expires_at - timedelta(seconds=1)
SAFE = set(string.ascii_letters + string.digits + "-_")

REPLIES = st.builds(
    Reply,
    st.integers(1, 2**32 - 1),
    st.integers(0, 255),
    st.integers(0, 2**32 - 1),
    st.sampled_from(Word),
    st.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=0)
    ),
)


@given(REPLIES, st.binary(min_size=32, max_size=32))
def test_what_is_signed_is_read_again(reply: Reply, secret: bytes) -> None:
    token = sign(secret, reply)
    assert len(token) <= 64
    assert set(token) <= SAFE
    assert read_token(secret, token, reply.expires_at - timedelta(microseconds=1)) == reply
    assert read_token(secret, token, reply.expires_at) is WhyNot.EXPIRED


def test_its_shape_does_not_change() -> None:
    """Messages stay on phones while orderwatch is upgraded."""
    assert sign(SECRET, REPLY) == "AQECAAAABwAAAClqHXRAq1Qdn6Ez4VrnteD5dQwu"
    assert list(Word) == [Word.DONE, Word.TOMORROW, Word.RECEIVED, Word.NOT_HERE]


TOKEN = sign(SECRET, REPLY)
WRONG = [
    ("", WhyNot.MALFORMED),
    ("done", WhyNot.MALFORMED),
    (TOKEN[:-1], WhyNot.MALFORMED),
    (TOKEN + "A", WhyNot.MALFORMED),
    (TOKEN + "\n", WhyNot.MALFORMED),
    (" " + TOKEN[1:], WhyNot.MALFORMED),
    (TOKEN[:-1] + "=", WhyNot.MALFORMED),
    (TOKEN[:-1] + "é", WhyNot.MALFORMED),
    (TOKEN[:-1] + "\N{FULLWIDTH DIGIT ONE}", WhyNot.MALFORMED),
    ("A" * 40, WhyNot.FOREIGN),
    (TOKEN.swapcase(), WhyNot.FOREIGN),
    (sign(OTHER, REPLY), WhyNot.FOREIGN),
    ("A" * 100_000, WhyNot.MALFORMED),
]


@pytest.mark.parametrize(("token", "why"), WRONG)
def test_what_is_not_ours(token: str, why: WhyNot) -> None:
    assert read_token(SECRET, token, BEFORE) is why


def test_no_character_of_it_can_be_another() -> None:
    for place in range(len(TOKEN)):
        for other in sorted(SAFE - {TOKEN[place]})[::7]:
            assert read_token(SECRET, TOKEN[:place] + other + TOKEN[place + 1 :], BEFORE) is WhyNot.FOREIGN


def test_each_button_has_its_own() -> None:
    tokens = {
        sign(SECRET, Reply(alert, level, delivery, word, REPLY.expires_at))
        for alert in (1, 2)
        for level in (0, 1)
        for delivery in (1, 2)
        for word in Word
    }
    assert len(tokens) == len(set(map(digest, tokens))) == 32


def an_alert(rule: str, severity: str = "notice", state: str = "open") -> Alert:
    return Alert(
        id=3,
        key=Key(rule, "1001", ""),
        order="1001",
        stage="x",
        level=1,
        severity=Severity(severity),
        since=NOW,
        deadline=None,
        act_by=None,
        state=AlertState(state),
        told_level=1,
        told_at=NOW,
        title="",
    )


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        (an_alert("customs_hold"), "done tomorrow"),
        (an_alert("protection_ending", "critical", "snoozed"), "done tomorrow"),
        (an_alert("delivered_unconfirmed"), "received not_here tomorrow"),
        (an_alert("dispute_openable", "info"), ""),
        (an_alert("customs_hold", "warning", "resolved"), ""),
        (an_alert("delivered_unconfirmed", "notice", "expired"), ""),
    ],
)
def test_the_buttons_under_a_message(alert: Alert, words: str) -> None:
    assert " ".join(words_for(alert)) == words
    assert [len(action.token) for action in actions(SECRET, alert, 9, NOW, ENGLISH)] == [40] * len(
        words.split()
    )


def test_a_button_knows_what_it_stood_under() -> None:
    (received, _, _) = actions(SECRET, an_alert("delivered_unconfirmed"), 9, NOW, ENGLISH)
    assert received.label == "Received"
    assert read_token(SECRET, received.token, NOW) == Reply(3, 1, 9, Word.RECEIVED, NOW + LIFETIME)
