"""The journal channel: one line, always, that says what it seems to say."""

import json
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notifier import Failure, Notification, NotifierError, Receipt, Severity
from monitor.plugins import load_channel
from notifiers.journal import Journal, logfmt

MESSAGE = Notification(
    id="42",
    title="Customs hold: USB hub",
    body="9 days held · €41.90\n\nAccount → My Orders",
    severity=Severity.URGENT,
    rule="customs_hold",
    stage="urgent",
    order="8190000000007731",
    subject="LP00123456789012",
)


def test_a_message_is_one_structured_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert Journal().send(MESSAGE) == Receipt()
    written = capsys.readouterr()
    assert written.err == (
        "level=urgent rule=customs_hold stage=urgent order=8190000000007731 subject=LP00123456789012"
        ' delivery=42 title="Customs hold: USB hub" body="9 days held · €41.90\\n\\nAccount → My Orders"\n'
    )
    assert written.out == ""


def test_what_is_empty_is_left_out() -> None:
    short = Notification("1", "Test", "", Severity.INFO)
    assert logfmt(short) == "level=info delivery=1 title=Test"
    assert logfmt(replace(short, maybe_repeat=True)) == "level=info delivery=1 repeat=maybe title=Test"


@pytest.mark.parametrize(
    ("severity", "prefix"),
    [
        (Severity.INFO, "<6>"),
        (Severity.NOTICE, "<5>"),
        (Severity.WARNING, "<4>"),
        (Severity.URGENT, "<3>"),
        (Severity.CRITICAL, "<2>"),
    ],
)
def test_systemd_can_read_how_much_it_matters(
    severity: Severity, prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Journal(priority_prefix=True).send(replace(MESSAGE, severity=severity))
    assert capsys.readouterr().err.startswith(f"{prefix}level={severity} ")


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("plain", "title=plain"),
        ("two words", 'title="two words"'),
        ('say "no"', r'title="say \"no\""'),
        ("a=b", 'title="a=b"'),
        ("line\nlevel=info", r'title="line\nlevel=info"'),
        ("back\\slash", r'title="back\\slash"'),
        ("\x1b[31mred\x07\x00\r", 'title="[31mred"'),
        ("\u202egnorw\u2066\u200f", "title=gnorw"),
        ("para\u2029graph\u2028\x85", "title=paragraph"),
        ("half \ud800", 'title="half "'),
        ("<b>&amp;", 'title="<b>&amp;"'),
        ("ñandú", 'title="ñandú"'),
    ],
)
def test_text_of_strangers_stays_text(title: str, written: str) -> None:
    assert logfmt(Notification("1", title, "", Severity.INFO)) == f"level=info delivery=1 {written}"


@given(st.text(), st.text())
def test_any_message_is_one_line_of_which_the_text_can_be_read_back(title: str, body: str) -> None:
    line = logfmt(Notification("1", title, f"{body} ", Severity.INFO))
    assert len(line.splitlines()) == 1
    assert not any(unicodedata.category(mark) in {"Cc", "Cf"} for mark in line)
    head = logfmt(Notification("1", title, "", Severity.INFO))
    read = json.loads(line.removeprefix(f"{head} body="))
    assert read == "".join(mark for mark in f"{body} " if mark in read)


def test_it_takes_everything_unless_told_otherwise() -> None:
    channel = load_channel("journal", {})
    assert isinstance(channel, Journal)
    assert channel.min_severity is Severity.INFO
    assert channel.keeps_record
    assert channel.describe() == "stderr"


class Full:
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_stderr_that_takes_nothing_is_a_temporary_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Full())
    with pytest.raises(NotifierError, match="No space left on device") as caught:
        Journal().send(MESSAGE)
    assert caught.value.failure is Failure.TEMPORARY


def test_a_missing_stderr_is_a_temporary_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(NotifierError, match="no stderr") as caught:
        Journal().send(MESSAGE)
    assert caught.value.failure is Failure.TEMPORARY


def test_a_closed_stderr_is_a_temporary_failure(tmp_path: Path) -> None:
    program = (
        "import sys; from notifiers.journal import Journal;"
        "from monitor.notifier import *; sys.stderr.close()\n"
        "try: Journal().send(Notification('1', 't', 'b', Severity.INFO))\n"
        "except NotifierError as error: print(error.failure.value, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "temporary stderr cannot be written: it is closed\n"
