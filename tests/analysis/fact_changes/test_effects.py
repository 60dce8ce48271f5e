"""Tests of what changes for one company: which criteria are listed, and which facts are responsible."""

from typing import Any

from cleancloud_rules.analysis import what_if
from cleancloud_rules.results.differences import ChangedFigureKind, WordKind
from tests.support import small

SHARE = small.fact("share", {"percent": 50, "base": "electricity"})
GOAL = small.fact("goal", {"topic": "energy", "year": 2030, "coverage": "whole"})


def parts(methodology: Any, company: Any, **question: Any) -> dict[str, tuple[int, ...]]:
    """Return the changes that are responsible, by the criterion or group."""
    found = what_if(company, methodology, **question)
    return {part.id: part.changes for part in found.companies[0].parts}


def test_each_criterion_names_the_changes_in_whose_step_it_changes() -> None:
    own = small.methodology(small.LADDER, small.GOALS)
    assert parts(own, small.company(own), facts={"facts": [GOAL, SHARE]}) == {"ladder": (2,), "goals": (1,)}


def test_a_derivation_leads_back_to_the_facts_that_it_reads() -> None:
    own = small.methodology(small.LADDER)
    use = [small.fact("energy", {"status": status, "amount": "5 GWh"}) for status in ("bought", "used")]
    assert parts(own, small.company(own, use[0]), facts={"facts": [GOAL, use[1]]}) == {"ladder": (2,)}


def test_a_criterion_that_another_one_opens_is_listed_with_the_fact_that_does_it() -> None:
    own = small.methodology(small.LADDER, {**small.GOALS, "requires": [{"of": "ladder"}]})
    assert parts(own, small.company(own, GOAL), facts={"facts": [SHARE]}) == {"ladder": (1,), "goals": (1,)}


def test_a_search_without_result_changes_an_outcome_and_is_no_fact() -> None:
    own = small.methodology(small.LADDER)
    found = what_if(small.company(own), own, facts={"not_found": [{"share": {}}]})
    (company,) = found.companies
    assert [(part.id, part.changes, part.facts) for part in company.parts] == [("ladder", (1,), ())]
    word = company.word(WordKind.OUTCOME, "ladder")
    assert (word.old, word.new) == ("not_assessed", "not_found")
    points = company.figure(ChangedFigureKind.POINTS, "ladder")
    assert [points.old, points.new, points.change] == [0, 0, 0]
    assert points.contributions == ()


def test_a_fact_that_changes_nothing_leaves_no_part() -> None:
    own = small.methodology(small.LADDER)
    assert parts(own, small.company(own), facts={"facts": [GOAL]}) == {}


def test_a_group_that_a_fact_exempts_is_listed_like_a_criterion() -> None:
    exempt: dict[str, Any] = {"when": {"site": {}}}
    categories = [
        {"id": "one", "title": "One", "weight": 50, "not_applicable": exempt},
        {"id": "two", "title": "Two", "weight": 50},
    ]
    own = small.tree(categories, {"one": [small.LADDER], "two": [small.GOALS]})
    site = small.fact("site", {"region": "north"})
    assert parts(own, small.company(own, SHARE), facts={"facts": [site]}) == {"one": (1,), "ladder": (1,)}
