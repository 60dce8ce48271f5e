"""Tests of the tables for programs: the figures of the results, described, and no formula."""

import csv
import io
import json
import re
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


def test_each_row_with_hypothetical_facts_says_so_and_ends_with_the_notice() -> None:
    site = example("clean_cloud_2024", hypothetical=True)
    pages = example_pages("clean_cloud_2024", hypothetical=True)
    files = [name for name in pages if name.endswith(".csv")]
    assert len(files) == 5
    notices = {card.company.id: next(n.text for n in card.notices if n.code == "hypothetical") for card in site.cards}
    for file in files:
        assert file.endswith(".hypothetical.csv")
        for row in csv.DictReader(io.StringIO(pages[file], newline="")):
            assert row["hypothetical"] == "true"
            assert list(row)[-1] == "notice"
            if "company" in row:
                assert row["notice"] == notices[row["company"]]
            else:
                assert row["notice"].endswith("Do not cite.")


def test_the_parts_of_what_hypothetical_facts_give_stand_apart() -> None:
    site = example("clean_cloud_2024", hypothetical=True)
    pages = example_pages("clean_cloud_2024", hypothetical=True)
    rows = list(csv.DictReader(io.StringIO(pages["data/ranking.hypothetical.csv"], newline="")))
    for row, card in zip(rows, site.cards, strict=True):
        assert Decimal(row["total_supported"]) + Decimal(row["total_hypothetical"]) == card.total
        assert row["rank_hypothetical"]
        assert "rank_supported" not in row
    criteria = csv.DictReader(io.StringIO(pages["data/criteria.hypothetical.csv"], newline=""))
    results = [criterion for card in site.cards for criterion in card.criteria]
    for row, result in zip(criteria, results, strict=True):
        assert Decimal(row["points_supported"]) + Decimal(row["points_hypothetical"]) == result.points
        assert row["because"].startswith("Hypothetical: ") is bool(result.hypothetical_points)


def test_the_heat_map_and_the_comparison_mark_points_of_hypothetical_facts() -> None:
    site = example("clean_cloud_2024", hypothetical=True)
    pages = example_pages("clean_cloud_2024", hypothetical=True)
    marked = sum(bool(criterion.hypothetical_points) for card in site.cards for criterion in card.criteria)
    assert len(re.findall(r'<td class="added', pages["heatmap.html"])) == marked
    assert pages["compare.html"].count('"hypothetical":true') == marked + 1


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
