"""Mutants that are proved to be equivalent to the original: the same values pass, or the rule can change nothing."""

from cleancloud_rules.cases.mutation.mutants import Mutant
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.model.conditions import Condition, conditions_of
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Methodology, Rule
from cleancloud_rules.model.partitions.boxes import within
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.scoring.compiled import CompiledMethodology


def is_equivalent(mutant: Mutant, original: CompiledMethodology) -> bool:
    """Return whether no fact can pass the changed condition and fail the original one, or the reverse.

    The values of each field are parted into cells of values that pass the same tests. If in every field the same cells
    pass, as far as a fact can have them, the conditions are equivalent.
    """
    return _is_idle_in_both(mutant, original.methodology) or _passes_the_same(mutant, original)


def is_idle(rule: Rule, criterion: Criterion, methodology: Methodology) -> bool:
    """Return whether a rule can change no result.

    It earns 0 points where 0 is neither above nor below what other rules give, and the facts that are relevant to it
    are relevant to another rule too.
    """
    if rule.range != (ZERO, ZERO) or criterion.max_points == 0:
        return False
    others = [other for other in criterion.rules if other is not rule]
    if criterion.hit_policy is HitPolicy.COLLECT_MAX:
        adds_nothing = all(other.range[0] >= 0 for other in others)
    else:
        adds_nothing = criterion.hit_policy is HitPolicy.COLLECT_SUM
    relevant = {_about(condition, methodology) for other in others for condition in conditions_of(other.when)}
    return adds_nothing and {_about(condition, methodology) for condition in conditions_of(rule.when)} <= relevant


def _about(condition: Condition, methodology: Methodology) -> Condition:
    """Return a condition with its tests on key fields alone, which say what a fact is about."""
    fields = methodology.vocabulary.by_id[condition.fact_type]
    keys = (test for test in condition.tests if (own := fields.get(test.field)) is not None and own.key)
    return Condition(condition.fact_type, tuple(keys))


def _is_idle_in_both(mutant: Mutant, original: Methodology) -> bool:
    if not mutant.asks_otherwise:
        return False
    found = (next(c for c in m.criteria if c.id == mutant.owner) for m in (original, mutant.methodology))
    before, after = found
    kept = [rule for rule in before.rules if rule in after.rules]
    changed = [(rule, owner, m) for owner, m in ((before, original), (after, mutant.methodology))
               for rule in owner.rules if rule not in kept]  # fmt: skip
    return all(is_idle(rule, owner, methodology) for rule, owner, methodology in changed)


def _passes_the_same(mutant: Mutant, original: CompiledMethodology) -> bool:
    if mutant.conditions is None:
        return False
    try:
        ruleset = original.including(mutant.conditions).ruleset
    except CriteriaError:
        return False  # too complex: nothing is proved
    before, after = (ruleset.conditions[ruleset.by_condition[condition]] for condition in mutant.conditions)
    cells = ruleset.encodings[mutant.conditions[0].fact_type].cells
    for name in before.passing.keys() | after.passing.keys():
        own = cells[name]
        possible: Bits = own.possible | own.disclosed_bit
        possible = possible | own.missing if own.field.optional else possible
        first, second = (found.passing.get(name, own.everything) for found in (before, after))
        if not (within(first & possible, second) and within(second & possible, first)):
            return False
    return True
