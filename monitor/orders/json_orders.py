"""Orders as a JSON list, or as `{"orders": [...]}`, with the line on which each begins."""

import json
import re
from json import JSONDecodeError

from monitor.orders import shopper_inventory
from monitor.orders.written import Doubled, Listing, Unreadable, Written, exact, hint, plainly, shown

_BLANK = re.compile(r"[ \t\r\n]*")


def _table(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    return table if len(table) == len(pairs) else Doubled(pairs)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_table, parse_float=exact, parse_constant=_refuse_constant, strict=False
)

_NO_LIST = 'must be a list of orders, or {"orders": [...]}'

#: A value and the offset at which it begins.
_Item = tuple[int, object]


def read_json(text: str) -> Listing:
    """The orders of a JSON text. Raises Unreadable, with the line, when it is no JSON or no list."""
    try:
        items, others = _top(text)
    except JSONDecodeError as error:
        raise Unreadable(_reason(text, error), error.lineno) from None
    except RecursionError:
        raise Unreadable("is not JSON that can be read: too deeply nested") from None
    except ValueError as error:
        raise Unreadable(f"is not JSON that can be read: {plainly(error)}") from None
    listing = _listing(text, items)
    if not others:
        return listing
    strange = Unreadable("; ".join(f"unknown key {shown(name)}{hint(name, ['orders'])}" for name in others))
    return Listing(listing.orders, [strange, *listing.broken])


def _reason(text: str, error: JSONDecodeError) -> str:
    message = f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    return f"{message}; the file breaks off there" if error.pos >= len(text.rstrip()) else message


def _listing(text: str, items: list[_Item]) -> Listing:
    tables: list[tuple[int, dict[str, object]]] = []
    broken: list[Unreadable] = []
    line, counted = 1, 0
    for offset, value in items:
        line, counted = line + text.count("\n", counted, offset), offset
        if isinstance(value, dict):
            tables.append((line, value))
        else:
            broken.append(Unreadable("is not an order: a table { … } is expected", line))
    if tables and shopper_inventory.is_item(tables[0][1]):
        exported = shopper_inventory.listing_from(tables)
        return Listing(exported.orders, [*broken, *exported.broken])
    return Listing([Written(table, line) for line, table in tables], broken)


def _top(text: str) -> tuple[list[_Item], list[str]]:
    """The items of the list of orders, and the keys that stand beside it."""
    at = _after_blank(text, 0)
    items: list[_Item] = []
    others: list[str] = []
    match text[at : at + 1]:
        case "[":
            at = _list(text, at, items)
        case "{":
            at = _object(text, at, items, others)
        case _:
            _DECODER.raw_decode(text, at)
            raise Unreadable(_NO_LIST)
    if (at := _after_blank(text, at)) != len(text):
        raise JSONDecodeError("Extra data", text, at)
    return items, others


def _list(text: str, at: int, items: list[_Item]) -> int:
    """Reads a list whose bracket stands at `at` into `items`. Returns the offset behind it."""
    at = _after_blank(text, at + 1)
    if text[at : at + 1] == "]":
        return at + 1
    while True:
        value, end = _DECODER.raw_decode(text, at)
        items.append((at, value))
        at = _after_blank(text, end)
        if text[at : at + 1] == "]":
            return at + 1
        at = _expect(",", text, at)


def _object(text: str, at: int, items: list[_Item], others: list[str]) -> int:
    """Reads `{"orders": [...]}`, whose brace stands at `at`. Returns the offset behind it."""
    listed = False
    at = _after_blank(text, at + 1)
    while text[at : at + 1] != "}":
        name, end = _name(text, at)
        at = _expect(":", text, _after_blank(text, end))
        if name == "orders" and text[at : at + 1] == "[":
            listed = True
            at = _list(text, at, items)
        else:
            _, at = _DECODER.raw_decode(text, at)
            others.append(name)
        at = _after_blank(text, at)
        if text[at : at + 1] != "}":
            at = _expect(",", text, at)
    if not listed:
        raise Unreadable(_NO_LIST)
    return at + 1


def _name(text: str, at: int) -> tuple[str, int]:
    name, end = _DECODER.raw_decode(text, at)
    if not isinstance(name, str):
        raise JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
    return name, end


def _expect(mark: str, text: str, at: int) -> int:
    if text[at : at + 1] != mark:
        raise JSONDecodeError(f"Expecting '{mark}' delimiter", text, at)
    return _after_blank(text, at + 1)


def _after_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
