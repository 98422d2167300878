"""What happens: five orders of a buyer in Madrid, in 90 days. Every time is the buyer's own.

Only the world is told here. What is said about it, and when, the rules decide.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.case import JournalEntry, Party, RecordEvent
from monitor.core.model import Place, ShipmentStatus

ZONE = ZoneInfo("Europe/Madrid")
START = datetime(2026, 5, 4, 9, tzinfo=ZONE)
END = START + timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order and its parcel; `row` is what else the buyer writes into orders.toml at first."""

    id: str
    title: str
    price: str
    number: str
    row: str


@dataclass(frozen=True, slots=True)
class Bought:
    """The buyer writes the order into orders.toml."""

    at: datetime
    order: Purchase


@dataclass(frozen=True, slots=True)
class Sent:
    """The seller hands the parcel over, and the buyer adds `row` to the order."""

    at: datetime
    order: Purchase
    row: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """The carrier scans the parcel: one more event in its tracking file."""

    at: datetime
    order: Purchase
    status: ShipmentStatus
    description: str
    place: Place


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that no file tells; orderwatch learns of it when the buyer records it, or never."""

    at: datetime
    order: Purchase
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The buyer records what they did or saw."""

    at: datetime
    order: Purchase
    entry: JournalEntry

    @property
    def command(self) -> str:
        """What the buyer types for it."""
        entry = self.entry
        given = {
            "reason": entry.reason,
            "due": entry.due and f"{entry.due.astimezone(ZONE):%Y-%m-%dT%H:%M}",
            "in-favour-of": entry.in_favour_of,
            "amount": entry.amount and f"'{entry.amount}'",
        }
        options = "".join(f" --{name} {text}" for name, text in given.items() if text)
        return f"orderwatch record {self.order.id[-4:]} {entry.event}{options}"


Step = Bought | Sent | Scanned | Happened | Recorded


def on(when: str) -> datetime:
    """`4 May 09:30`, in the year and the zone of the story."""
    return datetime.strptime(f"{START.year} {when}", "%Y %d %b %H:%M").replace(tzinfo=ZONE)


def bought(order: Purchase, when: str) -> Bought:
    return Bought(on(when), order)


def sent(order: Purchase, when: str, row: str) -> Sent:
    return Sent(on(when), order, row)


def scanned(order: Purchase, when: str, status: str, description: str, place: Place) -> Scanned:
    return Scanned(on(when), order, ShipmentStatus(status), description, place)


def happened(order: Purchase, when: str, who: str, what: str) -> Happened:
    return Happened(on(when), order, who, what)


def recorded(
    order: Purchase,
    when: str,
    event: RecordEvent,
    *,
    reason: str | None = None,
    due: str | None = None,
    in_favour_of: Party | None = None,
    amount: str | None = None,
    to: RecordEvent | None = None,
) -> Recorded:
    until = on(due).astimezone(UTC) if due else None
    entry = JournalEntry(event, on(when).astimezone(UTC), reason, until, in_favour_of, amount=amount, to=to)
    return Recorded(on(when), order, entry)


YIWU, SHENZHEN, GUANGZHOU = (Place(city, country="CN") for city in ("Yiwu", "Shenzhen", "Guangzhou"))
LIEGE = Place("Liège", country="BE")
MADRID_HUB = Place("Madrid", country="ES")
MADRID = Place("Madrid", "28013", country="ES")
VALENCIA = Place("Valencia", "46004", country="ES")

LAMP = Purchase(
    "8190000000001204",
    "Desk lamp",
    "36.50 EUR",
    "LP00410000001204",
    'seller = "Bright Home"\nordered_on = 2026-04-21\nshipped_on = 2026-04-23',
)
JACKET = Purchase(
    "8190000000002517",
    "Rain jacket",
    "64.00 EUR",
    "LP00410000002517",
    'seller = "North Trail"\nordered_on = 2026-04-18\nshipped_on = 2026-04-22\n'
    "estimated_delivery = 2026-05-22",
)
SHOES = Purchase(
    "8190000000003388",
    "Running shoes",
    "52.90 EUR",
    "LP00410000003388",
    'seller = "Quick Step"\nordered_on = 2026-04-27\nshipped_on = 2026-04-30',
)
LIGHT = Purchase(
    "8190000000004460",
    "Bike light",
    "18.75 EUR",
    "LP00410000004460",
    'seller = "Velo Parts"\nordered_on = 2026-05-06',
)
HUB = Purchase(
    "8190000000007731",
    "USB hub",
    "41.90 EUR",
    "LP00410000007731",
    'seller = "Hub Store"\nordered_on = 2026-05-22',
)

CUSTOMS_HOLD: tuple[Step, ...] = (
    bought(LAMP, "4 May 09:00"),
    scanned(LAMP, "24 Apr 16:20", "in_transit", "Accepted by the carrier", YIWU),
    scanned(LAMP, "5 May 07:10", "in_customs", "Arrived at customs", MADRID_HUB),
    scanned(LAMP, "6 May 12:40", "customs_hold", "Held: proof of payment needed", MADRID_HUB),
    happened(LAMP, "8 May 19:30", "you", "send customs the receipt"),
    scanned(LAMP, "12 May 10:05", "in_transit", "Released by customs", MADRID_HUB),
    scanned(LAMP, "15 May 08:20", "out_for_delivery", "Out for delivery", MADRID),
    scanned(LAMP, "15 May 14:10", "delivered", "Delivered", MADRID),
    recorded(LAMP, "15 May 20:15", RecordEvent.RECEIVED),
    recorded(LAMP, "16 May 11:00", RecordEvent.ALL_FINE),
)

LATE: tuple[Step, ...] = (
    bought(JACKET, "4 May 09:00"),
    scanned(JACKET, "24 Apr 21:40", "in_transit", "Accepted by the carrier", GUANGZHOU),
    scanned(JACKET, "3 May 03:15", "in_transit", "Left the country", GUANGZHOU),
    scanned(JACKET, "16 May 18:30", "in_transit", "Arrived at a sorting centre", LIEGE),
    happened(JACKET, "23 May 12:00", "you", "ask the seller: “Please wait.”"),
    recorded(JACKET, "24 May 20:15", RecordEvent.DISPUTE_OPENED, reason="not_received"),
    scanned(JACKET, "28 May 04:20", "in_transit", "Left the sorting centre", LIEGE),
    scanned(JACKET, "6 Jun 05:00", "in_transit", "Missent, sent back to sorting", LIEGE),
    happened(JACKET, "9 Jun 19:20", "AliExpress", "no answer from the seller: settled for you"),
    recorded(JACKET, "9 Jun 19:30", RecordEvent.REFUND_ISSUED, amount="64.00 EUR"),
    happened(JACKET, "19 Jun 08:00", "bank", "64.00 EUR has come back"),
    recorded(JACKET, "19 Jun 08:10", RecordEvent.REFUND_RECEIVED),
)

ELSEWHERE: tuple[Step, ...] = (
    bought(SHOES, "4 May 09:00"),
    scanned(SHOES, "1 May 19:00", "in_transit", "Accepted by the carrier", SHENZHEN),
    scanned(SHOES, "13 May 06:45", "in_transit", "Arrived in the country", MADRID_HUB),
    scanned(SHOES, "21 May 11:32", "delivered", "Delivered, left at the door", VALENCIA),
    happened(SHOES, "21 May 19:00", "you", "ask the neighbours: nothing there"),
    recorded(SHOES, "22 May 20:00", RecordEvent.DISPUTE_OPENED, reason="wrong_address"),
    happened(SHOES, "24 May 09:40", "seller", "agrees to a full refund"),
    recorded(SHOES, "24 May 20:20", RecordEvent.AGREED),
    happened(SHOES, "3 Jun 08:00", "bank", "52.90 EUR has come back"),
    recorded(SHOES, "3 Jun 08:10", RecordEvent.REFUND_RECEIVED),
)

NEARLY_OVER: tuple[Step, ...] = (
    bought(LIGHT, "6 May 21:10"),
    sent(LIGHT, "8 May 18:00", "shipped_on = 2026-05-08\nestimated_delivery = 2026-07-20"),
    scanned(LIGHT, "10 May 20:30", "in_transit", "Accepted by the carrier", SHENZHEN),
    scanned(LIGHT, "19 May 02:10", "in_transit", "Left the country", SHENZHEN),
    scanned(LIGHT, "1 Jun 15:00", "in_transit", "Arrived at a sorting centre", LIEGE),
    scanned(LIGHT, "13 Jun 15:00", "in_transit", "Left the sorting centre", LIEGE),
    scanned(LIGHT, "25 Jun 07:30", "in_transit", "Arrived in the country", MADRID_HUB),
    scanned(LIGHT, "5 Jul 10:00", "in_transit", "Waits for sorting", MADRID_HUB),
    recorded(LIGHT, "7 Jul 20:40", RecordEvent.DISPUTE_OPENED, reason="not_received"),
    scanned(LIGHT, "13 Jul 08:45", "out_for_delivery", "Out for delivery", MADRID),
    scanned(LIGHT, "13 Jul 12:20", "delivered", "Delivered", MADRID),
    recorded(LIGHT, "13 Jul 20:00", RecordEvent.RECEIVED),
    recorded(LIGHT, "14 Jul 20:00", RecordEvent.ALL_FINE),
    recorded(LIGHT, "14 Jul 20:05", RecordEvent.DISPUTE_CANCELLED),
)

DISPUTE: tuple[Step, ...] = (
    bought(HUB, "22 May 22:00"),
    sent(HUB, "25 May 18:00", 'shipped_on = 2026-05-25\nshipping = "premium"'),
    scanned(HUB, "26 May 17:30", "in_transit", "Accepted by the carrier", SHENZHEN),
    scanned(HUB, "1 Jun 09:20", "in_transit", "Arrived in the country", MADRID_HUB),
    scanned(HUB, "4 Jun 08:05", "out_for_delivery", "Out for delivery", MADRID),
    scanned(HUB, "4 Jun 15:20", "delivered", "Delivered", MADRID),
    recorded(HUB, "4 Jun 20:00", RecordEvent.RECEIVED),
    happened(HUB, "5 Jun 21:00", "you", "try it: two of four ports are dead"),
    recorded(HUB, "6 Jun 11:00", RecordEvent.DISPUTE_OPENED, reason="quality"),
    recorded(HUB, "8 Jun 20:30", RecordEvent.SELLER_ANSWERED),
    happened(HUB, "10 Jun 10:00", "seller", "offers 8 EUR, answer until 15 Jun 18:00"),
    recorded(HUB, "10 Jun 20:30", RecordEvent.OFFER, due="15 Jun 18:00"),
    recorded(HUB, "14 Jun 21:00", RecordEvent.ANSWERED, to=RecordEvent.OFFER),
    happened(HUB, "22 Jun 19:50", "AliExpress", "steps in: the dispute is a claim now"),
    recorded(HUB, "22 Jun 20:00", RecordEvent.CLAIM),
    happened(HUB, "3 Jul 17:00", "AliExpress", "decides for you: full refund"),
    recorded(HUB, "3 Jul 21:00", RecordEvent.DECISION, in_favour_of=Party.BUYER),
    happened(HUB, "28 Jul 08:00", "bank", "41.90 EUR has come back"),
    recorded(HUB, "28 Jul 08:10", RecordEvent.REFUND_RECEIVED),
)

STORY: tuple[Step, ...] = tuple(
    sorted((*CUSTOMS_HOLD, *LATE, *ELSEWHERE, *NEARLY_OVER, *DISPUTE), key=lambda step: step.at)
)
