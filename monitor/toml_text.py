"""Values as they are written in TOML."""

import json
from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from typing import Any


def toml_text(value: Any) -> str:
    """`value` as it is written in TOML, on one line."""
    match value:
        case Enum():
            return toml_text(value.value)
        case time():
            return toml_text(value.isoformat("minutes"))
        case date():
            return value.isoformat()
        case list() | tuple() | set() | frozenset():
            return f"[{', '.join(toml_text(inner) for inner in value)}]"
        case Mapping():
            inside = ", ".join(f"{_bare(str(name))} = {toml_text(inner)}" for name, inner in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case bool() | int() | float():
            return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False)


def _bare(name: str) -> str:
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if plain else json.dumps(name, ensure_ascii=False)
