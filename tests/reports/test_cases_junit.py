"""Tests of cases as JUnit's XML."""

from typing import Any
from xml.etree import ElementTree as ET

from attrs import evolve

from cleancloud_rules.reports.cases_junit import cases_junit
from cleancloud_rules.results.case_reports import CaseReport
from tests.cases.test_runner import report
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER)
SHARE = small.fact("share", {"percent": 5})


def parsed(made: CaseReport) -> ET.Element:
    return ET.fromstring(cases_junit(made))  # noqa: S314 - we wrote it


def two(name: str = "Example B", **expect: Any) -> CaseReport:
    second = {"name": name, "facts": [SHARE], "expect": expect or {"total": 99}}
    return report(METHODOLOGY, {"expect": {"total": 0}}, second)


def test_a_file_is_a_suite_and_a_case_is_a_test() -> None:
    top = parsed(two())
    assert top.attrib == {"tests": "2", "failures": "1", "errors": "0", "skipped": "0"}
    (suite,) = top
    assert suite.attrib == {"name": "small.<data>", **top.attrib}
    cases = suite.findall("testcase")
    assert [case.attrib["name"] for case in cases] == ["Example 0", "Example B"]
    assert cases[0].attrib == {"classname": "small.<data>", "name": "Example 0", "file": "<data>", "line": "0"}
    assert len(cases[0]) == 0


def test_every_suite_carries_the_notices() -> None:
    found = [notice.attrib for notice in parsed(two()).iter("property")]
    assert found == [{"name": "notice.plain", "value": "For tests."}]


def test_a_failed_test_case_shows_the_actual_value_and_the_reason() -> None:
    (failure,) = parsed(two(criteria={"ladder": {"points": 4, "outcome": "awarded"}})).iter("failure")
    assert failure.attrib["message"] == (
        "criterion ladder: expected points 4, got 1.0; criterion ladder: expected outcome awarded, got partial"
    )
    assert failure.text is not None
    assert "rule high, 4.0 points: does not hold" in failure.text


def test_cases_of_several_files_are_several_suites() -> None:
    made = two()
    other = evolve(made, cases=(*made.cases, *(evolve(case, file="cases/energy.yaml") for case in made.cases)))
    assert [suite.attrib["name"] for suite in parsed(other)] == ["small.<data>", "small.energy"]


def test_what_xml_cannot_hold_is_replaced() -> None:
    names = [case.attrib["name"] for case in parsed(two("Example \x07\u202e\uffff & <Söhne> 云")).iter("testcase")]
    assert names[1] == "Example \\x07\\u202e\N{REPLACEMENT CHARACTER} & <Söhne> 云"
