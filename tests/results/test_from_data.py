"""Plain data become results as the types of their fields say, and a value that does not fit is told with its place."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs
import pytest

from cleancloud_rules.documents.extra_keys import Extra
from cleancloud_rules.documents.frozen_data import FrozenMapping
from cleancloud_rules.results.from_data import Count, Misfit, Rank, made_from, stored_at


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@attrs.frozen
class Part:
    name: str
    parts: tuple["Part", ...] = ()


@attrs.frozen
class Whole:
    id: str
    points: Decimal
    cell: Decimal | str | None = None
    share: Fraction | None = None
    rank: Rank | None = None
    counts: tuple[tuple[Colour, Count], ...] = ()
    both: tuple[str, str] = ("", "")
    entry: Mapping[str, Any] = FrozenMapping(())
    values: tuple[Any, ...] = ()
    part: Part | None = None
    colour: Colour = Colour.RED
    advice: str | None = attrs.field(default=None, metadata=stored_at("remedy", "text"))
    extra: Extra = ()
    _own: int = 0


def test_each_type_is_read() -> None:
    made = made_from(
        {
            "id": "a",
            "points": 4,
            "cell": Decimal("4.50"),
            "share": "-1/3",
            "rank": 1,
            "counts": {"blue": 0, "red": 2},
            "both": ["left", "right"],
            "entry": {"a": {"b": [1, {"c": None}]}},
            "values": [1, [2], {"x-a": True}],
            "part": {"name": "outer", "parts": [{"name": "inner", "parts": []}], "x-lost": 1},
            "colour": "blue",
            "remedy": {"text": "Write."},
            "x-owner": [1, 2],
            "later": 5,
            "_own": 7,
        },
        Whole,
    )
    assert made == Whole(
        "a",
        Decimal(4),
        Decimal("4.5"),
        Fraction(-1, 3),
        1,
        ((Colour.BLUE, 0), (Colour.RED, 2)),
        ("left", "right"),
        FrozenMapping((("a", FrozenMapping((("b", (1, FrozenMapping((("c", None),)))),))),)),
        (1, (2,), FrozenMapping((("x-a", True),))),
        Part("outer", (Part("inner"),)),
        Colour.BLUE,
        "Write.",
        (("x-owner", (1, 2)),),
    )
    assert type(made.points) is Decimal
    assert str(made.cell) == "4.50"
    hash(made)


@pytest.mark.parametrize("data", [{}, *({"remedy": remedy} for remedy in (None, {}, {"text": None}, {"other": 1}))])
def test_a_value_in_an_inner_mapping_may_be_missing(data: dict[str, Any]) -> None:
    assert made_from({"id": "a", "points": 0, **data}, Whole).advice is None


@pytest.mark.parametrize(
    ("change", "told", "steps"),
    [
        ({"points": "1"}, "expected a number, got a text", ["points"]),
        ({"points": True}, "expected a number, got a boolean", ["points"]),
        ({"cell": [1]}, "expected a number, a text or `null`, got a list", ["cell"]),
        ({"share": "1/0"}, "`1/0` is not a fraction", ["share"]),
        ({"share": 1}, "expected a fraction or `null`, got a whole number", ["share"]),
        ({"rank": 0}, "expected a whole number from 1, got `0`", ["rank"]),
        ({"rank": Decimal("1.0")}, "expected a whole number or `null`, got a number", ["rank"]),
        ({"counts": [["red", 1]]}, "expected a mapping, got a list", ["counts"]),
        ({"counts": {"red": 1, "green": 1}}, "expected `red` or `blue`, got `green`", ["counts", "green"]),
        ({"counts": {"red": -1}}, "expected a whole number from 0, got `-1`", ["counts", "red"]),
        ({"both": ["left"]}, "expected a list of 2, got one of 1", ["both"]),
        ({"both": ["left", 2]}, "expected a text, got a whole number", ["both", 1]),
        ({"entry": None}, "expected a mapping, got `null`", ["entry"]),
        ({"part": {"name": "a", "parts": [{"name": "b"}, {}]}}, "key `name` is missing", ["part", "parts", 1]),
        ({"part": {"name": "a", "parts": [{"name": 1}]}}, "expected a text, got", ["part", "parts", 0, "name"]),
        ({"colour": "r" * 5_000}, "expected `red` or `blue`, got a text", ["colour"]),
        ({"remedy": "Write."}, "expected a mapping or `null`, got a text", ["remedy", "text"]),
        ({"remedy": {"text": 5}}, "expected a text or `null`, got a whole number", ["remedy", "text"]),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(change: dict[str, Any], told: str, steps: list[Any]) -> None:
    with pytest.raises(Misfit) as caught:
        made_from({"id": "a", "points": 0, **change}, Whole)
    assert told in caught.value.reason
    assert caught.value.steps == steps


def test_what_is_no_mapping_is_no_result() -> None:
    with pytest.raises(Misfit, match="expected a mapping, got a list"):
        made_from([], Part)
