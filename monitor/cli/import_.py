"""`orderwatch import`: order files and exports, read once."""

from pathlib import Path

import click

from monitor.cli.frame import at_option, workplace
from monitor.cli.page import say
from monitor.errors import OrderFileError
from monitor.intake import TakenRow, read_files, take_rows


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@at_option
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], at: str | None) -> None:
    """Reads order files and exports (TOML, JSON, CSV) once, without watching them.

    Prints the rows that are new, changed and refused; exits with 65 if any was refused.
    """
    with workplace(ctx, at) as place:
        read = read_files(files, place.runtime, place.now)
        with place.store.atomic():
            rows = take_rows(place.store, read, place.runtime, place.now)
    refused = [error for file in read for error in file.refused]
    _print(rows, refused)
    ctx.exit(65 if refused else 0)


def _print(rows: list[TakenRow], refused: list[OrderFileError]) -> None:
    for taken in rows:
        row = taken.row
        where = f"{row.file}:{row.line}" if row.line is not None else row.file
        if taken.how != "unchanged":
            say((f"{taken.how:8}", "green"), f" {row.order.id}  {row.order.title}  ({where})")
        for note in row.notes:
            say(f"         note on {row.order.id}: {note}")
    for error in refused:
        click.echo(f"refused: {error}", err=True)
    hows = [taken.how for taken in rows]
    counts = ", ".join(f"{hows.count(how)} {how}" for how in ("new", "changed", "unchanged"))
    say(f"{counts}, {len(refused)} refused")
