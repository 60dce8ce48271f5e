"""Tests of tables in memory: lists of rows, and data frames of pandas and Polars."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pytest

from cleancloud_rules import FactsError, company_from, dataset_from_tables, load_dataset
from cleancloud_rules.model import Interval
from tests.support.workbooks import dataset, edited, rules

COMPANIES = [{"id": "acme", "name": "Acme"}, {"id": "beta", "name": "Beta"}]
SOURCES = [{"id": "report", "type": "report", "published": date(2024, 3, 1), "footnotes": 3, "public": True}]
BESIDE = {"basis": "reported", "source": "report"}
SHARES: list[dict[str, Any]] = [
    {"company": "acme", "percent": 12.5, "denominator": "electricity", "period": 2023, **BESIDE},
    {"company": "beta", "percent": 30.0, "denominator": None, "period": 2022, **BESIDE},
]
FRAMES: dict[str, Callable[[Any], Any]] = {"rows": list, "pandas": pd.DataFrame, "polars": pl.DataFrame}


@pytest.mark.parametrize("form", FRAMES)
def test_tables_state_what_company_files_state(form: str) -> None:
    made = {name: FRAMES[form](rows) for name, rows in (("companies", COMPANIES), ("sources", SOURCES))}
    found = dataset_from_tables({**made, "share": FRAMES[form](SHARES)}, rules(), title="Mine")
    sources = {"report": {"type": "report", "published": "2024-03-01", "footnotes": [3], "public": True}}
    fact = {"share": {"percent": 12.5, "denominator": "electricity"}, "period": 2023, "source": "report"}
    other = {"share": {"percent": 30}, "period": 2022, "source": "report"}
    assert (found.title, found.methodology) == ("Mine", "demo")
    assert found.companies == (
        company_from({"id": "acme", "name": "Acme", "facts": [fact]}, rules(), sources=sources),
        company_from({"id": "beta", "name": "Beta", "facts": [other]}, rules(), sources=sources),
    )


VALUES: dict[str, tuple[Any, Any]] = {
    "a number of numpy": (np.float64(12.5), Decimal("12.5")),
    "a whole number of numpy": (np.int64(12), Decimal(12)),
    "a decimal": (Decimal("12.50"), Decimal("12.5")),
    "a text": ("12.5%", Decimal("12.5")),
    "a bound": ("> 12", Interval(low=Decimal(12), low_open=True)),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_read_as_a_cell_is(name: str) -> None:
    given, meant = VALUES[name]
    shares = [{**SHARES[0], "percent": given}]
    found = dataset_from_tables({"companies": COMPANIES, "sources": SOURCES, "share": shares}, rules())
    assert found.company("acme").facts[0].get("percent") == meant


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT, np.float64("nan"), " "])
def test_what_says_nothing_is_an_empty_cell(nothing: Any) -> None:
    shares = [{**SHARES[0], "denominator": nothing}]
    found = dataset_from_tables({"companies": COMPANIES, "sources": SOURCES, "share": shares}, rules())
    assert found.company("acme").facts[0].get("denominator") is None


@pytest.mark.parametrize("day", [date(2022, 5, 1), datetime(2022, 5, 1), pd.Timestamp("2022-05-01"), "2022-05-01"])  # noqa: DTZ001
def test_lists_and_days_are_read(day: Any) -> None:
    row = {"company": "acme", "topic": "carbon_neutrality", "scopes": ["scope_1", "scope_3"], "announced": day}
    commitments = [{**row, "public": True, "basis": "reported", "source": "report"}]
    found = dataset_from_tables({"companies": COMPANIES, "sources": SOURCES, "commitment": commitments}, rules())
    fact = found.company("acme").facts[0]
    assert fact.get("scopes") == {"scope_1", "scope_3"}
    assert (fact.get("announced"), fact.get("public")) == (date(2022, 5, 1), True)


@pytest.mark.parametrize("form", FRAMES)
def test_a_mistake_is_reported_with_its_table_row_and_column(form: str) -> None:
    shares = FRAMES[form]([{**SHARES[0], "percent": 0.15}, {**SHARES[1], "company": "gamma"}])
    with pytest.raises(FactsError) as caught:
        dataset_from_tables({"companies": COMPANIES, "sources": SOURCES, "share": shares}, rules())
    assert [(str(found.location), found.code) for found in caught.value.diagnostics] == [
        ("<tables>:share[0].percent", "ambiguous-percent"),
        ("<tables>:share[1].company", "unknown-company"),
    ]


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([], "expected tables as a mapping of names to tables, got a list"),
        ({"companies": 3}, "expected a data frame or a list of rows, got `3`"),
        ({"companies": [3]}, "expected a row as a mapping of columns to values, got `3`"),
        ({"companies": [{"id": {"a": 1}, "name": "A"}]}, "a cell cannot hold a mapping"),
    ],
)
def test_what_is_no_table_is_refused(tables: Any, words: str) -> None:
    with pytest.raises(FactsError) as caught:
        dataset_from_tables(tables, rules())
    assert words in str(caught.value)


def test_a_workbook_is_loaded_as_a_dataset(tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", lambda book: None, 2)
    assert load_dataset(file, rules()).companies == dataset(2).companies
