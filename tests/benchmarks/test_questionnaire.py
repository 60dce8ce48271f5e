"""The benchmark measures what it says: a methodology of that form, and totals that a plain evaluation gives too."""

from cleancloud_rules import methodology_from
from tests.benchmarks.questionnaire import LEVELS, files, measure


def test_it_has_250_criteria_in_25_groups_four_levels_deep() -> None:
    methodology = methodology_from(files())
    assert (len(methodology.criteria), len(methodology.groups)) == (250, 25)
    depth, groups = 0, methodology.categories
    while groups:
        depth, groups = depth + 1, groups[0].groups
    assert depth == len(LEVELS) == 4


def test_its_totals_are_those_of_a_plain_evaluation() -> None:
    found = measure(3)
    assert found.scoring > 0
    assert set(found.memory) == {0, 3}
