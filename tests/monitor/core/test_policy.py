"""A marketplace's clocks, and exactly those of the rulebook."""

from dataclasses import replace

import pytest

from monitor.core.policy import Clock
from tests.monitor.core.facts import ALIEXPRESS

# key, value, unit, counts from, source, lines of it
CLOCKS = [
    ("dispute_open_after_days", 11, "days", "shipped", "guide", "5, 31, 35, 57, 69"),
    ("delivery_estimate.standard", (15, 45), "days", "shipped", "guide", "10"),
    ("delivery_estimate.epacket", (12, 20), "days", "shipped", "guide", "10"),
    ("delivery_estimate.premium", (8, 15), "days", "shipped", "guide", "10"),
    ("protection_days", 60, "days", "shipped, else paid, else ordered", "guide", "57, 69"),
    ("protection_cap_days", None, "days", "paid, else ordered", "project", ""),
    ("protection_grace_days", 0, "days", "protection end", "project", ""),
    ("post_delivery_days", 15, "days", "delivered", "guide", "31, 57"),
    ("seller_response_days", 15, "days", "dispute opened", "guide", "40, 69"),
    ("escalate_after_days", 3, "days", "dispute opened", "guide", "41, 69"),
    ("escalate_within_days", None, "days", "dispute opened", "project", ""),
    ("platform_response_days", (2, 7), "days", "request or offer received", "guide", "41, 49"),
    ("resolution_agreed_days", (7, 15), "days", "dispute opened", "guide", "5"),
    ("mediation_max_days", 30, "days", "dispute opened", "guide", "5, 69"),
    ("refund_after_win_days", 10, "business days", "settled", "guide", "40, 69"),
    ("refund_days", (3, 20), "business days", "refund issued", "guide", "61"),
    ("refund_typical_days", 15, "days", "refund issued", "guide", "61"),
    ("return_ship_days", 10, "days", "return approved", "public", ""),
    ("appeal_days", None, "days", "decision", "guide", "41"),
    ("customs_stall_days", 7, "days", "newest customs event", "project", ""),
    ("no_tracking_days", 11, "days", "shipped", "project", ""),
    ("stalled_days", 14, "days", "newest event", "project", ""),
    ("pickup_warn_days", 3, "days", "available for pickup", "project", ""),
    ("protection_lead_days", (14, 7, 3, 1), "days", "before protection ends", "project", ""),
    ("post_delivery_lead_days", (7, 3, 1), "days", "before the window closes", "project", ""),
    ("answer_lead_hours", (48, 24, 6), "hours", "before the answer is due", "project", ""),
    ("safety_margin_hours", 12, "hours", "before any hard deadline", "project", ""),
    ("max_video_bytes", 2_000_000_000, "bytes", "one video", "guide", "39"),
    # named by the rules, or needed to end what they began
    ("ship_within_days", 7, "days", "paid, else ordered", "project", ""),
    ("blind_after_hours", 24, "hours", "last success of a source", "project", ""),
    ("confirm_again_days", 2, "days", "delivered", "project", ""),
    ("status_lag_days", 3, "days", "delivered", "project", ""),
    ("seller_response_lead_days", (3, 1), "days", "before the seller's answer is due", "project", ""),
    ("seller_response_look_days", 5, "days", "dispute opened", "public", ""),
    ("return_look_days", (15, 30), "days", "return shipped", "project", ""),
    ("no_button_retry_days", 2, "days", "no button found", "project", ""),
    ("return_lead_days", 3, "days", "before the return must be shipped", "project", ""),
    ("escalate_lead_days", (7, 3, 1), "days", "before a dispute closes by itself", "project", ""),
    ("fallback_lead_days", (14, 3), "days", "before a fallback's time ends", "project", ""),
    ("rest_after_days", 30, "days", "the last window closed", "project", ""),
    ("policy_old_days", 365, "days", "policy checked", "project", ""),
    # what a proposal weighs
    ("cheap_up_to.EUR", 20, "EUR", "price", "project", ""),
    ("cheap_up_to.USD", 20, "USD", "price", "project", ""),
    ("cheap_up_to.GBP", 17, "GBP", "price", "project", ""),
    ("cheap_up_to.PLN", 85, "PLN", "price", "project", ""),
    ("costly_return_percent", 30, "percent", "price", "project", ""),
]


@pytest.mark.parametrize(("key", "value", "unit", "counts_from", "source", "reference"), CLOCKS)
def test_a_clock_of_the_rulebook(
    key: str,
    value: int | tuple[int, ...] | None,
    unit: str,
    counts_from: str,
    source: str,
    reference: str,
) -> None:
    assert ALIEXPRESS.clocks[key] == Clock(key, value, unit, counts_from, source, reference)


def test_there_is_no_other_clock() -> None:
    assert set(ALIEXPRESS.clocks) == {key for key, *_ in CLOCKS}


def test_every_reason_of_the_rulebook_asks_for_evidence() -> None:
    assert set(ALIEXPRESS.reasons) == {
        "not_received",
        "wrong_address",
        "quality",
        "not_as_described",
        "damaged_in_transit",
        "missing_parts",
        "wrong_item",
        "duplicate_charge",
        "no_tracking",
        "returned_to_seller",
        "customs_hold",
    }
    for id_, reason in ALIEXPRESS.reasons.items():
        assert reason.id == id_
        assert reason.title
        assert reason.applies
        assert reason.evidence


def test_of_a_range_the_shortest_counts() -> None:
    assert ALIEXPRESS.number("platform_response_days") == 2
    assert ALIEXPRESS.number("protection_days") == 60
    assert ALIEXPRESS.number("protection_grace_days") == 0


def test_where_there_is_no_limit_it_is_none() -> None:
    assert ALIEXPRESS.limit("platform_response_days") == 2
    assert ALIEXPRESS.limit("protection_grace_days") == 0
    assert ALIEXPRESS.limit("appeal_days") is None


def test_a_clock_counts_from_the_first_fact_that_is_known() -> None:
    assert ALIEXPRESS.clocks["protection_days"].starts == ("shipped", "paid", "ordered")
    assert ALIEXPRESS.clocks["post_delivery_days"].starts == ("delivered",)


def test_numbers_come_in_the_policys_order() -> None:
    assert ALIEXPRESS.numbers("protection_lead_days") == (14, 7, 3, 1)
    assert ALIEXPRESS.numbers("protection_days") == (60,)
    assert ALIEXPRESS.numbers("appeal_days") == ()


def test_no_limit_is_no_number() -> None:
    with pytest.raises(KeyError, match="appeal_days"):
        ALIEXPRESS.number("appeal_days")
    clock = Clock("refund_days", (), "days", "refund issued", "project")
    with pytest.raises(KeyError, match="refund_days"):
        replace(ALIEXPRESS, clocks={"refund_days": clock}).number("refund_days")


@pytest.mark.parametrize(
    ("order", "page"),
    [
        ("8190000000007731", "https://www.aliexpress.com/p/order/detail.html?orderId=8190000000007731"),
        ("a b", None),
        ("1&x=2", None),
        ("", None),
        ("9" * 65, None),
    ],
)
def test_the_page_of_an_order(order: str, page: str | None) -> None:
    assert ALIEXPRESS.page_of(order) == page
    assert replace(ALIEXPRESS, order_page=None).page_of(order) is None
