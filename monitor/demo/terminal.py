"""The journey on a terminal: cards beside a ruler of days, at the pace of a reader."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from monitor.demo.card import LOOKS, card
from monitor.demo.journey import Happening, Outcome
from monitor.demo.story import START
from monitor.demo.telling import DAYS, NEXT, OPENING, day, result, told
from monitor.demo.viewer import Viewer
from monitor.notifier import Notification

#: Seconds of rest: after a message, after what happens in the world, while a day passes.
MESSAGE_REST, STEP_REST, DAY_REST = 1.25, 0.2, 0.04

_DIM = Style(dim=True)


class Terminal:
    """A screen that somebody looks at. `fast`: without any rest."""

    def __init__(self, console: Console, viewer: Viewer, *, fast: bool = False) -> None:
        self._console, self._viewer, self._fast = console, viewer, fast
        self._today, self._ruled = START.date(), date.min
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def begin(self) -> AbstractContextManager[object]:
        self._console.print(Text(f"{OPENING}\n"))
        return nullcontext() if self._fast else self._live

    async def show(self, happening: Happening) -> None:
        """Lets the days pass until it happens, draws it, and lets them read."""
        at, what = happening.at, happening.what
        await self._travel_to(at.date())
        match what:
            case Outcome():
                for line in ("", *result(what)):
                    self._console.print(Text(line, "bold"))
            case Notification():
                self._draw(at, card(what, at), LOOKS[what.severity].frame)
                await self._rest(MESSAGE_REST)
            case _:
                who, text = told(what)
                self._draw(at, _line(at, who, text))
                await self._rest(STEP_REST)

    def end(self) -> None:
        steps = Table.grid(padding=(0, 2))
        for command, why in NEXT:
            steps.add_row(Text(f"  {command}", "green"), Text(why, "dim"))
        self._console.print(Text("\nNow yours:"))
        self._console.print(steps)

    async def _travel_to(self, day_ahead: date) -> None:
        while self._today < day_ahead and not self._viewer.left:
            self._today += timedelta(days=1)
            self._live.update(_days_passed(self._today), refresh=not self._fast)
            await self._rest(DAY_REST)
        self._today = day_ahead

    async def _rest(self, seconds: float) -> None:
        if not self._fast:
            await self._viewer.rest(seconds)

    def _draw(self, at: datetime, content: RenderableType, style: str = "") -> None:
        """Puts it beside the ruler, which names each day once."""
        new_day = at.date() != self._ruled
        self._ruled = at.date()
        self._console.print(Ruled(day(at) if new_day else "", content, style), end="")


class Ruled:
    """Content beside the ruler; `label` is the day that it marks, `style` the knot of a message."""

    def __init__(self, label: str, content: RenderableType, style: str) -> None:
        self._label, self._content, self._style = label, content, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        label = f"{self._label:<10} "
        beside = options.update_width(max(10, options.max_width - len(label) - 2))
        for number, line in enumerate(console.render_lines(self._content, beside, pad=False)):
            yield Segment(label if not number else " " * len(label))
            yield (
                Segment("● ", Style.parse(self._style)) if self._style and not number else Segment("│ ", _DIM)
            )
            yield from line
            yield Segment.line()


def _line(at: datetime, who: str, text: str) -> RenderableType:
    line = Table.grid(padding=(0, 1, 0, 0))
    for column in (f"{at:%H:%M}", who if who == "$" else f"{who:<10}"):
        line.add_column(width=len(column))
    line.add_column()
    line.add_row(Text(f"{at:%H:%M}", "dim"), Text(who, "dim"), Text(text, "green" if who == "$" else "dim"))
    return line


def _days_passed(today: date) -> RenderableType:
    passed = (today - START.date()).days
    bar = Table.grid(padding=(0, 1, 0, 0))
    bar.add_row()
    bar.add_row(
        Text(day(today), "bold"),
        ProgressBar(DAYS, passed, width=30, complete_style="cyan", finished_style="cyan"),
        Text(f"day {passed} of {DAYS} · any key ends", "dim"),
    )
    return bar
