"""Tests of ``import``: a dataset of YAML files from a workbook or CSV files."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from cleancloud_rules import load_dataset, load_methodology
from tests.cli.conftest import Run
from tests.support.places import ROOT
from tests.support.workbooks import cells, edited

WATER = ROOT / "examples" / "careful_water"
DEMO = ROOT / "tests" / "bad_criteria" / "good"


@pytest.mark.parametrize("form", ["a.xlsx", "csv"])
def test_a_dataset_is_made_from_what_was_exported(run: Run, tmp_path: Path, form: str) -> None:
    assert run("export", WATER, "-o", tmp_path / form).exit_code == 0
    done = run("import", tmp_path / form, "-m", WATER / "methodology", "-o", tmp_path / "new")
    assert done.exit_code == 0
    assert done.stdout.startswith("5 companies with ")
    methodology = load_methodology(WATER / "methodology")
    old, new = load_dataset(WATER, methodology), load_dataset(tmp_path / "new", methodology)
    assert [company.sha256 for company in new.companies] == [company.sha256 for company in old.companies]
    assert run("fmt", "--check", tmp_path / "new").exit_code == 0


def test_every_mistake_is_shown_at_its_cell_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", cells({"share!B2": "15,43", "share!C2": "electrcity"}))
    done = run("import", file, "-m", DEMO, "-o", tmp_path / "new")
    assert done.exit_code == 1
    assert done.stderr == (
        f"{file}: Sheet `share` cell B2: error[wrong-type]: expected a number, got `15,43`\n"
        "  help: write the number with a decimal point, not with a comma: `15.43`\n\n"
        f"{file}: Sheet `share` cell C2: error[unknown-value]: `electrcity` is not a value of `denominator`\n"
        "  help: did you mean `electricity`?\n"
    )
    assert not (tmp_path / "new").exists()


def test_an_import_into_a_dataset_says_how_to_update_it(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", lambda _: None)
    assert run("import", file, "-m", DEMO, "-o", tmp_path / "new").exit_code == 0
    done = run("import", file, "-m", DEMO, "-o", tmp_path / "new")
    assert done.exit_code == 2
    assert f"is a dataset already: give --onto {tmp_path / 'new'} to update it" in done.stderr


def test_what_is_odd_is_shown_and_read(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", cells({"share!H2": "page\u200b 1"}))
    done = run("import", file, "-m", DEMO, "-o", tmp_path / "new")
    assert (done.exit_code, done.stdout) == (0, f"1 company with 3 facts in {tmp_path / 'new'}\n")
    assert f"{file}: Sheet `share` cell H2: warning[invisible-character]: " in done.stderr


def test_a_copy_has_each_mistake_as_a_comment_at_its_cell(run: Run, tmp_path: Path) -> None:
    edit = cells({"share!B2": "15,43", "share!C2": "electrcity"})
    file = edited(tmp_path / "a.xlsx", edit)
    before = file.read_bytes()
    for name in ("b.xlsx", "c.xlsx"):
        done = run("import", file, "-m", DEMO, "-o", tmp_path / "new", "--annotate", tmp_path / name)
        assert done.exit_code == 1
    assert file.read_bytes() == before
    assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "c.xlsx").read_bytes()
    book = load_workbook(tmp_path / "b.xlsx")
    comments = {cell.coordinate: cell.comment.text for row in book["share"]["B2:J2"] for cell in row if cell.comment}
    assert comments.keys() == {"B2", "C2"}
    assert comments["C2"].endswith("is not a value of `denominator`\ndid you mean `electricity`?")
    listed = [row[:3] for row in book["_mistakes"].iter_rows(min_row=2, values_only=True)]
    assert listed == [
        ("Sheet `share` cell B2", "error", "wrong-type"),
        ("Sheet `share` cell C2", "error", "unknown-value"),
    ]


def test_a_copy_that_was_mended_is_imported(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", cells({"share!C2": "electrcity"}))
    run("import", file, "-m", DEMO, "-o", tmp_path / "new", "--annotate", tmp_path / "b.xlsx")
    book = load_workbook(tmp_path / "b.xlsx")
    book["share"]["C2"] = "electricity"
    book.save(tmp_path / "b.xlsx")
    done = run("import", tmp_path / "b.xlsx", "-m", DEMO, "-o", tmp_path / "new", "--annotate", tmp_path / "c.xlsx")
    assert (done.exit_code, done.stderr) == (0, "")
    assert load_workbook(tmp_path / "c.xlsx")["_mistakes"].max_row == 1


def test_csv_files_have_no_comments(run: Run, tmp_path: Path) -> None:
    done = run("import", tmp_path, "-m", DEMO, "-o", tmp_path / "new", "--annotate", tmp_path / "b.xlsx")
    assert done.exit_code == 2
    assert "CSV files have no comments" in done.stderr


def test_no_file_is_replaced(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", lambda book: None)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "sources.yaml").write_text("mine", encoding="utf-8")
    done = run("import", file, "-m", DEMO, "-o", tmp_path / "new")
    assert done.exit_code == 1
    assert "there is such a file already" in done.stderr
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["sources.yaml"]


def test_a_cell_is_named_in_json_and_in_annotations(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", cells({"share!C2": "electrcity"}))
    said = run("check", file, "-m", DEMO, "--format", "json").stdout
    assert '"sheet": "share",\n    "cell": "C2",' in said
    assert "::Sheet `share` cell C2: `electrcity` is not" in run("check", file, "-m", DEMO, "--format", "github").stdout
