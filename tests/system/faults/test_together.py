"""A goal that is stated scope by scope, in two facts: it earned nothing."""

import pytest

import cleancloud_rules as cc
from tests.support import small

SOON = small.criterion(
    "both",
    6,
    small.rule("soon", 6, {"goal": {"topic": "carbon", "year": "<= 2030", "scopes": {"together": ["one", "two"]}}}),
)
METHODOLOGY = small.methodology(SOON)


def goal(scopes: object, year: int, **more: object) -> dict[str, object]:
    return small.fact("goal", {"topic": "carbon", "scopes": scopes, "year": year, **more})


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ([goal("one", 2028), goal("two", 2025)], 6),
        ([goal(["one", "two"], 2030)], 6),
        ([goal(["one", "three"], 2030), goal(["two", "three"], 2020)], 6),
        ([goal("one", 2028), goal("two", 2031)], 0),
        ([goal("one", 2028), goal("three", 2025)], 0),
        ([goal("one", 2028)], 0),
    ],
)
def test_facts_have_names_together(facts: list[dict[str, object]], points: int) -> None:
    card = small.card(METHODOLOGY, *facts)
    assert card.criteria[0].points == points
    assert len(card.criteria[0].rules[0].facts) == (len(facts) if points else 0), "each of them is cited"


def test_it_never_asks_for_more_than_all_of_one_fact() -> None:
    narrow = small.criterion("both", 6, small.rule("soon", 6, {"goal": {"scopes": {"all": ["one", "two"]}}}))
    company = [goal(["one", "two"], 2030), goal("one", 2040)]
    assert small.card(small.methodology(narrow), *company).criteria[0].points == 6
    certificate = cc.analysis.certify(METHODOLOGY, examples=20)
    assert {j.verdict.value for j in certificate.criteria[0].judgements} == {"proved"}
    assert "all_and_any" in certificate.criteria[0].judgements[0].lemmas


def test_what_is_missing_is_said_name_by_name() -> None:
    rule = small.card(METHODOLOGY, goal("one", 2028)).criteria[0].rules[0]
    assert [unmet.tests for unmet in rule.unmet] == [("scopes: two (the fact says one)",)]
