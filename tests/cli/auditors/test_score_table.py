"""Tests of ``score-table``, and of explaining a company of tables."""

import csv
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from cleancloud_rules import EngineError
from tests.cli.conftest import Run
from tests.support.places import ROOT, edit
from tests.support.table_folders import survey

LITTLE = ("--memory", "256MB")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return survey(tmp_path / "survey")


def test_all_companies_are_scored(run: Run, tables: Path, tmp_path: Path) -> None:
    done = run("score-table", tables, "-o", tmp_path / "scores.csv", "--sample", "3", "--seed", "7", *LITTLE)
    assert (done.exit_code, done.stderr) == (0, "")
    *notices, held, last = done.stdout.splitlines()
    assert notices[0].startswith("Independent project, not affiliated with or endorsed by Greenpeace East Asia.")
    assert held == "The rules engine gives the same for 2 companies, chosen at random (seed 7)."
    assert last == f"2 companies in {tmp_path / 'scores.csv'}"
    with (tmp_path / "scores.csv").open(newline="", encoding="utf-8") as file:
        totals = {row["company"]: row["total"] for row in csv.DictReader(file)}
    assert set(totals) == {"acme", "beta"}
    for name, total in {"Acme": totals["acme"], "beta": totals["beta"]}.items():
        explained = run("explain", name, "--dataset", tables, "--no-bounds")
        assert (explained.exit_code, explained.stderr) == (0, "")
        assert re.search(rf"Total: .* = {total}\.\s", explained.stdout)


def test_a_company_that_is_not_there_is_refused_with_a_similar_one(run: Run, tables: Path) -> None:
    for command in ("explain", "score", "bounds"):
        lost = run(command, "acne", "--dataset", tables)
        assert lost.exit_code == 1
        assert "there is no company `acne`" in lost.stderr
        assert "did you mean `acme`" in lost.stderr


def test_facts_that_do_not_count_are_counted_by_reason(run: Run, tables: Path, tmp_path: Path) -> None:
    done = run("score-table", tables, "-o", tmp_path / "scores.csv", "--as-of", "2000-01-01", *LITTLE)
    assert (done.exit_code, done.stderr) == (0, "")
    head, *reasons = done.stdout.split("Facts that do not count: ")[1].splitlines()
    assert int(head) == sum(int(line.split(":")[0]) for line in reasons) > 0
    assert all(line.endswith("after the cut-off on 2000-01-01") for line in reasons)


@pytest.mark.parametrize("command", ["score", "rank", "bounds"])
def test_a_folder_of_tables_leads_to_the_commands_that_read_tables(run: Run, tables: Path, command: str) -> None:
    refused = run(command, tables)
    assert refused.exit_code == 2
    assert f"score all companies with `score-table {tables} -o FILE`" in refused.stderr
    assert f"or one with `score COMPANY --dataset {tables}`" in refused.stderr


def test_a_dataset_without_tables_leads_to_the_commands_that_read_it(run: Run, tmp_path: Path) -> None:
    dataset = ROOT / "examples" / "careful_water"
    refused = run("score-table", dataset, "-o", tmp_path / "scores.csv")
    assert refused.exit_code == 2
    assert "is a dataset and holds no tables: score it with `score` or `rank`" in refused.stderr
    assert f"`export {dataset} --tables -o FOLDER`" in refused.stderr
    assert run("export", dataset, "--tables", "-o", tmp_path / "tables").exit_code == 0
    methodology = ("-m", dataset / "methodology")
    assert run("score-table", tmp_path / "tables", *methodology, "-o", tmp_path / "scores.csv", *LITTLE).exit_code == 0


def test_mistakes_are_reported_and_nothing_is_written(run: Run, tables: Path, tmp_path: Path) -> None:
    edit(tables / "facts" / "renewable_share.csv", "acme,15.43%,electricity,2023,reported", "acme,15.43%,,2023,reprted")
    done = run("score-table", tables, "-o", tmp_path / "scores.parquet")
    assert done.exit_code == 1
    assert f"{tables / 'facts' / 'renewable_share.csv'}:row 2, column basis: error" in done.stderr
    assert "did you mean `reported`" in done.stderr
    assert not (tmp_path / "scores.parquet").exists()


def test_a_difference_from_the_engine_is_loud_and_nothing_is_written(
    run: Run, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def differs(*_: Any, **__: Any) -> None:
        raise EngineError("the table differs from the rules engine")

    monkeypatch.setattr("cleancloud_rules.tables.session.compare_with_engine", differs)
    done = run("score-table", tables, "-o", tmp_path / "scores.parquet", "--sample", "1")
    assert (done.exit_code, done.stderr) == (1, "error: the table differs from the rules engine\n")
    assert not (tmp_path / "scores.parquet").exists()


def test_missing_packages_are_named_with_their_extra(
    run: Run, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    for arguments in (("score-table", tables, "-o", tmp_path / "a.csv"), ("explain", "acme", "--dataset", tables)):
        done = run(*arguments)
        assert done.exit_code == 1
        assert "pip install 'cleancloud-rules[frames]'" in done.stderr


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


def test_a_size_of_memory_has_a_number_and_a_unit(run: Run, tables: Path, tmp_path: Path) -> None:
    done = run("score-table", tables, "-o", tmp_path / "scores.csv", "--memory", "much")
    assert done.exit_code == 2
    assert "`much` is no size of memory, such as 512MB or 2GB" in done.stderr


def test_a_file_that_is_no_database_is_no_table_of_facts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("company\n")
    done = run("score-table", tmp_path / "facts.csv", "-o", tmp_path / "scores.csv")
    assert (done.exit_code, "neither a folder of tables nor a DuckDB database" in done.stderr) == (2, True)


def test_the_size_of_memory_is_for_duckdb(run: Run, tables: Path, tmp_path: Path) -> None:
    done = run("score-table", tables, "--engine", "spark", "-o", tmp_path / "scores", "--memory", "1GB")
    assert done.exit_code == 2
    assert "Spark has settings of its own, such as `spark.driver.memory`" in done.stderr


def test_missing_packages_of_spark_are_named(run: Run, tables: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pyspark", None)
        done = run("score-table", tables, "--engine", "spark", "-o", tmp_path / "scores")
    assert done.exit_code == 1
    assert "pip install pyspark" in done.stderr
