"""Cainiao, AliExpress's own logistics: what its public tracking page (https://global.cainiao.com) reads.

No documented API, no key. Who asks it too often is shut out, with that address from all of AliExpress.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from typing import ClassVar
from urllib.parse import quote

import msgspec
from pydantic import Field, field_validator

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
    Unreachable,
    carrier_code,
    day_if_told,
    estimate_from,
    numbers_in,
    read_json,
    read_part,
    time_if_told,
    what_was_learned,
)

#: The shortest time between two looks at a parcel: it travels for weeks, and a ban costs much more.
SIX_HOURS = timedelta(hours=6)

#: The token for the whole parcel, then the groups that scans are filed under. All are rough:
#: `DELIVERING` stands beside parcels that have just left China, and both `…_CUSTOMS` groups hold what
#: has cleared them. Whose signature `AE_GROUP_SIGNED` is, a pickup point's or yours, it does not say.
CATEGORIES: Mapping[str, ShipmentStatus] = {
    "SELLER_PREPARING": ShipmentStatus.INFO_RECEIVED,
    "WAIT_ACCEPT": ShipmentStatus.INFO_RECEIVED,
    "ACCEPTED": ShipmentStatus.IN_TRANSIT,
    "TRANSITING": ShipmentStatus.IN_TRANSIT,
    "CLEAR_CUSTOMS": ShipmentStatus.IN_CUSTOMS,
    "DELIVERING": ShipmentStatus.IN_TRANSIT,
    "DELIVERED": ShipmentStatus.DELIVERED,
    "RETURN": ShipmentStatus.RETURNING,
    "AE_GROUP_SC_PROCESSING": ShipmentStatus.IN_TRANSIT,
    "AE_GROUP_LH_PROCESSING": ShipmentStatus.IN_TRANSIT,
    "AE_GROUP_LH_ARRIVE": ShipmentStatus.IN_TRANSIT,
    "AE_GROUP_EX_CLEARING_CUSTOMS": ShipmentStatus.IN_CUSTOMS,
    "AE_GROUP_IM_CLEARING_CUSTOMS": ShipmentStatus.IN_CUSTOMS,
    "AE_GROUP_DES_PROCESSING": ShipmentStatus.IN_TRANSIT,
    "AE_GROUP_DELIVERING": ShipmentStatus.IN_TRANSIT,
    "AE_GROUP_DELIVERED": ShipmentStatus.DELIVERED,
}

_CHINA = timezone(timedelta(hours=8))
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2}):?([0-5]\d)?", re.ASCII)
_WIDEST_OFFSET = timedelta(hours=14)
#: Hidden numbers (`LP****17`) are none.
_NUMBER = re.compile(r"(?=[A-Z]*\d)[A-Z\d]{8,35}", re.ASCII)
#: What stands in the answers of Alibaba's wall, with and without JSON.
_WALL = re.compile(rb"RGV587|FAIL_SYS_|/punish|captcha", re.IGNORECASE)


#: What may stand where an object is expected, and says nothing.
_NoObject = str | float | bool | list[object] | None


class _Group(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    node_code: str | None = None
    node_desc: str | None = None


class _Scan(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    time: float | str | None = None
    time_str: str | None = None
    time_zone: str | float | None = None
    desc: str | None = None
    standerd_desc: str | None = None
    action_code: str | None = None
    group: _Group | _NoObject = None

    @property
    def words(self) -> str:
        """The last carrier's own words, then what Cainiao makes of them."""
        told = dict.fromkeys(text for text in (self.desc, self.standerd_desc) if text)
        return unescape(" / ".join(told))

    @property
    def codes(self) -> tuple[str | None, ...]:
        """The carrier's own, then the group's, by its code and by its name."""
        group = self.group if isinstance(self.group, _Group) else _Group()
        return self.action_code, group.node_code, group.node_desc


class _Eta(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    delivery_min_time: float | str | None = None
    delivery_max_time: float | str | None = None


class _Parcel(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    mail_no: str | int | None = None
    status: str | None = None
    mail_type: object = None
    mail_type_desc: object = None
    real_mail_no: object = None
    copy_real_mail_no: object = None
    virtual_mail_no: object = None
    copy_virtual_mail_no: object = None
    global_eta_info: _Eta | _NoObject = None
    latest_trace: _Scan | _NoObject = None
    detail_list: list[_Scan | None] | None = None

    @property
    def scans(self) -> list[_Scan]:
        """Newest first."""
        scans = [scan for scan in self.detail_list or () if scan]
        return scans or [scan for scan in (self.latest_trace,) if isinstance(scan, _Scan)]


class _Envelope(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    success: bool | None = None
    error_code: str | int | None = None
    ret: list[str] | None = None
    module: list[msgspec.Raw] | None = None


class Cainiao(Source):
    """Cainiao (https://global.cainiao.com), AliExpress's own logistics, as its public page shows it: no
    key, but at the most every 6 hours."""

    batch_size: ClassVar[int] = 10
    #: Without a key there is nothing to be unauthorized about: these are the wall.
    reads_statuses: ClassVar[frozenset[int]] = frozenset({403, 405, 418, 429})
    carriers: ClassVar[frozenset[str]] = frozenset({"cainiao", "upu", "yunexpress", "yanwen", "fourpx"})
    categories: ClassVar[Mapping[str, ShipmentStatus]] = CATEGORIES

    base_url: BaseAddress = Field(
        default="https://global.cainiao.com", description="what stands before /global/detail.json"
    )
    requests_per_second: float = Field(
        default=0.2, gt=0, description="requests a second, at the most; one takes up to 10 numbers"
    )
    requests_per_day: int | None = Field(default=100, gt=0, description="requests a day (UTC), at the most")
    min_interval_minutes: int = Field(
        default=360,
        description="minutes between two looks at one parcel, at the least; no less than 360, for your IP"
        " address's sake",
    )

    @field_validator("min_interval_minutes")
    @classmethod
    def _is_patient(cls, value: int) -> int:
        if value < SIX_HOURS // timedelta(minutes=1):
            raise ValueError(
                "must be 360 (6 hours) or more: Cainiao shuts out IP addresses that ask more often,"
                " and with them you from all of AliExpress"
            )
        return value

    def exact_meaning(self, code: str) -> ShipmentStatus | None:
        return carrier_code(code)

    def rough_meaning(self, code: str) -> ShipmentStatus | None:
        return self.categories.get(code.upper())

    def request(self, numbers: Sequence[str]) -> Request:
        asked = ",".join(quote(number, safe="") for number in numbers)
        return Request(f"{self.base_url}/global/detail.json?mailNos={asked}&lang=en-US&language=en-US")

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        parcels = self._parcels(payload)
        if not parcels:
            return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in payload.numbers]
        trackings: list[Tracking] = []
        failures: list[LookError] = []
        for index, raw in enumerate(parcels):
            try:
                parcel = read_part(raw, _Parcel, f"module[{index}]")
            except ParseError as error:
                failures.append(error)
            else:
                trackings.append(self._tracking(parcel, payload.numbers))
        return what_was_learned(trackings, failures)

    def _parcels(self, payload: Payload) -> Sequence[msgspec.Raw]:
        if payload.status in self.reads_statuses:
            raise _refusal(payload, f"HTTP {payload.status}", shut_out=True)
        try:
            envelope = read_json(payload, _Envelope)
        except ParseError as error:
            raise _refusal(payload, str(error)) from None
        if envelope.success is False or envelope.module is None:
            told = str(envelope.error_code or ", ".join(envelope.ret or ["no reason told"]))
            raise _refusal(payload, f"it refused: {told[:80]}")
        return envelope.module

    def _tracking(self, parcel: _Parcel, asked: Sequence[str]) -> Tracking:
        number = str(parcel.mail_no or (asked[0] if len(asked) == 1 else ""))
        told = [(it, _time(it)) for it in parcel.scans]
        # When it was delivered, where the token says so and the newest scan's code is a new one.
        newest = next((at for _, at in told if at), None)
        return self.tracking(
            number,
            [self.scan(at, it.words, *it.codes) for it, at in told],
            parcel.status,
            aliases=_aliases(parcel),
            edd=_estimate(parcel.global_eta_info),
            delivery=Delivery(*newest) if newest else None,
            ends_at_border="economy" in f"{parcel.mail_type} {parcel.mail_type_desc}".casefold(),
        )


SOURCE = Cainiao


def _refusal(payload: Payload, what: str, *, shut_out: bool = False) -> FetchError:
    """The error that stands for `what` came instead of an answer. It says nothing about any parcel, and
    Cainiao is left alone as after an answer: asking again soon is what turns a captcha into a ban."""
    if shut_out or _WALL.search(payload.body):
        return RateLimited(f"Cainiao has shut this address out for now ({what})", retry_after=SIX_HOURS)
    return Unreachable(f"Cainiao gave no answer that can be used: {what}", retry_after=SIX_HOURS)


def _time(scan: _Scan) -> ToldTime | None:
    """When a scan was, by the local clock and its zone.

    `time`, milliseconds since 1970, is not the instant that it seems to be: in every recorded answer
    from elsewhere than China it is the local clock of `timeStr` read as if it were China's. So where it
    stands alone it is turned back into that clock; and the zone remains unknown unless `timeZone` tells.
    """
    zone = _zone(scan.time_zone)
    return time_if_told(scan.time_str, zone) or time_if_told(_clock(scan.time), zone)


def _zone(told: str | float | None) -> timezone | None:
    """`GMT+8`, `GMT-3`, `GMT+05:30`; None for what is no offset there is."""
    text = "".join(str(told or "").upper().split())
    if text in ("GMT", "UTC"):
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset > _WIDEST_OFFSET:
        return None
    return timezone(-offset if found[1] == "-" else offset)


def _clock(milliseconds: float | str | None) -> datetime | None:
    at = _instant(milliseconds, _CHINA)
    return at.replace(tzinfo=None) if at else None


def _instant(milliseconds: float | str | None, zone: timezone) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(milliseconds) / 1000, zone) if milliseconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _estimate(eta: _Eta | _NoObject) -> EstimatedDelivery | None:
    """The days in UTC: in which zone the destination is, is not told."""
    if not isinstance(eta, _Eta):
        return None
    earliest = day_if_told(_instant(eta.delivery_min_time, UTC))
    latest = day_if_told(_instant(eta.delivery_max_time, UTC))
    return estimate_from(None if earliest == latest else earliest, latest)


def _aliases(parcel: _Parcel) -> list[str]:
    """The parcel's other numbers: AliExpress's own, the last carrier's, and those that scans name."""
    shown = (
        parcel.copy_real_mail_no,
        parcel.copy_virtual_mail_no,
        parcel.real_mail_no,
        parcel.virtual_mail_no,
    )
    # `Latest Tracking Number:<tab>LP…`: the last word is the number.
    words = [text.split()[-1].upper() for text in shown if isinstance(text, str) and text.strip()]
    named = [number for scan in parcel.scans for number in numbers_in(scan.words)]
    return [*(word for word in words if _NUMBER.fullmatch(word)), *named]
