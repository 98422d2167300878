"""All that is kept of an order, as JSON: what `export` tells. Instants have the user's offset."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo

from monitor.core.alerts import Alert
from monitor.core.model import Delivery, Look, Lookup, Order, Shipment, Slip, TrackingEvent
from monitor.core.published import Published
from monitor.evidence import sayable
from monitor.store.archive import Kept, KeptAnswer, KeptDelivery, KeptNotice, Reply
from monitor.store.evidence import EvidenceLine
from monitor.store.orders import FOREVER
from monitor.store.records import OrderRecord, Tracked
from monitor.store.rows import instant, stamp
from monitor.tracking_json import place_json
from monitor.views import Journal, Json, alert_json, day_json, entry_json, scan_json, time_json, undone


def known_json(record: OrderRecord, kept: Kept, now: datetime, zone: tzinfo) -> Json:
    """An order: what files tell of it, and how it stood when it was last thought about."""
    return {
        "id": record.order.id,
        "listed_in": kept.listed_in,
        "taken_at": _at(kept.taken_at, zone),
        "unlisted_at": time_json(record.unlisted_at, zone),
        "facts": _facts(record.order),
        "phase": kept.phase.value,
        "safe_until": _at(kept.safe_until, zone),
        "pressing_at": _at(kept.pressing_at, zone),
        "at_stake": kept.staked_until > stamp(now),
        "staked_until": _at(kept.staked_until or None, zone),
        "next_at": _at(kept.next_at, zone),
    }


def _facts(order: Order) -> Json:
    return {key: value for key, value in asdict(order).items() if key != "id"}


def parcel_json(
    parcel: Tracked, events: Sequence[TrackingEvent], answers: Sequence[bytes], zone: tzinfo
) -> Json:
    """A parcel with all its numbers, lookups and events, and the hashes of the answers about it."""
    shipment = parcel.shipment
    looks = sorted(parcel.looks.items(), key=lambda it: (it[0].source, it[0].number))
    return {
        "number": shipment.number,
        "aliases": list(shipment.aliases),
        "orders": list(shipment.orders),
        "source": shipment.source,
        **_journey(shipment, zone),
        "told_by": _lookup(shipment.told_by),
        "lookups": [_look(lookup, look, zone) for lookup, look in looks],
        "events": [scan_json(event, zone) for event in events],
        "answers": [digest.hex() for digest in answers],
    }


def _journey(shipment: Shipment, zone: tzinfo) -> Json:
    return {
        "status": shipment.status.value,
        "status_since": time_json(shipment.status_since, zone),
        "first_event_at": time_json(shipment.first_event_at, zone),
        "moving_since": time_json(shipment.moving_since, zone),
        "estimated_delivery": _estimate(shipment),
        "slips": [_slip(slip, zone) for slip in shipment.slips],
        "delivery": _delivered(shipment.delivery, zone),
        "pickup_until": time_json(shipment.pickup_until, zone),
        "ends_at_border": shipment.ends_at_border,
    }


def _estimate(shipment: Shipment) -> Json | None:
    edd = shipment.edd
    if edd is None:
        return None
    days = {"earliest": day_json(edd.earliest), "latest": day_json(edd.latest)}
    return {**days, "told_by": _lookup(shipment.edd_by)}


def _slip(slip: Slip, zone: tzinfo) -> Json:
    seen_at = time_json(slip.seen_at, zone)
    return {"seen_at": seen_at, "before": day_json(slip.before), "after": day_json(slip.after)}


def _delivered(delivery: Delivery | None, zone: tzinfo) -> Json | None:
    if delivery is None:
        return None
    at = time_json(delivery.at, zone, zone_known=delivery.zone_known)
    return {"at": at, "place": place_json(delivery.place)}


def _lookup(lookup: Lookup | None) -> Json | None:
    return None if lookup is None else {"source": lookup.source, "number": lookup.number}


def _look(lookup: Lookup, look: Look, zone: tzinfo) -> Json:
    return {
        "source": lookup.source,
        "number": lookup.number,
        "begun_at": time_json(look.begun_at, zone),
        "last_success_at": time_json(look.last_success_at, zone),
        "failures": look.failures,
        "last_error": look.last_error,
        "next_look": time_json(look.next_poll_at, zone),
    }


def journal_json(journal: Journal, zone: tzinfo) -> list[Json]:
    """Every line of a journal, also those that were taken back."""
    return [
        {**entry_json(at, entry, zone), "undone": gone}
        for (at, entry), gone in zip(journal, undone(journal), strict=True)
    ]


def told_json(alert: Alert, replies: Sequence[Reply], zone: tzinfo) -> Json:
    """An alert of whatever state, what was told of it, and the buttons that were pressed."""
    return {
        **alert_json(alert, zone),
        "occurrence": alert.key.occurrence,
        "level": alert.level,
        "told_level": alert.told_level,
        "told_at": time_json(alert.told_at, zone),
        "replies": [{"at": _at(it.at, zone), "word": it.word} for it in replies if it.alert == alert.id],
    }


def notice_json(notice: KeptNotice, zone: tzinfo) -> Json:
    """A message, and how far it got over each channel."""
    return {
        "id": notice.id,
        "alert": notice.alert,
        "kind": notice.kind,
        "rule": notice.rule,
        "stage": notice.stage,
        "subject": notice.subject,
        "severity": notice.severity.value,
        "title": notice.title,
        "body": notice.body,
        "created_at": _at(notice.created_at, zone),
        "not_before": _at(notice.not_before, zone),
        "expires_at": _at(notice.expires_at, zone),
        "deadline": _at(notice.deadline, zone),
        "link": notice.link,
        "deliveries": [_delivery(delivery, zone) for delivery in notice.deliveries],
    }


def _delivery(delivery: KeptDelivery, zone: tzinfo) -> Json:
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "tier": delivery.tier,
        "state": delivery.state,
        "attempt": delivery.attempt,
        "next_at": _at(delivery.next_at, zone),
        "ack_by": _at(delivery.ack_by, zone),
        "last_error": delivery.last_error,
        "attempts": [
            {"at": _at(attempt.at, zone), "outcome": attempt.outcome, "detail": attempt.detail}
            for attempt in delivery.attempts
        ],
    }


def calendar_json(published: Published, zone: tzinfo) -> Json:
    """What a calendar was told of an order."""
    entry = published.entry
    return {
        "uid": published.uid,
        "sequence": published.sequence,
        "changed_at": time_json(published.changed_at, zone),
        "cancelled": published.cancelled,
        "summary": entry.summary,
        "description": entry.description,
        "link": entry.link,
        "begins": time_json(entry.begins, zone),
        "ends": time_json(entry.ends, zone),
        "reminders": [time_json(at, zone) for at in entry.reminders],
        "privacy": entry.privacy,
    }


def evidence_json(line: EvidenceLine, zone: tzinfo) -> Json:
    """A file in the order's evidence folder, as it was seen there, also one that is gone."""
    return {
        "path": sayable(line.path),
        "kind": line.kind.value,
        "size": line.identity.size,
        "modified_at": _at(line.identity.modified_ns // 1000, zone),
        "seen_at": time_json(line.seen_at, zone),
        "known_since": time_json(line.known_since, zone),
        "gone_at": time_json(line.gone_at, zone),
        "sha256": line.sha256,
    }


def answer_json(answer: KeptAnswer, zone: tzinfo) -> Json:
    """An answer of a source, with its body if that is there: text where it is UTF-8, else base64."""
    encoding, body = _as_text(answer.body)
    return {
        "hash": answer.hash.hex(),
        "source": answer.source,
        "first_seen_at": _at(answer.first_seen_at, zone),
        "last_seen_at": _at(answer.last_seen_at, zone),
        "encoding": encoding,
        "body": body,
    }


def _as_text(body: bytes | None) -> tuple[str | None, str | None]:
    if body is None:
        return None, None
    try:
        return "utf-8", body.decode()
    except UnicodeDecodeError:
        return "base64", b64encode(body).decode()


def _at(stamped: int | None, zone: tzinfo) -> str | None:
    return None if stamped is None or stamped == FOREVER else time_json(instant(stamped), zone)
