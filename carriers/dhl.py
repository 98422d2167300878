"""DHL Shipment Tracking Unified: Express, Parcel, eCommerce and Freight of all countries in one API.

https://developer.dhl.com/api-reference/shipment-tracking
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlencode

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    EstimatedDelivery,
    ParseError,
    Payload,
    Place,
    Request,
    ShipmentStatus,
    Source,
    Tracking,
    TrackingEvent,
    UndatedEvent,
    day_if_told,
    estimate_from,
    place_from,
    plain_number,
    read_json,
    reveal,
    time_if_told,
)

_LENGTH_OF_A_COUNTRY = len("ES")


class _Address(msgspec.Struct, frozen=True, gc=False):
    locality: str | None = msgspec.field(default=None, name="addressLocality")
    postal_code: str | int | None = msgspec.field(default=None, name="postalCode")
    country: str | None = msgspec.field(default=None, name="countryCode")


class _Location(msgspec.Struct, frozen=True, gc=False):
    address: _Address | None = None


class _Event(msgspec.Struct, frozen=True, gc=False):
    timestamp: str | None = None
    status_code: str | None = msgspec.field(default=None, name="statusCode")
    status: str | None = None
    description: str | None = None
    remark: str | None = None
    location: _Location | None = None


class _TimeFrame(msgspec.Struct, frozen=True, gc=False):
    since: str | None = msgspec.field(default=None, name="estimatedFrom")
    through: str | None = msgspec.field(default=None, name="estimatedThrough")


class _Details(msgspec.Struct, frozen=True, gc=False):
    piece_ids: list[str | int] | None = msgspec.field(default=None, name="pieceIds")


class _Shipment(msgspec.Struct, frozen=True, gc=False):
    id: str | int | None = None
    status: _Event | None = None
    events: list[_Event] | None = None
    estimate: str | None = msgspec.field(default=None, name="estimatedTimeOfDelivery")
    frame: _TimeFrame | None = msgspec.field(default=None, name="estimatedDeliveryTimeFrame")
    details: _Details | None = None


class _Answer(msgspec.Struct, frozen=True, gc=False):
    shipments: list[_Shipment]


class _Problem(msgspec.Struct, frozen=True, gc=False):
    """RFC 7807: what a 404 says when the number is unknown."""

    title: str = ""
    detail: str = ""


class Dhl(Source):
    """DHL (https://developer.dhl.com), all its divisions; the key is free.

    One number a request. A number is known for about 90 days after its last scan.
    """

    reads_statuses: ClassVar[frozenset[int]] = frozenset({404})
    carriers: ClassVar[frozenset[str]] = frozenset({"dhl"})
    categories: ClassVar[Mapping[str, ShipmentStatus]] = {
        "pre-transit": ShipmentStatus.INFO_RECEIVED,
        "transit": ShipmentStatus.IN_TRANSIT,
        "delivered": ShipmentStatus.DELIVERED,
        "failure": ShipmentStatus.EXCEPTION,
        "unknown": ShipmentStatus.UNKNOWN,
    }

    api_key: SecretStr = Field(
        description="the app's API key, from https://developer.dhl.com",
        json_schema_extra={"example": {"credential": "dhl"}},
    )
    base_url: BaseAddress = Field(
        default="https://api-eu.dhl.com/track",
        description="what stands before /shipments in the API's addresses",
    )
    service: str | None = Field(
        default=None,
        description="the division that carries the parcels, so that no other's number is mistaken for yours;"
        " default: DHL guesses",
        json_schema_extra={"example": "express"},
    )
    postal_code: SecretStr | None = Field(
        default=None,
        description="the recipient's postal code: some divisions tell more to who knows it",
        json_schema_extra={"example": "28013"},
    )
    requests_per_second: float = Field(
        default=0.2,
        gt=0,
        description="requests a second, at the most; DHL allows new apps one in five seconds",
    )
    requests_per_day: int | None = Field(
        default=250, gt=0, description="requests a day (UTC), at the most; DHL allows new apps 250"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        asked = {"trackingNumber": numbers[0], "language": "en"}
        if self.service:
            asked["service"] = self.service
        if self.postal_code:
            asked["recipientPostalCode"] = reveal(self.postal_code)
        return Request(
            f"{self.base_url}/shipments?{urlencode(asked)}", headers=(("DHL-API-Key", reveal(self.api_key)),)
        )

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        if payload.status == 404:
            if read_json(payload, _Problem) == _Problem():
                raise ParseError("is missing", field="title")
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in payload.numbers]
        shipments = read_json(payload, _Answer).shipments
        trackings = [self._tracking(shipment, payload.numbers) for shipment in shipments]
        if len(trackings) > 1:
            # Divisions share numbers, and use them again: what moved last is the parcel that is meant.
            trackings.sort(key=_newest, reverse=True)
        return trackings

    def _tracking(self, shipment: _Shipment, asked: Sequence[str]) -> Tracking:
        status = shipment.status or _Event()
        told = shipment.events or []
        if shipment.status and _is_newer(status, told):
            told = [status, *told]
        return self.tracking(
            _number(shipment, asked),
            [self._scan(event, status) for event in told],
            status.status_code,
            aliases=(str(shipment.id or ""),),
            edd=_estimate(shipment),
        )

    def _scan(self, event: _Event, newest: _Event) -> TrackingEvent | UndatedEvent:
        """One scan; one without a code that says what the shipment's status says has its code."""
        text = event.description or event.status or ""
        if event.remark and event.remark != text:
            text = f"{text}: {event.remark}" if text else event.remark
        code = event.status_code
        if code is None and event.description == newest.description:
            code = newest.status_code
        at = time_if_told(event.timestamp)
        return self.scan(at, text, code, event.status, place=_place(event.location))


SOURCE = Dhl


def _number(shipment: _Shipment, asked: Sequence[str]) -> str:
    """The number that was asked, if it is one of the shipment's pieces; else the shipment's own."""
    pieces = {plain_number(str(piece)) for piece in (shipment.details and shipment.details.piece_ids) or ()}
    own = str(shipment.id or next(iter(asked), ""))
    return next((number for number in asked if plain_number(number) in pieces), own)


def _is_newer(status: _Event, events: Sequence[_Event]) -> bool:
    """Whether the shipment's status is a scan that is not among its events."""
    if any(event.timestamp == status.timestamp for event in events):
        return False
    at = time_if_told(status.timestamp)
    times = [time_if_told(event.timestamp) for event in events]
    return not events or (at is not None and all(it is not None and it[0] < at[0] for it in times))


def _newest(tracking: Tracking) -> float:
    return tracking.events[-1].at.timestamp() if tracking.events else 0.0


def _place(location: _Location | None) -> Place | None:
    """DHL Express writes the country behind the city: "MADRID - SPAIN"."""
    it = location.address if location else None
    if it is None:
        return None
    city, _, land = (it.locality or "").partition(" - ")
    behind = place_from(country=land)
    told = behind.country if behind and len(behind.country or "") == _LENGTH_OF_A_COUNTRY else None
    return place_from(city, str(it.postal_code or ""), country=it.country or told)


def _estimate(shipment: _Shipment) -> EstimatedDelivery | None:
    frame = shipment.frame
    latest = day_if_told(frame.through if frame else None) or day_if_told(shipment.estimate)
    return estimate_from(day_if_told(frame.since if frame else None), latest)
