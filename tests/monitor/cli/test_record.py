"""`record`: what goes into the journal, what is refused, and what follows."""

import json
import sqlite3
import time
from datetime import timedelta

import pytest

from monitor.core.case import JournalEntry, Party, RecordEvent, Remedy
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
        ([OPENED, ("offer",)], ("answered",), JournalEntry(RecordEvent.ANSWERED, NOW, to=RecordEvent.OFFER)),
        (
            [OPENED],
            ("decision", "--in-favour-of", "seller"),
            JournalEntry(RecordEvent.DECISION, NOW, in_favour_of=Party.SELLER),
        ),
        ([], ("return-shipped", "--number", " rr 1234 5678 9 es"), JournalEntry(RecordEvent.RETURN_SHIPPED, NOW, number="RR123456789ES")),
        ([], ("refund-issued", "--amount", "41.90 EUR"), JournalEntry(RecordEvent.REFUND_ISSUED, NOW, amount="41.90 EUR")),
        # Without a currency it is in that of the order.
        ([], ("refund-issued", "--amount", "20,50"), JournalEntry(RecordEvent.REFUND_ISSUED, NOW, amount="20.50 EUR")),
        ([], ("refund-issued", "--amount", "US $1,120.95"), JournalEntry(RecordEvent.REFUND_ISSUED, NOW, amount="1120.95 USD")),
        (
            [],
            (*OPENED, "--due", "2026-10-24T18:00"),
            JournalEntry(RecordEvent.DISPUTE_OPENED, NOW, reason="not_received", due=NOW + timedelta(days=15, hours=6)),
        ),
        ([OPENED], ("agreed", "--on", "replacement"), JournalEntry(RecordEvent.AGREED, NOW, on=Remedy.REPLACEMENT)),
        (
            [OPENED],
            ("decision", "--in-favour-of", "seller", "--due", "2026-10-12T18:00"),
            JournalEntry(RecordEvent.DECISION, NOW, in_favour_of=Party.SELLER, due=NOW + timedelta(days=3, hours=6)),
        ),
        (
            [],
            ("return-approved", "--carrier", "CTT  Express ", "--due", "2026-10-12T18:00"),
            JournalEntry(RecordEvent.RETURN_APPROVED, NOW, carrier="CTT Express", due=NOW + timedelta(days=3, hours=6)),
        ),
        (
            [OPENED, ("offer",), ("request",)],
            ("answered", "--to", "offer"),
            JournalEntry(RecordEvent.ANSWERED, NOW, to=RecordEvent.OFFER),
        ),
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
        ([], ("refund-issued", "--amount", "lots"), '--amount: "lots" is not a price (allowed: such as 41.90 EUR)'),
        ([], ("refund-issued", "--amount", "-3 EUR"), "is not a price"),
        ([], ("refund-issued", "--amount", ""), "is not a price"),
        (
            [OPENED, ("offer", "--due", "2026-10-12"), ("request",)],
            ("answered",),
            ("the offer (due Mon 12 Oct 24:00) and the request wait for an answer; say which you answered:"
            " --to offer or --to request"),
        ),
        (
            [OPENED, ("offer",)],
            ("answered", "--to", "request"),
            "--to: no request waits for an answer, but the offer (allowed: offer)",
        ),
        (
            [OPENED, ("dispute-cancelled",)],
            (*OPENED, "--at", "2026-10-08"),
            "--at is before the dispute before it ended, on 9 Oct 2026",
        ),
        (
            [OPENED, ("decision", "--in-favour-of", "seller"), ("appealed",)],
            ("appealed",),
            "an appeal is recorded already; record the decision about it first",
        ),
        ([], ("return-shipped", "--number", " "), "return-shipped needs --number"),
        ([], ("received", "--at", "1999-01-01"), "--at: '1999-01-01' is no time"),
        ([OPENED], ("offer", "--due", "never"), "--due: 'never' is no time"),
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
    _, advice, evidence, heading, *_ = said.out.splitlines()
    assert advice.endswith(
        "do not cancel it before the money is there: Account → My Orders → View Details → View Dispute"
    )
    assert evidence == "Have ready: tracking that shows no delivery in the period"
    assert heading == "What comes next, if nothing else happens:"
    assert "Sun 11 Oct 2026 09:00" in said.out
    assert "because: dispute opened 8 Oct 2026 + 3 days (aliexpress policy: guide)" in said.out
    assert said.out.count("because: ") == 3


def test_an_answer_that_is_due_on_a_day_is_due_at_its_end_and_the_why_names_that_day(desk: Desk) -> None:
    told(desk, OPENED)
    said = desk("record", "7731", "offer", "--due", "2026-10-12")
    assert "  Sun 11 Oct 2026 00:00  " in said.out
    assert "    because: answer due 12 Oct 2026, 48 hours before" in said.out
    assert "offer: until Mon 12 Oct 24:00" in desk("show", "7731").out


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
    assert "that is in the future, and counts from then. If it is a mistake, `undo` takes it back" in said.err


def test_what_lies_in_the_future_counts_from_then(desk: Desk) -> None:
    """A mistyped year mutes nothing meanwhile, and does not stand in the way of what is recorded after it."""
    told(desk, (*OPENED, "--at", "2027-10-09"))
    assert "Protection ending" in desk("forecast", "7731", "--days", "60").out
    told(desk, ("undo",), ("received", "--at", "2027-10-10"), OPENED)
    assert json.loads(desk("show", "7731", "--json").out)["phase"] == "disputed"
    assert "seller's turn   until Sat 24 Oct 12:00" in desk("show", "7731").out


def test_an_undo_is_never_taken_back(desk: Desk) -> None:
    told(desk, ("received",), OPENED, ("undo",))
    again = desk("record", "7731", "undo")
    assert again.out.splitlines()[0].endswith("undo; no longer counts: received, Fri 9 Oct 2026 12:00.")
    assert "Was that wrong? Record it again with --at; undo only ever takes back." in again.out
    assert desk("record", "7731", "undo").err.strip().endswith("there is nothing to undo")
    assert [entry.event for entry in journal(desk)] == ["received", "dispute-opened", "undo", "undo"]


def test_two_disputes_cannot_be_open_at_once(desk: Desk) -> None:
    told(desk, OPENED)
    refused = desk("record", "7731", "dispute-opened", "--reason", "quality")
    assert (refused.code, refused.err) == (
        2,
        "orderwatch: a dispute is open already; record dispute-cancelled or a decision first\n",
    )
    assert [entry.reason for entry in journal(desk)] == ["not_received"]


def test_after_the_money_a_new_dispute_can_be_opened(desk: Desk) -> None:
    """It may have been too little."""
    told(desk, OPENED, ("refund-received",), ("dispute-opened", "--reason", "quality"))
    assert json.loads(desk("show", "7731", "--json").out)["phase"] == "disputed"


def test_an_answer_that_was_due_before_it_was_recorded_says_so(desk: Desk) -> None:
    told(desk, (*OPENED, "--at", "2026-10-05"))
    said = desk("record", "7731", "offer", "--at", "2026-10-06", "--due", "2026-10-08")
    assert "That time is over already. Look at once whether it was closed: " in said.out


def test_a_note_that_is_too_long_is_cut_with_a_word_about_it(desk: Desk) -> None:
    said = desk("record", "7731", "received", "--note", "n" * 2001)
    assert said.err == "Note: of the note only the first 2000 characters are kept.\n"
    assert journal(desk)[-1].note == "n" * 2000


def lines_of_the_table(desk: Desk) -> list[tuple[int, str, int, str]]:
    """The journal as it stands in the database."""
    connection = sqlite3.connect(desk.folder / "orderwatch.db")
    try:
        return connection.execute(
            "SELECT id, order_id, recorded_at, entry FROM journal ORDER BY id"
        ).fetchall()
    finally:
        connection.close()


def test_the_journal_only_grows_by_what_was_accepted(desk: Desk) -> None:
    """Read from the table itself, after every command."""
    tried = [
        ("received",), OPENED, OPENED, ("offer", "--due", "2026-10-12"), ("appealed",), ("request",), ("answered",),
        ("answered", "--to", "offer"), ("undo",), ("nonsense",), ("undo",), ("undo",), ("closed",), ("undo",),
        ("dispute-opened",), ("refund-issued", "--amount", "lots"), ("refund-received", "--note", "it's there"),
    ]  # fmt: skip
    before: list[tuple[int, str, int, str]] = []
    for words in tried:
        code = desk("record", "7731", *words).code
        now = lines_of_the_table(desk)
        assert now[: len(before)] == before
        assert len(now) - len(before) == (code == 0)
        before = now
    assert len(before) == 11
    connection = sqlite3.connect(desk.folder / "orderwatch.db")
    for change in ("UPDATE journal SET entry = '{}'", "DELETE FROM journal"):
        with pytest.raises(sqlite3.IntegrityError, match="the journal only grows"):
            connection.execute(change)
    connection.close()
    assert lines_of_the_table(desk) == before


def test_five_hundred_lines_are_all_kept_and_nobody_waits_for_them(desk: Desk) -> None:
    told(desk, (*OPENED, "--at", "2026-09-10"))
    kinds = (
        RecordEvent.OFFER,
        RecordEvent.ANSWERED,
        RecordEvent.REQUEST,
        RecordEvent.ANSWERED,
        RecordEvent.NO_BUTTON,
    )
    store = Store(desk.folder / "orderwatch.db")
    with store.atomic():
        for hour in range(499):
            at = NOW - timedelta(hours=499 - hour)
            store.orders.record(
                "8190000000007731", JournalEntry(kinds[hour % 5], at, note=f"line {hour}"), at
            )
    store.close()
    begun = time.perf_counter()
    assert desk("record", "7731", "offer", "--due", "2026-10-12").code == 0
    assert desk("run", "--once").code == 0
    shown = desk("show", "7731")
    assert time.perf_counter() - begun < 10
    assert "lines before these (--json has all)" in shown.out
    assert shown.out.count("\n") < 200
    assert "offer: until Mon 12 Oct 24:00" in shown.out
    assert "line 498" in shown.out
    assert len(json.loads(desk("show", "7731", "--json").out)["journal"]) == 501


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
