"""A document as a page: one file without scripts or anything from elsewhere, that reads well on a phone
and prints well."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from monitor.dossier.document import (
    Block,
    Checklist,
    Document,
    Facts,
    Letter,
    Mark,
    Note,
    Section,
    Table,
    legible,
)

#: Nothing is loaded and nothing runs, whatever somebody else's text may have smuggled in.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SIGNS = {Mark.THERE: "✓", Mark.MISSING: "○", Mark.OPTIONAL: "·"}
_STYLE = """
:root { color-scheme: light; --ink: #1a1a1a; --soft: #5c5c5c; --line: #d9d9d9; --paper: #fff; --tint: #f5f5f2;
  --good: #1a6b33; --open: #a03a00; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 48rem; padding: 1rem 1rem 3rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p { margin: .4rem 0; }
.subtitle, .made, .beside, .notes { color: var(--soft); }
.made { margin-top: 3rem; font-size: .85rem; border-top: 1px solid var(--line); padding-top: .6rem; }
dl { display: grid; grid-template-columns: minmax(6.5rem, 10rem) 1fr; gap: .3rem .9rem; margin: .5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
ul.checklist { list-style: none; margin: .5rem 0; padding: 0; }
ul.checklist li { padding: .3rem 0 .3rem 1.7rem; position: relative; border-bottom: 1px solid var(--line); }
ul.checklist .mark { position: absolute; left: .2rem; font-weight: bold; }
li.there .mark { color: var(--good); }
li.missing .mark { color: var(--open); }
li .beside { display: block; font-size: .9rem; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; margin: .5rem 0; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: .35rem .6rem .35rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
td.literal { font: .8rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
blockquote { margin: .4rem 0; padding: .8rem 1rem; background: var(--tint); border-left: 4px solid var(--ink);
  white-space: pre-wrap; user-select: all; }
.notes { font-size: .9rem; padding-left: 1.2rem; margin: .4rem 0; }
@media (max-width: 34rem) {
  dl { display: block; }
  dt { margin-top: .5rem; font-size: .85rem; }
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: .05rem 0; }
  td[data-heading]::before { content: attr(data-heading) "\\00a0"; color: var(--soft); font: .85rem system-ui; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; }
  tr, li, blockquote, dl > * { break-inside: avoid; }
  thead { display: table-header-group; }
}
@page { margin: 18mm 15mm; }
"""


def as_page(document: Document) -> str:
    """The document as one HTML file. What it tells is text: nothing in it becomes markup."""
    root = _element("html", _head(document), _body(document), lang=document.language)
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n"


def _head(document: Document) -> Element:
    return _element(
        "head",
        _element("meta", charset="utf-8"),
        _element("meta", **{"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        _element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _element("meta", name="robots", content="noindex"),
        _element("title", document.title),
        _element("style", _STYLE),
    )


def _body(document: Document) -> Element:
    return _element(
        "body",
        _element("header", _element("h1", document.title), _element("p", document.subtitle, kind="subtitle")),
        *map(_section, document.sections),
        _element("p", document.made, kind="made"),
    )


def _section(section: Section) -> Element:
    blocks = (element for block in section.blocks for element in _elements(block))
    return _element("section", _element("h2", section.heading), *blocks)


def _elements(block: Block) -> Iterator[Element]:
    match block:
        case Note(text):
            yield _element("p", text)
        case Facts(rows):
            cells = (_element(tag, text) for row in rows for tag, text in zip(("dt", "dd"), row, strict=True))
            yield _element("dl", *cells)
        case Checklist(lines):
            yield _element(
                "ul",
                *(
                    _element(
                        "li",
                        _element("span", _SIGNS[line.mark], kind="mark"),
                        _element("span", line.text),
                        *([_element("span", line.beside, kind="beside")] if line.beside else []),
                        kind=line.mark.value,
                    )
                    for line in lines
                ),
                kind="checklist",
            )
        case Table():
            yield _table(block)
        case Letter(title, text, notes):
            yield _element("h3", title)
            yield _element("blockquote", text)
            if notes:
                yield _element("ul", *(_element("li", note) for note in notes), kind="notes")


def _table(table: Table) -> Element:
    """A table; on a narrow screen each row is a paragraph, in which what is no text has its heading before it."""
    head = _element("tr", *(_element("th", heading, scope="col") for heading in table.headings))
    rows = (
        _element(
            "tr",
            *(
                _cell(text, table.headings[index], literal=index in table.literal)
                for index, text in enumerate(row)
            ),
        )
        for row in table.rows
    )
    return _element("table", _element("thead", head), _element("tbody", *rows))


def _cell(text: str, heading: str, *, literal: bool) -> Element:
    if literal:
        return _element("td", text, kind="literal", **{"data-heading": heading})
    return _element("td", text)


def _element(tag: str, *content: Element | str, kind: str = "", **attributes: str) -> Element:
    """An element with text or other elements in it; `kind` is its class."""
    named = {name: legible(value) for name, value in attributes.items()}
    element = Element(tag, {"class": kind, **named} if kind else named)
    for part in content:
        if isinstance(part, str):
            element.text = legible(part)
        else:
            element.append(part)
    return element
