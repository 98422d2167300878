"""Codes that carriers give to their scans and that several sources pass on as they are.

Cainiao's action codes are those of AliExpress's own logistics API, as its clients list them; the list
is not exhaustive. The three-letter codes are the UPU's EMSEVT events, which all posts exchange:
https://www.upu.int/en/postal-solutions/technical-solutions/edi-messaging
"""

from collections.abc import Mapping

from monitor.core.model import ShipmentStatus


def _table(codes: Mapping[ShipmentStatus, str]) -> Mapping[str, ShipmentStatus]:
    return {code: status for status, listed in codes.items() for code in listed.split()}


CAINIAO: Mapping[str, ShipmentStatus] = _table(
    {
        ShipmentStatus.INFO_RECEIVED: (
            "CONSIGN OM_CONSIGN GTMS_ASN GWMS_ACCEPT GWMS_PICK GWMS_PACKAGE PRE_READY_TO_SHIP create"
            " Label_created"
        ),
        ShipmentStatus.IN_TRANSIT: (
            "PU_PICKUP_SUCCESS PU_SIGN_IN_SUCCESS GOT CW_SIGN_IN_SUCCESS CW_INBOUND CW_OUTBOUND"
            " CW_COMMON_PROCESSING1 GWMS_OUTBOUND GWMS_HANDOVER TD_TRANSWH_OUTBOUND LH_HO_AIRLINE LH_DEPART"
            " LH_ARRIVE LH_POST_COLLECTION LH_OTHER COMMON_INTRANSIT GTMS_ACCEPT GTMS_SC_ARRIVE GTMS_SC_DEPART"
            " GTMS_OE_DEPART GTMS_DO_ARRIVE GTMS_STATION_IN GTMS_STATION_OUT GTMS_RELABEL DEPARTURE ARRIVAL"
            " GTMS_OTHER CC_EX_SUCCESS CC_TRANS_SUCCESS CC_IM_SUCCESS CC_HO_OUT_SUCCESS CUS_SUCCESS"
            " CIQ_SUCCESS GTMS_STA_WAIT_CUST_CHANGE_ADDRESS"
        ),
        ShipmentStatus.IN_CUSTOMS: (
            "CC_EX_START CC_TRANS_START CC_HO_IN_SUCCESS CC_IM_START CC_IM_PROCESS CUS_DECLARE"
            " CUSTOMS_ARRIVED_IN_AREA_CALLBACK"
        ),
        ShipmentStatus.CUSTOMS_HOLD: (
            "CC_EX_FAILURE CC_TRANS_FAILURE CC_IM_FAILURE CC_HO_IN_FAILURE CC_HO_OUT_FAILURE CUS_FAILURE"
            " CIQ_FAILURE CUS_TAX"
        ),
        ShipmentStatus.OUT_FOR_DELIVERY: (
            "GTMS_DELIVERING GTMS_RE_DELIVERING GTMS_DO_DEPART SENT_SCAN LM_DELIVERY_DEPART"
        ),
        # Signed by a pickup station is not delivered.
        ShipmentStatus.AVAILABLE_FOR_PICKUP: (
            "GTMS_STA_SIGNED GSTA_INBOUND GSTA_INFORM_BUYER GTMS_WAIT_SELF_PICK GTMS_PUDO_INBOUND"
            " PUDO_DELIVERY POSTMAN_POST"
        ),
        ShipmentStatus.DELIVERY_FAILED: (
            "GTMS_DEL_FAILURE GTMS_SIGN_FAILURE GTMS_STA_SIGN_FAILURE GTMS_FAILURE GTMS_SC_ARRIVE_FAILURE"
            " GSTA_SIGN_FAIL GSTA_BUYER_SIGN_FAIL FAILED EXCEPTION"
        ),
        ShipmentStatus.DELIVERED: (
            "GTMS_SIGNED SIGNED GSTA_SIGN GSTA_BUYER_SIGN STA_SIGN GTMS_PUDO_SIGNED LM_SIGN_SUCCESS"
            " PUDO_SIGN_SUCCESS"
        ),
        ShipmentStatus.RETURNING: (
            "RT_INBOUND RT_OUTBOUND RT_HO_OUT RT_TMS_ACCEPT RT_WH_HO_IN RT_WH_INBOUND RT_WH_OUTBOUND"
            " GTMS_PUDO_OVERDUE"
        ),
        ShipmentStatus.RETURNED: "RETURNED RT_SIGNIN_SUCCESS",
        # Not shipped, refused by the warehouse or by aviation security, or destroyed.
        ShipmentStatus.EXCEPTION: (
            "GWMS_REJECT GWMS_CANCEL GWMS_EXCEPTION PU_PICKUP_FAILURE PU_SIGN_IN_FAILURE REJECT"
            " RT_DESTROY RT_WH_DESTROY"
        ),
    }
)

#: What is not listed above, by how it begins or ends: the steps of a phase share one name.
_CAINIAO_FAMILIES = (
    ("RT_TRANSWH_", "", ShipmentStatus.RETURNING),
    ("RT_DO_", "", ShipmentStatus.RETURNING),
    ("TD_TRANS_", "", ShipmentStatus.IN_TRANSIT),
    ("SC_", "_SUCCESS", ShipmentStatus.IN_TRANSIT),
    ("SC_", "_FAILURE", ShipmentStatus.EXCEPTION),
    ("LH_", "_SUCCESS", ShipmentStatus.IN_TRANSIT),
    ("LH_", "_FAILURE", ShipmentStatus.EXCEPTION),
    ("GTMS_STA_", "_TO_DOOR", ShipmentStatus.IN_TRANSIT),
    ("GTMS_STA_", "CHANGE", ShipmentStatus.IN_TRANSIT),
)

UPU: Mapping[str, ShipmentStatus] = _table(
    {
        ShipmentStatus.IN_TRANSIT: "EMA EMB EXC EXD EMC EMJ EMK EMD EDC EMF EDD EDE EMG EDF",
        ShipmentStatus.IN_CUSTOMS: "EXA EDA EDB",
        ShipmentStatus.CUSTOMS_HOLD: "EXB EME",
        ShipmentStatus.OUT_FOR_DELIVERY: "EDG",
        ShipmentStatus.AVAILABLE_FOR_PICKUP: "EDH",
        ShipmentStatus.DELIVERY_FAILED: "EMH",
        ShipmentStatus.DELIVERED: "EMI",
        ShipmentStatus.EXCEPTION: "EXX EDX",
    }
)

_KNOWN = {**CAINIAO, **UPU}


def carrier_code(code: str) -> ShipmentStatus | None:
    """What a carrier's code means that a source passes on as it is; None: it is not one of these."""
    known = _KNOWN.get(code)
    if known is not None or "_" not in code:
        return known
    for start, end, status in _CAINIAO_FAMILIES:
        if code.startswith(start) and code.endswith(end):
            return status
    return None
