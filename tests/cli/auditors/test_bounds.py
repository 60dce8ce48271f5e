"""Tests of ``bounds``."""

import json

from tests.cli.conftest import Run
from tests.support.fictional import EXAMPLES, TOOLS
from tests.support.places import COMPANIES, DATASET


def test_a_dataset_is_a_table_of_companies(run: Run) -> None:
    result = run("bounds", DATASET)
    assert result.exit_code == 0
    assert result.stdout.startswith("Independent project")
    assert "Distance between the bounds of 100 category scores: 5.71 to 36.00." in result.stdout


LEGEND = "* These bounds may be too wide. For the reason, run `bounds` with that company alone."


def test_a_mark_in_the_table_has_a_legend_and_no_legend_stands_alone(run: Run) -> None:
    marked = run("bounds", EXAMPLES / TOOLS).stdout
    assert " *\n" in marked
    assert marked.splitlines()[-1] == LEGEND
    assert "too wide" not in run("bounds", DATASET).stdout
    alone = run("bounds", EXAMPLES / TOOLS / "companies" / "example_drill.yaml").stdout
    assert "too wide: " in alone
    assert LEGEND not in alone


def test_one_company_is_shown_criterion_by_criterion(run: Run) -> None:
    result = run("bounds", COMPANIES / "bytedance.yaml")
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("emissions_total")]
    assert "searches without result leave nothing more to earn" in line


def test_json_has_lower_and_upper_bound_of_every_score(run: Run) -> None:
    found = json.loads(run("bounds", COMPANIES / "gds.yaml", "--format", "json").stdout)
    (company,) = found["companies"]
    assert company["floor"] == 26.54
    for category in company["categories"]:
        assert 0 <= category["floor"] <= category["score"] <= category["ceiling"] <= category["weight"]
        for criterion in category["criteria"]:
            assert 0 <= criterion["floor"] <= criterion["points"] <= criterion["ceiling"] <= criterion["max_points"]
