"""Tests of the data of the comparison: differences of criteria add up to those of the totals."""

import json
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules.reports.pages.comparison import adds_up, comparison_data
from cleancloud_rules.results.json import plain
from tests.support.result_pages import EXAMPLES, example, example_pages, read, site_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [("clean_cloud_2024", True), ("two_editions", True), ("careful_water", False), ("mendable_tools", False),
     ("open_reading_rooms", False)],
)  # fmt: skip
def test_scores_add_up_where_the_total_is_the_sum_of_its_categories(name: str, expected: bool) -> None:
    assert adds_up(example(name)) is expected


def test_a_total_or_a_category_that_is_no_sum_does_not_add_up() -> None:
    site = example("two_editions")
    (first, *others) = site.cards
    assert first.total is not None
    assert adds_up(site_of([first, *others], site))
    assert not adds_up(site_of([evolve(first, total=first.total + 5), *others], site))
    (category, *rest) = first.categories
    assert category.score is not None
    more = evolve(category, score=category.score + 5)
    assert not adds_up(site_of([evolve(first, categories=(more, *rest), total=first.total + 5), *others], site))


def data_of(name: str) -> Any:
    (text,) = (script for script in read(example_pages(name)["compare.html"]).scripts if script.startswith("{"))
    return json.loads(text)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_holds_the_figures_of_the_scorecards(name: str) -> None:
    site, data = example(name), data_of(name)
    assert data == json.loads(json.dumps(plain(comparison_data(site)), default=lambda number: f"{number:f}"))
    assert list(data["companies"]) == [card.company.id for card in site.cards]
    for card in site.cards:
        company = data["companies"][card.company.id]
        assert company["name"] == card.company.name
        assert company["total"] == (None if card.total is None else f"{card.total}")
        for criterion in card.criteria:
            if criterion.points:
                shown = company["criteria"][criterion.id]
                assert data["sentences"][shown["because"]] == " ".join(criterion.because)
                assert (shown["points"], shown["max"]) == (f"{criterion.points}", f"{criterion.max_points}")


def test_the_differences_of_two_companies_add_up_but_for_rounding() -> None:
    data = data_of("clean_cloud_2024")
    pairs = list(combinations(data["companies"].values(), 2))
    assert len(pairs) == 300
    for a, b in pairs:
        effects = [sum(Decimal(c["effect"]) for c in company["criteria"].values()) for company in (a, b)]
        difference = Decimal(a["total"]) - Decimal(b["total"])
        assert abs((effects[0] - effects[1]) - difference) <= Decimal("0.03")
        scores = [sum(map(Decimal, company["scores"])) for company in (a, b)]
        assert scores[0] - scores[1] == difference
