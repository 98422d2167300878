"""Names in plain Latin letters: carriers write the same place with marks, without, and in Cyrillic."""
# ruff: noqa: RUF001, letters of other scripts are what this module is about

_MARKED = {
    "a": "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặªə",
    "b": "ḃḅḇ",
    "c": "çćĉċčḉ",
    "d": "ďḋḍḏḑḓđð",
    "e": "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
    "f": "ḟ",
    "g": "ĝğġģǧǵḡ",
    "h": "ĥȟḣḥḧḩḫħ",
    "i": "ìíîïĩīĭįǐȉȋḭḯỉịı",
    "j": "ĵ",
    "k": "ķǩḱḳḵ",
    "l": "ĺļľḷḹḻḽłŀ",
    "m": "ḿṁṃ",
    "n": "ñńņňǹṅṇṉṋŋ",
    "o": "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợøº",
    "p": "ṕṗ",
    "r": "ŕŗřȑȓṙṛṝṟ",
    "s": "śŝşšșṡṣṥṧṩ",
    "t": "ţťțṫṭṯṱŧ",
    "u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
    "v": "ṽṿ",
    "w": "ŵẁẃẅẇẉ",
    "x": "ẋẍ",
    "y": "ýÿŷȳẏỳỵỷỹ",
    "z": "źżžẑẓẕ",
    "ae": "æ",
    "oe": "œ",
    "th": "þ",
    "'": "’‘ʼ´",
}

# Russian first; what Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian and Kazakh add follows.
_CYRILLIC = """
    а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f
    х kh ц ts ч ch ш sh щ shch ъ a ы y э e ю yu я ya
    ґ g є ie і i ї i ў u ђ d ј j љ lj њ nj ћ c џ dz ѓ g ќ k ѕ dz
    ә a ғ g қ k ң n ө o ұ u ү u һ h
"""

_GREEK = """
    α a ά a β v γ g δ d ε e έ e ζ z η i ή i θ th ι i ί i ϊ i κ k λ l μ m ν n ξ x ο o ό o π p ρ r
    σ s τ t υ y ύ y ϋ y φ f χ ch ψ ps ω o ώ o
"""


def _pairs(table: str) -> dict[str, str]:
    letters = table.split()
    return dict(zip(letters[::2], letters[1::2], strict=True))


_PLAIN = str.maketrans(
    {letter: plain for plain, letters in _MARKED.items() for letter in letters}
    | _pairs(_CYRILLIC)
    | _pairs(_GREEK)
    # Of no sound of their own: the soft sign, and marks that stand beside their letter.
    | dict.fromkeys(("ь", *map(chr, range(0x300, 0x370))), "")
    # The wide forms that Chinese and Japanese systems write.
    | {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}
)


def romanised(text: str) -> str:
    """`text` in small plain Latin letters where it is Latin, Cyrillic or Greek; other scripts stay."""
    text = text.casefold()
    return text if text.isascii() else text.translate(_PLAIN)
