"""Time zones by name, and this machine's own."""

from pathlib import Path

import pytest

from monitor.zones import system_zone_name, zone


def test_a_zone_is_found_by_its_name() -> None:
    assert zone("Europe/Madrid").key == "Europe/Madrid"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Europe/Madird", "is not a known time zone; did you mean Europe/Madrid?"),
        ("europe/madrid ", "is not a known time zone; did you mean Europe/Madrid?"),
        ("Madrid", "is not a known time zone; did you mean Europe/Madrid?"),
        ("new york", "is not a known time zone; did you mean America/New_York?"),
        ("Europe", "is not a known time zone"),
        ("../../etc/passwd", "is not a known time zone"),
        ("/etc/localtime", "is not a known time zone"),
        ("", "is not a known time zone"),
        ("qqqqqqqq", "is not a known time zone"),
    ],
)
def test_an_unknown_zone_is_refused_and_the_nearest_one_named(name: str, message: str) -> None:
    with pytest.raises(ValueError, match="is not a known time zone") as caught:
        zone(name)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("tz", "name"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        (":Europe/Madrid", "Europe/Madrid"),
        ("", "Asia/Tokyo"),
        ("CET-1CEST", None),
        ("/etc/localtime", None),
    ],
)
def test_tz_beats_localtime_and_a_rule_names_no_zone(tz: str, name: str | None, tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert system_zone_name({"TZ": tz}, link) == name


def test_a_localtime_that_is_a_copy_or_missing_names_no_zone(tmp_path: Path) -> None:
    copy = tmp_path / "localtime"
    assert system_zone_name({}, copy) is None
    copy.write_bytes(b"TZif2")
    assert system_zone_name({}, copy) is None
