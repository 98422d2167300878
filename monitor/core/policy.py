"""A marketplace's clocks, reasons, checklists, paths and contacts: numbers and words as data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from monitor.core.model import FileKind

#: The facts that a window may count from, as `Clock.starts` has them. "latest estimate": the last day that
#: the goods were promised for; of several parcels, the first of these days.
STARTS = ("latest estimate", "shipped", "delivered", "paid", "ordered")
_ELSE = ", else "

#: What may be put into an address as it is.
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Kind(StrEnum):
    """A marketplace, which protects its own orders; or a way to get money back beside one: the service
    that made the payment, or the law."""

    MARKETPLACE = "marketplace"
    PAYMENT = "payment"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Clock:
    """One number of a policy.

    `value` is a number or a range / list of numbers of `unit` (days, business days, hours, bytes);
    None: the policy sets no limit. `source` says how sure it is: "guide", "public" (seen in public places,
    unverified), "project" (our own choice) or "your configuration"; `reference` says where in the source.
    """

    key: str
    value: int | tuple[int, ...] | None
    unit: str
    counts_from: str
    source: str
    reference: str = ""

    @property
    def starts(self) -> tuple[str, ...]:
        """The facts it counts from, of which the first that is known counts."""
        return tuple(self.counts_from.split(_ELSE))


class EvidenceKind(StrEnum):
    """What a line of a checklist asks for. What is `known` is no file: orderwatch knows it itself."""

    PHOTO = "photo"
    VIDEO = "video"
    SCREENSHOT = "screenshot"
    DOCUMENT = "document"
    KNOWN = "known"

    def takes(self, file: FileKind) -> bool:
        """Whether a file of that kind can be what is asked for: a chat may be a picture or its text."""
        return file in _TAKES[self]


_PAPERS = frozenset({FileKind.PHOTO, FileKind.DOCUMENT})
_TAKES: Mapping[EvidenceKind, frozenset[FileKind]] = {
    EvidenceKind.PHOTO: frozenset({FileKind.PHOTO}),
    EvidenceKind.VIDEO: frozenset({FileKind.VIDEO}),
    EvidenceKind.SCREENSHOT: _PAPERS,
    EvidenceKind.DOCUMENT: _PAPERS,
    EvidenceKind.KNOWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One line of a checklist. `words` name it in the user's language. A file or folder that is called by
    one of `names` ticks it; the first name is the one to suggest. What is `decisive` counts most for the
    reason whose checklist it stands in; what is `optional` is missed by nobody."""

    id: str
    words: str
    kind: EvidenceKind
    names: tuple[str, ...] = ()
    decisive: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """What belongs into any dispute: `always`, once the goods `arrived`, and when they are `returning`."""

    always: tuple[EvidenceItem, ...] = ()
    arrived: tuple[EvidenceItem, ...] = ()
    returning: tuple[EvidenceItem, ...] = ()


class Way(StrEnum):
    """How to ask for money back. Where the app has a path to it, a policy's `paths` has it by this name."""

    REFUND_ONLY = "refund_only"
    PRODUCT_RETURN = "product_return"


class Refund(StrEnum):
    """How much a reason asks back: all of the price, what is missing of it, or a second payment."""

    FULL = "full"
    PART = "part"
    SECOND_PAYMENT = "second_payment"


@dataclass(frozen=True, slots=True)
class DisputeReason:
    """A reason the marketplace accepts for a dispute, and the evidence it asks for. `ways` are those that
    make sense: one alone where there is nothing to send back."""

    id: str
    title: str
    applies: str
    evidence: tuple[EvidenceItem, ...]
    ways: tuple[Way, ...] = ()
    refund: Refund = Refund.FULL

    @property
    def about_goods(self) -> bool:
        """Whether it is about goods that came, so that there is something to show and to send back."""
        return len(self.ways) > 1


@dataclass(frozen=True, slots=True)
class DropOff:
    """Where returns are handed in that one of these operators takes back."""

    operators: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What a marketplace, a payment service or the law grants buyers. `checked_on` is the day somebody last
    compared it. It has all clocks there are; one that it does not know has no value.

    `fallback` names the policies that remain when this one's protection is over, the first to turn to
    first; where they lead on is theirs to say.

    `dossier` is what belongs into any dispute, beside a reason's own evidence; `paths` are ways through
    its app, steps with arrows between them; `aliases`, other names that a step may have there; `drop_offs`,
    where returns are handed in; `contacts`, whom a guide says to turn to, unverified; `order_page`, the
    address of an order's page, with {order} for its id.
    """

    name: str
    title: str
    checked_on: date
    clocks: Mapping[str, Clock]
    reasons: Mapping[str, DisputeReason] = field(default_factory=dict)
    dossier: Dossier = Dossier()
    paths: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop_offs: tuple[DropOff, ...] = ()
    contacts: Mapping[str, str] = field(default_factory=dict)
    order_page: str | None = None
    kind: Kind = Kind.MARKETPLACE
    fallback: tuple[str, ...] = ()

    def page_of(self, order: str) -> str | None:
        """The address of an order's page; None where there is none, or for an id that is no plain word."""
        if self.order_page is None or not _PLAIN_ID.fullmatch(order):
            return None
        return self.order_page.replace("{order}", order)

    def drop_off_of(self, operator: str) -> DropOff | None:
        """Where a return is handed in that an operator of this name (or its first words, `CTT`) takes
        back; None: only they can tell."""
        name = f"{operator.strip().casefold()} "
        for known in self.drop_offs:
            if any(f"{one.casefold()} ".startswith(name) for one in known.operators):
                return known
        return None

    def number(self, key: str) -> int:
        """A clock that is one number; of a range, the shortest. Only for clocks that every policy has."""
        number = self.limit(key)
        if number is None:
            raise KeyError(key)
        return number

    def limit(self, key: str) -> int | None:
        """The same; None where the policy sets no limit, or none is known."""
        value = self.clocks[key].value
        return value if value is None or isinstance(value, int) else min(value, default=None)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A clock's numbers, in the order the policy lists them; none if it sets no limit."""
        value = self.clocks[key].value
        if value is None:
            return ()
        return (value,) if isinstance(value, int) else value
