"""Codes that sources pass on as the carriers gave them."""

import pytest

from monitor.core.carrier_codes import CAINIAO, UPU, carrier_code
from monitor.core.model import ShipmentStatus

Status = ShipmentStatus


@pytest.mark.parametrize(
    ("code", "status"),
    [
        # A step of customs, by how it ended.
        ("CC_EX_START", Status.IN_CUSTOMS),
        ("CC_IM_START", Status.IN_CUSTOMS),
        ("CC_IM_SUCCESS", Status.IN_TRANSIT),
        ("CC_HO_OUT_SUCCESS", Status.IN_TRANSIT),
        ("CC_IM_FAILURE", Status.CUSTOMS_HOLD),
        ("CC_EX_FAILURE", Status.CUSTOMS_HOLD),
        ("CUS_TAX", Status.CUSTOMS_HOLD),
        # Before the journey, and a journey that does not begin.
        ("GWMS_ACCEPT", Status.INFO_RECEIVED),
        ("GWMS_REJECT", Status.EXCEPTION),
        ("PU_PICKUP_SUCCESS", Status.IN_TRANSIT),
        ("PU_PICKUP_FAILURE", Status.EXCEPTION),
        # Steps that share a name.
        ("SC_INBOUND_SUCCESS", Status.IN_TRANSIT),
        ("SC_INBOUND_FAILURE", Status.EXCEPTION),
        ("LH_HO_IN_SUCCESS", Status.IN_TRANSIT),
        ("LH_HO_IN_FAILURE", Status.EXCEPTION),
        ("LH_DEPART", Status.IN_TRANSIT),
        ("TD_TRANS_ARRIVE", Status.IN_TRANSIT),
        ("RT_TRANSWH_INBOUND", Status.RETURNING),
        ("RT_DO_DEPART", Status.RETURNING),
        ("GTMS_STA_CHANGE_TO_DOOR", Status.IN_TRANSIT),
        # At the door.
        ("GTMS_DELIVERING", Status.OUT_FOR_DELIVERY),
        ("GTMS_STA_SIGNED", Status.AVAILABLE_FOR_PICKUP),
        ("GTMS_SIGNED", Status.DELIVERED),
        ("GTMS_STA_SIGN_FAILURE", Status.DELIVERY_FAILED),
        ("RETURNED", Status.RETURNED),
        ("RT_DESTROY", Status.EXCEPTION),
        # The posts'.
        ("EMA", Status.IN_TRANSIT),
        ("EDB", Status.IN_CUSTOMS),
        ("EME", Status.CUSTOMS_HOLD),
        ("EDC", Status.IN_TRANSIT),
        ("EDG", Status.OUT_FOR_DELIVERY),
        ("EDH", Status.AVAILABLE_FOR_PICKUP),
        ("EMH", Status.DELIVERY_FAILED),
        ("EMI", Status.DELIVERED),
    ],
)
def test_what_a_code_means(code: str, status: ShipmentStatus) -> None:
    assert carrier_code(code) is status


@pytest.mark.parametrize("code", ["", "XYZ", "ema", "SC_SOMETHING", "GTMS_STA_NEW", "_", "InTransit_001"])
def test_a_code_that_is_not_known_is_not_guessed(code: str) -> None:
    assert carrier_code(code) is None


def test_no_code_has_two_meanings() -> None:
    assert not CAINIAO.keys() & UPU.keys()
