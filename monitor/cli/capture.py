"""`orderwatch capture`: a source's real answer, as a file that can be shown to others."""

import asyncio
import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from http import HTTPStatus
from itertools import count
from pathlib import Path

import click

from monitor.blackout import BlackedOut, Private, black_out, learned, secrets_in, shown_text
from monitor.budget import Spent
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    Request,
    Source,
    Tracking,
    TrackingEvent,
    plain_number,
)
from monitor.cli.frame import CommandLine, line_of
from monitor.cli.manners import left_alone, too_soon
from monitor.cli.page import say
from monitor.cli.replay import command as replay
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.errors import OrderwatchError, UsageError
from monitor.intake import read_files
from monitor.local_files import FOLDER
from monitor.runtime import Runtime
from monitor.store import Store
from monitor.transport import Transport, converse

#: Places that are listed of one answer.
_MOST_PLACES = 40


@dataclass(slots=True)
class Heard:
    """What a source answered, also until it failed."""

    payloads: list[Payload] = field(default_factory=list)
    trackings: Sequence[Tracking] = ()
    error: LookError | None = None
    breaks_adapter: bool = False

    def reading(self, source: Source, payload: Payload) -> Sequence[Tracking]:
        """What one answer says by itself; nothing where it cannot be read."""
        try:
            return () if self.breaks_adapter else list(source.parse(payload))
        except LookError:
            return ()


@dataclass(frozen=True, slots=True)
class Saved:
    """One answer, and the file it is in without what is private."""

    payload: Payload
    shown: BlackedOut
    path: Path


class _Listener(Transport):
    """Keeps what is answered, also where the exchange fails later."""

    heard: Heard

    async def fetch(
        self, source_name: str, source: Source, request: Request, numbers: Sequence[str]
    ) -> Payload:
        payload = await super().fetch(source_name, source, request, numbers)
        if payload.content_type != FOLDER:
            self.heard.payloads.append(payload)
        return payload


@click.command()
@click.argument("source")
@click.argument("number")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to; default: SOURCE-YYYYMMDD.json in this folder.",
)
@click.option("--keep-number", is_flag=True, help="Leave tracking numbers as they are.")
@click.option("--force", is_flag=True, help="Ask also where SOURCE is to be left alone.")
@click.pass_context
def command(
    ctx: click.Context, source: str, number: str, out: Path | None, keep_number: bool, force: bool
) -> None:
    """Asks SOURCE about NUMBER, and saves its answer for a bug report or a test: names, addresses, phone
    numbers and keys are blacked out, tracking numbers are replaced.

    Exits with 1 if the source failed, or is to be left alone now; an answer that cannot be read is saved all the same.
    """
    line = line_of(ctx)
    runtime = line.load()
    asked, number = _source(runtime, source), _number(number)
    _refuse_what_cannot_be_made(out)
    if not asked.accepts_number(number):
        say(("note", "yellow"), f": {source} does not take numbers like this one; it is asked all the same")
    if not force:
        _refuse_what_is_too_soon(line, runtime, source, asked, plain_number(number))
    heard = _ask(line, runtime, source, asked, number)
    private = _private(line, runtime, asked, heard, number)
    private = private.with_true_numbers() if keep_number else private
    told = _about(number, asked, heard)
    shown = [black_out(payload.body, private) for payload in told]
    stem = f"{source}-{line.clock().astimezone(runtime.settings.zone):%Y%m%d}"
    names = (
        _names(out, len(told)) if out is not None else _free_names(stem, map(_ending, told, shown), len(told))
    )
    saved = [Saved(*it) for it in zip(told, shown, map(_written, shown, names), strict=True)]
    _say_what_was_said(source, number, heard, private)
    for one in saved:
        _say_saved(one)
        if not heard.breaks_adapter:
            _say_reading(ctx, source, asked, one, private.numbers[number])
    _say_the_end(ctx, source, number, private.numbers[number], saved)
    ctx.exit(0 if saved and heard.error is None else 1)


def _source(runtime: Runtime, name: str) -> Source:
    if name in runtime.sources:
        return runtime.sources[name]
    if not runtime.sources:
        raise UsageError(f"there is no source {name!r}: none is configured ([carriers.NAME])")
    near = get_close_matches(name, runtime.sources, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise UsageError(f"there is no source {name!r}{hint} (configured: {', '.join(runtime.sources)})")


def _number(text: str) -> str:
    if not plain_number(text):
        raise UsageError("NUMBER is empty; give a tracking number")
    return text.strip()


def _refuse_what_cannot_be_made(out: Path | None) -> None:
    """Before the source is asked: a request may cost quota."""
    folder = out.parent if out is not None else Path()
    if out is not None and out.exists():
        raise UsageError(f"{out} is there already and is not overwritten; name a new file")
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"no file can be made in {folder.absolute()}: you may not write there")


def _refuse_what_is_too_soon(
    line: CommandLine, runtime: Runtime, name: str, source: Source, number: str
) -> None:
    """While a source waits after a failure, or between two looks at one parcel, it is not asked."""
    database = runtime.settings.database
    if not database.exists():
        return
    store = Store(database)
    try:
        with store.guard():
            health = {it.name: it for it in store.health.sources()}.get(name)
            next_try = store.lookups.next_tries().get(name)
            look = store.lookups.looks().get(name, {}).get(number)
    finally:
        store.close()
    calendar = Calendar.at(line.clock(), runtime.days, ENGLISH)
    why = left_alone(source, health, next_try, calendar) or too_soon(source, number, look, calendar)
    if why is not None:
        raise OrderwatchError(f"source {name} is not asked: {why}; --force asks all the same")


def _ask(line: CommandLine, runtime: Runtime, name: str, source: Source, number: str) -> Heard:
    """One real conversation. It counts in the source's budget of the day, and nothing else is stored."""
    database = runtime.settings.database
    if not database.exists():
        return asyncio.run(_converse(line, {}, name, source, number))[0]
    store = Store(database)
    try:
        with store.guard():
            spent = {it: Spent(day, requests) for it, (day, requests) in store.health.budgets().items()}
            heard, after = asyncio.run(_converse(line, spent, name, source, number))
            _keep_budget(store, name, spent.get(name), after)
        return heard
    finally:
        store.close()


async def _converse(
    line: CommandLine, spent: Mapping[str, Spent], name: str, source: Source, number: str
) -> tuple[Heard, Spent | None]:
    """What was heard, and what the source was asked this day."""
    async with _Listener(line.clock, spent=spent) as listener:
        heard = listener.heard = Heard()
        try:
            heard.trackings = (await converse(listener, name, source, [number])).trackings
        except LookError as error:
            heard.error = error
        except Exception as error:  # noqa: BLE001 - an answer that breaks an adapter is what is wanted most
            heard.error = ParseError(f"the adapter failed ({type(error).__name__}); please report this")
            heard.breaks_adapter = True
        return heard, listener.spent.get(name)


def _keep_budget(store: Store, name: str, before: Spent | None, after: Spent | None) -> None:
    """Adds what was asked to what is stored by now: the service may have asked meanwhile."""
    if after is None or after == before:
        return
    asked = after.requests - (before.requests if before and before.day == after.day else 0)
    with store.atomic():
        day, stored = store.health.budgets().get(name, (after.day, 0))
        store.health.spend(name, after.day, asked + (stored if day == after.day else 0))


def _private(line: CommandLine, runtime: Runtime, source: Source, heard: Heard, number: str) -> Private:
    """All that is not to be seen: every configured secret, where the buyer lives, whom the answers name,
    and all tracking numbers, `number` first."""
    settings = runtime.settings
    tables = (settings.carriers, settings.notifiers, *runtime.sources.values(), *runtime.channels.values())
    files = read_files(settings.orders, runtime, line.clock())
    homes = (row.order.deliver_to for file in files for row in file.rows)
    known = Private(
        secrets=frozenset().union(*map(secrets_in, tables)),
        postal_codes=frozenset(home.postal_code for home in homes if home and home.postal_code),
    )
    told = [*heard.trackings, *(it for payload in heard.payloads for it in heard.reading(source, payload))]
    named = (name for tracking in told for name in (tracking.number, *tracking.aliases) if name)
    return learned(known.with_numbers((number, *named)), [payload.body for payload in heard.payloads])


def _about(number: str, source: Source, heard: Heard) -> Sequence[Payload]:
    """The answers; of files only those that tell of the parcel, or if none does what cannot be read."""
    if source.root is None:
        return heard.payloads
    readings = [(payload, heard.reading(source, payload)) for payload in heard.payloads]
    telling = [payload for payload, told in readings if any(_is_about(number, it) for it in told)]
    return telling or [payload for payload, told in readings if not told]


def _is_about(number: str, tracking: Tracking) -> bool:
    return plain_number(number) in map(plain_number, (tracking.number, *tracking.aliases))


def _names(out: Path, answers: int) -> list[Path]:
    """The user's own name; of several answers each has its place in it."""
    if answers == 1:
        return [out]
    return [out.with_name(f"{out.stem}-{place}{out.suffix}") for place in range(1, answers + 1)]


def _free_names(stem: str, endings: Iterable[str], answers: int) -> list[Path]:
    """`stem.json`, then `stem-2.json`, for one answer; `stem-1.json`, `stem-2.json` … for several: none
    that is there already."""
    places = count(1)
    names: list[Path] = []
    for ending in endings:
        path = Path(f"{stem}{ending}")
        if answers > 1 or path.exists():
            numbered = (Path(f"{stem}-{place}{ending}") for place in places if place > (answers == 1))
            path = next(it for it in numbered if not it.exists())
        names.append(path)
    return names


def _ending(payload: Payload, shown: BlackedOut) -> str:
    if payload.name:
        return Path(payload.name).suffix.lower() or ".txt"
    match shown.body.lstrip()[:1]:
        case b"{" | b"[":
            return ".json"
        case b"<":
            return ".html"
    return ".json" if shown.is_json else ".txt"


def _written(shown: BlackedOut, path: Path) -> Path:
    """Makes the file, for its owner only; what cannot be written in full does not stay."""
    try:
        file = open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
    except FileExistsError:
        raise OrderwatchError(f"{path} is there already and is not overwritten; name a new file") from None
    except OSError as error:
        raise OrderwatchError(f"{path} cannot be made: {error.strerror}") from None
    try:
        with file:
            file.write(shown.body)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OrderwatchError(f"{path} cannot be written: {error.strerror}") from None
    return path


def _say_what_was_said(name: str, number: str, heard: Heard, private: Private) -> None:
    if heard.error is not None:
        say((f"asking {name} about {number} failed", "bold red"))
        click.echo(f"source {name}: {shown_text(str(heard.error), private)}", err=True)
        return
    told = next((it.status.value for it in heard.trackings if _is_about(number, it)), "not mentioned")
    say((f"asking {name}", "bold"), f": {number} is {told}")


def _say_saved(one: Saved) -> None:
    origin = f"from {one.payload.name}" if one.payload.name else f"HTTP {one.payload.status}"
    values = "1 value" if one.shown.count == 1 else f"{one.shown.count} values"
    say((f"saved {one.path}", "bold"), f": {origin}, {values} blacked out")
    places = [(place, times) for place, times in one.shown.places.items() if times]
    for place, times in places[:_MOST_PLACES]:
        say(f"  {place}" + (f" ({times})" if times > 1 else ""))
    if len(places) > _MOST_PLACES:
        say(f"  and {len(places) - _MOST_PLACES} other places")


def _say_reading(ctx: click.Context, name: str, source: Source, one: Saved, number: str) -> None:
    """What the saved file is read as; whether that is what the answer was read as."""
    with suppress(click.exceptions.Exit):  # of an answer that tells of an error, which is told
        ctx.invoke(
            replay,
            source=name,
            file=one.path,
            http_status=one.payload.status,
            numbers=(number,),
            as_json=False,
        )
    if _meaning(source, one.payload) != _meaning(source, replace(one.payload, body=one.shown.body)):
        say(("note", "yellow"), ": what is blacked out changes how it is read; say so where you share it")


def _meaning(source: Source, payload: Payload) -> object:
    """What must not change when an answer is blacked out."""
    try:
        return [(it.status, [*map(_scan, it.events)], len(it.undated)) for it in source.parse(payload)]
    except LookError as error:
        return type(error)


def _scan(event: TrackingEvent) -> tuple[object, ...]:
    return event.at, event.zone_known, event.status, event.code


def _say_the_end(ctx: click.Context, name: str, number: str, shown: str, saved: Sequence[Saved]) -> None:
    if not saved:
        say("There is nothing to save.")
        return
    if shown != number:
        say(f"In what is saved, {number} is {shown}.")
    say(
        ("Read it before you share it:", "bold yellow"), " a sentence may tell what no rule knows. To try it:"
    )
    config = line_of(ctx).config
    before = ["orderwatch", *(["--config", str(config)] if config is not None else []), "replay", name]
    for one in saved:
        status = ["--http-status", str(one.payload.status)] if one.payload.status != HTTPStatus.OK else []
        say("  " + shlex.join([*before, str(one.path), "--number", shown, *status]))
