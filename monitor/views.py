"""What is known of orders, as values to show and as the JSON of the command line.

Nothing is stored or printed here. Phase, next announcement and timeline are those of `now`, also of a
`now` that is only supposed; alerts are as they are stored, whatever `now` is.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from monitor.core.alerts import LASTING, Alert
from monitor.core.case import JournalEntry, standing
from monitor.core.forecast import Announcement, announcements
from monitor.core.messages import compose
from monitor.core.model import Look, Lookup, Order, Phase, Shipment, ShipmentStatus, TrackingEvent
from monitor.core.moment import Moment
from monitor.core.situation import Fallback, Finish, Situation, situation
from monitor.core.texts import Catalogue
from monitor.core.timeline import current, moments_of, pressing_at
from monitor.reckoning import Reckoning
from monitor.store.records import OrderRecord, Tracked
from monitor.tracking_json import place_json

#: `Customs hold: USB hub`, `Is it here? USB hub`.
_AFTER_WHAT = re.compile(r": |(?<=\?) ")
#: The rule that speaks under the title of a problem.
DISPUTABLE = "dispute_openable"

Json = dict[str, object]
Journal = Sequence[tuple[datetime, JournalEntry]]


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as it is at `now`. `alerts` are its lasting ones, the most pressing first; `texts` is the
    language that it is told in."""

    record: OrderRecord
    situation: Situation
    now: datetime
    phase: Phase
    alerts: tuple[Alert, ...]
    texts: Catalogue

    @property
    def order(self) -> Order:
        """The order's facts."""
        return self.record.order

    @property
    def zone(self) -> tzinfo:
        """The user's zone."""
        return self.situation.facts.days.zone

    @property
    def finish(self) -> Finish | None:
        """How the order came to its end; None: it runs."""
        return self.situation.as_of(self.now).finish if self.phase is Phase.FINISHED else None

    @property
    def next(self) -> Announcement | None:
        """What will be said next, if nothing else happens; worked out when it is asked for."""
        return next(announcements(self.situation, self.record.alerts, self.now), None)

    @property
    def pressing_at(self) -> datetime | None:
        """The soonest instant ahead that matters: by when to act, or until when it is safe."""
        return pressing_at(self.situation, moments_of(self.situation), self.now)

    @property
    def at_stake(self) -> bool:
        """Whether the order's price could still be lost by doing nothing."""
        return self.situation.at_stake(self.now)


class When(StrEnum):
    """Where a moment lies: over (or a later stage has taken its place), true now, or ahead."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


def view(record: OrderRecord, by: Reckoning, now: datetime) -> OrderView:
    """An order as it is at `now`."""
    s = situation(by.facts_of(record))
    lasting = [alert for alert in record.alerts.values() if alert.state in LASTING]
    return OrderView(
        record=record,
        situation=s,
        now=now,
        phase=s.phase(now),
        alerts=most_pressing(lasting),
        texts=by.texts,
    )


def most_pressing(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """The loudest first; of equals the one that must be acted upon soonest, then the oldest."""

    def pressing(alert: Alert) -> tuple[int, bool, datetime, datetime, int]:
        by = alert.act_by or alert.deadline
        return -alert.severity.rank, by is None, by or alert.since, alert.since, alert.id

    return tuple(sorted(alerts, key=pressing))


def upcoming(seen: OrderView, days: int) -> list[Announcement]:
    """What will be said of an order within `days` days, if nothing else happens."""
    until = seen.now + timedelta(days=days)
    return list(announcements(seen.situation, seen.record.alerts, seen.now, until))


def title_of(seen: OrderView, said: Announcement) -> str:
    """The title that a message to come will have."""
    looks = {parcel.shipment.number: parcel.telling.last_success_at for parcel in seen.record.parcels}
    return compose(said.moment, seen.situation, said.at, seen.texts, look=looks).title


def what(title: str) -> str:
    """What the title of a message tells, without the order it tells it of."""
    return _AFTER_WHAT.split(title, maxsplit=1)[0]


def told_twice(alerts: Collection[Alert]) -> frozenset[int]:
    """The ids of those that say, under the title of a problem that is among them too, that it can be
    disputed: one event to who reads a list, not two."""
    problems = {(alert.order, what(alert.title)) for alert in alerts if alert.key.rule != DISPUTABLE}
    return frozenset(
        alert.id
        for alert in alerts
        if alert.key.rule == DISPUTABLE and (alert.order, what(alert.title)) in problems
    )


def dispute_possible(texts: Catalogue) -> str:
    """What the rule `DISPUTABLE` tells where the problem stands beside it."""
    return texts.texts[f"{DISPUTABLE}/open"].title


def disputable(title: str, texts: Catalogue) -> str:
    """The title of a problem as that of its other half: `Dispute possible: USB hub`."""
    return f"{dispute_possible(texts)}: {_AFTER_WHAT.split(title, maxsplit=1)[-1]}"


def sliced(seen: OrderView) -> list[tuple[Moment, When]]:
    """The order's whole timeline in the order of time, sliced by `now`."""
    moments = moments_of(seen.situation)
    true = current(moments, seen.now)
    return [(moment, _when(moment, true.get(moment.key), seen.now)) for moment in moments]


def _when(moment: Moment, true: Moment | None, now: datetime) -> When:
    if moment.at > now:
        return When.AHEAD
    return When.NOW if moment is true else When.PAST


def undone(journal: Journal) -> list[bool]:
    """Of each line of a journal, whether a later `undo` took it back."""
    stands = {id(entry) for entry in standing(entry for _, entry in journal)}
    return [id(entry) not in stands and entry.event != "undo" for _, entry in journal]


def delivered(shipment: Shipment, zone: tzinfo) -> str | None:
    """When a parcel was delivered: the carrier's time, without offset where it tells no zone."""
    if shipment.status is not ShipmentStatus.DELIVERED:
        return None
    delivery = shipment.delivery
    if delivery is not None and delivery.at is not None:
        return time_json(delivery.at, zone, zone_known=delivery.zone_known)
    return time_json(shipment.status_since, zone)


def order_json(record: OrderRecord, by: Reckoning, now: datetime) -> Json:
    """One order, as `orders --json` lists it."""
    return view_json(view(record, by, now))


def view_json(seen: OrderView) -> Json:
    """`order_json`, of an order that was looked at already."""
    order, zone = seen.order, seen.zone
    return {
        "id": order.id,
        "title": order.title,
        "marketplace": order.marketplace,
        "price": order.price and {"amount": order.price.amount, "currency": order.price.currency},
        "phase": seen.phase.value,
        "safe_until": time_json(seen.situation.safe_until, zone),
        "possibly_until": time_json(seen.situation.possibly_until, zone),
        "at_stake": seen.at_stake,
        "lost_by": time_json(seen.pressing_at if seen.at_stake else None, zone),
        "finished": _finish_json(seen.finish, zone),
        "next": _next_json(seen.next, zone),
        "parcels": [parcel_json(parcel, zone) for parcel in seen.record.parcels],
        "alerts": [alert_json(alert, zone) for alert in seen.alerts],
    }


def alert_json(alert: Alert, zone: tzinfo) -> Json:
    """One alert; `order` is null for one about a source, a channel or a policy."""
    return {
        "id": alert.id,
        "order": alert.order,
        "rule": alert.key.rule,
        "stage": alert.stage,
        "severity": alert.severity.value,
        "subject": alert.key.subject,
        "since": time_json(alert.since, zone),
        "deadline": time_json(alert.deadline, zone),
        "act_by": time_json(alert.act_by, zone),
        "state": alert.state.value,
        "title": alert.title,
        "snoozed_until": time_json(alert.snoozed_until, zone),
    }


def parcel_json(parcel: Tracked, zone: tzinfo) -> Json:
    """One parcel, and how the looks at it went."""
    shipment, edd = parcel.shipment, parcel.shipment.edd
    return {
        "number": shipment.number,
        "aliases": list(shipment.aliases),
        "source": shipment.source,
        "status": shipment.status.value,
        "delivered_at": delivered(shipment, zone),
        "estimated_delivery": edd and {"earliest": day_json(edd.earliest), "latest": day_json(edd.latest)},
        "last_event": shipment.newest and scan_json(shipment.newest, zone),
        "last_success_at": time_json(parcel.look.last_success_at, zone),
        "failures": parcel.look.failures,
        "last_error": parcel.look.last_error,
        "next_look": time_json(parcel.look.next_poll_at, zone),
        "followed": [followed_json(lookup, look, zone) for lookup, look in parcel.followed.items()],
    }


def followed_json(lookup: Lookup, look: Look, zone: tzinfo) -> Json:
    """Another source at which a parcel is looked up, under another of its numbers."""
    return {
        "source": lookup.source,
        "number": lookup.number,
        "last_success_at": time_json(look.last_success_at, zone),
        "failures": look.failures,
        "last_error": look.last_error,
        "next_look": time_json(look.next_poll_at, zone),
    }


def scan_json(event: TrackingEvent, zone: tzinfo) -> Json:
    """One tracking event in the user's zone."""
    return {
        "at": time_json(event.at, zone, zone_known=event.zone_known),
        "status": event.status.value,
        "description": event.description,
        "code": event.code,
        "place": place_json(event.place),
        "decided_by": event.decided_by,
    }


def forecast_json(order: str, said: Announcement, zone: tzinfo) -> Json:
    """One message to come."""
    moment = said.moment
    return {
        "at": time_json(said.at, zone),
        "order": order,
        "rule": moment.rule,
        "stage": moment.stage,
        "severity": moment.severity.value,
        "subject": moment.subject,
        "deadline": time_json(moment.deadline, zone),
        "why": str(moment.why),
    }


def show_json(seen: OrderView, events: Mapping[int, Sequence[TrackingEvent]], journal: Journal) -> Json:
    """One order with all that is known: `view_json` and its facts, the events of each parcel (oldest
    first), what remains after the protection, the journal and the timeline."""
    zone, shown = seen.zone, view_json(seen)
    parcels = [
        parcel_json(parcel, zone) | {"events": [scan_json(event, zone) for event in events[parcel.id]]}
        for parcel in seen.record.parcels
    ]
    return shown | {
        "parcels": parcels,
        "fallbacks": [fallback_json(fallback, zone) for fallback in seen.situation.fallbacks],
        "order": facts_json(seen.record, zone),
        "journal": [
            entry_json(at, entry, zone) | {"undone": gone}
            for (at, entry), gone in zip(journal, undone(journal), strict=True)
        ],
        "timeline": [moment_json(moment, when, zone) for moment, when in sliced(seen)],
    }


def fallback_json(fallback: Fallback, zone: tzinfo) -> Json:
    """A way to get the money back when the protection is over; null where nothing tells yet until when."""
    window = fallback.window
    return {
        "policy": fallback.policy.name,
        "until": time_json(window.end if window else None, zone),
        "why": str(window.why) if window else None,
    }


def facts_json(record: OrderRecord, zone: tzinfo) -> Json:
    """What the order files tell of an order; `unlisted_at`: since when none of them lists it."""
    facts = asdict(record.order)
    days = {key: day_json(value) for key, value in facts.items() if isinstance(value, date)}
    prices = {"price": record.order.price, "return_cost": record.order.return_cost}
    amounts = {key: None if price is None else str(price) for key, price in prices.items()}
    return facts | days | amounts | {"unlisted_at": time_json(record.unlisted_at, zone)}


def entry_json(recorded_at: datetime, entry: JournalEntry, zone: tzinfo) -> Json:
    """One line of the journal: what the user recorded, and when they did."""
    return {
        "recorded_at": time_json(recorded_at, zone),
        "event": entry.event.value,
        "at": time_json(entry.at, zone),
        "reason": entry.reason,
        "due": time_json(entry.due, zone),
        "in_favour_of": entry.in_favour_of and entry.in_favour_of.value,
        "number": entry.number,
        "amount": entry.amount,
        "note": entry.note,
        "to": entry.to and entry.to.value,
        "on": entry.on and entry.on.value,
        "carrier": entry.carrier,
    }


def moment_json(moment: Moment, when: When, zone: tzinfo) -> Json:
    """One moment of a timeline."""
    return {
        "at": time_json(moment.at, zone),
        "rule": moment.rule,
        "stage": moment.stage,
        "severity": moment.severity.value,
        "subject": moment.subject,
        "deadline": time_json(moment.deadline, zone),
        "until": time_json(moment.until, zone),
        "why": str(moment.why),
        "state": when.value,
    }


def time_json(at: datetime | None, zone: tzinfo, *, zone_known: bool = True) -> str | None:
    """An instant with the user's offset; the wall clock alone where its zone is unknown."""
    if at is None:
        return None
    return at.astimezone(zone).isoformat() if zone_known else at.replace(tzinfo=None).isoformat()


def day_json(day: date | None) -> str | None:
    """A day as YYYY-MM-DD."""
    return None if day is None else day.isoformat()


def _finish_json(finish: Finish | None, zone: tzinfo) -> Json | None:
    if finish is None:
        return None
    return {"at": time_json(finish.at, zone), "reason": finish.how.value, "why": str(finish.why)}


def _next_json(said: Announcement | None, zone: tzinfo) -> Json | None:
    if said is None:
        return None
    return {"at": time_json(said.at, zone), "rule": said.moment.rule, "stage": said.moment.stage}
