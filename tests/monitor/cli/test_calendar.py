"""`calendar`, and the file that `run --once` and `check` know of."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.monitor.cli.conftest import ARRIVED, CONFIG, HUB, LAMP, NOW, Desk, start
from tests.monitor.test_ical import Read, read_by_ical

WITH_CALENDAR = f'{CONFIG}\n[calendar]\npath = "deadlines.ics"\n'


def events(desk: Desk, name: str = "deadlines.ics") -> list[Read]:
    return read_by_ical((desk.folder / name).read_bytes())


def told(desk: Desk, name: str = "deadlines.ics") -> list[str]:
    return [f"{it.summary}, {it.sequence}, {it.status}" for it in events(desk, name)]


def test_it_writes_what_lies_ahead_and_says_what_comes_first(desk: Desk) -> None:
    desk.write("orders.toml", HUB + LAMP)
    wrote = desk("calendar", "deadlines.ics")
    assert (wrote.code, wrote.err) == (0, "")
    assert wrote.out == (
        "wrote deadlines.ics: 2 deadlines lie ahead\n"
        "  the first, Mon 30 Nov 12:00: Protection ends: USB hub\n"
    )
    assert told(desk) == ["Protection ends: USB hub, 0, CONFIRMED", "Protection ends: Lamp, 0, CONFIRMED"]
    assert oct((desk.folder / "deadlines.ics").stat().st_mode)[-3:] == "600"


def test_again_it_changes_nothing(desk: Desk) -> None:
    desk("calendar", "deadlines.ics")
    content = (desk.folder / "deadlines.ics").read_bytes()
    desk.at(NOW + timedelta(days=2))
    again = desk("calendar", "deadlines.ics")
    assert again.out.startswith("nothing has changed in deadlines.ics: 1 deadline lies ahead\n")
    assert (desk.folder / "deadlines.ics").read_bytes() == content


def test_a_second_file_tells_the_same(desk: Desk) -> None:
    desk("calendar", "deadlines.ics")
    desk.at(NOW + timedelta(days=2))
    desk("calendar", "other.ics")
    assert (desk.folder / "other.ics").read_bytes() == (desk.folder / "deadlines.ics").read_bytes()


def test_what_was_recorded_counts_at_once(desk: Desk) -> None:
    desk("calendar", "deadlines.ics")
    desk("record", "7731", "dispute-opened", "--reason", "quality")
    desk("calendar", "deadlines.ics")
    assert "Protection ends: USB hub, 1, CANCELLED" in told(desk)
    desk("record", "7731", "undo")
    desk("calendar", "deadlines.ics")
    assert "Protection ends: USB hub, 2, CONFIRMED" in told(desk)
    desk("record", "7731", "closed")
    assert desk("calendar", "deadlines.ics").out == "wrote deadlines.ics: no deadlines lie ahead\n"
    assert {it.status for it in events(desk)} == {"CANCELLED"}


def test_at_is_only_supposed(desk: Desk) -> None:
    desk("calendar", "deadlines.ics")
    content = (desk.folder / "deadlines.ics").read_bytes()
    then = desk("calendar", "then.ics", "--at", "2026-11-27T10:00")
    assert then.out.startswith("wrote then.ics: 1 deadline lies ahead\n")
    assert (desk.folder / "then.ics").read_bytes() == content
    late = desk("calendar", "late.ics", "--at", "2027-06-01")
    assert late.out == "wrote late.ics: no deadlines lie ahead\n"
    assert events(desk, "late.ics") == []
    desk.write("orders.toml", HUB + "protection_until = 2026-12-15\n")
    for _ in range(2):
        desk("calendar", "then.ics", "--at", "2026-11-27T10:00")
        assert told(desk, "then.ics") == ["Protection ends: USB hub, 1, CONFIRMED"]
    (event,) = events(desk, "then.ics")
    assert len(event.alarms) == 5, "14 days before that day are still to come"
    assert desk("calendar", "then.ics", "--at", "soon").code == 2


def test_a_new_order_that_is_only_supposed_has_the_name_that_it_gets(desk: Desk) -> None:
    desk("calendar", "then.ics", "--at", "2026-10-10")
    desk("calendar", "deadlines.ics")
    assert [it.uid for it in events(desk, "then.ics")] == [it.uid for it in events(desk)]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("tracking", "it is a folder; name a file in it, such as orderwatch.ics"),
        ("gone/x.ics", "there is no folder "),
        ("orders.toml", "there is a file that orderwatch did not write; name another, or move it away"),
        ("orderwatch.db", "there is a file that orderwatch did not write; name another, or move it away"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_in_a_line(desk: Desk, file: str, reason: str) -> None:
    desk("orders")
    refused = desk("calendar", file)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(f"orderwatch: the calendar {file} cannot be written: {reason}")
    assert refused.err.count("\n") == 1
    assert desk("orders").code == 0


def test_it_needs_to_be_told_where(desk: Desk) -> None:
    assert desk("calendar").code == 2


def test_in_spanish_and_in_private(desk: Desk) -> None:
    desk.write("orderwatch.toml", f'language = "es"\n{CONFIG}[calendar]\nprivacy = "short"\n')
    desk("calendar", "deadlines.ics")
    (event,) = events(desk)
    assert event.summary == "Fin de la protección: USB hub"
    assert "Abrir disputa" in event.description
    assert b"7731" not in (desk.folder / "deadlines.ics").read_bytes()
    assert b"41,90" not in (desk.folder / "deadlines.ics").read_bytes()


# The file that is kept up to date.


def test_run_once_keeps_it_up_to_date(desk: Desk) -> None:
    desk.write("orderwatch.toml", WITH_CALENDAR)
    assert desk("run", "--once").code == 0
    assert told(desk) == ["Protection ends: USB hub, 0, CONFIRMED"]
    touched = (desk.folder / "deadlines.ics").stat().st_mtime_ns
    assert desk("run", "--once").code == 0
    assert (desk.folder / "deadlines.ics").stat().st_mtime_ns == touched
    desk("record", "7731", "dispute-opened", "--reason", "quality")
    assert "Protection ends: USB hub, 0, CONFIRMED" in told(desk)
    desk.write("tracking/hub.json", ARRIVED)
    assert desk("run", "--once").code == 0
    assert "Protection ends: USB hub, 1, CANCELLED" in told(desk)


def test_run_once_with_a_file_that_cannot_be_written_does_all_the_rest_and_is_1(desk: Desk) -> None:
    desk.write("orderwatch.toml", WITH_CALENDAR.replace("deadlines.ics", "gone/deadlines.ics"))
    ran = desk("run", "--once", "--json")
    assert ran.code == 1
    assert (json.loads(ran.out)["polled"], json.loads(ran.out)["sent"]) == (1, 1)
    folder = desk.folder / "gone"
    assert f"failing: the calendar {folder}/deadlines.ics cannot be written: there is no folder" in ran.err
    folder.mkdir()
    assert desk("run", "--once").code == 0
    assert told(desk, "gone/deadlines.ics") == ["Protection ends: USB hub, 0, CONFIRMED"]


def test_check_says_where_it_is_and_what_it_shows(desk: Desk) -> None:
    assert "calendar" not in desk("check").out
    desk.write("orderwatch.toml", f'{WITH_CALENDAR}privacy = "short"\n')
    checked = desk("check")
    assert checked.code == 0
    assert f"calendar: {desk.folder}/deadlines.ics, shows no numbers and no prices\n" in checked.out
    assert not (desk.folder / "deadlines.ics").exists()


def test_check_of_a_file_that_cannot_be_written_is_1(desk: Desk) -> None:
    desk.write("orderwatch.toml", WITH_CALENDAR.replace("deadlines.ics", "tracking"))
    checked = desk("check")
    assert checked.code == 1
    told = f"the calendar {desk.folder}/tracking cannot be written: it is a folder"
    assert checked.err.startswith(told)
    assert "orders: " in checked.out


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        ('path = ""', "calendar.path: must be the path of a file"),
        ("path = 5", "calendar.path: must be the path of a file"),
        (
            'privacy = "some"',
            "calendar.privacy: is not one of the allowed words (allowed: full, short, none)",
        ),
        ('file = "x.ics"', "calendar.file: unknown key"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_line(desk: Desk, table: str, mistake: str) -> None:
    desk.write("orderwatch.toml", f"{CONFIG}[calendar]\n{table}\n")
    checked = desk("check")
    assert checked.code == 78
    assert f"orderwatch.toml:8: {mistake}" in checked.err


def test_a_variable_can_name_it(desk: Desk, tmp_path: Path) -> None:
    process = start(desk.folder, "run", "--once", ORDERWATCH_CALENDAR__PATH=str(tmp_path / "by-variable.ics"))
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert (tmp_path / "by-variable.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


IMPORTED = """
import sys
from monitor.cli import main
code = main(sys.argv[1:])
print(code, "icalendar" in sys.modules)
"""


@pytest.mark.parametrize(
    ("config", "words", "needed"),
    [
        (CONFIG, ["orders"], False),
        (CONFIG, ["run", "--once"], False),
        (WITH_CALENDAR, ["check"], False),
        (WITH_CALENDAR, ["run", "--once"], True),
        (CONFIG, ["calendar", "x.ics"], True),
    ],
)
def test_the_library_is_loaded_only_for_who_has_a_calendar(
    desk: Desk, config: str, words: list[str], needed: bool
) -> None:
    desk.write("orderwatch.toml", config)
    root = Path(__file__).parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=desk.folder,
        env={"PYTHONPATH": str(root), "PATH": "", "TZ": "Europe/Madrid"},
    )
    assert ran.stdout.splitlines()[-1] == f"0 {needed}", ran.stderr
