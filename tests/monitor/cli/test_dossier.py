"""`dossier`: what a buyer gets who has to open a dispute tonight, over real folders and a real database."""

import json
import os
import subprocess
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from monitor.evidence import folder_of
from tests.monitor.cli.conftest import CONFIG, HELD, HUB, LAMP, NOW, Desk
from tests.monitor.dossier.browser import measured, needs_chromium

ORDER = "8190000000007731"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 100
#: A dispute about the parcel that customs holds can be opened.
CAN = NOW + timedelta(days=7)
NAME = "dossier-7731-2026-10-16"


@pytest.fixture
def held(desk: Desk) -> Desk:
    """The hub at customs, on a day on which a dispute can be opened, taken in."""
    desk.at(CAN)
    assert desk("run", "--once").code == 0
    return desk


def put(desk: Desk, name: str, body: bytes = PNG) -> Path:
    file = desk.folder / "evidence" / folder_of(ORDER) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return file


def made(desk: Desk, *words: str, code: int = 0) -> Any:
    told = desk("dossier", "7731", "--json", *words)
    assert (told.code, told.err) == (code, "")
    return json.loads(told.out)


def text(desk: Desk, name: str = NAME) -> str:
    return (desk.folder / name / "dossier.txt").read_text(encoding="utf-8")


def test_what_is_needed_tonight(held: Desk) -> None:
    put(held, "chat/1.png")
    told = held("dossier", "7731")
    assert (told.code, told.err) == (0, "")
    assert told.out.split("\n") == [
        f"{NAME}.zip",
        f"  the same as a folder, to read: {NAME}/index.html",
        "  still missing: screenshot of the tracking",
        f"  drop it into {held.folder}/evidence/{ORDER} and make the dossier again",
        "  to fill in: say in one sentence whether customs asked you for papers or money",
        "",
    ]
    with ZipFile(held.folder / f"{NAME}.zip") as archive:
        names = [name.removeprefix(f"{NAME}/") for name in archive.namelist()]
    assert names == [
        "index.html",
        "dossier.txt",
        "texts/1-description-customs_hold.txt",
        "texts/2-first_contact-customs_hold.txt",
        next(name for name in names if name.startswith("tracking/2026-10-16-files-")),
        "evidence/chat/1.png",
        "MANIFEST.sha256",
    ]


def test_every_file_is_as_the_manifest_says(held: Desk) -> None:
    put(held, "tracking.png")
    put(held, "unboxing.mp4", MP4)
    made(held)
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "MANIFEST.sha256"], cwd=held.folder / NAME, capture_output=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert sha256(MP4).hexdigest() in text(held)
    assert (held.folder / NAME / "evidence" / "unboxing.mp4").read_bytes() == MP4


def test_it_tells_the_order_the_case_and_the_tracking(held: Desk) -> None:
    held("record", "7731", "no-button", "--note", "tried <twice>")
    made(held)
    told = text(held)
    for line in (
        "Order 8190000000007731: USB hub",
        "Price:            €41.90",
        "Reason:             Customs: held in customs without progress",
        "Ask for:            Refund Only, all of it: €41.90",
        "6 October 2026 08:00",
        "    Scan: Held by customs",
        "    Place: Shenzhen, CN",
        "16 October 2026 12:00",
        "    What: no button to open a dispute · tried <twice>",
        "[ ] screenshot of the tracking (decisive)",
        "For the dispute form: customs",
    ):
        assert line in told.split("\n"), line
    page = (held.folder / NAME / "index.html").read_text(encoding="utf-8")
    assert "tried &lt;twice&gt;" in page
    assert "<twice>" not in page


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("reason", ["customs-hold", "missing-parts"])
def test_the_whole_of_it(
    held: Desk, language: str, reason: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pytest --update-golden` writes it anew; read it as somebody who has to decide."""
    monkeypatch.setattr("monitor.cli.dossier.version", lambda name: "1.2.3")
    for name, body in {"tracking.png": PNG, "chat/1.png": PNG + b"1", "unboxing.mp4": MP4}.items():
        put(held, name, body)
    held("record", "7731", "received", "--note", "two of four parts")
    held("record", "7731", "dispute-opened", "--reason", reason)
    made(held, "--language", language, "--reason", reason)
    golden = Path(__file__).parents[2] / "golden" / "dossiers" / f"{reason}-{language}.txt"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text(held), encoding="utf-8")
    assert text(held) == golden.read_text(encoding="utf-8")


def test_in_spanish_to_understand_it(held: Desk) -> None:
    made(held, "--language", "es")
    told = text(held).split("\n")
    assert "Pedido 8190000000007731: USB hub" in told
    assert any(line.endswith("Aduanas: retenido en la aduana sin avanzar") for line in told)
    assert "6 de octubre de 2026 08:00" in told
    assert "Para el formulario de la disputa: aduanas" in told
    assert "* Solo para leer. Se envía el texto en inglés." in told
    assert not {"Order:", "THE CASE", "Scan:"} & {word.strip() for word in told}


def test_the_buyer_decides_the_reason(held: Desk) -> None:
    told = made(held, "--reason", "missing-parts")
    assert told["reason"] == "missing_parts"
    assert ("description", "missing_parts") in [(it["kind"], it["reason"]) for it in told["texts"]]
    assert "CHECKLIST: MISSING PARTS" in text(held)


def test_a_reason_that_there_is_not(held: Desk) -> None:
    told = held("dossier", "7731", "--reason", "custom")
    assert (told.code, told.out) == (2, "")
    assert "'custom' is no reason; did you mean customs" in told.err
    assert list(held.folder.glob("dossier-*")) == []


def test_where_nothing_speaks_for_a_reason(desk: Desk) -> None:
    desk.write("orders.toml", LAMP)
    told = desk("dossier", "8842")
    assert "no reason for a dispute is known: name yours with --reason" in told.out
    assert "Nothing that is known speaks for a dispute now." in text(desk, "dossier-8842-2026-10-09")


@pytest.mark.parametrize("id_", ["../x", "a/b"])
def test_an_id_that_is_a_path_leads_nowhere(desk: Desk, id_: str) -> None:
    desk.write("orders.toml", LAMP.replace("8190000000008842", id_))
    told = desk("dossier", id_, "--json", "--to", "out")
    assert (told.code, told.err) == (0, "")
    assert sorted(path.suffix for path in (desk.folder / "out").iterdir()) == ["", ".zip"]


def test_an_order_that_there_is_not(held: Desk) -> None:
    told = held("dossier", "9999")
    assert (told.code, told.out) == (2, "")
    assert "there is no order '9999'" in told.err


def test_somewhere_else_and_nothing_overwritten(held: Desk) -> None:
    first = made(held, "--to", "out/there")
    second = made(held, "--to", "out/there")
    assert [first["zip"], second["zip"]] == [f"out/there/{NAME}.zip", f"out/there/{NAME}-2.zip"]
    held.write("file", "")
    told = held("dossier", "7731", "--to", "file")
    assert (told.code, told.out) == (1, "")
    assert "no dossier can be written into file: File exists; nothing was left there" in told.err


def test_what_tells_of_other_orders_stays_at_home(desk: Desk) -> None:
    desk.write("orders.toml", HUB + LAMP)
    desk.write("tracking/both.json", f"[{HELD}, {HELD.replace('LP00123456789012', 'LP00999')}]")
    (desk.folder / "tracking/hub.json").unlink()
    desk.at(CAN)
    assert desk("run", "--once").code == 0
    made(desk)
    (answer,) = (desk.folder / NAME / "tracking").iterdir()
    assert b"LP00999" in answer.read_bytes()
    with ZipFile(desk.folder / f"{NAME}.zip") as archive:
        assert not any("tracking/" in name for name in archive.namelist())
        assert not any(b"LP00999" in archive.read(name) for name in archive.namelist())
    assert "(not in the zip: it\n    tells of other parcels too)" in text(desk)


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("two\nlines\x1b[2J.png", "evidence/two lines[2J.png"),
        ("\u202egnp.exe", "evidence/gnp.exe"),
        ('a:b?"c".png', "evidence/a_b__c_.png"),
        ("con. /x .png", "evidence/con/x .png"),
        ("ünïcödé 漢字.png", "evidence/ünïcödé 漢字.png"),
        (os.fsdecode(b"\xff\xfe.png"), "evidence/��.png"),
    ],
)
def test_names_that_no_other_system_takes(held: Desk, name: str, packed: str) -> None:
    put(held, name)
    made(held)
    with ZipFile(held.folder / f"{NAME}.zip") as archive:
        assert archive.read(f"{NAME}/{packed}") == PNG


def test_names_that_differ_in_capitals_alone(held: Desk) -> None:
    put(held, "Label.png", PNG + b"1")
    put(held, "label.png", PNG + b"2")
    made(held)
    files = sorted(path.name for path in (held.folder / NAME / "evidence").iterdir())
    assert files == ["Label.png", "label-2.png"]


def test_a_link_leads_nowhere(held: Desk) -> None:
    secret = held.write("secret.png", "secret")
    put(held, "tracking.png")
    (held.folder / "evidence" / ORDER / "chat.png").symlink_to(secret)
    made(held)
    assert [path.name for path in (held.folder / NAME / "evidence").iterdir()] == ["tracking.png"]


def test_a_video_that_the_marketplace_does_not_take_is_not_copied(held: Desk) -> None:
    held.write("orderwatch.toml", f"{CONFIG}[policies.aliexpress]\nmax_video_bytes = 100\n")
    put(held, "unboxing.mp4", MP4)
    made(held)
    assert not (held.folder / NAME / "evidence").exists()
    assert "unboxing.mp4 (too large for the marketplace: not copied)" in text(held)


def test_a_file_that_is_gone_while_it_is_packed(held: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was there when the folder was looked at."""
    file = put(held, "tracking.png")
    put(held, "chat.png")
    monkeypatch.setattr("monitor.cli.dossier.exhibits_of", lambda found: _without(file, found))
    told = held("dossier", "7731")
    assert told.code == 1
    assert "left out: evidence/tracking.png: No such file or directory" in told.out
    assert [path.name for path in (held.folder / NAME / "evidence").iterdir()] == ["chat.png"]


def _without(file: Path, found: Any) -> Any:
    from monitor.dossier.known import exhibits_of

    file.unlink()
    return exhibits_of(found)


def test_the_database_is_as_it_was(held: Desk) -> None:
    def dump() -> str:
        told = held("export", "7731")
        return told.out

    before = dump()
    made(held)
    assert dump() == before


def test_everything_in_one_place_is_not_changed(held: Desk) -> None:
    file = put(held, "tracking.png")
    before = file.stat()
    made(held)
    after = file.stat()
    assert (before.st_mtime_ns, before.st_ino, before.st_size) == (
        after.st_mtime_ns,
        after.st_ino,
        after.st_size,
    )


@needs_chromium
@pytest.mark.parametrize("language", ["en", "es"])
def test_on_a_phone(held: Desk, language: str) -> None:
    held.write("orderwatch.toml", CONFIG)
    put(held, f"{'long-name-' * 20}.png")
    made(held, "--language", language)
    page = (held.folder / NAME / "index.html").read_text(encoding="utf-8")
    found = measured(page, held.folder, 360)
    assert (found["width"], found["wide"], found["scripts"]) == (360, [], 0)
    assert "LP00123456789012" in str(found["text"])
