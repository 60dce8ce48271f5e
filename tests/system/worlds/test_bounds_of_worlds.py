"""Tests of `bounds` and of outcomes: no completion of a company of a small world contradicts them."""

from random import Random

import pytest

from tests.support.worlds import bounds_held
from tests.support.worlds.companies import company_of
from tests.support.worlds.differences import refuse
from tests.support.worlds.making import world

STATES = 100
"""How many states of one company are visited. Most companies have fewer, so that all their completions are known."""


def hold_against_completions(seed: int) -> None:
    small = company_of(world(seed), Random(seed))  # noqa: S311 - nothing secret is made
    refuse(bounds_held.differences(small, STATES), small)


@pytest.mark.parametrize("part", range(3))
def test_no_completion_contradicts_bounds(part: int) -> None:
    for seed in range(100 * part, 100 * part + 100):
        hold_against_completions(seed)


@pytest.mark.deep(part="worlds")
@pytest.mark.parametrize("part", range(40))
def test_no_completion_contradicts_bounds_in_ten_thousand_worlds(part: int) -> None:
    for seed in range(1000 + 250 * part, 1250 + 250 * part):
        hold_against_completions(seed)
