"""`check`: what it says of a configuration, and whom it asks."""

from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer

from monitor.cli.manners import CALLED
from monitor.core.number_shapes import CARRIERS
from tests.monitor.cli.conftest import CONFIG, HUB, LAMP, NOW, Desk, Told

#: What a library of Apprise's imports, where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def test_check_says_what_is_fine_too_and_writes_nothing(desk: Desk) -> None:
    before = sorted(path.name for path in desk.folder.iterdir())
    told = desk("check", "--online")
    assert (told.code, told.err) == (0, "")
    lines = dict(line.split(": ", 1) for line in told.out.splitlines())
    assert lines["time zone"] == "Europe/Madrid, mornings at 09:00"
    assert lines["database"].endswith("orderwatch.db, not there yet; the first run makes it")
    assert lines["orders"].endswith("orders.toml, 1 fine, 0 refused")
    assert lines["source files"] == str(desk.folder / "tracking")
    assert lines["channel journal"] == "stderr, from info on"
    assert lines["asking files"] == "it answers; LP00123456789012 is customs_hold"
    assert sorted(path.name for path in desk.folder.iterdir()) == before


def test_check_after_a_run_leaves_the_folder_as_it_is(desk: Desk) -> None:
    assert desk("run", "--once").code == 0
    before = {path.name: path.stat().st_mtime_ns for path in desk.folder.iterdir()}
    told = desk("check")
    assert "orderwatch.db, 1 order runs" in told.out
    assert {path.name: path.stat().st_mtime_ns for path in desk.folder.iterdir()} == before


def test_check_of_bad_rows_is_65_and_the_rest_is_told(desk: Desk) -> None:
    desk.write("orders.toml", HUB + LAMP.replace("2026-10-02", "2026-02-30"))
    told = desk("check")
    assert told.code == 65
    assert "orders.toml, 1 fine, 1 refused" in told.out
    assert "channel journal" in told.out
    assert "refused: " in told.err


def test_check_online_of_a_source_that_fails_is_1_and_one_without_parcels_is_fine(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/LP00123456789012").respond_with_data("down", status=500)
    post = f'\n[carriers.post]\nadapter = "http"\nurl = "{httpserver.url_for("/")}{{number}}"\naccepts = "LP.*"\n'
    desk.write("orderwatch.toml", CONFIG.replace("\n[carriers.files]", post + "\n[carriers.files]"))
    told = desk("check", "--online")
    assert told.code == 1
    assert "asking post about LP00123456789012 failed" in told.out
    assert "asking files: no parcel to ask about" in told.out
    assert told.err.startswith("source post: http://")


def test_check_shows_what_a_source_may_still_be_asked_today_and_your_own_numbers(desk: Desk) -> None:
    desk.write(
        "orderwatch.toml",
        CONFIG + '[carriers.post]\nadapter = "http"\nurl = "https://example.org/{number}"\n'
        "requests_per_day = 50\nmin_interval_minutes = 90\n[policies.aliexpress]\nprotection_days = 75\n",
    )
    out = desk("check").out
    assert (
        "source post: http, requests a second: 1, 50 a day (50 left today), a parcel every 90 minutes at most"
        in out
    )
    assert "your protection_days = 75" in out


def test_check_tells_the_manners_of_each_source(desk: Desk) -> None:
    tables = '[carriers.cainiao]\n[carriers.dhl]\napi_key = "k"\n[carriers.usps]\nclient_id = "i"\nclient_secret = "s"\n'
    desk.write("orderwatch.toml", CONFIG + tables)
    lines = dict(line.split(": ", 1) for line in desk("check").out.splitlines())
    assert lines["source cainiao"].startswith(
        "a request every 5 seconds, up to 10 numbers a request, 100 a day (100 left today), a parcel every"
        " 6 hours at most, numbers of the post and of Cainiao, 4PX, Yanwen, YunExpress"
    )
    assert lines["source dhl"] == "a request every 5 seconds, 250 a day (250 left today), numbers of DHL"
    assert "a parcel every hour at most" in lines["source usps"]


def test_check_tells_since_when_a_source_fails_and_when_it_is_asked_again(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/LP00123456789012").respond_with_data(
        "slow down", status=429, headers={"Retry-After": "3600"}
    )
    desk.write(
        "orderwatch.toml",
        CONFIG.partition("[carriers")[0]
        + f'[carriers.post]\nadapter = "http"\nurl = "{httpserver.url_for("/")}{{number}}"\nrequests_per_day = 9\n',
    )
    assert desk("run", "--once").code == 1
    out = desk("check").out
    assert "9 a day (8 left today)" in out
    [failing] = [line for line in out.splitlines() if "failing since" in line]
    assert failing.startswith("  failing since Fri 9 Oct 12:00: http://localhost:")
    assert failing.endswith("answered 429: it was asked too often; asked again Fri 9 Oct 13:00")


POST = '[carriers.post]\nadapter = "files"\npath = "post"\naccepts = "MP.*"\n'


@pytest.mark.parametrize(
    ("tables", "warned"),
    [
        ("", False),
        (POST, True),
        (POST.replace("carriers.post", "carriers.other") + POST, True),
    ],
    ids=["alone", "before one", "before two"],
)
def test_check_warns_of_a_source_that_takes_every_number_before_the_others(
    desk: Desk, tables: str, warned: bool
) -> None:
    desk.write("orderwatch.toml", CONFIG + tables)
    told = desk("check")
    assert told.code == 0
    assert ("note: source files has no `accepts`, so it takes every number" in told.out) is warned
    assert told.out.count("takes every number") == warned


def test_check_has_nothing_to_say_of_a_source_that_takes_the_rest(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG.replace("[carriers.files]", POST + "[carriers.files]"))
    assert "takes every number" not in desk("check").out


def test_check_has_nothing_to_say_of_a_source_that_is_made_for_some_numbers(desk: Desk) -> None:
    usps = '[carriers.usps]\nclient_id = "me"\nclient_secret = "sesame"\n'
    desk.write("orderwatch.toml", CONFIG.replace("[carriers.files]", usps + "[carriers.files]"))
    told = desk("check")
    assert (told.code, "takes every number" in told.out) == (0, False)


def test_every_carrier_has_a_name_that_people_know() -> None:
    assert set(CALLED) == CARRIERS - {"upu"}


# What is hardly meant


KEYS = {
    "cainiao": "",
    "correos": "",
    "dhl": 'api_key = "k"',
    "laposte": 'api_key = "k"',
    "shippo": 'api_key = "k"',
    "usps": 'client_id = "i"\nclient_secret = "s"',
}


def notes(told: Told) -> list[str]:
    return [line.removeprefix("note: ") for line in told.out.splitlines() if line.startswith("note: ")]


def configure(desk: Desk, *sources: str) -> None:
    tables = [f"[carriers.{name}]\n{KEYS[name]}\n" for name in sources]
    config = CONFIG.partition("[carriers")[0] + "".join(tables)
    desk.write("orderwatch.toml", config).chmod(0o600)  # else it is said that everyone can read the keys


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (("correos", "cainiao"), []),
        (
            ("cainiao", "correos"),
            ["cainiao also takes numbers of correos, and comes first: put correos before it"],
        ),
        (
            ("cainiao", "usps", "dhl", "laposte"),
            ["cainiao also takes numbers of usps, dhl and laposte, and comes first: put them before it"],
        ),
        # Numbers of digits may look alike, and what is for several carriers is no better placed.
        (("usps", "dhl"), []),
        (("cainiao", "shippo"), []),
        (
            ("shippo", "cainiao", "usps"),
            [
                "shippo also takes numbers of usps, and comes first: put usps before it",
                "cainiao also takes numbers of usps, and comes first: put usps before it",
            ],
        ),
    ],
)
def test_a_source_for_many_carriers_before_one_for_a_single_one(
    desk: Desk, sources: tuple[str, ...], said: list[str]
) -> None:
    configure(desk, *sources)
    desk.write("orders.toml", "")
    assert notes(desk("check")) == [f"source {one}" for one in said]


@pytest.mark.parametrize("which", ["cainiao", "correos"])
def test_what_you_say_yourself_about_numbers_is_meant(desk: Desk, which: str) -> None:
    configure(desk, "cainiao", "correos")
    config = (desk.folder / "orderwatch.toml").read_text()
    head = f"[carriers.{which}]\n"
    desk.write("orderwatch.toml", config.replace(head, head + "accepts = '.*'\n"))
    assert notes(desk("check")) == []


UNREAD = "no source reads 420XYZ99 (order …7731): add a source that takes it, or name one of yours in the order file, as its carrier"


def test_a_parcel_that_no_source_reads_is_told(desk: Desk) -> None:
    configure(desk, "cainiao")
    desk.write("orders.toml", HUB.replace('["LP', '["420XYZ99", "LP'))
    assert notes(desk("check")) == [UNREAD]
    desk.write("orderwatch.toml", CONFIG.replace("[carriers.files]", "[carriers.files]\naccepts = 'LP.*'"))
    assert notes(desk("check")) == [UNREAD]
    desk.write("orderwatch.toml", CONFIG)
    assert notes(desk("check")) == []


def test_what_names_its_source_or_is_finished_needs_no_other(desk: Desk) -> None:
    configure(desk, "correos")
    desk.write(
        "orders.toml", HUB.replace('["LP00123456789012"]', '[{ number = "MP1", carrier = "correos" }]')
    )
    assert notes(desk("check")) == []
    desk.write("orders.toml", HUB + 'status = "finished"\n')
    assert notes(desk("check")) == []
    desk.write("orders.toml", HUB)
    assert len(notes(desk("check"))) == 1
    assert desk("record", "7731", "closed").code == 0
    assert desk("run", "--once").code == 0
    assert notes(desk("check")) == []


def test_so_is_a_parcel_of_an_order_that_was_imported(desk: Desk) -> None:
    configure(desk, "cainiao")
    desk.write("more.toml", LAMP.replace("LP00999", "420XYZ99").replace("8842", "7731"))
    desk.write("orders.toml", "")
    assert desk("import", "more.toml").code == 0
    assert notes(desk("check")) == [UNREAD]


def test_of_many_parcels_ten_are_named(desk: Desk) -> None:
    configure(desk, "correos")
    numbers = [f"420XYZ{place:02}" for place in range(12)]
    desk.write("orders.toml", HUB.replace('"LP00123456789012"', ", ".join(f'"{it}"' for it in numbers)))
    (note,) = notes(desk("check"))
    assert note.startswith("no source reads 420XYZ00 (order …7731), 420XYZ01 (order …7731), ")
    assert "420XYZ09 (order …7731) and 2 more: add a source that takes them, or name one" in note
    assert "420XYZ10" not in note


def test_notes_of_rows_say_the_line_and_of_several_files_which(desk: Desk) -> None:
    odd = LAMP.replace("8190000000008842", "A-1")
    desk.write("orders.toml", HUB + odd)
    said = "(order A-1): the id is unusual: AliExpress numbers orders with 12 to 20 digits"
    assert f"  line 9 {said}" in desk("check").out.splitlines()
    desk.write("inbox/more.toml", odd.replace("A-1", "A-2"))
    desk.write("orderwatch.toml", CONFIG.replace('["orders.toml"]', '["orders.toml", "inbox"]'))
    lines = desk("check").out.splitlines()
    assert f"  orders.toml, line 9 {said}" in lines
    assert f"  more.toml, line 1 {said.replace('A-1', 'A-2')}" in lines


# Who is not asked


def ask(desk: Desk, server: HTTPServer, *more: str) -> None:
    lines = (
        "[carriers.post]",
        'adapter = "http"',
        f'url = "{server.url_for("/")}{{number}}"',
        *more,
        "[carriers.post.fields]",
        'status = "state"',
    )
    desk.write("orderwatch.toml", CONFIG.partition("[carriers")[0] + "\n".join(lines) + "\n")


def asking(told: Told) -> str:
    (line,) = (line for line in told.out.splitlines() if line.startswith("asking "))
    return line.removeprefix("asking post: ")


def test_a_source_that_fails_is_left_alone_until_it_is_asked_again(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/LP00123456789012").respond_with_data(
        "slow down", status=429, headers={"Retry-After": "3600"}
    )
    ask(desk, httpserver)
    assert desk("run", "--once").code == 1
    told = desk("check", "--online")
    assert (told.code, told.err, len(httpserver.log)) == (0, "", 1)
    assert asking(told) == (
        "not asked: it fails, and is left alone until Fri 9 Oct 13:00;"
        " `orderwatch capture post LP00123456789012 --force` asks all the same"
    )
    desk.at(NOW + timedelta(hours=1))
    assert (desk("check", "--online").code, len(httpserver.log)) == (1, 2)


def test_a_parcel_that_was_just_looked_at_is_not_asked_about_and_another_is(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/LP00123456789012").respond_with_json({"state": "in_transit"})
    httpserver.expect_request("/LP00999").respond_with_json({"state": "delivered"})
    ask(desk, httpserver, "min_interval_minutes = 360")
    assert desk("run", "--once").code == 0
    desk.at(NOW + timedelta(hours=2))
    told = desk("check", "--online")
    assert (told.code, len(httpserver.log)) == (0, 1)
    assert asking(told) == (
        "not asked: LP00123456789012 was looked at 2 h ago, and it wants 6 hours between two looks"
    )
    desk.write("orders.toml", HUB + LAMP)
    assert asking(desk("check", "--online")) == "it answers; LP00999 is delivered"
    desk.write("orders.toml", HUB)
    desk.at(NOW + timedelta(hours=6))
    assert asking(desk("check", "--online")) == "it answers; LP00123456789012 is in_transit"


def test_a_number_whose_look_failed_waits_while_others_are_asked_about(
    desk: Desk, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/LP00123456789012").respond_with_json({"state": "in_transit"})
    httpserver.expect_request("/LP00999").respond_with_data("bad number", status=400)
    ask(desk, httpserver)
    desk.write("orders.toml", LAMP)
    assert desk("run", "--once").code == 1
    desk.write("orders.toml", HUB + LAMP)
    assert desk("run", "--once").code == 0
    assert asking(desk("check", "--online")) == "it answers; LP00123456789012 is in_transit"
    assert len(httpserver.log) == 3


def test_requests_of_the_day_that_are_used_up_are_no_failure(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/LP00123456789012").respond_with_json({"state": "in_transit"})
    ask(desk, httpserver, "requests_per_day = 1")
    assert desk("run", "--once").code == 0
    told = desk("check", "--online")
    assert (told.code, told.err, len(httpserver.log)) == (0, "", 1)
    assert asking(told) == "not asked: all 1 requests of the day are used (requests_per_day)"


def test_a_folder_is_always_looked_into(desk: Desk) -> None:
    desk.write("orderwatch.toml", CONFIG + "min_interval_minutes = 360\n")
    (desk.folder / "tracking" / "hub.json").rename(desk.folder / "hub.json")
    (desk.folder / "tracking").rmdir()
    assert desk("run", "--once").code == 1
    assert "asking files about LP00123456789012 failed" in desk("check", "--online").out
