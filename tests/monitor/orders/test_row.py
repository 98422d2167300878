"""What a row may say, whatever the format, and what is told about one that is wrong."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monitor.core.model import Money, Order, OrderStatus, Parcel, Place, Shipping
from monitor.orders import OrderFile, read_order_file

Read = Callable[[str, str | bytes], OrderFile]

ID = "8190000000007731"


def test_everything_a_row_can_say(read: Read) -> None:
    row = {
        "id": ID,
        "title": "USB hub",
        "marketplace": "aliexpress",
        "seller": "Hub Store",
        "price": "41.90 EUR",
        "ordered_on": "2026-09-28",
        "paid_on": "2026-09-28",
        "shipped_on": "2026-10-01",
        "shipping": "standard",
        "estimated_delivery": "2026-11-05",
        "protection_until": "2026-12-15",
        "deliver_to": {"country": "es", "city": "Madrid", "postal_code": "28013", "region": "Madrid"},
        "parcels": ["LP00123456789012", {"number": "ug 123456785 mv", "carrier": "files"}],
        "status": "shipped",
        "notes": "a present",
    }
    (found,) = read("orders.json", json.dumps([row])).rows
    assert (found.file, found.line, found.notes) == ("orders.json", 1, ())
    assert found.order == Order(
        id=ID,
        title="USB hub",
        marketplace="aliexpress",
        seller="Hub Store",
        price=Money("41.90", "EUR"),
        ordered_on=date(2026, 9, 28),
        paid_on=date(2026, 9, 28),
        shipped_on=date(2026, 10, 1),
        shipping=Shipping.STANDARD,
        estimated_delivery=date(2026, 11, 5),
        protection_until=date(2026, 12, 15),
        deliver_to=Place("Madrid", "28013", "Madrid", "ES"),
        parcels=(Parcel("LP00123456789012"), Parcel("UG123456785MV", "files")),
        status=OrderStatus.SHIPPED,
        notes="a present",
    )


EMPTY = Order(id=ID, title="Order …7731")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, EMPTY),
        ({"title": None, "shipped_on": "", "deliver_to": {}, "parcels": []}, EMPTY),
        ({"title": " \t "}, EMPTY),
        ({"deliver_to": {"city": " "}}, EMPTY),
        ({"title": "USB\n\u202ehub\u202c \x1b[31m\x00 \ud800"}, replace(EMPTY, title="USB hub [31m")),
        ({"title": "👨\u200d👩\u200d👧 mug"}, replace(EMPTY, title="👨\u200d👩\u200d👧 mug")),
        ({"title": "a" * 200}, replace(EMPTY, title="a" * 200)),
        ({"marketplace": " AliExpress "}, EMPTY),
        ({"marketplace": "ebay"}, replace(EMPTY, marketplace="ebay")),
        ({"shipping": "ePacket"}, replace(EMPTY, shipping=Shipping.EPACKET)),
        ({"status": "Finished"}, replace(EMPTY, status=OrderStatus.FINISHED)),
        ({"ordered_on": "2000-01-01"}, replace(EMPTY, ordered_on=date(2000, 1, 1))),
        ({"protection_until": "2100-12-31"}, replace(EMPTY, protection_until=date(2100, 12, 31))),
        ({"price": 41.90, "currency": "eur"}, replace(EMPTY, price=Money("41.9", "EUR"))),
        ({"price": 41, "currency": "EUR"}, replace(EMPTY, price=Money("41", "EUR"))),
        ({"deliver_to": {"postal_code": 28013}}, replace(EMPTY, deliver_to=Place(postal_code="28013"))),
        ({"deliver_to": {"country": "uk"}}, replace(EMPTY, deliver_to=Place(country="GB"))),
        (
            {"parcels": "lp001 LP002,LP003"},
            replace(EMPTY, parcels=tuple(map(Parcel, ["LP001", "LP002", "LP003"]))),
        ),
        ({"parcels": [12345678901]}, replace(EMPTY, parcels=(Parcel("12345678901"),))),
        ({"parcels": ["\u200bLP 001"]}, replace(EMPTY, parcels=(Parcel("LP001"),))),
        (
            {"parcels": ["lp001", "LP 001", {"number": "LP001", "carrier": "files"}]},
            replace(EMPTY, parcels=(Parcel("LP001", "files"),)),
        ),
        ({"parcels": ["9" * 64]}, replace(EMPTY, parcels=(Parcel("9" * 64),))),
        ({"bulky": True}, replace(EMPTY, bulky=True)),
        ({"bulky": " Sí "}, replace(EMPTY, bulky=True)),
        ({"bulky": "no"}, replace(EMPTY, bulky=False)),
        ({"bulky": ""}, EMPTY),
        ({"return_cost": "12,50 €"}, replace(EMPTY, return_cost=Money("12.50", "EUR"))),
        (
            {"price": "9 PLN", "return_cost": 0},
            replace(EMPTY, price=Money("9", "PLN"), return_cost=Money("0", "PLN")),
        ),
    ],
)
def test_a_row_may_say(said: dict[str, object], meant: Order, read: Read) -> None:
    file = read("orders.json", json.dumps([{"id": ID} | said]))
    assert file.refused == ()
    assert [row.order for row in file.rows] == [meant]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"shiped_on": "2026-10-01"}, "shiped_on: unknown key; did you mean shipped_on?"),
        ({"Title": "a"}, "Title: unknown key; did you mean title?"),
        (
            {"\x1b[31m": 1},
            (
                '"�[31m": unknown key (allowed: id, title, marketplace, seller, price, currency,'
                " ordered_on, paid_on, shipped_on, shipping, estimated_delivery, protection_until, deliver_to,"
                " parcels, status, notes, bulky, return_cost)"
            ),
        ),
        ({"bulky": "perhaps"}, 'bulky: "perhaps" is neither yes nor no (allowed: true, false)'),
        ({"bulky": 1}, 'bulky: "1" is neither yes nor no (allowed: true, false)'),
        (
            {"return_cost": 0},
            'return_cost: "0" names no currency that is known (allowed: such as 41.90 EUR)',
        ),
        (
            {"price": "9 EUR", "return_cost": "9 USD"},
            'return_cost: "9 USD" names another currency than the row does',
        ),
        ({"ordered_on": "2026-02-30"}, "ordered_on: 2026-02-30 is not a date (allowed: YYYY-MM-DD)"),
        ({"ordered_on": "20206-10-01"}, "ordered_on: 20206-10-01 is not a date (allowed: YYYY-MM-DD)"),
        ({"ordered_on": "20261001"}, "ordered_on: 20261001 is not a date (allowed: YYYY-MM-DD)"),
        ({"ordered_on": "2026-W40-4"}, 'ordered_on: "2026-W40-4" is not a date (allowed: YYYY-MM-DD)'),
        ({"ordered_on": "01.10.2026"}, 'ordered_on: "01.10.2026" is not a date (allowed: YYYY-MM-DD)'),
        ({"ordered_on": "tomorrow"}, 'ordered_on: "tomorrow" is not a date (allowed: YYYY-MM-DD)'),
        ({"ordered_on": 20261001}, 'ordered_on: "20261001" is not a date (allowed: YYYY-MM-DD)'),
        ({"ordered_on": ["x"]}, "ordered_on: a list is not a date (allowed: YYYY-MM-DD)"),
        ({"ordered_on": "1999-12-31"}, "ordered_on: 1999-12-31 is outside the years 2000 to 2100"),
        (
            {"protection_until": "2101-01-01"},
            "protection_until: 2101-01-01 is outside the years 2000 to 2100",
        ),
        (
            {"ordered_on": "2026-10-02", "paid_on": "2026-10-01"},
            "paid_on: 2026-10-01 is before ordered_on 2026-10-02",
        ),
        (
            {"ordered_on": "2026-10-02", "shipped_on": "2026-10-01"},
            "shipped_on: 2026-10-01 is before ordered_on 2026-10-02",
        ),
        (
            {"ordered_on": "2026-10-02", "paid_on": "2026-10-03", "shipped_on": "2026-10-01"},
            "shipped_on: 2026-10-01 is before paid_on 2026-10-03",
        ),
        (
            {"shipped_on": "2026-10-02", "protection_until": "2026-10-01"},
            "protection_until: 2026-10-01 is before shipped_on 2026-10-02",
        ),
        (
            {"shipped_on": "2026-10-02", "estimated_delivery": "2026-10-01"},
            "estimated_delivery: 2026-10-01 is before shipped_on 2026-10-02",
        ),
        ({"marketplace": "aliexpres"}, 'marketplace: "aliexpres" is not known (allowed: aliexpress, ebay)'),
        ({"marketplace": 3}, 'marketplace: "3" is not known (allowed: aliexpress, ebay)'),
        ({"shipping": "expres"}, 'shipping: "expres" is not known (allowed: standard, epacket, premium)'),
        ({"status": "lost"}, 'status: "lost" is not known (allowed: ordered, shipped, delivered, finished)'),
        ({"title": 5}, "title: must be text"),
        ({"price": "cheap"}, 'price: "cheap" is not a price (allowed: such as 41.90 EUR)'),
        ({"price": 41.90}, 'price: "41.9" names no currency that is known (allowed: such as 41.90 EUR)'),
        ({"currency": "euro"}, 'currency: "euro" is not a currency (allowed: three letters, such as EUR)'),
        (
            {"deliver_to": "Madrid"},
            'deliver_to: must be a table (allowed: such as { country = "ES", city = "Madrid" })',
        ),
        (
            {"deliver_to": {"country": "Spain"}},
            'deliver_to.country: "Spain" is not a country code (allowed: two letters, such as ES)',
        ),
        (
            {"deliver_to": {"country": "XX"}},
            'deliver_to.country: "XX" is not a country code (allowed: two letters, such as ES)',
        ),
        (
            {"deliver_to": {"postcode": "28013"}},
            "deliver_to.postcode: unknown key; did you mean postal_code?",
        ),
        ({"parcels": 3.5}, 'parcels: must be a list (allowed: such as ["LP00123456789012"])'),
        (
            {"parcels": ["LP001", "LP_002"]},
            'parcels[1]: "LP_002" is not a tracking number (allowed: A to Z, digits and hyphens, at most 64)',
        ),
        (
            {"parcels": ["9" * 65]},
            (
                f'parcels[0]: "{"9" * 60}…" is not a tracking number'
                " (allowed: A to Z, digits and hyphens, at most 64)"
            ),
        ),
        ({"parcels": [{"carrier": "files"}]}, "parcels[0].number: is missing"),
        (
            {"parcels": [{"number": "LP001", "carrier": "ups"}]},
            'parcels[0].carrier: "ups" is none of your sources (they are: files, 17track)',
        ),
        (
            {"parcels": [{"number": "LP001", "source": "files"}]},
            "parcels[0].source: unknown key (allowed: number, carrier)",
        ),
        (
            {"parcels": [{"number": "LP001", "carrier": "files"}, {"number": "lp001", "carrier": "17track"}]},
            "parcels: LP001 names two sources: files and 17track",
        ),
    ],
)
def test_a_row_is_refused(said: dict[str, object], reason: str, read: Read) -> None:
    file = read("orders.json", json.dumps([{"id": ID} | said]))
    assert file.rows == ()
    assert [str(error) for error in file.refused] == [f"orders.json:1 (order {ID}): {reason}"]
    assert file.complete


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (None, "id: is missing"),
        ("", "id: is missing"),
        ("  ", "id: has 0 characters (allowed: 1 to 64)"),
        ("9" * 65, "id: has 65 characters (allowed: 1 to 64)"),
        (10**65, "id: is too long a number (allowed: 64 digits)"),
        ("81900\n00", 'id: "81900�00" has characters that cannot be seen'),
        ("81900\u202e00", 'id: "81900�00" has characters that cannot be seen'),
        ("8.19E+15", 'id: "8.19E+15" was shortened by a spreadsheet; all digits are needed'),
        (True, "id: must be text or a whole number"),
        (8.5, "id: must be text or a whole number"),
        ([], "id: must be text or a whole number"),
    ],
)
def test_a_row_without_a_good_id_is_refused(order: object, reason: str, read: Read) -> None:
    file = read("orders.json", json.dumps([{"id": order}]))
    assert [(str(error), error.order) for error in file.refused] == [(f"orders.json:1: {reason}", None)]
    assert not file.complete  # whichever order it was, it may still be listed


@pytest.mark.parametrize("order", ["8" * 12, "8" * 20, 819000000000, f"  {ID} "])
def test_usual_ids_need_no_words(order: str | int, read: Read) -> None:
    (row,) = read("orders.json", json.dumps([{"id": order}])).rows
    assert (row.order.id, row.notes) == (str(order).strip(), ())


@pytest.mark.parametrize("order", ["8" * 11, "8" * 21, "A-17", "my order", 17, "٣" * 12])
def test_any_other_id_is_taken_with_a_note(order: str | int, read: Read) -> None:
    (row,) = read("orders.json", json.dumps([{"id": order}])).rows
    assert row.order.id == str(order)
    assert row.notes == ("the id is unusual: AliExpress numbers orders with 12 to 20 digits",)


def test_what_is_too_long_is_cut_with_a_note(read: Read) -> None:
    (row,) = read("orders.json", json.dumps([{"id": ID, "title": "a" * 201, "notes": "b" * 2001}])).rows
    assert row.order.title == "a" * 199 + "…"
    assert row.order.notes is not None
    assert len(row.order.notes) == 2000
    assert row.notes == (
        "title was cut to 200 of its 201 characters",
        "notes was cut to 2000 of its 2001 characters",
    )


@pytest.mark.parametrize(
    ("day", "notes"),
    [
        ("2026-11-25", ()),  # a day of grace for the shop's clock
        ("2026-11-26", ("ordered_on 2026-11-26 is in the future",)),
    ],
)
def test_an_order_from_the_future_is_noted(day: str, notes: tuple[str, ...], read: Read) -> None:
    (row,) = read("orders.json", json.dumps([{"id": ID, "ordered_on": day}])).rows
    assert row.notes == notes


@pytest.mark.parametrize(
    ("parcels", "notes"),
    [
        (["LP00123456789012", "MP12345678", "RB123456785GB"], ()),
        (
            ["LP0042000000001", {"number": "rb 1234 5678 4 gb"}, "lp 004200000 0001"],
            (
                "LP0042000000001 is a digit short for a number that begins with LP; a typing error?",
                "RB123456784GB has a check digit that does not fit; a typing error?",
            ),
        ),
    ],
)
def test_a_mistyped_number_counts_with_a_note(
    parcels: list[object], notes: tuple[str, ...], read: Read
) -> None:
    file = read("orders.json", json.dumps([{"id": ID, "parcels": parcels}]))
    assert file.refused == ()
    (row,) = file.rows
    assert (len(row.order.parcels), row.notes) == (len(notes) or len(parcels), notes)


def test_every_reason_is_told_at_once(read: Read) -> None:
    row = {"id": ID, "shiped_on": 1, "ordered_on": "2026-02-30", "shipping": "expres", "parcels": ["?", "!"]}
    (error,) = read("orders.json", json.dumps([row])).refused
    assert [reason.partition(":")[0] for reason in error.reasons] == [
        "shiped_on",
        "ordered_on",
        "shipping",
        "parcels[0]",
        "parcels[1]",
    ]


def test_a_source_that_is_named_before_there_is_any(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(json.dumps([{"id": ID, "parcels": [{"number": "LP001", "carrier": "ups"}]}]))
    file = read_order_file(path, marketplaces=["aliexpress"], sources=[], today=date(2026, 11, 24))
    assert str(file.refused[0]).endswith(
        'carrier: "ups" is none of your sources (there are none: add [carriers.NAME] to the configuration)'
    )
