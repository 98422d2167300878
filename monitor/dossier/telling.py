"""What is known of an order, as a document: the order, the case, what was recorded, the tracking, the
evidence, the texts to send."""

from collections.abc import Iterator, Sequence

from monitor.core.advice import name_of_way
from monitor.core.evidence import Tick
from monitor.core.grounds import why_told
from monitor.core.model import Place, TrackingEvent
from monitor.core.tracking import in_order
from monitor.core.wording import file_size, money
from monitor.dossier.document import (
    Block,
    Checklist,
    Document,
    Facts,
    Letter,
    Line,
    Mark,
    Note,
    Section,
    Table,
)
from monitor.dossier.known import Exhibit, Known
from monitor.exhibits import advised
from monitor.store.records import Tracked
from monitor.views import undone


def document_of(known: Known) -> Document:
    """The dossier of an order."""
    seen, word = known.seen, known.word
    sections = [
        Section(word("summary"), (_summary(known),)),
        Section(word("case"), tuple(_case(known))),
        Section(word("journal"), (_journal(known),)),
        *(_tracking(known, parcel) for parcel in seen.record.parcels),
        Section(word("answers"), tuple(_answers(known))),
        Section(word("evidence"), (_evidence(known),)),
        *_checklists(known),
        Section(word("texts"), tuple(_letters(known))),
        Section(word("ways"), (_ways(known),)),
    ]
    return Document.of(
        title=word("title", order=seen.order.id, name=seen.order.title),
        subtitle=word("subtitle"),
        language=known.texts.language,
        sections=sections,
        made=word("made", at=known.time(seen.now), version=known.version, zone=str(seen.zone)),
    )


def _summary(known: Known) -> Facts:
    order, s = known.seen.order, known.seen.situation
    numbers = (number for parcel in known.seen.record.parcels for number in _numbers(parcel))
    return Facts(
        (
            (known.word("order"), order.id),
            (known.word("item"), order.title),
            (known.word("seller"), order.seller or ""),
            (known.word("price"), money(order.price, known.texts)),
            (known.word("marketplace"), known.policy.title),
            (known.word("ordered"), known.day(order.ordered_on)),
            (known.word("paid"), known.day(order.paid_on)),
            (known.word("shipped"), known.day(s.shipped)),
            (known.word("promised"), known.day(order.estimated_delivery)),
            (known.word("goes_to"), _place(order.deliver_to)),
            (known.word("parcels"), ", ".join(dict.fromkeys(numbers))),
            (known.word("delivered"), known.time(s.delivered_at)),
            (known.word("safe_until"), _safe_until(known)),
        )
    )


def _numbers(parcel: Tracked) -> Iterator[str]:
    yield parcel.shipment.number
    yield from parcel.shipment.aliases


def _safe_until(known: Known) -> str:
    s = known.seen.situation
    windows = [window for window in (s.protection, s.post_delivery) if window is not None]
    if not windows:
        return ""
    window = min(windows, key=lambda it: it.end)
    why = why_told(window.why, s.facts.titles, known.texts)
    return known.word("because", at=known.day(window.last_day), why=why)


def _case(known: Known) -> Iterator[Block]:
    reason, told, s = known.found.reason, advised(known.seen, known.found), known.seen.situation
    if reason is None:
        yield Note(known.word("no_reason"))
        return
    rows = [(known.word("reason"), f"{reason.title}: {reason.applies}")]
    if told is not None:
        rows += [(known.word("speaks"), told.because), (known.word("ask"), told.ask)]
        rows += [(known.word("why"), why) for why in told.why]
        rows += [(known.word("ask_yourself"), question) for question in told.questions]
    yield Facts(tuple(rows))
    if s.openable_at is not None and s.openable_at > known.seen.now:
        yield Note(known.word("not_yet", day=known.day(s.facts.days.day_of(s.openable_at))))


def _journal(known: Known) -> Table:
    rows = []
    for (_, entry), gone in zip(known.journal, undone(known.journal), strict=True):
        told = [known.word(f"event_{entry.event.value.replace('-', '_')}")]
        reason = known.policy.reasons.get(entry.reason or "")
        told += [reason.title] if reason is not None else []
        told += [known.word(f"for_{entry.in_favour_of.value}")] if entry.in_favour_of else []
        told += [part for part in (entry.number, entry.amount) if part]
        told += [known.word("due", at=known.time(entry.due))] if entry.due else []
        told += [entry.note] if entry.note else []
        told += [known.word("taken_back")] if gone else []
        rows.append((known.time(entry.at), " · ".join(told)))
    return Table((known.word("when"), known.word("what")), tuple(rows))


def _tracking(known: Known, parcel: Tracked) -> Section:
    shipment, look = parcel.shipment, parcel.telling
    status = known.texts.statuses[shipment.status]
    if shipment.status_since is not None:
        status = known.word("since", status=status, at=known.time(shipment.status_since))
    facts = Facts(
        (
            (known.word("status"), status),
            (known.word("source"), shipment.teller or ""),
            (known.word("last_read"), known.time(look.last_success_at)),
        )
    )
    scans = sorted(known.events[parcel.id], key=in_order, reverse=True)
    heading = known.word("tracking", number=shipment.number)
    if not scans:
        return Section(heading, (facts, Note(known.word("no_scans"))))
    headings = (known.word("when"), known.word("scan"), known.word("place"))
    table = Table(headings, tuple(_scan(known, scan) for scan in scans))
    zoneless = [] if all(scan.zone_known for scan in scans) else [Note(known.word("no_zone"))]
    return Section(heading, (facts, table, *zoneless))


def _scan(known: Known, scan: TrackingEvent) -> tuple[str, str, str]:
    clock = known.time(scan.at) if scan.zone_known else f"{known.day(scan.at.date())} {scan.at:%H:%M} *"
    return clock, scan.description or known.texts.statuses[scan.status], _place(scan.place)


def _answers(known: Known) -> Iterator[Block]:
    headings = ("source", "first_seen", "last_seen", "file", "sha256")
    rows = [
        (
            answer.source,
            known.time(answer.first_seen_at),
            known.time(answer.last_seen_at),
            f"{answer.path} ({known.word('at_home')})" if answer.shared else answer.path,
            answer.sha256,
        )
        for answer in known.answers
    ]
    if rows:
        yield Note(known.word("answers_note"))
    yield Table(tuple(map(known.word, headings)), tuple(rows), frozenset({1, 2, 3, 4}))


def _evidence(known: Known) -> Table:
    headings = ("file", "kind", "shows", "first_seen", "sha256")
    rows = [_exhibit(known, exhibit) for exhibit in known.exhibits]
    return Table(tuple(map(known.word, headings)), tuple(rows), frozenset({3, 4}))


def _exhibit(known: Known, exhibit: Exhibit) -> tuple[str, ...]:
    name = exhibit.path or f"{exhibit.original} ({known.word('too_large')})"
    kind = f"{known.word(f'kind_{exhibit.kind.value}')}, {file_size(exhibit.size)}"
    sha256 = exhibit.sha256 or known.word("not_read")
    return name, kind, ", ".join(exhibit.shows), known.time(exhibit.known_since), sha256


def _checklists(known: Known) -> Iterator[Section]:
    reason, found = known.found.reason, known.found
    asked = {tick.item.id for tick in found.checklist}
    if reason is not None:
        yield Section(known.word("checklist", reason=reason.title), (_checklist(known, found.checklist),))
    rest = [tick for tick in found.general if tick.item.id not in asked]
    yield Section(known.word("checklist_general"), (_checklist(known, rest),))


def _checklist(known: Known, ticks: Sequence[Tick]) -> Checklist:
    return Checklist(tuple(_line(known, tick) for tick in ticks))


def _line(known: Known, tick: Tick) -> Line:
    item = tick.item
    decisive = f" ({known.word('decisive')})" if item.decisive else ""
    if tick.there:
        return Line(Mark.THERE, item.words + decisive, ", ".join(file.path for file in tick.files))
    beside = known.word("call_it", name=item.names[0]) if item.names else ""
    return Line(Mark.MISSING if tick.counts else Mark.OPTIONAL, item.words + decisive, beside)


def _letters(known: Known) -> Iterator[Letter]:
    for draft in known.drafts:
        notes = [draft.heading] if draft.heading else []
        notes += [known.word("fill_in", what=what) for what in draft.placeholders]
        notes += [known.word("or_ask", what=ending) for ending in draft.endings]
        yield Letter(draft.title, draft.text, tuple(notes))


def _ways(known: Known) -> Facts:
    """How to get to the form, to the dispute, and to support."""
    policy, proposal = known.policy, known.found.proposal
    keys = ["order", "open", "dispute", "offer", "appeal", "cases", "support"]
    rows = [
        (policy.paths[key].rpartition(" → ")[2], policy.paths[key]) for key in keys if key in policy.paths
    ]
    if proposal is not None and proposal.way is not None and proposal.way in policy.paths:
        rows.insert(0, (name_of_way(proposal.way, policy, known.texts), policy.paths[proposal.way]))
    contact = policy.contacts.get("email")
    rows += [(known.word("email"), known.word("unverified", contact=contact))] if contact else []
    return Facts(tuple(rows))


def _place(place: Place | None) -> str:
    if place is None:
        return ""
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    return ", ".join(part for part in (town, place.region, place.country) if part)
