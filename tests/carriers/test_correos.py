"""Correos: its codes and words, Madrid's clock, its ways of knowing nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from carriers.correos import CODES, ROUGH_CODES, Correos
from monitor.carrier import LookError, ParseError, Payload, Tracking, Unreachable
from tests.carriers.conftest import Talk

SOURCE = Correos()
ONE, TWO = "RB123456785ES", "PQ7EX70666000110128004X"


def event(
    code: str | None = "P040000V", words: str | None = None, day: str | None = "05/11/2026", **more: Any
) -> dict[str, Any]:
    return {
        "codEvento": code,
        "fecEvento": day,
        "horEvento": "08:05:00",
        "unidad": "CTA VILLANUEVA",
        "desTextoResumen": words,
        **more,
    }


def shipment(*events: Mapping[str, Any], code: str | int = "0", **more: Any) -> dict[str, Any]:
    return {"codEnvio": ONE, "error": {"codError": code, "desError": ""}, "eventos": events, **more}


def read(content: object, *numbers: str) -> list[Tracking]:
    return list(SOURCE.parse(Payload(json.dumps(content).encode(), numbers=numbers)))


def one(*events: Mapping[str, Any]) -> Tracking:
    [tracking] = read([shipment(*events)])
    return tracking


# The request


def test_each_number_is_asked_about_alone(talk: Talk) -> None:
    requests, learned = talk(SOURCE, [ONE], json.dumps([shipment(event("H020000V"))]).encode())
    [request] = requests
    assert request.url == (
        f"https://localizador.correos.es/canonico/eventos_envio_servicio/{ONE}"
        "?codAplicacion=60&codCanal=3&codIdioma=ES&indUltEvento=N"
    )
    assert (request.method, request.headers, request.body) == ("GET", (), None)
    assert [(it.number, it.status) for it in learned] == [(ONE, "out_for_delivery")]
    assert SOURCE.batch_size == 1


@pytest.mark.parametrize(
    ("number", "takes"),
    [("RB123456785ES", True), ("RB123456785CN", False), ("LP00666000110011", False)],
)
def test_it_takes_the_numbers_of_the_spanish_post(number: str, takes: bool) -> None:
    assert SOURCE.accepts_number(number) is takes


# What it means


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("A010000V", "in_transit"),
        ("A090000V", "info_received"),
        ("E000001V", "in_customs"),
        ("G01L010V", "in_transit"),
        ("G01L020V", "available_for_pickup"),
        ("H010930R", "delivery_failed"),
        ("H01I350V", "available_for_pickup"),
        ("H01I360V", "in_transit"),
        ("H01R420V", "delivery_failed"),
        ("H01R421V", "delivery_failed"),
        ("H020000V", "out_for_delivery"),
        ("I010000V", "delivered"),
        ("I01H210V", "delivered"),
        ("I020000V", "returned"),
        ("L010000V", "available_for_pickup"),
        ("L03D045R", "returning"),
        ("L03D320R", "returning"),
        ("M01E020R", "delivery_failed"),
        ("O140000V", "returning"),
        ("P040000V", "in_transit"),
        ("P090000V", "in_transit"),
        ("P100000V", "in_transit"),
        ("P101110V", "in_transit"),
        ("P101120V", "in_transit"),
        ("P110000V", "in_transit"),
        ("X010000V", "info_received"),
        ("X020000V", "in_transit"),
        ("X040000V", "in_transit"),
        ("X060000V", "in_transit"),
        ("X070000V", "in_transit"),
        ("X080000V", "out_for_delivery"),
        ("X090060R", "delivery_failed"),
        ("X090100R", "delivery_failed"),
        ("X110100V", "in_transit"),
        ("X120000V", "delivered"),
        ("X130000R", "delivery_failed"),
        ("X390000V", "available_for_pickup"),
        # Those who know of it do not agree: words decide.
        ("X380000V", "unknown"),
        ("H06P010V", "unknown"),
        ("Z999999Z", "unknown"),
    ],
)
def test_a_code_means(code: str, status: str) -> None:
    tracking = one(event(code))
    assert (tracking.status, tracking.events[0].code) == (status, code)


def test_every_code_is_in_the_table_above() -> None:
    assert len(CODES) + len([code for code in ROUGH_CODES if code.endswith("V")]) == 37


@pytest.mark.parametrize(
    ("code", "words", "status"),
    [
        ("Z999999Z", "En aduana", "in_customs"),
        ("Z999999Z", "Retenido en aduana", "customs_hold"),
        ("E000001V", "Retenido en aduana", "customs_hold"),
        ("Z999999Z", "Despachado en aduana", "in_transit"),
        ("Z999999Z", "Devuelto al remitente", "returning"),
        ("Z999999Z", "A disposición del destinatario", "available_for_pickup"),
        ("Z999999Z", "Intento de entrega. Ausente", "delivery_failed"),
        # A delivery is not believed from words alone, and one to the sender is a return.
        ("Z999999Z", "Entregado", "unknown"),
        ("I010000V", "Entregado al remitente", "returned"),
        ("I01H210V", "Envío entregado al destinatario o autorizado", "delivered"),
        # An exact code needs no words.
        ("H020000V", "Retenido en aduana", "out_for_delivery"),
    ],
)
def test_words_decide_where_the_code_does_not(code: str, words: str, status: str) -> None:
    assert one(event(code, words)).status == status


@pytest.mark.parametrize(
    ("phase", "words", "status"),
    [
        ("PRE-ADMISIÓN", None, "info_received"),
        ("EN CAMINO", None, "in_transit"),
        ("EN CAMINO", "Retenido en aduana", "customs_hold"),
        ("EN ENTREGA", None, "in_transit"),
        ("EN ENTREGA", "A disposición del destinatario", "available_for_pickup"),
        ("ENTREGADO", "Entregado", "delivered"),
        ("ENTREGADO", "Entregado al remitente", "returned"),
        ("DEVOLUCION", None, "returning"),
        ("OTRA", None, "unknown"),
    ],
)
def test_the_phase_says_something_of_a_code_nobody_mapped(phase: str, words: str | None, status: str) -> None:
    tracking = one(event("Z999999Z", words, desFase=phase))
    assert (tracking.status, tracking.events[0].code) == (status, "Z999999Z")


def test_a_code_beats_its_phase() -> None:
    assert one(event("H01I350V", desFase="DEVOLUCION")).status == "available_for_pickup"


def test_both_texts_are_told_each_once() -> None:
    [short, long] = one(
        event(words="Clasificado", desTextoAmpliado="Clasificado"),
        event(words="En reparto", desTextoAmpliado="El envío está en reparto", day="06/11/2026"),
    ).events
    assert (short.description, long.description) == ("Clasificado", "En reparto / El envío está en reparto")


def test_the_depot_is_no_place_of_delivery() -> None:
    tracking = one(event("I010000V"))
    assert tracking.delivery is not None
    assert tracking.delivery.place is None


# When it was


@pytest.mark.parametrize(
    ("day", "hour", "at"),
    [
        ("05/11/2026", "08:05:09", "2026-11-05T08:05:09+01:00"),
        ("05/07/2026", "08:05:09", "2026-07-05T08:05:09+02:00"),
        ("05/07/2026", "08:05", "2026-07-05T08:05:00+02:00"),
        ("29/03/2026", "01:59:59", "2026-03-29T01:59:59+01:00"),
        ("29/03/2026", "03:00:00", "2026-03-29T03:00:00+02:00"),
        ("25/10/2026", "03:00:00", "2026-10-25T03:00:00+01:00"),
        ("05/11/2026", "", "2026-11-05T00:00:00+01:00"),
        ("05/11/2026", None, "2026-11-05T00:00:00+01:00"),
    ],
)
def test_the_clock_is_madrids(day: str, hour: str | None, at: str) -> None:
    [scan] = one(event(day=day, horEvento=hour)).events
    assert (scan.at.isoformat(), scan.zone_known) == (at, True)


@pytest.mark.parametrize(
    ("day", "hour"),
    [(None, "08:05:00"), ("", ""), ("31/02/2026", "08:05:00"), ("pronto", None), ("05/11/26", "08:05:00")],
)
def test_a_scan_without_a_time_is_kept(day: str | None, hour: str | None) -> None:
    tracking = one(event("H020000V", day=day, horEvento=hour))
    assert (tracking.status, tracking.events, len(tracking.undated)) == ("out_for_delivery", (), 1)


def test_the_last_scan_is_the_newest() -> None:
    undated = one(event("H020000V", day=None), event("I010000V", day=None))
    assert undated.status == "delivered"
    at_midnight = one(event("A010000V", horEvento=None), event("P040000V", horEvento=None))
    assert len(at_midnight.events) == 2


def test_an_event_that_says_nothing_does_not_hide_the_one_before() -> None:
    assert one(event("H020000V"), event("", None, day="06/11/2026")).status == "out_for_delivery"


# Knowing nothing, and failing


@pytest.mark.parametrize(
    ("content", "numbers", "not_found"),
    [
        ([{"error": {"codError": "3"}}], [TWO], [TWO]),
        ([{"error": {"codError": "3"}}], [], []),
        ({"error": {"codError": "3"}, "codEnvio": ONE, "eventos": None}, [], [ONE]),
        ([shipment(code="3")], [ONE], [ONE]),
        ([shipment(code=3)], [ONE], [ONE]),
        ([shipment(code="17")], [ONE], [ONE]),
        ([shipment()], [ONE], [ONE]),
        ([shipment(event("", None))], [ONE], [ONE]),
        ([], [ONE], [ONE]),
        ([], [], []),
    ],
)
def test_what_is_not_known_is_not_found(content: object, numbers: list[str], not_found: list[str]) -> None:
    learned = read(content, *numbers)
    assert {it.status for it in learned} <= {"not_found"}
    assert [it.number for it in learned] == not_found


@pytest.mark.parametrize(("numbers", "number"), [([TWO], TWO), ([], "")])
def test_a_parcel_without_its_number_is_the_one_that_was_asked_about(numbers: list[str], number: str) -> None:
    [tracking] = read([{"error": {"codError": "0"}, "eventos": [event("I010000V")]}], *numbers)
    assert (tracking.number, tracking.status) == (number, "delivered")


def test_somebody_elses_parcel_keeps_its_number() -> None:
    assert [it.number for it in read([shipment(event())], TWO)] == [ONE]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><body>Mantenimiento</body></html>", Unreachable),
        (b"", Unreachable),
        (b'[{"codEnvio":"RB1', Unreachable),
        (b"[{}]", ParseError),
        (b"{}", ParseError),
        (b"[null]", ParseError),
        (b"17", ParseError),
        (b'[{"error":"3"}]', ParseError),
        (b'[{"error":{"codError":"0"},"eventos":{}}]', ParseError),
    ],
)
def test_a_failure_is_no_answer(body: bytes, kind: type[LookError]) -> None:
    with pytest.raises(kind):
        SOURCE.parse(Payload(body, numbers=(ONE,)))
