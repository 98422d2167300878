"""From a fact to a phone, whatever happens in between: facts change, time passes, sends fail in every
way, the program dies between a claim and its settlement. What may never happen does not."""

import asyncio
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitor.carrier import Tracking
from monitor.core.model import ShipmentStatus, TrackingEvent
from monitor.notifier import Failure, Notification, NotifierError
from tests.monitor.stage import Stage, orders

STATUSES = [
    "in_transit",
    "customs_hold",
    "in_customs",
    "delivery_failed",
    "available_for_pickup",
    "returning",
]
SPANS = [{"seconds": 61}, {"minutes": 20}, {"hours": 5}, {"days": 1}, {"days": 6}]
PARCELS = ("LP1", "LP2", "LP3")
NUMBERS = st.sampled_from(PARCELS)
FINAL = {"sent", "superseded", "expired", "dead"}


class Life(RuleBasedStateMachine):
    """Two orders, three parcels of which they share one, and a phone that works, or fails somehow."""

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.folder = asyncio.Runner(), TemporaryDirectory()
        self.stage = Stage(Path(self.folder.name))
        self.scans: dict[str, list[Any]] = {number: [] for number in PARCELS}
        self.arrived: list[Notification] = []
        self.phone_says = "ok"
        self.most_deliveries = 0
        self.stage.phone.acts(self._receive)
        self.stage.source.answers(lambda numbers: [self._tracking(number) for number in numbers])
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        await self.stage.__aenter__()
        await self.stage.take(*orders("1001: LP1 LP2", "1002: LP2 LP3"))

    def teardown(self) -> None:
        self.phone_says = "ok"
        self.runner.run(self._end())
        self.runner.close()
        self.folder.cleanup()

    async def _end(self) -> None:
        """Whatever happened: once the phone works, all that waits comes to an end. If it refused for
        good, a start gives it another chance."""
        await self.stage.restart()
        for _ in range(3):
            await self.stage.pass_once()
            self.stage.later(minutes=45)
        await self.stage.pass_once()
        rows = await self.stage.rows("SELECT state, next_at FROM deliveries")
        assert [row for row in rows if row[0] not in FINAL and row != ("unknown", None)] == []
        await self.stage.__aexit__(None, None, None)

    def _receive(self, notification: Notification) -> None:
        if self.phone_says in ("ok", "arrived, no answer"):
            self.arrived.append(notification)
        if self.phone_says != "ok":
            failure = {"off": Failure.TEMPORARY, "refuses": Failure.PERMANENT}.get(
                self.phone_says, Failure.AMBIGUOUS
            )
            raise NotifierError(self.phone_says, failure)

    def _tracking(self, number: str) -> Tracking:
        scans = self.scans[number]
        return Tracking(number, scans[-1].status if scans else ShipmentStatus.NOT_FOUND, tuple(scans))

    # What happens

    @rule(number=NUMBERS, status=st.sampled_from(STATUSES), thinks=st.booleans())
    def a_parcel_is_scanned_and_looked_at(self, number: str, status: str, thinks: bool) -> None:
        scans = self.scans[number]
        scans.append(TrackingEvent(self.stage.now, ShipmentStatus(status), f"scan {len(scans)}"))
        self.runner.run(self._look(number))
        if thinks:
            self.runner.run(self.stage.cycle.think(self.stage.now))

    async def _look(self, number: str) -> None:
        await self.stage.rows(f"UPDATE lookups SET next_poll_at = 1 WHERE number = '{number}'")
        await self.stage.cycle.poll(self.stage.now)

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: dict[str, float]) -> None:
        self.stage.later(**span)
        self.runner.run(self.stage.cycle.think(self.stage.now))

    @rule(says=st.sampled_from(["ok", "ok", "off", "refuses", "arrived, no answer", "lost, no answer"]))
    def deliver(self, says: str) -> None:
        self.phone_says = says
        self.runner.run(self.stage.cycle.deliverer.deliver_due())

    @rule()
    def all_of_it_and_once_more(self) -> None:
        """A second pass at the same instant sends nothing and changes nothing."""
        self.runner.run(self._once())
        told, before = len(self.arrived), self.runner.run(self._dump())
        self.runner.run(self._once())
        assert len(self.arrived) == told
        assert self.runner.run(self._dump()) == before

    async def _once(self) -> None:
        await self.stage.pass_once()
        await self.stage.cycle.think(self.stage.now)
        await self.stage.cycle.deliverer.deliver_due()

    async def _dump(self) -> list[str]:
        return await self.stage.read(lambda store: list(store.db.conn.iterdump()))

    @rule(sent=st.booleans())
    def it_dies_while_sending(self, sent: bool) -> None:
        self.runner.run(self._die(sent=sent))

    async def _die(self, *, sent: bool) -> None:
        now = self.stage.now
        lease = now + timedelta(seconds=50)
        claimed = await self.stage.database.write(lambda store: store.outbox.claim("phone", now, lease))
        if claimed is not None and sent:
            known = Notification(str(claimed.id), claimed.title, claimed.body, claimed.severity)
            self.arrived.append(known if not claimed.maybe_arrived else _as_repeat(known))
        await self.stage.restart()

    @rule(number=NUMBERS)
    def an_order_lets_a_parcel_go_or_names_it_again(self, number: str) -> None:
        self.runner.run(self._rename(number))

    async def _rename(self, number: str) -> None:
        named = [parcel.shipment.number for parcel in (await self.stage.order("1002")).parcels]
        named = [it for it in named if it != number] if number in named else [*named, number]
        await self.stage.take(*orders("1001: LP1 LP2", f"1002: {' '.join(named)}"))

    # What may never happen

    @invariant()
    def nothing_comes_twice_as_if_new(self) -> None:
        new = Counter(notification.id for notification in self.arrived if not notification.maybe_repeat)
        assert [id_ for id_, count in new.items() if count > 1] == []

    @invariant()
    def no_stage_is_said_twice_of_one_beginning(self) -> None:
        """What got to nobody does not count, nor what another order says that has taken over a parcel."""
        said: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for alert, kind, stage, order, title in self.runner.run(
            self.stage.rows(
                "SELECT alert, kind, stage, order_id, title FROM notices n JOIN deliveries d ON d.notice = n.id"
                " WHERE state NOT IN ('superseded', 'expired', 'dead') ORDER BY n.id"
            )
        ):
            if kind == "end":
                said[alert].clear()
                continue
            assert (stage, order) not in said[alert], f"{title} was said already"
            said[alert].add((stage, order))

    @invariant()
    def nothing_that_was_queued_disappears(self) -> None:
        rows = self.runner.run(self.stage.rows("SELECT id, state, next_at, lease_until FROM deliveries"))
        assert len(rows) >= self.most_deliveries
        self.most_deliveries = len(rows)
        arrived = {int(notification.id) for notification in self.arrived}
        for id_, state, next_at, lease_until in rows:
            match state:
                case "queued":
                    assert next_at is not None
                case "sending":
                    assert lease_until is not None
                case "sent":
                    assert id_ in arrived
                case "unknown" | "superseded" | "expired" | "dead":
                    pass
                case _:
                    raise AssertionError(state)


def _as_repeat(notification: Notification) -> Notification:
    return Notification(
        notification.id, notification.title, notification.body, notification.severity, maybe_repeat=True
    )


Life.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
