"""All that the database knows of orders, as one JSON document that is made piece by piece."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from textwrap import indent

import msgspec

from monitor.history_json import (
    answer_json,
    calendar_json,
    evidence_json,
    journal_json,
    known_json,
    notice_json,
    parcel_json,
    told_json,
)
from monitor.store.archive import Archive
from monitor.views import Json, time_json

#: Orders that are read and told in one go: what is held in memory.
SLICE = 50


@dataclass(frozen=True, slots=True)
class Export:
    """What to tell: of one order or of all, as of `now`, in the user's zone, and whether with the bodies of
    the sources' answers."""

    archive: Archive
    zone: tzinfo
    now: datetime
    order: str | None = None
    bodies: bool = False

    def pieces(self) -> Iterator[str]:
        """The document, to be written one piece behind the other. Raises StoreError."""
        yield f'{{\n  "exported_at": "{time_json(self.now, self.zone)}",\n  "orders": ['
        yield from _listed(self._orders())
        yield '],\n  "answers": ['
        answers = self.archive.answers(self.order, bodies=self.bodies)
        yield from _listed(answer_json(answer, self.zone) for answer in answers)
        yield "]\n}\n"
        self.archive.check()

    def _orders(self) -> Iterator[Json]:
        wanted = self.archive.ids() if self.order is None else [self.order]
        for start in range(0, len(wanted), SLICE):
            yield from self._slice(wanted[start : start + SLICE])

    def _slice(self, ids: Sequence[str]) -> Iterator[Json]:
        archive, zone, records = self.archive, self.zone, self.archive.orders.load(ids)
        parcels = [parcel.id for record in records for parcel in record.parcels]
        kept, events, answers = (
            archive.kept(ids),
            archive.parcels.events(parcels),
            archive.answers_about(parcels),
        )
        replies = archive.replies([alert.id for record in records for alert in record.alerts.values()])
        notices, calendar = archive.notices(ids), archive.calendar.known(ids)
        for record in records:
            id_, alerts = record.order.id, sorted(record.alerts.values(), key=lambda alert: alert.id)
            yield {
                **known_json(record, kept[id_], self.now, zone),
                "parcels": [
                    parcel_json(parcel, events[parcel.id], answers.get(parcel.id, ()), zone)
                    for parcel in record.parcels
                ],
                "journal": journal_json(archive.orders.journal(id_), zone),
                "alerts": [told_json(alert, replies, zone) for alert in alerts],
                "notices": [notice_json(notice, zone) for notice in notices if notice.order == id_],
                "calendar": [calendar_json(entry, zone) for _, entry in sorted(calendar[id_].items())],
                "evidence": [evidence_json(line, zone) for line in archive.evidence.lines(id_)],
            }


def _listed(values: Iterable[Json]) -> Iterator[str]:
    """The members of a list, each a piece."""
    mark = ""
    for value in values:
        written = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
        yield f"{mark}\n{indent(written, '    ')}"
        mark = ","
    if mark:
        yield "\n  "
