"""What `show` says of evidence and of what to do, over real folders; and what `check` says of the root."""

import json
import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from monitor.core.wording import file_size
from monitor.evidence import folder_of
from monitor.instance import only_instance
from tests.monitor.cli.conftest import CONFIG, HUB, LAMP, NOW, Desk

ORDER = "8190000000007731"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 100

#: A week later a dispute about the parcel that customs holds can be opened.
CAN = NOW + timedelta(days=7)


@pytest.fixture
def held(desk: Desk) -> Desk:
    """The hub at customs, on a day on which a dispute can be opened, taken in."""
    desk.at(CAN)
    assert desk("run", "--once").code == 0
    return desk


def put(desk: Desk, name: str, body: bytes = PNG, order: str = ORDER) -> Path:
    file = desk.folder / "evidence" / folder_of(order) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return file


def part(text: str, heading: str) -> list[str]:
    """The lines below a heading."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(heading):
            break
    below = []
    for line in lines:
        if not line:
            break
        below.append(line.strip())
    return below


def shown(desk: Desk, order: str = "7731") -> Any:
    told = desk("show", order, "--json")
    assert (told.code, told.err) == (0, "")
    return json.loads(told.out)


# The proposal


def test_a_proposal_is_told_with_why_and_where_to_go(held: Desk) -> None:
    told = held("show", "7731")
    assert part(told.out, "Proposal, you decide") == [
        "reason          Customs",
        "Customs hold, Tue 6 Oct",
        "ask for         Refund Only, all of it: €41.90",
        "there is nothing to send back",
    ]
    assert part(told.out, "In the app")[0].endswith("Open Dispute (newer: Returns/Refunds) → Refund Only")


def test_before_a_dispute_can_be_opened_it_says_when(desk: Desk) -> None:
    desk("run", "--once")
    told = desk("show", "7731")
    assert part(told.out, "Proposal, you decide")[-1] == (
        "when            a dispute can be opened from Mon 12 Oct on; until then ask the seller"
    )
    assert part(told.out, "In the app")[0].endswith("→ View Details")


def test_when_protection_is_over_it_says_so(held: Desk) -> None:
    held.at(NOW + timedelta(days=60))
    assert part(held("show", "7731").out, "Proposal, you decide")[-1] == (
        "when            protection is over: ask support what is still possible"
    )


def test_without_a_day_of_shipping_it_says_nothing_of_when(desk: Desk) -> None:
    desk.write(
        "orders.toml",
        HUB.replace("shipped_on = 2026-10-01", "").replace('parcels = ["LP00123456789012"]', ""),
    )
    desk("run", "--once")
    desk("record", "7731", "charged-twice")
    assert part(desk("show", "7731").out, "Proposal, you decide") == [
        "reason          Charged twice",
        "you recorded that you paid twice",
        "ask for         Refund Only, the second payment: €41.90",
        "there is nothing to send back",
    ]


def test_what_nobody_can_know_is_asked(held: Desk) -> None:
    held("record", "7731", "dispute-opened", "--reason", "quality")
    held("record", "7731", "dispute-cancelled")
    held("record", "7731", "received")
    assert part(held("show", "7731").out, "Proposal, you decide") == [
        "reason          Quality",
        "you opened a dispute about it, and cancelled it",
        "ask for         Product Return; but Refund Only if one of your answers is yes",
        "ask yourself    Is it bulky or heavy?",
        "Would sending it back cost you much? (Nothing, if the listing says free returns.)",
    ]
    held.write("orders.toml", HUB + "bulky = false\nreturn_cost = 0\n")
    assert part(held("show", "7731").out, "Proposal, you decide")[2:] == [
        "ask for         Product Return, all of it: €41.90",
        "it is easy to send back, and a return brings all of the money",
    ]


def test_other_reasons_are_named(held: Desk) -> None:
    held("record", "7731", "charged-twice")
    told = part(held("show", "7731").out, "Proposal, you decide")
    assert told[0] == "reason          Customs"
    assert told[-1] == "also possible   Charged twice"


def test_where_nothing_speaks_for_a_reason_nothing_is_proposed(desk: Desk) -> None:
    desk.write("tracking/hub.json", '{"number": "LP00123456789012", "status": "in_transit"}')
    desk("run", "--once")
    assert "Proposal" not in desk("show", "7731").out
    assert shown(desk)["proposal"] is None


def test_silence_is_no_reason_while_we_are_blind(desk: Desk) -> None:
    """A source that was never read says nothing about a parcel."""
    (desk.folder / "tracking" / "hub.json").unlink()
    (desk.folder / "tracking").rmdir()
    for days in (0, 20):
        desk.at(NOW + timedelta(days=days))
        desk("run", "--once")
    assert shown(desk)["proposal"] is None
    desk.write("tracking/none.json", "[]")
    desk.at(NOW + timedelta(days=21))
    desk("run", "--once")
    assert shown(desk)["proposal"]["reason"] == "no_tracking"


def test_the_proposal_in_json(held: Desk) -> None:
    assert shown(held)["proposal"] == {
        "reason": "customs_hold",
        "title": "Customs",
        "because": {"id": "customs_hold", "text": "Customs hold, Tue 6 Oct"},
        "resolution": "refund_only",
        "refund": "full",
        "amount": "41.90 EUR",
        "ask": "Refund Only, all of it: €41.90",
        "why": [{"id": "nothing_back", "text": "there is nothing to send back"}],
        "questions": [],
        "also": [],
    }


def test_questions_in_json(held: Desk) -> None:
    held.write("orders.toml", HUB.replace('price = "41.90 EUR"', ""))
    held("record", "7731", "dispute-opened", "--reason", "missing_parts")
    held("record", "7731", "dispute-cancelled")
    held("record", "7731", "received")
    proposal = shown(held)["proposal"]
    assert (proposal["resolution"], proposal["refund"], proposal["amount"]) == (None, "part", None)
    assert [question["id"] for question in proposal["questions"]] == ["price", "bulky", "cost", "part"]


# The evidence


def test_without_a_folder_its_name_is_told_and_what_to_put_there(held: Desk) -> None:
    assert part(held("show", "7731").out, "Evidence for “Customs”: 0 of 2") == [
        f"folder          {held.folder / 'evidence' / ORDER}",
        "not there yet: make it, and drop photos, videos and screenshots in",
        "○ screenshot of the tracking (decisive)  call it tracking",
        "○ all messages with the seller  call it messages",
        "· the note of customs, if you have one  call it customs",
        "✓ there ○ missing · if you have it; a file, or a folder of files, that is called so ticks it",
    ]
    assert not (held.folder / "evidence").exists()


def test_what_is_there_is_ticked(held: Desk) -> None:
    put(held, "seguimiento.png")
    for number in range(4):
        put(held, f"chat/{number}.png")
    assert part(held("show", "7731").out, "Evidence for “Customs”: 2 of 2") == [
        f"folder          {held.folder / 'evidence' / ORDER}",
        "✓ screenshot of the tracking (decisive)  seguimiento.png",
        "✓ all messages with the seller  chat/0.png, chat/1.png and 2 more",
        "· the note of customs, if you have one  call it customs",
        "In any dispute",
        "✓ the order reference",
        "○ screenshots of the listing  call it listing",
        "○ the variant you chose  call it variant",
        "· what you asked the seller before you bought, if you did  call it questions",
        "✓ there ○ missing · if you have it; a file, or a folder of files, that is called so ticks it",
    ]


def test_an_open_dispute_has_the_checklist_of_its_reason(held: Desk) -> None:
    held("record", "7731", "dispute-opened", "--reason", "damaged_in_transit")
    put(held, "unboxing.mp4", MP4)
    held("record", "7731", "return-approved")
    told = held("show", "7731").out
    assert "Proposal" not in told
    assert part(told, "Evidence for “Damaged in transit”: 1 of 3")[1:] == [
        "○ photos of the package outside and inside (decisive)  call it package",
        "○ photos of the item  call it item",
        "✓ unboxing video (decisive)  unboxing.mp4",
        "In any dispute",
        "○ the receipt of the return  call it return receipt",
        "· the tracking number of the return  not recorded yet",
        "○ photos of what came  call it photos",
        "✓ the order reference",
        "○ screenshots of the listing  call it listing",
        "○ the variant you chose  call it variant",
        "○ all messages with the seller  call it messages",
        "○ screenshot of the tracking  call it tracking",
        "· what you asked the seller before you bought, if you did  call it questions",
        "✓ there ○ missing · if you have it; a file, or a folder of files, that is called so ticks it",
    ]


def test_without_a_reason_only_the_folder_is_told(desk: Desk) -> None:
    desk.write("orders.toml", LAMP)
    desk("run", "--once")
    assert part(desk("show", "8842").out, "Evidence") == [
        f"folder          {desk.folder / 'evidence' / '8190000000008842'}",
        "not there yet: make it, and drop photos, videos and screenshots in",
    ]
    put(desk, "listing.png", order="8190000000008842")
    assert part(desk("show", "8842").out, "Evidence")[1:3] == [
        "In any dispute",
        "✓ the order reference",
    ]


def test_of_a_finished_order_without_a_folder_nothing_is_said(held: Desk) -> None:
    held("record", "7731", "closed")
    assert "Evidence" not in held("show", "7731").out
    put(held, "tracking.png")
    assert "✓ screenshot of the tracking  tracking.png" in held("show", "7731").out


def test_an_odd_id_has_a_safe_folder_and_its_name_is_told(desk: Desk) -> None:
    desk.write("orders.toml", HUB.replace(ORDER, "../x"))
    desk("run", "--once")
    (desk.folder / "x").mkdir()
    folder = desk.folder / "evidence" / folder_of("../x")
    assert folder.parent == desk.folder / "evidence"
    assert part(desk("show", "../x").out, "Evidence")[0] == f"folder          {folder}"
    put(desk, "tracking.png", order="../x")
    assert shown(desk, "../x")["evidence"]["checklist"][0]["files"] == ["tracking.png"]


def test_what_ticks_nothing_and_what_is_in_the_way_is_told(held: Desk) -> None:
    put(held, "IMG_1.jpg")
    put(held, "data.bin", b"\0\1\2")
    put(held, "unboxing.png")
    put(held, "empty.png", b"")
    folder = held.folder / "evidence" / ORDER
    (folder / "link.png").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    told = part(held("show", "7731").out, "Evidence for “Customs”: 0 of 2")
    assert [line for line in told if line.startswith(("- ", "! "))] == [
        "- IMG_1.jpg  photo, 108 bytes; ticks nothing: call it as one of the names here",
        "- data.bin  3 bytes, neither photo, video nor document",
        "- empty.png  0 bytes, neither photo, video nor document",
        "- unboxing.png  108 bytes; called as “unboxing video”, which is a video: this is a photo",
        "! empty.png  is empty",
        "! link.png  is a link, and links are not followed: copy here what it leads to",
        "! pipe  is neither a file nor a folder, and is not opened",
    ]


def test_of_many_files_that_tick_nothing_some_are_named(held: Desk) -> None:
    for number in range(15):
        put(held, f"IMG_{number:02}.jpg")
    told = part(held("show", "7731").out, "Evidence for “Customs”: 0 of 2")
    assert told[-1] == "- and 3 more that tick nothing"
    assert len([line for line in told if line.startswith("- IMG")]) == 12


def test_a_video_that_is_too_large_is_told_and_ticks_all_the_same(held: Desk) -> None:
    file = put(held, "unboxing.mp4", MP4)
    os.truncate(file, 2_000_000_001)  # its bytes are nowhere on the disk
    with only_instance(held.folder / "orderwatch.db"):  # the service reads it, not this command
        told = held("show", "7731").out
        video = shown(held)["evidence"]["files"][0]
    assert (
        "! unboxing.mp4  2.0 GB, more than the marketplace takes: make it smaller, or put a link to it into"
        " the description"
    ) in told
    assert (video["too_large"], video["sha256"], video["size"]) == (True, None, 2_000_000_001)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (b"line\nbreak.png", "line break.png"),
        (b"\x1b[31mred.png", "[31mred.png"),
        ("\u202egnp.elif".encode(), "gnp.elif"),
        (b"caf\xe9.png", "caf\N{REPLACEMENT CHARACTER}.png"),
    ],
)
def test_a_name_that_steers_a_screen_is_shown_without_what_does(held: Desk, name: bytes, said: str) -> None:
    put(held, os.fsdecode(name))
    told = held("show", "7731").out
    assert f"  - {said}  photo" in told
    assert not {"\x1b", "\u202e"} & set(told)
    (file,) = shown(held)["evidence"]["files"]
    assert file["path"] == os.fsdecode(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def test_a_root_that_cannot_be_looked_at_is_told_and_what_is_known_stays(held: Desk) -> None:
    put(held, "tracking.png")
    assert "1 of 2" in held("show", "7731").out
    root = held.folder / "evidence"
    root.rename(held.folder / "unmounted")
    told = held("show", "7731")
    assert (told.code, told.err) == (0, f"evidence: {root} is not there\n")
    assert "Evidence for “Customs”: 1 of 2" in told.out


def test_a_root_of_ones_own(held: Desk) -> None:
    held.write("orderwatch.toml", f'evidence = "proof"\n{CONFIG}')
    (held.folder / "proof" / ORDER).mkdir(parents=True)
    (held.folder / "proof" / ORDER / "tracking.png").write_bytes(PNG)
    assert "Evidence for “Customs”: 1 of 2" in held("show", "7731").out


def test_the_evidence_in_json(held: Desk) -> None:
    file = put(held, "chat/1.png")
    os.utime(file, (0, 1_790_000_000))
    os.mkfifo(held.folder / "evidence" / ORDER / "pipe")
    evidence = shown(held)["evidence"]
    messages = evidence["checklist"][1]
    assert {key: value for key, value in evidence.items() if key not in {"checklist", "general"}} == {
        "folder": str(held.folder / "evidence" / ORDER),
        "exists": True,
        "reason": "customs_hold",
        "missing": ["tracking"],
        "files": [
            {
                "path": "chat/1.png",
                "kind": "photo",
                "size": len(PNG),
                "modified_at": "2026-09-21T16:13:20+02:00",
                "seen_at": "2026-10-16T12:00:00+02:00",
                "known_since": "2026-10-16T12:00:00+02:00",
                "sha256": sha256(PNG).hexdigest(),
                "ticks": ["messages"],
                "named_as": None,
                "too_large": False,
            }
        ],
        "troubles": [{"path": "pipe", "what": "is neither a file nor a folder, and is not opened"}],
    }
    assert messages == {
        "id": "messages",
        "words": "all messages with the seller",
        "kind": "screenshot",
        "decisive": False,
        "optional": False,
        "there": True,
        "files": ["chat/1.png"],
        "names": messages["names"],
    }
    assert messages["names"][:3] == ["messages", "message", "chat"]
    assert [line["id"] for line in evidence["general"]] == [
        "order_number",
        "listing",
        "variant",
        "messages",
        "tracking",
        "questions",
    ]


def test_without_a_folder_json_says_so(held: Desk) -> None:
    evidence = shown(held)["evidence"]
    assert (evidence["exists"], evidence["files"], evidence["troubles"]) == (False, [], [])
    assert evidence["missing"] == ["tracking", "messages"]


def test_a_look_at_another_time_is_noted_when_it_was(held: Desk) -> None:
    put(held, "tracking.png")
    told = held("show", "7731", "--at", "2026-10-20", "--json")
    (file,) = json.loads(told.out)["evidence"]["files"]
    assert file["seen_at"] == "2026-10-16T12:00:00+02:00"


def test_in_spanish_what_is_asked_for_is_in_spanish(held: Desk) -> None:
    held.write("orderwatch.toml", f'language = "es"\n{CONFIG}')
    put(held, "seguimiento.png")
    told = held("show", "7731").out
    assert part(told, "Proposal, you decide")[:3] == [
        "reason          Aduanas",
        "Retenido en la aduana, mar 6 oct",
        "ask for         Solo reembolso, todo: 41,90 €",
    ]
    assert part(told, "Evidence for “Aduanas”: 1 of 2")[1:3] == [
        "✓ captura del seguimiento (decisive)  seguimiento.png",
        "○ los mensajes con el vendedor  call it mensajes",
    ]


@pytest.mark.parametrize(
    ("size", "told"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (2_100_000, "2.1 MB"), (3 * 10**9, "3.0 GB")],
)
def test_a_size(size: int, told: str) -> None:
    assert file_size(size) == told


# check


def test_check_says_where_evidence_goes(held: Desk) -> None:
    root = held.folder / "evidence"
    assert f"evidence: {root}, not there yet\n" in held("check").out
    put(held, "tracking.png")
    assert f"evidence: {root}, 1 folder\n" in held("check").out
    root.rename(held.folder / "away")
    root.write_text("a file")
    assert f"evidence: {root} is a file, not a folder\n" in held("check").out


def test_check_names_folders_that_are_nobodys(held: Desk) -> None:
    put(held, "tracking.png")
    for name in ("7731", "IMG_1.jpg", ".Trash", "caf\udce9"):
        (held.folder / "evidence" / name).mkdir()
    told = held("check")
    assert told.code == 0
    notes = [line for line in told.out.splitlines() if "no order's folder" in line]
    assert [note.split(" in ")[0] for note in notes] == [
        "note: 7731",
        "note: IMG_1.jpg",
        "note: caf\N{REPLACEMENT CHARACTER}",
    ]
    assert notes[0].endswith(
        "is no order's folder, so nobody looks into it: an order's folder is called as `orderwatch show ORDER` says"
    )


def test_check_writes_nothing_of_it(held: Desk) -> None:
    put(held, "tracking.png")
    before = (held.folder / "orderwatch.db").read_bytes()
    held("check")
    assert (held.folder / "orderwatch.db").read_bytes() == before
