"""GLS: its public tracking page, the Dutch one, and the Track And Trace API of its business customers.

https://gls-group.com/GROUP/en/parcel-tracking needs no key, and has no documentation;
https://dev-portal.gls-group.net documents the API.
"""

import html
import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Literal, Self
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import msgspec
from pydantic import Field, SecretStr, model_validator

from monitor.carrier import (
    BaseAddress,
    ClientCredentials,
    Delivery,
    LookError,
    ParseError,
    Payload,
    Refused,
    Request,
    ShipmentStatus,
    Source,
    ToldTime,
    Tracking,
    TrackingEvent,
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

_S = ShipmentStatus

#: Events: the business API's codes, the page's numbers for the same, and the Dutch page's states.
SCAN_CODES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "INTIAL.PREADVICE INTIAL.E48_DATA 0.100 0",
        _S.IN_TRANSIT: "INTIAL.NORMAL INBOUD.NORMAL OUTBOD.NORMAL 0.0 1.0 2.0 1 2",
        _S.OUT_FOR_DELIVERY: "OUTDEL.NORMAL 11.0 3",
        # Delivered to a ParcelShop or a locker is not delivered to anybody.
        _S.AVAILABLE_FOR_PICKUP: "DELIVD.PARCELSHOP 3.896 4.PARCELSHOP",
        _S.DELIVERED: "DELIVD.NORMAL DELIVD.DEL_BY_PSAPP 3.0 4",
        _S.EXCEPTION: "CANCEL.NORMAL 43.0",
    }.items()
    for code in codes.split()
}

#: What the whole parcel is, in the page's and the business API's words.
CATEGORIES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.NOT_FOUND: "NORECORD",
        _S.INFO_RECEIVED: "PLANNEDPICKUP PREADVICE PROCESSING",
        _S.IN_TRANSIT: "INPICKUP INTRANSIT INWAREHOUSE MULTIPACK",
        _S.OUT_FOR_DELIVERY: "INDELIVERY",
        _S.AVAILABLE_FOR_PICKUP: "DELIVEREDPS",
        _S.DELIVERY_FAILED: "NOTDELIVERED",
        _S.DELIVERED: "DELIVERED",
        _S.RETURNING: "RETURN RETURNED",
        _S.RETURNED: "RETURN.DELIVERED",
        # Whether nobody picked it up from the sender or from a ParcelShop, is not told.
        _S.EXCEPTION: "NOTPICKEDUP CANCELED CANCELLED UNAVAILABLE",
        # It has ended, in whatever way.
        _S.UNKNOWN: "FINAL",
    }.items()
    for code in codes.split()
}

#: Words of a parcel whose `arrivalTime` is past.
ARRIVED = frozenset({"DELIVERED", "DELIVEREDPS", "RETURN.DELIVERED"})

SERVICES = {
    "page": "https://gls-group.com",
    "dutch_page": "https://apm.gls.nl",
    "business": "https://api.gls-group.net",
}
#: `lastError` and `errorCode` of a number that is unknown, forgotten or none; and of a wrong postal code.
UNKNOWN_NUMBER = frozenset({"E000", "E206", "E800", "E998", "E_404_01"})
WRONG_POSTAL_CODE = "E609"
#: The Dutch page's last state.
DELIVERED = 4

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_DAY = re.compile(r"\b\d{1,2}(?:-[A-Za-z]{3}-|\.\d{1,2}\.)\d{4}\b|\b\d{4}-\d\d-\d\d\b")
_DAYS = ("%d-%b-%Y", "%d.%m.%Y")


#: What may stand where an object is expected, and says nothing.
_NoObject = str | float | bool | list[object] | None


class _Address(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    city: str | None = None
    country_code: str | None = None
    country_name: str | None = None


class _PageEvent(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    date: str | None = None
    time: str | None = None
    evt_no: str | float | None = None
    evt_dscr: str | None = None
    address: _Address | _NoObject = None


class _Progress(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    status_info: str | None = None
    retour_flag: bool | str | None = None


class _Reference(msgspec.Struct, frozen=True, gc=False):
    type: str | None = None
    value: str | int | None = None


class _Arrival(msgspec.Struct, frozen=True, gc=False):
    value: str | None = None


class _PageParcel(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tu_no: str | int | None = None
    references: list[_Reference] | None = None
    progress_bar: _Progress | None = None
    history: list[_PageEvent] | None = None
    arrival_time: _Arrival | _NoObject = None
    estimated_delivery_date_time: str | None = None

    @property
    def status(self) -> str | None:
        told = self.progress_bar or _Progress()
        if told.retour_flag in (True, "true"):
            return "RETURN.DELIVERED" if told.status_info == "DELIVERED" else "RETURN"
        return told.status_info

    @property
    def number(self) -> str | None:
        """GLS' own number for it."""
        named = (it.value for it in self.references or () if it.type == "UNITNO")
        number = self.tu_no or next(named, None)
        return str(number) if number else None


class _DutchScan(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    date_time: str | None = None
    state: int | None = None
    event_reason_descr: str | None = None


class _Handover(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    is_delivered: bool | None = None
    date_time: str | None = None
    parcel_shop: object = None


class _Window(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    eta_timestamp_min: str | None = None
    eta_timestamp_max: str | None = None


class _DutchParcel(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    parcel_no: str | None = None
    state: int | None = None
    scans: list[_DutchScan] | None = None
    delivery_scan_info: _Handover | None = None
    delivery_status: _Window | None = None


class _Event(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    code: str | None = None
    city: str | None = None
    postal_code: str | int | None = None
    country: str | None = None
    description: str | None = None
    event_date_time: str | None = None


class _Parcel(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    requested: str | int | None = None
    unitno: str | int | None = None
    status: str | None = None
    status_date_time: str | None = None
    events: list[_Event] | None = None
    error_code: str | None = None


class _Page(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tu_status: list[_PageParcel] | None = None


class _Business(msgspec.Struct, frozen=True, gc=False):
    parcels: list[msgspec.Raw]


class _Failure(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    last_error: str | None = None


class Gls(Source):
    """GLS (https://gls-group.com), as its public page shows it: no key, but the recipient's postal code
    for more than the status. Or its API for business customers."""

    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})
    carriers: ClassVar[frozenset[str]] = frozenset({"gls"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = SCAN_CODES
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    service: Literal["page", "dutch_page", "business"] = Field(
        default="page",
        description="what is asked: the public page; the Dutch one, for parcels to an address in the"
        " Netherlands; or the API for business customers",
    )
    postal_code: SecretStr | None = Field(
        default=None,
        description="the recipient's postal code: without it the page tells the status only",
        json_schema_extra={"example": "28013"},
    )
    client_id: str | None = Field(
        default=None,
        description="the app's API key at https://dev-portal.gls-group.net, for the business API",
        json_schema_extra={"example": "your-client-id"},
    )
    client_secret: SecretStr | None = Field(
        default=None,
        description="the app's secret there",
        json_schema_extra={"example": {"credential": "gls"}},
    )
    base_url: BaseAddress | None = Field(
        default=None,
        description="the server; default: the service's own",
        json_schema_extra={"example": "https://gls-group.eu"},
    )
    requests_per_second: float = Field(default=0.2, gt=0, description="requests a second, at the most")
    requests_per_day: int | None = Field(default=200, gt=0, description="requests a day (UTC), at the most")
    min_interval_minutes: int = Field(
        default=180, ge=0, description="minutes between two looks at one parcel, at the least"
    )

    @model_validator(mode="after")
    def _has_what_the_service_needs(self) -> Self:
        if self.service == "dutch_page" and self.postal_code is None:
            raise ValueError("this service needs postal_code")
        if self.service == "business" and (self.client_id is None or self.client_secret is None):
            raise ValueError("this service needs client_id and client_secret")
        return self

    def request(self, numbers: Sequence[str]) -> Request:
        (number,) = (quote(number, safe="") for number in numbers)
        server = self.base_url or SERVICES[self.service]
        match self.service:
            case "page":
                return self._of_the_page("rstt029", match=numbers[0], type="")
            case "dutch_page":
                where = quote("".join(reveal(self.postal_code).split()), safe="")
                return Request(f"{server}/api/tracktrace/v1/{number}/postalcode/{where}/details/nl-NL")
            case "business":
                return Request(
                    f"{server}/track-and-trace-v1/tracking/simple/trackids/{number}?showEvents=true",
                    headers=(("accept-language", "EN"),),
                    credentials=ClientCredentials(
                        f"{server}/oauth2/v2/token",
                        self.client_id or "",
                        reveal(self.client_secret),
                        style="basic",
                    ),
                )

    def _of_the_page(self, path: str, **asked: str) -> Request:
        # `caller` is the page itself; `millis` keeps browsers from answering out of their memory.
        query = urlencode({**asked, "caller": "witt002", "millis": "0"})
        server = self.base_url or SERVICES[self.service]
        return Request(f"{server}/app/service/open/rest/GROUP/en/{path}?{query}")

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        """The page tells anybody the status, and its own number for the parcel; the scans only who
        knows the postal code."""
        told = list(self.parse((yield self.request(numbers))))
        known = [it for it in told if it.status is not _S.NOT_FOUND]
        if self.service != "page" or self.postal_code is None or not known:
            return told
        own = (*known[0].aliases, known[0].number)[0]
        details = yield self._of_the_page(
            f"rstt028/{quote(own, safe='')}", postalCode="".join(reveal(self.postal_code).split())
        )
        try:
            return [it for it in self.parse(details) if it.status is not _S.NOT_FOUND] or told
        except Refused:
            return told

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        if payload.status == 204:
            return _unknown(payload)
        told = read_json(payload, dict[str, msgspec.Raw]).keys()
        if "tuStatus" in told:
            parcels = read_json(payload, _Page).tu_status
            return [self._of_page(it, payload) for it in parcels or ()] or _unknown(payload)
        if told & {"progressBar", "history"}:
            return [self._of_page(read_json(payload, _PageParcel), payload)]
        if told & {"parcelNo", "scans"}:
            return [self._of_dutch_page(read_json(payload, _DutchParcel), payload)]
        if "parcels" in told:
            return self._of_business(read_json(payload, _Business).parcels, payload)
        return _failed(read_json(payload, _Failure).last_error, payload)

    def _of_page(self, it: _PageParcel, payload: Payload) -> Tracking:
        scans = [(event, _clock(event)) for event in it.history or ()]
        newest = max((at for _, at in scans if at), default=None)
        when = _arrival(it)
        arrived = it.status in ARRIVED
        day = day_if_told(it.estimated_delivery_date_time, patterns=_DAYS)
        return self.tracking(
            _number(it.number, payload),
            [self._page_scan(event, at, it.status if at and at == newest else None) for event, at in scans],
            it.status,
            aliases=[it.number] if it.number else [],
            edd=estimate_from(None, day or (when[0].date() if when and not arrived else None)),
            delivery=Delivery(*when) if when and arrived else None,
        )

    def _page_scan(
        self, it: _PageEvent, at: ToldTime | None, status: str | None
    ) -> TrackingEvent | UndatedEvent:
        """The page's word for the parcel is about its newest scan, and says more of one that goes back."""
        of_return = status is not None and status.startswith("RETURN")
        own = None if it.evt_no in (None, "") else str(it.evt_no)
        codes = (status,) if of_return else (own, status)
        where = it.address if isinstance(it.address, _Address) else _Address()
        place = place_from(where.city, country=where.country_code or where.country_name)
        scan = self.scan(at, html.unescape(it.evt_dscr or ""), *codes, place=place)
        # Kept, the word would make it another scan than it is once a newer one has come.
        return scan if scan.code == own or scan.status is _S.UNKNOWN else replace(scan, code=own)

    def _of_dutch_page(self, it: _DutchParcel, payload: Payload) -> Tracking:
        handover = it.delivery_scan_info or _Handover()
        delivered = handover.is_delivered or it.state == DELIVERED
        at = time_if_told(handover.date_time, _AMSTERDAM)
        window = it.delivery_status or _Window()
        return self.tracking(
            _number(it.parcel_no, payload),
            [
                self.scan(
                    time_if_told(scan.date_time, _AMSTERDAM), scan.event_reason_descr, _state(scan.state, it)
                )
                for scan in it.scans or ()
            ],
            _state(it.state, it),
            aliases=[it.parcel_no] if it.parcel_no else [],
            edd=estimate_from(day_if_told(window.eta_timestamp_min), day_if_told(window.eta_timestamp_max)),
            delivery=Delivery(*at) if at and delivered else None,
        )

    def _of_business(self, parcels: Sequence[msgspec.Raw], payload: Payload) -> Iterable[Tracking]:
        trackings: list[Tracking] = []
        failures: list[LookError] = []
        for index, raw in enumerate(parcels):
            try:
                parcel = read_part(raw, _Parcel, f"parcels[{index}]")
                trackings += self._parcel(parcel, payload)
            except LookError as error:
                failures.append(error)
        return what_was_learned(trackings, failures) or _unknown(payload)

    def _parcel(self, it: _Parcel, payload: Payload) -> Sequence[Tracking]:
        unit = str(it.unitno) if it.unitno else None
        number = str(it.requested or _number(unit, payload))
        if it.error_code in UNKNOWN_NUMBER:
            return [Tracking(number, _S.NOT_FOUND)]
        if it.error_code:
            raise Unreachable(
                f"GLS about {number or 'a number'}: it has a fault of its own ({it.error_code})"
            )
        at = time_if_told(it.status_date_time)
        scans = [
            self.scan(
                time_if_told(event.event_date_time),
                event.description,
                event.code,
                it.status if event.event_date_time == it.status_date_time else None,
                place=place_from(
                    event.city, event.postal_code and str(event.postal_code), country=event.country
                ),
            )
            for event in it.events or ()
        ]
        return [
            self.tracking(
                number,
                scans,
                it.status,
                aliases=[unit] if unit else [],
                delivery=Delivery(*at) if at and it.status == "DELIVERED" else None,
            )
        ]


SOURCE = Gls


def _unknown(payload: Payload) -> list[Tracking]:
    return [Tracking(number, _S.NOT_FOUND) for number in payload.numbers]


def _failed(code: str | None, payload: Payload) -> list[Tracking]:
    if code in UNKNOWN_NUMBER or (payload.status == 404 and code != WRONG_POSTAL_CODE):
        return _unknown(payload)
    if code == WRONG_POSTAL_CODE:
        raise Refused("GLS: the postal_code is not that of this parcel (E609)")
    if code or payload.status >= 400:
        raise Refused(f"GLS does not accept this request (code {code or 'none'})")
    raise ParseError("is missing", field="tuStatus")


def _number(told: str | None, payload: Payload) -> str:
    """The number that was asked, where `told` may be GLS' own for it: without the check digit that is
    printed behind it, or the digits for a Track ID; else `told`."""
    if len(payload.numbers) != 1:
        return told or ""
    (asked,) = payload.numbers
    plain = plain_number(asked)
    return asked if not told or plain.startswith(told) or not plain.isdigit() else told


def _clock(it: _PageEvent) -> ToldTime | None:
    """By whose clock is not told: an Irish scan in the business API has the offset of Central Europe."""
    day = day_if_told(it.date, patterns=_DAYS)
    if day is None:
        return None
    return time_if_told(f"{day}T{it.time}") or time_if_told(day.isoformat())


def _arrival(it: _PageParcel) -> ToldTime | None:
    """`19-Jun-2026 at 10:59 o`clock`, when it was or will be delivered; or the day alone, wherever it
    stands. None where several days are named."""
    told = (isinstance(it.arrival_time, _Arrival) and it.arrival_time.value) or ""
    whole = time_if_told(told, patterns=("%d-%b-%Y at %H:%M o`clock",))
    days = {at for day in _DAY.findall(told) if (at := time_if_told(day, patterns=_DAYS))}
    return whole or (days.pop() if len(days) == 1 else None)


def _state(state: int | None, parcel: _DutchParcel) -> str | None:
    """A state as a code. Delivered is not believed of a scan when the parcel itself is not, and at a
    ParcelShop it means something else."""
    handover = parcel.delivery_scan_info or _Handover()
    if state != DELIVERED:
        return None if state is None else str(state)
    if parcel.state not in (None, DELIVERED) and not handover.is_delivered:
        return None
    return "4.PARCELSHOP" if handover.parcel_shop else "4"
