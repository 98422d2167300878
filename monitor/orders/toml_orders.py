"""Orders as `[[orders]]` tables of a TOML file.

tomllib reads a file whole or not at all. An order with a mistake in its TOML (a date such as
2026-02-30 is one) must not cost the others, so that a file with mistakes is read table by table.
"""

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from monitor.orders.written import Listing, Unreadable, Written, exact, hint, plainly, shown

_HEADER = re.compile(r"""^[ \t]*\[\[[ \t]*(?:orders|"orders"|'orders')[ \t]*\]\]""", re.MULTILINE)
_KEY = re.compile(r"""[ \t]*["']?(\w+)["']?[ \t]*[.=]""")
_ID = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']?([\w-]{1,64})(?![\w-])""", re.MULTILINE)
_BARE_DATE = re.compile(r"(=[ \t]*)(\d+-\d+-\d+)(?=[ \t\r]*(?:#.*)?$)", re.MULTILINE)
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read_toml(text: str) -> Listing:
    """The orders of a TOML text. Raises Unreadable when it is no TOML and has no `[[orders]]`."""
    blocks = list(_blocks(text))
    try:
        content = _parsed(text, 1)
    except Unreadable:
        if len(blocks) == 1:
            raise
        return _block_by_block(blocks)
    orders, broken = _orders_in(content)
    if len(orders) != len(blocks) - 1:
        line = _line_of_list(text)
        return Listing([Written(order, line) for order in orders], broken)
    return Listing([_written(order, *block) for order, block in zip(orders, blocks[1:], strict=True)], broken)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """What stands before the first order, then each order's text, with the line it begins on."""
    line = 1
    for start, end in pairwise([0, *(match.start() for match in _HEADER.finditer(text)), len(text)]):
        block = text[start:end]
        yield line, block
        line += block.count("\n")


def _block_by_block(blocks: list[tuple[int, str]]) -> Listing:
    written: list[Written] = []
    broken: list[Unreadable] = []
    for line, block in blocks:
        try:
            orders, strange = _orders_in(_content_of(block, line))
        except Unreadable as error:
            broken.append(error)
            continue
        written += [_written(order, line, block) for order in orders]
        broken += strange
    return Listing(written, broken)


def _content_of(block: str, line: int) -> dict[str, Any]:
    """A block's content; when it cannot be read, perhaps it can with its dates taken as text, so
    that an impossible date is one reason among all of its row."""
    try:
        return _parsed(block, line)
    except Unreadable as error:
        try:
            return _parsed(_BARE_DATE.sub(r'\1"\2"', block), line)
        except Unreadable:
            raise error from None


def _parsed(text: str, first_line: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=exact)
    except (ValueError, RecursionError) as error:
        raise _unreadable(text, first_line, error) from None


def _unreadable(text: str, first_line: int, error: Exception) -> Unreadable:
    message = "too deeply nested" if isinstance(error, RecursionError) else plainly(error)
    where = _WHERE.search(message)
    inside = int(where[1]) if where and where[1] else text.rstrip().count("\n") + 1
    reason = message[: where.start()] if where else message
    named = _ID.search(text)
    return Unreadable(
        f"is not TOML: {reason[:1].lower()}{reason[1:]}",
        first_line + inside - 1,
        order=named[1] if named else None,
    )


def _orders_in(content: dict[str, Any]) -> tuple[list[dict[str, object]], list[Unreadable]]:
    """The tables under `orders`, and what else there is and should not be."""
    found = content.pop("orders", [])
    found = found if isinstance(found, list) else [found]
    strange = [f"unknown key {shown(name)}{hint(name, ['orders'])}" for name in content]
    broken = [Unreadable("; ".join(strange))] if strange else []
    broken += [Unreadable("orders holds what is not a table") for one in found if not isinstance(one, dict)]
    return [one for one in found if isinstance(one, dict)], broken


def _written(order: dict[str, object], line: int, block: str) -> Written:
    lines: dict[str, int] = {}
    for number, text in enumerate(block.split("\n"), start=line):
        if key := _KEY.match(text):
            lines.setdefault(key[1], number)
    return Written(order, line, lines)


def _line_of_list(text: str) -> int | None:
    """Where `orders = [` or `[orders]` stands, for orders that are not written as `[[orders]]`."""
    found = re.search(r"^[ \t]*\[?[ \t]*orders[ \t]*[=\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None
