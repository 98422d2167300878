"""What a tracking number tells by itself: whose it looks like, and whether it was mistyped.

Used for choosing a source and for a word of warning, never for refusing a number: carriers invent new
shapes faster than anybody can list them.
"""

import re

from monitor.core.number_shapes import (
    BY_LENGTH,
    COUNTRIES,
    LENGTHS,
    NATIONAL,
    POSTAL_SERVICES,
    PRIVATE_ENDINGS,
    s10_check,
)

_S10 = re.compile("([A-Z]{2})([0-9]{9})([A-Z]{2})")
#: Like a number of the post, but with a digit too few or too many.
_S10_MISCOUNTED = re.compile("[CELRUV][A-Z]([0-9]{8}|[0-9]{10})([A-Z]{2})")
_LETTERS_LIKE_DIGITS = str.maketrans("OIL", "011")
#: The carriers whose numbers can be told from any other text.
_TOLD_FROM_TEXT = frozenset({"upu", "ups", "cainiao", "yunexpress"})
_NUMBER_IN_TEXT = re.compile(
    "(?<![0-9A-Z])"
    "(?:[A-Z]{2}[0-9]{9}[A-Z]{2}|1Z[0-9A-Z]{16}|(?:LP|AP|CNG)[0-9]{14}|RLJ[0-9]{8}|YT[0-9]{16})"
    "(?![0-9A-Z])",
    re.ASCII | re.IGNORECASE,
)
# Four times over, as that is searched twice as fast as a repetition.
_FOUR_DIGITS = re.compile("[0-9][0-9][0-9][0-9]")


def carriers_of(number: str) -> frozenset[str]:
    """The carriers whose numbers look like this; none if nobody is recognised.

    Where a shape has a check digit, it fits. A number of the post (UPU S10) gives `upu` and the country's
    post, such as `post-es`; the others are `ups`, `usps`, `fedex`, `dhl`, `gls`, `inpost`, `laposte`,
    `correos`, `cainiao`, `yunexpress`, `fourpx`, `yanwen`. Several carriers number alike, so there may
    be several. Blanks, hyphens and small letters make no difference.
    """
    plain = _plain(number)
    carriers = {shape.carrier for shape in BY_LENGTH.get(len(plain), ()) if shape.fits(plain)}
    country = _post_of(plain)
    if country is not None:
        carriers |= {"upu", f"post-{country.lower()}"}
        if country in NATIONAL:
            carriers.add(NATIONAL[country])
    return frozenset(carriers)


def is_untracked(number: str) -> bool:
    """Whether this is letter mail (a number of the post that begins with U): never scanned at the door."""
    plain = _plain(number)
    return plain.startswith("U") and _post_of(plain) is not None


def looks_mistyped(number: str) -> str | None:
    """What is odd about a number, to be read after the number itself; None for all that may be right.

    It is said only when quite sure: of a number that has the shape of one carrier's alone.
    """
    plain = _plain(number)
    if not plain.isascii() or carriers_of(plain):
        return None
    return _letter_for_digit(plain) or _miscounted(plain) or _unfitting(plain)


def numbers_in(text: str) -> tuple[str, ...]:
    """The tracking numbers that a text names, in capitals, each once, in its order.

    Only what can be told from any other text: numbers of the post and of UPS with a fitting check
    digit, those of Cainiao and YunExpress.
    """
    if _FOUR_DIGITS.search(text) is None:
        return ()
    found = (hit[0].upper() for hit in _NUMBER_IN_TEXT.finditer(text))
    return tuple(dict.fromkeys(number for number in found if carriers_of(number) & _TOLD_FROM_TEXT))


def _plain(number: str) -> str:
    """A number as the shapes know it: in capitals, without blanks and hyphens."""
    return "".join(number.split()).upper().replace("-", "")


def _post_of(plain: str) -> str | None:
    """The country whose post gave this number out."""
    found = _S10.fullmatch(plain)
    if found is None or found[3] not in COUNTRIES or not s10_check(found[2]):
        return None
    return found[3]


def _letter_for_digit(plain: str) -> str | None:
    # Letters at the front (two, or three) and, in a number of the post, at the end are as they must be.
    for front, end in ((2, len(plain)), (2, len(plain) - 2), (3, len(plain))):
        meant = plain[:front] + plain[front:end].translate(_LETTERS_LIKE_DIGITS) + plain[end:]
        if carriers_of(meant) & _TOLD_FROM_TEXT:
            letter = next(one for one, other in zip(plain, meant, strict=True) if one != other)
            return f"has a letter {letter} where a digit should be"
    return None


def _miscounted(plain: str) -> str | None:
    for beginning, length in LENGTHS.items():
        rest = plain.removeprefix(beginning)
        if rest == plain or abs(len(plain) - length) != 1:
            continue
        if rest.isdigit() or (beginning == "1Z" and rest.isalnum()):
            unit = "digit" if rest.isdigit() else "character"
            how = "short" if len(plain) < length else "too long"
            return f"is a {unit} {how} for a number that begins with {beginning}"
    found = _S10_MISCOUNTED.fullmatch(plain)
    if found is None or found[2] not in COUNTRIES:
        return None
    return f"has {len(found[1])} digits between its letters, where a number of the post has nine"


def _unfitting(plain: str) -> str | None:
    """What is odd about a number of a known shape, which is known to be nobody's."""
    if any(shape.unmistakable and shape.looks_like(plain) for shape in BY_LENGTH.get(len(plain), ())):
        return f"has a check {'letter' if plain[-1].isalpha() else 'digit'} that does not fit"
    found = _S10.fullmatch(plain)
    if found is None or plain[0] not in POSTAL_SERVICES:
        return None
    country = found[3]
    if country in COUNTRIES:
        return "has a check digit that does not fit"
    if PRIVATE_ENDINGS.fullmatch(country) or not s10_check(found[2]):
        return None
    return f"ends with {country}, which is no country's code{' (Britain is GB)' if country == 'UK' else ''}"
