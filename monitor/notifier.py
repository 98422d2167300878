"""The contract for channels, and every type an adapter needs.

A channel is a frozen pydantic model of its own configuration table with one verb, `send`. It tries
once: the outbox owns every retry, limit and order. It runs in a thread of its own, so it may block.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.model import Severity
from monitor.errors import Failure, NotifierError

__all__ = ["Channel", "Failure", "Notification", "NotifierError", "Receipt", "Severity"]

Privacy = Literal["full", "short", "none"]


@dataclass(frozen=True, slots=True)
class Notification:
    """A message ready to go. Texts are plain: no markup, no control characters. `id` is the
    delivery's, the same in every attempt; `maybe_repeat` says that an earlier attempt may have
    arrived."""

    id: str
    title: str
    body: str
    severity: Severity
    rule: str = ""
    stage: str = ""
    order: str | None = None
    subject: str = ""
    maybe_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side's answer: its own id for the message, if it gives one, and its words."""

    provider_id: str | None = None
    detail: str = ""


class Channel(BaseModel):
    """Base of every notification channel."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    #: Whether a message sent twice shows only once on the phone.
    replaces_in_place: ClassVar[bool] = False
    #: Whether it only writes down (a log): it may get what nobody needs to be woken for.
    keeps_record: ClassVar[bool] = False

    adapter: str = Field(default="", description="which adapter sends; default: the table's name")
    min_severity: Severity = Field(
        default=Severity.NOTICE,
        description="the least that is sent here: info, notice, warning, urgent or critical",
    )
    timeout_seconds: float = Field(default=20.0, gt=0, le=120, description="seconds for one attempt in all")

    def send(self, notification: Notification) -> Receipt:
        """Hands `notification` to the other side, once. Raises NotifierError, nothing else."""
        raise TypeError(f"{type(self).__name__} does not define `send`")

    def describe(self) -> str:
        """Where messages go, without a secret: for `check` and `notify test`."""
        return self.adapter
