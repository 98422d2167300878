"""Other policies, fallbacks and a policy of one's own, as a user meets them on the command line."""

import json
from datetime import datetime

import pytest

from tests.monitor.cli.conftest import CONFIG, HUB, LAMP, Desk

CHAIN = '[policies.aliexpress]\nfallback = ["paypal", "card"]\n'
RADIO = """\
[[orders]]
id = "12-11111-22222"
title = "Radio"
marketplace = "ebay"
paid_on = 2026-10-01
estimated_delivery = 2026-10-20
"""
MINE = """\
title = "Corner Shop"
checked_on = 2026-10-01

[clocks]
protection_days = { value = 20, from = "latest estimate, else paid" }
"""
OWN = '[policies.mine]\nfile = "mine.toml"\n'


def policies(desk: Desk) -> list[str]:
    """What `check` says of policies."""
    lines = desk("check").out.splitlines()
    return [line for line in lines if line.startswith(("policy", "  unverified"))]


# check


def test_check_names_the_policies_in_use_only(desk: Desk) -> None:
    assert policies(desk) == [
        "policy: aliexpress, compared with the marketplace on 24 Nov 2026",
        "  unverified, seen in public places only: seller_response_look_days = 5, return_ship_days = 10",
    ]
    desk.write("orders.toml", RADIO)
    assert policies(desk) == [
        "policy: ebay, compared with the marketplace on 30 Nov 2026",
        "  unverified, seen in public places only: dispute_open_after_days = 1, protection_days = 30",
    ]


def test_check_names_what_remains_after_each(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + CHAIN + '[policies.paypal]\nfallback = ["eu-withdrawal"]\n')
    told = [line.removeprefix("policy: ") for line in policies(desk) if line.startswith("policy")]
    assert told == [
        "aliexpress, compared with the marketplace on 24 Nov 2026, then paypal, card",
        "paypal, written down on 30 Nov 2026, then eu-withdrawal",
        "eu-withdrawal, written down on 30 Nov 2026",
        "card, written down on 30 Nov 2026",
    ]


def test_check_asks_the_database_too(desk: Desk) -> None:
    """An order that was imported once, or left its file, counts by its policy all the same."""
    desk.write("other.toml", RADIO)
    assert desk("import", "other.toml").code == 0
    assert [line.split(",")[0] for line in policies(desk) if line.startswith("policy")] == [
        "policy: ebay",
        "policy: aliexpress",
    ]


def test_finished_orders_use_no_policy(desk: Desk) -> None:
    desk.write("orders.toml", HUB + RADIO + 'status = "finished"\n')
    assert [line.split(",")[0] for line in policies(desk) if line.startswith("policy")] == [
        "policy: aliexpress"
    ]


def test_without_any_order_it_is_the_one_that_would_count(desk: Desk) -> None:
    desk.write("orders.toml", "")
    assert policies(desk)[0].startswith("policy: aliexpress")


def test_an_id_of_another_marketplace_is_not_unusual(desk: Desk) -> None:
    desk.write("orders.toml", RADIO + RADIO.replace('marketplace = "ebay"\n', "").replace("12-1", "13-1"))
    out = desk("check").out
    assert "(order 12-11111-22222): the id is unusual" not in out
    assert "(order 13-11111-22222): the id is unusual" in out


# show


def test_show_tells_what_remains_until_when_and_why(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + CHAIN.replace('"card"', '"card", "eu-withdrawal"'))
    desk.write("orders.toml", HUB.replace("shipped_on", "paid_on = 2026-09-29\nshipped_on"))
    assert desk("run", "--once").code == 0
    out = desk("show", "7731").out
    (head,) = [part for part in out.split("\n\n") if "safe until" in part]
    assert head.splitlines()[5:-1] == [
        "                  shipped 1 Oct 2026 + 60 days (aliexpress policy: guide), estimated",
        "  then            PayPal until Sun 28 Mar 24:00 (in 170 days)",
        "                  paid 29 Sep 2026 + 180 days (paypal policy: public)",
        "  then            Visa/Mastercard until Mon 15 Mar 24:00 (in 157 days)",
        "                  shipped 1 Oct 2026 + 45 days (aliexpress policy: guide) + 120 days (card policy: public), estimated",
        "  then            EU withdrawal for 14 days, counted from: delivered (not known yet)",
        "                  first finish with AliExpress: a chargeback can close its case",
    ]


def test_show_as_json_has_the_fallbacks(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + CHAIN.replace('"card"', '"eu-withdrawal"'))
    assert desk("run", "--once").code == 0
    assert json.loads(desk("show", "7731", "--json").out)["fallbacks"] == [
        {
            "policy": "paypal",
            "until": "2027-03-28T00:00:00+01:00",
            "why": "ordered 28 Sep 2026 + 180 days (paypal policy: public), estimated",
        },
        {"policy": "eu-withdrawal", "until": None, "why": None},
    ]


def test_without_a_fallback_there_is_nothing_to_show(desk: Desk) -> None:
    assert desk("run", "--once").code == 0
    assert json.loads(desk("show", "7731", "--json").out)["fallbacks"] == []
    out = desk("show", "7731").out
    assert "  then  " not in out
    assert "chargeback" not in out


# The whole way, from an order to the message.


def said(desk: Desk, when: str) -> str:
    """What a cycle at a moment says on stderr, where messages go without a channel."""
    desk.at(datetime.fromisoformat(when))
    told = desk("run", "--once")
    assert told.code == 0
    return told.err.replace("\\n", "\n")


def test_the_end_of_protection_names_the_chain_and_the_order_of_steps(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + CHAIN)
    assert "Protection over" not in said(desk, "2026-11-30T12:00+01:00")
    ended = said(desk, "2026-12-01T09:00+01:00")
    assert "Still open: PayPal until ~27 Mar, Visa/Mastercard until ~15 Mar." in ended
    assert "First finish with AliExpress: a chargeback can close its case." in ended
    assert "Still open" not in said(desk, "2026-12-02T09:00+01:00")


def test_before_the_last_way_closes_it_is_said_again_unless_it_is_settled(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + CHAIN.replace(', "card"', ""))
    desk.write("orders.toml", HUB + LAMP)
    for day in ("2026-12-02T09:00+01:00", "2027-02-01T09:00+01:00"):
        said(desk, day)
    assert desk("record", "8842", "closed").code == 0
    ending = said(desk, "2027-03-13T09:00+01:00")
    assert "Time at PayPal ending: USB hub" in ending
    assert "Time at PayPal ending: Lamp" not in ending
    assert desk("orders").out.count("USB hub") == 1


# A policy of one's own.


def test_a_policy_of_ones_own_counts_for_the_orders_that_name_it(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + OWN)
    desk.write("mine.toml", MINE)
    desk.write("orders.toml", RADIO.replace("ebay", "mine"))
    assert policies(desk) == [
        "policy: mine, compared with the marketplace on 1 Oct 2026, your protection_days = 20"
    ]
    assert desk("run", "--once").code == 0
    for _ in range(2):  # The second time what dates depend on is not read from the configuration.
        out = desk("show", "2222").out
        assert "the seller promised 20 Oct 2026 + 20 days (mine policy: your configuration), estimated" in out
    desk.write("mine.toml", MINE.replace("value = 20", "value = 25"))
    assert "+ 25 days" in desk("show", "2222").out


@pytest.mark.parametrize("command", [("check",), ("run", "--once"), ("show", "7731"), ("orders",)])
def test_mistakes_in_it_are_told_with_file_and_line(desk: Desk, command: tuple[str, ...]) -> None:
    desk.write("orderwatch.toml", CONFIG + OWN + '[policies.aliexpress]\nfallback = ["payal"]\n')
    desk.write("mine.toml", MINE.replace("protection_days", "protecton_days"))
    told = desk(*command)
    assert told.code == 78
    assert (
        "mine.toml:5: clocks.protecton_days: there is no such clock; did you mean protection_days?"
        in told.err
    )
    assert "orderwatch.toml:10: policies.aliexpress.fallback[0]: there is no policy 'payal'" in told.err
    assert "did you mean paypal? (allowed: card, eu-withdrawal, paypal)" in told.err
    assert "Traceback" not in told.err


def test_an_order_of_an_unknown_marketplace_is_told_the_known_ones(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + OWN)
    desk.write("mine.toml", MINE)
    desk.write("orders.toml", RADIO.replace("ebay", "ebuy"))
    told = desk("check")
    assert told.code == 65
    assert "(allowed: aliexpress, amazon, card, ebay, etsy, eu-withdrawal, paypal, temu, mine)" in told.err


def test_the_environment_can_name_fallbacks(desk: Desk) -> None:
    desk.line = type(desk.line)(
        environ=dict(desk.line.environ) | {"ORDERWATCH_POLICIES__ALIEXPRESS__FALLBACK": '["paypal", "crad"]'},
        clock=desk.line.clock,
    )
    told = desk("check")
    assert told.code == 78
    assert "ORDERWATCH_POLICIES__ALIEXPRESS__FALLBACK" in told.err
    assert "there is no policy 'crad'; did you mean card?" in told.err
