"""The lemmas of ``docs/explanation/monotonicity.md``, one function each, of the same name.

A function decides whether its lemma applies to a part of a methodology. There are three kinds of *changes*: a fact is
added, a field of a fact improves, or a bounded value of a fact becomes more exact. A part *lasts* if no change makes it
false once it is true. It *stays false* if no change makes it true once it is false.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from cleancloud_rules.analysis.monotonicity.group_lemmas import (
    aggregate_of_parts,
    caps_that_lift,
    coverage,
    exemption,
    gates,
    marks_that_rise,
    rounding,
    sum_of_parts,
)
from cleancloud_rules.analysis.monotonicity.improvement import Apart
from cleancloud_rules.analysis.monotonicity.vanishing import asks_for_answers, exclude, stays
from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.selected import derivations_for, latest_of, single_of
from cleancloud_rules.model.cells import field_cells
from cleancloud_rules.model.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    Members,
    NoneOf,
    Null,
    SetMode,
    UnaryTest,
    When,
    conditions_of,
    fact_types_in,
    reserved_fields,
)
from cleancloud_rules.model.derivations import Derivation, Operand, Operation
from cleancloud_rules.model.facts import Better, Field
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Methodology, Rule
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.model.vocabulary import Vocabulary, Window
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.points import range_of


def existential_condition(when: When) -> bool:
    """A condition lasts if a fact that passes it still passes after a change."""
    return isinstance(when, Condition)


def all_and_any(when: When) -> bool:
    """`all` and `any` last if each part does, and stay false if each part does."""
    return isinstance(when, (AllOf, AnyOf))


def none(when: When) -> bool:
    """`none` lasts if each part stays false, and stays false if each part lasts."""
    return isinstance(when, NoneOf)


def count_of_facts(when: When) -> bool:
    """A count of facts lasts if the counted condition does."""
    return isinstance(when, Count) and when.distinct is None


def count_of_distinct_values(when: When, own: Field, sense: Improvement) -> bool:
    """A count of distinct values lasts if the counted condition does and no counted value is replaced."""
    replaced = sense is Improvement.VALUE and own.better not in (None, Better.MORE)
    return isinstance(when, Count) and when.distinct == own.id and not replaced


def collect_max(criterion: Criterion) -> bool:
    """The maximum over the rules that fire never falls if each rule lasts and none costs points."""
    return criterion.hit_policy is HitPolicy.COLLECT_MAX and all(rule.range[0] >= 0 for rule in criterion.rules)


def collect_sum(criterion: Criterion) -> bool:
    """The sum over the rules that fire never falls if each rule lasts and none costs points."""
    return criterion.hit_policy is HitPolicy.COLLECT_SUM and all(rule.range[0] >= 0 for rule in criterion.rules)


def first(criterion: Criterion) -> bool:
    """The first rule that fires is the best one if no rule earns more than one before it."""
    points = [rule.points for rule in criterion.rules]
    is_constant = all(rule.in_proportion is None and rule.points >= 0 for rule in criterion.rules)
    return criterion.hit_policy is HitPolicy.FIRST and is_constant and points == sorted(points, reverse=True)


def cap(criterion: Criterion) -> bool:
    """The lesser of the points and a fixed number never falls if the points do not."""
    return criterion.at_most is not None


def open_threshold(test: UnaryTest, own: Field) -> bool:
    """A threshold without an end on the better side accepts every value that is better than one that it accepts."""
    far = [interval.low if own.better is Better.LOWER else interval.high for interval in _intervals(test, own)]
    return own.better in _DIRECTIONS and bool(far) and all(end is None for end in far)


def ranges(test: UnaryTest, own: Field) -> bool:
    """Ranges that leave no gap towards the better end accept every value that is better than one that they accept."""
    return bool(_intervals(test, own)) and _leaves_no_gap(test, own)


def negated_test(test: UnaryTest, own: Field) -> bool:
    """A negated test that rejects everything worse than what it rejects accepts everything better than its values."""
    return test.negated and own.type.is_ordered and _leaves_no_gap(test, own)


def equality(test: UnaryTest, own: Field) -> bool:
    """A test for the best valid value lasts, because no valid value is better."""
    if test.negated or own.better not in _DIRECTIONS:
        return False
    higher = own.better is Better.HIGHER
    best: list[Any] = [higher]
    if own.type is not FieldType.BOOLEAN:
        limits = [] if own.valid is None else _intervals(own.valid, own)
        best = [limit.high if higher else limit.low for limit in limits]
    named = [a for a in _present(test) if isinstance(a, Interval)]
    return bool(best) and bool(named) and all(a.is_point and a.low == end for a in named for end in best)


def set_test(test: UnaryTest, own: Field) -> bool:
    """A set that contains a name, one of several, or all of them still does when it gains members."""
    members = [a for a in _present(test) if isinstance(a, Members)]
    return own.type is FieldType.SET and not test.negated and all(a.mode is not SetMode.IS for a in members)


def ordered_enum(test: UnaryTest, own: Field) -> bool:
    """Names that reach the end of the list accept every name later than one that they accept."""
    if own.better is not Better.LISTED:
        return False
    named = {a.low for a in _present(test) if isinstance(a, Interval)}
    accepted = [name for name in own.values if (name in named) is not test.negated]
    return accepted == list(own.values[len(own.values) - len(accepted) :])


def unordered_field(own: Field) -> bool:
    """A field without `better` never improves, so no test on it changes: unordered enums, texts, periods."""
    return own.better is None


def null_test(test: UnaryTest) -> bool:
    """Whether a value is stated changes neither if it improves nor if it becomes more exact."""
    return test.anything or (bool(test.alternatives) and all(isinstance(a, Null) for a in test.alternatives))


def bounded_value(test: UnaryTest | None) -> bool:
    """A test lasts if a bound becomes narrower, because it is true of a bound if it is true of every value inside."""
    return isinstance(test, UnaryTest)


def window(limits: Window, cut_off: date | None) -> bool:
    """A fact that counts still counts after a change: that depends only on its source and its time."""
    return limits.has_ends or cut_off is not None


def derivation(sense: Improvement, types: frozenset[str], counted: frozenset[str], methodology: Methodology) -> bool:
    """A derived fact lasts.

    In evidence, facts that can be joined are only added. In value, no formula and no join reads what improves. In
    narrowing, narrower inputs give narrower results.

    Args:
        sense: the sense of the change.
        types: the fact types that are read.
        counted: those types whose facts, and not values, are counted.
        methodology: the methodology.
    """
    match sense:
        case Improvement.EVIDENCE:
            return True
        case Improvement.NARROWING:
            return not any(map(_has_twins, derivations_for(counted, methodology)))
        case Improvement.VALUE:
            return all(_keeps(d, methodology) for d in derivations_for(types, methodology))


def proportion(rule: Rule, own: Field, sense: Improvement) -> bool:
    """Points in proportion to a number never fall if the number improves and points rise in its direction."""
    if rule.in_proportion is None:
        return False
    worst, best = rule.in_proportion.over
    rises = (rule.points >= rule.in_proportion.least) == (best > worst)
    if sense is not Improvement.VALUE or own.better is None:
        return True
    return rises == (own.better is Better.HIGHER)


def selection(types: frozenset[str], methodology: Methodology, sense: Improvement) -> bool:
    """Which facts are the latest depends on values only through key fields; a further fact can supersede others.

    Under `single` a fact that comes under a key with an answer is no change, so none is superseded.
    """
    chosen = latest_of(types, methodology)
    answers = single_of(types, methodology)
    if sense is Improvement.VALUE and any(own.better is not None for t in answers for own in t.fields if own.key):
        return False
    keys = [own for fact_type in chosen for own in fact_type.fields if own.key]
    if not chosen:
        return True
    if sense is Improvement.EVIDENCE or any(
        True for _ in derivations_for(frozenset(t.id for t in chosen), methodology)
    ):
        return False
    return not keys if sense is Improvement.NARROWING else all(own.better is None for own in keys)


def unanswered(
    criterion: Criterion, keys: AnswerKeys, sense: Improvement, vocabulary: Vocabulary, apart: Apart
) -> bool:
    """A question that comes not to apply by its own answer had no answer before, and so 0 points; it stays so.

    Args:
        criterion: the criterion; its rules and what exempts it read the answer under one key.
        keys: the keys under which a company has one answer each.
        sense: the sense of the change.
        vocabulary: the fact types.
        apart: the answers that stand outside the order of `better`.
    """
    exemption = criterion.not_applicable
    if exemption is None or exemption.when is None or range_of(criterion).least < 0:
        return False
    whens = (exemption.when, *(rule.when for rule in criterion.rules))
    conditions = {condition for when in whens for condition in conditions_of(when)}
    if len({keys.of_condition(c) for c in conditions}) > 1 or None in map(keys.of_condition, conditions):
        return False
    if not all(asks_for_answers(when) for when in whens):
        return False
    ending = conditions_of(exemption.when)
    match sense:
        case Improvement.EVIDENCE:
            return True
        case Improvement.VALUE:
            return all(stays(c.fact_type, test, apart, vocabulary) for c in ending for test in c.tests)
        case Improvement.NARROWING:
            earning = [c for rule in criterion.rules if rule.range[1] > 0 for c in conditions_of(rule.when)]
            return all(exclude(one, other, vocabulary) for one in earning for other in ending)


def assessment(when: When, methodology: Methodology, sense: Improvement, apart: Apart) -> bool:
    """A better value assesses nothing anew, where it does not change the fields that tell what is relevant.

    Args:
        when: the condition under which a criterion is assessed.
        methodology: the methodology.
        sense: the sense of the change.
        apart: the answers that stand outside the order of `better`.
    """
    types = fact_types_in((when,))
    if sense is Improvement.EVIDENCE or any(True for _ in derivations_for(types, methodology)):
        return False
    tests = [(c.fact_type, test) for c in conditions_of(when) for test in c.tests]
    if sense is Improvement.VALUE:
        kept = all(stays(type_id, test, apart, methodology.vocabulary) for type_id, test in tests)
    else:
        # Any field may be disclosed without its value. Once the value is known, the fact may tell what is relevant.
        kept = all(test.field in reserved_fields for _, test in tests)
    return kept and selection(types, methodology, sense)


STRUCTURES: tuple[Callable[..., bool], ...] = (
    existential_condition, all_and_any, none, count_of_facts, count_of_distinct_values, window, derivation,
)  # fmt: skip
"""The lemmas on conditions, their combinations, and the facts that they read."""

POLICIES: tuple[Callable[[Criterion], bool], ...] = (collect_max, collect_sum, first)
"""The lemmas on hit policies; a criterion needs one of them."""

TESTS: tuple[Callable[[UnaryTest, Field], bool], ...] = (
    open_threshold, ranges, negated_test, equality, set_test, ordered_enum,
)  # fmt: skip
"""The lemmas on tests; a test on a field that can improve needs one of them."""

GROUPS: tuple[Callable[[Combining], bool], ...] = (caps_that_lift, marks_that_rise)
"""The lemmas on how a group combines its parts; a group needs all of them."""

_OTHERS: tuple[Callable[..., bool], ...] = (
    cap, unordered_field, null_test, bounded_value, proportion, selection,
    sum_of_parts, rounding, aggregate_of_parts, gates, exemption, unanswered, assessment, coverage, *GROUPS,
)  # fmt: skip

LEMMAS = {lemma.__name__: lemma for lemma in (*STRUCTURES, *POLICIES, *TESTS, *_OTHERS)}
"""Every lemma by its name."""

_DIRECTIONS = (Better.HIGHER, Better.LOWER)


def is_open(test: UnaryTest, own: Field) -> bool:
    """Whether some lemma proves that a test lasts if the field that it reads improves."""
    return null_test(test) or any(lemma(test, own) for lemma in TESTS)


def _present(test: UnaryTest) -> list[Interval | Members]:
    return [a for a in test.alternatives if not isinstance(a, Null)]


def _intervals(test: UnaryTest, own: Field) -> list[Interval]:
    """Return the intervals that a test on an ordered field accepts, unless it is negated."""
    if not own.type.is_ordered or test.negated:
        return []
    return [a for a in _present(test) if isinstance(a, Interval)]


def _leaves_no_gap(test: UnaryTest, own: Field) -> bool:
    """Whether a test accepts all values from some value to the better end, and no others."""
    # One truth value for each cell, worse cells first. False sorts before True, so the list equals its sorted self
    # exactly if no cell that fails comes after one that passes.
    cells = field_cells(own, (test,))
    accepted = [bool(cells.passing(test) & (2 << cell)) for cell in range(cells.count)]
    if own.better is Better.LOWER:
        accepted.reverse()
    return own.better in _DIRECTIONS and accepted == sorted(accepted)


def _has_twins(made: Derivation) -> bool:
    """Whether one fact could stand for two inputs, so that two derived facts could become equal."""
    types = [condition.fact_type for _, condition in made.inputs]
    return len(set(types)) < len(types)


def _keeps(made: Derivation, methodology: Methodology) -> bool:
    """Whether the facts that were derived from a fact do not change if it improves."""
    read = {reading for a in made.assignments if a.is_formula for reading in _readings(a.value)}
    for name, condition in made.inputs:
        for own in methodology.vocabulary.by_id[condition.fact_type].fields:
            tests = [test.test for test in condition.tests if test.field == own.id]
            is_used = (name, own.id) in read or own.id in made.join or not all(is_open(test, own) for test in tests)
            if own.better is not None and is_used:
                return False
    return True


def _readings(formula: Any) -> Iterator[tuple[str, str]]:
    match formula:
        case Operand(input, name):
            yield input, name
        case Operation(_, left, right):
            yield from _readings(left)
            yield from _readings(right)
