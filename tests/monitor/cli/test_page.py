"""Text on its way to a screen: what is taken out of it, and what stays."""

import pytest

from monitor.cli.page import say, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        (" € held", " € held"),
        ("…7731 ", "…7731 "),
        ("two  blanks € stay", "two  blanks € stay"),
        ("one\nline", "one line"),
        ("one \r\n\t line", "one line"),
        ("paragraph\u2029separator", "paragraph separator"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("left\u202eright\u2066", "leftright"),
        ("a\u00a0fixed blank", "a fixed blank"),
    ],
    ids=ascii,
)
def test_what_is_visible_of_a_text(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_pieces_of_a_line_keep_their_distance(capsys: pytest.CaptureFixture[str]) -> None:
    say("Noted for 8190000000007731 (Café): ", ("received", "bold"), ", now")
    say("  ", ("09:00  ", "bold"), "Late: …7731")
    assert capsys.readouterr().out.splitlines() == [
        "Noted for 8190000000007731 (Café): received, now",
        "  09:00  Late: …7731",
    ]
