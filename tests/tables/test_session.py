"""Users' tables are scored, compared with the rules engine and written, and single companies are fetched from them."""

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import CleanCloudError, Dataset, EngineError, FactsError, Methodology, company_from_tables, score
from cleancloud_rules.tables.arrow import Refused, arrow_of
from cleancloud_rules.tables.files import write_table
from cleancloud_rules.tables.score_rows import ArrowScores
from cleancloud_rules.tables.scoring.score_table import ScoreTable
from tests.support.examples import example
from tests.support.seeded import agreeing
from tests.support.table_folders import parquet_folder, text_folder
from tests.support.typed_tables import arrow_tables

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the companies of Clean Cloud 2024 as Parquet files and as CSV files."""
    made = tmp_path_factory.mktemp("tables")
    return parquet_folder(made / "typed"), text_folder(made / "texts")


@pytest.fixture(scope="module")
def scores(folders: tuple[Path, Path], methodology: Methodology) -> ScoreTable:
    said: list[str] = []
    made = cc.score_table(folders[0], methodology, sample=12, seed=1, progress=said.append)
    assert said == ["Reading tables", "Scoring", "Asking the rules engine"]
    return made


def test_a_row_says_what_scoring_says(scores: ScoreTable, methodology: Methodology, folders: tuple[Path, Path]) -> None:
    dataset = example("clean_cloud_2024")[1]
    rows = {row["company"]: row for row in scores.table.to_pylist()}
    assert list(rows) == sorted(company.id for company in dataset.companies)
    for folder in folders:
        company = company_from_tables(folder, methodology, "tencent")
        assert company.sha256 == dataset.company("tencent").sha256
        assert score(company, methodology).total == rows["tencent"]["total"] == Decimal("31.33")


def test_a_company_is_found_by_its_name(folders: tuple[Path, Path], methodology: Methodology) -> None:
    assert company_from_tables(folders[0], methodology, "Alibaba Group").id == "alibaba"
    with pytest.raises(FactsError, match=r"(?s)there is no company `tencnt`.*did you mean `tencent`"):
        company_from_tables(folders[0], methodology, "tencnt")


def test_a_name_of_several_companies_names_none(methodology: Methodology) -> None:
    rows = [{"id": id, "name": "Same"} for id in ("a", "b")]
    with pytest.raises(FactsError, match=r"(?s)several companies have the name `Same`.*`a`, `b`"):
        company_from_tables({"companies": rows}, methodology, "Same")


@pytest.mark.parametrize("form", ["rows", "list", "csv"])
def test_a_company_is_found_by_an_alias_whatever_its_case_and_spaces(
    form: str, methodology: Methodology, tmp_path: Path
) -> None:
    rows = [{"id": "a", "name": "Able", "aliases": "Able Cloud; Abel"}, {"id": "b", "name": "Baker"}]
    tables: dict[str, Any] = {"companies": rows}
    if form == "list":
        tables["companies"] = [{**row, "aliases": str(row.get("aliases", "")).split("; ")} for row in rows]
    elif form == "csv":
        tables["companies"] = tmp_path / "companies.csv"
        tables["companies"].write_text("id,name,aliases\na,Able,Able Cloud; Abel\nb,Baker,\n")
    for name in ("Able Cloud", "abel", "ABLECLOUD"):
        assert company_from_tables(tables, methodology, name).id == "a"
    assert company_from_tables(tables, methodology, " baker").id == "b"


def _database_of(folder: Path, file: Path, *, schema: str = "main") -> Path:
    """Write the Parquet files of a folder into a database, those of fact types into a schema, and return it."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for path in sorted(folder.rglob("*.parquet")):
            own = schema if path.parent.name == "facts" else "main"
            connection.execute(f"CREATE TABLE {own}.{path.stem} AS SELECT * FROM READ_PARQUET('{path}')")  # noqa: S608
    return file


@pytest.mark.parametrize("schema", ["main", "facts"])
def test_a_database_of_duckdb_says_the_same_as_files(
    schema: str, scores: ScoreTable, folders: tuple[Path, Path], methodology: Methodology, tmp_path: Path
) -> None:
    file = _database_of(folders[0], tmp_path / "survey.duckdb", schema=schema)
    assert cc.score_table(file, methodology).table.equals(scores.table)
    assert (
        company_from_tables(file, methodology, "tencent").sha256
        == example("clean_cloud_2024")[1].company("tencent").sha256
    )


def test_mistakes_in_a_database_have_the_table_and_the_row(
    folders: tuple[Path, Path], methodology: Methodology, tmp_path: Path
) -> None:
    file = _database_of(folders[0], tmp_path / "facts.DuckDB")
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE electricty_use AS SELECT * FROM electricity_use")
        connection.execute("UPDATE companies SET cohort = 'clouds' WHERE id = 'vnet'")
        ((row,),) = connection.execute("SELECT rowid FROM companies WHERE id = 'vnet'").fetchall()
    with pytest.raises(FactsError) as caught:
        cc.score_table(file, methodology)
    found = {(one.code, one.location.path) for one in caught.value.diagnostics}
    assert {("unknown-sheet", "electricty_use"), ("unknown-cohort", f"companies[{row}].cohort")} >= found
    assert len(found) == 2
    assert all(one.location.file.name == str(file) for one in caught.value.diagnostics)


def test_a_file_that_is_no_database_is_refused(methodology: Methodology, tmp_path: Path) -> None:
    file = tmp_path / "facts.duckdb"
    file.write_text("id,name\n" * 2_000)
    with pytest.raises(FactsError) as caught:
        cc.score_table(file, methodology)
    assert [one.code for one in caught.value.diagnostics] == ["unreadable-file"]


@pytest.mark.parametrize("column", ["file_row_number", "FILE_ROW_NUMBER", "number_of_row"])
def test_a_column_with_the_name_of_a_column_of_the_database_is_the_users(
    column: str, methodology: Methodology, tmp_path: Path
) -> None:
    tables = {"companies": tmp_path / "companies.parquet"}
    rows = [{"id": id, "name": id, column: 7} for id in ("a", "b")]
    parquet.write_table(arrow_of(rows), tables["companies"])
    for told in (lambda: company_from_tables(tables, methodology, "b"), lambda: cc.score_table(tables, methodology)):
        with pytest.raises(FactsError) as caught:
            told()
        (found,) = caught.value.diagnostics
        assert (found.code, found.location.path) == ("unknown-column", f"companies.{column}")


def _spoiled(folders: tuple[Path, Path], form: str, to: Path) -> tuple[dict[str, Any], str]:
    """Return tables with a mistake in the last row, which is of the company `vnet`, and the place of it."""
    tables: dict[str, Any] = {path.stem: path for path in folders[0].glob("*.parquet")}
    text = (folders[1] / "facts" / "electricity_use.csv").read_text(encoding="utf-8")
    rows = [
        *csv.DictReader(StringIO(text)),
        {"company": "vnet", "breakdown": "total", "amount": "12 GWh", "basis": "reprted", "source": "(none)"},
    ]
    place = f"electricity_use[{len(rows) - 1}].basis"
    if form == "rows":
        tables["electricity_use"] = rows
    elif form == "parquet":
        tables["electricity_use"] = to / "electricity_use.parquet"
        parquet.write_table(arrow_of(rows), tables["electricity_use"])
    else:
        place = f"row {len(rows) + 1}, column basis"
        tables["electricity_use"] = to / "electricity_use.csv"
        tables["electricity_use"].write_text(text + "vnet,total,,,12 GWh,2022,,reprted,(none),,,\n")
    return tables, place


@pytest.mark.parametrize("form", ["rows", "parquet", "csv"])
def test_only_the_rows_of_the_company_are_checked_and_each_mistake_has_its_place(
    form: str, folders: tuple[Path, Path], methodology: Methodology, tmp_path: Path
) -> None:
    tables, place = _spoiled(folders, form, tmp_path)
    assert company_from_tables(tables, methodology, "tencent").id == "tencent"
    with pytest.raises(FactsError) as caught:
        company_from_tables(tables, methodology, "vnet")
    assert [found.location.path for found in caught.value.diagnostics] == [place]


def test_the_metadata_say_what_the_table_is(scores: ScoreTable, methodology: Methodology) -> None:
    said = json.loads(scores.table.schema.metadata[b"cleancloud_rules"])
    assert said["methodology"] == {**said["methodology"], "id": "clean_cloud_2024", "sha256": methodology.sha256}
    assert said["library_version"] == cc.__version__
    assert (said["with_hypothetical"], said["sampled"], said["seed"]) == (False, 12, 1)
    assert [notice["code"] for notice in said["notices"]] == [notice.code for notice in scores.notices]


def test_a_parquet_file_holds_the_table_with_its_metadata(scores: ScoreTable, tmp_path: Path) -> None:
    scores.write(tmp_path / "scores.parquet")
    read = parquet.read_table(tmp_path / "scores.parquet")
    assert read.to_pylist() == scores.table.to_pylist()
    assert read.schema.metadata[b"cleancloud_rules"] == scores.table.schema.metadata[b"cleancloud_rules"]


def test_a_csv_file_holds_every_digit(scores: ScoreTable, tmp_path: Path) -> None:
    scores.write(tmp_path / "scores.csv")
    with (tmp_path / "scores.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row, held in zip(rows, scores.table.to_pylist(), strict=True):
        assert row == {name: "" if value is None else str(value) for name, value in held.items()}


def test_a_csv_file_has_no_exponent_and_no_formula_and_joins_lists(tmp_path: Path) -> None:
    small = pa.array([Decimal("0.0000000012"), None, Decimal("-1.0000000000")], pa.decimal128(38, 10))
    table = pa.table({"a": small, "b": ["=1+1", "x, y", None], "c": [["p", "q"], [], None]})
    write_table(table, tmp_path / "a.csv")
    said = (tmp_path / "a.csv").read_text()
    assert said == '"a","b","c"\n"0.0000000012","\'=1+1","p; q"\n,"x, y",""\n"-1.0000000000",,\n'


def test_a_table_without_rows_is_written_too(tmp_path: Path) -> None:
    write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == '"a"\n'


def test_a_file_of_another_kind_is_refused(scores: ScoreTable, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends neither in \.parquet nor in \.csv"):
        scores.write(tmp_path / "scores.xlsx")


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.deep(part="tables")) for n in range(2, 100))])
def test_a_sample_of_generated_companies_agrees(seed: int) -> None:
    methodology, companies = agreeing(seed)
    tables = arrow_tables(Dataset("Generated", methodology.id, companies), methodology)
    for with_hypothetical in (False, True):
        made = cc.score_table(tables, methodology, sample=50, seed=0, with_hypothetical=with_hypothetical)
        assert made.sampled == len(companies)


def test_a_difference_is_named_and_no_table_is_returned(
    scores: ScoreTable, folders: tuple[Path, Path], methodology: Methodology, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = scores.table.to_pylist()
    rows[20] |= {"total": Decimal("99.00"), "renewable_share.points": Decimal("7.00")}
    rows[3]["rank"] = 1
    rows[4]["problem"] = "none at all"
    wrong = evolve(scores, rows=ArrowScores(pa.Table.from_pylist(rows, scores.table.schema)))
    monkeypatch.setattr("cleancloud_rules.tables.session.scores_of", lambda *_, **__: wrong)
    with pytest.raises(EngineError) as caught:
        cc.score_table(folders[0], methodology, sample=25, seed=5)
    said = str(caught.value)
    assert "of 25 random companies (seed 5)" in said
    assert "`total`: table 99.00, rules engine " in said
    assert "`rank`: table 1, which is not its place among the others" in said
    assert "`problem`: table none at all, rules engine a result" in said


def test_a_sample_below_zero_is_refused(folders: tuple[Path, Path], methodology: Methodology) -> None:
    with pytest.raises(ValueError, match="0 companies or more, not -1"):
        cc.score_table(folders[0], methodology, sample=-1)


def test_a_size_that_is_none_is_refused(folders: tuple[Path, Path], methodology: Methodology) -> None:
    with pytest.raises(ValueError, match="`2 GB; x` is no size of memory"):
        cc.score_table(folders[0], methodology, memory="2 GB; x")


def test_the_database_keeps_to_its_memory(folders: tuple[Path, Path], methodology: Methodology) -> None:
    with pytest.raises(EngineError, match=r"(?s)the database failed: .*[Mm]emory"):
        cc.score_table(folders[0], methodology, memory="64KB")


def test_a_failure_of_the_database_is_an_error_of_the_library(
    folders: tuple[Path, Path], methodology: Methodology, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise Refused("Out of Memory Error")

    monkeypatch.setattr("cleancloud_rules.tables.session.scores_of", fails)
    with pytest.raises(CleanCloudError, match="the database failed: Out of Memory Error"):
        cc.score_table(folders[0], methodology)
