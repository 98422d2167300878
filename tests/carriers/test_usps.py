"""USPS: what it asks, its codes, its times, its errors."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from carriers.usps import CATEGORIES, PHRASES, SCAN_CODES, Usps
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    Place,
    RateLimited,
    Refused,
    ShipmentStatus,
    Tracking,
    Unauthorized,
    Unreachable,
)

SOURCE = Usps(client_id="vesna", client_secret=SecretStr("sesame"))
NUMBER = "9200190000000000000042"


def scan(code: str | None, text: str | None = "…", **more: str | None) -> dict[str, Any]:
    return {"eventCode": code, "eventType": text, "eventTimestamp": "2026-09-10T14:30:00", **more}


def read(body: bytes, http: int = 200, numbers: tuple[str, ...] = (NUMBER,)) -> Sequence[Tracking]:
    return list(SOURCE.parse(Payload(body, http, numbers)))


def parcel(*scans: dict[str, Any], **more: Any) -> Tracking:
    (tracking,) = read(json.dumps({"trackingNumber": NUMBER, "trackingEvents": scans, **more}).encode())
    return tracking


def error(code: str | int, message: str = "…", *reasons: str) -> bytes:
    told = {"code": code, "message": message, "errors": [{"title": reason} for reason in reasons]}
    return json.dumps({"apiVersion": "/tracking/v3", "error": told}).encode()


# The request


def test_the_request() -> None:
    request = SOURCE.request(["92 00/7"])
    credentials = request.credentials
    assert request.method == "GET"
    assert request.url == "https://apis.usps.com/tracking/v3/tracking/92%2000%2F7?expand=DETAIL"
    assert credentials
    assert credentials.token_url == "https://apis.usps.com/oauth2/v3/token"
    assert (credentials.client_id, credentials.client_secret) == ("vesna", "sesame")
    assert credentials.style == "json"


def test_its_limits_keep_below_five_a_minute_and_sixty_an_hour() -> None:
    assert SOURCE.requests_per_second * 60 < 5
    assert SOURCE.requests_per_day
    assert SOURCE.requests_per_day < 24 * 60
    assert SOURCE.min_interval_minutes == 60


@pytest.mark.parametrize(
    ("number", "ours"),
    [("9200190000000000000047", True), ("RB123456785US", True), ("RB123456785GB", False)],
)
def test_it_takes_numbers_of_usps(number: str, ours: bool) -> None:
    assert SOURCE.accepts_number(number) is ours


# What codes mean


@pytest.mark.parametrize(
    ("code", "means"),
    [it for it in {**SCAN_CODES, **CATEGORIES}.items() if it[0] not in PHRASES],
)
def test_every_code(code: str, means: ShipmentStatus) -> None:
    assert parcel(scan(code)).status is means


@pytest.mark.parametrize(("phrase", "means"), PHRASES.items())
def test_every_phrase_of_a_code_that_is_not_known(phrase: str, means: ShipmentStatus) -> None:
    assert parcel(scan("??", f"{phrase.title()}, somewhere")).status is means
    assert parcel(statusCategory=phrase.title()).status is means


@pytest.mark.parametrize(
    ("code", "text", "means"),
    [
        ("01", "Delivered, To Original Sender", "returned"),
        ("01", "Delivered, Front Desk/Reception/Mail Room", "delivered"),
        ("02", "Notice Left", "delivery_failed"),
        ("21", "No Such Number", "returning"),
        ("??", "Held in Customs", "customs_hold"),
        ("??", "Inbound Into Customs", "in_customs"),
        ("??", "Inbound Out of Customs", "in_transit"),
        ("??", "Arrived at USPS Regional Facility", "in_transit"),
        ("??", "Processed Through Facility", "in_transit"),
        ("??", "Acceptance", "in_transit"),
        ("??", "Delivered to Agent for Final Delivery", "unknown"),
        ("??", "Something new", "unknown"),
        (None, "Delivered, In/At Mailbox", "delivered"),
        (None, "Something new", "unknown"),
    ],
)
def test_words_make_a_rough_code_more_exact(code: str | None, text: str | None, means: str) -> None:
    assert parcel(scan(code, text)).status.value == means


def test_a_scan_of_which_nothing_is_told_is_none() -> None:
    assert parcel({"eventCode": None}, scan("03"), {}).undated == ()


def test_the_newest_scan_goes_before_the_category() -> None:
    attempt = scan("02", "Delivery Attempt: Action Needed")
    assert parcel(attempt, statusCategory="Delivered").status is ShipmentStatus.DELIVERY_FAILED
    assert parcel(scan("??"), statusCategory="Delivered").status is ShipmentStatus.DELIVERED
    assert parcel(statusCategory="string").status is ShipmentStatus.UNKNOWN
    assert parcel().status is ShipmentStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ("Delivered, Parcel Locker &#174;", "Delivered, Parcel Locker ®"),
        ("Arrived<SUP>&reg;</SUP> at Hub ", "Arrived® at Hub"),
    ],
)
def test_html_in_texts(told: str, plain: str) -> None:
    assert [it.description for it in parcel(scan("03", told)).events] == [plain]


# Times, days, places

LOCAL, GMT = "2026-09-10T14:30:00", "2026-09-10T21:30:41Z"


@pytest.mark.parametrize(
    ("local", "gmt", "offset", "at"),
    [
        (LOCAL, GMT, "-07:00", "2026-09-10T14:30:00-07:00"),
        (LOCAL, GMT, "-7:00", "2026-09-10T14:30:00-07:00"),
        (f"{LOCAL}Z", GMT, "-7:00", "2026-09-10T14:30:00-07:00"),  # not UTC, whatever it says
        (LOCAL, GMT, "5:30", "2026-09-10T14:30:00+05:30"),
        (LOCAL, GMT, None, "2026-09-10T21:30:41+00:00"),
        (LOCAL, None, None, "2026-09-10T14:30:00 without zone"),
        (None, GMT, "-07:00", "2026-09-10T21:30:41+00:00"),
        (LOCAL, None, "west", "2026-09-10T14:30:00 without zone"),
        (LOCAL, "string", "-99:00", "2026-09-10T14:30:00 without zone"),
    ],
)
def test_a_scans_time(local: str | None, gmt: str | None, offset: str | None, at: str) -> None:
    (event,) = parcel(scan("03", eventTimestamp=local, GMTTimestamp=gmt, GMTOffset=offset)).events
    clock, _, unknown = at.partition(" ")
    assert event.zone_known is not bool(unknown)
    assert event.at.isoformat() == (f"{clock}+00:00" if unknown else clock)


def test_a_scan_without_a_time_is_kept_undated() -> None:
    tracking = parcel(scan("OF", eventTimestamp=None))
    assert (tracking.status.value, tracking.events) == ("out_for_delivery", ())


@pytest.mark.parametrize(
    ("told", "latest"),
    [
        ({"expectedDeliveryTimeStamp": "2026-09-14T21:00:00"}, "2026-09-14"),
        ({"expectedDeliveryTimeStamp": "string", "expectedDeliveryDate": "2026-09-15"}, "2026-09-15"),
        ({"deliveryDateExpectation": {"expectedDeliveryDate": "2026-09-15"}}, "2026-09-15"),
        ({"predictedDeliveryDate": "2026-09-16"}, "2026-09-16"),
        ({"guaranteedDeliveryTimeStamp": "2026-09-17T20:00:00"}, "2026-09-17"),
        ({"deliveryDateExpectation": {"guaranteedDeliveryDate": "2026-09-18"}}, "2026-09-18"),
        ({}, None),
    ],
)
def test_the_estimate(told: dict[str, Any], latest: str | None) -> None:
    edd = parcel(scan("03"), **told).edd
    assert (edd and str(edd.latest)) == latest


def test_until_when_the_post_office_keeps_it() -> None:
    assert str(parcel(scan("16"), returnDateNotice="2026-09-30").pickup_until) == "2026-09-30 00:00:00+00:00"
    assert parcel(scan("16"), returnDateNotice="string").pickup_until is None


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (
            {"eventCity": "BEND", "eventState": "OR", "eventZIP": "97701"},
            Place("BEND", "97701", "OR", "US"),
        ),
        ({"eventCity": "CHICAGO NETWORK CENTER"}, Place("CHICAGO NETWORK CENTER")),
        ({"eventZIP": 97701}, Place(postal_code="97701", country="US")),
        ({"eventCountry": "CHINA"}, Place(country="CN")),
        ({"eventCity": "", "eventState": None}, None),
    ],
)
def test_a_scan_names_no_country_at_home(told: dict[str, Any], place: Place | None) -> None:
    assert [it.place for it in parcel(scan("03", **told)).events] == [place]


def test_the_destination_is_not_where_it_was_delivered() -> None:
    delivered = parcel(scan("01", "Delivered"), destinationCity="BEND", destinationZIP="97701").delivery
    assert delivered
    assert delivered.place is None


def test_an_answer_that_does_not_repeat_the_number() -> None:
    (tracking,) = read(json.dumps({"trackingEvents": [scan("03")]}).encode())
    assert tracking.number == NUMBER


def test_several_parcels_come_in_a_list() -> None:
    several = [{"trackingNumber": number, "trackingEvents": [scan("03")]} for number in (NUMBER, "0000")]
    assert [it.number for it in read(json.dumps(several).encode())] == [NUMBER, "0000"]


# Errors

NOT_YET = "12: A status update is not yet available on your package."
INCORRECT = "The tracking number may be incorrect or the status update is not yet available."


@pytest.mark.parametrize(
    ("http", "body"),
    [
        (400, error("400", NOT_YET)),
        (400, error(400, "…", INCORRECT)),
        (404, error("404", "The requested resource could not be located.")),
        (404, error(404)),
        (200, error("400", NOT_YET)),
    ],
)
def test_nothing_is_known_of_the_number(http: int, body: bytes) -> None:
    assert read(body, http) == [Tracking(NUMBER, ShipmentStatus.NOT_FOUND)]
    assert read(body, http, ()) == []


@pytest.mark.parametrize(
    ("http", "body", "kind"),
    [
        (400, error("400", "The trackingNumber is not valid."), Refused),
        # The documentation's sample of an error: the HTTP status has to tell.
        (400, error("string", "string"), Refused),
        (400, b'{"error": "invalid_client", "error_description": "..."}', Unauthorized),
        (200, b'{"error": "invalid_token"}', Unauthorized),
        (400, b'{"error": "invalid_request"}', Refused),
        (401, error("401"), Unauthorized),
        (403, error("403"), Unauthorized),
        (429, error("429"), RateLimited),
        (500, error("500", "Internal error"), Unreachable),
        (503, error("503", "The service is not available."), Unreachable),
        (404, b"<!DOCTYPE html><title>Not Found</title>", ParseError),
        (404, b'{"fault": {"faultstring": "no such API"}}', ParseError),
        (200, b"{}", ParseError),
    ],
)
def test_errors(http: int, body: bytes, kind: type[LookError]) -> None:
    with pytest.raises(kind):
        read(body, http)


def test_statuses_whose_bodies_tell_something() -> None:
    assert SOURCE.reads_statuses == {400, 404}
