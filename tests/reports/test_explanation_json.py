"""Tests of the explanation of one criterion as data."""

import pytest

from cleancloud_rules.reports.explanation_json import explanation
from tests.support import samples
from tests.support.fictional import LIBRARIES, card


def test_it_names_the_criterion_its_category_and_the_company() -> None:
    said = explanation(samples.scorecard(), "ladder")
    assert said["criterion"].id == "ladder"
    assert said["category"]["id"] == "energy"
    assert said["company"].id == "acme"
    assert said["notices"] == samples.NOTICES


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
