"""Whether two places are the same, different, or cannot be compared."""

import re
from enum import StrEnum

from monitor.core.model import Place

# Latin letters with marks, as their plain spelling: carriers write addresses both ways.
_PLAIN = str.maketrans(
    "áàâäãåāăąçćčďđéèêëēėęěğíìîïīįıłñńňóòôöõøōőřśšşșťţțúùûüūůűųýÿžźżß",
    "aaaaaaaaacccddeeeeeeeegiiiiiiilnnnoooooooorsssstttuuuuuuuuyyzzzs",
)


class Verdict(StrEnum):
    """The answer of a comparison; `undecidable` is an answer, never a guess."""

    SAME = "same"
    DIFFERENT = "different"
    UNDECIDABLE = "undecidable"


def same_place(scanned: Place | None, wanted: Place | None) -> Verdict:
    """Compares where a carrier delivered with where an order was to go.

    A country code, a postal code or a city in Latin letters that both name and that differ decides
    for different; an equal postal code decides for same; an equal city where no postal code speaks.
    """
    if scanned is None or wanted is None:
        return Verdict.UNDECIDABLE
    country, other_country = _compact(scanned.country), _compact(wanted.country)
    if len(country) == len(other_country) == 2 and country != other_country:
        return Verdict.DIFFERENT
    code, other_code = _compact(scanned.postal_code), _compact(wanted.postal_code)
    if code and other_code:
        return _verdict(_same_code(code, other_code))
    if _is_latin(scanned.city) and _is_latin(wanted.city):
        return _verdict(_same_city(scanned.city or "", wanted.city or ""))
    return Verdict.UNDECIDABLE


def _verdict(same: bool) -> Verdict:
    return Verdict.SAME if same else Verdict.DIFFERENT


def _compact(text: str | None) -> str:
    """Letters and digits only: nothing is left of the "-" that carriers write where they know nothing."""
    return re.sub(r"[\W_]+", "", (text or "").casefold().translate(_PLAIN))


def _is_latin(text: str | None) -> bool:
    """Whether a name can be compared letter by letter: other scripts spell the same city otherwise."""
    plain = _compact(text)
    return bool(plain) and plain.isascii()


def _same_code(one: str, other: str) -> bool:
    """Equal, or one the beginning of the other (ZIP and ZIP+4, UK outward codes)."""
    return one.startswith(other) or other.startswith(one)


def _same_city(one: str, other: str) -> bool:
    """Equal, or sharing a word of three letters or more ("Madrid Centro", "MADRID")."""
    if _compact(one) == _compact(other):
        return True
    return bool(_words(one) & _words(other))


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[\W_]+", text.casefold().translate(_PLAIN)) if len(word) > 2}
