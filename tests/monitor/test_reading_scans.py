"""What every source has from its base: scans are read, and a parcel is made of them, the same way."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest

from monitor.carrier import (
    Delivery,
    EstimatedDelivery,
    Place,
    ShipmentStatus,
    Source,
    Tracking,
    UndatedEvent,
    carrier_code,
)

Status = ShipmentStatus
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


class Post(Source):
    """A post with codes of its own, whose answers a provider files."""

    carriers: ClassVar[frozenset[str]] = frozenset({"upu"})
    scan_codes: ClassVar[Mapping[str, ShipmentStatus]] = {
        "HELD": Status.CUSTOMS_HOLD,
        "MOVED": Status.IN_TRANSIT,
        "DONE": Status.DELIVERED,
    }
    categories: ClassVar[Mapping[str, ShipmentStatus]] = {
        "transit": Status.IN_TRANSIT,
        "problem": Status.EXCEPTION,
        "customs": Status.CUSTOMS_HOLD,
        "label": Status.INFO_RECEIVED,
        "delivered": Status.DELIVERED,
    }

    def exact_meaning(self, code: str) -> ShipmentStatus | None:
        return super().exact_meaning(code) or carrier_code(code)


def post(**more: object) -> Post:
    return Post.model_validate(more)


@pytest.mark.parametrize(
    ("codes", "text", "status", "decided_by"),
    [
        # An exact code decides alone, whatever the words and the category say.
        (("MOVED",), "Held by customs", Status.IN_TRANSIT, None),
        (("HELD", "transit"), "Departed", Status.CUSTOMS_HOLD, None),
        (("CC_IM_START", "transit"), "Customs clearance completed", Status.IN_CUSTOMS, None),
        (("transit", "DONE"), "", Status.DELIVERED, None),
        # Words refine a category.
        (("transit",), "Held by customs", Status.CUSTOMS_HOLD, "words: Held by customs"),
        (("Q9", "transit"), "Held by customs", Status.CUSTOMS_HOLD, "words: Held by customs"),
        (("problem",), "Returned to sender", Status.RETURNING, "words: Returned to sender"),
        (("delivered",), "Held by customs", Status.DELIVERED, None),
        (("transit",), "Departed from facility", Status.IN_TRANSIT, None),
        # Of two categories the first that is known counts.
        (("problem", "transit"), "", Status.EXCEPTION, None),
        (("new", "transit"), "", Status.IN_TRANSIT, None),
        # Nothing that is known is unknown, unless the words are clear.
        (("Q9",), "Something new", Status.UNKNOWN, None),
        (("Q9",), "Held by customs", Status.CUSTOMS_HOLD, "words: Held by customs"),
        ((), "Delivered", Status.UNKNOWN, None),
        ((None, ""), "", Status.UNKNOWN, None),
    ],
)
def test_codes_before_words_before_categories(
    codes: tuple[str | None, ...], text: str, status: ShipmentStatus, decided_by: str | None
) -> None:
    assert post().meaning(text, *codes) == (status, decided_by)


@pytest.mark.parametrize("code", ["MOVED", "transit", "Q9", "CC_IM_START"])
def test_your_codes_beat_everything(code: str) -> None:
    source = post(codes={code: "returned"})
    assert source.meaning("Held by customs", code, "transit") == (Status.RETURNED, "your codes")
    assert post().meaning("", code).decided_by is None


def test_a_scan_keeps_what_was_told() -> None:
    place = Place("Madrid", country="ES")
    event = post().scan((NOON, False), "Something new", None, "Q9", "transit", place=place)
    assert (event.description, event.code, event.place) == ("Something new", "Q9", place)
    assert event == post().scan((NOON, False), "Something new", "Q9", "transit", place=place)


def test_a_text_is_read_no_further_than_it_can_matter() -> None:
    far = "x " * 300 + "Held by customs"
    assert post().meaning(far, "transit").status is Status.IN_TRANSIT


def parcel(*scans: tuple[str, int | None], **more: object) -> Tracking:
    """A parcel with these scans, newest first: code, and hours after noon."""
    source = post()
    told = [
        source.scan(None if hours is None else (NOON + timedelta(hours=hours), True), code, code)
        for code, hours in scans
    ]
    words = more.pop("words", ())
    return source.tracking("RB 1", told, *words, **more)  # type: ignore[arg-type,misc]  # as a test likes


def test_scans_are_put_in_order_once_each() -> None:
    tracking = parcel(("transit", 2), ("MOVED", 1), ("transit", 2), ("label", 0))
    assert [event.code for event in tracking.events] == ["label", "MOVED", "transit"]
    assert tracking == parcel(("label", 0), ("transit", 2), ("MOVED", 1))


def test_the_newest_scan_decides_and_the_word_for_the_parcel_raises_no_hold() -> None:
    assert parcel(("transit", 2), ("HELD", 1), words=["customs"]).status is Status.IN_TRANSIT
    assert parcel(("HELD", 2), ("transit", 1), words=["transit"]).status is Status.CUSTOMS_HOLD
    assert parcel(words=["customs"]).status is Status.IN_CUSTOMS
    assert parcel(words=["nobody knows", "transit"]).status is Status.IN_TRANSIT
    assert parcel(words=["nobody knows"]).status is Status.UNKNOWN
    assert parcel(words=[None, ""]).status is Status.NOT_FOUND


def test_scans_without_a_time_decide_where_there_are_no_others() -> None:
    newest_first = parcel(("DONE", None), ("transit", None))
    assert (newest_first.status, newest_first.events, newest_first.delivery) == (Status.DELIVERED, (), None)
    assert [event.code for event in newest_first.undated] == ["transit", "DONE"]
    assert parcel(("transit", None), ("DONE", None), newest_first=False).status is Status.DELIVERED
    assert parcel(("DONE", None), ("MOVED", 1)).status is Status.IN_TRANSIT


def test_a_scan_without_a_time_that_is_told_twice_is_one() -> None:
    tracking = parcel(("MOVED", None), ("label", None), ("MOVED", None))
    assert tracking.undated == (
        UndatedEvent(Status.INFO_RECEIVED, "label", "label"),
        UndatedEvent(Status.IN_TRANSIT, "MOVED", "MOVED"),
    )


def test_a_delivery_is_the_scan_completed_by_what_is_told_beside_it() -> None:
    told = Delivery(NOON, place=Place("Toledo"))
    assert parcel(("DONE", 2), delivery=told).delivery == Delivery(
        NOON + timedelta(hours=2), place=Place("Toledo")
    )
    assert parcel(("label", 0), words=["delivered"], delivery=told).delivery == told
    assert parcel(("MOVED", 2), delivery=told).delivery is None


def test_a_delivery_without_a_time_still_has_its_place() -> None:
    toledo = Place("Toledo")
    source = post()
    done = source.scan(None, "", "DONE", place=toledo)
    assert source.tracking("RB1", [done]).delivery == Delivery(place=toledo)
    told = Delivery(NOON, True, Place("Madrid"))  # noqa: FBT003 - as adapters do
    assert source.tracking("RB1", [done], delivery=told).delivery == Delivery(NOON, place=toledo)
    assert source.tracking("RB1", [source.scan(None, "", "DONE")]).delivery is None


def test_other_numbers_are_named_once_and_never_its_own() -> None:
    tracking = parcel(aliases=["rb1", "", "LP 2", "LP2", "UG3"])
    assert tracking.aliases == ("LP2", "UG3")


def test_what_is_told_of_the_parcel_is_passed_on() -> None:
    edd = EstimatedDelivery(None, date(2026, 11, 24))
    tracking = parcel(edd=edd, pickup_until=NOON, ends_at_border=True)
    assert (tracking.edd, tracking.pickup_until, tracking.ends_at_border) == (edd, NOON, True)


@pytest.mark.parametrize(
    ("table", "number", "accepts", "claims"),
    [
        ({}, "RB123456785GB", True, True),
        ({}, "rb 1234 56785 gb", True, True),
        ({}, "LP00420000000017", False, False),
        ({"accepts": "^LP.*$"}, "LP00420000000017", True, True),
        ({"accepts": "^LP.*$"}, "RB123456785GB", False, False),
    ],
)
def test_a_source_of_one_carrier_takes_its_numbers_or_those_it_is_told(
    table: dict[str, str], number: str, *, accepts: bool, claims: bool
) -> None:
    source = post(**table)
    assert (source.accepts_number(number), source.claims_number(number)) == (accepts, claims)
    assert not source.takes_any_number


def test_a_source_of_all_carriers_takes_any_number_and_claims_none() -> None:
    source = Source.model_validate({})
    assert source.takes_any_number
    assert source.accepts_number("anything")
    assert not source.claims_number("RB123456785GB")
