"""What keeps a channel from being asked too much: nothing of it outlives the program.

A breaker lets a channel that fails rest for a while, a bucket limits what a channel is sent, and a pulse
counts what a person got within a minute.
"""

from collections import deque
from datetime import datetime, timedelta

#: Failures in a row after which a channel rests, and for how long.
FAILURES = 5
REST = timedelta(minutes=10)
#: Messages that a channel is sent at once at most, and within a minute in the long run.
PUSHES = 20
MINUTE = timedelta(minutes=1)


class Breaker:
    """Opens after FAILURES in a row for REST; one more failure after that opens it again."""

    def __init__(self) -> None:
        self._failures = 0
        self._opened_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether the channel rests at `now`. A clock that was set back ends the rest."""
        return self._opened_at is not None and self._opened_at <= now < self._opened_at + REST

    def worked(self) -> None:
        """The channel took something."""
        self._failures, self._opened_at = 0, None

    def failed(self, now: datetime) -> bool:
        """The channel did not take something. True: this is where it begins to rest, and that is news."""
        self._failures += 1
        if self._failures < FAILURES:
            return False
        is_news, self._opened_at = self._opened_at is None, now
        return is_news


class Bucket:
    """A token for each message: PUSHES at most, and as many again within a minute. What is sent without
    one is owed."""

    def __init__(self) -> None:
        self._tokens = float(PUSHES)
        self._counted_at: datetime | None = None

    def take(self, now: datetime) -> None:
        """A message was sent."""
        self._refill(now)
        self._tokens -= 1

    def wait(self, now: datetime) -> timedelta:
        """How long from `now` until there is a token."""
        self._refill(now)
        return max(timedelta(), (1 - self._tokens) * (MINUTE / PUSHES))

    def _refill(self, now: datetime) -> None:
        if self._counted_at is not None and now > self._counted_at:
            self._tokens = min(PUSHES, self._tokens + (now - self._counted_at) / (MINUTE / PUSHES))
        # Also of a clock that was set back: nobody waits for it to catch up.
        self._counted_at = now


class Pulse:
    """How many messages went out within the last minute."""

    def __init__(self) -> None:
        self._sent: deque[datetime] = deque()

    def beat(self, now: datetime) -> None:
        """One was sent."""
        self._sent.append(now)

    def count(self, now: datetime) -> int:
        """How many were sent in the minute before `now`."""
        while self._sent and not now - MINUTE < self._sent[0] <= now:
            self._sent.popleft()
        return len(self._sent)
