"""Takes the tables of a policy file apart, key by key, and gathers everything that is wrong with them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from monitor.errors import Problem

T = TypeVar("T")

_LONGEST_TEXT = 500
_WORDS: Mapping[type, str] = {
    str: "must be text",
    list: "must be a list",
    dict: "must be a table",
    date: "must be a date such as 2026-10-01",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what it says, where it stands (`clocks.protection_days`; empty for the whole file), and
    what is wrong with the file it is in."""

    values: Mapping[str, object]
    path: str = ""
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, key: str, message: str, allowed: str | None = None) -> None:
        """Notes what is wrong with a key."""
        self.problems.append(Problem(message, self.where(key), allowed=allowed))

    def where(self, key: str) -> str:
        """The whole path of a key."""
        return ".".join(part for part in (self.path, key or '""') if part)

    def only(self, known: Collection[str], *, also: Collection[str] = ()) -> None:
        """Refuses the keys that there are not. `also`: those of shipped files only, which are taken too."""
        for key in self.values:
            if key not in known and key not in also:
                self.refuse(key, f"unknown key{meant(key, known)}", ", ".join(known))

    def missing(self, key: str, what: str, instead: T) -> T:
        """`instead`, and the note that the key is missing, unless something is wrong with it already."""
        if key not in self.values:
            self.refuse(key, f"is missing: {what}")
        return instead

    def take(self, key: str, kind: type[T], *, like: str | None = None) -> T | None:
        """The value of a key, if it is of that kind, such as it is `like`."""
        value = self.values.get(key)
        # Not isinstance: a time of a day is no date, true is no number.
        if value is None or type(value) is kind:
            return value
        self.refuse(key, _WORDS[kind], f"such as {like}" if like else None)
        return None

    def text(self, key: str, *, most: int = _LONGEST_TEXT) -> str | None:
        """The text of a key: one line that says something."""
        text = self.take(key, str)
        if text is None or (text.strip() and len(text) <= most and text.isprintable()):
            return text
        self.refuse(key, f"must be one line of 1 to {most} characters")
        return None

    def texts(self, key: str, *, like: str | None = None) -> tuple[str, ...]:
        """A list of texts, such as it is `like`."""
        listed: list[object] = self.take(key, list, like=like) or []
        inside = Table(
            {f"{key}[{index}]": item for index, item in enumerate(listed)}, self.path, self.problems
        )
        return tuple(text for name in inside.values if (text := inside.text(name)) is not None)

    def words(self, key: str, known: Collection[str] | None = None) -> dict[str, str]:
        """A table of texts, with the keys that are `known` (None: any)."""
        inside = self.below(key)
        if known is not None:
            inside.only(known)
        return {name: text for name in inside.values if (text := inside.text(name)) is not None}

    def choice(self, key: str, allowed: Collection[str]) -> str | None:
        """One of some words."""
        word = self.take(key, str)
        if word is None or word in allowed:
            return word
        self.refuse(key, f"is not one of the allowed words{meant(word, allowed)}", ", ".join(allowed))
        return None

    def below(self, key: str) -> "Table":
        """The table that a key holds; an empty one, where it holds none."""
        values: dict[str, object] = self.take(key, dict) or {}
        return Table(values, self.where(key), self.problems)


def meant(word: str, known: Collection[str]) -> str:
    """`; did you mean paypal?`, where that can be guessed."""
    near = get_close_matches(word, known, 1)
    return f"; did you mean {near[0]}?" if near else ""
