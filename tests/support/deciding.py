"""Which forms of the language decide a win: were they never to hold, a criterion would earn something else."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import evolve

from cleancloud_rules.model.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    FieldTest,
    Members,
    NoneOf,
    Null,
    UnaryTest,
    When,
    reserved_fields,
)
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.values import Bound, Interval
from tests.reference.conditions import holds
from tests.reference.scores import points_of

OPERATORS = (
    "=", "<", "<=", ">", ">=", "[..]", "(..)", "(..]", "[..)", "one of", "alternatives", "not(value)", "not(range)",
    "null", "null or", "not(null)", "-", "contains", "all", "is",
)  # fmt: skip
"""The forms of unary tests."""

COMBINATORS = ("all of", "any of", "none of", "count", "count distinct")
"""The forms in which conditions are combined."""

_NEVER = AnyOf(())


def operator(test: UnaryTest) -> str:
    """Return the form of a unary test."""
    if test.anything:
        return "-"
    nulls = [a for a in test.alternatives if isinstance(a, Null)]
    ranges = [a for a in test.alternatives if isinstance(a, Interval) and not a.is_point]
    if test.negated:
        return "not(null)" if nulls else "not(range)" if ranges else "not(value)"
    if len(test.alternatives) > 1:
        return "null or" if nulls else "alternatives" if ranges else "one of"
    match test.alternatives[0]:
        case Null():
            return "null"
        case Members(mode, _):
            return mode.value
        case interval if interval.is_point:
            return "="
        case interval:
            return _range_form(interval.written)


def _range_form(ends: Bound) -> str:
    """Return the form of a range as it was written."""
    if ends.low is None:
        return "<" if ends.high_open else "<="
    if ends.high is None:
        return ">" if ends.low_open else ">="
    return ("(" if ends.low_open else "[") + ".." + (")" if ends.high_open else "]")


def combinator(when: When) -> str:
    """Return the form of what combines conditions."""
    match when:
        case AllOf():
            return "all of"
        case AnyOf():
            return "any of"
        case NoneOf():
            return "none of"
        case Count(distinct=None):
            return "count"
        case _:
            return "count distinct"


def without(when: When) -> Iterator[tuple[str, When]]:
    """Return each form in `when` with what `when` becomes if that one place never holds."""
    match when:
        case Condition(tests=tests):
            for i, test in enumerate(tests):
                dead = FieldTest(test.field, UnaryTest("never"))
                left = evolve(when, tests=(*tests[:i], dead, *tests[i + 1 :]))
                yield operator(test.test), left
                if test.field in reserved_fields:
                    yield test.field, left
        case Count():
            yield combinator(when), _NEVER
            for name, counted in without(when.of):
                assert isinstance(counted, Condition)
                yield name, evolve(when, of=counted)
        case AllOf(parts) | AnyOf(parts) | NoneOf(parts):
            yield combinator(when), _NEVER
            for i, part in enumerate(parts):
                for name, inner in without(part):
                    yield name, evolve(when, parts=(*parts[:i], inner, *parts[i + 1 :]))


def deciding(criterion: Criterion, earned: Mapping[str, Decimal], facts: Sequence[Fact]) -> set[str]:
    """Return the forms that decide what a criterion earns, its hit policy among them; empty where it earns nothing.

    Args:
        criterion: the criterion.
        earned: what each of its rules that fired earns.
        facts: the facts that count.
    """
    points = points_of(criterion, earned)
    if not points:
        return set()
    decided = {criterion.hit_policy.value}
    together = sum(earned.values(), Decimal(0))
    if criterion.at_most is not None and together > criterion.at_most:
        decided.add("at most")
    for rule in criterion.rules:
        others = {id: points for id, points in earned.items() if id != rule.id}
        if rule.id in earned and points_of(criterion, others) != points:
            decided |= {name for name, left in without(rule.when) if not holds(left, facts)}
    return decided
