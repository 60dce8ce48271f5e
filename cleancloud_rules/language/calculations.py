"""How the values of derived facts were computed: the formulas, with the numbers that they read."""

import re
from collections.abc import Mapping

from cleancloud_rules.documents.frozen_data import frozen_data
from cleancloud_rules.language.formulas import Range, compute, range_of, readings_of
from cleancloud_rules.language.wording import value_as_stated, value_in_words
from cleancloud_rules.model.derivations import Assignment, Derivation, Formula, Operand
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.rounding import ROUNDED, short
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.results.records import Calculation, ReadValue

_READING = re.compile(r"([a-z][a-z0-9_]*)\s*\.\s*([a-z][a-z0-9_]*)")
"""A reading in the text of a formula. A decimal point stands between digits, so no number looks like one."""


def calculations_of(fact: Fact, facts: Mapping[str, Fact], vocabulary: Vocabulary) -> tuple[Calculation, ...]:
    """Return how the values of a derived fact were computed, one calculation for each formula.

    Args:
        fact: the fact; one that is stated has no calculation.
        facts: the facts from which it was derived, by id.
        vocabulary: the fact types and derivations.
    """
    if fact.derived_by is None:
        return ()
    derivation = next(one for one in vocabulary.derivations if one.id == fact.derived_by)
    named = {name: facts[id] for (name, _), id in zip(derivation.inputs, fact.joined, strict=True)}
    formulas = (assignment for assignment in derivation.assignments if assignment.is_formula)
    return tuple(_calculation(assignment, derivation, fact, named, vocabulary) for assignment in formulas)


def _calculation(
    assignment: Assignment, derivation: Derivation, fact: Fact, named: Mapping[str, Fact], vocabulary: Vocabulary
) -> Calculation:
    formula: Formula = assignment.value  # type: ignore[assignment]
    readings = tuple(dict.fromkeys(readings_of(formula)))
    values = tuple(_read(reading, named, vocabulary) for reading in readings)

    def in_numbers(match: re.Match[str]) -> str:
        words = values[readings.index(Operand(*match.groups()))].text
        return words if words[0].isdigit() or words[0] == "-" else f"({words})"

    numbers = _READING.sub(in_numbers, assignment.text)
    computed = compute(formula, lambda reading: range_of(named[reading.input].get(reading.field)))
    result = _result(fact, assignment, derivation, computed)
    steps = dict.fromkeys((assignment.text, numbers, result))  # a formula without readings stands there once
    return Calculation(assignment.field, assignment.text, values, f"{assignment.field} = {' = '.join(steps)}")


def _read(reading: Operand, named: Mapping[str, Fact], vocabulary: Vocabulary) -> ReadValue:
    fact = named[reading.input]
    field = vocabulary.by_id[fact.type].get(reading.field)
    value = fact.get(reading.field)
    assert field is not None and value is not None
    as_stated = frozen_data(value_as_stated(value, field))
    return ReadValue(f"{reading.input}.{reading.field}", fact.id, as_stated, value_in_words(value, field))


def _result(fact: Fact, assignment: Assignment, derivation: Derivation, computed: Range | None) -> str:
    """Return the value that a formula gave in words; where it was rounded, also the exact one."""
    field, value = fact.values.fact_type.get(assignment.field), fact.get(assignment.field)
    assert field is not None
    words = value_in_words(value, field)
    if computed is None or computed == range_of(value):
        return words
    if computed.is_point and computed.low is not None:
        return f"{short(computed.low)}, {ROUNDED[derivation.mode]} to {words}"
    return f"{words}, its ends {ROUNDED[derivation.mode]}"
