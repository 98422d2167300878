"""What is answered to what was recorded."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from monitor.core.case import read_case
from monitor.core.policy import Policy
from monitor.core.recorded import answer as answered
from monitor.core.situation import situation
from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH
from monitor.policies import load_policy
from tests.monitor.core.facts import ALIEXPRESS, a_parcel, an_entry, an_order, facts

MOVING = a_parcel("in_transit", "2026-05-10 10:00")
DELIVERED = a_parcel("delivered", "2026-05-16 11:20")
OPENED = "2026-05-20 10:00 dispute-opened reason=quality"
DISPUTE = "Account → My Orders → View Details → View Dispute"
DUE = "Does the app show until when? Record it again with --due TIME, and I count from that."
END = "That ends it: I say nothing more about this order. Was it a mistake? orderwatch record 7731 undo"


def answer(
    *journal: str, parcel: Any = MOVING, policy: Policy = ALIEXPRESS, texts: Catalogue = ENGLISH, **known: Any
) -> list[str]:
    """What is answered to the last of these lines, at its time."""
    *before, entry = [an_entry(text) for text in journal]
    given = facts(an_order(**known), parcel, case=read_case([*before, entry]), policy=policy)
    return answered(entry, read_case(before), situation(given), entry.at, texts)


ANSWERS: list[tuple[str, list[str], list[str]]] = [
    ("received", ["2026-05-18 10:00 received"], []),
    (
        "received in a dispute",
        [OPENED, "2026-05-22 10:00 received"],
        [
            ("Your dispute is still open. All here and good? Cancel it in the app, then record dispute-cancelled."
            f" If not, leave it open and add photos: {DISPUTE}")
        ],
    ),
    (
        "all fine in a dispute",
        [OPENED, "2026-05-22 10:00 all-fine"],
        [
            ("Your dispute is still open, so I go on watching it. Cancel it in the app, then:"
            " orderwatch record 7731 dispute-cancelled")
        ],
    ),
    ("all fine", ["2026-05-22 10:00 all-fine"], [END]),
    ("known already", ["2026-05-18 10:00 received", "2026-05-19 10:00 received"], ["That was recorded before: no date changes by it."]),
    (
        "a dispute",
        [OPENED],
        [
            f"Add all you have, and do not cancel it before the money is there: {DISPUTE}",
            "Have ready: clear photos of the fault, video of the fault, video of correct use",
        ],
    ),
    ("an offer without its time", [OPENED, "2026-05-21 10:00 offer"], [DUE]),
    ("an offer with its time", [OPENED, "2026-05-21 10:00 offer due=2026-05-23T10:00"], []),
    (
        "of two things one is answered",
        [OPENED, "2026-05-21 10:00 offer", "2026-05-21 11:00 request", "2026-05-21 12:00 answered to=offer"],
        ["AliExpress still waits for your answer."],
    ),
    (
        "and the other",
        [OPENED, "2026-05-21 10:00 offer", "2026-05-21 11:00 request", "2026-05-21 12:00 answered to=request"],
        ["The seller's offer still waits for your answer."],
    ),
    (
        "agreed",
        [OPENED, "2026-05-21 10:00 agreed"],
        ["Keep the dispute open until the money is there: once it is cancelled, only a new one helps."],
    ),
    (
        "agreed on a replacement",
        [OPENED, "2026-05-21 10:00 agreed on=replacement"],
        ["Keep the dispute open until the replacement is here, and good."],
    ),
    (
        "a claim",
        [OPENED, "2026-05-23 10:00 claim"],
        [
            ("Look at the dispute every day: AliExpress may ask you something and wait 2 to 7 days only."
            " Then: orderwatch record 7731 request --due TIME")
        ],
    ),
    (
        "an appeal",
        [OPENED, "2026-06-10 10:00 decision in_favour_of=seller", "2026-06-10 11:00 appealed"],
        [f"Add what is new: {DISPUTE}"],
    ),
    (
        "a return",
        [OPENED, "2026-06-10 10:00 return-approved carrier=Correos due=2026-06-18T00:00"],
        ["Hand it in at a Correos office. Use the label from the app, and keep the receipt."],
    ),
    (
        "a return, by nobody knows whom",
        [OPENED, "2026-06-10 10:00 return-approved"],
        [
            ("Hand it in as its label says: Correos/Correos Express: a Correos office; CTT Express: a CTT Express"
            " point; others: as they say. Use the label from the app, and keep the receipt."),
            DUE,
        ],
    ),
    (
        "sent back",
        [OPENED, "2026-06-10 10:00 return-approved", "2026-06-11 10:00 return-shipped number=RR1"],
        [f"Keep the receipt, and enter the number in the dispute: {DISPUTE}"],
    ),
    ("the money", [OPENED, "2026-06-11 10:00 refund-received"], [END]),
    (
        "the second payment",
        ["2026-05-20 10:00 charged-twice", "2026-06-11 10:00 refund-received"],
        ["The second payment is back. The order itself goes on, and I watch it as before."],
    ),
    (
        "after the end",
        ["2026-06-10 10:00 closed", "2026-06-11 10:00 received"],
        [
            ("This order was ended before, so nothing more is said of it. Opening a dispute, or"
            " orderwatch record 7731 undo, changes that.")
        ],
    ),
    (
        "taken back",
        [OPENED, "2026-06-11 10:00 undo"],
        ["Was that wrong? Record it again with --at; undo only ever takes back."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "journal", "expected"), ANSWERS, ids=[case for case, *_ in ANSWERS])
def test_the_answer(case: str, journal: list[str], expected: list[str]) -> None:
    assert answer(*journal) == expected


def test_a_time_that_is_over_already() -> None:
    """An offer that is recorded late: the buyer may have missed it."""
    entry = an_entry("2026-05-21 10:00 offer due=2026-05-23T10:00")
    before = read_case([an_entry(OPENED)])
    s = situation(facts(an_order(), MOVING, case=read_case([an_entry(OPENED), entry])))
    late = an_entry("2026-05-23 10:00 received").at
    assert answered(entry, before, s, late, ENGLISH) == [
        f"That time is over already. Look at once whether it was closed: {DISPUTE}"
    ]


SUPPORT = [
    "  chat: Account → Customer Service → chat (24/7)",
    "  e-mail: AEBuyerService@aliexpress.com (order number, what is wrong, your evidence; from a guide, unverified)",
]
NAME = "It may have another name: look for “Open Dispute” / “Returns/Refunds”."
WHY = "Why there may be none, the likeliest first:"
NOT_DELIVERED = (
    "It is not delivered, as far as I see. The 15 days for complaints begin with the delivery;"
    " the button may come only then."
)


def waiting(*why: str) -> list[str]:
    """The answer to who can wait."""
    return [
        WHY,
        *(f"  {n}. {text}" for n, text in enumerate(why, start=1)),
        "If none of this helps, ask support to enable it:",
        *SUPPORT,
    ]


def test_no_button_before_day_11() -> None:
    """From the rulebook: it can be there from shipping + 11 days on."""
    assert answer("2026-05-10 20:00 no-button") == waiting(
        "It is too early: usually the button comes 11 days after shipping."
        " It can be there in 4 days, Thu 14 May 09:00.",
        NAME,
    )


def test_no_button_while_it_waits_for_delivery() -> None:
    assert answer("2026-05-20 20:00 no-button") == waiting(NOT_DELIVERED, NAME)


def test_no_button_while_the_order_is_still_shipped() -> None:
    assert answer("2026-05-18 20:00 no-button", parcel=DELIVERED) == waiting(
        'Delivered Sat 16 May, but the order may still say "shipped". Look at it, and again tomorrow:'
        " Account → My Orders → View Details",
        NAME,
    )


def test_no_button_and_no_date_of_shipping() -> None:
    assert answer("2026-05-18 20:00 no-button", shipped_on=None) == waiting(
        NOT_DELIVERED,
        "I do not know when it was shipped: usually the button comes 11 days after that."
        " Write shipped_on into the order file, and I tell you the day.",
        NAME,
    )


def test_no_button_and_time_runs_out() -> None:
    assert answer("2026-07-01 23:00 no-button") == [
        (
            "Do not wait for the button: ask support NOW to enable it. Protection ends in 25 h, Thu 2 Jul 24:00"
            " (estimated: check the counter in the order). Then the money may be lost."
        ),
        *SUPPORT,
        WHY,
        f"  1. {NOT_DELIVERED}",
        f"  2. {NAME}",
    ]


def test_no_button_while_a_dispute_is_open() -> None:
    assert answer(OPENED, "2026-05-21 10:00 no-button") == [
        WHY,
        f"  1. A dispute is open, since Wed 20 May. Then the way leads to it: {DISPUTE}",
    ]


def test_no_button_after_the_end() -> None:
    assert answer("2026-07-05 10:00 no-button") == [
        WHY,
        "  1. Buyer protection ended 2 days ago, Thu 2 Jul 24:00. Ask support what is still possible.",
        *SUPPORT,
    ]


def test_no_button_where_nothing_explains_it() -> None:
    assert answer("2026-05-18 20:00 no-button", parcel=DELIVERED, status="delivered") == waiting(NAME)


def test_a_policy_without_contacts_names_none() -> None:
    lonely = load_policy("aliexpress")
    lonely.contacts.clear()  # type: ignore[attr-defined]
    assert answer("2026-05-20 20:00 no-button", policy=lonely)[-1] == SUPPORT[0]


class Noting(dict[str, str]):
    """A catalogue that notes what is looked up in it."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.unused = set(known)

    def __getitem__(self, key: str) -> str:
        self.unused.discard(key)
        return super().__getitem__(key)


@pytest.mark.parametrize("texts", [ENGLISH, SPANISH], ids=["en", "es"])
def test_every_answer_is_given_by_some_entry(texts: Catalogue) -> None:
    noting = Noting(texts.recorded)
    spoken = replace(texts, recorded=noting)
    policy, ebay = (load_policy(name, language=texts.language) for name in ("aliexpress", "ebay"))
    for _, journal, _ in ANSWERS:
        assert "{" not in "".join(answer(*journal, policy=policy, texts=spoken))
    looked = [
        answer("2026-05-10 20:00 no-button", texts=spoken),
        answer("2026-05-10 20:00 no-button", policy=ebay, estimated_delivery="2026-06-20", texts=spoken),
        answer("2026-05-18 20:00 no-button", parcel=DELIVERED, shipped_on=None, texts=spoken),
        answer("2026-05-20 20:00 no-button", texts=spoken),
        answer("2026-07-01 23:00 no-button", texts=spoken),
        answer("2026-07-05 10:00 no-button", texts=spoken),
        answer(OPENED, "2026-05-21 10:00 no-button", texts=spoken),
    ]
    assert all(looked)
    assert noting.unused == {"due_over"}  # said where an offer is recorded too late, see above


def test_in_spanish() -> None:
    told = answer(
        "2026-05-10 20:00 no-button", policy=load_policy("aliexpress", language="es"), texts=SPANISH
    )
    assert told == [
        "Por qué puede faltar, lo más probable primero:",
        "  1. Es pronto: el botón suele salir 11 días después del envío. Puede estar en 4 días, el jue 14 may 09:00.",
        "  2. Puede llamarse de otro modo: busca «Abrir disputa» / «Devoluciones/Reembolsos».",
        "Si nada de esto ayuda, pide a Atención al cliente que lo active:",
        "  chat: Cuenta → Atención al cliente → chat (24 h)",
        "  correo: AEBuyerService@aliexpress.com (número de pedido, qué pasa, tus pruebas; de una guía, sin verificar)",
    ]
