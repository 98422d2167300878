"""What is in an order's folder, and what is in the way: nothing is followed, changed or lost."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.core.model import FileKind
from monitor.evidence import Found, Identity, Look, Trouble, list_root, look_into, looking
from monitor.evidence.looking import DEEPEST

ORDER = "8190000000007731"
NOBODY = 65534
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 100
LINK = "is a link, and links are not followed: copy here what it leads to"
FORBIDDEN = "may not be read by this user"


class Root:
    """The root of the evidence folders, with one order's in it."""

    def __init__(self, path: Path) -> None:
        self.path, self.folder = path, path / ORDER
        self.folder.mkdir()

    def put(self, name: str, body: bytes = PNG) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return file

    def look(self, known: Look | None = None) -> Look:
        files = {} if known is None else {found.path: found for found in known.files}
        return look_into(self.path, ORDER, files)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


@pytest.fixture
def own_root() -> Iterator[Root]:
    """The same for one who is not root, who could read everything."""
    with TemporaryDirectory() as folder:
        was = os.geteuid()
        if was == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Root(Path(folder))
        finally:
            os.seteuid(was)


def paths(look: Look) -> list[str]:
    return [found.path for found in look.files]


def told(look: Look) -> dict[str, str]:
    return {trouble.path: trouble.what for trouble in look.troubles}


def state_of(folder: Path) -> list[tuple[str, int, int, int]]:
    """All that could be changed by looking, but for the time of the last look."""
    entries = sorted(folder.rglob("*"))
    return [
        (str(it), it.lstat().st_mode, it.lstat().st_mtime_ns, it.lstat().st_size) for it in (folder, *entries)
    ]


# What is there


def test_all_files_in_all_folders(root: Root) -> None:
    root.put("unboxing.mp4", MP4)
    root.put("listing/2.png")
    root.put("listing/1.png")
    root.put("chat/may/3.txt", b"hello")
    root.put("IMG_1.dat", b"\0\1\2")
    before = state_of(root.folder)
    look = root.look()
    assert {found.path: found.kind.value for found in look.files} == {
        "IMG_1.dat": "other",
        "chat/may/3.txt": "document",
        "listing/1.png": "photo",
        "listing/2.png": "photo",
        "unboxing.mp4": "video",
    }
    assert paths(look) == sorted(paths(look))
    assert (look.troubles, look.unseen) == ((), ())
    assert state_of(root.folder) == before


def test_an_empty_folder(root: Root) -> None:
    assert root.look() == Look()


def test_a_file_is_known_by_size_time_and_inode(root: Root) -> None:
    file = root.put("1.png")
    about = file.stat()
    (found,) = root.look().files
    assert found == Found("1.png", FileKind.PHOTO, Identity(len(PNG), about.st_mtime_ns, about.st_ino))


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.png",
        ".thumbnails/1.png",
        "~$letter.docx",
        "Thumbs.db",
        "DESKTOP.INI",
        "unboxing.mp4.part",
        "unboxing.mp4.crdownload",
        "1.png~",
        ".syncthing.1.png.tmp",
    ],
)
def test_what_programs_leave_behind_is_nobodys_evidence(root: Root, name: str) -> None:
    root.put(name)
    assert root.look() == Look()


# What is looked at only when it has changed


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are opened."""
    names: list[str] = []
    really = os.open

    def noting(path: Path | str, flags: int, *, dir_fd: int | None = None) -> int:
        if not flags & os.O_DIRECTORY:
            names.append(str(path))
        return really(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", noting)
    return names


def test_what_is_unchanged_is_not_opened_again(root: Root, opened: list[str]) -> None:
    root.put("1.png")
    root.put("2.png")
    first = root.look()
    assert opened == ["1.png", "2.png"]
    assert root.look(first) == first
    assert opened == ["1.png", "2.png"]


def other_size(file: Path) -> None:
    was = file.stat()
    file.write_bytes(MP4 + b"more")
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))


def other_time(file: Path) -> None:
    os.utime(file, ns=(0, 17))


def other_file(file: Path) -> None:
    was = file.stat()
    new = file.with_name("new")
    new.write_bytes(MP4[: was.st_size].ljust(was.st_size, b"\0"))
    os.utime(new, ns=(was.st_atime_ns, was.st_mtime_ns))
    new.rename(file)


@pytest.mark.parametrize("change", [other_size, other_time, other_file])
def test_what_has_changed_is(root: Root, opened: list[str], change: Callable[[Path], None]) -> None:
    file = root.put("1.png")
    first = root.look()
    change(file)
    second = root.look(first)
    assert second.files != first.files
    assert opened == ["1.png", "1.png"]
    assert paths(second) == ["1.png"]


def test_a_file_that_is_gone(root: Root) -> None:
    file = root.put("1.png")
    first = root.look()
    file.unlink()
    assert root.look(first) == Look()


# What is in the way


def test_a_link_is_told_and_not_followed(root: Root, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.png").write_bytes(PNG)
    root.put("real.png")
    (root.folder / "out.png").symlink_to(secret)
    (root.folder / "inside.png").symlink_to("real.png")
    (root.folder / "folder").symlink_to(tmp_path / "photos")
    (root.folder / "nowhere.png").symlink_to("gone")
    (root.folder / "round").symlink_to(root.folder)
    look = root.look()
    assert paths(look) == ["real.png"]
    assert told(look) == dict.fromkeys(["folder", "inside.png", "nowhere.png", "out.png", "round"], LINK)
    assert look.unseen == ()


def test_a_folder_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1.png").write_bytes(PNG)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / ORDER).symlink_to(tmp_path / "elsewhere")
    look = look_into(tmp_path / "evidence", ORDER, {})
    assert look == Look(troubles=(Trouble("", LINK),))


def test_the_root_itself_may_be_a_link(root: Root, tmp_path: Path) -> None:
    root.put("1.png")
    link = tmp_path / "link"
    link.symlink_to(root.path)
    assert paths(look_into(link, ORDER, {})) == ["1.png"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / ORDER).write_bytes(PNG)
    assert look_into(tmp_path, ORDER, {}) == Look(troubles=(Trouble("", "is a file, not a folder"),))


def test_pipes_sockets_and_devices_are_never_opened(root: Root, opened: list[str]) -> None:
    root.put("1.png")
    os.mkfifo(root.folder / "pipe.png")
    expected = ["pipe.png", "socket"]
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(root.folder, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
        if os.geteuid() == 0:
            os.mknod(root.folder / "zero.png", 0o600 | 0o020000, os.makedev(1, 5))
            expected.append("zero.png")
        opened.clear()
        look = root.look()
    assert paths(look) == ["1.png"]
    assert told(look) == dict.fromkeys(expected, "is neither a file nor a folder, and is not opened")
    assert opened == ["1.png"]


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at what it is and its opening."""
    file = root.put("1.png")
    really = looking._take_file

    def swapped(*arguments: object) -> None:
        file.unlink()
        os.mkfifo(file)
        really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(looking, "_take_file", swapped)
    look = root.look()
    assert (look.files, look.unseen) == ((), ("1.png",))
    assert told(look) == {"1.png": "cannot be read: is no plain file any more"}


def test_a_file_without_rights_is_told_and_what_was_known_of_it_stays(own_root: Root) -> None:
    own_root.put("1.png")
    own_root.put("2.png").chmod(0)
    first = own_root.look()
    assert paths(first) == ["1.png"]
    assert told(first) == {"2.png": FORBIDDEN}
    assert first.is_unseen("2.png")
    (own_root.folder / "1.png").chmod(0)
    second = own_root.look(first)
    assert second.files == first.files
    assert told(second) == {"1.png": FORBIDDEN, "2.png": FORBIDDEN}


@pytest.mark.parametrize("rights", [0o000, 0o100])
def test_a_folder_without_rights_is_told_and_what_was_known_of_it_stays(own_root: Root, rights: int) -> None:
    own_root.put("1.png")
    own_root.put("chat/1.png")
    first = own_root.look()
    (own_root.folder / "chat").chmod(rights)
    look = own_root.look(first)
    (own_root.folder / "chat").chmod(0o700)
    assert paths(look) == ["1.png"]
    assert told(look) == {"chat": FORBIDDEN}
    assert [path for path in ("1.png", "chat/1.png", "chatter.png") if look.is_unseen(path)] == ["chat/1.png"]


def test_an_order_whose_folder_has_no_rights(own_root: Root) -> None:
    own_root.put("1.png")
    first = own_root.look()
    own_root.folder.chmod(0)
    look = own_root.look(first)
    own_root.folder.chmod(0o700)
    assert (look.files, told(look)) == ((), {"": FORBIDDEN})
    assert look.is_unseen("1.png")


def test_a_folder_whose_files_may_be_listed_and_not_touched(own_root: Root) -> None:
    own_root.put("1.png")
    own_root.folder.chmod(0o400)
    look = own_root.look()
    own_root.folder.chmod(0o700)
    assert (look.files, told(look)) == ((), {"1.png": FORBIDDEN})


def test_a_file_that_is_being_written_is_read_again_next_time(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root.put("unboxing.mp4", MP4)
    first = root.look()
    really = os.read

    def growing(descriptor: int, length: int) -> bytes:
        body = really(descriptor, length)
        with file.open("ab") as more:
            more.write(b"more")
        return body

    file.write_bytes(MP4 + b"changed")
    monkeypatch.setattr(os, "read", growing)
    look = root.look(first)
    monkeypatch.undo()
    assert (look.files, look.unseen) == ((), ("unboxing.mp4",))
    assert told(look) == {"unboxing.mp4": "is being written, and is read again next time"}
    assert paths(root.look(first)) == ["unboxing.mp4"]


def test_a_file_that_goes_while_it_is_looked_at_is_gone(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    file = root.put("1.png")
    really = looking._take_file

    def gone(*arguments: object) -> None:
        file.unlink()
        really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(looking, "_take_file", gone)
    assert root.look() == Look()


def test_a_disk_that_fails_is_told(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    root.put("1.png")

    def failing(descriptor: int, length: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", failing)
    look = root.look()
    assert (told(look), look.unseen) == ({"1.png": "cannot be read: Input/output error"}, ("1.png",))


def test_an_empty_file_is_told(root: Root) -> None:
    root.put("unboxing.mp4", b"")
    look = root.look()
    assert [(found.path, found.kind) for found in look.files] == [("unboxing.mp4", FileKind.OTHER)]
    assert told(look) == {"unboxing.mp4": "is empty"}


def test_folders_may_be_deep_but_not_too_deep(root: Root) -> None:
    deep = "/".join("d" * DEEPEST)
    root.put(f"{deep}/1.png")
    root.put(f"{deep}/d/2.png")
    look = root.look()
    assert paths(look) == [f"{deep}/1.png"]
    assert told(look) == {f"{deep}/d": f"lies too deep (allowed: {DEEPEST} folders in each other)"}
    assert look.is_unseen(f"{deep}/d/2.png")


def test_of_too_many_files_the_first_are_looked_at_and_none_counts_as_gone(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_FILES", 3)
    for number in range(6):
        root.put(f"{number}.png")
    look = root.look()
    assert len(look.files) == 3
    assert told(look) == {"": "has more than 3 files; the others are not looked at"}
    assert look.is_unseen("5.png")


def test_thousands_of_files(root: Root) -> None:
    for number in range(3000):
        (root.folder / f"{number:04}.png").write_bytes(PNG)
    first = root.look()
    assert len(first.files) == 3000
    assert root.look(first) == first


def test_of_many_troubles_some_are_told(root: Root) -> None:
    for number in range(60):
        (root.folder / f"{number:02}.png").symlink_to("gone")
    look = root.look()
    assert len(look.troubles) == 51
    assert look.troubles[-1] == Trouble("", "has 10 more things that are not looked at")


@pytest.mark.parametrize(
    "name",
    [
        b"line\nbreak.png",
        b"tab\tand\x1b[31mred.png",
        "\u202egnp.elif".encode(),
        b"caf\xe9.png",
        b"\xff\xfe.png",
        "\N{ZERO WIDTH SPACE}.png".encode(),
        "😀 é ﷽.png".encode(),
        b"-rf.png",
        b"a" * 250 + b".png",
    ],
)
def test_any_name_is_kept_as_it_is(root: Root, name: bytes) -> None:
    (root.folder / os.fsdecode(name)).write_bytes(PNG)
    first = root.look()
    assert [os.fsencode(path) for path in paths(first)] == [name]
    assert root.look(first) == first


@pytest.mark.parametrize(
    ("seconds", "noted"),
    [(-(2**34), -(2**63) + 1), (0, 0), (2**34, 2**63 - 1)],
    ids=["past", "epoch", "future"],
)
def test_odd_times_can_be_noted(seconds: int, noted: int) -> None:
    about = os.stat_result(
        (0o100644, 2**64 - 1, 0, 1, 0, 0, 7, 0, seconds, 0), {"st_mtime_ns": seconds * 10**9}
    )
    assert looking.identity_of(about) == Identity(7, noted, -1)


# The root


def test_the_root_lists_all_that_is_there(root: Root) -> None:
    (root.path / "note.txt").write_text("hello")
    assert list_root(root.path) == ((ORDER, "note.txt"), None)


def test_a_root_that_cannot_be_listed_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello")
    assert list_root(tmp_path / "gone") == ((), "is not there")
    assert list_root(tmp_path / "file") == ((), "is a file, not a folder")
    assert list_root(tmp_path / "nul\0") == ((), "cannot be read: not a path")
    (tmp_path / "round").symlink_to("round")
    assert list_root(tmp_path / "round") == ((), "cannot be read: Too many levels of symbolic links")


def test_a_root_without_rights(own_root: Root) -> None:
    own_root.path.chmod(0)
    listed, looked = list_root(own_root.path), own_root.look()
    own_root.path.chmod(0o700)
    assert listed == ((), FORBIDDEN)
    assert (told(looked), looked.unseen) == ({"": FORBIDDEN}, ("",))


@pytest.mark.parametrize("gone", ["root", "folder"])
def test_what_goes_before_it_is_looked_into_counts_as_unseen(tmp_path: Path, gone: str) -> None:
    root = tmp_path if gone == "folder" else tmp_path / "gone"
    assert look_into(root, ORDER, {}) == Look(troubles=(Trouble("", "is not there"),), unseen=("",))


def test_no_files_are_known_to_somebody_who_looks_first() -> None:
    known: Mapping[str, Found] = {}
    assert look_into(Path("/nul\0"), ORDER, known).troubles == (Trouble("", "cannot be read: not a path"),)
