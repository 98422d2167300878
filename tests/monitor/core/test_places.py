"""Whether the carrier delivered where the order was to go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Place
from monitor.core.places import Verdict, same_place

SAME, DIFFERENT, UNDECIDABLE = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNDECIDABLE


def place(text: str | None) -> Place | None:
    """`city/postal code/country`, each of which may be empty; None: no place."""
    if text is None:
        return None
    city, postal_code, country = (part or None for part in text.split("/"))
    return Place(city=city, postal_code=postal_code, country=country)


PAIRS = [
    # cities
    ("Madrid//", "Madrid//", SAME),
    ("MADRID//", "Madrid//", SAME),
    ("Madrid//", "Vigo//", DIFFERENT),
    ("Málaga//", "MALAGA//", SAME),
    ("A Coruña//", "a coruna//", SAME),
    ("Köln//", "Koln//", SAME),
    ("Łódź//", "LODZ//", SAME),
    ("İstanbul//", "Istanbul//", SAME),
    ("Gießen//", "GIESSEN//", SAME),
    ("Ma\u0301laga//", "Málaga//", SAME),
    ("Saint-Étienne//", "SAINT ETIENNE//", SAME),
    ("L'Hospitalet de Llobregat//", "LHOSPITALET DE LLOBREGAT//", SAME),
    ("Madrid Centro//", "Madrid//", SAME),
    ("Madrid (Centro)//", "MADRID//", SAME),
    ("San Sebastián de los Reyes//", "S.S. de los Reyes//", SAME),
    ("Alcalá de Henares//", "Getafe//", DIFFERENT),
    # postal codes
    ("/28013/", "/28013/", SAME),
    ("/28013/", "/28901/", DIFFERENT),
    ("/28 013/", "/28013/", SAME),
    ("/94103-1234/", "/94103/", SAME),
    ("/94103/", "/94103-1234/", SAME),
    ("/941031234/", "/94103-1234/", SAME),
    ("/94104-1234/", "/94103/", DIFFERENT),
    ("/sw1a 1aa/", "/SW1A1AA/", SAME),
    ("/SW1A/", "/SW1A 1AA/", SAME),
    # countries
    ("//ES", "//es", UNDECIDABLE),
    ("//ES", "//PT", DIFFERENT),
    ("Madrid/28013/PT", "Madrid/28013/ES", DIFFERENT),
    # together
    ("Madrid/28013/ES", "Madrid/28013/ES", SAME),
    ("Madrid/28901/ES", "Madrid/28013/ES", DIFFERENT),
    ("Puerta del Sol/28013/ES", "Madrid/28013/ES", SAME),
    ("Madrid//ES", "Madrid/28013/ES", SAME),
    ("Vigo//ES", "Madrid/28013/ES", DIFFERENT),
    ("/28013/ES", "Madrid//ES", UNDECIDABLE),
    # nothing to compare
    (None, "Madrid/28013/ES", UNDECIDABLE),
    ("Madrid/28013/ES", None, UNDECIDABLE),
    (None, None, UNDECIDABLE),
    ("//", "Madrid/28013/ES", UNDECIDABLE),
    ("Madrid//", "//ES", UNDECIDABLE),
    # what carriers write where they know nothing
    ("-//", "Madrid//", UNDECIDABLE),
    ("Madrid/-/", "Madrid/28013/", SAME),
    ("Vigo/--/", "Madrid/28013/", DIFFERENT),
    ("//-", "Madrid//ES", UNDECIDABLE),
]


@pytest.mark.parametrize(("scanned", "wanted", "verdict"), PAIRS)
def test_a_pair_of_places(scanned: str | None, wanted: str | None, verdict: Verdict) -> None:
    assert same_place(place(scanned), place(wanted)) is verdict
    assert same_place(place(wanted), place(scanned)) is verdict


TEXTS = st.none() | st.text(max_size=8) | st.sampled_from(("Madrid", "28013", "ES", "São Paulo", "-"))
PLACES = st.none() | st.builds(Place, city=TEXTS, postal_code=TEXTS, region=TEXTS, country=TEXTS)


@given(PLACES, PLACES)
def test_it_does_not_matter_who_is_asked(one: Place | None, other: Place | None) -> None:
    assert same_place(one, other) is same_place(other, one)


@given(PLACES)
def test_a_place_is_never_different_from_itself(one: Place | None) -> None:
    assert same_place(one, one) is not DIFFERENT
