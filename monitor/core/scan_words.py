"""Stub until the real one is written."""

from dataclasses import dataclass

from monitor.core.model import ShipmentStatus


@dataclass(frozen=True, slots=True)
class Said:
    status: ShipmentStatus
    words: str


def what_words_say(text: str) -> Said | None:
    return None
