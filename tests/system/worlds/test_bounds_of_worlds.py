"""Tests of `bounds` and of outcomes: no completion of a company of a small world contradicts them."""

from random import Random

import pytest

from tests.support.worlds import bounds_held
from tests.support.worlds.companies import company_of
from tests.support.worlds.differences import report
from tests.support.worlds.making import world

STATES = 100
"""How many states of one company are visited. Most companies have fewer, so that all their completions are known."""


RARE = (2163, 2351, 2778, 2935, 4178, 5501, 6903, 8230, 9890)
"""Worlds of rare forms that once had wrong bounds: parts without weight or maximum, `empty`, exemptions by cohort."""


def contradictions(seed: int) -> str:
    small = company_of(world(seed), Random(seed))  # noqa: S311 - nothing secret is made
    return report(bounds_held.differences(small, STATES), small)


@pytest.mark.parametrize("part", range(3))
def test_no_completion_contradicts_bounds(part: int) -> None:
    for seed in range(100 * part, 100 * part + 100):
        assert not contradictions(seed)


def test_no_completion_contradicts_bounds_in_worlds_of_rare_forms() -> None:
    for seed in RARE:
        assert not contradictions(seed)


@pytest.mark.deep(part="worlds")
@pytest.mark.parametrize("part", range(40))
def test_no_completion_contradicts_bounds_in_ten_thousand_worlds(part: int) -> None:
    for seed in range(1000 + 250 * part, 1250 + 250 * part):
        assert not contradictions(seed)
