"""What is blacked out of a text: what is known to be private, and what looks like an address to reach
somebody at, or like the name of who took a parcel."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import chain
from urllib.parse import quote, quote_plus


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: A shorter secret is none, and is in every text. One shorter than the other number counts as a word.
_SHORTEST_SECRET, _LONG_SECRET = 4, 8
#: So long a number is no part of another number by chance.
_LONG_NUMBER = 8

#: A time as APIs write it, from the day on.
TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)")

_NAME = r"[^\W\d_][\w'\u2019.\-]{0,40}"
_NAMES = rf"(?:【?{_NAME}(?: {{1,2}}{_NAME}|, ?[A-Z][\w'\u2019.\-]{{0,40}}){{0,3}})"
#: Who is named after these has signed, or carries the parcel.
_SIGNED = (
    r"\b(?:signed (?:for )?by|signature ?[:\uff1a]|signed ?[:\uff1a]|firmado por|firma ?[:\uff1a]|sign[ée]e? par"
    r"|unterschrieben von|unterschrift ?[:\uff1a]|assinado por|firmato da|подписал[аи]?)"
    r"|(?:签收人是?|收件人是?|派件员是?|快递员是?|联系人是?)"
)
#: Who is named after these may be a person or an office: it is one where it has a capital letter and is
#: none of the words below.
_RECEIVED = (
    r"\b(?:(?:received|accepted|collected|picked up) by|(?:delivered|handed(?: over)?) to|left with"
    r"|recibido por|entregado a|recebido por|entregue a|remis(?: en mains propres)? à|livré à"
    r"|réceptionné par|empfangen (?:von|durch)|zugestellt an|übergeben an|ausgehändigt an"
    r"|abgeholt (?:von|durch)|consegnato a|ricevuto da|ritirato da|odebra(?:ne|ł|ła)(?: przez)?|получил[аи]?)"
)
_OFFICES = _words(
    """agent mailbox neighbor neighbour locker parcel package item shipment reception front porch door
    garage mailroom post postal office depot facility customs carrier courier driver warehouse sorting
    shipping center centre hub local logistics airline airport station store shop pickup point recipient receiver
    consignee addressee customer sender shipper original origin destination country the a an your our
    international transit delivery partner company provider service line haul linehaul usps ups dhl fedex
    gls dpd tnt correos postnl bpost poste laposte la el le les cainiao yanwen aduana aduanas oficina tienda vecino
    vecina buzón destinatario portero conserje facteur voisin gardien bureau nachbar nachbarn packstation
    filiale briefkasten empfänger paketshop zoll sortierzentrum vizinho carteiro correios alfândega
    почта почте адресату отправителю"""
)

_ANYWHERE = (
    r"(?P<url>https?://[^\s\"'<>\\]+)",
    r"(?P<query>(?<=[?&;])[\w.\-\[\]]{1,60}=[^&\s\"'<>#]+)",
    r"(?P<email>[\w.+%\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+)",
    r"(?P<phone>(?<![\w+])\+[1-9](?:[ .()/\-]{0,3}\d){6,14}(?!\d))",
    rf"(?P<signing>{_SIGNED})(?P<signed>[ :\uff1a\-]{{0,3}}{_NAMES})",
    rf"(?P<receiving>{_RECEIVED})(?P<received>[ :\uff1a\-]{{1,3}}{_NAMES})",
)
_DAY = r"(?:19|20)\d\d[ ./\-]?[01]?\d[ ./\-]?[0-3]?\d(?!\d)|[0-3]?\d[ ./\-][01]?\d[ ./\-](?:19|20)\d\d(?!\d)"
#: Only in sentences: elsewhere digits are codes and numbers.
_IN_SENTENCES = (
    # Digits in three groups or more, and digits in a row: neither a day nor a part of something longer.
    rf"(?P<groups>(?<![A-Za-z0-9_.\-/:+])(?!{_DAY})\(?\d{{2,4}}\)?(?:[ .\-]\d{{2,4}}){{2,4}}(?![\w\-/:]|\.\d))",
    r"(?P<digits>(?<![A-Za-z0-9_+/\-])(?<!\d[.,])(?!(?:19|20)\d\d[01]\d[0-3]\d)\d{9,15}(?![A-Za-z0-9_\-/]))",
)
_FEWEST, _MOST = 9, 13  # digits of a phone number


def masked(text: str) -> str:
    """The same text without what it says: letters are x, digits 0, all else stays."""
    return "".join(map(_masked, text))


def _masked(mark: str) -> str:
    if mark.isalpha():
        return "X" if mark.isupper() else "x"
    return "0" if mark.isnumeric() else mark


def stand_in(number: str, place: int) -> str:
    """A number of the same shape for the tracking number at `place` (from 1 on) of a list: its letters
    and what tells its kind stay, the digits count. An S10 number has its right check digit."""
    if re.fullmatch(r"[A-Za-z]{2}\d{9}[A-Za-z]{2}", number, re.ASCII):
        serial = f"{place:08d}"[-8:]
        return f"{number[:2]}{serial}{_check_digit(serial)}{number[-2:]}"
    kept = 2 if len(number) >= _LONG_NUMBER else 1
    counted = [index for index, mark in enumerate(number) if mark.isdecimal() and index >= kept]
    digits = dict(zip(reversed(counted), reversed(f"{place:0{len(number)}d}"), strict=False))
    return "".join(digits.get(index, mark) for index, mark in enumerate(number))


def _check_digit(serial: str) -> int:
    """Of an S10 number (UPU S10-12)."""
    total = sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def spellings(secret: str) -> frozenset[str]:
    """How a secret may stand in an answer: as it is, without the word before it ("Bearer …"), and as
    JSON, HTML, addresses and Base64 (Basic authorization) write it."""
    plain = {secret, secret.partition(" ")[2].strip()}
    plain |= {json.dumps(it)[1:-1] for it in plain} | {escape(it) for it in plain}
    told = plain | {quote(it, safe="") for it in plain} | {quote_plus(it) for it in plain}
    return frozenset(it for it in chain(told, *map(_in_base64, told)) if len(it) >= _SHORTEST_SECRET)


def _in_base64(secret: str) -> Iterable[str]:
    """The part of a Base64 text that only `secret` decides, wherever in the encoded text it begins."""
    told = secret.encode(errors="replace")
    for before, first in enumerate((0, 2, 3)):
        whole = b64encode(b"\0" * before + told).decode()[first : (before + len(told)) * 8 // 6]
        if len(whole) >= _LONG_SECRET:
            yield from (whole, whole.translate(str.maketrans("+/", "-_")))


class Texts:
    """Blacks out texts. `numbers` maps tracking numbers to what stands in for them; `words` are names and
    addresses, not to be seen in a sentence either; `postal_codes` are those of people."""

    def __init__(
        self,
        secrets: Iterable[str],
        numbers: Mapping[str, str],
        words: Iterable[str],
        postal_codes: Iterable[str],
    ) -> None:
        # What stands in for a number already, stands there for good.
        known_numbers = [(it, it) for it in numbers.values()] + list(numbers.items())
        self._stand_ins = {_bare(number): _bare(other) for number, other in known_numbers}
        told = [form for secret in secrets for form in spellings(secret)]
        self._secrets = _any_of(map(_secret_pattern, _longest_first(told)))
        self._secrets_in_keys = _any_of(re.escape(form) for form in _longest_first(told) if _is_odd(form))
        self._numbers = _any_of(_number_patterns(self._stand_ins))
        self._words = _any_of(_word_patterns(words))
        self._postal_codes = _any_of(_word_patterns(postal_codes))
        anywhere = (f"(?P<number>{self._numbers.pattern})", *_ANYWHERE)
        self._anywhere = _any_of(anywhere)
        codes = f"(?P<code>{self._postal_codes.pattern})"
        self._in_sentences = _any_of((*anywhere, codes, *_IN_SENTENCES))

    def cleaned(self, text: str, *, sentence: bool | None = None) -> str:
        """A text without what is private in it. `sentence`: whether it is one; None: as it looks."""
        text = self._secrets.sub(_crossed_out, text)
        text = self._words.sub(lambda who: self.masked(who[0]), text)
        is_sentence = _is_sentence(text) if sentence is None else sentence
        return (self._in_sentences if is_sentence else self._anywhere).sub(self._replaced, text)

    def cleaned_key(self, key: str) -> str:
        """A key without secrets, numbers and addresses. A secret that could be any word stays."""
        return self._anywhere.sub(self._replaced, self._secrets_in_keys.sub(_crossed_out, key))

    def masked(self, text: str) -> str:
        """A text without anything in it, but for the shape and what stands in for numbers."""
        pieces, told = [], 0
        for number in self._numbers.finditer(text):
            pieces += [masked(text[told : number.start()]), self._stand_in(number[0])]
            told = number.end()
        return "".join((*pieces, masked(text[told:])))

    def with_stand_ins(self, text: str) -> str:
        """A text in which nothing but the numbers is another."""
        return self._numbers.sub(lambda number: self._stand_in(number[0]), text)

    def stand_in(self, text: str) -> str | None:
        """What stands in for a text that is a tracking number; None if it is none."""
        return self._stand_in(text) if _bare(text) in self._stand_ins and text.isalnum() else None

    def is_secret(self, text: str) -> bool:
        """Whether there is a secret in a text."""
        return self._secrets.search(text) is not None

    def is_postal_code(self, text: str) -> bool:
        """Whether a text is the postal code of a person."""
        return self._postal_codes.fullmatch(text.strip()) is not None

    def _stand_in(self, found: str) -> str:
        """What stands in for a number, written as the number was: in capitals or not, in groups or not."""
        told = iter(self._stand_ins[_bare(found)])
        marks = ((mark, next(told)) if mark.isalnum() else (mark, mark) for mark in found)
        return "".join(new if mark.isdecimal() else mark for mark, new in marks)

    def _replaced(self, match: re.Match[str]) -> str:
        text = match[0]
        match match.lastgroup:
            case "number":
                return self._stand_in(text)
            case "url":
                return self._address(text)
            case "query":
                name, _, value = text.partition("=")
                return f"{name}={self.masked(value)}"
            case "signed":
                return match["signing"] + self.masked(match["signed"])
            case "received":
                return match["receiving"] + self._recipient(match["received"])
            case "groups" if not _FEWEST <= sum(map(str.isdigit, text)) <= _MOST:
                return text
        return self.masked(text)

    def _address(self, url: str) -> str:
        """An address without what may let others in: who asks, long or odd parts of its path, its query."""
        scheme, _, rest = url.partition("://")
        place, mark, query = re.fullmatch(r"([^?#]*)([?#]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
        host, *path = place.split("/")
        who, at, host = host.rpartition("@")
        parts = [self.masked(it) if _is_odd(it) else self.with_stand_ins(it) for it in path]
        asked = re.sub(r"(?<==)[^&#]+|^[^=&]+$", lambda value: self.masked(value[0]), query)
        return f"{scheme}://{masked(who)}{at}{'/'.join([host, *parts])}{mark}{asked}"

    def _recipient(self, who: str) -> str:
        """The names at the beginning of `who`, if it is a person and no office."""
        pieces = re.split(r"([^\w'\u2019.\-]+)", who)
        for index in range(0, len(pieces), 2):
            word = pieces[index].strip(".-")
            if word.casefold() in _OFFICES or (word and word[0].islower()):
                return self.masked("".join(pieces[:index])) + self.with_stand_ins("".join(pieces[index:]))
        return self.masked(who)


def _longest_first(forms: Iterable[str]) -> list[str]:
    return sorted({form for form in forms if form}, key=lambda form: (-len(form), form))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)


def _secret_pattern(secret: str) -> str:
    told = re.escape(secret)
    return told if len(secret) >= _LONG_SECRET else rf"(?<![A-Za-z0-9]){told}(?![A-Za-z0-9])"


def _number_patterns(numbers: Iterable[str]) -> Iterable[str]:
    """Tracking numbers, in capitals or not, and in groups or not."""
    told = [[number[0], *(rf"[ \xa0\-]?{mark}" for mark in number[1:])] for number in numbers if number]
    if long := [marks for marks in told if len(marks) >= _LONG_NUMBER]:
        yield f"(?a:{_either(long)})"
    if short := [marks for marks in told if len(marks) < _LONG_NUMBER]:
        yield f"(?a:(?<![A-Za-z0-9]){_either(short)}(?![A-Za-z0-9]))"


def _word_patterns(names: Iterable[str]) -> Iterable[str]:
    """Names, as words of their own, with any blanks in them."""
    told = [[re.escape(mark) if mark != " " else r"\s+" for mark in " ".join(name.split())] for name in names]
    if told := [marks for marks in told if marks]:
        yield rf"(?<!\w){_either(told)}(?!\w)"


def _either(ways: Iterable[Sequence[str]]) -> str:
    """A pattern for any of these sequences of patterns, the longest first. What several begin with is
    looked at once: there may be hundreds."""
    after: dict[str, list[Sequence[str]]] = {}
    for first, *others in filter(None, ways):
        after.setdefault(first, []).append(others)
    branches = []
    for first, rests in after.items():
        rest = _either(rests)
        branches.append(f"{first}{rest}" if all(rests) or not rest else f"{first}(?:{rest})?")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else ""


def _crossed_out(found: re.Match[str]) -> str:
    return "x" * len(found[0])


def _bare(number: str) -> str:
    """A tracking number without blanks and hyphens, in small letters."""
    return "".join(mark for mark in number if mark.isascii() and mark.isalnum()).lower()


def _is_odd(text: str) -> bool:
    """Whether a text is hardly a word: it is long, or has a digit."""
    return len(text) >= 24 or (len(text) >= _LONG_SECRET and any(map(str.isdigit, text)))


def _is_sentence(text: str) -> bool:
    return (" " in text and any(map(str.isalpha, text))) or any(it.isalpha() for it in text if it > "\x7f")
