"""EasyPost: trackers are looked for, made where there is none, and read."""

import json
from collections.abc import Generator, Iterable

import pytest

from carriers.easypost import ERRORS, STATUSES, EasyPost
from monitor.carrier import LookError, Payload, Place, Request, ShipmentStatus, Tracking

Status = ShipmentStatus
NUMBER = "RB410000017CN"


def easypost(**more: object) -> EasyPost:
    return EasyPost.model_validate({"adapter": "easypost", "api_key": "a-secret-key", **more})


def detail(status: str | None, code: str | None = None, message: str = "") -> dict[str, object]:
    told = {"status": status, "status_detail": code, "message": message}
    return {"datetime": "2026-11-19T12:15:00Z", **told}


def tracker(*details: dict[str, object], **more: object) -> dict[str, object]:
    return {"tracking_code": NUMBER, "tracking_details": list(details), **more}


def payload(answer: object) -> Payload:
    return Payload(json.dumps(answer).encode(), numbers=(NUMBER,))


def read(answer: object) -> Tracking:
    [tracking] = easypost().parse(payload(answer))
    return tracking


def answered(
    exchange: Generator[Request, Payload, Iterable[Tracking]], *answers: object
) -> tuple[list[Request], list[Tracking]]:
    """The requests of an exchange that gets these answers, and what it learned."""
    requests = [next(exchange)]
    for answer in answers:
        try:
            requests.append(exchange.send(payload(answer)))
        except StopIteration as done:
            return requests, list(done.value)
    raise AssertionError("the exchange wants more answers")


def test_a_known_tracker_costs_one_request() -> None:
    requests, [tracking] = answered(
        easypost().exchange([NUMBER]), {"trackers": [tracker(detail("in_transit"))]}
    )
    assert [(it.method, it.url) for it in requests] == [
        ("GET", f"https://api.easypost.com/v2/trackers?tracking_code={NUMBER}")
    ]
    assert requests[0].headers == (("authorization", "Basic YS1zZWNyZXQta2V5Og=="),)
    assert tracking.status is Status.IN_TRANSIT


@pytest.mark.parametrize(("more", "sent"), [({}, {}), ({"carrier": "USPS"}, {"carrier": "USPS"})])
def test_a_new_number_gets_a_tracker(more: dict[str, str], sent: dict[str, str]) -> None:
    exchange = easypost(**more).exchange([NUMBER])
    requests, [tracking] = answered(exchange, {"trackers": []}, tracker(status="unknown"))
    assert (requests[1].method, requests[1].url) == ("POST", "https://api.easypost.com/v2/trackers")
    assert json.loads(requests[1].body or b"") == {"tracker": {"tracking_code": NUMBER, **sent}}
    assert tracking.status is Status.NOT_FOUND


@pytest.mark.parametrize(("code", "status"), STATUSES.items())
def test_each_status_and_detail_of_the_table(code: str, status: ShipmentStatus) -> None:
    assert read(tracker(detail(code))).status is status
    assert read(tracker(detail("in_transit", code))).events[0].status is status


@pytest.mark.parametrize(
    ("status", "code", "message", "expected"),
    [
        ("in_transit", "arrived_at_facility", "Arrived", Status.IN_TRANSIT),
        ("in_transit", "held", "Held at the hub", Status.IN_TRANSIT),
        ("in_transit", "held", "Held by customs", Status.CUSTOMS_HOLD),
        ("in_transit", "awaiting_information", "Customs: documents required", Status.CUSTOMS_HOLD),
        ("failure", "delayed", "Late flight", Status.EXCEPTION),
        ("delivered", "arrived_at_destination", "Delivered", Status.DELIVERED),
        ("delivered", "label_created", "Delivered", Status.DELIVERED),
        ("delivered", "arrived_at_destination", "Delivered, To Original Sender", Status.RETURNED),
        ("return_to_sender", "damaged", "Going back", Status.RETURNING),
        ("teleported", "through_a_wall", "New", Status.UNKNOWN),
    ],
)
def test_what_a_scan_means(status: str, code: str, message: str, expected: ShipmentStatus) -> None:
    assert read(tracker(detail(status, code, message))).status is expected


def test_a_tracker_that_failed_says_nothing_of_the_parcel() -> None:
    before = detail("in_transit")
    assert read(tracker(before, detail("error"), status="error")).status is Status.IN_TRANSIT
    assert read(tracker(detail("error"), status="error")).status is Status.UNKNOWN


def test_a_postal_code_may_be_told_as_a_number() -> None:
    told = {**detail("delivered"), "tracking_location": {"city": "Reno", "zip": 89501}}
    assert read(tracker(told)).events[0].place == Place("Reno", "89501")


def test_a_status_behind_its_scans_does_not_decide() -> None:
    assert read(tracker(detail("pre_transit"), status="in_transit")).status is Status.IN_TRANSIT
    assert read(tracker(detail("in_transit"), status="pre_transit")).status is Status.IN_TRANSIT


@pytest.mark.parametrize(("code", "error"), [(code, kind) for code, (kind, _) in ERRORS.items()])
def test_an_error_inside_a_200_is_that_error(code: str, error: type[LookError]) -> None:
    with pytest.raises(error):
        easypost().parse(payload({"error": {"code": code, "message": "a-secret-key"}}))


def test_an_error_that_is_new_is_passing() -> None:
    with pytest.raises(LookError, match="without a reason") as raised:
        easypost().parse(payload({"error": {"code": "NEW"}}))
    assert raised.value.kind == "server_error"
