"""Any tracking API that answers in JSON, described by configuration instead of code.

Where things stand in its answers is said in JMESPath: https://jmespath.org/specification.html
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

import jmespath
from jmespath.exceptions import EmptyExpressionError, JMESPathError
from jmespath.functions import Functions
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    SecretStr,
    model_validator,
)

from monitor.carrier import (
    Delivery,
    EstimatedDelivery,
    ParseError,
    Payload,
    Request,
    ShipmentStatus,
    Source,
    ToldTime,
    Tracking,
    TrackingEvent,
    Unreachable,
    delivery_of,
    oldest_first,
    place_from,
    read_json,
    reveal,
    told_time,
    what_was_learned,
)

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_STATUSES = {status.value: status for status in ShipmentStatus}
#: What .NET writes for "no time".
_NO_TIME = "0001-01-01"
_HOURS = re.compile(r"%[HIcXs]")
_PLACE = ("city", "postal_code", "region", "country")


def _compiles(expression: str) -> str:
    try:
        parsed = jmespath.compile(expression).parsed
    except EmptyExpressionError:
        raise ValueError("is empty: leave the key out instead") from None
    except JMESPathError as error:
        position = getattr(error, "lex_position", getattr(error, "lexer_position", 0))
        raise ValueError(f"is not a JMESPath expression: mistake at character {position + 1}") from None
    for function in _functions(parsed):
        if function not in Functions.FUNCTION_TABLE:
            raise ValueError(f"calls {function}(), which JMESPath does not have")
    return expression


def _functions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "function_expression":
            yield node["value"]
        for child in node.get("children", ()):
            yield from _functions(child)


def _is_template(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("must be an https:// address")
    if "{" in parts.netloc:
        raise ValueError("must name its host: a number may stand after it only")
    for name in _PLACEHOLDER.findall(url):
        if name not in ("number", "numbers"):
            raise ValueError(f"has a placeholder {{{name}}}; there are {{number}} and {{numbers}}")
    return url


def _json_text(body: object) -> object:
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"must be a table or JSON text; {place}: {error.msg}") from None


def _is_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError("is not a time zone's name, such as Europe/Madrid") from None


def _is_format(pattern: str) -> str:
    if pattern in _EPOCHS:
        return pattern
    try:
        datetime.strptime(_SAMPLE.strftime(pattern), pattern)  # noqa: DTZ007 — only whether it works
    except (ValueError, re.error) as error:
        raise ValueError(f"is not a strptime pattern, {' or '.join(_EPOCHS)}: {error}") from None
    return pattern


_EPOCHS = {"unix": 1, "unix_ms": 1000}
_SAMPLE = datetime(2026, 10, 1, 14, 30, tzinfo=UTC)

Expression = Annotated[str, AfterValidator(_compiles)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _where(description: str, example: str, default: str | None = None) -> Any:
    return Field(default=default, description=description, json_schema_extra={"example": example})


class ParcelFields(_Table):
    """JMESPath expressions, from one parcel of the answer."""

    number: Expression | None = _where("its number; default: it is the one asked for", "trackingNumber")
    aliases: Expression | None = _where("its other numbers", "lastMile.number")
    status: Expression | None = _where("its status word or code; default: the newest event's", "state")
    delivered_at: Expression | None = _where("when it was delivered", "delivery.time")
    delivered_city: Expression | None = _where("the city it was delivered in", "delivery.city")
    delivered_postal_code: Expression | None = _where("the postal code there", "delivery.zip")
    delivered_region: Expression | None = _where("the region there", "delivery.state")
    delivered_country: Expression | None = _where(
        "the country there, best as two letters", "delivery.country"
    )
    earliest: Expression | None = _where("the first day of its estimated delivery", "eta.from")
    latest: Expression | None = _where("the last or only day of its estimated delivery", "eta.to")
    pickup_until: Expression | None = _where("until when it waits for pickup", "pickup.until")
    events: Expression | None = _where("the list of its events", "history")


class EventFields(_Table):
    """JMESPath expressions, from one event of a parcel."""

    at: Expression = _where("when it happened", "time", default="at")
    status: Expression | None = _where("its status word; default: its code", "state")
    description: Expression | None = _where("what happened, in words", "text")
    code: Expression | None = _where("the carrier's code for it", "code")
    city: Expression | None = _where("the city it happened in", "place.city")
    postal_code: Expression | None = _where("the postal code there", "place.zip")
    region: Expression | None = _where("the region there", "place.state")
    country: Expression | None = _where("the country there, best as two letters", "place.country")


class HttpJson(Source):
    """Any API that answers in JSON, without code: where to ask, and where things stand in its answer."""

    url: Annotated[str, AfterValidator(_is_template)] = Field(
        repr=False,
        description="address, with {number} or {numbers} in it or in the body",
        json_schema_extra={"example": "https://api.example.org/track/{number}"},
    )
    query: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="what is added to the address as ?name=value; may be secret",
        json_schema_extra={"example": {"lang": "en"}},
    )
    method: Literal["GET", "POST", "PUT"] | None = Field(
        default=None,
        description="HTTP method; default: POST with a body, else GET",
        json_schema_extra={"example": "POST"},
    )
    headers: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="HTTP headers; may be secret",
        json_schema_extra={"example": {"X-Api-Key": {"credential": "mypost"}}},
    )
    body: Annotated[JsonValue, BeforeValidator(_json_text)] = Field(
        default=None,
        repr=False,
        description="JSON that is sent, as a table or as text: {number} and {numbers} in its texts are"
        ' filled in, the text "{numbers}" alone becomes a list, and what a list says of {number} is'
        " said of every number",
        json_schema_extra={"example": {"numbers": ["{number}"]}},
    )
    numbers_per_request: int = Field(default=1, ge=1, le=1000, description="numbers in one request")
    separator: str = Field(default=",", description="what stands between numbers in {numbers}")
    items: Expression | None = Field(
        default=None,
        description="the parcel or list of parcels in the answer; default: the whole answer",
        json_schema_extra={"example": "parcels"},
    )
    fields: ParcelFields = Field(
        default=ParcelFields(), description="where a parcel's facts stand, seen from the parcel"
    )
    event_fields: EventFields = Field(
        default=EventFields(), description="where an event's facts stand, seen from the event"
    )
    statuses: dict[str, ShipmentStatus] = Field(
        default_factory=dict,
        description="what their status words mean, in capitals or not: word = status",
        json_schema_extra={"example": {"On its way": "in_transit", "D": "delivered"}},
    )
    time_zone: Annotated[str, AfterValidator(_is_zone)] | None = Field(
        default=None,
        description="zone of times without an offset; default: their zone is unknown",
        json_schema_extra={"example": "Europe/Madrid"},
    )
    time_format: Annotated[str, AfterValidator(_is_format)] | None = Field(
        default=None,
        description='how times are written: a strptime pattern, "unix" (seconds) or "unix_ms"; default: ISO 8601',
        json_schema_extra={"example": "%d/%m/%Y %H:%M"},
    )
    not_found: Expression | None = Field(
        default=None,
        description="from the whole answer: true when the API knows no such number",
        json_schema_extra={"example": "error.code == 'NOT_FOUND'"},
    )
    not_found_statuses: frozenset[int] = Field(
        default=frozenset(),
        description="HTTP statuses that mean the same, such as 404",
        json_schema_extra={"example": [404]},
    )
    error: Expression | None = Field(
        default=None,
        description="from the whole answer: the API's error message, where there is one",
        json_schema_extra={"example": "error.message"},
    )

    @property
    def batch_size(self) -> int:  # type: ignore[override]  # other sources know theirs beforehand
        return self.numbers_per_request

    @property
    def reads_statuses(self) -> frozenset[int]:  # type: ignore[override]  # the same
        return self.not_found_statuses

    @model_validator(mode="after")
    def _asks_about_numbers(self) -> Self:
        body = json.dumps(self.body)
        if not _PLACEHOLDER.search(self.url) and "{number" not in body:
            raise ValueError("url or body must have {number} or {numbers} in it")
        if self.numbers_per_request == 1:
            return self
        if "{number}" in self.url or ("{numbers}" not in self.url and "{number" not in body):
            raise ValueError("numbers_per_request above 1 needs {numbers} in url, or a body with the numbers")
        if self.fields.number is None:
            raise ValueError("numbers_per_request above 1 needs fields.number, to tell the answers apart")
        return self

    def request(self, numbers: Sequence[str]) -> Request:
        quoted = [quote(number, safe="") for number in numbers]
        url = str(_filled(self.url, quoted, self.separator))
        if self.query:
            query = urlencode({name: reveal(value) for name, value in self.query.items()})
            url += f"{'&' if '?' in url else '?'}{query}"
        headers = [(name, reveal(value)) for name, value in self.headers.items()]
        if self.body is None:
            return Request(url, self.method or "GET", tuple(headers))
        asked = Request.json(url, _filled(self.body, numbers, self.separator), headers=headers)
        return replace(asked, method=self.method or "POST")

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        if payload.status in self.not_found_statuses:
            return _nothing_about(payload.numbers)
        answer = _Node(read_json(payload, object), "")
        if answer.find(self.not_found, "not_found"):
            return _nothing_about(payload.numbers)
        if message := self._told_error(answer):
            raise Unreachable(f"the API says: {message}")
        found: list[Tracking] = []
        failed: list[ParseError] = []
        for parcel in self._parcels(answer):
            try:
                found.append(self._tracking(parcel, payload.numbers))
            except ParseError as error:
                failed.append(error)
        return what_was_learned(found, failed)

    def _told_error(self, answer: "_Node") -> str:
        """The API's own message, short and without what we sent as a secret."""
        told = answer.find(self.error, "error")
        message = told if isinstance(told, str) else json.dumps(told) if told else ""
        for secret in (*self.headers.values(), *self.query.values()):
            message = message.replace(reveal(secret) or "\n", "…")
        return " ".join(message.split())[:200]

    def _parcels(self, answer: "_Node") -> list["_Node"]:
        found = answer.find(self.items, "items") if self.items else answer.value
        if isinstance(found, dict):
            return [_Node(found, "")]
        if not isinstance(found, list):
            raise ParseError(f"must be a parcel or a list of them, is {_kind(found)}", field="items")
        return [_Node(parcel, f"items[{index}].") for index, parcel in enumerate(found)]

    def _tracking(self, parcel: "_Node", asked: Sequence[str]) -> Tracking:
        at = self.fields
        events = oldest_first(map(self._event, parcel.nodes(at.events, "fields.events")))
        word = parcel.text(at.status, "fields.status")
        newest = events[-1] if events else None
        if word is None:
            status = newest.status if newest else ShipmentStatus.UNKNOWN
        else:
            status = self.meaning(newest.description if newest else "", word).status
        return Tracking(
            self._number(parcel, asked),
            status,
            tuple(events),
            aliases=parcel.texts(at.aliases, "fields.aliases"),
            edd=self._estimate(parcel),
            delivery=self._delivery(parcel, status, events),
            pickup_until=(self._time(parcel, at.pickup_until, "fields.pickup_until") or (None, False))[0],
        )

    def _number(self, parcel: "_Node", asked: Sequence[str]) -> str:
        if self.fields.number is None:
            return asked[0] if len(asked) == 1 else ""
        number = parcel.text(self.fields.number, "fields.number")
        if number is None:
            raise ParseError("is missing", field=f"{parcel.where}fields.number")
        return number

    def rough_meaning(self, code: str) -> ShipmentStatus | None:
        """What their word means, by the user's table, else as a word of ours."""
        told = {known.casefold(): status for known, status in self.statuses.items()}
        return told.get(code.casefold()) or _STATUSES.get(code.casefold())

    def _event(self, event: "_Node") -> TrackingEvent:
        it = self.event_fields
        told = self._time(event, it.at, "event_fields.at")
        if told is None:
            raise ParseError("is missing", field=f"{event.where}event_fields.at")
        word = event.text(it.status, "event_fields.status")
        code = event.text(it.code, "event_fields.code")
        text = event.text(it.description, "event_fields.description") or ""
        status, decided_by = self.meaning(text, word, code)
        place = place_from(*(event.text(getattr(it, key), f"event_fields.{key}") for key in _PLACE))
        return TrackingEvent(told[0], status, text, code or word, place, told[1], decided_by)

    def _delivery(
        self, parcel: "_Node", status: ShipmentStatus, events: Sequence[TrackingEvent]
    ) -> Delivery | None:
        """As the parcel tells it; what it does not tell, as its events do."""
        at = self.fields
        told = self._time(parcel, at.delivered_at, "fields.delivered_at")
        keys = [f"delivered_{key}" for key in _PLACE]
        place = place_from(*(parcel.text(getattr(at, key), f"fields.{key}") for key in keys))
        scanned = delivery_of(events) if status is ShipmentStatus.DELIVERED else None
        if told:
            return Delivery(*told, place or (scanned.place if scanned else None))
        return replace(scanned, place=place) if scanned and place else scanned

    def _estimate(self, parcel: "_Node") -> EstimatedDelivery | None:
        earliest = self._day(parcel, self.fields.earliest, "fields.earliest")
        latest = self._day(parcel, self.fields.latest, "fields.latest")
        return EstimatedDelivery(earliest, latest) if earliest or latest else None

    def _day(self, node: "_Node", expression: str | None, field: str) -> date | None:
        """A day; it may be written shorter than `time_format`."""
        text = node.text(expression, field)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            told = self._time(node, expression, field)
            return told[0].date() if told else None

    def _time(self, node: "_Node", expression: str | None, field: str) -> ToldTime | None:
        text = node.text(expression, field)
        if text is None or text.startswith(_NO_TIME):
            return None
        try:
            return self._read_time(text)
        except (ValueError, OverflowError, OSError):
            written = self.time_format or "ISO 8601"
            raise ParseError(f"is no time as {written}: {text[:40]}", field=node.where + field) from None

    def _read_time(self, text: str) -> ToldTime:
        zone = ZoneInfo(self.time_zone) if self.time_zone else None
        if self.time_format is None:
            return told_time(text, zone)
        if self.time_format in _EPOCHS:
            return told_time(datetime.fromtimestamp(float(text) / _EPOCHS[self.time_format], UTC))
        at = datetime.strptime(text, self.time_format)  # noqa: DTZ007 — the pattern may have no zone
        return told_time(at, zone if _HOURS.search(self.time_format) else None)


SOURCE = HttpJson


class _Node:
    """A place in the answer. `where` says which, in front of the configuration's key, for errors."""

    def __init__(self, value: Any, where: str) -> None:
        self.value, self.where = value, where

    def find(self, expression: str | None, field: str) -> Any:
        """What the expression finds; None where there is none or nothing."""
        if expression is None:
            return None
        try:
            return jmespath.search(expression, self.value)
        except (JMESPathError, ArithmeticError, AttributeError, TypeError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise ParseError(f"does not fit this answer: {reason[:120]}", field=self.where + field) from None

    def text(self, expression: str | None, field: str) -> str | None:
        """Text, or a number as text; None where there is nothing in it."""
        found = self.find(expression, field)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            raise ParseError(f"must be text, is {_kind(found)}", field=self.where + field)
        return str(found).strip() or None

    def texts(self, expression: str | None, field: str) -> tuple[str, ...]:
        """A list of texts, or one."""
        found = self.find(expression, field)
        nodes = [_Node(one, self.where) for one in (found if isinstance(found, list) else [found])]
        return tuple(text for node in nodes if (text := node.text("@", field)))

    def nodes(self, expression: str | None, field: str) -> list["_Node"]:
        """A list of tables; none where there is nothing."""
        found = self.find(expression, field)
        if found is None:
            return []
        if not isinstance(found, list):
            raise ParseError(f"must be a list, is {_kind(found)}", field=self.where + field)
        return [_Node(one, f"{self.where}{field}[{index}]: ") for index, one in enumerate(found)]


def _nothing_about(numbers: Sequence[str]) -> list[Tracking]:
    return [Tracking(number, ShipmentStatus.NOT_FOUND) for number in numbers]


def _filled(template: JsonValue, numbers: Sequence[str], separator: str) -> JsonValue:
    """`template` with the numbers in it. What a list says of {number} is said of each of them."""
    if isinstance(template, str):
        if template == "{numbers}":
            return list(numbers)
        values = {"numbers": separator.join(numbers), "number": numbers[0]}
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)
    if isinstance(template, dict):
        return {key: _filled(value, numbers, separator) for key, value in template.items()}
    if isinstance(template, list):
        return [
            _filled(item, some, separator)
            for item in template
            for some in ([[number] for number in numbers] if "{number}" in json.dumps(item) else [numbers])
        ]
    return template


def _kind(value: object) -> str:
    kinds: Mapping[type, str] = {dict: "a table", list: "a list", bool: "true or false", str: "text"}
    return "nothing" if value is None else kinds.get(type(value), "a number")
