"""A message as a phone shows it, drawn with rich."""

from datetime import datetime
from typing import NamedTuple

from rich.box import HEAVY, ROUNDED, Box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.core.messages import FIRST_LINE_LENGTH
from monitor.core.model import Severity
from monitor.notifier import Notification

#: A screen of about 6 cm: its longest first line, and the frame.
WIDTH = FIRST_LINE_LENGTH + 4


class Look(NamedTuple):
    """How a severity looks: the frame, and its word in the head."""

    frame: str
    word: str
    box: Box = ROUNDED


LOOKS = {
    Severity.INFO: Look("bright_black", "bright_black"),
    Severity.NOTICE: Look("cyan", "cyan"),
    Severity.WARNING: Look("yellow", "bold yellow"),
    Severity.URGENT: Look("red", "bold red"),
    Severity.CRITICAL: Look("bold red", "bold white on red", HEAVY),
}


def card(notification: Notification, at: datetime) -> RenderableType:
    """The notification that arrived at a local time; at most WIDTH columns wide."""
    look = LOOKS[notification.severity]
    first, _, rest = notification.body.partition("\n")
    body, _, facts = rest.strip().rpartition("\n")
    screen = Group(
        _head(notification.severity, at),
        Text(notification.title, "bold"),
        Text(f"{first}\n", look.frame),
        Text(body),
        Text(facts, "dim"),
    )
    return Panel(screen, box=look.box, border_style=look.frame, width=WIDTH, padding=(0, 1))


def _head(severity: Severity, at: datetime) -> RenderableType:
    head = Table.grid(expand=True)
    head.add_column()
    head.add_column(justify="right")
    word = Text.assemble((f" {severity.value} ", LOOKS[severity].word), (f" {at:%H:%M}", "dim"))
    head.add_row(Text("◷ orderwatch", "dim"), word)
    return head
