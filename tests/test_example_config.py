"""The shipped example: in step with what it is generated from, and a configuration that loads."""

import re
import tomllib
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr

from monitor.carrier import Source
from monitor.example_config import example_config
from monitor.notifier import Channel
from monitor.plugins import adapter_model, available_adapters, load_channel, load_source
from monitor.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
ENVIRON = {"TZ": "Europe/Madrid", "STATE_DIRECTORY": "/var/lib/orderwatch"}


def uncommented(text: str) -> str:
    """Every key that is commented out set, and the prose gone."""
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


class Colour(StrEnum):
    RED = "red"


class Fields(BaseModel):
    number: str = Field(description="where the number is")


class Odd(Source):
    """A source with one field of every kind.

    This paragraph is for programmers.
    """

    url: str = Field(description="the address", json_schema_extra={"example": "https://example.org/{number}"})
    key: SecretStr | None = Field(default=None, description="a key")
    colours: tuple[Colour, ...] = Field(default=(Colour.RED,), description="colours")
    headers: dict[str, str] = Field(default={"X-A b": 'say "é"\n'}, description="headers")
    requests_per_second: float = Field(default=3.0, gt=0, description="requests a second, at the most")
    since: date = Field(default=date(2026, 1, 2), description="a day")
    at: time = Field(default=time(9, 30), description="a time")
    fields: Fields = Field(description="what is where")
    long: bool = Field(default=False, description="word " * 40)


TEXT = example_config({"odd": Odd, "second": Odd}, {"plain": Channel})


def test_every_key_of_the_settings_is_in_it() -> None:
    table = tomllib.loads(uncommented(TEXT))
    assert set(table) == set(Settings.model_fields)


def test_every_kind_of_value_survives() -> None:
    odd = tomllib.loads(uncommented(TEXT))["carriers"]["odd"]
    assert odd == {
        "url": "https://example.org/{number}",
        "adapter": "odd",
        "accepts": r"^MP\d{8}$",
        "allow_http": False,
        "requests_per_second": 3.0,
        "requests_per_day": 1000,
        "min_interval_minutes": 0,
        "codes": {"CC_EX_START": "in_customs"},
        "key": "…",
        "colours": ["red"],
        "headers": {"X-A b": 'say "é"\n'},
        "since": date(2026, 1, 2),
        "at": "09:30",
        "long": False,
        "fields": {"number": "…"},
    }


def test_what_every_source_takes_is_explained_once() -> None:
    second = tomllib.loads(uncommented(TEXT))["carriers"]["second"]
    assert not {"accepts", "allow_http", "codes"} & set(second)
    assert second["requests_per_second"] == 3.0


def test_what_must_be_set_comes_first_and_says_so() -> None:
    assert "#[carriers.odd]\n# Required: the address.\n#url = " in TEXT


def test_comments_are_short_lines_for_users() -> None:
    assert "for programmers" not in TEXT
    prose = [line for line in TEXT.splitlines() if line.startswith("# ")]
    assert max(map(len, prose)) <= 88


def test_as_it_is_it_loads_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "orderwatch.toml"
    file.write_text(TEXT)
    changed = load_settings(file, ENVIRON).model_dump()
    beside_it = {"evidence": tmp_path / "evidence"}  # and not in the folder of whoever has no file
    assert changed == load_settings(None, ENVIRON).model_dump() | beside_it


# The one that is shipped

#: Secrets that must have a shape.
SECRETS = {"ping": "https://hc.example/1", "bot": "123456:" + 35 * "A"}


def shipped() -> str:
    return EXAMPLE.read_text(encoding="utf-8")


def test_it_is_what_the_descriptions_say() -> None:
    carriers = {name: adapter_model("carriers", name) for name in available_adapters("carriers")}
    notifiers = {name: adapter_model("notifiers", name) for name in available_adapters("notifiers")}
    assert shipped() == example_config(carriers, notifiers), (
        "write it again: orderwatch config example > config.example.toml"
    )


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise tries it
def test_with_every_key_set_it_still_loads_down_to_the_adapters(tmp_path: Path) -> None:
    text = uncommented(shipped())
    for name in re.findall(r'credential = "([^"]+)"', text):
        (tmp_path / name).write_text(SECRETS.get(name, f"made-up-{name}"))
    file = tmp_path / "orderwatch.toml"
    file.write_text(text)
    settings = load_settings(file, ENVIRON | {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert set(settings.model_fields_set) == set(Settings.model_fields)
    for name, table in settings.carriers.items():
        assert load_source(name, table).adapter == name
    for name, table in settings.notifiers.items():
        assert load_channel(name, table).adapter == name


@pytest.mark.parametrize("section", ["carriers", "notifiers"])
def test_no_adapter_is_left_out(section: Literal["carriers", "notifiers"]) -> None:
    assert list(tomllib.loads(uncommented(shipped()))[section]) == list(available_adapters(section))
