"""Parts that come not to apply by an answer: when that lowers neither their group nor the groups around it."""

from collections.abc import Collection
from fractions import Fraction
from functools import reduce
from operator import and_

from cleancloud_rules.analysis.monotonicity.improvement import Apart
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import Condition, Count, FieldTest, NoneOf, When
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import Aggregation, Combining, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.scoring.aggregation import lies_in
from cleancloud_rules.scoring.tree_bounds.tree import is_even, may_cost


def may_leave_out(combining: Combining, vanishing: Collection[str], structure: ScoreTree) -> bool:
    """Whether leaving out criteria with 0 points lowers neither a group, or the root, nor what it contributes.

    That is so if no part is below 0, if the group is worth nothing with 0 points or always has a part, and if it is not
    divided by a maximum that rises.

    Args:
        combining: the group, or how the root combines its parts.
        vanishing: ids of the criteria that facts may exempt.
        structure: the score tree.
    """
    inside = combining.every_criterion if isinstance(combining, Group) else structure.methodology.criteria
    if not any(criterion.id in vanishing for criterion in inside):
        return True
    if may_cost(combining, structure) or _divides_by_what_rises(combining, vanishing, structure):
        return False
    return is_worth_nothing(combining) or any(_always_counts(criterion, combining, structure) for criterion in inside)


def _divides_by_what_rises(combining: Combining, vanishing: Collection[str], structure: ScoreTree) -> bool:
    """Whether the value of a part is divided by a maximum that may rise where criteria are left out.

    The mean of the maxima of parts rises if a maximum below it is left out, and their minimum if the lowest one is.
    """
    groups = combining.groups if isinstance(combining, Group) else structure.methodology.categories
    scale = structure.scale_of(str(combining.id)) if isinstance(combining, Group) else combining.scale
    if combining.of is Taken.POINTS:
        return scale is not None and any(_maximum_may_rise(group, vanishing, structure) for group in groups)
    return any(_share_may_fall(group, vanishing, structure) for group in groups)


def _share_may_fall(group: Group, vanishing: Collection[str], structure: ScoreTree) -> bool:
    """Whether the share of a group may fall because its maximum rises, and its value, which has a limit, does not."""
    if _has_fixed_maximum(group, structure):
        return False
    is_limited = group.at_least is not None or bool(group.caps)
    return (is_limited and _maximum_may_rise(group, vanishing, structure)) or any(
        _maximum_may_rise(inner, vanishing, structure) for inner in group.groups
    )


def _maximum_may_rise(group: Group, vanishing: Collection[str], structure: ScoreTree) -> bool:
    """Whether the maximum that a group contributes may rise where criteria are left out."""
    left_out = any(criterion.id in vanishing for criterion in group.every_criterion)
    if not left_out or _has_fixed_maximum(group, structure):
        return False
    is_of_parts = group.aggregate in (Aggregation.SUM, Aggregation.WEIGHTED_SUM, Aggregation.MAXIMUM)
    return not (is_of_parts or is_even(group, structure)) or any(
        _maximum_may_rise(inner, vanishing, structure) for inner in group.groups
    )


def _has_fixed_maximum(group: Group, structure: ScoreTree) -> bool:
    """Whether the maximum that a group contributes does not depend on its parts, or is a sum or a mean of ones."""
    numbers = (*(band.value for band in group.bands), *(level.value for level in group.ladder))
    is_number = any(number is not None for number in numbers) or structure.scale_of(group.id) is not None
    return is_number or group.of is Taken.SHARES or group.aggregate is Aggregation.NONE


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


def stays(type_id: str, test: FieldTest, apart: Apart, vocabulary: Vocabulary) -> bool:
    """Whether no improvement of a field changes whether it passes a test: it has no order, or the values stand apart.

    Args:
        type_id: the fact type.
        test: the test.
        apart: the answers that stand outside the order of `better`.
        vocabulary: the fact types.
    """
    own = vocabulary.field_of(type_id, test.field)
    named = {a.low for a in test.test.alternatives if isinstance(a, Interval)}
    is_apart = bool(named) and named <= apart.get((type_id, test.field), frozenset())
    return own is not None and (own.better is None or is_apart)


def asks_for_answers(when: When) -> bool:
    """Whether something asks for facts, and nowhere for their absence."""
    match when:
        case Condition() | Count():
            return True
        case NoneOf():
            return False
        case _:
            return all(map(asks_for_answers, when.parts))


def exclude(one: Condition, other: Condition, vocabulary: Vocabulary) -> bool:
    """Whether two conditions exclude each other in one field: a value that passes the one fails the other."""
    for name in {test.field for test in one.tests} & {test.field for test in other.tests}:
        own = vocabulary.field_of(one.fact_type, name)
        tests = [[test.test for test in condition.tests if test.field == name] for condition in (one, other)]
        if own is not None:
            cells = cells_of(own, (test for some in tests for test in some))
            bits = [reduce(and_, map(cells.passing, some)) for some in tests]
            if not bits[0] & bits[1]:
                return True
    return False
