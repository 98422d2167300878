"""What the user answers to an alert: seen, later, received, not here. From the command line or by a
button, it comes to the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.alerts import LASTING, Alert, acknowledge, snooze, snooze_end
from monitor.core.case import JournalEntry, RecordEvent, read_case
from monitor.core.forecast import Announcement, announcements
from monitor.core.rules.problem import REASON_FOR
from monitor.core.situation import situation
from monitor.core.texts import Catalogue
from monitor.core.wording import Calendar
from monitor.core.words import way_in_app
from monitor.notifier import Action
from monitor.reckoning import Reckoning
from monitor.replies import Reply, WhyNot, Word, actions, digest, read_token
from monitor.store import Store
from monitor.store.records import Delivery

#: Who presses again so soon may not have seen that it was noted; what is heard again later is an echo,
#: and must not take the place of newer messages.
_PRESSED_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a button that was pressed: `note` for the log, `text` for the phone (None: it
    gets no answer). `counts`: it was taken now."""

    note: str
    text: str | None
    counts: bool = True


def buttons(store: Store, delivery: Delivery, now: datetime, texts: Catalogue) -> tuple[Action, ...]:
    """The buttons under a delivery: those of its alert, if it still tells how that stands."""
    alert = store.alerts.find(delivery.alert)
    if alert is None or (alert.key.rule, alert.stage) != (delivery.rule, delivery.stage):
        return ()
    return actions(store.replies.secret(), alert, delivery.id, now, texts)


def take(store: Store, by: Reckoning, token: str, now: datetime) -> Taken:
    """Does what a button says, once; to be called inside a transaction. A token that does not count
    changes nothing."""
    reply = read_token(store.replies.secret(), token, now)
    if isinstance(reply, WhyNot):
        return _ignored(reply, by.texts.replies["expired"] if reply is WhyNot.EXPIRED else None)
    alert = store.alerts.find(reply.alert)
    if alert is None:
        return _ignored("there is no such alert any more")
    used_at = store.replies.use(digest(token), reply.alert, reply.word, now)
    if used_at is not None:
        return _ignored(WhyNot.USED, by.texts.replies["used"] if now - used_at < _PRESSED_AGAIN else None)
    return Taken(f"says {reply.word}: {alert.title}", _do(store, by, reply, alert, now))


def _ignored(why: str, text: str | None = None) -> Taken:
    return Taken(f"is ignored: {why}", text, counts=False)


def see(store: Store, alert: Alert) -> Alert:
    """Notes that a lasting alert was seen; returns it as it is now."""
    seen = acknowledge(alert)
    store.alerts.answer(seen)
    return seen


def put_off(store: Store, alert: Alert, until: datetime, now: datetime) -> Alert | None:
    """Puts a lasting alert off until `until`, or until so long before it must be acted upon that there
    is time to do so; returns it as it is now. None, and nothing done: there is no time for that."""
    end = snooze_end(alert, until, now)
    if end is None:
        return None
    later = snooze(alert, end)
    store.alerts.answer(later)
    if alert.order is not None:
        store.orders.wake([alert.order], end)
    return later


def speaks_again(store: Store, by: Reckoning, alert: Alert, now: datetime) -> Announcement | None:
    """When an alert of an order will be spoken of next, if nothing else happens; None: not before
    something does."""
    for record in store.orders.load([alert.order] if alert.order is not None else []):
        s = situation(by.facts_of(record))
        known = {**record.alerts, alert.key: alert}
        return next((said for said in announcements(s, known, now) if said.moment.key == alert.key), None)
    return None


def next_morning(by: Reckoning, now: datetime) -> datetime:
    """The morning of the next local day."""
    return by.days.morning_of(by.days.day_of(now) + timedelta(days=1))


def must_be_done_by(alert: Alert, now: datetime) -> datetime | None:
    """By when an alert must be acted upon: its `act_by`, once that is over its deadline."""
    return next((at for at in (alert.act_by, alert.deadline) if at is not None and at > now), None)


def _do(store: Store, by: Reckoning, reply: Reply, alert: Alert, now: datetime) -> str:
    """Does what a reply says; returns what to show on the phone."""
    if reply.word is Word.RECEIVED and alert.order is not None:
        return _receive(store, by, alert.order, now)
    if alert.state not in LASTING:
        return by.texts.replies["over"]
    if alert.level > reply.level:
        return by.texts.replies["newer"]
    match reply.word:
        case Word.TOMORROW:
            return _tomorrow(store, by, alert, now)
        case Word.NOT_HERE:
            return _not_here(store, by, alert)
    return _done(store, by, alert, now)


def _receive(store: Store, by: Reckoning, order: str, now: datetime) -> str:
    if read_case(entry for _, entry in store.orders.journal(order)).received_at is not None:
        return by.texts.replies["received_already"]
    store.orders.record(order, JournalEntry(event=RecordEvent.RECEIVED, at=now), now)
    return by.texts.replies["received"]


def _done(store: Store, by: Reckoning, alert: Alert, now: datetime) -> str:
    seen, calendar = see(store, alert), Calendar.at(now, by.days, by.texts)
    again, limit = speaks_again(store, by, seen, now), must_be_done_by(alert, now)
    if again is not None:
        return by.texts.replies["done_next"].format(at=calendar.clock(again.at))
    if limit is not None:
        return by.texts.replies["done_last"].format(by=calendar.clock(limit))
    return by.texts.replies["done"]


def _tomorrow(store: Store, by: Reckoning, alert: Alert, now: datetime) -> str:
    morning, calendar = next_morning(by, now), Calendar.at(now, by.days, by.texts)
    later, limit = put_off(store, alert, morning, now), must_be_done_by(alert, now)
    if later is not None and later.snoozed_until == morning:
        local = morning.astimezone(by.days.zone)
        return by.texts.replies["tomorrow"].format(hour=local.hour, minute=local.minute)
    assert limit is not None
    until = calendar.clock(limit)
    if later is None or later.snoozed_until is None:
        return by.texts.replies["no_time"].format(by=until)
    return by.texts.replies["snoozed"].format(at=calendar.clock(later.snoozed_until), by=until)


def _not_here(store: Store, by: Reckoning, alert: Alert) -> str:
    see(store, alert)
    (record,) = store.orders.load([alert.order or ""])
    policy = by.policy_of(record.order)
    return by.texts.replies["not_here"].format(
        reason=policy.reasons[REASON_FOR["delivered_elsewhere"]].title,
        path=way_in_app(policy, "open", by.texts),
    )
