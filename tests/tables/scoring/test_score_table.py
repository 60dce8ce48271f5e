"""Tables of scores say the same as scoring each company: of generated methodologies, and of Clean Cloud 2024."""

import json
from collections.abc import Sequence
from datetime import date

import pytest
from attrs import evolve

from cleancloud_rules import Company, Dataset, Methodology, company_from, load_dataset
from cleancloud_rules.completions.earnable import Completion
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.tables.scoring.score_table import score_table
from tests.support.places import ROOT
from tests.support.score_tables import database, differences, expected, parts_of, seeded_companies, table_of
from tests.support.tables_of_companies import tables_of_companies

COMPANIES = 25

PARTS = parts_of(quick=90, deep=1_320)


@pytest.fixture(scope="module")
def dataset(methodology: Methodology) -> Dataset:
    return load_dataset(ROOT / "examples" / "clean_cloud_2024", methodology)


@pytest.mark.parametrize("seeds", PARTS)
def test_the_table_says_the_same_as_scoring(seeds: range) -> None:
    for seed in seeds:
        methodology, companies = seeded_companies(seed, COMPANIES)
        assert not differences(companies, methodology), seed


def test_it_says_the_same_of_clean_cloud(methodology: Methodology, dataset: Dataset) -> None:
    assert not differences(list(dataset.companies), methodology)


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.deep(part="tables") if seed else ()) for seed in range(11)]
)
def test_it_says_the_same_of_generated_companies_of_clean_cloud(methodology: Methodology, seed: int) -> None:
    aims, choices, count = Aims(methodology), Seeded(seed), 1_000 if seed else 10
    made = [company_from(generated_company(aims, choices), methodology) for _ in range(count)]
    assert not differences([evolve(one, id=f"c{number}") for number, one in enumerate(made)], methodology)


def test_it_says_the_same_at_an_earlier_cut_off() -> None:
    methodology, companies = seeded_companies(3, COMPANIES)
    day = date(2023, 6, 30)
    assert not differences([evolve(company, cut_off=day) for company in companies], methodology, as_of=day)


@pytest.mark.parametrize("seed", [None, 3, 4])
def test_columns_stand_in_the_order_of_the_methodology(
    methodology: Methodology, dataset: Dataset, seed: int | None
) -> None:
    companies: Sequence[Company] = dataset.companies
    if seed is not None:
        methodology, companies = seeded_companies(seed, COMPANIES)
    columns = table_of(companies, methodology).table.column_names
    assert columns[:5] == ["company", "cohort", "rank", "problem", "total"]
    for ending, parts in ((".max_score", methodology.groups), (".counts_as", methodology.criteria)):
        shown = [name.removesuffix(ending) for name in columns if name.endswith(ending)]
        assert shown == [part.id for part in parts]


def test_it_names_the_methodology_and_its_notices(methodology: Methodology, dataset: Dataset) -> None:
    scores = table_of(dataset.companies, methodology)
    said = json.loads(scores.table.schema.metadata[b"cleancloud_rules"])
    assert said["methodology"]["sha256"] == scores.methodology.sha256 == methodology.sha256
    assert [notice["code"] for notice in said["notices"]] == [notice.code for notice in scores.notices]
    assert scores.notices


def test_a_table_does_not_ask_which_searches_bear_on_criteria(monkeypatch: pytest.MonkeyPatch) -> None:
    methodology, companies = seeded_companies(3, COMPANIES)
    wanted = expected(companies, methodology)
    assert any(company.not_found for company in companies)
    again, _ = seeded_companies(3, COMPANIES)  # it knows no answer yet

    def fails(*_: object) -> None:
        raise AssertionError("only words for readers need that, and it takes most of the time")

    monkeypatch.setattr(Completion, "bearing_on", fails)
    totals = {row["company"]: row["total"] for row in table_of(companies, again).table.to_pylist()}
    assert totals == {id: None if row is None else row["total"] for id, row in wanted.items()}


def test_no_tables_are_left_behind(methodology: Methodology, dataset: Dataset) -> None:
    backend = database()
    facts = tables_of_companies(dataset.companies, methodology, backend)
    before = backend.rows("SHOW TABLES")
    score_table(facts, methodology)
    assert backend.rows("SHOW TABLES") == before
