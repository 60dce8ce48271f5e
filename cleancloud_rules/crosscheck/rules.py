"""The rules that hold for the facts of a company, with the facts that make them hold."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen

from cleancloud_rules.crosscheck.conditions import Conditions, Passing
from cleancloud_rules.crosscheck.selection import matter_of
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When, conditions_of
from cleancloud_rules.model.facts import Fact, Selection
from cleancloud_rules.model.values import Interval

Key = tuple[str, str]
"""Id of a criterion or a group, and name of its rule."""

Holds = Callable[[Passing], bool]
"""Whether a rule holds, given the facts that pass its conditions."""

Supporting = Callable[[Passing, bool], Iterable[Fact]]
"""The facts that make a rule hold, or, if the second argument is false, those that make it fail."""


@frozen
class _Prepared:
    """The condition of a rule, or a part of it, as functions."""

    holds: Holds
    supporting: Supporting


class Rules:
    """The rules of a methodology.

    Args:
        asked: criterion or group, name and condition of each rule.
    """

    def __init__(self, asked: Iterable[tuple[str, str, When]]) -> None:
        whens: dict[Key, When] = {(owner, name): when for owner, name, when in asked}
        numbers: dict[Condition, int] = {}
        for when in whens.values():
            for condition in conditions_of(when):
                numbers.setdefault(condition, len(numbers))
        self._conditions = Conditions(numbers)
        self._rules = {key: _prepared(when, numbers) for key, when in whens.items()}
        self._unconditional = frozenset(key for key, rule in self._rules.items() if rule.holds({}))
        self._plain: dict[int, list[Key]] = {}
        self._readers: dict[int, set[Key]] = {}
        for key, when in whens.items():
            if isinstance(when, Condition):
                self._plain.setdefault(numbers[when], []).append(key)
                continue
            for condition in conditions_of(when):
                self._readers.setdefault(numbers[condition], set()).add(key)

    def holding(self, facts: Iterable[Fact]) -> Mapping[Key, tuple[str, ...]]:
        """Return the rules that hold for the facts that count, each with the ids of the facts that make it hold."""
        # A rule whose conditions no fact passes holds or fails as it does for a company without facts, so only the
        # rules that read a condition that some fact passes are evaluated.
        passing = self._conditions.passing(facts)
        readers, plain = self._readers, self._plain
        touched = {key for number in passing if number in readers for key in readers[number]}
        found: dict[Key, tuple[str, ...]] = dict.fromkeys(self._unconditional - touched, ())
        for number, some in passing.items():
            ids = (some[0].id,) if len(some) == 1 else tuple(sorted([fact.id for fact in some]))
            for key in plain.get(number, ()):  # a rule of one condition holds if a fact passes it
                found[key] = ids
        for key in touched:
            rule = self._rules[key]
            if rule.holds(passing):
                found[key] = tuple(sorted({fact.id for fact in rule.supporting(passing, True)}))
        return found


def _prepared(when: When, numbers: Mapping[Condition, int]) -> _Prepared:
    match when:
        case Condition():
            return _one(numbers[when])
        case Count(of, at_least, distinct):
            return _count(numbers[of], at_least, distinct)
        case AllOf(parts):
            return _combined([_prepared(part, numbers) for part in parts], all, is_negation=False)
        case AnyOf(parts):
            return _combined([_prepared(part, numbers) for part in parts], any, is_negation=False)
        case NoneOf(parts):
            return _combined([_prepared(part, numbers) for part in parts], _none, is_negation=True)


def _one(number: int) -> _Prepared:
    def supporting(passing: Passing, wanted: bool) -> Iterable[Fact]:
        return passing[number] if wanted else ()

    return _Prepared(lambda passing: number in passing, supporting)


def _count(number: int, at_least: int, distinct: str | None) -> _Prepared:
    def holds(passing: Passing) -> bool:
        return _number_of(passing.get(number, ()), distinct) >= at_least

    def supporting(passing: Passing, wanted: bool) -> Iterable[Fact]:
        return passing[number] if wanted else ()

    return _Prepared(holds, supporting)


def _combined(parts: list[_Prepared], combine: Callable[[Iterable[bool]], bool], *, is_negation: bool) -> _Prepared:
    def holds(passing: Passing) -> bool:
        return combine(part.holds(passing) for part in parts)

    def supporting(passing: Passing, wanted: bool) -> Iterable[Fact]:
        inner = wanted is not is_negation
        for part in parts:
            if part.holds(passing) is inner:
                yield from part.supporting(passing, inner)

    return _Prepared(holds, supporting)


def _none(parts: Iterable[bool]) -> bool:
    return not any(parts)


def _number_of(facts: Iterable[Fact], distinct: str | None) -> int:
    """Return how many facts there are, or how many distinct exact values, or names of a set, a field has.

    Facts of one matter with a single answer are one.
    """
    if distinct is None:
        return len({_identity(fact) for fact in facts})
    values: set[Any] = set()
    for fact in facts:
        value = fact.get(distinct)
        if isinstance(value, frozenset):
            values.update(value)
        elif value is not None and (not isinstance(value, Interval) or value.is_point):
            values.add(value.low if isinstance(value, Interval) else value)
    return len(values)


def _identity(fact: Fact) -> Any:
    is_single = fact.values.fact_type.selection is Selection.SINGLE
    return (matter_of(fact) if is_single else None) or fact.id
