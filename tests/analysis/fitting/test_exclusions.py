"""Tests of what a fit must respect beside the table: excluded facts, named companies and superlatives."""

from decimal import Decimal
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Company, Dataset, Methodology
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.model import Condition, NeverHypothetical, PublishedClaim, Reading, When
from cleancloud_rules.model.claims import Highest
from cleancloud_rules.model.published import PublishedRow, PublishedTable
from tests.support import small

PART = {"goal": {"topic": "energy", "coverage": "part"}}
WHOLE = {"goal": {"topic": "energy", "coverage": "whole"}}
HIGH = {"share": {"percent": "> 10"}}


@pytest.fixture(scope="module")
def goals() -> Methodology:
    """Return a methodology in which a goal of either coverage earns everything."""
    return small.methodology(small.criterion("c", 2, small.rule("r", 2, {"any": [PART, WHOLE]})))


@pytest.fixture(scope="module")
def shares() -> Methodology:
    """Return a methodology in which a share above 10% earns everything."""
    return small.methodology(small.criterion("c", 2, small.rule("r", 2, HIGH), horizon="short_term"))


def dataset(companies: tuple[Company, ...], scores: tuple[str, ...], **more: Any) -> Dataset:
    """Return a dataset with a published score of each company."""
    where = Location(SourceFile("published.csv"))
    rows = (
        PublishedRow(str(company.id), None, None, None, {"whole": Decimal(score)}, None, where)
        for company, score in zip(companies, scores, strict=True)
    )
    return Dataset("D", "small", companies, published=PublishedTable(tuple(rows)), **more)


def chosen(found: Dataset, used: Methodology) -> dict[str, list[Any]]:
    """Return the values of the chosen facts by company; `feasible` is part of it."""
    fit, _ = cc.analysis.fit(found, used)
    assert fit.feasible
    values: dict[str, list[Any]] = {}
    for fact in fit.facts:
        values.setdefault(fact.company, []).append(fact.entry[fact.type])
    return values


def condition(used: Methodology, number: int) -> Condition:
    """Return a condition of the only rule."""
    when = used.criteria[0].rules[0].when
    found = cc.model.conditions.conditions_of(when)[number]
    assert isinstance(found, Condition)
    return found


def when_of(used: Methodology) -> When:
    return used.criteria[0].rules[0].when


@pytest.mark.parametrize(("excluded", "left"), [(0, "whole"), (1, "part")])
def test_no_excluded_fact_is_chosen(goals: Methodology, excluded: int, left: str) -> None:
    company = (small.company(goals),)
    never = (NeverHypothetical(condition(goals, excluded), "Because."),)
    values = chosen(dataset(company, ("100.00",), never_hypothetical=never), goals)
    assert [value["coverage"] for value in values["acme"]] == [left]


def test_what_is_excluded_of_another_cohort_may_be_chosen(goals: Methodology) -> None:
    companies = (small.company(goals, id="big"), small.company(goals, id="tiny", cohort="tiny"))
    never = tuple(NeverHypothetical(condition(goals, number), "Because.", "tiny") for number in (0, 1))
    fit, _ = cc.analysis.fit(dataset(companies, ("100.00", "100.00"), never_hypothetical=never), goals)
    assert not fit.feasible
    assert {target.company for target in fit.conflicts} == {"tiny"}
    assert set(chosen(dataset(companies, ("100.00", "0.00"), never_hypothetical=never), goals)) == {"big"}


def test_stated_facts_may_be_what_no_solver_may_choose(goals: Methodology) -> None:
    company = (small.company(goals, small.fact("goal", {"topic": "energy", "coverage": "part"})),)
    never = tuple(NeverHypothetical(condition(goals, number), "Because.") for number in (0, 1))
    assert chosen(dataset(company, ("100.00",), never_hypothetical=never), goals) == {}


@pytest.mark.parametrize(("named", "other"), [("a", "b"), ("b", "a")])
def test_a_count_that_names_its_companies_binds_the_solver(goals: Methodology, named: str, other: str) -> None:
    companies = tuple(small.company(goals, id=id) for id in ("a", "b"))
    part = PublishedClaim("part", "Part", 1, condition(goals, 0), companies=(named,))
    values = chosen(dataset(companies, ("100.00", "100.00"), statements=(part,)), goals)
    assert values[named][0]["coverage"] == "part"
    assert values[other][0]["coverage"] == "whole"


def test_a_count_that_names_a_company_of_another_cohort_cannot_be_met(goals: Methodology) -> None:
    companies = (small.company(goals, id="a"),)
    tiny = PublishedClaim("tiny", "Tiny", cc.model.Interval(0, None), None, cohort="tiny", companies=("a",))
    fit, _ = cc.analysis.fit(dataset(companies, ("100.00",), statements=(tiny,)), goals)
    assert [target.figure for target in fit.conflicts] == ["tiny"]


def test_a_refused_reading_binds_nothing(goals: Methodology) -> None:
    companies = (small.company(goals, id="a"),)
    impossible = PublishedClaim("no", "No", 0, when_of(goals), reading=Reading.REFUSED, reason="Not meant.")
    assert set(chosen(dataset(companies, ("100.00",), statements=(impossible,)), goals)) == {"a"}


@pytest.mark.parametrize(
    ("stated", "feasible"),
    [({"more_than": 5}, False), ({"more_than": 20}, True), ({"at_least": 20}, True), (7, False)],
)
def test_no_chosen_fact_denies_a_superlative(shares: Methodology, stated: Any, feasible: bool) -> None:
    first = small.company(shares, small.fact("share", {"percent": stated}), id="first")
    other = small.company(shares, id="other")
    highest = Highest(Condition("share"), "percent")
    claim = PublishedClaim("one", "One", 1, highest=highest, companies=("first",))
    scores = ("100.00" if feasible else "0.00", "100.00")
    fit, _ = cc.analysis.fit(dataset((first, other), scores, statements=(claim,)), shares)
    assert fit.feasible is feasible
    assert all(fact.entry["share"]["percent"] <= 20 for fact in fit.facts)
