"""Tracking files: what a script, an export or a person writes down about parcels, as JSON or CSV.

The format is this project's own; docs/sources.md describes it.
"""

import csv
import io
import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar
from urllib.parse import quote

import msgspec
from pydantic import AfterValidator, Field

from monitor.carrier import (
    Delivery,
    EstimatedDelivery,
    LookError,
    ParseError,
    Payload,
    Request,
    ShipmentStatus,
    Source,
    ToldTime,
    Tracking,
    TrackingEvent,
    delivery_of,
    oldest_first,
    place_from,
    plain_number,
    read_json,
    read_part,
    told_time,
    what_was_learned,
)

_FOLDER = "inode/directory"
_COLUMNS = ("number", "at", "status", "description", "code", "city", "postal_code", "region", "country")
_UNKNOWN = ShipmentStatus.UNKNOWN
_STATUSES = {status.value: status for status in ShipmentStatus}


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People write these files: a key that is misspelt is told, not passed over."""


class _Place(_Strict, frozen=True):
    city: str | None = None
    postal_code: str | int | None = None
    region: str | None = None
    country: str | None = None


class _Event(_Strict, frozen=True):
    at: str
    status: str | None = None
    description: str | None = None
    code: str | int | None = None
    place: _Place | None = None


class _Estimate(_Strict, frozen=True):
    earliest: date | None = None
    latest: date | None = None


class _Parcel(_Strict, frozen=True):
    number: str | int
    aliases: list[str | int] | None = None
    status: str | None = None
    estimated_delivery: _Estimate | None = None
    delivered_at: str | None = None
    events: list[_Event] | None = None


class _Listed(msgspec.Struct, frozen=True):
    name: str


def _absolute(path: str) -> str:
    if not path.startswith("/"):
        raise ValueError("must be an absolute path")
    return path


class Files(Source):
    """Tracking files on this machine: one file, or a folder with any number of JSON and CSV files.

    A number that is in none of them is "not found"; while one of them cannot be read, it is unknown.
    """

    batch_size: ClassVar[int] = 10_000

    path: Annotated[str, AfterValidator(_absolute)] = Field(
        description="the file, or the folder with JSON and CSV files",
        json_schema_extra={"example": "tracking"},
    )

    @property
    def root(self) -> str | None:
        return self.path

    def request(self, numbers: Sequence[str]) -> Request:
        return Request("file://" + quote(self.path))

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        """One file's parcels, each once."""
        name = payload.name or "the tracking file"
        text = _text(payload.body, name)
        is_json = _is_json(payload.name, text)
        told = self._from_json(text, name) if is_json else self._from_csv(text, name)
        return [_merged(group) for group in _of_one_parcel(told)]

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        request = self.request(numbers)
        payload = yield request
        if payload.content_type != _FOLDER:
            return _answers(numbers, self.parse(payload), [])
        told: list[Tracking] = []
        broken: list[LookError] = []
        for file in read_json(payload, list[_Listed]):
            try:
                content = yield Request(f"{request.url.rstrip('/')}/{quote(file.name, safe='')}")
                told.extend(self.parse(replace(content, name=file.name)))
            except LookError as error:
                broken.append(error)
        return _answers(numbers, told, broken)

    def _from_json(self, text: str, name: str) -> list[Tracking]:
        try:
            if not text.lstrip().startswith("["):
                return [self._parcel(read_part(text.encode(), _Parcel, f"{name} $"), f"{name} $")]
            parcels = read_part(text.encode(), list[_Parcel], f"{name} $")
        except ParseError as error:
            raise error if error.readable else _syntax_error(text, name) from None
        return [self._parcel(parcel, f"{name} $[{index}]") for index, parcel in enumerate(parcels)]

    def _parcel(self, parcel: _Parcel, where: str) -> Tracking:
        events = oldest_first(
            self._event(event, f"{where}.events[{index}]") for index, event in enumerate(parcel.events or ())
        )
        estimate = parcel.estimated_delivery
        delivery = Delivery(*_time(it, f"{where}.delivered_at")) if (it := parcel.delivered_at) else None
        return Tracking(
            _number(parcel.number, f"{where}.number"),
            self._status(parcel.status) or _newest_status(events, delivery),
            tuple(events),
            aliases=tuple(_number(alias, f"{where}.aliases") for alias in parcel.aliases or ()),
            edd=EstimatedDelivery(estimate.earliest, estimate.latest) if estimate else None,
            delivery=delivery,
        )

    def _event(self, event: _Event, where: str) -> TrackingEvent:
        at, zone_known = _time(event.at, f"{where}.at")
        text = event.description or ""
        status, decided_by = self.meaning(text, event.status or _as_text(event.code))
        # Whatever `codes` make of a foreign word: it is part of what the scan is known by.
        code = _as_text(event.code) or (event.status if _ours(event.status) is _UNKNOWN else None)
        it = event.place
        place = place_from(it.city, _as_text(it.postal_code), it.region, it.country) if it else None
        return TrackingEvent(at, status, text, code, place, zone_known, decided_by)

    def exact_meaning(self, code: str) -> ShipmentStatus | None:
        """A word of our own vocabulary; what is foreign is left to the scan's words."""
        status = _ours(code)
        return None if status is _UNKNOWN else status

    def _status(self, word: str | None) -> ShipmentStatus | None:
        """What a word means, in our vocabulary or the user's `codes`; None where nothing is said."""
        return self.codes.get(word or "") or _ours(word)

    def _from_csv(self, text: str, name: str) -> list[Tracking]:
        return [self._row(row, where) for where, row in _rows(text, name)]

    def _row(self, row: Mapping[str, str], where: str) -> Tracking:
        number = _number(row["number"], f"{where} number")
        if not row.get("at") and not any(row.get(key) for key in _COLUMNS[3:]):
            return Tracking(number, self._status(row.get("status")) or ShipmentStatus.NOT_FOUND)
        place = _Place(*(row.get(key) for key in _COLUMNS[5:]))
        told = _Event(row.get("at", ""), row.get("status"), row.get("description"), row.get("code"), place)
        event = self._event(told, where)
        return Tracking(number, event.status, (event,))


SOURCE = Files


def _ours(word: str | None) -> ShipmentStatus | None:
    """What a word means in our vocabulary; None where nothing is said."""
    if not word or not word.strip():
        return None
    return _STATUSES.get("_".join(word.replace("-", " ").lower().split()), _UNKNOWN)


def _text(body: bytes, name: str) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ParseError(f"{name} is not UTF-8 text: save it in that encoding", readable=False) from None
    if not text.strip():
        raise ParseError(f"{name} is empty", readable=False)
    return text


def _is_json(name: str, text: str) -> bool:
    """By its name; where that does not say, by its first character."""
    ending = name.lower().rpartition(".")[2]
    return ending == "json" or (ending != "csv" and text.lstrip()[0] in "{[")


def _syntax_error(text: str, name: str) -> ParseError:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return ParseError(f"{name}:{error.lineno}:{error.colno}: no JSON: {error.msg}", readable=False)
    except (ValueError, RecursionError):
        pass
    return ParseError(f"{name} is no JSON that can be read", readable=False)


def _rows(text: str, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a CSV file by column, each with its file and line. Spreadsheets of half of Europe
    write semicolons."""
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    try:
        for cells in reader:
            where = f"{name}:{reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells, where)
                continue
            if len(cells) > len(columns):
                raise ParseError(f"{len(cells)} cells, but there are {len(columns)} columns", field=where)
            yield where, {key: cell.strip() for key, cell in zip(columns, cells, strict=False)}
    except csv.Error as error:
        raise ParseError(str(error), field=f"{name}:{reader.line_num}", readable=False) from None


def _columns(cells: Sequence[str], where: str) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    allowed = f"(allowed: {', '.join(_COLUMNS)})"
    for column in columns:
        if column not in _COLUMNS:
            raise ParseError(f'unknown column "{column}" {allowed}', field=where)
        if columns.count(column) > 1:
            raise ParseError(f'the column "{column}" is there twice', field=where)
    if "number" not in columns:
        raise ParseError(f'the column "number" is missing {allowed}', field=where)
    return columns


def _number(told: str | int, where: str) -> str:
    number = str(told).strip()
    if not number:
        raise ParseError("is empty", field=where)
    return number


def _as_text(told: str | int | None) -> str | None:
    return None if told is None or told == "" else str(told)


def _time(text: str, where: str) -> ToldTime:
    try:
        return told_time(text.strip())
    except ValueError:
        shown = text[:40] or "nothing"
        raise ParseError(
            f"must be a time such as 2026-10-01T14:30:00+02:00, is {shown}", field=where
        ) from None


def _newest_status(events: Sequence[TrackingEvent], delivery: Delivery | None) -> ShipmentStatus:
    """The status of a parcel that none is written down for: the newest event's that has one."""
    if delivery and delivery.at and (not events or events[-1].at <= delivery.at):
        return ShipmentStatus.DELIVERED
    told = [event.status for event in events if event.status is not _UNKNOWN or event.code]
    if told:
        return told[-1]
    return _UNKNOWN if events else ShipmentStatus.NOT_FOUND


def _of_one_parcel(told: Iterable[Tracking]) -> list[list[Tracking]]:
    """What was told, by parcel: whatever shares a number or an alias is about the same one."""
    groups: dict[str, list[Tracking]] = {}
    for tracking in told:
        names = _names(tracking)
        known = {id(group): group for name in names if (group := groups.get(name))}
        group, *others = known.values() or ([],)
        for member in (*(member for other in others for member in other), tracking):
            group.append(member)
            groups.update(dict.fromkeys(_names(member), group))
    return list({id(group): group for group in groups.values()}.values())


def _names(tracking: Tracking) -> set[str]:
    return {plain_number(name) for name in (tracking.number, *tracking.aliases)}


def _merged(group: Sequence[Tracking]) -> Tracking:
    """All that is told of one parcel as one; what has the newest event decides."""
    events = oldest_first(dict.fromkeys(event for tracking in group for event in tracking.events))
    deciding = max(group, key=_newest)
    names = {plain_number(it): it for tracking in group for it in (*tracking.aliases, tracking.number)}
    number = group[0].number
    return Tracking(
        number,
        deciding.status,
        tuple(events),
        aliases=tuple(name for plain, name in names.items() if plain != plain_number(number)),
        edd=next((tracking.edd for tracking in reversed(group) if tracking.edd), None),
        delivery=_delivery(deciding, events),
    )


def _newest(tracking: Tracking) -> tuple[bool, float, int]:
    """Ranks what is told of one parcel: by its newest time; at the same, by how far along it is."""
    times = [event.at.timestamp() for event in tracking.events]
    if tracking.delivery and tracking.delivery.at:
        times.append(tracking.delivery.at.timestamp())
    return bool(times), max(times, default=0.0), list(ShipmentStatus).index(tracking.status)


def _delivery(deciding: Tracking, events: Sequence[TrackingEvent]) -> Delivery | None:
    """As it was written down, with the place of the scan; else as it was scanned."""
    scanned = delivery_of(events)
    if deciding.delivery:
        return replace(deciding.delivery, place=scanned.place if scanned else None)
    return scanned if deciding.status is ShipmentStatus.DELIVERED else None


def _answers(
    numbers: Sequence[str], told: Iterable[Tracking], broken: Sequence[LookError]
) -> Sequence[Tracking]:
    """One answer per number that was asked. While a file is broken, a number that is in no other one
    is not "not found": nobody knows, so it is left out."""
    groups = {
        plain_number(name): tracking
        for tracking in map(_merged, _of_one_parcel(told))
        for name in (tracking.number, *tracking.aliases)
    }
    found = {number: groups[plain_number(number)] for number in numbers if plain_number(number) in groups}
    answers = [_as_asked(number, tracking) for number, tracking in found.items()]
    missing = [number for number in numbers if number not in found]
    if broken and missing:
        return what_was_learned(answers, broken)
    return [*answers, *(Tracking(number, ShipmentStatus.NOT_FOUND) for number in missing)]


def _as_asked(number: str, tracking: Tracking) -> Tracking:
    names = (tracking.number, *tracking.aliases)
    others = tuple(name for name in names if plain_number(name) != plain_number(number))
    return replace(tracking, number=number, aliases=others)
