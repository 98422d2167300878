"""InPost: its public tracking in Poland (ShipX) and between its countries. No key.

https://api-shipx-pl.easypack24.net/v1/statuses tells what ShipX' statuses mean (in Polish),
https://developers.inpost-group.com/tracking-events what the codes of the international one do.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal
from urllib.parse import quote

import msgspec
from pydantic import Field

from monitor.carrier import (
    BaseAddress,
    Delivery,
    FetchError,
    LookError,
    ParseError,
    Payload,
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
    place_from,
    read_json,
    read_part,
    time_if_told,
    what_was_learned,
)

_S = ShipmentStatus

#: ShipX' and the app's statuses by what InPost says of them, not by their names: `avizo` and
#: `undelivered_lack_of_access_letterbox` are on the way back, `stack_…_expired` on to the chosen locker, and
#: the `return_pickup_confirmation_to_sender` is of a parcel that was handed over.
STATUSES: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "created offers_prepared offer_selected confirmed",
        _S.IN_TRANSIT: (
            "dispatched_by_sender dispatched_by_sender_to_pok collected_from_sender taken_by_courier"
            " taken_by_courier_from_pok adopted_at_source_branch sent_from_source_branch"
            " adopted_at_sorting_center sent_from_sorting_center adopted_at_target_branch redirect_to_box"
            " canceled_redirect_to_box permanently_redirected_to_box_machine"
            " permanently_redirected_to_customer_service_point readdressed delay_in_delivery"
            " stack_parcel_pickup_time_expired stack_parcel_in_box_machine_pickup_time_expired"
            " unstack_from_customer_service_point unstack_from_box_machine"
        ),
        _S.OUT_FOR_DELIVERY: "out_for_delivery out_for_delivery_to_address",
        _S.AVAILABLE_FOR_PICKUP: (
            "ready_to_pickup ready_for_collection ready_to_pickup_from_branch ready_to_pickup_from_pok"
            " ready_to_pickup_from_pok_registered pickup_reminder_sent stack_in_box_machine"
            " stack_in_customer_service_point courier_avizo_in_customer_service_point"
        ),
        _S.DELIVERY_FAILED: (
            "pickup_reminder_sent_address delivery_attempt_failed rejected_by_receiver"
            " undelivered_wrong_address undelivered_incomplete_address undelivered_unknown_receiver"
            " undelivered_cod_cash_receiver undelivered_no_mailbox undelivered_not_live_address"
        ),
        _S.DELIVERED: "delivered collected_by_customer return_pickup_confirmation_to_sender",
        _S.RETURNING: (
            "returned_to_sender avizo undelivered_lack_of_access_letterbox pickup_time_expired not_collected"
            " taken_by_courier_from_customer_service_point"
        ),
        # A complaint was made, it does not fit into the locker, nobody can deliver it, or nobody sent it.
        _S.EXCEPTION: "claimed oversized undelivered canceled cancelled",
    }.items()
    for code in codes.split()
}

#: The events of InPost's international API.
EVENTS: Mapping[str, ShipmentStatus] = {
    code: status
    for status, codes in {
        _S.INFO_RECEIVED: "CRE.1001 CRE.1002 FMD.1001 FUL.1001 FUL.1002",
        _S.IN_TRANSIT: (
            "FUL.1003 HAN.1001 INF.9001 FMD.1002 FMD.1003 FMD.1004 FMD.1005 MMD.1001 MMD.1002 MMD.1003 MMD.1004"
            " LMD.1001 LMD.1002 LMD.3002 LMD.3003 LMD.3004 LMD.3005 LMD.3006 LMD.3008 LMD.3009 LMD.3010"
            " LMD.3011 LMD.3012 LMD.3013 LMD.3014 LMD.3015 LMD.3016 LMD.3017 CC.002"
        ),
        _S.IN_CUSTOMS: "CC.001",
        _S.CUSTOMS_HOLD: "CC.003",
        _S.AVAILABLE_FOR_PICKUP: "LMD.1003 LMD.1004 LMD.1005 LMD.3007 LMD.9001 LMD.9012 LMD.9013",
        _S.DELIVERY_FAILED: ("LMD.9004 LMD.9006 LMD.9007 LMD.9008 LMD.9009 LMD.9010 LMD.9011"),
        _S.DELIVERED: "EOL.1001 EOL.1002 EOL.1003 EOL.1004 EOL.1005",
        _S.RETURNING: "LMD.9002 LMD.9014 RTS.1001",
        _S.RETURNED: "RTS.1002",
        _S.EXCEPTION: "LMD.9003 LMD.9005 EOL.9001 EOL.9002 EOL.9003 EOL.9004",
    }.items()
    for code in codes.split()
}

#: The app's groups of statuses, and statuses that InPost does not explain.
CATEGORIES: Mapping[str, ShipmentStatus] = {
    "TO_SEND": _S.INFO_RECEIVED,
    "IN_DELIVERY": _S.IN_TRANSIT,
    "READY": _S.AVAILABLE_FOR_PICKUP,
    "TO_PICKUP": _S.AVAILABLE_FOR_PICKUP,
    "missing": _S.EXCEPTION,
    "avizo_rejected": _S.EXCEPTION,
}

NETWORKS = {"poland": "https://api-shipx-pl.easypack24.net", "international": "https://inposteasy.com"}


class _Location(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None


class _Event(msgspec.Struct, frozen=True, gc=False):
    """Of all: `status` and `datetime` are the public APIs', `name` and `date` the app's, the rest the
    merchants'."""

    status: str | None = None
    title: str | None = msgspec.field(default=None, name="statusTitle")
    datetime: str | None = None
    name: str | None = None
    date: str | None = None
    code: str | None = msgspec.field(default=None, name="eventCode")
    timestamp: str | None = msgspec.field(default=None, name="eventTimestamp")
    location: _Location | None = None


class _Public(msgspec.Struct, frozen=True, gc=False):
    """ShipX'."""

    number: str | None = msgspec.field(default=None, name="tracking_number")
    status: str | int | None = None
    error: str | None = None
    events: list[_Event] | None = msgspec.field(default=None, name="tracking_details")


class _International(msgspec.Struct, frozen=True, gc=False):
    number: str | None = msgspec.field(default=None, name="trackingNumber")
    status: str | int | None = None
    events: list[_Event] | None = msgspec.field(default=None, name="trackingDetails")


class _Listed(msgspec.Struct, frozen=True, gc=False):
    """A parcel of a list: the app's, or with `trackingNumber` and `events` the merchants'."""

    number: str | None = msgspec.field(default=None, name="shipmentNumber")
    merchants_number: str | None = msgspec.field(default=None, name="trackingNumber")
    status: str | None = None
    group: str | None = msgspec.field(default=None, name="statusGroup")
    waits_until: object = msgspec.field(default=None, name="expiryDate")
    picked_up: object = msgspec.field(default=None, name="pickUpDate")
    log: list[_Event] | None = msgspec.field(default=None, name="eventLog")
    events: list[_Event] | None = None


class _List(msgspec.Struct, frozen=True, gc=False):
    parcels: list[msgspec.Raw]


class InPost(Source):
    """InPost (https://inpost.pl), the parcel lockers, by its public tracking: no key."""

    reads_statuses: ClassVar[frozenset[int]] = frozenset({404})
    carriers: ClassVar[frozenset[str]] = frozenset({"inpost"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = {**STATUSES, **EVENTS}
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    network: Literal["poland", "international"] = Field(
        default="poland",
        description="which tracking is asked: the Polish one; or the one for parcels between InPost's"
        " countries and within Italy, Portugal and the United Kingdom",
    )
    base_url: BaseAddress | None = Field(
        default=None,
        description="what stands before /v1/tracking (poland) or /api/tracking (international); default:"
        " InPost's own server",
        json_schema_extra={"example": NETWORKS["poland"]},
    )
    requests_per_second: float = Field(default=0.5, gt=0, description="requests a second, at the most")
    min_interval_minutes: int = Field(
        default=60, ge=0, description="minutes between two looks at one parcel, at the least"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        (number,) = numbers
        path = "v1/tracking" if self.network == "poland" else "api/tracking"
        server = self.base_url or NETWORKS[self.network]
        return Request(f"{server}/{path}/{quote(number, safe='')}", headers=(("accept", "application/json"),))

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        told = read_json(payload, dict[str, msgspec.Raw]).keys()
        if "parcels" in told:
            return self._of_list(read_json(payload, _List).parcels)
        if told & {"trackingNumber", "trackingDetails"}:
            answer: _Public | _International = read_json(payload, _International)
        else:
            answer = read_json(payload, _Public)
        if answer.events is None and (payload.status == 404 or answer.status == 404):
            return [Tracking(number, _S.NOT_FOUND) for number in payload.numbers]
        if isinstance(answer.status, int) or (answer.events is None and answer.status is None):
            raise _failure(answer)
        number = answer.number or next(iter(payload.numbers), "")
        return [self.tracking(number, map(self._scan, answer.events or ()), answer.status)]

    def exact_meaning(self, code: str) -> ShipmentStatus | None:
        # The app writes statuses small, and the same of events in capitals.
        return self.scan_codes.get(code) or self.scan_codes.get(code.lower())

    def _scan(self, it: _Event) -> TrackingEvent | UndatedEvent:
        code = it.code or it.status or it.name or ""
        text = it.title or (code if "." in code else code.replace("_", " ").lower())
        where = it.location or _Location()
        place = place_from(where.city, where.postal_code, country=where.country)
        return self.scan(time_if_told(it.timestamp or it.datetime or it.date), text, code, place=place)

    def _of_list(self, parcels: Iterable[msgspec.Raw]) -> Iterable[Tracking]:
        trackings: list[Tracking] = []
        failures: list[LookError] = []
        for index, raw in enumerate(parcels):
            try:
                trackings.append(self._listed(read_part(raw, _Listed, f"parcels[{index}]")))
            except ParseError as error:
                failures.append(error)
        return what_was_learned(trackings, failures)

    def _listed(self, it: _Listed) -> Tracking:
        handed_over, waits_until = _time(it.picked_up), _time(it.waits_until)
        return self.tracking(
            it.number or it.merchants_number or "",
            map(self._scan, it.log or it.events or ()),
            it.status,
            it.group,
            delivery=Delivery(*handed_over) if handed_over else None,
            pickup_until=waits_until[0] if waits_until else None,
        )


SOURCE = InPost


def _time(told: object) -> ToldTime | None:
    return time_if_told(told) if isinstance(told, str) else None


def _failure(answer: _Public | _International) -> FetchError | ParseError:
    """The error that an answer without a parcel is: ShipX repeats the HTTP status in it."""
    told = answer.error if isinstance(answer, _Public) else None
    code = f"code {told or answer.status or 'none'}"
    match answer.status:
        case 401 | 403:
            return Unauthorized(f"InPost does not let this address in ({code})")
        case 429:
            return RateLimited(f"InPost was asked too often ({code})")
        case int() as status if 400 <= status < 500:
            return Refused(f"InPost does not accept this request ({code})")
        case int():
            return Unreachable(f"InPost has a fault of its own ({code})")
        case _:
            return ParseError("is missing", field="tracking_details")
