"""What a draft is written from, and which parcel it is about."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.core import cadence
from monitor.core.case import Case, Dispute
from monitor.core.model import Order, Shipment, ShipmentStatus
from monitor.core.places import Verdict, same_place
from monitor.core.policy import Policy
from monitor.core.situation import Situation
from monitor.core.texts import Catalogue, DraftTexts

CUSTOMS = frozenset({ShipmentStatus.IN_CUSTOMS, ShipmentStatus.CUSTOMS_HOLD})
_NOT_HERE = frozenset(ShipmentStatus) - {ShipmentStatus.DELIVERED}
#: How a parcel stands that a reason is about.
_ABOUT: Mapping[str, frozenset[ShipmentStatus]] = {
    "not_received": _NOT_HERE,
    "no_tracking": _NOT_HERE,
    "customs_hold": CUSTOMS,
    "returned_to_seller": frozenset({ShipmentStatus.RETURNING, ShipmentStatus.RETURNED}),
    "wrong_address": frozenset({ShipmentStatus.DELIVERED}),
}

#: Reasons about goods that came, which can be kept or sent back.
GOODS = frozenset({"quality", "not_as_described", "damaged_in_transit", "missing_parts", "wrong_item"})

Look = Mapping[str, datetime | None]


class Proposal(StrEnum):
    """What the buyer asks for at the end: all of the money, a part of it, or all of it for the item; for
    a part of the order that has not come, or for what was charged twice."""

    FULL = "full"
    PARTIAL = "partial"
    RETURN = "return"
    PART = "part"
    SECOND_CHARGE = "second_charge"


class Writing(NamedTuple):
    """All that a text may say: what is known at `now`, and what the buyer chose.

    `reason` is one of `texts.drafts.reasons`. `look` says when each parcel, by its number, was last
    read successfully. `evidence` are the ids of what is known to be there to attach.
    """

    s: Situation
    now: datetime
    texts: Catalogue
    reason: str
    proposal: Proposal
    look: Look
    evidence: Collection[str]

    @property
    def drafts(self) -> DraftTexts:
        """The texts that can be sent."""
        return self.texts.drafts

    @property
    def order(self) -> Order:
        """The order it is about."""
        return self.s.facts.order

    @property
    def policy(self) -> Policy:
        """The marketplace's."""
        return self.s.facts.policy

    @property
    def case(self) -> Case:
        """What the buyer recorded."""
        return self.s.facts.case

    @property
    def today(self) -> date:
        """The buyer's day."""
        return self.s.facts.days.day_of(self.now)

    @property
    def dispute(self) -> Dispute | None:
        """The dispute that runs at `now`."""
        dispute = self.case.open_dispute
        return dispute if dispute is not None and dispute.opened_at <= self.now else None

    @property
    def parcel(self) -> Shipment | None:
        """The parcel that the reason is about: of several the one that went elsewhere, or was scanned
        longest ago. None: it cannot be told which."""
        if self.reason not in _ABOUT:
            return None
        parcels = self.s.facts.shipments
        found = [parcel for parcel in parcels if parcel.status in _ABOUT[self.reason]]
        if not found and len(parcels) == 1 and parcels[0].status in _NOT_HERE:
            found = [*parcels]
        gone = [parcel for parcel in found if is_elsewhere(parcel, self.order)]
        return min(gone or found, key=_scanned_at, default=None)

    def in_sight(self, parcel: Shipment) -> bool:
        """Whether the silence of a parcel is the carrier's."""
        return is_in_sight(parcel, self.s, self.look, self.now)


def is_in_sight(parcel: Shipment, s: Situation, look: Look, now: datetime) -> bool:
    """Whether its source was read lately, so that its silence is the carrier's and not our own."""
    if parcel.status not in cadence.INTERVALS:
        return True
    read = look.get(parcel.number)
    blind_after = timedelta(hours=s.facts.policy.number("blind_after_hours"))
    return read is not None and now - read <= blind_after


def is_elsewhere(parcel: Shipment, order: Order) -> bool:
    """Whether it was delivered at a place that contradicts the order's address."""
    place = parcel.delivery.place if parcel.delivery is not None else None
    return same_place(place, order.deliver_to) is Verdict.DIFFERENT


def _scanned_at(parcel: Shipment) -> float:
    return parcel.newest.at.timestamp() if parcel.newest is not None else 0.0
