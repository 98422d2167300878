"""What is said of the ways that remain when a marketplace's protection is over."""

import pytest

from monitor.core.situation import Facts, situation
from monitor.core.timeline import moments_of, pressing_at, timeline
from monitor.policies import load_policy
from tests.monitor.core.facts import NUMBER, a_parcel, a_policy, an_order, at, facts, only, recorded, shown
from tests.monitor.core.rules.rows import REST, Row, check, said

PAID = {"paid_on": "2026-05-01"}
LOST = a_parcel("in_transit", "2026-05-12 10:00")
#: PayPal: 180 days from 1 May. Card: 45 and 120 days from 3 May.
PAYPAL_END, PAYPAL_ACT_BY = "2026-10-29 00:00", "2026-10-28 12:00"
PAYPAL = "paid 1 May 2026 + 180 days (paypal policy: public)"
CARD_END, CARD_ACT_BY = "2026-10-16 00:00", "2026-10-15 12:00"
CARD = "shipped 3 May 2026 + 45 days (aliexpress policy: guide) + 120 days (card policy: public)"


def missing(*journal: str, fallbacks: str = "paypal", **order: str) -> Facts:
    """An order of 1 May 2026 whose parcel is on its way for good."""
    return facts(an_order(**PAID | order), LOST, case=recorded(*journal), fallbacks=fallbacks)


def stages(case: str, given: Facts, mornings: tuple[str, str], end: str, act_by: str, why: str) -> list[Row]:
    return [
        Row(
            case,
            given,
            "fallback_ending",
            at=f"{morning} 09:00",
            severity=severity,
            why=f"{why}, {lead} days before",
            stage=f"{lead}d",
            until=end,
            deadline=end,
            act_by=act_by,
        )
        for lead, severity, morning in zip((14, 3), ("warning", "urgent"), mornings, strict=True)
    ]


ENDING = [
    *stages("nothing came", missing(), ("2026-10-14", "2026-10-25"), PAYPAL_END, PAYPAL_ACT_BY, PAYPAL),
    *stages(
        "a dispute runs",
        missing("2026-05-20 10:00 dispute-opened"),
        ("2026-10-14", "2026-10-25"),
        PAYPAL_END,
        PAYPAL_ACT_BY,
        PAYPAL,
    ),
    *stages(
        "a dispute was lost",
        missing("2026-05-20 10:00 dispute-opened", "2026-06-10 10:00 decision in_favour_of=seller"),
        ("2026-10-14", "2026-10-25"),
        PAYPAL_END,
        PAYPAL_ACT_BY,
        PAYPAL,
    ),
    *stages(
        "a dispute was cancelled, and nothing came",
        missing("2026-05-20 10:00 dispute-opened", "2026-06-10 10:00 dispute-cancelled"),
        ("2026-10-14", "2026-10-25"),
        PAYPAL_END,
        PAYPAL_ACT_BY,
        PAYPAL,
    ),
    *stages(
        "it counts from an estimate",
        missing(fallbacks="card"),
        ("2026-10-01", "2026-10-12"),
        CARD_END,
        CARD_ACT_BY,
        f"{CARD}, estimated",
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", ENDING, ids=str)
def test_says(row: Row) -> None:
    check(row)


HERE = a_parcel("delivered", "2026-05-16 11:20", delivered="2026-05-16 11:20")
OPENED = "2026-05-20 10:00 dispute-opened"

NEVER = [
    ("no fallback is configured", missing(fallbacks="")),
    ("the parcel was delivered", facts(an_order(**PAID), HERE, fallbacks="paypal")),
    ("nothing is followed", facts(an_order(**PAID), fallbacks="paypal")),
    (
        "no source reads its number",
        facts(an_order(**PAID), a_parcel("not_found", source=None), fallbacks="paypal"),
    ),
    (
        "mail that nobody scans at the door",
        facts(
            an_order(**PAID),
            a_parcel("in_transit", "2026-05-12 10:00", ends_at_border=True),
            fallbacks="paypal",
        ),
    ),
    ("the buyer has it", missing("2026-06-01 10:00 received")),
    ("all is fine", missing("2026-06-01 10:00 all-fine")),
    ("the buyer closed it", missing("2026-08-01 10:00 closed")),
    ("the marketplace says delivered", missing(status="delivered")),
    ("the marketplace says finished", missing(status="finished")),
    ("they agreed", missing(OPENED, "2026-06-01 10:00 agreed")),
    ("the buyer won", missing(OPENED, "2026-06-01 10:00 decision in_favour_of=buyer")),
    ("the money was sent", missing(OPENED, "2026-06-01 10:00 refund-issued")),
    ("the money is there", missing("2026-09-01 10:00 refund-received")),
    ("its time has not begun", missing(fallbacks="eu-withdrawal")),
    ("it ends before the protection", missing(protection_until="2026-11-15")),
]


@pytest.mark.parametrize(("because", "given"), NEVER, ids=[because for because, _ in NEVER])
def test_says_nothing(because: str, given: Facts) -> None:
    assert said(given, "fallback_ending") == []


@pytest.mark.parametrize(
    ("protection_until", "stages"),
    [
        ("2026-10-13", ["2026-10-14 09:00 warning 14d", "2026-10-25 09:00 urgent 3d"]),
        ("2026-10-14", ["2026-10-25 09:00 urgent 3d"]),
        ("2026-10-24", ["2026-10-25 09:00 urgent 3d"]),
        ("2026-10-25", []),
    ],
)
def test_without_a_dispute_it_waits_for_the_end_of_protection(
    protection_until: str, stages: list[str]
) -> None:
    assert said(missing(protection_until=protection_until), "fallback_ending") == stages


def test_a_dispute_that_runs_is_warned_also_before_the_end_of_protection() -> None:
    given = missing(OPENED, protection_until="2026-11-15")
    assert said(given, "fallback_ending") == ["2026-10-14 09:00 warning 14d", "2026-10-25 09:00 urgent 3d"]


def test_a_time_that_is_as_short_as_a_lead_is_not_told_as_it_begins() -> None:
    case = recorded("2026-05-18 10:00 dispute-opened")
    given = facts(an_order(**PAID), HERE, case=case, fallbacks="eu-withdrawal")
    assert said(given, "fallback_ending") == ["2026-05-27 09:00 urgent 3d"]


def test_each_way_is_an_alert_of_its_own() -> None:
    moments = only(timeline(missing(fallbacks="paypal card")), "fallback_ending")
    assert [(m.occurrence, m.stage) for m in moments] == [
        ("card 2026-10-15", "14d"),
        ("card 2026-10-15", "3d"),
        ("paypal 2026-10-28", "14d"),
        ("paypal 2026-10-28", "3d"),
    ]


@pytest.mark.parametrize(
    ("given", "end"),
    [
        (missing(fallbacks=""), REST),
        (missing(), "2026-11-28 00:00"),
        (missing(fallbacks="card paypal"), "2026-11-28 00:00"),
        (missing(fallbacks="eu-withdrawal"), REST),
        (facts(an_order(**PAID), fallbacks="paypal"), REST),
        (facts(an_order(**PAID), HERE, fallbacks="paypal"), REST),
        (missing("2026-05-20 10:00 received"), "2026-06-04 10:00"),
        (missing("2026-05-20 10:00 closed"), "2026-05-20 10:00"),
    ],
)
def test_an_order_rests_a_month_after_the_last_way_if_its_parcel_is_missing(given: Facts, end: str) -> None:
    assert shown(situation(given).finished_at) == end


@pytest.mark.parametrize(
    ("given", "until"),
    [
        (missing(fallbacks=""), "2026-07-03 00:00"),
        (missing(), PAYPAL_END),
        (missing(fallbacks="card"), CARD_END),
        (facts(an_order(**PAID), HERE, fallbacks="paypal"), "2026-07-03 00:00"),
        (missing("2026-05-20 10:00 dispute-opened"), None),
        (missing("2026-08-01 10:00 closed"), "2026-08-01 10:00"),
    ],
)
def test_money_that_can_still_come_back_is_at_stake(given: Facts, until: str | None) -> None:
    assert shown(situation(given).staked_until) == until


@pytest.mark.parametrize("journal", [(), (OPENED,)])
def test_what_remains_presses_when_nothing_sooner_does(journal: tuple[str, ...]) -> None:
    s = situation(missing(*journal))
    assert shown(pressing_at(s, moments_of(s), at("2026-08-10 09:00"))) == PAYPAL_ACT_BY


def test_what_is_open_is_open_until_its_very_end() -> None:
    s = situation(missing(fallbacks="paypal card eu-withdrawal"))
    names = [
        [policy.name for policy, _ in s.still_open(at(when))]
        for when in ("2026-07-03 09:00", "2026-10-15 23:59", "2026-10-16 00:00", "2026-10-29 00:00")
    ]
    assert names == [["paypal", "card"], ["paypal", "card"], ["paypal"], []]


def test_own_numbers_own_stages() -> None:
    policy = a_policy("paypal", protection_days=30, fallback_lead_days=[2])
    given = facts(an_order(**PAID, protection_until="2026-05-20"), LOST)
    given = Facts(given.order, given.shipments, given.case, given.policy, given.days, fallbacks=(policy,))
    assert said(given, "fallback_ending") == ["2026-05-29 09:00 urgent 2d"]


def test_protection_over_says_it_once_and_lasts_as_long_as_something_is_open() -> None:
    (ended,) = only(timeline(missing()), "protection_ended")
    assert (shown(ended.at), ended.severity, shown(ended.until)) == (
        "2026-07-03 09:00",
        "warning",
        "2026-11-28 00:00",
    )


def test_a_shop_that_is_no_marketplace_has_the_payment_as_its_only_protection() -> None:
    """Its order names the payment service as its marketplace."""
    given = facts(an_order(**PAID), a_parcel("in_transit", "2026-05-12 10:00"), policy=load_policy("paypal"))
    assert said(given, "protection_ending") == [
        "2026-10-14 09:00 notice 14d",
        "2026-10-21 09:00 warning 7d",
        "2026-10-25 09:00 urgent 3d",
        "2026-10-27 09:00 critical 1d",
    ]
    assert [m.subject for m in only(timeline(given), "tracking_stalled")] == [NUMBER]
