"""Whatever is known of an order, and whatever shops and carriers write: what a text may and may not say."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.case import JournalEntry, RecordEvent, read_case
from monitor.core.drafts import LONGEST, Draft, DraftKind, Proposal, draft, placeholders_in, printable
from monitor.core.drafts.fitting import fitting
from monitor.core.drafts.sentences import foreign, whole
from monitor.core.model import Money, Place, Shipment
from monitor.core.situation import Facts, situation
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.languages import CATALOGUES
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts, entries, maybe

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            " \n\t ",
            "a" * 450,
            "漢" * 200,
            "\u202egnp.exe\u2066 \u200bhub\x00\x1b[31m",
            "👨‍👩‍👧‍👦" * 20,
            "{price.__class__} {0} %s {",
            "line\nline\r\nline\u2028line",
            "\ud800 half a pair",
            "[describe the fault in one sentence]",
            'Hub". I ask for nothing. "',
            "| else\n\nanother paragraph",
            "<b>bold</b> & *stars*",
        ]
    ),
)
#: What shops and carriers write on a good day, with a number here and there.
PLAIN = st.sampled_from(["USB hub", "Gate 7", "28013", "Vigo", "Shenzhen 518000"])
TEXTS = st.sampled_from([*CATALOGUES.values()])
REASONS = st.sampled_from([None, "no_such_reason", *ENGLISH.drafts.reasons])


class Written:
    """A text, and what it was written from: too much to print all of it."""

    def __init__(self, it: Draft, known: Facts, now: datetime, texts: Catalogue) -> None:
        self.it, self.known, self.now, self.texts = it, known, now, texts

    def __repr__(self) -> str:
        known = self.known
        return f"{self.it!r} at {self.now}: {known.order} {known.shipments} {known.case}"


@st.composite
def cases(draw: st.DrawFn) -> list[JournalEntry]:
    """A journal in which a dispute may have any reason, and amounts are whatever was typed."""
    lines = draw(st.lists(entries(), max_size=6))
    amounts = st.sampled_from([None, "20.00 EUR", "20", "€20", "a [new] one", "1" * 400])
    told = [replace(line, reason=draw(REASONS), amount=draw(amounts)) for line in lines]
    opened = JournalEntry(RecordEvent.DISPUTE_OPENED, draw(INSTANTS), reason=draw(REASONS))
    return draw(st.sampled_from([told, [opened, *told]]))


@st.composite
def known_facts(draw: st.DrawFn, foreign_texts: st.SearchStrategy[str] = HOSTILE) -> Facts:
    """All that may be known, with foreign texts wherever somebody else may write something."""
    known = draw(all_facts())
    order = replace(
        known.order,
        id=draw(foreign_texts),
        title=draw(foreign_texts),
        price=draw(maybe(st.builds(Money, st.sampled_from(["41.90", "9"]) | foreign_texts, st.just("EUR")))),
        deliver_to=draw(maybe(st.builds(Place, city=foreign_texts, postal_code=foreign_texts))),
    )
    parcels = tuple(_spoken_of(draw, parcel, foreign_texts) for parcel in known.shipments)
    return replace(known, order=order, shipments=parcels, case=read_case(draw(cases())))


def _spoken_of(draw: st.DrawFn, parcel: Shipment, foreign_texts: st.SearchStrategy[str]) -> Shipment:
    place = Place(city=draw(foreign_texts), region=draw(foreign_texts), country=draw(foreign_texts))
    newest, delivery = parcel.newest, parcel.delivery
    if newest is not None:
        newest = replace(newest, description=draw(foreign_texts), place=draw(maybe(st.just(place))))
    if delivery is not None:
        delivery = replace(delivery, place=place)
    return replace(parcel, newest=newest, delivery=delivery)


@st.composite
def drafts(draw: st.DrawFn, foreign_texts: st.SearchStrategy[str] = HOSTILE) -> Written:
    """Any text about any order, at any time."""
    known, now, texts = draw(known_facts(foreign_texts)), draw(INSTANTS), draw(TEXTS)
    it = draft(
        draw(st.sampled_from(DraftKind)),
        situation(known),
        now,
        texts,
        look={parcel.number: draw(maybe(st.just(now))) for parcel in known.shipments},
        reason=draw(REASONS),
        proposal=draw(maybe(st.sampled_from(Proposal))),
        evidence=draw(st.sets(st.sampled_from([*texts.drafts.evidence, "no_such_file"]))),
    )
    return Written(it, known, now, texts)


@FEWER
@given(drafts())
def test_a_text_is_whole_whatever_is_known(written: Written) -> None:
    it, texts = written.it, written.texts
    assert 0 < len(it.text) <= LONGEST
    for line in "\n".join((it.text, *it.endings)).split("\n"):
        assert line.isprintable()
        assert line == line.strip()
        assert line[0] == "[" or line[0].isupper()
        assert line[-1] in ".]"
        assert "  " not in line
    assert it.text in printable(it, texts)


@FEWER
@given(drafts())
def test_no_placeholder_is_hidden_and_none_comes_from_outside(written: Written) -> None:
    it, texts = written.it, written.texts
    assert placeholders_in(it.text) == it.placeholders
    for text in (it.text, *it.endings):
        found = re.findall(r"\[(.*?)\]", text)
        assert text.count("[") == text.count("]") == len(found)
        assert set(found) <= {*texts.drafts.asks.values()}


@FEWER
@given(drafts())
def test_a_quotation_ends_where_the_text_ends_it(written: Written) -> None:
    it, texts = written.it, written.texts
    opening, closing = ('"', '"') if texts is ENGLISH else ("«", "»")
    quoted = [r'bought "[^"]*" from you', r'It says: "[^"]*"\.', "Le compré «[^«»]*»", r"Dice: «[^«»]*»\."]
    left = re.sub("|".join(quoted), "", it.text)
    assert opening not in left
    assert closing not in left


@FEWER
@given(drafts(PLAIN))
def test_no_sentence_has_a_hole(written: Written) -> None:
    for text in (written.it.text, *written.it.endings):
        assert not re.search(r"None|[{}|]| [.,:;]|[:,] ?\.|\.\.|\(\)|\"\"|«»|:$", text)


@FEWER
@given(drafts(PLAIN))
def test_no_number_is_invented(written: Written) -> None:
    it, known, now = written.it, written.known, written.now
    numbers = {int(number) for number in re.findall(r"\d+", "\n".join((it.text, *it.endings)))}
    assert numbers <= {*numbers_of(known, now)}


def numbers_of(known: Facts, now: datetime) -> Iterator[int]:
    """All numbers that follow from the facts: those in words, the days, and how long ago they were."""
    today = known.days.day_of(now)
    for word in words_in((known.order, known.shipments, known.case)):
        yield from map(int, re.findall(r"\d+", word))
    for day in {day for told in days_in((known.order, known.shipments, known.case), known) for day in told}:
        yield from (day.day, day.year, (today - day).days, known.days.business_days_between(day, today))


def words_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case tuple():
            for part in value:
                yield from words_in(part)
        case _ if is_dataclass(value):
            for part in fields(value):
                yield from words_in(getattr(value, part.name))


def days_in(value: object, known: Facts) -> Iterator[tuple[date, ...]]:
    """Each day with the ends of the usual delivery times that can count from it."""
    match value:
        case datetime():
            # A wall clock without zone is its own day.
            yield from (with_estimates(value.date(), known), with_estimates(known.days.day_of(value), known))
        case date():
            yield with_estimates(value, known)
        case tuple():
            for part in value:
                yield from days_in(part, known)
        case _ if is_dataclass(value):
            for part in fields(value):
                yield from days_in(getattr(value, part.name), known)


def with_estimates(day: date, known: Facts) -> tuple[date, ...]:
    keys = [key for key in known.policy.clocks if key.startswith("delivery_estimate.")]
    return (day, *(day + timedelta(days=max(known.policy.numbers(key), default=0)) for key in keys))


@FEWER
@given(drafts(PLAIN))
def test_nothing_is_told_before_it_happened(written: Written) -> None:
    it, known, now, texts = written.it, written.known, written.now, written.texts
    months = texts.drafts.months
    of = "de " if texts is not ENGLISH else ""
    told = re.sub(r"(Buyer protection ends|La protección del comprador acaba)[^.]*\.", "", it.text)
    for day, month, year in re.findall(rf"(\d+) {of}({'|'.join(months)}) {of}(\d{{4}})", told):
        assert date(int(year), months.index(month) + 1, int(day)) <= known.days.day_of(now)


@FEWER
@given(known_facts(), INSTANTS, TEXTS, st.booleans())
def test_what_fits_can_be_written(known: Facts, now: datetime, texts: Catalogue, read: bool) -> None:
    s, look = situation(known), {parcel.number: now if read else None for parcel in known.shipments}
    found = fitting(s, now, texts, look=look)
    assert len({(it.kind, it.reason) for it in found}) == len(found)
    for it in found:
        written = draft(it.kind, s, now, texts, look=look, reason=it.reason)
        assert (written.title, written.reason) == (it.title, it.reason)
        assert it.why in texts.drafts.why.values()
    is_open = known.case.open_dispute is not None and known.case.open_dispute.opened_at <= now
    before = {DraftKind.DESCRIPTION, DraftKind.FIRST_CONTACT, DraftKind.ENABLE_DISPUTE}
    assert not (is_open and before & {it.kind for it in found})
    assert not (s.finished_at is not None and s.finished_at <= now and found)


@given(HOSTILE, st.integers(1, 90))
def test_a_foreign_text_is_a_piece_of_a_sentence(text: str, most: int) -> None:
    told = foreign(text, most)
    assert whole(text, most) == (None if told is None or told.endswith("…") else told)
    assert told is None or (0 < len(told) <= most and told.isprintable() and not set('[]"«»“”„') & {*told})
