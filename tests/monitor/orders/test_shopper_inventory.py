"""The "Aliexpress Shopper Inventory" exports: items become orders."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from monitor.core.model import Money, Order, OrderStatus
from monitor.orders import OrderFile

Read = Callable[[str, str | bytes], OrderFile]

HEADER = (
    "Order Date,Order ID,Title,Qty,Price,Store,Product ID,SKU ID,Attributes,Price Info,Currency,Status,"
    "Product Url,Product Image Url,Store Url,Tags\n"
)
CSV = (
    HEADER + '"Feb 21, 2026",3045678901234567,Desk lamp,2,US $120.95,Lamp Store,1005001,120001,'
    '"Color: 6L, Ships From: GERMANY",US $120.95|120|95,USD,In Transit,https://example.org/1,,,\n'
    '"Feb 21, 2026",3045678901234568,Socket,1,"129,46zł",Volt,1005002,120002,,"129,46zł|129|46",PLN,Completed,,,,\n'
    '"Feb 21, 2026",3045678901234567,Bulb,1,US $3.05,Lamp Store,1005003,120003,,,USD,In Transit,,,,\n'
)
LAMP = Order(
    id="3045678901234567",
    title="Desk lamp and 1 more",
    seller="Lamp Store",
    price=Money("244.95", "USD"),
    ordered_on=date(2026, 2, 21),
    status=OrderStatus.SHIPPED,
)
SOCKET = Order(
    id="3045678901234568",
    title="Socket",
    seller="Volt",
    price=Money("129.46", "PLN"),
    ordered_on=date(2026, 2, 21),
    status=OrderStatus.FINISHED,
)

ITEM: dict[str, object] = {
    "id": "3045678901234999-1005002-120002",
    "orderId": "3045678901234568",
    "orderLineId": "3045678901234999",
    "productId": "1005002",
    "skuId": "120002",
    "title": "Socket",
    "price": "129,46zł",
    "priceInfo": "129,46zł|129|46",
    "currency": "PLN",
    "quantity": 1,
    "orderDate": "Feb 21, 2026",
    "orderDateIso": "2026-02-20",
    "status": "Completed",
    "storeName": "Volt",
    "storePageUrl": "",
    "productUrl": "",
    "imageUrl": "",
    "attributes": "",
    "timestamp": 1771632000000,
    "ignoreExport": False,
    "tags": [],
}


def test_the_csv_export(read: Read) -> None:
    file = read("export.csv", CSV)
    assert (file.refused, file.complete) == ((), True)
    assert [(row.order, row.line, row.notes) for row in file.rows] == [(LAMP, 2, ()), (SOCKET, 3, ())]


def test_the_json_export(read: Read) -> None:
    lamp = ITEM | {
        "orderId": 3045678901234567,
        "title": "Desk lamp",
        "price": "US $120.95",
        "currency": "USD",
        "quantity": 2,
        "status": "In Transit",
        "storeName": "Lamp Store",
    }
    bulb = lamp | {"title": "Bulb", "price": "US $3.05", "quantity": 1}
    file = read("export.json", json.dumps([lamp, ITEM, bulb], indent=1))
    assert (file.refused, file.complete) == ((), True)
    assert [(row.order, row.line) for row in file.rows] == [(LAMP, 2), (SOCKET, 25)]


def one(read: Read, *changes: dict[str, object]) -> OrderFile:
    return read("export.json", json.dumps([ITEM | change for change in changes]))


@pytest.mark.parametrize(
    ("written", "iso", "meant"),
    [
        ("Feb 21, 2026", "2026-02-20", date(2026, 2, 21)),
        ("February 3, 2026", "", date(2026, 2, 3)),
        ("Sept. 3, 2026", "", date(2026, 9, 3)),
        ("21 Feb 2026", "", date(2026, 2, 21)),
        ("2026-02-21", "", date(2026, 2, 21)),
        ("2026-02-21T10:00:00.000Z", "", date(2026, 2, 21)),
        ("", "2026-02-20", date(2026, 2, 20)),
        ("", "", None),
    ],
)
def test_the_shapes_of_a_date(written: str, iso: str, meant: date | None, read: Read) -> None:
    (row,) = one(read, {"orderDate": written, "orderDateIso": iso}).rows
    assert row.order.ordered_on == meant


@pytest.mark.parametrize(
    "written", ["Feb 30, 2026", "21/02/2026", "Foo 21, 2026", "2026-02-21 at noon", "Feb"]
)
def test_a_date_that_is_none_refuses_the_order(written: str, read: Read) -> None:
    (error,) = one(read, {"orderDate": written}).refused
    assert str(error) == (
        f'export.json:1 (order 3045678901234568): order date: "{written}" is not a date'
        " (allowed: such as Feb 21, 2026 or 2026-02-21)"
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Awaiting payment", OrderStatus.ORDERED),
        ("In Transit", OrderStatus.SHIPPED),
        ("Awaiting delivery", OrderStatus.SHIPPED),
        ("Delivered", OrderStatus.DELIVERED),
        ("Completed", OrderStatus.FINISHED),
        ("Expired", OrderStatus.FINISHED),
        ("Closed", OrderStatus.FINISHED),
        ("Canceled", OrderStatus.FINISHED),
        ("", None),
    ],
)
def test_the_words_of_a_status(word: str, status: OrderStatus | None, read: Read) -> None:
    (row,) = one(read, {"status": word}).rows
    assert (row.order.status, row.notes) == (status, ())


def test_an_unknown_status_is_none_with_a_note(read: Read) -> None:
    (row,) = one(read, {"status": "Completed"}, {"status": "Zakończone"}).rows
    assert row.order.status is None
    assert row.notes == ('no status, because "Zakończone" is not known',)


def test_an_order_is_as_far_as_its_last_item(read: Read) -> None:
    (row,) = one(read, {"status": "Completed"}, {"status": "In Transit"}, {"status": "Completed"}).rows
    assert row.order.status is OrderStatus.SHIPPED
    assert row.order.title == "Socket and 2 more"


def test_prices_in_several_currencies_are_never_added(read: Read) -> None:
    (row,) = one(read, {}, {"price": "US $1.00", "currency": "USD"}).rows
    assert row.order.price is None
    assert row.notes == ("no price, because its items are priced in PLN and USD",)


def test_a_price_that_is_not_understood_costs_the_price_only(read: Read) -> None:
    (row,) = one(read, {}, {"price": "free"}).rows
    assert row.order.price is None
    assert row.notes == (
        (
            'no price, because that of an item is not understood: "free" is not a price'
            " (allowed: such as 41.90 EUR)"
        ),
    )


def test_a_long_title_leaves_room_for_how_many_more(read: Read) -> None:
    (row,) = one(read, {"title": "a" * 300}, {}).rows
    assert row.order.title == "a" * 188 + "… and 1 more"
    assert len(row.order.title) == 200


def test_an_item_without_an_order_is_refused(read: Read) -> None:
    file = one(read, {}, {"orderId": ""})
    assert [str(error) for error in file.refused] == ["export.json:1: the item names no order"]
    assert [row.order for row in file.rows] == [SOCKET]


def test_a_half_written_export_gives_what_is_whole(read: Read) -> None:
    file = read("export.csv", CSV[: CSV.index("US $3.05")])
    assert [row.order.id for row in file.rows] == [LAMP.id, SOCKET.id]
    assert [str(error) for error in file.refused] == [
        "export.csv:4 (order 3045678901234567): the row has 5 cells, the header names 16 columns"
    ]
    assert not file.complete
