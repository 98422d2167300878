"""Reasons and checklists as a policy's file tells them, and what is wrong with a file that tells them badly."""

import tomllib
from typing import Any

import pytest

from monitor.core.policy import DisputeReason, Dossier, EvidenceItem, EvidenceKind, Refund, Way
from monitor.core.texts.languages import CATALOGUES
from monitor.errors import ConfigError
from monitor.policies import load_policy, shipped_policies
from monitor.policies.checklists import read_checklists

FILE = """
[evidence.film]
words = "a film"
kind = "video"
names = ["film"]

[evidence.note]
words = "a note, if you have one"
kind = "document"
names = ["note", "paper"]
optional = true

[evidence.number]
words = "your number"
kind = "known"

[dossier]
always = ["number", "note"]
arrived = ["film"]

[reasons.broken]
title = "Broken"
applies = "it does not work"
evidence = ["film", "note"]
decisive = ["film"]
ways = ["refund_only"]
refund = "part"

[es.evidence.film]
words = "una película"
names = ["película"]

[es.evidence.note]
words = "una nota, si la tienes"

[es.evidence.number]
words = "tu número"

[es.reasons.broken]
title = "Roto"
applies = "no funciona"

[pt.evidence.film]
words = "um filme"
names = ["filme", "film"]
"""

FILM = EvidenceItem("film", "a film", EvidenceKind.VIDEO, ("film", "película", "filme"))
NOTE = EvidenceItem(
    "note", "a note, if you have one", EvidenceKind.DOCUMENT, ("note", "paper"), optional=True
)
NUMBER = EvidenceItem("number", "your number", EvidenceKind.KNOWN)


def read(file: str = FILE, language: str = "en") -> tuple[dict[str, DisputeReason], Dossier]:
    return read_checklists(tomllib.loads(file), language, where="policies.shop")


def test_what_a_file_tells() -> None:
    decisive = EvidenceItem("film", "a film", EvidenceKind.VIDEO, FILM.names, decisive=True)
    assert read() == (
        {
            "broken": DisputeReason(
                "broken", "Broken", "it does not work", (decisive, NOTE), (Way.REFUND_ONLY,), Refund.PART
            )
        },
        Dossier(always=(NUMBER, NOTE), arrived=(FILM,)),
    )


def test_in_another_language_words_are_other_words_and_its_names_come_first() -> None:
    reasons, dossier = read(language="es")
    assert (reasons["broken"].title, reasons["broken"].applies) == ("Roto", "no funciona")
    assert [(item.words, item.names) for item in reasons["broken"].evidence] == [
        ("una película", ("película", "film", "filme")),
        ("una nota, si la tienes", ("note", "paper")),
    ]
    assert dossier.always[0].words == "tu número"


def test_a_file_need_not_tell_any_of_it() -> None:
    assert read("title = 'Shop'") == ({}, Dossier())
    assert read("[es.paths]\norder = 'x'", "es") == ({}, Dossier())


def test_what_may_be_left_out() -> None:
    reasons, _ = read("[reasons.late]\ntitle = 'Late'\napplies = 'it is late'\nevidence = []")
    assert reasons == {"late": DisputeReason("late", "Late", "it is late", ())}


MISTAKES = [
    (
        'evidence = ["film", "note"]',
        'evidence = ["flim", "note"]',
        "reasons.broken.evidence: there is no 'flim'; did you mean film? (allowed: film, note, number)",
    ),
    (
        'evidence = ["film", "note"]',
        'evidence = "film"',
        'reasons.broken.evidence: must be a list of texts (allowed: such as ["unboxing", "opening"])',
    ),
    (
        'decisive = ["film"]',
        'decisive = ["number"]',
        "reasons.broken.decisive: there is no 'number' (allowed: film, note)",
    ),
    (
        'ways = ["refund_only"]',
        'ways = ["return"]',
        "reasons.broken.ways: there is no 'return'; did you mean product_return? (allowed: product_return, refund_only)",
    ),
    (
        'refund = "part"',
        'refund = "half"',
        "reasons.broken.refund: there is no 'half' (allowed: full, part, second_payment)",
    ),
    ('title = "Broken"', "", "reasons.broken.title: is missing"),
    ('applies = "it does not work"', "applies = 7", "reasons.broken.applies: must be text"),
    (
        'kind = "video"',
        'kind = "movie"',
        "evidence.film.kind: there is no 'movie'; did you mean video? (allowed: document, known, photo, screenshot, video)",
    ),
    (
        'kind = "video"',
        "",
        "evidence.film.kind: is missing",
    ),
    ('words = "a film"', "", "evidence.film.words: is missing"),
    ('names = ["note", "paper"]', "", "evidence.note.names: is missing: no file could tick it"),
    (
        'names = ["note", "paper"]',
        'names = ["note", "2026"]',
        "evidence.note.names: '2026' has no letter, so it is no name to tell files by",
    ),
    (
        'names = ["note", "paper"]',
        'names = "note"',
        'evidence.note.names: must be a list of texts (allowed: such as ["unboxing", "opening"])',
    ),
    (
        'arrived = ["film"]',
        'arived = ["film"]',
        "dossier: there is no 'arived'; did you mean arrived? (allowed: always, arrived, returning)",
    ),
    (
        'arrived = ["film"]',
        'arrived = ["box"]',
        "dossier.arrived: there is no 'box' (allowed: film, note, number)",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "told"), MISTAKES)
def test_a_mistake_is_named_with_what_is_allowed(right: str, wrong: str, told: str) -> None:
    assert FILE.count(right) == 1
    with pytest.raises(ConfigError) as refused:
        read(FILE.replace(right, wrong))
    assert f"policies.shop.{told}" in str(refused.value).splitlines()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("evidence = 7", "policies.shop.evidence: must be a table"),
        ("[evidence]\nfilm = 'a film'", "policies.shop.evidence.film: must be a table"),
        ("reasons = []", "policies.shop.reasons: must be a table"),
        ("dossier = 'all'", "policies.shop.dossier: must be a table"),
    ],
)
def test_what_must_be_a_table(file: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(file)
    assert told in str(refused.value).splitlines()


def test_words_that_a_language_lacks_are_those_of_the_file() -> None:
    reasons, _ = read(FILE.replace('words = "una película"', "").replace('title = "Roto"', ""), "es")
    assert (reasons["broken"].title, reasons["broken"].applies) == ("Broken", "no funciona")
    assert reasons["broken"].evidence[0].words == "a film"
    reasons, _ = read(language="pt")
    assert [item.words for item in reasons["broken"].evidence] == ["um filme", "a note, if you have one"]
    assert read(language="fr") == read()


def test_words_of_a_language_must_be_words() -> None:
    with pytest.raises(ConfigError) as refused:
        read(FILE.replace('"una película"', "7").replace('"Roto"', '""'), "es")
    assert str(refused.value).splitlines() == [
        "policies.shop.es.evidence.film.words: must be text",
        "policies.shop.es.reasons.broken.title: must be text",
    ]


def test_what_a_file_does_not_name_it_has_from_another() -> None:
    own = """
    [evidence.film]
    words = "my film"
    kind = "video"
    names = ["mine"]

    [reasons.late]
    title = "Late"
    applies = "it is late"
    evidence = ["note", "film"]

    [dossier]
    arrived = []
    """
    reasons, dossier = read_checklists(tomllib.loads(own), "es", basis=tomllib.loads(FILE))
    assert list(reasons) == ["broken", "late"]
    assert [item.words for item in reasons["late"].evidence] == ["una nota, si la tienes", "my film"]
    assert reasons["broken"].title == "Roto"
    assert reasons["late"].evidence[1].names == ("mine",)
    assert [item.id for item in (*dossier.always, *dossier.arrived)] == ["number", "note"]
    with pytest.raises(ConfigError) as refused:
        read_checklists(
            tomllib.loads(own.replace('"note", "film"', '"nota"')), "en", basis=tomllib.loads(FILE)
        )
    assert str(refused.value) == (
        "reasons.late.evidence: there is no 'nota'; did you mean note? (allowed: film, note, number)"
    )


def test_all_mistakes_are_told_at_once() -> None:
    file = FILE
    for right, wrong, _ in (MISTAKES[2], MISTAKES[4], MISTAKES[9]):
        file = file.replace(right, wrong)
    with pytest.raises(ConfigError) as refused:
        read(file)
    assert [problem.key for problem in refused.value.problems] == [
        "policies.shop.evidence.film.words",
        "policies.shop.reasons.broken.decisive",
        "policies.shop.reasons.broken.refund",
    ]


# What is shipped

#: Of each reason what is asked for, what of it decides, and how much can be asked back.
REASONS: dict[str, tuple[list[str], list[str], str]] = {
    "not_received": (["no_delivery"], ["no_delivery"], "full"),
    "wrong_address": (["delivery_proof", "tracking", "address"], ["tracking", "address"], "full"),
    "quality": (["fault_photos", "fault_video", "use_video"], ["fault_photos", "fault_video"], "full"),
    "not_as_described": (["listing", "variant", "comparison"], ["listing", "comparison"], "full"),
    "damaged_in_transit": (
        ["package_photos", "item_photos", "unboxing_video"],
        ["package_photos", "unboxing_video"],
        "full",
    ),
    "missing_parts": (["contents_video", "contents_list"], ["contents_video"], "part"),
    "wrong_item": (["labels", "sku_video", "order_variant"], ["sku_video"], "full"),
    "duplicate_charge": (["statements", "order_number"], ["statements"], "second_payment"),
    "no_tracking": (["tracking", "messages"], ["tracking"], "full"),
    "returned_to_seller": (["tracking", "messages"], ["tracking"], "full"),
    "customs_hold": (["tracking", "messages", "customs_note"], ["tracking"], "full"),
}
#: Those in which there is something to send back.
ABOUT_GOODS = {"quality", "not_as_described", "damaged_in_transit", "missing_parts", "wrong_item"}


def test_what_each_reason_asks_for() -> None:
    reasons = load_policy("aliexpress").reasons
    told = {
        id_: (
            [item.id for item in reason.evidence],
            [item.id for item in reason.evidence if item.decisive],
            reason.refund.value,
        )
        for id_, reason in reasons.items()
    }
    assert told == REASONS
    assert {id_ for id_, reason in reasons.items() if reason.about_goods} == ABOUT_GOODS
    assert {way for reason in reasons.values() for way in reason.ways} == {"refund_only", "product_return"}


def test_what_belongs_into_any_dispute() -> None:
    dossier = load_policy("aliexpress").dossier
    parts: dict[str, Any] = {part: getattr(dossier, part) for part in ("always", "arrived", "returning")}
    assert {part: [item.id for item in items] for part, items in parts.items()} == {
        "always": ["order_number", "listing", "variant", "messages", "tracking", "questions"],
        "arrived": ["photos", "unboxing_video"],
        "returning": ["return_receipt", "return_number"],
    }


def items_of(name: str, language: str) -> dict[str, EvidenceItem]:
    policy = load_policy(name, language=language)
    dossier = policy.dossier
    reasons = (item for reason in policy.reasons.values() for item in reason.evidence)
    return {item.id: item for item in (*reasons, *dossier.always, *dossier.arrived, *dossier.returning)}


@pytest.mark.parametrize("language", [language for language in CATALOGUES if language != "en"])
@pytest.mark.parametrize("name", shipped_policies())
def test_evidence_is_said_in_every_language_and_found_under_the_names_of_all(
    name: str, language: str
) -> None:
    english, spoken = items_of(name, "en"), items_of(name, language)
    assert spoken.keys() == english.keys()
    for id_, item in english.items():
        assert spoken[id_].words != item.words, id_
        assert {*spoken[id_].names} == {*item.names}, id_
        assert not item.names or spoken[id_].names[0] != item.names[0], id_
