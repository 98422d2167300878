"""Checklists and what ticks them: the files in an order's evidence folder, by their names and kinds."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.model import EvidenceFile, FileKind
from monitor.core.policy import EvidenceItem, EvidenceKind, Policy
from monitor.core.situation import Facts, Situation
from monitor.core.transliteration import romanised

#: Where one word of a name ends and the next begins: `IMG_unboxingVideo2` has four.
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of a checklist, and the files that tick it. `known`: orderwatch knows it without a file."""

    item: EvidenceItem
    files: tuple[EvidenceFile, ...] = ()
    known: bool = False

    @property
    def there(self) -> bool:
        """Whether what is asked for is there."""
        return self.known or bool(self.files)

    @property
    def counts(self) -> bool:
        """Whether it is among the "2 of 3" that a folder can have: a file, and one that everybody can have."""
        return self.item.kind is not EvidenceKind.KNOWN and not self.item.optional


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file is good for: all that it `ticks`, under whatever reason. One that is called as something
    which its kind cannot be is `misnamed`; a video that the marketplace does not take is `too_large`."""

    file: EvidenceFile
    ticks: tuple[EvidenceItem, ...] = ()
    misnamed: EvidenceItem | None = None
    too_large: bool = False


def reason_checklist(facts: Facts, reason: str | None) -> tuple[Tick, ...]:
    """What the policy asks for under a reason; nothing for one that it does not know."""
    known = facts.policy.reasons.get(reason or "")
    return () if known is None else _ticked(known.evidence, facts)


def general_checklist(s: Situation, now: datetime, reason: str | None = None) -> tuple[Tick, ...]:
    """What belongs into any dispute about the order as it is at `now`: what shows the goods if they are
    there and the reason is about them, what shows a return once there is one."""
    facts, dossier = s.facts, s.facts.policy.dossier
    back = facts.case.return_approved_at or facts.case.return_shipped_at
    shown = _shows_goods(s, now, reason)
    items = (*(dossier.returning if back else ()), *(dossier.arrived if shown else ()), *dossier.always)
    return _ticked(items, facts)


def _shows_goods(s: Situation, now: datetime, reason: str | None) -> bool:
    known = s.facts.policy.reasons.get(reason or "")
    if known is not None:
        return known.about_goods
    return s.facts.case.received_at is not None or (s.delivered_at is not None and s.delivered_at <= now)


def missing(checklist: Iterable[Tick]) -> tuple[EvidenceItem, ...]:
    """What is not there and can be asked of everybody, what decides first."""
    found = [tick.item for tick in checklist if tick.counts and not tick.there]
    return tuple(sorted(found, key=lambda item: not item.decisive))


def read_folder(facts: Facts) -> tuple[Reading, ...]:
    """What is to be said of each file in the order's folder."""
    items = {item.id: item for item in _all_items(facts.policy)}
    named = [(item, _plainly(item)) for item in items.values()]
    return tuple(_reading(file, named, facts.policy) for file in facts.evidence or ())


def _reading(
    file: EvidenceFile, named: Iterable[tuple[EvidenceItem, Collection[str]]], policy: Policy
) -> Reading:
    called = _called(file.path)
    meant = [item for item, names in named if _is_one_of(names, called)]
    ticks = tuple(item for item in meant if item.kind.takes(file.kind))
    return Reading(file, ticks, meant[0] if meant and not ticks else None, _is_too_large(file, policy))


def _all_items(policy: Policy) -> Iterator[EvidenceItem]:
    for reason in policy.reasons.values():
        yield from reason.evidence
    yield from (*policy.dossier.always, *policy.dossier.arrived, *policy.dossier.returning)


def _is_too_large(file: EvidenceFile, policy: Policy) -> bool:
    limit = policy.clocks.get("max_video_bytes")
    most = limit.value if limit is not None else None
    return file.kind is FileKind.VIDEO and isinstance(most, int) and file.size > most


def _ticked(items: Sequence[EvidenceItem], facts: Facts) -> tuple[Tick, ...]:
    known = _known(facts)
    called = [(file, _called(file.path)) for file in facts.evidence or ()]
    return tuple(Tick(item, _ticking(item, called), item.id in known) for item in items)


def _ticking(
    item: EvidenceItem, called: Iterable[tuple[EvidenceFile, Collection[str]]]
) -> tuple[EvidenceFile, ...]:
    names = _plainly(item)
    return tuple(file for file, by in called if item.kind.takes(file.kind) and _is_one_of(names, by))


def _known(facts: Facts) -> Collection[str]:
    """What orderwatch has itself of what is `known`."""
    has: Mapping[str, object] = {"order_number": facts.order.id, "return_number": facts.case.return_number}
    return {id_ for id_, value in has.items() if value}


def _called(path: str) -> tuple[str, ...]:
    """What a file is called by: its folders' names and its own without the ending, as plain words with a
    blank before and behind each."""
    *folders, name = path.split("/")
    stem, dot, _ = name.rpartition(".")
    return tuple(map(_plain, (*folders, stem if dot and stem else name)))


def _plainly(item: EvidenceItem) -> tuple[str, ...]:
    return tuple(map(_plain, item.names))


def _is_one_of(names: Iterable[str], called: Collection[str]) -> bool:
    return any(name in part for name in names for part in called)


def _plain(name: str) -> str:
    return f" {_BETWEEN.sub(' ', romanised(_HUMP.sub(' ', name))).strip()} "
