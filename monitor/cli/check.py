"""`orderwatch check`: is everything as it must be? Sends nothing, writes nothing."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import click

from monitor.budget import Spent
from monitor.calendar_file import check_calendar
from monitor.carrier import LookError, QuotaExceeded, Source
from monitor.cli.choices import overtaken, shadowed, unread
from monitor.cli.frame import CommandLine, at_option, line_of, time_from
from monitor.cli.manners import left_alone, manners, too_soon, trouble
from monitor.cli.page import Cell, say
from monitor.core.model import Look, Order, OrderStatus, Parcel
from monitor.core.policy import Kind, Policy
from monitor.core.rules.service import SourceHealth
from monitor.core.situation import written
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.errors import CalendarError
from monitor.evidence import folder_of, list_root, sayable
from monitor.intake import read_files
from monitor.orders import OrderFile
from monitor.runtime import Runtime
from monitor.store.connection import is_up_to_date, open_to_look, told_plainly
from monitor.store.health import Health
from monitor.store.lookups import Lookups
from monitor.store.orders import Orders
from monitor.toml_text import toml_text
from monitor.transport import Transport, converse

_BAD = "bold red"
_SHOWN = {
    "full": "everything",
    "short": "no numbers and no prices",
    "none": "only that there is something to do",
}
#: Things among the evidence folders that are named, of those that are no order's.
_MOST_STRAYS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What the database tells: how it is; of each source the requests it got, how looks at its parcels
    went, how it does and when it is asked again after a failure; the parcels that none of the sources
    looks up, each with its order; the orders that run and those that are finished; and the marketplaces of
    those that run."""

    state: str
    spent: Mapping[str, Spent] = field(default_factory=dict)
    looks: Mapping[str, Mapping[str, Look]] = field(default_factory=dict)
    health: Mapping[str, SourceHealth] = field(default_factory=dict)
    next_tries: Mapping[str, datetime] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    running: frozenset[str] = frozenset()
    finished: frozenset[str] = frozenset()
    marketplaces: tuple[str, ...] = ()


@click.command()
@click.option("--online", is_flag=True, help="Also ask every source about one of its parcels.")
@at_option
@click.pass_context
def command(ctx: click.Context, online: bool, at: str | None) -> None:
    """Validates the configuration, order files, policies and channels, and says what is fine too.

    Exits with 78 for the configuration, 65 for order rows, 1 for a database, a source or a calendar that fails.
    It sends no message and writes nothing.
    """
    line = line_of(ctx)
    runtime = line.load()
    now = line.clock() if at is None else time_from(at, runtime.settings.zone)
    files = read_files(runtime.settings.orders, runtime, now)
    _say_settings(runtime)
    known = _known(runtime)
    _fine("database", f"{runtime.settings.database}, {known.state}")
    refused = _say_orders(files)
    _say_evidence(runtime)
    _say_policies(runtime, known, files)
    _say_sources(runtime, known, now)
    for name, channel in runtime.channels.items():
        _fine(f"channel {name}", f"{channel.describe()}, from {channel.min_severity} on")
    can_publish = _say_calendar(runtime)
    for warning in (
        *runtime.settings.warnings,
        *_choices(runtime, known, files),
        *_strays(runtime, known, files),
    ):
        say(("note", "yellow"), f": {warning}")
    blind = asyncio.run(_ask_all(line, runtime, known, files, now)) if online else 0
    ctx.exit(65 if refused else 0 if can_publish and not blind else 1)


def _fine(what: str, *told: Cell) -> None:
    say((what, "bold"), ": ", *told)


def _say_settings(runtime: Runtime) -> None:
    settings = runtime.settings
    _fine("configuration", str(settings.path or "none; defaults and the environment"))
    _fine("time zone", f"{settings.timezone}, mornings at {settings.morning:%H:%M}")


def _known(runtime: Runtime) -> Known:
    """What is in the database, without touching it. Raises StoreError."""
    path = runtime.settings.database
    if not path.exists():
        return Known("not there yet; the first run makes it")
    db = open_to_look(path)
    try:
        if not is_up_to_date(db):
            return Known("of an older version; the next run brings it up to date")
        with told_plainly(path):
            orders, health, lookups = Orders(db), Health(db), Lookups(db)
            running = orders.running()
            return Known(
                f"{len(running)} {'order runs' if len(running) == 1 else 'orders run'}",
                spent={name: Spent(day, count) for name, (day, count) in health.budgets().items()},
                looks=lookups.looks(),
                health={source.name: source for source in health.sources()},
                next_tries=lookups.next_tries(),
                unread=lookups.unread(runtime.sources),
                running=frozenset(running),
                finished=frozenset(orders.running(finished_too=True)).difference(running),
                marketplaces=tuple(orders.marketplaces()),
            )
    finally:
        db.close()


def _say_orders(files: Sequence[OrderFile]) -> int:
    """Returns how many rows (or files) were refused."""
    for file in files:
        _fine("orders", f"{file.path}, {len(file.rows)} fine, {len(file.refused)} refused")
        name = f"{file.path.name}, " if len(files) > 1 else ""
        for row in file.rows:
            line = f"{name}line {row.line} " if row.line is not None else name
            for note in row.notes:
                say(f"  {line}(order {row.order.id}): {note}")
    refused = [error for file in files for error in file.refused]
    for error in refused:
        click.echo(f"refused: {error}", err=True)
    return len(refused)


def _say_evidence(runtime: Runtime) -> None:
    root = runtime.settings.evidence
    names, trouble = list_root(root)
    if trouble == "is not there":
        _fine("evidence", f"{root}, not there yet")
    elif trouble is not None:
        say(("evidence", "bold"), f": {root} ", (trouble, "yellow"))
    else:
        count = sum(not name.startswith(".") for name in names)
        _fine("evidence", f"{root}, {count} {'folder' if count == 1 else 'folders'}")


def _strays(runtime: Runtime, known: Known, files: Sequence[OrderFile]) -> Iterator[str]:
    """What lies among the evidence folders and is no order's."""
    listed = {row.order.id for file in files for row in file.rows}
    folders = {folder_of(order) for order in known.running | known.finished | listed}
    strays = [name for name in list_root(runtime.settings.evidence)[0] if name not in folders]
    for name in [name for name in strays if not name.startswith(".")][:_MOST_STRAYS]:
        yield (
            f"{sayable(name)} in {runtime.settings.evidence} is no order's folder, so nobody looks into it: "
            "an order's folder is called as `orderwatch show ORDER` says"
        )


def _say_policies(runtime: Runtime, known: Known, files: Sequence[OrderFile]) -> None:
    """The policies that count for some order: what is yours in them, and what is to be believed less."""
    named = [row.order.marketplace for file in files for row in file.rows if not _is_over(row.order, known)]
    for name, policy in runtime.in_use(dict.fromkeys((*known.marketplaces, *named))).items():
        compared = "compared with the marketplace" if policy.kind is Kind.MARKETPLACE else "written down"
        then = f", then {', '.join(policy.fallback)}" if policy.fallback else ""
        own = "".join(f", your {told}" for told in _numbers(policy, "your configuration"))
        _fine("policy", f"{name}, {compared} on {written(policy.checked_on)}{then}{own}")
        if unsure := _numbers(policy, "public"):
            say(f"  unverified, seen in public places only: {', '.join(unsure)}")


def _numbers(policy: Policy, source: str) -> list[str]:
    """The clocks of a policy that come from there, and their numbers."""
    clocks = (clock for clock in policy.clocks.values() if clock.source == source)
    return [f"{clock.key} = {toml_text(clock.value)}" for clock in clocks]


def _is_over(order: Order, known: Known) -> bool:
    return order.status is OrderStatus.FINISHED or order.id in known.finished


def _say_sources(runtime: Runtime, known: Known, now: datetime) -> None:
    calendar = Calendar.at(now, runtime.days, ENGLISH)
    for name, source in runtime.sources.items():
        _fine(f"source {name}", ", ".join(manners(name, source, known.spent.get(name), now)))
        if failing := trouble(known.health.get(name), known.next_tries.get(name), calendar):
            say("  ", (failing, "yellow"))
    if not runtime.sources:
        say(("note", "yellow"), ": no source is configured, so no parcel is looked up: [carriers.NAME]")


def _say_calendar(runtime: Runtime) -> bool:
    """Whether the calendar's file can be written, if there is to be one."""
    path = runtime.settings.calendar.path
    if path is None:
        return True
    try:
        check_calendar(path)
    except CalendarError as error:
        click.echo(str(error), err=True)
        return False
    _fine("calendar", f"{path}, shows {_SHOWN[runtime.settings.calendar_privacy]}")
    return True


def _choices(runtime: Runtime, known: Known, files: Sequence[OrderFile]) -> Iterator[str]:
    """What is hardly meant of how parcels find their sources."""
    yield from shadowed(runtime.sources)
    yield from overtaken(runtime.sources)
    parcels = {number: (Parcel(number), order) for number, order in known.unread.items()}
    for row in (row for file in files for row in file.rows):
        if not _is_over(row.order, known):
            parcels |= {parcel.number: (parcel, row.order.id) for parcel in row.order.parcels}
    nobodys = {parcel.number: order for parcel, order in parcels.values() if runtime.choose(parcel) is None}
    if nobodys and runtime.sources:
        yield unread(nobodys)


def _parcels(files: Sequence[OrderFile], runtime: Runtime, known: Known) -> Mapping[str, list[str]]:
    """The numbers of each source: those it is asked about, then those that order files name."""
    parcels = {name: list(known.looks.get(name, ())) for name in runtime.sources}
    for row in (row for file in files for row in file.rows):
        for parcel in row.order.parcels:
            source = runtime.choose(parcel)
            if source is not None and parcel.number not in known.looks.get(source, ()):
                parcels[source].append(parcel.number)
    return parcels


async def _ask_all(
    line: CommandLine, runtime: Runtime, known: Known, files: Sequence[OrderFile], now: datetime
) -> int:
    """Asks every source that may be asked about one of its parcels, and stores nothing. Returns how many
    failed."""
    failed, parcels, calendar = 0, _parcels(files, runtime, known), Calendar.at(now, runtime.days, ENGLISH)
    async with Transport(line.clock, spent=known.spent) as transport:
        for name, source in runtime.sources.items():
            number, why = _askable(name, source, parcels[name], known, calendar)
            if number is not None:
                failed += not await _ask(transport, name, source, number)
            elif why is not None:
                _say_not_asked(name, why)
            else:
                _fine(f"asking {name}", "no parcel to ask about")
    return failed


def _askable(
    name: str, source: Source, numbers: Sequence[str], known: Known, calendar: Calendar
) -> tuple[str | None, str | None]:
    """The first of the numbers that the source may be asked about now, or why there is none."""
    why = left_alone(source, known.health.get(name), known.next_tries.get(name), calendar)
    if why is not None:
        about = numbers[0] if numbers else "NUMBER"
        return None, f"{why}; `orderwatch capture {name} {about} --force` asks all the same"
    looks = known.looks.get(name, {})
    reasons = {number: too_soon(source, number, looks.get(number), calendar) for number in numbers}
    number = next((number for number, reason in reasons.items() if reason is None), None)
    return number, None if number is not None else next(iter(reasons.values()), None)


async def _ask(transport: Transport, name: str, source: Source, number: str) -> bool:
    """Whether the source answers, as far as it can be told."""
    try:
        conversation = await converse(transport, name, source, [number])
    except LookError as error:
        if isinstance(error, QuotaExceeded) and not error.asked:
            _say_not_asked(name, str(error))
            return True
        say((f"asking {name} about {number} failed", _BAD))
        click.echo(f"source {name}: {error}", err=True)
        return False
    told = [tracking.status.value for tracking in conversation.trackings]
    _fine(f"asking {name}", f"it answers; {number} is {told[0] if told else 'not mentioned'}")
    return True


def _say_not_asked(name: str, why: str) -> None:
    """Neither fine nor failed: who is not asked may be either."""
    _fine(f"asking {name}", ("not asked", "yellow"), f": {why}")
