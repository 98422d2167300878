"""The second pass: thinks about orders whose moment has come, and writes down what follows.

`assess` is pure: what is known of an order and `now` in, what to store and say out. `store_outcomes`
is the dull loop that does it, inside the transaction of whoever brings new facts.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.alerts import (
    LASTING,
    Amend,
    Intent,
    Open,
    Raise,
    Reason,
    Remind,
    Resolve,
    reconcile,
    repeat_of,
    said_again_at,
)
from monitor.core.days import Days
from monitor.core.messages import Message, compose, compose_end, compose_service, headline
from monitor.core.model import Phase, Severity
from monitor.core.moment import Key, Moment
from monitor.core.rules.service import SourceHealth, channel_down, is_blind, policy_old, source_blind
from monitor.core.situation import Situation, situation
from monitor.core.speaking import not_before
from monitor.core.texts import Catalogue
from monitor.core.timeline import current, moments_of, next_change, pressing_at
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.store.orders import Standing
from monitor.store.records import Notice, OrderRecord
from monitor.store.thread import StoreThread
from monitor.too_late import give_up

log = logging.getLogger("orderwatch.assess")

#: Orders thought about and stored in one transaction.
SLICE = 400
#: Orders after which others get a turn at the event loop.
BREATH = 20
#: Orders placed in one transaction; no loop waits, only other programs do.
PLACED_AT_ONCE = 1000

_USEFUL_FOR = {
    Severity.INFO: timedelta(hours=6),
    Severity.NOTICE: timedelta(hours=24),
    Severity.WARNING: timedelta(hours=48),
    Severity.URGENT: timedelta(hours=48),
    Severity.CRITICAL: timedelta(hours=48),
}


#: When an order that brought a fault of ours to light is thought about again.
FAULTY_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One intent with the words that go with it; `message` is what would be said."""

    intent: Intent
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows for one order, or for us (`order` is None). Without a `standing`, the order could
    not be thought about."""

    order: str | None
    standing: Standing | None
    steps: tuple[Step, ...]
    phase_before: Phase | None = None
    marketplace: str | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """How many orders were thought about, and how many alerts opened."""

    orders: int = 0
    opened: int = 0


def assess(record: OrderRecord, runtime: Runtime, now: datetime, blind: Collection[str] = ()) -> Outcome:
    """What follows at `now` from all that is known of an order."""
    s = situation(runtime.facts_of(record))
    moments = moments_of(s)
    true = current(moments, now)
    phase = s.phase(now)
    intents = reconcile(true, record.alerts, now, days=s.facts.days, phase=phase, blind=blind)
    numbers = {parcel.shipment.number for parcel in record.parcels} - record.silent_parcels
    intents = _hushed(intents, {record.order.id, *numbers})
    steps: tuple[Step, ...] = ()
    if intents:
        looks = {parcel.shipment.number: parcel.telling.last_success_at for parcel in record.parcels}
        steps = tuple(Step(intent, _words(intent, s, now, runtime.texts, looks)) for intent in intents)
    return Outcome(
        order=record.order.id,
        standing=_standing(record, s, moments, true, intents, now),
        steps=steps,
        phase_before=record.phase,
        marketplace=record.order.marketplace,
    )


def think_of(record: OrderRecord, runtime: Runtime, now: datetime, blind: Collection[str] = ()) -> Outcome:
    """`assess`, fenced: a fault of ours that one order brings to light stops no other. Nothing is
    said of that order, and it is thought about again in an hour."""
    try:
        return assess(record, runtime, now, blind)
    except Exception:
        log.exception("order %s: a fault of orderwatch; please report it", record.order.id)
        return Outcome(record.order.id, None, ())


def _hushed(intents: Sequence[Intent], ours: Collection[str]) -> list[Intent]:
    """The end of an alert about what is no longer ours (a parcel let go, a source that is configured
    no more) is no news: nobody knows whether it is over."""
    return [
        replace(intent, speaks=False)
        if isinstance(intent, Resolve) and intent.alert.key.subject not in ours
        else intent
        for intent in intents
    ]


def _words(
    intent: Intent, s: Situation, now: datetime, texts: Catalogue, looks: dict[str, datetime | None]
) -> Message:
    match intent:
        case Resolve(alert, _, True):
            return compose_end(alert.key.rule, alert.key.subject, s, now, s.facts.days, texts)
        case Resolve(alert) | Amend(alert):
            return Message(alert.title, "")
        case Open(moment) | Raise(_, moment) | Remind(_, moment) if intent.speaks:
            return compose(moment, s, _told_at(moment, s.facts.days, now), texts, look=looks)
        case Open(moment) | Raise(_, moment) | Remind(_, moment):
            return Message(headline(moment, s, now, texts), "")


def _told_at(moment: Moment, days: Days, now: datetime) -> datetime:
    """As of when a moment is worded: what waits for the end of the quiet hours speaks as of then, if it
    is still so by then."""
    later = not_before(moment.severity, moment.act_by, now, days)
    ends = (moment.until, moment.act_by, moment.deadline)
    return later if all(end is None or end > later for end in ends) else now


def _standing(
    record: OrderRecord,
    s: Situation,
    moments: Sequence[Moment],
    true: Mapping[Key, Moment],
    intents: Sequence[Intent],
    now: datetime,
) -> Standing:
    next_at, phase = next_change(moments, now), s.phase(now)
    if s.finished_at is not None and s.finished_at > now:
        next_at = min(next_at or s.finished_at, s.finished_at)
    put_off = [alert.snoozed_until for alert in record.alerts.values() if alert.state in LASTING]
    again = _repeats(record, true, intents, now, s.facts.days)
    next_at = min((at for at in (next_at, *put_off, *again) if at is not None and at > now), default=None)
    return Standing(
        order=record.order.id,
        phase=phase,
        safe_until=s.safe_until,
        pressing_at=pressing_at(s, moments, now),
        staked_until=s.staked_until,
        next_at=None if phase is Phase.FINISHED else next_at,
    )


def _repeats(
    record: OrderRecord, true: Mapping[Key, Moment], intents: Sequence[Intent], now: datetime, days: Days
) -> Iterator[datetime | None]:
    """When each thing that nobody answers will be said again, once the intents of this pass are done."""
    said = {
        intent.moment.key
        for intent in intents
        if isinstance(intent, Open) or (isinstance(intent, Raise | Remind) and intent.speaks)
    }
    for key, moment in true.items():
        if key in said:
            yield said_again_at(moment, now, days)
        elif moment.repeat_every is not None and key in record.alerts:
            yield repeat_of(moment, record.alerts[key], days)


def assess_us(store: Store, runtime: Runtime, now: datetime) -> Outcome:
    """What follows from how sources, channels and policies do."""
    days = runtime.days
    moments: list[Moment] = []
    sources = store.health.sources()
    for health in sources:
        moments += source_blind(health, runtime.default_policy, days)
    for channel in store.health.channels():
        moments += channel_down(channel, days)
    old = [it for policy in runtime.policies.values() for it in policy_old(policy, days) if it.holds(now)]
    # What orders name is asked only then, for all of them have to be read for that.
    used = runtime.in_use(store.orders.marketplaces()) if old else {}
    moments += [moment for moment in old if moment.subject in used]
    alerts = store.alerts.about_us()
    # A source that failed, and is asked nothing any more, has not come back: nobody knows how it does.
    at_rest = {it.name for it in sources if it.failing_since is None and it.error is not None}
    ours = {*runtime.sources, *runtime.channels} - at_rest
    intents = _hushed(reconcile(current(moments, now), alerts, now, days=days), ours)
    steps = [Step(intent, _words_about_us(intent, runtime, now)) for intent in intents]
    return Outcome(None, None, tuple(steps))


def _words_about_us(intent: Intent, runtime: Runtime, now: datetime) -> Message:
    match intent:
        case Resolve(alert, _, True):
            return compose_end(alert.key.rule, alert.key.subject, None, now, runtime.days, runtime.texts)
        case Resolve(alert) | Amend(alert):
            return Message(alert.title, "")
        case Open(moment) | Raise(_, moment) | Remind(_, moment):
            return compose_service(moment, now, runtime.days, runtime.texts)


def blind_sources(health: Iterable[SourceHealth], runtime: Runtime, now: datetime) -> frozenset[str]:
    """The sources that have had no success for so long that silence is ours."""
    return frozenset(source.name for source in health if is_blind(source, runtime.default_policy, now))


def store_outcomes(store: Store, outcomes: Sequence[Outcome], runtime: Runtime, now: datetime) -> int:
    """Stores outcomes and queues what they say; to be called inside a transaction. Returns how many
    alerts opened."""
    opened, disabled = 0, store.health.disabled()
    for outcome in outcomes:
        for step in outcome.steps:
            alert = store.alerts.apply(step.intent, outcome.order, step.message.title, now)
            if alert is None:
                continue
            opened += isinstance(step.intent, Open)
            log.info("%s, %s: %s", step.message.title, step.intent.reason, _about(step.intent))
            notice = _notice(alert, step, outcome, runtime, now, disabled)
            if notice is not None:
                store.outbox.put(alert, notice)
            elif isinstance(step.intent, Resolve) and step.intent.reason is Reason.DEADLINE_PASSED:
                give_up(store, store.outbox.expire_alert(alert, now), runtime, now)
            elif isinstance(step.intent, Resolve):
                store.outbox.say_no_more(alert)
            if isinstance(step.intent, Resolve):
                store.outbox.take_back(alert, runtime.channels_that_take_back, now)
    store.orders.stand(outcome.standing for outcome in outcomes if outcome.standing is not None)
    faulty = [outcome.order for outcome in outcomes if outcome.order is not None and outcome.standing is None]
    store.orders.postpone(faulty, now + FAULTY_AGAIN)
    if runtime.settings.calendar.path is not None:
        store.calendar.mark(outcome.order for outcome in outcomes if outcome.order is not None)
    _follow_phases(store, outcomes, now)
    return opened


def _follow_phases(store: Store, outcomes: Sequence[Outcome], now: datetime) -> None:
    """An order that has finished lets its parcels rest, also those that have come to it since; one that
    runs again wakes them. Who speaks for a shared parcel may be another order from now on: all that
    share one are thought about again."""
    for outcome in outcomes:
        if outcome.standing is None or outcome.order is None:
            continue
        finished = outcome.standing.phase is Phase.FINISHED
        if finished:
            store.parcels.rest(outcome.order)
        if finished == (outcome.phase_before is Phase.FINISHED):
            continue
        if not finished:
            store.parcels.rouse(outcome.order, now)
        sharing = store.orders.sharing_with(outcome.order)
        store.orders.wake([outcome.order, *sharing] if sharing else [], now)


def _notice(
    alert: int, step: Step, outcome: Outcome, runtime: Runtime, now: datetime, disabled: Collection[str] = ()
) -> Notice | None:
    """The frozen text of what a step says, for whom, and when; None: it says nothing. `disabled`
    channels are told only what nobody else could be."""
    intent, message = step.intent, step.message
    match intent:
        case Open(moment, _, True) | Raise(_, moment, True) | Remind(_, moment, True):
            kind, key, severity, stage = "news", moment.key, moment.severity, moment.stage
            deadline, act_by = moment.deadline, moment.act_by
        case Resolve(ended, _, True):
            kind, key, severity, stage = "end", ended.key, Severity.NOTICE, "over"
            deadline, act_by = None, None
        case _:
            return None
    told_before = None if isinstance(intent, Open) else intent.alert.told_at
    said_at = not_before(severity, act_by, now, runtime.days)
    expires_at = _useful_until(severity, deadline, said_at)
    but = {key.subject} if key.rule == "channel_down" else set()
    tiers = runtime.tiers(severity, key.rule, outcome.marketplace, but=but | set(disabled)) or runtime.tiers(
        severity, key.rule, outcome.marketplace, but=but
    )
    return Notice(
        dedup_key=f"{alert}/{intent.reason}/{stage}/{(told_before or now).isoformat()}",
        kind=kind,
        rule=key.rule,
        stage=stage,
        subject=key.subject,
        order=outcome.order,
        severity=severity,
        title=message.title,
        body=message.body,
        created_at=now,
        not_before=said_at,
        expires_at=expires_at,
        channels=tiers[0] if tiers else (),
        records=runtime.records(severity, but=but),
        escalations=runtime.escalations(tiers, severity, said_at, expires_at, everybody=kind == "end"),
        deadline=deadline,
        link=_page_of(outcome, runtime),
        in_digest=kind == "news"
        and severity is Severity.INFO
        and runtime.settings.alerts.digest_at is not None,
    )


def _page_of(outcome: Outcome, runtime: Runtime) -> str | None:
    policy = runtime.policies.get(outcome.marketplace or "")
    return policy.page_of(outcome.order) if policy is not None and outcome.order is not None else None


def _about(intent: Intent) -> str:
    key = intent.alert.key if isinstance(intent, Resolve) else intent.moment.key
    return " ".join(part for part in key if part)


def _useful_until(severity: Severity, deadline: datetime | None, now: datetime) -> datetime:
    """Until when a message is worth delivering: what is urgent, until its deadline."""
    if severity.rank >= Severity.URGENT.rank and deadline is not None and deadline > now:
        return deadline
    return now + _USEFUL_FOR[severity]


def place_new(store: Store, runtime: Runtime, now: datetime) -> None:
    """Gives orders that were taken in, but not thought about yet, their place among the others. To be
    thought about stays due: nothing is opened or said."""
    new = store.orders.unthought()
    for start in range(0, len(new), PLACED_AT_ONCE):
        records = store.orders.load(new[start : start + PLACED_AT_ONCE])
        outcomes = [Outcome(r.order.id, _standing_of(r, runtime, now), (), r.phase) for r in records]
        with store.atomic():
            store.orders.place(outcome.standing for outcome in outcomes if outcome.standing is not None)
            _follow_phases(store, outcomes, now)


def _standing_of(record: OrderRecord, runtime: Runtime, now: datetime) -> Standing:
    s = situation(runtime.facts_of(record))
    moments = moments_of(s)
    return _standing(record, s, moments, current(moments, now), (), now)


async def assess_due(
    database: StoreThread, runtime: Runtime, now: datetime, *, about_us: bool = True
) -> Assessed:
    """Thinks about every order whose moment has come, slice by slice; then, if asked to, about us."""
    total = Assessed()
    while True:
        async with database.thinking:
            slice_ = await _assess_slice(database, runtime, now)
        if slice_.orders == 0:
            break
        total = Assessed(total.orders + slice_.orders, total.opened + slice_.opened)
    if not about_us:
        return total
    opened = await database.write(
        lambda store: store_outcomes(store, [assess_us(store, runtime, now)], runtime, now)
    )
    return Assessed(total.orders, total.opened + opened)


async def _assess_slice(database: StoreThread, runtime: Runtime, now: datetime) -> Assessed:
    records, health = await database.run(
        lambda store: (store.orders.load(store.orders.due(now, SLICE)), store.health.sources())
    )
    blind = blind_sources(health, runtime, now)
    outcomes = []
    for record in records:
        outcomes.append(think_of(record, runtime, now, blind))
        if len(outcomes) % BREATH == 0:
            await asyncio.sleep(0)
    opened = await database.write(lambda store: store_outcomes(store, outcomes, runtime, now))
    return Assessed(len(records), opened)
