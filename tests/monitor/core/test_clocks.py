"""What each policy's clock counts from: given what is known of an order, its last day, when that ends, and
why it is that day."""

from dataclasses import dataclass

import pytest

from monitor.core.case import Case
from monitor.core.clocks import Why, Window
from monitor.core.days import Days
from monitor.core.model import Order, Shipment
from monitor.core.policy import Policy
from monitor.core.situation import situation
from monitor.policies import load_policy
from tests.monitor.core.facts import (
    ALIEXPRESS,
    AUCKLAND,
    IN_MADRID,
    LOS_ANGELES,
    MADRID,
    a_parcel,
    a_policy,
    an_order,
    facts,
    recorded,
    shown,
)

#: An order of which no day is known.
BARE = {"shipped_on": None, "shipping": None}
NOBODY = Case()


@dataclass(frozen=True)
class Row:
    """The window of a policy for an order; None: no window. All in Madrid."""

    policy: str
    case: str
    order: Order
    last: str | None
    why: str = ""
    parcels: tuple[Shipment, ...] = ()
    journal: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.policy}: {self.case}"


def paid(**changes: str) -> Order:
    return an_order(**BARE | {"ordered_on": "2026-04-30", "paid_on": "2026-05-01"} | changes)


def ordered(**changes: str) -> Order:
    return an_order(**BARE | {"ordered_on": "2026-04-30"} | changes)


MOVING = a_parcel("in_transit", "2026-05-04 10:00", moving_since="2026-05-04 10:00", edd="2026-05-20")
LATER = a_parcel(
    "in_transit", "2026-05-06 10:00", moving_since="2026-05-06 10:00", edd="2026-05-25", number="LP2"
)
UNPROMISED = a_parcel("in_transit", "2026-05-04 10:00", moving_since="2026-05-04 10:00")
HERE = a_parcel("delivered", "2026-05-16 11:20", delivered="2026-05-16 11:20")
AT_MIDNIGHT = a_parcel("delivered", "2026-05-16 00:00", delivered="2026-05-16 00:00")
BEFORE_MIDNIGHT = a_parcel("delivered", "2026-05-16 23:59", delivered="2026-05-16 23:59")


def of_the_estimate(
    policy: str, days: int, promised: str, carrier: str, shipped: str, first: str
) -> list[Row]:
    """Counted from the latest estimate, else from shipping, else from payment."""
    clock = f"+ {days} days ({policy} policy: public)"
    return [
        Row(
            policy,
            "the seller's promise",
            paid(shipped_on="2026-05-03", estimated_delivery="2026-05-20"),
            promised,
            f"the seller promised 20 May 2026 {clock}",
        ),
        Row(
            policy,
            "the promise beats the carrier",
            paid(estimated_delivery="2026-05-20"),
            promised,
            f"the seller promised 20 May 2026 {clock}",
            (LATER,),
        ),
        Row(
            policy,
            "the carrier's",
            paid(),
            carrier,
            f"the carrier expects 20 May 2026 {clock}, estimated",
            (MOVING,),
        ),
        Row(
            policy,
            "of two parcels the first estimate",
            paid(),
            carrier,
            f"the carrier expects 20 May 2026 {clock}, estimated",
            (LATER, MOVING),
        ),
        Row(
            policy,
            "nobody promised",
            paid(shipped_on="2026-05-03"),
            shipped,
            f"shipped 3 May 2026 {clock}, estimated",
        ),
        Row(
            policy,
            "the first scan",
            paid(),
            first,
            f"first scan 4 May 2026 {clock}, estimated",
            (UNPROMISED,),
        ),
    ]


ROWS = [
    # paypal: 180 days from payment
    Row("paypal", "paid", paid(), "2026-10-28", "paid 1 May 2026 + 180 days (paypal policy: public)"),
    Row(
        "paypal",
        "only ordered",
        ordered(),
        "2026-10-27",
        "ordered 30 Apr 2026 + 180 days (paypal policy: public), estimated",
    ),
    Row("paypal", "only shipped", an_order(), None),
    # card: 120 days from the expected delivery, at most 540 from payment
    *of_the_estimate("card", 120, "2026-09-17", "2026-09-17", "2026-08-31", "2026-09-01"),
    Row(
        "card",
        "only paid",
        paid(),
        "2026-08-29",
        "paid 1 May 2026 + 120 days (card policy: public), estimated",
    ),
    Row(
        "card",
        "a day before the cap",
        paid(estimated_delivery="2027-06-24"),
        "2027-10-22",
        "the seller promised 24 Jun 2027 + 120 days (card policy: public)",
    ),
    Row(
        "card",
        "on the day of the cap",
        paid(estimated_delivery="2027-06-25"),
        "2027-10-23",
        "the seller promised 25 Jun 2027 + 120 days (card policy: public)",
    ),
    Row(
        "card",
        "a day after the cap",
        paid(estimated_delivery="2027-06-26"),
        "2027-10-23",
        "paid 1 May 2026 + 540 days (card policy: public)",
    ),
    Row(
        "card",
        "when it was paid is not known, so no cap either",
        an_order(**BARE, estimated_delivery="2028-06-26"),
        "2028-10-24",
        "the seller promised 26 Jun 2028 + 120 days (card policy: public)",
    ),
    # the marketplaces
    *of_the_estimate("ebay", 30, "2026-06-19", "2026-06-19", "2026-06-02", "2026-06-03"),
    *of_the_estimate("amazon", 90, "2026-08-18", "2026-08-18", "2026-08-01", "2026-08-02"),
    *of_the_estimate("etsy", 100, "2026-08-28", "2026-08-28", "2026-08-11", "2026-08-12"),
    Row(
        "ebay",
        "only ordered",
        ordered(),
        "2026-05-30",
        "ordered 30 Apr 2026 + 30 days (ebay policy: public), estimated",
    ),
    Row("temu", "ordered", paid(), "2026-07-29", "ordered 30 Apr 2026 + 90 days (temu policy: public)"),
    Row(
        "temu",
        "only paid",
        an_order(**BARE, paid_on="2026-05-01"),
        "2026-07-30",
        "paid 1 May 2026 + 90 days (temu policy: public), estimated",
    ),
    # eu-withdrawal: 14 days from receipt
    Row("eu-withdrawal", "not delivered", paid(), None, parcels=(MOVING,)),
    Row(
        "eu-withdrawal",
        "delivered, as the carrier says",
        paid(),
        "2026-05-30",
        "delivered 16 May 2026 + 14 days (eu-withdrawal policy: public), estimated",
        (HERE,),
    ),
    *(
        Row(
            "eu-withdrawal",
            "any minute of the day is the day",
            paid(),
            "2026-05-30",
            "delivered 16 May 2026 + 14 days (eu-withdrawal policy: public), estimated",
            (parcel,),
        )
        for parcel in (AT_MIDNIGHT, BEFORE_MIDNIGHT)
    ),
    Row(
        "eu-withdrawal",
        "received, says the buyer later",
        paid(),
        "2026-05-30",
        "delivered 16 May 2026 + 14 days (eu-withdrawal policy: public)",
        (HERE,),
        ("2026-05-19 18:00 received",),
    ),
    Row(
        "eu-withdrawal",
        "only the buyer says so",
        paid(),
        "2026-06-02",
        "delivered 19 May 2026 + 14 days (eu-withdrawal policy: public)",
        (),
        ("2026-05-19 18:00 received",),
    ),
    Row("eu-withdrawal", "one of two parcels is here", paid(), None, parcels=(HERE, LATER)),
]  # fmt: skip


def fallback(row: Row, days: Days = IN_MADRID, policy: Policy = ALIEXPRESS) -> Window | None:
    """The window that a policy has as what remains after another."""
    given = facts(
        row.order, *row.parcels, case=recorded(*row.journal), policy=policy, days=days, fallbacks=row.policy
    )
    (found,) = situation(given).fallbacks
    assert found.policy.name == row.policy
    return found.window


#: Of what nobody promised AliExpress has a table; the others have not.
WITHOUT_TABLE = load_policy("temu")


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_until_when_a_fallback_is_open(row: Row) -> None:
    window = fallback(row, policy=WITHOUT_TABLE)
    if row.last is None:
        assert window is None
        return
    assert window is not None
    assert (window.last_day.isoformat(), str(window.why)) == (row.last, row.why)
    assert window.end == IN_MADRID.end_of(window.last_day)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_as_a_marketplace_it_is_the_same_and_estimated(row: Row) -> None:
    given = facts(row.order, *row.parcels, case=recorded(*row.journal), policy=load_policy(row.policy))
    window = situation(given).protection
    if row.last is None:
        assert window is None
        return
    assert window is not None
    marked = row.why if row.why.endswith(", estimated") else f"{row.why}, estimated"
    assert (window.last_day.isoformat(), str(window.why)) == (row.last, marked)


@pytest.mark.parametrize("policy", ["ebay", "amazon", "etsy", "temu", "paypal", "card", "eu-withdrawal"])
def test_the_counter_in_the_app_beats_every_clock(policy: str) -> None:
    window = situation(facts(paid(protection_until="2026-12-15"), policy=load_policy(policy))).protection
    assert window is not None
    assert (window.last_day.isoformat(), str(window.why)) == ("2026-12-15", "protection until 15 Dec 2026")


def test_a_marketplaces_table_stands_for_an_estimate_that_nobody_gave() -> None:
    """AliExpress has one; its last day is a clock that another clock counts from."""
    window = fallback(Row("card", "", an_order(paid_on="2026-05-01"), ""))
    assert window is not None
    assert (window.last_day.isoformat(), str(window.why)) == (
        "2026-10-15",
        "shipped 3 May 2026 + 45 days (aliexpress policy: guide) + 120 days (card policy: public), estimated",
    )


def test_a_cap_alone_opens_nothing() -> None:
    policy = load_policy("eu-withdrawal", {"protection_cap_days": 30})
    assert situation(facts(paid(), policy=policy)).protection is None


ENDS = [  # the zones, and the end in Madrid's time
    (Days(MADRID), "2026-10-29 00:00"),
    (Days(AUCKLAND), "2026-10-28 12:00"),
    (Days(LOS_ANGELES), "2026-10-29 08:00"),
    (Days(MADRID, deadline_zone=AUCKLAND), "2026-10-28 12:00"),
]


@pytest.mark.parametrize(("days", "end"), ENDS)
def test_it_ends_with_the_buyers_day_or_the_platforms(days: Days, end: str) -> None:
    window = fallback(Row("paypal", "", paid(), ""), days)
    assert window is not None
    assert shown(window.end) == end


OPENABLE = [  # policy, order, parcels, from when on, why
    ("ebay", paid(estimated_delivery="2026-05-20"), (), "2026-05-21 09:00", "the seller promised 20 May 2026 + 1 day (ebay policy: public)"),
    ("amazon", paid(estimated_delivery="2026-05-20"), (), "2026-05-23 09:00", "the seller promised 20 May 2026 + 3 days (amazon policy: public)"),
    ("etsy", paid(), (MOVING,), "2026-05-21 09:00", "the carrier expects 20 May 2026 + 1 day (etsy policy: public), estimated"),
    ("paypal", paid(), (), "2026-05-01 09:00", "paid 1 May 2026 + 0 days (paypal policy: public)"),
    ("ebay", paid(), (), None, "None"),
    ("ebay", an_order(), (), None, "None"),
    ("temu", paid(estimated_delivery="2026-05-20"), (), None, "None"),
    ("card", paid(), (), None, "None"),
    ("eu-withdrawal", paid(), (HERE,), None, "None"),
    # Nobody waits for goods that are there; they may also come later than promised.
    ("ebay", paid(estimated_delivery="2026-05-20"), (HERE,), "2026-05-16 11:20", "delivered 16 May 2026"),
    ("ebay", paid(estimated_delivery="2026-05-10"), (HERE,), "2026-05-11 09:00", "the seller promised 10 May 2026 + 1 day (ebay policy: public)"),
    ("aliexpress", an_order(shipped_on="2026-05-14"), (HERE,), "2026-05-25 09:00", "shipped 14 May 2026 + 11 days (aliexpress policy: guide)"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "order", "parcels", "at", "why"), OPENABLE)
def test_from_when_a_dispute_can_be_opened(
    policy: str, order: Order, parcels: tuple[Shipment, ...], at: str | None, why: str
) -> None:
    s = situation(facts(order, *parcels, policy=load_policy(policy)))
    assert (shown(s.openable_at), str(s.openable_why)) == (at, why)


def test_a_why_of_two_clocks_can_be_spoken_of_earlier() -> None:
    why = Why("shipped", an_order().shipped_on).plus(ALIEXPRESS, "delivery_estimate.standard", 45)
    twice = why.plus(a_policy("card"), "protection_days", 120).guessed()
    assert twice.guessed() is twice
    assert str(twice.before(14)) == (
        "shipped 3 May 2026 + 45 days (aliexpress policy: guide)"
        " + 120 days (card policy: public), estimated, 14 days before"
    )
