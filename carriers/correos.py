"""Correos, the Spanish post: what its public tracking page (https://www.correos.es) reads, without a key.

No documented API. Its event codes are those that were seen in answers; Correos publishes no list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
from pydantic import Field

from monitor.carrier import (
    BaseAddress,
    ParseError,
    Payload,
    Request,
    ShipmentStatus,
    Source,
    Tracking,
    TrackingEvent,
    UndatedEvent,
    Unreachable,
    read_json,
    time_if_told,
)

CODES: Mapping[str, ShipmentStatus] = {
    "A090000V": ShipmentStatus.INFO_RECEIVED,
    "X010000V": ShipmentStatus.INFO_RECEIVED,
    "A010000V": ShipmentStatus.IN_TRANSIT,
    "P040000V": ShipmentStatus.IN_TRANSIT,
    "P090000V": ShipmentStatus.IN_TRANSIT,
    "P100000V": ShipmentStatus.IN_TRANSIT,
    "P101110V": ShipmentStatus.IN_TRANSIT,
    "P101120V": ShipmentStatus.IN_TRANSIT,
    "P110000V": ShipmentStatus.IN_TRANSIT,
    "G01L010V": ShipmentStatus.IN_TRANSIT,
    "H01I360V": ShipmentStatus.IN_TRANSIT,
    "X020000V": ShipmentStatus.IN_TRANSIT,
    "X040000V": ShipmentStatus.IN_TRANSIT,
    "X060000V": ShipmentStatus.IN_TRANSIT,
    "X070000V": ShipmentStatus.IN_TRANSIT,
    "X110100V": ShipmentStatus.IN_TRANSIT,
    "H020000V": ShipmentStatus.OUT_FOR_DELIVERY,
    "X080000V": ShipmentStatus.OUT_FOR_DELIVERY,
    "G01L020V": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "H01I350V": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "L010000V": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "X390000V": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "H010930R": ShipmentStatus.DELIVERY_FAILED,
    "H01R420V": ShipmentStatus.DELIVERY_FAILED,
    "H01R421V": ShipmentStatus.DELIVERY_FAILED,
    "M01E020R": ShipmentStatus.DELIVERY_FAILED,
    "X090060R": ShipmentStatus.DELIVERY_FAILED,
    "X090100R": ShipmentStatus.DELIVERY_FAILED,
    "X130000R": ShipmentStatus.DELIVERY_FAILED,
    "L03D045R": ShipmentStatus.RETURNING,
    "L03D320R": ShipmentStatus.RETURNING,
    "O140000V": ShipmentStatus.RETURNING,
    # Delivered to the sender.
    "I020000V": ShipmentStatus.RETURNED,
}
#: Codes that need the words beside them, as a delivery may be one to the sender; then the phases, which
#: say something of codes that are not known.
ROUGH_CODES: Mapping[str, ShipmentStatus] = {
    "I010000V": ShipmentStatus.DELIVERED,
    "I01H210V": ShipmentStatus.DELIVERED,
    "X120000V": ShipmentStatus.DELIVERED,
    "E000001V": ShipmentStatus.IN_CUSTOMS,
    "PRE-ADMISIÓN": ShipmentStatus.INFO_RECEIVED,
    "EN CAMINO": ShipmentStatus.IN_TRANSIT,
    "EN ENTREGA": ShipmentStatus.IN_TRANSIT,
    "ENTREGADO": ShipmentStatus.DELIVERED,
    "DEVOLUCION": ShipmentStatus.RETURNING,
}

#: Scans in the Canary Islands are told by the clock of Madrid too, one hour ahead of theirs.
_MADRID = ZoneInfo("Europe/Madrid")
_CLOCKS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


class _Event(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    cod_evento: str | None = None
    fec_evento: str | None = None
    hor_evento: str | None = None
    des_fase: str | None = None
    des_texto_resumen: str | None = None
    des_texto_ampliado: str | None = None

    @property
    def words(self) -> str:
        told = (self.des_texto_resumen, self.des_texto_ampliado)
        return " / ".join(dict.fromkeys(text for text in told if text))


class _Shipment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    cod_envio: str | None = None
    error: dict[str, object] | None = None
    eventos: list[_Event] | None = None


class Correos(Source):
    """Correos (https://www.correos.es), the Spanish post, as its public page shows it: no key."""

    carriers: ClassVar[frozenset[str]] = frozenset({"correos"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = CODES
    categories: ClassVar[Mapping[str, ShipmentStatus]] = ROUGH_CODES

    base_url: BaseAddress = Field(
        default="https://localizador.correos.es",
        description="what stands before /canonico/eventos_envio_servicio",
    )
    requests_per_second: float = Field(
        default=0.5, gt=0, description="requests a second, at the most; each asks about one number"
    )
    min_interval_minutes: int = Field(
        default=60, ge=0, description="minutes between two looks at one parcel, at the least"
    )

    def request(self, numbers: Sequence[str]) -> Request:
        return Request(
            f"{self.base_url}/canonico/eventos_envio_servicio/{quote(numbers[0], safe='')}"
            "?codAplicacion=60&codCanal=3&codIdioma=ES&indUltEvento=N"
        )

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        shipments = _shipments(payload)
        if not shipments:
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in payload.numbers]
        asked = payload.numbers[0] if len(payload.numbers) == len(shipments) == 1 else ""
        told = [it for it in shipments if it.cod_envio or it.eventos or asked]
        return [self._tracking(shipment, asked) for shipment in told]

    def _tracking(self, shipment: _Shipment, asked: str) -> Tracking:
        # Some answers hold an event of neither a code nor a word: it says nothing.
        told = [event for event in shipment.eventos or () if event.cod_evento or event.words]
        return self.tracking(shipment.cod_envio or asked, map(self._scan, told), newest_first=False)

    def _scan(self, event: _Event) -> TrackingEvent | UndatedEvent:
        at = time_if_told(f"{event.fec_evento or ''} {event.hor_evento or ''}".strip(), _MADRID, _CLOCKS)
        return self.scan(at, event.words, event.cod_evento, event.des_fase)


SOURCE = Correos


def _shipments(payload: Payload) -> Sequence[_Shipment]:
    """One in a list; some that tell an error stand without it. Any `codError` but 0 means that nothing is
    known, mostly 3, and then there are no events."""
    try:
        if payload.body.lstrip().startswith(b"["):
            shipments = read_json(payload, list[_Shipment])
        else:
            shipments = [read_json(payload, _Shipment)]
    except ParseError as error:
        if error.readable:
            raise
        raise Unreachable(f"Correos gave no answer that can be used: {error}") from None
    if any(it.error is None and it.eventos is None for it in shipments):
        raise ParseError("is missing", field="[0].error")
    return shipments
