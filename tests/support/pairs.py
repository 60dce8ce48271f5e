"""Pairs of a unary test and a bound that touch, overlap and leave gaps, and what enumeration says of them."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from attrs import frozen

from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.values import FieldType, Interval

ORDERED = tuple(field_type for field_type in FieldType if field_type.is_ordered)
WIDTH = 6
"""Thresholds are 0 to `WIDTH` steps from a first value, so that many of them are equal or neighbours."""

_FIRST: dict[FieldType, Any] = {FieldType.INTEGER: -2, FieldType.YEAR: 2022, FieldType.DATE: date(2023, 12, 29)}


@frozen
class Pair:
    """A field, a test on it, and a bound that a fact may state.

    Args:
        field: the field.
        test: the test.
        bound: the bound; it holds more than one value.
    """

    field: Field
    test: UnaryTest
    bound: Interval

    def passes(self) -> bool:
        """Whether every value inside the bound passes the test, by looking at each of them."""
        return all(self._accepts(value) for value in self._values() if _holds(self.bound, value))

    def _accepts(self, value: Any) -> bool:
        return any(_holds(a, value) for a in self.test.alternatives if isinstance(a, Interval)) != self.test.negated

    def _values(self) -> list[Any]:
        """Return every value near the thresholds, and for a type without neighbours the middle between each two."""
        around = [_at(self.field.type, step) for step in range(-2, WIDTH + 3)]
        if self.field.type.has_neighbours:
            return around
        return [*around, *(value + Decimal("0.5") for value in around)]


def _at(field_type: FieldType, step: int) -> Any:
    first = _FIRST.get(field_type, Decimal(10))
    return first + timedelta(days=step) if isinstance(first, date) else first + step


def _holds(interval: Interval, value: Any) -> bool:
    """Whether a value lies between the ends as they were written."""
    ends = interval.written
    low: Any = ends.low
    high: Any = ends.high
    above = low is None or value > low or (value == low and not ends.low_open)
    below = high is None or value < high or (value == high and not ends.high_open)
    return above and below


def pair_of(random: Random) -> Pair:
    """Return a pair of a random ordered type."""
    field = Field("f", random.choice(ORDERED), digits=2, unit="GWh")
    alternatives = tuple(_interval(field.type, random) for _ in range(random.randint(1, 4)))
    bound = _interval(field.type, random)
    while bound.is_point:
        bound = _interval(field.type, random)
    return Pair(field, UnaryTest("", alternatives, negated=random.random() < 0.3), bound)


def _interval(field_type: FieldType, random: Random) -> Interval:
    while True:
        first, last = sorted((random.randint(0, WIDTH), random.randint(0, WIDTH)))
        low = None if random.random() < 0.2 else _at(field_type, first)
        high = None if random.random() < 0.2 else _at(field_type, last)
        found = Interval(
            low, high, low is not None and random.random() < 0.4, high is not None and random.random() < 0.4
        )
        if not found.is_empty and (low, high) != (None, None):
            return found
