"""The service's log: what one line says, to the journal and to a person."""

import io
import logging
import re
from collections.abc import Iterator

import pytest

from monitor.cli.log_lines import log_to

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
    log_to(stream, {"JOURNAL_STREAM": "8:12345"})
    getattr(log, level)("source %s failed", "post")
    assert stream.getvalue() == f"{priority}source post failed\n"


def test_a_person_gets_time_and_level(stream: io.StringIO) -> None:
    log_to(stream, {})
    log.warning("the clock moved")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d warning: the clock moved\n", stream.getvalue())


def test_every_line_has_its_own_head_and_nothing_steers_the_screen(stream: io.StringIO) -> None:
    log_to(stream, {"JOURNAL_STREAM": "8:12345"})
    log.error("refused:\na: \x1b[31mred\n\u202eb")
    assert stream.getvalue() == "<3>refused:\n<3>a: [31mred\n<3>b\n"


def test_an_exception_is_told_by_kind_and_place_not_by_its_words(stream: io.StringIO) -> None:
    log_to(stream, {"JOURNAL_STREAM": "8:12345"})
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
    log_to(stream, {})
    logging.getLogger(name).info("GET https://example.org/?token=s3cret")
    assert bool(stream.getvalue()) is heard
    logging.getLogger(name).warning("wrong")
    assert "warning: wrong" in stream.getvalue()
