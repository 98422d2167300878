"""What a source read, as the JSON of `replay` and of recorded expectations."""

from datetime import date, datetime

from monitor.core.model import Delivery, EstimatedDelivery, Place, Tracking, TrackingEvent, UndatedEvent
from monitor.core.tracking import identity, in_order
from monitor.errors import LookError, ParseError

Json = dict[str, object]


def tracking_json(tracking: Tracking) -> Json:
    """One parcel: its events oldest first, each once; those without a time before the others."""
    delivery = tracking.delivery or Delivery()
    events = {identity(event): event for event in tracking.events}.values()
    shown: list[TrackingEvent | UndatedEvent] = [*tracking.undated, *sorted(events, key=in_order)]
    return {
        "number": tracking.number,
        "aliases": list(tracking.aliases),
        "status": tracking.status.value,
        "delivered_at": time_json(delivery.at, delivery.zone_known),
        "delivered_place": place_json(delivery.place),
        "estimated_delivery": _estimate_json(tracking.edd),
        "events": [event_json(event) for event in shown],
    }


def look_error_json(error: LookError) -> Json:
    """A look that brought nothing: its kind in one word, and what to tell."""
    kind = error.word if isinstance(error, ParseError) else error.kind
    return {"error": kind, "message": str(error)}


def event_json(event: TrackingEvent | UndatedEvent) -> Json:
    """One scan; `at` is null where no time was told."""
    return {
        "at": time_json(event.at, event.zone_known) if isinstance(event, TrackingEvent) else None,
        "status": event.status.value,
        "description": event.description,
        "code": event.code,
        "place": place_json(event.place),
        "decided_by": event.decided_by,
    }


def time_json(at: datetime | None, zone_known: bool = True) -> str | None:
    """An instant with its offset; the wall clock alone where the zone is unknown."""
    if at is None:
        return None
    return (at if zone_known else at.replace(tzinfo=None)).isoformat()


def place_json(place: Place | None) -> Json | None:
    """A place, as precisely as it is known."""
    if place is None:
        return None
    return {
        "city": place.city,
        "postal_code": place.postal_code,
        "region": place.region,
        "country": place.country,
    }


def _estimate_json(edd: EstimatedDelivery | None) -> Json | None:
    if edd is None:
        return None
    return {"earliest": _day_json(edd.earliest), "latest": _day_json(edd.latest)}


def _day_json(day: date | None) -> str | None:
    return day.isoformat() if day else None
