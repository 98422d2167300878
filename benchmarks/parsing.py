"""Reading one 17TRACK answer, beside `json.loads` and the same reading written by hand."""

import json
import timeit
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from benchmarks.answers import answer
from benchmarks.report import Row
from benchmarks.workplace import runtime
from carriers.seventeentrack import STATUSES
from monitor.carrier import EstimatedDelivery, Payload, Place, Tracking, TrackingEvent

PARCELS = 40


def measure() -> list[Row]:
    """Parcels a second of both, in one run."""
    numbers = [f"LP{index:014}" for index in range(PARCELS)]
    payload = Payload(answer(numbers), numbers=tuple(numbers))
    source = runtime().sources["seventeentrack"]
    assert list(source.parse(payload)) == by_hand(payload.body)
    ours, hand = _rate(lambda: list(source.parse(payload))), _rate(lambda: by_hand(payload.body))
    bare = _rate(lambda: json.loads(payload.body))
    return [
        Row("json.loads alone", f"{bare:,.0f} parcels/s", "", ""),
        Row("json.loads and the same reading by hand", f"{hand:,.0f} parcels/s", "", ""),
        Row("the adapter", f"{ours:,.0f} parcels/s", f"{ours / hand:.2f} × by hand", "3 ×"),
    ]


def by_hand(body: bytes) -> list[Tracking]:
    """The same answer without our adapter: decoded to dicts, then read as one would."""
    return [_tracking(parcel) for parcel in json.loads(body)["data"]["accepted"]]


def _tracking(parcel: Mapping[str, Any]) -> Tracking:
    info = parcel["track_info"]
    events: list[TrackingEvent] = []
    seen = set()
    for provider in info["tracking"]["providers"]:
        for scan in provider["events"]:
            event = _event(scan)
            if event not in seen:
                seen.add(event)
                events.append(event)
    events.sort(key=lambda event: event.at)
    estimate = info["time_metrics"]["estimated_delivery_date"]
    edd = EstimatedDelivery(
        datetime.fromisoformat(estimate["from"]).date(), datetime.fromisoformat(estimate["to"]).date()
    )
    local = info["misc_info"]["local_number"]
    aliases = (local,) if local else ()
    return Tracking(parcel["number"], events[-1].status, tuple(events), aliases=aliases, edd=edd)


def _event(scan: Mapping[str, Any]) -> TrackingEvent:
    address = scan["address"] or {}
    place = Place(
        address.get("city"), address.get("postal_code"), address.get("state"), address.get("country")
    )
    at = datetime.fromisoformat(scan["time_iso"])
    return TrackingEvent(at, STATUSES[scan["sub_status"]], scan["description"], scan["sub_status"], place)


def _rate(read: Callable[[], Sequence[object]]) -> float:
    number = 20
    return PARCELS * number / min(timeit.repeat(read, number=number, repeat=7))
