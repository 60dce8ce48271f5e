"""Random conditions of rules, and combinations and counts of them."""

from typing import Any

from attrs import evolve

from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.fact_types import Data, Kind
from cleancloud_rules.generators.unary_tests import TEXTS, Spec, forms_for, generated_test
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.values import FieldType

SOURCE_TYPES = ("report", "news", "rumour")
"""The types that sources may have."""

_BASES = tuple(basis.value for basis in Basis)

_RESERVED = (
    Spec("basis", FieldType.ENUM, _BASES, optional=False),
    Spec("entity", FieldType.TEXT, TEXTS[:2]),
    Spec("period", FieldType.DATE),
    Spec("evidence.source_type", FieldType.ENUM, SOURCE_TYPES, optional=False),
    Spec("evidence.published", FieldType.DATE),
    Spec("evidence.source", FieldType.TEXT, ("own", "annual-report"), optional=False),
)


def generated_when(kinds: list[Kind], choices: Choices, depth: int = 0) -> Data:
    """Return a condition, a count or a combination.

    Args:
        kinds: the fact types that it may ask for.
        choices: the source of randomness.
        depth: the number of combinators around it.
    """
    deep = depth >= 2
    shallow = ("condition", "condition", "all", "all", "any", "any", "count", "count", "none_beside", "none")
    forms = ("condition", "condition", "count") if deep else shallow
    match choices.one(forms):
        case "condition":
            return _maybe_together(generated_condition(kinds, choices), kinds, choices)
        case "count":
            return _count(kinds, choices)
        case "none_beside":
            return {
                "all": [
                    generated_condition(kinds, choices, most=1),
                    {"none": [_apart(generated_when(kinds, choices, depth + 1))]},
                ]
            }
        case form:
            parts = [generated_when(kinds, choices, depth + 1) for _ in range(choices.between(1, 3 - depth))]
            return {form: [_apart(part) for part in parts] if form == "none" else parts}


def _maybe_together(condition: Data, kinds: list[Kind], choices: Choices) -> Data:
    """Return a condition that must hold; sometimes several facts may contain the names that it asks of a set."""
    ((id, tests),) = condition.items()
    sets = [spec for kind in kinds if kind.id == id for spec in kind.fields if spec.type is FieldType.SET]
    if not sets or not choices.chance(22):
        return condition
    return {id: {**tests, sets[0].id: {"together": choices.some(sets[0].values, 2, 2)}}}


def _apart(when: Any) -> Any:
    """Return a condition without the test that no condition has which must not hold."""
    match when:
        case {"together": names}:
            return {"all": names}
        case dict():
            return {key: _apart(value) for key, value in when.items()}
        case list():
            return [_apart(item) for item in when]
        case _:
            return when


def _count(kinds: list[Kind], choices: Choices) -> Data:
    kind = choices.any_of(kinds)
    distinct = choices.any_of([s.id for s in kind.fields] + ["entity", "period"]) if choices.chance(60) else None
    rest = evolve(kind, fields=tuple(spec for spec in kind.fields if spec.id != distinct))
    entry: Data = {"of": generated_condition([rest], choices, most=2), "at_least": choices.one((2, 1, 3))}
    if distinct is not None:
        entry["distinct"] = distinct
        entry["at_least"] = choices.one((2, 1))
    return {"count": entry}


def generated_condition(kinds: list[Kind], choices: Choices, most: int = 3) -> Data:
    """Return a condition.

    Args:
        kinds: the fact types that it may ask for.
        choices: the source of randomness.
        most: the maximum number of its tests.
    """
    kind = choices.any_of(kinds)
    tests: Data = {}
    specs = list(kind.fields)
    for _ in range(choices.between(0 if choices.chance(10) else 1, most)):
        if not specs:
            break
        spec = choices.any_of(_RESERVED) if choices.chance(22) else _suited(specs, choices)
        if spec in specs:
            specs.remove(spec)
        elif spec.id.removeprefix("evidence.") in (*tests, *tests.get("evidence", ())):
            continue
        test = generated_test(choices.any_of(forms_for(spec)), spec, choices)
        if spec.id.startswith("evidence."):
            tests.setdefault("evidence", {})[spec.id.removeprefix("evidence.")] = test
        else:
            tests[spec.id] = test
    return {kind.id: tests}


def _suited(specs: list[Spec], choices: Choices) -> Spec:
    """Return one of the fields, sets more often than others, because only they have some forms of tests."""
    sets = [spec for spec in specs if spec.type is FieldType.SET]
    return sets[0] if sets and choices.chance(30) else choices.any_of(specs)
