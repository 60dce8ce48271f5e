"""Computes the points of a criterion from the rules that fired."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from attrs import frozen

from cleancloud_rules.engine.firings import Firing
from cleancloud_rules.model.exact import ZERO, total
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Proportion, Rule
from cleancloud_rules.model.rounding import (
    SHORT,
    Rounding,
    RoundingMode,
    in_places,
    rounded,
    rounded_units,
    rounding_in_words,
    short,
)
from cleancloud_rules.model.values import Interval

Earned = Mapping[str, Decimal]
"""The points of each rule of a criterion that fired, by id."""

KEPT_SUMS = 64
"""For how many sets of rules that fired the points of a criterion are kept."""


def earned_by(rule: Rule, facts: Iterable[Fact], rounding: Rounding) -> Decimal:
    """Return the points of a rule that fired. Points in proportion follow from the number that is best for the company.

    If no fact states the number, a rule in proportion earns nothing.

    Args:
        rule: the rule.
        facts: the facts on which it fired.
        rounding: that of the methodology, for the places and the mode that the rule does not name.
    """
    if rule.in_proportion is None:
        return rule.points
    position = _best_position(rule, rule.in_proportion, facts)
    return ZERO if position is None else _points_at(rule, rule.in_proportion, position, rounding)


def earned_of(rule: Rule, proportion: Proportion, number: Fraction, rounding: Rounding) -> Decimal:
    """Return the points of a rule in proportion for a number, under the rounding of a methodology."""
    return _points_at(rule, proportion, _Position(number), rounding)


@frozen
class _Position:
    """A number, or the numbers just beside it, where a bound leaves its end out.

    Args:
        number: the number.
        side: 0 for the number itself, 1 for the numbers just above it, -1 for those just below.
    """

    number: Fraction
    side: int = 0


def _points_at(rule: Rule, proportion: Proportion, position: _Position, rounding: Rounding) -> Decimal:
    places, mode = rounding_of(proportion, rounding)
    return rounded(exact_of(rule, proportion, position.number), places, mode, _lean(rule, proportion, position))


def rounding_of(proportion: Proportion, rounding: Rounding) -> tuple[int, RoundingMode]:
    """Return the decimal places and the mode of points in proportion, under the rounding of a methodology."""
    places = rounding.points_digits if proportion.digits is None else proportion.digits
    return places, proportion.mode or rounding.mode


def _lean(rule: Rule, proportion: Proportion, position: _Position) -> int:
    """Return whether points just beside a number are just above (1) or just below (-1) those of the number, or equal.

    Points change only between both ends of the range; beyond an end they are those of the end.
    """
    low, high = sorted(proportion.over)
    inside = low <= position.number < high if position.side > 0 else low < position.number <= high
    if not position.side or not inside or rule.points == proportion.least:
        return 0
    worst, best = proportion.over
    rises = (best > worst) is (rule.points > proportion.least)
    return position.side if rises else -position.side


def proportion_arithmetic(rule: Rule, facts: Iterable[Fact], rounding: Rounding) -> str | None:
    """Return the computation of points in proportion as a sentence; None if no number is stated."""
    proportion = rule.in_proportion
    position = None if proportion is None else _best_position(rule, proportion, facts)
    if proportion is None or position is None:
        return None
    number = position.number
    low, high = sorted(proportion.over)
    value = min(max(number, Fraction(low)), Fraction(high))
    exact = exact_of(rule, proportion, number)
    held = f"{short(number)} counts as {short(value)}: " if value != number else ""
    if _lean(rule, proportion, position):
        held = f"{'more' if position.side > 0 else 'less'} than {short(number)}: "
    before, after = _product(rule, proportion)
    points = _points_at(rule, proportion, position, rounding)
    end = rounding_in_words(exact, points, proportion.mode or rounding.mode)
    return f"{held}{before}{short(value)}{after} = {end}"


def _product(rule: Rule, proportion: Proportion) -> tuple[str, str]:
    """Return the computation of points in proportion in words, before and after the number."""
    worst, best = map(short, proportion.over)
    least = short(proportion.least) if proportion.least else None
    span = short(rule.points) if least is None else f"{least} + ({short(rule.points)} - {least})"
    return f"{span} x (", f" - {worst}) / ({best} - {worst})"


def _best_position(rule: Rule, proportion: Proportion, facts: Iterable[Fact]) -> _Position | None:
    """Return the number that earns most. A bounded number counts as the value inside its bound that earns least."""
    values = (fact.values.get(proportion.field) for fact in facts if fact.type == proportion.fact_type)
    numbers = [_certain(rule, proportion, value) for value in values if value is not None]
    return max(numbers, key=lambda position: _merit(rule, proportion, position), default=None)


def _merit(rule: Rule, proportion: Proportion, position: _Position) -> tuple[Fraction, int]:
    return exact_of(rule, proportion, position.number), _lean(rule, proportion, position)


def _certain(rule: Rule, proportion: Proportion, value: Any) -> _Position:
    if not isinstance(value, Interval):
        return _Position(Fraction(value))
    low: Any = value.low
    high: Any = value.high
    first, last = sorted(proportion.over)
    ends = (
        _Position(Fraction(first if low is None else low), 1 if value.low_open else 0),
        _Position(Fraction(last if high is None else high), -1 if value.high_open else 0),
    )
    return min(ends, key=lambda position: _merit(rule, proportion, position))


def exact_of(rule: Rule, proportion: Proportion, number: Fraction) -> Fraction:
    """Return the points of a rule in proportion for a number, without rounding; see `Line`."""
    return Fraction(*line_of(rule, proportion).at(number))


@frozen
class Line:
    """Points in proportion to a number, in whole numbers: (start + rise x number) / steps, between two ends.

    That is least + (points - least) x (number - worst) / (best - worst), with the number limited to that range.

    Args:
        unit: what the number is multiplied by.
        low: its lower end, multiplied.
        high: its upper end, multiplied.
        start: the points at a number of 0, multiplied by `steps`.
        rise: by how much they rise for 1 of the multiplied number.
        steps: what the points are divided by; above 0.
    """

    unit: int
    low: int
    high: int
    start: int
    rise: int
    steps: int

    def at(self, number: Decimal | Fraction | int) -> tuple[int, int]:
        """Return the points for a number, as a numerator and a denominator above 0."""
        whole, parts = number.as_integer_ratio()
        held = min(max(whole * self.unit, self.low * parts), self.high * parts)
        return self.start * parts + self.rise * held, self.steps * parts


def line_of(rule: Rule, proportion: Proportion) -> Line:
    """Return the points of a rule in proportion as a line."""
    numbers = [Fraction(number) for number in (*proportion.over, proportion.least, rule.points)]
    unit = lcm(*(number.denominator for number in numbers))
    worst, best, least, most = (int(number * unit) for number in numbers)
    if best < worst:
        worst, best, least, most = best, worst, most, least
    width, rise = best - worst, most - least
    return Line(unit, worst, best, least * width - rise * worst, rise, width * unit)


def winners(criterion: Criterion, earned: Earned) -> tuple[Rule, ...]:
    """Return the rules that win: under `collect sum` all that fired, otherwise the best, the worst or the first."""
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
    """Return the points of a criterion: those of its winning rules together, within its `at_least` and `at_most`."""
    return held(criterion, total(earned[rule.id] for rule in winners(criterion, earned)))


def held(criterion: Criterion, points: Decimal) -> Decimal:
    """Return points limited to the `at_least`, the `at_most` and the maximum of a criterion."""
    cap = criterion.max_points if criterion.at_most is None else min(criterion.at_most, criterion.max_points)
    points = min(points, cap)
    return points if criterion.at_least is None else max(points, criterion.at_least)


class Earning:
    """The points of one criterion, prepared for any firings.

    Args:
        criterion: the criterion.
        rounding: that of the methodology.
    """

    def __init__(self, criterion: Criterion, rounding: Rounding) -> None:
        self._criterion = criterion
        self._in_proportion = {
            rule.id: _InProportion(rule, rule.in_proportion, rounding)
            for rule in criterion.rules
            if rule.in_proportion is not None
        }
        self._kept: dict[tuple[str, ...], tuple[Earned, Decimal]] = {}

    @property
    def reads_facts(self) -> bool:
        """Whether points follow from more than which rules fired."""
        return bool(self._in_proportion)

    def of(self, fired: Mapping[str, Firing], facts: Mapping[str, Fact]) -> tuple[Earned, Decimal]:
        """Return the points of each rule that fired, and those of the criterion.

        Args:
            fired: what fired, by rule.
            facts: the facts that count, by id; empty unless `reads_facts`.
        """
        if self._in_proportion:
            return self._computed(fired, facts)
        key = tuple(fired)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT_SUMS:
                self._kept.clear()
            found = self._kept[key] = self._computed(fired, facts)
        return found

    def arithmetic(self, fired: Mapping[str, Firing], facts: Mapping[str, Fact]) -> dict[str, str]:
        """Return the computation of points in proportion as sentences, by rule; see `of`."""
        asked = ((id, rule, fired[id].facts) for id, rule in self._in_proportion.items() if id in fired)
        made = {id: rule.arithmetic([facts[fact] for fact in passing]) for id, rule, passing in asked}
        return {id: text for id, text in made.items() if text is not None}

    def _computed(self, fired: Mapping[str, Firing], facts: Mapping[str, Fact]) -> tuple[Earned, Decimal]:
        earned: dict[str, Decimal] = {}
        for rule in self._criterion.rules:
            if rule.id in fired:
                prepared = self._in_proportion.get(rule.id)
                if prepared is None:
                    earned[rule.id] = rule.points
                else:
                    earned[rule.id] = prepared.earned([facts[id] for id in fired[rule.id].facts])
        return earned, points_of(self._criterion, earned)


class _InProportion:
    """The points of one rule in proportion to a number.

    Args:
        rule: the rule.
        proportion: its proportion.
        rounding: that of the methodology.
    """

    def __init__(self, rule: Rule, proportion: Proportion, rounding: Rounding) -> None:
        self._rule, self._proportion, self._rounding = rule, proportion, rounding
        self._line = line_of(rule, proportion)
        self._places, self._mode = rounding_of(proportion, rounding)
        self._low, self._high = sorted(proportion.over)
        self._before, self._after = _product(rule, proportion)

    # One exact number, the usual case, is quick.

    def _number(self, facts: Collection[Fact]) -> Decimal | None:
        """Return the number that facts state, if they are a single one that states an exact number."""
        if len(facts) != 1:
            return None
        (fact,) = facts
        value = fact.values.get(self._proportion.field) if fact.type == self._proportion.fact_type else None
        return value if isinstance(value, Decimal) else None

    def earned(self, facts: Collection[Fact]) -> Decimal:
        """Return the points for the facts on which the rule fired."""
        number = self._number(facts)
        if number is None:
            return earned_by(self._rule, facts, self._rounding)
        return in_places(rounded_units(*self._line.at(number), self._places, self._mode), self._places)

    def arithmetic(self, facts: Collection[Fact]) -> str | None:
        """Return the computation of these points as a sentence; None if no number is stated."""
        number = self._number(facts)
        if number is None or SHORT % number.as_integer_ratio()[1]:
            return proportion_arithmetic(self._rule, facts, self._rounding)
        said = short(number)
        held = self._low if number < self._low else self._high if number > self._high else None
        if held is not None:
            end = short(Fraction(held))
            said = f"{said} counts as {end}: {self._before}{end}"
        else:
            said = self._before + said
        exact = Fraction(*self._line.at(number))
        points = in_places(rounded_units(*exact.as_integer_ratio(), self._places, self._mode), self._places)
        return f"{said}{self._after} = {rounding_in_words(exact, points, self._mode)}"


@frozen
class PointsRange:
    """The minimum and the maximum of the points of a criterion, regardless of which rules fire."""

    least: Decimal
    most: Decimal


def range_of(criterion: Criterion) -> PointsRange:
    """Return the minimum and the maximum of the points of a criterion if any of its rules may fire or not."""
    ranges = [rule.range for rule in criterion.rules]
    if criterion.hit_policy is HitPolicy.COLLECT_SUM:
        least = total(min(low, ZERO) for low, _ in ranges)
        most = total(max(high, ZERO) for _, high in ranges)
    else:
        least = min((low for low, _ in ranges), default=ZERO)
        most = max((high for _, high in ranges), default=ZERO)
    return PointsRange(held(criterion, min(least, ZERO)), held(criterion, max(most, ZERO)))


_TAKEN = {
    HitPolicy.COLLECT_MAX: "the highest of the rules that hold",
    HitPolicy.COLLECT_MIN: "the lowest of the rules that hold",
    HitPolicy.COLLECT_SUM: "the sum of the rules that hold",
    HitPolicy.FIRST: "the first rule that holds",
}
"""Whose points a criterion takes, in words."""


def points_in_words(criterion: Criterion, earned: Earned) -> str:
    """Return the computation of the points of a criterion as a sentence."""
    won = winners(criterion, earned)
    taken = " + ".join(f"{short(earned[rule.id])} by {rule.id}" for rule in won)
    together = total(earned[rule.id] for rule in won)
    said = f"{_TAKEN[criterion.hit_policy]}: {taken} = {short(together)}" if won else "no rule holds: 0"
    points = held(criterion, together)
    if points == together:
        return said
    return f"{said}, {'at most' if points < together else 'at least'} {short(points)}"
