"""What a status and its headers mean. The table of statuses is in test_transport, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.answers import LONGEST_WAIT, refusal, retry_after
from monitor.errors import RateLimited, Unreachable

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
A_DATE = "Thu, 01 Oct 2026 12:05:00 GMT"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "0"}, timedelta()),
        ({"retry-after": "120"}, timedelta(minutes=2)),
        ({"retry-after": " 120 "}, timedelta(minutes=2)),
        ({"retry-after": "86400"}, LONGEST_WAIT),
        ({"retry-after": "86401"}, LONGEST_WAIT),
        ({"retry-after": "9" * 5000}, LONGEST_WAIT),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "²"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 99 Oct 2026 12:05:00 GMT"}, None),
        ({"retry-after": "Thu, 01 Oct 2026 12:05:00 +9999999999"}, None),
        ({"retry-after": A_DATE}, timedelta(minutes=5)),
        ({"retry-after": "Thu, 01 Oct 2026 12:05:00 -0000"}, timedelta(minutes=5)),
        ({"retry-after": "Thu, 01 Oct 2026 12:05:00"}, timedelta(minutes=5)),
        ({"retry-after": "Thu, 01 Oct 2026 11:00:00 GMT"}, timedelta()),
        ({"retry-after": "Thu, 01 Oct 2099 11:00:00 GMT"}, LONGEST_WAIT),
        ({"retry-after": A_DATE, "date": "Thu, 01 Oct 2026 12:04:50 GMT"}, timedelta(seconds=10)),
        ({"retry-after": A_DATE, "date": "Sat, 01 Jan 2000 00:00:00 GMT"}, LONGEST_WAIT),
        ({"retry-after": A_DATE, "date": "yesterday"}, timedelta(minutes=5)),
    ],
)
def test_retry_after(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(headers, NOW) == wait


def test_without_any_clock_a_date_says_nothing() -> None:
    assert retry_after({"retry-after": A_DATE}) is None
    assert retry_after({"retry-after": "9"}) == timedelta(seconds=9)


@given(text=st.text(), date=st.text())
def test_no_header_breaks_it(text: str, date: str) -> None:
    wait = retry_after({"retry-after": text, "date": date}, NOW)
    assert wait is None or timedelta() <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("location", "says"),
    [
        (
            "https://www.example.net/login?token=s3cret",
            "it sends us on to www.example.net, which is not followed",
        ),
        ("/login?token=s3cret", "it sends us on to api.example.org, which is not followed"),
        ("//other.example/x", "it sends us on to other.example, which is not followed"),
        ("https://me:s3cret@other.example/", "it sends us on to other.example, which is not followed"),
        ("https://[s3cret", "it sends us elsewhere, which is not followed"),
        ("https://a\x1b[31mb/", "it sends us elsewhere, which is not followed"),
        ("https://" + "a" * 300, "it sends us elsewhere, which is not followed"),
    ],
)
def test_a_redirect_names_its_host_and_no_more(location: str, says: str) -> None:
    error = refusal(302, "https://api.example.org", headers={"location": location})
    assert isinstance(error, Unreachable)
    assert str(error) == f"https://api.example.org answered 302: {says}"


def test_a_recorded_answer_needs_no_headers() -> None:
    error = refusal(429, "recorded.json")
    assert isinstance(error, RateLimited)
    assert str(error) == "recorded.json answered 429: it was asked too often"
    assert error.retry_after is None
    assert refusal(200, "recorded.json") is None


def test_a_source_may_read_a_status_itself() -> None:
    assert refusal(404, "x", {404}) is None
    assert refusal(302, "x", {302}) is None
    assert refusal(410, "x", {404}) is not None


@given(st.integers(min_value=100, max_value=999))
def test_only_success_passes(status: int) -> None:
    assert (refusal(status, "x") is None) == (200 <= status < 300)
