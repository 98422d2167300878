"""Rulebook: no button? The causes that fit an order now. It was shipped on 3 May 2026, so that a dispute
can be opened from 14 May on, and protection ends with 2 July."""

from typing import Any

import pytest

from monitor.core.no_button import causes
from monitor.core.situation import Facts, situation
from tests.monitor.core.facts import a_parcel, a_policy, an_order, at, facts, recorded

MOVING = a_parcel("in_transit", "2026-05-10 10:00")
DELIVERED = a_parcel("delivered", "2026-05-16 11:20")
OPENED = "2026-05-20 10:00 dispute-opened"


def order(*journal: str, parcel: Any = MOVING, **known: Any) -> Facts:
    return facts(an_order(**known), parcel, case=recorded(*journal))


CAUSES: list[tuple[str, Facts, str, list[str]]] = [
    ("the last moment before day 11", order(), "2026-05-14 08:59:59", ["too_early"]),
    ("the morning of day 11", order(), "2026-05-14 09:00", ["not_delivered"]),
    ("delivered before day 11", order(parcel=DELIVERED), "2026-05-17 09:00", ["still_shipped"]),
    ("early, and delivered", order(shipped_on="2026-05-10", parcel=DELIVERED), "2026-05-17 09:00", ["too_early", "still_shipped"]),
    ("it is known that the marketplace knows", order(parcel=DELIVERED, status="delivered"), "2026-05-17 09:00", []),
    ("the buyer has it", order("2026-05-15 10:00 received"), "2026-05-16 09:00", ["still_shipped"]),
    ("no date of shipping", order(shipped_on=None), "2026-05-16 09:00", ["not_delivered", "shipping_unknown"]),
    ("the day before the first warning", order(), "2026-06-17 23:59", ["not_delivered"]),
    ("14 days before the end", order(), "2026-06-18 00:00", ["running_out", "not_delivered"]),
    ("the last second", order(), "2026-07-02 23:59:59", ["running_out", "not_delivered"]),
    ("over", order(), "2026-07-03 00:00", ["protection_over"]),
    ("8 days before the days after delivery end", order(parcel=DELIVERED), "2026-05-23 23:59", ["still_shipped"]),
    ("7 days before", order(parcel=DELIVERED), "2026-05-24 00:00", ["running_out", "still_shipped"]),
    ("protection ends before the button comes", order(protection_until="2026-05-13"), "2026-05-05 09:00", ["running_out", "too_early"]),
    ("a dispute is open", order(OPENED), "2026-05-21 09:00", ["dispute_open"]),
    ("it was cancelled", order(OPENED, "2026-05-20 12:00 dispute-cancelled"), "2026-05-21 09:00", ["not_delivered"]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "known", "now", "expected"), CAUSES, ids=[case for case, *_ in CAUSES])
def test_the_causes_that_fit(case: str, known: Facts, now: str, expected: list[str]) -> None:
    assert list(causes(situation(known), at(now))) == expected


def test_the_numbers_are_the_policys() -> None:
    own = facts(an_order(), MOVING, policy=a_policy(dispute_open_after_days=5, protection_lead_days=[50]))
    assert list(causes(situation(own), at("2026-05-08 08:59"))) == ["too_early"]
    assert list(causes(situation(own), at("2026-05-13 09:00"))) == ["running_out", "not_delivered"]
