"""Which facts count for a methodology, and how facts are counted."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from datetime import date
from typing import Any

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.firings import Counted
from cleancloud_rules.engine.selection import answer_of, day_of
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.wording import day_text
from cleancloud_rules.model.conditions import Condition, reserved_fields
from cleancloud_rules.model.facts import Company, Fact, FactType, NotFound, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import PeriodCounts


def count(facts: Iterable[Fact], distinct: str | None) -> int:
    """Return how many facts there are, or how many distinct exact values one of their fields has.

    Under `selection: single`, facts of one key are one answer, and count as one.
    """
    if distinct is None:
        return len({answer_of(fact) or fact.id for fact in facts})
    return len(distinct_values(facts, distinct))


def distinct_values(facts: Iterable[Fact], distinct: str) -> set[Any]:
    """Return the distinct exact values that a field of some facts has: the members of a set one by one."""
    values: set[Any] = set()
    for fact in facts:
        value = fact.get(distinct)
        if isinstance(value, frozenset):
            values |= value
        elif isinstance(value, Interval):
            values |= {value.low} if value.is_point else set()
        elif value is not None:
            values.add(value)
    return values


def refuse_foreign(company: Company, methodology: Methodology) -> None:
    """Raise `FactsError` if a company was loaded for another vocabulary, in which its facts mean something else."""
    known = methodology.vocabulary.by_id
    models = {(fact.type, type(fact.values)) for fact in company.facts}
    foreign = {type_id for type_id, model in models if not _is_known(model.fact_type, known.get(type_id))}
    stated = {fact.type: fact.node for fact in company.facts if fact.type in foreign} if foreign else {}
    missing = {e.condition.fact_type: e.node for e in company.not_found if not _is_askable(e.condition, known)}
    if stated or missing:
        raise FactsError(_foreign(type_id, node, methodology) for type_id, node in {**missing, **stated}.items())


def _is_known(own: FactType, fact_type: FactType | None) -> bool:
    return own is fact_type or own == fact_type


def _is_askable(condition: Condition, known: MappingType[str, FactType]) -> bool:
    fact_type = known.get(condition.fact_type)
    fields = {*reserved_fields, *(field.id for field in fact_type.fields)} if fact_type else set()
    return all(test.field in fields for test in condition.tests) and fact_type is not None


def _foreign(type_id: str, node: MappingNode | None, methodology: Methodology) -> Diagnostic:
    message = f"the facts of type `{type_id}` were not loaded for the methodology `{methodology.id}`"
    where = node.key_location(type_id) if node is not None else Location(SourceFile("<data>"))
    return Diagnostic("wrong-methodology", message, where, "load the company for the methodology that scores it")


def judged(facts: Iterable[Fact], methodology: Methodology, *, with_hypothetical: bool) -> list[Counted]:
    """Return facts, each with whether it counts."""
    # What `why_not` looks at is the same for most facts of a company: it is asked once for each combination.
    known: dict[tuple[Any, ...], str | None] = {}
    found: list[Counted] = []
    for fact in facts:
        read = (fact.type, id(fact.source), id(fact.basis), id(fact.period), fact.as_of)
        if read not in known:
            known[read] = why_not(fact, methodology, with_hypothetical=with_hypothetical)
        found.append(Counted(fact, known[read]))
    return found


def why_not(fact: Fact, methodology: Methodology, *, with_hypothetical: bool) -> str | None:
    """Return why a fact does not count, as a sentence; None if it counts."""
    if fact.is_hypothetical and not with_hypothetical:
        return "hypothetical facts are read only on request"
    if fact.source is None:
        return "no source is given"
    if fact.source.type not in methodology.accepted_sources:
        return f"sources of type {fact.source.type} are not accepted"
    return after_cut_off(fact, methodology) or outside_window(fact, methodology)


def after_cut_off(thing: Fact | NotFound, methodology: Methodology) -> str | None:
    """Return why a fact, or a search, was not there by the cut-off, as a sentence; None if it may have been.

    Derived facts need no such test: their inputs passed it, and their time is that of their inputs.
    """
    day = methodology.as_of
    if day is None:
        return None
    if thing.source is not None and was_there(thing.source, day) is False:
        when = day_text(thing.source.published)
        on = "on" if isinstance(thing.source.published, date) else "in"
        return f"its source was published {on} {when}, after the cut-off on {day}"
    if not isinstance(thing, Fact):
        return None
    first = thing.period.start if thing.period is not None else thing.as_of
    if first is None or first <= day:
        return None
    return f"{'it is as of' if thing.period is None else 'its period begins on'} {first}, after the cut-off on {day}"


def was_there(source: Source, day: date) -> bool | None:
    """Return whether a source had been published by the end of a day; None if that is not certain.

    What was read by then had been published. A year stands for an unknown day of it.
    """
    if any(last is not None and last <= day for last in (_ends(source.published)[1], _ends(source.accessed)[1])):
        return True
    first = _ends(source.published)[0]
    return False if first is not None and first > day else None


def _ends(day: date | Interval | None) -> tuple[date | None, date | None]:
    low: Any = day.low if isinstance(day, Interval) else day
    high: Any = day.high if isinstance(day, Interval) else day
    return low, high


def known_searches(company: Company, methodology: Methodology) -> tuple[NotFound, ...]:
    """Return the documented searches without result that may have been made by the cut-off."""
    return tuple(entry for entry in company.not_found if after_cut_off(entry, methodology) is None)


def outside_window(fact: Fact, methodology: Methodology) -> str | None:
    """Return why a fact lies outside the window of its fact type, as a sentence; None if it lies inside.

    This concerns stated and derived facts alike.
    """
    horizon = methodology.vocabulary.by_id[fact.type].horizon
    window = dict(methodology.windows)[horizon]
    if not window.has_ends:
        return None
    if fact.period is None and fact.as_of is None:
        return f"it has neither a period nor a date, and the horizon {horizon} requires one"
    last = day_of(fact)
    first = last if fact.period is None else fact.period.start
    if window.holds(first, last):
        return None
    # A whole period can begin too early, and one that overlaps too late. In all other cases its end is outside.
    is_early = window.start is not None and (first if window.counts is PeriodCounts.WHOLE else last) < window.start
    begins = window.counts is (PeriodCounts.WHOLE if is_early else PeriodCounts.OVERLAP)
    what = "it is as of" if fact.period is None else "its period begins on" if begins else "its period ends on"
    limit = f"before the window begins on {window.start}" if is_early else f"after the window ends on {window.end}"
    return f"{what} {first if begins else last}, {limit}"
