"""`config.example.toml`, written from the descriptions of the settings and of the adapters' tables.

Every key is there, with what it means and what it is when left out. A comment starts with "# ", a
key that is commented out with "#" alone: without that sign it is a configuration that loads.
"""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from monitor.carrier import Source
from monitor.notifier import Channel
from monitor.settings import Settings
from monitor.toml_text import toml_text

_WIDTH = 88
_HEAD = """\
The configuration of orderwatch: every key, what it means, what it is when left out.

Remove the "#" in front of a key, and of the [table] it belongs to, to set it. Then ask
`orderwatch check` what it thinks of it. The file is looked for as --config FILE,
$ORDERWATCH_CONFIG, ./orderwatch.toml, orderwatch/orderwatch.toml in your configuration
folder, /etc/orderwatch/orderwatch.toml. Relative paths, also every `path` in an adapter's
table, are counted from the folder this file is in.

Any key can come from the environment instead: ORDERWATCH_TIMEZONE="Europe/Madrid",
ORDERWATCH_CARRIERS__SEVENTEENTRACK__API_KEY=…; lists and tables as JSON. It beats this file."""
_SECRETS = """\
Tokens, keys and passwords need not stand here. Instead of its text, any value below can say
where the text is: { env = "NAME" } in a variable, { file = "PATH" } in a file,
{ credential = "NAME" } among systemd's credentials (LoadCredential=NAME:PATH)."""
_BY_HAND = ("carriers", "notifiers", "alerts", "calendar", "policies")


def example_config(carriers: Mapping[str, type[BaseModel]], notifiers: Mapping[str, type[BaseModel]]) -> str:
    """The text of the example, with a table for each of these adapters (by name, in this order)."""
    fields = Settings.model_fields
    blocks = [
        _prose(_HEAD),
        *(_key(name, field, _example(field)) for name, field in fields.items() if name not in _BY_HAND),
        _prose(_SECRETS),
        *_adapters("carriers", fields["carriers"], carriers, Source),
        *_adapters("notifiers", fields["notifiers"], notifiers, Channel),
        *_table("alerts", fields["alerts"]),
        *_table("calendar", fields["calendar"]),
        *_policies(fields["policies"]),
    ]
    return "\n\n".join(blocks) + "\n"


def _adapters(
    kind: str, field: FieldInfo, adapters: Mapping[str, type[BaseModel]], common: type[BaseModel]
) -> Iterator[str]:
    """The tables of one kind. What every adapter takes is explained in the first one only."""
    yield _prose(_sentence(field.description))
    for index, (name, model) in enumerate(adapters.items()):
        own = {
            key: inner
            for key, inner in model.model_fields.items()
            if index == 0 or key not in common.model_fields or _differs(inner, common.model_fields[key])
        }
        title = _prose(_sentence(" ".join((model.__doc__ or name).split("\n\n")[0].split())))
        yield "\n".join([title, f"#[{kind}.{name}]", *_keys(own, f"{kind}.{name}")])


def _differs(field: FieldInfo, common: FieldInfo) -> bool:
    return (field.description, field.get_default()) != (common.description, common.get_default())


def _keys(fields: Mapping[str, FieldInfo], table: str) -> Iterator[str]:
    """The keys that have to be set first, then the others, then the tables inside."""
    plain = {name: field for name, field in fields.items() if _model(field) is None}
    for name, field in sorted(plain.items(), key=lambda item: not item[1].is_required()):
        value = table.rpartition(".")[2] if name == "adapter" else _example(field)
        yield _key(name, field, value)
    for name, field in fields.items():
        if model := _model(field):
            yield ""
            yield _prose(_sentence(field.description))
            yield f"#[{table}.{name}]"
            yield from _keys(model.model_fields, f"{table}.{name}")


def _model(field: FieldInfo) -> type[BaseModel] | None:
    """The model of the table that a field holds, if it is one, and not a list of them."""
    if get_origin(field.annotation) is list:
        return None
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _table(name: str, field: FieldInfo) -> Iterator[str]:
    # This header is no comment: an empty table is fine, and uncommenting a key below it works.
    keys = _keys(type(field.default).model_fields, name)
    yield "\n".join([_prose(_sentence(field.description)), f"[{name}]", *keys])


def _policies(field: FieldInfo) -> Iterator[str]:
    lines = [_prose(_sentence(field.description))]
    for name, numbers in _example(field).items():
        lines += [f"#[policies.{name}]", *(f"#{key} = {toml_text(value)}" for key, value in numbers.items())]
    yield "\n".join(lines)


def _key(name: str, field: FieldInfo, value: Any) -> str:
    text = field.description or ""
    text = f"required: {text}" if field.is_required() else text
    return f"{_prose(_sentence(text))}\n#{name} = {toml_text(value)}"


def _example(field: FieldInfo) -> Any:
    """What a key is shown as: its example, else its default."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "example" in extra:
        return extra["example"]
    default = field.get_default(call_default_factory=True, validated_data={})
    return "…" if default is None or default is PydanticUndefined else default


def _prose(text: str) -> str:
    """`text` as comments; its own paragraphs stay apart."""
    lines = [
        line
        for paragraph in text.split("\n\n")
        for line in (
            "",
            *textwrap.wrap(paragraph, _WIDTH - 2, break_long_words=False, break_on_hyphens=False),
        )
    ]
    return "\n".join(f"# {line}".rstrip() for line in lines[1:])


def _sentence(text: str | None) -> str:
    text = (text or "").rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""
