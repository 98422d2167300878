"""`orderwatch notify`: try the channels, see what waits, send again."""

import asyncio
import sys
from collections.abc import Mapping
from difflib import get_close_matches

import click

from monitor.cli.frame import Workplace, at_option, json_option, line_of, workplace
from monitor.cli.log_lines import log_to
from monitor.cli.page import print_json, print_table, say
from monitor.core.model import Severity
from monitor.courier import Courier
from monitor.errors import UsageError
from monitor.notifier import Channel, Notification, NotifierError
from monitor.store.records import OutboxLine

_STYLES = {"dead": "bold red", "expired": "red", "unknown": "yellow", "sent": "green", "confirmed": "green"}


@click.group()
def command() -> None:
    """Tests the channels, and shows what waits or failed."""


@command.command()
@click.argument("name", required=False)
@click.pass_context
def test(ctx: click.Context, name: str | None) -> None:
    """Really sends a message over every channel, or over NAME, and prints each one's answer. A channel
    that was disabled and works is used again.

    Exits with 1 if one failed.
    """
    line = line_of(ctx)
    log_to(sys.stderr, line.environ, line.log_zone)
    runtime = line.load()
    channels = _chosen(runtime.channels, name)
    worked = asyncio.run(_send_tests(channels))
    if worked and runtime.settings.database.exists():
        with workplace(ctx) as place, place.store.atomic():
            for channel in worked:
                place.store.health.channel_worked(channel)
    ctx.exit(0 if len(worked) == len(channels) else 1)


def _chosen(channels: Mapping[str, Channel], name: str | None) -> Mapping[str, Channel]:
    if name is None:
        return channels
    if name not in channels:
        near = get_close_matches(name, channels, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no channel {name!r}{hint} (configured: {', '.join(channels)})")
    return {name: channels[name]}


async def _send_tests(channels: Mapping[str, Channel]) -> list[str]:
    """Sends over all at once; returns which worked."""
    failed = await asyncio.gather(*(_send_test(*channel) for channel in channels.items()))
    return [name for name, has_failed in zip(channels, failed, strict=True) if not has_failed]


async def _send_test(name: str, channel: Channel) -> bool:
    courier = Courier(name, channel)
    try:
        receipt = await courier.send(_test_message(channel))
    except NotifierError as error:
        say((f"{name}: failed", "bold red"), f" ({error.failure}): {error}")
        click.echo(f"channel {name} failed", err=True)
        return True
    finally:
        courier.close()
    told = f": {receipt.detail}" if receipt.detail else ""
    say((f"{name}: delivered", "green"), f" to {channel.describe()}{told}")
    if channel.depends_on:
        say("  ", (f"Whether the phone makes a sound depends on it. {channel.depends_on}", "dim"))
    return False


def _test_message(channel: Channel) -> Notification:
    severity = max(channel.min_severity, Severity.NOTICE, key=lambda severity: severity.rank)
    return Notification(
        id="test",
        title="orderwatch: a test",
        body="Alerts will reach you here.\n\nYou asked for this message: orderwatch notify test.",
        severity=severity,
        rule="test",
    )


@command.command()
@click.option("--all", "all_states", is_flag=True, help="The delivered and withdrawn ones too.")
@json_option
@click.pass_context
def outbox(ctx: click.Context, all_states: bool, as_json: bool) -> None:
    """What waits to be delivered, and what could not be."""
    with workplace(ctx) as place:
        lines = place.store.outbox.lines(all_states=all_states)
        if as_json:
            print_json([_line_json(place, line) for line in lines])
            return
    if not lines:
        say("Nothing was ever to be sent." if all_states else "Nothing waits, nothing failed.")
        return
    headings = ("id", "channel", "state", "attempt", "next", "severity", "title", "last error")
    print_table(headings, [_row(place, line) for line in lines])


def _line_json(place: Workplace, line: OutboxLine) -> dict[str, object]:
    return {
        "id": line.id,
        "alert": line.alert,
        "channel": line.channel,
        "state": line.state,
        "attempt": line.attempt,
        "next_at": place.local(line.next_at),
        "severity": line.severity,
        "title": line.title,
        "last_error": line.last_error,
    }


def _row(place: Workplace, line: OutboxLine) -> list[str | tuple[str, str]]:
    next_at = place.local(line.next_at)
    return [
        str(line.id),
        line.channel,
        (line.state, _STYLES.get(line.state, "")),
        str(line.attempt),
        f"{next_at:%Y-%m-%d %H:%M}" if next_at is not None else "",
        line.severity.value,
        line.title,
        line.last_error or "",
    ]


@command.command()
@click.argument("id_", metavar="ID", type=int)
@at_option
@click.pass_context
def retry(ctx: click.Context, id_: int, at: str | None) -> None:
    """Queues the delivery ID of `notify outbox` again, to be sent at once, whatever became of it."""
    with workplace(ctx, at) as place:
        with place.store.atomic():
            found = place.store.outbox.retry(id_, place.now)
        if not found:
            raise UsageError(
                f"there is no delivery {id_} that could be sent again; see `orderwatch notify outbox`"
            )
    say(f"Delivery {id_} is queued; the service (or `orderwatch run --once`) sends it next.")
