"""A proposal in words: what to ask for, why, and what only the buyer can answer."""

from dataclasses import dataclass

from monitor.core.messages import topic
from monitor.core.policy import Policy, Way
from monitor.core.proposal import Proposal
from monitor.core.situation import Situation
from monitor.core.texts import Catalogue
from monitor.core.wording import Calendar, money

_ARROW = " → "


@dataclass(frozen=True, slots=True)
class Advice:
    """`because` says what speaks for the reason; `ask`, what to ask for, as the marketplace's app calls it;
    `why` and `questions` are lines."""

    because: str
    ask: str
    why: tuple[str, ...]
    questions: tuple[str, ...]


def advice(proposal: Proposal, s: Situation, calendar: Calendar) -> Advice:
    """What a proposal says at the calendar's `now`, in its language."""
    texts = calendar.texts
    return Advice(
        because=_because(proposal, s, calendar),
        ask=_ask(proposal, s.facts.policy, texts),
        why=tuple(texts.advice[key] for key in proposal.why),
        questions=tuple(texts.advice[key] for key in proposal.questions),
    )


def name_of_way(way: Way, policy: Policy, texts: Catalogue) -> str:
    """What the app calls a way to ask for money back: the last step of its path."""
    path = policy.paths.get(way)
    return texts.advice[way] if path is None else path.rpartition(_ARROW)[2]


def _because(proposal: Proposal, s: Situation, calendar: Calendar) -> str:
    moment, told = proposal.moment, calendar.texts.advice
    if moment is None:
        return told[f"because_{proposal.because}"]
    what = topic(moment, s, calendar.now, calendar.texts)
    return told["because"].format(what=what, since=calendar.when(moment.at))


def _ask(proposal: Proposal, policy: Policy, texts: Catalogue) -> str:
    if proposal.way is None:
        both = {way.value: name_of_way(way, policy, texts) for way in Way}
        return texts.advice["ask_either"].format(**both) if proposal.questions else ""
    way, amount = name_of_way(proposal.way, policy, texts), money(proposal.amount, texts)
    how_much = texts.advice[f"refund_{proposal.refund}"]
    return texts.advice["ask"].format(way=way, how_much=f"{how_much}: {amount}" if amount else how_much)
