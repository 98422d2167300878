"""The words of drafts: what a placeholder of a template stands for, one small function each.

None: it is not known at that time, and no sentence may say it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from monitor.core.drafts.parcel_words import PARCEL_WORDS
from monitor.core.drafts.sentences import foreign, sentences, whole
from monitor.core.drafts.writing import GOODS, Writing
from monitor.core.drafts.written import (
    any_day,
    day_of,
    days_since,
    written_amount,
    written_day,
    written_place,
    written_price,
)
from monitor.core.rules.dispute import refund_start
from monitor.core.wording import counted

_ID = 32
_TITLE = 40
_MARKET = 24
#: More files than these are not named one by one.
_MOST_FILES = 4


class DraftWords(dict[str, str | None]):
    """The words of one draft, each looked up when a template asks for it. What only the buyer can know
    stands in brackets. `given` are words that are settled already."""

    __slots__ = ("_writing",)

    def __init__(self, writing: Writing, **given: str | None) -> None:
        super().__init__(given)
        self._writing = writing

    def __missing__(self, name: str) -> str | None:
        word = WORDS[name](self._writing) if name in WORDS else None
        if word is None and name in self._writing.drafts.asks:
            word = f"[{self._writing.drafts.asks[name]}]"
        self[name] = word
        return word


# The order.


def _which(w: Writing) -> str:
    id_, phrases = whole(w.order.id, _ID), w.drafts.phrases
    return phrases["which"].format(id=id_) if id_ else phrases["which_unnumbered"]


def _protection_end(w: Writing) -> str | None:
    """The last day of protection, if the app told it and it is to come."""
    window = w.s.protection
    if window is None or window.why.estimated or window.end <= w.now:
        return None
    return any_day(w, window.last_day)


# The case.


def _opened_at(w: Writing) -> date | None:
    return day_of(w, w.dispute.opened_at) if w.dispute is not None else None


def _offered(w: Writing) -> str | None:
    offer = w.dispute.offer if w.dispute is not None else None
    return written_amount(w, offer.amount) if offer is not None and offer.since <= w.now else None


def _refund_day(w: Writing, what: str | None = None) -> date | None:
    """Since when money is expected, if that is because of `what` (as `refund_start` calls it)."""
    start = refund_start(w.s)
    if start is None or what not in (None, start[0]):
        return None
    return day_of(w, start[1])


def _refund_wait(w: Writing) -> str | None:
    since = _refund_day(w)
    waited = 0 if since is None else w.s.facts.days.business_days_between(since, w.today)
    return counted("business_days", waited, w.texts) if waited else None


def _dispute_day(w: Writing, instant: Callable[..., datetime | None]) -> str | None:
    return written_day(w, day_of(w, instant(w.dispute))) if w.dispute is not None else None


# Whole sentences.


def _complaint(w: Writing, part: str, **given: str) -> str:
    template = getattr(w.drafts.reasons[w.reason], part)
    assert isinstance(template, str)
    return sentences(template, DraftWords(w, **given))


def _defect_again(w: Writing) -> str:
    """What is wrong, where the order was named already."""
    return _complaint(w, "defect", which=w.drafts.phrases["which_again"])


def _attached(w: Writing) -> str | None:
    """What is there to be attached, in the order of the catalogue; what it does not know is not named."""
    found = (phrase for id_, phrase in w.drafts.evidence.items() if id_ in w.evidence)
    named = [*dict.fromkeys(found)]
    if not named:
        return None
    if len(named) > _MOST_FILES:
        named = [*named[:_MOST_FILES], w.drafts.phrases["more_files"]]
    *things, last = named
    listed = w.drafts.phrases["and"].format(things=", ".join(things), last=last) if things else last
    return w.drafts.phrases["attached"].format(things=listed)


#: What each placeholder of the templates stands for; `asks` of the catalogue are the buyer's own.
WORDS: Mapping[str, Callable[[Writing], str | None]] = {
    **PARCEL_WORDS,
    "agreed": lambda w: written_day(w, _refund_day(w, "agreed")),
    "answered": lambda w: _dispute_day(w, lambda dispute: dispute.seller_answered_at),
    "ask": lambda w: _complaint(w, "ask"),
    "attached": _attached,
    "decided": lambda w: _dispute_day(w, lambda dispute: dispute.decided_at),
    "defect": lambda w: _complaint(w, "defect"),
    "defect_again": _defect_again,
    "facts": lambda w: _complaint(w, "facts") or None,
    "goods": lambda w: "" if w.reason in GOODS else None,
    "home": lambda w: written_place(w.order.deliver_to),
    "issued": lambda w: written_day(w, _refund_day(w, "refund issued")),
    "market": lambda w: foreign(w.policy.title, _MARKET),
    "offered": _offered,
    "open_days": lambda w: days_since(w, _opened_at(w)),
    "opened": lambda w: written_day(w, _opened_at(w)),
    "ordered": lambda w: written_day(w, w.order.ordered_on or w.order.paid_on),
    "ordered_days": lambda w: days_since(w, w.order.ordered_on),
    "paid": lambda w: written_day(w, w.order.paid_on),
    "paid_days": lambda w: days_since(w, w.order.paid_on),
    "price": lambda w: written_price(w, w.order.price),
    "proposal": lambda w: sentences(w.drafts.proposals[w.proposal], DraftWords(w)),
    "protection_end": _protection_end,
    "received": lambda w: written_day(w, day_of(w, w.case.received_at)),
    "refund_wait": _refund_wait,
    "refunded": lambda w: written_amount(w, w.case.refund_amount),
    "shipped": lambda w: written_day(w, w.order.shipped_on),
    "shipped_days": lambda w: days_since(w, w.order.shipped_on),
    "title": lambda w: foreign(w.order.title, _TITLE),
    "which": _which,
    "won": lambda w: written_day(w, _refund_day(w, "decided for you")),
}
