"""Who is told when: quiet hours, one tier of channels after the other, channels that rest, many at once.

Each story says exactly which messages arrive in which minute, and nothing else."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import PrivateAttr

from monitor.carrier import Tracking
from monitor.core.model import Money, Severity, ShipmentStatus
from monitor.deliver import Delivered
from monitor.notifier import Failure, Notification, NotifierError, Receipt
from monitor.store.rows import maybe_stamp
from tests.monitor.core.facts import a_scan, an_order, at
from tests.monitor.stage import CONFIG, NOW, Logbook, Phone, Stage, held, orders
from tests.monitor.test_deliver import queue

TIERS = """
[alerts]
tiers = [["phone"], ["pager", "chat"], ["siren"]]
escalate_after = { urgent = "15m", critical = "5m" }
ack_within = { critical = "30m" }

[notifiers]
phone = { adapter = "journal" }
pager = { adapter = "journal" }
chat = { adapter = "journal" }
siren = { adapter = "journal" }
log = { adapter = "journal" }
"""
OFF = NotifierError("no answer", Failure.TEMPORARY)


class Screen(Phone):
    """A phone that gives each message an id, and takes back what is over."""

    _withdrawn: list[tuple[str, str | None]] = PrivateAttr(default_factory=list)

    def send(self, notification: Notification) -> Receipt:
        super().send(notification)
        return Receipt(provider_id=f"m{notification.id}")

    def withdraw(self, thread: str, message: str | None) -> None:
        self._act(Notification("", "", "", Severity.NOTICE))
        self._withdrawn.append((thread, message))


class House:
    """Four channels in three tiers and a log."""

    def __init__(self, folder: Path, config: str = TIERS) -> None:
        self.channels: dict[str, Phone] = {
            name: Phone(adapter=name) for name in ("phone", "pager", "chat", "siren")
        }
        self.channels["log"] = Logbook(adapter="log")
        self.stage = Stage(folder, config=CONFIG + config, channels=dict(self.channels))

    async def listen(self, minutes: int, step: int = 1) -> list[tuple[int, str]]:
        """Who hears something, and in which minute, while time passes."""
        heard: list[tuple[int, str]] = []
        for minute in range(0, minutes + 1, step):
            before = {name: len(channel.inbox) for name, channel in self.channels.items()}
            await self.stage.cycle.deliverer.deliver_due()
            heard += [
                (minute, name)
                for name, channel in self.channels.items()
                for _ in channel.inbox[before[name] :]
            ]
            self.stage.later(minutes=step)
        return heard

    async def queue(self, severity: str, *titles: str, **changes: Any) -> None:
        """Queues messages as thinking would."""
        by, known = self.stage.runtime, Severity(severity)
        tiers = by.tiers(known, "policy_old", None)
        until = self.stage.now + timedelta(days=2)
        await queue(
            self.stage, *(titles or ("Hold",)), severity=known, channels=tiers[0], records=by.records(known),
            escalations=by.escalations(tiers, known, self.stage.now, until), **changes,
        )  # fmt: skip


# Tiers


@pytest.mark.parametrize(
    ("severity", "off", "heard"),
    [
        ("warning", [], [(0, "phone"), (0, "log")]),
        ("warning", ["phone"], [(0, "log")]),
        ("urgent", [], [(0, "phone"), (0, "log")]),
        ("urgent", ["phone"], [(0, "log"), (15, "pager"), (15, "chat")]),
        ("urgent", ["phone", "pager"], [(0, "log"), (15, "chat")]),
        ("urgent", ["phone", "pager", "chat"], [(0, "log"), (30, "siren")]),
        # Nobody acknowledges.
        ("critical", [], [(0, "phone"), (0, "log"), (30, "pager"), (30, "chat"), (60, "siren")]),
        ("critical", ["phone"], [(0, "log"), (5, "pager"), (5, "chat"), (60, "siren")]),
        ("critical", ["phone", "pager", "chat"], [(0, "log"), (10, "siren")]),
    ],
)
async def test_the_next_tier_is_told_when_the_first_cannot_be_reached(
    tmp_path: Path, severity: str, off: list[str], heard: list[tuple[int, str]]
) -> None:
    house = House(tmp_path)
    async with house.stage:
        for name in off:
            house.channels[name].fails(OFF)
        await house.queue(severity)
        assert await house.listen(70) == heard


@pytest.mark.parametrize("state", ["acknowledged", "snoozed"])
@pytest.mark.parametrize("off", [[], ["phone"]])
async def test_who_has_acknowledged_is_told_no_more(tmp_path: Path, state: str, off: list[str]) -> None:
    house = House(tmp_path)
    async with house.stage:
        for name in off:
            house.channels[name].fails(OFF)
        await house.queue("critical")
        assert (await house.listen(3))[-1] == (0, "log")
        await house.stage.database.write(
            lambda store: store.db.execute("UPDATE alerts SET state = ?", [state])
        )
        assert await house.listen(90) == []


async def test_a_program_that_ends_between_two_tiers_goes_on(tmp_path: Path) -> None:
    house = House(tmp_path)
    async with house.stage:
        house.channels["phone"].fails(OFF)
        await house.queue("urgent")
        assert await house.listen(4) == [(0, "log")]
        await house.stage.restart()
        assert await house.listen(20) == [(10, "pager"), (10, "chat")]


async def test_what_is_critical_does_not_wait_for_a_channel_that_rests(tmp_path: Path) -> None:
    house = House(tmp_path, TIERS.replace('ack_within = { critical = "30m" }', ""))
    async with house.stage:
        house.channels["phone"].fails(OFF)
        await house.queue("urgent", "One", "Two", "Three", "Four")
        assert await house.listen(0) == [(0, "log")] * 4
        await house.queue("critical", "Fire")
        # The fifth failure in a row.
        assert await house.listen(0) == [(0, "pager"), (0, "chat"), (0, "log")]
        await house.queue("critical", "Water")
        assert await house.listen(0) == [(0, "pager"), (0, "chat"), (0, "log")]
        assert house.channels["pager"].titles == ["Fire", "Water"]


async def test_a_channel_rests_for_ten_minutes_and_is_tried_once_then(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        tries: list[datetime] = []

        def fail(notification: Notification) -> None:
            tries.append(stage.now)
            raise NotifierError("no answer", Failure.TEMPORARY)

        stage.phone.acts(fail)
        await queue(stage, *"123456", severity=Severity.URGENT)
        for _ in range(25):
            await stage.cycle.deliverer.deliver_due()
            stage.later(minutes=1)
        assert [(tried - NOW) // timedelta(minutes=1) for tried in tries] == [0] * 5 + [10, 20]
        stage.phone.works()
        stage.later(minutes=10)
        await stage.cycle.deliverer.deliver_due()
        assert len(stage.phone.inbox) == 6


async def test_a_disabled_channel_is_left_out_of_what_is_said_then(tmp_path: Path) -> None:
    house = House(tmp_path)
    async with house.stage as stage:
        for _ in range(2):
            await stage.database.write(
                lambda store: store.health.channel_failed("phone", "gone", NOW, permanent=True)
            )
        await stage.take(*orders("1001: LP1"))
        stage._sources["scripted"].tells(held("LP1"))  # type: ignore[attr-defined]
        await stage.cycle.poll(stage.now)
        await house.listen(0)
        assert house.channels["phone"].inbox == []
        assert house.channels["pager"].titles == house.channels["chat"].titles
        assert "Customs hold: Order 1001" in house.channels["pager"].titles


# Routes


ROUTES = TIERS.replace(
    "[notifiers]",
    """
[[alerts.routes]]
match = { rule = "film_unboxing", severity = ["notice", "warning"] }
tiers = [["chat"]]

[[alerts.routes]]
match = { marketplace = "aliexpress", severity = "warning" }
tiers = [["siren"], ["chat"]]

[notifiers]""",
)


@pytest.mark.parametrize(
    ("severity", "rule", "marketplace", "tiers"),
    [
        ("notice", "film_unboxing", "aliexpress", (("chat",),)),
        ("warning", "film_unboxing", None, (("chat",),)),
        ("urgent", "film_unboxing", "aliexpress", (("phone",), ("pager", "chat"), ("siren",))),
        ("warning", "customs_hold", "aliexpress", (("siren",), ("chat",))),
        ("warning", "source_blind", None, (("phone",), ("pager", "chat"), ("siren",))),
        ("info", "film_unboxing", None, ()),
    ],
)
def test_the_first_route_that_matches_counts(
    tmp_path: Path, severity: str, rule: str, marketplace: str | None, tiers: tuple[tuple[str, ...], ...]
) -> None:
    assert House(tmp_path, ROUTES).stage.runtime.tiers(Severity(severity), rule, marketplace) == tiers


def test_tiers_without_anybody_who_is_told_are_left_out(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.channels["phone"] = Phone(adapter="x", min_severity=Severity.CRITICAL)
    runtime = Stage(tmp_path, config=CONFIG + TIERS, channels=dict(house.channels)).runtime
    assert runtime.tiers(Severity.WARNING, "x", None) == (("pager", "chat"), ("siren",))
    assert runtime.tiers(Severity.CRITICAL, "x", None, but={"pager", "chat"}) == (("phone",), ("siren",))


# Quiet hours, from facts to phones


async def nights(folder: Path, config: str, begin: str, days: int) -> list[str]:
    """What a phone says of two parcels that are held by customs, hour by hour."""
    said: list[str] = []
    async with Stage(folder, now=at(begin), config=CONFIG + config) as stage:
        await stage.take(an_order(id="1001", title="Hub", parcels="LP1", shipped_on="2026-05-03"))
        stage.source.tells(held("LP1", "2026-05-11 23:30"))
        for _ in range(days * 24):
            await stage.pass_once()
            said += [
                f"{stage.now.astimezone(stage.runtime.days.zone):%d %H:%M} {it}" for it in stage.phone.titles
            ]
            stage.phone.inbox.clear()
            stage.later(hours=1)
    return said


async def test_what_can_wait_is_said_in_the_morning(tmp_path: Path) -> None:
    quiet = '[alerts]\nquiet_hours = "22:00-07:00"\n'
    for name in ("loud", "quiet"):
        (tmp_path / name).mkdir()
    loud = await nights(tmp_path / "loud", "", "2026-05-12 00:30", 1)
    told = await nights(tmp_path / "quiet", quiet, "2026-05-12 00:30", 1)
    assert loud == ["12 00:30 Customs hold: Hub"]
    assert told == ["12 07:30 Customs hold: Hub"]


async def test_what_waits_for_the_morning_is_worded_for_the_morning(tmp_path: Path) -> None:
    config = CONFIG + '[alerts]\nquiet_hours = "22:00-07:00"\n'
    async with Stage(tmp_path, now=at("2026-05-12 01:00"), config=config) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1", "2026-05-11 23:00"))
        await stage.pass_once()
        assert stage.phone.inbox == []
        stage.later(hours=6)
        await stage.pass_once()
        (told,) = stage.phone.inbox
        assert told.body.startswith("8 h held")


@pytest.mark.parametrize(
    ("severity", "act_by", "said_at"),
    [
        ("warning", None, "13 07:00"),
        ("urgent", None, "13 07:00"),
        ("urgent", "2026-05-13 09:00", "13 07:00"),
        ("urgent", "2026-05-13 08:59", "12 22:30"),
        ("critical", None, "12 22:30"),
    ],
)
async def test_what_a_phone_did_not_take_in_the_evening_wakes_nobody(
    tmp_path: Path, severity: str, act_by: str | None, said_at: str
) -> None:
    """It is off from 21:50 to 22:30, and the quiet hours begin at 22:00."""
    config = CONFIG + '[alerts]\nquiet_hours = "22:00-07:00"\n'
    async with Stage(tmp_path, now=at("2026-05-12 21:50"), config=config) as stage:
        stage.phone.fails(OFF)
        await queue(stage, "Hold", severity=Severity(severity))
        await stage.database.write(
            lambda store: store.db.execute(
                "UPDATE alerts SET act_by = ?", [maybe_stamp(at(act_by) if act_by else None)]
            )
        )
        while not stage.phone.inbox:
            if stage.now == at("2026-05-12 22:30"):
                stage.phone.works()
                await stage.rows("UPDATE deliveries SET next_at = 1")
            await stage.cycle.deliverer.deliver_due()
            stage.later(minutes=10)
        stage.later(minutes=-10)
        assert f"{stage.now.astimezone(stage.runtime.days.zone):%d %H:%M}" == said_at


async def test_what_is_asked_for_at_night_comes_at_night(tmp_path: Path) -> None:
    config = CONFIG + '[alerts]\nquiet_hours = "22:00-07:00"\n'
    async with Stage(tmp_path, now=at("2026-05-12 23:00"), config=config) as stage:
        await queue(stage, "Hold", "Late")
        assert await stage.cycle.deliverer.deliver_due() == Delivered()
        assert await stage.database.write(lambda store: store.outbox.retry(2, stage.now))
        assert await stage.cycle.deliverer.deliver_due() == Delivered(sent=1)
        assert stage.phone.titles == ["Late"]


async def test_what_ends_during_the_quiet_hours_is_never_said(tmp_path: Path) -> None:
    config = CONFIG + '[alerts]\nquiet_hours = "22:00-07:00"\n'
    async with Stage(tmp_path, now=at("2026-05-12 01:00"), config=config) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1", "2026-05-11 23:00"))
        await stage.pass_once()
        await stage.database.write(lambda store: store.db.execute("UPDATE lookups SET next_poll_at = 1"))
        scans = held("LP1", "2026-05-11 23:00").events
        moving = Tracking("LP1", ShipmentStatus.IN_TRANSIT, (*scans, a_scan("2026-05-12 03:00")))
        stage.source.tells(moving)
        stage.later(hours=3)
        await stage.pass_once()
        stage.later(hours=6)
        await stage.pass_once()
        assert stage.phone.inbox == []


# Many at once


async def test_more_than_six_within_a_minute_become_one(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, *"123456")
        await stage.cycle.deliverer.deliver_due()
        assert stage.phone.titles == list("123456")
        await queue(stage, "7", "8")
        await queue(stage, "Urgent", severity=Severity.URGENT)
        await stage.cycle.deliverer.deliver_due()
        assert stage.phone.titles[6:] == ["Urgent"]
        stage.later(seconds=61)
        await queue(stage, *(f"more {n}" for n in range(6)), order=None)
        await stage.cycle.deliverer.deliver_due()
        (last,) = stage.phone.inbox[7:]
        assert last.title == "8 messages at once"
        assert last.body.split("\n") == ["7", "8", *(f"more {n}" for n in range(6))]
        assert await stage.rows("SELECT DISTINCT state FROM deliveries") == [("sent",)]


@pytest.mark.parametrize("severity", ["urgent", "critical"])
async def test_what_is_urgent_comes_alone(tmp_path: Path, severity: str) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, *map(str, range(12)), severity=Severity(severity))
        await stage.cycle.deliverer.deliver_due()
        assert sorted(stage.phone.titles, key=int) == [str(n) for n in range(12)]


async def test_many_that_fail_together_are_tried_together(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, *(f"Late {n}" for n in range(9)))
        stage.phone.fails(NotifierError("no answer", Failure.AMBIGUOUS))
        await stage.cycle.deliverer.deliver_due()
        stage.phone.works()
        stage.later(minutes=2)
        await stage.cycle.deliverer.deliver_due()
        (told,) = stage.phone.inbox
        assert (told.title, told.maybe_repeat) == ("9 messages at once", True)


async def test_no_channel_is_sent_more_than_twenty_a_minute(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await queue(stage, *map(str, range(30)), severity=Severity.URGENT)
        await stage.cycle.deliverer.deliver_due()
        assert len(stage.phone.inbox) == 20
        # What is critical does not wait for that.
        await queue(stage, "Now", severity=Severity.CRITICAL)
        await stage.cycle.deliverer.deliver_due()
        assert stage.phone.titles[20:] == ["Now"]
        stage.later(seconds=6)
        await stage.cycle.deliverer.deliver_due()
        assert len(stage.phone.inbox) == 22
        stage.later(minutes=1)
        await stage.cycle.deliverer.deliver_due()
        assert len(stage.phone.inbox) == 31


async def test_who_does_not_come_back_soon_waits_for_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Stage(tmp_path) as stage:
        waited: list[float] = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)
            stage.later(seconds=seconds)

        monkeypatch.setattr("monitor.deliver.asyncio.sleep", sleep)
        await queue(stage, *map(str, range(23)), severity=Severity.URGENT)
        assert await stage.cycle.deliverer.deliver_all() == Delivered(sent=23)
        assert waited == [3, 3, 3]
        # A clock that stands still would never come to the rest.
        monkeypatch.setattr(stage, "later", lambda **span: None)
        await queue(stage, *map(str, range(30, 33)), severity=Severity.URGENT)
        assert await stage.cycle.deliverer.deliver_all() == Delivered()
        assert waited == [3, 3, 3, 3]


async def test_what_orderwatch_adds_is_in_the_language_of_the_message(tmp_path: Path) -> None:
    async with Stage(tmp_path, config=f'language = "es"\n{CONFIG}') as stage:
        until = NOW + timedelta(days=2)
        await queue(stage, "Plazo", severity=Severity.URGENT, deadline=until, link="https://example.org/1")
        stage.phone.fails(NotifierError("nothing came back", Failure.AMBIGUOUS))
        await stage.cycle.deliverer.deliver_due()
        stage.phone.works()
        stage.later(minutes=2)
        await stage.cycle.deliverer.deliver_due()
        (message,) = stage.phone.inbox
        assert message.body.endswith("\n(Puede que ya lo hayas recibido.)")
        assert message.last_call == "⏰ Último aviso · acaba jue 14 may 12:00"
        assert message.link_label == "Abrir pedido"


# What is over


async def test_what_is_over_is_taken_back_also_after_a_start(tmp_path: Path) -> None:
    screen = Screen(adapter="screen")
    async with Stage(tmp_path, channels={"phone": screen}) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        (first,) = screen.inbox
        assert (first.thread, first.replaces) == ("orderwatch-1", None)
        screen.fails(OFF)
        await stage.database.write(lambda store: store.orders.take(
            [an_order(id="1001", title="Order 1001", parcels="LP1", status="finished")],
            stage.now, stage.runtime.choose, file="orders.toml",
        ))  # fmt: skip
        await stage.pass_once()
        assert screen._withdrawn == []
        await stage.restart()
        screen.works()
        stage.later(minutes=6)
        await stage.pass_once()
        await stage.pass_once()
        assert screen._withdrawn == [("orderwatch-1", f"m{first.id}")]


async def test_a_channel_shows_no_more_than_it_may(tmp_path: Path) -> None:
    open_, shy = Phone(adapter="open", privacy="full"), Phone(adapter="shy")
    config = CONFIG + '[alerts]\nprivacy = "none"\n'
    async with Stage(tmp_path, config=config, channels={"open": open_, "shy": shy}) as stage:
        await stage.take(*orders("1001: LP1"))
        stage.source.tells(held("LP1"))
        await stage.pass_once()
        assert open_.titles == ["Customs hold: Order 1001"]
        assert [(it.title, it.body) for it in shy.inbox] == [("orderwatch: something needs you", "warning")]
        # The address of the order's page has its number in it.
        page = "https://www.aliexpress.com/p/order/detail.html?orderId=1001"
        assert (open_.inbox[0].link, shy.inbox[0].link) == (page, None)


# Too late


async def test_what_nobody_got_in_time_is_said_to_be_missed_once(tmp_path: Path) -> None:
    """Five days without a phone: what was urgent then is no longer said as if it were so now."""
    deadline = NOW + timedelta(hours=20)
    async with Stage(tmp_path) as stage:
        stage.phone.fails(OFF)
        await queue(
            stage, "Answer due: USB hub", severity=Severity.URGENT, expires_at=deadline, deadline=deadline,
            order=None,
        )  # fmt: skip
        for _ in range(5 * 24):
            await stage.cycle.deliverer.deliver_due()
            stage.later(hours=1)
        stage.phone.works()
        stage.later(hours=1)
        for _ in range(24):
            await stage.cycle.deliverer.deliver_due()
            stage.later(hours=1)
        (told,) = stage.phone.inbox
        assert (told.title, told.severity) == ("Missed: Answer due: USB hub", Severity.WARNING)
        assert told.body.split("\n") == [
            "deadline passed Wed 13 May 08:00",
            "",
            "No channel took this message until now. It was meant for Tue 12 May 12:00.",
        ]


async def test_what_was_missed_of_one_order_is_one_message(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        await stage.take(*orders("1001: LP1", "1002: LP2"))
        stage.phone.fails(OFF)
        until = NOW + timedelta(hours=20)
        known: dict[str, Any] = {"expires_at": until, "deadline": until}
        await queue(stage, "Late: Hub", severity=Severity.WARNING, order="1001", **known)
        await queue(stage, "Answer due: Hub", severity=Severity.CRITICAL, order="1001", **known)
        await queue(stage, "Late: Lamp", severity=Severity.WARNING, order="1002", **known)
        await stage.cycle.deliverer.deliver_due()
        stage.phone.works()
        stage.later(days=5)
        await stage.cycle.deliverer.deliver_due()
        hub, lamp = stage.phone.inbox
        assert hub.title == "Missed: Answer due: Hub"
        assert hub.body.split("\n")[3:] == [
            "Missed too:",
            "Late: Hub",
            "Look in the app what can still be done; what is known: orderwatch show 1001",
        ]
        assert (lamp.title, "Missed too:" in lamp.body) == ("Missed: Late: Lamp", False)


async def test_what_one_channel_got_was_not_missed(tmp_path: Path) -> None:
    house = House(tmp_path)
    async with house.stage:
        house.channels["pager"].fails(OFF)
        house.channels["phone"].fails(OFF)
        await house.queue("urgent")
        assert await house.listen(4 * 24 * 60, step=15) == [(0, "log"), (15, "chat")]


@pytest.mark.parametrize("severity", ["notice", "info"])
async def test_nobody_is_told_that_they_missed_a_trifle(tmp_path: Path, severity: str) -> None:
    async with Stage(tmp_path) as stage:
        stage.phone.fails(OFF)
        await queue(stage, "Trifle", severity=Severity(severity))
        await stage.cycle.deliverer.deliver_due()
        stage.later(days=3)
        stage.phone.works()
        await stage.cycle.deliverer.deliver_due()
        assert stage.phone.inbox == []


async def test_after_days_without_us_only_what_counts_now_is_said(tmp_path: Path) -> None:
    """A warning before the protection ended waits in the outbox while the machine is off for weeks."""
    async with Stage(tmp_path, now=at("2026-06-28 10:00")) as stage:
        stage.phone.fails(OFF)
        await stage.take(an_order(id="1001", title="Hub", shipped_on="2026-05-03", parcels=""))
        await stage.pass_once()
        waiting = await stage.rows("SELECT n.stage FROM deliveries d JOIN notices n ON n.id = d.notice")
        assert ("7d",) in waiting
        stage.phone.works()
        stage.later(days=20)
        await stage.restart()
        await stage.pass_once()
        await stage.pass_once()
        assert not [it for it in stage.phone.inbox if it.rule == "protection_ending" and it.stage == "7d"]
        assert [it.title for it in stage.phone.inbox if it.stage.endswith("missed")] == [
            "Missed: Protection ending: Hub",
            "Missed: Late: Hub",
        ]


# The digest


def near(protection_until: str = "2026-05-17") -> Any:
    """An order whose protection ends soon."""
    return an_order(
        id="1001",
        title="Hub",
        protection_until=protection_until,
        shipped_on="2026-05-03",
        parcels="",
        price=Money("41.90", "EUR"),
    )


async def test_once_a_day_what_nobody_was_woken_for(tmp_path: Path) -> None:
    """Three days: a note on the first, deadlines near on all, nothing twice."""
    config = CONFIG + '[alerts]\ndigest_at = "18:30"\n'
    said: list[str] = []
    async with Stage(tmp_path, now=at("2026-05-12 09:00"), config=config) as stage:
        await stage.take(near())
        await stage.cycle.think(stage.now)
        await queue(
            stage, "Check the policy", severity=Severity.INFO, channels=(), in_digest=True,
            created_at=stage.now + timedelta(hours=1),
        )  # fmt: skip
        for _ in range(3 * 24 * 4):
            await stage.pass_once()
            told = [it.body for it in stage.phone.inbox if it.rule == "digest"]
            said += [f"{stage.now.astimezone(stage.runtime.days.zone):%d %H:%M} {body}" for body in told]
            stage.phone.inbox.clear()
            stage.later(minutes=15)
    assert said[0].startswith(
        "12 18:30 notes: 1 · deadlines within 7 days: 1\n\n"
        "At stake: €41.90 in 1 order; all of it within 7 days (by Sun 17 May 12:00)\n"
        "Check the policy\nNext deadlines:\n"
    )
    assert said[0].endswith(": Hub")
    # On the 14th a dispute can be opened, which is nothing to be woken for.
    assert [it.partition("\n")[0] for it in said[1:]] == [
        "13 18:30 notes: 0 · deadlines within 7 days: 1",
        "14 18:30 notes: 1 · deadlines within 7 days: 1",
    ]


@pytest.mark.parametrize(
    ("language", "privacy", "line"),
    [
        (
            "en",
            "full",
            "At stake: €41.90 in 2 orders, 1 without a price; €41.90 of it within 7 days (by Sun 17 May 12:00)",
        ),
        (
            "es",
            "full",
            "En juego: 41,90 € en 2 pedidos, 1 sin precio; de ello, 41,90 € en los próximos 7 días (hasta el dom 17 may 12:00)",
        ),
        ("en", "short", None),
        ("es", "short", None),
        ("en", "none", None),
    ],
)
async def test_the_digest_says_what_is_at_stake_to_who_may_read_amounts(
    tmp_path: Path, language: str, privacy: str, line: str | None
) -> None:
    config = f'language = "{language}"\n{CONFIG}[alerts]\ndigest_at = "18:30"\nprivacy = "{privacy}"\n'
    async with Stage(tmp_path, now=at("2026-05-12 09:00"), config=config) as stage:
        await stage.take(near(), an_order(id="1002", title="Lamp", parcels=""))
        for _ in range(11):
            await stage.pass_once()
            stage.later(hours=1)
        [digest] = [it.body for it in stage.phone.inbox if it.rule == "digest"]
        assert (line in digest.splitlines()) if line else ("41" not in digest)
        assert len(digest) <= 600


@pytest.mark.parametrize(
    ("config", "steps", "digests"),
    [
        ("", [24, 24], 0),
        ('digest_at = "18:30"', [6], 0),
        ('digest_at = "18:30"', [6, 1], 1),
        # After days of silence there is one, not one for each day.
        ('digest_at = "18:30"', [24 * 3], 1),
        ('digest_at = "23:00"\nquiet_hours = "22:00-07:00"', [11, 1], 0),
        ('digest_at = "23:00"\nquiet_hours = "22:00-07:00"', [11, 1, 8], 1),
    ],
)
async def test_one_digest_however_long_it_took(
    tmp_path: Path, config: str, steps: list[int], digests: int
) -> None:
    config = f"{CONFIG}[alerts]\n{config}\n"
    async with Stage(tmp_path, now=at("2026-05-12 12:00"), config=config) as stage:
        await stage.take(near("2026-05-16"))
        await stage.pass_once()
        for hours in steps:
            stage.later(hours=hours)
            await stage.pass_once()
        assert len([it for it in stage.phone.inbox if it.rule == "digest"]) == digests


async def test_a_day_without_news_has_no_digest(tmp_path: Path) -> None:
    config = CONFIG + '[alerts]\ndigest_at = "18:30"\n'
    async with Stage(tmp_path, now=at("2026-05-12 09:00"), config=config) as stage:
        for _ in range(48):
            await stage.pass_once()
            stage.later(hours=1)
        assert stage.phone.inbox == []
