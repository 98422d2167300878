"""Orders about which a text is written, and what is known of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.core.drafts import Draft, DraftKind, Proposal, draft
from monitor.core.model import Delivery, EstimatedDelivery, Money, Place, Shipment
from monitor.core.situation import Facts, Situation, situation
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from tests.monitor.core.facts import HOME, a_parcel, a_scan, an_order, at, facts, recorded

NOW = "2026-06-22 21:00"
OTHER_NUMBER = "LP00987654321034"
SHENZHEN = Place(city="Shenzhen", country="CN")
MADRID = Place(city="Madrid", country="ES")
SEVILLE = Place(city="Sevilla", postal_code="41001", country="ES")


def scanned(status: str, when: str, text: str = "", place: Place | None = MADRID, **changes: Any) -> Shipment:
    """A parcel whose newest scan was at `when` in `place`."""
    return replace(a_parcel(status, when, **changes), newest=a_scan(when, status, text, place=place))


def delivered_in(place: Place) -> Shipment:
    """A parcel that was delivered there on 16 May."""
    there = scanned("delivered", "2026-05-16 11:20", place=place)
    return replace(there, delivery=Delivery(at("2026-05-16 11:20"), place=place))


def about(*parcels: Shipment, journal: Sequence[str] = (), **order: Any) -> Facts:
    """A USB hub for 41.90 EUR, ordered and paid on 1 May 2026, shipped on the 3rd, promised for 10 June."""
    known = {
        "price": Money("41.90", "EUR"),
        "ordered_on": "2026-05-01",
        "paid_on": "2026-05-01",
        "estimated_delivery": "2026-06-10",
        "protection_until": "2026-07-05",
        "deliver_to": HOME,
        "seller": "Hub Store",
    }
    return facts(an_order(**(known | order)), *parcels, case=recorded(*journal))


def bare(*parcels: Shipment, journal: Sequence[str] = ()) -> Facts:
    """The same order, of which nothing is known but its number."""
    return facts(an_order(title="", shipped_on=None, shipping=None), *parcels, case=recorded(*journal))


MOVING = scanned("in_transit", "2026-05-12 14:00", "Departed from airport.", SHENZHEN)
HELD = scanned("customs_hold", "2026-05-12 14:00", "[Madrid] Held by customs, documents required.")
IN_CUSTOMS = scanned("in_customs", "2026-06-20 14:00")
LOST = scanned("exception", "2026-06-01 10:00", "Parcel lost")
RETURNING = scanned("returning", "2026-06-01 10:00", "Returned to sender")
RETURNED = scanned("returned", "2026-06-01 10:00", place=None)
UNSEEN = a_parcel("not_found")
HERE = delivered_in(MADRID)
ELSEWHERE = delivered_in(SEVILLE)

OPENED = "2026-06-12 10:00 dispute-opened reason=quality"
AGAINST = "2026-06-20 10:00 decision in_favour_of=seller"


@dataclass(frozen=True)
class Story:
    """A text about these facts. Each parcel was read an hour ago, unless `read` says when."""

    name: str
    kind: DraftKind
    given: Facts
    reason: str | None = None
    now: str = NOW
    proposal: Proposal | None = None
    evidence: Collection[str] = ()
    read: str | None = "2026-06-22 20:00"

    def __str__(self) -> str:
        return self.name

    @property
    def s(self) -> Situation:
        return situation(self.given)

    @property
    def look(self) -> Mapping[str, datetime | None]:
        return {parcel.number: at(self.read) if self.read else None for parcel in self.given.shipments}

    def draft(self, texts: Catalogue = ENGLISH) -> Draft:
        return draft(
            self.kind,
            self.s,
            at(self.now),
            texts,
            look=self.look,
            reason=self.reason,
            proposal=self.proposal,
            evidence=self.evidence,
        )


def described(name: str, given: Facts, reason: str, **more: Any) -> Story:
    return Story(f"description-{name}", DraftKind.DESCRIPTION, given, reason, **more)


#: Each reason with all that can be known of it.
FULL = [
    described("not_received", about(MOVING), "not_received", evidence={"no_delivery", "tracking"}),
    described("wrong_address", about(ELSEWHERE), "wrong_address", evidence={"tracking", "address"}),
    described(
        "quality",
        about(HERE, journal=["2026-05-18 18:00 received"]),
        "quality",
        evidence={"fault_photos", "fault_video", "use_video"},
    ),
    described("not_as_described", about(HERE), "not_as_described", evidence={"listing"}),
    described(
        "damaged_in_transit",
        about(HERE),
        "damaged_in_transit",
        evidence={"unboxing_video", "package_photos", "item_photos"},
    ),
    described("missing_parts", about(HERE), "missing_parts", evidence={"contents_video"}),
    described("wrong_item", about(HERE), "wrong_item", evidence={"labels", "sku_video"}),
    described("duplicate_charge", about(MOVING), "duplicate_charge", evidence={"statements"}),
    described("no_tracking", about(MOVING), "no_tracking", evidence={"messages", "tracking"}),
    described("returned_to_seller", about(RETURNING), "returned_to_seller", evidence={"tracking"}),
    described("customs_hold", about(HELD), "customs_hold", evidence={"tracking", "customs_note"}),
    described("other", about(MOVING), "other"),
]
#: Each reason of an order of which nothing is known.
MINIMAL = [described(f"{story.reason}-minimal", bare(), str(story.reason)) for story in FULL]

#: The same reasons, as they come in other ways.
VARIED = [
    described("not_received-lost", about(LOST), "not_received"),
    described(
        "not_received-expected",
        about(
            replace(MOVING, edd=EstimatedDelivery(latest=at(NOW).date().replace(day=1))),
            estimated_delivery=None,
        ),
        "not_received",
    ),
    described("not_received-usual", about(MOVING, estimated_delivery=None), "not_received"),
    described("not_received-blind", about(MOVING), "not_received", read="2026-06-20 09:00"),
    described("not_received-never-read", about(UNSEEN), "not_received", read=None),
    described("not_received-economy", about(replace(MOVING, ends_at_border=True)), "not_received"),
    described("not_received-today", about(MOVING), "not_received", now="2026-05-03 21:00"),
    described(
        "not_received-one-of-two",
        about(MOVING, replace(HERE, number=OTHER_NUMBER), price=Money("129.46", "PLN")),
        "not_received",
    ),
    described("wrong_address-place-unknown", about(HERE, deliver_to=None), "wrong_address"),
    described("no_tracking-never-scanned", about(UNSEEN), "no_tracking"),
    described("returned_to_seller-back", about(RETURNED), "returned_to_seller"),
    described("customs_hold-silent", about(IN_CUSTOMS), "customs_hold", now="2026-06-20 21:00"),
    described("wrong_address-day-unknown", about(replace(HERE, delivery=None, newest=None)), "wrong_address"),
    described("customs_hold-day-unknown", about(replace(HELD, newest=None)), "customs_hold"),
    described("wrong_item-one-of-two-here", about(HERE, replace(MOVING, number=OTHER_NUMBER)), "wrong_item"),
    described("customs_hold-another-status", about(MOVING), "customs_hold"),
    described("quality-partial", about(HERE), "quality", proposal=Proposal.PARTIAL),
    described("quality-return", about(HERE), "quality", proposal=Proposal.RETURN),
    described("quality-return-price-unknown", about(HERE, price=None), "quality", proposal=Proposal.RETURN),
    described(
        "quality-many-files",
        about(HERE),
        "quality",
        evidence={"fault_photos", "fault_video", "use_video", "photos", "item_photos", "listing", "messages"},
    ),
]

LETTERS = [
    Story("first_contact-customs_hold", DraftKind.FIRST_CONTACT, about(HELD), "customs_hold"),
    *(
        Story(f"first_contact-{reason}", DraftKind.FIRST_CONTACT, given, reason)
        for reason, given in {
            "not_received": about(MOVING),
            "wrong_address": about(ELSEWHERE),
            "returned_to_seller": about(RETURNING),
            "no_tracking": about(UNSEEN),
            "duplicate_charge": about(),
        }.items()
    ),
    Story("first_contact-quality-minimal", DraftKind.FIRST_CONTACT, bare(), "quality"),
    Story(
        "first_contact-day-unknown",
        DraftKind.FIRST_CONTACT,
        about(HERE, ordered_on=None, paid_on=None),
        "wrong_item",
        evidence={"labels"},
    ),
    Story("ask_shipping", DraftKind.ASK_SHIPPING, about(shipped_on=None)),
    Story("ask_shipping-only-ordered", DraftKind.ASK_SHIPPING, about(shipped_on=None, paid_on=None)),
    Story("ask_shipping-minimal", DraftKind.ASK_SHIPPING, bare()),
    Story("proof_of_delivery", DraftKind.PROOF_OF_DELIVERY, about(ELSEWHERE)),
    Story("proof_of_delivery-place-unknown", DraftKind.PROOF_OF_DELIVERY, about(HERE)),
    Story("proof_of_delivery-minimal", DraftKind.PROOF_OF_DELIVERY, bare()),
    Story(
        "counter_offer",
        DraftKind.COUNTER_OFFER,
        about(HERE, journal=[OPENED, "2026-06-21 10:00 offer amount=20.00_EUR"]),
    ),
    Story(
        "counter_offer-nothing-came",
        DraftKind.COUNTER_OFFER,
        about(MOVING, journal=["2026-06-12 10:00 dispute-opened reason=not_received"]),
    ),
    Story(
        "counter_offer-no-money",
        DraftKind.COUNTER_OFFER,
        about(HERE, journal=[OPENED, "2026-06-21 10:00 offer amount=a_[new]_hub"]),
    ),
    Story("counter_offer-minimal", DraftKind.COUNTER_OFFER, bare(journal=[OPENED, "2026-06-21 10:00 offer"])),
    Story(
        "decline_offer",
        DraftKind.DECLINE_OFFER,
        about(HERE, journal=[OPENED, "2026-06-21 10:00 offer amount=€5"]),
    ),
    Story(
        "decline_offer-minimal", DraftKind.DECLINE_OFFER, bare(journal=[OPENED, "2026-06-21 10:00 request"])
    ),
    Story("mediation", DraftKind.MEDIATION, about(HERE, journal=[OPENED]), evidence={"fault_video"}),
    Story(
        "mediation-answered",
        DraftKind.MEDIATION,
        about(
            MOVING,
            journal=[
                "2026-06-12 10:00 dispute-opened reason=not_received",
                "2026-06-14 10:00 seller-answered",
            ],
        ),
    ),
    Story(
        "mediation-opened-today",
        DraftKind.MEDIATION,
        bare(journal=["2026-06-22 10:00 dispute-opened reason=no_such_reason"]),
    ),
    Story("mediation-minimal", DraftKind.MEDIATION, bare()),
    Story("appeal", DraftKind.APPEAL, about(HERE, journal=[OPENED, AGAINST]), evidence={"use_video"}),
    Story("appeal-minimal", DraftKind.APPEAL, bare()),
    Story("enable_dispute", DraftKind.ENABLE_DISPUTE, about(HELD), "customs_hold"),
    Story("enable_dispute-other", DraftKind.ENABLE_DISPUTE, about(HERE)),
    Story(
        "enable_dispute-protection-estimated",
        DraftKind.ENABLE_DISPUTE,
        about(MOVING, protection_until=None),
        "not_received",
    ),
    Story("enable_dispute-minimal", DraftKind.ENABLE_DISPUTE, bare()),
    Story(
        "refund_status",
        DraftKind.REFUND_STATUS,
        about(
            HERE,
            journal=[
                "2026-05-18 10:00 dispute-opened reason=quality",
                "2026-05-20 10:00 refund-issued amount=41.90_EUR",
            ],
        ),
    ),
    Story(
        "refund_status-amount-unknown",
        DraftKind.REFUND_STATUS,
        about(HERE, journal=[OPENED, "2026-06-19 10:00 refund-issued"]),
    ),
    Story(
        "refund_status-won",
        DraftKind.REFUND_STATUS,
        about(HERE, journal=[OPENED, "2026-06-15 10:00 decision in_favour_of=buyer"]),
    ),
    Story(
        "refund_status-agreed",
        DraftKind.REFUND_STATUS,
        about(HERE, journal=[OPENED, "2026-06-22 10:00 agreed"]),
    ),
    Story("refund_status-minimal", DraftKind.REFUND_STATUS, bare()),
    Story("second_charge", DraftKind.SECOND_CHARGE, about(HERE), evidence={"statements"}),
    Story("second_charge-minimal", DraftKind.SECOND_CHARGE, bare()),
]

STORIES = [*FULL, *MINIMAL, *VARIED, *LETTERS]
