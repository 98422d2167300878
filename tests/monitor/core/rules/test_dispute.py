"""Rulebook: after opening. The dispute was opened on Wednesday 20 May 2026, 10:00."""

from dataclasses import replace

import pytest

from monitor.core.case import Case
from monitor.core.days import Days
from monitor.core.situation import Facts, situation
from monitor.core.timeline import current, timeline
from tests.monitor.core.facts import (
    MADRID,
    a_parcel,
    a_policy,
    an_order,
    at,
    day,
    facts,
    only,
    recorded,
    shown,
)
from tests.monitor.core.rules.rows import PROTECTION_ACT_BY, PROTECTION_END, Row, check, said

OPENED = "2026-05-20 10:00 dispute-opened"
SELLER_DUE = "2026-06-04 10:00"


def after(*entries: str, days: Days | None = None) -> Facts:
    """The facts after what was recorded."""
    given = facts(an_order(), case=recorded(*entries))
    return replace(given, days=days) if days else given


def opened_at(clock: str) -> Facts:
    return after(f"2026-05-20 {clock} dispute-opened")


def seller(rule: str, case: str, given: Facts, on: str, severity: str, why: str, stage: str = "") -> Row:
    ends = rule in ("escalation_available", "seller_response_due")
    text = f"dispute opened 20 May 2026 + {why}"
    return Row(case, given, rule, on, severity, text, stage, until=SELLER_DUE if ends else None)


GUIDE = "(aliexpress policy: guide)"
ANSWERED = after(OPENED, "2026-05-25 10:00 seller-answered")

SELLERS_DAYS = [
    seller(
        "escalation_available",
        "after three days",
        after(OPENED),
        "2026-05-23 09:00",
        "notice",
        f"3 days {GUIDE}",
    ),
    seller(
        "escalation_available",
        "answered but not agreed",
        ANSWERED,
        "2026-05-23 09:00",
        "notice",
        f"3 days {GUIDE}",
    ),
    seller(
        "seller_response_due",
        "three days before",
        after(OPENED),
        "2026-06-01 09:00",
        "notice",
        f"15 days {GUIDE}, 3 days before",
        "3d",
    ),
    seller(
        "seller_response_due",
        "the day before",
        after(OPENED),
        "2026-06-03 09:00",
        "notice",
        f"15 days {GUIDE}, 1 day before",
        "1d",
    ),
    seller(
        "seller_response_due",
        "on day 5 to look, for newer copies say 5 days",
        after(OPENED),
        "2026-05-25 09:00",
        "notice",
        "5 days (aliexpress policy: public)",
        "look",
    ),
    seller(
        "seller_silent",
        "the first morning after",
        after(OPENED),
        "2026-06-05 09:00",
        "warning",
        f"15 days {GUIDE}",
    ),
    seller(
        "seller_silent",
        "opened before the morning: that same morning",
        opened_at("08:59:59"),
        "2026-06-04 09:00",
        "warning",
        f"15 days {GUIDE}",
    ),
    seller(
        "seller_silent",
        "opened in the morning's second",
        opened_at("09:00"),
        "2026-06-04 09:00",
        "warning",
        f"15 days {GUIDE}",
    ),
    seller(
        "seller_silent",
        "opened a second later",
        opened_at("09:00:01"),
        "2026-06-05 09:00",
        "warning",
        f"15 days {GUIDE}",
    ),
    seller("becomes_claim", "answered", ANSWERED, "2026-06-05 09:00", "warning", f"15 days {GUIDE}"),
    seller(
        "becomes_claim",
        "an offer is an answer",
        after(OPENED, "2026-05-25 10:00 offer", "2026-05-26 10:00 answered"),
        "2026-06-05 09:00",
        "warning",
        f"15 days {GUIDE}",
    ),
    seller(
        "mediation_overdue",
        "a month without a decision",
        after(OPENED),
        "2026-06-20 09:00",
        "warning",
        f"30 days {GUIDE}",
    ),
    seller(
        "mediation_overdue",
        "a claim is no decision",
        after(OPENED, "2026-06-05 10:00 claim"),
        "2026-06-20 09:00",
        "warning",
        f"30 days {GUIDE}",
    ),
]


def answer(
    case: str, given: Facts, stage: str, on: str, due: str, act_by: str, why: str, latest: str | None = None
) -> Row:
    """Due when the shortest time is over, and still waiting until the longest is."""
    return Row(
        case,
        given,
        "answer_due",
        at=on,
        severity={"48h": "warning", "24h": "urgent", "6h": "critical"}[stage],
        why=f"{why}, {stage[:-1]} hours before",
        stage=stage,
        until=latest or due,
        deadline=due,
        act_by=act_by,
    )


ASKED = after(OPENED, "2026-05-25 12:00 request")
ASKED_WHY = "request received 25 May 2026 + 2 days (aliexpress policy: guide), estimated"
OFFERED = after(OPENED, "2026-05-25 12:00 offer due=2026-06-01T18:00")
FORWARD = after("2026-03-20 10:00 dispute-opened", "2026-03-28 12:00 request")
BACK = after("2026-10-20 10:00 dispute-opened", "2026-10-24 12:00 request")

ANSWERS = [
    answer(
        "unknown",
        ASKED,
        "48h",
        "2026-05-25 12:00",
        "2026-05-27 12:00",
        "2026-05-27 00:00",
        ASKED_WHY,
        "2026-06-01 12:00",
    ),
    answer(
        "unknown",
        ASKED,
        "24h",
        "2026-05-26 12:00",
        "2026-05-27 12:00",
        "2026-05-27 00:00",
        ASKED_WHY,
        "2026-06-01 12:00",
    ),
    answer(
        "unknown",
        ASKED,
        "6h",
        "2026-05-27 06:00",
        "2026-05-27 12:00",
        "2026-05-27 00:00",
        ASKED_WHY,
        "2026-06-01 12:00",
    ),
    *(
        answer("told", OFFERED, stage, on, "2026-06-01 18:00", "2026-06-01 06:00", "answer due 1 Jun 2026")
        for stage, on in (
            ("48h", "2026-05-30 18:00"),
            ("24h", "2026-05-31 18:00"),
            ("6h", "2026-06-01 12:00"),
        )
    ),
    *(
        answer(
            "two days of which one has 23 hours",
            FORWARD,
            stage,
            on,
            "2026-03-30 12:00",
            "2026-03-30 00:00",
            "request received 28 Mar 2026 + 2 days (aliexpress policy: guide), estimated",
            "2026-04-04 12:00",
        )
        for stage, on in (
            ("48h", "2026-03-28 12:00"),
            ("24h", "2026-03-29 12:00"),
            ("6h", "2026-03-30 06:00"),
        )
    ),
    *(
        answer(
            "two days of which one has 25 hours",
            BACK,
            stage,
            on,
            "2026-10-26 12:00",
            "2026-10-26 00:00",
            "request received 24 Oct 2026 + 2 days (aliexpress policy: guide), estimated",
            "2026-10-31 12:00",
        )
        for stage, on in (
            ("48h", "2026-10-24 13:00"),
            ("24h", "2026-10-25 12:00"),
            ("6h", "2026-10-26 06:00"),
        )
    ),
]

LOST = after(OPENED, "2026-06-10 15:00 decision in_favour_of=seller")
WON = after(OPENED, "2026-06-10 15:00 decision in_favour_of=buyer")
APPROVED = after(OPENED, "2026-06-10 15:00 return-approved")

DECIDED = [
    Row(
        "against you, no limit known",
        LOST,
        "appeal_possible",
        at="2026-06-10 15:00",
        severity="warning",
        why="decided 10 Jun 2026",
    ),
    Row(
        "against you, with the user's limit",
        replace(LOST, policy=a_policy(appeal_days=7)),
        "appeal_possible",
        at="2026-06-10 15:00",
        severity="warning",
        why="decided 10 Jun 2026 + 7 days (aliexpress policy: your configuration)",
        until="2026-06-17 15:00",
        deadline="2026-06-17 15:00",
        act_by="2026-06-17 03:00",
    ),
    Row(
        "against you, until the day that the app shows",
        after(OPENED, "2026-06-10 15:00 decision in_favour_of=seller due=2026-06-15T00:00"),
        "appeal_possible",
        at="2026-06-10 15:00",
        severity="warning",
        why="appeal until 14 Jun 2026",
        until="2026-06-15 00:00",
        deadline="2026-06-15 00:00",
        act_by="2026-06-14 12:00",
    ),
    Row(
        "again, after an appeal",
        after(
            OPENED,
            "2026-06-10 15:00 decision in_favour_of=seller",
            "2026-06-11 15:00 appealed",
            "2026-06-20 15:00 decision in_favour_of=seller",
        ),
        "appeal_possible",
        at="2026-06-20 15:00",
        severity="warning",
        why="decided 20 Jun 2026",
    ),
    Row(
        "a month after an appeal",
        after(OPENED, "2026-06-10 15:00 decision in_favour_of=seller", "2026-06-11 15:00 appealed"),
        "mediation_overdue",
        at="2026-07-12 09:00",
        severity="warning",
        why="appealed 11 Jun 2026 + 30 days (aliexpress policy: guide)",
    ),
    Row(
        "a month, and no replacement",
        after(OPENED, "2026-05-22 10:00 agreed on=replacement"),
        "mediation_overdue",
        at="2026-06-20 09:00",
        severity="warning",
        why="dispute opened 20 May 2026 + 30 days (aliexpress policy: guide)",
    ),
    *(
        Row(
            "until the day that the app shows",
            after(OPENED, "2026-06-10 15:00 return-approved due=2026-06-19T00:00"),
            "return_due",
            at=on,
            severity=severity,
            why=why,
            stage=stage,
            deadline="2026-06-19 00:00",
            act_by="2026-06-18 12:00",
        )
        for stage, on, severity, why in (
            ("approved", "2026-06-10 15:00", "warning", "return to be sent by 18 Jun 2026"),
            ("3d", "2026-06-15 09:00", "urgent", "return to be sent by 18 Jun 2026, 3 days before"),
        )
    ),
    *(
        Row(
            "the goods are on their way back",
            after(OPENED, "2026-06-10 15:00 return-approved", "2026-06-12 18:00 return-shipped number=RR1"),
            "refund_due",
            at=on,
            severity=severity,
            why=f"return shipped 12 Jun 2026 + {days} days (aliexpress policy: project)",
            stage=stage,
        )
        for stage, on, severity, days in (
            ("return", "2026-06-27 09:00", "notice", 15),
            ("return-overdue", "2026-07-12 09:00", "warning", 30),
        )
    ),
    Row(
        "send it within ten days",
        APPROVED,
        "return_due",
        at="2026-06-10 15:00",
        severity="warning",
        why="return approved 10 Jun 2026 + 10 days (aliexpress policy: public)",
        stage="approved",
        deadline="2026-06-20 15:00",
        act_by="2026-06-20 03:00",
    ),
    Row(
        "three days are left",
        APPROVED,
        "return_due",
        at="2026-06-17 09:00",
        severity="urgent",
        why="return approved 10 Jun 2026 + 10 days (aliexpress policy: public), 3 days before",
        stage="3d",
        deadline="2026-06-20 15:00",
        act_by="2026-06-20 03:00",
    ),
    Row(
        "cancelled while protection runs",
        after(OPENED, "2026-06-10 12:00 dispute-cancelled"),
        "dispute_rearmed",
        at="2026-06-10 12:00",
        severity="notice",
        why="shipped 3 May 2026 + 60 days (aliexpress policy: guide), estimated",
        until=PROTECTION_END,
        deadline=PROTECTION_END,
        act_by=PROTECTION_ACT_BY,
    ),
    Row(
        "two payments",
        after("2026-05-20 12:00 charged-twice"),
        "duplicate_charge",
        at="2026-05-20 12:00",
        severity="warning",
        why="you recorded it 20 May 2026",
        deadline=PROTECTION_END,
        act_by=PROTECTION_ACT_BY,
    ),
]


def refund(case: str, given: Facts, what: str, looks: tuple[str, str, str]) -> list[Row]:
    stages = (("early", "info", 3), ("expected", "notice", 10), ("overdue", "warning", 20))
    return [
        Row(
            case,
            given,
            "refund_due",
            at=f"{on} 09:00",
            severity=severity,
            why=f"{what} + {count} business days (aliexpress policy: guide)",
            stage=stage,
        )
        for (stage, severity, count), on in zip(stages, looks, strict=True)
    ]


REFUNDS = [
    *refund(
        "issued on a Wednesday",
        after(OPENED, "2026-06-10 15:00 refund-issued"),
        "refund issued 10 Jun 2026",
        ("2026-06-15", "2026-06-24", "2026-07-08"),
    ),
    *refund(
        "issued on a Saturday",
        after(OPENED, "2026-06-13 15:00 refund-issued"),
        "refund issued 13 Jun 2026",
        ("2026-06-17", "2026-06-26", "2026-07-10"),
    ),
    *refund(
        "with holidays",
        after(
            OPENED,
            "2026-06-10 15:00 refund-issued",
            days=Days(MADRID, holidays=frozenset(map(day, ("2026-06-12", "2026-06-24", "2026-06-27")))),
        ),
        "refund issued 10 Jun 2026",
        ("2026-06-16", "2026-06-26", "2026-07-10"),
    ),
    *refund(
        "without a dispute",
        after("2026-06-10 15:00 refund-issued"),
        "refund issued 10 Jun 2026",
        ("2026-06-15", "2026-06-24", "2026-07-08"),
    ),
    *refund("decided", WON, "decided for you 10 Jun 2026", ("2026-06-15", "2026-06-24", "2026-07-08")),
    *refund(
        "agreed",
        after(OPENED, "2026-06-10 15:00 agreed"),
        "agreed 10 Jun 2026",
        ("2026-06-15", "2026-06-24", "2026-07-08"),
    ),
    *refund(
        "issued beats decided",
        after(OPENED, "2026-06-01 15:00 decision in_favour_of=buyer", "2026-06-10 15:00 refund-issued"),
        "refund issued 10 Jun 2026",
        ("2026-06-15", "2026-06-24", "2026-07-08"),
    ),
    *refund(
        "issued after the goods went back",
        after(
            OPENED,
            "2026-05-25 15:00 return-approved",
            "2026-05-27 15:00 return-shipped number=RR1",
            "2026-06-10 15:00 refund-issued",
        ),
        "refund issued 10 Jun 2026",
        ("2026-06-15", "2026-06-24", "2026-07-08"),
    ),
]


@pytest.mark.parametrize("row", [*SELLERS_DAYS, *ANSWERS, *DECIDED, *REFUNDS], ids=str)
def test_says(row: Row) -> None:
    check(row)


TOLD = after("2026-05-20 10:00 dispute-opened due=2026-05-28T00:00")


def test_the_sellers_time_that_the_app_shows_is_no_guess() -> None:
    assert said(TOLD, "seller_response_due") == ["2026-05-24 09:00 notice 3d", "2026-05-26 09:00 notice 1d"]
    assert said(TOLD, "seller_silent") == ["2026-05-28 09:00 warning"]
    first, second = only(timeline(TOLD), "seller_response_due")
    assert str(first.why) == "the seller must answer by 27 May 2026, 3 days before"
    assert shown(second.until) == "2026-05-28 00:00"
    (escalation,) = only(timeline(TOLD), "escalation_available")
    assert shown(escalation.until) == "2026-05-28 00:00"


def test_an_offer_and_a_request_each_wait_for_their_own_time() -> None:
    both = after(
        OPENED, "2026-05-21 10:00 offer due=2026-05-25T10:00", "2026-05-22 10:00 request due=2026-05-24T18:00"
    )
    assert said(both, "answer_due") == [
        "2026-05-22 18:00 warning 48h",
        "2026-05-23 10:00 warning 48h",
        "2026-05-23 18:00 urgent 24h",
        "2026-05-24 10:00 urgent 24h",
        "2026-05-24 12:00 critical 6h",
        "2026-05-25 04:00 critical 6h",
    ]
    assert len({moment.key for moment in only(timeline(both), "answer_due")}) == 2


NEGOTIATION = ("escalation_available", "seller_response_due", "seller_silent", "becomes_claim")
ENDS = {
    "there is none": (),
    "it was cancelled": (OPENED, "2026-05-21 10:00 dispute-cancelled"),
    "it was agreed": (OPENED, "2026-05-21 10:00 agreed"),
    "it was decided": (OPENED, "2026-05-21 10:00 decision in_favour_of=seller"),
    "it is a claim": (OPENED, "2026-05-21 10:00 claim"),
    "the money was sent": (OPENED, "2026-05-21 10:00 refund-issued"),
    "the money is here": (OPENED, "2026-05-21 10:00 refund-received"),
    "the goods go back": (OPENED, "2026-05-21 10:00 return-approved"),
    "they were sent back": (OPENED, "2026-05-21 10:00 return-shipped number=RR1"),
}
WAITING = (OPENED, "2026-05-25 12:00 request")

NEVER: list[tuple[str, str, tuple[str, ...]]] = [
    *((rule, because, entries) for rule in NEGOTIATION for because, entries in ENDS.items()),
    *(
        ("mediation_overdue", because, entries)
        for because, entries in ENDS.items()
        if because != "it is a claim"
    ),
    ("seller_response_due", "the seller answered", (OPENED, "2026-05-25 10:00 seller-answered")),
    ("seller_silent", "the seller answered", (OPENED, "2026-05-25 10:00 seller-answered")),
    ("seller_silent", "the seller offered", (OPENED, "2026-05-25 10:00 offer")),
    ("becomes_claim", "the seller is silent", (OPENED,)),
    ("becomes_claim", "the platform's request is not the seller's answer", WAITING),
    ("answer_due", "nothing waits", (OPENED,)),
    ("answer_due", "it was answered", (*WAITING, "2026-05-26 12:00 answered")),
    ("answer_due", "it was agreed", (*WAITING, "2026-05-26 12:00 agreed")),
    ("answer_due", "it was decided", (*WAITING, "2026-05-26 12:00 decision in_favour_of=seller")),
    ("answer_due", "it was cancelled", (*WAITING, "2026-05-26 12:00 dispute-cancelled")),
    ("answer_due", "it was due before it was told", (OPENED, "2026-05-25 12:00 offer due=2026-05-25T12:00")),
    ("answer_due", "the money was sent", (*WAITING, "2026-05-26 12:00 refund-issued")),
    ("appeal_possible", "nothing is decided", (OPENED,)),
    (
        "appeal_possible",
        "the money was sent all the same",
        (OPENED, "2026-06-10 15:00 decision in_favour_of=seller", "2026-06-11 15:00 refund-issued"),
    ),
    (
        "mediation_overdue",
        "it was won, and appealed for more",
        (OPENED, "2026-06-10 15:00 decision in_favour_of=buyer", "2026-06-11 15:00 appealed"),
    ),
    (
        "return_due",
        "the money was sent without it",
        (OPENED, "2026-06-10 15:00 return-approved", "2026-06-11 15:00 refund-issued"),
    ),
    (
        "return_due",
        "the dispute was cancelled",
        (OPENED, "2026-06-10 15:00 return-approved", "2026-06-11 15:00 dispute-cancelled"),
    ),
    ("refund_due", "a replacement was agreed", (OPENED, "2026-06-10 15:00 agreed on=replacement")),
    (
        "refund_due",
        "the agreement became a claim",
        (OPENED, "2026-06-10 15:00 agreed", "2026-06-11 15:00 claim"),
    ),
    (
        "refund_due",
        "the second payment was what it was about",
        (
            "2026-05-20 10:00 dispute-opened reason=duplicate_charge",
            "2026-06-10 15:00 agreed",
            "2026-06-11 15:00 refund-received",
        ),
    ),
    (
        "duplicate_charge",
        "a dispute about it is open",
        ("2026-05-20 12:00 charged-twice", "2026-05-21 12:00 dispute-opened reason=duplicate_charge"),
    ),
    ("appeal_possible", "it was won", (OPENED, "2026-06-10 15:00 decision in_favour_of=buyer")),
    (
        "appeal_possible",
        "it was appealed",
        (OPENED, "2026-06-10 15:00 decision in_favour_of=seller", "2026-06-11 15:00 appealed"),
    ),
    ("return_due", "nothing goes back", (OPENED,)),
    (
        "return_due",
        "it was sent",
        (OPENED, "2026-06-10 15:00 return-approved", "2026-06-11 15:00 return-shipped number=RR1"),
    ),
    ("refund_due", "nothing is promised", (OPENED,)),
    ("refund_due", "it was lost", (OPENED, "2026-06-10 15:00 decision in_favour_of=seller")),
    (
        "refund_due",
        "the goods go back first",
        (OPENED, "2026-06-10 15:00 agreed", "2026-06-10 15:00 return-approved"),
    ),
    (
        "refund_due",
        "an agreement was overruled",
        (OPENED, "2026-06-01 15:00 agreed", "2026-06-10 15:00 decision in_favour_of=seller"),
    ),
    (
        "refund_due",
        "it is here",
        (OPENED, "2026-06-10 15:00 refund-issued", "2026-06-11 15:00 refund-received"),
    ),
    ("dispute_rearmed", "it is open", (OPENED,)),
    ("dispute_rearmed", "protection is over", (OPENED, "2026-07-03 00:00 dispute-cancelled")),
    (
        "dispute_rearmed",
        "a new one was opened",
        (OPENED, "2026-06-10 12:00 dispute-cancelled", "2026-06-11 12:00 dispute-opened"),
    ),
    ("duplicate_charge", "paid once", (OPENED,)),
    (
        "duplicate_charge",
        "the money is back",
        ("2026-05-20 12:00 charged-twice", "2026-05-20 12:00 refund-received"),
    ),
]


@pytest.mark.parametrize(
    ("rule", "because", "entries"), NEVER, ids=[f"{rule}: {why}" for rule, why, _ in NEVER]
)
def test_says_nothing(rule: str, because: str, entries: tuple[str, ...]) -> None:
    assert said(after(*entries), rule) == []


def test_an_answer_due_soon_begins_at_its_loudest() -> None:
    given = after(OPENED, "2026-05-25 12:00 request due=2026-05-25T20:00")
    moments = timeline(given)
    for now, stage in (
        ("2026-05-25 11:59:59", None),
        ("2026-05-25 12:00", "24h"),
        ("2026-05-25 13:59:59", "24h"),
        ("2026-05-25 14:00", "6h"),
        ("2026-05-25 19:59:59", "6h"),
        ("2026-05-25 20:00", None),
    ):
        stages = [m.stage for m in current(moments, at(now)).values() if m.rule == "answer_due"]
        assert stages == ([stage] if stage else []), now


def test_an_answer_due_when_a_day_ends_is_due_on_that_day() -> None:
    for due, on in (
        ("2026-06-02T00:00", "1 Jun"),
        ("2026-06-02T00:01", "2 Jun"),
        ("2026-06-01T23:59", "1 Jun"),
    ):
        (first, *_) = only(timeline(after(OPENED, f"2026-05-25 12:00 offer due={due}")), "answer_due")
        assert str(first.why) == f"answer due {on} 2026, 48 hours before"


def test_an_unknown_answer_deadline_shows_its_range() -> None:
    (first, *_) = only(timeline(ASKED), "answer_due")
    assert first.detail == {"offer": False, "due_known": False, "latest": at("2026-06-01 12:00")}
    (first, *_) = only(timeline(OFFERED), "answer_due")
    assert first.detail == {"offer": True, "due_known": True, "latest": at("2026-06-01 18:00")}


def test_the_seller_is_said_to_be_silent_or_to_have_answered() -> None:
    assert [m.detail["answered"] for m in only(timeline(after(OPENED)), "escalation_available")] == [False]
    assert [m.detail["answered"] for m in only(timeline(ANSWERED), "escalation_available")] == [True]


def test_each_request_is_an_occurrence_of_its_own() -> None:
    second = after(*WAITING, "2026-05-26 12:00 answered", "2026-05-28 12:00 request")
    keys = {m.key for given in (ASKED, second) for m in only(timeline(given), "answer_due")}
    assert len(keys) == 2


def test_a_second_dispute_has_clocks_of_its_own() -> None:
    given = after(
        OPENED,
        "2026-05-21 10:00 seller-answered",
        "2026-05-22 10:00 dispute-cancelled",
        "2026-06-01 08:00 dispute-opened",
    )
    assert said(given, "escalation_available") == ["2026-06-04 09:00 notice"]
    assert said(given, "seller_silent") == ["2026-06-16 09:00 warning"]
    assert said(given, "becomes_claim") == []
    (first,), (second,) = (only(timeline(known), "seller_silent") for known in (after(OPENED), given))
    assert first.key != second.key


def test_a_return_approved_too_late_for_its_stages_is_urgent_at_once() -> None:
    given = replace(APPROVED, policy=a_policy(return_ship_days=2))
    assert said(given, "return_due") == ["2026-06-10 15:00 urgent 3d", "2026-06-10 15:00 warning approved"]


REOPENED = [
    ("the money of the first is no end of the second", "2026-06-01 10:00 refund-received"),
    ("closing the first is no end of the second", "2026-06-01 10:00 closed"),
    ("what was fine is not any more", "2026-06-01 10:00 all-fine"),
]


@pytest.mark.parametrize(("because", "entry"), REOPENED)
def test_a_new_dispute_opens_the_case_again(because: str, entry: str) -> None:
    won = (OPENED, "2026-05-25 10:00 decision in_favour_of=buyer", entry)
    assert said(after(*won, "2026-06-02 10:00 dispute-opened"), "seller_silent") == [
        "2026-06-18 09:00 warning"
    ]


def test_a_new_dispute_has_a_return_and_a_refund_of_its_own() -> None:
    first = (
        OPENED,
        "2026-05-22 10:00 return-approved",
        "2026-05-23 10:00 return-shipped number=RR1",
        "2026-05-25 10:00 refund-issued",
        "2026-05-26 10:00 refund-received",
    )
    second = (*first, "2026-06-02 10:00 dispute-opened")
    assert said(after(*second), "refund_due") == []
    won = (*second, "2026-06-10 15:00 decision in_favour_of=buyer")
    assert said(after(*won), "refund_due")[0] == "2026-06-15 09:00 info early"
    approved = (*second, "2026-06-10 15:00 return-approved")
    assert said(after(*approved), "return_due")[0] == "2026-06-10 15:00 warning approved"


MUTED = (
    "dispute_openable",
    "estimate_missed",
    "protection_ending",
    "protection_ended",
    "post_delivery_ending",
)


@pytest.mark.parametrize("rule", MUTED)
def test_an_open_dispute_mutes_and_a_cancelled_one_does_not(rule: str) -> None:
    parcel = a_parcel("delivered" if rule == "post_delivery_ending" else "in_transit", "2026-05-19 10:00")
    given = facts(an_order(estimated_delivery="2026-05-19"), parcel)

    def loud(case: Case) -> list[str | None]:
        moments = only(timeline(replace(given, case=case)), rule)
        return [shown(m.at) for m in moments if m.until is None or m.until > at("2026-05-13 10:00")]

    before = loud(Case())
    assert before
    assert loud(recorded("2026-05-13 10:00 dispute-opened")) == []
    cancelled = recorded("2026-05-13 10:00 dispute-opened", "2026-05-21 10:00 dispute-cancelled")
    assert loud(cancelled) == [max(told or "", "2026-05-21 10:00") for told in before]
    decided = recorded("2026-05-13 10:00 dispute-opened", "2026-05-21 10:00 decision in_favour_of=seller")
    assert loud(decided) == []


def test_a_dispute_about_a_second_payment_that_was_cancelled_leaves_it_to_be_asked_for() -> None:
    given = after(
        "2026-05-20 12:00 charged-twice",
        "2026-05-21 12:00 dispute-opened reason=duplicate_charge",
        "2026-05-25 12:00 dispute-cancelled",
    )
    assert said(given, "duplicate_charge") == ["2026-05-25 12:00 warning"]


def test_when_the_second_payment_is_back_the_orders_own_deadlines_run_on() -> None:
    given = after(
        "2026-05-20 10:00 dispute-opened reason=duplicate_charge", "2026-06-10 15:00 refund-received"
    )
    assert said(given, "protection_ending")[-1] == "2026-07-01 09:00 critical 1d"
    assert situation(given).finished_at == at("2026-08-02 00:00")


def test_the_history_of_an_order_stays_in_its_timeline() -> None:
    """An offer that was answered was waiting; a dispute that was cancelled was open."""
    given = after(
        OPENED, "2026-05-22 10:00 offer due=2026-05-25T10:00", "2026-05-24 12:00 answered",
        "2026-05-26 10:00 dispute-cancelled", "2026-05-28 10:00 dispute-opened",
    )  # fmt: skip
    told = [
        (moment.rule, moment.stage, shown(moment.at), shown(moment.until))
        for moment in timeline(given)
        if moment.at < at("2026-05-29 10:00")
    ]
    assert told == [
        ("dispute_openable", "open", "2026-05-14 09:00", "2026-05-20 10:00"),
        ("escalation_available", "", "2026-05-23 09:00", "2026-05-26 10:00"),
        ("answer_due", "48h", "2026-05-23 10:00", "2026-05-24 12:00"),
        ("answer_due", "24h", "2026-05-24 10:00", "2026-05-24 12:00"),
        ("dispute_rearmed", "", "2026-05-26 10:00", "2026-05-28 10:00"),
        ("dispute_openable", "open", "2026-05-26 10:00", "2026-05-28 10:00"),
    ]


def test_a_seller_who_answers_late_ends_the_silence_and_nothing_before() -> None:
    given = after(OPENED, "2026-06-08 12:00 seller-answered")
    silent, claim = (only(timeline(given), rule)[0] for rule in ("seller_silent", "becomes_claim"))
    assert (shown(silent.at), shown(silent.until)) == ("2026-06-05 09:00", "2026-06-08 12:00")
    assert (shown(claim.at), claim.until) == ("2026-06-08 12:00", None)


def test_own_numbers_own_stages() -> None:
    policy = a_policy(
        seller_response_days=5,
        seller_response_lead_days=[2],
        escalate_after_days=1,
        mediation_max_days=20,
        refund_days=[1, 2],
        refund_after_win_days=1,
        answer_lead_hours=[96, 48, 12, 2],
    )
    given = replace(after(OPENED), policy=policy)
    assert said(given, "escalation_available") == ["2026-05-21 09:00 notice"]
    assert said(given, "seller_response_due") == ["2026-05-23 09:00 notice 2d"]
    assert said(given, "seller_silent") == ["2026-05-26 09:00 warning"]
    assert said(given, "mediation_overdue") == ["2026-06-10 09:00 warning"]
    assert said(replace(OFFERED, policy=policy), "answer_due") == [
        "2026-05-28 18:00 warning 96h",
        "2026-05-30 18:00 warning 48h",
        "2026-06-01 06:00 urgent 12h",
        "2026-06-01 16:00 critical 2h",
    ]
    assert said(replace(WON, policy=policy), "refund_due") == [
        "2026-06-11 09:00 notice expected",
        "2026-06-11 09:00 info early",
        "2026-06-12 09:00 warning overdue",
    ]
