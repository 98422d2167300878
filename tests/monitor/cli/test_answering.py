"""`orderwatch ack` and `snooze`: what they do, what they say, what they refuse."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.monitor.cli.conftest import Desk

#: The first warning before protection ends, in Madrid's winter.
FIRST = datetime(2026, 11, 16, 9, tzinfo=UTC)
ORDER = """\
[[orders]]
id = "8190000000007731"
title = "USB hub"
shipped_on = 2026-10-01
"""


@pytest.fixture
def told(desk: Desk) -> Desk:
    """The desk after the first warning: alert 3."""
    desk.write("orders.toml", ORDER)
    desk.at(FIRST)
    assert desk("run", "--once").code == 0
    return desk


def alert(desk: Desk, number: int = 3) -> dict[str, Any]:
    (found,) = (it for it in json.loads(desk("alerts", "--json").out) if it["id"] == number)
    return dict(found)


def said(desk: Desk, when: datetime) -> list[str]:
    """What a full cycle at a moment says of the protection's end."""
    desk.at(when)
    told = desk("run", "--once")
    return [
        word.partition("=")[2]
        for line in told.err.splitlines()
        if "rule=protection_ending" in line
        for word in line.split()
        if word.startswith("stage=")
    ]


@pytest.mark.parametrize("number", ["3", "no. 3", "No.3", " 3 "])
def test_ack_says_when_it_will_speak_again(told: Desk, number: str) -> None:
    done = told("ack", number)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Seen, and not repeated: no. 3  Protection ending: USB hub",
        "It will speak again on Mon 23 Nov 09:00, if it lasts.",
        "  because: shipped 1 Oct 2026 + 60 days (aliexpress policy: guide), estimated, 7 days before",
        "It must be done by Mon 30 Nov 12:00.",
    ]
    assert (alert(told)["state"], alert(told)["snoozed_until"]) == ("acknowledged", None)
    assert told("ack", "3").out == done.out


def test_ack_of_what_gets_no_worse(told: Desk) -> None:
    assert told("ack", "2").out.splitlines()[1:] == [
        "It will speak again when it gets worse, or comes back after its end.",
        "It must be done by Mon 30 Nov 12:00.",
    ]


def test_every_stage_is_said_whatever_was_answered(told: Desk) -> None:
    stages = []
    for answer, day in ((["ack", "3"], 23), (["snooze", "3", "90d"], 27), (["ack", "3"], 29)):
        assert told(*answer).code == 0
        stages += said(told, datetime(2026, 11, day, 8, tzinfo=UTC))
    assert stages == ["7d", "3d", "1d"]


SNOOZES = [
    ("30m", "2026-11-16T10:30:00+01:00", "Mon 16 Nov 10:30"),
    ("2h", "2026-11-16T12:00:00+01:00", "Mon 16 Nov 12:00"),
    ("3D", "2026-11-19T10:00:00+01:00", "Thu 19 Nov 10:00"),
    ("tomorrow", "2026-11-17T09:00:00+01:00", "Tue 17 Nov 09:00"),
]


@pytest.mark.parametrize(("duration", "until", "shown"), SNOOZES)
def test_snooze(told: Desk, duration: str, until: str, shown: str) -> None:
    done = told("snooze", "3", duration)
    assert done.out.splitlines() == [
        "Put off: no. 3  Protection ending: USB hub",
        f"It will speak again on {shown}, if it lasts.",
        "It must be done by Mon 30 Nov 12:00.",
    ]
    assert (alert(told)["state"], alert(told)["snoozed_until"]) == ("snoozed", until)
    assert f"snoozed until {shown}" in told("alerts").out
    assert said(told, datetime.fromisoformat(until)) == ["14d"]
    assert alert(told)["state"] == "open"


def test_a_snooze_leaves_time_to_act(told: Desk) -> None:
    out = told("snooze", "3", "80d").out
    assert "Not for that long: there must be time left to act." in out
    assert alert(told)["snoozed_until"] == "2026-11-30T10:00:00+01:00"
    late = told("snooze", "3", "tomorrow", "--at", "2026-11-30T22:30")
    assert (late.code, late.err) == (
        2,
        "orderwatch: alert 3 (Protection ending: USB hub) cannot wait: it must be done by Mon 30 Nov 24:00\n",
    )


DURATIONS = [
    "0m",
    "0d",
    "-1h",
    "1",
    "h",
    "1.5h",
    "91d",
    "9999w",
    "99999m",
    "1y",
    "tomorow",
    "",
    "1h30m",
    "²h",
]


@pytest.mark.parametrize("duration", DURATIONS)
def test_what_is_no_duration(told: Desk, duration: str) -> None:
    refused = told("snooze", "3", "--", duration)
    assert refused.code == 2
    assert "is no duration (allowed: such as 30m, 2h, 3d, 1w, at most 90d; or tomorrow)" in refused.err
    assert alert(told)["state"] == "open"


@pytest.mark.parametrize("command", [["ack"], ["snooze", "tomorrow"]])
@pytest.mark.parametrize("number", ["9", "0", "x", "", "٣", "99999999999999999999", "3 4"])
def test_an_unknown_alert(told: Desk, command: list[str], number: str) -> None:
    refused = told(command[0], number, *command[1:])
    assert refused.code == 2
    assert refused.err == (
        f"orderwatch: there is no alert {number!r} (allowed: 1, 2, 3; `orderwatch alerts` shows them)\n"
    )


def test_an_alert_that_is_over(told: Desk) -> None:
    told("record", "7731", "closed")
    told("run", "--once")
    refused = told("ack", "3")
    assert refused.code == 2
    assert refused.err == "orderwatch: alert 3 (Protection ending: USB hub) is over; no alert is open\n"


def test_a_snooze_survives_its_order_being_thought_about(told: Desk) -> None:
    told("snooze", "3", "3d")
    assert said(told, datetime(2026, 11, 18, 9, tzinfo=UTC)) == []
    told("ack", "2")
    told("record", "7731", "no-button")
    assert said(told, datetime(2026, 11, 18, 10, tzinfo=UTC)) == []
    assert said(told, datetime(2026, 11, 19, 9, tzinfo=UTC)) == ["14d"]
