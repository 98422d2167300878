"""What is locked, and what a wheel carries."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]

each_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)


def requirements(lock: Path) -> list[str]:
    """Each requirement with its hashes, on one line."""
    lines = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def pins(lock: Path) -> dict[str, str]:
    return dict(line.split()[0].split("==") for line in requirements(lock))


def wanted(dependencies: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9-]", dependency)[0] for dependency in dependencies}


@each_lock
def test_every_requirement_is_one_version_with_its_hashes(lock: Path) -> None:
    pinned = re.compile(r"[a-z0-9-]+==[^ ]+( ; [^-]+)?( +--hash=sha256:[0-9a-f]{64})+ *")
    assert requirements(lock)
    assert [line for line in requirements(lock) if not pinned.fullmatch(line)] == []


@each_lock
def test_a_lock_names_no_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    for word in ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host", " @ ", "file:"):
        assert word not in text
    assert re.search(r"(^|\s)/\w", text) is None


@each_lock
def test_a_lock_holds_what_the_project_asks_for(lock: Path) -> None:
    build = [name for name in PROJECT["dependency-groups"]["build"] if isinstance(name, str)]
    assert wanted(PROJECT["project"]["dependencies"] + build) <= set(pins(lock))


def test_the_development_lock_holds_the_tools() -> None:
    tools = [name for name in PROJECT["dependency-groups"]["dev"] if isinstance(name, str)]
    assert wanted(tools) <= set(pins(LOCKS[1]))


def test_what_is_tested_is_what_runs() -> None:
    run, tested = map(pins, LOCKS)
    assert {name: tested.get(name) for name in run} == run


def test_the_installed_version_is_the_one_of_the_project() -> None:
    assert metadata.version("orderwatch") == PROJECT["project"]["version"]


def test_the_changelog_knows_what_is_next() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return ZipFile(next(folder.glob("orderwatch-*.whl")))


def test_the_wheel_carries_the_three_packages_and_nothing_else(wheel: ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"carriers", "monitor", "notifiers"}


def test_the_wheel_carries_every_file_of_its_packages(wheel: ZipFile) -> None:
    files = [
        path.relative_to(ROOT).as_posix()
        for package in ("carriers", "monitor", "notifiers")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert "monitor/policies/aliexpress.toml" in files
    assert set(files) <= set(wheel.namelist())


def test_the_wheel_brings_the_command_and_the_licence(wheel: ZipFile) -> None:
    info = f"orderwatch-{PROJECT['project']['version']}.dist-info"
    assert "orderwatch = monitor.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert wheel.read(f"{info}/licenses/LICENSE").startswith(b"MIT License")
