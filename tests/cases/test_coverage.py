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
    assert made.won == 2


def test_a_rule_that_fires_and_never_wins_is_told_from_one_that_never_fires() -> None:
    made = coverage([small.fact("share", {"percent": 50})])
    assert names(made.never_fired) == ["goals.soon", "goals.dated"]
    assert names(made.never_won) == ["ladder.low", "goals.soon", "goals.dated"]
    assert names(made.never_silent) == ["ladder.high", "ladder.low"]


@pytest.mark.parametrize(("percent", "reached"), [("0", True), ("66.6", True), ("66.7", False), ("100", False)])
def test_percentages_are_exact(percent: str, reached: bool) -> None:
    rules = tuple(RuleCoverage("c", str(i), i, i, 1, "c.yaml", 1) for i in range(3))
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


def test_what_was_never_failed_and_what_was_never_failed_alone_are_listed() -> None:
    made = coverage(
        [small.fact("goal", {**SOON, "year": 2031, "coverage": "part"}), small.fact("share", {"percent": 5})]
    )
    assert "goals.soon: topic: energy" in names(made.never_failed)
    assert names(made.never_alone) == ["goals.soon: coverage: whole", "goals.soon: year: <= 2030"]


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
