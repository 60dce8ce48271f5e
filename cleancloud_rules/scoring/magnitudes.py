"""How large points and scores can become, before any fact is known: by interval arithmetic over the score tree."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from attrs import frozen

from cleancloud_rules.model.groups import Aggregation, Combining, Parts, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.rounding import Rounding, TotalPolicy
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.scoring.points import range_of

UNBOUNDED = Fraction(10**100)
"""What stands for a bound where there is none: it is above every number that a table can hold."""


@frozen
class Magnitude:
    """Bounds of the value of a criterion, a group or the root.

    Args:
        value: what the value never exceeds, regardless of its sign.
        most: what its maximum never exceeds, likewise.
        least: what its maximum never goes below if it is above 0; `UNBOUNDED` if it is never above 0.
        unit: its maximum is a multiple of one over this number; 0 if no such number is known.
        is_within: whether the value always lies between 0 and its maximum.
    """

    value: Fraction
    most: Fraction
    least: Fraction
    unit: int
    is_within: bool

    def rounded(self, digits: int) -> "Magnitude":
        """Return the bounds of a value that is rounded."""
        unit = Fraction(1, 10**digits)
        return Magnitude(self.value + unit, self.most + unit, min(self.least, unit), unit.denominator, self.is_within)


class Magnitudes:
    """Bounds of all points and scores of a methodology.

    Args:
        tree: its score tree.
    """

    # By induction over the tree. Parts may be left out, by exemptions, coverage or as not assessed, so that every bound
    # holds for each choice of parts: sums of magnitudes and of maxima only grow with further parts, a mean is at most
    # its greatest part, and of maxima that are not negative the least one above 0 is the least that a sum can be. Where
    # one may be negative, a sum above 0 is at least one over the least common multiple of the denominators.

    def __init__(self, tree: ScoreTree) -> None:
        self._tree = tree
        self._known: dict[str | None, Magnitude] = {}

    def points(self, criteria: Iterable[Criterion]) -> Fraction:
        """Return what the points of criteria together never exceed, nor their maximum, regardless of their signs."""
        return sum((max(self.criterion(one).value, Fraction(one.max_points)) for one in criteria), Fraction(0))

    def criterion(self, criterion: Criterion) -> Magnitude:
        """Return the bounds of the points of a criterion."""
        earned, most = range_of(criterion), Fraction(criterion.max_points)
        low, high = Fraction(earned.least), Fraction(earned.most)
        return Magnitude(
            max(abs(low), high, most), most, most or UNBOUNDED, most.denominator, low >= 0 and high <= most
        )

    def of(self, id: str | None) -> Magnitude:
        """Return the bounds of the value of a group, or of the root (None)."""
        if id not in self._known:
            methodology = self._tree.methodology
            if id is None:
                is_rounded = methodology.rounding.total is TotalPolicy.SUM_OF_ROUNDED
                combining: Combining = methodology.combining
                parts = [self._part(group, combining, is_rounded=is_rounded) for group in methodology.categories]
                self._known[id] = _combined(combining, parts, combining.scale)
            else:
                group = self._tree.groups[id]
                is_rounded = group.parts is Parts.ROUNDED
                inside: Sequence[Criterion | Group] = (*group.criteria, *group.groups)
                parts = [self._part(part, group, is_rounded=is_rounded) for part in inside]
                self._known[id] = _combined(group, parts, self._tree.scale_of(id))
        return self._known[id]

    def _part(self, part: Criterion | Group, above: Combining, *, is_rounded: bool) -> tuple[Magnitude, Fraction]:
        """Return the bounds of what a group takes of a part, and the weight of the part."""
        if isinstance(part, Criterion):
            found = self.criterion(part)
        else:
            found = self.of(part.id)
            if is_rounded:
                rounding: Rounding = self._tree.methodology.rounding_of(part)
                found = found.rounded(rounding.digits)
            for numbers in (part.bands, part.ladder):
                found = _numbered(found, [one.value for one in numbers if one.value is not None])
        if above.of is Taken.SHARES:
            one = Fraction(1)
            found = Magnitude(
                one if found.is_within else _ratio(found.value, found.least), one, one, 1, found.is_within
            )
        weight = Fraction(1) if part.weight is None or not above.aggregate.is_weighted else Fraction(part.weight)
        return found, weight


def _ratio(value: Fraction, least: Fraction) -> Fraction:
    return min(UNBOUNDED, value / least) if least else UNBOUNDED


def _numbered(found: Magnitude, numbers: Sequence[Decimal]) -> Magnitude:
    """Return the bounds of a part that may pass on the number of a band or a level in place of its value."""
    if not numbers:
        return found
    values = [abs(Fraction(number)) for number in numbers]
    best = Fraction(max(numbers))
    least = min(found.least, best) if best > 0 else found.least if best == 0 else Fraction(0)
    is_within = found.is_within and min(numbers) >= 0
    unit = lcm(found.unit, Fraction(best).denominator)
    return Magnitude(max(found.value, *values), max(found.most, *values), least, unit, is_within)


def _combined(combining: Combining, parts: Sequence[tuple[Magnitude, Fraction]], scale: Decimal | None) -> Magnitude:
    """Return the bounds of the value of a group whose parts have some bounds and weights."""
    base = Fraction(combining.base)
    if base:
        bound = abs(base)
        least = bound if base > 0 else Fraction(0)
        parts = [(Magnitude(bound, bound, least, base.denominator, base > 0), Fraction(1)), *parts]
    value = _aggregate(combining.aggregate, [(part.value, weight) for part, weight in parts])
    most = _aggregate(combining.aggregate, [(part.most, weight) for part, weight in parts])
    unit = _unit(combining.aggregate, parts)
    least = max(_least(combining.aggregate, parts), Fraction(1, unit) if unit else Fraction(0))
    is_within = all(part.is_within for part, _ in parts)
    if scale is not None:
        full = abs(Fraction(scale))
        value = full if is_within else min(UNBOUNDED, full * _ratio(value, least))
        most, least, unit = full, full or UNBOUNDED, full.denominator
    return _limited(Magnitude(value, most, least, unit, is_within), combining)


def _limited(found: Magnitude, combining: Combining) -> Magnitude:
    limits = [limit for limit in (combining.at_least, combining.at_most) if limit is not None]
    caps = [cap.at_most for cap in combining.caps]
    values = [abs(Fraction(limit)) for limit in (*limits, *caps)]
    ends = [abs(Fraction(limit)) for limit in limits]
    positive = [Fraction(limit) for limit in limits if limit > 0]
    has_negative = combining.at_most is not None and combining.at_most < 0
    least = Fraction(0) if has_negative else min((found.least, *positive))
    is_within = found.is_within and not has_negative and all(cap >= 0 for cap in caps)
    unit = lcm(found.unit, *(Fraction(limit).denominator for limit in limits))
    return Magnitude(max((found.value, *values)), max((found.most, *ends)), least, unit, is_within)


def _aggregate(aggregate: Aggregation, parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Return what an aggregate of any choice of parts never exceeds, by what each of them never exceeds."""
    if aggregate in (Aggregation.SUM, Aggregation.WEIGHTED_SUM):
        return min(UNBOUNDED, sum((value * weight for value, weight in parts), Fraction(0)))
    return max((value for value, _ in parts), default=Fraction(0))


def _least(aggregate: Aggregation, parts: Sequence[tuple[Magnitude, Fraction]]) -> Fraction:
    """Return what an aggregate of the maxima of any choice of parts never goes below if it is above 0."""
    weighted = [part.least * weight for part, weight in parts if weight]
    least = min(weighted, default=UNBOUNDED)
    if aggregate is Aggregation.MEAN:
        return least / len(parts) if parts else least
    if aggregate is Aggregation.WEIGHTED_MEAN:
        return least / (sum(weight for _, weight in parts) or 1)
    return least


def _unit(aggregate: Aggregation, parts: Sequence[tuple[Magnitude, Fraction]]) -> int:
    """Return a number so that an aggregate of the maxima of any choice of parts is a multiple of one over it."""
    if aggregate is Aggregation.WEIGHTED_MEAN:  # divided by the sum of the weights of any choice of parts
        return 0
    unit = lcm(*(part.unit * weight.denominator for part, weight in parts))
    return unit * lcm(*range(1, len(parts) + 1)) if aggregate is Aggregation.MEAN else unit
