"""The files that the story leaves behind, as shops, carriers and the buyer would write them."""

import json
from pathlib import Path

from monitor.demo.story import ZONE, Bought, Happened, Purchase, Recorded, Scanned, Sent, Step

CONFIG = f"""\
timezone = "{ZONE.key}"
orders = ["orders.toml"]
database = "orderwatch.db"

[carriers.files]
path = "tracking"
"""
CONFIG_NAME, _ORDERS_NAME, _TRACKING_NAME = "orderwatch.toml", "orders.toml", "tracking"


class World:
    """A folder with a configuration, an order file and tracking files, which change step by step."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, str] = {}
        self._events: dict[str, list[dict[str, object]]] = {}
        (folder / CONFIG_NAME).write_text(CONFIG, encoding="utf-8")
        (folder / _TRACKING_NAME).mkdir()
        self._write_orders()

    def take(self, step: Step) -> None:
        """Writes down what a step leaves in files; the journal is not one of them."""
        match step:
            case Bought(order=order):
                self._rows[order.id] = _row(order)
                self._write_orders()
            case Sent(order=order, row=row):
                self._rows[order.id] += f"{row}\n"
                self._write_orders()
            case Scanned(order=order):
                self._events.setdefault(order.number, []).append(_event(step))
                self._write_tracking(order.number)
            case Happened() | Recorded():
                pass

    def _write_orders(self) -> None:
        text = "\n".join(self._rows.values())
        (self._folder / _ORDERS_NAME).write_text(text, encoding="utf-8")

    def _write_tracking(self, number: str) -> None:
        told = {"number": number, "events": self._events[number]}
        file = self._folder / _TRACKING_NAME / f"{number}.json"
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _row(order: Purchase) -> str:
    return f"""\
[[orders]]
id = "{order.id}"
title = "{order.title}"
price = "{order.price}"
parcels = ["{order.number}"]
deliver_to = {{ country = "ES", city = "Madrid", postal_code = "28013" }}
{order.row}
"""


def _event(scan: Scanned) -> dict[str, object]:
    place = {"city": scan.place.city, "postal_code": scan.place.postal_code, "country": scan.place.country}
    return {
        "at": scan.at.isoformat(),
        "status": scan.status.value,
        "description": scan.description,
        "place": {key: value for key, value in place.items() if value},
    }
