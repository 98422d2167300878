"""Whether two places are the same, different, or cannot be compared."""

import re
from enum import StrEnum

from monitor.core.city_names import COMMON_WORDS, KNOWN_CITIES, CityName, city_name
from monitor.core.countries import PART_OF, country_code
from monitor.core.model import Place
from monitor.core.transliteration import romanised

#: What only fills the field; the last two are what AliExpress writes for Hong Kong and Macao.
_NO_CODE = re.compile("[a-z]*|0+|9+|[0-9]{1,2}|999077|999078")
_LONGEST_SHORT_FORM = 3


class Verdict(StrEnum):
    """The answer of a comparison; `undecidable` is an answer, never a guess."""

    SAME = "same"
    DIFFERENT = "different"
    UNDECIDABLE = "undecidable"


def same_place(scanned: Place | None, wanted: Place | None) -> Verdict:
    """Compares where a carrier delivered with where an order was to go.

    Countries, postal codes or cities that contradict each other decide for different; an equal postal
    code decides for same, an equal city where no postal code speaks. Spellings are forgiven; a depot,
    a region or a name that cannot be read contradicts no city.
    """
    if scanned is None or wanted is None:
        return Verdict.UNDECIDABLE
    if _in_other_countries(scanned, wanted):
        return Verdict.DIFFERENT
    code, other_code = _postal_code(scanned.postal_code), _postal_code(wanted.postal_code)
    if code and other_code and _same_code(code, other_code):
        return Verdict.SAME
    city, other_city = city_name(scanned.city), city_name(wanted.city)
    if code and other_code:
        # A depot has a postal code of its own.
        return Verdict.UNDECIDABLE if city.is_depot or other_city.is_depot else Verdict.DIFFERENT
    verdict = _same_city(city, other_city)
    if verdict is Verdict.DIFFERENT and (
        _is_around(city, scanned, wanted) or _is_around(other_city, wanted, scanned)
    ):
        return Verdict.UNDECIDABLE
    return verdict


def _in_other_countries(one: Place, other: Place) -> bool:
    code, other_code = country_code(one.country), country_code(other.country)
    if code is None or other_code is None:
        return False
    return PART_OF.get(code, code) != PART_OF.get(other_code, other_code)


def _postal_code(told: str | None) -> str:
    """Its letters and digits, without the country before it; empty for what only fills the field."""
    code = re.sub("[^a-z0-9]", "", romanised(told or ""))
    code = re.sub(r"^[a-z]{1,2}(?=\d{4}|\d{3}$)", "", code)
    return "" if _NO_CODE.fullmatch(code) else code


def _same_code(one: str, other: str) -> bool:
    """Equal, or one the beginning of the other (ZIP and ZIP+4, UK outward codes), or without the zeros
    that a spreadsheet took. One digit less is no beginning: such a code has lost something."""
    short, long = sorted((one, other), key=len)
    if long.isdigit() and short.zfill(len(long)) == long:
        return True
    return long.startswith(short) and len(long) - len(short) != 1


def _is_around(city: CityName, one: Place, other: Place) -> bool:
    """Whether what `one` calls its city is the region of `other`, and may be meant as that."""
    if one.region or not other.region:
        return False
    return _same_city(city, city_name(other.region)) is Verdict.SAME


def _same_city(one: CityName, other: CityName) -> Verdict:
    if one.letters == other.letters:
        return Verdict.SAME if one.letters else Verdict.UNDECIDABLE
    unlike = Verdict.UNDECIDABLE if one.is_vague or other.is_vague else Verdict.DIFFERENT
    if not _share_a_word(one, other):
        return unlike
    left, other_left = _unmatched(one.words, other.words), _unmatched(other.words, one.words)
    if left and other_left:
        # "Alcalá de Henares" is not "San Fernando de Henares"; "Alcalá la Real" is an Alcalá.
        return Verdict.UNDECIDABLE if _is_alike(one.words[0], other.words[0]) else unlike
    # "Madrid Centro" is Madrid; "Getafe, Madrid" and "Miami Beach" may be or not.
    longer, loose = (one, left) if left else (other, other_left)
    is_another = longer.words[0] in loose or not COMMON_WORDS.isdisjoint(loose)
    return Verdict.UNDECIDABLE if is_another else Verdict.SAME


def _share_a_word(one: CityName, other: CityName) -> bool:
    return any(
        _is_alike(word, other_word)
        for word in one.words
        if word not in COMMON_WORDS
        for other_word in other.words
        if other_word not in COMMON_WORDS
    )


def _unmatched(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The words that stand for none of the others, also not in short; a single letter needs none."""
    return [
        word
        for word in words
        if len(word) > 1 and not any(_is_alike(word, other) or _is_short_for(word, other) for other in others)
    ]


def _is_short_for(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) <= _LONGEST_SHORT_FORM and long.startswith(short)


def _is_alike(one: str, other: str) -> bool:
    """Equal, or one the other's misspelling."""
    if one == other:
        return True
    length = min(len(one), len(other))
    if one[0] != other[0] or length < 5 or (one in KNOWN_CITIES and other in KNOWN_CITIES):
        return False
    return _is_within(2 if length >= 9 else 1, one, other)


def _is_within(edits: int, one: str, other: str) -> bool:
    """Whether so many letters more, less, changed or swapped with the next make one of the other."""
    if one == other:
        return True
    if edits == 0 or abs(len(one) - len(other)) > edits:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    one, other = one[at:], other[at:]
    return (
        _is_within(edits - 1, one[1:], other[1:])
        or _is_within(edits - 1, one[1:], other)
        or _is_within(edits - 1, one, other[1:])
        or (one[:2] == other[1::-1] and _is_within(edits - 1, one[2:], other[2:]))
    )
