"""From fired rules to points, scores, totals and ranks."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.methodology import Criterion, HitPolicy, Methodology
from cleancloud_rules.rounding import RoundingMode, TotalPolicy
from tests.known import known
from tests.reference.found import CategoryFound


def points_of(criterion: Criterion, fired: Iterable[str]) -> Decimal:
    """Return the points of a criterion whose fired rules are given."""
    names = set(fired)
    points = [rule.points for rule in criterion.rules if rule.id in names]
    match criterion.hit_policy:
        case HitPolicy.COLLECT_MAX:
            return max(points, default=Decimal(0))
        case HitPolicy.COLLECT_MIN:
            return min(points, default=Decimal(0))
        case HitPolicy.FIRST:
            return next(iter(points), Decimal(0))
        case HitPolicy.COLLECT_SUM:
            together = sum(points, Decimal(0))
            return together if criterion.at_most is None else min(together, criterion.at_most)


def categories_of(methodology: Methodology, points: Mapping[str, Decimal]) -> dict[str, CategoryFound]:
    found: dict[str, CategoryFound] = {}
    for category in methodology.categories:
        earned = sum((points[c.id] for c in category.criteria), Decimal(0))
        most = sum((c.max_points for c in category.criteria), Decimal(0))
        exact = Fraction(known(category.weight)) * Fraction(earned) / Fraction(most)
        score = rounded(exact, methodology.rounding.digits, methodology.rounding.mode)
        found[category.id] = CategoryFound(earned, exact, score)
    return found


def total_of(methodology: Methodology, categories: Mapping[str, CategoryFound]) -> Decimal:
    rounding = methodology.rounding
    match rounding.total:
        case TotalPolicy.SUM_OF_ROUNDED:
            return sum((category.score for category in categories.values()), Decimal(0))
        case TotalPolicy.ROUNDED_SUM:
            exact = sum((category.exact for category in categories.values()), Fraction(0))
            return rounded(exact, rounding.digits, rounding.mode)


def rounded(exact: Fraction, digits: int, mode: RoundingMode) -> Decimal:
    """Return the decimal of `digits` places that an exact number is rounded to."""
    unit = Fraction(1, 10**digits)
    below = exact // unit * unit
    above = below if below == exact else below + unit
    match mode:
        case RoundingMode.FLOOR:
            chosen = below
        case RoundingMode.CEILING:
            chosen = above
        case RoundingMode.HALF_UP:
            away_from_zero = above if exact > 0 else below
            chosen = _nearer(exact, below, above, away_from_zero)
        case RoundingMode.HALF_EVEN:
            even = below if below / unit % 2 == 0 else above
            chosen = _nearer(exact, below, above, even)
    return Decimal(int(chosen / unit)).scaleb(-digits)


def _nearer(exact: Fraction, below: Fraction, above: Fraction, at_half: Fraction) -> Fraction:
    if exact - below == above - exact:
        return at_half
    return below if exact - below < above - exact else above


def rank(totals: Mapping[str, tuple[str | None, Decimal]]) -> dict[str, int]:
    """Return the rank of each company: one more than how many of its cohort have a higher total.

    Args:
        totals: cohort and total by company.
    """
    return {
        company: 1 + sum(other > total for same, other in totals.values() if same == cohort)
        for company, (cohort, total) in totals.items()
    }
