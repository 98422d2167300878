"""FedEx: the Track API (https://developer.fedex.com/api/en-us/catalog/track.html).

Tables: the status codes of FedEx' guides to its track services, as several clients list them alike, and
the answers of its test environment.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    ClientCredentials,
    Delivery,
    EstimatedDelivery,
    FetchError,
    LookError,
    ParseError,
    Payload,
    Place,
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
    place_from,
    read_json,
    read_part,
    reveal,
    time_if_told,
    what_was_learned,
)

_S = ShipmentStatus

#: `eventType` and `latestStatusDetail.code`, where nothing that is said beside them changes anything.
SCAN_CODES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "OC",
        _S.IN_TRANSIT: "PU PX",
        _S.CUSTOMS_HOLD: "CD",
        _S.OUT_FOR_DELIVERY: "OD",
        _S.AVAILABLE_FOR_PICKUP: "HL HP",
        _S.RETURNING: "RS",
        _S.EXCEPTION: "CA",
    }.items()
    for code in codes.split()
}

#: Codes whose reason, told in words, may make them more exact; `IN` and others are derived codes.
CATEGORIES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "IN EP OX PD",
        _S.IN_TRANSIT: "IT IX AA AC AD AE AF AO AP AR AX CC CH DD DP DY EA EO FD LO OF PF PL PM RC RL RM RR SF SP TR",
        _S.IN_CUSTOMS: "CP CU",
        _S.OUT_FOR_DELIVERY: "ED",
        _S.DELIVERY_FAILED: "DE",
        _S.DELIVERED: "DL",
        _S.EXCEPTION: "SE",
    }.items()
    for code in codes.split()
}

#: What errors mean, by what stands in their code or message.
ERRORS: Mapping[str, tuple[type[FetchError], str]] = {
    "NOT.AUTHORIZED": (Unauthorized, "the client_id, the client_secret or the token is wrong"),
    "FORBIDDEN": (Unauthorized, "the client_id may not use the Track API"),
    "JWT": (Unauthorized, "the token is wrong or has expired"),
    "RATE.LIMIT": (RateLimited, "it was asked too often"),
    "TOO.MANY": (RateLimited, "it was asked too often"),
    "TRY AGAIN LATER": (Unreachable, "it cannot answer now"),
    "UNAVAILABLE": (Unreachable, "it cannot answer now"),
    "TRACKINGNUMBER": (Refused, "it does not accept this tracking number"),
    "BAD.REQUEST": (Refused, "it does not accept this request"),
    "VALIDATION": (Refused, "it does not accept this request"),
    "NOT.FOUND": (Refused, "there is no Track API at this address"),
}


class _Address(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    city: str | None = None
    state_or_province_code: str | None = None
    postal_code: str | int | None = None
    country_code: str | None = None


class _Scan(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    date: str | None = None
    event_type: str | None = None
    event_description: str | None = None
    exception_description: str | None = None
    derived_status_code: str | None = None
    scan_location: _Address | None = None


class _Latest(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    code: str | None = None
    derived_code: str | None = None


class _Dated(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    type: str | None = None
    date_time: str | None = None


class _Window(msgspec.Struct, frozen=True, gc=False):
    begins: str | None = None
    ends: str | None = None


class _Windowed(msgspec.Struct, frozen=True, gc=False):
    window: _Window | None = None


class _DeliveryDetails(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    actual_delivery_address: _Address | None = None


class _Error(msgspec.Struct, frozen=True, gc=False):
    code: str | None = None
    message: str | None = None


class _NumberInfo(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tracking_number: str | int | None = None


class _Result(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tracking_number_info: _NumberInfo | None = None
    latest_status_detail: _Latest | None = None
    scan_events: list[_Scan] | None = None
    date_and_times: list[_Dated] | None = None
    estimated_delivery_time_window: _Windowed | None = None
    standard_transit_time_window: _Windowed | None = None
    delivery_details: _DeliveryDetails | None = None
    error: _Error | None = None


class _Parcel(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tracking_number: str | int | None = None
    track_results: list[_Result] | None = None


class _Output(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    complete_track_results: list[msgspec.Raw] | None = None


class _Answer(msgspec.Struct, frozen=True, gc=False):
    output: _Output | None = None
    errors: list[_Error] | None = None


class FedEx(Source):
    """FedEx (https://developer.fedex.com), by its Track API: up to 30 parcels a request."""

    batch_size: ClassVar[int] = 30
    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})
    carriers: ClassVar[frozenset[str]] = frozenset({"fedex"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = SCAN_CODES
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    client_id: str = Field(
        description="the project's API key, from https://developer.fedex.com",
        json_schema_extra={"example": "your-api-key"},
    )
    client_secret: SecretStr = Field(
        description="the project's secret key", json_schema_extra={"example": {"credential": "fedex"}}
    )
    base_url: BaseAddress = Field(
        default="https://apis.fedex.com",
        description="what stands before /track/v1 and /oauth in the API's addresses",
    )
    requests_per_second: float = Field(
        default=1.0, gt=0, description="requests a second, at the most; FedEx allows 140"
    )
    requests_per_day: int | None = Field(
        default=100_000, gt=0, description="requests a day (UTC), at the most; FedEx allows 100000"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        asked = [{"trackingNumberInfo": {"trackingNumber": number}} for number in numbers]
        return Request.json(
            f"{self.base_url}/track/v1/trackingnumbers",
            {"includeDetailedScans": True, "trackingInfo": asked},
            headers=[("x-locale", "en_US")],
            credentials=ClientCredentials(
                f"{self.base_url}/oauth/token", self.client_id, reveal(self.client_secret), style="form"
            ),
        )

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        answer = read_json(payload, _Answer)
        for error in answer.errors or ():
            if _says_nothing(error):
                return [Tracking(number, _S.NOT_FOUND) for number in payload.numbers]
            raise _failure(error)
        if answer.output is None:
            raise ParseError("is missing", field="output")
        trackings: list[Tracking] = []
        failures: list[LookError] = []
        for index, raw in enumerate(answer.output.complete_track_results or ()):
            where = f"output.completeTrackResults[{index}]"
            try:
                trackings.append(self._parcel(read_part(raw, _Parcel, where), where))
            except LookError as error:
                failures.append(error)
        return what_was_learned(trackings, failures)

    def _parcel(self, parcel: _Parcel, where: str) -> Tracking:
        """The newest of what is told of one number: FedEx gives numbers out anew after a while."""
        results = parcel.track_results or []
        number = str(parcel.tracking_number or next(filter(None, map(_own_number, results)), ""))
        if not number:
            raise ParseError("is missing", field=f"{where}.trackingNumber")
        errors = [error for it in results if (error := _error(it))]
        told = [self._tracking(number, it) for it in results if not _error(it)]
        if told:
            return max(told, key=_last_seen)
        for error in errors:
            if not _says_nothing(error):
                raise _failure(error, number)
        return Tracking(number, _S.NOT_FOUND)

    def _tracking(self, number: str, it: _Result) -> Tracking:
        latest = it.latest_status_detail or _Latest()
        return self.tracking(
            number,
            [self._scan(scan) for scan in it.scan_events or () if scan != _Scan()],
            latest.code,
            _derived(latest.derived_code, latest.code),
            edd=_estimate(it),
            delivery=_delivery(it),
        )

    def _scan(self, it: _Scan) -> TrackingEvent | UndatedEvent:
        said = dict.fromkeys(
            text.strip() for text in (it.event_description, it.exception_description) if text
        )
        derived = _derived(it.derived_status_code, it.event_type)
        return self.scan(
            time_if_told(it.date), ": ".join(said), it.event_type, derived, place=_place(it.scan_location)
        )


SOURCE = FedEx


def _own_number(it: _Result) -> str | int | None:
    return it.tracking_number_info.tracking_number if it.tracking_number_info else None


def _error(it: _Result) -> _Error | None:
    """The error that stands in place of a parcel; beside what is told of one, it is none."""
    told = it.scan_events or (it.latest_status_detail and it.latest_status_detail.code)
    return it.error if it.error and it.error.code and not told else None


def _last_seen(tracking: Tracking) -> datetime:
    return tracking.events[-1].at if tracking.events else datetime.min.replace(tzinfo=UTC)


def _derived(derived: str | None, code: str | None) -> str | None:
    """The derived code, unless it makes a delivery of something else: FedEx derives one from a return."""
    return None if code and derived == "DL" else derived


def _says_nothing(error: _Error) -> bool:
    return (error.code or "").endswith("NOTFOUND")


def _failure(error: _Error, number: str = "") -> FetchError:
    told = f"{error.code or ''} {error.message or ''}".upper()
    known = (what for sign, what in ERRORS.items() if sign in told)
    kind, words = next(known, (Unreachable, error.message or "it refused without a reason"))
    about = f" about {number}" if number else ""
    return kind(f"FedEx{about}: {words} (code {error.code or 'none'})")


def _place(address: _Address | None) -> Place | None:
    if address is None:
        return None
    region = address.state_or_province_code
    return place_from(address.city, str(address.postal_code or ""), region, address.country_code)


def _times(it: _Result) -> Mapping[str | None, str | None]:
    return {told.type: told.date_time for told in it.date_and_times or ()}


def _estimate(it: _Result) -> EstimatedDelivery | None:
    """The window of this parcel, else its day, else the window of its service."""
    point = _Window(ends=_times(it).get("ESTIMATED_DELIVERY"))
    windows = (it.estimated_delivery_time_window, _Windowed(point), it.standard_transit_time_window)
    told = (each.window for each in windows if each and each.window)
    days = (estimate_from(day_if_told(window.begins), day_if_told(window.ends)) for window in told)
    return next(filter(None, days), None)


def _delivery(it: _Result) -> Delivery | None:
    """When and where it was delivered, for a parcel whose scans do not tell it."""
    at = time_if_told(_times(it).get("ACTUAL_DELIVERY"))
    place = _place(it.delivery_details.actual_delivery_address) if it.delivery_details else None
    if at:
        return Delivery(*at, place)
    return Delivery(place=place) if place else None
