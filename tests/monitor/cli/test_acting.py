"""`import`, `notify`, `backup`, `config` and `replay`."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from monitor.core.alerts import Open, Reason
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.situation import Why
from monitor.store import Store
from monitor.store.records import Notice
from tests.monitor.cli.conftest import CONFIG, HELD, LAMP, NOW, Desk

PAYLOADS = Path(__file__).parents[2] / "payloads"

#: What a library of Apprise's imports, where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

# import


def test_import_takes_rows_once_and_tells_each(desk: Desk) -> None:
    file = desk.write("export.toml", LAMP + LAMP.replace("8842", "9953").replace("2026-10-02", "2026-02-30"))
    told = desk("import", "export.toml")
    assert told.code == 65
    assert told.out.splitlines() == [
        "new      8190000000008842  Lamp  (export.toml:1)",
        "1 new, 0 changed, 0 unchanged, 1 refused",
    ]
    assert told.err.startswith(
        "refused: export.toml:7 (order 8190000000009953): line 11: shipped_on: 2026-02-30"
    )
    file.write_text(LAMP.replace("Lamp", "Desk lamp"))
    again = desk("import", "export.toml")
    assert (again.code, again.out.splitlines()[-1]) == (0, "0 new, 1 changed, 0 unchanged, 0 refused")
    assert desk("import", "export.toml").out == "0 new, 0 changed, 1 unchanged, 0 refused\n"


@pytest.mark.parametrize("name", ["nowhere.toml", "orders.xlsx"])
def test_a_file_that_cannot_be_imported_is_65(desk: Desk, name: str) -> None:
    desk.write("orders.xlsx", "PK")
    told = desk("import", name)
    assert told.code == 65
    assert told.err.startswith(f"refused: {name}: ")


def test_imported_orders_stay_though_no_watched_file_lists_them(desk: Desk) -> None:
    desk.write("export.toml", LAMP)
    assert desk("import", "export.toml").code == 0
    assert desk("run", "--once").code == 0
    store = Store(desk.folder / "orderwatch.db")
    [record] = store.orders.load(["8190000000008842"])
    store.close()
    assert record.unlisted_at is None


# notify


def webhooks(desk: Desk, server: HTTPServer, *names: str) -> None:
    host = f"{server.host}:{server.port}"
    tables = "".join(
        f'\n[notifiers.{name}]\nadapter = "apprise"\nurl = "json://{host}/{name}"\n' for name in names
    )
    desk.write("orderwatch.toml", CONFIG + tables)


def test_notify_test_really_sends_and_prints_each_answer(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/phone", method="POST").respond_with_data("ok")
    httpserver.expect_request("/pager", method="POST").respond_with_data("no", status=403)
    webhooks(desk, httpserver, "phone", "pager")
    told = desk("notify", "test")
    assert told.code == 1
    assert "phone: delivered to " in told.out
    assert "pager: failed (permanent): " in told.out
    assert "channel pager failed" in told.err.splitlines()
    sent = [request.get_json()["title"] for request, _ in httpserver.log if request.path == "/phone"]
    assert sent == ["orderwatch: a test"]


def test_notify_test_tells_what_the_phone_must_be_set_to(desk: Desk, httpserver: HTTPServer) -> None:
    answer = {"ok": True, "result": {"message_id": 7, "chat": {"id": 1}, "date": 1795000000, "text": "t"}}
    httpserver.expect_request("/bot123456:AAAA/sendMessage", method="POST").respond_with_json(answer)
    server = httpserver.url_for("").rstrip("/")
    chat = (
        f'[notifiers.chat]\nadapter = "telegram"\ntoken = "123456:AAAA"\nchat_id = "1"\nserver = "{server}"\n'
    )
    desk.write("orderwatch.toml", CONFIG + chat)
    told = desk("notify", "test")
    assert (told.code, told.err) == (0, "")
    assert "chat: delivered to Telegram" in told.out
    assert "Do not mute or archive the bot's chat." in told.out


def test_notify_test_of_one_channel(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/phone", method="POST").respond_with_data("ok")
    webhooks(desk, httpserver, "phone", "pager")
    assert desk("notify", "test", "phone").code == 0
    assert len(httpserver.log) == 1
    unknown = desk("notify", "test", "fone")
    assert unknown.code == 2
    assert "did you mean phone? (configured: phone, pager)" in unknown.err


@pytest.mark.parametrize(("status", "disabled"), [(200, set()), (403, {"phone"})])
def test_a_channel_that_was_disabled_is_used_again_if_the_test_works(
    desk: Desk, httpserver: HTTPServer, status: int, disabled: set[str]
) -> None:
    httpserver.expect_request("/phone", method="POST").respond_with_data("", status=status)
    webhooks(desk, httpserver, "phone")
    store = Store(desk.folder / "orderwatch.db")
    with store.atomic():
        for _ in range(2):
            store.health.channel_failed("phone", "gone", NOW, permanent=True)
    assert store.health.disabled() == {"phone"}
    desk("notify", "test")
    assert store.health.disabled() == disabled
    store.close()


def queued(desk: Desk) -> None:
    """A message for a channel that has not had it yet."""
    assert desk("run", "--once", "--at", "2026-10-01").code == 0
    store = Store(desk.folder / "orderwatch.db")
    moment = Moment(NOW, "customs_hold", "LP00123456789012", Severity.URGENT, Why("held"))
    with store.atomic():
        alert = store.alerts.apply(
            Open(moment, Reason.BEGAN, speaks=True), "8190000000007731", "Customs hold", NOW
        )
        assert alert is not None
        store.outbox.put(
            alert,
            Notice(
                dedup_key="k", kind="news", rule="customs_hold", stage="", subject="LP00123456789012",
                order="8190000000007731", severity=Severity.URGENT, title="Customs hold", body="…",
                created_at=NOW, not_before=NOW, expires_at=NOW + timedelta(days=2), channels=("journal",),
            ),
        )  # fmt: skip
    store.close()


def test_the_outbox_shows_what_waits_and_retry_sends_again(desk: Desk) -> None:
    assert desk("notify", "outbox").out == "Nothing waits, nothing failed.\n"
    queued(desk)
    [line] = json.loads(desk("notify", "outbox", "--json").out)
    assert line == {
        "id": line["id"],
        "alert": line["alert"],
        "channel": "journal",
        "state": "queued",
        "attempt": 0,
        "next_at": "2026-10-09T12:00:00+02:00",
        "severity": "urgent",
        "title": "Customs hold",
        "last_error": None,
    }
    heading, row = desk("notify", "outbox").out.splitlines()
    assert heading.split() == [
        "id",
        "channel",
        "state",
        "attempt",
        "next",
        "severity",
        "title",
        "last",
        "error",
    ]
    number = str(line["id"])
    assert row.split() == [
        number,
        "journal",
        "queued",
        "0",
        "2026-10-09",
        "12:00",
        "urgent",
        "Customs",
        "hold",
    ]
    assert f"Delivery {number} is queued" in desk("notify", "retry", number).out


@pytest.mark.parametrize("id_", ["7", "0"])
def test_retry_of_nothing_is_2(desk: Desk, id_: str) -> None:
    told = desk("notify", "retry", id_)
    assert (told.code, f"there is no delivery {id_}" in told.err) == (2, True)


# backup, config


def test_a_backup_is_a_whole_database_for_its_owner_only(desk: Desk) -> None:
    assert desk("record", "7731", "received").code == 0
    told = desk("backup", "copy.db")
    assert told.code == 0
    copy = desk.folder / "copy.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    db = sqlite3.connect(copy)
    assert db.execute("SELECT count(*) FROM journal").fetchone() == (1,)
    db.close()


def test_a_backup_overwrites_nothing(desk: Desk) -> None:
    assert desk("record", "7731", "received").code == 0
    kept = desk.write("copy.db", "precious")
    told = desk("backup", "copy.db")
    assert (told.code, kept.read_text()) == (2, "precious")
    assert "is not overwritten" in told.err


def test_a_backup_of_nothing_leaves_nothing(desk: Desk) -> None:
    assert desk("backup", "copy.db").code == 2
    assert not (desk.folder / "copy.db").exists()
    assert not (desk.folder / "orderwatch.db").exists()


def test_the_example_is_a_configuration(empty: Desk) -> None:
    empty.write("orderwatch.toml", empty("config", "example").out)
    assert empty("check").code == 0


# replay


def test_replay_needs_no_configuration(empty: Desk) -> None:
    file = empty.write("answer.json", HELD)
    told = empty("replay", "files", str(file), "--json")
    [parcel] = json.loads(told.out)
    assert (told.code, parcel["number"], parcel["status"]) == (0, "LP00123456789012", "customs_hold")
    assert parcel["events"][0]["at"] == "2026-10-03T10:00:00+08:00"


def test_replay_shows_scans_without_a_time_and_what_decided(empty: Desk) -> None:
    scans = [
        {"statusCode": "transit", "description": "Held by customs"},
        {"statusCode": "transit", "description": "Departed"},
    ]
    answer = empty.folder / "dhl.json"
    answer.write_text(json.dumps({"shipments": [{"id": "4417700016", "events": scans}]}))
    told = empty("replay", "dhl", str(answer))
    assert told.code == 0
    head, columns, departed, held = told.out.splitlines()
    assert head == "4417700016: customs_hold"
    assert columns.split()[-2:] == ["decided", "by"]
    assert departed.split() == ["in_transit", "transit", "Departed"]
    assert held.endswith("words: Held by customs")


def test_replay_reads_as_the_configured_source_does(desk: Desk) -> None:
    desk.write(
        "orderwatch.toml",
        CONFIG + '[carriers.mypost]\nadapter = "http"\nurl = "https://example.org/{number}"\n'
        'fields = { number = "no", status = "state" }\nstatuses = { there = "delivered" }\n',
    )
    desk.write("answer.json", '{"no": "MP1", "state": "there"}')
    told = desk("replay", "mypost", "answer.json", "--json")
    assert [(parcel["number"], parcel["status"]) for parcel in json.loads(told.out)] == [("MP1", "delivered")]


#: A configuration with a mistake everywhere but in one source's own table.
WRONG_ELSEWHERE = """\
timezone = "Europe/Madird"
colour = "red"
[carriers.files]
paht = "tracking"
[carriers.seventeentrack]
api_key = { credential = "17track" }
codes = { InTransit_Other = "exception" }
[notifiers.phone]
adapter = "apprise"
url = { env = "NOT_THERE" }
[policies.aliexpress]
protection_dayz = 1
"""


def test_replay_needs_nothing_but_its_own_table_and_of_it_no_secret(empty: Desk) -> None:
    empty.write("orderwatch.toml", WRONG_ELSEWHERE)
    answer = PAYLOADS / "seventeentrack" / "customs_hold.json"
    told = empty("replay", "seventeentrack", str(answer), "--json")
    assert (told.code, told.err) == (0, "")
    assert json.loads(told.out)[0]["status"] == "customs_hold"


def test_replay_tells_the_mistakes_of_its_own_table_and_no_others(empty: Desk) -> None:
    empty.write("orderwatch.toml", WRONG_ELSEWHERE)
    empty.write("answer.json", HELD)
    files = empty("replay", "files", "answer.json")
    assert files.code == 78
    assert [line.partition(": ")[2].partition(":")[0] for line in files.err.splitlines()[:-1]] == [
        "carriers.files.path",
        "carriers.files.paht",
    ]
    secret = '[carriers.mypost]\nadapter = "http"\nurl = { env = "NOT_THERE" }\n'
    empty.write("orderwatch.toml", WRONG_ELSEWHERE + secret)
    mypost = empty("replay", "mypost", "answer.json")
    assert mypost.code == 78
    assert mypost.err.splitlines()[0].endswith(
        "carriers.mypost.url: there is no environment variable NOT_THERE"
    )
    assert len(mypost.err.splitlines()) == 2


@pytest.mark.parametrize("adapter", ["files", "http", "seventeentrack"])
@pytest.mark.parametrize(
    ("body", "options", "word"),
    [
        ("<html>", (), "unreadable"),
        ("{}", ("--http-status", "429"), "rate_limited"),
        ("{}", ("--http-status", "401"), "unauthorized"),
        ("{}", ("--http-status", "400"), "bad_request"),
        ("{}", ("--http-status", "402"), "quota"),
        ("{}", ("--http-status", "503"), "server_error"),
    ],
)
def test_replay_of_a_failure_is_65_and_names_its_kind(
    empty: Desk, adapter: str, body: str, options: tuple[str, ...], word: str
) -> None:
    file = empty.write("answer.json", body)
    told = empty("replay", adapter, str(file), "--json", *options)
    error = json.loads(told.out)
    assert (told.code, error["error"]) == (65, word)
    assert error["message"] in told.err


def test_replay_for_a_person_is_a_table_of_events(empty: Desk) -> None:
    empty.write("answer.json", HELD)
    lines = empty("replay", "files", "answer.json").out.splitlines()
    assert lines[0] == "LP00123456789012: customs_hold"
    assert lines[2].split("  ")[:1] == ["2026-10-03T10:00:00+08:00"]
    assert "Shenzhen, CN" in lines[2]


def test_replay_of_what_is_not_there_is_2(empty: Desk) -> None:
    empty.write("answer.json", HELD)
    unknown = empty("replay", "flies", "answer.json")
    assert (unknown.code, "did you mean files?" in unknown.err) == (2, True)
    assert empty("replay", "files", "nowhere.json").code == 2
    assert empty("--config", "nowhere.toml", "replay", "files", "answer.json").code == 78


def test_replay_stops_reading_where_no_answer_goes(empty: Desk) -> None:
    told = empty("replay", "files", "/dev/zero", "--json")
    assert told.code == 65 or Path("/dev/zero").is_file()
    assert "more than 16 MiB" in told.err
