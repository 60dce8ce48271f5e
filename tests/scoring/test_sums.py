"""Points that follow from firings are those of each criterion alone, whatever was kept of earlier companies."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.scoring import points as points_module
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.points import earned_by, points_of
from cleancloud_rules.scoring.sums import NO_FIRINGS, Summing, Sums
from tests.support import small
from tests.support.seeded import seeded_cases


def naive(found: Sums, methodology: cc.Methodology) -> dict[str, tuple[dict[str, str], str]]:
    """Return the points of each rule that fired and of each criterion, computed anew."""
    made = {}
    for criterion in methodology.criteria:
        fired = found.fired.get(criterion.id, NO_FIRINGS)
        earned: dict[str, Decimal] = {
            rule.id: earned_by(rule, [found.facts[id] for id in fired[rule.id].facts], methodology.rounding)
            for rule in criterion.rules
            if rule.id in fired
        }
        if earned:
            texts = {id: str(points) for id, points in earned.items()}
            made[str(criterion.id)] = texts, str(points_of(criterion, earned))
    return made


def texts(found: Sums) -> dict[str, tuple[dict[str, str], str]]:
    return {
        id: ({rule: str(points) for rule, points in hits.items()}, str(found.points[id]))
        for id, hits in found.earned.items()
    }


def test_sums_are_those_of_each_criterion_alone() -> None:
    compared = 0
    for seed in range(40):
        for methodology, company in seeded_cases(seed):
            own = compiled(methodology)
            found = own.sums(company, own.fire(company, cross_check=False), cross_check=False)
            assert texts(found) == naive(found, methodology), (seed, company.id)
            compared += len(found.points)
    assert compared > 500


def test_few_sums_of_a_criterion_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points_module, "KEPT_SUMS", 1)
    methodology = small.methodology(small.LADDER)
    own = compiled(methodology)
    for percent in (20, 8, 20, 8):
        company = small.company(methodology, small.fact("share", {"percent": percent}))
        found = own.sums(company, own.fire(company), cross_check=False)
        assert texts(found) == naive(found, methodology)


def measured(percent: Any, *more: Any) -> Sums:
    """Return the points for percentages of a rule in proportion."""
    rule = small.rule("r", 5, {"share": {}}, in_proportion={"to": "share.percent", "over": [20, 80]})
    methodology = small.methodology(small.criterion("c", 5, rule, horizon="short_term"))
    company = small.company(methodology, *(small.fact("share", {"percent": one}) for one in (percent, *more)))
    own = compiled(methodology)
    return own.sums(company, own.fire(company))


@pytest.mark.parametrize(
    ("percents", "earned"),
    [
        ((20,), "0.0"),
        ((26,), "0.5"),
        ((25,), "0.4"),
        ((200,), "5.0"),
        ((26, 50), "2.5"),
        (({"more_than": 26},), "0.5"),
    ],
)
def test_points_in_proportion_are_those_of_the_best_number(percents: tuple[Any, ...], earned: str) -> None:
    assert str(measured(*percents).points["c"]) == earned


def test_the_figures_of_any_tree_are_those_of_its_evaluation() -> None:
    capped = small.tree(
        [{"id": "g", "title": "G", "at_most": 2}], {"g": [small.criterion("a", 4, small.rule("r", 4, {"goal": {}}))]}
    )
    company = small.company(capped, small.fact("goal", {"topic": "energy"}))
    own = compiled(capped)
    found = own.sums(company, own.fire(company))
    assert found.plain is None
    assert found.figures("g") is found.combination.group("g")
    assert found.figures(None).value == Fraction(2)
    assert not found.always_counts("a")


def test_a_plain_tree_is_not_evaluated_for_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    methodology = small.methodology(small.LADDER, small.GOALS, weights=(40, 60))
    company = small.company(methodology, small.fact("share", {"percent": 20}))
    own = compiled(methodology)
    monkeypatch.setattr("cleancloud_rules.scoring.sums.Combination", None)
    found = Summing(structure_of(methodology)).sums(own.fire(company))
    assert str(found.figures("part_0").score) == "40.00"
    assert found.always_counts("ladder")
