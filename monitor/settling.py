"""How an attempt to send ends in the outbox: done, tried again, given up, or said once more as a repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.model import Severity
from monitor.notifier import Failure, NotifierError, Receipt
from monitor.store import Store
from monitor.store.records import Delivery

#: Waits between attempts; the last one repeats until the message is too old to be of use.
RETRIES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
#: The wait before a message that may have arrived is sent again, marked as a repeat.
REPEAT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an attempt ends in the outbox; `permanent`: the channel refuses for good."""

    state: str
    outcome: str
    detail: str
    next_at: datetime | None = None
    provider_id: str | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one message was to carry over a channel, and how that ended for each at `at`. `resting`: the
    channel takes nothing for a while."""

    channel: str
    deliveries: Sequence[Delivery]
    ends: Sequence[Settlement]
    at: datetime
    resting: bool = False

    @property
    def outcome(self) -> str:
        """How it went with the channel: `ok`, or how it failed."""
        return self.ends[0].outcome

    @property
    def detail(self) -> str:
        """What the channel said."""
        return self.ends[0].detail


def after_failure(
    delivery: Delivery, error: NotifierError, now: datetime, *, replaces: bool = False
) -> Settlement:
    """What a failed attempt means: try again later, give up, or send once more as a repeat."""
    detail, outcome = str(error), error.failure.value
    match error.failure:
        case Failure.PERMANENT:
            return Settlement("dead", outcome, detail, permanent=True)
        case Failure.AMBIGUOUS:
            again = delivery.severity is not Severity.INFO and not delivery.maybe_arrived
            wait = timedelta() if replaces else REPEAT_AFTER
            return Settlement("unknown", outcome, detail, next_at=now + wait if again else None)
        case Failure.TEMPORARY:
            next_at = now + max(retry_wait(delivery), error.retry_after or timedelta())
            if next_at >= delivery.expires_at:
                next_at = max(now, delivery.expires_at)
            state = "unknown" if delivery.maybe_arrived else "queued"
            return Settlement(state, outcome, detail, next_at=next_at)


def after_success(receipt: Receipt, together: int) -> Settlement:
    """What a receipt means for each of the deliveries that went out `together` as one message."""
    # What was sent together stands in one message: no single alert may take its place.
    provider_id = receipt.provider_id if together == 1 else None
    return Settlement("sent", "ok", receipt.detail, provider_id=provider_id)


def retry_wait(delivery: Delivery) -> timedelta:
    """The wait after an attempt, spread by a fifth either way so that many do not come at once."""
    wait = RETRIES[min(delivery.attempt, len(RETRIES)) - 1]
    spread = (delivery.id * 7919 + delivery.attempt * 104729) % 1000 / 1000
    return wait * (0.8 + 0.4 * spread)


@dataclass(frozen=True, slots=True)
class Settled:
    """`is_news`: the channel began or ceased to work with it. `hurried`: another one is to be told at
    once."""

    is_news: bool = False
    hurried: bool = False


def settle(store: Store, attempt: Attempt) -> Settled:
    """Stores how an attempt ended; to be called inside a transaction."""
    for delivery, end in zip(attempt.deliveries, attempt.ends, strict=True):
        store.outbox.settle(
            delivery.id,
            end.state,
            attempt.at,
            outcome=end.outcome,
            detail=end.detail,
            next_at=end.next_at,
            provider_id=end.provider_id,
        )
    if attempt.outcome == "ok":
        return Settled(store.health.channel_worked(attempt.channel))
    permanent = attempt.ends[0].permanent
    hurried = (attempt.resting or permanent) and store.outbox.hurry(attempt.channel, attempt.at)
    is_news = store.health.channel_failed(attempt.channel, attempt.detail, attempt.at, permanent=permanent)
    return Settled(is_news, hurried)
