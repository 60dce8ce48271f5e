"""Bounds of points and scores hold for every company, and are narrow where no points are negative."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cleancloud_rules import score
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.scoring.magnitudes import Magnitude, Magnitudes
from tests.support.seeded import seeded_cases
from tests.support.small import LADDER, company, criterion, fact, methodology, rule, tree

PENALTY = criterion("penalty", 0, rule("less", -5, {"goal": {"topic": "energy"}}))


@pytest.mark.parametrize("seed", range(500, 525))
def test_no_score_exceeds_its_bound(seed: int) -> None:
    cases = list(seeded_cases(seed))
    tree = structure_of(cases[0][0])
    magnitudes = Magnitudes(tree)
    for made, one in cases:
        card = score(one, made, cross_check=False)
        _hold(card.total, card.max_total, magnitudes.of(None).rounded(made.rounding.digits))
        for group in card.groups:
            digits = made.rounding_of(tree.groups[group.id]).digits
            _hold(group.score, group.max_score, magnitudes.of(group.id).rounded(digits))
        for part in card.criteria:
            _hold(part.points, part.max_points, magnitudes.criterion(tree.criteria[part.id]))


def _hold(value: Decimal | None, most: Decimal | None, found: Magnitude) -> None:
    assert abs(Fraction(value or 0)) <= found.value
    assert abs(Fraction(most or 0)) <= found.most


def test_a_scaled_group_without_penalties_stays_within_its_scale() -> None:
    found = Magnitudes(structure_of(methodology(LADDER))).of("whole")
    assert (found.value, found.most, found.is_within) == (Fraction(100), Fraction(100), True)


def test_a_penalty_in_a_scaled_group_multiplies_by_what_may_be_left() -> None:
    made = methodology(LADDER, PENALTY)  # 4 points in all: 100 x (4 + 5) / 4
    found = Magnitudes(structure_of(made)).of("whole")
    assert (found.value, found.is_within) == (Fraction(225), False)
    cards = [score(company(made, fact("goal", {"topic": "energy"})), made)]
    assert [card.total for card in cards] == [Decimal("-125.00")]


def test_a_negative_base_leaves_at_least_a_unit_of_the_maxima() -> None:
    parts = [{"id": "part", "title": "Part", "weight": 100, "base": Decimal("-3.9")}]
    made = tree(parts, {"part": [LADDER, PENALTY]})
    # The maximum is a multiple of 0.1 above 0: 100 x (3.9 + 4 + 5) / 0.1.
    assert Magnitudes(structure_of(made)).of("part").value == 12_900
