"""From fired rules to the points of a criterion, and the ranks of companies."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Methodology, Proportion, Rule
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import Interval
from tests.reference.found import Found
from tests.reference.numbers import decimal, total


def earned_by(rule: Rule, facts: Iterable[Fact], methodology: Methodology) -> Decimal:
    """Return what a rule that fired on facts earns."""
    proportion = rule.in_proportion
    if proportion is None:
        return rule.points
    stated = [fact.get(proportion.field) for fact in facts if fact.type == proportion.fact_type]
    digits = methodology.rounding.points_digits if proportion.digits is None else proportion.digits
    mode = methodology.rounding.mode if proportion.mode is None else proportion.mode
    earned = [
        min(rounded(points_at(rule.points, proportion, number), digits, mode) for number in numbers)
        for value in stated
        if value is not None and (numbers := numbers_in(value, proportion, digits))
    ]
    return max(earned, default=rounded(Fraction(0), digits, mode))


def numbers_in(value: Any, proportion: Proportion, digits: int) -> list[Fraction]:
    """Return numbers inside a value of which one earns as little as any inside does.

    Points rise or fall all the way, so this is one next to an end: the end itself, or, where the bound leaves it out, a
    number so near that no step of the rounded points lies between them.
    """
    if not isinstance(value, Interval):
        return [Fraction(value)]
    worst, best = (Fraction(end) for end in proportion.over)
    far = max(abs(worst), abs(best)) + 1
    low: Any = -far if value.low is None else value.low
    high: Any = far if value.high is None else value.high
    slope = abs(best - worst) / (abs(Fraction(proportion.least)) + 10**9)
    near = min(slope / 10 ** (digits + 12), (Fraction(high) - Fraction(low)) / 2 if high > low else slope)
    return [Fraction(low) + (near if value.low_open else 0), Fraction(high) - (near if value.high_open else 0)]


def points_at(points: Decimal, proportion: Proportion, number: Fraction) -> Fraction:
    """Return the points at a number: on the line between the two ends, and beyond an end as at that end."""
    worst, best = (Fraction(end) for end in proportion.over)
    least, most = Fraction(proportion.least), Fraction(points)
    if number in (worst, best):
        return least if number == worst else most
    if (number < worst) == (worst < best):
        return least
    if (number > best) == (worst < best):
        return most
    return least + (most - least) * (number - worst) / (best - worst)


def points_of(criterion: Criterion, earned: Mapping[str, Decimal]) -> Decimal:
    """Return the points of a criterion, given what each rule that fired earns."""
    points = [earned[rule.id] for rule in criterion.rules if rule.id in earned]
    match criterion.hit_policy:
        case HitPolicy.COLLECT_MAX:
            together = max(points, default=Decimal(0))
        case HitPolicy.COLLECT_MIN:
            together = min(points, default=Decimal(0))
        case HitPolicy.FIRST:
            together = next(iter(points), Decimal(0))
        case HitPolicy.COLLECT_SUM:
            together = total(points)
    if criterion.at_most is not None and together > criterion.at_most:
        return criterion.at_most
    if criterion.at_least is not None and together < criterion.at_least:
        return criterion.at_least
    return together


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
    return decimal(int(chosen / unit), digits)


def _nearer(exact: Fraction, below: Fraction, above: Fraction, at_half: Fraction) -> Fraction:
    if exact - below == above - exact:
        return at_half
    return below if exact - below < above - exact else above


def merit(found: Found, methodology: Methodology) -> tuple[float | Decimal, ...] | None:
    """Return what a company is ranked by, the most important first, all the higher the better; None if it is not."""
    if found.whole.outcome is GroupOutcome.NOT_ASSESSED and {"total", "level", "label"} & set(methodology.rank_by):
        return None
    return tuple(_merit(name, found, methodology) for name in methodology.rank_by)


def _merit(name: str, found: Found, methodology: Methodology) -> float | Decimal:
    whole, combining = found.whole, methodology.combining
    nothing = float("-inf")
    if name == "total":
        return nothing if whole.score is None else whole.score
    if name == "level":
        ladder = [str(level.id) for level in combining.levels]
        ladder += [combining.top_level.id] if combining.top_level else []
        return nothing if whole.level is None else ladder.index(whole.level)
    if name == "label":
        return nothing if whole.label is None else -[band.label for band in combining.bands].index(whole.label)
    outputs = next(table.outputs for table in methodology.tables if table.id == name)
    given = found.tables[name]
    return -outputs.index(given[0]) if given else nothing


def rank(merits: Mapping[str, tuple[str | None, Any]]) -> dict[str, int | None]:
    """Return the rank of each company: one more than how many of its cohort have a higher merit.

    Args:
        merits: cohort and merit by company; a company without merit has no rank.
    """
    return {
        company: None
        if merit is None
        else 1 + sum(other > merit for same, other in merits.values() if same == cohort and other is not None)
        for company, (cohort, merit) in merits.items()
    }
