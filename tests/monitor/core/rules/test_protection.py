"""Rulebook: from when a dispute can be opened, and until when."""

import pytest

from monitor.core.days import Days
from monitor.core.model import Place, Shipment
from monitor.core.situation import Facts
from monitor.core.timeline import timeline
from tests.monitor.core.facts import (
    AUCKLAND,
    IN_MADRID,
    LOS_ANGELES,
    MADRID,
    NUMBER,
    a_parcel,
    a_policy,
    an_order,
    at,
    facts,
    only,
    recorded,
    shown,
)
from tests.monitor.core.rules.rows import PROTECTION_ACT_BY, PROTECTION_END, REST, Row, check, said


def openable(case: str, given: Facts, severity: str, why: str, *, on: str = "2026-05-14 09:00") -> Row:
    return Row(
        case,
        given,
        "dispute_openable",
        at=on,
        severity=severity,
        why=why,
        stage="open" if severity == "info" else "problem",
        until=PROTECTION_END,
        deadline=PROTECTION_END,
        act_by=PROTECTION_ACT_BY,
    )


DAY_11 = "shipped 3 May 2026 + 11 days (aliexpress policy: guide)"
HELD = a_parcel("customs_hold", "2026-05-10 10:00")

OPENABLE = [
    openable("nothing known", facts(an_order()), "info", DAY_11),
    openable("all is well", facts(an_order(), a_parcel("in_transit", "2026-05-13 10:00")), "info", DAY_11),
    openable("a problem is open that day", facts(an_order(), HELD), "urgent", DAY_11),
    openable("a problem begins that very moment", facts(an_order(), a_parcel("not_found")), "urgent", DAY_11),
    openable(
        "a problem begins in that second",
        facts(an_order(), a_parcel("exception", "2026-05-14 09:00")),
        "urgent",
        DAY_11,
    ),
    openable(
        "a problem begins a second later: it speaks itself",
        facts(an_order(), a_parcel("exception", "2026-05-14 09:00:01")),
        "info",
        DAY_11,
    ),
    openable(
        "a parcel that another order speaks for is a reason too",
        facts(an_order(), HELD, silent=[NUMBER]),
        "urgent",
        DAY_11,
    ),
]

OVER = Row(
    "the problem was over before, the buyer has the goods",
    facts(an_order(), HELD, case=recorded("2026-05-12 10:00 received")),
    "dispute_openable",
    at="2026-05-14 09:00",
    severity="info",
    why=DAY_11,
    stage="open",
    until="2026-05-27 10:00",
    deadline="2026-05-27 10:00",
    act_by="2026-05-26 22:00",
)

FIRST_SCAN = Row(
    "shipping is unknown: the first scan counts, marked",
    facts(
        an_order(shipped_on=None, protection_until="2026-07-02"),
        a_parcel("in_transit", "2026-05-13 10:00", moving_since="2026-05-04 23:50"),
    ),
    "dispute_openable",
    at="2026-05-15 09:00",
    severity="info",
    why="first scan 4 May 2026 + 11 days (aliexpress policy: guide), estimated",
    stage="open",
    until=PROTECTION_END,
    deadline=PROTECTION_END,
    act_by=PROTECTION_ACT_BY,
)


def ending(
    case: str, given: Facts, on: tuple[str, str, str, str], end: str, act_by: str, why: str
) -> list[Row]:
    stages = (("14d", "notice"), ("7d", "warning"), ("3d", "urgent"), ("1d", "critical"))
    return [
        Row(
            case,
            given,
            "protection_ending",
            at=f"{morning} 09:00",
            severity=severity,
            why=f"{why}, {stage[:-1]} {'day' if stage == '1d' else 'days'} before",
            stage=stage,
            until=end,
            deadline=end,
            act_by=act_by,
        )
        for (stage, severity), morning in zip(stages, on, strict=True)
    ]


SHIPPED = ("2026-06-18", "2026-06-25", "2026-06-29", "2026-07-01")

ENDING = [
    *ending(
        "60 days after shipping",
        facts(an_order()),
        SHIPPED,
        PROTECTION_END,
        PROTECTION_ACT_BY,
        "shipped 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
    ),
    *ending(
        "else after the first scan",
        facts(an_order(shipped_on=None), a_parcel(moving_since="2026-05-03 10:00")),
        SHIPPED,
        PROTECTION_END,
        PROTECTION_ACT_BY,
        "first scan 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
    ),
    *ending(
        "else after payment",
        facts(an_order(shipped_on=None, ordered_on="2026-05-01", paid_on="2026-05-03")),
        SHIPPED,
        PROTECTION_END,
        PROTECTION_ACT_BY,
        "paid 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
    ),
    *ending(
        "else after the order",
        facts(an_order(shipped_on=None, ordered_on="2026-05-03")),
        SHIPPED,
        PROTECTION_END,
        PROTECTION_ACT_BY,
        "ordered 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
    ),
    *ending(
        "the app's counter beats them all",
        facts(an_order(protection_until="2026-12-15")),
        ("2026-12-01", "2026-12-08", "2026-12-12", "2026-12-14"),
        "2026-12-16 00:00",
        "2026-12-15 12:00",
        "protection until 15 Dec 2026",
    ),
    *ending(
        "the clock goes forward on its last day",
        facts(an_order(protection_until="2026-03-29")),
        ("2026-03-15", "2026-03-22", "2026-03-26", "2026-03-28"),
        "2026-03-30 00:00",
        "2026-03-29 12:00",
        "protection until 29 Mar 2026",
    ),
    *ending(
        "the clock goes back on its last day",
        facts(an_order(protection_until="2026-10-25")),
        ("2026-10-11", "2026-10-18", "2026-10-22", "2026-10-24"),
        "2026-10-26 00:00",
        "2026-10-25 12:00",
        "protection until 25 Oct 2026",
    ),
    *ending(
        "over the year's end",
        facts(an_order(protection_until="2027-01-02")),
        ("2026-12-19", "2026-12-26", "2026-12-30", "2027-01-01"),
        "2027-01-03 00:00",
        "2027-01-02 12:00",
        "protection until 2 Jan 2027",
    ),
]

ENDED = [
    Row(
        "the morning after",
        facts(an_order()),
        "protection_ended",
        at="2026-07-03 09:00",
        severity="warning",
        why="shipped 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
        until=REST,
    ),
    Row(
        "the app's counter",
        facts(an_order(protection_until="2026-06-10")),
        "protection_ended",
        at="2026-06-11 09:00",
        severity="warning",
        why="protection until 10 Jun 2026",
        until="2026-07-11 00:00",
    ),
    Row(
        "the user's own morning",
        facts(an_order(), days=Days(MADRID, morning=IN_MADRID.morning.replace(hour=6, minute=30))),
        "protection_ended",
        at="2026-07-03 06:30",
        severity="warning",
        why="shipped 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
        until=REST,
    ),
    Row(
        "a platform far ahead closes earlier, and so is the morning after",
        facts(an_order(), days=Days(LOS_ANGELES, deadline_zone=AUCKLAND)),
        "protection_ended",
        at="2026-07-02 09:00",
        severity="warning",
        why="shipped 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
        until="2026-08-01 05:00",
        zone=LOS_ANGELES,
    ),
]


@pytest.mark.parametrize("row", [*OPENABLE, OVER, FIRST_SCAN, *ENDING, *ENDED], ids=str)
def test_says(row: Row) -> None:
    check(row)


DISPUTE = recorded("2026-05-10 12:00 dispute-opened")

NEVER = [
    ("dispute_openable", "shipping is unknown", facts(an_order(shipped_on=None, paid_on="2026-05-01"))),
    ("dispute_openable", "one is open", facts(an_order(), case=DISPUTE)),
    ("dispute_openable", "the order is finished", facts(an_order(status="finished"))),
    ("dispute_openable", "protection ends before", facts(an_order(protection_until="2026-05-13"))),
    ("protection_ending", "one is open", facts(an_order(), case=DISPUTE)),
    ("protection_ending", "no date is known", facts(an_order(shipped_on=None))),
    ("protection_ending", "the order is finished", facts(an_order(status="finished"))),
    ("protection_ended", "one is open", facts(an_order(), case=DISPUTE)),
    ("protection_ended", "no date is known", facts(an_order(shipped_on=None))),
    (
        "protection_ended",
        "one was opened in the night before it would have been said",
        facts(an_order(), case=recorded("2026-07-03 07:00 dispute-opened")),
    ),
    (
        "protection_ended",
        "it was won",
        facts(
            an_order(),
            case=recorded("2026-05-10 12:00 dispute-opened", "2026-05-20 12:00 decision in_favour_of=buyer"),
        ),
    ),
    ("protection_ended", "all is fine", facts(an_order(), case=recorded("2026-06-10 12:00 all-fine"))),
]


@pytest.mark.parametrize(
    ("rule", "because", "given"), NEVER, ids=[f"{rule}: {why}" for rule, why, _ in NEVER]
)
def test_says_nothing(rule: str, because: str, given: Facts) -> None:
    assert said(given, rule) == []


REASONS = [
    (HELD, ("customs_hold",), "customs_hold", None),
    (a_parcel("not_found"), ("no_tracking",), "no_tracking", "files"),
    (a_parcel("in_transit", "2026-04-20 10:00"), ("tracking_stalled",), "no_tracking", "files"),
    (a_parcel("in_customs", "2026-05-04 10:00"), ("customs_hold",), "customs_hold", "files"),
    (a_parcel("returning", "2026-05-10 10:00"), ("returning",), "returned_to_seller", None),
    (a_parcel("returned", "2026-05-10 10:00"), ("returned",), "returned_to_seller", None),
    (a_parcel("exception", "2026-05-10 10:00"), ("parcel_exception",), "not_received", None),
    (
        a_parcel("in_transit", "2026-05-10 10:00", edd="2026-05-12"),
        ("estimate_missed",),
        "not_received",
        None,
    ),
    (
        a_parcel("not_found", edd="2026-05-12"),
        ("estimate_missed", "no_tracking"),
        "not_received",
        None,
    ),
    (a_parcel("in_transit", "2026-05-10 10:00"), (), None, None),
]


@pytest.mark.parametrize(("parcel", "problems", "reason", "needs_sight"), REASONS)
def test_names_the_reason(
    parcel: Shipment, problems: tuple[str, ...], reason: str | None, needs_sight: str | None
) -> None:
    """And what may be our own blindness only needs sight, as the problem itself does."""
    (moment,) = only(timeline(facts(an_order(), parcel)), "dispute_openable")
    assert moment.detail == {"problems": problems, "reason": reason}
    assert moment.needs_sight == needs_sight


def test_delivered_elsewhere_is_a_reason() -> None:
    order = an_order(deliver_to=Place(city="Madrid"))
    parcel = a_parcel("delivered", "2026-05-10 10:00", place=Place(city="Vigo"))
    (moment,) = only(timeline(facts(order, parcel)), "dispute_openable")
    assert moment.detail == {"problems": ("delivered_elsewhere",), "reason": "wrong_address"}


def test_several_parcels_count_from_the_first_shipment() -> None:
    order = an_order(shipped_on=None)
    early = a_parcel("in_transit", "2026-05-13 10:00", number="LP1", moving_since="2026-05-03 10:00")
    late = a_parcel("in_transit", "2026-05-13 10:00", number="LP2", moving_since="2026-05-09 10:00")
    for parcels in ((early, late), (late, early)):
        assert said(facts(order, *parcels), "dispute_openable") == ["2026-05-14 09:00 info open"]
        assert said(facts(order, *parcels), "protection_ended") == ["2026-07-03 09:00 warning"]


ZONES = [  # the zones, and the end in Madrid's time
    (Days(MADRID), "2026-07-03 00:00"),
    (Days(AUCKLAND), "2026-07-02 14:00"),
    (Days(LOS_ANGELES), "2026-07-03 09:00"),
    (Days(MADRID, deadline_zone=LOS_ANGELES), "2026-07-03 00:00"),
    (Days(LOS_ANGELES, deadline_zone=MADRID), "2026-07-03 00:00"),
    (Days(MADRID, deadline_zone=AUCKLAND), "2026-07-02 14:00"),
    (Days(AUCKLAND, deadline_zone=LOS_ANGELES), "2026-07-02 14:00"),
]


@pytest.mark.parametrize(("days", "end"), ZONES)
def test_the_end_of_the_day_is_the_buyers_or_the_platforms_if_that_is_earlier(days: Days, end: str) -> None:
    moments = only(timeline(facts(an_order(), days=days)), "protection_ending")
    assert {shown(moment.deadline) for moment in moments} == {end}
    mornings = [moment.at.astimezone(days.zone) for moment in moments]
    assert [f"{morning:%Y-%m-%d %H:%M}" for morning in mornings] == [f"{day} 09:00" for day in SHIPPED]


def test_cancelling_a_dispute_arms_everything_again() -> None:
    case = recorded("2026-05-20 12:00 dispute-opened", "2026-06-10 12:00 dispute-cancelled")
    for rule in ("protection_ending", "protection_ended", "estimate_missed"):
        assert said(facts(an_order(), case=case), rule) == said(facts(an_order()), rule)
    assert said(facts(an_order(), case=case), "dispute_openable") == ["2026-06-10 12:00 info open"]


def test_an_open_dispute_ends_what_it_answers_for() -> None:
    opened = facts(an_order(), case=recorded("2026-06-20 12:00 dispute-opened"))
    assert [
        (m.rule, m.stage, shown(m.until))
        for m in timeline(opened)
        if m.rule in ("dispute_openable", "estimate_missed", "protection_ending", "protection_ended")
    ] == [
        ("dispute_openable", "open", "2026-06-20 12:00"),
        ("estimate_missed", "", "2026-06-20 12:00"),
        ("protection_ending", "14d", "2026-06-20 12:00"),
    ]


LOOKED = [
    (
        "before it could be there: day 11 is a notice",
        ["2026-05-10 10:00 no-button"],
        ["2026-05-14 09:00 notice open"],
    ),
    (
        "on the evening of day 11: again two days later",
        ["2026-05-14 20:00 no-button"],
        ["2026-05-14 09:00 info open", "2026-05-16 09:00 notice again"],
    ),
    (
        "and again",
        ["2026-05-14 20:00 no-button", "2026-05-16 20:00 no-button"],
        ["2026-05-14 09:00 info open", "2026-05-18 09:00 notice again"],
    ),
    (
        "after protection has ended there is nothing to look for",
        ["2026-07-05 10:00 no-button"],
        [],
    ),
    (
        "a dispute that was opened shows that it is there",
        [
            "2026-05-14 20:00 no-button",
            "2026-05-15 20:00 dispute-opened",
            "2026-05-15 21:00 dispute-cancelled",
        ],
        ["2026-05-15 21:00 info open"],
    ),
]


@pytest.mark.parametrize(("because", "journal", "expected"), LOOKED, ids=[case for case, *_ in LOOKED])
def test_who_found_no_button_is_told_when_to_look(
    because: str, journal: list[str], expected: list[str]
) -> None:
    assert said(facts(an_order(), case=recorded(*journal)), "dispute_openable") == expected


def test_who_found_no_button_is_told_to_look_also_where_no_date_tells_when_it_comes() -> None:
    given = facts(an_order(shipped_on=None), case=recorded("2026-05-20 10:00 no-button"))
    assert said(given, "dispute_openable") == ["2026-05-22 09:00 notice again"]


def test_own_numbers_own_stages() -> None:
    policy = a_policy(
        dispute_open_after_days=5, protection_days=75, protection_lead_days=[2], protection_grace_days=15
    )
    given = facts(an_order(), policy=policy)
    assert said(given, "dispute_openable") == ["2026-05-08 09:00 info open"]
    assert said(given, "protection_ending") == ["2026-07-15 09:00 critical 2d"]
    (ended,) = only(timeline(given), "protection_ended")
    assert (shown(ended.at), ended.detail["grace_days"]) == ("2026-07-18 09:00", 15)
    assert str(ended.why) == (
        "shipped 3 May 2026 + 75 days (aliexpress policy: your configuration), estimated"
    )


def test_the_end_of_protection_names_what_may_be_possible_longer() -> None:
    (ended,) = only(
        timeline(facts(an_order(), a_parcel("delivered", "2026-06-25 10:00"))), "protection_ended"
    )
    assert ended.detail["possibly_until"] == at("2026-07-10 10:00")
