"""Secrets that are kept elsewhere."""

import os
from pathlib import Path
from typing import Any

import pytest

from monitor.credentials import resolve_secrets

#: What is said when the secret itself may have been written where its name belongs.
NO_SUCH_NAME = "env must be the name of an environment variable, and there is none of this name"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A configuration's folder with files that hold secrets, and some that do not."""
    contents: dict[str, bytes] = {
        "token": b"tk_file\n",
        "windows": b"tk_file\r\n",
        "two lines": b"one\ntwo\n\n",
        "spaces inside": b" a b \n",
        "empty": b"",
        "blank": b" \n",
        "binary": b"\xff\xfe\x00",
        "huge": b"x" * 70_000,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "bot").write_bytes(b"tk_credential\n")
    return tmp_path


def environ(base: Path) -> dict[str, str]:
    return {"TOKEN": "tk_env\n", "EMPTY": "", "CREDENTIALS_DIRECTORY": str(base / "credentials")}


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ({"env": "TOKEN"}, "tk_env"),
        ({"file": "token"}, "tk_file"),
        ({"file": "{base}/token"}, "tk_file"),
        ({"file": "~/token"}, "tk_file"),
        ({"file": "windows"}, "tk_file"),
        ({"file": "two lines"}, "one\ntwo"),
        ({"file": "spaces inside"}, " a b "),
        ({"credential": "bot"}, "tk_credential"),
        ("text\n", "text\n"),
        (5, 5),
        ({"env": "TOKEN", "other": 1}, {"env": "TOKEN", "other": 1}),
        ({}, {}),
    ],
)
def test_a_secret_is_fetched_and_anything_else_left_alone(
    value: Any, secret: Any, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(base))
    if isinstance(value, dict):
        value = {k: v.format(base=base) if isinstance(v, str) else v for k, v in value.items()}
    assert resolve_secrets({"key": value}, "notifiers.chat", environ(base), base) == ({"key": secret}, [])


def test_a_secret_may_be_deep_inside(base: Path) -> None:
    table = {"headers": {"Authorization": {"env": "TOKEN"}}, "urls": ["plain", {"file": "token"}]}
    resolved, problems = resolve_secrets(table, "carriers.mypost", environ(base), base)
    assert resolved == {"headers": {"Authorization": "tk_env"}, "urls": ["plain", "tk_file"]}
    assert problems == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"env": "NOPE"}, "there is no environment variable NOPE"),
        ({"env": "EMPTY"}, "the environment variable EMPTY is empty"),
        ({"env": 5}, "env must be text, the name of what holds the secret"),
        ({"env": ""}, "env must be text, the name of what holds the secret"),
        ({"file": "gone"}, "there is no file {base}/gone"),
        ({"file": "empty"}, "the file {base}/empty is empty"),
        ({"file": "blank"}, "the file {base}/blank is empty"),
        ({"file": "binary"}, "the file {base}/binary is not UTF-8 text"),
        ({"file": "huge"}, "the file {base}/huge is larger than 64 kB, so hardly a secret"),
        ({"file": "."}, "{base} is not a file"),
        ({"file": "pipe"}, "{base}/pipe is not a file"),
        ({"env": "D2A9C4E1F07B4C3D9A8E7F6051423344"}, NO_SUCH_NAME),
        ({"env": "tk_secret"}, NO_SUCH_NAME),
        ({"credential": "gone"}, "there is no file {base}/credentials/gone"),
        (
            {"credential": "../token"},
            "credential must be a name, not a path; for a path there is {{ file = … }}",
        ),
        ({"credential": ".."}, "credential must be a name, not a path; for a path there is {{ file = … }}"),
        ({"env": "TOKEN", "file": "token"}, "must have only one of env, file, credential"),
    ],
)
def test_a_secret_that_cannot_be_had_names_its_key_and_where_was_looked(
    value: Any, message: str, base: Path
) -> None:
    os.mkfifo(base / "pipe")
    resolved, [problem] = resolve_secrets({"token": value}, "notifiers.chat", environ(base), base)
    assert resolved == {"token": ""}
    assert str(problem) == f"notifiers.chat.token: {message.format(base=base)}"


def test_without_systemd_a_credential_says_what_it_needs(base: Path) -> None:
    _, [problem] = resolve_secrets({"token": {"credential": "bot"}}, "notifiers.chat", {}, base)
    assert str(problem) == (
        "notifiers.chat.token: the credential bot needs $CREDENTIALS_DIRECTORY, which systemd sets "
        '(LoadCredential=bot:/path/to/file); without systemd write { file = "…" } or { env = "…" }'
    )


@pytest.mark.parametrize("secret", ["", " ", "\n"])
@pytest.mark.parametrize(
    "key", ["api_key", "client_secret", "token", "password", "X-Api-Key", "Authorization"]
)
def test_a_secret_that_is_empty_is_a_mistake(key: str, secret: str, base: Path) -> None:
    _, problems = resolve_secrets({"headers": {key: secret}, key: secret}, "carriers.x", {}, base)
    assert list(map(str, problems)) == [f"carriers.x.headers.{key}: is empty", f"carriers.x.{key}: is empty"]


@pytest.mark.parametrize("key", ["keyword", "path", "name", "monkey", "number"])
def test_any_other_text_may_be_empty(key: str, base: Path) -> None:
    assert resolve_secrets({key: ""}, "carriers.x", {}, base) == ({key: ""}, [])


def test_all_that_is_missing_is_told_at_once(base: Path) -> None:
    table = {"a": {"env": "ONE"}, "b": [{"env": "TOKEN"}, {"file": "gone"}]}
    resolved, problems = resolve_secrets(table, "notifiers.x", environ(base), base)
    assert resolved == {"a": "", "b": ["tk_env", ""]}
    assert [problem.key for problem in problems] == ["notifiers.x.a", "notifiers.x.b[1]"]
