"""What is said, as data: one file per language, all with the same keys."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message, in templates of `str.format`.

    `title` says what, before the name of the order. `first` is the first line: how long, how much,
    what to do by when, with ` · ` between. `body` are the lines below, the most important first; lines that
    turn out empty are left out. The placeholders are the words of `monitor.core.words`.
    """

    title: str
    first: str
    body: str
