"""A buyer who answers, or does not, while channels fail, nights come and the program dies: three channels
in two tiers, quiet hours, repeats. What may never happen does not."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitor.acknowledging import next_morning, put_off, see, take
from monitor.carrier import Tracking
from monitor.core.alerts import LASTING, Alert
from monitor.core.model import ShipmentStatus, TrackingEvent
from monitor.notifier import Failure, Notification, NotifierError
from monitor.store import Store
from monitor.store.rows import instant, maybe_instant
from tests.monitor.core.facts import an_order, at
from tests.monitor.stage import CONFIG, Phone, Stage

CONFIG += """
[alerts]
quiet_hours = "22:00-07:00"
tiers = [["phone"], ["pager"]]
escalate_after = { urgent = "15m", critical = "5m" }
ack_within = { critical = "30m" }
repeat_every = { critical = "6h" }

[notifiers]
phone = { adapter = "journal" }
pager = { adapter = "journal" }
"""
#: The protection of the order ends on 20 May at 24:00: its last stage begins the day before at 09:00, and
#: it must be acted upon by noon of the last day.
BEGIN, LAST_STAGE, ACT_BY = at("2026-05-18 06:00"), at("2026-05-19 09:00"), at("2026-05-20 12:00")
STATUSES = ["in_transit", "customs_hold", "delivery_failed", "out_for_delivery", "returning"]
SPANS = [{"minutes": 6}, {"minutes": 31}, {"hours": 2}, {"hours": 5}, {"hours": 9}]
SAYS = ["ok", "ok", "ok", "off", "arrived, no answer", "lost, no answer"]
NAMES = ("phone", "pager")


class Screen(Phone):
    """A phone with buttons."""

    @property
    def listens(self) -> bool:
        return True


class Arrival(NamedTuple):
    channel: str
    at: datetime
    message: Notification


class Answers(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner, self.folder = asyncio.Runner(), TemporaryDirectory()
        self.channels = {name: Screen(adapter=name) for name in NAMES}
        self.stage = Stage(Path(self.folder.name), now=BEGIN, config=CONFIG, channels=dict(self.channels))
        self.says = dict.fromkeys(NAMES, "ok")
        self.scans: list[TrackingEvent] = []
        self.arrived: list[Arrival] = []
        self.answered: dict[int, tuple[datetime, str]] = {}
        for name, channel in self.channels.items():
            channel.acts(partial(self._receive, name))
        self.stage.source.answers(lambda numbers: [self._tracking()])
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        await self.stage.__aenter__()
        await self.stage.take(
            an_order(
                id="1001", title="Hub", parcels="LP1", shipped_on="2026-05-01", protection_until="2026-05-20"
            )
        )

    def _receive(self, channel: str, message: Notification) -> None:
        says = self.says[channel]
        if says in ("ok", "arrived, no answer"):
            self.arrived.append(Arrival(channel, self.stage.now, message))
        if says != "ok":
            raise NotifierError(says, Failure.TEMPORARY if says == "off" else Failure.AMBIGUOUS)

    def _tracking(self) -> Tracking:
        newest = self.scans[-1].status if self.scans else ShipmentStatus.NOT_FOUND
        return Tracking("LP1", newest, tuple(self.scans))

    def teardown(self) -> None:
        """Whatever was answered to earlier stages: the last one is heard in time, over a channel that
        works."""
        if self.stage.now < LAST_STAGE:
            self.says = dict.fromkeys(NAMES, "ok")
            while self.stage.now < ACT_BY:
                self.stage.later(minutes=30)
                self._pass()
            last = [
                it
                for it in self.arrived
                if (it.message.rule, it.message.stage) == ("protection_ending", "1d")
            ]
            assert last
            assert last[0].at < LAST_STAGE + timedelta(minutes=30)
        self.runner.run(self.stage.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    # What happens

    @rule(status=st.sampled_from(STATUSES))
    def the_parcel_is_scanned(self, status: str) -> None:
        self.scans.append(TrackingEvent(self.stage.now, ShipmentStatus(status), f"scan {len(self.scans)}"))
        self.runner.run(self.stage.rows("UPDATE lookups SET next_poll_at = 1"))
        self._pass()

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: dict[str, float]) -> None:
        self.stage.later(**span)
        self._pass()

    @rule(phone=st.sampled_from(SAYS), pager=st.sampled_from(SAYS))
    def the_channels_change_their_mood(self, phone: str, pager: str) -> None:
        self.says = {"phone": phone, "pager": pager}
        self._pass()

    @rule(dice=st.randoms(use_true_random=False))
    def a_button_is_pressed(self, dice: Any) -> None:
        """Any one that was ever shown, also twice."""
        shown = [action.token for it in self.arrived for action in it.message.actions]
        assume(shown)
        token = dice.choice(shown)
        before = self._alerts()
        self.runner.run(
            self.stage.database.write(lambda store: take(store, self.stage.runtime, token, self.stage.now))
        )
        self._note_answers(before)
        self._pass()

    @rule(dice=st.randoms(use_true_random=False), later=st.booleans())
    def somebody_answers_at_the_keyboard(self, dice: Any, later: bool) -> None:
        before = self._alerts()
        lasting = [alert for alert in before.values() if alert.state in LASTING]
        assume(lasting)
        alert, now = dice.choice(lasting), self.stage.now

        def answer(store: Store) -> None:
            if later:
                put_off(store, alert, next_morning(self.stage.runtime, now), now)
            else:
                see(store, alert)

        self.runner.run(self.stage.database.write(answer))
        self._note_answers(before)
        self._pass()

    def _note_answers(self, before: dict[int, Alert]) -> None:
        for id_, alert in self._alerts().items():
            if id_ in before and alert.state is not before[id_].state:
                self.answered[id_] = self.stage.now, alert.stage

    @rule(channel=st.sampled_from(NAMES))
    def it_dies_while_sending(self, channel: str) -> None:
        now = self.stage.now

        async def die() -> None:
            await self.stage.database.write(
                lambda store: store.outbox.claim(channel, now, now + timedelta(seconds=50))
            )
            await self.stage.restart()

        if self.stage.runtime.days.night_at(now) is None:
            self.runner.run(die())

    # What may never happen

    def _pass(self) -> None:
        """A pass, and a look at all that arrived with it."""
        seen = len(self.arrived)
        self.runner.run(self.stage.pass_once())
        alerts = self._alerts()
        for arrival in self.arrived[seen:]:
            self._judge(arrival, alerts)
        self._nothing_critical_waits()

    def _judge(self, arrival: Arrival, alerts: dict[int, Alert]) -> None:
        ((alert_id, notice, created, kind, tier),) = self._rows(
            "SELECT n.alert, n.id, n.created_at, n.kind, d.tier FROM deliveries d JOIN notices n ON n.id = d.notice"
            f" WHERE d.id = {arrival.message.id}"
        )
        alert = alerts[alert_id]
        self._wakes_nobody_for_what_can_wait(arrival, alert)
        if tier > 0:
            assert alert.state.value not in ("acknowledged", "snoozed"), (
                "told to a later tier after an answer"
            )
            self._is_for_a_later_tier(arrival, notice)
        answered_at, stage = self.answered.get(alert_id, (arrival.at, ""))
        if alert.state.value == "acknowledged" and kind == "news" and not arrival.message.maybe_repeat:
            assert not (instant(created) > answered_at and stage == arrival.message.stage), "said again"

    def _wakes_nobody_for_what_can_wait(self, arrival: Arrival, alert: Alert) -> None:
        night = self.stage.runtime.days.night_at(arrival.at)
        if night is None or arrival.message.severity.value == "critical":
            return
        assert arrival.message.severity.value == "urgent"
        assert alert.act_by is not None
        assert alert.act_by < night.end + timedelta(hours=2)

    def _is_for_a_later_tier(self, arrival: Arrival, notice: int) -> None:
        """The first tier could not be reached before, or did not answer in time."""
        ((not_before, reached_at),) = self._rows(
            "SELECT n.not_before, (SELECT min(a.at) FROM attempts a WHERE a.delivery = d.id AND a.outcome = 'ok')"
            f" FROM deliveries d JOIN notices n ON n.id = d.notice WHERE n.id = {notice} AND channel = 'phone'"
        )
        waited = arrival.at - instant(not_before)
        if reached_at is not None and instant(reached_at) < arrival.at:
            assert arrival.message.severity.value == "critical"
            assert waited >= timedelta(minutes=30)
        elif arrival.message.severity.value == "urgent":
            assert waited >= timedelta(minutes=15)

    def _nothing_critical_waits(self) -> None:
        """While the phone works, what is critical is with the user after every pass."""
        courier = self.stage.couriers["phone"]
        if self.says["phone"] == "ok" and not courier.breaker.is_open(self.stage.now):
            due = self._rows(
                "SELECT next_at FROM deliveries WHERE channel = 'phone' AND rank = 4 AND state = 'queued'"
            )
            assert all((maybe_instant(next_at) or ACT_BY) > self.stage.now for (next_at,) in due)

    @invariant()
    def nothing_comes_twice_as_if_new(self) -> None:
        new = Counter(it.message.id for it in self.arrived if not it.message.maybe_repeat)
        assert [id_ for id_, count in new.items() if count > 1] == []

    @invariant()
    def what_is_critical_is_not_said_too_late(self) -> None:
        for it in self.arrived:
            if it.message.severity.value == "critical":
                assert it.message.deadline is None or it.at < it.message.deadline

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.runner.run(self.stage.rows(sql))

    def _alerts(self) -> dict[int, Alert]:
        ids = [id_ for (id_,) in self._rows("SELECT id FROM alerts")]
        found = self.runner.run(self.stage.read(lambda store: [store.alerts.find(id_) for id_ in ids]))
        return {alert.id: alert for alert in found if alert is not None}


Answers.TestCase.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
TestAnswers = Answers.TestCase
