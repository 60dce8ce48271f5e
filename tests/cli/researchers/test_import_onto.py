"""Tests of ``import --onto``: the files of a dataset are updated in place from a workbook."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cleancloud_rules import load_dataset
from cleancloud_rules.sheets.export import differences
from cleancloud_rules.sheets.load import load_sheets
from tests.cli.conftest import Run
from tests.support.places import ROOT, edit
from tests.support.workbooks import rules

DEMO = ROOT / "tests" / "bad_criteria" / "good"
ACME = """\
# Everything about Acme.
id: acme
name: Acme       # the cloud
cohort: cloud

facts:
  # The share of 2023.
  - share: {percent: 12.5, denominator: electricity}   # from the table
    period: 2023
    source: report

  - energy:
      amount: 3 GWh
      region: North
    period: 2023
    source: report
    note: |
      Two lines,
      this is the second.

  # The goal comes last.
  - commitment: {topic: carbon_neutrality, public: true}
    source: report
not_found:
  - {commitment: {topic: renewable_energy}, source: rulebook}   # nobody knows
# The end.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small dataset."""
    files = {
        "dataset.yaml": "title: Demo\nmethodology: demo\ncompanies: companies\nsources: sources.yaml\n",
        "sources.yaml": "sources:\n  # The one report.\n  report: {type: report, published: 2024-03-01}\n",
        "companies/acme.yaml": ACME,
        "companies/beta.yaml": "id: beta\nname: Beta\ncohort: cloud\n",
    }
    for name, text in files.items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def book(run: Run, folder: Path) -> Callable[..., Path]:
    """Return a function that exports the dataset as a workbook and changes its cells."""

    def exported(*rows: tuple[str, Any], delete: tuple[str, int] | None = None) -> Path:
        file = folder / "a.xlsx"
        assert run("export", folder / "data", "-m", DEMO, "--no-results", "-o", file).exit_code == 0
        made: Any = load_workbook(file)
        for place, value in rows:
            sheet, name = place.split("!")
            made[sheet][name].value = value
        if delete is not None:
            made[delete[0]].delete_rows(delete[1])
        made.save(file)
        return file

    return exported


def text(folder: Path, name: str = "companies/acme.yaml") -> str:
    return (folder / "data" / name).read_text(encoding="utf-8")


def onto(run: Run, folder: Path, file: Path, *options: str) -> Any:
    return run("import", file, "-m", DEMO, "--onto", folder / "data", *options)


def test_nothing_changes_if_nothing_has_changed(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    done = onto(run, folder, book())
    assert (done.exit_code, done.output) == (0, "The files state what the sheets state.\n")
    assert text(folder) == ACME


def test_a_changed_fact_changes_its_own_lines_alone(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    done = onto(run, folder, book(("share!B2", "2%")))
    assert done.exit_code == 0, done.output
    changed, scores = done.stdout.split("Scores that change:\n")
    assert changed.startswith("Facts that change:\n  acme: changed, `share-")
    assert scores.startswith("  acme: ")
    start, _ = ACME.split("  - share:")
    _, end = ACME.split("source: report\n", 1)
    now = text(folder)
    assert now.startswith(start)
    assert now.endswith(end)
    assert "percent: 2" in now.removeprefix(start).removesuffix(end)


def test_new_facts_sources_and_companies_are_added(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    share = dict(zip("ABCDFG", ["beta", "3%", "energy", "2022", "reported", "news"], strict=True))
    company = {"A": "gamma", "B": "Gamma", "C": "cloud"}
    source = {"A": "news", "B": "news"}
    file = book(
        *((f"share!{column}3", value) for column, value in share.items()),
        *((f"companies!{column}4", value) for column, value in company.items()),
        *((f"sources!{column}3", value) for column, value in source.items()),
    )
    done = onto(run, folder, file)
    assert done.exit_code == 0, done.output
    assert "source `news`: new" in done.stdout
    assert "gamma: a new company with 0 facts" in done.stdout
    assert text(folder) == ACME
    assert text(folder, "sources.yaml").startswith(
        "sources:\n  # The one report.\n  report: {type: report, published: 2024-03-01}\n"
    )
    now = load_dataset(folder / "data", rules())
    assert differences(load_sheets(file, rules()).dataset, now) == []


def test_facts_that_are_gone_are_removed_only_on_request(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    file = book(delete=("energy", 2))
    done = onto(run, folder, file)
    assert done.exit_code == 0
    assert "No longer in the sheets, and kept (--remove removes facts):\n  acme: `energy-" in done.stdout
    assert text(folder) == ACME
    shown = onto(run, folder, file, "--remove", "--dry-run")
    assert "acme: removed, `energy-" in shown.stdout
    assert text(folder) == ACME
    assert onto(run, folder, file, "--remove").exit_code == 0
    start, rest = ACME.split("  - energy:\n")
    assert text(folder) == start + rest[rest.index("\n  # The goal") :]


def test_a_search_is_removed_and_added(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    file = book(("not_found!B2", "energy"), ("not_found!C2", None))
    done = onto(run, folder, file, "--remove")
    assert done.exit_code == 1  # the company states that it used energy
    file = book(("not_found!C2", "topic: renewable_energy, target_year: '< 2030'"))
    done = onto(run, folder, file, "--remove")
    assert done.exit_code == 0, done.output
    now = load_dataset(folder / "data", rules())
    assert differences(load_sheets(file, rules()).dataset, now) == []
    assert text(folder).endswith("# The end.\n")


def test_what_a_company_is_called_is_updated(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    done = onto(run, folder, book(("companies!B2", "Acme Cloud"), ("companies!D2", "A1; A2")))
    assert done.exit_code == 0, done.output
    assert "acme: `name` is now `Acme Cloud`, and was `Acme`" in done.stdout
    company = load_dataset(folder / "data", rules()).company("acme")
    assert (company.name, company.aliases) == ("Acme Cloud", ("A1", "A2"))
    assert "  # The share of 2023.\n" in text(folder)


def test_changes_of_the_files_since_the_export_are_kept(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    file = book(("share!B2", "42%"))
    edit(folder / "data" / "companies" / "acme.yaml", "region: North", "region: South")
    done = onto(run, folder, file, "--remove")
    assert done.exit_code == 0, done.output
    assert "region: South" in text(folder)
    assert "42" in text(folder)


def test_a_fact_that_both_sides_have_changed_is_a_conflict(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    file = book(("share!B2", "42%"), ("energy!C2", "East"))
    edit(folder / "data" / "companies" / "acme.yaml", "percent: 12.5", "percent: 13")
    before = text(folder)
    done = onto(run, folder, file)
    assert done.exit_code == 1
    assert "Conflicts, changed on both sides since the export:\n  acme: `share-" in done.stdout
    assert "error: nothing is written: " in done.stderr
    assert text(folder) == before


def test_a_file_with_all_facts_in_one_line_is_refused(run: Run, folder: Path, book: Callable[..., Path]) -> None:
    file = folder / "data" / "companies" / "acme.yaml"
    file.write_text("id: acme\nname: Acme\nfacts: [{share: {percent: 3}, source: report}]\n", encoding="utf-8")
    done = onto(run, folder, book(("share!B2", "4%")))
    assert done.exit_code == 1
    assert "cannot be changed in place" in done.stderr


def test_csv_files_update_a_dataset_too(run: Run, folder: Path) -> None:
    assert run("export", folder / "data", "-m", DEMO, "--no-results", "-o", folder / "csv").exit_code == 0
    edit(folder / "csv" / "facts.csv", "12.5%", "42%")
    assert onto(run, folder, folder / "csv").exit_code == 0
    assert "42" in text(folder)


def test_a_real_dataset_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "clean_cloud_2024", tmp_path / "data")
    assert run("export", tmp_path / "data", "--no-results", "-o", tmp_path / "a.xlsx").exit_code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*.yaml")}
    done = run("import", tmp_path / "a.xlsx", "--onto", tmp_path / "data", "--remove")
    assert (done.exit_code, done.output) == (0, "The files state what the sheets state.\n")
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "give either -o FOLDER"),
        (("-o", "new", "--onto", "data"), "give either -o FOLDER"),
        (("-o", "new", "--remove"), "--remove needs --onto"),
        (("--onto", "."), "is not a dataset"),
    ],
)
def test_wrong_usage_is_told(run: Run, tmp_path: Path, options: tuple[str, ...], words: str, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("companies", "sources"):
        (tmp_path / f"{name}.csv").write_text("id,name\n" if name == "companies" else "id,type\n", encoding="utf-8")
    done = run("import", ".", "-m", DEMO, *options)
    assert done.exit_code == 2
    assert words in done.stderr
