"""La Poste: its codes, its two dates, and what it says instead of an answer."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr

from carriers.laposte import CODES, FAILURES, ROUGH_CODES, LaPoste
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    RateLimited,
    Refused,
    Tracking,
    Unauthorized,
    Unreachable,
)
from tests.carriers.conftest import Talk

SOURCE = LaPoste(api_key=SecretStr("sesame"))
ONE, TWO, THREE = "6A66600011001", "6A66600011018", "6A66600011025"
NOON = "2026-07-09T12:00:00+02:00"


def event(code: str | None, label: str = "…", at: str | None = NOON) -> dict[str, Any]:
    return {"code": code, "label": label, "date": at}


def found(number: str, *events: Mapping[str, Any], code: int = 200, **more: Any) -> dict[str, Any]:
    return {"returnCode": code, "shipment": {"idShip": number, "event": events, **more}}


def told(code: int | str, number: str = ONE) -> dict[str, Any]:
    return {"returnCode": code, "idShip": number, "returnMessage": "…"}


def read(content: object, *numbers: str, status: int = 200) -> list[Tracking]:
    return list(SOURCE.parse(Payload(json.dumps(content).encode(), status, numbers)))


def one(*events: Mapping[str, Any], **more: Any) -> Tracking:
    [tracking] = read(found(ONE, *events, **more))
    return tracking


# The request


def test_ten_numbers_take_one_call(talk: Talk) -> None:
    answer = json.dumps([found(ONE, event("DI1")), told(404, TWO)]).encode()
    requests, learned = talk(SOURCE, [ONE, TWO], answer)
    [request] = requests
    assert request.url == f"https://api.laposte.fr/suivi/v2/idships/{ONE},{TWO}?lang=fr_FR"
    assert request.method == "GET"
    assert dict(request.headers) == {"accept": "application/json", "x-okapi-key": "sesame"}
    assert {it.number: it.status for it in learned} == {ONE: "delivered", TWO: "not_found"}
    assert SOURCE.batch_size == 10


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        ("6A66600011001", True),
        ("RB123456785FR", True),
        ("RB123456785CN", False),
        ("LP00666000110011", False),
    ],
)
def test_it_takes_the_numbers_of_the_french_post(number: str, takes: bool) -> None:
    assert SOURCE.accepts_number(number) is takes


# What it means


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("DR1", "info_received"),
        ("DR2", "info_received"),
        ("PC1", "in_transit"),
        ("PC2", "in_transit"),
        ("ET1", "in_transit"),
        ("ET2", "in_transit"),
        ("ET3", "in_transit"),
        ("ET4", "in_transit"),
        ("EP1", "in_transit"),
        ("DO1", "in_customs"),
        ("DO2", "in_transit"),
        ("DO3", "customs_hold"),
        ("ID0", "in_customs"),
        ("PB1", "exception"),
        ("PB2", "in_transit"),
        ("MD2", "out_for_delivery"),
        ("ND1", "delivery_failed"),
        ("AG1", "available_for_pickup"),
        ("RE1", "returning"),
        ("DI0", "delivered"),
        ("DI1", "delivered"),
        ("DI2", "returned"),
        ("DI3", "in_transit"),
        # Known to exist, or said to; what they mean is not.
        ("MD1", "unknown"),
        ("MD4", "unknown"),
        ("AN1", "unknown"),
        ("XX9", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_code_means(code: str | None, status: str) -> None:
    tracking = one(event(code))
    assert (tracking.status, tracking.events[0].code) == (status, code)


def test_every_code_is_in_the_table_above() -> None:
    assert len({**CODES, **ROUGH_CODES}) == 23


@pytest.mark.parametrize(
    ("code", "words", "status"),
    [
        ("PB1", "Votre colis est endommagé", "exception"),
        ("PB1", "L'adresse est incorrecte : adresse incorrecte", "delivery_failed"),
        ("ID0", "Des documents sont nécessaires pour le dédouanement", "customs_hold"),
        ("DI3", "Retenu en douane", "customs_hold"),
        ("XX9", "Retenu en douane", "customs_hold"),
        ("XX9", "Votre colis est livré.", "unknown"),
        # An exact code needs no words.
        ("DO2", "Votre colis n'est plus retenu en douane", "in_transit"),
        ("DI1", "Retenu en douane", "delivered"),
    ],
)
def test_words_make_a_rough_code_exact_and_no_other(code: str, words: str, status: str) -> None:
    assert one(event(code, words)).status == status


def test_delivered_to_the_sender_is_no_delivery() -> None:
    tracking = one(event("DI2"), isFinal=True, deliveryDate=NOON)
    assert (tracking.status, tracking.delivery, tracking.edd) == ("returned", None, None)


@pytest.mark.parametrize(
    ("at", "shown", "zone_known"),
    [
        ("2026-07-09T12:00:00+02:00", "2026-07-09T12:00:00+02:00", True),
        ("2026-12-09T12:00:00+01:00", "2026-12-09T12:00:00+01:00", True),
        ("2026-07-09T12:00:00-04:00", "2026-07-09T12:00:00-04:00", True),
        ("2026-07-09T10:00:00Z", "2026-07-09T10:00:00+00:00", True),
        ("2026-07-09T12:00:00", "2026-07-09T12:00:00+00:00", False),
        ("09/07/2026 12:00", "2026-07-09T12:00:00+00:00", False),
    ],
)
def test_a_time_is_told_with_its_offset(at: str, shown: str, zone_known: bool) -> None:
    [scan] = one(event("ET1", at=at)).events
    assert (scan.at.isoformat(), scan.zone_known) == (shown, zone_known)


@pytest.mark.parametrize("at", [None, "", "bientôt", "2026-13-45T99:00:00Z"])
def test_a_scan_without_a_time_is_kept(at: str | None) -> None:
    tracking = one(event("DO3", at=at))
    assert (tracking.status, tracking.events, len(tracking.undated)) == ("customs_hold", (), 1)


@pytest.mark.parametrize(
    ("code", "final", "estimate", "delivered"),
    [
        ("MD2", False, date(2026, 7, 11), None),
        ("MD2", None, date(2026, 7, 11), None),
        ("DI1", True, None, NOON),
        # The scan is the delivery, whatever else is told.
        ("DI1", False, None, NOON),
        # A final parcel of which only the date is told.
        (None, True, None, None),
    ],
)
def test_the_delivery_date_is_an_estimate_until_it_is_final(
    code: str | None, final: bool | None, estimate: date | None, delivered: str | None
) -> None:
    tracking = one(event(code), isFinal=final, deliveryDate="2026-07-11T18:00:00+02:00")
    assert (tracking.edd.latest if tracking.edd else None) == estimate
    at = tracking.delivery.at if tracking.delivery else None
    assert (at.isoformat() if at else None) == delivered


@pytest.mark.parametrize(
    ("code", "more", "latest"),
    [
        ("ET1", {"estimDate": "2026-07-11T02:00:00+02:00"}, date(2026, 7, 11)),
        ("ET1", {"estimDate": "2026-07-11T02:00:00+02:00", "deliveryDate": "2026-07-12"}, date(2026, 7, 12)),
        ("DI1", {"estimDate": "2026-07-11T02:00:00+02:00"}, None),
    ],
)
def test_most_parcels_have_an_estimate_of_their_own(
    code: str, more: dict[str, str], latest: date | None
) -> None:
    edd = one(event(code), **more).edd
    assert (edd.latest if edd else None) == latest


@pytest.mark.parametrize(("final", "delivered"), [(True, NOON), (False, None), (None, None)])
def test_a_final_delivery_date_stands_in_for_a_scan_without_time(
    final: bool | None, delivered: str | None
) -> None:
    tracking = one(event("DI1", at=None), isFinal=final, deliveryDate=NOON)
    assert tracking.status == "delivered"
    at = tracking.delivery.at if tracking.delivery else None
    assert (at.isoformat() if at else None) == delivered


def test_a_delivery_has_no_place() -> None:
    context = {"originCountry": "CN", "arrivalCountry": "RE"}
    tracking = one(event("DI1"), isFinal=True, deliveryDate=NOON, contextData=context)
    assert tracking.delivery is not None
    assert tracking.delivery.place is None


# Whose it is


@pytest.mark.parametrize(
    ("content", "numbers", "number"),
    [
        ({"shipment": {"event": [event("PC1")]}}, [ONE], ONE),
        ({"shipment": {"event": [event("PC1")]}}, [], ""),
        ({"shipment": {"event": [event("PC1")]}}, [ONE, TWO], ""),
        ({"idShip": TWO, "shipment": {"event": [event("PC1")]}}, [ONE], TWO),
        ([{"shipment": {"event": [event("PC1")]}}], [ONE], ONE),
        (found(ONE, event("PC1"), code=207), [], ONE),
    ],
)
def test_a_parcel_without_its_number_is_the_one_that_was_asked_about(
    content: object, numbers: list[str], number: str
) -> None:
    [tracking] = read(content, *numbers)
    assert (tracking.number, tracking.status) == (number, "in_transit")


def test_a_known_number_without_scans_is_not_found_yet() -> None:
    assert [it.status for it in read(found(ONE))] == ["not_found"]


# Instead of an answer


@pytest.mark.parametrize(
    ("content", "status", "numbers", "not_found"),
    [
        (told(404), 404, [ONE], [ONE]),
        (told(404), 200, [], [ONE]),
        (told("404"), 200, [], [ONE]),
        # What its OpenAPI document answers with 404.
        (told(104), 404, [ONE], [ONE]),
        ([told(104), told(101, TWO)], 207, [ONE, TWO], [ONE, TWO]),
        ([told(404), told(404, TWO)], 200, [ONE, TWO], [ONE, TWO]),
        ({"code": "RESOURCE_NOT_FOUND", "message": "…"}, 404, [ONE, TWO], [ONE, TWO]),
        ({"code": "RESOURCE_NOT_FOUND", "message": "…"}, 404, [], []),
        ({}, 404, [ONE], [ONE]),
        ([], 200, [ONE], [ONE]),
    ],
)
def test_what_is_not_known_is_not_found(
    content: object, status: int, numbers: list[str], not_found: list[str]
) -> None:
    learned = read(content, *numbers, status=status)
    assert {it.status for it in learned} <= {"not_found"}
    assert [it.number for it in learned] == not_found


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (told(400), 400, Refused),
        (told(400), 200, Refused),
        ([told(400)], 200, Refused),
        ({}, 400, Refused),
        (told(401), 200, Unauthorized),
        (told(403), 200, Unauthorized),
        (told(429), 200, RateLimited),
        (told(500), 200, Unreachable),
        (told(503), 200, Unreachable),
        (told(504), 200, Unreachable),
        (told("500"), 200, Unreachable),
        (told("?"), 200, Unreachable),
        (told(-1), 200, Unreachable),
        ({"code": "UNAUTHORIZED", "message": "BAD_APP_KEY"}, 200, Unauthorized),
        ({"code": "FORBIDDEN", "message": "…"}, 200, Unauthorized),
        ({"code": "BROKEN", "message": "…"}, 200, Unreachable),
        ({"code": 429, "message": "…"}, 200, RateLimited),
        (told(200), 200, ParseError),
        (told(207), 200, ParseError),
        ({}, 200, ParseError),
        (7, 200, ParseError),
        ([7], 200, ParseError),
        (found("x", event("DI1"), isFinal="no"), 200, ParseError),
    ],
)
def test_a_failure_is_the_error_that_it_tells(content: object, status: int, kind: type[LookError]) -> None:
    assert status == 200 or status in SOURCE.reads_statuses
    with pytest.raises(kind):
        read(content, ONE, status=status)


def test_a_failure_tells_its_number_and_code() -> None:
    assert set(FAILURES) == {400, 401, 403, 429}
    with pytest.raises(Refused, match=f"La Poste about {ONE}: .* \\(code 400\\)"):
        read(told(400))


def test_what_failed_does_not_cost_the_others() -> None:
    learned = read([told(400), found(TWO, event("MD2")), told(500, THREE), {"shipment": 1}, told(404, "X")])
    assert {it.number: it.status for it in learned} == {TWO: "out_for_delivery", "X": "not_found"}
