"""The property tests of a methodology pass where it keeps them, and each fails where something is broken on purpose."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import Methodology
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.states import GroupState
from cleancloud_rules.testing import property_tests
from tests.support.small import GOALS, LADDER, criterion, rule, tree

EVIDENCE = "test_a_further_fact_costs_no_points"
CERTIFICATE = "test_the_certificate_refutes_nothing"
BOUNDS = "test_nothing_leaves_its_bounds"
SUMS = "test_points_and_scores_add_up"
EVERY = (
    CERTIFICATE, EVIDENCE, "test_an_improved_field_costs_no_points", "test_a_narrower_bound_costs_no_points", BOUNDS,
    SUMS,
)  # fmt: skip

Scored = Callable[..., GroupState]


def failing(methodology: Methodology, *allowed: str, tried: Sequence[str] = EVERY) -> list[str]:
    """Return the names of the property tests that fail, of those that are tried."""
    made = property_tests(methodology, allowed, examples=20)
    assert sorted(name for name in vars(made) if name.startswith("test_")) == sorted(EVERY)
    return [name for name in tried if _fails(getattr(made(), name))]


def _fails(test: Callable[[], None]) -> bool:
    try:
        test()
    except AssertionError:
        return True
    return False


def mean(**more: Any) -> Methodology:
    """Return a mean that falls when a goal makes one of its parts not apply."""
    exempt = {"when": {"goal": {"topic": "carbon"}}}
    energy = criterion("energy", 2, rule("energy", 2, {"goal": {"topic": "energy"}}), not_applicable=exempt)
    carbon = criterion("sites", 2, rule("sites", 2, {"site": {}}))
    return tree([{"id": "whole", "title": "W", "aggregate": "mean", **more}], {"whole": [energy, carbon]})


def additive() -> Methodology:
    weights = [{"id": "first", "title": "F", "weight": 60}, {"id": "second", "title": "S", "weight": 40}]
    return tree(weights, {"first": [LADDER], "second": [GOALS]})


def test_a_sound_methodology_passes() -> None:
    assert failing(additive()) == []


def test_a_group_that_falls_although_no_criterion_does_fails_unless_it_is_an_exception() -> None:
    tried = (CERTIFICATE, EVIDENCE)
    assert failing(mean(), tried=tried) == [CERTIFICATE, EVIDENCE]
    assert failing(mean(monotone=False, rationale="What applies is counted."), tried=tried) == []
    assert failing(mean(), "whole", tried=tried) == []


@pytest.mark.parametrize(
    ("broken", "fails"),
    [
        (lambda state: evolve(state, score=state.score + 1), [BOUNDS, SUMS]),
        (lambda state: evolve(state, points=state.points + 1), [SUMS]),
        (lambda state: evolve(state, value=-state.value), [EVIDENCE]),
    ],
)  # fmt: skip
def test_each_kind_of_test_fails_where_groups_are_combined_in_a_wrong_way(
    broken: Callable[[GroupState], GroupState], fails: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    right: Scored = Combination._scored

    def wrong(self: Combination, state: GroupState, *rest: Any) -> GroupState:
        found = right(self, state, *rest)
        return found if found.score is None else broken(found)

    methodology = additive()
    monkeypatch.setattr(Combination, "_scored", wrong)
    assert failing(methodology, tried=fails) == fails
