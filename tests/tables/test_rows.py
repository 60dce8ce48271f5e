"""Facts come back from tables as they were: the companies have the same digests, from texts and from typed columns."""

from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules import Dataset, Methodology
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import dataset_of_rows
from cleancloud_rules.tables.reading.written import csv_tables
from cleancloud_rules.tables.scoring.score_table import score_table
from tests.support.examples import FOLDERS, example
from tests.support.score_tables import database, expected
from tests.support.seeded import agreeing
from tests.support.typed_tables import arrow_tables


def written(dataset: Dataset, methodology: Methodology, folder: Path) -> Path:
    """Write a dataset as CSV files."""
    for name, text in csv_tables(dataset, methodology):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, newline="")
    return folder


def _digests(facts: Any, methodology: Methodology) -> dict[str, str]:
    tables = fact_tables_of(facts, methodology, database())
    return {company.id: company.sha256 for company in dataset_of_rows(tables, methodology, "Tables").companies}


FORMS = {
    "texts in files": written,
    "typed columns in memory": lambda dataset, methodology, _: arrow_tables(dataset, methodology),
}


@pytest.fixture(params=FORMS, ids=str)
def form(request: pytest.FixtureRequest) -> Any:
    return FORMS[request.param]


@pytest.mark.parametrize("name", FOLDERS)
def test_the_companies_of_an_example_keep_their_digests(name: str, form: Any, tmp_path: Path) -> None:
    methodology, dataset = example(name)
    found = _digests(form(dataset, methodology, tmp_path), methodology)
    assert found == {company.id: company.sha256 for company in dataset.companies}


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.deep(part="tables")) for seed in range(3, 300))]
)
def test_generated_companies_keep_their_digests(seed: int, form: Any, tmp_path: Path) -> None:
    methodology, companies = agreeing(seed)
    dataset = Dataset("Generated", methodology.id, companies)
    found = _digests(form(dataset, methodology, tmp_path), methodology)
    assert found == {company.id: company.sha256 for company in companies}


@pytest.mark.parametrize("seed", range(40, 42))
def test_tables_of_texts_are_scored_as_their_companies_are(seed: int, tmp_path: Path) -> None:
    methodology, companies = agreeing(seed)
    dataset = Dataset("Generated", methodology.id, companies)
    tables = fact_tables_of(written(dataset, methodology, tmp_path), methodology, database())
    rows = {row["company"]: row for row in score_table(tables, methodology).table.to_pylist()}
    for id, wanted in expected(companies, methodology).items():
        assert wanted is None or {name: rows[id][name] for name in wanted} == wanted, id
