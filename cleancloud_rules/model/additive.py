"""Additive methodologies: totals that are sums of weighted categories of points, and the refusal of all others.

In this form points can be computed back from scores. Fits and the lattice of a published figure need it.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.model.groups import Aggregation, Combining, Taken
from cleancloud_rules.model.methodology import Criterion, Group, HitPolicy, Methodology


def exact_score(category: Group, points: Decimal) -> Fraction:
    """Return weight x points / maximum points."""
    return Fraction(weight_of(category)) * Fraction(points) / Fraction(category.max_points)


def weight_of(category: Group) -> Decimal:
    """Return the weight of a category. In an additive methodology every category has one."""
    assert category.weight is not None
    return category.weight


def is_additive(methodology: Methodology) -> bool:
    """Whether every total is the sum of weight x points / maximum points over categories without groups inside."""
    return next(_reasons(methodology), None) is None


def refuse_unless_additive(methodology: Methodology, what: str) -> None:
    """Raise `CriteriaError` if a methodology is not additive, as `what` needs it."""
    diagnostics = [
        Diagnostic("not-additive", f"{what} needs criteria whose points are added, but {reason}", where)
        for reason, where in _reasons(methodology)
    ]
    if diagnostics:
        raise CriteriaError(diagnostics)


def _reasons(methodology: Methodology) -> Iterator[tuple[str, Location]]:
    """Yield the reasons why a methodology is not additive, each with its location."""
    left_out = {criterion.id for criterion in methodology.counted}
    if not _adds(methodology.combining):
        yield "the categories are combined in another way", _place(methodology.node, "aggregate")
    for category in methodology.categories:
        if not _adds(category) or category.weight is None or category.groups or category.rounding is not None:
            yield f"`{category.id}` is combined in another way", _place(category.node, "id")
        if category.requires or category.not_applicable is not None:
            yield f"`{category.id}` {_MAY_NOT_COUNT}", _place(category.node, "id")
        for criterion in category.criteria:
            reason = "may be left out if it is not assessed" if criterion.id in left_out else _reason(criterion)
            if reason is not None:
                yield f"`{criterion.id}` {reason}", _place(criterion.node, "id")


def _adds(combining: Combining) -> bool:
    added = combining.aggregate is Aggregation.SUM and combining.of is Taken.POINTS
    limits = (combining.scale, combining.at_least, combining.at_most, combining.needs)
    numbers = (*(band.value for band in combining.bands), *(level.value for level in combining.ladder))
    further = (combining.base, combining.caps, combining.tiers, combining.coverage)
    is_free = all(limit is None for limit in limits) and not any(further)
    return added and is_free and not any(number is not None for number in numbers)


_MAY_NOT_COUNT = "may be gated or not applicable"


def _reason(criterion: Criterion) -> str | None:
    if criterion.requires or criterion.not_applicable is not None:
        return _MAY_NOT_COUNT
    if criterion.hit_policy is HitPolicy.COLLECT_MIN or criterion.at_least is not None:
        return "can lose points"
    if any(rule.in_proportion is not None or rule.points < 0 for rule in criterion.rules):
        return "has points that are negative or in proportion to a number"
    return None


def _place(node: MappingNode | None, key: str) -> Location:
    return node.key_location(key) if node is not None else Location(SourceFile("<data>"))
