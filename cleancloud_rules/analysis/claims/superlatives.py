"""Which companies have the highest value of a field, as far as their facts can tell.

The values that matter are the ends of what is stated, and the thresholds of searches without result. Between two of
them no value is told from another. A level is a number: 0 where a company has a value at all, 2i + 1 where its value is
at least the i-th threshold, and 2i + 2 where it is above it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.analysis.score_bounds.bounder import compiled_for
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.engine.compiler import compiled_rule
from cleancloud_rules.engine.ruleset import CompiledRule
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.model.claims import Highest
from cleancloud_rules.model.conditions import Condition, FieldTest, Null, UnaryTest
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.scoring.compiled import CompiledMethodology

NONE = -1
"""The level of a company without a value."""


@frozen
class Reach:
    """The levels that a company's value has: the highest that is certain, and the highest that is possible."""

    low: int
    high: int

    def is_certainly_not_below(self, other: "Reach") -> bool:
        """Whether this value is certainly as high as another one."""
        # A value of the possible level 2i + 1 is at most the threshold i; one of 2i + 2 lies below the next threshold.
        return other.high == NONE or self.low >= other.high + (other.high % 2 == 0)

    def is_certainly_above(self, other: "Reach") -> bool:
        """Whether this value is certainly higher than another one."""
        return self.low > other.high


@frozen
class Ladder:
    """The conditions that tell the levels of a field apart.

    Args:
        conditions: the condition of each level.
        compiled: a methodology that knows them.
        rules: these conditions as rules.
    """

    conditions: tuple[Condition, ...]
    compiled: CompiledMethodology
    rules: tuple[CompiledRule, ...]

    @classmethod
    def of(cls, highest: Highest, companies: Iterable[Company], methodology: Methodology) -> "Ladder":
        """Return the levels that facts and searches of companies tell apart.

        Raises:
            CriteriaError: if they are too many.
        """
        present = UnaryTest("", (Null(),), negated=True)
        tests = [present]
        for mark in _thresholds(highest, companies):
            tests += [UnaryTest("", (Interval(mark, None, low_open=is_open),)) for is_open in (False, True)]
        conditions = tuple(_with(test, highest) for test in tests)
        compiled = compiled_for(methodology, conditions)
        try:
            rules = tuple(compiled_rule("", "", c, compiled.ruleset.by_condition) for c in conditions)
        except Rejected as rejected:
            raise CriteriaError(rejected.diagnostics) from None
        return cls(conditions, compiled, rules)

    def reach(self, company: Company, facts: Sequence[Fact] | None) -> Reach:
        """Return the levels of a company's value over the completions of its facts; None if they are not known."""
        top = len(self.rules) - 1
        if facts is None:
            return Reach(NONE, top)
        searches = self.compiled.completions(company, facts)
        truths = [frozenset[bool]().union(*(search.truths(rule) for search in searches)) for rule in self.rules]
        certain = (level for level in range(top, -1, -1) if truths[level] == {True})
        possible = (level for level in range(top, -1, -1) if True in truths[level])
        return Reach(next(certain, NONE), next(possible, NONE))

    def above(self, level: int) -> Condition | None:
        """Return the condition of the values above all that share a level; None if there are none."""
        above = level + level % 2
        return self.conditions[above] if 0 < above < len(self.conditions) else None


def is_highest(id: str, reaches: Mapping[str, Reach], members: Iterable[str], others: Iterable[str]) -> frozenset[bool]:
    """Return whether a company has the highest value in some completion, and whether it has not in some.

    Args:
        id: the company.
        reaches: the levels of all companies.
        members: the companies that are certainly compared.
        others: the companies that may be compared.
    """
    own = reaches[id]
    if own.high == NONE or any(reaches[member].is_certainly_above(own) for member in members):
        return frozenset((False,))
    compared = (reaches[other] for other in (*members, *others) if other != id)
    is_certain = own.low != NONE and all(own.is_certainly_not_below(other) for other in compared)
    return frozenset((True,)) if is_certain else frozenset((True, False))


def _with(test: UnaryTest, highest: Highest) -> Condition:
    tests = (*highest.of.tests, FieldTest(highest.field, test))
    return evolve(highest.of, tests=tuple(sorted(tests, key=lambda each: each.field)))


def _thresholds(highest: Highest, companies: Iterable[Company]) -> list[Any]:
    """Return the ends of stated values, and those of tests that were searched for without result, sorted."""
    found: set[Any] = set()
    for company in companies:
        stated = (fact.get(highest.field) for fact in company.facts if fact.type == highest.of.fact_type)
        tests = (
            test.test
            for entry in company.not_found
            for condition in entry.conditions
            if condition.fact_type == highest.of.fact_type
            for test in condition.tests
            if test.field == highest.field
        )
        searched = (alternative for test in tests for alternative in test.alternatives)
        for value in (*stated, *searched):
            ends = (value.low, value.high) if isinstance(value, Interval) else (value,)
            found.update(end for end in ends if end is not None and not isinstance(end, Null))
    return sorted(found)
