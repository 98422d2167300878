"""Which file is used, what is wrong with a file as a whole, and the quick look."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor import config_file
from monitor.config_file import ConfigFile, Glance, find_config, glance, read_config
from monitor.errors import ConfigError, Problem
from monitor.settings import load_settings
from monitor.zones import zone


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Every place a configuration is looked for, all empty."""
    here, user, system = tmp_path / "here", tmp_path / "user", tmp_path / "etc/orderwatch"
    for folder in (here, user / "orderwatch", system):
        folder.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(user))
    monkeypatch.setattr(config_file, "SYSTEM_CONFIG", system / "orderwatch.toml")
    return {
        "option": tmp_path / "option.toml",
        "variable": tmp_path / "variable.toml",
        "here": Path("orderwatch.toml"),
        "user": user / "orderwatch" / "orderwatch.toml",
        "system": system / "orderwatch.toml",
    }


@pytest.mark.parametrize(
    ("there", "used"),
    [
        (["option", "variable", "here", "user", "system"], "option"),
        (["variable", "here", "user", "system"], "variable"),
        (["here", "user", "system"], "here"),
        (["user", "system"], "user"),
        (["system"], "system"),
    ],
)
def test_the_first_place_with_a_file_wins(there: list[str], used: str, places: dict[str, Path]) -> None:
    for place in there:
        places[place].touch()
    option = places["option"] if "option" in there else None
    environ = {"ORDERWATCH_CONFIG": str(places["variable"])} if "variable" in there else {}
    assert find_config(option, environ) == places[used]


def test_no_file_anywhere_says_where_was_looked_and_how_to_start(places: dict[str, Path]) -> None:
    with pytest.raises(ConfigError) as caught:
        find_config(None, {"ORDERWATCH_CONFIG": ""})
    assert str(caught.value) == (
        f"no configuration found; looked for {places['here'].absolute()}, {places['user']}, "
        f"{places['system']}; start with: orderwatch config example > orderwatch.toml"
    )


@pytest.mark.parametrize("way", ["--config", "$ORDERWATCH_CONFIG"])
def test_a_file_that_was_named_must_be_there(way: str, places: dict[str, Path]) -> None:
    places["here"].touch()
    gone = places["option"]
    with pytest.raises(ConfigError) as caught:
        if way == "--config":
            find_config(gone, {})
        else:
            find_config(None, {"ORDERWATCH_CONFIG": str(gone)})
    assert str(caught.value) == (
        f"{gone}: no such file (named by {way}); start with: orderwatch config example > orderwatch.toml"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = [1\n\n", "{file}:2: is not TOML: unclosed array, at the end of the file"),
        (b"a = 1\nb = nonsense\n", "{file}:2: is not TOML: invalid value, column 5"),
        (b"[a.b]\n[a.b]\n", "{file}:2: is not TOML: the table [a.b] is already there above, column 5"),
        (b"a = 1\na = 2\n", "{file}:2: is not TOML: this key is already there above, column 6"),
        (b"a = 1\nb = '\xe9'\n", "{file}:2: is not UTF-8 text"),
        ("a = 1".encode("utf-16"), "{file}:1: is not UTF-8 text"),
        (b"#" * 1_000_001, "{file}: is larger than 1 MB, so hardly a configuration"),
        (b"a = " + b"[" * 100_000 + b"]" * 100_000, "{file}: is nested too deeply"),
        (b"a." * 5_000 + b"a = 1", "{file}: is nested too deeply"),
    ],
    ids=[
        "half written",
        "no value",
        "table twice",
        "key twice",
        "latin-1",
        "utf-16",
        "huge",
        "deep",
        "deep key",
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_config(file)
    assert str(caught.value) == message.format(file=file)


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder; name the file in it, such as .*/orderwatch.toml"):
        read_config(tmp_path)
    with pytest.raises(ConfigError, match="gone.toml: cannot be read: No such file or directory"):
        read_config(tmp_path / "gone.toml")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "orderwatch.toml")
    with pytest.raises(ConfigError, match="orderwatch.toml: is a pipe, not a file"):
        read_config(tmp_path / "orderwatch.toml")


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    file = tmp_path / "orderwatch.toml"
    file.touch(mode=0)
    if os.access(file, os.R_OK):
        pytest.skip("root may read everything")
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        read_config(file)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"# nothing\n"])
def test_an_empty_file_is_a_configuration(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_bytes(content)
    assert read_config(file).table == {}


WRITTEN = ConfigFile(Path("o.toml"), lines={"carriers": 3, "carriers.files": 3, "alerts.morning": 7})


@pytest.mark.parametrize(
    ("key", "variables", "place"),
    [
        ("alerts.morning", [], "o.toml:7: alerts.morning"),
        ("alerts.morning", ["ORDERWATCH_ALERTS__MORNING"], "ORDERWATCH_ALERTS__MORNING"),
        ("carriers.files.path", [], "o.toml:3: carriers.files.path"),
        ("carriers.files.path", ["ORDERWATCH_CARRIERS__OTHER__PATH"], "o.toml:3: carriers.files.path"),
        ("carriers.my-post.url", ["ORDERWATCH_CARRIERS__MY_POST__URL"], "ORDERWATCH_CARRIERS__MY_POST__URL"),
        ("carriers.dhl", ["ORDERWATCH_CARRIERS__DHL__KEY"], "ORDERWATCH_CARRIERS__DHL__KEY"),
        ("holidays[1]", ["ORDERWATCH_HOLIDAYS"], "ORDERWATCH_HOLIDAYS"),
        ("orders", [], "o.toml: orders"),
    ],
)
def test_a_problem_is_placed_where_its_key_was_written(key: str, variables: list[str], place: str) -> None:
    assert str(WRITTEN.place(Problem("is wrong", key), variables)) == f"{place}: is wrong"


def test_a_problem_that_has_its_place_keeps_it() -> None:
    problem = Problem("is wrong", "alerts.morning", "policy.toml", 1)
    assert WRITTEN.place(problem, []) is problem


@pytest.mark.parametrize(
    ("text", "environ", "database", "zone_name"),
    [
        (
            "",
            {"TZ": "Asia/Tokyo", "STATE_DIRECTORY": "/var/lib/o:/x"},
            "/var/lib/o/orderwatch.db",
            "Asia/Tokyo",
        ),
        ('database = "my.db"', {"TZ": "Asia/Tokyo"}, "{base}/my.db", "Asia/Tokyo"),
        ('database = "my.db"', {"TZ": "CET-1CEST"}, "{base}/my.db", "UTC"),
        ('database = "my.db"', {"ORDERWATCH_DATABASE": "/x.db", "TZ": "Asia/Tokyo"}, "/x.db", "Asia/Tokyo"),
        ('database = "/a"\ntimezone = "Europe/Madrid"', {"TZ": "Asia/Tokyo"}, "/a", "Europe/Madrid"),
        ('database = "/a"', {"ORDERWATCH_TIMEZONE": "Europe/Madrid"}, "/a", "Europe/Madrid"),
        ('database = "/a"\norders = 5', {"TZ": "Asia/Tokyo"}, "/a", "Asia/Tokyo"),
    ],
)
def test_a_glance_sees_database_and_zone(
    text: str, environ: dict[str, str], database: str, zone_name: str, tmp_path: Path
) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_text(text)
    seen = glance(file, environ)
    assert seen == Glance(Path(database.format(base=tmp_path)), zone(zone_name), tmp_path / "evidence", "en")


@pytest.mark.parametrize(
    ("text", "environ", "evidence"),
    [
        ("", {}, "{base}/evidence"),
        ('evidence = "proof/of all"', {}, "{base}/proof/of all"),
        ('evidence = "/srv/proof"', {}, "/srv/proof"),
        ('evidence = "/srv/proof"', {"ORDERWATCH_EVIDENCE": "mine"}, "{base}/mine"),
    ],
)
def test_a_glance_sees_where_evidence_is(
    text: str, environ: dict[str, str], evidence: str, tmp_path: Path
) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_text(text)
    expected = Path(evidence.format(base=tmp_path))
    assert glance(file, environ).evidence == expected
    assert load_settings(file, environ).evidence == expected


@pytest.mark.parametrize(
    ("text", "environ", "language"),
    [
        ('language = "es"', {}, "es"),
        ('language = "es"', {"ORDERWATCH_LANGUAGE": "en"}, "en"),
        ("", {"ORDERWATCH_LANGUAGE": "es"}, "es"),
        ("language = 5", {}, "5"),
    ],
)
def test_a_glance_sees_the_language_and_leaves_it_to_others_to_complain(
    text: str, environ: dict[str, str], language: str, tmp_path: Path
) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_text(text)
    assert glance(file, environ).language == language


@pytest.mark.parametrize(
    ("text", "environ", "message"),
    [
        ("\ndatabase = 5", {}, "{file}:2: database: must be text"),
        ("\nevidence = 5", {}, "{file}:2: evidence: must be text"),
        ('evidence = ""', {}, "{file}:1: evidence: must be text"),
        (
            'database = "a"\ntimezone = "Madrid"',
            {},
            "{file}:2: timezone: is not a known time zone; did you mean Europe/Madrid?",
        ),
        (
            'database = "a"',
            {"ORDERWATCH_TIMEZONE": "Madrid"},
            "ORDERWATCH_TIMEZONE: is not a known time zone; did you mean Europe/Madrid?",
        ),
    ],
)
def test_a_glance_complains_about_these_three_only(
    text: str, environ: dict[str, str], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        glance(file, environ)
    assert str(caught.value) == message.format(file=file)


def test_without_a_state_folder_the_database_is_in_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert glance(None, {}).database == tmp_path / "orderwatch" / "orderwatch.db"


def test_a_glance_needs_none_of_the_slow_imports(tmp_path: Path) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_text('database = "a.db"\ntimezone = "Europe/Madrid"')
    code = (
        "import sys; from pathlib import Path; from monitor.config_file import glance;"
        f"glance(Path({str(file)!r}), {{}});"
        "print(*sorted({'pydantic', 'pydantic_settings', 'platformdirs', 'asyncio'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
