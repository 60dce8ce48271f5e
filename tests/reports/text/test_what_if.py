"""Tests of what-ifs as text: what changes is said, what does not is not, and each kind of methodology works."""

from typing import Any

from cleancloud_rules import load_dataset
from cleancloud_rules.analysis import what_if
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.what_if import SHOWN_STEPS, what_if_text
from tests.support import small
from tests.support.fictional import EXAMPLES, LIBRARIES, TOOLS, methodology

OWN = small.methodology(small.LADDER, small.GOALS)
SHARE = small.fact("share", {"percent": 50, "base": "electricity"})
GOAL = small.fact("goal", {"topic": "energy", "year": 2030, "coverage": "whole"})


def text(*stated: dict[str, Any], methodology: Any = OWN, **question: Any) -> str:
    return as_text(what_if_text(what_if(small.company(methodology, *stated), methodology, **question)))


def test_the_notice_comes_first_and_added_facts_are_marked() -> None:
    shown = text(facts={"facts": [SHARE]})
    assert shown.startswith("WHAT IF: ")
    assert "What changes if 1 fact is added?" in shown
    assert "1. Added to Acme (what if)\n" in shown
    assert "who says so: published by the company (added in this what-if)" in shown


def test_removed_facts_are_not_marked_as_added() -> None:
    id = small.company(OWN, SHARE).facts[0].id
    shown = text(SHARE, without=id)
    assert "What changes if 1 fact is removed?" in shown
    assert "1. Removed from Acme\n" in shown
    assert "added in this" not in shown


def test_the_question_counts_facts_and_searches() -> None:
    question = {"facts": [SHARE, GOAL], "not_found": [{"site": {}}]}
    assert "What changes if 2 facts are added and 1 search without result is added?" in text(facts=question)


def test_several_steps_have_columns_and_many_have_none() -> None:
    shown = text(facts={"facts": [SHARE, GOAL]})
    assert "change 1  change 2" in shown
    assert "Total  0.00  100.00  +100.00    +40.00    +60.00  +40.00 ladder, +60.00 goals" in shown
    shares = [small.fact("share", {"percent": n, "base": "electricity"}) for n in range(1, SHOWN_STEPS + 1)]
    many = text(facts={"facts": [*shares, SHARE, GOAL]})
    assert "By criterion" in many
    assert "change 1  change" in many


def test_a_fact_that_changes_nothing_says_so() -> None:
    shown = text(facts={"facts": [small.fact("site", {"region": "north"})]})
    assert shown.endswith("Acme (Big ones)\nNothing changes.\n")


def test_points_are_shown_where_only_the_outcome_changes() -> None:
    lines = text(facts={"not_found": [{"share": {}}]}).splitlines()
    (line,) = (line for line in lines if line.startswith("ladder"))
    assert line.split()[:4] == ["ladder", "0.0", "0.0", "0"]


def test_an_added_fact_that_does_not_count_says_why() -> None:
    old = small.fact("share", {"percent": 50, "base": "electricity"}, period=2001)
    assert "does not count: " in text(facts={"facts": [old]})


def test_a_fact_without_a_source_says_so() -> None:
    fact = {key: value for key, value in SHARE.items() if key != "source"}
    assert "source: none given" in text(facts={"facts": [fact]})


def test_changes_that_are_one_step_are_named_together() -> None:
    single = {"share": {**small.FACT_TYPES["share"], "selection": "single"}}
    own = small.methodology(small.LADDER, fact_types=single)
    stated = [small.fact("share", {"percent": n, "base": "electricity"}, period=2022) for n in (5, 7)]
    company = small.company(own, *stated, SHARE)
    late = next(fact.id for fact in company.facts if fact.values.get("percent") == 50)
    other = small.fact("share", {"percent": 8, "base": "electricity"})
    shown = as_text(what_if_text(what_if(company, own, without=late, facts={"facts": [other]})))
    assert "Changes 1 and 2 are one step. They are valid only together." in shown


def test_a_maturity_model_without_scores_shows_levels_and_outcomes() -> None:
    rules = methodology(LIBRARIES)
    dataset = load_dataset(EXAMPLES / LIBRARIES, rules)
    company = next(c for c in dataset.companies if c.id == "example_harbour")
    premises = next(fact.id for fact in company.facts if fact.type == "premises")
    shown = as_text(what_if_text(what_if(dataset, rules, without=f"example_harbour:{premises}")))
    assert "Level: " in shown
    assert "by change 1" in shown
    assert "None" not in shown


def test_a_survey_is_shown_with_the_answer_that_changes() -> None:
    rules = methodology(TOOLS)
    dataset = load_dataset(EXAMPLES / TOOLS, rules)
    company = dataset.companies[0]
    shown = as_text(what_if_text(what_if(dataset, rules, without=f"{company.id}:{company.facts[0].id}")))
    assert f"1. Removed from {company.name}" in shown
    assert "None" not in shown


def test_ranks_that_do_not_change_are_said_not_to() -> None:
    shown = as_text(what_if_text(what_if([small.company(OWN, SHARE)], OWN, facts={"id": "acme", "facts": [GOAL]})))
    assert "No rank changes. 1 company is ranked." in shown
