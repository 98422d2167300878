"""The reasons and checklists of a policy's file: `[evidence.ID]`, `[reasons.ID]` and `[dossier]`, in the
words of a language.

What there is of evidence stands in the file once, by its id; reasons and the dossier name ids. Another
language has words for them in tables of its own (`[es.evidence.ID]`, `[es.reasons.ID]`), and further
names for files; in which language somebody names a file does not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TypeVar

from monitor.core.policy import DisputeReason, Dossier, EvidenceItem, EvidenceKind, Refund, Way
from monitor.errors import ConfigError, Problem

W = TypeVar("W", EvidenceKind, Refund, Way)
Table = Mapping[str, object]

_PARTS = ("always", "arrived", "returning")
_TOLD = ("evidence", "reasons", "dossier")


def read_checklists(
    table: Table, language: str, *, where: str = "", basis: Table | None = None
) -> tuple[dict[str, DisputeReason], Dossier]:
    """The reasons of a policy's file, and what belongs into any dispute, in a language as far as the file
    has words in it, else in its own. What it does not name it has from `basis`, the table of another file.

    Raises ConfigError with everything that is wrong in these tables, each by its key below `where`.
    """
    reading = _Reading(where)
    basis = basis or {}
    told = _joined(table, basis)
    spoken = {
        other: _joined(_below(table, other), _of_others(_below(basis, other), table))
        for other in sorted({*_languages(table), *_languages(basis), language})
    }
    items = {
        id_: _item(
            reading,
            id_,
            _table(reading, told, "evidence", id_),
            {other: _table(reading, it, "evidence", id_, within=other) for other, it in spoken.items()},
            language,
        )
        for id_ in _table(reading, told, "evidence")
    }
    reasons = {
        id_: _reason(
            reading,
            id_,
            _table(reading, told, "reasons", id_),
            _table(reading, spoken[language], "reasons", id_, within=language),
            items,
            language,
        )
        for id_ in _table(reading, told, "reasons")
    }
    parts = _table(reading, told, "dossier")
    reading.known("dossier", parts, _PARTS)
    always, arrived, returning = (
        _chosen(reading, f"dossier.{part}", parts.get(part, []), items) for part in _PARTS
    )
    if reading.problems:
        raise ConfigError(*reading.problems)
    return reasons, Dossier(always, arrived, returning)


class _Reading:
    """Gathers what is wrong in the tables of one file."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.problems: list[Problem] = []

    def refuse(self, key: str, message: str, allowed: Iterable[str] = ()) -> None:
        path = ".".join(part for part in (self._where, key) if part)
        self.problems.append(Problem(message, path, allowed=", ".join(sorted(allowed)) or None))

    def text(self, key: str, value: object) -> str:
        if isinstance(value, str) and value:
            return value
        self.refuse(key, "must be text" if value is not None else "is missing")
        return ""

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(it, str) and it for it in value):
            return tuple(value)
        self.refuse(key, 'must be a list of texts (allowed: such as ["unboxing", "opening"])')
        return ()

    def known(self, key: str, values: Iterable[str], known: Iterable[str]) -> list[str]:
        """Those of the values that are known; the others are refused."""
        known = list(known)
        for value in values:
            if value not in known:
                near = get_close_matches(value, known, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                self.refuse(key, f"there is no {value!r}{hint}", known)
        return [value for value in values if value in known]

    def word(self, key: str, value: object, words: type[W], instead: W) -> W:
        """One of some words."""
        text = self.text(key, value)
        return words(text) if text and self.known(key, [text], words) else instead


def _languages(table: Table) -> list[str]:
    """The languages that a file has words in, beside its own."""
    return [key for key in table if any(isinstance(_below(table, key).get(told), Mapping) for told in _TOLD)]


def _below(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, Mapping) else {}


def _joined(table: Table, basis: Table) -> Table:
    """What a file tells, and what it does not name from `basis`."""
    joined: dict[str, object] = {}
    for key in _TOLD:
        ours, theirs = table.get(key, {}), _below(basis, key)
        joined[key] = {**theirs, **ours} if isinstance(ours, Mapping) else ours
    return joined


def _of_others(spoken: Table, table: Table) -> Table:
    """What another language says, but not of what a file tells in its own words."""
    return {
        told: {id_: it for id_, it in _below(spoken, told).items() if id_ not in _below(table, told)}
        for told in _TOLD
    }


def _table(reading: _Reading, table: Table, *keys: str, within: str = "") -> Table:
    """The table at `keys`; an empty one where there is none."""
    found: object = table
    for key in keys:
        found = found.get(key, {}) if isinstance(found, Mapping) else {}
    if isinstance(found, Mapping):
        return found
    reading.refuse(".".join(key for key in (within, *keys) if key), "must be a table")
    return {}


def _item(
    reading: _Reading, id_: str, entry: Table, spoken: Mapping[str, Table], language: str
) -> EvidenceItem:
    """`spoken` is what other languages say of it."""
    key = f"evidence.{id_}"
    kind = reading.word(f"{key}.kind", entry.get("kind"), EvidenceKind, EvidenceKind.KNOWN)
    own = reading.texts(f"{key}.names", entry.get("names", []))
    names = {
        other: reading.texts(f"{other}.{key}.names", it.get("names", [])) for other, it in spoken.items()
    }
    in_order = [*names.pop(language, ()), *own, *(name for more in names.values() for name in more)]
    if not in_order and kind is not EvidenceKind.KNOWN:
        reading.refuse(f"{key}.names", "is missing: no file could tick it")
    for name in in_order:
        if not any(map(str.isalpha, name)):
            reading.refuse(f"{key}.names", f"{name!r} has no letter, so it is no name to tell files by")
    return EvidenceItem(
        id=id_,
        words=_words(reading, key, "words", entry, spoken[language], language),
        kind=kind,
        names=tuple(dict.fromkeys(in_order)),
        optional=entry.get("optional") is True,
    )


def _reason(
    reading: _Reading,
    id_: str,
    entry: Table,
    spoken: Table,
    items: Mapping[str, EvidenceItem],
    language: str,
) -> DisputeReason:
    """`spoken` is what the user's language says of it."""
    key = f"reasons.{id_}"
    evidence = _chosen(reading, f"{key}.evidence", entry.get("evidence"), items)
    decisive = reading.known(
        f"{key}.decisive",
        reading.texts(f"{key}.decisive", entry.get("decisive", [])),
        [item.id for item in evidence],
    )
    ways = reading.known(f"{key}.ways", reading.texts(f"{key}.ways", entry.get("ways", [])), Way)
    return DisputeReason(
        id=id_,
        title=_words(reading, key, "title", entry, spoken, language),
        applies=_words(reading, key, "applies", entry, spoken, language),
        evidence=tuple(replace(item, decisive=item.id in decisive) for item in evidence),
        ways=tuple(map(Way, ways)),
        refund=reading.word(f"{key}.refund", entry.get("refund", Refund.FULL), Refund, Refund.FULL),
    )


def _words(reading: _Reading, key: str, name: str, entry: Table, spoken: Table, language: str) -> str:
    """What the user's language says; where it says nothing, the file's own."""
    own, told = reading.text(f"{key}.{name}", entry.get(name)), spoken.get(name)
    return own if told is None else reading.text(f"{language}.{key}.{name}", told)


def _chosen(
    reading: _Reading, key: str, value: object, items: Mapping[str, EvidenceItem]
) -> tuple[EvidenceItem, ...]:
    ids = reading.known(key, reading.texts(key, value), items)
    return tuple(items[id_] for id_ in ids)
