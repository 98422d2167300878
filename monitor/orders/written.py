"""What the formats hand on: orders as they are written, before anything in them is understood."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple


class Fault(NamedTuple):
    """One reason against a row: the path of the key (`deliver_to.country`; empty for the whole
    row), and what is wrong there."""

    path: str
    text: str


class Unreadable(Exception):
    """A file, or a part of one, that no order could be read from. `order` is its id where that much
    can be told."""

    def __init__(self, reason: str, line: int | None = None, *, order: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.line, self.order = reason, line, order


@dataclass(frozen=True, slots=True)
class Written:
    """One order in the words of an order file, whatever the format.

    Values are what the format knows: text, numbers, dates, lists, tables. `line` is where the order
    begins, `lines` has the lines of its keys where the format tells them. `faults` and `notes` are
    what the format has already found.
    """

    values: Mapping[str, object]
    line: int | None
    lines: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """All orders that one file lists, and the parts of it that could not be read."""

    orders: Sequence[Written]
    broken: Sequence[Unreadable] = ()


class Doubled(dict[str, object]):
    """A table in which keys are written `twice`; of each, the last value is kept."""

    def __init__(self, pairs: Sequence[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]


def hint(word: str, allowed: Sequence[str]) -> str:
    """What may have been meant by an unknown word: the nearest allowed one, or all of them."""
    from difflib import get_close_matches  # only mistakes pay for it

    near = get_close_matches(word[:40].casefold(), allowed, n=1)
    return f"; did you mean {near[0]}?" if near else f" (allowed: {', '.join(allowed)})"


def shown(value: object) -> str:
    """A value as a message quotes it: on one line, and no longer than a message may be."""
    if isinstance(value, Mapping | list):
        return "a table" if isinstance(value, Mapping) else "a list"
    try:
        text = str(value)
    except ValueError:
        return "a number without end"
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:61])
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def plainly(error: Exception) -> str:
    """What a parser says of a value; without Python's advice where a number has thousands of digits."""
    return "a number is too long" if "integer string conversion" in str(error) else str(error)


def exact(text: str) -> Decimal:
    """A number with a fraction as it is written: 41.90 stays 41.90. Raises ValueError."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text[:20]} is not a number") from None
