"""What is known of an order at a time, word by word: at the boundaries, and with several parcels."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from monitor.core.drafts import DraftKind, Proposal, reason_for
from monitor.core.drafts.sentences import letter, sentences
from monitor.core.drafts.words import DraftWords
from monitor.core.drafts.writing import Writing
from monitor.core.model import Money, Place
from monitor.core.situation import Facts, situation
from monitor.core.texts.en import ENGLISH
from tests.monitor.core.drafts.stories import (
    ELSEWHERE,
    HERE,
    MOVING,
    NOW,
    OPENED,
    OTHER_NUMBER,
    SEVILLE,
    SHENZHEN,
    about,
    scanned,
)
from tests.monitor.core.facts import NUMBER, a_policy, at

OLDER = replace(scanned("in_transit", "2026-05-05 10:00"), number=OTHER_NUMBER)
OFFER = "2026-06-21 10:00 offer amount="


def word(name: str, given: Facts, reason: str, now: str, read: str | None = None) -> str | None:
    look = {parcel.number: at(read or now) for parcel in given.shipments}
    return DraftWords(Writing(situation(given), at(now), ENGLISH, reason, Proposal.FULL, look, ()))[name]


ROWS: Sequence[tuple[str, Facts, str, str, str | None]] = [
    # from the day on on which they are true
    ("shipped", about(MOVING), "not_received", "2026-05-02 23:59", None),
    ("shipped", about(MOVING), "not_received", "2026-05-03 00:00", "3 May 2026"),
    ("shipped_days", about(MOVING), "not_received", "2026-05-03 23:59", None),
    ("shipped_days", about(MOVING), "not_received", "2026-05-04 00:00", "1 day"),
    ("late", about(MOVING), "not_received", "2026-06-10 23:59", None),
    ("late", about(MOVING), "not_received", "2026-06-11 00:00", "1 day"),
    ("late", about(HERE), "other", "2026-06-11 00:00", None),
    ("scanned", about(MOVING), "not_received", "2026-05-12 13:59", None),
    ("scanned", about(MOVING), "not_received", "2026-05-12 14:00", "12 May 2026"),
    ("quiet", about(MOVING), "not_received", "2026-05-25 23:59", None),
    ("quiet", about(MOVING), "not_received", "2026-05-26 00:00", "14 days"),
    ("delivered", about(HERE), "quality", "2026-05-16 11:19", None),
    ("delivered", about(HERE), "quality", "2026-05-16 11:20", "16 May 2026"),
    ("received", about(journal=["2026-05-18 18:00 received"]), "quality", "2026-05-18 17:59", None),
    ("opened", about(journal=[OPENED]), "quality", "2026-06-12 09:59", None),
    ("opened", about(journal=[OPENED]), "quality", "2026-06-12 10:00", "12 June 2026"),
    ("protection_end", about(MOVING), "other", "2026-07-05 23:59", "5 July 2026"),
    ("protection_end", about(MOVING), "other", "2026-07-06 00:00", None),
    ("protection_end", about(MOVING, protection_until=None), "other", NOW, None),
    # offers
    ("offered", about(journal=[OPENED, f"{OFFER}20_EUR"]), "quality", "2026-06-21 09:59", "[what the seller offered]"),
    ("offered", about(journal=[OPENED, f"{OFFER}20_EUR"]), "quality", "2026-06-21 10:00", "€20"),
    ("offered", about(journal=[OPENED, f"{OFFER}20.50_PLN"]), "quality", NOW, "20.50 PLN"),
    ("offered", about(journal=[OPENED, f"{OFFER}€20_now"]), "quality", NOW, "€20 now"),
    ("offered", about(journal=[OPENED, OFFER + "9" * 41]), "quality", NOW, "[what the seller offered]"),
    # prices that are none
    ("price", about(price=Money("9.50", "EUR")), "other", NOW, "€9.50"),
    ("price", about(price=Money("free", "EUR")), "other", NOW, None),
    ("price", about(price=Money(" ", "EUR")), "other", NOW, None),
    ("price", about(price=None), "other", NOW, None),
    # ids are whole, or not told
    ("which", about(id="1" * 32), "other", NOW, f"order {'1' * 32}"),
    ("which", about(id="1" * 33), "other", NOW, "my order"),
    ("number", about(replace(MOVING, number="1" * 33)), "not_received", NOW, None),
    # places
    ("home", about(deliver_to=Place(city="Vigo")), "other", NOW, "Vigo"),
    ("home", about(deliver_to=Place(postal_code="36201", country="ES")), "other", NOW, "36201, ES"),
    ("home", about(deliver_to=Place(region="Galicia", country="ES")), "other", NOW, "Galicia, ES"),
    ("home", about(deliver_to=Place(city="Vigo", region="Galicia")), "other", NOW, "Vigo"),
    ("home", about(deliver_to=Place()), "other", NOW, None),
    ("home", about(deliver_to=None), "other", NOW, None),
    # which of several parcels
    ("number", about(MOVING, OLDER), "not_received", NOW, OTHER_NUMBER),
    ("number", about(OLDER, replace(HERE, number="LP1")), "no_tracking", NOW, OTHER_NUMBER),
    ("number", about(replace(HERE, number="LP1"), ELSEWHERE), "wrong_address", NOW, NUMBER),
    ("number", about(MOVING, OLDER), "customs_hold", NOW, None),
    ("number", about(MOVING), "customs_hold", NOW, NUMBER),
    ("number", about(HERE), "not_received", NOW, None),
    ("number", about(MOVING), "quality", NOW, None),
    ("partly", about(MOVING, replace(HERE, number=OTHER_NUMBER)), "not_received", NOW, ""),
    ("partly", about(MOVING, OLDER), "not_received", NOW, None),
    ("partly", about(ELSEWHERE, replace(HERE, number=OTHER_NUMBER)), "wrong_address", NOW, ""),
    ("partly", about(ELSEWHERE, replace(ELSEWHERE, number=OTHER_NUMBER)), "wrong_address", NOW, None),
    ("partly", about(HERE, replace(HERE, number=OTHER_NUMBER)), "wrong_address", NOW, None),
    # silence that is none
    ("quiet", about(scanned("available_for_pickup", "2026-05-12 14:00")), "not_received", NOW, None),
    ("quiet", about(scanned("in_customs", "2026-06-15 14:00")), "customs_hold", NOW, "7 days"),
    ("quiet", about(scanned("in_customs", "2026-06-16 14:00")), "customs_hold", NOW, None),
    ("scan_text", about(scanned("in_transit", "2026-06-16 14:00", " . ")), "customs_hold", NOW, None),
    ("scanned_in", about(scanned("in_transit", "2026-06-16 14:00", place=SHENZHEN)), "other", NOW, None),
    ("delivered_in", about(ELSEWHERE), "wrong_address", NOW, "41001 Sevilla, ES"),
    ("elsewhere", about(ELSEWHERE), "wrong_address", NOW, ""),
    ("elsewhere", about(ELSEWHERE, deliver_to=SEVILLE), "wrong_address", NOW, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "reason", "now", "told"), ROWS)
def test_what_a_word_tells(name: str, given: Facts, reason: str, now: str, told: str | None) -> None:
    assert word(name, given, reason, now) == told


@pytest.mark.parametrize(("read", "told"), [("2026-06-21 21:00", "12 May 2026"), ("2026-06-21 20:59", None)])
def test_the_last_scan_is_told_as_long_as_the_source_is_not_blind(read: str, told: str | None) -> None:
    assert word("scanned", about(MOVING), "not_received", NOW, read) == told


def test_of_a_parcel_that_is_followed_no_longer_the_last_scan_is_the_last() -> None:
    returned = about(scanned("returned", "2026-06-01 10:00"))
    assert word("scanned", returned, "returned_to_seller", NOW, "2026-06-02 10:00") == "1 June 2026"


def test_today_is_no_silence_whatever_the_policy_says() -> None:
    given = replace(about(scanned("in_transit", "2026-06-22 10:00")), policy=a_policy(stalled_days=0))
    assert word("quiet", given, "not_received", NOW) is None


REASONS = [
    (DraftKind.DESCRIPTION, "quality", [], "quality"),
    (DraftKind.DESCRIPTION, None, [], "other"),
    (DraftKind.DESCRIPTION, "not_delivered_to_the_moon", [], "other"),
    (DraftKind.MEDIATION, None, [OPENED], "quality"),
    (DraftKind.MEDIATION, "wrong_item", [OPENED], "wrong_item"),
    (DraftKind.MEDIATION, None, ["2026-06-23 10:00 dispute-opened reason=quality"], "other"),
    (DraftKind.MEDIATION, None, [OPENED, "2026-06-13 10:00 dispute-cancelled"], "other"),
    (DraftKind.PROOF_OF_DELIVERY, "quality", [OPENED], "wrong_address"),
    (DraftKind.SECOND_CHARGE, None, [OPENED], "duplicate_charge"),
]


@pytest.mark.parametrize(("kind", "reason", "journal", "about_what"), REASONS)
def test_what_a_text_is_about(
    kind: DraftKind, reason: str | None, journal: list[str], about_what: str
) -> None:
    assert reason_for(kind, situation(about(journal=journal)), at(NOW), reason, ENGLISH) == about_what


TEMPLATES = [
    ("It is {a}.", "It is A."),
    ("It is {b}.", ""),
    ("It is {a} and {b}.\nYes.", "Yes."),
    ("It is {b}.\n| It is {a}.", "It is A."),
    ("It is {a}.\n| It is {c}.\nYes.", "It is A. Yes."),
    ("It is {b}.\n| It is {b}.\n| It is {c}.\n| It is {a}.", "It is {a}."),
    ("{none}It is nothing.", "It is nothing."),
    ("{none}", ""),
    ("\nOne.\n\nTwo.\n", "One. Two."),
]


@pytest.mark.parametrize(("template", "said"), TEMPLATES)
def test_a_sentence_is_said_if_all_its_words_are_known(template: str, said: str) -> None:
    assert sentences(template, {"a": "A", "b": None, "c": "{a}", "none": ""}) == said


def test_a_paragraph_of_which_nothing_is_known_is_left_out() -> None:
    assert letter("One.\n\nIt is {b}.\n\nTwo.", {"b": None}) == "One.\nTwo."
