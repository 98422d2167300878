"""What a scan means: codes before words, words before what a provider files it under.

A code of the carrier's own is exact. A provider's category is rough: "in transit" may hide "held by
customs", so the scan's words may refine it, in the directions that make sense and no others.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.model import ShipmentStatus

if TYPE_CHECKING:
    from monitor.core.scan_words import Said

_S = ShipmentStatus
_UNDER_WAY = frozenset({_S.UNKNOWN, _S.IN_TRANSIT, _S.EXCEPTION})
_STUCK = _UNDER_WAY | {_S.IN_CUSTOMS, _S.CUSTOMS_HOLD, _S.DELIVERY_FAILED}

#: What words say, and the rough statuses that they may make more exact. Delivery is not among them:
#: it is never believed from words alone.
REFINES: Mapping[ShipmentStatus, frozenset[ShipmentStatus]] = {
    _S.IN_TRANSIT: frozenset({_S.UNKNOWN, _S.EXCEPTION, _S.IN_CUSTOMS, _S.CUSTOMS_HOLD}),
    _S.IN_CUSTOMS: _UNDER_WAY | {_S.INFO_RECEIVED},
    _S.CUSTOMS_HOLD: _UNDER_WAY | {_S.IN_CUSTOMS, _S.DELIVERY_FAILED},
    _S.OUT_FOR_DELIVERY: frozenset({_S.UNKNOWN, _S.IN_TRANSIT}),
    _S.AVAILABLE_FOR_PICKUP: _UNDER_WAY | {_S.DELIVERY_FAILED},
    _S.DELIVERY_FAILED: _UNDER_WAY,
    _S.RETURNING: _STUCK,
    _S.RETURNED: _STUCK | {_S.RETURNING, _S.DELIVERED},
    _S.EXCEPTION: _STUCK | {_S.INFO_RECEIVED},
}


class Meaning(NamedTuple):
    """A status, and what decided it where that was not the code alone (`TrackingEvent.decided_by`)."""

    status: ShipmentStatus
    decided_by: str | None = None


def refined(rough: ShipmentStatus | None, text: str) -> Meaning:
    """What a scan means that is filed under `rough` (None: under nothing that is known)."""
    filed = rough or ShipmentStatus.UNKNOWN
    said = _said(text) if filed in _REFINABLE and text else None
    if said is None:
        return Meaning(filed)
    # "Delivered: returned to the sender" is the end of the way back.
    ended = filed is _S.DELIVERED and said.status is _S.RETURNING
    status = _S.RETURNED if ended else said.status
    return Meaning(status, f"words: {said.words}") if filed in REFINES[status] else Meaning(filed)


def _said(text: str) -> "Said | None":
    # The tables take 4 MB, which who reads nothing but exact codes need not have.
    from monitor.core.scan_words import what_words_say

    return what_words_say(text)


_REFINABLE = frozenset().union(*REFINES.values())
