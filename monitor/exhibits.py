"""What an order's evidence amounts to: the checklist of its reason, what ticks it, and what is proposed.
Values to show, and the JSON of them; nothing is looked at or stored here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from monitor.core.advice import Advice, advice
from monitor.core.evidence import (
    Reading,
    Tick,
    general_checklist,
    missing,
    read_folder,
    reason_checklist,
)
from monitor.core.policy import DisputeReason
from monitor.core.proposal import Proposal, propose
from monitor.core.timeline import current, moments_of
from monitor.core.wording import Calendar
from monitor.evidence import Trouble, folder_of, sayable
from monitor.store.evidence import EvidenceLine
from monitor.views import Json, OrderView, time_json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Exhibits:
    """The evidence of one order at the `now` of its view.

    `reason` is that of the dispute that runs, else the one that is proposed, with its `checklist`; `general`
    is what belongs into any dispute. `readings` are the files that are there, and `lines` how each was
    seen, by its path. `troubles` are in the way (None: there is no folder).
    """

    folder: Path
    proposal: Proposal | None
    reason: DisputeReason | None
    checklist: tuple[Tick, ...]
    general: tuple[Tick, ...]
    readings: tuple[Reading, ...]
    lines: Mapping[str, EvidenceLine]
    troubles: tuple[Trouble, ...] | None

    @property
    def counted(self) -> tuple[int, int]:
        """How much of the reason's checklist is in the folder, and of how much."""
        ticks = [tick for tick in self.checklist if tick.counts]
        return sum(tick.there for tick in ticks), len(ticks)


def exhibits(
    seen: OrderView,
    root: Path,
    lines: Sequence[EvidenceLine],
    troubles: tuple[Trouble, ...] | None,
    *,
    blind: Collection[str] = (),
    chosen: DisputeReason | None = None,
) -> Exhibits:
    """The evidence of an order whose folder lies in `root`; `lines` and `troubles` are what is stored of
    it, `blind` the sources whose silence is ours. The buyer may have `chosen` a reason of their own."""
    s, now = seen.situation, seen.now
    true = current(moments_of(s), now).values()
    proposal = propose(s, true, now, blind=blind)
    dispute = s.facts.case.open_dispute
    if chosen is not None:
        reason: DisputeReason | None = chosen
    elif dispute is not None and dispute.opened_at <= now:
        reason = s.facts.policy.reasons.get(dispute.reason or "")
    else:
        reason = None if proposal is None else proposal.reason
    id_ = None if reason is None else reason.id
    return Exhibits(
        folder=root / folder_of(seen.order.id),
        proposal=proposal,
        reason=reason,
        checklist=reason_checklist(s.facts, id_),
        general=general_checklist(s, now, id_),
        readings=read_folder(s.facts),
        lines={line.path: line for line in lines if line.gone_at is None},
        troubles=troubles,
    )


def advised(seen: OrderView, found: Exhibits) -> Advice | None:
    """What is proposed, in the words of the order's language."""
    if found.proposal is None:
        return None
    calendar = Calendar.at(seen.now, seen.situation.facts.days, seen.texts)
    return advice(found.proposal, seen.situation, calendar)


def proposal_json(seen: OrderView, found: Exhibits) -> Json | None:
    """What is proposed, as `show --json` tells it."""
    proposal, told = found.proposal, advised(seen, found)
    if proposal is None or told is None:
        return None
    return {
        "reason": proposal.reason.id,
        "title": proposal.reason.title,
        "because": {"id": proposal.because, "text": told.because},
        "resolution": proposal.way,
        "refund": proposal.refund.value,
        "amount": None if proposal.amount is None else str(proposal.amount),
        "ask": told.ask,
        "why": _named(proposal.why, told.why),
        "questions": _named(proposal.questions, told.questions),
        "also": list(proposal.also),
    }


def evidence_json(seen: OrderView, found: Exhibits) -> Json:
    """The evidence of an order, as `show --json` tells it."""
    return {
        "folder": sayable(str(found.folder)),
        "exists": found.troubles is not None,
        "reason": None if found.reason is None else found.reason.id,
        "checklist": [_tick_json(tick) for tick in found.checklist],
        "general": [_tick_json(tick) for tick in found.general],
        "missing": [item.id for item in missing(found.checklist)],
        "files": [_file_json(it, found.lines.get(it.file.path), seen.zone) for it in found.readings],
        "troubles": [{"path": sayable(it.path), "what": it.what} for it in found.troubles or ()],
    }


def _named(ids: Sequence[str], texts: Sequence[str]) -> list[Json]:
    return [{"id": id_.partition("_")[2], "text": text} for id_, text in zip(ids, texts, strict=True)]


def _tick_json(tick: Tick) -> Json:
    item = tick.item
    return {
        "id": item.id,
        "words": item.words,
        "kind": item.kind.value,
        "decisive": item.decisive,
        "optional": item.optional,
        "there": tick.there,
        "files": [sayable(file.path) for file in tick.files],
        "names": list(item.names),
    }


def _file_json(reading: Reading, line: EvidenceLine | None, zone: tzinfo) -> Json:
    file = reading.file
    known: Json = {"modified_at": None, "seen_at": None, "known_since": None, "sha256": None}
    if line is not None:
        modified = _EPOCH + timedelta(microseconds=line.identity.modified_ns // 1000)
        known = {
            "modified_at": time_json(modified, zone),
            "seen_at": time_json(line.seen_at, zone),
            "known_since": time_json(line.known_since, zone),
            "sha256": line.sha256,
        }
    return {
        "path": sayable(file.path),
        "kind": file.kind.value,
        "size": file.size,
        **known,
        "ticks": [item.id for item in reading.ticks],
        "named_as": None if reading.misnamed is None else reading.misnamed.id,
        "too_large": reading.too_large,
    }
