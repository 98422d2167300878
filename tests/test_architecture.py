"""What the import contracts in pyproject.toml cannot say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "monitor" / "core").rglob("*.py"))
PROJECT = [
    *(ROOT / "carriers").rglob("*.py"),
    *(ROOT / "monitor").rglob("*.py"),
    *(ROOT / "notifiers").rglob("*.py"),
]

#: All that a pure function over values needs: no clock, no I/O, no third party.
CORE_MAY_IMPORT = frozenset(
    {"collections", "dataclasses", "datetime", "enum", "itertools", "math", "re", "typing", "zoneinfo"}
)

#: What would make a pure function impure, though it needs no import.
IMPURE = frozenset({"open", "print", "input", "exec", "eval", "compile", "__import__", "globals"})


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.ImportFrom():
                yield "a relative import"


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield name


def at_home_in_the_core(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in CORE_MAY_IMPORT or f"{module}.".startswith("monitor.core.")


def parsed(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"), filename=str(source))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("source", CORE, ids=name_of)
def test_the_core_imports_values_only(source: Path) -> None:
    assert [module for module in imported(parsed(source)) if not at_home_in_the_core(module)] == []


@pytest.mark.parametrize("source", CORE, ids=name_of)
def test_the_core_does_nothing_but_compute(source: Path) -> None:
    assert [name for name in called(parsed(source)) if name in IMPURE] == []


@pytest.mark.parametrize(
    ("code", "foreign"),
    [
        ("import time", ["time"]),
        ("import os.path as datetime", ["os.path"]),
        ("def late():\n    from monitor.store import Store", ["monitor.store"]),
        ("from monitor import store", ["monitor"]),
        ("from . import model", ["a relative import"]),
        ("from monitor.core.model import Order\nfrom collections.abc import Iterator", []),
    ],
)
def test_a_foreign_import_is_seen(code: str, foreign: list[str]) -> None:
    assert [module for module in imported(ast.parse(code)) if not at_home_in_the_core(module)] == foreign


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"common", "data", "helpers", "manager", "misc", "process", "utils"}
    assert [name_of(source) for source in PROJECT if source.stem in drawers] == []


def test_every_folder_of_the_project_is_a_package() -> None:
    folders = {source.parent for source in PROJECT}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
