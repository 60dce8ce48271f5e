"""Tests of the sheet of answers: companies down, questions across."""

from typing import Any

import pytest

from cleancloud_rules import Dataset, FactsError, Methodology, company_from, load_methodology
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.sheets.csv_files import csv_text, sheet_of_text
from cleancloud_rules.sheets.load import dataset_of_sheets
from tests.support.places import ROOT

COMPANIES = [["id", "name"], ["acme", "Acme"], ["beta", "Beta"]]
SOURCES = [["id", "type"], ["survey", "questionnaire"]]
BESIDE = ["basis", "source", "period"]
SAID = ["reported", "survey", "2025"]


@pytest.fixture(scope="module")
def methodology() -> Methodology:
    return load_methodology(ROOT / "examples" / "mendable_tools" / "methodology")


def read(methodology: Methodology, answers: list[list[str]]) -> Dataset:
    tables = {"companies": COMPANIES, "sources": SOURCES, "answers": answers}
    sheets = [sheet_of_text(csv_text(rows), f"{name}.csv", name) for name, rows in tables.items()]
    return dataset_of_sheets(sheets, methodology, "a", "a", DiagnosticCollector()).dataset


def company(methodology: Methodology, id: str, name: str, **values: str) -> Any:
    answers = {"fact": "answer", "source": "survey", "period": 2025, "values": values}
    sources = {"survey": {"type": "questionnaire"}}
    return company_from({"id": id, "name": name, "answers": answers}, methodology, sources=sources)


def test_each_answer_is_the_fact_that_a_company_file_states(methodology: Methodology) -> None:
    head = ["company", "drawing", "screws", *BESIDE]
    found = read(methodology, [head, ["acme", "yes", "partly", *SAID], ["beta", "", "not_applicable", *SAID]])
    acme = company(methodology, "acme", "Acme", drawing="yes", screws="partly")
    beta = company(methodology, "beta", "Beta", screws="not_applicable")
    assert [each.sha256 for each in found.companies] == [acme.sha256, beta.sha256]


def test_a_company_can_have_a_row_for_each_source_or_question(methodology: Methodology) -> None:
    head = ["company", "drawing", "screws", *BESIDE]
    rows = [head, ["acme", "yes", "", *SAID], ["acme", "", "partly", *SAID]]
    acme = company(methodology, "acme", "Acme", drawing="yes", screws="partly")
    assert read(methodology, rows).company("acme").sha256 == acme.sha256


def test_a_wrong_answer_and_an_unknown_question_are_refused_at_their_cells(methodology: Methodology) -> None:
    head = ["company", "drawing", "screw", *BESIDE]
    with pytest.raises(FactsError) as caught:
        read(methodology, [head, ["acme", "yess", "partly", *SAID], ["gama", "yes", "", *SAID]])
    assert [(each.code, each.location.text, each.help) for each in caught.value.diagnostics] == [
        ("unknown-column", "screw", "did you mean `screws`?"),
        ("unknown-value", "yess", "did you mean `yes`?"),
        ("unknown-company", "gama", "known: `acme`, `beta`"),
    ]
