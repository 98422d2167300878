"""The words about the parcel: its scans, its delay, its delivery.

What is silent is said to be so only while its source is read: the silence may be our own.
"""

from collections.abc import Callable, Mapping
from datetime import date

from monitor.core.drafts.sentences import foreign, whole
from monitor.core.drafts.writing import CUSTOMS, Writing, is_elsewhere
from monitor.core.drafts.written import day_of, days_since, written_day, written_place
from monitor.core.model import Shipment, ShipmentStatus
from monitor.core.rules.transit import AT_REST
from monitor.core.situation import delivered_instant, latest_estimate

_NUMBER = 32
_SCAN_TEXT = 60


def _estimate(w: Writing) -> tuple[str, date] | None:
    """By when it should have come, and who said so: `promised`, `expected` by the carrier, or `usual`
    for a shipping method that is known."""
    if w.s.delivered_at is not None and w.s.delivered_at <= w.now:
        return None
    estimate = latest_estimate(w.s.facts, w.s.shipped, w.parcel)
    if estimate is None or estimate[0] >= w.today:
        return None
    day, why = estimate
    if w.order.estimated_delivery is not None:
        return "promised", day
    if w.parcel is not None and w.parcel.edd is not None and w.parcel.edd.latest is not None:
        return "expected", day
    return None if why.estimated else ("usual", day)


def _estimated(w: Writing, by: str) -> str | None:
    estimate = _estimate(w)
    return written_day(w, estimate[1]) if estimate is not None and estimate[0] == by else None


def _late(w: Writing) -> str | None:
    estimate = _estimate(w)
    return days_since(w, estimate[1]) if estimate is not None else None


def _partly(w: Writing) -> str | None:
    """Known where this parcel has not come, and another has."""
    parcel = w.parcel
    if parcel is None or (parcel.status is ShipmentStatus.DELIVERED and not is_elsewhere(parcel, w.order)):
        return None
    others = [other for other in w.s.facts.shipments if other.status is ShipmentStatus.DELIVERED]
    return "" if any(not is_elsewhere(other, w.order) for other in others) else None


def _number(w: Writing) -> str | None:
    return whole(w.parcel.number, _NUMBER) if w.parcel is not None else None


def _scan_day(w: Writing) -> date | None:
    """The day of the last scan, if it is sure that it is the last."""
    parcel = w.parcel
    if parcel is None or parcel.newest is None or not w.in_sight(parcel):
        return None
    return day_of(w, w.s.facts.days.instant_of_event(parcel.newest))


def _scanned_in(w: Writing) -> str | None:
    newest = w.parcel.newest if w.parcel is not None else None
    return written_place(newest.place) if newest is not None else None


def _scan_text(w: Writing) -> str | None:
    """What the last scan says, without its own full stop."""
    if w.parcel is None or w.parcel.newest is None or _scan_day(w) is None:
        return None
    text = foreign(w.parcel.newest.description, _SCAN_TEXT) or ""
    return text.rstrip(" .") or None


def _quiet(w: Writing) -> str | None:
    """For how long no scan came, from when on that counts as silence; None where nobody expects one."""
    if w.parcel is None or w.parcel.ends_at_border:
        return None
    if w.parcel.status in CUSTOMS:
        return days_since(w, _scan_day(w), w.policy.number("customs_stall_days"))
    if w.parcel.status in AT_REST:
        return None
    return days_since(w, _scan_day(w), w.policy.number("stalled_days"))


def _never_scanned(w: Writing) -> str | None:
    parcel = w.parcel
    if parcel is None or parcel.first_event_at is not None or parcel.newest is not None:
        return None
    return "" if parcel.status is ShipmentStatus.NOT_FOUND and w.in_sight(parcel) else None


def _undelivered(w: Writing) -> str | None:
    """Known where the tracking was read and tells of no delivery, though it would."""
    if w.parcel is None or w.parcel.status is ShipmentStatus.DELIVERED or w.parcel.ends_at_border:
        return None
    return "" if _scan_day(w) is not None else None


def _lost(w: Writing) -> str | None:
    """Known where the carrier reports it as lost, damaged or cancelled."""
    return "" if w.parcel is not None and w.parcel.status is ShipmentStatus.EXCEPTION else None


def _since(w: Writing, statuses: frozenset[ShipmentStatus]) -> date | None:
    """Since when the parcel has had one of these statuses. Without scans nobody told when it began."""
    if w.parcel is None or w.parcel.status not in statuses or w.parcel.newest is None:
        return None
    return day_of(w, w.parcel.status_since)


def _delivered(w: Writing) -> str | None:
    """When the parcel was delivered, as its carrier says; of an order, its last one."""
    parcels = (w.parcel,) if w.parcel is not None else w.s.facts.shipments
    days = [_delivered_on(w, parcel) for parcel in parcels]
    told = [day for day in days if day is not None]
    return written_day(w, max(told)) if told and len(told) == len(days) else None


def _delivered_on(w: Writing, parcel: Shipment) -> date | None:
    """The day that the carrier told; not the one on which we first read of it."""
    told = parcel.delivery is not None and parcel.delivery.at is not None
    return day_of(w, delivered_instant(parcel, w.s.facts.days)) if told or parcel.newest is not None else None


def _delivered_in(w: Writing) -> str | None:
    delivery = w.parcel.delivery if w.parcel is not None else None
    return written_place(delivery.place) if delivery is not None else None


def _elsewhere(w: Writing) -> str | None:
    return "" if w.parcel is not None and is_elsewhere(w.parcel, w.order) else None


#: What each placeholder stands for.
PARCEL_WORDS: Mapping[str, Callable[[Writing], str | None]] = {
    "customs": lambda w: written_day(w, _since(w, CUSTOMS)),
    "customs_days": lambda w: days_since(w, _since(w, CUSTOMS)),
    "delivered": _delivered,
    "delivered_in": _delivered_in,
    "elsewhere": _elsewhere,
    "expected": lambda w: _estimated(w, "expected"),
    "late": _late,
    "lost": _lost,
    "never_scanned": _never_scanned,
    "number": _number,
    "partly": _partly,
    "promised": lambda w: _estimated(w, "promised"),
    "quiet": _quiet,
    "returned": lambda w: written_day(w, _since(w, frozenset({ShipmentStatus.RETURNED}))),
    "returning": lambda w: written_day(w, _since(w, frozenset({ShipmentStatus.RETURNING}))),
    "scan_text": _scan_text,
    "scanned": lambda w: written_day(w, _scan_day(w)),
    "scanned_in": _scanned_in,
    "undelivered": _undelivered,
    "usual": lambda w: _estimated(w, "usual"),
}
