"""The clocks of policies: which there are, what each may be, and what a policy inherits."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from monitor.core.policy import STARTS, Clock
from monitor.policies.tables import Table, meant

#: Where a number may come from; see `Clock.source`.
YOURS = "your configuration"
_SOURCES = ("public", "guide", "project", YOURS)
#: The clocks of which a policy says what they count from.
_COUNT_FROM = ("protection_days", "protection_cap_days", "dispute_open_after_days")
_KEYS = ("value", "unit", "from", "source", "reference")
_SHIPPED_KEYS = ("lines", "elsewhere")
_ALLOWED_STARTS = f'{", ".join(STARTS)}; several as "paid, else ordered"'


def clocks_of(table: Table, known: Mapping[str, Clock]) -> dict[str, Clock]:
    """The clocks that a policy file names. `known`: those there are; their unit, and what else is not said,
    are as there."""
    clocks: dict[str, Clock] = {}
    for key, inside in _entries(table, known):
        clock = known.get(key)
        if clock is None:
            near = meant(key, known)
            inside.refuse(key, f"there is no such clock{near}", None if near else ", ".join(known))
        elif isinstance(inside.values[key], dict):
            clocks[key] = _described(inside.below(key), clock)
        else:
            clocks[key] = replace(_with(inside, key, clock), source=YOURS, reference="")
    return clocks


def clocks_there_are(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Clock]:
    """All clocks, from the policy that names every one."""
    return {
        key: Clock(
            key=key,
            value=_number(entry.get("value")),
            unit=entry["unit"],
            counts_from=entry["from"],
            source=entry["source"],
            reference=entry.get("lines", ""),
        )
        for key, entry in table.items()
    }


def inherited(table: Mapping[str, Mapping[str, Any]], known: Mapping[str, Clock]) -> dict[str, Clock]:
    """What a policy has of the clocks that it does not name: those that are our own choice, and those that
    are marked to be our guess elsewhere. Of the others it has no number."""
    clocks = {}
    for key, clock in known.items():
        ours = table[key].get("elsewhere", clock.source) == "project"
        clocks[key] = replace(clock, value=clock.value if ours else None, source="project", reference="")
    return clocks


def overridden(
    table: Table,
    clocks: Mapping[str, Clock],
    known: Mapping[str, Clock],
    numbers: Mapping[str, object],
    *,
    also: Collection[str],
) -> dict[str, Clock]:
    """The clocks that the configuration changes by its `numbers`; what is wrong is noted in the `table` that
    they stand in. `also`: the other keys that it may have."""
    changed: dict[str, Clock] = {}
    for key, value in _flat(numbers):
        shape = known.get(key)
        if shape is None:
            near = get_close_matches(key, (*known, *also), 1)
            table.refuse(key, "is not a number of this policy", near[0] if near else None)
        elif (reason := _misfit(shape, value)) is not None:
            table.refuse(key, reason, _shape(shape))
        else:
            changed[key] = replace(clocks[key], value=_number(value), source=YOURS, reference="")
    return changed


def _entries(table: Table, known: Mapping[str, Clock]) -> Iterator[tuple[str, Table]]:
    """Each clock and the table it stands in: `delivery_estimate.standard` may be written without quotes."""
    for key, value in table.values.items():
        inner = [name for name in known if name.startswith(f"{key}.")]
        if inner and isinstance(value, dict):
            for name, entry in value.items():
                yield f"{key}.{name}", Table({f"{key}.{name}": entry}, table.path, table.problems)
        else:
            yield key, table


def _described(table: Table, clock: Clock) -> Clock:
    """A clock that is written as a table."""
    table.only(_KEYS, also=_SHIPPED_KEYS)
    if table.text("unit") not in (None, clock.unit):
        table.refuse("unit", "is not the unit of this clock", clock.unit)
    reference = table.text("lines") or table.text("reference") or ""
    source = table.choice("source", _SOURCES) or YOURS
    counts_from = _counts_from(table, clock)
    if "value" in table.values:
        clock = _with(table, "value", clock)
    elif clock.value is not None:
        table.refuse("value", "is missing: the number", _shape(clock))
    return replace(clock, counts_from=counts_from, source=source, reference=reference)


def _with(table: Table, key: str, clock: Clock) -> Clock:
    """The clock with the number at `key`."""
    value = table.values[key]
    reason = _misfit(clock, value)
    if reason is not None:
        table.refuse(key, reason, _shape(clock))
        return clock
    return replace(clock, value=_number(value))


def _counts_from(table: Table, clock: Clock) -> str:
    told = table.text("from")
    if told is None or told == clock.counts_from:
        return clock.counts_from
    if clock.key not in _COUNT_FROM:
        table.refuse("from", "cannot be changed for this clock", clock.counts_from)
        return clock.counts_from
    starts = replace(clock, counts_from=told).starts
    for start in starts:
        if start not in STARTS:
            table.refuse("from", f"{start!r} is nothing to count from{meant(start, STARTS)}", _ALLOWED_STARTS)
    if len(set(starts)) < len(starts):
        table.refuse("from", "names something twice", _ALLOWED_STARTS)
    return told


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _number(value: Any) -> int | tuple[int, ...] | None:
    return tuple(value) if isinstance(value, list) else value


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
