"""What is blacked out of a carrier's answer, and that nothing else is."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from monitor.blackout import Private, black_out, learned, secrets_in, shown_text
from monitor.blackout.texts import masked, stand_in
from monitor.carrier import LookError, Payload, Source
from monitor.plugins import available_adapters, load_source

PAYLOADS = Path(__file__).parents[1] / "payloads"
SECRET = "sesame-17-open+please/"
NUMBER = "LP00420000000017"


def shown(value: object, private: Private | None = None) -> Any:
    """A JSON answer as it is shared."""
    body = json.dumps(value).encode()
    return json.loads(black_out(body, learned(private or Private(), [body])).body)


def told(text: str, private: Private | None = None) -> str:
    """A scan's description as it is shared."""
    answer = shown({"events": [{"description": text}]}, private)
    return str(answer["events"][0]["description"])


# By key


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("recipientName", "Ana Ruiz", "Xxx Xxxx"),
        ("signed_by", "J. DOE", "X. XXX"),
        ("Signed-By", "Łukasz Żak", "Xxxxxx Xxx"),
        ("podSignedByName", "王小明", "xxx"),
        ("nombre_cliente", "Ana Ruiz", "Xxx Xxxx"),
        ("empfänger", "Ana Ruiz", "Xxx Xxxx"),
        ("consignee", "Ana Ruiz", "Xxx Xxxx"),
        ("street", "Calle Mayor 5, 2º B", "Xxxxx Xxxxx 0, 0x X"),
        ("addressLine1", "100 Main St", "000 Xxxx Xx"),
        ("streetLines", ["100 Main St", ""], ["000 Xxxx Xx", ""]),
        ("houseNumber", 12, 0),
        ("phone_number", "600111222", "000000000"),
        ("subscribed_smses", ["+85261234567"], ["+00000000000"]),
        ("customerEmail", "ana@example.org", "xxx@xxxxxxx.xxx"),
        ("latitude", 48.137, 0.0),
        ("geo", {"lat": 48.137, "lng": -11}, {"lat": 0.0, "lng": 0}),
        ("signatureImage", "iVBORw0KGgo=", "xXXXXx0XXxx="),
        ("signature", {"image": "iVBO", "type": "PNG"}, {"image": "xXXX", "type": "PNG"}),
        ("openCode", "482913", "000000"),
        ("qrCode", "P|482913|abc", "X|000000|xxx"),
        ("customerNumber", "2617V1", "0000X0"),
        ("accountNumber", 261799, 0),
        ("order_id", "8190000000007731", "0000000000000000"),
        ("access_token", "eyJhbGciOi", "xxXxxXxxXx"),
        ("apiKey", "k-1", "x-0"),
        ("destinationZIP", "34442", "00000"),
        ("tracking_postal_code", "SW1A 1AA", "XX0X 0XX"),
    ],
)
def test_what_a_key_holds_is_blacked_out_and_keeps_its_shape(
    key: str, value: object, expected: object
) -> None:
    assert shown({"parcel": [{key: value}]}) == {"parcel": [{key: expected}]}


@pytest.mark.parametrize(
    "answer",
    [
        {"carrier": {"name": "DHL Express", "id": "dhl-express", "country": "DE"}},
        {"provider": {"name": "China Post", "key": 3011, "homepage": "http://www.example.org/"}},
        {"eventLog": [{"name": "OUT_FOR_DELIVERY", "type": "PARCEL_STATUS"}]},
        {"pickUpPoint": {"name": "KRA010"}},
        {"address": {"city": "Leipzig", "state": "SN", "country": "DE", "postal_code": "04158"}},
        {"events": [{"eventZIP": "34461", "eventCity": "LECANTO", "eventCode": "07"}]},
        {"estimated_delivery_date": {"from": "2026-11-05", "to": "2026-11-09"}},
        {"detailList": [{"time": 1786702238000, "timeStr": "2026-08-14 18:10:38", "timeZone": "GMT+8"}]},
        {"eventDateTime": "2024-10-07T09:30:00+0200", "fec": "27/04/2026 23:03:58", "d": "24.03.2025 12:02"},
        {"date": "March 31 2025 10:33", "at": "Tue, 7 Oct 2025 12:00:00 +0200", "day": "20230515"},
        {"codes": ["GTMS_SIGNED", "InTransit_CustomsReleased", "B3", "017", "DI2", "-18019909"]},
        {"meta": {"code": 4001, "message": "Invalid number"}, "success": True, "data": None},
        {"weight": {"value": 22.32, "unit": "kg"}, "dimensions": "30 x 20 x 10 cm", "pieces": "35"},
        {"id": "c6fbe883-49dc-7cba-48c4-46c6efd29db6", "hash": -595601716, "ean": "4006381333931"},
        {"signatureRequired": True, "signed": False},
    ],
)
def test_what_is_nobodys_stays_as_it_is(answer: dict[str, object]) -> None:
    assert shown(answer) == answer


def test_of_a_person_only_the_city_and_the_country_stay() -> None:
    person = {
        "name": "Ana Ruiz",
        "taxId": "X1234567L",
        "address": {"city": "Madrid", "countryCode": "ES", "postalCode": "28013", "floor": 5, "door": "B"},
    }
    assert shown({"recipient": person, "sender": {"companyName": "Hub Store", "state": "GD"}}) == {
        "recipient": {
            "name": "Xxx Xxxx",
            "taxId": "X0000000X",
            "address": {
                "city": "Madrid",
                "countryCode": "ES",
                "postalCode": "00000",
                "floor": 0,
                "door": "X",
            },
        },
        "sender": {"companyName": "Xxx Xxxxx", "state": "GD"},
    }


def test_who_is_named_by_a_key_is_not_named_in_a_sentence_either() -> None:
    answer = shown(
        {
            "receiver": {"name": "Ana Ruiz", "postCode": "28013", "street": "Calle Mayor 5"},
            "events": [
                {"text": "Left with ANA  RUIZ, Calle Mayor 5, 28013 Madrid", "code": "28013"},
                {"place": "28013 Madrid, ES", "postalCode": "28013"},
            ],
        }
    )
    assert answer["events"] == [
        {"text": "Left with XXX  XXXX, Xxxxx Xxxxx 0, 00000 Madrid", "code": "28013"},
        {"place": "00000 Madrid, ES", "postalCode": "00000"},
    ]


def test_a_value_is_private_by_what_stands_beside_it() -> None:
    references = [{"type": "SHIPPER_REFERENCE", "values": ["AB-77"]}, {"type": "PIECES", "values": ["AB-77"]}]
    assert shown({"ids": references})["ids"] == [
        {"type": "SHIPPER_REFERENCE", "values": ["XX-00"]},
        {"type": "PIECES", "values": ["AB-77"]},
    ]
    assert shown({"name": "RUIZ", "firm": None, "eventCode": "01"}) == {
        "name": "XXXX",
        "firm": None,
        "eventCode": "01",
    }


# In sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Delivered, signed by: ANA RUIZ", "Delivered, signed by: XXX XXXX"),
        ("Delivered to J. DOE", "Delivered to X. XXX"),
        ("Firmado por Ana Ruiz Gómez", "Firmado por Xxx Xxxx Xxxxx"),
        ("Recibido por: María", "Recibido por: Xxxxx"),
        ("Remis à Mme Dupont", "Remis à Xxx Xxxxxx"),
        ("Empfangen von Müller", "Empfangen von Xxxxxx"),
        ("【杭州】已签收, 签收人\N{FULLWIDTH COLON}王小明", "【杭州】已签收, 签收人\N{FULLWIDTH COLON}xxx"),
        ("派件员: 张三, 电话: 13812345678", "派件员: xx, 电话: 00000000000"),
        ("Call the driver at +34 600 11 12 22", "Call the driver at +00 000 00 00 00"),
        ("Tel. 600111222", "Tel. 000000000"),
        ("Rappelez le 06 12 34 56 78", "Rappelez le 00 00 00 00 00"),
        ("Questions? (212) 555-0100", "Questions? (000) 000-0000"),
        ("Sent a mail to ana.ruiz+x@mail.example.org today", "Sent a mail to xxx.xxxx+x@xxxx.xxxxxxx.xxx today"),
        ("See https://u:p@example.org/a/kJ8s7Hq2Zz?t=ab1&x#f", "See https://x:x@example.org/a/xX0x0Xx0Xx?t=xx0&x#f"),
        ("/track?id=77&key=abc", "/track?id=00&key=xxx"),
    ],
)  # fmt: skip
def test_what_a_sentence_tells_is_blacked_out(text: str, expected: str) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Received by logistics company",
        "RECEIVED BY CUSTOMS",
        "Delivered to agent for final delivery",
        "Delivered to Mailbox",
        "Entregado a Aduana de Madrid",
        "Signature not required",
        "Delivered on 2026-10-05 at 12:30, 2 of 3 pieces",
        "Arrived 24.03.2025 12:02 in 28013 Madrid",
        "Your item was delivered at 1:58 pm on November 22, 2024 in HERNANDO, FL 34442",
        "Weight 22.50 kg, duties 1 234,56 EUR",
        "Contact us at https://www.example.org/help",
    ],
)
def test_a_sentence_without_a_person_stays(text: str) -> None:
    assert told(text) == text


# Secrets


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        SECRET.upper(),
        f"Bearer {SECRET}",
        f"invalid key '{SECRET}'!",
        f"https://api.example.org/{quote(SECRET, safe='')}/x",
        f"https://api.example.org/x?k={quote(SECRET)}",
        f"Basic {b64encode(f'me:{SECRET}'.encode()).decode()}",
        f"Basic {b64encode(f'user:{SECRET}'.encode()).decode()}",
        f"Basic {b64encode(f'users:{SECRET}'.encode()).decode()}",
    ],
)
@pytest.mark.parametrize(
    "shape", [lambda it: {"note_": it}, lambda it: [it], lambda it: {it: 1}, lambda it: it]
)
def test_a_secret_is_seen_nowhere(spelling: str, shape: Any) -> None:
    private = Private(secrets=frozenset({f"Bearer {SECRET}"}))
    body = black_out(json.dumps(shape(spelling)).encode(), private).body.decode()
    as_text = black_out(spelling.encode(), private).body.decode()
    for text in (body, as_text, shown_text(spelling, private)):
        assert "sesame" not in text.lower()
        assert b64encode(b"sesame-17-open")[4:12].decode() not in text
        assert not any(quote(SECRET[index : index + 8], safe="") in text for index in range(len(SECRET) - 8))


def test_a_secret_that_is_a_word_stays_in_keys_and_a_number_is_found() -> None:
    private = Private(secrets=frozenset({"history", "en", "48271635"}))
    assert shown({"history": "by history", "lang": "en", "x": 48271635, "historical": "y"}, private) == {
        "history": "by xxxxxxx",
        "lang": "en",
        "x": 0,
        "historical": "y",
    }


def test_where_a_configuration_has_its_secrets() -> None:
    table = {
        "api_key": "a",
        "headers": {"X-Mode": SecretStr("b")},
        "body": {"auth": [{"clientSecret": "c"}]},
        "url": "https://me:d@api.example.org/{number}?lang=en&key=f&n={number}",
        "accepts": "^MP",
    }
    assert secrets_in(table) == {"a", "b", "c", "me:d", "en", "f"}
    source = load_source("seventeentrack", {"api_key": "sesame"})
    assert "sesame" in secrets_in(source)


# Tracking numbers


@pytest.mark.parametrize(
    ("number", "place", "expected"),
    [
        (NUMBER, 1, "LP00000000000001"),
        (NUMBER, 12, "LP00000000000012"),
        ("RB410000017CN", 1, "RB000000014CN"),
        ("RB410000017CN", 2, "RB000000028CN"),
        ("1Z999AA10123456784", 1, "1Z000AA00000000001"),
        ("9400100000000000000000", 3, "9400000000000000000003"),
        ("1234", 1, "1001"),
        ("TEST", 1, "TEST"),
        ("7", 1, "7"),
    ],
)
def test_what_stands_in_for_a_number(number: str, place: int, expected: str) -> None:
    assert stand_in(number, place) == expected


def test_a_number_is_replaced_wherever_it_is_and_however_it_is_written() -> None:
    private = Private().with_numbers([NUMBER, "RB410000017CN", "5678"])
    answer = {
        "number": NUMBER,
        "also": ["rb410000017cn", "RB 410 000 017 CN", "245~RB410000017CN~X"],
        NUMBER: {"text": f"Handed over as RB410000017CN, was {NUMBER}."},
        "link": f"https://example.org/{NUMBER}?code={NUMBER}",
        "reference": f"my {NUMBER}",
        "as_number": 5678,
        "other": "15678 a5678 5678",
    }
    first, second = "LP00000000000001", "RB000000028CN"
    assert shown(answer, private) == {
        "number": first,
        "also": [second.lower(), "RB 000 000 028 CN", f"245~{second}~X"],
        first: {"text": f"Handed over as {second}, was {first}."},
        "link": f"https://example.org/{first}?code={first}",
        "reference": f"xx {first}",
        "as_number": 5003,
        "other": "15678 a5678 5003",
    }


def test_numbers_that_keys_name_are_replaced_too_and_can_all_be_kept() -> None:
    answer = {"trackings": [{"tracking_number": "9400100000000000000000"}, {"tn": "1Z999AA10123456784"}]}
    assert shown(answer) == {
        "trackings": [{"tracking_number": "9400000000000000000001"}, {"tn": "1Z000AA00000000002"}]
    }
    body = json.dumps({"awb": "123456789012", "text": "Now 123456789012 of Ana"}).encode()
    private = learned(Private(), [body]).with_true_numbers()
    assert json.loads(black_out(body, private).body)["text"] == "Now 123456789012 of Ana"


# What is no JSON


def test_a_web_page_keeps_its_lines_and_loses_what_looks_personal() -> None:
    page = f"<html>\r\n<p>Are you human, ana@example.org?</p>\n<a href='/x?t={SECRET}'>{NUMBER}</a>"
    private = Private(secrets=frozenset({SECRET})).with_numbers([NUMBER])
    answer = black_out(page.encode(), private)
    assert answer.body.decode() == (
        "<html>\r\n<p>Are you human, xxx@xxxxxxx.xxx?</p>\n"
        f"<a href='/x?t={'x' * len(SECRET)}'>LP00000000000001</a>"
    )
    assert (answer.is_json, dict(answer.places)) == (False, {"line 1": 0, "line 2": 1, "line 3": 1})


def test_json_that_was_cut_off_is_blacked_out_by_its_keys() -> None:
    body = (
        b'{"recipient": {"name": "Ana Ruiz", "phone": 600111, "city": "Madrid"}, "text": "For Ana Ruiz", "na'
    )
    answer = black_out(body, learned(Private(), [body])).body.decode()
    assert answer == body.decode().replace("Ana Ruiz", "Xxx Xxxx").replace("600111", "000000")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe{",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"[" * 5000,
        b'{"a": "\xe9"}',
        b"\xef\xbb\xbf[1]",
        b"null",
    ],
)
def test_any_bytes_can_be_blacked_out(body: bytes) -> None:
    answer = black_out(body, learned(Private(), [body]))
    assert answer.count == 0
    assert answer.body.strip() == body.removeprefix(b"\xef\xbb\xbf") or json.loads(answer.body) == [1]


def test_half_an_emoji_stays_half_an_emoji() -> None:
    answer = black_out(rb'{"a": "x\ud83d", "b": "\ud83d\ude00"}', Private())
    assert json.loads(answer.body) == {"a": "x\ud83d", "b": "\N{GRINNING FACE}"}


def test_what_was_blacked_out_is_told_by_place_not_by_value() -> None:
    body = json.dumps({"p": [{"phone": "600"}, {"phone": "601", "n": NUMBER}, {"phone": ""}]}).encode()
    answer = black_out(body, Private().with_numbers([NUMBER]))
    assert answer.count == 2
    assert {place: times for place, times in answer.places.items() if times} == {"p[].phone": 2}


# Whatever the answer is

#: Keys and texts of all kinds: those that are looked at, and those that are not.
WORDS = st.sampled_from(
    [
        "recipient",
        "name",
        "events",
        "zip",
        "phone",
        "text",
        "number",
        "type",
        "reference",
        "from",
        "to",
        "lat",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["Signed by Ana Ruiz", "+34 600 111 222", "a@b.example", NUMBER, "2026-10-05T08:00:00Z"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=20,
)
SECRETS = st.frozensets(
    st.text("abcdeghk0123-_/+", min_size=8, max_size=20).filter(lambda it: masked(it) != it), max_size=3
)


def shape(value: object) -> object:
    """Types, keys and lengths: all that a parser holds on to."""
    match value:
        case dict():
            return [shape(inner) for inner in value.values()]
        case list():
            return [shape(inner) for inner in value]
        case str():
            return ("text", len(value))
    return value if value is None or isinstance(value, bool) else type(value)


@given(JSON)
def test_any_answer_keeps_its_shape(value: object) -> None:
    body = json.dumps(value).encode()
    private = learned(Private().with_numbers([NUMBER]), [body])
    assert shape(json.loads(black_out(body, private).body)) == shape(value)


@given(
    st.dictionaries(
        st.text("abc", max_size=5), st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    )
)
def test_numbers_that_are_nobodys_stay(value: dict[str, float]) -> None:
    assert shown(value) == value


@given(JSON)
def test_what_is_blacked_out_stays_so(value: object) -> None:
    body = json.dumps(value).encode()
    private = learned(Private().with_numbers([NUMBER]), [body])
    once = black_out(body, private).body
    assert black_out(once, private).body == once


@given(SECRETS, JSON, st.data())
def test_no_secret_survives_wherever_it_is(
    secrets: frozenset[str], value: object, data: st.DataObject
) -> None:
    echo = "".join(data.draw(st.permutations([*sorted(secrets), " in ", "key="])))
    private = Private(secrets=secrets)
    for body in (json.dumps({"message": echo, "value": value}), f"<p>{echo}</p>"):
        answer = black_out(body.encode(), private).body.decode()
        assert not [secret for secret in secrets if secret in answer]


@given(st.text())
def test_a_masked_text_says_nothing_and_has_the_same_length(text: str) -> None:
    said = masked(text)
    assert len(said) == len(text)
    assert masked(said) == said
    assert not {mark for mark in said if mark.isalnum()} - set("Xx0")


# The answers of the sources there are


def source_of(name: str) -> Source:
    config = PAYLOADS / name / "config.json"
    return load_source(name, json.loads(config.read_text(encoding="utf-8")) if config.exists() else {})


def reading(source: Source, body: bytes, name: str) -> object:
    """All but the numbers, the words and the places."""
    try:
        read = list(source.parse(Payload(body, name=name)))
    except LookError as error:
        return type(error)
    return [
        (
            it.status,
            it.edd,
            it.delivery and (it.delivery.at, it.delivery.zone_known),
            it.pickup_until,
            it.ends_at_border,
            len(it.aliases),
            [(event.at, event.zone_known, event.status, event.code) for event in it.events],
        )
        for it in read
    ]


CASES = [
    (name, file.name)
    for name in available_adapters("carriers")
    for file in sorted((PAYLOADS / name).glob("*"))
    if file.name != "config.json" and not file.name.endswith(".expected.json")
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_blacked_out_answer_is_read_as_before(name: str, case: str) -> None:
    source, body = source_of(name), (PAYLOADS / name / case).read_bytes()
    private = learned(Private(secrets=secrets_in(source)), [body])
    try:
        numbers = [
            it
            for tracking in source.parse(Payload(body, name=case))
            for it in (tracking.number, *tracking.aliases)
        ]
    except LookError:
        numbers = []
    answer = black_out(body, private.with_numbers(it for it in numbers if it))
    assert reading(source, answer.body, case) == reading(source, body, case)
    assert not [number for number in numbers if len(number) > 9 and number.encode() in answer.body]
