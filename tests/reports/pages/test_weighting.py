"""Tests of the page of weights."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from cleancloud_rules.reports.pages.weighting import DRAWS, Weighting, can_weigh, ranks
from tests.support.result_pages import EXAMPLES, example, example_pages, read


def test_equal_scores_share_a_rank_and_the_next_rank_skips() -> None:
    assert ranks([5, 9, 5, 1]) == [2, 1, 2, 4]
    assert ranks([]) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_there_is_a_page_where_the_total_is_a_weighted_mean(name: str) -> None:
    expected = name in ("clean_cloud_2024", "careful_water", "two_editions")
    assert can_weigh(example(name)) is expected
    assert ("weights.html" in example_pages(name)) is expected
    assert ("weights.html" in read(example_pages(name)["index.html"]).links) is expected


def test_the_rank_under_the_declared_weights_is_the_published_one() -> None:
    weighting = Weighting(example("clean_cloud_2024"))
    assert weighting.is_published
    for _, lines in weighting.tables:
        for line in lines:
            assert line.rank == line.row.published_rank
            assert line.best <= line.low <= line.rank <= line.worst
            assert line.low <= line.high <= line.worst
            assert 0 <= line.kept <= DRAWS


def test_thirteen_companies_keep_their_published_rank() -> None:
    weighting = Weighting(example("clean_cloud_2024"))
    assert weighting.steady == 13
    kept = {line.row.card.company.id: line.share for _, lines in weighting.tables for line in lines}
    assert (kept["alibaba"], kept["china_unicom"], kept["cnisp"]) == (98, 51, 16)


def test_without_published_scores_those_of_stated_facts_are_weighed() -> None:
    weighting = Weighting(example("careful_water"))
    assert not weighting.is_published
    ((_, lines),) = weighting.tables
    totals = [line.row.card.total for line in lines]
    assert totals == sorted(totals, key=lambda total: -(total or 0))
    assert "those that stated facts support" in read(example_pages("careful_water")["weights.html"]).text


def test_the_page_shows_each_share_and_range() -> None:
    page, weighting = read(example_pages("clean_cloud_2024")["weights.html"]), Weighting(example("clean_cloud_2024"))
    lines = [line for _, lines in weighting.tables for line in lines]
    for line, row in zip(lines, page.tables["draws"], strict=True):
        assert row["Keeps rank"] == f"{line.share}%"
        assert row["Best to worst"] == (f"{line.best}" if line.best == line.worst else f"{line.best} to {line.worst}")


def test_the_data_of_the_sliders_give_the_published_totals() -> None:
    (text,) = (s for s in read(example_pages("clean_cloud_2024")["weights.html"]).scripts if s.startswith("{"))
    data = json.loads(text)
    weights = [Fraction(weight) for weight in data["weights"]]
    printed = {card.company.name: card.company.published for card in example("clean_cloud_2024").cards}
    for company in (company for cohort in data["cohorts"] for company in cohort):
        mean = sum(Fraction(share) * weight for share, weight in zip(company["shares"], weights, strict=True))
        record = printed[company["name"]]
        assert record is not None
        assert round(mean / sum(weights) * Fraction(data["maximum"]), 2) == Fraction(record.total or Decimal(0))
