"""Tests of fits: they find the fewest facts that give a table, and claim that there are none only where that is so."""

from random import Random

import pytest

from tests.support.worlds import fits_held
from tests.support.worlds.companies import company_of
from tests.support.worlds.differences import report
from tests.support.worlds.making import world

STATES = 100
"""How many states of one company are visited."""


def contradictions(seed: int) -> str:
    small = company_of(world(seed, additive=True), Random(seed))  # noqa: S311 - nothing secret is made
    return report(fits_held.differences(small, STATES), small)


def test_a_fit_finds_the_fewest_facts() -> None:
    for seed in range(35):
        assert not contradictions(seed)


@pytest.mark.deep(part="worlds")
@pytest.mark.parametrize("part", range(20))
def test_a_fit_finds_the_fewest_facts_in_two_thousand_worlds(part: int) -> None:
    for seed in range(1000 + 100 * part, 1100 + 100 * part):
        assert not contradictions(seed)
