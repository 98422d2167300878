"""All that the database knows of orders, in a document that can be relied on."""

import asyncio
import shutil
import tracemalloc
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.alerts import AlertState
from monitor.core.case import JournalEntry
from monitor.core.model import Delivery, EstimatedDelivery, FileKind, Money, Parcel, Phase
from monitor.errors import StoreError
from monitor.evidence import Found, Identity, Look
from monitor.export import Export
from monitor.notifier import Failure, NotifierError
from monitor.publish import publish_all
from monitor.replies import digest
from monitor.store import Store
from monitor.store.archive import Archive
from tests.monitor.core.facts import HOME, MADRID, a_scan, an_entry, an_order, at, day
from tests.monitor.core.strategies import journals
from tests.monitor.exported import Answer, Exported, Price, read
from tests.monitor.remote import Remote, hear
from tests.monitor.stage import CONFIG, NOW, Phone, Stage, held, moving

DATABASE = "orderwatch.db"
TIERS = f"""{CONFIG}
[alerts]
tiers = [["remote"], ["late"]]
[notifiers.remote]
adapter = "journal"
[notifiers.late]
adapter = "journal"
"""
TEXT, NOISE = '{"number": "LP1", "text": "Aduana · 海关"}'.encode(), b"\x89PNG\x00\xff"
HUB = an_order(
    id="1001", title="USB hub", parcels=(Parcel("LP1", "scripted"), Parcel("LP2")), price=Money("41.90", "EUR"),
    seller="Hub Store", deliver_to=HOME, ordered_on="2026-04-27",
    shipped_on="2026-04-28", notes="a gift",
)  # fmt: skip
LAMP = an_order(id="1002", title="Lamp", parcels="RX1", shipped_on="2026-04-30")
OLD = an_order(id="1003", title="Old", parcels="", status="finished")


def exported(folder: Path, order: str | None = None, *, bodies: bool = False, when: str = "") -> Exported:
    now = at(when) if when else NOW
    with Archive(folder / DATABASE) as archive:
        return read("".join(Export(archive, MADRID, now, order, bodies).pieces()))


async def a_history(stage: Stage, remote: Remote) -> None:
    """Three orders: of one customs holds a parcel, which the phone is told at the third attempt, and the
    buyer puts off; they open a dispute, and take something back."""
    await stage.take(HUB, LAMP, OLD)
    await hear(stage)
    edd = EstimatedDelivery(day("2026-05-20"), day("2026-05-25"))
    stage.source.tells(
        held("LP1", aliases=("RX1",), edd=edd),
        moving("LP2", "2026-05-09 09:00"),
        moving("RX1", "2026-05-09 09:00"),
    )
    for failure in (Failure.TEMPORARY, Failure.AMBIGUOUS):
        remote.fails(NotifierError(f"no, {failure}", failure))
        await stage.pass_once()
        stage.later(minutes=5)
    remote.works()
    await stage.pass_once()
    remote.press(remote.carries("Tomorrow", 0))
    await hear(stage)
    await stage.database.write(open_dispute)
    await stage.database.write(keep_answers)
    await stage.database.write(keep_evidence)
    await stage.database.write(lambda store: publish_all(store, stage.runtime, stage.now))
    await stage.database.write(
        lambda store: store.orders.record("1001", an_entry("2026-05-12 12:00 undo"), NOW)
    )
    await stage.database.write(lambda store: publish_all(store, stage.runtime, stage.now))
    await stage.pass_once()
    await stage.take(HUB, OLD)


def open_dispute(store: Store) -> None:
    for event in ("dispute-opened reason=customs_hold", "offer due=2026-05-16T18:00", "agreed", "undo"):
        store.orders.record("1001", an_entry(f"2026-05-12 11:00 {event}"), NOW)


def keep_evidence(store: Store) -> None:
    box, film = (
        Found(path, FileKind.PHOTO, Identity(10, 10**18, 7)) for path in ("box.png", "film\udcff.png")
    )
    store.evidence.note("1001", Look((box, film)), NOW)
    store.evidence.read(1, sha256(NOISE).digest(), NOW)
    store.evidence.note("1001", Look((film,)), NOW + timedelta(hours=1))


def keep_answers(store: Store) -> None:
    parcel = store.parcels.find("LP1")
    assert parcel is not None
    store.payloads.keep("scripted", TEXT, [parcel], NOW)
    store.payloads.keep("other", NOISE, [parcel], NOW + timedelta(hours=1))
    store.payloads.keep("scripted", TEXT, [parcel], NOW + timedelta(hours=2))


async def lived_through(folder: Path) -> None:
    remote = Remote(adapter="remote", timeout_seconds=5)
    channels = {"remote": remote, "late": Phone(adapter="late")}
    async with Stage(folder, channels=channels, config=TIERS) as stage:
        await a_history(stage, remote)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    asyncio.run(lived_through(folder))
    return folder


@pytest.fixture
def folder(history: Path, tmp_path: Path) -> Path:
    return shutil.copytree(history, tmp_path / "copy")


# What is told


def test_of_an_order_all_that_its_file_told_and_which_file(folder: Path) -> None:
    hub, lamp = exported(folder)["1001"], exported(folder)["1002"]
    facts = hub.facts
    assert (hub.listed_in, hub.taken_at, hub.unlisted_at) == ("orders.toml", NOW, None)
    assert (facts.title, facts.seller, facts.price) == ("USB hub", "Hub Store", Price("41.90", "EUR"))
    assert (facts.shipped_on, facts.ordered_on, facts.paid_on) == (day("2026-04-28"), day("2026-04-27"), None)
    assert [(it.number, it.carrier) for it in facts.parcels] == [("LP1", "scripted"), ("LP2", None)]
    assert facts.deliver_to is not None
    assert (facts.deliver_to.city, facts.notes) == ("Madrid", "a gift")
    assert lamp.unlisted_at is not None


def test_how_an_order_stands(folder: Path) -> None:
    known = exported(folder)
    assert [(it.id, it.phase, it.at_stake) for it in known.orders] == [
        ("1001", Phase.DISPUTED, True),
        ("1002", Phase.SHIPPED, True),
        ("1003", Phase.FINISHED, False),
    ]
    assert (known["1001"].staked_until, known["1002"].staked_until) == (None, at("2026-06-30 00:00"))
    assert known["1001"].safe_until == at("2026-06-28 00:00")
    assert known["1003"].next_at is None
    later = exported(folder, when="2026-07-01 12:00")
    assert [it.at_stake for it in later.orders] == [True, False, False]
    assert later.exported_at == at("2026-07-01 12:00")


def test_parcels_with_all_their_numbers_and_orders(folder: Path) -> None:
    known = exported(folder)
    first, second = known["1001"].parcels
    assert (first.number, first.aliases, first.orders) == ("LP1", ["RX1"], ["1001", "1002"])
    assert (second.number, second.aliases, second.orders) == ("LP2", [], ["1001"])
    # One parcel: the lamp's number is another name of the hub's.
    assert known["1002"].parcels == [first]
    assert first.estimated_delivery is not None
    assert (first.estimated_delivery.earliest, first.estimated_delivery.latest) == (
        day("2026-05-20"),
        day("2026-05-25"),
    )
    assert [(it.source, it.number, it.failures) for it in first.lookups] == [
        ("scripted", "LP1", 0),
        ("scripted", "RX1", 0),
    ]
    assert [it.description for it in first.events] == ["", "in_transit", "Held by customs"]
    assert first.events[-1].at == at("2026-05-10 09:00")


def test_a_time_without_a_zone_stays_without(tmp_path: Path) -> None:
    store = Store(tmp_path / DATABASE)
    with store.atomic():
        store.orders.take([HUB], NOW, lambda parcel: "scripted")
        (due, *_) = store.lookups.due(NOW, 9)
        scan = a_scan("2026-05-10 09:00", zone_known=False)
        store.parcels.succeed([(due, replace(due.shipment, newest=scan), [scan], None)], None, NOW)
    store.close()
    [event] = [it for parcel in exported(tmp_path)["1001"].parcels for it in parcel.events]
    assert event.at.isoformat() == "2026-05-10T09:00:00"


async def test_a_journey_to_its_end(tmp_path: Path) -> None:
    """Promised for the 20th, then for the 25th, and delivered in between, by a clock of which nobody tells the zone."""
    async with Stage(tmp_path) as stage:
        await stage.take(an_order(id="1001", parcels="LP1"))
        for latest in ("2026-05-20", "2026-05-25"):
            stage.source.tells(moving("LP1", edd=EstimatedDelivery(latest=day(latest))))
            await stage.pass_once()
            stage.later(days=1)
        there = Delivery(datetime(2026, 5, 22, 10, tzinfo=UTC), zone_known=False, place=HOME)
        stage.source.tells(moving("LP1", "2026-05-22 10:00", "delivered", delivery=there))
        stage.later(days=10)
        await stage.pass_once()
    [parcel] = exported(tmp_path)["1001"].parcels
    [slip] = parcel.slips
    assert (slip.seen_at, slip.before, slip.after) == (
        NOW + timedelta(days=1),
        day("2026-05-20"),
        day("2026-05-25"),
    )
    assert parcel.delivery is not None
    assert parcel.delivery.at is not None
    assert parcel.delivery.at.isoformat() == "2026-05-22T10:00:00"
    assert parcel.delivery.place is not None
    assert parcel.delivery.place.city == "Madrid"
    assert [it.next_look for it in parcel.lookups] == [None]


def test_the_journal_with_what_was_taken_back(folder: Path) -> None:
    journal = exported(folder)["1001"].journal
    assert [(it.event.value, it.undone) for it in journal] == [
        ("dispute-opened", False),
        ("offer", True),
        ("agreed", True),
        ("undo", False),
        ("undo", False),
    ]
    assert (journal[0].reason, journal[1].due) == ("customs_hold", at("2026-05-16 18:00"))


def test_alerts_of_every_state_and_what_was_answered(folder: Path) -> None:
    alerts = {it.rule: it for it in exported(folder)["1001"].alerts}
    hold = alerts["customs_hold"]
    assert (hold.state, hold.subject, hold.told_level) == (AlertState.SNOOZED, "LP1", 0)
    assert hold.snoozed_until == at("2026-05-13 09:00")
    assert [it.word for it in hold.replies] == ["tomorrow"]
    states = {it.state for order in exported(folder).orders for it in order.alerts}
    assert states == {AlertState.SNOOZED, AlertState.OPEN, AlertState.RESOLVED}


def test_messages_with_every_attempt_over_every_channel(folder: Path) -> None:
    notices = exported(folder)["1001"].notices
    [hold] = [it for it in notices if it.rule == "customs_hold"]
    assert hold.title == "Customs hold: USB hub"
    assert hold.body.startswith("2 days held · €41.90 · ")
    assert [(it.channel, it.tier, it.state, it.attempt) for it in hold.deliveries] == [
        ("remote", 0, "sent", 3),
        ("late", 1, "superseded", 0),
    ]
    assert [(it.outcome, it.detail) for it in hold.deliveries[0].attempts] == [
        ("temporary", "no, temporary"),
        ("ambiguous", "no, ambiguous"),
        ("ok", ""),
    ]


def test_what_a_calendar_was_told(folder: Path) -> None:
    """An offer had to be answered, until it was taken back."""
    [answer] = [it for it in exported(folder)["1001"].calendar if it.ends == at("2026-05-16 18:00")]
    assert (answer.sequence, answer.cancelled, answer.privacy) == (1, True, "full")
    assert "USB hub" in answer.summary
    assert answer.reminders


def test_evidence_with_what_is_gone(folder: Path) -> None:
    box, film = exported(folder)["1001"].evidence
    assert (box.path, box.kind, box.size) == ("box.png", FileKind.PHOTO, 10)
    assert (box.seen_at, box.gone_at, box.sha256) == (
        NOW,
        NOW + timedelta(hours=1),
        sha256(NOISE).hexdigest(),
    )
    assert box.modified_at == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert (film.path, film.gone_at, film.sha256) == ("film\ufffd.png", None, None)


def test_answers_of_sources_once_and_with_their_bodies_if_asked(folder: Path) -> None:
    known = exported(folder, bodies=True)
    hashes = [sha256(body).hexdigest() for body in (TEXT, NOISE)]
    assert known["1001"].parcels[0].answers == hashes
    text, noise = known.answers
    assert [(it.hash, it.source) for it in known.answers] == list(
        zip(hashes, ("scripted", "other"), strict=True)
    )
    assert (text.first_seen_at, text.last_seen_at) == (NOW, NOW + timedelta(hours=2))
    assert (text.encoding, body_of(text)) == ("utf-8", TEXT)
    assert (noise.encoding, body_of(noise)) == ("base64", NOISE)
    without = exported(folder).answers
    assert [(it.hash, it.encoding, it.body) for it in without] == [(hash_, None, None) for hash_ in hashes]


def body_of(answer: Answer) -> bytes:
    assert answer.body is not None
    return b64decode(answer.body) if answer.encoding == "base64" else answer.body.encode()


def test_one_order_is_told_as_among_all(folder: Path) -> None:
    everything = exported(folder, bodies=True)
    for order in everything.orders:
        alone = exported(folder, order.id, bodies=True)
        assert alone.orders == [order]
        told = {hash_ for parcel in order.parcels for hash_ in parcel.answers}
        assert alone.answers == [it for it in everything.answers if it.hash in told]


# What is never told


def test_no_secret_and_no_button(folder: Path) -> None:
    store = Store(folder / DATABASE)
    secret = store.replies.secret().hex()
    [used] = [row[0] for row in store.db.execute("SELECT token FROM replies")]
    store.close()
    with Archive(folder / DATABASE) as archive:
        told = "".join(Export(archive, MADRID, NOW, bodies=True).pieces())
    assert "tomorrow" in told
    assert not [it for it in (secret, used.hex(), digest("x").hex()) if it in told]


# What can be relied on


@pytest.mark.parametrize("spoil", ["more", "less", "order"])
def test_the_shape_is_checked_to_the_last_key(folder: Path, spoil: str) -> None:
    with Archive(folder / DATABASE) as archive:
        told = msgspec.json.decode("".join(Export(archive, MADRID, NOW).pieces()))
    read(msgspec.json.encode(told))
    event = told["orders"][0]["parcels"][0]["events"][0]
    if spoil == "more":
        event["more"] = 1
    else:
        code = event.pop("code")
        event |= {"code": code} if spoil == "order" else {}
    with pytest.raises(AssertionError if spoil == "order" else msgspec.ValidationError):
        read(msgspec.json.encode(told))


@settings(max_examples=5, deadline=None)
@given(st.lists(journals(), min_size=1, max_size=20))
def test_journals_come_back_as_they_were_recorded(
    tmp_path_factory: pytest.TempPathFactory, told: list[list[JournalEntry]]
) -> None:
    folder = tmp_path_factory.mktemp("journals")
    ids = [str(number) for number in range(len(told))]
    store = Store(folder / DATABASE)
    with store.atomic():
        store.orders.take([replace(HUB, id=id_) for id_ in ids], NOW, lambda parcel: None)
        for id_, journal in zip(ids, told, strict=True):
            for minute, entry in enumerate(journal):
                store.orders.record(id_, entry, NOW + timedelta(minutes=minute))
    kept = [store.orders.journal(id_) for id_ in ids]
    store.close()
    known = exported(folder)
    back = [[(it.recorded_at, it.entry()) for it in known[id_].journal] for id_ in ids]
    assert back == kept
    assert [[entry for _, entry in journal] for journal in back] == told


def test_a_database_without_orders(tmp_path: Path) -> None:
    Store(tmp_path / DATABASE).close()
    with Archive(tmp_path / DATABASE) as archive:
        told = "".join(Export(archive, MADRID, NOW).pieces())
    assert told == '{\n  "exported_at": "2026-05-12T12:00:00+02:00",\n  "orders": [],\n  "answers": []\n}\n'
    assert read(told).orders == []


# Beside whoever writes


def test_what_is_written_meanwhile_is_not_told(folder: Path) -> None:
    """The service goes on; the document is of the moment at which it was begun."""
    store = Store(folder / DATABASE, busy_seconds=0.1)
    with store.atomic():
        store.orders.take([HUB], NOW, lambda parcel: None)
    before = exported(folder)
    with Archive(folder / DATABASE) as archive:
        pieces = Export(archive, MADRID, NOW).pieces()
        told = next(pieces) + next(pieces)
        with store.atomic():
            store.orders.record("1002", an_entry("2026-05-12 13:00 closed"), NOW)
            store.orders.take(
                [replace(LAMP, title="Another"), replace(LAMP, id="2000")], NOW, lambda parcel: None
            )
        store.tidy()
        told += "".join(pieces)
    assert read(told) == before
    assert exported(folder)["1002"].facts.title == "Another"
    store.close()


def test_a_file_that_changes_under_our_hands_is_told(folder: Path) -> None:
    """Where nobody wrote when it was opened, it is read as one that never changes."""
    with Archive(folder / DATABASE) as archive:
        pieces = Export(archive, MADRID, NOW).pieces()
        next(pieces)
        store = Store(folder / DATABASE)
        with store.atomic():
            store.orders.record("1002", an_entry("2026-05-12 13:00 closed"), NOW)
        store.close()
        with pytest.raises(StoreError, match="changed while it was read; do it again"):
            list(pieces)


def test_nothing_is_written(folder: Path) -> None:
    def all_files() -> dict[str, bytes]:
        return {it.name: it.read_bytes() for it in folder.iterdir()}

    before = all_files()
    exported(folder, bodies=True)
    assert all_files() == before


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Archive(tmp_path / DATABASE)
    assert list(tmp_path.iterdir()) == []


def test_an_older_database_is_refused_and_not_brought_up_to_date(folder: Path) -> None:
    store = Store(folder / DATABASE)
    store.db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0009_notices_of_order'")
    store.db.execute("DROP INDEX notices_of_order")
    store.close()
    with pytest.raises(StoreError, match="older orderwatch; `orderwatch orders` brings it up to date"):
        Archive(folder / DATABASE)


# Many


def fill(store: Store, many: int) -> None:
    with store.atomic():
        store.orders.take(
            [an_order(id=str(number), title="A" * 60, parcels=f"LP{number}") for number in range(many)],
            NOW,
            lambda parcel: "scripted",
        )
        while due := store.lookups.due(NOW, 500):
            scans = [
                a_scan(f"2026-05-{day_:02} 09:00", description="On its way " * 5) for day_ in range(1, 6)
            ]
            looks = [(it, replace(it.shipment, newest=scans[-1]), scans, None) for it in due]
            store.parcels.succeed(looks, None, NOW)
            for it in due:
                body = f"{it.lookup.number} ".encode() * 200
                store.payloads.keep("scripted", body, [it.parcel], NOW)


def test_two_thousand_orders_take_no_more_memory_than_a_few(tmp_path: Path) -> None:
    store = Store(tmp_path / DATABASE)
    fill(store, 2000)
    store.close()
    length = parts = 0
    with Archive(tmp_path / DATABASE) as archive:
        tracemalloc.start()
        try:
            for piece in Export(archive, MADRID, NOW, bodies=True).pieces():
                length += len(piece)
                parts += 1
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert parts > 4000
    assert length > 8_000_000
    assert most < 3_000_000
