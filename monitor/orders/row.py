"""One written order → an Order, or every reason why not."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from monitor.core.model import Money, Order, OrderStatus, Parcel, Place, Shipping
from monitor.core.numbers import looks_mistyped
from monitor.errors import OrderFileError
from monitor.orders.money import currency_code, money
from monitor.orders.values import (
    TITLE_LENGTH,
    NotUnderstood,
    code_text,
    country,
    day,
    one_of,
    order_id,
    plain_text,
    shortened,
    source_name,
    tracking_number,
    yes_or_no,
)
from monitor.orders.written import Doubled, Fault, Written, hint, shown

T = TypeVar("T")

#: The keys of an order, as they may stand in any format.
KEYS = (
    "id", "title", "marketplace", "seller", "price", "currency", "ordered_on", "paid_on", "shipped_on",
    "shipping", "estimated_delivery", "protection_until", "deliver_to", "parcels", "status", "notes",
    "bulky", "return_cost",
)  # fmt: skip
PLACE_KEYS = ("city", "postal_code", "region", "country")
_PARCEL_KEYS = ("number", "carrier")
#: The days of an order; each is no earlier than any of those named beside it.
_NOT_BEFORE = {
    "ordered_on": (),
    "paid_on": ("ordered_on",),
    "shipped_on": ("paid_on", "ordered_on"),
    "estimated_delivery": ("shipped_on", "paid_on", "ordered_on"),
    "protection_until": ("shipped_on", "paid_on", "ordered_on"),
}
_PAST = ("ordered_on", "paid_on", "shipped_on")
_USUAL_ID = range(12, 21)
_NOTES_LENGTH = 2000
_DEFAULT_MARKETPLACE = "aliexpress"


@dataclass(frozen=True, slots=True)
class Row:
    """An order, where it was read, and what the reader should know about it though it counts."""

    order: Order
    file: str
    line: int | None
    notes: tuple[str, ...] = ()


class Rules:
    """What rows are measured by: the names that the configuration knows, and the day it is."""

    def __init__(self, marketplaces: Collection[str], sources: Collection[str], today: date) -> None:
        self.marketplace = one_of(marketplaces)
        self.source = source_name(sources)
        self.shipping = one_of(Shipping)
        self.status = one_of(OrderStatus)
        self.today = today


def row_from(written: Written, rules: Rules, file: str) -> Row:
    """The row of a written order. Raises OrderFileError with every reason against it."""
    reading = _Reading(written.values, [*written.faults])
    notes = [*written.notes]
    order = _order(reading, rules, notes)
    if reading.faults:
        reasons = [_told(fault, written) for fault in reading.faults]
        sure = not any(fault.path == "id" for fault in reading.faults)
        raise OrderFileError(file, written.line, *reasons, order=order.id if sure else None)
    return Row(order, file, written.line, tuple(notes))


def _told(fault: Fault, written: Written) -> str:
    reason = f"{fault.path}: {fault.text}" if fault.path else fault.text
    key = fault.path.partition(".")[0].partition("[")[0]
    line = written.lines.get(key, written.line)
    return reason if line == written.line else f"line {line}: {reason}"


class _Reading:
    """Takes one table apart, key by key, and gathers what speaks against it."""

    def __init__(self, values: Mapping[str, object], faults: list[Fault], path: str = "") -> None:
        self.values, self.faults, self.path = values, faults, path
        for name in values.twice if isinstance(values, Doubled) else ():
            self.refuse(name, "is written twice")

    def take(self, key: str, read: Callable[[object], T]) -> T | None:
        """What `read` makes of a key's value; None where there is none, or a wrong one."""
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return self.understand(key, value, read)

    def understand(self, key: str, value: object, read: Callable[[object], T]) -> T | None:
        """What `read` makes of a value; None, and a fault, where it is wrong."""
        try:
            return read(value)
        except NotUnderstood as error:
            self.refuse(key, str(error))
            return None

    def refuse(self, key: str, text: str) -> None:
        key = key if len(key) <= 40 and key.isprintable() else shown(key)
        path = f"{self.path}.{key}" if self.path else key
        self.faults.append(Fault(path, text))

    def refuse_unknown(self, allowed: Sequence[str]) -> None:
        for name in self.values:
            if name not in allowed:
                self.refuse(name, f"unknown key{hint(name, allowed)}")


def _order(reading: _Reading, rules: Rules, notes: list[str]) -> Order:
    reading.refuse_unknown(KEYS)
    identity = reading.understand("id", reading.values.get("id"), order_id) or ""
    days, price = _days(reading, rules, notes), _price(reading)
    shipping = reading.take("shipping", rules.shipping)
    status = reading.take("status", rules.status)
    marketplace = _marketplace(reading, rules)
    usual = identity.isascii() and identity.isdecimal() and len(identity) in _USUAL_ID
    if marketplace == _DEFAULT_MARKETPLACE and not usual:
        notes.append("the id is unusual: AliExpress numbers orders with 12 to 20 digits")
    return Order(
        id=identity,
        title=_text(reading, "title", TITLE_LENGTH, notes) or f"Order …{identity[-4:]}",
        marketplace=marketplace,
        seller=_text(reading, "seller", TITLE_LENGTH, notes),
        price=price,
        ordered_on=days["ordered_on"],
        paid_on=days["paid_on"],
        shipped_on=days["shipped_on"],
        shipping=Shipping(shipping) if shipping else None,
        estimated_delivery=days["estimated_delivery"],
        protection_until=days["protection_until"],
        deliver_to=_place(reading),
        parcels=_parcels(reading, rules, notes),
        status=OrderStatus(status) if status else None,
        notes=_text(reading, "notes", _NOTES_LENGTH, notes),
        bulky=reading.take("bulky", yes_or_no),
        return_cost=_return_cost(reading, price),
    )


def _text(reading: _Reading, key: str, length: int, notes: list[str]) -> str | None:
    text = reading.take(key, plain_text)
    if text and len(text) > length:
        notes.append(f"{key} was cut to {length} of its {len(text)} characters")
        return shortened(text, length)
    return text or None


def _marketplace(reading: _Reading, rules: Rules) -> str:
    return reading.take("marketplace", rules.marketplace) or _DEFAULT_MARKETPLACE


def _price(reading: _Reading) -> Money | None:
    currency = reading.take("currency", currency_code)
    return reading.take("price", lambda value: money(value, currency))


def _return_cost(reading: _Reading, price: Money | None) -> Money | None:
    """In the currency of the price, with which it is compared."""
    currency = None if price is None else price.currency
    return reading.take("return_cost", lambda value: money(value, currency))


def _days(reading: _Reading, rules: Rules, notes: list[str]) -> dict[str, date | None]:
    days = {key: reading.take(key, day) for key in _NOT_BEFORE}
    for key, earlier in _NOT_BEFORE.items():
        found = days[key]
        if found is None:
            continue
        for other in earlier:
            before = days[other]
            if before is not None and found < before:
                reading.refuse(key, f"{found} is before {other} {before}")
                break
        # A day of grace: the shop's clock may be ahead of the user's.
        if key in _PAST and found > rules.today + timedelta(days=1):
            notes.append(f"{key} {found} is in the future")
    return days


def _place(reading: _Reading) -> Place | None:
    value = reading.values.get("deliver_to")
    if value is None or value in ("", {}):
        return None
    if not isinstance(value, Mapping):
        reading.refuse("deliver_to", 'must be a table (allowed: such as { country = "ES", city = "Madrid" })')
        return None
    inside = _Reading(value, reading.faults, "deliver_to")
    inside.refuse_unknown(PLACE_KEYS)
    place = Place(
        city=inside.take("city", plain_text),
        postal_code=inside.take("postal_code", code_text),
        region=inside.take("region", plain_text),
        country=inside.take("country", country),
    )
    return None if place == Place() else place


def _parcels(reading: _Reading, rules: Rules, notes: list[str]) -> tuple[Parcel, ...]:
    """The parcels, each number once; a number that is there twice may name its source once."""
    carriers: dict[str, str | None] = {}
    for index, item in enumerate(_parcel_list(reading)):
        parcel = _parcel(reading, f"parcels[{index}]", item, rules)
        if parcel is None:
            continue
        known = carriers.get(parcel.number)
        if known and parcel.carrier and known != parcel.carrier:
            reading.refuse("parcels", f"{parcel.number} names two sources: {known} and {parcel.carrier}")
        carriers[parcel.number] = known or parcel.carrier
    odd = ((number, looks_mistyped(number)) for number in carriers)
    notes += [f"{number} {oddity}; a typing error?" for number, oddity in odd if oddity]
    return tuple(Parcel(number, carrier) for number, carrier in carriers.items())


def _parcel_list(reading: _Reading) -> Iterable[object]:
    match reading.values.get("parcels"):
        case None:
            return ()
        case str(text):
            return text.replace(",", " ").replace(";", " ").split()
        case list(items):
            return items
        case _:
            reading.refuse("parcels", 'must be a list (allowed: such as ["LP00123456789012"])')
            return ()


def _parcel(reading: _Reading, path: str, item: object, rules: Rules) -> Parcel | None:
    if not isinstance(item, Mapping):
        number = reading.understand(path, item, tracking_number)
        return Parcel(number) if number else None
    inside = _Reading(item, reading.faults, path)
    inside.refuse_unknown(_PARCEL_KEYS)
    number = inside.understand("number", item.get("number"), tracking_number)
    carrier = inside.take("carrier", rules.source)
    return Parcel(number, carrier) if number else None
