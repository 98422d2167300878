"""The contract for tracking sources, and every type an adapter needs.

A source is a frozen pydantic model of its own configuration table plus pure functions. It yields
requests and gets payloads; who performs them, how often and from where is not its business. It
never sleeps, retries, logs, reads a clock or the environment, and knows no orders or policies.

The smallest source is a `request` and a `parse`; one that needs more calls overrides `exchange`.
"""

import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from monitor.core.carrier_codes import carrier_code
from monitor.core.meaning import Meaning, refined
from monitor.core.model import (
    Delivery,
    EstimatedDelivery,
    Place,
    ShipmentStatus,
    Tracking,
    TrackingEvent,
    UndatedEvent,
)
from monitor.core.numbers import carriers_of, numbers_in
from monitor.core.scans import (
    ToldTime,
    day_if_told,
    delivery_of,
    estimate_from,
    oldest_first,
    overall_status,
    time_if_told,
    told_time,
)
from monitor.core.scans import place_from as _place_from
from monitor.core.tracking import identity, plain_number
from monitor.errors import (
    FetchError,
    LookError,
    ParseError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unauthorized,
    Unreachable,
)
from monitor.payload import Payload, read_json, read_part, what_was_learned
from monitor.request import ClientCredentials, Request, is_this_machine

__all__ = [
    "BaseAddress",
    "ClientCredentials",
    "Delivery",
    "EstimatedDelivery",
    "FetchError",
    "LookError",
    "Meaning",
    "ParseError",
    "Payload",
    "Place",
    "QuotaExceeded",
    "RateLimited",
    "Refused",
    "Request",
    "ShipmentStatus",
    "Source",
    "ToldTime",
    "Tracking",
    "TrackingEvent",
    "Unauthorized",
    "UndatedEvent",
    "Unreachable",
    "carrier_code",
    "carriers_of",
    "day_if_told",
    "delivery_of",
    "estimate_from",
    "numbers_in",
    "oldest_first",
    "place_from",
    "plain_number",
    "read_json",
    "read_part",
    "reveal",
    "time_if_told",
    "told_time",
    "what_was_learned",
]

#: A carrier has few places, each of them in thousands of scans.
place_from = lru_cache(maxsize=4096)(_place_from)
#: No scan has more to say than this many characters.
_READ_OF_A_TEXT = 500


def _base_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("must be an https:// address")
    return value.rstrip("/")


BaseAddress = Annotated[str, AfterValidator(_base_address)]


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error.msg}") from None
    return value


class Source(BaseModel):
    """Base of every tracking source: its configuration table, its manners, its pure functions.

    An address that it is configured with is called `url` or `base_url`: neither may be plain http to
    another machine, unless `allow_http` is set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    #: Numbers in one exchange.
    batch_size: ClassVar[int] = 1
    #: HTTP statuses outside 2xx whose bodies `parse` reads itself.
    reads_statuses: ClassVar[frozenset[int]] = frozenset()
    #: The carriers (words of `monitor.core.numbers`) whose numbers this source is made for; empty: any.
    carriers: ClassVar[frozenset[str]] = frozenset()
    #: What the carrier's own codes mean, exactly.
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = {}
    #: What a provider files scans under: rough, so that a scan's words may make it more exact.
    categories: ClassVar[Mapping[str, ShipmentStatus]] = {}

    adapter: str = Field(default="", description="which adapter reads this source; default: the table's name")
    accepts: Annotated[str, AfterValidator(_pattern)] | None = Field(
        default=None,
        description="regular expression of the tracking numbers this source takes; default: all it can",
        json_schema_extra={"example": r"^MP\d{8}$"},
    )
    allow_http: bool = Field(default=False, description="allow plain http:// to other machines than this one")
    requests_per_second: float = Field(default=1.0, gt=0, description="requests a second, at the most")
    requests_per_day: int | None = Field(
        default=None,
        gt=0,
        description="requests a day (UTC), at the most; default: no limit of ours",
        json_schema_extra={"example": 1000},
    )
    min_interval_minutes: int = Field(
        default=0, ge=0, description="minutes between two looks at one parcel, at the least"
    )
    codes: dict[str, ShipmentStatus] = Field(
        default_factory=dict,
        description="what codes mean that this version does not know: code = status",
        json_schema_extra={"example": {"CC_EX_START": "in_customs"}},
    )

    @field_validator("url", "base_url", check_fields=False)
    @classmethod
    def _is_not_read_on_the_way(cls, value: object, info: ValidationInfo) -> object:
        # Where `allow_http` itself is wrong, that is told and this is not.
        if not isinstance(value, str) or info.data.get("allow_http", True):
            return value
        parts = urlsplit(value)
        if parts.scheme == "http" and not is_this_machine(parts.hostname or ""):
            raise ValueError(
                "is plain http to another machine: use https://, or set allow_http = true beside it"
            )
        return value

    @property
    def min_interval(self) -> timedelta:
        """The shortest time between two looks at one parcel."""
        return timedelta(minutes=self.min_interval_minutes)

    @property
    def root(self) -> str | None:
        """The folder that this source's `file:` requests stay below; None: it reads no files."""
        return None

    def accepts_number(self, number: str) -> bool:
        """Whether this source would be asked about `number`: by the user's `accepts`, else by the
        carriers it is made for."""
        return self.takes_any_number or self.claims_number(number)

    def claims_number(self, number: str) -> bool:
        """Whether this source is made for numbers like `number`, not merely willing to ask about any."""
        if self.accepts is not None:
            return re.fullmatch(self.accepts, number) is not None
        return not self.carriers.isdisjoint(carriers_of(number))

    @property
    def takes_any_number(self) -> bool:
        """Whether there is no number that this source would not be asked about."""
        return self.accepts is None and not self.carriers

    def exact_meaning(self, code: str) -> ShipmentStatus | None:
        """What a code of the carrier's own means; None: it is not in our tables."""
        return self.scan_codes.get(code)

    def rough_meaning(self, code: str) -> ShipmentStatus | None:
        """What a scan is that a provider files under `code`; None: it is not in our tables."""
        return self.categories.get(code)

    def meaning(self, text: str, *codes: str | None) -> Meaning:
        """What a scan with these words and codes (the carrier's own first, then what the provider
        files it under) means: the user's `codes`, else an exact code, else the words, as far as they
        may refine what it is filed under; `unknown` where nothing says."""
        return self._remembered_meaning(text[:_READ_OF_A_TEXT], codes)

    @cached_property
    def _remembered_meaning(self) -> Callable[[str, tuple[str | None, ...]], Meaning]:
        """Carriers use few texts, each in thousands of scans, and to read one takes longer than all the
        rest."""
        return lru_cache(maxsize=2048)(self._meaning)

    def _meaning(self, text: str, codes: tuple[str | None, ...]) -> Meaning:
        told = [code for code in codes if code]
        for code in told:
            if code in self.codes:
                return Meaning(self.codes[code], "your codes")
        for code in told:
            if exact := self.exact_meaning(code):
                return Meaning(exact)
        return refined(self._filed(told), text)

    def scan(
        self, at: ToldTime | None, text: str | None, *codes: str | None, place: Place | None = None
    ) -> TrackingEvent | UndatedEvent:
        """One scan as it is told; `codes` as in `meaning`, the first that is there is kept."""
        text = text or ""
        status, decided_by = self._remembered_meaning(text[:_READ_OF_A_TEXT], codes)
        code = codes[0] if codes and codes[0] else next(filter(None, codes), None)
        if at is None:
            return UndatedEvent(status, text, code, place, decided_by)
        return TrackingEvent(at[0], status, text, code, place, at[1], decided_by)

    def tracking(
        self,
        number: str,
        scans: Iterable[TrackingEvent | UndatedEvent],
        *words: str | None,
        newest_first: bool = True,
        aliases: Iterable[str] = (),
        edd: EstimatedDelivery | None = None,
        delivery: Delivery | None = None,
        pickup_until: datetime | None = None,
        ends_at_border: bool = False,
    ) -> Tracking:
        """What the scans and the provider's `words` for the whole parcel (the most exact first) make of
        it. The newest scan decides; see `overall_status`. `newest_first` is the order in which scans
        without a time are told. `delivery` is what is told of it beside the scans."""
        told = list(scans)
        dated = [it for it in told if isinstance(it, TrackingEvent)]
        events = oldest_first({identity(it): it for it in dated}.values())
        undated = _undated(told, newest_first=newest_first) if len(dated) < len(told) else []
        newest = events[-1].status if events else undated[-1].status if undated else None
        status = overall_status(newest, self._remembered_words(words))
        return Tracking(
            number,
            status,
            tuple(events),
            aliases=_others(number, aliases),
            edd=edd,
            delivery=_delivery(events, undated, delivery) if status is ShipmentStatus.DELIVERED else None,
            pickup_until=pickup_until,
            ends_at_border=ends_at_border,
            undated=tuple(undated),
        )

    def _filed(self, codes: Iterable[str]) -> ShipmentStatus | None:
        return next((status for code in codes if (status := self.rough_meaning(code))), None)

    @cached_property
    def _remembered_words(self) -> Callable[[tuple[str | None, ...]], ShipmentStatus | None]:
        return lru_cache(maxsize=256)(self._parcel_meaning)

    def _parcel_meaning(self, words: tuple[str | None, ...]) -> ShipmentStatus | None:
        """What a provider's words for a whole parcel mean; None where there are none."""
        told = [word for word in words if word]
        meanings = (self.codes.get(word) or self.exact_meaning(word) for word in told)
        known = next((status for status in meanings if status), None) or self._filed(told)
        return known or (ShipmentStatus.UNKNOWN if told else None)

    def request(self, numbers: Sequence[str]) -> Request:
        """The one request that asks about `numbers` (at most `batch_size`)."""
        raise TypeError(f"{type(self).__name__} defines neither `request` nor `exchange`")

    def parse(self, payload: Payload) -> Iterable[Tracking]:
        """What a payload says. A number without data is `not_found`; a number that is not in the
        answer is left out. Raises ParseError or, for an error told inside a good HTTP status, the
        FetchError it stands for; nothing else, whatever the bytes."""
        raise TypeError(f"{type(self).__name__} does not define `parse`")

    def exchange(self, numbers: Sequence[str]) -> Generator[Request, Payload, Iterable[Tracking]]:
        """The whole conversation about `numbers`: yields requests, is sent payloads, returns what
        it learned. May run any number of calls; does no I/O itself."""
        payload = yield self.request(numbers)
        return self.parse(payload)


def _undated(told: Sequence[TrackingEvent | UndatedEvent], *, newest_first: bool) -> list[UndatedEvent]:
    """The scans without a time, each once, oldest first."""
    newest_told = told if newest_first else reversed(told)
    return list(dict.fromkeys(it for it in newest_told if isinstance(it, UndatedEvent)))[::-1]


def _others(number: str, aliases: Iterable[str]) -> tuple[str, ...]:
    """The aliases that are another number, each once."""
    names = {plain_number(alias): alias for alias in aliases if alias and alias != number}
    if names:
        names.pop(plain_number(number), None)
    return tuple(names.values())


def _delivery(
    events: Sequence[TrackingEvent], undated: Sequence[UndatedEvent], told: Delivery | None
) -> Delivery | None:
    """The delivery as it was scanned, completed by what is told beside the scans."""
    scanned = delivery_of(events)
    last = undated[-1] if undated else None
    if scanned is None and last is not None and last.status is ShipmentStatus.DELIVERED and last.place:
        scanned = Delivery(place=last.place)
    if scanned is None or told is None:
        return scanned or told
    if scanned.at is None:
        return replace(told, place=scanned.place or told.place)
    return replace(scanned, place=scanned.place or told.place)


def reveal(secret: SecretStr | None) -> str:
    """The text of a secret, for the one place that sends it."""
    return secret.get_secret_value() if secret else ""
