"""Adapters found by name, in the house and in other distributions that are really installed."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import invalidate_caches
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import SecretStr

from monitor.carrier import Source
from monitor.errors import ConfigError, Problem
from monitor.notifier import Channel
from monitor.plugins import Kind, adapter_model, available_adapters, load_channel, load_source

SECRET = "s3cret"
Install = Callable[..., None]

BUILT_IN = """
    from monitor.carrier import Source
    from pydantic import Field, SecretStr

    class Snail(Source):
        "A built-in source."
        api_key: SecretStr = Field(
            description="the key of the account", json_schema_extra={"example": {"credential": "snail"}}
        )
        speed: int = Field(default=1, gt=0)

    SOURCE = Snail
"""
CHANNEL = """
    from monitor.notifier import Channel

    class Horn(Channel):
        url: str = ""

    CHANNEL = Horn
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a distribution: its modules, and its entry points as `{group: {name: value}}`."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def installed(points: dict[str, dict[str, str]] | None = None, **modules: str) -> None:
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(dedent(text))
        about = tmp_path / "parrot-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot\nVersion: 1.0\n")
        lines = []
        for group, named in (points or {}).items():
            lines += [f"[{group}]", *(f"{name} = {value}" for name, value in named.items())]
        (about / "entry_points.txt").write_text("\n".join(lines))
        invalidate_caches()

    yield installed
    for name in [name for name in sys.modules if name.startswith("parrot")]:
        del sys.modules[name]


@pytest.fixture
def built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Kind, str, str], None]]:
    """Puts one more module into the package `carriers` or `notifiers`."""
    added: list[str] = []

    def put(kind: Kind, name: str, text: str) -> None:
        package = __import__(kind)
        folder = tmp_path / kind
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(dedent(text))
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
        invalidate_caches()
        added.append(f"{kind}.{name}")

    yield put
    for module in added:
        sys.modules.pop(module, None)
        package, _, name = module.partition(".")
        if hasattr(sys.modules[package], name):
            delattr(sys.modules[package], name)


def refused(name: str, table: dict[str, object], kind: Kind = "carriers") -> tuple[Problem, ...]:
    load = load_source if kind == "carriers" else load_channel
    with pytest.raises(ConfigError) as caught:
        load(name, table)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.problems


Put = Callable[[Kind, str, str], None]


def test_a_table_s_name_is_its_adapter_unless_it_says_another(built_in: Put) -> None:
    built_in("carriers", "snail", BUILT_IN)
    source = load_source("snail", {"api_key": SECRET})
    assert isinstance(source, Source)
    assert (type(source).__name__, source.adapter) == ("Snail", "snail")
    other = load_source("My Post", {"adapter": "snail", "api_key": SecretStr(SECRET), "speed": 3})
    assert (type(other).__name__, other.adapter) == ("Snail", "snail")
    assert SECRET not in repr(source) + repr(other)


def test_channels_are_loaded_the_same_way(built_in: Put) -> None:
    built_in("notifiers", "horn", CHANNEL)
    assert isinstance(load_channel("phone", {"adapter": "horn"}), Channel)
    assert isinstance(load_channel("horn", {}), Channel)


def test_every_mistake_of_a_table_is_told_at_once_without_what_was_written(built_in: Put) -> None:
    built_in("carriers", "snail", BUILT_IN)
    problems = refused("mine", {"adapter": "snail", "speed": 0, "api_kye": SECRET, "accepts": 7})
    assert [(problem.key, problem.message) for problem in problems] == [
        ("carriers.mine.accepts", "must be text"),
        (
            "carriers.mine.api_key",
            'is missing: the key of the account; for example api_key = { file = "snail.key" }',
        ),
        ("carriers.mine.speed", "must be greater than 0"),
        ("carriers.mine.api_kye", "unknown key; did you mean api_key?"),
    ]


def test_a_pattern_that_is_none_is_told(built_in: Put) -> None:
    built_in("carriers", "snail", BUILT_IN)
    (problem,) = refused("snail", {"api_key": SECRET, "accepts": "^(MP"})
    assert problem.key == "carriers.snail.accepts"
    assert problem.message == "is not a regular expression: missing ), unterminated subpattern"


@pytest.mark.parametrize(
    "adapter", ["post", "os", "../x", "os.path", "__init__", "_snail", "SNAIL", "snail.SOURCE"]
)
def test_an_unknown_adapter_is_told_with_those_there_are(adapter: str, built_in: Put) -> None:
    built_in("carriers", "snail", BUILT_IN)
    built_in("carriers", "_snail", BUILT_IN)
    (problem,) = refused("mine", {"adapter": adapter})
    assert problem.key == "carriers.mine.adapter"
    assert problem.message.startswith("there is no adapter of this name")
    assert "snail" in (problem.allowed or "").split(", ")


def test_a_typing_mistake_gets_a_hint(built_in: Put) -> None:
    built_in("carriers", "snail", BUILT_IN)
    assert (
        refused("x", {"adapter": "snial"})[0].message
        == "there is no adapter of this name; did you mean snail?"
    )
    assert refused("snaill", {})[0].message == (
        'there is no adapter of the table\'s name; did you mean snail? A name of your own needs adapter = "…"'
    )


@pytest.mark.parametrize("name", ["spanishpost", "mypost", "My Post", "17track"])
def test_a_table_with_a_name_of_its_own_needs_an_adapter(name: str) -> None:
    (problem,) = refused(name, {})
    assert problem.key == f"carriers.{name}.adapter"
    assert (
        problem.message == 'there is no adapter of the table\'s name: a name of your own needs adapter = "…"'
    )
    assert "correos" in (problem.allowed or "").split(", ")


def test_an_adapter_that_is_no_text_is_told() -> None:
    (problem,) = refused("x", {"adapter": [SECRET]})
    assert (problem.key, problem.message) == ("carriers.x.adapter", "must be text")


@pytest.mark.parametrize("value", ["parrot_source", "parrot_source:Snail"])
def test_other_distributions_bring_modules_or_classes(value: str, install: Install) -> None:
    install({"orderwatch.carriers": {"parrot": value}}, parrot_source=BUILT_IN)
    assert "parrot" in available_adapters("carriers")
    assert "parrot" not in available_adapters("notifiers")
    assert "parrot_source" not in sys.modules
    assert type(load_source("mine", {"adapter": "parrot", "api_key": "x"})).__name__ == "Snail"


def test_channels_come_from_their_own_group(install: Install) -> None:
    install({"orderwatch.notifiers": {"parrot": "parrot_channel"}}, parrot_channel=CHANNEL)
    assert type(load_channel("parrot", {})).__name__ == "Horn"
    assert refused("parrot", {})[0].key == "carriers.parrot.adapter"


def test_the_built_in_adapter_comes_first(install: Install, built_in: Put) -> None:
    install({"orderwatch.carriers": {"snail": "parrot_source"}}, parrot_source="raise RuntimeError")
    built_in("carriers", "snail", BUILT_IN)
    assert load_source("snail", {"api_key": "x"}).adapter == "snail"
    assert available_adapters("carriers").count("snail") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("def broken(:", "SyntaxError: "),
        ("raise RuntimeError('not today')", "RuntimeError: not today"),
    ],
)
def test_an_adapter_that_cannot_be_imported_is_named(
    text: str, reason: str, install: Install, built_in: Put
) -> None:
    install({"orderwatch.carriers": {"parrot": "parrot_source"}}, parrot_source=text)
    built_in("carriers", "snail", text)
    for adapter in ("parrot", "snail"):
        (problem,) = refused("mine", {"adapter": adapter})
        assert problem.key == "carriers.mine"
        assert problem.message.startswith(f"the adapter {adapter} cannot be loaded: {reason}")


@pytest.mark.parametrize("value", ["parrot_source", "parrot_source:SOURCE"])
@pytest.mark.parametrize("what", ["3", "object", "object()", "Channel", "Source(adapter='x')"])
def test_an_adapter_that_is_no_source_is_named(value: str, what: str, install: Install) -> None:
    text = f"""
        from monitor.carrier import Source
        from monitor.notifier import Channel
        SOURCE = {what}
    """
    install({"orderwatch.carriers": {"parrot": value}}, parrot_source=text)
    (problem,) = refused("parrot", {})
    assert problem.message == "the adapter parrot is broken: it has no SOURCE that is a Source"


def test_a_module_without_the_attribute_is_named(install: Install) -> None:
    install({"orderwatch.carriers": {"parrot": "parrot_source"}}, parrot_source=CHANNEL)
    assert "has no SOURCE" in refused("parrot", {})[0].message


def test_the_shape_of_an_adapter_s_table(built_in: Put) -> None:
    built_in("carriers", "snail", BUILT_IN)
    assert "api_key" in adapter_model("carriers", "snail").model_fields
    with pytest.raises(ConfigError, match=r"carriers\.nothing\.adapter: there is no adapter"):
        adapter_model("carriers", "nothing")


@pytest.mark.parametrize("kind", ["carriers", "notifiers"])
def test_every_adapter_in_the_house_can_be_loaded(kind: Kind) -> None:
    for adapter in available_adapters(kind):
        assert adapter_model(kind, adapter).__doc__


def test_looking_for_adapters_imports_none() -> None:
    code = dedent("""
        import sys
        from monitor.plugins import available_adapters
        for kind in ("carriers", "notifiers"):
            available_adapters(kind)
        print([name for name in sys.modules if name.startswith(("carriers.", "notifiers."))])
    """)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
