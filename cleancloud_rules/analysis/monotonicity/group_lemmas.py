"""The lemmas on groups: how they combine their parts, gates, exemptions and coverage; see `lemmas`."""

from collections.abc import Iterable
from decimal import Decimal

from cleancloud_rules.model.groups import Aggregation, Combining
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.rounding import Rounding, RoundingMode
from cleancloud_rules.scoring.points import range_of
from cleancloud_rules.scoring.tree_bounds.tree import rises


def sum_of_parts(weights: Iterable[Decimal]) -> bool:
    """A sum of parts, each times a weight not below zero, never falls if no part does."""
    return all(weight >= 0 for weight in weights)


def aggregate_of_parts(combining: Combining, weights: Iterable[Decimal | None]) -> bool:
    """No aggregate falls if no part does and no weight is below zero. Scales, minima and caps keep the order too.

    Args:
        combining: how the parts are combined.
        weights: the weights of the parts.
    """
    return combining.aggregate in Aggregation and all(weight is None or weight >= 0 for weight in weights)


def caps_that_lift(combining: Combining) -> bool:
    """A cap that a requirement lifts is never imposed if no part falls."""
    return all(cap.given is None for cap in combining.caps)


def gates(owner: Group | Criterion) -> bool:
    """A gate or a tier that is open stays open if no part falls, and what it admits is not below zero."""
    criteria = owner.every_criterion if isinstance(owner, Group) else (owner,)
    return all(range_of(criterion).least >= 0 for criterion in criteria)


def exemption(owner: Group | Criterion) -> bool:
    """What does not apply to a cohort does not apply regardless of the facts."""
    return owner.not_applicable is None or owner.not_applicable.when is None


def coverage(combining: Combining, may_cost: bool) -> bool:
    """A group that gains its coverage gains a value that is not below zero where it counted as zero."""
    return not combining.coverage or not may_cost


def marks_that_rise(combining: Combining) -> bool:
    """The number that represents a group never falls if its bands leave no gap and its bands and levels rise."""
    return rises(combining)


def rounding(policy: Rounding) -> bool:
    """Rounding keeps the order in every mode."""
    return policy.mode in RoundingMode
