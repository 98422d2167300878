"""A dossier as a page and as plain text: nothing in it becomes markup, and a phone can show all of it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dossier.document import (
    Block,
    Checklist,
    Document,
    Facts,
    Letter,
    Line,
    Mark,
    Note,
    Section,
    Table,
)
from monitor.dossier.page import as_page
from monitor.dossier.plain import WIDTH, as_text
from tests.monitor.dossier.browser import measured, needs_chromium, printed

LONG = "LP" + "0123456789" * 30
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;</blockquote>\u202e\x1b[2J\x00"


def a_document(*blocks: Block, title: str = "Order 7731: USB hub") -> Document:
    return Document.of(title, "What happened", "en", [Section("The order", blocks)], "Made on 30 Nov 2026.")


ALL = a_document(
    Facts((("Order", "8190000000007731"), ("Seller", ""), ("Tracking", LONG))),
    Checklist(
        (
            Line(Mark.THERE, "unboxing video (decisive)", "evidence/unboxing.mp4"),
            Line(Mark.MISSING, "screenshot of the tracking", "call it tracking"),
            Line(Mark.OPTIONAL, "the note of customs"),
        )
    ),
    Table(("When", "Scan", "SHA-256"), (("3 May 2026", "Held by customs", "a" * 64),), frozenset({2})),
    Letter("For the dispute form", "First line.\nSecond line.", ("Fill in: the fault",)),
    Note("A paragraph."),
)


class Text(HTMLParser):
    """The text of a page, its elements, and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_what_is_empty_is_left_out() -> None:
    document = Document.of("t", "s", "en", [Section("Empty", (Facts((("a", ""),)), Table(("a",), ())))], "m")
    assert document.sections == ()
    (section,) = a_document(Facts((("Order", "1"), ("Seller", "")))).sections
    assert section.blocks == (Facts((("Order", "1"),)),)


def test_a_page_needs_nothing_from_elsewhere() -> None:
    page = Text(as_page(ALL))
    assert not {"script", "img", "iframe", "link", "a", "form", "object"} & set(page.elements)
    assert not {"src", "href", "style", "onclick"} & page.attributes
    assert "default-src 'none'" in as_page(ALL)


@pytest.mark.parametrize("evil", [EVIL, "]]>", "--><!--", "</style><script>x</script>", "\ud800"])
def test_text_of_others_stays_text(evil: str) -> None:
    document = a_document(
        Facts(((evil, evil),)), Checklist((Line(Mark.THERE, evil, evil),)),
        Table((evil,), ((evil,),), frozenset({0})), Letter(evil, evil, (evil,)), Note(evil), title=evil,
    )  # fmt: skip
    page = as_page(document)
    page.encode()
    assert Text(page).elements.count("script") == 0
    assert Text(page).elements.count("img") == 0
    assert not re.search("[\x00\x1b\u202e]", page + as_text(document))


def test_as_plain_text() -> None:
    assert as_text(ALL).split("\n") == [
        "Order 7731: USB hub",
        "What happened",
        "",
        "THE ORDER",
        "---------",
        "",
        "Order:    8190000000007731",
        f"Tracking: {LONG}",
        "",
        "[x] unboxing video (decisive)",
        "    evidence/unboxing.mp4",
        "[ ] screenshot of the tracking",
        "    call it tracking",
        "[-] the note of customs",
        "",
        "3 May 2026",
        "    Scan: Held by customs",
        f"    SHA-256: {'a' * 64}",
        "",
        "For the dispute form",
        "",
        "First line.",
        "Second line.",
        "",
        "* Fill in: the fault",
        "",
        "A paragraph.",
        "",
        "Made on 30 Nov 2026.",
        "",
    ]


WORDS = st.text(max_size=60)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=4), WORDS, WORDS)
def test_any_text_makes_a_page_and_a_text(rows: list[tuple[str, str]], title: str, letter: str) -> None:
    document = a_document(Facts(tuple(rows)), Note(title), Letter(title, letter), title=title)
    page = Text(as_page(document))
    assert set(page.elements) <= {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "section", "dl",
        "dt", "dd", "blockquote",
    }  # fmt: skip
    for line in as_text(document).split("\n"):
        assert len(line) <= WIDTH or " " not in line.strip() or line in letter or line.strip() in title


@needs_chromium
@pytest.mark.parametrize("width", [320, 375, 768])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(tmp_path: Path, width: int) -> None:
    found = measured(as_page(ALL), tmp_path, width)
    assert (found["width"], found["wide"]) == (width, [])
    assert (found["scripts"], found["images"], found["links"]) == (0, 0, 0)
    assert float(str(found["smallest"])) >= 12
    assert LONG in str(found["text"])


@needs_chromium
def test_it_prints(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(as_page(ALL), encoding="utf-8")
    pdf = printed(page, tmp_path / "dossier.pdf")
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 5_000
