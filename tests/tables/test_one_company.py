"""The rows of one company are found among those of all others, in every form of tables."""

import csv
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pytest
from pyarrow import parquet

from cleancloud_rules import Company, FactsError, Methodology, company_from_tables
from cleancloud_rules.tables.arrow import arrow_of
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import company_of_rows

Tables = Mapping[str, Sequence[Mapping[str, Any]]]

SPACES = (" ", "\t", "\n", "\r", "\x0b", "\x0c", "\u00a0", "\u3000", " \u3000\t")
"""What can stand around an id."""

SAID = {"value": "1.2", "breakdown": "average", "extent": "whole", "period": "2023", "basis": "reported"}


def _parquet(tables: Tables, folder: Path) -> Any:
    for name, rows in tables.items():
        parquet.write_table(arrow_of([*rows]), folder / f"{name}.parquet", row_group_size=3)
    return folder


def _csv(tables: Tables, folder: Path) -> Any:
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _database(tables: Tables, folder: Path) -> Any:
    with duckdb.connect(str(folder / "tables.duckdb")) as connection:
        for name, rows in tables.items():
            connection.register("held", arrow_of([*rows]))
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM held")  # noqa: S608
    return folder / "tables.duckdb"


FORMS: dict[str, Callable[[Tables, Path], Any]] = {
    "rows": lambda tables, _: {name: [*rows] for name, rows in tables.items()},
    "Arrow": lambda tables, _: {name: arrow_of([*rows]) for name, rows in tables.items()},
    "pandas": lambda tables, _: {name: pd.DataFrame(rows) for name, rows in tables.items()},
    "Polars": lambda tables, _: {name: pl.DataFrame(rows) for name, rows in tables.items()},
    "Parquet": _parquet,
    "CSV": _csv,
    "DuckDB": _database,
}


@pytest.fixture(params=FORMS, ids=str)
def form(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that writes tables in a form."""
    return lambda **tables: FORMS[request.param](tables, tmp_path)


def _tables(ids: Sequence[str], facts: Sequence[str], sources: Sequence[str] = ("web",)) -> dict[str, Any]:
    """Return tables of companies with some ids, and with a fact in each row, of what is in the column `company`."""
    return {
        "companies": [{"id": id, "name": f"Company {number}"} for number, id in enumerate(ids)],
        "sources": [{"id": id, "type": "corporate_publication", "published": "2024-03-01"} for id in sources],
        "pue": [
            {"company": company, "locator": f"row {number}", "source": sources[number % len(sources)], **SAID}
            for number, company in enumerate(facts)
        ],
    }


def _found(company: Company) -> set[str | None]:
    return {fact.locator for fact in company.facts}


def _mistakes(tables: Any, methodology: Methodology, company: str) -> list[tuple[str, str]]:
    with pytest.raises(FactsError) as caught:
        company_from_tables(tables, methodology, company)
    return [(one.code, one.location.path) for one in caught.value.diagnostics]


def test_spaces_around_ids_hide_no_row(form: Callable[..., Any], methodology: Methodology) -> None:
    own = ["acme", *(f"{space}acme" for space in SPACES), *(f"acme{space}" for space in SPACES), "\u3000 acme\u00a0"]
    # The ids of others begin or end with this one, or come before or after it in their order.
    others = ["acm", "acme2", "acme x", " acmex", "x acme", "acme-", "acme!", "acme\u00a1", "acme\u2fff", "acme\u3001"]
    written = form(
        **_tables(["  acme", *others], [each for pair in zip(own, others * 2, strict=True) for each in pair])
    )
    assert _found(company_from_tables(written, methodology, "acme")) == {f"row {n * 2}" for n in range(len(own))}


@pytest.mark.parametrize("id", ["acme", "10", "a.b", "A", "a_"])
def test_each_company_is_the_one_that_all_tables_have(
    id: str, form: Callable[..., Any], methodology: Methodology
) -> None:
    ids = ["a", id, "zz", f"{id}{id}"]
    written = form(**_tables(ids, [*ids, *ids, id], ["web", "web.2", f"{id}-web"]))
    whole = fact_tables_of(written, methodology, DuckDB())
    for each in ids:
        company = company_from_tables(written, methodology, each)
        assert company.sha256 == company_of_rows(whole, methodology, each).sha256
        assert len(company.facts) == (3 if each == id else 2)
        assert {fact.source.id for fact in company.facts if fact.source is not None} <= {"web", "web.2", f"{id}-web"}


@pytest.mark.parametrize("column", [[1, 12, 2], pd.Categorical(["1", "12", "2"])], ids=["numbers", "categories"])
def test_ids_that_are_no_texts_are_found(column: Any, methodology: Methodology) -> None:
    tables = _tables(["1", "12", "2"], ["1", "12", "2"])
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    frames["companies"]["id"] = column
    frames["pue"]["company"] = column
    assert _found(company_from_tables(frames, methodology, "1")) == {"row 0"}


def test_mistakes_in_scattered_rows_have_their_places(form: Callable[..., Any], methodology: Methodology) -> None:
    tables = _tables(["a", "b"], ["b", "a", "b", "a", "b"])
    for row in tables["pue"]:
        row["basis"] = "reprted"
    tables["companies"].append({"id": "a", "name": "Again"})
    tables["partnership"] = [
        {"company": "b", "source": "web", "basis": "reported", "partner": "grid_company", "aim": "?"}
    ]
    written = form(**tables)
    places = {"companies[2].id", "pue[1].basis", "pue[3].basis", "partnership.aim"}
    if isinstance(written, Path) and (written / "pue.csv").is_file():
        places = {"row 4, column id", "row 3, column basis", "row 5, column basis", ""}
    found = _mistakes(written, methodology, "a")
    assert {path for _, path in found} == places
    assert {code for code, _ in found} == {"repeated-id", "unknown-column", "unknown-value"}


def test_a_company_without_facts_is_found(form: Callable[..., Any], methodology: Methodology) -> None:
    assert company_from_tables(form(**_tables(["a", "b"], ["b", "b"])), methodology, "a").facts == ()


def test_a_name_in_a_row_without_an_id_names_no_company(methodology: Methodology) -> None:
    tables = {"companies": [{"id": None, "name": "Acme"}, {"id": "b", "name": "Beta"}]}
    assert _mistakes(tables, methodology, "Acme") == [("unknown-company", "companies")]


def test_an_id_is_meant_before_a_name(methodology: Methodology) -> None:
    tables = {"companies": [{"id": "a", "name": "b"}, {"id": "b", "name": "a"}]}
    assert company_from_tables(tables, methodology, "a").name == "b"


@pytest.mark.parametrize("name", ["Parquet", "CSV", "DuckDB"])
def test_files_are_read_without_arrow_and_without_what_scores_tables(
    name: str, methodology: Methodology, tmp_path: Path
) -> None:
    written = FORMS[name](_tables(["a", "b"], ["a", "b"]), tmp_path)
    program = (
        "import sys, pathlib, cleancloud_rules as cc\n"
        f"rules = cc.load_methodology({methodology.id!r})\n"
        f"company = cc.company_from_tables(pathlib.Path({str(written)!r}), rules, 'a')\n"
        "print(len(company.facts), sorted({'pandas', 'polars', 'pyarrow', 'numpy', 'cleancloud_rules.tables.session',"
        " 'cleancloud_rules.tables.scoring.score_table'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "1 []\n"
