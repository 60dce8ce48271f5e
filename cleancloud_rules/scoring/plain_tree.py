"""Evaluates plain score trees in whole numbers: groups that add or average their parts, with a scale or without.

`scoring.combination` evaluates every tree and is the reference: a plain tree gives the same figures, much faster.
Points are multiples of the smallest unit of points, and values of groups are ratios of whole numbers. Only groups with
an answered criterion are computed; the others have the figures of a company without facts.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from attrs import define, frozen

from cleancloud_rules.model.exact import shifted, units_in
from cleancloud_rules.model.groups import Aggregation, Combining, CountsAs, Parts, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.model.rounding import Rounding, TotalPolicy, in_few_places, in_places, rounded_units
from cleancloud_rules.model.tree import ScoreTree

_MEANS = (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN)

_units_in = lru_cache(4096)(units_in)
"""Return points in units; those of a methodology are few different numbers."""

Ratio = tuple[int, int]
"""A numerator, and a denominator above 0."""


@frozen
class PlainFigures:
    """The figures of a plain group, or of the root. It has a score, and neither a band nor a level.

    Args:
        exact: its value.
        exact_most: the maximum of its value.
        raw: its value before it was scaled; not reduced.
        raw_most: the maximum of that, likewise.
        units: its score, in units of the last of its digits.
        units_most: the maximum of its score, likewise.
        digits: the digits of its score.
        earned: the points of all its criteria together, in units of points.
        earned_most: their maximum, likewise.
        places: the decimal places of a unit of points.
    """

    exact: Ratio
    exact_most: Ratio
    raw: Ratio
    raw_most: Ratio
    units: int
    units_most: int
    digits: int
    earned: int
    earned_most: int
    places: int

    @property
    def outcome(self) -> GroupOutcome:
        """That it has a score."""
        return GroupOutcome.SCORED

    @property
    def points(self) -> Decimal:
        """The points of all its criteria together."""
        return shifted(self.earned, self.places)

    @property
    def max_points(self) -> Decimal:
        """Their maximum."""
        return shifted(self.earned_most, self.places)

    @property
    def value(self) -> Fraction:
        """The exact value."""
        return Fraction(*self.exact)

    @property
    def score(self) -> Decimal:
        """The value, rounded."""
        return in_places(self.units, self.digits)

    @property
    def max_score(self) -> Decimal:
        """The maximum of the score, without trailing zeros."""
        return in_few_places(self.units_most, self.digits)

    @property
    def label(self) -> None:
        """No label."""

    @property
    def level(self) -> None:
        """No level."""

    @property
    def because(self) -> tuple[str, ...]:
        """No sentence."""
        return ()


@frozen
class PlainResults:
    """The figures of all groups and of the root of a plain tree, for one company.

    Args:
        positions: the position of each group by id; that of the root is under None.
        figures: the figures by position.
    """

    positions: Mapping[str | None, int]
    figures: Sequence[PlainFigures]

    def of(self, id: str | None) -> PlainFigures:
        """Return the figures of a group, or of the root (None)."""
        return self.figures[self.positions[id]]


@define
class Sums:
    """What the criteria of a group contribute to it, as sums of whole numbers.

    Args:
        value: of what the group takes of each, weighted.
        most: of the maxima of that, weighted.
        weight: of the weights.
        earned: of the points in units.
        earned_most: of the maximum points in units.
    """

    value: int = 0
    most: int = 0
    weight: int = 0
    earned: int = 0
    earned_most: int = 0


@frozen
class PlainCriterion:
    """What a criterion can contribute to its group.

    Args:
        node: the position of the group.
        factor: what a unit of its points adds to the value.
        most: what it adds to the maximum.
        weight: its weight.
        earned_most: its maximum points in units.
        counts_as: how it counts if it does not apply.
    """

    node: int
    factor: int
    most: int
    weight: int
    earned_most: int
    counts_as: CountsAs


@frozen
class PlainNode:
    """A group, or the root.

    Args:
        own: what its criteria contribute if none is answered.
        unit: the denominator of the values and maxima of its criteria.
        weight_unit: the denominator of weights.
        inside: the weight of each group inside it, by position.
        takes: what it takes of its parts.
        kept: whether it takes the values or the scores of the groups inside it.
        is_mean: whether it is a mean.
        scale: its value at its maximum; None if it is not scaled.
        rounding: how its score is rounded.
    """

    own: Sums
    unit: int
    weight_unit: int
    inside: Mapping[int, int]
    takes: Taken
    kept: Parts
    is_mean: bool
    scale: Ratio | None
    rounding: Rounding

    def figures(self, own: Sums, below: Sequence[PlainFigures], places: int) -> PlainFigures | None:
        """Return its figures; None if nothing in it counts, so that it has no score.

        Args:
            own: what its criteria contribute.
            below: the figures of the groups inside it, by position.
            places: the decimal places of a unit of points.
        """
        weight, earned, earned_most = own.weight, own.earned, own.earned_most
        values, maxima = [(own.value, self.unit)], [(own.most, self.unit)]
        for position, counts in self.inside.items():
            part = below[position]
            weight, earned, earned_most = weight + counts, earned + part.earned, earned_most + part.earned_most
            taken = self.taken(position, part)
            if taken is None:
                return None
            values.append(taken[0])
            maxima.append(taken[1])
        return self.of_sums(_sum(values), _sum(maxima), weight, earned, earned_most, places)

    def taken(self, position: int, part: PlainFigures) -> tuple[Ratio, Ratio] | None:
        """Return what a group inside it adds to the value and to the maximum; None if the group has no maximum."""
        (value, unit), (most, unit_most), counts = part.exact, part.exact_most, self.inside[position]
        if self.kept is Parts.ROUNDED:
            value, most, unit = part.units, part.units_most, 10**part.digits
            unit_most = unit
        if self.takes is Taken.SHARES:
            if most <= 0:
                return None
            value, unit, most, unit_most = value * unit_most, unit * most, 1, 1
        return (counts * value, self.weight_unit * unit), (counts * most, self.weight_unit * unit_most)

    def of_sums(
        self, values: Ratio, maxima: Ratio, weight: int, earned: int, earned_most: int, places: int
    ) -> PlainFigures | None:
        """Return its figures from what all its parts contribute together; see `figures` and `Sums`."""
        (value, unit), (most, unit_most) = values, maxima
        if weight <= 0:
            return None
        if self.is_mean:
            value, unit, most, unit_most = (
                value * self.weight_unit, unit * weight, most * self.weight_unit, unit_most * weight
            )  # fmt: skip
        raw, raw_most = (value, unit), (most, unit_most)
        if self.scale is not None:
            if most <= 0:
                return None
            scaled, by = self.scale
            value, unit, most, unit_most = scaled * value * unit_most, by * unit * most, scaled, by
        (value, unit), (most, unit_most) = _reduced(value, unit), _reduced(most, unit_most)
        digits, mode = self.rounding.digits, self.rounding.mode
        score, score_most = rounded_units(value, unit, digits, mode), rounded_units(most, unit_most, digits, mode)
        return PlainFigures(
            (value, unit), (most, unit_most), raw, raw_most, score, score_most, digits, earned, earned_most, places
        )  # fmt: skip


class PlainTree:
    """A plain score tree, prepared for any company.

    Args:
        structure: the tree; `is_plain` holds for it.
    """

    # Nodes are bottom-up: each group stands after the groups inside it, and the root stands last.

    def __init__(self, structure: ScoreTree) -> None:
        methodology = structure.methodology
        self._default = methodology.not_applicable
        self.places: int = methodology.rounding.points_digits
        self.criteria: dict[str, PlainCriterion] = {}
        self.positions: dict[str | None, int] = {}
        self.nodes: list[PlainNode] = []
        for group in methodology.groups[::-1]:
            scale, rounding = structure.scale_of(group.id), methodology.rounding_of(group)
            self._add(group.id, group, group.criteria, group.groups, group.parts, scale, rounding)
        rounds = methodology.rounding.total is TotalPolicy.SUM_OF_ROUNDED
        kept, combining = Parts.ROUNDED if rounds else Parts.EXACT, methodology.combining
        self._add(None, combining, (), methodology.categories, kept, combining.scale, methodology.rounding)
        self._unanswered = self._evaluated({}, None)

    def results(self, points: Mapping[str, Decimal], exempt: Collection[str]) -> PlainResults | None:
        """Return the figures of a company; None if nothing counts in some group, so that it has no score.

        Args:
            points: the points of each criterion by id; a criterion that is missing has none.
            exempt: ids of the criteria that do not apply because of a fact.
        """
        if self._unanswered is None:
            return None
        own = self._counted(points, exempt)
        figures = self._evaluated(own, self._unanswered)
        return None if figures is None else PlainResults(self.positions, figures)

    def share(self, id: str, points: Decimal | None, *, is_exempt: bool) -> Sums:
        """Return what a criterion adds to the sums of its group, beside those of a company without facts.

        Args:
            id: its id.
            points: its points; None if it has none.
            is_exempt: whether it does not apply because of a fact.
        """
        found = self._counted({} if points is None else {id: points}, (id,) if is_exempt else ())
        start = self.nodes[self.criteria[id].node].own
        sums = found.get(self.criteria[id].node, start)
        return Sums(*(getattr(sums, name) - getattr(start, name) for name in Sums.__slots__[:5]))

    def _counted(self, points: Mapping[str, Decimal], exempt: Collection[str]) -> dict[int, Sums]:
        own: dict[int, Sums] = {}
        for id, earned in points.items():
            if id not in exempt:
                self._count(self.criteria[id], _units_in(earned, self.places), own)
        for id in exempt:
            criterion = self.criteria[id]
            self._count(criterion, criterion.earned_most if criterion.counts_as is CountsAs.FULL else 0, own)
            if criterion.counts_as is CountsAs.EXCLUDED:
                found = own[criterion.node]
                found.most -= criterion.most
                found.weight -= criterion.weight
                found.earned_most -= criterion.earned_most
        return own

    def _count(self, criterion: PlainCriterion, earned: int, own: dict[int, Sums]) -> None:
        """Add the points of a criterion to what the criteria of its group contribute."""
        found = own.get(criterion.node)
        if found is None:
            start = self.nodes[criterion.node].own
            found = own[criterion.node] = Sums(0, start.most, start.weight, 0, start.earned_most)
        found.value += earned * criterion.factor
        found.earned += earned

    def _evaluated(self, own: Mapping[int, Sums], before: Sequence[PlainFigures] | None) -> list[PlainFigures] | None:
        """Return the figures of all groups and of the root; None if one of them has no score.

        Args:
            own: what criteria contribute to the groups in which some are answered.
            before: the figures of a company without facts; None if they are to be computed.
        """
        figures: list[PlainFigures] = []
        changed = set(own)
        for position, node in enumerate(self.nodes):
            found: PlainFigures | None
            if before is None or position in changed or not changed.isdisjoint(node.inside):
                changed.add(position)
                found = node.figures(own.get(position, node.own), figures, self.places)
            else:
                found = before[position]
            if found is None:
                return None
            figures.append(found)
        return figures

    def _add(
        self,
        id: str | None,
        combining: Combining,
        criteria: tuple[Criterion, ...],
        groups: tuple[Group, ...],
        kept: Parts,
        scale: Decimal | None,
        rounding: Rounding,
    ) -> None:
        """Add the node of a group, or of the root; those of the groups inside it are there."""
        position = self.positions[id] = len(self.nodes)
        parts: tuple[Criterion | Group, ...] = (*criteria, *groups)
        weights = [_weight(combining, part) for part in parts]
        weight_unit = lcm(*(weight.denominator for weight in weights))
        taken = [
            (weight, *_taken(combining.of, criterion)) for weight, criterion in zip(weights, criteria, strict=False)
        ]
        per_unit = [(weight * value / 10**self.places, weight * most) for weight, value, most in taken]
        unit = lcm(*(number.denominator for pair in per_unit for number in pair))
        own = Sums()
        for criterion, weight, (factor, most) in zip(criteria, weights, per_unit, strict=False):
            exemption, earned_most = criterion.not_applicable, units_in(criterion.max_points, self.places)
            counts_as = self._default if exemption is None else exemption.counts_as or self._default
            made = PlainCriterion(
                position, int(factor * unit), int(most * unit), int(weight * weight_unit), earned_most, counts_as
            )
            self.criteria[criterion.id] = made
            own.most += made.most
            own.weight += made.weight
            own.earned_most += earned_most
        rest = zip(groups, weights[len(criteria) :], strict=True)
        inside = {self.positions[group.id]: int(weight * weight_unit) for group, weight in rest}
        ratio = None if scale is None else scale.as_integer_ratio()
        is_mean = combining.aggregate in _MEANS
        self.nodes.append(PlainNode(own, unit, weight_unit, inside, combining.of, kept, is_mean, ratio, rounding))


def _weight(combining: Combining, part: Criterion | Group) -> Fraction:
    return Fraction(1 if part.weight is None or not combining.aggregate.is_weighted else part.weight)


def _taken(of: Taken, criterion: Criterion) -> tuple[Fraction, Fraction]:
    """Return what a group takes of a point of a criterion, and of its maximum."""
    most = Fraction(criterion.max_points)
    return (1 / most, Fraction(1)) if of is Taken.SHARES else (Fraction(1), most)


def _sum(numbers: Sequence[Ratio]) -> Ratio:
    found, common = numbers[0]
    for number, unit in numbers[1:]:
        if unit != common:
            before, common = common, lcm(common, unit)
            found *= common // before
        found += number * (common // unit)
    return found, common


def _reduced(numerator: int, denominator: int) -> Ratio:
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common
