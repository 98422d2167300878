"""A dossier: all that shows what happened to an order, and what to write, in one folder and one zip."""

from collections.abc import Iterator
from pathlib import Path

from monitor.core.drafts import Draft, DraftKind, draft, printable
from monitor.core.drafts.fitting import fitting
from monitor.core.drafts.writing import Proposal as Ending
from monitor.core.policy import Refund, Way
from monitor.core.proposal import Proposal
from monitor.dossier.known import Known, draft_paths
from monitor.dossier.packing import Member, member
from monitor.dossier.page import as_page
from monitor.dossier.plain import as_text
from monitor.dossier.telling import document_of
from monitor.evidence import folder_of, opened_exhibit
from monitor.exhibits import Exhibits
from monitor.views import OrderView


def drafts_of(seen: OrderView, found: Exhibits) -> tuple[Draft, ...]:
    """The texts that fit an order now, what is most pressing first. The description of its dispute is always
    there, once there is a reason."""
    s, now, texts = seen.situation, seen.now, seen.texts
    look = {parcel.shipment.number: parcel.telling.last_success_at for parcel in seen.record.parcels}
    there = {tick.item.id for tick in (*found.checklist, *found.general) if tick.files}
    wanted = [(it.kind, it.reason) for it in fitting(s, now, texts, look=look)]
    reason = None if found.reason is None else found.reason.id
    if reason is not None and (DraftKind.DESCRIPTION, reason) not in wanted:
        wanted.append((DraftKind.DESCRIPTION, reason))
    return tuple(
        draft(
            kind,
            s,
            now,
            texts,
            look=look,
            reason=about,
            proposal=_ending(found.proposal, about),
            evidence=there,
        )
        for kind, about in wanted
    )


def _ending(proposal: Proposal | None, reason: str) -> Ending | None:
    """What a text asks for, if what is proposed says so."""
    if proposal is None or proposal.reason.id != reason:
        return None
    match proposal.way, proposal.refund:
        case Way.PRODUCT_RETURN, _:
            return Ending.RETURN
        case _, Refund.PART if "why_part_here" in proposal.why:
            return Ending.PART
    return None


def members_of(known: Known, evidence: Path) -> Iterator[Member]:
    """The files of a dossier, the buyer's from below the root of the `evidence` folders."""
    document = document_of(known)
    yield member("index.html", as_page(document).encode())
    yield member("dossier.txt", as_text(document).encode())
    for path, letter in zip(draft_paths(known.drafts), known.drafts, strict=True):
        yield member(path, printable(letter, known.texts).encode())
    for answer in known.answers:
        yield member(answer.path, answer.body, at_home=answer.shared)
    folder = folder_of(known.seen.order.id)
    for exhibit in known.exhibits:
        if exhibit.path is not None:
            yield Member(exhibit.path, opened_exhibit(evidence, folder, exhibit.original))
