"""Results of test cases in text: the failed ones with all reasons, then the coverage."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from rich.text import Text

from cleancloud_rules.model.exact import plain, shifted
from cleancloud_rules.reports.text.base import Outline, add_notices, methodology_in_words, number
from cleancloud_rules.reports.text.explanation import add_criterion
from cleancloud_rules.results.case_reports import CaseReport, CaseResult, Coverage, Mismatch, RuleCoverage, TestCoverage


def cases_text(report: CaseReport) -> Outline:
    """Return the results of test cases as a document: notices, failures with their reasons, counts, coverage."""
    outline = Outline()
    add_notices(outline, report.notices)
    outline.add(methodology_in_words(report.methodology), style="bold")
    for case in report.failed:
        outline.gap()
        add_case(outline, case)
    outline.gap()
    _add_counts(outline, report)
    outline.gap()
    _add_coverage(outline, report.coverage)
    return outline


def add_case(outline: Outline, case: CaseResult) -> None:
    """Add a test case that failed: its place, expected and actual values, and the explanation of the actual values."""
    failed = Text("failed", style="red")
    outline.add(Text.assemble(f"{_place(case.file, case.line)}: ", failed, ": ", (case.name, "bold")), whole=True)
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
            add_criterion(outline, criterion, card)


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
    count = f"{coverage.won} of {len(coverage.rules)} rules ({percent(coverage)}%)"
    outline.add(f"{count} won in some test case", style="bold")
    only_fired = tuple(rule for rule in coverage.never_won if rule.fired)
    _add_list(outline, "Rules that never fired", coverage.never_fired)
    _add_list(outline, "Rules that fired and never won", only_fired)
    _add_list(outline, "Rules that fired in every test case", coverage.never_silent)
    _add_list(outline, "Unary tests that no fact failed", coverage.never_failed)
    _add_list(outline, "Unary tests that no fact failed alone: no test case needs them", coverage.never_alone)


def percent(coverage: Coverage) -> str:
    """Return the percentage of the rules that won in some test case, rounded down, so that only all of them are 100."""
    rules = len(coverage.rules)
    tenths = 1000 * coverage.won // rules if rules else 1000
    return f"{plain(shifted(tenths, 1)):f}"


def _add_list(outline: Outline, title: str, found: Sequence[RuleCoverage | TestCoverage]) -> None:
    if not found:
        return
    outline.gap()
    outline.add(f"{title} ({len(found)}):")
    for covered in found:
        outline.add(f"{_place(covered.file, covered.line)}: {covered.name}", 2, whole=True)
