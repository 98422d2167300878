"""Alerts: what became true, and what the user was told of it."""

from datetime import datetime

from sqlite_utils import Database

from monitor.core.alerts import Alert, AlertState, Amend, Intent, Open, Raise, Reason, Remind, Resolve
from monitor.core.model import Severity
from monitor.core.moment import Key, Moment
from monitor.store.rows import instant, maybe_instant, maybe_stamp, reader, stamp

ALERT = (
    "id, rule, subject, occurrence, order_id, stage, level, severity, since, deadline, act_by, state,"
    " told_level, told_at, title, snoozed_until"
)
AlertRow = tuple[
    int, str, str, str, str | None, str, int, Severity, int, int | None, int | None, AlertState, int,
    int | None, str, int | None,
]  # fmt: skip

alert_rows = reader(list[AlertRow])


def alert(row: AlertRow) -> Alert:
    """An alert from the columns ALERT."""
    (id_, rule, subject, occurrence, order, stage, level, severity, since, deadline, act_by, state,
     told_level, told_at, title, snoozed_until) = row  # fmt: skip
    return Alert(
        id=id_,
        key=Key(rule, subject, occurrence),
        order=order,
        stage=stage,
        level=level,
        severity=severity,
        since=instant(since),
        deadline=maybe_instant(deadline),
        act_by=maybe_instant(act_by),
        state=state,
        told_level=told_level,
        told_at=maybe_instant(told_at),
        title=title,
        snoozed_until=maybe_instant(snoozed_until),
    )


class Alerts:
    """The table alerts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def apply(self, intent: Intent, order: str | None, title: str, now: datetime) -> int | None:
        """Does what was decided about one alert; returns its id. Saying it is the outbox's part.

        None, and nothing done: another order that shares the parcel has taken over the alert that
        this one would end.
        """
        match intent:
            case Open(moment, _, speaks):
                return self._open(moment, order, title, now, speaks=speaks)
            case Raise(alert, moment, speaks):
                self._raise(alert, moment, title, now, speaks=speaks)
            case Remind(alert, moment):
                self._remind(alert, moment, now)
            case Amend(alert, moment):
                self._db.execute(
                    "UPDATE alerts SET deadline = ?, act_by = ? WHERE id = ?",
                    [maybe_stamp(moment.deadline), maybe_stamp(moment.act_by), alert.id],
                )
            case Resolve(alert, reason, speaks):
                state = AlertState.EXPIRED if reason is Reason.DEADLINE_PASSED else AlertState.RESOLVED
                ended = self._db.execute(
                    "UPDATE alerts SET state = ?, told_level = CASE WHEN ? THEN -1 ELSE told_level END,"
                    " snoozed_until = NULL WHERE id = ? AND order_id IS ? RETURNING id",
                    [state.value, speaks, alert.id, order],
                ).fetchone()
                return None if ended is None else alert.id
        return intent.alert.id

    def answer(self, alert: Alert) -> None:
        """Stores what the user answered to a lasting alert: that it was seen, or is put off."""
        self._db.execute(
            "UPDATE alerts SET state = ?, snoozed_until = ? WHERE id = ?",
            [alert.state.value, maybe_stamp(alert.snoozed_until), alert.id],
        )

    def find(self, id_: int) -> Alert | None:
        """The alert with this id, whatever its state."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({ALERT})) FROM alerts WHERE id = ?", [id_]
        ).fetchone()
        return next(map(alert, alert_rows(rows)), None)

    def lasting(self) -> list[Alert]:
        """Every alert whose condition lasts, the most pressing first."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({ALERT})) FROM (SELECT * FROM alerts"
            " WHERE state IN ('open', 'acknowledged', 'snoozed') ORDER BY act_by IS NULL, act_by, since, id)"
        ).fetchone()
        return [alert(row) for row in alert_rows(rows)]

    def count(self) -> int:
        """How many alerts last."""
        row = self._db.execute(
            "SELECT count(*) FROM alerts WHERE state IN ('open', 'acknowledged', 'snoozed')"
        ).fetchone()
        return int(row[0])

    def about_us(self) -> dict[Key, Alert]:
        """All alerts of sources, channels and policies, whatever their state."""
        (rows,) = self._db.execute(
            f"SELECT json_group_array(json_array({ALERT})) FROM alerts WHERE order_id IS NULL"
        ).fetchone()
        return {found.key: found for found in map(alert, alert_rows(rows))}

    def bygone(self, rule: str, severity: Severity, now: datetime) -> int:
        """The alert that stands for what is no condition, such as a digest: never open, always the same."""
        row = self._db.execute(
            "INSERT INTO alerts (rule, subject, occurrence, stage, level, severity, since, state, title)"
            " VALUES (?1, ?1, '', '', 0, ?2, ?3, 'resolved', '') ON CONFLICT (rule, subject, occurrence)"
            " DO UPDATE SET since = excluded.since RETURNING id",
            [rule, severity.value, stamp(now)],
        ).fetchone()
        return int(row[0])

    def _open(self, moment: Moment, order: str | None, title: str, now: datetime, *, speaks: bool) -> int:
        """Opens the alert of a moment, or opens it again. What stays silent was told by another
        alert, or before it came back: it counts as told."""
        row = self._db.execute(
            "INSERT INTO alerts (rule, subject, occurrence, order_id, stage, level, severity, since,"
            " deadline, act_by, state, told_level, told_at, title)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)"
            " ON CONFLICT (rule, subject, occurrence) DO UPDATE SET order_id = excluded.order_id,"
            " stage = excluded.stage, level = excluded.level, severity = excluded.severity,"
            " since = excluded.since, deadline = excluded.deadline, act_by = excluded.act_by,"
            " state = 'open', snoozed_until = NULL, told_level = max(told_level, excluded.told_level),"
            " told_at = CASE WHEN ? THEN excluded.told_at ELSE told_at END, title = excluded.title"
            " RETURNING id",
            [
                moment.rule,
                moment.subject,
                moment.occurrence,
                order,
                moment.stage,
                moment.level,
                moment.severity.value,
                stamp(moment.at),
                maybe_stamp(moment.deadline),
                maybe_stamp(moment.act_by),
                moment.level,
                stamp(now),
                title,
                speaks,
            ],
        ).fetchone()
        return int(row[0])

    def _raise(self, alert: Alert, moment: Moment, title: str, now: datetime, *, speaks: bool) -> None:
        self._db.execute(
            "UPDATE alerts SET stage = ?, level = ?, severity = ?, deadline = ?, act_by = ?,"
            " state = 'open', snoozed_until = NULL, told_level = max(told_level, ?2),"
            " told_at = CASE WHEN ? THEN ? ELSE told_at END, title = ? WHERE id = ?",
            [
                moment.stage,
                moment.level,
                moment.severity.value,
                maybe_stamp(moment.deadline),
                maybe_stamp(moment.act_by),
                speaks,
                stamp(now),
                title,
                alert.id,
            ],
        )

    def _remind(self, alert: Alert, moment: Moment, now: datetime) -> None:
        """Said again; one that was put off until now is open again, unless it was answered meanwhile."""
        self._db.execute(
            "UPDATE alerts SET told_at = ?1, deadline = ?, act_by = ?,"
            " state = CASE WHEN snoozed_until <= ?1 THEN 'open' ELSE state END,"
            " snoozed_until = CASE WHEN snoozed_until <= ?1 THEN NULL ELSE snoozed_until END WHERE id = ?",
            [stamp(now), maybe_stamp(moment.deadline), maybe_stamp(moment.act_by), alert.id],
        )
