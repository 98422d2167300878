"""`orders`, `alerts`, `show` and `forecast`, over a real configuration, real files and a real database."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import main
from monitor.cli.frame import CommandLine
from monitor.clock import clock_at
from monitor.core.case import JournalEntry, RecordEvent
from monitor.store import Store
from tests.monitor.cli.conftest import sent_to_a_screen, without_styles

NOON = "2026-11-24T12:00+01:00"
NOON_JSON = "2026-11-24T12:00:00+01:00"

CONFIGURATION = """
timezone = "Europe/Madrid"
database = "orderwatch.db"
orders = ["orders.toml"]

[carriers.files]
path = "tracking"
"""

ORDERS = r"""
[[orders]]
id = "8190000000007731"
title = "USB hub"
seller = "Hub Store"
price = "41.90 EUR"
ordered_on = 2026-09-28
paid_on = 2026-09-28
shipped_on = 2026-10-01
shipping = "standard"
deliver_to = { country = "ES", city = "Madrid", postal_code = "28013" }
parcels = ["LP00123456789012"]

[[orders]]
id = "8190000000001111"
title = "Garden hose 15 m with brass couplings"
shipped_on = 2026-11-05
parcels = ["LP00000000000011", "LP00000000000012"]

[[orders]]
id = "8190000000002222"
title = "Keyboard \u001b[31m[red]\u202egnp\u009b31m"
shipped_on = 2026-10-22
deliver_to = { country = "ES", city = "Madrid", postal_code = "28013" }
parcels = ["LP00000000000021"]

[[orders]]
id = "8190000000003333"
title = "Phone case"
ordered_on = 2026-11-20
paid_on = 2026-11-20

[[orders]]
id = "8190000000004444"
title = "LED strip"
shipped_on = 2026-05-22
"""

MADRID = {"city": "Madrid", "postal_code": "28013", "country": "ES"}
TRACKING = [
    {
        "number": "LP00123456789012",
        "aliases": ["RX123456789ES"],
        "estimated_delivery": {"latest": "2026-11-12"},
        "events": [
            {"at": "2026-10-01T10:00:00+08:00", "status": "in_transit", "description": "Accepted"},
            {"at": "2026-11-12T08:12:00+01:00", "status": "in_customs", "place": MADRID},
            {
                "at": "2026-11-14T09:00:00",
                "status": "customs_hold",
                "description": "Held \u001b[5m\u2066by customs",
            },
        ],
    },
    {
        "number": "LP00000000000011",
        "events": [{"at": "2026-11-20T10:00:00+01:00", "status": "in_transit", "description": "Departed"}],
    },
    {
        "number": "LP00000000000012",
        "events": [{"at": "2026-11-22T10:00:00+01:00", "status": "delivered", "place": MADRID}],
    },
    {
        "number": "LP00000000000021",
        "events": [
            {
                "at": "2026-11-23T10:00:00+01:00",
                "status": "delivered",
                "place": {"city": "Vigo", "country": "PT"},
            }
        ],
    },
]

HUB, HOSE, KEYBOARD, CASE, STRIP = (f"819000000000{end}" for end in ("7731", "1111", "2222", "3333", "4444"))


class Shell:
    """A person at a prompt, in the folder of their configuration."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *words: str, code: int = 0, clock: str = NOON) -> str:
        """What a command prints, in a pipe."""
        line = CommandLine(environ={}, clock=clock_at(datetime.fromisoformat(clock)))
        returned = main(["--config", str(self.folder / "orderwatch.toml"), *words], line)
        out, self.err = self._capsys.readouterr()
        assert returned == code, self.err
        return out

    def json(self, *words: str, clock: str = NOON) -> Any:
        return json.loads(self(*words, "--json", clock=clock))

    def on_a_screen(self, columns: int, *words: str) -> str:
        """What a terminal of so many columns is sent."""
        config = str(self.folder / "orderwatch.toml")
        return sent_to_a_screen(columns, "--config", config, *words, "--at", NOON)


def write_down(folder: Path) -> Path:
    """The configuration, the order file and the tracking file of all these tests."""
    (folder / "orderwatch.toml").write_text(CONFIGURATION)
    (folder / "orders.toml").write_text(ORDERS)
    (folder / "tracking").mkdir()
    (folder / "tracking" / "parcels.json").write_text(json.dumps(TRACKING))
    return folder


@pytest.fixture
def own_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Five orders that were watched once, on 24 November 2026 at noon in Madrid; for who changes them."""
    ready = Shell(write_down(tmp_path), capsys)
    ready("run", "--once")
    return ready


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_down(tmp_path_factory.mktemp("watched"))
    line = CommandLine(environ={}, clock=clock_at(datetime.fromisoformat(NOON)))
    assert main(["--config", str(folder / "orderwatch.toml"), "run", "--once"], line) == 0
    return folder


@pytest.fixture
def shell(watched: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The same, for who only looks."""
    capsys.readouterr()
    return Shell(watched, capsys)


# The JSON shapes


def test_orders_json_tells_all_that_is_promised(shell: Shell) -> None:
    hub = shell.json("orders")[0]
    alerts = hub.pop("alerts")
    assert hub == {
        "id": HUB,
        "title": "USB hub",
        "marketplace": "aliexpress",
        "phase": "shipped",
        "safe_until": "2026-12-01T00:00:00+01:00",
        "possibly_until": "2026-12-01T00:00:00+01:00",
        "price": {"amount": "41.90", "currency": "EUR"},
        "at_stake": True,
        "lost_by": "2026-11-30T12:00:00+01:00",
        "finished": None,
        "next": {"at": "2026-11-27T09:00:00+01:00", "rule": "protection_ending", "stage": "3d"},
        "parcels": [
            {
                "number": "LP00123456789012",
                "aliases": ["RX123456789ES"],
                "source": "files",
                "status": "customs_hold",
                "delivered_at": None,
                "estimated_delivery": {"earliest": None, "latest": "2026-11-12"},
                "last_event": {
                    "at": "2026-11-14T09:00:00",
                    "status": "customs_hold",
                    "description": hub["parcels"][0]["last_event"]["description"],
                    "code": None,
                    "place": None,
                    "decided_by": None,
                },
                "last_success_at": "2026-11-24T12:00:00+01:00",
                "failures": 0,
                "last_error": None,
                "next_look": "2026-11-25T12:00:00+01:00",
                "followed": [],
            }
        ],
    }
    assert [alert["severity"] for alert in alerts] == ["urgent", "urgent", "warning", "info"]


def test_alerts_json_tells_all_that_is_promised(shell: Shell) -> None:
    held = next(alert for alert in shell.json("alerts") if alert["rule"] == "customs_hold")
    assert isinstance(held.pop("id"), int)
    assert held == {
        "order": HUB,
        "rule": "customs_hold",
        "stage": "held",
        "severity": "urgent",
        "subject": "LP00123456789012",
        "since": "2026-11-14T09:00:00+01:00",
        "deadline": "2026-12-01T00:00:00+01:00",
        "act_by": "2026-11-30T12:00:00+01:00",
        "state": "open",
        "title": "Customs hold: USB hub",
        "snoozed_until": None,
    }


def test_an_order_carries_the_alerts_that_alerts_lists(shell: Shell) -> None:
    carried = [alert for order in shell.json("orders") for alert in order["alerts"]]
    key = lambda alert: alert["id"]  # noqa: E731
    assert sorted(carried, key=key) == sorted(shell.json("alerts"), key=key)


def test_forecast_json_tells_all_that_is_promised(shell: Shell) -> None:
    assert shell.json("forecast", HUB, "--days", "3") == [
        {
            "at": "2026-11-27T09:00:00+01:00",
            "order": HUB,
            "rule": "protection_ending",
            "stage": "3d",
            "severity": "urgent",
            "subject": HUB,
            "deadline": "2026-12-01T00:00:00+01:00",
            "why": "shipped 1 Oct 2026 + 60 days (aliexpress policy: guide), estimated, 3 days before",
        }
    ]


def test_a_forecast_is_in_the_order_of_time_over_all_orders(shell: Shell) -> None:
    foretold = shell.json("forecast")
    instants = [said["at"] for said in foretold]
    assert instants == sorted(instants)
    assert {HUB, HOSE, KEYBOARD, CASE} == {said["order"] for said in foretold}


def test_show_json_is_the_order_and_all_that_is_known_of_it(shell: Shell) -> None:
    shown, listed = shell.json("show", "7731"), shell.json("orders")[0]
    assert {key: shown[key] for key in listed if key != "parcels"} == {
        key: value for key, value in listed.items() if key != "parcels"
    }
    assert [event["at"] for event in shown["parcels"][0]["events"]] == [
        "2026-10-01T04:00:00+02:00",
        "2026-11-12T08:12:00+01:00",
        "2026-11-14T09:00:00",  # nobody told its zone
    ]
    assert shown["order"] | {"notes": None} == {
        "id": HUB,
        "title": "USB hub",
        "marketplace": "aliexpress",
        "seller": "Hub Store",
        "price": "41.90 EUR",
        "ordered_on": "2026-09-28",
        "paid_on": "2026-09-28",
        "shipped_on": "2026-10-01",
        "shipping": "standard",
        "estimated_delivery": None,
        "protection_until": None,
        "deliver_to": {"city": "Madrid", "postal_code": "28013", "region": None, "country": "ES"},
        "parcels": [{"number": "LP00123456789012", "carrier": None}],
        "status": None,
        "notes": None,
        "bulky": None,
        "return_cost": None,
        "unlisted_at": None,
    }
    assert shown["timeline"][-2] == {
        "at": "2026-11-29T09:00:00+01:00",
        "rule": "protection_ending",
        "stage": "1d",
        "severity": "critical",
        "subject": HUB,
        "deadline": "2026-12-01T00:00:00+01:00",
        "until": "2026-12-01T00:00:00+01:00",
        "why": "shipped 1 Oct 2026 + 60 days (aliexpress policy: guide), estimated, 1 day before",
        "state": "ahead",
    }


def test_the_journal_is_shown_with_what_was_taken_back(own_shell: Shell) -> None:
    at = datetime.fromisoformat("2026-11-24T10:00+01:00")
    recorded = [
        JournalEntry(RecordEvent.RECEIVED, at, note="box was open"),
        JournalEntry(RecordEvent.UNDO, at),
    ]
    store = Store(own_shell.folder / "orderwatch.db")
    for entry in recorded:
        store.orders.record(HUB, entry, at)
    store.close()
    assert own_shell.json("show", HUB)["journal"] == [
        {
            "recorded_at": "2026-11-24T10:00:00+01:00",
            "event": event,
            "at": "2026-11-24T10:00:00+01:00",
            "reason": None,
            "due": None,
            "in_favour_of": None,
            "number": None,
            "amount": None,
            "note": note,
            "to": None,
            "on": None,
            "carrier": None,
            "undone": undone,
        }
        for event, note, undone in [("received", "box was open", True), ("undo", None, False)]
    ]
    told = own_shell("show", HUB)
    assert (
        "▸ Tue 24 Nov 10:00    you       received (taken back)\n                        box was open" in told
    )


# One event, two alerts

LAMP = """
[[orders]]
id = "8190000000005555"
title = "Lamp: the red one"
shipped_on = 2026-11-10
parcels = ["LP00000000000055"]
"""


@pytest.fixture
def untracked(own_shell: Shell) -> Shell:
    """With an order that on the day on which it can be disputed no carrier has seen."""
    with (own_shell.folder / "orders.toml").open("a") as orders:
        orders.write(LAMP)
    own_shell("run", "--once")
    return own_shell


def about_the_lamp(told: str) -> list[list[str]]:
    """The cells of its lines."""
    return [re.split(r" {2,}", line.strip()) for line in told.splitlines() if "Lamp: the red one" in line]


def test_that_a_problem_can_be_disputed_is_not_the_problem_twice(untracked: Shell) -> None:
    by_rule = {alert["rule"]: alert for alert in untracked.json("alerts") if alert["order"].endswith("5555")}
    assert {rule: alert["title"] for rule, alert in by_rule.items()} == {
        "no_tracking": "No tracking: Lamp: the red one",
        "dispute_openable": "No tracking: Lamp: the red one",
    }
    told = sorted(cells[1] for cells in about_the_lamp(untracked("alerts")))
    assert told == [
        "Dispute possible: Lamp: the red one, order …5555",
        "No tracking: Lamp: the red one, order …5555, LP00000000000055",
    ]
    assert untracked("show", "5555").count("No tracking: Lamp") == 1
    timeline = untracked("show", "5555").partition("Timeline")[2].splitlines()
    assert [line.split("    ")[-1].strip() for line in timeline if "●" in line][:2] == [
        "No tracking",
        "Dispute possible",
    ]


def test_orders_counts_a_problem_that_can_be_disputed_once(untracked: Shell) -> None:
    [(_, _, presses, _)] = about_the_lamp(untracked("orders"))
    assert presses == "No tracking, urgent"


def test_that_a_dispute_is_possible_keeps_its_title_without_the_problem_beside_it(shell: Shell) -> None:
    assert "Dispute possible: USB hub, order …7731" in shell("alerts")


# In another language


@pytest.fixture
def spanish(own_shell: Shell) -> Shell:
    """With messages in Spanish, thought about anew."""
    (own_shell.folder / "orderwatch.toml").write_text('language = "es"\n' + CONFIGURATION)
    (own_shell.folder / "orderwatch.db").unlink()
    with (own_shell.folder / "orders.toml").open("a") as orders:
        orders.write(LAMP)
    own_shell("run", "--once")
    return own_shell


def test_titles_are_in_the_language_of_messages(spanish: Shell) -> None:
    titles = {alert["title"] for alert in spanish.json("alerts")}
    assert "Sin seguimiento: Lamp: the red one" in titles
    assert [title for title in titles if "tracking" in title or "Dispute" in title] == []
    told = spanish("alerts")
    assert "Disputa posible: Lamp: the red one, order …5555" in told
    assert "Sin seguimiento: Lamp: the red one, order …5555" in told
    assert "Dispute possible" not in told


def test_what_is_to_come_is_in_the_language_of_messages(spanish: Shell) -> None:
    assert "Protección terminada" in spanish("forecast", "--days", "60")
    timeline = spanish("show", HUB).partition("Timeline")[2]
    assert "La protección se acaba" in timeline
    assert "Disputa posible" in timeline
    assert "Mis pedidos → Ver detalles" in timeline
    assert "Sin enviar" in spanish("orders")
    assert "La protección se acaba" in spanish("record", "5555", "no-button")


def test_alerts_are_shown_whatever_else_the_configuration_says(spanish: Shell) -> None:
    broken = 'language = "es"\n' + CONFIGURATION + "\n[carriers.teleport]\nbeam = 1\n"
    (spanish.folder / "orderwatch.toml").write_text(broken)
    assert "Disputa posible: Lamp: the red one" in spanish("alerts")


def test_messages_leave_in_their_language(spanish: Shell) -> None:
    told = spanish("notify", "outbox", "--all")
    assert "Sin seguimiento: Lamp" in told


# Where to go in the app

ORDER_PATH = "  Account → My Orders → View Details"
SUPPORT = [
    "  Account → Customer Service → chat (24/7)",
    "  AEBuyerService@aliexpress.com (from a guide, unverified)",
]


@pytest.mark.parametrize(
    ("order", "way"),
    [
        (CASE, ORDER_PATH),
        (HUB, f"{ORDER_PATH} → Open Dispute (newer: Returns/Refunds) → Refund Only"),
        (HOSE, f"{ORDER_PATH} → Open Dispute (newer: Returns/Refunds)"),
        (STRIP, ORDER_PATH),
    ],
    ids=["nothing to dispute yet", "disputable", "disputable, and nothing wrong", "finished"],
)
def test_show_ends_with_where_to_go_in_the_app(shell: Shell, order: str, way: str) -> None:
    assert shell("show", order).splitlines()[-4:] == ["In the app", way, *SUPPORT]


def test_with_a_dispute_the_way_leads_to_it(own_shell: Shell) -> None:
    own_shell("record", HUB, "dispute-opened", "--reason", "customs_hold")
    assert own_shell("show", HUB).splitlines()[-4:] == [
        "In the app",
        f"{ORDER_PATH} → View Dispute",
        *SUPPORT,
    ]


def test_the_ways_fit_eighty_columns(shell: Shell) -> None:
    shown = without_styles(shell.on_a_screen(80, "show", HOSE)).splitlines()
    assert [line.rstrip() for line in shown[-4:]] == shell("show", HOSE).splitlines()[-4:]


# What is counted, and when


def test_the_finished_are_shown_when_asked_for(shell: Shell) -> None:
    assert [order["id"] for order in shell.json("orders")] == [HUB, KEYBOARD, HOSE, CASE]
    assert [(order["id"], order["phase"]) for order in shell.json("orders", "--all")][-1] == (
        STRIP,
        "finished",
    )


ENDS = [
    (
        "closed",
        "closed by you",
        "Tue 24 Nov 12:00",
        {"at": NOON_JSON, "reason": "closed", "why": "closed by you 24 Nov 2026"},
    ),
    (
        "refund-received",
        "refund received",
        "Tue 24 Nov 12:00",
        {"at": NOON_JSON, "reason": "refund_received", "why": "refund received 24 Nov 2026"},
    ),
    (
        "all-fine",
        "all fine",
        "Tue 24 Nov 12:00",
        {"at": NOON_JSON, "reason": "all_fine", "why": "checked by you, and all fine 24 Nov 2026"},
    ),
]


@pytest.mark.parametrize(("event", "words", "since", "finished"), ENDS)
def test_what_has_finished_says_when_and_why(
    own_shell: Shell, event: str, words: str, since: str, finished: dict[str, str]
) -> None:
    own_shell("record", HUB, event)
    [line] = [line for line in own_shell("orders", "--all").splitlines() if "…7731" in line]
    assert re.split("  +", line)[2:] == [words, "finished, since Tue 24 Nov"]
    assert f"  finished        since {since}\n                  {finished['why']}\n" in own_shell("show", HUB)
    [listed] = [order for order in own_shell.json("orders", "--all") if order["id"] == HUB]
    assert listed["finished"] == own_shell.json("show", HUB)["finished"] == finished
    own_shell("record", HUB, "undo")
    assert own_shell.json("show", HUB)["finished"] is None
    assert HUB in [order["id"] for order in own_shell.json("orders")]


def test_what_only_time_has_ended_says_so(shell: Shell) -> None:
    [line] = [line for line in shell("orders", "--all").splitlines() if "…4444" in line]
    assert line.endswith("nothing, every window closed long ago  finished, since Fri 21 Aug")
    later = shell("orders", "--all", "--at", "2027-06-01").splitlines()
    assert all("finished, since" in line for line in later[1:])


def test_what_the_marketplace_calls_finished_has_no_date(own_shell: Shell) -> None:
    (own_shell.folder / "orders.toml").write_text(ORDERS + 'status = "finished"\n')
    [line] = [line for line in own_shell("orders", "--all").splitlines() if "…4444" in line]
    assert re.split("  +", line)[2:] == ["finished, says the marketplace", "finished"]
    assert "finished        nobody knows since when\n" in own_shell("show", STRIP)
    assert own_shell.json("show", STRIP)["finished"] == {
        "at": None,
        "reason": "marketplace",
        "why": "the marketplace calls it finished",
    }
    new = ORDERS.partition('\n\n[[orders]]\nid = "8190000000001111')[0].replace("7731", "9999")
    new = new.replace("LP00123456789012", "LP9") + '\nstatus = "finished"\n'
    (own_shell.folder / "orders.toml").write_text(ORDERS + new)
    [line] = [line for line in own_shell("orders", "--all").splitlines() if "…9999" in line]
    assert re.split("  +", line)[1:] == ["not looked up", "finished, says the marketplace", "finished"]


STAKE = "At stake: €41.90 in 4 orders, 3 without a price; €41.90 of it within 7 days (by Mon 30 Nov 12:00)"
STAKES = [
    # Until the time to act is over, the end of the hub's protection, and nothing.
    ("2026-11-30T11:59", HUB, True, "2026-11-30T12:00:00+01:00"),
    ("2026-11-30T12:00", HUB, True, "2026-12-01T00:00:00+01:00"),
    ("2026-11-30T23:59", HUB, True, "2026-12-01T00:00:00+01:00"),
    ("2026-12-01", HUB, False, None),
    ("2026-11-24T12:00", KEYBOARD, True, "2026-12-07T22:00:00+01:00"),
    ("2026-11-24T12:00", STRIP, False, None),
]


@pytest.mark.parametrize(("at", "order", "at_stake", "lost_by"), STAKES)
def test_each_order_says_whether_its_money_is_at_stake(
    shell: Shell, at: str, order: str, at_stake: bool, lost_by: str | None
) -> None:
    shown = shell.json("show", order, "--at", at)
    assert (shown["at_stake"], shown["lost_by"]) == (at_stake, lost_by)


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ("2026-11-24T12:00", STAKE),
        ("2026-11-01", "At stake: €41.90 in 4 orders, 3 without a price; the first by Mon 30 Nov 12:00"),
        ("2027-01-18", "At stake: 1 order without a price; all of it within 7 days (by Tue 19 Jan 12:00)"),
        (
            "2027-01-19T13:00",
            "At stake: 1 order without a price; all of it within 7 days (by Tue 19 Jan 24:00)",
        ),
    ],
)
def test_what_is_at_stake_stands_below_the_list(shell: Shell, at: str, line: str) -> None:
    assert shell("orders", "--at", at).splitlines()[-2:] == ["", line]
    assert shell("orders", "--all", "--at", at).splitlines()[-1] == line


def test_where_nothing_is_at_stake_there_is_no_such_line(shell: Shell) -> None:
    late = shell("orders", "--at", "2027-01-25")
    assert "Phone case" in late
    assert "At stake" not in late
    assert "At stake" not in shell("orders", "--all", "--at", "2027-12-01")


def test_a_dispute_is_no_date_until_an_answer_is_due(own_shell: Shell) -> None:
    """Protection does not end while it is open; only what the buyer must do presses."""
    own_shell("record", HUB, "dispute-opened", "--reason", "customs_hold")
    own_shell("run", "--once")

    def listed() -> str:
        [line] = [line for line in own_shell("orders").splitlines() if "…7731" in line]
        return re.split("  +", line)[-1]

    assert listed() == "dispute open, for 1 min"
    shown = own_shell.json("show", HUB)
    assert (shown["at_stake"], shown["lost_by"]) == (True, None)
    own_shell("record", HUB, "request", "--due", "2026-11-26T18:00")
    own_shell("run", "--once")
    assert listed() == "act in 42 h, by Thu 26 Nov 06:00"  # No alert tells it before 18:00 today.
    assert own_shell.json("show", HUB)["lost_by"] == "2026-11-26T06:00:00+01:00"


def test_where_nothing_runs_it_says_how_many_are_finished(own_shell: Shell) -> None:
    one = ORDERS[ORDERS.index('[[orders]]\nid = "8190000000004444"') :]
    (own_shell.folder / "orders.toml").write_text(one)
    (own_shell.folder / "orderwatch.db").unlink()
    assert own_shell("orders") == "Nothing runs: the only order is finished; --all shows it.\n"
    (own_shell.folder / "orders.toml").write_text(one + one.replace("4444", "5555"))
    assert own_shell("orders") == "Nothing runs: all 2 orders are finished; --all shows them.\n"
    assert own_shell.json("orders") == []


def test_a_limit_leaves_out_the_least_pressing_and_says_so(shell: Shell) -> None:
    assert [order["id"] for order in shell.json("orders", "--limit", "1")] == [HUB]
    assert shell("orders", "--limit", "1").splitlines()[2] == "… and 3 more (--limit 0 shows all)"
    # What is at stake is told of all of them.
    assert shell("orders", "--limit", "1").splitlines()[-1] == shell("orders").splitlines()[-1]
    assert "more (" not in shell("orders", "--limit", "0")
    assert "more (" not in shell("orders", "--limit", "4")


@pytest.mark.parametrize(
    ("at", "phase", "state"),
    [
        ("2026-10-12T08:59", "shipped", "ahead"),
        ("2026-10-12T09:00", "shipped", "now"),
        # Protection ends on 30 November at 24:00.
        ("2026-11-30T23:59:59", "shipped", "now"),
        ("2026-12-01T00:00", "shipped", "past"),
        ("2027-06-01", "finished", "past"),
    ],
)
def test_at_slices_an_order_as_if_it_were_then(shell: Shell, at: str, phase: str, state: str) -> None:
    shown = shell.json("show", HUB, "--at", at)
    openable = next(moment for moment in shown["timeline"] if moment["rule"] == "dispute_openable")
    assert (shown["phase"], openable["state"]) == (phase, state)


def test_orders_at_another_time_are_those_that_run_then(shell: Shell) -> None:
    assert [order["id"] for order in shell.json("orders", "--at", "2027-06-01")] == []
    assert STRIP in [order["id"] for order in shell.json("orders", "--at", "2026-06-01")]


@pytest.mark.parametrize(
    ("at", "now"),
    [
        # Clocks in Madrid go back on 25 October 2026 at 03:00 and forward on 28 March 2027 at 02:00.
        ("2026-10-25T02:30+02:00", "Sun 25 Oct 02:30"),
        ("2026-10-25T02:30+01:00", "Sun 25 Oct 02:30"),
        ("2026-10-25T02:30", "Sun 25 Oct 02:30"),
        ("2026-10-26", "Mon 26 Oct 00:00"),
    ],
)
def test_now_is_drawn_in_the_users_own_time(shell: Shell, at: str, now: str) -> None:
    assert f"now: {now} " in shell("show", HUB, "--at", at)


def test_an_instant_has_the_offset_of_its_own_day(shell: Shell) -> None:
    events = shell.json("show", HUB)["parcels"][0]["events"]
    assert events[0]["at"].endswith("+02:00")
    assert events[1]["at"].endswith("+01:00")


@pytest.mark.parametrize(
    "at", ["2026-05-25", "2026-10-13T10:00", "2026-11-10", "2026-11-24T12:00", "2026-12-19"]
)
@pytest.mark.parametrize("order", [HUB, HOSE, KEYBOARD, CASE, STRIP])
def test_what_is_foretold_is_in_the_timeline(shell: Shell, order: str, at: str) -> None:
    foretold = shell.json("forecast", order, "--at", at, "--days", "400")
    timeline = shell.json("show", order, "--at", at)["timeline"]
    same = ("rule", "stage", "severity", "subject", "deadline", "why")
    known = {tuple(moment[key] for key in same): moment for moment in timeline}
    for said in foretold:
        moment = known[tuple(said[key] for key in same)]
        assert moment["state"] == "ahead" or said["at"] == foretold[0]["at"]
    if foretold:
        first = shell.json("show", order, "--at", at)["next"]
        assert first == {key: foretold[0][key] for key in ("at", "rule", "stage")}


def test_what_has_finished_while_nobody_watched_takes_no_place(shell: Shell) -> None:
    """The hub's protection and the days after it are over, though nobody has thought about it since."""
    later = "2027-01-10T12:00+01:00"
    assert [order["id"] for order in shell.json("orders", "--limit", "2", clock=later)] == [KEYBOARD, HOSE]
    assert shell("orders", "--limit", "2", clock=later).splitlines()[3:] == [
        "… and 1 more (--limit 0 shows all)",
        "",
        "At stake: 1 order without a price; by Tue 19 Jan",
    ]


# Orders that nobody has thought about yet


def test_new_orders_find_their_place_before_the_service_has_seen_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(write_down(tmp_path), capsys)
    assert [order["id"] for order in shell.json("orders")] == [HUB, KEYBOARD, HOSE, CASE]
    store = Store(tmp_path / "orderwatch.db")
    now = datetime.fromisoformat(NOON)
    assert store.orders.unthought() == []
    # Those with parcels wait for the first look at them, as if nobody had looked at the list.
    assert [len(store.orders.due(now + timedelta(minutes=wait), 10)) for wait in (0, 15)] == [2, 5]
    store.close()
    assert shell("alerts") == "No open alerts.\n"
    assert shell.err.startswith("Nobody is watching")
    shell("run", "--once")
    shell("alerts")
    assert shell.err == ""


def test_nothing_known_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "orderwatch.toml").write_text('timezone = "UTC"\ndatabase = "orderwatch.db"\n')
    shell = Shell(tmp_path, capsys)
    assert "orderwatch import FILE" in shell("orders")
    assert shell("alerts") == "No open alerts.\n"
    assert shell("forecast").startswith("Nothing will be said within 90 days")
    assert (shell.json("orders"), shell.json("alerts"), shell.json("forecast")) == ([], [], [])


@pytest.mark.parametrize("command", ["show", "forecast"])
def test_an_unknown_order_is_wrong_usage_and_a_near_one_is_named(shell: Shell, command: str) -> None:
    assert shell(command, "8190000000007713", code=2) == ""
    assert f"did you mean {HUB}" in shell.err


def test_what_is_noted_of_a_configuration_is_forgotten_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(write_down(tmp_path), capsys)
    assert shell.json("orders")[0]["safe_until"] == "2026-12-01T00:00:00+01:00"
    ours = """
        deadline_timezone = "Pacific/Auckland"
        holidays = [2026-12-24]
        alerts = { morning = "07:30" }
        policies = { aliexpress = { protection_days = 61, delivery_estimate = { standard = [10, 40] } } }
    """
    (tmp_path / "orderwatch.toml").write_text(ours + CONFIGURATION)
    read = shell.json("show", HUB)
    assert read["safe_until"] == "2026-12-01T12:00:00+01:00"  # 24:00 in Auckland
    assert read["timeline"][0]["at"] == "2026-10-12T07:30:00+02:00"
    assert shell.json("show", HUB) == read  # from what was noted


# What people see


def test_a_parcel_that_cannot_be_read_says_so_and_for_how_long(own_shell: Shell) -> None:
    (own_shell.folder / "tracking").rename(own_shell.folder / "gone")
    later = "2026-11-25T12:00+01:00"
    own_shell("run", "--once", clock=later, code=1)
    assert "held in customs, not read for 24 h" in own_shell("orders", clock=later)
    shown = own_shell("show", HUB, clock=later)
    assert "could not be read for 24 h: " in shown
    assert "; again Wed 25 Nov 12:05" in shown
    assert own_shell.json("show", HUB, clock=later)["parcels"][0]["failures"] == 1


def test_what_words_decided_is_shown(own_shell: Shell) -> None:
    scan = '[{"at": "2026-11-23T09:00:00+01:00", "code": "Q7", "description": "Held by customs"}]'
    (own_shell.folder / "tracking" / "one.json").write_text(
        f'{{"number": "LP00123456789012", "events": {scan}}}'
    )
    later = "2026-11-24T12:05+01:00"
    own_shell("run", "--once", clock=later)
    assert "Held by customs (read as held in customs)" in own_shell("show", HUB, clock=later)
    [parcel] = own_shell.json("show", HUB, clock=later)["parcels"]
    assert parcel["events"][-1]["decided_by"] == "words: Held by customs"


def test_a_scan_without_zone_is_marked(shell: Shell) -> None:
    assert "Sat 14 Nov 09:00 ?" in shell("show", HUB)
    assert "Thu 12 Nov 08:12  " in shell("show", HUB)


def test_of_two_ends_the_later_is_only_possible(shell: Shell) -> None:
    shown = shell("show", KEYBOARD)
    assert "safe until      Tue 8 Dec 10:00 (in 14 days)" in shown
    assert "possibly until  Mon 21 Dec 24:00 (in 27 days)" in shown


@pytest.mark.parametrize(
    "words",
    [["orders"], ["orders", "--json"], ["alerts"], ["alerts", "--json"], ["show", KEYBOARD], ["show", HUB],
     ["show", HUB, "--json"], ["show", KEYBOARD, "--json"], ["forecast"]],
)  # fmt: skip
def test_no_word_of_a_shop_steers_the_screen(shell: Shell, words: list[str]) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shell(*words))
    if words == ["orders"]:
        assert "[red]" in shell(*words)


EIGHTY_COLUMNS = """\
ORDER                 WHERE IT IS          WHAT PRESSES         HOW LONG
USB hub               held in customs      Late                 act in 6 days
…7731                 for 10 days          urgent, +3 more      by Mon 30 Nov
Keyboard [31m[red]g…  delivered            Delivered elsewhere  act in 13 days
…2222                 for 26 h             urgent, +2 more      by Mon 7 Dec
Garden hose 15 m wi…  on its way (1 of 2)  Dispute possible     safe for 41 days
…1111                 for 4 days           info                 until Mon 4 Jan
Phone case            not sent yet         Not shipped          safe for 56 days
…3333                 no tracking number   in 3 days            until Tue 19 Jan

At stake: €41.90 in 4 orders, 3 without a price; €41.90 of it within 7 days (by
Mon 30 Nov 12:00)
"""
A_PIPE = """\
ORDER                                        WHERE IT IS                       WHAT PRESSES                          HOW LONG
USB hub …7731                                held in customs, for 10 days      Late, urgent, +3 more                 act in 6 days, by Mon 30 Nov
Keyboard [31m[red]gnp31m …2222               delivered, for 26 h               Delivered elsewhere, urgent, +2 more  act in 13 days, by Mon 7 Dec
Garden hose 15 m with brass couplings …1111  on its way (1 of 2), for 4 days   Dispute possible, info                safe for 41 days, until Mon 4 Jan
Phone case …3333                             not sent yet, no tracking number  Not shipped, in 3 days                safe for 56 days, until Tue 19 Jan

At stake: €41.90 in 4 orders, 3 without a price; €41.90 of it within 7 days (by Mon 30 Nov 12:00)
"""


def test_in_a_pipe_every_order_is_one_line(shell: Shell) -> None:
    assert shell("orders") == A_PIPE


def test_eighty_columns(shell: Shell) -> None:
    shown = without_styles(shell.on_a_screen(80, "orders"))
    assert "\n".join(line.rstrip() for line in shown.splitlines()) == EIGHTY_COLUMNS.rstrip("\n")


@pytest.mark.parametrize(("columns", "lines"), [(44, 4), (56, 2), (80, 2), (120, 2), (160, 1)])
def test_every_width_shows_every_order(shell: Shell, columns: int, lines: int) -> None:
    shown = without_styles(shell.on_a_screen(columns, "orders")).splitlines()
    assert max(map(len, shown)) <= columns
    for end in ("7731", "1111", "2222", "3333"):
        assert sum(f"…{end}" in line for line in shown) == 1
    table = shown[: shown.index("")]
    assert len(table) == 4 * lines + (lines < 4)
    assert shown[len(table) + 1].startswith("At stake: ")


def test_on_a_screen_no_word_of_a_shop_is_a_style(shell: Shell) -> None:
    shown = shell.on_a_screen(80, "show", KEYBOARD)
    assert "\x1b[31m[red]" not in shown
    assert "[31m[red]" in without_styles(shown)
