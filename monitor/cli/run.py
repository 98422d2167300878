"""`orderwatch run`: the service, or one full cycle."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack

import click

from monitor.cli.frame import CommandLine, at_option, json_option, line_of, time_from
from monitor.cli.log_lines import log_to
from monitor.cli.page import print_json, say
from monitor.clock import Clock, clock_at
from monitor.courier import Courier
from monitor.cycle import Cycle, CycleReport, open_transport
from monitor.daemon import Service
from monitor.errors import UsageError
from monitor.instance import only_instance
from monitor.runtime import Runtime
from monitor.store.thread import StoreThread
from monitor.systemd import Systemd


@click.command()
@click.option("--once", is_flag=True, help="One full cycle: read orders, poll, assess, deliver; then exit.")
@at_option
@json_option
@click.pass_context
def command(ctx: click.Context, once: bool, at: str | None, as_json: bool) -> None:
    """Watches until it is told to stop (Ctrl-C, SIGTERM). SIGHUP reads the configuration again.

    With --once it does everything that is due now, and exits with 1 if a source, a channel or an
    order row failed.
    """
    line = line_of(ctx)
    if not once and (at is not None or as_json):
        raise UsageError("--at and --json go with --once")
    log_to(sys.stderr, line.environ, line.log_zone)
    if once:
        ctx.exit(_once(line, at, as_json=as_json))
    asyncio.run(Service(line.load, line.clock, Systemd.of(line.environ, os.getpid())).run())


def _once(line: CommandLine, at: str | None, *, as_json: bool) -> int:
    runtime = line.load()
    clock = line.clock if at is None else clock_at(time_from(at, runtime.settings.zone))
    report = asyncio.run(one_cycle(runtime, clock))
    if as_json:
        print_json(_counts(report, runtime))
    else:
        say(", ".join(f"{count} {what}" for what, count in _counts(report, runtime).items() if what != "at"))
    for trouble in report.failing:
        click.echo(f"failing: {trouble}", err=True)
    # Rows that were refused are in the log above already.
    return 1 if report.failing or report.refused else 0


async def one_cycle(runtime: Runtime, clock: Clock) -> CycleReport:
    """One full cycle under the lock of the database. Raises StoreError."""
    couriers = {name: Courier(name, channel) for name, channel in runtime.channels.items()}
    database = StoreThread(runtime.settings.database)
    async with AsyncExitStack() as stack:
        stack.enter_context(only_instance(database.path))
        await database.open()
        stack.push_async_callback(database.close)
        for courier in couriers.values():
            stack.callback(courier.close)
        transport = await stack.enter_async_context(await open_transport(database, clock))
        cycle = Cycle(database, transport, runtime, couriers, clock)
        await cycle.prepare(clock())
        return await cycle.once(clock())


def _counts(report: CycleReport, runtime: Runtime) -> dict[str, object]:
    return {
        "at": report.at.astimezone(runtime.settings.zone),
        "orders": report.orders,
        "polled": report.polled.polled,
        "failed": report.polled.failed,
        "opened": report.opened,
        "sent": report.delivered.sent,
        "queued": report.queued,
    }
