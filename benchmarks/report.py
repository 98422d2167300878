"""How results are shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what, how much, how much of what it is compared with, and the aim."""

    what: str
    measured: str
    ratio: str
    aim: str


def show(title: str, rows: list[Row]) -> None:
    """Prints a table."""
    print(f"\n{title}")
    for row in rows:
        print(f"  {row.what:<46} {row.measured:>22} {row.ratio:>16}   {'aim ' + row.aim if row.aim else ''}")
