"""A parcel whose last mile is followed at its own source, as it is shown."""

import json

import pytest

from tests.monitor.cli.conftest import CONFIG, HELD, HUB, Desk

POST = """
[carriers.post]
adapter = "files"
path = "post"
accepts = "RX.*"
"""
ON_THE_VAN = """\
{"number": "RX123456785ES", "events": [
 {"at": "2026-10-09T11:00:00+02:00", "status": "out_for_delivery", "description": "En reparto"}]}
"""


@pytest.fixture
def followed(desk: Desk) -> Desk:
    desk.write("orderwatch.toml", CONFIG + POST)
    desk.write("tracking/hub.json", HELD.replace('"events"', '"aliases": ["RX123456785ES"], "events"'))
    desk.write("post/hub.json", ON_THE_VAN)
    return desk


def test_it_is_told_where_else_a_parcel_is_looked_up(followed: Desk) -> None:
    told = followed("run", "--once", "--json")
    assert {key: json.loads(told.out)[key] for key in ("polled", "failed")} == {"polled": 1, "failed": 0}
    assert "parcel LP00123456789012 is also looked up at post, as RX123456785ES" in told.err
    shown = followed("show", "7731").out
    assert "  source          files, read 1 min ago" in shown
    assert "  also at         post as RX123456785ES, read 1 min ago" in shown
    assert "En reparto" in shown
    assert "out for delivery, for 1 h, also at post" in followed("orders").out


def test_where_it_is_followed_is_in_the_json(followed: Desk) -> None:
    followed("run", "--once")
    for command in (("orders",), ("show", "7731")):
        told = json.loads(followed(*command, "--json").out)
        (parcel,) = (told[0] if isinstance(told, list) else told)["parcels"]
        assert (parcel["source"], parcel["status"]) == ("files", "out_for_delivery")
        assert parcel["followed"] == [
            {
                "source": "post",
                "number": "RX123456785ES",
                "last_success_at": "2026-10-09T12:00:00+02:00",
                "failures": 0,
                "last_error": None,
                "next_look": "2026-10-09T13:00:00+02:00",
            }
        ]


def test_a_last_mile_that_cannot_be_read_is_told_beside_the_parcel(followed: Desk) -> None:
    (followed.folder / "post" / "hub.json").unlink()
    (followed.folder / "post").rmdir()
    told = followed("run", "--once", "--json")
    assert {key: json.loads(told.out)[key] for key in ("polled", "failed")} == {"polled": 1, "failed": 1}
    assert "held in customs, for 3 days, also at post" in followed("orders").out
    assert (
        "  also at         post as RX123456785ES, could not be read for 1 min: "
        in followed("show", "7731").out
    )


def test_a_parcel_that_only_the_last_mile_reads(followed: Desk) -> None:
    """The first carrier's source is configured no more."""
    followed("run", "--once")
    followed.write("orderwatch.toml", CONFIG.partition("[carriers")[0] + POST)
    followed("run", "--once")
    shown = followed("show", "7731").out
    assert "  source          none, no configured source reads this number\n" in shown
    assert "  also at         post as RX123456785ES, read 1 min ago" in shown
    assert "out for delivery, for 1 h, also at post" in followed("orders").out


def test_check_asks_each_source_about_the_number_it_knows(followed: Desk) -> None:
    followed("run", "--once")
    told = followed("check", "--online").out
    assert "asking files: it answers; LP00123456789012 is customs_hold" in told
    assert "asking post: it answers; RX123456785ES is out_for_delivery" in told


def test_an_order_may_name_the_last_mile_as_well(followed: Desk) -> None:
    followed.write(
        "orders.toml", HUB.replace('["LP00123456789012"]', '["LP00123456789012", "RX123456785ES"]')
    )
    followed("run", "--once")
    (parcel,) = json.loads(followed("orders", "--json").out)[0]["parcels"]
    assert (parcel["number"], parcel["status"]) == ("LP00123456789012", "out_for_delivery")
    followed_at = [(it["source"], it["number"]) for it in parcel["followed"]]
    assert followed_at == [("files", "RX123456785ES"), ("post", "RX123456785ES")]
