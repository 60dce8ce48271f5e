"""Fired rules to the points of a criterion."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Proportion, Rule
from cleancloud_rules.model.rounding import rounded, rounding_in_words, short
from cleancloud_rules.model.values import Interval

ZERO = Decimal(0)

Earned = Mapping[str, Decimal]
"""What each rule of a criterion that fired earns, by its id."""


def earned_by(rule: Rule, facts: Iterable[Fact], digits: int) -> Decimal:
    """Return what a rule that fired earns: its points, or by the fact that is best for the company its share of them.

    Where no fact holds the number, a rule in proportion earns nothing.

    Args:
        rule: the rule.
        facts: the facts on which it fired.
        digits: decimal places of points.
    """
    if rule.in_proportion is None:
        return rule.points
    speaking = _speaking(rule, rule.in_proportion, facts)
    return ZERO if speaking is None else earned_of(rule, rule.in_proportion, speaking, digits)


def earned_of(rule: Rule, proportion: Proportion, number: Fraction, digits: int) -> Decimal:
    """Return what a rule in proportion earns by a number, with `digits` places of points where it says no others."""
    return rounded(exact_of(rule, proportion, number), *_digits(proportion, digits))


def proportion_arithmetic(rule: Rule, facts: Iterable[Fact], digits: int) -> str | None:
    """Return how the points of a rule in proportion came about as a sentence; None where no number speaks."""
    proportion = rule.in_proportion
    speaking = None if proportion is None else _speaking(rule, proportion, facts)
    if proportion is None or speaking is None:
        return None
    worst, best = proportion.over
    low, high = sorted((worst, best))
    value = min(max(speaking, Fraction(low)), Fraction(high))
    exact = exact_of(rule, proportion, speaking)
    held = f"{short(speaking)} counts as {short(value)}: " if value != speaking else ""
    span = f"({short(rule.points)} - {short(proportion.least)})" if proportion.least else short(rule.points)
    above = f"({short(value)} - {short(worst)}) / ({short(best)} - {short(worst)})"
    product = f"{f'{short(proportion.least)} + ' if proportion.least else ''}{span} x {above}"
    places, mode = _digits(proportion, digits)
    return f"{held}{product} = {rounding_in_words(exact, rounded(exact, places, mode), mode)}"


def _digits(proportion: Proportion, digits: int) -> Any:
    return (digits if proportion.digits is None else proportion.digits), proportion.mode


def _speaking(rule: Rule, proportion: Proportion, facts: Iterable[Fact]) -> Fraction | None:
    """Return the number that earns most; a bounded one stands for the value inside its bound that earns least."""
    values = (fact.values.get(proportion.field) for fact in facts if fact.type == proportion.fact_type)
    numbers = [_certain(rule, proportion, value) for value in values if value is not None]
    return max(numbers, key=lambda number: exact_of(rule, proportion, number), default=None)


def _certain(rule: Rule, proportion: Proportion, value: Any) -> Fraction:
    if not isinstance(value, Interval):
        return Fraction(value)
    low, high = (Fraction(end) for end in sorted(proportion.over))
    ends = (low if value.low is None else Fraction(value.low), high if value.high is None else Fraction(value.high))  # type: ignore[arg-type]
    return min(ends, key=lambda end: exact_of(rule, proportion, end))


def exact_of(rule: Rule, proportion: Proportion, number: Fraction) -> Fraction:
    """Return least + (points - least) x (number - worst) / (best - worst), the number held between both."""
    worst, best = proportion.over
    share = min(max((number - Fraction(worst)) / Fraction(best - worst), Fraction(0)), Fraction(1))
    return Fraction(proportion.least) + Fraction(rule.points - proportion.least) * share


def winners(criterion: Criterion, earned: Earned) -> tuple[Rule, ...]:
    """Return the rules whose points are taken: all that fired under a sum, else the best, the worst or the first."""
    candidates = tuple(rule for rule in criterion.rules if rule.id in earned)
    if not candidates:
        return ()
    match criterion.hit_policy:
        case HitPolicy.COLLECT_SUM:
            return candidates
        case HitPolicy.FIRST:
            return candidates[:1]
        case HitPolicy.COLLECT_MIN:
            return (min(candidates, key=lambda rule: earned[rule.id]),)
        case _:
            return (max(candidates, key=lambda rule: earned[rule.id]),)


def points_of(criterion: Criterion, earned: Earned) -> Decimal:
    """Return the points of a criterion: those of the winners together, held between its floor and its cap."""
    return held(criterion, sum((earned[rule.id] for rule in winners(criterion, earned)), ZERO))


def held(criterion: Criterion, points: Decimal) -> Decimal:
    """Return points held between the floor and the cap of a criterion, and never above its maximum."""
    cap = criterion.max_points if criterion.at_most is None else min(criterion.at_most, criterion.max_points)
    points = min(points, cap)
    return points if criterion.at_least is None else max(points, criterion.at_least)


@frozen
class PointsRange:
    """The least and the most points that the rules of a criterion can come to, whatever fires."""

    least: Decimal
    most: Decimal


def range_of(criterion: Criterion) -> PointsRange:
    """Return the least and the most points that the rules of a criterion can come to if any of them may fire or not."""
    ranges = [rule.range for rule in criterion.rules]
    if criterion.hit_policy is HitPolicy.COLLECT_SUM:
        least = sum((min(low, ZERO) for low, _ in ranges), ZERO)
        most = sum((max(high, ZERO) for _, high in ranges), ZERO)
    else:
        least = min((low for low, _ in ranges), default=ZERO)
        most = max((high for _, high in ranges), default=ZERO)
    return PointsRange(held(criterion, min(least, ZERO)), held(criterion, max(most, ZERO)))


def points_in_words(criterion: Criterion, earned: Earned) -> str:
    """Return how the points of a criterion came about as a sentence."""
    won = winners(criterion, earned)
    taken = " + ".join(f"{short(earned[rule.id])} by {rule.id}" for rule in won) or "no rule"
    together = sum((earned[rule.id] for rule in won), ZERO)
    points = held(criterion, together)
    if points == together:
        return f"{criterion.hit_policy.value}: {taken} = {short(points)}"
    limit = "at most" if points < together else "at least"
    return f"{criterion.hit_policy.value}: {taken} = {short(together)}, {limit} {short(points)}"
