"""Shippo's tracking: carriers that ship for shops, most of them of North America and Europe.

https://docs.goshippo.com/docs/tracking/tracking
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    Payload,
    Request,
    ShipmentStatus,
    Source,
    Tracking,
    TrackingEvent,
    UndatedEvent,
    carriers_of,
    day_if_told,
    estimate_from,
    place_from,
    read_json,
    reveal,
    time_if_told,
)

#: Statuses, and those of their substatuses that make them more exact. RETURNED is also what is still
#: on its way back.
STATUSES: Mapping[str, ShipmentStatus] = {
    "UNKNOWN": ShipmentStatus.UNKNOWN,
    "PRE_TRANSIT": ShipmentStatus.INFO_RECEIVED,
    "TRANSIT": ShipmentStatus.IN_TRANSIT,
    "DELIVERED": ShipmentStatus.DELIVERED,
    "RETURNED": ShipmentStatus.RETURNING,
    "FAILURE": ShipmentStatus.EXCEPTION,
    "information_received": ShipmentStatus.INFO_RECEIVED,
    "address_issue": ShipmentStatus.DELIVERY_FAILED,
    "delivery_attempted": ShipmentStatus.DELIVERY_FAILED,
    "location_inaccessible": ShipmentStatus.DELIVERY_FAILED,
    "notice_left": ShipmentStatus.DELIVERY_FAILED,
    "out_for_delivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "package_damaged": ShipmentStatus.EXCEPTION,
    "package_disposed": ShipmentStatus.EXCEPTION,
    "package_lost": ShipmentStatus.EXCEPTION,
    "package_unclaimed": ShipmentStatus.RETURNING,
    "package_undeliverable": ShipmentStatus.DELIVERY_FAILED,
    "pickup_available": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "return_to_sender": ShipmentStatus.RETURNING,
}
#: Statuses that no substatus changes.
_FINAL = frozenset({"DELIVERED", "RETURNED"})
#: Shippo's words for the carriers whose numbers are told by their shape.
_TOKENS = {"usps": "usps", "ups": "ups", "fedex": "fedex", "dhl": "dhl_express"}


class _Location(msgspec.Struct, frozen=True, gc=False):
    city: str | None = None
    state: str | None = None
    zip: str | int | None = None
    country: str | None = None


class _Substatus(msgspec.Struct, frozen=True, gc=False):
    code: str | None = None


class _Scan(msgspec.Struct, frozen=True, gc=False):
    status: str | None = None
    substatus: _Substatus | str | None = None
    status_details: str | None = None
    status_date: str | None = None
    location: _Location | None = None


class _Track(msgspec.Struct, frozen=True, gc=False):
    tracking_number: str
    tracking_status: _Scan | None = None
    tracking_history: list[_Scan] | None = None
    eta: str | None = None


class Shippo(Source):
    """Shippo (https://goshippo.com); every number is asked for together with its carrier."""

    carriers: ClassVar[frozenset[str]] = frozenset(_TOKENS)
    categories: ClassVar[Mapping[str, ShipmentStatus]] = STATUSES

    api_key: SecretStr = Field(
        description="the account's live token, from https://apps.goshippo.com/settings/api",
        json_schema_extra={"example": {"credential": "shippo"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.goshippo.com", description="what stands before /tracks in the API's addresses"
    )
    carrier: str | None = Field(
        default=None,
        description="Shippo's word for the carrier of all parcels; default: told by the shape of the number,"
        f" which works for {', '.join(sorted(_TOKENS.values()))}",
        json_schema_extra={"example": "correos"},
    )

    @property
    def takes_any_number(self) -> bool:
        return self.accepts is None and self.carrier is not None

    def request(self, numbers: Sequence[str]) -> Request:
        carrier, number = (quote(part, safe="") for part in (self._carrier_of(numbers[0]), numbers[0]))
        headers = (
            ("authorization", f"ShippoToken {reveal(self.api_key)}"),
            ("shippo-api-version", "2018-02-08"),
        )
        return Request(f"{self.base_url}/tracks/{carrier}/{number}", headers=headers)

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        track = read_json(payload, _Track)
        newest = track.tracking_status or _Scan()
        history = track.tracking_history or []
        if _is_newer(newest, history):
            history = [*history, newest]
        # Without a scan, UNKNOWN means that nobody has information yet.
        says_nothing = newest.status == "UNKNOWN" and not history
        tracking = self.tracking(
            track.tracking_number,
            map(self._scan, history),
            *(() if says_nothing else _codes(newest)),
            newest_first=False,
            edd=estimate_from(None, day_if_told(track.eta)),
        )
        return [tracking]

    def _carrier_of(self, number: str) -> str:
        recognised = sorted(carriers_of(number) & _TOKENS.keys())
        return self.carrier or (_TOKENS[recognised[0]] if recognised else "usps")

    def _scan(self, scan: _Scan) -> TrackingEvent | UndatedEvent:
        it = scan.location or _Location()
        place = place_from(it.city, str(it.zip or ""), it.state, it.country)
        return self.scan(time_if_told(scan.status_date), scan.status_details, *_codes(scan), place=place)


SOURCE = Shippo


def _is_newer(newest: _Scan, history: Sequence[_Scan]) -> bool:
    """Whether the newest status is a scan that is not in the history yet."""
    at = time_if_told(newest.status_date)
    times = [time_if_told(scan.status_date) for scan in history]
    return at is not None and all(it is not None and it[0] < at[0] for it in times)


def _codes(scan: _Scan) -> tuple[str | None, ...]:
    """The words that decide, the more exact first."""
    sub = scan.substatus
    code = sub.code if isinstance(sub, _Substatus) else sub
    return (scan.status,) if scan.status in _FINAL else (code, scan.status)
