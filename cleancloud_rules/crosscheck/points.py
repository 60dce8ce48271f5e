"""Which points the rules that fired earn, and which of them a criterion takes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from cleancloud_rules.crosscheck.arithmetic import round_to
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Proportion, Rule
from cleancloud_rules.model.rounding import Rounding, RoundingMode
from cleancloud_rules.model.values import Interval

Earned = Mapping[str, Decimal]
"""The points of each rule that fired, by id."""

KEPT_ANSWERS = 64
"""How many right answers are kept for each criterion."""

KEPT_VALUES = 256
"""For how many numbers the points of a rule in proportion are kept."""


@frozen
class Ramp:
    """Points in proportion to a number.

    Args:
        proportion: how they follow from the number.
        most: the points at its better end.
        places: the decimal places to which they are rounded.
        mode: what happens to a digit that is dropped.
    """

    proportion: Proportion
    most: Fraction
    places: int
    mode: RoundingMode
    _known: dict[Any, Fraction] = field(factory=dict, init=False, eq=False, repr=False)

    def earned(self, facts: Iterable[Fact]) -> Fraction:
        """Return the points for the number that earns most; 0 if no fact states the number."""
        asked = self.proportion
        values = [fact.get(asked.field) for fact in facts if fact.type == asked.fact_type]
        return max((self._certain(value) for value in values if value is not None), default=Fraction(0))

    def _certain(self, value: Any) -> Fraction:
        """Return the points that every value inside a bound earns. Companies often state the same values."""
        found = self._known.get(value)
        if found is None:
            if len(self._known) >= KEPT_VALUES:
                self._known.clear()
            found = self._known[value] = self._computed(value)
        return found

    def _computed(self, value: Any) -> Fraction:
        if not isinstance(value, Interval):
            return self._rounded(self._exact(Fraction(value)))
        # Points rise or fall with the number all the way, so that the ends of the bound earn the minimum and the
        # maximum. An end that is left out is replaced by a number beside it that is nearer than any other at which the
        # rounded points could change.
        low: Any = value.low
        high: Any = value.high
        first, last = sorted(map(Fraction, self.proportion.over))
        ends = [
            first if low is None else self._beside(Fraction(low), 1) if value.low_open else Fraction(low),
            last if high is None else self._beside(Fraction(high), -1) if value.high_open else Fraction(high),
        ]
        return min(self._rounded(self._exact(end)) for end in ends)

    def _exact(self, number: Fraction) -> Fraction:
        worst, best = map(Fraction, self.proportion.over)
        least = Fraction(self.proportion.least)
        low, high = min(worst, best), max(worst, best)
        held = low if number < low else min(number, high)
        return ((best - held) * least + (held - worst) * self.most) / (best - worst)

    def _rounded(self, points: Fraction) -> Fraction:
        return round_to(points, self.places, self.mode)

    def _beside(self, number: Fraction, side: int) -> Fraction:
        """Return a number just beside a number, with no change of the rounded points between the two."""
        # Rounded points change at the halves and the wholes of the last decimal place only. Points n/d in that place
        # are a multiple of 1/(2d) away from each of these, so that a shift of less than 1/(2d) leads past none of them.
        # The same holds of the ends of the range, between which points change at this rate.
        worst, best = map(Fraction, self.proportion.over)
        rate = abs((self.most - Fraction(self.proportion.least)) / (best - worst)) * 10**self.places
        scaled = self._exact(number) * 10**self.places
        steps = [Fraction(1, 4 * scaled.denominator) / rate] if rate else [Fraction(1)]
        steps += [abs(end - number) / 2 for end in (worst, best) if end != number]
        return number + side * min(steps)


class CriterionPoints:
    """The points of one criterion, prepared for any firings.

    Args:
        criterion: the criterion.
        rounding: that of the methodology.
    """

    def __init__(self, criterion: Criterion, rounding: Rounding) -> None:
        self.criterion = criterion
        self._order: dict[str, int] = {rule.id: position for position, rule in enumerate(criterion.rules)}
        self._fixed: dict[str, Fraction] = {}
        self._ramps: dict[str, Ramp] = {}
        self._right: dict[tuple[str, ...], tuple[Earned, Decimal | None]] = {}
        for rule in criterion.rules:
            if rule.in_proportion is None:
                self._fixed[rule.id] = Fraction(rule.points)
            else:
                self._ramps[rule.id] = _ramp(rule, rule.in_proportion, rounding)
        highest = [criterion.max_points, *([] if criterion.at_most is None else [criterion.at_most])]
        self._highest = Fraction(min(highest))
        self._lowest = None if criterion.at_least is None else Fraction(criterion.at_least)

    def earned(self, rule: str, facts: Iterable[Fact]) -> Fraction:
        """Return the points of a rule that fired on facts."""
        fixed = self._fixed.get(rule)
        return self._ramps[rule].earned(facts) if fixed is None else fixed

    def is_right(self, fired: tuple[str, ...], earned: Earned | None, points: Decimal | None) -> bool:
        """Whether rules with fixed points earn these points, and the criterion these.

        False is not certain: it says that the answer is not known from an earlier company.

        Args:
            fired: the rules that fired.
            earned: the points of each of them; None if none are known.
            points: the points of the criterion.
        """
        return self._right.get(fired) == (earned, points)

    def note(self, fired: tuple[str, ...], earned: Earned, points: Decimal | None) -> None:
        """Keep an answer that was right, if it holds for every company: if no rule has points in proportion."""
        if not self._ramps:
            if len(self._right) >= KEPT_ANSWERS:
                self._right.clear()
            self._right[fired] = dict(earned), points

    def taken(self, earned: Mapping[str, Fraction]) -> Fraction:
        """Return the points of the criterion from those of the rules that fired."""
        match self.criterion.hit_policy:
            case HitPolicy.COLLECT_SUM:
                points = sum(earned.values(), Fraction(0))
            case HitPolicy.COLLECT_MIN:
                points = min(earned.values())
            case HitPolicy.COLLECT_MAX:
                points = max(earned.values())
            case HitPolicy.FIRST:
                points = earned[min(earned, key=lambda rule: self._order[rule])]
        points = min(points, self._highest)
        return points if self._lowest is None else max(points, self._lowest)


def _ramp(rule: Rule, proportion: Proportion, rounding: Rounding) -> Ramp:
    places = rounding.points_digits if proportion.digits is None else proportion.digits
    mode = rounding.mode if proportion.mode is None else proportion.mode
    return Ramp(proportion, Fraction(rule.points), places, mode)
