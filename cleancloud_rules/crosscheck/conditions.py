"""Which facts pass which conditions: the conditions of a methodology, prepared for the facts of any company."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from operator import attrgetter, methodcaller
from typing import Any

from attrs import frozen

from cleancloud_rules.crosscheck.value_tests import acceptor, exact_acceptor, only_values
from cleancloud_rules.model.conditions import Condition, FieldTest, reserved_fields
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.values import Interval

EXACT = frozenset((Decimal, str, int, bool, date))
"""The types of exact values."""

Passing = Mapping[int, list[Fact]]
"""The facts that pass each condition, by its number; only conditions that some fact passes."""

Passes = Callable[[Fact], bool]
"""Whether a fact of the right type passes a condition."""


def passes(condition: Condition, known: str | None = None) -> Passes:
    """Return a condition as a function over facts of its type.

    Args:
        condition: the condition.
        known: a field whose tests the facts are known to pass.
    """
    return _passing_all(_tests(condition, known))


def _tests(condition: Condition, known: str | None = None) -> tuple[FieldTest, ...]:
    return tuple(t for t in condition.tests if not t.test.anything and t.field != known)


def _passing_all(asked: tuple[FieldTest, ...]) -> Passes:
    tests = [(t.field, _reader(t.field), acceptor(t.test)) for t in asked]
    if len(tests) == 1:
        ((only, read, test),) = tests
        return lambda fact: test(read(fact), only in fact.disclosed)
    return lambda fact: all(accepts(read(fact), name in fact.disclosed) for name, read, accepts in tests)


def _reader(name: str) -> Callable[[Fact], Any]:
    """Return what reads a field of a fact."""
    return methodcaller("get", name) if name in reserved_fields else attrgetter(f"values.{name}")


@frozen
class _Numbered:
    """A condition with its number, and its tests but for those that a fact is known to pass."""

    number: int
    passes: Passes
    asked: tuple[FieldTest, ...]


@frozen
class _Candidates:
    """Conditions that a fact can pass.

    Args:
        conditions: the conditions.
        read: what reads the field that each of them tests, and nothing else; None if there is no such field.
        exact: their numbers, each with whether an exact value of the field passes.
    """

    conditions: list[_Numbered]
    read: Callable[[Fact], Any] | None = None
    exact: tuple[tuple[int, Callable[[Any], bool]], ...] = ()


def _candidates(conditions: list[_Numbered]) -> _Candidates:
    asked = [condition.asked for condition in conditions]
    if len({test.field for tests in asked for test in tests}) != 1 or any(len(tests) != 1 for tests in asked):
        return _Candidates(conditions)
    exact = tuple((condition.number, exact_acceptor(condition.asked[0].test)) for condition in conditions)
    return _Candidates(conditions, _reader(asked[0][0].field), exact)


@frozen
class _OfType:
    """The conditions on one fact type, by the exact values of the field that tells most of them apart.

    Args:
        read: what reads the field; None if no field tells them apart.
        by_value: for each value, the conditions that facts with this value can pass, those that only such facts can
            pass without their tests on the field.
        others: the conditions that facts with any other value can pass.
        conditions: all conditions with their numbers.
    """

    read: Callable[[Fact], Any] | None
    by_value: Mapping[Any, tuple[_Candidates, ...]]
    others: tuple[_Candidates, ...]
    conditions: list[tuple[int, Condition]]

    @cached_property
    def every(self) -> tuple[_Candidates, ...]:
        """All conditions with all their tests, for facts with a bound in the field."""
        return (_Candidates([_Numbered(n, passes(condition), _tests(condition)) for n, condition in self.conditions]),)

    def add_passing(self, facts: Iterable[Fact], passing: dict[int, list[Fact]]) -> None:
        """Add facts of the type to those that pass each condition."""
        read, by_value, others = self.read, self.by_value, self.others
        for fact in facts:
            value = None if read is None else read(fact)
            found = self.every if read is None or isinstance(value, Interval) else by_value.get(value, others)
            for candidates in found:
                tested = None if candidates.read is None else candidates.read(fact)
                if type(tested) in EXACT:
                    for number, accepts in candidates.exact:
                        if accepts(tested):
                            passing.setdefault(number, []).append(fact)
                else:
                    for condition in candidates.conditions:
                        if condition.passes(fact):
                            passing.setdefault(condition.number, []).append(fact)


class Conditions:
    """The conditions of a methodology.

    Args:
        conditions: each of them once; the position of a condition is its number.
    """

    def __init__(self, conditions: Iterable[Condition]) -> None:
        by_type: dict[str, list[tuple[int, Condition]]] = {}
        for number, condition in enumerate(conditions):
            by_type.setdefault(condition.fact_type, []).append((number, condition))
        self._by_type = {type_id: _of_type(found) for type_id, found in by_type.items()}

    def passing(self, facts: Iterable[Fact]) -> Passing:
        """Return the facts that pass each condition."""
        by_type: dict[str, list[Fact]] = {}
        for fact in facts:
            by_type.setdefault(fact.type, []).append(fact)
        found: dict[int, list[Fact]] = {}
        for type_id, own in by_type.items():
            if type_id in self._by_type:
                self._by_type[type_id].add_passing(own, found)
        return found


def _of_type(conditions: list[tuple[int, Condition]]) -> _OfType:
    # Conditions on a long questionnaire each ask for one question. A hash index by that field leaves a fact with the
    # few conditions on its own question. A condition is left out only where its test on the field names the exact
    # values that pass, so that no other value, and no missing one, can pass it. A bound may be a single value, so it is
    # compared with every condition.
    selective = Counter(name for _, condition in conditions for name in {t.field for t in _selective(condition)})
    if not selective:
        return _OfType(None, {}, (), conditions)
    field = max(sorted(selective), key=lambda name: selective[name])
    by_value: dict[Any, list[_Numbered]] = {}
    others: list[_Numbered] = []
    prepared = cache(_passing_all)  # the same tests stand beside many values
    for number, condition in conditions:
        values = _values(condition, field)
        if values is None:
            others.append(_Numbered(number, prepared(_tests(condition)), _tests(condition)))
        for value in values or ():
            asked = _tests(condition, field)
            by_value.setdefault(value, []).append(_Numbered(number, prepared(asked), asked))
    rest = (_candidates(others),) if others else ()
    of_value = {value: (_candidates(found), *rest) for value, found in by_value.items()}
    return _OfType(_reader(field), of_value, rest, conditions)


def _selective(condition: Condition) -> list[FieldTest]:
    return [test for test in condition.tests if only_values(test.test) is not None]


def _values(condition: Condition, field: str) -> frozenset[Any] | None:
    """Return the exact values of a field with which a fact can pass a condition; None if there are others."""
    found = [only_values(test.test) for test in condition.tests if test.field == field]
    known = [values for values in found if values is not None]
    if not known:
        return None
    others = [acceptor(test.test) for test in condition.tests if test.field == field]
    return frozenset(value for value in frozenset.intersection(*known) if all(test(value, False) for test in others))
