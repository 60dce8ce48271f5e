"""Tests of ``test``."""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.conftest import Run
from tests.support.fictional import EXAMPLES
from tests.support.places import edit
from tests.system.test_bad_files import with_cases


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Return a copy of a small methodology with two cases, to be edited."""
    return with_cases(tmp_path / "demo")


@pytest.fixture
def failing(demo: Path) -> Path:
    """Return a methodology of which one case fails."""
    edit(demo / "energy.yaml", 'percent: "> 10"', 'percent: ">= 10"')
    return demo


def test_cases_that_pass_give_exit_code_0(run: Run, demo: Path) -> None:
    result = run("test", demo)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "2 of 2 test cases passed" in result.stdout


def test_a_failed_test_case_shows_its_place_expected_and_actual_value_and_the_reason(run: Run, failing: Path) -> None:
    result = run("test", failing)
    file = failing / "cases" / "energy.yaml"
    assert result.exit_code == 1
    assert f"{file}:12: failed: Example B: exactly 10%\n" in result.stdout
    assert f"{file}:16: criterion renewable_share: expected outcome not_met, got awarded\n" in result.stdout
    assert "rule above_10, 4.0 points: holds, points taken\n" in result.stdout
    assert "1 of 2 test cases passed" in result.stdout


def test_a_bundled_methodology_is_named_without_its_folder(run: Run) -> None:
    assert run("test", "clean_cloud_2024", "--fail-under", "100").exit_code == 0


def test_too_few_covered_rules_give_exit_code_1(run: Run, demo: Path) -> None:
    edit(demo / "cases" / "energy.yaml", "percent: 10.01", "percent: 9")
    edit(demo / "cases" / "energy.yaml", "{points: 4, outcome: awarded}", "0")
    edit(demo / "cases" / "energy.yaml", "      categories: {energy: 100}\n      total: 100\n", "")
    assert run("test", demo).exit_code == 0
    assert run("test", demo, "--fail-under", "0").exit_code == 0
    result = run("test", demo, "--fail-under", "0.5")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: 0 of 1 rules are covered, but --fail-under asks for 0.5%\n",
    )
    assert "2 of 2 test cases passed" in result.stdout


def test_changes_that_no_test_case_notices_are_shown_and_give_exit_code_1(run: Run, demo: Path) -> None:
    assert run("test", demo, "--mutants").exit_code == 0
    edit(demo / "cases" / "energy.yaml", "percent: 10.01", "percent: 12")
    assert "notice" not in run("test", demo).stdout
    result = run("test", demo, "--mutants")
    noticed = re.search(r"(\d+) of (\d+) changes that a test case can notice are noticed", result.stdout)
    assert noticed is not None
    assert int(noticed[1]) < int(noticed[2])
    assert result.exit_code == 1
    assert "  No test case notices this change. This one does:\n" in result.stdout
    assert "\n    cases:\n      - name: " in result.stdout
    assert run("test", EXAMPLES / "two_editions" / "first", "--mutants").exit_code == 0


@pytest.mark.parametrize("percent", ["many", "-1", "100.1", "NaN", "80%"])
def test_what_is_no_percentage_is_wrong_usage(run: Run, demo: Path, percent: str) -> None:
    result = run("test", demo, f"--fail-under={percent}")
    assert result.exit_code == 2
    assert f"`{percent}` is not a number from 0 to 100" in result.stderr


def test_json_holds_cases_and_coverage(run: Run, failing: Path) -> None:
    result = run("test", failing, "--format", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [case["passed"] for case in report["cases"]] == [True, False]
    assert report["cases"][1]["mismatches"] == [
        {
            "of": "criterion", "id": "renewable_share", "what": "outcome",
            "expected": "not_met", "came": "awarded", "line": 16,
        }
    ]  # fmt: skip
    assert report["cases"][0]["scorecard"] is None
    assert report["cases"][1]["scorecard"]["total"] == 100
    assert report["coverage"]["rules"][0]["won"] == 2


def test_results_go_to_a_file_and_to_junit(run: Run, failing: Path, tmp_path: Path) -> None:
    text, junit = tmp_path / "report.txt", tmp_path / "junit.xml"
    result = run("test", failing, "-o", text, "--junit", junit)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "1 of 2 test cases passed" in text.read_text(encoding="utf-8")
    assert ET.parse(junit).getroot().attrib["failures"] == "1"  # noqa: S314 - we wrote it


def test_mistakes_in_cases_are_findings(run: Run, demo: Path) -> None:
    edit(demo / "cases" / "energy.yaml", "renewable_share: not_met", "renewable_shaer: not_met")
    result = run("test", demo)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{demo / 'cases' / 'energy.yaml'}:16:18: error[unknown-reference]" in result.stderr


def test_a_methodology_without_cases_gives_exit_code_1(run: Run, demo: Path) -> None:
    shutil.rmtree(demo / "cases")
    result = run("test", demo)
    assert result.exit_code == 1
    assert "error[missing-file]: the methodology has no test cases" in result.stderr


def test_what_is_no_methodology_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("test", tmp_path / "nowhere").exit_code == 2
