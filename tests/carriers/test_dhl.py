"""DHL Unified: what is asked, and what its answers mean."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from carriers.dhl import Dhl
from monitor.carrier import LookError, ParseError, Payload, Place, ShipmentStatus, Tracking

Status = ShipmentStatus
KEY = "a-secret-key"


def dhl(**more: object) -> Dhl:
    return Dhl.model_validate({"adapter": "dhl", "api_key": KEY, **more})


def shipment(*events: dict[str, object], **more: object) -> dict[str, object]:
    return {"id": "4417700016", "events": list(events), **more}


def event(
    code: str | None, text: str = "", at: str = "2026-11-18T05:12:00+01:00", **more: object
) -> dict[str, object]:
    return {"timestamp": at, "statusCode": code, "description": text, **more}


def read(*shipments: dict[str, object], numbers: tuple[str, ...] = (), **more: object) -> list[Tracking]:
    body = json.dumps({"shipments": list(shipments)}).encode()
    return list(dhl(**more).parse(Payload(body, numbers=numbers)))


def test_one_number_is_asked_with_the_key_in_a_header() -> None:
    request = dhl().request(["JD01 46/0?"])
    url = urlsplit(request.url)
    assert (request.method, url.netloc, url.path) == ("GET", "api-eu.dhl.com", "/track/shipments")
    assert parse_qs(url.query) == {"trackingNumber": ["JD01 46/0?"], "language": ["en"]}
    assert request.headers == (("DHL-API-Key", KEY),)


def test_what_is_known_of_the_parcels_narrows_the_question() -> None:
    request = dhl(service="parcel-de", postal_code="28013", base_url="https://dhl.example/track").request(
        ["1"]
    )
    query = parse_qs(urlsplit(request.url).query)
    assert request.url.startswith("https://dhl.example/track/shipments?")
    assert (query["service"], query["recipientPostalCode"]) == (["parcel-de"], ["28013"])
    assert "28013" not in repr(request)


def test_a_new_apps_limits_are_kept() -> None:
    assert (dhl().requests_per_day, dhl().requests_per_second, dhl().batch_size) == (250, 0.2, 1)


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        ("pre-transit", "Shipment information received", Status.INFO_RECEIVED),
        ("transit", "Departed from facility", Status.IN_TRANSIT),
        ("delivered", "Delivered", Status.DELIVERED),
        ("failure", "Something went wrong", Status.EXCEPTION),
        ("unknown", "", Status.UNKNOWN),
        ("rerouted", "A code that is new", Status.UNKNOWN),
        # Words make exact what is filed roughly.
        ("transit", "Held by customs", Status.CUSTOMS_HOLD),
        ("transit", "Out for delivery", Status.OUT_FOR_DELIVERY),
        ("failure", "Returned to sender", Status.RETURNING),
        ("failure", "The recipient refused the shipment", Status.DELIVERY_FAILED),
        ("failure", "Available for pick-up at the parcel shop", Status.AVAILABLE_FOR_PICKUP),
        # Delivery is never believed from words.
        ("pre-transit", "DELIVERED", Status.INFO_RECEIVED),
        ("transit", "Delivered to the next hub", Status.IN_TRANSIT),
    ],
)
def test_what_a_scan_means(code: str, text: str, status: Status) -> None:
    [tracking] = read(shipment(event(code, text)))
    assert tracking.status is status
    assert tracking.events[0].code == code


def test_your_codes_count() -> None:
    [tracking] = read(shipment(event("rerouted")), codes={"rerouted": "in_transit"})
    assert (tracking.status, tracking.events[0].decided_by) == (Status.IN_TRANSIT, "your codes")


def test_a_word_for_the_whole_parcel_does_not_beat_the_newest_scan() -> None:
    [tracking] = read(shipment(event("transit"), status=event("delivered")))
    assert (tracking.status, tracking.delivery) == (Status.IN_TRANSIT, None)


def test_a_time_without_offset_keeps_its_zone_unknown() -> None:
    [tracking] = read(shipment(event("transit", at="2026-11-20T13:05:00")))
    assert not tracking.events[0].zone_known


def test_a_scan_whose_time_cannot_be_read_counts_without_one() -> None:
    [tracking] = read(shipment(event("transit", at="string")))
    assert (tracking.status, tracking.events, len(tracking.undated)) == (Status.IN_TRANSIT, (), 1)


def test_a_shipment_that_was_asked_by_one_of_its_pieces_goes_by_that_number() -> None:
    told = shipment(event("transit"), details={"pieceIds": ["JD014600000000000048"]})
    [tracking] = read(told, numbers=("jd014600000000000048",))
    assert (tracking.number, tracking.aliases) == ("jd014600000000000048", ("4417700016",))


def test_of_two_divisions_with_one_number_the_parcel_that_moved_last_comes_first() -> None:
    old, new = event("delivered", at="2025-01-07T10:00:00+01:00"), event("transit")
    assert [it.status for it in read(shipment(old), shipment(new))] == [Status.IN_TRANSIT, Status.DELIVERED]


@pytest.mark.parametrize(
    ("locality", "code", "city", "country"),
    [
        ("MADRID - SPAIN", "ES", "MADRID", "ES"),
        ("MADRID - SPAIN", None, "MADRID", "ES"),
        ("HONG KONG - HONG KONG SAR, CHINA", None, "HONG KONG", "HK"),
        # What stands behind it is no country.
        ("Halle - Süd", None, "Halle", None),
        ("Halle", "DE", "Halle", "DE"),
    ],
)
def test_express_writes_the_country_behind_the_city(
    locality: str, code: str | None, city: str, country: str | None
) -> None:
    address = {"addressLocality": locality, "countryCode": code}
    [tracking] = read(shipment(event("delivered", location={"address": address})))
    assert tracking.delivery is not None
    assert tracking.delivery.place is not None
    assert (tracking.delivery.place.city, tracking.delivery.place.country) == (city, country)


def test_numbers_and_postal_codes_may_be_told_as_numbers() -> None:
    place = {"address": {"addressLocality": "Utrecht", "postalCode": 3511}}
    told = shipment(event("transit", location=place), details={"pieceIds": [771, 772]})
    [tracking] = read({**told, "id": 4417700016})
    assert (tracking.number, tracking.events[0].place) == ("4417700016", Place("Utrecht", "3511"))
    [tracking] = read({**told, "id": None}, numbers=("772",))
    assert (tracking.number, tracking.aliases) == ("772", ())


def test_a_status_that_is_newer_than_all_events_is_a_scan() -> None:
    out, home = event("transit", at="2026-11-18T07:00:00"), event("delivered", at="2026-11-18T12:30:00")
    [tracking] = read(shipment(out, status=home))
    assert (tracking.status, len(tracking.events)) == (Status.DELIVERED, 2)
    assert tracking.delivery is not None
    [tracking] = read(shipment(out, status=event("pre-transit", at="2026-11-17T07:00:00")))
    assert (tracking.status, len(tracking.events)) == (Status.IN_TRANSIT, 1)


def test_a_scan_without_a_code_that_says_what_the_status_says_has_its_code() -> None:
    scans = [event(None, "Handed over", "2026-11-18T12:30:00"), event(None, "Sorted", "2026-11-18T02:00:00")]
    [tracking] = read(shipment(*scans, status={"statusCode": "delivered", "description": "Handed over"}))
    assert [it.status for it in tracking.events] == [Status.UNKNOWN, Status.DELIVERED]
    assert tracking.delivery is not None


def test_a_404_that_says_so_is_a_number_nobody_knows() -> None:
    body = json.dumps({"title": "No result found", "detail": "No shipment found.", "status": 404}).encode()
    [tracking] = dhl().parse(Payload(body, 404, ("4417700016",)))
    assert (tracking.number, tracking.status) == ("4417700016", Status.NOT_FOUND)


def test_a_404_that_is_a_web_page_is_a_wrong_address() -> None:
    for body in (b"<html>nothing here", b'{"fault": {"faultstring": "no such API"}}'):
        with pytest.raises(ParseError):
            list(dhl().parse(Payload(body, 404, ("4417700016",))))


def test_other_peoples_numbers_are_not_taken_for_ours() -> None:
    [tracking] = read(shipment(event("delivered")), numbers=("9999999999",))
    assert "9999999999" not in (tracking.number, *tracking.aliases)


def test_an_answer_without_shipments_is_none() -> None:
    with pytest.raises(LookError, match="shipments"):
        list(dhl().parse(Payload(b'{"title": "?"}')))
