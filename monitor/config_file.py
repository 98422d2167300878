"""The configuration file: where it is, what it says, and the little that a quick look needs.

Only the standard library: a command that only reads (`orders`, `alerts`) takes its database and
time zone from `glance` and starts in a fraction of the time that checking everything takes.
"""

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.errors import ConfigError, Problem
from monitor.toml_lines import key_lines, parent
from monitor.zones import system_zone_name, zone

NAME = "orderwatch.toml"
SYSTEM_CONFIG = Path("/etc/orderwatch") / NAME
PREFIX = "ORDERWATCH_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
DATABASE = "orderwatch.db"
EVIDENCE = "evidence"
_HOW_TO_START = f"start with: orderwatch config example > {NAME}"
#: Far above any configuration, far below what would hurt.
_SIZE_LIMIT = 1_000_000
_PLAINLY = {
    "Cannot overwrite a value": "this key is already there above",
    "Cannot mutate immutable namespace": "this table is already there above, written as { … }",
}


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What a configuration file says, and where it says it. `path` is None when there is no file."""

    path: Path | None = None
    table: Mapping[str, Any] = field(default_factory=dict, repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)
    readable_by_all: bool = False

    @property
    def base(self) -> Path:
        """The folder that relative paths start from."""
        return (self.path or Path(NAME)).absolute().parent

    def place(self, problem: Problem, variables: Collection[str]) -> Problem:
        """`problem` with where it was written: one of the `variables`, or the file and the line.

        A problem that already names its file or its variable stays as it is.
        """
        if problem.file is not None or problem.key is None or problem.key in variables:
            return problem
        if variable := self._variable(problem.key, variables):
            return Problem(problem.message, variable, allowed=problem.allowed)
        file = str(self.path) if self.path else None
        return Problem(problem.message, problem.key, file, self.line(problem.key), problem.allowed)

    def line(self, key: str) -> int | None:
        """The line of `key`, or of the nearest table around it that is in the file."""
        while key and key not in self.lines:
            key = parent(key)
        return self.lines.get(key)

    def _variable(self, key: str, variables: Collection[str]) -> str | None:
        """The variable that said `key`; for a key that is not in the file either, one about the
        table it is in or about what is in it."""
        wanted = variable_name(key)
        if wanted in variables:
            return wanted
        if key in self.lines:
            return None
        near = (name for name in variables if _is_below(wanted, name) or _is_below(name, wanted))
        return min(near, default=None)


@dataclass(frozen=True, slots=True)
class Glance:
    """As much of the configuration as showing what is stored takes."""

    database: Path
    zone: ZoneInfo
    evidence: Path
    language: str = "en"


def find_config(option: Path | None, environ: Mapping[str, str]) -> Path:
    """The configuration file to use: `option`, else `$ORDERWATCH_CONFIG`, else the first that
    exists of ./orderwatch.toml, the user's configuration folder and /etc/orderwatch.

    Raises ConfigError when the one that was named is not there, or none exists anywhere.
    """
    if option is not None:
        return _named(option.expanduser(), "--config")
    if variable := environ.get(CONFIG_VARIABLE):
        return _named(Path(variable).expanduser(), f"${CONFIG_VARIABLE}")
    # In this order, and only as far as needed: to know the user's folder takes 30 ms.
    if os.path.exists(NAME):
        return Path(NAME)
    places = [Path(NAME).absolute(), user_folder("config") / NAME, SYSTEM_CONFIG]
    for place in places:
        if os.path.exists(place):
            return place
    looked = ", ".join(str(place) for place in places)
    raise ConfigError(Problem(f"no configuration found; looked for {looked}; {_HOW_TO_START}"))


def _named(path: Path, where: str) -> Path:
    if not os.path.exists(path):
        raise ConfigError(Problem(f"no such file (named by {where}); {_HOW_TO_START}", file=str(path)))
    return path


def user_folder(kind: str) -> Path:
    """The user's folder for `config` or for `data`, as the operating system has it."""
    # Here, for it takes 30 ms that most starts do not need.
    from platformdirs import PlatformDirs

    folders = PlatformDirs("orderwatch", appauthor=False)
    return folders.user_config_path if kind == "config" else folders.user_data_path


def read_config(path: Path) -> ConfigFile:
    """The file at `path`, as TOML. An empty file is fine: everything has a default.

    Raises ConfigError (file, and line where known) for whatever is not a readable TOML file.
    """
    text, mode = _read(path)
    try:
        return ConfigFile(path, tomllib.loads(text), key_lines(text), bool(mode & 0o004))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax_problem(error, str(path), text)) from None
    except RecursionError:
        raise ConfigError(Problem("is nested too deeply", file=str(path))) from None


def _read(path: Path) -> tuple[str, int]:
    if path.is_dir():
        raise ConfigError(Problem(f"is a folder; name the file in it, such as {path / NAME}", file=str(path)))
    if path.is_fifo():  # it is read more than once, and would be waited for
        raise ConfigError(Problem("is a pipe, not a file", file=str(path)))
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(Problem(f"cannot be read: {error.strerror}", file=str(path))) from None
    if len(raw) > _SIZE_LIMIT:
        raise ConfigError(Problem("is larger than 1 MB, so hardly a configuration", file=str(path)))
    try:
        return raw.decode("utf-8-sig"), mode
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(Problem("is not UTF-8 text", file=str(path), line=line)) from None


def _syntax_problem(error: tomllib.TOMLDecodeError, file: str, text: str) -> Problem:
    reason, _, place = str(error).rpartition(" (at ")
    numbers = re.match(r"line (\d+), column (\d+)", place)
    line = int(numbers[1]) if numbers else text.rstrip().count("\n") + 1
    reason = _PLAINLY.get(reason, reason[:1].lower() + reason[1:])
    if twice := re.fullmatch(r"cannot declare \((.*?),?\) twice", reason):
        name = twice[1].replace("', '", ".").strip("'")
        reason = f"the table [{name}] is already there above"
    where = f", column {numbers[2]}" if numbers else ", at the end of the file"
    return Problem(f"is not TOML: {reason}{where}", file=file, line=line)


def glance(path: Path | None, environ: Mapping[str, str]) -> Glance:
    """The database, the time zone, the root of the evidence folders and the language that the
    configuration names, nothing else of it looked at. A language that is wrong is left to whoever reads
    all of it.

    Raises ConfigError when the file cannot be read, or one of the others is wrong.
    """
    written = read_config(path) if path else ConfigFile()
    given = ours(environ)
    database = given.get(f"{PREFIX}DATABASE") or written.table.get("database")
    name = given.get(f"{PREFIX}TIMEZONE") or written.table.get("timezone")
    evidence = given.get(f"{PREFIX}EVIDENCE") or written.table.get("evidence", EVIDENCE)
    language = str(given.get(f"{PREFIX}LANGUAGE") or written.table.get("language") or "en")
    try:
        place = _text(database, "database") if database is not None else default_database(environ)
        zone_name = _text(name, "timezone") if name is not None else system_zone_name(environ)
        return Glance(
            database=absolute(place, written.base),
            zone=_zone(zone_name or "UTC"),
            evidence=absolute(_text(evidence, "evidence"), written.base),
            language=language,
        )
    except ConfigError as error:
        raise ConfigError(*(written.place(problem, given) for problem in error.problems)) from None


def _text(value: Any, key: str) -> str:
    if isinstance(value, str) and value:
        return value
    raise ConfigError(Problem("must be text", key))


def _zone(name: str) -> ZoneInfo:
    try:
        return zone(name)
    except ValueError as error:
        raise ConfigError(Problem(str(error), "timezone")) from None


def default_database(environ: Mapping[str, str]) -> str:
    """In the folder that systemd keeps for the service (`$STATE_DIRECTORY`), else in the user's."""
    if states := environ.get("STATE_DIRECTORY"):
        return str(Path(states.split(":")[0]) / DATABASE)
    return str(user_folder("data") / DATABASE)


def absolute(path: str | Path, base: Path) -> Path:
    """`path` with `~` expanded, counted from `base` when it is relative."""
    try:
        return base / Path(path).expanduser()
    except RuntimeError:  # no home folder to expand to, as for some system users
        return base / path


def ours(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables meant for orderwatch that say something; an empty one counts as not set."""
    return {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}


def variable_part(name: str) -> str:
    """A key as it is written in a variable's name, where there are no dashes."""
    return name.upper().replace("-", "_")


def variable_name(key: str) -> str:
    """The variable for a key: `carriers.my-post.url` is ORDERWATCH_CARRIERS__MY_POST__URL."""
    parts = re.split(r"\.|(?=\[)", key)
    return PREFIX + "__".join(variable_part(part) for part in parts)


def _is_below(name: str, other: str) -> bool:
    return name.startswith(f"{other}__")
