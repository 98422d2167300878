"""A dossier as a document: what it says, whatever it is written as."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a line of a checklist stands."""

    THERE = "there"
    MISSING = "missing"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Facts:
    """Words and what is told of each; what is empty is left out."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a checklist, and beside it what ticks it or would."""

    mark: Mark
    text: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """Things that are there or missing."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are `headings`. `literal` are the columns that a machine compares."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    literal: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Letter:
    """A text to copy, as it is to be sent; `notes` are for the buyer alone."""

    title: str
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph."""

    text: str


Block = Facts | Checklist | Table | Letter | Note


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`language` is that of its words (`en`); `made` says when and by what it was made. Sections without a
    block that tells something are left out by `of`."""

    title: str
    subtitle: str
    language: str
    sections: tuple[Section, ...]
    made: str

    @classmethod
    def of(
        cls, title: str, subtitle: str, language: str, sections: Sequence[Section], made: str
    ) -> "Document":
        """The document without what is empty."""
        told = [Section(it.heading, tuple(filter(_tells, map(_trimmed, it.blocks)))) for it in sections]
        return cls(title, subtitle, language, tuple(it for it in told if it.blocks), made)


def legible(text: str) -> str:
    """A text without what steers a screen or is no text in HTML: controls, marks of direction, halves of
    characters. Its lines stay."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else " " * char.isspace() for char in text)


def _trimmed(block: Block) -> Block:
    match block:
        case Facts(rows):
            return Facts(tuple((word, told) for word, told in rows if told))
        case _:
            return block


def _tells(block: Block) -> bool:
    match block:
        case Facts(things) | Checklist(things) | Table(_, things):
            return bool(things)
        case Letter(text=text) | Note(text):
            return bool(text)
