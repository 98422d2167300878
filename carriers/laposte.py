"""La Poste's "Suivi" API, version 2: letters and Colissimo, and Chronopost's parcels too.

https://developer.laposte.fr/products/suivi/latest
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

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
    Refused,
    Request,
    ShipmentStatus,
    Source,
    ToldTime,
    Tracking,
    Unauthorized,
    Unreachable,
    day_if_told,
    estimate_from,
    read_json,
    read_part,
    reveal,
    time_if_told,
    what_was_learned,
)

CODES: Mapping[str, ShipmentStatus] = {
    "DR1": ShipmentStatus.INFO_RECEIVED,
    "PC1": ShipmentStatus.IN_TRANSIT,
    "PC2": ShipmentStatus.IN_TRANSIT,
    "ET1": ShipmentStatus.IN_TRANSIT,
    "ET2": ShipmentStatus.IN_TRANSIT,
    "ET3": ShipmentStatus.IN_TRANSIT,
    "ET4": ShipmentStatus.IN_TRANSIT,
    "EP1": ShipmentStatus.IN_TRANSIT,
    "DO1": ShipmentStatus.IN_CUSTOMS,
    "DO2": ShipmentStatus.IN_TRANSIT,
    "DO3": ShipmentStatus.CUSTOMS_HOLD,
    "PB2": ShipmentStatus.IN_TRANSIT,
    "MD2": ShipmentStatus.OUT_FOR_DELIVERY,
    "ND1": ShipmentStatus.DELIVERY_FAILED,
    "AG1": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "RE1": ShipmentStatus.RETURNING,
    "DI0": ShipmentStatus.DELIVERED,
    "DI1": ShipmentStatus.DELIVERED,
    # Delivered to the sender.
    "DI2": ShipmentStatus.RETURNED,
}
#: Codes that say little: a problem while it is prepared or on its way, a delay, news from customs.
ROUGH_CODES: Mapping[str, ShipmentStatus] = {
    "DR2": ShipmentStatus.INFO_RECEIVED,
    "PB1": ShipmentStatus.EXCEPTION,
    "DI3": ShipmentStatus.IN_TRANSIT,
    "ID0": ShipmentStatus.IN_CUSTOMS,
}

#: `returnCode` is an HTTP status, told of one number, or an older code that stands for 404. 207: the number
#: is known, but not all about it.
FOUND, NOT_FOUND = frozenset({200, 207}), frozenset({404, 101, 104, 105, 109})
FAILURES: Mapping[int, tuple[type[FetchError], str]] = {
    400: (Refused, "it takes this for no tracking number"),
    401: (Unauthorized, "the api_key is not valid, or was used too often"),
    403: (Unauthorized, "the api_key may not do this"),
    429: (RateLimited, "it was asked too often"),
}
#: What the gateway in front of the API says instead.
_GATEWAY = {"RESOURCE_NOT_FOUND": 404, "UNAUTHORIZED": 401, "FORBIDDEN": 403}
_ENDS = frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.RETURNED})


class _Event(msgspec.Struct, frozen=True, gc=False):
    code: str | None = None
    label: str | None = None
    date: str | None = None


class _Shipment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    id_ship: str | None = None
    is_final: bool | None = None
    delivery_date: str | None = None
    estim_date: str | None = None
    event: list[_Event] | None = None


class _Answer(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """About one number; or, with `code`, the gateway's refusal."""

    id_ship: str | None = None
    return_code: int | str | None = None
    shipment: _Shipment | None = None
    code: int | str | None = None


class LaPoste(Source):
    """La Poste (https://www.laposte.fr), the French post: letters, Colissimo, Chronopost."""

    batch_size: ClassVar[int] = 10
    reads_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})
    carriers: ClassVar[frozenset[str]] = frozenset({"laposte"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = CODES
    categories: ClassVar[Mapping[str, ShipmentStatus]] = ROUGH_CODES

    api_key: SecretStr = Field(
        description='the key of an application with the product "Suivi" at https://developer.laposte.fr',
        json_schema_extra={"example": {"credential": "laposte"}},
    )
    base_url: BaseAddress = Field(
        default="https://api.laposte.fr", description="what stands before /suivi/v2 in the API's addresses"
    )
    requests_per_second: float = Field(
        default=1.0, gt=0, description="requests a second, at the most; one takes up to 10 numbers"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        asked = ",".join(quote(number, safe="") for number in numbers)
        headers = (("accept", "application/json"), ("x-okapi-key", reveal(self.api_key)))
        return Request(f"{self.base_url}/suivi/v2/idships/{asked}?lang=fr_FR", headers=headers)

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        answers = _answers(payload)
        if not answers:
            return _unknown(payload.numbers)
        trackings: list[Tracking] = []
        failures: list[LookError] = []
        for index, raw in enumerate(answers):
            try:
                trackings.extend(self._trackings(read_part(raw, _Answer, f"[{index}]"), payload))
            except LookError as error:
                failures.append(error)
        return what_was_learned(trackings, failures)

    def _trackings(self, answer: _Answer, payload: Payload) -> Sequence[Tracking]:
        """What is told of one number; of all that were asked, where the answer is the gateway's."""
        numbers = (answer.id_ship,) if answer.id_ship else payload.numbers
        if answer.shipment is not None:
            return [self._tracking(answer.shipment, numbers[0] if len(numbers) == 1 else "")]
        code = _return_code(answer, payload.status)
        if code in NOT_FOUND:
            return _unknown(numbers)
        if code in FOUND:
            raise ParseError("is missing", field="shipment")
        kind, words = FAILURES.get(code, (Unreachable, "it has a fault of its own"))
        about = f" about {', '.join(numbers)}" if numbers else ""
        raise kind(f"La Poste{about}: {words} (code {code})")

    def _tracking(self, shipment: _Shipment, number: str) -> Tracking:
        scans = [self.scan(_time(it.date), it.label, it.code) for it in shipment.event or ()]
        day = _time(shipment.delivery_date)
        ended = shipment.is_final or any(scan.status in _ENDS for scan in scans)
        return self.tracking(
            shipment.id_ship or number,
            scans,
            edd=None if ended else _estimate(shipment),
            delivery=Delivery(*day) if day and shipment.is_final else None,
        )


SOURCE = LaPoste


def _time(told: str | None) -> ToldTime | None:
    return time_if_told(told, patterns=("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"))


def _estimate(shipment: _Shipment) -> EstimatedDelivery | None:
    """Before the delivery, its day is an appointment; most parcels have an estimate instead."""
    return estimate_from(None, day_if_told(shipment.delivery_date) or day_if_told(shipment.estim_date))


def _answers(payload: Payload) -> Sequence[msgspec.Raw]:
    """Several numbers are answered in a list, one without it."""
    if payload.body.lstrip().startswith(b"["):
        return read_json(payload, list[msgspec.Raw])
    read_json(payload, dict[str, msgspec.Raw])
    return [msgspec.Raw(payload.body)]


def _unknown(numbers: Iterable[str]) -> list[Tracking]:
    return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in numbers]


def _return_code(answer: _Answer, status: int) -> int:
    """The answer's own code; 0 for one that is none."""
    told = status if answer.return_code is None else answer.return_code
    if answer.return_code is None and answer.code is not None:
        told = _GATEWAY.get(str(answer.code), answer.code)
    return int(told) if str(told).isdecimal() and len(str(told)) < 5 else 0
