"""The first pass: what a look brings, what a failed look leaves alone, and when the next one is."""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import PrivateAttr, SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from carriers.seventeentrack import SeventeenTrack
from monitor.carrier import (
    LookError,
    ParseError,
    Payload,
    QuotaExceeded,
    RateLimited,
    Refused,
    ShipmentStatus,
    Tracking,
    Unauthorized,
    Unreachable,
)
from monitor.core.model import Phase
from monitor.poll import MOST_HALVES, NOT_MENTIONED, Polled
from monitor.store import Store
from monitor.store.orders import Standing
from monitor.store.rows import stamp
from tests.monitor.core.facts import a_scan, at
from tests.monitor.stage import NOW, Scripted, Stage, held, moving, nothing_known, orders

MINUTE = timedelta(minutes=1)
FACTS = (
    "SELECT number, source, json_remove(facts, '$.orders') FROM shipments",
    "SELECT * FROM events",
    "SELECT * FROM alerts",
    "SELECT * FROM orders",
    "SELECT * FROM notices",
)


class OneByOne(Scripted):
    """A source that is asked about one number at a time."""

    batch_size: ClassVar[int] = 1


class SeventeenTrackThatCounts(SeventeenTrack):
    """The real one, which counts how often it reads an answer."""

    _read: list[bytes] = PrivateAttr(default_factory=list)

    def _answer(self, payload: Payload) -> Any:
        self._read.append(payload.body)
        return super()._answer(payload)


async def everything_known(stage: Stage) -> list[list[tuple[Any, ...]]]:
    return [await stage.rows(sql) for sql in FACTS]


async def failures(stage: Stage, *numbers: str) -> list[tuple[int, str | None]]:
    looks = [(await stage.parcel(number)).look for number in numbers]
    return [(look.failures, look.last_error) for look in looks]


def logged(caplog: pytest.LogCaptureFixture, text: str) -> int:
    return sum(text in record.getMessage() for record in caplog.records)


def but(*poison: str, error: Callable[[], Exception] = lambda: ParseError("broken", field="$[0]")) -> Any:
    """An answer about any numbers but these; with one of them among the numbers, there is none."""

    def answer(numbers: Sequence[str]) -> Iterable[Tracking]:
        if set(poison) & set(numbers):
            raise error()
        return [moving(number) for number in numbers]

    return answer


# What a look brings


async def test_a_parcel_is_looked_at_and_its_order_thought_about(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        assert await stage.cycle.poll(NOW) == Polled(polled=1, failed=0, opened=1)
        assert stage.source.asked == [("LP1",)]
        assert (await stage.parcel("LP1")).shipment.status is ShipmentStatus.CUSTOMS_HOLD
        assert await stage.rows("SELECT rule, title FROM notices") == [
            ("customs_hold", "Customs hold: Order 1001")
        ]
        assert await stage.cycle.poll(NOW) == Polled()


async def test_parcels_go_in_batches(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        numbers = [f"LP{number:03}" for number in range(95)]
        await stage.take(*orders(f"1001: {' '.join(numbers)}"))
        assert await stage.cycle.poll(NOW) == Polled(polled=95)
        assert sorted(map(len, stage.source.asked)) == [15, 40, 40]
        assert sorted(number for asked in stage.source.asked for number in asked) == numbers


async def test_what_is_told_of_other_peoples_parcels_is_not_heard(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP2"))
        await stage.rows(f"UPDATE lookups SET next_poll_at = {stamp(NOW + MINUTE)} WHERE number = 'LP2'")
        stage.source.tells(moving("LP1"), held("LP2"), held("LP3"))
        await stage.cycle.poll(NOW)
        assert await stage.rows("SELECT number FROM shipments") == [("LP1",), ("LP2",)]
        assert (await stage.parcel("LP2")).shipment.status is ShipmentStatus.NOT_FOUND
        assert await stage.rows("SELECT rule FROM alerts") == []


@pytest.mark.parametrize("told", ["lp 1", "RR1"])
async def test_a_number_is_recognised_however_it_is_told(tmp_path: Path, told: str) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(moving(told, aliases=("LP1",) if told == "RR1" else ()))
        assert await stage.cycle.poll(NOW) == Polled(polled=1)
        assert (await stage.parcel(told.upper().replace(" ", ""))).shipment.number == "LP1"


async def test_told_twice_the_first_counts(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"), moving("LP1"))
        await stage.cycle.poll(NOW)
        assert (await stage.parcel("LP1")).shipment.status is ShipmentStatus.CUSTOMS_HOLD


async def test_two_names_of_one_parcel_in_one_answer(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1 LP2", "1002: LP2"))
        stage.source.tells(held("LP1", aliases=("LP2",)), held("LP2", aliases=("LP1",)))
        await stage.pass_once()
        whole = await stage.parcel("LP2")
        assert (whole.shipment.number, whole.shipment.orders) == ("LP1", ("1001", "1002"))
        stage.later(hours=8)
        stage.source.tells(moving("LP1", "2026-05-12 19:00"))
        await stage.pass_once()
        assert stage.phone.titles[-1] == "Out of customs: Order 1001"


# Unchanged answers


def tracked(number: str, sub_status: str = "InTransit_Other", time: str = "2026-05-10T09:00:00+02:00") -> Any:
    events = [{"time_iso": time, "sub_status": sub_status, "description": "a scan"}]
    return {"number": number, "track_info": {"tracking": {"providers": [{"events": events}]}}}


def answer(*accepted: Any) -> str:
    return json.dumps({"code": 0, "data": {"accepted": accepted, "rejected": []}})


def seventeentrack(httpserver: HTTPServer, **more: Any) -> SeventeenTrackThatCounts:
    known: dict[str, Any] = {
        "adapter": "seventeentrack",
        "api_key": SecretStr("sesame"),
        "base_url": httpserver.url_for("").rstrip("/"),
        "requests_per_second": 1000.0,
    }
    return SeventeenTrackThatCounts(**(known | more))


async def test_an_unchanged_answer_is_not_even_read(tmp_path: Path, httpserver: HTTPServer) -> None:
    source = seventeentrack(httpserver)
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_data(answer(tracked("LP1"), tracked("LP2")))
    async with Stage(tmp_path, sources={"17track": source}) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP2"))
        assert await stage.cycle.poll(stage.now) == Polled(polled=2)
        known = await everything_known(stage)
        for _ in range(3):
            stage.later(hours=7)
            assert await stage.cycle.poll(stage.now) == Polled(polled=2)
            look = (await stage.parcel("LP1")).look
            assert (look.last_success_at, look.failures) == (stage.now, 0)
            assert look.next_poll_at is not None
            assert look.next_poll_at > stage.now
        assert await everything_known(stage) == known
        assert await stage.rows("SELECT count(*) FROM payloads") == [(1,)]
    assert len(source._read) == 1
    assert len(httpserver.log) == 4


@pytest.mark.parametrize(
    ("then", "rule"),
    [
        (tracked("LP1"), "tracking_stalled"),
        (tracked("LP1", "InTransit_CustomsProcessing", "2026-05-11T09:00:00+02:00"), "customs_hold"),
    ],
    ids=["the same", "a scan of long ago"],
)
async def test_what_began_while_the_source_was_blind_is_said_when_it_sees_again(
    tmp_path: Path, httpserver: HTTPServer, then: Any, rule: str
) -> None:
    said = [answer(tracked("LP1"))]
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_handler(
        lambda request: Response(said[0]) if said else Response(status=503)
    )
    async with Stage(tmp_path, sources={"17track": seventeentrack(httpserver)}) as stage:
        await stage.take(*orders("1001: LP1"))
        await stage.pass_once()
        said.clear()
        while stage.now < at("2026-05-25 12:00"):
            stage.later(hours=2)
            await stage.pass_once()
        assert {it.rule for it in stage.phone.inbox} == {"source_blind"}
        said.append(answer(then))
        for _ in range(10):
            stage.later(hours=1)
            await stage.pass_once()
        assert [it.rule for it in stage.phone.inbox if it.rule != "source_blind"] == [rule]


@pytest.mark.parametrize("what", ["answer", "configuration", "new parcel"])
async def test_an_answer_is_read_when_anything_changed(
    tmp_path: Path, httpserver: HTTPServer, what: str
) -> None:
    source = seventeentrack(httpserver)
    said = [tracked("LP1"), tracked("LP2")]
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_handler(
        lambda request: Response(answer(*said))
    )
    async with Stage(tmp_path, sources={"17track": source}) as stage:
        await stage.take(*orders("1001: LP1"))
        await stage.cycle.poll(stage.now)
        stage.later(hours=7)
        if what == "answer":
            said[0] = tracked("LP1", "InTransit_CustomsProcessing", "2026-05-11T09:00:00+02:00")
        elif what == "configuration":
            changed = seventeentrack(httpserver, codes={"InTransit_Other": ShipmentStatus.IN_CUSTOMS})
            stage._sources = {"17track": changed}
            stage.configure(
                'timezone = "Europe/Madrid"\norders = ["orders.toml"]\ndatabase = "orderwatch.db"\n'
            )
            await stage.restart()
            source = changed
        else:
            await stage.take(*orders("1002: LP2"))
        before = len(source._read)
        await stage.cycle.poll(stage.now)
        assert len(source._read) == before + 1
        if what != "new parcel":
            assert (await stage.parcel("LP1")).shipment.status is ShipmentStatus.IN_CUSTOMS


# Failed looks


ERRORS = [
    Unreachable("nobody answers there"),
    RateLimited("asked too often", retry_after=timedelta(hours=3)),
    Unauthorized("the key is wrong"),
    Refused("not accepted"),
    QuotaExceeded("used up", retry_after=timedelta(hours=9)),
    ParseError("is missing", field="data"),
    ParseError("the answer is a web page", readable=False),
    KeyError("a bug"),
    RecursionError("a bug"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "a bug"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_a_failed_look_changes_no_finding(tmp_path: Path, error: Exception) -> None:
    async with Stage(tmp_path, now=NOW - timedelta(days=1)) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP2 LP3"))
        stage.source.tells(held("LP1"), moving("LP2"), moving("LP3", status="in_customs"))
        await stage.pass_once()
        known = await everything_known(stage)
        stage.source.fails(error)
        for failed in range(1, 4):
            stage.later(hours=12)
            assert await stage.cycle.poll(stage.now) == Polled(polled=3, failed=3)
            assert {count for count, _ in await failures(stage, "LP1", "LP2", "LP3")} == {failed}
            assert await everything_known(stage) == known
        stage.source.tells(held("LP1"), moving("LP2"), moving("LP3", status="in_customs"))
        stage.later(hours=12)
        await stage.cycle.poll(stage.now)
        assert await failures(stage, "LP1", "LP2", "LP3") == [(0, None)] * 3
        assert await everything_known(stage) == known


@pytest.mark.parametrize("error", [error for error in ERRORS if isinstance(error, LookError)], ids=repr)
async def test_the_next_try_is_when_the_source_wants_it(tmp_path: Path, error: LookError) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.fails(error)
        await stage.cycle.poll(NOW)
        next_at = (await stage.parcel("LP1")).look.next_poll_at
        assert next_at is not None
        assert next_at - NOW == (error.retry_after or 5 * MINUTE)


async def test_tries_become_rarer(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.fails(Unreachable("nobody answers there"))
        waits = []
        for _ in range(9):
            await stage.cycle.poll(stage.now)
            next_at = (await stage.parcel("LP1")).look.next_poll_at
            assert next_at is not None
            waits.append((next_at - stage.now) // MINUTE)
            stage.now = next_at
    assert waits == [5, 10, 20, 40, 80, 160, 320, 360, 360]


async def test_a_number_that_is_missing_in_the_answer_fails_alone(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1 LP2 LP3"))
        stage.source.tells(moving("LP1"), moving("LP3"))
        assert await stage.cycle.poll(NOW) == Polled(polled=3, failed=1)
        assert await failures(stage, "LP1", "LP2", "LP3") == [(0, None), (1, NOT_MENTIONED), (0, None)]
        (source,) = await stage.read(lambda store: store.health.sources())
        assert source.failing_since is None


@pytest.mark.parametrize(
    "error", [lambda: ParseError("broken"), lambda: Refused("no"), lambda: KeyError("x")]
)
async def test_one_number_that_spoils_a_batch_is_found(
    tmp_path: Path, error: Callable[[], Exception]
) -> None:
    async with Stage(tmp_path) as stage:
        numbers = [f"LP{number:02}" for number in range(40)]
        await stage.take(*orders(f"1001: {' '.join(numbers)}"))
        stage.source.answers(but("LP23", error=error))
        assert await stage.cycle.poll(NOW) == Polled(polled=40, failed=1)
        assert len(stage.source.asked) <= MOST_HALVES
        looks = dict(zip(numbers, await failures(stage, *numbers), strict=True))
        assert [number for number, (failed, _) in looks.items() if failed] == ["LP23"]


async def test_looking_for_the_one_number_has_an_end(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        numbers = [f"LP{number:02}" for number in range(40)]
        await stage.take(*orders(f"1001: {' '.join(numbers)}"))
        stage.source.answers(but(*numbers))
        assert await stage.cycle.poll(NOW) == Polled(polled=40, failed=40)
        assert len(stage.source.asked) <= 2 * MOST_HALVES


@pytest.mark.parametrize(
    "error", [RateLimited("too often"), Unauthorized("no"), Unreachable("gone"), QuotaExceeded("-")]
)
async def test_a_source_that_refuses_is_not_asked_any_further(tmp_path: Path, error: LookError) -> None:
    source = OneByOne(adapter="scripted")
    async with Stage(tmp_path, sources={"scripted": source}) as stage:
        await stage.take(*orders(f"1001: {' '.join(f'LP{number}' for number in range(30))}"))
        source.fails(error)
        assert await stage.cycle.poll(NOW) == Polled(polled=30, failed=30)
        assert len(source.asked) <= 4


async def test_a_refusal_ends_the_search_for_one_number_too(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        numbers = [f"LP{number:02}" for number in range(40)]
        await stage.take(*orders(f"1001: {' '.join(numbers)}"))
        said: list[Exception] = [
            ParseError("broken"),
            RateLimited("too often", retry_after=timedelta(hours=2)),
        ]

        def answer(asked: Sequence[str]) -> Iterable[Tracking]:
            raise said.pop(0)

        stage.source.answers(answer)
        assert await stage.cycle.poll(NOW) == Polled(polled=40, failed=40)
        assert list(map(len, stage.source.asked)) == [40, 20]
        next_looks = {(await stage.parcel(number)).look.next_poll_at for number in numbers}
        assert next_looks == {NOW + timedelta(hours=2)}


async def test_a_source_that_fails_does_not_touch_another(tmp_path: Path) -> None:
    good, bad = Scripted(adapter="scripted"), Scripted(adapter="scripted", accepts="XX.*")
    async with Stage(tmp_path, sources={"bad": bad, "good": good}) as stage:
        await stage.take(*orders("1001: XX1", "1002: LP1"))
        bad.fails(Unauthorized("the key is wrong"))
        good.tells(moving("LP1"))
        assert await stage.cycle.poll(NOW) == Polled(polled=2, failed=1)
        assert (bad.asked, good.asked) == ([("XX1",)], [("LP1",)])


# Adapters that break their promises


def broken(**changes: Any) -> list[Tracking]:
    scans = (a_scan("2026-05-10 09:00"), replace(a_scan("2026-05-10 09:00", description="?"), **changes))
    return [Tracking("LP1", ShipmentStatus.IN_TRANSIT, scans), moving("LP2")]


BUGS: dict[str, Any] = {
    "nothing": None,
    "a number": 17,
    "texts": ["LP1"],
    "tables": [{"number": "LP1"}],
    "times without a zone": broken(at=datetime(2026, 5, 10)),
    "no description": broken(description=None),
    "half a character": broken(description="\ud800"),
    "a number that is none": [Tracking(17, ShipmentStatus.IN_TRANSIT)],  # type: ignore[arg-type]
}


@pytest.mark.parametrize("bug", BUGS)
async def test_a_bug_of_an_adapter_is_a_failed_look(
    tmp_path: Path, bug: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = Scripted(adapter="scripted", accepts="XX.*")
    bad = OneByOne(adapter="scripted")
    async with Stage(tmp_path, sources={"good": good, "bad": bad}) as stage:
        await stage.take(*orders("1001: LP1", "1002: XX1"))
        bad.answers(lambda numbers: BUGS[bug])
        good.tells(held("XX1"))
        assert await stage.cycle.poll(NOW) == Polled(polled=2, failed=1, opened=1)
        ((failed, told),) = await failures(stage, "LP1")
        assert failed == 1
        assert told is not None
        assert told.startswith("the adapter failed (")
        assert logged(caplog, "source bad: its adapter failed; please report this") == 1
        assert await stage.cycle.poll(NOW) == Polled()


# Evidence


async def test_answers_are_kept_also_when_they_cannot_be_read(tmp_path: Path, httpserver: HTTPServer) -> None:
    said = ["<html>maintenance</html>", answer(tracked("LP1")), '{"code": 0, "data": {"accepted": 17}}']
    bodies = iter(said)
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_handler(
        lambda request: Response(next(bodies))
    )
    async with Stage(tmp_path, sources={"17track": seventeentrack(httpserver)}) as stage:
        await stage.take(*orders("1001: LP1"))
        for _ in said:
            await stage.cycle.poll(stage.now)
            stage.later(hours=7)
        hashes = await stage.rows("SELECT hash FROM payloads WHERE source = '17track' ORDER BY first_seen_at")
        kept = await stage.read(lambda store: [store.payloads.read(digest) for (digest,) in hashes])
        assert kept == [body.encode() for body in said]
        links = await stage.rows("SELECT count(*) FROM payload_shipments WHERE shipment = 1")
        assert links == [(3,)]
        assert await failures(stage, "LP1") == [(1, "$.data.accepted: Expected `array | null`, got `int`")]


async def test_no_key_is_in_what_is_kept_or_told(
    tmp_path: Path, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_data("no", status=401)
    async with Stage(tmp_path, sources={"17track": seventeentrack(httpserver)}) as stage:
        await stage.take(*orders("1001: LP1"))
        await stage.cycle.poll(stage.now)
        dump = "\n".join(await stage.read(lambda store: list(store.db.conn.iterdump())))
    assert "wrong or not allowed" in dump
    assert "sesame" not in dump
    assert "sesame" not in caplog.text


async def test_a_code_nobody_knows_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP2"))
        odd = [a_scan(f"2026-05-{day} 09:00", "unknown", "Odd", code="X9") for day in ("08", "09", "10")]
        wordy = a_scan("2026-05-07 09:00", "unknown", "In limbo")
        stage.source.tells(
            Tracking("LP1", ShipmentStatus.UNKNOWN, (odd[0], odd[1], wordy)),
            Tracking("LP2", ShipmentStatus.UNKNOWN, (odd[0],)),
        )
        await stage.cycle.poll(stage.now)
        assert logged(caplog, "code 'X9' is not known yet") == 1
        assert logged(caplog, "code 'In limbo' is not known yet") == 1
        await stage.restart()
        stage.later(days=1)
        stage.source.tells(Tracking("LP1", ShipmentStatus.UNKNOWN, tuple(odd)), moving("LP2"))
        await stage.cycle.poll(stage.now)
        assert logged(caplog, "is not known yet") == 2


async def test_a_source_fails_and_is_back_once_each(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        for answers in (Unreachable("gone"), Unreachable("gone"), None, None):
            if answers is None:
                stage.source.answers(nothing_known)
            else:
                stage.source.fails(answers)
            stage.later(hours=13)
            await stage.cycle.poll(stage.now)
    assert logged(caplog, "source scripted failed: gone") == 1
    assert logged(caplog, "source scripted answers again") == 1


# Budgets


async def test_what_was_asked_today_counts_after_a_restart(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_handler(_echo)
    source = seventeentrack(httpserver, requests_per_day=2)
    async with Stage(tmp_path, sources={"17track": source}) as stage:
        await stage.take(*orders("1001: LP1"))
        for minutes in (0, 365, 365):
            stage.later(minutes=minutes)
            await stage.restart()
            await stage.cycle.poll(stage.now)
        assert len(httpserver.log) == 2
        assert await failures(stage, "LP1") == [(1, "all 2 requests of the day are used (requests_per_day)")]
        midnight = datetime.combine(NOW.date() + timedelta(days=1), datetime.min.time(), NOW.tzinfo)
        assert (await stage.parcel("LP1")).look.next_poll_at == midnight
        stage.now = midnight
        assert await stage.cycle.poll(stage.now) == Polled(polled=1)
        assert len(httpserver.log) == 3


def _echo(request: Request) -> Response:
    """17TRACK, which knows every number it is asked about."""
    return Response(answer(*(tracked(asked["number"]) for asked in request.get_json())))


# When to look next


@pytest.mark.parametrize(
    ("status", "hours"),
    [("in_transit", 6), ("out_for_delivery", 1), ("available_for_pickup", 4), ("info_received", 8)],
)
async def test_the_next_look_is_by_where_the_parcel_is(tmp_path: Path, status: str, hours: int) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(moving("LP1", status=status))
        await stage.cycle.poll(NOW)
        assert (await stage.parcel("LP1")).look.next_poll_at == NOW + timedelta(hours=hours)


@pytest.mark.parametrize("status", ["delivered", "returned"])
async def test_a_journey_that_is_over_is_not_looked_at(tmp_path: Path, status: str) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(moving("LP1", status=status))
        await stage.cycle.poll(NOW)
        assert (await stage.parcel("LP1")).look.next_poll_at is None


@pytest.mark.parametrize(("minutes", "wait"), [(0, 60), (59, 60), (90, 90), (600, 600)])
async def test_never_sooner_than_a_source_allows(tmp_path: Path, minutes: int, wait: int) -> None:
    source = Scripted(adapter="scripted", min_interval_minutes=minutes)
    async with Stage(tmp_path, sources={"scripted": source}) as stage:
        await stage.take(*orders("1001: LP1"))
        source.tells(moving("LP1", status="out_for_delivery"))
        await stage.cycle.poll(NOW)
        assert (await stage.parcel("LP1")).look.next_poll_at == NOW + wait * MINUTE


@pytest.mark.parametrize(
    ("error", "minutes"),
    [
        (Unreachable("it has a fault of its own"), 360),
        (ParseError("a captcha", readable=False), 360),
        (RateLimited("too often", retry_after=timedelta(hours=8)), 480),
        # It was never asked: our own network, our own budget.
        (Unreachable("no network", asked=False), 5),
        (QuotaExceeded("all requests of the day are used", retry_after=timedelta(hours=2), asked=False), 120),
    ],
)
async def test_a_source_that_failed_is_not_asked_sooner_than_it_allows(
    tmp_path: Path, error: Exception, minutes: int
) -> None:
    source = Scripted(adapter="scripted", min_interval_minutes=360)
    async with Stage(tmp_path, sources={"scripted": source}) as stage:
        await stage.take(*orders("1001: LP1"))
        source.fails(error)
        await stage.cycle.poll(NOW)
        assert (await stage.parcel("LP1")).look.next_poll_at == NOW + minutes * MINUTE


async def test_a_number_that_is_not_mentioned_is_not_asked_sooner_either(tmp_path: Path) -> None:
    source = Scripted(adapter="scripted", min_interval_minutes=360)
    async with Stage(tmp_path, sources={"scripted": source}) as stage:
        await stage.take(*orders("1001: LP1"))
        source.tells(moving("LP2"))
        await stage.cycle.poll(NOW)
        assert (await stage.parcel("LP1")).look.next_poll_at == NOW + 360 * MINUTE


async def test_a_look_before_a_moment_at_which_something_is_said(tmp_path: Path) -> None:
    """What is said at nine in the morning of 14 May is seen half an hour before."""
    async with Stage(tmp_path) as stage:
        stage.now = NOW + timedelta(hours=40)
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        await stage.cycle.poll(stage.now)
        speaks_at = (await stage.order("1001")).next_at
        assert speaks_at is not None
        assert stage.now < speaks_at < stage.now + timedelta(hours=6)
        assert (await stage.parcel("LP1")).look.next_poll_at == speaks_at - 30 * MINUTE


async def test_a_source_that_is_gone_is_not_looked_for(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        await stage.rows("UPDATE shipments SET source = 'gone', facts = json_set(facts, '$.source', 'gone')")
        await stage.rows("UPDATE lookups SET source = 'gone'")
        assert await stage.cycle.poll(NOW) == Polled()
        assert await stage.read(lambda store: store.lookups.next_due()) is None
        await stage.restart()
        assert (await stage.parcel("LP1")).shipment.source == "scripted"
        assert await stage.cycle.poll(NOW) == Polled(polled=1)


# What happens during a look


def meanwhile(stage: Stage, work: Callable[[Store], object], *told: Tracking) -> Any:
    """An answer that takes so long that another program does something meanwhile."""

    def answer(numbers: Sequence[str]) -> Iterable[Tracking]:
        with closing(Store(stage.database.path)) as store, store.atomic():
            work(store)
        return told

    return answer


async def test_an_order_that_comes_in_during_a_look_hears_of_it(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(moving("LP1"))
        await stage.pass_once()
        stage.later(hours=7)
        new = orders("1002: LP1")
        stage.source.answers(
            meanwhile(
                stage, lambda store: store.orders.take(new, stage.now, stage.runtime.choose), held("LP1")
            )
        )
        await stage.pass_once()
        assert (await stage.parcel("LP1")).shipment.orders == ("1001", "1002")
        await stage.take(*orders("1001:"))
        stage.later(hours=7)
        stage.source.tells(moving("LP1", "2026-05-13 00:00"))
        await stage.pass_once()
        assert stage.phone.titles == ["Customs hold: Order 1001", "Out of customs: Order 1002"]


async def test_a_parcel_that_is_let_go_during_a_look_is_not_looked_at_again(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))
        gone = orders("1001:")
        stage.source.answers(
            meanwhile(
                stage, lambda store: store.orders.take(gone, stage.now, stage.runtime.choose), held("LP1")
            )
        )
        assert await stage.cycle.poll(stage.now) == Polled(polled=1)
        assert await stage.read(lambda store: store.lookups.next_due()) is None
        assert await stage.rows("SELECT rule FROM alerts") == []


async def test_an_order_that_finishes_during_a_look_keeps_its_parcels_at_rest(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1"))

        def finish(store: Store) -> None:
            store.orders.stand([Standing("1001", Phase.FINISHED, None, None, None)])
            store.parcels.rest("1001")

        stage.source.answers(meanwhile(stage, finish))
        await stage.cycle.poll(stage.now)
        assert await stage.read(lambda store: store.lookups.next_due()) is None


# Real sources over real connections


async def test_a_server_that_asks_to_be_left_alone(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_data("", 429, {"Retry-After": "7200"})
    async with Stage(tmp_path, sources={"17track": seventeentrack(httpserver)}) as stage:
        await stage.take(*orders(f"1001: {' '.join(f'LP{number:03}' for number in range(300))}"))
        assert await stage.cycle.poll(NOW) == Polled(polled=300, failed=300)
        assert len(httpserver.log) <= 4
        due = await stage.rows("SELECT DISTINCT next_poll_at FROM lookups")
        assert due == [(int((NOW + timedelta(hours=2)).timestamp() * 1e6),)]


async def test_forty_a_call_and_each_its_own_fate(tmp_path: Path, httpserver: HTTPServer) -> None:
    def respond(request: Request) -> Response:
        asked = [it["number"] for it in request.get_json()]
        accepted = [tracked(number) for number in asked if number not in ("LP01", "LP02")]
        rejected = [{"number": "LP01", "error": {"code": -18019909}}] if "LP01" in asked else []
        data = {"accepted": [*accepted, {"number": "STRANGER"}], "rejected": rejected}
        return Response(json.dumps({"code": 0, "data": data}))

    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_handler(respond)
    async with Stage(tmp_path, sources={"17track": seventeentrack(httpserver)}) as stage:
        await stage.take(*orders(f"1001: {' '.join(f'LP{number:02}' for number in range(45))}"))
        assert await stage.cycle.poll(NOW) == Polled(polled=45, failed=1)
        assert await failures(stage, "LP00", "LP01", "LP02") == [(0, None), (0, None), (1, NOT_MENTIONED)]
        assert sorted(len(request.get_json()) for request, _ in httpserver.log) == [5, 40]
