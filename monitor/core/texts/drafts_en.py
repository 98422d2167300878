"""English: what a buyer can send. This is the text that is really sent.

It is read by sellers through a machine's translation: short main clauses, no idioms, no contractions,
one thing a sentence. The main defect comes first, the proposal last.
"""

from collections.abc import Mapping

from monitor.core.texts import Complaint, DraftTexts

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

#: The texts by kind: where they go, and what they are.
TITLES: Mapping[str, str] = {
    "description": "For the dispute form: {reason}",
    "first_contact": "To the seller, before a dispute: {reason}",
    "ask_shipping": "To the seller: when will it be shipped?",
    "proof_of_delivery": "To the seller: proof of delivery",
    "counter_offer": "To the seller: another amount",
    "decline_offer": "To the seller: no to the offer",
    "mediation": "In the dispute: ask for a decision",
    "appeal": "In the dispute: appeal",
    "enable_dispute": "To support: the button is missing",
    "refund_status": "To support: where is the refund?",
    "second_charge": "To support: charged twice",
}

LETTERS: Mapping[str, str] = {
    "description": """
{defect}

{facts}

{attached}
{proposal}
Thank you for your help.
""",
    "first_contact": """
Hello.
I bought "{title}" from you on {ordered}.
| I bought "{title}" from you.

{defect}
{facts}

{attached}
{ask}
I would like to solve this with you, without a dispute.
Thank you.
""",
    "ask_shipping": """
Hello.
I bought "{title}" from you.

I paid on {paid}, {paid_days} ago.
| I ordered on {ordered}, {ordered_days} ago.
I cannot see that {which} was shipped.

Please tell me when you will ship it.
If you cannot ship it, please cancel the order and refund the payment.
Thank you.
""",
    "proof_of_delivery": """
Hello.
{defect}
The place in the tracking is {delivered_in}.
The address on my order is {home}.
{elsewhere}This is a different place.
The tracking number is {number}.

Please ask the carrier for the proof of delivery, and send it to me.
It should show the address, the date, and who received the parcel.
Thank you.
""",
    "counter_offer": """
Hello.
Thank you for your offer: {offered}.
It is not enough for me, because {too_little}.

The price of the order was {price}.
{goods}I propose a refund of {amount}, without a return.
| I propose a refund of {amount}.
If you agree, please change your offer, and I will accept it.
Thank you.
""",
    "decline_offer": """
Hello.
Thank you for your offer: {offered}.
I am sorry, but I cannot accept it, because {too_little}.

I still ask for the solution that I named in the dispute.
You can send me a new offer.
Thank you.
""",
    "mediation": """
I ask {market} to look at this dispute and to decide.

{defect}
{facts}

I opened the dispute on {opened}, {open_days} ago.
| I opened the dispute on {opened}.
The seller answered on {answered}, but we have no agreement.
| We have no agreement.
{attached}
{proposal}
Thank you for your help.
""",
    "appeal": """
I ask {market} to look again at the decision of {decided} about {which}.
| I ask {market} to look again at the decision about {which}.
I have new evidence: {new_evidence}.
It shows: {new_point}.

{defect_again}
{attached}
{proposal}
Thank you for your help.
""",
    "enable_dispute": """
Hello.
I cannot open a dispute for {which}.
There is no button for it in the order details.

{defect_again}
{facts}
Buyer protection ends on {protection_end}.

Please enable the dispute for this order, or open a case for me.
Thank you for your help.
""",
    "refund_status": """
Hello.
I have not received the refund of {refunded} for {which}.
| I have not received the refund for {which}.

It was issued on {issued}.
| The dispute was decided for me on {won}.
| The seller and I reached an agreement on {agreed}.
I have waited for {refund_wait}.

Please check where the money is.
Please send me the reference of the payment, so that my bank can look for it.
Thank you for your help.
""",
    "second_charge": """
Hello.
{defect}

{facts}

{attached}
Please check both payments, and refund the second charge.
Thank you for your help.
""",
}

#: The sentences that several reasons share.
_NOT_HERE = """
{partly}One part of {which} has not arrived.
| I have not received {which}.
"""
_SHIPPED = """
The order was shipped on {shipped}, {shipped_days} ago.
| The order was shipped on {shipped}.
"""
_LATE = """
The promised delivery date was {promised}, {late} ago.
| The carrier expected the delivery by {expected}, {late} ago.
| The usual delivery time for this shipping ended on {usual}, {late} ago.
"""
_SCANNED = """
The tracking number is {number}.
{never_scanned}No carrier has scanned this number.
| The last scan was on {scanned} in {scanned_in}.
| The last scan was on {scanned}.
"""
_QUIET = """
There has been no scan for {quiet}.
"""
_SCAN_TEXT = """
It says: "{scan_text}".
"""
_HERE = """
I received the order on {received}.
| The order was delivered on {delivered}.
"""
_OFFER = "Please tell me what you can offer."

#: The reasons of the policy, and `other` where none is known.
REASONS: Mapping[str, Complaint] = {
    "not_received": Complaint(
        "not received",
        _NOT_HERE,
        f"""{_SHIPPED}{_LATE}{_SCANNED}{_QUIET}
{{lost}}It says: "{{scan_text}}".
| {{undelivered}}The tracking shows no delivery.
""",
        "Please ask the carrier where the parcel is, and tell me.",
    ),
    "wrong_address": Complaint(
        "delivered elsewhere",
        f"""{_NOT_HERE}
But the tracking says that it was delivered on {{delivered}}.
| But the tracking says that it was delivered.
""",
        """
The place in the tracking is {delivered_in}.
The address on my order is {home}.
{elsewhere}These are two different places.
The tracking number is {number}.
""",
        "Please ask the carrier for the proof of delivery, and send it to me.",
    ),
    "quality": Complaint(
        "quality",
        """
The item in {which} has a fault.
{fault}
""",
        f"{_HERE}{{fault_when}}",
        _OFFER,
    ),
    "not_as_described": Complaint(
        "not as described",
        "The item in {which} is not as described.",
        f"""
The listing says: {{listed}}.
I received: {{came}}.
I chose this variant: {{variant}}.
{_HERE}""",
        _OFFER,
    ),
    "damaged_in_transit": Complaint(
        "damaged in transit",
        """
The item in {which} arrived damaged.
{damage}
""",
        f"{{package_damage}}\n{_HERE}",
        _OFFER,
    ),
    "missing_parts": Complaint(
        "missing parts",
        """
Parts are missing from {which}.
Missing: {missing}.
""",
        f"""
The listing includes: {{included}}.
In the package I found only: {{found}}.
{_HERE}""",
        _OFFER,
    ),
    "wrong_item": Complaint(
        "wrong item",
        "I received the wrong item in {which}.",
        f"""
I ordered: {{item_ordered}}.
I received: {{item_came}}.
{_HERE}""",
        _OFFER,
    ),
    "duplicate_charge": Complaint(
        "charged twice",
        "I was charged twice for {which}.",
        """
I ordered on {ordered}.
The price of the order is {price}.
The first charge was: {first_charge}.
The second charge was: {second_charge}.
{outage}
""",
        "Please tell me if you see two payments.",
    ),
    "no_tracking": Complaint(
        "no reliable tracking",
        f"""{_NOT_HERE}
There is no reliable tracking for it.
""",
        f"{_SHIPPED}{_SCANNED}{_QUIET}{_LATE}",
        "Please tell me where the parcel is, or send me a tracking number that works.",
    ),
    "returned_to_seller": Complaint(
        "returned to the seller",
        f"""{_NOT_HERE}
The carrier sent it back to the seller.
""",
        f"""
The parcel has been on its way back since {{returning}}.
| The parcel was back at the seller on {{returned}}.
{_SCANNED}{_SCAN_TEXT}{{warned}}
""",
        "Please tell me when you will refund the order.",
    ),
    "customs_hold": Complaint(
        "customs",
        f"""{_NOT_HERE}
Customs is holding it.
""",
        f"""
{_SHIPPED}
The parcel has been in customs since {{customs}}, for {{customs_days}}.
| The parcel has been in customs since {{customs}}.
{_SCANNED}{_SCAN_TEXT}{_QUIET}{{customs_asked}}
""",
        "Please ask the carrier what customs needs, and tell me.",
    ),
    "other": Complaint(
        "another problem",
        """
There is a problem with {which}.
{problem}
""",
        f"{_SHIPPED}{_HERE}",
        _OFFER,
    ),
}

#: How a text can end: what the buyer asks for.
PROPOSALS: Mapping[str, str] = {
    "full": """
I ask for a full refund of {price} (Refund Only).
| I ask for a full refund (Refund Only).
""",
    "partial": """
I can keep the item.
I ask for a partial refund of {amount} (Refund Only).
""",
    "return": """
I can send the item back, if there is a free return label.
I ask for a full refund of {price} (Product Return).
| I ask for a full refund (Product Return).
""",
    "part": "I ask for a refund of {amount} for the part that has not arrived (Refund Only).",
    "second_charge": "I ask for a refund of the second charge (Refund Only).",
}

#: What only the buyer knows.
ASKS: Mapping[str, str] = {
    "amount": "amount and currency that you ask for",
    "came": "what you received, in a few words",
    "customs_asked": "say in one sentence whether customs asked you for papers or money",
    "damage": "describe the damage to the item in one sentence",
    "fault": "describe the fault in one sentence",
    "fault_when": "say in one sentence how you use it and when the fault appears",
    "first_charge": "date and amount of the first charge",
    "found": "what was in the package",
    "included": "what the listing includes",
    "item_came": "item, model, colour and size that you received",
    "item_ordered": "item, model, colour and size that you ordered",
    "listed": "what the listing says, in a few words",
    "missing": "what is missing",
    "new_evidence": "what you can show now, in a few words",
    "new_point": "what it proves, in a few words",
    "offered": "what the seller offered",
    "outage": "say in one sentence if there was an outage when you paid, or delete this",
    "package_damage": "describe the damage to the package in one sentence",
    "problem": "describe the problem in one sentence",
    "second_charge": "date and amount of the second charge",
    "too_little": "why it is not enough, in a few words",
    "variant": "the variant that you chose",
    "warned": "say in one sentence whether the carrier wrote or called you before",
}

#: What can be attached, by the ids of the checklists: the strongest first, in the middle of a sentence.
EVIDENCE: Mapping[str, str] = {
    "unboxing_video": "the unboxing video",
    "contents_video": "the unboxing video",
    "fault_photos": "photos of the fault",
    "fault_video": "a video of the fault",
    "use_video": "a video of the correct use",
    "package_photos": "photos of the package",
    "item_photos": "photos of the item",
    "photos": "photos of the item",
    "labels": "photos of the labels",
    "sku_video": "a video of the item and its label",
    "comparison": "a comparison of the listing and the item",
    "contents_list": "a list of what was promised and what came",
    "statements": "the bank statements",
    "no_delivery": "a screenshot of the tracking",
    "tracking": "a screenshot of the tracking",
    "delivery_proof": "the proof of delivery",
    "address": "a screenshot of the address on my order",
    "customs_note": "the letter from customs",
    "listing": "screenshots of the listing",
    "variant": "a screenshot of the variant that I chose",
    "order_variant": "a screenshot of the order",
    "messages": "my messages with the seller",
    "questions": "my questions before the order",
    "return_receipt": "the receipt of the return",
}

#: Why a text fits now, by the rule (or what was recorded) that tells.
WHY: Mapping[str, str] = {
    "not_shipped": "You paid, and nothing shows that it was sent.",
    "customs_hold": "The parcel is stuck in customs.",
    "returning": "The parcel is going back to the seller.",
    "returned": "The seller has the parcel again.",
    "parcel_exception": "The carrier reports the parcel as lost, damaged or cancelled.",
    "delivered_elsewhere": "It was delivered at another place than your address.",
    "delivered_unconfirmed": "The tracking says delivered, and you have not recorded that you have it.",
    "estimate_missed": "The delivery date has passed, and it is not here.",
    "no_tracking": "No carrier has seen the parcel.",
    "tracking_stalled": "There has been no news of the parcel for too long.",
    "duplicate_charge": "You recorded that you paid twice.",
    "no_button": "You recorded that there is no button for a dispute.",
    "escalation_available": "The dispute has been open for days, and you have not agreed.",
    "seller_silent": "The seller's days to answer are over.",
    "becomes_claim": "The seller's days are over, and you have not agreed.",
    "mediation_overdue": "A decision should have come by now.",
    "answer_due": "The seller's offer waits for your answer.",
    "appeal_possible": "The decision was for the seller.",
    "refund_due": "The refund is late.",
}

PHRASES: Mapping[str, str] = {
    "day": "{day} {month} {year}",
    "which": "order {id}",
    "which_unnumbered": "my order",
    "which_again": "this order",
    "attached": "I have attached {things}.",
    "and": "{things} and {last}",
    "more_files": "more files",
    # around a text
    "asks": "Fill in before you send it:",
    "endings": "Or ask for something else at the end:",
}

DRAFTS = DraftTexts(
    heading="",
    months=MONTHS,
    titles=TITLES,
    letters=LETTERS,
    reasons=REASONS,
    proposals=PROPOSALS,
    asks=ASKS,
    evidence=EVIDENCE,
    why=WHY,
    phrases=PHRASES,
)
