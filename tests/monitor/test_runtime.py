"""A configuration brought to life: all mistakes at once, and who is asked and told what."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from carriers.files import Files
from monitor.core.model import Parcel, Severity, Shipment
from monitor.errors import ConfigError
from monitor.notifier import Channel
from monitor.runtime import Runtime, build_runtime
from monitor.settings import read_settings
from tests.monitor.core.facts import an_order
from tests.monitor.stage import CONFIG, Logbook, Phone, Scripted, a_runtime


class Spanish(Scripted):
    """A source that is made for the numbers of one carrier."""

    carriers: ClassVar[frozenset[str]] = frozenset({"correos"})


BASE = 'timezone = "Europe/Madrid"\ndatabase = "orderwatch.db"\n'


def runtime(tmp_path: Path, text: str = BASE, environ: Mapping[str, str] | None = None) -> Runtime:
    path = tmp_path / "orderwatch.toml"
    path.write_text(text, encoding="utf-8")
    return build_runtime(read_settings(path, environ or {}))


def test_every_mistake_is_told_at_once_and_where(tmp_path: Path) -> None:
    text = """\
timezone = "Europe/Madrid"

[policies.aliexpress]
protection_days = "sixty"

[policies.elsewhere]
protection_days = 60

[carriers.files]
paht = "tracking"

[carriers.somewhere]
adapter = "teleport"

[carriers.http]
url = 17

[notifiers.jornal]

[notifiers.journal]
min_severity = "loud"
"""
    with pytest.raises(ConfigError) as caught:
        runtime(tmp_path, text)
    file = str(tmp_path / "orderwatch.toml")
    told = [(problem.key, problem.line) for problem in caught.value.problems]
    assert {problem.file for problem in caught.value.problems} == {file}
    for mistake in (
        ("policies.aliexpress.protection_days", 4),
        ("carriers.files.paht", 10),
        ("carriers.files.path", 9),
        ("carriers.somewhere.adapter", 13),
        ("carriers.http.url", 16),
        ("notifiers.journal.min_severity", 21),
    ):
        assert mistake in told
    keys = [key for key, _ in told]
    assert any(key is not None and key.startswith("policies.elsewhere") for key in keys)
    assert any(key is not None and key.startswith("notifiers.jornal") for key in keys)
    assert "did you mean journal?" in str(caught.value)


#: One mistake each, of every kind that another could hide: in the order they are told.
MISTAKES = {
    "ORDERWATCH_TIMZONE": None,
    "carriers.seventeentrack.api_key": '[carriers.seventeentrack]\napi_key = { env = "KEY" }\n',
    "notifiers.phone.url": '[notifiers.phone]\nadapter = "apprise"\nurl = { env = "PHONE" }\n',
    "timezone": 'timezone = "Europe/Madird"\n',
    "orders": "orders = 7\n",
    "holidays[0]": 'holidays = ["Christmas"]\n',
    "colour": 'colour = "red"\n',
    "alerts.morning": '[alerts]\nmorning = "noon"\n',
    "carriers.two words": '[carriers."two words"]\nadapter = "files"\n',
    "policies.aliexpress.protection_dayz": "[policies.aliexpress]\nprotection_dayz = 60\n",
    "carriers.files.paht": '[carriers.files]\npath = "tracking"\npaht = "tracking"\n',
    "notifiers.journal.min_severity": '[notifiers.journal]\nmin_severity = "loud"\n',
}


def test_no_mistake_hides_another_and_each_is_told_once(tmp_path: Path) -> None:
    written = [part for part in MISTAKES.values() if part]
    text = "".join(sorted(written, key=lambda part: part.startswith("[")))
    with pytest.raises(ConfigError) as caught:
        runtime(tmp_path, text, {"ORDERWATCH_TIMZONE": "UTC"})
    told = [problem.key for problem in caught.value.problems]
    assert sorted(told, key=str) == sorted(MISTAKES)
    assert all(problem.line for problem in caught.value.problems if problem.key != "ORDERWATCH_TIMZONE")


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_is_told_alone_as_it_is_beside_others(tmp_path: Path, key: str) -> None:
    environ = {"ORDERWATCH_TIMZONE": "UTC"} if key == "ORDERWATCH_TIMZONE" else {}
    with pytest.raises(ConfigError) as caught:
        runtime(tmp_path, MISTAKES[key] or "", environ)
    assert [problem.key for problem in caught.value.problems] == [key]


def test_a_secret_is_in_no_error(tmp_path: Path) -> None:
    text = BASE + '[carriers.seventeentrack]\napi_key = "sesame-open"\nbase_url = "sesame"\nsesame = 1\n'
    with pytest.raises(ConfigError) as caught:
        runtime(tmp_path, text)
    assert "sesame-open" not in str(caught.value)
    assert "sesame-open" not in repr(caught.value.problems)


def test_without_channels_there_is_the_journal(tmp_path: Path) -> None:
    found = runtime(tmp_path)
    assert list(found.channels) == ["journal"]
    assert found.channels["journal"].keeps_record


def test_a_channel_of_the_users_own_replaces_the_journal(tmp_path: Path) -> None:
    found = runtime(tmp_path, BASE + '[notifiers.desk]\nadapter = "journal"\n')
    assert list(found.channels) == ["desk"]


def test_it_is_brought_to_life_as_it_is_written(tmp_path: Path) -> None:
    text = (
        'timezone = "Asia/Tokyo"\ndeadline_timezone = "America/Los_Angeles"\nholidays = [2026-12-25]\n'
        'database = "orderwatch.db"\n[alerts]\nmorning = "07:30"\n'
        '[carriers.files]\npath = "tracking"\nmin_interval_minutes = 45\n'
        "[policies.aliexpress]\nprotection_days = 75\n"
    )
    found = runtime(tmp_path, text)
    assert str(found.days.zone) == "Asia/Tokyo"
    assert str(found.days.deadline_zone) == "America/Los_Angeles"
    assert f"{found.days.morning:%H:%M}" == "07:30"
    assert [day.isoformat() for day in found.days.holidays] == ["2026-12-25"]
    assert found.default_policy.number("protection_days") == 75
    assert found.interval_of("files") == timedelta(minutes=45)
    assert (found.interval_of("gone"), found.interval_of(None)) == (timedelta(), timedelta())
    source = found.sources["files"]
    assert isinstance(source, Files)
    assert source.path == str(tmp_path / "tracking")


def test_a_policy_file_is_counted_from_the_configurations_folder(tmp_path: Path) -> None:
    text = 'title = "Corner Shop"\nchecked_on = 2026-10-01\n[clocks]\nprotection_days = 9\n'
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    found = runtime(tmp_path, BASE + '[policies.mine]\nfile = "mine.toml"\n')
    assert found.policies["mine"].number("protection_days") == 9
    assert found.settings.policies == {"mine": {"file": str(tmp_path / "mine.toml")}}


def test_the_policies_in_use_are_those_that_orders_name_and_what_follows_them(tmp_path: Path) -> None:
    chain = '[policies.ebay]\nfallback = ["paypal"]\n[policies.paypal]\nfallback = ["card"]\n'
    found = runtime(tmp_path, BASE + chain)
    assert list(found.in_use(["ebay", "temu"])) == ["ebay", "paypal", "card", "temu"]
    assert list(found.in_use([])) == ["aliexpress"]
    assert list(found.in_use(["elsewhere"])) == ["aliexpress"]


def test_an_order_of_a_marketplace_without_policy_goes_by_the_default(tmp_path: Path) -> None:
    found = runtime(tmp_path)
    assert found.policy_of(an_order(marketplace="elsewhere")) is found.default_policy


@pytest.mark.parametrize(
    ("parcel", "source"),
    [
        (Parcel("XX1"), "first"),
        (Parcel("LP1"), "second"),
        (Parcel("XX1", "second"), "second"),
        (Parcel("LP1", "first"), "first"),
        (Parcel("XX1", "gone"), None),
    ],
)
def test_the_source_of_a_parcel(tmp_path: Path, parcel: Parcel, source: str | None) -> None:
    (tmp_path / "orderwatch.toml").write_text(CONFIG, encoding="utf-8")
    sources = {"first": Scripted(adapter="x", accepts="XX.*"), "second": Scripted(adapter="x")}
    assert a_runtime(tmp_path, sources, {}).choose(parcel) == source


def test_a_parcel_that_no_source_takes_has_none(tmp_path: Path) -> None:
    (tmp_path / "orderwatch.toml").write_text(CONFIG, encoding="utf-8")
    found = a_runtime(tmp_path, {"first": Scripted(adapter="x", accepts="XX.*")}, {})
    assert found.choose(Parcel("LP1")) is None


@pytest.mark.parametrize(
    ("aliases", "followed"),
    [
        ((), []),
        (("LP2",), []),
        (("RR1", "XX1"), [("exact", "XX1")]),
        (("RR123456785ES",), [("post", "RR123456785ES")]),
        (("XX1", "XX2"), [("exact", "XX1"), ("exact", "XX2")]),
        (("XXB",), [("exact", "XXB")]),
    ],
)
def test_where_the_other_numbers_of_a_parcel_are_looked_up(
    tmp_path: Path, aliases: tuple[str, ...], followed: list[tuple[str, str]]
) -> None:
    """At the first source that is made for such a number, not at one that takes any."""
    (tmp_path / "orderwatch.toml").write_text(CONFIG, encoding="utf-8")
    sources = {
        "any": Scripted(adapter="x"),
        "exact": Scripted(adapter="x", accepts="XX.*"),
        "post": Spanish(adapter="x"),
        "late": Scripted(adapter="x", accepts=".*B"),
    }
    found = a_runtime(tmp_path, sources, {}).followed(Shipment("LP1", "any", aliases))
    assert [(lookup.source, lookup.number) for lookup in found] == followed


@pytest.mark.parametrize(
    "others",
    [
        {"one": Scripted(adapter="x")},
        {"one": Scripted(adapter="x", accepts="XX.*"), "two": Scripted(adapter="x")},
        {"one": Scripted(adapter="x", accepts="YY.*")},
        {"two": Scripted(adapter="x", accepts="XX.*")},
    ],
)
def test_what_changes_who_claims_which_numbers(tmp_path: Path, others: dict[str, Scripted]) -> None:
    (tmp_path / "orderwatch.toml").write_text(CONFIG, encoding="utf-8")
    one = Scripted(adapter="x", accepts="XX.*")
    assert a_runtime(tmp_path, others, {}).claims() != a_runtime(tmp_path, {"one": one}, {}).claims()
    same = one.model_copy(update={"min_interval_minutes": 7})
    assert a_runtime(tmp_path, {"one": same}, {}).claims() == a_runtime(tmp_path, {"one": one}, {}).claims()


@pytest.mark.parametrize(
    ("severity", "but", "heard_by"),
    [
        ("info", None, ["log"]),
        ("notice", None, ["log", "phone"]),
        ("warning", None, ["log", "phone"]),
        ("urgent", None, ["log", "phone", "siren"]),
        ("critical", None, ["log", "phone", "siren"]),
        ("critical", "phone", ["log", "siren"]),
        ("info", "log", []),
        ("notice", "gone", ["log", "phone"]),
    ],
)
def test_who_hears_of_what(tmp_path: Path, severity: str, but: str | None, heard_by: list[str]) -> None:
    (tmp_path / "orderwatch.toml").write_text(CONFIG, encoding="utf-8")
    channels: dict[str, Channel] = {
        "log": Logbook(adapter="x", min_severity=Severity.INFO),
        "phone": Phone(adapter="x"),
        "siren": Phone(adapter="x", min_severity=Severity.URGENT),
        "talkative": Phone(adapter="x", min_severity=Severity.INFO),
    }
    by, without = a_runtime(tmp_path, {}, channels), {but} if but else set()
    told = by.tiers(Severity(severity), "customs_hold", None, but=without)
    heard = {*by.records(Severity(severity), but=without), *(name for tier in told for name in tier)}
    assert sorted(heard - {"talkative"}) == heard_by


# What the table of alerts names


@pytest.mark.parametrize(
    ("alerts", "mistake"),
    [
        (
            'tiers = [["phone"], ["pagr"]]',
            "2: alerts.tiers[1]: there is no channel 'pagr'; did you mean pager? (allowed: pager, phone)",
        ),
        (
            'routes = [{ match = { rule = "customs_hold" }, tiers = [["nobody"]] }]',
            "2: alerts.routes[0].tiers[0]: there is no channel 'nobody' (allowed: pager, phone)",
        ),
        (
            'routes = [{ match = { marketplace = "aliexpres" }, tiers = [["phone"]] }]',
            (
                "2: alerts.routes[0].match.marketplace: there is no marketplace 'aliexpres'; did you mean aliexpress?"
                " (allowed: aliexpress, amazon, card, ebay, etsy, eu-withdrawal, paypal, temu)"
            ),
        ),
        ('quiet_hours = "22-7"', '2: alerts.quiet_hours: must be two times of day such as "22:00-07:00"'),
        (
            'quiet_hours = "07:00-07:00"',
            '2: alerts.quiet_hours: must be two times of day such as "22:00-07:00"',
        ),
        (
            'escalate_after = { urgent = "soon" }',
            '2: alerts.escalate_after.urgent: must be a span of time such as "15m" (s, m, h or d)',
        ),
        (
            'repeat_every = { critical = "14m" }',
            '2: alerts.repeat_every.critical: must be "15m" or longer',
        ),
        (
            'ack_within = { loud = "5m" }',
            "2: alerts.ack_within.loud: unknown key (allowed: info, notice, warning, urgent, critical)",
        ),
        (
            'routes = [{ match = { severity = ["loud"] }, tiers = [["phone"]] }]',
            (
                "2: alerts.routes[0].match.severity[0]: is not one of the allowed words"
                " (allowed: info, notice, warning, urgent, critical)"
            ),
        ),
        ("collapse_above = 0", "2: alerts.collapse_above: must be greater than or equal to 1"),
    ],
)
def test_a_mistake_in_alerts_is_named(tmp_path: Path, alerts: str, mistake: str) -> None:
    text = f'[alerts]\n{alerts}\n[notifiers]\nphone = {{ adapter = "journal" }}\npager = {{ adapter = "journal" }}\n'
    with pytest.raises(ConfigError) as caught:
        runtime(tmp_path, text)
    assert [str(problem).rpartition("orderwatch.toml:")[2] for problem in caught.value.problems] == [mistake]


def test_a_rule_that_there_is_not_is_named(tmp_path: Path) -> None:
    text = '[alerts]\nroutes = [{ match = { rule = "custom_hold" }, tiers = [["journal"]] }]\n'
    with pytest.raises(ConfigError, match="there is no rule 'custom_hold'; did you mean customs_hold"):
        runtime(tmp_path, text)


# What readings depend on


@pytest.mark.parametrize(
    "changed",
    [
        {"timezone": '"Asia/Tokyo"'},
        {"deadline_timezone": '"Asia/Tokyo"'},
        {"holidays": "[2026-12-25]"},
        {"alerts": '{ morning = "08:00" }'},
        {"alerts": '{ quiet_hours = "22:00-07:00" }'},
        {"policies": "{ aliexpress = { protection_days = 75 } }"},
        {"policies": '{ aliexpress = { fallback = ["paypal"] } }'},
        {"policies": "{ card = { protection_cap_days = 400 } }"},
        {"carriers": '{ files = { path = "tracking" } }'},
        {"carriers": '{ f = { adapter = "files", path = "tracking", codes = { X = "in_transit" } } }'},
    ],
)
def test_what_changes_readings(tmp_path: Path, changed: dict[str, str]) -> None:
    assert runtime(tmp_path, with_keys(changed)).reading() != runtime(tmp_path, with_keys({})).reading()


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"retention_days": "30"},
        {"orders": '["elsewhere"]'},
        {"notifiers": '{ desk = { adapter = "journal" } }'},
        {"carriers": '{ f = { adapter = "files", path = "elsewhere", min_interval_minutes = 9 } }'},
    ],
)
def test_what_does_not_change_readings(tmp_path: Path, changed: dict[str, str]) -> None:
    known = {"carriers": '{ f = { adapter = "files", path = "tracking" } }'}
    before = runtime(tmp_path, with_keys(known))
    assert runtime(tmp_path, with_keys(known | changed)).reading() == before.reading()


def with_keys(changed: dict[str, Any]) -> str:
    keys = {"timezone": '"Europe/Madrid"', "database": '"orderwatch.db"'} | changed
    return "".join(f"{key} = {value}\n" for key, value in keys.items())
