"""Which texts fit an order, by what is known and recorded of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from monitor.core.drafts import DraftKind
from monitor.core.drafts.fitting import Fitting, fitting
from monitor.core.rules import OTHERS, PROBLEMS
from monitor.core.situation import Facts, situation
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
from monitor.core.texts.languages import CATALOGUES
from tests.monitor.core.drafts.stories import (
    AGAINST,
    ELSEWHERE,
    HELD,
    HERE,
    LOST,
    MOVING,
    OPENED,
    OTHER_NUMBER,
    RETURNED,
    RETURNING,
    UNSEEN,
    about,
)
from tests.monitor.core.facts import NUMBER, at


@dataclass(frozen=True)
class Row:
    """What fits at `now`, each as its kind and reason. Parcels were read an hour before, or never."""

    name: str
    given: Facts
    now: str
    fits: Sequence[str]
    read: bool = True

    def __str__(self) -> str:
        return self.name

    def found(self, texts: Catalogue = ENGLISH) -> tuple[Fitting, ...]:
        look = {parcel.number: at(self.now) if self.read else None for parcel in self.given.shipments}
        return fitting(situation(self.given), at(self.now), texts, look=look)


def claim(*journal: str) -> Facts:
    """A dispute about the quality, opened on 12 June at 10:00, and what followed."""
    received = "2026-05-18 18:00 received"
    return about(HERE, journal=[received, OPENED, *journal])


ROWS = [
    # before a dispute
    Row("on-its-way", about(MOVING), "2026-05-13 10:00", []),
    Row("not-sent", about(shipped_on=None), "2026-05-10 10:00", ["ask_shipping other"]),
    Row("held-early", about(HELD), "2026-05-12 16:00", ["first_contact customs_hold", "description customs_hold"]),
    Row("held", about(HELD), "2026-05-15 10:00", ["description customs_hold", "first_contact customs_hold"]),
    Row(
        "held-and-late",
        about(HELD),
        "2026-06-11 10:00",
        ["description customs_hold", "description not_received", "first_contact customs_hold"],
    ),
    Row(
        "no-button",
        about(HELD, journal=["2026-05-16 10:00 no-button"]),
        "2026-05-16 10:00",
        ["enable_dispute customs_hold", "description customs_hold", "first_contact customs_hold"],
    ),
    Row("no-button-to-come", about(MOVING, journal=["2026-05-16 10:00 no-button"]), "2026-05-16 09:59", []),
    Row("no-button-no-problem", about(MOVING, journal=["2026-05-16 10:00 no-button"]), "2026-05-16 10:00", ["enable_dispute other"]),
    Row(
        "stalled",
        about(MOVING),
        "2026-05-26 10:00",
        ["description no_tracking", "first_contact no_tracking"],
    ),
    Row("stalled-or-we-are-blind", about(MOVING), "2026-05-26 10:00", [], read=False),
    Row("never-scanned", about(UNSEEN), "2026-05-14 10:00", ["description no_tracking", "first_contact no_tracking"]),
    Row("never-scanned-nor-read", about(UNSEEN), "2026-05-14 10:00", [], read=False),
    Row("returning", about(RETURNING), "2026-06-01 10:00", ["description returned_to_seller", "first_contact returned_to_seller"]),
    Row("returned", about(RETURNED), "2026-06-01 10:00", ["description returned_to_seller", "first_contact returned_to_seller"]),
    Row("lost", about(LOST), "2026-06-01 10:00", ["description not_received", "first_contact not_received"]),
    Row(
        "elsewhere",
        about(ELSEWHERE),
        "2026-05-16 11:20",
        ["description wrong_address", "proof_of_delivery wrong_address", "first_contact wrong_address"],
    ),
    Row("delivered", about(HERE), "2026-05-16 11:20", ["proof_of_delivery wrong_address"]),
    Row("received", about(HERE, journal=["2026-05-18 18:00 received"]), "2026-05-18 18:00", []),
    Row(
        "paid-twice",
        about(MOVING, journal=["2026-05-13 10:00 charged-twice"]),
        "2026-05-13 10:00",
        ["description duplicate_charge", "second_charge duplicate_charge"],
    ),
    # a dispute runs
    Row("opened", claim(), "2026-06-15 08:59", []),
    Row("three-days", claim(), "2026-06-15 09:00", ["mediation quality"]),
    Row("three-days-answered", claim("2026-06-13 10:00 seller-answered"), "2026-06-15 09:00", ["mediation quality"]),
    Row("agreed", claim("2026-06-14 10:00 agreed"), "2026-06-15 09:00", []),
    Row("claim", claim("2026-06-14 10:00 claim"), "2026-06-15 09:00", []),
    Row("seller-silent", claim(), "2026-06-28 09:00", ["mediation quality"]),
    Row("becomes-a-claim", claim("2026-06-13 10:00 seller-answered"), "2026-06-28 09:00", ["mediation quality"]),
    Row("no-decision", claim("2026-06-14 10:00 claim"), "2026-07-13 09:00", ["mediation quality"]),
    Row(
        "offer",
        claim("2026-06-14 10:00 offer"),
        "2026-06-14 10:00",
        ["counter_offer quality", "decline_offer quality"],
    ),
    Row(
        "offer-after-three-days",
        claim("2026-06-15 10:00 offer"),
        "2026-06-15 10:00",
        ["counter_offer quality", "decline_offer quality", "mediation quality"],
    ),
    Row("offer-answered", claim("2026-06-13 10:00 offer", "2026-06-13 12:00 answered"), "2026-06-14 10:00", []),
    Row("request", claim("2026-06-14 10:00 request"), "2026-06-14 10:00", []),
    Row("decided-against", claim(AGAINST), "2026-06-20 10:00", ["appeal quality"]),
    Row("appealed", claim(AGAINST, "2026-06-21 10:00 appealed"), "2026-06-21 10:00", []),
    Row("held-and-disputed", about(HELD, journal=["2026-05-15 10:00 dispute-opened reason=customs_hold"]), "2026-05-16 10:00", []),
    Row(
        "elsewhere-and-disputed",
        about(ELSEWHERE, journal=["2026-05-17 10:00 dispute-opened reason=wrong_address"]),
        "2026-05-20 09:00",
        ["mediation wrong_address", "proof_of_delivery wrong_address"],
    ),
    Row(
        "disputed-tomorrow",
        about(HELD, journal=["2026-05-16 10:00 dispute-opened"]),
        "2026-05-16 09:59",
        ["description customs_hold", "first_contact customs_hold"],
    ),
    Row(
        "cancelled",
        about(HELD, journal=["2026-05-15 10:00 dispute-opened", "2026-05-16 10:00 dispute-cancelled"]),
        "2026-05-16 10:00",
        ["description customs_hold", "first_contact customs_hold"],
    ),
    # the money: ten business days are expected, twenty are late
    Row("refund-expected", claim("2026-06-15 10:00 refund-issued"), "2026-06-29 09:00", []),
    Row("refund-late", claim("2026-06-15 10:00 agreed"), "2026-07-13 08:59", []),
    Row("refund-late-now", claim("2026-06-15 10:00 agreed"), "2026-07-13 09:00", ["refund_status quality"]),
    Row(
        "refund-received",
        claim("2026-06-15 10:00 agreed", "2026-07-14 10:00 refund-received"),
        "2026-07-14 10:00",
        [],
    ),
    Row("closed", about(HELD, journal=["2026-05-20 10:00 no-button", "2026-05-21 10:00 closed"]), "2026-05-21 10:00", []),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_fits(row: Row) -> None:
    assert [f"{it.kind} {it.reason}" for it in row.found()] == [*row.fits]


def test_a_parcel_that_another_order_speaks_for_is_a_problem_of_this_one_too() -> None:
    shared = replace(about(HELD), silent_parcels=frozenset({NUMBER}))
    assert (
        Row("", shared, "2026-05-15 10:00", []).found()
        == Row("", about(HELD), "2026-05-15 10:00", []).found()
    )


def test_silence_of_the_parcel_that_was_read_counts() -> None:
    given = about(MOVING, replace(HERE, number=OTHER_NUMBER))
    now = at("2026-05-26 10:00")
    for number, kinds in ((NUMBER, {"description", "first_contact"}), (OTHER_NUMBER, set())):
        found = fitting(situation(given), now, ENGLISH, look={number: now})
        assert {it.kind.value for it in found} == kinds


def test_a_text_that_fits_says_where_it_goes_and_why() -> None:
    row = Row("", about(ELSEWHERE), "2026-05-16 11:20", [])
    assert row.found()[1] == Fitting(
        DraftKind.PROOF_OF_DELIVERY,
        "wrong_address",
        "To the seller: proof of delivery",
        "It was delivered at another place than your address.",
    )
    description, *_ = row.found(SPANISH)
    assert description.title == "Para el formulario de la disputa: entregado en otro sitio"
    assert description.why == "Se entregó en un sitio que no es tu dirección."


@pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))
def test_every_why_is_told_by_some_row(texts: Catalogue) -> None:
    assert {it.why for row in ROWS for it in row.found(texts)} == {*texts.drafts.why.values()}
    assert {*texts.drafts.why} <= {rule.__name__ for rule in (*PROBLEMS, *OTHERS)} | {"no_button"}


def test_every_kind_fits_some_time() -> None:
    assert {it.kind for row in ROWS for it in row.found()} == {*DraftKind}
