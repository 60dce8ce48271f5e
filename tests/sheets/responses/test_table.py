"""Tests of responses in sheets: there and back nothing is lost, and each mistake is reported at its cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import Company, Dataset, FactsError, Methodology, dataset_from, dataset_from_tables
from cleancloud_rules.sheets.export import csv_files_of, workbook_of
from cleancloud_rules.sheets.update import update_of
from cleancloud_rules.sheets.yaml_files import yaml_files_of
from tests.sheets.test_export import ODD_TEXTS, example, from_csv, from_workbook
from tests.support.places import ROOT
from tests.support.responding import RESPONSES, answered_cases
from tests.support.workbooks import rules

DEEP = pytest.mark.deep(part="records")
SEEDS = [*range(3), *(pytest.param(seed, marks=DEEP) for seed in range(3, 100))]
HEAD = {"company": "acme", "id": "letter", "received": "2026-02-03", "by": "Office", "reason": "It is wrong."}
EVIDENCE = {"fact": "share", "value": "12.5%"}
WATER = ROOT / "examples" / "careful_water"


def forms(whole: Dataset, methodology: Methodology) -> tuple[Dataset, ...]:
    """Return what is read back from a workbook, from CSV files and from YAML files."""
    return (
        from_workbook(workbook_of(whole, methodology), methodology),
        from_csv(csv_files_of(whole, methodology), methodology),
        dataset_from(yaml_files_of(whole, methodology), methodology),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_random_responses_are_the_same_after_a_workbook_csv_and_yaml(seed: int) -> None:
    count = 0
    for case in answered_cases(seed):
        whole = Dataset("Answered", case.methodology.id, case.companies[:1])
        for back in forms(whole, case.methodology):
            assert back.companies == whole.companies
            assert back.companies[0].responses == whole.companies[0].responses
        count += 1
    assert count == RESPONSES


def answered(**values: Any) -> Dataset:
    """Return a dataset with one company that has one response."""
    fact = {"energy": {"amount": "1 GWh", "region": values.get("reason", "North")}, "source": "rulebook"}
    data = {"id": "letter", "received": "2026-02-03", "by": "Office", "reason": "No.", "facts": [fact], **values}
    company = {"id": "acme", "name": "Acme", "responses": [data]}
    files: dict[str, dict[str, Any]] = {
        "dataset.yaml": {"title": "Odd", "methodology": "demo", "companies": "a.yaml"},
        "a.yaml": company,
    }
    return dataset_from(files, rules())


@pytest.mark.parametrize("text", [*ODD_TEXTS, "a; b: c", '"quoted"', "(disclosed)", "amount: 1 GWh"])
def test_words_of_a_company_are_kept_whatever_a_spreadsheet_would_take_them_for(text: str) -> None:
    whole = answered(reason=text.strip(), by=text.strip(), status="rejected", decision=text.strip())
    for back in forms(whole, rules()):
        assert back.companies[0].responses == whole.companies[0].responses


def company_of(*rows: dict[str, Any]) -> Company:
    """Return the company that tables with these rows of responses state."""
    tables = {
        "companies": [{"id": "acme", "name": "Acme"}],
        "sources": [{"id": "report", "type": "report", "title": "A report", "published": 2024}],
        "responses": list(rows),
    }
    return dataset_from_tables(tables, rules()).companies[0]


def mistakes(*rows: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the code and the place of each mistake in these rows of responses."""
    with pytest.raises(FactsError) as caught:
        company_of(*rows)
    return [(found.code, found.location.path) for found in caught.value.diagnostics]


def test_rows_with_one_id_are_one_response() -> None:
    first = {**HEAD, "fact": "share", "value": "percent: 12.5%; denominator: electricity", "source": "report"}
    second = {"company": "acme", "id": "letter", "fact": "share", "value": "percent: >3%", "source": "(none)"}
    (response,) = company_of(first, second).responses
    assert {fact.source.id if fact.source else None for fact in response.facts} == {"report", None}
    assert response.reason == "It is wrong."


def test_all_mistakes_are_reported_at_their_cells() -> None:
    row = {
        **HEAD, "received": "soon", "about": "shares", "disputes": "share-1", "status": "perhaps",
        "fact": "share", "value": "percnt: 3%; denominator: electrcity",
    }  # fmt: skip
    assert set(mistakes(row)) == {
        ("wrong-type", "responses[0].received"),
        ("unknown-reference", "responses[0].about"),
        ("unknown-fact", "responses[0].disputes"),
        ("unknown-value", "responses[0].status"),
        ("unknown-field", "responses[0].value"),
        ("unknown-value", "responses[0].value"),
    }


def test_what_a_response_needs_is_asked_for() -> None:
    asked = mistakes({"company": "acme", "id": "letter", **EVIDENCE, "received": None, "by": None, "reason": None})
    places = [place for code, place in asked if code == "missing-key"]
    assert places == ["responses[0].by", "responses[0].reason", "responses[0].received"]


def test_a_further_row_cannot_say_something_else() -> None:
    first = {**HEAD, "fact": "share", "value": "percent: 12.5%"}
    second = {**HEAD, "reason": "Or not.", "fact": "share", "value": "percent: 3%"}
    assert mistakes(first, second) == [("repeated-key", "responses[1].reason")]


def test_rows_without_an_id_are_separate_mistakes() -> None:
    rows = [{**HEAD, "id": None, **EVIDENCE, "reason": text} for text in ("One.", "Two.")]
    found = mistakes({**HEAD, **EVIDENCE}, *rows)
    assert [place for code, place in found if code == "missing-key"] == ["responses[1].id", "responses[2].id"]


def test_a_response_of_an_unknown_company_is_reported() -> None:
    assert mistakes({**HEAD, "company": "acne", **EVIDENCE}) == [("unknown-company", "responses[0].company")]


def changed(whole: Dataset, change: Callable[[Any], Any]) -> Dataset:
    """Return a dataset in which the first response of each company that has one is changed."""
    companies = tuple(
        evolve(each, responses=(change(each.responses[0]), *each.responses[1:])) if each.responses else each
        for each in whole.companies
    )
    return evolve(whole, companies=companies)


def test_a_changed_response_is_changed_in_its_file_and_keeps_its_sources() -> None:
    whole, methodology = example("careful_water")
    sheets = from_workbook(
        workbook_of(changed(whole, lambda one: evolve(one, by="The farm")), methodology), methodology
    )
    update = update_of(WATER, whole, sheets, None, methodology, remove=True)
    assert [line.split(" (")[0] for line in update.changes] == ["example_ridge: changed, `meter-books`"]
    ((path, text),) = update.texts.items()
    before = Path(path).read_text(encoding="utf-8").splitlines()
    assert [line for line in text.splitlines() if line not in before] == ["    by: The farm"]
    assert update_of(WATER, whole, whole, None, methodology, remove=True).texts == {}


def test_a_response_that_both_sides_changed_is_a_conflict() -> None:
    whole, methodology = example("careful_water")
    sheets = from_workbook(
        workbook_of(changed(whole, lambda one: evolve(one, by="The farm")), methodology), methodology
    )
    base = {company.id: frozenset(fact.id for fact in company.facts) for company in whole.companies}
    update = update_of(WATER, whole, sheets, base, methodology, remove=False)
    assert update.texts == {}
    assert [line.split(" (")[0] for line in update.conflicts] == ["example_ridge: `meter-books`"]
