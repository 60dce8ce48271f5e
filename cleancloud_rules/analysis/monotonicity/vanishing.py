"""Parts that come not to apply by an answer: when that lowers neither their group nor the groups around it."""

from collections.abc import Collection
from fractions import Fraction

from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import Aggregation, Combining
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.scoring.aggregation import lies_in
from cleancloud_rules.scoring.bounds_of_tree import may_cost


def may_leave_out(combining: Combining, vanishing: Collection[str], structure: ScoreTree) -> bool:
    """Whether leaving out criteria with 0 points lowers neither a group, or the root, nor what it contributes.

    That is so if no part is below 0, and if the group is worth nothing with 0 points or always has a part.

    Args:
        combining: the group, or how the root combines its parts.
        vanishing: ids of the criteria that facts may exempt.
        structure: the score tree.
    """
    inside = combining.every_criterion if isinstance(combining, Group) else structure.methodology.criteria
    if not any(criterion.id in vanishing for criterion in inside):
        return True
    if may_cost(combining, structure):
        return False
    return is_worth_nothing(combining) or any(_always_counts(criterion, combining, structure) for criterion in inside)


def is_worth_nothing(combining: Combining) -> bool:
    """Whether a group with 0 points has the value 0 and contributes 0 to the group above, regardless of its parts."""
    limits = (combining.base, combining.at_least or ZERO)
    if any(limit > 0 for limit in limits):
        return False
    if combining.ladder and (combining.aggregate is Aggregation.NONE or any(level.value for level in combining.ladder)):
        return False  # a level is reached if all that it asks for does not apply
    return not any(band.value for band in combining.bands if lies_in(band.score, Fraction(0)))


def _always_counts(criterion: Criterion, combining: Combining, structure: ScoreTree) -> bool:
    """Whether a criterion is a part with a maximum and a weight above 0 that always applies if the group does."""
    place = structure.places[criterion.id]
    above = [*place.above]
    inner = above[above.index(combining) + 1 :] if isinstance(combining, Group) else above
    exempting = {owner.id for owner in place.exempting}
    return (
        criterion.max_points > 0
        and criterion.id not in exempting
        and not any(group.id in exempting or group.aggregate is Aggregation.NONE for group in inner)
        and all(weight is None or weight > 0 for weight in (criterion.weight, *(group.weight for group in inner)))
    )
