"""The calendar's file: whole, private, and written over nothing but itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.calendar_file import check_calendar, write_calendar
from monitor.errors import CalendarError
from monitor.ical import calendar_bytes

EMPTY = calendar_bytes([])
OTHER = EMPTY.replace(b"PT1H", b"PT2H")


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_it_is_made_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.ics"
    old = os.umask(0)
    try:
        assert write_calendar(path, EMPTY)
    finally:
        os.umask(old)
    assert (path.read_bytes(), mode(path)) == (EMPTY, "0o600")
    assert [it.name for it in tmp_path.iterdir()] == ["deadlines.ics"]


def test_what_is_so_already_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.ics"
    write_calendar(path, EMPTY)
    before = path.stat()
    assert not write_calendar(path, EMPTY)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_has_changed_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.ics"
    write_calendar(path, EMPTY)
    with open(path, "rb") as reader:  # a program that is reading it meanwhile
        head = reader.read(20)
        assert write_calendar(path, OTHER)
        assert head + reader.read() == EMPTY
    assert path.read_bytes() == OTHER


def test_what_others_may_read_becomes_private_again(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.ics"
    write_calendar(path, EMPTY)
    path.chmod(0o644)
    assert write_calendar(path, EMPTY)
    assert mode(path) == "0o600"


def test_an_empty_file_may_be_there_already(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.ics"
    path.touch(0o644)
    assert write_calendar(path, EMPTY)
    assert mode(path) == "0o600"


def test_a_link_is_followed_to_its_file_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "synced").mkdir()
    link, target = tmp_path / "deadlines.ics", tmp_path / "synced" / "cal.ics"
    link.symlink_to(target)
    assert write_calendar(link, EMPTY)
    assert link.is_symlink()
    assert target.read_bytes() == EMPTY
    assert [it.name for it in (tmp_path / "synced").iterdir()] == ["cal.ics"]


def test_a_line_end_that_a_sync_program_changed_does_not_make_it_a_strangers(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.ics"
    path.write_bytes(EMPTY.replace(b"\r\n", b"\n"))
    assert write_calendar(path, EMPTY)


# What cannot be.

MINE = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Mozilla//EN\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with all sorts of things in it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-folder").symlink_to(tmp_path / "folder")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    (tmp_path / "orders.toml").write_text("[[orders]]")
    (tmp_path / "mine.ics").write_bytes(MINE)
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


BAD = [
    ("folder", "it is a folder; name a file in it, such as orderwatch.ics"),
    ("to-folder", "it is a folder; name a file in it, such as orderwatch.ics"),
    ("folder/gone/x.ics", "there is no folder {place}/folder/gone"),
    ("orders.toml/x.ics", "{place}/orders.toml is no folder"),
    ("orders.toml", "there is a file that orderwatch did not write; name another, or move it away"),
    ("mine.ics", "there is a file that orderwatch did not write; name another, or move it away"),
    ("pipe", "it is no plain file"),
    ("round", "Too many levels of symbolic links"),
    ("nul\0.ics", "that is not the name of a file"),
    ("x" * 300 + ".ics", "its name is too long"),
]


@pytest.mark.parametrize(("name", "reason"), BAD)
def test_what_cannot_be_written_is_told_and_left_alone(place: Path, name: str, reason: str) -> None:
    before = {it.name: it.lstat().st_mtime_ns for it in place.rglob("*")}
    told = f"the calendar {place / name} cannot be written: {reason.format(place=place)}"
    for attempt in (lambda: write_calendar(place / name, EMPTY), lambda: check_calendar(place / name)):
        with pytest.raises(CalendarError) as raised:
            attempt()
        assert str(raised.value) == told
    assert {it.name: it.lstat().st_mtime_ns for it in place.rglob("*")} == before
    assert (place / "mine.ics").read_bytes() == MINE


def test_a_look_at_what_can_be_written_writes_nothing(place: Path) -> None:
    check_calendar(place / "new.ics")
    write_calendar(place / "folder" / "old.ics", EMPTY)
    check_calendar(place / "folder" / "old.ics")
    assert not (place / "new.ics").exists()


def test_a_disk_that_is_full_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deadlines.ics"
    write_calendar(path, EMPTY)

    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(CalendarError, match="the disk is full"):
        write_calendar(path, OTHER)
    assert path.read_bytes() == EMPTY
    assert [it.name for it in tmp_path.iterdir()] == ["deadlines.ics"]


AS_NOBODY = """
import os, sys
from pathlib import Path
from monitor.calendar_file import check_calendar, write_calendar
from monitor.errors import CalendarError
os.setgroups([]); os.setgid(65534); os.setuid(65534)
for attempt in (lambda path: write_calendar(path, b"x"), check_calendar):
    try:
        attempt(Path(sys.argv[1]))
    except CalendarError as error:
        print(error)
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody can come to."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(("name", "rights"), [("new.ics", 0o755), ("old.ics", 0o777), ("in/x.ics", 0o700)])
def test_what_somebody_else_may_not_write(public: Path, name: str, rights: int) -> None:
    """A folder of others, a file of others, a folder that cannot be entered."""
    place = public / "place"
    place.mkdir()
    write_calendar(place / "old.ics", EMPTY)
    (place / "in").mkdir(0o700)
    place.chmod(rights)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", AS_NOBODY, str(place / name)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    told = f"the calendar {place / name} cannot be written: this user may not read and write there\n"
    assert ran.stdout == told * 2
    assert (place / "old.ics").read_bytes() == EMPTY
