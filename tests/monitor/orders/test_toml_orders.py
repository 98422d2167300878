"""TOML: where each mistake is, and that one order's mistakes cost no other order."""

from collections.abc import Callable
from datetime import date

import pytest

from monitor.core.model import Money
from monitor.orders import OrderFile

Read = Callable[[str, str | bytes], OrderFile]

BEFORE = '[[orders]]\nid = "819000000001"\n'
AFTER = '[[ "orders" ]] # the last\nid = 819000000002\nprice = 41.90\ncurrency = "EUR"\n'


def test_dates_are_dates_times_or_text(read: Read) -> None:
    content = (
        '[[orders]]\nid = "819000000001"\nordered_on = 2026-09-28\npaid_on = 2026-09-28T23:30:00+02:00\n'
        'shipped_on = "2026-10-01"\n'
    )
    (row,) = read("orders.toml", content).rows
    order = row.order
    assert [order.ordered_on, order.paid_on, order.shipped_on] == [
        date(2026, 9, 28),
        date(2026, 9, 28),
        date(2026, 10, 1),
    ]


def test_numbers_are_kept_as_written(read: Read) -> None:
    (row,) = read("orders.toml", AFTER).rows
    assert row.order.price == Money("41.90", "EUR")


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (
            'id = "819000000007"\nshipped_on = 2026-02-30\nshipping = "expres"',
            (
                "orders.toml:3 (order 819000000007): line 5: shipped_on: 2026-02-30 is not a date"
                ' (allowed: YYYY-MM-DD); line 6: shipping: "expres" is not known'
                " (allowed: standard, epacket, premium)"
            ),
        ),
        (
            'id = "819000000007"\n\nshipped_on = 20206-10-01 # far away',
            (
                "orders.toml:3 (order 819000000007): line 6: shipped_on: 20206-10-01 is not a date"
                " (allowed: YYYY-MM-DD)"
            ),
        ),
        (
            'id = "819000000007"\nparcels = [\n  "LP001",\n  "LP_2",\n]',
            (
                'orders.toml:3 (order 819000000007): line 5: parcels[1]: "LP_2" is not a tracking number'
                " (allowed: A to Z, digits and hyphens, at most 64)"
            ),
        ),
        (
            'id = "819000000007"\nprice = 41.90 EUR',
            (
                "orders.toml:5 (order 819000000007): is not TOML:"
                " expected newline or end of document after a statement"
            ),
        ),
        (
            'id = "819000000007"\ntitle = "no end',
            "orders.toml:5 (order 819000000007): is not TOML: illegal character '\\n'",
        ),
        (
            'id = "819000000007"\nid = "819000000008"',
            "orders.toml:5 (order 819000000007): is not TOML: cannot overwrite a value",
        ),
        ("titel = 1", "orders.toml:3: line 4: titel: unknown key; did you mean title?; id: is missing"),
        ("id = " + "9" * 5000, "orders.toml:4: is not TOML: a number is too long"),
        ("price = " + "[" * 5000, "orders.toml:4: is not TOML: too deeply nested"),
        (
            'id = "819000000001"',
            (
                "orders.toml:3 (order 819000000001): the order is already in orders.toml:1,"
                " and the first one counts"
            ),
        ),
    ],
)
def test_the_orders_around_a_bad_one_count(bad: str, told: str, read: Read) -> None:
    file = read("orders.toml", f"{BEFORE}[[orders]]\n{bad}\n{AFTER}")
    assert [row.order.id for row in file.rows] == ["819000000001", "819000000002"]
    assert [str(error) for error in file.refused] == [told]
    last = 5 + bad.count("\n")
    assert [row.line for row in file.rows] == [1, last]


def test_a_half_written_file_gives_what_is_whole_and_is_not_complete(read: Read) -> None:
    file = read("orders.toml", BEFORE + '[[orders]]\nid = "8190000')
    assert [row.order.id for row in file.rows] == ["819000000001"]
    assert len(file.refused) == 1
    assert not file.complete


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('orders = [\n  { id = "819000000001" },\n  { id = "819000000002" },\n]\n', 1),
        ('# mine\n[orders]\nid = "819000000001"\n', 2),
    ],
)
def test_orders_in_a_list_have_its_line(content: str, line: int, read: Read) -> None:
    file = read("orders.toml", content)
    assert file.refused == ()
    assert {row.line for row in file.rows} == {line}


def test_a_header_inside_a_text_is_text(read: Read) -> None:
    content = BEFORE + 'notes = """\n[[orders]]\nid = "819000000009"\n"""\n' + AFTER
    file = read("orders.toml", content)
    assert file.refused == ()
    assert [row.order.id for row in file.rows] == ["819000000001", "819000000002"]


@pytest.mark.parametrize("content", ["# nothing yet\n", "orders = []\n"])
def test_a_file_without_orders_is_fine(content: str, read: Read) -> None:
    file = read("orders.toml", content)
    assert (file.rows, file.refused, file.complete) == ((), (), True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<!doctype html>\n", "orders.toml:1: is not TOML: invalid statement"),
        ("\n\norders = [\n", "orders.toml:3: is not TOML: invalid value"),
        (
            '[[order]]\nid = "819000000001"\n',
            'orders.toml: unknown key "order"; did you mean orders?',
        ),
        (
            'id = 1\nname = "a"\n',
            'orders.toml: unknown key "id" (allowed: orders); unknown key "name" (allowed: orders)',
        ),
        ("orders = 3\n", "orders.toml: orders holds what is not a table"),
        ("a = 1e99999999999999999999\n", "orders.toml:1: is not TOML: 1e999999999999999999 is not a number"),
    ],
)
def test_a_file_that_lists_no_orders_is_refused(content: str, told: str, read: Read) -> None:
    file = read("orders.toml", content)
    assert [str(error) for error in file.refused] == [told]
    assert (file.rows, file.complete) == ((), False)


def test_a_word_beside_the_orders_costs_none_of_them(read: Read) -> None:
    file = read("orders.toml", 'timezone = "UTC"\n' + BEFORE)
    assert [row.order.id for row in file.rows] == ["819000000001"]
    assert [str(error) for error in file.refused] == ['orders.toml: unknown key "timezone" (allowed: orders)']


@pytest.mark.parametrize("value", ["0x" + "f" * 6000, "[" + "0x" + "f" * 6000 + "]"])
def test_numbers_too_long_to_print_are_refused_like_others(value: str, read: Read) -> None:
    keys = ["id", "title", "shipped_on", "price", "shipping", "currency", "parcels", "deliver_to"]
    file = read("orders.toml", "[[orders]]\n" + "".join(f"{key} = {value}\n" for key in keys) + AFTER)
    assert [row.order.id for row in file.rows] == ["819000000002"]
    assert len(file.refused) == 1
