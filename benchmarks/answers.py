"""Answers like those of 17TRACK: 40 parcels, ten scans each, every field there, about 310 kB."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

SCANS = 10
_FIRST_SCAN = datetime(2026, 10, 6, tzinfo=UTC)
_SHENZHEN = timezone(timedelta(hours=8))
_NUMBER = "@number@"


def _address(country: str, city: str | None = None, state: str | None = None) -> dict[str, object]:
    return {
        "country": country,
        "state": state,
        "city": city,
        "street": None,
        "postal_code": None,
        "coordinates": {"longitude": None, "latitude": None},
    }


def _scan(index: int) -> dict[str, object]:
    """The scan that is `index` scans old."""
    at = _FIRST_SCAN + timedelta(hours=14) * (SCANS - index)
    words = f"Departed from the regional sorting facility number {index}"
    return {
        "time_iso": at.astimezone(_SHENZHEN).isoformat(),
        "time_utc": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "time_raw": {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M:%S}", "timezone": "+08:00"},
        "description": words,
        "description_translation": {"lang": "en", "description": words},
        "location": "SHENZHEN, GUANGDONG, CN",
        "stage": None,
        "sub_status": "InTransit_Other",
        "address": _address("CN", "Shenzhen", "Guangdong"),
    }


def _parcel() -> dict[str, object]:
    scans = [_scan(index) for index in range(SCANS)]
    provider = {
        "provider": {
            "key": 3011,
            "name": "China Post",
            "alias": "China Post",
            "tel": "11183",
            "country": "CN",
        },
        "service_type": "",
        "latest_sync_status": "Success",
        "latest_sync_time": "2026-10-14T06:00:00Z",
        "events_hash": 123456,
        "events": scans,
    }
    return {
        "number": _NUMBER,
        "carrier": 3011,
        "param": None,
        "tag": "",
        "track_info": {
            "shipping_info": {"shipper_address": _address("CN"), "recipient_address": _address("ES")},
            "latest_status": {
                "status": "InTransit",
                "sub_status": "InTransit_Other",
                "sub_status_descr": None,
            },
            "latest_event": scans[0],
            "time_metrics": {
                "days_after_order": 9,
                "days_of_transit": 8,
                "days_of_transit_done": 0,
                "days_after_last_update": 1,
                "estimated_delivery_date": {
                    "source": "Official",
                    "from": "2026-11-01T08:00:00+01:00",
                    "to": "2026-11-08T20:00:00+01:00",
                },
            },
            "milestone": [
                {"key_stage": stage, "time_iso": None, "time_utc": None}
                for stage in (
                    "InfoReceived",
                    "PickedUp",
                    "Departure",
                    "Arrival",
                    "OutForDelivery",
                    "Delivered",
                )
            ],
            "misc_info": {"risk_factor": 0, "service_type": "", "reference_number": None, "local_number": ""},
            "tracking": {"providers_hash": 1, "providers": [provider]},
        },
    }


_TEMPLATE = json.dumps(_parcel())


def answer(numbers: Sequence[str]) -> bytes:
    """What `gettrackinfo` says about `numbers`."""
    parcels = ",".join(_TEMPLATE.replace(_NUMBER, number) for number in numbers)
    return f'{{"code":0,"data":{{"accepted":[{parcels}],"rejected":[]}}}}'.encode()
