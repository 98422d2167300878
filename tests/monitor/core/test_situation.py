"""One order's dates, and why they are what they are."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from monitor.core.days import Days
from monitor.core.model import Order, Phase, Shipment, Shipping
from monitor.core.situation import Facts, Why, latest_estimate, situation, written
from tests.monitor.core.facts import (
    ALIEXPRESS,
    AUCKLAND,
    LOS_ANGELES,
    a_parcel,
    a_policy,
    an_order,
    at,
    day,
    facts,
    recorded,
    shown,
)
from tests.monitor.core.strategies import INSTANTS, all_facts

DELIVERED = a_parcel("delivered", "2026-05-20 18:40")
LATE = a_parcel("delivered", "2026-06-25 10:00")

SHIPPED = Why("shipped", day("2026-05-03"))

WHYS = [
    (SHIPPED, "shipped 3 May 2026"),
    (Why("held by customs"), "held by customs"),
    (
        SHIPPED.plus(ALIEXPRESS, "protection_days", 60),
        "shipped 3 May 2026 + 60 days (aliexpress policy: guide)",
    ),
    (
        SHIPPED.plus(ALIEXPRESS, "refund_days", 1),
        "shipped 3 May 2026 + 1 business day (aliexpress policy: guide)",
    ),
    (
        replace(SHIPPED, estimated=True).plus(ALIEXPRESS, "protection_days", 60).before(3),
        "shipped 3 May 2026 + 60 days (aliexpress policy: guide), estimated, 3 days before",
    ),
    (SHIPPED.before(1), "shipped 3 May 2026, 1 day before"),
    (SHIPPED.before(48, "hours"), "shipped 3 May 2026, 48 hours before"),
    (SHIPPED.before(1, "hours"), "shipped 3 May 2026, 1 hour before"),
]


@pytest.mark.parametrize(("why", "text"), WHYS)
def test_a_date_says_why(why: Why, text: str) -> None:
    assert str(why) == text


def test_a_day_is_written_without_zeros() -> None:
    assert written(day("2026-05-03")) == "3 May 2026"
    assert written(at("2026-12-31 23:59")) == "31 Dec 2026"


MOVED = a_parcel("in_transit", "2026-05-12 10:00", moving_since="2026-05-05 23:30")
ESTIMATES = [
    (an_order(), None, "2026-06-17", "shipped 3 May 2026 + 45 days (aliexpress policy: guide)"),
    (
        an_order(shipping=None),
        None,
        "2026-06-17",
        "shipped 3 May 2026 + 45 days (aliexpress policy: guide), estimated",
    ),
    (
        an_order(shipping="epacket"),
        None,
        "2026-05-23",
        "shipped 3 May 2026 + 20 days (aliexpress policy: guide)",
    ),
    (
        an_order(shipping="premium"),
        None,
        "2026-05-18",
        "shipped 3 May 2026 + 15 days (aliexpress policy: guide)",
    ),
    (
        an_order(shipped_on=None),
        MOVED,
        "2026-06-19",
        "first scan 5 May 2026 + 45 days (aliexpress policy: guide), estimated",
    ),
    (
        an_order(),
        replace(MOVED, edd=a_parcel(edd="2026-06-01").edd),
        "2026-06-01",
        "the carrier expects 1 Jun 2026",
    ),
    (
        an_order(estimated_delivery="2026-06-03"),
        replace(MOVED, edd=a_parcel(edd="2026-06-01").edd),
        "2026-06-03",
        "the seller promised 3 Jun 2026",
    ),
]


@pytest.mark.parametrize(("order", "parcel", "last_day", "why"), ESTIMATES)
def test_the_latest_estimate(order: Order, parcel: Shipment | None, last_day: str, why: str) -> None:
    known = facts(order, *([parcel] if parcel is not None else []))
    estimate = latest_estimate(known, situation(known).shipped, parcel)
    assert estimate is not None
    assert (estimate[0], str(estimate[1])) == (day(last_day), why)


def test_an_estimate_without_any_date_is_none() -> None:
    assert latest_estimate(facts(an_order(shipped_on=None)), None, None) is None


def test_every_shipping_method_has_a_table() -> None:
    for shipping in Shipping:
        assert ALIEXPRESS.numbers(f"delivery_estimate.{shipping}")


WINDOWS = [
    # order, parcels, journal → safe until, possibly until
    ("nothing known", facts(an_order(shipped_on=None)), None, None),
    ("shipped", facts(an_order()), "2026-07-03 00:00", "2026-07-03 00:00"),
    (
        "delivered early: the 15 days end first",
        facts(an_order(), DELIVERED),
        "2026-06-04 18:40",
        "2026-07-03 00:00",
    ),
    (
        "delivered late: the protection ends first",
        facts(an_order(), LATE),
        "2026-07-03 00:00",
        "2026-07-10 10:00",
    ),
    (
        "the app's counter",
        facts(an_order(protection_until="2026-06-30"), LATE),
        "2026-07-01 00:00",
        "2026-07-10 10:00",
    ),
    (
        "only the buyer knows that it came",
        facts(an_order(shipped_on=None), case=recorded("2026-05-20 18:40 received")),
        "2026-06-04 18:40",
        "2026-06-04 18:40",
    ),
]


@pytest.mark.parametrize(("case", "known", "safe", "possibly"), WINDOWS)
def test_safe_until_and_possibly_until(
    case: str, known: Facts, safe: str | None, possibly: str | None
) -> None:
    s = situation(known)
    assert (shown(s.safe_until), shown(s.possibly_until)) == (safe, possibly)


def test_act_by_leaves_the_margin() -> None:
    s = situation(facts(an_order()))
    assert shown(s.act_by(s.safe_until)) == "2026-07-02 12:00"
    assert s.act_by(None) is None
    careful = situation(facts(an_order(), policy=a_policy(safety_margin_hours=36)))
    assert shown(careful.act_by(careful.safe_until)) == "2026-07-01 12:00"


CLOSED = "closed by you 21 May 2026"
FINISHED = [
    ("nothing known", facts(an_order(shipped_on=None)), None),
    (
        "30 days after protection",
        facts(an_order()),
        (
            "2026-08-02 00:00",
            "long_over",
            "the last window closed 2 Jul 2026 + 30 days (aliexpress policy: project)",
        ),
    ),
    (
        "30 days after the later of two windows",
        facts(an_order(), LATE),
        (
            "2026-08-09 10:00",
            "long_over",
            "the last window closed 10 Jul 2026 + 30 days (aliexpress policy: project)",
        ),
    ),
    (
        "the user's own rest",
        facts(an_order(), policy=a_policy(rest_after_days=5)),
        (
            "2026-07-08 00:00",
            "long_over",
            "the last window closed 2 Jul 2026 + 5 days (aliexpress policy: your configuration)",
        ),
    ),
    (
        "received: with the 15 days",
        facts(an_order(), DELIVERED, case=recorded("2026-05-21 12:00 received")),
        (
            "2026-06-04 18:40",
            "received",
            "received, and delivered 20 May 2026 + 15 days (aliexpress policy: guide)",
        ),
    ),
    (
        "received, and no tracking tells when",
        facts(an_order(), case=recorded("2026-05-21 12:00 received")),
        ("2026-06-05 12:00", "received", "received 21 May 2026 + 15 days (aliexpress policy: guide)"),
    ),
    (
        "all fine: at once",
        facts(an_order(), case=recorded("2026-05-21 12:00 all-fine")),
        ("2026-05-21 12:00", "all_fine", "checked by you, and all fine 21 May 2026"),
    ),
    (
        "closed: at once",
        facts(an_order(), case=recorded("2026-05-21 12:00 closed")),
        ("2026-05-21 12:00", "closed", CLOSED),
    ),
    (
        "closed, with a dispute open",
        facts(an_order(), case=recorded("2026-05-20 12:00 dispute-opened", "2026-05-21 12:00 closed")),
        ("2026-05-21 12:00", "closed", CLOSED),
    ),
    (
        "the money is back",
        facts(an_order(), case=recorded("2026-05-21 12:00 refund-received")),
        ("2026-05-21 12:00", "refund_received", "refund received 21 May 2026"),
    ),
    ("a dispute runs", facts(an_order(), case=recorded("2026-05-21 12:00 dispute-opened")), None),
    (
        "a dispute runs, whatever the marketplace says",
        facts(an_order(status="finished"), case=recorded("2026-05-21 12:00 dispute-opened")),
        None,
    ),
    ("charged twice", facts(an_order(), case=recorded("2026-05-21 12:00 charged-twice")), None),
    (
        "a refund is on its way, whatever the marketplace says",
        facts(an_order(status="finished"), case=recorded("2026-05-21 12:00 refund-issued")),
        None,
    ),
    (
        "a refund is on its way, though the goods are fine",
        facts(
            an_order(),
            DELIVERED,
            case=recorded("2026-05-21 12:00 refund-issued", "2026-05-22 12:00 all-fine"),
        ),
        None,
    ),
    (
        "it goes back",
        facts(
            an_order(),
            DELIVERED,
            case=recorded("2026-05-21 12:00 return-approved", "2026-05-22 12:00 return-shipped"),
        ),
        None,
    ),
    (
        "the marketplace says so",
        facts(an_order(status="finished")),
        (None, "marketplace", "the marketplace calls it finished"),
    ),
]


@pytest.mark.parametrize(("case", "known", "end"), FINISHED)
def test_when_an_order_needs_no_more_attention_and_why(
    case: str, known: Facts, end: tuple[str | None, str, str] | None
) -> None:
    finish = situation(known).finish
    assert (finish and (shown(finish.at), finish.how.value, str(finish.why))) == end


def test_what_the_marketplace_finished_was_finished_before_anything_happened() -> None:
    assert situation(facts(an_order(status="finished"))).phase(at("2000-01-01 00:00")) is Phase.FINISHED


#: Until when the price is at stake; "always": for as long as the order runs.
STAKES = [
    ("protection runs", facts(an_order()), "2026-07-03 00:00"),
    ("of two windows the later", facts(an_order(), LATE), "2026-07-10 10:00"),
    ("not sent yet", facts(an_order(shipped_on=None, paid_on="2026-05-01")), "2026-07-01 00:00"),
    ("nothing known", facts(an_order(shipped_on=None)), "always"),
    ("the marketplace calls it finished", facts(an_order(status="finished")), "1970-01-01 01:00"),
    ("closed", facts(an_order(), case=recorded("2026-05-21 12:00 closed")), "2026-05-21 12:00"),
    ("all fine", facts(an_order(), case=recorded("2026-05-21 12:00 all-fine")), "2026-05-21 12:00"),
    (
        "received: protection may run on, but nobody waits for it",
        facts(an_order(), DELIVERED, case=recorded("2026-05-21 12:00 received")),
        "2026-06-04 18:40",
    ),
    ("a dispute is open", facts(an_order(), case=recorded("2026-05-21 12:00 dispute-opened")), "always"),
    (
        "decided against the buyer, who can appeal",
        facts(
            an_order(),
            case=recorded("2026-05-21 12:00 dispute-opened", "2026-06-21 12:00 decision in_favour_of=seller"),
        ),
        "always",
    ),
    (
        "won, but the money is not there",
        facts(
            an_order(),
            case=recorded("2026-05-21 12:00 dispute-opened", "2026-06-21 12:00 decision in_favour_of=buyer"),
        ),
        "always",
    ),
    (
        "the dispute was cancelled",
        facts(
            an_order(), case=recorded("2026-05-21 12:00 dispute-opened", "2026-05-22 12:00 dispute-cancelled")
        ),
        "2026-07-03 00:00",
    ),
    *(
        (f"{owed}", facts(an_order(), case=recorded(f"2026-05-21 12:00 {owed}")), "always")
        for owed in ("charged-twice", "return-approved", "refund-issued")
    ),
    (
        "the money is back",
        facts(
            an_order(), case=recorded("2026-05-21 12:00 dispute-opened", "2026-06-21 12:00 refund-received")
        ),
        "2026-06-21 12:00",
    ),
]


@pytest.mark.parametrize(("case", "known", "until"), STAKES)
def test_until_when_money_is_at_stake(case: str, known: Facts, until: str) -> None:
    s = situation(known)
    assert (shown(s.staked_until) or "always") == until
    if s.staked_until is None:
        assert s.at_stake(at("2040-01-01 00:00"))
    else:
        assert s.at_stake(s.staked_until - timedelta(seconds=1))
        assert not s.at_stake(s.staked_until)


@given(all_facts(), INSTANTS)
def test_nothing_is_at_stake_in_what_is_finished(known: Facts, now: datetime) -> None:
    s = situation(known)
    assert not (s.phase(now) is Phase.FINISHED and s.at_stake(now))


PHASES = [
    ("2026-05-02 23:59:59", "ordered", facts(an_order())),
    ("2026-05-03 00:00", "shipped", facts(an_order())),
    ("2026-05-20 18:39:59", "shipped", facts(an_order(), DELIVERED)),
    ("2026-05-20 18:40", "delivered", facts(an_order(), DELIVERED)),
    (
        "2026-05-21 11:59:59",
        "delivered",
        facts(an_order(), DELIVERED, case=recorded("2026-05-21 12:00 dispute-opened")),
    ),
    (
        "2026-05-21 12:00",
        "disputed",
        facts(an_order(), DELIVERED, case=recorded("2026-05-21 12:00 dispute-opened")),
    ),
    ("2026-08-01 23:59:59", "shipped", facts(an_order())),
    ("2026-08-02 00:00", "finished", facts(an_order())),
    ("2026-05-21 11:59:59", "shipped", facts(an_order(), case=recorded("2026-05-21 12:00 closed"))),
    ("2026-05-21 12:00", "finished", facts(an_order(), case=recorded("2026-05-21 12:00 closed"))),
    ("2030-01-01 00:00", "ordered", facts(an_order(shipped_on=None))),
]


@pytest.mark.parametrize(("now", "phase", "known"), PHASES)
def test_the_phase(now: str, phase: str, known: Facts) -> None:
    assert situation(known).phase(at(now)) is Phase(phase)


DISPUTABLE = [
    ("2026-05-14 08:59:59", False, facts(an_order())),
    ("2026-05-14 09:00", True, facts(an_order())),
    ("2026-07-02 23:59:59", True, facts(an_order())),
    ("2026-07-03 00:00", False, facts(an_order())),
    ("2026-05-15 11:59:59", True, facts(an_order(), case=recorded("2026-05-15 12:00 dispute-opened"))),
    ("2026-05-15 12:00", False, facts(an_order(), case=recorded("2026-05-15 12:00 dispute-opened"))),
    (
        "2026-05-17 12:00",
        True,
        facts(
            an_order(), case=recorded("2026-05-15 12:00 dispute-opened", "2026-05-16 12:00 dispute-cancelled")
        ),
    ),
    ("2026-05-20 12:00", False, facts(an_order(shipped_on=None))),
]


@pytest.mark.parametrize(("now", "disputable", "known"), DISPUTABLE)
def test_when_a_dispute_can_be_opened(now: str, disputable: bool, known: Facts) -> None:
    assert situation(known).disputable(at(now)) is disputable


def test_the_day_of_the_first_scan_is_the_users() -> None:
    parcel = a_parcel("in_transit", "2026-05-12 10:00", moving_since="2026-05-05 23:30")
    days = {
        zone: situation(facts(an_order(shipped_on=None), parcel, days=Days(zone))).shipped
        for zone in (AUCKLAND, LOS_ANGELES)
    }
    assert days == {AUCKLAND: day("2026-05-06"), LOS_ANGELES: day("2026-05-05")}


def test_a_day_that_is_told_beats_the_first_scan() -> None:
    parcel = a_parcel("in_transit", "2026-05-01 10:00", moving_since="2026-05-01 10:00")
    s = situation(facts(an_order(), parcel))
    assert (s.shipped, str(s.shipped_why)) == (day("2026-05-03"), "shipped 3 May 2026")


def test_one_parcel_of_two_is_no_delivery_until_the_buyer_says_so() -> None:
    two = (replace(DELIVERED, number="LP1"), a_parcel("in_transit", "2026-05-19 10:00", number="LP2"))
    assert situation(facts(an_order(), *two)).delivered_at is None
    said = facts(an_order(), *two, case=recorded("2026-05-22 12:00 received"))
    assert shown(situation(said).delivered_at) == "2026-05-22 12:00"
