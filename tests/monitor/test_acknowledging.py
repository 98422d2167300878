"""Stories of answers: what a button does, when it is heard again, and what it never does."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.alerts import Alert
from monitor.core.case import RecordEvent
from monitor.core.model import ShipmentStatus, Tracking
from monitor.replies import LIFETIME
from tests.monitor.core.facts import a_scan, an_order, at
from tests.monitor.remote import Remote, hear
from tests.monitor.stage import CONFIG, NOW, Phone, Stage, held, moving, orders

ORDER = an_order(id="1001", title="USB hub", parcels="")


def a_stage(folder: Path, now: datetime = NOW, *, others: bool = False, config: str = CONFIG) -> Stage:
    channels: dict[str, Phone] = {"remote": Remote(adapter="remote")}
    if others:
        channels |= {"second": Remote(adapter="second"), "silent": Phone(adapter="silent")}
    return Stage(folder, now=now, channels=channels, config=config)


def remote(stage: Stage, name: str = "remote") -> Remote:
    channel = stage.runtime.channels[name]
    assert isinstance(channel, Remote)
    return channel


async def press(stage: Stage, label: str, number: int = -1, on: str = "remote") -> str:
    """Presses a button under a message; returns what the phone then shows."""
    phone = remote(stage, on)
    await hear(stage)  # a new channel is heard from now on
    phone.press(phone.carries(label, number))
    await hear(stage)
    return phone.shown[-1]


async def alert(stage: Stage, rule: str) -> Alert:
    (found,) = (a for a in (await stage.order("1001")).alerts.values() if a.key.rule == rule)
    return found


async def received(stage: Stage) -> list[RecordEvent]:
    return [entry.event for entry in (await stage.order("1001")).journal]


async def customs(stage: Stage) -> None:
    """A parcel is held, and the phone told so."""
    await stage.take(*orders("1001: LP1"))
    stage.source.tells(held("LP1"))
    await stage.pass_once()


async def at_the_door(stage: Stage) -> None:
    """A parcel is delivered, and the phone asks whether it is here."""
    await stage.take(*orders("1001: LP1"))
    scans = (a_scan("2026-05-06 09:00"), a_scan("2026-05-11 09:00", "delivered", "Delivered"))
    stage.source.tells(Tracking("LP1", ShipmentStatus.DELIVERED, scans))
    await stage.pass_once()


async def test_done_is_seen_and_not_repeated(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with a_stage(tmp_path) as stage:
        await customs(stage)
        assert remote(stage).labels() == ["Done", "Tomorrow"]
        token = remote(stage).carries("Done")
        assert len(token) <= 64
        assert token.isascii()
        with caplog.at_level(logging.INFO, "orderwatch"):
            assert (await press(stage, "Done")).startswith("Noted.")
        assert (await alert(stage, "customs_hold")).state == "acknowledged"
        assert "a button of channel remote says done: Customs hold: Order 1001" in caplog.text
        assert token not in caplog.text


async def test_done_pressed_twice_counts_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with a_stage(tmp_path) as stage:
        await customs(stage)
        await press(stage, "Done")
        await press(stage, "Tomorrow")
        until = (await alert(stage, "customs_hold")).snoozed_until
        caplog.clear()
        assert await press(stage, "Done") == "Noted already."
        assert (await alert(stage, "customs_hold")).snoozed_until == until is not None
        assert [record.getMessage() for record in caplog.records] == [
            "a button of channel remote is ignored: it was used before"
        ]


async def test_what_is_asked_of_nobody_has_no_buttons(tmp_path: Path) -> None:
    async with a_stage(tmp_path, others=True) as stage:
        await customs(stage)
        stage.later(hours=8)
        stage.source.tells(moving("LP1", "2026-05-12 15:00"))
        await stage.pass_once()
        phone, silent = remote(stage), stage.runtime.channels["silent"]
        assert isinstance(silent, Phone)
        assert [(sent.title, phone.labels(i)) for i, sent in enumerate(phone.inbox)] == [
            ("Customs hold: Order 1001", ["Done", "Tomorrow"]),
            ("Out of customs: Order 1001", []),
        ]
        assert [sent.actions for sent in silent.inbox] == [(), ()]


async def test_received_is_recorded_once_whatever_phone_says_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path, others=True) as stage:
        await at_the_door(stage)
        assert remote(stage).labels() == ["Received", "Not here", "Tomorrow"]
        assert (await press(stage, "Received")).startswith("Noted: received.")
        assert await press(stage, "Received", on="second") == "Noted already: received."
        assert await received(stage) == [RecordEvent.RECEIVED]
        [entry] = (await stage.order("1001")).journal
        assert (entry.at, entry.note) == (stage.now, None)
        await stage.pass_once()
        assert (await alert(stage, "delivered_unconfirmed")).state == "resolved"
        assert await press(stage, "Tomorrow") == "That is over already."


async def test_in_the_users_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config=f'language = "es"\n{CONFIG}') as stage:
        await at_the_door(stage)
        assert remote(stage).labels() == ["Recibido", "No está", "Mañana"]
        assert await press(stage, "Mañana") == "Anotado: te lo repito mañana a las 09:00."
        said = await press(stage, "No está")
        assert "motivo «Entregado en otro sitio»:\nCuenta → Mis pedidos" in said
        assert len(said.partition("\n")[0]) <= 200


async def test_not_here_says_what_to_do_and_does_not_mean_received(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await at_the_door(stage)
        said = await press(stage, "Not here")
        assert "neighbours" in said
        assert "reason “Delivered elsewhere”:\nAccount → My Orders" in said
        assert len(said.partition("\n")[0]) <= 200
        assert (await alert(stage, "delivered_unconfirmed")).state == "acknowledged"
        assert await received(stage) == []
        stage.later(days=4)
        await stage.pass_once()
        said_of_it = [sent.stage for sent in remote(stage).inbox if sent.rule == "delivered_unconfirmed"]
        assert said_of_it == ["delivered", "again"]


#: When Tomorrow is pressed, when it is said again, and what the phone shows. In Madrid clocks are set
#: back on 25 October 2026, and forward on 28 March 2027.
TOMORROWS = [
    ("2026-05-12 12:00", "2026-05-13 09:00", "tomorrow at 09:00"),
    ("2026-05-12 23:59", "2026-05-13 09:00", "tomorrow at 09:00"),
    ("2026-05-13 00:00", "2026-05-14 09:00", "tomorrow at 09:00"),
    ("2026-10-24 12:00", "2026-10-25 09:00", "tomorrow at 09:00"),
    ("2026-10-24 23:59", "2026-10-25 09:00", "tomorrow at 09:00"),
    ("2027-03-27 23:59", "2027-03-28 09:00", "tomorrow at 09:00"),
]


@pytest.mark.parametrize(("pressed", "again", "shown"), TOMORROWS)
async def test_tomorrow(tmp_path: Path, pressed: str, again: str, shown: str) -> None:
    async with a_stage(tmp_path, at(pressed)) as stage:
        day = at(pressed).date()
        bought = an_order(id="1001", title="USB hub", parcels="LP1", shipped_on=day - timedelta(days=5))
        await stage.take(bought)
        stage.source.tells(held("LP1", f"{day - timedelta(days=1)} 09:00"))
        await stage.pass_once()
        assert await press(stage, "Tomorrow") == f"Noted: I will say it again {shown}."
        assert (await alert(stage, "customs_hold")).snoozed_until == at(again)
        stage.now = at(again) - timedelta(seconds=1)
        stage.source.tells(held("LP1", f"{day - timedelta(days=1)} 09:00"))
        await stage.pass_once()
        assert remote(stage).titles == ["Customs hold: USB hub"]
        stage.now = at(again)
        await stage.pass_once()
        assert remote(stage).titles == ["Customs hold: USB hub"] * 2
        assert remote(stage).labels() == ["Done", "Tomorrow"]


async def test_tomorrow_in_the_users_own_morning(tmp_path: Path) -> None:
    config = CONFIG.replace("Europe/Madrid", "America/Lima")
    async with a_stage(tmp_path, at("2026-05-12 06:30"), config=config) as stage:
        await customs(stage)
        await press(stage, "Tomorrow")  # 23:30 of 11 May in Lima
        assert (await alert(stage, "customs_hold")).snoozed_until == at("2026-05-12 16:00")


async def test_tomorrow_leaves_time_to_act(tmp_path: Path) -> None:
    async with a_stage(tmp_path, at("2026-07-01 09:00")) as stage:
        await stage.take(ORDER)
        await stage.pass_once()
        last = remote(stage).titles.index("Last chance: USB hub")
        said = "Noted: I will say it again tomorrow at 09:00."
        assert await press(stage, "Tomorrow", last) == said
        stage.now = at("2026-07-02 09:00")
        await stage.pass_once()
        stage.now = at("2026-07-02 09:30")
        assert await press(stage, "Tomorrow") == (
            "Noted: I will say it again Thu 2 Jul 10:00, for it must be done by Thu 2 Jul 12:00."
        )
        stage.now = at("2026-07-02 10:00")
        await stage.pass_once()
        stage.now = at("2026-07-02 22:30")
        assert await press(stage, "Tomorrow") == "It cannot wait: it must be done by Thu 2 Jul 24:00."
        assert (await alert(stage, "protection_ending")).state == "open"
        assert remote(stage).titles.count("Last chance: USB hub") == 3


@pytest.mark.parametrize("label", ["Done", "Tomorrow"])
async def test_no_answer_silences_the_last_stage(tmp_path: Path, label: str) -> None:
    async with a_stage(tmp_path, at("2026-06-18 09:00")) as stage:
        await stage.take(ORDER)
        stages = []
        for now in ("2026-06-18 09:00", "2026-06-25 09:00", "2026-06-29 09:00", "2026-07-01 09:00"):
            stage.now = at(now)
            await stage.pass_once()
            said = [i for i, sent in enumerate(remote(stage).inbox) if sent.rule == "protection_ending"]
            number = said[-1]
            stages.append(remote(stage).inbox[number].stage)
            await press(stage, label, number)
        assert stages == ["14d", "7d", "3d", "1d"]


async def test_a_button_of_an_older_stage_does_not_hush_the_newer(tmp_path: Path) -> None:
    async with a_stage(tmp_path, at("2026-06-29 09:00")) as stage:
        await stage.take(ORDER)
        await stage.pass_once()
        older = [sent.stage for sent in remote(stage).inbox].index("3d")
        stage.now = at("2026-07-01 09:00")
        await stage.cycle.think(stage.now)
        for label in ("Done", "Tomorrow"):
            assert (await press(stage, label, older)).startswith("It got worse since that message")
            assert (await alert(stage, "protection_ending")).state == "open"


async def test_the_phone_is_told_what_comes_next(tmp_path: Path) -> None:
    async with a_stage(tmp_path, at("2026-06-25 09:00")) as stage:
        await stage.take(ORDER)
        await stage.pass_once()
        number = [sent.rule for sent in remote(stage).inbox].index("protection_ending")
        assert await press(stage, "Done", number) == (
            "Noted. If it lasts, the next warning comes Mon 29 Jun 09:00."
        )
        stage.now = at("2026-07-01 09:00")
        await stage.pass_once()
        assert await press(stage, "Done") == (
            "Noted. I do not repeat it, but it must be done by Thu 2 Jul 12:00."
        )


async def test_a_replay_after_a_restart_is_ignored(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await customs(stage)
        await press(stage, "Done")
        await stage.restart()
        await press(stage, "Tomorrow")
        assert await press(stage, "Done") == "Noted already."
        stage.later(minutes=10)
        remote(stage).shown.clear()
        remote(stage).press(remote(stage).carries("Done"))
        await hear(stage)
        assert remote(stage).shown == []
        assert (await alert(stage, "customs_hold")).state == "snoozed"


async def test_a_button_that_was_pressed_while_we_were_off_is_heard(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await customs(stage)
        await hear(stage)  # from now on
        remote(stage).press(remote(stage).carries("Done"))
        await stage.restart()
        await hear(stage)
        assert (await alert(stage, "customs_hold")).state == "acknowledged"


async def test_tokens_that_do_not_count(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "other").mkdir()
    async with a_stage(tmp_path) as stage, a_stage(tmp_path / "other") as other:
        await customs(stage)
        await customs(other)
        await hear(stage)
        mine, foreign = remote(stage).carries("Done"), remote(other).carries("Done")
        for token in (foreign, mine[:-1], "done", "", "\x1b[2J" * 20):
            remote(stage).press(token)
        await hear(stage)
        stage.now += LIFETIME
        remote(stage).press(mine)
        await hear(stage)
        assert (await alert(stage, "customs_hold")).state == "open"
        assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
            "a button of channel remote is ignored: it was not signed here",
            *["a button of channel remote is ignored: it is no token"] * 4,
            "a button of channel remote is ignored: it has expired",
        ]
        assert remote(stage).shown == ["This button is too old. At the computer: orderwatch alerts"]
        assert mine not in caplog.text
        assert await stage.rows("SELECT * FROM replies") == []


async def test_a_fault_of_ours_keeps_no_other_button_from_being_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_stage(tmp_path) as stage:
        await at_the_door(stage)
        await hear(stage)

        def broken(*_: object) -> str:
            raise LookupError

        monkeypatch.setattr("monitor.acknowledging._receive", broken)
        remote(stage).press(remote(stage).carries("Received"))
        remote(stage).press(remote(stage).carries("Not here"))
        await hear(stage)
        assert "a fault of orderwatch" in caplog.text
        assert (await alert(stage, "delivered_unconfirmed")).state == "acknowledged"
        assert await stage.rows("SELECT word FROM replies") == [("not_here",)]


async def test_a_full_cycle_hears_before_it_thinks(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await at_the_door(stage)
        await hear(stage)
        (tmp_path / "orders.toml").write_text(
            '[[orders]]\nid = "1001"\ntitle = "Order 1001"\nparcels = ["LP1"]\n'
        )
        remote(stage).press(remote(stage).carries("Received"))
        await stage.cycle.once(stage.now)
        assert await received(stage) == [RecordEvent.RECEIVED]
        assert (await alert(stage, "delivered_unconfirmed")).state == "resolved"
