"""`orderwatch show`: one order, with every date it has and why it has it."""

from collections.abc import Sequence
from datetime import date, datetime

import click

from monitor.cli.alerts import print_alerts
from monitor.cli.exhibits import print_evidence, print_proposal
from monitor.cli.frame import Workplace, at_option, find_order, json_option, workplace
from monitor.cli.history import print_history
from monitor.cli.listing import fact, heading, joined, say_indented
from monitor.cli.page import print_json, say
from monitor.cli.standing import STATUS_WORDS, calendar_of, happened, pressure, read_at
from monitor.core.case import recordable
from monitor.core.model import Phase, Place, TrackingEvent
from monitor.core.policy import DisputeReason, Kind, Policy
from monitor.core.proposal import Proposal
from monitor.core.rules.service import is_blind
from monitor.core.situation import Fallback, Window, answer_window, seller_window, written
from monitor.core.tracking import in_order
from monitor.core.wording import Calendar
from monitor.exhibits import Exhibits, evidence_json, exhibits, proposal_json
from monitor.instance import is_at_work
from monitor.sighting import COMMAND_BYTES, look_at_order
from monitor.store.records import Tracked
from monitor.views import OrderView, show_json, view

#: Events of one parcel that are shown before the rest is only counted.
EVENTS = 12

#: Between two steps of a path through the app.
_ARROW = " → "


@click.command()
@click.argument("order")
@json_option
@at_option
@click.pass_context
def command(ctx: click.Context, order: str, as_json: bool, at: str | None) -> None:
    """One order: its parcels, events and alerts, and all its dates with their why.

    ORDER is its id, or the last digits of it. Alerts are as they are now, also with --at.
    """
    with workplace(ctx, at, refresh=True) as place:
        id_ = find_order(place.store, order)
        most_bytes = 0 if is_at_work(place.store.path) else COMMAND_BYTES
        trouble = look_at_order(place.store, place.evidence, id_, place.line.clock(), most_bytes=most_bytes)
        (record,) = place.store.orders.load([id_])
        seen = view(record, place.reckoning, place.now)
        found = exhibits_of_order(place, seen)
        events = place.store.parcels.events([parcel.id for parcel in record.parcels])
        journal = place.store.orders.journal(id_)
    if trouble is not None:
        click.echo(f"evidence: {place.evidence} {trouble}", err=True)
    if as_json:
        shown = show_json(seen, events, journal)
        print_json(shown | {"proposal": proposal_json(seen, found), "evidence": evidence_json(seen, found)})
        return
    _print_head(seen)
    for parcel in record.parcels:
        _print_parcel(parcel, events[parcel.id], calendar_of(seen))
    if seen.alerts:
        heading("Alerts")
        print_alerts(seen.alerts, calendar_of(seen), seen.texts)
    print_proposal(seen, found)
    print_evidence(seen, found)
    heading("Timeline")
    print_history(seen, journal)
    _print_events(seen)
    _print_ways(seen, found)


def exhibits_of_order(place: Workplace, seen: OrderView, *, chosen: DisputeReason | None = None) -> Exhibits:
    """The evidence of an order, as far as it is known by now, for the reason that the buyer has `chosen` or
    the one that follows from what is known."""
    store, id_ = place.store, seen.order.id
    policy = place.reckoning.default_policy
    blind = {source.name for source in store.health.sources() if is_blind(source, policy, place.now)}
    return exhibits(
        seen,
        place.evidence,
        store.evidence.lines(id_),
        store.evidence.troubles(id_),
        blind=blind,
        chosen=chosen,
    )


def _print_head(seen: OrderView) -> None:
    order, calendar = seen.order, calendar_of(seen)
    say((order.title, "bold"))
    facts = [order.id, str(order.price or ""), order.seller or "", order.marketplace, seen.phase.value]
    say(" · ".join(fact for fact in facts if fact))
    days = {"ordered": order.ordered_on, "paid": order.paid_on, "shipped": order.shipped_on}
    fact("dates", ", ".join(f"{word} {written(day)}" for word, day in days.items() if day))
    fact("shipping", order.shipping.value if order.shipping else "")
    fact("promised", _day(order.estimated_delivery))
    fact("goes to", _place(order.deliver_to))
    fact("note", order.notes or "")
    if seen.record.unlisted_at is not None:
        fact("files", f"no longer listed, since {calendar.day_of(seen.record.unlisted_at)}")
    if seen.phase is Phase.DISPUTED:
        _print_dispute(seen, calendar)
    else:
        _print_windows(seen, calendar)
    if seen.finish is None:
        fact("presses" if seen.alerts else "next", joined(pressure(seen)))
    else:
        at = seen.finish.at
        fact("finished", "nobody knows since when" if at is None else f"since {happened(at, calendar)}")
        say_indented(18, str(seen.finish.why))


def _print_windows(seen: OrderView, calendar: Calendar) -> None:
    """Until when the money is safe; of two windows the later is only a possibility."""
    s = seen.situation
    windows = [window for window in (s.protection, s.post_delivery) if window is not None]
    for word, window in zip(("safe until", "possibly until"), sorted(windows, key=_end), strict=False):
        fact(word, f"{calendar.clock(window.end)} ({_distance(window.end, calendar)})")
        say_indented(18, str(window.why))
    if not windows:
        fact("safe until", "unknown: no date tells")
    for fallback in s.fallbacks:
        _print_fallback(fallback, calendar)
    if any(fallback.policy.kind is Kind.PAYMENT for fallback in s.fallbacks):
        market = s.facts.policy.title
        say_indented(18, f"first finish with {market}: a chargeback can close its case")


def _print_fallback(fallback: Fallback, calendar: Calendar) -> None:
    """Until when another way to get the money back is open, beside the marketplace."""
    policy, window = fallback.policy, fallback.window
    if window is None:
        clock = policy.clocks["protection_days"]
        told = f"{policy.title} for {clock.value} {clock.unit}, counted from: {clock.counts_from}"
        fact("then", f"{told} (not known yet)")
        return
    fact("then", f"{policy.title} until {calendar.clock(window.end)} ({_distance(window.end, calendar)})")
    say_indented(18, str(window.why))


def _print_dispute(seen: OrderView, calendar: Calendar) -> None:
    """What the dispute is about, and whose turn it is until when."""
    facts = seen.situation.as_of(seen.now).facts
    dispute = facts.case.open_dispute
    assert dispute is not None
    reason = facts.policy.reasons.get(dispute.reason or "")
    about = reason.title if reason is not None else dispute.reason or "without a reason"
    fact("dispute", f"{about}, open for {calendar.since(dispute.opened_at)}")
    for waiting in dispute.waiting:
        due, _, why = answer_window(facts, waiting)
        fact("your turn", f"{waiting.what}, until {calendar.clock(due)} ({_distance(due, calendar)})")
        say_indented(18, str(why))
    window = seller_window(facts, dispute)
    if facts.case.negotiating and window and not (dispute.claim_at or dispute.seller_answered_at):
        fact("seller's turn", f"until {calendar.clock(window.end)} ({_distance(window.end, calendar)})")
        say_indented(18, str(window.why))


def _end(window: Window) -> datetime:
    return window.end


def _distance(at: datetime, calendar: Calendar) -> str:
    return f"in {calendar.left(at)}" if at > calendar.now else f"{calendar.since(at)} ago"


def _print_parcel(parcel: Tracked, events: Sequence[TrackingEvent], calendar: Calendar) -> None:
    shipment = parcel.shipment
    heading(f"Parcel {shipment.number}")
    since = shipment.status_since
    lasts = f", since {happened(since, calendar)}" if since is not None else ""
    fact("status", f"{STATUS_WORDS[shipment.status]}{lasts}")
    fact("also known as", ", ".join(shipment.aliases))
    fact("expected", " to ".join(_day(day) for day in _expected(parcel) if day))
    fact("source", _source(parcel, calendar))
    for lookup, look in parcel.followed.items():
        fact("also at", f"{lookup.source} as {lookup.number}, {read_at(look, calendar)}")
    for event in sorted(events, key=in_order, reverse=True)[:EVENTS]:
        _print_event(event, calendar)
    if len(events) > EVENTS:
        say("  ", (f"… and {len(events) - EVENTS} older (--json shows all)", "dim"))
    if not all(event.zone_known for event in events):
        say("  ", ("? the carrier tells no time zone: read as yours", "dim"))


def _source(parcel: Tracked, calendar: Calendar) -> str:
    source = parcel.shipment.source
    if source is None:
        return "none, no configured source reads this number"
    return f"{source}, {read_at(parcel.look, calendar)}"


def _expected(parcel: Tracked) -> tuple[date | None, date | None]:
    edd = parcel.shipment.edd
    return (edd.earliest, edd.latest) if edd is not None else (None, None)


def _print_event(event: TrackingEvent, calendar: Calendar) -> None:
    """A scan; of one whose zone nobody told, the wall clock as it was told, with a mark."""
    at = event.at if event.zone_known else calendar.days.instant_of_event(event)
    clock = happened(at, calendar) + ("" if event.zone_known else " ?")
    where = _place(event.place)
    told = " · ".join(part for part in (event.description or STATUS_WORDS[event.status], where) if part)
    # Words may say more than the carrier's own category, or a user's table something else.
    read_as = f" (read as {STATUS_WORDS[event.status].lower()})" if event.decided_by else ""
    say(f"  {clock:<22}", told, (read_as, "dim"))


def _print_events(seen: OrderView) -> None:
    """What can be recorded now, by the words of `record`."""
    case = seen.situation.as_of(seen.now).facts.case
    heading("You can record")
    say_indented(2, ", ".join(event.value for event in recordable(case)))


def _print_ways(seen: OrderView, found: Exhibits) -> None:
    """Where to go in the marketplace's app now: the order or its dispute, support, and whom to write."""
    policy = seen.situation.facts.policy
    places = (_place_in_app(seen, found.proposal), "support")
    ways = [_named(policy, key) for key in places if key in policy.paths]
    # What stands behind a colon says what to write.
    contact = policy.contacts.get("email", "").partition(":")[0]
    ways += [f"{contact} (from a guide, unverified)"] if contact else []
    if ways:
        heading("In the app")
    for way in ways:
        say_indented(2, way)


def _place_in_app(seen: OrderView, proposal: Proposal | None) -> str:
    """Which of a policy's paths the order's present phase asks for."""
    if seen.phase is Phase.DISPUTED:
        return "dispute"
    if seen.phase is Phase.FINISHED or not seen.situation.disputable(seen.now):
        return "order"
    way = None if proposal is None else proposal.way
    return "open" if way is None or way not in seen.situation.facts.policy.paths else way


def _named(policy: Policy, key: str) -> str:
    """A path with the other names of its steps: `View Details → Open Dispute (newer: Returns/Refunds)`."""
    steps = policy.paths[key].split(_ARROW)
    return _ARROW.join(f"{step}{_newer(policy.aliases.get(step, ()))}" for step in steps)


def _newer(names: Sequence[str]) -> str:
    return f" (newer: {', '.join(names)})" if names else ""


def _day(day: date | None) -> str:
    return "" if day is None else written(day)


def _place(place: Place | None) -> str:
    if place is None:
        return ""
    return ", ".join(part for part in (place.postal_code, place.city, place.region, place.country) if part)
