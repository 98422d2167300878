"""`capture`: a source's real answer, saved without what is private in it."""

import json
import shlex
import stat
from base64 import b64encode
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from pytest_httpserver import HTTPServer

from monitor.store import Store
from tests.monitor.cli.conftest import ARRIVED, CONFIG, HELD, HUB, NOW, Desk, Told

SECRET = "sesame-17-open+please"
NUMBER, SHOWN = "MP10000017", "MP00000001"

#: What a library of Apprise's imports, where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

HISTORY = [
    {"at": "2026-10-07T09:00:00+02:00", "state": "in_transit", "text": "Left Leipzig", "town": "Leipzig"},
    {"at": "2026-10-09T11:30:00+02:00", "state": "delivered", "text": "Left with ANA RUIZ in 28013"},
]
ANSWER = {
    "parcel": {"id": NUMBER, "carrier": {"name": "My Post"}},
    "echo": {"key": SECRET, "of": ["u"]},
    "receiver": {"name": "Ana Ruiz", "phone": "+34 600 111 222", "zip": "28013", "city": "Madrid"},
    "message": f"Your key {SECRET} has 7 calls left",
    "self": f"https://api.example.org/{NUMBER}?key={quote(SECRET)}&lang=en",
    "was_asked": f"Basic {b64encode(f'ana:{SECRET}'.encode()).decode()}",
    "history": HISTORY,
}


def ask(desk: Desk, server: HTTPServer, *more: str, batch: bool = False) -> None:
    """A configuration with a JSON API on this machine."""
    lines = [
        "[carriers.mypost]",
        'adapter = "http"',
        f'url = "http://{server.host}:{server.port}/track/{{number}}"',
        f'headers = {{ X-Key = "{SECRET}" }}',
        *more,
        *(['items = "parcels"'] if batch else []),
        "[carriers.mypost.fields]",
        *(['number = "id"'] if batch else []),
        'events = "history"',
        "[carriers.mypost.event_fields]",
        'status = "state"',
        'description = "text"',
        'city = "town"',
    ]
    desk.write("orderwatch.toml", CONFIG + "\n" + "\n".join(lines) + "\n")
    desk.write("orders.toml", HUB.replace('city = "Madrid"', 'city = "Madrid", postal_code = "28013"'))


def one_file(desk: Desk, pattern: str = "mypost-*") -> Path:
    (path,) = desk.folder.glob(pattern)
    return path


def assert_nothing_private(told: Told, *files: Path) -> None:
    for text in (told.err, *(file.read_text(encoding="utf-8") for file in files)):
        low = text.lower()
        assert not [
            word for word in ("sesame", "ana ruiz", "600 111 222", "28013", NUMBER.lower()) if word in low
        ]
        assert quote(SECRET, safe="") not in text
        assert b64encode(SECRET.encode()).decode()[4:16] not in text
    assert "sesame" not in told.out
    assert "Ana Ruiz" not in told.out


def test_an_answer_is_saved_without_what_is_private(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/track/{NUMBER}", headers={"X-Key": SECRET}).respond_with_json(ANSWER)
    ask(desk, httpserver)
    told = desk("capture", "mypost", NUMBER)
    assert (told.code, told.err) == (0, "")
    file = one_file(desk)
    assert file.name == "mypost-20261009.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert_nothing_private(told, file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved == {
        "parcel": {"id": SHOWN, "carrier": {"name": "My Post"}},
        "echo": {"key": "x" * len(SECRET), "of": ["u"]},
        "receiver": {"name": "Xxx Xxxx", "phone": "+00 000 000 000", "zip": "00000", "city": "Madrid"},
        "message": f"Your key {'x' * len(SECRET)} has 7 calls left",
        "self": f"https://api.example.org/{SHOWN}?key={'x' * len(quote(SECRET))}&lang=xx",
        "was_asked": saved["was_asked"],
        "history": [
            HISTORY[0],
            {"at": "2026-10-09T11:30:00+02:00", "state": "delivered", "text": "Left with XXX XXXX in 00000"},
        ],
    }
    lines = told.out.splitlines()
    assert lines[0] == f"asking mypost: {NUMBER} is delivered"
    assert lines[1].startswith("saved mypost-20261009.json: HTTP 200, ")
    assert {"  receiver.name", "  receiver.phone", "  message", "  history[].text"} <= set(lines)
    assert f"{SHOWN}: delivered, delivered 2026-10-09T11:30:00+02:00" in lines
    assert f"In what is saved, {NUMBER} is {SHOWN}." in lines
    assert "changes how it is read" not in told.out


def test_the_command_it_ends_with_reads_what_is_saved(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(ANSWER)
    ask(desk, httpserver)
    path = str(desk.folder / "orderwatch.toml")
    told = desk("--config", path, "capture", "mypost", NUMBER, "--out", "an answer.json")
    _, *words = shlex.split(told.out.splitlines()[-1])
    (tracking,) = json.loads(desk(*words, "--json").out)
    assert tracking["number"] == SHOWN
    assert [event["at"] for event in tracking["events"]] == [it["at"] for it in HISTORY]
    assert (tracking["status"], tracking["events"][0]["place"]["city"]) == ("delivered", "Leipzig")


def test_numbers_can_be_kept(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(ANSWER)
    ask(desk, httpserver)
    told = desk("capture", "mypost", NUMBER, "--keep-number")
    assert told.code == 0
    assert "In what is saved" not in told.out
    assert json.loads(one_file(desk).read_text())["parcel"]["id"] == NUMBER
    assert "sesame" not in one_file(desk).read_text()


def test_other_peoples_parcels_in_the_answer_are_blacked_out_too(desk: Desk, httpserver: HTTPServer) -> None:
    parcels = [
        {"id": "MP99999999", "recipient": "Bea Sanz", "history": [], "next": NUMBER},
        {"id": NUMBER, "recipient": {"name": "Ana Ruiz"}, "history": HISTORY},
    ]
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json({"parcels": parcels})
    ask(desk, httpserver, batch=True)
    told = desk("capture", "mypost", NUMBER)
    assert told.code == 0
    saved = json.loads(one_file(desk).read_text())["parcels"]
    assert saved[0] == {"id": "MP00000002", "recipient": "Xxx Xxxx", "history": [], "next": SHOWN}
    assert (saved[1]["id"], saved[1]["recipient"]) == (SHOWN, {"name": "Xxx Xxxx"})


def test_nothing_is_overwritten(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(ANSWER)
    ask(desk, httpserver)
    assert [desk("capture", "mypost", NUMBER).code for _ in range(3)] == [0, 0, 0]
    names = ["mypost-20261009-2.json", "mypost-20261009-3.json", "mypost-20261009.json"]
    assert sorted(path.name for path in desk.folder.glob("mypost-*")) == names
    desk.write("mine.json", "dear to me")
    asked = len(httpserver.log)
    told = desk("capture", "mypost", NUMBER, "--out", "mine.json")
    assert (told.code, len(httpserver.log)) == (2, asked)
    assert "mine.json is there already and is not overwritten; name a new file" in told.err
    assert (desk.folder / "mine.json").read_text() == "dear to me"


def test_a_place_where_nothing_can_be_written_is_told_before_anybody_is_asked(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(ANSWER)
    ask(desk, httpserver)
    told = desk("capture", "mypost", NUMBER, "--out", "nowhere/x.json")
    assert (told.code, told.err) == (2, "orderwatch: there is no folder nowhere\n")
    if Path("/proc/self/fdinfo").is_dir():
        told = desk("capture", "mypost", NUMBER, "--out", "/proc/self/fdinfo/x.json")
        assert told.code in (1, 2)
        assert "Traceback" not in told.err
        assert "/proc/self/fdinfo" in told.err
    assert not list(desk.folder.glob("mypost-*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mypots", NUMBER), "there is no source 'mypots'; did you mean mypost? (configured: files, mypost)"),
        (("mypost", "  "), "NUMBER is empty"),
        (("mypost",), "Missing argument 'NUMBER'"),
    ],
)
def test_wrong_usage_is_2(desk: Desk, httpserver: HTTPServer, words: tuple[str, ...], said: str) -> None:
    ask(desk, httpserver)
    told = desk("capture", *words)
    assert (told.code, told.out) == (2, "")
    assert said in told.err
    assert not httpserver.log


def test_a_configuration_that_is_wrong_is_78_and_one_without_sources_says_so(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + "colour = 3\n")
    assert desk("capture", "files", NUMBER).code == 78
    desk.write("orderwatch.toml", 'timezone = "Europe/Madrid"\n')
    told = desk("capture", "files", NUMBER)
    assert (told.code, "none is configured" in told.err) == (2, True)


# Sources that fail


@pytest.mark.parametrize(("status", "word"), [(401, "the key is missing, wrong"), (429, "asked too often")])
def test_of_an_error_status_there_is_nothing_to_save(
    desk: Desk, httpserver: HTTPServer, status: int, word: str
) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_data(f"no such key {SECRET}", status=status)
    ask(desk, httpserver)
    told = desk("capture", "mypost", NUMBER)
    assert told.code == 1
    assert told.out.splitlines() == [f"asking mypost about {NUMBER} failed", "There is nothing to save."]
    assert word in told.err
    assert_nothing_private(told)
    assert not list(desk.folder.glob("mypost-*"))


def test_a_status_that_the_source_reads_is_an_answer(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_data("Not here", status=404)
    ask(desk, httpserver, "not_found_statuses = [404]")
    told = desk("capture", "mypost", NUMBER)
    assert told.code == 0
    assert f"asking mypost: {NUMBER} is not_found" in told.out
    assert "saved mypost-20261009.txt: HTTP 404, 0 values blacked out" in told.out
    assert f"{SHOWN}: not_found" in told.out
    assert told.out.splitlines()[-1].endswith(f"--number {SHOWN} --http-status 404")


@pytest.mark.parametrize(
    ("body", "name", "kept"),
    [
        (
            f"<html>Are you human, ana@mail.example? {SECRET}</html>",
            "mypost-20261009.html",
            "Are you human, xxx@",
        ),
        (
            f'{{"id": "{NUMBER}", "receiver": {{"name": "Ana Ruiz"',
            "mypost-20261009.json",
            '"name": "Xxx Xxxx"',
        ),
        (json.dumps({"history": [{"at": "soon"}], "key": SECRET}), "mypost-20261009.json", '"at": "soon"'),
    ],
)
def test_an_answer_that_cannot_be_read_is_saved_all_the_more(
    desk: Desk, httpserver: HTTPServer, body: str, name: str, kept: str
) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_data(body)
    ask(desk, httpserver)
    told = desk("capture", "mypost", NUMBER)
    assert told.code == 1
    assert f"asking mypost about {NUMBER} failed" in told.out
    assert told.err.startswith("source mypost: ")
    file = one_file(desk)
    assert (file.name, kept in file.read_text()) == (name, True)
    assert_nothing_private(told, file)
    assert "Read it before you share it" in told.out


def test_an_error_inside_a_good_status_is_saved_and_told_without_the_key(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(
        {"error": f"{SECRET} of Ana Ruiz is void"}
    )
    ask(desk, httpserver, 'error = "error"')
    told = desk("capture", "mypost", NUMBER)
    assert told.code == 1
    assert "the API says: " in told.err
    assert "sesame" not in told.err + told.out + one_file(desk).read_text()


def test_an_adapter_that_breaks_is_told_and_what_broke_it_is_saved(
    desk: Desk, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(ANSWER)
    ask(desk, httpserver)

    def breaks(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("carriers.http.HttpJson.parse", breaks)
    told = desk("capture", "mypost", NUMBER)
    assert told.code == 1
    assert told.err == "source mypost: the adapter failed (KeyError); please report this\n"
    assert_nothing_private(told, one_file(desk))


# Several answers, budgets, files


def seventeentrack(desk: Desk, server: HTTPServer, *more: str) -> None:
    table = [
        "[carriers.seventeentrack]",
        f'api_key = "{SECRET}"',
        f'base_url = "http://{server.host}:{server.port}"',
    ]
    desk.write("orderwatch.toml", "\n".join([CONFIG, *table, "requests_per_second = 100", *more]) + "\n")


@pytest.mark.parametrize(
    ("options", "stem"), [((), "seventeentrack-20261009"), (("--out", "mine.json"), "mine")]
)
def test_every_answer_of_a_conversation_is_saved(
    desk: Desk, httpserver: HTTPServer, options: tuple[str, ...], stem: str
) -> None:
    unknown = {"number": NUMBER, "error": {"code": -18019902, "message": "Not registered"}}
    answers = [
        ("gettrackinfo", {"accepted": [], "rejected": [unknown]}),
        ("register", {"accepted": [{"number": NUMBER}], "rejected": []}),
        ("gettrackinfo", {"accepted": [], "rejected": []}),
    ]
    for what, content in answers:
        httpserver.expect_ordered_request(f"/v2.2/{what}").respond_with_json({"code": 0, "data": content})
    seventeentrack(desk, httpserver)
    told = desk("capture", "seventeentrack", NUMBER, *options)
    assert told.code == 0
    files = sorted(desk.folder.glob(f"{stem}*.json"))
    assert [file.name for file in files] == [f"{stem}-{place}.json" for place in (1, 2, 3)]
    assert json.loads(files[0].read_text())["data"]["rejected"][0]["number"] == SHOWN
    assert told.out.count(f"orderwatch replay seventeentrack {stem}-") == 3


def test_what_was_heard_before_the_source_failed_is_saved(desk: Desk, httpserver: HTTPServer) -> None:
    rejected = [{"number": NUMBER, "error": {"code": -18019902, "message": "Not registered"}}]
    first = {"code": 0, "data": {"accepted": [], "rejected": rejected}}
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_json(first)
    httpserver.expect_request("/v2.2/register").respond_with_data("", status=429)
    seventeentrack(desk, httpserver)
    told = desk("capture", "seventeentrack", NUMBER, "--out", "mine.json")
    assert (told.code, "asked too often" in told.err) == (1, True)
    assert json.loads((desk.folder / "mine.json").read_text())["data"]["rejected"][0]["number"] == SHOWN


def test_it_counts_in_the_budget_of_the_day_and_stores_nothing_else(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v2.2/gettrackinfo").respond_with_json(
        {"code": 0, "data": {"accepted": [], "rejected": []}}
    )
    seventeentrack(desk, httpserver, "requests_per_day = 3")
    store = Store(desk.folder / "orderwatch.db")
    store.health.spend("seventeentrack", date(2026, 10, 9), 1)
    store.close()
    before = rows(desk)
    codes = [desk("capture", "seventeentrack", NUMBER).code for _ in range(3)]
    assert (codes, len(httpserver.log)) == ([0, 0, 1], 2)
    after = rows(desk)
    assert after.pop("sources") != before.pop("sources")
    assert after == before
    store = Store(desk.folder / "orderwatch.db")
    assert store.health.budgets() == {"seventeentrack": (date(2026, 10, 9), 3)}
    store.close()


def rows(desk: Desk) -> dict[str, list[dict[str, object]]]:
    """All that is in the database."""
    store = Store(desk.folder / "orderwatch.db")
    try:
        return {name: list(store.db[name].rows) for name in store.db.table_names()}
    finally:
        store.close()


def test_without_a_database_none_is_made(desk: Desk) -> None:
    assert desk("capture", "files", "LP00123456789012").code == 0
    assert not (desk.folder / "orderwatch.db").exists()


def test_of_tracking_files_those_are_saved_that_tell_of_the_parcel(desk: Desk) -> None:
    desk.write("tracking/other.json", HELD.replace("LP00123456789012", "LP00999"))
    desk.write("tracking/broken.json", "{")
    desk.write(
        "tracking/more.csv", "number,at,status\nLP00123456789012,2026-10-09T11:00:00+02:00,delivered\n"
    )
    told = desk("capture", "files", "LP00123456789012")
    assert told.code == 0
    assert "asking files: LP00123456789012 is delivered" in told.out
    files = sorted(desk.folder.glob("files-*"))
    assert [file.name for file in files] == ["files-20261009-1.json", "files-20261009-2.csv"]
    assert files[1].read_text() == "number,at,status\nLP00000000000001,2026-10-09T11:00:00+02:00,delivered\n"
    assert "saved files-20261009-2.csv: from more.csv, 0 values blacked out" in told.out
    assert "LP00000000000001: customs_hold" in told.out


def test_a_tracking_file_that_cannot_be_read_is_saved_if_no_other_tells(desk: Desk) -> None:
    desk.write("tracking/hub.json", ARRIVED[:-30])
    told = desk("capture", "files", "LP00123456789012")
    assert told.code == 1
    assert one_file(desk, "files-*").read_text() == ARRIVED[:-30].replace(
        "LP00123456789012", "LP00000000000001"
    )


def test_a_number_in_no_file_has_nothing_to_save(desk: Desk) -> None:
    told = desk("capture", "files", "LP00999")
    assert told.code == 1
    assert told.out.splitlines() == ["asking files: LP00999 is not_found", "There is nothing to save."]


def test_a_number_that_the_source_would_not_be_asked_about_is_noted(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/track/XX1").respond_with_json(ANSWER)
    ask(desk, httpserver, 'accepts = "^MP\\\\d{8}$"')
    told = desk("capture", "mypost", "XX1")
    assert told.code == 0
    assert told.out.startswith("note: mypost does not take numbers like this one; it is asked all the same\n")


# Who is left alone


def test_a_source_that_waits_after_a_failure_is_asked_by_force_only(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_oneshot_request("/track/LP00123456789012").respond_with_data("", status=503)
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(ANSWER)
    ask(desk, httpserver)
    desk.write(
        "orders.toml",
        HUB.replace('"LP00123456789012"', '{ number = "LP00123456789012", carrier = "mypost" }'),
    )
    assert desk("run", "--once").code == 1
    told = desk("capture", "mypost", NUMBER)
    assert (told.code, told.out, len(httpserver.log)) == (1, "", 1)
    assert told.err == (
        "orderwatch: source mypost is not asked: it fails, and is left alone until Fri 9 Oct 12:05;"
        " --force asks all the same\n"
    )
    assert desk("capture", "mypost", NUMBER, "--force").code == 0
    assert len(httpserver.log) == 2


def test_a_number_that_was_just_looked_at_is_asked_about_by_force_only(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/track/LP00123456789012").respond_with_json(ANSWER)
    httpserver.expect_request(f"/track/{NUMBER}").respond_with_json(ANSWER)
    ask(desk, httpserver, "min_interval_minutes = 60")
    desk.write(
        "orders.toml",
        HUB.replace('"LP00123456789012"', '{ number = "LP00123456789012", carrier = "mypost" }'),
    )
    assert desk("run", "--once").code == 0
    desk.at(NOW + timedelta(minutes=59))
    told = desk("capture", "mypost", "lp00 1234 5678 9012")
    assert (told.code, len(httpserver.log)) == (1, 1)
    assert told.err == (
        "orderwatch: source mypost is not asked: LP00123456789012 was looked at 59 min ago, and it wants an hour"
        " between two looks; --force asks all the same\n"
    )
    assert desk("capture", "mypost", "LP00123456789012", "--force").code == 0
    assert desk("capture", "mypost", NUMBER).code == 0
    desk.at(NOW + timedelta(minutes=60))
    assert desk("capture", "mypost", "LP00123456789012").code == 0
