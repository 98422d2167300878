"""The configurable source: what it asks, what it finds, and which configurations it refuses."""

import json
from typing import Any

import pytest

from monitor.carrier import Payload, ShipmentStatus, Source, Tracking, Unreachable
from monitor.errors import ConfigError, ParseError
from monitor.plugins import load_source
from monitor.tracking_json import tracking_json
from tests.carriers.conftest import Talk

URL = "https://api.example.org/track/{number}"
NUMBER = "MP10000001"


def source(**table: Any) -> Source:
    return load_source("mypost", {"adapter": "http", "url": URL, **table})


def read(
    answer: object, *, asked: tuple[str, ...] = (NUMBER,), status: int = 200, **table: Any
) -> list[Tracking]:
    return list(source(**table).parse(Payload(json.dumps(answer).encode(), status, asked)))


# What is asked


@pytest.mark.parametrize(
    ("table", "numbers", "url"),
    [
        ({}, ["A1"], "https://api.example.org/track/A1"),
        ({}, ["A/1?x#y z"], "https://api.example.org/track/A%2F1%3Fx%23y%20z"),
        ({}, ["../../admin"], "https://api.example.org/track/..%2F..%2Fadmin"),
        ({"query": {"key": "a&b", "v": "2"}}, ["A1"], "https://api.example.org/track/A1?key=a%26b&v=2"),
        (
            {"url": URL + "?x={number}", "query": {"k": "s"}},
            ["A1"],
            "https://api.example.org/track/A1?x=A1&k=s",
        ),
        (
            {"url": "https://a.example/?n={numbers}", "numbers_per_request": 2, "fields": {"number": "id"}},
            ["A 1", "B2"],
            "https://a.example/?n=A%201,B2",
        ),
        (
            {
                "url": "https://a.example/?n={numbers}",
                "separator": "|",
                "numbers_per_request": 2,
                "fields": {"number": "id"},
            },
            ["A1", "B2"],
            "https://a.example/?n=A1|B2",
        ),
    ],
)
def test_the_address(table: dict[str, Any], numbers: list[str], url: str) -> None:
    request = source(**table).request(numbers)
    assert (request.url, request.method, request.body) == (url, "GET", None)


BATCH: dict[str, Any] = {"url": "https://a.example/", "numbers_per_request": 9, "fields": {"number": "id"}}


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"n": "{number}"}, {"n": "A1"}),
        ({"n": "{numbers}"}, {"n": ["A1", "B2"]}),
        ({"n": "all of {numbers}"}, {"n": "all of A1,B2"}),
        (
            [{"number": "{number}", "lang": "en"}],
            [{"number": "A1", "lang": "en"}, {"number": "B2", "lang": "en"}],
        ),
        (
            {"q": ["{number}"], "other": ["x", 1, None, True]},
            {"q": ["A1", "B2"], "other": ["x", 1, None, True]},
        ),
        ('{"query": "{ parcels(ids: \\"{numbers}\\") }"}', {"query": '{ parcels(ids: "A1,B2") }'}),
    ],
)
def test_the_body(body: object, sent: object) -> None:
    request = source(**BATCH, body=body).request(["A1", "B2"])
    assert request.method == "POST"
    assert json.loads(request.body or b"") == sent
    assert ("content-type", "application/json") in request.headers


def test_headers_are_sent_and_never_shown() -> None:
    secretive = source(headers={"Authorization": "Bearer sesame"}, query={"k": "simsim"}, method="POST")
    request = secretive.request(["A1"])
    assert request.headers == (("Authorization", "Bearer sesame"),)
    assert request.method == "POST"
    assert not any(word in f"{secretive!r}{secretive}{request!r}" for word in ("sesame", "simsim"))


def test_a_batch_is_one_exchange(talk: Talk) -> None:
    answer = [{"id": "A1", "state": "delivered"}, {"id": "B2", "state": "in_transit"}]
    table = {**BATCH, "body": ["{number}"], "fields": {"number": "id", "status": "state"}}
    asked = source(**table)
    _, learned = talk(asked, ["A1", "B2", "C3"], json.dumps(answer).encode())
    assert asked.batch_size == 9
    assert [(t.number, t.status) for t in learned] == [("A1", "delivered"), ("B2", "in_transit")]


# What is found


def test_without_a_number_in_it_the_answer_is_about_the_one_asked_for() -> None:
    [tracking] = read({"state": "delivered"}, fields={"status": "state"})
    assert tracking.number == NUMBER
    [replayed] = read({"state": "delivered"}, asked=(), fields={"status": "state"})
    assert replayed.number == ""


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Zugestellt", "delivered"),
        ("ZUGESTELLT", "delivered"),
        ("in_transit", "in_transit"),
        ("Z", "returned"),
        ("z", "unknown"),
        ("gebeamt", "unknown"),
        (7, "exception"),
        (None, "unknown"),
        ("", "unknown"),
    ],
)
def test_status_words(word: object, status: str) -> None:
    table: dict[str, Any] = {
        "statuses": {"zugestellt": "delivered", "7": "exception"},
        "codes": {"Z": "returned"},
    }
    [tracking] = read({"state": word}, fields={"status": "state"}, **table)
    assert tracking.status == status


@pytest.mark.parametrize(
    ("written", "table", "shown"),
    [
        ("2026-10-05T08:00:00+02:00", {}, "2026-10-05T08:00:00+02:00"),
        ("2026-10-05T08:00:00", {}, "2026-10-05T08:00:00"),
        ("2026-10-05T08:00:00", {"time_zone": "Europe/Madrid"}, "2026-10-05T08:00:00+02:00"),
        ("2026-12-05T08:00:00", {"time_zone": "Europe/Madrid"}, "2026-12-05T08:00:00+01:00"),
        ("2026-10-05T08:00:00Z", {"time_zone": "Europe/Madrid"}, "2026-10-05T08:00:00+00:00"),
        ("2026-10-05", {"time_zone": "Europe/Madrid"}, "2026-10-05T00:00:00"),
        ("05/10/2026 08:00", {"time_format": "%d/%m/%Y %H:%M"}, "2026-10-05T08:00:00"),
        (
            "05/10/2026 08:00",
            {"time_format": "%d/%m/%Y %H:%M", "time_zone": "Asia/Shanghai"},
            "2026-10-05T08:00:00+08:00",
        ),
        ("05/10/2026", {"time_format": "%d/%m/%Y", "time_zone": "Asia/Shanghai"}, "2026-10-05T00:00:00"),
        (1791187200, {"time_format": "unix"}, "2026-10-05T08:00:00+00:00"),
        ("1791187200000", {"time_format": "unix_ms"}, "2026-10-05T08:00:00+00:00"),
    ],
)
def test_times(written: object, table: dict[str, Any], shown: str) -> None:
    answer = {"log": [{"at": written, "s": "delivered"}]}
    [tracking] = read(answer, fields={"events": "log"}, event_fields={"status": "s"}, **table)
    assert tracking_json(tracking)["delivered_at"] == shown


@pytest.mark.parametrize("written", ["yesterday", "2026-13-01", 10**30, "nan", "20206-01-01", "1066-10-14"])
@pytest.mark.parametrize("table", [{}, {"time_format": "unix"}, {"time_format": "%d/%m/%Y"}])
def test_what_is_no_time_is_said_so(written: object, table: dict[str, Any]) -> None:
    with pytest.raises(ParseError, match=r"^fields\.events\[0\]: event_fields\.at: is no time"):
        read({"log": [{"at": written}]}, fields={"events": "log"}, **table)


def test_where_and_when_it_was_delivered_and_should_have_been() -> None:
    answer = {"d": {"t": "2026-10-05T08:00:00Z", "c": "Graz", "z": 8010}, "eta": "2026-10-09"}
    fields = {
        "status": "'delivered'",
        "delivered_at": "d.t",
        "delivered_city": "d.c",
        "delivered_postal_code": "d.z",
        "latest": "eta",
    }
    [tracking] = read(answer, fields=fields, time_format="%Y-%m-%dT%H:%M:%S%z")
    shown = tracking_json(tracking)
    assert shown["delivered_at"] == "2026-10-05T08:00:00+00:00"
    assert shown["delivered_place"] == {
        "city": "Graz",
        "postal_code": "8010",
        "region": None,
        "country": None,
    }
    assert shown["estimated_delivery"] == {"earliest": None, "latest": "2026-10-09"}


def test_until_when_it_waits() -> None:
    [tracking] = read({"until": "2026-10-05T18:00:00+02:00"}, fields={"pickup_until": "until"})
    assert tracking.pickup_until
    assert tracking.pickup_until.isoformat() == "2026-10-05T18:00:00+02:00"


# No such parcel, and errors


def test_not_found_by_what_the_answer_says() -> None:
    [tracking] = read({"code": "NO_SUCH"}, not_found="code == 'NO_SUCH'", error="code")
    assert (tracking.number, tracking.status) == (NUMBER, ShipmentStatus.NOT_FOUND)


def test_not_found_by_http_status() -> None:
    quiet = source(not_found_statuses=[404])
    assert quiet.reads_statuses == {404}
    [tracking] = quiet.parse(Payload(b"<html>gone</html>", 404, (NUMBER,)))
    assert tracking.status is ShipmentStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("too many\n requests", "the API says: too many requests"),
        ({"code": 7}, 'the API says: {"code": 7}'),
        ("sesame is no key", "the API says: … is no key"),
        ("x" * 5000, "the API says: " + "x" * 200),
    ],
)
def test_an_error_inside_a_good_status(told: object, message: str) -> None:
    with pytest.raises(Unreachable) as error:
        read({"error": told}, error="error", headers={"K": "sesame"})
    assert str(error.value) == message


@pytest.mark.parametrize("told", [None, "", [], {}, False])
def test_no_error_is_no_error(told: object) -> None:
    assert read({"error": told}, error="error")


@pytest.mark.parametrize(
    ("answer", "table", "message"),
    [
        ({"p": 7}, {"items": "p"}, "items: must be a parcel or a list of them, is a number"),
        ({}, {"items": "p"}, "items: must be a parcel or a list of them, is nothing"),
        ({"id": None}, {"fields": {"number": "id"}}, "fields.number: is missing"),
        ([{"id": {}}], {"fields": {"number": "id"}}, "items[0].fields.number: must be text, is a table"),
        ({"s": True}, {"fields": {"status": "s"}}, "fields.status: must be text, is true or false"),
        ({"e": {}}, {"fields": {"events": "e"}}, "fields.events: must be a list, is a table"),
        ({"e": [{}]}, {"fields": {"events": "e"}}, "fields.events[0]: event_fields.at: is missing"),
        ({"n": 7}, {"fields": {"status": "length(n)"}}, "fields.status: does not fit this answer"),
    ],
)
def test_a_surprise_names_the_key_that_met_it(answer: object, table: dict[str, Any], message: str) -> None:
    with pytest.raises(ParseError) as error:
        read(answer, **table)
    assert str(error.value).startswith(message)


def test_one_parcel_that_cannot_be_read_costs_only_itself() -> None:
    table = {**BATCH, "body": ["{number}"]}
    assert [t.number for t in read([{"id": []}, {"id": "B2"}], **table)] == ["B2"]


# Configurations that are mistakes


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"url": "ftp://x/{number}"}, "carriers.mypost.url: must be an https:// address"),
        (
            {"url": "http://nas.example/{number}"},
            "carriers.mypost.url: is plain http to another machine: use https://, or set allow_http = true",
        ),
        (
            {"url": "http://nas.example/{number}", "allow_http": "perhaps"},
            "carriers.mypost.allow_http: must be true",
        ),
        ({"url": "https://{number}.example.org/"}, "carriers.mypost.url: must name its host"),
        ({"url": "https://a.example/{nummer}"}, "carriers.mypost.url: has a placeholder {nummer}"),
        ({"url": "https://a.example/"}, "url or body must have {number}"),
        (
            {"fields": {"status": "a..b"}},
            "carriers.mypost.fields.status: is not a JMESPath expression: mistake at character 3",
        ),
        (
            {"fields": {"status": "a."}},
            "carriers.mypost.fields.status: is not a JMESPath expression: mistake at character 3",
        ),
        (
            {"fields": {"status": "a ~"}},
            "carriers.mypost.fields.status: is not a JMESPath expression: mistake at character 3",
        ),
        ({"fields": {"status": ""}}, "carriers.mypost.fields.status: is empty"),
        ({"items": "frob(x)"}, "carriers.mypost.items: calls frob(), which JMESPath does not have"),
        ({"items": "a[?b == sort(frob(x))]"}, "carriers.mypost.items: calls frob()"),
        ({"event_fields": {"wen": "x"}}, "carriers.mypost.event_fields.wen: unknown key"),
        ({"statuses": {"x": "arrived"}}, "carriers.mypost.statuses.x"),
        ({"body": '{"a": }'}, "carriers.mypost.body: must be a table or JSON text; line 1, column 7"),
        ({"time_zone": "Madrid/Europe"}, "carriers.mypost.time_zone: is not a time zone's name"),
        ({"time_format": "%Q"}, "carriers.mypost.time_format: is not a strptime pattern"),
        ({"numbers_per_request": 5}, "numbers_per_request above 1 needs {numbers}"),
        ({"numbers_per_request": 5, "url": "https://a.example/{numbers}"}, "needs fields.number"),
    ],
)
def test_a_mistake_in_the_configuration_names_its_key(table: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigError) as error:
        source(**table)
    assert problem in str(error.value)
