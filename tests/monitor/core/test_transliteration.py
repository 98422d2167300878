"""Names in plain Latin letters."""
# ruff: noqa: RUF001, letters of other scripts are what these tests are about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.transliteration import romanised


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Madrid", "madrid"),
        ("MÁLAGA", "malaga"),
        ("Ma\u0301laga", "malaga"),
        ("A Coruña", "a coruna"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("Gießen", "giessen"),
        ("STRAẞE", "strasse"),
        ("Århus", "arhus"),
        ("Tromsø", "tromso"),
        ("Ærøskøbing", "aeroskobing"),
        ("Reykjavík", "reykjavik"),
        ("Þorlákshöfn", "thorlakshofn"),
        ("Œuilly", "oeuilly"),
        ("Iași", "iasi"),
        ("Timişoara", "timisoara"),
        ("Plzeň", "plzen"),
        ("Győr", "gyor"),
        ("Bakı Gəncə", "baki ganca"),
        ("Thành phố Hồ Chí Minh", "thanh pho ho chi minh"),
        ("Đà Nẵng", "da nang"),
        ("Lǚliáng", "luliang"),
        ("l’Hospitalet", "l'hospitalet"),
        ("ＭＡＤＲＩＤ　２８０１３", "madrid\u300028013"),
        ("Москва", "moskva"),
        ("САНКТ-ПЕТЕРБУРГ", "sankt-peterburg"),
        ("Нижний Новгород", "nizhniy novgorod"),
        ("Йошкар-Ола", "yoshkar-ola"),
        ("Казань", "kazan"),
        ("Орёл", "orel"),
        ("Щёлково", "shchelkovo"),
        ("Київ", "kiiv"),
        ("Харків", "kharkiv"),
        ("Кам’янець", "kam'yanets"),
        ("Мінск", "minsk"),
        ("Магілёў", "magileu"),
        ("Търново", "tarnovo"),
        ("Нови Сад", "novi sad"),
        ("Ћуприја", "cuprija"),
        ("Скопје", "skopje"),
        ("Қарағанды", "karagandy"),
        ("Θεσσαλονίκη", "thessaloniki"),
        ("ΑΘΗΝΑΣ", "athinas"),
        ("北京", "北京"),
        ("القاهرة", "القاهرة"),
        ("თბილისი", "თბილისი"),
        ("", ""),
    ],
)
def test_a_name_in_plain_letters(written: str, plain: str) -> None:
    assert romanised(written) == plain


LETTERS = "ABCXYZÄÖÜÑÇŁŐŠŽÉÈÅØÆŒÞĐАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐЄІЇЎҚӘΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"


@given(st.text(LETTERS))
def test_every_letter_of_these_scripts_has_a_plain_spelling(name: str) -> None:
    assert romanised(name).isascii()
    assert romanised(name.lower()) == romanised(name)


@given(st.text())
def test_what_is_plain_stays(text: str) -> None:
    assert romanised(romanised(text)) == romanised(text)
