"""Tests of the explanation of one criterion as data."""

import pytest

import cleancloud_rules as cc
from cleancloud_rules.reports.explanation_json import explanation
from tests.support import samples
from tests.support.fictional import LIBRARIES, card


def test_it_names_the_criterion_its_category_and_the_company() -> None:
    said = explanation(samples.scorecard(), "ladder")
    assert said["criterion"].id == "ladder"
    assert said["category"]["id"] == "energy"
    assert said["company"].id == "acme"
    assert said["notices"] == samples.NOTICES


def test_it_names_the_total_and_the_bounds_of_what_the_criterion_is_a_part_of() -> None:
    methodology = cc.load_methodology("clean_cloud_2024")
    company = cc.load_dataset("clean_cloud_2024", methodology).company("GDS")
    found = cc.score(company, methodology, with_bounds=True)
    assert found.bounds is not None
    said = explanation(found, "pue_goal")
    assert said["total"]["total"] == found.total
    assert said["bounds"] == found.bounds.criterion("pue_goal")
    assert said["total_bounds"]["floor"] == found.bounds.floor
    assert said["total_bounds"]["ceiling"] == found.bounds.ceiling
    of_category = found.bounds.category("carbon_reduction")
    assert said["category"]["id"] == said["category_bounds"]["id"] == of_category.id
    assert said["category_bounds"]["ceiling"] == of_category.ceiling
    assert "criteria" not in said["category_bounds"]
    alone = explanation(cc.score(company, methodology), "pue_goal")
    assert [alone[name] for name in ("bounds", "category_bounds", "total_bounds")] == [None, None, None]


def test_it_holds_every_fact_that_the_criterion_names_and_no_other() -> None:
    said = explanation(samples.scorecard(), "ladder")
    assert [fact.id for fact in said["facts"]] == ["share-1", "share-2"]
    assert [source.id for source in said["sources"]] == ["annual-report"]


def test_a_criterion_without_facts_has_none() -> None:
    assert explanation(samples.scorecard(), "gone")["facts"] == []


def test_an_unknown_criterion_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        explanation(samples.scorecard(), "unknown")


def test_it_holds_the_facts_by_which_a_criterion_does_not_apply() -> None:
    found = card(LIBRARIES, "example_marsh")
    said = explanation(found, "lift")
    assert found.criterion("lift").exempted_by
    assert set(found.criterion("lift").exempted_by) <= {fact.id for fact in said["facts"]}
