"""One parcel, two carriers: the first names the last mile's number, and the last mile is asked itself."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor.carrier import Source, Tracking, UndatedEvent, Unreachable
from monitor.core.model import EstimatedDelivery, Lookup, Parcel, Shipment, ShipmentStatus
from monitor.plugins import load_source
from monitor.poll import Polled
from monitor.store.lookups import MOST_FOLLOWED
from tests.monitor.core.facts import a_scan, an_order, at, day
from tests.monitor.stage import CONFIG, NOW, Scripted, Stage, held, moving, nothing_known, orders

POST = Lookup("post", "RX1")


class World:
    """A source that takes any number, one that is made for the last mile's, and a parcel LP1."""

    def __init__(self, folder: Path, **post: Any) -> None:
        self.first = Scripted(adapter="first")
        self.post = Scripted(adapter="post", **({"accepts": r"RX\d+"} | post))
        self.sources: dict[str, Source] = {"first": self.first, "post": self.post}
        self.stage = Stage(folder, sources=self.sources)

    async def __aenter__(self) -> Self:
        await self.stage.__aenter__()
        await self.stage.take(*orders("1001: LP1"))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stage.__aexit__(kind, error, traceback)

    async def look(self, hours: float = 0) -> Shipment:
        """Time passes, all that is due happens; LP1 as it is then."""
        self.stage.later(hours=hours)
        await self.stage.pass_once()
        return (await self.stage.parcel("LP1")).shipment

    async def lookups(self) -> list[tuple[str, str]]:
        """Where parcels are looked up, under which number."""
        return await self.stage.rows("SELECT source, number FROM lookups ORDER BY source, number")

    async def awake(self) -> list[str]:
        """The sources that are to be asked again."""
        rows = await self.stage.rows("SELECT source FROM lookups WHERE next_poll_at IS NOT NULL ORDER BY 1")
        return [source for (source,) in rows]

    async def configure(self, *sources: str) -> None:
        """Starts again with these sources only."""
        self.stage._sources = {name: self.sources[name] for name in sources}
        self.stage.configure(CONFIG)
        await self.stage.restart()


def lp1(newest: str = "2026-05-10 09:00", status: str = "in_transit", **more: Any) -> Tracking:
    """What the first source says of a parcel of which it knows the last mile's number."""
    return moving("LP1", newest, status, **({"aliases": ("RX1",)} | more))


def rx1(newest: str, status: str, **more: Any) -> Tracking:
    """What the last mile's source says."""
    return moving("RX1", newest, status, **more)


# The story, over real connections


class Api:
    """A carrier's API on loopback: its answers by number, and what it was asked."""

    def __init__(self, server: HTTPServer, name: str) -> None:
        self.name, self.address = name, server.url_for(f"/{name}/{{number}}")
        self.asked: list[str] = []
        self.knows: dict[str, Mapping[str, Any]] = {}
        server.expect_request(re.compile(f"/{name}/.*")).respond_with_handler(self._respond)

    def source(self, **table: Any) -> Source:
        """The source that asks it."""
        known = {
            "adapter": "http",
            "url": self.address,
            "fields": {"aliases": "other", "events": "scans"},
            "event_fields": {"at": "at", "status": "status", "description": "text"},
            "statuses": {"moving": "in_transit", "delivered": "delivered"},
            "not_found_statuses": [404],
            "requests_per_second": 1000.0,
        }
        return load_source(self.name, {**known, **table})

    def _respond(self, request: Request) -> Response:
        number = request.path.removeprefix(f"/{self.name}/")
        self.asked.append(number)
        known = self.knows.get(number)
        return Response("{}", 404) if known is None else Response(json.dumps(known))


async def test_the_first_carrier_names_the_last_mile_and_that_delivers(
    tmp_path: Path, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    far, near = Api(httpserver, "far"), Api(httpserver, "near")
    sources = {"far": far.source(), "near": near.source(accepts=r"RX\d+")}
    sent = {"at": "2026-05-10T09:00:00+08:00", "status": "moving", "text": "Left the country"}
    door = {"at": "2026-05-12T20:00:00+02:00", "status": "delivered", "text": "Entregado"}
    late = {"at": "2026-05-12T20:03:00+02:00", "status": "delivered", "text": "Delivered"}
    async with Stage(tmp_path, sources=sources) as stage:
        await stage.take(*orders("1001: LP1"))
        far.knows["LP1"] = {"scans": [sent]}
        await stage.pass_once()
        assert (far.asked, near.asked) == (["LP1"], [])

        far.knows["LP1"] = {"other": ["RX1"], "scans": [sent]}
        stage.later(hours=7)
        await stage.pass_once()
        assert (far.asked, near.asked) == (["LP1", "LP1"], ["RX1"])
        assert "parcel LP1 is also looked up at near, as RX1" in caplog.text
        assert (await stage.parcel("LP1")).shipment.status is ShipmentStatus.IN_TRANSIT
        assert stage.phone.titles == []

        near.knows["RX1"] = {"scans": [door]}
        stage.later(hours=7)
        await stage.pass_once()
        assert stage.phone.titles == ["Delivered: Order 1001"]
        assert (await stage.parcel("RX1")).shipment.teller == "near"

        far.knows["LP1"] = {"other": ["RX1"], "scans": [sent, late]}
        asked = (len(far.asked), len(near.asked))
        for _ in range(4):
            stage.later(hours=7)
            await stage.pass_once()
        assert (len(far.asked), len(near.asked)) == asked
        assert stage.phone.titles == ["Delivered: Order 1001"]


# By turns


async def test_who_does_not_know_the_number_yet_says_nothing(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1())
        world.post.answers(nothing_known)
        before = await world.look()
        assert world.post.asked == [("RX1",)]
        assert await world.look(hours=7) == before
        assert world.post.asked == [("RX1",)] * 2
        assert (before.status, before.status_since) == (ShipmentStatus.IN_TRANSIT, at("2026-05-10 09:00"))
        assert world.stage.phone.titles == []


async def test_two_that_say_the_same_again_and_again_cause_nothing(tmp_path: Path) -> None:
    """The last mile holds the parcel; the first carrier has not heard of it, and says so each time."""
    async with World(tmp_path) as world:
        world.first.tells(lp1("2026-05-09 09:00", edd=EstimatedDelivery(latest=day("2026-06-20"))))
        world.post.tells(held("RX1", edd=EstimatedDelivery(latest=day("2026-06-25"))))
        whole = await world.look()
        assert (whole.status, whole.told_by) == (ShipmentStatus.CUSTOMS_HOLD, POST)
        said = world.stage.phone.titles.copy()
        assert said == ["Customs hold: Order 1001"]
        for _ in range(12):
            world.stage.later(hours=3)
            await world.stage.cycle.poll(world.stage.now)
            assert (await world.stage.parcel("LP1")).shipment == whole
        assert min(len(world.first.asked), len(world.post.asked)) > 4
        await world.stage.pass_once()
        assert world.stage.phone.titles == said
        world.first.tells(lp1("2026-05-14 09:00"))
        await world.look(hours=7)
        assert world.stage.phone.titles == [*said, "Out of customs: Order 1001"]


@pytest.mark.parametrize("turns", sorted(set(permutations("FFPP"))), ids="".join)
async def test_whoever_is_asked_first_the_parcel_ends_the_same(
    tmp_path: Path, turns: tuple[str, ...]
) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1("2026-05-08 09:00"))
        world.post.answers(nothing_known)
        await world.look()
        said = {
            "F": iter([lp1("2026-05-10 09:00", "in_customs"), lp1("2026-05-11 09:00", "customs_hold")]),
            "P": iter(
                [rx1("2026-05-10 12:00", "in_transit"), rx1("2026-05-12 08:00", "available_for_pickup")]
            ),
        }
        sources = {"F": world.first, "P": world.post}
        for turn in turns:
            sources[turn].tells(next(said[turn]))
            asked, other = ("first", "post") if turn == "F" else ("post", "first")
            await world.stage.rows(f"UPDATE lookups SET next_poll_at = 1 WHERE source = '{asked}'")
            await world.stage.rows(f"UPDATE lookups SET next_poll_at = {4 * 10**15} WHERE source = '{other}'")
            await world.stage.cycle.poll(world.stage.now)
        shipment = (await world.stage.parcel("LP1")).shipment
        assert (shipment.status, shipment.status_since, shipment.told_by) == (
            ShipmentStatus.AVAILABLE_FOR_PICKUP,
            at("2026-05-12 08:00"),
            POST,
        )
        await world.stage.pass_once()
        assert "Ready to collect: Order 1001" in world.stage.phone.titles
        assert await world.stage.rows("SELECT count(*) FROM events") == [(5,)]


async def test_a_placeholder_and_its_number_at_one_source_are_two_looks(tmp_path: Path) -> None:
    """The source tells nothing under the first number but another, which is its own too."""
    placeholder = Tracking("LP1", ShipmentStatus.NOT_FOUND, aliases=("RX1",))
    async with World(tmp_path) as world:
        await world.configure("post")
        await world.stage.take(an_order(id="1001", title="Order 1001", parcels=(Parcel("LP1", "post"),)))
        world.post.answers(
            lambda numbers: [
                placeholder if n == "LP1" else rx1("2026-05-11 09:00", "in_customs") for n in numbers
            ]
        )
        assert await world.stage.cycle.poll(world.stage.now) == Polled(polled=1)
        assert world.post.asked == [("LP1",), ("RX1",)]
        assert await world.lookups() == [("post", "LP1"), ("post", "RX1")]
        assert await world.stage.cycle.poll(world.stage.now + timedelta(hours=13)) == Polled(polled=1)
        assert sorted(world.post.asked[2:]) == [("LP1",), ("RX1",)]
        shipment = (await world.stage.parcel("LP1")).shipment
        assert (shipment.status, shipment.told_by) == (ShipmentStatus.IN_CUSTOMS, POST)


async def test_a_source_that_tells_the_scans_is_not_asked_under_two_numbers(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        await world.configure("post")
        await world.stage.take(an_order(id="1001", title="Order 1001", parcels=(Parcel("LP1", "post"),)))
        world.post.tells(lp1())
        await world.stage.cycle.poll(world.stage.now)
        assert world.post.asked == [("LP1",)]


async def test_what_the_last_mile_knows_is_heard_before_anything_is_said(tmp_path: Path) -> None:
    """The first source has been silent for weeks, as the parcel is long in other hands."""
    async with World(tmp_path) as world:
        world.stage.now = at("2026-06-08 12:00")
        world.first.tells(lp1("2026-05-10 09:00"))
        world.post.tells(rx1("2026-06-08 09:00", "out_for_delivery"))
        await world.stage.pass_once()
        assert world.post.asked == [("RX1",)]
        assert not [title for title in world.stage.phone.titles if title.startswith("No news")]


async def test_if_the_last_mile_cannot_be_read_the_silence_is_told_all_the_same(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        world.stage.now = at("2026-06-08 12:00")
        world.first.tells(lp1("2026-05-10 09:00"))
        world.post.fails(Unreachable("nobody answers there"))
        await world.stage.pass_once()
        assert [title for title in world.stage.phone.titles if title.startswith("No news")]


async def test_each_at_its_own_pace(tmp_path: Path) -> None:
    async with World(tmp_path, min_interval_minutes=1200) as world:
        world.first.tells(lp1())
        world.post.answers(nothing_known)
        await world.look()
        looks = (await world.stage.parcel("LP1")).looks
        assert looks[Lookup("first", "LP1")].next_poll_at == NOW + timedelta(hours=6)
        assert looks[POST].next_poll_at == NOW + timedelta(hours=20)


# How long


async def test_when_the_journey_is_over_nobody_is_asked(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1())
        world.post.tells(rx1("2026-05-12 11:00", "delivered"))
        await world.look()
        assert await world.awake() == []
        await world.look(hours=50)
        assert (len(world.first.asked), len(world.post.asked)) == (1, 1)


async def test_a_journey_that_goes_on_after_all_is_followed_everywhere_again(tmp_path: Path) -> None:
    """The first source was still being asked when the last mile said that it had delivered."""
    async with World(tmp_path) as world:
        world.first.tells(lp1())
        world.post.tells(rx1("2026-05-12 11:00", "delivered"))
        assert (await world.look()).status is ShipmentStatus.DELIVERED
        world.first.tells(lp1("2026-05-12 11:30", "delivery_failed"))
        await world.stage.rows("UPDATE lookups SET next_poll_at = 1 WHERE source = 'first'")
        assert (await world.look()).status is ShipmentStatus.DELIVERY_FAILED
        assert await world.awake() == ["first", "post"]


async def test_a_finished_order_has_nobody_asked(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1())
        await world.look()
        await world.stage.take(*orders("1001:"))
        assert await world.awake() == []
        await world.stage.take(*orders("1001: LP1"))
        assert await world.awake() == ["first", "post"]


# Which numbers


async def test_what_names_many_numbers_has_few_of_them_followed(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        many = tuple(f"RX{number:03}" for number in range(500))
        world.first.tells(lp1(aliases=many[250:]))
        world.post.answers(nothing_known)
        await world.look()
        followed = [number for source, number in await world.lookups() if source == "post"]
        assert followed == list(many[250 : 250 + MOST_FOLLOWED])
        world.first.tells(lp1(aliases=many))
        await world.look(hours=7)
        assert [number for source, number in await world.lookups() if source == "post"] == followed


@pytest.mark.parametrize("alias", ["LP2", "XX1", "RX"])
async def test_a_number_that_no_source_is_made_for_is_not_followed(tmp_path: Path, alias: str) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1(aliases=(alias,)))
        await world.look()
        assert await world.lookups() == [("first", "LP1")]


async def test_a_parcel_that_the_order_names_by_both_numbers(tmp_path: Path) -> None:
    """The order says itself where the last mile is read. Once the first carrier tells that the two are
    one, both are still asked, and what was said is not said again."""
    async with World(tmp_path, accepts="nothing") as world:
        both = an_order(id="1001", title="Order 1001", parcels=(Parcel("LP1"), Parcel("RX1", "post")))
        await world.stage.take(both)
        world.first.tells(moving("LP1", "2026-05-09 09:00"))
        world.post.tells(held("RX1"))
        await world.look()
        assert world.stage.phone.titles == ["Customs hold: Order 1001"]
        world.first.tells(lp1("2026-05-09 09:00"))
        whole = await world.look(hours=7)
        assert (whole.status, whole.told_by) == (ShipmentStatus.CUSTOMS_HOLD, POST)
        assert len((await world.stage.order("1001")).parcels) == 1
        assert await world.lookups() == [("first", "LP1"), ("post", "RX1")]
        await world.stage.take(an_order(id="1001", title="The same, read again", parcels=both.parcels))
        asked = (len(world.first.asked), len(world.post.asked))
        await world.look(hours=7)
        assert await world.lookups() == [("first", "LP1"), ("post", "RX1")]
        assert (len(world.first.asked), len(world.post.asked)) == (asked[0] + 1, asked[1] + 1)
        assert world.stage.phone.titles == ["Customs hold: Order 1001"]
        alerts = "SELECT subject, state FROM alerts WHERE rule = 'customs_hold'"
        assert await world.stage.rows(alerts) == [("LP1", "open")]
        world.post.tells(rx1("2026-05-13 01:00", "in_transit"))
        await world.look(hours=7)
        assert world.stage.phone.titles[-1] == "Out of customs: The same, read again"


async def test_a_parcel_of_both_names_that_was_delivered_under_one(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        await world.stage.take(*orders("1001: LP1 RX1"))
        world.first.tells(moving("LP1"))
        world.first.answers(lambda numbers: [moving("LP1"), rx1("2026-05-12 10:00", "delivered")])
        await world.look()
        world.first.tells(lp1())
        world.post.tells(rx1("2026-05-12 10:00", "delivered"))
        assert (await world.look(hours=7)).status is ShipmentStatus.DELIVERED
        assert await world.awake() == []
        await world.look(hours=7)
        assert world.stage.phone.titles == ["Delivered: Order 1001"]


# The configuration


async def test_the_last_mile_is_followed_as_its_source_comes_and_goes(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        await world.configure("first")
        world.first.tells(lp1())
        world.post.tells(rx1("2026-05-11 09:00", "in_customs"))
        await world.look()
        assert await world.lookups() == [("first", "LP1")]
        await world.configure("first", "post")
        assert (await world.look()).told_by == POST
        assert await world.lookups() == [("first", "LP1"), ("post", "RX1")]
        await world.configure("first")
        assert await world.lookups() == [("first", "LP1")]
        shipment = await world.look()
        assert (shipment.status, shipment.told_by) == (ShipmentStatus.IN_CUSTOMS, None)
        await world.configure("post", "first")
        assert await world.lookups() == [("first", "LP1"), ("post", "RX1")]


async def test_it_is_followed_over_a_restart(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1())
        world.post.fails(Unreachable("nobody answers there"))
        await world.look()
        for _ in range(2):
            await world.stage.restart()
        look = (await world.stage.parcel("LP1")).looks[POST]
        assert (look.failures, look.last_error) == (1, "nobody answers there")
        world.post.tells(rx1("2026-05-11 09:00", "in_customs"))
        assert (await world.look(hours=1)).status is ShipmentStatus.IN_CUSTOMS


# Failed looks, and what may be our own blindness


async def test_a_last_mile_that_cannot_be_read_is_a_failure_of_its_own(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1())
        world.post.fails(Unreachable("gone"))
        assert await world.stage.cycle.poll(world.stage.now) == Polled(polled=1, failed=1)
        parcel = await world.stage.parcel("LP1")
        assert (parcel.look.failures, parcel.followed[POST].failures) == (0, 1)
        assert parcel.telling == parcel.look


async def stalled(world: World, blind: str) -> bool:
    """Whether it is said that tracking stalls, while one of the sources is blind for weeks."""
    {"first": world.first, "post": world.post}[blind].fails(Unreachable("gone"))
    while world.stage.now < at("2026-06-10 12:00"):
        await world.look(hours=12)
    return any(message.rule == "tracking_stalled" for message in world.stage.phone.inbox)


@pytest.mark.parametrize(
    ("teller", "blind", "told"),
    [("first", "first", False), ("first", "post", True), ("post", "first", True), ("post", "post", False)],
)
async def test_silence_is_ours_if_the_one_is_blind_that_told_last(
    tmp_path: Path, teller: str, blind: str, told: bool
) -> None:
    async with World(tmp_path) as world:
        world.first.tells(lp1("2026-05-10 09:00"))
        if teller == "post":
            world.post.tells(rx1("2026-05-11 09:00", "in_transit"))
        else:
            world.post.answers(nothing_known)
        await world.look()
        assert await stalled(world, blind) is told


# Scans without a time


async def test_a_parcel_of_which_only_undated_scans_are_told_is_not_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World(tmp_path) as world:
        undated = (
            UndatedEvent(ShipmentStatus.UNKNOWN, "an old scan in odd words"),
            UndatedEvent(ShipmentStatus.UNKNOWN, "odd", code="Q7"),
            UndatedEvent(ShipmentStatus.IN_TRANSIT, "on its way"),
        )
        world.first.tells(Tracking("LP1", ShipmentStatus.IN_TRANSIT, undated=undated))
        shipment = await world.look()
        assert (shipment.status, shipment.status_since) == (ShipmentStatus.IN_TRANSIT, NOW)
        while world.stage.now < at("2026-06-10 12:00"):
            await world.look(hours=24)
        assert not {"no_tracking", "tracking_stalled"} & {it.rule for it in world.stage.phone.inbox}
        unknown = [record.getMessage() for record in caplog.records if "not known yet" in record.getMessage()]
        assert unknown == ["source first: code 'Q7' is not known yet and counts as unknown"]


async def test_old_words_that_nobody_reads_are_not_told_but_the_newest_are(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World(tmp_path) as world:
        odd = a_scan("2026-05-07 09:00", "unknown", "an old scan in odd words")
        world.first.tells(Tracking("LP1", ShipmentStatus.IN_TRANSIT, (odd, a_scan("2026-05-10 09:00"))))
        await world.look()
        assert "odd words" not in caplog.text
        newest = a_scan("2026-05-11 09:00", "unknown", "in limbo")
        world.first.tells(Tracking("LP1", ShipmentStatus.UNKNOWN, (odd, newest)))
        await world.look(hours=7)
        assert "code 'in limbo' is not known yet" in caplog.text
