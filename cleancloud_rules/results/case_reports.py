"""Reports of test cases: results, mismatches and coverage."""

from decimal import Decimal

from attrs import frozen

from cleancloud_rules.documents.extra_keys import Extra
from cleancloud_rules.model.exact import multiply
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count
from cleancloud_rules.results.mutants import MutationReport
from cleancloud_rules.results.records import SCHEMA_VERSION, MethodologyRecord, NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard

NO_VALUE = "none"
"""The word for a missing value: a test case expects it where there must be no label or level, and results show it."""


@frozen(field_transformer=one_line)
class Mismatch:
    """A difference between an expected and an actual value.

    Args:
        of: ``criterion``, ``category``, ``table`` or ``total``.
        id: id of the criterion, the category or the decision table; None for the total.
        what: the attribute that is compared.
        expected: the expected value.
        came: the actual value; ``none`` if there is none.
        line: the line of the expected value.
    """

    of: str
    id: str | None
    what: str
    expected: Decimal | str
    came: Decimal | str
    line: Count


@frozen(field_transformer=one_line)
class CaseResult:
    """The result of one test case.

    Args:
        name: the name of the test case.
        file: its file, as the user named the folder.
        line: the line on which it begins.
        note: a note for readers.
        compared: the number of values that were compared.
        passed: whether all values are as expected.
        mismatches: the values that are not as expected.
        scorecard: the scorecard of the company, with all reasons; None if the test case passed.
        extra: the keys of the user's own.
    """

    name: str
    file: str
    line: Count
    note: str | None
    compared: Count
    passed: bool
    mismatches: tuple[Mismatch, ...]
    scorecard: Scorecard | None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class RuleCoverage:
    """How the test cases cover a rule.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        fired: the number of test cases in which it fired.
        won: the number of test cases in which its points were taken.
        silent: the number of test cases in which it did not fire.
        file: the file of the rule.
        line: the line on which it begins.
        noticed_by: the name of the first test case in which it fired and whose verdict would be another one without
            it; None if there is none. Only such a rule is covered.
        is_idle: whether the rule can change no result: it earns 0 points that no other rule depends on. It is not
            counted.
    """

    criterion: str
    rule: str
    fired: Count
    won: Count
    silent: Count
    file: str
    line: Count
    noticed_by: str | None = None
    is_idle: bool = False

    @property
    def name(self) -> str:
        """The criterion and the rule."""
        return f"{self.criterion}.{self.rule}"


@frozen(field_transformer=one_line)
class TestCoverage:
    """How the test cases cover a unary test.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        condition: the condition of the test, as the rule states it.
        field: the field that it reads.
        test: the test.
        failed: the number of test cases in which some fact of the type failed it.
        failed_alone: the number of test cases in which some fact failed it and passed all other tests of the condition.
            Only such a fact shows that the test is needed.
        file: the file of the condition.
        line: the line on which it begins.
        noticed_by: the name of the first test case whose verdict would be another one without the test; None if there
            is none. Only such a test is covered.
    """

    __test__ = False  # pytest takes a class called Test... for one of tests

    criterion: str
    rule: str
    condition: str
    field: str
    test: str
    failed: Count
    failed_alone: Count
    file: str
    line: Count
    noticed_by: str | None = None

    @property
    def name(self) -> str:
        """The criterion, the rule, the field and the test."""
        return f"{self.criterion}.{self.rule}: {self.field}: {self.test}"


@frozen(field_transformer=one_line)
class Coverage:
    """The coverage of rules and unary tests by the test cases of a methodology.

    Args:
        rules: every rule, in the methodology's order.
        tests: every unary test of a rule that some value can fail, in the same order.
    """

    rules: tuple[RuleCoverage, ...]
    tests: tuple[TestCoverage, ...]

    @property
    def counted(self) -> int:
        """The number of rules that can change a result."""
        return sum(not rule.is_idle for rule in self.rules)

    @property
    def covered(self) -> int:
        """The number of rules on which the verdict of some test case depends."""
        return sum(rule.noticed_by is not None for rule in self.rules)

    def reaches(self, percent: Decimal) -> bool:
        """Return whether at least this percentage of the rules that can change a result are covered."""
        return self.covered * 100 >= multiply(percent, self.counted)

    @property
    def uncovered_rules(self) -> tuple[RuleCoverage, ...]:
        """The rules without which every test case has the same verdict."""
        return tuple(rule for rule in self.rules if rule.noticed_by is None and not rule.is_idle)

    @property
    def uncovered_tests(self) -> tuple[TestCoverage, ...]:
        """The unary tests without which every test case has the same verdict."""
        return tuple(test for test in self.tests if test.noticed_by is None)

    @property
    def never_fired(self) -> tuple[RuleCoverage, ...]:
        """The rules that fired in no test case."""
        return tuple(rule for rule in self.rules if not rule.fired)

    @property
    def never_won(self) -> tuple[RuleCoverage, ...]:
        """The rules whose points were taken in no test case, whether or not they fired."""
        return tuple(rule for rule in self.rules if not rule.won)

    @property
    def never_silent(self) -> tuple[RuleCoverage, ...]:
        """The rules that fired in every test case."""
        return tuple(rule for rule in self.rules if not rule.silent)

    @property
    def never_failed(self) -> tuple[TestCoverage, ...]:
        """The unary tests that no fact failed in any test case."""
        return tuple(test for test in self.tests if not test.failed)


@frozen(field_transformer=one_line)
class CaseReport(Result):
    """The results of all test cases of a methodology.

    Args:
        methodology: the methodology.
        cases: the results of the test cases, file by file in their order.
        coverage: the coverage of rules and unary tests.
        notices: the notices that every output carries.
        library_version: the version of the library.
        mutants: which single changes of the methodology the test cases notice; None if that was not asked for.
        schema_version: the version of the JSON form.
    """

    methodology: MethodologyRecord
    cases: tuple[CaseResult, ...]
    coverage: Coverage
    notices: tuple[NoticeRecord, ...]
    library_version: str
    mutants: MutationReport | None = None
    schema_version: int = SCHEMA_VERSION

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The test cases that failed."""
        return tuple(case for case in self.cases if not case.passed)

    @property
    def passed(self) -> bool:
        """Whether every test case passed."""
        return not self.failed
