"""The command line. A command's module is imported when that command runs, and not before: what is
only looked at starts in a fraction of the time that everything would take."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from pkgutil import resolve_name

import click

from monitor.cli.frame import CommandLine
from monitor.errors import ConfigError, OrderFileError, OrderwatchError, UsageError

#: Exit codes beside 0.
FAILED, WRONG_USAGE, BAD_DATA, BAD_CONFIGURATION, INTERRUPTED = 1, 2, 65, 78, 130

#: Every command, in the order of `--help`: its one line. `monitor.cli.NAME` holds it as `command`.
COMMANDS = {
    "demo": "See the whole pipeline at work, without network and configuration.",
    "run": "The service: watch, and tell your channels in time.",
    "check": "Validate configuration, order files, policies and channels.",
    "orders": "The orders that still run, the most pressing first.",
    "alerts": "Every open alert.",
    "show": "One order: parcels, events, alerts, and all its dates with their why.",
    "forecast": "What will be said and when, if nothing else happens.",
    "record": "Note what you did or saw: received, dispute-opened, offer …",
    "ack": "Seen: do not repeat an alert until it gets worse.",
    "snooze": "Later: say an alert again after a while.",
    "import": "Read order files and exports once.",
    "notify": "Test the channels, see what waits, send again.",
    "replay": "Parse one recorded payload as a source would.",
    "capture": "Save a source's real answer, blacked out, for a bug report or a test.",
    "dossier": "What to open a dispute with: evidence, checklist, texts, in a folder and a zip.",
    "calendar": "Write every deadline as an iCalendar file, with alarms.",
    "backup": "Copy the database, also while the service runs.",
    "export": "Everything that is known about an order, or about all, as JSON.",
    "config": "Print an example configuration.",
    "version": "The versions of orderwatch and of what it stands on.",
}
#: Names that cannot be a module's, or modules that would be in the way of one.
_MODULES = {"import": "import_", "config": "config", "version": "versions"}


class Commands(click.Group):
    """The commands of COMMANDS, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = resolve_name(f"monitor.cli.{_MODULES.get(cmd_name, cmd_name)}:command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            raise UsageError(f"there is no command {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; default: $ORDERWATCH_CONFIG, ./orderwatch.toml, your configuration"
    " folder, /etc/orderwatch/orderwatch.toml.",
)
@click.option("--debug", is_flag=True, hidden=True)
@click.pass_context
def orderwatch(ctx: click.Context, config: Path | None, debug: bool) -> None:
    """Watches over your orders: every parcel, every deadline of buyer protection and disputes, and a
    message to your phone in time."""
    ctx.obj = replace(ctx.ensure_object(CommandLine), config=config, debug=debug)


def main(arguments: Sequence[str] | None = None, line: CommandLine | None = None) -> int:
    """Runs a command and returns its exit code: 0 fine, 1 something failed, 2 wrong usage, 65 bad
    data, 78 configuration. What went wrong is told on stderr, never as a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _print_what_can_be_printed()
    try:
        _refuse_what_is_no_text(words)
        code = orderwatch.main(words, "orderwatch", standalone_mode=False, obj=line or CommandLine())
        if sys.stdout is not None:
            sys.stdout.flush()
    except OrderwatchError as error:
        return _told(error)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return WRONG_USAGE
    except BrokenPipeError:
        _let_go_of_output()
        return FAILED
    except OSError as error:
        _let_go_of_output()
        return _told(OrderwatchError(f"{error.filename or 'the output'}: {error.strerror or error}"))
    except SystemExit as end:
        # Click's own way to leave when nobody reads what it prints.
        return end.code if isinstance(end.code, int) else FAILED
    except Exception as error:  # noqa: BLE001 - the outermost frame: a user never sees a traceback
        return _our_fault(error, with_traceback="--debug" in words)
    return code if isinstance(code, int) else 0


def _refuse_what_is_no_text(words: Sequence[str]) -> None:
    """Python carries bytes that are no UTF-8 as half letters, which can be neither stored nor sent."""
    for word in words:
        shown = word.encode(errors="replace").decode()
        if shown != word:
            raise UsageError(f"{shown!r} is not UTF-8 text; check the encoding of your terminal")


def _print_what_can_be_printed() -> None:
    """A terminal that knows no "€" shows a "?" there, and all the rest."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _told(error: OrderwatchError) -> int:
    click.echo(f"orderwatch: {error}" if not isinstance(error, ConfigError) else str(error), err=True)
    match error:
        case ConfigError():
            click.echo("The configuration cannot be used as it is; nothing was done.", err=True)
            return BAD_CONFIGURATION
        case UsageError():
            return WRONG_USAGE
        case OrderFileError():
            return BAD_DATA
    return FAILED


def _our_fault(error: Exception, *, with_traceback: bool) -> int:
    """A bug. Its own words may hold secrets; where it happened does not."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "nowhere"
    click.echo(
        f"orderwatch: this is a fault of orderwatch; please report it ({type(error).__name__} in {where},"
        " `orderwatch version`; all of it with `orderwatch --debug …`)",
        err=True,
    )
    if with_traceback:
        traceback.print_exception(error)
    return FAILED


def _let_go_of_output() -> None:
    """What could not be printed is not tried again when Python ends."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
