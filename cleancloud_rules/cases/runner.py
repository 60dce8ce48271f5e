"""Runs test cases: scores each company and compares the results with the expected ones."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.api import load_methodology
from cleancloud_rules.cases.coverage import Tally
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.crosscheck import verify
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.language.load.cases import case_files, no_cases, read_cases
from cleancloud_rules.language.load.files import PathLike
from cleancloud_rules.model.cases import Case, Expected
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.resources import methodology_folder
from cleancloud_rules.results.case_reports import NO_VALUE, CaseReport, CaseResult, Mismatch
from cleancloud_rules.results.scorecards import LevelRecord, Scorecard
from cleancloud_rules.scoring.recorder import Recorder
from cleancloud_rules.scoring.scorer import Scorer


@frozen
class Runner:
    """Runs test cases of one methodology, with the cross-check of every rule. Close it to free the engine.

    Args:
        methodology: the methodology.
        version: the version of the library.
    """

    methodology: Methodology
    version: str
    ruleset: Ruleset = field(init=False, repr=False)
    engine: Engine = field(init=False, repr=False)
    scorer: Scorer = field(init=False, repr=False)

    @ruleset.default
    def _ruleset(self) -> Ruleset:
        return compile_methodology(self.methodology)

    @engine.default
    def _engine(self) -> Engine:
        return Engine(self.ruleset)

    @scorer.default
    def _scorer(self) -> Scorer:
        return Scorer(self.methodology, self.ruleset, self.version)

    def close(self) -> None:
        """Free the engine."""
        self.engine.close()

    def score(self, case: Case) -> tuple[Scorecard, Firings]:
        """Return the scorecard of the company of a test case, and what fired for it.

        Raises:
            EngineError: if the engine fails or differs from the cross-check.
        """
        firings = self.engine.fire(case.company)
        verify(firings, self.methodology)
        return self.scorer.scorecard(case.company, firings), firings

    def run(self, case: Case) -> CaseResult:
        """Return the result of a test case; see `score`."""
        return result_of(case, self.score(case)[0])

    def report(self, cases: Iterable[Case]) -> CaseReport:
        """Return the results of test cases and their coverage; see `score`."""
        tally = Tally(self.ruleset)
        results = []
        for case in cases:
            card, firings = self.score(case)
            tally.add(card, firings)
            results.append(result_of(case, card))
        recorder = Recorder(self.methodology)
        notices = recorder.notices("the company", with_hypothetical=False)
        return CaseReport(
            recorder.methodology_record(), tuple(results), tally.coverage(), notices, self.version
        )  # fmt: skip


def result_of(case: Case, card: Scorecard) -> CaseResult:
    """Return the result of a test case from the scorecard of its company."""
    found = [(expected, _actual(expected, card)) for expected in case.expected]
    mismatches = tuple(
        Mismatch(e.of, e.id, e.what, e.value, actual, e.location.line) for e, actual in found if actual != e.value
    )
    where = case.location
    return CaseResult(
        case.name, where.file.name, where.line, case.note, len(found),
        not mismatches, mismatches, card if mismatches else None,
    )  # fmt: skip


def _actual(expected: Expected, card: Scorecard) -> Decimal | str:
    """Return the actual value for an expected one."""
    match expected.of, expected.id:
        case "criterion", str(id):
            value = getattr(card.criterion(id), expected.what)
        case "category", str(id):
            value = getattr(card.category(id), expected.what)
        case _:
            value = getattr(card, expected.what)
    return _plain(value)


def _plain(value: Decimal | str | Enum | LevelRecord | None) -> Decimal | str:
    match value:
        case None:
            return NO_VALUE
        case Enum():
            return str(value.value)
        case LevelRecord():
            return value.id
        case _:
            return value


@contextmanager
def runner(methodology: Methodology) -> Iterator[Runner]:
    """Yield a runner, and free its engine afterwards."""
    made = Runner(methodology, __version__)
    try:
        yield made
    finally:
        made.close()


def load_cases(name_or_path: PathLike, methodology: Methodology) -> tuple[Case, ...]:
    """Return the test cases of a methodology, which are in the folder ``cases`` inside its folder.

    Args:
        name_or_path: the name of a bundled methodology, or its folder.
        methodology: the same methodology, loaded.

    Raises:
        CriteriaError: with the diagnostics of all files of test cases, or if there are no test cases.
    """
    folder = methodology_folder(name_or_path)
    collector = DiagnosticCollector()
    paths = () if folder is None else collector.attempt(case_files, folder)
    cases = [case for path in paths or () for case in read_cases(path, methodology, collector)]
    if paths == ():
        raise CriteriaError(no_cases(Location(SourceFile(str(name_or_path)))).diagnostics)
    if collector.failed:
        raise CriteriaError(collector.diagnostics)
    return tuple(cases)


def run_cases(name_or_path: PathLike) -> CaseReport:
    """Return the results of the test cases of a methodology and their coverage. Every rule is cross-checked.

    Args:
        name_or_path: the name of a bundled methodology, or a folder of criteria files with its folder ``cases``.

    Raises:
        CriteriaError: with the diagnostics of the methodology or of its test cases, or if it has no test cases.
        EngineError: if the engine fails or differs from the cross-check.
    """
    methodology = load_methodology(name_or_path)
    cases = load_cases(name_or_path, methodology)
    with runner(methodology) as made:
        return made.report(cases)
