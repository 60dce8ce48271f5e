"""Coverage of rules and unary tests: where they fired and failed, and whose verdict depends on them."""

from collections import Counter
from collections.abc import Iterable

from cleancloud_rules.cases.mutation.criterion_mutants import CriterionMutants
from cleancloud_rules.cases.mutation.equivalence import is_idle
from cleancloud_rules.cases.mutation.verdicts import Judge
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.conditions import Condition, conditions_of
from cleancloud_rules.model.methodology import Criterion, Rule
from cleancloud_rules.results.case_reports import Coverage, RuleCoverage, TestCoverage
from cleancloud_rules.results.scorecards import RuleResult, Scorecard
from cleancloud_rules.scoring.criteria.explanation import FactView

_Test = tuple[Condition, str]
"""A unary test: its condition and the field that it reads."""


class Tally:
    """Counts the test cases in which each rule fired, and in which facts failed each unary test.

    Args:
        ruleset: the compiled methodology.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._methodology = ruleset.methodology
        self._ruleset = ruleset
        self._rules: dict[tuple[str, str], list[RuleResult]] = {}
        self._failed: Counter[_Test] = Counter()
        self._alone: Counter[_Test] = Counter()
        asked = (condition for _, _, when in ruleset.methodology.asked for condition in conditions_of(when))
        self._conditions = tuple(dict.fromkeys(asked))
        self._noticed: dict[tuple[str, str, _Test | None], str] = {}

    def add(self, card: Scorecard, firings: Firings) -> None:
        """Count one test case."""
        for criterion in card.criteria:
            for rule in criterion.rules:
                self._rules.setdefault((criterion.id, rule.id), []).append(rule)
        counting = (counted.fact for counted in firings.facts if counted.counts)
        reading = FactView(self._ruleset, counting)
        for condition in self._conditions:
            passing = reading.compiled(condition).passing
            facts = reading.index.by_type.get(condition.fact_type, ())
            failing = [reading.index.failing(fact, passing) for fact in facts]
            self._failed.update({(condition, name) for names in failing for name in names})
            self._alone.update({(condition, names[0]) for names in failing if len(names) == 1})

    def coverage(self, judge: Judge) -> Coverage:
        """Return the coverage so far.

        Args:
            judge: says which test case has another verdict without a rule or a test.
        """
        self._noticed = noticed(judge)
        rules = [(criterion, rule) for criterion in self._methodology.criteria for rule in criterion.rules]
        return Coverage(
            tuple(self._rule(criterion, rule) for criterion, rule in rules),
            tuple(test for criterion, rule in rules for test in self._tests(criterion, rule)),
        )

    def _rule(self, criterion: Criterion, rule: Rule) -> RuleCoverage:
        results = self._rules.get((criterion.id, rule.id), [])
        assert rule.node is not None
        where = rule.node.beginning
        fired = sum(result.fired for result in results)
        won = sum(result.won for result in results)
        return RuleCoverage(
            criterion.id, rule.id, fired, won, len(results) - fired, where.file.name, where.line,
            self._noticed.get((criterion.id, rule.id, None)), is_idle(rule, criterion, self._methodology),
        )  # fmt: skip

    def _tests(self, criterion: Criterion, rule: Rule) -> Iterable[TestCoverage]:
        if is_idle(rule, criterion, self._methodology):
            return
        for condition in dict.fromkeys(conditions_of(rule.when)):
            passing = self._ruleset.conditions[self._ruleset.by_condition[condition]].passing
            cells = self._ruleset.encodings[condition.fact_type].cells
            assert condition.node is not None
            where = condition.node.beginning
            for test in condition.tests:
                if cells[test.field].possible & ~passing[test.field]:
                    key = condition, test.field
                    yield TestCoverage(
                        criterion.id, rule.id, str(condition), test.field, test.test.text,
                        self._failed[key], self._alone[key], where.file.name, where.line,
                        self._noticed.get((criterion.id, rule.id, key)),
                    )  # fmt: skip


def noticed(judge: Judge) -> dict[tuple[str, str, _Test | None], str]:
    """Return the name of the first test case that notices if a rule, or a test of a rule, is removed.

    The test case must be one in which the rule fires. Others can notice too that no rule asks for a fact any more,
    since the fact is not relevant then, but that is no evidence of what the rule earns.

    Keys are the criterion, the rule and the test; None in the place of the test for the rule as a whole.
    """
    found: dict[tuple[str, str, _Test | None], str] = {}
    for criterion in judge.methodology.criteria:
        for mutant in CriterionMutants(judge.methodology, criterion).removals():
            test = None
            if mutant.conditions is not None:
                before, after = mutant.conditions
                (removed,) = (own for own in before.tests if own not in after.tests)
                test = before, removed.field
            key = (criterion.id, mutant.of[1], test)
            if key in found:
                continue
            case = judge.noticing(mutant, (criterion.id, mutant.of[1]) if test is None else None)
            if case is not None:
                found[key] = case.name
    return found
