"""`orderwatch backup`: a copy of the database."""

import os
from pathlib import Path

import click

from monitor.cli.frame import line_of, workplace
from monitor.cli.page import say
from monitor.config_file import glance
from monitor.errors import StoreError, UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, file: Path) -> None:
    """Copies the whole database into FILE, which must not exist yet; also while the service runs.

    The copy is a database like any other: to restore it, stop the service and put it in place.
    """
    line = line_of(ctx)
    database = glance(line.config_path, line.environ).database
    if not database.exists():
        raise UsageError(f"there is no database yet ({database}), so nothing to copy")
    _claim(file)
    try:
        with workplace(ctx) as place:
            place.store.backup(file)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    say(f"copied {database} to {file}, {file.stat().st_size:,} bytes")


def _claim(file: Path) -> None:
    """Makes the file, empty and for its owner only, if there is none of this name."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise UsageError(f"{file} is there already and is not overwritten; name a new file") from None
    except OSError as error:
        raise StoreError(f"{file} cannot be made: {error.strerror}") from None
