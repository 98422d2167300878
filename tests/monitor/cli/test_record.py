"""`record`: what goes into the journal, what is refused, and what follows."""

import json
from datetime import timedelta

import pytest

from monitor.core.case import JournalEntry, Party, RecordEvent
from monitor.store import Store
from tests.monitor.cli.conftest import HUB, NOW, Desk

OPENED = ("dispute-opened", "--reason", "not_received")


def journal(desk: Desk) -> list[JournalEntry]:
    store = Store(desk.folder / "orderwatch.db")
    try:
        return [entry for _, entry in store.orders.journal("8190000000007731")]
    finally:
        store.close()


def told(desk: Desk, *events: tuple[str, ...]) -> None:
    for words in events:
        assert desk("record", "7731", *words).code == 0, words


@pytest.mark.parametrize(
    ("before", "words", "entry"),
    [
        ([], ("received",), JournalEntry(RecordEvent.RECEIVED, NOW)),
        ([], ("received", "--at", "2026-10-09T11:00"), JournalEntry(RecordEvent.RECEIVED, NOW - timedelta(hours=1))),
        ([], ("all-fine", "--note", "works"), JournalEntry(RecordEvent.ALL_FINE, NOW, note="works")),
        ([], OPENED, JournalEntry(RecordEvent.DISPUTE_OPENED, NOW, reason="not_received")),
        ([], ("dispute-opened", "--reason", "Not-Received"), JournalEntry(RecordEvent.DISPUTE_OPENED, NOW, reason="not_received")),
        ([], ("dispute-opened", "--reason", "Charged twice"), JournalEntry(RecordEvent.DISPUTE_OPENED, NOW, reason="duplicate_charge")),
        ([OPENED], ("seller-answered",), JournalEntry(RecordEvent.SELLER_ANSWERED, NOW)),
        (
            [OPENED],
            ("request", "--due", "2026-10-12T18:00"),
            JournalEntry(RecordEvent.REQUEST, NOW, due=NOW + timedelta(days=3, hours=6)),
        ),
        # A day alone lasts until its end.
        ([OPENED], ("offer", "--due", "2026-10-09"), JournalEntry(RecordEvent.OFFER, NOW, due=NOW + timedelta(hours=12))),
        ([OPENED], ("request", "--due", "20261009"), JournalEntry(RecordEvent.REQUEST, NOW, due=NOW + timedelta(hours=12))),
        ([OPENED], ("offer", "--amount", "20 EUR"), JournalEntry(RecordEvent.OFFER, NOW, amount="20 EUR")),
        ([OPENED, ("offer",)], ("answered",), JournalEntry(RecordEvent.ANSWERED, NOW)),
        (
            [OPENED],
            ("decision", "--in-favour-of", "seller"),
            JournalEntry(RecordEvent.DECISION, NOW, in_favour_of=Party.SELLER),
        ),
        ([], ("return-shipped", "--number", " rr 1234 5678 9 es"), JournalEntry(RecordEvent.RETURN_SHIPPED, NOW, number="RR123456789ES")),
        ([], ("refund-issued", "--amount", "41.90 EUR"), JournalEntry(RecordEvent.REFUND_ISSUED, NOW, amount="41.90 EUR")),
        ([("received",)], ("undo",), JournalEntry(RecordEvent.UNDO, NOW)),
    ],
)  # fmt: skip
def test_an_event_becomes_a_line(
    desk: Desk, before: list[tuple[str, ...]], words: tuple[str, ...], entry: JournalEntry
) -> None:
    told(desk, *before, words)
    assert journal(desk)[-1] == entry
    assert len(journal(desk)) == len(before) + 1


@pytest.mark.parametrize(
    ("before", "words", "why"),
    [
        ([], ("dispute-opened",), "dispute-opened needs --reason"),
        ([], ("dispute-opened", "--reason", " "), "dispute-opened needs --reason"),
        ([], ("dispute-opened", "--reason", "not-recieved"), "did you mean not_received? (allowed: not_received, wrong_address"),
        ([OPENED], OPENED, "a dispute is open already"),
        ([], ("answered",), "nothing waits for an answer"),
        ([], ("appealed",), "there is no decision to appeal"),
        ([], ("offer",), "no dispute is open"),
        ([OPENED], ("decision",), "decision needs --in-favour-of"),
        ([], ("return-shipped",), "return-shipped needs --number"),
        ([], ("undo",), "nothing to undo"),
        ([("received",), ("undo",)], ("undo",), "nothing to undo"),
        ([], ("received", "--reason", "quality"), "--reason does not go with received (allowed: --at, --note)"),
        ([], ("received", "--at", "yesterday"), "--at: 'yesterday' is no time"),
        ([OPENED], ("request", "--due", "2026-10-09T11:59"), "--due is over already"),
        ([OPENED], ("request", "--due", "2026-10-08"), "--due is over already"),
        ([OPENED], ("request", "--at", "2026-10-12T10:00", "--due", "2026-10-12T09:00"), "--due is over already"),
        ([OPENED], ("claim", "--at", "2026-10-08T23:00"), "before the dispute was opened, on 9 Oct 2026"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_2_and_leaves_the_journal_as_it_was(
    desk: Desk, before: list[tuple[str, ...]], words: tuple[str, ...], why: str
) -> None:
    told(desk, ("received",), ("undo",), *before) if before else None
    lines = len(journal(desk)) if before else 0
    refused = desk("record", "7731", *words)
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err
    assert len(journal(desk)) == lines


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("recieved", "there is no event 'recieved'; did you mean received? (allowed: received, all-fine, "),
        ("dispute-open", "there is no event 'dispute-open'; did you mean dispute-opened? (allowed: "),
        ("xyz", "there is no event 'xyz' (allowed: received, all-fine, "),
    ],
)
def test_a_mistyped_event_is_2_and_the_near_one_comes_before_the_list(
    desk: Desk, event: str, why: str
) -> None:
    refused = desk("record", "7731", event)
    assert refused.code == 2
    assert refused.err.startswith(f"orderwatch: {why}")


def test_an_event_may_be_written_with_underscores(desk: Desk) -> None:
    told(desk, ("ALL_FINE",))
    assert journal(desk)[-1].event is RecordEvent.ALL_FINE


def test_a_day_alone_may_be_the_day_the_dispute_was_opened(desk: Desk) -> None:
    told(desk, OPENED, ("seller-answered", "--at", "2026-10-09"))


def test_it_says_what_follows_with_the_why_of_each_date(desk: Desk) -> None:
    said = desk("record", "7731", *OPENED, "--at", "2026-10-08T09:00")
    assert said.out.splitlines()[0] == (
        "Noted for 8190000000007731 (USB hub): dispute-opened, Thu 8 Oct 2026 09:00."
    )
    assert said.out.splitlines()[1] == "What comes next, if nothing else happens:"
    assert "Sun 11 Oct 2026 09:00" in said.out
    assert "because: dispute opened 8 Oct 2026 + 3 days (aliexpress policy: guide)" in said.out
    assert said.out.count("because: ") == 3


def test_an_answer_that_is_due_on_a_day_is_due_at_its_end_and_the_why_names_that_day(desk: Desk) -> None:
    told(desk, OPENED)
    said = desk("record", "7731", "offer", "--due", "2026-10-12")
    assert "  Sun 11 Oct 2026 00:00  " in said.out
    assert "    because: answer due 12 Oct 2026, 48 hours before" in said.out
    assert "answer by Mon 12 Oct 24:00" in desk("show", "7731").out


def test_undo_names_the_day_of_what_it_takes_back(desk: Desk) -> None:
    noted = desk("record", "7731", "received", "--at", "2026-10-02")
    day = noted.out.splitlines()[0].partition("received, ")[2]
    assert "2 Oct 2026" in day
    assert desk("record", "7731", "undo").out.splitlines()[0].endswith(f"no longer counts: received, {day}")


def test_undo_says_what_no_longer_counts_and_an_ended_order_has_nothing_to_come(desk: Desk) -> None:
    told(desk, ("received",))
    done = desk("record", "7731", "closed")
    assert done.out.splitlines()[-1] == "Nothing more is to come for this order."
    undone = desk("record", "7731", "undo")
    assert "undo; no longer counts: closed" in undone.out


def test_what_is_still_to_come_is_taken_with_a_word_about_it(desk: Desk) -> None:
    """`--at` is as if it were then; whoever mistyped a year shall notice."""
    said = desk("record", "7731", *OPENED, "--at", "2027-10-09")
    assert said.code == 0
    assert "that is in the future. If it is a mistake, `undo` takes it back" in said.err


def test_what_is_recorded_counts_at_any_moment_that_is_looked_at(desk: Desk) -> None:
    """Also at one before the machine's own now."""
    assert desk("run", "--once", "--at", "2026-10-02").code == 0
    told(desk, ("closed", "--at", "2026-10-03"))
    again = desk("run", "--once", "--json", "--at", "2026-10-04")
    assert json.loads(again.out)["orders"] == 0


def test_the_order_is_thought_about_at_once(desk: Desk) -> None:
    assert desk("run", "--once").code == 0
    told(desk, ("received",))
    store = Store(desk.folder / "orderwatch.db")
    assert store.orders.due(NOW, 10) == ["8190000000007731"]
    store.close()


def test_control_characters_of_a_shop_do_not_reach_the_screen(desk: Desk) -> None:
    desk.write("orders.toml", HUB.replace("USB hub", "USB \\u001b[31mhub\\u202e"))
    said = desk("record", "7731", "received")
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
