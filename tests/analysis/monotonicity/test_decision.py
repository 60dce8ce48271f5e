"""Tests of the exact decision."""

from fractions import Fraction
from typing import Any

import pytest

from cleancloud_rules import methodology_from
from cleancloud_rules.analysis.monotonicity import state_space
from cleancloud_rules.analysis.monotonicity.decision import Decision
from cleancloud_rules.analysis.monotonicity.scored_methodology import scored_criterion
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.results import Improvement
from tests.support import small
from tests.support.small import criterion, rule

A = {"goal": {"topic": "energy"}}


def decision(*rules: dict[str, Any], **more: Any) -> Decision:
    most = more.pop("most", max(r["points"] for r in rules))
    methodology = small.methodology(criterion("asked", most, *rules, **more))
    ruleset = compile_methodology(methodology)
    return Decision(scored_criterion(methodology.criterion("asked"), ruleset), ruleset)


def test_what_no_change_violates_has_no_violation_and_is_proved() -> None:
    found = decision(rule("soon", 2, {"goal": {"year": "<= 2030"}}), rule("dated", 1, {"goal": {"year": "not(null)"}}))
    for sense in Improvement:
        assert found.violations(sense) == ()
        assert found.undecided(sense) is None


def test_a_violation_has_the_fewest_facts_that_show_it() -> None:
    found = decision(rule("few", 2, {"none": [{"count": {"of": A, "at_least": 2}}]}))
    (violation,) = found.violations(Improvement.EVIDENCE)
    assert len(violation.company) == 1
    assert violation.change.old is None
    assert found.violations(Improvement.VALUE) == ()


def test_violations_of_few_facts_come_first() -> None:
    either = {"none": [{"goal": {"year": "<= 2030"}}, {"count": {"of": A, "at_least": 2}}]}
    sizes = [len(violation.company) for violation in decision(rule("few", 2, either)).violations(Improvement.EVIDENCE)]
    assert sizes == sorted(sizes)
    assert set(sizes) == {0, 1}


def test_a_change_of_one_field_is_a_violation_in_value() -> None:
    found = decision(rule("late", 2, {"goal": {"year": ">= 2030"}}))
    (violation,) = found.violations(Improvement.VALUE)
    assert (violation.company, violation.change.field) == ((), "year")
    assert violation.size == (0, violation.change.cost)


def test_the_extremes_are_those_of_all_states() -> None:
    found = decision(
        rule("a", 2, A), rule("b", 3, {"none": [A]}), hit_policy="collect sum", most=5,
    )  # fmt: skip
    assert found.extremes() == (Fraction(2), Fraction(3), True)


def test_facts_that_only_derivations_make_leave_it_undecided() -> None:
    reported = {"share": {"evidence": {"source_type": "report"}}}
    found = decision(rule("stated", 2, {"none": [{"share": {}}]}), rule("sourced", 2, reported), horizon="short_term")
    assert found.violations(Improvement.EVIDENCE) == ()
    assert found.undecided(Improvement.EVIDENCE) == "facts that only a derivation can make may lower it"
    assert found.extremes() == (Fraction(0), Fraction(2), False)


def test_what_is_derived_from_an_improved_field_leaves_it_undecided() -> None:
    files = small.files(criterion("asked", 2, rule("some", 2, {"share": {"percent": "> 10"}}), horizon="short_term"))
    energy = small.FACT_TYPES["energy"]
    fields = {**energy["fields"], "amount": {**energy["fields"]["amount"], "better": "higher"}}
    files["facts.yaml"]["fact_types"] = {**small.FACT_TYPES, "energy": {**energy, "fields": fields}}
    methodology = methodology_from(files)
    ruleset = compile_methodology(methodology)
    found = Decision(scored_criterion(methodology.criterion("asked"), ruleset), ruleset)
    assert found.violations(Improvement.VALUE) == ()
    assert found.undecided(Improvement.VALUE) == "derived facts may change"
    assert found.undecided(Improvement.NARROWING) is None


def test_what_is_too_large_has_no_extremes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, "MAX_STATES", 1)
    found = decision(rule("a", 2, A))
    assert found.extremes() is None
    with pytest.raises(TooLargeError):
        found.violations(Improvement.EVIDENCE)
