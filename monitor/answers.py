"""What the status line and headers of an answer mean, before anybody reads its body."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from monitor.errors import FetchError, QuotaExceeded, RateLimited, Refused, Unauthorized, Unreachable

#: The longest that a server is left alone because it says so.
LONGEST_WAIT = timedelta(hours=24)

_HOST = re.compile(r"[\w.:-]{1,253}", re.ASCII)


def refusal(
    status: int,
    place: str,
    reads_statuses: Collection[int] = (),
    headers: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> FetchError | None:
    """The error that an answer with this HTTP status is, or None where its body is to be read: any
    2xx, and what the source says it reads itself (`Source.reads_statuses`).

    `place` is who answered, for the message. `now` is what a `Retry-After` date is compared with
    when the answer carries no date of its own.
    """
    if 200 <= status < 300 or status in reads_statuses:
        return None
    headers = headers or {}
    answered = f"{place} answered {status}"
    if 300 <= status < 400:
        return Unreachable(f"{answered}: it {_sends_to(place, headers)}, which is not followed")
    wait = retry_after(headers, now)
    match status:
        case 401 | 403:
            return Unauthorized(f"{answered}: the key is missing, wrong or not allowed to do this")
        case 402:
            return QuotaExceeded(f"{answered}: the account's allowance is used up", retry_after=wait)
        case 429:
            return RateLimited(f"{answered}: it was asked too often", retry_after=wait)
        case 408 | 425:
            return Unreachable(f"{answered}: it could not take the request now", retry_after=wait)
        case _ if 400 <= status < 500:
            return Refused(f"{answered}: it does not accept this request")
        case _:
            return Unreachable(f"{answered}: it has a fault of its own", retry_after=wait)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> timedelta | None:
    """How long the server asks to be left alone (`Retry-After`, seconds or a date), from nothing to
    LONGEST_WAIT; None where it does not say or cannot be understood."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    until = _date(text)
    # The server's own clock first: ours may be wrong, and then only the difference is right.
    since = _date(headers.get("date", "")) or now
    if until is None or since is None:
        return None
    return min(max(until - since, timedelta()), LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 9110: an HTTP date is in GMT; the parser leaves `-0000` and no zone at all naive.
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _sends_to(place: str, headers: Mapping[str, str]) -> str:
    try:
        host = urlsplit(urljoin(place, headers.get("location", ""))).hostname or ""
    except ValueError:
        host = ""
    return f"sends us on to {host}" if _HOST.fullmatch(host) else "sends us elsewhere"
