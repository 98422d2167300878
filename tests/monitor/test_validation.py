"""What a person is told about a table that is not as it should be."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from monitor.errors import Problem
from monitor.validation import problems_from


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Part(Strict):
    rule: list[str] = []
    count: int = 0


class Cat(Strict):
    kind: Literal["cat"]
    lives: int


class Dog(Strict):
    kind: Literal["dog"]
    barks: bool


class Table(Strict):
    name: str = ""
    speed: float = Field(default=1, gt=0)
    day: date | None = None
    colour: Colour = Colour.RED
    mode: Literal["fast", "slow"] = "fast"
    part: Part | None = None
    parts: list[Part] = []
    named: dict[str, Part] = {}
    by_colour: dict[Colour, int] = {}
    pairs: tuple[tuple[str, ...], ...] = ()
    point: tuple[int, str] = (0, "")
    either: int | list[int] | None = None
    word: str | dict[str, int] = ""
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    from_: str = Field(default="", alias="from")
    token: SecretStr = SecretStr("")

    @field_validator("token")
    @classmethod
    def _token(cls, token: SecretStr) -> SecretStr:
        if token and token.get_secret_value() != "good":
            text = token.get_secret_value()
            raise ValueError(f"{text} is refused ({text!r})")
        return token

    @model_validator(mode="after")
    def _together(self) -> "Table":
        if self.name == "impossible":
            raise ValueError("cannot be, and impossible is why")
        return self


def told(table: dict[str, Any], prefix: str = "carriers.x") -> tuple[Problem, ...]:
    with pytest.raises(ValidationError) as caught:
        Table.model_validate(table)
    return problems_from(caught.value, prefix, Table)


KEYS = "name, speed, day, colour, mode, part, parts, named, by_colour, pairs, point, either, word, pet, from, token"


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ({"name": 3}, "carriers.x.name: must be text"),
        ({"speed": "quick"}, "carriers.x.speed: must be a number"),
        ({"speed": 0}, "carriers.x.speed: must be greater than 0"),
        ({"day": "2026-02-30"}, "carriers.x.day: must be a date such as 2026-10-01"),
        ({"colour": "blue"}, "carriers.x.colour: is not one of the allowed words (allowed: red, green)"),
        ({"mode": "mid"}, "carriers.x.mode: is not one of the allowed words (allowed: fast, slow)"),
        ({"nmae": ""}, f"carriers.x.nmae: unknown key; did you mean name? (allowed: {KEYS})"),
        ({"zzzzz": ""}, f"carriers.x.zzzzz: unknown key (allowed: {KEYS})"),
        ({"part": 3}, "carriers.x.part: must be a table"),
        (
            {"part": {"cuont": 3}},
            "carriers.x.part.cuont: unknown key; did you mean count? (allowed: rule, count)",
        ),
        ({"parts": [{}, {"count": "q"}]}, "carriers.x.parts[1].count: must be a whole number"),
        ({"parts": [{"rule": [1]}]}, "carriers.x.parts[0].rule[0]: must be text"),
        ({"named": {"a": {"count": 1.5}}}, "carriers.x.named.a.count: must be a whole number"),
        ({"named": {"a": {"n": 1}}}, "carriers.x.named.a.n: unknown key (allowed: rule, count)"),
        (
            {"by_colour": {"gren": 1}},
            "carriers.x.by_colour.gren: unknown key; did you mean green? (allowed: red, green)",
        ),
        ({"by_colour": {"red": "x"}}, "carriers.x.by_colour.red: must be a whole number"),
        ({"pairs": [["a", 3]]}, "carriers.x.pairs[0][1]: must be text"),
        ({"point": [1, 2]}, "carriers.x.point[1]: must be text"),
        ({"either": "x"}, "carriers.x.either: must be a whole number or a list"),
        ({"pet": {"kind": "dog", "lives": 9}}, None),
        ({"pet": {"kind": "cow"}}, "carriers.x.pet: is of an unknown kind (allowed: cat, dog)"),
        ({"pet": {"kind": "cat", "lives": "x"}}, "carriers.x.pet.lives: must be a whole number"),
        ({"from": 1}, "carriers.x.from: must be text"),
        ({"name": "impossible"}, "carriers.x: cannot be, and … is why"),
    ],
)
def test_each_mistake_is_told_with_its_key_and_what_is_allowed(
    table: dict[str, Any], text: str | None
) -> None:
    problems = [str(problem) for problem in told(table)]
    if text is None:
        assert problems == [
            "carriers.x.pet.barks: is missing",
            "carriers.x.pet.lives: unknown key (allowed: kind, barks)",
        ]
    else:
        assert problems == [text]


def test_all_mistakes_at_once() -> None:
    problems = told({"name": 1, "speed": "x", "colour": "blue", "nmae": 1})
    assert [problem.key for problem in problems] == [
        f"carriers.x.{key}" for key in ("name", "speed", "colour", "nmae")
    ]


def test_the_branches_of_a_union_never_show_in_a_key() -> None:
    assert [problem.key for problem in told({"word": {"str": "q"}})] == [
        "carriers.x.word",
        "carriers.x.word.str",
    ]


def test_without_a_prefix_keys_start_at_the_top_of_the_file() -> None:
    assert [problem.key for problem in told({"part": {"count": "x"}}, prefix="")] == ["part.count"]
    assert [problem.key for problem in told({"name": "impossible"}, prefix="")] == [None]


@pytest.mark.parametrize("secret", ["s3cret-value", "with 'quotes' \" and \\ more", "(regex.*"])
@pytest.mark.parametrize(
    "key", ["name", "speed", "day", "colour", "mode", "part", "parts", "either", "pet", "token", "point"]
)
def test_what_was_given_is_never_repeated(key: str, secret: str) -> None:
    for given in (secret, [secret], {"kind": secret}, SecretStr(secret)):
        try:
            Table.model_validate({key: given})
        except ValidationError as error:
            text = "\n".join(map(str, problems_from(error, "carriers.x", Table)))
            assert key in text
            assert secret not in text
            assert repr(secret) not in text


class Account(Strict):
    key: SecretStr = Field(
        description="the app's key, from ourselves",
        json_schema_extra={"example": {"credential": "post"}},
    )
    url: str = Field(
        alias="address", description="where it is", json_schema_extra={"example": "https://e.org/{number}"}
    )
    limits: list[int] = Field(json_schema_extra={"example": [1, 2]})
    name: str


def test_what_is_missing_is_told_with_what_it_is_and_an_example() -> None:
    with pytest.raises(ValidationError) as caught:
        Account.model_validate({})
    assert [str(problem) for problem in problems_from(caught.value, "carriers.x", Account)] == [
        'carriers.x.key: is missing: the app\'s key, from ourselves; for example key = { file = "post.key" }',
        'carriers.x.address: is missing: where it is; for example address = "https://e.org/{number}"',
        "carriers.x.limits: is missing; for example limits = [1, 2]",
        "carriers.x.name: is missing",
    ]
