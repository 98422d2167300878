"""How `show` tells what to open a dispute about, and what evidence there is of it."""

from collections.abc import Sequence

from monitor.cli.listing import fact, heading, say_indented
from monitor.cli.page import say
from monitor.cli.standing import calendar_of
from monitor.core.evidence import Reading, Tick
from monitor.core.model import EvidenceFile, FileKind, Phase
from monitor.core.policy import EvidenceItem, EvidenceKind
from monitor.core.wording import file_size
from monitor.evidence import sayable
from monitor.exhibits import Exhibits, advised
from monitor.views import OrderView

#: Files that are named where there are more of them.
_FILES = 12
_LEGEND = "✓ there ○ missing · if you have it; a file, or a folder of files, that is called so ticks it"
_INDENT = 18


def print_proposal(seen: OrderView, found: Exhibits) -> None:
    """What speaks for a reason, and what to ask for; nothing, where nothing does."""
    proposal, told = found.proposal, advised(seen, found)
    if proposal is None or told is None:
        return
    titles = [seen.situation.facts.policy.reasons[id_].title for id_ in proposal.also]
    heading("Proposal, you decide")
    fact("reason", proposal.reason.title)
    say_indented(_INDENT, told.because)
    fact("ask for", told.ask)
    for why in told.why:
        say_indented(_INDENT, why)
    for index, question in enumerate(told.questions):
        fact("" if index else "ask yourself", question)
    fact("also possible", ", ".join(titles))
    fact("when", _when(seen))


def _when(seen: OrderView) -> str:
    """When a dispute can be opened, if that is not now."""
    s, calendar = seen.situation, calendar_of(seen)
    if s.disputable(seen.now):
        return ""
    if s.protection is not None and s.protection.end <= seen.now:
        return "protection is over: ask support what is still possible"
    if s.openable_at is not None and s.openable_at > seen.now:
        return f"a dispute can be opened from {calendar.day_of(s.openable_at)} on; until then ask the seller"
    return ""


def print_evidence(seen: OrderView, found: Exhibits) -> None:
    """The checklists with their ticks, and what else lies in the folder."""
    if found.troubles is None and seen.phase is Phase.FINISHED:
        return
    here, all_ = found.counted
    about = "" if found.reason is None else f" for “{found.reason.title}”"
    heading(f"Evidence{about}{f': {here} of {all_}' if all_ else ''}")
    fact("folder", sayable(str(found.folder)))
    if found.troubles is None:
        say_indented(_INDENT, "not there yet: make it, and drop photos, videos and screenshots in")
    general = _beside(found.checklist, found.general) if found.troubles is not None else []
    _print_checklist(found.checklist)
    if general:
        say("  In any dispute")
        _print_checklist(general)
    if found.checklist or general:
        say("  ", (_LEGEND, "dim"))
    _print_files(found)


def _beside(checklist: Sequence[Tick], general: Sequence[Tick]) -> list[Tick]:
    """What belongs into any dispute and is not asked for already."""
    asked = {tick.item.id for tick in checklist}
    return [tick for tick in general if tick.item.id not in asked]


def _print_checklist(checklist: Sequence[Tick]) -> None:
    for tick in checklist:
        mark = "✓" if tick.there else "○" if _is_wanted(tick) else "·"
        style = "green" if tick.there else "" if _is_wanted(tick) else "dim"
        decisive = " (decisive)" if tick.item.decisive else ""
        say(f"  {mark} ", (f"{tick.item.words}{decisive}", style), (_beside_it(tick), "dim"))


def _is_wanted(tick: Tick) -> bool:
    return tick.counts and not tick.there


def _beside_it(tick: Tick) -> str:
    """What ticks it, or would."""
    if tick.files:
        return f"  {_paths(tick.files)}"
    if tick.item.kind is EvidenceKind.KNOWN:
        return "" if tick.there else "  not recorded yet"
    return "" if tick.there else f"  {_call_it(tick.item)}"


def _call_it(item: EvidenceItem) -> str:
    return f"call it {item.names[0]}"


def _paths(files: Sequence[EvidenceFile]) -> str:
    more = f" and {len(files) - 2} more" if len(files) > 2 else ""
    return ", ".join(sayable(file.path) for file in files[:2]) + more


def _print_files(found: Exhibits) -> None:
    """What lies in the folder and ticks nothing, and what is wrong there."""
    idle = [reading for reading in found.readings if not reading.ticks]
    for reading in idle[:_FILES]:
        say(f"  - {sayable(reading.file.path)}", (f"  {_is_no_use(reading)}", "yellow"))
    if len(idle) > _FILES:
        say(f"  - and {len(idle) - _FILES} more that tick nothing")
    for reading in found.readings:
        if reading.too_large:
            told = f"{file_size(reading.file.size)}, more than the marketplace takes: make it smaller, or put a link"
            say(f"  ! {sayable(reading.file.path)}", (f"  {told} to it into the description", "yellow"))
    for trouble in found.troubles or ():
        say(f"  ! {sayable(trouble.path) or 'the folder'}", (f"  {trouble.what}", "yellow"))


def _is_no_use(reading: Reading) -> str:
    size, kind, meant = file_size(reading.file.size), reading.file.kind, reading.misnamed
    if meant is not None:
        return f"{size}; called as “{meant.words}”, which is a {meant.kind.value}: this is {_A[kind]}"
    if kind is FileKind.OTHER:
        return f"{size}, {_A[kind]}"
    return f"{kind.value}, {size}; ticks nothing: call it as one of the names here"


_A = {
    FileKind.PHOTO: "a photo",
    FileKind.VIDEO: "a video",
    FileKind.DOCUMENT: "a document",
    FileKind.OTHER: "neither photo, video nor document",
}
