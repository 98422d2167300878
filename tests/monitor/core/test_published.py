"""What becomes of published entries when facts change: updated, cancelled, published again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.published import KEPT, Entry, Published, follow
from tests.monitor.core.facts import at

HOUR = timedelta(hours=1)
NOW = at("2026-05-10 12:00")


def an_entry(ends: str = "2026-07-03 00:00", **changes: Any) -> Entry:
    begins = at(ends) - 12 * HOUR
    known: dict[str, Any] = {
        "summary": "Protection ends: USB hub",
        "description": "",
        "link": None,
        "begins": begins,
        "ends": at(ends),
        "reminders": (begins - 3 * HOUR, begins),
        "privacy": "full",
    }
    return Entry(**(known | changes))


def followed(known: Mapping[str, Published], entries: Mapping[str, Entry], now: datetime) -> list[Published]:
    return follow(known, entries, "1001", now)


def one(sequence: int = 0, changed_at: datetime = NOW, *, cancelled: bool = False, **entry: Any) -> Published:
    return Published("u", "1001", an_entry(**entry), sequence, changed_at, cancelled)


def test_what_is_new_is_published() -> None:
    assert followed({}, {"u": an_entry()}, NOW) == [one()]


def test_what_is_as_it_was_stays_as_it_was() -> None:
    assert followed({"u": one()}, {"u": an_entry()}, NOW + HOUR) == []


def test_what_moves_is_the_same_with_a_higher_sequence() -> None:
    moved = an_entry("2026-06-21 00:00")
    assert followed({"u": one()}, {"u": moved}, NOW + HOUR) == [
        one(1, NOW + HOUR, ends="2026-06-21 00:00"),
    ]


def test_what_no_longer_holds_is_cancelled_once() -> None:
    cancelled = one(1, NOW + HOUR, cancelled=True)
    assert followed({"u": one()}, {}, NOW + HOUR) == [cancelled]
    assert followed({"u": cancelled}, {}, NOW + 2 * HOUR) == []


def test_what_moves_into_the_past_is_cancelled() -> None:
    assert followed({"u": one()}, {"u": an_entry("2026-05-01 00:00")}, NOW + HOUR) == [
        one(1, NOW + HOUR, cancelled=True)
    ]


def test_what_holds_again_comes_back_as_the_same() -> None:
    assert followed({"u": one(1, cancelled=True)}, {"u": an_entry()}, NOW + HOUR) == [one(2, NOW + HOUR)]


def test_what_has_passed_is_left_alone() -> None:
    end = one().entry.ends
    assert followed({"u": one()}, {}, end) == []
    assert followed({"u": one()}, {"u": an_entry()}, end) == []
    assert followed({}, {"u": an_entry()}, end) == []
    assert followed({"u": one()}, {}, end - HOUR) == [one(1, end - HOUR, cancelled=True)]


def test_what_has_passed_may_get_another_day() -> None:
    late = at("2026-07-04 09:00")
    assert followed({"u": one()}, {"u": an_entry("2026-07-10 00:00")}, late) == [
        one(1, late, ends="2026-07-10 00:00")
    ]


def test_a_clock_that_was_set_back_makes_nothing_older() -> None:
    (changed,) = followed({"u": one(3)}, {}, NOW - 100 * HOUR)
    assert (changed.sequence, changed.changed_at) == (4, NOW)


def test_only_reminders_to_come_are_alarms() -> None:
    entry = an_entry()
    assert one().alarms == entry.reminders
    assert one(changed_at=entry.begins - HOUR).alarms == (entry.begins,)
    assert one(changed_at=entry.begins).alarms == ()
    assert one(cancelled=True).alarms == ()


def test_how_long_it_is_kept() -> None:
    assert one().kept_until == an_entry().ends + KEPT
    assert one(cancelled=True).kept_until == NOW + KEPT


# A calendar program that looks at the file now and then.

ENTRIES = st.dictionaries(
    st.sampled_from("abc"),
    st.builds(
        an_entry,
        st.sampled_from(("2026-05-12 00:00", "2026-05-20 00:00", "2026-06-15 00:00", "2026-09-01 00:00")),
        summary=st.sampled_from(("one", "two")),
    ),
)
#: What holds from an hour on, how many hours that lasts, and whether the program looks then.
STEPS = st.lists(st.tuples(ENTRIES, st.integers(0, 400), st.booleans()), min_size=1, max_size=8)


class Program:
    """A calendar program: takes over what is newer than what it has, and forgets nothing by itself."""

    def __init__(self) -> None:
        self.has: dict[str, Published] = {}

    def looks(self, file: Mapping[str, Published]) -> None:
        for uid, published in file.items():
            before = self.has.get(uid)
            if before is None or published.sequence > before.sequence:
                self.has[uid] = published

    def shows(self, now: datetime) -> dict[str, Entry]:
        return {uid: it.entry for uid, it in self.has.items() if not it.cancelled and it.entry.ends > now}


@given(STEPS)
def test_who_looks_once_a_month_misses_nothing(steps: list[tuple[dict[str, Entry], int, bool]]) -> None:
    known: dict[str, Published] = {}
    program, now, looked_at = Program(), NOW, NOW
    for entries, hours, looks in steps:
        before = dict(known)
        for changed in followed(known, entries, now):
            known[changed.uid] = changed
        assert followed(known, entries, now) == [], "once is enough"
        for uid, published in known.items():
            was = before.get(uid)
            if was is not None and was != published:
                assert published.sequence == was.sequence + 1
                assert published.changed_at >= was.changed_at
            assert was is None or was.uid == published.uid
        if looks or now - looked_at >= KEPT - timedelta(hours=400):
            program.looks({uid: it for uid, it in known.items() if it.kept_until > now})
            looked_at = now
            assert program.shows(now) == {uid: it for uid, it in entries.items() if it.ends > now}
        now += hours * HOUR


def test_who_looks_less_often_may_miss_that_something_was_cancelled() -> None:
    """The other side of the same promise."""
    program, known = Program(), {"u": one()}
    program.looks(known)
    cancelled = replace(one(1, NOW + HOUR), cancelled=True)
    later = NOW + KEPT + 2 * HOUR
    program.looks({"u": cancelled} if cancelled.kept_until > later else {})
    assert program.shows(later) == {"u": an_entry()}
