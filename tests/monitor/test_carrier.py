"""What adapters get from the contract: answers that are JSON, or nearly."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.carrier import ParseError, Payload, read_json

#: Pieces of JSON texts, among them whole and half letters beyond the first 65536.
PIECES = [r"\ud83d", r"\ude00", r"\ud83d\ude00", r"\\", r"\n", "x", "ud800"]


def read(body: bytes) -> object:
    return read_json(Payload(body), object)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (rb'"cut off \ud83d"', "cut off \ufffd"),
        (rb'"\ude00 begins"', "\ufffd begins"),
        (rb'"whole \ud83d\ude00"', "whole \U0001f600"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
        (rb'"\ud83d and a written \\ud83d"', "\ufffd and a written \\ud83d"),
    ],
)
def test_what_is_nearly_json_is_read(body: bytes, told: object) -> None:
    assert read(body) == told


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_only_half_letters_are_replaced(text: str) -> None:
    halves = json.loads(f'"{text}"').encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    try:
        told = read(f'"{text}"'.encode())
    except ParseError:
        assert "\ufffd" in halves  # a half letter beside a written one may stay unread
    else:
        assert told == halves


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a"', rb'"\ud83', b'"\xff"', b"[" * 100_000])
def test_what_is_no_json_is_told(body: bytes) -> None:
    with pytest.raises(ParseError, match="the answer is"):
        read(body)
