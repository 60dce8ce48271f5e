"""A plain tree gives the figures that the general evaluation gives."""

import random
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules.api import methodology_from
from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.model.exact import shifted
from cleancloud_rules.model.groups import (
    NOT_APPLICABLE,
    Aggregation,
    Combining,
    CountsAs,
    NotApplicable,
    NotAssessed,
    Parts,
    Taken,
)
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.rounding import Rounding, RoundingMode, TotalPolicy
from cleancloud_rules.model.tree import is_plain, structure_of
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.plain_tree import PlainTree
from cleancloud_rules.scoring.sums import Summing, Sums
from tests.scoring.test_combination import group, one
from tests.scoring.test_combination import plain as methodology_of
from tests.support import small

SEEDS, TREES, COMPANIES = 25, 4, 8
PLAIN = (Aggregation.SUM, Aggregation.MEAN, Aggregation.WEIGHTED_SUM, Aggregation.WEIGHTED_MEAN)
FIGURES = ("outcome", "points", "max_points", "value", "score", "max_score", "label", "level", "because")
ROOT: str | None = None


class Planing:
    """Makes a generated methodology plain: its tree, points and weights stay, its groups combine them plainly."""

    def __init__(self, seed: int) -> None:
        self.choices = random.Random(seed)  # noqa: S311 - the same trees in every run

    def methodology(self, made: Methodology) -> Methodology:
        rounding = Rounding(
            self.choices.randrange(4), self.choices.choice(list(RoundingMode)), self.choices.choice(list(TotalPolicy)),
            made.rounding.points_digits,
        )  # fmt: skip
        return evolve(
            made, combining=self._combining(), categories=tuple(map(self._group, made.categories)), rounding=rounding,
            not_applicable=self.choices.choice(list(CountsAs)), not_assessed=NotAssessed.ZERO, tables=(),
        )  # fmt: skip

    def _combining(self) -> Combining:
        scale = self.choices.choice((None, None, Decimal(100), Decimal("7.5")))
        return Combining(
            aggregate=self.choices.choice(PLAIN), of=self.choices.choice(list(Taken)), scale=scale, base=Decimal(0)
        )

    def _group(self, made: Group) -> Group:
        plain = self._combining()
        return Group(
            id=made.id, title=made.title, weight=self._weight(), criteria=tuple(map(self._criterion, made.criteria)),
            groups=tuple(map(self._group, made.groups)), aggregate=plain.aggregate, of=plain.of, scale=plain.scale,
            parts=self.choices.choice(list(Parts)), rounding=made.rounding,
        )  # fmt: skip

    def _criterion(self, made: Criterion) -> Criterion:
        exempt = (
            NotApplicable(counts_as=self.choices.choice((None, *CountsAs))) if self.choices.random() < 0.4 else None
        )
        return evolve(
            made, requires=(), not_applicable=exempt, not_assessed=None, weight=self._weight(), level=None
        )  # fmt: skip

    def _weight(self) -> Decimal | None:
        return self.choices.choice((None, Decimal(0), Decimal(1), Decimal("2.5"), Decimal(30)))

    def company(self, methodology: Methodology) -> tuple[dict[str, Decimal], set[str]]:
        """Return points that a company may have, and criteria that may not apply to it."""
        share, digits = self.choices.random(), methodology.rounding.points_digits
        points = {
            str(criterion.id): shifted(self.choices.randint(-30, int(criterion.max_points * 10**digits)), digits)
            for criterion in methodology.criteria
            if self.choices.random() < share
        }
        exempt = {
            str(c.id) for c in methodology.criteria if c.not_applicable is not None and self.choices.random() < 0.4
        }
        return points, exempt


def figures_of(states: Iterable[Any]) -> list[tuple[Any, ...]]:
    return [(*(getattr(s, name) for name in FIGURES), str(s.score), str(s.max_score)) for s in states]


def test_a_plain_tree_gives_what_the_combination_gives() -> None:
    compared = given_up = 0
    for seed in range(SEEDS):
        generated = methodology_from(generated_files(Seeded(seed)))
        for number in range(TREES):
            planing = Planing(TREES * seed + number)
            methodology = planing.methodology(generated)
            structure = structure_of(methodology)
            if not is_plain(structure):
                assert any(not c.max_points for c in methodology.criteria), seed
                continue
            tree, ids = PlainTree(structure), (None, *structure.groups)
            for _ in range(COMPANIES):
                points, exempt = planing.company(methodology)
                combination = Combination(structure, points, exempt, None)
                states, found = [combination.of(id) for id in ids], tree.results(points, exempt)
                if found is None:
                    given_up += 1
                    assert any(not state.max_score for state in states), seed  # there is no score, or none above 0
                else:
                    compared += 1
                    assert figures_of(map(found.of, ids)) == figures_of(states), seed
                    fired = {id: {NOT_APPLICABLE: Firing(id, NOT_APPLICABLE, ())} for id in exempt}
                    sums = Sums(fired, {}, points, Summing(structure), None, Firings((), ()))
                    assert [sums.arithmetic(id) for id in ids] == [state.arithmetic for state in states], seed
                    assert [sums.words(id) for id in ids] == [state.words for state in states], seed
    assert compared > 300
    assert given_up > 50


ASKS: dict[str, Any] = {"not_applicable": {"when": {"goal": {"topic": "carbon"}}}}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"aggregate": "mean", "of": "shares", "scale": 100},
        {"aggregate": "weighted mean"},
        {"rounding": {"digits": 1}},
    ],
)
def test_groups_that_add_or_average_are_plain(more: dict[str, Any]) -> None:
    weight = {"weight": 2} if more.get("aggregate") == "weighted mean" else {}
    assert is_plain(structure_of(methodology_of(one("a", **weight), one("b", **weight, **ASKS), **more)))


@pytest.mark.parametrize(
    "more",
    [
        {"aggregate": "minimum"},
        {"aggregate": "maximum"},
        {"aggregate": "none"},
        {"base": 1},
        {"at_least": 1},
        {"at_most": 3},
        {"caps": [{"at_most": 2, "unless": "b"}]},
        {"tiers": ["a", "b"]},
        {"bands": [{"label": "A", "score": ">= 4"}, {"label": "B", "score": "< 4"}]},
        {"levels": [{"id": "low", "title": "Low"}]},
        {"needs": "must"},
        {"coverage": [{"at_least": 1}]},
        {"empty": "zero"},
        {"not_assessed": "excluded"},
        ASKS,
    ],
    ids=lambda more: next(iter(more)) if "aggregate" not in more else more["aggregate"],
)
def test_a_group_that_does_more_is_not_plain(more: dict[str, Any]) -> None:
    level: dict[str, Any] = {"level": "low"} if "levels" in more else {}
    criteria = (one("a", requirement="must", **level), one("b"))
    assert not is_plain(structure_of(methodology_of(*criteria, **more)))


@pytest.mark.parametrize(
    "more",
    [
        {"requires": ["b"]},
        {"not_assessed": "excluded"},
        {"not_applicable": {"cohorts": ["big"]}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_criterion_that_more_than_a_fact_can_rule_out_is_not_plain(more: dict[str, Any]) -> None:
    assert not is_plain(structure_of(methodology_of(one("a", **more), one("b"))))


def two_groups() -> PlainTree:
    made = small.tree(
        [group("g"), group("h")], {"g": [one("a"), one("b", 2, **ASKS)], "h": [one("c")]}, aggregate="mean"
    )
    return PlainTree(structure_of(made))


def test_only_groups_with_an_answered_criterion_are_computed() -> None:
    tree = two_groups()
    nothing, some = tree.results({}, ()), tree.results({"a": Decimal(3)}, ())
    assert nothing is not None
    assert some is not None
    assert some.of("h") is nothing.of("h")
    assert [some.of(id).value for id in ("g", ROOT)] == [3, Fraction(3, 2)]
    assert [nothing.of(id).value for id in ("g", ROOT)] == [0, 0]


def test_companies_do_not_see_the_points_of_each_other() -> None:
    tree = two_groups()
    for _ in range(2):
        found = tree.results({"a": Decimal(3), "b": Decimal(2)}, ())
        assert found is not None
        assert found.of("g").points == 5


def test_what_does_not_apply_leaves_the_maximum() -> None:
    found = two_groups().results({"a": Decimal(3), "b": Decimal(2)}, {"b"})
    assert found is not None
    figures = found.of("g")
    assert [figures.points, figures.max_points] == [3, 4]
    assert figures.value == 3


def test_a_company_to_which_nothing_of_a_group_applies_is_left_to_the_general_evaluation() -> None:
    tree = PlainTree(structure_of(methodology_of(one("a", **ASKS))))
    assert tree.results({}, {"a"}) is None
    assert tree.results({}, ()) is not None
