"""ntfy's HTTP interface (https://docs.ntfy.sh/publish/, https://docs.ntfy.sh/subscribe/api/): asking, and
what the answers mean.

An answer is one event as JSON, a subscription one event a line. Whatever else a 200 brings was not said
by ntfy. Topic and token are passwords: neither stands in any error.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from pydantic import SecretStr

from monitor.notifier import NotifierError

if TYPE_CHECKING:
    from notifiers._client import Answer

#: Limits in bytes of UTF-8. The server makes a file of a message of 4096, and takes twice that for the
#: whole JSON: this is what fits in even if every character of it has to be escaped.
MESSAGE_BYTES = 3000
TITLE_BYTES = 250

#: A server older than 2.16 knows no sequences: nothing was armed there, and nothing is cleared.
_UNKNOWN_THERE = frozenset({404, 405})


class Event(msgspec.Struct, frozen=True, gc=False):
    """What ntfy answers, and says in its streams. `time` is the server's own, in Unix seconds."""

    id: str
    event: str
    time: int
    message: str = ""
    sequence_id: str = ""


_READ = msgspec.json.Decoder(Event)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a server, and the token that opens it. Its methods raise NotifierError."""

    server: str
    name: SecretStr
    token: SecretStr | None

    def publish(self, content: Mapping[str, Any], seconds: float) -> Event:
        """What the server says that it has taken."""
        message = json.dumps({"topic": self.name.get_secret_value(), **content}, ensure_ascii=False)
        answer = self._ask("POST", "", seconds, body=message.encode(errors="replace"))
        taken = next(_events(answer.body + b"\n"), None)
        if taken is None or taken.event != "message":
            raise self._somebody_else(answer)
        return taken

    def delete(self, sequence: str, seconds: float) -> None:
        """Has what was said, or armed for later, under a sequence deleted."""
        self._tell("DELETE", sequence, seconds)

    def clear(self, sequence: str, seconds: float) -> None:
        """Has what was said under a sequence marked as read."""
        self._tell("PUT", f"{sequence}/clear", seconds)

    def said_since(self, since: str | None, seconds: float) -> tuple[Sequence[str], str]:
        """The messages after `since` (None: from now on), and since when to ask next. Waits up to
        `seconds` for the first."""
        query = f"?{urlencode({'since': since})}" if since else ""
        path = f"{self.name.get_secret_value()}/json{query}"
        answer = self._ask("GET", path, seconds, enough=_has_message)
        said: list[str] = []
        opened = False
        for event in _events(answer.body):
            match event.event:
                case "open":
                    opened, since = True, since or str(event.time)
                case "message":
                    since = event.id
                    said.append(event.message)
        if since is None or not opened:
            raise self._somebody_else(answer)
        return said, since

    def _tell(self, method: str, path: str, seconds: float) -> None:
        """Asks for something about one sequence; a server that does not know them has nothing to do."""
        path = f"{self.name.get_secret_value()}/{path}"
        answer = self._ask(method, path, seconds, fine=_UNKNOWN_THERE)
        if answer.status not in _UNKNOWN_THERE and not any(_events(answer.body + b"\n")):
            raise self._somebody_else(answer)

    def _ask(
        self,
        method: str,
        path: str,
        seconds: float,
        *,
        body: bytes | None = None,
        fine: Collection[int] = (),
        enough: Callable[[bytes], bool] | None = None,
    ) -> "Answer":
        from notifiers._client import call, verdict

        headers = authorization(self.token).items()
        url = f"{self.server}/{path}"
        answer = call(method, url, headers=headers, body=body, seconds=seconds, enough=enough)
        refused = verdict(answer)
        if refused and answer.status not in fine:
            raise refused.error(self.server)
        return answer

    def _somebody_else(self, answer: "Answer") -> NotifierError:
        from notifiers._client import somebody_else

        return somebody_else(answer).error(self.server)


def authorization(token: SecretStr | None) -> dict[str, str]:
    """The header that a token goes in; none without a token."""
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


def fitting(text: str) -> str:
    """As many whole lines as a message may have; of a first line that is too long, its beginning."""
    while len(text.encode(errors="replace")) > MESSAGE_BYTES and "\n" in text:
        text = text.rpartition("\n")[0]
    return cut(text, MESSAGE_BYTES)


def cut(text: str, size: int) -> str:
    """At most `size` bytes of UTF-8, and no half of a character."""
    return text.encode(errors="replace")[:size].decode(errors="ignore")


def _events(lines: bytes) -> Iterator[Event]:
    """The events among the whole lines; what is none is passed over."""
    for line in lines.split(b"\n")[:-1]:
        with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            yield _READ.decode(line)


def _has_message(lines: bytes) -> bool:
    return b'"event":"message"' in lines[: lines.rfind(b"\n") + 1]
