"""The country that a carrier means."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import countries
from monitor.core.countries import PART_OF, country_code
from monitor.core.scans import place_from

TOLD = [
    # codes
    ("ES", "ES"),
    ("es", "ES"),
    (" es ", "ES"),
    ("ESP", "ES"),
    ("Deu", "DE"),
    ("UK", "GB"),
    ("GBR", "GB"),
    ("EL", "GR"),
    ("XK", "XK"),
    ("xkx", "XK"),
    ("IC", "ES"),
    ("XI", "GB"),
    ("AND", "AD"),
    ("U.S.A.", "US"),
    ("U.K.", "GB"),
    # English names, however turned
    ("Spain", "ES"),
    ("SPAIN", "ES"),
    ("United States", "US"),
    ("United States of America", "US"),
    ("The United States", "US"),
    ("the Netherlands", "NL"),
    ("NETHERLANDS (THE)", "NL"),
    ("Great Britain", "GB"),
    ("United Kingdom of Great Britain and Northern Ireland (the)", "GB"),
    ("England", "GB"),
    ("Czechia", "CZ"),
    ("Czech Republic", "CZ"),
    ("Turkey", "TR"),
    ("Turkiye", "TR"),
    ("Viet Nam", "VN"),
    ("Vietnam", "VN"),
    ("Russian Federation", "RU"),
    ("Moldova, Republic of", "MD"),
    ("Republic of Moldova", "MD"),
    ("Iran, Islamic Republic of", "IR"),
    ("Cote d'Ivoire", "CI"),
    ("Cote d Ivoire", "CI"),
    ("Ivory Coast", "CI"),
    ("Bosnia & Herzegovina", "BA"),
    ("BOSNIA-HERZEGOVINA", "BA"),
    ("St. Kitts & Nevis", "KN"),
    # close to one another
    ("Korea", "KR"),
    ("Republic of Korea", "KR"),
    ("Korea, Republic of", "KR"),
    ("Korea, Democratic People's Republic of", "KP"),
    ("North Korea", "KP"),
    ("Congo, The Democratic Republic of the", "CD"),
    ("Congo", "CG"),
    ("Guinea", "GN"),
    ("Guinea-Bissau", "GW"),
    ("Papua New Guinea", "PG"),
    ("Dominica", "DM"),
    ("Dominican Republic", "DO"),
    ("Niger", "NE"),
    ("Nigeria", "NG"),
    ("Samoa", "WS"),
    ("American Samoa", "AS"),
    ("Ireland", "IE"),
    ("Northern Ireland", "GB"),
    ("Virgin Islands, British", "VG"),
    ("Virgin Islands, U.S.", "VI"),
    ("Mali", "ML"),
    ("Malta", "MT"),
    # as Cainiao says them
    ("Mainland China", "CN"),
    ("China (Mainland)", "CN"),
    ("Hong Kong SAR", "HK"),
    ("Hong Kong, China", "HK"),
    ("Hongkong,China", "HK"),
    ("Macao SAR", "MO"),
    ("Macau, China", "MO"),
    ("Taiwan, China", "TW"),
    ("Taiwan, Province of China", "TW"),
    ("Chinese Taipei", "TW"),
    ("Republic of China", "TW"),
    ("People's Republic of China", "CN"),
    ("P.R. China", "CN"),
    # in other languages, with their marks or without
    ("España", "ES"),
    ("ESPANA", "ES"),
    ("Espagne", "ES"),
    ("Spanien", "ES"),
    ("Espanha", "ES"),
    ("Испания", "ES"),
    ("Deutschland", "DE"),
    ("ALEMANIA", "DE"),
    ("Países Bajos", "NL"),
    ("Pays-Bas", "NL"),
    ("Estados Unidos", "US"),
    ("EE. UU.", "US"),
    ("EE.UU.", "US"),
    ("Etats-Unis", "US"),
    ("Österreich", "AT"),
    ("Großbritannien", "GB"),
    ("Reino Unido", "GB"),
    ("Polska", "PL"),
    ("Россия", "RU"),
    ("Российская Федерация", "RU"),
    ("Україна", "UA"),
    ("Ελλάδα", "GR"),
    ("中国", "CN"),
    ("Islas Canarias", "ES"),
    # what cannot be told is not guessed
    (None, None),
    ("", None),
    (" ", None),
    ("-", None),
    ("XX", None),
    ("ZZ", None),
    ("724", None),
    ("the", None),
    ("Madrid", None),
    ("Virgin Islands", None),
    ("Europe", None),
    ("Spainn", None),
    ("Spain Portugal", None),
]


@pytest.mark.parametrize(("told", "code"), TOLD)
def test_a_country_as_it_is_told(told: str | None, code: str | None) -> None:
    assert country_code(told) == code


@given(st.text())
def test_whatever_is_told_is_a_code_or_nothing(told: str) -> None:
    code = country_code(told)
    assert code is None or re.fullmatch("[A-Z]{2}", code)
    assert country_code(code) == code


def test_a_part_and_its_country_are_codes() -> None:
    assert [code for pair in PART_OF.items() for code in pair if country_code(code) != code] == []


@pytest.mark.parametrize(
    ("told", "kept"), [("ES", "ES"), ("Spain", "ES"), ("esp", "ES"), ("Narnia", "Narnia")]
)
def test_a_place_has_the_code_where_it_can_be_told(told: str, kept: str) -> None:
    place = place_from("Madrid", country=told)
    assert place is not None
    assert place.country == kept


def test_no_name_is_told_of_two_countries() -> None:
    told = [key for key, _ in countries._by_name()]
    assert [sorted(key) for key in told if told.count(key) > 1] == []
    assert {code for _, code in countries._by_name()} == {code for _, code in countries._by_code()}
