"""Tests of ``import --answer``: an answer sheet becomes responses, and all other lines of the file stay."""

from pathlib import Path
from shutil import copytree

import pytest
from openpyxl import load_workbook

from cleancloud_rules import load_company, load_methodology
from tests.cli.conftest import Run
from tests.support.answering import filled
from tests.support.places import ROOT

WATER = ROOT / "examples" / "careful_water"
RULES = WATER / "methodology"
PERMIT = {
    "criterion": "permit", "reason": "Our permit was never asked for.", "fact": "permit", "value": "yes",
    "source": "A letter that no farm wrote (invented)", "source type": "farm_record", "published": "2025-12-20",
}  # fmt: skip
ADDED = """\
  - id: permit-2026-02-10
    received: 2026-02-10
    by: Office of the company
    about: [permit]
    reason: Our permit was never asked for.
    sources:
      permit-2026-02-10-1: {type: farm_record, title: A letter that no farm wrote (invented), published: 2025-12-20}
    facts:
      - permit: {kept_to: true}
        source: permit-2026-02-10-1
"""
DAY = ("--received", "2026-02-10")


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return Path(copytree(WATER, tmp_path / "water")) / "companies" / "example_ridge.yaml"


@pytest.fixture
def sheet(run: Run, company: Path, tmp_path: Path) -> Path:
    file = tmp_path / "answer.xlsx"
    assert run("template", RULES, "--answer", company, "-o", file).exit_code == 0
    return file


def test_an_answer_goes_from_the_template_to_an_accepted_response(run: Run, company: Path, sheet: Path) -> None:
    before = company.read_text(encoding="utf-8")
    sheet.write_bytes(filled(sheet.read_bytes(), [PERMIT]))
    arguments = ("import", sheet, "--answer", company, *DAY, "-m", RULES)
    announced = "example_ridge:\n  permit-2026-02-10: The total goes from 16.8 to 20.1.\n"
    done = run(*arguments, "--dry-run")
    assert (done.exit_code, done.stdout, company.read_text(encoding="utf-8")) == (0, announced, before)
    done = run(*arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (0, announced, "")
    assert company.read_text(encoding="utf-8") == before + ADDED
    assert run(*arguments).stdout == "example_ridge:\n  nothing new: the file holds these responses already\n"
    assert run("fmt", "--check", company).exit_code == 0
    assert run("accept", company, "permit-2026-02-10", "-m", RULES).stdout.endswith("  total: 16.8 to 20.1\n")
    (response,) = load_company(company, load_methodology(RULES)).responses[2:]
    assert response.status.value == "accepted"


def test_every_mistake_is_shown_at_its_cell_and_nothing_is_written(
    run: Run, company: Path, sheet: Path, tmp_path: Path
) -> None:
    before = company.read_bytes()
    sheet.write_bytes(filled(sheet.read_bytes(), [{**PERMIT, "value": "perhaps", "source type": "farm_recrd"}]))
    copy = tmp_path / "marked.xlsx"
    done = run("import", sheet, "--answer", company, *DAY, "-m", RULES, "--annotate", copy)
    assert done.exit_code == 1
    assert done.stderr.startswith(
        f"{sheet}: Sheet `answer` cell K7: error[wrong-type]: expected `yes` or `no`, got `perhaps`\n"
    )
    assert f"{sheet}: Sheet `answer` cell O7: error[unknown-value]: " in done.stderr
    assert company.read_bytes() == before
    assert "expected `yes` or `no`" in load_workbook(copy)["answer"]["K7"].comment.text


def test_an_empty_answer_sheet_changes_nothing(run: Run, company: Path, sheet: Path) -> None:
    before = company.read_bytes()
    sheet.write_bytes(filled(sheet.read_bytes(), []))
    done = run("import", sheet, "--answer", company, *DAY, "-m", RULES)
    assert (done.exit_code, done.stdout) == (0, "example_ridge:\n  nothing new: the answer sheet is empty\n")
    assert company.read_bytes() == before


def test_what_was_changed_and_is_not_read_is_a_warning(run: Run, company: Path, sheet: Path) -> None:
    sheet.write_bytes(filled(sheet.read_bytes(), [{**PERMIT, "held": "The permit was kept to."}]))
    done = run("import", sheet, "--answer", company, *DAY, "-m", RULES)
    assert done.exit_code == 0
    assert f"{sheet}: Sheet `answer` cell D7: warning[unread-cell]: " in done.stderr


def test_the_answer_of_another_company_is_refused(run: Run, company: Path, sheet: Path) -> None:
    other = company.with_name("example_fen.yaml")
    sheet.write_bytes(filled(sheet.read_bytes(), [PERMIT]))
    done = run("import", sheet, "--answer", other, *DAY, "-m", RULES)
    assert done.exit_code == 1
    assert "error[unknown-company]: this is the answer of `example_ridge`, not of `example_fen`" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--answer", "gds"), "--answer and --received need each other"),
        (("-o", "new", *DAY), "--answer and --received need each other"),
        (("--answer", "gds", "--received", "soon"), "`soon` is not a day of the calendar"),
        (("--answer", "gds", *DAY, "-o", "new"), "give either -o FOLDER"),
        (("--answer", "gds", *DAY, "--remove"), "--remove needs --onto"),
        (("-o", "new", "--dry-run"), "--dry-run needs --onto or --answer"),
        (("--answer", WATER, *DAY), "is no company file"),
        (("--answer", "nobody", *DAY), "there is no file, folder or bundled dataset `nobody`"),
    ],
)
def test_wrong_usage_is_named(run: Run, sheet: Path, options: tuple[object, ...], said: str) -> None:
    done = run("import", sheet, *options)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_an_unreadable_workbook_is_a_mistake(run: Run, company: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"criterion,reason\r\n")
    done = run("import", file, "--answer", company, *DAY, "-m", RULES)
    assert done.exit_code == 1
    assert done.stderr.count("error[") == 1
    assert "error[bad-workbook]" in done.stderr
