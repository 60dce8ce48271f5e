"""Which facts count for a methodology, and how facts are counted."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from typing import Any

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.selection import answer_of, contradicting, contradictions
from cleancloud_rules.errors import FactsError
from cleancloud_rules.model.conditions import Condition, reserved_fields
from cleancloud_rules.model.facts import Company, Fact, FactType
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval


def count(facts: Iterable[Fact], distinct: str | None) -> int:
    """Return how many facts there are, or how many distinct exact values one of their fields has.

    Under `selection: single`, facts of one key are one answer, and count as one.
    """
    if distinct is None:
        return len({answer_of(fact) or fact.id for fact in facts})
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


def refuse_contradictions(company: Company, counting: Iterable[Fact]) -> None:
    """Raise `FactsError` if facts that count contradict each other, with all of them and their places.

    Args:
        company: the company.
        counting: its facts that count, if no later one supersedes them.
    """
    found = contradictions(counting)
    if found:
        raise FactsError(contradicting(company, found), company.id)


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
