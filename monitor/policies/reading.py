"""What a policy file says → a Policy, or everything that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.core.policy import Clock, DisputeReason, Dossier, DropOff, Kind, Policy
from monitor.core.texts.languages import CATALOGUES
from monitor.errors import ConfigError
from monitor.policies.checklists import read_checklists
from monitor.policies.numbers import clocks_of, clocks_there_are, inherited
from monitor.policies.tables import Table

#: The language that a policy's file is written in; others stand in tables of their own, `[es.…]`.
ENGLISH = "en"

_TRANSLATED = tuple(language for language in CATALOGUES if language != ENGLISH)
_WORDS = ("title", "paths", "aliases", "drop_offs", "evidence", "reasons")
_KEYS = ("kind", "checked_on", "order_page", "clocks", "dossier", "contacts", *_WORDS, *_TRANSLATED)
#: What messages have room for.
_LONGEST_TITLE = 24


@dataclass(frozen=True, slots=True)
class Words:
    """What a policy is called, and calls things, in one language."""

    title: str | None
    paths: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]
    drop_offs: tuple[DropOff, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What policies have in common, from the `table` of the one that names everything: the clocks and the
    steps of ways that there are, and the clocks of one that says nothing of its own."""

    table: Mapping[str, Any]
    known: Mapping[str, Clock]
    steps: tuple[str, ...]
    clocks: Mapping[str, Clock]


def basis_of(table: Mapping[str, Any]) -> Basis:
    """The basis, from the file of the shipped policy that names everything."""
    known = clocks_there_are(table["clocks"])
    return Basis(table, known, tuple(table["paths"]), inherited(table["clocks"], known))


def policy_from(name: str, content: Mapping[str, object], basis: Basis, language: str) -> Policy:
    """The policy that a file says, in the words of a language as far as it has them.

    Raises ConfigError with everything that is wrong with it, the keys as they stand in the file.
    """
    table = Table(content)
    table.only(_KEYS)
    words = {ENGLISH: _words(table, basis.steps)}
    for translated in _TRANSLATED:
        below = table.below(translated)
        below.only(_WORDS)
        words[translated] = _words(below, basis.steps)
    ours, told = words[ENGLISH], words[language]
    title = ours.title or table.missing("title", "what messages call it", name)
    reasons, dossier = _checklists(table, basis, language)
    policy = Policy(
        name=name,
        title=told.title or title,
        checked_on=table.take("checked_on", date)
        or table.missing("checked_on", "the day on which somebody last compared it", date.min),
        clocks={**basis.clocks, **clocks_of(table.below("clocks"), basis.known)},
        reasons=reasons,
        dossier=dossier,
        paths=told.paths or ours.paths,
        aliases=told.aliases or ours.aliases,
        drop_offs=told.drop_offs or ours.drop_offs,
        contacts=table.words("contacts"),
        order_page=_page(table),
        kind=Kind(table.choice("kind", tuple(Kind)) or Kind.MARKETPLACE),
    )
    if table.problems:
        raise ConfigError(*table.problems)
    return policy


def _words(table: Table, steps: tuple[str, ...]) -> Words:
    aliases = table.below("aliases")
    return Words(
        title=table.text("title", most=_LONGEST_TITLE),
        paths=table.words("paths", steps),
        aliases={step: aliases.texts(step) for step in aliases.values},
        drop_offs=tuple(
            _drop_off(table.below("drop_offs").below(name)) for name in table.below("drop_offs").values
        ),
    )


def _drop_off(table: Table) -> DropOff:
    table.only(("operators", "place"))
    operators = table.texts("operators") or table.missing("operators", "whose labels", ())
    place = table.text("place") or table.missing("place", "where such a return is handed in", "")
    return DropOff(operators, place)


def _checklists(table: Table, basis: Basis, language: str) -> tuple[dict[str, DisputeReason], Dossier]:
    """The reasons and what they ask for; what the file does not name is as in the basis."""
    try:
        return read_checklists(table.values, language, basis=basis.table)
    except ConfigError as error:
        table.problems.extend(error.problems)
        return {}, Dossier()


def _page(table: Table) -> str | None:
    page = table.text("order_page")
    if page is not None and not (page.startswith("https://") and "{order}" in page):
        table.refuse("order_page", "must be an address with {order} for the order's id", "https://…{order}…")
    return page
