"""How an order and an alert are told in a few words: where it is, what presses, how long there is."""

from datetime import datetime, timedelta

from monitor.cli.listing import STYLES, Pair
from monitor.core.alerts import Alert
from monitor.core.messages import short_order
from monitor.core.model import Look, Phase, Severity, Shipment, ShipmentStatus
from monitor.core.rules import OWN_DEADLINE
from monitor.core.situation import Ending
from monitor.core.texts.en import ENGLISH
from monitor.core.wording import Calendar
from monitor.store.records import Tracked
from monitor.views import OrderView, title_of, told_twice, what

#: Statuses in words, the worst first.
STATUS_WORDS = {
    ShipmentStatus.EXCEPTION: "lost or damaged",
    ShipmentStatus.RETURNED: "back at the seller",
    ShipmentStatus.RETURNING: "going back",
    ShipmentStatus.CUSTOMS_HOLD: "held in customs",
    ShipmentStatus.DELIVERY_FAILED: "delivery failed",
    ShipmentStatus.AVAILABLE_FOR_PICKUP: "ready to collect",
    ShipmentStatus.EXPIRED: "tracking expired",
    ShipmentStatus.NOT_FOUND: "not found yet",
    ShipmentStatus.UNKNOWN: "status unknown",
    ShipmentStatus.INFO_RECEIVED: "announced",
    ShipmentStatus.IN_CUSTOMS: "in customs",
    ShipmentStatus.IN_TRANSIT: "on its way",
    ShipmentStatus.OUT_FOR_DELIVERY: "out for delivery",
    ShipmentStatus.DELIVERED: "delivered",
}
#: How an order came to its end, in two pieces of a line.
ENDING_WORDS = {
    Ending.CLOSED: ("closed by you", ""),
    Ending.REFUNDED: ("refund received", ""),
    Ending.FINE: ("all fine", ""),
    Ending.MARKETPLACE: ("finished", "says the marketplace"),
    Ending.RECEIVED: ("received", "and the {days} days are over"),
    Ending.LONG_OVER: ("nothing", "every window closed long ago"),
}
_BADNESS = {status: rank for rank, status in enumerate(STATUS_WORDS)}
#: A look that failed is told once its source has been silent for longer than it usually is.
_BLINK = timedelta(hours=6)
#: What ends sooner than this is told in a colour.
_SOON = timedelta(hours=72)


def calendar_of(seen: OrderView) -> Calendar:
    """The user's calendar at the `now` of a view, in the command line's language."""
    return Calendar.at(seen.now, seen.situation.facts.days, ENGLISH)


def happened(at: datetime, calendar: Calendar) -> str:
    """When something happened or begins: `Wed 26 Nov 00:00`, where a deadline would be `Tue 25 Nov 24:00`."""
    local = at.astimezone(calendar.days.zone)
    return f"{calendar.day(local.date())} {local:%H:%M}"


def name_of(seen: OrderView) -> Pair:
    """Its title, and the end of its id."""
    return seen.order.title, short_order(seen.order.id)


def whereabouts(seen: OrderView) -> Pair:
    """Where the order is: its worst parcel, and for how long. Those of a finished order are not looked
    at any more, some never were."""
    parcels = seen.record.parcels
    if not parcels:
        return _without_parcel(seen)
    worst = min(parcels, key=lambda parcel: _BADNESS[parcel.shipment.status])
    status = worst.shipment.status
    words = STATUS_WORDS[status]
    same = sum(parcel.shipment.status is status for parcel in parcels)
    if same < len(parcels):
        words += f" ({same} of {len(parcels)})"
    if seen.finish is not None and worst.telling.last_success_at is None:
        return "not looked up", ""
    trouble = None if seen.finish is not None else sight(worst, calendar_of(seen))
    if trouble:
        return words, (trouble, "yellow")
    told = [_lasts(worst.shipment, calendar_of(seen)), _followed(worst)]
    return words, ", ".join(part for part in told if part)


def sight(parcel: Tracked, calendar: Calendar) -> str | None:
    """Why what is known of a parcel may be old; None: it is not."""
    look = parcel.telling
    if parcel.shipment.teller is None:
        return "no source reads it"
    if not look.failures:
        return None if look.last_success_at else "not looked at yet"
    since = look.last_success_at or look.begun_at
    if since is None or calendar.now - since < _BLINK:
        return None
    return f"not read for {calendar.since(since)}"


def pressure(seen: OrderView) -> Pair:
    """What presses: the loudest alert, else what will be said next; nothing of a finished order: how it
    came to its end."""
    calendar = calendar_of(seen)
    if seen.finish is not None:
        first, second = ENDING_WORDS[seen.finish.how]
        days = seen.situation.facts.policy.number("post_delivery_days")
        return (first, "dim"), second.format(days=days)
    if seen.alerts:
        top = seen.alerts[0]
        others = len(seen.alerts) - 1 - len(told_twice(seen.alerts))
        more = f", +{others} more" if others else ""
        return (what(top.title), STYLES[top.severity.value]), f"{top.severity.value}{more}"
    said = seen.next
    if said is None:
        return "nothing", ""
    return what(title_of(seen, said)), f"in {calendar.left(said.at)}" if said.at > seen.now else "now"


def time_left(seen: OrderView) -> Pair:
    """By when to act, else until when the money is safe. Protection does not end while a dispute is open."""
    calendar, s = calendar_of(seen), seen.situation
    if seen.finish is not None:
        at = seen.finish.at
        return ("finished", "dim"), "" if at is None else f"since {calendar.day_of(at)}"
    acting = [alert for alert in seen.alerts if alert.act_by and alert.act_by > seen.now and _asks(alert)]
    if disputed := seen.phase is Phase.DISPUTED:
        acting = [alert for alert in acting if alert.key.rule in OWN_DEADLINE]
    if acting:
        return act_by(min(acting, key=lambda alert: alert.act_by or seen.now), calendar)
    if disputed:
        return _dispute_open(seen, calendar)
    if s.safe_until is None:
        return "unknown", "no date tells"
    if s.safe_until > seen.now:
        near = STYLES["warning"] if s.safe_until - seen.now < _SOON else ""
        return (f"safe for {calendar.left(s.safe_until)}", near), f"until {calendar.ends(s.safe_until)}"
    if s.possibly_until is not None and s.possibly_until > seen.now:
        return ("perhaps still safe", "yellow"), f"until {calendar.ends(s.possibly_until)}"
    return ("no longer safe", "dim"), f"since {calendar.day_of(s.safe_until - timedelta(microseconds=1))}"


def _dispute_open(seen: OrderView, calendar: Calendar) -> Pair:
    """By when to act in a dispute of which no alert says it yet, else for how long it has been open."""
    by, dispute = seen.pressing_at, seen.situation.facts.case.open_dispute
    if by is not None:
        return f"act in {calendar.left(by)}", f"by {calendar.clock(by)}"
    return "dispute open", "" if dispute is None else f"for {calendar.since(dispute.opened_at)}"


def act_by(alert: Alert, calendar: Calendar) -> Pair:
    """How long there is to act on an alert."""
    deadline = alert.deadline or alert.act_by
    if deadline is None:
        return "", ""
    by = alert.act_by or deadline
    if by > calendar.now:
        if not _asks(alert):
            return f"{calendar.left(deadline)} left", f"until {calendar.ends(deadline)}"
        near = STYLES["warning"] if by - calendar.now < _SOON else ""
        return (f"act in {calendar.left(by)}", near), f"by {calendar.last_day(by, deadline)}"
    if deadline > calendar.now:
        return (f"{calendar.left(deadline)} left", STYLES["urgent"]), f"until {calendar.clock(deadline)}"
    return ("too late", "dim"), f"since {calendar.clock(deadline)}"


def _asks(alert: Alert) -> bool:
    """Whether an alert asks for anything; what is only information does not."""
    return alert.severity is not Severity.INFO


def read_at(look: Look, calendar: Calendar) -> str:
    """How the last looks at a parcel at one source went, and when the next one is."""
    again = ""
    if look.next_poll_at is not None and look.next_poll_at > calendar.now:
        again = f"; again {calendar.clock(look.next_poll_at)}"
    if look.failures and look.last_error:
        silent = look.last_success_at or look.begun_at or calendar.now
        return f"could not be read for {calendar.since(silent)}: {look.last_error}{again}"
    if look.last_success_at is None:
        return "not looked at yet"
    return f"read {calendar.since(look.last_success_at)} ago{again}"


def _without_parcel(seen: OrderView) -> Pair:
    words = {Phase.ORDERED: "not sent yet", Phase.SHIPPED: "sent", Phase.DELIVERED: "received"}
    return words.get(seen.phase, seen.phase.value), "no tracking number"


def _followed(parcel: Tracked) -> str:
    """The sources at which a parcel is looked up beside its own."""
    sources = dict.fromkeys(lookup.source for lookup in parcel.followed)
    return f"also at {', '.join(sources)}" if sources else ""


def _lasts(shipment: Shipment, calendar: Calendar) -> str:
    since: datetime | None = shipment.status_since
    if since is None:
        return ""
    return f"for {calendar.since(since)}" if since <= calendar.now else f"since {calendar.day_of(since)}"
