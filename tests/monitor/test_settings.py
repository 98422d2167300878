"""The configuration: what it says, what is wrong with it, and what it never shows."""

from datetime import date, time
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from monitor.alerts_table import Alerts
from monitor.config_file import glance
from monitor.core.texts.languages import CATALOGUES
from monitor.errors import ConfigError, Problem
from monitor.settings import Settings, load_settings

QUIET = {"TZ": "Europe/Madrid", "STATE_DIRECTORY": "/var/lib/orderwatch"}
SECRET = "tk_51H8sQ2xVbN0"


def load(folder: Path, text: str = "", **environ: str) -> Settings:
    file = folder / "orderwatch.toml"
    file.write_text(text)
    return load_settings(file, QUIET | environ)


def mistakes(folder: Path, text: str = "", **environ: str) -> list[str]:
    """What loading complains about, without the folder's name in it."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text, **environ)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


# What it says


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.zone == ZoneInfo("Europe/Madrid")
    assert settings.morning == time(9)
    assert settings.language == "en"
    assert settings.database == Path("/var/lib/orderwatch/orderwatch.db")
    assert settings.retention_days == 400
    assert (settings.orders, settings.holidays, settings.deadline_timezone) == ([], [], None)
    assert (settings.carriers, settings.notifiers, settings.policies) == ({}, {}, {})
    assert (settings.path, settings.base) == (tmp_path / "orderwatch.toml", tmp_path)


FULL = """
timezone = "America/New_York"
language = "es"
orders = ["orders.toml", "~/inbox", "/srv/orders"]
database = "orderwatch.db"
retention_days = 30
deadline_timezone = "America/Los_Angeles"
holidays = [2026-12-25, "2027-01-01"]
[carriers.seventeentrack]
api_key = { env = "TRACK_KEY" }
[carriers.files]
path = "tracking"
[notifiers.phone]
adapter = "apprise"
url = "ntfys://example.org/my-topic"
[alerts]
morning = "07:30"
[policies.aliexpress]
protection_days = 75
"""


def test_every_key_is_read_and_paths_are_counted_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/lena")
    settings = load(tmp_path, FULL, TRACK_KEY=SECRET)
    assert settings.zone.key == "America/New_York"
    assert settings.language == "es"
    assert settings.orders == [tmp_path / "orders.toml", Path("/home/lena/inbox"), Path("/srv/orders")]
    assert settings.database == tmp_path / "orderwatch.db"
    assert settings.retention_days == 30
    assert settings.deadline_timezone == "America/Los_Angeles"
    assert settings.holidays == [date(2026, 12, 25), date(2027, 1, 1)]
    assert list(settings.carriers.items()) == [
        ("seventeentrack", {"api_key": SECRET}),
        ("files", {"path": f"{tmp_path}/tracking"}),
    ]
    assert settings.notifiers == {"phone": {"adapter": "apprise", "url": "ntfys://example.org/my-topic"}}
    assert settings.morning == time(7, 30)
    assert settings.policies == {"aliexpress": {"protection_days": 75}}


def test_there_is_a_catalogue_for_every_language_that_can_be_named() -> None:
    annotation = Settings.model_fields["language"].annotation
    assert set(get_args(annotation)) == set(CATALOGUES)


def test_a_glance_and_the_whole_agree(tmp_path: Path) -> None:
    settings = load(tmp_path, FULL, TRACK_KEY=SECRET)
    seen = glance(tmp_path / "orderwatch.toml", QUIET)
    told = (settings.database, settings.zone, settings.language)
    assert (seen.database, seen.zone, seen.language) == told


def test_without_a_file_everything_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, QUIET | {"ORDERWATCH_ORDERS": "inbox"})
    assert (settings.path, settings.orders) == (None, [tmp_path / "inbox"])


#: In the order of their fields.
ALERTS_KEYS = ", ".join(Alerts.model_fields)


@pytest.mark.parametrize("written", ['"inbox"', '["inbox"]'])
def test_one_order_file_needs_no_list(written: str, tmp_path: Path) -> None:
    assert load(tmp_path, f"orders = {written}").orders == [tmp_path / "inbox"]


@pytest.mark.parametrize("written", ['"07:30"', "07:30:00", '"07:30:00"'])
def test_the_morning_may_be_text_or_a_toml_time(written: str, tmp_path: Path) -> None:
    assert load(tmp_path, f"[alerts]\nmorning = {written}").morning == time(7, 30)


def test_the_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(tmp_path).timezone = "UTC"  # type: ignore[misc]


# The environment


@pytest.mark.parametrize(
    ("name", "value", "attribute", "result"),
    [
        ("TIMEZONE", "Asia/Tokyo", "timezone", "Asia/Tokyo"),
        ("TIMEZONE", "", "timezone", "Europe/Paris"),
        ("RETENTION_DAYS", "7", "retention_days", 7),
        ("DATABASE", "/x.db", "database", Path("/x.db")),
        ("ORDERS", "/a", "orders", [Path("/a")]),
        ("ORDERS", '["/a", "/b"]', "orders", [Path("/a"), Path("/b")]),
        ("HOLIDAYS", '["2026-12-25"]', "holidays", [date(2026, 12, 25)]),
        ("ALERTS__MORNING", "06:15", "morning", time(6, 15)),
        ("ALERTS", '{"morning": "06:15"}', "morning", time(6, 15)),
        ("POLICIES__ALIEXPRESS__PROTECTION_DAYS", "75", "policies", {"aliexpress": {"protection_days": 75}}),
        ("POLICIES__ALIEXPRESS__LEAD", "[7, 3]", "policies", {"aliexpress": {"lead": [7, 3]}}),
        ("NOTIFIERS__CHAT__TOKEN", "0123", "notifiers", {"chat": {"token": "0123"}}),
        ("NOTIFIERS__CHAT__TOKEN", "{not json", "notifiers", {"chat": {"token": "{not json"}}),
        ("NOTIFIERS__CHAT__TOKEN", '{"env": "TZ"}', "notifiers", {"chat": {"token": "Europe/Madrid"}}),
        ("NOTIFIERS", '{"chat": {"token": "x"}}', "notifiers", {"chat": {"token": "x"}}),
        (
            "CARRIERS__MY_POST__HEADERS__ACCEPT",
            "text/html",
            "carriers",
            {"My-Post": {"url": "u", "headers": {"Accept": "text/html", "X": "1"}}},
        ),
        (
            "CARRIERS__MY_POST__HEADERS",
            '{"Y": "2"}',
            "carriers",
            {"My-Post": {"url": "u", "headers": {"Accept": "*/*", "X": "1", "Y": "2"}}},
        ),
        (
            "CARRIERS__MY_POST__URL__ENV",
            "TZ",
            "carriers",
            {"My-Post": {"url": "Europe/Madrid", "headers": {"Accept": "*/*", "X": "1"}}},
        ),
    ],
)
def test_a_variable_beats_the_file(
    name: str, value: str, attribute: str, result: Any, tmp_path: Path
) -> None:
    text = 'timezone = "Europe/Paris"\n[carriers.My-Post]\nurl = "u"\nheaders = { Accept = "*/*", X = "1" }\n'
    settings = load(tmp_path, text, **{f"ORDERWATCH_{name}": value})
    assert getattr(settings, attribute) == result


def test_only_the_given_environment_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERWATCH_TIMEZONE", "Asia/Tokyo")
    assert load(tmp_path).timezone == "Europe/Madrid"


ALL_VARIABLES = (
    "ORDERWATCH_CONFIG, ORDERWATCH_TIMEZONE, ORDERWATCH_LANGUAGE, ORDERWATCH_ORDERS, ORDERWATCH_DATABASE, "
    "ORDERWATCH_EVIDENCE, ORDERWATCH_RETENTION_DAYS, ORDERWATCH_DEADLINE_TIMEZONE, ORDERWATCH_HOLIDAYS, "
    "ORDERWATCH_CARRIERS__…, ORDERWATCH_NOTIFIERS__…, ORDERWATCH_ALERTS__…, "
    "ORDERWATCH_CALENDAR__…, ORDERWATCH_POLICIES__…"
)


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        ("TIMZONE", "UTC", "unknown variable; did you mean ORDERWATCH_TIMEZONE?"),
        ("CARIERS__FILES__PATH", "x", "unknown variable; did you mean ORDERWATCH_CARRIERS__FILES__PATH?"),
        (
            "CARRIERS_FILES_PATH",
            "x",
            "unknown variable; did you mean ORDERWATCH_CARRIERS__… (two underscores between the levels)?",
        ),
        ("MORNING", "09:00", "unknown variable; did you mean ORDERWATCH_ALERTS__MORNING?"),
        ("TIMEZONE__NAME", "UTC", "unknown variable; did you mean ORDERWATCH_TIMEZONE?"),
        ("XYZ", "1", f"unknown variable (allowed: {ALL_VARIABLES})"),
        (
            "ALERTS__MORNIN",
            "09:00",
            f"unknown key; did you mean morning? (allowed: {ALERTS_KEYS})",
        ),
        ("TIMEZONE", "Madrid", "is not a known time zone; did you mean Europe/Madrid?"),
        ("ORDERS", '["a"', 'must be a list such as ["orders.toml", "inbox"]'),
        ("CARRIERS", "files", "must be a table"),
        ("CARRIERS__FILES", "x", "must be a table"),
        ("NOTIFIERS__CHAT__TOKEN__ENV", "NOPE", "there is no environment variable NOPE"),
    ],
)
def test_a_mistaken_variable_is_named(name: str, value: str, mistake: str, tmp_path: Path) -> None:
    [found] = mistakes(tmp_path, **{f"ORDERWATCH_{name}": value})
    assert found == f"ORDERWATCH_{name}: {mistake}"


def test_the_name_of_the_file_is_no_unknown_variable(tmp_path: Path) -> None:
    load(tmp_path, ORDERWATCH_CONFIG="anything")


# What is wrong with it


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('timezon = "UTC"', "1: timezon: unknown key; did you mean timezone? (allowed: {keys})"),
        ('TIMEZONE = "UTC"', "1: TIMEZONE: unknown key (allowed: {keys})"),
        ('_env_file = "x"', "1: _env_file: unknown key (allowed: {keys})"),
        ("timezone = 1", "1: timezone: must be text"),
        ('language = "fr"', "1: language: is not one of the allowed words (allowed: en, es)"),
        ("language = 1", "1: language: is not one of the allowed words (allowed: en, es)"),
        ('timezone = "Madrid"', "1: timezone: is not a known time zone; did you mean Europe/Madrid?"),
        (
            'deadline_timezone = "Pacific"',
            "1: deadline_timezone: is not a known time zone; did you mean US/Pacific?",
        ),
        ("orders = 5", "1: orders: must be a list"),
        ('orders = ["a", 5]', "1: orders[1]: must be the path of a file or folder"),
        ('\norders = [\n "a",\n "",\n]', "2: orders[1]: must be the path of a file or folder"),
        ('database = ""', "1: database: must be the path of a file or folder"),
        ("retention_days = 0", "1: retention_days: must be greater than or equal to 1"),
        ('retention_days = "long"', "1: retention_days: must be a whole number"),
        ("holidays = [20261225]", "1: holidays[0]: must be a date such as 2026-12-25"),
        ('holidays = ["2026-02-30"]', "1: holidays[0]: must be a date such as 2026-10-01"),
        ("holidays = [2026-12-25T10:00:00]", "1: holidays[0]: must be a date such as 2026-12-25"),
        ("[alerts]\nmorning = 9", '2: alerts.morning: must be a time of day such as "09:00"'),
        ('[alerts]\nmorning = "9"', '2: alerts.morning: must be a time of day such as "09:00"'),
        ('[alerts]\nmorning = "25:00"', '2: alerts.morning: must be a time of day such as "09:00"'),
        ('[alerts]\nmorning = "09:00Z"', '2: alerts.morning: must be a time of day such as "09:00"'),
        (
            '[alerts]\nmornin = "9"',
            f"2: alerts.mornin: unknown key; did you mean morning? (allowed: {ALERTS_KEYS})",
        ),
        ("alerts = 5", "1: alerts: must be a table"),
        ("carriers = 5", "1: carriers: must be a table"),
        ('[carriers]\nfiles = "tracking"', "2: carriers.files: must be a table"),
        ('[carriers."my post"]', "1: carriers.my post: a name may only have letters, digits, - and _"),
        ("[policies]\nprotection_days = 75", "2: policies.protection_days: must be a table"),
        (
            '[notifiers.chat]\nserver = "x"\ntoken = { env = "NOPE" }',
            "3: notifiers.chat.token: there is no environment variable NOPE",
        ),
        (
            '[carriers.mypost.headers]\nAuthorization = { file = "gone" }',
            "2: carriers.mypost.headers.Authorization: there is no file gone",
        ),
    ],
)
def test_a_mistake_has_file_line_key_and_what_is_allowed(text: str, mistake: str, tmp_path: Path) -> None:
    keys = ", ".join(Settings.model_fields)
    assert mistakes(tmp_path, text) == [f"orderwatch.toml:{mistake.format(keys=keys)}"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = """
timezone = "Madrid"
colour = "red"
[carriers.seventeentrack]
api_key = { credential = "17track" }
[alerts]
morning = "late"
"""
    found = mistakes(tmp_path, text, ORDERWATCH_RETENTION_DAYS="x", ORDERWATCH_TIMZONE="UTC")
    assert sorted(line.split(": ")[0] for line in found) == [
        "ORDERWATCH_RETENTION_DAYS",
        "ORDERWATCH_TIMZONE",
        "orderwatch.toml:2",
        "orderwatch.toml:3",
        "orderwatch.toml:5",
        "orderwatch.toml:7",
    ]


def test_a_file_that_is_no_toml_names_its_line(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a = 1\nb = \n") == ["orderwatch.toml:2: is not TOML: invalid value, column 5"]


def test_what_others_find_in_a_table_gets_its_place_too(tmp_path: Path) -> None:
    settings = load(tmp_path, FULL, TRACK_KEY=SECRET, ORDERWATCH_NOTIFIERS__CHAT__TOKN="x")
    found = settings.complaint(
        [
            Problem("is missing", "carriers.files.codes"),
            Problem("unknown key", "notifiers.chat.tokn"),
            Problem("must be positive", "policies.aliexpress.protection_days"),
        ]
    )
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in found.problems] == [
        "orderwatch.toml:11: carriers.files.codes: is missing",
        "ORDERWATCH_NOTIFIERS__CHAT__TOKN: unknown key",
        "orderwatch.toml:19: policies.aliexpress.protection_days: must be positive",
    ]


# What is allowed but hardly meant


@pytest.mark.parametrize(
    ("text", "mode", "secrets"),
    [
        ('[notifiers.phone]\nurl = "ntfys://x"', 0o644, "notifiers.phone.url"),
        ('[notifiers.phone]\nurl = "ntfys://x"', 0o640, None),
        ('[notifiers.phone]\nurl = { env = "TZ" }', 0o644, None),
        ('[carriers.mypost]\nurl = "https://api.example.org"', 0o644, None),
        (
            '[carriers.mypost.headers]\nAuthorization = "x"\n[carriers.a]\napi_key = "y"',
            0o604,
            "carriers.mypost.headers.Authorization, carriers.a.api_key",
        ),
    ],
)
def test_a_secret_in_a_file_that_everyone_reads_is_warned_about(
    text: str, mode: int, secrets: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_text(f'orders = "inbox"\n{text}')
    file.chmod(mode)
    warning = (
        f"everyone on this machine can read {file}, which holds {secrets}: chmod 640 it, "
        "or say where the secret is ({ file = … }, { credential = … })"
    )
    assert load_settings(file, QUIET).warnings == ((warning,) if secrets else ())


def test_nothing_to_watch_and_no_zone_are_warned_about(tmp_path: Path) -> None:
    settings = load(tmp_path, TZ="CET-1CEST")
    assert settings.timezone == "UTC"
    assert settings.warnings == (
        'the system names no time zone, so times are UTC; set timezone, such as "Europe/Madrid"',
        "orders names no file or folder, so there is nothing to watch",
    )
    assert load(tmp_path, 'orders = "x"\ntimezone = "UTC"', TZ="CET-1CEST").warnings == ()


# What it never shows


@pytest.mark.parametrize(
    "text",
    [
        f'[notifiers.phone]\nurl = "ntfys://{SECRET}@example.org/topic"',
        '[notifiers.phone]\ntoken = { env = "TOKEN" }',
        '[notifiers.phone]\ntoken = { file = "token" }',
        '[notifiers.phone]\ntoken = { credential = "token" }',
        '[carriers.mypost]\nheaders = { Authorization = { env = "TOKEN" } }',
        "",
    ],
)
def test_a_secret_is_in_no_repr(text: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(SECRET)
    environ = {
        "TOKEN": SECRET,
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        "ORDERWATCH_NOTIFIERS__CHAT__TOKEN": SECRET,
    }
    settings = load(tmp_path, text, **environ)
    assert SECRET in str(settings.notifiers) + str(settings.carriers)
    for shown in (repr(settings), str(settings), f"{settings}", repr(settings._written), *settings.warnings):
        assert SECRET not in shown


@pytest.mark.parametrize(
    "text",
    [
        f'[alerts]\nmorning = "{SECRET}"',
        f'timezone = "{SECRET}"',
        f'retention_days = "{SECRET}"',
        f'holidays = ["{SECRET}"]',
        f'notifiers = "{SECRET}"',
        f'[notifiers]\nphone = "{SECRET}"',
        f'api_key = "{SECRET}"',
        f'carriers = ["{SECRET}"]',
        f'a = "{SECRET}',
        f'a = "{SECRET}" b',
        f'a = "1"\na = "{SECRET}"',
        f"a = {SECRET}",
        f'[notifiers.a]\ntoken = {{ env = "NOPE", file = "{SECRET}" }}',
    ],
)
def test_a_secret_is_in_no_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert SECRET not in str(caught.value) + repr(caught.value) + repr(caught.value.problems)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("name", ["TIMEZONE", "RETENTION_DAYS", "HOLIDAYS", "CARRIERS__FILES", "API_KEY"])
def test_a_secret_in_a_wrong_variable_is_in_no_error(name: str, tmp_path: Path) -> None:
    assert SECRET not in str(mistakes(tmp_path, **{f"ORDERWATCH_{name}": SECRET}))


class _Chat(BaseModel):
    token: SecretStr
    topic: str


def test_a_fetched_secret_suits_both_kinds_of_fields(tmp_path: Path) -> None:
    settings = load(tmp_path, '[notifiers.chat]\ntoken = { env = "T" }\ntopic = { env = "T" }', T=SECRET)
    chat = _Chat.model_validate(settings.notifiers["chat"])
    assert (chat.token.get_secret_value(), chat.topic) == (SECRET, SECRET)


# Whatever comes


@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60),
    key=st.sampled_from(["orders", "timezone", "alerts.morning", "carriers.x.y", "holidays", "z"]),
)
def test_any_text_loads_or_is_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, text: str, key: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for content in (text, f"{key} = {text}", f"{key} = '{text}'"):
        assert loaded_or_reasons(folder, content)


def loaded_or_reasons(folder: Path, text: str) -> bool:
    try:
        load(folder, text)
    except ConfigError as error:
        return all(problem.message for problem in error.problems)
    return True
