"""What every command has in common: exit codes, errors for people, times, quiet ends."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from monitor.cli import COMMANDS, Commands
from monitor.cli.frame import time_from
from monitor.errors import StoreError, UsageError
from tests.monitor.cli.conftest import CONFIG, HUB, LAMP, Desk, start

MADRID = ZoneInfo("Europe/Madrid")


def test_help_lists_every_command_without_loading_any(empty: Desk) -> None:
    told = empty("--help")
    assert told.code == 0
    listed = [
        line.split()[0]
        for line in told.out.partition("Commands:")[2].splitlines()
        if line.startswith("  ") and line[2] != " "
    ]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_explains_itself(empty: Desk, name: str) -> None:
    told = empty(name, "--help")
    assert told.code == 0
    assert told.out.startswith(f"Usage: orderwatch {name}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ordres",), "there is no command 'ordres'; did you mean orders?"),
        (("version", "--loud"), "No such option"),
        (("replay",), "Missing argument 'SOURCE'"),
        (("run", "--at", "2026-10-09"), "--at and --json go with --once"),
        (("record", "7731", "lost"), "there is no event 'lost'"),
    ],
)
def test_wrong_usage_is_2(desk: Desk, words: tuple[str, ...], said: str) -> None:
    told = desk(*words)
    assert told.code == 2
    assert said in told.err
    assert told.out == ""


def test_no_configuration_is_78_and_says_where_it_looked_and_how_to_start(empty: Desk) -> None:
    told = empty("check")
    assert told.code == 78
    assert str(empty.folder / "orderwatch.toml") in told.err
    assert "orderwatch config example" in told.err


def test_all_mistakes_of_a_configuration_come_at_once_one_a_line(desk: Desk) -> None:
    desk.write("orderwatch.toml", 'timezone = "Europe/Madird"\ncolour = 3\n\n[alerts]\nmorning = "25:00"\n')
    told = desk("check")
    assert told.code == 78
    assert [line.partition(": ")[0] for line in told.err.splitlines()[:-1]] == [
        "orderwatch.toml:1",
        "orderwatch.toml:5",
        "orderwatch.toml:2",
    ]
    assert told.err.splitlines()[-1] == "The configuration cannot be used as it is; nothing was done."


def test_a_database_that_is_none_is_1_and_says_what_to_do(desk: Desk) -> None:
    desk.write("orderwatch.db", "This is a diary, not a database. " * 40)
    told = desk("notify", "outbox")
    assert told.code == 1
    assert "is not a database" in told.err
    assert "Traceback" not in told.err


def test_a_fault_of_ours_is_told_without_traceback_and_without_its_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    def command() -> None:
        raise LookupError("https://api.example.org/?key=s3cret")

    monkeypatch.setattr(Commands, "get_command", lambda *_: command)
    told = desk("version")
    assert told.code == 1
    [line] = told.err.splitlines()
    assert "this is a fault of orderwatch; please report it (LookupError in test_frame.py, line" in line
    assert "s3cret" not in told.err
    assert "Traceback" in desk("--debug", "version").err


def test_errors_of_the_store_are_1_and_ctrl_c_is_130(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[BaseException] = [StoreError("the disk is full"), KeyboardInterrupt()]

    @click.command()
    def command() -> None:
        raise raised.pop(0)

    monkeypatch.setattr(Commands, "get_command", lambda *_: command)
    assert [desk("version").code, desk("version").code] == [1, 130]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-10-09", datetime(2026, 10, 8, 22, tzinfo=UTC)),
        ("2026-10-09T09:30", datetime(2026, 10, 9, 7, 30, tzinfo=UTC)),
        (" 2026-10-09 09:30:15 ", datetime(2026, 10, 9, 7, 30, 15, tzinfo=UTC)),
        ("2026-10-09T09:30Z", datetime(2026, 10, 9, 9, 30, tzinfo=UTC)),
        ("2026-10-09T09:30-05:00", datetime(2026, 10, 9, 14, 30, tzinfo=UTC)),
        # Two o'clock comes twice that night: the first one counts.
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_offset_is_the_users_and_a_day_begins_at_midnight(
    text: str, instant: datetime
) -> None:
    assert time_from(text, MADRID) == instant


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-02-30", "09/10/2026", "20206-01-01", "1026-10-09", "0001-01-01"]
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="such as 2026-11-05"):
        time_from(text, MADRID)


def test_an_order_goes_by_its_last_digits(desk: Desk) -> None:
    desk.write("orders.toml", HUB + LAMP.replace("8842", "7731").replace("8190", "8195"))
    assert "there is no order '7732'; did you" not in desk("record", "7732", "received").err
    assert desk("record", "8190000000007731", "received").code == 0
    both = desk("record", "7731", "received")
    assert both.code == 2
    assert "8190000000007731, 8195000000007731; give more digits" in both.err


def test_an_unknown_order_is_2_with_the_nearest_ones(desk: Desk) -> None:
    told = desk("record", "8190000000007732", "received")
    assert told.code == 2
    assert "did you mean 8190000000007731?" in told.err


def test_changed_order_files_are_taken_in_first_and_refused_rows_are_told(desk: Desk) -> None:
    assert desk("record", "8842", "received").code == 2
    desk.write("orders.toml", HUB + LAMP + LAMP.replace("8842", "9953").replace("2026-10-02", "2026-02-30"))
    told = desk("record", "8842", "received")
    assert told.code == 0
    assert "orders.toml:15 (order 8190000000009953): line 19" in told.err
    assert desk("record", "8842", "all-fine").err == "", "it is told once"


def test_a_changed_configuration_is_read_again(desk: Desk) -> None:
    assert desk("record", "7731", "received").code == 0
    desk.write("more.toml", LAMP)
    desk.write("orderwatch.toml", CONFIG.replace('["orders.toml"]', '["orders.toml", "more.toml"]'))
    assert desk("record", "8842", "received").code == 0


# The real thing


def test_a_limit_no_database_knows_is_wrong_usage(desk: Desk) -> None:
    told = desk("orders", "--limit", "9" * 20)
    assert told.code == 2
    assert "is not in the range" in told.err


@pytest.mark.parametrize("words", [["show", "caf\udce9"], ["record", "1", "received", "--note", "\ud800"]])
def test_an_argument_that_is_no_text_is_wrong_usage(desk: Desk, words: list[str]) -> None:
    told = desk(*words)
    assert told.code == 2
    assert "?' is not UTF-8 text; check the encoding of your terminal" in told.err


def test_a_reader_that_leaves_early_is_no_error(desk: Desk) -> None:
    command = [sys.executable, "-c", "import sys; from monitor.cli import main; sys.exit(main())"]
    environ = {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [*command, "config", "example"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("redirected", "code", "said"),
    [(">/dev/full", 1, "orderwatch: the output: No space left on device"), (">&-", 0, "")],
)
def test_an_output_that_takes_nothing_is_no_fault_of_ours(redirected: str, code: int, said: str) -> None:
    script = f'"$0" -c "import sys; from monitor.cli import main; sys.exit(main([\'version\']))" {redirected}'
    told = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable],
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert told.returncode == code
    assert said in told.stderr
    assert "fault" not in told.stderr


def test_ctrl_c_stops_the_service_and_it_says_goodbye(desk: Desk) -> None:
    with start(desk.folder, "run") as service:
        assert service.stderr is not None
        for line in service.stderr:
            if "watching" in line:
                break
        service.send_signal(signal.SIGINT)
        rest = service.stderr.read()
        assert service.wait(10) == 0
    assert "stopped" in rest
    assert "Traceback" not in rest


def test_json_in_a_pipe_is_json_and_a_table_is_plain(desk: Desk) -> None:
    with start(desk.folder, "--debug", "run", "--once", "--json", "--at", "2026-10-09") as run:
        out, err = run.communicate(timeout=20)
    assert run.returncode == 0, err
    assert json.loads(out)["orders"] == 1
    with start(desk.folder, "notify", "outbox", "--all") as outbox:
        out, _ = outbox.communicate(timeout=20)
    assert out.splitlines()[0].startswith("id  channel")
    assert not set(out) & set("\x1b│─┃━")


def test_help_and_version_start_without_the_heavy_libraries() -> None:
    code = (
        "import sys\nfrom monitor.cli import main\nmain(['version'])\n"
        "print([m for m in ('pydantic', 'httpx', 'apprise', 'apscheduler', 'rich', 'sqlite_utils') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines()[-1] == "[]"
