"""An HTTP answer, and what its status means for a message: one table for every channel that speaks HTTP.

ok          2xx, as far as the status goes; whether the service took the message, its own words tell
temporary   408, 425, 429 and 5xx, not before the time in `Retry-After`
permanent   other 4xx, and 3xx: a message is never carried elsewhere
ambiguous   1xx, which is no end
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import NamedTuple

from monitor.notifier import Failure, NotifierError

#: Statuses below 500 that ask for another try.
TRY_AGAIN = frozenset({408, 425, 429})
#: No service can ask for a longer wait.
LONGEST_WAIT = timedelta(days=1)

_HINTS: Mapping[int, str] = {
    401: "; is the token or password right?",
    403: "; is the token or password right, and may it do this?",
    404: "; is the address right?",
}


class Answer(NamedTuple):
    """An HTTP answer. Names of headers are found in any case where a client read them."""

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a delivery failed and what that means. `reason` follows the name of the service."""

    failure: Failure
    reason: str
    retry_after: timedelta | None = None

    def error(self, who: str) -> NotifierError:
        """The error that says so of the service `who`."""
        return NotifierError(f"{who}: {self.reason}", self.failure, retry_after=self.retry_after)


def verdict(answer: Answer) -> Verdict | None:
    """What the status of an answer means for the message; None: nothing speaks against it."""
    status = answer.status
    said = f"it answered {status}{_phrase(status)}"
    if status >= 500 or status in TRY_AGAIN:
        return Verdict(Failure.TEMPORARY, said, retry_after(answer.headers))
    if status >= 400:
        return Verdict(Failure.PERMANENT, said + _HINTS.get(status, ""))
    if status >= 300:
        return Verdict(Failure.PERMANENT, f"{said}: it has moved, and messages do not follow")
    if status >= 200:
        return None
    return Verdict(Failure.AMBIGUOUS, f"{said}, which is no end; the message may have arrived")


def somebody_else(answer: Answer) -> Verdict:
    """A success that is not in the words of the service: nothing arrived where it should."""
    elsewhere = "not in its own words: a captive portal, a proxy or a wrong address"
    return Verdict(Failure.TEMPORARY, f"it answered {answer.status}, but {elsewhere}")


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The wait that an answer asks for: seconds, or an instant, counted from the answer's own date."""
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return min(timedelta(seconds=int(value)), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)


def _phrase(status: int) -> str:
    return f" {HTTPStatus(status).phrase}" if status in list(HTTPStatus) else ""
