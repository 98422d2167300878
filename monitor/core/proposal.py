"""What to open a dispute about, and what to ask for: proposed from what is known, decided by the buyer."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.core.model import Money, Phase
from monitor.core.moment import Moment
from monitor.core.policy import DisputeReason, Policy, Refund, Way
from monitor.core.rules import PROBLEMS
from monitor.core.rules.problem import REASON_FOR
from monitor.core.situation import Situation

#: What speaks for a reason beside the rules that tell of a problem.
CANCELLED, CHARGED_TWICE, PROTECTION_ENDING = "dispute_cancelled", "duplicate_charge", "protection_ending"

_WEIGHT = {rule.__name__: weight for weight, rule in enumerate(PROBLEMS)}
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reason, what speaks for it, and what to ask for.

    `because` is the rule that tells of it, or one of `CANCELLED`, `CHARGED_TWICE`, `PROTECTION_ENDING`;
    `moment` is what that rule says. `way` is None where the `questions` decide. `refund` is how much to ask for, `amount` that in money, where it is known. `why` are the
    grounds for the way and the refund. All words of `why` and `questions` are keys of `Catalogue.advice`.
    `also` are the ids of other reasons that something speaks for.
    """

    reason: DisputeReason
    because: str
    moment: Moment | None
    way: Way | None
    refund: Refund
    amount: Money | None
    why: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ground:
    reason: str
    because: str
    moment: Moment | None = None


def propose(
    s: Situation, true: Iterable[Moment], now: datetime, *, blind: Collection[str] = ()
) -> Proposal | None:
    """What to do about an order at `now`; None: nothing speaks for a reason, or a dispute is open already.

    `true` are the moments that hold at `now`. Silence is no ground while its source is among the `blind`.
    """
    if s.phase(now) in {Phase.FINISHED, Phase.DISPUTED}:
        return None
    reasons = s.facts.policy.reasons
    grounds: dict[str, _Ground] = {}
    for ground in _grounds(s, [it for it in true if it.needs_sight not in blind], now):
        if ground.reason in reasons:
            grounds.setdefault(ground.reason, ground)
    if not grounds:
        return None
    first, *others = grounds.values()
    return _resolved(s, reasons[first.reason], first, tuple(ground.reason for ground in others))


def _grounds(s: Situation, true: Iterable[Moment], now: datetime) -> Iterator[_Ground]:
    """What speaks for a reason, the strongest first."""
    true = sorted(true, key=lambda moment: _WEIGHT.get(moment.rule, len(_WEIGHT)))
    for moment in true:
        if moment.rule in REASON_FOR:
            yield _Ground(REASON_FOR[moment.rule], moment.rule, moment)
    case, reasons = s.facts.case, s.facts.policy.reasons
    before = reasons.get((case.dispute.reason if case.dispute is not None else None) or "")
    if before is not None and (before.about_goods or not _is_here(s, now)):
        yield _Ground(before.id, CANCELLED)
    if case.second_charge and case.charged_twice_at is not None and case.charged_twice_at <= now:
        yield _Ground("duplicate_charge", CHARGED_TWICE)
    if not _is_here(s, now):
        ending = (moment for moment in true if moment.rule == PROTECTION_ENDING)
        yield from (_Ground("not_received", PROTECTION_ENDING, moment) for moment in ending)


def _is_here(s: Situation, now: datetime) -> bool:
    return s.facts.case.received_at is not None or (s.delivered_at is not None and s.delivered_at <= now)


def _resolved(s: Situation, reason: DisputeReason, ground: _Ground, also: tuple[str, ...]) -> Proposal:
    way, why, questions = _way(s, reason)
    refund = reason.refund
    if way is Way.PRODUCT_RETURN:
        refund = Refund.FULL
    elif refund is Refund.FULL and _came_in_part(s, ground.moment):
        refund, why = Refund.PART, (*why, "why_part_here")
    if refund is Refund.PART:
        questions = (*questions, "question_part")
    amount = None if refund is Refund.PART else s.facts.order.price
    return Proposal(reason, ground.because, ground.moment, way, refund, amount, why, questions, also)


def _came_in_part(s: Situation, moment: Moment | None) -> bool:
    """Whether what is told of one parcel leaves the others, which are here."""
    parcels = s.facts.shipments
    others = [parcel for parcel in parcels if moment is not None and parcel.number != moment.subject]
    return len(others) < len(parcels) and any(parcel.status == "delivered" for parcel in others)


def _way(s: Situation, reason: DisputeReason) -> tuple[Way | None, tuple[str, ...], tuple[str, ...]]:
    """What to ask for, why, and what is to be asked first. A return pays only if it is neither hard nor
    dear, and the thing is worth it."""
    if len(reason.ways) < 2:
        return next(iter(reason.ways), None), ("why_nothing_back",) if reason.ways else (), ()
    order, policy = s.facts.order, s.facts.policy
    against = {
        "why_cheap": _is_cheap(order.price, policy),
        "why_bulky": order.bulky,
        "why_costly": _is_costly(order.return_cost, order.price, policy),
    }
    speaks = tuple(why for why, holds in against.items() if holds)
    if speaks:
        return Way.REFUND_ONLY, speaks, ()
    asked = {"why_cheap": "question_price", "why_bulky": "question_bulky", "why_costly": "question_cost"}
    unknown = tuple(asked[why] for why, holds in against.items() if holds is None)
    return (None, (), unknown) if unknown else (Way.PRODUCT_RETURN, ("why_worth_it",), ())


def _is_cheap(price: Money | None, policy: Policy) -> bool | None:
    amount = _number(price)
    if price is None or amount is None:
        return None
    limit = policy.clocks.get(f"cheap_up_to.{price.currency}")
    return amount <= limit.value if limit is not None and isinstance(limit.value, int) else None


def _is_costly(cost: Money | None, price: Money | None, policy: Policy) -> bool | None:
    amount, whole, share = _number(cost), _number(price), policy.clocks.get("costly_return_percent")
    if amount is None:
        return None
    if amount == 0:
        return False
    if whole is None or cost is None or price is None or cost.currency != price.currency:
        return None
    return amount * 100 >= share.value * whole if share and isinstance(share.value, int) else None


def _number(money: Money | None) -> float | None:
    return float(money.amount) if money is not None and _AMOUNT.fullmatch(money.amount) else None
