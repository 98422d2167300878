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


class _Address(msgspec.Struct, frozen=True, gc=False):
    locality: str | None = msgspec.field(default=None, name="addressLocality")
    postal_code: str | None = msgspec.field(default=None, name="postalCode")
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
    piece_ids: list[str] | None = msgspec.field(default=None, name="pieceIds")


class _Shipment(msgspec.Struct, frozen=True, gc=False):
    id: str
    status: _Event | None = None
    events: list[_Event] | None = None
    estimate: str | None = msgspec.field(default=None, name="estimatedTimeOfDelivery")
    frame: _TimeFrame | None = msgspec.field(default=None, name="estimatedDeliveryTimeFrame")
    details: _Details | None = None


class _Answer(msgspec.Struct, frozen=True, gc=False):
    shipments: list[_Shipment]


class _Problem(msgspec.Struct, frozen=True, gc=False):
    """RFC 7807: what a 404 says when the number is unknown."""

    title: str


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
        default=250, gt=0, description="requests in 24 hours, at the most; DHL allows new apps 250"
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
            read_json(payload, _Problem)
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in payload.numbers]
        shipments = read_json(payload, _Answer).shipments
        trackings = [self._tracking(shipment, payload.numbers) for shipment in shipments]
        if len(trackings) > 1:
            # Divisions share numbers, and use them again: what moved last is the parcel that is meant.
            trackings.sort(key=_newest, reverse=True)
        return trackings

    def _tracking(self, shipment: _Shipment, asked: Sequence[str]) -> Tracking:
        status = shipment.status or _Event()
        told = shipment.events or ([status] if shipment.status else [])
        number = _number(shipment, asked)
        return self.tracking(
            number,
            map(self._scan, told),
            status.status_code,
            aliases=(shipment.id,),
            edd=_estimate(shipment),
        )

    def _scan(self, event: _Event) -> TrackingEvent | UndatedEvent:
        text = event.description or event.status or ""
        if event.remark and event.remark != text:
            text = f"{text}: {event.remark}" if text else event.remark
        at = time_if_told(event.timestamp)
        return self.scan(at, text, event.status_code, event.status, place=_place(event.location))


SOURCE = Dhl


def _number(shipment: _Shipment, asked: Sequence[str]) -> str:
    """The number that was asked, if it is one of the shipment's pieces; else the shipment's own."""
    pieces = {plain_number(piece) for piece in (shipment.details and shipment.details.piece_ids) or ()}
    return next((number for number in asked if plain_number(number) in pieces), shipment.id)


def _newest(tracking: Tracking) -> float:
    return tracking.events[-1].at.timestamp() if tracking.events else 0.0


def _place(location: _Location | None) -> Place | None:
    """DHL Express writes the country behind the city: "MADRID - SPAIN"."""
    it = location.address if location else None
    if it is None:
        return None
    return place_from((it.locality or "").partition(" - ")[0], it.postal_code, country=it.country)


def _estimate(shipment: _Shipment) -> EstimatedDelivery | None:
    frame = shipment.frame
    latest = day_if_told(frame.through if frame else None) or day_if_told(shipment.estimate)
    return estimate_from(day_if_told(frame.since if frame else None), latest)
