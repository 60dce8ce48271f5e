from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Criterion, Rule
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.scoring.points import (
    PointsRange,
    earned_by,
    points_in_words,
    points_of,
    proportion_arithmetic,
    range_of,
    winners,
)
from tests.support import small

SHARE: dict[str, Any] = {"share": {}}
ROUNDING = Rounding(points_digits=1)


def proportional(points: float, over: tuple[float, float], **more: Any) -> Rule:
    """Return a rule in proportion to a share of percent."""
    proportion = {"to": "share.percent", "over": list(over), **more}
    rule = small.rule("r", points, SHARE, in_proportion=proportion)
    best = max(points, more.get("least", 0), 0)
    (made,) = (
        small.methodology(small.criterion("c", best, rule, horizon="short_term"), small.LADDER).criterion("c").rules
    )
    return made


def shares(*percents: Any) -> list[Fact]:
    methodology = small.methodology(small.LADDER)
    return list(small.company(methodology, *(small.fact("share", {"percent": p}) for p in percents)).facts)


@pytest.mark.parametrize(
    ("points", "over", "more", "percent", "earned"),
    [
        (5, (0, 100), {}, 0, "0.0"),
        (5, (0, 100), {}, 62, "3.1"),
        (5, (0, 100), {}, 100, "5.0"),
        (5, (20, 80), {}, 10, "0.0"),
        (5, (20, 80), {}, 90, "5.0"),
        (5, (80, 20), {}, 20, "5.0"),
        (5, (80, 20), {}, 65, "1.3"),
        (5, (0, 100), {"least": 1}, 50, "3.0"),
        (5, (0, 100), {"digits": 0}, 50, "3"),
        (5, (0, 100), {"digits": 0, "mode": "half_even"}, 50, "2"),
        (5, (0, 100), {"digits": 0, "mode": "floor"}, 59, "2"),
        (-5, (0, 100), {}, 40, "-2.0"),
        (5, (0, 100), {}, {"more_than": 38}, "1.9"),
        (5, (0, 100), {}, {"less_than": 38}, "0.0"),
        (5, (100, 0), {}, {"at_most": 38}, "3.1"),
        (5, (0, 100), {}, {"between": [20, 40]}, "1.0"),
    ],
)
def test_points_follow_from_a_number_in_a_straight_line_held_at_both_ends(
    points: float, over: tuple[float, float], more: dict[str, Any], percent: Any, earned: str
) -> None:
    assert str(earned_by(proportional(points, over, **more), shares(percent), ROUNDING)) == earned


def test_of_several_facts_the_one_that_earns_most_speaks() -> None:
    assert earned_by(proportional(5, (0, 100)), shares(20, 60, 40), ROUNDING) == 3
    assert earned_by(proportional(-5, (0, 100)), shares(20, 60, 40), ROUNDING) == -1


def test_without_a_number_a_rule_in_proportion_earns_nothing() -> None:
    assert earned_by(proportional(5, (0, 100), least=1), [], ROUNDING) == 0
    assert proportion_arithmetic(proportional(5, (0, 100)), [], ROUNDING) is None


@pytest.mark.parametrize(
    ("rule", "percent", "said"),
    [
        (proportional(5, (0, 100)), 62, "5 x (62 - 0) / (100 - 0) = 3.1"),
        (proportional(5, (0, 80), least=1), 38, "1 + (5 - 1) x (38 - 0) / (80 - 0) = 2.9"),
        (proportional(5, (20, 80)), 95, "95 counts as 80: 5 x (80 - 20) / (80 - 20) = 5.0"),
    ],
)
def test_the_arithmetic_of_a_proportion_is_a_sentence(rule: Rule, percent: float, said: str) -> None:
    assert proportion_arithmetic(rule, shares(percent), ROUNDING) == said


def penalised(policy: str, *points: float, **more: Any) -> Criterion:
    asked = {"goal": {"topic": "energy"}}
    rules = [small.rule(f"r{i}", number, asked) for i, number in enumerate(points)]
    made = small.criterion("c", max(*points, 0), *rules, hit_policy=policy, **more)
    return small.methodology(made, small.GOALS).criterion("c")


def earned(criterion: Criterion, *rules: str) -> dict[str, Decimal]:
    return {rule.id: rule.points for rule in criterion.rules if rule.id in rules}


@pytest.mark.parametrize(
    ("criterion", "rules", "points"),
    [
        (penalised("collect sum", 3, -1, -2), ("r0", "r1"), 2),
        (penalised("collect sum", 3, -1, -2), ("r1", "r2"), -3),
        (penalised("collect sum", 3, -1, -2, at_least=-2), ("r1", "r2"), -2),
        (penalised("collect sum", -1, -2, at_least=0), ("r0",), 0),
        (penalised("collect min", 3, -1, -2), ("r0", "r1"), -1),
        (penalised("collect min", 3, 1), ("r0", "r1"), 1),
        (penalised("collect max", -1, -2), ("r0", "r1"), -1),
        (penalised("collect max", -1, -2), (), 0),
        (penalised("first", -1, 3), ("r0", "r1"), -1),
    ],
)
def test_penalties_are_taken_by_the_hit_policy_and_held_at_the_floor(
    criterion: Criterion, rules: tuple[str, ...], points: int
) -> None:
    assert points_of(criterion, earned(criterion, *rules)) == points


def test_the_worst_rule_wins_under_collect_min() -> None:
    criterion = penalised("collect min", 3, -1, -2)
    assert [rule.id for rule in winners(criterion, earned(criterion, "r0", "r2"))] == ["r2"]


@pytest.mark.parametrize(
    ("criterion", "least", "most"),
    [
        (penalised("collect sum", 3, -1, -2), -3, 3),
        (penalised("collect sum", 3, -1, -2, at_least=-2), -2, 3),
        (penalised("collect max", 3, 1), 0, 3),
        (penalised("collect min", -1, -2), -2, 0),
        (penalised("first", 3, -1), -1, 3),
    ],
)
def test_the_range_of_a_criterion_is_what_its_rules_can_come_to(criterion: Criterion, least: int, most: int) -> None:
    found = range_of(criterion)
    assert found == PointsRange(Decimal(least), Decimal(most))


def test_the_sentence_says_what_was_taken_and_what_held_it() -> None:
    criterion = penalised("collect sum", 3, -1, -2, at_least=-2)
    held = "the sum of the rules that hold"
    assert points_in_words(criterion, earned(criterion, "r0", "r1")) == f"{held}: 3 by r0 + -1 by r1 = 2"
    assert points_in_words(criterion, earned(criterion, "r1", "r2")) == f"{held}: -1 by r1 + -2 by r2 = -3, at least -2"
    assert points_in_words(criterion, {}) == "no rule holds: 0"
