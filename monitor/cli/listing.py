"""A list of things with two lines each: side by side where there is room, one below the other where
there is little, and one line each in a pipe."""

from collections.abc import Sequence

from monitor.cli.page import Cell, console, on_terminal, print_table, say, visible

#: What is known of one thing: a cell has the news, and below it what belongs to it.
Pair = tuple[Cell, Cell]

#: From here on one line each, up to here everything below each other (columns of a screen).
WIDE, NARROW = 130, 56
#: The first column gives way to the others down to this.
_LEAST = 14
_GAP = 2

STYLES = {
    "critical": "bold white on red",
    "urgent": "bold red",
    "warning": "yellow",
    "notice": "cyan",
    "info": "dim",
}


def print_listing(headings: Sequence[str], things: Sequence[Sequence[Pair]]) -> None:
    """Prints one row of pairs for each thing."""
    if not on_terminal():
        print_table(headings, [[joined(pair) for pair in thing] for thing in things])
        return
    width = console().width
    if width < NARROW:
        _print_below_each_other(things)
    else:
        console().print(_table(headings, things, width))


def joined(pair: Pair) -> Cell:
    """Both lines of a pair as one, with the style of the first."""
    (first, style), (second, _) = map(_styled, pair)
    return ", ".join(text for text in (first, second) if text), style


def _print_below_each_other(things: Sequence[Sequence[Pair]]) -> None:
    for thing in things:
        (first, style), (second, _) = map(_styled, thing[0])
        say((" ".join(text for text in (first, second) if text), style or "bold"))
        for pair in thing[1:]:
            text, style = _styled(joined(pair))
            if text:
                say("  ", (text, style))


def _table(headings: Sequence[str], things: Sequence[Sequence[Pair]], width: int) -> object:
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    in_one_line = width >= WIDE
    rows = [[_lines(pair, in_one_line=in_one_line) for pair in thing] for thing in things]
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="dim")
    widths = [
        max([cell_len(heading), *(cell_len(text) for row in rows for text, _ in row[column])])
        for column, heading in enumerate(headings)
    ]
    first = max(_LEAST, width - sum(widths[1:]) - _GAP * (len(widths) - 1))
    table.add_column(headings[0], max_width=first, no_wrap=True, overflow="ellipsis")
    for heading in headings[1:]:
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for row in rows:
        table.add_row(*(Text("\n").join(Text(text, style) for text, style in lines) for lines in row))
    return table


def _lines(pair: Pair, *, in_one_line: bool) -> list[tuple[str, str]]:
    if in_one_line:
        return [_styled(joined(pair))]
    (first, style), (second, other) = map(_styled, pair)
    return [(first, style), (second, other or "dim")]


def _styled(cell: Cell) -> tuple[str, str]:
    text, style = (cell, "") if isinstance(cell, str) else cell
    return visible(text), style
