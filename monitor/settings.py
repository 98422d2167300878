"""The configuration as the rest of the program sees it: checked, complete, with absolute paths.

It comes from one TOML file and from `ORDERWATCH_…` variables, which beat the file. The descriptions
of the fields below are what `config.example.toml` is made of. What an adapter's own table may hold
is the adapter's to say (`plugins`); here it is a plain table with its secrets fetched.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from monitor.alerts_table import Alerts
from monitor.calendar_table import CalendarTable
from monitor.config_file import (
    CONFIG_VARIABLE,
    EVIDENCE,
    PREFIX,
    ConfigFile,
    absolute,
    default_database,
    ours,
    read_config,
    variable_part,
)
from monitor.credentials import points_elsewhere, resolve_secrets
from monitor.errors import ConfigError, Problem
from monitor.notifier import Privacy
from monitor.validation import OUR_WORDS, problems_from
from monitor.zones import system_zone_name, zone

#: Keys whose text, written out in the file, is a secret. A channel's address is one as well.
_SECRET_KEYS = frozenset({"api_key", "token", "password", "secret", "authorization"})
_ADAPTER_SECTIONS = ("carriers", "notifiers")


def _zone_name(name: str) -> str:
    try:
        return zone(name).key
    except ValueError as error:
        raise PydanticCustomError(OUR_WORDS, "{words}", {"words": str(error)}) from None


def _plain_date(value: Any) -> Any:
    """Pydantic would take 20261225 as a day in 1970."""
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise ValueError("must be a date such as 2026-12-25")  # noqa: TRY004
    return value


def _one_or_many(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        raise ValueError('must be a list such as ["orders.toml", "inbox"]')
    return [value] if isinstance(value, str) else value


def _path(value: Any) -> Any:
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError("must be the path of a file or folder")
    return value


def _adapter_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ValueError("a name may only have letters, digits, - and _")
    return name


Zone = Annotated[str, AfterValidator(_zone_name)]
Holiday = Annotated[date, BeforeValidator(_plain_date)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Name = Annotated[str, AfterValidator(_adapter_name)]
Tables = dict[Name, dict[str, Any]]


class Settings(BaseSettings):
    """The whole configuration. Made by `read_settings` and `load_settings` only."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter="__",
    )

    timezone: Zone = Field(
        default="UTC",
        description="your time zone, an IANA name: days, deadlines and messages are in it; "
        "default: the system's",
        json_schema_extra={"example": "Europe/Madrid"},
    )
    language: Literal["en", "es"] = Field(
        default="en",
        description="the language of messages, with its way of writing days and amounts: en English, "
        "es Spanish. What the command line says itself is English",
    )
    orders: Annotated[list[FilePath], BeforeValidator(_one_or_many)] = Field(
        default=[],
        description="order files, or folders of them: TOML, JSON, CSV; read again when they change",
        json_schema_extra={"example": ["orders.toml", "inbox"]},
    )
    database: FilePath = Field(
        default=Path("orderwatch.db"),
        description="where everything that became known is kept; default: orderwatch.db in "
        "$STATE_DIRECTORY, which systemd sets, else in your data folder",
        json_schema_extra={"example": "orderwatch.db"},
    )
    evidence: FilePath = Field(
        default=Path(EVIDENCE),
        description="the folder that holds a folder for each order, called as its id, into which you drop "
        "photos, videos and documents for a dispute; they are looked at, never changed",
        json_schema_extra={"example": EVIDENCE},
    )
    retention_days: int = Field(
        default=400,
        ge=1,
        description="days that the sources' answers are kept as they came, as evidence for a dispute; "
        "events and alerts are kept for good",
    )
    deadline_timezone: Zone | None = Field(
        default=None,
        description="the platform's own time zone, if you know it: of the two ends of a day the "
        "earlier one counts; default: yours",
        json_schema_extra={"example": "America/Los_Angeles"},
    )
    holidays: list[Holiday] = Field(
        default=[],
        description="days that are no business days, besides Saturdays and Sundays",
        json_schema_extra={"example": ["2026-12-25", "2027-01-01"]},
    )
    carriers: Tables = Field(
        default={},
        repr=False,
        description="where tracking data comes from: [carriers.NAME], where NAME is an adapter below, or "
        "your own word and `adapter` says which. A parcel names its source; one that names none is "
        "looked up at the first source here that takes its number",
    )
    notifiers: Tables = Field(
        default={},
        repr=False,
        description="where messages go: [notifiers.NAME], where NAME is an adapter below, or your own word "
        "and `adapter` says which; without any, to the journal only",
    )
    alerts: Alerts = Field(default=Alerts(), description="when you are told")
    calendar: CalendarTable = Field(
        default=CalendarTable(), description="the deadlines as an iCalendar file, for your calendar programs"
    )
    policies: Tables = Field(
        default={},
        description="single numbers of a marketplace's rules that you know better: [policies.NAME]; "
        "`fallback`: how you pay there, and so whom you can still turn to when its protection is over, the "
        "first one first: paypal, card, eu-withdrawal; `file`: a policy file of your own",
        json_schema_extra={
            "example": {
                "aliexpress": {"protection_days": 75, "fallback": ["paypal", "card"]},
                "mine": {"file": "mine.toml"},
            }
        },
    )

    _written: ConfigFile = PrivateAttr(default=ConfigFile())
    _variables: frozenset[str] = PrivateAttr(default=frozenset())
    _zone_is_known: bool = PrivateAttr(default=True)
    _mistakes: tuple[Problem, ...] = PrivateAttr(default=())

    @property
    def zone(self) -> ZoneInfo:
        """The user's time zone."""
        return zone(self.timezone)

    @property
    def morning(self) -> time:
        """When moments counted in days become true, in the user's zone."""
        return self.alerts.morning

    @property
    def calendar_privacy(self) -> Privacy:
        """How much the calendar shows."""
        return self.calendar.privacy or self.alerts.privacy

    @property
    def path(self) -> Path | None:
        """The file this was read from; None when everything is a default or a variable."""
        return self._written.path

    @property
    def base(self) -> Path:
        """The folder that relative paths were counted from."""
        return self._written.base

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but hardly meant, for `check`."""
        return tuple(_warnings(self, self._written, self._zone_is_known))

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        """What is wrong beside what adapters and policies know to be; see `read_settings`."""
        return self._mistakes

    def remember(
        self,
        written: ConfigFile,
        variables: Iterable[str],
        mistakes: Iterable[Problem],
        *,
        zone_is_known: bool,
    ) -> None:
        """Where the settings come from; for `read_settings`."""
        self._written, self._variables, self._zone_is_known = written, frozenset(variables), zone_is_known
        self._mistakes = tuple(mistakes)

    def complaint(self, problems: Iterable[Problem] = (), *, about: str | None = None) -> ConfigError:
        """All `mistakes` (or only those in the table `about`), then the `problems` that whoever read a
        table in detail found beside them, with file and line of their keys."""
        mistakes = [it for it in self._mistakes if about is None or _is_in(it.key or "", about)]
        wrong = {mistake.key for mistake in mistakes if mistake.key is not None}
        found = [*mistakes, *(problem for problem in problems if problem.key not in wrong)]
        return ConfigError(*(self._written.place(problem, self._variables) for problem in found))


class _Variables(EnvSettingsSource):
    """The `ORDERWATCH_…` variables as a table. Lists and tables are JSON; all else stays text,
    for an API key may be all digits."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in environ.items()}
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return dict(self._given)

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        return _from_json(value)

    def __call__(self) -> dict[str, Any]:
        table: dict[str, Any] = super().__call__()
        return {name: _from_json(value, numbers=name == "policies") for name, value in table.items()}


def _from_json(value: Any, *, numbers: bool = False) -> Any:
    """`value` with the texts in it that are JSON lists or tables decoded, and `numbers` if wanted."""
    if isinstance(value, dict):
        return {name: _from_json(inner, numbers=numbers) for name, inner in value.items()}
    if not isinstance(value, str) or not (numbers or value.lstrip().startswith(("[", "{"))):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


class _Table(PydanticBaseSettingsSource):
    """A table that is put together already: pydantic-settings' own file source would take a
    missing file for an empty one, and a key in capitals for the key."""

    def __init__(self, table: dict[str, Any]) -> None:
        super().__init__(Settings)
        self._table = table

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._table.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return self._table


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The configuration in the file at `path` (None: no file) and in `environ`.

    Raises ConfigError with everything that is wrong, each with its file and line or its variable.
    """
    settings = read_settings(path, environ)
    if settings.mistakes:
        raise settings.complaint()
    return settings


def read_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The same, as far as it can be read: its `mistakes` are to be raised by whoever found the others.
    Until then a key that is wrong is at its default, and a secret that is not there is empty.

    Raises ConfigError when the file is no TOML file that can be read.
    """
    written = read_config(path) if path else ConfigFile()
    given = ours(environ)
    table = _merged(written.table, _Variables(given)())
    system_zone = system_zone_name(environ)
    zone_is_known = "timezone" in table or system_zone is not None
    table.setdefault("timezone", system_zone or "UTC")
    if "database" not in table:
        table["database"] = default_database(environ)
    table, problems = _with_secrets(table, environ, written.base)
    settings, misfits = _validated(table)
    mistakes = (*_unknown_variables(given), *problems, *misfits)
    settings.remember(written, given, mistakes, zone_is_known=zone_is_known)
    return settings.model_copy(update=_absolute_paths(settings))


def _validated(table: dict[str, Any]) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings that a table says, and what is wrong with it."""
    try:
        return _settings(table), ()
    except ValidationError as error:
        places = [details["loc"] for details in error.errors(include_url=False)]
        return _settings(_without(table, places)), problems_from(error, "", Settings)


def _settings(table: dict[str, Any]) -> Settings:
    return Settings(_build_sources=((_Table(table),), {}))


def _without(table: dict[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """`table` without the keys at `places`: of a table in it only the key below is left out."""
    kept = {key: dict(value) if isinstance(value, dict) else value for key, value in table.items()}
    for key, *below in places:
        section = kept.get(str(key))
        if below and isinstance(section, dict):
            section.pop(below[0], None)
        else:
            kept.pop(str(key), None)
    return kept


def _is_in(key: str, table: str) -> bool:
    return key == table or key.startswith(f"{table}.")


def _merged(written: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Both tables; what is `given` wins. Variables know neither capitals nor dashes: a name that
    is written with them is the same name."""
    spelled = {variable_part(name): name for name in written}
    table = dict(written)
    for name, value in given.items():
        key = spelled.get(variable_part(name), name)
        below = table.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and not points_elsewhere(value):
            table[key] = _merged(below, value)
        else:
            table[key] = value
    return table


def _with_secrets(
    table: dict[str, Any], environ: Mapping[str, str], base: Path
) -> tuple[dict[str, Any], list[Problem]]:
    """`table` with its secrets in place, and what is wrong with those that are not."""
    problems: list[Problem] = []

    def fetched(key: str, adapter: dict[str, Any]) -> dict[str, Any]:
        resolved, missing = resolve_secrets(adapter, key, environ, base)
        problems.extend(missing)
        return resolved

    table = _each_adapter(table, fetched)
    if isinstance(alerts := table.get("alerts"), dict) and "ping" in alerts:
        table["alerts"] = alerts | fetched("alerts", {"ping": alerts["ping"]})
    return table, problems


def _absolute_paths(settings: Settings) -> dict[str, Any]:
    """What changes when paths are counted from the file's folder. In an adapter's table, `path` is
    one."""
    base = settings.base

    def placed(_key: str, adapter: dict[str, Any]) -> dict[str, Any]:
        path = adapter.get("path")
        return adapter | {"path": str(absolute(path, base))} if isinstance(path, str) and path else adapter

    def placed_file(policy: dict[str, Any]) -> dict[str, Any]:
        file = policy.get("file")
        return policy | {"file": str(absolute(file, base))} if isinstance(file, str) and file else policy

    return {
        "policies": {name: placed_file(policy) for name, policy in settings.policies.items()},
        "database": absolute(settings.database, base),
        "orders": [absolute(path, base) for path in settings.orders],
        "calendar": _absolute_calendar(settings.calendar, base),
        "evidence": absolute(settings.evidence, base),
        **_each_adapter({kind: getattr(settings, kind) for kind in _ADAPTER_SECTIONS}, placed),
    }


def _absolute_calendar(calendar: CalendarTable, base: Path) -> CalendarTable:
    if calendar.path is None:
        return calendar
    return calendar.model_copy(update={"path": absolute(calendar.path, base)})


def _each_adapter(
    table: dict[str, Any], change: Callable[[str, dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """`table` with each adapter's own table, and its key, put through `change`. What is no table
    stays for the validation to complain about."""
    changed = dict(table)
    for kind in _ADAPTER_SECTIONS:
        if isinstance(section := table.get(kind), dict):
            changed[kind] = {
                name: change(f"{kind}.{name}", adapter) if isinstance(adapter, dict) else adapter
                for name, adapter in section.items()
            }
    return changed


def _unknown_variables(given: Mapping[str, str]) -> Iterator[Problem]:
    """Variables that say nothing to anybody: nearly always a typing mistake."""
    for name in given:
        first, *below = name.removeprefix(PREFIX).split("__")
        if name == CONFIG_VARIABLE or first in (_NESTED_VARIABLES if below else _PLAIN_VARIABLES):
            continue
        near = _meant(first, below)
        if near:
            yield Problem(f"unknown variable; did you mean {near}?", name)
        else:
            yield Problem("unknown variable", name, allowed=", ".join(_ALLOWED_VARIABLES))


def _meant(first: str, below: list[str]) -> str | None:
    for section in _NESTED_VARIABLES:
        if first.startswith(f"{section}_"):
            return f"{PREFIX}{section}__… (two underscores between the levels)"
    if first == "MORNING":
        return f"{PREFIX}ALERTS__MORNING"
    for near in get_close_matches(first, _PLAIN_VARIABLES, n=1):
        return PREFIX + "__".join([near, *below] if near in _NESTED_VARIABLES else [near])
    return None


def _is_nested(field: FieldInfo) -> bool:
    return isinstance(field.default, dict | BaseModel)


_PLAIN_VARIABLES = [name.upper() for name in Settings.model_fields]
_NESTED_VARIABLES = [name.upper() for name, field in Settings.model_fields.items() if _is_nested(field)]
_ALLOWED_VARIABLES = [
    CONFIG_VARIABLE,
    *(PREFIX + name + ("__…" if name in _NESTED_VARIABLES else "") for name in _PLAIN_VARIABLES),
]


def _warnings(settings: Settings, written: ConfigFile, zone_is_known: bool) -> Iterator[str]:
    if not zone_is_known:
        yield 'the system names no time zone, so times are UTC; set timezone, such as "Europe/Madrid"'
    if not settings.orders:
        yield "orders names no file or folder, so there is nothing to watch"
    secrets = [
        key
        for kind in _ADAPTER_SECTIONS
        for key in _literal_secrets(written.table.get(kind), kind, also=("url",) * (kind == "notifiers"))
    ]
    if written.readable_by_all and secrets:
        yield (
            f"everyone on this machine can read {written.path}, which holds {', '.join(secrets)}: "
            f"chmod 640 it, or say where the secret is ({{ file = … }}, {{ credential = … }})"
        )


def _literal_secrets(value: Any, key: str, also: tuple[str, ...]) -> Iterator[str]:
    """The keys in `value`, which stands at `key`, that hold a secret written out."""
    if not isinstance(value, dict) or points_elsewhere(value):
        return
    for name, inner in value.items():
        if isinstance(inner, str) and name.lower() in (*_SECRET_KEYS, *also):
            yield f"{key}.{name}"
        yield from _literal_secrets(inner, f"{key}.{name}", also)
