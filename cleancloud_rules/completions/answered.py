"""Answered keys: under `selection: single` no fact is added under a key that has an answer."""

from collections.abc import Iterable

from attrs import frozen

from cleancloud_rules.completions.cell_sizes import size_of
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.engine.selection import has_exact_key
from cleancloud_rules.model.cells import MISSING, field_cells
from cleancloud_rules.model.conditions import Alternative, Condition, FieldTest, Null, UnaryTest
from cleancloud_rules.model.facts import Fact, Field, Selection
from cleancloud_rules.model.values import FieldType, Interval, Value

Key = tuple[Value | None, ...]
"""The fact type of an answer, and the values that say what it answers."""


@frozen
class Reading:
    """What some conditions read.

    Args:
        types: the fact types whose facts are read for any key.
        keys: the keys whose answer is read.
    """

    types: frozenset[str]
    keys: frozenset[Key]

    def touches(self, other: "Reading") -> bool:
        """Whether one fact may bear on both: they read facts of one type, or the answer under one key."""
        crossed = any(key[0] in two.types for one, two in ((self, other), (other, self)) for key in one.keys)
        return crossed or bool(self.types & other.types or self.keys & other.keys)


class AnswerKeys:
    """The keys of the fact types whose keys have one answer each. A key includes `entity` if a condition reads it.

    Types that a derivation makes have none here: a further fact can lead to a second derived answer.

    Args:
        ruleset: the compiled methodology.

    Attributes:
        names: the fields of a key, by fact type.
        by_condition: by the number of a condition, the key of all facts that pass it, if they have the same key.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._vocabulary = ruleset.methodology.vocabulary
        made = {derivation.fact for derivation in self._vocabulary.derivations}
        reading = _types_by_entity(ruleset)
        self.names: dict[str, tuple[str, ...]] = {}
        for fact_type in self._vocabulary.fact_types:
            keys = [field for field in fact_type.fields if field.key]
            is_listed = any(field.type is FieldType.SET for field in keys)
            if fact_type.selection is Selection.SINGLE and fact_type.id not in made and not is_listed:
                own = ("entity",) if fact_type.id in reading else ()
                self.names[fact_type.id] = (*(field.id for field in keys), *own)
        found = ((compiled.index, self.of_condition(compiled.condition)) for compiled in ruleset.conditions)
        self.by_condition: dict[int, Key] = {number: key for number, key in found if key is not None}

    def of_fact(self, fact: Fact) -> Key | None:
        """Return the key that a fact answers; None if its type has no such keys, or its key is not known exactly."""
        names = self.names.get(fact.type)
        if names is None or not has_exact_key(fact, fact.values.fact_type):
            return None
        values: list[Value | None] = [fact.get(name) for name in names]
        return (fact.type, *(value.low if isinstance(value, Interval) else value for value in values))

    def of_condition(self, condition: Condition) -> Key | None:
        """Return the key of all facts that pass a condition; None if they can have several keys."""
        names = self.names.get(condition.fact_type)
        if names is None:
            return None
        values: list[Value | None] = []
        for name in names:
            own = self._vocabulary.field_of(condition.fact_type, name)
            assert own is not None
            only = _only_value(own, [test.test for test in condition.tests if test.field == name])
            if only is None:
                return None
            values += only
        return (condition.fact_type, *values)

    def reading(self, conditions: Iterable[Condition]) -> Reading:
        """Return what some conditions read."""
        keys = {condition: self.of_condition(condition) for condition in conditions}
        types = frozenset(condition.fact_type for condition, key in keys.items() if key is None)
        return Reading(types, frozenset(key for key in keys.values() if key is not None))

    def of_conditions(self, numbers: Iterable[int]) -> Key | None:
        """Return the key of the facts that pass some conditions together, if one of these says it."""
        return next((key for number in numbers if (key := self.by_condition.get(number)) is not None), None)

    def closed(self, facts: Iterable[Fact]) -> tuple[Condition, ...]:
        """Return conditions that the facts under answered keys pass, and no others.

        Args:
            facts: the facts that count.
        """
        # Keys that agree in all fields but the last become one condition, which lists the values of the last one.
        # Of a type without key fields each fact answers.
        keys = {key for fact in facts if (key := self.of_fact(fact)) is not None}
        whole = [Condition(str(type_id)) for type_id, *values in keys if not values]
        found: dict[Key, set[Value | None]] = {}
        for key in keys:
            if len(key) > 1:
                found.setdefault(key[:-1], set()).add(key[-1])
        return tuple(sorted((*whole, *map(self._condition, found, found.values())), key=str))

    def _condition(self, first: Key, last: set[Value | None]) -> Condition:
        names = self.names[str(first[0])]
        values = [*({value} for value in first[1:]), last]
        tests = (FieldTest(name, _test(some)) for name, some in zip(names, values, strict=True))
        return Condition(str(first[0]), tuple(sorted(tests, key=lambda test: test.field)))


def _types_by_entity(ruleset: Ruleset) -> set[str]:
    """Return the fact types whose entity a condition, a count or a derivation reads."""
    conditions = [compiled.condition for compiled in ruleset.conditions]
    read = (*conditions, *ruleset.methodology.vocabulary.implied)
    found = {c.fact_type for c in read if any(test.field == "entity" for test in c.tests)}
    found |= {conditions[number].fact_type for _, number, distinct in ruleset.counters if distinct == "entity"}
    joining = (d for d in ruleset.methodology.vocabulary.derivations if "entity" in d.join)
    return found | {condition.fact_type for derivation in joining for _, condition in derivation.inputs}


def _only_value(own: Field, tests: list[UnaryTest]) -> list[Value | None] | None:
    """Return the one value, which may be None, with which a field passes tests; None if there are several."""
    cells = field_cells(own, tests)
    bits = cells.possible & ~cells.disclosed_bit if own.id == "entity" else cells.possible
    for test in tests:
        bits &= cells.passing(test)
    if bits == MISSING:
        return [None]
    cell = bits.bit_length() - 2
    if bits != 2 << cell or cell >= cells.count or size_of(cells, cell, 2) != 1:
        return None
    example = list(cells.examples())[cell]
    return None if example is None else [example]


def _test(values: set[Value | None]) -> UnaryTest:
    alternatives: list[Alternative] = [
        Null() if value is None else Interval(value, value)  # type: ignore[arg-type]
        for value in sorted(values, key=lambda value: (value is not None, str(value)))
    ]
    return UnaryTest(", ".join(map(str, alternatives)), tuple(alternatives))
