"""Effective weight of each criterion in the total."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.rounding import TotalPolicy
from cleancloud_rules.model.tree import ScoreTree, structure_of
from cleancloud_rules.results.weights import CriterionWeight
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.points import range_of


def effective_weights(methodology: Methodology) -> tuple[CriterionWeight, ...]:
    """Return the effective weight of each criterion: how far the maximum total falls if it alone has its minimum.

    Categories are combined without rounding. The effective weight follows from declared weights, points and rules: a
    criterion on which gates or caps depend also weighs what is lost with it.

    Args:
        methodology: the methodology.

    Returns:
        A weight for each criterion, in the order of the methodology. ``effective`` is in points of the total, and
        ``share`` a fraction of its maximum.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> weight = cc.analysis.effective_weights(methodology)[0]
        >>> weight.criterion, weight.max_points, weight.share
        ('electricity_total', Decimal('5'), Fraction(1, 42))
    """
    check_methodology(methodology)
    rounding = evolve(methodology.rounding, total=TotalPolicy.ROUNDED_SUM)
    structure = structure_of(evolve(methodology, rounding=rounding))
    most: dict[str, Decimal] = {criterion.id: criterion.max_points for criterion in methodology.criteria}
    full = _total(structure, most)
    made = []
    for criterion in methodology.criteria:
        rest = _total(structure, {**most, criterion.id: range_of(criterion).least})
        effective = None if full is None or rest is None else full - rest
        share = effective / full if effective is not None and full else None
        above = tuple(group.id for group in structure.places[criterion.id].above)
        made.append(CriterionWeight(criterion.id, above, criterion.max_points, criterion.weight, effective, share))
    return tuple(made)


def _total(structure: ScoreTree, points: Mapping[str, Decimal]) -> Fraction | None:
    return Combination(structure, points, (), None).whole().value
