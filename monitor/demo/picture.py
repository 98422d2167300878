"""The picture of one message, for the README: `python -m monitor.demo.picture > docs/message.svg`.

It is the first message of the demo, drawn as a phone shows it: an SVG of text in the reader's own fonts.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import aclosing
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap

from monitor.core.messages import FIRST_LINE_LENGTH
from monitor.core.model import Severity
from monitor.demo.journey import Happening, travel
from monitor.notifier import Notification

_COLOURS = {
    Severity.INFO: "#8a94a6",
    Severity.NOTICE: "#3aa6c9",
    Severity.WARNING: "#d99a1c",
    Severity.URGENT: "#e5484d",
    Severity.CRITICAL: "#c2185b",
}
_WIDTH, _MARGIN, _LEADING = 420, 22, 20
_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
font-family="system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, sans-serif" font-size="14" fill="#e6e8ee">
<title>{title}</title>
<rect width="{width}" height="{height}" rx="20" fill="#1d2129"/>
<circle cx="{dot}" cy="29" r="5" fill="{colour}"/>
<text x="{after_dot}" y="34" fill="#9aa3b5" font-size="13">orderwatch</text>
<text x="{right}" y="34" fill="#9aa3b5" font-size="13" text-anchor="end">{clock}</text>
{lines}
</svg>
"""


def picture(happening: Happening) -> str:
    """The SVG of a message that arrived."""
    message = happening.what
    assert isinstance(message, Notification)
    colour = _COLOURS[message.severity]
    placed = list(_placed(message, colour))
    lines = (f'<text x="{_MARGIN}" y="{y}"{look}>{escape(line)}</text>' for y, line, look in placed)
    return _SVG.format(
        width=_WIDTH,
        height=placed[-1][0] + _MARGIN,
        title=escape(message.title),
        colour=colour,
        dot=_MARGIN + 5,
        after_dot=_MARGIN + 18,
        right=_WIDTH - _MARGIN,
        clock=f"{happening.at:%H:%M}",
        lines="\n".join(lines),
    )


def _placed(message: Notification, colour: str) -> Iterator[tuple[int, str, str]]:
    """Each line of text: how far down it stands, what it says, how it looks."""
    first, _, rest = message.body.partition("\n")
    *body, facts = rest.strip().split("\n")
    yield (top := 62), message.title, ' font-size="17" font-weight="700"'
    yield (top := top + 24), first, f' font-size="15" font-weight="600" fill="{colour}"'
    top += 8
    for line in body:
        for part in wrap(line, FIRST_LINE_LENGTH + 4):
            yield (top := top + _LEADING), part, ""
    top += 4
    for part in wrap(facts, FIRST_LINE_LENGTH + 9):
        yield (top := top + _LEADING), part, ' fill="#9aa3b5" font-size="12.5"'


async def first_message() -> Happening:
    """What the phone shows first."""
    with TemporaryDirectory(prefix="orderwatch-demo-") as folder:
        async with aclosing(travel(Path(folder))) as happenings:
            return await anext(it async for it in happenings if isinstance(it.what, Notification))


if __name__ == "__main__":
    sys.stdout.write(picture(asyncio.run(first_message())))
