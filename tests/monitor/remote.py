"""A phone with buttons under its messages, and a person who presses them."""

from collections.abc import Sequence
from threading import Condition

from pydantic import PrivateAttr

from monitor.listening import listen_briefly
from monitor.notifier import Notification, Pressed
from tests.monitor.stage import Phone, Stage


class Remote(Phone):
    """A phone whose buttons are heard: those that were pressed after `since` come back, and what was
    answered is kept."""

    timeout_seconds: float = 0.05

    _pressed: list[str] = PrivateAttr(default_factory=list)
    _shown: list[str] = PrivateAttr(default_factory=list)
    _news: Condition = PrivateAttr(default_factory=Condition)
    _troubles: list[Exception] = PrivateAttr(default_factory=list)

    @property
    def listens(self) -> bool:
        return True

    @property
    def shown(self) -> list[str]:
        """What it showed after buttons were pressed."""
        return self._shown

    @property
    def troubles(self) -> list[Exception]:
        """What `listen` raises next, one a time."""
        return self._troubles

    def labels(self, number: int = -1) -> list[str]:
        """The buttons under a message."""
        return [action.label for action in self.inbox[number].actions]

    def carries(self, label: str, number: int = -1) -> str:
        """What a button under a message carries."""
        return token_of(self.inbox[number], label)

    def press(self, token: str) -> None:
        """Presses a button, which is heard of later."""
        with self._news:
            self._pressed.append(token)
            self._news.notify_all()

    def listen(self, since: str | None) -> tuple[Sequence[Pressed], str | None]:
        if self._troubles:
            raise self._troubles.pop(0)
        with self._news:
            start = len(self._pressed) if since is None else int(since)
            if since is not None:
                self._news.wait_for(lambda: len(self._pressed) > start, self.timeout_seconds)
            heard = [
                Pressed(token, message=str(index)) for index, token in enumerate(self._pressed[start:], start)
            ]
            return heard, str(len(self._pressed))

    def confirm(self, pressed: Pressed, text: str) -> None:
        self._act(Notification("", text, "", self.min_severity))
        self._shown.append(text)


def token_of(notification: Notification, label: str) -> str:
    """What a button under a message carries."""
    (token,) = (action.token for action in notification.actions if action.label == label)
    return token


async def hear(stage: Stage) -> None:
    """Takes what was pressed on all phones of a stage until now."""
    await listen_briefly(stage.couriers, stage.database, stage.runtime, lambda: stage.now)
