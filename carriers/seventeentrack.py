"""17TRACK, an aggregator of most carriers; the API costs one unit of quota per registered number.

https://asset.17track.net/api/document/v2.2_en/index.html
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from html import unescape
from itertools import groupby
from operator import itemgetter
from typing import ClassVar, Generic, NamedTuple, TypeVar

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    Delivery,
    EstimatedDelivery,
    LookError,
    Meaning,
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
    delivery_of,
    estimate_from,
    oldest_first,
    place_from,
    plain_number,
    read_json,
    read_part,
    reveal,
    time_if_told,
    told_time,
    what_was_learned,
)

#: Sub-statuses, then the statuses and the milestones ("stages") that stand where there is none.
STATUSES: Mapping[str, ShipmentStatus] = {
    "NotFound_Other": ShipmentStatus.NOT_FOUND,
    "NotFound_InvalidCode": ShipmentStatus.NOT_FOUND,
    "InTransit_PickedUp": ShipmentStatus.IN_TRANSIT,
    "InTransit_Other": ShipmentStatus.IN_TRANSIT,
    "InTransit_Departure": ShipmentStatus.IN_TRANSIT,
    "InTransit_Arrival": ShipmentStatus.IN_TRANSIT,
    "InTransit_CustomsProcessing": ShipmentStatus.IN_CUSTOMS,
    "InTransit_CustomsReleased": ShipmentStatus.IN_TRANSIT,
    "InTransit_CustomsRequiringInformation": ShipmentStatus.CUSTOMS_HOLD,
    "Expired_Other": ShipmentStatus.EXPIRED,
    "AvailableForPickup_Other": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "OutForDelivery_Other": ShipmentStatus.OUT_FOR_DELIVERY,
    "DeliveryFailure_Other": ShipmentStatus.DELIVERY_FAILED,
    "DeliveryFailure_NoBody": ShipmentStatus.DELIVERY_FAILED,
    "DeliveryFailure_Security": ShipmentStatus.DELIVERY_FAILED,
    "DeliveryFailure_Rejected": ShipmentStatus.DELIVERY_FAILED,
    "DeliveryFailure_InvalidAddress": ShipmentStatus.DELIVERY_FAILED,
    "Delivered_Other": ShipmentStatus.DELIVERED,
    "Exception_Other": ShipmentStatus.EXCEPTION,
    "Exception_Returning": ShipmentStatus.RETURNING,
    "Exception_Returned": ShipmentStatus.RETURNED,
    "Exception_NoBody": ShipmentStatus.DELIVERY_FAILED,
    "Exception_Security": ShipmentStatus.CUSTOMS_HOLD,
    "Exception_Damage": ShipmentStatus.EXCEPTION,
    "Exception_Rejected": ShipmentStatus.DELIVERY_FAILED,
    "Exception_Delayed": ShipmentStatus.IN_TRANSIT,
    "Exception_Lost": ShipmentStatus.EXCEPTION,
    "Exception_Destroyed": ShipmentStatus.EXCEPTION,
    "Exception_Cancel": ShipmentStatus.EXCEPTION,
    "NotFound": ShipmentStatus.NOT_FOUND,
    "InfoReceived": ShipmentStatus.INFO_RECEIVED,
    "InTransit": ShipmentStatus.IN_TRANSIT,
    "Expired": ShipmentStatus.EXPIRED,
    "AvailableForPickup": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "OutForDelivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "DeliveryFailure": ShipmentStatus.DELIVERY_FAILED,
    "Delivered": ShipmentStatus.DELIVERED,
    "Exception": ShipmentStatus.EXCEPTION,
    "PickedUp": ShipmentStatus.IN_TRANSIT,
    "Departure": ShipmentStatus.IN_TRANSIT,
    "Arrival": ShipmentStatus.IN_TRANSIT,
    "Returning": ShipmentStatus.RETURNING,
    "Returned": ShipmentStatus.RETURNED,
}
#: What a parcel's status means where no event says the same: it lags behind, and raises no hold.
PARCEL_STATUSES: Mapping[str, ShipmentStatus] = {
    **STATUSES,
    "InTransit_CustomsRequiringInformation": ShipmentStatus.IN_CUSTOMS,
    "Exception_Security": ShipmentStatus.EXCEPTION,
}

ERRORS: Mapping[int, tuple[type[LookError], str]] = {
    -18010001: (Unauthorized, "this machine's IP address is not on the account's list"),
    -18010002: (Unauthorized, "the api_key is not valid"),
    -18010003: (Unreachable, "it has a fault of its own"),
    -18010004: (Unauthorized, "the account is disabled"),
    -18010005: (Unauthorized, "the account may not do this"),
    -18010010: (Refused, "something is missing in the request"),
    -18010011: (Refused, "a value in the request is not valid"),
    -18010012: (Refused, "a value in the request has the wrong format"),
    -18010013: (Refused, "the request is not valid"),
    -18010014: (Refused, "too many numbers in one request"),
    -18010015: (Refused, "a value in the request is not valid"),
    -18010016: (Refused, "a value in the request is not valid"),
    -18010018: (Refused, "the carrier wants a postal code too"),
    -18010019: (Refused, "the carrier wants a phone number too"),
    -18010020: (Refused, "the carrier wants a postal code or phone number too"),
    -18019903: (Refused, "the carrier cannot be told from the number; carrier_key can name it"),
    -18019907: (QuotaExceeded, "today's allowance is used up"),
    -18019908: (QuotaExceeded, "the account's quota is used up"),
    -18019910: (Refused, "the carrier_key is not one"),
    -18019912: (Unauthorized, "the account may not do this"),
    401: (Unauthorized, "the api_key is not valid"),
    403: (Unauthorized, "the account may not do this"),
    404: (Refused, "there is nothing at this address"),
    429: (RateLimited, "it was asked too often"),
}
ALREADY_REGISTERED, NOT_REGISTERED, NO_INFORMATION_YET = -18019901, -18019902, -18019909
#: Rejections of a number that mean: nothing is known about it.
_SAYS_NOTHING = frozenset({NOT_REGISTERED, NO_INFORMATION_YET, -18010010, -18010011, -18010012})


#: Times are decoded as such, at once; only a parcel with one that is none is read again, as text.
When = TypeVar("When", datetime, str)
Scan = TypeVar("Scan", TrackingEvent, UndatedEvent)

#: What may stand where an object is expected, and says nothing.
_NoObject = str | float | bool | list[object] | None

_at = itemgetter(0)
_NO_TIME: tuple[datetime | None, bool] = (None, False)
_ENDS = frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.RETURNED})


class _RawTime(msgspec.Struct, frozen=True, gc=False):
    date: str | None = None
    time: str | None = None
    timezone: str | None = None


class _Address(msgspec.Struct, frozen=True, gc=False):
    country: str | None = None
    state: str | None = None
    city: str | None = None
    postal_code: str | None = None


class _Event(msgspec.Struct, Generic[When], frozen=True, gc=False):
    time_iso: When | None = None
    time_utc: When | None = None
    time_raw: _RawTime | str | None = None
    description: str | None = None
    location: str | None = None
    stage: str | None = None
    sub_status: str | None = None
    address: _Address | str | None = None


class _Status(msgspec.Struct, frozen=True, gc=False):
    status: str | None = None
    sub_status: str | None = None


class _Estimate(msgspec.Struct, frozen=True, gc=False, rename={"since": "from"}):
    source: str | None = None
    since: str | None = None
    to: str | None = None


class _Metrics(msgspec.Struct, frozen=True, gc=False):
    estimated_delivery_date: _Estimate | _NoObject = None


class _Misc(msgspec.Struct, frozen=True, gc=False):
    local_number: str | int | None = None


class _Provider(msgspec.Struct, Generic[When], frozen=True, gc=False):
    events: list[_Event[When]] | None = None


class _Providers(msgspec.Struct, Generic[When], frozen=True, gc=False):
    providers: list[_Provider[When]] | None = None


class _Info(msgspec.Struct, Generic[When], frozen=True, gc=False):
    latest_status: _Status | None = None
    latest_event: _Event[When] | _NoObject = None
    time_metrics: _Metrics | _NoObject = None
    misc_info: _Misc | _NoObject = None
    tracking: _Providers[When] | None = None


class _Parcel(msgspec.Struct, Generic[When], frozen=True, gc=False):
    number: str | int
    track_info: _Info[When] | None = None
    #: The status, in a list of all numbers.
    package_status: str | None = None


class _Reason(msgspec.Struct, frozen=True, gc=False):
    code: int


class _Rejected(msgspec.Struct, frozen=True, gc=False):
    number: str | int
    error: _Reason


class _Content(msgspec.Struct, frozen=True, gc=False):
    accepted: list[msgspec.Raw] | None = None
    rejected: list[_Rejected] | None = None
    errors: list[_Reason] | None = None


class _Envelope(msgspec.Struct, frozen=True, gc=False):
    code: int = 0
    data: _Content | None = None


class _Answer(NamedTuple):
    trackings: list[Tracking]
    failures: list[LookError]
    unregistered: list[str]


class SeventeenTrack(Source):
    """17TRACK (https://api.17track.net), which reads most carriers of the world for you.

    Numbers are registered on the first look, one unit of the account's quota each.
    """

    batch_size: ClassVar[int] = 40
    categories: ClassVar[Mapping[str, ShipmentStatus]] = STATUSES

    api_key: SecretStr = Field(
        description="the account's key, from https://api.17track.net/admin/settings",
        json_schema_extra={"example": {"credential": "17track"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.17track.net/track", description="what stands before /v2.2 in the API's addresses"
    )
    carrier_key: int | None = Field(
        default=None,
        description="17TRACK's number of the carrier, for registering; default: it finds out itself",
        json_schema_extra={"example": 3011},
    )
    requests_per_second: float = Field(
        default=3.0, gt=0, description="requests a second, at the most; 17TRACK allows 3"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        return self._call("gettrackinfo", [{"number": number} for number in numbers])

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        return self._learned(self._answer(payload), payload.numbers)

    def _learned(self, answer: _Answer, numbers: Sequence[str]) -> Iterable[Tracking]:
        if not any(answer):
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in numbers]
        nothing = [Tracking(number, ShipmentStatus.NOT_FOUND) for number in answer.unregistered]
        return what_was_learned([*answer.trackings, *nothing], answer.failures)

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        payload = yield self.request(numbers)
        answer = self._answer(payload)
        if not answer.unregistered:
            return self._learned(answer, numbers)
        trackings, failures, unregistered = answer
        try:
            registered, refused = self._registered((yield self._register(unregistered)), unregistered)
            failures.extend(refused)
            if registered:
                trackings.extend(self.parse((yield self.request(registered))))
        except LookError as error:
            # A quota that is used up stops new numbers only: the others were answered.
            failures.append(error)
        return what_was_learned(trackings, failures)

    def _register(self, numbers: Sequence[str]) -> Request:
        carrier = {} if self.carrier_key is None else {"carrier": self.carrier_key}
        return self._call("register", [{"number": number, **carrier} for number in numbers])

    def _call(self, what: str, content: list[dict[str, object]]) -> Request:
        url = f"{self.base_url}/v2.2/{what}"
        return Request.json(url, content, headers=[("17token", reveal(self.api_key))])

    def _answer(self, payload: Payload) -> _Answer:
        content = _content(payload)
        answer = _Answer([], [], [])
        reader = _Reader(self)
        for index, raw in enumerate(content.accepted or ()):
            try:
                answer.trackings.append(reader.tracking(raw, f"data.accepted[{index}]"))
            except ParseError as error:
                answer.failures.append(error)
        for rejected in content.rejected or ():
            if rejected.error.code == NOT_REGISTERED:
                answer.unregistered.append(str(rejected.number))
            elif rejected.error.code in _SAYS_NOTHING:
                answer.trackings.append(Tracking(str(rejected.number), ShipmentStatus.NOT_FOUND))
            else:
                answer.failures.append(_failure(rejected.error, str(rejected.number)))
        return answer

    def _registered(self, payload: Payload, asked: Sequence[str]) -> tuple[list[str], list[LookError]]:
        """The numbers that can be asked about now, and why the others cannot."""
        refused = [
            rejected
            for rejected in _content(payload).rejected or ()
            if rejected.error.code != ALREADY_REGISTERED
        ]
        out = {plain_number(str(rejected.number)) for rejected in refused}
        registered = [number for number in asked if plain_number(number) not in out]
        return registered, [_failure(rejected.error, str(rejected.number)) for rejected in refused]


SOURCE = SeventeenTrack


def _content(payload: Payload) -> _Content:
    """What is in the envelope. Raises the error that the envelope tells instead, whatever the HTTP
    status was."""
    envelope = read_json(payload, _Envelope)
    content = envelope.data or _Content()
    if content.errors:
        raise _failure(content.errors[0])
    if envelope.code != 0:
        raise _failure(_Reason(envelope.code))
    if envelope.data is None:
        raise ParseError("is missing", field="data")
    return content


def _failure(reason: _Reason, number: str = "") -> LookError:
    kind, words = ERRORS.get(reason.code, (Unreachable, "it refused without a reason that is known"))
    about = f" about {number}" if number else ""
    return kind(f"17TRACK{about}: {words} (code {reason.code})")


class _Reader:
    """Reads the parcels of one answer, in which the same words and places come again and again."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._meanings: dict[tuple[str, str], Meaning] = {}
        self._parcel_statuses = {**PARCEL_STATUSES, **source.codes}
        self._places: dict[_Address | str | None, Place] = {}

    def tracking(self, raw: msgspec.Raw, where: str) -> Tracking:
        try:
            return self._tracking(read_part(raw, _Parcel[datetime], where))
        except ParseError:
            return self._tracking(read_part(raw, _Parcel[str], where))

    def _tracking(self, parcel: _Parcel[When]) -> Tracking:
        number = str(parcel.number)
        info = parcel.track_info or _Info[When](_Status(parcel.package_status))
        events, undated = self._scans(info)
        told = self._told(info.latest_status)
        status = self._status(events, *told) if events else self._status(undated, *told)
        return Tracking(
            number,
            status,
            tuple(events),
            aliases=_aliases(number, info.misc_info),
            edd=_estimate(info.time_metrics),
            delivery=_delivery(events, undated) if status is ShipmentStatus.DELIVERED else None,
            undated=tuple(undated),
        )

    def _scans(self, info: _Info[When]) -> tuple[list[TrackingEvent], list[UndatedEvent]]:
        """All providers' events, oldest first; the newest with what only the parcel tells of it."""
        providers = (info.tracking and info.tracking.providers) or ()
        every = [it for provider in providers for it in provider.events or ()]
        told = [timed for timed in map(_timed, every) if timed]
        untimed = [it for it in reversed(every) if not _timed(it)] if len(told) < len(every) else []
        told.sort(key=_at)
        # Several providers, and some alone, report one scan more than once.
        events = oldest_first(_as_events([self._row(*one) for one, _ in groupby(told)]))
        if isinstance(info.latest_event, _Event):
            timed = _timed(info.latest_event)
            if timed:
                [latest] = _as_events([self._row(*timed)])
                _add_latest(events, latest)
            elif not every:
                untimed = [info.latest_event]
        return events, [self._undated(it) for it in dict.fromkeys(untimed)]

    def _row(self, at: datetime, zone_known: bool, event: _Event[When]) -> "_Row":
        code, text = _said(event)
        meaning = self._meanings.get((code, text)) or self._new_meaning(code, text)
        place = self._places.get(event.address) or self._new_place(event)
        return _Row(at, meaning.status, text, code or None, place, zone_known, meaning.decided_by)

    def _undated(self, event: _Event[When]) -> UndatedEvent:
        code, text = _said(event)
        status, decided_by = self._new_meaning(code, text)
        return UndatedEvent(status, text, code or None, self._new_place(event), decided_by)

    def _new_meaning(self, code: str, text: str) -> Meaning:
        meaning = self._meanings[code, text] = self._source.meaning(text, code)
        return meaning

    def _new_place(self, event: _Event[When]) -> Place | None:
        """The scan's address, remembered; the free text only where there is none."""
        it = event.address
        if not isinstance(it, _Address):
            return place_from(event.location or it)
        place = place_from(it.city, it.postal_code, it.state, it.country)
        if place:
            self._places[it] = place
        return place or place_from(event.location)

    def _told(self, parcel: _Status | None) -> tuple[str | None, ShipmentStatus | None]:
        """The parcel's own status, and what it means."""
        code = (parcel.sub_status or parcel.status or None) if parcel else None
        return code, self._parcel_statuses.get(code, ShipmentStatus.UNKNOWN) if code else None

    def _status(self, scans: list[Scan], code: str | None, told: ShipmentStatus | None) -> ShipmentStatus:
        """The newest scan's, else the parcel's, which then is what the newest scan means."""
        if not scans:
            return told or ShipmentStatus.NOT_FOUND
        last = scans[-1]
        if told is ShipmentStatus.EXPIRED and last.status not in _ENDS:
            return told  # no scan says it: only 17TRACK counts the days
        if last.code is not None or last.decided_by or told in (None, ShipmentStatus.NOT_FOUND):
            return last.status
        scans[-1] = replace(last, status=told, code=code)
        return told


class _Row(msgspec.Struct, frozen=True, gc=False):
    at: datetime
    status: ShipmentStatus
    description: str
    code: str | None
    place: Place | None
    zone_known: bool
    decided_by: str | None


def _as_events(rows: list[_Row]) -> list[TrackingEvent]:
    """All at once: one by one, frozen dataclasses take twice as long to make."""
    return msgspec.convert(rows, list[TrackingEvent], from_attributes=True)


def _add_latest(events: list[TrackingEvent], latest: TrackingEvent) -> None:
    """Adds the parcel's summary of its newest event, or what it knows in addition."""
    if not events or latest.at > events[-1].at:
        events.append(latest)
    elif latest.at == events[-1].at:
        events[-1] = _completed(events[-1], latest)


def _delivery(events: list[TrackingEvent], undated: list[UndatedEvent]) -> Delivery | None:
    if events or not undated or undated[-1].place is None:
        return delivery_of(events)
    return Delivery(place=undated[-1].place)


def _completed(event: TrackingEvent, same: TrackingEvent) -> TrackingEvent:
    """`event` with what `same`, the parcel's summary of it, knows in addition."""
    if event.code is None and same.code is not None:
        event = replace(event, status=same.status, code=same.code, decided_by=same.decided_by)
    if same.place and same.place.postal_code and not (event.place and event.place.postal_code):
        event = replace(event, place=same.place)
    return event


def _timed(event: _Event[When]) -> tuple[datetime, bool, _Event[When]] | None:
    """The event with its local time and offset; else in UTC; else as the carrier wrote it, in an
    unknown zone. None: it has no time that can be read."""
    at, zone_known = _iso_time(event.time_iso) if event.time_iso else _NO_TIME
    if not zone_known and event.time_utc:
        in_utc = _iso_time(event.time_utc, UTC)
        at, zone_known = in_utc if in_utc[0] else (at, False)
    at = at or _raw_time(event.time_raw)
    return (at, zone_known, event) if at else None


def _said(event: _Event[When]) -> tuple[str, str]:
    """The event's code and words; some carriers write the marks of letters as HTML does."""
    text = event.description or ""
    return event.sub_status or event.stage or "", unescape(text) if "&" in text else text


def _iso_time(told: datetime | str, zone: tzinfo | None = None) -> tuple[datetime | None, bool]:
    try:
        return told_time(told, zone)
    except ValueError:
        return _NO_TIME


def _raw_time(raw: _RawTime | str | None) -> datetime | None:
    if isinstance(raw, _RawTime):
        raw = f"{raw.date or ''}T{raw.time}" if raw.time else raw.date
    told = time_if_told(raw)  # carriers write it as they like
    return told[0].replace(tzinfo=UTC) if told else None


def _estimate(metrics: _Metrics | _NoObject) -> EstimatedDelivery | None:
    told = metrics.estimated_delivery_date if isinstance(metrics, _Metrics) else None
    if not isinstance(told, _Estimate):
        return None
    source = "carrier" if told.source in (None, "", "Official") else told.source
    return estimate_from(day_if_told(told.since), day_if_told(told.to), source)


def _aliases(number: str, misc: _Misc | _NoObject) -> tuple[str, ...]:
    local = str(misc.local_number or "") if isinstance(misc, _Misc) else ""
    return (local,) if local and local != number else ()
