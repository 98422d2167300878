"""The exports of the browser extension "Aliexpress Shopper Inventory", as CSV and as JSON.

Each row is one item of an order; the rows of one order id become one order. The exports have no
tracking number, no estimate and no protection date: these come from files written by hand.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

from monitor.core.model import Money, OrderStatus
from monitor.orders.money import money
from monitor.orders.values import TITLE_LENGTH, NotUnderstood, cleaned, shortened
from monitor.orders.written import Fault, Listing, Unreadable, Written, shown

#: The columns that matter here, and what the JSON export calls the same.
COLUMNS = {
    "Order Date": "orderDate",
    "Order ID": "orderId",
    "Title": "title",
    "Qty": "quantity",
    "Price": "price",
    "Store": "storeName",
    "Currency": "currency",
    "Status": "status",
}
_TELLING = frozenset({"Order Date", "Order ID", "Title", "Store"})
_STATUSES = {
    "awaiting payment": OrderStatus.ORDERED,
    "to pay": OrderStatus.ORDERED,
    "processing": OrderStatus.ORDERED,
    "awaiting shipment": OrderStatus.ORDERED,
    "to ship": OrderStatus.ORDERED,
    "ready to ship": OrderStatus.ORDERED,
    "shipped": OrderStatus.SHIPPED,
    "in transit": OrderStatus.SHIPPED,
    "awaiting delivery": OrderStatus.SHIPPED,
    "delivered": OrderStatus.DELIVERED,
    "awaiting confirmation": OrderStatus.DELIVERED,
    "completed": OrderStatus.FINISHED,
    "finished": OrderStatus.FINISHED,
    "expired": OrderStatus.FINISHED,
    "closed": OrderStatus.FINISHED,
    "canceled": OrderStatus.FINISHED,
    "cancelled": OrderStatus.FINISHED,
}
_PROGRESS = tuple(OrderStatus)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|[T ])")
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2}) (?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})")

_Item = tuple[int, Mapping[str, object]]


def is_header(names: Sequence[str]) -> bool:
    """Whether a CSV file with these columns is such an export."""
    return _TELLING.issubset(names)


def is_item(table: Mapping[str, object]) -> bool:
    """Whether a JSON object is an item of such an export."""
    return "orderId" in table


def listing_from_rows(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> Listing:
    """The orders of the CSV export: `rows` with the line of each."""
    names = [COLUMNS.get(name) for name in header]
    return listing_from(
        (line, {name: cell for name, cell in zip(names, cells, strict=False) if name}) for line, cells in rows
    )


def listing_from(items: Iterable[_Item]) -> Listing:
    """The orders of items, in the order of their first items; items that name no order are broken."""
    orders: dict[str, list[_Item]] = {}
    broken: list[Unreadable] = []
    for line, item in items:
        if order := _text(item, "orderId"):
            orders.setdefault(order, []).append((line, item))
        else:
            broken.append(Unreadable("the item names no order", line))
    return Listing([_written(order, of_it) for order, of_it in orders.items()], broken)


def _written(order: str, items: Sequence[_Item]) -> Written:
    faults: list[Fault] = []
    notes: list[str] = []
    values = {
        "id": order,
        "title": _title([item for _, item in items]),
        "seller": next((store for _, item in items if (store := _text(item, "storeName"))), None),
        "ordered_on": _ordered_on(items, faults),
        "price": _price([item for _, item in items], notes),
        "status": _status([item for _, item in items], notes),
    }
    return Written(values, items[0][0], faults=tuple(faults), notes=tuple(notes))


def _text(item: Mapping[str, object], name: str) -> str:
    """A value as text, empty where there is none; ids and quantities may be numbers."""
    value = item.get(name)
    return cleaned(str(value)) if isinstance(value, str | int) else ""


def _title(items: Sequence[Mapping[str, object]]) -> str:
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    title = next((title for item in items if (title := _text(item, "title"))), "")
    return shortened(title, TITLE_LENGTH - len(more)) + more if title else ""


def _ordered_on(items: Sequence[_Item], faults: list[Fault]) -> date | None:
    """The earliest day its items tell."""
    days: list[date] = []
    for line, item in items:
        # The export's ISO date may be a day early (midnight moved to UTC): the words come first.
        text = _text(item, "orderDate") or _text(item, "orderDateIso")
        if (day := _day(text)) is not None:
            days.append(day)
        elif text:
            where = f"on line {line} " if line != items[0][0] else ""
            allowed = "(allowed: such as Feb 21, 2026 or 2026-02-21)"
            faults.append(Fault("order date", f"{where}{shown(text)} is not a date {allowed}"))
    return min(days, default=None)


def _day(text: str) -> date | None:
    with suppress(ValueError):
        if _ISO_DAY.match(text):
            return datetime.fromisoformat(text).date()
        words = text.casefold()
        if found := _MONTH_FIRST.fullmatch(words) or _DAY_FIRST.fullmatch(words):
            return date(int(found["year"]), _MONTHS.index(found["month"][:3]) + 1, int(found["day"]))
    return None


def _price(items: Sequence[Mapping[str, object]], notes: list[str]) -> Money | None:
    """What all items cost together, where that can be told: never a part of it."""
    total = Decimal(0)
    currencies: set[str] = set()
    for item in items:
        try:
            price = money(item.get("price") or "", _currency(item))
            total += Decimal(price.amount) * _quantity(item)
        except NotUnderstood as error:
            notes.append(f"no price, because that of an item is not understood: {error}")
            return None
        currencies.add(price.currency)
    if len(currencies) > 1:
        notes.append(f"no price, because its items are priced in {' and '.join(sorted(currencies))}")
        return None
    return Money(f"{total:f}", currencies.pop())


def _currency(item: Mapping[str, object]) -> str | None:
    code = _text(item, "currency").upper()
    return code if re.fullmatch("[A-Z]{3}", code) else None


def _quantity(item: Mapping[str, object]) -> int:
    text = _text(item, "quantity")
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else 1


def _status(items: Sequence[Mapping[str, object]], notes: list[str]) -> OrderStatus | None:
    """The status of the item that is least far along, as its deadlines still run."""
    words = {word for item in items if (word := _text(item, "status"))}
    unknown = sorted(word for word in words if word.casefold() not in _STATUSES)
    if unknown:
        notes.append(f"no status, because {', '.join(map(shown, unknown))} is not known")
        return None
    return min((_STATUSES[word.casefold()] for word in words), key=_PROGRESS.index, default=None)
