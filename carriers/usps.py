"""USPS: the Tracking API, version 3 (https://developers.usps.com/trackingv3).

Tables: the event codes of Publication 199, as several clients list them alike; the event types and
status categories are the fixed phrases of the same tables.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    ClientCredentials,
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

#: `eventCode`, where the words beside it change nothing.
SCAN_CODES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "GX MA",
        _S.IN_TRANSIT: "03 07 10 A1 EF NT OA PC SF T1 TL",
        _S.OUT_FOR_DELIVERY: "OF",
        _S.AVAILABLE_FOR_PICKUP: "14 16",
    }.items()
    for code in codes.split()
}

#: Codes that the words beside them may make more exact: 01 is also a delivery back to the sender.
_ROUGH_CODES: Mapping[ShipmentStatus, str] = {
    _S.INFO_RECEIVED: "89",
    _S.IN_TRANSIT: "06 08 15 19 41 42 71 80 81 82 83 AD DX PA TM UA",
    _S.DELIVERY_FAILED: "02 04 05 30 51 52 53 54 55 56",
    _S.DELIVERED: "01",
    _S.RETURNING: "09 21 22 23 24 25 26 27 28 29 31",
    _S.EXCEPTION: "11",
}

#: `statusCategory`, and what stands before the comma in an `eventType`, for codes that are not above.
PHRASES: Mapping[str, ShipmentStatus] = {
    "pre-shipment": _S.INFO_RECEIVED,
    "shipping label created": _S.INFO_RECEIVED,
    "accepted": _S.IN_TRANSIT,
    "in transit": _S.IN_TRANSIT,
    "in-transit": _S.IN_TRANSIT,
    "in transit to next facility": _S.IN_TRANSIT,
    "out for delivery": _S.OUT_FOR_DELIVERY,
    "available for pickup": _S.AVAILABLE_FOR_PICKUP,
    "delivery attempt": _S.DELIVERY_FAILED,
    "delivered": _S.DELIVERED,
    "return to sender": _S.RETURNING,
    "alert": _S.EXCEPTION,
}

CATEGORIES: Mapping[str, ShipmentStatus] = {
    **{code: status for status, codes in _ROUGH_CODES.items() for code in codes.split()},
    **PHRASES,
}

#: How the many types of scans on the way begin.
_ON_THE_WAY = ("accept", "arrived", "departed", "processed")

#: Words of the errors of which the code tells only the HTTP status: nothing is known of a number.
SAYS_NOTHING = re.compile(
    r"status (update|information) is not|number may be incorrect|not found|no record", re.IGNORECASE
)

#: What other errors mean, by their code, which is the HTTP status or OAuth's word.
ERRORS: Mapping[str, tuple[type[FetchError], str]] = {
    "400": (Refused, "it does not accept this tracking number"),
    "401": (Unauthorized, "the client_id, the client_secret or the token is wrong"),
    "invalid_client": (Unauthorized, "the client_id or the client_secret is wrong"),
    "invalid_token": (Unauthorized, "the token is wrong or has expired"),
    "403": (Unauthorized, "the client_id may not use the Tracking API"),
    "402": (QuotaExceeded, "the account's allowance is used up"),
    "429": (RateLimited, "it was asked too often"),
}

_TAG = re.compile(r"<[^<>]{1,20}>")
_OFFSET = re.compile(r"([+-]?)(\d{1,2}):?(\d{2})")


class _Event(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    event_type: str | None = None
    event_code: str | None = None
    event_timestamp: str | None = None
    gmt_timestamp: str | None = msgspec.field(default=None, name="GMTTimestamp")
    gmt_offset: str | None = msgspec.field(default=None, name="GMTOffset")
    event_city: str | None = None
    event_state: str | None = None
    event_country: str | None = None
    event_zip: str | int | None = msgspec.field(default=None, name="eventZIP")


class _Expectation(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    expected_delivery_date: str | None = None
    predicted_delivery_date: str | None = None
    guaranteed_delivery_date: str | None = None


class _Reason(msgspec.Struct, frozen=True, gc=False):
    title: str | None = None
    detail: str | None = None


class _Error(msgspec.Struct, frozen=True, gc=False):
    code: str | int | None = None
    message: str | None = None
    errors: list[_Reason] | None = None


class _Answer(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tracking_number: str | None = None
    status_category: str | None = None
    tracking_events: list[_Event] | None = None
    expected_delivery_time_stamp: str | None = None
    guaranteed_delivery_time_stamp: str | None = None
    expected_delivery_date: str | None = None
    predicted_delivery_date: str | None = None
    delivery_date_expectation: _Expectation | None = None
    return_date_notice: str | None = None
    #: A text is what the gateway says of the token.
    error: _Error | str | None = None


class Usps(Source):
    """The United States Postal Service (https://developers.usps.com), one parcel a request."""

    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})
    carriers: ClassVar[frozenset[str]] = frozenset({"usps"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = SCAN_CODES
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    client_id: str = Field(
        description="the app's consumer key, from https://developers.usps.com",
        json_schema_extra={"example": "your-consumer-key"},
    )
    client_secret: SecretStr = Field(
        description="the app's consumer secret", json_schema_extra={"example": {"credential": "usps"}}
    )
    base_url: BaseAddress = Field(
        default="https://apis.usps.com",
        description="what stands before /tracking/v3 and /oauth2/v3 in the API's addresses",
    )
    requests_per_second: float = Field(
        default=0.08, gt=0, description="requests a second, at the most; USPS allows a new app 5 a minute"
    )
    requests_per_day: int | None = Field(
        default=1400, gt=0, description="requests a day (UTC), at the most; USPS allows a new app 60 an hour"
    )
    min_interval_minutes: int = Field(
        default=60, ge=0, description="minutes between two looks at one parcel, at the least"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        (number,) = numbers
        return Request(
            f"{self.base_url}/tracking/v3/tracking/{quote(number, safe='')}?expand=DETAIL",
            headers=(("accept", "application/json"),),
            credentials=ClientCredentials(
                f"{self.base_url}/oauth2/v3/token",
                self.client_id,
                reveal(self.client_secret),
                style="json",
            ),
        )

    def rough_meaning(self, code: str) -> ShipmentStatus | None:
        told = code.lower()
        known = self.categories.get(told) or self.categories.get(code)
        return known or (_S.IN_TRANSIT if told.startswith(_ON_THE_WAY) else None)

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        several = payload.body.lstrip().startswith(b"[")
        answers = read_json(payload, list[_Answer]) if several else [read_json(payload, _Answer)]
        return [tracking for answer in answers for tracking in self._trackings(answer, payload)]

    def _trackings(self, answer: _Answer, payload: Payload) -> Iterable[Tracking]:
        if answer.error:
            error = _Error(answer.error) if isinstance(answer.error, str) else answer.error
            if str(error.code) == "404" or SAYS_NOTHING.search(_said(error)):
                return [Tracking(number, _S.NOT_FOUND) for number in payload.numbers]
            raise _failure(error, payload.status)
        number = answer.tracking_number or next(iter(payload.numbers), None)
        if number is None or (answer.tracking_number is None and answer.tracking_events is None):
            raise ParseError("is missing", field="trackingNumber")
        waits_until = time_if_told(answer.return_date_notice)
        return [
            self.tracking(
                number,
                [self._scan(it) for it in answer.tracking_events or () if it != _Event()],
                answer.status_category,
                edd=_estimate(answer),
                pickup_until=waits_until[0] if waits_until else None,
            )
        ]

    def _scan(self, it: _Event) -> TrackingEvent | UndatedEvent:
        text = _plain(it.event_type)
        phrase = text.partition(",")[0]
        return self.scan(_time(it), text, it.event_code, phrase, place=_place(it))


SOURCE = Usps


def _plain(text: str | None) -> str:
    """A text without the HTML that USPS writes trade marks with."""
    return _TAG.sub("", html.unescape(text or "")).strip()


def _said(error: _Error) -> str:
    reasons = [text for it in error.errors or () for text in (it.title, it.detail)]
    return " ".join(filter(None, (error.message, *reasons)))


def _failure(error: _Error, status: int) -> FetchError:
    code = str(error.code or "")
    said = _plain(_said(error))[:200] or "it refused without a reason"
    kind, words = ERRORS.get(code) or ERRORS.get(str(status), (Unreachable, said))
    return kind(f"USPS: {words} (code {code or 'none'})")


def _time(it: _Event) -> ToldTime | None:
    """The local time; its offset stands apart, and some scans have neither offset nor GMT."""
    local = (it.event_timestamp or "").removesuffix("Z")
    if offset := _OFFSET.fullmatch(it.gmt_offset or ""):
        sign, hours, minutes = offset.groups()
        if told := time_if_told(f"{local}{sign or '+'}{hours.zfill(2)}:{minutes}"):
            return told
    return time_if_told(it.gmt_timestamp) or time_if_told(it.event_timestamp)


def _place(it: _Event) -> Place | None:
    """Where it was; USPS names no country at home."""
    country = it.event_country or ("US" if it.event_zip or it.event_state else None)
    return place_from(it.event_city, str(it.event_zip or ""), it.event_state, country)


def _estimate(it: _Answer) -> EstimatedDelivery | None:
    """The expected day, else the predicted, else the guaranteed one."""
    more = it.delivery_date_expectation or _Expectation()
    days = (
        it.expected_delivery_time_stamp,
        it.expected_delivery_date,
        more.expected_delivery_date,
        it.predicted_delivery_date,
        more.predicted_delivery_date,
        it.guaranteed_delivery_time_stamp,
        more.guaranteed_delivery_date,
    )
    return estimate_from(None, next(filter(None, map(day_if_told, days)), None))
