"""UPS: the Tracking API of the UPS Developer Portal (https://developer.ups.com).

Tables: UPS' package status codes as UPS-API/api-documentation#7 and several clients list them alike; what
only one of them lists is rough here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    ClientCredentials,
    Delivery,
    EstimatedDelivery,
    FetchError,
    ParseError,
    Payload,
    Place,
    QuotaExceeded,
    RateLimited,
    Refused,
    Request,
    ShipmentStatus,
    Source,
    ToldTime,
    Tracking,
    TrackingEvent,
    Unauthorized,
    UndatedEvent,
    Unreachable,
    day_if_told,
    estimate_from,
    place_from,
    read_json,
    reveal,
    time_if_told,
)

_S = ShipmentStatus

#: `statusCode`: one letter code comes with several of these, so these decide. Beside them, letter codes
#: that mean one thing whatever they come with.
SCAN_CODES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "044 045 MP",
        _S.IN_TRANSIT: "010 014 025 038 039 057 OR SR",
        _S.IN_CUSTOMS: "012",
        _S.CUSTOMS_HOLD: "058",
        _S.OUT_FOR_DELIVERY: "006 021 OT",
        # An access point or a counter has it, even where UPS files that under deliveries (D).
        _S.AVAILABLE_FOR_PICKUP: "017 040 ZP",
        _S.DELIVERY_FAILED: "022 023 024 029 050 060 061 062 064 066",
        _S.RETURNING: "033 035 036 037",
        _S.RETURNED: "034",
        _S.EXCEPTION: "007 059 068",
    }.items()
    for code in codes.split()
}

#: `statusCode`s that tell little or that only one list has, and `type`, the coarsest word.
#: The documentation gives every scan the 003 (label made), so that a letter code goes before it.
CATEGORIES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "003 079 080 157 M",
        _S.IN_TRANSIT: (
            "005 018 019 020 027 028 030 032 041 042 046 047 048 051 052 053 054 055 056 063 070 071 073"
            " 074 075 082 084 086 087 090 093 094 095 096 097 098 099 132 134 137 138 153 154 158 159"
            " 160 164 165 167 168 169 I P W"
        ),
        _S.IN_CUSTOMS: "092 123 124 125 126",
        _S.OUT_FOR_DELIVERY: "072 078 089 091 146 162 O",
        _S.AVAILABLE_FOR_PICKUP: "144 161",
        _S.DELIVERY_FAILED: "069 145",
        # Rough only so that words may say that it was delivered back to the sender.
        _S.DELIVERED: "011 026 D",
        _S.RETURNING: "067 118 119 RS",
        _S.EXCEPTION: "013 016 043 049 076 081 139 147 149 MV X",
    }.items()
    for code in codes.split()
}

#: Errors and warnings that only say that nothing is known of a number.
SAYS_NOTHING = frozenset({"151044", "TW0001"})

#: What other errors mean, by how their codes begin.
ERRORS: Mapping[str, tuple[type[FetchError], str]] = {
    "151018": (Refused, "the tracking number is not one of UPS'"),
    "1510": (Refused, "it does not accept this request"),
    "TV": (Refused, "it does not accept this request"),
    "2500": (Unauthorized, "the client_id, the client_secret or the token is wrong"),
    "10401": (Unauthorized, "the client_id may not use the Tracking API"),
    "10403": (Unauthorized, "the client_id may not use the Tracking API"),
    "10429": (RateLimited, "it was asked too often"),
    "10430": (QuotaExceeded, "the account's allowance is used up"),
}


class _Status(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    type: str | None = None
    code: str | None = None
    status_code: str | int | None = None
    description: str | None = None

    @property
    def codes(self) -> tuple[str | None, ...]:
        """The most exact first; the number as UPS writes it today, in three digits."""
        number = str(self.status_code or "")
        return number.zfill(3) if number.isdigit() else number, self.code, self.type


class _Address(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    city: str | None = None
    state_province: str | None = None
    postal_code: str | int | None = None
    country_code: str | None = None
    country: str | None = None


class _Location(msgspec.Struct, frozen=True, gc=False):
    address: _Address | None = None


class _Activity(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    date: str | int | None = None
    time: str | int | None = None
    gmt_date: str | int | None = None
    gmt_time: str | int | None = None
    gmt_offset: str | None = None
    status: _Status | None = None
    location: _Location | None = None


class _Day(msgspec.Struct, frozen=True, gc=False):
    type: str | None = None
    date: str | int | None = None


class _DeliveryTime(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    type: str | None = None
    end_time: str | int | None = None


class _AccessPoint(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    pickup_by_date: str | None = None


class _OtherNumber(msgspec.Struct, frozen=True, gc=False):
    number: str | None = None
    type: str | None = None


class _Package(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tracking_number: str | None = None
    current_status: _Status | None = None
    activity: list[_Activity] | None = None
    delivery_date: list[_Day] | None = None
    delivery_time: _DeliveryTime | None = None
    access_point_information: _AccessPoint | None = None
    alternate_tracking_number: list[_OtherNumber] | None = None


class _Message(msgspec.Struct, frozen=True, gc=False):
    code: str | int | None = None
    message: str | None = None


class _Shipment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    inquiry_number: str | None = None
    package: list[_Package] | None = None


class _Shipments(msgspec.Struct, frozen=True, gc=False):
    shipment: list[_Shipment] | None = None


class _Errors(msgspec.Struct, frozen=True, gc=False):
    errors: list[_Message] | None = None


class _Answer(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    track_response: _Shipments | None = None
    response: _Errors | None = None


class Ups(Source):
    """UPS (https://developer.ups.com), by its Tracking API: one parcel a request."""

    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})
    carriers: ClassVar[frozenset[str]] = frozenset({"ups"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = SCAN_CODES
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    client_id: str = Field(
        description="the application's client id, from https://developer.ups.com",
        json_schema_extra={"example": "your-client-id"},
    )
    client_secret: SecretStr = Field(
        description="the application's client secret", json_schema_extra={"example": {"credential": "ups"}}
    )
    base_url: BaseAddress = Field(
        default="https://onlinetools.ups.com",
        description="what stands before /api/track/v1 and /security/v1 in the API's addresses",
    )

    def request(self, numbers: Sequence[str]) -> Request:
        (number,) = numbers
        return Request(
            f"{self.base_url}/api/track/v1/details/{quote(number, safe='')}?locale=en_US",
            headers=(("transId", "orderwatch"), ("transactionSrc", "orderwatch")),
            credentials=ClientCredentials(
                f"{self.base_url}/security/v1/oauth/token",
                self.client_id,
                reveal(self.client_secret),
                style="basic",
            ),
        )

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        answer = read_json(payload, _Answer)
        errors = (answer.response.errors if answer.response else None) or ()
        if any(payload.status == 404 or str(error.code) in SAYS_NOTHING for error in errors):
            return [Tracking(number, _S.NOT_FOUND) for number in payload.numbers]
        for error in errors:
            raise _failure(error)
        if answer.track_response is None:
            raise ParseError("is missing", field="trackResponse")
        shipments = answer.track_response.shipment or ()
        return [tracking for it in shipments for tracking in self._parcels(it, payload.numbers)]

    def _parcels(self, shipment: _Shipment, asked: Sequence[str]) -> Iterable[Tracking]:
        """The parcel that was asked about; others of its shipment may come beside it."""
        packages = shipment.package or ()
        number = shipment.inquiry_number or next(iter(asked), None)
        if number is None:
            return [self._parcel(it.tracking_number, it) for it in packages if it.tracking_number]
        if not packages:
            return [Tracking(number, _S.NOT_FOUND)]
        ours = next((it for it in packages if it.tracking_number == number), packages[0])
        return [self._parcel(number, ours)]

    def _parcel(self, number: str, package: _Package) -> Tracking:
        now = package.current_status or _Status()
        until = package.access_point_information
        waits_until = time_if_told(until.pickup_by_date) if until else None
        return self.tracking(
            number,
            [self._scan(it) for it in package.activity or () if it != _Activity()],
            *now.codes,
            aliases=_aliases(package),
            edd=_estimate(package),
            delivery=_delivery(package),
            pickup_until=waits_until[0] if waits_until else None,
        )

    def _scan(self, it: _Activity) -> TrackingEvent | UndatedEvent:
        status = it.status or _Status()
        place = _place(it.location.address if it.location else None)
        return self.scan(_time(it), (status.description or "").strip(), *status.codes, place=place)


SOURCE = Ups


def _failure(error: _Message) -> FetchError:
    code = str(error.code or "")
    known = (what for beginning, what in ERRORS.items() if code.startswith(beginning))
    kind, words = next(known, (Unreachable, error.message or "it refused without a reason"))
    return kind(f"UPS: {words} (code {code or 'none'})")


def _time(it: _Activity) -> ToldTime | None:
    """The local time with its offset, where UPS tells that; a day alone stays a day."""
    told = _moment(it.date, it.time, it.gmt_offset)
    return told or _moment(it.gmt_date, it.gmt_time, "Z")


def _moment(day: str | int | None, time: str | int | None, offset: str | None) -> ToldTime | None:
    """`20260914` and `74700`, `074700` or `07:47:00`, of which a leading zero may be missing."""
    day = str(day or "")
    if not day or not time:
        return time_if_told(day)
    clock = str(time).replace(":", "").zfill(6)
    return time_if_told(f"{day}T{clock}{offset or ''}") or time_if_told(f"{day}T{clock}") or time_if_told(day)


def _place(address: _Address | None) -> Place | None:
    if address is None:
        return None
    country = address.country_code or address.country
    return place_from(address.city, str(address.postal_code or ""), address.state_province, country)


def _days(package: _Package) -> Mapping[str | None, str]:
    return {it.type: str(it.date or "") for it in package.delivery_date or ()}


def _estimate(package: _Package) -> EstimatedDelivery | None:
    """The day it was rescheduled to, else the scheduled one."""
    days = _days(package)
    return estimate_from(None, day_if_told(days.get("RDD")) or day_if_told(days.get("SDD")))


def _delivery(package: _Package) -> Delivery | None:
    """When it was delivered, for a parcel whose scans do not tell it."""
    told = package.delivery_time
    at = _moment(_days(package).get("DEL"), told.end_time if told and told.type == "DEL" else None, None)
    return Delivery(*at) if at else None


def _aliases(package: _Package) -> list[str]:
    """Its own number, and what the post calls it; those of other types are references of the sender."""
    others = package.alternate_tracking_number or ()
    told = [package.tracking_number, *(it.number for it in others if it.type in (None, "", "USPS_PIC"))]
    return [number for number in told if number and any(map(str.isdigit, number))]
