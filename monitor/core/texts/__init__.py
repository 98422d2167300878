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
class Complaint:
    """A reason for a dispute in the buyer's words: `title` names it in a list; `defect` says what is wrong,
    `facts` what is known of it, `ask` what the seller can do before a dispute is opened. All but the
    title are templates of sentences, as `DraftTexts` explains."""

    title: str
    defect: str
    facts: str
    ask: str


@dataclass(frozen=True, slots=True)
class DraftTexts:
    """The texts that a buyer can send (`monitor.core.drafts`).

    A template holds one sentence a line, and paragraphs with an empty line between. A sentence is said if
    all its `{words}` (`monitor.core.drafts.words`) are known; one that begins with `| ` only if the one
    before it was not. `asks` are words that only the buyer can know: they stand in brackets until they
    are filled in. `letters` are whole texts by kind and `titles` their names; `reasons` and `proposals`
    are pieces of them. `evidence` names what can be attached, by its id; `why` says why a text fits now,
    by the rule that tells. `heading` stands above a text that is not to be sent.
    """

    heading: str
    months: tuple[str, ...]
    titles: Mapping[str, str]
    letters: Mapping[str, str]
    reasons: Mapping[str, Complaint]
    proposals: Mapping[str, str]
    asks: Mapping[str, str]
    evidence: Mapping[str, str]
    why: Mapping[str, str]
    phrases: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is said in one language; `monitor.core.texts.languages` has them all.

    `texts` are messages about orders, `service` those about sources, channels and policies; `ends` and
    `service_ends` say that what they had said is over. `statuses` and `phrases` are pieces of messages;
    `counted` is one and many of what is counted. `decimal` stands before the cents of an amount, `signs`
    are written for currencies that have one. `buttons` stand under messages, `replies` are what a phone
    shows when one was pressed. `calendar` is what a calendar shows of deadlines, by what ends; `why`, where
    their days come from. `drafts` are what the buyer can send, `advice` is what is said of a proposal
    (`monitor.core.advice`), `recorded` is what is answered to what was recorded (`monitor.core.recorded`).
    `dossier` are the words of a dossier.
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
    drafts: DraftTexts
    advice: Mapping[str, str]
    dossier: Mapping[str, str]
    recorded: Mapping[str, str]
