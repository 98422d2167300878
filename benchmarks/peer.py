"""Our reading of a DHL answer beside karrio's: the same bytes, round by round in turn, each in a process
and an environment of its own."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.dhl_answers import EVENTS, NUMBER, TIMES, answer
from benchmarks.report import Row
from benchmarks.rounds import Round, fastest, round_of
from monitor.carrier import Payload
from monitor.plugins import available_adapters, source_for_replay

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

    def round_of(self, body: bytes) -> Round:
        """Rounds of karrio's reading of `body`, which must find the parcel and all its events."""

        def take() -> float:
            assert self._process.stdin is not None
            self._process.stdin.write(f"{body.decode()}\n")
            self._process.stdin.flush()
            told = json.loads(self._told())
            assert (told["number"], told["events"]) == (NUMBER, EVENTS), told
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
    """Parcels a second of both, for each way in which DHL writes times."""
    try:
        with karrio() as peer:
            return [row for times in TIMES for row in _compared(times, peer)]
    except NoPeerError as error:
        return [Row("karrio", "not measured", str(error), ""), *(_alone(times) for times in TIMES)]


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


def _compared(times: str, peer: Karrio) -> list[Row]:
    body = answer(TIMES[times])
    theirs, ours = peer.round_of(body), _our_round(body)
    best, *rest = fastest([theirs, ours] if ours else [theirs])
    row = Row(f"karrio {peer.version}, {_size(times, body)}", _rate(best), f"{best * 1e6:.0f} µs", "")
    ratio = f"{best / rest[0]:.1f} × karrio" if rest else ""
    return [row, _our_row(times, body, rest[0] if rest else None, ratio)]


def _alone(times: str) -> Row:
    body = answer(TIMES[times])
    ours = _our_round(body)
    return _our_row(times, body, fastest([ours])[0] if ours else None, "")


def _our_row(times: str, body: bytes, seconds: float | None, ratio: str) -> Row:
    what = f"  dhl adapter, {_size(times, body)}"
    return Row(what, _rate(seconds) if seconds else "no dhl adapter", ratio, "20 ×")


def _our_round(body: bytes) -> Round | None:
    """Rounds of our reading of `body`, which must find what karrio must find; None: no adapter."""
    if "dhl" not in available_adapters("carriers"):
        return None
    source = source_for_replay("dhl")
    (tracking,) = source.parse(Payload(body, numbers=(NUMBER,)))
    assert (tracking.number, len(tracking.events)) == (NUMBER, EVENTS), tracking
    return round_of(lambda: list(source.parse(Payload(body, numbers=(NUMBER,)))))


def _rate(seconds: float) -> str:
    return f"{1 / seconds:,.0f} parcels/s"


def _size(times: str, body: bytes) -> str:
    return f"{times}, {EVENTS} events, {len(body) / 1e3:.1f} kB"
