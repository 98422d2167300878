"""What the text of a scan says of a parcel, read with the tables of `scan_phrases`."""
# ruff: noqa: RUF001, scans are written in Cyrillic too

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, filterfalse, groupby, permutations
from typing import NamedTuple

from monitor.core.model import ShipmentStatus
from monitor.core.scan_phrases import ADVICE, DENIALS, LISTS, NOT_YET, SAYINGS, Saying

#: Characters of a text that are looked at, and of the deciding words that are kept.
_READ, _KEPT = 500, 60
#: Words are first compared by so many letters.
_KEY = 4
#: Words that may stand between the parts of a phrase, and between a denial and what it denies.
_BETWEEN, _BEFORE = 6, 3

#: Words so common in scans that no phrase is looked up by them if it has another.
_EVERYDAY = """accepted agency airport alta apres are arrive arrived at address adresse aviso be bearbeitet before
    been by cargo carrier center centre centro chegou completed country courier customs datos de delivery departed
    destinatario destination empfänger en entrega entregado envio est está export facility filiale finished from
    handed have hub import in information international is item la le livraison livre local location loja mail mise
    money not of office oficina on order origen origin package parcel paket party post prepared proceso processed
    ready received recebido region returned sender sending sendung shipment shipper sort started storage station
    terminal that the their through to transit transport unidade unit update vehicle votre waiting warehouse will
    wird with your zugestellt zustellung
    доставка заказ место отправление оформление передано получатель посылка прибыло принято прошло сортировка центр"""

# Letters that stay as they are stand in it too: `translate` is slow on what it does not know.
_PLAIN = (
    {code: chr(code) for code in range(ord("а"), ord("ѐ"))}
    | dict.fromkeys(range(0x300, 0x370))
    | str.maketrans(
        "áàâäãåāăąçćčďđéèêëēėęěğíìîïīįıłñńňóòôöõøōőřśšşșťţțúùûüūůűųýÿžźżёй",
        "aaaaaaaaacccddeeeeeeeegiiiiiiilnnnoooooooorsssstttuuuuuuuuyyzzzеи",
    )
    | {ord("ß"): "ss", ord("œ"): "oe", ord("æ"): "ae"}
)
_OTHERS = "\xa0\xb4\xab\xbb\xb7\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2022\u2026\u2192"
_PLAIN_AND_SPACED = _PLAIN | {
    ord(mark): " " for mark in (*_OTHERS, *filterfalse(str.isalnum, map(chr, range(128))))
}
#: The same for ASCII, ten times as fast.
_SPACED = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)

_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_END_OF_SENTENCE = re.compile(r"[.!?;\n]")
_END_OF_CLAUSE = re.compile(r"\s[-\u2013\u2014]+\s|[|\u2022\u2192]")
_PAUSE = re.compile(r"[,:()/]")
#: What stands before a word: nothing of note, a pause that no denial crosses, a comma that no gap
#: crosses either, or the end of a clause.
_GOES_ON, _AFTER_PAUSE, _AFTER_COMMA, _NEW_CLAUSE = range(4)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of a parcel, and the words of it that say so."""

    status: ShipmentStatus
    words: str  #: as they stand in the text, at most 60 characters


def what_words_say(text: str) -> Said | None:
    """What the first 500 characters say clearly; None for most texts. Never `delivered`.

    Where phrases of several sayings stand in a text, the first saying of `SAYINGS` decides.
    A phrase counts for nothing if a denial stands in it or up to three words before it, or if its
    clause is advice ("may be held", "if nobody is at home").
    """
    text = text[:_READ]
    lower = text.replace("İ", "I").lower()  # the one letter that grows when it becomes small
    if lower.isascii():
        spaced = lower.encode().translate(_SPACED).decode()
    else:
        spaced = lower.translate(_PLAIN_AND_SPACED)
    keys = {word[:_KEY] for word in spaced.split()}
    if keys.isdisjoint(_KEYS):
        return None
    phrases = _that_may_stand_among(keys)
    if not phrases:
        return None
    sentences = list(_sentences(lower))
    for phrase in phrases:
        for sentence in sentences:
            if found := phrase.first_that_counts(sentence, keys):
                words = text[sentence[found[0]].start : sentence[found[-1]].end]
                return Said(phrase.status, words[:_KEPT].rstrip())
    return None


def _that_may_stand_among(keys: set[str]) -> list["_Phrase"]:
    """The phrases whose words all begin like one of the text, the first to count first."""
    phrases = []
    for number in sorted({number for key in keys & _KEYS for number in _NUMBERS[key]}):
        phrase = _PHRASES[number]
        for part in phrase.besides:
            if keys.isdisjoint(part):
                break
        else:
            phrases.append(phrase)
    return phrases


class _Token(NamedTuple):
    """A word of a text, plain, where it stands, and what stands before it."""

    word: str
    start: int
    end: int
    before: int


def _sentences(lower: str) -> Iterator[Sequence[_Token]]:
    tokens: list[_Token] = []
    end = 0
    for found in _WORD.finditer(lower):
        before = lower[end : found.start()]
        if tokens and before != " " and _END_OF_SENTENCE.search(before):
            yield tokens
            tokens = []
        end = found.end()
        tokens.append(_Token(found[0].translate(_PLAIN), found.start(), end, _kind(before)))
    yield tokens


def _kind(before: str) -> int:
    if before == " ":
        return _GOES_ON
    if _END_OF_CLAUSE.search(before):
        return _NEW_CLAUSE
    if "," in before:
        return _AFTER_COMMA
    return _AFTER_PAUSE if _PAUSE.search(before) else _GOES_ON


class _Words(NamedTuple):
    """The words that may stand at one place of a phrase."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    keys: frozenset[str]
    after_gap: bool = False

    def fit(self, word: str) -> bool:
        return word in self.exact or word.startswith(self.stems)


_Parts = tuple[_Words, ...]


class _Voids(NamedTuple):
    """Phrases that void others of their clause, with how the rarest word of each, and of all, begins."""

    phrases: tuple[tuple[_Parts, frozenset[str]], ...]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of the tables, in each order that it allows."""

    status: ShipmentStatus
    orders: tuple[_Parts, ...]
    #: How its rarest word begins, by which it is looked up, and how the others begin.
    rarest: frozenset[str]
    besides: tuple[frozenset[str], ...]
    denials: _Words
    voids: _Voids

    def first_that_counts(self, sentence: Sequence[_Token], keys: set[str]) -> tuple[int, ...] | None:
        """Which words of the sentence are this phrase, if it counts; `keys` begin the words of the text."""
        for parts in self.orders:
            for found in _anywhere(parts, sentence):
                if self._denied(sentence, found):
                    continue
                if keys.isdisjoint(self.voids.keys) or not self._void(sentence, found, keys):
                    return found
        return None

    def _denied(self, sentence: Sequence[_Token], found: tuple[int, ...]) -> bool:
        start = found[0]
        while start > max(found[0] - _BEFORE, 0) and sentence[start].before == _GOES_ON:
            start -= 1
        between = (sentence[at].word for at in range(start, found[-1]) if at not in found)
        return any(map(self.denials.fit, between))

    def _void(self, sentence: Sequence[_Token], found: tuple[int, ...], keys: set[str]) -> bool:
        start, end = found[0], found[-1] + 1
        while start > 0 and sentence[start].before != _NEW_CLAUSE:
            start -= 1
        while end < len(sentence) and sentence[end].before != _NEW_CLAUSE:
            end += 1
        clause = sentence[start:end]
        likely = (parts for parts, rarest in self.voids.phrases if not keys.isdisjoint(rarest))
        return any(next(_anywhere(parts, clause), None) for parts in likely)


def _anywhere(parts: _Parts, sentence: Sequence[_Token]) -> Iterator[tuple[int, ...]]:
    for start, token in enumerate(sentence):
        if parts[0].fit(token.word):
            for rest in _onwards(parts[1:], sentence, start + 1):
                yield (start, *rest)


def _onwards(parts: _Parts, sentence: Sequence[_Token], start: int) -> Iterator[tuple[int, ...]]:
    if not parts:
        yield ()
        return
    gap = parts[0].after_gap
    for at in range(start, min(start + 1 + gap * _BETWEEN, len(sentence))):
        if gap and sentence[at].before == _AFTER_COMMA:
            return
        if parts[0].fit(sentence[at].word):
            for rest in _onwards(parts[1:], sentence, at + 1):
                yield (at, *rest)


def _spellings(word: str) -> set[str]:
    """A word of the tables as texts may spell it."""
    if word.isascii():
        return {word}
    return {word.translate(_PLAIN), word.translate(_UMLAUTS).translate(_PLAIN)}


def _place(written: Iterable[str]) -> _Words:
    spelled = set[str]().union(*map(_spellings, written))
    stems = tuple(word[:-1] for word in spelled if word.endswith("*"))
    exact = frozenset(word for word in spelled if not word.endswith("*"))
    return _Words(exact, stems, frozenset(word[:_KEY] for word in (*exact, *stems)))


def _either(one: _Words, other: _Words) -> _Words:
    return _Words(one.exact | other.exact, one.stems + other.stems, one.keys | other.keys)


def _words(written: Sequence[str], language: str) -> _Words:
    """Words, stems and names of lists as one place of a phrase."""
    listed = [_LISTS[language, word] for word in written if (language, word) in _LISTS]
    if len(listed) == len(written) == 1:
        return listed[0]
    words = _place(word for word in written if (language, word) not in _LISTS)
    for others in listed:
        words = _either(words, others)
    return words


def _orders(written: str, language: str) -> Iterator[_Parts]:
    """A phrase as it is written, in each order that it allows."""
    sides = [tuple(_side(side, language)) for side in written.split("+")]
    for first, *others in permutations(sides):
        apart = ((head._replace(after_gap=True), *tail) for head, *tail in others)
        yield (*first, *chain.from_iterable(apart))


def _side(written: str, language: str) -> Iterator[_Words]:
    after_gap = False
    for place in written.replace("'", " ").split():
        if place != "…":
            words = _words(place.split("/"), language)
            yield words._replace(after_gap=True) if after_gap else words
        after_gap = place == "…"


def _phrases_of(written: str, language: str) -> Iterator[tuple[_Parts, ...]]:
    for phrase in re.sub(r"/\s+", "/", written).split(","):
        if phrase.strip():
            yield tuple(_orders(phrase, language))


def _compiled(saying: Saying) -> Iterator[_Phrase]:
    for language, written in saying.phrases.items():
        denials = _place(DENIALS.get(language, "").split())
        later = _place([] if saying.announced else NOT_YET.get(language, "").split())
        advice, unless = _ADVICE[language], _voids(saying.unless.get(language, ""), language)
        voids = _Voids(advice.phrases + unless.phrases, advice.keys | unless.keys)
        for orders in _phrases_of(written, language):
            rarest, *others = _rarest_first(orders[0])
            besides = tuple(sorted(others, key=len))
            yield _Phrase(saying.status, orders, rarest, besides, _not_in(orders[0], denials, later), voids)


def _voids(written: str, language: str) -> _Voids:
    every = chain.from_iterable(_phrases_of(written, language))
    phrases = tuple((parts, _rarest_first(parts)[0]) for parts in every)
    return _Voids(phrases, frozenset[str]().union(*(rarest for _, rarest in phrases)))


def _not_in(parts: _Parts, *denials: _Words) -> _Words:
    """The denials that a phrase does not hold itself: "could not be delivered" is not denied by "not"."""
    exact, stems = set[str](), set[str]()
    for words in denials:
        if not any(words.fit(word) for part in parts for word in (*part.exact, *part.stems)):
            exact |= words.exact
            stems.update(words.stems)
    return _Words(frozenset(exact), tuple(stems), frozenset())


def _rarest_first(parts: _Parts) -> list[frozenset[str]]:
    """How the words of a phrase begin; what stands in few scans first: long words, and no everyday ones."""
    return sorted(
        (part.keys for part in parts),
        key=lambda keys: (not keys.isdisjoint(_EVERYDAY_KEYS), -min(map(len, keys)), len(keys)),
    )


def _by_key(phrases: Sequence[_Phrase]) -> dict[str, tuple[int, ...]]:
    """For each beginning of a word, which phrases may stand where it does."""
    pairs = sorted((key, number) for number, phrase in enumerate(phrases) for key in phrase.rarest)
    return {key: tuple(number for _, number in same) for key, same in groupby(pairs, lambda pair: pair[0])}


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LISTS = {
    (language, name): _place(words.split())
    for language, lists in LISTS.items()
    for name, words in lists.items()
}
_EVERYDAY_KEYS = _place(_EVERYDAY.split()).keys
_LANGUAGES = {language for saying in SAYINGS for language in saying.phrases}
_ADVICE = {language: _voids(ADVICE.get(language, ""), language) for language in _LANGUAGES}
_PHRASES = tuple(phrase for saying in SAYINGS for phrase in _compiled(saying))
_NUMBERS = _by_key(_PHRASES)
_KEYS = frozenset(_NUMBERS)
