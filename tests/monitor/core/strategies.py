"""Random facts for properties: orders of one spring, their parcels, and what was recorded."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from monitor.core.case import JournalEntry, Party, RecordEvent, read_case
from monitor.core.days import Days
from monitor.core.model import (
    Delivery,
    EstimatedDelivery,
    Order,
    OrderStatus,
    Place,
    Shipment,
    ShipmentStatus,
    Shipping,
    Slip,
    TrackingEvent,
)
from monitor.core.situation import Facts
from monitor.policies import load_policy, shipped_policies
from tests.monitor.core.facts import ALIEXPRESS, AUCKLAND, LOS_ANGELES, MADRID, NUMBER, ORDER, a_policy

T = TypeVar("T")

START = datetime(2026, 3, 1, tzinfo=UTC)
#: All facts of an order are much to draw: each of their properties sees fewer.
FEWER = settings(max_examples=40)
UNDOABLE = tuple(event for event in RecordEvent if event is not RecordEvent.UNDO)

ZONES = st.sampled_from((MADRID, AUCKLAND, LOS_ANGELES, ZoneInfo("UTC")))
#: Any minute of 200 days, often near a morning or midnight.
INSTANTS = st.one_of(
    st.integers(0, 200 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.integers(0, 200 * 24).map(lambda hours: START + timedelta(hours=hours)),
)
DAYS_OF_SPRING = st.dates(date(2026, 3, 1), date(2026, 6, 30))
PLACES = st.sampled_from(
    (None, Place(city="Madrid", postal_code="28013", country="ES"), Place(city="Vigo"), Place(country="PT"))
)
POLICIES = st.sampled_from(
    (
        ALIEXPRESS,
        a_policy(appeal_days=7, protection_lead_days=[20, 14, 7, 3, 2, 1], rest_after_days=5),
        a_policy(dispute_open_after_days=0, protection_days=20, post_delivery_days=2, stalled_days=3),
        *map(load_policy, shipped_policies()),
    )
)
FALLBACKS = st.lists(
    st.sampled_from([load_policy(name) for name in ("paypal", "card", "eu-withdrawal")]),
    unique_by=lambda policy: policy.name,
)


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


@st.composite
def calendars(draw: st.DrawFn) -> Days:
    return Days(
        draw(ZONES),
        draw(st.sampled_from((time(9), time(0), time(2, 30), time(23, 59)))),
        draw(maybe(ZONES)),
        frozenset(draw(st.lists(DAYS_OF_SPRING, max_size=3))),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    return Order(
        ORDER,
        "USB hub",
        ordered_on=draw(maybe(DAYS_OF_SPRING)),
        paid_on=draw(maybe(DAYS_OF_SPRING)),
        shipped_on=draw(maybe(DAYS_OF_SPRING)),
        shipping=draw(maybe(st.sampled_from(Shipping))),
        estimated_delivery=draw(maybe(DAYS_OF_SPRING)),
        protection_until=draw(maybe(DAYS_OF_SPRING)),
        deliver_to=draw(PLACES),
        status=draw(st.sampled_from((None, None, None, *OrderStatus))),
    )


@st.composite
def shipments(draw: st.DrawFn, number: str = NUMBER) -> Shipment:
    status = draw(st.sampled_from(ShipmentStatus))
    since = draw(maybe(INSTANTS))
    newest = None
    if since is not None and draw(st.booleans()):
        later = since + timedelta(hours=draw(st.integers(0, 300)))
        newest = TrackingEvent(later, status, zone_known=draw(st.booleans()))
    edds = sorted(draw(st.lists(DAYS_OF_SPRING, max_size=3, unique=True)))
    seen = sorted(draw(st.lists(INSTANTS, min_size=3, max_size=3, unique=True)))
    return Shipment(
        number,
        draw(st.sampled_from((None, "files", "post"))),
        status=status,
        status_since=since,
        newest=newest,
        first_event_at=since if newest is not None else None,
        moving_since=draw(maybe(INSTANTS)),
        edd=EstimatedDelivery(latest=edds[-1]) if edds else None,
        slips=tuple(Slip(at, before, after) for at, before, after in zip(seen, edds, edds[1:], strict=False)),
        delivery=draw(maybe(st.builds(Delivery, at=maybe(INSTANTS), zone_known=st.booleans(), place=PLACES))),
        pickup_until=draw(maybe(INSTANTS)),
        ends_at_border=draw(st.booleans()),
    )


@st.composite
def entries(draw: st.DrawFn, events: tuple[RecordEvent, ...] = tuple(RecordEvent)) -> JournalEntry:
    """One line of a journal. An answer is due, where its time is told, after it was asked for."""
    at = draw(INSTANTS)
    due = draw(maybe(st.integers(1, 200).map(lambda hours: at + timedelta(hours=hours))))
    return JournalEntry(
        draw(st.sampled_from(events)),
        at,
        due=due,
        in_favour_of=draw(maybe(st.sampled_from(Party))),
    )


def journals() -> st.SearchStrategy[list[JournalEntry]]:
    """What a buyer may have typed, in any order, whatever sense it makes."""
    return st.lists(entries(), max_size=8)


@st.composite
def all_facts(draw: st.DrawFn) -> Facts:
    """Everything that may be known of one order with up to two parcels."""
    parcels = [draw(shipments(f"LP{index}")) for index in range(draw(st.integers(0, 2)))]
    return Facts(
        draw(orders()),
        tuple(parcels),
        read_case(draw(st.just([]) | journals())),
        draw(POLICIES),
        draw(calendars()),
        draw(st.sampled_from((frozenset(), frozenset({"LP0"})))),
        fallbacks=tuple(draw(FALLBACKS)),
    )
