"""Parts that come not to apply by an answer: when that lowers no group, and when it leaves limits that are reached."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from operator import and_

from attrs import frozen

from cleancloud_rules.analysis.monotonicity.improvement import Apart
from cleancloud_rules.completions.answered import Reading
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.completions.selected import derivations_for
from cleancloud_rules.completions.state_search import holds, literals_of
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import Condition, Count, FieldTest, NoneOf, When, conditions_of
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.groups import NOT_APPLICABLE, Aggregation, Combining, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.scoring.aggregation import lies_in
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.points import points_of
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


@frozen
class Exemptions:
    """The conditions under which criteria do not apply.

    Args:
        compiled: the methodology.
    """

    compiled: CompiledMethodology

    def reading(self, conditions: Iterable[Condition]) -> Reading:
        """Return what conditions read, with the fact types from which it is derived."""
        own = self.compiled.answer_keys.reading(conditions)
        made = derivations_for(own.types, self.compiled.methodology)
        types = own.types | {condition.fact_type for derivation in made for _, condition in derivation.inputs}
        return Reading(types, own.keys)

    def spare(self, read: Mapping[str, Reading], ends: Mapping[str, tuple[Fraction | None, Fraction | None]]) -> bool:
        """Whether criteria can have their extremes while all of them apply.

        Args:
            read: what each criterion reads.
            ends: the minimum and the maximum of each; None if they are not known.
        """
        for id in read:
            for owner in self.compiled.tree.places[id].exempting:
                when = owner.not_applicable.when if owner.not_applicable is not None else None
                if when is None:
                    continue
                exemption = self.reading(conditions_of(when))
                touched = [other for other, own in read.items() if exemption.touches(own)]
                if touched and (touched != [id] or not self._spares(owner, ends[id])):
                    return False
        return True

    def _spares(self, owner: Group | Criterion, ends: tuple[Fraction | None, Fraction | None]) -> bool:
        """Whether a criterion that exempts itself has both extremes in states in which it applies."""
        if not isinstance(owner, Criterion) or any(rule.in_proportion is not None for rule in owner.rules):
            return False
        own = self.compiled.with_implications
        rules = {rule.id: own.ruleset.rules[owner.id, rule.id] for rule in owner.rules}
        exempting = own.ruleset.rules[owner.id, NOT_APPLICABLE]
        literals = literals_of([*rules.values(), exempting])
        (search,) = own.completions(Company("nobody", "Nobody"), ())
        if search.loses(literals) or search.has_free_answers(literals):
            return False
        try:
            states = [state for state in search.states(literals) if not holds(exempting, state)]
        except TooLargeError:
            return False
        points = {
            Fraction(points_of(owner, {rule.id: rule.points for rule in owner.rules if holds(rules[rule.id], state)}))
            for state in states
        }
        return points.issuperset(ends)
