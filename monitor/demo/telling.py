"""What the demo says itself, around the messages: the words of its beginning, its middle and its end."""

from datetime import date

from monitor.core.model import Money, Place, Severity
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import money
from monitor.demo.journey import Outcome
from monitor.demo.story import END, START, Bought, Happened, Recorded, Scanned, Sent, Step

DAYS = (END - START).days

OPENING = (
    f"Five orders of a buyer in Madrid, {DAYS} days, no network. The files change as shops and carriers"
    " would change them; after $ is what the buyer types. What the phone shows comes from the rules alone."
)
NEXT = (
    ("README.md", "five minutes to the first alert on your phone"),
    ("orderwatch check", "is everything in place?"),
    ("orderwatch run", "watch, and be told in time"),
)


def day(at: date) -> str:
    """`Sat  9 May`, always as wide."""
    return f"{at:%a} {at.day:>2} {at:%b}"


def told(step: Step) -> tuple[str, str]:
    """Who does something, and what, in a line. The buyer's own words to orderwatch are after a `$`."""
    name = step.order.title
    match step:
        case Bought(order=order):
            return "you", f"{name} · {order.price}, now in orders.toml"
        case Sent():
            return "seller", f"{name} · sent"
        case Scanned(description=description, place=place):
            return "carrier", f"{name} · {description}, {_where(place)}"
        case Happened(who=who, what=what):
            return who, f"{name} · {what}"
        case Recorded():
            return "$", step.command


def result(outcome: Outcome) -> tuple[str, str]:
    """How it ended, in two lines."""
    count = sum(outcome.sent.values())
    by_severity = ", ".join(f"{outcome.sent[it]} {it}" for it in reversed(Severity) if it in outcome.sent)
    return (
        f"{DAYS} days, {outcome.orders} orders for {_sum(outcome.paid)}: {count} messages ({by_severity}).",
        f"Came back: {_sum(outcome.refunded)}, from {outcome.refunds} disputes opened in time.",
    )


def _sum(amounts: tuple[Money, ...]) -> str:
    return " + ".join(money(amount, ENGLISH) for amount in amounts) or "nothing"


def _where(place: Place) -> str:
    return " ".join(part for part in (place.postal_code, place.city) if part)
