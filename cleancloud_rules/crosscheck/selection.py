"""Which facts of one key count, evaluated a second time: fact by fact against the others of its key."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from cleancloud_rules.model.facts import Fact, Selection
from cleancloud_rules.model.values import Interval

_Matter = tuple[Any, ...]
"""What a fact is about."""


def latest(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts without those of whose matter there is a later fact, where that matters."""
    facts = list(facts)
    last: dict[_Matter, date] = {}
    for fact in facts:
        if (matter := matter_of(fact)) is not None:
            last[matter] = max(_until(fact), last.get(matter, date.min))
    return [fact for fact in facts if _until(fact) == last.get(matter_of(fact) or (), _until(fact))]


def contradicted(facts: Iterable[Fact]) -> list[list[Fact]]:
    """Return the facts that differ in matters with a single answer, matter by matter."""
    groups: dict[_Matter, list[Fact]] = {}
    for fact in latest(facts):
        if fact.values.fact_type.selection is Selection.SINGLE and (matter := matter_of(fact)) is not None:
            groups.setdefault(matter, []).append(fact)
    return [some for some in groups.values() if any(_answer(fact) != _answer(some[0]) for fact in some)]


def matter_of(fact: Fact) -> _Matter | None:
    """Return what a fact is about; None if that is not known exactly, or does not matter for its type."""
    fact_type, found = fact.values.fact_type, list[Any]()
    for field in fact_type.fields:
        if field.key:
            value = fact.get(field.id)
            if field.id in fact.disclosed or (isinstance(value, Interval) and not value.is_point):
                return None
            found.append(value.low if isinstance(value, Interval) else value)
    return None if fact_type.selection is Selection.BEST else (fact.type, fact.entity, *found)


def _until(fact: Fact) -> date:
    if fact.period is not None:
        return fact.period.end
    return date.min if fact.as_of is None else fact.as_of


def _answer(fact: Fact) -> tuple[dict[str, Any], set[str]]:
    return dict(fact.values.items()), set(fact.disclosed)
