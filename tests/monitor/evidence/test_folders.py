"""What the folder of an order is called, and whose folder one is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence import folder_of, orders_by_folder, sayable

ORDER = "8190000000007731"


@pytest.mark.parametrize("order", [ORDER, "A-1", "a.b_c", "0", "x" * 64, "1001.", "CON"])
def test_a_plain_id_is_the_name_of_its_folder(order: str) -> None:
    assert folder_of(order) == order


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ("../x", "x"),
        ("a/b", "a-b"),
        ("a b", "a-b"),
        ("/etc/passwd", "etc-passwd"),
        (".", "order"),
        ("..", "order"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("~", "order"),
        ("x~", "x"),
        ("заказ 7", "7"),
        ("заказ", "order"),
        ("a\udcffb", "a-b"),
        ("/" * 64, "order"),
        ("a/" * 32, ("a-" * 20)),
    ],
)
def test_an_id_that_is_no_plain_word_becomes_one(order: str, word: str) -> None:
    name, mark, told_apart = folder_of(order).partition("~")
    assert (name, mark) == (word, "~")
    assert re.fullmatch("[0-9a-f]{8}", told_apart)


@given(st.text(min_size=1, max_size=64))
def test_a_folder_is_always_one_plain_name(order: str) -> None:
    name = folder_of(order)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._~-]*", name)
    assert len(name) <= 64
    assert folder_of(order) == name


def test_no_two_orders_share_a_folder() -> None:
    ids = ["a/b", "a b", "a-b", "a/ b", "../a-b", "a-b~", folder_of("a/b"), ".", "..", ORDER]
    assert len({folder_of(order) for order in ids}) == len(ids)


def test_a_folder_tells_its_order() -> None:
    odd = ["../x", "a/b"]
    names = [ORDER, folder_of("../x"), "x~00000000", ".Trash", "two words", "\udcff", "1001"]
    assert orders_by_folder(names, odd) == {ORDER: ORDER, folder_of("../x"): "../x", "1001": "1001"}
    assert orders_by_folder([], odd) == {}


def test_a_path_can_be_said_whatever_its_bytes() -> None:
    assert sayable("caf\udce9/1.png") == "caf\N{REPLACEMENT CHARACTER}/1.png"
    assert sayable("café/1.png") == "café/1.png"
