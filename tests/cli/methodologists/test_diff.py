"""Tests of ``diff``."""

import json
import re
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.cli.conftest import Run
from tests.support.fictional import EXAMPLES, FARMS, TOOLS
from tests.support.places import DATASET, ROOT, edit

EDITIONS = ROOT / "examples" / "two_editions"


@pytest.fixture
def edited(criteria: Path) -> Path:
    """Return an edition in which a threshold is weaker and two points of weight moved."""
    edit(criteria / "renewable_energy.yaml", '"> 10"', '"> 5"')
    edit(criteria / "methodology.yaml", "weight: 20}", "weight: 22}")
    edit(criteria / "methodology.yaml", "weight: 30}", "weight: 28}")
    return criteria


def test_the_changes_are_listed_in_words(run: Run, edited: Path) -> None:
    result = run("diff", "clean_cloud_2024", edited)
    assert result.exit_code == 0
    listed = re.findall(r"^  \d\. (.*)$", result.stdout, re.MULTILINE)
    assert listed == [
        "category `transparency`: weight 20 became 22",
        "category `carbon_reduction`: weight 30 became 28",
        "criterion `renewable_share`, rule `above_10`: renewable_share.percent `> 10` became `> 5`",
    ]
    assert "Effect on" not in result.stdout


def test_the_notices_come_first(run: Run, edited: Path) -> None:
    assert run("diff", "clean_cloud_2024", edited).stdout.startswith("Independent project, not affiliated with")


def test_two_equal_editions_have_no_changes(run: Run) -> None:
    assert "Nothing changed." in run("diff", "clean_cloud_2024", "clean_cloud_2024").stdout


def test_with_data_every_company_is_shown_with_what_each_step_moves(run: Run, edited: Path) -> None:
    result = run("diff", "clean_cloud_2024", edited, "--data", DATASET)
    assert result.exit_code == 0
    assert "Step 1: changes 1, 2. They are valid only together." in result.stdout
    assert "Step 2: change 3." in result.stdout
    assert len(re.findall(r"^ +\d+ +\d+  \S", result.stdout, re.MULTILINE)) == 25


def test_json_conforms_to_its_schema_and_adds_up(run: Run, edited: Path) -> None:
    result = run("diff", "clean_cloud_2024", edited, "--data", "clean_cloud_2024", "--format", "json")
    found = json.loads(result.stdout, parse_float=str)
    plain = json.loads(result.stdout)
    assert list(Draft202012Validator(SCHEMAS["difference"]()).iter_errors(plain)) == []
    assert [change["number"] for change in found["changes"]] == [1, 2, 3]
    assert len(found["effect"]["companies"]) == 25


@pytest.fixture
def kinder(tmp_path: Path) -> Path:
    """Return an edition of the farms' index in which silver begins earlier, and ranks follow labels."""
    folder = Path(shutil.copytree(EXAMPLES / FARMS / "methodology", tmp_path / "new"))
    edit(folder / "methodology.yaml", 'silver, score: "[60..80)"', 'silver, score: "[50..80)"')
    edit(folder / "methodology.yaml", 'bronze, score: "[40..60)"', 'bronze, score: "[40..50)"')
    edit(folder / "methodology.yaml", "rank_by: [standing, total]", "rank_by: [label, total]")
    return folder


def test_a_label_that_changes_is_shown_though_no_figure_does(run: Run, kinder: Path) -> None:
    result = run("diff", EXAMPLES / FARMS / "methodology", kinder, "--data", EXAMPLES / FARMS)
    assert result.exit_code == 0
    assert re.search(r"^Rank +was +Company +Label +was +standing +was +Total +was +Change", result.stdout, re.MULTILINE)
    assert re.search(r"^    label: bronze to silver, by step \d$", result.stdout, re.MULTILINE)
    found = run("diff", EXAMPLES / FARMS / "methodology", kinder, "--data", EXAMPLES / FARMS, "--format", "json")
    plain = json.loads(found.stdout)
    assert list(Draft202012Validator(SCHEMAS["difference"]()).iter_errors(plain)) == []
    words = [word for company in plain["effect"]["companies"] for word in company["words"] if word["turns"]]
    assert {(word["kind"], word["id"], word["old"], word["new"]) for word in words} == {
        ("label", None, "bronze", "silver")
    }


def test_an_edition_that_is_wrong_is_rejected(run: Run, edited: Path) -> None:
    edit(edited / "methodology.yaml", "weight: 22}", "weight: 23}")
    result = run("diff", "clean_cloud_2024", edited)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[weights-not-100]" in result.stderr


def test_what_is_no_dataset_is_refused(run: Run, edited: Path) -> None:
    result = run("diff", "clean_cloud_2024", edited, "--data", edited)
    assert result.exit_code == 2
    assert "is not a dataset" in result.stderr


def test_an_unread_company_is_named_and_gives_exit_code_1(
    run: Run, criteria: Path, dataset: Path, tmp_path: Path
) -> None:
    edit(criteria / "facts.yaml", "values: [conference, ", "values: [congress, conference, ")
    fact = "  - shared_practice: {channel: congress}\n    period: 2023\n    source: clean-cloud-2024\n"
    edit(dataset / "companies" / "gds.yaml", "facts:\n", f"facts:\n{fact}")
    target = tmp_path / "diff.txt"
    result = run("diff", "clean_cloud_2024", criteria, "--data", dataset, "-o", target)
    said = " ".join(target.read_text(encoding="utf-8").split())
    assert (result.exit_code, "Not compared: " in said) == (1, True)
    assert "which the old edition cannot read" in said
    assert "error[unknown-value]: `congress`" in said


def test_a_company_that_answered_a_question_by_its_old_id_is_not_left_out(run: Run, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLES / TOOLS / "methodology", tmp_path / "new"))
    edit(folder / "electrics.yaml", "{id: cord,", "{id: power_cord, replaces: [cord],")
    result = run("diff", EXAMPLES / TOOLS / "methodology", folder, "--data", EXAMPLES / TOOLS)
    assert (result.exit_code, "Left out" in result.stdout) == (0, False)
    assert re.findall(r"^  \d\. (.*)$", result.stdout, re.MULTILINE) == ["criterion `cord` was renamed to `power_cord`"]
    assert len(re.findall(r"^ +\d+ +\d+  \S", result.stdout, re.MULTILINE)) == 4


def test_the_example_of_two_editions_is_good(run: Run) -> None:
    for edition in ("first", "second"):
        assert run("check", EDITIONS / edition).exit_code == 0
        assert run("check", EDITIONS, "-m", EDITIONS / edition).exit_code == 0
