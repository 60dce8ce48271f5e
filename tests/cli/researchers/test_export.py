"""Tests of ``export``: a dataset as a workbook or as CSV files."""

import json
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest
from openpyxl import load_workbook

from cleancloud_rules import Dataset
from cleancloud_rules.sheets import export, rows
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import dataset_of_rows
from tests.cli.conftest import Run
from tests.support.examples import example
from tests.support.places import DATASET, ROOT, edit

WATER = ROOT / "examples" / "careful_water"


def test_a_workbook_has_facts_and_results_with_real_numbers(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    done = run("export", "clean_cloud_2024", "-o", file)
    assert (done.exit_code, done.stderr) == (0, "")
    left = "`published`, `statements`, `overlays`, `never_hypothetical`, comments"
    assert done.stdout == f"Not exported, and kept by the dataset: {left}\n"
    book = load_workbook(file)
    assert {"ranking", "criteria", "findings", "renewable_share", "not_found", "sources"} <= set(book.sheetnames)
    ranking = book["ranking"]
    heads = [cell.value for cell in ranking[1]]
    rows = {row[0]: dict(zip(heads, row, strict=True)) for row in ranking.iter_rows(min_row=2, values_only=True)}
    assert Decimal(str(rows["gds"]["total_supported"])) == Decimal("26.54")
    assert ranking.freeze_panes == "B2"
    assert book["criteria"].max_row == 1 + 25 * 31


def test_keys_of_the_users_own_and_comments_are_named_as_not_exported(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "water"
    copytree(WATER, folder)
    rules = ("-m", WATER / "methodology", "--no-results")
    assert run("export", folder, "-o", tmp_path / "a.xlsx", *rules).stdout == ""
    edit(folder / "companies" / "example_fen.yaml", "name: ", "x-read: 'a # b'\nname: ")
    edit(
        folder / "companies" / "example_brook.yaml",
        "  - permit: {kept_to: true}\n",
        "  - permit: {kept_to: true}\n    x-by: me#1\n",
    )
    kept = "Not exported, and kept by the dataset: `x-by`, `x-read`"
    assert run("export", folder, "-o", tmp_path / "csv", *rules).stdout == f"{kept}\n"
    edit(folder / "sources.yaml", "sources:\n", "sources: # to be read again\n")
    assert run("export", folder, "-o", tmp_path / "a.xlsx", *rules).stdout == f"{kept}, comments\n"


def test_commands_read_a_workbook_as_they_read_the_dataset(run: Run, tmp_path: Path) -> None:
    file, water = tmp_path / "a.xlsx", tmp_path / "water"
    methodology = WATER / "methodology"
    copytree(WATER, water)
    run("export", water, "-o", file, "--no-results")
    for arguments in (("score",), ("rank",), ("bounds",), ("explain", "--criterion", "leaks")):
        command, *options = arguments
        one = run(command, file, "-m", methodology, *options)
        other = run(command, water, "-m", methodology, *options)
        assert (one.exit_code, one.stdout) == (other.exit_code, other.stdout), command
    assert run("check", file, "-m", methodology, "--strict").exit_code == 0


def test_a_workbook_names_its_methodology(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "careful_water"
    folder.mkdir()
    (folder / "methodology").symlink_to(WATER / "methodology")
    run("export", WATER, "-o", folder / "a.xlsx", "--no-results")
    done = run("score", folder / "a.xlsx", "--allow-outside", "--format", "json")
    assert done.exit_code == 0
    assert {card["methodology"]["id"] for card in json.loads(done.stdout)} == {"careful_water"}


def test_csv_files_are_written_into_a_folder(run: Run, tmp_path: Path) -> None:
    done = run("export", WATER, "-o", tmp_path / "made" / "csv")
    assert done.exit_code == 0
    names = {file.stem for file in (tmp_path / "made" / "csv").iterdir()}
    listed = {"dataset", "companies", "facts", "not_found", "responses", "sources"}
    assert names == {"_base", *listed, "ranking", "criteria"}


def test_tables_have_a_file_for_each_kind_of_fact(run: Run, tmp_path: Path) -> None:
    methodology, dataset = example("careful_water")
    done = run("export", WATER, "-o", tmp_path / "tables", "--tables", "-m", WATER / "methodology")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "Not exported, and kept by the dataset: `responses`\n"
    tables = fact_tables_of(tmp_path / "tables", methodology, DuckDB())
    back = dataset_of_rows(tables, methodology, dataset.title)
    assert [company.sha256 for company in back.companies] == [company.sha256 for company in dataset.companies]
    types = {fact.type for company in dataset.companies for fact in company.facts}
    assert {file.stem for file in (tmp_path / "tables" / "facts").iterdir()} == types
    refused = run("export", WATER, "-o", tmp_path / "a.xlsx", "--tables", "-m", WATER / "methodology")
    assert (refused.exit_code, "writes a folder" in refused.stderr) == (2, True)


def test_the_same_dataset_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert run("export", WATER, "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_cannot_be_kept_is_refused_and_nothing_is_written(run: Run, dataset: Path, tmp_path: Path) -> None:
    edit(dataset / "companies" / "gds.yaml", "aliases: [GDS Holdings]", "aliases: [GDS; Holdings]")
    for output in ("a.xlsx", "csv"):
        done = run("export", dataset, "-o", tmp_path / output)
        assert done.exit_code == 1
        assert "error: nothing is written: " in done.stderr
        assert "does not keep `gds`" in done.stderr
        assert not (tmp_path / output).exists()


def test_a_loss_is_found_wherever_it_comes_from(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_last(dataset: Dataset, *arguments: object, **options: object) -> object:
        tables = real(dataset, *arguments, **options)  # type: ignore[arg-type]
        return tuple(type(table)(table.name, table.columns, table.rows[:-1]) for table in tables)

    real = rows.tables_of
    monkeypatch.setattr(export, "tables_of", without_last)
    done = run("export", DATASET, "-o", tmp_path / "a.xlsx", "--no-results")
    assert done.exit_code == 1
    assert not (tmp_path / "a.xlsx").exists()
