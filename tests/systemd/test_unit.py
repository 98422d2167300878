"""The unit as systemd itself judges it."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "systemd" / "orderwatch.service"
DROP_IN = UNIT.with_name("orderwatch.service.d") / "credentials.conf"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed (Debian: systemd)"
)


def settings_of(unit: Path) -> dict[str, list[str]]:
    """Each setting of a unit file with all its values, in order."""
    settings = defaultdict(list)
    for line in unit.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            settings[key].append(value)
    return dict(settings)


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The unit with its drop-in, each program replaced by one that the smallest machine has."""
    unit = tmp_path / UNIT.name
    unit.write_text(re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", UNIT.read_text(), flags=re.MULTILINE))
    drop_ins = tmp_path / f"{UNIT.name}.d"
    drop_ins.mkdir()
    shutil.copy(DROP_IN, drop_ins)
    return unit


@needs_systemd
def test_systemd_finds_no_fault(installed: Path) -> None:
    verdict = analyze("verify", "--man=no", "--recursive-errors=no", installed)
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


@needs_systemd
def test_systemd_would_find_a_fault(installed: Path) -> None:
    installed.write_text(installed.read_text().replace("ProtectHome=yes", "ProtectHouse=yes"))
    assert "ProtectHouse" in analyze("verify", "--man=no", installed).stderr


@needs_systemd
def test_the_unit_is_exposed_by_at_most_one_and_a_half(installed: Path) -> None:
    verdict = analyze("security", "--offline=true", "--threshold=15", installed)
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("Type", "notify"),  # systemd 252 ignores notify-reload without a word
        ("ExecReload", "kill -HUP $MAINPID"),
        ("RestartPreventExitStatus", "78"),
        ("Restart", "on-failure"),
        ("DynamicUser", "yes"),
        ("StateDirectory", "orderwatch"),
        ("ConfigurationDirectory", "orderwatch"),
        ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"),
    ],
)
def test_what_the_service_relies_on(setting: str, value: str) -> None:
    assert settings_of(UNIT)[setting] == [value]


def test_the_watchdog_is_on() -> None:
    assert settings_of(UNIT)["WatchdogSec"]


def test_the_drop_in_names_only_credentials() -> None:
    assert set(settings_of(DROP_IN)) == {"LoadCredential"}
