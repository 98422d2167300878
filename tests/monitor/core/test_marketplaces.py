"""Each marketplace through a whole timeline: what its buyer hears and when, from payment to the end."""

from dataclasses import replace
from itertools import product

import pytest

from monitor.core.case import Case, RecordEvent, missing_before
from monitor.core.forecast import forecast
from monitor.core.messages import compose
from monitor.core.rules import AFTER_A_RECORD
from monitor.core.situation import Ending, situation, written
from monitor.core.texts import Catalogue
from monitor.core.texts.languages import CATALOGUES
from monitor.core.timeline import moments_of, timeline
from monitor.policies import load_policy, shipped_policies
from tests.monitor.core.facts import a_parcel, an_order, at, facts, only, recorded, shown
from tests.monitor.core.rules.rows import said

ORDER = {
    "ordered_on": "2026-05-01",
    "paid_on": "2026-05-01",
    "shipped_on": "2026-05-03",
    "estimated_delivery": "2026-05-20",
    "shipping": None,
}
ON_ITS_WAY = a_parcel("in_transit", "2026-05-12 10:00", moving_since="2026-05-04 10:00")


def heard(marketplace: str, *journal: str, **order: str | None) -> list[str]:
    """All that is said of an order that was paid on 1 May 2026, promised for the 20th, and never comes."""
    given = facts(
        an_order(**ORDER | order), ON_ITS_WAY, case=recorded(*journal), policy=load_policy(marketplace)
    )
    told = forecast(situation(given), {}, at("2026-05-02 12:00"), at("2027-06-01 12:00"))
    return [f"{shown(it.at)} {it.moment.severity} {it.moment.rule} {it.moment.stage}".rstrip() for it in told]


def test_ebay() -> None:
    assert heard("ebay") == [
        "2026-05-21 09:00 urgent dispute_openable problem",
        "2026-05-26 09:00 urgent tracking_stalled",
        "2026-06-05 09:00 notice protection_ending 14d",
        "2026-06-12 09:00 warning protection_ending 7d",
        "2026-06-16 09:00 urgent protection_ending 3d",
        "2026-06-18 09:00 critical protection_ending 1d",
        "2026-06-20 09:00 warning protection_ended",
    ]


def test_amazon() -> None:
    assert heard("amazon") == [
        "2026-05-21 09:00 warning estimate_missed",
        "2026-05-23 09:00 urgent dispute_openable problem",
        "2026-05-26 09:00 urgent tracking_stalled",
        "2026-08-04 09:00 notice protection_ending 14d",
        "2026-08-11 09:00 warning protection_ending 7d",
        "2026-08-15 09:00 urgent protection_ending 3d",
        "2026-08-17 09:00 critical protection_ending 1d",
        "2026-08-19 09:00 warning protection_ended",
    ]


def test_etsy() -> None:
    assert heard("etsy") == [
        "2026-05-21 09:00 urgent dispute_openable problem",
        "2026-05-26 09:00 urgent tracking_stalled",
        "2026-08-14 09:00 notice protection_ending 14d",
        "2026-08-21 09:00 warning protection_ending 7d",
        "2026-08-25 09:00 urgent protection_ending 3d",
        "2026-08-27 09:00 critical protection_ending 1d",
        "2026-08-29 09:00 warning protection_ended",
    ]


def test_temu() -> None:
    """When one can first ask for the money there is not known: what is late is a warning."""
    assert heard("temu") == [
        "2026-05-21 09:00 warning estimate_missed",
        "2026-05-26 09:00 warning tracking_stalled",
        "2026-07-16 09:00 notice protection_ending 14d",
        "2026-07-23 09:00 warning protection_ending 7d",
        "2026-07-27 09:00 urgent protection_ending 3d",
        "2026-07-29 09:00 critical protection_ending 1d",
        "2026-07-31 09:00 warning protection_ended",
    ]


def test_paypal() -> None:
    """A shop of its own, paid with PayPal."""
    assert heard("paypal") == [
        "2026-05-02 12:00 info dispute_openable open",
        "2026-05-21 09:00 urgent estimate_missed",
        "2026-05-26 09:00 urgent tracking_stalled",
        "2026-10-14 09:00 notice protection_ending 14d",
        "2026-10-21 09:00 warning protection_ending 7d",
        "2026-10-25 09:00 urgent protection_ending 3d",
        "2026-10-27 09:00 critical protection_ending 1d",
        "2026-10-29 09:00 warning protection_ended",
    ]


def test_an_estimate_that_nobody_gave_is_never_missed_and_protection_counts_from_shipping() -> None:
    assert heard("ebay", estimated_delivery=None) == [
        "2026-05-19 09:00 notice protection_ending 14d",
        "2026-05-26 09:00 warning protection_ending 7d",
        "2026-05-26 09:00 warning tracking_stalled",
        "2026-05-30 09:00 urgent protection_ending 3d",
        "2026-06-01 09:00 critical protection_ending 1d",
        "2026-06-03 09:00 warning protection_ended",
    ]


DISPUTE = [  # what is said after a dispute was opened on 25 May, where the marketplace's clocks are not known
    ("ebay", [], []),
    ("temu", ["2026-05-26 10:00 offer due=2026-05-29T18:00"], ["answer_due"]),
    ("etsy", ["2026-05-26 10:00 request"], ["answer_due"]),
    ("amazon", ["2026-05-26 10:00 refund-issued"], ["refund_due"]),
    ("ebay", ["2026-05-26 10:00 decision in_favour_of=seller"], ["appeal_possible"]),
    ("ebay", ["2026-05-26 10:00 return-approved"], ["return_due"]),
    ("paypal", [], ["escalation_due"]),
    ("paypal", ["2026-05-26 10:00 claim"], []),
    ("paypal", ["2026-05-26 10:00 agreed"], ["refund_due"]),
]


@pytest.mark.parametrize(("marketplace", "journal", "rules"), DISPUTE)
def test_after_a_dispute_was_opened_only_what_is_known_is_said(
    marketplace: str, journal: list[str], rules: list[str]
) -> None:
    case = recorded("2026-05-25 10:00 dispute-opened", *journal)
    given = facts(an_order(**ORDER), ON_ITS_WAY, case=case, policy=load_policy(marketplace))
    of_disputes = {rule.__name__ for rule in AFTER_A_RECORD}
    assert sorted({moment.rule for moment in timeline(given)} & of_disputes) == rules


def test_paypal_closes_a_dispute_that_is_not_escalated() -> None:
    case = recorded("2026-05-25 10:00 dispute-opened")
    given = facts(an_order(**ORDER), ON_ITS_WAY, case=case, policy=load_policy("paypal"))
    assert said(given, "escalation_due") == [
        "2026-06-07 09:00 warning 7d",
        "2026-06-11 09:00 urgent 3d",
        "2026-06-13 09:00 critical 1d",
    ]
    (last,) = [m for m in only(timeline(given), "escalation_due") if m.stage == "1d"]
    assert (shown(last.deadline), shown(last.act_by), shown(last.until)) == (
        "2026-06-14 10:00",
        "2026-06-13 22:00",
        "2026-06-14 10:00",
    )
    assert str(last.why) == "dispute opened 25 May 2026 + 20 days (paypal policy: public), 1 day before"


@pytest.mark.parametrize("marketplace", ["ebay", "amazon", "etsy", "temu", "paypal", "card", "eu-withdrawal"])
def test_what_the_buyer_has_is_finished_when_the_last_window_closes(marketplace: str) -> None:
    """Where no days after delivery are known, the protection is the last window."""
    given = facts(
        an_order(**ORDER),
        a_parcel("delivered", "2026-05-16 11:20", delivered="2026-05-16 11:20"),
        case=recorded("2026-05-17 18:00 received"),
        policy=load_policy(marketplace),
    )
    s = situation(given)
    assert s.protection is not None
    assert s.post_delivery is None
    assert s.finished_at == s.protection.end == s.safe_until == s.possibly_until
    assert s.finish is not None
    assert s.finish.how is Ending.RECEIVED
    assert str(s.finish.why) == f"received, and the last window closed {written(s.protection.last_day)}"
    assert only(timeline(given), "protection_ended") == []


RECORDED = [
    [],
    *(
        ["2026-05-25 10:00 dispute-opened", f"2026-05-26 10:00 {event} in_favour_of=seller"]
        for event in RecordEvent
    ),
    *([f"2026-05-26 10:00 {event}"] for event in RecordEvent if missing_before(Case(), event) is None),
]
PARCELS = [
    ON_ITS_WAY,
    a_parcel("delivered", "2026-05-16 11:20"),
    a_parcel("customs_hold", "2026-05-12 10:00"),
    a_parcel("not_found"),
]


@pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))
@pytest.mark.parametrize("marketplace", shipped_policies())
def test_everything_that_can_be_said_has_its_words(marketplace: str, texts: Catalogue) -> None:
    policy = load_policy(marketplace, language=texts.language)
    fallbacks = tuple(load_policy(name, language=texts.language) for name in ("paypal", "eu-withdrawal"))
    for parcel, journal in product(PARCELS, RECORDED):
        given = facts(an_order(**ORDER), parcel, case=recorded(*journal), policy=policy)
        s = situation(replace(given, fallbacks=fallbacks))
        for moment in moments_of(s):
            message = compose(moment, s, moment.at, texts, look={})
            assert 0 < len(message.body) <= 600
            assert "AliExpress" not in f"{message}" or marketplace == "aliexpress"
