"""Codes before words, words before what a provider files a scan under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.meaning import REFINES, Meaning, refined
from monitor.core.model import ShipmentStatus
from monitor.core.scan_words import what_words_say

Status = ShipmentStatus
HELD = "Held by customs"
STARTED = "Import customs clearance started"
CLEARED = "Customs clearance completed"
GOES_BACK = "Returning to sender"
IS_BACK = "Delivered, To Original Sender"
REFUSED = "Refused by the addressee"
LOST = "The parcel was lost"
SHOP = "Ready for pick-up at the parcel shop"
ROUND = "Out for delivery"


@pytest.mark.parametrize(
    ("filed", "text", "status"),
    [
        (Status.IN_TRANSIT, HELD, Status.CUSTOMS_HOLD),
        (Status.IN_CUSTOMS, HELD, Status.CUSTOMS_HOLD),
        (Status.EXCEPTION, HELD, Status.CUSTOMS_HOLD),
        (Status.DELIVERY_FAILED, HELD, Status.CUSTOMS_HOLD),
        (None, HELD, Status.CUSTOMS_HOLD),
        (Status.IN_TRANSIT, STARTED, Status.IN_CUSTOMS),
        (Status.INFO_RECEIVED, STARTED, Status.IN_CUSTOMS),
        (Status.IN_CUSTOMS, CLEARED, Status.IN_TRANSIT),
        (Status.CUSTOMS_HOLD, CLEARED, Status.IN_TRANSIT),
        (Status.IN_TRANSIT, GOES_BACK, Status.RETURNING),
        (Status.EXCEPTION, GOES_BACK, Status.RETURNING),
        (Status.DELIVERED, IS_BACK, Status.RETURNED),
        (Status.RETURNING, IS_BACK, Status.RETURNED),
        (Status.DELIVERED, "Delivered: package returned to shipper", Status.RETURNED),
        (Status.EXCEPTION, REFUSED, Status.DELIVERY_FAILED),
        (Status.IN_TRANSIT, LOST, Status.EXCEPTION),
        (Status.EXCEPTION, SHOP, Status.AVAILABLE_FOR_PICKUP),
        (Status.DELIVERY_FAILED, SHOP, Status.AVAILABLE_FOR_PICKUP),
        (Status.IN_TRANSIT, ROUND, Status.OUT_FOR_DELIVERY),
    ],
)
def test_words_refine_what_is_filed_roughly(
    filed: ShipmentStatus | None, text: str, status: ShipmentStatus
) -> None:
    said = what_words_say(text)
    assert said is not None
    assert refined(filed, text) == Meaning(status, f"words: {said.words}")


@pytest.mark.parametrize(
    ("filed", "text"),
    [
        # A label cannot be held; what is delivered, at the door or held stays so.
        (Status.INFO_RECEIVED, HELD),
        (Status.DELIVERED, HELD),
        (Status.DELIVERED, SHOP),
        (Status.OUT_FOR_DELIVERY, HELD),
        (Status.OUT_FOR_DELIVERY, REFUSED),
        (Status.AVAILABLE_FOR_PICKUP, REFUSED),
        (Status.CUSTOMS_HOLD, STARTED),
        (Status.RETURNING, CLEARED),
        (Status.RETURNED, GOES_BACK),
        (Status.EXPIRED, HELD),
        (Status.NOT_FOUND, HELD),
        # Text that says nothing clear.
        (Status.IN_TRANSIT, "Departed from facility"),
        (Status.EXCEPTION, ""),
        (Status.IN_TRANSIT, "Delivered"),
    ],
)
def test_words_do_not_turn_a_status_around(filed: ShipmentStatus, text: str) -> None:
    assert refined(filed, text) == Meaning(filed)


def test_what_nobody_knows_is_unknown() -> None:
    assert refined(None, "Something new") == Meaning(Status.UNKNOWN)


def test_delivery_is_never_believed_from_words() -> None:
    assert Status.DELIVERED not in REFINES


@given(st.sampled_from([None, *ShipmentStatus]), st.text())
def test_any_text_keeps_or_refines(filed: ShipmentStatus | None, text: str) -> None:
    status, decided_by = refined(filed, text)
    kept = filed or Status.UNKNOWN
    assert (status is kept) if decided_by is None else (kept in REFINES[status])
