"""Which texts fit an order now, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.drafts import DraftKind, reason_for, title_of
from monitor.core.drafts.writing import Look, is_in_sight
from monitor.core.moment import Moment
from monitor.core.rules import PROBLEMS
from monitor.core.rules.dispute import REFUND_OVERDUE
from monitor.core.rules.problem import REASON_FOR
from monitor.core.situation import Situation
from monitor.core.texts import Catalogue
from monitor.core.timeline import current, moments_of

#: What a rule makes fit, also while a dispute is open.
_FITS: Mapping[str, tuple[DraftKind, ...]] = {
    "not_shipped": (DraftKind.ASK_SHIPPING,),
    "delivered_elsewhere": (DraftKind.PROOF_OF_DELIVERY,),
    "delivered_unconfirmed": (DraftKind.PROOF_OF_DELIVERY,),
    "duplicate_charge": (DraftKind.SECOND_CHARGE,),
    "escalation_available": (DraftKind.MEDIATION,),
    "seller_silent": (DraftKind.MEDIATION,),
    "becomes_claim": (DraftKind.MEDIATION,),
    "mediation_overdue": (DraftKind.MEDIATION,),
    "answer_due": (DraftKind.COUNTER_OFFER, DraftKind.DECLINE_OFFER),
    "appeal_possible": (DraftKind.APPEAL,),
    "refund_due": (DraftKind.REFUND_STATUS,),
}
#: The problems in the order of their weight, and the reason for a dispute that each of them is.
_REASONS = {rule.__name__: REASON_FOR[rule.__name__] for rule in PROBLEMS} | {
    "duplicate_charge": "duplicate_charge"
}
#: What waits for the buyer, then what opens a way, then what asks.
_ORDER = (
    DraftKind.COUNTER_OFFER,
    DraftKind.DECLINE_OFFER,
    DraftKind.APPEAL,
    DraftKind.MEDIATION,
    DraftKind.ENABLE_DISPUTE,
    DraftKind.DESCRIPTION,
    DraftKind.SECOND_CHARGE,
    DraftKind.REFUND_STATUS,
    DraftKind.PROOF_OF_DELIVERY,
    DraftKind.FIRST_CONTACT,
    DraftKind.ASK_SHIPPING,
)


@dataclass(frozen=True, slots=True)
class Fitting:
    """A text that fits now: what `draft` takes to write it, its title, and why it fits, in a sentence."""

    kind: DraftKind
    reason: str
    title: str
    why: str


def fitting(s: Situation, now: datetime, texts: Catalogue, *, look: Look) -> tuple[Fitting, ...]:
    """The texts that fit an order at `now`, what is most pressing first, in the language of `texts`.

    `look` says when each parcel, by its number, was last read successfully: silence of one that could
    not be read is no problem yet. Of an order that is finished nothing fits.
    """
    if s.finished_at is not None and s.finished_at <= now:
        return ()
    found: dict[tuple[DraftKind, str], Fitting] = {}
    for kind, reason, rule in _candidates(s, now, look):
        about = reason_for(kind, s, now, reason, texts)
        it = Fitting(kind, about, title_of(kind, about, texts), texts.drafts.why[rule])
        found.setdefault((kind, about), it)
    return tuple(sorted(found.values(), key=lambda it: _rank(it.kind, disputable=s.disputable(now))))


def _rank(kind: DraftKind, *, disputable: bool) -> tuple[int, bool]:
    """What is sent first; the seller is asked before the form is filled in while there is no form yet."""
    ahead = kind is DraftKind.FIRST_CONTACT and not disputable
    return _ORDER.index(DraftKind.DESCRIPTION if ahead else kind), not ahead


def _candidates(s: Situation, now: datetime, look: Look) -> Iterator[tuple[DraftKind, str | None, str]]:
    """Kind, reason (None: that of the dispute) and the rule that tells why."""
    rules = _true(s, now, look)
    for rule, kinds in _FITS.items():
        for kind in kinds if rule in rules else ():
            yield kind, None, rule
    dispute, no_button = s.facts.case.open_dispute, s.facts.case.no_button_at
    if dispute is not None and dispute.opened_at <= now:
        return
    problems = [rule for rule in _REASONS if rule in rules]
    for rule in problems:
        yield DraftKind.DESCRIPTION, _REASONS[rule], rule
    main = _REASONS[problems[0]] if problems else None
    if no_button is not None and no_button <= now:
        yield DraftKind.ENABLE_DISPUTE, main, "no_button"
    if problems and problems[0] in REASON_FOR:
        yield DraftKind.FIRST_CONTACT, main, problems[0]


def _true(s: Situation, now: datetime, look: Look) -> set[str]:
    """The rules that hold at `now` and ask for a text. A parcel that another order speaks for is a
    problem of this one too."""
    alone = replace(s, facts=replace(s.facts, silent_parcels=frozenset()))
    moments = current(moments_of(alone), now).values()
    return {moment.rule for moment in moments if _asks(moment) and _is_seen(moment, s, now, look)}


def _asks(moment: Moment) -> bool:
    match moment.rule:
        case "answer_due":
            return bool(moment.detail["offer"])
        case "refund_due":
            return moment.stage == REFUND_OVERDUE
    return True


def _is_seen(moment: Moment, s: Situation, now: datetime, look: Look) -> bool:
    """Whether it is more than our own blindness."""
    if moment.needs_sight is None:
        return True
    parcels = (parcel for parcel in s.facts.shipments if parcel.number == moment.subject)
    return all(is_in_sight(parcel, s, look, now) for parcel in parcels)
