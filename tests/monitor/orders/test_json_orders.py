"""JSON: a list, or an object with one, and the line of each order."""

from collections.abc import Callable

import pytest

from monitor.orders import OrderFile

Read = Callable[[str, str | bytes], OrderFile]

ITEMS = '[\n  {"id": "819000000001"},\n\n  {"id": 819000000002,\n   "title": "a"},{"id": 819000000003}\n]'


@pytest.mark.parametrize(
    ("content", "first"),
    [(ITEMS, 2), (f'{{"orders": {ITEMS}}}', 2), (f'\n{{\n"orders"\n:\n{ITEMS}\n}}\n', 6)],
)
def test_each_order_has_its_line(content: str, first: int, read: Read) -> None:
    file = read("orders.json", content)
    assert (file.refused, file.complete) == ((), True)
    assert [(row.order.id, row.line) for row in file.rows] == [
        ("819000000001", first),
        ("819000000002", first + 2),
        ("819000000003", first + 3),
    ]


@pytest.mark.parametrize("content", ["[]", " [ ] ", '{"orders": []}'])
def test_a_list_without_orders_is_fine(content: str, read: Read) -> None:
    file = read("orders.json", content)
    assert (file.rows, file.refused, file.complete) == ((), (), True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            '[\n{"id": "819000000001"},\n{"id": "8190000',
            "orders.json:3: is not JSON: unterminated string starting at",
        ),
        (
            '[\n{"id": "819000000001"},\n',
            "orders.json:3: is not JSON: expecting value; the file breaks off there",
        ),
        (
            '[\n{"id": "819000000001"}\n',
            "orders.json:3: is not JSON: expecting ',' delimiter; the file breaks off there",
        ),
        (
            '[{"id": "819000000001"}\n{"id": "819000000002"}]',
            "orders.json:2: is not JSON: expecting ',' delimiter",
        ),
        ('[{"id": "819000000001"}]\n]', "orders.json:2: is not JSON: extra data"),
        (
            '{"orders": [], 3: 4}',
            "orders.json:1: is not JSON: expecting property name enclosed in double quotes",
        ),
        ("<html></html>", "orders.json:1: is not JSON: expecting value"),
        ('[{"id": NaN}]', "orders.json: is not JSON that can be read: NaN is not a number"),
        (
            '[{"id": 1e99999999999999999999}]',
            "orders.json: is not JSON that can be read: 1e999999999999999999 is not a number",
        ),
        ('[{"id": ' + "9" * 5000, "orders.json: is not JSON that can be read: a number is too long"),
        ("[" * 100_000, "orders.json: is not JSON that can be read: too deeply nested"),
        ("3", 'orders.json: must be a list of orders, or {"orders": [...]}'),
        ("null", 'orders.json: must be a list of orders, or {"orders": [...]}'),
        ("{}", 'orders.json: must be a list of orders, or {"orders": [...]}'),
        ('{"orders": {"id": "819000000001"}}', 'orders.json: must be a list of orders, or {"orders": [...]}'),
        (
            '{"id": "819000000001", "title": "a"}',
            'orders.json: must be a list of orders, or {"orders": [...]}',
        ),
    ],
)
def test_a_file_that_is_no_list_of_orders_is_refused_whole(content: str, told: str, read: Read) -> None:
    file = read("orders.json", content)
    assert [str(error) for error in file.refused] == [told]
    assert (file.rows, file.complete) == ((), False)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("3", "orders.json:3: is not an order: a table { … } is expected"),
        ("[]", "orders.json:3: is not an order: a table { … } is expected"),
        ("{}", "orders.json:3: id: is missing"),
        ('{"id": "a", "id": "b"}', "orders.json:3: id: is written twice"),
        (
            '{"id": "a", "deliver_to": {"city": "A", "city": "B"}}',
            "orders.json:3 (order a): deliver_to.city: is written twice",
        ),
        (
            '{"id": "a",\n "ordered_on": "2026-02-30"}',
            "orders.json:3 (order a): ordered_on: 2026-02-30 is not a date (allowed: YYYY-MM-DD)",
        ),
        (
            '{"id": 819000000001}',
            (
                "orders.json:3 (order 819000000001): the order is already in orders.json:2,"
                " and the first one counts"
            ),
        ),
    ],
)
def test_the_orders_around_a_bad_one_count(bad: str, told: str, read: Read) -> None:
    file = read("orders.json", f'[\n{{"id": "819000000001"}},\n{bad},\n{{"id": "819000000002"}}]')
    assert [row.order.id for row in file.rows] == ["819000000001", "819000000002"]
    assert [str(error) for error in file.refused] == [told]


def test_a_word_beside_the_orders_costs_none_of_them(read: Read) -> None:
    file = read("orders.json", '{"version": 1, "orders": [{"id": "819000000001"}]}')
    assert [row.order.id for row in file.rows] == ["819000000001"]
    assert [str(error) for error in file.refused] == ['orders.json: unknown key "version" (allowed: orders)']
    assert not file.complete
