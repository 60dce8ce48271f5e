"""Test cases as JUnit XML, which build servers show as tests."""

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import PurePath
from xml.etree import ElementTree as ET

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.reports.outline.blocks import Outline
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.cases import add_case, mismatch_in_words
from cleancloud_rules.results.case_reports import CaseReport, CaseResult

_NOT_ALLOWED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def cases_junit(report: CaseReport) -> str:
    """Return the results of test cases as JUnit XML: a suite for each file, and in it a test for each test case."""
    top = ET.Element("testsuites", _counts(report.cases))
    for file, cases in groupby(report.cases, lambda case: case.file):
        _add_suite(top, file, tuple(cases), report)
    return _document(top)


def rejection_junit(methodology: str, reason: str) -> str:
    """Return JUnit XML with one error, for a methodology whose test cases cannot be run.

    Args:
        methodology: the methodology as the user named it.
        reason: why not.
    """
    counts = {"tests": "1", "failures": "0", "errors": "1", "skipped": "0"}
    top = ET.Element("testsuites", counts)
    suite = ET.SubElement(top, "testsuite", {"name": _allowed(methodology), **counts})
    made = ET.SubElement(suite, "testcase", {"classname": _allowed(methodology), "name": "the test cases can be run"})
    first, *_ = reason.splitlines() or [""]
    ET.SubElement(made, "error", {"message": _allowed(first), "type": "rejected"}).text = _allowed(reason)
    return _document(top)


def _document(top: ET.Element) -> str:
    ET.indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(top, encoding="unicode")}\n'


def _counts(cases: Iterable[CaseResult]) -> dict[str, str]:
    passed = [case.passed for case in cases]
    return {"tests": str(len(passed)), "failures": str(passed.count(False)), "errors": "0", "skipped": "0"}


def _add_suite(top: ET.Element, file: str, cases: tuple[CaseResult, ...], report: CaseReport) -> None:
    name = _allowed(f"{report.methodology.id}.{PurePath(file).stem}")
    suite = ET.SubElement(top, "testsuite", {"name": name, **_counts(cases)})
    properties = ET.SubElement(suite, "properties")
    for notice in report.notices:
        ET.SubElement(properties, "property", {"name": f"notice.{notice.code}", "value": _allowed(notice.text)})
    for case in cases:
        place = {"file": _allowed(file), "line": str(case.line)}
        made = ET.SubElement(suite, "testcase", {"classname": name, "name": _allowed(case.name), **place})
        if not case.passed:
            message = "; ".join(mismatch_in_words(mismatch) for mismatch in case.mismatches)
            outline = Outline()
            add_case(outline, case)
            failure = ET.SubElement(made, "failure", {"message": _allowed(message), "type": "mismatch"})
            failure.text = _allowed(as_text(outline))


def _allowed(text: str) -> str:
    """Return a text without the characters that XML does not allow, and without those that do not show themselves."""
    return _NOT_ALLOWED.sub("\N{REPLACEMENT CHARACTER}", visible(text, keep="\n\t"))
