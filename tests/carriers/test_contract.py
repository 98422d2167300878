"""What every source promises, checked on every payload in tests/payloads/<source>/.

A new source needs a module in carriers/ and there a payload, <case>.json or <case>.csv, with the
expected answer, <case>.expected.json: what `replay` prints, or `{"error": KIND}`. If its table has
required keys or secrets, config.json holds a table; in each secret's value stands the word "secret".
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from monitor.carrier import LookError, Payload, ShipmentStatus, Source, Tracking, reveal
from monitor.core.number_shapes import CARRIERS
from monitor.errors import ConfigError
from monitor.plugins import adapter_model, available_adapters, load_source
from monitor.tracking_json import look_error_json, tracking_json

PAYLOADS = Path(__file__).parents[1] / "payloads"
SOURCES = available_adapters("carriers")
#: What stands in place of any value: other types, other meanings, nothing.
ODDITIES: tuple[object, ...] = (
    None,
    "",
    "x",
    "2026-13-45T99:00:00Z",
    "0001-01-01T00:00:00Z",
    7,
    -1.5,
    10**30,
    True,
    [],
    {},
    [None],
)


def cases_of(name: str) -> list[Path]:
    files = (PAYLOADS / name).glob("*") if (PAYLOADS / name).is_dir() else ()
    return sorted(f for f in files if f.name != "config.json" and not f.name.endswith(".expected.json"))


ALL_CASES = [
    pytest.param(name, file, id=f"{name}-{file.name}") for name in SOURCES for file in cases_of(name)
]


def written_table(name: str) -> str:
    """The table that a source is tested with, as its config.json has it."""
    config = PAYLOADS / name / "config.json"
    return config.read_text(encoding="utf-8") if config.exists() else "{}"


@cache
def configured(name: str) -> Source:
    return load_source(name, json.loads(written_table(name)))


def read(name: str, body: bytes, file: Path) -> list[Tracking]:
    return list(configured(name).parse(Payload(body, name=file.name)))


def replayed(name: str, file: Path) -> object:
    try:
        return [tracking_json(tracking) for tracking in read(name, file.read_bytes(), file)]
    except LookError as error:
        return look_error_json(error)


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_has_a_payload_and_every_payload_an_expected_answer(name: str) -> None:
    assert cases_of(name)
    for file in cases_of(name):
        assert file.with_name(f"{file.stem}.expected.json").exists(), file


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_says_what_it_is_and_what_each_key_means(name: str) -> None:
    model = adapter_model("carriers", name)
    assert model.__doc__
    assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize("name", SOURCES)
def test_every_carrier_that_a_source_is_made_for_can_be_told_by_its_numbers(name: str) -> None:
    model = adapter_model("carriers", name)
    assert issubclass(model, Source)
    assert all(carrier in CARRIERS or carrier.startswith("post-") for carrier in model.carriers)


@pytest.mark.parametrize(("name", "file"), ALL_CASES)
def test_the_answer_is_the_expected_one(name: str, file: Path) -> None:
    expected = json.loads(file.with_name(f"{file.stem}.expected.json").read_text())
    got = replayed(name, file)
    if isinstance(expected, dict) and isinstance(got, dict):
        got = {key: got[key] for key in expected}
    assert got == expected


@pytest.mark.parametrize(("name", "file"), ALL_CASES)
def test_the_same_bytes_say_the_same(name: str, file: Path) -> None:
    assert replayed(name, file) == replayed(name, file)


@pytest.mark.parametrize(("name", "file"), ALL_CASES)
def test_a_recorded_payload_needs_no_configuration_that_is_secret(name: str, file: Path) -> None:
    source = configured(name)
    public = {
        key: value
        for key in source.model_fields_set
        if not isinstance(value := getattr(source, key), SecretStr)
    }
    bare = type(source).model_construct(**public)
    try:
        answer: object = [
            tracking_json(tracking) for tracking in bare.parse(Payload(file.read_bytes(), name=file.name))
        ]
    except LookError as error:
        answer = look_error_json(error)
    assert answer == replayed(name, file)


def check(name: str, body: bytes, file: Path) -> None:
    """What holds whatever the bytes: trackings that can be shown, or an error with a message."""
    try:
        trackings = read(name, body, file)
    except LookError as error:
        look_error_json(error)
        return
    for tracking in trackings:
        assert isinstance(tracking.status, ShipmentStatus)
        assert all(event.at.utcoffset() is not None for event in tracking.events)
        assert all(isinstance(event.status, ShipmentStatus) for event in tracking.events)
        shown = tracking_json(tracking)
        events = shown["events"]
        assert isinstance(events, list)
        assert len({json.dumps(event) for event in events}) == len(events)
        # Midnight stands for a day of which the hour was not told.
        timed = [event["at"] for event in events if event["at"] and "T00:00:00" not in event["at"]]
        assert timed == sorted(timed, key=rank)
        json.dumps(shown)


def rank(at: str) -> float:
    told = datetime.fromisoformat(at)
    return (told if told.tzinfo else datetime.fromisoformat(f"{at}+00:00")).timestamp()


@pytest.mark.parametrize(("name", "file"), ALL_CASES)
def test_any_key_dropped_or_replaced_gives_a_tracking_or_a_named_error(name: str, file: Path) -> None:
    for body in mutations(file):
        check(name, body, file)


@pytest.mark.parametrize(("name", "file"), ALL_CASES)
def test_any_part_of_the_bytes_gives_a_tracking_or_a_named_error(name: str, file: Path) -> None:
    body = file.read_bytes()
    for end in range(0, len(body), max(1, len(body) // 60)):
        for damaged in (body[:end], body[:end] + b"\xff\x00" + body[end:]):
            check(name, damaged, file)


def mutations(file: Path) -> Iterator[bytes]:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".csv":
        yield from csv_mutations(text)
        return
    try:
        original = json.loads(text)
    except ValueError:
        return
    for path in paths(original):
        yield json.dumps(changed(original, path, drop=True)).encode()
        for oddity in ODDITIES:
            yield json.dumps(changed(original, path, oddity)).encode()


def paths(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside."""
    inside: Mapping[str | int, Any] = {}
    if isinstance(value, dict):
        inside = value
    elif isinstance(value, list):
        inside = dict(enumerate(value))
    for key, inner in inside.items():
        yield (*at, key)
        yield from paths(inner, (*at, key))


def changed(original: Any, path: tuple[str | int, ...], new: object = None, *, drop: bool = False) -> Any:
    copy = deepcopy(original)
    *above, last = path
    holder = copy
    for key in above:
        holder = holder[key]
    if drop:
        del holder[last]
    else:
        holder[last] = new
    return copy


def csv_mutations(text: str) -> Iterator[bytes]:
    rows = list(csv.reader(io.StringIO(text)))
    for index, row in enumerate(rows):
        for column in range(len(row)):
            for oddity in ("", "x", '"', "2026-02-30", "7", "a,b", "\x00", "é" * 200_000):
                odd = [*row[:column], oddity, *row[column + 1 :]]
                out = io.StringIO()
                csv.writer(out).writerows([*rows[:index], odd, *rows[index + 1 :]])
                yield out.getvalue().encode()
                yield out.getvalue().replace('"', "").encode()


def secrets_of(source: Source) -> list[str]:
    values = [getattr(source, key) for key in type(source).model_fields]
    values += [inner for value in values if isinstance(value, dict) for inner in value.values()]
    return [reveal(value) for value in values if isinstance(value, SecretStr)]


@pytest.mark.parametrize("name", SOURCES)
def test_no_secret_is_shown(name: str) -> None:
    source = configured(name)
    secrets = secrets_of(source)
    assert bool(secrets) == ("secret" in written_table(name))
    shown = [repr(source), str(source), repr(next(source.exchange(["LP00420000000017"])))]
    shown += [json.dumps(replayed(name, file)) for file in cases_of(name)]
    for secret in secrets:
        assert not any(secret in text for text in shown)


ADDRESSED = [
    (name, key)
    for name in SOURCES
    for key in ("url", "base_url")
    if key in adapter_model("carriers", name).model_fields
]
AWAY = ["nas.example", "localhost.example.org", "127.0.0.1@example.org", "192.168.1.2", "[2001:db8::1]:8080"]
HERE = ["127.0.0.1:8080", "localhost", "LOCALHOST:8080", "[::1]"]


def addressed(name: str, key: str, address: str, **more: object) -> Source:
    table = json.loads(written_table(name))
    return load_source(name, {**table, key: f"{address}/track?ids={{numbers}}", **more})


@pytest.mark.parametrize(("name", "key"), ADDRESSED)
@pytest.mark.parametrize("host", AWAY)
def test_plain_http_to_another_machine_is_a_mistake_of_the_configuration(
    name: str, key: str, host: str
) -> None:
    with pytest.raises(ConfigError) as error:
        addressed(name, key, f"http://{host}")
    (problem,) = error.value.problems
    assert problem.key == f"carriers.{name}.{key}"
    assert "allow_http = true" in problem.message
    assert addressed(name, key, f"http://{host}", allow_http=True)
    assert addressed(name, key, f"https://{host}")


@pytest.mark.parametrize(("name", "key"), ADDRESSED)
@pytest.mark.parametrize("host", HERE)
def test_plain_http_on_this_machine_is_fine(name: str, key: str, host: str) -> None:
    assert addressed(name, key, f"http://{host}")


@pytest.mark.parametrize("name", SOURCES)
def test_a_number_that_is_odd_is_still_asked_about(name: str) -> None:
    for number in ("LP 42/7?x=1#y", "ÄÖ{number}", "1\r\nX: y"):
        request = next(configured(name).exchange([number]))
        assert request.url.isascii()
        assert not set("\r\n ") & set(request.url)
