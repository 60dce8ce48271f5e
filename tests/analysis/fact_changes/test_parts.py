"""Tests of the attribution of scores to criteria: the parts telescope, also where criteria depend on each other."""

from decimal import Decimal
from typing import Any

from cleancloud_rules import Company, Methodology
from cleancloud_rules.analysis.fact_changes.parts import PartResults, part_effects, part_results
from cleancloud_rules.scoring.compiled import compiled
from tests.support import small

SHARE = small.fact("share", {"percent": 50, "base": "electricity"})
GOAL = small.fact("goal", {"topic": "energy", "year": 2030, "coverage": "whole"})


def effects(methodology: Methodology, before: Company, after: Company) -> dict[str, list[tuple[str | None, str]]]:
    own = compiled(methodology)
    results = [part_results(own, company, with_hypothetical=False) for company in (before, after)]
    found = part_effects(own.tree, before.cohort, *results)
    return {id: [(effect.id, str(effect.change)) for effect in some] for id, some in found}


def test_each_criterion_accounts_for_its_own_points() -> None:
    own = small.methodology(small.LADDER, small.GOALS, weights=(60, 40))
    assert effects(own, small.company(own), small.company(own, SHARE, GOAL)) == {
        "ladder": [(None, "60.00"), ("part_0", "60.00")],
        "goals": [(None, "40.00"), ("part_1", "40.00")],
    }


def test_a_criterion_behind_a_gate_has_its_effect_only_if_the_gate_is_open_before_it() -> None:
    gated = {**small.GOALS, "requires": [{"of": "ladder"}]}
    own = small.methodology(small.LADDER, gated, weights=(60, 40))
    both = effects(own, small.company(own), small.company(own, SHARE, GOAL))
    assert both == {
        "ladder": [(None, "60.00"), ("part_0", "60.00")],
        "goals": [(None, "40.00"), ("part_1", "40.00")],
    }
    last = {**small.LADDER, "requires": [{"of": "goals"}]}
    own = small.methodology(last, small.GOALS, weights=(60, 40))
    both = effects(own, small.company(own), small.company(own, SHARE, GOAL))
    assert both == {"ladder": [], "goals": [(None, "100.00"), ("part_0", "60.00"), ("part_1", "40.00")]}


def test_a_group_that_does_not_apply_because_of_a_fact_accounts_for_what_that_changes() -> None:
    exempt: dict[str, Any] = {"when": {"site": {}}}
    categories = [
        {"id": "one", "title": "One", "weight": 50, "not_applicable": exempt},
        {"id": "two", "title": "Two", "weight": 50},
    ]
    own = small.tree(categories, {"one": [small.LADDER], "two": [small.GOALS]})
    before = small.company(own, SHARE)
    after = small.company(own, SHARE, small.fact("site", {"region": "north"}))
    found = effects(own, before, after)
    assert list(found) == ["one"]
    assert ("one", "-50.00") in found["one"]


def test_equal_results_have_no_effect() -> None:
    own = small.methodology(small.LADDER, small.GOALS)
    assert effects(own, small.company(own, SHARE), small.company(own, SHARE, SHARE)) == {}


def test_what_the_facts_say_of_one_part_is_taken_over_alone() -> None:
    one = PartResults({"a": Decimal(1), "b": Decimal(2)}, frozenset({"c"}), frozenset({"a"}))
    other = PartResults({"b": Decimal(3)}, frozenset({"a"}), frozenset({"b"}))
    mixed = one.with_part("a", other)
    assert (mixed.of("a"), mixed.of("b"), mixed.of("c")) == (
        (Decimal(0), True, False), (Decimal(2), False, False), (Decimal(0), True, False),
    )  # fmt: skip
