"""A policy of the user's own: what a file may say, and everything that is wrong with one at once."""

import copy
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from monitor.core.policy import Kind, Policy
from monitor.core.situation import situation
from monitor.core.timeline import timeline
from monitor.errors import ConfigError, Problem
from monitor.policies import load_policies, load_policy
from monitor.policies.reading import basis_of, policy_from
from tests.monitor.core.facts import a_parcel, an_order, facts, recorded

ROOT = Path(__file__).parents[2]

SMALL = """\
title = "Corner Shop"
checked_on = 2026-11-01

[clocks]
protection_days = 45
"""

WHOLE = """\
title = "Corner Shop"
kind = "payment"
checked_on = 2026-11-01
order_page = "https://shop.example/orders/{order}"

[clocks]
protection_days = { value = 45, from = "delivered, else latest estimate", source = "public", reference = "their help" }
delivery_estimate.standard = [3, 9]
"delivery_estimate.premium" = { value = [1, 2] }
protection_lead_days = [5, 1]
appeal_days = { reference = "they set no limit" }

[evidence.receipt]
words = "the receipt of the shop"
kind = "document"
names = ["receipt"]

[reasons.quality]
title = "Does not work"
applies = "it is broken"
evidence = ["receipt", "fault_photos"]
decisive = ["receipt"]
ways = ["refund_only"]

[paths]
open = "Shop → Orders → Problem"

[aliases]
"Orders" = ["Purchases"]

[contacts]
email = "help@shop.example: order number"

[es]
title = "La tienda"

[es.paths]
open = "Tienda → Pedidos → Problema"

[es.evidence.receipt]
words = "el recibo de la tienda"

[es.reasons.quality]
title = "No funciona"
applies = "está roto"
"""


def written(tmp_path: Path, text: str, name: str = "mine.toml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def mine(tmp_path: Path, text: str, language: str = "en", **overrides: Any) -> Policy:
    file = written(tmp_path, text)
    return load_policies({"mine": {"file": file} | overrides}, language)["mine"]


def problems_of(file: str) -> tuple[Problem, ...]:
    """What is wrong with a policy file; nothing, if it can be used."""
    try:
        load_policies({"mine": {"file": file}})
    except ConfigError as error:
        return error.problems
    return ()


def test_a_title_a_day_and_a_number_are_enough(tmp_path: Path) -> None:
    policy = mine(tmp_path, SMALL)
    assert (policy.name, policy.title, policy.kind) == ("mine", "Corner Shop", Kind.MARKETPLACE)
    assert policy.checked_on == date(2026, 11, 1)
    clock = policy.clocks["protection_days"]
    assert (clock.value, clock.unit, clock.counts_from, clock.source) == (
        45,
        "days",
        "shipped, else paid, else ordered",
        "your configuration",
    )
    window = situation(facts(an_order(), policy=policy)).protection
    assert window is not None
    assert str(window.why) == "shipped 3 May 2026 + 45 days (mine policy: your configuration), estimated"
    assert policy.reasons == load_policy("aliexpress").reasons


def test_all_that_a_file_may_say(tmp_path: Path) -> None:
    policy = mine(tmp_path, WHOLE)
    assert policy.kind is Kind.PAYMENT
    assert policy.page_of("12") == "https://shop.example/orders/12"
    clock = policy.clocks["protection_days"]
    assert clock.starts == ("delivered", "latest estimate")
    assert (clock.source, clock.reference) == ("public", "their help")
    assert policy.numbers("delivery_estimate.standard") == (3, 9)
    assert policy.numbers("delivery_estimate.premium") == (1, 2)
    assert policy.numbers("protection_lead_days") == (5, 1)
    assert policy.limit("appeal_days") is None
    assert [item.words for item in policy.reasons["quality"].evidence] == [
        "the receipt of the shop",
        "clear photos of the fault",
    ]
    assert policy.dossier == load_policy("aliexpress").dossier
    assert policy.reasons["wrong_item"] == load_policy("aliexpress").reasons["wrong_item"]
    assert policy.paths == {"open": "Shop → Orders → Problem"}
    assert policy.aliases == {"Orders": ("Purchases",)}
    assert policy.contacts == {"email": "help@shop.example: order number"}


def test_it_may_have_its_words_in_other_languages(tmp_path: Path) -> None:
    policy = mine(tmp_path, WHOLE, "es")
    assert policy.title == "La tienda"
    assert policy.paths["open"] == "Tienda → Pedidos → Problema"
    assert policy.reasons["quality"].title == "No funciona"
    assert [item.words for item in policy.reasons["quality"].evidence] == [
        "el recibo de la tienda",
        "fotos claras del fallo",
    ]
    assert policy.reasons["wrong_item"].title == "Producto equivocado"
    untranslated = mine(tmp_path, WHOLE.partition("[es]")[0], "es")
    assert (untranslated.title, untranslated.paths["open"]) == ("Corner Shop", "Shop → Orders → Problem")


def test_the_configuration_can_change_its_numbers_and_chain_it(tmp_path: Path) -> None:
    policy = mine(tmp_path, SMALL, protection_days=50, fallback=["paypal"])
    assert (policy.number("protection_days"), policy.fallback) == (50, ("paypal",))


def test_it_can_be_what_remains_after_another(tmp_path: Path) -> None:
    file = written(tmp_path, SMALL.replace("checked_on", 'kind = "law"\nchecked_on'))
    policies = load_policies({"mine": {"file": file}, "aliexpress": {"fallback": ["mine"]}})
    assert policies["aliexpress"].fallback == ("mine",)


def test_what_says_no_time_can_not(tmp_path: Path) -> None:
    file = written(tmp_path, 'title = "Law"\nkind = "law"\nchecked_on = 2026-11-01\n')
    with pytest.raises(
        ConfigError, match="'mine' names no protection_days, so nobody knows how long it is open"
    ):
        load_policies({"mine": {"file": file}, "aliexpress": {"fallback": ["mine"]}})


def test_a_file_under_a_shipped_name_takes_its_place(tmp_path: Path) -> None:
    file = written(tmp_path, SMALL)
    assert load_policies({"ebay": {"file": file}})["ebay"].title == "Corner Shop"


@pytest.mark.parametrize(
    "name", ["aliexpress", "paypal", "card", "eu-withdrawal", "ebay", "amazon", "etsy", "temu"]
)
def test_a_shipped_file_can_be_copied(name: str, tmp_path: Path) -> None:
    text = (ROOT / "monitor" / "policies" / f"{name}.toml").read_text(encoding="utf-8")
    for language in ("en", "es"):
        copied = load_policy(name, {"file": written(tmp_path, text)}, language)
        assert copied == load_policy(name, language=language)


def test_all_mistakes_at_once_each_with_its_line(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """\
titel = "Corner Shop"
kind = "marktplace"

[clocks]
protection_day = 45
protection_lead_days = [1, 7]
protection_days = { value = -1, from = "payed, else ordered", sauce = "me" }

[paths]
opens = "Shop"
""",
    )
    told = [str(problem).removeprefix(file).partition(" (allowed")[0] for problem in problems_of(file)]
    assert told == [
        ": title: is missing: what messages call it",
        ": checked_on: is missing: the day on which somebody last compared it",
        ":1: titel: unknown key; did you mean title?",
        ":2: kind: is not one of the allowed words; did you mean marketplace?",
        ":5: clocks.protection_day: there is no such clock; did you mean protection_days?",
        ":6: clocks.protection_lead_days: must fall: the earliest warning first",
        ":7: clocks.protection_days.sauce: unknown key; did you mean source?",
        ":7: clocks.protection_days.from: 'payed' is nothing to count from; did you mean paid?",
        ":7: clocks.protection_days.value: is not a whole number in the allowed range",
        ":10: paths.opens: unknown key; did you mean open?",
    ]
    allowed = {problem.key: problem.allowed for problem in problems_of(file)}
    assert allowed["kind"] == "marketplace, payment, law"
    assert allowed["clocks.protection_days.sauce"] == "value, unit, from, source, reference"
    assert allowed["clocks.protection_days.value"] == "0 to 10000 days"
    assert allowed["clocks.protection_days.from"] == (
        'latest estimate, shipped, delivered, paid, ordered; several as "paid, else ordered"'
    )


MISTAKES = [  # what is put in the place of a line, and what is said of it
    ('title = "Corner Shop"', "title = 17", "title: must be text"),
    ('title = "Corner Shop"', 'title = "  "', "title: must be one line of 1 to 24 characters"),
    ('title = "Corner Shop"', f'title = "{"x" * 25}"', "title: must be one line of 1 to 24 characters"),
    ('title = "Corner Shop"', 'title = "a\\nb"', "title: must be one line of 1 to 24 characters"),
    ("checked_on = 2026-11-01", 'checked_on = "soon"', "checked_on: must be a date such as 2026-10-01"),
    (
        "checked_on = 2026-11-01",
        "checked_on = 2026-11-01T09:00:00",
        "checked_on: must be a date such as 2026-10-01",
    ),
    ("protection_days = 45", "protection_days = 45.5", "is not a whole number in the allowed range"),
    ("protection_days = 45", "protection_days = true", "is not a whole number in the allowed range"),
    ("protection_days = 45", "protection_days = -45", "is not a whole number in the allowed range"),
    ("protection_days = 45", "protection_days = 10001", "is not a whole number in the allowed range"),
    ("protection_days = 45", "protection_days = [45]", "has another shape than the policy's own number"),
    ("protection_days = 45", "protection_days = []", "has another shape than the policy's own number"),
    ("protection_days = 45", "protection_days = {}", "clocks.protection_days.value: is missing: the number"),
    ("protection_days = 45", "refund_days = [20, 3]", "must rise: the shortest first"),
    ("protection_days = 45", "answer_lead_hours = [6, 24]", "must fall: the earliest warning first"),
    ("protection_days = 45", "protection = 45", "there is no such clock; did you mean protection_"),
    ("protection_days = 45", "xyz = 45", "there is no such clock (allowed: dispute_open_after_days, "),
    (
        "protection_days = 45",
        "delivery_estimate.teleport = [0, 0]",
        "delivery_estimate.teleport: there is no",
    ),
    ("protection_days = 45", "delivery_estimate = 4", "clocks.delivery_estimate: there is no such clock"),
    (
        "protection_days = 45",
        'protection_days = { value = 45, unit = "hours" }',
        "unit: is not the unit of this clock (allowed: days)",
    ),
    (
        "protection_days = 45",
        'protection_days = { value = 45, from = "paid, else paid" }',
        "from: names something twice",
    ),
    (
        "protection_days = 45",
        'protection_days = { value = 45, from = "" }',
        "from: must be one line of 1 to 500 characters",
    ),
    (
        "protection_days = 45",
        'stalled_days = { value = 9, from = "paid" }',
        "from: cannot be changed for this clock (allowed: newest event)",
    ),
    (
        "protection_days = 45",
        'protection_days = { value = 45, source = "hearsay" }',
        "source: is not one of the allowed words",
    ),
    ("[clocks]", "[[clocks]]", "clocks: must be a table"),
    ("[clocks]", 'order_page = "http://shop/{order}"\n[clocks]', "order_page: must be an address"),
    ("[clocks]", 'order_page = "https://shop/"\n[clocks]', "order_page: must be an address"),
    ("[clocks]", 'fallback = ["paypal"]\n[clocks]', "fallback: unknown key"),
    ("[clocks]", "paths = 17\n[clocks]", "paths: must be a table"),
    ("[clocks]", "contacts = { chat = 17 }\n[clocks]", "contacts.chat: must be text"),
    ("[clocks]", 'aliases = { Orders = "Purchases" }\n[clocks]', "aliases.Orders: must be a list"),
    ("[clocks]", "aliases = { Orders = [17] }\n[clocks]", "aliases.Orders[0]: must be text"),
    ("[clocks]", "reasons = { quality = 17 }\n[clocks]", "reasons.quality: must be a table"),
    ("[clocks]", "[reasons.quality]\n[clocks]", "reasons.quality.evidence: must be a list of texts"),
    (
        "[clocks]",
        '[reasons.quality]\ntitle = "a"\napplies = "b"\nevidence = ["fault_photo"]\n[clocks]',
        "reasons.quality.evidence: there is no 'fault_photo'; did you mean fault_photos?",
    ),
    ("[clocks]", "dossier = { alway = [] }\n[clocks]", "dossier: there is no 'alway'; did you mean always?"),
    (
        "[clocks]",
        '[es]\npaths = { opens = "a" }\n[clocks]',
        "es.paths.opens: unknown key; did you mean open?",
    ),
    ("[clocks]", '[es]\nclocks = "a"\n[clocks]', "es.clocks: unknown key"),
    ("[clocks]", '[de]\ntitle = "a"\n[clocks]', "de: unknown key"),
]


@pytest.mark.parametrize(("line", "instead", "said"), MISTAKES, ids=[instead for _, instead, _ in MISTAKES])
def test_a_mistake_is_named(tmp_path: Path, line: str, instead: str, said: str) -> None:
    assert line in SMALL
    with pytest.raises(ConfigError) as refused:
        mine(tmp_path, SMALL.replace(line, instead))
    problems = refused.value.problems
    assert any(said in str(problem) for problem in problems), str(refused.value)
    assert {problem.file for problem in problems} == {str(tmp_path / "mine.toml")}
    assert all(problem.line for problem in problems)


FILES: list[tuple[object, str]] = [
    (17, "policies.mine.file: must be the path of a policy file"),
    ("", "policies.mine.file: must be the path of a policy file"),
    ("/nowhere/mine.toml", "policies.mine.file: there is no file /nowhere/mine.toml"),
    ("/", "policies.mine.file: there is no file /"),
]


@pytest.mark.parametrize(("file", "said"), FILES)
def test_a_file_that_is_none(file: object, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_policies({"mine": {"file": file}})
    assert str(refused.value) == said


def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml:2: is not TOML"):
        mine(tmp_path, 'title = "Corner Shop"\nchecked_on\n')


# Properties.

#: Anything that TOML can say.
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**13), 10**13)
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["paid", "payment", "public", "days", "delivered, else shipped", [14, 7], [7, 14], {}]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
SHIPPED = {
    name: tomllib.loads((ROOT / "monitor" / "policies" / f"{name}.toml").read_text(encoding="utf-8"))
    for name in ("aliexpress", "card", "paypal")
} | {"whole": tomllib.loads(WHOLE)}


BASIS = basis_of(SHIPPED["aliexpress"])


def places(table: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every key in a table."""
    found = []
    for key, value in table.items():
        found.append((*path, key))
        if isinstance(value, dict):
            found += places(value, (*path, key))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A policy file of which some keys are gone, are something else, or have something new beside them."""
    table = copy.deepcopy(SHIPPED[draw(st.sampled_from([*SHIPPED]))])
    for _ in range(draw(st.integers(1, 3))):
        *above, key = draw(st.sampled_from(places(table) or [("title",)]))
        inside: Any = table
        for step in above:
            inside = inside[step]
        match draw(st.sampled_from(["drop", "replace", "replace", "add"])):
            case "drop":
                inside.pop(key, None)
            case "replace":
                inside[key] = draw(VALUES)
            case "add":
                inside[draw(st.text(max_size=20) | st.just(f"{key}s"))] = draw(VALUES)
    return table


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(mutated(), st.sampled_from(["en", "es"]))
def test_any_file_gives_a_policy_that_works_or_clear_problems(table: dict[str, Any], language: str) -> None:
    try:
        policy = policy_from("mine", table, BASIS, language)
    except ConfigError as refused:
        told = refused.problems
        event("refused")
        assert told == tuple(problem for problem in told if problem.key and problem.message)
        return
    event("taken")
    parcel = a_parcel("delivered", "2026-05-12 10:00")
    order = an_order(paid_on="2026-05-01", estimated_delivery="2026-05-20")
    for journal in ([], ["2026-05-20 10:00 dispute-opened", "2026-05-21 10:00 offer"]):
        assert timeline(facts(order, parcel, case=recorded(*journal), policy=policy)) is not None


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3), st.integers(0, 40))
def test_any_bytes_give_a_policy_or_clear_problems(
    tmp_path_factory: pytest.TempPathFactory, at: int, put: bytes, cut: int
) -> None:
    raw = WHOLE.encode()
    path = tmp_path_factory.getbasetemp() / "mine.toml"
    path.write_bytes(raw[:at] + put + raw[at + cut :])
    for problem in problems_of(str(path)):
        assert problem.file == str(path)
        assert problem.message
