"""How many facts there are, as a `count` condition counts them."""

from collections.abc import Iterable
from typing import Any

from cleancloud_rules.facts import Fact
from cleancloud_rules.values import Interval


def count(facts: Iterable[Fact], distinct: str | None) -> int:
    """Return how many facts there are, or how many distinct exact values one of their fields has."""
    if distinct is None:
        return sum(1 for _ in facts)
    values: set[Any] = set()
    for fact in facts:
        value = fact.get(distinct)
        if isinstance(value, frozenset):
            values |= value
        elif isinstance(value, Interval):
            values |= {value.low} if value.is_point else set()
        elif value is not None:
            values.add(value)
    return len(values)
