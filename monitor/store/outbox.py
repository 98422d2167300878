"""The outbox: what is to be said, to whom, and how far each message got.

A notice is frozen text; each of its deliveries goes over one channel. Claims are leases: a delivery
that is found `sending` when its lease is over may have arrived.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.core.model import Severity
from monitor.store.records import Delivery, Missed, Notice, OutboxLine, Withdrawal
from monitor.store.rows import instant, json_of, maybe_instant, maybe_stamp, stamp

#: Is not to be said: superseded, unless it may have been said already.
_NO_LONGER = "state = CASE state WHEN 'queued' THEN 'superseded' ELSE state END, next_at = NULL"
_WAITING = "('queued', 'sending', 'unknown')"
#: The rank of what somebody wants sent now: above all severities.
_ASKED_FOR = Severity.CRITICAL.rank + 1
#: The tier of channels that keep a record: before all others, and none that anybody is reached by.
_RECORDS = -1


class Outbox:
    """The tables notices, deliveries and attempts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, alert: int, notice: Notice) -> None:
        """Queues a notice; older ones of the same alert that nobody got are superseded, and the repeat
        of one that may have arrived, unless this is the end.

        The end of an alert goes only where its beginning went; where it has not gone yet when the alert
        comes back the same, neither is said. A notice whose `dedup_key` is known
        changes nothing.
        """
        if notice.kind == "end":
            notice = self._to_be_told(alert, notice)
        elif notice.kind == "news":
            notice = self._not_aware(alert, notice)
        if not (notice.channels or notice.records or notice.in_digest):
            self.withdraw(alert)
            return
        id_ = self._write_down(alert, notice)
        if id_ is None:
            return
        self.withdraw(alert)
        if notice.kind == "news":
            self._db.execute("DELETE FROM withdrawals WHERE alert = ?", [alert])
        rows = _deliveries(notice)
        if notice.kind == "news":
            self._repeat_no_more(alert, [row[0] for row in rows])
        for channel, tier, next_at, ack_by in rows:
            self._db.execute(
                "INSERT INTO deliveries (notice, channel, rank, tier, next_at, ack_by)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [id_, channel, notice.severity.rank, tier, stamp(next_at), maybe_stamp(ack_by)],
            )

    def _write_down(self, alert: int, notice: Notice) -> int | None:
        """Stores the text of a notice; None: its `dedup_key` is known."""
        row = self._db.execute(
            "INSERT OR IGNORE INTO notices (alert, dedup_key, kind, rule, stage, subject, order_id,"
            " severity, title, body, created_at, not_before, expires_at, deadline, link)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            [
                alert,
                notice.dedup_key,
                notice.kind,
                notice.rule,
                notice.stage,
                notice.subject,
                notice.order,
                notice.severity.value,
                notice.title,
                notice.body,
                stamp(notice.created_at),
                stamp(notice.not_before),
                stamp(notice.expires_at),
                maybe_stamp(notice.deadline),
                notice.link,
            ],
        ).fetchone()
        return None if row is None else int(row[0])

    def withdraw(self, alert: int) -> None:
        """Takes back what is queued about an alert and reached nobody yet: it is no longer the news."""
        self._db.execute(
            "UPDATE deliveries SET state = 'superseded', next_at = NULL WHERE state = 'queued'"
            " AND notice IN (SELECT id FROM notices WHERE alert = ?)",
            [alert],
        )

    def say_no_more(self, alert: int) -> None:
        """Takes back what is queued about an alert that nobody is to hear of any more, and does not
        repeat what may have arrived."""
        self.withdraw(alert)
        self._db.execute(
            "UPDATE deliveries SET next_at = NULL WHERE state = 'unknown'"
            " AND notice IN (SELECT id FROM notices WHERE alert = ?)",
            [alert],
        )

    def _repeat_no_more(self, alert: int, channels: Sequence[str]) -> None:
        """What may have arrived is not said again beside what is said now; whether it has, stays
        unknown."""
        self._db.execute(
            "UPDATE deliveries SET next_at = NULL WHERE state = 'unknown'"
            " AND notice IN (SELECT id FROM notices WHERE alert = ?)"
            " AND channel IN (SELECT value FROM json_each(?))",
            [alert, json_of(list(channels))],
        )

    def claim(
        self,
        channel: str,
        now: datetime,
        lease_until: datetime,
        *,
        least: Severity = Severity.INFO,
        wakes_before: datetime | None = None,
    ) -> Delivery | None:
        """Takes the most severe delivery that is due over `channel`, the oldest first, and none that
        is too late or less severe than `least`. It is `sending` until a result is stored or the lease is
        over. A channel that is disabled gets nothing.

        `wakes_before`: these are quiet hours, in which of what is urgent only that is taken that must be
        acted on before then; what is critical, and what somebody asked for, always is.
        """
        self._spare_the_later(channel, now)
        found = self._next(channel, now, least, wakes_before)
        if found is None:
            return None
        self._db.execute(
            "UPDATE deliveries SET state = 'sending', attempt = attempt + 1, lease_until = ? WHERE id = ?",
            [stamp(lease_until), found.id],
        )
        return found

    def _next(
        self, channel: str, now: datetime, least: Severity, wakes_before: datetime | None
    ) -> Delivery | None:
        """What `claim` takes."""
        quiet, late = "", []
        if wakes_before is not None:
            quiet = (
                f" AND (d.rank > {Severity.URGENT.rank}"
                " OR (SELECT a.act_by FROM alerts a WHERE a.id = n.alert) < ?)"
            )
            late, least = [stamp(wakes_before)], max(least, Severity.URGENT, key=lambda it: it.rank)
        row = self._db.execute(
            "SELECT d.id, d.state, d.attempt, n.id, n.alert, n.severity, n.rule, n.stage, n.subject,"
            " n.order_id, n.title, n.body, n.expires_at, n.deadline, n.link FROM deliveries d"
            " JOIN notices n ON n.id = d.notice"
            " WHERE d.state IN ('queued', 'unknown') AND d.channel = ? AND d.next_at <= ?2 AND d.rank >= ?3"
            " AND n.expires_at > ?2 AND NOT EXISTS (SELECT 1 FROM channels c WHERE c.name = ?1 AND c.disabled)"
            f"{quiet} ORDER BY d.rank DESC, d.next_at, d.id LIMIT 1",
            [channel, stamp(now), least.rank, *late],
        ).fetchone()
        return None if row is None else self._delivery(channel, row)

    def _delivery(self, channel: str, row: Sequence[Any]) -> Delivery:
        """A row of `_next` as it is once it was claimed."""
        id_, state, attempt, notice, alert, severity, *texts, expires_at, deadline, link = row
        rule, stage, subject, order, title, body = texts
        return Delivery(
            id=id_,
            notice=notice,
            alert=alert,
            channel=channel,
            attempt=attempt + 1,
            maybe_arrived=state == "unknown",
            severity=Severity(severity),
            rule=rule,
            stage=stage,
            subject=subject,
            order=order,
            title=title,
            body=body,
            expires_at=instant(expires_at),
            deadline=maybe_instant(deadline),
            link=link,
            replaces=self._shown(alert, channel),
        )

    def _spare_the_later(self, channel: str, now: datetime) -> None:
        """What a later tier would be told now, or told again, is not said if the user has answered, nor, if
        nobody has to answer, once somebody is reached: while it was under way, `_arrived` did not find it."""
        self._db.execute(
            f"UPDATE deliveries SET {_NO_LONGER} WHERE state IN ('queued', 'unknown') AND tier > 0"
            " AND channel = ? AND next_at <= ? AND (EXISTS"
            " (SELECT 1 FROM notices n JOIN alerts a ON a.id = n.alert WHERE n.id = notice"
            " AND a.state IN ('acknowledged', 'snoozed')) OR (ack_by IS NULL AND EXISTS"
            " (SELECT 1 FROM deliveries e WHERE e.notice = deliveries.notice AND e.tier >= 0"
            " AND e.tier < deliveries.tier AND e.state IN ('sent', 'confirmed'))))",
            [channel, stamp(now)],
        )

    def _shown(self, alert: int, channel: str) -> str | None:
        """The channel's own id of what it showed last about an alert."""
        row = self._db.execute(
            "SELECT d.provider_id FROM notices n JOIN deliveries d ON d.notice = n.id AND d.channel = ?"
            " WHERE n.alert = ? AND d.provider_id IS NOT NULL ORDER BY n.id DESC LIMIT 1",
            [channel, alert],
        ).fetchone()
        return None if row is None else str(row[0])

    def due(self, channel: str, now: datetime, most: int, *, below: Severity | None = None) -> int:
        """How many deliveries over `channel` are due that are less severe than `below`; no more than
        `most` are counted."""
        rank = len(Severity) if below is None else below.rank
        row = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state IN ('queued', 'unknown')"
            " AND channel = ? AND rank < ? AND next_at <= ? LIMIT ?)",
            [channel, rank, stamp(now), most],
        ).fetchone()
        return int(row[0])

    def take_back(self, alert: int, channels: Sequence[str], now: datetime) -> None:
        """An alert is over: those of `channels` that showed it are to mark it so, soon."""
        self._db.execute(
            "INSERT INTO withdrawals SELECT DISTINCT d.channel, n.alert, ?1, ?1 FROM notices n"
            " JOIN deliveries d ON d.notice = n.id WHERE n.alert = ?2"
            " AND d.state IN ('sent', 'confirmed', 'sending', 'unknown')"
            " AND d.channel IN (SELECT value FROM json_each(?3))"
            " ON CONFLICT DO UPDATE SET ended_at = excluded.ended_at, next_at = excluded.next_at",
            [stamp(now), alert, json_of(list(channels))],
        )

    def next_withdrawal(self, channel: str, now: datetime) -> Withdrawal | None:
        """What is to be taken back over `channel` now."""
        row = self._db.execute(
            "SELECT alert, ended_at FROM withdrawals WHERE channel = ? AND next_at <= ? LIMIT 1",
            [channel, stamp(now)],
        ).fetchone()
        if row is None:
            return None
        return Withdrawal(channel, row[0], self._shown(row[0], channel), instant(row[1]))

    def withdrawn(self, withdrawal: Withdrawal, again_at: datetime | None = None) -> None:
        """Notes that something was taken back, or is tried again later. An alert that has begun anew
        meanwhile, and ended again, is another matter."""
        key = [withdrawal.channel, withdrawal.alert, stamp(withdrawal.ended_at)]
        where = "WHERE channel = ?1 AND alert = ?2 AND ended_at = ?3"
        if again_at is None:
            self._db.execute(f"DELETE FROM withdrawals {where}", key)
        else:
            self._db.execute(f"UPDATE withdrawals SET next_at = ?4 {where}", [*key, stamp(again_at)])

    def hurry(self, channel: str, now: datetime) -> bool:
        """Has the next tier told at once of what is critical and waits for a channel that cannot be
        reached. True: there is something to be told."""
        rows = self._db.execute(
            "UPDATE deliveries SET next_at = ?1 WHERE state = 'queued' AND next_at > ?1 AND tier > 0"
            " AND notice IN (SELECT d.notice FROM deliveries d JOIN notices n ON n.id = d.notice"
            " WHERE d.channel = ?2 AND d.state IN ('queued', 'unknown', 'dead') AND d.rank = ?3"
            " AND n.not_before <= ?1 AND d.tier = (SELECT max(e.tier) FROM deliveries e"
            " WHERE e.notice = d.notice AND e.tier < deliveries.tier)) RETURNING id",
            [stamp(now), channel, Severity.CRITICAL.rank],
        ).fetchall()
        return bool(rows)

    def settle(
        self,
        delivery: int,
        state: str,
        now: datetime,
        *,
        outcome: str,
        detail: str,
        next_at: datetime | None = None,
        provider_id: str | None = None,
    ) -> None:
        """Stores how an attempt ended, and adds it to the log of attempts."""
        failed = None if state in ("sent", "confirmed") else detail
        self._db.execute(
            "UPDATE deliveries SET state = ?, next_at = ?, lease_until = NULL, last_error = ?,"
            " provider_id = coalesce(?, provider_id) WHERE id = ?",
            [state, maybe_stamp(next_at), failed, provider_id, delivery],
        )
        self._db.execute(
            "INSERT INTO attempts (delivery, at, outcome, detail) VALUES (?, ?, ?, ?)",
            [delivery, stamp(now), outcome, detail],
        )
        if failed is None:
            self._arrived(delivery)

    def _arrived(self, delivery: int) -> None:
        """Once somebody is reached, later tiers are told only if the alert must be acknowledged, and not
        before it should have been."""
        later = (
            "FROM (SELECT notice, tier FROM deliveries WHERE id = ?) AS told"
            " WHERE deliveries.notice = told.notice AND told.tier >= 0 AND deliveries.tier > told.tier"
            " AND deliveries.state IN ('queued', 'unknown') AND deliveries.next_at IS NOT NULL"
        )
        self._db.execute(f"UPDATE deliveries SET {_NO_LONGER} {later} AND ack_by IS NULL", [delivery])
        self._db.execute(f"UPDATE deliveries SET next_at = max(next_at, ack_by) {later}", [delivery])

    def recover(self, now: datetime, *, all_leases: bool = False) -> int:
        """Deliveries found `sending` after their lease (at a start: all) may have arrived. Returns
        how many."""
        rows = self._db.execute(
            "UPDATE deliveries SET state = 'unknown', next_at = ?1, lease_until = NULL,"
            " last_error = 'interrupted while sending; may have arrived'"
            " WHERE state = 'sending' AND (? OR lease_until <= ?1) RETURNING id",
            [stamp(now), all_leases],
        ).fetchall()
        return len(rows)

    def expire(self, now: datetime) -> list[OutboxLine]:
        """Gives up on what is too late to be of use. Returns it."""
        rows = self._db.execute(
            "UPDATE deliveries SET state = 'expired', next_at = NULL WHERE state IN ('queued', 'unknown')"
            " AND next_at <= ?1 AND EXISTS"
            " (SELECT 1 FROM notices n WHERE n.id = notice AND n.expires_at <= ?1) RETURNING id",
            [stamp(now)],
        ).fetchall()
        return self._lines("d.id IN (SELECT value FROM json_each(?))", [json_of([row[0] for row in rows])])

    def expire_alert(self, alert: int, now: datetime) -> list[OutboxLine]:
        """Gives up on all that waits to be said of an alert whose deadline has passed, but not on what
        says just that. Returns it."""
        rows = self._db.execute(
            "UPDATE deliveries SET state = 'expired', next_at = NULL WHERE state IN ('queued', 'unknown')"
            " AND next_at IS NOT NULL AND notice IN"
            " (SELECT id FROM notices WHERE alert = ? AND kind <> 'missed') RETURNING id",
            [alert],
        ).fetchall()
        return self._lines("d.id IN (SELECT value FROM json_each(?))", [json_of([row[0] for row in rows])])

    def missed(self, expired: Sequence[OutboxLine]) -> list[Missed]:
        """Of what expired, the news that no channel got and none may still get."""
        rows = self._db.execute(
            "SELECT n.id, n.alert, n.rule, n.stage, n.subject, n.order_id, json_extract(o.facts, '$.marketplace'),"
            " n.severity, n.title, n.not_before, n.deadline FROM notices n"
            " LEFT JOIN orders o ON o.id = n.order_id WHERE n.id IN"
            " (SELECT notice FROM deliveries WHERE id IN (SELECT value FROM json_each(?)) AND tier >= 0)"
            " AND n.kind = 'news' AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.notice = n.id AND e.tier >= 0"
            " AND e.state NOT IN ('expired', 'dead', 'superseded')) ORDER BY n.id",
            [json_of([line.id for line in expired])],
        )
        return [
            Missed(
                notice=id_,
                alert=alert,
                rule=rule,
                stage=stage,
                subject=subject,
                order=order,
                marketplace=marketplace,
                severity=Severity(severity),
                title=title,
                meant_for=instant(meant_for),
                deadline=maybe_instant(deadline),
            )
            for id_, alert, rule, stage, subject, order, marketplace, severity, title, meant_for, deadline in rows
        ]

    def for_information(self, since: datetime, until: datetime) -> list[str]:
        """The titles of what was noted for information after `since`, in the order of time, but nothing
        about orders that have finished meanwhile."""
        rows = self._db.execute(
            "SELECT title FROM notices n WHERE severity = 'info' AND kind = 'news' AND created_at > ?"
            " AND created_at <= ? AND NOT EXISTS"
            " (SELECT 1 FROM orders o WHERE o.id = n.order_id AND o.phase = 'finished') ORDER BY created_at, id",
            [stamp(since), stamp(until)],
        )
        return [title for (title,) in rows]

    def drop_channels(self, kept: Sequence[str]) -> None:
        """What waits for a channel that is no longer configured is superseded."""
        self._db.execute(
            f"UPDATE deliveries SET state = 'superseded', next_at = NULL WHERE state IN {_WAITING}"
            " AND channel NOT IN (SELECT value FROM json_each(?))",
            [json_of(list(kept))],
        )

    def retry(self, delivery: int, now: datetime) -> bool:
        """Queues a delivery again at once, whatever became of it (what may have arrived, as a repeat), before
        all others and also in the quiet hours; False: there is no such one."""
        row = self._db.execute(
            "UPDATE deliveries SET next_at = ?1, rank = ?3, state = CASE WHEN state IN ('sent', 'confirmed', 'unknown')"
            " THEN 'unknown' ELSE 'queued' END WHERE id = ?2 AND state <> 'sending' RETURNING notice, channel",
            [stamp(now), delivery, _ASKED_FOR],
        ).fetchone()
        if row is None:
            return False
        self._db.execute("UPDATE channels SET disabled = 0 WHERE name = ?", [row[1]])
        day_later = stamp(now) + 86_400_000_000
        self._db.execute(
            "UPDATE notices SET expires_at = max(expires_at, ?) WHERE id = ?", [day_later, row[0]]
        )
        return True

    def lines(self, *, all_states: bool = False) -> list[OutboxLine]:
        """What waits or failed; with `all_states` the delivered and withdrawn too. Newest last."""
        return self._lines(
            "1" if all_states else f"d.state IN {_WAITING} OR d.state IN ('dead', 'expired')", []
        )

    def waiting(self) -> int:
        """How many deliveries are still to be made. One that may have arrived, and is not repeated, is
        none of them."""
        row = self._db.execute(
            f"SELECT count(*) FROM deliveries WHERE state IN {_WAITING}"
            " AND (next_at IS NOT NULL OR lease_until IS NOT NULL)"
        ).fetchone()
        return int(row[0])

    def next_due(self) -> datetime | None:
        """When the next delivery is due."""
        row = self._db.execute(
            "SELECT min(next_at) FROM deliveries WHERE state IN ('queued', 'unknown') AND next_at IS NOT NULL"
        ).fetchone()
        return maybe_instant(row[0])

    def _not_aware(self, alert: int, notice: Notice) -> Notice:
        """News without the channels that were last told just this, and never its end. Where that may
        not have arrived, it is repeated, marked as what it is."""
        rows = self._db.execute(
            "SELECT d.channel, d.id FROM deliveries d JOIN notices n ON n.id = d.notice"
            " WHERE n.alert = ?1 AND d.state IN ('sent', 'confirmed', 'sending', 'unknown')"
            " AND n.kind = 'news' AND n.stage = ?2 AND n.severity = ?3 AND n.order_id IS ?4"
            " AND NOT EXISTS (SELECT 1 FROM deliveries later JOIN notices m ON m.id = later.notice"
            " WHERE m.alert = ?1 AND m.id > n.id AND later.channel = d.channel"
            " AND later.state IN ('sent', 'confirmed', 'sending', 'unknown'))"
            " AND EXISTS (SELECT 1 FROM deliveries e JOIN notices over ON over.id = e.notice"
            " WHERE over.alert = ?1 AND over.id > n.id AND over.kind = 'end' AND e.channel = d.channel)",
            [alert, notice.stage, notice.severity.value, notice.order],
        )
        aware = dict(rows.fetchall())
        self._db.execute(
            "UPDATE deliveries SET next_at = ? WHERE state = 'unknown' AND next_at IS NULL AND rank > 0"
            " AND id IN (SELECT value FROM json_each(?))",
            [stamp(notice.not_before), json_of(list(aware.values()))],
        )
        self._db.execute(
            "UPDATE notices SET expires_at = max(expires_at, ?) WHERE id IN (SELECT notice FROM deliveries"
            " WHERE state = 'unknown' AND id IN (SELECT value FROM json_each(?)))",
            [stamp(notice.expires_at), json_of(list(aware.values()))],
        )
        channels = tuple(channel for channel in notice.channels if channel not in aware)
        return replace(
            notice,
            channels=channels,
            records=tuple(channel for channel in notice.records if channel not in aware),
            # Who has been told over the first tier needs no other.
            escalations=notice.escalations if channels or not notice.channels else (),
        )

    def _to_be_told(self, alert: int, end: Notice) -> Notice:
        """The end of an alert for those channels, of all tiers, that heard of its beginning."""
        rows = self._db.execute(
            "SELECT d.channel, d.state FROM deliveries d JOIN notices n ON n.id = d.notice WHERE n.alert = ?",
            [alert],
        ).fetchall()
        if not rows:
            return replace(end, escalations=())
        told = {channel for channel, state in rows if state in ("sent", "confirmed", "sending", "unknown")}
        everybody = (*end.channels, *(name for tier in end.escalations for name in tier.channels))
        return replace(
            end,
            channels=tuple(channel for channel in everybody if channel in told),
            records=tuple(channel for channel in end.records if channel in told),
            escalations=(),
        )

    def _lines(self, where: str, arguments: list[str]) -> list[OutboxLine]:
        rows = self._db.execute(
            "SELECT d.id, n.alert, d.channel, d.state, d.attempt, d.next_at, d.last_error, n.severity,"
            f" n.title FROM deliveries d JOIN notices n ON n.id = d.notice WHERE {where} ORDER BY d.id",
            arguments,
        )
        return [
            OutboxLine(
                id_, alert, channel, state, attempt, maybe_instant(next_at), error, Severity(severity), title
            )
            for id_, alert, channel, state, attempt, next_at, error, severity, title in rows
        ]


def _deliveries(notice: Notice) -> list[tuple[str, int, datetime, datetime | None]]:
    """Channel, tier, when it is due, and by when it must be acknowledged not to be. A channel that
    stands in two tiers is told in the first."""
    rows: dict[str, tuple[str, int, datetime, datetime | None]] = {
        channel: (channel, _RECORDS, notice.created_at, None) for channel in notice.records
    }
    rows |= {channel: (channel, 0, notice.not_before, None) for channel in notice.channels}
    for tier, later in enumerate(notice.escalations, start=1):
        for channel in later.channels:
            rows.setdefault(channel, (channel, tier, later.at, later.ack_by))
    return list(rows.values())
