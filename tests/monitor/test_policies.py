"""The shipped policies, and what a user may change in them."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.policy import Clock
from monitor.core.texts.languages import CATALOGUES
from monitor.errors import ConfigError
from monitor.policies import chain_of, load_policies, load_policy, shipped_policies

CURRENCIES = {"EUR", "USD", "GBP", "PLN"}


def test_every_shipped_policy_loads_and_says_where_its_numbers_come_from() -> None:
    assert "aliexpress" in shipped_policies()
    assert list(shipped_policies()) == sorted(shipped_policies())
    policies = load_policies({})
    assert tuple(policies) == shipped_policies()
    for name, policy in policies.items():
        assert policy.name == name
        assert policy.title
        assert isinstance(policy.checked_on, date)
        for clock in policy.clocks.values():
            assert clock.source in {"guide", "project", "public"}
            assert clock.unit in {"days", "business days", "hours", "bytes", "percent"} | CURRENCIES
            assert clock.counts_from
            told = clock.source == "guide" or (clock.source == "public" and name != "aliexpress")
            assert bool(clock.reference) == told, clock.key


SHIPPED = [  # rulebook §8: policy, kind, days of protection, what they count from
    ("aliexpress", "marketplace", 60, "shipped, else paid, else ordered"),
    ("amazon", "marketplace", 90, "latest estimate, else shipped, else paid, else ordered"),
    ("card", "payment", 120, "latest estimate, else shipped, else paid, else ordered"),
    ("ebay", "marketplace", 30, "latest estimate, else shipped, else paid, else ordered"),
    ("etsy", "marketplace", 100, "latest estimate, else shipped, else paid, else ordered"),
    ("eu-withdrawal", "law", 14, "delivered"),
    ("paypal", "payment", 180, "paid, else ordered"),
    ("temu", "marketplace", 90, "ordered, else paid"),
]


@pytest.mark.parametrize(("name", "kind", "days", "counts_from"), SHIPPED)
def test_what_a_shipped_policy_grants(name: str, kind: str, days: int, counts_from: str) -> None:
    policy = load_policy(name)
    clock = policy.clocks["protection_days"]
    assert (policy.kind, clock.value, clock.counts_from) == (kind, days, counts_from)
    assert policy.fallback == ()


def test_every_shipped_policy_is_among_them() -> None:
    assert shipped_policies() == tuple(name for name, *_ in SHIPPED)


def test_the_numbers_that_only_one_policy_has() -> None:
    assert load_policy("card").limit("protection_cap_days") == 540
    assert load_policy("paypal").limit("escalate_within_days") == 20
    opens = {name: load_policy(name).limit("dispute_open_after_days") for name in shipped_policies()}
    known = {"aliexpress": 11, "amazon": 3, "ebay": 1, "etsy": 1, "paypal": 0}
    assert opens == dict.fromkeys(shipped_policies()) | known


@pytest.mark.parametrize("name", [name for name in shipped_policies() if name != "aliexpress"])
def test_what_a_policy_does_not_name_is_our_own_choice_or_not_known(name: str) -> None:
    policy, complete = load_policy(name), load_policy("aliexpress")
    assert [*policy.clocks] == [*complete.clocks]
    ours = {key for key, clock in complete.clocks.items() if clock.source == "project"}
    guessed = {"platform_response_days", "refund_days", "refund_after_win_days", "return_ship_days"}
    for key, clock in policy.clocks.items():
        if clock.source == "public":
            continue
        assert clock.source == "project"
        assert clock.value == (complete.clocks[key].value if key in ours | guessed else None), key
    assert policy.reasons == complete.reasons
    assert not policy.contacts


def test_paths_and_contacts_are_there() -> None:
    policy = load_policy("aliexpress")
    assert policy.paths["open"].endswith("Open Dispute")
    assert policy.aliases["Open Dispute"] == ("Returns/Refunds",)
    assert "AEBuyerService@aliexpress.com" in policy.contacts["email"]


@pytest.mark.parametrize(
    ("operator", "place"),
    [
        ("Correos", "a Correos office"),
        ("correos express", "a Correos office"),
        ("CTT Express", "a CTT Express point"),
        (" ctt ", "a CTT Express point"),
        ("C", None),
        ("GLS", None),
        ("Correos de Portugal", None),
    ],
)
def test_where_a_return_is_handed_in(operator: str, place: str | None) -> None:
    known = load_policy("aliexpress").drop_off_of(operator)
    assert (known.place if known is not None else None) == place


@pytest.mark.parametrize("name", shipped_policies())
def test_every_alias_is_of_a_step_that_a_path_has(name: str) -> None:
    policy = load_policy(name)
    steps = {step for path in policy.paths.values() for step in path.split(" → ")}
    assert set(policy.aliases) <= steps


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize("name", shipped_policies())
def test_a_policy_has_its_words_in_every_language(name: str, language: str) -> None:
    shipped, told = load_policy(name), load_policy(name, {"protection_days": 75}, language)
    assert [*told.paths] == [*shipped.paths]
    assert [*told.reasons] == [*shipped.reasons]
    assert all(reason.title and reason.applies and reason.evidence for reason in told.reasons.values())
    steps = {step for path in told.paths.values() for step in path.split(" → ")}
    assert set(told.aliases) <= steps
    assert len(told.aliases) == len(shipped.aliases)
    assert [it.operators for it in told.drop_offs] == [it.operators for it in shipped.drop_offs]
    assert all(it.place for it in told.drop_offs)
    for key, path in shipped.paths.items():
        assert told.paths[key].count(" → ") == path.count(" → "), key
        assert len(told.paths[key]) <= 80, key
    assert told.number("protection_days") == 75


@pytest.mark.parametrize("name", shipped_policies())
def test_words_in_other_languages_are_other_words(name: str) -> None:
    english, spanish = load_policy(name), load_policy(name, language="es")
    if name == "aliexpress":
        assert spanish.paths["open"] == "Cuenta → Mis pedidos → Ver detalles → Abrir disputa"
    assert [key for key, path in english.paths.items() if spanish.paths[key] == path] == []
    same = [key for key, reason in english.reasons.items() if spanish.reasons[key].title == reason.title]
    assert same == []


OVERRIDES: list[tuple[dict[str, Any], str, int | tuple[int, ...]]] = [
    ({"protection_days": 75}, "protection_days", 75),
    ({"protection_days": 0}, "protection_days", 0),
    ({"protection_days": 10_000}, "protection_days", 10_000),
    ({"protection_lead_days": [10, 2]}, "protection_lead_days", (10, 2)),
    ({"protection_lead_days": [10]}, "protection_lead_days", (10,)),
    ({"answer_lead_hours": [72, 1]}, "answer_lead_hours", (72, 1)),
    ({"delivery_estimate": {"standard": [20, 60]}}, "delivery_estimate.standard", (20, 60)),
    ({"delivery_estimate.standard": [20, 60]}, "delivery_estimate.standard", (20, 60)),
    ({"refund_days": [5, 5]}, "refund_days", (5, 5)),
    ({"appeal_days": 7}, "appeal_days", 7),
    ({"max_video_bytes": 10**12}, "max_video_bytes", 10**12),
    ({"cheap_up_to": {"EUR": 30}}, "cheap_up_to.EUR", 30),
]


@pytest.mark.parametrize(("overrides", "key", "value"), OVERRIDES)
def test_a_number_of_ones_own_says_whose_it_is(
    overrides: dict[str, Any], key: str, value: int | tuple[int, ...]
) -> None:
    shipped = load_policy("aliexpress").clocks[key]
    changed = load_policy("aliexpress", overrides)
    assert changed.clocks[key] == Clock(key, value, shipped.unit, shipped.counts_from, "your configuration")
    others = {name: clock for name, clock in changed.clocks.items() if name != key}
    assert others == {name: clock for name, clock in load_policy("aliexpress").clocks.items() if name != key}


RANGE = "is not a whole number in the allowed range"
SHAPE = "has another shape than the policy's own number"
FALL = "must fall: the earliest warning first"
DAYS = "0 to 10000 days"
LEADS = "a list like [14, 7, 3, 1], in days"
REFUND = "a list like [3, 20], in business days"

MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"protection_days": "75"}, RANGE, DAYS),
    ({"protection_days": -1}, RANGE, DAYS),
    ({"protection_days": 10_001}, RANGE, DAYS),
    ({"protection_days": True}, RANGE, DAYS),
    ({"protection_days": 7.5}, RANGE, DAYS),
    ({"max_video_bytes": 10**12 + 1}, RANGE, "0 to 1000000000000 bytes"),
    ({"refund_days": [3, "20"]}, RANGE, REFUND),
    ({"protection_days": [60, 75]}, SHAPE, DAYS),
    ({"refund_days": 5}, SHAPE, REFUND),
    ({"protection_lead_days": []}, SHAPE, LEADS),
    ({"protection_lead_days": [1, 3]}, FALL, LEADS),
    ({"answer_lead_hours": [6, 6]}, FALL, "a list like [48, 24, 6], in hours"),
    (
        {"delivery_estimate.standard": [45, 15]},
        "must rise: the shortest first",
        "a list like [15, 45], in days",
    ),
    ({"protection_day": 75}, "is not a number of this policy", "protection_days"),
    ({"cheap_up_to.EUR": "30 EUR"}, RANGE, "0 to 10000 EUR"),
    ({"fallbacks": 75}, "is not a number of this policy", "fallback"),
    ({"fallback": "paypal"}, "must be a list", 'such as ["paypal", "card"]'),
]


@pytest.mark.parametrize(("overrides", "mistake", "allowed"), MISTAKES)
def test_a_mistake_is_named_with_what_is_allowed(
    overrides: dict[str, Any], mistake: str, allowed: str
) -> None:
    (key,) = overrides
    with pytest.raises(ConfigError) as refused:
        load_policy("aliexpress", overrides)
    assert str(refused.value) == f"policies.aliexpress.{key}: {mistake} (allowed: {allowed})"


def test_a_mistake_in_a_nested_table_names_the_whole_key() -> None:
    with pytest.raises(ConfigError) as refused:
        load_policy("aliexpress", {"delivery_estimate": {"standard": [45, 15], "teleport": [0, 0]}})
    assert [problem.key for problem in refused.value.problems] == [
        "policies.aliexpress.delivery_estimate.standard",
        "policies.aliexpress.delivery_estimate.teleport",
    ]


def test_a_number_that_is_like_no_other_has_no_suggestion() -> None:
    with pytest.raises(ConfigError) as refused:
        load_policy("aliexpress", {"xyz": 75})
    assert str(refused.value) == "policies.aliexpress.xyz: is not a number of this policy"


def test_an_unknown_policy() -> None:
    with pytest.raises(ConfigError) as refused:
        load_policy("alibaba")
    allowed = ", ".join(shipped_policies())
    assert str(refused.value) == (
        f"policies.alibaba: is not a policy (allowed: {allowed}, or one of your own with file = …)"
    )


def test_a_policy_that_is_nearly_known() -> None:
    with pytest.raises(ConfigError, match="is not a policy; did you mean paypal"):
        load_policy("paypall")


def test_all_mistakes_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        load_policies({"alibaba": {}, "aliexpress": {"xyz": 1, "protection_days": -1}})
    assert [problem.key for problem in refused.value.problems] == [
        "policies.aliexpress.xyz",
        "policies.aliexpress.protection_days",
        "policies.alibaba",
    ]


def test_all_policies_with_ones_own_numbers() -> None:
    policies = load_policies({"aliexpress": {"protection_days": 75}})
    assert policies["aliexpress"].number("protection_days") == 75


# A number that a policy does not have can be given to it.


def test_a_number_that_is_not_known_elsewhere_can_be_given() -> None:
    policy = load_policy("ebay", {"seller_response_days": 3, "delivery_estimate": {"standard": [5, 20]}})
    assert policy.number("seller_response_days") == 3
    assert policy.numbers("delivery_estimate.standard") == (5, 20)


# Fallbacks.


def fallbacks(**chains: list[str]) -> dict[str, dict[str, list[str]]]:
    """What a configuration says of fallbacks; _ in a name is a dash."""
    return {name.replace("_", "-"): {"fallback": chain} for name, chain in chains.items()}


CHAINS = [
    (fallbacks(), []),
    (fallbacks(aliexpress=["paypal"]), ["paypal"]),
    (fallbacks(aliexpress=["paypal", "card", "eu-withdrawal"]), ["paypal", "card", "eu-withdrawal"]),
    (fallbacks(aliexpress=["card", "paypal"]), ["card", "paypal"]),
    (fallbacks(aliexpress=["paypal"], paypal=["card"]), ["paypal", "card"]),
    (
        fallbacks(aliexpress=["paypal", "eu-withdrawal"], paypal=["card"]),
        ["paypal", "card", "eu-withdrawal"],
    ),
    (fallbacks(aliexpress=["paypal", "card"], paypal=["card"]), ["paypal", "card"]),
    (fallbacks(aliexpress=["card", "paypal"], paypal=["card"]), ["card", "paypal"]),
    (fallbacks(ebay=["paypal"]), []),
]


@pytest.mark.parametrize(("overrides", "chain"), CHAINS)
def test_a_chain_goes_on_with_what_its_links_name(overrides: dict[str, Any], chain: list[str]) -> None:
    policies = load_policies(overrides)
    assert [policy.name for policy in chain_of("aliexpress", policies)] == chain


MARKETPLACE = "is a marketplace: it gives money back for its own orders only"
BROKEN = [
    (
        fallbacks(aliexpress=["aliexpress"]),
        ["policies.aliexpress.fallback[0]: a policy cannot be its own fallback"],
    ),
    (
        fallbacks(aliexpress=["paypal", "paypall"]),
        ["policies.aliexpress.fallback[1]: there is no policy 'paypall'; did you mean paypal?"],
    ),
    (fallbacks(aliexpress=["xyz"]), ["policies.aliexpress.fallback[0]: there is no policy 'xyz'"]),
    (fallbacks(aliexpress=["card", "card"]), ["policies.aliexpress.fallback[1]: 'card' is there twice"]),
    (
        fallbacks(aliexpress=["ebay"]),
        [
            f"policies.aliexpress.fallback[0]: 'ebay' {MARKETPLACE}",
        ],
    ),
    (
        fallbacks(paypal=["card"], card=["paypal"]),
        ["policies.paypal.fallback: the chain never ends: card → paypal → card"],
    ),
    (
        fallbacks(paypal=["card"], card=["eu-withdrawal"], eu_withdrawal=["paypal"]),
        ["policies.paypal.fallback: the chain never ends: card → eu-withdrawal → paypal → card"],
    ),
    (
        # Each link of it is wrong as well, and so is the chain.
        fallbacks(aliexpress=["ebay"], ebay=["aliexpress"]),
        [
            f"policies.aliexpress.fallback[0]: 'ebay' {MARKETPLACE}",
            f"policies.ebay.fallback[0]: 'aliexpress' {MARKETPLACE}",
            "policies.ebay.fallback: the chain never ends: aliexpress → ebay → aliexpress",
        ],
    ),
    ({"aliexpress": {"fallback": [17]}}, ["policies.aliexpress.fallback[0]: must be text"]),
    (
        # What is wrong with a policy does not make its name unknown.
        {"aliexpress": {"fallback": ["paypal"]}, "paypal": {"protection_days": "soon", "fallback": ["cart"]}},
        [
            f"policies.paypal.protection_days: {RANGE}",
            "policies.paypal.fallback[0]: there is no policy 'cart'; did you mean card?",
        ],
    ),
    (
        {"aliexpress": {"fallback": ["mine"]}, "mine": {"file": "/nowhere/mine.toml"}},
        ["policies.mine.file: there is no file /nowhere/mine.toml"],
    ),
]


@pytest.mark.parametrize(("overrides", "mistakes"), BROKEN)
def test_a_broken_chain_is_told(overrides: dict[str, Any], mistakes: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        load_policies(overrides)
    assert [str(problem).partition(" (allowed")[0] for problem in refused.value.problems] == mistakes


def test_what_can_be_a_fallback_is_allowed() -> None:
    with pytest.raises(ConfigError) as refused:
        load_policies(fallbacks(paypal=["xyz"]))
    assert [problem.allowed for problem in refused.value.problems] == ["card, eu-withdrawal"]


NAMES = st.sampled_from([*shipped_policies(), "xyz"])


@given(st.dictionaries(NAMES.filter(lambda name: name != "xyz"), st.lists(NAMES, max_size=4), max_size=5))
def test_any_chain_ends_or_is_told(chains: dict[str, list[str]]) -> None:
    overrides = {name: {"fallback": chain} for name, chain in chains.items()}
    try:
        policies = load_policies(overrides)
    except ConfigError:
        return
    for name in policies:
        chain = [policy.name for policy in chain_of(name, policies)]
        assert len(chain) == len(set(chain))
        assert name not in chain
