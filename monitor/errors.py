"""Every error orderwatch raises on purpose.

    OrderwatchError
    ├── ConfigError            the user's to fix; exit 78
    ├── OrderFileError         one row of an order file; the good rows count
    ├── LookError              a look at a source that brought nothing
    │   ├── FetchError
    │   │   ├── Unreachable    no answer, a broken one, or the source's own failure
    │   │   ├── RateLimited    too often
    │   │   ├── Unauthorized   the key or token is wrong
    │   │   ├── Refused        the request itself is wrong
    │   │   └── QuotaExceeded  nothing left for today or this month
    │   └── ParseError         an answer that cannot be read
    ├── NotifierError          a message that did not, or perhaps did not, arrive
    ├── StoreError             the database
    ├── CalendarError          the calendar file, which cannot be written
    ├── DossierError           a dossier that cannot be written
    └── UsageError             an unknown order, event or alert; exit 2

Messages are for people: what, where, what is allowed, what happens now. None carries a secret.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class OrderwatchError(Exception):
    """Base of all; `str()` is fit to show to a user."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a configuration: where it is, what is wrong, what is allowed."""

    message: str
    key: str | None = None
    file: str | None = None
    line: int | None = None
    allowed: str | None = None

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        text = ": ".join(part for part in (where, self.key, self.message) if part)
        return f"{text} (allowed: {self.allowed})" if self.allowed else text


class ConfigError(OrderwatchError):
    """All that is wrong with the configuration, at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class OrderFileError(OrderwatchError):
    """A row (or a whole file, `line` None) that was refused, with every reason."""

    def __init__(self, file: str, line: int | None, *reasons: str, order: str | None = None) -> None:
        where = f"{file}:{line}" if line is not None else file
        row = f" (order {order})" if order else ""
        super().__init__(f"{where}{row}: " + "; ".join(reasons))
        self.file, self.line, self.reasons, self.order = file, line, reasons, order


class LookError(OrderwatchError):
    """A look that brought nothing. `kind` is its word in JSON; `retry_after`, what the source asks
    for before another try; `asked`, whether the source was asked at all, as far as we know."""

    kind: ClassVar[str] = "server_error"

    def __init__(self, message: str, *, retry_after: timedelta | None = None, asked: bool = True) -> None:
        super().__init__(message)
        self.retry_after, self.asked = retry_after, asked


class FetchError(LookError):
    """The source did not give an answer."""


class Unreachable(FetchError):
    """No connection, no end, no room, a redirect elsewhere, or 5xx."""


class RateLimited(FetchError):
    """Asked too often (429)."""

    kind = "rate_limited"


class Unauthorized(FetchError):
    """The key is missing, wrong or not allowed to do this (401, 403)."""

    kind = "unauthorized"


class Refused(FetchError):
    """The source does not accept this request (other 4xx)."""

    kind = "bad_request"


class QuotaExceeded(FetchError):
    """The account's allowance is used up."""

    kind = "quota"


class ParseError(LookError):
    """An answer that does not have the shape its source promises. `field` names what broke,
    `payload_hash` and `body` the answer itself, for who keeps it (filled in by who fetched it)."""

    def __init__(self, message: str, *, field: str | None = None, readable: bool = True) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.readable = readable
        self.payload_hash: str | None = None
        self.body: bytes | None = None

    @property
    def word(self) -> str:
        """`unreadable` for bytes that are no JSON at all, `server_error` for the wrong shape."""
        return "server_error" if self.readable else "unreadable"


class Failure(StrEnum):
    """What a failed delivery means for the next try."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    AMBIGUOUS = "ambiguous"


class NotifierError(OrderwatchError):
    """A message was not delivered (`temporary`, `permanent`) or may have been (`ambiguous`)."""

    def __init__(self, message: str, failure: Failure, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.failure, self.retry_after = failure, retry_after


class StoreError(OrderwatchError):
    """The database is locked, read-only, full, damaged, newer than this program, or no database."""


class CalendarError(OrderwatchError):
    """The calendar file cannot be written where it is to be, or is somebody else's."""


class DossierError(OrderwatchError):
    """A dossier cannot be written; nothing of it is left."""


class UsageError(OrderwatchError):
    """The command line names something that is not there or not allowed."""
