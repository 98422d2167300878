"""A source's answer folded into a parcel: events are a set that only grows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import (
    Delivery,
    EstimatedDelivery,
    Lookup,
    Place,
    Shipment,
    ShipmentStatus,
    Slip,
    Tracking,
    TrackingEvent,
    UndatedEvent,
)
from monitor.core.tracking import fused, identity, in_order, merge, plain_number
from tests.monitor.core.facts import IN_MADRID, NUMBER, a_scan, at, day

NEW = Shipment(NUMBER)
SEEN = at("2026-05-12 10:00")
LATER = at("2026-05-13 10:00")

Told = tuple[Tracking, datetime]

#: The last mile's own source, asked about the last mile's number.
POST = Lookup("post", "RR1ES")


def an_answer(*events: TrackingEvent, status: str | None = None, **known: Any) -> Tracking:
    """An answer whose status is its newest event's, unless another is given."""
    if status is None:
        status = max(events, key=in_order).status if events else "not_found"
    return Tracking(NUMBER, ShipmentStatus(status), events, **known)


def merged(*answers: Tracking | Told, shipment: Shipment = NEW) -> tuple[Shipment, list[TrackingEvent]]:
    """The parcel after all answers in turn, and every event that was stored meanwhile."""
    known: list[TrackingEvent] = []
    for answer in answers:
        tracking, seen_at = answer if isinstance(answer, tuple) else (answer, SEEN)
        result = merge(shipment, known, tracking, seen_at, IN_MADRID)
        shipment, known = result.shipment, sorted([*known, *result.new_events], key=in_order)
    return shipment, known


SENT = a_scan("2026-05-03 22:00", "in_transit", "sent")
CUSTOMS = a_scan("2026-05-08 10:00", "in_customs", "customs")
ABROAD = a_scan("2026-05-09 10:00", "in_transit", "on its way")
VAN = a_scan("2026-05-11 08:00", "out_for_delivery", "on the van")
DOOR = a_scan("2026-05-11 12:30", "delivered", "delivered", place=Place(city="Madrid"))
LABEL = a_scan("2026-05-02 09:00", "info_received", "label")
READ_BY_NOBODY = a_scan("2026-05-10 10:00", "unknown", "XYZ")


def test_a_first_answer() -> None:
    result = merge(NEW, [], an_answer(CUSTOMS, LABEL, SENT), SEEN, IN_MADRID)
    assert result.new_events == (LABEL, SENT, CUSTOMS)  # oldest first, whatever order they came in
    assert result.shipment == replace(
        NEW,
        status=ShipmentStatus.IN_CUSTOMS,
        status_since=CUSTOMS.at,
        newest=CUSTOMS,
        first_event_at=LABEL.at,
        moving_since=SENT.at,
    )


def test_the_same_answer_again_is_no_news() -> None:
    first = merge(NEW, [], an_answer(LABEL, SENT), SEEN, IN_MADRID)
    again = merge(first.shipment, first.new_events, an_answer(LABEL, SENT), LATER, IN_MADRID)
    assert again.shipment == first.shipment
    assert again.new_events == ()


def test_only_new_events_are_new() -> None:
    result = merge(merged(an_answer(SENT))[0], [SENT], an_answer(SENT, ABROAD), LATER, IN_MADRID)
    assert result.new_events == (ABROAD,)
    assert result.shipment.newest == ABROAD


def test_events_that_are_told_twice_are_one() -> None:
    result = merge(NEW, [], an_answer(SENT, SENT, ABROAD, SENT), SEEN, IN_MADRID)
    assert result.new_events == (SENT, ABROAD)


DISTINCT = [
    (replace(SENT, at=SENT.at + timedelta(seconds=1)), True),
    (replace(SENT, description="sent again"), True),
    (replace(SENT, code="X1"), True),
    (replace(SENT, zone_known=False), True),
    (replace(SENT, place=Place(city="Vigo")), True),
    (replace(SENT, place=Place(country="ES")), False),
    (replace(SENT, status=ShipmentStatus.UNKNOWN), False),  # how we read a code may change
    (SENT, False),
]


@pytest.mark.parametrize(("other", "distinct"), DISTINCT)
def test_what_makes_two_scans_different(other: TrackingEvent, distinct: bool) -> None:
    assert (identity(other) != identity(SENT)) is distinct
    assert len(merged(an_answer(SENT, other))[1]) == (2 if distinct else 1)


def test_of_two_scans_at_one_time_the_one_further_along_is_the_newest() -> None:
    same_time = replace(DOOR, at=VAN.at)
    for events in ((VAN, same_time), (same_time, VAN)):
        shipment, known = merged(an_answer(*events))
        assert known == [VAN, same_time]
        assert shipment.status is ShipmentStatus.DELIVERED


def test_a_scan_that_nobody_can_read_does_not_hide_another_of_the_same_time() -> None:
    unread = replace(READ_BY_NOBODY, at=DOOR.at)
    for events in ((DOOR, unread), (unread, DOOR)):
        shipment, known = merged(an_answer(*events))
        assert known == [unread, DOOR]
        assert shipment.status is ShipmentStatus.DELIVERED


SINCE = [
    ((SENT, CUSTOMS), "in_customs", CUSTOMS),
    ((CUSTOMS, a_scan("2026-05-09 11:00", "in_customs", "still")), "in_customs", CUSTOMS),
    ((SENT, CUSTOMS, ABROAD), "in_transit", ABROAD),  # an unbroken run only
    ((SENT, ABROAD), "in_transit", SENT),
    (
        (SENT, ABROAD, READ_BY_NOBODY, replace(ABROAD, at=READ_BY_NOBODY.at + timedelta(hours=1))),
        "in_transit",
        SENT,
    ),
    ((SENT, READ_BY_NOBODY), "unknown", READ_BY_NOBODY),
]


@pytest.mark.parametrize(("events", "status", "since"), SINCE)
def test_a_status_lasts_since_the_first_scan_of_its_run(
    events: tuple[TrackingEvent, ...], status: str, since: TrackingEvent
) -> None:
    shipment, _ = merged(an_answer(*events))
    assert (shipment.status, shipment.status_since) == (ShipmentStatus(status), since.at)


def test_the_sources_own_word_counts() -> None:
    shipment, _ = merged(an_answer(SENT, CUSTOMS, status="customs_hold"))
    assert (shipment.status, shipment.status_since) == (ShipmentStatus.CUSTOMS_HOLD, CUSTOMS.at)


@pytest.mark.parametrize("silent", ["not_found", "unknown"])
def test_a_source_without_a_word_leaves_it_to_the_newest_scan(silent: str) -> None:
    assert merged(an_answer(SENT, CUSTOMS, status=silent))[0].status is ShipmentStatus.IN_CUSTOMS


def test_scans_that_nobody_can_read_are_unknown_and_never_a_guess() -> None:
    shipment, _ = merged(an_answer(READ_BY_NOBODY))
    assert shipment.status is ShipmentStatus.UNKNOWN
    assert shipment.moving_since is None
    assert shipment.first_event_at == READ_BY_NOBODY.at


def test_an_older_answer_does_not_take_the_clock_back() -> None:
    newer, older = an_answer(SENT, CUSTOMS, VAN), an_answer(SENT, CUSTOMS)
    for answers in ((newer, older), (older, newer)):
        shipment, known = merged(*answers)
        assert (shipment.status, shipment.newest) == (ShipmentStatus.OUT_FOR_DELIVERY, VAN)
        assert known == [SENT, CUSTOMS, VAN]


FORGETFUL = [
    an_answer(),
    an_answer(status="unknown"),
    an_answer(LABEL),
    an_answer(LABEL, status="not_found"),
]


@pytest.mark.parametrize("answer", FORGETFUL)
def test_a_source_that_forgot_the_parcel_forgets_nothing_here(answer: Tracking) -> None:
    before, _ = merged(an_answer(LABEL, SENT, DOOR))
    after, known = merged(an_answer(LABEL, SENT, DOOR), (answer, LATER))
    assert after == before
    assert known == [LABEL, SENT, DOOR]


def test_a_scan_that_is_told_late_takes_its_place_in_the_past() -> None:
    shipment, known = merged(an_answer(LABEL, ABROAD), (an_answer(LABEL, SENT, CUSTOMS, ABROAD), LATER))
    assert known == [LABEL, SENT, CUSTOMS, ABROAD]
    assert (shipment.status_since, shipment.moving_since) == (ABROAD.at, SENT.at)


def test_a_wall_clock_without_zone_is_ordered_as_told_and_read_as_the_users() -> None:
    wall = TrackingEvent(datetime(2026, 5, 3, 22, 0, tzinfo=UTC), SENT.status, "sent", zone_known=False)
    shipment, _ = merged(an_answer(wall))
    assert shipment.newest == wall
    assert shipment.first_event_at == shipment.moving_since == shipment.status_since == at("2026-05-03 22:00")


# events in the future

TOMORROW = a_scan("2026-05-13 10:00", "out_for_delivery", "planned")
TOO_FAR = a_scan("2026-05-13 10:00:01", "delivered", "planned")


def test_a_day_ahead_may_be_a_zone_and_more_is_a_mistake() -> None:
    assert merged(an_answer(SENT, TOMORROW))[0].status is ShipmentStatus.OUT_FOR_DELIVERY
    assert merged(an_answer(SENT, TOO_FAR))[0].status is ShipmentStatus.IN_TRANSIT


def test_what_is_announced_is_kept_and_decides_when_its_time_has_come() -> None:
    answer = an_answer(SENT, TOO_FAR)
    shipment, known = merged(answer)
    assert known == [SENT, TOO_FAR]
    assert (shipment.newest, shipment.delivery) == (SENT, None)
    shipment, known = merged(answer, (answer, LATER))
    assert known == [SENT, TOO_FAR]
    assert (shipment.status, shipment.newest) == (ShipmentStatus.DELIVERED, TOO_FAR)


def test_what_was_announced_and_forgotten_counts_when_its_time_has_come() -> None:
    shipment, _ = merged(an_answer(TOO_FAR), (an_answer(), LATER))
    assert (shipment.status, shipment.newest) == (ShipmentStatus.DELIVERED, TOO_FAR)


def test_only_announcements_are_no_scan() -> None:
    shipment, known = merged(an_answer(TOO_FAR, status="info_received"))
    assert (shipment.status, shipment.newest, shipment.first_event_at) == (
        ShipmentStatus.INFO_RECEIVED,
        None,
        None,
    )
    assert known == [TOO_FAR]


# a source that tells a status and no scans


def test_a_status_without_scans_holds_since_it_was_seen() -> None:
    moving = an_answer(status="in_transit")
    shipment, _ = merged(moving)
    assert (shipment.status_since, shipment.moving_since, shipment.newest) == (SEEN, SEEN, None)
    shipment, _ = merged(moving, (moving, LATER))
    assert (shipment.status_since, shipment.moving_since) == (SEEN, SEEN)
    shipment, _ = merged(moving, (an_answer(status="in_customs"), LATER))
    assert (shipment.status_since, shipment.moving_since) == (LATER, SEEN)


@pytest.mark.parametrize("silent", ["not_found", "unknown"])
def test_a_status_is_not_forgotten_when_the_source_falls_silent(silent: str) -> None:
    before, _ = merged(an_answer(status="in_customs"))
    after, _ = merged(an_answer(status="in_customs"), (an_answer(status=silent), LATER))
    assert after == before


def test_not_found_lasts_since_the_first_look() -> None:
    shipment, _ = merged(an_answer(), (an_answer(), LATER))
    assert (shipment.status, shipment.status_since, shipment.moving_since) == (
        ShipmentStatus.NOT_FOUND,
        SEEN,
        None,
    )


def test_a_delivery_without_scans() -> None:
    told = Delivery(at("2026-05-11 12:30"), place=Place(city="Madrid"))
    shipment, _ = merged(an_answer(status="delivered", delivery=told))
    assert shipment.delivery == told
    shipment, _ = merged(an_answer(status="delivered", delivery=told), (an_answer(status="delivered"), LATER))
    assert shipment.delivery == told
    shipment, _ = merged(
        an_answer(status="delivered", delivery=told), (an_answer(status="in_transit"), LATER)
    )
    assert shipment.delivery is None


# delivery

ELSEWHERE = Place(city="Vigo")
DELIVERIES = [
    ((SENT, DOOR), None, Delivery(DOOR.at, place=Place(city="Madrid"))),
    ((SENT, DOOR), Delivery(at("2026-05-11 12:00")), Delivery(at("2026-05-11 12:00"), place=DOOR.place)),
    ((SENT, DOOR), Delivery(place=ELSEWHERE), Delivery(DOOR.at, place=ELSEWHERE)),
    (
        (SENT, DOOR, replace(DOOR, at=LATER - timedelta(days=1))),
        None,
        Delivery(LATER - timedelta(days=1), place=DOOR.place),
    ),
    (
        (SENT, replace(DOOR, zone_known=False)),
        None,
        Delivery(DOOR.at, zone_known=False, place=Place(city="Madrid")),
    ),
]


@pytest.mark.parametrize(("events", "told", "delivery"), DELIVERIES)
def test_when_and_where_it_was_delivered(
    events: tuple[TrackingEvent, ...], told: Delivery | None, delivery: Delivery
) -> None:
    assert merged(an_answer(*events, delivery=told))[0].delivery == delivery


def test_delivered_by_the_sources_word_alone() -> None:
    assert merged(an_answer(SENT, VAN, status="delivered"))[0].delivery is None
    told = Delivery(place=ELSEWHERE)
    assert merged(an_answer(SENT, VAN, status="delivered", delivery=told))[0].delivery == told


def test_a_delivery_is_remembered_over_an_answer_that_knows_less() -> None:
    told = Delivery(at("2026-05-11 12:00"), place=ELSEWHERE)
    shipment, _ = merged(an_answer(SENT, DOOR, delivery=told), (an_answer(SENT), LATER))
    assert shipment.delivery == told


def test_a_delivery_can_be_taken_back() -> None:
    failed = a_scan("2026-05-11 15:00", "delivery_failed", "it was the wrong door")
    shipment, known = merged(an_answer(SENT, DOOR), (an_answer(SENT, DOOR, failed), LATER))
    assert (shipment.status, shipment.status_since, shipment.delivery) == (
        ShipmentStatus.DELIVERY_FAILED,
        failed.at,
        None,
    )
    assert known == [SENT, DOOR, failed]


# estimates


def expected(latest: str | None, events: Sequence[TrackingEvent] = (SENT,), **known: Any) -> Tracking:
    edd = EstimatedDelivery(latest=day(latest)) if latest else None
    return an_answer(*events, edd=edd, **known)


def test_an_estimate_that_moves_later_slips_once() -> None:
    first, second, third = expected("2026-05-20"), expected("2026-05-21"), expected("2026-05-25")
    shipment, _ = merged(first, (second, LATER), (second, LATER), (third, LATER + timedelta(days=1)))
    assert shipment.edd == EstimatedDelivery(latest=day("2026-05-25"))
    assert shipment.slips == (
        Slip(LATER, day("2026-05-20"), day("2026-05-21")),
        Slip(LATER + timedelta(days=1), day("2026-05-21"), day("2026-05-25")),
    )


@pytest.mark.parametrize("second", ["2026-05-20", "2026-05-19"])
def test_an_estimate_that_stays_or_gets_better_does_not(second: str) -> None:
    shipment, _ = merged(expected("2026-05-20"), (expected(second), LATER))
    assert shipment.slips == ()
    assert shipment.edd == EstimatedDelivery(latest=day(second))


def test_an_estimate_is_not_forgotten() -> None:
    shipment, _ = merged(expected("2026-05-20"), (expected(None), LATER))
    assert shipment.edd == EstimatedDelivery(latest=day("2026-05-20"))


def test_an_estimate_without_a_last_day_does_not_slip() -> None:
    open_end = an_answer(SENT, edd=EstimatedDelivery(earliest=day("2026-05-30")))
    for answers in ((expected("2026-05-20"), open_end), (open_end, expected("2026-05-20"))):
        assert merged(*answers)[0].slips == ()


def test_an_outdated_answers_estimate_does_not_count() -> None:
    shipment, _ = merged(expected("2026-05-20", (SENT, ABROAD)), (expected("2026-05-30", (SENT,)), LATER))
    assert shipment.edd == EstimatedDelivery(latest=day("2026-05-20"))
    assert shipment.slips == ()


def test_a_source_without_scans_has_estimates_too() -> None:
    shipment, _ = merged(
        expected("2026-05-20", (), status="in_transit"),
        (expected("2026-05-22", (), status="in_transit"), LATER),
    )
    assert shipment.slips == (Slip(LATER, day("2026-05-20"), day("2026-05-22")),)


def test_the_limit_of_a_pickup_point() -> None:
    limit = at("2026-05-20 20:00")
    shipment, _ = merged(an_answer(SENT, pickup_until=limit), (an_answer(SENT), LATER))
    assert shipment.pickup_until == limit


def test_economy_mail_stays_economy_mail() -> None:
    for first in (an_answer(SENT, ends_at_border=True), an_answer(ends_at_border=True)):
        assert merged(first, (an_answer(SENT), LATER))[0].ends_at_border


ECONOMY = "UA123456785CN"


@pytest.mark.parametrize(
    ("shipment", "aliases"), [(replace(NEW, number=ECONOMY), ()), (NEW, (ECONOMY,))], ids=["number", "alias"]
)
def test_letter_mail_is_economy_mail(shipment: Shipment, aliases: tuple[str, ...]) -> None:
    for events in ((SENT,), ()):
        answer = an_answer(*events, status="in_transit", aliases=aliases)
        assert merged(answer, shipment=shipment)[0].ends_at_border


@pytest.mark.parametrize(
    "status", ["out_for_delivery", "available_for_pickup", "delivery_failed", "delivered"]
)
def test_a_scan_at_the_door_shows_that_it_does_not_end_at_the_border(status: str) -> None:
    economy = an_answer(SENT, ends_at_border=True)
    door = a_scan("2026-05-11 08:00", status)
    later = a_scan("2026-05-11 20:00", "in_transit", "back at the depot")
    for answers in (
        (economy, an_answer(SENT, door, ends_at_border=True)),
        (an_answer(door), economy),
        (economy, an_answer(door), an_answer(later, ends_at_border=True)),
        (an_answer(ends_at_border=True), an_answer(status=status)),
    ):
        assert not merged(*answers)[0].ends_at_border


# scans without a time


def test_scans_without_a_time_say_what_is_since_it_was_seen() -> None:
    told = an_answer(status="in_transit", undated=(UndatedEvent(ShipmentStatus.IN_TRANSIT, "somewhere"),))
    shipment, known = merged(told, (told, LATER))
    assert (shipment.status, shipment.status_since, shipment.moving_since) == (
        ShipmentStatus.IN_TRANSIT,
        SEEN,
        SEEN,
    )
    assert (shipment.newest, shipment.first_event_at, known) == (None, None, [])


def test_a_scan_that_nobody_can_read_is_still_one() -> None:
    told = an_answer(status="unknown", undated=(UndatedEvent(ShipmentStatus.UNKNOWN, "???"),))
    assert merged(an_answer(), (told, LATER))[0].status is ShipmentStatus.UNKNOWN
    moving = an_answer(status="in_transit")
    assert merged(moving, (told, LATER))[0] == merged(moving)[0]


# Two sources of one parcel


def by_turns(*answers: tuple[Lookup | None, Tracking], shipment: Shipment = NEW) -> Shipment:
    """The parcel after answers of its own source (None) and of others, in turn."""
    known: list[TrackingEvent] = []
    for followed, tracking in answers:
        result = merge(shipment, known, tracking, SEEN, IN_MADRID, followed)
        shipment, known = result.shipment, [*known, *result.new_events]
    return shipment


def test_the_newer_scan_decides_whoever_tells_it() -> None:
    own, post = (None, an_answer(SENT, CUSTOMS)), (POST, an_answer(VAN))
    for answers in ((own, post), (post, own), (own, post, own, post, own)):
        shipment = by_turns(*answers)
        assert (shipment.status, shipment.newest) == (ShipmentStatus.OUT_FOR_DELIVERY, VAN)
        assert (shipment.first_event_at, shipment.told_by) == (SENT.at, POST)
        assert replace(shipment, source="cainiao").teller == "post"
    shipment = by_turns(own, post, (None, an_answer(SENT, CUSTOMS, DOOR)))
    assert (shipment.status, shipment.told_by) == (ShipmentStatus.DELIVERED, None)


def test_of_two_sources_without_scans_that_say_the_same_the_own_counts() -> None:
    own, post = (None, an_answer(status="in_transit")), (POST, an_answer(status="in_transit"))
    assert by_turns(own, post).told_by is None
    assert by_turns(post, own) == by_turns(own, post)


@pytest.mark.parametrize("known", [NEW, by_turns((None, an_answer(SENT))), by_turns((None, an_answer()))])
def test_a_followed_source_that_does_not_know_the_number_says_nothing(known: Shipment) -> None:
    assert by_turns((POST, an_answer(aliases=("X1",))), shipment=known) == known


def test_of_two_that_know_the_newest_scan_the_one_that_told_it_is_believed() -> None:
    own = (None, an_answer(SENT, ABROAD))
    post = (POST, an_answer(ABROAD, status="expired"))
    assert by_turns(own, post, own, post).status is ShipmentStatus.IN_TRANSIT
    assert by_turns(post, own, post, own).status is ShipmentStatus.EXPIRED
    own_word = (None, an_answer(SENT, ABROAD, status="customs_hold"))
    assert by_turns(own, post, own_word, post).status is ShipmentStatus.CUSTOMS_HOLD


def test_what_another_stored_meanwhile_decides_as_well() -> None:
    before = by_turns((None, an_answer(SENT)))
    after = merge(before, [SENT, VAN], an_answer(SENT), SEEN, IN_MADRID).shipment
    assert (after.status, after.newest) == (ShipmentStatus.OUT_FOR_DELIVERY, VAN)


def test_of_two_without_scans_the_one_further_along_is_heard() -> None:
    own, post = (None, an_answer(status="in_transit")), (POST, an_answer(status="out_for_delivery"))
    for answers in ((own, post), (post, own), (own, post, own, post, own)):
        shipment = by_turns(*answers)
        assert (shipment.status, shipment.told_by) == (ShipmentStatus.OUT_FOR_DELIVERY, POST)
    assert by_turns(own, (POST, an_answer(status="unknown"))).status is ShipmentStatus.IN_TRANSIT


def test_a_place_that_only_the_slower_source_tells_is_kept() -> None:
    bare = replace(DOOR, at=DOOR.at + timedelta(minutes=4), description="signed for", place=None)
    own = (None, an_answer(SENT, bare, delivery=Delivery(bare.at)))
    post = (POST, an_answer(DOOR, delivery=Delivery(DOOR.at, place=DOOR.place)))
    for answers in ((own, post), (post, own), (post, own, post)):
        assert by_turns(*answers).delivery == Delivery(bare.at, place=DOOR.place)


def test_estimates_of_two_sources_are_not_compared() -> None:
    own, post = (None, expected("2026-05-20")), (POST, expected("2026-05-25", (ABROAD,)))
    shipment = by_turns(own, post, own, post)
    assert (shipment.edd, shipment.edd_by) == (EstimatedDelivery(latest=day("2026-05-25")), POST)
    assert shipment.slips == ()


def test_a_source_moves_its_own_estimate_whoever_tells_the_newest_scan() -> None:
    own, post = (None, expected("2026-05-20")), (POST, an_answer(ABROAD))
    shipment = by_turns(own, post, (None, expected("2026-05-24")))
    assert shipment.slips == (Slip(SEEN, day("2026-05-20"), day("2026-05-24")),)
    assert by_turns(post, own).edd == EstimatedDelivery(latest=day("2026-05-20"))


def test_the_limit_of_a_pickup_point_is_heard_from_either_source() -> None:
    first, second = at("2026-05-20 20:00"), at("2026-05-22 20:00")
    here = a_scan("2026-05-11 18:00", "available_for_pickup")
    own, post = (None, an_answer(SENT, pickup_until=first)), (POST, an_answer(here))
    assert by_turns(post, own).pickup_until == by_turns(own, post).pickup_until == first
    own, post = (None, an_answer(SENT, pickup_until=first)), (POST, an_answer(here, pickup_until=second))
    assert by_turns(post, own).pickup_until == by_turns(own, post).pickup_until == second


# Two parcels that are one


def test_what_was_told_of_either_was_told_of_the_one() -> None:
    one = replace(by_turns((None, an_answer(SENT))), source="cainiao")
    other = replace(by_turns((None, an_answer(CUSTOMS, VAN))), number="RR1ES", source="post", aliases=("X1",))
    whole = fused(one, [SENT], other, [CUSTOMS, VAN], SEEN, IN_MADRID)
    assert (whole.status, whole.newest, whole.first_event_at) == (other.status, VAN, SENT.at)
    assert (whole.number, whole.aliases, whole.teller) == (NUMBER, ("RR1ES", "X1"), "post")
    back = fused(other, [CUSTOMS, VAN], one, [SENT], SEEN, IN_MADRID)
    assert (back.status, back.first_event_at, back.teller) == (other.status, SENT.at, "post")


@pytest.mark.parametrize("source", [None, "post"])
def test_a_parcel_of_which_nothing_is_known_adds_nothing(source: str | None) -> None:
    one = by_turns((None, an_answer(SENT)))
    assert fused(one, [SENT], Shipment("RR1ES", source=source), [], SEEN, IN_MADRID) == one


# numbers

NUMBERS = [("lp001", "LP001"), (" LP 001\t2 ", "LP0012"), ("", ""), ("LP001", "LP001")]


@pytest.mark.parametrize(("written", "plain"), NUMBERS)
def test_numbers_are_compared_plain(written: str, plain: str) -> None:
    assert plain_number(written) == plain


def test_two_numbers_of_one_parcel_are_aliases() -> None:
    shipment, _ = merged(
        an_answer(SENT, aliases=("rr 1 es", NUMBER, "")),
        an_answer(SENT),
        an_answer(SENT, aliases=("LX2", "RR1ES")),
    )
    assert shipment.aliases == ("LX2", "RR1ES")
    by_alias = replace(an_answer(ABROAD), number="rr1es")
    assert merged(by_alias, shipment=shipment)[0].aliases == ("LX2", "RR1ES")
    assert merged(replace(an_answer(), number="rr1es"))[0].aliases == ("RR1ES",)


# Properties: whatever comes, in whatever order

TIMES = st.integers(0, 12).map(lambda hours: at("2026-05-12 00:00") + timedelta(hours=3 * hours))
EVENTS = st.builds(
    TrackingEvent,
    at=TIMES,
    status=st.sampled_from(ShipmentStatus),
    description=st.sampled_from(("", "a", "b")),
    zone_known=st.booleans(),
    place=st.sampled_from((None, Place(city="Madrid"), Place(city="Vigo"))),
)
#: One scan has one meaning: the same identity is not told with two statuses.
HISTORIES = st.lists(EVENTS, min_size=1, max_size=6, unique_by=identity)
EDDS = st.none() | st.dates(day("2026-05-15"), day("2026-05-25")).map(
    lambda latest: EstimatedDelivery(latest=latest)
)


@st.composite
def looks(draw: st.DrawFn) -> list[Tracking]:
    """Answers about one parcel, each knowing a part of its history; what a source says is its newest
    event's word."""
    history = draw(HISTORIES)
    answers = []
    for _ in range(draw(st.integers(1, 4))):
        part = draw(st.lists(st.sampled_from(history), max_size=6))
        aliases = draw(st.sampled_from(((), ("A1",), ("B2", "a 1"))))
        answers.append(an_answer(*part, aliases=aliases))
    return answers


def what_it_is(shipment: Shipment) -> Shipment:
    """Without what depends on when it was first seen, for a parcel without any scan."""
    return shipment if shipment.newest is not None else replace(shipment, status_since=None)


SEEN_LATE = at("2026-05-20 10:00")


@given(looks(), st.data())
def test_the_order_of_answers_does_not_matter(answers: list[Tracking], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(answers))
    shipment, known = merged(*((answer, SEEN_LATE) for answer in answers))
    other, other_known = merged(*((answer, SEEN_LATE) for answer in shuffled))
    assert known == other_known
    assert what_it_is(shipment) == what_it_is(other)


@given(looks(), st.data())
def test_stored_events_may_come_in_any_order(answers: list[Tracking], data: st.DataObject) -> None:
    """A database sorts by time and leaves open which of two scans at one time comes first."""
    *before, last = answers
    shipment, known = merged(*((answer, SEEN_LATE) for answer in before))
    shuffled = data.draw(st.permutations(known))
    assert merge(shipment, shuffled, last, SEEN_LATE, IN_MADRID) == merge(
        shipment, known, last, SEEN_LATE, IN_MADRID
    )


@given(looks(), EDDS, st.sampled_from((SEEN, LATER, SEEN_LATE)))
def test_merging_twice_changes_nothing(
    answers: list[Tracking], edd: EstimatedDelivery | None, seen_at: datetime
) -> None:
    *before, last = answers
    last = replace(last, edd=edd)
    once, known = merged(*before, (last, seen_at))
    twice, still_known = merged(*before, (last, seen_at), (last, seen_at))
    assert twice == once
    assert still_known == known
    assert merge(once, known, last, seen_at, IN_MADRID).new_events == ()


@given(looks(), st.sampled_from((SEEN, LATER, SEEN_LATE)))
def test_no_event_is_ever_lost_or_doubled(answers: list[Tracking], seen_at: datetime) -> None:
    _, known = merged(*((answer, seen_at) for answer in answers))
    told = {identity(event) for answer in answers for event in answer.events}
    assert [identity(event) for event in known] == [identity(event) for event in sorted(known, key=in_order)]
    assert {identity(event) for event in known} == told
    assert len(known) == len(told)


@given(looks())
def test_events_of_one_answer_may_come_in_any_order(answers: list[Tracking]) -> None:
    (answer, *_) = answers
    backwards = replace(answer, events=answer.events[::-1])
    assert merged((answer, SEEN_LATE)) == merged((backwards, SEEN_LATE))


@given(looks())
def test_what_a_shipment_says_follows_from_its_events(answers: list[Tracking]) -> None:
    shipment, known = merged(*((answer, SEEN_LATE) for answer in answers))
    if not known:
        assert (shipment.newest, shipment.first_event_at, shipment.moving_since) == (None, None, None)
        return
    assert shipment.newest == known[-1]
    assert shipment.first_event_at == IN_MADRID.instant_of_event(known[0])
    if known[-1].status is not ShipmentStatus.NOT_FOUND:
        assert shipment.status is known[-1].status
    assert (shipment.delivery is not None) == (shipment.status is ShipmentStatus.DELIVERED)
    assert shipment.status_since in {IN_MADRID.instant_of_event(event) for event in known}


@st.composite
def two_sources(draw: st.DrawFn) -> list[list[tuple[Lookup | None, Tracking]]]:
    """What the parcel's own source and another say in the course of time: each knows more and more of
    its own scans, has its own word for where the parcel is, and its own estimate."""
    told = []
    for followed, name in ((None, "own"), (POST, "post")):
        events = draw(st.lists(EVENTS, max_size=4, unique_by=identity))
        history = sorted((replace(event, description=name) for event in events), key=in_order)
        history = list({identity(event): event for event in history}.values())
        known = sorted(draw(st.lists(st.integers(0, len(history)), max_size=3)))
        more: dict[str, Any] = {"edd": draw(EDDS), "ends_at_border": draw(st.booleans())}
        words = draw(st.lists(st.sampled_from((None, *ShipmentStatus)), min_size=5, max_size=5))
        told.append(
            [
                (followed, an_answer(*history[:count], status=words[count] if count else None, **more))
                for count in known
            ]
        )
    return told


@given(two_sources(), st.data())
def test_in_whatever_order_two_sources_answer_the_parcel_is_the_same(
    told: list[list[tuple[Lookup | None, Tracking]]], data: st.DataObject
) -> None:
    own, post = told
    turns = [0] * len(own) + [1] * len(post)
    ends = []
    for order in (turns, data.draw(st.permutations(turns))):
        answers = (iter(own), iter(post))
        shipment = by_turns(*(next(answers[turn]) for turn in order))
        ends.append(replace(what_it_is(shipment), slips=()))  # slips are what was seen to happen
    assert ends[0] == ends[1]


@given(two_sources())
def test_two_sources_that_say_the_same_again_by_turns_change_nothing(
    told: list[list[tuple[Lookup | None, Tracking]]],
) -> None:
    answers = [answer for its in told for answer in its]
    again = [its[-1] for its in told if its]
    assert by_turns(*answers, *again, *again) == by_turns(*answers)
