"""Where each key of a TOML text stands."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.toml_lines import key_lines, parent

TEXT = '''\
# the first line is a comment
timezone = "UTC"
orders = [
  "orders.toml",   # timezone = "not here"
  { folder = "inbox" },
]
[carriers.files] # a table
  path = "tracking"
note = """
path = "nor here"
"""

[[alerts.routes]]
match = { rule = ["film_unboxing"] }
[[alerts.routes]]
match.severity = "urgent"
[alerts.routes.more]
deep = 1
["my post"."a.b"]
'quoted' = 1
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("timezone", 2),
        ("orders", 3),
        ("orders[0]", 3),
        ("orders[1].folder", 3),
        ("carriers", 7),
        ("carriers.files", 7),
        ("carriers.files.path", 8),
        ("carriers.files.note", 9),
        ("alerts.routes", 13),
        ("alerts.routes[0]", 13),
        ("alerts.routes[0].match.rule[0]", 14),
        ("alerts.routes[1]", 15),
        ("alerts.routes[1].match.severity", 16),
        ("alerts.routes[1].more.deep", 18),
        ("my post.a.b.quoted", 20),
    ],
)
def test_every_key_has_the_line_it_is_written_on(key: str, line: int) -> None:
    assert key_lines(TEXT)[key] == line


def test_windows_line_ends_count_the_same() -> None:
    assert key_lines(TEXT.replace("\n", "\r\n")) == key_lines(TEXT)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment"])
def test_a_text_without_keys_has_no_lines(text: str) -> None:
    assert key_lines(text) == {}


@pytest.mark.parametrize(
    ("path", "around"),
    [("a.b[1].c", "a.b[1]"), ("a.b[1]", "a.b"), ("a.b", "a"), ("a", ""), ("", "")],
)
def test_the_parent_is_what_is_around_a_path(path: str, around: str) -> None:
    assert parent(path) == around


names = st.text("abc-_1", min_size=1, max_size=4)
values = st.sampled_from(["1", '"text"', "'''\nx = 1\n'''", "[\n1,\n]", "{ inner = 1 }", '"""a\n[b]\n"""'])


@given(st.dictionaries(names, values, min_size=1, max_size=8), names)
def test_the_line_of_a_key_begins_with_the_key(content: dict[str, str], table: str) -> None:
    text = f"[{table}]\n" + "".join(f"\n{name} = {value}\n" for name, value in content.items())
    tomllib.loads(text)
    found = key_lines(text)
    for name in content:
        assert text.split("\n")[found[f"{table}.{name}"] - 1].startswith(f"{name} =")
