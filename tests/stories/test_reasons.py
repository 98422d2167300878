"""What the guide tells of each reason for a dispute, from the order to the refund: one story each, in which
every message stands, and there are no others."""

from pathlib import Path

import pytest

from tests.monitor.core.facts import ALIEXPRESS
from tests.stories.telling import lines_of, tell

#: The button is looked for too early, then the estimate passes (45 days). Offer and request have their own
#: times; in between the seller's days are over, and a month after opening a decision is overdue.
NOT_RECEIVED = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Thu 8 Oct 12:00   record   no-button
    Mon 12 Oct 09:00  notice   Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Sat 17 Oct 09:00  urgent   No news: USB hub | 14 days no scan · €41.90 · act by Mon 30 Nov
    Tue 20 Oct 12:00  scan     in_transit, Madrid
    Tue 20 Oct 12:00  notice   Moving again: USB hub | €41.90 · on its way
    Tue 3 Nov 09:00   urgent   No news: USB hub | 14 days no scan · €41.90 · act by Mon 30 Nov
    Mon 16 Nov 09:00  urgent   Late: USB hub | 1 day late · €41.90 · act by Mon 30 Nov
    Mon 16 Nov 09:00  notice   Protection ending: USB hub | 14 days left · €41.90 · until Mon 30 Nov
    Mon 16 Nov 20:00  record   dispute-opened --reason not_received
    Thu 19 Nov 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Fri 20 Nov 20:00  record   offer --due 2026-11-23T18:00
    Sat 21 Nov 18:00  warning  Answer the offer: USB hub | 2 days left · €41.90 · by Mon 23 Nov 06:00
    Sun 22 Nov 18:00  urgent   Answer the offer today: USB hub | 24 h left · €41.90 · act by Mon 23 Nov 06:00
    Sun 22 Nov 20:00  record   answered
    Tue 24 Nov 20:00  record   request --due 2026-11-27
    Wed 25 Nov 20:00  record   answered
    Wed 2 Dec 09:00   warning  Decision by AliExpress? USB hub | no agreement, 16 days · €41.90 · look today
    Thu 3 Dec 20:00   record   claim
    Thu 17 Dec 09:00  warning  No decision yet: USB hub | dispute open 31 days · €41.90 · ask support
    Fri 18 Dec 20:00  record   decision --in-favour-of buyer
    Mon 21 Dec 10:00  record   refund-issued --amount 41.90
    Thu 24 Dec 09:00  info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Mon 4 Jan 09:00   notice   Refund expected: USB hub | 10 business days · €41.90 · check your bank
    Mon 18 Jan 09:00  warning  Refund overdue: USB hub | 20 business days · €41.90 · ask support
    Wed 20 Jan 10:00  record   refund-received
"""

#: The 15 days run from the carrier's delivery, though it was none. Mediation is asked for on day 3; the
#: first decision is against the buyer, the appeal has a month, the second is for the buyer.
DELIVERED_ELSEWHERE = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Thu 15 Oct 11:30  scan     delivered, Sevilla
    Thu 15 Oct 11:30  urgent   Delivered elsewhere: USB hub | not your address · €41.90 · act by Thu 29 Oct
    Sat 17 Oct 09:00  notice   Is it here? USB hub | 45 h ago · €41.90 · check until Thu 29 Oct
    Sat 17 Oct 20:00  record   dispute-opened --reason wrong_address
    Mon 19 Oct 20:00  record   seller-answered
    Tue 20 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Tue 20 Oct 20:00  record   claim
    Tue 10 Nov 20:00  record   decision --in-favour-of seller
    Tue 10 Nov 20:00  warning  Decision against you: USB hub | decided 1 min ago · €41.90 · appeal soon
    Thu 12 Nov 20:00  record   appealed
    Sun 13 Dec 09:00  warning  No answer to your appeal: USB hub | appealed 31 days ago · €41.90 · ask support
    Tue 15 Dec 20:00  record   decision --in-favour-of buyer
    Fri 18 Dec 09:00  info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Mon 28 Dec 08:00  record   refund-received
"""

#: It does not work. An offer (2 days assumed) and a request (until the 29th) wait side by side; then it goes
#: back, with Correos, until the day that the app shows. Goods on their way back are asked after.
QUALITY = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Thu 15 Oct 08:10  scan     out_for_delivery, Madrid
    Thu 15 Oct 08:10  notice   Film the opening: USB hub | comes today · €41.90 · film it
    Thu 15 Oct 11:30  scan     delivered, Madrid
    Thu 15 Oct 11:30  notice   Delivered: USB hub | 1 min ago · €41.90 · check until Thu 29 Oct
    Thu 15 Oct 20:00  record   received
    Fri 23 Oct 09:00  notice   Check the goods: USB hub | 7 days left · €41.90 · until Fri 30 Oct 11:30
    Sat 24 Oct 20:00  record   dispute-opened --reason quality
    Sun 25 Oct 20:00  record   offer
    Sun 25 Oct 20:00  warning  Answer the offer: USB hub | 2 days left · €41.90 · by Tue 27 Oct 08:00
    Mon 26 Oct 12:00  record   request --due 2026-10-29
    Mon 26 Oct 20:00  urgent   Answer the offer today: USB hub | 24 h left · €41.90 · act by Tue 27 Oct 08:00
    Mon 26 Oct 20:00  record   answered --to offer
    Tue 27 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Wed 28 Oct 00:00  warning  Answer needed: USB hub | 1 day left · €41.90 · act by Thu 29 Oct 12:00
    Wed 28 Oct 20:00  record   answered
    Fri 30 Oct 20:00  record   agreed
    Sat 31 Oct 12:00  record   return-approved --carrier Correos --due 2026-11-07
    Sat 31 Oct 12:00  warning  Send it back: USB hub | 7 days left · €41.90 · act by Sat 7 Nov
    Wed 4 Nov 09:00   urgent   Send it back now: USB hub | 3 days left · €41.90 · act by Sat 7 Nov
    Thu 5 Nov 18:00   record   return-shipped --number RR123456785ES
    Fri 20 Nov 09:00  notice   Return arrived? USB hub | sent 15 days ago · €41.90 · look today
    Fri 27 Nov 20:00  record   refund-issued
    Wed 2 Dec 09:00   info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Wed 9 Dec 20:00   record   refund-received
"""

#: The app shows that the seller has five days: that counts, and no guess. The buyer takes part of the money.
NOT_AS_DESCRIBED = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Thu 15 Oct 11:30  scan     delivered, Madrid
    Thu 15 Oct 11:30  notice   Delivered: USB hub | 1 min ago · €41.90 · check until Thu 29 Oct
    Sat 17 Oct 09:00  notice   Is it here? USB hub | 45 h ago · €41.90 · check until Thu 29 Oct
    Sun 18 Oct 09:00  notice   App may lag behind: USB hub | delivered 3 days ago · €41.90 · look once
    Sun 18 Oct 12:00  record   received
    Sun 18 Oct 12:10  record   dispute-opened --reason not_as_described --due 2026-10-23T12:10
    Tue 20 Oct 09:00  notice   Seller must answer: USB hub | 3 days left · €41.90 · look at the dispute
    Tue 20 Oct 09:30  record   offer --due 2026-10-25T18:00 --note '20 EUR back'
    Tue 20 Oct 21:00  record   agreed
    Fri 23 Oct 09:00  info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Tue 3 Nov 09:00   notice   Refund expected: USB hub | 10 business days · €41.90 · check your bank
    Tue 3 Nov 12:00   record   refund-received
"""

#: The seller never answers: day 3, day 5, 3 and 1 days before, and the morning after the 15 days.
DAMAGED_IN_TRANSIT = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Thu 15 Oct 11:30  scan     delivered, Madrid
    Thu 15 Oct 11:30  notice   Delivered: USB hub | 1 min ago · €41.90 · check until Thu 29 Oct
    Thu 15 Oct 20:00  record   received
    Fri 16 Oct 19:00  record   dispute-opened --reason damaged_in_transit
    Mon 19 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Wed 21 Oct 09:00  notice   Look at your dispute: USB hub | open 5 days · €41.90 · look today
    Wed 28 Oct 09:00  notice   Seller must answer: USB hub | 3 days left · €41.90 · look at the dispute
    Fri 30 Oct 09:00  notice   Seller must answer: USB hub | 34 h left · €41.90 · look at the dispute
    Sun 1 Nov 09:00   warning  Settled for you? USB hub | seller silent 16 days · €41.90 · look today
    Sun 1 Nov 10:00   record   decision --in-favour-of buyer
    Wed 4 Nov 09:00   info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Fri 13 Nov 09:00  notice   Refund expected: USB hub | 10 business days · €41.90 · check your bank
    Fri 27 Nov 09:00  warning  Refund overdue: USB hub | 20 business days · €41.90 · ask support
    Tue 1 Dec 10:00   record   refund-received
"""

#: The seller sends the rest. No money is expected, so none is asked after; the dispute stays open until all
#: is here, and a month after opening that is asked.
MISSING_PARTS = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Thu 15 Oct 11:30  scan     delivered, Madrid
    Thu 15 Oct 11:30  notice   Delivered: USB hub | 1 min ago · €41.90 · check until Thu 29 Oct
    Thu 15 Oct 20:00  record   received
    Fri 16 Oct 19:00  record   dispute-opened --reason missing_parts
    Sat 17 Oct 19:00  record   agreed --on replacement
    Mon 16 Nov 09:00  warning  Replacement here? USB hub | dispute open 31 days · €41.90 · look today
    Mon 23 Nov 18:00  record   all-fine
"""

#: The buyer cancels because the seller asks for it. The days after delivery count again, and the second
#: dispute is opened on their last day.
WRONG_ITEM = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Sat 17 Oct 09:00  urgent   No news: USB hub | 14 days no scan · €41.90 · act by Mon 30 Nov
    Mon 2 Nov 11:30   scan     delivered, Madrid
    Mon 2 Nov 11:30   notice   Delivered: USB hub | 1 min ago · €41.90 · check until Mon 16 Nov
    Mon 2 Nov 20:00   record   received
    Tue 3 Nov 19:00   record   dispute-opened --reason wrong_item
    Thu 5 Nov 19:00   record   dispute-cancelled --note 'the seller asked me to'
    Thu 5 Nov 19:00   notice   Dispute cancelled: USB hub | 12 days left · €41.90 · until Mon 16 Nov
    Tue 10 Nov 09:00  notice   Check the goods: USB hub | 7 days left · €41.90 · until Tue 17 Nov 11:30
    Sat 14 Nov 09:00  warning  Check the goods now: USB hub | 3 days left · €41.90 · by Mon 16 Nov 23:30
    Mon 16 Nov 09:00  urgent   Last check of the goods: USB hub | 26 h left · €41.90 · act by Mon 16 Nov 23:30
    Mon 16 Nov 09:00  notice   Protection ending: USB hub | 14 days left · €41.90 · until Mon 30 Nov
    Mon 16 Nov 18:00  record   dispute-opened --reason wrong_item
    Tue 17 Nov 18:00  record   agreed
    Fri 20 Nov 09:00  info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Fri 20 Nov 18:00  record   refund-received
"""

#: A second payment is a matter of its own: when it is back, the order goes on.
CHARGED_TWICE = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Sun 4 Oct 20:00   record   charged-twice
    Sun 4 Oct 20:00   warning  Charged twice: USB hub | paid twice · €41.90 · act by Mon 30 Nov
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Tue 13 Oct 20:00  record   dispute-opened --reason duplicate_charge
    Fri 16 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Fri 16 Oct 20:00  record   agreed
    Sat 17 Oct 09:00  warning  No news: USB hub | 14 days no scan · €41.90 · dispute open
    Wed 21 Oct 09:00  info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Fri 23 Oct 20:00  record   refund-received
    Thu 5 Nov 11:30   scan     delivered, Madrid
    Thu 5 Nov 11:30   notice   Delivered: USB hub | 1 min ago · €41.90 · check until Thu 19 Nov
    Thu 5 Nov 20:00   record   all-fine
"""

#: No carrier ever sees it. On day 11 the problem and the dispute are one message.
NO_TRACKING = """
    Mon 12 Oct 09:00  urgent   No tracking: USB hub | dispute possible · €41.90 · act by Mon 30 Nov
    Tue 13 Oct 20:00  record   dispute-opened --reason no_tracking
    Fri 16 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Sun 18 Oct 09:00  notice   Look at your dispute: USB hub | open 5 days · €41.90 · look today
    Sun 25 Oct 09:00  notice   Seller must answer: USB hub | 3 days left · €41.90 · look at the dispute
    Tue 27 Oct 09:00  notice   Seller must answer: USB hub | 35 h left · €41.90 · look at the dispute
    Thu 29 Oct 09:00  warning  Settled for you? USB hub | seller silent 16 days · €41.90 · look today
    Thu 29 Oct 20:00  record   refund-issued
    Tue 3 Nov 09:00   info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Wed 4 Nov 20:00   record   refund-received
"""

#: Nobody was at home, and it goes back without a word.
RETURNED_TO_SELLER = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Mon 12 Oct 09:00  info     Dispute possible: USB hub | possible now · €41.90 · until Mon 30 Nov
    Wed 14 Oct 12:00  scan     delivery_failed, Madrid
    Wed 14 Oct 12:00  warning  Delivery failed: USB hub | 1 min ago · €41.90 · ask the carrier
    Tue 20 Oct 12:00  scan     returning, Madrid
    Tue 20 Oct 12:00  urgent   Going back to the seller: USB hub | 1 min ago · €41.90 · act by Mon 30 Nov
    Wed 21 Oct 12:00  record   dispute-opened --reason returned_to_seller
    Sat 24 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Mon 26 Oct 09:00  notice   Look at your dispute: USB hub | open 5 days · €41.90 · look today
    Mon 2 Nov 09:00   notice   Seller must answer: USB hub | 3 days left · €41.90 · look at the dispute
    Mon 2 Nov 12:00   scan     returned, Shenzhen
    Mon 2 Nov 12:00   urgent   Back at the seller: USB hub | 1 min ago · €41.90 · dispute open
    Tue 3 Nov 12:00   record   decision --in-favour-of buyer
    Fri 6 Nov 09:00   info     Refund on its way: USB hub | 3 business days · €41.90 · check your bank
    Fri 6 Nov 12:00   record   refund-received
"""

#: Customs holds it before a dispute can be opened; on day 11 it can. The app shows until when to appeal; the
#: buyer lets it be.
CUSTOMS_HOLD = """
    Sat 3 Oct 12:00   scan     in_transit, Shenzhen
    Thu 8 Oct 12:00   scan     in_customs, Madrid
    Fri 9 Oct 12:00   scan     customs_hold, Madrid
    Fri 9 Oct 12:00   warning  Customs hold: USB hub | 1 min held · €41.90 · act by Mon 30 Nov
    Mon 12 Oct 09:00  urgent   Customs hold: USB hub | dispute possible · €41.90 · act by Mon 30 Nov
    Tue 13 Oct 20:00  record   dispute-opened --reason customs_hold
    Fri 16 Oct 09:00  notice   Ask for mediation: USB hub | open 3 days · €41.90 · ask them to decide
    Fri 16 Oct 20:00  record   claim
    Wed 28 Oct 20:00  record   decision --in-favour-of seller --due 2026-11-04
    Wed 28 Oct 20:00  warning  Decision against you: USB hub | 7 days left · €41.90 · act by Wed 4 Nov
    Thu 5 Nov 20:00   record   closed
"""

STORIES = {
    "not_received": NOT_RECEIVED,
    "wrong_address": DELIVERED_ELSEWHERE,
    "quality": QUALITY,
    "not_as_described": NOT_AS_DESCRIBED,
    "damaged_in_transit": DAMAGED_IN_TRANSIT,
    "missing_parts": MISSING_PARTS,
    "wrong_item": WRONG_ITEM,
    "duplicate_charge": CHARGED_TWICE,
    "no_tracking": NO_TRACKING,
    "returned_to_seller": RETURNED_TO_SELLER,
    "customs_hold": CUSTOMS_HOLD,
}


@pytest.mark.parametrize("reason", STORIES)
async def test_from_the_order_to_the_refund(reason: str, tmp_path: Path) -> None:
    story = STORIES[reason]
    assert f"--reason {reason}" in story
    assert await tell(tmp_path, story) == lines_of(story)


def test_every_reason_has_its_story() -> None:
    assert [*STORIES] == [*ALIEXPRESS.reasons]
