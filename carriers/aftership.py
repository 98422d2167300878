"""AfterShip Tracking, an aggregator of most carriers; a plan counts each tracking number that is added.

https://www.aftership.com/docs/tracking
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, NamedTuple
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
    carrier_code,
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

#: Sub-statuses, then the statuses ("tags") that stand where there is none. Two of the exceptions, 014
#: and 015, are in no list of AfterShip's.
CATEGORIES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.NOT_FOUND: "Pending_001 Pending_002 Pending_003 Pending_004 Pending_005 Pending_006 Pending",
        _S.INFO_RECEIVED: "InfoReceived_001 InfoReceived",
        # Exceptions here are delays: by the weather, the carrier, a flight, other things.
        _S.IN_TRANSIT: (
            "InTransit_001 InTransit_002 InTransit_003 InTransit_004 InTransit_005 InTransit_007"
            " InTransit_008 InTransit_009 Exception_005 Exception_016 Exception_017 Exception_019 InTransit"
        ),
        _S.IN_CUSTOMS: "InTransit_006",
        # Delayed in clearance, to be paid for, documents missing.
        _S.CUSTOMS_HOLD: "Exception_004 Exception_006 Exception_018",
        _S.OUT_FOR_DELIVERY: "OutForDelivery_001 OutForDelivery_003 OutForDelivery_004 OutForDelivery",
        _S.AVAILABLE_FOR_PICKUP: "AvailableForPickup_001 AvailableForPickup",
        # Exceptions here: delivery failed, moved, refused, wrong address, not fetched, rejected.
        _S.DELIVERY_FAILED: (
            "AttemptFail_001 AttemptFail_002 AttemptFail_003 Exception_001 Exception_002 Exception_003"
            " Exception_007 Exception_008 Exception_009 AttemptFail"
        ),
        _S.DELIVERED: "Delivered_001 Delivered_002 Delivered_003 Delivered_004 Delivered_005 Delivered",
        _S.RETURNING: "Exception_010",
        _S.RETURNED: "Exception_011",
        # Damaged, lost, cancelled, disposed of.
        _S.EXCEPTION: "Exception_012 Exception_013 Exception_020 Exception_021 Exception",
        _S.EXPIRED: "Expired_001 Expired",
    }.items()
    for code in codes.split()
}

#: By `meta.code`; of a code with five digits, the first three.
ERRORS: Mapping[int, tuple[type[LookError], str]] = {
    400: (Refused, "it does not accept the request"),
    4005: (Refused, "the number is not valid"),
    4010: (Refused, "the slug is no courier's"),
    4011: (Refused, "the courier wants more than the number"),
    4012: (
        Refused,
        "the courier cannot be told from the number, or is not one of the account's; slug can name it",
    ),
    4017: (Refused, "the number is not valid"),
    401: (Unauthorized, "the api_key is not valid"),
    402: (QuotaExceeded, "the plan's shipments are used up"),
    403: (Unauthorized, "the account may not do this"),
    404: (Refused, "there is nothing at this address"),
    429: (RateLimited, "it was asked too often"),
}
ALREADY_ADDED, NOT_ADDED = 4003, 4004

_ON_ITS_WAY = frozenset({_S.IN_TRANSIT, _S.IN_CUSTOMS, _S.OUT_FOR_DELIVERY})


#: What may stand where an object is expected, and says nothing.
_NoObject = str | float | bool | list[object] | None


class _Checkpoint(msgspec.Struct, frozen=True, gc=False):
    checkpoint_time: str | None = None
    message: str | None = None
    tag: str | None = None
    subtag: str | None = None
    raw_tag: str | None = None
    location: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | int | None = None
    postal_code: str | int | None = None
    country_region: str | None = None
    country_iso3: str | None = None
    country_name: str | None = None


class _Estimate(msgspec.Struct, frozen=True, gc=False):
    day: str | None = msgspec.field(default=None, name="estimated_delivery_date")
    earliest: str | None = msgspec.field(default=None, name="estimated_delivery_date_min")
    latest: str | None = msgspec.field(default=None, name="estimated_delivery_date_max")


class _Latest(msgspec.Struct, frozen=True, gc=False):
    """The estimate that came last, whoever made it."""

    day: str | None = msgspec.field(default=None, name="datetime")
    earliest: str | None = msgspec.field(default=None, name="datetime_min")
    latest: str | None = msgspec.field(default=None, name="datetime_max")


class _Leg(msgspec.Struct, frozen=True, gc=False):
    tracking_number: str | int | None = None


class _Named(msgspec.Struct, frozen=True, gc=False):
    tracking_number: str | int | None = None
    id: str | None = None


class _Parcel(_Named, frozen=True, gc=False):
    """A tracking as any version of the API tells it: 4, of 2013, and those named by their month."""

    tag: str | None = None
    subtag: str | None = None
    checkpoints: list[_Checkpoint] | None = None
    checkpoint: _Checkpoint | None = None
    courier_estimated_delivery_date: _Estimate | _NoObject = None
    custom_estimated_delivery_date: _Estimate | _NoObject = None
    aftership_estimated_delivery_date: _Estimate | _NoObject = None
    latest_estimated_delivery: _Latest | _NoObject = None
    expected_delivery: object = None
    shipment_delivery_date: str | None = None
    first_mile: _Leg | _NoObject = None
    last_mile: _Leg | _NoObject = None
    next_couriers: list[_Leg] | str | None = None

    @property
    def scans(self) -> Sequence[_Checkpoint]:
        return self.checkpoints or ([self.checkpoint] if self.checkpoint else [])


class _Content(msgspec.Struct, frozen=True, gc=False):
    trackings: list[msgspec.Raw] | None = None
    tracking: msgspec.Raw = msgspec.Raw(b"null")
    tracking_number: str | int | None = None


class _Meta(msgspec.Struct, frozen=True, gc=False):
    code: int


class _Envelope(msgspec.Struct, frozen=True, gc=False):
    meta: _Meta | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")

    @property
    def code(self) -> int:
        if self.meta is None and bytes(self.data) == b"{}":
            raise ParseError("is missing", field="meta.code")
        return self.meta.code if self.meta else 200


class _Answer(NamedTuple):
    trackings: list[Tracking]
    failures: list[LookError]
    #: Every number that is told, as `plain_number` writes it, also of what could not be read.
    told: set[str]


class AfterShip(Source):
    """AfterShip (https://www.aftership.com/tracking), which reads most carriers of the world for you.

    Numbers are added on the first look, one of the plan's shipments each.
    """

    #: As many as can be added, and asked about by their ids, in one exchange.
    batch_size: ClassVar[int] = 20
    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    api_key: SecretStr = Field(
        description="the account's API key, from https://admin.aftership.com/settings/api-keys",
        json_schema_extra={"example": {"credential": "aftership"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.aftership.com/tracking",
        description="what stands before the version in the API's addresses",
    )
    api_version: str = Field(
        default="2026-07",
        pattern=r"^20(2[5-9]|[3-9]\d)-(01|04|07|10)$",
        description="the API's version, 2025-01 or later",
    )
    slug: str | None = Field(
        default=None,
        description="AfterShip's name of the courier, for numbers that are added; default: it finds out itself",
        json_schema_extra={"example": "cainiao"},
    )
    requests_per_second: float = Field(
        default=5.0, gt=0, description="requests a second, at the most; AfterShip allows 5 to 20"
    )

    def exact_meaning(self, code: str) -> ShipmentStatus | None:
        """Cainiao's and the posts' codes, which AfterShip passes on. But not Cainiao's plain words
        ("EXCEPTION"): other carriers have the same, and mean something else."""
        return carrier_code(code) if "_" in code or len(code) == len("EMI") else None

    def request(self, numbers: Sequence[str]) -> Request:
        asked = ",".join(quote(number, safe="") for number in numbers)
        return self._get(f"trackings?tracking_numbers={asked}")

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        trackings, failures, told = self._answer(payload)
        if not trackings and not told and not failures:
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in payload.numbers]
        # A number may be there for several couriers: what moved last is the parcel that is meant.
        return what_was_learned(sorted(trackings, key=_newest, reverse=True), failures)

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
        return what_was_learned(sorted(trackings, key=_newest, reverse=True), failures)

    def _add(self, number: str) -> Generator[Request, Payload, Iterable[Tracking]]:
        content = {"tracking_number": number, **({"slug": self.slug} if self.slug else {})}
        payload = yield Request.json(self._address("trackings"), content, headers=self._key)
        envelope = read_json(payload, _Envelope)
        if envelope.code == ALREADY_ADDED:
            # The list forgets what was added more than 120 days ago.
            for where, raw in _parcels(envelope.data):
                if known := read_part(raw, _Named, where).id:
                    payload = yield self._get(f"trackings/{quote(known, safe='')}")
        return self.parse(Payload(payload.body, payload.status, (number,)))

    def _get(self, what: str) -> Request:
        return Request(self._address(what), headers=self._key)

    def _address(self, what: str) -> str:
        return f"{self.base_url}/{self.api_version}/{what}"

    @property
    def _key(self) -> tuple[tuple[str, str], ...]:
        return (("as-api-key", reveal(self.api_key)),)

    def _answer(self, payload: Payload) -> _Answer:
        answer = _Answer([], [], set())
        for where, raw in _told(payload):
            try:
                number = _number(read_part(raw, _Named, where), payload)
                answer.told.add(plain_number(number))
                answer.trackings.append(self._tracking(number, read_part(raw, _Parcel, where)))
            except ParseError as error:
                answer.failures.append(error)
        return answer

    def _tracking(self, number: str, parcel: _Parcel) -> Tracking:
        word = parcel.subtag or parcel.tag or ""
        at = time_if_told(parcel.shipment_delivery_date)
        # Where no zone is told it should be the recipient's, but UTC has been seen: so it is not known.
        delivery = Delivery(*at) if at else None
        tracking = self.tracking(
            number,
            map(self._scan, parcel.scans),
            word,
            aliases=_aliases(parcel),
            edd=_estimate(parcel),
            delivery=delivery,
        )
        # Not every checkpoint is told: a day of delivery that is later than all of them counts.
        delivered = self.rough_meaning(word) is _S.DELIVERED and tracking.status in _ON_ITS_WAY
        if at and delivered and all(it.at < at[0] for it in tracking.events):
            return replace(tracking, status=_S.DELIVERED, delivery=delivery)
        return tracking

    def _scan(self, it: _Checkpoint) -> TrackingEvent | UndatedEvent:
        at = time_if_told(it.checkpoint_time)
        # A sub-status that is new says nothing: its tag alone would make a hold an exception.
        return self.scan(at, it.message, it.raw_tag, it.subtag or it.tag, place=_place(it))


SOURCE = AfterShip


def _told(payload: Payload) -> Iterable[tuple[str, msgspec.Raw]]:
    """The trackings in an envelope, of any version. Raises the error that it tells instead, whatever
    the HTTP status was."""
    envelope = read_json(payload, _Envelope)
    code = envelope.code
    if 200 <= code < 300:
        return _parcels(envelope.data)
    if code in (ALREADY_ADDED, NOT_ADDED):
        return ()
    kind, words = ERRORS.get(code) or ERRORS.get(_kind_of(code)) or (Unreachable, "it has a fault of its own")
    raise kind(f"AfterShip: {words} (code {code})")


def _kind_of(code: int) -> int:
    return code // 100 if code >= 10_000 else 400 if code >= 4000 else 0


def _parcels(data: msgspec.Raw) -> Iterable[tuple[str, msgspec.Raw]]:
    """Each tracking in `data`, and where it stands."""
    if bytes(data) in (b"[]", b"null"):
        return ()
    content = read_part(data, _Content, "data")
    if content.trackings is not None:
        return [(f"data.trackings[{index}]", raw) for index, raw in enumerate(content.trackings)]
    if bytes(content.tracking) not in (b"{}", b"null"):
        return [("data.tracking", content.tracking)]
    return [("data", data)] if content.tracking_number else ()


def _newest(tracking: Tracking) -> float:
    return tracking.events[-1].at.timestamp() if tracking.events else 0.0


def _aliases(parcel: _Parcel) -> Iterable[str]:
    """The numbers that the parcel had and has on its way, and those that scans name."""
    legs = (parcel.first_mile, parcel.last_mile, *(parcel.next_couriers or ()))
    told = [str(leg.tracking_number) for leg in legs if isinstance(leg, _Leg) and leg.tracking_number]
    return (*told, *(number for scan in parcel.scans for number in numbers_in(scan.message or "")))


def _estimate(parcel: _Parcel) -> EstimatedDelivery | None:
    """The courier's estimate, else the shop's, else what AfterShip works out itself."""
    told = (
        ("carrier", parcel.courier_estimated_delivery_date),
        ("carrier", parcel.expected_delivery),
        ("custom", parcel.custom_estimated_delivery_date),
        ("AfterShip", parcel.aftership_estimated_delivery_date),
        ("AfterShip", parcel.latest_estimated_delivery),
    )
    either = ((source, _Estimate(it) if isinstance(it, str) else it) for source, it in told)
    found = (
        estimate_from(day_if_told(it.earliest), day_if_told(it.latest) or day_if_told(it.day), source)
        for source, it in either
        if isinstance(it, _Estimate | _Latest)
    )
    return next((estimate for estimate in found if estimate), None)


def _place(it: _Checkpoint) -> Place | None:
    country = it.country_region or it.country_iso3 or it.country_name
    postal_code = str(it.zip or it.postal_code or "")
    told = place_from(it.city or _city(it), postal_code, it.state, country)
    # A location that was split up already says no more than its parts.
    return told or place_from(it.location)


def _city(it: _Checkpoint) -> str | None:
    """What stands before the country in `Lyon, France`."""
    city, comma, country = (it.location or "").rpartition(", ")
    return city if comma and country == it.country_name else None


def _number(told: _Named, payload: Payload) -> str:
    """The parcel's number; where it is not told, the one that was asked."""
    return str(told.tracking_number or (payload.numbers[0] if len(payload.numbers) == 1 else ""))
