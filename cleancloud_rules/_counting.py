"""Which facts count for a methodology, and how many there are."""

from collections.abc import Iterable
from typing import Any

from cleancloud_rules.facts import Fact
from cleancloud_rules.methodology import Methodology
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


def why_not(fact: Fact, methodology: Methodology, *, with_hypothetical: bool) -> str | None:
    """Return why a fact does not count, as a sentence; None where it does."""
    if fact.is_hypothetical and not with_hypothetical:
        return "hypothetical facts are read only on request"
    if fact.source is None:
        return "no source is given"
    if fact.source.type not in methodology.accepted_sources:
        return f"sources of type {fact.source.type} are not accepted"
    horizon = methodology.vocabulary.by_id[fact.type].horizon
    window = dict(methodology.windows)[horizon]
    if window.start is None and window.end is None:
        return None
    day = fact.period.end if fact.period else fact.as_of
    if day is None:
        return f"it has neither a period nor a date, and facts of the horizon {horizon} count by theirs"
    if window.start is not None and day < window.start:
        what = "its period ends on" if fact.period else "it is as of"
        return f"{what} {day}, before the window begins on {window.start}"
    if window.end is not None and day > window.end:
        what = "its period ends on" if fact.period else "it is as of"
        return f"{what} {day}, after the window ends on {window.end}"
    return None
