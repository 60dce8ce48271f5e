"""Reports of test cases: results, mismatches and coverage."""

from decimal import Decimal

from attrs import frozen

from cleancloud_rules.results.json import to_json
from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard

NO_VALUE = "none"
"""What a case writes for a label or a level that must not be there, and what a result says of any that is not."""


@frozen
class Mismatch:
    """Something that came out otherwise than a case says.

    Args:
        of: ``criterion``, ``category`` or ``total``.
        id: id of the criterion or the category; None for the total.
        what: which part of it.
        expected: what the case says.
        came: what came out; ``none`` where there is no such thing.
        line: the line on which the case says so.
    """

    of: str
    id: str | None
    what: str
    expected: Decimal | str
    came: Decimal | str
    line: int


@frozen
class CaseResult:
    """What became of one case.

    Args:
        name: what the case is called.
        file: the file that it stands in, as the user named its folder.
        line: the line on which it begins.
        note: anything a reader should know about it.
        compared: how many things were compared.
        passed: whether all of them came out as the case says.
        mismatches: those that did not.
        scorecard: what the company came to, with every reason; None for a case that passed.
    """

    name: str
    file: str
    line: int
    note: str | None
    compared: int
    passed: bool
    mismatches: tuple[Mismatch, ...]
    scorecard: Scorecard | None


@frozen
class RuleCoverage:
    """In how many cases a rule fired.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        fired: in how many cases what it asks for held.
        won: in how many its points were taken.
        silent: in how many it did not fire.
        file: the file that the rule stands in.
        line: the line on which it begins.
    """

    criterion: str
    rule: str
    fired: int
    won: int
    silent: int
    file: str
    line: int

    @property
    def name(self) -> str:
        """The criterion and the rule."""
        return f"{self.criterion}.{self.rule}"


@frozen
class TestCoverage:
    """In how many cases a fact that counts failed a unary test.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        condition: the condition that the test stands in, as a rule states it.
        field: the field that it reads.
        test: the test.
        failed: in how many cases some fact of the type failed it.
        failed_alone: in how many some fact failed it and passed all other tests of the condition: only such a fact
            shows that the test is needed.
        file: the file that the condition stands in.
        line: the line on which it begins.
    """

    __test__ = False  # pytest takes a class called Test... for one of tests

    criterion: str
    rule: str
    condition: str
    field: str
    test: str
    failed: int
    failed_alone: int
    file: str
    line: int

    @property
    def name(self) -> str:
        """The criterion, the rule, the field and the test."""
        return f"{self.criterion}.{self.rule}: {self.field}: {self.test}"


@frozen
class Coverage:
    """What the cases of a methodology tried.

    Args:
        rules: every rule, in the methodology's order.
        tests: every unary test of a rule that some value can fail, in the same order.
    """

    rules: tuple[RuleCoverage, ...]
    tests: tuple[TestCoverage, ...]

    @property
    def won(self) -> int:
        """How many rules won in some case."""
        return sum(rule.won > 0 for rule in self.rules)

    def reaches(self, percent: Decimal) -> bool:
        """Return whether at least so many per cent of the rules won in some case."""
        return self.won * 100 >= percent * len(self.rules)

    @property
    def never_fired(self) -> tuple[RuleCoverage, ...]:
        """The rules that fired in no case."""
        return tuple(rule for rule in self.rules if not rule.fired)

    @property
    def never_won(self) -> tuple[RuleCoverage, ...]:
        """The rules whose points were taken in no case, be it that they fired."""
        return tuple(rule for rule in self.rules if not rule.won)

    @property
    def never_silent(self) -> tuple[RuleCoverage, ...]:
        """The rules that fired in every case."""
        return tuple(rule for rule in self.rules if not rule.silent)

    @property
    def never_failed(self) -> tuple[TestCoverage, ...]:
        """The tests that no fact failed in any case."""
        return tuple(test for test in self.tests if not test.failed)

    @property
    def never_alone(self) -> tuple[TestCoverage, ...]:
        """The tests that were failed, and never alone: without them every case would come out the same."""
        return tuple(test for test in self.tests if test.failed and not test.failed_alone)


@frozen
class CaseReport:
    """What became of all cases of a methodology.

    Args:
        methodology: which methodology it is.
        cases: file by file, in the order of each.
        coverage: what they tried.
        notices: what every rendering says.
        library_version: the version that ran them.
    """

    methodology: MethodologyRecord
    cases: tuple[CaseResult, ...]
    coverage: Coverage
    notices: tuple[NoticeRecord, ...]
    library_version: str

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that failed."""
        return tuple(case for case in self.cases if not case.passed)

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return not self.failed

    def to_json(self) -> str:
        """Return the report as JSON; equal reports give equal bytes."""
        return to_json(self)
