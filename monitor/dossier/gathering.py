"""The sources' answers about an order, from the database as it is."""

from pathlib import Path

from monitor.dossier.known import Answer
from monitor.store.archive import Archive
from monitor.store.rows import instant


def answers_about(database: Path, order: str) -> tuple[Answer, ...]:
    """Every answer that told of a parcel of an order, in the order in which they came. Raises StoreError."""
    with Archive(database) as archive:
        return tuple(
            Answer(
                source=kept.source,
                sha256=kept.hash.hex(),
                first_seen_at=instant(kept.first_seen_at),
                last_seen_at=instant(kept.last_seen_at),
                body=kept.body or b"",
                shared=kept.of_others,
            )
            for kept in archive.answers(order, bodies=True)
        )
