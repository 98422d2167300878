"""`orderwatch replay`: what a source makes of an answer that was recorded."""

from difflib import get_close_matches
from pathlib import Path

import click

from monitor.answers import refusal
from monitor.carrier import LookError, Payload, Source, Tracking, Unreachable
from monitor.cli.frame import CommandLine, json_option, line_of
from monitor.cli.page import print_json, print_table, say
from monitor.config_file import CONFIG_VARIABLE
from monitor.core.model import TrackingEvent, UndatedEvent
from monitor.core.tracking import in_order
from monitor.errors import ConfigError, UsageError
from monitor.plugins import available_adapters, load_source, source_for_replay
from monitor.settings import read_settings
from monitor.tracking_json import look_error_json, time_json, tracking_json

_COLUMNS = ("at", "status", "place", "code", "description", "decided by")
#: The largest payload that is read: as much as a source may answer.
_MOST_BYTES = 16 * 2**20


@click.command()
@click.argument("source")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--http-status", type=click.IntRange(100, 599), default=200, help="The answer's status; default: 200."
)
@click.option(
    "--number", "numbers", multiple=True, help="A number that was asked for, where answers do not say."
)
@json_option
@click.pass_context
def command(
    ctx: click.Context, source: str, file: Path, http_status: int, numbers: tuple[str, ...], as_json: bool
) -> None:
    """Parses FILE, one recorded answer, as SOURCE would: a source of your configuration, or an adapter.

    Exits with 65 if it cannot be read as an answer, or is one that tells of an error.
    """
    chosen = _source(line_of(ctx), source)
    try:
        trackings = _read(chosen, source, file, http_status, numbers)
    except LookError as error:
        if as_json:
            print_json(look_error_json(error))
        click.echo(f"{file}: {error}", err=True)
        ctx.exit(65)
    if as_json:
        print_json([tracking_json(tracking) for tracking in trackings])
    else:
        _print(trackings)


def _read(source: Source, name: str, file: Path, status: int, numbers: tuple[str, ...]) -> list[Tracking]:
    refused = refusal(status, name, source.reads_statuses)
    if refused is not None:
        raise refused
    try:
        with file.open("rb") as opened:
            body = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if len(body) > _MOST_BYTES:
        raise Unreachable(f"more than {_MOST_BYTES / 2**20:g} MiB: no answer is read that far")
    return list(source.parse(Payload(body, status, numbers, name=file.name)))


def _source(line: CommandLine, name: str) -> Source:
    """The configured source of this name, else the adapter's own, which needs no configuration.

    Nothing but its own table counts, and of that no secret: nobody is asked."""
    settings = read_settings(_config_if_any(line), line.environ)
    if name in settings.carriers:
        try:
            return load_source(name, settings.carriers[name])
        except ConfigError as error:
            raise settings.complaint(error.problems, about=f"carriers.{name}") from None
    known = list(dict.fromkeys((*settings.carriers, *available_adapters("carriers"))))
    if name in known:
        return source_for_replay(name)
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise UsageError(f"there is no source or adapter {name!r}{hint} (there are: {', '.join(known)})")


def _config_if_any(line: CommandLine) -> Path | None:
    named = line.config is not None or line.environ.get(CONFIG_VARIABLE)
    try:
        return line.config_path
    except ConfigError:
        if named:
            raise
        return None


def _print(trackings: list[Tracking]) -> None:
    if not trackings:
        say("No parcel in it.")
    for tracking in trackings:
        names = " = ".join((tracking.number, *tracking.aliases))
        say((names, "bold"), f": {tracking.status.value}", _extras(tracking))
        events: list[TrackingEvent | UndatedEvent] = [
            *tracking.undated,
            *sorted(tracking.events, key=in_order),
        ]
        rows = [_row(event) for event in events]
        # Said only where something else than the scan's own code decided.
        columns = len(_COLUMNS) if any(row[-1] for row in rows) else len(_COLUMNS) - 1
        if rows:
            print_table(_COLUMNS[:columns], [row[:columns] for row in rows])


def _extras(tracking: Tracking) -> str:
    edd, delivery = tracking.edd, tracking.delivery
    text = ", not scanned beyond the border" if tracking.ends_at_border else ""
    if edd is not None and (edd.latest or edd.earliest):
        text += f", expected {' to '.join(str(day) for day in (edd.earliest, edd.latest) if day)}"
    if delivery is not None and delivery.at is not None:
        text += f", delivered {time_json(delivery.at, delivery.zone_known)}"
    return text


def _row(event: TrackingEvent | UndatedEvent) -> list[str]:
    place = event.place
    parts = (place.city, place.postal_code, place.region, place.country) if place is not None else ()
    return [
        (time_json(event.at, event.zone_known) if isinstance(event, TrackingEvent) else None) or "",
        event.status.value,
        ", ".join(part for part in parts if part),
        event.code or "",
        event.description,
        event.decided_by or "",
    ]
