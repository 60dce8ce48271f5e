"""Which facts the derivations compute."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import ceil, floor, inf
from typing import Any

from attrs import frozen

from cleancloud_rules.crosscheck.arithmetic import End, Span, evaluate, round_to
from cleancloud_rules.crosscheck.conditions import Passes, passes
from cleancloud_rules.crosscheck.value_tests import is_possible
from cleancloud_rules.documents.limits import MAX_DIGITS
from cleancloud_rules.model.derivations import Assignment, Derivation, Operand, Operation
from cleancloud_rules.model.exact import digits_of, shifted
from cleancloud_rules.model.facts import Basis, Fact, Field
from cleancloud_rules.model.values import FieldType, Interval, Value
from cleancloud_rules.model.vocabulary import Vocabulary

Content = tuple[Any, ...]
"""All that a derived fact says, without its id."""


@frozen
class Computed:
    """The results of one derivation.

    Args:
        contents: the content of each fact.
        failed: the ids of the facts of each combination from which no valid value can be computed.
    """

    contents: frozenset[Content]
    failed: frozenset[tuple[str, ...]]


class Derived:
    """One derivation, prepared for the facts of any company.

    Args:
        derivation: the derivation.
        vocabulary: the fact types.
    """

    def __init__(self, derivation: Derivation, vocabulary: Vocabulary) -> None:
        self.derivation = derivation
        fact_type = vocabulary.by_id[derivation.fact]
        self._inputs: list[tuple[str, str, Passes]] = [
            (name, condition.fact_type, passes(condition)) for name, condition in derivation.inputs
        ]
        fields = {field.id: field for field in fact_type.fields}
        self._assigned = [(fields[assignment.field], assignment) for assignment in derivation.assignments]
        self._operands = [operand for assignment in derivation.assignments for operand in _operands(assignment.value)]

    def computed(self, facts: Iterable[Fact]) -> Computed:
        """Return what the derivation computes from the facts that count."""
        contents: set[Content] = set()
        failed: set[tuple[str, ...]] = set()
        for chosen in self._joined(list(facts)):
            named = {name: fact for (name, _, _), fact in zip(self._inputs, chosen, strict=True)}
            if any(named[operand.input].get(operand.field) is None for operand in self._operands):
                continue
            values = self._values(named)
            if values is None:
                failed.add(ids_of(chosen))
            else:
                contents.add(self._content(chosen, values))
        return Computed(frozenset(contents), frozenset(failed))

    def _joined(self, facts: list[Fact]) -> Iterator[tuple[Fact, ...]]:
        """Return every choice of one fact for each input whose join fields are equal."""
        # A hash join: the facts of each input are grouped by their join key, and only groups of one key are combined.
        inputs: list[dict[Any, list[Fact]]] = []
        for _, type_id, passes_input in self._inputs:
            by_key: dict[Any, list[Fact]] = {}
            for fact in facts:
                if fact.type == type_id and passes_input(fact):
                    by_key.setdefault(self._key(fact), []).append(fact)
            inputs.append(by_key)
        for key in inputs[0]:
            if key is not None:
                yield from product(*(by_key.get(key, ()) for by_key in inputs))

    def _key(self, fact: Fact) -> tuple[Any, ...] | None:
        """Return the values of a fact's join fields; None if one of them is missing or not exact."""
        found = tuple(_join_value(fact, name) for name in self.derivation.join)
        return None if None in found else found

    def _values(self, named: Mapping[str, Fact]) -> dict[str, Any] | None:
        """Return the values of the computed fact, in a form that can be compared; None if one is not valid."""
        values: dict[str, Any] = {}
        for field, assignment in self._assigned:
            value = self._value(field, assignment, named)
            if value is None:
                return None
            values[field.id] = comparable(value)
        return values

    def _value(self, field: Field, assignment: Assignment, named: Mapping[str, Fact]) -> Value | None:
        formula: Any = assignment.value
        if not assignment.is_formula:
            return formula  # type: ignore[no-any-return]
        try:
            span = evaluate(formula, lambda operand: _read(named, operand))
        except ZeroDivisionError:
            return None
        is_integer = field.type is FieldType.INTEGER
        places = field.digits if self.derivation.digits is None else self.derivation.digits
        low, high = span.low, span.high
        if is_integer and self.derivation.digits is None:  # only the whole numbers between the exact ends are left
            low, high = (end if abs(end) == inf else Fraction(move(end)) for end, move in ((low, ceil), (high, floor)))
        else:
            low, high = self._rounded(low, places), self._rounded(high, places)
        if any(digits_of(_decimal(end, places)) > MAX_DIGITS for end in (low, high) if abs(end) != inf):
            return None
        value = _whole(low, high) if is_integer else _bound(low, high, places)
        limits = self.derivation.limits(field)
        return value if value is not None and all(is_possible(test, value) for test in limits) else None

    def _rounded(self, end: End, places: int) -> End:
        return round_to(end, places, self.derivation.mode) if isinstance(end, Fraction) else end

    def _content(self, chosen: tuple[Fact, ...], values: Mapping[str, Any]) -> Content:
        first = chosen[0]
        days = {(fact.period.start, fact.period.end) if fact.period else None for fact in chosen}
        spellings = [fact.period.text for fact in chosen if fact.period is not None]
        return (
            frozenset(values.items()),
            min(spellings) if len(days) == 1 and spellings else None,
            first.as_of if len({fact.as_of for fact in chosen}) == 1 else None,
            first.entity if len({fact.entity for fact in chosen}) == 1 else None,
            Basis.HYPOTHETICAL if any(fact.is_hypothetical for fact in chosen) else Basis.CALCULATED,
            first.source if all(fact.source == first.source for fact in chosen) else None,
            ids_of(chosen),
        )


def content_of(fact: Fact) -> Content:
    """Return the content of a derived fact, as `Derived.computed` gives it."""
    return (
        frozenset((name, comparable(value)) for name, value in fact.values.items()),
        fact.period.text if fact.period else None,
        fact.as_of,
        fact.entity,
        fact.basis,
        fact.source,
        fact.derived_from,
    )


def in_words(content: Content) -> str:
    """Return the content of a derived fact as a text."""
    values, period, as_of, entity, basis, source, ids = content
    beside = {"period": period, "as_of": as_of, "entity": entity, "source": None if source is None else source.id}
    said = [f"{name}: {_value_in_words(value)}" for name, value in sorted(values)]
    said += [f"{name}: {value}" for name, value in beside.items() if value is not None]
    return f"{', '.join(said)}, {basis.value}, from {', '.join(ids)}"


def _value_in_words(value: Any) -> str:
    if isinstance(value, tuple):
        low, high = (None if end is None else _value_in_words(end) for end in value[:2])
        return f"{low or 'no limit'} to {high or 'no limit'}"
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def ids_of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the ids of facts, each once, sorted."""
    return tuple(sorted({fact.id for fact in facts}))


def comparable(value: Value) -> Any:
    """Return a value in a form that is equal for equal values: numbers as fractions, bounds as pairs."""
    if isinstance(value, Interval):
        return (_exact(value.low), _exact(value.high), value.low_open, value.high_open)
    return _exact(value)


def _exact(value: Any) -> Any:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Fraction(value) if is_number else value


def _operands(value: Any) -> Iterator[Operand]:
    """Return the fields that a formula reads; a literal reads none."""
    if isinstance(value, Operand):
        yield value
    elif isinstance(value, Operation):
        yield from _operands(value.left)
        yield from _operands(value.right)


def _join_value(fact: Fact, name: str) -> Any:
    if name == "period":
        return (fact.period.start, fact.period.end) if fact.period else None
    value = fact.get(name)
    if isinstance(value, Interval):
        return value.low if value.is_point else None
    return value


def _read(named: Mapping[str, Fact], operand: Operand) -> Span:
    value = named[operand.input].get(operand.field)
    if not isinstance(value, Interval):
        exact = _exact(value)
        return Span(exact, exact)
    low = -inf if value.low is None else _exact(value.low)
    high = inf if value.high is None else _exact(value.high)
    return Span(low, high, not value.low_open, not value.high_open)


def _decimal(end: End, places: int) -> Decimal:
    return shifted(int(end * 10**places), places)


def _bound(low: End, high: End, places: int) -> Value:
    first, last = (None if abs(end) == inf else _decimal(end, places) for end in (low, high))
    return first if first is not None and first == last else Interval(first, last)


def _whole(low: End, high: End) -> Value | None:
    """Return the whole numbers between two ends; None if there are none."""
    first, last = None if low == -inf else ceil(low), None if high == inf else floor(high)
    if first is None or last is None:
        return Interval(first, last)
    return Interval(first, last) if first < last else first if first == last else None
