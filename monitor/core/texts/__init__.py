"""What is said, as data: one file per language, all with the same keys."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is said in one language; `monitor.core.texts.languages` has them all.

    `texts` are messages about orders, `service` those about sources, channels and policies; `ends` and
    `service_ends` say that what they had said is over. `statuses` and `phrases` are pieces of messages;
    `counted` is one and many of what is counted. `decimal` stands before the cents of an amount, `signs`
    are written for currencies that have one. `buttons` stand under messages, `replies` are what a phone
    shows when one was pressed. `calendar` is what a calendar shows of deadlines, by what ends; `why`, where
    their days come from.
    """

    language: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    decimal: str
    signs: Mapping[str, str]
    counted: Mapping[str, tuple[str, str]]
    texts: Mapping[str, Text]
    service: Mapping[str, Text]
    ends: Mapping[str, Text]
    service_ends: Mapping[str, Text]
    statuses: Mapping[str, str]
    phrases: Mapping[str, str]
    buttons: Mapping[str, str]
    replies: Mapping[str, str]
    speaking: Mapping[str, str]
    calendar: Mapping[str, Text]
    why: Mapping[str, str]
