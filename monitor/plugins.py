"""Loads the adapters that the configuration names, and no others. The only place that imports by name.

An adapter is a module of the package `carriers` or `notifiers`, or another distribution's entry
point in the group `orderwatch.carriers` or `orderwatch.notifiers`; the built-in one comes first. A
module says which of its classes it is about: `SOURCE = SeventeenTrack`, `CHANNEL = Ntfy`. An entry
point may name such a module or the class itself.
"""

import pkgutil
import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Literal, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.carrier import Source
from monitor.errors import ConfigError, Problem
from monitor.notifier import Channel
from monitor.validation import problems_from

Kind = Literal["carriers", "notifiers"]
Model = TypeVar("Model", bound=BaseModel)

#: What a module calls its adapter.
_ATTRIBUTES: dict[Kind, str] = {"carriers": "SOURCE", "notifiers": "CHANNEL"}
#: How alike a name must be to be what was meant: many adapters end with "post".
_CLOSE = 0.8
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_source(name: str, table: Mapping[str, object]) -> Source:
    """The source configured as `[carriers.NAME]`.

    Raises ConfigError with every mistake in the table, or because there is no such adapter.
    """
    return _load("carriers", Source, name, table)


def source_for_replay(adapter: str) -> Source:
    """The source an adapter is when nothing is configured: only its `parse` may be asked, for what a
    configuration must say is left as its example. Raises ConfigError."""
    model = adapter_model("carriers", adapter)
    examples = {
        name: field.json_schema_extra for name, field in model.model_fields.items() if field.is_required()
    }
    filled = {
        name: extra.get("example") if isinstance(extra, dict) else None for name, extra in examples.items()
    }
    source = model.model_construct(None, adapter=adapter, **filled)
    assert isinstance(source, Source)
    return source


def load_channel(name: str, table: Mapping[str, object]) -> Channel:
    """The channel configured as `[notifiers.NAME]`. Raises ConfigError like `load_source`."""
    return _load("notifiers", Channel, name, table)


def available_adapters(kind: Kind) -> tuple[str, ...]:
    """The names of all adapters of a kind, built in or installed, sorted; none is imported."""
    return tuple(sorted({*_built_in(kind), *entry_points(group=f"orderwatch.{kind}").names}))


def adapter_model(kind: Kind, adapter: str) -> type[BaseModel]:
    """The class of an adapter: the shape of its configuration table. Raises ConfigError."""
    base: type[BaseModel] = Source if kind == "carriers" else Channel
    return _class(kind, base, adapter, f"{kind}.{adapter}")


def _load(kind: Kind, base: type[Model], name: str, table: Mapping[str, object]) -> Model:
    key = f"{kind}.{name}"
    adapter = table.get("adapter") or name
    if not isinstance(adapter, str):
        raise ConfigError(Problem("must be text", f"{key}.adapter", allowed=_names(kind)))
    model = _class(kind, base, adapter, key)
    try:
        return model.model_validate({**table, "adapter": adapter})
    except ValidationError as error:
        raise ConfigError(*problems_from(error, key, model)) from None


def _class(kind: Kind, base: type[Model], adapter: str, key: str) -> type[Model]:
    try:
        found = _found(kind, adapter)
    except Exception as error:  # noqa: BLE001 - what an import runs is not ours, and may raise anything
        reason = f"{type(error).__name__}: {error}"
        raise ConfigError(Problem(f"the adapter {adapter} cannot be loaded: {reason}", key)) from None
    if found is None:
        raise ConfigError(_unknown(kind, adapter, key))
    attribute = _ATTRIBUTES[kind]
    model = getattr(found, attribute, None) if isinstance(found, ModuleType) else found
    if not (isinstance(model, type) and issubclass(model, base)):
        message = f"the adapter {adapter} is broken: it has no {attribute} that is a {base.__name__}"
        raise ConfigError(Problem(message, key))
    return model


def _found(kind: Kind, adapter: str) -> object | None:
    """The module or the class that goes by this name, None if there is none."""
    if adapter in _built_in(kind):
        return import_module(f"{kind}.{adapter}")
    points = tuple(entry_points(group=f"orderwatch.{kind}", name=adapter))
    found: object = points[0].load() if points else None
    return found


def _built_in(kind: Kind) -> list[str]:
    modules = pkgutil.iter_modules(import_module(kind).__path__)
    return [module.name for module in modules if _NAME.fullmatch(module.name)]


def _names(kind: Kind) -> str:
    return ", ".join(available_adapters(kind))


def _unknown(kind: Kind, adapter: str, key: str) -> Problem:
    near = get_close_matches(adapter, available_adapters(kind), n=1, cutoff=_CLOSE)
    hint = f"; did you mean {near[0]}?" if near else ""
    if key != f"{kind}.{adapter}":
        message = f"there is no adapter of this name{hint}"
    else:
        own = f'{" A" if near else ": a"} name of your own needs adapter = "…"'
        message = f"there is no adapter of the table's name{hint}{own}"
    return Problem(message, f"{key}.adapter", allowed=_names(kind))
