"""What commands have in common: where they find things, how they read times, what they open."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import click

from monitor.clock import Clock, system_clock
from monitor.config_file import Glance, find_config, glance, ours
from monitor.errors import ConfigError, UsageError
from monitor.zones import zone

if TYPE_CHECKING:
    from monitor.core.texts import Catalogue
    from monitor.reckoning import Reckoning
    from monitor.runtime import Runtime
    from monitor.store import Store
    from monitor.store.orders import Orders

F = TypeVar("F", bound=Callable[..., Any])

#: Where a quick look notes that the order files have been taken in as they are.
_LOOKED = "quick look"
#: Where a quick look notes what dates depend on.
_RECKONING = "reckoning"
#: Ids that an unknown one is compared with.
_MOST_COMPARED = 5000
#: Years that a time on the command line may be in.
_YEARS = range(2000, 2200)


@dataclass(frozen=True)
class CommandLine:
    """Where the program was started: the only holder of environment and clock. `ctx.obj` of every
    command."""

    config: Path | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clock: Clock = system_clock
    debug: bool = False

    @cached_property
    def config_path(self) -> Path:
        """The configuration file. Raises ConfigError when there is none."""
        return find_config(self.config, self.environ)

    @cached_property
    def log_zone(self) -> ZoneInfo:
        """The zone for the times of the log: the user's; UTC while the configuration does not tell it."""
        try:
            return glance(self.config_path, self.environ).zone
        except ConfigError:
            return zone("UTC")

    def load(self) -> "Runtime":
        """The whole configuration, read now. Raises ConfigError with everything that is wrong."""
        from monitor.runtime import build_runtime
        from monitor.settings import read_settings

        settings = read_settings(self.config_path, self.environ)
        return build_runtime(settings, under_systemd="JOURNAL_STREAM" in self.environ)


def at_option(command: F) -> F:
    """`--at TIME`, as the text `at`; see `Workplace.now` and `time_from`."""
    return click.option(
        "--at",
        metavar="TIME",
        help="As if it were then: ISO 8601; without an offset in your zone, a day alone is its 00:00.",
    )(command)


def json_option(command: F) -> F:
    """`--json`, as the flag `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


class Workplace:
    """The database of the configuration, open, the root of the `evidence` folders, and the moment that
    counts as now.

    Opening it reads only a little of the configuration; `runtime` reads all of it, which takes as
    long again, when it is first asked for.
    """

    def __init__(
        self, line: CommandLine, store: "Store", seen: Glance, now: datetime, texts: "Catalogue"
    ) -> None:
        self.line, self.store, self.now, self.texts = line, store, now, texts
        self.zone, self.evidence = seen.zone, seen.evidence

    @cached_property
    def runtime(self) -> "Runtime":
        """The whole configuration. Raises ConfigError."""
        return self.line.load()

    @cached_property
    def reckoning(self) -> "Reckoning":
        """What dates depend on: as noted when the whole configuration was last read, if it is still the
        same one. Raises ConfigError."""
        from monitor.cli.noted import note, reckoning_of

        same = self._configuration()
        configuration, _, noted = (self.store.health.remembered(_RECKONING) or "").partition(" ")
        if configuration == same:
            return reckoning_of(noted, self.zone)
        self.store.health.remember(_RECKONING, f"{same} {note(self.runtime.settings)}")
        return self.runtime

    def local(self, at: datetime | None) -> datetime | None:
        """An instant with the user's offset."""
        return None if at is None else at.astimezone(self.zone)

    def refresh(self) -> None:
        """Takes in order files that have changed, unless the service does so itself. Tells what was
        refused on stderr."""
        from monitor.instance import is_at_work

        if is_at_work(self.store.path) or self._has_looked():
            return
        from monitor.intake import take_changed

        intake = take_changed(self.store, self.runtime, self.line.clock())
        for error in intake.refused if intake else ():
            click.echo(f"not taken: {error}", err=True)
        self.store.health.remember(_LOOKED, self._look(self.runtime.settings.orders))

    def _has_looked(self) -> bool:
        """Whether the last look was at the same files under the same configuration. This is what
        saves reading all of it."""
        import msgspec

        remembered = self.store.health.remembered(_LOOKED)
        return remembered is not None and remembered == self._look(
            [Path(path) for path in msgspec.json.decode(remembered)["paths"]]
        )

    def _configuration(self) -> str:
        """A fingerprint of all that the configuration is read from."""
        # An upgrade replaces this file. To ask for the version takes ten times as long.
        program = os.stat(__file__).st_ctime_ns
        told = (program, self.line.config_path.read_bytes(), sorted(ours(self.line.environ).items()))
        return sha256(repr(told).encode()).hexdigest()

    def _look(self, paths: list[Path]) -> str:
        import msgspec

        from monitor.orders import fingerprint

        look = {
            "by": self._configuration(),
            "paths": [str(path) for path in paths],
            "files": fingerprint(paths),
        }
        return msgspec.json.encode(look).decode()


@contextmanager
def workplace(ctx: click.Context, at: str | None = None, *, refresh: bool = False) -> Iterator[Workplace]:
    """The configured database, open until the end of the block; with `refresh`, after changed order
    files were taken in. Raises ConfigError, StoreError, and UsageError when `at` is no time."""
    from monitor.core.texts.languages import CATALOGUES
    from monitor.store import Store

    line = line_of(ctx)
    seen = glance(line.config_path, line.environ)
    now = line.clock() if at is None else time_from(at, seen.zone)
    store = Store(seen.database)
    try:
        with store.guard():
            place = Workplace(line, store, seen, now, CATALOGUES.get(seen.language, CATALOGUES["en"]))
            if refresh:
                place.refresh()
            yield place
    finally:
        store.close()


def line_of(ctx: click.Context) -> CommandLine:
    """How the program was started."""
    line = ctx.find_object(CommandLine)
    assert line is not None
    return line


def time_from(text: str, zone: ZoneInfo, option: str = "--at") -> datetime:
    """The instant that an option says, in UTC. Without an offset it is the user's own time; a day
    alone is its 00:00. Raises UsageError."""
    with suppress(ValueError, OverflowError):
        told = datetime.fromisoformat(text.strip())
        if told.year in _YEARS:
            return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).astimezone(UTC)
    raise UsageError(
        f"{option}: {text!r} is no time (allowed: such as 2026-11-05, 2026-11-05T09:30, 2026-11-05T09:30+01:00)"
    )


class Ordered(Protocol):
    """What orders are found in."""

    orders: "Orders"


def find_order(store: Ordered, text: str) -> str:
    """The id of the order that `text` names: all of it, or its last digits. Raises UsageError."""
    found = store.orders.find(text)
    match found:
        case [order]:
            return order
        case []:
            raise UsageError(f"there is no order {text!r}{_near(store, text)}")
    raise UsageError(f"{text!r} is the end of {len(found)} orders: {', '.join(found)}; give more digits")


def _near(store: Ordered, text: str) -> str:
    known = store.orders.running(_MOST_COMPARED, finished_too=True)
    if not known:
        return "; no order is known yet"
    from difflib import get_close_matches

    near = get_close_matches(text, known, n=3, cutoff=0.75)
    return f"; did you mean {' or '.join(near)}?" if near else "; `orderwatch orders --all` lists them"
