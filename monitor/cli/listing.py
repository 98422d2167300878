"""A list of things with two lines each: side by side where there is room, one below the other where
there is little, and one line each in a pipe."""

from collections.abc import Sequence
from textwrap import wrap

from monitor.cli.page import Cell, console, on_terminal, print_table, say, visible

#: What is known of one thing: a cell has the news, and below it what belongs to it.
Pair = tuple[Cell, Cell]

#: The lines of a cell, each with its style.
Lines = list[tuple[str, str]]

#: On a screen of fewer columns everything is below each other.
NARROW = 56
#: A column that gives way does so down to this.
_LEAST = 14
#: The column of the words that say what a line tells.
_WORD = 16
_GAP = 2

STYLES = {
    "critical": "bold white on red",
    "urgent": "bold red",
    "warning": "yellow",
    "notice": "cyan",
    "info": "dim",
}


def print_listing(headings: Sequence[str], things: Sequence[Sequence[Pair]], *, gives_way: int = 0) -> None:
    """Prints one row of pairs for each thing; where they do not fit, the column `gives_way` is cut."""
    if not on_terminal():
        print_table(headings, [[_named(thing[0]), *map(joined, thing[1:])] for thing in things])
        return
    width = console().width
    if width < NARROW:
        _print_below_each_other(things)
    else:
        console().print(_table(headings, things, width, gives_way))


def say_indented(indent: int, text: str) -> None:
    """What belongs to the line above; it keeps its indent where a screen is too narrow for it."""
    width = max(20, console().width - indent) if on_terminal() else len(text) + 1
    for line in wrap(visible(text), width, break_on_hyphens=False):
        say(" " * indent, (line, "dim"))


def heading(text: str) -> None:
    """What stands above a part of a page."""
    say()
    say((text, "bold"))


def fact(word: str, told: Cell) -> None:
    """A line that says what it tells; nothing, if there is nothing to tell."""
    if told:
        say(f"  {word:<{_WORD}}", told)


def joined(pair: Pair) -> Cell:
    """Both lines of a pair as one, with the style of the first."""
    (first, style), (second, _) = map(_styled, pair)
    return ", ".join(text for text in (first, second) if text), style


def _named(pair: Pair) -> Cell:
    """A name and what it is known by, in one line."""
    (first, style), (second, _) = map(_styled, pair)
    return f"{first} {second}".rstrip(), style


def _print_below_each_other(things: Sequence[Sequence[Pair]]) -> None:
    for thing in things:
        name, style = _styled(_named(thing[0]))
        say((name, style or "bold"))
        for pair in thing[1:]:
            text, style = _styled(joined(pair))
            if text:
                say("  ", (text, style))


def _table(headings: Sequence[str], things: Sequence[Sequence[Pair]], width: int, gives_way: int) -> object:
    """One line each if all of it fits, else two."""
    from rich.table import Table
    from rich.text import Text

    rows = [
        [[_styled(_named(thing[0]))], *([_styled(joined(pair))] for pair in thing[1:])] for thing in things
    ]
    spare, widths = _widths(headings, rows, width)
    if spare < 0:
        rows = [[_lines(pair) for pair in thing] for thing in things]
        spare, widths = _widths(headings, rows, width)
        widths[gives_way] = max(_LEAST, widths[gives_way] + min(0, spare))
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="dim")
    for heading, most in zip(headings, widths, strict=True):
        table.add_column(heading, width=most, no_wrap=True, overflow="ellipsis")
    for row in rows:
        table.add_row(*(Text("\n").join(Text(text, style) for text, style in lines) for lines in row))
    return table


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Lines]], width: int) -> tuple[int, list[int]]:
    """How wide each column would like to be, and what of the screen is left then."""
    from rich.cells import cell_len

    widths = [
        max([cell_len(heading), *(cell_len(text) for row in rows for text, _ in row[column])])
        for column, heading in enumerate(headings)
    ]
    return width - sum(widths) - _GAP * (len(widths) - 1), widths


def _lines(pair: Pair) -> Lines:
    (first, style), (second, other) = map(_styled, pair)
    return [(first, style), (second, other or "dim")]


def _styled(cell: Cell) -> tuple[str, str]:
    text, style = (cell, "") if isinstance(cell, str) else cell
    return visible(text), style
