"""Parcel: one list for all numbers, a code for the newest event, times in everybody's words."""

import json

import pytest

from carriers.parcelapp import STATUS_CODES, ParcelApp
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    RateLimited,
    ShipmentStatus,
    Tracking,
    Unauthorized,
    Unreachable,
)

Status = ShipmentStatus
KEY = "a-secret-key"
NUMBER = "OW0000000010"


def parcelapp(**more: object) -> ParcelApp:
    return ParcelApp.model_validate({"adapter": "parcelapp", "api_key": KEY, **more})


def delivery(code: object, *events: dict[str, str], number: str = NUMBER) -> dict[str, object]:
    return {"tracking_number": number, "status_code": code, "events": list(events)}


def event(text: str = "Scanned", date: str = "2026-11-20 10:00", **more: str) -> dict[str, str]:
    return {"event": text, "date": date, **more}


def answer(*deliveries: object, **more: object) -> bytes:
    return json.dumps({"success": True, "deliveries": deliveries, **more}).encode()


def read(*deliveries: object, numbers: tuple[str, ...] = (), **config: object) -> list[Tracking]:
    return list(parcelapp(**config).parse(Payload(answer(*deliveries), numbers=numbers)))


def test_one_request_for_all_numbers_with_the_key_in_a_header() -> None:
    request = parcelapp(base_url="https://parcel.example/").request(["A1", "B 2"])
    assert (request.method, request.url, request.body) == (
        "GET",
        "https://parcel.example/external/deliveries/?filter_mode=recent",
        None,
    )
    assert request.headers == (("api-key", KEY),)


def test_the_accounts_limits_are_kept() -> None:
    source = parcelapp()
    assert (source.batch_size, source.requests_per_day, source.min_interval_minutes) == (1000, 480, 10)
    assert source.takes_any_number


# Status codes


@pytest.mark.parametrize(("code", "status"), STATUS_CODES.items())
@pytest.mark.parametrize("as_text", [False, True])
def test_the_code_is_what_the_parcel_is(code: str, status: ShipmentStatus, as_text: bool) -> None:
    told = code if as_text else int(code)
    [without, with_events] = [read(delivery(told, *events))[0] for events in ((), (event("-"),))]
    assert without.status is status
    assert with_events.status is (status if code != "5" else Status.UNKNOWN)


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        (2, "Held by customs", Status.CUSTOMS_HOLD),
        (7, "Available for pick up", Status.AVAILABLE_FOR_PICKUP),
        (7, "Returned to sender", Status.RETURNING),
        (0, "Returned to sender", Status.RETURNED),
        (7, "Something happened", Status.EXCEPTION),
        (4, "Held by customs", Status.OUT_FOR_DELIVERY),
        (2, "Delivered", Status.IN_TRANSIT),
        (99, "Out for delivery", Status.OUT_FOR_DELIVERY),
        (99, "-", Status.UNKNOWN),
        (None, "Out for delivery", Status.OUT_FOR_DELIVERY),
    ],
)
def test_the_newest_words_make_the_code_more_exact(code: object, text: str, status: ShipmentStatus) -> None:
    assert read(delivery(code, event(text)))[0].status is status


def test_what_parcel_adds_counts_as_words_too() -> None:
    [tracking] = read(delivery(2, event("Scanned", additional="Held by customs")))
    assert tracking.status is Status.CUSTOMS_HOLD
    assert tracking.events[0].description == "Scanned: Held by customs"


def test_a_frozen_parcel_is_expired_whatever_its_last_scan_was() -> None:
    [tracking] = read(delivery(1, event("Out for delivery")))
    assert (tracking.status, tracking.events[0].status) == (Status.EXPIRED, Status.OUT_FOR_DELIVERY)


def test_a_scan_stays_the_same_scan_when_a_newer_one_comes() -> None:
    old = event("Arrived", "2026-11-19 10:00")
    [before], [after] = read(delivery(2, old)), read(delivery(4, event("Left"), old))
    assert before.events[0].code is None
    assert after.events[0].code is None
    assert before.events[0].status is Status.IN_TRANSIT


def test_only_a_code_that_nothing_maps_is_told_as_unknown() -> None:
    [tracking] = read(delivery(9, event("-"), event("also unread", "2026-11-01 10:00")))
    assert [it.code for it in tracking.events] == [None, "9"]
    [mapped] = read(delivery(9, event("-")), codes={"9": "in_customs"})
    assert mapped.status is Status.IN_CUSTOMS


def test_the_order_of_the_list_decides_not_the_clocks() -> None:
    [tracking] = read(delivery(0, event("-", ""), event("Out for delivery", "2026-11-20 09:00")))
    assert (tracking.status, tracking.delivery) == (Status.DELIVERED, None)
    [tracking] = read(
        delivery(0, event("-", "2026-11-20 10:00"), event("Out for delivery", "2026-11-20T11:00Z"))
    )
    assert tracking.status is Status.DELIVERED
    assert tracking.delivery is not None
    assert tracking.delivery.at is not None
    assert (tracking.delivery.at.hour, tracking.delivery.zone_known) == (10, False)


# Which numbers


def test_a_list_that_begins_with_the_oldest_is_read_from_its_end() -> None:
    [tracking] = read(delivery(0, event("Posted", "2026-11-18 10:00"), event("-", "2026-11-20 11:00")))
    assert tracking.delivery is not None
    assert tracking.delivery.at is not None
    assert (tracking.status, tracking.delivery.at.day) == (Status.DELIVERED, 20)


def test_what_matters_little_costs_nothing_if_it_is_odd() -> None:
    odd = {"event": "Scanned", "date": 17, "location": {"city": "Lyon"}, "additional": ["more"]}
    expected = {"date_expected": 0, "date_expected_end": {}, "timestamp_expected": "soon"}
    [tracking] = read({"tracking_number": 5, "status_code": 2, "events": [odd], **expected})
    assert (tracking.number, tracking.status, tracking.edd) == ("5", Status.IN_TRANSIT, None)
    [scan] = tracking.undated
    assert (scan.description, scan.place) == ("Scanned", None)


def test_a_number_that_is_not_in_the_list_is_not_found() -> None:
    learned = read(delivery(2), numbers=("ow 0000000010", "LP00000000000001"))
    assert {it.number: it.status for it in learned} == {
        NUMBER: Status.IN_TRANSIT,
        "LP00000000000001": Status.NOT_FOUND,
    }


def test_what_else_the_user_follows_is_left_out() -> None:
    assert [it.number for it in read(delivery(2), delivery(2, number="X2"), numbers=("X2",))] == ["X2"]


@pytest.mark.parametrize("codes", [(5, 4), (4, 5)])
def test_of_a_number_at_two_carriers_the_one_that_knows_it_counts(codes: tuple[int, int]) -> None:
    [tracking] = read(*map(delivery, codes))
    assert tracking.status is Status.OUT_FOR_DELIVERY


def test_an_unreadable_delivery_leaves_it_open_who_is_missing() -> None:
    broken: dict[str, object] = {"tracking_number": []}
    assert [it.number for it in read(broken, delivery(2), numbers=(NUMBER, "X2"))] == [NUMBER]
    with pytest.raises(ParseError, match=r"deliveries\[0\]"):
        read(broken, numbers=(NUMBER,))


# Times


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2023-03-05 08:15", "2023-03-05T08:15:00"),
        ("2023-03-05", "2023-03-05T00:00:00"),
        ("2023-03-05T08:15:30-05:00", "2023-03-05T08:15:30-05:00"),
        ("March 5, 2023 08:15", "2023-03-05T08:15:00"),
        ("March 5 2023 08:15", "2023-03-05T08:15:00"),
        ("Mar 5, 2023 8:15 PM", "2023-03-05T20:15:00"),
        ("February 14, 2025 12:27 AM EST", "2025-02-14T00:27:00"),
        ("February 14, 2025 12:27 p.m.", "2025-02-14T12:27:00"),
        ("Sunday, March 5, 2023 at 8:15", "2023-03-05T08:15:00"),
        ("Sun 5 Mar 2023 08:15:59", "2023-03-05T08:15:59"),
        ("Sun, 05 Mar 2023 08:15:59 +0100", "2023-03-05T08:15:59+01:00"),
        ("5.3.2023 08:15-05:00", "2023-03-05T08:15:00-05:00"),
        ("5 March 2023", "2023-03-05T00:00:00"),
        ("05.03.2023 08:15", "2023-03-05T08:15:00"),
        ("05.03.2023", "2023-03-05T00:00:00"),
        ("5-Mar-2023 08:15", "2023-03-05T08:15:00"),
        ("2023/03/05 08:15", "2023-03-05T08:15:00"),
        ("25/03/2023 08:15", "2023-03-25T08:15:00"),
        ("03/25/2023 08:15", "2023-03-25T08:15:00"),
        ("05/05/2023 08:15", "2023-05-05T08:15:00"),
        ("05/03/2023 08:15", None),
        ("05-03-2023", None),
        ("Monday, 5 March", None),
        ("5 März 2023", None),
        ("08:15", None),
        ("March 5, 2023 25:15", None),
        ("", None),
        ("yesterday", None),
    ],
)
def test_times_are_read_as_they_are_told_or_not_at_all(told: str, at: str | None) -> None:
    [tracking] = read(delivery(2, event(date=told)))
    if at is None:
        assert not tracking.events
        assert [it.description for it in tracking.undated] == ["Scanned"]
        return
    [scan] = tracking.events
    assert (scan.at if scan.zone_known else scan.at.replace(tzinfo=None)).isoformat() == at


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ({"date_expected": "2026-11-21 09:00:00"}, (None, "2026-11-21")),
        ({"date_expected": "2026-11-21", "date_expected_end": "2026-11-23"}, ("2026-11-21", "2026-11-23")),
        (
            {"date_expected": "2026-11-21T23:00:00-05:00", "timestamp_expected": 1795320000},
            (None, "2026-11-21"),
        ),
        ({"date_expected": "03/12/2026", "timestamp_expected": 1796256000}, (None, "2026-12-03")),
        (
            {"timestamp_expected": 1796256000, "timestamp_expected_end": 1796342400},
            ("2026-12-03", "2026-12-04"),
        ),
        ({"date_expected_end": "2026-11-23"}, (None, "2026-11-23")),
        ({"timestamp_expected": 1e30}, None),
        ({"date_expected": "soon", "timestamp_expected": 0}, None),
    ],
)
def test_the_estimate_is_the_day_as_it_is_told(
    told: dict[str, object], days: tuple[str | None, str] | None
) -> None:
    edd = read({**delivery(2), **told})[0].edd
    assert days == (
        edd and (edd.earliest and edd.earliest.isoformat(), edd.latest and edd.latest.isoformat())
    )


# Errors


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"success": False, "error_code": "INVALID_API_KEY"}, Unauthorized),
        ({"success": False, "error_message": "A premium subscription is needed"}, Unauthorized),
        ({"success": False, "error_message": "Rate limit exceeded"}, RateLimited),
        ({"success": False, "error_message": "Too many requests"}, RateLimited),
        ({"success": False, "error_code": "INVALID_TOKEN"}, Unauthorized),
        ({"success": False, "error_message": "Out of paper", "deliveries": []}, Unreachable),
        ({"success": True}, Unreachable),
        ({}, Unreachable),
        ({"success": True, "deliveries": {}}, Unreachable),
        ([], Unreachable),
    ],
)
def test_no_list_is_an_error_and_nobody_is_missing(body: object, error: type[LookError]) -> None:
    with pytest.raises(error):
        list(parcelapp().parse(Payload(json.dumps(body).encode(), numbers=(NUMBER,))))
