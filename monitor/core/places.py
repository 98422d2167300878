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

    A country, a postal code or a city that both name and that differ decides for different; an
    equal postal code decides for same; an equal city decides for same where no postal code speaks.
    """
    if scanned is None or wanted is None:
        return Verdict.UNDECIDABLE
    if scanned.country and wanted.country and _compact(scanned.country) != _compact(wanted.country):
        return Verdict.DIFFERENT
    if scanned.postal_code and wanted.postal_code:
        return _verdict(_postal(scanned.postal_code, wanted.postal_code))
    if scanned.city and wanted.city:
        return _verdict(_city(scanned.city, wanted.city))
    return Verdict.UNDECIDABLE


def _verdict(same: bool) -> Verdict:
    return Verdict.SAME if same else Verdict.DIFFERENT


def _compact(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold().translate(_PLAIN))


def _postal(one: str, other: str) -> bool:
    """Equal, or one the beginning of the other (ZIP and ZIP+4, UK outward codes)."""
    a, b = _compact(one), _compact(other)
    return a.startswith(b) or b.startswith(a)


def _city(one: str, other: str) -> bool:
    """Equal, or sharing a word of three letters or more ("Madrid Centro", "MADRID")."""
    if _compact(one) == _compact(other):
        return True
    return bool(_words(one) & _words(other))


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[\W_]+", text.casefold().translate(_PLAIN)) if len(word) > 2}
