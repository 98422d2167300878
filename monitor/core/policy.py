"""A marketplace's clocks, reasons, paths and contacts: numbers as data, each with its source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

#: What may be put into an address as it is.
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Clock:
    """One number of a policy.

    `value` is a number or a range / list of numbers of `unit` (days, business days, hours, bytes);
    None: the policy sets no limit. `source` is "guide", "public", "project" (our own choice) or
    "your configuration"; `reference` says where in the source.
    """

    key: str
    value: int | tuple[int, ...] | None
    unit: str
    counts_from: str
    source: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DisputeReason:
    """A reason the marketplace accepts for a dispute, and the evidence it asks for."""

    id: str
    title: str
    applies: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a marketplace grants its buyers. `checked_on` is the day somebody last compared it.

    `paths` are ways through its app, steps with arrows between them; `aliases`, other names that a step
    may have there; `contacts`, whom a guide says to turn to, unverified; `order_page`, the address
    of an order's page, with {order} for its id.
    """

    name: str
    title: str
    checked_on: date
    clocks: Mapping[str, Clock]
    reasons: Mapping[str, DisputeReason] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    order_page: str | None = None

    def page_of(self, order: str) -> str | None:
        """The address of an order's page; None where there is none, or for an id that is no plain word."""
        if self.order_page is None or not _PLAIN_ID.fullmatch(order):
            return None
        return self.order_page.replace("{order}", order)

    def number(self, key: str) -> int:
        """A clock that is one number; of a range, the shortest."""
        value = self.clocks[key].value
        if isinstance(value, int):
            return value
        if not value:
            raise KeyError(key)
        return min(value)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A clock's numbers, in the order the policy lists them; none if it sets no limit."""
        value = self.clocks[key].value
        if value is None:
            return ()
        return (value,) if isinstance(value, int) else value
