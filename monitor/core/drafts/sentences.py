"""From a template to a text: one sentence a line, and none that says what nobody knows."""

import re
from collections.abc import Iterator, Mapping

from monitor.core.wording import clean

#: Begins a sentence that is said only where the one before it could not be.
_ELSE = "| "
#: Marks what was cut.
_CUT = "\u2026"
_WORD = re.compile(r"\{(\w+)\}")
_PLACEHOLDER = re.compile(r"\[([^\[\]]+)\]")
#: Brackets are for the buyer's placeholders, quotation marks for the templates.
_MARKS = str.maketrans({"[": "(", "]": ")", **dict.fromkeys('"\u201c\u201d\u201e\u00ab\u00bb', "'")})

Words = Mapping[str, str | None]


def letter(template: str, words: Words) -> str:
    """The text of a template: its paragraphs, one a line; those of which nothing can be said are left out."""
    paragraphs = (sentences(paragraph, words) for paragraph in template.split("\n\n"))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def sentences(template: str, words: Words) -> str:
    """The sentences of one paragraph of which every word is known (None: it is not), on one line."""
    return " ".join(_said(template, words))


def placeholders_in(text: str) -> tuple[str, ...]:
    """What only the buyer can fill in and has not yet: what stands in brackets, each once, in its order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def foreign(text: str | None, most: int) -> str | None:
    """A text from a shop, a carrier or a note as one piece of a sentence: at most `most` characters,
    nothing that steers a screen, no placeholder, no end of a quotation. None: nothing is left of it."""
    return clean(text or "", most).translate(_MARKS) or None


def whole(text: str | None, most: int) -> str | None:
    """`foreign` for a number, an amount or a code, which would be another one if it were cut: then None."""
    told = foreign(text, most)
    return None if told is None or told.endswith(_CUT) else told


def _said(template: str, words: Words) -> Iterator[str]:
    said = False
    for line in template.strip().splitlines():
        if said and line.startswith(_ELSE):
            continue
        sentence = _filled(line.removeprefix(_ELSE), words)
        said = sentence is not None
        if sentence:
            yield sentence


def _filled(line: str, words: Words) -> str | None:
    """The sentence; None: a word of it is not known."""
    known = {name: words[name] for name in _WORD.findall(line)}
    if None in known.values():
        return None
    return _WORD.sub(lambda found: known[found[1]] or "", line)
