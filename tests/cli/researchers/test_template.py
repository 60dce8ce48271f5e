"""Tests of ``template``: an empty workbook for the facts of a methodology."""

import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from cleancloud_rules import load_methodology
from cleancloud_rules.sheets.export import template
from tests.cli.conftest import Run
from tests.support.places import ROOT

WATER = ROOT / "examples" / "careful_water" / "methodology"


def test_the_workbook_of_a_folder_and_of_a_bundled_methodology_is_written(run: Run, tmp_path: Path) -> None:
    done = run("template", WATER, "-o", tmp_path / "a.xlsx")
    assert (done.exit_code, done.output) == (0, "")
    assert (tmp_path / "a.xlsx").read_bytes() == template(load_methodology(WATER))


def test_an_empty_workbook_is_checked_without_a_word(run: Run, tmp_path: Path) -> None:
    assert run("template", WATER, "-o", tmp_path / "a.xlsx").exit_code == 0
    done = run("check", tmp_path / "a.xlsx", "-m", WATER)
    assert (done.exit_code, done.output) == (0, "")


def test_an_unknown_methodology_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    done = run("template", "clean_cloud_2023", "-o", tmp_path / "a.xlsx")
    assert done.exit_code == 2
    assert "there is no folder or bundled methodology `clean_cloud_2023`" in done.stderr


FILLED_IN: dict[str, dict[str, object]] = {
    "companies": {"id": "acme", "name": "Acme Cloud", "cohort": "cloud_provider"},
    "sources": {"id": "acme-2023", "type": "corporate_publication", "title": "Report", "published": "2024-03-01"},
    "renewable_share": {
        "company": "acme", "percent": "38.5%", "denominator": "electricity", "period": 2023, "basis": "reported",
        "source": "acme-2023", "locator": "page 12",
    },
}  # fmt: skip
"""What a researcher writes into the second row of the sheets."""


def test_a_researcher_goes_from_the_template_to_a_score(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    run("template", "clean_cloud_2024", "-o", file)
    book: Any = load_workbook(file)
    for sheet, values in FILLED_IN.items():
        heads = [cell.value for cell in book[sheet][1]]
        for name, value in values.items():
            book[sheet].cell(2, heads.index(name) + 1).value = value
    book.save(file)
    assert run("check", file).output == ""
    done = run("score", file, "--format", "json")
    categories = json.loads(done.stdout)["categories"]
    points = {criterion["id"]: criterion["points"] for category in categories for criterion in category["criteria"]}
    assert points["renewable_share"] == 4
