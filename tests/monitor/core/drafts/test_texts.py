"""Every text that a buyer can send, as it is printed. `pytest --update-golden` writes tests/golden/drafts
(English, what is sent) and drafts_es (to read along) anew: read what changed aloud, as a calm buyer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest

from monitor.core.drafts import LONGEST, DraftKind, Proposal, placeholders_in, printable
from monitor.core.drafts.words import WORDS
from monitor.core.model import Delivery, Money, Place, Shipment
from monitor.core.situation import Facts
from monitor.core.texts import Catalogue, Complaint, DraftTexts
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
from monitor.core.texts.languages import CATALOGUES
from tests.monitor.core.drafts.stories import FULL, HERE, MINIMAL, STORIES, Story, about, scanned
from tests.monitor.core.facts import ALIEXPRESS, at

GOLDEN = Path(__file__).parents[3] / "golden"
#: What a description is meant to take; a buyer still has to fill in what is asked for.
SHORT = 600

each_language = pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))


def folder_of(texts: Catalogue) -> Path:
    """Where the texts of a language are kept."""
    return GOLDEN / ("drafts" if texts is ENGLISH else f"drafts_{texts.language}")


@each_language
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_what_is_written(story: Story, texts: Catalogue, request: pytest.FixtureRequest) -> None:
    file, printed = folder_of(texts) / f"{story.name}.txt", printable(story.draft(texts), texts)
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(printed, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == printed


@each_language
def test_no_golden_file_is_left_behind(texts: Catalogue) -> None:
    assert {file.stem for file in folder_of(texts).iterdir()} == {*map(str, STORIES)}


LONG = "W" * 200
#: As long as an id may be.
ID = "8" * 32
FAR = Place(city=LONG, postal_code="W" * 12, country=LONG)


def longest(status: str, *others: Shipment) -> Facts:
    """An order of which everything is known, and everything is far too long."""
    parcel = scanned(status, "2026-05-01 10:00", LONG, FAR, number=ID)
    if status == "delivered":
        parcel = replace(parcel, delivery=Delivery(at("2026-05-01 10:00"), place=FAR))
    opened = "2026-05-20 10:00 dispute-opened"
    return about(
        parcel,
        *others,
        id=ID,
        title=LONG,
        price=Money("123456789.55", "XAF"),
        deliver_to=Place(city=f"X{LONG}", postal_code="X" * 12, country=f"X{LONG}"),
        journal=[opened, "2026-05-20 10:00 seller-answered", f"2026-05-21 10:00 offer amount={LONG[:40]}"],
    )


@each_language
@pytest.mark.parametrize("status", ["in_transit", "customs_hold", "returning", "delivered", "exception"])
def test_a_text_keeps_to_its_length_whatever_is_known(status: str, texts: Catalogue) -> None:
    given = (longest(status), longest(status, replace(HERE, number="LP2", delivery=None)))
    ending = max(Proposal, key=lambda it: len(texts.drafts.proposals[it]))
    now, read, files = "2029-12-30 10:00", "2029-12-30 09:00", {*texts.drafts.evidence}
    stories = [
        Story("", kind, known, reason, now, ending, files, read)
        for kind in DraftKind
        for known in given
        for reason in texts.drafts.reasons
    ]
    assert max(len(story.draft(texts).text) for story in stories) <= LONGEST


def test_a_description_is_short() -> None:
    assert [story.name for story in FULL if len(story.draft().text) > SHORT] == []


@pytest.mark.parametrize("story", [*FULL, *MINIMAL], ids=str)
def test_a_description_begins_with_the_defect_and_ends_with_what_is_asked_for(story: Story) -> None:
    first, *_, last = story.draft().text.split("\n")
    assert "order 8190000000007731" in first
    assert "(Refund Only). Thank you for your help." in last


def test_only_what_is_not_sent_has_a_heading() -> None:
    assert ENGLISH.drafts.heading == ""
    assert all(texts.drafts.heading for texts in CATALOGUES.values() if texts is not ENGLISH)
    text = printable(FULL[0].draft(SPANISH), SPANISH)
    assert text.startswith("Para el formulario de la disputa: no recibido\nSolo para leer.")


def test_other_endings_are_offered_where_something_came() -> None:
    offered = {story.reason: len(story.draft().endings) for story in FULL}
    arrived = {"quality", "not_as_described", "damaged_in_transit", "missing_parts", "wrong_item", "other"}
    assert offered == {reason: 2 if reason in arrived else 0 for reason in ENGLISH.drafts.reasons}


def test_an_ending_is_that_of_the_text_which_asks_for_it() -> None:
    (quality,) = (story for story in FULL if story.reason == "quality")
    full, partial = quality.draft(), replace(quality, proposal=Proposal.PARTIAL).draft()
    assert full.endings[0] in partial.text
    assert partial.endings[0] in full.text
    assert partial.endings[1:] == full.endings[1:]


def test_what_is_left_to_fill_in_can_be_asked_of_any_text() -> None:
    text = FULL[2].draft().text
    assert placeholders_in(text) == FULL[2].draft().placeholders
    fault, when = placeholders_in(text)
    half = text.replace(f"[{fault}]", "It does not switch on.")
    assert placeholders_in(half) == (when,)
    assert placeholders_in(half.replace(f"[{when}]", "")) == ()
    assert placeholders_in("[a] and [b] and [a], [] and [c") == ("a", "b")


# The catalogues.

PARTS = [
    field.name for field in fields(DraftTexts) if isinstance(getattr(ENGLISH.drafts, field.name), Mapping)
]
_WORD = re.compile(r"\{(\w+)\}")


def names_in(template: str) -> set[str]:
    return {*_WORD.findall(template)}


def parts_of(complaint: Complaint) -> tuple[str, ...]:
    return complaint.defect, complaint.facts, complaint.ask


def templates(drafts: DraftTexts) -> Iterable[str]:
    """All that is made of sentences."""
    yield from drafts.letters.values()
    yield from drafts.proposals.values()
    for complaint in drafts.reasons.values():
        yield from parts_of(complaint)


def sentences_of(drafts: DraftTexts) -> set[str]:
    lines = (line.removeprefix("| ") for template in templates(drafts) for line in template.splitlines())
    return {line for line in lines if line}


def strings(drafts: DraftTexts) -> Iterable[str]:
    """All that somebody may read."""
    yield from templates(drafts)
    yield from (complaint.title for complaint in drafts.reasons.values())
    for part in ("titles", "asks", "evidence", "why", "phrases"):
        yield from getattr(drafts, part).values()


@each_language
@pytest.mark.parametrize("part", PARTS)
def test_a_language_has_the_keys_of_the_others_in_the_same_order(part: str, texts: Catalogue) -> None:
    assert [*getattr(texts.drafts, part)] == [*getattr(ENGLISH.drafts, part)]


@each_language
def test_nothing_is_left_empty(texts: Catalogue) -> None:
    assert all(text.strip() for text in strings(texts.drafts))
    assert len(set(texts.drafts.months)) == 12


@each_language
def test_each_kind_reason_and_proposal_has_its_text(texts: Catalogue) -> None:
    drafts = texts.drafts
    assert [*drafts.letters] == [*drafts.titles] == [*DraftKind]
    assert [*drafts.reasons] == [*ALIEXPRESS.reasons, "other"]
    assert [*drafts.proposals] == [*Proposal]


@each_language
def test_a_template_says_the_same_sentence_by_sentence_in_every_language(texts: Catalogue) -> None:
    for own, english in zip(templates(texts.drafts), templates(ENGLISH.drafts), strict=True):
        assert shape_of(own) == shape_of(english)
    for part in ("titles", "phrases"):
        for key, english in getattr(ENGLISH.drafts, part).items():
            assert names_in(getattr(texts.drafts, part)[key]) == names_in(english), key


def shape_of(template: str) -> list[tuple[bool, set[str]]]:
    """Of each sentence whether it is another's alternative, and its words."""
    return [(line.startswith("| "), names_in(line)) for line in template.strip().splitlines()]


@each_language
def test_every_placeholder_is_a_word_and_every_word_is_used(texts: Catalogue) -> None:
    used = {name for template in templates(texts.drafts) for name in names_in(template)}
    assert used == {*WORDS, *texts.drafts.asks}


def marked(texts: Catalogue) -> tuple[Catalogue, set[str]]:
    """The same catalogue with a mark at the end of every sentence of its templates, and all the marks."""
    drafts = texts.drafts
    marks = {line: f"<{n}>" for n, line in enumerate(sorted(sentences_of(drafts)))}

    def mark(template: str) -> str:
        lines = template.splitlines()
        return "\n".join(f"{line}{marks[line.removeprefix('| ')]}" if line else line for line in lines)

    reasons = {
        key: Complaint(it.title, *(mark(part) for part in parts_of(it))) for key, it in drafts.reasons.items()
    }
    letters = {key: mark(template) for key, template in drafts.letters.items()}
    proposals = {key: mark(template) for key, template in drafts.proposals.items()}
    changed = replace(drafts, reasons=reasons, letters=letters, proposals=proposals)
    return replace(texts, drafts=changed), {*marks.values()}


@each_language
def test_every_sentence_is_said_by_some_story(texts: Catalogue) -> None:
    known, marks = marked(texts)
    drafts = [story.draft(known) for story in STORIES]
    said = "".join(text for it in drafts for text in (it.text, *it.endings))
    assert {*re.findall(r"<\d+>", said)} == marks


@each_language
def test_numbers_come_from_facts_only(texts: Catalogue) -> None:
    assert [text for text in strings(texts.drafts) if re.search(r"\d", text)] == []


@each_language
def test_brackets_are_for_what_the_buyer_fills_in(texts: Catalogue) -> None:
    assert [text for text in strings(texts.drafts) if re.search(r"[\[\]]", text)] == []
    asked = {name for story in STORIES for name in story.draft(texts).placeholders}
    assert asked == {*texts.drafts.asks.values()}


def test_english_can_be_read_through_a_translation() -> None:
    """No contractions, and sentences of at most twenty words."""
    for sentence in sentences_of(ENGLISH.drafts):
        assert not re.search(r"\w['\u2019](t|s|re|ll|ve|d|m)\b", sentence)
        for part in re.split(r"(?<=[.?!]) ", sentence):
            assert len(part.split()) <= 20, part


def test_spanish_joins_its_prepositions() -> None:
    for story in STORIES:
        assert not re.search(r"\b(de|a) el\b", story.draft(SPANISH).text, re.IGNORECASE)


def test_a_text_is_in_one_language() -> None:
    english = re.compile(
        r"\b(the|you|your|and|ago|days?|order|parcel|seller|refund|January|May|June)\b", re.IGNORECASE
    )
    foreign = re.compile(r"«[^»]*»|airport|Held by customs")
    for story in STORIES:
        assert english.findall(foreign.sub("", printable(story.draft(SPANISH), SPANISH))) == []
