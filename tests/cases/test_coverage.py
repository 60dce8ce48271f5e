"""Tests of coverage: which rules fired and won, which unary tests failed, and which were needed."""

from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules.results.case_reports import Coverage, RuleCoverage
from tests.cases.test_runner import report
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)
EXPECT = {"criteria": {"goals": 0}}
SOON = {"topic": "energy", "year": 2030, "coverage": "whole"}


def coverage(*companies: list[dict[str, Any]], criteria: tuple[dict[str, Any], ...] = ()) -> Coverage:
    methodology = small.methodology(*criteria) if criteria else METHODOLOGY
    first = methodology.criteria[0].id
    cases = [{"facts": facts, "expect": {"criteria": {first: 0}}} for facts in companies]
    return report(methodology, *cases).coverage


def names(found: tuple[Any, ...]) -> list[str]:
    return [covered.name for covered in found]


def test_rules_are_counted_case_by_case() -> None:
    made = coverage([small.fact("share", {"percent": 50})], [small.fact("share", {"percent": 5})], [])
    counts = {rule.name: (rule.fired, rule.won, rule.silent) for rule in made.rules}
    assert counts == {
        "goals.soon": (0, 0, 3),
        "goals.dated": (0, 0, 3),
        "ladder.high": (1, 1, 2),
        "ladder.low": (2, 1, 1),
    }


def test_a_rule_that_fires_and_never_wins_is_told_from_one_that_never_fires() -> None:
    made = coverage([small.fact("share", {"percent": 50})])
    assert names(made.never_fired) == ["goals.soon", "goals.dated"]
    assert names(made.never_won) == ["ladder.low", "goals.soon", "goals.dated"]
    assert names(made.never_silent) == ["ladder.high", "ladder.low"]


def covered(methodology: Any, *cases: dict[str, Any]) -> Coverage:
    return report(methodology, *cases).coverage


def test_a_rule_is_covered_only_if_an_expectation_depends_on_it() -> None:
    facts = [small.fact("share", {"percent": 50}), small.fact("goal", SOON)]
    made = covered(METHODOLOGY, {"facts": facts, "expect": {"criteria": {"ladder": 4}}})
    by_name = {rule.name: (rule.fired, rule.won, rule.noticed_by) for rule in made.rules}
    assert by_name["ladder.high"] == (1, 1, "Example 0")
    assert by_name["goals.soon"] == (1, 1, None)
    assert names(made.uncovered_rules) == ["ladder.low", "goals.soon", "goals.dated"]
    assert (made.covered, made.counted) == (1, 4)
    assert not made.reaches(Decimal(100))


def test_a_test_is_covered_only_if_a_verdict_is_another_one_without_it() -> None:
    late = {"facts": [small.fact("goal", {**SOON, "year": 2031})]}
    unnamed = covered(METHODOLOGY, {**late, "expect": {"criteria": {"ladder": 0}}})
    assert "goals.soon: year: <= 2030" in names(unnamed.uncovered_tests)
    made = covered(METHODOLOGY, {**late, "expect": {"criteria": {"goals": 2}}})
    assert "goals.soon: year: <= 2030" not in names(made.uncovered_tests)
    assert "goals.soon: coverage: whole" in names(made.uncovered_tests)


def test_a_case_that_passes_only_without_a_rule_notices_it() -> None:
    made = covered(
        METHODOLOGY, {"facts": [small.fact("share", {"percent": 50})], "expect": {"criteria": {"ladder": 1}}}
    )
    assert {rule.name: rule.noticed_by for rule in made.rules}["ladder.high"] == "Example 0"


def test_a_rule_that_can_change_nothing_is_not_counted() -> None:
    when = {"share": {"percent": "> 10"}}
    idle = small.criterion("c", 1, small.rule("no", 0, when), small.rule("yes", 1, {"share": {"percent": "> 20"}}),
                           horizon="short_term")  # fmt: skip
    made = covered(small.methodology(idle), {"facts": [], "expect": {"criteria": {"c": 0}}})
    assert {rule.name: rule.is_idle for rule in made.rules} == {"c.no": True, "c.yes": False}
    assert (made.covered, made.counted) == (0, 1)
    assert names(made.uncovered_rules) == ["c.yes"]
    assert {test.rule for test in made.tests} == {"yes"}


def test_a_rule_of_0_points_that_keeps_a_penalty_away_is_counted() -> None:
    when = {"share": {"percent": "> 10"}}
    rules = small.rule("yes", 1, {"share": {"percent": "> 90"}}), small.rule("loss", -1, {"share": {"percent": "> 5"}})
    kept = small.criterion("c", 1, small.rule("no", 0, when), *rules,
                           horizon="short_term")  # fmt: skip
    case = {"facts": [small.fact("share", {"percent": 20})], "expect": {"criteria": {"c": 0}}}
    made = covered(small.methodology(kept), case)
    assert {rule.name: (rule.is_idle, rule.noticed_by) for rule in made.rules}["c.no"] == (False, "Example 0")


def test_a_rule_is_not_covered_by_a_test_case_in_which_it_does_not_fire() -> None:
    only = small.criterion("c", 1, small.rule("yes", 1, {"share": {"percent": "> 10"}}), horizon="short_term")
    case = {"facts": [small.fact("share", {"percent": 5})], "expect": {"criteria": {"c": "not_met"}}}
    assert names(covered(small.methodology(only), case).uncovered_rules) == ["c.yes"]


@pytest.mark.parametrize(("percent", "reached"), [("0", True), ("66.6", True), ("66.7", False), ("100", False)])
def test_percentages_are_exact(percent: str, reached: bool) -> None:
    rules = tuple(RuleCoverage("c", str(i), i, i, 1, "c.yaml", 1, "Example" if i else None) for i in range(3))
    assert Coverage(rules, ()).reaches(Decimal(percent)) is reached


def test_a_gated_rule_does_not_win() -> None:
    gated = {**small.LADDER, "requires": ["goals"]}
    made = coverage([small.fact("share", {"percent": 50})], criteria=(gated, small.GOALS))
    assert "ladder.high" in names(made.never_won)
    assert "ladder.high" not in names(made.never_fired)


def failures(*companies: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    made = coverage(*companies)
    return {t.name.removeprefix("goals."): (t.failed, t.failed_alone) for t in made.tests if t.criterion == "goals"}


def test_a_test_that_a_fact_fails_alone_is_told_from_one_that_fails_with_others() -> None:
    assert failures([small.fact("goal", {**SOON, "year": 2031, "coverage": "part"})]) == {
        "soon: coverage: whole": (1, 0),
        "soon: topic: energy": (0, 0),
        "soon: year: <= 2030": (1, 0),
        "dated: topic: energy": (0, 0),
        "dated: year: not(null)": (0, 0),
    }
    assert failures([small.fact("goal", {**SOON, "year": 2031})])["soon: year: <= 2030"] == (1, 1)


def test_a_test_is_counted_once_a_case() -> None:
    late = [small.fact("goal", {**SOON, "year": year}) for year in (2031, 2040)]
    assert failures(late, late, [])["soon: year: <= 2030"] == (2, 2)


def test_facts_that_do_not_count_try_nothing() -> None:
    assert failures([small.fact("goal", {**SOON, "year": 2031}, source="leaflet")])["soon: year: <= 2030"] == (0, 0)


def test_what_was_never_failed_is_listed() -> None:
    goal = small.fact("goal", {**SOON, "year": 2031, "coverage": "part"})
    made = coverage([goal, small.fact("share", {"percent": 5})])
    assert "goals.soon: topic: energy" in names(made.never_failed)
    assert "goals.soon: year: <= 2030" not in names(made.never_failed)


def test_a_test_that_no_value_can_fail_is_left_out() -> None:
    rule = small.rule("any", 1, {"share": {"percent": "not(null)", "base": "-", "period": ">= 2023"}})
    made = coverage([], criteria=(small.criterion("c", 1, rule, horizon="short_term"),))
    assert [test.field for test in made.tests] == ["period"]


def test_tests_under_every_combinator_are_listed() -> None:
    when = {
        "all": [
            {"any": [{"goal": {"year": "<= 2030"}}, {"none": [{"goal": {"coverage": "part"}}]}]},
            {"count": {"of": {"site": {"public": True}}, "at_least": 2}},
        ]
    }
    made = coverage([], criteria=(small.criterion("c", 1, small.rule("r", 1, when)),))
    assert names(made.tests) == ["c.r: year: <= 2030", "c.r: coverage: part", "c.r: public: true"]
