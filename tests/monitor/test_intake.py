"""Order files, as they change: what counts, what is refused, and that nothing known is lost."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import OrderFileError
from monitor.intake import Intake, read_files, take_changed, take_rows
from monitor.store import Store
from monitor.store.records import Taken
from tests.monitor.stage import NOW, Stage

HUB = '[[orders]]\nid = "8190000000007731"\ntitle = "USB hub"\nshipped_on = 2026-05-03\nparcels = ["LP1"]\n'
LAMP = '[[orders]]\nid = "8190000000008842"\ntitle = "Lamp"\nshipped_on = 2026-05-04\nparcels = ["LP2"]\n'
HUB_ID, LAMP_ID = "8190000000007731", "8190000000008842"


def write(stage: Stage, text: str | bytes, name: str = "orders.toml") -> None:
    path = stage.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


async def read(stage: Stage) -> Intake:
    intake = await stage.cycle.read_orders(stage.now)
    assert intake is not None
    return intake


async def listed(stage: Stage) -> dict[str, bool]:
    """All orders that are known, and whether a file lists each."""

    def all_of(store: Store) -> dict[str, bool]:
        records = store.orders.load(store.orders.running(finished_too=True))
        return {record.order.id: record.unlisted_at is None for record in records}

    return await stage.read(all_of)


async def test_files_are_read_when_they_change_only(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        assert (await read(stage)).taken == Taken(new=1)
        assert await stage.cycle.read_orders(stage.now) is None
        await stage.restart()
        assert await stage.cycle.read_orders(stage.now) is None
        assert (await stage.cycle.read_orders(stage.now, anew=True)) == Intake(Taken(unchanged=1), ())
        write(stage, HUB + LAMP)
        assert (await read(stage)).taken == Taken(new=1, unchanged=1)
        write(stage, HUB.replace("USB hub", "USB dock") + LAMP)
        assert (await read(stage)).taken == Taken(changed=1, unchanged=1)
        os.utime(tmp_path / "orders.toml", (1, 1))
        assert (await read(stage)).taken == Taken(unchanged=2)


async def test_another_program_that_has_read_them_counts_too(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        store = Store(stage.database.path)
        assert take_changed(store, stage.runtime, NOW) == Intake(Taken(new=1), ())
        assert take_changed(store, stage.runtime, NOW) is None
        store.close()
        assert await stage.cycle.read_orders(stage.now) is None


async def test_a_new_parcel_is_looked_up_and_its_order_thought_about(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        await read(stage)
        await stage.pass_once()
        assert stage.source.asked == [("LP1",)]
        assert (await stage.order(HUB_ID)).next_at is not None


BROKEN: dict[str, str | bytes] = {
    "empty": "",
    "half written": HUB + LAMP[:40],
    "binary": b"\x00\xff\xfe" * 1000,
    "another encoding": (HUB + "# caf\xe9\n").encode("utf-16"),
    "no TOML": "{]",
    "a row without an id": '[[orders]]\ntitle = "?"\n',
    "impossible dates": HUB.replace("2026-05-03", "2026-02-30") + LAMP.replace("2026-05-04", "20206-01-01"),
    "too large": b"#" * (70 * 2**20),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_a_broken_file_loses_nothing(tmp_path: Path, how: str) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB + LAMP)
        await read(stage)
        write(stage, BROKEN[how])
        intake = await read(stage)
        assert intake.refused
        assert all(str(tmp_path / "orders.toml") in str(error) for error in intake.refused)
        assert await listed(stage) == {HUB_ID: True, LAMP_ID: True}
        write(stage, HUB)
        assert (await read(stage)).taken == Taken(unchanged=1, unlisted=1)
        assert await listed(stage) == {HUB_ID: True, LAMP_ID: False}


async def test_the_good_rows_count(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB + LAMP)
        await read(stage)
        write(stage, HUB.replace("USB hub", "USB dock") + LAMP.replace("2026-05-04", "2026-02-30"))
        intake = await read(stage)
        assert intake.taken == Taken(changed=1)
        (refused,) = intake.refused
        assert isinstance(refused, OrderFileError)
        assert (refused.order, refused.line) == (LAMP_ID, 6)
        assert await listed(stage) == {HUB_ID: True, LAMP_ID: True}


@pytest.mark.parametrize(
    "make_unreadable",
    [
        lambda folder: (folder / "orders.toml").unlink(),
        lambda folder: (folder / "orders.toml").rename(folder / "elsewhere.toml"),
    ],
)
async def test_a_file_that_is_gone_loses_nothing(
    tmp_path: Path, make_unreadable: Callable[[Path], None]
) -> None:
    """It may be on a disk that is not there yet."""
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        await read(stage)
        make_unreadable(tmp_path)
        assert len((await read(stage)).refused) == 1
        assert await listed(stage) == {HUB_ID: True}


INBOX = 'timezone = "Europe/Madrid"\ndatabase = "orderwatch.db"\norders = ["inbox"]\n'


async def test_files_come_into_a_folder_and_leave_it(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    async with Stage(tmp_path, config=INBOX) as stage:
        write(stage, HUB, "inbox/hub.toml")
        write(stage, LAMP, "inbox/lamp.toml")
        write(stage, "not ours", "inbox/readme.txt")
        assert (await read(stage)).taken == Taken(new=2)
        (tmp_path / "inbox" / "lamp.toml").unlink()
        await read(stage)
        assert await listed(stage) == {HUB_ID: True, LAMP_ID: False}
        (tmp_path / "inbox" / "hub.toml").rename(tmp_path / "inbox" / "a.toml")
        await read(stage)
        assert await listed(stage) == {HUB_ID: True, LAMP_ID: False}


async def test_a_folder_that_is_not_there_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    async with Stage(tmp_path, config=INBOX) as stage:
        write(stage, HUB, "inbox/hub.toml")
        await read(stage)
        (tmp_path / "inbox").rename(tmp_path / "unmounted")
        assert len((await read(stage)).refused) == 1
        assert await listed(stage) == {HUB_ID: True}


async def test_a_configuration_without_the_file_lets_its_orders_go(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB)
        write(stage, LAMP, "more.toml")
        await read(stage)
        stage.configure('timezone = "Europe/Madrid"\ndatabase = "orderwatch.db"\norders = ["more.toml"]\n')
        await stage.restart()
        await read(stage)
        assert await listed(stage) == {HUB_ID: False, LAMP_ID: True}


async def test_of_two_rows_with_one_id_the_first_counts(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB + LAMP.replace(LAMP_ID, HUB_ID))
        intake = await read(stage)
        assert intake.taken == Taken(new=1)
        assert len(intake.refused) == 1
        assert (await stage.order(HUB_ID)).order.title == "USB hub"


async def test_what_is_imported_says_how_each_row_was_taken(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        write(stage, HUB, "import.toml")
        path = tmp_path / "import.toml"

        def take(store: Store) -> list[str]:
            return [
                row.how
                for row in take_rows(store, read_files([path], stage.runtime, NOW), stage.runtime, NOW)
            ]

        assert await stage.database.write(take) == ["new"]
        assert await stage.database.write(take) == ["unchanged"]
        write(stage, HUB.replace("USB hub", "USB dock") + LAMP, "import.toml")
        assert await stage.database.write(take) == ["changed", "new"]
        write(stage, HUB.replace(HUB_ID, "8190000000009953"))
        await read(stage)
        assert all((await listed(stage)).values())


async def test_what_should_be_looked_at_is_noted(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        late = (NOW + timedelta(days=30)).date().isoformat()
        write(stage, HUB.replace("2026-05-03", late))
        (note,) = (await read(stage)).notes
        assert note.startswith(f"{tmp_path / 'orders.toml'}:1 (order {HUB_ID}): ")
