"""Policies: what marketplaces, payment services and the law grant buyers. Those that are shipped, one TOML
file each; those of the user; and how the configuration changes their numbers and chains them."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from monitor.config_file import ConfigFile, read_config
from monitor.core.policy import Policy
from monitor.errors import ConfigError, Problem
from monitor.policies.chains import broken_chains, chain_of
from monitor.policies.numbers import overridden
from monitor.policies.reading import ENGLISH, Basis, basis_of, policy_from
from monitor.policies.tables import Table, meant

__all__ = ["chain_of", "load_policies", "load_policy", "shipped_policies"]

#: The policy that names every clock, and from which the others inherit.
_COMPLETE = "aliexpress"
#: The keys of a policy in the configuration that are no numbers: the user's own policy file, and what
#: remains when the policy's protection is over.
_FILE, _FALLBACK = "file", "fallback"


def shipped_policies() -> tuple[str, ...]:
    """The names of all policies that are shipped, in alphabetical order."""
    folder = files(__name__)
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_policy(name: str, overrides: Mapping[str, object] | None = None, language: str = ENGLISH) -> Policy:
    """The policy `name`, shipped or from the `file` that `overrides` name, with the numbers and fallbacks
    in them, and its words in `language`: the ways through the app, the reasons and the evidence they ask for,
    where returns are handed in.

    Raises ConfigError for an unknown policy or key, or a value of another shape than the policy's own.
    """
    policy, problems = _load(name, overrides or {}, language, basis_of(_shipped(_COMPLETE)))
    if problems:
        raise ConfigError(*problems)
    return policy


def load_policies(
    overrides: Mapping[str, Mapping[str, object]], language: str = ENGLISH
) -> dict[str, Policy]:
    """All shipped policies and those of the user, with the user's numbers and fallbacks, in `language`.
    Raises one ConfigError for all mistakes."""
    basis = basis_of(_shipped(_COMPLETE))
    problems: list[Problem] = []
    policies: dict[str, Policy] = {}
    unread: list[str] = []
    for name in dict.fromkeys((*shipped_policies(), *overrides)):
        try:
            policies[name], mistakes = _load(name, overrides.get(name, {}), language, basis)
            problems += mistakes
        except ConfigError as error:
            problems += error.problems
            unread.append(name)
    problems += broken_chains(policies, unread)
    if problems:
        raise ConfigError(*problems)
    return policies


def _load(
    name: str, overrides: Mapping[str, object], language: str, basis: Basis
) -> tuple[Policy, list[Problem]]:
    """A policy, and what is wrong with what the configuration says of it; that is left out. Raises
    ConfigError where there is no policy to change."""
    policy = _written(name, overrides, language, basis)
    ours = Table(overrides, f"policies.{name}")
    numbers = {key: value for key, value in overrides.items() if key not in (_FILE, _FALLBACK)}
    changed = overridden(ours, policy.clocks, basis.known, numbers, also=(_FALLBACK,))
    fallback = ours.texts(_FALLBACK, like='["paypal", "card"]')
    return replace(policy, clocks={**policy.clocks, **changed}, fallback=fallback), ours.problems


def _written(name: str, overrides: Mapping[str, object], language: str, basis: Basis) -> Policy:
    """The policy as its file has it, shipped or the user's own."""
    if _FILE in overrides:
        own = _own_file(f"policies.{name}.{_FILE}", overrides[_FILE])
        try:
            return policy_from(name, own.table, basis, language)
        except ConfigError as error:
            placed = [own.place(problem, ()) for problem in error.problems]
            raise ConfigError(*sorted(placed, key=_line)) from None
    if name in shipped_policies():
        table = basis.table if name == _COMPLETE else _shipped(name)
        return policy_from(name, table, basis, language)
    raise ConfigError(
        Problem(
            f"is not a policy{meant(name, shipped_policies())}",
            f"policies.{name}",
            allowed=f"{', '.join(shipped_policies())}, or one of your own with file = …",
        )
    )


def _line(problem: Problem) -> int:
    return problem.line or 0


def _own_file(key: str, path: object) -> ConfigFile:
    if not isinstance(path, str) or not path:
        raise ConfigError(Problem("must be the path of a policy file", key))
    if not Path(path).is_file():
        raise ConfigError(Problem(f"there is no file {path}", key))
    return read_config(Path(path))


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))
