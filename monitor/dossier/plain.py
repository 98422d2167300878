"""A document as plain text, for a form that takes nothing else, or a screen that shows nothing else."""

from collections.abc import Iterator
from textwrap import wrap

from monitor.dossier.document import Block, Checklist, Document, Facts, Letter, Mark, Note, Table, legible

#: Characters in a line.
WIDTH = 78
_SIGNS = {Mark.THERE: "[x]", Mark.MISSING: "[ ]", Mark.OPTIONAL: "[-]"}


def as_text(document: Document) -> str:
    """The document as text. The lines of letters stay as they are: they are there to be copied."""
    lines = [document.title, document.subtitle, ""]
    for section in document.sections:
        lines += [section.heading.upper(), "-" * min(len(section.heading), WIDTH), ""]
        for block in section.blocks:
            lines += [*_lines(block), ""]
    return legible("\n".join([*lines, *wrap(document.made, WIDTH), ""]))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Note(text):
            yield from wrap(text, WIDTH)
        case Facts(rows):
            width = max(len(word) for word, _ in rows) + 2
            for word, told in rows:
                yield from _hanging(f"{word + ':':<{width}}", told)
        case Checklist(lines):
            for it in lines:
                yield from _hanging(f"{_SIGNS[it.mark]} ", it.text)
                yield from _hanging("    ", it.beside)
        case Table(headings, rows):
            for row in rows:
                named = [f"{head}: {cell}" for head, cell in zip(headings[1:], row[1:], strict=True) if cell]
                yield from wrap(row[0], WIDTH, break_long_words=False)
                for line in named:
                    yield from _hanging("    ", line)
        case Letter(title, text, notes):
            yield from wrap(title, WIDTH)
            yield ""
            yield from text.split("\n")
            if notes:
                yield ""
            for note in notes:
                yield from _hanging("* ", note)


def _hanging(first: str, text: str) -> Iterator[str]:
    indent = " " * len(first)
    yield from wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
