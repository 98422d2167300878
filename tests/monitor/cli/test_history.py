"""`show`: the whole story of an order, past and future, with the why of each date."""

from datetime import timedelta

import pytest

from tests.monitor.cli.conftest import HUB, NOW, Desk, sent_to_a_screen, without_styles

ORDER = "7731"
#: Recorded on 9 October at noon, of a dispute that was opened a day before.
STORY = (
    ("no-button", "--at", "2026-10-05T20:00"),
    ("dispute-opened", "--reason", "customs", "--at", "2026-10-08T09:00"),
    ("offer", "--due", "2026-10-12", "--note", "half of it, they say, is all they can do"),
    ("received", "--at", "2026-10-09T11:00"),
    ("undo",),
    ("request", "--due", "2026-10-11T18:00"),
)

SHOWN = """\
USB hub
8190000000007731 · 41.90 EUR · aliexpress · disputed
  dates           ordered 28 Sep 2026, shipped 1 Oct 2026
  goes to         Madrid, ES
  dispute         Customs, open for 27 h
  your turn       offer, until Mon 12 Oct 24:00 (in 3 days)
                  answer due 12 Oct 2026
  your turn       request, until Sun 11 Oct 18:00 (in 2 days)
                  answer due 11 Oct 2026
  presses         Customs hold, warning
"""

TIMELINE = """\
Timeline
    Mon 28 Sep                    ordered
    Thu 1 Oct                     shipped
  ▸ Mon 5 Oct 20:00     you       no-button
  ● Tue 6 Oct 08:00     warning   Customs hold
                        held by customs 6 Oct 2026
  ▸ Thu 8 Oct 09:00     you       dispute-opened: Customs
  ▸ Fri 9 Oct 11:00     you       received (taken back)
  ▸ Fri 9 Oct 12:00     you       offer: until Mon 12 Oct 24:00
                        half of it, they say, is all they can do
  ▸ Fri 9 Oct 12:00     you       undo
  ▸ Fri 9 Oct 12:00     you       request: until Sun 11 Oct 18:00
  ────── now: Fri 9 Oct 12:00 ────────────────────────────────────────
  ○ Fri 9 Oct 18:00     warning   Answer needed
                        answer due 11 Oct 2026, 48 hours before
  ○ Sat 10 Oct 18:00    urgent    Answer needed today
                        answer due 11 Oct 2026, 24 hours before
  ○ Sun 11 Oct 00:00    warning   Answer the offer
                        answer due 12 Oct 2026, 48 hours before
  ○ Sun 11 Oct 09:00    notice    Ask for mediation
                        dispute opened 8 Oct 2026 + 3 days (aliexpress policy: guide)
  ○ Sun 11 Oct 12:00    critical  Last hours to answer
                        answer due 11 Oct 2026, 6 hours before
  ◆ Sun 11 Oct 18:00    end       your answer is due
  ○ Mon 12 Oct 00:00    urgent    Answer the offer today
                        answer due 12 Oct 2026, 24 hours before
  ○ Mon 12 Oct 18:00    critical  Last hours for the offer
                        answer due 12 Oct 2026, 6 hours before
  ◆ Mon 12 Oct 24:00    end       your answer is due
  ○ Fri 23 Oct 09:00    warning   Decision by AliExpress?
                        dispute opened 8 Oct 2026 + 15 days (aliexpress policy: guide)
  ○ Sat 7 Nov 09:00     warning   No decision yet
                        dispute opened 8 Oct 2026 + 30 days (aliexpress policy: guide)
  ● true now  · over  ○ to come  ▸ recorded by you  ◆ an end

You can record
"""


@pytest.fixture
def disputed(desk: Desk) -> Desk:
    assert desk("run", "--once").code == 0
    for words in STORY:
        assert desk("record", ORDER, *words).code == 0, words
    return desk


def test_the_whole_story_is_one_timeline(disputed: Desk) -> None:
    told = disputed("show", ORDER).out
    assert told.startswith(SHOWN)
    assert TIMELINE in told


def test_while_a_dispute_is_open_it_says_whose_turn_it_is(desk: Desk) -> None:
    assert desk("record", ORDER, "dispute-opened", "--reason", "customs").code == 0
    told = desk("show", ORDER).out
    assert (
        "  dispute         Customs, open for 1 min\n"
        "  seller's turn   until Sat 24 Oct 12:00 (in 15 days)\n"
        "                  dispute opened 9 Oct 2026 + 15 days (aliexpress policy: guide)\n"
    ) in told
    assert "safe until" not in told
    assert desk("record", ORDER, "dispute-cancelled").code == 0
    assert "  safe until      Mon 30 Nov 24:00 (in 52 days)\n" in desk("show", ORDER).out


def test_what_a_window_ends_is_drawn_where_it_ends(desk: Desk) -> None:
    desk.write("orders.toml", HUB)
    assert desk("record", ORDER, "received", "--at", "2026-10-09T08:00").code == 0
    told = desk("show", ORDER).out
    assert "  ◆ Sat 24 Oct 08:00    end       the days for complaints end\n" in told
    assert "protection ends" not in told  # who has the goods needs it no more


def test_an_end_that_was_made_void_is_not_drawn(disputed: Desk) -> None:
    assert "◆ Mon 30 Nov" not in disputed("show", ORDER).out
    assert disputed("record", ORDER, "dispute-cancelled").code == 0
    assert "  ◆ Mon 30 Nov 24:00    end       protection ends\n" in disputed("show", ORDER).out


def test_the_events_that_can_be_recorded_are_named(disputed: Desk) -> None:
    told = disputed("show", ORDER).out
    assert (
        "  received, all-fine, seller-answered, offer, request, answered, agreed, dispute-cancelled, claim"
        in told
    )
    assert disputed("record", ORDER, "closed").code == 0
    assert "You can record\n  dispute-opened, undo\n" in disputed("show", ORDER).out


def test_it_fits_eighty_columns(disputed: Desk) -> None:
    words = ("show", ORDER, "--at", NOW.isoformat())
    lines = without_styles(sent_to_a_screen(80, "--config", "orderwatch.toml", *words)).splitlines()
    assert [line for line in lines if len(line) > 80] == []
    told = " ".join(" ".join(lines).split())
    for line in disputed("show", ORDER).out.partition("Timeline")[2].splitlines():
        assert " ".join(line.split()) in told


def test_at_an_earlier_time_it_is_what_was_known_then(disputed: Desk) -> None:
    """The dispute was opened on the 8th: on the 7th nobody knew of it."""
    told = disputed("show", ORDER, "--at", "2026-10-07T12:00").out
    assert "8190000000007731 · 41.90 EUR · aliexpress · shipped" in told
    assert "safe until" in told
    later = disputed("show", ORDER, "--at", (NOW + timedelta(days=400)).isoformat()).out
    assert "No decision yet" in later
