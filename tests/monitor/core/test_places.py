"""Whether the carrier delivered where the order was to go."""
# ruff: noqa: RUF001, letters of other scripts are among the cases

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


# How a city is written: marks, case, joints, scripts, languages, short forms, misspellings.
SAME_CITIES = [
    ("Madrid", "Madrid"),
    ("MADRID", "Madrid"),
    ("Málaga", "MALAGA"),
    ("Ma\u0301laga", "Málaga"),
    ("ＭＡＤＲＩＤ", "Madrid"),
    ("Köln", "Koln"),
    ("Koeln", "Köln"),
    ("DUESSELDORF", "Düsseldorf"),
    ("Gießen", "GIESSEN"),
    ("Łódź", "LODZ"),
    ("İstanbul", "Istanbul"),
    ("Århus", "Aarhus"),
    ("Tromsø", "Tromsoe"),
    ("Hồ Chí Minh", "Ho Chi Minh"),
    ("Saint-Étienne", "SAINT ETIENNE"),
    ("A Coruña", "a coruna"),
    ("La Coruña", "A Coruña"),
    # joints, middles, districts, numbers
    ("L'Hospitalet de Llobregat", "LHOSPITALET DE LLOBREGAT"),
    ("L’Hospitalet de Llobregat", "Hospitalet Llobregat"),
    ("Alcalá de Henares", "ALCALA HENARES"),
    ("Alcalá de Henares", "Alcalá"),
    ("Frankfurt am Main", "Frankfurt"),
    ("Frankfurt a.M.", "Frankfurt am Main"),
    ("FRANKFURT/MAIN", "Frankfurt am Main"),
    ("Weil der Stadt", "Weil"),
    ("Madrid Centro", "Madrid"),
    ("Madrid (Centro)", "MADRID"),
    ("MADRID 28013", "Madrid"),
    ("28013 Madrid", "Madrid"),
    ("Paris 15", "PARIS"),
    ("PARIS 15E ARRONDISSEMENT", "Paris"),
    ("Praha 4", "Praha"),
    ("Budapest XI. kerület", "Budapest"),
    ("Getafe (Madrid)", "Getafe"),
    ("Getafe, Madrid", "GETAFE"),
    ("Madrid, Madrid", "Madrid"),
    ("Madrid, Spain", "Madrid"),
    ("San Francisco, CA", "San Francisco, California"),
    ("Springfield, IL", "SPRINGFIELD"),
    ("Las Palmas de Gran Canaria", "Las Palmas"),
    ("Ciudad de México", "Mexico City"),
    # short forms
    ("S.S. de los Reyes", "San Sebastián de los Reyes"),
    ("St. Pölten", "Sankt Pölten"),
    ("ST ETIENNE", "Saint-Étienne"),
    ("Sta. Cruz de Tenerife", "Santa Cruz de Tenerife"),
    ("Sto. Domingo", "Santo Domingo"),
    ("Stgo. de Compostela", "Santiago de Compostela"),
    ("L'Hospitalet de Ll.", "L'Hospitalet de Llobregat"),
    ("Hosp. de Llobregat", "L'Hospitalet de Llobregat"),
    ("Pto. de la Cruz", "Puerto de la Cruz"),
    ("Vva. de la Serena", "Villanueva de la Serena"),
    ("Mt. Vernon", "Mount Vernon"),
    ("Ft Worth", "Fort Worth"),
    ("Rothenburg o.d.T.", "Rothenburg ob der Tauber"),
    ("BCN", "Barcelona"),
    # other languages
    ("Cologne", "Köln"),
    ("Colonia", "KOELN"),
    ("Munich", "München"),
    ("Muenchen", "Múnich"),
    ("Nuremberg", "Nürnberg"),
    ("Vienna", "Wien"),
    ("Prague", "Praha"),
    ("Praga", "Prag"),
    ("Warsaw", "Warszawa"),
    ("Cracow", "Kraków"),
    ("Danzig", "Gdańsk"),
    ("Seville", "Sevilla"),
    ("Gerona", "Girona"),
    ("Lérida", "Lleida"),
    ("Orense", "Ourense"),
    ("San Sebastián", "Donostia"),
    ("Donostia-San Sebastián", "San Sebastián"),
    ("Donostia / San Sebastián", "DONOSTIA"),
    ("Vitoria-Gasteiz", "Vitoria"),
    ("Gasteiz", "Vitoria"),
    ("Bilbo", "Bilbao"),
    ("Pamplona / Iruña", "Pamplona"),
    ("Alacant", "Alicante/Alacant"),
    ("Elx", "Elche"),
    ("Castelló de la Plana", "Castellón"),
    ("Palma", "Palma de Mallorca"),
    ("Lisbon", "Lisboa"),
    ("Oporto", "Porto"),
    ("Brussels", "Bruxelles"),
    ("Brussel", "Bruxelles"),
    ("Antwerp", "Antwerpen"),
    ("Luik", "Liège"),
    ("The Hague", "Den Haag"),
    ("'s-Gravenhage", "Den Haag"),
    ("'s-Hertogenbosch", "Den Bosch"),
    ("Geneva", "Genève"),
    ("Genf", "Geneve"),
    ("Zurich", "Zürich"),
    ("Milan", "Milano"),
    ("Rome", "Roma"),
    ("Florence", "Firenze"),
    ("Turin", "Torino"),
    ("Naples", "Napoli"),
    ("Venice", "Venezia"),
    ("Copenhagen", "København"),
    ("Gothenburg", "Göteborg"),
    ("Helsingfors", "Helsinki"),
    ("Bucharest", "București"),
    ("Belgrade", "Beograd"),
    ("London", "Londres"),
    ("New York", "Nueva York"),
    # other scripts
    ("Москва", "Moskva"),
    ("Moscow", "МОСКВА"),
    ("г. Москва", "Moscow"),
    ("Санкт-Петербург", "Saint Petersburg"),
    ("Екатеринбург", "Yekaterinburg"),
    ("Нижний Новгород", "Nizhny Novgorod"),
    ("Ростов-на-Дону", "Rostov-on-Don"),
    ("Казань", "Kazan"),
    ("Київ", "Kyiv"),
    ("Kiev", "Kyiv"),
    ("Харків", "Kharkov"),
    ("Запоріжжя", "Zaporizhzhia"),
    ("Мінск", "Minsk"),
    ("Гомель", "Homyel"),
    ("София", "Sofia"),
    ("Велико Търново", "Veliko Tarnovo"),
    ("Београд", "Beograd"),
    ("Алматы", "Almaty"),
    ("Αθήνα", "Athens"),
    ("ΑΘΗΝΑ", "Athina"),
    ("Θεσσαλονίκη", "Thessaloniki"),
    ("Πάτρα", "Patras"),
    ("北京", "北京"),
    ("深圳 Shenzhen", "Shenzhen"),
    ("תל אביב", "תל אביב"),
    # misspellings
    ("Barcelna", "Barcelona"),
    ("Barcleona", "Barcelona"),
    ("Barcellona", "Barcelona"),
    ("Madird", "Madrid"),
    ("Valladolit", "Valladolid"),
    ("Fuenlabrda", "Fuenlabrada"),
    ("Fuenlarbda", "Fuenlabrada"),
    ("Torejon de Ardoz", "Torrejón de Ardoz"),
    # a depot of the city
    ("SORTING CENTER MADRID 3", "Madrid"),
    ("MADRID CAM", "Madrid"),
    ("Barcelona CTA", "Barcelona"),
    ("Unidad de Reparto Getafe 1", "Getafe"),
    ("DHL Paketzentrum Köln", "Köln"),
    ("Comunidad de Madrid", "Madrid"),
    ("Moscow region", "Москва"),
]

DIFFERENT_CITIES = [
    ("Madrid", "Vigo"),
    ("Alcalá de Henares", "Getafe"),
    ("Alcalá de Henares", "San Fernando de Henares"),
    ("Sant Cugat del Vallès", "Barberà del Vallès"),
    ("Madrid, Spain", "Vigo, Spain"),
    ("Москва", "Казань"),
    ("Москва", "Kazan"),
    ("Αθήνα", "Patras"),
    ("München", "Vienna"),
    # a word that many cities share
    ("New York", "New Orleans"),
    ("San Juan", "San Marcos"),
    ("Santa Cruz", "Santa Fe"),
    ("Saint-Denis", "Saint-Étienne"),
    ("Bad Homburg", "Bad Tölz"),
    ("Puerto Real", "Puerto Lumbreras"),
    ("Puerto Real", "El Puerto de Santa María"),
    ("Las Rozas", "Las Palmas"),
    ("Villa del Prado", "Villa de Mazo"),
    ("Porto Alegre", "São Paulo"),
    # alike, and not the same
    ("Palma", "Las Palmas"),
    ("Palma de Mallorca", "Las Palmas de Gran Canaria"),
    ("Palencia", "Valencia"),
    ("Baena", "Baeza"),
    ("Hamburg", "Homburg"),
    ("Göttingen", "Göppingen"),
    ("İzmir", "İzmit"),
    ("Plasencia", "Palencia"),
    ("Huelva", "Huesca"),
    ("Lugo", "Vigo"),
    ("Bonn", "Born"),
]

UNDECIDABLE_CITIES = [
    ("", "Madrid"),
    ("-", "Madrid"),
    ("-", "-"),
    ("—", "—"),
    ("28013", "Madrid"),
    ("La", "Madrid"),
    ("Centro", "Madrid"),
    ("Unknown", "Madrid"),
    ("N/A", "Madrid"),
    ("ESPAÑA", "Madrid"),
    ("Mainland China", "Shenzhen"),
    # the rest of the name says otherwise, or may
    ("Getafe, Madrid", "Madrid"),
    ("Castellón de la Plana", "La Plana"),
    ("York", "New York"),
    ("Homburg", "Bad Homburg"),
    ("Miami", "Miami Beach"),
    ("Frankfurt (Oder)", "Frankfurt am Main"),
    ("Alcalá de Henares", "Alcalá la Real"),
    ("Palma del Río", "Palma de Mallorca"),
    ("Santa María", "El Puerto de Santa María"),
    # no city, but what a carrier runs, or where
    ("Unidad de reparto 28013", "Madrid"),
    ("SORTING CENTER 3", "Madrid"),
    ("Paketzentrum Rüdersdorf", "Berlin"),
    ("CTA Coslada", "Madrid"),
    ("Comunidad Valenciana", "Alicante"),
    ("Почтовое отделение 101000", "Казань"),
    ("LAX", "San Diego"),
    ("MAD", "Vigo"),
    # what cannot be read
    ("北京", "Beijing"),
    ("北京", "上海"),
    ("北京市", "北京"),
    ("القاهرة", "Cairo"),
    ("תל אביב", "Haifa"),
    ("กรุงเทพ", "Bangkok"),
    ("თბილისი", "Tbilisi"),
    ("서울", "Busan"),
    ("深圳", "Madrid"),
]

CITIES = [
    *((*pair, SAME) for pair in SAME_CITIES),
    *((*pair, DIFFERENT) for pair in DIFFERENT_CITIES),
    *((*pair, UNDECIDABLE) for pair in UNDECIDABLE_CITIES),
]


@pytest.mark.parametrize(("scanned", "wanted", "verdict"), CITIES)
def test_a_pair_of_cities(scanned: str, wanted: str, verdict: Verdict) -> None:
    assert same_place(Place(scanned), Place(wanted)) is verdict
    assert same_place(Place(wanted), Place(scanned)) is verdict


def with_marks(name: str) -> str:
    return "".join(f"{letter}\u0301" if letter.isalpha() else letter for letter in name)


@pytest.mark.parametrize(("scanned", "wanted", "verdict"), CITIES)
def test_case_and_marks_change_nothing(scanned: str, wanted: str, verdict: Verdict) -> None:
    for written in (scanned.upper(), scanned.lower(), scanned.title(), f"  {scanned} "):
        assert same_place(Place(written), Place(wanted)) is verdict
    if scanned.isascii():
        assert same_place(Place(with_marks(scanned)), Place(wanted)) is verdict


# The city, the region and the other's region: a carrier may name the area where a city is asked for.
REGIONS = [
    (Place("Madrid"), Place("Getafe", region="Madrid"), UNDECIDABLE),
    (Place("MADRID", country="ES"), Place("Getafe", region="Comunidad de Madrid", country="ES"), UNDECIDABLE),
    (Place("Madrid"), Place("Madrid", region="Madrid"), SAME),
    (Place("Vigo"), Place("Getafe", region="Madrid"), DIFFERENT),
    (Place("Getafe", region="Madrid"), Place("Madrid", region="Madrid"), DIFFERENT),
    (Place("Getafe", region="Madrid"), Place("Móstoles", region="Madrid"), DIFFERENT),
    (Place(region="Madrid"), Place("Madrid"), UNDECIDABLE),
]


@pytest.mark.parametrize(("scanned", "wanted", "verdict"), REGIONS)
def test_a_city_that_may_be_a_region(scanned: Place, wanted: Place, verdict: Verdict) -> None:
    assert same_place(scanned, wanted) is verdict
    assert same_place(wanted, scanned) is verdict


PAIRS = [
    # postal codes
    ("/28013/", "/28013/", SAME),
    ("/28013/", "/28901/", DIFFERENT),
    ("/28013/", "/28014/", DIFFERENT),
    ("/28 013/", "/28013/", SAME),
    ("/２８０１３/", "/28013/", SAME),
    ("/94103-1234/", "/94103/", SAME),
    ("/941031234/", "/94103-1234/", SAME),
    ("/94104-1234/", "/94103/", DIFFERENT),
    ("/sw1a 1aa/", "/SW1A1AA/", SAME),
    ("/SW1A/", "/SW1A 1AA/", SAME),
    ("/M1/", "/M11/", DIFFERENT),
    ("/AB10 1XG/", "/CV10 1XG/", DIFFERENT),
    ("/1012/NL", "/1012 AB/NL", SAME),
    ("/1000/PT", "/1000-205/PT", SAME),
    ("/9000/", "/9000/", SAME),
    ("/9000/", "/9100/", DIFFERENT),
    # the country before it
    ("/ES-28013/ES", "/28013/ES", SAME),
    ("/E-28013/ES", "/28013/ES", SAME),
    ("/D-50667/DE", "/50667/DE", SAME),
    ("/F-75001/FR", "/75001/FR", SAME),
    ("/LV-1010/LV", "/1010/LV", SAME),
    ("/LT-01001/LT", "/LT01001/LT", SAME),
    ("/S-111 22/SE", "/111 22/SE", SAME),
    ("/NL-1012AB/NL", "/1012 AB/NL", SAME),
    ("/IS-101/IS", "/101/IS", SAME),
    ("/AD500/AD", "/500/AD", SAME),
    ("/D-50667/DE", "/50668/DE", DIFFERENT),
    # what a spreadsheet took
    ("/8001/ES", "/08001/ES", SAME),
    ("/501/US", "/00501/US", SAME),
    ("/8001/ES", "/80012/ES", DIFFERENT),
    ("/8001/CH", "/08001/ES", DIFFERENT),
    # what is no postal code
    ("Madrid/-/", "Madrid/28013/", SAME),
    ("Madrid/0/", "Madrid/28013/", SAME),
    ("Madrid/00000/", "Madrid/28013/", SAME),
    ("Madrid/99999/", "Madrid/28013/", SAME),
    ("Madrid/N.A./", "Madrid/28013/", SAME),
    ("Madrid/28/", "Madrid/28013/", SAME),
    ("Hong Kong/999077/HK", "Hongkong/000000/HK", SAME),
    ("Vigo/--/", "Madrid/28013/", DIFFERENT),
    ("/00000/", "/00000/", UNDECIDABLE),
    # countries
    ("//ES", "//es", UNDECIDABLE),
    ("//ES", "//PT", DIFFERENT),
    ("//Spain", "//ES", UNDECIDABLE),
    ("//Spain", "//PT", DIFFERENT),
    ("//ESP", "//PRT", DIFFERENT),
    ("//UK", "//GB", UNDECIDABLE),
    ("//-", "Madrid//ES", UNDECIDABLE),
    ("Madrid//XX", "Madrid//ES", SAME),
    ("Madrid/28013/PT", "Madrid/28013/ES", DIFFERENT),
    # a part of a country, with a code of its own
    ("San Juan//US", "San Juan//PR", SAME),
    ("/97400/FR", "/97400/RE", SAME),
    ("//FR", "//GP", UNDECIDABLE),
    ("St Helier//GB", "Saint Helier//JE", SAME),
    ("Ponce//US", "San Juan//PR", DIFFERENT),
    ("//ES", "//PR", DIFFERENT),
    # together
    ("Madrid/28013/ES", "Madrid/28013/ES", SAME),
    ("Madrid/28901/ES", "Madrid/28013/ES", DIFFERENT),
    ("Puerta del Sol/28013/ES", "Madrid/28013/ES", SAME),
    ("Madrid//ES", "Madrid/28013/ES", SAME),
    ("Vigo//ES", "Madrid/28013/ES", DIFFERENT),
    ("/28013/ES", "Madrid//ES", UNDECIDABLE),
    ("北京/100000/CN", "Beijing/200000/CN", DIFFERENT),
    ("北京/100000/CN", "Beijing/100000/CN", SAME),
    # a depot has a postal code of its own
    ("MADRID CAM/28042/ES", "Madrid/28013/ES", UNDECIDABLE),
    ("Paketzentrum Köln/50997/DE", "Köln/50667/DE", UNDECIDABLE),
    # nothing to compare
    (None, "Madrid/28013/ES", UNDECIDABLE),
    ("Madrid/28013/ES", None, UNDECIDABLE),
    (None, None, UNDECIDABLE),
    ("//", "Madrid/28013/ES", UNDECIDABLE),
    ("Madrid//", "//ES", UNDECIDABLE),
]


@pytest.mark.parametrize(("scanned", "wanted", "verdict"), PAIRS)
def test_a_pair_of_places(scanned: str | None, wanted: str | None, verdict: Verdict) -> None:
    assert same_place(place(scanned), place(wanted)) is verdict
    assert same_place(place(wanted), place(scanned)) is verdict


TOLD = (
    "Madrid",
    "28013",
    "ES",
    "São Paulo",
    "-",
    "CTA Madrid",
    "Madrit",
    "M. Sur",
    "Мадрид",
    "北京",
    "08001",
)
TEXTS = st.none() | st.text(max_size=8) | st.sampled_from(TOLD)
PLACES = st.none() | st.builds(Place, city=TEXTS, postal_code=TEXTS, region=TEXTS, country=TEXTS)


@given(PLACES, PLACES)
def test_it_does_not_matter_who_is_asked(one: Place | None, other: Place | None) -> None:
    assert same_place(one, other) is same_place(other, one)


NAMES = st.lists(
    st.sampled_from([word for pair in CITIES for name in pair[:2] for word in name.split()]), max_size=3
)


@given(NAMES, NAMES)
def test_nor_does_it_with_names_of_any_words(one: list[str], other: list[str]) -> None:
    place, other_place = Place(" ".join(one)), Place(" ".join(other))
    assert same_place(place, other_place) is same_place(other_place, place)


@given(st.lists(st.sampled_from("bdgilmnrstuz"), min_size=5, unique=True), st.data())
def test_two_swapped_letters_are_forgiven(letters: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(letters) - 2))
    swapped = [*letters[:at], letters[at + 1], letters[at], *letters[at + 2 :]]
    assert same_place(Place("".join(letters)), Place("".join(swapped))) is SAME


@given(PLACES)
def test_a_place_is_never_different_from_itself(one: Place | None) -> None:
    assert same_place(one, one) is not DIFFERENT
