"""Tests of running cases: what is compared, what is refused, and that criteria do not see them."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import cleancloud_rules as cc
from cleancloud_rules.cases.runner import report_of
from cleancloud_rules.crosscheck.verifier import CrossCheck
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.plain_data import read_data
from cleancloud_rules.language.load.cases import cases_of
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.cases import cases_text
from cleancloud_rules.results.case_reports import CaseReport
from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.support import small
from tests.support.places import edit
from tests.system.test_bad_files import with_cases

METHODOLOGY = small.methodology(small.LADDER, small.GOALS, weights=(60, 40))
SHARE = small.fact("share", {"percent": 5})


def report(methodology: cc.Methodology, *cases: dict[str, Any]) -> CaseReport:
    gather = DiagnosticCollector()
    document, _ = read_data({"cases": [{"name": f"Example {i}", **case} for i, case in enumerate(cases)]})
    assert document is not None
    loaded = cases_of(document, methodology, gather)
    assert gather.diagnostics == []
    return report_of(loaded, methodology)


def came(methodology: cc.Methodology, *facts: dict[str, Any], **expect: Any) -> list[tuple[str, object, object]]:
    (case,) = report(methodology, {"facts": list(facts), "expect": expect}).cases
    assert case.passed is not bool(case.mismatches)
    return [(f"{m.of} {m.id} {m.what}", m.expected, m.came) for m in case.mismatches]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_cases(tmp_path / "demo")


def test_a_case_passes_where_everything_comes_out_that_it_names() -> None:
    expect = {"criteria": {"ladder": {"points": 1, "outcome": "partial"}}, "categories": {"part_0": 15}, "total": 15}
    (case,) = report(METHODOLOGY, {"facts": [SHARE], "expect": expect}).cases
    assert (case.passed, case.compared, case.mismatches, case.scorecard) == (True, 4, (), None)


def test_the_output_of_a_decision_table_is_compared() -> None:
    table = {"id": "verdict", "title": "Verdict", "inputs": {"points": {"score": "total"}}, "outputs": ["good", "poor"],
             "rows": [{"points": ">= 50", "then": "good"}, {"points": "[10..50)", "then": "poor"}]}  # fmt: skip
    methodology = small.methodology(small.LADDER, tables=[table])
    assert came(methodology, SHARE, tables={"verdict": "poor"}) == []
    assert came(methodology, SHARE, tables={"verdict": "good"}) == [("table verdict output", "good", "poor")]
    assert came(methodology, tables={"verdict": "poor"}) == [("table verdict output", "poor", "none")]
    assert "  verdict: points: 25" in as_text(
        cases_text(report(methodology, {"facts": [SHARE], "expect": {"tables": {"verdict": "good"}}}))
    )


def test_what_is_not_named_is_not_compared() -> None:
    assert came(METHODOLOGY, SHARE, criteria={"goals": 0}) == []


def test_everything_that_comes_out_otherwise_is_named() -> None:
    expect: dict[str, Any] = {"criteria": {"ladder": {"points": 4, "outcome": "awarded"}, "goals": "not_found"}}
    assert came(METHODOLOGY, SHARE, **expect, categories={"part_0": 60, "part_1": 0}, total=60) == [
        ("criterion ladder points", Decimal(4), Decimal("1.0")),
        ("criterion ladder outcome", "awarded", "partial"),
        ("criterion goals outcome", "not_found", "not_assessed"),
        ("category part_0 score", Decimal(60), Decimal("15.00")),
        ("total None total", Decimal(60), Decimal("15.00")),
    ]


def test_numbers_are_equal_whatever_their_digits() -> None:
    assert came(METHODOLOGY, SHARE, total=Decimal("15.0")) == []
    assert came(METHODOLOGY, SHARE, total=Decimal("15.001")) != []


def test_a_case_that_failed_has_its_scorecard_and_its_lines(folder: Path) -> None:
    edit(folder / "cases" / "energy.yaml", "total: 100", "total: 99")
    (failed,) = cc.run_cases(folder).failed
    assert (failed.file, failed.line) == (str(folder / "cases" / "energy.yaml"), 5)
    assert [mismatch.line for mismatch in failed.mismatches] == [11]
    assert failed.scorecard is not None
    assert str(failed.scorecard.total) == "100.00"


def test_labels_and_levels_are_compared_and_their_absence_too() -> None:
    methodology = small.methodology(
        small.LADDER,
        bands=[{"label": "gold", "score": ">= 50"}],
        levels=[{"id": "first", "title": "First", "at_least": 10}],
    )
    assert came(methodology, SHARE, label="none", level="first") == []
    assert came(methodology, SHARE, label="gold") == [("total None label", "gold", "none")]
    assert came(methodology, level="first") == [("total None level", "first", "none")]
    assert came(methodology, small.fact("share", {"percent": 50}), label="gold", level="first") == []


def test_a_score_that_is_withheld_is_none() -> None:
    methodology = small.methodology({**small.LADDER, "requirement": "must"}, needs="must")
    assert came(methodology, SHARE, outcome="withheld") == []
    assert came(methodology, SHARE, total=0) == [("total None total", Decimal(0), "none")]


def test_hypothetical_facts_are_not_read() -> None:
    guessed = small.fact("share", {"percent": 50}, basis="hypothetical")
    assert came(METHODOLOGY, guessed, criteria={"ladder": {"points": 0, "outcome": "excluded"}}) == []


def test_every_rule_is_evaluated_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    monkeypatch.setattr(CrossCheck, "firings", lambda _self, company, *_, **__: verified.append(company))
    report(METHODOLOGY, {"facts": [SHARE], "expect": {"total": 15}}, {"expect": {"total": 0}})
    assert len(verified) == 2


def test_criteria_are_read_without_what_stands_in_the_folder_of_cases(folder: Path) -> None:
    before, said = cc.load_methodology(folder), cc.check(folder)
    (folder / "cases" / "broken.yaml").write_text("nonsense: [", encoding="utf-8")
    assert cc.check(folder) == said
    assert cc.load_methodology(folder).sha256 == before.sha256
    shutil.rmtree(folder / "cases")
    assert cc.load_methodology(folder) == before


def test_files_are_run_in_the_order_of_their_names(folder: Path) -> None:
    (folder / "cases" / "area.yaml").write_text("cases:\n- {name: Example, expect: {total: 0}}\n", encoding="utf-8")
    assert [Path(case.file).name for case in cc.run_cases(folder).cases] == ["area.yaml", "energy.yaml", "energy.yaml"]


def test_the_mistakes_of_all_files_are_reported_at_once(folder: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (folder / "cases" / name).write_text("cases: []\n", encoding="utf-8")
    with pytest.raises(cc.CriteriaError) as raised:
        cc.run_cases(folder)
    assert [(d.code, Path(d.location.file.name).name) for d in raised.value.diagnostics] == [
        ("empty-value", "a.yaml"),
        ("empty-value", "b.yaml"),
    ]


def test_a_methodology_without_cases_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "cases")
    for make in (None, folder / "cases"):
        if make is not None:
            make.mkdir()
        with pytest.raises(cc.CriteriaError) as raised:
            cc.run_cases(folder)
        (finding,) = raised.value.diagnostics
        assert (finding.code, finding.location.file.name) == ("missing-file", str(folder))


def test_a_broken_methodology_is_reported_before_its_cases(folder: Path) -> None:
    edit(folder / "energy.yaml", "horizon: recent", "horizon: now")
    (folder / "cases" / "b.yaml").write_text("cases: []\n", encoding="utf-8")
    with pytest.raises(cc.CriteriaError) as raised:
        cc.run_cases(folder)
    assert {finding.code for finding in raised.value.diagnostics} == {"unknown-horizon"}


def test_a_bundled_methodology_is_run_by_its_name() -> None:
    assert cc.run_cases("clean_cloud_2024").methodology.id == "clean_cloud_2024"


def test_the_report_conforms_to_its_schema_and_is_the_same_again(folder: Path) -> None:
    edit(folder / "cases" / "energy.yaml", "total: 100", "total: 99")
    made = cc.run_cases(folder).to_json()
    assert made == cc.run_cases(folder).to_json()
    data = json.loads(made, parse_float=Decimal)
    assert list(Draft202012Validator(SCHEMAS["case_report"]()).iter_errors(data)) == []
    assert [case["passed"] for case in data["cases"]] == [False, True]
    assert data["cases"][0]["mismatches"][0]["came"] == Decimal("100.00")
