"""EasyPost trackers: most carriers of the world, read by EasyPost and told in its own words.

https://docs.easypost.com/docs/trackers
"""

from base64 import b64encode
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlencode

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    LookError,
    Payload,
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
    place_from,
    read_json,
    reveal,
    time_if_told,
)

#: Statuses, and those of their details that make them more exact.
STATUSES: Mapping[str, ShipmentStatus] = {
    "unknown": ShipmentStatus.UNKNOWN,
    "pre_transit": ShipmentStatus.INFO_RECEIVED,
    "in_transit": ShipmentStatus.IN_TRANSIT,
    "out_for_delivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "delivered": ShipmentStatus.DELIVERED,
    "available_for_pickup": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "return_to_sender": ShipmentStatus.RETURNING,
    "failure": ShipmentStatus.EXCEPTION,
    "cancelled": ShipmentStatus.EXCEPTION,
    "canceled": ShipmentStatus.EXCEPTION,
    "address_correction": ShipmentStatus.DELIVERY_FAILED,
    "arrived_at_pickup_location": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "damaged": ShipmentStatus.EXCEPTION,
    "delivery_exception": ShipmentStatus.DELIVERY_FAILED,
    "expired": ShipmentStatus.EXPIRED,
    "label_created": ShipmentStatus.INFO_RECEIVED,
    "lost": ShipmentStatus.EXCEPTION,
    "refused": ShipmentStatus.DELIVERY_FAILED,
    "return": ShipmentStatus.RETURNING,
}
#: Statuses that no detail changes: a delivered parcel's is often "arrived_at_destination".
_FINAL = frozenset({"delivered", "return_to_sender"})
#: The tracker itself failed: that tells nothing of the parcel.
_FAILED = "error"

ERRORS: Mapping[str, tuple[type[LookError], str]] = {
    "UNAUTHORIZED": (Unauthorized, "the api_key is not valid"),
    "FORBIDDEN": (Unauthorized, "the account may not do this"),
    "APIKEY.INACTIVE": (Unauthorized, "the api_key is not active"),
    "PAYMENT_REQUIRED": (QuotaExceeded, "the account's balance is used up"),
    "INSUFFICIENT_FUNDS": (QuotaExceeded, "the account's balance is used up"),
    "RATE_LIMITED": (RateLimited, "it was asked too often"),
    "TRACKER.CREATE.ERROR": (Refused, "it cannot follow this number; `carrier` can name who carries it"),
    "TRACKER.CARRIER.NOT_FOUND": (Refused, "the `carrier` is not one that it knows"),
    "PARAMETER.INVALID": (Refused, "a value in the request is not valid"),
    "PARAMETER.REQUIRED": (Refused, "something is missing in the request"),
}


class _Location(msgspec.Struct, frozen=True, gc=False):
    city: str | None = None
    state: str | None = None
    country: str | None = None
    zip: str | int | None = None


class _Detail(msgspec.Struct, frozen=True, gc=False):
    message: str | None = None
    status: str | None = None
    status_detail: str | None = None
    datetime: str | None = None
    tracking_location: _Location | None = None


class _Tracker(msgspec.Struct, frozen=True, gc=False):
    tracking_code: str
    status: str | None = None
    status_detail: str | None = None
    est_delivery_date: str | None = None
    tracking_details: list[_Detail] | None = None


class _Error(msgspec.Struct, frozen=True, gc=False):
    code: str = ""


class _Answer(msgspec.Struct, frozen=True, gc=False):
    """A tracker, a list of them, or an error: whichever keys are there."""

    error: _Error | None = None
    trackers: list[_Tracker] | None = None


class EasyPost(Source):
    """EasyPost (https://www.easypost.com), which reads most carriers for you.

    A tracker is made on the first look at a number; each costs something.
    """

    categories: ClassVar[Mapping[str, ShipmentStatus]] = STATUSES

    api_key: SecretStr = Field(
        description="the account's production key, from https://www.easypost.com/account/api-keys",
        json_schema_extra={"example": {"credential": "easypost"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.easypost.com", description="what stands before /v2 in the API's addresses"
    )
    carrier: str | None = Field(
        default=None,
        description="EasyPost's name of the carrier, for new trackers; default: it finds out itself",
        json_schema_extra={"example": "USPS"},
    )
    requests_per_second: float = Field(
        default=5.0, gt=0, description="requests a second, at the most; EasyPost allows 5 on trackers"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        return Request(
            f"{self.base_url}/v2/trackers?{urlencode({'tracking_code': numbers[0]})}", headers=self._headers
        )

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        answer = read_json(payload, _Answer)
        if answer.error is not None:
            raise _failure(answer.error.code)
        trackers = [read_json(payload, _Tracker)] if answer.trackers is None else answer.trackers
        return [self._tracking(tracker) for tracker in trackers]

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        known = self.parse((yield self.request(numbers)))
        return known or self.parse((yield self._new_tracker(numbers[0])))

    def _new_tracker(self, number: str) -> Request:
        tracker = {"tracking_code": number} | ({"carrier": self.carrier} if self.carrier else {})
        return Request.json(f"{self.base_url}/v2/trackers", {"tracker": tracker}, headers=self._headers)

    @property
    def _headers(self) -> tuple[tuple[str, str], ...]:
        basic = b64encode(f"{reveal(self.api_key)}:".encode()).decode()
        return (("authorization", f"Basic {basic}"),)

    def _tracking(self, tracker: _Tracker) -> Tracking:
        details = [it for it in tracker.tracking_details or () if it.status != _FAILED]
        # Without a scan, "unknown" means that nobody has information yet.
        says_nothing = tracker.status == "unknown" and not details
        codes = () if says_nothing else _codes(tracker.status, tracker.status_detail)
        return self.tracking(
            tracker.tracking_code,
            map(self._scan, details),
            *codes,
            newest_first=False,
            edd=estimate_from(None, day_if_told(tracker.est_delivery_date)),
        )

    def _scan(self, detail: _Detail) -> TrackingEvent | UndatedEvent:
        it = detail.tracking_location or _Location()
        place = place_from(it.city, str(it.zip or ""), it.state, it.country)
        codes = _codes(detail.status, detail.status_detail)
        return self.scan(time_if_told(detail.datetime), detail.message, *codes, place=place)


SOURCE = EasyPost


def _codes(status: str | None, detail: str | None) -> tuple[str | None, ...]:
    """The words that decide, the more exact first."""
    return (status,) if status in _FINAL else (detail, status)


def _failure(code: str) -> LookError:
    kind, words = ERRORS.get(code, (Unreachable, "it refused without a reason that is known"))
    return kind(f"EasyPost: {words}")
