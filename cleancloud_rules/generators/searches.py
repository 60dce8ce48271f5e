"""Generated searches without result: conditions that no fact of a company passes."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.serialise import stated_condition
from cleancloud_rules.model.conditions import Condition, FieldTest, Members, SetMode, UnaryTest, conditions_of
from cleancloud_rules.model.values import FieldType

MAX_SEARCHES = 5
"""The maximum number of searches about one criterion."""

Passed = Callable[[Condition], bool]
"""Whether some fact of the company passes a condition."""


def generated_searches(aims: Aims, choices: Choices, is_passed: Passed, is_bounded: Passed) -> list[dict[str, Any]]:
    """Return entries of `not_found`: the conditions of some criteria, or weaker ones; some of them under `together`.

    Args:
        aims: the values that facts are aimed at.
        choices: the source of randomness.
        is_passed: whether some fact passes a condition.
        is_bounded: whether some fact states bounds for a field that a condition tests.
    """
    # Of entries that could rule out a bounded fact only together, one is made for each fact type.
    found: list[dict[str, Any]] = []
    near_bounds = set[str]()
    for criterion in choices.some(aims.methodology.criteria, 1, 2):
        conditions = [c for rule in criterion.rules for c in conditions_of(rule.when)]
        if len(conditions) > MAX_SEARCHES:
            conditions = choices.some(conditions, 1, MAX_SEARCHES)
        for condition in conditions:
            weaker = evolve(condition, tests=tuple(test for test in condition.tests if not choices.chance(40)))
            entry = _together(weaker, aims, choices, is_passed) if choices.chance(30) else None
            is_near = is_bounded(weaker)
            if entry is None and not is_passed(weaker) and not (is_near and weaker.fact_type in near_bounds):
                entry = stated_condition(weaker, aims.fields(weaker))
                near_bounds |= {weaker.fact_type} if is_near else set()
            if entry is not None and (entry := entry | {"basis": "inferred"}) not in found:
                found.append(entry)
    return found


def _together(condition: Condition, aims: Aims, choices: Choices, is_passed: Passed) -> dict[str, Any] | None:
    """Return a condition that asks several facts together for two names of a set; None if it cannot, or they do."""
    fields = aims.methodology.vocabulary.by_id[condition.fact_type].fields
    sets = [own for own in fields if own.type is FieldType.SET and len(own.values) > 1]
    if not sets:
        return None
    own = choices.any_of(sets)
    names = choices.some(own.values, 2, 2)
    others = evolve(condition, tests=tuple(test for test in condition.tests if test.field != own.id))
    contains = (UnaryTest(name, (Members(SetMode.CONTAINS, frozenset({name})),)) for name in names)
    if all(is_passed(evolve(others, tests=(*others.tests, FieldTest(own.id, test)))) for test in contains):
        return None
    entry = stated_condition(others, aims.fields(others))
    return {condition.fact_type: {**entry[condition.fact_type], own.id: {"together": names}}}
