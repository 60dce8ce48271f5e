"""Rows of rankings: what the order does not need is made when it is read, and equals what the JSON says."""

import json
from decimal import Decimal

from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.on_demand import is_made
from cleancloud_rules.results import Outcome
from tests.support import samples
from tests.support.examined_forms import averages, company, dataset
from tests.support.examples import example


def test_to_rank_counts_no_outcomes() -> None:
    methodology, dataset = example("clean_cloud_2024")
    row = cc.rank(dataset, methodology).cohorts[0].rows[0]
    made = [name for name in ("categories", "criteria_total", "not_assessed", "outcomes") if is_made(row, name)]
    assert made == []
    assert not is_made(row.scorecard, "facts")
    assert (row.criteria_total, len(row.categories)) == (len(methodology.criteria), len(methodology.categories))


def test_a_row_has_the_figures_of_its_scorecard_and_of_its_json() -> None:
    ranking = samples.ranking()
    for row, written in zip(ranking.cohorts[0].rows, json.loads(ranking.to_json())["cohorts"][0]["rows"], strict=True):
        card = row.scorecard
        assert (row.company.id, row.total, row.label, row.level) == (
            card.company.id,
            card.total,
            card.label,
            card.level,
        )
        assert dict(row.outcomes) == {outcome: card.count(outcome) for outcome in Outcome}
        assert {outcome.value: count for outcome, count in row.outcomes} == written["outcomes"]
        assert row.not_assessed == dict(row.outcomes)[Outcome.NOT_ASSESSED] == written["not_assessed"]
        assert [category.id for category in row.categories] == [category["id"] for category in written["categories"]]
        assert [category.score for category in row.categories] == [group.score for group in card.categories]


def test_the_published_order_is_that_of_the_ranks_and_not_of_a_table_sorted_by_name() -> None:
    methodology = averages()
    ids = ("acme", "bolt", "coal", "dune", "edge")
    companies = [company(methodology, id=id) for id in ids]
    listed = dataset(methodology, "company,rank,total\nbolt,,0\ncoal,2,0\ndune,1,0\nedge,1,0\n", *companies)
    (cohort,) = cc.rank(listed, methodology).in_published_order().cohorts
    assert [row.company.id for row in cohort.rows] == ["dune", "edge", "coal", "bolt", "acme"]
    unranked = dataset(methodology, "company,total\ncoal,0\nbolt,0\n", *companies)
    (cohort,) = cc.rank(unranked, methodology).in_published_order().cohorts
    assert [row.company.id for row in cohort.rows] == ["coal", "bolt", "acme", "dune", "edge"]


def test_a_ranking_equals_the_one_that_its_json_holds() -> None:
    ranking = samples.ranking()
    read = cc.Ranking.from_json(ranking.to_json())
    assert read == ranking
    row = ranking.cohorts[0].rows[0]
    assert evolve(row, total=Decimal(1)) != row
