"""Results of mutation testing: which single changes of a methodology its test cases notice."""

from enum import Enum

from attrs import frozen

from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.from_data import Count


class MutantKind(Enum):
    """What a mutant changes."""

    RULE = "rule"
    PART = "part"
    TEST = "test"
    ALTERNATIVE = "alternative"
    EDGE = "edge"
    COUNT = "count"
    POINTS = "points"
    LIMIT = "limit"
    REQUIREMENT = "requirement"
    EXEMPTION = "exemption"
    CAP = "cap"
    BAND = "band"
    LEVEL = "level"
    ROW = "row"


class MutantVerdict(Enum):
    """The verdict on a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"


@frozen(field_transformer=one_line)
class MutantResult:
    """The methodology with one change, and whether a test case notices the change.

    Args:
        kind: what was changed.
        of: the place of the change: the ids of the parts, from the outermost to the innermost.
        change: the change in words.
        file: the file of what was changed.
        line: its line.
        verdict: ``killed`` if a test case passes with the original and fails with the change, or the reverse;
            ``survived`` if none does, although some company has other results; ``equivalent`` if it is proved that no
            company has other results; ``undecided`` if no company was found that tells the two apart.
        killed_by: the name of the first test case that notices the change.
        case: a file of test cases that notices the change, as YAML; given if it survived.
    """

    kind: MutantKind
    of: tuple[str, ...]
    change: str
    file: str
    line: Count
    verdict: MutantVerdict
    killed_by: str | None = None
    case: str | None = None


@frozen(field_transformer=one_line)
class MutationReport:
    """The mutants of a methodology, with the verdicts that its test cases give.

    Args:
        mutants: the mutants: rules first, then groups and decision tables, in the methodology's order.
    """

    mutants: tuple[MutantResult, ...]

    def of_verdict(self, verdict: MutantVerdict) -> tuple[MutantResult, ...]:
        """Return the mutants with a verdict."""
        return tuple(mutant for mutant in self.mutants if mutant.verdict is verdict)

    @property
    def survived(self) -> tuple[MutantResult, ...]:
        """The mutants that no test case notices, although one could."""
        return self.of_verdict(MutantVerdict.SURVIVED)
