"""Ship24, an aggregator of most carriers; a plan counts trackers, one for each number that is followed.

https://docs.ship24.com
"""

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    Delivery,
    EstimatedDelivery,
    LookError,
    ParseError,
    Payload,
    Place,
    QuotaExceeded,
    RateLimited,
    Refused,
    Request,
    ShipmentStatus,
    Source,
    Tracking,
    TrackingEvent,
    Unauthorized,
    UndatedEvent,
    Unreachable,
    day_if_told,
    estimate_from,
    numbers_in,
    place_from,
    plain_number,
    read_json,
    read_part,
    reveal,
    time_if_told,
    what_was_learned,
)

#: Status codes, which some scans have, then the milestones, which all have: what the parcel is since.
#: Left out are the codes that only tell of the recipient's choice (`data_delivery_…`).
CATEGORIES: Mapping[str, ShipmentStatus] = {
    "data_order_created": ShipmentStatus.INFO_RECEIVED,
    "data_order_cancelled": ShipmentStatus.EXCEPTION,
    "transit_handover": ShipmentStatus.IN_TRANSIT,
    "transit_origin_country_departure": ShipmentStatus.IN_TRANSIT,
    "destination_arrival": ShipmentStatus.IN_TRANSIT,
    "customs_received": ShipmentStatus.IN_CUSTOMS,
    "customs_exception": ShipmentStatus.CUSTOMS_HOLD,
    "customs_rejected": ShipmentStatus.CUSTOMS_HOLD,
    "customs_cleared": ShipmentStatus.IN_TRANSIT,
    "delivery_available_for_pickup": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "delivery_out_for_delivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "delivery_attempted": ShipmentStatus.DELIVERY_FAILED,
    "delivery_exception": ShipmentStatus.DELIVERY_FAILED,
    "delivery_refused": ShipmentStatus.DELIVERY_FAILED,
    "delivery_delivered": ShipmentStatus.DELIVERED,
    "exception_return": ShipmentStatus.RETURNING,
    "exception_lost": ShipmentStatus.EXCEPTION,
    "exception_discarded": ShipmentStatus.EXCEPTION,
    "pending": ShipmentStatus.NOT_FOUND,
    "info_received": ShipmentStatus.INFO_RECEIVED,
    "in_transit": ShipmentStatus.IN_TRANSIT,
    "out_for_delivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "failed_attempt": ShipmentStatus.DELIVERY_FAILED,
    "available_for_pickup": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "delivered": ShipmentStatus.DELIVERED,
    "exception": ShipmentStatus.EXCEPTION,
}

#: Codes of errors, and after them HTTP statuses for a code that is not here.
ERRORS: Mapping[str | int, tuple[type[LookError], str]] = {
    "validation_error": (Refused, "the number, or a key of the configuration, is not valid"),
    "processing_error": (Refused, "it can do nothing with the number"),
    "shipping_date_outdated": (Refused, "the parcel was sent more than half a year ago"),
    "tracker_conflict": (Refused, "another tracker of the account is in the way"),
    "request_conflict": (Unreachable, "it was asked the same twice at a time"),
    "no_active_subscription": (Unauthorized, "the account has no plan that allows this"),
    "quota_limit_reached": (QuotaExceeded, "the plan's shipments are used up"),
    401: (Unauthorized, "the api_key is not valid"),
    402: (QuotaExceeded, "the plan's shipments are used up"),
    403: (Unauthorized, "the account may not do this"),
    429: (RateLimited, "it was asked too often"),
}
_SAYS_NOTHING = frozenset({"tracker_not_found", "parcel_not_found"})

#: `SAN DIEGO, CA 92101`: the only form of a location that cannot be taken for another.
_IN_THE_STATES = re.compile(r"(.+?),? ([A-Z]{2}) (\d{5})(?:-\d{4})?", re.ASCII)


#: What may stand where an object is expected, and says nothing.
_NoObject = str | float | bool | list[object] | None


class _Event(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    status: str | None = None
    occurrence_datetime: str | float | None = None
    location: object = None
    status_code: str | None = None
    status_milestone: str | None = None


class _Window(msgspec.Struct, frozen=True, gc=False, rename={"since": "from"}):
    since: str | None = None
    to: str | None = None


class _Delivery(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    estimated_delivery_date: str | None = None
    courier_estimated_delivery_date: _Window | _NoObject = None


class _Number(msgspec.Struct, frozen=True, gc=False):
    tn: str | int | None = None


class _Shipment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    status_code: str | None = None
    status_milestone: str | None = None
    delivery: _Delivery | _NoObject = None
    tracking_numbers: list[_Number] | None = None


class _Timestamps(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    delivered_datetime: str | None = None


class _Statistics(msgspec.Struct, frozen=True, gc=False):
    timestamps: _Timestamps | _NoObject = None


class _Tracker(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tracking_number: str | int | None = None


class _Parcel(msgspec.Struct, frozen=True, gc=False):
    tracker: _Tracker | None = None
    shipment: _Shipment | None = None
    events: list[_Event] | None = None
    statistics: _Statistics | _NoObject = None


class _Data(msgspec.Struct, frozen=True, gc=False):
    trackings: list[msgspec.Raw] | None = None


class _Error(msgspec.Struct, frozen=True, gc=False):
    code: str | None = None


class _Envelope(msgspec.Struct, frozen=True, gc=False):
    data: _Data | list[msgspec.Raw] | None = None
    errors: list[_Error] | None = None
    error: _Error | None = None


class Ship24(Source):
    """Ship24 (https://www.ship24.com), which reads most carriers of the world for you.

    A number that no tracker of the account follows yet gets one, on the first look: one shipment of the
    plan's quota. One number a request.
    """

    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 402, 403, 404, 409, 422})
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    api_key: SecretStr = Field(
        description="the account's API key, from https://dashboard.ship24.com",
        json_schema_extra={"example": {"credential": "ship24"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.ship24.com/public", description="what stands before /v1 in the API's addresses"
    )
    courier: str | None = Field(
        default=None,
        description="Ship24's code of the courier, for new trackers; default: it finds out itself",
        json_schema_extra={"example": "es-post"},
    )
    country: str | None = Field(
        default=None,
        description="the country that parcels go to, for new trackers: helps to find the right parcel",
        json_schema_extra={"example": "ES"},
    )
    postal_code: SecretStr | None = Field(
        default=None,
        description="the recipient's postal code, for new trackers: some couriers tell nothing without it",
        json_schema_extra={"example": "28013"},
    )
    requests_per_second: float = Field(
        default=5.0, gt=0, description="requests a second, at the most; Ship24 allows 10"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        # Asking for what trackers have found never costs; only a new tracker does.
        url = f"{self.base_url}/v1/trackers/search/{quote(numbers[0], safe='')}/results"
        return Request(url, headers=self._key)

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        return self._trackings(_told(payload), payload.numbers)

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        told = _told((yield self.request(numbers)))
        if not told:
            told = _told((yield self._follow(numbers[0])))
        return self._trackings(told, numbers)

    def _follow(self, number: str) -> Request:
        """Makes a tracker if there is none like it, and asks what it has found."""
        known = {
            "courierCode": self.courier,
            "destinationCountryCode": self.country,
            "destinationPostCode": reveal(self.postal_code),
        }
        content = {"trackingNumber": number, **{key: value for key, value in known.items() if value}}
        return Request.json(f"{self.base_url}/v1/trackers/track", content, headers=self._key)

    @property
    def _key(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {reveal(self.api_key)}"),)

    def _trackings(self, told: Sequence[msgspec.Raw], asked: Sequence[str]) -> Iterable[Tracking]:
        if not told:
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in asked]
        trackings: list[Tracking] = []
        failures: list[LookError] = []
        for index, raw in enumerate(told):
            where = f"data.trackings[{index}]"
            try:
                trackings.append(self._tracking(read_part(raw, _Parcel, where), asked))
            except ParseError as error:
                failures.append(error)
        # A number may have several trackers, of several couriers: what moved last is the parcel meant.
        return what_was_learned(sorted(trackings, key=_newest, reverse=True), failures)

    def _tracking(self, parcel: _Parcel, asked: Sequence[str]) -> Tracking:
        shipment = parcel.shipment or _Shipment()
        events = parcel.events or ()
        aliases = [str(it.tn) for it in shipment.tracking_numbers or () if it.tn]
        return self.tracking(
            _number(parcel.tracker, aliases, asked),
            map(self._scan, events),
            shipment.status_code,
            shipment.status_milestone,
            aliases=(*aliases, *(named for it in events for named in numbers_in(it.status or ""))),
            edd=_estimate(shipment.delivery),
            delivery=_delivery(parcel.statistics),
        )

    def _scan(self, event: _Event) -> TrackingEvent | UndatedEvent:
        told = event.occurrence_datetime
        at = time_if_told(told) if isinstance(told, str) else None
        codes = event.status_code, event.status_milestone
        return self.scan(at, event.status, *codes, place=_place(event.location))


SOURCE = Ship24


def _told(payload: Payload) -> Sequence[msgspec.Raw]:
    """What trackers have found, nothing where there are none. Raises the error that is told instead,
    whatever the HTTP status was."""
    envelope = read_json(payload, _Envelope)
    error = next(iter(envelope.errors or ()), envelope.error)
    if error is not None:
        if error.code in _SAYS_NOTHING:
            return ()
        raise _failure(error.code or "", payload.status)
    if payload.status >= 400:
        raise _failure("", payload.status)
    if not isinstance(envelope.data, _Data):
        raise ParseError("is missing", field="data")
    return envelope.data.trackings or ()


def _failure(code: str, status: int) -> LookError:
    unknown = Refused if 400 <= status < 500 else Unreachable, "it refused without a reason that is known"
    kind, words = ERRORS.get(code) or ERRORS.get(status) or unknown
    return kind(f"Ship24: {words} ({code[:40] or f'HTTP {status}'})")


def _number(tracker: _Tracker | None, others: Sequence[str], asked: Sequence[str]) -> str:
    """The number that the tracker follows; where none is told, the one of the parcel's that was asked."""
    if tracker and tracker.tracking_number:
        return str(tracker.tracking_number)
    wanted = {plain_number(number) for number in asked}
    named = (other for other in others if plain_number(other) in wanted)
    return next(iter((*named, *others, *asked)), "")


def _newest(tracking: Tracking) -> float:
    return tracking.events[-1].at.timestamp() if tracking.events else 0.0


def _place(location: object) -> Place | None:
    """The city and all that is written behind it, as locations are free text."""
    if not isinstance(location, str):
        return None
    found = _IN_THE_STATES.fullmatch(location)
    if found is None:
        return place_from(location)
    return place_from(found[1], found[3], found[2], "US")


def _estimate(delivery: _Delivery | _NoObject) -> EstimatedDelivery | None:
    if not isinstance(delivery, _Delivery):
        return None
    window = delivery.courier_estimated_delivery_date
    window = window if isinstance(window, _Window) else _Window()
    latest = day_if_told(window.to) or day_if_told(delivery.estimated_delivery_date)
    return estimate_from(day_if_told(window.since), latest)


def _delivery(statistics: _Statistics | _NoObject) -> Delivery | None:
    """When it was delivered, should no scan say so."""
    timestamps = statistics.timestamps if isinstance(statistics, _Statistics) else None
    at = time_if_told(timestamps.delivered_datetime if isinstance(timestamps, _Timestamps) else None)
    return Delivery(*at) if at else None
