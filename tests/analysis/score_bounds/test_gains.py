"""Tests of what further points would do to the total, against scoring with facts that earn them."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.analysis.score_bounds.bounder import Bounder, compiled_for
from cleancloud_rules.model.groups import Parts
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.points import points_of
from tests.support import small

LADDER = small.criterion(
    "ladder",
    10,
    small.rule("low", 4, {"share": {"percent": ">= 10"}}),
    small.rule("high", 10, {"share": {"percent": ">= 50"}}),
    horizon="short_term",
)
SUM = small.criterion(
    "sum",
    5,
    small.rule("one", 2, {"goal": {"topic": "energy"}}),
    small.rule("two", 3, {"goal": {"topic": "carbon"}}),
    hit_policy="collect sum",
)


def gained(methodology: cc.Methodology, *facts: dict[str, Any], **more: Any) -> dict[str, list[tuple[str, Any, Any]]]:
    """Return the next rules of each criterion, with the gains of points and total."""
    bounds = cc.score(small.company(methodology, *facts, **more), methodology, with_bounds=True).bounds
    assert bounds is not None
    found = (criterion for group in bounds.groups for criterion in group.criteria)
    return {c.id: [(gain.id, gain.points, gain.total) for gain in c.next_rules] for c in found}


def test_the_next_rules_are_those_that_would_add_points_the_smallest_gain_first() -> None:
    methodology = small.methodology(LADDER, SUM)
    stated = small.fact("share", {"percent": 20})
    found = gained(methodology, stated)
    # The ladder has 4 of 10 points; 15 points are 100, so that 6 more are 40.
    assert found["ladder"] == [("high", 6, Decimal("40.00"))]
    assert [(id, points) for id, points, _ in found["sum"]] == [("one", 2), ("two", 3)]


def test_the_gain_is_what_scoring_with_such_a_fact_gives() -> None:
    methodology = small.methodology(LADDER, SUM)
    before = small.card(methodology)
    found = gained(methodology)
    further = {
        ("ladder", "low"): small.fact("share", {"percent": 10}),
        ("ladder", "high"): small.fact("share", {"percent": 50}),
        ("sum", "one"): small.fact("goal", {"topic": "energy"}),
        ("sum", "two"): small.fact("goal", {"topic": "carbon"}),
    }
    for (criterion, rule), fact in further.items():
        after = small.card(methodology, fact)
        (gain,) = (gain for gain in found[criterion] if gain[0] == rule)
        assert gain[1] == after.criterion(criterion).points - before.criterion(criterion).points
        assert before.total is not None
        assert after.total is not None
        assert gain[2] == after.total - before.total


def test_a_rule_that_a_search_without_result_rules_out_is_no_next_rule() -> None:
    methodology = small.methodology(LADDER)
    found = gained(methodology, not_found=[{"share": {"percent": ">= 50"}}])
    assert [id for id, _, _ in found["ladder"]] == ["low"]


def test_a_criterion_behind_a_closed_gate_has_no_next_rule() -> None:
    gated = {**SUM, "requires": ["ladder"]}
    methodology = small.methodology(LADDER, gated)
    assert gained(methodology)["sum"] == []
    assert gained(methodology, small.fact("share", {"percent": 60}))["sum"] != []


def test_the_effect_of_a_point_is_not_rounded() -> None:
    methodology = small.methodology(LADDER, SUM)
    bounds = cc.score(small.company(methodology), methodology, with_bounds=True).bounds
    assert bounds is not None
    assert {c.point_effect for group in bounds.groups for c in group.criteria} == {Fraction(20, 3)}


def test_a_gain_is_no_more_than_the_upper_bound_allows() -> None:
    # The goal that fires the second rule keeps the first one from firing.
    without = small.rule(
        "without", 3, {"all": [{"goal": {"topic": "energy"}}, {"none": [{"goal": {"topic": "carbon"}}]}]}
    )
    with_it = small.rule("with_it", 5, {"goal": {"topic": "carbon"}})
    methodology = small.methodology(small.criterion("q", 8, without, with_it, hit_policy="collect sum"))
    assert gained(methodology, small.fact("goal", {"topic": "energy"}))["q"] == [("with_it", 2, Decimal("25.00"))]


def test_a_number_that_was_not_found_limits_the_gain_in_proportion_to_it() -> None:
    rule = small.rule("r", 10, {"share": {}}, in_proportion={"to": "share.percent", "over": [0, 100]})
    methodology = small.methodology(small.criterion("p", 10, rule, horizon="short_term"))
    ((_, points, total),) = gained(methodology, not_found=[{"share": {"percent": ">= 50"}}])["p"]
    assert (points, total) == (5, 50)


def test_points_alone_have_no_bounds() -> None:
    methodology = small.methodology(LADDER)
    with pytest.raises(TypeError, match="points alone have no bounds"):
        cc.score(small.company(methodology), methodology, with_bounds=True, explain=False)  # type: ignore[call-overload]


class _Exact(Combination):
    def _kept(self, _: str | None) -> Parts:
        return Parts.EXACT


@given(st.data())
@settings(max_examples=12)
def test_effects_and_gains_are_those_of_the_changed_tree_of_each_criterion_alone(data: st.DataObject) -> None:
    # The kept results of criteria that are alike are compared with a tree that is evaluated anew for each.
    methodology = data.draw(cc.testing.methodologies())
    company = data.draw(cc.testing.companies(methodology))
    bounder = Bounder(compiled_for(methodology))
    try:
        found = bounder.company(company)
    except cc.FactsError:
        return
    firings = bounder.compiled.fire(company)
    own = bounder.compiled.sums(company, firings)
    stated, assessed = own.combination, own.combination._assessed

    def changed(kind: type[Combination], id: str, points: Decimal) -> Combination:
        known = None if assessed is None else {*assessed, id}
        return kind(stated.structure, {**own.points, id: points}, stated._exempt, company.cohort, known)

    for criterion in (c for group in found.groups for c in group.criteria):
        if criterion.max_points:
            ends = [changed(_Exact, criterion.id, p).whole().value for p in (criterion.max_points, Decimal(0))]
            known = None if None in ends else (ends[0] - ends[1]) / Fraction(criterion.max_points)  # type: ignore[operator]
            assert criterion.point_effect == known
        for gain in criterion.next_rules:
            rule = next(r for r in methodology.criterion(criterion.id).rules if r.id == gain.id)
            hits = {**own.earned.get(criterion.id, {}), rule.id: rule.range[1]}
            together = points_of(methodology.criterion(criterion.id), hits)
            after = changed(
                Combination, criterion.id, min(together, own.points.get(criterion.id, Decimal(0)) + gain.points)
            )
            assert gain.points == after.criterion(criterion.id).points - criterion.points > 0
            assert criterion.points + gain.points <= max(criterion.ceiling, together)
            totals = (stated.whole().score, after.whole().score)
            assert gain.total == (None if None in totals else totals[1] - totals[0])  # type: ignore[operator]
