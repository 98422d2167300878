"""Blacks out a carrier's answer, so that it can be shared: names, addresses, phone numbers, keys.

Types and shapes stay, so that a parser reads the same: a text is a text of the same length (letters
are x, digits 0), a number is 0, tracking numbers are others of the same shape, the same everywhere.
Times, codes, statuses, and cities and countries stay as they are. Performs no I/O.
"""

import json
import math
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from pydantic import BaseModel, SecretStr

from monitor.blackout.keys import (
    Holder,
    holder_of,
    is_destination,
    is_postal_code,
    is_private,
    is_secret,
    is_tracking_number,
    private_beside,
    tells_who,
)
from monitor.blackout.texts import TIME, Texts, stand_in

#: A name or an address that is looked for in sentences has two words at least, and so many letters.
_SHORTEST_NAME, _LONGEST_NAME, _SHORTEST_POSTAL_CODE = 6, 120, 4
#: So many names and numbers are looked for: an answer about one parcel has a few.
_MOST_KNOWN = 1000
_NUMBER = re.compile(r"(?=(?:\D*\d){5})[A-Za-z0-9]{8,40}", re.ASCII)
#: `"key": "value"` in what is no JSON, or only the beginning of it.
_PAIR = re.compile(r'("([^"\\]{1,60})"\s*:\s*)("(?:[^"\\]|\\.)*"?|-?\d[\d.eE+\-]*)')
_DIGITS = re.compile(rf"\d{{{_SHORTEST_POSTAL_CODE},}}")
_HALF_LETTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Private:
    """What is known to be private. `numbers` are tracking numbers, each with what stands in for it;
    `words` names and addresses of people; `postal_codes` theirs."""

    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    numbers: Mapping[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    postal_codes: frozenset[str] = frozenset()

    def with_numbers(self, numbers: Iterable[str]) -> "Private":
        """With stand-ins for these tracking numbers too, in their order."""
        known = dict(self.numbers)
        told = list(numbers)
        taken = {*told, *known, *known.values()}
        for number in told:
            if number not in known and len(known) < _MOST_KNOWN:
                known[number] = _stand_in(number, len(known) + 1, taken)
                taken.add(known[number])
        return replace(self, numbers=known)

    def with_true_numbers(self) -> "Private":
        """With every tracking number standing for itself."""
        return replace(self, numbers={number: number for number in self.numbers})


def _stand_in(number: str, place: int, taken: Container[str]) -> str:
    """What stands in for a number: no number that is one itself, as far as its digits allow."""
    places = range(place, place + 2 * _MOST_KNOWN)
    told = (stand_in(number, it) for it in places)
    return next((it for it in told if it not in taken), stand_in(number, place))


@dataclass(frozen=True, slots=True)
class BlackedOut:
    """An answer that can be shared: its bytes, whether they are JSON, and how many values were blacked
    out at which places (`parcels[].receiver.name`; in what is no JSON, `line 7`)."""

    body: bytes
    places: Mapping[str, int]
    is_json: bool

    @property
    def count(self) -> int:
        """How many values were blacked out."""
        return sum(self.places.values())


def secrets_in(table: object) -> frozenset[str]:
    """The secrets in a configuration: a table as it is written, or an adapter made of it."""
    return frozenset(_secrets_at("", table))


def _secrets_at(key: str, value: object) -> Iterator[str]:
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case BaseModel():
            yield from _secrets_at(key, dict(value))
        case Mapping():
            for name, inner in value.items():
                yield from _secrets_at(str(name), inner)
        case list() | tuple():
            for inner in value:
                yield from _secrets_at(key, inner)
        case str() if is_secret(key):
            yield value
        case str() if "://" in value:
            # The user's own keys may be written into an address.
            yield from re.findall(r"(?<=[?&])[^=&#]+=([^&#{}]+)", value)
            yield from re.findall(r"://([^/@\s]+)@", value)


def learned(private: Private, bodies: Sequence[bytes]) -> Private:
    """`private`, and what the answers themselves tell to be private: whom they name, and the tracking
    numbers at keys that have some."""
    found = _Found([], set(), set())
    for body in bodies:
        try:
            found.look(_read(body), "", Holder.ANYTHING)
        except (ValueError, RecursionError):
            found.look_through(_as_text(body)[0])
    known = replace(
        private,
        words=private.words | set(sorted(found.words)[:_MOST_KNOWN]),
        postal_codes=private.postal_codes | set(sorted(found.postal_codes)[:_MOST_KNOWN]),
    )
    return known.with_numbers(found.numbers)


@dataclass(frozen=True, slots=True)
class _Found:
    numbers: list[str]
    words: set[str]
    postal_codes: set[str]

    def look(self, value: Any, key: str, around: Holder) -> None:
        match value:
            case dict():
                for name, inner in value.items():
                    self.look(inner, name, holder_of(key, around) if key else around)
            case list():
                for inner in value:
                    self.look(inner, key, around)
            case str():
                self._take(value.strip(), key, around)

    def look_through(self, text: str) -> None:
        for _, key, value in _PAIR.findall(text):
            self._take(value.strip('"').strip(), key, Holder.DESTINATION)

    def _take(self, text: str, key: str, around: Holder) -> None:
        if is_tracking_number(key) and _NUMBER.fullmatch(text):
            self.numbers.append(text)
        elif is_destination(key):
            self.postal_codes.update(_DIGITS.findall(text))
        elif not is_private(key, around):
            return
        elif is_postal_code(key):
            self.postal_codes.update({text} if len(text) >= _SHORTEST_POSTAL_CODE else ())
        elif tells_who(key, around) and _is_a_name(text):
            self.words.add(text)


def _is_a_name(text: str) -> bool:
    return " " in text and len(text) <= _LONGEST_NAME and sum(map(str.isalpha, text)) >= _SHORTEST_NAME


def black_out(body: bytes, private: Private) -> BlackedOut:
    """An answer without what is private in it: indented JSON if it is JSON, else the text it was."""
    texts = _texts(private)
    try:
        eraser = _Eraser(texts)
        value = eraser.value(_read(body), "", Holder.ANYTHING, "")
        return BlackedOut(_written(value), dict(eraser.places), is_json=True)
    except (ValueError, RecursionError):
        eraser = _Eraser(texts)
        text, encoding = _as_text(body)
        return BlackedOut(eraser.text(text).encode(encoding), dict(eraser.places), is_json=False)


def shown_text(text: str, private: Private) -> str:
    """A sentence without what is private in it."""
    return _texts(private).cleaned(text, sentence=True)


def _texts(private: Private) -> Texts:
    return Texts(private.secrets, private.numbers, private.words, private.postal_codes)


class _Eraser:
    """Goes through one answer, and counts what it blacks out where."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.places: Counter[str] = Counter()

    def value(self, value: Any, key: str, around: Holder, path: str, *, private: bool = False) -> Any:
        """What stands for `value`, which is at `key` in an object about `around`."""
        match value:
            case dict():
                return self._object(value, holder_of(key, around) if key else around, path)
            case list():
                return [self.value(it, key, around, f"{path}[]", private=private) for it in value]
            case str() | int() | float() if not isinstance(value, bool):
                is_home = is_postal_code(key) and self._texts.is_postal_code(str(value))
                new = self._leaf(value, private=private or is_home or is_private(key, around))
                self._count(value, new, path)
                return new
        return value

    def text(self, text: str) -> str:
        """What stands for an answer that is no JSON."""
        lines = []
        for number, line in enumerate(text.splitlines(keepends=True), 1):
            new = self._texts.cleaned(_PAIR.sub(self._pair, line), sentence=True)
            self._count(line, new, f"line {number}")
            lines.append(new)
        return "".join(lines)

    def _object(self, told: dict[str, Any], holder: Holder, path: str) -> dict[str, Any]:
        beside, new = private_beside(told), {}
        for key, value in told.items():
            shown = self._texts.cleaned_key(key)
            while shown in new:
                shown += "_"
            place = f"{path}.{shown}" if path else shown
            new[shown] = self.value(value, key, holder, place, private=key in beside)
        return new

    def _leaf(self, value: str | float, *, private: bool) -> str | float:
        if isinstance(value, str):
            is_hidden = private and not TIME.match(value)
            return self._texts.masked(value) if is_hidden else self._texts.cleaned(value)
        if number := self._texts.stand_in(str(value)):
            return int(number)
        is_hidden = private or self._texts.is_secret(str(value))
        return type(value)(0) if is_hidden else value

    def _pair(self, pair: re.Match[str]) -> str:
        before, key, value = pair.groups()
        return before + (self._texts.masked(value) if is_private(key, Holder.DESTINATION) else value)

    def _count(self, old: str | float, new: str | float, path: str) -> None:
        if isinstance(old, str):
            old = self._texts.with_stand_ins(old)
        elif number := self._texts.stand_in(str(old)):
            old = int(number)
        self.places[path] += old != new


def _read(body: bytes) -> Any:
    """Raises ValueError for what is no JSON, or has numbers that are none."""
    return json.loads(body.removeprefix(BOM_UTF8).decode(), parse_constant=_no_number, parse_float=_finite)


def _finite(text: str) -> float:
    return number if math.isfinite(number := float(text)) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _written(value: Any) -> bytes:
    """Half an emoji, which JSON may have and UTF-8 may not, is escaped as it was."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return (_HALF_LETTER.sub(lambda half: f"\\u{ord(half[0]):04x}", text) + "\n").encode()


def _as_text(body: bytes) -> tuple[str, str]:
    """The text of bytes that may be anything, and the encoding that makes the same bytes of it."""
    try:
        return body.decode(), "utf-8"
    except UnicodeDecodeError:
        return body.decode("latin-1"), "latin-1"
