"""English. Keys are rules, with a variant behind a slash where a rule has several things to say."""

from collections.abc import Mapping

from monitor.core.texts import Catalogue, Text
from monitor.core.texts.dossier_en import DOSSIER
from monitor.core.texts.drafts_en import DRAFTS

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: Currencies that are written with a sign before the amount; all others with their code behind it.
SIGNS: Mapping[str, str] = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "ILS": "₪",
    "UAH": "₴",
}

#: One and many of what is counted.
COUNTED: Mapping[str, tuple[str, str]] = {
    "days": ("1 day", "{n} days"),
    "business_days": ("1 business day", "{n} business days"),
    "hours": ("1 h", "{n} h"),
    "minutes": ("1 min", "{n} min"),
    "days_left": ("1 day left", "{n} days left"),
    "hours_left": ("1 h left", "{n} h left"),
    "minutes_left": ("1 min left", "{n} min left"),
    "more_orders": (" and 1 more order in this parcel", " and {n} more orders in this parcel"),
    "orders": ("1 order", "{n} orders"),
    "more_currencies": ("1 more currency", "{n} more currencies"),
}

#: What an order or a parcel has to say.
TEXTS: Mapping[str, Text] = {
    "not_shipped": Text(
        "Not shipped",
        "{paid} · {price} · ask the seller",
        """
You {paid_on}, and nothing shows that it was sent.
Ask {seller} when it will be. You can also cancel the order and get your money back:
{path_order}
{protection}
""",
    ),
    "dispute_openable/open": Text(
        "Dispute possible",
        "possible now · {price} · {until}",
        """
You can open a dispute from now on. You need not, as long as nothing is wrong.
If it does not come, or is not right:
{path_open}
While the tracking still moves, "not received" can be refused.
{protection}
""",
    ),
    "dispute_openable/delivered": Text(
        "Dispute possible",
        "delivered · {price} · {until}",
        """
You can open a dispute from now on. {arrival}
{check_first}
If something is missing, broken or not as described:
{path_open}
{protection}
""",
    ),
    # Who found no button hears more of it: on the day it may be there, and some days after it was not.
    "dispute_openable/looked": Text(
        "Dispute possible",
        "possible now · {price} · {until}",
        """
You found no button on {looked}. It can be there now: look again for {button}.
{path_open}
While the tracking still moves, "not received" can be refused.
{protection}
Still none? At the computer: orderwatch record {order} no-button
""",
    ),
    "dispute_openable/again": Text(
        "Button there now?",
        "look again · {price} · {until}",
        """
{dispute}
{protection}
Still none? At the computer: orderwatch record {order} no-button
""",
    ),
    # Under this first line stand the title and the body of the problem itself.
    "dispute_openable/problem": Text("", "dispute possible · {price} · {act}", ""),
    "estimate_missed": Text(
        "Late",
        "{late} late · {price} · {act}",
        """
{Parcel} should have come by {estimate} ({estimate_from}).
Ask {seller} where it is.
{dispute}
{protection}
""",
    ),
    "estimate_missed/border": Text(
        "Not seen since import",
        "{late} past due · {price} · {act}",
        """
Economy mail: no tracking past import, so nobody sees where it is.
It was expected by {estimate} ({estimate_from}).
Look in the letter box, ask the neighbours and the post office.
{dispute}
{protection}
""",
    ),
    "estimate_slipped": Text(
        "Later than planned",
        "now {slip_after} · {price} · {slip} later",
        """
The carrier now expects {parcel} by {slip_after}, not by {slip_before}.
{keep_dispute}
{protection}
""",
    ),
    "estimate_slipped/beyond": Text(
        "Too late for protection",
        "now {slip_after} · {price} · {slip} later",
        """
The carrier now expects {parcel} by {slip_after}, not by {slip_before}.
That is after your protection ends. Do not wait for it that long.
{dispute}
{protection}
""",
    ),
    "protection_ending/notice": Text(
        "Protection ending",
        "{left} · {price} · {until}",
        """
{protection}
{arrival} Ask {seller} where it is.
{dispute}
""",
    ),
    "protection_ending/warning": Text(
        "Protection ending",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} Do not wait much longer for {seller}.
{dispute}
""",
    ),
    "protection_ending/urgent": Text(
        "Protection nearly over",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} Do not rely on promises of the seller.
{dispute}
""",
    ),
    "protection_ending/critical": Text(
        "Last chance",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} Act today: a dispute can be cancelled if all ends well.
{dispute}
""",
    ),
    "protection_ending/notice/delivered": Text(
        "Protection ending",
        "{left} · {price} · {until}",
        """
{protection}
{arrival} All there and good? Then there is nothing to do.
{dispute}
""",
    ),
    "protection_ending/warning/delivered": Text(
        "Protection ending",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} Missing, broken or not as described? Do not wait for {seller}.
{dispute}
""",
    ),
    "protection_ending/urgent/delivered": Text(
        "Protection nearly over",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} Missing, broken or not as described? Do not rely on promises of the seller.
{dispute}
""",
    ),
    "protection_ending/critical/delivered": Text(
        "Last chance",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} Missing, broken, not as described? Act today: a dispute can be cancelled if all ends well.
{dispute}
""",
    ),
    "protection_ended": Text(
        "Protection over",
        "{ended} · {price} · look once more",
        """
Buyer protection ended {ended_at}, and I know of no dispute.
All here and good? Then all is fine. If not, ask support what is still possible:
{path_support}
{fallbacks}
""",
    ),
    "protection_ended/estimated": Text(
        "Protection over?",
        "{ended} · {price} · look today",
        """
By my estimate buyer protection ended {ended_at}, and I know of no dispute.
All here and good? Then all is fine. If not, look at the counter in the order's details. If it still runs, open a dispute today:
{path_open}
If it is over, ask support:
{path_support}
{fallbacks}
""",
    ),
    "protection_ended/possibly": Text(
        "Protection over?",
        "perhaps {possibly_left} · {price} · look today",
        """
Buyer protection ended {ended_at}, and I know of no dispute.
The {post_days} after delivery may still count: possibly until {possibly}.
Something wrong? Try to open a dispute today:
{path_open}
No button? Ask support:
{path_support}
{fallbacks}
""",
    ),
    "protection_ended/grace": Text(
        "Protection over?",
        "perhaps {grace_left} · {price} · look today",
        """
Buyer protection ended {ended_at}, and I know of no dispute.
{market} may grant {grace} more: possibly until {grace_until}.
Something wrong? Try to open a dispute today:
{path_open}
No button? Ask support:
{path_support}
{fallbacks}
""",
    ),
    "fallback_ending/missing": Text(
        "Time at {way} ending",
        "{left} · {price} · {act}",
        """
{arrival} I know of no dispute and no refund.
{way} may still get the money back. The time for it {way_ends}:
{way_path}
{way_escalate}
Settled? At the computer: orderwatch record {order} closed
""",
    ),
    "fallback_ending/disputed": Text(
        "Time at {way} ending",
        "{left} · {price} · {act}",
        """
Your dispute at {market} has brought no money yet. {way} may get it back too, but the time for that {way_ends}:
{way_path}
{press_first}
{way_escalate}
Settled? At the computer: orderwatch record {order} refund-received
""",
    ),
    "customs_hold/held": Text(
        "Customs hold",
        "{since_for} held · {price} · {act}",
        """
Customs has held {parcel} since {since}.
Did customs ask YOU for papers or money? Answer that first, or you may lose.
Asked for nothing? {dispute}
{protection}
""",
    ),
    "customs_hold/silent": Text(
        "Stuck in customs",
        "{quiet_for} no news · {price} · {act}",
        """
{Parcel} came to customs {since}; no news for {quiet_for}.
Did customs ask YOU for papers or money? Answer that first, or you may lose.
Asked for nothing? {dispute}
{protection}
""",
    ),
    "no_tracking": Text(
        "No tracking",
        "{shipped_for} no scan · {price} · {act}",
        """
Said to be sent {shipped_for} ago, {shipped}, but no carrier has seen {parcel} yet.
Is the number the same in the order's details? If so, ask {seller}.
{dispute}
{protection}
""",
    ),
    "no_tracking/unread": Text(
        "No tracking",
        "sent {shipped_for} ago · {price} · {act}",
        """
Said to be sent {shipped_for} ago, {shipped}, but I could never read the tracking of {parcel}.
Look in the order's details. No scan there either? Ask {seller}.
{dispute}
{protection}
""",
    ),
    "tracking_stalled": Text(
        "No news",
        "{quiet_for} no scan · {price} · {act}",
        """
The last scan of {parcel} that I know of was {quiet_for} ago, {since}{in_place}.
Ask {seller} to find out from the carrier where it is.
{dispute}
{protection}
""",
    ),
    "returning": Text(
        "Going back to the seller",
        "{since_for} ago · {price} · {act}",
        """
The carrier says that {parcel} is on its way back to the seller.
Ask {seller} why. If they send a new one, keep a dispute open until it is here.
{dispute}
{protection}
""",
    ),
    "returned": Text(
        "Back at the seller",
        "{since_for} ago · {price} · {act}",
        """
The carrier says that the seller has {parcel} again.
Ask {seller} for your money. If they send a new one, keep a dispute open until it is here.
{dispute}
{protection}
""",
    ),
    "parcel_exception": Text(
        "Lost or damaged",
        "{since_for} ago · {price} · {act}",
        """
The carrier reports {parcel} as lost, damaged or cancelled.
Ask {seller} for your money. If they send a new one, keep a dispute open until it is here.
{dispute}
{protection}
""",
    ),
    "delivery_failed": Text(
        "Delivery failed",
        "{since_for} ago · {price} · ask the carrier",
        """
The carrier could not deliver {parcel}, or does not understand the address.
Look for a card in the letter box. Ask the carrier for a new attempt, or collect it; give them the tracking number and the full address.
If nobody reacts, it goes back to the seller.
{protection}
""",
    ),
    "pickup_waiting/ready": Text(
        "Ready to collect",
        "waits for you · {price} · {collect}",
        """
{Parcel} is at the pickup point{in_place}. {kept}
Take your ID and the code or card of the carrier.
{film_opening}
{check_first}
""",
    ),
    "pickup_waiting/again": Text(
        "Still to collect",
        "{since_for} waiting · {price} · {collect}",
        """
{Parcel} has been at the pickup point{in_place} since {since}. {kept}
Not collected, it goes back to the seller, and that can count as your fault.
{film_opening}
{check_first}
""",
    ),
    "film_unboxing": Text(
        "Film the opening",
        "comes today · {price} · film it",
        """
{Parcel} is out for delivery.
{film_opening}
If it must work, show it working too. That is your best proof if something is missing or broken.{video}
{check_first}
""",
    ),
    "film_unboxing/pickup": Text(
        "Film the opening",
        "ready to collect · {price} · film it",
        """
{Parcel} is ready to be collected.
{film_opening}
If it must work, show it working too. That is your best proof if something is missing or broken.{video}
{check_first}
""",
    ),
    "delivered_elsewhere": Text(
        "Delivered elsewhere",
        "not your address · {price} · {act}",
        """
Delivered {delivered}{delivered_in}: not your address.
Ask family and neighbours first. Do not confirm receipt.
{dispute}
{post_days_run}
{protection}
""",
    ),
    "delivered_unconfirmed/delivered": Text(
        "Delivered",
        "{since_for} ago · {price} · {check}",
        """
The carrier says: delivered {since}.
Is it here? Film the opening, and check the goods before you confirm receipt in the app.
{neighbours}
{protection}
""",
    ),
    "delivered_unconfirmed/again": Text(
        "Is it here?",
        "{since_for} ago · {price} · {check}",
        """
The carrier says: delivered {since}. I do not know yet whether you have it.
Is it here? Check the goods before you confirm receipt in the app.
{neighbours}
{protection}
At the computer: orderwatch record {order} received
""",
    ),
    "post_delivery_ending/notice": Text(
        "Check the goods",
        "{left} · {price} · {until}",
        """
{arrival} Have you checked that everything is there, works, and is as described?
If not, write to {seller} now.
{dispute}
{protection}
""",
    ),
    "post_delivery_ending/warning": Text(
        "Check the goods now",
        "{left} · {price} · {act}",
        """
{arrival} The days to complain run out.
Missing, broken or not as described? Do not wait for {seller}.
{dispute}
{protection}
""",
    ),
    "post_delivery_ending/urgent": Text(
        "Last check of the goods",
        "{left} · {price} · {act}",
        """
{arrival} This is the last call to complain.
Missing, broken, not as described? Act today: a dispute can be cancelled if all ends well.
{dispute}
{protection}
""",
    ),
    "status_lag": Text(
        "App may lag behind",
        "delivered {delivered_for} ago · {price} · look once",
        """
The carrier says: delivered {delivered}. Does the order still say "shipped"? Then the button for a dispute can be missing.
Look at the order, and again tomorrow:
{path_order}
Still "shipped", and something is wrong? Ask support to correct it:
{path_support}
{protection}
""",
    ),
    "escalation_available/answered": Text(
        "Ask for mediation",
        "open {open_for} · {price} · ask them to decide",
        """
The seller has answered, but you have not agreed.
You need not wait longer: you can ask {market} to step in and decide.
{path_dispute}
Add what you have: {evidence}.
{goes_on}
Asked? At the computer: orderwatch record {order} claim
""",
    ),
    "escalation_available/unanswered": Text(
        "Ask for mediation",
        "open {open_for} · {price} · ask them to decide",
        """
I know of no answer of the seller to your dispute.
You need not wait longer: you can ask {market} to step in and decide.
{path_dispute}
{seller_has}
Asked? At the computer: orderwatch record {order} claim
""",
    ),
    "seller_response_due/look": Text(
        "Look at your dispute",
        "open {open_for} · {price} · look today",
        """
By newer copies of the rules the seller has {look_days} only, and I know of no answer.
Look whether there is one, or whether it is settled already. An offer needs your reply:
{path_offer}
Nothing there? The seller may still have {seller_until}.
Tell me what you find: orderwatch record {order} offer, seller-answered, or decision --in-favour-of buyer
""",
    ),
    "escalation_due": Text(
        "Escalate your dispute",
        "{left} · {price} · {act}",
        """
{market} closes your dispute for good unless you escalate it to a claim. The time for it {time_ends}.
{path_dispute}
Have ready: {evidence}.
Do not rely on promises of the seller.
Done? At the computer: orderwatch record {order} claim
""",
    ),
    "seller_response_due": Text(
        "Seller must answer",
        "{seller_left} · {price} · look at the dispute",
        """
The seller still has {seller_until}, to answer your dispute. I know of no answer yet.
Look whether there is one, or whether it is settled already. An offer needs your reply:
{path_offer}
If the seller stays silent, it should be settled for you. Do not cancel the dispute.
""",
    ),
    "seller_silent": Text(
        "Settled for you?",
        "seller silent {open_for} · {price} · look today",
        """
{seller_time} over, and I know of no answer. Then it should be settled for you, with the money back in about {win_days}.
Look whether that is so:
{path_dispute}
An answer or an offer is there? Reply at once. Neither? Ask support:
{path_support}
It is settled? At the computer: orderwatch record {order} decision --in-favour-of buyer
""",
    ),
    "becomes_claim": Text(
        "Decision by {market}?",
        "no agreement, {open_for} · {price} · look today",
        """
{seller_time} over without agreement. Now {market} should decide.
Look whether that is so, and add what you have:
{path_dispute}
{market} may ask you something and wait {answer_range} only: look there daily. Not answering can decide it against you.
It is so? At the computer: orderwatch record {order} claim
""",
    ),
    "answer_due/offer/warning": Text(
        "Answer the offer",
        "{left} · {price} · {act}",
        """
The seller made an offer. Accept it, reject it, or ask for something else:
{path_offer}
{answer_due}
If you do not answer, it can be closed with the last proposal, or decided against you.
Answered? At the computer: orderwatch record {order} answered
""",
    ),
    "answer_due/offer/urgent": Text(
        "Answer the offer today",
        "{left} · {price} · {act}",
        """
The seller's offer still waits. Accept it, reject it, or ask for something else:
{path_offer}
{answer_due}
If you do not answer, it can be closed with the last proposal, or decided against you.
""",
    ),
    "answer_due/offer/critical": Text(
        "Last hours for the offer",
        "{left} · {price} · {act}",
        """
Answer the seller's offer NOW: accept it, reject it, or ask for something else.
{path_offer}
{answer_due}
If you do not answer, it can be closed with the last proposal, or decided against you.
""",
    ),
    "answer_due/request/warning": Text(
        "Answer needed",
        "{left} · {price} · {act}",
        """
{market} asked you something about your dispute and waits:
{path_dispute}
Have ready: {evidence}.
{answer_due}
If you do not answer, it can be decided against you, or closed with the last proposal.
Answered? At the computer: orderwatch record {order} answered
""",
    ),
    "answer_due/request/urgent": Text(
        "Answer needed today",
        "{left} · {price} · {act}",
        """
{market} still waits for your answer about your dispute:
{path_dispute}
Have ready: {evidence}.
{answer_due}
If you do not answer, it can be decided against you, or closed with the last proposal.
""",
    ),
    "answer_due/request/critical": Text(
        "Last hours to answer",
        "{left} · {price} · {act}",
        """
Answer {market} NOW, even if short: send what you have.
{path_dispute}
Have ready: {evidence}.
{answer_due}
If you do not answer, it can be decided against you, or closed with the last proposal.
""",
    ),
    "mediation_overdue": Text(
        "No decision yet",
        "dispute open {open_for} · {price} · ask support",
        """
Your dispute is open since {opened}. A decision should have come within {mediation_days}.
Look whether something waits for your answer:
{path_dispute}
If not, ask support when they will decide:
{path_support}
Decided? At the computer: orderwatch record {order} decision --in-favour-of buyer (or seller)
""",
    ),
    "mediation_overdue/appeal": Text(
        "No answer to your appeal",
        "appealed {since_for} ago · {price} · ask support",
        """
You appealed {since}. A decision should have come within {mediation_days}.
Look whether something waits for your answer:
{path_dispute}
If not, ask support when they will decide:
{path_support}
Decided? At the computer: orderwatch record {order} decision --in-favour-of buyer (or seller)
""",
    ),
    "mediation_overdue/replacement": Text(
        "Replacement here?",
        "dispute open {open_for} · {price} · look today",
        """
You agreed on a replacement. Is it here, and good? Then cancel the dispute in the app, and record all-fine.
Not here? Do not cancel. Tell {seller}, and ask {market} to step in while the dispute is open:
{path_dispute}
No way to ask there? Support:
{path_support}
""",
    ),
    "appeal_possible": Text(
        "Decision against you",
        "decided {decided_for} ago · {price} · appeal soon",
        """
{market} decided for the seller. You can appeal if you have something new to show:
{path_appeal}
Have ready: {evidence}.
I know no last day for it; some say 7 days, so do it soon. Without an appeal the decision stands.
Done? At the computer: orderwatch record {order} appealed. Not worth it? … closed
{fallbacks}
""",
    ),
    "appeal_possible/limit": Text(
        "Decision against you",
        "{left} · {price} · {act}",
        """
{market} decided for the seller. You can appeal if you have something new to show:
{path_appeal}
Have ready: {evidence}.
The time for it {time_ends}. Without an appeal the decision stands.
Done? At the computer: orderwatch record {order} appealed. Not worth it? … closed
{fallbacks}
""",
    ),
    "appeal_possible/again": Text(
        "Again against you",
        "decided {decided_for} ago · {price} · ask support",
        """
{market} decided for the seller again, after your appeal.
Look whether another one is possible; it needs something new to show:
{path_appeal}
Otherwise ask support whether anything is left:
{path_support}
Nothing left? At the computer: orderwatch record {order} closed
{fallbacks}
""",
    ),
    "return_due/approved": Text(
        "Send it back",
        "{left} · {price} · {act}",
        """
Your return is approved. The time to send it {return_ends}.
Pack it well and use the label from the app. {drop_off} Keep the receipt.
Then enter the tracking number in the dispute:
{path_dispute}
Too late, or no number: the refund can be refused.
""",
    ),
    "return_due/urgent": Text(
        "Send it back now",
        "{left} · {price} · {act}",
        """
The time to send it {return_ends}, and I know of no tracking number.
Use the label from the app. {drop_off} Keep the receipt, and enter the number here:
{path_dispute}
Too late, or no number: the refund can be refused.
Sent? At the computer: orderwatch record {order} return-shipped --number …
""",
    ),
    "refund_due/early": Text(
        "Refund on its way",
        "{refund_count} · {price} · check your bank",
        """
{refund_from}. The money may be there now; it can take up to {refund_most}.
Nothing to do yet but to look at the account or card you paid with.
""",
    ),
    "refund_due/expected": Text(
        "Refund expected",
        "{refund_count} · {price} · check your bank",
        """
{refund_from}. By now the money is often there; it can take up to {refund_most}.
Look at the account or card you paid with.
It is there? At the computer: orderwatch record {order} refund-received
""",
    ),
    "refund_due/overdue": Text(
        "Refund overdue",
        "{refund_count} · {price} · ask support",
        """
{refund_from}. The money should be there by now.
Look at the account or card you paid with. Not there? Ask support, with the order number:
{path_support}
Nobody else looks for it: if you do not ask, it may stay away.
It is there? At the computer: orderwatch record {order} refund-received
""",
    ),
    "refund_due/return": Text(
        "Return arrived?",
        "sent {since_for} ago · {price} · look today",
        """
{refund_from}. Look with its number whether the seller has it.
There? Then the refund must be issued. Look whether it is:
{path_dispute}
Not there? Keep the receipt: it is your proof. Is the number in the dispute?
Issued? At the computer: orderwatch record {order} refund-issued
""",
    ),
    "refund_due/return-overdue": Text(
        "No refund for your return",
        "sent {since_for} ago · {price} · ask support",
        """
{refund_from}, and I know of no refund.
Look at the dispute, and whether the return has arrived:
{path_dispute}
No refund? Ask support, with the receipt and the return's tracking number:
{path_support}
Issued? At the computer: orderwatch record {order} refund-issued
""",
    ),
    "dispute_rearmed": Text(
        "Dispute cancelled",
        "{left} · {price} · {until}",
        """
Your dispute is cancelled. I watch the end of your protection again.
Still something wrong? A new dispute must be opened before it ends:
{path_open}
{protection}
""",
    ),
    "duplicate_charge": Text(
        "Charged twice",
        "paid twice · {price} · {act}",
        """
You recorded two payments. Ask for the second one back with "Refund Only".
{dispute}
Was there an outage when you paid? Write that too.
{protection}
""",
    ),
}

#: What sources, channels and policies have to say; `title` stands before their name. Their words are
#: `subject`, `error`, `since_for`, `since_clock` and `checked`; of their ends `subject` and `now`.
SERVICE: Mapping[str, Text] = {
    "source_blind": Text(
        "Cannot read",
        "{since_for} no answer · parcels not watched",
        """
Since {since_clock} I got nothing from {subject}, so I do not know how your parcels are.
Deadlines are still watched. Until it works, look at your parcels in the app.
What it says: {error}
At the computer: orderwatch check --online
""",
    ),
    "channel_down": Text(
        "Channel fails",
        "{since_for} failing · messages may be missing",
        """
Since {since_clock} no message gets through over {subject}. I keep trying.
What it says: {error}
At the computer: orderwatch notify test {subject}
""",
    ),
    "channel_down/permanent": Text(
        "Channel refuses",
        "since {since_clock} · check its settings",
        """
{subject} refuses my messages: they do not reach you there.
Its settings are probably wrong: address, key or topic.
What it says: {error}
At the computer: orderwatch notify test {subject}
""",
    ),
    "policy_old": Text(
        "Old rules",
        "checked {checked} · dates may be off",
        """
For over a year nobody has compared what I know of {subject} with its present rules, so days and deadlines may be wrong.
Trust the counter in the app, and look for a newer version of orderwatch.
""",
    ),
}

#: What is over, by the rule that had said it.
ENDS: Mapping[str, Text] = {
    "customs_hold": Text(
        "Out of customs",
        "{price} · {now_is}",
        """
Customs no longer holds {parcel}: {now_is}.
{keep_dispute}
""",
    ),
    "no_tracking": Text(
        "Tracking works",
        "{price} · {now_is}",
        """
There is tracking of {parcel} now: {now_is}.
{keep_dispute}
""",
    ),
    "tracking_stalled": Text(
        "Moving again",
        "{price} · {now_is}",
        """
There is news of {parcel} again: {now_is}.
{keep_dispute}
""",
    ),
    "returning": Text(
        "No longer going back",
        "{price} · {now_is}",
        """
{Parcel} no longer goes back to the seller: {now_is}.
{keep_dispute}
""",
    ),
    "parcel_exception": Text(
        "Not lost after all",
        "{price} · {now_is}",
        """
The carrier no longer reports {parcel} as lost or damaged: {now_is}.
{keep_dispute}
""",
    ),
    "delivery_failed": Text(
        "Delivery goes on",
        "{price} · {now_is}",
        """
After the failed attempt {parcel} moves again: {now_is}.
{keep_dispute}
""",
    ),
}

#: The same for sources and channels.
SERVICE_ENDS: Mapping[str, Text] = {
    "source_blind": Text(
        "Can read again",
        "since {now} · watching again",
        """
{subject} answers again. If something happened meanwhile, I tell you now.
""",
    ),
    "channel_down": Text(
        "Channel works again",
        "since {now} · nothing to do",
        """
Messages get through over {subject} again.
""",
    ),
}

#: Where a parcel is, in the middle of a sentence.
STATUSES: Mapping[str, str] = {
    "not_found": "no carrier knows it",
    "info_received": "announced to the carrier",
    "in_transit": "on its way",
    "in_customs": "at customs",
    "customs_hold": "held by customs",
    "out_for_delivery": "out for delivery",
    "available_for_pickup": "ready to collect",
    "delivery_failed": "delivery failed",
    "delivered": "delivered",
    "returning": "going back",
    "returned": "back at the seller",
    "exception": "lost or damaged",
    "expired": "no longer tracked",
    "unknown": "status unclear",
}

#: Pieces that messages share.
PHRASES: Mapping[str, str] = {
    # said in several places
    "film_opening": "Film the opening: closed parcel and label first, cut the seals on camera, then show every piece.",
    "check_first": "Do not confirm receipt in the app before you have checked the goods.",
    "neighbours": "Not there? Ask at home and the neighbours, then {seller} for the proof of delivery.",
    # times
    "day": "{weekday} {day} {month}",
    "day_of_year": "{weekday} {day} {month} {year}",
    "short_day": "{day} {month}",
    "clock": "{day} {hour:02}:{minute:02}",
    "midnight": "{day} 24:00",
    "in": "in {span}",
    "ago": "{span} ago",
    "in_at": "in {span}, {at}",
    "ago_at": "{span} ago, {at}",
    # amounts
    "price_signed": "{sign}{amount}",
    "price": "{amount} {currency}",
    # the first line
    "dispute_runs": "dispute open",
    "check": "check {until}",
    "check_now": "check now",
    "act_by": "act by {at}",
    "act_by_short": "by {at}",
    "act_now": "act now, ends {at}",
    "act_now_short": "now, by {at}",
    "until": "until {at}",
    "ended": "ended {at}",
    "collect": "collect and film it",
    # who and what
    "order": "order {id}",
    "seller": "the seller",
    "seller_named": "the seller ({name})",
    "Parcel": "The parcel",
    "parcel": "the parcel",
    "Parcel_of": "Parcel {n} of {all}",
    "parcel_of": "parcel {n} of {all}",
    "no_Parcel": "The order",
    "no_parcel": "the order",
    "in_place": " in {place}",
    "video": " One video: {gigabytes} GB at most.",
    "path_order": "{market} → the order",
    "path_support": "{market} → help",
    # what was paid, and what is expected
    "paid": "paid {span} ago",
    "ordered": "ordered {span} ago",
    "paid_on": "paid {span} ago, {day}",
    "ordered_on": "ordered {span} ago, {day}",
    "promised": "the seller's promise",
    "expected": "the carrier's estimate",
    "usual": "usual for this shipping",
    "usual_estimated": "estimated: usual for standard shipping",
    # where it is
    "nothing_delivered": "Nothing is delivered yet, as far as I see.",
    "some_delivered": "Delivered: {n} of {all} parcels.",
    "perhaps_delivered": "Whether it came I do not know.",
    "delivered_on": "Delivered {day}.",
    "kept_until": "It is kept until {at}.",
    "kept_over": "It was kept until {at}: ask there at once.",
    "kept_unknown": "Usually it is kept for some days only.",
    # whether a dispute can be opened
    "dispute_now_because": 'You can open a dispute now, reason "{reason}":\n{path}\nHave ready: {evidence}',
    "dispute_now": "You can open a dispute now:\n{path}\nHave ready: {evidence}",
    "dispute_later": "A dispute can be opened in {span}, {day}. Until then write to the seller:\n{path}"
    "\nKeep: {evidence}",
    "dispute_never": "The button may come too late for you: ask support to enable it now:\n{path}"
    "\nHave ready: {evidence}",
    "dispute_open": "Your dispute is open. Add this to it:\n{path}\nHave ready: {evidence}",
    "dispute_no_button": "No button on {looked}, and time runs out: ask support NOW to enable it, in the chat{email}:\n{path}\nHave ready: {evidence}",
    "dispute_no_button_shipped": 'No button on {looked}? The order may still say "shipped". Look again for {button}; '
    "if there is none, ask support to enable it:\n{path}\nHave ready: {evidence}",
    "dispute_no_button_waiting": "No button on {looked}? It may come with the delivery. Look again for {button}; "
    "if there is none, ask support to enable it:\n{path}\nHave ready: {evidence}",
    "dispute_no_button_other": "No button on {looked}? Look again for {button}; "
    "if there is none, ask support to enable it:\n{path}\nHave ready: {evidence}",
    "the_button": "the button",
    "quoted": "“{name}”",
    "or_email": " or by e-mail, {email}",
    "dispute_unknown": "Look whether a dispute can be opened (usually {wait} after shipping):\n{path}"
    "\nHave ready: {evidence}",
    "dispute_look": "Look whether a dispute can be opened:\n{path}\nHave ready: {evidence}",
    "dispute_over": "Protection is over. Ask support what is still possible:\n{path}\nHave ready: {evidence}",
    "any_evidence": "photos, videos, screenshots of the listing, all messages with the seller",
    "evidence_some": "({here} of {all} in your folder)",
    "evidence_all": "nothing is missing ({here} of {all} in your folder)",
    # until when
    "protection": "Protection ends {until}. Then the money may be lost.",
    "protection_two": "Safe for {span}, until {safe}; possibly until {possibly}. Then the money may be lost.",
    "protection_possibly": "The safe time ended {safe}. Possibly you have until {possibly}.",
    "protection_over": "Buyer protection ended {ended}.",
    "protection_unknown": "When protection ends I do not know: look at the counter in the order's details.",
    "estimated": " (estimated: check the counter in the order)",
    "estimated_possibly": " (estimated)",
    # what remains when protection is over
    "still_open": "Still open: {ways}.",
    "way": "{way} until {day}",
    "way_about": "{way} until ~{day}",
    "finish_first": "First finish with {market}: a chargeback can close its case.",
    "press_first": "Ask {market} to decide now: a chargeback can close its case.",
    "way_escalate": "Then escalate the case within {span}, or {way} closes it for good.",
    # a dispute that runs
    "still": "{span}, until {at}",
    "time_ends": "ends {at}",
    "time_ended": "ended {at}",
    "goes_on": "If you do nothing, it goes on for {until}; then {market} should decide.",
    "seller_has": "The seller may still have {until}.",
    "seller_has_or": "The seller may still have {until}, or only {look_days} in all: look {look_from} whether it "
    "is settled already.",
    "post_days_run": "The {days} run even if you have nothing.",
    "look_from": "from {day} on",
    "look_now": "now",
    "range": "{least} to {most} days",
    "due_known": "It is due {until}.",
    "due_unknown": "You have {range} to answer; I assume {least}: due {until}. At the latest {latest}; "
    "the app shows which.",
    "seller_time": "The seller's time is",
    "seller_days": "The seller's {days} are",
    "return_estimated": " (estimated: the app shows the real day)",
    "drop_off_at": "Hand it in at {place}.",
    "drop_off_other": "Hand it in as {operator} says.",
    "drop_off_label_only": "Hand it in where its label says.",
    "drop_off_label": "Hand it in as its label says: {places}.",
    "drop_off_of": "{operators}: {place}",
    "drop_off_else": "others: as they say",
    "refund_issued": "The refund was issued {on}",
    "refund_returned": "You sent it back {on}",
    "refund_decided": "It was decided for you {on}",
    "refund_agreed": "You agreed {on}",
    "keep_dispute": "Your dispute stays open: do not cancel it before the goods are here and good.",
    "keep_watching": "Nothing to do. I keep watching.",
    # the last line
    "fact_order": "Order {id}{more}",
    "fact_no_parcel": "no tracking number",
    "fact_parcel_of": "parcel {n} of {all} {number}",
    "fact_parcels": "{all} parcels, newest {number}",
    "fact_scan": "last scan {day}{place}",
    "fact_no_scan": "no scan yet",
    "fact_read": "read {span} ago",
    "fact_read_now": "read just now",
    "fact_unread": "could not be read for {span}",
    "fact_never_read": "not read yet",
}

#: What the buttons under a message say.
BUTTONS: Mapping[str, str] = {
    "done": "Done",
    "tomorrow": "Tomorrow",
    "received": "Received",
    "not_here": "Not here",
}

#: What a phone shows when a button was pressed; 200 characters are seen for sure.
REPLIES: Mapping[str, str] = {
    "done": "Noted. I say it again only if it gets worse.",
    "done_next": "Noted. If it lasts, the next warning comes {at}.",
    "done_last": "Noted. I do not repeat it, but it must be done by {by}.",
    "tomorrow": "Noted: I will say it again tomorrow at {hour:02}:{minute:02}.",
    "snoozed": "Noted: I will say it again {at}, for it must be done by {by}.",
    "no_time": "It cannot wait: it must be done by {by}.",
    "received": "Noted: received. Check the goods before you confirm anything in the app.",
    "received_already": "Noted already: received.",
    "not_here": "Noted: not here. Ask at home and the neighbours, then the seller for the proof of delivery."
    "\nStill nothing? Open a dispute, reason “{reason}”:\n{path}",
    "over": "That is over already.",
    "newer": "It got worse since that message: look at the newest one.",
    "used": "Noted already.",
    "expired": "This button is too old. At the computer: orderwatch alerts",
}

#: What is said about messages themselves.
SPEAKING: Mapping[str, str] = {
    "private_title": "orderwatch: something needs you",
    "severity_info": "info",
    "severity_notice": "notice",
    "severity_warning": "warning",
    "severity_urgent": "urgent",
    "severity_critical": "critical",
    "collapsed_orders": "{n} orders changed",
    "collapsed_others": "{n} messages at once",
    "collapsed_more": "and {n} more",
    "open_order": "Open order",
    "last_call": "⏰ Last call · ends {by}",
    "repeat_mark": "(This may be a repeat.)",
    "digest_title": "Today, {day}",
    "digest_first": "notes: {news} · deadlines within 7 days: {deadlines}",
    "digest_deadlines": "Next deadlines:",
    "digest_line": "{at}: {name}",
    "stake": "At stake: {what}",
    "stake_priced": "{amounts} in {orders}",
    "stake_some_unpriced": "{amounts} in {orders}, {n} without a price",
    "stake_unpriced": "{orders} without a price",
    "stake_soon": "{what} within {days} days ({by})",
    "stake_all": "all of it",
    "stake_part": "{amounts} of it",
    "stake_part_and_unpriced": "{amounts} of it and {orders} without a price",
    "stake_by": "by {at}",
    "stake_first_by": "the first by {at}",
    "stake_and": "{others} and {last}",
    "missed_title": "Missed: {title}",
    "missed_deadline": "deadline passed {at}",
    "missed_until": "could not be told in time · until {at}",
    "missed": "could not be told in time",
    "missed_body": "No channel took this message until now. It was meant for {at}.",
    "missed_others": "Missed too:",
    "missed_look": "Look in the app what can still be done; what is known: orderwatch show {order}",
}

#: What a calendar shows, by what ends. It is read weeks before or after it was written: no text says how
#: long it is to anything. Beside the words of messages there are `by`, `ends`, `safe` and `why`.
CALENDAR: Mapping[str, Text] = {
    "protection": Text(
        "Protection ends",
        "act by {by} · {price}",
        """
Buyer protection ends {ends}. Then the money may be lost.
{safe}
Not here, or something wrong? Open a dispute before it ends:
{path_open}
Have ready: {evidence}
No button for it? Ask support to enable it:
{path_support}
Why this date: {why}
""",
    ),
    "post_delivery": Text(
        "Days to complain end",
        "act by {by} · {price}",
        """
What was delivered can be complained about until {ends}.
{safe}
Missing, broken or not as described? Open a dispute before it ends:
{path_open}
Have ready: {evidence}
Why this date: {why}
""",
    ),
    "pickup": Text(
        "Collect it",
        "act by {by} · {price}",
        """
{Parcel} is kept at the pickup point until {ends}.
Take your ID and the code or card of the carrier.
{film_opening}
Not collected, it goes back to the seller, and that can count as your fault.
Why this date: {why}
""",
    ),
    "escalation": Text(
        "Escalate your dispute",
        "act by {by} · {price}",
        """
{market} closes your dispute for good unless you escalate it to a claim by {ends}:
{path_dispute}
Have ready: {evidence}
Why this date: {why}
""",
    ),
    "fallback": Text(
        "Time at {way} ends",
        "act by {by} · {price}",
        """
Neither the goods nor the money came? {way} may get the money back until {ends}:
{way_path}
{finish_first}
{way_escalate}
Why this date: {why}
""",
    ),
    "answer/offer": Text(
        "Answer the offer",
        "act by {by} · {price}",
        """
The seller's offer waits until {ends}. Accept it, reject it, or ask for something else:
{path_offer}
If you do not answer, it can be closed with the last proposal, or decided against you.
Why this date: {why}
""",
    ),
    "answer/request": Text(
        "Answer needed",
        "act by {by} · {price}",
        """
{market} waits for your answer about your dispute until {ends}:
{path_dispute}
Have ready: {evidence}
If you do not answer, it can be decided against you, or closed with the last proposal.
Why this date: {why}
""",
    ),
    "appeal": Text(
        "Last day to appeal",
        "act by {by} · {price}",
        """
{market} decided for the seller. You can appeal until {ends}, if you have something new to show:
{path_appeal}
Have ready: {evidence}
Without an appeal the decision stands.
Why this date: {why}
""",
    ),
    "return": Text(
        "Send it back",
        "act by {by} · {price}",
        """
The return must be on its way by {ends}. The app shows the real day.
Use the label from the app, pack it well, keep the receipt, and enter the tracking number in the dispute:
{path_dispute}
Too late, or no number: the refund can be refused.
Why this date: {why}
""",
    ),
    "seller/silent": Text(
        "Settled for you?",
        "look at the dispute · {price}",
        """
{seller_time} over. No answer came? Then it should be settled for you.
Look whether that is so:
{path_dispute}
An answer or an offer is there? Reply at once. Neither? Ask support:
{path_support}
Why this date: {why}
""",
    ),
    "seller/answered": Text(
        "Decision by {market}?",
        "look at the dispute · {price}",
        """
{seller_time} over. Without agreement, {market} should decide now.
Look whether that is so, and add what you have:
{path_dispute}
{market} may ask you something and wait {answer_range} only: look there daily.
Why this date: {why}
""",
    ),
    "mediation": Text(
        "Decision due",
        "look at the dispute · {price}",
        """
A decision should have come within {mediation_days}.
Look whether something waits for your answer:
{path_dispute}
If not, ask support when they will decide:
{path_support}
Why this date: {why}
""",
    ),
    "mediation/replacement": Text(
        "Replacement here?",
        "look at the dispute · {price}",
        """
You agreed on a replacement. Is it here, and good? Then cancel the dispute in the app.
Not here? Do not cancel. Ask {market} to step in while the dispute is open:
{path_dispute}
Why this date: {why}
""",
    ),
    "refund/return": Text(
        "Return arrived?",
        "look at the dispute · {price}",
        """
You sent it back. Once the seller has it, the refund must be issued. Look whether it is:
{path_dispute}
No refund? Ask support, with the receipt and the return's tracking number:
{path_support}
Why this date: {why}
""",
    ),
    "refund": Text(
        "Refund due",
        "check your bank · {price}",
        """
The money should be there by now. Look at the account or card you paid with.
Not there? Ask support, with the order number:
{path_support}
Why this date: {why}
""",
    ),
}

#: Where a day comes from: what happened, and then what is counted from it.
WHY: Mapping[str, str] = {
    "protection until": "your order file says: protection until",
    "shipped": "shipped",
    "first scan": "first scan",
    "paid": "paid",
    "ordered": "ordered",
    "delivered": "delivered",
    "the seller promised": "the seller promised",
    "the carrier expects": "the carrier expects",
    "the carrier keeps it until": "the carrier keeps it until",
    "answer due": "you recorded: answer due",
    "offer received": "offer received",
    "request received": "request received",
    "decided": "decided",
    "appeal until": "you recorded: appeal until",
    "appealed": "appealed",
    "return approved": "return approved",
    "return to be sent by": "you recorded: return to be sent by",
    "return shipped": "return shipped",
    "dispute opened": "dispute opened",
    "the seller must answer by": "you recorded: the seller must answer by",
    "refund issued": "refund issued",
    "decided for you": "decided for you",
    "agreed": "agreed",
    "on": "{what} {day} {month} {year}",
    "plus": "{since} + {span} ({market}, {source})",
    "source guide": "from a public guide",
    "source public": "from public places",
    "source project": "orderwatch's own choice",
    "source your configuration": "your configuration",
    "estimated": "{why}; estimated, what the app shows counts",
    "safe": "It is sure only until {at}; after that, do not count on it.",
}

#: What is said of a proposal: what speaks for it, what to ask for, and what to ask yourself.
ADVICE: Mapping[str, str] = {
    "because": "{what}, {since}",
    "because_dispute_cancelled": "you opened a dispute about it, and cancelled it",
    "because_duplicate_charge": "you recorded that you paid twice",
    "ask": "{way}, {how_much}",
    "ask_either": "{product_return}; but {refund_only} if one of your answers is yes",
    "refund_only": "Refund Only",
    "product_return": "Product Return",
    "refund_full": "all of it",
    "refund_part": "a part of it",
    "refund_second_payment": "the second payment",
    "why_nothing_back": "there is nothing to send back",
    "why_part_here": "a part of the order is here",
    "why_cheap": "it is too cheap to send it back",
    "why_bulky": "it is bulky to send back",
    "why_costly": "sending it back costs too much of its price",
    "why_worth_it": "it is easy to send back, and a return brings all of the money",
    "question_price": "Is it worth less than sending it back costs?",
    "question_bulky": "Is it bulky or heavy?",
    "question_cost": "Would sending it back cost you much? (Nothing, if the listing says free returns.)",
    "question_part": "How much is what is missing worth?",
}

#: What is answered to what was recorded. A cause is why there may be no button to open a dispute.
RECORDED: Mapping[str, str] = {
    "no_button_now": "Do not wait for the button: ask support NOW to enable it. {protection}",
    "no_button_why": "Why there may be none, the likeliest first:",
    "cause_dispute_open": "A dispute is open, since {opened}. Then the way leads to it: {path_dispute}",
    "cause_protection_over": "{protection} Ask support what is still possible.",
    "cause_too_early": "It is too early: usually the button comes {wait} after shipping. It can be there {opens}.",
    "cause_too_early_elsewhere": "It is too early: the button can be there {opens}.",
    "cause_still_shipped": 'Delivered {delivered}, but the order may still say "shipped". Look at it, '
    "and again tomorrow: {path_order}",
    "cause_not_delivered": "It is not delivered, as far as I see. The {post_days} for complaints begin with the delivery; "
    "the button may come only then.",
    "cause_shipping_unknown": "I do not know when it was shipped: usually the button comes {wait} after that. "
    "Write shipped_on into the order file, and I tell you the day.",
    "no_button_name": "It may have another name: look for {button}.",
    "no_button_support": "If none of this helps, ask support to enable it:",
    "support_chat": "chat: {path_support}",
    "support_email": "e-mail: {email} (order number, what is wrong, your evidence; from a guide, unverified)",
    "received_dispute": "Your dispute is still open. All here and good? Cancel it in the app, then record "
    "dispute-cancelled. If not, leave it open and add photos: {path_dispute}",
    "all_fine_dispute": "Your dispute is still open, so I go on watching it. Cancel it in the app, then: "
    "orderwatch record {order} dispute-cancelled",
    "dispute_opened": "Add all you have, and do not cancel it before the money is there: {path_dispute}\n"
    "Have ready: {evidence}",
    "due_unknown": "Does the app show until when? Record it again with --due TIME, and I count from that.",
    "due_over": "That time is over already. Look at once whether it was closed: {path_dispute}",
    "still_waits_offer": "The seller's offer still waits for your answer.",
    "still_waits_request": "{market} still waits for your answer.",
    "agreed": "Keep the dispute open until the money is there: once it is cancelled, only a new one helps.",
    "agreed_replacement": "Keep the dispute open until the replacement is here, and good.",
    "claim": "Look at the dispute every day: {market} may ask you something and wait {answer_range} only. "
    "Then: orderwatch record {order} request --due TIME",
    "appealed": "Add what is new: {path_dispute}",
    "return_approved": "{drop_off} Use the label from the app, and keep the receipt.",
    "return_shipped": "Keep the receipt, and enter the number in the dispute: {path_dispute}",
    "charge_back": "The second payment is back. The order itself goes on, and I watch it as before.",
    "ended": "That ends it: I say nothing more about this order. Was it a mistake? orderwatch record {order} undo",
    "ended_before": "This order was ended before, so nothing more is said of it. "
    "Opening a dispute, or orderwatch record {order} undo, changes that.",
    "unchanged": "That was recorded before: no date changes by it.",
    "undone": "Was that wrong? Record it again with --at; undo only ever takes back.",
}

ENGLISH = Catalogue(
    language="en",
    weekdays=WEEKDAYS,
    months=MONTHS,
    decimal=".",
    signs=SIGNS,
    counted=COUNTED,
    texts=TEXTS,
    service=SERVICE,
    ends=ENDS,
    service_ends=SERVICE_ENDS,
    statuses=STATUSES,
    phrases=PHRASES,
    buttons=BUTTONS,
    replies=REPLIES,
    speaking=SPEAKING,
    calendar=CALENDAR,
    why=WHY,
    drafts=DRAFTS,
    advice=ADVICE,
    dossier=DOSSIER,
    recorded=RECORDED,
)
