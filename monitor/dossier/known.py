"""All that goes into a dossier: what is known of an order, gathered by whoever opens the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from monitor.core.drafts import Draft
from monitor.core.model import FileKind, TrackingEvent
from monitor.core.policy import Policy
from monitor.core.texts import Catalogue
from monitor.dossier.document import legible
from monitor.exhibits import Exhibits
from monitor.views import Journal, OrderView


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a source as it came. `shared`: it tells of parcels of other orders too."""

    source: str
    sha256: str
    first_seen_at: datetime
    last_seen_at: datetime
    body: bytes
    shared: bool

    @property
    def path(self) -> str:
        """Where it lies in the dossier."""
        kind = "json" if self.body.lstrip()[:1] in (b"{", b"[") else "txt"
        return f"tracking/{self.first_seen_at:%Y-%m-%d}-{self.source}-{self.sha256[:12]}.{kind}"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file of the buyer's: `original` in the evidence folder, `path` in the dossier (None: it is too large
    to be sent and stays where it is)."""

    original: str
    path: str | None
    kind: FileKind
    size: int
    known_since: datetime | None
    sha256: str | None
    shows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a dossier is made of; its words are those of `seen.texts`."""

    seen: OrderView
    events: Mapping[int, Sequence[TrackingEvent]]
    journal: Journal
    found: Exhibits
    exhibits: tuple[Exhibit, ...]
    answers: tuple[Answer, ...]
    drafts: tuple[Draft, ...]
    version: str

    @property
    def texts(self) -> Catalogue:
        """The language of the dossier."""
        return self.seen.texts

    @property
    def policy(self) -> Policy:
        """The rules of the order's marketplace."""
        return self.seen.situation.facts.policy

    def word(self, key: str, **values: object) -> str:
        """A word of a dossier."""
        text = self.texts.dossier[key]
        return text.format(**values) if values else text

    def day(self, day: date | None) -> str:
        """A day that nobody anywhere can read as another one: `3 May 2026`."""
        if day is None:
            return ""
        drafts = self.texts.drafts
        return drafts.phrases["day"].format(day=day.day, month=drafts.months[day.month - 1], year=day.year)

    def time(self, at: datetime | None) -> str:
        """An instant in the buyer's zone: `3 May 2026 14:05`."""
        if at is None:
            return ""
        local = at.astimezone(self.seen.zone)
        return f"{self.day(local.date())} {local:%H:%M}"


def exhibits_of(found: Exhibits) -> tuple[Exhibit, ...]:
    """The files in an order's folder, each with a path that every system takes."""
    taken: set[str] = set()
    told = []
    for reading in sorted(found.readings, key=lambda it: it.file.path):
        file, line = reading.file, found.lines.get(reading.file.path)
        told.append(
            Exhibit(
                original=file.path,
                path=None if reading.too_large else _free(f"evidence/{_portable(file.path)}", taken),
                kind=file.kind,
                size=file.size,
                known_since=None if line is None else line.known_since,
                sha256=None if line is None else line.sha256,
                shows=tuple(dict.fromkeys(item.words for item in reading.ticks)),
            )
        )
    return tuple(told)


#: What Windows does not take in a name.
_UNFIT = str.maketrans(dict.fromkeys('<>:"\\|?*', "_"))


def _portable(path: str) -> str:
    text = legible(path.encode(errors="surrogateescape").decode(errors="replace")).replace("\n", " ")
    return "/".join(part.translate(_UNFIT).strip(" .") or "_" for part in text.split("/"))


def _free(path: str, taken: set[str]) -> str:
    """A path that no other has, nor one that differs in capitals alone."""
    pure, number = PurePosixPath(path), 1
    while path.casefold() in taken:
        number += 1
        path = str(pure.with_name(f"{pure.stem}-{number}{pure.suffix}"))
    taken.add(path.casefold())
    return path


def draft_paths(drafts: Iterable[Draft]) -> list[str]:
    """Where the texts lie in the dossier, in their order."""
    return [f"texts/{number}-{it.kind.value}-{it.reason}.txt" for number, it in enumerate(drafts, start=1)]
