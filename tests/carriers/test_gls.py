"""GLS: a page that tells the scans only who knows the postal code, its Dutch sister, and the API."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from carriers.gls import CATEGORIES, SCAN_CODES, UNKNOWN_NUMBER, Gls
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    Refused,
    Request,
    ShipmentStatus,
    Tracking,
    Unreachable,
)
from tests.carriers.conftest import Talk

Status = ShipmentStatus
NUMBER = "70000000014"
KEYS = {"client_id": "an-id", "client_secret": "a-secret"}


def gls(**more: object) -> Gls:
    return Gls.model_validate({"adapter": "gls", **more})


def read(body: object, status: int = 200, numbers: tuple[str, ...] = (NUMBER,)) -> list[Tracking]:
    return list(gls().parse(Payload(json.dumps(body).encode(), status, numbers)))


def page(
    info: str | None, *events: dict[str, object], retour: bool = False, **more: object
) -> dict[str, object]:
    progress = {"statusInfo": info, "retourFlag": retour}
    return {"tuNo": NUMBER, "progressBar": progress, "history": list(events), **more}


def event(
    no: str | None = None, text: str = "-", date: str = "2026-11-20", time: str = "10:00:00"
) -> dict[str, object]:
    return {"date": date, "time": time, "evtNo": no, "evtDscr": text, "address": {"city": "Inca"}}


def dutch(state: int | None, *states: int, delivered: bool = False, shop: object = None) -> dict[str, object]:
    scans = [{"dateTime": "2026-11-20T10:00:00", "state": it, "eventReasonDescr": "-"} for it in states]
    handover = {"isDelivered": delivered, "dateTime": None, "parcelShop": shop}
    return {"parcelNo": NUMBER, "state": state, "scans": scans, "deliveryScanInfo": handover, "parcels": [{}]}


def business(status: str | None, *codes: str, **more: object) -> dict[str, object]:
    at = "2026-11-20T10:00:00+0100"
    events = [{"code": code, "description": "-", "eventDateTime": at} for code in codes]
    parcel = {"requested": NUMBER, "unitno": NUMBER, "status": status, "statusDateTime": at, "events": events}
    return {"parcels": [{**parcel, **more}]}


# What is asked


def asked(request: Request) -> tuple[str, dict[str, list[str]]]:
    url = urlsplit(request.url)
    return f"{url.scheme}://{url.netloc}{url.path}", parse_qs(url.query, keep_blank_values=True)


def test_the_page_is_asked_without_a_key() -> None:
    request = gls().request(["70 0/14"])
    assert request.credentials is None
    assert asked(request) == (
        "https://gls-group.com/app/service/open/rest/GROUP/en/rstt029",
        {"match": ["70 0/14"], "type": [""], "caller": ["witt002"], "millis": ["0"]},
    )


def test_the_dutch_page_wants_a_postal_code() -> None:
    request = gls(service="dutch_page", postal_code="1234 AB").request([NUMBER])
    assert request.url == f"https://apm.gls.nl/api/tracktrace/v1/{NUMBER}/postalcode/1234AB/details/nl-NL"
    assert "1234" not in repr(request)


def test_the_business_api_wants_a_token() -> None:
    request = gls(service="business", base_url="https://gls.example", **KEYS).request([NUMBER])
    assert (
        request.url
        == f"https://gls.example/track-and-trace-v1/tracking/simple/trackids/{NUMBER}?showEvents=true"
    )
    assert request.credentials is not None
    assert request.credentials.token_url == "https://gls.example/oauth2/v2/token"
    assert (request.credentials.client_id, request.credentials.client_secret) == ("an-id", "a-secret")
    assert request.credentials.style == "basic"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"service": "dutch_page"}, "needs postal_code"),
        ({"service": "business", "client_id": "an-id"}, "needs client_id and client_secret"),
    ],
)
def test_a_service_without_what_it_needs_is_a_mistake(config: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        gls(**config)


def test_it_is_a_guest() -> None:
    source = gls()
    assert (source.min_interval_minutes, source.requests_per_day, source.requests_per_second) == (
        180,
        200,
        0.2,
    )
    assert source.accepts_number(NUMBER)
    assert not source.accepts_number("RB123456785GB")


def test_who_knows_the_postal_code_is_told_the_scans(talk: Talk) -> None:
    overview = json.dumps(
        {"tuStatus": [{"tuNo": NUMBER, "progressBar": {"statusInfo": "INDELIVERY"}}]}
    ).encode()
    details = json.dumps(page("INDELIVERY", event("11.0"))).encode()
    requests, [tracking] = talk(gls(postal_code="07 300"), ["ABCD1234"], overview, details)
    assert asked(requests[1]) == (
        f"https://gls-group.com/app/service/open/rest/GROUP/en/rstt028/{NUMBER}",
        {"postalCode": ["07300"], "caller": ["witt002"], "millis": ["0"]},
    )
    assert (tracking.number, tracking.aliases) == ("ABCD1234", (NUMBER,))
    assert len(tracking.events) == 1


@pytest.mark.parametrize("error", ["E609", "E000"])
def test_details_that_are_not_told_leave_the_status(talk: Talk, error: str) -> None:
    overview = json.dumps({"tuStatus": [page("INTRANSIT")]}).encode()
    wrong = Payload(json.dumps({"lastError": error}).encode(), 404, (NUMBER,))
    _, [tracking] = talk(gls(postal_code="07300"), [NUMBER], overview, wrong)
    assert tracking.status is Status.IN_TRANSIT


@pytest.mark.parametrize("config", [{}, {"postal_code": "07300"}])
def test_the_postal_code_of_an_unknown_parcel_is_nobodys_business(
    talk: Talk, config: dict[str, object]
) -> None:
    requests, learned = talk(gls(**config), [NUMBER], Payload(b'{"lastError": "E000"}', 404, (NUMBER,)))
    assert len(requests) == 1
    assert learned == [Tracking(NUMBER, Status.NOT_FOUND)]


# Codes


@pytest.mark.parametrize(("code", "status"), SCAN_CODES.items())
def test_a_scans_own_code_is_exact(code: str, status: ShipmentStatus) -> None:
    [tracking] = read(business(None, code))
    assert (tracking.status, tracking.events[0].code) == (status, code)


@pytest.mark.parametrize(("word", "status"), CATEGORIES.items())
def test_the_word_for_the_parcel_counts_where_no_scan_is_told(word: str, status: ShipmentStatus) -> None:
    assert read(business(word))[0].status is status
    assert read({"tuStatus": [page(word)]})[0].status is status


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (0, Status.INFO_RECEIVED),
        (1, Status.IN_TRANSIT),
        (2, Status.IN_TRANSIT),
        (3, Status.OUT_FOR_DELIVERY),
        (4, Status.DELIVERED),
        (9, Status.UNKNOWN),
    ],
)
def test_the_dutch_page_has_states(state: int, status: ShipmentStatus) -> None:
    assert read(dutch(state))[0].status is status
    assert read(dutch(state, state))[0].events[0].status is status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        # The word is about the newest scan, whose own code is better.
        (page("DELIVERED", event(), event("11.0", time="07:00:00")), Status.DELIVERED),
        (page("DELIVERED", event("3.896")), Status.AVAILABLE_FOR_PICKUP),
        (page("INTRANSIT", event(text="Held by customs")), Status.CUSTOMS_HOLD),
        (page("INTRANSIT", event("11.0")), Status.OUT_FOR_DELIVERY),
        (page("DELIVERED", event("7.77")), Status.DELIVERED),
        (page(None, event("7.77")), Status.UNKNOWN),
        # Text alone delivers nothing.
        (page(None, event(text="The parcel has been delivered")), Status.UNKNOWN),
        # The flag says whose door it was.
        (page("DELIVERED", event("3.0"), retour=True), Status.RETURNED),
        (page("INTRANSIT", event("1.0"), retour=True), Status.RETURNING),
        (page(None, retour=True), Status.RETURNING),
        (page("DELIVERED", event("1.0"), event("3.0", time="09:00:00"), retour=True), Status.RETURNED),
        # A word newer than the newest scan says nothing of that scan.
        (
            business("INTRANSIT", "INTIAL.PREADVICE", statusDateTime="2026-11-21T10:00:00+0100"),
            Status.IN_TRANSIT,
        ),
        (business("DELIVEREDPS", "DELIVD.NEW"), Status.AVAILABLE_FOR_PICKUP),
        (business("FINAL", "DELIVD.NORMAL"), Status.DELIVERED),
        (business("FINAL", "DELIVD.NEW"), Status.UNKNOWN),
        # Delivered to a shop, or so a scan says and the parcel does not.
        (dutch(4, 4, delivered=True, shop={"name": "De Hoek"}), Status.AVAILABLE_FOR_PICKUP),
        (dutch(4, 4, delivered=True, shop="De Hoek"), Status.AVAILABLE_FOR_PICKUP),
        (dutch(3, 3, 4), Status.OUT_FOR_DELIVERY),
        (dutch(3, 4, delivered=True), Status.DELIVERED),
        (dutch(None, 4), Status.DELIVERED),
    ],
)
def test_what_decides(body: object, status: ShipmentStatus) -> None:
    assert read(body)[0].status is status


def test_a_scan_stays_the_same_scan_when_a_newer_one_comes() -> None:
    old = event(text="Arrived", time="09:00:00")
    [before], [after] = read(page("INTRANSIT", old)), read(page("INDELIVERY", event(), old))
    assert before.events[0].code is None
    assert after.events[0].code is None


def test_numbers_may_be_written_as_such() -> None:
    [tracking] = read({**page(None, {**event(), "evtNo": 11.0, "address": ""}), "tuNo": 17}, numbers=())
    assert (tracking.number, tracking.status) == ("17", Status.OUT_FOR_DELIVERY)
    unit = {"requested": 70000000014, "unitno": 7000000001}
    [tracking] = read(business("INTRANSIT", "INTIAL.NORMAL", **unit), numbers=())
    assert (tracking.number, tracking.aliases) == ("70000000014", ("7000000001",))


def test_details_name_the_number_among_the_references() -> None:
    references = [{"type": "CUSTREF", "value": "K17"}, {"type": "UNITNO", "value": NUMBER}]
    [tracking] = read({**page("INTRANSIT"), "tuNo": None, "references": references}, numbers=())
    assert tracking.number == NUMBER


def test_without_times_no_scan_is_taken_for_the_newest() -> None:
    [tracking] = read(page("INDELIVERY", event(date=""), event(date="", text="More")))
    assert [it.status for it in tracking.undated] == [Status.UNKNOWN, Status.UNKNOWN]
    assert tracking.status is Status.OUT_FOR_DELIVERY


def test_the_order_of_the_scans_does_not_matter() -> None:
    scans = [event("11.0", time="07:00:00"), event("3.0", time="10:00:00")]
    assert read(page("DELIVERED", *scans)) == read(page("DELIVERED", *reversed(scans)))


# Times and numbers


@pytest.mark.parametrize(
    ("date", "time", "at"),
    [
        ("2026-11-20", "10:20:30", "2026-11-20T10:20:30"),
        ("20-Nov-2026", "10:20", "2026-11-20T10:20:00"),
        ("20.11.2026", "10:20", "2026-11-20T10:20:00"),
        ("2026-11-20", "", "2026-11-20T00:00:00"),
        ("", "10:20", None),
        ("20/11/2026", "10:20", None),
    ],
)
def test_the_page_tells_day_and_time_apart_and_no_zone(date: str, time: str, at: str | None) -> None:
    [tracking] = read(page(None, event(date=date, time=time)))
    assert [(it.at.replace(tzinfo=None).isoformat(), it.zone_known) for it in tracking.events] == (
        [(at, False)] if at else []
    )
    assert len(tracking.undated) == (at is None)


def test_offsets_are_kept_and_dutch_clocks_are_dutch() -> None:
    [parcel] = read(business("INTRANSIT", "INTIAL.NORMAL"))
    assert parcel.events[0].at.isoformat() == "2026-11-20T10:00:00+01:00"
    assert read(dutch(3, 3))[0].events[0].at.isoformat() == "2026-11-20T10:00:00+01:00"


@pytest.mark.parametrize(
    ("body", "days"),
    [
        (page("INTRANSIT", arrivalTime={"value": "21-Nov-2026"}), (None, "2026-11-21")),
        (page("INTRANSIT", arrivalTime={"value": "21-Nov-2026 between two and four"}), (None, "2026-11-21")),
        (
            page("INTRANSIT", arrivalTime={"value": "Sa, 21.11.2026 zwischen 10:00 - 12:30"}),
            (None, "2026-11-21"),
        ),
        (page("INTRANSIT", arrivalTime={"value": "21.11.2026 - 23.11.2026"}), None),
        (page("INTRANSIT", arrivalTime={"value": "31.11.2026"}), None),
        (page("INTRANSIT", arrivalTime={"value": "today"}), None),
        (page("INTRANSIT", arrivalTime=""), None),
        (page("DELIVERED", arrivalTime={"value": "21-Nov-2026 at 10:59 o`clock"}), None),
        (page("DELIVEREDPS", arrivalTime={"value": "21-Nov-2026 at 10:59 o`clock"}), None),
        (page("DELIVERED", arrivalTime={"value": "21-Nov-2026 at 10:59 o`clock"}, retour=True), None),
        (page("INTRANSIT", estimatedDeliveryDateTime="2026-11-21"), (None, "2026-11-21")),
        ({**dutch(3), "deliveryStatus": {"etaTimestampMin": "2026-11-21T10:00:00Z"}}, ("2026-11-21", None)),
        ({**dutch(3), "deliveryStatus": {"etaTimestampMax": "2026-11-21T10:00:00Z"}}, (None, "2026-11-21")),
    ],
)
def test_estimates(body: object, days: tuple[str | None, str | None] | None) -> None:
    edd = read(body)[0].edd
    assert days == (
        edd and (edd.earliest and edd.earliest.isoformat(), edd.latest and edd.latest.isoformat())
    )


def test_when_it_was_delivered_is_known_without_scans() -> None:
    [tracking] = read(page("DELIVERED", arrivalTime={"value": "21-Nov-2026 at 10:59 o`clock"}))
    assert tracking.delivery is not None
    assert tracking.delivery.at is not None
    assert (tracking.delivery.at.isoformat()[:16], tracking.delivery.zone_known) == (
        "2026-11-21T10:59",
        False,
    )


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (NUMBER, NUMBER),
        (NUMBER + "8", NUMBER + "8"),  # printed with its check digit
        ("ABCD1234", "ABCD1234"),  # a Track ID
        ("99999999999", NUMBER),  # another parcel is not the one that was asked
    ],
)
def test_whose_answer_it_is(number: str, named: str) -> None:
    [tracking] = read(page("INTRANSIT"), numbers=(number,))
    assert tracking.number == named


# Nothing known, and errors


@pytest.mark.parametrize("code", sorted(UNKNOWN_NUMBER - {"E_404_01"}))
@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_number_that_gls_does_not_know(code: str, status: int) -> None:
    assert read({"lastError": code}, status) == [Tracking(NUMBER, Status.NOT_FOUND)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"tuStatus": []}, 200),
        ({"parcels": []}, 200),
        ({"parcels": [{"requested": NUMBER, "errorCode": "E_404_01"}]}, 200),
        ({"exceptionText": "no such parcel"}, 404),
    ],
)
def test_nothing_is_known(body: object, status: int) -> None:
    assert read(body, status) == [Tracking(NUMBER, Status.NOT_FOUND)]


def test_the_dutch_page_says_nothing_at_all_of_an_unknown_number() -> None:
    assert list(gls().parse(Payload(b"", 204, (NUMBER,)))) == [Tracking(NUMBER, Status.NOT_FOUND)]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"lastError": "E609"}, 404, Refused),
        ({"lastError": "E123"}, 200, Refused),
        ({"title": "Bad request"}, 400, Refused),
        ({"parcels": [{"requested": NUMBER, "errorCode": "E_500_01"}]}, 200, Unreachable),
        ({}, 200, ParseError),
        ({"tuStatus": [5]}, 200, ParseError),
        ({"parcels": [{"status": 5}]}, 200, ParseError),
        ([], 200, ParseError),
    ],
)
def test_other_answers_are_named_errors(body: object, status: int, error: type[LookError]) -> None:
    with pytest.raises(error):
        read(body, status)
