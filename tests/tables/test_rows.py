"""Facts come back from tables as they were: the companies have the same digests, from texts and from typed columns."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import Company, Dataset, Methodology
from cleancloud_rules.model.digest import sha256, with_distinct
from cleancloud_rules.model.facts import Source
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import dataset_of_rows
from cleancloud_rules.tables.reading.written import arrow_tables, csv_tables
from tests.support.examples import FOLDERS, example
from tests.support.seeded import seeded_cases


def written(dataset: Dataset, methodology: Methodology, folder: Path) -> Path:
    """Write a dataset as CSV files."""
    for name, text in csv_tables(dataset, methodology):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, newline="")
    return folder


def _digests(facts: Any, methodology: Methodology) -> dict[str, str]:
    tables = fact_tables_of(facts, methodology, DuckDB())
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
    "seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.deep(part="tables")) for seed in range(5, 300))]
)
def test_generated_companies_keep_their_digests(seed: int, form: Any, tmp_path: Path) -> None:
    cases = list(seeded_cases(seed))
    methodology = cases[0][0]
    companies = tuple(_apart(company, f"c{number}") for number, (_, company) in enumerate(cases))
    dataset = Dataset("Generated", methodology.id, companies)
    found = _digests(form(dataset, methodology, tmp_path), methodology)
    assert found == {company.id: company.sha256 for company in companies}


def _apart(company: Company, id: str) -> Company:
    """Return a company with an id of its own, and with sources whose ids no other company has."""

    def cited(thing: Any) -> Any:
        source: Source | None = thing.source
        return thing if source is None else evolve(thing, source=evolve(source, id=f"{id}.{source.id}"))

    searches = tuple(sorted(map(cited, company.not_found), key=sha256))
    return with_distinct(evolve(company, id=id, not_found=searches), map(cited, company.facts))
