"""A dossier on the disk: whole or not at all, and nothing overwritten."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZipFile

import pytest

from monitor.dossier.packing import MANIFEST, Member, Packed, member, pack
from monitor.errors import DossierError

MADE = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
LETTER, PHOTO = member("drafts/1.txt", b"Dear seller\n"), member("evidence/a.jpg", b"\xff\xd8" * 4000)
HOME = member("tracking/1.json", b"{}", at_home=True)


def packed(folder: Path, *members: Member) -> Packed:
    return pack(folder, "dossier-1", members or (LETTER, PHOTO, HOME), MADE)


def names(archive: Path) -> list[str]:
    with ZipFile(archive) as it:
        assert it.testzip() is None
        return it.namelist()


def test_a_folder_and_a_zip_of_it(tmp_path: Path) -> None:
    made = packed(tmp_path)
    assert (made.folder, made.zip) == (tmp_path / "dossier-1", tmp_path / "dossier-1.zip")
    files = {str(path.relative_to(made.folder)): path for path in made.folder.rglob("*") if path.is_file()}
    assert set(files) == {"drafts/1.txt", "evidence/a.jpg", "tracking/1.json", MANIFEST}
    assert files["drafts/1.txt"].read_bytes() == b"Dear seller\n"
    assert names(made.zip) == [
        "dossier-1/drafts/1.txt", "dossier-1/evidence/a.jpg", f"dossier-1/{MANIFEST}"
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in (*files.values(), made.zip)} == {0o600}
    assert made.left_out == ()


def test_the_manifest_is_one_that_sha256sum_checks(tmp_path: Path) -> None:
    odd = member("evidence/two\nlines\\.txt", b"odd")
    made = packed(tmp_path, LETTER, PHOTO, odd)
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", MANIFEST], cwd=made.folder, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert sha256(b"Dear seller\n").hexdigest() in (made.folder / MANIFEST).read_text()


def test_so_is_the_one_in_the_zip(tmp_path: Path) -> None:
    made = packed(tmp_path / "made")
    with ZipFile(made.zip) as archive:
        archive.extractall(tmp_path / "there")
    unpacked = tmp_path / "there" / "dossier-1"
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", MANIFEST], cwd=unpacked, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "tracking/1.json" in (made.folder / MANIFEST).read_text()


def test_the_same_members_make_the_same_zip(tmp_path: Path) -> None:
    first, second = packed(tmp_path / "a"), packed(tmp_path / "b")
    assert first.zip.read_bytes() == second.zip.read_bytes()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "dossier-1.zip").write_text("somebody's")
    assert packed(tmp_path).zip.name == "dossier-1-2.zip"
    assert packed(tmp_path).folder.name == "dossier-1-3"
    assert (tmp_path / "dossier-1.zip").read_text() == "somebody's"


def test_what_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    def forbidden() -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    class Torn(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(10)

    @contextmanager
    def torn() -> Iterator[BinaryIO]:
        yield Torn(b"0" * 100)

    made = packed(tmp_path, Member("evidence/a.png", forbidden), Member("evidence/b.png", torn), LETTER)
    assert made.left_out == (
        ("evidence/a.png", "Permission denied"),
        ("evidence/b.png", "Input/output error"),
    )
    assert names(made.zip) == ["dossier-1/drafts/1.txt", f"dossier-1/{MANIFEST}"]
    assert not (made.folder / "evidence/b.png").exists()


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fdopen

    def full(descriptor: int, mode: str) -> Any:
        os.dup2(os.open("/dev/full", os.O_WRONLY), descriptor)
        return real(descriptor, mode)

    monkeypatch.setattr("monitor.dossier.packing.os.fdopen", full)
    with pytest.raises(DossierError, match="No space left on device; nothing was left there"):
        packed(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("into", ["file", "file/below"])
def test_a_place_that_is_no_folder(tmp_path: Path, into: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DossierError, match="no dossier can be written into .*/file"):
        packed(tmp_path / into)
