"""Which deadlines of an order belong in a calendar, and when its owner is reminded of them."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from monitor.core.days import Days, QuietHours
from monitor.core.deadlines import COUNTDOWNS, LOOKS, Deadline, deadlines
from monitor.core.forecast import forecast
from monitor.core.rules import OTHERS
from monitor.core.situation import Facts, situation
from monitor.core.timeline import timeline
from monitor.policies import load_policy
from tests.monitor.core.facts import (
    AUCKLAND,
    LOS_ANGELES,
    MADRID,
    NUMBER,
    ORDER,
    a_parcel,
    a_policy,
    an_order,
    at,
    facts,
    recorded,
    shown,
)
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts


def of(known: Facts) -> list[Deadline]:
    return deadlines(situation(known), timeline(known))


def told(known: Facts, zone: ZoneInfo = MADRID) -> list[str]:
    """Each deadline in one line: `protection 2026-07-02 12:00 - 2026-07-03 00:00`."""
    return sorted(f"{it.what} {shown(it.begins, zone)} - {shown(it.ends, zone)}" for it in of(known))


def reminders(known: Facts, what: str, zone: ZoneInfo = MADRID) -> list[str | None]:
    (found,) = [it for it in of(known) if it.what == what]
    return [shown(at, zone) for at in found.reminders]


@dataclass(frozen=True)
class Row:
    """What an order's calendar shows, given these facts."""

    case: str
    given: Facts
    told: list[str]

    def __str__(self) -> str:
        return self.case


PROTECTION = "protection 2026-07-02 12:00 - 2026-07-03 00:00"
SELLER = "seller 2026-06-05 09:00 - 2026-06-05 09:30"
MEDIATION = "mediation 2026-06-20 09:00 - 2026-06-20 09:30"
ARRIVED = a_parcel("delivered", "2026-05-16 14:20", delivered="2026-05-16 14:20")
WAITS = a_parcel("available_for_pickup", "2026-05-16 14:20", pickup_until="2026-05-24 20:00")
OPENED = "2026-05-20 10:00 dispute-opened"

ROWS = [
    Row("nothing but an order", facts(an_order()), [PROTECTION]),
    Row("an order without any date", facts(an_order(shipped_on=None)), []),
    Row(
        "what the app's counter says",
        facts(an_order(protection_until="2026-06-20")),
        ["protection 2026-06-20 12:00 - 2026-06-21 00:00"],
    ),
    Row("problems have the order's own deadline", facts(an_order(), a_parcel("not_found")), [PROTECTION]),
    Row(
        "delivered: two ends, of which the earlier is sure",
        facts(an_order(), ARRIVED),
        ["post_delivery 2026-05-31 02:20 - 2026-05-31 14:20", PROTECTION],
    ),
    Row(
        "received: with the days to complain all is over",
        facts(an_order(), ARRIVED, case=recorded("2026-05-17 10:00 received")),
        ["post_delivery 2026-05-31 02:20 - 2026-05-31 14:20"],
    ),
    Row("all is fine", facts(an_order(), ARRIVED, case=recorded("2026-05-17 10:00 all-fine")), []),
    Row("closed", facts(an_order(), case=recorded("2026-05-17 10:00 closed")), []),
    Row(
        "all is fine, but paid twice: that has to be said while a dispute can be opened",
        facts(
            an_order(), ARRIVED, case=recorded("2026-05-17 10:00 all-fine", "2026-05-18 10:00 charged-twice")
        ),
        ["post_delivery 2026-05-31 02:20 - 2026-05-31 14:20", PROTECTION],
    ),
    Row(
        "it waits at a pickup point",
        facts(an_order(), WAITS),
        ["pickup 2026-05-24 08:00 - 2026-05-24 20:00", PROTECTION],
    ),
    Row(
        "it waits, and nobody knows how long",
        facts(an_order(), a_parcel("available_for_pickup", "2026-05-16 14:20")),
        [PROTECTION],
    ),
    Row("it waits, and another order speaks for it", facts(an_order(), WAITS, silent=[NUMBER]), [PROTECTION]),
    Row(
        "two ends at the same instant are two",
        facts(
            an_order(),
            a_parcel("available_for_pickup", "2026-06-20 14:20", pickup_until="2026-07-03 00:00"),
        ),
        ["pickup 2026-07-02 12:00 - 2026-07-03 00:00", PROTECTION],
    ),
    Row("a dispute is open", facts(an_order(), case=recorded(OPENED)), [MEDIATION, SELLER]),
    Row(
        "a dispute is open, and paid twice",
        facts(an_order(), case=recorded(OPENED, "2026-05-21 10:00 charged-twice")),
        [MEDIATION, SELLER],
    ),
    Row(
        "the seller has answered: the same day, another question",
        facts(an_order(), case=recorded(OPENED, "2026-05-22 10:00 seller-answered")),
        [MEDIATION, SELLER],
    ),
    Row(
        "an offer of which the time is known",
        facts(an_order(), case=recorded(OPENED, "2026-05-21 10:00 offer due=2026-05-26T18:00")),
        ["answer 2026-05-26 06:00 - 2026-05-26 18:00", MEDIATION, SELLER],
    ),
    Row(
        "a request of which it is not: the shortest",
        facts(an_order(), case=recorded(OPENED, "2026-05-21 10:00 request")),
        ["answer 2026-05-22 22:00 - 2026-05-23 10:00", MEDIATION, SELLER],
    ),
    Row(
        "answered",
        facts(an_order(), case=recorded(OPENED, "2026-05-21 10:00 offer", "2026-05-22 10:00 answered")),
        [MEDIATION, SELLER],
    ),
    Row("a claim", facts(an_order(), case=recorded(OPENED, "2026-05-24 10:00 claim")), [MEDIATION]),
    Row(
        "agreed",
        facts(an_order(), case=recorded(OPENED, "2026-05-22 10:00 agreed")),
        ["refund 2026-06-19 09:00 - 2026-06-19 09:30"],
    ),
    Row(
        "lost, and nobody says until when one can appeal",
        facts(an_order(), case=recorded(OPENED, "2026-06-10 10:00 decision in_favour_of=seller")),
        [],
    ),
    Row(
        "lost, and there is a limit",
        facts(
            an_order(),
            case=recorded(OPENED, "2026-06-10 10:00 decision in_favour_of=seller"),
            policy=a_policy(appeal_days=7),
        ),
        ["appeal 2026-06-16 22:00 - 2026-06-17 10:00"],
    ),
    Row(
        "it is to be sent back",
        facts(an_order(), case=recorded(OPENED, "2026-06-10 10:00 return-approved")),
        ["return 2026-06-19 22:00 - 2026-06-20 10:00"],
    ),
    Row(
        "it was sent back",
        facts(
            an_order(),
            case=recorded(
                OPENED, "2026-06-10 10:00 return-approved", "2026-06-12 10:00 return-shipped number=RR1"
            ),
        ),
        ["refund 2026-07-12 09:00 - 2026-07-12 09:30"],
    ),
    Row(
        "an offer and a request wait side by side",
        facts(
            an_order(),
            case=recorded(
                OPENED,
                "2026-05-22 10:00 offer due=2026-05-28T18:00",
                "2026-05-23 10:00 request due=2026-05-26T18:00",
            ),
        ),
        [
            "answer 2026-05-26 06:00 - 2026-05-26 18:00",
            "answer 2026-05-28 06:00 - 2026-05-28 18:00",
            MEDIATION,
            SELLER,
        ],
    ),
    Row(
        "what was answered is no deadline any more, and what was asked again is",
        facts(
            an_order(),
            case=recorded(
                OPENED,
                "2026-05-22 10:00 offer due=2026-05-24T18:00",
                "2026-05-24 10:00 answered",
                "2026-05-25 10:00 offer due=2026-05-28T18:00",
            ),
        ),
        ["answer 2026-05-28 06:00 - 2026-05-28 18:00", MEDIATION, SELLER],
    ),
    Row(
        "a dispute that was cancelled: the protection counts again",
        facts(an_order(), case=recorded(OPENED, "2026-05-22 10:00 dispute-cancelled")),
        [PROTECTION],
    ),
    Row(
        "without a margin it still lies on the day that it ends",
        facts(an_order(), policy=a_policy(safety_margin_hours=0)),
        ["protection 2026-07-02 23:30 - 2026-07-03 00:00"],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_a_calendar_shows(row: Row) -> None:
    assert told(row.given) == sorted(row.told)


def test_each_parcel_is_collected_by_itself() -> None:
    parcels = [
        a_parcel("available_for_pickup", "2026-05-16 14:20", number=number, pickup_until=until)
        for number, until in (("LP1", "2026-05-24 20:00"), ("LP2", "2026-05-25 20:00"))
    ]
    found = {(it.what, it.subject) for it in of(facts(an_order(), *parcels))}
    assert found == {("pickup", "LP1"), ("pickup", "LP2"), ("protection", ORDER)}


def test_who_has_answered_decides_what_to_look_for() -> None:
    silent = facts(an_order(), case=recorded(OPENED))
    answered = facts(an_order(), case=recorded(OPENED, "2026-05-22 10:00 seller-answered"))
    rules = [[it.moment.rule for it in of(known) if it.what == "seller"] for known in (silent, answered)]
    assert rules == [["seller_silent"], ["becomes_claim"]]


def test_its_own_rule_tells_it_though_another_is_at_a_later_stage() -> None:
    known = facts(an_order(), ARRIVED, policy=a_policy(post_delivery_lead_days=[1]))
    assert [it.moment.rule for it in of(known) if it.what == "post_delivery"] == ["post_delivery_ending"]


# Where the day comes from.


@pytest.mark.parametrize(
    ("known", "what", "why"),
    [
        (facts(an_order()), "protection", "shipped 3 May 2026 + 60 days (aliexpress policy: guide), estimated"),
        (facts(an_order(protection_until="2026-06-20")), "protection", "protection until 20 Jun 2026"),
        (facts(an_order(), ARRIVED), "post_delivery", "delivered 16 May 2026 + 15 days (aliexpress policy: guide)"),
        (facts(an_order(), WAITS), "pickup", "the carrier keeps it until 24 May 2026"),
        (
            facts(an_order(), case=recorded(OPENED, "2026-05-21 10:00 offer")),
            "answer",
            "offer received 21 May 2026 + 2 days (aliexpress policy: guide), estimated",
        ),
        (
            facts(an_order(), case=recorded(OPENED, "2026-05-22 10:00 agreed")),
            "refund",
            "agreed 22 May 2026 + 20 business days (aliexpress policy: guide)",
        ),
    ],
)  # fmt: skip
def test_why_this_day(known: Facts, what: str, why: str) -> None:
    assert [str(it.why) for it in of(known) if it.what == what] == [why]


# Reminders.

STAGES = ["2026-06-18 09:00", "2026-06-25 09:00", "2026-06-29 09:00", "2026-07-01 09:00"]


def quiet(hours: str, zone: ZoneInfo = MADRID) -> Days:
    start, end = map(time.fromisoformat, hours.split("-"))
    return Days(zone, quiet=QuietHours(start, end))


def test_it_reminds_when_a_message_does_and_when_it_is_time_to_act() -> None:
    assert reminders(facts(an_order()), "protection") == [*STAGES, "2026-07-02 12:00"]


def test_what_only_speaks_of_it_adds_no_reminder() -> None:
    held = a_parcel("customs_hold", "2026-05-20 10:00")
    assert reminders(facts(an_order(), held), "protection") == [*STAGES, "2026-07-02 12:00"]


def test_hours_are_counted_exactly() -> None:
    asked = recorded(OPENED, "2026-05-21 10:00 request due=2026-05-30T12:00")
    assert reminders(facts(an_order(), case=asked), "answer") == [
        "2026-05-28 12:00",
        "2026-05-29 12:00",
        "2026-05-30 00:00",
        "2026-05-30 06:00",
    ]


def test_a_look_reminds_once() -> None:
    assert reminders(facts(an_order(), case=recorded(OPENED)), "seller") == ["2026-06-05 09:00"]


def test_no_reminder_rings_in_the_quiet_hours() -> None:
    known = facts(an_order(), ARRIVED, days=quiet("22:00-07:00"))
    assert reminders(known, "post_delivery") == [
        "2026-05-24 09:00",
        "2026-05-28 09:00",
        "2026-05-30 09:00",
        "2026-05-30 21:00",
    ]


def test_two_reminders_that_fall_together_are_one() -> None:
    asked = recorded(OPENED, "2026-05-21 10:00 request due=2026-05-30T08:00")
    known = facts(an_order(), case=asked, days=quiet("21:00-10:00"))
    assert reminders(known, "answer") == ["2026-05-27 20:00", "2026-05-28 20:00", "2026-05-29 20:00"]


# Changes of the clock, other zones.


@pytest.mark.parametrize(
    ("protection_until", "zone", "begins", "ends", "morning_before"),
    [
        # The day that ends has 23 hours, then 25; its act-by and its mornings stay on the wall clock.
        ("2026-03-29", MADRID, "2026-03-29T10:00+00:00", "2026-03-29T22:00+00:00", "2026-03-28T08:00+00:00"),
        ("2026-10-25", MADRID, "2026-10-25T11:00+00:00", "2026-10-25T23:00+00:00", "2026-10-24T07:00+00:00"),
        # The clock changes between the last morning and the end.
        ("2026-03-28", MADRID, "2026-03-28T11:00+00:00", "2026-03-28T23:00+00:00", "2026-03-27T08:00+00:00"),
        ("2026-10-26", MADRID, "2026-10-26T11:00+00:00", "2026-10-26T23:00+00:00", "2026-10-25T08:00+00:00"),
        ("2026-09-26", AUCKLAND, "2026-09-26T00:00+00:00", "2026-09-26T12:00+00:00", "2026-09-24T21:00+00:00"),
        ("2026-11-01", LOS_ANGELES, "2026-11-01T20:00+00:00", "2026-11-02T08:00+00:00", "2026-10-31T16:00+00:00"),
    ],
)  # fmt: skip
def test_a_clock_that_changes(
    protection_until: str, zone: ZoneInfo, begins: str, ends: str, morning_before: str
) -> None:
    known = facts(an_order(protection_until=protection_until), days=Days(zone))
    (found,) = of(known)
    assert found.begins == datetime.fromisoformat(begins)
    assert found.ends == datetime.fromisoformat(ends)
    assert found.reminders[-2:] == (datetime.fromisoformat(morning_before), found.begins)


def test_the_platforms_own_day_may_end_first() -> None:
    known = facts(an_order(protection_until="2026-06-20"), days=Days(MADRID, deadline_zone=AUCKLAND))
    assert told(known) == ["protection 2026-06-20 02:00 - 2026-06-20 14:00"]


# For any order.


@FEWER
@given(all_facts(), INSTANTS)
def test_whatever_is_said_of_a_deadline_ahead_stands_in_the_calendar(known: Facts, now: datetime) -> None:
    """As far as it was recorded by then: a calendar knows nothing of what somebody will record."""
    known = replace(known, case=known.case.as_of(now))
    s, shown = situation(known), {it.ends for it in of(known)}
    for said in forecast(s, {}, now, at("2027-01-01 00:00")):
        moment = said.moment
        if moment.deadline is None or moment.deadline <= now:
            continue
        answered_for = known.case.open_dispute is not None and moment.deadline == s.safe_until
        is_over_before = moment.until is not None and moment.until <= moment.deadline
        assert moment.deadline in shown or answered_for or is_over_before, moment


@FEWER
@given(all_facts())
def test_a_deadline_begins_before_it_ends_and_reminds_before_that(known: Facts) -> None:
    found = of(known)
    assert len({(it.what, it.subject) for it in found}) == len(found)
    for it in found:
        assert it.begins < it.ends
        assert all(at < it.ends for at in it.reminders)
        assert list(it.reminders) == sorted(set(it.reminders))
        assert it.what.partition("/")[0] in {*COUNTDOWNS.values(), *LOOKS.values()}


def test_its_rules_are_rules() -> None:
    assert {*COUNTDOWNS, *LOOKS} <= {rule.__name__ for rule in OTHERS}


def test_each_way_that_remains_has_a_deadline_of_its_own() -> None:
    parcel = a_parcel("in_transit", "2026-05-10 10:00")
    known = facts(an_order(paid_on="2026-05-01"), parcel, fallbacks="paypal card")
    found = {it.what: (shown(it.ends), it.subject) for it in of(known) if it.what.startswith("fallback")}
    assert found == {
        "fallback/paypal": ("2026-10-29 00:00", ORDER),
        "fallback/card": ("2026-10-16 00:00", ORDER),
    }


def test_a_dispute_that_closes_by_itself_is_no_end_of_protection() -> None:
    case = recorded("2026-05-20 10:00 dispute-opened")
    known = facts(an_order(paid_on="2026-05-01"), case=case, policy=load_policy("paypal"))
    assert [(it.what, shown(it.ends)) for it in of(known)] == [("escalation", "2026-06-09 10:00")]
