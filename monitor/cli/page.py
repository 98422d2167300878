"""What a command prints: tables and colours on a terminal, plain text in a pipe, JSON where asked for.

Everything told by shops and carriers is text here, never markup and never control characters.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console

#: A piece of text, or one with a style of rich's (`"bold red"`), which counts on a terminal only.
Cell = str | tuple[str, str]

#: Categories of Unicode that are no text: controls, formats (bidi among them), halves, separators.
_NO_TEXT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: What JSON leaves as it is, though a terminal obeys it: C1 controls, bidi, other line ends.
_STEERS = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
#: Blanks with more among them than the space bar makes: ends of lines, tabs.
_BREAK = re.compile(r" *[^\S ]\s*")
#: Between two columns of plain text.
_GAP = "  "


def print_json(value: object) -> None:
    """Anything that msgspec encodes, as indented JSON. Instants are to have the user's offset.
    Marks that steer a screen are escaped, as JSON allows."""
    import msgspec

    click.echo(_steering_nothing(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()))


def print_utf8(pieces: Iterable[str]) -> None:
    """JSON in pieces, as UTF-8 whatever the terminal's encoding is: no letter of it may be lost."""
    if sys.stdout is None:
        return
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(_steering_nothing(piece).encode())
    sys.stdout.buffer.flush()


def _steering_nothing(json: str) -> str:
    return _STEERS.sub(lambda mark: f"\\u{ord(mark[0]):04x}", json)


def visible(text: str) -> str:
    """Text of others on one line: without what moves the cursor or turns the direction of writing. Its
    blanks stay, at the edges too: it may be a piece of a line."""
    if text.isascii() and text.isprintable():
        return text
    one_line = _BREAK.sub(" ", text)
    return "".join(mark for mark in one_line if unicodedata.category(mark) not in _NO_TEXT)


def on_terminal(stream: TextIO | None = None) -> bool:
    """Whether somebody looks at stdout (or `stream`), and not another program."""
    stream = stream or sys.stdout
    return stream is not None and stream.isatty()


def console() -> "Console":
    """Rich's console on stdout. It honours NO_COLOR; in a pipe it is as wide as any text."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not on_terminal())


def say(*pieces: Cell) -> None:
    """One line. Styles count on a terminal only."""
    if not on_terminal():
        click.echo("".join(_text(piece) for piece in pieces))
        return
    from rich.text import Text

    console().print(Text.assemble(*((_text(piece), _style(piece)) for piece in pieces)))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A table; in a pipe its columns are set apart by two spaces or more, without lines."""
    rows = [list(row) for row in rows]
    if not on_terminal():
        _print_plainly(headings, rows)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(_text(cell), _style(cell)) for cell in row))
    console().print(table)


def _print_plainly(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    lines = [list(headings), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
        click.echo(_GAP.join(padded).rstrip())


def _width(text: str) -> int:
    """Columns on a screen."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(mark) in "WF" for mark in text)
    return len(text) + wide - sum(unicodedata.combining(mark) > 0 for mark in text)


def _text(cell: Cell) -> str:
    return visible(cell if isinstance(cell, str) else cell[0])


def _style(cell: Cell) -> str:
    return "" if isinstance(cell, str) else cell[1]
