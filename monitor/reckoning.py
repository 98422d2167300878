"""By what an order's dates are reckoned and told: the user's calendar and language, and the numbers of
the marketplaces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.case import Case, read_case
from monitor.core.days import Days
from monitor.core.model import Order, Phase, Severity
from monitor.core.policy import Policy
from monitor.core.situation import Facts, situation
from monitor.core.texts import Catalogue
from monitor.policies import chain_of
from monitor.store.records import OrderRecord

#: The marketplace whose numbers count where no order says which.
DEFAULT_POLICY = "aliexpress"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """All of a configuration that dates, and how they are told, depend on."""

    days: Days
    policies: Mapping[str, Policy]
    texts: Catalogue
    repeats: Mapping[Severity, timedelta]

    def policy_of(self, order: Order) -> Policy:
        """The policy of an order's marketplace."""
        return self.policies.get(order.marketplace, self.default_policy)

    @property
    def default_policy(self) -> Policy:
        """The policy whose numbers count for what concerns us, not an order."""
        return self.policies[DEFAULT_POLICY]

    def is_over(self, order: Order, now: datetime) -> bool:
        """Whether an order that nothing more is known of needs no attention any more."""
        facts = Facts(order, (), Case(), self.policy_of(order), self.days)
        return situation(facts).phase(now) is Phase.FINISHED

    def in_use(self, marketplaces: Iterable[str]) -> dict[str, Policy]:
        """The policies that count for orders of these marketplaces (none: for what is to come), each
        followed by what remains after it."""
        used: dict[str, Policy] = {}
        for name in tuple(marketplaces) or (DEFAULT_POLICY,):
            policy = self.policies.get(name, self.default_policy)
            for known in (policy, *chain_of(policy.name, self.policies)):
                used.setdefault(known.name, known)
        return used

    def facts_of(self, record: OrderRecord) -> Facts:
        """The facts the rules work on."""
        policy = self.policy_of(record.order)
        return Facts(
            order=record.order,
            shipments=tuple(parcel.shipment for parcel in record.parcels),
            case=read_case(record.journal),
            policy=policy,
            days=self.days,
            silent_parcels=record.silent_parcels,
            repeats=self.repeats,
            evidence=record.evidence,
            fallbacks=chain_of(policy.name, self.policies),
        )
