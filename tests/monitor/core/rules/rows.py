"""A rule's table: given these facts, this stage is said from then on, so loud, for this reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from monitor.core.moment import Moment
from monitor.core.situation import Facts
from monitor.core.timeline import current, timeline
from tests.monitor.core.facts import MADRID, ORDER, at, only, shown

SECOND = timedelta(seconds=1)

#: The deadline of an order that was shipped on 3 May 2026, and when to act by.
PROTECTION_END = "2026-07-03 00:00"
PROTECTION_ACT_BY = "2026-07-02 12:00"
#: Nothing is said of it any more 30 days after its last window closed.
REST = "2026-08-02 00:00"


@dataclass(frozen=True)
class Row:
    """All times local to `zone`; what is left out must not be there."""

    case: str
    given: Facts
    rule: str
    at: str
    severity: str
    why: str
    stage: str = ""
    until: str | None = None
    deadline: str | None = None
    act_by: str | None = None
    subject: str = ORDER
    zone: ZoneInfo = MADRID

    def __str__(self) -> str:
        return f"{self.rule} {self.stage}: {self.case}" if self.stage else f"{self.rule}: {self.case}"


def check(row: Row) -> None:
    """The stage is there once, exactly as the row says, and true from its very second to its end."""
    moments = timeline(row.given)
    found = [moment for moment in lasting(row.given, moments, row.rule) if moment.stage == row.stage]
    assert [_told(moment, row.zone) for moment in found] == [
        {
            "at": row.at,
            "severity": row.severity,
            "why": row.why,
            "until": row.until,
            "deadline": row.deadline,
            "act_by": row.act_by,
            "subject": row.subject,
        }
    ]
    moment, begins = found[0], at(row.at, row.zone)
    assert current(moments, begins - SECOND).get(moment.key) is not moment
    assert current(moments, begins)[moment.key] is moment
    assert current(moments, begins + SECOND)[moment.key] is moment
    if moment.until is not None:
        assert moment.holds(moment.until - SECOND)
        assert not moment.holds(moment.until)
        assert not moment.holds(moment.until + SECOND)


def _told(moment: Moment, zone: ZoneInfo) -> dict[str, str | None]:
    return {
        "at": shown(moment.at, zone),
        "severity": moment.severity,
        "why": str(moment.why),
        "until": shown(moment.until, zone),
        "deadline": shown(moment.deadline, zone),
        "act_by": shown(moment.act_by, zone),
        "subject": moment.subject,
    }


def lasting(given: Facts, moments: Iterable[Moment], rule: str) -> list[Moment]:
    """The moments of a rule that the last entry of the journal has not ended."""
    past = given.case.past
    return [
        moment
        for moment in only(moments, rule)
        if not past or moment.until is None or moment.until > past[-1].until
    ]


def said(given: Facts, rule: str) -> list[str]:
    """What a rule says after all that was recorded, in one line a stage: `2026-05-14 09:00 urgent problem`."""
    return [
        " ".join(filter(None, (shown(moment.at), moment.severity, moment.stage)))
        for moment in lasting(given, timeline(given), rule)
    ]
