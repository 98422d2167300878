"""TrackingMore, an aggregator of most carriers; the API costs one credit per tracking number.

https://www.trackingmore.com/docs/trackingmore/d5ac362fc3cda-api-quick-start
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

import msgspec
from pydantic import Field, SecretStr

from monitor.carrier import (
    BaseAddress,
    Delivery,
    LookError,
    ParseError,
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
    numbers_in,
    place_from,
    plain_number,
    read_json,
    read_part,
    reveal,
    time_if_told,
    what_was_learned,
)

_S = ShipmentStatus

#: Sub-statuses, then the statuses that stand where there is none.
CATEGORIES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.NOT_FOUND: "notfound002 pending notfound",
        _S.INFO_RECEIVED: "inforeceived001 notfound001 inforeceived",
        _S.IN_TRANSIT: (
            "transit001 transit002 transit003 transit004 transit005 transit006 transit007 transit"
        ),
        _S.OUT_FOR_DELIVERY: "pickup001 pickup003 pickup",
        _S.AVAILABLE_FOR_PICKUP: "pickup002",
        _S.DELIVERED: "delivered001 delivered002 delivered003 delivered004 delivered",
        # Not fetched (exception004) and refused (exception009) too.
        _S.DELIVERY_FAILED: (
            "undelivered001 undelivered002 undelivered003 undelivered004 exception004 exception009 undelivered"
        ),
        _S.CUSTOMS_HOLD: "exception006",
        # Which of the two is on its way back, and which is there, is told in both ways: words decide.
        _S.RETURNING: "exception010 exception011",
        # Lost or damaged (exception007), cancelled (exception008), other things.
        _S.EXCEPTION: "exception005 exception007 exception008 exception",
        _S.EXPIRED: "expired001 expired",
    }.items()
    for code in codes.split()
}

_NO_COURIER = "the courier cannot be told from the number; courier_code can name it"
_USED_UP = "the account's credits are used up"
#: By `meta.code`: those of version 4, then those of the versions before it.
ERRORS: Mapping[int, tuple[type[LookError], str]] = {
    401: (Unauthorized, "the api_key is not valid"),
    402: (QuotaExceeded, _USED_UP),
    403: (Unauthorized, "the account may not do this"),
    429: (RateLimited, "it was asked too often"),
    4001: (Unauthorized, "the api_key is not valid"),
    4002: (Unauthorized, "the api_key was deleted"),
    4110: (Refused, "the number is not valid"),
    4120: (Refused, "the courier_code is none"),
    4121: (Refused, _NO_COURIER),
    4122: (Refused, "the courier wants more than the number"),
    4190: (QuotaExceeded, _USED_UP),
    4014: (Refused, "the number is not valid"),
    4015: (Refused, "the courier_code is none"),
    4019: (QuotaExceeded, _USED_UP),
    4021: (QuotaExceeded, _USED_UP),
    4032: (Refused, _NO_COURIER),
}
#: Added already, which is fine, and not added: version 4's code first.
_SAYS_NOTHING = frozenset({4101, 4016, 4102, 4017, 4031})
#: How long it wants to be left alone when it was asked too often; it sends no `Retry-After`.
_WAIT = timedelta(minutes=2)


class _Scan(msgspec.Struct, frozen=True, gc=False):
    """A checkpoint, with the names of version 4 and of those before it."""

    checkpoint_date: str | None = None
    date: str | None = msgspec.field(default=None, name="Date")
    tracking_detail: str | None = None
    description: str | None = msgspec.field(default=None, name="StatusDescription")
    location: str | None = None
    details: str | None = msgspec.field(default=None, name="Details")
    checkpoint_delivery_status: str | None = None
    checkpoint_status: str | None = None
    checkpoint_delivery_substatus: str | None = None
    substatus: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | int | None = None
    country_iso2: str | None = None

    @property
    def text(self) -> str:
        return self.tracking_detail or self.description or ""


class _Milestones(msgspec.Struct, frozen=True, gc=False):
    delivery_date: str | None = None


class _Leg(msgspec.Struct, frozen=True, gc=False):
    """What one courier tells. Where there is nothing, PHP writes a list instead of an object."""

    trackinfo: list[_Scan] | None = None
    milestone_date: _Milestones | list[Any] | None = None


class _Named(msgspec.Struct, frozen=True, gc=False):
    tracking_number: str | int | None = None


class _Parcel(_Named, frozen=True, gc=False):
    delivery_status: str | None = None
    status: str | None = None
    substatus: str | None = None
    origin_info: _Leg | list[Any] | None = None
    destination_info: _Leg | list[Any] | None = None
    destination_track_number: str | int | None = None
    exchange_number: str | int | None = None
    exchange_number_before: str | int | None = msgspec.field(default=None, name="exchangeNumber")
    scheduled_delivery_date: object = None
    latest_checkpoint_time: object = None
    lastest_checkpoint_time: object = None
    last_update_time: object = msgspec.field(default=None, name="lastUpdateTime")

    @property
    def legs(self) -> Sequence[_Leg]:
        return [leg for leg in (self.destination_info, self.origin_info) if isinstance(leg, _Leg)]

    @property
    def scans(self) -> Sequence[_Scan]:
        return [scan for leg in self.legs for scan in leg.trackinfo or ()]

    @property
    def delivery(self) -> Delivery | None:
        """When it was delivered, should no scan say so: a milestone, or the last scan where none is told."""
        told: list[object] = [
            leg.milestone_date.delivery_date
            for leg in self.legs
            if isinstance(leg.milestone_date, _Milestones)
        ]
        if not self.scans:
            told += (self.latest_checkpoint_time, self.lastest_checkpoint_time, self.last_update_time)
        times = (time_if_told(it) for it in told if isinstance(it, str))
        return next((Delivery(*at) for at in times if at), None)


class _Page(msgspec.Struct, frozen=True, gc=False):
    items: list[msgspec.Raw] | None = None
    tracking_number: str | int | None = None


class _Courier(msgspec.Struct, frozen=True, gc=False):
    courier_code: str | None = None
    code: str | None = None


class _Meta(msgspec.Struct, frozen=True, gc=False):
    code: int


class _Envelope(msgspec.Struct, frozen=True, gc=False):
    meta: _Meta | None = None
    code: int | None = None
    data: msgspec.Raw = msgspec.Raw(b"[]")


class _Answer(NamedTuple):
    trackings: list[Tracking]
    failures: list[LookError]
    #: Every number that is told, as `plain_number` writes it, also of what could not be read.
    told: set[str]


class TrackingMore(Source):
    """TrackingMore (https://www.trackingmore.com), which reads most carriers of the world for you.

    Numbers are added on the first look, one credit of the account each.
    """

    #: It takes 40, but new ones are added one by one.
    batch_size: ClassVar[int] = 20
    reads_statuses: ClassVar[frozenset[int]] = frozenset({400})
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    api_key: SecretStr = Field(
        description="the account's API key, from https://admin.trackingmore.com/developer/apikey",
        json_schema_extra={"example": {"credential": "trackingmore"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.trackingmore.com", description="what stands before /v4 in the API's addresses"
    )
    courier_code: str | None = Field(
        default=None,
        description="TrackingMore's code of the courier, for numbers that are added; default: it is asked",
        json_schema_extra={"example": "cainiao"},
    )
    requests_per_second: float = Field(
        default=3.0, gt=0, description="requests a second, at the most; TrackingMore allows 3 to 10"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        asked = ",".join(quote(number, safe="") for number in numbers)
        url = f"{self.base_url}/v4/trackings/get?tracking_numbers={asked}"
        return Request(url, headers=self._key)

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        trackings, failures, told = self._answer(payload)
        if not trackings and not told and not failures:
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in payload.numbers]
        return _learned(trackings, failures)

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        trackings, failures, told = self._answer((yield self.request(numbers)))
        for number in numbers:
            if plain_number(number) in told:
                continue
            try:
                trackings.extend((yield from self._add(number)))
            except (Refused, ParseError) as error:
                failures.append(error)
            except LookError as error:
                # Used up, or too often: it would be the same for the other new numbers.
                failures.append(error)
                break
        return _learned(trackings, failures)

    def _add(self, number: str) -> Generator[Request, Payload, Iterable[Tracking]]:
        courier = self.courier_code
        if courier is None:
            courier = _courier((yield self._post("couriers/detect", {"tracking_number": number})))
        wanted = {"tracking_number": number, "courier_code": courier}
        payload = yield self._post("trackings/create", wanted)
        return self.parse(Payload(payload.body, payload.status, (number,)))

    def _post(self, what: str, content: object) -> Request:
        return Request.json(f"{self.base_url}/v4/{what}", content, headers=self._key)

    @property
    def _key(self) -> tuple[tuple[str, str], ...]:
        return (("Tracking-Api-Key", reveal(self.api_key)),)

    def _answer(self, payload: Payload) -> _Answer:
        answer = _Answer([], [], set())
        for where, raw in _parcels(_data(payload)):
            try:
                number = _number(read_part(raw, _Named, where), payload)
                answer.told.add(plain_number(number))
                answer.trackings.append(self._tracking(number, read_part(raw, _Parcel, where)))
            except ParseError as error:
                answer.failures.append(error)
        return answer

    def _tracking(self, number: str, parcel: _Parcel) -> Tracking:
        shown = (parcel.destination_track_number, parcel.exchange_number, parcel.exchange_number_before)
        named = (other for scan in parcel.scans for other in numbers_in(scan.text))
        scheduled = parcel.scheduled_delivery_date
        return self.tracking(
            number,
            map(self._scan, parcel.scans),
            parcel.substatus or parcel.delivery_status or parcel.status,
            aliases=(*(str(other) for other in shown if other), *named),
            edd=estimate_from(None, day_if_told(scheduled if isinstance(scheduled, str) else None)),
            delivery=parcel.delivery,
        )

    def _scan(self, it: _Scan) -> TrackingEvent | UndatedEvent:
        code = it.checkpoint_delivery_substatus or it.substatus
        place = place_from(it.city or it.location or it.details, str(it.zip or ""), it.state, it.country_iso2)
        at = time_if_told(it.checkpoint_date or it.date)
        return self.scan(
            at, it.text, code or it.checkpoint_delivery_status or it.checkpoint_status, place=place
        )


SOURCE = TrackingMore


def _data(payload: Payload) -> msgspec.Raw:
    """What is in the envelope: an empty list where nothing is known. Raises the error that the envelope
    tells instead, whatever the HTTP status was."""
    envelope = read_json(payload, _Envelope)
    code = envelope.meta.code if envelope.meta else envelope.code
    if code is None and bytes(envelope.data) != b"[]":
        code = 200
    if code is None:
        raise ParseError("is missing", field="meta.code")
    if code in _SAYS_NOTHING:
        return msgspec.Raw(b"[]")
    if not 200 <= code < 300:
        raise _failure(code)
    return envelope.data


def _failure(code: int) -> LookError:
    refused = Refused if code == 400 or 4000 <= code < 5000 else Unreachable
    kind, words = ERRORS.get(code, (refused, "it refused without a reason that is known"))
    return kind(f"TrackingMore: {words} (code {code})", retry_after=_WAIT if kind is RateLimited else None)


def _parcels(data: msgspec.Raw) -> Iterable[tuple[str, msgspec.Raw]]:
    """Each parcel in `data`, a list, a page with one, or a parcel alone; and where it stands."""
    told = bytes(data)
    if told == b"null":
        return ()
    if not told.startswith(b"{"):
        return [
            (f"data[{index}]", raw) for index, raw in enumerate(read_part(data, list[msgspec.Raw], "data"))
        ]
    page = read_part(data, _Page, "data")
    if page.tracking_number is not None:
        return [("data", data)]
    return [(f"data.items[{index}]", raw) for index, raw in enumerate(page.items or ())]


def _number(told: _Named, payload: Payload) -> str:
    """The parcel's number; where it is not told, the one that was asked."""
    return str(told.tracking_number or (payload.numbers[0] if len(payload.numbers) == 1 else ""))


def _courier(payload: Payload) -> str:
    """The likeliest courier of a number. Raises Refused where there is none."""
    found = read_part(_data(payload), list[_Courier], "data")
    code = next((told for it in found if (told := it.courier_code or it.code)), None)
    if code is None:
        raise _failure(4121)
    return code


def _learned(trackings: Iterable[Tracking], failures: Sequence[LookError]) -> Sequence[Tracking]:
    """A number may be there for several couriers: what moved last is the parcel that is meant."""
    return what_was_learned(sorted(trackings, key=_newest, reverse=True), failures)


def _newest(tracking: Tracking) -> float:
    return tracking.events[-1].at.timestamp() if tracking.events else 0.0
