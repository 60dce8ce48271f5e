"""Which of several facts of one key count: the latest; and under `single` only facts that say the same."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.model.facts import Company, Fact, FactType, Selection
from cleancloud_rules.model.values import Interval

Key = tuple[Any, ...]
"""What a fact is about: its fact type, its entity, and the values of its key fields."""


def superseded(facts: Iterable[Fact]) -> dict[str, str]:
    """Return the ids of the facts that a later fact of the same key supersedes, each with the id of the later fact.

    This concerns fact types with `selection: latest` or `single`. A fact without a period or a date is the earliest. A
    fact whose key is not known exactly supersedes none and is superseded by none: its key may differ from every other.

    Args:
        facts: facts that count, if no later one supersedes them.
    """
    found: dict[str, str] = {}
    for same in _by_key(facts):
        newest = max(day_of(fact) for fact in same)
        last = min(fact.id for fact in same if day_of(fact) == newest)
        found |= {fact.id: last for fact in same if day_of(fact) < newest}
    return found


def contradictions(facts: Iterable[Fact]) -> tuple[tuple[Fact, ...], ...]:
    """Return the facts that contradict each other: under `single`, the latest facts of one key, if they differ.

    Facts that state the same values do not differ, even if their sources, bases and periods do.

    Args:
        facts: facts that count, if no later one supersedes them.
    """
    found = []
    for same in _by_key(facts):
        newest = max(day_of(fact) for fact in same)
        latest = tuple(fact for fact in same if day_of(fact) == newest)
        if answer_of(latest[0]) is not None and len({_said(fact) for fact in latest}) > 1:
            found.append(latest)
    return tuple(found)


def answer_of(fact: Fact) -> Key | None:
    """Return the key that a fact answers; None unless its type has `selection: single` and its key is exact."""
    fact_type = fact.values.fact_type
    return _key(fact, fact_type) if fact_type.selection is Selection.SINGLE and has_exact_key(fact, fact_type) else None


def has_exact_key(fact: Fact, fact_type: FactType) -> bool:
    """Whether each key field is stated exactly or missing: neither disclosed without its value, nor only bounded."""
    return all(_is_exact(fact, field.id) for field in fact_type.fields if field.key)


def day_of(fact: Fact) -> date:
    """Return the day by which facts of one key are compared: the end of the period, or else the date."""
    return fact.period.end if fact.period else fact.as_of or date.min


def contradicting(company: Company, found: Iterable[tuple[Fact, ...]]) -> Iterator[Diagnostic]:
    """Return an error for each stated fact that differs from an earlier one in the file, at its place.

    Args:
        company: the company.
        found: its facts that contradict each other.
    """
    for facts in found:
        placed = sorted(((_place(fact, company), fact) for fact in facts), key=lambda pair: pair[0].sort_key)
        first, one = placed[0]
        for where, fact in placed[1:]:
            if _said(fact) != _said(one):
                message = (
                    f"this fact contradicts the one at {first}: a company states one `{fact.type}` for each key, "
                    f"and these differ in {_differing(fact, one)}"
                )
                help = "withdraw one, date the later one, or let `accepted_sources` say whose word counts"
                yield Diagnostic("contradiction", message, where, help)


def problem(facts: Iterable[Fact]) -> str:
    """Return the sentence about facts that contradict each other, at least one of which was derived."""
    facts = sorted(facts, key=lambda fact: fact.id)
    named = ", ".join(fact.id for fact in facts)
    return f"{named} contradict each other, so none of them counts: `{facts[0].type}` has one answer for each key"


def _by_key(facts: Iterable[Fact]) -> Iterable[list[Fact]]:
    """Return the facts of each key that several facts have."""
    found: dict[Key, list[Fact]] = {}
    for fact in facts:
        fact_type = fact.values.fact_type
        if fact_type.selection is not Selection.BEST and has_exact_key(fact, fact_type):
            found.setdefault(_key(fact, fact_type), []).append(fact)
    return [same for same in found.values() if len(same) > 1]


def _key(fact: Fact, fact_type: FactType) -> Key:
    return (fact.type, fact.entity, *(fact.values.get(field.id) for field in fact_type.fields if field.key))


def _is_exact(fact: Fact, key: str) -> bool:
    value = fact.values.get(key)
    return key not in fact.disclosed and (not isinstance(value, Interval) or value.is_point)


def _said(fact: Fact) -> tuple[tuple[Any, bool], ...]:
    return tuple(_held(fact, field.id) for field in fact.values.fact_type.fields)


def _differing(fact: Fact, other: Fact) -> str:
    fields = fact.values.fact_type.fields
    return ", ".join(f"`{f.id}`" for f in fields if _held(fact, f.id) != _held(other, f.id))


def _held(fact: Fact, name: str) -> tuple[Any, bool]:
    return fact.get(name), name in fact.disclosed


def _place(fact: Fact, company: Company) -> Location:
    if fact.node is not None:
        return fact.node.key_location(fact.type)
    return Location(SourceFile("<data>")) if company.node is None else company.node.location
