"""Every source's `parse` over its own test payloads, all in one run.

Payloads differ in size and in what they tell, so the figures say what a source costs, not which is
the better one.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Row
from benchmarks.rounds import fastest, round_of
from monitor.carrier import LookError, Payload, Source, Tracking
from monitor.errors import ConfigError
from monitor.plugins import available_adapters, load_source

PAYLOADS = Path(__file__).parents[1] / "tests" / "payloads"
_EXPECTED = ".expected.json"


class Recorded:
    """A source and its payloads that tell of parcels. Raises ConfigError and LookError."""

    def __init__(self, name: str) -> None:
        folder = PAYLOADS / name
        self.name = name
        self.source = _configured(name, folder / "config.json")
        self.payloads = [
            Payload(file.read_bytes(), name=file.name)
            for expected in sorted(folder.glob(f"*{_EXPECTED}"))
            if _tells_of_parcels(expected)
            for file in folder.glob(f"{expected.name.removesuffix(_EXPECTED)}.*")
            if file != expected
        ]
        self.trackings = self.read()

    def read(self) -> list[Tracking]:
        return [tracking for payload in self.payloads for tracking in self.source.parse(payload)]


def measure() -> list[Row]:
    """Parcels and events a second, source by source; those that cannot be measured say why."""
    recorded: list[Recorded] = []
    left_out: list[Row] = []
    for name in available_adapters("carriers"):
        try:
            found = Recorded(name)
        except (ConfigError, LookError) as error:
            left_out.append(Row(name, "not measured", str(error), ""))
            continue
        if found.trackings:
            recorded.append(found)
        else:
            left_out.append(Row(name, "no payloads", "", ""))
    return [*_rows(recorded), *left_out]


def _rows(recorded: Sequence[Recorded]) -> list[Row]:
    seconds = fastest([round_of(one.read) for one in recorded])
    return [_row(one, took) for one, took in zip(recorded, seconds, strict=True)]


def _row(one: Recorded, seconds: float) -> Row:
    parcels = len(one.trackings)
    events = sum(len(tracking.events) for tracking in one.trackings)
    size = sum(len(payload.body) for payload in one.payloads) / parcels / 1e3
    what = f"{one.name}, {events / parcels:.1f} events and {size:.1f} kB a parcel"
    return Row(what, f"{parcels / seconds:,.0f} parcels/s", f"{events / seconds:,.0f} events/s", "")


def _configured(name: str, config: Path) -> Source:
    return load_source(name, json.loads(config.read_bytes()) if config.exists() else {})


def _tells_of_parcels(expected: Path) -> bool:
    """Whether an answer is one, and not an error or about nothing."""
    answer = json.loads(expected.read_bytes())
    return isinstance(answer, list) and bool(answer)
