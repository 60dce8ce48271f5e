"""Tests of the states that facts lead to."""

from typing import Any

import pytest

from cleancloud_rules.analysis.monotonicity import state_space
from cleancloud_rules.analysis.monotonicity.scored_methodology import scored_criterion
from cleancloud_rules.analysis.monotonicity.state_space import Reach
from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.results import Improvement
from tests.support import small
from tests.support.small import criterion, rule

A, B = {"goal": {"topic": "energy"}}, {"goal": {"topic": "carbon"}}


def reach(*rules: dict[str, Any], derived: bool = False, **more: Any) -> Reach:
    most = more.pop("most", max(r["points"] for r in rules))
    methodology = small.methodology(criterion("asked", most, *rules, **more))
    ruleset = compile_methodology(methodology)
    scored = scored_criterion(methodology.criterion("asked"), ruleset)
    return Reach(scored, ruleset, AnswerKeys(ruleset), derived=derived)


def test_the_first_state_is_that_of_a_company_without_facts() -> None:
    reached = reach(rule("none", 3, {"none": [A]})).reached
    assert reached.values == [3, 0]
    assert reached.company(0) == ()
    assert [kind.type for kind in reached.company(1)] == ["goal"]


def test_every_set_of_conditions_that_facts_satisfy_together_is_a_state() -> None:
    reached = reach(rule("both", 2, {"all": [A, B]}), rule("one", 1, A)).reached
    assert sorted(reached.values) == [0, 0, 1, 2]
    last = max(range(4), key=lambda number: reached.values[number])
    assert len(reached.company(last)) == 2


def test_facts_are_counted_up_to_what_is_asked_for() -> None:
    reached = reach(rule("three", 1, {"count": {"of": A, "at_least": 3}})).reached
    assert reached.values == [0, 0, 0, 1]
    assert len(reached.company(3)) == 3


def test_distinct_values_are_counted_once_each() -> None:
    count = {"count": {"of": A, "distinct": "coverage", "at_least": 2}}
    reached = reach(rule("two", 1, count)).reached
    assert max(reached.values) == 1
    assert len(reached.company(reached.values.index(max(reached.values)))) == 2
    three = {"count": {"of": A, "distinct": "coverage", "at_least": 3}}
    assert max(reach(rule("three", 1, three)).reached.values) == 0  # the field has two values


def test_members_of_a_set_are_counted_one_by_one() -> None:
    count = {"count": {"of": A, "distinct": "scopes", "at_least": 3}}
    reached = reach(rule("all_three", 1, count)).reached
    assert len(reached.company(reached.values.index(max(reached.values)))) == 1


def test_what_is_scored_once_a_fact_is_added_is_known_for_every_state_and_kind() -> None:
    found = reach(rule("none", 3, {"none": [A]}), rule("other", 1, B))
    reached = found.reached
    ranks = sorted(set(reached.values))
    for kind in reached.kinds:
        worth = [ranks[rank] for rank in reached.worth_with(kind)]
        assert all(value in ranks for value in worth)
    assert [ranks[rank] for rank in reached.worth_with(None)] == reached.values


def test_changes_come_with_what_states_least_first() -> None:
    asked = {"all": [{"goal": {"year": "<= 2030"}}, {"goal": {"coverage": "whole"}}]}
    changes = reach(rule("soon", 1, asked)).changes(Improvement.VALUE)
    assert {change.field for change in changes} == {"year", "coverage"}
    costs = [change.cost for change in changes]
    assert costs == sorted(costs)


def test_a_type_that_derivations_make_is_told_apart_where_sources_are_asked_for() -> None:
    plain = reach(rule("share", 1, {"share": {"percent": "> 10"}}), horizon="short_term")
    assert plain.derivable == {"share"}
    assert not plain.tells_derived
    sourced = reach(rule("share", 1, {"share": {"evidence": {"source_type": "report"}}}), horizon="short_term")
    assert sourced.tells_derived
    assert not reach(rule("goal", 1, A)).derivable


@pytest.mark.parametrize("limit", ["MAX_STATES", "MAX_STEPS"])
def test_too_many_states_are_too_large(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, limit, 1)
    with pytest.raises(TooLargeError):
        _ = reach(rule("both", 2, {"all": [A, B]})).reached


def test_too_many_changes_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, "MAX_CHANGES", 1)
    found = reach(rule("both", 2, {"all": [A, B]}))
    with pytest.raises(TooLargeError):
        found.changes(Improvement.EVIDENCE)
