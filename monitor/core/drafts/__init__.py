"""What a buyer can copy into the marketplace's form or chat: a text for each reason of a dispute, and
those that follow.

Nothing is invented. A sentence whose fact is not known at that time is left out; what only the buyer
can know is asked for in brackets.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.drafts.sentences import letter, placeholders_in, sentences
from monitor.core.drafts.words import DraftWords
from monitor.core.drafts.writing import GOODS, Look, Proposal, Writing
from monitor.core.situation import Situation
from monitor.core.texts import Catalogue

__all__ = [
    "LONGEST",
    "Draft",
    "DraftKind",
    "Proposal",
    "draft",
    "placeholders_in",
    "printable",
    "reason_for",
    "title_of",
]

#: The most characters of a text as it is drafted. The project's own choice: no source tells how much
#: the marketplace's form takes, and what is short is read.
LONGEST = 1000

#: The reason where none is known.
OTHER = "other"


class DraftKind(StrEnum):
    """What a text is for."""

    DESCRIPTION = "description"
    FIRST_CONTACT = "first_contact"
    ASK_SHIPPING = "ask_shipping"
    PROOF_OF_DELIVERY = "proof_of_delivery"
    COUNTER_OFFER = "counter_offer"
    DECLINE_OFFER = "decline_offer"
    MEDIATION = "mediation"
    APPEAL = "appeal"
    ENABLE_DISPUTE = "enable_dispute"
    REFUND_STATUS = "refund_status"
    SECOND_CHARGE = "second_charge"


#: Kinds that are about one reason, whatever the dispute's is.
_ONLY_ABOUT = {
    DraftKind.PROOF_OF_DELIVERY: "wrong_address",
    DraftKind.SECOND_CHARGE: "duplicate_charge",
}
_ENDS_WITH_PROPOSAL = "{proposal}"
#: What can be asked for, by reason, the likeliest first; where nothing came there is nothing to keep or
#: to send back.
_PROPOSALS: Mapping[str, tuple[Proposal, ...]] = {
    **dict.fromkeys((*GOODS, OTHER), (Proposal.FULL, Proposal.PARTIAL, Proposal.RETURN)),
    "missing_parts": (Proposal.PARTIAL, Proposal.FULL, Proposal.RETURN),
    "duplicate_charge": (Proposal.SECOND_CHARGE,),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """One text, in one language.

    `title` says where it goes, `reason` what it is about (a key of `texts.drafts.reasons`). `text` has one
    paragraph a line and at most `LONGEST` characters; `placeholders` are what is left in its brackets.
    `endings` are what else could be asked for in place of its proposal. A `heading` tells that it is not
    the text to send.
    """

    kind: DraftKind
    reason: str
    title: str
    text: str
    placeholders: tuple[str, ...]
    endings: tuple[str, ...]
    heading: str


def draft(
    kind: DraftKind,
    s: Situation,
    now: datetime,
    texts: Catalogue,
    *,
    look: Look,
    reason: str | None = None,
    proposal: Proposal | None = None,
    evidence: Collection[str] = (),
) -> Draft:
    """The text of a kind about an order, from what is known at `now`, in the language of `texts`.

    `look` says when each parcel, by its number, was last read successfully. `reason` is the policy's id;
    without one it is that of the dispute that runs, and one that no text knows counts as "other".
    `proposal` is what to ask for, if not what is usual for the reason. `evidence` are the ids of what is
    there to be attached; nothing else is said to be.
    """
    about = reason_for(kind, s, now, reason, texts)
    written = Writing(s, now, texts, about, Proposal.FULL, look, evidence)
    first, *others = _proposals(written)
    chosen = proposal or first
    template = texts.drafts.letters[kind]
    text = letter(template, DraftWords(written._replace(proposal=chosen)))
    ends = (other for other in (first, *others) if other is not chosen and _ENDS_WITH_PROPOSAL in template)
    return Draft(
        kind=kind,
        reason=about,
        title=title_of(kind, about, texts),
        text=text,
        placeholders=placeholders_in(text),
        endings=tuple(_ending(written, other) for other in ends),
        heading=texts.drafts.heading,
    )


def reason_for(kind: DraftKind, s: Situation, now: datetime, reason: str | None, texts: Catalogue) -> str:
    """What a text is about, as a key of `texts.drafts.reasons`: the kind's own reason, else `reason`, else
    that of the dispute that runs."""
    dispute = s.facts.case.open_dispute
    opened = dispute.reason if dispute is not None and dispute.opened_at <= now else None
    about = _ONLY_ABOUT.get(kind) or reason or opened or OTHER
    return about if about in texts.drafts.reasons else OTHER


def title_of(kind: DraftKind, reason: str, texts: Catalogue) -> str:
    """Where a text goes and what it is: `For the dispute form: customs`."""
    return texts.drafts.titles[kind].format(reason=texts.drafts.reasons[reason].title)


def printable(it: Draft, texts: Catalogue) -> str:
    """A draft as plain text: its title, the text, what is to be filled in, and other endings."""
    phrases = texts.drafts.phrases
    blocks = ["\n".join(line for line in (it.title, it.heading) if line), it.text]
    if it.placeholders:
        blocks.append(_listed(phrases["asks"], it.placeholders))
    if it.endings:
        blocks.append(_listed(phrases["endings"], it.endings))
    return "\n\n".join(blocks) + "\n"


def _listed(heading: str, lines: Collection[str]) -> str:
    return "\n".join((heading, *(f"- {line}" for line in lines)))


def _proposals(w: Writing) -> tuple[Proposal, ...]:
    if w.reason in _PROPOSALS:
        return _PROPOSALS[w.reason]
    return (Proposal.FULL,) if DraftWords(w)["partly"] is None else (Proposal.PART,)


def _ending(w: Writing, proposal: Proposal) -> str:
    return sentences(w.drafts.proposals[proposal], DraftWords(w))
