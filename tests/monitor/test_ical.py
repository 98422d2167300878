"""The calendar as a file: what two programs that share no code read in it.

`icalendar` wrote it and reads it again; `ical` is another's work, and refuses what RFC 5545 forbids.
`pytest --update-golden` writes tests/golden/deadlines.ics anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from monitor.core.agenda import entry_of
from monitor.core.deadlines import deadlines
from monitor.core.model import Money
from monitor.core.published import Entry, Privacy, Published
from monitor.core.situation import Facts, situation
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.languages import CATALOGUES
from monitor.core.timeline import timeline
from monitor.ical import calendar_bytes
from tests.monitor.core.facts import MADRID, NUMBER, ORDER, a_parcel, an_order, at, facts
from tests.monitor.core.strategies import FEWER, INSTANTS, all_facts

GOLDEN = Path(__file__).parents[1] / "golden" / "deadlines.ics"
NOW = at("2026-05-12 12:00")


@dataclass(frozen=True)
class Read:
    """An event as a program read it."""

    uid: str
    sequence: int
    status: str
    summary: str
    description: str
    link: str | None
    begins: datetime
    ends: datetime
    stamp: datetime
    modified: datetime
    alarms: tuple[datetime, ...]
    alarm_texts: frozenset[str]


def read_by_icalendar(content: bytes) -> list[Read]:
    (calendar,) = Calendar.from_ical(content, multiple=True)
    found = []
    for event in calendar.walk("VEVENT"):
        alarms = event.walk("VALARM")
        assert all(alarm["action"] == "DISPLAY" for alarm in alarms)
        begins = event.decoded("dtstart")
        found.append(
            Read(
                str(event["uid"]),
                int(str(event["sequence"])),
                str(event["status"]),
                str(event["summary"]),
                str(event.get("description", "")),
                str(event["url"]) if "url" in event else None,
                begins,
                event.decoded("dtend"),
                event.decoded("dtstamp"),
                event.decoded("last-modified"),
                tuple(begins + alarm.decoded("trigger") for alarm in alarms),
                frozenset(str(alarm["description"]) for alarm in alarms),
            )
        )
    return found


def read_by_ical(content: bytes) -> list[Read]:
    calendar = IcsCalendarStream.calendar_from_ics(content.decode())
    found = []
    for event in calendar.events:
        assert isinstance(event.dtstart, datetime)
        assert isinstance(event.dtend, datetime)
        assert isinstance(event.dtstamp, datetime)
        assert isinstance(event.last_modified, datetime)
        assert event.status is not None
        triggers = [alarm.trigger for alarm in event.alarm]
        found.append(
            Read(
                event.uid,
                event.sequence or 0,
                event.status.value,
                event.summary or "",
                event.description or "",
                str(event.url) if event.url is not None else None,
                event.dtstart,
                event.dtend,
                event.dtstamp,
                event.last_modified,
                tuple(event.dtstart + trigger for trigger in triggers if isinstance(trigger, timedelta)),
                frozenset(alarm.description or "" for alarm in event.alarm),
            )
        )
    return found


def second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def expected(one: Published) -> Read:
    entry, shows = one.entry, not one.cancelled
    return Read(
        one.uid,
        one.sequence,
        "CONFIRMED" if shows else "CANCELLED",
        entry.summary,
        entry.description if shows else "",
        entry.link if shows else None,
        second(entry.begins),
        second(entry.ends),
        second(one.changed_at),
        second(one.changed_at),
        tuple(second(at) for at in one.alarms),
        frozenset({entry.summary} if one.alarms else ()),
    )


def is_well_formed(content: bytes) -> None:
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    text = content.decode()
    assert "".join(text.split("\r\n")).isprintable()


def check(published: Sequence[Published]) -> None:
    content = calendar_bytes(published)
    is_well_formed(content)
    wanted = [expected(one) for one in sorted(published, key=lambda one: (one.entry.begins, one.uid))]
    assert read_by_icalendar(content) == wanted
    assert read_by_ical(content) == wanted
    assert calendar_bytes([*reversed(published)]) == content


def published(
    known: Facts, texts: Catalogue = ENGLISH, privacy: Privacy = "full", changed_at: datetime = NOW
) -> list[Published]:
    s = situation(known)
    entries = [entry_of(it, s, texts, privacy) for it in deadlines(s, timeline(known))]
    return [
        Published(f"{number}@orderwatch", ORDER, entry, number, changed_at, cancelled=number % 3 == 2)
        for number, entry in enumerate(entries)
    ]


HUB = an_order(title="USB hub, 7 ports; white 🔌", price=Money("41.90", "EUR"), parcels=NUMBER)
STORY = published(
    facts(
        HUB,
        a_parcel("available_for_pickup", "2026-05-12 10:00", pickup_until="2026-05-24 20:00", number=NUMBER),
        a_parcel("delivered", "2026-05-11 10:00", delivered="2026-05-11 10:00", number="LP2"),
    )
)


def test_the_file_as_it_is(pytestconfig: pytest.Config) -> None:
    again = replace(STORY[0], uid="9@orderwatch", sequence=4, cancelled=True)
    told = calendar_bytes([*STORY, again]).decode().replace("\r\n", "\n")
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(told, encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == told


def test_two_programs_read_the_same_in_it() -> None:
    assert len(STORY) == 2
    check(STORY)


def test_a_calendar_without_a_deadline_is_one() -> None:
    check([])


def test_what_it_says_of_itself() -> None:
    calendar = IcsCalendarStream.calendar_from_ics(calendar_bytes(STORY).decode())
    assert (calendar.version, calendar.prodid) == ("2.0", "-//orderwatch//deadlines//EN")
    assert calendar.method is None, "what has a method is an invitation to some programs"
    assert calendar.refresh_interval == timedelta(hours=1)
    (event, *_) = calendar.events
    assert event.transparency == "TRANSPARENT"
    assert event.classification == "PRIVATE"


def test_every_time_is_in_utc() -> None:
    content = calendar_bytes(STORY).decode()
    assert "TZID" not in content
    assert "VTIMEZONE" not in content
    for line in content.split("\r\n"):
        if line.startswith(("DT", "LAST-MODIFIED")):
            assert line.endswith("Z"), line


@pytest.mark.parametrize(
    "changed_at", [at("2026-06-29 09:00"), at("2026-07-02 12:00"), at("2026-07-02 18:00")]
)
def test_reminders_that_are_over_ring_nowhere(changed_at: datetime) -> None:
    (only,) = published(facts(an_order()), changed_at=changed_at)
    (read,) = read_by_ical(calendar_bytes([only]))
    assert all(alarm > changed_at for alarm in read.alarms)
    check([only])


HOSTILE = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="a,;:\\\n\r\t\x00\x07\x1b\x7f\x85\u2028\u202e\ufeff\ud800😀é\"'", max_size=120),
)


def entry(summary: str, description: str) -> Entry:
    begins = at("2026-06-20 12:00")
    return Entry(summary, description, None, begins, begins + timedelta(hours=12), (begins,), "full")


@given(HOSTILE, st.sampled_from([*CATALOGUES.values()]), st.sampled_from(("full", "short", "none")))
@example("a" * 74 + "😀" * 30, ENGLISH, "full")
@example("\\n\\, \\;\\\\", ENGLISH, "full")
@example("BEGIN:VEVENT\r\nEND:VCALENDAR", ENGLISH, "full")
def test_no_title_breaks_the_file(title: str, texts: Catalogue, privacy: Privacy) -> None:
    waits = a_parcel("available_for_pickup", "2026-05-12 10:00", pickup_until="2026-05-24 20:00")
    check(published(facts(replace(HUB, title=title), waits), texts, privacy))


#: What may be left of a text once it was cleaned: all that can be seen, and blanks.
SEEN = st.characters(exclude_categories=("C", "Z"), include_characters=" ")


@given(st.text(SEEN), st.integers(0, 80))
def test_what_is_written_is_read_whatever_it_is_and_wherever_it_is_folded(text: str, pad: int) -> None:
    lines = "\n".join(("x" * pad + text.strip(), "", "; , \\ \\n", "end"))
    check([Published("u", ORDER, entry("x" * pad + text.strip() + ".", lines), 0, NOW)])


@FEWER
@given(all_facts(), INSTANTS, st.integers(0, 999_999))
def test_any_order_gives_a_file_that_both_read(known: Facts, changed_at: datetime, fraction: int) -> None:
    check(published(known, changed_at=changed_at.replace(microsecond=fraction)))


def test_mornings_are_mornings_on_both_sides_of_a_change_of_the_clock() -> None:
    """The protection ends with the day on which the clock is set back."""
    (only,) = published(facts(an_order(protection_until="2026-10-25")))
    (read,) = read_by_ical(calendar_bytes([only]))
    assert read.ends == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert [f"{alarm.astimezone(MADRID):%d %H:%M}" for alarm in read.alarms] == [
        "11 09:00",
        "18 09:00",
        "22 09:00",
        "24 09:00",
        "25 12:00",
    ]
