"""Tests of ``score-table``, and of explaining a company of tables."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from pyarrow import parquet

from cleancloud_rules.tables.scoring.score_table import score_table
from tests.cli.conftest import Run
from tests.support.places import ROOT, edit
from tests.support.table_folders import text_folder


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return text_folder(tmp_path_factory.mktemp("tables"))


def test_all_companies_are_scored(run: Run, tables: Path, tmp_path: Path) -> None:
    done = run("score-table", tables, "-o", tmp_path / "scores.csv", "--sample", "3", "--seed", "7")
    assert (done.exit_code, done.stderr) == (0, "")
    *notices, held, last = done.stdout.splitlines()
    assert notices[0].startswith("Independent project, not affiliated with or endorsed by Greenpeace East Asia.")
    assert held == "The rules engine gives the same for 3 companies, chosen at random (seed 7)."
    assert last == f"25 companies in {tmp_path / 'scores.csv'}"
    with (tmp_path / "scores.csv").open(newline="", encoding="utf-8") as file:
        totals = {row["company"]: row["total"] for row in csv.DictReader(file)}
    assert totals["tencent"] == "31.33"


def test_a_row_is_explained(run: Run, tables: Path) -> None:
    done = run("explain", "Tencent", "--dataset", tables)
    assert (done.exit_code, done.stderr) == (0, "")
    other = run("explain", "tencent")
    facts = re.compile(r"Total: .* = 31\.33\. .*facts sha256\s+[0-9a-f]{16}", re.DOTALL)
    assert facts.findall(done.stdout) == facts.findall(other.stdout) != []
    lost = run("explain", "tencnt", "--dataset", tables)
    assert lost.exit_code == 1
    assert "there is no company `tencnt`" in lost.stderr
    assert "did you mean `tencent`" in lost.stderr


def test_mistakes_are_reported_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    folder = text_folder(tmp_path / "tables")
    edit(
        folder / "facts" / "electricity_use.csv",
        "baidu,total,,,(disclosed),2023,,reported",
        "baidu,total,,,(disclosed),2023,,reprted",
    )
    done = run("score-table", folder, "-o", tmp_path / "scores.parquet")
    assert done.exit_code == 1
    assert f"{folder / 'facts' / 'electricity_use.csv'}" in done.stderr
    assert "did you mean `reported`" in done.stderr
    assert not (tmp_path / "scores.parquet").exists()


def test_a_difference_from_the_engine_is_loud_and_nothing_is_written(
    run: Run, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = score_table

    def wrong(*arguments: Any, **options: Any) -> Any:
        made = true(*arguments, **options)
        moved = made.table["total"].take([1, *range(1, made.table.num_rows)])
        number = made.table.column_names.index("total")
        return evolve(made, table=made.table.set_column(number, "total", moved))

    monkeypatch.setattr("cleancloud_rules.tables.session.scores_of", wrong)
    done = run("score-table", tables, "-o", tmp_path / "scores.parquet", "--sample", "25")
    assert done.exit_code == 1
    assert "error: the table differs from the rules engine; of 25 random companies (seed " in done.stderr
    assert "`21vianet`" in done.stderr or "`total`: table " in done.stderr
    assert not (tmp_path / "scores.parquet").exists()


def test_companies_without_a_result_are_named(run: Run, tmp_path: Path) -> None:
    """Two facts of a type of which each key has a single answer contradict each other."""
    for name, text in {
        "companies": "id,name,cohort\nalpha,Alpha,cloud\nbeta,Beta,cloud\n",
        "sources": "id,type,published\nfirst,report,2024-05-02\n",
        "share": "company,percent,period,basis,source\n"
        + "".join(f"{row},2023,reported,first\n" for row in ("alpha,15", "beta,12.5", "beta,15")),
    }.items():
        (tmp_path / f"{name}.csv").write_text(text)
    file = tmp_path / "scores.parquet"
    rules = ROOT / "tests" / "bad_companies" / "folder" / "two_answers" / "methodology"
    done = run("score-table", tmp_path, "-m", rules, "-o", file, "--sample", "2")
    assert done.exit_code == 1
    assert done.stderr == "error: company `beta` has no result: facts of the type share contradict each other\n"
    assert done.stdout.endswith(f"2 companies in {file}\n")
    assert [row["total"] is None for row in parquet.read_table(file).to_pylist()] == [False, True]


def test_the_output_is_parquet_or_csv(run: Run, tables: Path, tmp_path: Path) -> None:
    done = run("score-table", tables, "-o", tmp_path / "scores.xlsx")
    assert done.exit_code == 2
    assert "ends in neither of .parquet, .csv" in done.stderr
