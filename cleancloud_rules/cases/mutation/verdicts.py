"""Which mutants the test cases of a methodology notice."""

from collections.abc import Iterator, Sequence

from cleancloud_rules.cases.mutation.case_files import case_file, case_in
from cleancloud_rules.cases.mutation.criterion_mutants import CriterionMutants
from cleancloud_rules.cases.mutation.equivalence import is_equivalent
from cleancloud_rules.cases.mutation.group_mutants import families
from cleancloud_rules.cases.mutation.mutants import Family, Mutant
from cleancloud_rules.cases.mutation.rescoring import Alone, Rescoring, Scored, named
from cleancloud_rules.cases.mutation.search import Search
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.model.cases import Case
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.mutants import MutantResult, MutantVerdict, MutationReport
from cleancloud_rules.scoring.compiled import compiled


class Judge:
    """Says which test case notices a mutant.

    Args:
        methodology: the original methodology.
        cases: the test cases, each with what fired for its company.
    """

    def __init__(self, methodology: Methodology, cases: Sequence[tuple[Case, Firings]]) -> None:
        self.methodology = methodology
        self.cases: tuple[Case, ...] = tuple(case for case, _ in cases)
        self.alone: Alone = Alone(methodology)
        self._scored = [Scored(case.company, fired) for case, fired in cases]
        original = Rescoring(methodology, methodology, self.alone)
        self._passed = [self._passes(original, number) for number in range(len(cases))]

    def noticing(self, mutant: Mutant, fired: tuple[str, str] | None = None) -> Case | None:
        """Return the first test case that passes with the original and fails with a mutant, or the reverse.

        Args:
            mutant: the mutant.
            fired: a criterion and a rule; then only test cases in which the rule fires are asked.
        """
        changed = Rescoring(mutant.methodology, self.methodology, self.alone)
        for number in self._in_order(mutant):
            if fired is not None and not self._fires(number, *fired):
                continue
            if self._passes(changed, number) is not self._passed[number]:
                return self.cases[number]
        return None

    def _fires(self, number: int, criterion: str, rule: str) -> bool:
        firings = self._scored[number].firings.firings
        return any((firing.criterion, firing.rule) == (criterion, rule) for firing in firings)

    def _in_order(self, mutant: Mutant) -> Iterator[int]:
        """Yield the numbers of the test cases, those first that expect something of what was changed."""
        about = [any(e.id == mutant.owner for e in case.expected) for case in self.cases]
        yield from (number for number, is_about in enumerate(about) if is_about)
        yield from (number for number, is_about in enumerate(about) if not is_about)

    def _passes(self, rescoring: Rescoring, number: int) -> bool:
        results = rescoring.results(self._scored[number])
        return all(results.value(named(e)) == e.value for e in self.cases[number].expected)


def mutants_of(methodology: Methodology) -> Iterator[Family]:
    """Yield all mutants of a methodology: those of rules first, then those of groups and decision tables."""
    for criterion in methodology.criteria:
        yield from CriterionMutants(methodology, criterion)
    yield from families(methodology)


def mutation_report(judge: Judge) -> MutationReport:
    """Return which single changes of a methodology its test cases notice, and a test case for each other one."""
    search = Search(judge.methodology, judge.cases, judge.alone)
    return MutationReport(tuple(_of_family(family, judge, search) for family in mutants_of(judge.methodology)))


def _of_family(family: Family, judge: Judge, search: Search) -> MutantResult:
    """Return the result of the smallest change that is noticed, or that a company tells from the original.

    If there is none, it is the result of the largest change.
    """
    for mutant in family:
        case = judge.noticing(mutant)
        if case is not None:
            return _result(mutant, MutantVerdict.KILLED, killed_by=case.name)
        if is_equivalent(mutant, compiled(judge.methodology)):
            return _result(mutant, MutantVerdict.EQUIVALENT)
        telling = search.telling(mutant)
        if telling is not None:
            text = case_file(telling, mutant)
            case_in(text, judge.methodology)  # what is printed can be read
            return _result(mutant, MutantVerdict.SURVIVED, case=text)
    return _result(family[-1], MutantVerdict.UNDECIDED)


def _result(
    mutant: Mutant, verdict: MutantVerdict, *, killed_by: str | None = None, case: str | None = None
) -> MutantResult:
    file, line = ("", 0) if mutant.node is None else (mutant.node.beginning.file.name, mutant.node.beginning.line)
    return MutantResult(mutant.kind, mutant.of, mutant.change, file, line, verdict, killed_by, case)
