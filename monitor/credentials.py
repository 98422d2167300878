"""Secrets that are kept elsewhere: `{ env = "…" }`, `{ file = "…" }`, `{ credential = "…" }`.

A value of that shape, anywhere in an adapter's table, is replaced by the text it points to. Errors
name the key and where was looked, never what was found.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.config_file import absolute
from monitor.errors import Problem

KINDS = ("env", "file", "credential")
_SIZE_LIMIT = 64 * 1024
# What can only be a name: a key that was written where its name belongs must not be shown.
_SURELY_A_NAME = re.compile("[A-Z][A-Z0-9]{0,15}(?:_[A-Z0-9]{1,15})*")
#: Keys under which nothing but a secret stands.
_SECRET_KEY = re.compile(r".*\.(?:.*[_-])?(?:key|secret|token|password|authorization)", re.IGNORECASE)


def resolve_secrets(
    table: Mapping[str, Any], key: str, environ: Mapping[str, str], base: Path
) -> tuple[dict[str, Any], list[Problem]]:
    """`table`, which stands at `key`, with its secrets fetched; a file is counted from `base`.

    A secret that is empty, not there or cannot be used is a problem, and empty.
    """
    found: list[Problem] = []

    def fetched(value: Any, key: str) -> Any:
        if isinstance(value, list):
            return [fetched(inner, f"{key}[{index}]") for index, inner in enumerate(value)]
        if _is_empty_secret(key, value):
            found.append(Problem("is empty", key))
        if not isinstance(value, Mapping):
            return value
        if not points_elsewhere(value):
            return {name: fetched(inner, f"{key}.{name}") for name, inner in value.items()}
        try:
            return _fetch(value, environ, base)
        except ValueError as error:
            found.append(Problem(str(error), key))
            return ""

    return {name: fetched(value, f"{key}.{name}") for name, value in table.items()}, found


def points_elsewhere(value: Mapping[str, Any]) -> bool:
    """Whether a table says where a secret is, and nothing else."""
    return bool(value) and set(value) <= set(KINDS)


def _is_empty_secret(key: str, value: object) -> bool:
    return isinstance(value, str) and not value.strip() and _SECRET_KEY.fullmatch(key) is not None


def _fetch(pointer: Mapping[str, Any], environ: Mapping[str, str], base: Path) -> str:
    if len(pointer) > 1:
        raise ValueError(f"must have only one of {', '.join(KINDS)}")
    [(kind, name)] = pointer.items()
    if not isinstance(name, str) or not name:
        raise ValueError(f"{kind} must be text, the name of what holds the secret")
    if kind == "env":
        return _from_variable(name, environ)
    if kind == "file":
        return _from_file(absolute(name, base))
    return _from_file(_credential(name, environ))


def _from_variable(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ and not _SURELY_A_NAME.fullmatch(name):
        raise ValueError("env must be the name of an environment variable, and there is none of this name")
    if name not in environ:
        raise ValueError(f"there is no environment variable {name}")
    return _text(environ[name], f"the environment variable {name}")


def _credential(name: str, environ: Mapping[str, str]) -> Path:
    if "/" in name or name in (".", ".."):
        raise ValueError("credential must be a name, not a path; for a path there is { file = … }")
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise ValueError(
            f"the credential {name} needs $CREDENTIALS_DIRECTORY, which systemd sets "
            f'(LoadCredential={name}:/path/to/file); without systemd write {{ file = "…" }} or '
            f'{{ env = "…" }}'
        )
    return Path(folder) / name


def _from_file(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise ValueError(f"{path} is not a file")
        with path.open("rb") as file:
            raw = file.read(_SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise ValueError(f"there is no file {path}") from None
    except OSError as error:
        raise ValueError(f"the file {path} cannot be read: {error.strerror}") from None
    if len(raw) > _SIZE_LIMIT:
        raise ValueError(f"the file {path} is larger than 64 kB, so hardly a secret")
    try:
        return _text(raw.decode("utf-8-sig"), f"the file {path}")
    except UnicodeDecodeError:
        raise ValueError(f"the file {path} is not UTF-8 text") from None


def _text(secret: str, where: str) -> str:
    """Without the line end that editors and `echo` leave behind."""
    secret = secret.rstrip("\r\n")
    if not secret.strip():
        raise ValueError(f"{where} is empty")
    return secret
