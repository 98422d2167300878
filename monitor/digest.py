"""The digest: once a day, what is for information only, and the deadlines to come."""

from datetime import datetime, timedelta

from monitor.core.model import Severity
from monitor.core.speaking import digest, not_before
from monitor.runtime import DIGEST, Runtime
from monitor.stakes import SOON, stakes_of
from monitor.store import Store
from monitor.store.records import Notice

#: How loud it is, and how long it is of use.
LOUDNESS = Severity.NOTICE
USEFUL_FOR = timedelta(hours=24)


def is_due(store: Store, runtime: Runtime, now: datetime) -> bool:
    """Whether a digest is to be made now; the first one is to be counted towards."""
    at = runtime.settings.alerts.digest_at
    if at is None:
        return False
    last = store.health.remembered(DIGEST)
    return last is None or runtime.days.next_at(at, datetime.fromisoformat(last)) <= now


def say_digest(store: Store, runtime: Runtime, now: datetime) -> None:
    """Queues the digest of what came since the last one; nothing, if there is nothing to say. To be
    called inside a transaction, when it `is_due`."""
    last = store.health.remembered(DIGEST)
    store.health.remember(DIGEST, now.isoformat())
    if last is None:
        return
    news = store.outbox.for_information(datetime.fromisoformat(last), now)
    deadlines = store.orders.pressing(now, now + SOON)
    tiers = runtime.tiers(LOUDNESS, DIGEST, None)
    if not (news or deadlines) or not tiers:
        return
    stakes = stakes_of(store.orders, runtime, now)
    title, body = digest(news, deadlines, now, runtime.days, runtime.texts, stakes)
    said_at = not_before(LOUDNESS, None, now, runtime.days)
    notice = Notice(
        dedup_key=f"{DIGEST}/{now.isoformat()}",
        kind=DIGEST,
        rule=DIGEST,
        stage="",
        subject=DIGEST,
        order=None,
        severity=LOUDNESS,
        title=title,
        body=body,
        created_at=now,
        not_before=said_at,
        expires_at=said_at + USEFUL_FOR,
        channels=tiers[0],
    )
    store.outbox.put(store.alerts.bygone(DIGEST, LOUDNESS, now), notice)
