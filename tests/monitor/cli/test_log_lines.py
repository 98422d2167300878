"""The service's log: what one line says, to the journal and to a person."""

import io
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from monitor.cli.log_lines import log_to
from tests.monitor.cli.conftest import CONFIG, NOW, Desk

MADRID = ZoneInfo("Europe/Madrid")

log = logging.getLogger("orderwatch.test")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, ours = logging.getLogger(), logging.getLogger("orderwatch")
    before = root.handlers, root.level, ours.level
    yield io.StringIO()
    root.handlers, root.level, ours.level = before


@pytest.mark.parametrize(
    ("level", "priority"), [("info", "<6>"), ("warning", "<4>"), ("error", "<3>"), ("critical", "<2>")]
)
def test_the_journal_gets_priorities(stream: io.StringIO, level: str, priority: str) -> None:
    log_to(stream, {"JOURNAL_STREAM": "8:12345"}, MADRID)
    getattr(log, level)("source %s failed", "post")
    assert stream.getvalue() == f"{priority}source post failed\n"


@pytest.mark.parametrize(
    ("utc", "head"),
    [
        (datetime(2026, 10, 9, 22, 0, 59, tzinfo=UTC), "2026-10-10 00:00:59+02:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25 02:30:00+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 02:30:00+01:00"),
    ],
)
def test_a_person_gets_level_and_their_own_time(stream: io.StringIO, utc: datetime, head: str) -> None:
    log_to(stream, {}, MADRID)
    with travel(utc, tick=False):
        log.warning("the clock moved")
    assert stream.getvalue() == f"{head} warning: the clock moved\n"


@pytest.mark.parametrize(
    ("configuration", "offset"),
    [(CONFIG.replace("Europe/Madrid", "Asia/Tokyo"), "+09:00"), ("timezone = 7", "+00:00"), ("=", "+00:00")],
    ids=["the user's", "none told", "nothing told"],
)
def test_the_log_is_in_the_zone_of_the_configuration(desk: Desk, configuration: str, offset: str) -> None:
    desk.write("orderwatch.toml", configuration)
    assert NOW.astimezone(desk.line.log_zone).isoformat().endswith(offset)


def test_every_line_has_its_own_head_and_nothing_steers_the_screen(stream: io.StringIO) -> None:
    log_to(stream, {"JOURNAL_STREAM": "8:12345"}, MADRID)
    log.error("refused:\na: \x1b[31mred\n\u202eb")
    assert stream.getvalue() == "<3>refused:\n<3>a: [31mred\n<3>b\n"


def test_an_exception_is_told_by_kind_and_place_not_by_its_words(stream: io.StringIO) -> None:
    log_to(stream, {"JOURNAL_STREAM": "8:12345"}, MADRID)
    try:
        raise LookupError("https://api.example.org/?key=s3cret")  # noqa: TRY301 - its place is looked at
    except LookupError:
        log.exception("its adapter failed")
    first, place, kind = stream.getvalue().splitlines()
    assert first == "<3>its adapter failed"
    assert re.fullmatch(r"<3>  test_log_lines\.py, line \d+, in test_an_exception\w+", place)
    assert kind == "<3>  LookupError"


@pytest.mark.parametrize(
    ("name", "heard"), [("orderwatch.poll", True), ("httpx", False), ("apscheduler.scheduler", False)]
)
def test_libraries_are_heard_only_when_something_is_wrong(
    stream: io.StringIO, name: str, heard: bool
) -> None:
    log_to(stream, {}, MADRID)
    logging.getLogger(name).info("GET https://example.org/?token=s3cret")
    assert bool(stream.getvalue()) is heard
    logging.getLogger(name).warning("wrong")
    assert "warning: wrong" in stream.getvalue()
