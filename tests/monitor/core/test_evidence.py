"""What ticks a checklist, and what is still missing."""

from dataclasses import replace

import pytest

from monitor.core.evidence import Tick, general_checklist, missing, read_folder, reason_checklist
from monitor.core.model import EvidenceFile, FileKind
from monitor.core.policy import EvidenceItem, EvidenceKind, Policy
from monitor.core.situation import Facts, situation
from tests.monitor.core.facts import ALIEXPRESS, a_folder, a_parcel, at, facts, recorded


def ticked(checklist: tuple[Tick, ...]) -> list[str]:
    return [tick.item.id for tick in checklist if tick.there]


def all_that_tick(path: str, kind: FileKind) -> set[str]:
    """The ids of everything that a file of that name and kind is evidence of."""
    (reading,) = read_folder(facts(evidence=[EvidenceFile(path, kind, 1)]))
    return {item.id for item in reading.ticks}


UNBOXING = {"unboxing_video", "contents_video"}


@pytest.mark.parametrize(
    ("path", "kind", "ids"),
    [
        ("unboxing.mp4", "video", UNBOXING),
        ("apertura.mp4", "video", UNBOXING),
        ("Desembalaje.MOV", "video", UNBOXING),
        ("IMG_unboxing-02.mov", "video", UNBOXING),
        ("UnboxingVideo2.mp4", "video", UNBOXING),
        ("unboxing/VID_20261103.mp4", "video", UNBOXING),
        ("2026/unboxing/part 1/a.mp4", "video", UNBOXING),
        ("unboxing", "video", UNBOXING),
        ("unboxing.part1.mp4", "video", UNBOXING),
        ("unboxing.jpg", "photo", set()),
        ("unboxingvideo.mp4", "video", set()),
        ("VID_20261103.mp4", "video", set()),
        (".unboxing", "video", UNBOXING),
        ("listing/1.png", "photo", {"listing"}),
        ("anuncio.pdf", "document", {"listing"}),
        ("descripción.png", "photo", {"listing"}),
        ("descripcio\u0301n.png", "photo", {"listing"}),
        ("fault.jpg", "photo", {"fault_photos", "photos"}),
        ("fault.mp4", "video", {"fault_video"}),
        ("tracking.png", "photo", {"tracking", "no_delivery"}),
        ("SEGUIMIENTO.PNG", "photo", {"tracking", "no_delivery"}),
        ("chat.txt", "document", {"messages"}),
        ("proof-of-delivery.pdf", "document", {"delivery_proof"}),
        ("proof.pdf", "document", set()),
        ("of/proof/delivery.pdf", "document", set()),
        ("order.png", "photo", {"order_variant"}),
        ("border.png", "photo", set()),
        ("order", "other", set()),
        ("aduana\udcff.pdf", "document", {"customs_note"}),
        ("\udcff\udcfe", "photo", set()),
        ("123.png", "photo", set()),
    ],
)
def test_a_file_ticks_by_its_name_or_its_folder_and_by_what_it_is(
    path: str, kind: str, ids: set[str]
) -> None:
    assert all_that_tick(path, FileKind(kind)) == ids


@pytest.mark.parametrize("reason", ALIEXPRESS.reasons)
def test_every_line_of_a_reason_is_ticked_by_each_of_its_names(reason: str) -> None:
    suffixes = {"photo": "jpg", "video": "mp4", "screenshot": "png", "document": "pdf"}
    for item in ALIEXPRESS.reasons[reason].evidence:
        for name in item.names:
            given = facts(evidence=a_folder(f"{name}.{suffixes[item.kind]}"))
            assert item.id in ticked(reason_checklist(given, reason)), name


def test_without_a_folder_nothing_is_ticked_but_what_is_known_without_one() -> None:
    assert ticked(reason_checklist(facts(), "wrong_address")) == []
    assert ticked(reason_checklist(facts(), "duplicate_charge")) == ["order_number"]
    assert reason_checklist(facts(evidence=[]), "duplicate_charge") == reason_checklist(
        facts(), "duplicate_charge"
    )


@pytest.mark.parametrize("reason", ["no such reason", None, ""])
def test_an_unknown_reason_asks_for_nothing(reason: str | None) -> None:
    assert reason_checklist(facts(), reason) == ()


def test_a_line_knows_the_files_that_tick_it() -> None:
    files = a_folder("chat/1.png", "chat/2.png", "tracking.png")
    tracking, messages, note = reason_checklist(facts(evidence=files), "customs_hold")
    assert messages.files == files[:2]
    assert tracking.files == files[2:]
    assert (note.files, note.there, note.counts) == ((), False, False)


def test_what_decides_is_missing_first_and_what_not_everybody_has_is_not_missed() -> None:
    def lacks(folder: str, reason: str) -> list[str]:
        given = facts(evidence=a_folder(*folder.split()))
        return [item.id for item in missing(reason_checklist(given, reason))]

    assert lacks("", "wrong_address") == ["tracking", "address", "delivery_proof"]
    assert lacks("address.png", "wrong_address") == ["tracking", "delivery_proof"]
    assert lacks("tracking.png chat.png", "customs_hold") == []
    assert lacks("", "quality") == ["fault_photos", "fault_video"]
    assert lacks("bank.pdf", "duplicate_charge") == []


# What belongs into any dispute

ALWAYS = ["order_number", "listing", "variant", "messages", "tracking", "questions"]
ARRIVED = ["photos", "unboxing_video"]
RETURNING = ["return_receipt", "return_number"]
DELIVERED = a_parcel("delivered", "2026-05-16 11:20", delivered="2026-05-16 11:20")
OPENED = "2026-05-20 10:00 dispute-opened reason=quality"


@pytest.mark.parametrize(
    ("given", "now", "reason", "asked"),
    [
        (facts(), "2026-05-10 12:00", None, ALWAYS),
        (facts(None, DELIVERED), "2026-05-16 11:19", None, ALWAYS),
        (facts(None, DELIVERED), "2026-05-16 11:20", None, [*ARRIVED, *ALWAYS]),
        (
            facts(case=recorded("2026-05-16 12:00 received")),
            "2026-05-16 12:00",
            None,
            [*ARRIVED, *ALWAYS],
        ),
        # there is nothing to film of a parcel that went elsewhere
        (facts(None, DELIVERED), "2026-05-17 12:00", "wrong_address", ALWAYS),
        (facts(), "2026-05-17 12:00", "quality", [*ARRIVED, *ALWAYS]),
        (facts(), "2026-05-17 12:00", "unheard of", ALWAYS),
        (
            facts(case=recorded(OPENED, "2026-05-25 10:00 return-approved")),
            "2026-05-26 12:00",
            "quality",
            [*RETURNING, *ARRIVED, *ALWAYS],
        ),
        (
            facts(case=recorded(OPENED, "2026-05-25 10:00 return-shipped number=RR1")),
            "2026-05-26 12:00",
            "quality",
            [*RETURNING, *ARRIVED, *ALWAYS],
        ),
    ],
)
def test_what_belongs_into_any_dispute(given: Facts, now: str, reason: str | None, asked: list[str]) -> None:
    assert [tick.item.id for tick in general_checklist(situation(given), at(now), reason)] == asked


def test_the_number_of_the_return_is_known_once_it_was_recorded() -> None:
    for journal, known in (
        ([OPENED, "2026-05-25 10:00 return-approved"], ["order_number"]),
        ([OPENED, "2026-05-25 10:00 return-shipped number=RR1"], ["return_number", "order_number"]),
    ):
        s = situation(facts(case=recorded(*journal)))
        assert ticked(general_checklist(s, at("2026-05-26 12:00"))) == known


# What is to be said of a file


@pytest.mark.parametrize(
    ("path", "kind", "meant"),
    [
        ("unboxing.jpg", "photo", "contents_video"),
        ("fault.pdf", "document", "fault_photos"),
        ("listing.mp4", "video", "listing"),
        ("listing.png", "photo", None),
        ("fault.mp4", "video", None),
        ("IMG_1.jpg", "photo", None),
        ("unboxing.exe", "other", "contents_video"),
    ],
)
def test_a_file_that_is_no_such_thing_is_told(path: str, kind: str, meant: str | None) -> None:
    (reading,) = read_folder(facts(evidence=[EvidenceFile(path, FileKind(kind), 1)]))
    told = reading.misnamed.id if reading.misnamed is not None else None
    assert told in ({meant} if meant != "contents_video" else {"contents_video", "unboxing_video"})


@pytest.mark.parametrize(
    ("kind", "size", "policy", "too_large"),
    [
        ("video", 2_000_000_000, ALIEXPRESS, False),
        ("video", 2_000_000_001, ALIEXPRESS, True),
        ("photo", 2_000_000_001, ALIEXPRESS, False),
        ("video", 2_000_000_001, replace(ALIEXPRESS, clocks={}), False),
    ],
)
def test_a_video_may_be_too_large(kind: str, size: int, policy: Policy, *, too_large: bool) -> None:
    file = EvidenceFile("unboxing.mp4", FileKind(kind), size)
    (reading,) = read_folder(facts(evidence=[file], policy=policy))
    assert reading.too_large is too_large


def test_a_folder_that_is_not_there_has_nothing_to_say() -> None:
    assert read_folder(facts()) == ()


@pytest.mark.parametrize(
    ("asked", "takes"),
    [
        (EvidenceKind.PHOTO, {"photo"}),
        (EvidenceKind.VIDEO, {"video"}),
        (EvidenceKind.SCREENSHOT, {"photo", "document"}),
        (EvidenceKind.DOCUMENT, {"photo", "document"}),
        (EvidenceKind.KNOWN, set()),
    ],
)
def test_what_may_be_what_is_asked_for(asked: EvidenceKind, takes: set[str]) -> None:
    assert {kind.value for kind in FileKind if asked.takes(kind)} == takes


def test_what_is_known_without_a_file_counts_for_no_folder() -> None:
    known = Tick(EvidenceItem("order_number", "the order reference", EvidenceKind.KNOWN), known=True)
    assert (known.there, known.counts) == (True, False)
