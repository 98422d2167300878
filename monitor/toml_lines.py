"""On which line of a TOML text each key stands: tomllib keeps no places, people need them."""

import tomllib
from collections.abc import Iterator
from typing import Any


def key_lines(text: str) -> dict[str, int]:
    """The line (from 1) of every key of a valid TOML text, under its path: `alerts.morning`,
    `orders[2].parcels[0]`. What is inside a value that spans lines has the line its key is on."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, header, content in _statements(text):
        if header:
            table = _table_path(content, counts)
            _note(lines, table, number)
            continue
        for path in _paths(content, table):
            _note(lines, path, number)
    return lines


def _statements(text: str) -> Iterator[tuple[int, bool, dict[str, Any]]]:
    """Each statement: its first line, whether it is a `[header]`, and what it says, read alone.

    A line belongs to the statement before it until that one can be read.
    """
    pending, start = "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        start = start if pending else number
        pending += line + "\n"
        try:
            content = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        if content:
            yield start, pending.lstrip().startswith("["), content
        pending = ""


def _table_path(header: dict[str, Any], counts: dict[str, int]) -> str:
    """The path that `[a.b]` or `[[a.b]]` opens, with the place in each list of tables on its way."""
    path, inner = "", header
    while inner:
        [(name, value)] = inner.items()
        path = _join(path, name)
        if isinstance(value, list):
            counts[path] = counts.get(path, -1) + 1
            return f"{path}[{counts[path]}]"
        if value and path in counts:
            path = f"{path}[{counts[path]}]"
        inner = value
    return path


def _paths(value: Any, path: str) -> Iterator[str]:
    """Every path inside `value`, which stands at `path`."""
    if isinstance(value, dict):
        inside = [(_join(path, name), inner) for name, inner in value.items()]
    elif isinstance(value, list):
        inside = [(f"{path}[{index}]", inner) for index, inner in enumerate(value)]
    else:
        return
    for below, inner in inside:
        yield below
        yield from _paths(inner, below)


def _note(lines: dict[str, int], path: str, number: int) -> None:
    """The first mention of a path, and of the tables and lists it is in, is its place."""
    lines.setdefault(path, number)
    while above := parent(path):
        lines.setdefault(above, number)
        path = above


def parent(path: str) -> str:
    """The path of the table or list around `path`; empty for a key of the file itself."""
    return path[: max(path.rfind("."), path.rfind("["), 0)]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
