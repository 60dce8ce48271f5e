"""Tests of cases in text."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.cases import cases_text, mismatch_in_words, percent
from cleancloud_rules.results.case_reports import CaseReport, Coverage, RuleCoverage
from tests.cases.test_runner import report
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER, small.GOALS, weights=(60, 40))
SHARE = small.fact("share", {"percent": 5})


def text(made: CaseReport) -> str:
    return as_text(cases_text(made))


def test_a_place_without_a_line_is_a_file() -> None:
    said = text(report(METHODOLOGY, {"name": "Example A", "expect": {"total": 1}}))
    assert "<data>: failed: Example A\n  <data>: expected total 1, got 0.00\n" in said


def failed(note: str | None = None, **expect: Any) -> str:
    case = {"facts": [SHARE], "expect": expect, **({"note": note} if note else {})}
    return text(report(METHODOLOGY, case))


def test_the_notices_and_the_methodology_stand_above_all() -> None:
    assert text(report(METHODOLOGY, {"expect": {"total": 0}})).splitlines()[:3] == [
        "For tests.",
        "",
        "Small, edition 1, Nobody",
    ]


def test_a_case_that_passed_is_only_counted() -> None:
    said = text(report(METHODOLOGY, {"facts": [SHARE], "expect": {"total": 15}}, {"expect": {"total": 0}}))
    assert "<data>: 2 test cases, all passed\n2 of 2 test cases passed\n" in said
    assert "Example" not in said


def test_a_criterion_that_came_out_otherwise_is_explained() -> None:
    said = failed(criteria={"ladder": 4}, note="Invented.")
    assert "note: Invented." in said
    assert "criterion ladder: expected points 4, got 1.0" in said
    assert "Title of ladder (ladder): partial, 1.0 of 4.0 points" in said
    assert "fails percent: > 10 (the fact says 5%)" in said
    assert "goals: Title of goals" not in said


def test_a_category_and_a_total_show_their_arithmetic() -> None:
    said = failed(categories={"part_0": 60}, total=60)
    assert "category part_0: expected score 60, got 15.00" in said
    assert "part_0: 60 x 1 / 4 = 15.00" in said
    assert "expected total 60, got 15.00" in said
    assert "total: 15.00 + 0.00 = 15.00" in said


def test_what_is_not_there_is_called_none() -> None:
    methodology = small.methodology({**small.LADDER, "requirement": "must"}, needs="must")
    (case,) = report(methodology, {"facts": [SHARE], "expect": {"total": 0}}).cases
    assert mismatch_in_words(case.mismatches[0]) == "expected total 0, got none"


def test_rules_and_tests_that_were_not_tried_are_listed_with_their_places() -> None:
    said = text(report(METHODOLOGY, {"facts": [small.fact("share", {"percent": 50})], "expect": {"total": 60}}))
    assert "1 of 4 rules (25%) are covered" in said
    assert "Rules that never fired (2):\n  part_1.yaml: goals.soon\n" in said
    assert "Rules that fired and never won (1):\n  part_0.yaml: ladder.low\n" in said
    assert "Rules that fired in every test case (2):" in said
    assert "Unary tests that no fact failed (7):" in said
    assert "goals.soon: coverage: whole\n" in said
    assert "Rules that no test case needs (3):" in said


def test_tests_that_no_case_needs_are_listed() -> None:
    goal = small.fact("goal", {"topic": "energy", "year": 2031, "coverage": "part"})
    said = text(report(METHODOLOGY, {"facts": [goal], "expect": {"criteria": {"goals": 2}}}))
    assert "Unary tests that no test case needs (7):" in said


@pytest.mark.parametrize(
    ("won", "of", "said"), [(0, 3, "0"), (2, 3, "66.6"), (999, 1000, "99.9"), (9999, 10000, "99.9")]
)
def test_only_all_rules_are_100_per_cent(won: int, of: int, said: str) -> None:
    rule = RuleCoverage("c", "r", 1, 1, 1, "c.yaml", 1, "Example")
    rules = (*[rule] * won, *[evolve(rule, noticed_by=None)] * (of - won))
    assert percent(Coverage(rules, ())) == said
    assert percent(Coverage((rule,) * of, ())) == "100"
    assert percent(Coverage((), ())) == "100"
    assert Coverage((), ()).reaches(Decimal(100))
