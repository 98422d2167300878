"""A story of one order, told line by line: what happens, and every message that follows, to the minute.

    Thu 1 Oct 10:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Mon 16 Nov 20:00  record   dispute-opened --reason not_received

`scan` and `record` happen; all other lines are messages, and there are no others. Times are those of
Madrid, in 2026 and, once the year is over, in 2027. Everything between is real: the database, the passes
of the service, and `orderwatch record` as a buyer types it.
"""

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.carrier import Tracking
from monitor.cli import main
from monitor.cli.frame import CommandLine
from monitor.clock import clock_at
from monitor.core.model import Place, Severity, ShipmentStatus, TrackingEvent
from tests.monitor.core.facts import MADRID
from tests.monitor.stage import CONFIG, Logbook, Stage

NUMBER = "LP00123456789012"
#: A buyer in Madrid, who paid on 28 September and was told on 1 October that it is sent.
HUB = f"""\
[[orders]]
id = "8190000000007731"
title = "USB hub"
seller = "Hub Store"
price = "41.90 EUR"
paid_on = 2026-09-28
shipped_on = 2026-10-01
shipping = "standard"
deliver_to = {{ country = "ES", city = "Madrid", postal_code = "28013" }}
parcels = ["{NUMBER}"]
"""
_BEGIN = datetime(2026, 10, 1, 8, tzinfo=MADRID)
#: So long nothing more may be said once a story is told.
_AFTERWARDS = timedelta(days=200)
_LINE = re.compile(r"(\w{3} \d+ \w{3} \d\d:\d\d) +(\w+) +(.+)")


async def tell(folder: Path, story: str, *, order: str = HUB, language: str = "en") -> list[str]:
    """Lets happen what a story says, and returns it as it was: its happenings and all messages."""
    (folder / "orders.toml").write_text(order, encoding="utf-8")
    config = f'language = "{language}"\n{CONFIG}'
    async with Stage(
        folder,
        now=_BEGIN.astimezone(UTC),
        config=config,
        channels={"phone": Logbook(adapter="phone", min_severity=Severity.INFO)},
    ) as stage:
        teller = _Teller(stage)
        await teller.look()
        for line in lines_of(story):
            when, kind, text = _parsed(line)
            if kind in ("scan", "record"):
                await teller.wait_until(_moment(when, stage.now))
                await teller.happens(kind, text)
        await teller.wait_until(stage.now + _AFTERWARDS)
        return teller.told


def lines_of(story: str) -> list[str]:
    """The lines of a story, each with single blanks."""
    return [" ".join(line.split()) for line in story.splitlines() if line.strip()]


def _parsed(line: str) -> tuple[str, str, str]:
    found = _LINE.fullmatch(line)
    assert found, line
    return found[1], found[2], found[3]


def _moment(when: str, now: datetime) -> datetime:
    """The first instant of that name that is not before `now`; its day of the week must be right."""
    named = when.partition(" ")[2]
    year = now.astimezone(MADRID).year
    walls = [datetime.strptime(f"{year + ahead} {named} Z", "%Y %d %b %H:%M %z") for ahead in (0, 1)]
    times = [wall.replace(tzinfo=MADRID).astimezone(UTC) for wall in walls]
    at = next(time for time in times if time >= now)
    assert _written(at) == when
    return at


def _written(at: datetime) -> str:
    local = at.astimezone(MADRID)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


class _Teller:
    """Runs the passes whenever something is due, as the service does."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.told = stage, list[str]()
        self._scans: list[TrackingEvent] = []
        self._heard = 0
        stage.source.answers(lambda numbers: [self._tracking(number) for number in numbers])

    async def wait_until(self, then: datetime) -> None:
        """Lets time pass, thinking whenever the order is due."""
        while True:
            due = await self.stage.read(lambda store: store.orders.next_due())
            if due is None or due >= then:
                break
            self.stage.now = max(due, self.stage.now)
            await self.look()
        self.stage.now = then
        await self.look()

    async def look(self) -> None:
        """One pass, and what the phone heard of it."""
        await self.stage.cycle.read_orders(self.stage.now)
        await self.stage.pass_once()
        phone = self.stage.runtime.channels["phone"]
        assert isinstance(phone, Logbook)
        for heard in phone.inbox[self._heard :]:
            first = heard.body.partition("\n")[0]
            self.told.append(f"{_written(self.stage.now)} {heard.severity} {heard.title} | {first}")
        self._heard = len(phone.inbox)

    async def happens(self, kind: str, text: str) -> None:
        self.told.append(f"{_written(self.stage.now)} {kind} {text}")
        if kind == "record":
            self._record(text)
        else:
            await self._scan(text)
        await self.look()

    def _record(self, text: str) -> None:
        """Types it, in the folder of the story and at its time."""
        config = self.stage.folder / "orderwatch.toml"
        line = CommandLine(environ={"TZ": "Europe/Madrid"}, clock=clock_at(self.stage.now))
        assert main(["--config", str(config), "record", "7731", *shlex.split(text)], line) == 0, text

    async def _scan(self, text: str) -> None:
        status, _, city = text.partition(", ")
        country = "ES" if city in ("Madrid", "Sevilla") else "CN"
        place = Place(city=city, country=country) if city else None
        self._scans.append(TrackingEvent(self.stage.now, ShipmentStatus(status), text, place=place))
        await self.stage.rows("UPDATE lookups SET next_poll_at = 1")

    def _tracking(self, number: str) -> Tracking:
        status = self._scans[-1].status if self._scans else ShipmentStatus.NOT_FOUND
        return Tracking(number, status, tuple(self._scans))
