"""The policies that are shipped, one TOML file each, and how the configuration changes them."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files

from monitor.core.policy import Clock, DropOff, Policy
from monitor.errors import ConfigError, Problem
from monitor.policies.checklists import read_checklists

#: The language that a policy's file is written in; others stand in tables of their own, `[es.…]`.
ENGLISH = "en"


def shipped_policies() -> tuple[str, ...]:
    """The names of all policies, in alphabetical order."""
    folder = files(__name__)
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_policy(name: str, overrides: Mapping[str, object] | None = None, language: str = ENGLISH) -> Policy:
    """The shipped policy `name`, with the numbers that the user overrides, and its words in `language`:
    the ways through the app, the reasons and the evidence they ask for, where returns are handed in.

    Raises ConfigError for an unknown policy or key, or a value of another shape than the shipped one.
    """
    if name not in shipped_policies():
        raise ConfigError(
            Problem("is not a policy", f"policies.{name}", allowed=", ".join(shipped_policies()))
        )
    table = tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))
    clocks = {key: _clock(key, entry) for key, entry in table["clocks"].items()}
    clocks |= _overridden(name, clocks, overrides or {})
    words = table if language == ENGLISH else table[language]
    reasons, dossier = read_checklists(table, language, where=f"policies.{name}")
    return Policy(
        name=name,
        title=table["title"],
        checked_on=table["checked_on"],
        clocks=clocks,
        reasons=reasons,
        dossier=dossier,
        paths=words.get("paths", {}),
        aliases={step: tuple(names) for step, names in words.get("aliases", {}).items()},
        drop_offs=tuple(
            DropOff(tuple(entry["operators"]), entry["place"])
            for entry in words.get("drop_offs", {}).values()
        ),
        contacts=table.get("contacts", {}),
        order_page=table.get("order_page"),
    )


def load_policies(
    overrides: Mapping[str, Mapping[str, object]], language: str = ENGLISH
) -> dict[str, Policy]:
    """All shipped policies, with the user's numbers, in `language`. Raises one ConfigError for all mistakes."""
    problems: list[Problem] = []
    policies: dict[str, Policy] = {}
    for name in dict.fromkeys((*shipped_policies(), *overrides)):
        try:
            policies[name] = load_policy(name, overrides.get(name), language)
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(*problems)
    return policies


def _clock(key: str, entry: Mapping[str, object]) -> Clock:
    value = entry.get("value")
    return Clock(
        key=key,
        value=tuple(value) if isinstance(value, list) else value,  # type: ignore[arg-type]
        unit=str(entry["unit"]),
        counts_from=str(entry["from"]),
        source=str(entry["source"]),
        reference=str(entry.get("lines", "")),
    )


def _overridden(name: str, clocks: Mapping[str, Clock], overrides: Mapping[str, object]) -> dict[str, Clock]:
    problems: list[Problem] = []
    changed: dict[str, Clock] = {}
    for key, value in _flat(overrides):
        where = f"policies.{name}.{key}"
        clock = clocks.get(key)
        if clock is None:
            near = get_close_matches(key, clocks, 1)
            problems.append(
                Problem("is not a number of this policy", where, allowed=near[0] if near else None)
            )
        elif (reason := _misfit(clock, value)) is not None:
            problems.append(Problem(reason, where, allowed=_shape(clock)))
        else:
            number = tuple(value) if isinstance(value, list) else value
            changed[key] = Clock(key, number, clock.unit, clock.counts_from, "your configuration")  # type: ignore[arg-type]
    if problems:
        raise ConfigError(*problems)
    return changed


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", value))
    return pairs


def _misfit(clock: Clock, value: object) -> str | None:
    """Why a value cannot take a clock's place; None: it can."""
    numbers = value if isinstance(value, list) else [value]
    if isinstance(value, list) != isinstance(clock.value, tuple) or not numbers:
        return "has another shape than the policy's own number"
    if not all(type(number) is int and 0 <= number <= _most(clock) for number in numbers):
        return "is not a whole number in the allowed range"
    if clock.key.endswith(("lead_days", "lead_hours")):
        ordered = sorted(set(numbers), reverse=True) == numbers
        return None if ordered else "must fall: the earliest warning first"
    return None if numbers == sorted(numbers) else "must rise: the shortest first"


def _most(clock: Clock) -> int:
    return 10**12 if clock.unit == "bytes" else 10_000


def _shape(clock: Clock) -> str:
    if isinstance(clock.value, tuple):
        return f"a list like {list(clock.value)}, in {clock.unit}"
    return f"0 to {_most(clock)} {clock.unit}"
