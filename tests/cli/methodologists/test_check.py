"""Tests of ``check``."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.reports.text.test_certificate import undecided
from tests.support.places import CRITERIA, DATASET, ROOT, edit


def test_a_good_methodology_is_met_with_silence(run: Run) -> None:
    result = run("check", CRITERIA)
    assert (result.exit_code, result.output) == (0, "")


def test_a_bundled_methodology_is_checked_by_its_name(run: Run) -> None:
    result = run("check", "clean_cloud_2024")
    assert (result.exit_code, result.output) == (0, "")


def test_a_good_dataset_and_its_companies_are_met_with_silence(run: Run) -> None:
    result = run("check", DATASET, DATASET / "companies" / "gds.yaml")
    assert (result.exit_code, result.output) == (0, "")


def test_an_error_has_place_code_excerpt_and_hint(run: Run, criteria: Path) -> None:
    edit(criteria / "methodology.yaml", "rounding:", "roundng:")
    result = run("check", criteria)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{criteria / 'methodology.yaml'}:" in result.stderr
    assert "error[unknown-key]: unknown key `roundng`" in result.stderr
    assert "^^^^^^^" in result.stderr
    assert "help: did you mean `rounding`?" in result.stderr


def test_findings_are_data_in_json(run: Run, criteria: Path) -> None:
    edit(criteria / "methodology.yaml", "rounding:", "roundng:")
    result = run("check", criteria, "--format", "json")
    findings = json.loads(result.stdout)
    unknown = next(finding for finding in findings if finding["code"] == "unknown-key")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert set(unknown) == {
        "code", "severity", "message", "file", "line", "column", "end_line", "end_column", "path", "help",
    }  # fmt: skip
    assert unknown["severity"] == "error"
    assert unknown["file"] == str(criteria / "methodology.yaml")
    assert unknown["end_column"] - unknown["column"] == len("roundng")


def test_no_findings_are_an_empty_list_in_json(run: Run) -> None:
    assert run("check", CRITERIA, "--format", "json").stdout == "[]\n"


def test_findings_go_to_a_file(run: Run, tmp_path: Path) -> None:
    run("check", CRITERIA, "--format", "json", "-o", tmp_path / "findings.json")
    assert (tmp_path / "findings.json").read_text(encoding="utf-8") == "[]\n"


def test_a_bad_company_file_fails(run: Run, dataset: Path) -> None:
    edit(dataset / "companies" / "gds.yaml", "id: gds", "id: gds\nid: other")
    result = run("check", dataset)
    assert result.exit_code == 1
    assert "error[repeated-key]" in result.stderr


def test_a_fact_that_never_counts_is_told_and_fails_only_where_that_is_asked_for(run: Run, dataset: Path) -> None:
    edit(dataset / "companies" / "gds.yaml", "    source: gds-annual-report-2023\n", "")
    assert run("check", dataset).exit_code == 0
    result = run("check", dataset, "--strict")
    assert result.exit_code == 1
    assert "warning[fact-never-counts]" in result.stderr


def test_every_subject_is_checked(run: Run, criteria: Path, dataset: Path) -> None:
    edit(criteria / "methodology.yaml", "rounding:", "roundng:")
    edit(dataset / "companies" / "gds.yaml", "name: GDS", "nam: GDS")
    result = run("check", criteria, dataset)
    assert result.exit_code == 1
    assert "`roundng`" in result.stderr
    assert "`nam`" in result.stderr


def test_facts_are_checked_against_a_methodology_that_is_sound(run: Run, criteria: Path) -> None:
    edit(criteria / "methodology.yaml", "rounding:", "roundng:")
    result = run("check", DATASET, "-m", criteria)
    assert result.exit_code == 1
    assert "`roundng`" in result.stderr


def test_what_is_not_there_is_wrong_usage(run: Run) -> None:
    assert run("check", "nowhere").exit_code == 2


WARNED = ROOT / "tests" / "bad_criteria" / "folder" / "rule_never_wins"


@pytest.mark.parametrize("name", ["methodology.yaml", "facts.yaml", "transparency.yaml"])
def test_a_file_of_criteria_is_told_to_be_checked_with_its_folder(run: Run, name: str) -> None:
    result = run("check", CRITERIA / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "part of a methodology" in result.stderr
    assert f"`check {CRITERIA}`" in result.stderr


def test_a_file_of_criteria_that_cannot_be_read_shows_why(run: Run, criteria: Path) -> None:
    edit(criteria / "methodology.yaml", "rounding: {", "rounding: {{")
    result = run("check", criteria / "methodology.yaml")
    assert result.exit_code == 1
    assert "error[yaml-syntax]" in result.stderr


def test_warnings_are_shown_and_fail_only_where_that_is_asked_for(run: Run) -> None:
    result = run("check", WARNED)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "warning[never-wins]: rule `sooner` never wins" in result.stderr
    assert run("check", WARNED, "--strict").exit_code == 1


def test_findings_are_workflow_commands_for_github(run: Run) -> None:
    result = run("check", WARNED, "--format", "github")
    assert result.exit_code == 0
    assert result.stdout.startswith("::warning file=")
    assert ",title=never-wins,line=10,col=14," in result.stdout


def test_findings_are_sarif_and_nothing_else(run: Run) -> None:
    (found,) = json.loads(run("check", WARNED, "--format", "sarif").stdout)["runs"]
    assert [result["ruleId"] for result in found["results"]] == ["never-wins"]
    (none,) = json.loads(run("check", CRITERIA, "--format", "sarif").stdout)["runs"]
    assert none["results"] == []


def test_sarif_links_codes_to_the_documentation_where_that_is_published(run: Run) -> None:
    where = ("--documentation", "https://example.org/docs")
    (found,) = json.loads(run("check", WARNED, "--format", "sarif", *where).stdout)["runs"]
    (rule,) = found["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://example.org/docs/reference/diagnostics.html#never-wins"
    assert "--documentation is for --format sarif" in run("check", WARNED, *where).stderr
    wrong = run("check", WARNED, "--format", "sarif", "--documentation", "docs/index.html")
    assert wrong.exit_code == 2
    assert "`docs/index.html` is no address" in wrong.stderr


def test_weights_are_shown_declared_and_effective(run: Run) -> None:
    result = run("check", CRITERIA, "--weights")
    assert result.exit_code == 0
    row = next(line for line in result.stdout.splitlines() if "renewable_target" in line)
    assert row.split() == ["renewable_energy", "renewable_target", "10", "-", "13.33", "13.33%"]
    data = json.loads(run("check", CRITERIA, "--weights", "--format", "json").stdout)
    assert len(data) == 31
    assert {"criterion", "groups", "max_points", "weight", "effective", "share"} == set(data[0])


def test_undecided_verdicts_fail_only_where_asked(run: Run, tmp_path: Path) -> None:
    for name, data in undecided().items():
        (tmp_path / name).write_text(json.dumps(data), encoding="utf-8")
    loose, strict = (run("check", tmp_path, "--properties", "--examples", "0", *more) for more in ((), ("--strict",)))
    assert (loose.exit_code, strict.exit_code) == (0, 1)
    assert loose.stdout == strict.stdout
    assert "Undecided: asked, whole, total." in strict.stdout
    assert run("check", CRITERIA, "--properties", "--examples", "0", "--strict").exit_code == 0
