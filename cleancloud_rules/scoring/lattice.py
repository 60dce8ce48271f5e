"""The lattice of scores that points can give: weight x points / maximum, rounded."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from cleancloud_rules.model.additive import exact_score
from cleancloud_rules.model.exact import multiply, steps_in, unit
from cleancloud_rules.model.methodology import Criterion, Group, HitPolicy
from cleancloud_rules.model.rounding import Rounding, rounded


def step_of(rounding: Rounding) -> Decimal:
    """Return the smallest difference of points that the methodology's digits allow."""
    return unit(rounding.points_digits)


@lru_cache(maxsize=256)
def lattice(category: Group, rounding: Rounding) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return every number of points that the rules of a category can add up to, with the score that it is printed as.

    This is the subset-sum algorithm by dynamic programming on a bit set: bit k of an integer says that k steps of
    points are a possible sum. Adding a criterion shifts the bits by each number of steps that it can have.

    Args:
        category: with its criteria, weight and maximum.
        rounding: digits and mode of scores, digits of points.
    """
    step = step_of(rounding)
    sums = 1
    for criterion in category.criteria:
        sums = _union(sums << steps for steps in _criterion_steps(criterion, step))
    points = [multiply(step, k) for k in range(sums.bit_length()) if sums >> k & 1]
    return tuple((p, rounded(exact_score(category, p), rounding.digits, rounding.mode)) for p in points)


def _union(masks: Iterable[int]) -> int:
    together = 0
    for mask in masks:
        together |= mask
    return together


def _criterion_steps(criterion: Criterion, step: Decimal) -> list[int]:
    """Return the possible points of a criterion, in steps."""
    points = [steps_in(rule.points, step) for rule in criterion.rules]
    most = criterion.max_points if criterion.at_most is None else min(criterion.at_most, criterion.max_points)
    if criterion.hit_policy is not HitPolicy.COLLECT_SUM:
        return sorted({0, *points})
    sums = 1
    for earned in points:
        sums |= sums << earned
    return sorted({min(k, steps_in(most, step)) for k in range(sums.bit_length()) if sums >> k & 1})


def points_giving(figure: Decimal, category: Group, rounding: Rounding) -> tuple[Decimal, ...]:
    """Return every number of points whose score is printed as `figure`, smallest first; none if it is off the lattice.

    Args:
        figure: the printed score.
        category: with its criteria, weight and maximum.
        rounding: digits and mode of scores, digits of points.
    """
    return tuple(points for points, score in lattice(category, rounding) if score == figure)
