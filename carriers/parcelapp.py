"""Parcel (https://parcelapp.net): the deliveries that the user follows in that app, of any carrier.

https://parcelapp.net/help/api-view-deliveries.html
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    Delivery,
    EstimatedDelivery,
    FetchError,
    LookError,
    ParseError,
    Payload,
    RateLimited,
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
    plain_number,
    read_json,
    read_part,
    reveal,
    time_if_told,
    what_was_learned,
)

#: `status_code`. All but two say what the newest event is.
STATUS_CODES: Mapping[str, ShipmentStatus] = {
    "0": ShipmentStatus.DELIVERED,
    "1": ShipmentStatus.EXPIRED,
    "2": ShipmentStatus.IN_TRANSIT,
    "3": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "4": ShipmentStatus.OUT_FOR_DELIVERY,
    "5": ShipmentStatus.NOT_FOUND,
    "6": ShipmentStatus.DELIVERY_FAILED,
    "7": ShipmentStatus.EXCEPTION,
    "8": ShipmentStatus.INFO_RECEIVED,
}
#: Frozen (nothing new for long) and not found: of the whole parcel, not of its newest event.
OF_THE_WHOLE = frozenset({"1", "5"})

_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([AP])\.?M\b\.?)?", re.IGNORECASE)
#: So far apart may two wall clocks be at one time.
_ZONES_APART = timedelta(hours=26)
_OFFSET = re.compile(r"(?<=\d)\s*([+-]\d{2}:?\d{2})$")
#: Weekdays, "at", commas, and names of zones.
_AROUND = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|at|UTC|GMT|BST|[ECMP][SD]T"
    r"|[CWE]ES?T|AE[SD]T)\b\.?|,",
    re.IGNORECASE,
)
_DAYS = (
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d.%m.%Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
)
#: Day and month, or the other way round: read only where they cannot be mistaken.
_EITHER_WAY = (("%d/%m/%Y", "%m/%d/%Y"), ("%d-%m-%Y", "%m-%d-%Y"))


class _Event(msgspec.Struct, frozen=True, gc=False):
    event: str | None = None
    date: object = None
    location: object = None
    additional: object = None


class _Parcel(msgspec.Struct, frozen=True, gc=False):
    tracking_number: str | int
    status_code: int | str | None = None
    events: list[_Event] | None = None
    date_expected: object = None
    date_expected_end: object = None
    timestamp_expected: object = None
    timestamp_expected_end: object = None


class _Answer(msgspec.Struct, frozen=True, gc=False):
    success: bool | None = None
    error_code: str | int | None = None
    error_message: str | None = None
    deliveries: list[msgspec.Raw] | None = None


class ParcelApp(Source):
    """Parcel (https://parcelapp.net), the app: the deliveries you follow there. Needs its premium
    subscription; one request tells of all of them."""

    batch_size: ClassVar[int] = 1000
    categories: ClassVar[Mapping[str, ShipmentStatus]] = STATUS_CODES

    api_key: SecretStr = Field(
        description="the API key, from https://web.parcelapp.net",
        json_schema_extra={"example": {"credential": "parcelapp"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.parcel.app", description="what stands before /external in the API's addresses"
    )
    requests_per_day: int | None = Field(
        default=480, gt=0, description="requests a day (UTC), at the most; Parcel allows 20 an hour"
    )
    min_interval_minutes: int = Field(
        default=10, ge=0, description="minutes between two looks at one parcel, at the least"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        # "recent" is what runs and what ended lately; "active" would lose a parcel with its delivery.
        return Request(
            f"{self.base_url}/external/deliveries/?filter_mode=recent",
            headers=(("api-key", reveal(self.api_key)),),
        )

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        asked = {plain_number(number): number for number in payload.numbers}
        trackings: list[Tracking] = []
        failures: list[LookError] = []
        for index, raw in enumerate(_deliveries(payload)):
            try:
                parcel = read_part(raw, _Parcel, f"deliveries[{index}]")
            except ParseError as error:
                failures.append(error)
                continue
            if not asked or plain_number(str(parcel.tracking_number)) in asked:
                trackings.append(self._tracking(parcel))
        # A number may be followed at two carriers, of which one knows it.
        trackings.sort(key=lambda it: it.status is not ShipmentStatus.NOT_FOUND)
        known = {plain_number(it.number): it for it in trackings}
        if not failures:
            missing = (number for plain, number in asked.items() if plain not in known)
            known |= {number: Tracking(number, ShipmentStatus.NOT_FOUND) for number in missing}
        return what_was_learned(list(known.values()), failures)

    def _tracking(self, it: _Parcel) -> Tracking:
        code = None if it.status_code is None else str(it.status_code)
        told = _newest_first([(event, _time(event.date)) for event in it.events or ()])
        newest = None if code in OF_THE_WHOLE else code
        scans = [self._scan(event, at, None if index else newest) for index, (event, at) in enumerate(told)]
        tracking = self.tracking(str(it.tracking_number), scans, code, edd=_estimate(it))
        if newest is None or not scans:
            return tracking
        # The times of the events are too free to tell which is the newest: their order does.
        status = scans[0].status
        return replace(tracking, status=status, delivery=_delivered(scans[0]))

    def _scan(self, it: _Event, at: ToldTime | None, code: str | None) -> TrackingEvent | UndatedEvent:
        text = ": ".join(part for part in (it.event, it.additional) if part and isinstance(part, str))
        place = place_from(it.location) if isinstance(it.location, str) else None
        scan = self.scan(at, text, code, place=place)
        # Kept, the code would make it another scan than it is once a newer one has come.
        return scan if scan.status is ShipmentStatus.UNKNOWN else replace(scan, code=None)


SOURCE = ParcelApp


def _deliveries(payload: Payload) -> Sequence[msgspec.Raw]:
    try:
        answer = read_json(payload, _Answer)
    except ParseError as error:
        if not error.readable:
            raise
        # Not the fault of any number: all are told in one list, so that asking about fewer is no help.
        raise Unreachable(f"Parcel gave no list of deliveries: {error}") from None
    if answer.success is False or answer.deliveries is None:
        raise _failure(answer)
    return answer.deliveries


def _failure(answer: _Answer) -> FetchError:
    told = str(answer.error_message or answer.error_code or "no reason told")
    words = f"{answer.error_code} {answer.error_message}".casefold()
    if any(word in words for word in ("key", "token", "premium", "unauthorized")):
        return Unauthorized(f"Parcel does not accept the api_key, or the account has no premium: {told[:80]}")
    if "rate" in words or "limit" in words or "too many" in words:
        return RateLimited(f"Parcel was asked too often: {told[:80]}")
    return Unreachable(f"Parcel gave no list of deliveries: {told[:80]}")


def _delivered(scan: TrackingEvent | UndatedEvent) -> Delivery | None:
    if scan.status is not ShipmentStatus.DELIVERED:
        return None
    if isinstance(scan, UndatedEvent):
        return Delivery(place=scan.place) if scan.place else None
    return Delivery(scan.at, scan.zone_known, scan.place)


def _newest_first(told: list[tuple[_Event, ToldTime | None]]) -> list[tuple[_Event, ToldTime | None]]:
    """The events as they are told, unless the first is older than any zone explains."""
    times = [at for _, at in told if at]
    return told[::-1] if times and times[-1][0] - times[0][0] > _ZONES_APART else told


def _time(told: object) -> ToldTime | None:
    """The carrier's own words for a time: ISO 8601 or English, with weekday, "at", an offset, or the
    name of a zone, which has too many meanings to be believed. None where the order of day and month is
    open."""
    text = told.strip() if isinstance(told, str) else ""
    if at := time_if_told(text):
        return at
    offset = _OFFSET.search(text)
    text = text[: offset.start()] if offset else text
    clock = _CLOCK.search(text)
    day = _day(" ".join(_AROUND.sub(" ", _CLOCK.sub(" ", text, count=1)).split()))
    if day is None or clock is None:
        return time_if_told(day.isoformat()) if day else None
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4] in "pP" else 0)
    zone = offset[1] if offset else ""
    return time_if_told(f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}{zone}")


def _day(text: str) -> date | None:
    if at := time_if_told(text, patterns=_DAYS):
        return at[0].date()
    for patterns in _EITHER_WAY:
        days = {at[0].date() for pattern in patterns if (at := time_if_told(text, patterns=(pattern,)))}
        if len(days) == 1:
            return days.pop()
    return None


def _estimate(it: _Parcel) -> EstimatedDelivery | None:
    """The days as they are told, which are the recipient's; by the epoch only where they are not."""
    since = _expected(it.date_expected, it.timestamp_expected)
    until = _expected(it.date_expected_end, it.timestamp_expected_end)
    return estimate_from(since if until else None, until or since)


def _expected(told: object, epoch: object) -> date | None:
    if at := _time(told):
        return at[0].date()
    try:
        seconds = float(epoch) if isinstance(epoch, str | int | float) else 0.0
        return day_if_told(datetime.fromtimestamp(seconds, UTC)) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
