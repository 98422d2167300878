"""`run --once`: one full cycle over real files, a real database and a real webhook."""

import json
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor.instance import is_at_work, only_instance
from monitor.store import Store
from tests.monitor.cli.conftest import ARRIVED, CONFIG, HELD, HUB, LAMP, NOW, Desk

#: What a library of Apprise's imports, where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class Phone:
    """The other end of a JSON webhook. `status` is what it answers."""

    def __init__(self, server: HTTPServer) -> None:
        self.status, self.titles = 200, list[str]()
        self.url = f"json://{server.host}:{server.port}/phone"
        server.expect_request("/phone", method="POST").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        self.titles.append(request.get_json()["title"])
        return Response("", self.status)

    def heard(self) -> list[str]:
        """What came since the last time it was asked."""
        heard, self.titles = self.titles, []
        return heard


@pytest.fixture
def phone(desk: Desk, httpserver: HTTPServer) -> Phone:
    phone = Phone(httpserver)
    desk.write("orderwatch.toml", f'{CONFIG}\n[notifiers.phone]\nadapter = "apprise"\nurl = "{phone.url}"\n')
    return phone


def counts(desk: Desk) -> dict[str, object]:
    told = desk("run", "--once", "--json")
    assert told.code == 0, told.err
    counted = json.loads(told.out)
    assert isinstance(counted, dict)
    return counted


def test_a_cycle_reads_polls_thinks_and_tells_the_phone_once(desk: Desk, phone: Phone) -> None:
    assert counts(desk) == {
        "at": "2026-10-09T12:00:00+02:00",
        "orders": 1,
        "polled": 1,
        "failed": 0,
        "opened": 1,
        "sent": 1,
        "queued": 0,
    }
    [title] = phone.heard()
    assert "USB hub" in title
    again = counts(desk)
    assert (again["polled"], again["opened"], again["sent"]) == (0, 0, 0)
    assert phone.heard() == []


def test_what_has_changed_in_the_tracking_file_is_told_at_the_next_look(desk: Desk, phone: Phone) -> None:
    counts(desk)
    phone.heard()
    desk.write("tracking/hub.json", ARRIVED)
    desk.at(NOW + timedelta(hours=8))
    assert counts(desk)["polled"] == 1
    heard = phone.heard()
    assert any(
        "film" in title.lower() or "today" in title.lower() or "out for" in title.lower() for title in heard
    ), heard


def test_for_a_person_it_is_one_line(desk: Desk) -> None:
    assert desk("run", "--once").out == "1 orders, 1 polled, 0 failed, 1 opened, 1 sent, 0 queued\n"


def test_at_is_the_moment_of_everything(desk: Desk, phone: Phone) -> None:
    told = desk("run", "--once", "--json", "--at", "2026-10-02T09:00")
    counted = json.loads(told.out)
    assert (counted["at"], counted["opened"]) == ("2026-10-02T09:00:00+02:00", 0)
    assert phone.heard() == []


def test_a_phone_that_is_off_keeps_its_message_and_gets_it_later(desk: Desk, phone: Phone) -> None:
    phone.status = 503
    told = desk("run", "--once", "--json")
    counted = json.loads(told.out)
    assert (told.code, counted["sent"], counted["queued"]) == (1, 0, 1)
    assert "failing: channel phone: " in told.err
    [waiting] = json.loads(desk("notify", "outbox", "--json").out)
    assert (waiting["state"], waiting["attempt"]) == ("queued", 1)
    [tried] = phone.heard()

    phone.status = 200
    desk.at(NOW + timedelta(minutes=1))
    assert counts(desk)["sent"] == 1
    assert phone.heard() == [tried]
    assert desk("notify", "outbox").out == "Nothing waits, nothing failed.\n"


def test_a_refused_message_is_dead_until_it_is_retried(desk: Desk, phone: Phone) -> None:
    phone.status = 404
    assert desk("run", "--once").code == 1
    phone.heard()
    [dead] = json.loads(desk("notify", "outbox", "--json").out)
    assert (dead["state"], dead["next_at"]) == ("dead", None)
    phone.status = 200
    assert desk("notify", "retry", str(dead["id"])).code == 0
    assert counts(desk)["sent"] >= 1  # type: ignore[operator]
    assert dead["title"] in phone.heard()


def test_a_refused_row_is_named_and_counts_nothing_else_out(desk: Desk) -> None:
    desk.write("orders.toml", HUB + LAMP.replace("2026-10-02", "2026-02-30"))
    told = desk("run", "--once", "--json")
    assert (told.code, json.loads(told.out)["orders"]) == (1, 1)
    assert told.err.count("8190000000008842") == 1
    assert "orders.toml:9" in told.err
    assert desk("run", "--once").code == 1, "as long as it is there"


def test_a_failed_source_is_named_and_what_was_known_stays(desk: Desk) -> None:
    counts(desk)
    desk.write("tracking/hub.json", HELD[:60])
    desk.at(NOW + timedelta(hours=8))
    told = desk("run", "--once", "--json")
    counted = json.loads(told.out)
    assert (told.code, counted["polled"], counted["failed"]) == (1, 1, 1)
    assert "failing: source files: " in told.err
    desk.write("tracking/hub.json", HELD)
    desk.at(NOW + timedelta(days=1))
    assert counts(desk)["failed"] == 0


def test_a_second_one_is_refused_while_the_first_is_at_work(desk: Desk) -> None:
    with only_instance(desk.folder / "orderwatch.db"):
        told = desk("run", "--once")
    assert told.code == 1
    assert "another orderwatch (process " in told.err
    assert desk("run", "--once").code == 0


def test_a_look_at_the_lock_takes_it_from_nobody(desk: Desk) -> None:
    database = desk.folder / "orderwatch.db"
    assert not is_at_work(database)
    with only_instance(database):
        assert is_at_work(database)
    assert not is_at_work(database)


def test_an_order_that_was_just_taken_in_waits_for_the_first_look_at_its_parcel(desk: Desk) -> None:
    desk.write("export.toml", LAMP)
    assert desk("import", "export.toml").code == 0
    store = Store(desk.folder / "orderwatch.db")
    waits = [store.orders.due(NOW + timedelta(minutes=minutes), 10) for minutes in (0, 14, 15)]
    store.close()
    assert waits == [[], [], ["8190000000008842"]]


def test_no_secret_in_anything_that_is_said(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/phone").respond_with_data("", status=500)
    url = f"json://user:hunter2@{httpserver.host}:{httpserver.port}/phone?token=s3cret"
    desk.write(
        "orderwatch.toml",
        CONFIG
        + f'\n[carriers.post]\nadapter = "http"\nurl = "{httpserver.url_for("/track")}/{{number}}?key=s3cret"\n'
        f'[notifiers.phone]\nadapter = "apprise"\nurl = "{url}"\n',
    )
    desk.write("orders.toml", HUB.replace('["LP00123456789012"]', '[{ number = "LP1", carrier = "post" }]'))
    said = [
        desk("check", "--online"),
        desk("run", "--once"),
        desk("notify", "test"),
        desk("notify", "outbox", "--json"),
    ]
    assert [told.code for told in said] == [1, 1, 1, 0]
    everything = "".join(told.out + told.err for told in said)
    assert "hunter2" not in everything
    assert "s3cret" not in everything
