"""Tests of the tables for programs: the figures of the results, described, and no formula."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules.reports.pages.tables import harmless, tables_of
from tests.support.result_pages import EXAMPLES, example, example_pages, site_of

KINDS: dict[str, Callable[[str], object]] = {
    "string": str,
    "number": Decimal,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def rows_of(name: str, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(example_pages(name)[f"data/{table}.csv"], newline="")))


def package(name: str) -> Any:
    return json.loads(example_pages(name)["data/datapackage.json"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_description_fits_every_row_of_every_table(name: str) -> None:
    resources = package(name)["resources"]
    assert {f"data/{resource['path']}" for resource in resources} == {
        path for path in example_pages(name) if path.endswith(".csv")
    }
    for resource in resources:
        rows = rows_of(name, resource["path"].removesuffix(".csv"))
        fields = resource["schema"]["fields"]
        for row in rows:
            assert list(row) == [field["name"] for field in fields]
            for field in fields:
                if row[field["name"]]:
                    KINDS[field["type"]](row[field["name"]])
        key = resource["schema"].get("primaryKey")
        if key:
            assert len({tuple(row[column] for column in key) for row in rows}) == len(rows)


def test_the_notices_stand_in_the_description() -> None:
    for notice in example("clean_cloud_2024").ranking.notices:
        assert notice.text in package("clean_cloud_2024")["description"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_ranking_has_the_figures_of_the_results(name: str) -> None:
    for row, shown in zip(example(name).rows, rows_of(name, "ranking"), strict=True):
        card = row.card
        assert (shown["company"], shown["name"]) == (card.company.id, card.company.name)
        assert shown["total_supported"] == ("" if card.total is None else f"{card.total}")
        assert card.bounds is not None
        assert shown["total_ceiling"] == ("" if card.bounds.ceiling is None else f"{card.bounds.ceiling}")
        assert shown["total_floor"] == ("" if card.bounds.floor is None else f"{card.bounds.floor}")
        printed = card.company.published
        assert shown["total_published"] == ("" if printed is None else f"{printed.total}")
        for category in card.categories:
            if not example(name).has_scores:
                assert category.score is None
                continue
            assert shown[f"{category.id}_supported"] == ("" if category.score is None else f"{category.score}")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_other_tables_have_every_criterion_fact_search_and_source(name: str) -> None:
    cards = example(name).cards
    criteria = [(card.company.id, c.id, c.outcome.value, f"{c.points}") for card in cards for c in card.criteria]
    assert [(r["company"], r["criterion"], r["outcome"], r["points_supported"]) for r in rows_of(name, "criteria")] == (
        criteria
    )
    facts = [(card.company.id, fact.id, fact.source or "") for card in cards for fact in card.facts]
    assert [(r["company"], r["fact"], r["source"]) for r in rows_of(name, "facts")] == facts
    assert len(rows_of(name, "not_found")) == sum(len(card.searches) for card in cards)
    assert [r["source"] for r in rows_of(name, "sources")] == sorted({s.id for card in cards for s in card.sources})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"), ("+49", "'+49"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        (" =1", "' =1"), ("\r=1", "\\r=1"), ("a=1", "a=1"), ("", ""), ("'x", "'x"), ("\u202e=1", "\\u202e=1"),
    ],
)  # fmt: skip
def test_no_text_is_taken_for_a_formula(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_a_name_that_is_a_formula_is_a_text_and_a_negative_number_stays_one() -> None:
    site = example("careful_water")
    cards = [evolve(card, company=evolve(card.company, name="=cmd|' /C calc'!A1")) for card in site.cards]
    ranking, criteria, *_ = tables_of(site_of(cards, site))
    assert all(row["name"] == "'=cmd|' /C calc'!A1" for row in csv.DictReader(io.StringIO(ranking.text, newline="")))
    points = [row["points_supported"] for row in csv.DictReader(io.StringIO(criteria.text, newline=""))]
    assert "-2.0" in points
