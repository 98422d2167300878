"""What a calendar shows of each deadline, in every language. `pytest --update-golden` writes
tests/golden/calendar.txt and calendar_es.txt anew: read them as somebody who looks at their phone."""

import re
import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core.agenda import entry_of
from monitor.core.deadlines import deadlines
from monitor.core.model import Money
from monitor.core.policy import Policy
from monitor.core.published import Entry, Privacy
from monitor.core.situation import Facts, situation
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
from monitor.core.texts.languages import CATALOGUES
from monitor.core.timeline import timeline
from monitor.core.words import WORDS
from monitor.policies import load_policy
from tests.monitor.core.facts import (
    ALIEXPRESS,
    NUMBER,
    ORDER,
    a_parcel,
    a_policy,
    an_order,
    facts,
    recorded,
    shown,
)
from tests.monitor.core.strategies import FEWER, all_facts

GOLDEN = Path(__file__).parents[2] / "golden"
PRIVACIES: tuple[Privacy, ...] = ("full", "short", "none")
OWN_WORDS = {"by", "ends", "finish_first", "safe", "why"}

each_language = pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))

HUB = an_order(price=Money("41.90", "EUR"), seller="Hub Store", parcels=NUMBER)
PAID = replace(HUB, paid_on=date(2026, 5, 1))
ARRIVED = a_parcel("delivered", "2026-05-16 14:20", delivered="2026-05-16 14:20")
WAITS = a_parcel("available_for_pickup", "2026-05-16 14:20", pickup_until="2026-05-24 20:00")
OPENED = "2026-05-20 10:00 dispute-opened reason=quality"
LOST = "2026-06-10 10:00 decision in_favour_of=seller"
OUR_CHOICE = replace(ALIEXPRESS.clocks["protection_days"], source="project")

#: Of each text an order that has it.
STORIES: Mapping[str, Facts] = {
    "protection": facts(HUB, a_parcel("in_transit", "2026-05-10 10:00")),
    "post_delivery": facts(HUB, ARRIVED),
    "pickup": facts(HUB, WAITS),
    "escalation": facts(HUB, ARRIVED, case=recorded(OPENED), policy=load_policy("paypal")),
    "fallback": facts(PAID, a_parcel("in_transit", "2026-05-10 10:00"), fallbacks="paypal"),
    "answer/offer": facts(HUB, ARRIVED, case=recorded(OPENED, "2026-05-21 10:00 offer")),
    "answer/request": facts(
        HUB, ARRIVED, case=recorded(OPENED, "2026-05-21 10:00 request due=2026-05-26T18:00")
    ),
    "appeal": facts(HUB, ARRIVED, case=recorded(OPENED, LOST), policy=a_policy(appeal_days=7)),
    "return": facts(HUB, ARRIVED, case=recorded(OPENED, "2026-06-10 10:00 return-approved")),
    "seller/silent": facts(HUB, ARRIVED, case=recorded(OPENED)),
    "seller/answered": facts(HUB, ARRIVED, case=recorded(OPENED, "2026-05-22 10:00 seller-answered")),
    "mediation": facts(HUB, ARRIVED, case=recorded(OPENED)),
    "mediation/replacement": facts(
        HUB, ARRIVED, case=recorded(OPENED, "2026-05-22 10:00 agreed on=replacement")
    ),
    "refund/return": facts(
        HUB,
        ARRIVED,
        case=recorded(
            OPENED, "2026-06-10 10:00 return-approved", "2026-06-12 10:00 return-shipped number=RR1"
        ),
    ),
    "refund": facts(HUB, ARRIVED, case=recorded(OPENED, "2026-05-22 10:00 agreed")),
}
#: And orders whose days come from elsewhere.
MORE: tuple[Facts, ...] = (
    facts(an_order(shipped_on=None, paid_on="2026-05-01")),
    facts(an_order(shipped_on=None, ordered_on="2026-05-01")),
    facts(an_order(shipped_on=None), a_parcel("in_transit", moving_since="2026-05-06 10:00")),
    facts(an_order(protection_until="2026-06-20"), policy=a_policy(safety_margin_hours=24)),
    facts(an_order(), policy=a_policy(protection_days=75)),
    facts(
        an_order(), policy=replace(ALIEXPRESS, clocks={**ALIEXPRESS.clocks, "protection_days": OUR_CHOICE})
    ),
    facts(PAID, a_parcel("in_transit", "2026-05-10 10:00"), fallbacks="card"),
    facts(HUB, ARRIVED, case=recorded(OPENED), fallbacks="eu-withdrawal"),
    facts(an_order(estimated_delivery="2026-05-20"), policy=load_policy("ebay")),
    facts(
        an_order(), a_parcel("in_transit", "2026-05-10 10:00", edd="2026-05-20"), policy=load_policy("etsy")
    ),
    facts(HUB, case=recorded(OPENED, "2026-05-21 10:00 request")),
    facts(HUB, case=recorded(OPENED, "2026-06-10 10:00 decision in_favour_of=buyer")),
    facts(HUB, case=recorded(OPENED, "2026-06-10 10:00 refund-issued")),
    facts(HUB, case=recorded(f"{OPENED} due=2026-05-25T18:00")),
    facts(HUB, case=recorded(OPENED, f"{LOST} due=2026-06-15T18:00")),
    facts(HUB, case=recorded(OPENED, LOST, "2026-06-11 10:00 appealed")),
    facts(HUB, case=recorded(OPENED, "2026-06-10 10:00 return-approved due=2026-06-18T18:00")),
)


def in_language(known: Facts, texts: Catalogue) -> Facts:
    """The same facts under the same policies, in the words of a language."""
    fallbacks = tuple(translated(policy, texts) for policy in known.fallbacks)
    return replace(known, policy=translated(known.policy, texts), fallbacks=fallbacks)


def translated(policy: Policy, texts: Catalogue) -> Policy:
    words = load_policy(policy.name, language=texts.language)
    return replace(policy, title=words.title, paths=words.paths, reasons=words.reasons)


def all_of(known: Facts, texts: Catalogue = ENGLISH, privacy: Privacy = "full") -> dict[str, Entry]:
    s = situation(in_language(known, texts))
    return {
        it.what.partition("/")[0]: entry_of(it, s, texts, privacy) for it in deadlines(s, timeline(s.facts))
    }


def told(key: str, texts: Catalogue = ENGLISH, privacy: Privacy = "full") -> Entry:
    return all_of(STORIES[key], texts, privacy)[key.split("/", maxsplit=1)[0]]


def page(entry: Entry) -> str:
    times = f"{shown(entry.begins)} - {shown(entry.ends)}"
    reminders = ", ".join(str(shown(at)) for at in entry.reminders)
    return f"{entry.summary}\n{times}\nreminders {reminders}\n\n{entry.description}\n"


@each_language
def test_what_a_calendar_shows(texts: Catalogue, pytestconfig: pytest.Config) -> None:
    file = GOLDEN / ("calendar.txt" if texts is ENGLISH else f"calendar_{texts.language}.txt")
    pages = "\n".join(f"{'=' * 20} {key}\n{page(told(key, texts))}" for key in STORIES)
    if pytestconfig.getoption("--update-golden"):
        file.write_text(pages, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == pages


@each_language
def test_every_text_has_its_story(texts: Catalogue) -> None:
    assert [*texts.calendar] == [*STORIES]


class Noting(dict[str, str]):
    """A catalogue that notes what is looked up in it."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.unused = set(known)

    def __getitem__(self, key: str) -> str:
        self.unused.discard(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        assert key in self, f"nobody says {key!r} in this language"
        return self[key]


@each_language
def test_every_reason_of_a_day_is_told_in_every_language(texts: Catalogue) -> None:
    noting = Noting(texts.why)
    for known in (*STORIES.values(), *MORE):
        all_of(known, replace(texts, why=noting))
    assert noting.unused == set()


@FEWER
@given(all_facts(), st.sampled_from([*CATALOGUES.values()]))
def test_no_order_has_a_day_that_cannot_be_told(known: Facts, texts: Catalogue) -> None:
    all_of(known, replace(texts, why=Noting(texts.why)))


@each_language
def test_every_placeholder_is_a_word_and_every_word_is_used(texts: Catalogue) -> None:
    used = {
        name
        for text in texts.calendar.values()
        for template in (text.title, text.first, text.body)
        for _, name, _, _ in string.Formatter().parse(template)
        if name
    }
    assert used & OWN_WORDS == OWN_WORDS
    assert used - OWN_WORDS <= WORDS.keys()


@each_language
def test_nothing_says_how_long_it_is_to_something(texts: Catalogue) -> None:
    """It is read at another time than it was written."""
    fleeting = re.compile(r"\bin \d|\bago\b|\bhace \d|\bleft\b|\bquedan? \d|\btoday\b|\bhoy\b|\bmañana\b")
    for key in STORIES:
        entry = told(key, texts)
        lines = [line for line in entry.description.split("\n") if " + " not in line]
        assert fleeting.findall("\n".join((entry.summary, *lines))) == [], key


def test_an_entry_is_in_one_language() -> None:
    english = re.compile(
        r"\b(the|you|your|and|by|until|order|parcel|seller|days?|Account|View|Mon|Tue|Thu|Fri)\b"
    )
    for known in (*STORIES.values(), *MORE):
        for entry in all_of(known, SPANISH).values():
            assert english.findall(f"{entry.summary}\n{entry.description}") == []


# Which day is sure.


def test_the_later_of_two_ends_says_that_only_the_earlier_is_sure() -> None:
    both = all_of(facts(HUB, ARRIVED))
    sure = "It is sure only until Sun 31 May 14:20; after that, do not count on it."
    assert sure in both["protection"].description
    assert sure not in both["post_delivery"].description
    late = replace(ARRIVED, status_since=ARRIVED.status_since and ARRIVED.status_since + timedelta(days=45))
    late = replace(late, delivery=replace(late.delivery, at=late.status_since))  # type: ignore[type-var]
    both = all_of(facts(HUB, late))
    assert "sure" not in both["protection"].description
    assert "It is sure only until Thu 2 Jul 24:00" in both["post_delivery"].description


def test_without_a_price_no_blank_is_left() -> None:
    entry = all_of(facts(an_order()))["protection"]
    assert entry.description.split("\n")[0] == "act by Thu 2 Jul 12:00"


def test_two_parcels_are_told_apart() -> None:
    first, second = (
        a_parcel("available_for_pickup", "2026-05-16 14:20", number=number, pickup_until="2026-05-24 20:00")
        for number in ("LP0000000011", "LP0000000022")
    )
    s = situation(facts(HUB, first, second))
    found = [
        entry_of(it, s, ENGLISH, "full") for it in deadlines(s, timeline(s.facts)) if it.what == "pickup"
    ]
    assert [entry.description.split("\n")[2].split(" is kept")[0] for entry in found] == [
        "Parcel 1 of 2",
        "Parcel 2 of 2",
    ]
    assert [entry.description.split("\n")[-1] for entry in found] == [
        "Order …7731 · LP…11",
        "Order …7731 · LP…22",
    ]


# Privacy.

PRIVATE = re.compile(rf"7731|{NUMBER}|LP…|41[.,]90|€|Hub Store")


@each_language
@pytest.mark.parametrize("key", STORIES)
def test_short_shows_no_number_and_no_price(key: str, texts: Catalogue) -> None:
    full, short = told(key, texts), told(key, texts, "short")
    assert PRIVATE.search(f"{full}")
    assert short.link is None
    assert PRIVATE.findall(f"{short}") == []
    assert short.summary == full.summary
    kept = [line for line in full.description.split("\n")[1:] if not PRIVATE.search(line)]
    assert short.description.split("\n")[1:] == kept


@each_language
@pytest.mark.parametrize("key", STORIES)
def test_none_shows_only_that_there_is_something(key: str, texts: Catalogue) -> None:
    entry, full = told(key, texts, "none"), told(key, texts)
    assert entry.summary == texts.speaking["private_title"]
    assert entry.description in {texts.speaking[key] for key in texts.speaking if key.startswith("severity_")}
    assert entry.link is None
    assert (entry.begins, entry.ends, entry.reminders) == (full.begins, full.ends, full.reminders)


def test_full_opens_the_orders_page() -> None:
    link = told("protection").link
    assert link is not None
    assert link.endswith(f"orderId={ORDER}")


# Foreign texts.


@given(st.text(max_size=80), st.sampled_from([*CATALOGUES.values()]), st.sampled_from(PRIVACIES))
@example("\x00\x1b[31m\ud800\u2028\r\n{price} %s; a, b\\ 👨‍👩‍👧‍👦", ENGLISH, "full")
@example("", ENGLISH, "short")
def test_no_title_spoils_an_entry(title: str, texts: Catalogue, privacy: Privacy) -> None:
    for entry in all_of(facts(replace(HUB, title=title), WAITS), texts, privacy).values():
        assert 0 < len(entry.summary) <= 70
        assert entry.summary.isprintable()
        assert "".join(entry.description.split("\n")).isprintable()


@each_language
def test_a_policy_without_paths_and_reasons_still_shows_its_deadlines(texts: Catalogue) -> None:
    bare = replace(ALIEXPRESS, paths={}, reasons={}, order_page=None)
    for known in STORIES.values():
        s = situation(replace(known, policy=replace(bare, clocks=known.policy.clocks)))
        for it in deadlines(s, timeline(s.facts)):
            entry = entry_of(it, s, texts, "full")
            assert "\n\n" not in entry.description.partition("\n\n")[2]
            assert entry.link is None
