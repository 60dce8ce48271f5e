"""Which facts pass a condition, and by which facts a rule holds."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

from cleancloud_rules.model.conditions import (
    AllOf,
    Alternative,
    AnyOf,
    Condition,
    Count,
    Members,
    NoneOf,
    Null,
    SetMode,
    UnaryTest,
    When,
)
from cleancloud_rules.model.facts import Fact, Selection
from cleancloud_rules.model.values import Interval
from tests.reference.numbers import near


class Stated(Protocol):
    """What the oracle needs to know of a fact."""

    @property
    def type(self) -> str: ...
    @property
    def disclosed(self) -> tuple[str, ...]: ...
    def get(self, name: str, /) -> Any: ...


def passes(test: UnaryTest, value: Any, *, disclosed: bool = False) -> bool:
    """Whether a value, a bounded or a missing one passes a test."""
    if test.anything:
        return True
    only_null = all(isinstance(alternative, Null) for alternative in test.alternatives)
    if value is None and disclosed:
        return test.negated and only_null
    if value is None:
        return not test.negated and any(isinstance(alternative, Null) for alternative in test.alternatives)
    return all(accepts(test, exact) for exact in values_inside(value, test))


def accepts(test: UnaryTest, exact: Any) -> bool:
    """Whether a test accepts an exact value that is present."""
    if test.anything:
        return True
    return any(_takes(alternative, exact) for alternative in test.alternatives) != test.negated


def _takes(alternative: Alternative, exact: Any) -> bool:
    match alternative:
        case Null():
            return False
        case Members(SetMode.CONTAINS, names):
            return bool(names & exact)
        case Members(SetMode.ALL, names):
            return bool(names <= exact)
        case Members(SetMode.IS, names):
            return bool(names == exact)
        case Interval():
            return _contains(alternative, exact)
        case _:
            raise AssertionError(alternative)


def _contains(interval: Interval, exact: Any) -> bool:
    low: Any = interval.low
    high: Any = interval.high
    above = low is None or exact > low or (exact == low and not interval.low_open)
    below = high is None or exact < high or (exact == high and not interval.high_open)
    return above and below


def values_inside(value: Any, test: UnaryTest) -> list[Any]:
    """Return enough exact values inside a bounded one that a test accepts all of them only if it accepts every one."""
    if not isinstance(value, Interval):
        return [value]
    around = values_around([value, *(a for a in test.alternatives if isinstance(a, Interval))])
    return [exact for exact in around if _contains(value, exact)]


def values_around(intervals: Iterable[Interval], steps: int = 1) -> list[Any]:
    """Return the ends of intervals, and `steps` values (where there are so many) below, between and above them."""
    ends: list[Any] = sorted({end for i in intervals for end in (i.low, i.high) if end is not None})
    if not ends:
        return [Decimal(0)]
    if not any(isinstance(end, Decimal) for end in ends):
        return sorted({moved for end in ends for step in range(-steps, steps + 1) for moved in _moved(end, step)})
    exact = [Fraction(end) for end in ends]
    beyond = [exact[0] - i for i in range(1, steps + 1)] + [exact[-1] + i for i in range(1, steps + 1)]
    between = [a + (b - a) * i / (steps + 1) for a, b in pairwise(exact) for i in range(1, steps + 1)]
    return sorted({*ends, *(near(number) for number in (*beyond, *between))})


def _moved(end: Any, step: int) -> list[Any]:
    if not isinstance(end, date):
        return [end + step]
    try:
        return [end + timedelta(days=step)]
    except OverflowError:
        return []


def fact_passes(fact: Stated, condition: Condition) -> bool:
    """Whether a fact has the type of a condition and passes all its tests."""
    return fact.type == condition.fact_type and all(
        passes(t.test, fact.get(t.field), disclosed=t.field in fact.disclosed) for t in condition.tests
    )


def holds(when: When, facts: Sequence[Stated]) -> bool:
    """Whether what a rule asks for holds of the facts that count."""
    match when:
        case Condition():
            return any(fact_passes(fact, when) for fact in facts)
        case Count():
            return number([fact for fact in facts if fact_passes(fact, when.of)], when.distinct) >= when.at_least
        case AllOf(parts):
            return all(holds(part, facts) for part in parts)
        case AnyOf(parts):
            return any(holds(part, facts) for part in parts)
        case NoneOf(parts):
            return not any(holds(part, facts) for part in parts)


def counts_in(when: When) -> Iterator[Count]:
    """Yield the counts that a rule asks for."""
    match when:
        case Count():
            yield when
        case AllOf(parts) | AnyOf(parts) | NoneOf(parts):
            for part in parts:
                yield from counts_in(part)


def number(facts: Sequence[Stated], distinct: str | None) -> int:
    """Return how many facts there are, or how many distinct exact values one of their fields has.

    Facts of one key that has a single answer are one.
    """
    if distinct is None:
        return sum(1 for i, fact in enumerate(facts) if not any(_repeats(fact, other) for other in facts[:i]))
    values: set[Any] = set()
    for fact in facts:
        value = fact.get(distinct)
        if isinstance(value, frozenset):
            values.update(value)
        elif isinstance(value, Interval):
            values.update([value.low] if value.low is not None and value.low == value.high else [])
        elif value is not None:
            values.add(value)
    return len(values)


def _repeats(fact: Stated, other: Stated) -> bool:
    """Whether two facts are one answer to one question. A key that is not known exactly may be another one."""
    if not isinstance(fact, Fact) or not isinstance(other, Fact) or fact.type != other.type:
        return False
    fact_type = fact.values.fact_type
    if fact_type.selection is not Selection.SINGLE or fact.entity != other.entity:
        return False
    keys = [field.id for field in fact_type.fields if field.key]
    if any(key in one.disclosed or isinstance(one.get(key), Interval) for one in (fact, other) for key in keys):
        return False
    return all(fact.get(key) == other.get(key) for key in keys)


def support(when: When, facts: Sequence[Fact], *, wanted: bool = True) -> frozenset[str]:
    """Return the ids of the facts by which `when` holds (or, turned round by a `none`, fails to hold).

    Of an `any` the parts that hold speak, of an `all` all parts; a `none` has nothing to show, unless inside it
    stands another one that a fact has broken.
    """
    match when:
        case Condition():
            return frozenset(f.id for f in facts if wanted and fact_passes(f, when))
        case Count(of):
            return frozenset(f.id for f in facts if wanted and fact_passes(f, of))
        case _:
            inner = wanted != isinstance(when, NoneOf)
            speaking = [part for part in when.parts if holds(part, facts) == inner]
            return frozenset(id for part in speaking for id in support(part, facts, wanted=inner))
