"""The demo as a visitor sees it. `pytest --update-golden` writes tests/golden/demo.txt and
docs/message.svg anew: read the difference."""

import asyncio
import io
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from monitor.cli import main
from monitor.cli.frame import CommandLine
from monitor.clock import clock_at
from monitor.core.case import RecordEvent, missing_before, read_case
from monitor.core.model import Severity
from monitor.demo.card import WIDTH, card
from monitor.demo.journey import Happening, Outcome, travel
from monitor.demo.picture import picture
from monitor.demo.plain import Plain
from monitor.demo.story import ELSEWHERE, END, MADRID, START, STORY, VALENCIA, Recorded, Scanned, Step
from monitor.demo.terminal import Terminal
from monitor.demo.viewer import Viewer
from monitor.notifier import Notification
from monitor.store import Store

ROOT = Path(__file__).parents[2]
START_IT = "import sys; from monitor.cli import main; sys.exit(main(['demo']))"
#: Only the terminal of a session turns Ctrl-C into a signal.
TAKE_THE_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
DEMO = [sys.executable, "-c", START_IT]


@dataclass(frozen=True, slots=True)
class Journey:
    """All that was to be seen, and the folder as it was at the end."""

    folder: Path
    happenings: Sequence[Happening]

    @property
    def messages(self) -> list[Notification]:
        return [it.what for it in self.happenings if isinstance(it.what, Notification)]

    @property
    def outcome(self) -> Outcome:
        outcome = self.happenings[-1].what
        assert isinstance(outcome, Outcome)
        return outcome


async def lived(folder: Path, story: Sequence[Step] = STORY) -> Journey:
    async with aclosing(travel(folder, story)) as happenings:
        return Journey(folder, [happening async for happening in happenings])


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    return asyncio.run(lived(tmp_path_factory.mktemp("journey")))


def as_plain_text(journey: Journey) -> str:
    out = io.StringIO()
    screen = Plain(out)
    asyncio.run(shown(screen, journey))
    return out.getvalue()


async def shown(screen: Plain | Terminal, journey: Journey) -> None:
    with screen.begin():
        for happening in journey.happenings:
            await screen.show(happening)
    screen.end()


# What is told.


def test_every_message_shown_was_sent_and_every_message_sent_is_shown(journey: Journey) -> None:
    store = Store(journey.folder / "orderwatch.db")
    rows = store.db.execute(
        "SELECT d.id, n.title, n.body, n.severity, d.state FROM deliveries d JOIN notices n ON n.id = d.notice"
        " ORDER BY d.id"
    ).fetchall()
    store.close()
    shown = [(int(it.id), it.title, it.body, it.severity.value, "sent") for it in journey.messages]
    assert sorted(shown) == [tuple(row) for row in rows]
    assert len(shown) > 15


@pytest.mark.parametrize(
    ("order", "rules"),
    [
        pytest.param("1204", ["customs_hold held", "customs_hold over"], id="customs hold, released"),
        pytest.param("2517", ["estimate_missed ", "seller_silent "], id="late, and the seller silent"),
        pytest.param("3388", ["delivered_elsewhere "], id="delivered elsewhere"),
        pytest.param(
            "4460", [f"protection_ending {days}d" for days in (14, 7, 3, 1)], id="protection nearly over"
        ),
        pytest.param(
            "7731",
            ["answer_due 48h", "answer_due 24h", "becomes_claim ", "refund_due expected"],
            id="a dispute runs its course",
        ),
    ],
)
def test_each_of_the_five_stories_is_told(journey: Journey, order: str, rules: list[str]) -> None:
    told = [f"{it.rule} {it.stage}" for it in journey.messages if (it.order or "").endswith(order)]
    assert [it for it in told if it in rules] == rules


async def test_another_story_is_told_otherwise(tmp_path: Path) -> None:
    """The shoes come to Madrid after all: nobody speaks of another address, and nothing is late."""
    story = [
        replace(step, place=MADRID) if isinstance(step, Scanned) and step.place == VALENCIA else step
        for step in ELSEWHERE
        if not isinstance(step, Recorded)
    ]
    told = [it.rule for it in (await lived(tmp_path, story)).messages]
    assert "delivered_elsewhere" not in told
    assert told[:2] == ["delivered_unconfirmed", "delivered_unconfirmed"]


def test_all_severities_that_reach_a_phone_are_seen(journey: Journey) -> None:
    assert {it.severity for it in journey.messages} == set(Severity) - {Severity.INFO}


def test_what_is_seen_is_in_the_order_of_time(journey: Journey) -> None:
    times = [happening.at for happening in journey.happenings]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (START, END)


def test_a_message_comes_after_what_it_is_about(journey: Journey) -> None:
    scanned: dict[str, datetime] = {}
    for happening in journey.happenings:
        if isinstance(happening.what, Scanned):
            scanned[happening.what.order.number] = happening.at
        if isinstance(happening.what, Notification) and happening.what.rule == "delivered_elsewhere":
            assert happening.at == scanned[happening.what.subject]


def test_it_ends_as_the_database_says(journey: Journey) -> None:
    outcome = journey.outcome
    assert sum(outcome.sent.values()) == len(journey.messages)
    assert outcome.orders == 5
    assert list(map(str, outcome.paid)) == ["214.05 EUR"]
    assert (outcome.refunds, list(map(str, outcome.refunded))) == (3, ["158.80 EUR"])


# What the buyer types.


def test_the_commands_shown_are_the_ones_that_write_this_journal(
    journey: Journey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typed at the real command line, they leave the same lines."""
    for file in (journey.folder / "orderwatch.toml", journey.folder / "orders.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "tracking").mkdir()
    for step in (step for step in STORY if isinstance(step, Recorded)):
        program, *words = shlex.split(step.command)
        line = CommandLine(
            environ={"ORDERWATCH_CONFIG": str(tmp_path / "orderwatch.toml")},
            clock=clock_at(step.at.astimezone(UTC)),
        )
        assert program == "orderwatch"
        assert main(words, line) == 0, capsys.readouterr().err
    assert journal(tmp_path) == journal(journey.folder)


def journal(folder: Path) -> list[tuple[object, ...]]:
    store = Store(folder / "orderwatch.db")
    rows = store.db.execute("SELECT order_id, recorded_at, entry FROM journal ORDER BY id").fetchall()
    store.close()
    return [tuple(row) for row in rows]


def test_nothing_is_recorded_that_the_command_line_would_refuse() -> None:
    for order in {step.order for step in STORY}:
        entries = [step.entry for step in STORY if isinstance(step, Recorded) and step.order == order]
        for index, entry in enumerate(entries):
            assert missing_before(read_case(entries[:index]), entry.event) is None
    assert RecordEvent.UNDO not in {step.entry.event for step in STORY if isinstance(step, Recorded)}


# How it looks.


def test_the_plain_text_is_what_somebody_has_read(journey: Journey, pytestconfig: pytest.Config) -> None:
    compare(ROOT / "tests" / "golden" / "demo.txt", as_plain_text(journey), pytestconfig)


def test_the_picture_is_of_the_first_message(journey: Journey, pytestconfig: pytest.Config) -> None:
    first = next(it for it in journey.happenings if isinstance(it.what, Notification))
    drawn = picture(first)
    compare(ROOT / "docs" / "message.svg", drawn, pytestconfig)
    assert drawn.count("http") == drawn.count("http://www.w3.org/2000/svg") == 1


def compare(file: Path, text: str, pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update-golden"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_plain_text_stays_well_below_80_columns(journey: Journey) -> None:
    text = as_plain_text(journey)
    assert max(map(cell_len, text.splitlines())) <= 72
    assert all(mark.isprintable() or mark == "\n" for mark in text)
    assert "\n\n\n" not in text


class Stopwatch(Viewer):
    """A viewer whose time is only counted."""

    seconds = 0.0

    async def rest(self, seconds: float) -> None:
        self.seconds += seconds


def on_a_terminal(journey: Journey, width: int, *, fast: bool = False) -> tuple[str, float]:
    async def watched() -> float:
        viewer = Stopwatch()
        await shown(Terminal(console, viewer, fast=fast), journey)
        return viewer.seconds

    console = Console(
        file=io.StringIO(), width=width, height=24, force_terminal=True, color_system="truecolor", record=True
    )
    seconds = asyncio.run(watched())
    return console.export_text(), seconds


def test_a_terminal_takes_less_than_a_minute(journey: Journey) -> None:
    _, seconds = on_a_terminal(journey, 80)
    assert 30 < seconds < 55


def test_fast_does_not_wait(journey: Journey) -> None:
    _, seconds = on_a_terminal(journey, 80, fast=True)
    assert seconds == 0


@pytest.mark.parametrize("width", [120, 80, 64, 48])
def test_a_terminal_shows_every_message_within_its_width(journey: Journey, width: int) -> None:
    text, _ = on_a_terminal(journey, width, fast=True)
    assert max(map(cell_len, text.splitlines())) <= width
    in_one = re.sub(r"[\s│┃●]+", " ", text)
    for message in journey.messages:
        assert message.title in in_one


def test_a_card_is_as_wide_as_a_phone(journey: Journey) -> None:
    console = Console(file=io.StringIO(), width=200, record=True)
    for happening in journey.happenings:
        if isinstance(happening.what, Notification):
            console.print(card(happening.what, happening.at))
    lines = console.export_text().splitlines()
    assert {cell_len(line.rstrip()) for line in lines} == {WIDTH}
    assert sum(message.body.split("\n")[0] in line for message in journey.messages for line in lines) >= len(
        journey.messages
    )


# As a program.


def environment(temporary: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "TERM": "xterm"}


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """An empty folder to start from, with an empty one for temporary files beside it."""
    (tmp_path / "here").mkdir()
    (tmp_path / "tmp").mkdir()
    return tmp_path


def test_in_a_pipe_it_says_all_and_leaves_nothing(nowhere: Path, journey: Journey) -> None:
    env = environment(nowhere / "tmp") | {"ORDERWATCH_TIMEZONE": "Nowhere/Land"}
    told = subprocess.run(
        DEMO,
        cwd=nowhere / "here",
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (told.returncode, told.stderr.decode()) == (0, "")
    assert told.stdout.decode() == as_plain_text(journey)
    assert left_behind(nowhere) == []


def left_behind(nowhere: Path) -> list[Path]:
    return [path for path in nowhere.rglob("*") if path.parent != nowhere]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_nothing_stays(nowhere: Path, number: signal.Signals) -> None:
    demo = subprocess.Popen(
        DEMO, cwd=nowhere / "here", env=environment(nowhere / "tmp"), stdout=subprocess.PIPE
    )
    assert demo.stdout is not None
    wait_for(lambda: left_behind(nowhere) != [])
    demo.send_signal(number)
    demo.communicate(timeout=30)
    assert demo.returncode == 130
    assert left_behind(nowhere) == []


def test_a_reader_who_leaves_is_no_error(nowhere: Path) -> None:
    with subprocess.Popen(
        DEMO,
        cwd=nowhere / "here",
        env=environment(nowhere / "tmp"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        demo.stdout.readline()
        demo.stdout.close()
        assert demo.stderr.read() == b""
    assert left_behind(nowhere) == []


@pytest.mark.parametrize("keys", [b"q", b"\x03"], ids=["any key", "Ctrl-C"])
def test_at_a_terminal_any_key_ends_it_politely(nowhere: Path, keys: bytes) -> None:
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    demo = subprocess.Popen(
        [sys.executable, "-c", f"{TAKE_THE_TERMINAL}{START_IT}"],
        cwd=nowhere / "here",
        env=environment(nowhere / "tmp"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    seen = read_until(ours, b"any key ends")
    os.write(ours, keys)
    seen += read_until(ours, b"be told in time")
    assert demo.wait(timeout=30) == 0
    assert termios.tcgetattr(theirs) == before
    assert left_behind(nowhere) == []
    assert b"fault" not in seen
    os.close(ours)
    os.close(theirs)


def read_until(terminal: int, mark: bytes, seconds: float = 30) -> bytes:
    seen, end = b"", time.monotonic() + seconds
    while mark not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        assert ready, seen.decode(errors="replace")
        seen += os.read(terminal, 65536)
    return seen


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
