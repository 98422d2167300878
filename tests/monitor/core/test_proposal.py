"""What is proposed: a reason that something speaks for, and what to ask for. What is unknown is asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from monitor.core.advice import Advice, advice, name_of_way
from monitor.core.model import Delivery, Money, Place, Shipment
from monitor.core.policy import Policy, Refund, Way
from monitor.core.proposal import Proposal, propose
from monitor.core.situation import situation
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
from monitor.core.texts.languages import CATALOGUES
from monitor.core.timeline import current, moments_of
from monitor.core.wording import Calendar
from monitor.policies import load_policy
from tests.monitor.core.facts import (
    ALIEXPRESS,
    HOME,
    IN_MADRID,
    a_parcel,
    a_policy,
    an_order,
    at,
    facts,
    recorded,
)

REFUND_ONLY, PRODUCT_RETURN = Way.REFUND_ONLY, Way.PRODUCT_RETURN
HUB = Money("41.90", "EUR")
MOVING = a_parcel("in_transit", "2026-05-25 09:00")
HELD = a_parcel("customs_hold", "2026-05-12 14:00")
ARRIVED = a_parcel("delivered", "2026-05-16 11:20", delivered="2026-05-16 11:20", place=HOME)
IN_SEVILLE = Delivery(at("2026-05-16 11:20"), place=Place("Sevilla", "41001", country="ES"))
ELSEWHERE = replace(ARRIVED, delivery=IN_SEVILLE)
OTHER = "LP00987654321034"


def proposed(
    *parcels: Shipment,
    now: str = "2026-05-26 12:00",
    journal: Sequence[str] = (),
    policy: Policy = ALIEXPRESS,
    blind: Sequence[str] = (),
    **order: Any,
) -> Proposal | None:
    """What is proposed for an order that was shipped on 3 May 2026."""
    known = {"price": HUB, "deliver_to": HOME} | order
    s = situation(facts(an_order(**known), *parcels, case=recorded(*journal), policy=policy))
    true = current(moments_of(s), at(now)).values()
    return propose(s, true, at(now), blind=blind)


# The reason

REASONS: list[tuple[str, dict[str, Any], tuple[Shipment, ...], str, str, tuple[str, ...]]] = [
    ("held by customs", {}, (HELD,), "customs_hold", "customs_hold", ()),
    (
        "before a dispute can be opened",
        {"now": "2026-05-13 12:00"},
        (HELD,),
        "customs_hold",
        "customs_hold",
        (),
    ),
    (
        "late and held",
        {"now": "2026-06-20 12:00"},
        (HELD,),
        "customs_hold",
        "customs_hold",
        ("not_received",),
    ),
    (
        "late",
        {"now": "2026-06-20 12:00"},
        (replace(MOVING, newest=None),),
        "not_received",
        "estimate_missed",
        (),
    ),
    ("late, without a parcel", {"now": "2026-06-20 12:00"}, (), "not_received", "estimate_missed", ()),
    ("no scan", {}, (a_parcel("not_found"),), "no_tracking", "no_tracking", ()),
    ("no news", {}, (a_parcel("in_transit", "2026-05-05 09:00"),), "no_tracking", "tracking_stalled", ()),
    ("going back", {}, (a_parcel("returning", "2026-05-20 09:00"),), "returned_to_seller", "returning", ()),
    ("back", {}, (a_parcel("returned", "2026-05-20 09:00"),), "returned_to_seller", "returned", ()),
    ("lost", {}, (a_parcel("exception", "2026-05-20 09:00"),), "not_received", "parcel_exception", ()),
    ("elsewhere", {}, (ELSEWHERE,), "wrong_address", "delivered_elsewhere", ()),
    (
        "paid twice",
        {"journal": ["2026-05-20 10:00 charged-twice"]},
        (MOVING,),
        "duplicate_charge",
        "duplicate_charge",
        (),
    ),
    (
        "paid twice, and held",
        {"journal": ["2026-05-20 10:00 charged-twice"]},
        (HELD,),
        "customs_hold",
        "customs_hold",
        ("duplicate_charge",),
    ),
    (
        "a dispute was cancelled",
        {
            "journal": [
                "2026-05-18 10:00 dispute-opened reason=missing_parts",
                "2026-05-20 10:00 dispute-cancelled",
            ]
        },
        (ARRIVED,),
        "missing_parts",
        "dispute_cancelled",
        (),
    ),
    (
        "protection nearly over, nothing here",
        {"now": "2026-06-30 12:00", "estimated_delivery": "2026-07-20"},
        (a_parcel("in_transit", "2026-06-28 09:00"),),
        "not_received",
        "protection_ending",
        (),
    ),
]


@pytest.mark.parametrize(
    ("given", "parcels", "reason", "because", "also"),
    [row[1:] for row in REASONS],
    ids=[row[0] for row in REASONS],
)
def test_a_reason_is_proposed_that_something_speaks_for(
    given: dict[str, Any], parcels: tuple[Shipment, ...], reason: str, because: str, also: tuple[str, ...]
) -> None:
    found = proposed(*parcels, **given)
    assert found is not None
    assert (found.reason.id, found.because, found.also) == (reason, because, also)
    assert (found.moment is None) == (because in {"dispute_cancelled", "duplicate_charge"})


NOTHING: list[tuple[str, dict[str, Any], tuple[Shipment, ...]]] = [
    ("under way", {}, (MOVING,)),
    ("delivered", {}, (ARRIVED,)),
    ("just shipped", {"now": "2026-05-05 12:00"}, (MOVING,)),
    ("a dispute is open", {"journal": ["2026-05-20 10:00 dispute-opened reason=customs_hold"]}, (HELD,)),
    ("finished", {"journal": ["2026-05-20 10:00 closed"]}, (HELD,)),
    ("received all the same", {"journal": ["2026-05-20 10:00 received"]}, (ELSEWHERE,)),
    ("paid twice later", {"journal": ["2026-05-27 10:00 charged-twice"]}, (MOVING,)),
    (
        "it came, though late",
        {
            "now": "2026-05-27 12:00",
            "journal": [
                "2026-05-18 10:00 dispute-opened reason=customs_hold",
                "2026-05-20 10:00 dispute-cancelled",
            ],
        },
        (ARRIVED,),
    ),
    ("protection nearly over, all here", {"now": "2026-06-30 12:00"}, (ARRIVED,)),
    ("the policy knows no reasons", {"policy": replace(ALIEXPRESS, reasons={})}, (HELD,)),
    ("silent, but we are blind", {"blind": ["files"]}, (a_parcel("not_found"),)),
]


@pytest.mark.parametrize(("given", "parcels"), [row[1:] for row in NOTHING], ids=[row[0] for row in NOTHING])
def test_where_nothing_speaks_for_a_reason_nothing_is_said(
    given: dict[str, Any], parcels: tuple[Shipment, ...]
) -> None:
    assert proposed(*parcels, **given) is None


def test_what_is_no_silence_counts_though_its_source_is_blind() -> None:
    found = proposed(HELD, blind=["files"])
    assert found is not None
    assert found.reason.id == "customs_hold"


# What to ask for


@pytest.mark.parametrize(
    "parcels",
    [(HELD,), (a_parcel("not_found"),), (ELSEWHERE,), (a_parcel("returned", "2026-05-20 09:00"),)],
    ids=["customs", "no tracking", "elsewhere", "returned"],
)
def test_where_there_is_nothing_to_send_back_all_of_it_is_asked_for(parcels: tuple[Shipment, ...]) -> None:
    found = proposed(*parcels, price=Money("900", "EUR"))
    assert found is not None
    assert (found.way, found.refund, found.amount) == (REFUND_ONLY, Refund.FULL, Money("900", "EUR"))
    assert (found.why, found.questions) == (("why_nothing_back",), ())


def test_what_came_is_not_asked_back() -> None:
    found = proposed(HELD, replace(ARRIVED, number=OTHER))
    assert found is not None
    assert (found.way, found.refund, found.amount) == (REFUND_ONLY, Refund.PART, None)
    assert (found.why, found.questions) == (("why_nothing_back", "why_part_here"), ("question_part",))


def test_of_a_double_charge_the_second_payment_is_asked_for() -> None:
    found = proposed(MOVING, journal=["2026-05-20 10:00 charged-twice"])
    assert found is not None
    assert (found.way, found.refund, found.amount) == (REFUND_ONLY, Refund.SECOND_PAYMENT, HUB)


def of_goods(reason: str = "quality", **given: Any) -> Proposal:
    """What is proposed about goods that are here; the reason is one that the buyer had named."""
    journal = [f"2026-05-18 10:00 dispute-opened reason={reason}", "2026-05-20 10:00 dispute-cancelled"]
    found = proposed(ARRIVED, journal=journal, **given)
    assert found is not None
    return found


EUR_20, EUR_41 = Money("20", "EUR"), Money("41.90", "EUR")
CHEAP, BULKY, COSTLY = "why_cheap", "why_bulky", "why_costly"
IS_IT_CHEAP, IS_IT_BULKY, WHAT_COSTS_IT = "question_price", "question_bulky", "question_cost"


@pytest.mark.parametrize(
    ("order", "way", "why", "questions"),
    [
        # cheap: nothing more is asked
        ({"price": Money("4.20", "EUR")}, REFUND_ONLY, (CHEAP,), ()),
        ({"price": EUR_20}, REFUND_ONLY, (CHEAP,), ()),
        ({"price": Money("20.01", "EUR")}, None, (), (IS_IT_BULKY, WHAT_COSTS_IT)),
        ({"price": Money("85", "PLN")}, REFUND_ONLY, (CHEAP,), ()),
        ({"price": Money("85.01", "PLN"), "bulky": True}, REFUND_ONLY, (BULKY,), ()),
        ({"price": EUR_20, "bulky": True, "return_cost": EUR_20}, REFUND_ONLY, (CHEAP, BULKY, COSTLY), ()),
        # dear
        ({"price": EUR_41, "bulky": True}, REFUND_ONLY, (BULKY,), ()),
        ({"price": EUR_41, "bulky": False}, None, (), (WHAT_COSTS_IT,)),
        ({"price": EUR_41, "return_cost": Money("12.57", "EUR")}, REFUND_ONLY, (COSTLY,), ()),
        ({"price": EUR_41, "return_cost": Money("12.56", "EUR")}, None, (), (IS_IT_BULKY,)),
        (
            {"price": EUR_41, "bulky": False, "return_cost": Money("12.56", "EUR")},
            PRODUCT_RETURN,
            ("why_worth_it",),
            (),
        ),
        (
            {"price": EUR_41, "bulky": False, "return_cost": Money("0", "EUR")},
            PRODUCT_RETURN,
            ("why_worth_it",),
            (),
        ),
        # what cannot be told is asked
        ({"price": None}, None, (), (IS_IT_CHEAP, IS_IT_BULKY, WHAT_COSTS_IT)),
        ({"price": None, "return_cost": Money("0", "EUR")}, None, (), (IS_IT_CHEAP, IS_IT_BULKY)),
        ({"price": None, "return_cost": EUR_20}, None, (), (IS_IT_CHEAP, IS_IT_BULKY, WHAT_COSTS_IT)),
        ({"price": Money("9", "XAF")}, None, (), (IS_IT_CHEAP, IS_IT_BULKY, WHAT_COSTS_IT)),
        ({"price": Money("much", "EUR")}, None, (), (IS_IT_CHEAP, IS_IT_BULKY, WHAT_COSTS_IT)),
        (
            {"price": EUR_41, "return_cost": Money("1", "USD")},
            None,
            (),
            (IS_IT_BULKY, WHAT_COSTS_IT),
        ),
    ],
)
def test_a_return_pays_only_if_it_is_neither_hard_nor_dear(
    order: dict[str, Any], way: str | None, why: tuple[str, ...], questions: tuple[str, ...]
) -> None:
    found = of_goods(**order)
    assert (found.way, found.why, found.questions) == (way, why, questions)
    assert (found.refund, found.amount) == (Refund.FULL, order["price"])


def test_of_what_is_missing_its_worth_is_asked_for_unless_all_goes_back() -> None:
    cheap = of_goods("missing_parts", price=EUR_20)
    assert (cheap.way, cheap.refund, cheap.amount) == (REFUND_ONLY, Refund.PART, None)
    assert cheap.questions == ("question_part",)
    easy = of_goods("missing_parts", price=EUR_41, bulky=False, return_cost=Money("0", "EUR"))
    assert (easy.way, easy.refund, easy.amount) == (PRODUCT_RETURN, Refund.FULL, EUR_41)


def test_the_limits_are_the_policys() -> None:
    dear = a_policy(**{"cheap_up_to.EUR": 50})
    assert of_goods(price=EUR_41, policy=dear).why == (CHEAP,)
    strict = a_policy(costly_return_percent=50)
    cost = Money("20", "EUR")
    assert of_goods(price=EUR_41, return_cost=cost).why == (COSTLY,)
    assert of_goods(price=EUR_41, return_cost=cost, policy=strict).questions == (IS_IT_BULKY,)


def test_a_policy_without_such_limits_asks() -> None:
    clocks = {
        key: clock for key, clock in ALIEXPRESS.clocks.items() if "cheap" not in key and "costly" not in key
    }
    found = of_goods(price=EUR_41, return_cost=EUR_20, policy=replace(ALIEXPRESS, clocks=clocks))
    assert found.questions == (IS_IT_CHEAP, IS_IT_BULKY, WHAT_COSTS_IT)


def test_a_policy_that_names_no_ways_proposes_none() -> None:
    reasons = {id_: replace(reason, ways=()) for id_, reason in ALIEXPRESS.reasons.items()}
    found = proposed(HELD, policy=replace(ALIEXPRESS, reasons=reasons))
    assert found is not None
    assert (found.way, found.why, found.questions) == (None, (), ())


# In words


def said(found: Proposal | None, texts: Catalogue, *parcels: Shipment, journal: Sequence[str] = ()) -> Advice:
    assert found is not None
    policy = load_policy("aliexpress", language=texts.language)
    s = situation(facts(an_order(price=HUB), *parcels, case=recorded(*journal), policy=policy))
    return advice(found, s, Calendar.at(at("2026-05-26 12:00"), IN_MADRID, texts))


def test_what_is_said() -> None:
    assert said(proposed(HELD), ENGLISH, HELD) == Advice(
        because="Customs hold, Tue 12 May",
        ask="Refund Only, all of it: €41.90",
        why=("there is nothing to send back",),
        questions=(),
    )
    assert said(proposed(HELD), SPANISH, HELD) == Advice(
        because="Retenido en la aduana, mar 12 may",
        ask="Solo reembolso, todo: 41,90 €",
        why=("no hay nada que devolver",),
        questions=(),
    )


def test_what_is_asked() -> None:
    told = said(of_goods(price=EUR_41), ENGLISH)
    assert told.because == "you opened a dispute about it, and cancelled it"
    assert told.ask == "Product Return; but Refund Only if one of your answers is yes"
    assert told.questions == (
        "Is it bulky or heavy?",
        "Would sending it back cost you much? (Nothing, if the listing says free returns.)",
    )


def test_how_much_is_asked_for() -> None:
    assert said(of_goods("missing_parts", price=EUR_20), ENGLISH).ask == "Refund Only, a part of it"
    twice = proposed(MOVING, journal=["2026-05-20 10:00 charged-twice"])
    assert said(twice, ENGLISH).ask == "Refund Only, the second payment: €41.90"
    assert said(twice, ENGLISH).because == "you recorded that you paid twice"
    assert said(proposed(HELD, price=None), ENGLISH, HELD).ask == "Refund Only, all of it"


def test_where_no_way_is_known_nothing_is_to_be_asked_for() -> None:
    reasons = {id_: replace(reason, ways=()) for id_, reason in ALIEXPRESS.reasons.items()}
    assert said(proposed(HELD, policy=replace(ALIEXPRESS, reasons=reasons)), ENGLISH, HELD).ask == ""


@pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))
def test_a_way_is_called_as_the_app_calls_it(texts: Catalogue) -> None:
    policy = load_policy("aliexpress", language=texts.language)
    for way in (REFUND_ONLY, PRODUCT_RETURN):
        assert name_of_way(way, policy, texts) == texts.advice[way]
        assert name_of_way(way, replace(policy, paths={}), texts) == texts.advice[way]


@pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))
def test_all_that_a_proposal_may_say_has_words(texts: Catalogue) -> None:
    keys = {CHEAP, BULKY, COSTLY, "why_worth_it", "why_nothing_back", "why_part_here"}
    keys |= {IS_IT_CHEAP, IS_IT_BULKY, WHAT_COSTS_IT, "question_part"}
    keys |= {f"refund_{refund}" for refund in Refund} | {REFUND_ONLY, PRODUCT_RETURN}
    keys |= {"because", "because_dispute_cancelled", "because_duplicate_charge", "ask", "ask_either"}
    assert texts.advice.keys() == keys
