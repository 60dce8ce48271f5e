"""Runs test cases: scores each company and compares the results with the expected ones."""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import evolve

from cleancloud_rules._version import __version__
from cleancloud_rules.api import load_methodology, methodology_from
from cleancloud_rules.cases.coverage import Tally
from cleancloud_rules.cases.mutation.verdicts import Judge, mutation_report
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.contents import Data, document_from, files_from
from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.errors import CriteriaError, FactsError
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.language.load.cases import case_files, cases_of, is_case_file, no_cases, read_cases
from cleancloud_rules.language.load.figures import outputs_in_words
from cleancloud_rules.language.load.files import PathLike
from cleancloud_rules.model.cases import Case, Expected
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.resources import methodology_folder
from cleancloud_rules.results.case_reports import NO_VALUE, CaseReport, CaseResult, Mismatch
from cleancloud_rules.results.records import LevelRecord
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import compiled, with_cut_off
from cleancloud_rules.scoring.cut_off import checked, of_company
from cleancloud_rules.scoring.recorder import Recorder


def score_case(case: Case, methodology: Methodology) -> tuple[Scorecard, Firings]:
    """Return the scorecard of the company of a test case, and what fired for it. Every rule is cross-checked.

    Raises:
        CriteriaError: if facts of the company that count contradict each other.
        EngineError: if the engine fails or differs from the cross-check.
    """
    own = compiled(of_company(case.company, methodology))
    try:
        firings = own.fire(case.company)
    except FactsError as error:
        raise CriteriaError(error.diagnostics) from None
    return own.scorer.scorecard(case.company, firings, own.sums(case.company, firings)), firings


def run_case(case: Case, methodology: Methodology) -> CaseResult:
    """Return the result of a test case; see `score_case`."""
    return result_of(case, score_case(case, methodology)[0])


def report_of(cases: Iterable[Case], methodology: Methodology, *, mutants: bool = False) -> CaseReport:
    """Return the results of test cases and their coverage; see `score_case`.

    Args:
        cases: the test cases.
        methodology: the methodology.
        mutants: whether it is examined which single changes of the methodology they notice.
    """
    tally = Tally(compiled(methodology).ruleset)
    results: list[CaseResult] = []
    fired: list[tuple[Case, Firings]] = []
    diagnostics: list[Diagnostic] = []
    for case in cases:
        try:
            card, firings = score_case(case, methodology)
        except CriteriaError as error:
            diagnostics.extend(error.diagnostics)
        else:
            tally.add(card, firings)
            results.append(result_of(case, card))
            fired.append((case, firings))
    if diagnostics:
        raise CriteriaError(diagnostics)
    judge = Judge(methodology, fired)
    recorder = Recorder(methodology)
    notices = recorder.notices((), with_hypothetical=False)
    return CaseReport(
        recorder.methodology_record(),
        tuple(results),
        tally.coverage(judge),
        notices,
        __version__,
        mutation_report(judge) if mutants else None,
    )


def result_of(case: Case, card: Scorecard) -> CaseResult:
    """Return the result of a test case from the scorecard of its company."""
    found = [(expected, _actual(expected, card)) for expected in case.expected]
    mismatches = tuple(
        Mismatch(e.of, e.id, e.what, e.value, actual, e.location.line) for e, actual in found if actual != e.value
    )
    where = case.location
    return CaseResult(
        case.name, where.file.name, where.line, case.note, len(found),
        not mismatches, mismatches, card if mismatches else None, extra_keys(case.node),
    )  # fmt: skip


def _actual(expected: Expected, card: Scorecard) -> Decimal | str:
    """Return the actual value for an expected one."""
    match expected.of, expected.id:
        case "criterion", str(id):
            value = getattr(card.criterion(id), expected.what)
        case "category", str(id):
            value = getattr(card.category(id), expected.what)
        case "table", str(id):
            value = next(outputs_in_words(table.outputs) or None for table in card.tables if table.id == id)
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


def load_cases(name_or_path: PathLike, methodology: Methodology) -> tuple[Case, ...]:
    """Return the test cases of a methodology, which are in the folder ``cases`` inside its folder.

    Args:
        name_or_path: the name of a bundled methodology, or its folder.
        methodology: the same methodology, loaded.

    Returns:
        The test cases, each with its fictional company and its expected results.

    Raises:
        CriteriaError: with the diagnostics of all files of test cases, or if there are no test cases.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> cases = cc.load_cases("clean_cloud_2024", methodology)
        >>> len(cases), cases[0].name
        (131, 'Example A: everything that can be earned')
    """
    check_methodology(methodology)
    folder = methodology_folder(name_or_path)
    collector = DiagnosticCollector()
    paths = () if folder is None else collector.attempt(case_files, folder)
    cases = [case for path in paths or () for case in read_cases(path, methodology, collector)]
    return _accepted(cases, str(name_or_path) if paths == () else None, collector)


def cases_from(files: Mapping[str, Data], methodology: Methodology) -> tuple[Case, ...]:
    """Return the test cases of a methodology from its files without a folder.

    Args:
        files: the files as `methodology_from` takes them. Those with test cases have names that begin with ``cases/``.
        methodology: the same methodology, loaded.

    Returns:
        The test cases, as `load_cases` gives them.

    Raises:
        CriteriaError: with the diagnostics of all files of test cases, or if there are no test cases.

    Example:
        >>> import cleancloud_rules as cc
        >>> files = {
        ...     "methodology.yaml": '''{id: doors, title: Doors, edition: "1", publisher: Nobody, points_basis: project,
        ...         windows: {always: always}, source_types: [visit], sources: {visit: {type: visit, title: A visit}},
        ...         categories: [{id: hours, title: Opening hours, weight: 100}]}''',
        ...     "facts.yaml": "fact_types: {open: {title: Open, horizon: always, fields: {hours: {type: integer}}}}",
        ...     "hours.yaml": '''{category: hours, criteria: [{id: long_day, title: A long day, horizon: always,
        ...         max_points: 2, hit_policy: collect max, otherwise: No hours are on record., rules: [{id: eight,
        ...         points: 2, when: {open: {hours: ">= 8"}}, because: "Open {open.hours} hours."}]}]}''',
        ...     "cases/hours.yaml": '''{cases: [{name: Nine hours, facts: [{open: {hours: 9}, source: visit}],
        ...         expect: {criteria: {long_day: 2}}}]}''',
        ... }
        >>> [case.name for case in cc.cases_from(files, cc.methodology_from(files))]
        ['Nine hours']
    """
    check_methodology(methodology)
    collector = DiagnosticCollector()
    read = collector.attempt(files_from, files, "a methodology", "`load_cases` reads a folder") or {}
    names = sorted(filter(is_case_file, read))
    documents = [document_from(read[name], name, collector) for name in names]
    cases = [case for found in documents if found is not None for case in cases_of(found, methodology, collector)]
    return _accepted(cases, None if names else "<data>", collector)


def _accepted(cases: list[Case], empty: str | None, collector: DiagnosticCollector) -> tuple[Case, ...]:
    """Return test cases that have no errors.

    Args:
        cases: the test cases that could be read.
        empty: the methodology that has none; None if it has some.
        collector: the diagnostics of their files.
    """
    if empty is not None and not collector.failed:
        raise CriteriaError(no_cases(Location(SourceFile(empty))).diagnostics)
    if collector.failed:
        raise CriteriaError(collector.diagnostics)
    return tuple(cases)


def run_cases(
    subject: PathLike | Mapping[str, Data], *, mutants: bool = False, as_of: date | None = None
) -> CaseReport:
    """Return the results of the test cases of a methodology and their coverage. Every rule is cross-checked.

    Args:
        subject: the name of a bundled methodology, a folder of criteria files with its folder ``cases``, or these files
            as `cases_from` takes them.
        mutants: whether it is examined which single changes of the methodology the test cases notice.
        as_of: the cut-off of all test cases; None for that of each test case, or else of the methodology.

    Returns:
        The report: the result of each test case, and which rules the test cases cover.

    Raises:
        CriteriaError: with the diagnostics of the methodology or of its test cases, or if it has no test cases.
        EngineError: if the engine fails or differs from the cross-check.

    Example:
        >>> import cleancloud_rules as cc
        >>> files = {
        ...     "methodology.yaml": '''{id: doors, title: Doors, edition: "1", publisher: Nobody, points_basis: project,
        ...         windows: {always: always}, source_types: [visit], sources: {visit: {type: visit, title: A visit}},
        ...         categories: [{id: hours, title: Opening hours, weight: 100}]}''',
        ...     "facts.yaml": "fact_types: {open: {title: Open, horizon: always, fields: {hours: {type: integer}}}}",
        ...     "hours.yaml": '''{category: hours, criteria: [{id: long_day, title: A long day, horizon: always,
        ...         max_points: 2, hit_policy: collect max, otherwise: No hours are on record., rules: [{id: eight,
        ...         points: 2, when: {open: {hours: ">= 8"}}, because: "Open {open.hours} hours."}]}]}''',
        ...     "cases/hours.yaml": '''{cases: [{name: Nine hours, facts: [{open: {hours: 9}, source: visit}],
        ...         expect: {criteria: {long_day: 2}}}]}''',
        ... }
        >>> report = cc.run_cases(files)
        >>> report.passed, len(report.cases)
        (True, 1)
    """
    if isinstance(subject, str | os.PathLike):
        methodology = load_methodology(subject)
        cases = load_cases(subject, methodology)
    else:
        methodology = methodology_from(subject)
        cases = cases_from(subject, methodology)
    if checked(as_of) is not None:
        cases = tuple(evolve(case, company=evolve(case.company, cut_off=as_of)) for case in cases)
    return report_of(cases, with_cut_off(methodology, as_of), mutants=mutants)
