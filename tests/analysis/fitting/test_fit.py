"""Tests of the fit: facts under which the rules give the published table."""

import re
from collections.abc import Mapping
from decimal import Decimal

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Dataset, Methodology
from cleancloud_rules.completions import fact_kinds
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.model.published import PublishedTable
from cleancloud_rules.results import Fit
from tests.support.known import known


@pytest.fixture(scope="module")
def fit_and_overlay(methodology: Methodology, stated: Dataset) -> tuple[Fit, str]:
    return cc.analysis.fit(stated, methodology)


def test_the_shipped_overlay_is_what_the_fit_gives(fit_and_overlay: tuple[Fit, str], overlay_text: str) -> None:
    assert fit_and_overlay[1] == overlay_text


def test_the_fit_does_not_claim_the_fewest_facts_where_some_may_be_derived(fit_and_overlay: tuple[Fit, str]) -> None:
    fit, _ = fit_and_overlay
    assert fit.feasible
    assert not fit.optimal
    assert fit.conflicts == ()


def test_a_fit_comes_back_from_its_json(fit_and_overlay: tuple[Fit, str]) -> None:
    fit, _ = fit_and_overlay
    assert any(isinstance(value, tuple | Mapping) for fact in fit.facts for value in fact.entry.values())
    read = Fit.from_json(fit.to_json())
    assert read == fit
    assert read.to_json() == fit.to_json()
    assert hash(read) == hash(fit)


def test_every_chosen_fact_is_hypothetical_and_cites_the_solver(fitted: Dataset, stated: Dataset) -> None:
    known = {fact.id for company in stated.companies for fact in company.facts}
    added = [fact for company in fitted.companies for fact in company.facts if fact.id not in known]
    assert added
    assert all(fact.is_hypothetical for fact in added)
    assert {fact.source.id for fact in added if fact.source} == {"solver"}


def test_hypothetical_facts_are_not_counted_unless_asked_for(
    methodology: Methodology, fitted: Dataset, stated: Dataset
) -> None:
    with_facts, without = cc.rank(fitted, methodology), cc.rank(stated, methodology)
    for left, right in zip(with_facts.cohorts, without.cohorts, strict=True):
        assert [(row.rank, row.scorecard.total) for row in left.rows] == [
            (row.rank, row.scorecard.total) for row in right.rows
        ]


def test_their_points_are_split_from_stated_points_on_every_level(methodology: Methodology, fitted: Dataset) -> None:
    for company in fitted.companies:
        card = cc.score(company, methodology, with_hypothetical=True)
        plain = cc.score(company, methodology)
        assert known(card.total) - known(card.hypothetical_total) == plain.total
        assert "hypothetical" in {notice.code for notice in card.notices}
        for category in card.categories:
            stated_points = plain.category(category.id).points
            assert category.points - category.hypothetical_points == stated_points
            for criterion in category.criteria:
                assert criterion.points - criterion.hypothetical_points == plain.criterion(criterion.id).points


def _changed(dataset: Dataset, company: str, figure: str, value: str) -> Dataset:
    assert dataset.published is not None
    rows = tuple(
        evolve(r, scores={**r.scores, figure: Decimal(value)}) if r.company == company else r
        for r in dataset.published.rows
    )
    return evolve(dataset, published=PublishedTable(rows))


def test_a_figure_off_the_lattice_is_the_whole_conflict(methodology: Methodology, stated: Dataset) -> None:
    fit, overlay = cc.analysis.fit(_changed(stated, "gds", "influence", "6.05"), methodology)
    assert (fit.feasible, overlay) == (False, "")
    assert [(c.company, c.figure, c.published) for c in fit.conflicts] == [("gds", "influence", "6.05")]
    assert Fit.from_json(fit.to_json()) == fit


def test_a_figure_that_only_a_count_forbids_stands_with_that_count(methodology: Methodology, stated: Dataset) -> None:
    impossible = tuple(evolve(s, published=25) if s.id == "scope_3_emissions" else s for s in stated.statements)
    fit, _ = cc.analysis.fit(evolve(stated, statements=impossible), methodology)
    assert not fit.feasible
    assert (None, "scope_3_emissions") in {(c.company, c.figure) for c in fit.conflicts}


def test_without_the_solver_the_message_says_what_to_install(
    methodology: Methodology, stated: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ortools.sat.python", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'cleancloud-rules\[fit\]'"):
        cc.analysis.fit(stated, methodology)


def test_a_fit_says_of_which_facts_there_are_too_many_kinds(
    methodology: Methodology, stated: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fact_kinds, "MAX_KINDS", 20)
    with pytest.raises(cc.CriteriaError) as raised:
        cc.analysis.fit(stated, methodology)
    assert {finding.code for finding in raised.value.diagnostics} == {"too-complex"}
    first = str(raised.value.diagnostics[0])
    assert re.search(
        r"facts\.yaml:\d+:\d+: error\[too-complex\]: facts of `\w+` can be of more than [\d,]+ kinds", first
    ), first


def test_the_overlay_gives_no_goal_for_a_cloud_service_of_an_operator(fitted: Dataset) -> None:
    goals = [
        (company.cohort, fact.get("coverage"))
        for company in fitted.companies
        for fact in company.facts
        if fact.is_hypothetical and fact.type == "commitment"
    ]
    assert ("data_center_operator", "cloud_services") not in goals
