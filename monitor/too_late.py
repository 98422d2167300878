"""What is too late to be said as it was meant: it is given up, and that it was missed is said instead."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.core.model import Severity
from monitor.core.speaking import missed, not_before
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.records import Escalation, Missed, Notice, OutboxLine

log = logging.getLogger("orderwatch.deliver")

#: How long that something was missed is worth saying, and how loud.
WORTH_SAYING = timedelta(days=14)
LOUDNESS = Severity.WARNING
#: When the next tier is told of it, if the one before has not been reached.
NEXT_TIER = timedelta(minutes=15)


def give_up(store: Store, expired: Sequence[OutboxLine], runtime: Runtime, now: datetime) -> None:
    """Says in the log what `expired`, and queues that it was missed if nobody got it; to be called
    inside the transaction that let it expire."""
    for line in expired:
        log.error("never delivered over %s, too late now: %s", line.channel, line.title)
    loud = [what for what in store.outbox.missed(expired) if what.severity.rank >= LOUDNESS.rank]
    for gravest, *others in _by_order(loud):
        store.outbox.put(gravest.alert, _notice(gravest, others, runtime, now))


def _by_order(missed: Iterable[Missed]) -> list[list[Missed]]:
    """What was missed of one order is one message, the gravest of it first; what is of none, each by
    itself."""
    found: dict[object, list[Missed]] = {}
    for what in sorted(missed, key=lambda what: -what.severity.rank):
        found.setdefault(what.order or what, []).append(what)
    return list(found.values())


def _notice(what: Missed, others: Sequence[Missed], runtime: Runtime, now: datetime) -> Notice:
    title, body = missed(
        what.title,
        what.order,
        what.meant_for,
        what.deadline,
        now,
        runtime.days,
        runtime.texts,
        others=[other.title for other in others],
    )
    said_at = not_before(LOUDNESS, None, now, runtime.days)
    but = {what.subject} if what.rule == "channel_down" else set()
    tiers = runtime.tiers(LOUDNESS, what.rule, what.marketplace, but=but)
    return Notice(
        dedup_key=f"{what.alert}/missed/{what.notice}",
        kind="missed",
        rule=what.rule,
        stage=f"{what.stage}/missed",
        subject=what.subject,
        order=what.order,
        severity=LOUDNESS,
        title=title,
        body=body,
        created_at=now,
        not_before=said_at,
        expires_at=said_at + WORTH_SAYING,
        channels=tiers[0] if tiers else (),
        escalations=tuple(
            Escalation(tier, said_at + count * NEXT_TIER) for count, tier in enumerate(tiers[1:], start=1)
        ),
        deadline=what.deadline,
    )
