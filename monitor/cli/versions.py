"""`orderwatch version`."""

import platform
import sqlite3
from importlib.metadata import version

import click


@click.command()
def command() -> None:
    """The versions of orderwatch and of what it stands on, for a report."""
    click.echo(f"orderwatch {version('orderwatch')}")
    click.echo(f"python {platform.python_version()}")
    click.echo(f"sqlite {sqlite3.sqlite_version}")
    click.echo(f"httpx {version('httpx')}")
