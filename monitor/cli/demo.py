"""`orderwatch demo`: the whole pipeline at work, without network and configuration."""

import asyncio
import sys

import click

from monitor.cli.page import console, on_terminal
from monitor.demo.plain import Plain
from monitor.demo.show import Screen, show
from monitor.demo.terminal import Terminal
from monitor.demo.viewer import watching


@click.command()
@click.option("--fast", is_flag=True, help="On a terminal: without the time to read.")
@click.pass_context
def command(ctx: click.Context, fast: bool) -> None:
    """Travels through 90 days of five orders, and shows each message as a phone would.

    On a terminal it takes a minute at most; any key or Ctrl-C ends it. In a pipe it prints plain text
    without waiting. It needs no network and no configuration, and leaves nothing behind.
    """
    ctx.exit(asyncio.run(_show(fast=fast)))


async def _show(*, fast: bool) -> int:
    looked_at = on_terminal()
    with watching(keys=looked_at and on_terminal(sys.stdin)) as viewer:
        screen: Screen = Terminal(console(), viewer, fast=fast) if looked_at else Plain(sys.stdout)
        await show(screen, viewer)
        # Whoever ends it at a terminal has seen enough; a script wanted it whole.
        return 130 if viewer.left and not looked_at else 0
