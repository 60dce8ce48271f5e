"""Which facts count for a methodology, and how facts are counted."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from datetime import date
from typing import Any

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.firings import Counted
from cleancloud_rules.errors import FactsError
from cleancloud_rules.model.conditions import Condition, reserved_fields
from cleancloud_rules.model.facts import Company, Fact, FactType, Selection
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import Vocabulary


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


def refuse_foreign(company: Company, methodology: Methodology) -> None:
    """Raise `FactsError` if a company was loaded for another vocabulary, in which its facts mean something else."""
    known = methodology.vocabulary.by_id
    stated = {fact.type: fact.node for fact in company.facts if not _is_known(fact, known.get(fact.type))}
    missing = {e.condition.fact_type: e.node for e in company.not_found if not _is_askable(e.condition, known)}
    if stated or missing:
        raise FactsError(_foreign(type_id, node, methodology) for type_id, node in {**missing, **stated}.items())


def _is_known(fact: Fact, fact_type: FactType | None) -> bool:
    own = fact.values.fact_type
    return own is fact_type or own == fact_type


def _is_askable(condition: Condition, known: MappingType[str, FactType]) -> bool:
    fact_type = known.get(condition.fact_type)
    fields = {*reserved_fields, *(field.id for field in fact_type.fields)} if fact_type else set()
    return all(test.field in fields for test in condition.tests) and fact_type is not None


def _foreign(type_id: str, node: MappingNode | None, methodology: Methodology) -> Diagnostic:
    message = f"the facts of type `{type_id}` were not loaded for the methodology `{methodology.id}`"
    where = node.key_location(type_id) if node is not None else Location(SourceFile("<data>"))
    return Diagnostic("wrong-methodology", message, where, "load the company for the methodology that scores it")


def superseded(counted: Iterable[Counted], vocabulary: Vocabulary) -> dict[str, str]:
    """Return the ids of the facts that a later fact of the same key supersedes, each with the id of the later fact.

    This concerns only fact types with `selection: latest`. A fact without a period or a date is the earliest. A fact
    whose key is not known exactly supersedes none and is superseded by none: its key may differ from every other.

    Args:
        counted: facts with whether they count.
        vocabulary: the fact types.
    """
    latest: dict[tuple[object, ...], list[Fact]] = {}
    for fact in (c.fact for c in counted if c.counts):
        fact_type = vocabulary.by_id[fact.type]
        if fact_type.selection is Selection.LATEST:
            keys = [field.id for field in fact_type.fields if field.key]
            if has_exact_key(fact, fact_type):
                latest.setdefault((fact.type, fact.entity, *map(fact.values.get, keys)), []).append(fact)
    found: dict[str, str] = {}
    for facts in latest.values():
        newest = max(_day(fact) for fact in facts)
        last = min(fact.id for fact in facts if _day(fact) == newest)
        found |= {fact.id: last for fact in facts if _day(fact) < newest}
    return found


def has_exact_key(fact: Fact, fact_type: FactType) -> bool:
    """Whether each key field is stated exactly or missing: neither disclosed without its value, nor only bounded."""
    return all(_is_exact(fact, field.id) for field in fact_type.fields if field.key)


def _is_exact(fact: Fact, key: str) -> bool:
    value = fact.values.get(key)
    return key not in fact.disclosed and (not isinstance(value, Interval) or value.is_point)


def _day(fact: Fact) -> date:
    return fact.period.end if fact.period else fact.as_of or date.min


def why_not(fact: Fact, methodology: Methodology, *, with_hypothetical: bool) -> str | None:
    """Return why a fact does not count, as a sentence; None if it counts."""
    if fact.is_hypothetical and not with_hypothetical:
        return "hypothetical facts are read only on request"
    if fact.source is None:
        return "no source is given"
    if fact.source.type not in methodology.accepted_sources:
        return f"sources of type {fact.source.type} are not accepted"
    return outside_window(fact, methodology)


def outside_window(fact: Fact, methodology: Methodology) -> str | None:
    """Return why a fact lies outside the window of its fact type, as a sentence; None if it lies inside.

    This concerns stated and derived facts alike.
    """
    horizon = methodology.vocabulary.by_id[fact.type].horizon
    window = dict(methodology.windows)[horizon]
    if window.start is None and window.end is None:
        return None
    day = fact.period.end if fact.period else fact.as_of
    if day is None:
        return f"it has neither a period nor a date, and the horizon {horizon} requires one"
    if window.start is not None and day < window.start:
        what = "its period ends on" if fact.period else "it is as of"
        return f"{what} {day}, before the window begins on {window.start}"
    if window.end is not None and day > window.end:
        what = "its period ends on" if fact.period else "it is as of"
        return f"{what} {day}, after the window ends on {window.end}"
    return None
