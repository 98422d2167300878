"""Looks at the evidence folders, and notes what lies in them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.evidence import (
    MARK,
    Digest,
    Found,
    Hasher,
    Look,
    folder_of,
    list_root,
    look_into,
    orders_by_folder,
)
from monitor.store import Store
from monitor.store.evidence import EvidenceNews

#: Bytes that a command reads for fingerprints while somebody waits for it.
COMMAND_BYTES = 64 * 2**20
#: As many as there are.
ALL_BYTES = 2**62


@dataclass(frozen=True, slots=True)
class Survey:
    """Where to look: the folders of orders, each with the files that are known there, and the orders whose
    folder is gone."""

    folders: Mapping[str, str]
    known: Mapping[str, Mapping[str, Found]]
    gone: tuple[str, ...]


def survey(store: Store, names: Sequence[str], *, only: str | None = None) -> Survey:
    """Where to look, if the root holds `names`; of the order `only`, if one is named."""
    odd_ids = store.evidence.odd_ids() if any(MARK in name for name in names) else ()
    by_folder = orders_by_folder(names, odd_ids)
    orders = store.evidence.orders_among(by_folder.values())
    folders = {order: name for name, order in by_folder.items() if order in orders and only in (None, order)}
    gone = [it for it in store.evidence.with_folder() if it not in folders and only in (None, it)]
    return Survey(folders, {order: store.evidence.known(order) for order in folders}, tuple(gone))


def look(root: Path, where: Survey) -> dict[str, Look | None]:
    """What is in each order's folder; None: it has none any more."""
    found: dict[str, Look | None] = dict.fromkeys(where.gone)
    for order, folder in where.folders.items():
        found[order] = look_into(root, folder, where.known[order])
    return found


def note(store: Store, found: Mapping[str, Look | None], now: datetime) -> dict[str, EvidenceNews]:
    """Notes it; to be called inside a transaction. Returns what is new, by order."""
    return {order: store.evidence.note(order, it, now) for order, it in found.items()}


def look_at_order(store: Store, root: Path, order: str, now: datetime, *, most_bytes: int) -> str | None:
    """Looks at the folder of one order now, and reads up to `most_bytes` of files whose fingerprints are not
    known. Returns why its root cannot be looked at (None: it can, or nobody has made it yet)."""
    names, trouble = list_root(root)
    if trouble is not None:
        return trouble if store.evidence.with_folder() or os.path.lexists(root) else None
    folder = folder_of(order)
    found = look(root, survey(store, [name for name in names if name == folder], only=order))
    if found:
        with store.atomic():
            note(store, found, now)
    if most_bytes:
        files = [file for file in store.evidence.unread() if file.folder == folder]
        note_digests(store, Hasher(root).read(files, most_bytes), now)
    return None


def note_digests(store: Store, digests: Iterable[Digest], now: datetime) -> None:
    """Notes fingerprints of files."""
    for digest in digests:
        store.evidence.read(digest.line, digest.sha256, now)
