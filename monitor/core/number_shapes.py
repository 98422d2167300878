"""What the tracking numbers of each carrier look like, and how their check digits are reckoned.

Shapes and check digits of DHL Express and eCommerce, FedEx, UPS, USPS, YunExpress and of the posts are
facts of jkeen/tracking_number_data (MIT); the structure of Correos' parcel codes is its own annex on
shipment codes; identcodes and parcel numbers of DHL Paket and GLS are those printed on their labels.
A shape without a check is only here where hardly any other carrier's number can look like it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle
from typing import NamedTuple

Check = Callable[[str], bool]

_VALUES = {str(digit): digit for digit in range(10)}
#: UPS gives letters values: A is 2, B is 3, and after 9 it begins again with 0.
_VALUES |= {letter: (ord(letter) - 63) % 10 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_CORREOS_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def _weighted(characters: str, weights: Sequence[int]) -> int:
    """The sum of the values, each by its weight; weights count from the right, over and over."""
    return sum(
        _VALUES[one] * weight for one, weight in zip(reversed(characters), cycle(weights), strict=False)
    )


def s10_check(digits: str) -> bool:
    """Whether the ninth digit of a UPU S10 number fits the eight before it."""
    check = 11 - _weighted(digits[:8], (7, 9, 5, 3, 2, 4, 6, 8)) % 11
    return _VALUES[digits[8]] == {10: 0, 11: 5}.get(check, check)


def _up_to_ten(*weights: int, plus: int = 0) -> Check:
    """A check digit that makes the weighted sum, and `plus`, a multiple of ten."""
    return lambda digits: (_weighted(digits[:-1], weights) + plus + _VALUES[digits[-1]]) % 10 == 0


_gs1 = _up_to_ten(3, 1)
_gls = _up_to_ten(3, 1, plus=1)
_identcode = _up_to_ten(4, 9)
_ups = _up_to_ten(1, 2)


def _fedex(digits: str) -> bool:
    return _weighted(digits[:-1], (1, 3, 7)) % 11 % 10 == _VALUES[digits[-1]]


def _dhl_express(digits: str) -> bool:
    return int(digits[:-1]) % 7 == _VALUES[digits[-1]]


def _usps_without_91(digits: str) -> bool:
    """Some labels leave out the 91 in front of it, though it was reckoned with."""
    return _gs1(digits) or _gs1(f"91{digits}")


def _correos(code: str) -> bool:
    return _CORREOS_LETTERS[sum(code[:-1].encode()) % 23] == code[-1]


class Shape(NamedTuple):
    """Numbers of one carrier: a pattern, and a check of what its first group holds, if it has one."""

    carrier: str
    lengths: Iterable[int]
    pattern: re.Pattern[str]
    check: Check | None = None
    #: Nothing else looks like this, so where only the check does not fit, it is a typing error.
    unmistakable: bool = False

    def looks_like(self, number: str) -> bool:
        return self.pattern.fullmatch(number) is not None

    def fits(self, number: str) -> bool:
        found = self.pattern.fullmatch(number)
        return found is not None and (self.check is None or self.check(found[1]))


_SHAPES = (
    Shape("ups", [18], re.compile("1Z([0-9A-Z]{15}[0-9])"), _ups, unmistakable=True),
    Shape("ups", [11], re.compile("[AHJKTV]([0-9]{10})"), _ups),
    Shape("usps", [22], re.compile("(9[1-5][0-9]{20})"), _gs1, unmistakable=True),
    Shape("usps", [26], re.compile("(9[2-5][0-9]{24})"), _gs1, unmistakable=True),
    Shape("usps", [30], re.compile("(94[0-9]{28})"), _gs1),
    # 420 and the addressee's ZIP code, of five or nine digits, may stand before it.
    Shape("usps", [30, 34], re.compile("420(?:[0-9]{4})?[0-9]{5}(9[1-5][0-9]{20})"), _gs1, unmistakable=True),
    Shape("usps", [34], re.compile("420[0-9]{5}(9[2-5][0-9]{24})"), _gs1),
    Shape(
        "usps", [20], re.compile("((?:0[1-8]|14|2[1-6]|34|5[06]|7[0-9]|8[235])[0-9]{18})"), _usps_without_91
    ),
    Shape("fedex", [12], re.compile("([0-9]{12})"), _fedex),
    Shape("fedex", [15], re.compile("([0-9]{15})"), _gs1),
    Shape("fedex", [18], re.compile("(0[0124][0-9]{16})"), _gs1),
    Shape("fedex", [22], re.compile("96[0-9]{5}([0-9]{15})"), _gs1),
    Shape("fedex", [32], re.compile("3[0-9]{15}([0-9]{12})[0-9]{4}"), _fedex),
    Shape("fedex", [34], re.compile("(?:[0-8][0-9]|96)[0-9]{18}([0-9]{14})"), _fedex),
    Shape("dhl", [10, 11], re.compile("([0-9]{10,11})"), _dhl_express),
    Shape("dhl", [12], re.compile("([0-9]{12})"), _identcode),
    Shape("dhl", [20], re.compile("(0034[0-9]{16})"), _gs1),
    Shape("dhl", [12, 13, 14], re.compile("J(?:JD|VGL)[0-9]{9,10}")),
    Shape("dhl", [20, 21, 23], re.compile("J(?:D[0-9]{18}|JD[0-9]{18}|JD[0-9]{20})")),
    Shape("dhl", range(18, 25), re.compile("GM(?=.*[0-9]{4})[0-9A-Z]{16,22}")),
    Shape("gls", [12], re.compile("([0-9]{12})"), _gls),
    Shape("gls", [11], re.compile("[0-9]{11}")),
    Shape("gls", [8], re.compile("[A-Z](?=.*[0-9])[0-9A-Z]{7}")),
    Shape("inpost", [24], re.compile("[0-9]{24}")),
    Shape("laposte", [13], re.compile("[0-9][A-Z][0-9]{11}")),
    # Product, client, channel, sequence, package, the addressee's postal code, a control letter.
    Shape(
        "correos",
        [23],
        re.compile("([A-Z]{2}[0-9A-HJ-NP-TV-Z]{4}[0-9]{9}[0-9A-Z]{2}(?:[0-9]{2}|AD)[0-9]{3}[A-Z])"),
        _correos,
        unmistakable=True,
    ),
    Shape("cainiao", [16, 17], re.compile("(?:LP|AP|CNG)[0-9]{14}")),
    Shape("cainiao", [11], re.compile("RLJ[0-9]{8}")),
    Shape("yunexpress", [18], re.compile("YT[0-9]{16}")),
    Shape("fourpx", range(13, 20), re.compile("4PX[0-9]{10,14}(?:[A-Z]{2})?")),
    # It looks like a number of the post, but no country has this code.
    Shape("yanwen", [13], re.compile("[A-Z]{2}[0-9]{9}YP")),
)

#: The shapes by how many characters a number has.
BY_LENGTH = {
    length: tuple(shape for shape in _SHAPES if length in shape.lengths)
    for length in {length for shape in _SHAPES for length in shape.lengths}
}

#: Well-known beginnings, and how many characters a number with each of them has.
LENGTHS = {"LP": 16, "AP": 16, "CNG": 17, "YT": 18, "1Z": 18}

#: Service letters that all posts use alike; what begins with another may be numbered at home.
POSTAL_SERVICES = frozenset("CEHLMQRUV")

#: Endings of private numbers that look like the post's, and codes that ISO leaves to anybody's use.
PRIVATE_ENDINGS = re.compile("Y[DPQW]|HD|AA|Q[M-Z]|X[A-Z]|ZZ")

#: The carriers that also go by other names than their country's post.
NATIONAL = {"US": "usps", "ES": "correos", "FR": "laposte", "DE": "dhl"}

#: All carriers that numbers are recognised of, beside the posts of countries (`post-es`).
CARRIERS = frozenset({"upu", *NATIONAL.values(), *(shape.carrier for shape in _SHAPES)})

_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
#: ISO 3166-1 alpha-2, and XK, which the posts use for Kosovo.
COUNTRIES = frozenset(_CODES.split())
