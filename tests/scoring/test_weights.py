from fractions import Fraction

from cleancloud_rules import load_methodology
from cleancloud_rules.analysis import effective_weights
from tests.scoring.test_combination import group, one
from tests.support import small


def test_in_a_weighted_sum_of_points_a_criterion_counts_its_part_of_the_category() -> None:
    weights = {weight.criterion: weight for weight in effective_weights(load_methodology("clean_cloud_2024"))}
    assert len(weights) == 31
    assert weights["renewable_target"].effective == Fraction(40 * 10, 30)
    assert sum(weight.effective or 0 for weight in weights.values()) == 100
    assert weights["governance"].groups == ("transparency",)


def test_what_stands_behind_a_gate_counts_with_it() -> None:
    used = small.tree([group("g")], {"g": [one("a"), one("b", requires=["a"])]})
    found = {weight.criterion: weight for weight in effective_weights(used)}
    assert (found["a"].effective, found["b"].effective) == (Fraction(8), Fraction(4))
    assert (found["a"].share, found["b"].share) == (Fraction(1), Fraction(1, 2))


def test_declared_weights_are_told_beside_the_effective_ones() -> None:
    used = small.tree([group("g", aggregate="weighted mean")], {"g": [one("a", weight=3), one("b", weight=1)]})
    assert [weight.weight for weight in effective_weights(used)] == [3, 1]
    assert [weight.effective for weight in effective_weights(used)] == [3, 1]


def test_a_penalty_counts_what_it_can_cost() -> None:
    fine = small.criterion("fine", 0, small.rule("r", -2, {"goal": {}}))
    used = small.tree([group("g")], {"g": [one("a"), fine]})
    assert [weight.effective for weight in effective_weights(used)] == [4, 2]


def test_without_a_total_nothing_has_an_effective_weight() -> None:
    used = small.tree([group("g")], {"g": [one("a")]}, aggregate="none", levels=[{"id": "l", "title": "L"}],
                      rank_by=["level"])  # fmt: skip
    assert [(weight.effective, weight.share) for weight in effective_weights(used)] == [(None, None)]
