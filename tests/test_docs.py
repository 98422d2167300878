"""The documentation, compared with what it describes: its tables, its names, its links, its code."""

import json
import logging
import re
import shlex
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

import carriers
from monitor.cli import COMMANDS, main, orderwatch
from monitor.cli.frame import CommandLine
from monitor.core.cadence import INTERVALS
from monitor.core.case import RecordEvent
from monitor.core.model import Severity, ShipmentStatus
from monitor.core.policy import Clock, EvidenceItem, Policy
from monitor.core.rules import MUTED_BY_DISPUTE, MUTED_BY_RECEIPT, OTHERS, PROBLEMS
from monitor.core.rules.protection import dispute_openable
from monitor.core.rules.service import channel_down, policy_old, source_blind
from monitor.core.situation import Ending
from monitor.daemon import PACE
from monitor.evidence.looking import DEEPEST, MOST_FILES
from monitor.orders.row import KEYS
from monitor.plugins import available_adapters
from monitor.policies import load_policy, shipped_policies
from monitor.settling import RETRIES
from tests.monitor import exported

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "systemd").glob("*.md")])
ALIEXPRESS = load_policy("aliexpress")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def text_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def marked(page: str, name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- /name -->`."""
    (found,) = re.findall(rf"<!-- {name} -->(.*?)<!-- /{name} -->", text_of(page), re.DOTALL)
    return str(found)


def rows(table: str) -> list[list[str]]:
    """The cells of all tables in a text, without their headings."""
    lines = [line.strip() for line in table.splitlines()]
    cells = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    kept: list[list[str]] = []
    for row in cells:
        if set("".join(row)) <= set("-:"):
            kept.pop()
        else:
            kept.append([cell.strip() for cell in row])
    return kept


def first_words(table: str) -> list[str]:
    """What stands in backticks in the first column."""
    return [re.findall(r"`([^`]+)`", row[0])[0] for row in rows(table)]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


# Rules and numbers.


def shown(clock: Clock) -> str:
    numbers = ALIEXPRESS.numbers(clock.key)
    if not numbers:
        return "no limit"
    between = ", " if clock.key.endswith(("lead_days", "lead_hours")) else "\N{EN DASH}"
    return f"{between.join(map(str, numbers))} {clock.unit}"


def test_every_clock_is_in_the_table_as_it_is_in_the_policy() -> None:
    written = [row[:4] for row in rows(marked("rules.md", "clocks"))]
    assert written == [
        [f"`{clock.key}`", shown(clock), clock.counts_from, clock.source]
        for clock in ALIEXPRESS.clocks.values()
    ]


def test_every_shipped_policy_is_in_the_table_as_it_is_in_its_file() -> None:
    written = rows(marked("policies.md", "shipped"))
    assert written == [policy_row(load_policy(name)) for name in shipped_policies()]


def policy_row(policy: Policy) -> list[str]:
    days, cap = policy.clocks["protection_days"], policy.clocks["protection_cap_days"]
    opens = policy.clocks["dispute_open_after_days"]
    limit = "" if cap.value is None else f", at most {cap.value} days from: {cap.counts_from}"
    unit = "day" if opens.value == 1 else "days"
    return [
        f"`{policy.name}`",
        policy.kind.value,
        f"{days.value} days{limit}",
        days.counts_from,
        "not known" if opens.value is None else f"{opens.value} {unit} after: {opens.counts_from}",
    ]


def test_every_clock_says_what_it_decides() -> None:
    assert all(row[4] for row in rows(marked("rules.md", "clocks")))


RULES = [*PROBLEMS, *OTHERS, dispute_openable, source_blind, channel_down, policy_old]


def test_every_rule_is_in_the_tables_once() -> None:
    assert sorted(first_words(marked("rules.md", "rules"))) == sorted(rule.__name__ for rule in RULES)


def test_a_problem_is_marked_as_one() -> None:
    marks = {quoted(row[0])[0] for row in rows(marked("rules.md", "rules")) if row[0].endswith("(P)")}
    assert marks == {rule.__name__ for rule in PROBLEMS}


def golden_severities() -> Iterator[tuple[str, str]]:
    """Each rule and how loud it was when its message was written down (the first line of the file)."""
    for file in (ROOT / "tests" / "golden" / "messages").glob("*.txt"):
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        if " is over" not in first:
            what, severity, _ = first.split(", ", 2)
            yield what.split()[0], severity


def test_a_rule_is_as_loud_as_its_messages() -> None:
    loud = {quoted(row[0])[0]: row[2] for row in rows(marked("rules.md", "rules"))}
    heard: dict[str, set[str]] = {}
    for rule, severity in golden_severities():
        heard.setdefault(rule, set()).add(severity)
    told = {rule: {word.value for word in Severity if word in text} for rule, text in loud.items()}
    assert {rule: words - told[rule] for rule, words in heard.items() if words - told[rule]} == {}


@pytest.mark.parametrize(
    ("name", "rules"), [("muted-by-dispute", MUTED_BY_DISPUTE), ("muted-by-receipt", MUTED_BY_RECEIPT)]
)
def test_what_is_muted(name: str, rules: frozenset[str]) -> None:
    assert quoted(marked("rules.md", name)) == sorted(rules)


def test_every_number_that_a_page_names_is_one_of_the_policy() -> None:
    suffix = re.compile(r"`([a-z_]+(?:_days|_hours|_bytes))`")
    named = {name for page in PAGES for name in suffix.findall(page.read_text(encoding="utf-8"))}
    assert named - set(ALIEXPRESS.clocks) - {"retention_days", "quiet_hours"} == set()


# Evidence.


def items_of_aliexpress() -> dict[str, EvidenceItem]:
    dossier = ALIEXPRESS.dossier
    reasons = (item for reason in ALIEXPRESS.reasons.values() for item in reason.evidence)
    return {item.id: item for item in (*reasons, *dossier.always, *dossier.arrived, *dossier.returning)}


def test_all_evidence_is_in_the_table_as_it_is_in_the_policy() -> None:
    written = {quoted(row[0])[0]: row[1:] for row in rows(marked("evidence.md", "evidence"))}
    assert written == {
        item.id: [item.words, item.kind, ", ".join(f"`{name}`" for name in item.names)]
        for item in items_of_aliexpress().values()
    }


def test_every_reason_is_in_the_table_with_what_it_asks_for_and_what_decides() -> None:
    written = [[quoted(row[0])[0], row[1]] for row in rows(marked("evidence.md", "reason-evidence"))]
    assert written == [
        [
            reason.id,
            ", ".join(f"**`{item.id}`**" if item.decisive else f"`{item.id}`" for item in reason.evidence),
        ]
        for reason in ALIEXPRESS.reasons.values()
    ]


def test_what_not_everybody_has_is_named() -> None:
    optional = {item.id for item in items_of_aliexpress().values() if item.optional}
    (sentence,) = re.findall(r"What is not everybody's \((.*?)\)", text_of("evidence.md"))
    assert set(quoted(sentence)) == optional


def test_how_often_evidence_is_looked_at_and_how_deep() -> None:
    text = text_of("evidence.md")
    assert f"The service looks every {PACE['evidence']} seconds" in text
    assert (
        f"more than {DEEPEST} folders in each other, more than {MOST_FILES:,} files".replace(",000", " 000")
        in text
    )


# Commands.


def test_every_command_is_in_the_table() -> None:
    assert first_words(marked("commands.md", "commands")) == list(COMMANDS)


def options_of(command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            inner = command.get_command(click.Context(command), name)
            assert inner is not None
            yield from options_of(inner)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield from parameter.opts


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_told(name: str) -> None:
    sections = re.split(r"^## ", text_of("commands.md"), flags=re.MULTILINE)
    (section,) = [section for section in sections if name in section.partition("\n")[0].split()]
    command = orderwatch.get_command(click.Context(orderwatch), name)
    assert command is not None
    assert [option for option in options_of(command) if option not in section] == []


def test_every_event_that_can_be_recorded_is_told() -> None:
    assert first_words(marked("commands.md", "events")) == [event.value for event in RecordEvent]


def test_every_end_of_an_order_is_told() -> None:
    assert first_words(marked("rules.md", "endings")) == [how.value for how in Ending]


TOLD_ELSEWHERE = (exported.Event, exported.Entry, exported.Place)


def test_every_key_of_an_export_is_told() -> None:
    section = text_of("commands.md").partition("### The document of export\n")[2].partition("\n### ")[0]
    shapes = [shape for shape in exported.Shape.__subclasses__() if shape not in TOLD_ELSEWHERE]
    named = {key for shape in shapes for key in shape.__struct_fields__}
    as_in_alerts = set(re.findall(r'^    "(\w+)":', text_of("commands.md"), re.MULTILINE))
    assert named - set(re.findall(r'[`"](\w+)[`"]', section)) - as_in_alerts == set()


LISTS: list[tuple[str, str, Iterable[str]]] = [
    ("commands.md", "reasons", ALIEXPRESS.reasons),
    ("evidence.md", "dossier-always", [item.id for item in ALIEXPRESS.dossier.always]),
    ("evidence.md", "dossier-arrived", [item.id for item in ALIEXPRESS.dossier.arrived]),
    ("evidence.md", "dossier-returning", [item.id for item in ALIEXPRESS.dossier.returning]),
    ("commands.md", "statuses", ShipmentStatus),
]


@pytest.mark.parametrize(("page", "name", "words"), LISTS, ids=lambda value: value if str(value) else "")
def test_a_list_of_words_is_complete(page: str, name: str, words: Iterable[str]) -> None:
    assert quoted(marked(page, name)) == [str(word) for word in words]


# Files, sources, channels.


def test_every_key_of_an_order_is_told() -> None:
    assert first_words(marked("orders.md", "order-keys")) == list(KEYS)


def test_how_often_a_parcel_is_looked_at() -> None:
    hours = {status: INTERVALS[status].total_seconds() / 3600 for status in INTERVALS}
    expected = {status: "1 hour" if count == 1 else f"{count:g} hours" for status, count in hours.items()}
    written = [(quoted(status)[0], every) for status, _, every in rows(marked("sources.md", "cadence"))]
    assert written == [(status, expected.get(status, "never")) for status in ShipmentStatus]


def test_what_each_status_means_is_told() -> None:
    assert all(means for _, means, _ in rows(marked("sources.md", "cadence")))


@pytest.mark.parametrize(("page", "kind"), [("sources.md", "carriers"), ("channels.md", "notifiers")])
def test_every_adapter_has_its_section(page: str, kind: str) -> None:
    headings = re.findall(r"^## (\w+)", text_of(page), re.MULTILINE)
    built_in = {path.stem for path in (ROOT / kind).glob("[a-z]*.py")}
    assert built_in & set(available_adapters("carriers" if kind == "carriers" else "notifiers")) == built_in
    assert built_in <= set(headings)


def test_every_source_is_in_the_table_on_top() -> None:
    top = text_of("sources.md").partition("\n## ")[0]
    listed = re.findall(r"^\| \[`(\w+)`\]\(#\1", top, re.MULTILINE)
    assert sorted(listed) == sorted(path.stem for path in (ROOT / "carriers").glob("[a-z]*.py"))


def test_the_waits_between_attempts() -> None:
    seconds = [int(wait.total_seconds()) for wait in RETRIES]
    words = [f"{wait} s" if wait < 60 else f"{wait // 60} min" for wait in seconds]
    *before, last = words
    assert f"again after {', '.join(before)}, then every {last}" in text_of("channels.md")


# Links and code.


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#{1,6} (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def fences(text: str) -> list[tuple[str, str]]:
    """Each block of code: its language, and what stands in it."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    return [code for known, code in fences(page.read_text(encoding="utf-8")) if known == language]


READERS: dict[str, Callable[[str], object]] = {
    "toml": tomllib.loads,
    "json": json.loads,
    "python": lambda code: compile(code, "<docs>", "exec"),
}


@each_page
@pytest.mark.parametrize("language", READERS)
def test_what_is_shown_can_be_read(page: Path, language: str) -> None:
    for block in blocks(page, language):
        READERS[language](block)


# Examples: what is shown was printed.

#: When the examples of commands.md were made, with the orders and the parcel of orders.md.
NOW = datetime(2026, 11, 24, 15, 53, tzinfo=UTC)
CONFIGURATION = """
timezone = "Europe/Madrid"
orders = ["orders.toml"]
database = "orderwatch.db"

[carriers.files]
path = "tracking"
"""

#: An answer of 17TRACK with a code that carriers use for several things.
ODD = """
{"code": 0, "data": {"accepted": [{"number": "RB410000017CN", "track_info": {"tracking": {"providers": [
    {"events": [{"time_iso": "2026-11-13T08:00:00+01:00", "sub_status": "Exception_Other",
                 "description": "Ready for pick-up at the shop"}]}]}}}]}}
"""


def transcript(text: str) -> Iterator[tuple[str, str]]:
    """Each command that a text shows, and what it prints."""
    for block in (code for language, code in fences(text) if not language):
        for shown in re.split(r"^\$ (?:\.venv/bin/)?orderwatch ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = shown.partition("\n")
            yield command, printed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the examples: files as the pages show them. The log is as before afterwards."""
    orders, sources = ROOT / "docs" / "orders.md", ROOT / "docs" / "sources.md"
    mypost, bulk = blocks(sources, "json")
    export, more, rows_ = sorted(blocks(orders, "csv"))
    recorded = ROOT / "tests" / "payloads" / "seventeentrack"
    used = (".event_fields]", "codes = ")
    files = {
        "orderwatch.toml": CONFIGURATION,
        "sources.toml": "\n".join(
            block for block in blocks(sources, "toml") if any(key in block for key in used)
        ),
        "17track.key": "k-17\n",
        "orders.toml": next(block for block in blocks(orders, "toml") if "[[orders]]" in block),
        "tracking/hub.json": next(block for block in blocks(orders, "json") if "LP00123456789012" in block),
        "answer.json": (recorded / "customs_hold.json").read_text(encoding="utf-8"),
        "quota.json": (recorded / "quota.json").read_text(encoding="utf-8"),
        "odd.json": ODD,
        "one.json": mypost,
        "many.json": bulk,
        "refused.json": '{"error": {"message": "plan expired"}}',
        "export.csv": export,
        "more.csv": more,
        "rows.csv": rows_,
        "x.json": '{"number": "LP00000000000041", "stauts": "delivered"}',
    }
    (tmp_path / "tracking").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    root, ours = logging.getLogger(), logging.getLogger("orderwatch")
    before = root.handlers, root.level, ours.level
    yield tmp_path
    root.handlers, root.level, ours.level = before


#: A page, the configuration its examples are made with, and those that need more than there is.
EXAMPLES = [
    ("commands.md", "orderwatch.toml", ("replay mypost", "backup")),
    ("orders.md", "orderwatch.toml", ("import orders.toml", "show")),
    ("sources.md", "sources.toml", ()),
]


#: What the examples of policies.md are about, beside what the page itself shows.
MISTAKEN = {
    "circle.toml": '[policies.paypal]\nfallback = ["card"]\n\n[policies.card]\nfallback = ["paypal", "paypla"]\n',
    "wrong.toml": '[policies.mine]\nfile = "wrong-policy.toml"\n',
    "wrong-policy.toml": """title = "Corner Shop"

[clocks]
protection_dayz = 45
refund_days = [20, 3]
post_delivery_days = -1
protection_cap_days = { value = 90, from = "payed" }
""",
}


def test_the_policies_that_are_shown_are_taken_and_print_what_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ROOT / "docs" / "policies.md"
    numbers, config, shop, own = blocks(page, "toml")
    files = {"orderwatch.toml": f"{config}\n{numbers}", "mine.toml": own, **MISTAKEN}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    mine = '[[orders]]\nid = "8190000000009999"\nmarketplace = "mine"\nshipped_on = 2026-11-20\n'
    with (folder / "orders.toml").open("a", encoding="utf-8") as orders:
        orders.write(f"\n{shop}\n{mine}")
    line = CommandLine(environ={"HOME": str(folder)}, clock=lambda: NOW)
    assert main(["check"], line) == 0
    assert "policy: mine, compared with the marketplace on 20 Nov 2026" in capsys.readouterr().out
    assert main(["run", "--once"], line) == 0
    assert main(["show", "9999"], line) == 0
    assert "shipped 20 Nov 2026 + 45 days (mine policy: public), estimated" in capsys.readouterr().out
    examples = list(transcript(text_of("policies.md")))
    assert len(examples) == 3
    for command, printed in examples:
        main(shlex.split(command), line)
        got = capsys.readouterr()
        told = (got.out + got.err).replace(str(folder), "/home/ana/watch")
        assert told.startswith(printed.rstrip("\n")), command


TABLES = [
    pytest.param(block, id=f"{page.name}-{block.split(']')[0].rpartition('[')[2]}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for block in blocks(page, "toml")
    if "[carriers." in block
]


@pytest.mark.parametrize("table", TABLES)
def test_a_source_that_is_shown_can_be_used_as_it_stands(
    table: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in re.findall(r'\{ file = "([^"]+)" \}', table):
        (folder / key).write_text("k-17\n", encoding="utf-8")
    (folder / "shown.toml").write_text(table, encoding="utf-8")
    environ = {"HOME": str(folder), "PATH": "", "MYPOST_KEY": "k", "BULK_TOKEN": "t"}
    code = main(["--config", "shown.toml", "check"], CommandLine(environ=environ, clock=lambda: NOW))
    got = capsys.readouterr()
    assert (code, got.err) == (0, "")
    assert "none is left to" not in got.out.replace("\n", " ")


@pytest.mark.parametrize(("page", "config", "needs_more"), EXAMPLES)
def test_what_is_shown_was_printed(
    page: str, config: str, needs_more: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"HOME": str(folder), "PATH": "", "MYPOST_KEY": "k", "BULK_TOKEN": "t"}
    line = CommandLine(environ=environ | {"ORDERWATCH_CONFIG": config}, clock=lambda: NOW)
    if config == "orderwatch.toml":
        main(["run", "--once"], line)
        capsys.readouterr()
    examples = [shown for shown in transcript(text_of(page)) if not shown[0].startswith(needs_more)]
    assert len(examples) > 3
    for command, printed in examples:
        main(shlex.split(command), line)
        got = capsys.readouterr()
        told = (got.out + got.err).replace(str(folder), "/home/ana/watch")
        assert told.startswith(printed.rstrip("\n")), command


def test_the_source_of_the_example_prints_what_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ROOT / "CONTRIBUTING.md"
    (source,) = [block for block in blocks(page, "python") if "SOURCE = SnailMail" in block]
    (folder / "snailmail.py").write_text(source, encoding="utf-8")
    payloads = folder / "tests" / "payloads" / "snailmail"
    payloads.mkdir(parents=True)
    (payloads / "customs.json").write_text(blocks(page, "json")[0], encoding="utf-8")
    monkeypatch.setattr(carriers, "__path__", [*carriers.__path__, str(folder)])
    (shown, _redirected) = transcript(page.read_text(encoding="utf-8"))
    assert main(shlex.split(shown[0]), CommandLine(environ={"HOME": str(folder)}, clock=lambda: NOW)) == 0
    assert capsys.readouterr().out == shown[1]
