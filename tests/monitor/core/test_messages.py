"""Every message as a phone shows it, in every language. `pytest --update-golden` writes
tests/golden/messages (English) and messages_es (Spanish) anew: read what changed as somebody who is tired
and has never heard of a dispute."""

import re
import string
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import messages
from monitor.core.alerts import TELLS_END
from monitor.core.messages import (
    Message,
    compose,
    compose_end,
    compose_service,
    headline,
    relative,
)
from monitor.core.model import Delivery, EstimatedDelivery, Money, Place, Shipment, ShipmentStatus, Slip
from monitor.core.moment import Moment
from monitor.core.policy import DisputeReason, EvidenceItem, EvidenceKind, Policy
from monitor.core.rules import OTHERS, PROBLEMS
from monitor.core.rules.service import ChannelHealth, SourceHealth, channel_down, policy_old, source_blind
from monitor.core.situation import Facts, situation
from monitor.core.speaking import digest
from monitor.core.stakes import Stakes, Sum
from monitor.core.texts import Catalogue, Text
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
from monitor.core.texts.languages import CATALOGUES
from monitor.core.timeline import current, timeline
from monitor.core.words import WORDS, Words, telling
from monitor.policies import load_policy, shipped_policies
from tests.monitor.core.facts import (
    ALIEXPRESS,
    HOME,
    IN_MADRID,
    NUMBER,
    ORDER,
    a_folder,
    a_parcel,
    a_policy,
    a_scan,
    an_order,
    at,
    facts,
    only,
    recorded,
)

GOLDEN = Path(__file__).parents[2] / "golden"

each_language = pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))

PRICE = Money("41.90", "EUR")
MADRID = Place(city="Madrid", country="ES")
SEVILLE = Place(city="Sevilla", postal_code="41001", country="ES")
OTHER = "LP00987654321034"
TWO_HOURS = timedelta(hours=2)


def about(
    *parcels: Shipment,
    journal: Sequence[str] = (),
    policy: Policy = ALIEXPRESS,
    folder: str | None = None,
    fallbacks: str = "",
    **order: Any,
) -> Facts:
    """A USB hub for €41.90, paid on 1 May 2026 and shipped on the 3rd by standard mail, to Madrid. `folder`
    has the files of its evidence folder."""
    files = None if folder is None else a_folder(*folder.split())
    known = {"price": PRICE, "paid_on": "2026-05-01", "deliver_to": HOME, "seller": "Hub Store"} | order
    case = recorded(*journal)
    return facts(an_order(**known), *parcels, case=case, policy=policy, evidence=files, fallbacks=fallbacks)


def scanned(status: str, when: str, place: Place = MADRID, **changes: Any) -> Shipment:
    """A parcel whose newest scan was at `when` in `place`."""
    return replace(a_parcel(status, when, **changes), newest=a_scan(when, status, place=place))


@dataclass(frozen=True)
class Story:
    """What a rule says of these facts: when it begins to be true, `later`, or at a given `now`. `read`
    is how long ago each parcel was read (None: never)."""

    name: str
    given: Facts
    rule: str
    stage: str = ""
    now: str | None = None
    later: timedelta = timedelta()
    read: timedelta | None = TWO_HOURS

    def __str__(self) -> str:
        return self.name

    def moment(self) -> Moment:
        """The stage's moment; of several, the latest that has begun."""
        moments = [m for m in only(timeline(self.given), self.rule) if m.stage == self.stage]
        if self.now is not None:
            moments = [m for m in moments if m.at <= at(self.now)]
        return moments[-1]

    def told_at(self) -> datetime:
        return self.moment().at + self.later if self.now is None else at(self.now)

    def message(self, texts: Catalogue = ENGLISH) -> Message:
        given, now = in_language(self.given, texts), self.told_at()
        look = {parcel.number: None if self.read is None else now - self.read for parcel in given.shipments}
        return compose(self.moment(), situation(given), now, texts, look=look)


def in_language(given: Facts, texts: Catalogue) -> Facts:
    """The same facts under the same policies, in the words of a language."""
    fallbacks = tuple(translated(policy, texts) for policy in given.fallbacks)
    return replace(given, policy=translated(given.policy, texts), fallbacks=fallbacks)


@cache
def shipped(name: str, language: str) -> Policy:
    return load_policy(name, language=language)


def translated(policy: Policy, texts: Catalogue) -> Policy:
    """A shipped policy, whatever its numbers are, in the words of a language; another as it is."""
    if policy.name not in shipped_policies() or policy.paths not in (shipped(policy.name, "en").paths, {}):
        return policy
    words = shipped(policy.name, texts.language)
    return replace(
        policy,
        title=words.title,
        paths=words.paths if policy.paths else {},
        aliases=words.aliases,
        reasons=words.reasons,
        dossier=words.dossier,
        drop_offs=words.drop_offs if policy.drop_offs else (),
    )


def appeals_within(days: int) -> Policy:
    """The shipped policy sets no limit for appeals; others do."""
    clock = replace(ALIEXPRESS.clocks["appeal_days"], value=days)
    return replace(ALIEXPRESS, clocks={**ALIEXPRESS.clocks, "appeal_days": clock})


EBAY, PAYPAL = load_policy("ebay"), load_policy("paypal")
#: A policy of the user's own, that names few numbers and no ways.
MINE = replace(
    a_policy("etsy", seller_response_days=5, escalate_after_days=2),
    name="mine",
    title="Corner Shop",
    paths={},
)

BOX = scanned("in_transit", "2026-05-12 14:00", Place(city="Shenzhen", country="CN"))
HELD = scanned("customs_hold", "2026-05-12 14:00")
ARRIVED = scanned("delivered", "2026-05-16 11:20", delivered="2026-05-16 11:20")
ELSEWHERE = replace(ARRIVED, delivery=Delivery(at("2026-05-16 11:20"), place=SEVILLE))
ELSEWHERE = replace(ELSEWHERE, newest=a_scan("2026-05-16 11:20", "delivered", place=SEVILLE))
OPENED = "2026-05-20 10:00 dispute-opened reason=quality"
CUSTOMS_CASE = "2026-05-20 10:00 dispute-opened reason=customs_hold"

STORIES = [
    # from payment to shipping
    Story("not_shipped", about(shipped_on=None), "not_shipped"),
    Story(
        "not_shipped-only-ordered",
        about(shipped_on=None, paid_on=None, ordered_on="2026-05-01", seller=None, title=""),
        "not_shipped",
    ),
    # a dispute becomes possible
    Story("dispute_openable", about(BOX), "dispute_openable", "open"),
    Story("dispute_openable-no-parcel", about(), "dispute_openable", "open"),
    Story(
        "dispute_openable-delivered",
        about(scanned("delivered", "2026-05-13 11:20", delivered="2026-05-13 11:20")),
        "dispute_openable",
        "open",
    ),
    Story("dispute_openable-customs", about(HELD), "dispute_openable", "problem"),
    Story("dispute_openable-no-tracking", about(a_parcel("not_found")), "dispute_openable", "problem"),
    Story(
        "dispute_openable-late",
        about(BOX, estimated_delivery="2026-05-10", price=Money("129.46", "PLN")),
        "dispute_openable",
        "problem",
    ),
    Story(
        "dispute_openable-elsewhere",
        about(
            replace(
                ELSEWHERE,
                delivery=Delivery(at("2026-05-13 11:20"), place=SEVILLE),
                status_since=at("2026-05-13 11:20"),
            )
        ),
        "dispute_openable",
        "problem",
    ),
    # late
    Story("estimate_missed", about(BOX), "estimate_missed"),
    # some of the evidence is there
    Story("customs_hold-evidence-some", about(HELD, folder="seguimiento.png"), "customs_hold", "held"),
    Story("customs_hold-evidence-all", about(HELD, folder="tracking.png chat/1.png"), "customs_hold", "held"),
    Story("customs_hold-evidence-none", about(HELD, folder="IMG_1.png"), "customs_hold", "held"),
    Story(
        "post_delivery_ending-evidence",
        about(ARRIVED, folder="unboxing.mp4 listing/1.png"),
        "post_delivery_ending",
        "1d",
    ),
    Story("estimate_missed-early", about(BOX, estimated_delivery="2026-05-10"), "estimate_missed"),
    Story(
        "estimate_missed-by-the-carrier",
        about(replace(BOX, edd=EstimatedDelivery(latest=date(2026, 5, 28)))),
        "estimate_missed",
    ),
    Story("estimate_missed-shipping-unknown", about(BOX, shipping=None), "estimate_missed"),
    Story("estimate_missed-no-parcel", about(), "estimate_missed"),
    Story("estimate_missed-economy", about(replace(BOX, ends_at_border=True)), "estimate_missed"),
    Story(
        "estimate_missed-no-button",
        about(BOX, shipping="premium", protection_until="2026-07-20", journal=["2026-05-15 10:00 no-button"]),
        "estimate_missed",
    ),
    Story(
        "protection_ending-no-button",
        about(BOX, journal=["2026-05-15 10:00 no-button"]),
        "protection_ending",
        "3d",
    ),
    Story(
        "dispute_openable-looked",
        about(BOX, journal=["2026-05-10 10:00 no-button"]),
        "dispute_openable",
        "open",
    ),
    Story(
        "dispute_openable-again",
        about(BOX, journal=["2026-05-15 10:00 no-button"]),
        "dispute_openable",
        "again",
    ),
    Story(
        "dispute_openable-again-still-shipped",
        about(ARRIVED, journal=["2026-05-17 10:00 no-button"]),
        "dispute_openable",
        "again",
    ),
    Story(
        "dispute_openable-again-unexplained",
        about(ARRIVED, status="delivered", journal=["2026-05-17 10:00 no-button"]),
        "dispute_openable",
        "again",
    ),
    Story(
        "dispute_openable-again-no-paths",
        about(BOX, policy=replace(ALIEXPRESS, paths={}), journal=["2026-05-15 10:00 no-button"]),
        "dispute_openable",
        "again",
    ),
    Story(
        "dispute_openable-again-shipping-day-unknown",
        about(shipped_on=None, journal=["2026-05-17 10:00 no-button"]),
        "dispute_openable",
        "again",
    ),
    Story(
        "estimate_missed-button-too-late",
        about(BOX, estimated_delivery="2026-05-10", protection_until="2026-05-12"),
        "estimate_missed",
    ),
    Story(
        "estimate_missed-shipping-day-unknown",
        about(shipped_on=None, estimated_delivery="2026-05-20"),
        "estimate_missed",
    ),
    Story("estimate_missed-one-of-two", about(BOX, replace(ARRIVED, number=OTHER)), "estimate_missed"),
    Story(
        "estimate_missed-protection-over-fallbacks",
        about(BOX, estimated_delivery="2026-06-10", protection_until="2026-06-01", fallbacks="paypal card"),
        "estimate_missed",
    ),
    Story(
        "estimate_missed-temu",
        about(BOX, policy=load_policy("temu"), estimated_delivery="2026-06-10"),
        "estimate_missed",
    ),
    Story(
        "estimate_missed-protection-over",
        about(BOX, estimated_delivery="2026-06-10", protection_until="2026-06-01"),
        "estimate_missed",
    ),
    Story(
        "estimate_slipped",
        about(
            replace(
                BOX,
                edd=EstimatedDelivery(latest=date(2026, 5, 28)),
                slips=(Slip(at("2026-05-15 08:00"), date(2026, 5, 21), date(2026, 5, 28)),),
            )
        ),
        "estimate_slipped",
        later=TWO_HOURS,
    ),
    Story(
        "estimate_slipped-beyond-protection",
        about(replace(BOX, slips=(Slip(at("2026-05-15 08:00"), date(2026, 5, 21), date(2026, 7, 4)),))),
        "estimate_slipped",
        later=TWO_HOURS,
    ),
    Story(
        "estimate_slipped-dispute-open",
        about(
            replace(BOX, slips=(Slip(at("2026-05-25 08:00"), date(2026, 5, 21), date(2026, 7, 4)),)),
            journal=[CUSTOMS_CASE],
        ),
        "estimate_slipped",
        later=TWO_HOURS,
    ),
    # protection
    *(
        Story(f"protection_ending-{lead}d", about(BOX), "protection_ending", f"{lead}d")
        for lead in (14, 7, 3, 1)
    ),
    Story("protection_ending-counter", about(BOX, protection_until="2026-07-10"), "protection_ending", "7d"),
    Story("protection_ending-margin-gone", about(BOX), "protection_ending", "1d", now="2026-07-02 20:00"),
    Story(
        "protection_ending-last-evening-large-price",
        about(BOX, price=Money("1129.46", "PLN")),
        "protection_ending",
        "1d",
        now="2026-07-01 23:00",
    ),
    Story("protection_ending-customs", about(HELD), "protection_ending", "3d"),
    *(
        Story(
            f"protection_ending-delivered-{lead}d",
            about(scanned("delivered", "2026-06-10 11:20", delivered="2026-06-10 11:20")),
            "protection_ending",
            f"{lead}d",
        )
        for lead in (14, 7, 3, 1)
    ),
    Story(
        "protection_ending-delivered-elsewhere",
        about(replace(ELSEWHERE, delivery=Delivery(at("2026-06-24 11:20"), place=SEVILLE))),
        "protection_ending",
        "3d",
    ),
    Story(
        "protection_ending-received", about(journal=["2026-06-24 11:20 received"]), "protection_ending", "3d"
    ),
    Story(
        "protection_ending-one-of-two", about(BOX, replace(ARRIVED, number=OTHER)), "protection_ending", "7d"
    ),
    Story("protection_ending-blind", about(BOX), "protection_ending", "7d", read=timedelta(days=3)),
    Story("protection_ending-no-parcel", about(), "protection_ending", "7d"),
    Story("protection_ended", about(BOX, protection_until="2026-07-02"), "protection_ended"),
    Story("protection_ended-estimated", about(BOX), "protection_ended"),
    Story(
        "protection_ended-possibly",
        about(scanned("delivered", "2026-06-24 11:20", delivered="2026-06-24 11:20")),
        "protection_ended",
    ),
    Story(
        "protection_ended-grace", about(BOX, policy=a_policy(protection_grace_days=15)), "protection_ended"
    ),
    Story(
        "protection_ended-fallbacks",
        about(BOX, protection_until="2026-07-02", fallbacks="paypal card"),
        "protection_ended",
    ),
    Story("protection_ended-estimated-fallbacks", about(BOX, fallbacks="paypal card"), "protection_ended"),
    Story(
        "protection_ended-possibly-fallbacks",
        about(
            scanned("delivered", "2026-06-24 11:20", delivered="2026-06-24 11:20"),
            fallbacks="paypal card eu-withdrawal",
        ),
        "protection_ended",
    ),
    Story(
        "protection_ended-withdrawal-only",
        about(
            scanned("delivered", "2026-06-24 11:20", delivered="2026-06-24 11:20"), fallbacks="eu-withdrawal"
        ),
        "protection_ended",
    ),
    Story(
        "protection_ended-ebay", about(BOX, policy=EBAY, estimated_delivery="2026-06-02"), "protection_ended"
    ),
    Story("fallback_ending-paypal-14d", about(BOX, fallbacks="paypal card"), "fallback_ending", "14d"),
    Story("fallback_ending-paypal-3d", about(BOX, fallbacks="paypal"), "fallback_ending", "3d"),
    Story("fallback_ending-card-estimated", about(BOX, fallbacks="card"), "fallback_ending", "14d"),
    Story(
        "fallback_ending-dispute-open",
        about(BOX, fallbacks="paypal", journal=[CUSTOMS_CASE]),
        "fallback_ending",
        "14d",
    ),
    Story(
        "fallback_ending-dispute-lost",
        about(
            BOX,
            fallbacks="paypal",
            journal=[CUSTOMS_CASE, "2026-06-20 10:00 decision in_favour_of=seller"],
        ),
        "fallback_ending",
        "3d",
    ),
    Story(
        "fallback_ending-withdrawal",
        about(ARRIVED, fallbacks="eu-withdrawal", journal=[OPENED]),
        "fallback_ending",
        "3d",
    ),
    Story(
        "fallback_ending-over",
        about(BOX, fallbacks="card", journal=[CUSTOMS_CASE]),
        "fallback_ending",
        "3d",
        now="2026-10-16 10:00",
    ),
    # customs and the road
    Story(
        "customs_hold-one-of-two",
        about(HELD, replace(ARRIVED, number=OTHER)),
        "customs_hold",
        "held",
        later=TWO_HOURS,
    ),
    Story("customs_hold", about(HELD), "customs_hold", "held", later=TWO_HOURS),
    Story(
        "customs_hold-can-dispute",
        about(scanned("customs_hold", "2026-05-17 14:00")),
        "customs_hold",
        "held",
        now="2026-05-26 10:00",
    ),
    Story(
        "customs_hold-dispute-open",
        about(scanned("customs_hold", "2026-05-22 14:00"), journal=[CUSTOMS_CASE]),
        "customs_hold",
        "held",
        later=TWO_HOURS,
    ),
    Story("customs_hold-silent", about(scanned("in_customs", "2026-05-17 14:00")), "customs_hold", "silent"),
    Story(
        "customs_hold-shared-parcel",
        about(scanned("customs_hold", "2026-05-17 14:00", orders=(ORDER, "8190000000007732"))),
        "customs_hold",
        "held",
        later=TWO_HOURS,
    ),
    Story(
        "customs_hold-long-title",
        about(HELD, title="New 2026 USB 3.2 Gen 2 Hub, 10 Ports, Aluminium, with Power Supply for PC"),
        "customs_hold",
        "held",
        later=TWO_HOURS,
    ),
    Story(
        "customs_hold-chinese-title",
        about(
            HELD,
            title="十口铝合金集线器带电源适配器适用于笔记本电脑和台式机",
            seller="深圳市集线器专营店有限公司",
        ),
        "customs_hold",
        "held",
        later=TWO_HOURS,
    ),
    Story(
        "customs_hold-silent-no-scans",
        about(replace(a_parcel("in_customs"), status_since=at("2026-05-17 14:00"))),
        "customs_hold",
        "silent",
    ),
    Story("no_tracking", about(a_parcel("not_found"), policy=a_policy(no_tracking_days=8)), "no_tracking"),
    Story(
        "no_tracking-never-read",
        about(a_parcel("not_found"), policy=a_policy(no_tracking_days=12)),
        "no_tracking",
        read=None,
    ),
    Story("tracking_stalled", about(BOX), "tracking_stalled"),
    Story("returning", about(scanned("returning", "2026-05-25 16:00")), "returning", later=TWO_HOURS),
    Story("returned", about(scanned("returned", "2026-06-05 16:00")), "returned", later=TWO_HOURS),
    Story(
        "parcel_exception-no-dates",
        about(scanned("exception", "2026-05-25 16:00"), shipped_on=None, paid_on=None),
        "parcel_exception",
        later=TWO_HOURS,
    ),
    Story(
        "parcel_exception",
        about(scanned("exception", "2026-05-25 16:00")),
        "parcel_exception",
        later=TWO_HOURS,
    ),
    Story(
        "delivery_failed",
        about(scanned("delivery_failed", "2026-05-15 12:10")),
        "delivery_failed",
        later=TWO_HOURS,
    ),
    # at the door
    Story(
        "pickup_waiting",
        about(scanned("available_for_pickup", "2026-05-15 12:10")),
        "pickup_waiting",
        "ready",
        later=TWO_HOURS,
    ),
    Story(
        "pickup_waiting-limit",
        about(scanned("available_for_pickup", "2026-05-15 12:10", pickup_until="2026-05-22 18:00")),
        "pickup_waiting",
        "ready",
        later=TWO_HOURS,
    ),
    Story(
        "pickup_waiting-again",
        about(scanned("available_for_pickup", "2026-05-15 12:10")),
        "pickup_waiting",
        "again",
    ),
    Story(
        "pickup_waiting-again-limit",
        about(scanned("available_for_pickup", "2026-05-15 12:10", pickup_until="2026-05-22 18:00")),
        "pickup_waiting",
        "again",
    ),
    Story(
        "pickup_waiting-limit-over",
        about(scanned("available_for_pickup", "2026-05-15 12:10", pickup_until="2026-05-22 18:00")),
        "pickup_waiting",
        "again",
        now="2026-05-23 10:00",
    ),
    Story(
        "film_unboxing",
        about(scanned("out_for_delivery", "2026-05-15 08:10")),
        "film_unboxing",
        later=TWO_HOURS,
    ),
    Story(
        "film_unboxing-pickup",
        about(scanned("available_for_pickup", "2026-05-15 08:10")),
        "film_unboxing",
        read=timedelta(),
    ),
    Story("delivered_elsewhere", about(ELSEWHERE), "delivered_elsewhere", later=TWO_HOURS),
    Story(
        "delivered_elsewhere-ebay",
        about(ELSEWHERE, policy=EBAY, estimated_delivery="2026-05-20"),
        "delivered_elsewhere",
        later=TWO_HOURS,
    ),
    Story(
        "delivered_elsewhere-15-days-over", about(ELSEWHERE), "delivered_elsewhere", now="2026-06-01 10:00"
    ),
    Story(
        "delivered_unconfirmed", about(ARRIVED), "delivered_unconfirmed", "delivered", now="2026-05-16 13:30"
    ),
    Story(
        "delivered_unconfirmed-dispute-open",
        about(scanned("delivered", "2026-05-26 11:20"), journal=[OPENED]),
        "delivered_unconfirmed",
        "delivered",
        now="2026-05-26 13:30",
    ),
    Story(
        "delivered_unconfirmed-15-days-over",
        about(ARRIVED),
        "delivered_unconfirmed",
        "again",
        now="2026-06-02 10:00",
    ),
    Story("delivered_unconfirmed-again", about(ARRIVED), "delivered_unconfirmed", "again"),
    Story(
        "delivered_unconfirmed-two-parcels",
        about(ARRIVED, replace(ARRIVED, number=OTHER)),
        "delivered_unconfirmed",
        "again",
    ),
    Story(
        "delivered_unconfirmed-day-only",
        about(scanned("delivered", "2026-05-16 00:00", delivered="2026-05-16 00:00")),
        "delivered_unconfirmed",
        "delivered",
        now="2026-05-16 13:30",
    ),
    *(
        Story(f"post_delivery_ending-{lead}d", about(ARRIVED), "post_delivery_ending", f"{lead}d")
        for lead in (7, 3, 1)
    ),
    Story(
        "post_delivery_ending-protection-unknown",
        about(ARRIVED, shipped_on=None, paid_on=None),
        "post_delivery_ending",
        "3d",
    ),
    Story("status_lag", about(ARRIVED), "status_lag"),
    # a dispute
    Story("escalation_available", about(ARRIVED, journal=[OPENED]), "escalation_available"),
    Story(
        "escalation_available-elsewhere",
        about(ARRIVED, journal=[OPENED], policy=MINE),
        "escalation_available",
    ),
    Story(
        "escalation_available-elsewhere-no-days",
        about(ARRIVED, journal=[OPENED], policy=a_policy("etsy", escalate_after_days=2)),
        "escalation_available",
    ),
    *(
        Story(
            f"escalation_due-{lead}d",
            about(ARRIVED, journal=[OPENED], policy=PAYPAL),
            "escalation_due",
            f"{lead}d",
        )
        for lead in (7, 3, 1)
    ),
    Story(
        "escalation_available-late",
        about(ARRIVED, journal=[OPENED]),
        "escalation_available",
        now="2026-05-26 10:00",
    ),
    Story(
        "escalation_available-answered",
        about(ARRIVED, journal=[OPENED, "2026-05-21 10:00 seller-answered"]),
        "escalation_available",
    ),
    Story("seller_response_due-look", about(ARRIVED, journal=[OPENED]), "seller_response_due", "look"),
    Story("seller_response_due-3d", about(ARRIVED, journal=[OPENED]), "seller_response_due", "3d"),
    Story("seller_response_due-1d", about(ARRIVED, journal=[OPENED]), "seller_response_due", "1d"),
    Story("seller_silent", about(ARRIVED, journal=[OPENED]), "seller_silent"),
    Story("seller_silent-told", about(ARRIVED, journal=[f"{OPENED} due=2026-05-25T10:00"]), "seller_silent"),
    Story(
        "becomes_claim", about(ARRIVED, journal=[OPENED, "2026-05-21 10:00 seller-answered"]), "becomes_claim"
    ),
    *(
        Story(
            f"answer_due-offer-{lead}h",
            about(ARRIVED, journal=[OPENED, "2026-05-25 10:00 offer due=2026-05-29T18:00"]),
            "answer_due",
            f"{lead}h",
        )
        for lead in (48, 24, 6)
    ),
    Story(
        "answer_due-offer-last-minutes",
        about(ARRIVED, journal=[OPENED, "2026-05-25 10:00 offer due=2026-05-29T18:00"]),
        "answer_due",
        "6h",
        now="2026-05-29 17:20",
    ),
    *(
        Story(
            f"answer_due-request-{lead}h",
            about(ARRIVED, journal=[OPENED, "2026-05-25 10:00 request"]),
            "answer_due",
            f"{lead}h",
        )
        for lead in (48, 24, 6)
    ),
    Story("mediation_overdue", about(ARRIVED, journal=[OPENED]), "mediation_overdue"),
    Story(
        "mediation_overdue-appeal",
        about(
            ARRIVED,
            journal=[OPENED, "2026-06-10 10:00 decision in_favour_of=seller", "2026-06-11 18:00 appealed"],
        ),
        "mediation_overdue",
    ),
    Story(
        "mediation_overdue-replacement",
        about(ARRIVED, journal=[OPENED, "2026-05-25 10:00 agreed on=replacement"]),
        "mediation_overdue",
    ),
    Story(
        "appeal_possible",
        about(ARRIVED, journal=[OPENED, "2026-06-10 10:00 decision in_favour_of=seller"]),
        "appeal_possible",
        now="2026-06-10 12:00",
    ),
    Story(
        "appeal_possible-fallbacks",
        about(
            ARRIVED,
            fallbacks="paypal card",
            journal=[OPENED, "2026-06-10 10:00 decision in_favour_of=seller"],
        ),
        "appeal_possible",
        now="2026-06-10 12:00",
    ),
    Story(
        "appeal_possible-limit",
        about(
            ARRIVED,
            policy=appeals_within(7),
            journal=[OPENED, "2026-06-10 10:00 decision in_favour_of=seller"],
        ),
        "appeal_possible",
        now="2026-06-10 12:00",
    ),
    Story(
        "appeal_possible-again",
        about(
            ARRIVED,
            journal=[
                OPENED,
                "2026-06-10 10:00 decision in_favour_of=seller",
                "2026-06-11 18:00 appealed",
                "2026-06-25 10:00 decision in_favour_of=seller",
            ],
        ),
        "appeal_possible",
        now="2026-06-25 12:00",
    ),
    Story(
        "return_due",
        about(ARRIVED, journal=[OPENED, "2026-06-10 10:00 return-approved"]),
        "return_due",
        "approved",
    ),
    Story(
        "return_due-no-places",
        about(
            ARRIVED,
            policy=replace(ALIEXPRESS, paths={}, drop_offs=()),
            journal=[OPENED, "2026-06-10 10:00 return-approved"],
        ),
        "return_due",
        "approved",
    ),
    *(
        Story(
            f"return_due-{name}",
            about(
                ARRIVED,
                journal=[OPENED, f"2026-06-10 10:00 return-approved due=2026-06-18T00:00 carrier={carrier}"],
            ),
            "return_due",
            "approved",
        )
        for name, carrier in (("correos", "Correos"), ("ctt", "ctt"), ("other", "GLS"))
    ),
    Story(
        "return_due-3d",
        about(ARRIVED, journal=[OPENED, "2026-06-10 10:00 return-approved"]),
        "return_due",
        "3d",
    ),
    Story(
        "return_due-over",
        about(ARRIVED, journal=[OPENED, "2026-06-10 10:00 return-approved"]),
        "return_due",
        "3d",
        now="2026-06-22 10:00",
    ),
    Story(
        "refund_due-early",
        about(ARRIVED, journal=[OPENED, "2026-06-10 10:00 refund-issued"]),
        "refund_due",
        "early",
    ),
    Story(
        "refund_due-expected",
        about(ARRIVED, journal=[OPENED, "2026-06-10 10:00 decision in_favour_of=buyer"]),
        "refund_due",
        "expected",
    ),
    Story(
        "refund_due-overdue",
        about(ARRIVED, journal=[OPENED, "2026-06-10 10:00 agreed"]),
        "refund_due",
        "overdue",
    ),
    *(
        Story(
            f"refund_due-{stage}",
            about(
                ARRIVED,
                journal=[
                    OPENED,
                    "2026-06-10 10:00 return-approved",
                    "2026-06-12 10:00 return-shipped number=RR123456785ES",
                ],
            ),
            "refund_due",
            stage,
        )
        for stage in ("return", "return-overdue")
    ),
    Story(
        "dispute_rearmed",
        about(ARRIVED, journal=[OPENED, "2026-05-27 10:00 dispute-cancelled"]),
        "dispute_rearmed",
    ),
    Story(
        "dispute_rearmed-not-delivered",
        about(BOX, journal=[OPENED, "2026-06-27 10:00 dispute-cancelled"]),
        "dispute_rearmed",
    ),
    Story("duplicate_charge", about(ARRIVED, journal=["2026-05-20 10:00 charged-twice"]), "duplicate_charge"),
    Story(
        "duplicate_charge-before-day-11",
        about(BOX, journal=["2026-05-05 10:00 charged-twice"]),
        "duplicate_charge",
    ),
]


ENDS = {
    "customs_hold": (scanned("in_transit", "2026-05-22 14:00"), ()),
    "no_tracking": (scanned("info_received", "2026-05-22 14:00"), ()),
    "tracking_stalled": (scanned("in_customs", "2026-05-22 14:00"), (CUSTOMS_CASE,)),
    "returning": (scanned("in_transit", "2026-05-22 14:00"), ()),
    "parcel_exception": (scanned("in_transit", "2026-05-22 14:00"), (CUSTOMS_CASE,)),
    "delivery_failed": (scanned("out_for_delivery", "2026-05-22 14:00"), ()),
}

MAIL = SourceHealth(
    "seventeentrack", at("2026-05-18 09:00"), at("2026-05-18 10:00"), "HTTP 503 from api.17track.net"
)
NEVER = SourceHealth("files", None, at("2026-05-18 10:00"), "/srv/tracking: is gone")
PHONE = ChannelHealth("phone", at("2026-05-18 09:00"), permanent=False, error="timed out after 20 s")
PAGER = ChannelHealth("pager", at("2026-05-18 09:00"), permanent=True, error="HTTP 401: no such token")

SERVICE = {
    "source_blind": (next(source_blind(MAIL, ALIEXPRESS, IN_MADRID)), "2026-05-19 11:00"),
    "source_blind-never": (next(source_blind(NEVER, ALIEXPRESS, IN_MADRID)), "2026-05-21 10:00"),
    "channel_down": (next(channel_down(PHONE, IN_MADRID)), "2026-05-18 09:40"),
    "channel_down-permanent": (next(channel_down(PAGER, IN_MADRID)), "2026-05-18 09:00"),
    "policy_old": (next(policy_old(ALIEXPRESS, IN_MADRID)), "2027-11-25 09:00"),
}


def folder_of(texts: Catalogue) -> Path:
    """Where the messages of a language are kept."""
    return GOLDEN / ("messages" if texts is ENGLISH else f"messages_{texts.language}")


@dataclass(frozen=True)
class Golden:
    """Messages that somebody has read and found good."""

    update: bool

    def check(self, texts: Catalogue, name: str, said: str, message: Message) -> None:
        file = folder_of(texts) / f"{name}.txt"
        shown = f"{said}\n\n{on_a_phone(message)}\n\n{message.title}\n{message.body}\n"
        if self.update:
            file.parent.mkdir(exist_ok=True)
            file.write_text(shown, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == shown


def on_a_phone(message: Message) -> str:
    """The message on a screen of 6 cm, 40 characters wide."""
    lines = [message.title, "", *message.body.split("\n")]
    wrapped = [row for line in lines for row in (textwrap.wrap(line, 40) or [""])]
    return "\n".join([f"+{'-' * 42}+", *(f"| {row:<40} |" for row in wrapped), f"+{'-' * 42}+"])


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(update=bool(request.config.getoption("--update-golden")))


def end_of(rule: str, texts: Catalogue) -> Message:
    """The message that a rule of `ENDS` no longer holds."""
    parcel, journal = ENDS[rule]
    given = about(parcel, journal=journal)
    return compose_end(rule, NUMBER, situation(given), at("2026-05-22 16:00"), IN_MADRID, texts)


def end_for_us(rule: str, subject: str, texts: Catalogue) -> Message:
    """The message that a source or a channel is well again."""
    return compose_end(rule, subject, None, at("2026-05-19 12:30"), IN_MADRID, texts)


@each_language
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_what_is_said_of_an_order(story: Story, texts: Catalogue, golden: Golden) -> None:
    moment, now = story.moment(), story.told_at().astimezone(IN_MADRID.zone)
    rule = f"{moment.rule} {moment.stage}".strip()
    said = f"{rule}, {moment.severity}, {now:%a %d %b %Y %H:%M}"
    golden.check(texts, story.name, said, story.message(texts))


@each_language
@pytest.mark.parametrize("rule", ENDS)
def test_what_is_said_when_it_is_over(rule: str, texts: Catalogue, golden: Golden) -> None:
    said = f"{rule} is over, Fri 22 May 2026 16:00"
    golden.check(texts, f"{rule}-end", said, end_of(rule, texts))


@each_language
@pytest.mark.parametrize("name", SERVICE)
def test_what_is_said_about_us(name: str, texts: Catalogue, golden: Golden) -> None:
    moment, now = SERVICE[name]
    said = f"{moment.rule}, {moment.severity}, {at(now):%a %d %b %Y %H:%M}"
    golden.check(texts, name, said, compose_service(moment, at(now), IN_MADRID, texts))


@each_language
@pytest.mark.parametrize(("rule", "subject"), [("source_blind", "seventeentrack"), ("channel_down", "phone")])
def test_what_is_said_when_we_are_well_again(
    rule: str, subject: str, texts: Catalogue, golden: Golden
) -> None:
    said = f"{rule} is over, Tue 19 May 2026 12:30"
    golden.check(texts, f"{rule}-end", said, end_for_us(rule, subject, texts))


@each_language
def test_no_golden_file_is_left_behind(texts: Catalogue) -> None:
    names = {*map(str, STORIES), *SERVICE, *(f"{rule}-end" for rule in TELLS_END)}
    assert {file.stem for file in folder_of(texts).iterdir()} == names


def all_messages(texts: Catalogue) -> list[Message]:
    gone = situation(about())
    return [
        *(story.message(texts) for story in STORIES),
        *(end_of(rule, texts) for rule in ENDS),
        compose_end("customs_hold", "gone", gone, at("2026-05-22 16:00"), IN_MADRID, texts),
        *(compose_service(moment, at(now), IN_MADRID, texts) for moment, now in SERVICE.values()),
        *(end_for_us(rule, "phone", texts) for rule in texts.service_ends),
    ]


def is_fit_for_a_phone(message: Message) -> None:
    first, blank, *rest = message.body.split("\n")
    assert 0 < len(message.title) <= 40
    assert 0 < len(first) <= 45
    assert len(f"{message.title}\n{first}".encode()) <= 99
    assert blank == ""
    assert rest
    assert "" not in rest
    assert len(message.body) <= 600
    assert f"{message.title}{''.join(message.body.splitlines())}".isprintable()


@each_language
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_message_says_all_it_has_to_say(
    story: Story, texts: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = story.message(texts)
    is_fit_for_a_phone(message)
    monkeypatch.setattr(messages, "BODY_LENGTH", 10_000)
    assert story.message(texts) == message


ANY_EVIDENCE = {language: texts.phrases["any_evidence"] for language, texts in CATALOGUES.items()}


def evidence_line(message: Message) -> str:
    (line,) = (
        line for line in message.body.splitlines() if re.match("Have ready|Keep:|Ten a mano|Guarda", line)
    )
    return line


@each_language
def test_what_is_in_the_folder_never_makes_a_message_longer(texts: Catalogue) -> None:
    """Whatever part of what is asked for is there."""
    folders = (
        "tracking.png",
        "messages.png address.png",
        "proof-of-delivery.pdf fault.png labels.png bank.pdf",
        "tracking.png messages.png unboxing.mp4",
    )
    for story in STORIES:
        bare = replace(story, given=replace(story.given, evidence=None)).message(texts)
        for folder in folders:
            given = replace(story.given, evidence=a_folder(*folder.split()))
            message = replace(story, given=given).message(texts)
            is_fit_for_a_phone(message)
            if ANY_EVIDENCE[texts.language] not in bare.body:
                assert len(message.body) <= len(bare.body) + 1


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        (
            None,
            "the seller's proof of delivery, screenshot of the tracking, screenshot of your address on the order",
        ),
        (
            "",
            "the seller's proof of delivery, screenshot of the tracking, screenshot of your address on the order",
        ),
        (
            "tracking.png",
            "screenshot of your address on the order, the seller's proof of delivery (1 of 3 in your folder)",
        ),
        (
            "proof-of-delivery.pdf",
            "screenshot of the tracking, screenshot of your address on the order (1 of 3 in your folder)",
        ),
        (
            "seguimiento/1.jpg dirección.pdf",
            "the seller's proof of delivery (2 of 3 in your folder)",
        ),
        (
            "tracking.png address.png delivery-proof.pdf",
            "nothing is missing (3 of 3 in your folder)",
        ),
    ],
)
def test_a_message_says_what_is_still_missing_what_decides_first(folder: str | None, line: str) -> None:
    given = about(ELSEWHERE, folder=folder)
    assert evidence_line(Story("", given, "delivered_elsewhere").message()) == f"Have ready: {line}"


def test_of_a_long_list_as_much_is_said_as_there_is_room_for() -> None:
    items = tuple(
        EvidenceItem(name, f"the {name} that you have", EvidenceKind.DOCUMENT, (name,))
        for name in ("note", "letter", "invoice", "photo", "map", "key")
    )
    reason = replace(ALIEXPRESS.reasons["wrong_address"], evidence=items)

    def told(reason: DisputeReason, folder: str) -> str:
        paths = {**ALIEXPRESS.paths, "support": "Help"}
        policy = replace(ALIEXPRESS, reasons={"wrong_address": reason}, paths=paths)
        return evidence_line(
            Story("", about(ELSEWHERE, folder=folder, policy=policy), "delivered_elsewhere").message()
        )

    assert told(reason, "map.pdf") == (
        "Have ready: the note that you have, the letter that you have, the invoice that you have, …"
        " (1 of 6 in your folder)"
    )
    short = tuple(replace(item, words=item.id) for item in items[:2])
    assert told(replace(reason, evidence=short), "note.pdf") == "Have ready: letter (1 of 2 in your folder)"
    long = (replace(items[0], words="a" * 90), items[1])
    assert told(replace(reason, evidence=long), "letter.pdf") == (
        f"Have ready: {'a' * 80}… (1 of 2 in your folder)"
    )


@each_language
def test_no_first_line_has_to_be_cut(texts: Catalogue) -> None:
    for message in all_messages(texts):
        is_fit_for_a_phone(message)
        assert not message.body.split("\n")[0].endswith("…")


@each_language
def test_a_message_names_no_whole_number_and_no_address(texts: Catalogue) -> None:
    for message in all_messages(texts):
        assert ORDER not in f"{message}"
        assert NUMBER not in f"{message}"
        assert "28013" not in f"{message}"
        assert "41001" not in f"{message}"


@pytest.mark.parametrize(("texts", "mark"), [(ENGLISH, "act by"), (SPANISH, "límite")], ids=["en", "es"])
def test_a_deadline_to_act_by_is_never_in_the_past(texts: Catalogue, mark: str) -> None:
    for story in STORIES:
        moment, first = story.moment(), story.message(texts).body.split("\n")[0]
        if mark in first and moment.rule != "pickup_waiting":
            assert moment.act_by is not None
            assert moment.act_by > story.told_at()


# The catalogue.

RULES = {
    *(rule.__name__ for rule in (*PROBLEMS, *OTHERS)),
    "dispute_openable",
    "source_blind",
    "channel_down",
    "policy_old",
}


@each_language
def test_every_rule_has_its_texts(texts: Catalogue) -> None:
    assert {key.split("/")[0] for key in (*texts.texts, *texts.service)} == RULES
    assert {*texts.ends, *texts.service_ends} == TELLS_END


def names_in(*templates: str) -> set[str]:
    """The placeholders of templates."""
    return {name for template in templates for _, name, _, _ in string.Formatter().parse(template) if name}


def placeholders(texts: Iterable[Text]) -> set[str]:
    return names_in(*(template for text in texts for template in (text.title, text.first, text.body)))


@each_language
def test_every_placeholder_is_a_word_and_every_word_is_used(texts: Catalogue) -> None:
    used = placeholders((*texts.texts.values(), *texts.ends.values())) | names_in(*texts.recorded.values())
    assert used | {"act_short", "check_short", "left_short", "until_short"} == WORDS.keys()


class Noting(dict[str, Any]):
    """A catalogue that notes what is looked up in it."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        super().__init__(known)
        self.unused = set(known)

    def __getitem__(self, key: str) -> Any:
        self.unused.discard(key)
        return super().__getitem__(key)


#: What messages say; `calendar` has tests of its own.
SAID = ["texts", "service", "ends", "service_ends"]
TEXTS = [*SAID, "calendar"]
PARTS = [field.name for field in fields(Catalogue) if isinstance(getattr(ENGLISH, field.name), Mapping)]


@each_language
@pytest.mark.parametrize("part", [*SAID, "phrases", "counted"])
def test_every_text_is_said_by_some_story(part: str, texts: Catalogue) -> None:
    noting = Noting(getattr(texts, part))
    changed: dict[str, Any] = {part: noting}
    spoken = replace(texts, **changed)
    all_messages(spoken)
    relative(TWO_HOURS, spoken)
    relative(-TWO_HOURS, spoken)
    one_euro = Sum(1, (Money("1", "EUR"),))
    digest(
        ["A note"],
        [(at("2026-06-01 12:00"), "1", "Lamp")],
        at("2026-05-30 18:30"),
        IN_MADRID,
        spoken,
        Stakes(
            Sum(4, tuple(Money("1", currency) for currency in "ABCD")), one_euro, 7, at("2026-06-01 12:00")
        ),
    )
    assert noting.unused == set()


@each_language
def test_every_status_has_a_name(texts: Catalogue) -> None:
    assert texts.statuses.keys() == set(ShipmentStatus)


# The same in every language.


@each_language
@pytest.mark.parametrize("part", PARTS)
def test_a_language_has_the_keys_of_the_others_in_the_same_order(part: str, texts: Catalogue) -> None:
    assert [*getattr(texts, part)] == [*getattr(ENGLISH, part)]


def said_in(text: Text) -> tuple[set[str], set[str]]:
    """The placeholders of the first line, and those of title and body; whether one begins a sentence
    (`Parcel`) is each language's own."""
    return names_in(text.first.lower()), names_in(text.title.lower(), text.body.lower())


@each_language
@pytest.mark.parametrize("part", TEXTS)
def test_a_text_has_the_same_placeholders_in_every_language(part: str, texts: Catalogue) -> None:
    for key, text in getattr(ENGLISH, part).items():
        assert said_in(getattr(texts, part)[key]) == said_in(text), key


@each_language
def test_a_phrase_has_the_same_placeholders_in_every_language(texts: Catalogue) -> None:
    for part in (part for part in PARTS if part not in {*TEXTS, "counted"}):
        known = {key: names_in(phrase) for key, phrase in getattr(ENGLISH, part).items()}
        assert {key: names_in(phrase) for key, phrase in getattr(texts, part).items()} == known, part
    for one, many in texts.counted.values():
        assert (names_in(one), names_in(many)) == (set(), {"n"})


@each_language
def test_a_title_can_be_told_from_the_name_behind_it(texts: Catalogue) -> None:
    for title in (
        text.title for part in ("texts", "ends", "calendar") for text in getattr(texts, part).values()
    ):
        assert ": " not in title
        assert "? " not in title


@each_language
def test_a_title_leaves_room_for_the_name_behind_it(texts: Catalogue) -> None:
    titles = [text.title for part in TEXTS for text in getattr(texts, part).values()]
    assert [title for title in titles if len(title) > 28] == []


@each_language
def test_a_calendar_is_whole(texts: Catalogue) -> None:
    assert (len(set(texts.weekdays)), len(set(texts.months))) == (7, 12)


def test_a_message_is_in_one_language() -> None:
    """What stands in Spanish messages is not said in English by accident."""
    english = re.compile(
        r"\b(the|you|your|and|ago|left|days?|by|until|order|parcel|seller|Account|View|Mon|Tue|Wed|Thu|Fri)\b"
    )
    foreign = re.compile(r"orderwatch .*|: timed out after 20 s|HTTP \d+.*|is gone")
    for message in all_messages(SPANISH):
        told = foreign.sub("", f"{message.title}\n{message.body}")
        assert english.findall(told) == []


# Foreign texts.

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            " \n\t ",
            "a" * 100_000,
            "漢" * 500,
            "\u202egnp.exe\u2066 \u200bhub\x00\x1b[31m",
            "👨‍👩‍👧‍👦" * 50,
            "e\u0301" * 300,
            "{price.__class__} {0} %s {",
            "line\nline\r\nline\u2028line",
            "\ud800 half a pair",
            "<b>bold</b> & *stars*",
        ]
    ),
)


def hostile(given: Facts, texts: Sequence[str]) -> Facts:
    """The same facts with foreign texts wherever a shop or a carrier may write something."""
    title, seller, amount, city, description = texts
    place = Place(city=city, country="ES")

    def touched(parcel: Shipment) -> Shipment:
        newest, delivery = parcel.newest, parcel.delivery
        if newest is not None:
            parcel = replace(parcel, newest=replace(newest, description=description, place=place))
        return parcel if delivery is None else replace(parcel, delivery=replace(delivery, place=place))

    order = replace(given.order, title=title, seller=seller, price=Money(amount, "EUR"))
    return replace(given, order=order, shipments=tuple(touched(parcel) for parcel in given.shipments))


LANGUAGE = st.sampled_from([*CATALOGUES.values()])


@given(st.sampled_from(STORIES), st.lists(HOSTILE, min_size=5, max_size=5), LANGUAGE)
def test_no_foreign_text_spoils_a_message(story: Story, foreign: list[str], texts: Catalogue) -> None:
    now = story.told_at()
    spoiled = hostile(in_language(story.given, texts), foreign)
    look = {parcel.number: now - TWO_HOURS for parcel in spoiled.shipments}
    for moment in current(timeline(spoiled), now).values():
        is_fit_for_a_phone(compose(moment, situation(spoiled), now, texts, look=look))


@given(HOSTILE.filter(lambda text: bool(text.strip())), HOSTILE, LANGUAGE)
def test_no_error_of_a_source_spoils_a_message(name: str, error: str, texts: Catalogue) -> None:
    health = SourceHealth(name, None, at("2026-05-18 10:00"), error)
    moment = next(source_blind(health, ALIEXPRESS, IN_MADRID))
    is_fit_for_a_phone(compose_service(moment, at("2026-05-20 10:00"), IN_MADRID, texts))


def test_what_is_too_long_is_cut_where_it_is_longest() -> None:
    paths = dict.fromkeys(ALIEXPRESS.paths, "Account → " * 20)
    note = EvidenceItem("note", "a note", EvidenceKind.DOCUMENT, ("note",))
    evidence = replace(ALIEXPRESS.reasons["customs_hold"], evidence=(note,) * 50)
    policy = replace(ALIEXPRESS, paths=paths, reasons={"customs_hold": evidence})
    message = Story("", about(HELD, policy=policy, seller="s" * 50), "customs_hold", "held").message()
    is_fit_for_a_phone(message)
    lines = message.body.splitlines()
    assert lines[2] == "Customs has held the parcel since Tue 12 May 14:00."
    assert lines[-1].startswith("Order …7731")
    assert any(line.startswith("Keep: a note") and line.endswith("…") for line in lines)


@pytest.mark.parametrize(
    ("amount", "first"),
    [
        ("9.50", "3 days left · 9.50 XAF · by Sat 30 May 23:20"),
        ("1234567.50", "3 days · 1234567.50 XAF · by Sat 30 May 23:20"),
        ("123456789.50", "123456789.50 XAF · by Sat 30 May 23:20"),
    ],
)
def test_a_first_line_that_is_too_long_is_said_shorter(amount: str, first: str) -> None:
    given = about(ARRIVED, price=Money(amount, "XAF"))
    moment = only(timeline(given), "post_delivery_ending")[1]
    assert (
        compose(moment, situation(given), at("2026-05-28 09:00"), ENGLISH, look={}).body.splitlines()[0]
        == first
    )


def test_an_answer_that_is_due_when_protection_ends_is_due_all_the_same() -> None:
    """The dispute keeps protection from ending, not the time to answer from running out."""
    given = about(
        ARRIVED,
        journal=[OPENED, "2026-05-25 10:00 offer due=2026-05-29T00:00"],
        protection_until="2026-05-28",
    )
    moment = only(timeline(given), "answer_due")[0]
    assert moment.deadline == situation(given).safe_until
    message = compose(moment, situation(given), moment.at, ENGLISH, look={})
    assert "by Thu 28 May 12:00" in message.body.splitlines()[0]
    assert "dispute open" not in message.body


def test_what_is_over_is_said_alike_where_there_is_little_room() -> None:
    s = situation(about(ARRIVED))
    moment = only(timeline(s.facts), "post_delivery_ending")[0]
    words = Words(telling(moment, s, at("2026-06-02 10:00"), ENGLISH))
    assert words["until_short"] == words["until"] == "ended Sun 31 May"
    assert words["left_short"] == words["left"] == ""


@each_language
def test_a_headline_is_the_title_of_the_message(texts: Catalogue) -> None:
    for story in STORIES:
        s = situation(in_language(story.given, texts))
        assert headline(story.moment(), s, story.told_at(), texts) == story.message(texts).title


@each_language
def test_a_policy_without_paths_and_reasons_still_speaks(texts: Catalogue) -> None:
    for story in STORIES:
        bare = replace(story.given.policy, paths={}, reasons={})
        is_fit_for_a_phone(replace(story, given=replace(story.given, policy=bare)).message(texts))
