"""Our reading of a DHL answer beside karrio's: the same bytes, round by round in turn, each in a process
and an environment of its own."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.dhl_answers import FEW, MANY, NUMBER, TIMES, answer
from benchmarks.report import Row
from benchmarks.rounds import Round, fastest, round_of
from monitor.carrier import Payload
from monitor.plugins import source_for_replay

ROOT = Path(__file__).parents[1]
#: Where `make bench` installs karrio, and leaves what pip said to it.
ENVIRONMENT = ROOT / ".venv-bench"


class NoPeerError(Exception):
    """karrio is not there; the message says why."""


class Karrio:
    """karrio in its own process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.version = self._told()

    def round_of(self, body: bytes, events: int) -> Round:
        """Rounds of karrio's reading of `body`, which must find the parcel and all its events."""

        def take() -> float:
            assert self._process.stdin is not None
            self._process.stdin.write(f"{body.decode()}\n")
            self._process.stdin.flush()
            told = json.loads(self._told())
            assert (told["number"], told["events"]) == (NUMBER, events), told
            return float(told["seconds"])

        take()
        return take

    def _told(self) -> str:
        assert self._process.stdout is not None
        if line := self._process.stdout.readline():
            return line.strip()
        raise NoPeerError(_refusal() or self._last_words())

    def _last_words(self) -> str:
        assert self._process.stderr is not None
        return (self._process.stderr.read().splitlines() or ["it ended without a word"])[-1]


def _refusal() -> str | None:
    """What pip said when it could not install karrio."""
    file = ENVIRONMENT / "refusal"
    said = file.read_text().splitlines() if file.exists() else []
    return next((line for line in said if line.startswith("ERROR")), None)


def measure() -> list[Row]:
    """Parcels a second of both, early and late in a journey, for each way in which DHL writes times."""
    cases = [(times, events) for events in (FEW, MANY) for times in TIMES]
    try:
        with karrio() as peer:
            return [row for times, events in cases for row in _compared(times, events, peer)]
    except NoPeerError as error:
        return [Row("karrio", "not measured", str(error), ""), *(_alone(*case) for case in cases)]


@contextmanager
def karrio() -> Iterator[Karrio]:
    """Runs karrio's process. Raises NoPeerError."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        raise NoPeerError("it is not installed; make bench does that")
    command = [str(python), "-m", "benchmarks.karrio_reader"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=ROOT) as process:
        try:
            yield Karrio(process)
        finally:
            process.kill()


def _compared(times: str, events: int, peer: Karrio) -> list[Row]:
    body = answer(TIMES[times], events)
    what = f"{times}, {events} events, {len(body) / 1e3:.1f} kB"
    theirs, ours = peer.round_of(body, events), _our_round(body, events)
    best, own = fastest([theirs, ours])
    row = Row(f"karrio {peer.version}, {what}", _rate(best), f"{best * 1e6:.0f} µs", "")
    return [row, Row(f"  dhl adapter, {what}", _rate(own), f"{best / own:.1f} × karrio", "20 ×")]


def _alone(times: str, events: int) -> Row:
    [own] = fastest([_our_round(answer(TIMES[times], events), events)])
    return Row(f"  dhl adapter, {times}, {events} events", _rate(own), "", "20 ×")


def _our_round(body: bytes, events: int) -> Round:
    """Rounds of our reading of `body`, which must find what karrio must find."""
    source = source_for_replay("dhl")
    (tracking,) = source.parse(Payload(body, numbers=(NUMBER,)))
    assert (tracking.number, len(tracking.events)) == (NUMBER, events), tracking
    return round_of(lambda: list(source.parse(Payload(body, numbers=(NUMBER,)))))


def _rate(seconds: float) -> str:
    return f"{1 / seconds:,.0f} parcels/s"
