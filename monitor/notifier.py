"""The contract for channels, and every type an adapter needs.

A channel is a frozen pydantic model of its own configuration table with one verb, `send`. It tries
once: the outbox owns every retry, limit and order. It runs in a thread of its own, so it may block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.model import Severity
from monitor.errors import Failure, NotifierError
from monitor.request import is_this_machine, place_of

__all__ = [
    "Action",
    "Channel",
    "Failure",
    "Notification",
    "NotifierError",
    "Pressed",
    "Privacy",
    "Receipt",
    "Severity",
    "is_this_machine",
    "place_of",
]

Privacy = Literal["full", "short", "none"]


@dataclass(frozen=True, slots=True)
class Action:
    """A button under a message: what it says, and the signed token that comes back when it is pressed.
    The token has at most 64 ASCII characters: that is all that Telegram carries."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed on a phone: its token, and where the channel finds the message again."""

    token: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """A message ready to go. Texts are plain: no markup, no control characters. `id` is the
    delivery's, the same in every attempt; `maybe_repeat` says that an earlier attempt may have
    arrived.

    `thread` is the same for all messages about one alert, so that a newer stage can take the place of
    an older one; `replaces` is the channel's own id of that older message, where there was one.
    `deadline` is a hard one: after it, nothing can be done; `last_call` is the body of a message that is
    shown shortly before it (empty: `body`). `link` opens the order,
    `link_label` says so on a button.
    """

    id: str
    title: str
    body: str
    severity: Severity
    rule: str = ""
    stage: str = ""
    order: str | None = None
    subject: str = ""
    maybe_repeat: bool = False
    thread: str = ""
    replaces: str | None = None
    deadline: datetime | None = None
    last_call: str = ""
    link: str | None = None
    link_label: str = "Open order"
    actions: tuple[Action, ...] = ()


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

    #: What must be set on the other side so that it is heard and seen: told by `notify test`.
    depends_on: ClassVar[str] = ""

    @property
    def listens(self) -> bool:
        """Whether buttons can be pressed under its messages, and `listen` hears of them."""
        return False

    adapter: str = Field(default="", description="which adapter sends; default: the table's name")
    min_severity: Severity = Field(
        default=Severity.NOTICE,
        description="the least that is sent here: info, notice, warning, urgent or critical",
    )
    privacy: Privacy | None = Field(
        default=None,
        description="what is sent here: full, short (no order number, tracking number, address or price) or"
        " none (only that there is something to see); default: as in [alerts]",
        json_schema_extra={"example": "short"},
    )
    timeout_seconds: float = Field(default=20.0, gt=0, le=120, description="seconds for one attempt in all")

    def send(self, notification: Notification) -> Receipt:
        """Hands `notification` to the other side, once. Raises NotifierError, nothing else."""
        raise TypeError(f"{type(self).__name__} does not define `send`")

    def withdraw(self, thread: str, message: str | None) -> None:
        """The alert is over: takes back what was armed for later on the other side, and marks what
        stands on the phone as done, as far as the channel can. Raises NotifierError, nothing else."""

    def listen(self, since: str | None) -> tuple[Sequence[Pressed], str | None]:
        """Waits up to `timeout_seconds` for buttons pressed after `since` (None: from now on), and says
        from where to listen next. Only of a channel that `listens`. Raises NotifierError."""
        raise TypeError(f"{type(self).__name__} does not listen")

    def confirm(self, pressed: Pressed, text: str) -> None:
        """Shows on the phone that a button was understood. Raises NotifierError."""

    def describe(self) -> str:
        """Where messages go, without a secret: for `check` and `notify test`."""
        return self.adapter
