"""Facts for tests, written as people say them: days as `2026-05-03`, times as `2026-05-14 09:00` in
Madrid (or the zone that is given)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.core.case import Case, JournalEntry, Party, RecordEvent, Remedy, read_case
from monitor.core.days import Days
from monitor.core.model import (
    Delivery,
    EstimatedDelivery,
    EvidenceFile,
    FileKind,
    Order,
    OrderStatus,
    Parcel,
    Place,
    Shipment,
    ShipmentStatus,
    Shipping,
    TrackingEvent,
)
from monitor.core.moment import Moment
from monitor.core.policy import Policy
from monitor.core.situation import Facts
from monitor.policies import load_policy

ORDER = "8190000000007731"
NUMBER = "LP00123456789012"

MADRID = ZoneInfo("Europe/Madrid")
AUCKLAND = ZoneInfo("Pacific/Auckland")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")

IN_MADRID = Days(MADRID)
ALIEXPRESS = load_policy("aliexpress")

_KINDS = {
    **dict.fromkeys(("png", "jpg"), FileKind.PHOTO),
    **dict.fromkeys(("mp4", "mov"), FileKind.VIDEO),
    **dict.fromkeys(("pdf", "txt"), FileKind.DOCUMENT),
}

HOME = Place(city="Madrid", postal_code="28013", country="ES")


def day(text: str) -> date:
    """`2026-05-03`."""
    return date.fromisoformat(text)


def at(text: str, zone: ZoneInfo = MADRID) -> datetime:
    """The instant (in UTC, as everywhere) of a local time, `2026-05-14 09:00` or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def shown(instant: datetime | None, zone: ZoneInfo = MADRID) -> str | None:
    """An instant as these tests write it; seconds only where there are some."""
    if instant is None:
        return None
    local = instant.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def an_order(**changes: Any) -> Order:
    """An order that was shipped on 3 May 2026 by standard mail. Days may be given as text, the
    shipping, the status and the parcels' numbers too: `an_order(shipped_on=None, parcels="LP1 LP2")`.
    """
    known: dict[str, Any] = {"shipped_on": "2026-05-03", "shipping": "standard"} | changes
    for key in ("ordered_on", "paid_on", "shipped_on", "estimated_delivery", "protection_until"):
        if isinstance(known.get(key), str):
            known[key] = day(known[key])
    if isinstance(known["shipping"], str):
        known["shipping"] = Shipping(known["shipping"])
    if isinstance(known.get("status"), str):
        known["status"] = OrderStatus(known["status"])
    if isinstance(known.get("parcels"), str):
        known["parcels"] = tuple(Parcel(number) for number in known["parcels"].split())
    return Order(**({"id": ORDER, "title": "USB hub"} | known))


def a_scan(when: str, status: str = "in_transit", description: str = "", **changes: Any) -> TrackingEvent:
    """One tracking event; `when` is Madrid's time, or a wall clock where `zone_known=False`."""
    zone = MADRID if changes.get("zone_known", True) else ZoneInfo("UTC")
    return TrackingEvent(at(when, zone), ShipmentStatus(status), description, **changes)


def a_parcel(
    status: str = "in_transit", since: str | None = None, *, newest: str | None = None, **changes: Any
) -> Shipment:
    """A parcel that has had `status` since a time, which is also its newest scan's unless that is
    given. Without `since` it was never seen. `edd` may be a day, `delivered` a time (`place` is where)
    and `pickup_until` a time, each as text."""
    known: dict[str, Any] = {"number": NUMBER, "source": "files", "status": ShipmentStatus(status)}
    if since is not None:
        scan = a_scan(newest or since, status)
        known |= {"status_since": at(since), "newest": scan, "first_event_at": at(since)}
    delivered, place = changes.pop("delivered", None), changes.pop("place", None)
    if delivered is not None or place is not None:
        known["delivery"] = Delivery(at(delivered) if delivered else None, place=place)
    for key in ("pickup_until", "moving_since", "status_since", "first_event_at"):
        if isinstance(changes.get(key), str):
            changes[key] = at(changes[key])
    if isinstance(changes.get("edd"), str):
        changes["edd"] = EstimatedDelivery(latest=day(changes["edd"]))
    return Shipment(**(known | changes))


def an_entry(text: str, zone: ZoneInfo = MADRID) -> JournalEntry:
    """A line of the journal: `2026-05-20 10:00 decision in_favour_of=seller`; a time in it is written
    with a T, a blank as _: `2026-05-20 10:00 offer due=2026-05-22T18:00 amount=20_EUR`."""
    on, clock, event, *extras = text.split()
    known: dict[str, Any] = dict(extra.split("=", 1) for extra in extras)
    if "amount" in known:
        known["amount"] = known["amount"].replace("_", " ")
    if "due" in known:
        known["due"] = at(known["due"], zone)
    for key, type_ in (("in_favour_of", Party), ("on", Remedy), ("to", RecordEvent)):
        if key in known:
            known[key] = type_(known[key])
    return JournalEntry(RecordEvent(event), at(f"{on} {clock}", zone), **known)


def recorded(*entries: str, zone: ZoneInfo = MADRID) -> Case:
    """The case that a journal tells; see `an_entry`."""
    return read_case(an_entry(text, zone) for text in entries)


def facts(
    order: Order | None = None,
    *parcels: Shipment,
    case: Case | None = None,
    policy: Policy = ALIEXPRESS,
    days: Days = IN_MADRID,
    silent: Iterable[str] = (),
    evidence: Sequence[EvidenceFile] | None = None,
    fallbacks: str = "",
) -> Facts:
    """All facts about one order, of which only those that matter need be said. `fallbacks` are names of
    shipped policies: `paypal card`."""
    return Facts(
        order or an_order(),
        parcels,
        case or Case(),
        policy,
        days,
        frozenset(silent),
        evidence=None if evidence is None else tuple(evidence),
        fallbacks=tuple(load_policy(name) for name in fallbacks.split()),
    )


def a_folder(*paths: str) -> tuple[EvidenceFile, ...]:
    """The files of an evidence folder; what they are is what their names end with."""
    return tuple(
        EvidenceFile(path, _KINDS.get(path.rpartition(".")[2], FileKind.OTHER), 1000) for path in paths
    )


def a_policy(name: str = "aliexpress", /, **numbers: int | list[int]) -> Policy:
    """A shipped policy with other numbers."""
    return load_policy(name, numbers)


def only(moments: Iterable[Moment], rule: str) -> list[Moment]:
    """The moments of one rule, in their order."""
    return [moment for moment in moments if moment.rule == rule]


def with_days(known: Facts, days: Days) -> Facts:
    """The same facts for a buyer who lives by another calendar."""
    return replace(known, days=days)
