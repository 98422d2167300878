"""An answer like those of DHL's Shipment Tracking - Unified: one parcel, every usual field.

It has no key that karrio does not know, for each of them would cost karrio a line in its log.
"""

import json
from datetime import UTC, datetime, timedelta, timezone

#: Events of a parcel at its beginning, and of one that has come far.
FEW, MANY = 2, 10
NUMBER = "00340434123456789018"
#: How DHL writes times; which way depends on the service that carries the parcel.
TIMES = {
    "no offset": "%Y-%m-%dT%H:%M:%S",
    "UTC": "%Y-%m-%dT%H:%M:%SZ",
    "offsets": "%Y-%m-%dT%H:%M:%S+02:00",
}
_FIRST_SCAN = datetime(2026, 10, 6, 9, 41, 27, tzinfo=UTC)
_ON_THE_WAY = (
    ("DE", "04435", "Leipzig", "The parcel was sorted in the parcel centre of departure."),
    ("FR", "67960", "Strasbourg - Entzheim", "The parcel has left the export hub of the carrier."),
    ("ES", "28821", "Coslada, Madrid", "The parcel has arrived in the country of destination."),
)


def answer(times: str, length: int) -> bytes:
    """What `track/shipments` says about `NUMBER` after so many events, its times written as the pattern
    `times` says."""
    events = [_event(index, times) for index in range(length)]
    shipment = {
        "id": NUMBER,
        "service": "parcel-de",
        "origin": _place("DE", "04435", "Leipzig"),
        "destination": _place("ES", "28013", "Madrid"),
        "status": events[0],
        "estimatedTimeOfDelivery": _written(6, times),
        "estimatedDeliveryTimeFrame": {
            "estimatedFrom": _written(6, times),
            "estimatedThrough": _written(7, times),
        },
        "estimatedTimeOfDeliveryRemark": "By end of day",
        "serviceUrl": f"https://www.dhl.de/en/privatkunden.html?piececode={NUMBER}",
        "details": {
            "product": {"productName": "DHL Paket International"},
            "totalNumberOfPieces": 1,
            "pieceIds": [NUMBER],
            "weight": {"value": 1.35, "unitText": "kg"},
            "references": {"number": "8130000000000001", "type": "customer-reference"},
        },
        "events": events,
    }
    return json.dumps({"shipments": [shipment]}).encode()


def _event(index: int, times: str) -> dict[str, object]:
    """The event that is `index` events old."""
    country, postal_code, city, words = _ON_THE_WAY[index % len(_ON_THE_WAY)]
    return {
        "timestamp": _written(index * -0.6, times),
        "location": _place(country, postal_code, city),
        "statusCode": "pre-transit" if index == MANY - 1 else "transit",
        "status": "PROCESSED AT PARCEL CENTRE",
        "description": words,
        "remark": "The parcel will be carried on with the next connection.",
        "nextSteps": "Loading onto the delivery vehicle",
    }


def _place(country: str, postal_code: str, city: str) -> dict[str, object]:
    return {"address": {"countryCode": country, "postalCode": postal_code, "addressLocality": city}}


def _written(days: float, times: str) -> str:
    newest = _FIRST_SCAN + timedelta(days=6)
    return f"{newest.astimezone(timezone(timedelta(hours=2))) + timedelta(days=days):{times}}"
