"""What pydantic finds wrong with a table, told to the person who wrote the table.

Pydantic speaks of inputs, models and union branches, and quotes what it was given. People know
keys and values, and what they wrote may be a secret: here a mistake keeps its place, its reason
and what is allowed instead, and loses the value.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from monitor.errors import Problem
from monitor.toml_text import toml_text

_WORDS = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a table",
    "mapping_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "date_type": "must be a date such as 2026-10-01",
    "date_parsing": "must be a date such as 2026-10-01",
    "date_from_datetime_parsing": "must be a date such as 2026-10-01",
    "time_type": "must be a time such as 09:00",
    "time_parsing": "must be a time such as 09:00",
    "enum": "is not one of the allowed words",
    "literal_error": "is not one of the allowed words",
    "union_tag_invalid": "is of an unknown kind",
    "union_tag_not_found": "does not say of which kind it is",
}
#: The type of a PydanticCustomError whose words may be shown as they are: a suggestion may well be
#: near what was given, and would be taken out.
OUR_WORDS = "our_words"
_CHOICES = ("enum", "literal_error")
_KEY_MARK = "[key]"


def problems_from(error: ValidationError, prefix: str, model: type[BaseModel]) -> tuple[Problem, ...]:
    """One Problem per mistake in a table that should have been a `model`, in the table's order.

    `prefix` is where the table stands (`carriers.mypost`; empty for the whole file). Unknown keys
    come with the nearest known one. No message holds a value that was given.
    """
    found: dict[str, Problem] = {}
    for details in error.errors(include_url=False):
        problem = _problem(details, prefix, model)
        # A union complains once per branch about one key: these are one mistake.
        earlier = found.get(problem.key or "")
        found[problem.key or ""] = _either(earlier, problem) if earlier else problem
    return tuple(found.values())


def _problem(details: ErrorDetails, prefix: str, model: type[BaseModel]) -> Problem:
    *above, last = _steps(details["loc"], model) or [("", (model,))]
    name, holders = last
    key = _join(prefix, [str(part) for part, _ in above] + [str(name)])
    if details["type"] == "extra_forbidden":
        return _unknown_key(key, str(name), [known for holder in holders for known in _keys_of(holder)])
    if details["loc"] and details["loc"][-1] == _KEY_MARK and details["type"] in _CHOICES:
        return _unknown_key(key, str(name), re.findall(r"'([^']*)'", _expected(details)))
    if details["type"] == "missing":
        return Problem(_missing(str(name), holders), key)
    return Problem(_message(details), key or None, allowed=_allowed(details))


def _missing(name: str, holders: tuple[Any, ...]) -> str:
    """What a key that is not there is for, as far as its field tells, and how it is written."""
    field = next((field for holder in holders for field in _fields_called(name, holder)), FieldInfo())
    what = f": {field.description}" if field.description else ""
    extra = field.json_schema_extra
    example = extra.get("example") if isinstance(extra, dict) else None
    if example is None:
        return f"is missing{what}"
    return f"is missing{what}; for example {name} = {toml_text(_kept_in_a_file(example))}"


def _kept_in_a_file(example: Any) -> Any:
    """A secret as it is kept where there is no systemd, whose credentials examples name."""
    match example:
        case {"credential": str(name)}:
            return {"file": f"{name}.key"}
    return example


def _fields_called(name: str, kind: Any) -> Iterator[FieldInfo]:
    """The fields of a model that are written as `name`."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from (field for key, field in kind.model_fields.items() if name in (key, field.alias))


def _steps(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[tuple[int | str, tuple[Any, ...]]]:
    """The parts of `loc` that the user wrote, each with the types of the table or list it is in.

    Below a union pydantic puts in the name of the branch it tried, which the user never wrote.
    """
    steps: list[tuple[int | str, tuple[Any, ...]]] = []
    types: tuple[Any, ...] = (model,)
    for part in loc:
        if part == _KEY_MARK:
            continue
        if len(types) == 1 and len(branches := tuple(_branches(types[0]))) > 1:
            types = tuple(branch for branch in branches if _is_called(branch, part)) or branches
            continue
        types = tuple(branch for kind in types for branch in _branches(kind))
        steps.append((part, types))
        types = tuple(inner for kind in types for inner in _inside(kind, part))
    return steps


def _branches(kind: Any) -> Iterator[Any]:
    """The types a value of `kind` may have, None left out."""
    kind = getattr(kind, "__value__", kind)
    if get_origin(kind) is Annotated:
        yield from _branches(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for branch in get_args(kind):
            yield from _branches(branch)
    elif kind is not NoneType:
        yield kind


def _is_called(kind: Any, label: int | str) -> bool:
    """Whether pydantic labels the branch `kind` of a union so: by a model's name or its tag."""
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return False
    return kind.__name__ == label or any(
        label in get_args(field.annotation) for field in kind.model_fields.values()
    )


def _inside(kind: Any, part: int | str) -> Iterator[Any]:
    """The type of what is found under `part` in a value of `kind`, where that can be told."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from (field.annotation for field in _fields_called(str(part), kind))
        return
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    if isinstance(part, int) and part < len(arguments):
        yield arguments[part]
    elif arguments:
        yield arguments[-1]


def _keys_of(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []


def _join(prefix: str, parts: list[str]) -> str:
    """`alerts` and tiers, 0, 1 as `alerts.tiers[0][1]`."""
    path = prefix
    for part in parts:
        path += f"[{part}]" if part.isdigit() and path else f".{part}" if path and part else part
    return path


def _unknown_key(key: str, name: str, known: list[str]) -> Problem:
    near = get_close_matches(name, known, n=1)
    message = f"unknown key; did you mean {near[0]}?" if near else "unknown key"
    return Problem(message, key, allowed=", ".join(known) or None)


def _message(details: ErrorDetails) -> str:
    if words := _WORDS.get(details["type"]):
        return words
    if details["type"] == OUR_WORDS:
        return details["msg"]
    text = details["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    for theirs in ("Input should", "String should", "Value should"):
        text = text.replace(theirs, "must", 1)
    return _without(details["input"], text)


def _without(given: object, text: str) -> str:
    """`text` with everything that was given taken out of it (three letters are nobody's secret)."""
    if isinstance(given, SecretStr | SecretBytes):
        given = given.get_secret_value()
    if isinstance(given, Mapping):
        for value in given.values():
            text = _without(value, text)
    elif isinstance(given, list | tuple):
        for value in given:
            text = _without(value, text)
    elif isinstance(given, str | bytes) and len(given) > 3:
        quoted = repr(given)[1:-1]
        text = re.sub(rf"(?<!\w)(?:{re.escape(str(given))}|{re.escape(quoted)})(?!\w)", "…", text)
    return text


def _expected(details: ErrorDetails) -> str:
    return str(details.get("ctx", {}).get("expected", ""))


def _allowed(details: ErrorDetails) -> str | None:
    if details["type"] in _CHOICES:
        return _expected(details).replace("'", "").replace(" or ", ", ") or None
    if details["type"] == "union_tag_invalid":
        return str(details.get("ctx", {}).get("expected_tags", "")).replace("'", "") or None
    return None


def _either(one: Problem, other: Problem) -> Problem:
    """Two complaints about one key as one: what would satisfy either."""
    if other.message in one.message:
        return one
    message = f"{one.message} or {other.message.removeprefix('must be ')}"
    return Problem(message, one.key, allowed=one.allowed or other.allowed)
