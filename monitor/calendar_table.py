"""The table [calendar] of the configuration: where deadlines are published for calendar programs."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from monitor.notifier import Privacy


def _file(value: Any) -> Any:
    if value is not None and (not isinstance(value, str | Path) or not str(value)):
        raise ValueError("must be the path of a file")
    return value


class CalendarTable(BaseModel):
    """The table [calendar]."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    path: Annotated[Path | None, BeforeValidator(_file)] = Field(
        default=None,
        description="the file that the service keeps up to date, in a folder that is there; nothing else"
        " writes it. Default: none",
        json_schema_extra={"example": "deadlines.ics"},
    )
    privacy: Privacy | None = Field(
        default=None,
        description="what it shows: full, short (no order number, tracking number or price) or none (only"
        " that there is something to do); default: that of [alerts]",
        json_schema_extra={"example": "short"},
    )
