"""Results of test cases in text: the failed ones with all reasons, then the coverage."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from cleancloud_rules.model.exact import plain, shifted
from cleancloud_rules.reports.outline.blocks import Outline, Styled
from cleancloud_rules.reports.text.base import add_notices, methodology_in_words, number
from cleancloud_rules.reports.text.criterion import CriterionText
from cleancloud_rules.results.case_reports import CaseReport, CaseResult, Coverage, Mismatch, RuleCoverage, TestCoverage
from cleancloud_rules.results.mutants import MutantResult, MutantVerdict, MutationReport


def cases_text(report: CaseReport) -> Outline:
    """Return the results of test cases as a document: notices, failures with their reasons, counts, coverage."""
    outline = Outline()
    add_notices(outline, report.notices)
    outline.heading(methodology_in_words(report.methodology), 1)
    for case in report.failed:
        outline.gap()
        add_case(outline, case)
    outline.gap()
    _add_counts(outline, report)
    outline.gap()
    _add_coverage(outline, report.coverage)
    if report.mutants is not None:
        _add_mutants(outline, report.mutants)
    return outline


def add_case(outline: Outline, case: CaseResult) -> None:
    """Add a test case that failed: its place, expected and actual values, and the explanation of the actual values."""
    failed, name = Styled("failed", "red"), Styled(case.name, "bold")
    outline.add((f"{_place(case.file, case.line)}: ", failed, ": ", name), whole=True)
    if case.note:
        outline.add(f"note: {case.note}", 2)
    for mismatch in case.mismatches:
        outline.add(f"{_place(case.file, mismatch.line)}: {mismatch_in_words(mismatch)}", 2, whole=True)
    card = case.scorecard
    assert card is not None
    wrong = {(mismatch.of, mismatch.id) for mismatch in case.mismatches}
    if ("total", None) in wrong:
        outline.add(": ".join(filter(None, ("total", card.arithmetic))), 2)
    for group in card.groups:
        if ("category", group.id) in wrong:
            outline.add(": ".join(filter(None, (group.id, group.arithmetic, *group.because))), 2)
    for decided in card.tables:
        if ("table", decided.id) in wrong:
            outline.add(f"{decided.id}: {decided.because}", 2)
    for criterion in card.criteria:
        if ("criterion", criterion.id) in wrong:
            outline.gap()
            CriterionText(outline, card).add(criterion, 3)


def mismatch_in_words(mismatch: Mismatch) -> str:
    """Return the expected and the actual value as a sentence."""
    owner = f"{mismatch.of} {mismatch.id}: " if mismatch.id is not None else ""
    expected, actual = (_shown(value) for value in (mismatch.expected, mismatch.came))
    return f"{owner}expected {mismatch.what} {expected}, got {actual}"


def _place(file: str, line: int) -> str:
    """Return a place as diagnostics show it. Input that was not read from text has no lines."""
    return f"{file}:{line}" if line else file


def _shown(value: Decimal | str) -> str:
    return value if isinstance(value, str) else number(value)


def _add_counts(outline: Outline, report: CaseReport) -> None:
    failed = Counter(case.file for case in report.failed)
    for file, count in Counter(case.file for case in report.cases).items():
        result = f"{failed[file]} failed" if failed[file] else "all passed"
        outline.add(f"{file}: {count} test {'case' if count == 1 else 'cases'}, {result}", whole=True)
    passed = len(report.cases) - len(report.failed)
    style = "green" if report.passed else "red"
    outline.add(f"{passed} of {len(report.cases)} test cases passed", style=style)


def _add_coverage(outline: Outline, coverage: Coverage) -> None:
    count = f"{coverage.covered} of {coverage.counted} rules ({percent(coverage)}%)"
    outline.heading(f"{count} are covered")
    only_fired = tuple(rule for rule in coverage.never_won if rule.fired)
    _add_list(outline, "Rules that never fired", coverage.never_fired)
    _add_list(outline, "Rules that fired and never won", only_fired)
    _add_list(outline, "Rules that fired in every test case", coverage.never_silent)
    _add_list(outline, "Rules that no test case needs", coverage.uncovered_rules)
    _add_list(outline, "Unary tests that no fact failed", coverage.never_failed)
    _add_list(outline, "Unary tests that no test case needs", coverage.uncovered_tests)


def percent(coverage: Coverage) -> str:
    """Return the percentage of the rules that are covered, rounded down, so that only all of them are 100."""
    tenths = 1000 * coverage.covered // coverage.counted if coverage.counted else 1000
    return f"{plain(shifted(tenths, 1)):f}"


def _add_mutants(outline: Outline, report: MutationReport) -> None:
    counts = Counter(mutant.verdict for mutant in report.mutants)
    killed, survived = counts[MutantVerdict.KILLED], counts[MutantVerdict.SURVIVED]
    outline.gap()
    outline.heading(f"{killed} of {killed + survived} changes that a test case can notice are noticed")
    equivalent, undecided = counts[MutantVerdict.EQUIVALENT], counts[MutantVerdict.UNDECIDED]
    if equivalent:
        outline.add(f"{equivalent} further changes are proved to change no result.")
    for mutant in report.survived:
        outline.gap()
        outline.add(_mutant_in_words(mutant), whole=True)
        outline.add("No test case notices this change. This one does:", 2)
        for line in (mutant.case or "").splitlines():
            outline.add(line, 4, whole=True)
    if undecided:
        outline.gap()
        outline.add(f"Changes that no company was found to tell apart ({undecided}):")
    for mutant in report.of_verdict(MutantVerdict.UNDECIDED):
        outline.add(_mutant_in_words(mutant), 2, whole=True)


def _mutant_in_words(mutant: MutantResult) -> str:
    return f"{_place(mutant.file, mutant.line)}: {', '.join(mutant.of)}: {mutant.change}"


def _add_list(outline: Outline, title: str, found: Sequence[RuleCoverage | TestCoverage]) -> None:
    if not found:
        return
    outline.gap()
    outline.add(f"{title} ({len(found)}):")
    for covered in found:
        outline.add(f"{_place(covered.file, covered.line)}: {covered.name}", 2, whole=True)
