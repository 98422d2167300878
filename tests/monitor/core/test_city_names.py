"""What a city is called."""

import pytest

from monitor.core.city_names import COMMON_WORDS, KNOWN_CITIES, _names, city_name


def test_no_name_stands_for_two_cities() -> None:
    cities: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for name, city in _names():
        cities.setdefault(name, set()).add(city)
    assert {name: found for name, found in cities.items() if len(found) > 1} == {}


def test_a_city_that_is_known_by_a_word_is_no_word_that_many_share() -> None:
    assert KNOWN_CITIES.isdisjoint(COMMON_WORDS)


@pytest.mark.parametrize(
    ("told", "words", "is_depot", "is_vague"),
    [
        ("Alcalá de Henares", ("alcala", "henares"), False, False),
        ("St. Pölten", ("st", "polten"), False, False),
        ("Cologne", ("koln",), False, False),
        ("Köln-Mülheim", ("koln", "mulheim"), False, False),
        ("San Petersburgo", ("st", "peterburg"), False, False),
        ("CTA Madrid", ("madrid",), True, True),
        ("Paketzentrum 21", (), True, True),
        ("Ulm", ("ulm",), False, False),
        ("LAX", ("lax",), False, True),
        ("San Juan", ("st", "iuan"), False, False),
        ("Bad Neustadt", ("bad", "neustadt"), False, False),
        ("Santa", ("st",), False, True),
        ("Spain", ("spain",), False, True),
        ("深圳", (), False, True),
        ("深圳 Shenzhen", ("shenzhen",), False, True),
        ("28013", (), False, True),
        ("", (), False, True),
        (None, (), False, True),
    ],
)
def test_the_words_that_decide(
    told: str | None, words: tuple[str, ...], *, is_depot: bool, is_vague: bool
) -> None:
    name = city_name(told)
    assert (name.words, name.is_depot, name.is_vague) == (words, is_depot, is_vague)
