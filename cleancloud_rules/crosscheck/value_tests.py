"""Unary tests as functions over the values of facts."""

from collections.abc import Callable, Iterable
from operator import ge, gt, le, lt
from typing import Any

from cleancloud_rules.model.conditions import Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.values import Interval, Plain, Value

Accepts = Callable[[Value | None, bool], bool]
"""Whether a value passes a test; the second argument says whether it was disclosed without being at hand."""


def acceptor(test: UnaryTest) -> Accepts:
    """Return a unary test as a function; see `cleancloud_rules.model.conditions.UnaryTest`."""
    if test.anything:
        return _everything
    negated, alternatives = test.negated, test.alternatives
    when_missing = not negated and Null() in alternatives
    when_disclosed = negated and alternatives == (Null(),)
    members = [a for a in alternatives if isinstance(a, Members)]
    intervals = _intervals_of(test)
    exact = frozenset(interval.low for interval in intervals if interval.is_point)
    ranges = [_inside_of(interval) for interval in intervals if not interval.is_point]
    kinds = (Interval, frozenset)

    def accepts(value: Value | None, disclosed: bool) -> bool:
        if value is None:
            return when_disclosed if disclosed else when_missing
        if not isinstance(value, kinds):
            if value in exact:
                return not negated
            for inside in ranges:
                if inside(value):
                    return not negated
            return negated
        if isinstance(value, Interval):
            return not any(_meet(value, interval) for interval in intervals) if negated else _covers(intervals, value)
        return any(_accepts_set(names, value) for names in members) is not negated

    return accepts


def exact_acceptor(test: UnaryTest) -> Callable[[Any], bool]:
    """Return a unary test as a function over exact values."""
    values = only_values(test)
    if values is not None:
        return values.__contains__
    intervals = _intervals_of(test)
    if len(intervals) == 1 and not test.negated and not intervals[0].is_point and not test.anything:
        return _inside_of(intervals[0])
    accepts = acceptor(test)
    return lambda value: accepts(value, False)


def is_possible(test: UnaryTest, value: Value) -> bool:
    """Return whether a value, or some value inside a bound, passes a test."""
    if not isinstance(value, Interval) or test.anything:
        return acceptor(test)(value, False)
    intervals = _intervals_of(test)
    return not _covers(intervals, value) if test.negated else any(_meet(value, interval) for interval in intervals)


def _intervals_of(test: UnaryTest) -> list[Interval]:
    """Return the intervals of a test; one that holds no value has no place among them."""
    return [a for a in test.alternatives if isinstance(a, Interval) and not a.is_empty]


def only_values(test: UnaryTest) -> frozenset[Plain] | None:
    """Return the exact values that pass a test; None if other values, bounds, or missing ones may pass as well."""
    points = [a.low for a in test.alternatives if isinstance(a, Interval) and a.is_point]
    if test.anything or test.negated or len(points) < len(test.alternatives):
        return None
    return frozenset(point for point in points if point is not None)


def _everything(_value: Any, _disclosed: bool = False) -> bool:
    return True


def _inside_of(interval: Interval) -> Callable[[Any], bool]:
    """Return whether exact values lie in an interval, as a function."""
    low: Any = interval.low
    high: Any = interval.high
    above, below = gt if interval.low_open else ge, lt if interval.high_open else le
    if high is None:
        return _everything if low is None else lambda value: above(value, low)
    if low is None:
        return lambda value: below(value, high)
    return lambda value: above(value, low) and below(value, high)


def _accepts_set(members: Members, value: frozenset[str]) -> bool:
    match members.mode:
        case SetMode.IS:
            return value == members.names
        case SetMode.ALL:
            return value >= members.names
        case _:
            return bool(value & members.names)


def _meet(a: Interval, b: Interval) -> bool:
    """Whether two intervals have a value in common."""
    return _reaches(a, b) and _reaches(b, a)


def _reaches(a: Interval, b: Interval) -> bool:
    """Whether interval `a` does not end before `b` begins."""
    end: Any = a.high
    begin: Any = b.low
    if end is None or begin is None:
        return True
    return bool(end > begin or (end == begin and not a.high_open and not b.low_open))


def _covers(intervals: list[Interval], bound: Interval) -> bool:
    """Whether every value of a bound lies in one of the intervals."""
    # Interval subtraction: each interval is removed from what the ones before it left over, and an interval leaves at
    # most two pieces of a piece. The bound is covered if nothing is left.
    rest = [bound]
    for interval in intervals:
        rest = [piece for part in rest for piece in _without(part, interval)]
    return not rest


def _without(part: Interval, taken: Interval) -> Iterable[Interval]:
    """Return the pieces that are left of a part without an interval."""
    if not _meet(part, taken):
        return (part,)
    pieces = []
    if taken.low is not None:
        pieces.append(Interval(part.low, taken.low, part.low_open, not taken.low_open))
    if taken.high is not None:
        pieces.append(Interval(taken.high, part.high, not taken.high_open, part.high_open))
    return [piece for piece in pieces if not piece.is_empty]
