"""Tracking files: folders, broken neighbours, aliases, and what people write."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from carriers.files import Files
from monitor.carrier import (
    FetchError,
    ParseError,
    Payload,
    ShipmentStatus,
    Tracking,
    Unreachable,
)
from monitor.core.tracking import identity
from tests.carriers.conftest import Talk

SOURCE = Files(path="/srv/my parcels")
ONE, TWO = "LP00420000000017", "LP00420000000025"


def folder(*names: str) -> Payload:
    listing = [{"name": name, "size": 1, "mtime_ns": 1} for name in names]
    return Payload(json.dumps(listing).encode(), content_type="inode/directory", name="my parcels")


def file(content: object, name: str = "parcels.json") -> Payload:
    return Payload(json.dumps(content).encode(), name=name)


def text(content: str, name: str) -> Payload:
    return Payload(content.encode(), name=name)


def event(at: str, status: str | None = None, **more: Any) -> dict[str, Any]:
    return {"at": at, **({"status": status} if status else {}), **more}


def read(content: object, source: Files = SOURCE) -> Sequence[Tracking]:
    return list(source.parse(file(content)))


def statuses(trackings: Sequence[Tracking]) -> dict[str, str]:
    return {tracking.number: tracking.status.value for tracking in trackings}


DELIVERED = {"number": ONE, "events": [event("2026-10-05T08:00:00+02:00", "delivered")]}


# Files and folders


def test_a_file_is_asked_for_once(talk: Talk) -> None:
    requests, learned = talk(SOURCE, [ONE, TWO], file(DELIVERED))
    assert [request.url for request in requests] == ["file:///srv/my%20parcels"]
    assert statuses(learned) == {ONE: "delivered", TWO: "not_found"}


def test_a_folder_is_asked_for_and_then_its_files(talk: Talk) -> None:
    requests, learned = talk(
        SOURCE,
        [ONE, TWO],
        folder("a.json", "ñ #1.csv"),
        file(DELIVERED),
        text(f"number,at,status\n{TWO},2026-10-05,in_transit\n", ""),
    )
    assert [request.url for request in requests] == [
        "file:///srv/my%20parcels",
        "file:///srv/my%20parcels/a.json",
        "file:///srv/my%20parcels/%C3%B1%20%231.csv",
    ]
    assert statuses(learned) == {ONE: "delivered", TWO: "in_transit"}


def test_an_empty_folder_knows_nothing(talk: Talk) -> None:
    _, learned = talk(SOURCE, [ONE], folder())
    assert statuses(learned) == {ONE: "not_found"}


def test_a_folder_that_is_gone_is_a_failure(talk: Talk) -> None:
    with pytest.raises(Unreachable, match="is not there"):
        talk(SOURCE, [ONE], Unreachable("/srv/my parcels is not there"))


BROKEN = [
    pytest.param(Unreachable("b.json may not be read"), id="unreadable"),
    pytest.param(text('[{"number": ', "b.json"), id="half-written"),
    pytest.param(text("", "b.json"), id="empty"),
    pytest.param(Payload(b"\x89PNG\r\n\x1a\n\xff", name="b.json"), id="binary"),
    pytest.param(file({"number": TWO, "statos": "delivered"}, "b.json"), id="misspelt"),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_beside_a_broken_file_the_good_ones_count(talk: Talk, broken: Payload | FetchError) -> None:
    _, learned = talk(SOURCE, [ONE], folder("b.json", "a.json"), broken, file(DELIVERED))
    assert statuses(learned) == {ONE: "delivered"}


@pytest.mark.parametrize("broken", BROKEN)
def test_beside_a_broken_file_nothing_is_not_found(talk: Talk, broken: Payload | FetchError) -> None:
    _, learned = talk(SOURCE, [ONE, TWO], folder("b.json", "a.json"), broken, file(DELIVERED))
    assert statuses(learned) == {ONE: "delivered"}
    with pytest.raises((ParseError, FetchError), match=r"b\.json"):
        talk(SOURCE, [TWO], folder("b.json", "a.json"), broken, file(DELIVERED))


def test_the_folder_is_the_root_of_what_may_be_read() -> None:
    assert SOURCE.root == "/srv/my parcels"


def test_a_relative_path_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="absolute"):
        Files(path="tracking")


# Numbers and aliases


@pytest.mark.parametrize("asked", [ONE, "lp 0042 0000 000017", "UG251350999MV", "ug251350999mv "])
def test_a_number_is_found_by_all_its_names(talk: Talk, asked: str) -> None:
    told = {"number": "LP 00420000000017", "aliases": ["ug251350999mv"], "status": "in_transit"}
    _, [tracking] = talk(SOURCE, [asked], file(told))
    assert tracking.number == asked
    assert tracking.status is ShipmentStatus.IN_TRANSIT
    assert len(tracking.aliases) == 1


def test_two_asked_names_of_one_parcel_get_an_answer_each(talk: Talk) -> None:
    _, learned = talk(SOURCE, [ONE, TWO], file({"number": ONE, "aliases": [TWO], "status": "returned"}))
    assert statuses(learned) == {ONE: "returned", TWO: "returned"}
    assert [tracking.aliases for tracking in learned] == [(TWO,), (ONE,)]


def test_files_that_share_a_name_are_about_one_parcel(talk: Talk) -> None:
    _, [tracking] = talk(
        SOURCE,
        [ONE],
        folder("a.json", "b.json", "c.json"),
        file({"number": ONE, "events": [event("2026-10-01T08:00:00+02:00", "in_transit")]}),
        file({"number": "X3", "events": [event("2026-10-03T08:00:00+02:00", "out_for_delivery")]}),
        file(
            {
                "number": TWO,
                "aliases": [ONE, "X3"],
                "events": [event("2026-10-02T08:00:00+02:00", "in_customs")],
            }
        ),
    )
    assert tracking.status is ShipmentStatus.OUT_FOR_DELIVERY
    assert [e.at.day for e in tracking.events] == [1, 2, 3]
    assert set(tracking.aliases) == {TWO, "X3"}


# Statuses


@pytest.mark.parametrize(
    ("parcel", "status"),
    [
        pytest.param({}, "not_found", id="nothing"),
        pytest.param({"status": "Customs Hold"}, "customs_hold", id="as people write it"),
        pytest.param({"status": "out-for-delivery"}, "out_for_delivery", id="with hyphens"),
        pytest.param({"status": "beamed"}, "unknown", id="no word of ours"),
        pytest.param({"delivered_at": "2026-10-01"}, "delivered", id="a day of delivery is enough"),
        pytest.param(
            {"delivered_at": "2026-10-01", "events": [event("2026-10-09", "returned")]},
            "returned",
            id="came back",
        ),
        pytest.param(
            {"status": "delivered", "events": [event("2026-10-09", "in_transit")]},
            "delivered",
            id="written down",
        ),
        pytest.param(
            {"events": [event("2026-10-09", "delivered"), event("2026-10-01", "in_transit")]},
            "delivered",
            id="any order",
        ),
        pytest.param(
            {
                "events": [
                    event("2026-10-05T23:30:00+02:00", "in_transit"),
                    event("2026-10-05T22:00:00", "delivered"),
                ]
            },
            "delivered",
            id="without zone ordered by the wall clock",
        ),
        pytest.param(
            {"events": [event("2026-10-01", "delivered"), event("2026-10-02", description="Photo")]},
            "delivered",
            id="a note has no status",
        ),
        pytest.param({"events": [event("2026-10-01", description="Note")]}, "unknown", id="only a note"),
    ],
)
def test_the_status_of_a_parcel(parcel: dict[str, Any], status: str) -> None:
    assert statuses(read({"number": ONE, **parcel})) == {ONE: status}


def test_words_of_others_are_kept_and_can_be_mapped() -> None:
    told = {"number": ONE, "events": [event("2026-10-01", "Beamed up"), event("2026-10-02", code="B2")]}
    [unread] = read(told)
    assert [e.code for e in unread.events] == ["Beamed up", "B2"]
    assert {e.status for e in unread.events} == {ShipmentStatus.UNKNOWN}
    codes = {"Beamed up": ShipmentStatus.IN_TRANSIT, "B2": ShipmentStatus.EXCEPTION}
    [mapped] = read(told, Files(path="/t", codes=codes))
    assert [e.status for e in mapped.events] == [ShipmentStatus.IN_TRANSIT, ShipmentStatus.EXCEPTION]


@pytest.mark.parametrize(
    "told",
    [
        {"events": [event("2026-10-01", "unterwegs", description="Left")]},
        {"events": [event("2026-10-01", code="unterwegs", description="Left")]},
        {"events": [event("2026-10-01", "unterwegs", code="U1", description="Left")]},
        {"status": "unterwegs", "events": [event("2026-10-01", "in_transit"), event("2026-10-02", "unterwegs")]},
        {"status": "unterwegs", "events": [event("2026-10-01", "delivered"), event("2026-10-02")]},
    ],
    ids=["word", "code", "word and code", "parcel and scan", "parcel alone"],
)  # fmt: skip
def test_a_word_that_got_a_meaning_makes_no_second_scan(told: dict[str, Any]) -> None:
    codes = {"unterwegs": ShipmentStatus.IN_TRANSIT, "delivered": ShipmentStatus.RETURNED}
    [before] = read({"number": ONE, **told})
    [after] = read({"number": ONE, **told}, Files(path="/t", codes=codes))
    assert [identity(e) for e in after.events] == [identity(e) for e in before.events]
    assert after.status is ShipmentStatus.IN_TRANSIT


def test_a_parcel_whose_own_word_is_strange_keeps_its_scans_when_another_is_added() -> None:
    first = event("2026-10-01", "in_transit", description="Left")
    [before] = read({"number": ONE, "status": "im Zoll", "events": [first]})
    [after] = read({"number": ONE, "status": "im Zoll", "events": [first, event("2026-10-02", "in_customs")]})
    assert before.status is after.status is ShipmentStatus.UNKNOWN
    assert after.events[0] == before.events[0]


# What is wrong is said, with file and place


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (
            file([{"number": ONE}, {"number": TWO, "evnts": []}]),
            r"parcels.json \$\[1\]: .*unknown field `evnts`",
        ),
        (
            file({"number": ONE, "events": [{"at": "soon"}]}),
            r"\$\.events\[0\]\.at: must be a time .* is soon",
        ),
        (file({"number": ONE, "events": [{"at": "20206-01-01"}]}), r"\$\.events\[0\]\.at: must be a time"),
        (file({"number": ONE, "events": [{"status": "delivered"}]}), r"\$\.events\[0\]: .*`at`"),
        (file({"number": " "}), r"\$\.number: is empty"),
        (
            file({"number": ONE, "estimated_delivery": {"latest": "2026-02-30"}}),
            r"estimated_delivery\.latest",
        ),
        (file({"orders": []}), "parcels.json"),
        (text('[\n{"number": "1"},\n', "p.json"), r"p\.json:3:1: no JSON"),
        (text("[" * 100_000, "p.json"), r"p\.json"),
        (Payload("número".encode("utf-16"), name="p.csv"), r"p\.csv is not UTF-8"),
        (text("number,at\n1,2026-10-01\n,2026-10-01\n", "p.csv"), r"p\.csv:3 number: is empty"),
        (text("number,at\n1,2026-02-30\n", "p.csv"), r"p\.csv:2\.at: must be a time .* is 2026-02-30"),
        (text("number,description\n1,Left\n", "p.csv"), r"p\.csv:2\.at: .* is nothing"),
        (text("number,at\n1,2026-10-01,3\n", "p.csv"), r"p\.csv:2: 3 cells, but there are 2 columns"),
        (text("at,status\n", "p.csv"), r'p\.csv:1: the column "number" is missing'),
        (text("number,number\n", "p.csv"), r'p\.csv:1: the column "number" is there twice'),
        (text('number,at\n1,"2026\n', "p.csv"), r"p\.csv:\d"),
    ],
)
def test_a_mistake_names_its_file_and_place(payload: Payload, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        list(SOURCE.parse(payload))


@pytest.mark.parametrize("name", ["", "dump", "parcels.txt"])
def test_without_a_telling_name_the_content_says_which_format(name: str) -> None:
    [by_json] = SOURCE.parse(text(f'\n {{"number": "{ONE}"}}', name))
    [by_csv] = SOURCE.parse(text(f"number\n{ONE}\n", name))
    assert by_json.number == by_csv.number == ONE


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_csv_as_spreadsheets_write_it(delimiter: str, end: str, start: str) -> None:
    rows = [
        ["Number", "At", "Status", "City"],
        [ONE, "2026-10-05 08:00", "delivered", '"Sant Cugat, 3; b\t"'],
    ]
    [tracking] = SOURCE.parse(text(start + end.join(delimiter.join(row) for row in rows), "p.csv"))
    assert tracking.status is ShipmentStatus.DELIVERED
    assert tracking.events[0].place
    assert tracking.events[0].place.city == "Sant Cugat, 3; b"


def test_many_rows_of_one_parcel_take_no_time() -> None:
    rows = "".join(
        f"{ONE},2026-10-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z,in_transit\n" for n in range(5000)
    )
    [tracking] = SOURCE.parse(text("number,at,status\n" + rows, "p.csv"))
    assert len(tracking.events) == 5000


# Times

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
wall_clocks = st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31))


@given(wall_clocks, offsets)
def test_a_time_with_an_offset_is_that_instant_with_that_offset(wall: datetime, zone: timezone) -> None:
    at = wall.replace(tzinfo=zone)
    [tracking] = read({"number": ONE, "events": [event(at.isoformat(), "delivered")]})
    [scan] = tracking.events
    assert scan.zone_known
    assert scan.at == at
    assert scan.at.utcoffset() == at.utcoffset()


@given(wall_clocks)
def test_a_time_without_offset_stays_the_wall_clock_it_was(wall: datetime) -> None:
    [tracking] = read({"number": ONE, "events": [event(wall.isoformat(), "delivered")]})
    [scan] = tracking.events
    assert not scan.zone_known
    assert scan.at == wall.replace(tzinfo=UTC)


@given(st.dates(datetime(1990, 1, 1).date(), datetime(2199, 12, 31).date()))
def test_a_day_is_its_midnight_in_an_unknown_zone(day: Any) -> None:
    [tracking] = read({"number": ONE, "events": [event(day.isoformat(), "delivered")]})
    [scan] = tracking.events
    assert not scan.zone_known
    assert scan.at == datetime(day.year, day.month, day.day, tzinfo=UTC)


@given(st.lists(st.tuples(wall_clocks, st.sampled_from(ShipmentStatus)), max_size=8), st.randoms())
def test_the_order_of_rows_says_nothing(scans: list[tuple[datetime, ShipmentStatus]], random: Any) -> None:
    rows = [f"{ONE},{at.isoformat()}Z,{status}" for at, status in scans]
    shuffled = random.sample(rows, len(rows))

    def parsed(lines: list[str]) -> set[Any]:
        read_ = SOURCE.parse(text("\n".join(["number,at,status", *lines]), "p.csv"))
        return {(tracking.status, frozenset(tracking.events), tracking.delivery) for tracking in read_}

    assert parsed(rows) == parsed(shuffled)
